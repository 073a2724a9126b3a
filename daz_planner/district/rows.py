"""What a row of an office table is: data, block heading, sum, footnote or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from daz_planner.district import spellings, values
from daz_planner.district.collect import Collector
from daz_planner.district.personal import mask_if_personal
from daz_planner.district.row_labels import (
    LONGEST_LABEL,
    Aside,
    aside,
    first_word,
    is_code,
    is_count_of_children,
    is_hardly_a_child,
    is_note,
    numbers_in,
    sum_type,
)
from daz_planner.district.tables import Record, Row, Table, read_record
from daz_planner.district.text import Cell, fold, quoted, words
from daz_planner.german import plural

MOST_FAULTS = 20_000
"""Faults after which a list is read no further."""

_MONTH = "Monat"
CHILD = "Schüler-ID"
"""Key of the lists of children, in which an id may look like anything."""


class RowKind(Enum):
    """Kinds of rows below a header."""

    BLANK = "leer"
    HEADING = "Überschrift"
    SUM = "Summe"
    NOTE = "Fußnote"
    HEADER = "Kopfzeile"
    ASIDE = "Nebenzeile"
    DOUBTFUL = "fraglich"
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
    return tuple(_with_those_below(result))


_ENDS = (RowKind.BLANK, RowKind.SUM, RowKind.NOTE, RowKind.ASIDE)


def _with_those_below(rows: Sequence[Classified]) -> Iterator[Classified]:
    """The rows; a doubtful one set off below the last entry is no entry for certain."""
    last = max((i for i, item in enumerate(rows) if item.kind is RowKind.DATA), default=len(rows))
    set_off = False
    for index, item in enumerate(rows):
        set_off = set_off or (index > last and item.kind in _ENDS)
        below = set_off and item.kind is RowKind.DOUBTFUL
        yield replace(item, kind=RowKind.ASIDE) if below else item


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
    if table.spec.key == CHILD:
        found = _kind_among_children(table, row, label)
        if found is not None:
            return Classified(row, found, None, label)
    sum_of = sum_type(label)
    if sum_of is not None:
        return Classified(row, RowKind.SUM, sum_of or None, label)
    numbers = sum(row.cell(name) is not None for name in numeric)
    if is_note(label) and numbers < 2:
        return Classified(row, RowKind.NOTE, None, label)
    if numbers or len(filled) > 1:
        return Classified(row, _entry_or_aside(table, label), None, label)
    kind = values.type_of_heading(label)
    if kind is not None:
        return Classified(row, RowKind.HEADING, kind, label)
    after = row.number > last_number
    if after and previous in (RowKind.BLANK, RowKind.SUM, RowKind.NOTE) and not is_name(label):
        return Classified(row, RowKind.NOTE, None, label)
    in_key_column = row.cell(table.spec.key) is not None
    if len(label) <= LONGEST_LABEL and in_key_column and is_name(label):
        return Classified(row, RowKind.DATA, None, label)
    return Classified(row, RowKind.UNCLEAR, None, label)


def _entry_or_aside(table: Table, label: str) -> RowKind:
    """What a row with values is; that of a month is read as a month, whatever it says."""
    beside = Aside.NO if table.spec.key == _MONTH else aside(label)
    if beside is Aside.NO:
        return RowKind.DATA
    return RowKind.ASIDE if beside is Aside.CERTAIN else RowKind.DOUBTFUL


def _kind_among_children(table: Table, row: Row, label: str) -> RowKind | None:
    """What a row of a list of children is by its id; ``None`` where that leaves it open.

    A complete row is a child whatever its id looks like, unless that reads like a total.
    """
    written = row.cell(CHILD)
    if isinstance(written, str):
        if is_count_of_children(written):
            return RowKind.SUM
        if aside(written) is Aside.CERTAIN and not is_code(written):
            return RowKind.ASIDE
        if len(row.filled) > 1 and is_hardly_a_child(written):
            return RowKind.DOUBTFUL
    complete = all(row.cell(c.name) is not None for c in table.spec.mandatory)
    return RowKind.DATA if complete else None


def _label(table: Table, row: Row, filled: tuple[Cell, ...]) -> str:
    """The text that names the row: the key column, else the first text of the row."""
    key = row.cell(table.spec.key)
    if key is not None:
        return key if isinstance(key, str) else ""
    return next((cell for cell in filled if isinstance(cell, str)), "")


def records(table: Table, out: Collector) -> Iterator[Record]:
    """The rows of a table that hold data, read; what is neither data nor a remark is told.

    A table with very many faults is not read to its end, and that is a fault too.
    """
    rows = classify(table, is_name=_short)
    report_asides(table, rows, out)
    if table.spec.key == CHILD:
        _check_counts(table, rows, out)
    for number, item in enumerate(rows):
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


_NO_ENTRY = {
    "Schule": ("keine Schule", "eine Schule", "ihren Namen"),
    "Gemeinde": ("keine Gemeinde", "eine Gemeinde", "ihren Namen"),
    CHILD: ("keine Schülerin und kein Schüler", "eine Schülerin oder ein Schüler", "die Kennung"),
}


def report_asides(table: Table, rows: Sequence[Classified], out: Collector) -> None:
    """Tell of the rows that count something else, and ask about those that may do."""
    none, one, name = _NO_ENTRY.get(table.spec.key, ("kein Eintrag", "ein Eintrag", "den Namen"))
    for item in rows:
        label = mask_if_personal(item.label) if table.spec.key == CHILD else item.label
        row = item.row.number
        column = item.row.block.columns.get(table.spec.key, 0)
        if item.kind is RowKind.ASIDE:
            out.warn(
                "zeile_nebenher",
                f"Die Zeile {quoted(label)} ist {none} und zählt nicht mit.",
                f"Ist sie doch {one}, dann ändern Sie {name}.",
                sheet=table.sheet,
                row=row,
                column=column,
                value=label,
            )
        elif item.kind is RowKind.DOUBTFUL:
            below = " oder setzen Sie sie mit einer leeren Zeile Abstand unter die Tabelle"
            out.fault(
                "zeile_fraglich",
                f"Die Zeile {quoted(label)} ist wohl {none}: sie beginnt mit "
                f"{quoted(first_word(item.label))}.",
                f"Ist das {none}, löschen Sie die Zeile"
                f"{'' if table.spec.key == CHILD else below}. Sonst ändern Sie {name}.",
                sheet=table.sheet,
                row=row,
                column=column,
                value=label,
            )


def _check_counts(table: Table, rows: Sequence[Classified], out: Collector) -> None:
    """Warn where a sum in a list of children is not the number of its rows.

    It may count the rows since the sum before, all rows above, all rows of the list, and of each
    of these only those of the school or of the phase that its row names.
    """
    everybody = [item.row for item in rows if item.kind is RowKind.DATA]
    above: list[Row] = []
    block: list[Row] = []
    for item in rows:
        if item.kind is RowKind.DATA:
            above.append(item.row)
            block.append(item.row)
        if item.kind is not RowKind.SUM:
            continue
        told, phase = numbers_in(item.label)
        school = item.row.cell("Schule")
        told |= {n for cell in item.row.filled if (n := _whole(cell)) is not None}
        counts: set[int] = set()
        for group in filter(None, (block, above, everybody)):
            part = [row for row in group if phase is None or _phase(row) == phase]
            at_school = Counter(fold(str(row.cell("Schule"))) for row in part)
            counts |= {len(part), at_school[fold(str(school))] if school else len(part)}
        if told and not told & counts:
            of = f" in Phase {phase}" if phase else ""
            there = min(counts or {0}, key=lambda n: (abs(n - min(told)), n))
            out.warn(
                "summe_falsch",
                f"{quoted(item.label)} nennt {min(told)}, in der Liste "
                f"{'steht' if there == 1 else 'stehen'} {plural(there, 'Kind', 'Kinder')}{of}.",
                "Die Zeile zählt nicht mit, gerechnet wird mit den anderen.",
                sheet=table.sheet,
                row=item.row.number,
                column=item.row.block.columns.get(CHILD, 0),
                value=item.label,
            )
        if phase is None:
            block = []


def _whole(cell: Cell) -> int | None:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return None
    try:
        return values.whole(cell, high=1_000_000)
    except values.BadValue:
        return None


def _phase(row: Row) -> int | None:
    cell = row.cell("Phase")
    meant = spellings.phase(cell)
    return _whole(cell) if meant is None or not isinstance(meant.value, int) else meant.value
