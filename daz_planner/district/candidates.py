"""Candidate sites: the real public schools of the district that could open a first VKA.

They come from the list of Saxon schools that ships with the package.  A school of the list that
stands in the sheet Schulen already is left out: for certain where name and municipality or the
point on the map say so, and as a doubt that is named where the names only come near.  Whether a
candidate has a free room is not known; one is assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daz_planner.district import gazetteer
from daz_planner.district.distance import distance_km, is_located
from daz_planner.district.gazetteer import ListedSchool
from daz_planner.district.model import District, Municipality, School
from daz_planner.district.names import SchoolIndex, normal_name
from daz_planner.district.text import fold

ASSUMED_ROOMS = 1
"""Free rooms of a candidate of the list: an assumption, nobody has counted them."""

LIST_NAME = "Schulliste"
"""``location_from`` of a school of the list."""

_SAME_POINT_KM = 0.1
_SEAT = "Gemeindesitz"


@dataclass(frozen=True)
class Doubt:
    """A school of the list that may be one of the table, so that it is no candidate."""

    listed: str
    municipality: str
    table: str
    """The school of the table that it may be."""


@dataclass(frozen=True)
class Candidates:
    """Schools to be added to a district, and what became of the others of the list."""

    schools: tuple[School, ...]
    """With 0 classes and one assumed room, by school type and name."""
    doubts: tuple[Doubt, ...]
    known: int
    """Schools of the list that the table has for certain."""
    without_place: tuple[str, ...]
    """Schools of the list whose municipality is not one of the district's table."""


def candidate_schools(district: District, school_types: Sequence[str]) -> Candidates:
    """The schools of the list that the table of the district does not have.

    Parameters
    ----------
    school_types:
        The types for which pupils are expected; schools of other types are no candidates.
    """
    places = _Places(district)
    own = {kind: _OwnSchools(district, kind) for kind in school_types}
    found: list[tuple[ListedSchool, Municipality]] = []
    doubts: list[Doubt] = []
    outside: list[str] = []
    known = 0
    for listed in gazetteer.all_schools():
        if listed.school_type not in own or not places.in_district(listed):
            continue
        place = places.of(listed)
        if place is None:
            outside.append(listed.name)
            continue
        match = own[listed.school_type].match(listed, place.name)
        if match is None:
            found.append((listed, place))
        elif match.certain:
            known += 1
        else:
            doubts.append(Doubt(listed.name, place.name, match.name))
    schools = _named(found, {fold(school.name) for school in district.schools})
    order = {kind: k for k, kind in enumerate(school_types)}
    schools.sort(key=lambda school: (order[school.school_type], school.name))
    return Candidates(
        tuple(schools), tuple(sorted(doubts, key=repr)), known, tuple(sorted(outside))
    )


def with_candidates(district: District, schools: Sequence[School]) -> District:
    """The district with further schools behind its own, whose rows stay as they are."""
    return replace(district, schools=(*district.schools, *schools))


def is_open_site(school: School, rooms: int | None = None) -> bool:
    """Whether a school without a VKA has a free room by the workbook, so that it can open one.

    ``rooms`` are those of a month; ``None``: those of the table of schools.
    """
    return school.classes == 0 and bool(school.free_rooms if rooms is None else rooms)


class _Places:
    """Which municipality of the district's table a school of the list lies in."""

    def __init__(self, district: District) -> None:
        self.all = district.municipalities
        self.by_key = {m.ags: m for m in district.municipalities if m.ags}
        self.names = gazetteer.MunicipalityNames(m.name for m in district.municipalities)
        self.by_name = {m.name: m for m in district.municipalities}
        key = gazetteer.district_key(district.name)
        self.keys = {ags[:5] for ags in self.by_key} | ({key} if key else set())
        self.official = {entry.ags for entry in gazetteer.all_municipalities()}

    def in_district(self, listed: ListedSchool) -> bool:
        return listed.ags[:5] in self.keys

    def of(self, listed: ListedSchool) -> Municipality | None:
        """By key, then by name; a municipality that is merged by now by the nearest seat."""
        if listed.ags in self.by_key:
            return self.by_key[listed.ags]
        name = self.names.match(listed.municipality)
        if name is not None:
            return self.by_name[name]
        if listed.ags in self.official:
            # It exists and the office has left it out: not part of this planning.
            return None
        located = [m for m in self.all if is_located(m)]
        return min(located, key=lambda m: (distance_km(m, listed), m.name), default=None)


