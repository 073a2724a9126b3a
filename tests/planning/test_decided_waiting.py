"""Waiting that is decided already: told with the goal, and no share of any tolerance or proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import RoomChange
from daz_planner.planning import goal_search, make_plan
from daz_planner.planning.kernel import Kernel
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import Plan, SolveStatus, StageResult
from daz_planner.planning.problem import ChildGroup, Problem
from daz_planner.planning.session import Outcome
from daz_planner.planning.stages import Budget, allowed_waiting, solve_stages
from daz_planner.simulation import simulate
from tests.factories import district, place, scenario, school
from tests.planning.test_stronger_model import problem_of, settings_of

SETTING = settings_of(9.0)


def problem() -> Problem:
    town = district(
        [school(f"GS {n}", km=20 * n, pupils=23, free_rooms=1) for n in range(3)],
        [place("A-Dorf"), place("B-Dorf", km=20), place("C-Dorf", km=40)],
    )
    return problem_of(town, SETTING)


def later(count: int) -> Problem:
    """Children who begin in month 3 whatever the plan does: one month counts twice."""
    here = problem()
    months = here.month_count
    group = ChildGroup(
        children=tuple(range(count)),
        kind=0,
        municipality=0,
        allowed=np.ones(3, dtype=np.bool_),
        survival=np.ones((months, months)),
        months_waited=1,
        days_waited=20.0,
        until=months,
    )
    return here.with_children(here.use_children, (), ((3, group),))


def stages(here: Problem, setting: Any = SETTING) -> dict[str, StageResult]:
    solved = solve_stages(PlanningModel(here), setting, Budget.of_seconds(60.0), 1)
    return {stage.goal: stage for stage in solved.stages}


def test_it_is_told_in_both_waiting_goals_and_nowhere_else() -> None:
    without, told = stages(problem()), stages(later(6))
    # One month waited before: the first month counts once, the two after it double.
    months = 6 * (1 + 2 + 2)
    for goal, stage in told.items():
        more = months if goal.startswith("wartemonate") else 0.0
        if goal != "vorrang":
            assert stage.value == pytest.approx(without[goal].value + more), goal
            assert stage.gap == pytest.approx(without[goal].gap), goal


def test_hundreds_of_children_buy_no_longer_wait() -> None:
    few, many = stages(later(1)), stages(later(400))
    for goal in ("neue_klassen", "klassenmonate", "weg"):
        assert many[goal].value == pytest.approx(few[goal].value), goal


def test_a_second_solve_that_is_cut_off_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    again = goal_search.GoalSearch.solve_again

    def cut_off(search: goal_search.GoalSearch, terms: Any, constant: float, *rest: Any) -> Any:
        def start(terms: Any, constant: float, starts: Any, until: float) -> Outcome:
            value = search.session.value_of(terms, starts.values) - constant
            return Outcome(starts.values, value, 0.0, SolveStatus.LIMIT, 0.0)

        monkeypatch.setattr(search, "_run", start)
        try:
            return again(search, terms, constant, *rest)
        finally:
            monkeypatch.undo()

    for here in (problem(), later(6)):
        monkeypatch.setattr(goal_search.GoalSearch, "solve_again", cut_off)
        told = stages(here)
        assert told["wartemonate_erneut"].value > told["wartemonate"].value + 0.5
        assert told["wartemonate_erneut"].status is SolveStatus.LIMIT
        assert told["weg"].bound is None


def test_a_small_model_knows_what_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[bool] = []
    plan_with = Kernel.plan_with

    def seen(kernel: Kernel, *args: Any) -> Any:
        found.append(plan_with(kernel, *args) is not None)
        return plan_with(kernel, *args)

    monkeypatch.setattr(goal_search, "MANY_CLASSES", 0)
    monkeypatch.setattr(Kernel, "plan_with", seen)
    stages(later(6))
    assert found and all(found)


def test_a_small_model_has_the_months_of_the_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room more far away divides the months where nothing opens: the small model does not need
    that school, and still has to know the month."""
    monkeypatch.setattr(goal_search, "MANY_CLASSES", 0)
    near = [school(f"GS {n}", km=3 * n, pupils=18, free_rooms=1) for n in range(4)]
    town = district(
        [*near, school("GS fern", km=600, pupils=5, free_rooms=0)],
        [place("A-Dorf"), *(place(f"{n}-Dorf", km=3 * n + 1) for n in range(4))],
    )
    town = replace(town, room_changes=(RoomChange("GS fern", date(2017, 6, 1), 1),))
    values = []
    for least in (0, 300):
        monkeypatch.setattr(goal_search, "MANY_CLASSES", least)
        given = scenario(
            zeitraum={"monate": 8},
            zuzug={"pro_monat": 12.0},
            klassen={"vorlauf_monate": 1, "planungsgroesse": 23, "oeffnen_in": [3, 5]},
            ziele={"reihenfolge": ["wartemonate", "weg"]},
            rechnen={"laeufe": 1, "threads": 1},
        )
        plan: Plan = make_plan(town, given, simulate(town, given))
        values.append(plan.stages[0].value)
    assert values[0] == pytest.approx(values[1])


def test_no_tolerance_is_none() -> None:
    assert allowed_waiting(0.0, 500.0) == 0.0
    assert allowed_waiting(0.005, 10.0) == 1.0
    assert allowed_waiting(0.005, 500.0) == pytest.approx(2.5)


def test_without_tolerance_nobody_waits_for_the_sake_of_a_class() -> None:
    """A third of a child too many in April: a class, or a wait that the tolerance accepts."""
    town = district([school("GS A", pupils=12, free_rooms=1)])
    for tolerance, waits in ((0.005, True), (0.0, False)):
        given = scenario(
            zuzug={"reihe": [9.5, 0, 0, 0, 0, 0]},
            klassen={"vorlauf_monate": 1},
            ziele={"toleranz": tolerance},
        )
        plan = make_plan(town, given, simulate(town, given))
        assert (sum(place.pupils for place in plan.waiting) > 0.1) is waits
        assert bool(plan.classes.max() == 1) is waits
        assert any("toleranz = 0" in hint for hint in plan.hints) is waits
