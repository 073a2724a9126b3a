"""The Saxon municipalities and schools that ship with the package.

Sources: ``data/README.md``. The list of schools is of about 2016/17 and has gaps, so a school is
taken from it only where its name fits for certain.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from daz_planner.district.text import fold, nearest, words

CENSUS_DAY = date(2022, 5, 15)
"""Day of the census of 2022."""

_OLD_COUNT = date(2019, 12, 31)
_CITIES = {"14511": "Chemnitz", "14612": "Dresden", "14713": "Leipzig"}
_TITLES = re.compile(
    r"^\s*(große kreisstadt|kreisfreie stadt|landeshauptstadt|landkreis|kreis|stadt|gemeinde|lk)"
    r"(?:\s+|:\s*)",
    re.IGNORECASE,
)
_CITY_WORDS = ("stadt", "kreisfrei")


@dataclass(frozen=True)
class ListedMunicipality:
    """A municipality of the official list. ``district_key``: first five digits of the AGS."""

    ags: str
    district: str
    name: str
    population_2019: int
    population_2022: int
    latitude: float
    longitude: float

    @property
    def district_key(self) -> str:
        """The official key of the district or of the city that is one."""
        return self.ags[:5]

    def population(self, day: date) -> int:
        """Inhabitants at the count nearest to the day: 31 Dec 2019 or the census of 2022."""
        nearer_census = abs(CENSUS_DAY - day) < abs(day - _OLD_COUNT)
        return self.population_2022 if nearer_census else self.population_2019


@dataclass(frozen=True)
class ListedSchool:
    """A public school of the Saxon school database of about 2016/17."""

    school_type: str
    name: str
    municipality: str
    ags: str
    latitude: float
    longitude: float


@lru_cache(maxsize=1)
def all_municipalities() -> tuple[ListedMunicipality, ...]:
    """The 419 Saxon municipalities."""
    return tuple(
        ListedMunicipality(
            row["ags"],
            row["kreis"],
            row["gemeinde"],
            int(row["einwohner_2019"]),
            int(row["einwohner_zensus2022"]),
            float(row["breite_sitz"]),
            float(row["laenge_sitz"]),
        )
        for row in _rows("gemeinden_sachsen.csv")
    )


@lru_cache(maxsize=1)
def all_schools() -> tuple[ListedSchool, ...]:
    """The 844 public schools (GS, OS, BSZ) of the list."""
    return tuple(
        ListedSchool(
            row["schulart"],
            row["schule"],
            row["gemeinde"],
            row["ags"],
            float(row["breite"]),
            float(row["laenge"]),
        )
        for row in _rows("schulen_sachsen_2016.csv")
    )


def _rows(file: str) -> list[dict[str, str]]:
    from daz_planner.shipped import path

    with path("data", file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def municipality_keys(name: str) -> tuple[str, ...]:
    """Folded names under which a municipality may be written, the full one first.

    ``Große Kreisstadt Meißen`` is Meißen, ``Bautzen / Budyšin`` is Bautzen,
    ``Schwarzenberg/Erzgeb.`` is Schwarzenberg where the district has only one.
    """
    plain = _TITLES.sub("", name)
    forms = (name, plain, re.split(r"\s+/\s+", plain)[0], re.split(r"[/,(]", plain)[0])
    return tuple(key for key in dict.fromkeys(fold(form) for form in forms) if key)


def match_municipality(name: str, names: Iterable[str]) -> str | None:
    """The one name of the list that is meant, ``None`` where none or several are."""
    return MunicipalityNames(names).match(name)


class MunicipalityNames:
    """A list of municipalities asked by name again and again; see :func:`match_municipality`."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_first: dict[str, set[str]] = {}
        self._by_any: dict[str, set[str]] = {}
        for name in names:
            keys = municipality_keys(name)
            for key in keys[:1]:
                self._by_first.setdefault(key, set()).add(name)
            for key in keys:
                self._by_any.setdefault(key, set()).add(name)

    def match(self, name: str) -> str | None:
        """The one name of the list that is meant, ``None`` where none or several are."""
        wanted = municipality_keys(name)
        for key in wanted:
            found = self._by_first.get(key, set())
            if len(found) == 1:
                return next(iter(found))
        any_of = {other for key in wanted for other in self._by_any.get(key, ())}
        return any_of.pop() if len(any_of) == 1 else None


