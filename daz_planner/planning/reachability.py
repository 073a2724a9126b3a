"""Which municipalities have no VKA of a school type inside the soft limit of the way.

A municipality is far from a school type where its way to the nearest school that runs a VKA is
longer than the guide value (``[wege] richtwert``).  Ways that the office has given hold as they
are; the others are an estimate that hangs on the assumed speed, so the number of far
municipalities is told for several speeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.problem import BoolArray, FloatArray, all_minutes

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.planning.plan import Plan
    from daz_planner.scenario.model import Scenario

SPEEDS: tuple[float, ...] = (30.0, 35.0, 40.0, 45.0, 50.0, 60.0)
"""Speeds (km/h) at which the far municipalities are counted, beside that of the scenario."""


@dataclass(frozen=True)
class FarPlace:
    """A municipality without a VKA of a school type inside the soft limit."""

    school_type: str
    municipality: int
    soft_limit: float
    nearest_today: int | None
    """The nearest school that runs a VKA today; ``None`` where there is none."""
    minutes_today: float | None
    nearest_planned: int | None
    """The nearest school that runs a VKA in the last month of the plan."""
    minutes_planned: float | None
    given: bool
    """Whether the office has given the minutes to the nearest school of today."""
    children_a_month: float | None
    """Children who newly need a seat, expected a month; ``None`` where it is not known."""

    @property
    def far_today(self) -> bool:
        """Whether it is far today."""
        return self.minutes_today is None or self.minutes_today > self.soft_limit

    @property
    def far_planned(self) -> bool:
        """Whether it is still far in the last month of the plan."""
        return self.minutes_planned is None or self.minutes_planned > self.soft_limit


@dataclass(frozen=True)
class SpeedCount:
    """Far municipalities of a school type at a speed."""

    school_type: str
    speed_kmh: float
    today: int
    planned: int
    """In the last month of the plan."""


@dataclass(frozen=True)
class Reachability:
    """How far the district's municipalities are from a VKA, and what that hangs on."""

    school_types: tuple[str, ...]
    """Types for which pupils are expected and the table has a school."""
    places: tuple[FarPlace, ...]
    """Far today or in the last month, by school type, those with the longest way first."""
    counts: tuple[SpeedCount, ...]
    """By school type and speed, the slowest first."""
    speed_kmh: float
    detour: float
    fixed_minutes: float
    given_pairs: int
    """Pairs of municipality and school whose minutes the office has given; no speed moves them."""

    def count(self, school_type: str, speed_kmh: float) -> SpeedCount:
        """The far municipalities of a type at one of the speeds."""
        return next(
            c for c in self.counts if c.school_type == school_type and c.speed_kmh == speed_kmh
        )


def reachability(plan: Plan) -> Reachability:
    """The far municipalities of a plan, today and in its last month."""
    district, scenario = plan.district, plan.scenario
    today = np.array([school.classes > 0 for school in district.schools], dtype=np.bool_)
    planned = np.asarray(plan.classes[:, -1] > 0, dtype=np.bool_)
    present = set(district.school_types)
    kinds = tuple(kind for kind in plan.forecast.school_types if kind in present)
    speeds = sorted({*SPEEDS, float(scenario.wege.kmh)})
    counts = []
    for speed in speeds:
        minutes = all_minutes(district, with_speed(scenario, speed))
        for kind in kinds:
            limit = float(scenario.wege.richtwert[kind])
            counts.append(
                SpeedCount(
                    kind,
                    speed,
                    int(_far(minutes, today & _of_type(district, kind), limit).sum()),
                    int(_far(minutes, planned & _of_type(district, kind), limit).sum()),
                )
            )
    counts.sort(key=lambda count: (kinds.index(count.school_type), count.speed_kmh))
    places = [place for kind in kinds for place in _places(plan, kind, today, planned)]
    return Reachability(
        school_types=kinds,
        places=tuple(places),
        counts=tuple(counts),
        speed_kmh=float(scenario.wege.kmh),
        detour=float(scenario.wege.umweg),
        fixed_minutes=float(scenario.wege.fest_minuten),
        given_pairs=len({(way.municipality, way.school) for way in district.ways}),
    )


def with_speed(scenario: Scenario, speed_kmh: float) -> Scenario:
    """The scenario with another speed of the estimated ways."""
    ways = scenario.wege.model_copy(update={"kmh": speed_kmh})
    return scenario.model_copy(update={"wege": ways})


def _of_type(district: District, kind: str) -> BoolArray:
    return np.array([school.school_type == kind for school in district.schools], dtype=np.bool_)


def _far(minutes: FloatArray, schools: BoolArray, limit: float) -> BoolArray:
    """``[i]`` whether no school of the mask is within the limit."""
    return np.asarray(minutes[:, schools].min(axis=1, initial=np.inf) > limit, dtype=np.bool_)


def _places(plan: Plan, kind: str, today: BoolArray, planned: BoolArray) -> list[FarPlace]:
    district = plan.district
    own = _of_type(district, kind)
    given = {(way.municipality, way.school) for way in district.ways}
    children = None
    if plan.place_demand is not None:
        # The first month is the reference date itself, on which nobody is forecast.
        demand = plan.place_demand[plan.forecast.school_types.index(kind)]
        children = demand[:, 1:].mean(axis=1) if demand.shape[1] > 1 else demand[:, 0] * 0.0
    places = []
    for i, municipality in enumerate(district.municipalities):
        now, then = (_nearest(plan.minutes[i], own & mask) for mask in (today, planned))
        place = FarPlace(
            school_type=kind,
            municipality=i,
            soft_limit=float(plan.scenario.wege.richtwert[kind]),
            nearest_today=now,
            minutes_today=None if now is None else float(plan.minutes[i, now]),
            nearest_planned=then,
            minutes_planned=None if then is None else float(plan.minutes[i, then]),
            given=now is not None and (municipality.name, district.schools[now].name) in given,
            children_a_month=None if children is None else float(children[i]),
        )
        if place.far_today or place.far_planned:
            places.append(place)
    return sorted(
        places,
        key=lambda place: (
            -(np.inf if place.minutes_today is None else place.minutes_today),
            district.municipalities[place.municipality].name,
        ),
    )


def _nearest(minutes: FloatArray, schools: BoolArray) -> int | None:
    rows = np.flatnonzero(schools)
    return int(rows[np.argmin(minutes[rows])]) if len(rows) else None
