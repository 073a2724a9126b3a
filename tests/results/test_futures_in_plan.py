"""A judged plan: shares, bands, sentences and sheets in the result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from daz_planner.german import percent
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.again import plan_again
from daz_planner.planning.futures import (
    OFFICE,
    PLAN,
    TODAY,
    ClassJudgement,
    judge,
    with_judgement,
)
from daz_planner.planning.plan import Opening
from daz_planner.results.change_tables import change_sentence
from daz_planner.results.class_reasons import needed_text
from daz_planner.results.explained import explain
from daz_planner.results.folder import write_result
from daz_planner.results.summary import summary
from daz_planner.results.tables import tables
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school


@pytest.fixture(scope="module")
def judged() -> Plan:
    """The child of the list fills the school: without its second class almost everybody waits."""
    town = district([school("GS A", pupils=22, free_rooms=1)], newcomers=[child("K1")])
    setting = scenario(zuzug={"pro_monat": 4.0}, klassen={"vorlauf_monate": 1})
    forecast = simulate(town, setting)
    first = make_plan(town, setting, forecast)
    plan = plan_again(town, setting, forecast, first, "frueher")
    return with_judgement(plan, 64)


def test_nothing_is_judged_where_no_future_is_asked_for(judged: Plan) -> None:
    bare = replace(judged, judgement=None)
    assert with_judgement(bare, 0) is bare
    assert len(summary(bare)) == 5
    assert "gebraucht in" not in tables(bare)["klassenbildung"].frame
    assert "belegt P90" not in tables(bare)["auslastung"].frame
    assert not any(name.startswith("zukunft") for name in tables(bare))


def test_share_of_the_futures_of_each_class(judged: Plan) -> None:
    assert judged.judgement is not None
    (one,) = judged.judgement.classes
    assert tables(judged)["klassenbildung"].values("gebraucht in") == [percent(one.share_needed)]
    assert one.share_needed > 0.5


def test_bands_of_each_school_and_month(judged: Plan) -> None:
    load = tables(judged)["auslastung"]
    assert judged.judgement is not None
    use = judged.judgement.policies[PLAN].counts.use[:, 0]
    for column, rank in (("belegt P10", 6), ("belegt P50", 31), ("belegt P90", 57)):
        # Of 64 futures in order: the smallest of which at least the share is not larger.
        assert load.values(column) == [sorted(month)[rank] for month in use.T.tolist()]


def test_the_answer_counts_the_futures_in_which_somebody_waits(judged: Plan) -> None:
    judgement = judged.judgement
    assert judgement is not None
    question, answer = summary(judged)[-1]
    waits = {
        name: sum(future.sum() > 0 for future in judgement.policies[name].counts.waiting)
        for name in (PLAN, TODAY, OFFICE)
    }
    assert question == "Was bringt der Plan?"
    assert f"Mit diesem Plan wartet jemand in {waits[PLAN]} von 64 gezogenen Zukünften" in answer
    assert f"ohne neue Klassen in {waits[TODAY]} (" in answer
    assert f"nach der einfachen Regel in {waits[OFFICE]}" in answer
    assert waits[TODAY] > waits[PLAN]


def test_sheets_and_files(judged: Plan, tmp_path: Path) -> None:
    written = write_result(judged, tmp_path / "aus")
    names = {path.name for path in (written / "tabellen").iterdir()}
    assert {
        "zukunft_vergleich.csv",
        "zukunft_klassen.csv",
        "zukunft_plaetze.csv",
        "aenderungen.csv",
    } <= names
    workbook = load_workbook(written / "plan.xlsx")
    futures, changed = workbook["Zukünfte"], workbook["Änderungen"]
    assert set(futures.tables) == {"tab_zukunft_vergleich", "tab_zukunft_klassen"}
    policies = [row[0].value for row in futures[futures.tables["tab_zukunft_vergleich"].ref]]
    assert policies[1:4] == ["Plan", "Nichts tun", "Einfache Regel"]
    assert changed["A4"].value == "Gegenüber dem Plan vom 08.02.2017 ändert sich nichts."
    answers = [cell.value for cell in workbook["Übersicht"]["C"]]
    assert any("Mit diesem Plan wartet jemand in" in str(value) for value in answers)


def test_what_stays_is_told(judged: Plan) -> None:
    assert judged.changes is not None
    assert change_sentence(judged.changes) == (
        "Gegenüber dem Plan vom 08.02.2017 ändert sich nichts. Es bleiben 1 angekündigte Klasse "
        "und 1 Platz eines Kindes."
    )


def test_the_same_judgement_on_two_processes(judged: Plan) -> None:
    one, two = judge(judged, futures=130), judge(judged, futures=130, processes=2)
    for name in (PLAN, TODAY, OFFICE):
        assert (one.policies[name].counts.use == two.policies[name].counts.use).all()


def test_the_share_stands_by_the_reason_with_the_same_number_everywhere(judged: Plan) -> None:
    (opening,) = judged.openings
    assert judged.judgement is not None
    (one,) = judged.judgement.classes
    odd = replace(one, needed_from=np.array([1] * 5 + [-1] * 59))
    judged = replace(judged, judgement=replace(judged.judgement, classes=(odd,)))
    # 5 of 64 futures.
    told = "In 7,8 % der 64 Zukünfte gebraucht, meist ab März 2017. Dort wird auch die Reserve"
    assert told in needed_text(judged, opening)
    (reason,) = tables(judged)["klassenbildung"].values("Grund")
    assert reason == f"{opening.reason} {needed_text(judged, opening)}"
    assert tables(judged)["klassenbildung"].values("gebraucht in") == ["7,8 %"]
    assert tables(judged)["zukunft_klassen"].values("gebraucht") == [5 / 64]
    answers = dict(explain(judged, "GS A").answers)
    assert answers["In den Zukünften"] == needed_text(judged, opening)


def test_two_classes_of_one_month_with_the_same_share_are_told_once(judged: Plan) -> None:
    assert judged.judgement is not None
    (one,) = judged.judgement.classes
    (opening,) = judged.openings
    two = (one, replace(one, number=2))
    same = replace(judged, judgement=replace(judged.judgement, classes=two))
    text = needed_text(same, replace(opening, classes=2))
    assert text.startswith("Beide Klassen: In ") and text.count("gebraucht") == 1


def test_without_a_reserve_none_is_spoken_of(judged: Plan) -> None:
    cap = np.minimum(judged.class_cap, 20)
    assert "Reserve" not in needed_text(replace(judged, class_cap=cap), judged.openings[0])


def test_the_first_page_tells_how_often_the_classes_are_needed(judged: Plan) -> None:
    (opening,) = judged.openings
    assert judged.judgement is not None
    (one,) = judged.judgement.classes
    fives = replace(one, needed_from=np.array([1] * 5 + [-1] * 59))
    nines = replace(one, needed_from=np.array([1] * 9 + [-1] * 55))

    def told(openings: tuple[Opening, ...], *classes: ClassJudgement) -> str:
        judgement = replace(judged.judgement, classes=classes)
        return summary(replace(judged, openings=openings, judgement=judgement))[1][1]

    # 5 and 9 of 64 futures, the number of the sheet Klassenbildung.
    assert "; in 7,8 % der 64 Zukünfte gebraucht)." in told((opening,), fives)
    two = replace(opening, classes=2)
    assert "; in 7,8 % und 14,1 % der 64 Zukünfte gebraucht)." in told((two,), fives, nines)
    assert "; in 7,8 % der 64 Zukünfte gebraucht)." in told((two,), fives, fives)
    # Of four classes only the range.
    four = told((two, two), fives, nines)
    assert "Gebraucht wird jede in 7,8 % bis 14,1 % der 64 Zukünfte." in four
    assert "Zukünfte gebraucht)" not in four
    assert "Gebraucht wird jede in 7,8 % der 64 Zukünfte." in told((two, two), fives)
    assert "Zukünfte" not in summary(replace(judged, judgement=None))[1][1]
