"""The tables of a plan judged on futures, against answers worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from daz_planner.planning.futures import Judgement, judge
from daz_planner.planning.make import make_plan
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.futures_tables import judgement_sentences, judgement_tables
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school


@pytest.fixture(scope="module")
def judgement() -> Judgement:
    """Three children, a seat at A and one at B; A may open a class of one seat after two months.

    The plan opens it in April; without it the third child waits to the end, six months or 181 days.
    """
    town = district(
        [
            school("A", class_cap=1, free_rooms=1),
            school("B", km=20, class_cap=1, free_rooms=0),
        ],
        newcomers=[child(f"k{n}", grade=1, registered=date(2017, 1, 1 + n)) for n in range(3)],
    )
    setting = scenario(klassen={"vorlauf_monate": 2})
    return judge(make_plan(town, setting, simulate(town, setting)), futures=10)


def test_policies_side_by_side(judgement: Judgement) -> None:
    table = judgement_tables(judgement)["zukunft_vergleich"]
    assert table.values("Vorgehen") == ["Plan", "Nichts tun", "Einfache Regel"] * 2
    assert table.values("Schulart") == ["GS"] * 3 + ["zusammen"] * 3
    assert table.values("Kinder, die einen Platz suchen") == [3.0] * 6
    assert table.values("Wartemonate") == [2.0, 6.0, 2.0] * 2
    assert table.values("Wartemonate P90") == [2.0, 6.0, 2.0] * 2
    assert table.values("Zukünfte ohne Warten") == [0.0] * 6
    assert table.values("Wartetage je Kind") == pytest.approx([59 / 3, 181 / 3, 59 / 3] * 2)
    assert table.values("Wartetage P90") == [59, 181, 59] * 2
    assert table.values("länger als 60 Tage") == pytest.approx([0.0, 1 / 3, 0.0] * 2)
    assert table.values("neue Klassen") == [1.0, 0.0, 1.0] * 2
    assert table.values("Klassenmonate") == [16.0, 12.0, 16.0] * 2
    assert table.values("Weg im Mittel") == pytest.approx([20 / 3, 10.0, 20 / 3] * 2)


def test_the_class_that_is_needed(judgement: Judgement) -> None:
    table = judgement_tables(judgement)["zukunft_klassen"]
    assert csv_bytes(table).decode("utf-8-sig").splitlines() == [
        "Schule;Schulart;neu ab;Klasse Nr.;gebraucht;frühestens ab;meist ab;Wartemonate ohne sie",
        "A;GS;2017-04;1;100,0;2017-04;2017-04;4,0",
    ]


def test_seats_in_use(judgement: Judgement) -> None:
    table = judgement_tables(judgement)["zukunft_plaetze"]
    assert table.values("Schule") == ["A"] * 6 + ["B"] * 6
    assert table.values("Plätze") == [1, 1, 2, 2, 2, 2] + [1] * 6
    for name in ("P10", "P50", "P90"):
        assert table.values(f"belegt {name}") == [1, 1, 2, 2, 2, 2] + [1] * 6


def test_the_worth_of_planning_in_sentences(judgement: Judgement) -> None:
    sentences = judgement_sentences(judgement)
    assert sentences[:4] == [
        "Geprüft an 10 gezogenen Zukünften, Monat für Monat, ohne Wissen über später.",
        "Alle Kinder zusammen warten im Mittel: mit dem Plan 2 Monate, ohne neue Klassen 6 Monate "
        "und nach der einfachen Regel 2 Monate.",
        "Länger als 60 Tage warten von den Kindern: mit dem Plan 0 %, ohne neue Klassen 33,3 % und "
        "nach der einfachen Regel 0 %.",
        "Klassenmonate (Klassen × Monate): mit dem Plan 16, ohne neue Klassen 12 und nach der "
        "einfachen Regel 16.",
    ]
