"""Ways through the workbook: a list of the sheets on the first page, a link back on each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from daz_planner.results.sheets.style import Look, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

BACK_ROW = 3
"""The row of the link back, between the note and the table of a sheet."""
_BACK = "← Übersicht"


def add_links(
    workbook: Workbook, styles: Styles, row: int, columns: int, *, bare: Sequence[str] = ()
) -> None:
    """Link the first sheet to all others, from a row on, and each of them back to it.

    The sheets of ``bare`` hold data for another program and get no link back.
    """
    first, *others = workbook.worksheets
    for number, sheet in enumerate(others):
        line, column = divmod(number, columns)
        text = f"→ {sheet.title}"
        _link(first, styles, (row + line, column + 1), text, sheet.title)
        if sheet.title in bare:
            continue
        _link(sheet, styles, (BACK_ROW, 1), _BACK, first.title)
        if sheet.freeze_panes is None:
            # A sheet without one long table keeps its title and the link in sight.
            sheet.freeze_panes = f"A{BACK_ROW + 1}"


def _link(sheet: Worksheet, styles: Styles, cell: tuple[int, int], text: str, target: str) -> None:
    linked = styles.put(sheet, *cell, text, Look.LINK)
    place = f"{quote_sheetname(target)}!A1"
    linked.hyperlink = Hyperlink(ref="", location=place, tooltip=f"Zum Blatt {target}")