@lru_cache(maxsize=1)
def saxon_names() -> MunicipalityNames:
    """The names of all Saxon municipalities."""
    return MunicipalityNames(entry.name for entry in all_municipalities())


def district_names() -> dict[str, str]:
    """Key of a district → its full name: ``Landkreis Meißen``, ``Erzgebirgskreis``,
    ``Stadt Leipzig``."""
    names: dict[str, str] = {}
    for entry in all_municipalities():
        key, name = entry.district_key, entry.district
        title = "Stadt " if key in _CITIES else "" if name.endswith("kreis") else "Landkreis "
        names[key] = title + name
    return names


def district_key(name: str) -> str | None:
    """The key of the district that is meant: ``Landkreis Meißen`` → ``14627``.

    ``Leipzig`` alone is the Landkreis, ``Stadt Leipzig`` or ``Leipzig, Stadt`` the city.
    """
    wanted = fold(_TITLES.sub("", re.sub(r",\s*(stadt|kreisfreie stadt)\s*$", "", name, flags=2)))
    city = any(word in fold(name) for word in _CITY_WORDS)
    keys = [key for key, full in district_names().items() if fold(_TITLES.sub("", full)) == wanted]
    if len(keys) > 1:
        keys = [key for key in keys if (key in _CITIES) is city]
    return keys[0] if len(keys) == 1 else None


def nearest_districts(name: str) -> tuple[str, ...]:
    """Full names of the districts that look most like the name."""
    short = {_TITLES.sub("", full): full for full in district_names().values()}
    return tuple(short[found] for found in nearest(_TITLES.sub("", name), short, most=1))


def municipalities_of(key: str) -> tuple[ListedMunicipality, ...]:
    """The municipalities of a district, in the order of the official list."""
    return tuple(entry for entry in all_municipalities() if entry.district_key == key)


def find_municipality(name: str, ags: str, key: str | None) -> ListedMunicipality | None:
    """The municipality with that key, or of that name within the district (else in Saxony)."""
    if ags:
        return next((entry for entry in all_municipalities() if entry.ags == ags), None)
    for scope in ((municipalities_of(key) if key else ()), all_municipalities()):
        found = match_municipality(name, [entry.name for entry in scope])
        same = [entry for entry in scope if entry.name == found]
        if len(same) == 1:
            return same[0]
    return None


_SCHOOL_WORDS = (
    ("berufliches schulzentrum", "bsz"),
    ("berufsschulzentrum", "bsz"),
    ("mittelschule", "oberschule"),
)


def school_words(name: str, *, without: str = "") -> frozenset[str]:
    """The words of a school's name, order and quotes left out, without those of its place."""
    plain = name.casefold()
    for long, short in _SCHOOL_WORDS:
        plain = plain.replace(long, short)
    place = words(re.split(r"\s+/\s+|[/,(]", without)[0]) if without else ()
    return frozenset(words(plain)) - frozenset(place)


def find_school(
    name: str, *, municipality: str = "", keys: frozenset[str], school_type: str = ""
) -> ListedSchool | None:
    """The school of the list that is certainly meant, ``None`` where there is no certain one.

    The words of both names must be the same, the name of the municipality aside. Where the
    municipality is not known, the name must hold it or be the same in full.
    """
    found = []
    for school in all_schools():
        if school.ags[:5] not in keys or (school_type and school.school_type != school_type):
            continue
        if municipality:
            if match_municipality(municipality, (school.municipality,)) is None:
                continue
        elif not _names_place(name, school.municipality) and school_words(name) != school_words(
            school.name
        ):
            continue
        if school_words(name, without=school.municipality) == school_words(
            school.name, without=school.municipality
        ):
            found.append(school)
    return found[0] if len(found) == 1 else None


def _names_place(name: str, place: str) -> bool:
    return not set(words(re.split(r"\s+/\s+|[/,(]", place)[0])).isdisjoint(words(name))
