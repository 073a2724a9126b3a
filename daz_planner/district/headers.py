"""Which cells are the header of a table, and which column each of them means.

A header may be split over two or three rows (``VKA-`` above ``Schüler``, or the heading of a group
such as ``Vorbereitungsklassen`` above ``Schüler``, ``Klassen``), and may hold a slip of
the pen: that is taken for the column where exactly one fits and no other cell claims it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.header_cells import (
    WIDEST,
    Rows,
    best_of_day,
    could_be_header,
    entries_below,
    is_foreign,
    lowest_filled,
    readings,
    split_day,
    without_blanks,
)
from daz_planner.district.text import Cell, fold, misspelt, nearest, shown, words

HEADER_WITHIN = 60
"""Rows of a sheet in which the header is looked for."""

DEEPEST = 3
"""Rows over which a header may be split."""


_LONGEST = 80
_VAGUE_RANK = 10_000
_SIDE_NOTE = re.compile(r"\([^)]*\)|\d\)\s*$|[¹²³]")


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
    stamped: dict[str, tuple[tuple[int, date], ...]] = field(default_factory=dict)
    """Name of a column → places of cells for it that carry a date, with the date."""
    undecided: frozenset[str] = frozenset()
    """Columns of which it is open which cells they are."""
    vague: dict[str, int] = field(default_factory=dict)
    """Name → place of columns taken by a name that is not certain by itself."""
    advice: dict[int, str] = field(default_factory=dict)
    """Place of an unknown column → what to do if it is one of ours."""

    @property
    def end(self) -> int:
        """The first row below the header."""
        return self.top + self.depth

    def missing(self, spec: SheetSpec) -> tuple[Column, ...]:
        """The mandatory columns that are not there."""
        return tuple(column for column in spec.mandatory if column.name not in self.places)

    def explains_no_less(self, other: Header) -> bool:
        """Whether it explains more columns than another, or the same in the same way."""
        return len(self.places) > len(other.places) or (
            self.places == other.places
            and self.stamped == other.stamped
            and len(self.doubled) == len(other.doubled)
        )


class HeaderFinder:
    """Looks for headers of one kind of table in the rows of a sheet.

    ``merges`` are the merged ranges of the sheet as places in the rows: first row, first column,
    last row, last column, counted from 0.
    """

    def __init__(self, spec: SheetSpec, rows: Rows, merges: Sequence[Merge] = ()) -> None:
        self.spec = spec
        self.rows = rows
        self.merges = merges
        self._dated = any(column.dated for column in spec.columns)
        self._vague = {
            vague.key: (column, vague) for column in spec.columns for vague in column.vague
        }
        self._ranks: dict[str, tuple[Column, int]] = {}
        for column in spec.columns:
            for rank, key in enumerate(column.keys):
                self._ranks.setdefault(key, (column, rank))

    def best(self) -> Header | None:
        """The header of the sheet: the one with the most columns, the first of several."""
        found: tuple[tuple[int, int, int], Header] | None = None
        for top in range(min(HEADER_WITHIN, len(self.rows))):
            if not could_be_header(self.rows[top]):
                continue
            for depth in range(1, DEEPEST + 1):
                header = self._at(top, depth)
                if header is None:
                    break
                score = (self._score(header), self._dates(header), -depth)
                if score[0] and (found is None or score > found[0]):
                    found = (score, header)
        if found is None:
            return None
        return self._with_guesses(self._confirmed(self._below_group(found[1])))

    def likeliest(self) -> tuple[int, tuple[str, ...], tuple[str, ...]] | None:
        """The row that looks most like a header where there is none.

        Its place, its texts and the mandatory columns that are not in it; ``None`` where no row
        holds two short texts beside each other.
        """
        names = [key for column in self.spec.columns for key in column.keys]
        best: tuple[tuple[int, int], int, tuple[str, ...]] | None = None
        for index, row in enumerate(self.rows[:HEADER_WITHIN]):
            if not could_be_header(row):
                continue
            cells = (cell for cell in row[:WIDEST] if isinstance(cell, str))
            texts = tuple(" ".join(text.split()) for text in cells if len(text) <= _LONGEST)
            if len(texts) < 2:
                continue
            alike = sum(bool(nearest(fold(text), names, most=1, cutoff=0.7)) for text in texts[:60])
            if best is None or (alike, len(texts)) > best[0]:
                best = ((alike, len(texts)), index, texts)
        if best is None:
            return None
        found = {found[0].name for text in best[2] if (found := self._column_of(text))}
        missing = tuple(c.name for c in self.spec.mandatory if c.name not in found)
        return best[1], best[2], missing

    def _below_group(self, header: Header) -> Header:
        """The header with the row above it, where that says whose numbers they are."""
        if header.depth > 1 or not header.top or not self._speaks_of_vka:
            return header
        above = self.rows[header.top - 1][:WIDEST]
        for place, cell in enumerate(above):
            if not isinstance(cell, str) or len(words(cell)) > 3 or not is_foreign(cell):
                continue
            if place in header.places.values():
                return self._at(header.top - 1, 2) or header
        return header

    @property
    def _speaks_of_vka(self) -> bool:
        return any(column.name == "VKA-Schüler" for column in self.spec.columns)

    def first(self, header: Header) -> Header:
        """The header of the first block, where the best one stands above a later block."""
        for top in range(header.top):
            earlier = self.again(top, header)
            if earlier is not None and earlier.end <= header.top:
                return earlier
        return header

    def again(self, top: int, first: Header) -> Header | None:
        """The header repeated in a row further down, in the same or another order of columns.

        A heading above it (``Oberschulen``) is no part of it: a row belongs to the header only if
        without it less would be understood.
        """
        header = self._repeated(top, first)
        if header is None:
            header = self._deepest(top, first)
            for later in range(top + 1, header.end if header is not None else 0):
                other = self._repeated(later, first) or self._deepest(later, first)
                if header is not None and other is not None and other.explains_no_less(header):
                    return None
        if header is None:
            return None
        return self._with_guesses(self._confirmed(self._below_group(header)))

    def _repeated(self, top: int, first: Header) -> Header | None:
        """The first header again, cell by cell; ``None`` where the rows are others."""
        if self.rows[top][:2] != self.rows[first.top][:2] or len(self.rows) < top + first.depth:
            return None
        same = all(
            without_blanks(self.rows[top + level]) == without_blanks(self.rows[first.top + level])
            for level in range(first.depth)
        )
        return self._at(top, first.depth) if same else None

    def _deepest(self, top: int, first: Header) -> Header | None:
        """The header that begins in a row, in as many rows as explain the most columns."""
        if not could_be_header(self.rows[top], strict=True):
            return None
        found = [h for depth in range(1, DEEPEST + 1) if (h := self._at(top, depth)) is not None]
        best = max(found, key=lambda h: (len(h.places), self._dates(h), -h.depth), default=None)
        if best is None or len(best.places) < max(2, len(first.places) // 2):
            return None
        return best

    def _dates(self, header: Header) -> int:
        """How many of its columns only their dates tell apart, or have a date below the name."""
        several = sum(len(cells) > 1 for cells in header.stamped.values())
        last = self.rows[header.end - 1] if header.stamped and header.depth > 1 else ()
        below = (shown(cell) for cell in last[:WIDEST] if cell is not None)
        return several + sum(not split_day(text)[0] for text in below)

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
        if depth > 1 and not could_be_header(rows[-1], below=rows[-2], dated=self._dated):
            return None
        best: dict[str, tuple[int, int]] = {}
        claims: list[tuple[str, int, int]] = []
        texts: dict[int, str] = {}
        stamps: dict[str, dict[date, list[tuple[int, int]]]] = {}
        for place, cells in self._stacks(top, rows):
            texts[place] = " ".join(" ".join(text.split()) for text, _ in cells)
            dated = self._dated_meaning(cells) if self._dated else None
            if dated is not None:
                name, rank, when = dated
                stamps.setdefault(name, {}).setdefault(when, []).append((rank, place))
                continue
            found = self._meaning(cells)
            if found is None:
                continue
            column, rank = found
            claims.append((column.name, rank, place))
            if column.name not in best or rank < best[column.name][0]:
                best[column.name] = (rank, place)
        places = {name: place for name, (_, place) in best.items()}
        stamped = {name: best_of_day(days) for name, days in stamps.items()}
        for name, cells_of in stamped.items():
            places.setdefault(name, max(cells_of, key=lambda cell: cell[1])[0])
        vague = {name: place for name, (rank, place) in best.items() if rank >= _VAGUE_RANK}
        unused = {column.name for column in self.spec.columns if column.unused}
        taken = set(places.values())
        doubled = tuple(
            (name, place)
            for name, rank, place in claims
            if place not in taken and name not in unused and rank == best[name][0]
        )
        known = taken | {place for _, place in doubled}
        known |= {place for name, _, place in claims if name in unused}
        known |= {place for cells_of in stamped.values() for place, _ in cells_of}
        unknown = tuple(place for place in texts if place not in known)
        levels = {place: lowest_filled(rows, place) for place in texts}
        return Header(
            *(top, depth, places, texts, {}, doubled, unknown, levels, stamped),
            undecided=frozenset(name for name, _ in doubled),
            vague=vague,
        )

    def _stacks(self, top: int, rows: Rows) -> Iterator[tuple[int, list[tuple[str, bool]]]]:
        """Place → texts from above to below; ``True`` for one that heads a group of columns."""
        width = min(max(map(len, rows), default=0), WIDEST)
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

    def _dated_meaning(self, stack: list[tuple[str, bool]]) -> tuple[str, int, date] | None:
        """Column, rank and date of a cell that says for which day its column holds."""
        split = [(split_day(text), heads) for text, heads in stack]
        days = {day for (_, day), _ in split if day is not None}
        rest = [(text, heads) for (text, _), heads in split if text]
        found = self._meaning(rest) if len(days) == 1 and rest else None
        if found is None or not found[0].dated:
            return None
        return found[0].name, found[1], days.pop()

    def _meaning(self, stack: list[tuple[str, bool]]) -> tuple[Column, int] | None:
        """The column that the texts of a header cell mean, and how far down the names it was."""
        texts = readings(stack, self._speaks_of_vka)
        for attempt, text in enumerate(texts):
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
        vague = self._vague.get(fold(text))
        return (vague[0], _VAGUE_RANK) if vague is not None else None

    def _confirmed(self, header: Header) -> Header:
        """The header with uncertain names taken only where the sheet bears them out."""
        if not header.vague:
            return header
        sure: dict[str, int] = {}
        places, advice = dict(header.places), dict(header.advice)
        for name, place in header.vague.items():
            written = fold(header.texts[place])
            vague = next(v for v in self.spec.column(name).vague if v.key in written)
            cells = self._cells_below(header, place)
            beside = all(other in header.places for other in vague.beside)
            if beside and cells and vague.fits(cells):
                sure[name] = place
            else:
                del places[name]
                advice[place] = vague.otherwise
        unknown = sorted({*header.unknown, *(p for p in advice if p not in places.values())})
        return replace(
            header,
            places=places,
            guessed={**header.guessed, **sure},
            unknown=tuple(unknown),
            advice=advice,
        )

    def _cells_below(self, header: Header, place: int) -> list[Cell]:
        """The filled cells of a column in the rows that hold an entry of the table."""
        places = header.places
        needed = [places[c.name] for c in self.spec.mandatory if c.name in places]
        return entries_below(self.rows[header.end :], needed, place, header.texts[place])

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
                if not column.is_never(text)
                and any(misspelt(text, name) for name in (column.name, *column.aliases))
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
        return replace(
            header,
            places={**header.places, **sure},
            guessed={**header.guessed, **sure},
            unknown=tuple(place for place in header.unknown if place not in sure.values()),
        )
