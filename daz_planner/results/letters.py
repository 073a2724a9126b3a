"""Serienbrief: one row a child of today's list, ready to be merged into letters.

Word reads dates and numbers of a workbook in the American way, so all values are text as they
shall stand in the letter.  Word's merge fields take letters, digits and underscores, so the names
of the columns have neither blanks nor umlauts.  The rows hold ids: none of it may be in a shared
version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.results.schema import Column, Table, table

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.planning.assign import Assignment
    from daz_planner.planning.plan import ChildSeat, Plan

LETTER_TABLE = "serienbrief"
"""Name of the table, and stem of its CSV file."""
NO_LEGAL_BASIS = "[Rechtsgrundlage eintragen]"
"""What stands in the letter where the office named no legal basis: it must not be overlooked."""
SEATED, WAITING = "Platz", "wartet"
"""The two states of a child; a letter goes to those of one of them."""

FIELDS: tuple[str, ...] = (
    "SchuelerID",
    "Schule",
    "Schulort",
    "Schulart",
    "Beginn",
    "WegMinuten",
    "Status",
    "WartetSeit",
    "Wohngemeinde",
    "Landkreis",
    "Stichtag",
    "Rechtsgrundlage",
)
"""The merge fields, in the order of the columns."""
_WIDTHS = {"Schule": 34.0, "Schulart": 24.0, "Rechtsgrundlage": 34.0}


def letter_table(result: Plan | Assignment) -> Table:
    """Serienbrief: the children of today's list in its order, all values as text.

    Months are told as such („ab März 2017“): a plan does not know the first day of school.
    """
    columns = [Column(name, width=_WIDTHS.get(name, 0.0)) for name in FIELDS]
    rows = [_row(result, seat) for seat in result.children]
    empty = "Auf der heutigen Liste der Neuzugänge steht kein Kind, es gibt keinen Brief."
    return table(LETTER_TABLE, columns, rows, empty=empty)


def _row(result: Plan | Assignment, seat: ChildSeat) -> list[str]:
    district, child = result.district, seat.child
    school = None if seat.school is None else district.schools[seat.school]
    return [
        child.pupil_id,
        school.name if school is not None else "",
        school.municipality if school is not None else "",
        german.SCHOOL_TYPE_NAMES.get(child.school_type, child.school_type),
        "" if seat.month is None else f"ab {german.month(result.months[seat.month])}",
        "" if school is None or seat.minutes is None else german.number(seat.minutes),
        WAITING if school is None else SEATED,
        _day(child.registered),
        child.municipality,
        district.name,
        _day(district.reference_date),
        district.legal_basis or NO_LEGAL_BASIS,
    ]


def _day(value: date | None) -> str:
    """A day as it stands in a letter: ``16. Januar 2017``."""
    if value is None:
        return "nicht angegeben"
    return f"{value.day}. {german.month(value)}"
