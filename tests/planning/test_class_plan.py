"""The sheet Klassenplan: what is decided holds, what is barred stays closed, the rest is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import ClassDecision, PlanState
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Plan
from daz_planner.results.figures import displaced
from daz_planner.results.summary import children_without_seat, summary
from daz_planner.simulation import simulate
from tests.factories import district, scenario, school

APRIL, MAY = date(2017, 4, 1), date(2017, 5, 1)


def plan_of(*decisions: ClassDecision, arrivals: float = 0.0, **values: Any) -> Plan:
    """One school with one class of 23 and 20 pupils, two rooms for further classes, six months."""
    schools = [school("GS A", pupils=20, free_rooms=2)]
    town = replace(district(schools), class_plan=decisions)
    setting = scenario(zuzug={"pro_monat": arrivals, "varianzfaktor": 1}, **values)
    return make_plan(town, setting, simulate(town, setting))


def decided(classes: int, since: date = APRIL) -> ClassDecision:
    return ClassDecision("GS A", since, classes, PlanState.DECIDED)


def test_a_decided_class_runs_from_its_month_on_and_is_no_opening_of_the_plan() -> None:
    plan = plan_of(decided(2))
    assert plan.classes[0].tolist() == [1, 1, 2, 2, 2, 2]
    assert plan.openings == ()
    assert plan.seats[0].tolist() == [23, 23, 46, 46, 46, 46]


def test_the_plan_opens_on_top_of_what_is_decided() -> None:
    plan = plan_of(decided(2), arrivals=12.0)
    assert plan.classes[0, 2:].min() >= 2
    assert [o.classes for o in plan.openings] == [1]
    opened = plan.openings[0].month
    assert plan.classes[0].tolist() == [1, 1, *([2] * (opened - 2)), *([3] * (6 - opened))]


def test_a_class_that_ends_by_decision_ends() -> None:
    plan = plan_of(decided(0, MAY))
    assert plan.classes[0].tolist() == [1, 1, 1, 0, 0, 0]
    # Who sits there then is above the seats, and the plan says so.
    assert plan.seats[0, 3] == 0
    lost = displaced(plan)[0]
    assert lost[:3].tolist() == [0, 0, 0] and lost[3] == plan.use_today[0, 3] > 10
    assert children_without_seat(plan) == lost.max()
    answers = dict(summary(plan))
    assert answers["Hat jedes Kind einen Platz?"].startswith(
        "Nein. Weil Klassen nach dem Klassenplan schließen, fehlt im Mai 2017"
    )
    assert answers["Welche Klassen öffnen wo und wann?"] == (
        "Keine über die Beschlüsse hinaus. Nach dem Klassenplan: GS A ab Mai 2017 0 statt 1."
    )


def test_the_last_decision_counts() -> None:
    assert plan_of(decided(3), decided(2, MAY)).classes[0].tolist() == [1, 1, 3, 2, 2, 2]


def test_no_class_opens_where_it_is_excluded() -> None:
    free = plan_of(arrivals=12.0)
    barred = plan_of(ClassDecision("GS A", APRIL, 1, PlanState.EXCLUDED), arrivals=12.0)
    assert free.classes[0].max() > 1
    assert barred.classes[0].tolist() == [1] * 6
    assert sum(place.pupils for place in barred.waiting) > 0


def test_excluded_from_a_later_month_leaves_the_months_before_free() -> None:
    late = plan_of(ClassDecision("GS A", date(2017, 5, 1), 1, PlanState.EXCLUDED), arrivals=12.0)
    # April is the first month in which a class may open; what opens then goes on.
    assert late.classes[0].tolist() == [1, 1, *([int(late.classes[0, 2])] * 4)]
    assert late.classes[0, 2] == 3


def test_what_is_only_planned_binds_nobody() -> None:
    planned = plan_of(ClassDecision("GS A", APRIL, 3, PlanState.PLANNED))
    assert planned.classes[0].tolist() == [1] * 6


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_decided_classes_stay_where_classes_may_close(solver: str) -> None:
    plan = plan_of(
        decided(2),
        klassen={"schliessen_in": list(range(1, 13))},
        rechnen={"loeser": solver, "laeufe": 64},
    )
    assert plan.classes[0, 2:].tolist() == [2] * 4


def test_decisions_up_to_the_reference_date_are_in_the_numbers_of_today() -> None:
    plan = plan_of(decided(3, date(2017, 2, 1)))
    assert np.array_equal(plan.classes[0], np.ones(6))
