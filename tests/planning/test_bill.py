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
from daz_planner.results.tables import tables
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school


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


def listed_plan(prices: dict[str, Any], **tables: Any) -> Plan:
    """Nine children of the list, 40 minutes from a school; in April a class opens.

    Five seats are free now, three until then: eight children have one before the months are
    planned.
    """
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 5},
        "zuzug": {"pro_monat": 2.0},
        "klassen": {"vorlauf_monate": 1, "oeffnen_in": [4]},
        "rechnen": {"laeufe": 1},
        "ziele": {"preise": prices},
    }
    schools = [school("GS A", km=40, pupils=18, free_rooms=1)]
    town = district(schools, newcomers=[child(f"K{n}") for n in range(9)])
    setting = scenario(**{**rest, **tables})
    return make_plan(town, setting, simulate(town, setting))


def test_ways_of_the_list_are_in_the_bill() -> None:
    prices = {"wartemonate": 1000.0, "neue_klassen": 10.0, "weg": 2.0, "weg_ueber_richtwert": 3.0}
    plan = listed_plan(prices)
    listed = {i.goal: (i.quantity, i.amount) for i in plan.bill if i.of_list}
    # Eight children, each 40 minutes, 10 of them above the guide value of 30.
    assert listed == {"weg": (320.0, 640.0), "weg_ueber_richtwert": (80.0, 240.0)}
    # All ways are those of the sheet Verteilung, which holds the children of the list too.
    sheets = tables(plan)
    flows = sheets["verteilung"]
    pairs = zip(flows.values("Schüler"), flows.values("Minuten"), strict=True)
    ways = [item for item in plan.bill if item.goal == "weg"]
    assert sum(i.quantity for i in ways) == pytest.approx(sum(n * way for n, way in pairs))
    # The ninth child has a seat of the new class, so its way is one of the months ahead.
    assert sum(sheets["zuweisung"].values("Minuten")) == 360.0


def test_the_sum_and_its_proof_cover_the_list() -> None:
    plan = listed_plan({"wartemonate": 1000.0, "weg": 2.0, "neue_klassen": 10.0})
    (bound,) = [stage.bound for stage in plan.stages]
    assert bound is not None and 0.99 * total(plan) < bound <= total(plan)
    plan = replace(plan, stages=tuple(replace(s, bound=s.value) for s in plan.stages))
    assert total(plan) == pytest.approx(sum(item.amount for item in plan.bill))
    table = bill_table(plan)
    assert table.values("Ziel")[-3:] == [
        "Weg: alle übrigen Kinder",
        "Weg: heutige Liste, vorab verteilt",
        "Summe",
    ]
    amounts = table.values("Betrag")
    assert amounts[-1] == pytest.approx(sum(amounts[:-1]))
    assert table.values("Nachweis")[-1].endswith("Lücke 0 %")
    answer = bill_answer(plan)
    assert "(davon 640 für Kinder der heutigen Liste)" in answer
    assert answer.endswith("ohne Preise; mit ihnen geht weniger bewiesen nicht.")
    bounded = [replace(s, bound=s.value * 0.9) for s in plan.stages]
    told = bill_answer(replace(plan, stages=tuple(bounded)))
    assert "Kein Plan mit diesen Plätzen der heutigen Liste kostet weniger als" in told


def test_only_the_list_is_to_be_seated() -> None:
    plan = listed_plan({"wartemonate": 1000.0, "weg": 2.0}, zuzug={"pro_monat": 0.0})
    assert [i.amount for i in plan.bill if i.of_list] == [640.0]
    assert total(plan) == pytest.approx(sum(item.amount for item in plan.bill))
