"""Names of schools as people write them: which school of the table is certainly meant.

``OS Am Sportzentrum Riesa`` and ``Oberschule „Am Sportzentrum“ Riesa`` are the same words, and so
are ``Erste Grundschule`` and ``1. GS``. A name without its place, or with one that the table leaves
out, is taken where exactly one school fits and no other comes near. Anything else is nobody: the
reader asks, with the nearest candidates.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daz_planner.district.gaps import BrokenSchool
from daz_planner.district.model import School
from daz_planner.district.text import fold, words

MOST_CANDIDATES = 3
_LEAST_LIKENESS = 0.72
_LONGEST = 200
_MOST_COMPARED = 200
"""Names without a match for which candidates are looked up; the rest would cost too much time."""
_MOST_SEARCHED = 2_000_000
"""Pairs of name and school that are looked at in all; then only the very same words count."""

_TYPES: dict[str, tuple[str, ...]] = {
    "GS": ("gs", "grundschule", "grundschulen", "grundsch", "grschule", "grundschul", "grsch"),
    "OS": (
        *("os", "oberschule", "oberschulen", "obersch", "oschule", "ms", "mittelschule"),
        *("mittelschulen", "mittelsch"),
    ),
    "BSZ": ("bsz", "berufsschulzentrum", "berufsschulzentren"),
    "GYM": ("gym", "gymn", "gymnasium", "gymnasien"),
}
_TYPE_OF = {word: kind for kind, all_words in _TYPES.items() for word in all_words}
_SUFFIXES = (
    ("grundschule", "GS"),
    ("oberschule", "OS"),
    ("mittelschule", "OS"),
    ("gymnasium", "GYM"),
    ("schule", ""),
)
_SPECIAL = ("gemeinschaft", "foerder", "waldorf", "berufs", "abend", "fach", "hoch", "musik")
"""Beginnings of ``…schule`` that are kinds of their own."""

_PAIRS = {
    ("gr", "schule"): "GS",
    ("grund", "schule"): "GS",
    ("ober", "schule"): "OS",
    ("mittel", "schule"): "OS",
}
_VOCATIONAL = re.compile(r"^beruflich(?:e|en|es|er)?$")
_ORDINALS = {
    f"{stem}{ending}": str(number)
    for number, stem in enumerate(
        [
            "erst",
            "zweit",
            "dritt",
            "viert",
            "fuenft",
            "sechst",
            "siebent",
            "acht",
            "neunt",
            "zehnt",
            "elft",
            "zwoelft",
        ],
        start=1,
    )
    for ending in ("e", "er", "es", "en")
}
_SAME = {"st": "sankt", "str": "strasse", "saint": "sankt", "u": "und"}
_EMPTY = frozenset(
    [
        "der",
        "die",
        "das",
        "des",
        "dem",
        "den",
        "und",
        "zu",
        "in",
        "von",
        "vom",
        "schule",
        "schulen",
        "stadt",
        "gemeinde",
        "staatliche",
    ]
)
_LITTLE = frozenset(["am", "an", "im", "auf", "bei", "zum", "zur", "vorm", "vor"])


@dataclass(frozen=True)
class Name:
    """A name in normal form: the school types it names and its other words."""

    types: frozenset[str]
    words: frozenset[str]

    @property
    def main(self) -> frozenset[str]:
        """The words without little ones (am, im …)."""
        return self.words - _LITTLE


@dataclass(frozen=True)
class Match:
    """What a name means.

    ``certain`` is the one school that is meant. ``same_words``: it was written with the same words,
    so nobody needs to be told. ``known``: the name stands in the table, even where its row has a
    fault and there is no school; ``name`` is its name there, where it is one row for certain.
    ``candidates`` come nearest, where none is certain.
    """

    certain: School | None = None
    candidates: tuple[School, ...] = ()
    same_words: bool = False
    known: bool = False
    name: str = ""


def normal_name(text: str) -> Name:
    """The normal form of a school's name."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST])
    tokens = [_ORDINALS.get(word, _SAME.get(word, word)) for word in words(plain)]
    types: set[str] = set()
    rest: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        after = tokens[index + 1] if index + 1 < len(tokens) else ""
        if (token, after) in _PAIRS:
            types.add(_PAIRS[(token, after)])
            index += 2
            continue
        if _VOCATIONAL.match(token) and after.startswith("schulzentr"):
            types.add("BSZ")
            index += 2
            continue
        kind, stem = _kind_of(token)
        if token == "grund" and after == "und":
            kind, stem = "GS", ""
        if kind:
            types.add(kind)
        if stem and stem not in _EMPTY:
            rest.append(stem.lstrip("0") if stem.isdigit() and stem.strip("0") else stem)
        index += 1
    return Name(frozenset(types), frozenset(rest))


def _kind_of(token: str) -> tuple[str, str]:
    """School type and stem of a word: ``pestalozzioberschule`` → OS, ``pestalozzi``."""
    kind = _TYPE_OF.get(token)
    if kind is not None:
        return kind, ""
    for suffix, named in _SUFFIXES:
        stem = token.removesuffix(suffix)
        if stem != token and len(stem) >= 3 and not stem.startswith(_SPECIAL):
            return named, stem
    return "", token


@dataclass(frozen=True)
class _Entry:
    """A row of the table: its name, place and type. ``school`` is missing where it has a fault."""

    name: str
    normal: Name
    place: frozenset[str]
    kind: str
    school: School | None


