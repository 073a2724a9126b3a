"""Sheet Regelklassen: seats in regular classes and who newly needs one, by school and month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.schema import Column
from daz_planner.results.schema import table as make_table
from daz_planner.results.sheets.lists import add_list, mark
from daz_planner.results.sheets.style import ALARM, CAUTION, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.regular import RegularSeats
    from daz_planner.results.schema import Table
    from daz_planner.results.sheets.frame import Placed


_NAME, _TITLE = "Regelklassen", "Plätze in Regelklassen"
_NO_SHEET = (
    "Die Eingabe hat kein Blatt Regelklassen. Ob Plätze fehlen, wenn Schüler dorthin wechseln, ist "
    "deshalb nicht geprüft."
)


def add_no_regular(workbook: Workbook, styles: Styles, footer: str) -> None:
    """The sheet of a plan whose input says nothing of regular classes."""
    nothing = make_table("regelklassen", [Column("Schule")], [], empty=_NO_SHEET)
    add_list(workbook, styles, nothing, name=_NAME, title=_TITLE, note="", footer=footer)


def add_regular(
    workbook: Workbook, styles: Styles, regular: RegularSeats, table: Table, footer: str
) -> Placed:
    """The list; red where seats are missing that are not missing today already."""
    phases = "Phase 2 oder 3" if regular.phase2[0] else "Phase 3"
    if regular.phase2[0] != regular.phase2[-1]:
        phases += ", später auch Phase 2"
    placed = add_list(
        workbook,
        styles,
        table,
        name=_NAME,
        title=_TITLE,
        note=f"Neu: wer nach dem Stichtag in eine Regelklasse kommt ({phases}), an der nächsten "
        "Schule der Schulart mit der Klassenstufe. Frei: Klassen × Grenze weniger Schüler des "
        "Blatts Regelklassen und Inklusion, für alle Monate wie heute. Über der Grenze: je "
        "Klassenstufe gerechnet, deshalb auch, wo andere Stufen noch frei sind.",
        footer=footer,
        frozen_columns=1,
    )
    sheet = workbook[_NAME]
    mark(sheet, placed, "über der Grenze", "ROUND({cell},1)>0", ALARM)
    mark(sheet, placed, "frei bis Planungsrichtwert", "{cell}<0", CAUTION)
    return placed
