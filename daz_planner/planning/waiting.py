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

_A_SEAT = 0.05
_NOBODY = 1e-6

NOTHING = 1e-4
"""Children below this count as nobody: what is left of rounding in the solver."""


def waiting_places(
    district: District,
    model: PlanningModel,
    values: FloatArray,
    use: FloatArray,
    hit_limit: bool,
    *,
    strict_spans: bool = False,
) -> list[WaitingPlace]:
    """Everybody without a seat, by school type, municipality, month and cause.

    Children of today's list count in every month until they have a seat or leave the school type.

    Parameters
    ----------
    use:
        ``[s, t]`` expected seats in use, all pupils together.
    strict_spans:
        Whether children of the list wait where their grade fits in no class.
    """
    problem = model.problem
    classes = model.reached_classes(values)
    counted = use if problem.counted is None else counted_pupils(model, values)
    places: dict[tuple[int, int, int, Cause], WaitingPlace] = {}
    for queue in _queues(district, model, values):
        for t in range(problem.month_count):
            pupils = float(queue.pupils[t])
            if pupils <= NOTHING:
                continue
            cause = queue.cause(problem, classes, use, t, hit_limit, counted)
            if strict_spans and queue.graded and cause in (Cause.NOT_WORTH, Cause.NO_TEACHER):
                cause = Cause.GRADES
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


def counted_pupils(model: PlanningModel, values: FloatArray) -> FloatArray:
    """``[s, t]`` expected pupils of a solution who count for the teacher hours."""
    pupils = model.problem.counted_now()
    for s, t in np.ndindex(*pupils.shape):
        pupils[s, t] += sum(
            factor * values[variable.index] for variable, factor in model.counted_use(s, t)
        )
    return pupils


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
    graded: bool = False
    """Children of today's list whose grade is known."""

    def since(self, t: int) -> date:
        """Month since which the longest of them wait."""
        return self.since_by_month[t]

    def cause(
        self,
        problem: Problem,
        classes: IntArray,
        use: FloatArray,
        t: int,
        hit_limit: bool,
        counted: FloatArray,
    ) -> Cause:
        """The first limit on the way to a seat."""
        if self.pinned:
            return Cause.PINNED
        cause = _cause(problem, classes, use, self.reach, self.kind, t, hit_limit, counted)
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
        pupils = np.array(
            [values[model.group_waiting[g, t].index] if t < group.until else 0.0 for t in months]
        )
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
            graded=child.grade is not None,
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
    problem: Problem,
    classes: IntArray,
    use: FloatArray,
    reach: BoolArray,
    kind: int,
    t: int,
    hit_limit: bool,
    counted: FloatArray,
) -> Cause:
    """The first limit on the way to a seat: school, teacher, room, calendar, worth."""
    if not reach.any():
        return Cause.NO_SCHOOL
    limited = problem.hours is not None
    if (_seats_left(problem, classes, use, t)[reach] > _A_SEAT).any():
        # Seats are free and nobody may take them: either teachers are missing, where hours go by
        # pupils, or it was not worth.
        if problem.hours is not None and problem.hours[t].steps is not None:
            return Cause.NO_TEACHER
        return Cause.TIME_LIMIT if hit_limit else Cause.NOT_WORTH
    if not (reach & (classes[:, t] < problem.most[:, t])).any():
        return Cause.NO_ROOM
    if t < problem.open_from:
        return Cause.LEAD_TIME
    months = np.flatnonzero(problem.may_open[: t + 1])
    if not len(months) or (
        not problem.may_open[t] and _opens_later(classes, reach, int(months[-1]), t)
    ):
        return Cause.CLOSED_MONTH
    if limited and not _hours_left(problem, classes, counted, reach, kind, t):
        return Cause.NO_TEACHER
    return Cause.TIME_LIMIT if hit_limit else Cause.NOT_WORTH


def _seats_left(problem: Problem, classes: IntArray, use: FloatArray, t: int) -> FloatArray:
    """``[s]`` seats that a forecast pupil could still take in the month."""
    seats = problem.seats(classes)[:, t]
    today = problem.use_today[:, t]
    forecast = use[:, t] - today - problem.use_children[:, t]
    kept = np.minimum(today, problem.planning_size[:, t] * problem.base[:, t])
    planned = problem.planning_size[:, t] * classes[:, t] - kept - forecast
    return np.minimum(seats - use[:, t], planned)


def _opens_later(classes: IntArray, reach: BoolArray, opened: int, t: int) -> bool:
    """Whether classes rise after the last month of opening, so that the calendar was the limit."""
    later = classes[reach][:, t + 1 :]
    return bool(later.size and (later.max(axis=1) > classes[reach][:, opened]).any())


def _hours_left(
    problem: Problem, classes: IntArray, pupils: FloatArray, reach: BoolArray, kind: int, t: int
) -> bool:
    """Whether the teacher hours allow one more class at a school in reach with a room.

    ``pupils`` are those who count for the hours.
    """
    assert problem.hours is not None
    rule = problem.hours[t]
    needed = rule.need(classes[:, t], pupils[:, t] - _NOBODY)
    left = np.full(len(classes), np.inf)
    for group in problem.hours_groups:
        own = float(needed[group.schools].sum())
        left[group.schools] = np.minimum(left[group.schools], group.limit - own)
    with_room = reach & (problem.kind == kind) & (classes[:, t] < problem.most[:, t])
    for s in np.flatnonzero(with_room):
        further = float(rule.per_class[s])
        if rule.steps is not None:
            steps = (more for above, more in rule.steps[s] if pupils[s, t] <= above + _NOBODY)
            further += next(steps, 0.0)
        if further <= left[s] + _NOBODY:
            return True
    return False
