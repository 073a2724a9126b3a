"""Finding a table in a sheet and reading its cells.

Offices put a title, a date and blank rows above the header, sums and sources below the table, and
repeat the header above each block. :func:`locate` finds all that; :func:`read_record` turns a row
into values with one finding for each cell that cannot be read. What kind of row it is, is the
business of :mod:`daz_planner.district.rows`, what a header says that of
:mod:`daz_planner.district.headers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from daz_planner.district import values
from daz_planner.district.blocks import Row, block_of, rows_of
from daz_planner.district.collect import Collector
from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.dated_columns import choose
from daz_planner.district.header_cells import WIDEST
from daz_planner.district.header_findings import report_header, report_no_header
from daz_planner.district.headers import HEADER_WITHIN, Header, HeaderFinder, Merge
from daz_planner.district.model import Place
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import Cell, quoted, shown
from daz_planner.district.values import BadValue, is_unknown

__all__ = [
    "HEADER_WITHIN",
    "Record",
    "Row",
    "Table",
    "header_matches",
    "header_of",
    "locate",
    "looks_like_no_table",
    "read_record",
]

_FORMULA, _ERROR_VALUE = "formel", "fehlerwert"
_REMEMBERED = 5_000


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
    written: list[tuple[int, int, str]] = field(default_factory=list)
    """(row, column, text) of each text that was read as a number, a date or as unknown, and does
    not look like it."""
    lost: list[int] = field(default_factory=list)
    """Numbers of rows that are left out because of a fault of the table and not of their own."""

    def has(self, name: str) -> bool:
        """Whether the table has the column."""
        return name in self.columns

    def cells_written(self, file: str) -> Iterator[tuple[Place, str]]:
        """``written`` as places of a file."""
        for row, column, text in self.written:
            yield Place(file, self.sheet, row, column), text


class Record:
    """The values of a row. A cell that is empty or could not be read has no value."""

    __slots__ = ("cells", "columns", "faulty", "loose", "repeats", "row", "values")

    def __init__(
        self, row: int, columns: dict[str, int] | None = None, cells: Row | None = None
    ) -> None:
        self.row = row
        self.columns = columns or {}
        self.cells = cells
        self.loose: frozenset[str] = frozenset()
        """Columns whose cell is written in another way than expected."""
        self.values: dict[str, Any] = {}
        self.faulty: set[str] = set()
        self.repeats = 0
        """Number of an earlier row for the same entry, which is a fault; 0 where there is none."""

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a column, the default where there is none."""
        return self.values.get(name, default)

    def written(self, name: str) -> Cell:
        """What stands in the cell of a column, a text in one line."""
        cell = self.cells.cell(name) if self.cells is not None else self.values.get(name)
        return " ".join(cell.split()) if isinstance(cell, str) else cell

    def missing(self, name: str) -> bool:
        """Whether the cell is empty (and not merely unreadable)."""
        return name not in self.values and name not in self.faulty

    def column(self, name: str) -> int:
        """The number of a column in the sheet, 0 where the table has none."""
        return self.columns.get(name, 0)


def header_of(sheet: Sheet, spec: SheetSpec) -> Header | None:
    """The header of a table of that kind, ``None`` where the sheet has none."""
    return _finder(sheet, spec).best()


def looks_like_no_table(sheet: Sheet, spec: SheetSpec) -> bool:
    """Whether there is neither a header nor a row that may be meant for one, or far too many."""
    finder = _finder(sheet, spec)
    if finder.best() is not None:
        return False
    return max(map(len, sheet.rows), default=0) > WIDEST or finder.likeliest() is None


def header_matches(sheet: Sheet, spec: SheetSpec) -> bool:
    """Whether the sheet has a header with all mandatory columns."""
    header = header_of(sheet, spec)
    return header is not None and not header.missing(spec)


def locate(sheet: Sheet, spec: SheetSpec, out: Collector, day: date | None = None) -> Table | None:
    """Find the header and the columns; ``None`` with faults where the table is unusable.

    ``day`` is the reference date, which decides between columns of several days.
    """
    finder = _finder(sheet, spec)
    header = finder.best()
    if header is None:
        report_no_header(sheet, spec, finder, out)
        return None
    report_header(sheet, spec, header, out)
    if header.missing(spec):
        return None
    header = choose(sheet, header, day, out)
    first = finder.first(header)
    block = block_of(sheet, header)
    lost: list[int] = []
    rows = rows_of(sheet, spec, header, first, finder, lost, day, out)
    return Table(
        sheet=sheet.name,
        spec=spec,
        header_row=sheet.first_row + first.end - 1,
        columns=block.columns,
        rows=rows,
        titles=tuple(
            cell for row in sheet.rows[: first.top] for cell in row if isinstance(cell, str)
        ),
        note_at=sheet.note_at,
        readers={column.name: _remembering(column.parse) for column in spec.columns},
        lost=lost,
    )


def _finder(sheet: Sheet, spec: SheetSpec) -> HeaderFinder:
    down, across = sheet.first_row, sheet.first_column
    merges: list[Merge] = [
        (top - down, left - across, bottom - down, right - across)
        for top, left, bottom, right in sheet.merged
    ]
    return HeaderFinder(spec, sheet.rows, merges)


def _remembering(parse: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
    """The parser with a memory for texts that come again and again; text itself needs none."""
    if parse is values.text:
        return parse
    known: dict[str, Any] = {}
    refused: dict[str, str] = {}

    def read(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return parse(cell)
        if cell in known:
            return known[cell]
        if cell in refused:
            raise BadValue(refused[cell])
        try:
            value = parse(cell)
        except BadValue as error:
            if len(refused) < _REMEMBERED:
                refused[cell] = str(error)
            raise
        if len(known) < _REMEMBERED:
            known[cell] = value
        return value

    return read


def read_record(table: Table, row: Row, out: Collector) -> Record:
    """Read the cells of a row; each that cannot be read or must not be empty is a fault."""
    block = row.block
    record = Record(row.number, block.columns, row)
    cells = row.all_cells
    width = len(cells)
    for column in table.spec.columns:
        name = column.name
        place = block.places.get(name)
        if place is None or column.unused:
            continue
        if name in block.doubtful:
            record.faulty.add(name)
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
            elif isinstance(cell, str) and column.parse is not values.text:
                table.written.append((row.number, record.column(name), cell))
            continue
        try:
            value: Any = table.readers[name](cell)
            record.values[name] = value
        except BadValue as error:
            if not _read_loosely(table, column, record, cell, out):
                _fault(table, column, record, out, "wert_falsch", str(error), cell)
            continue
        if isinstance(cell, str) and isinstance(value, _SHOWN) and cell != shown(value):
            table.written.append((row.number, record.column(name), cell))
    return record


_SHOWN = (int, float, date)


def _read_loosely(table: Table, column: Column, record: Record, cell: Cell, out: Collector) -> bool:
    """Whether a text that the column's own parser refuses has a certain meaning all the same."""
    meant = column.loosely(cell) if column.loosely is not None else None
    if meant is None or not isinstance(cell, str) or (meant.value is None and column.required):
        return False
    name = column.name
    if meant.value is not None:
        try:
            record.values[name] = column.parse(meant.value)
        except BadValue:
            return False
        table.written.append((record.row, record.column(name), cell))
    record.loose |= {name}
    out.read_as(
        "wert_gelesen_als",
        name,
        " ".join(cell.split()),
        meant.told,
        f"Stimmt das nicht, dann berichtigen Sie die Zellen. {column.remedy}",
        sheet=table.sheet,
        row=record.row,
        column=record.column(name),
    )
    return True


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
