"""Whole children one by one: every way to seat them is tried, for every decision on classes.

Where nobody who has a seat gives it back and all numbers are whole, the best plan seats whole
children.  So the goals can be computed without any solver: from each child, its month and its
school.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import Problem
from daz_planner.planning.stages import Budget, solve_stages
from daz_planner.scenario.solving import GOALS
from tests.factories import scenario
from tests.planning.brute import IntArray, class_decisions, hours_needed, openings
from tests.planning.random_problems import problems

DEEP = int(os.environ.get("DAZ_TIEF", "1"))
MOST = 20_000
CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

Spot = tuple[int, int] | None
"""(school, month) of a seat, or none."""


class Seekers:
    """Children who are alike: residence, type and month of registration, or a group of the list."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.number: list[int] = []
        self.options: list[list[Spot]] = []
        self.of: list[tuple[int, int, int] | int] = []
        every = range(problem.month_count)
        for k, i, t in np.ndindex(*problem.demand.shape):
            if problem.demand[k, i, t] > 0:
                near = [
                    s for s in np.flatnonzero(problem.reach[i]).tolist() if problem.kind[s] == k
                ]
                self._add(round(problem.demand[k, i, t]), near, every[t:], (k, i, t))
        for g, group in enumerate(problem.groups):
            allowed = np.flatnonzero(group.allowed).tolist()
            self._add(len(group.children), allowed, every[1 : group.until], g)

    def _add(
        self, number: int, schools: list[int], months: range, of: tuple[int, int, int] | int
    ) -> None:
        self.number.append(number)
        self.options.append([None, *product(schools, months)])
        self.of.append(of)

    def count(self) -> int:
        """Ways to seat all children, alike ones not told apart."""
        total = 1
        for number, options in zip(self.number, self.options, strict=True):
            for n in range(number):
                total = total * (len(options) + n) // (n + 1)
        return total

    def ways(self) -> Iterator[tuple[tuple[Spot, ...], ...]]:
        """Every way: the spots of the children of each kind."""
        return product(
            *(
                combinations_with_replacement(options, number)
                for number, options in zip(self.number, self.options, strict=True)
            )
        )

    def waiting(self, spots: tuple[tuple[Spot, ...], ...]) -> tuple[float, float]:
        """Waiting months, long waiting counted twice, and days of the list that wait."""
        p, end = self.problem, self.problem.month_count
        total = days = 0.0
        queue = np.zeros(p.demand.shape)
        for of, chosen in zip(self.of, spots, strict=True):
            if isinstance(of, int):
                group = p.groups[of]
                for spot in chosen:
                    for t in range(group.until if spot is None else spot[1]):
                        total += 2 if group.months_waited + t >= 2 else 1
                        days += group.days_waited
                continue
            k, i, since = of
            for spot in chosen:
                queue[k, i, since : end if spot is None else spot[1]] += 1
        for k, i, t in np.ndindex(*p.demand.shape):
            recent = p.demand[k, i, max(0, t - 1) : t + 1].sum()
            total += queue[k, i, t] + max(0.0, queue[k, i, t] - recent)
        return total, days

    def use(self, spots: tuple[tuple[Spot, ...], ...]) -> tuple[IntArray, IntArray]:
        """``[s, t]`` seats used by forecast pupils and by children of the list."""
        forecast = np.zeros(self.problem.use_today.shape)
        listed = np.zeros(self.problem.use_today.shape)
        for of, chosen in zip(self.of, spots, strict=True):
            where = listed if isinstance(of, int) else forecast
            for spot in chosen:
                if spot is not None:
                    where[spot[0], spot[1] :] += 1
        return forecast, listed

    def ride(self, spots: tuple[tuple[Spot, ...], ...]) -> tuple[float, float]:
        """Minutes beyond the soft limit, and minutes."""
        p, more, total = self.problem, 0.0, 0.0
        for of, chosen in zip(self.of, spots, strict=True):
            place = p.groups[of].municipality if isinstance(of, int) else of[1]
            for spot in chosen:
                if spot is not None:
                    more += p.excess[place, spot[0]]
                    total += p.minutes[place, spot[0]]
        return more, total


def plans(problem: Problem, seekers: Seekers, decisions: list[IntArray]) -> dict[str, np.ndarray]:
    """Goal → its value in each plan that is possible."""
    used = problem.use_today + problem.use_children
    rows = []
    of_classes = []
    for classes in decisions:
        seats = problem.seats(classes)
        today = problem.seats(problem.base)
        above = np.maximum(0.0, used - today)
        above = np.maximum(0.0, above - problem.class_cap * np.maximum(0, classes - problem.base))
        kept = np.minimum(problem.use_today, problem.planning_size * problem.base)
        planned = problem.planning_size * classes - kept
        of_classes.append((classes, seats, above, planned))
    for spots in seekers.ways():
        forecast, listed = seekers.use(spots)
        waiting, days = seekers.waiting(spots)
        more, ride = seekers.ride(spots)
        use = used + forecast + listed
        for classes, seats, above, planned in of_classes:
            if (forecast > planned).any() or (use > seats + above).any():
                continue
            short = 0.0
            if problem.hours is not None:
                limit = np.array([[group.limit] for group in problem.hours_groups])
                limit = limit.reshape(-1, 1)
                missing = hours_needed(problem, classes, use) - limit
                most = np.maximum(0.0, hours_needed(problem, problem.base, used) - limit)
                if (missing > most).any():
                    continue
                short = float(np.maximum(0.0, missing).sum())
            rows.append(
                (
                    waiting,
                    openings(problem, classes).sum(),
                    short,
                    (classes - problem.base)[:, 1:].sum(),
                    np.maximum(0.0, use - seats).sum(),
                    more,
                    ride,
                    days,
                )
            )
    table = np.array(rows, dtype=np.float64)
    return dict(zip([*GOALS, "vorrang"], table.T, strict=True))


@settings(max_examples=30 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(problem=problems(whole=True))
def test_no_way_to_seat_whole_children_is_better(problem: Problem) -> None:
    decisions = class_decisions(problem, 40)
    seekers = Seekers(problem)
    assume(decisions is not None and seekers.count() * len(decisions) <= MOST)
    assert decisions is not None
    setting = scenario(ziele={"toleranz": 0.0}, rechnen={"luecke": 0.0, "threads": 1})
    stages = solve_stages(PlanningModel(problem), setting, Budget.of_seconds(300.0), 1).stages
    values = plans(problem, seekers, decisions)
    told = {stage.goal: stage.value for stage in stages}
    left = np.ones(len(values["weg"]), dtype=np.bool_)
    for goal in ("wartemonate", "neue_klassen", "regelklassen", "klassenmonate"):
        best = float(values[goal][left].min())
        assert told.get(goal, 0.0) == pytest.approx(best, abs=1e-3), goal
        left &= values[goal] <= best + 1e-6
    for goal in ("wartemonate", "vorrang", "ueberbelegung", "weg_ueber_richtwert", "weg"):
        best = float(values[goal][left].min())
        name = "wartemonate_erneut" if goal == "wartemonate" else goal
        assert told.get(name, 0.0) == pytest.approx(best, abs=2e-3), goal
        left &= values[goal] <= best + 1e-6
