"""The value of each goal against every decision on classes, tried one by one.

``DAZ_TIEF=10`` tries ten times as many problems.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, PlanState
from daz_planner.planning import make_plan
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import SolveStatus, StageResult
from daz_planner.planning.problem import Problem
from daz_planner.planning.stages import Budget, solve_stages
from daz_planner.scenario.solving import GOALS
from daz_planner.simulation import simulate
from tests.factories import district, scenario, school
from tests.planning.brute import AGAIN, PRICES, SPREAD, WAITING, Brute, allowed, stage_order
from tests.planning.random_problems import problems

DEEP = int(os.environ.get("DAZ_TIEF", "1"))
CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
ALL = (*GOALS, SPREAD)
MOST = 60
"""Decisions on classes that one example may have."""


def solved(
    problem: Problem, tolerance: float, goals: Sequence[str], solver: str = "highs"
) -> tuple[StageResult, ...]:
    aims = {"preise": dict(problem.prices)} if problem.prices else {"reihenfolge": list(goals)}
    setting = scenario(
        ziele={"toleranz": tolerance, **aims},
        rechnen={"luecke": 0.0, "threads": 1, "loeser": solver},
    )
    solution = solve_stages(PlanningModel(problem), setting, Budget.of_seconds(300.0), 1)
    return tuple(solution.stages)


def compare(
    problem: Problem, stages: Sequence[StageResult], tolerance: float, goals: Sequence[str]
) -> None:
    """Each stage reaches the best value that the values before leave, and no bound is above it."""
    brute = Brute(problem, MOST)
    assume(not brute.too_many)
    told = {stage.goal: stage for stage in stages}
    assert len(told) == len(stages)
    order = [goal for goal in stage_order(goals) if goal in told]
    assert [stage.goal for stage in stages] == order
    limits: list[tuple[str, float, float]] = []
    for goal in stage_order(goals):
        best = brute.best(goal, [(name, limit) for name, limit, _ in limits])
        if goal not in told:
            # Nothing to decide: the goal has one value, and that is nothing.
            assert best is None or abs(best) <= 1e-6, goal
            continue
        stage = told[goal]
        near = 1e-4 * max(1.0, abs(stage.value))
        if best is None or abs(best - stage.value) > near:
            # A limit that is met to the last digit may be missed or not, by rounding alone.
            wide = brute.best(goal, [(name, limit + 2 * more) for name, limit, more in limits])
            close = brute.best(goal, [(name, limit - more) for name, limit, more in limits])
            assert wide is not None, goal
            assert stage.value >= wide - near, (goal, stage.value, best)
            assert close is None or stage.value <= close + near, (goal, stage.value, best)
        assert stage.status is SolveStatus.OPTIMAL, goal
        assert stage.bound is not None
        assert stage.bound <= stage.value + near
        assert stage.bound >= stage.value - 2 * near
        slack = 1e-5 * max(1.0, abs(stage.value))
        name = WAITING if goal == AGAIN else goal
        limits.append(
            (name, stage.value + max(slack, allowed(goal, stage.value, tolerance)), slack)
        )


@settings(max_examples=45 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(problem=problems(), tolerance=st.sampled_from([0.0, 0.005, 0.1]))
def test_each_goal_reaches_the_best_of_all_decisions(problem: Problem, tolerance: float) -> None:
    compare(problem, solved(problem, tolerance, GOALS), tolerance, GOALS)


@settings(max_examples=20 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(problem=problems(spread=True), data=st.data())
def test_any_order_of_the_goals_reaches_the_best(problem: Problem, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(ALL)))
    goals = data.draw(st.permutations(ALL))[:number]
    compare(problem, solved(problem, 0.005, goals), 0.005, goals)


@settings(max_examples=20 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(problem=problems(spread=True, prices=True))
def test_prices_reach_the_least_sum(problem: Problem) -> None:
    compare(problem, solved(problem, 0.005, [PRICES]), 0.005, [PRICES])


def test_a_reserve_by_hand_ends_with_the_last_class_of_a_school() -> None:
    # 24 pupils and 2 seats free by hand: 3 more than the rule of 23 gives, as long as a class runs.
    town = district([school("GS A", pupils=24, reserve=2)])
    decided = ClassDecision("GS A", date(2017, 4, 1), 0, PlanState.DECIDED)
    setting = scenario(klassen={"schliessen_in": [5]})
    plan = make_plan(replace(town, class_plan=(decided,)), setting, simulate(town, setting))
    assert plan.classes.tolist() == [[1, 1, 0, 0, 0, 0]]
    assert plan.seats.tolist() == [[26, 26, 0, 0, 0, 0]]
    # Two of the 24 leave in each month; whoever is there without a class is above the cap.
    above = {stage.goal: stage.value for stage in plan.stages}["ueberbelegung"]
    assert above == pytest.approx(20 + 18 + 16 + 14)
