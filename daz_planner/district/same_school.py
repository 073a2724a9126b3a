"""The same school twice in the table of schools, under names that are written differently.

``GS Gröditz`` and ``Grundschule Gröditz`` count twice if nobody says so. Two rows are the same
school for certain where type and municipality are the same and so are the words of their names,
but for the place, the type and little words (:mod:`daz_planner.district.names`). One that lacks its
municipality is held against the names alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from daz_planner.district.names import normal_name, place_words
from daz_planner.district.text import fold, misspelt

_MOST_COMPARED = 60
"""Schools of a type and a municipality among which similar names are looked for."""


@dataclass(frozen=True)
class SchoolRow:
    """A row of the table of schools. ``counts``: pupils, classes and reserve."""

    row: int
    name: str
    school_type: str
    municipality: str
    number: str
    counts: tuple[int | None, ...]

    @property
    def main(self) -> frozenset[str]:
        """The words of the name that are neither type nor little."""
        return normal_name(self.name).main

    @property
    def core(self) -> frozenset[str]:
        """The same without the words of the municipality."""
        return self.main - place_words(self.municipality)


class SchoolRows:
    """The rows read so far, asked whether a further one is one of them."""

    def __init__(self) -> None:
        self._by_core: dict[tuple[str, str, frozenset[str]], list[SchoolRow]] = defaultdict(list)
        self._by_words: dict[tuple[str, bool, frozenset[str]], list[SchoolRow]] = defaultdict(list)
        """By type, whether the municipality is known, and words of the name."""
        self._by_place: dict[tuple[str, str], list[SchoolRow]] = defaultdict(list)

    def add(self, new: SchoolRow) -> None:
        """Remember a row."""
        self._by_core[(new.school_type, new.municipality, new.core)].append(new)
        for words in {new.main, new.core} - {frozenset()}:
            self._by_words[(new.school_type, bool(new.municipality), words)].append(new)
        self._by_place[(new.school_type, new.municipality)].append(new)

    def same(self, new: SchoolRow) -> SchoolRow | None:
        """The earlier row that is the same school for certain."""
        kind = new.school_type
        alike = [] if not new.municipality else self._by_core[(kind, new.municipality, new.core)]
        for known in (False,) if new.municipality else (False, True):
            for words in (new.main, new.core):
                alike = alike + self._by_words.get((kind, known, words), [])
        return next((old for old in alike[:_MOST_COMPARED] if _are_same(old, new)), None)

    def similar(self, new: SchoolRow) -> SchoolRow | None:
        """An earlier row of the same place whose name is much like it, or part of it."""
        there = self._by_place.get((new.school_type, new.municipality), [])
        if not new.municipality or len(there) > _MOST_COMPARED:
            return None
        return next((old for old in there if _are_similar(old, new)), None)


def _are_same(old: SchoolRow, new: SchoolRow) -> bool:
    if _have_other_numbers(old, new):
        return False
    if old.municipality and new.municipality:
        same = old.municipality == new.municipality and old.core == new.core
        return same and _name_one_place(old, new)
    if old.main == new.main:
        return bool(old.main)
    return bool(old.core) and old.core == new.core


def _name_one_place(old: SchoolRow, new: SchoolRow) -> bool:
    """Whether the names say the same of the place, or one of them nothing and the other all.

    Grundschule Pockau and Grundschule Lengefeld are two schools of Pockau-Lengefeld.
    """
    little, much = sorted((old.main - old.core, new.main - new.core), key=len)
    return little == much or (not little and much >= place_words(old.municipality))


def _are_similar(old: SchoolRow, new: SchoolRow) -> bool:
    if _have_other_numbers(old, new):
        return old.core == new.core
    nested = old.core <= new.core or new.core <= old.core
    if any(old.counts) and old.counts == new.counts and nested:
        return _name_one_place(old, new)
    if not old.core or not new.core:
        return False
    digits = [{word for word in core if word.isdigit()} for core in (old.core, new.core)]
    if digits[0] != digits[1]:
        return False
    return nested or misspelt(old.name, new.name)


def _have_other_numbers(old: SchoolRow, new: SchoolRow) -> bool:
    """Whether both rows have a Schulnummer, and not the same."""
    return bool(old.number and new.number) and fold(old.number) != fold(new.number)
