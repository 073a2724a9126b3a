"""Bounds are honest: never above the best possible plan, however early the solver stops."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import SolveStatus, StageResult
from daz_planner.planning.problem import ChildGroup, Problem
from daz_planner.planning.session import relative_gap
from daz_planner.planning.solver_highs import HighsSession
from daz_planner.planning.stages import Budget, solve_stages
from tests.factories import scenario
from tests.planning.brute import AGAIN, WAITING, Brute, allowed
from tests.planning.random_problems import empty_problem, problems

DEEP = int(os.environ.get("DAZ_TIEF", "1"))
CHECKS = list(HealthCheck)
TOLERANCE = 0.005
HONEST = {
    SolveStatus.OPTIMAL: 1e-6,
    SolveStatus.WITHIN_GAP: 0.3,
}


def stages_of(problem: Problem, gap: float, solver: str = "highs") -> list[StageResult]:
    setting = scenario(
        ziele={"toleranz": TOLERANCE}, rechnen={"luecke": gap, "threads": 1, "loeser": solver}
    )
    return solve_stages(PlanningModel(problem), setting, Budget.of_seconds(300.0), 1).stages


def check(
    problem: Problem, stages: list[StageResult], gap: float
) -> Counter[tuple[SolveStatus, bool]]:
    """Bound ≤ best plan of all ≤ value, and gap and status fit to both."""
    brute = Brute(problem, 40)
    assume(not brute.too_many)
    # What a goal may reach at most and at least: rows keep a value with a little room.
    limits: list[tuple[str, float, float]] = []
    seen: Counter[tuple[SolveStatus, bool]] = Counter()
    cut_off = False
    for stage in stages:
        near = 1e-4 * max(1.0, abs(stage.value))
        best = brute.best(stage.goal, [(name, wide) for name, _, wide in limits])
        assert best is not None
        assert stage.value >= best - near, stage
        if stage.bound is None:
            assert stage.gap is None
            assert stage.status.is_cut_off
        else:
            exact = brute.best(stage.goal, [(name, close) for name, close, _ in limits])
            assert exact is None or stage.bound <= exact + near, stage
            assert stage.gap == pytest.approx(relative_gap(stage.value, stage.bound))
            if stage.status is not SolveStatus.LIMIT:
                assert stage.gap <= HONEST[stage.status] + 1e-9
            if stage.status is SolveStatus.WITHIN_GAP:
                assert stage.gap <= gap + 1e-9
        # Nothing is proven once a goal was cut off.
        assert not cut_off or stage.status.is_cut_off or stage.value <= 1e-5
        cut_off |= stage.status.is_cut_off
        seen[stage.status, stage.bound is not None] += 1
        name = WAITING if stage.goal == AGAIN else stage.goal
        close = stage.value + allowed(stage.goal, stage.value, TOLERANCE)
        limits.append((name, close, close + 3e-5 * max(1.0, abs(close))))
    return seen


@settings(max_examples=15 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(problem=problems())
def test_a_wide_gap_is_an_honest_gap(problem: Problem) -> None:
    check(problem, stages_of(problem, 0.3), 0.3)


class Hasty(HighsSession):
    """HiGHS that stops at the first plan it finds, as at a time limit."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._model.setOptionValue("mip_max_improving_sols", 1)


def test_a_solver_that_stops_early_claims_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "daz_planner.planning.stages.open_session",
        lambda _name, problem, gap, threads: Hasty(problem, gap=gap, threads=threads),
    )
    seen: Counter[tuple[SolveStatus, bool]] = Counter()

    @settings(
        max_examples=60 * DEEP,
        deadline=None,
        suppress_health_check=CHECKS,
        database=None,
        derandomize=True,
    )
    @given(problem=problems())
    def run(problem: Problem) -> None:
        seen.update(check(problem, stages_of(problem, 0.0), 0.0))

    run()
    assert seen[SolveStatus.LIMIT, True] > 0
    assert seen[SolveStatus.OPTIMAL, True] > 0


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_a_start_that_is_not_the_best_is_not_called_the_best(solver: str) -> None:
    # A class of 2 planned seats with 1.98 pupils: of one who comes, 0.02 find a seat. The second
    # school is closed while pupils are there. HiGHS 1.15 called the start, 1.0, proven optimal.
    problem = empty_problem(2, 1, 3, ("GS", "OS"))
    problem = replace(
        problem,
        classes_today=np.array([1, 2]),
        rooms=np.array([0, 0]),
        base=np.array([[1, 1, 1], [2, 0, 0]]),
        decided=np.array([[False] * 3, [False, True, True]]),
        barred=np.array([[False, True, True], [False] * 3]),
        most=np.array([[1, 1, 1], [2, 2, 2]]),
        class_cap=np.array([[3.0] * 3, [5.0] * 3]),
        planning_size=np.full((2, 3), 2.0),
        use_today=np.array([[3.0, 2.4, 1.98], [6.0] * 3]),
        demand=np.array([[[0.0, 0.0, 1.0]], [[0.0] * 3]]),
        survival=np.array([np.triu(np.ones((3, 3)))] * 2),
        may_open=np.array([False, False, True]),
    )
    first = stages_of(problem, 0.0, solver)[0]
    assert (first.goal, first.value) == (WAITING, pytest.approx(0.98))
    assert first.bound is None or first.bound <= 0.98 + 1e-6


def test_a_plan_that_is_there_is_never_called_impossible() -> None:
    # One child of the list and 5.5 later: the last goal keeps rows that are met to the last digit,
    # and the presolve of HiGHS 1.15 finds the plan at hand impossible.
    problem = empty_problem(2, 1, 3, ("GS",))
    stays = np.triu(np.ones((3, 3)))
    near = np.array([True, True])
    problem = replace(
        problem,
        classes_today=np.zeros(2, dtype=np.int64),
        rooms=np.ones(2, dtype=np.int64),
        base=np.zeros((2, 3), dtype=np.int64),
        most=np.ones((2, 3), dtype=np.int64),
        class_cap=np.full((2, 3), 3.0),
        planning_size=np.full((2, 3), 2.0),
        minutes=np.array([[0.0, 1.0]]),
        demand=np.array([[[0.0, 0.0, 5.5]]]),
        survival=np.array([stays]),
        groups=(ChildGroup((0,), 0, 0, near, stays, 1, 0.0, 2),),
        may_open=np.array([False, True, False]),
    )
    stages = stages_of(problem, 0.0)
    # In May the child waits; in July 5.5 come to the four planned seats of two classes ...
    assert stages[0].value == pytest.approx(2.5)
    # ... and those at the second school ride a minute.
    assert (stages[-1].goal, stages[-1].value) == ("weg", pytest.approx(2.0, abs=1e-3))
