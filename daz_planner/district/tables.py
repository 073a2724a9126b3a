"""Finding a table in a sheet and reading its cells.

Offices put a title, a date and blank rows above the header, sums and sources below the table, and
repeat the header above each block. :func:`locate` finds all that; :func:`read_record` turns a row
into values with one finding for each cell that cannot be read. What kind of row it is, is the
business of :mod:`daz_planner.district.rows`, what a header says that of
:mod:`daz_planner.district.headers`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from daz_planner.district import values
from daz_planner.district.collect import Collector
from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.header_findings import report_header
from daz_planner.district.headers import HEADER_WITHIN, Header, HeaderFinder, Merge
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import Cell, listed, quoted
from daz_planner.district.values import BadValue, is_unknown

__all__ = [
    "HEADER_WITHIN",
    "Record",
    "Row",
    "Table",
    "header_matches",
    "header_of",
    "locate",
    "read_record",
]

_FORMULA, _ERROR_VALUE = "formel", "fehlerwert"
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Block:
    """A header and the rows up to the next: where each column stands."""

    places: dict[str, int]
    """Name of a column → its place in a row."""
    columns: dict[str, int]
    """Name of a column → its number in the sheet, from 1."""


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


@dataclass(frozen=True)
class Table:
    """A located table. ``columns`` maps the name of each known column to its number (from 1)."""

    sheet: str
    spec: SheetSpec
    header_row: int
    columns: dict[str, int]
    rows: tuple[Row, ...]
    titles: tuple[str, ...]
    note_at: Callable[[int, int], str] | None = None
    readers: dict[str, Callable[[Cell], Any]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the table has the column."""
        return name in self.columns


