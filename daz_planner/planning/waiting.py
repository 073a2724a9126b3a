"""Who waits in the plan: how many, where, since when, and which limit is the cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from daz_planner.district.model import District
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import Cause, WaitingPlace
from daz_planner.planning.problem import BoolArray, ChildGroup, FloatArray, IntArray, Problem

NOTHING = 1e-4
"""Children below this count as nobody: what is left of rounding in the solver."""


def waiting_places(
    district: District, model: PlanningModel, values: FloatArray, hit_limit: bool
) -> list[WaitingPlace]:
    """Everybody without a seat, by school type, municipality, month and cause.

    Children of today's list count in every month until they have a seat.
    """
    problem = model.problem
    classes = model.reached_classes(values)
    places: dict[tuple[int, int, int, Cause], WaitingPlace] = {}
    for queue in _queues(district, model, values):
        for t in range(problem.month_count):
            pupils = float(queue.pupils[t])
            if pupils <= NOTHING:
                continue
            cause = queue.cause(problem, classes, t, hit_limit)
            key = (queue.kind, queue.municipality, t, cause)
            found = WaitingPlace(
                school_type=problem.school_types[queue.kind],
                municipality=queue.municipality,
                month=t,
                pupils=pupils,
                since=queue.since(t),
                cause=cause,
                listed=round(pupils) if queue.listed else 0,
            )
            places[key] = _joined(places[key], found) if key in places else found
    return [places[key] for key in sorted(places, key=lambda k: (*k[:3], k[3].value))]


def _joined(one: WaitingPlace, other: WaitingPlace) -> WaitingPlace:
    """Two queues of one place that wait for the same cause."""
    return replace(
        one,
        pupils=one.pupils + other.pupils,
        since=min(one.since, other.since),
        listed=one.listed + other.listed,
    )


@dataclass(frozen=True)
class _Queue:
    """Children who wait for the same schools: forecast pupils, or a group of today's list."""

    kind: int
    municipality: int
    pupils: FloatArray
    """``[t]``"""
    reach: BoolArray
    """``[s]`` schools that they may attend."""
    since_by_month: tuple[date, ...]
    listed: bool = False
    pinned: bool = False
    excluded: bool = False

    def since(self, t: int) -> date:
        """Month since which the longest of them wait."""
        return self.since_by_month[t]

    def cause(self, problem: Problem, classes: IntArray, t: int, hit_limit: bool) -> Cause:
        """The first limit on the way to a seat."""
        if self.pinned:
            return Cause.PINNED
        cause = _cause(problem, classes, self.reach, self.kind, t, hit_limit)
        if self.excluded and cause in (Cause.NO_SCHOOL, Cause.NO_ROOM):
            return Cause.EXCLUDED
        return cause


def _queues(district: District, model: PlanningModel, values: FloatArray) -> Iterator[_Queue]:
    problem = model.problem
    months = range(problem.month_count)
    for kind in range(len(problem.school_types)):
        for i in range(problem.demand.shape[1]):
            pupils = np.array(
                [
                    values[model.waiting[kind, i, t].index] if (kind, i, t) in model.waiting else 0
                    for t in months
                ],
                dtype=np.float64,
            )
            reach = problem.reach[i] & (problem.kind == kind)
            since = tuple(_first_of_queue(problem, kind, i, t, float(pupils[t])) for t in months)
            yield _Queue(kind, i, pupils, np.asarray(reach, dtype=np.bool_), since)
    for g, group in enumerate(problem.groups):
        pupils = np.array([values[model.group_waiting[g, t].index] for t in months])
        child = district.newcomers[group.children[0]]
        yield _Queue(
            kind=group.kind,
            municipality=group.municipality,
            pupils=np.round(pupils),
            reach=group.allowed,
            since_by_month=tuple(
                _registered(district, group, round(float(count))) for count in pupils
            ),
            listed=True,
            pinned=bool(child.pinned_to),
            excluded=bool(child.excluded),
        )


def _first_of_queue(problem: Problem, kind: int, i: int, t: int, left: float) -> date:
    """Month in which the first of ``left`` waiting came: first come, first served."""
    month = t
    while month > 0 and left > float(problem.demand[kind, i, month]) + NOTHING:
        left -= float(problem.demand[kind, i, month])
        month -= 1
    return problem.months[month]


def _registered(district: District, group: ChildGroup, waiting: int) -> date:
    """Month of registration of the longest waiting; the others of the group have a seat."""
    children = group.children[len(group.children) - waiting :]
    days = [district.newcomers[c].registered or district.reference_date for c in children]
    return min(days, default=district.reference_date).replace(day=1)


def _cause(
    problem: Problem, classes: IntArray, reach: BoolArray, kind: int, t: int, hit_limit: bool
) -> Cause:
    """The first limit on the way to a seat: school, room, calendar, teacher, worth."""
    if not reach.any():
        return Cause.NO_SCHOOL
    room_left = classes[:, t] < problem.classes_today + problem.rooms
    if not (reach & room_left).any():
        return Cause.NO_ROOM
    opening = np.flatnonzero(problem.may_open[: t + 1])
    if not len(opening):
        later = np.flatnonzero(problem.may_open)
        return Cause.LEAD_TIME if len(later) else Cause.CLOSED_MONTH
    if not problem.may_open[t] and _full_since(problem, classes, reach, int(opening[-1]), t):
        return Cause.CLOSED_MONTH
    if problem.hours is not None and not _hours_left(problem, classes, reach, kind, t):
        return Cause.NO_TEACHER
    return Cause.TIME_LIMIT if hit_limit else Cause.NOT_WORTH


def _full_since(problem: Problem, classes: IntArray, reach: BoolArray, opened: int, t: int) -> bool:
    """Whether classes rise after the last month of opening, so that the calendar was the limit."""
    later = classes[reach][:, t + 1 :]
    return bool(later.size and (later.max(axis=1) > classes[reach][:, opened]).any())


def _hours_left(problem: Problem, classes: IntArray, reach: BoolArray, kind: int, t: int) -> bool:
    """Whether the teacher hours allow one more class at a school in reach."""
    assert problem.hours is not None
    rule = problem.hours[t]
    own = problem.kind == kind
    used = float((rule.per_class * classes[:, t])[own].sum())
    cheapest = float(rule.per_class[reach & own].min())
    if rule.steps is not None:
        used += sum(
            more
            for s in np.flatnonzero(own)
            for above, more in rule.steps[s]
            if problem.use_today[s, t] + problem.use_children[s, t] > above + 1e-9
        )
        cheapest += min(rule.steps[s][0][1] for s in np.flatnonzero(reach & own) if rule.steps[s])
    return bool(used + cheapest <= problem.hours_limit[kind] + 1e-6)
