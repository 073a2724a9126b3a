"""What the cells of a header say, one by one: dates, groups of columns, values that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from daz_planner.district import values
from daz_planner.district.text import Cell, fold, shown, words

_TOTAL_WORDS = frozenset(
    ("gesamt", "insgesamt", "summe", "anzahl", "zahl", "zusammen", "ist", "absolut", "plaetze")
)
_VKA_GROUP = re.compile(r"vka|vorbereitungsklasse|^vk$|vkklasse|daz")
_FOREIGN_GROUP = re.compile(r"regel|vorjahr|prognose|soll$|geplant")
_LINK = re.compile(r"\b(?:am|zum|vom|per|Stand|Stichtag|Zählung)\b|[()\[\]]", re.IGNORECASE)
WIDEST = 400
"""Columns of a sheet in which a header is looked for."""

Rows = Sequence[tuple[Cell, ...]]


def split_day(text: str) -> tuple[str, date | None]:
    """A header without the date in it and the words that lead to it, and the date."""
    rest, day = values.cut_day(text)
    if day is None:
        return text, None
    return " ".join(_LINK.sub(" ", rest).split()), day


def without_blanks(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """The row without the empty cells at its end."""
    last = len(row)
    while last and row[last - 1] is None:
        last -= 1
    return row[: min(last, WIDEST)]


def best_of_day(days: dict[date, list[tuple[int, int]]]) -> tuple[tuple[int, date], ...]:
    """(place, date) of the cells with the best name of each day, by place."""
    found: list[tuple[int, date]] = []
    for when, claims in days.items():
        least = min(rank for rank, _ in claims)
        found.extend((place, when) for rank, place in claims if rank == least)
    return tuple(sorted(found))


def entries_below(rows: Rows, needed: Sequence[int], place: int, name: str) -> list[Cell]:
    """The filled cells of a column in the rows that have a cell in all needed places.

    Sums and remarks have not; a repeated header, which holds the ``name`` again, is left out.
    """
    return [
        row[place]
        for row in rows
        if place < len(row)
        and row[place] is not None
        and row[place] != name
        and all(other < len(row) and row[other] is not None for other in needed)
    ]


def lowest_filled(rows: Rows, place: int) -> int:
    """The last of the rows that holds something at a place."""
    filled = [i for i, row in enumerate(rows) if place < len(row) and row[place] is not None]
    return filled[-1] if filled else 0


def readings(stack: list[tuple[str, bool]], of_vka: bool) -> Iterator[str]:
    """What a header cell may say, the most literal reading first."""
    lowest, group = stack[-1][0], [text for text, heads in stack[:-1] if heads]
    yield " ".join(text for text, _ in stack)
    if len(stack) == 1:
        return
    if of_vka and any(is_foreign(text) for text, _ in stack[:-1]):
        return
    if any(_VKA_GROUP.search(fold(text)) for text in group):
        yield f"VKA-{lowest}"
    if words(lowest) and all(word in _TOTAL_WORDS for word in words(lowest)):
        yield " ".join(text for text, _ in stack[:-1])
    yield " ".join(text for text, _ in stack[1:])
    yield lowest


def is_foreign(text: str) -> bool:
    """Whether a group heading speaks of other pupils than those in VKA today."""
    return bool(_FOREIGN_GROUP.search(fold(text)))


def could_be_header(
    row: tuple[Cell, ...],
    below: tuple[Cell, ...] | None = None,
    *,
    strict: bool = False,
    dated: bool = False,
) -> bool:
    """Whether a row holds texts rather than values.

    Below another row of the header (``below``) a single digit may stand: 1, 2, 3 below ``Phase``.
    ``strict``: no value at all, not even one written as text. ``dated``: dates may stand there.
    """
    texts = numbers = 0
    for cell in row[:WIDEST]:
        if cell is None:
            continue
        if (isinstance(cell, str) and not cell[:1].isdigit()) or (dated and isinstance(cell, date)):
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
