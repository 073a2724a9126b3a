"""Who waits in the plan: how many, where, since when, and which limit is the cause."""

from __future__ import annotations

from datetime import date

import numpy as np

from daz_planner.district.model import District
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import Cause, WaitingPlace
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray, Problem

NOTHING = 1e-4
"""Children below this count as nobody: what is left of rounding in the solver."""


def waiting_places(
    district: District, model: PlanningModel, values: FloatArray, hit_limit: bool
) -> list[WaitingPlace]:
    """Everybody without a seat, by school type, municipality and month.

    Children of today's list count in every month until they have a seat.
    """
    problem = model.problem
    classes = model.reached_classes(values)
    places = []
    for kind, school_type in enumerate(problem.school_types):
        for i in range(problem.demand.shape[1]):
            queue = _queue(model, values, kind, i)
            listed = [
                g for g, x in enumerate(problem.groups) if (x.kind, x.municipality) == (kind, i)
            ]
            for t in range(problem.month_count):
                children = sum(values[model.group_waiting[g, t].index] for g in listed)
                pupils = float(queue[t] + children)
                if pupils <= NOTHING:
                    continue
                reach = _reachable(problem, kind, i, listed)
                places.append(
                    WaitingPlace(
                        school_type=school_type,
                        municipality=i,
                        month=t,
                        pupils=pupils,
                        since=_since(district, model, values, kind, i, t, queue, listed),
                        cause=_cause(problem, classes, reach, kind, t, hit_limit),
                        listed=round(children),
                    )
                )
    return places


def _queue(model: PlanningModel, values: FloatArray, kind: int, i: int) -> FloatArray:
    """``[t]`` forecast pupils who wait."""
    months = range(model.problem.month_count)
    queue = [
        values[model.waiting[kind, i, t].index] if (kind, i, t) in model.waiting else 0.0
        for t in months
    ]
    return np.array(queue, dtype=np.float64)


def _reachable(problem: Problem, kind: int, i: int, listed: list[int]) -> BoolArray:
    """``[s]`` schools that any of those who wait may attend."""
    reach = problem.reach[i] & (problem.kind == kind)
    for g in listed:
        reach = reach | problem.groups[g].allowed
    return np.asarray(reach, dtype=np.bool_)


def _since(
    district: District,
    model: PlanningModel,
    values: FloatArray,
    kind: int,
    i: int,
    t: int,
    queue: FloatArray,
    listed: list[int],
) -> date:
    """Month since which the longest of them wait; the queue is served first come, first served."""
    problem = model.problem
    registered: list[date] = []
    for g in listed:
        waiting = round(float(values[model.group_waiting[g, t].index]))
        # The longest waiting are seated first, so the last ones of the group still wait.
        children = problem.groups[g].children
        registered.extend(
            district.newcomers[c].registered or district.reference_date
            for c in children[len(children) - waiting :]
        )
    if registered:
        return min(registered).replace(day=1)
    left = float(queue[t])
    month = t
    while month > 0 and left > float(problem.demand[kind, i, month]) + NOTHING:
        left -= float(problem.demand[kind, i, month])
        month -= 1
    return problem.months[month]


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
