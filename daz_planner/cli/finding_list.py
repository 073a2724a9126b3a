"""How a list of findings is shown: as a table, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from daz_planner.cli.terminal import plain_table

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.cli.finding_groups import Group
    from daz_planner.district.findings import Finding

HEADER = ("Datei", "Blatt", "Zelle", "Art", "Kennung", "Wert", "Befund", "Abhilfe")
_WIDE = 110
_MOST_VALUES = 3
_CELL_WIDTH = 13
"""Room for „Zeile 1048576“."""
_LONGEST_VALUE = 40
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(findings: Sequence[Finding]) -> bytes:
    """UTF-8 with BOM, semicolon, CRLF, as a German Excel opens it with a double click.

    Text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for finding in findings:
        writer.writerow([_harmless(text) for text in _values(finding)])
    return buffer.getvalue().encode("utf-8-sig", "replace")


def json_bytes(findings: Sequence[Finding]) -> bytes:
    """A list of objects with the keys of the CSV file, and row and column as numbers (0: none)."""
    records = [
        dict(zip(HEADER, _values(finding), strict=True))
        | {"Zeile": finding.row, "Spalte": finding.column}
        for finding in findings
    ]
    text = json.dumps(records, ensure_ascii=False, indent=2)
    return f"{text}\n".encode("utf-8", "replace")


def sheet_tables(
    groups: Sequence[Group], width: int, *, with_file: bool
) -> list[tuple[str, Table]]:
    """A heading and a table for each sheet; ``groups`` are sorted by file and sheet.

    A wide terminal has a column for the code, a narrow one shows it in brackets.
    """
    result = []
    for (file, sheet), found in groupby(groups, key=lambda g: (g.first.file, g.first.sheet)):
        parts = [f"Blatt {sheet}" if sheet else ("Datei" if not with_file else "")]
        if with_file or not sheet:
            parts.insert(0, file)
            parts = [part for part in parts if part and part != "Datei"]
        result.append((printable(", ".join(parts)), _table(list(found), width)))
    return result


def printable(text: str) -> str:
    """The text in one line, with a sign in place of what would steer the terminal."""
    line = " ".join(text.split())
    return "".join(c if c.isprintable() else "�" for c in line)


def _table(groups: Sequence[Group], width: int) -> Table:
    wide = width >= _WIDE
    headers = ["Zelle", "Art", "Wert", "Befund und Abhilfe", *(["Kennung"] if wide else [])]
    table = plain_table(*headers)
    for column in table.columns[:2]:
        column.no_wrap = True
    table.columns[2].max_width = width // 5
    table.columns[2].overflow = "fold"
    table.columns[3].ratio = 1
    table.expand = True
    for group in groups:
        finding = group.first
        fault = finding.severity.name == "FAULT"
        cells: list[Text | str] = [
            _place(group),
            Text(finding.severity.value, style="bold red" if fault else "yellow"),
            Text(_examples(group)),
            Text(_sentences(group, with_code=not wide)),
        ]
        if wide:
            cells.append(Text(finding.code, overflow="fold"))
        table.add_row(*cells)
    return table


def _place(group: Group) -> str:
    """The cells in lines of the width of the column, and how many they are."""
    cells = group.cells or "–"
    count = f"({group.count_text})" if group.count_text else ""
    lines = [line for text in (cells, count) for line in textwrap.wrap(text, _CELL_WIDTH)]
    return "\n".join(lines)


def _examples(group: Group) -> str:
    """The value, or some of the values of a group."""
    values = [_short(printable(value)) for value in group.values]
    some = values[:_MOST_VALUES]
    return ", ".join([*some, "…"] if len(values) > len(some) else some)


def _sentences(group: Group, *, with_code: bool) -> str:
    parts = [printable(group.problem), printable(group.first.remedy)]
    if with_code:
        parts.append(f"[{group.first.code}]")
    return " ".join(part for part in parts if part)


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[: _LONGEST_VALUE - 1]}…"


def _values(finding: Finding) -> tuple[str, ...]:
    return (
        finding.file,
        finding.sheet,
        finding.cell,
        finding.severity.value,
        finding.code,
        finding.value,
        finding.problem,
        finding.remedy,
    )


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" \n").startswith(_FORMULA_STARTS) else text
