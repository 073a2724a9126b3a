"""The problem built again from a plan is the one that the plan solved.

A minute is a kilometre; children of today's list have seats up to the class cap of 23.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, District, PlanState
from daz_planner.planning import Plan, make_plan
from daz_planner.planning import make as make_module
from daz_planner.planning.bottlenecks import find_bottlenecks
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import Problem
from daz_planner.planning.side_by_side import Task
from daz_planner.planning.solved_problem import problem_of_plan
from daz_planner.scenario.model import Scenario
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from tests.factories import child, district, place, scenario, school


def solved(town: District, setting: Scenario) -> tuple[Plan, Problem]:
    """A plan, and the problem of its only school type as the planning put it to the solver."""
    problems: list[Problem] = []
    solve_all = make_module.solve_all

    def keeping(tasks: Sequence[Task], *rest: Any) -> Any:
        problems.extend(task.model.problem for task in tasks)
        return solve_all(tasks, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make_module, "solve_all", keeping)
        plan = make_plan(town, setting, simulate(town, setting))
    (problem,) = problems
    return plan, problem


def again(plan: Plan) -> Problem:
    ordered = canonical(plan.district)
    outlook = expect(build_population(ordered.district, plan.scenario))
    return problem_of_plan(plan, ordered, outlook, "GS")


def waiting_months(problem: Problem) -> float:
    """What those wait whose seat begins later."""
    return -PlanningModel(problem).constant("wartemonate")


def assert_same(one: Problem, other: Problem) -> None:
    assert [g.children for g in one.groups] == [g.children for g in other.groups]
    assert [(t, g.children) for t, g in one.soon] == [(t, g.children) for t, g in other.soon]
    np.testing.assert_allclose(one.use_children, other.use_children, atol=1e-12)


def setting_of(**tables: Any) -> Scenario:
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 6},
        "klassen": {"vorlauf_monate": 4},
        "rechnen": {"laeufe": 1},
    }
    return scenario(**{**rest, **tables})


KIDS = ("K1", "K2", "K3", "K4", "K5")
SECOND = ClassDecision("GS A", date(2017, 4, 1), 2, PlanState.DECIDED)
"""GS A has a second class from month 2 (April) on."""


def test_who_gets_a_seat_soon_keeps_it_and_waits_until_then() -> None:
    # 33 of the 40 pupils are left in month 2, when the decided class opens; a further class may in
    # month 4. Both children wait two months, then they have the seat.
    town = district([school("GS A", pupils=40)], newcomers=[child("K1"), child("K2")])
    plan, problem = solved(replace(town, class_plan=(SECOND,)), setting_of())
    assert [seat.month for seat in plan.children] == [2, 2]
    mine = again(plan)
    assert_same(mine, problem)
    assert [(t, group.children) for t, group in mine.soon] == [(2, (0, 1))]
    assert mine.groups == ()
    np.testing.assert_allclose(mine.use_children, [[0.0, 0.0, 2.0, 2.0, 2.0, 2.0]])
    assert waiting_months(mine) == 4.0


def test_who_needs_a_class_of_the_plan_still_looks_for_a_seat() -> None:
    # More pupils than seats in all months: the plan opens a class in month 4 for all five.
    town = district(
        [school("GS A", pupils=46, free_rooms=1)], newcomers=[child(name) for name in KIDS]
    )
    plan, problem = solved(town, setting_of())
    assert [o.month for o in plan.openings] == [4]
    assert {seat.month for seat in plan.children} == {4}
    mine = again(plan)
    assert_same(mine, problem)
    assert [group.children for group in mine.groups] == [(0, 1, 2, 3, 4)]
    assert mine.soon == ()
    assert not mine.use_children.any()


def test_of_the_seats_of_one_month_the_longest_waiting_had_theirs_before() -> None:
    # 31 · 8/12 pupils are left in month 4, so two seats are free; the class of the plan opens in
    # the same month for the other three.
    town = district(
        [school("GS A", pupils=31, free_rooms=1)],
        newcomers=[child(name, registered=date(2016, 9 + n % 3, 5)) for n, name in enumerate(KIDS)],
    )
    plan, problem = solved(town, setting_of())
    assert [o.month for o in plan.openings] == [4]
    assert {seat.month for seat in plan.children} == {4}
    mine = again(plan)
    assert_same(mine, problem)
    assert [(t, group.children) for t, group in mine.soon] == [(4, (0, 3))]
    assert sorted(c for group in mine.groups for c in group.children) == [1, 2, 4]


def test_no_room_is_worth_the_months_of_children_whose_seat_is_decided() -> None:
    # Nobody else comes: all five have their seat as soon as the decided class opens.
    town = district(
        [school("GS A", pupils=40, free_rooms=0)], newcomers=[child(name) for name in KIDS]
    )
    setting = setting_of(klassen={"vorlauf_monate": 1})
    plan, _ = solved(replace(town, class_plan=(SECOND,)), setting)
    assert {seat.month for seat in plan.children} == {2}
    assert find_bottlenecks(plan, 60.0).items == ()


towns = st.lists(
    st.tuples(st.integers(15, 23), st.integers(0, 1), st.sampled_from([0, 15, 60])),
    min_size=1,
    max_size=3,
)
# Whose time of waiting is the same may have the seat of the other: the lot is not stored.
lists = st.lists(
    st.tuples(st.booleans(), st.integers(1, 28)),
    min_size=0,
    max_size=14,
    unique_by=lambda item: item[1],
)


@settings(max_examples=25, deadline=None)
@given(towns, lists, st.sampled_from([None, 0, 2]), st.sampled_from([1, 2, 4]), st.booleans())
def test_the_children_are_those_of_the_problem_that_was_solved(
    schools: list[tuple[int, int, int]],
    listed: list[tuple[bool, int]],
    decided: int | None,
    lead: int,
    others: bool,
) -> None:
    town = district(
        [
            school(f"GS {n}", km=km, pupils=pupils, free_rooms=rooms)
            for n, (pupils, rooms, km) in enumerate(schools)
        ],
        [place("A-Dorf"), place("B-Dorf", km=30)],
        [
            child(f"K{n:02}", "B-Dorf" if far else "A-Dorf", registered=date(2016, 10, day))
            for n, (far, day) in enumerate(listed)
        ],
    )
    if decided is not None:
        plan_entry = ClassDecision("GS 0", date(2017, 4, 1), decided, PlanState.DECIDED)
        town = replace(town, class_plan=(plan_entry,))
    setting = setting_of(
        klassen={"vorlauf_monate": lead},
        zuzug={"pro_monat": 6.0 if others else 0.0},
        abgang={"wegzug_pro_monat": 0.03},
    )
    plan, problem = solved(town, setting)
    assert_same(again(plan), problem)
