"""Who waits in the plan: how many, where, since when, and which limit is the cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from daz_planner.district.model import District
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import Cause, WaitingPlace
from daz_planner.planning.problem import BoolArray, ChildGroup, FloatArray, IntArray, Problem

_A_SEAT = 0.05
_RESERVE_SEAT = 0.5
_NOBODY = 1e-6
_WITH_A_SEAT = (Cause.NOT_WORTH, Cause.NOT_SEATED, Cause.NO_TEACHER)
_WITH_RESERVE = (
    *(Cause.NO_ROOM, Cause.NO_TEACHER, Cause.LEAD_TIME),
    *(Cause.CLOSED_MONTH, Cause.NOT_WORTH, Cause.TIME_LIMIT),
)
"""Causes that leave out of sight that the planning size keeps seats free."""

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
    seats = _FreeSeats.of(problem, classes, use)
    missing: dict[str, float] = {}
    places: dict[tuple[int, int, int, Cause, bool], WaitingPlace] = {}
    for queue in _queues(district, model, values):
        for t in range(problem.month_count):
            pupils = float(queue.pupils[t])
            if pupils <= NOTHING:
                continue
            cause = queue.cause(problem, classes, seats, t, hit_limit, counted)
            if strict_spans and queue.graded and cause in _WITH_A_SEAT:
                cause = Cause.GRADES
            if cause is Cause.NO_TEACHER:
                kind = problem.school_types[queue.kind]
                hours = queue.hours_missing(problem, classes, seats, t, counted)
                missing[kind] = max(missing.get(kind, 0.0), hours)
            reserve = cause in _WITH_RESERVE and queue.sees_reserve(seats, t)
            key = (queue.kind, queue.municipality, t, cause, reserve)
            found = WaitingPlace(
                school_type=problem.school_types[queue.kind],
                municipality=queue.municipality,
                month=t,
                pupils=pupils,
                since=queue.since(t),
                cause=cause,
                listed=round(pupils) if queue.listed else 0,
                reserve=reserve,
            )
            places[key] = _joined(places[key], found) if key in places else found
    found_places = [places[key] for key in sorted(places, key=lambda k: (*k[:3], k[3].value, k[4]))]
    return _with_hours(problem, found_places, missing)


def _with_hours(
    problem: Problem, places: list[WaitingPlace], missing: Mapping[str, float]
) -> list[WaitingPlace]:
    """The places with the hours that are missing: one number a school type, that of its worst
    month, so that the children of a place stand in one row for all months."""
    if not missing:
        return places
    return [
        replace(place, hours_missing=missing[place.school_type])
        if place.cause is Cause.NO_TEACHER
        else place
        for place in places
    ]


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
        seats: _FreeSeats,
        t: int,
        hit_limit: bool,
        counted: FloatArray,
    ) -> Cause:
        """The first limit on the way to a seat."""
        if self.pinned:
            return Cause.PINNED
        free = seats.to_cap if self.listed else seats.to_plan
        seated = self.reach & (free[:, t] > _A_SEAT)
        cause = _cause(problem, classes, seated, self.reach, self.kind, t, hit_limit, counted)
        if self.excluded and cause is Cause.NO_ROOM:
            return Cause.EXCLUDED
        if self.excluded and cause is Cause.NO_SCHOOL:
            near = problem.reach[self.municipality] & (problem.kind == self.kind)
            return Cause.ALL_EXCLUDED if near.any() else cause
        if cause is Cause.NO_ROOM and seats.closing[self.reach, t].any():
            return Cause.CLOSING
        return cause

    def hours_missing(
        self,
        problem: Problem,
        classes: IntArray,
        seats: _FreeSeats,
        t: int,
        counted: FloatArray,
    ) -> float:
        """Hours a week that are missing for a child on a free seat, else for one more class."""
        free = seats.to_cap if self.listed else seats.to_plan
        seated = self.reach & (free[:, t] > _A_SEAT)
        if seated.any():
            return _hours_for_pupil(problem, classes, counted, seated, t)
        return _hours_for_class(problem, classes, counted, self.reach, self.kind, t)

    def sees_reserve(self, seats: _FreeSeats, t: int) -> bool:
        """Whether seats in reach are free that only children of today's list may take."""
        return not self.listed and bool((seats.to_cap[self.reach, t] >= _RESERVE_SEAT).any())


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
    listed = [
        (group, [values[model.group_waiting[g, t].index] if t < group.until else 0 for t in months])
        for g, group in enumerate(problem.groups)
    ]
    for begins, group in problem.soon:
        listed.append((group, [len(group.children) if t < begins else 0 for t in months]))
    for group, numbers in listed:
        pupils = np.array(numbers, dtype=np.float64)
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
    seated: BoolArray,
    reach: BoolArray,
    kind: int,
    t: int,
    hit_limit: bool,
    counted: FloatArray,
) -> Cause:
    """The first limit on the way to a seat: school, teacher, room, calendar, worth.

    ``seated`` are the schools in reach that have a seat free.
    """
    if not reach.any():
        return Cause.NO_SCHOOL
    limited = problem.hours is not None
    if seated.any():
        # Seats are free and nobody may take them: either teachers are missing, where hours go by
        # pupils, or it was not worth.
        if limited and _hours_for_pupil(problem, classes, counted, seated, t) > _NOBODY:
            return Cause.NO_TEACHER
        return Cause.TIME_LIMIT if hit_limit else Cause.NOT_SEATED
    if not (reach & (classes[:, t] < problem.most[:, t])).any():
        return Cause.NO_ROOM
    if t < problem.open_from:
        return Cause.LEAD_TIME
    months = np.flatnonzero(problem.may_open[: t + 1])
    if not len(months) or (
        not problem.may_open[t] and _opens_later(classes, reach, int(months[-1]), t)
    ):
        return Cause.CLOSED_MONTH
    if limited and _hours_for_class(problem, classes, counted, reach, kind, t) > _NOBODY:
        return Cause.NO_TEACHER
    return Cause.TIME_LIMIT if hit_limit else Cause.NOT_WORTH


