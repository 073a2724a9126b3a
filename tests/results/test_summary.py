"""The five answers in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from daz_planner.planning.plan import (
    Cause,
    ClassKind,
    Flow,
    Opening,
    Plan,
    SolveStatus,
    StageResult,
    WaitingPlace,
)
from daz_planner.results.summary import children_without_seat, summary

SEATS, CLASSES, LOAD, WAYS, SURE = range(5)
RESERVE = "Geplant wird mit 20 Kindern je Klasse; die übrigen Plätze sind Reserve."


def answer(plan: Plan, number: int) -> str:
    return summary(plan)[number][1]


def stage(status: SolveStatus, gap: float | None) -> StageResult:
    return StageResult("OS", "weg", 100.0, None if gap is None else 98.0, gap, status, 1.0)


def test_largest_number_of_a_month_counts(plan: Plan) -> None:
    assert children_without_seat(plan) == 3.5


def test_noise_is_nobody(make_plan: Callable[..., Plan]) -> None:
    noise = WaitingPlace("GS", 0, 0, 9e-7, date(2017, 2, 1), Cause.NO_ROOM)
    assert children_without_seat(make_plan(waiting=(noise,))) == 0
    assert answer(make_plan(waiting=(noise,)), SEATS).startswith("Ja.")


def test_questions_are_five(plan: Plan) -> None:
    assert [question for question, _ in summary(plan)] == [
        "Hat jedes Kind einen Platz?",
        "Welche Klassen öffnen wo und wann?",
        "Wie voll ist das Netz?",
        "Wie weit sind die Wege?",
        "Wie sicher ist das?",
    ]


def test_waiting_children_are_told_with_month_place_and_cause(plan: Plan) -> None:
    text = answer(plan, SEATS)
    assert text.startswith("Nein. In 2 von 4 Monaten warten Kinder, am meisten im März 2017:")
    assert "3,5 Kinder (GS 3,5)" in text
    # Most wait in March for a room, but over all months more for the lead time.
    cause = "eine neue Klasse kann noch nicht öffnen (Vorlauf)"
    assert f"Die meisten wohnen in Bedorf. Häufigste Ursache im Zeitraum: {cause}." in text
    assert (
        "Von 3 Kindern der heutigen Liste bekommen 2 einen Platz, 1 davon erst später im Zeitraum."
        in text
    )


def test_one_child_is_singular(make_plan: Callable[..., Plan]) -> None:
    one = WaitingPlace("GS", 2, 0, 1.0, date(2017, 2, 1), Cause.NO_SCHOOL)
    text = answer(make_plan(waiting=(one,)), SEATS)
    assert text.startswith("Nein. Nur im Februar 2017 warten Kinder: im Mittel 1 Kind (GS 1).")
    assert "Sie wohnen in Cedorf. Ursache: keine Schule" in text


def test_a_trace_of_a_child(make_plan: Callable[..., Plan]) -> None:
    trace = WaitingPlace("GS", 2, 0, 0.01, date(2017, 2, 1), Cause.NOT_WORTH)
    text = answer(make_plan(waiting=(trace,)), SEATS)
    assert text.startswith(
        "Fast jedes. Nur im Februar 2017 warten Kinder: im Mittel weniger als 0,1 Kinder."
    )


def test_everybody_has_a_seat(empty_plan: Plan) -> None:
    assert answer(empty_plan, SEATS) == (
        "Ja. In jedem Monat bis Mai 2017 gibt es für alle erwarteten Kinder Platz."
    )


def test_openings_are_named(plan: Plan) -> None:
    assert answer(plan, CLASSES) == (
        f"1 neue Klasse: Grundschule Süd (ab April 2017, Gruppe unter 13). {RESERVE}"
    )


def test_the_reserve_is_told_only_where_a_class_opens_beside_it(
    make_plan: Callable[..., Plan],
) -> None:
    # In March 2 of Nord's 22 seats and 1 of Süd's 23 are free above 20 a class.
    full = make_plan().seats.copy()
    full[:2, 1] = [19.5, 22.9]
    assert RESERVE not in answer(make_plan(seats=full), CLASSES)
    # The seats of the Oberschule do not count for a Grundschule.
    assert float(make_plan().seats[2, 1] - make_plan().use[2, 1]) > 3
    assert RESERVE not in answer(make_plan(openings=()), CLASSES)
    plan = make_plan()
    kept = plan.scenario.klassen.model_copy(update={"planungsgroesse": 19})
    other = make_plan(scenario=plan.scenario.model_copy(update={"klassen": kept}))
    assert "Geplant wird mit 19 Kindern je Klasse" in answer(other, CLASSES)


def test_many_openings_are_counted(make_plan: Callable[..., Plan]) -> None:
    many = tuple(
        Opening(1, month, 1, ClassKind.CLASS, 15.0, 1.0, 0.0, "") for month in (0, 1, 2, 3)
    )
    text = answer(make_plan(openings=many + many), CLASSES)
    assert text.startswith("8 neue Klassen: Grundschule Süd (ab Februar 2017);")
    assert text.endswith(f"und 3 weitere (Blatt Klassenbildung). {RESERVE}")


def test_no_opening_says_whether_the_classes_are_enough(
    make_plan: Callable[..., Plan], empty_plan: Plan
) -> None:
    assert answer(empty_plan, CLASSES) == "Keine. 3 Klassen wie heute genügen."
    assert answer(make_plan(openings=()), CLASSES) == "Keine. Es bleibt bei 3 Klassen wie heute."


def test_load(plan: Plan) -> None:
    text = answer(plan, LOAD)
    assert text.startswith("Heute 53 von 68 Plätzen belegt (77,9 %), Kapazitätsreserve 15.")
    # February: 53 + 1 child of the list, on 68 seats
    assert "Höchste Auslastung im Februar 2017: im Mittel 54 von 68 Plätzen (79,4 %)." in text
    assert text.endswith("Zeitweise ganz voll: Grundschule Süd.")


def test_ways(plan: Plan) -> None:
    text = answer(plan, WAYS)
    # (1.5 × 10 + 3.5 × 5 + 50 + 1.25 × 30) / 7.25 = 16.6 minutes; 1 of 7.25 over the guide value
    assert "im Mittel 17 Minuten" in text
    assert "höchstens 50 Minuten (Cedorf – Oberschule Mitte)" in text
    assert "13,8 % fahren länger als der Richtwert (GS 30 Minuten, OS 45 Minuten)." in text


def test_proven_plan_is_optimal(plan: Plan) -> None:
    text = answer(plan, SURE)
    assert text.startswith("Der Plan ist bei jedem Ziel bewiesen optimal.")
    assert "In 3 von 4 simulierten Verläufen (75 %) reichen die Plätze" in text
    assert "die Wege sind dabei nicht berücksichtigt" in text


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        (
            [stage(SolveStatus.WITHIN_GAP, 0.0161)],
            "höchstens 1,7 % vom Optimum entfernt (OS, Ziel „Weg“)",
        ),
        ([stage(SolveStatus.LIMIT, 0.84)], "höchstens 84 % vom Optimum"),
        ([stage(SolveStatus.LIMIT, None)], "Der Abstand zum Optimum ist nicht bekannt"),
        ([stage(SolveStatus.NOT_RUN, None)], "1 Ziel wurde wegen des Zeitlimits nicht gerechnet."),
        (
            [stage(SolveStatus.NOT_RUN, None), stage(SolveStatus.NOT_RUN, None)],
            "2 Ziele wurden wegen des Zeitlimits nicht gerechnet.",
        ),
    ],
)
def test_optimal_is_never_said_without_proof(
    make_plan: Callable[..., Plan], stages: list[StageResult], expected: str
) -> None:
    proven = make_plan().stages
    text = answer(make_plan(stages=(*proven, *stages)), SURE)
    assert expected in text
    assert "optimal" not in text.replace("Optimum", "")


def test_worst_gap_of_all_stages_is_told(plan: Plan) -> None:
    stages = tuple(stage(SolveStatus.WITHIN_GAP, gap) for gap in (0.001, 0.004, 0.002))
    assert "höchstens 0,4 %" in answer(replace(plan, stages=stages), SURE)


@pytest.mark.parametrize(
    ("seated", "count", "text"),
    [
        (1, 1, "Das Kind der heutigen Liste bekommt einen Platz."),
        (0, 1, "Das Kind der heutigen Liste bekommt keinen Platz."),
        (2, 2, "Beide Kinder der heutigen Liste bekommen einen Platz."),
        (0, 2, "Von 2 Kindern der heutigen Liste bekommt keines einen Platz."),
        (1, 2, "Von 2 Kindern der heutigen Liste bekommt 1 einen Platz."),
    ],
)
def test_children_of_the_list_in_one_and_many(
    plan: Plan, seated: int, count: int, text: str
) -> None:
    seats = [
        replace(seat, school=0, month=0) if n < seated else replace(seat, school=None, month=None)
        for n, seat in enumerate(plan.children[:count])
    ]
    assert text in summary(replace(plan, children=tuple(seats)))[0][1]


def test_one_percent_is_singular(make_plan: Callable[..., Plan]) -> None:
    # 1 of 100 pupils drives 50 minutes to an Oberschule, above 45.
    flows = (Flow(0, 0, 0, 99.0, 10.0), Flow(2, 2, 0, 1.0, 50.0))
    assert "1 % fährt länger als der Richtwert" in summary(make_plan(flows=flows))[3][1]
