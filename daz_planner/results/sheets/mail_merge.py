"""The sheet Serienbrief: for a program that merges letters, not for reading.

Such a program takes the first row of a sheet as the names of the fields and every other row as a
letter, so nothing else may stand on it: no title, no note, no link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.sheets.frame import Placed, place_table, set_page

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.results.schema import Table
    from daz_planner.results.sheets.style import Styles

MAIL_MERGE_SHEET = "Serienbrief"


def add_mail_merge(workbook: Workbook, styles: Styles, table: Table, footer: str) -> Placed:
    """Serienbrief: the fields in row 1, a child a row below; a sentence where there is none."""
    sheet = workbook.create_sheet(MAIL_MERGE_SHEET)
    placed = place_table(sheet, styles, table, row=1)
    sheet.freeze_panes = "B2"
    set_page(sheet, footer, repeat=1)
    return placed
