"""Teacher hours where phase 2 does not count in the table by pupils (from 2025/26), by hand.

One month in phase 1, eleven in phase 2.  The table of a Grundschule: 1 to 6 pupils 5 hours, 7 to 12
pupils 10, 13 to 28 pupils 15; two hours more for each class.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import District, TeacherBudget
from daz_planner.planning.bottlenecks import find_bottlenecks
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Cause, Plan
from daz_planner.results.tables import tables
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.first_phase import first_phase
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from tests.factories import child, district, place, scenario, school

DAY = date(2025, 9, 8)
ONE = {"phase2_zaehlt": False}


def town(pupils: int = 16, phases: Any = (6, 10, None), **values: Any) -> District:
    return district([school("GS A", pupils=pupils, phases=phases, **values)], reference_date=DAY)


def plan_of(here: District, **tables: Any) -> Plan:
    own = scenario(**tables)
    return make_plan(here, own, simulate(here, own))


def test_the_need_of_hours_with_and_without_phase_2() -> None:
    assert plan_of(town()).weekly_hours[0, 0] == 15 + 2
    plan = plan_of(town(), lehrer=ONE)
    # Six are in phase 1, a month later nobody is.
    assert plan.weekly_hours[0].tolist() == [5 + 2, 2, 2, 2, 2, 2]
    assert plan.counted_today is not None and plan.counted_today.tolist() == [6]


def test_where_the_phase_is_not_known_the_stationary_share_counts() -> None:
    # A twelfth of those met in twelve months is in phase 1.
    plan = plan_of(town(24, (None, None, None)), lehrer=ONE)
    assert plan.counted_today == pytest.approx([2.0])


def test_forecast_pupils_and_children_of_the_list_count_while_they_are_in_phase_1() -> None:
    here = replace(town(0, (0, 0, None)), newcomers=tuple(child(f"k{i}") for i in range(3)))
    plan = plan_of(here, zuzug={"pro_monat": 8.0}, lehrer=ONE)
    assert plan.use[0].tolist()[:3] == pytest.approx([3, 11, 19])
    # Three children in the first month, eight newcomers in each month after it.
    assert plan.weekly_hours[0].tolist()[:3] == [5 + 2, 10 + 2, 10 + 2]


def test_before_2025_hours_follow_classes_and_the_switch_does_nothing() -> None:
    here = replace(town(), reference_date=date(2024, 9, 8))
    plans = [plan_of(here, lehrer=table) for table in ({}, ONE)]
    assert np.array_equal(plans[0].weekly_hours, plans[1].weekly_hours)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_limited_hours_hold_for_those_who_count(solver: str) -> None:
    # Six newcomers a month, and seven hours: enough for six pupils who count.
    here = replace(town(0, (0, 0, None)), teacher_budgets=(TeacherBudget(7.0, school_type="GS"),))
    values: Any = {
        "zeitraum": {"monate": 4},
        "zuzug": {"pro_monat": 6.0},
        "klassen": {"freie_raeume": 0},
        "rechnen": {"loeser": solver},
    }
    all_count = plan_of(here, lehrer={"begrenzt": True}, **values)
    assert all_count.use[0].tolist() == pytest.approx([0, 6, 6, 6], abs=1e-4)
    assert {w.cause for w in all_count.waiting} == {Cause.NO_TEACHER}
    phase_1 = plan_of(here, lehrer={"begrenzt": True, **ONE}, **values)
    assert phase_1.use[0].tolist() == pytest.approx([0, 6, 12, 18], abs=1e-4)
    assert phase_1.waiting == ()
    assert phase_1.weekly_hours[0].tolist() == [2, 7, 7, 7]


def test_todays_need_is_the_limit_where_nothing_is_given() -> None:
    # Today's need is 5 + 2 hours: six of phase 1. From the next month on six newcomers fit.
    values: Any = {
        "zeitraum": {"monate": 3},
        "zuzug": {"pro_monat": 7.0},
        "klassen": {"freie_raeume": 0, "planungsgroesse": 28},
    }
    plan = plan_of(town(), lehrer={"begrenzt": True, **ONE}, **values)
    assert plan.weekly_hours.max() == 7
    # Seven come in a month and six may count: who waits is one, then two.
    waiting = [sum(w.pupils for w in plan.waiting if w.month == t) for t in range(3)]
    assert waiting == pytest.approx([0, 1, 2], abs=1e-3)
    there = tables(plan)["lehrerstunden_grenzen"].values("vorhanden")
    assert there == [7.0] * 3


def test_bottlenecks_are_found_with_those_who_count() -> None:
    here = replace(town(0, (0, 0, None)), teacher_budgets=(TeacherBudget(7.0, school_type="GS"),))
    plan = plan_of(
        here,
        zeitraum={"monate": 3},
        zuzug={"pro_monat": 8.0},
        klassen={"freie_raeume": 0},
        lehrer={"begrenzt": True, **ONE},
    )
    hours = [b for b in find_bottlenecks(plan, 20.0).items if b.resource.name == "HOURS"]
    # Two of eight wait in month 1, four in month 2; with 25 hours more nobody does.
    assert [b.waiting for b in hours] == [pytest.approx(6.0, abs=0.01)]


def test_the_shares_of_phase_1_add_up_to_the_expectation() -> None:
    own = scenario(
        zeitraum={"monate": 20},
        zuzug={"pro_monat": 9.0, "schularten": {"GS": 0.6, "OS": 0.4}},
        phasen={
            kind: {
                "phase1": {"mittel": 4, "standardabweichung": 2},
                "phase2": {"mittel": 7, "standardabweichung": 3},
            }
            for kind in ("GS", "OS", "BSZ", "GYM")
        },
        abgang={"wegzug_pro_monat": 0.02, "rueckkehr_in_vka": 0.2},
    )
    schools = [school("GS A", pupils=30), school("OS B", pupils=20, school_type="OS")]
    here = canonical(district(schools, [place("A-Dorf"), place("B-Dorf", km=9)])).district
    outlook = expect(build_population(here, own))
    phase = first_phase(outlook)
    seated = outlook.survival * outlook.demand.sum(axis=1)[:, :, None] * phase.demand
    for kind in range(2):
        first = seated[kind].sum(axis=0) + phase.today[kind] * outlook.use_today[kind]
        assert first == pytest.approx(outlook.pupils[kind, 0], abs=1e-9)
