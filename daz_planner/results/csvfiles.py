"""The tables as CSV files that a German Excel opens with a double click.

UTF-8 with BOM, semicolon, decimal comma, no separator of thousands, CRLF; dates dd.mm.yyyy, months
yyyy-mm, shares in percent, a fixed number of decimals.  The same plan gives the same bytes.  Text
that starts with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe in front, so that no spreadsheet
takes it for a formula.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from daz_planner import german
from daz_planner.results.schema import Column, Kind, Table

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(value: str) -> str:
    """Text that no spreadsheet reads as a formula."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def cell_text(value: Any, column: Column) -> str:
    """One value as it stands in the CSV file."""
    if value is None:
        return ""
    if column.kind is Kind.TEXT:
        return csv_text(str(value))
    if column.kind is Kind.VALUE:
        text = german.value_text(value)
        return csv_text(text) if isinstance(value, str) else text
    if column.kind is Kind.COUNT and isinstance(value, str):
        return csv_text(value)
    if column.kind in (Kind.WHOLE, Kind.COUNT):
        return str(int(value))
    if column.kind is Kind.NUMBER:
        return german.plain(value, column.digits)
    if column.kind is Kind.SHARE:
        return german.plain(100 * value, column.digits)
    if column.kind is Kind.DATE:
        return german.day(value)
    return german.month_key(value)


def csv_bytes(table: Table) -> bytes:
    """A table as the bytes of its CSV file."""
    columns = [
        [cell_text(value, column) for value in table.values(column.name)]
        for column in table.columns
    ]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([csv_text(column.name) for column in table.columns])
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue().encode("utf-8-sig")


def write_csv_files(tables: dict[str, Table], folder: Path) -> list[Path]:
    """Write every table as ``<name>.csv`` into a folder, which is made; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for table in tables.values():
        path = folder / f"{table.name}.csv"
        path.write_bytes(csv_bytes(table))
        paths.append(path)
    return paths
