"""The rows below the headers of a sheet: blocks, each with its own header.

Offices print the header again above each Schulart, with other columns or in another order. A row
knows the block that says what its cells mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daz_planner.district import values
from daz_planner.district.collect import Collector
from daz_planner.district.columns import SheetSpec
from daz_planner.district.dated_columns import choose
from daz_planner.district.header_findings import report_header
from daz_planner.district.headers import Header, HeaderFinder, Merge
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import Cell


@dataclass(frozen=True, slots=True)
class Block:
    """A header and the rows up to the next: where each column stands."""

    places: dict[str, int]
    """Name of a column → its place in a row."""
    columns: dict[str, int]
    """Name of a column → its number in the sheet, from 1."""
    doubtful: frozenset[str] = frozenset()
    """Columns of which it is not clear which cells they are; a fault says so at the header."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: its number, its cells, and the block that says what they mean."""

    number: int
    all_cells: tuple[Cell, ...]
    block: Block
    is_header: bool = False

    def cell(self, name: str) -> Cell:
        """The cell of a column, ``None`` where the row or the block has none."""
        place = self.block.places.get(name)
        if place is None or place >= len(self.all_cells):
            return None
        return self.all_cells[place]

    @property
    def filled(self) -> tuple[Cell, ...]:
        """The cells that hold anything, from left to right."""
        return tuple(cell for cell in self.all_cells if cell is not None)


def block_of(sheet: Sheet, header: Header) -> Block:
    numbers = {name: sheet.first_column + place for name, place in header.places.items()}
    return Block(header.places, numbers, header.undecided)


def rows_of(
    sheet: Sheet,
    spec: SheetSpec,
    main: Header,
    first: Header,
    finder: HeaderFinder,
    lost: list[int],
    day: date | None,
    out: Collector,
) -> tuple[Row, ...]:
    """The rows below the first header, each with its block; a repeated header starts a new one.

    What the header ``main`` means is said already.
    """
    block: Block | None = block_of(sheet, main)
    cells = _filled_down(sheet, spec, first, finder.merges)
    rows: list[Row] = []
    heading = _heading_above(sheet, first)
    if heading is not None and block is not None:
        rows.append(Row(sheet.first_row + heading, sheet.rows[heading], block))
    header_until = 0
    for index in range(main.end if first is main else first.top, len(cells)):
        row = cells[index]
        if index >= header_until:
            again = finder.again(index, main)
            if again is not None and again.top == main.top:
                block, header_until = block_of(sheet, main), main.end
            elif again is not None:
                if set(again.places.items()) != set(main.places.items()):
                    report_header(sheet, spec, again, out, repeated=True)
                if not again.missing(spec):
                    again = choose(sheet, again, day, out)
                block = None if again.missing(spec) else block_of(sheet, again)
                header_until = again.end
        if block is not None:
            rows.append(Row(sheet.first_row + index, row, block, index < header_until))
        elif _is_heading(row):
            rows.append(Row(sheet.first_row + index, row, Block({}, {})))
        elif index >= header_until and any(cell is not None for cell in row):
            lost.append(sheet.first_row + index)
    return tuple(rows)


def _heading_above(sheet: Sheet, first: Header) -> int | None:
    """The place of a lone school type (``Grundschulen``) right above the first header."""
    for index in range(first.top - 1, -1, -1):
        if any(cell is not None for cell in sheet.rows[index]):
            return index if _is_heading(sheet.rows[index]) else None
    return None


def _is_heading(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None]
    lone = filled[0] if len(filled) == 1 else None
    return isinstance(lone, str) and values.type_of_heading(lone) is not None


def _filled_down(
    sheet: Sheet, spec: SheetSpec, header: Header, merges: Sequence[Merge]
) -> list[tuple[Cell, ...]]:
    """The rows of the sheet; a text in a cell merged over several rows counts for each of them.

    Numbers are not repeated: one number for two rows belongs to neither.
    """
    rows = list(sheet.rows)
    texts = {
        place
        for name, place in header.places.items()
        if spec.column(name).parse in (values.text, values.school_type)
    }
    for top, left, bottom, _ in merges:
        if left not in texts or top < header.end:
            continue
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
        if not isinstance(value, str):
            continue
        for index in range(top + 1, min(bottom + 1, len(rows))):
            row = list(rows[index]) + [None] * (left + 1 - len(rows[index]))
            if row[left] is None and any(cell is not None for cell in row):
                row[left] = value
                rows[index] = tuple(row)
    return rows
