"""The bill of a plan with prices, against sums worked out by hand.

One class of 20 planned seats, ten children a month who stay for twelve, a minute is a kilometre.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from daz_planner.planning import Plan, make_plan
from daz_planner.planning.plan import BillItem, SolveStatus
from daz_planner.results.bill_tables import QUESTION, bill_answer, bill_table
from daz_planner.results.summary import summary
from daz_planner.simulation import simulate
from tests.factories import district, scenario, school


def plan_of(schools: list[Any], prices: dict[str, Any], **tables: Any) -> Plan:
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 5},
        "zuzug": {"pro_monat": 10.0},
        "klassen": {"vorlauf_monate": 1},
        "rechnen": {"laeufe": 1},
        "ziele": {"preise": prices},
    }
    town, setting = district(schools), scenario(**{**rest, **tables})
    return make_plan(town, setting, simulate(town, setting))


def items(plan: Plan) -> dict[str, tuple[float, float | None, float]]:
    return {i.goal: (round(i.quantity, 3), i.price, round(i.amount, 2)) for i in plan.bill}


def total(plan: Plan) -> float:
    return sum(stage.value for stage in plan.stages if stage.goal == "preise")


def test_waiting_and_ways_at_their_prices() -> None:
    # 20 children ride 10 km: 200 minutes. 10 wait in month 3, 20 in month 4: a class costs more.
    prices = {"wartemonate": 100.0, "neue_klassen": 5000.0, "weg": 2.0}
    plan = plan_of([school("GS A", km=10, free_rooms=1)], prices)
    assert items(plan) == {
        "wartemonate": (30.0, 100.0, 3000.0),
        "neue_klassen": (0.0, 5000.0, 0.0),
        "weg": (200.0, 2.0, 400.0),
    }
    assert total(plan) == pytest.approx(3400.0)
    assert bill_answer(plan) == (
        "Alle Ziele, die einen Preis haben, zusammen 3.400 Punkte: Wartezeit 3.000; Weg 400. "
        "Weniger geht bewiesen nicht."
    )


def test_a_class_and_its_months_beside_those_of_today() -> None:
    # The second class opens in month 3 for two months: 1000 + 2 · 50. Today's class costs nothing.
    prices = {"wartemonate": 100.0, "neue_klassen": 1000.0, "klassenmonate": 50.0}
    plan = plan_of([school("GS A", free_rooms=1)], prices)
    assert items(plan) == {
        "wartemonate": (0.0, 100.0, 0.0),
        "neue_klassen": (1.0, 1000.0, 1000.0),
        "klassenmonate": (2.0, 50.0, 100.0),
    }
    assert total(plan) == pytest.approx(1100.0)


def test_a_school_with_its_own_cost_of_opening() -> None:
    # Both could take the second class; GS B opens it for 300, GS A would for 1000.
    prices = {"wartemonate": 100.0, "neue_klassen": 1000.0}
    schools = [
        school("GS A", free_rooms=1),
        school("GS B", classes=0, free_rooms=1, opening_cost=300.0),
    ]
    plan = plan_of(schools, prices)
    assert [plan.district.schools[o.school].name for o in plan.openings] == ["GS B"]
    assert items(plan)["neue_klassen"] == (1.0, None, 300.0)
    assert total(plan) == pytest.approx(300.0)


def test_the_table_adds_up_and_tells_the_proof() -> None:
    prices = {"wartemonate": 100.0, "neue_klassen": 5000.0, "weg": 2.0, "einheit": "Euro"}
    plan = plan_of([school("GS A", km=10, free_rooms=1)], prices)
    table = bill_table(plan)
    assert table.values("Ziel")[-1] == "Summe"
    amounts = table.values("Betrag")
    assert amounts[-1] == pytest.approx(sum(amounts[:-1])) == pytest.approx(3400.0)
    for quantity, price, amount in zip(
        table.values("Menge")[:-1], table.values("Preis")[:-1], amounts[:-1], strict=True
    ):
        assert quantity * price == pytest.approx(amount)
    assert table.values("Nachweis")[-1] == "Schranke 3.400, Lücke 0 %"
    assert table.column("Betrag").unit == "Euro"


def test_types_are_added_up() -> None:
    prices = {"wartemonate": 100.0, "weg": 2.0}
    schools = [
        school("GS A", km=10, free_rooms=0),
        school("OS A", km=10, free_rooms=0, school_type="OS"),
    ]
    zuzug = {"pro_monat": 20.0, "schularten": {"GS": 0.5, "OS": 0.5}}
    plan = plan_of(schools, prices, zuzug=zuzug)
    table = bill_table(plan)
    assert table.values("Schulart").count("zusammen") == 3
    assert table.values("Betrag")[-1] == pytest.approx(2 * 3400.0)


def test_a_sum_that_is_not_proven_says_by_how_much() -> None:
    prices = {"wartemonate": 100.0, "weg": 2.0}
    plan = plan_of([school("GS A", km=10, free_rooms=0)], prices)
    bounded = [replace(s, bound=3230.0, status=SolveStatus.WITHIN_GAP) for s in plan.stages]
    assert "Kein Plan kostet weniger als 3.230 (bewiesen; höchstens 5 % weniger)." in bill_answer(
        replace(plan, stages=tuple(bounded))
    )
    unknown = replace(plan, stages=tuple(replace(s, bound=None) for s in plan.stages))
    assert "nicht bewiesen" in bill_answer(unknown)
    assert bill_table(unknown).values("Nachweis")[-1] == "keine Schranke bewiesen"


def test_without_prices_there_is_no_bill() -> None:
    plan = plan_of([school("GS A")], {}, ziele={"toleranz": 0.0})
    assert plan.bill == ()
    assert QUESTION not in dict(summary(plan))
    priced = replace(plan, bill=(BillItem("GS", "weg", 1.0, 1.0, 1.0),))
    assert QUESTION in dict(summary(priced))
