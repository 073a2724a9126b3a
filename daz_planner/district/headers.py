"""Which cells are the header of a table, and which column each of them means.

A header may be split over two or three rows (``VKA-`` above ``Schüler``, or the heading of a group
such as ``Vorbereitungsklassen`` above ``Schüler``, ``Klassen``), and may hold a slip of
the pen: that is taken for the column where exactly one fits and no other cell claims it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.text import Cell, fold, misspelt, shown, words

HEADER_WITHIN = 60
"""Rows of a sheet in which the header is looked for."""

DEEPEST = 3
"""Rows over which a header may be split."""

_WIDEST = 400
_LONGEST = 80
_TOTAL_WORDS = frozenset(
    ("gesamt", "insgesamt", "summe", "anzahl", "zahl", "zusammen", "ist", "absolut", "plaetze")
)
_VKA_GROUP = re.compile(r"vka|vorbereitungsklasse|^vk$|vkklasse|daz")
_FOREIGN_GROUP = re.compile(r"regel|vorjahr|prognose|soll$|geplant")
_SIDE_NOTE = re.compile(r"\([^)]*\)|\d\)\s*$|[¹²³]")

Rows = Sequence[tuple[Cell, ...]]
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Header:
    """A header: its first row and its depth (places in the rows), and what its cells mean.

    ``places`` maps the name of a column to its place in a row. ``guessed`` are those of them taken
    in spite of a slip of the pen, ``doubled`` the places whose column is claimed twice, ``unknown``
    the places of cells without a meaning. ``texts`` holds the header cells in one piece.
    """

    top: int
    depth: int
    places: dict[str, int]
    texts: dict[int, str]
    guessed: dict[str, int] = field(default_factory=dict)
    doubled: tuple[tuple[str, int], ...] = ()
    unknown: tuple[int, ...] = ()
    levels: dict[int, int] = field(default_factory=dict)
    """Place → how many rows below ``top`` its lowest text stands."""

    @property
    def end(self) -> int:
        """The first row below the header."""
        return self.top + self.depth

    def missing(self, spec: SheetSpec) -> tuple[Column, ...]:
        """The mandatory columns that are not there."""
        return tuple(column for column in spec.mandatory if column.name not in self.places)


class HeaderFinder:
    """Looks for headers of one kind of table in the rows of a sheet.

    ``merges`` are the merged ranges of the sheet as places in the rows: first row, first column,
    last row, last column, counted from 0.
    """

    def __init__(self, spec: SheetSpec, rows: Rows, merges: Sequence[Merge] = ()) -> None:
        self.spec = spec
        self.rows = rows
        self.merges = merges
        self._ranks: dict[str, tuple[Column, int]] = {}
        for column in spec.columns:
            for rank, key in enumerate(column.keys):
                self._ranks.setdefault(key, (column, rank))

    def best(self) -> Header | None:
        """The header of the sheet: the one with the most columns, the first of several."""
        found: tuple[tuple[int, int], Header] | None = None
        for top in range(min(HEADER_WITHIN, len(self.rows))):
            if not _could_be_header(self.rows[top]):
                continue
            for depth in range(1, DEEPEST + 1):
                header = self._at(top, depth)
                if header is None:
                    break
                score = (self._score(header), -depth)
                if score[0] and (found is None or score > found[0]):
                    found = (score, header)
        if found is None:
            return None
        return self._with_guesses(self._below_group(found[1]))

    def _below_group(self, header: Header) -> Header:
        """The header with the row above it, where that says whose numbers they are."""
        if header.depth > 1 or not header.top or not self._speaks_of_vka:
            return header
        above = self.rows[header.top - 1][:_WIDEST]
        for place, cell in enumerate(above):
            if not isinstance(cell, str) or len(words(cell)) > 3 or not _foreign(cell):
                continue
            if place in header.places.values():
                return self._at(header.top - 1, 2) or header
        return header

    @property
    def _speaks_of_vka(self) -> bool:
        return any(column.name == "VKA-Schüler" for column in self.spec.columns)

    def again(self, top: int, first: Header) -> Header | None:
        """The header repeated in a row further down, in the same or another order of columns."""
        if not _could_be_header(self.rows[top], strict=True):
            return None
        depths = dict.fromkeys((first.depth, 1))
        for depth in depths:
            header = self._at(top, depth)
            if header is not None and len(header.places) >= max(2, len(first.places) // 2):
                return self._with_guesses(header)
        return None

    def _score(self, header: Header) -> int:
        """How much a header explains; 0 where it is none."""
        spec = self.spec
        wanted = min(2, len(spec.columns)) if len(spec.mandatory) > 1 else 1
        if len(header.places) < wanted:
            return 0
        mandatory = {column.name for column in spec.mandatory}
        score = sum(4 if name in mandatory else 2 for name in header.places)
        return max(1, score - 3 * len(header.doubled))

    def _at(self, top: int, depth: int) -> Header | None:
        """The header in these rows, ``None`` where a row below the first holds values."""
        if top + depth > len(self.rows):
            return None
        rows = self.rows[top : top + depth]
        if depth > 1 and not _could_be_header(rows[-1], below=rows[-2]):
            return None
        best: dict[str, tuple[int, int]] = {}
        claims: list[tuple[str, int, int]] = []
        texts: dict[int, str] = {}
        for place, cells in self._stacks(top, rows):
            texts[place] = " ".join(" ".join(text.split()) for text, _ in cells)
            found = self._meaning(cells)
            if found is None:
                continue
            column, rank = found
            claims.append((column.name, rank, place))
            if column.name not in best or rank < best[column.name][0]:
                best[column.name] = (rank, place)
        places = {name: place for name, (_, place) in best.items()}
        unused = {column.name for column in self.spec.columns if column.unused}
        taken = set(places.values())
        doubled = tuple(
            (name, place)
            for name, rank, place in claims
            if place not in taken and name not in unused and rank == best[name][0]
        )
        known = taken | {place for _, place in doubled}
        known |= {place for name, _, place in claims if name in unused}
        unknown = tuple(place for place in texts if place not in known)
        levels = {place: _lowest(rows, place) for place in texts}
        return Header(top, depth, places, texts, {}, doubled, unknown, levels)

    def _stacks(self, top: int, rows: Rows) -> Iterator[tuple[int, list[tuple[str, bool]]]]:
        """Place → texts from above to below; ``True`` for one that heads a group of columns."""
        width = min(max(map(len, rows), default=0), _WIDEST)
        groups: list[str] = [""] * (len(rows) - 1)
        for place in range(width):
            stack: list[tuple[str, bool]] = []
            for level, row in enumerate(rows):
                cell = row[place] if place < len(row) else None
                text = shown(cell).strip() if cell is not None else ""
                if level < len(groups):
                    below = rows[level + 1]
                    sub = below[place] if place < len(below) else None
                    if text:
                        wide = self._is_wide(top + level, place)
                        groups[level] = text if sub is not None else ""
                        stack.append((text, sub is not None and wide))
                    elif sub is not None and groups[level]:
                        stack.append((groups[level], True))
                    else:
                        groups[level] = ""
                elif text:
                    stack.append((text, False))
            if stack:
                yield place, stack

    def _is_wide(self, row: int, place: int) -> bool:
        """Whether a cell heads several columns: merged over them, or followed by blanks."""
        for first_row, first, last_row, last in self.merges:
            if first_row <= row <= last_row and first <= place <= last:
                return last > first
        above, below = self.rows[row], self.rows[row + 1]
        after = place + 1
        blank = after >= len(above) or above[after] is None
        return blank and after < len(below) and below[after] is not None

    def _meaning(self, stack: list[tuple[str, bool]]) -> tuple[Column, int] | None:
        """The column that the texts of a header cell mean, and how far down the names it was."""
        readings = _readings(stack, self._speaks_of_vka)
        for attempt, text in enumerate(readings):
            found = self._column_of(text)
            if found is not None:
                return found[0], found[1] + 1_000 * attempt
        return None

    def _column_of(self, text: str) -> tuple[Column, int] | None:
        if len(text) > _LONGEST:
            return None
        for attempt, written in enumerate((text, _SIDE_NOTE.sub("", text))):
            found = self._ranks.get(fold(written))
            if found is not None:
                return found[0], found[1] + 100 * attempt
        return None

    def _with_guesses(self, header: Header) -> Header:
        """The header with slips of the pen read, where exactly one column fits one cell."""
        guesses: dict[str, list[int]] = {}
        for place in header.unknown:
            text = header.texts[place]
            if len(text) > _LONGEST:
                continue
            fitting = {
                column.name
                for column in self.spec.columns
                if any(misspelt(text, name) for name in (column.name, *column.aliases))
            }
            if len(fitting) == 1:
                guesses.setdefault(fitting.pop(), []).append(place)
        unused = {column.name for column in self.spec.columns if column.unused}
        sure = {
            name: places[0]
            for name, places in guesses.items()
            if len(places) == 1 and name not in header.places and name not in unused
        }
        if not sure:
            return header
        return Header(
            header.top,
            header.depth,
            {**header.places, **sure},
            header.texts,
            sure,
            header.doubled,
            tuple(place for place in header.unknown if place not in sure.values()),
            header.levels,
        )


def _lowest(rows: Rows, place: int) -> int:
    """The last of the rows that holds something at a place."""
    filled = [i for i, row in enumerate(rows) if place < len(row) and row[place] is not None]
    return filled[-1] if filled else 0


def _readings(stack: list[tuple[str, bool]], of_vka: bool) -> Iterator[str]:
    """What a header cell may say, the most literal reading first."""
    lowest, group = stack[-1][0], [text for text, heads in stack[:-1] if heads]
    yield " ".join(text for text, _ in stack)
    if len(stack) == 1:
        return
    if of_vka and any(_foreign(text) for text, _ in stack[:-1]):
        return
    if any(_VKA_GROUP.search(fold(text)) for text in group):
        yield f"VKA-{lowest}"
    if words(lowest) and all(word in _TOTAL_WORDS for word in words(lowest)):
        yield " ".join(text for text, _ in stack[:-1])
    yield " ".join(text for text, _ in stack[1:])
    yield lowest


def _foreign(text: str) -> bool:
    """Whether a group heading speaks of other pupils than those in VKA today."""
    return bool(_FOREIGN_GROUP.search(fold(text)))


def _could_be_header(
    row: tuple[Cell, ...], below: tuple[Cell, ...] | None = None, *, strict: bool = False
) -> bool:
    """Whether a row holds texts rather than values.

    Below another row of the header (``below``) a single digit may stand: 1, 2, 3 below ``Phase``.
    ``strict``: no value at all, not even one written as text.
    """
    texts = numbers = 0
    for cell in row[:_WIDEST]:
        if cell is None:
            continue
        if isinstance(cell, str) and not cell[:1].isdigit():
            texts += 1
        elif below is not None:
            if shown(cell).strip() not in ("1", "2", "3") and not isinstance(cell, str):
                return False
            texts += 1
        elif strict:
            return False
        elif isinstance(cell, str) and not cell.strip().isdigit():
            texts += 1
        else:
            numbers += 1
    return texts > 0 and 2 * numbers <= texts
