"""What a planner reads about classes against ways: tables, sentences, sheet, record, picture."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from daz_planner.cli.front_view import front_plot
from daz_planner.cli.plot import ASCII, BLOCKS
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.front import with_front
from daz_planner.planning.front_points import (
    TOGETHER,
    Curve,
    End,
    Front,
    FrontPoint,
    Measure,
    NewClass,
    PlanPoint,
)
from daz_planner.planning.plan import ClassKind, SolveStatus
from daz_planner.results.folder import write_result
from daz_planner.results.front_tables import (
    front_answer,
    front_sentences,
    front_table,
    month_sentences,
)
from daz_planner.results.stored import load_plan
from daz_planner.results.summary import summary
from daz_planner.results.tables import tables
from daz_planner.simulation import simulate
from tests.factories import district, place, scenario, school


def made(**settings: Any) -> Plan:
    """One child a month from each of three villages; classes may open in B (40 km) and C (10)."""
    sites = [
        school("GS B", 40, classes=0, free_rooms=1, municipality="B-Dorf"),
        school("GS C", 10, classes=0, free_rooms=1, municipality="C-Dorf"),
    ]
    places = [place("A-Dorf"), place("B-Dorf", km=40), place("C-Dorf", km=10)]
    town = district([school("GS A", free_rooms=0), *sites], places)
    setting = scenario(**{"zuzug": {"pro_monat": 3.0}, **settings})
    return with_front(make_plan(town, setting, simulate(town, setting)), 600.0)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return made()


def test_table_by_hand(plan: Plan) -> None:
    # 250 minutes one way of 15 children without a class, 90 with B, 50 with both.
    table = front_table(plan, Measure.CLASSES)
    one_type = table.frame[table.frame["Schulart"] == "GS"]
    assert one_type["Zeile"].tolist() == ["Plan", *["kürzeste Wege"] * 3]
    assert one_type["neue Klassen"].tolist() == [0, 0, 1, 2]
    assert one_type["Klassenmonate"].tolist() == [0, 0, 4, 8]
    assert one_type["Minuten zusammen"].round(3).tolist() == [250.0, 250.0, 90.0, 50.0]
    per_day = [2 * total / 15 for total in (250, 250, 90, 50)]
    assert one_type["Weg am Tag"].tolist() == pytest.approx(per_day, abs=1e-3)
    saved = one_type["spart je Klasse"].tolist()
    assert saved[2:] == pytest.approx([2 * 160 / 15, 2 * 40 / 15], abs=1e-3)
    assert one_type["spart je Klasse"].isna().tolist() == [True, True, False, False]
    assert one_type["öffnet zusätzlich"].tolist() == [
        "",
        "",
        "GS B ab Apr 2017 – fraglich (unter 10)",
        "GS C ab Apr 2017 – fraglich (unter 10)",
    ]
    assert set(one_type["dafür nicht"]) == {""}
    assert one_type["Status"].tolist() == ["", *["bewiesen optimal"] * 3]
    assert table.frame["Schulart"].tolist() == ["GS"] * 4 + [TOGETHER] * 4


def test_class_months_by_hand(plan: Plan) -> None:
    table = front_table(plan, Measure.CLASS_MONTHS)
    one_type = table.frame[table.frame["Schulart"] == "GS"].iloc[1:]
    assert one_type["Klassenmonate"].tolist() == list(range(9))
    saved = one_type["spart je Klassenmonat"].tolist()[1:]
    assert saved == pytest.approx([2 * 40 / 15] * 4 + [2 * 10 / 15] * 4, abs=1e-3)


def test_sentence_by_hand(plan: Plan) -> None:
    assert plan.front is not None
    # 160 minutes of 15 children there and back are 21.3 a child.
    assert front_sentences(plan.front) == [
        "Eine Klasse mehr an „GS B“ spart im Mittel 21,3 Minuten Schulweg am Tag (hin und zurück) "
        "für 15 Kinder (GS). Nach drei Monaten säßen dort je Klasse unter 10 Kinder: fraglich."
    ]
    assert ("Was spart eine Klasse mehr?", front_answer(plan.front)) in summary(plan)
    assert len(summary(replace(plan, front=None))) == len(summary(plan)) - 1


# -- what is told where time ran out ---------------------------------------------------------


def point(
    classes: int,
    minutes: float,
    bound: float | None,
    *opened: str,
    status: SolveStatus = SolveStatus.OPTIMAL,
) -> FrontPoint:
    new = tuple(NewClass(name, "GS", 2, 1, ClassKind.CLASS) for name in opened)
    return FrontPoint(classes, 4 * classes, minutes, bound, status, 100.0, 0.0, new)


def front(*points: FrontPoint, end: End = End.SHORTEST, plan_classes: int = 0) -> Front:
    own = replace(points[0], classes=plan_classes, class_months=0, bound=None)
    curve = Curve("GS", Measure.CLASSES, points, end, True, 0.0)
    both = replace(curve, school_type=TOGETHER)
    return Front((PlanPoint("GS", own, own.minutes),), (curve, both), (), ())


LATE = SolveStatus.LIMIT


def test_a_range_where_a_point_was_cut_off() -> None:
    found = front(point(0, 1000.0, 950.0), point(1, 800.0, 700.0, "GS B", status=LATE))
    # Proven are 950 - 800 to 1000 - 700 minutes one way of 100 children.
    first, second = front_sentences(found)
    assert "spart im Mittel zwischen 3 und 6 Minuten Schulweg" in first
    assert (
        second
        == "1 Punkt endete am Zeitlimit (GS): Dort könnten die Wege höchstens 12,5 % kürzer sein."
    )


def test_without_a_bound_it_is_only_about() -> None:
    found = front(point(0, 1000.0, None, status=LATE), point(1, 800.0, None, "GS B", status=LATE))
    first, second = front_sentences(found)
    assert "ungefähr 4 Minuten" in first
    assert second == "2 Punkte endeten am Zeitlimit (GS): Dort könnten die Wege noch kürzer sein."


def test_the_plan_is_told_apart_from_the_shortest_ways() -> None:
    found = front(point(0, 1000.0, 1000.0), point(1, 800.0, 800.0, "GS B"))
    own = replace(found.plans[0].point, minutes=1100.0)
    (sentence,) = front_sentences(replace(found, plans=(PlanPoint("GS", own, 1000.0),)))
    # 20 to 16 minutes a day for 100 children; the plan itself has 22.
    assert "spart im Mittel 4 Minuten" in sentence
    assert sentence.endswith("ohne weitere Klasse; gegenüber dem Plan selbst sind es 6 Minuten.")
    assert "Verglichen" not in front_answer(found)


def test_several_classes_at_once_and_one_instead() -> None:
    found = front(point(0, 1000.0, 1000.0, "GS C"), point(2, 800.0, 800.0, "GS A", "GS B"))
    (sentence,) = front_sentences(found)
    assert sentence.startswith(
        "2 Klassen mehr an „GS A“ und „GS B“ (dann keine an „GS C“) sparen im Mittel 4 Minuten"
    )


def test_a_class_that_saves_next_to_nothing_is_not_praised() -> None:
    found = front(point(0, 1000.0, 1000.0), point(1, 999.0, 999.0, "GS B"))
    assert front_sentences(found) == [
        "Eine Klasse mehr als im Plan verkürzte die Wege nicht nennenswert."
    ]


def test_points_that_are_missing_are_told() -> None:
    found = front(point(0, 1000.0, 1000.0), end=End.TIME)
    found = replace(found, left_out=("OS",), cut_off=("GS",))
    text = front_answer(found)
    assert "Die Zeit reichte nicht für OS" in text
    assert "Die Zeit reichte nicht für alle Punkte: Gerechnet ist GS bis 0 neue Klassen" in text
    assert "Der Plan für GS endete selbst am Zeitlimit" in text
    assert "reichte nicht für die Abwägung" in front_sentences(Front((), (), ("GS",), ()))[0]


def test_opening_early_is_told_with_its_class_months() -> None:
    found = front(point(2, 800.0, 800.0, "GS A", "GS B"), plan_classes=2)
    found = replace(found, plans=(replace(found.plans[0], shortest=1000.0),))
    sentences = front_sentences(found)
    assert sentences[1] == (
        "Öffneten die 2 neuen Klassen des Plans (GS) so früh und so nah wie möglich, kostete das 8 "
        "Klassenmonate mehr und sparte im Mittel 4 Minuten am Tag für 100 Kinder (GS)."
    )


def test_opening_early_counts_the_children_of_the_type_alone() -> None:
    found = front(point(2, 800.0, 800.0, "GS A", "GS B"), plan_classes=2)
    gs = replace(found.plans[0], shortest=1000.0)
    other = replace(point(0, 500.0, None), pupils=900.0)
    found = replace(found, plans=(gs, PlanPoint("OS", other, 500.0)))
    # 200 minutes one way are 4 a day for the 100 of GS, and would be 0.4 for all 1000.
    (sentence,) = [s for s in front_sentences(found) if s.startswith("Öffne")]
    assert "im Mittel 4 Minuten am Tag für 100 Kinder (GS)" in sentence


def test_the_same_words_wherever_they_stand(plan: Plan) -> None:
    # Class months have a curve with worse points; only their own table tells of them.
    found = front(point(0, 1000.0, 950.0), point(1, 800.0, 760.0, "GS B", status=LATE))
    months = replace(
        found.curves[0],
        measure=Measure.CLASS_MONTHS,
        points=tuple(point(n, 900.0 - n, 450.0, status=LATE) for n in range(5)),
    )
    found = replace(found, curves=(*found.curves, months))
    assert front_answer(found) == " ".join(front_sentences(found))
    assert "1 Punkt endete am Zeitlimit (GS)" in front_answer(found)
    assert "höchstens 5 % kürzer" in front_answer(found)
    (caveat,) = month_sentences(found)
    assert caveat == (
        "5 Punkte endeten am Zeitlimit (GS): Dort könnten die Wege höchstens 50 % kürzer sein."
    )
    assert month_sentences(front(point(0, 1000.0, 950.0))) == []


def test_a_sum_without_proof_is_not_called_proven(plan: Plan) -> None:
    assert plan.front is not None
    loose = tuple(
        replace(p, bound=0.9 * p.minutes)
        for c in plan.front.curves
        if c.school_type == TOGETHER and c.measure is Measure.CLASSES
        for p in c.points
    )
    curves = tuple(
        replace(c, points=loose)
        if c.school_type == TOGETHER and c.measure is Measure.CLASSES
        else c
        for c in plan.front.curves
    )
    frame = front_table(
        replace(plan, front=replace(plan.front, curves=curves)), Measure.CLASSES
    ).frame
    status = frame[(frame["Schulart"] == TOGETHER) & (frame["Zeile"] != "Plan")]["Status"]
    assert set(status) == {"nicht bewiesen"}
    assert set(frame[frame["Schulart"] == "GS"]["Status"]) == {"", "bewiesen optimal"}


# -- the folder ------------------------------------------------------------------------------


def test_the_folder(plan: Plan, tmp_path: Path) -> None:
    folder = write_result(plan, tmp_path / "plan")
    text = (folder / "tabellen" / "abwaegung.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [row["Weg am Tag"] for row in rows[:4]] == ["33,33", "33,33", "12,00", "6,67"]
    assert (folder / "tabellen" / "abwaegung_klassenmonate.csv").is_file()
    record = json.loads((folder / "lauf.json").read_text(encoding="utf-8"))
    assert record["abwaegung"] == {
        "punkte": 24,
        "nicht_gerechnet": [],
        "plan_am_limit_beendet": [],
        "am_limit_beendet": False,
    }
    assert load_plan(folder).front == plan.front
    book = load_workbook(folder / "plan.xlsx")
    sheet = book["Abwägung"]
    assert set(sheet.tables) == {"tab_abwaegung", "tab_abwaegung_klassenmonate"}
    assert len(sheet._charts) == 2
    # Two curves (GS; the sum of one type is the same) with the plan as a mark: two series each.
    assert [len(chart.series) for chart in sheet._charts] == [2, 2]
    for chart in sheet._charts:
        for named in (chart.title, chart.x_axis.title, chart.y_axis.title):
            assert named.tx.rich.p[0].r[0].t
    assert sheet._charts[0].y_axis.title.tx.rich.p[0].r[0].t == "Minuten am Tag"
    answers = [cell.value for cell in book["Übersicht"]["A"] if cell.value]
    assert "Was spart eine Klasse mehr?" in answers


def test_without_the_option_nothing_is_there(plan: Plan) -> None:
    assert not [name for name in tables(replace(plan, front=None)) if name.startswith("abw")]


# -- the picture -----------------------------------------------------------------------------


def test_the_picture_by_hand() -> None:
    found = front(point(1, 1500.0, 0.0), point(2, 1400.0, 0.0), point(4, 1300.0, 0.0))
    found = replace(found, plans=(PlanPoint("GS", point(1, 1600.0, None), 1500.0),))
    # Minutes there and back of a child: 32 the plan, then 30, 28 and 26.
    lines = front_plot(found, width=40, letters=ASCII)
    assert lines == [
        "Alle Schularten zusammen (100 neu",
        "verteilte Kinder): Schulweg gegen neue",
        "Klassen",
        "Minuten je Kind und Schultag, hin und",
        "zurück",
        "32,0 |P",
        "31,0 |",
        "30,0 |#",
        "29,0 |",
        "28,0 |      #",
        "27,0 |",
        "26,0 |                  #",
        "      1     2     3     4",
        "      # kürzeste Wege   P Plan   nach",
        "      rechts: neue Klassen",
    ]


@pytest.mark.parametrize("width", [30, 60, 80, 200])
@pytest.mark.parametrize("last", [0, 1, 7, 40, 400])
def test_no_line_is_too_long(width: int, last: int) -> None:
    points = [point(n, 3000.0 - n, 0.0) for n in range(0, last + 1, max(1, last // 12))]
    found = front(*points)
    for letters in (BLOCKS, ASCII):
        lines = front_plot(found, width=width, letters=letters)
        assert lines and max(map(len, lines)) <= width


def test_without_a_curve_of_all_there_is_no_picture() -> None:
    found = front(point(0, 10.0, 10.0))
    assert front_plot(replace(found, curves=found.curves[:1]), width=80, letters=ASCII) == []
    assert front_plot(replace(found, plans=()), width=80, letters=ASCII) == []
