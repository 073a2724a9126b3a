"""Other ways to write a phase, a grade or a date, for columns that are read loosely.

A column's own parser comes first. Only what it refuses is tried here, and each reading is told to
the planner (:mod:`daz_planner.district.read_as`). Nothing is guessed: a text is taken where it can
mean one thing only. ``Phase 4``, ``1/2`` or ``10/16`` stay what they are: not readable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from daz_planner.district import values
from daz_planner.district.text import Cell, german_day

_REMEMBERED = 5_000
"""Texts that each reader keeps: a column of a long list holds few different ones."""


@dataclass(frozen=True)
class Meant:
    """What a cell certainly means, and how that is said to the planner.

    ``value`` is ``None`` where the cell says that there is no such value.
    """

    value: int | date | None
    told: str


_ROMAN = {"I": 1, "II": 2, "III": 3}
_PHASE_WORD = r"(?:DaZ[- ]?)?(?:Phase|Etappe|Ph\.|Ph|P|DaZ)"
_PHASES = (
    re.compile(rf"{_PHASE_WORD}[ .:-]*(?P<n>[1-3]|I{{1,3}})", re.IGNORECASE),
    re.compile(rf"(?P<n>[1-3])\.? ?{_PHASE_WORD}", re.IGNORECASE),
    re.compile(r"(?P<n>I{1,3})(?: ?[-.]? ?(?:Phase|Etappe))?"),
)


@lru_cache(maxsize=_REMEMBERED)
def phase(cell: Cell) -> Meant | None:
    """``II``, ``Phase 2``, ``Ph. 2``, ``P2``, ``2. Phase``, ``DaZ 2`` → 2; also with Etappe."""
    if not isinstance(cell, str):
        return None
    line = " ".join(cell.split())
    for pattern in _PHASES:
        match = pattern.fullmatch(line)
        if match is not None:
            written = match["n"].upper()
            number = _ROMAN.get(written) or int(written)
            return Meant(number, str(number))
    return None


_GRADE_WORD = r"(?:Klassenstufe|Jahrgangsstufe|Kl\.-Stufe|Klasse|Kl\.|Kl|Stufe|Jahrgang|Jg\.|Jg)"
_GRADES = (
    re.compile(rf"{_GRADE_WORD}[ .:-]*(?P<n>\d{{1,2}}) ?[a-h]?", re.IGNORECASE),
    re.compile(rf"(?P<n>\d{{1,2}})\.? ?{_GRADE_WORD}", re.IGNORECASE),
    re.compile(r"(?P<n>\d{1,2}) ?[a-hA-H]"),
)
_PREPARATORY = re.compile(
    r"(?:VKA?|DaZ|DaZ[- ]?Klasse|Vorbereitungsklassen?|Vorb\.?-?Kl(?:asse|\.)?)(?:[ -]?\d)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=_REMEMBERED)
def grade(cell: Cell) -> Meant | None:
    """``2a``, ``Klasse 2``, ``2. Klasse``, ``Kl. 2b`` → 2; ``Vorbereitungsklasse`` → no grade."""
    if not isinstance(cell, str):
        return None
    line = " ".join(cell.split())
    for pattern in _GRADES:
        match = pattern.fullmatch(line)
        if match is not None:
            return Meant(int(match["n"]), str(int(match["n"])))
    if _PREPARATORY.fullmatch(line):
        return Meant(None, "ohne Klassenstufe")
    return None


_FULL_YEAR = re.compile(r"(?:\D.*|\d{1,2}\s*[./-]\s*|\D*)(?<!\d)\d{4}|\d{4}-\d{1,2}")


@lru_cache(maxsize=_REMEMBERED)
def month_as_day(cell: Cell) -> Meant | None:
    """``Okt. 2016``, ``Oktober 2016``, ``10/2016``, ``10.2016`` → the first day of the month.

    The year must have four digits: ``12/16`` and ``Okt. 16`` could be days as well.
    """
    if not isinstance(cell, str) or not _FULL_YEAR.fullmatch(" ".join(cell.split())):
        return None
    try:
        first = values.month(cell)
    except values.BadValue:
        return None
    return Meant(first, german_day(first))
