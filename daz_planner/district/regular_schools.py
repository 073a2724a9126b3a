"""The schools of the sheet Regelklassen: type and place, also of those without a VKA.

A school that stands in the table of schools has type and place from there.  Another one has its
type from the column „Schulart“ or its name, and its place from the list of Saxon schools that ships
with the package, else the seat of the municipality that the column „Gemeinde“ names.
"""

from __future__ import annotations

from dataclasses import dataclass

from daz_planner.district import gazetteer, values
from daz_planner.district.distance import is_located
from daz_planner.district.model import District, RegularClasses

FROM_TABLE = "Blatt Schulen"
FROM_LIST = "Schulliste"
FROM_SEAT = "Gemeindesitz"


@dataclass(frozen=True)
class RegularSchool:
    """A school with regular classes. Coordinates are WGS 84 degrees."""

    name: str
    school_type: str
    municipality: str
    latitude: float
    longitude: float
    location_from: str


@dataclass(frozen=True)
class RegularSchools:
    """The schools of the sheet, in the order of their first rows, and those that cannot count."""

    schools: tuple[RegularSchool, ...]
    without_type: tuple[str, ...]
    without_place: tuple[str, ...]


def regular_schools(district: District) -> RegularSchools:
    """Find type and place of each school of the sheet Regelklassen."""
    table = {school.name: school for school in district.schools}
    first: dict[str, RegularClasses] = {}
    for entry in district.regular_classes:
        first.setdefault(entry.school, entry)
    found: list[RegularSchool] = []
    without_type: list[str] = []
    without_place: list[str] = []
    for name, entry in first.items():
        known = table.get(name)
        if known is not None and is_located(known):
            found.append(
                RegularSchool(
                    *(name, known.school_type, known.municipality),
                    *(known.latitude, known.longitude, FROM_TABLE),
                )
            )
            continue
        kind = known.school_type if known else entry.school_type or values.type_of_name(name) or ""
        listed = _listed(district, entry, kind)
        kind = kind or (listed.school_type if listed else "")
        if not kind:
            without_type.append(name)
            continue
        school = _placed(district, entry, kind, listed)
        if school is None:
            without_place.append(name)
        else:
            found.append(school)
    return RegularSchools(tuple(found), tuple(without_type), tuple(without_place))


def _listed(district: District, entry: RegularClasses, kind: str) -> gazetteer.ListedSchool | None:
    keys = {m.ags[:5] for m in district.municipalities if m.ags}
    key = gazetteer.district_key(district.name)
    return gazetteer.find_school(
        entry.school,
        municipality=entry.municipality,
        keys=frozenset(keys | ({key} if key else set())),
        school_type=kind,
    )


def _placed(
    district: District, entry: RegularClasses, kind: str, listed: gazetteer.ListedSchool | None
) -> RegularSchool | None:
    if listed is not None:
        place = listed.municipality
        return RegularSchool(
            entry.school, kind, place, listed.latitude, listed.longitude, FROM_LIST
        )
    seat = next((m for m in district.municipalities if m.name == entry.municipality), None)
    if seat is None or not is_located(seat):
        return None
    return RegularSchool(entry.school, kind, seat.name, seat.latitude, seat.longitude, FROM_SEAT)
