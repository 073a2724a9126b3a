"""Today's waiting list: whole children on the seats that are free now or will be.

The goals stand in :mod:`daz_planner.planning.seating_run`.

Children have the seats up to the class cap, not only up to the planning size: they are people, not
a forecast.  A seat that a child gets now is never left for one that opens later; seats that close
by decision are not given (:mod:`daz_planner.planning.lasting`).

The list is done first, alone or before the months ahead, and both times in the same way
(:func:`seat_list`): it has the seats that are free now and those that open soon, which is up to the
month in which a new class could open at the earliest.  Nothing that the plan of the months ahead
may decide gives a child of the list a seat sooner than these.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.model import District
from daz_planner.planning.grades import grade_of_type, school_grades
from daz_planner.planning.lasting import lasting_room
from daz_planner.planning.pins import check_pins
from daz_planner.planning.problem import FloatArray, IntArray, Problem
from daz_planner.planning.seating_offer import Offer, Taken
from daz_planner.planning.seating_run import SeatingGoal, solve_offer
from daz_planner.planning.seekers import minutes_between, seekers

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.expectation import Outlook

_EPSILON = 1e-9


@dataclass(frozen=True)
class Seating:
    """Who sits where from when: ``school[c]`` (index within the problem) for child ``c``.

    ``free`` are the whole free seats of each school on the reference date, before anybody is
    seated.
    """

    school: dict[int, int]
    free: IntArray
    use: FloatArray
    """``[s, t]`` seats that the seated children are expected to use."""
    cut_off: bool
    """Whether the time limit ended the search."""
    month: dict[int, int] = field(default_factory=dict)
    goals: tuple[SeatingGoal, ...] = ()
    lots: frozenset[int] = frozenset()
    """Children for whom the lot decided: another plan was as good in every goal."""
    outside: frozenset[int] = frozenset()
    """Children whose grade lies outside the spans of the school."""

    def of_schools(self, schools: IntArray) -> Seating:
        """The same for some schools, numbered anew in their order."""
        number = {int(s): n for n, s in enumerate(schools)}
        inside = {c: number[s] for c, s in self.school.items() if s in number}
        return Seating(
            school=inside,
            free=self.free[schools],
            use=self.use[schools],
            cut_off=self.cut_off,
            month={c: self.month[c] for c in inside},
            goals=self.goals,
            lots=self.lots & inside.keys(),
            outside=self.outside & inside.keys(),
        )


NOBODY = Seating({}, np.zeros(0, dtype=np.int64), np.zeros((0, 0)), False)
"""Before anybody is seated, no school known yet."""


def free_seats(problem: Problem) -> IntArray:
    """``[s]`` whole seats free on the reference date: class cap and reserve by hand."""
    seats = problem.class_cap[:, 0] * problem.classes_today + problem.correction
    return np.maximum(0, np.floor(seats - problem.use_today[:, 0] + _EPSILON)).astype(np.int64)


def seat_children(
    district: District, problem: Problem, outlook: Outlook, scenario: Scenario, seconds: float
) -> Seating:
    """Seat the children of the problem's school types on the reference date.

    Raises
    ------
    InputError
        If a pin contradicts the schools or an exclusion.
    """
    check_pins(district)
    free = free_seats(problem)
    nobody = Seating({}, free, np.zeros_like(problem.use_today), False)
    offer = _offer(
        district,
        problem,
        scenario,
        nobody,
        months=(0,),
        seats=free[:, None],
        cumulative=True,
        classes=problem.classes_today[:, None],
        room=_lasting_room(district, problem, outlook),
    )
    listed = listed_children(district, problem)
    return _seat(district, problem, outlook, scenario, nobody, listed, offer, seconds)


def seat_list(
    district: District, problem: Problem, outlook: Outlook, scenario: Scenario, seconds: float
) -> Seating:
    """Seat the children of the list on the seats that are free now, then on those that open soon.

    Raises
    ------
    InputError
        If a pin contradicts the schools or an exclusion.
    """
    since = time.perf_counter()
    now = seat_children(district, problem, outlook, scenario, seconds)
    left = max(0.0, seconds - (time.perf_counter() - since))
    soon = soon_months(problem)
    return seat_later(district, problem, outlook, scenario, now, problem.base, left, soon)


def whole_lasting_seats(problem: Problem, classes: IntArray, used: FloatArray) -> IntArray:
    """``[s, t]`` whole seats that are free from the month on until the end.

    Parameters
    ----------
    classes, used:
        ``[s, t]`` classes, and seats taken by children of the list.
    """
    room = problem.seats(classes) - problem.use_today - used
    lasting = np.minimum.accumulate(room[:, ::-1], axis=1)[:, ::-1]
    seats: IntArray = np.maximum(0, np.floor(lasting + _EPSILON)).astype(np.int64)
    return seats


def soon_months(problem: Problem) -> IntArray:
    """``[k]`` the month up to which seats open soon for a school type.

    The first in which one of its schools could open a class beyond today's and the decided ones,
    or the last month of the period where none ever can.
    """
    may_open = problem.may_open & (problem.most > problem.base)
    last = problem.month_count - 1
    found = np.full(len(problem.school_types), last, dtype=np.int64)
    for k in range(len(found)):
        months = np.flatnonzero(may_open[problem.kind == k].any(axis=0))
        if len(months):
            found[k] = min(last, int(months[0]))
    return found


def seat_later(
    district: District,
    problem: Problem,
    outlook: Outlook,
    scenario: Scenario,
    before: Seating,
    classes: IntArray,
    seconds: float,
    soon: IntArray | None = None,
) -> Seating:
    """Seat those who wait on the whole seats of later months.

    A seat counts from the month on from which it stays free to the end of the period: in classes
    that open, and where today's pupils are expected to leave.

    Parameters
    ----------
    classes:
        ``[s, t]`` classes that run.
    soon:
        ``[k]`` last month whose seats are given, the last of the period where it is left out.
    """
    if problem.month_count < 2:
        return before
    last = problem.month_count - 1
    until = np.full(len(problem.school_types), last) if soon is None else soon
    seats = whole_lasting_seats(problem, classes, before.use)
    end = int(until.max(initial=0)) + 1
    for s, k in enumerate(problem.kind.tolist()):
        # Seats count together from month to month: nobody enters where none is added.
        seats[s, until[k] :] = seats[s, until[k]]
    offer = _offer(
        district,
        problem,
        scenario,
        before,
        months=tuple(range(1, end)),
        seats=seats[:, 1:end],
        cumulative=True,
        classes=classes[:, 1:end],
    )
    waiting = [c for c in listed_children(district, problem) if c not in before.school]
    return _seat(district, problem, outlook, scenario, before, waiting, offer, seconds)


def seat_in_slots(
    district: District,
    problem: Problem,
    outlook: Outlook,
    scenario: Scenario,
    before: Seating,
    waiting: Iterable[int],
    slots: IntArray,
    room: FloatArray,
    classes: IntArray,
    seconds: float,
) -> Seating:
    """Give the later seats that a plan has for children of the list to whom they are due.

    Parameters
    ----------
    waiting:
        The children who may have one.
    slots:
        ``[s, t]`` children of the list who take a seat in the month.
    room:
        ``[s, t]`` seats for all of them together, as expected.
    """
    offer = _offer(
        district,
        problem,
        scenario,
        before,
        months=tuple(range(1, problem.month_count)),
        seats=slots[:, 1:],
        cumulative=False,
        classes=classes[:, 1:],
        room=room,
    )
    return _seat(district, problem, outlook, scenario, before, waiting, offer, seconds)


def _lasting_room(district: District, problem: Problem, outlook: Outlook) -> FloatArray | None:
    """``[s, t]`` seats that last, those of children whom the office has fixed there on top."""
    room = lasting_room(problem)
    if room is None:
        return None
    row = {district.schools[s].name: n for n, s in enumerate(problem.schools.tolist())}
    for c in listed_children(district, problem):
        child = district.newcomers[c]
        if child.pinned_to in row:
            kind = outlook.population.school_types.index(child.school_type)
            room[row[child.pinned_to]] += outlook.child_survival(kind, child.grade)[0]
    return room


def listed_children(district: District, problem: Problem) -> list[int]:
    """Children of the list of the problem's school types."""
    return [c for c, n in enumerate(district.newcomers) if n.school_type in problem.school_types]


