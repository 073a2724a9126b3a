"""One school type's front: the fewest minutes for each number of classes, and of class months.

What is asked and in which order stands in :mod:`daz_planner.planning.front`.  Numbers are limits of
one variable per measure (``spent ≤ n``), whose bounds a session can raise again, so that each
number starts from the plan of the one before.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pulp

from daz_planner.german import listed
from daz_planner.planning.explain import class_kind, pupils_after
from daz_planner.planning.front_links import add_site_links
from daz_planner.planning.front_points import (
    NOTHING,
    Curve,
    End,
    FrontPoint,
    Measure,
    NewClass,
    not_beaten,
    with_later_bounds,
)
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.problem import FloatArray, IntArray, Problem
from daz_planner.planning.solver import Outcome, Session, Terms, open_session
from daz_planner.planning.stages import WAITING

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

MOST_POINTS = 10
"""Most points of a curve of one school type."""
GAP = 0.001
"""Relative gap that is good enough for a point, where the scenario does not ask for a smaller."""
_GOALS = {Measure.CLASSES: "neue_klassen", Measure.CLASS_MONTHS: "klassenmonate"}
_HELD = (WAITING, "regelklassen")
_WAYS = "weg"
_NOBODY = 1e-7
_SLACK = 1e-4
_LEAST_SECONDS = 0.2
_PART = 4
"""One solve may take one part of so many of the time that is left."""
_TIDY = 8
"""Giving up class months that save nothing may take one part of so many of a solve's time."""
_WITHOUT_LIMIT = 1e9