@dataclass(frozen=True)
class _FreeSeats:
    """``[s, t]`` seats that a child could still take in a month and keep until it leaves the VKA.

    Attributes
    ----------
    to_plan:
        Up to the planning size: for children of the forecast.
    to_cap:
        Up to the class cap: for children of today's list.
    closing:
        Whether seats are free that go with a class whose closing is decided.
    """

    to_plan: FloatArray
    to_cap: FloatArray
    closing: BoolArray

    @classmethod
    def of(cls, problem: Problem, classes: IntArray, use: FloatArray) -> _FreeSeats:
        """The seats that a plan leaves; ``use`` as in :func:`waiting_places`."""
        seats = problem.seats(classes) - use
        forecast = use - problem.use_today - problem.use_children
        kept = np.minimum(problem.use_today, problem.planning_size * problem.base)
        planned = problem.planning_size * classes - kept - forecast
        to_cap = _lasting(problem, seats)
        later = np.logical_or.accumulate(problem.closing[:, ::-1], axis=1)[:, ::-1]
        closing = later & (seats > _A_SEAT) & (to_cap <= _A_SEAT)
        return cls(_lasting(problem, np.minimum(seats, planned)), to_cap, closing)


def _lasting(problem: Problem, free: FloatArray) -> FloatArray:
    """A seat that is wanted again before the child leaves it is none."""
    lasting = np.empty_like(free)
    for t in range(problem.month_count):
        stays = problem.survival[problem.kind, t, t:]
        wanted = np.divide(
            free[:, t:], stays, out=np.full(stays.shape, np.inf), where=stays > _NOBODY
        )
        lasting[:, t] = np.minimum(free[:, t], wanted.min(axis=1))
    return lasting


def _opens_later(classes: IntArray, reach: BoolArray, opened: int, t: int) -> bool:
    """Whether classes rise after the last month of opening, so that the calendar was the limit."""
    later = classes[reach][:, t + 1 :]
    return bool(later.size and (later.max(axis=1) > classes[reach][:, opened]).any())


def _hours_for_pupil(
    problem: Problem, classes: IntArray, pupils: FloatArray, seated: BoolArray, t: int
) -> float:
    """Hours missing for a little more of a pupil at one of the schools, 0 where they suffice."""
    assert problem.hours is not None
    rule = problem.hours[t]
    if rule.steps is None:
        return 0.0
    least = np.inf
    for s in np.flatnonzero(seated):
        more = pupils[:, t].copy()
        more[s] += _A_SEAT
        before, after = (rule.need(classes[:, t], count) for count in (pupils[:, t], more))
        if after[s] <= before[s] + _NOBODY:
            return 0.0
        beyond = [
            float(after[group.schools].sum()) - group.limit
            for group in problem.hours_groups
            if group.schools[s]
        ]
        least = min(least, max(0.0, *beyond, 0.0))
    return float(least) if np.isfinite(least) else 0.0


def _hours_for_class(
    problem: Problem, classes: IntArray, pupils: FloatArray, reach: BoolArray, kind: int, t: int
) -> float:
    """Hours missing for one more class at a school in reach with a room, 0 where they suffice.

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
    least = np.inf
    for s in np.flatnonzero(with_room):
        further = float(rule.per_class[s])
        if rule.steps is not None:
            steps = (more for above, more in rule.steps[s] if pupils[s, t] <= above + _NOBODY)
            further += next(steps, 0.0)
        least = min(least, max(0.0, further - float(left[s])))
    return float(least) if np.isfinite(least) else 0.0
