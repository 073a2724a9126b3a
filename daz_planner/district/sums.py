"""Checking the sums that a table carries against its rows."""

from __future__ import annotations

from collections.abc import Sequence

from daz_planner.district import values
from daz_planner.district.collect import Collector
from daz_planner.district.columns import Column
from daz_planner.district.rows import Classified, RowKind
from daz_planner.district.tables import Record, Table
from daz_planner.district.text import quoted


def check_sums(
    table: Table,
    rows: Sequence[Classified],
    records: Sequence[Record],
    types: dict[int, str],
    out: Collector,
) -> None:
    """Warn where a sum does not add up. ``types`` maps the row of a school to its school type.

    A sum that names a school type is held against all rows of that type, if the type of every row
    is known. Any other is held against the rows since the sum before it, and against all rows
    above it; one of them must fit.
    """
    by_row = {record.row: record for record in records}
    above: list[Record] = []
    block: list[Record] = []
    for item in rows:
        if item.kind is RowKind.DATA and item.row.number in by_row:
            above.append(by_row[item.row.number])
            block.append(by_row[item.row.number])
        if item.kind is not RowKind.SUM:
            continue
        if table.lost and min(table.lost) < item.row.number:
            block = []
            continue
        if item.school_type is not None and types:
            if any(record.row not in types for record in records):
                block = []
                continue
            candidates = [[r for r in records if types[r.row] == item.school_type]]
        else:
            candidates = [block, above] if block else [above]
        for column in table.spec.columns:
            if column.summed and table.has(column.name):
                _check(table, item, column, candidates, out)
        block = []


def _variants(rows: Sequence[Record]) -> list[Sequence[Record]]:
    """The rows; where one stands there twice, also without the one and without the other."""
    again = {record.repeats for record in rows if record.repeats}
    if not again:
        return [rows]
    return [
        rows,
        [record for record in rows if not record.repeats],
        [record for record in rows if record.row not in again],
    ]


def _check(
    table: Table,
    item: Classified,
    column: Column,
    candidates: Sequence[Sequence[Record]],
    out: Collector,
) -> None:
    cell = item.row.cell(column.name)
    if cell is None:
        return
    open_if = {column.name, table.spec.key or "Schule"}  # without its name it may be a sum itself
    if any(open_if & record.faulty for rows in candidates for record in rows):
        return
    sums = [
        sum(int(record.get(column.name, 0)) for record in counted)
        for rows in candidates
        for counted in _variants(rows)
    ]
    try:
        written: int | None = values.whole(cell, high=100_000_000)
    except values.BadValue:
        written = None
    if written in sums:
        return
    nearest_sum = min(sums, key=lambda total: abs(total - (written or 0)))
    out.warn(
        "summe_falsch",
        f"{quoted(item.label)} nennt {quoted(cell)} in der Spalte {quoted(column.name)}, "
        f"die Zeilen ergeben {nearest_sum}.",
        "Gerechnet wird mit den Zeilen.",
        sheet=table.sheet,
        row=item.row.number,
        column=item.row.block.columns.get(column.name, 0),
        value=cell,
    )