class FrontSearch:
    """The model of one problem with a limit for each measure, and what is known so far.

    Parameters
    ----------
    names:
        ``[s]`` names of the schools.
    planned:
        ``[s, t]`` classes of the plan; the waiting that they allow is kept.
    least:
        ``[s, t]`` classes that run at least.
    seconds:
        Time for the first curve.

    Raises
    ------
    SolverError
        Nothing was found in the time.
    """

    def __init__(
        self,
        problem: Problem,
        scenario: Scenario,
        names: Sequence[str],
        planned: IntArray,
        least: IntArray,
        seconds: float,
    ) -> None:
        self.deadline = time.perf_counter() + seconds
        self.problem = problem
        self.scenario = scenario
        self.names = names
        self.planned = planned
        self.least = least
        self.model = model = PlanningModel(problem)
        add_site_links(model)
        self.limits = {
            goal: self._limit_variable(f"limit_{goal}", model.goal(goal))
            for goal in (*_GOALS.values(), _WAYS)
            if model.goal(goal)
        }
        rechnen = scenario.rechnen
        self.session: Session = open_session(
            rechnen.loeser, model.lp, gap=min(GAP, rechnen.luecke), threads=rechnen.threads
        )
        self.start = self._as_planned()
        self.floor: Outcome | None = None
        self.most_months = 0
        self.missing = False
        self.known: list[tuple[FrontPoint, FloatArray]] = []
        """Points found so far with their plans."""

    # -- the model ------------------------------------------------------------------------------

    def _limit_variable(self, name: str, terms: Terms) -> pulp.LpVariable:
        """A variable that is at least an expression, so that its upper bound limits that one."""
        limit: pulp.LpVariable = self.model.lp.add_variable(name, 0.0, _WITHOUT_LIMIT)
        row = pulp.LpAffineExpression([*terms, (limit, -1.0)])
        self.model.lp.addConstraint(
            pulp.LpConstraint(row, sense=pulp.LpConstraintLE, name=f"row_{name}", rhs=0.0)
        )
        return limit

    def _as_planned(self) -> FloatArray:
        """Classes as planned; the least waiting with them is what all points have to keep."""
        first = [int(t) for t in np.unique(self.model.period_of, return_index=True)[1]]
        allowed = []
        for s, row in enumerate(self.model.classes):
            for variable, t in zip(row, first, strict=True):
                low = max(float(variable.lowBound), float(self.least[s, t]))
                allowed.append((variable, low, float(variable.upBound)))
                count = float(self.planned[s, t])
                self.session.set_bounds(variable, count, count)
        values: FloatArray | None = None
        held = [goal for goal in _HELD if self.scenario.ziele.follows(goal)]
        for goal in dict.fromkeys((WAITING, *held)):
            terms = self.model.goal(goal)
            if terms:
                outcome = self.session.minimise(terms, seconds=self._seconds(1), start=values)
                values = outcome.values
                self._hold(terms, outcome.value)
        # Without anybody who has a way any plan with these classes will do.
        last = self.model.goal(_WAYS) or [(self.model.totals[-1], 1.0)]
        values = self.session.minimise(last, seconds=self._seconds(1), start=values).values
        for variable, low, high in allowed:
            self.session.set_bounds(variable, low, high)
        return values

    def _hold(self, terms: Terms, value: float) -> None:
        if value <= _NOBODY and all(v.lowBound == 0.0 and f > 0.0 for v, f in terms):
            # Better said to each variable than in a row that is nearly tight.
            for variable, _ in terms:
                self.session.set_bounds(variable, 0.0, 0.0)
        else:
            self.session.limit(terms, value + _SLACK)

    # -- the search -----------------------------------------------------------------------------

    def _seconds(self, solves: int) -> float:
        """Time for the next of so many solves that are still to come at most."""
        left = self.deadline - time.perf_counter()
        # Most points are found quickly, and what they leave goes to the others.
        return max(_LEAST_SECONDS, left / min(max(1, solves), _PART))

    def _time_is_up(self) -> bool:
        return time.perf_counter() >= self.deadline

    def give(self, seconds: float) -> None:
        """Time from now on."""
        self.deadline = time.perf_counter() + seconds

    def curve(self, measure: Measure) -> Curve:
        """The points of a measure, as many as time allows."""
        goal = self.model.goal(_GOALS[measure])
        if not goal or not self.model.goal(_WAYS):
            # No class can open, or nobody has a way: the plan is the only point.
            outcome = self._shortest(self.start, 1)
            point = self._point(outcome.values, outcome)
            return Curve(self.kind, measure, (point,), End.SHORTEST, True, point.bound)
        fewest = self._fewest(measure, self.start, self._seconds(_PART))
        values = fewest.values
        floor = self._floor(values)
        # Cut off, the search with all rooms only says what is at least needed.
        shortest = floor.bound if floor.status.is_cut_off else floor.value
        enough = -math.inf if shortest is None else shortest * (1.0 + self.session.gap) + NOTHING
        numbers = self._numbers(measure, round(fewest.value))
        points: list[FrontPoint] = []
        end = End.MORE
        for done, number in enumerate(numbers):
            # Less than the search with all rooms took would not even give a bound.
            if points and self.deadline - time.perf_counter() <= floor.seconds:
                end = End.TIME
                break
            self._set(_GOALS[measure], number + self._constant(measure))
            left = len(numbers) - done
            outcome = self._shortest(self._best_known(measure, number, values), left)
            values = outcome.values
            tidied = self._tidied(outcome, left) if measure is Measure.CLASSES else values
            points.append(self._point(tidied, outcome))
            self.known.append((points[-1], tidied))
            if outcome.value <= enough:
                end = End.SHORTEST
                break
        self._set(_GOALS[measure], _WITHOUT_LIMIT)
        if measure is Measure.CLASSES:
            self.most_months = points[-1].class_months
            self.missing = end is End.TIME
        elif end is End.MORE and self.missing:
            # How many months are worth a point is known from the points by classes.
            end = End.TIME
        bounds = with_later_bounds(points, floor.bound)
        points = [replace(p, bound=bound) for p, bound in zip(points, bounds, strict=True)]
        # A number is whole: proven where the bound, rounded up, reaches it.
        least = None if fewest.bound is None else math.ceil(fewest.bound - 1e-5)
        proven = least is not None and least >= round(fewest.value)
        best = not_beaten(points, measure)
        return Curve(self.kind, measure, best, end, proven, floor.bound, least)

    def _best_known(self, measure: Measure, number: int, otherwise: FloatArray) -> FloatArray:
        """The plan with the shortest ways found so far, by either measure, that keeps a limit."""
        fitting = [item for item in self.known if item[0].spent(measure) <= number]
        if not fitting:
            return otherwise
        return min(fitting, key=lambda item: item[0].minutes)[1]

    def _numbers(self, measure: Measure, first: int) -> list[int]:
        """The numbers that get a point: classes one by one, class months evenly spread."""
        if measure is Measure.CLASSES:
            rooms = int((self.problem.most - self.problem.base).max(axis=1).sum())
            return list(range(first, min(first + MOST_POINTS, max(first, rooms) + 1)))
        last = max(first, self.most_months)
        spread = np.linspace(first, last, min(MOST_POINTS, last - first + 1))
        return [round(n) for n in spread.tolist()]

    @property
    def kind(self) -> str:
        """The school type, or the several that share teacher hours."""
        return listed(self.problem.school_types)

    def _constant(self, measure: Measure) -> float:
        return self.model.constant(_GOALS[measure])

    def _set(self, goal: str, most: float) -> None:
        self.session.set_bounds(self.limits[goal], 0.0, most)

    def _fewest(self, measure: Measure, start: FloatArray, seconds: float) -> Outcome:
        """Fewest classes (class months) with the limits as they are."""
        return self.session.minimise(
            self.model.goal(_GOALS[measure]),
            seconds=seconds,
            start=self._with_limits(start),
            constant=self._constant(measure),
        )

    def _shortest(self, start: FloatArray, solves: int) -> Outcome:
        ways = self.model.goal(_WAYS)
        if not ways:
            return Outcome(start, 0.0, 0.0, SolveStatus.OPTIMAL, 0.0)
        return self.session.minimise(
            ways, seconds=self._seconds(solves), start=self._with_limits(start)
        )

    def _floor(self, start: FloatArray) -> Outcome:
        """The fewest minutes with all rooms, the same for both measures."""
        if self.floor is None:
            self.floor = self._shortest(start, _PART)
        return self.floor

    def _tidied(self, found: Outcome, solves: int) -> FloatArray:
        """The plan of a point without classes that save nothing: fewest class months."""
        if self._time_is_up():
            return found.values
        self._set(_WAYS, found.value + max(_SLACK, 1e-6 * found.value))
        seconds = max(_LEAST_SECONDS, self._seconds(solves) / _TIDY)
        values = self._fewest(Measure.CLASS_MONTHS, found.values, seconds).values
        self._set(_WAYS, _WITHOUT_LIMIT)
        return values

    def _with_limits(self, values: FloatArray) -> FloatArray:
        """A start in which each limit is what its expression is."""
        start = values.copy()
        for goal, limit in self.limits.items():
            start[limit.index] = self.session.value_of(self.model.goal(goal), values)
        return start

    # -- what a plan looks like -----------------------------------------------------------------

    def plan_point(self) -> FrontPoint:
        """The plan's classes, with the fewest minutes that they allow."""
        return self._point(self.start, Outcome(self.start, 0.0, None, SolveStatus.NOT_RUN, 0.0))

    def _point(self, values: FloatArray, outcome: Outcome) -> FrontPoint:
        """What the values of the variables say; bound and status are those of the minutes."""
        problem, model = self.problem, self.model
        pupils = over = 0.0
        entering = [
            *((i, s, variable) for (i, s, _), variable in model.flows.items()),
            *((problem.groups[g].municipality, s, v) for (g, s, _), v in model.seated.items()),
        ]
        for i, s, variable in entering:
            count = float(values[variable.index])
            pupils += count
            over += count if problem.excess[i, s] > 0.0 else 0.0
        spent = {
            measure: round(self.session.value_of(model.goal(goal), values) - model.constant(goal))
            for measure, goal in _GOALS.items()
        }
        return FrontPoint(
            classes=spent[Measure.CLASSES],
            class_months=spent[Measure.CLASS_MONTHS],
            minutes=self.session.value_of(model.goal(_WAYS), values),
            bound=outcome.bound,
            status=outcome.status,
            pupils=pupils,
            over_soft=over,
            opened=self._opened(values),
        )

    def _opened(self, values: FloatArray) -> tuple[NewClass, ...]:
        problem = self.problem
        classes = self.model.reached_classes(values)
        use = problem.use_today + problem.use_children
        use = use + np.array(
            [
                [
                    self.session.value_of(self.model.seat_use(s, t), values)
                    for t in range(problem.month_count)
                ]
                for s in range(len(self.names))
            ]
        )
        steps = np.diff(classes - problem.base, axis=1)
        return tuple(
            NewClass(
                school=self.names[s],
                school_type=problem.school_types[int(problem.kind[s])],
                month=t + 1,
                classes=int(steps[s, t]),
                kind=class_kind(pupils_after(problem, classes, use, s, t + 1)),
            )
            for s, t in np.argwhere(steps > 0).tolist()
        )
