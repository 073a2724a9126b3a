"""The look of the template: one font, few colours, page set-up, protection, heights of rows."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from daz_planner.district.template_texts import Need
from daz_planner.district.text import Cell

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Arial"
SIZE = 10
TITLE_COLOUR = "1F4E78"
REMARK_COLOUR = "C00000"
GREY = "595959"
FILLS = {
    Need.MUST: "1F4E78",
    Need.COLUMN: "1F4E78",
    Need.EITHER: "2E75B6",
    Need.FREE: "6B7785",
}
"""Colour of a header by how much its column is needed; white letters are readable on each."""

_LINE = 13.2
"""Height of a line of 10 points."""
_LETTERS = 1.12
"""Letters of German prose in the room of one digit."""


def font(*, size: int = SIZE, bold: bool = False, colour: str = "000000", **more: Any) -> Font:
    """The font of the template."""
    from openpyxl.styles import Font

    return Font(name=FONT, size=size, bold=bold, color=colour, **more)


def set_default_font(workbook: Workbook) -> None:
    """Make the font of the template that of all cells without a font of their own."""
    normal = workbook._named_styles["Normal"]  # type: ignore[attr-defined]
    normal.font = font()
    normal.bind(workbook)
    workbook._fonts[0] = font()  # type: ignore[attr-defined]


def thin_frame() -> Border:
    """Thin grey lines around a cell, which are printed."""
    from openpyxl.styles import Border, Side

    line = Side(style="thin", color="D0D5DB")
    return Border(left=line, right=line, top=line, bottom=line)


def head_cell(
    sheet: Worksheet, row: int, column: int, name: str, how: Need, align: Alignment | None = None
) -> None:
    """Write a header cell in the colour of how much its column is needed."""
    from openpyxl.styles import Alignment, PatternFill

    cell = sheet.cell(row, column, name)
    cell.font = font(bold=True, colour="FFFFFF")
    cell.fill = PatternFill("solid", start_color=FILLS[how])
    cell.alignment = align or Alignment(wrap_text=True, vertical="top")
    cell.border = thin_frame()
    cell.number_format = "General"


def put(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    """Write a value; a text is stored as text even where it looks like a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    else:
        number_format = cell.number_format  # a date brings its own
        cell.value = value
        cell.number_format = number_format


def row_height(text: str, width: float, size: int = SIZE, *, bold: bool = False) -> float:
    """Height of a row for a wrapped text, points; rather a line too many than one too few."""
    letters = int((width - 1.5) * SIZE / size * _LETTERS * (0.94 if bold else 1.0))
    lines = sum(max(1, len(textwrap.wrap(part, max(letters, 5)))) for part in text.split("\n"))
    return round(lines * _LINE * size / SIZE + 2.5, 1)


def print_setup(sheet: Worksheet, *, repeat: int | None = None) -> None:
    """A4 landscape, as wide as the page, page numbers; ``repeat`` is the header row to repeat."""
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(
        left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3
    )
    if repeat:
        sheet.print_title_rows = f"{repeat}:{repeat}"
    footer = sheet.oddFooter
    if footer is not None:
        for part, text in (
            (footer.left, "&F"),
            (footer.center, "&A"),
            (footer.right, "Seite &P von &N"),
        ):
            part.text, part.size = text, 8


def protect(sheet: Worksheet) -> None:
    """Protect a sheet without a table from slips, without a password."""
    sheet.protection.sheet = True
    sheet.protection.formatCells = False
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
