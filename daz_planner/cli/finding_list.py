"""How a list of findings is shown: as a table, folded, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from daz_planner.cli.terminal import plain_table
from daz_planner.german import listed

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.district.findings import Finding

HEADER = ("Datei", "Blatt", "Zelle", "Art", "Kennung", "Wert", "Befund", "Abhilfe")
MOST_ALIKE = 5
"""Findings of one kind on one sheet that are shown one by one where a list is folded."""

_WIDE = 110
_EXAMPLES = 3
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
    findings: Sequence[Finding], width: int, *, with_file: bool
) -> list[tuple[str, Table]]:
    """A heading and a table for each sheet; ``findings`` are sorted by file and sheet.

    A wide terminal has a column for the code, a narrow one shows it in brackets.
    """
    result = []
    for (file, sheet), group in groupby(findings, key=lambda f: (f.file, f.sheet)):
        parts = [f"Blatt {sheet}" if sheet else ("Datei" if not with_file else "")]
        if with_file or not sheet:
            parts.insert(0, file)
            parts = [part for part in parts if part and part != "Datei"]
        result.append((printable(", ".join(parts)), _table(list(group), width)))
    return result


def folded(findings: Sequence[Finding]) -> list[tuple[Finding, int, str]]:
    """The findings with those of a kind on one sheet as one where there are more than a few.

    Returns
    -------
    list[tuple[Finding, int, str]]
        The first of its kind, how many there are, and a sentence on the others (else empty).
    """
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.file, finding.sheet, finding.code, finding.severity.value)
        groups.setdefault(key, []).append(finding)
    shown: list[tuple[Finding, int, str]] = []
    for group in groups.values():
        if len(group) <= MOST_ALIKE:
            shown.extend((finding, 1, "") for finding in group)
            continue
        cells = [finding.cell for finding in group[1:] if finding.cell]
        where = f" ({listed([*cells[:_EXAMPLES], '…'] if len(cells) > _EXAMPLES else cells)})"
        more = f"Dasselbe noch {len(group) - 1}-mal{where if cells else ''}."
        shown.append((group[0], len(group), more))
    return sorted(shown, key=lambda item: item[0].sort_key)


def printable(text: str) -> str:
    """The text in one line, with a sign in place of what would steer the terminal."""
    line = " ".join(text.split())
    return "".join(c if c.isprintable() else "�" for c in line)


def _table(findings: Sequence[Finding], width: int) -> Table:
    wide = width >= _WIDE
    headers = ["Zelle", "Art", "Wert", "Befund und Abhilfe", *(["Kennung"] if wide else [])]
    table = plain_table(*headers)
    for column in table.columns[:2]:
        column.no_wrap = True
    table.columns[2].max_width = width // 5
    table.columns[2].overflow = "fold"
    table.columns[3].ratio = 1
    table.expand = True
    for finding in findings:
        fault = finding.severity.name == "FAULT"
        cells: list[Text | str] = [
            finding.cell or "–",
            Text(finding.severity.value, style="bold red" if fault else "yellow"),
            Text(_short(printable(finding.value))),
            Text(_sentences(finding, with_code=not wide)),
        ]
        if wide:
            cells.append(Text(finding.code, overflow="fold"))
        table.add_row(*cells)
    return table


def _sentences(finding: Finding, *, with_code: bool) -> str:
    parts = [printable(finding.problem), printable(finding.remedy)]
    if with_code:
        parts.append(f"[{finding.code}]")
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