@dataclass(frozen=True)
class _Match:
    name: str
    certain: bool


class _OwnSchools:
    """The schools of one type in the table, asked whether a school of the list is among them."""

    def __init__(self, district: District, kind: str) -> None:
        self.schools = [s for s in district.schools if s.school_type == kind]
        self.index = SchoolIndex(self.schools)

    def match(self, listed: ListedSchool, municipality: str) -> _Match | None:
        """The school of the table that is meant, or that may be meant."""
        here = [school for school in self.schools if school.municipality == municipality]
        for school in here:
            if self._same_name(school, listed) or self._same_point(school, listed):
                return _Match(school.name, certain=True)
        found = self.index.match(listed.name)
        if found.certain is not None and found.certain.municipality == municipality:
            return _Match(found.certain.name, certain=found.same_words)
        for school in (*((found.certain,) if found.certain else ()), *self.schools):
            if _near(school, listed, municipality):
                return _Match(school.name, certain=False)
        return None

    def _same_name(self, school: School, listed: ListedSchool) -> bool:
        found = gazetteer.find_school(
            school.name,
            municipality=school.municipality,
            keys=frozenset({listed.ags[:5]}),
            school_type=listed.school_type,
        )
        return found is listed or fold(school.name) == fold(listed.name)

    def _same_point(self, school: School, listed: ListedSchool) -> bool:
        own_point = is_located(school) and school.location_from != _SEAT
        return own_point and distance_km(school, listed) <= _SAME_POINT_KM


def _near(school: School, listed: ListedSchool, municipality: str) -> bool:
    """Whether a name could be a shorter or another form of the other, the place left out.

    In another municipality all words of the one, its place included, must be words of the other.
    """
    ours, theirs = normal_name(school.name).main, normal_name(listed.name).main
    if school.municipality == municipality:
        place = normal_name(municipality).words
        ours, theirs = ours - place, theirs - place
        return bool(ours and theirs) and (ours <= theirs or theirs <= ours)
    place = normal_name(school.municipality).words
    return (
        bool(theirs - place) and theirs <= ours and bool(theirs & normal_name(municipality).words)
    )


def _named(found: list[tuple[ListedSchool, Municipality]], taken: set[str]) -> list[School]:
    """Candidates with names that occur once: the municipality is added where it is needed."""
    often = Counter(fold(listed.name) for listed, _ in found)
    schools = []
    for listed, place in sorted(found, key=lambda pair: (pair[0].name, pair[1].name, pair[0].ags)):
        name = listed.name
        if often[fold(name)] > 1 or fold(name) in taken:
            name = f"{name} ({place.name})"
        number, plain = 1, name
        while fold(name) in taken:
            number += 1
            name = f"{plain}, Standort {number}"
        taken.add(fold(name))
        schools.append(_candidate(listed, place, name))
    return schools


def _candidate(listed: ListedSchool, place: Municipality, name: str) -> School:
    return School(
        name=name,
        school_type=listed.school_type,
        pupils=0,
        classes=0,
        reserve=0,
        municipality=place.name,
        latitude=listed.latitude,
        longitude=listed.longitude,
        planning_area=place.planning_area,
        free_rooms=ASSUMED_ROOMS,
        # Nobody is in a VKA there, so nobody can be in its phase 3.
        phases=(0, 0, 0),
        location_from=LIST_NAME,
    )
