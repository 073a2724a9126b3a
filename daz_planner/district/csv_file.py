"""Tables as text: separator and character set are found, ids stay the text they are."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from daz_planner.district.limits import LAST_COLUMN, LAST_ROW, MOST_CELLS, Unreadable
from daz_planner.district.text import Cell

SEPARATORS = (";", "\t", ",", "|")
"""In the order in which they are believed where two fit equally well."""

LONGEST_LINE = 1_000_000
_MOST_LINES_A_ROW = 1_000
_SAMPLE = 60
_SAVE = "Speichern Sie die Tabelle in Excel als „CSV UTF-8“ oder als .xlsx."

Rows = list[tuple[Cell, ...]]


def read_csv(data: bytes) -> tuple[Rows, bool]:
    """The rows of a .csv file, and whether characters were lost because its set is unknown.

    Raises
    ------
    Unreadable
        The bytes are no text, a line is endless, a quote never ends, or there is too much of it.
    """
    encoding = encoding_of(data)
    errors = "strict" if encoding == "utf-8-sig" else "replace"
    head = data[: 4 * LONGEST_LINE].decode(encoding, errors="replace")
    if "\0" in head or (not encoding.startswith("utf-16") and b"\0" in data):
        raise Unreadable(
            "datei_keine_mappe",
            "Die Datei ist keine .csv-Datei: in ihr stehen Zeichen, die kein Text sind.",
            _SAVE,
        )
    separator, named = separator_of(head)
    stream = io.TextIOWrapper(io.BytesIO(data), encoding, errors=errors, newline="")
    lines = _Lines(stream)
    rows: Rows = []
    cells = 0
    lost = False
    try:
        for row in csv.reader(lines, delimiter=separator):
            lines.since_row = 0
            cells += len(row) or 1
            if cells > MOST_CELLS or len(row) > LAST_COLUMN or len(rows) > LAST_ROW:
                raise _too_much()
            rows.append(clean_row(row))
    except csv.Error:
        raise Unreadable(
            "datei_keine_mappe",
            f"Zeile {len(rows) + 1} der .csv-Datei lässt sich nicht lesen: "
            "ein Anführungszeichen öffnet und schließt sich nicht.",
            _SAVE,
        ) from None
    lost = errors == "replace" and any(
        "\ufffd" in cell for row in rows for cell in row if isinstance(cell, str)
    )
    return (rows[1:] if named else rows), lost


BLANKS = "\ufeff\u200b \t\r\n\u00a0\u202f"
"""What a cell may hold and still be empty."""


def clean_row(row: list[str]) -> tuple[Cell, ...]:
    """The row with ``None`` for each cell of blanks."""
    return tuple(
        [None if not cell or (cell[0] in BLANKS and not cell.strip(BLANKS)) else cell
         for cell in row]
    )  # fmt: skip


class _Lines:
    """Lines for the reader of rows; stops at an endless line and at a row without an end."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self.since_row = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.since_row += 1
        if len(line) > LONGEST_LINE or "\0" in line:
            raise Unreadable(
                "datei_keine_mappe",
                "In der .csv-Datei steht eine Zeile ohne Ende."
                if "\0" not in line
                else "In der .csv-Datei stehen Zeichen, die kein Text sind.",
                _SAVE,
            )
        if self.since_row > _MOST_LINES_A_ROW:
            raise csv.Error
        return line


def _too_much() -> Unreadable:
    return Unreadable(
        "datei_zu_gross",
        f"Die Tabelle hat mehr als {MOST_CELLS:,} Zellen.".replace(",", "."),
        "Löschen Sie, was nicht zur Tabelle gehört.",
    )


def encoding_of(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with or without mark, else the code page of Windows."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:2000]
    if len(head) > 3 and head[1::2].count(0) * 4 > len(head):
        return "utf-16-le"
    if len(head) > 3 and head[0::2].count(0) * 4 > len(head):
        return "utf-16-be"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def separator_of(text: str) -> tuple[str, bool]:
    """The separator, and whether the first line names it (``sep=;``, as Excel understands it).

    It is the one that divides most of the first lines into the same number of cells; so commas
    in numbers and names do not count against a semicolon in every line.
    """
    first, _, _ = text.lstrip("\ufeff").partition("\n")
    told = first.rstrip("\r").strip('"').casefold()
    if told.startswith("sep=") and told[4:] in SEPARATORS:
        return told[4:], True
    lines = [line for line in text.splitlines(keepends=True)[:_SAMPLE] if line.strip()]
    best, most = SEPARATORS[0], 0
    for separator in SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for row in csv.reader(lines, delimiter=separator):
                widths[len(row)] += 1
        except csv.Error:
            continue
        score = max((many * (width - 1) for width, many in widths.items()), default=0)
        if score > most:
            best, most = separator, score
    return best, False
