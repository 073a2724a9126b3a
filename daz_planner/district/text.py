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


def nearest(text: str, candidates: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """The candidates that look most like the text, best first; empty where none is near."""
    by_fold: dict[str, str] = {}
    for candidate in candidates:
        by_fold.setdefault(fold(candidate)[:_LONGEST_COMPARED], candidate)
    found = difflib.get_close_matches(
        fold(text[:_LONGEST_COMPARED]), list(by_fold), n=most, cutoff=0.6
    )
    return tuple(by_fold[key] for key in found)


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
