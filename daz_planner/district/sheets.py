"""Opening a workbook or a .csv file: rows of plain cells, and a clear fault where that fails.

The bytes come from :mod:`~daz_planner.district.opening`; each format has its own module. Whatever
is handed in, reading takes bounded time and memory (:mod:`~daz_planner.district.limits`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from daz_planner.district.collect import Collector
from daz_planner.district.findings import Finding, column_letter, consecutive
from daz_planner.district.limits import FORMATS, LARGEST_FILE, Unreadable, broken
from daz_planner.district.opening import (
    TEXT_SUFFIXES,
    WORKBOOK_SUFFIXES,
    Kind,
    foreign,
    kind_of,
    no_workbook,
    read_bytes,
)
from daz_planner.district.text import Cell, quoted

__all__ = [
    "LARGEST_FILE",
    "TEXT_SUFFIXES",
    "WORKBOOK_SUFFIXES",
    "Sheet",
    "Source",
    "load",
    "report_sheet",
]

NO_RESULT = "formel"
ERROR_VALUE = "fehlerwert"


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of cells. ``rows[0][0]`` is the cell in ``first_row``, ``first_column``.

    Rows and columns count from 1 as Excel does, also in all that follows. Empty cells and cells of
    blanks are ``None``; an error value is the text that Excel shows (``#BEZUG!``).

    ``hidden_rows`` and ``hidden_columns``: not shown in Excel, by hand or by a filter; empty rows
    may be left out.
    ``empty_formulas``: formulas of which the file holds no result. ``error_cells``: error values.
    ``merged``: blocks of merged cells (first row, first column, last row, last column); the value
    is in the first cell.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    first_column: int = 1
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    empty_formulas: frozenset[tuple[int, int]] = frozenset()
    error_cells: Mapping[tuple[int, int], str] = field(default_factory=dict, hash=False)
    merged: tuple[tuple[int, int, int, int], ...] = ()
    has_comments: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell is not None for row in self.rows for cell in row)

    def note_at(self, row: int, column: int) -> str:
        """What is wrong with a cell that its value does not show.

        ``"formel"`` for a formula without a stored result, ``"fehlerwert"`` for an error value,
        else an empty text. Row and column count from 1.
        """
        if self.empty_formulas and (row, column) in self.empty_formulas:
            return NO_RESULT
        if self.error_cells and (row, column) in self.error_cells:
            return ERROR_VALUE
        return ""


@dataclass(frozen=True)
class Source:
    """A file that was read: its name, the SHA-256 of its bytes, its sheets.

    ``findings`` are the warnings on the file as a whole (macros, links, a wrong ending) and on
    sheets that could not be read and are not needed.
    """

    file: str
    digest: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...] = ()


def load(path: Path) -> Source:
    """Read a workbook (.xlsx, .xls, .ods) or a .csv file; what it is, its bytes say.

    Raises
    ------
    InputError
        The file is missing, a folder, locked, empty, protected by a password, no workbook or so
        large that it would take too much time or memory. One sentence with what to do.
    """
    out = Collector(path.name or str(path))
    try:
        data = read_bytes(path)
        sheets = _sheets(data, path, out)
    except Unreadable as error:
        out.fault(error.code, error.problem, error.remedy)
        out.stop_on_faults()
        raise AssertionError from error
    if all(sheet.is_empty for sheet in sheets):
        out.fault(
            "datei_leer",
            "In der Datei steht nichts.",
            "Geben Sie die Datei mit der Tabelle der Schulen an.",
        )
    out.stop_on_faults()
    digest = hashlib.sha256(data).hexdigest()
    return Source(path.name, digest, tuple(sheets), out.findings)


def _sheets(data: bytes, path: Path, out: Collector) -> list[Sheet]:
    kind = kind_of(data, path)
    if kind is Kind.TEXT:
        from daz_planner.district.csv_file import read_csv

        if path.suffix.casefold() in WORKBOOK_SUFFIXES:
            _wrong_ending(path, "eine Textdatei (.csv)", out)
        rows, lost = read_csv(data)
        if lost:
            out.warn(
                "zeichen_unklar",
                "Einige Zeichen der Datei sind nicht lesbar und erscheinen als „�“.",
                "Speichern Sie die Tabelle in Excel als „CSV UTF-8“.",
            )
        return [Sheet(path.stem, tuple(rows))]
    if kind is Kind.COMPOUND:
        from daz_planner.district.xls import read_xls

        sheets = read_xls(data, path, out, _is_known)
        _check_ending(path, (".xls", ".xlt"), "eine .xls-Datei", out)
        return sheets
    return _packed_sheets(data, path, out)


def _packed_sheets(data: bytes, path: Path, out: Collector) -> list[Sheet]:
    from daz_planner.district import ods, xlsx
    from daz_planner.district.container import Container

    try:
        container = Container(data)
    except Unreadable as error:
        known = path.suffix.casefold() in WORKBOOK_SUFFIXES
        if error.code == broken().code and not known:
            raise no_workbook(path) from None
        raise
    if xlsx.is_xlsx(container):
        sheets = xlsx.read_xlsx(container, out, _is_known)
        _check_ending(path, (".xlsx", ".xlsm", ".xltx", ".xltm"), "eine .xlsx-Datei", out)
        return sheets
    if ods.is_ods(container):
        sheets = ods.read_ods(container, out, _is_known)
        _check_ending(path, (".ods", ".ots"), "eine .ods-Datei", out)
        return sheets
    if "xl/workbook.bin" in container:
        raise Unreadable(
            "datei_anderes_format",
            "Die Datei ist eine binäre Arbeitsmappe (.xlsb).",
            f"Speichern Sie sie in Excel als .xlsx. {FORMATS}",
        )
    for part, what in (
        ("word/document.xml", "eine Word-Datei"),
        ("ppt/presentation.xml", "eine PowerPoint-Datei"),
        ("index/document.iwa", "eine Datei von Apple Numbers"),
        ("content.xml", "eine LibreOffice-Datei, aber keine Tabelle"),
    ):
        if part in container:
            raise foreign(what, path)
    if any(name.endswith((".xlsx", ".xls", ".ods", ".csv")) for name in container.names):
        raise Unreadable(
            "datei_anderes_format",
            "Die Datei ist ein Zip-Archiv, in dem Tabellen liegen.",
            "Entpacken Sie es und geben Sie die Dateien oder ihren Ordner an.",
        )
    raise foreign("ein Zip-Archiv", path)


def _is_known(name: str) -> bool:
    """Whether a sheet of that name is one of the input workbook."""
    from daz_planner.district.layout import sheet_kind

    return sheet_kind(name) is not None


def _check_ending(path: Path, fitting: Iterable[str], what: str, out: Collector) -> None:
    if path.suffix.casefold() not in fitting:
        _wrong_ending(path, what, out)


def _wrong_ending(path: Path, what: str, out: Collector) -> None:
    ending = f"trägt die Endung {quoted(path.suffix)}" if path.suffix else "hat keine Endung"
    out.warn(
        "datei_endung",
        f"Die Datei {ending}, ist aber {what}; sie wird als solche gelesen.",
        "Speichern Sie sie in Excel neu als .xlsx.",
    )


def report_sheet(sheet: Sheet, out: Collector) -> None:
    """Warn of what is read from a sheet although Excel does not show it: one warning a kind."""
    if sheet.is_hidden and not sheet.is_empty:
        out.warn(
            "blatt_verborgen",
            "Das Blatt ist ausgeblendet und wird trotzdem gelesen.",
            "Blenden Sie es ein und prüfen Sie es.",
            sheet=sheet.name,
        )
    last = sheet.first_row + len(sheet.rows)
    rows = [
        row
        for row in sorted(sheet.hidden_rows)
        if sheet.first_row <= row < last
        and any(cell is not None for cell in sheet.rows[row - sheet.first_row])
    ]
    if rows:
        one = len(rows) == 1
        out.warn(
            "zeilen_verborgen",
            f"Ausgeblendet oder weggefiltert und trotzdem gelesen: "
            f"{'Zeile' if one else 'die Zeilen'} {_spans(rows, str)}.",
            f"Löschen Sie {'sie, wenn sie' if one else 'die Zeilen, wenn sie'} "
            f"nicht {'zählt' if one else 'zählen'}; sonst blenden Sie sie ein.",
            sheet=sheet.name,
            row=rows[0],
        )
    columns = [column for column in sorted(sheet.hidden_columns) if _holds_data(sheet, column)]
    if columns:
        one = len(columns) == 1
        out.warn(
            "spalten_verborgen",
            f"Ausgeblendet und trotzdem gelesen: "
            f"{'Spalte' if one else 'die Spalten'} {_spans(columns, column_letter)}.",
            f"Löschen Sie {'sie, wenn sie' if one else 'die Spalten, wenn sie'} "
            f"nicht {'zählt' if one else 'zählen'}; sonst blenden Sie sie ein.",
            sheet=sheet.name,
        )


def _holds_data(sheet: Sheet, column: int) -> bool:
    place = column - sheet.first_column
    return place >= 0 and any(place < len(row) and row[place] is not None for row in sheet.rows)


_MOST_SPANS = 8


def _spans(numbers: list[int], shown: object) -> str:
    """``3, 5–9 und 12``; after some of them ``und weitere``."""
    assert callable(shown)
    spans = consecutive(numbers)
    parts = [
        shown(first) if first == last else f"{shown(first)}–{shown(last)}"
        for first, last in spans[:_MOST_SPANS]
    ]
    if len(spans) > _MOST_SPANS:
        return f"{', '.join(parts)} und weitere"
    return " und ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
