"""The first sheet of the template: what is needed, what each sheet is for, how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from daz_planner.district.layout import DETAILS
from daz_planner.district.template_look import (
    GREY,
    REMARK_COLOUR,
    SIZE,
    TITLE_COLOUR,
    font,
    print_setup,
    protect,
    row_height,
)
from daz_planner.district.template_sheets import columns_of
from daz_planner.district.template_texts import (
    ABOUT,
    CHAPTERS,
    ORDER,
    PURPOSE_CHAPTER,
    SUBTITLE,
    TITLE,
    Need,
    need,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (16.0, 8.5, 68.0, 46.0)


def readme_sheet(sheet: Worksheet, remarks: Sequence[str]) -> None:
    """Write the sheet. ``remarks`` stand in red below the title."""
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    row = _line(sheet, 1, TITLE, size=18, bold=True, colour=TITLE_COLOUR)
    row = _line(sheet, row, SUBTITLE, size=12, colour=GREY)
    for remark in remarks:
        row = _line(sheet, row, remark, bold=True, colour=REMARK_COLOUR)
    for heading, paragraphs in CHAPTERS:
        row = _line(sheet, row + 1, heading, size=13, bold=True, colour=TITLE_COLOUR)
        if heading == PURPOSE_CHAPTER:
            row = _purposes(sheet, row)
        for paragraph in paragraphs:
            row = _line(sheet, row, paragraph)
    sheet.sheet_view.showGridLines = False
    sheet.print_area = f"A1:{get_column_letter(len(_WIDTHS))}{row - 1}"
    print_setup(sheet)
    protect(sheet)


def _line(
    sheet: Worksheet,
    row: int,
    text: str,
    *,
    size: int = SIZE,
    bold: bool = False,
    colour: str = "000000",
) -> int:
    """Write a paragraph over the whole width, with a row as high as it needs; the next row."""
    from openpyxl.styles import Alignment

    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_WIDTHS))
    is_command = text.startswith("    ")
    cell = sheet.cell(row, 1, text.strip() if is_command else text)
    cell.font = font(size=size, bold=bold or is_command, colour=colour)
    cell.alignment = Alignment(
        horizontal="left", vertical="top", wrap_text=True, indent=2 if is_command else 0
    )
    sheet.row_dimensions[row].height = row_height(text, sum(_WIDTHS), size, bold=bold)
    return row + 1


def _purposes(sheet: Worksheet, row: int) -> int:
    """The table of the sheets, each name a link to its sheet; the next row."""
    from openpyxl.styles import Alignment, Border, PatternFill, Side
    from openpyxl.worksheet.hyperlink import Hyperlink

    line = Side(style="thin", color="D0D5DB")
    for number, name in enumerate(("Blatt", "nötig?", "wofür", "Pflichtspalten"), start=1):
        cell = sheet.cell(row, number, name)
        cell.font = font(bold=True, colour="FFFFFF")
        cell.fill = PatternFill("solid", start_color=TITLE_COLOUR)
    sheet.row_dimensions[row].height = 18
    for spec in (DETAILS, *ORDER):
        row += 1
        needed = "ja" if spec.name in (DETAILS.name, "Schulen") else "nein"
        must = [c.name for c in columns_of(spec) if need(spec, c) in (Need.MUST, Need.COLUMN)]
        either = [c.name for c in columns_of(spec) if need(spec, c) is Need.EITHER]
        texts = (
            spec.name,
            needed,
            ABOUT[spec.name].purpose,
            ", ".join([*must, *([" oder ".join(either)] if either else [])]),
        )
        for number, text in enumerate(texts, start=1):
            cell = sheet.cell(row, number, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.border = Border(bottom=line)
        link = sheet.cell(row, 1)
        link.font = font(bold=True, colour="0563C1", underline="single")
        link.hyperlink = Hyperlink(ref=f"A{row}", location=f"'{spec.name}'!A1")
        lines = zip(texts, _WIDTHS, strict=True)
        sheet.row_dimensions[row].height = max(row_height(text, width) for text, width in lines)
    return row + 1
