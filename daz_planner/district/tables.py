"""Finding a table in a sheet and reading its cells.

Offices put a title, a date and blank rows above the header, and sums and sources below the table.
:func:`locate` finds the header row; :func:`read_record` turns a row into values with one finding
for each cell that cannot be read. What kind of row it is, is the business of
:mod:`daz_planner.district.rows`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from daz_planner.district.collect import Collector
from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.layout import PERSONAL_HEADERS
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import Cell, fold, listed, nearest, quoted, shown
from daz_planner.district.values import BadValue, is_unknown

HEADER_WITHIN = 60
"""Rows of a sheet in which the header is looked for."""


@dataclass(frozen=True)
class Row:
    """A row below the header: its number, the cells of known columns, and all of its cells."""

    number: int
    cells: dict[str, Cell]
    all_cells: tuple[Cell, ...]

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
    header: tuple[Cell, ...]
    rows: tuple[Row, ...]
    titles: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether the table has the column."""
        return name in self.columns


@dataclass
class Record:
    """The values of a row. A cell that is empty or could not be read has no value."""

    row: int
    values: dict[str, Any] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a column, the default where there is none."""
        return self.values.get(name, default)

    def missing(self, name: str) -> bool:
        """Whether the cell is empty (and not merely unreadable)."""
        return name not in self.values and name not in self.faulty


def locate(sheet: Sheet, spec: SheetSpec, out: Collector) -> Table | None:
    """Find the header row and the columns; ``None`` with faults where the table is unusable."""
    best: tuple[int, int] | None = None
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        found = _match_columns(row, spec)
        score = sum(2 if spec.column(name).mandatory else 1 for name in found)
        wanted = min(2, len(spec.columns)) if len(spec.mandatory) > 1 else 1
        if len(found) >= wanted and (best is None or score > best[0]):
            best = (score, index)
    if best is None:
        out.fault(
            "kopfzeile_fehlt",
            f"Das Blatt hat keine Kopfzeile mit den Spalten "
            f"{listed(column.name for column in spec.mandatory)}.",
            "Schreiben Sie die Namen der Spalten in eine Zeile über der Tabelle.",
            sheet=sheet.name,
        )
        return None
    index = best[1]
    header = sheet.rows[index]
    places = _match_columns(header, spec)
    _report_columns(sheet, spec, index, places, out)
    if any(column.name not in places for column in spec.mandatory):
        return None
    return Table(
        sheet=sheet.name,
        spec=spec,
        header_row=sheet.first_row + index,
        columns={name: sheet.first_column + place for name, place in places.items()},
        header=header,
        rows=tuple(
            Row(
                sheet.first_row + number,
                {
                    name: (row[place] if place < len(row) else None)
                    for name, place in places.items()
                },
                row,
            )
            for number, row in enumerate(sheet.rows[index + 1 :], start=index + 1)
        ),
        titles=tuple(cell for row in sheet.rows[:index] for cell in row if isinstance(cell, str)),
    )


def header_matches(sheet: Sheet, spec: SheetSpec) -> bool:
    """Whether some row of the sheet holds all mandatory columns."""
    needed = {column.name for column in spec.mandatory}
    return any(needed <= set(_match_columns(row, spec)) for row in sheet.rows[:HEADER_WITHIN])


def _match_columns(row: tuple[Cell, ...], spec: SheetSpec) -> dict[str, int]:
    """Column name → place in the row. The proper name beats an alias, then the order counts."""
    best: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(row):
        found = _column_of(cell, spec)
        if found is None:
            continue
        column, rank = found
        if column.name not in best or rank < best[column.name][0]:
            best[column.name] = (rank, place)
    return {name: place for name, (_, place) in best.items()}


def _column_of(cell: Cell, spec: SheetSpec) -> tuple[Column, int] | None:
    """The column that a header cell means and how far down its list of names it was found."""
    if not isinstance(cell, str) or len(cell) > 80:
        return None
    for attempt, written in enumerate((cell, re.sub(r"\([^)]*\)|\d\)\s*$|[¹²³]", "", cell))):
        folded = fold(written)
        if not folded:
            continue
        for column in spec.columns:
            if folded in column.keys:
                return column, column.keys.index(folded) + 100 * attempt
    return None


def _report_columns(
    sheet: Sheet, spec: SheetSpec, index: int, places: dict[str, int], out: Collector
) -> None:
    """Faults for missing and doubled columns, warnings for unknown ones."""
    row_number = sheet.first_row + index
    used = set(places.values())
    unknown: list[tuple[int, str]] = []
    for place, cell in enumerate(sheet.rows[index]):
        if cell is None or place in used:
            continue
        known = _column_of(cell, spec)
        column_number = sheet.first_column + place
        if known is not None and not known[0].unused:
            first = sheet.rows[index][places[known[0].name]]
            if fold(shown(first)) == fold(shown(cell)):
                out.fault(
                    "spalte_doppelt",
                    f"Die Spalte {quoted(cell)} gibt es zweimal.",
                    "Benennen oder löschen Sie eine der beiden.",
                    sheet=sheet.name,
                    row=row_number,
                    column=column_number,
                    value=cell,
                )
                continue
        if known is None or not known[0].unused:
            unknown.append((column_number, shown(cell)))
    named: set[str] = set()
    missing = [column for column in spec.mandatory if column.name not in places]
    for column in missing:
        close = nearest(column.name, [name for _, name in unknown], most=1)
        remedy = f"Ergänzen Sie eine Spalte {quoted(column.name)}."
        if close:
            named.add(close[0])
            remedy = (
                f"Am nächsten kommt {quoted(close[0])}: benennen Sie sie in "
                f"{quoted(column.name)} um, wenn sie gemeint ist."
            )
        out.fault(
            "spalte_fehlt",
            f"Die Spalte {quoted(column.name)} fehlt.",
            remedy,
            sheet=sheet.name,
            row=row_number,
            value=column.name,
        )
    for column_number, name in unknown:
        if name in named:
            continue
        if spec.name == "Neuzugänge" and fold(name) in PERSONAL_HEADERS:
            remedy = "Das Programm braucht diese Angabe nicht: bitte löschen Sie die Spalte."
        else:
            close = nearest(name, [c.name for c in spec.columns if c.name not in places], most=1)
            remedy = (
                f"Wenn {quoted(close[0])} gemeint ist, benennen Sie sie um."
                if close
                else "Sie wird nicht gelesen."
            )
        out.warn(
            "spalte_unbekannt",
            f"Die Spalte {quoted(name)} ist nicht bekannt und bleibt außen vor.",
            remedy,
            sheet=sheet.name,
            row=row_number,
            column=column_number,
            value=name,
        )


def read_record(table: Table, row: Row, out: Collector) -> Record:
    """Read the cells of a row; each that cannot be read or must not be empty is a fault."""
    record = Record(row.number)
    for column in table.spec.columns:
        if column.unused or not table.has(column.name):
            continue
        cell = row.cells[column.name]
        if cell is None or (is_unknown(cell) and not column.required):
            if column.required:
                record.faulty.add(column.name)
                out.fault(
                    "wert_fehlt",
                    f"In der Spalte {quoted(column.name)} fehlt der Wert.",
                    column.remedy,
                    sheet=table.sheet,
                    row=row.number,
                    column=table.columns[column.name],
                )
            continue
        try:
            record.values[column.name] = column.parse(cell)
        except BadValue as error:
            record.faulty.add(column.name)
            out.fault(
                "wert_falsch",
                str(error),
                column.remedy,
                sheet=table.sheet,
                row=row.number,
                column=table.columns[column.name],
                value=cell,
            )
    return record