class Record:
    """The values of a row. A cell that is empty or could not be read has no value."""

    __slots__ = ("columns", "faulty", "row", "values")

    def __init__(self, row: int, columns: dict[str, int] | None = None) -> None:
        self.row = row
        self.columns = columns or {}
        self.values: dict[str, Any] = {}
        self.faulty: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a column, the default where there is none."""
        return self.values.get(name, default)

    def missing(self, name: str) -> bool:
        """Whether the cell is empty (and not merely unreadable)."""
        return name not in self.values and name not in self.faulty

    def column(self, name: str) -> int:
        """The number of a column in the sheet, 0 where the table has none."""
        return self.columns.get(name, 0)


def header_of(sheet: Sheet, spec: SheetSpec) -> Header | None:
    """The header of a table of that kind, ``None`` where the sheet has none."""
    return _finder(sheet, spec).best()


def header_matches(sheet: Sheet, spec: SheetSpec) -> bool:
    """Whether the sheet has a header with all mandatory columns."""
    header = header_of(sheet, spec)
    return header is not None and not header.missing(spec)


def locate(sheet: Sheet, spec: SheetSpec, out: Collector) -> Table | None:
    """Find the header and the columns; ``None`` with faults where the table is unusable."""
    finder = _finder(sheet, spec)
    header = finder.best()
    if header is None:
        out.fault(
            "kopfzeile_fehlt",
            f"Das Blatt hat keine Kopfzeile mit den Spalten "
            f"{listed(column.name for column in spec.mandatory)}.",
            "Schreiben Sie die Namen der Spalten in eine Zeile über der Tabelle.",
            sheet=sheet.name,
        )
        return None
    report_header(sheet, spec, header, out)
    if header.missing(spec):
        return None
    block = _block(sheet, header)
    rows = _rows(sheet, spec, header, finder, out)
    return Table(
        sheet=sheet.name,
        spec=spec,
        header_row=sheet.first_row + header.end - 1,
        columns=block.columns,
        rows=rows,
        titles=tuple(
            cell for row in sheet.rows[: header.top] for cell in row if isinstance(cell, str)
        ),
        note_at=sheet.note_at,
        readers={column.name: _remembering(column.parse) for column in spec.columns},
    )


def _finder(sheet: Sheet, spec: SheetSpec) -> HeaderFinder:
    down, across = sheet.first_row, sheet.first_column
    merges: list[Merge] = [
        (top - down, left - across, bottom - down, right - across)
        for top, left, bottom, right in sheet.merged
    ]
    return HeaderFinder(spec, sheet.rows, merges)


def _block(sheet: Sheet, header: Header) -> Block:
    numbers = {name: sheet.first_column + place for name, place in header.places.items()}
    return Block(header.places, numbers)


def _rows(
    sheet: Sheet, spec: SheetSpec, first: Header, finder: HeaderFinder, out: Collector
) -> tuple[Row, ...]:
    """The rows below the header, each with its block; a repeated header starts a new one."""
    block: Block | None = _block(sheet, first)
    cells = _filled_down(sheet, spec, first, finder.merges)
    rows: list[Row] = []
    header_until = 0
    for index in range(first.end, len(cells)):
        row = cells[index]
        if index >= header_until:
            again = finder.again(index, first)
            if again is not None:
                if set(again.places.items()) != set(first.places.items()):
                    report_header(sheet, spec, again, out, repeated=True)
                block = None if again.missing(spec) else _block(sheet, again)
                header_until = again.end
        if block is not None:
            rows.append(Row(sheet.first_row + index, row, block, index < header_until))
    return tuple(rows)


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


def _remembering(parse: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
    """The parser with a memory for texts that come again and again; text itself needs none."""
    if parse is values.text:
        return parse
    known: dict[str, Any] = {}

    def read(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return parse(cell)
        if cell in known:
            return known[cell]
        value = parse(cell)
        if len(known) < _REMEMBERED:
            known[cell] = value
        return value

    return read


def read_record(table: Table, row: Row, out: Collector) -> Record:
    """Read the cells of a row; each that cannot be read or must not be empty is a fault."""
    block = row.block
    record = Record(row.number, block.columns)
    cells = row.all_cells
    width = len(cells)
    for column in table.spec.columns:
        name = column.name
        place = block.places.get(name)
        if place is None or column.unused:
            continue
        cell = cells[place] if place < width else None
        doubtful = cell is None or (isinstance(cell, str) and cell[:1] == "#")
        if doubtful and _noted(table, column, record, cell, out):
            continue
        if cell is None or (not column.required and is_unknown(cell)):
            if column.required:
                _fault(
                    table,
                    column,
                    record,
                    out,
                    "wert_fehlt",
                    f"In der Spalte {quoted(name)} fehlt der Wert.",
                )
            continue
        try:
            record.values[name] = table.readers[name](cell)
        except BadValue as error:
            _fault(table, column, record, out, "wert_falsch", str(error), cell)
    return record


def _fault(
    table: Table,
    column: Column,
    record: Record,
    out: Collector,
    code: str,
    problem: str,
    value: Cell = None,
    remedy: str = "",
) -> None:
    record.faulty.add(column.name)
    out.fault(
        code,
        problem,
        remedy or column.remedy,
        sheet=table.sheet,
        row=record.row,
        column=record.column(column.name),
        value=value,
    )


_ERROR_TEXTS = frozenset(
    [
        "#BEZUG!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NV",
        "#WERT!",
        "#ZAHL!",
        "#REF!",
        "#VALUE!",
        "#NUM!",
        "#N/A",
    ]
)


def _noted(table: Table, column: Column, record: Record, cell: Cell, out: Collector) -> bool:
    """A fault where the cell holds a formula without a result or with an error for a result."""
    note = ""
    if table.note_at is not None:
        note = table.note_at(record.row, record.column(column.name))
    if isinstance(cell, str) and cell.strip().upper() in _ERROR_TEXTS:
        note = _ERROR_VALUE
    fault = partial(_fault, table, column, record, out)
    if note == _ERROR_VALUE:
        written = f" ({cell})" if cell is not None else ""
        fault(
            "fehlerwert",
            f"Die Formel in der Spalte {quoted(column.name)} ergibt einen Fehler{written}.",
            cell,
            f"Berichtigen Sie die Formel. {column.remedy}",
        )
        return True
    if note == _FORMULA and cell is None:
        fault(
            "formel_ohne_ergebnis",
            f"Formel ohne Ergebnis in der Spalte {quoted(column.name)}.",
            None,
            "Öffnen Sie die Datei in Excel, speichern Sie sie und starten Sie noch einmal, oder "
            "tragen Sie den Wert selbst ein.",
        )
        return True
    return False
