"""What stands beside the counts of futures: no count seems to deny the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from daz_planner.district.model import ClassDecision, PlanState
from daz_planner.planning.futures import with_judgement
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Plan
from daz_planner.results.futures_caveats import seats_sentence, waiting_caveat
from daz_planner.results.summary import summary
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school


def planned(*children: Any, closes: bool = False) -> Plan:
    town = district([school("GS A", pupils=23), school("GS B")], newcomers=list(children))
    if closes:
        end = ClassDecision("GS A", date(2017, 4, 1), 0, PlanState.DECIDED)
        town = replace(town, class_plan=(end,))
    setting = scenario()
    return make_plan(town, setting, simulate(town, setting))


def test_ways_are_always_left_out() -> None:
    plan = planned(child("k"))
    assert seats_sentence(plan) == (
        "In 64 von 64 simulierten Verläufen (100 %) reichen die Plätze jeder Schulart, "
        "zusammengezählt, in jedem Monat – die Wege sind dabei nicht berücksichtigt."
    )
    assert waiting_caveat(plan) == ""
    assert not any("Zukünft" in answer for _, answer in summary(plan))


def test_a_child_that_waits_by_a_rule_of_the_office() -> None:
    fixed = [child(f"k{n}", pinned_to="GS A", registered=date(2017, 1, 1)) for n in range(2)]
    one = planned(fixed[0])
    assert "die Wege und was das Amt für einzelne Kinder festgelegt hat" in seats_sentence(one)
    assert waiting_caveat(one) == (
        " Darunter ist 1 Kind der heutigen Liste mit einer Festlegung des Amts (fixiert auf, "
        "Ausschluss): Es wartet auf bestimmte Schulen, auch wenn an anderen Plätze frei sind."
    )
    two = with_judgement(planned(*fixed), 2)
    answer = dict(summary(two))["Was bringt der Plan?"]
    assert answer.startswith("Mit diesem Plan wartet jemand in 2 von 2 gezogenen Zukünften")
    assert "Darunter sind 2 Kinder der heutigen Liste" in answer
    # Fixed where a seat is free: nobody waits by it.
    assert waiting_caveat(planned(child("k", pinned_to="GS B"))) == ""


def test_a_closing_is_told_beside_both_counts() -> None:
    plan = planned(closes=True)
    assert seats_sentence(plan).endswith(
        "Kinder, deren Klasse schließt, müssten dafür die Schule wechseln."
    )
    assert waiting_caveat(plan) == (
        " Heutige Kinder, deren Klasse schließt, zählen hier nicht als wartend."
    )
