"""Why children wait where the goals are the reason, and what an odd order is told to mean.

One class of 20 planned seats (23 at most), ten children a month, a minute is a kilometre.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daz_planner.district.model import ClassDecision, PlanState
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.cause_text import cause_text, leaves_seats_empty
from daz_planner.planning.futures import with_judgement
from daz_planner.planning.goal_hints import order_hints
from daz_planner.planning.plan import Cause
from daz_planner.results.summary import summary
from daz_planner.results.tables import waiting_table
from daz_planner.scenario.solving import Goals
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school

EMPTY = "Plätze sind frei, aber die Reihenfolge der Ziele stellt"
ROOM = "kein freier Raum für eine weitere Klasse in Reichweite"


def plan_of(town: Any, **tables: Any) -> Plan:
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 4},
        "zuzug": {"pro_monat": 10.0},
        "klassen": {"vorlauf_monate": 1},
        "rechnen": {"laeufe": 4},
    }
    setting = scenario(**{**rest, **tables})
    return make_plan(town, setting, simulate(town, setting))


def told(plan: Plan) -> set[str]:
    texts = {cause_text(plan.scenario, place) for place in plan.waiting}
    assert texts == set(waiting_table(plan).values("Ursache"))
    return texts


def ordered(*goals: str) -> dict[str, Any]:
    return {"ziele": {"reihenfolge": list(goals)}}


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (("weg", "wartemonate"), f"{EMPTY} kurze Wege vor das Warten"),
        (("weg", "neue_klassen", "wartemonate"), f"{EMPTY} kurze Wege vor das Warten"),
        (
            ("streuung_schulen", "weg", "wartemonate"),
            f"{EMPTY} die Verteilung auf viele Schulen und kurze Wege vor das Warten",
        ),
        (("weg",), "Plätze sind frei, aber „wartemonate“ steht nicht unter den Zielen"),
    ],
)
def test_who_waits_beside_free_seats_waits_for_the_order(order: tuple[str, ...], text: str) -> None:
    # Nobody rides the 10 km: the shortest ways are those of nobody.
    plan = plan_of(district([school("GS A", km=10, free_rooms=0)]), **ordered(*order))
    assert {place.cause for place in plan.waiting} == {Cause.NOT_SEATED}
    assert told(plan) == {text}


def test_who_waits_for_a_class_waits_for_the_order() -> None:
    # Two months fill the 20 seats, the third has a room that no class may open in.
    plan = plan_of(
        district([school("GS A", free_rooms=1)]), **ordered("neue_klassen", "wartemonate")
    )
    assert plan.openings == ()
    assert told(plan) == {
        "die Reihenfolge der Ziele stellt wenige neue Klassen vor das Warten "
        "(freie Plätze sind Reserve)"
    }


def test_a_full_school_without_a_room_is_told_whatever_the_order() -> None:
    # GS A is here, so ways cost nothing and do not keep anybody from its seats; then it is full.
    plan = plan_of(district([school("GS A", free_rooms=0)]), **ordered("weg", "wartemonate"))
    assert told(plan) == {f"{ROOM} (freie Plätze sind Reserve)"}


def test_prices_are_told_as_the_reason() -> None:
    dear_ways = {"wartemonate": 1.0, "weg": 10.0}
    plan = plan_of(district([school("GS A", km=10, free_rooms=0)]), ziele={"preise": dear_ways})
    assert told(plan) == {
        "Plätze sind frei, aber nach den Preisen ist Warten günstiger als ein Platz"
    }
    dear_classes = {"wartemonate": 1.0, "neue_klassen": 1000.0}
    plan = plan_of(district([school("GS A", free_rooms=1)]), ziele={"preise": dear_classes})
    assert told(plan) == {
        "nach den Preisen ist Warten günstiger als eine Klasse (freie Plätze sind Reserve)"
    }


def test_seats_above_the_planning_size_are_reserve_and_none_where_there_is_no_reserve() -> None:
    town = district([school("GS A", free_rooms=0)])
    assert told(plan_of(town)) == {f"{ROOM} (freie Plätze sind Reserve)"}
    full = plan_of(town, klassen={"obergrenze": 20, "vorlauf_monate": 1})
    assert told(full) == {ROOM}


def test_the_reserve_is_there_for_the_list() -> None:
    # 24 children for 23 seats: the one who waits has no seat, and none is kept from it.
    children = [child(f"K{n:02}") for n in range(24)]
    plan = plan_of(
        district([school("GS A", free_rooms=0)], newcomers=children), zuzug={"pro_monat": 0.0}
    )
    assert told(plan) == {ROOM}


def test_a_seat_that_goes_with_its_class_is_none() -> None:
    # The class ends in April by decision, so nobody may sit down in March: not for the order.
    end = ClassDecision("GS A", date(2017, 4, 1), 0, PlanState.DECIDED)
    plan = plan_of(replace(district([school("GS A", free_rooms=0)]), class_plan=(end,)))
    assert Cause.NOT_SEATED not in {place.cause for place in plan.waiting}


@pytest.mark.parametrize(
    ("order", "empty", "hinted"),
    [
        (("wartemonate", "weg"), False, None),
        (("ueberbelegung", "wartemonate", "weg"), False, None),
        (("neue_klassen", "wartemonate", "weg"), False, "steht „neue_klassen“ vor"),
        (("weg_ueber_richtwert", "wartemonate"), True, "steht „weg_ueber_richtwert“ vor"),
        (("weg", "neue_klassen", "wartemonate"), True, "stehen „weg“ und „neue_klassen“ vor"),
        (("regelklassen", "wartemonate"), True, "steht „regelklassen“ vor"),
        (("neue_klassen", "weg"), True, "steht nicht in der Reihenfolge der Ziele"),
    ],
)
def test_an_odd_order_is_told_with_key_and_remedy(
    order: tuple[Any, ...], empty: bool, hinted: str | None
) -> None:
    goals = Goals(reihenfolge=order)
    assert leaves_seats_empty(goals) is empty
    hints = order_hints(goals)
    assert len(hints) == (hinted is not None)
    for hint in hints:
        assert hinted is not None and hinted in hint
        assert "unter [ziele] in „reihenfolge“ „wartemonate“ an den Anfang" in hint
        assert ("Plätze frei" in hint) == (empty and "wartemonate" in order)


def test_the_plan_says_it_and_that_the_futures_seat_everybody() -> None:
    town = district([school("GS A", km=10, free_rooms=0)])
    odd = with_judgement(plan_of(town, **ordered("weg", "wartemonate")), 4)
    assert odd.hints[0].startswith("In der Reihenfolge der Ziele steht „weg“ vor „wartemonate“")
    assert "Anders als im Plan" in dict(summary(odd))["Was bringt der Plan?"]
    usual = with_judgement(plan_of(town), 4)
    assert "Anders als im Plan" not in dict(summary(usual))["Was bringt der Plan?"]
    assert not any("Reihenfolge der Ziele" in hint for hint in usual.hints)