def _offer(
    district: District,
    problem: Problem,
    scenario: Scenario,
    before: Seating,
    *,
    months: tuple[int, ...],
    seats: IntArray,
    cumulative: bool,
    classes: IntArray,
    room: FloatArray | None = None,
) -> Offer:
    """Seats on offer, with the grades that are there and those who have a seat already."""
    grades = school_grades(district, scenario)
    taken = []
    for c, s in sorted(before.school.items()):
        child = district.newcomers[c]
        grade = grade_of_type(child.grade, child.school_type)
        taken.append(Taken(s, child.school_type, child.family, grade))
    return Offer(
        months=months,
        seats=seats,
        cumulative=cumulative,
        classes=classes,
        grades=tuple(grades[s] for s in problem.schools.tolist()),
        between=minutes_between(district, scenario, problem.schools),
        taken=tuple(taken),
        room=room,
    )


def _seat(
    district: District,
    problem: Problem,
    outlook: Outlook,
    scenario: Scenario,
    before: Seating,
    chosen: Iterable[int],
    offer: Offer,
    seconds: float,
) -> Seating:
    """Solve an offer and put its seats to those given before."""
    found = seekers(district, scenario, problem, outlook, chosen)
    solved = solve_offer(found, offer, scenario, seconds)
    goals = tuple(replace(goal, later=offer.months[0] > 0) for goal in solved.goals)
    school, month = dict(before.school), dict(before.month)
    use = before.use.copy()
    for seeker in found:
        if seeker.child in solved.places:
            s, t = solved.places[seeker.child]
            school[seeker.child], month[seeker.child] = s, t
            use[s] += seeker.survival[t]
    return Seating(
        school=school,
        free=before.free,
        use=use,
        cut_off=before.cut_off or solved.cut_off,
        month=month,
        goals=(*before.goals, *goals),
        lots=before.lots | solved.lots,
        outside=before.outside | solved.outside,
    )
