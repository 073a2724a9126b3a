"""Sheet Wartende: children without a seat, one row a place and cause, one column a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.planning.cause_text import RESERVE
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.sheets.flows import shade
from daz_planner.results.sheets.frame import HEAD_ROW, Placed, open_sheet, place_table, set_page
from daz_planner.results.sheets.lists import bars
from daz_planner.results.sheets.style import Styles
from daz_planner.results.sheets.wide import add_sums, alphabet

if TYPE_CHECKING:
    from datetime import date

    from openpyxl import Workbook

LISTED = "heutige Liste"
EXPECTED = "Prognose"
_CHILDREN = "erwartete Kinder"
_FIXED = 5
"""Columns before the months."""
_MANY = 10.0
"""Children of one row and month that get the darkest shade."""

_Key = tuple[str, str, str, str]


def wide_waiting(waiting: Table, months: Sequence[date]) -> Table:
    """The waiting children turned on their side: a row a school type, municipality and cause.

    Children of today's list have rows of their own. „Monate längstens“ counts the months in which
    the longest of the row wait, the first and the last included.
    """
    rows: defaultdict[_Key, dict[date, float]] = defaultdict(dict)
    longest: defaultdict[_Key, int] = defaultdict(int)
    names = (*("Schulart", "Gemeinde", "Ursache"), "Monat", "Kinder", "davon heutige Liste")
    columns = (waiting.values(name) for name in (*names, "wartet seit"))
    for kind, town, cause, month, children, listed, since in zip(*columns, strict=True):
        for who, count in ((LISTED, float(listed)), (EXPECTED, children - listed)):
            # Of a part that is nobody nothing is left but rounding.
            if count > 1e-9:
                key = (kind, town, who, cause)
                rows[key][month] = rows[key].get(month, 0.0) + count
                waited = (month.year - since.year) * 12 + month.month - since.month + 1
                longest[key] = max(longest[key], waited)
    order = sorted(
        rows,
        key=lambda key: (
            SCHOOL_TYPES.index(key[0]),
            alphabet(key[1]),
            key[2] != LISTED,
            min(rows[key]),
            key[3],
        ),
    )
    heads = [
        waiting.column("Schulart"),
        waiting.column("Gemeinde"),
        Column("wer", width=13),
        Column("Ursache", width=50),
        Column("Monate längstens", Kind.WHOLE, "Monate", width=11),
        *(Column(german.month_key(m), Kind.NUMBER, _CHILDREN, 3, month=m, shown=1) for m in months),
        Column("höchstens", Kind.NUMBER, _CHILDREN, 3, shown=1),
    ]
    data = [
        [*key, longest[key], *(rows[key].get(m) for m in months), max(rows[key].values())]
        for key in order
    ]
    return table(waiting.name, heads, data, empty=waiting.empty)


def _reserve(waiting: Table) -> str:
    """What the reserve is, where it is spoken of."""
    if not any(RESERVE in cause for cause in waiting.values("Ursache")):
        return ""
    return (
        " Reserve: Plätze über dem Planungsrichtwert je Klasse; der Plan hält sie für Kinder frei, "
        "die unangekündigt kommen."
    )


def add_waiting(
    workbook: Workbook, styles: Styles, waiting: Table, months: Sequence[date], footer: str
) -> tuple[Placed, Placed]:
    """The sheet; returns where the rows and where the sums by school type stand."""
    sheet = workbook.create_sheet("Wartende")
    open_sheet(
        sheet,
        styles,
        "Kinder ohne Platz",
        "Erwartete Kinder ohne Platz nach Schulart, Gemeinde und Monat, mit der Grenze, an der es "
        "liegt. Monate längstens: so viele Monate warten die, die am längsten warten. Je dunkler, "
        f"desto mehr Kinder.{_reserve(waiting)}",
    )
    wide = wide_waiting(waiting, months)
    placed = place_table(sheet, styles, wide)
    if placed.is_empty:
        set_page(sheet, footer)
        return placed, placed
    set_page(sheet, footer, repeat=HEAD_ROW, months=len(months), repeat_columns=2)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    first, last = (get_column_letter(_FIXED + n) for n in (1, len(months)))
    shade(sheet, f"{first}{placed.first_row}:{last}{placed.last_row}", _MANY)
    bars(sheet, placed, "höchstens")
    return placed, add_sums(sheet, styles, wide, placed, max)
