"""What the map shows: schools with their use, ways of new children, names and borders.

Each school and each way is one row with a list over the months, so that a large plan stays small.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german, shipped
from daz_planner.results.figures import (
    displaced,
    merged_flows,
    school_order,
    school_types,
    schools_of,
    waiting_by_month,
)
from daz_planner.results.report.vega import Rows

if TYPE_CHECKING:
    from daz_planner.district.model import Municipality, School
    from daz_planner.planning.plan import Plan

BORDERS = ("data", "gemeinden_lk_meissen.geojson")
BORDERS_SOURCE = (
    "Gemeindegrenzen: © GeoBasis-DE / BKG, VG250, Datenlizenz Deutschland – Namensnennung 2.0, "
    "vereinfacht"
)
LEAST_SHOWN = 0.5
"""Children on a way in the whole period from which on it is drawn."""
MOST_WAYS = 1500
"""Ways that the page carries; of more, those with the most children."""
USE_LIMITS = (0.7, 0.9, 1.0)
"""Upper limits (included) of the classes of use; the last class has none."""
NO_USE = "-"
HIDDEN_USE = "?"
"""The class of a use that a shared version does not tell."""
_NOTICED = 0.05
"""Pupils from which on a school without seats is shown, and children whose waiting is told."""
_APART = 0.02
"""Distance of schools on one point, as a share of the extent of the map."""
_MARGIN = 0.04
_LEAST_EXTENT = 0.05
"""Degrees that a map shows at least, where there is a single place."""
_LETTER, _LINE = 6.8, 16.0
"""Width of a letter and height of a line of the names, in pixels."""
_NARROW = 330.0
"""Pixels of the map on a phone."""


@dataclass(frozen=True)
class Frame:
    """The extent of the map in degrees: west, south, east, north."""

    west: float
    south: float
    east: float
    north: float

    @property
    def height(self) -> float:
        """Degrees of latitude."""
        return self.north - self.south

    @property
    def shrink(self) -> float:
        """How much shorter a degree of longitude is than one of latitude."""
        return math.cos(math.radians((self.south + self.north) / 2))

    @property
    def extent(self) -> float:
        """The longer side in degrees of latitude."""
        return max(self.height, (self.east - self.west) * self.shrink)

    def row(self) -> Rows:
        """A shape of the same extent, which holds the map still while other data change."""
        line = [[self.west, self.south], [self.east, self.north]]
        geometry = {"type": "LineString", "coordinates": line}
        return [{"type": "Feature", "properties": {}, "geometry": geometry}]


def use_class(share: float) -> int:
    """Position of a use (1 is full) among the classes that :data:`USE_LIMITS` divide."""
    return sum(share > limit + 1e-9 for limit in USE_LIMITS)


def use_by_month(plan: Plan, s: int) -> list[float | None]:
    """Use of a school in each month (1 is full), ``None`` without seats."""
    return [
        float(plan.use[s, t] / plan.seats[s, t]) if plan.seats[s, t] > 0 else None
        for t in range(len(plan.months))
    ]


def fullest_month(plan: Plan) -> int:
    """The month in which the seats of all schools together are used most."""
    seats, use = plan.seats.sum(axis=0), plan.use.sum(axis=0)
    return int(np.argmax(np.divide(use, seats, out=np.zeros_like(use), where=seats > 0)))


def use_sentences(plan: Plan) -> dict[str, list[str]]:
    """How full the schools are in each month, in words: of all and by school type."""
    told = {"alle": _use_texts(plan, None)}
    return told | {kind: _use_texts(plan, kind) for kind in school_types(plan)}


def _use_texts(plan: Plan, kind: str | None) -> list[str]:
    schools = list(range(len(plan.district.schools))) if kind is None else schools_of(plan, kind)
    seats, use = plan.seats[schools].sum(axis=0), plan.use[schools].sum(axis=0)
    waiting, lost = waiting_by_month(plan, kind), displaced(plan)[schools].sum(axis=0)
    return [
        f"{german.number(use[t])} von {german.plural(seats[t], 'Platz', 'Plätzen')} belegt"
        + (f" ({german.percent(use[t] / seats[t])})" if seats[t] > 0 else "")
        + _waiting_text(float(waiting[t]))
        + _closing_text(float(lost[t]))
        for t in range(len(plan.months))
    ]


def _waiting_text(children: float) -> str:
    if children < _NOTICED:
        return ""
    told = german.plural(children, "Kind", "Kinder", 1)
    return f"; im Mittel {'wartet' if told == '1 Kind' else 'warten'} {told}"


def _closing_text(children: float) -> str:
    if children < _NOTICED:
        return ""
    told = german.plural(children, "heutiges Kind", "heutige Kinder", 1)
    return f"; für {told} fehlt der Platz, weil eine Klasse schließt"


def borders(plan: Plan) -> Rows:
    """Borders of the municipalities of the plan, empty where most of them have none.

    A few municipalities outside of the district, which an office adds by hand, do not cost the map.
    """
    wanted = {place.ags for place in plan.district.municipalities if place.ags}
    collection = json.loads(shipped.path(*BORDERS).read_text(encoding="utf-8"))
    found = [item for item in collection["features"] if item["properties"]["ags"] in wanted]
    return found if 2 * len(found) > len(plan.district.municipalities) else []


def frame_of(plan: Plan) -> Frame | None:
    """The extent of all municipalities and schools, ``None`` where no point is known."""
    places: list[Municipality | School] = [
        *plan.district.municipalities,
        *plan.district.schools,
    ]
    points = [(p.longitude, p.latitude) for p in places if known(p.longitude, p.latitude)]
    if not points:
        return None
    (west, south), (east, north) = np.min(points, axis=0), np.max(points, axis=0)
    frame = Frame(west, south, east, north)
    margin = max(_MARGIN * frame.extent, _LEAST_EXTENT / 2)
    wide = margin / frame.shrink
    return Frame(west - wide, south - margin, east + wide, north + margin)


def known(longitude: float | None, latitude: float | None) -> bool:
    """Whether a point is one."""
    return (
        longitude is not None
        and latitude is not None
        and math.isfinite(longitude)
        and math.isfinite(latitude)
    )


def school_points(plan: Plan, frame: Frame) -> dict[int, tuple[float, float]]:
    """Longitude and latitude of each school with a point; those that share one stand in a ring."""
    same: defaultdict[tuple[float, float], list[int]] = defaultdict(list)
    for s, school in enumerate(plan.district.schools):
        if known(school.longitude, school.latitude):
            same[round(school.longitude, 4), round(school.latitude, 4)].append(s)
    points = {}
    for (x, y), schools in same.items():
        radius = _APART * frame.extent / 2 if len(schools) > 1 else 0.0
        for n, s in enumerate(schools):
            angle = 2 * math.pi * n / len(schools)
            points[s] = (
                round(x + radius * math.cos(angle) / frame.shrink, 5),
                round(y + radius * math.sin(angle), 5),
            )
    return points


def are_moved(plan: Plan) -> bool:
    """Whether schools share a point, so that the map moves them apart."""
    points = [
        (round(school.longitude, 4), round(school.latitude, 4))
        for school in plan.district.schools
        if known(school.longitude, school.latitude)
    ]
    return len(set(points)) < len(points)


def school_rows(plan: Plan, frame: Frame | None) -> Rows:
    """One row a school, the largest first, so that its circle hides no smaller one.

    ``k`` classes, ``p`` seats, ``u`` seats in use, ``q`` use in percent, each by month; ``c`` has
    one character a month: the class of the use, or :data:`NO_USE`.
    """
    points = {} if frame is None else school_points(plan, frame)
    rows = []
    for s in school_order(plan):
        if not (plan.seats[s].any() or (plan.use[s] >= _NOTICED).any()):
            continue
        school = plan.district.schools[s]
        shares = use_by_month(plan, s)
        row = {
            "Schule": school.name,
            "art": school.school_type,
            "k": plan.classes[s].tolist(),
            "p": [round(float(value)) for value in plan.seats[s]],
            "u": [round(float(value), 2) for value in plan.use[s]],
            "q": [None if v is None else german.number(100 * v) for v in shares],
            "c": "".join(NO_USE if v is None else str(use_class(v)) for v in shares),
        }
        if s in points:
            row |= {"x": points[s][0], "y": points[s][1]}
        rows.append(row)
    return sorted(rows, key=lambda row: -max(row["p"]))


def way_rows(plan: Plan, frame: Frame) -> tuple[Rows, int]:
    """Ways of new children, and how many more there are than the page carries.

    ``n`` by month: expected children who have come this way up to then.
    """
    points = school_points(plan, frame)
    children: defaultdict[tuple[int, int], list[float]] = defaultdict(
        lambda: [0.0] * len(plan.months)
    )
    for (i, s, t), (pupils, _) in merged_flows(plan).items():
        children[i, s][t] += pupils
    seen = {
        way: counts
        for way, counts in children.items()
        if sum(counts) >= LEAST_SHOWN and way[1] in points
    }
    largest = sorted(seen, key=lambda way: (-sum(seen[way]), way))
    rows = []
    for i, s in largest[:MOST_WAYS]:
        place, school = plan.district.municipalities[i], plan.district.schools[s]
        if not known(place.longitude, place.latitude):
            continue
        rows.append(
            {
                "von": place.name,
                "nach": school.name,
                "art": school.school_type,
                "min": round(float(plan.minutes[i, s])),
                "x": round(place.longitude, 5),
                "y": round(place.latitude, 5),
                "x2": points[s][0],
                "y2": points[s][1],
                "n": [round(float(value), 2) for value in np.cumsum(seen[i, s])],
            }
        )
    return rows, max(0, len(largest) - MOST_WAYS)


def place_rows(plan: Plan, frame: Frame, pixels: float) -> Rows:
    """Names of the municipalities with a school that fit, those with most inhabitants first.

    ``pixels`` is the height of the map. ``eng``: the name also fits on a phone.
    """
    with_school = {school.municipality for school in plan.district.schools}
    places = sorted(
        (
            place
            for place in plan.district.municipalities
            if place.name in with_school and known(place.longitude, place.latitude)
        ),
        key=lambda place: (-(place.population), place.name),
    )
    wide: list[tuple[float, float, float]] = []
    narrow: list[tuple[float, float, float]] = []
    rows = []
    for place in places:
        x = (place.longitude - frame.west) * frame.shrink / frame.extent
        y = (place.latitude - frame.south) / frame.extent
        if not _fits(wide, x, y, place.name, pixels):
            continue
        rows.append(
            {
                "name": place.name,
                "lon": round(place.longitude, 5),
                "lat": round(place.latitude, 5),
                "eng": _fits(narrow, x, y, place.name, _NARROW),
            }
        )
    return rows


def _fits(
    taken: list[tuple[float, float, float]], x: float, y: float, name: str, pixels: float
) -> bool:
    """Whether a name has room beside those that are there, and if so take it."""
    width = len(name) * _LETTER / pixels
    for other_x, other_y, other_width in taken:
        if abs(other_y - y) < _LINE / pixels and abs(other_x - x) < (width + other_width) / 2:
            return False
    taken.append((x, y, width))
    return True
