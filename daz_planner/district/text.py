"""Comparing and quoting what people type: headers, names, cells."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""A value of a cell as the reader of the workbook hands it on; ``None`` is an empty cell."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LONGEST_QUOTE = 60
_LONGEST_COMPARED = 80


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Letters and digits only, lower case, umlauts written out: ``VKA-Schüler`` → ``vkaschueler``.

    Two texts with the same folded form are the same header or name to the reader.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text; hyphens, dots, quotes and slashes separate words."""
    plain = unicodedata.normalize("NFKC", text)
    return tuple(folded for part in re.split(r"[\W_]+", plain) if (folded := fold(part)))


def nearest(
    text: str, candidates: Iterable[str], *, most: int = 3, cutoff: float = 0.7
) -> tuple[str, ...]:
    """The candidates that look most like the text, best first; empty where none is near.

    ``cutoff`` is the least likeness, 0 to 1 (``difflib``).
    """
    by_fold: dict[str, str] = {}
    for candidate in candidates:
        by_fold.setdefault(fold(candidate)[:_LONGEST_COMPARED], candidate)
    found = difflib.get_close_matches(
        fold(text[:_LONGEST_COMPARED]), list(by_fold), n=most, cutoff=cutoff
    )
    return tuple(by_fold[key] for key in found)


def edits(first: str, second: str, most: int) -> int:
    """Letters to change, insert, leave out or swap with their neighbour; ``most`` + 1 if more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    previous = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        current = [i]
        for j, b in enumerate(second, start=1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most and min(previous) > most:
            return most + 1
        before, previous = previous, current
    return min(previous[-1], most + 1)


def misspelt(written: str, right: str) -> bool:
    """Whether a text is certainly the other with a slip of the pen.

    Word by word the same, but for one word of five letters or more in which one letter is wrong
    (two from nine letters on). Numbers and short words must be right.
    """
    ours, theirs = words(written), words(right)
    if len(ours) != len(theirs):
        short = any(len(word) < 3 or word.isdigit() for word in theirs)
        ours, theirs = (fold(written),), (fold(right),)
        if short or len(ours[0]) < 9:
            return False
    wrong = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    if len(wrong) != 1:
        return False
    a, b = wrong[0]
    shortest = min(len(a), len(b))
    digits = [c for c in a if c.isdigit()] != [c for c in b if c.isdigit()]
    if shortest < 5 or digits:
        return False
    most = 2 if shortest >= 9 else 1
    return edits(a, b, most) <= most


def did_you_mean(candidates: Iterable[str]) -> str:
    """``Meinen Sie „A“ oder „B“?``, or an empty text where there is no candidate."""
    names = [quoted(name) for name in candidates]
    if not names:
        return ""
    return f"Meinen Sie {' oder '.join(names)}?"


def shown(value: Cell) -> str:
    """The value as a planner reads it in the cell: 17.0 → ``17``, 2.5 → ``2,5``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return repr(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y %H:%M") if value.time() != time() else _day(value)
    if isinstance(value, date):
        return _day(value)
    return str(value)


def quoted(value: Cell) -> str:
    """The value in German quotes, in one line, shortened where it is long.

    Quotes inside become single ones: ``„Oberschule ‚Am Sportzentrum‘ Riesa“``.
    """
    line = " ".join(shown(value).split())
    if len(line) > _LONGEST_QUOTE:
        line = line[: _LONGEST_QUOTE - 1] + "…"
    line = "".join(c if c.isprintable() else "�" for c in line)
    return f"„{line.replace('„', '‚').replace('“', '‘').replace('”', '‘')}“"


def _day(value: date) -> str:
    return f"{value.day:02d}.{value.month:02d}.{value.year:04d}"


def german_day(value: date) -> str:
    """A date as planners write it: 08.02.2017."""
    return _day(value)


def listed(names: Iterable[str]) -> str:
    """``„A“, „B“ und „C“``."""
    quotes = [quoted(name) for name in names]
    if len(quotes) < 2:
        return "".join(quotes)
    return f"{', '.join(quotes[:-1])} und {quotes[-1]}"
