"""Findings at their cells: a colour, and a note with what is wrong and what to do.

The red of faults and the yellow of warnings are different greys in print. Row-level findings stand
at the first filled cell of their row; findings on a sheet or a file stand in the list only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

from daz_planner.district.findings import Finding, Severity, column_letter
from daz_planner.german import plural

if TYPE_CHECKING:
    from openpyxl import Workbook

AUTHOR = "daz-planner"
RED = "E06666"
YELLOW = "FFD966"
MOST_IN_A_NOTE = 5
"""Findings written out in the note of one cell."""
MOST_NOTES = 5_000
"""Notes in one workbook; with more of them Excel opens it slowly."""

_MARK = f"— {AUTHOR} —"
_FILLS = {
    Severity.FAULT: PatternFill("solid", fgColor=RED, bgColor=RED),
    Severity.WARNING: PatternFill("solid", fgColor=YELLOW, bgColor=YELLOW),
}
_NOTE_WIDTH = 320
_CHARS_A_LINE = 46
_LINE_HEIGHT = 17
_LEAST_HEIGHT, _MOST_HEIGHT = 60, 480
_LONGEST_NOTE = 30_000
_LIGHT = 0.55
"""Relative lightness of a letter above which it is not legible on red or yellow."""


@dataclass(frozen=True)
class Marks:
    """The marked cells: place of a finding → sheet and cell, and how many have no note."""

    cells: dict[tuple[str, int, int], tuple[str, str]]
    without_note: int

    def target(self, finding: Finding) -> tuple[str, str] | None:
        """Sheet and cell that were marked for a finding."""
        return self.cells.get((finding.sheet, finding.row, finding.column))

    @property
    def count(self) -> int:
        """Number of cells that were coloured."""
        return len(set(self.cells.values()))


def mark(workbook: Workbook, findings: Sequence[Finding]) -> Marks:
    """Colour the cells of the findings and write notes to them."""
    sheets: dict[str, Worksheet] = {
        sheet.title: sheet for sheet in workbook.worksheets if isinstance(sheet, Worksheet)
    }
    _widen_notes(workbook)
    first_cells = _first_cells(sheets, findings)
    merged = {title: _merged(sheet) for title, sheet in sheets.items()}
    cells: dict[tuple[str, int, int], tuple[str, str]] = {}
    by_cell: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in findings:
        sheet = sheets.get(finding.sheet)
        if sheet is None or not finding.row:
            continue
        column = finding.column or first_cells.get((finding.sheet, finding.row), 1)
        row, column = merged[finding.sheet].get((finding.row, column), (finding.row, column))
        place = (finding.sheet, finding.row, finding.column)
        cells[place] = (finding.sheet, f"{column_letter(column)}{row}")
        by_cell.setdefault((finding.sheet, row, column), []).append(finding)
    for number, ((title, row, column), found) in enumerate(by_cell.items()):
        cell = sheets[title].cell(row, column)
        assert isinstance(cell, Cell)
        _colour(cell, found)
        if number < MOST_NOTES:
            _note(cell, found)
    return Marks(cells, max(len(by_cell) - MOST_NOTES, 0))


def legible(text: str) -> str:
    """The text without characters that a workbook must not hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text.encode("utf-8", "replace").decode("utf-8"))


def _first_cells(
    sheets: dict[str, Worksheet], findings: Sequence[Finding]
) -> dict[tuple[str, int], int]:
    """Column of the first filled cell of each row that has a finding without a column."""
    wanted = {(f.sheet, f.row) for f in findings if f.row and not f.column}
    first: dict[tuple[str, int], int] = {}
    for title in {title for title, _ in wanted if title in sheets}:
        for (row, column), cell in sheets[title]._cells.items():
            if (title, row) in wanted and cell.value is not None:
                first[title, row] = min(column, first.get((title, row), column))
    return first


def _merged(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """The first cell of the merged range in which a cell lies."""
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, area.max_row + 1):
            for column in range(area.min_col, area.max_col + 1):
                places[row, column] = (area.min_row, area.min_col)
    return places


def _colour(cell: Cell, found: Sequence[Finding]) -> None:
    worst = (
        Severity.FAULT
        if any(finding.severity is Severity.FAULT for finding in found)
        else Severity.WARNING
    )
    cell.fill = _FILLS[worst]
    if _is_light(cell.font.color):
        old = cell.font
        cell.font = Font(
            name=old.name,
            size=old.size,
            bold=old.bold,
            italic=old.italic,
            underline=old.underline,
            strike=old.strike,
            color="000000",
        )


def _is_light(color: Color | None) -> bool:
    """Whether letters of the colour vanish on red or yellow; no colour may come from a table."""
    if color is None:
        return True
    if color.type == "theme":
        return color.theme in (0, 2)
    if color.type == "indexed":
        return color.indexed in (1, 9)
    if color.type != "rgb" or not isinstance(color.rgb, str) or len(color.rgb) < 6:
        return False
    red, green, blue = (int(color.rgb[-6:][i : i + 2], 16) / 255 for i in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue > _LIGHT


def _note(cell: Cell, found: Sequence[Finding]) -> None:
    parts = []
    for finding in found[:MOST_IN_A_NOTE]:
        where = f" ({finding.cell})" if not finding.column else ""
        text = f"{finding.severity.value}{where}: {finding.problem}"
        parts.append(f"{text}\n{finding.remedy}" if finding.remedy else text)
    if len(found) > MOST_IN_A_NOTE:
        more = plural(len(found) - MOST_IN_A_NOTE, "weiterer", "weitere")
        parts.append(f"… und {more}, siehe Liste der Befunde.")
    text, author = "\n\n".join(parts), AUTHOR
    old = cell.comment
    if old is not None:
        kept = (old.text or "").split(_MARK)[0].rstrip()
        if kept and old.author != AUTHOR:
            text, author = f"{kept}\n\n{_MARK}\n{text}", old.author or AUTHOR
    note = Comment(legible(text)[:_LONGEST_NOTE], author)
    _fit(note)
    cell.comment = note


def _widen_notes(workbook: Workbook) -> None:
    """Give the notes of the office a size that shows them; openpyxl forgets the size they had."""
    for sheet in workbook.worksheets:
        for cell in getattr(sheet, "_cells", {}).values():
            if not isinstance(cell, MergedCell) and cell.comment is not None:
                _fit(cell.comment)


def _fit(note: Comment) -> None:
    lines = sum(max(1, -(-len(line) // _CHARS_A_LINE)) for line in note.text.split("\n"))
    note.width = _NOTE_WIDTH
    note.height = min(max(lines * _LINE_HEIGHT + 12, _LEAST_HEIGHT), _MOST_HEIGHT)
