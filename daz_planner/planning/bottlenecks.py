"""Bottlenecks: what one more seat, one more room or 25 more teacher hours would be worth.

The first goal is solved again with a little more of one thing, everything else as in the plan:

* where children wait, the worth is waiting months, as the goal „wartemonate“ counts them: least
  waiting with all rooms in use, without and with the addition
  (:mod:`daz_planner.planning.least_waiting`; without waiting as the first goal, with the classes of
  the plan).  More of something never makes it larger;
* where nobody waits, it is new classes that need not open, else minutes of way.  A seat saves a
  class where the least number of openings falls, which a lower bound by relaxation mostly decides.
  Minutes are those with the classes of the plan; for a room, with one of the new classes there
  instead of where the plan opens it, so that other changes may be worth more.

Not solved again is what is worth nothing for certain.  A school with seats left in every month of
one best solution: that solution stays the best when a limit is relaxed that does not bind (linear
programming; so not for classes saved, nor where children of today's list still seek whole seats or
teacher hours are limited).  A room where the school has rooms left in the plan and nobody waits,
or where no class of the type opens and nobody waits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import SolverError
from daz_planner.german import listed
from daz_planner.planning.announced import with_announced
from daz_planner.planning.bottleneck_list import (
    NOBODY_WAITS,
    Bottleneck,
    Bottlenecks,
    Certainty,
    Resource,
)
from daz_planner.planning.fixed import Fixed, solve_fixed
from daz_planner.planning.hours import planned_together
from daz_planner.planning.least_waiting import (
    LeastWaiting,
    Network,
    least_waiting,
    planning_seats_left,
    with_hours,
    with_room,
    with_seat,
)
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import (
    FloatArray,
    IntArray,
    Problem,
    build_problem,
    group_children,
)
from daz_planner.planning.solver import open_session
from daz_planner.planning.stages import CHILD_MONTH, WAITING, Budget
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.order import Canonical, canonical
from daz_planner.simulation.population import build_population

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.planning.plan import Plan

HOURS = 25.0
"""Teacher hours a week whose worth is asked: about one more teacher."""
TINY_WAITING = 0.1
"""Waiting months below this are no worth."""
TINY_MINUTES = 1.0
"""Minutes below this, or below a thousandth of all, are no worth."""
_CLASSES_GOAL = "neue_klassen"
_FULL = 1e-3
_MIP_SECONDS = 3.0
_TIME_IS_UP = "Die Zeit für die Engpässe ist um."


def find_bottlenecks(plan: Plan, seconds: float) -> Bottlenecks:
    """The worth of more seats, rooms and teacher hours, type by type, within a time."""
    ordered = canonical(plan.district)
    district = ordered.district
    population = build_population(district, plan.scenario)
    outlook = expect(population)
    budget = Budget.of_seconds(seconds)
    search = _Search(plan, budget)
    for kinds in planned_together(district, plan.scenario, population.school_types):
        problem = problem_of_plan(plan, ordered, outlook, *kinds)
        if len(problem.schools):
            classes = np.asarray(plan.classes[ordered.school][problem.schools], dtype=np.int64)
            use = np.asarray(plan.use[ordered.school][problem.schools], dtype=np.float64)
            search.add(_Type(plan, problem, classes, use, ordered.school[problem.schools]))
    return search.run()


def with_bottlenecks(plan: Plan, seconds: float) -> Plan:
    """The plan with its bottlenecks; as it is where it was cut off, for then nothing is proven."""
    if plan.hit_limit:
        return plan
    return replace(plan, bottlenecks=find_bottlenecks(plan, seconds))


def problem_of_plan(plan: Plan, ordered: Canonical, outlook: Outlook, *kinds: str) -> Problem:
    """The problem of school types as the plan solved it, today's list on the plan's seats.

    Schools and municipalities are in canonical order; schools that the plan does not know run
    nothing.
    """
    district: District = ordered.district
    problem = build_problem(district, plan.scenario, outlook, kinds)
    row = {district.schools[s].name: n for n, s in enumerate(problem.schools.tolist())}
    index = {child.pupil_id: c for c, child in enumerate(district.newcomers)}
    use = np.zeros_like(problem.use_today)
    waiting = set()
    number = outlook.population.school_types.index
    for seat in plan.children:
        if seat.child.school_type not in kinds:
            continue
        name = None if seat.school is None else plan.district.schools[seat.school].name
        if seat.month == 0 and name in row:
            k = number(seat.child.school_type)
            use[row[name]] += outlook.child_survival(k, seat.child.grade)[0]
        else:
            waiting.add(index[seat.child.pupil_id])
    # Classes that an earlier plan announced may open in further months.
    problem = with_announced(problem, planned_classes(plan, district, problem))
    return problem.with_children(use, group_children(district, problem, outlook, waiting))


def planned_classes(plan: Plan, district: District, problem: Problem) -> IntArray:
    """``[s, t]`` classes of the plan at the schools of a problem, by their names."""
    row = {school.name: s for s, school in enumerate(plan.district.schools)}
    classes = np.zeros(problem.base.shape, dtype=np.int64)
    for n, s in enumerate(problem.schools.tolist()):
        name = district.schools[s].name
        if name in row:
            classes[n] = plan.classes[row[name]]
    return classes


@dataclass(frozen=True)
class _Type:
    """A school type of the plan, or several that share teacher hours."""

    plan: Plan
    problem: Problem
    classes: IntArray
    use: FloatArray
    original: IntArray
    """``[s]`` row in the workbook."""

    @property
    def name(self) -> str:
        return listed(self.problem.school_types)

    def kind_of(self, s: int) -> str:
        return self.problem.school_types[int(self.problem.kind[s])]

    @property
    def waiting_first(self) -> bool:
        return self.plan.scenario.ziele.order[0] == WAITING

    @property
    def is_linear(self) -> bool:
        """Whether nothing but fractions is decided once the classes are given."""
        return not self.problem.groups and self.problem.hours is None

    def rooms_used(self) -> IntArray:
        """Schools with all rooms in use in some month."""
        problem = self.problem
        closed = np.asarray(problem.barred[:, 1:].all(axis=1), dtype=np.bool_)
        rooms = (problem.most > 0) & ~closed[:, None]
        return np.flatnonzero((rooms & (self.classes >= problem.most))[:, 1:].any(axis=1))

    def with_class(self) -> IntArray:
        """Schools that run a class in some month after the reference date."""
        return np.flatnonzero((self.classes[:, 1:] > 0).any(axis=1))

    def full(self) -> IntArray:
        """Schools at which a forecast finds no seat in some month of the plan."""
        problem = self.problem
        used = problem.use_today + problem.use_children
        seats = problem.seats(self.classes) - self.use
        planned = planning_seats_left(problem, self.classes) - (self.use - used)
        return np.flatnonzero((np.minimum(seats, planned)[:, 1:] < _FULL).any(axis=1))


class _Search:
    """Tries one addition after the other until the time is over."""

    def __init__(self, plan: Plan, budget: Budget) -> None:
        self.scenario = plan.scenario
        self.budget = budget
        self.items: list[Bottleneck] = []
        self.tried = self.without_worth = self.left_out = 0
        self._types: list[_Type] = []

    def add(self, item: _Type) -> None:
        """One more school type."""
        self._types.append(item)

    def run(self) -> Bottlenecks:
        """Where most wait comes first."""
        based = []
        for item in self._types:
            try:
                based.append((self._base(item), item))
            except SolverError:
                self.left_out += 2 * len(item.classes)
        based.sort(key=lambda pair: (-pair[0].value, pair[1].name))
        for base, item in based:
            if base.value >= NOBODY_WAITS:
                self._where_children_wait(item, base)
            else:
                self._where_nobody_waits(item, base)
        found = sorted(
            self.items,
            key=lambda b: (
                *(-round(value, 6) for value in b.worth),
                b.school_type,
                -1 if b.school is None else b.school,
            ),
        )
        return Bottlenecks(tuple(found), self.tried, self.without_worth, self.left_out)

    def _seconds(self) -> float:
        seconds = self.budget.share(1)
        if seconds <= 0.0:
            raise SolverError(_TIME_IS_UP)
        return seconds

    # -- where children wait ----------------------------------------------------------------------

    def _base(self, item: _Type, problem: Problem | None = None) -> LeastWaiting:
        problem = item.problem if problem is None else problem
        seconds = self._seconds()
        if item.waiting_first:
            return least_waiting(problem, self.scenario, Network.ALL_ROOMS, seconds, tell_full=True)
        fixed = solve_fixed(problem, self.scenario, item.classes, seconds, gap=1e-6)
        return LeastWaiting(
            float(fixed.waiting.sum()), fixed.waiting.sum(axis=0), (True,) * len(item.classes)
        )

    def _where_children_wait(self, item: _Type, base: LeastWaiting) -> None:
        problem = item.problem
        noise = 0.0 if problem.hours is None else self.scenario.rechnen.luecke * base.value
        least = max(TINY_WAITING, noise)

        def waiting(resource: Resource, s: int, more: Problem) -> None:
            try:
                saved = base.value - self._base(item, more).value
            except SolverError:
                self.left_out += 1
                return
            self.tried += 1
            if saved > least:
                self._found(item, resource, s, waiting=saved)

        schools = range(len(item.classes))
        matters = [s for s in schools if base.full[s] or not item.is_linear]
        sites = problem.classes_today + problem.rooms > 0
        if item.waiting_first and problem.may_open.any():
            for s in schools:
                if s in matters or not sites[s]:
                    waiting(Resource.ROOM, s, with_room(problem, s))
                else:
                    self.without_worth += 1
        else:
            self.without_worth += len(item.classes)
        for group in range(len(problem.hours_groups)):
            waiting(Resource.HOURS, group, with_hours(problem, group, HOURS))
        running = set(item.with_class().tolist())
        for s in schools:
            if s in matters and s in running:
                waiting(Resource.SEAT, s, with_seat(problem, s))
            else:
                self.without_worth += 1

    # -- where nobody waits -----------------------------------------------------------------------

    def _where_nobody_waits(self, item: _Type, least: LeastWaiting) -> None:
        problem, classes = item.problem, item.classes
        opened = np.argwhere(np.diff(classes, axis=1) > 0)
        running = set(item.with_class().tolist())
        full = set(item.full().tolist()) & running
        # A seat can spare a class at a school that is full no more because of that class.
        seats = running if len(opened) else full
        rooms = set(item.rooms_used().tolist()) if len(opened) else set()
        # A site that the plan has filled can take a class that now opens elsewhere.
        rooms = {s for s in rooms if problem.rooms[s] + problem.classes_today[s] > 0}
        self.without_worth += 2 * len(classes) - len(seats) - len(rooms)
        if not seats and not rooms:
            return
        try:
            base = self._fixed(problem, classes)
        except SolverError:
            self.left_out += len(seats) + len(rooms)
            return
        for s in sorted(rooms):
            self._room_for_ways(item, base, s, opened)
        openings = int(np.diff(classes, axis=1).clip(min=0).sum())
        for s in sorted(seats):
            self._seat(item, base, s, openings, least.value, ways=s in full)

    def _fixed(self, problem: Problem, classes: IntArray, *, placed: bool = False) -> Fixed:
        seconds = self._seconds()
        return solve_fixed(problem, self.scenario, classes, seconds, gap=1e-6, nobody_waits=placed)

    def _room_for_ways(self, item: _Type, base: Fixed, s: int, opened: IntArray) -> None:
        """One of the new classes opens here instead."""
        best = 0.0
        problem = with_room(item.problem, s)
        try:
            for other, before in opened.tolist():
                if other == s:
                    continue
                moved = item.classes.copy()
                moved[other, before + 1 :] -= 1
                moved[s, before + 1 :] += 1
                fixed = self._fixed(problem, moved)
                if fixed.waiting.sum() <= base.waiting.sum() + TINY_WAITING:
                    best = max(best, base.minutes - fixed.minutes)
        except SolverError:
            self.left_out += 1
            return
        self.tried += 1
        if self._is_worth(best, base):
            self._found(item, Resource.ROOM, s, minutes=best, certainty=Certainty.AT_LEAST)

    def _seat(
        self, item: _Type, base: Fixed, s: int, openings: int, least: float, *, ways: bool
    ) -> None:
        problem = with_seat(item.problem, s)
        try:
            saved = self._classes_saved(problem, openings, least) if openings else 0
            placed = float(base.waiting.sum()) <= _FULL * _FULL
            fixed = base if saved or not ways else self._fixed(problem, item.classes, placed=placed)
        except SolverError:
            self.left_out += 1
            return
        self.tried += 1
        waiting = float((base.waiting - fixed.waiting).sum())
        minutes = base.minutes - fixed.minutes
        if saved:
            self._found(item, Resource.SEAT, s, classes=float(saved))
        elif waiting > TINY_WAITING:
            self._found(item, Resource.SEAT, s, waiting=waiting)
        elif self._is_worth(minutes, base):
            self._found(item, Resource.SEAT, s, minutes=minutes)

    def _is_worth(self, minutes: float, base: Fixed) -> bool:
        return minutes > max(TINY_MINUTES, 1e-3 * base.minutes)

    def _classes_saved(self, problem: Problem, openings: int, before: float) -> int:
        """Openings fewer than the plan's, with the least waiting the plan keeps to.

        ``before`` is the least waiting without the seat.
        """
        if problem.may_close.any() or not self.waiting_before_classes:
            return 0
        least = before
        if before > _FULL:
            seconds = self._seconds()
            least = least_waiting(problem, self.scenario, Network.ALL_ROOMS, seconds).value
        model = PlanningModel(problem)
        goal = model.goal(_CLASSES_GOAL)
        if not goal:
            return 0
        session = open_session(
            self.scenario.rechnen.loeser,
            model.lp,
            gap=self.scenario.rechnen.luecke,
            threads=self.scenario.rechnen.threads,
        )
        allowed = max(self.scenario.ziele.toleranz * least, CHILD_MONTH)
        session.limit(model.goal(WAITING), least + allowed)
        constant = model.constant(_CLASSES_GOAL)
        bound = session.minimise_relaxed(goal, seconds=self._seconds()) - constant
        if not math.isfinite(bound):
            raise SolverError(_TIME_IS_UP)
        if math.ceil(bound - 1e-6) >= openings:
            return 0
        outcome = session.minimise(
            goal, seconds=min(_MIP_SECONDS, self._seconds()), constant=constant
        )
        return max(0, openings - round(outcome.value))

    @property
    def waiting_before_classes(self) -> bool:
        order = list(self.scenario.ziele.order)
        return order[:1] == [WAITING] and _CLASSES_GOAL in order

    def _found(
        self,
        item: _Type,
        resource: Resource,
        s: int,
        *,
        waiting: float = 0.0,
        classes: float = 0.0,
        minutes: float = 0.0,
        certainty: Certainty = Certainty.EXACT,
    ) -> None:
        """Keep an addition; ``s`` is a school, or with teacher hours a group of schools."""
        school, kind, area = None, "", ""
        if resource is Resource.HOURS:
            group = item.problem.hours_groups[s]
            kinds = dict.fromkeys(item.kind_of(int(n)) for n in np.flatnonzero(group.schools))
            kind, area = listed(kinds), group.name if group.is_area else ""
        else:
            school, kind = int(item.original[s]), item.kind_of(s)
        self.items.append(
            Bottleneck(resource, kind, school, waiting, classes, minutes, certainty, area)
        )
