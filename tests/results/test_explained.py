"""``erklaeren``: the answers for a child and for a school, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daz_planner.errors import InputError
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.futures import judge
from daz_planner.results.explained import HERE, Explanation, explain
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school


@pytest.fixture(scope="module")
def solved() -> Plan:
    """Four schools in a row; A is full, C is beyond the limit, D is excluded for K1."""
    town = district(
        [
            school("Grundschule A", pupils=23, free_rooms=0),
            school("Grundschule B", km=10, pupils=12, free_rooms=1),
            school("Grundschule C", km=80, pupils=0, free_rooms=0),
            school("Grundschule D", km=5, pupils=22, free_rooms=0),
        ],
        [place("A-Dorf"), place("B-Dorf", km=10)],
        [
            child("K1", grade=2, registered=date(2017, 1, 5), excluded=("Grundschule D",)),
            child("K2", registered=date(2017, 1, 9), wishes=("Grundschule B", "Grundschule C")),
        ],
    )
    setting = scenario(
        zuzug={"pro_monat": 20.0, "gemeinden": {"B-Dorf": 1.0}},
        klassen={"vorlauf_monate": 1},
    )
    plan = make_plan(town, setting, simulate(town, setting))
    return replace(plan, judgement=judge(plan, futures=64))


def answer(found: Explanation, question: str) -> str:
    return dict(found.answers)[question]


def test_a_child_with_the_nearest_schools_and_their_limits(solved: Plan) -> None:
    found = explain(solved, "k1")
    assert found.title == "Kind K1"
    assert answer(found, "Platz") == "Grundschule B, sofort"
    assert answer(found, "Schulweg") == "10 Minuten, einfacher Weg"
    assert answer(found, "Gemeldet am") == "05.01.2017"
    assert answer(found, "Schulart") == "Grundschule, Klassenstufe 2"
    assert found.rows == (
        ("Grundschule A", "0", "kein freier Platz am Stichtag"),
        ("Grundschule D", "5", "für das Kind ausgeschlossen"),
        ("Grundschule B", "10", HERE),
    )


def test_wishes_do_not_hide_the_nearest_schools(solved: Plan) -> None:
    found = explain(solved, "K2")
    assert [row[0][-1] for row in found.rows] == ["A", "D", "B"]
    assert found.rows[1][2] == "Wunsch geht vor"


def test_a_school_with_a_new_class(solved: Plan) -> None:
    found = explain(solved, "GS B")
    (opening,) = solved.openings
    when = {1: "März 2017", 2: "April 2017", 3: "Mai 2017"}[opening.month]
    assert found.title == "Grundschule B"
    assert answer(found, "Klassen") == f"1 heute, 2 ab {when}."
    assert opening.reason in answer(found, f"Neue Klasse ab {when}")
    assert answer(found, "In den Zukünften").startswith("In ")
    assert "der 64 Zukünfte gebraucht" in answer(found, "In den Zukünften")
    served = sum(flow.pupils for flow in solved.flows if flow.school == 1)
    assert f"{served:.1f}".replace(".", ",").removesuffix(",0") in answer(found, "Wen sie aufnimmt")
    assert "B-Dorf" in answer(found, "Wen sie aufnimmt")
    assert answer(found, "Von der heutigen Liste") == "K1 und K2"
    assert len(found.rows) == len(solved.months)
    assert found.rows[0][:3] == ("Feb 2017", "1", "23")
    assert found.rows[-1][1:3] == ("2", "46")


def test_a_school_without_a_change(solved: Plan) -> None:
    found = explain(solved, "Grundschule C")
    assert answer(found, "Klassen") == "1 heute und in jedem Monat bis Juli 2017."
    assert answer(found, "Wen sie aufnimmt") == "Im Zeitraum kommt kein neues Kind hierher."


def test_a_reason_that_was_not_solved_is_solved_now(solved: Plan) -> None:
    (opening,) = solved.openings
    unknown = replace(opening, waiting_without=float("nan"), reason="nicht gerechnet")
    label = next(q for q, _ in explain(solved, "GS B").answers if q.startswith("Neue Klasse"))
    found = explain(replace(solved, openings=(unknown,)), "GS B")
    assert opening.reason in answer(found, label)


@pytest.mark.parametrize(
    ("who", "meant"), [("K11", "„K1“"), ("Grundschule E", "„Grundschule"), ("Grundschle", "„Grund")]
)
def test_unknown_names_are_answered_with_the_nearest(who: str, meant: str, solved: Plan) -> None:
    with pytest.raises(InputError, match=f"weder ein Kind .* Meinen Sie .*{meant}"):
        explain(solved, who)


def test_nothing_near_says_where_to_look(solved: Plan) -> None:
    with pytest.raises(InputError, match="Blatt Zuweisung"):
        explain(solved, "xyz")


def test_a_reason_that_is_solved_now_keeps_its_share_of_futures() -> None:
    # The rows of the workbook are not in the order of the alphabet, in which the plan is solved.
    town = district([school("GS C", km=80), school("GS B", pupils=12, free_rooms=1)])
    setting = scenario(zuzug={"pro_monat": 20.0}, klassen={"vorlauf_monate": 1})
    plan = make_plan(town, setting, simulate(town, setting))
    plan = replace(plan, judgement=judge(plan, futures=16))
    (opening,) = plan.openings
    unknown = replace(opening, waiting_without=float("nan"), reason="nicht gerechnet")
    before = answer(explain(plan, "GS B"), "In den Zukünften")
    after = explain(replace(plan, openings=(unknown,)), "GS B")
    assert answer(after, "In den Zukünften") == before
    (reason,) = (text for question, text in after.answers if question.startswith("Neue Klasse"))
    assert reason.startswith("Ohne diese Klasse")
