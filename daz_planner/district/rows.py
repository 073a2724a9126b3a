"""What a row of an office table is: data, block heading, sum, footnote or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from daz_planner.district import values
from daz_planner.district.collect import Collector
from daz_planner.district.tables import Record, Row, Table, read_record
from daz_planner.district.text import Cell, quoted, words

_SUM_WORD = re.compile(
    r"(?:zwischen|gesamt)?summen?|(?:ins)?gesamt|gesamtzahl|zusammen|total|ges|sum|σ"
)
_NOTE_WORD = re.compile(
    r"(?:daten)?quellen?|stand|stichtag|anm|anmerkung(?:en)?|hinweise?|bemerkung(?:en)?"
    r"|erlaeuterung(?:en)?|legende|fussnoten?"
)
_SUM_HINT = re.compile(r"sum|ges|total|zusammen|[∑Σσ]", re.IGNORECASE)
_NOTE_HINT = re.compile(r"\W*(?:quell|daten|st|anm|hinw|bem|erl|leg|fu[sß])", re.IGNORECASE)
"""Cheap tests that spare most rows the words of their label."""
_NOTE_SIGN = re.compile(r"^\s*(\*|\d\)|[¹²³⁴])")
_LONGEST_NAME = 90
MOST_FAULTS = 20_000
"""Faults after which a list is read no further."""

CHILD = "Schüler-ID"
"""Key of the lists of children, in which an id may look like anything."""


class RowKind(Enum):
    """Kinds of rows below a header."""

    BLANK = "leer"
    HEADING = "Überschrift"
    SUM = "Summe"
    NOTE = "Fußnote"
    HEADER = "Kopfzeile"
    UNCLEAR = "unklar"
    DATA = "Daten"


@dataclass(frozen=True)
class Classified:
    """A row with its kind. ``school_type`` is set for headings and sums that name one."""

    row: Row
    kind: RowKind
    school_type: str | None = None
    label: str = ""


def classify(table: Table, *, is_name: Callable[[str], bool]) -> tuple[Classified, ...]:
    """Classify all rows of a table.

    ``is_name`` says whether a lone text in the key column is the name of an item (whose values
    are missing) rather than a remark.
    """
    result: list[Classified] = []
    numeric = [
        column.name
        for column in table.spec.columns
        if column.parse is not values.text and table.has(column.name)
    ]
    last_number = max(
        (row.number for row in table.rows if _has_value(row, numeric)), default=table.header_row
    )
    previous = RowKind.HEADER
    for row in table.rows:
        found = _classify_one(table, row, numeric, previous, last_number, is_name)
        result.append(found)
        previous = found.kind
    return tuple(result)


def _has_value(row: Row, columns: list[str]) -> bool:
    return any(row.cell(name) is not None for name in columns)


def _classify_one(
    table: Table,
    row: Row,
    numeric: list[str],
    previous: RowKind,
    last_number: int,
    is_name: Callable[[str], bool],
) -> Classified:
    filled = row.filled
    if not filled:
        return Classified(row, RowKind.BLANK)
    if row.is_header:
        return Classified(row, RowKind.HEADER)
    label = _label(table, row, filled)
    if table.spec.key == CHILD and _is_child(table, row):
        return Classified(row, RowKind.DATA, None, label)
    sum_type = _sum_label(label)
    if sum_type is not None:
        return Classified(row, RowKind.SUM, sum_type or None, label)
    numbers = sum(row.cell(name) is not None for name in numeric)
    if _is_note(label) and numbers < 2:
        return Classified(row, RowKind.NOTE, None, label)
    if numbers or len(filled) > 1:
        return Classified(row, RowKind.DATA, None, label)
    kind = values.type_of_word(label)
    if kind is not None:
        return Classified(row, RowKind.HEADING, kind, label)
    after = row.number > last_number
    if after and previous in (RowKind.BLANK, RowKind.SUM, RowKind.NOTE) and not is_name(label):
        return Classified(row, RowKind.NOTE, None, label)
    in_key_column = row.cell(table.spec.key) is not None
    if len(label) <= _LONGEST_NAME and in_key_column and is_name(label):
        return Classified(row, RowKind.DATA, None, label)
    return Classified(row, RowKind.UNCLEAR, None, label)


def _is_child(table: Table, row: Row) -> bool:
    """Whether a row of a list of children is complete, whatever its id looks like."""
    return all(row.cell(c.name) is not None for c in table.spec.mandatory)


def _label(table: Table, row: Row, filled: tuple[Cell, ...]) -> str:
    """The text that names the row: the key column, else the first text of the row."""
    key = row.cell(table.spec.key)
    if key is not None:
        return key if isinstance(key, str) else ""
    return next((cell for cell in filled if isinstance(cell, str)), "")


def _sum_label(label: str) -> str | None:
    """The school type of a sum row, an empty text for a sum of all, ``None`` for no sum."""
    if not _SUM_HINT.search(label):
        return None
    parts = words(label)
    if not parts and label.strip()[:1] in {"∑", "Σ"}:
        return ""
    if not parts or len(label) > _LONGEST_NAME:
        return None
    if not _SUM_WORD.fullmatch(parts[0]) and not _SUM_WORD.fullmatch(parts[-1]):
        return None
    rest = [p for p in parts if not _SUM_WORD.fullmatch(p) and p not in {"der", "aller"}]
    kinds = {values.type_of_word(part) for part in rest} - {None}
    if not kinds:
        kinds = {values.type_of_word("".join(rest))} - {None}
    return (kinds.pop() or "") if len(kinds) == 1 else ""


def _is_note(label: str) -> bool:
    if _NOTE_SIGN.match(label):
        return True
    if not _NOTE_HINT.match(label):
        return False
    parts = words(label)
    return bool(parts and _NOTE_WORD.fullmatch(parts[0]))


def records(table: Table, out: Collector) -> Iterator[Record]:
    """The rows of a table that hold data, read; what is neither data nor a remark is told.

    A table with very many faults is not read to its end, and that is a fault too.
    """
    for number, item in enumerate(classify(table, is_name=_short)):
        if number % 256 == 0 and out.fault_count > MOST_FAULTS:
            out.fault(
                "zu_viele_fehler",
                f"Das Blatt hat so viele Fehler, dass die Prüfung vor Zeile {item.row.number} "
                "endet.",
                "Prüfen Sie, ob es die richtige Tabelle ist und ob die Spalten richtig heißen.",
                sheet=table.sheet,
                row=item.row.number,
            )
            table.lost.append(item.row.number)
            return
        if item.kind is RowKind.UNCLEAR:
            out.warn(
                "zeile_unklar",
                f"Die Zeile {quoted(item.label)} ist nicht zu deuten und bleibt außen vor.",
                "Ergänzen Sie, was in ihr fehlt, oder löschen Sie sie.",
                sheet=table.sheet,
                row=item.row.number,
                value=item.label,
            )
        if item.kind is RowKind.DATA:
            yield read_record(table, item.row, out)


def _short(label: str) -> bool:
    """Whether a lone text is an entry whose other cells are missing, rather than a remark."""
    return len(words(label)) <= 3
