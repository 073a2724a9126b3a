"""Edges of the plan that a strict reader found: each case once went wrong."""

from __future__ import annotations

import math
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pulp
import pytest

from daz_planner.district.model import District
from daz_planner.errors import SolverError
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.plan import Cause, SolveStatus
from daz_planner.planning.solver import SOLVERS, open_session
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school

BOTH = pytest.mark.parametrize("solver", sorted(SOLVERS))


def plan_of(town: District, **tables: Any) -> Plan:
    setting = scenario(**tables)
    return make_plan(town, setting, simulate(town, setting))


def knapsack(items: int = 40) -> tuple[pulp.LpProblem, list[tuple[pulp.LpVariable, float]]]:
    """A covering problem whose relaxation is clearly below its whole-number optimum."""
    problem = pulp.LpProblem("Probe", pulp.LpMinimize)
    chosen = [problem.add_variable(f"x{i}", 0, 1, pulp.LpInteger) for i in range(items)]
    weights = [10.0 + 3 * (i % 7) for i in range(items)]
    row = pulp.LpAffineExpression(list(zip(chosen, weights, strict=True)))
    problem.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintGE, "cover", 101.5))
    return problem, [(variable, 1.0) for variable in chosen]


@BOTH
def test_the_relaxation_is_below_the_plan_and_the_bound_is_the_solvers(solver: str) -> None:
    problem, terms = knapsack()
    session = open_session(solver, problem, gap=0.0, threads=1)
    relaxed = session.minimise_relaxed(terms, seconds=10)
    outcome = session.minimise(terms, seconds=10)
    # Four of the heaviest (28 each) weigh 112; three weigh 84.
    assert relaxed == pytest.approx(101.5 / 28)
    assert outcome.value == pytest.approx(4.0)
    assert outcome.status is SolveStatus.OPTIMAL
    assert session.minimise_relaxed(terms, seconds=0.0) == -math.inf


@BOTH
def test_a_constant_is_no_part_of_value_and_bound(solver: str) -> None:
    problem, terms = knapsack()
    outcome = open_session(solver, problem, gap=0.0, threads=1).minimise(
        terms, seconds=10, constant=3.0
    )
    assert outcome.value == pytest.approx(1.0)
    assert outcome.bound == pytest.approx(1.0)


@BOTH
def test_a_model_without_solution_is_never_called_optimal(solver: str) -> None:
    problem, terms = knapsack()
    session = open_session(solver, problem, gap=0.0, threads=1)
    session.limit(terms, 2.0)
    if solver == "highs":
        with pytest.raises(SolverError, match="keine Lösung"):
            session.minimise(terms, seconds=10)
    else:
        start = np.ones(len(session.variables))
        outcome = session.minimise(terms, seconds=10, start=start)
        assert (outcome.status, outcome.bound) == (SolveStatus.LIMIT, None)
        assert session.minimise_relaxed(terms, seconds=10) == -math.inf


def test_plans_with_other_threads_in_one_process_agree() -> None:
    town = district([school("GS A", pupils=12, free_rooms=1), school("GS B", km=40)])
    tables = {"zuzug": {"pro_monat": 12.0}, "klassen": {"vorlauf_monate": 1}}
    plans = [plan_of(town, rechnen={"threads": threads}, **tables) for threads in (2, 1, 2)]
    assert not any(plan.hit_limit for plan in plans)
    assert all(plan.flows == plans[0].flows for plan in plans)


def test_cbc_works_where_the_temporary_folder_has_a_blank(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Max Müller"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.chdir(tmp_path)
    town = district([school("GS A", pupils=12, free_rooms=1)])
    plan = plan_of(town, zuzug={"pro_monat": 5.0}, rechnen={"loeser": "cbc"})
    assert not plan.hit_limit
    assert [entry.name for entry in tmp_path.iterdir()] == ["Max Müller"]


@BOTH
@pytest.mark.parametrize(("pupils", "classes", "rooms"), [(10, 0, 1), (40, 1, 1), (80, 1, 3)])
def test_pupils_above_the_cap_move_into_the_class_that_opens(
    solver: str, pupils: int, classes: int, rooms: int
) -> None:
    town = district([school("GS A", pupils=pupils, classes=classes, free_rooms=rooms)])
    plan = plan_of(
        town,
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 30.0},
        klassen={"vorlauf_monate": 1, "planungsgroesse": 23},
        rechnen={"loeser": solver},
    )
    assert plan.classes[0, 1] > classes
    above_today = np.maximum(0.0, plan.use_today - plan.seats)
    assert (plan.use <= plan.seats + above_today + 1e-3).all()