class SchoolIndex:
    """The schools of the table, asked by name or number.

    ``broken`` are the rows of the table that a fault keeps out.
    """

    def __init__(self, schools: Sequence[School], broken: Iterable[BrokenSchool] = ()) -> None:
        self.schools = tuple(schools)
        self._entries = [
            _Entry(s.name, normal_name(s.name), place_words(s.municipality), s.school_type, s)
            for s in self.schools
        ]
        numbers = [fold(school.number) for school in self.schools]
        present = {fold(school.name) for school in self.schools}
        for row in dict.fromkeys(broken):
            if fold(row.name) not in present:
                place = place_words(row.municipality)
                normal = normal_name(row.name)
                self._entries.append(_Entry(row.name, normal, place, row.school_type, None))
                numbers.append(fold(row.number))
        self._by_fold: dict[str, list[_Entry]] = {}
        self._by_normal: dict[Name, list[_Entry]] = {}
        for entry, number in zip(self._entries, numbers, strict=True):
            for key in {fold(entry.name)} | ({number} if number else set()):
                self._by_fold.setdefault(key, []).append(entry)
            self._by_normal.setdefault(entry.normal, []).append(entry)
        self._known: dict[str, Match] = {}
        self._compared = self._searched = 0

    def __bool__(self) -> bool:
        return bool(self._entries)

    def match(self, text: str) -> Match:
        """The school that is certainly meant, else the nearest candidates."""
        found = self._known.get(text)
        if found is None:
            found = self._match(text)
            self._known[text] = found
        return found

    def _match(self, text: str) -> Match:
        key = fold(text)
        if not key:
            return Match()
        name = normal_name(text)
        alike = self._by_normal.get(name, ()) if name.words else ()
        for same in (self._by_fold.get(key, ()), alike):
            if len(same) == 1:
                return Match(same[0].school, same_words=True, known=True, name=same[0].name)
            if any(entry.school is None for entry in same):
                return Match(known=True)
            if same:
                return Match(candidates=_schools(same)[:MOST_CANDIDATES])
        self._searched += len(self._entries)
        if self._searched > _MOST_SEARCHED:
            return Match()
        fitting = [entry for entry in self._entries if _fits(name, entry)]
        near = [entry for entry in self._entries if _within(name, entry)]
        if len(fitting) == 1 and all(entry is fitting[0] for entry in near):
            return Match(fitting[0].school, known=True, name=fitting[0].name)
        close = dict.fromkeys((*fitting, *near))
        if len(close) < MOST_CANDIDATES:
            close.update(dict.fromkeys(self._like(text, name)))
        if any(entry.school is None for entry in close):
            return Match(known=True)  # whether it is meant can be asked once its row is mended
        return Match(candidates=_schools(close)[:MOST_CANDIDATES])

    def _like(self, text: str, name: Name) -> tuple[_Entry, ...]:
        """Rows whose names look like the text, best first."""
        self._compared += 1
        if self._compared > _MOST_COMPARED:
            return ()
        whole, core = fold(text)[:_LONGEST], " ".join(sorted(name.words))
        scored: list[tuple[float, _Entry]] = []
        for entry in self._entries:
            if name.types and entry.kind not in name.types:
                likeness = difflib.SequenceMatcher(None, whole, fold(entry.name)).ratio() - 0.1
            else:
                other = " ".join(sorted(entry.normal.words))
                likeness = difflib.SequenceMatcher(None, core, other).ratio()
                full = difflib.SequenceMatcher(None, whole, fold(entry.name)).ratio()
                likeness = max(likeness, full - 0.1)
            if likeness >= _LEAST_LIKENESS:
                scored.append((likeness, entry))
        scored.sort(key=lambda pair: -pair[0])
        return tuple(entry for _, entry in scored[:MOST_CANDIDATES])


def match_school(text: str, schools: Sequence[School]) -> Match:
    """Which of the schools a text means; see :class:`SchoolIndex` for many texts."""
    return SchoolIndex(schools).match(text)


def place_words(municipality: str) -> frozenset[str]:
    """The folded words of a municipality, without what stands behind a slash or a comma."""
    return frozenset(words(re.split(r"\s+/\s+|[/,(]", municipality)[0]))


def _schools(entries: Iterable[_Entry]) -> tuple[School, ...]:
    return tuple(entry.school for entry in entries if entry.school is not None)


def _type_fits(name: Name, entry: _Entry) -> bool:
    """Whether the text names no other type than that of the school."""
    kinds = entry.normal.types | ({entry.kind} if entry.kind else set())
    return name.types <= kinds or not kinds


def _fits(name: Name, entry: _Entry) -> bool:
    """The same words but for the place of the school and little words, and no other type."""
    if not _type_fits(name, entry):
        return False
    ours, theirs = name.main - entry.place, entry.normal.main - entry.place
    if ours != theirs:
        return False
    if not name.types and not any(len(word) >= 4 and word.isalpha() for word in ours):
        return False
    placed = bool(entry.place) and entry.place <= name.words | entry.normal.words
    return bool(ours) or (placed and bool(entry.place & name.words))


def _within(name: Name, entry: _Entry) -> bool:
    """Whether the text could be a shorter form of the name of a school of that type."""
    if not _type_fits(name, entry):
        return False
    ours = name.main
    return bool(ours) and ours <= entry.normal.main | entry.place
