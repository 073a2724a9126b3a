"""The sheets of the template below Lies mich: titles, headers, tables, widths.

Each sheet has its titles above the table, one line each in column A, so that nothing is merged
where a planner sorts, filters and inserts rows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING

from daz_planner.district import values
from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.layout import DETAILS, MUNICIPALITIES, NEWCOMERS, SCHOOLS
from daz_planner.district.layout_planning import HISTORY
from daz_planner.district.template_look import (
    GREY,
    REMARK_COLOUR,
    TITLE_COLOUR,
    font,
    head_cell,
    print_setup,
    protect,
    put,
    thin_frame,
)
from daz_planner.district.template_rows import SheetRow
from daz_planner.district.template_rules import check_cells, check_value, keep_header
from daz_planner.district.template_texts import ABOUT, Need, hint, legend, need
from daz_planner.district.text import fold

if TYPE_CHECKING:
    from openpyxl.styles import Alignment
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

EMPTY_ROWS = 12
"""Rows of a table that has no content yet."""

_LEFT_OUT = frozenset(("Quelle", "lfd. Nr.", "PLZ"))
_LAST_PRINTED = {SCHOOLS.name: "Planungsregion"}
"""The last column that is printed, where it is not the last of the sheet: without coordinates the
sheet Schulen is readable on A4."""

_WIDTHS: dict[tuple[str, str], float] = {
    (SCHOOLS.name, "Schule"): 38.8,
    (SCHOOLS.name, "Schulart"): 10.5,
    (SCHOOLS.name, "Gemeinde"): 14.0,
    (SCHOOLS.name, "Schulnummer"): 14.5,
    (SCHOOLS.name, "VKA-Schüler"): 8.5,
    (SCHOOLS.name, "VKA-Klassen"): 8.5,
    (SCHOOLS.name, "Kap.reserve"): 11.5,
    (SCHOOLS.name, "Klassengröße"): 15.0,
    (SCHOOLS.name, "freie Räume"): 8.0,
    (SCHOOLS.name, "Öffnungskosten"): 15.5,
    (SCHOOLS.name, "Gast-VKA"): 7.0,
    (SCHOOLS.name, "Phase 1"): 8.0,
    (SCHOOLS.name, "Phase 2"): 8.0,
    (SCHOOLS.name, "Phase 3"): 8.0,
    (SCHOOLS.name, "Planungsregion"): 17.5,
    (MUNICIPALITIES.name, "Anteil am Zuzug"): 12.0,
    (NEWCOMERS.name, "Schüler-ID"): 11.5,
    (NEWCOMERS.name, "Gemeinde"): 15.0,
    (NEWCOMERS.name, "Schulart"): 9.0,
    (NEWCOMERS.name, "Klassenstufe"): 13.0,
    (NEWCOMERS.name, "gemeldet am"): 11.0,
    (NEWCOMERS.name, "Familie"): 9.0,
    (NEWCOMERS.name, "fixiert auf"): 27.0,
    (NEWCOMERS.name, "Ausschluss"): 27.0,
    (NEWCOMERS.name, "Wunsch"): 27.0,
    **{
        (HISTORY.name, column.name): 14.0
        for column in HISTORY.columns
        if column.name.startswith("Anmeldungen")
    },
    **{(HISTORY.name, f"Phase {phase}"): 9.0 for phase in (1, 2, 3)},
}
_LEAST_WIDTHS = {"Klassenstufe": 14.5, "Planungsregion": 17.5}
_PAGE_CHARACTERS = 118
"""Characters of a line of text above a narrow table."""
_ALL_ROWS = 1_048_576
"""All rows of a sheet: Excel takes such a range for whole columns and prints what is filled."""
_CENTRED = ("Klassenstufe", "Phase")


def columns_of(spec: SheetSpec) -> list[Column]:
    """The columns of a sheet that the template offers."""
    return [column for column in spec.columns if column.name not in _LEFT_OUT]


def number_format(column: Column) -> str:
    """The number format of a column; a month is a date that shows its month only."""
    return "mm.yyyy" if column.parse is values.month else column.number_format


def table_sheet(
    sheet: Worksheet, spec: SheetSpec, rows: Sequence[SheetRow], remarks: Sequence[str]
) -> int:
    """Write a sheet with a table; returns the row of its header.

    ``remarks`` stand in red above the table, for example that its pupils are invented.
    """
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    columns = columns_of(spec)
    widths = [_width(spec, column) for column in columns]
    printed = _printed(spec, columns)
    page = max(int(sum(widths[:printed])), _PAGE_CHARACTERS)
    lines = (*remarks, ABOUT[spec.name].note, legend(spec, columns))
    head = _titles(sheet, spec.name, lines, len(remarks), page)
    last = head + (len(rows) or EMPTY_ROWS)
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        _prepare_column(sheet, number, column, widths[number - 1], head + 1, last)
        head_cell(sheet, head, number, column.name, need(spec, column), _align(column, head=True))
        keep_header(sheet, spec, column, f"{letter}{head}")
        check_cells(sheet, spec, column, letter, head + 1)
        for row, line in enumerate(rows, start=head + 1):
            put(sheet, row, number, line.get(column.name))
    sheet.row_dimensions[head].height = 32
    table = Table(
        displayName=f"Tabelle_{fold(spec.name)}",
        ref=f"A{head}:{get_column_letter(len(columns))}{last}",
    )
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)
    sheet.freeze_panes = f"B{head + 1}"
    _print_area(sheet, widths, printed, page)
    print_setup(sheet, repeat=head)
    return head


def details_sheet(sheet: Worksheet, written: SheetRow, remarks: Sequence[str]) -> None:
    """Write the sheet Angaben: names of the entries locked, their values open."""
    from openpyxl.styles import Alignment, PatternFill, Protection

    lines = (*remarks, "Tragen Sie die Werte in die gelben Zellen ein.")
    head = _titles(sheet, DETAILS.name, lines, len(remarks), _PAGE_CHARACTERS)
    for number, name in enumerate(("Angabe", "Wert", "Hinweis"), start=1):
        head_cell(sheet, head, number, name, Need.MUST if number < 3 else Need.FREE)
    row = head
    for column in DETAILS.columns:
        if column.unused:
            continue
        row += 1
        sheet.cell(row, 1, column.name).font = font(bold=True)
        put(sheet, row, 2, written.get(column.name))
        value = sheet.cell(row, 2)
        value.number_format = column.number_format
        value.protection = Protection(locked=False)
        value.fill = PatternFill("solid", start_color="FFF9DB")
        value.border = thin_frame()
        value.alignment = Alignment(horizontal="left")
        sheet.cell(row, 3, hint(DETAILS, column)).font = font(italic=True, colour=GREY)
        check_value(sheet, DETAILS, column, f"B{row}")
        sheet.row_dimensions[row].height = 18
    for letter, width in (("A", 16), ("B", 26), ("C", 84)):
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    sheet.freeze_panes = f"B{head + 1}"
    sheet.print_area = f"A1:C{row}"
    print_setup(sheet, repeat=head)
    protect(sheet)


def _width(spec: SheetSpec, column: Column) -> float:
    least = _LEAST_WIDTHS.get(column.name, 0.0)
    return _WIDTHS.get((spec.name, column.name), max(column.width, least))


def _align(column: Column, *, head: bool = False) -> Alignment:
    """Text to the left, dates and grades in the middle, numbers to the right."""
    from openpyxl.styles import Alignment

    side = "left" if number_format(column) == "@" else "right"
    if column.name in _CENTRED or "yyyy" in number_format(column):
        side = "center"
    indent = int(side == "left")
    if head:
        side = "left" if side == "left" else "center"
        return Alignment(horizontal=side, vertical="top", wrap_text=True, indent=indent)
    return Alignment(horizontal=side, indent=indent)


def _prepare_column(
    sheet: Worksheet, number: int, column: Column, width: float, first: int, last: int
) -> None:
    """Width, format and alignment of a whole column, and lines around the cells of the table."""
    from openpyxl.utils import get_column_letter

    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = width
    dimension.number_format = number_format(column)
    dimension.alignment = _align(column)
    model = sheet.cell(first, number)
    model.number_format = number_format(column)
    model.alignment = _align(column)
    model.border = thin_frame()
    style: StyleArray = model._style  # type: ignore[union-attr]
    for row in range(first + 1, last + 1):
        sheet.cell(row, number)._style = copy(style)  # type: ignore[union-attr]


def _titles(sheet: Worksheet, name: str, lines: Sequence[str], red: int, width: int) -> int:
    """Title and lines above the table, the first ``red`` of them in red; the row of the header."""
    from openpyxl.styles import Alignment

    title = sheet.cell(1, 1, ABOUT[name].title)
    title.font = font(bold=True, size=14, colour=TITLE_COLOUR)
    sheet.row_dimensions[1].height = 21
    row = 1
    for number, line in enumerate(lines):
        is_red = number < red
        for part in textwrap.wrap(line, int(width * 0.92) if is_red else width):
            row += 1
            cell = sheet.cell(row, 1, part)
            cell.font = font(bold=is_red, colour=REMARK_COLOUR if is_red else GREY)
    for number in range(1, row + 2):
        line_cell = sheet.cell(number, 1)
        line_cell.number_format = "General"
        line_cell.alignment = Alignment(horizontal="left")
    return row + 2


def _printed(spec: SheetSpec, columns: Sequence[Column]) -> int:
    """How many columns are printed."""
    last = _LAST_PRINTED.get(spec.name)
    if last is None:
        return len(columns)
    return [column.name for column in columns].index(last) + 1


def _print_area(sheet: Worksheet, widths: Sequence[float], printed: int, page: int) -> None:
    """Whole columns, so that the area grows with the table; wide enough for the lines above."""
    from openpyxl.utils import get_column_letter

    room, last = sum(widths[:printed]), printed
    while room < page and last >= len(widths):
        last += 1
        sheet.column_dimensions[get_column_letter(last)].width = 10
        room += 10
    sheet.print_area = f"A1:{get_column_letter(last)}{_ALL_ROWS}"