def test_a_child_that_leaves_the_type_in_august_is_not_planned_twice() -> None:
    long = {"phase1": {"tabelle": [1.0]}, "phase2": {"tabelle": [0.0] * 11 + [1.0]}}
    schools = [
        school("GS A", classes=0, free_rooms=1),
        school("OS B", school_type="OS", free_rooms=0),
    ]
    children = [child(f"k{n}", grade=4) for n in range(4)]
    town = district(schools, newcomers=children, reference_date=date(2017, 6, 8))
    plan = plan_of(
        town,
        zeitraum={"monate": 8},
        klassen={"vorlauf_monate": 4},
        phasen={"GS": long, "OS": long},
    )
    assert plan.openings == ()
    assert plan.use[1, 2] == pytest.approx(4.0)
    assert [(w.school_type, w.month) for w in plan.waiting] == [("GS", 0), ("GS", 1)]
    assert [seat.month for seat in plan.children] == [None] * 4
    assert plan.demand is not None
    assert plan.demand.sum() == pytest.approx(4.0)


@pytest.mark.parametrize(("classes", "wave"), [(0, 15.0), (1, 40.0)])
def test_a_class_that_opens_and_closes_again_is_explained(classes: int, wave: float) -> None:
    town = district([school("GS A", pupils=3 * classes, classes=classes, free_rooms=1)])
    plan = plan_of(
        town,
        zeitraum={"monate": 20},
        zuzug={"reihe": [0.0, wave, 0.0]},
        klassen={"vorlauf_monate": 1, "schliessen_in": list(range(1, 13))},
    )
    assert plan.openings
    assert plan.classes[0, -1] < plan.classes[0].max()


def test_closing_without_opening_is_no_gain_in_the_goal_of_new_classes() -> None:
    town = district([school("GS A", pupils=0, classes=2, free_rooms=1)])
    plan = plan_of(town, zeitraum={"monate": 8}, klassen={"oeffnen_in": [1], "schliessen_in": [4]})
    assert all(stage.value >= 0.0 for stage in plan.stages if stage.goal == "neue_klassen")


def test_a_child_for_a_type_without_a_school_waits() -> None:
    town = district([school("GS A")], newcomers=[child("k1", school_type="OS")])
    plan = plan_of(town)
    assert plan.children[0].reason == "wartet: keine Schule der Schulart in der Tabelle"
    assert {w.cause for w in plan.waiting} == {Cause.NO_SCHOOL}


def test_a_phase_that_the_stays_leave_out_is_no_crash() -> None:
    stays = {"phase1": {"tabelle": [0.0, 1.0]}, "phase2": {"tabelle": [1.0]}, "hoechstdauer": 2}
    town = district([school("GS A", pupils=6, phases=(2, 4, None))])
    plan = plan_of(town, phasen={"GS": stays})
    assert plan.use_today[0, 1] <= 2.0


def test_the_cap_is_that_of_the_same_day_of_the_month() -> None:
    town = district([school("GS A", pupils=20, reserve=8)], reference_date=date(2022, 5, 20))
    plan = plan_of(town)
    assert plan.class_cap[0, 0] == 28
    assert plan.seats[0, 0] == 28


def test_a_reserve_by_hand_above_the_cap_counts_in_full() -> None:
    children = [child(f"k{n}") for n in range(5)]
    town = district([school("GS A", pupils=25, reserve=3, free_rooms=0)], newcomers=children)
    plan = plan_of(town, zeitraum={"monate": 1})
    assert sum(seat.month == 0 for seat in plan.children) == 3


