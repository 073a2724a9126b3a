"""Spread over schools, prices, and the order of the goals, against answers worked out by hand.

Schools are empty unless told otherwise, a class has 20 seats for a forecast, a minute is a
kilometre, and all children come in the second and last month.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import District, RegularClasses
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import build_problem
from daz_planner.planning.stages import Budget, solve_stages
from daz_planner.results.tables import goal_table
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population
from tests.factories import district, scenario, school

SPREAD = ["wartemonate", "streuung_schulen", "weg"]


def setting(children: float, goals: dict[str, Any], **tables: Any) -> Any:
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 2},
        "zuzug": {"pro_monat": children},
        "klassen": {"vorlauf_monate": 1},
        **tables,
    }
    return scenario(ziele={"toleranz": 0.0, **goals}, **rest)


def plan_of(town: District, children: float, goals: dict[str, Any], **tables: Any) -> Plan:
    given = setting(children, goals, **tables)
    return make_plan(town, given, simulate(town, given))


def value(plan: Plan, goal: str) -> float:
    (found,) = [stage.value for stage in plan.stages if stage.goal == goal]
    return float(found)


def intake(plan: Plan) -> list[float]:
    found = [0.0] * len(plan.district.schools)
    for flow in plan.flows:
        found[flow.school] += flow.pupils
    return found


# -- spread ----------------------------------------------------------------------------------------


def near_and_far(**values: Any) -> District:
    return district([school("GS A", free_rooms=0, **values), school("GS B", km=5, free_rooms=0)])


def test_spread_shares_the_children_between_the_schools() -> None:
    # All 20 fit into the near school; spread over both, each has ten, at once 50 minutes.
    near = plan_of(near_and_far(), 20, {"reihenfolge": ["wartemonate", "weg"]})
    assert intake(near) == pytest.approx([20, 0])
    both = plan_of(near_and_far(), 20, {"reihenfolge": SPREAD})
    assert intake(both) == pytest.approx([10, 10], abs=1e-3)
    assert value(both, "streuung_schulen") == pytest.approx(10.0, abs=1e-3)
    assert value(both, "weg") == pytest.approx(50.0, abs=1e-2)
    # A child month of waiting is what the first goal leaves to later ones (stages.py); it is not
    # spent on spreading, for waiting is solved once more after the goals on classes.
    assert value(both, "wartemonate") == pytest.approx(0.0, abs=1e-6)


def test_spread_counts_the_pupils_of_today() -> None:
    # Of 12 pupils 11 are left: with 20 more both schools have 15.5, and the forecast may do so.
    plan = plan_of(near_and_far(pupils=12), 20, {"reihenfolge": SPREAD})
    assert intake(plan) == pytest.approx([4.5, 15.5], abs=1e-3)
    # With 8 more the near school keeps its 11 and is the largest, whatever the plan does.
    plan = plan_of(near_and_far(pupils=12), 8, {"reihenfolge": SPREAD})
    assert value(plan, "streuung_schulen") == pytest.approx(11.0)
    assert intake(plan) == pytest.approx([0, 8], abs=1e-3)


def test_spread_by_share_counts_the_pupils_of_regular_classes() -> None:
    town = replace(
        near_and_far(),
        regular_classes=(
            RegularClasses("GS A", 1, 2, 50),
            RegularClasses("GS A", 2, 2, 50),
            RegularClasses("GS B", 1, 12, 300),
        ),
    )
    plan = plan_of(town, 20, {"reihenfolge": SPREAD, "streuung": "Anteil"})
    # 5 of 100 and 15 of 300: five for a hundred at both.
    assert intake(plan) == pytest.approx([5, 15], abs=1e-3)
    assert value(plan, "streuung_schulen") == pytest.approx(5.0, abs=1e-3)
    units = dict(
        zip(goal_table(plan).values("Ziel"), goal_table(plan).values("Einheit"), strict=True)
    )
    assert units["VKA-Schüler der Schule mit den meisten"].startswith("je 100 Schüler")


def test_a_school_without_a_number_is_left_out_of_the_share_and_named() -> None:
    town = replace(near_and_far(), regular_classes=(RegularClasses("GS A", 1, 4, 100),))
    plan = plan_of(town, 20, {"reihenfolge": SPREAD, "streuung": "Anteil"})
    assert intake(plan) == pytest.approx([0, 20], abs=1e-3)
    assert any("zählen bei der Streuung nicht: GS B." in hint for hint in plan.hints)


def test_the_mean_of_the_months_is_told() -> None:
    # Ten come in each of two months and stay: five and ten at either school, 7.5 in the mean.
    plan = plan_of(near_and_far(), 10, {"reihenfolge": SPREAD}, zeitraum={"monate": 3})
    assert value(plan, "streuung_schulen") == pytest.approx(7.5, abs=1e-3)


# -- prices ----------------------------------------------------------------------------------------


def one_school(rooms: int = 1) -> District:
    return district([school("GS A", km=6, free_rooms=rooms)])


@pytest.mark.parametrize(("price", "classes", "total"), [(40.0, 2, 40.0), (60.0, 1, 50.0)])
def test_prices_decide_between_a_class_and_waiting(
    price: float, classes: int, total: float
) -> None:
    # 25 children, 20 seats: five wait a month at 10 each, or a class opens.
    prices = {"wartemonate": 10.0, "neue_klassen": price, "einheit": "Euro"}
    plan = plan_of(one_school(), 25, {"preise": prices})
    assert plan.classes[0, 1] == classes
    assert [stage.goal for stage in plan.stages] == ["preise"]
    assert value(plan, "preise") == pytest.approx(total)
    (unit,) = goal_table(plan).values("Einheit")
    assert unit == "Euro"
    (hint,) = [hint for hint in plan.hints if "nach Preisen" in hint]
    assert "in Euro" in hint
    assert "klassenmonate" in hint
    assert "wartemonate" not in hint


def test_prices_add_up_over_all_goals() -> None:
    # 25 children ride 6 minutes at 0.5: 75; a class 40 and its one month 3. Else five wait: 160.
    prices = {"wartemonate": 20.0, "neue_klassen": 40.0, "klassenmonate": 3.0, "weg": 0.5}
    plan = plan_of(one_school(), 25, {"preise": prices})
    assert value(plan, "preise") == pytest.approx(75 + 40 + 3)
    # At 4 a minute a seat (24) costs more than a month of waiting (20): nobody rides.
    plan = plan_of(one_school(), 25, {"preise": {**prices, "weg": 4.0}})
    assert value(plan, "preise") == pytest.approx(500.0)
    assert plan.flows == ()


def test_a_price_on_the_largest_school_spreads() -> None:
    # Each child at the far school costs 5 minutes and lowers the largest number by one, until
    # both have ten.
    prices = {"wartemonate": 1000.0, "weg": 1.0}
    for price, far in ((4.0, 0.0), (6.0, 10.0)):
        plan = plan_of(near_and_far(), 20, {"preise": {**prices, "streuung_schulen": price}})
        assert intake(plan)[1] == pytest.approx(far, abs=1e-3)


def test_opening_costs_of_a_school_go_before_the_price() -> None:
    town = district([school("GS A", free_rooms=1), school("GS B", km=5, free_rooms=1)])
    given = setting(25, {"preise": {"wartemonate": 10.0, "neue_klassen": 45.0}})
    outlook = expect(build_population(town, given))
    # Room for 20 at each; GS A is full today, so that a class is worth opening.
    problem = build_problem(town, given, outlook, ("GS",))
    full = replace(problem, use_today=np.array([[20.0, 20.0], [20.0, 20.0]]))

    def solved(costs: list[float] | None) -> tuple[list[int], float]:
        cost = None if costs is None else np.array(costs)
        model = PlanningModel(replace(full, opening_cost=cost))
        solution = solve_stages(model, given, Budget.of_seconds(30), 1)
        return model.reached_classes(solution.values)[:, 1].tolist(), solution.stages[0].value

    # 25 wait for 250; a class takes 20 of them and a second one the other five for 50.
    assert solved(None) == ([2, 2], pytest.approx(90.0))
    assert solved([60.0, float("nan")]) == ([1, 2], pytest.approx(45 + 50))
    assert solved([5.0, 7.0]) == ([2, 2], pytest.approx(12.0))
    assert solved([0.0, 60.0]) == ([2, 1], pytest.approx(50.0))


# -- order -----------------------------------------------------------------------------------------


def test_the_order_decides_what_gives_way() -> None:
    town = one_school()
    placed = plan_of(town, 25, {"reihenfolge": ["wartemonate", "neue_klassen", "weg"]})
    assert value(placed, "weg") == pytest.approx(150.0)
    assert placed.classes[0, 1] == 2
    few = plan_of(town, 25, {"reihenfolge": ["neue_klassen", "wartemonate", "weg"]})
    assert value(few, "wartemonate") == pytest.approx(5.0)
    assert few.classes[0, 1] == 1
    assert any("steht „neue_klassen“ vor „wartemonate“" in hint for hint in few.hints)
    home = plan_of(town, 25, {"reihenfolge": ["weg", "wartemonate"]})
    assert value(home, "weg") == 0.0
    assert value(home, "wartemonate") == pytest.approx(25.0)
    alone = plan_of(town, 25, {"reihenfolge": ["klassenmonate"]})
    assert [stage.goal for stage in alone.stages] == ["klassenmonate"]
    assert any("steht nicht in der Reihenfolge" in hint for hint in alone.hints)
    assert not any("steht vor" in hint or "der Reihenfolge" in hint for hint in placed.hints)
