"""Key figures of a plan by school type: what the overview sheet and the summary say in numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.results import need

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan
    from daz_planner.results.need import NeedCourse
    from daz_planner.simulation.forecast import FloatArray

NOISE = 1e-6
"""Pupils below this are the solver's rounding, not children."""
WITHOUT_SEAT = "ohne Platz"
"""The column of :func:`displaced` in the tables."""


@dataclass(frozen=True)
class TypeFigures:
    """The figures of one school type, or of all together (``school_type`` is ``"zusammen"``).

    Pupils and seats are expected numbers, ways in minutes one way, ``over_soft`` a share (0 … 1).
    ``None`` where nobody is placed.
    """

    school_type: str
    pupils_today: float
    need_max: float
    need_month: date
    classes_today: int
    classes_new: int
    seats_today: float
    seats_end: float
    waiting_max: float
    placed: float
    mean_minutes: float | None
    over_soft: float | None


def school_types(plan: Plan) -> tuple[str, ...]:
    """School types with a school or with children who wait, in the order of all tables."""
    present = {school.school_type for school in plan.district.schools}
    present |= {place.school_type for place in plan.waiting if place.pupils > NOISE}
    return tuple(kind for kind in SCHOOL_TYPES if kind in present)


def soft_limit(plan: Plan, school_type: str) -> float:
    """Guide value of the way (Richtwert) of a school type in minutes one way."""
    return float(plan.scenario.wege.richtwert[school_type])


def schools_of(plan: Plan, school_type: str) -> list[int]:
    """Positions of the schools of a type in ``district.schools``."""
    return [
        position
        for position, school in enumerate(plan.district.schools)
        if school.school_type == school_type
    ]


def school_order(plan: Plan) -> list[int]:
    """Positions of all schools: by school type, within a type as the office lists them."""
    return [s for kind in SCHOOL_TYPES for s in schools_of(plan, kind)]


def waiting_by_month(plan: Plan, school_type: str | None = None) -> FloatArray:
    """``[t]`` expected children who wait, of one school type or of all."""
    waiting = np.zeros(len(plan.months))
    for place in plan.waiting:
        if school_type is None or place.school_type == school_type:
            waiting[place.month] += place.pupils
    waiting[waiting < NOISE] = 0.0
    return waiting


def displaced(plan: Plan) -> FloatArray:
    """``[s, t]`` pupils who lose their seat because a class of today no longer runs.

    They are today's, and children of today's list whom the office has fixed on the school. What a
    school is over its seats today already is not counted: nobody loses a seat by it.
    """
    there = plan.use_today + plan.use_children
    over = np.maximum(0.0, there - plan.seats)
    closed = plan.classes < plan.classes[:, :1]
    lost = np.where(closed, over - over[:, :1], 0.0)
    lost[lost < NOISE] = 0.0
    return np.asarray(lost, dtype=np.float64)


def without_seat_by_month(plan: Plan) -> FloatArray:
    """``[t]`` expected children without a seat: those who wait or whose class closes."""
    return np.asarray(waiting_by_month(plan) + displaced(plan).sum(axis=0), dtype=np.float64)


def intake(plan: Plan) -> FloatArray:
    """``[s, t]`` expected pupils who take a seat at a school in a month."""
    taken = np.zeros((len(plan.district.schools), len(plan.months)))
    for flow in plan.flows:
        taken[flow.school, flow.month] += flow.pupils
    return taken


def merged_flows(plan: Plan) -> dict[tuple[int, int, int], tuple[float, float]]:
    """(municipality, school, month) → (pupils, minutes), sorted, without solver noise."""
    pupils: defaultdict[tuple[int, int, int], float] = defaultdict(float)
    minutes: dict[tuple[int, int, int], float] = {}
    for flow in plan.flows:
        key = (flow.municipality, flow.school, flow.month)
        pupils[key] += flow.pupils
        minutes[key] = flow.minutes
    return {key: (pupils[key], minutes[key]) for key in sorted(pupils) if pupils[key] > NOISE}


def type_figures(plan: Plan) -> list[TypeFigures]:
    """The figures of each school type, and of all together at the end."""
    kinds = school_types(plan)
    return [_figures(plan, kind, (kind,)) for kind in kinds] + [_figures(plan, "zusammen", kinds)]


def _figures(plan: Plan, name: str, kinds: tuple[str, ...]) -> TypeFigures:
    schools = [s for kind in kinds for s in schools_of(plan, kind)]
    need = sum((need_course(plan, kind).expected for kind in kinds), np.zeros(len(plan.months)))
    peak = int(np.argmax(need))
    waiting = sum((waiting_by_month(plan, kind) for kind in kinds), np.zeros(len(plan.months)))
    inside = set(schools)
    placed = weighted = over = 0.0
    for (_, s, _), (pupils, minutes) in merged_flows(plan).items():
        if s in inside:
            placed += pupils
            weighted += pupils * minutes
            if minutes > soft_limit(plan, plan.district.schools[s].school_type) + NOISE:
                over += pupils
    seats = plan.seats[schools].sum(axis=0)
    return TypeFigures(
        school_type=name,
        pupils_today=sum(plan.district.schools[s].pupils for s in schools),
        need_max=float(need[peak]),
        need_month=plan.months[peak],
        classes_today=sum(plan.district.schools[s].classes for s in schools),
        classes_new=sum(item.classes for item in plan.openings if item.school in inside),
        seats_today=float(seats[0]),
        seats_end=float(seats[-1]),
        waiting_max=float(waiting.max()),
        placed=placed,
        mean_minutes=weighted / placed if placed else None,
        over_soft=over / placed if placed else None,
    )


def need_course(plan: Plan, school_type: str) -> NeedCourse:
    """Need and seats of the plan by month of a school type."""
    seats = plan.seats[schools_of(plan, school_type)].sum(axis=0)
    return need.need_course(plan.forecast, (school_type,), seats, school_type)


def futures_covered(plan: Plan) -> tuple[int, int]:
    """In how many of the futures the seats of every school type cover the need in every month.

    Where the pupils live and how far their ways are is left out. Returns (covered, all futures).
    """
    seats = [plan.seats[schools_of(plan, kind)].sum(axis=0) for kind in plan.forecast.school_types]
    return need.futures_covered(plan.forecast, np.array(seats))