def test_teachers_are_the_cause_where_seats_stay_empty_for_want_of_hours() -> None:
    town = district([school("GS A", pupils=12, free_rooms=0)], reference_date=date(2025, 10, 8))
    plan = plan_of(
        town, zeitraum={"monate": 2}, zuzug={"pro_monat": 9.0}, lehrer={"begrenzt": True}
    )
    assert [w.cause for w in plan.waiting] == [Cause.NO_TEACHER]


@pytest.mark.parametrize(
    ("opening", "lead", "cause"),
    [([8], 1, Cause.CLOSED_MONTH), (list(range(1, 13)), 5, Cause.LEAD_TIME)],
)
def test_calendar_and_lead_time_are_told_apart(opening: list[int], lead: int, cause: Cause) -> None:
    town = district([school("GS A", pupils=23, free_rooms=1)])
    plan = plan_of(
        town,
        zeitraum={"monate": 3},
        zuzug={"pro_monat": 9.0},
        klassen={"oeffnen_in": opening, "vorlauf_monate": lead},
    )
    assert {w.cause for w in plan.waiting} == {cause}


def test_the_order_of_the_rows_changes_nothing() -> None:
    places = [place("A-Dorf"), place("B-Dorf", km=20, population=400), place("C-Dorf", km=-15)]
    schools = [
        school("GS B", km=10, pupils=20, free_rooms=1, municipality="B-Dorf"),
        school("GS A", pupils=22, free_rooms=1),
        school("GS C", km=-20, pupils=15, free_rooms=1, municipality="C-Dorf"),
    ]
    children = [child("k3", "C-Dorf"), child("k1"), child("k2", "B-Dorf")]
    town = district(schools, places, children)
    turned = replace(
        town,
        schools=tuple(reversed(town.schools)),
        municipalities=tuple(reversed(town.municipalities)),
        newcomers=tuple(reversed(town.newcomers)),
    )
    tables = {"zuzug": {"pro_monat": 14.0}, "klassen": {"vorlauf_monate": 1}}
    first, second = plan_of(town, **tables), plan_of(turned, **tables)
    assert (first.use == second.use[::-1]).all()
    assert (first.classes == second.classes[::-1]).all()
    assert (first.minutes == second.minutes[::-1, ::-1]).all()
    named = [
        {
            (
                plan.district.municipalities[flow.municipality].name,
                plan.district.schools[flow.school].name,
                flow.month,
                flow.pupils,
            )
            for flow in plan.flows
        }
        for plan in (first, second)
    ]
    assert named[0] == named[1]
    seats = [
        {
            seat.child.pupil_id: plan.district.schools[seat.school or 0].name
            for seat in plan.children
        }
        for plan in (first, second)
    ]
    assert seats[0] == seats[1]
    assert [seat.child.pupil_id for seat in second.children] == ["k2", "k1", "k3"]


def test_children_of_one_day_are_seated_by_their_ways_not_by_their_ids() -> None:
    places = [place("A-Dorf"), place("B-Dorf", km=55)]
    town = district(
        [school("GS A", pupils=22, free_rooms=0)],
        places,
        newcomers=[child("a", "B-Dorf"), child("b", "A-Dorf")],
    )
    plan = plan_of(town, zeitraum={"monate": 1})
    assert {seat.child.pupil_id: seat.month for seat in plan.children} == {"a": None, "b": 0}


def test_demand_of_august_belongs_to_where_the_pupils_live() -> None:
    places = [place("A-Dorf"), place("B-Dorf", km=5)]
    schools = [
        school("GS B", km=5, pupils=24, municipality="B-Dorf"),
        school("OS A", school_type="OS"),
    ]
    town = district(schools, places, reference_date=date(2017, 7, 8))
    plan = plan_of(town, zeitraum={"monate": 2})
    assert {flow.municipality for flow in plan.flows} == {1}


def test_classes_do_not_open_before_the_beginning_of_the_scenario() -> None:
    town = district([school("GS A", pupils=23, free_rooms=2)])
    plan = plan_of(
        town,
        zeitraum={"monate": 2, "beginn": "2017-05"},
        zuzug={"pro_monat": 9.0},
        klassen={"vorlauf_monate": 1},
    )
    assert len(plan.months) == 5
    assert plan.classes[0].tolist()[:3] == [1, 1, 1]
    assert plan.classes[0, 3] > 1
