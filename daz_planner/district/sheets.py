"""Opening a workbook or a .csv file: rows of plain cells, and a clear fault where that fails."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from daz_planner.district.collect import Collector
from daz_planner.district.text import Cell, did_you_mean, nearest, quoted

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
LARGEST_FILE = 100_000_000
"""Bytes. A district's workbook has a few hundred thousand at most."""

_FORMATS = "Lesbar sind .xlsx, .xls, .ods und .csv."
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Sheet:
    """A sheet as rows of cells. ``rows[0][0]`` is the cell in ``first_row``, ``first_column``.

    Both count from 1 as Excel does. Empty cells and cells of blanks are ``None``.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int = 1
    first_column: int = 1

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell is not None for row in self.rows for cell in row)


@dataclass(frozen=True)
class Source:
    """A file that was read: its name, the SHA-256 of its bytes, its sheets."""

    file: str
    digest: str
    sheets: tuple[Sheet, ...]


def load(path: Path) -> Source:
    """Read a workbook (.xlsx, .xls, .ods) or a .csv file.

    Raises
    ------
    InputError
        The file is missing, a folder, locked, empty, protected by a password or no workbook.
    """
    out = Collector(path.name or str(path))
    data = _read_bytes(path, out)
    if path.suffix.casefold() in TEXT_SUFFIXES:
        sheets: tuple[Sheet, ...] = (_csv_sheet(data, path, out),)
    else:
        sheets = _workbook_sheets(data, path, out)
    if all(sheet.is_empty for sheet in sheets):
        out.fault(
            "datei_leer",
            "In der Datei steht nichts.",
            "Geben Sie die Datei mit der Tabelle der Schulen an.",
        )
        out.stop_on_faults()
    return Source(path.name, hashlib.sha256(data).hexdigest(), sheets)


def _read_bytes(path: Path, out: Collector) -> bytes:
    data = b""
    try:
        if path.is_dir():
            out.fault(
                "datei_ordner",
                f"{quoted(str(path))} ist ein Ordner, keine Datei.",
                "Geben Sie die Arbeitsmappe selbst an; Ordner liest diese Version noch nicht.",
            )
        elif path.name.startswith(("~$", ".~lock.")):
            out.fault(
                "datei_sperrdatei",
                "Das ist die Sperrdatei einer geöffneten Arbeitsmappe.",
                "Geben Sie die Arbeitsmappe selbst an.",
            )
        elif path.exists() and path.stat().st_size > LARGEST_FILE:
            out.fault(
                "datei_zu_gross",
                f"Die Datei ist größer als {LARGEST_FILE // 1_000_000} MB.",
                "Geben Sie die Arbeitsmappe mit der Tabelle der Schulen an.",
            )
        else:
            data = path.read_bytes()
            if not data:
                out.fault(
                    "datei_leer",
                    "Die Datei ist leer (0 Bytes).",
                    "Speichern Sie sie in Excel noch einmal oder geben Sie eine andere an.",
                )
    except FileNotFoundError:
        out.fault(
            "datei_fehlt",
            f"Die Datei {quoted(str(path))} gibt es nicht.",
            _similar_files(path) or "Prüfen Sie Ordner und Namen.",
        )
    except PermissionError:
        out.fault(
            "datei_gesperrt",
            "Die Datei lässt sich nicht öffnen: gesperrt oder ohne Leserecht.",
            "Schließen Sie sie in Excel und prüfen Sie die Rechte.",
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        out.fault(
            "datei_unlesbar",
            f"Die Datei lässt sich nicht lesen ({reason}).",
            "Kopieren Sie sie auf den eigenen Rechner und versuchen Sie es noch einmal.",
        )
    out.stop_on_faults()
    return data


def _similar_files(path: Path) -> str:
    """A question with the files of the folder whose names are near; empty where there is none."""
    try:
        names = [
            entry.name
            for entry in path.parent.iterdir()
            if entry.suffix.casefold() in (*WORKBOOK_SUFFIXES, *TEXT_SUFFIXES)
        ]
    except OSError:
        return ""
    return did_you_mean(nearest(path.name, names, most=2))


def _workbook_sheets(data: bytes, path: Path, out: Collector) -> tuple[Sheet, ...]:
    import python_calamine as calamine

    def protected() -> None:
        out.fault(
            "datei_passwort",
            "Die Datei ist mit einem Passwort geschützt.",
            "Speichern Sie sie ohne Passwort (Datei, Informationen, Arbeitsmappe schützen).",
        )

    if data.startswith(_COMPOUND_FILE) and _ENCRYPTED in data:
        protected()
        out.stop_on_faults()
    sheets: list[Sheet] = []
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for about in book.sheets_metadata:
                if about.typ is calamine.SheetTypeEnum.WorkSheet:
                    sheets.append(_sheet(book.get_sheet_by_name(about.name)))
    except calamine.PasswordError:
        protected()
    except (calamine.CalamineError, OSError, ValueError, IndexError, MemoryError):
        _not_a_workbook(path, out)
    except BaseException as error:  # the library reports some broken files as a Rust panic
        if type(error).__name__ != "PanicException":
            raise
        _not_a_workbook(path, out)
    out.stop_on_faults()
    return tuple(sheets)


def _not_a_workbook(path: Path, out: Collector) -> None:
    if path.suffix.casefold() in WORKBOOK_SUFFIXES:
        problem = "Die Datei ist keine Arbeitsmappe oder sie ist beschädigt."
        remedy = f"Öffnen Sie sie in Excel und speichern Sie sie neu. {_FORMATS}"
    else:
        ending = quoted(path.suffix) if path.suffix else "ohne Endung"
        problem = f"Die Datei ({ending}) ist keine Arbeitsmappe."
        remedy = _FORMATS
    out.fault("datei_keine_mappe", problem, remedy)


def _sheet(sheet: object) -> Sheet:
    from python_calamine import CalamineSheet

    assert isinstance(sheet, CalamineSheet)
    start = sheet.start or (0, 0)
    rows = tuple(tuple(_clean(cell) for cell in row) for row in sheet.to_python())
    return Sheet(sheet.name, rows, start[0] + 1, start[1] + 1)


def _clean(cell: Cell) -> Cell:
    if isinstance(cell, str) and not cell.strip("\ufeff\u200b \t\r\n\u00a0\u202f"):
        return None
    return cell


def _csv_sheet(data: bytes, path: Path, out: Collector) -> Sheet:
    text = _decoded(data)
    if "\0" in text:
        out.fault(
            "datei_keine_mappe",
            "Die Datei ist keine .csv-Datei.",
            "Speichern Sie die Tabelle in Excel als „CSV UTF-8“ oder als .xlsx.",
        )
        out.stop_on_faults()
    head = "\n".join(text.splitlines()[:30])
    separator = max(";\t,", key=head.count)
    rows: list[tuple[Cell, ...]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(tuple(_clean(cell) for cell in line))
    except csv.Error:
        out.fault(
            "datei_keine_mappe",
            f"Zeile {len(rows) + 1} der .csv-Datei lässt sich nicht lesen.",
            "Speichern Sie die Tabelle in Excel als „CSV UTF-8“ oder als .xlsx.",
        )
        out.stop_on_faults()
    return Sheet(path.stem, tuple(rows))


def _decoded(data: bytes) -> str:
    """The text of a .csv file: UTF-8, UTF-16 with a mark, else the code page of Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
