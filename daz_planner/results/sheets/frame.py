"""What all sheets share: page set-up, title, real Excel tables, widths and row heights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openpyxl.utils import column_index_from_string, get_column_letter, quote_sheetname
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo

from daz_planner import german
from daz_planner.results.csvfiles import cell_text
from daz_planner.results.schema import Column, Kind, Table
from daz_planner.results.sheets.letters import line_count, text_width
from daz_planner.results.sheets.style import SIZE, Align, Look, Styles, scale_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROW = 4
LINE_HEIGHT = 13.2
WIDEST = 42.0
MOST_HEIGHT = 409.0
"""Points that a row of Excel may be high."""
MONTHS_A_PAGE = 24
"""Most columns of months that are still readable on one page."""
_MARGINS = PageMargins(left=0.5, right=0.5, top=0.55, bottom=0.6, header=0.3, footer=0.3)
_PAGE = 11.69 - _MARGINS.left - _MARGINS.right, 8.27 - _MARGINS.top - _MARGINS.bottom
"""What is printed of A4 landscape: width and height in inches."""
_LEAST_NOTE = 100.0
"""Narrower than this no sentence is wrapped: right of a narrow table is room on the page."""
_LINE = 13.5
"""Points of a row without a height of its own."""
_FULL_PAGE = 0.95
"""A page that is this full by what is known of the heights of rows, without risk of a second."""
_SHRINK = 0.12
"""So much of a page left over is printed smaller rather than on a page of its own."""


@dataclass(frozen=True)
class Placed:
    """Where a table lies in the workbook, for formulas. An empty table has no rows."""

    sheet: str
    first_row: int
    last_row: int
    columns: dict[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether the table has no row, so that no range exists."""
        return self.last_row < self.first_row

    def cells(self, first: str, last: str | None = None) -> str:
        """The absolute range of a column, or of the columns from ``first`` to ``last``."""
        left = get_column_letter(self.columns[first])
        right = get_column_letter(self.columns[last or first])
        name = quote_sheetname(self.sheet)
        return f"{name}!${left}${self.first_row}:${right}${self.last_row}"


def open_sheet(
    sheet: Worksheet, styles: Styles, title: str, note: str = "", *, big: bool = False
) -> None:
    """Title in A1 and one explaining sentence in A2; ``big`` on a page that is printed small."""
    styles.put(sheet, 1, 1, title, Look.TITLE_BIG if big else Look.TITLE)
    sheet.row_dimensions[1].height = 34 if big else 22
    if note:
        styles.put(sheet, 2, 1, note, Look.SUBTITLE if big else Look.NOTE)
        if big:
            sheet.row_dimensions[2].height = 20
    sheet.sheet_view.showGridLines = False


def set_page(
    sheet: Worksheet,
    footer: str,
    *,
    repeat: int | None = None,
    one_page: bool = False,
    months: int = 0,
    repeat_columns: int = 0,
) -> None:
    """A4 landscape, as wide as the page, page numbers; ``repeat`` is the header row to repeat.

    A sheet with more than :data:`MONTHS_A_PAGE` columns of months takes several pages side by
    side, each with the first ``repeat_columns`` columns.
    """
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = pages_wide(months)
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = _MARGINS
    sheet.print_options.horizontalCentered = False
    if repeat:
        sheet.print_title_rows = f"{repeat}:{repeat}"
    if repeat_columns and sheet.page_setup.fitToWidth > 1:
        sheet.print_title_cols = f"A:{get_column_letter(repeat_columns)}"
    # Excel takes at most 255 characters for all three parts together.
    safe = shortened(footer, 100).replace("&", "&&")
    foot = sheet.oddFooter
    if foot is not None:
        for part, text in (
            (foot.left, safe),
            (foot.center, "&A"),
            (foot.right, "Seite &P von &N"),
        ):
            part.text, part.size = text, 8


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters, with … where it is cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def wrap_note(sheet: Worksheet, styles: Styles) -> None:
    """Wrap the sentence of a sheet where it is longer than the printed columns are wide."""
    note = sheet["A2"]
    if not isinstance(note.value, str) or note.data_type == "f":
        return
    area = (sheet.print_area or "").split(",")[0].rsplit("$", 2)
    last = column_index_from_string(area[1]) if len(area) == 3 else sheet.max_column
    width, number = 0.0, 0
    while number < last or width < _LEAST_NOTE:
        number += 1
        width += sheet.column_dimensions[get_column_letter(number)].width
    scale = (note.font.size or SIZE) / SIZE
    lines = line_count(note.value, width / scale)
    if lines > 1:
        look = Look.NOTE_WRAP if scale < 1 else Look.NOTE_WRAP_BIG
        styles.put(sheet, 2, 1, note.value, look)
        sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=number)
        sheet.row_dimensions[2].height = lines * LINE_HEIGHT * scale + 2


