"""What a file may be at most, and the one way to say that it cannot be read.

The limits hold for anything handed in, however it was made: with them no file takes more than
about 20 seconds or 500 MB. A district's workbook needs a hundredth of them.
"""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_FILE = 50_000_000
"""Bytes of a file on the disk."""

MOST_UNPACKED = 600_000_000
"""Bytes that are unpacked from a workbook, over all of its parts, however little is kept."""

LARGEST_PART = 80_000_000
"""Bytes of one part (a sheet, the texts) that are kept for reading."""

MOST_PARTS = 20_000
"""Parts of a packed workbook."""

MOST_CELLS = 1_300_000
"""Cells in the used ranges of all sheets of a file together (100,000 rows of 13 columns)."""

MOST_TEXT = 80_000_000
"""Bytes of the texts of all cells of a sheet, each counted as often as it stands in a cell."""

MOST_ELEMENTS = 12_000_000
"""Elements of a sheet that are looked at one by one."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Excel's own limits."""

FORMATS = "Lesbar sind .xlsx, .xls, .ods und .csv."
SAVE_AGAIN = f"Öffnen Sie sie in Excel und speichern Sie sie neu. {FORMATS}"
SMALLER = (
    "Löschen Sie in Excel alle Zeilen unter und alle Spalten rechts von der Tabelle und "
    "speichern Sie die Datei neu, oder geben Sie nur das Blatt mit der Tabelle an."
)


class Unreadable(Exception):
    """A file, or a sheet of it, cannot be read: code, problem and remedy of the finding."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.code = code
        self.problem = problem
        self.remedy = remedy


def broken() -> Unreadable:
    """The file claims to be a workbook and is none, or is damaged."""
    return Unreadable(
        "datei_keine_mappe",
        "Die Datei ist keine Arbeitsmappe oder sie ist beschädigt.",
        SAVE_AGAIN,
    )


def protected() -> Unreadable:
    """The file is encrypted."""
    return Unreadable(
        "datei_passwort",
        "Die Datei ist mit einem Passwort geschützt.",
        "Speichern Sie sie ohne Passwort (Datei, Informationen, Arbeitsmappe schützen).",
    )


def unpacks_too_large() -> Unreadable:
    """The file is small, but what is packed in it is not."""
    return Unreadable(
        "datei_entpackt_zu_gross",
        "Der Inhalt der Datei ist ausgepackt viel zu groß für eine Tabelle.",
        SMALLER,
    )


def has_entities() -> Unreadable:
    """The XML inside declares entities, which no office program writes."""
    return Unreadable(
        "datei_entitaeten",
        "In der Datei stehen Platzhalter (XML-Entitäten), die Excel nicht schreibt; "
        "aus Sicherheit wird sie nicht gelesen.",
        "Öffnen Sie sie in Excel und speichern Sie sie neu als .xlsx.",
    )


@dataclass
class Extent:
    """The used range of a sheet while it is looked through; counts from 1, 0 is nothing yet."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    filled: int = 0

    def add(self, row: int, column: int, *, last_row: int = 0, last_column: int = 0) -> None:
        """Take a cell, or a block of cells of one value, into the range."""
        last_row, last_column = last_row or row, last_column or column
        if not self.filled:
            self.top, self.left = row, column
        self.top, self.left = min(self.top, row), min(self.left, column)
        self.bottom, self.right = max(self.bottom, last_row), max(self.right, last_column)
        self.filled += (last_row - row + 1) * (last_column - column + 1)

    @property
    def cells(self) -> int:
        """Cells of the whole rectangle, empty ones too."""
        if not self.filled:
            return 0
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)
