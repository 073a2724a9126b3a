"""Bottlenecks: what one more seat, one more room or 25 more teacher hours would be worth.

The first goal is solved again with a little more of one thing, everything else as in the plan:

* where children wait, the worth is waiting months, as the goal „wartemonate“ counts them: least
  waiting with all rooms in use, without and with the addition
  (:mod:`daz_planner.planning.least_waiting`; without waiting as the first goal, with the classes of
  the plan).  More of something never makes it larger;
* where goals have prices, it is what they cost less
  (:mod:`daz_planner.planning.bottleneck_prices`); where the waiting goes before the prices, only
  of the types in which nobody waits;
* where nobody waits, it is new classes that need not open, else minutes of way.  A seat saves a
  class where the least number of openings falls, which a lower bound by relaxation mostly decides.
  Minutes are those with the classes of the plan; for a room, with one of the new classes there
  instead of where the plan opens it, so that other changes may be worth more.  They are told as
  „etwa“: the plan itself keeps to the guide value first, and each goal has its tolerance.

Not solved again is what is worth nothing for certain.  A school with seats left in every month of
one best solution: that solution stays the best when a limit is relaxed that does not bind (linear
programming; so not for classes saved, nor where children of today's list still seek whole seats or
teacher hours are limited).  A room where the school has rooms left in the plan and nobody waits,
or where no class of the type opens and nobody waits.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import SolverError
from daz_planner.planning.bottleneck_list import (
    NOBODY_WAITS,
    Bottleneck,
    Bottlenecks,
    Certainty,
    Resource,
)
from daz_planner.planning.bottleneck_prices import find_prices
from daz_planner.planning.bottleneck_types import CLASSES_GOAL, HOURS, TypeOfPlan
from daz_planner.planning.cause_text import leaves_seats_empty
from daz_planner.planning.fixed import Fixed, solve_fixed
from daz_planner.planning.hours import planned_together
from daz_planner.planning.least_waiting import (
    LeastWaiting,
    Network,
    least_waiting,
    with_hours,
    with_room,
    with_seat,
)
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import IntArray, Problem
from daz_planner.planning.solved_problem import planned_classes as planned_classes
from daz_planner.planning.solved_problem import problem_of_plan as problem_of_plan
from daz_planner.planning.solver import open_session
from daz_planner.planning.stages import WAITING, Budget, allowed_waiting
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

TINY_WAITING = 0.1
"""Waiting months below this are no worth."""
TINY_MINUTES = 1.0
"""Minutes below this, or below a thousandth of all, are no worth."""
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
            search.add(TypeOfPlan(plan, problem, classes, use, ordered.school[problem.schools]))
    return search.run()


def with_bottlenecks(plan: Plan, seconds: float) -> Plan:
    """The plan with its bottlenecks; as it is where more of something means nothing.

    So where it was cut off, for then nothing is proven, and where its goals leave seats empty.
    """
    if plan.hit_limit or leaves_seats_empty(plan.scenario.ziele):
        # Where children wait beside free seats, one more seat is worth nothing.
        return plan
    return replace(plan, bottlenecks=find_bottlenecks(plan, seconds))


class _Search:
    """Tries one addition after the other until the time is over."""

    def __init__(self, plan: Plan, budget: Budget) -> None:
        self.scenario = plan.scenario
        self.budget = budget
        self.items: list[Bottleneck] = []
        self.tried = self.without_worth = self.left_out = 0
        self.types: list[TypeOfPlan] = []

    def add(self, item: TypeOfPlan) -> None:
        """One more school type."""
        self.types.append(item)

    def run(self) -> Bottlenecks:
        """Where most wait comes first."""
        priced = self.scenario.ziele.preise is not None
        if priced and not any(item.waiting_first for item in self.types):
            self._by_prices(self.types)
            return self._sorted()
        based = []
        for item in self.types:
            try:
                based.append((self._base(item), item))
            except SolverError:
                self.left_out += 2 * len(item.classes)
        based.sort(key=lambda pair: (-pair[0].value, pair[1].name))
        for base, item in based:
            if base.value >= NOBODY_WAITS:
                self._where_children_wait(item, base)
            elif not priced:
                self._where_nobody_waits(item, base)
        if priced:
            self._by_prices([item for base, item in based if base.value < NOBODY_WAITS])
        return self._sorted()

    def _by_prices(self, types: list[TypeOfPlan]) -> None:
        found = find_prices(types, self.scenario, self._seconds)
        self.items += found.items
        self.tried += found.tried
        self.without_worth += found.without_worth
        self.left_out += found.left_out

    def _sorted(self) -> Bottlenecks:
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

    def _base(self, item: TypeOfPlan, problem: Problem | None = None) -> LeastWaiting:
        problem = item.problem if problem is None else problem
        seconds = self._seconds()
        if item.waiting_first:
            return least_waiting(problem, self.scenario, Network.ALL_ROOMS, seconds, tell_full=True)
        fixed = solve_fixed(problem, self.scenario, item.classes, seconds, gap=1e-6)
        return LeastWaiting(
            float(fixed.waiting.sum()), fixed.waiting.sum(axis=0), (True,) * len(item.classes)
        )

    def _where_children_wait(self, item: TypeOfPlan, base: LeastWaiting) -> None:
        problem = item.problem
        noise = 0.0 if problem.hours is None else self.scenario.rechnen.luecke * base.value
        least = max(TINY_WAITING, noise)
        allowed = allowed_waiting(self.scenario.ziele.toleranz, base.value)
        if self.scenario.ziele.preise is not None:
            # Seats go before prices without any tolerance.
            allowed = 0.0

        def waiting(resource: Resource, s: int, more: Problem) -> None:
            try:
                saved = base.value - self._base(item, more).value
            except SolverError:
                self.left_out += 1
                return
            self.tried += 1
            if saved > least:
                # Less than what the plan may leave waiting need not show in it.
                about = item.waiting_first and saved < allowed
                certainty = Certainty.ABOUT if about else Certainty.EXACT
                self.items.append(item.bottleneck(resource, s, waiting=saved, certainty=certainty))

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

    def _where_nobody_waits(self, item: TypeOfPlan, least: LeastWaiting) -> None:
        problem, classes = item.problem, item.classes
        # What the sheet Klassenplan has decided opens in any case, and where it is decided.
        opened = np.argwhere(np.diff(classes - problem.base, axis=1) > 0)
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
        openings = item.openings_needed() if len(opened) else 0
        for s in sorted(seats):
            self._seat(item, base, s, openings, least.value, ways=s in full)

    def _fixed(self, problem: Problem, classes: IntArray, *, placed: bool = False) -> Fixed:
        seconds = self._seconds()
        return solve_fixed(problem, self.scenario, classes, seconds, gap=1e-6, nobody_waits=placed)

    def _room_for_ways(self, item: TypeOfPlan, base: Fixed, s: int, opened: IntArray) -> None:
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
                if (moved[other] < item.fewest[other]).any():
                    continue
                fixed = self._fixed(problem, moved)
                if fixed.waiting.sum() <= base.waiting.sum() + TINY_WAITING:
                    best = max(best, base.minutes - fixed.minutes)
        except SolverError:
            self.left_out += 1
            return
        self.tried += 1
        if self._is_worth(best, base):
            self.items.append(
                item.bottleneck(Resource.ROOM, s, minutes=best, certainty=Certainty.AT_LEAST)
            )

    def _seat(
        self, item: TypeOfPlan, base: Fixed, s: int, openings: int, least: float, *, ways: bool
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
            self.items.append(item.bottleneck(Resource.SEAT, s, classes=float(saved)))
        elif waiting > TINY_WAITING:
            self.items.append(item.bottleneck(Resource.SEAT, s, waiting=waiting))
        elif self._is_worth(minutes, base):
            self.items.append(
                item.bottleneck(Resource.SEAT, s, minutes=minutes, certainty=Certainty.ABOUT)
            )

    def _is_worth(self, minutes: float, base: Fixed) -> bool:
        followed = self.scenario.ziele.follows("weg")
        return followed and minutes > max(TINY_MINUTES, 1e-3 * base.minutes)

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
        goal = model.goal(CLASSES_GOAL)
        if not goal:
            return 0
        session = open_session(
            self.scenario.rechnen.loeser,
            model.lp,
            gap=self.scenario.rechnen.luecke,
            threads=self.scenario.rechnen.threads,
        )
        allowed = allowed_waiting(self.scenario.ziele.toleranz, least)
        session.limit(model.goal(WAITING), least + allowed)
        constant = model.constant(CLASSES_GOAL)
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
        return self.scenario.ziele.order[:2] == (WAITING, CLASSES_GOAL)