def limit_heights(sheet: Worksheet) -> None:
    """Cut rows to what Excel takes: higher ones it would have to repair."""
    for dimension in sheet.row_dimensions.values():
        if dimension.height and dimension.height > MOST_HEIGHT:
            dimension.height = MOST_HEIGHT


def pages_wide(months: int) -> int:
    """Printed pages side by side for so many columns of months."""
    return max(1, -(-months // MONTHS_A_PAGE))


def page_points(width: float, columns: int, wide: int = 1) -> float:
    """Points of rows that fit on a page where so many columns of a width fill its width.

    ``wide``: so many pages side by side.
    """
    # 7 pixels a digit and 5 beside them, 96 to an inch.
    inches = columns * (width * 7 + 5) / 96
    return _PAGE[1] * 72 / min(1.0, _PAGE[0] * wide / max(inches, 0.1))


def pages_high(sheet: Worksheet, columns: int, first: int, last: int, wide: int = 1) -> float:
    """Printed pages that rows take where ``columns`` are as wide as ``wide`` pages side by side."""
    letters = (get_column_letter(number) for number in range(1, columns + 1))
    width = sum(sheet.column_dimensions[letter].width for letter in letters)
    # Asking the dimensions for a row makes it.
    high = sheet.row_dimensions
    rows = range(first, last + 1)
    points = sum((high[row].height if row in high else None) or _LINE for row in rows)
    return points / page_points(width / columns, columns, wide)


def settle_pages(sheet: Worksheet) -> None:
    """Print a sheet a little smaller where only a few rows would be left for its last page."""
    setup = sheet.page_setup
    if setup.fitToHeight != 0 or setup.fitToWidth != 1 or sheet.print_area:
        return
    pages = pages_high(sheet, sheet.max_column, 1, sheet.max_row)
    if pages > 1 and pages % 1 <= _SHRINK * int(pages):
        setup.fitToHeight = int(pages)


def print_parts(
    sheet: Worksheet,
    starts: Sequence[int],
    columns: int,
    last_row: int,
    *,
    months: int = 0,
    cut: bool = True,
) -> list[tuple[int, int]]:
    """Print the sheet in parts, each from its first row on a new page; first and last rows.

    Parts that take fewer pages together stay together; without ``cut``, for charts, only where they
    fit on one page. Parts are print areas, because Excel leaves out page breaks by hand where it
    fits a sheet to the width of the page. ``months`` as for :func:`set_page`.
    """
    parts: list[tuple[int, int]] = []

    def pages(first: int, last: int) -> int:
        high = pages_high(sheet, columns, first, last, pages_wide(months))
        return math.ceil(high / _FULL_PAGE)

    for first, last in zip(starts, [*(start - 1 for start in starts[1:]), last_row], strict=True):
        together = pages(parts[-1][0], last) if parts else 0
        apart = pages(*parts[-1]) + pages(first, last) if parts else 0
        if together < apart and (cut or together == 1):
            parts[-1] = parts[-1][0], last
        else:
            parts.append((first, last))
    letter = get_column_letter(columns)
    sheet.print_area = ",".join(f"A{first}:{letter}{last}" for first, last in parts)
    return parts


def place_table(
    sheet: Worksheet,
    styles: Styles,
    table: Table,
    *,
    row: int = HEAD_ROW,
    excel_name: str | None = None,
    set_widths: bool = True,
    look: Look = Look.BODY,
    head: Look = Look.HEAD,
    row_height: float = 0.0,
) -> Placed:
    """Write a table as a real Excel table with filters, or its sentence where it is empty.

    ``look`` and ``head`` are how its cells and its header row look; ``row_height`` in points is
    that of rows with one line, 0 for the usual.
    """
    columns = {column.name: number for number, column in enumerate(table.columns, start=1)}
    if table.is_empty:
        styles.put(sheet, row, 1, table.empty, Look.SENTENCE)
        return Placed(sheet.title, row + 1, row, columns)
    values = [table.values(column.name) for column in table.columns]
    widths = [_width(column, items) for column, items in zip(table.columns, values, strict=True)]
    if set_widths:
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
    else:
        widths = [
            sheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(widths) + 1)
        ]
    aligns = [align_of(column) for column in table.columns]
    titles = [column.title for column in table.columns]
    write_heads(sheet, styles, row, titles, widths, aligns, head)
    scale = scale_of(look)
    long = [
        _is_long(column, items, width / scale)
        for column, items, width in zip(table.columns, values, widths, strict=True)
    ]
    for number, (column, items) in enumerate(zip(table.columns, values, strict=True), start=1):
        cell_look = Look.WRAP if long[number - 1] and look is Look.BODY else look
        text_format = "General" if column.kind is Kind.TEXT else column.number_format
        shown = (german.value_text(v) if isinstance(v, bool) else v for v in items)
        align = aligns[number - 1]
        styles.put_column(sheet, row + 1, number, shown, cell_look, text_format, align)
    texts = [
        (items, width / scale)
        for items, width, is_long in zip(values, widths, long, strict=True)
        if is_long
    ]
    for line in range(len(values[0])):
        lines = max(
            (line_count(str(items[line] or ""), width) for items, width in texts), default=1
        )
        if lines > 1 or row_height:
            height = lines * LINE_HEIGHT * scale + 2
            sheet.row_dimensions[row + 1 + line].height = max(height, row_height)
    last = row + len(values[0])
    area = f"A{row}:{get_column_letter(len(columns))}{last}"
    excel_table = ExcelTable(displayName=excel_name or f"tab_{table.name}", ref=area)
    excel_table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(excel_table)
    return Placed(sheet.title, row + 1, last, columns)


def write_heads(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    titles: Sequence[str],
    widths: Sequence[float],
    aligns: Sequence[Align] = (),
    look: Look = Look.HEAD,
) -> None:
    """A header row, high enough for its longest title; numbers and months have centred heads."""
    lines = 1
    for number, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        left = not aligns or aligns[number - 1] is Align.LEFT
        align = Align.LEFT if left else Align.CENTER
        styles.put(sheet, row, number, title, look, align=align)
        lines = max(lines, _head_lines(title, width / scale_of(look)))
    sheet.row_dimensions[row].height = lines * LINE_HEIGHT * scale_of(look) + 6


def fit_sum(sheet: Worksheet, number: int, value: float | None, column: Column) -> None:
    """Widen a column of a table where the sum below it, in bold type, takes more room."""
    if value is None:
        return
    shown = column.digits if column.shown is None else column.shown
    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = max(dimension.width, len(_grouped(value, shown)) * 1.1 + 1.5)


def _grouped(value: float, digits: int) -> str:
    """A number as Excel shows it in German: ``1.234,50``."""
    return f"{value:,.{digits}f}"


def align_of(column: Column) -> Align:
    """Text left, numbers right, dates and the narrow columns of months in the middle."""
    if column.month or column.kind in (Kind.DATE, Kind.MONTH):
        return Align.CENTER
    return Align.LEFT if column.kind in (Kind.TEXT, Kind.VALUE) else Align.RIGHT


def _head_lines(title: str, width: float) -> int:
    # Bold type and the button of the filter take room.
    return line_count(title, (width - 1.0) / 1.08, break_words=False)


def _width(column: Column, items: Sequence[object]) -> float:
    if column.width:
        return column.width
    shown = replace(column, digits=column.digits if column.shown is None else column.shown)
    longest = max((text_width(cell_text(v, shown)) for v in _widest(column, items)), default=0.0)
    word = max(len(part) for part in column.title.split())
    if column.month:
        return max(longest + 1.5, 5.2)
    if column.kind in (Kind.DATE, Kind.MONTH):
        longest = 10
    # Excel puts the button of the filter into the head.
    return min(max(longest + 2, word * 1.1 + 3.5, 6.0), WIDEST)


def _widest(column: Column, items: Sequence[Any]) -> Iterable[Any]:
    """The values among which the widest of a column is."""
    if column.kind in (Kind.DATE, Kind.MONTH):
        return ()
    if column.kind in (Kind.WHOLE, Kind.NUMBER, Kind.SHARE):
        numbers = [value for value in items if value is not None]
        return (min(numbers), max(numbers)) if numbers else ()
    return dict.fromkeys(items)


def _is_long(column: Column, items: Sequence[object], width: float) -> bool:
    """Whether a text of a column needs more than one line."""
    return column.kind in (Kind.TEXT, Kind.VALUE) and any(
        isinstance(value, str) and line_count(value, width) > 1 for value in set(items)
    )
