"""The tables of the small plan, checked by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from daz_planner.district.model import Pupil, Roster
from daz_planner.planning.plan import ClassKind, Flow, Opening, Plan
from daz_planner.results.assumption_tables import assumptions
from daz_planner.results.schema import Kind, table
from daz_planner.results.tables import tables
from daz_planner.scenario import load_scenario, with_values


def test_every_frame_has_exactly_the_declared_columns(plan: Plan) -> None:
    built = tables(plan)
    assert list(built) == [
        "uebersicht",
        "plaetze",
        "bilanz",
        "klassenbildung",
        "zuweisung",
        "serienbrief",
        "verteilung",
        "auslastung",
        "ausgangszahlen",
        "wartende",
        "engpaesse",
        "erreichbarkeit",
        "erreichbarkeit_tempo",
        "prognose",
        "lehrerstunden",
        "lehrerstunden_schularten",
        "lehrerstunden_grenzen",
        "ziele",
        "annahmen",
    ]
    for item in built.values():
        assert list(item.frame.columns) == [column.name for column in item.columns], item.name


def test_a_row_of_wrong_length_is_refused(plan: Plan) -> None:
    columns = tables(plan)["ziele"].columns
    with pytest.raises(ValueError, match="ziele"):
        table("ziele", columns, [["GS", "Weg"]], empty="")


def test_class_table_has_one_row_a_school_with_month_columns(plan: Plan) -> None:
    classes = tables(plan)["klassenbildung"]
    assert classes.values("Schule") == ["Grundschule „Nord“", "Grundschule Süd", "Oberschule Mitte"]
    assert classes.values("Klassen heute") == [1, 1, 1]
    assert classes.values("2017-03") == [1, 1, 1]
    assert classes.values("2017-04") == [1, 2, 1]
    assert classes.values("neue Klassen") == [0, 1, 0]
    assert classes.values("neu ab") == ["", "April 2017", ""]
    assert classes.values("Art") == ["", "Gruppe (unter 13)", ""]
    assert classes.values("Grund") == ["", "Ohne sie warten 3,5 Kinder.", ""]
    assert classes.column("2017-03").title == "Mrz 2017"


def test_two_openings_of_a_school_are_told_apart(make_plan: Callable[..., Plan]) -> None:
    first = Opening(0, 3, 1, ClassKind.CLASS, 15.0, 1.0, 0.0, "später.")
    second = Opening(0, 2, 1, ClassKind.DOUBTFUL, 9.0, 1.0, 0.0, "früher.")
    classes = tables(make_plan(openings=(first, second)))["klassenbildung"]
    assert classes.values("neue Klassen")[0] == 2
    assert classes.values("neu ab")[0] == "April 2017, Mai 2017"
    assert classes.values("Art")[0] == "fraglich (unter 10), Klasse"
    assert classes.values("Grund")[0] == "April 2017: früher. Mai 2017: später."


def test_child_table(plan: Plan) -> None:
    children = tables(plan)["zuweisung"]
    assert children.values("Schüler-ID") == ["K1", "=2+5", "K3"]
    assert children.values("Schule") == ["Grundschule „Nord“", "Oberschule Mitte", "wartet"]
    assert children.values("ab Monat") == [date(2017, 2, 1), date(2017, 3, 1), None]
    assert children.values("gemeldet am") == [date(2017, 1, 9), date(2017, 1, 30), None]
    assert children.values("Minuten") == [10.0, 50.0, None]
    assert children.values("Alternativen")[0] == "Grundschule Süd (25 Min.): voll"


def test_flow_table_merges_sorts_and_drops_noise(make_plan: Callable[..., Plan]) -> None:
    flows = (
        Flow(1, 1, 2, 2.0, 5.0),
        Flow(0, 0, 0, 1.0, 10.0),
        Flow(1, 1, 2, 1.5, 5.0),
        Flow(2, 0, 0, 1e-9, 10.0),
    )
    built = tables(make_plan(flows=flows))["verteilung"]
    assert built.values("Gemeinde") == ["Adorf", "Bedorf"]
    assert built.values("Monat") == [date(2017, 2, 1), date(2017, 4, 1)]
    assert built.values("Schüler") == [1.0, 3.5]
    assert built.values("Minuten") == [10.0, 5.0]


def test_load_table(plan: Plan) -> None:
    load = tables(plan)["auslastung"]
    nord_march = 1
    row = {name: load.values(name)[nord_march] for name in load.frame.columns}
    assert row["Monat"] == date(2017, 3, 1)
    assert (row["Klassen"], row["Obergrenze je Klasse"], row["Abweichung der Reserve"]) == (
        1,
        23,
        -1,
    )
    assert (row["Plätze"], row["Planungsplätze"]) == (22, 20)
    assert row["neu im Monat"] == 0.5
    assert row["belegt heutige Schüler"] == 18
    assert (row["belegt Liste"], row["belegt Prognose"]) == (1, 0.5)
    assert (row["belegt gesamt"], row["frei"]) == (19.5, 2.5)
    assert row["Auslastung %"] == pytest.approx(19.5 / 22)


def test_load_without_seats_has_no_share(make_plan: Callable[..., Plan]) -> None:
    load = tables(make_plan(seats=np.zeros((3, 4))))["auslastung"]
    assert load.values("Auslastung %") == [None] * 12


def test_waiting_table(plan: Plan) -> None:
    waiting = tables(plan)["wartende"]
    assert waiting.values("Gemeinde") == ["Bedorf", "Cedorf", "Cedorf"]
    assert waiting.values("Kinder") == [2.0, 1.0, 1.5]
    assert waiting.values("wartet seit") == [date(2017, 3, 1), date(2017, 2, 1), date(2017, 2, 1)]
    assert waiting.values("Ursache")[0].startswith("kein freier Raum")


def test_forecast_table_has_phases_and_the_vka(plan: Plan) -> None:
    course = tables(plan)["prognose"]
    assert len(course.frame) == 2 * 4 * 4
    rows = course.frame[(course.frame["Schulart"] == "GS") & (course.frame["Phase"] == "1")]
    assert rows["Erwartung"].tolist() == [20, 21, 22, 20]
    assert rows["P10"].tolist() == [20, 21, 22, 20]
    assert rows["P90"].tolist() == [20, 40, 22, 20]
    vka = course.frame[course.frame["Phase"] == "1 und 2 (VKA)"]
    assert vka["Erwartung"].tolist() == [42, 43, 46, 44, 10, 11, 11, 13]
    assert "3 (ohne heutige)" in course.values("Phase")


def test_hours_sum_up_by_school_type(plan: Plan) -> None:
    sums = tables(plan)["lehrerstunden_schularten"]
    assert sums.values("Schulart") == ["GS"] * 4 + ["OS"] * 4 + ["zusammen"] * 4
    assert sums.values("Stunden") == [30, 30, 45, 45, 25, 25, 25, 25, 55, 55, 70, 70]


def test_goals_are_named_in_german(plan: Plan) -> None:
    goals = tables(plan)["ziele"]
    assert goals.values("Ziel") == ["Wartezeit", "neue Klassen", "Weg"]
    assert goals.values("Status") == ["bewiesen optimal"] * 3
    assert "sekunden" not in " ".join(goals.frame.columns).lower()


def test_missing_bound_stays_empty(plan: Plan) -> None:
    stage = replace(plan.stages[0], bound=None, gap=None)
    goals = tables(replace(plan, stages=(stage,)))["ziele"]
    assert goals.values("bewiesene Schranke") == [None]
    assert goals.values("Lücke %") == [None]


def test_assumptions_hold_every_parameter(plan: Plan) -> None:
    rows = tables(plan)["annahmen"]
    names = rows.values("Parameter")
    assert "rechnen.saat" in names
    assert rows.values("Wert")[names.index("rechnen.saat")] == 1
    assert set(rows.values("weicht ab")) == {"nein"}


def test_empty_tables_keep_their_columns(empty_plan: Plan) -> None:
    built = tables(empty_plan)
    for name in ("zuweisung", "verteilung", "wartende"):
        assert built[name].is_empty
        assert built[name].empty.endswith(".")
        assert len(built[name].frame.columns) == len(built[name].columns)


def test_kinds_of_the_frames(plan: Plan) -> None:
    load = tables(plan)["auslastung"]
    assert load.column("Klassen").kind is Kind.WHOLE
    assert load.frame["Klassen"].dtype == "Int64"
    assert load.frame["Plätze"].dtype == "float64"
    assert str(load.frame["Monat"].dtype) == "datetime64[s]"


def test_start_table_names_the_source_of_each_number(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan()
    schools = list(plan.district.schools)
    schools[2] = replace(schools[2], reserve=None)
    pupils = [
        *(Pupil(f"N{i}", schools[0].name, 1) for i in range(20)),
        *(Pupil(f"S{i}", schools[1].name, 2) for i in range(25)),
        Pupil("D1", schools[1].name, 3),
    ]
    district = replace(
        plan.district,
        schools=tuple(schools),
        rosters=(Roster(plan.district.reference_date, tuple(pupils)),),
    )
    start = tables(replace(plan, district=district))["ausgangszahlen"]
    assert start.values("VKA-Schüler Tabelle") == [20, 22, 10]
    assert start.values("VKA-Schüler Bestand") == [20, 25, None]
    assert start.values("Schüler gerechnet") == [20, 25, 10]
    assert start.values("Quelle Schüler") == ["beide", "Bestand", "Tabelle"]
    assert start.values("davon Phase unbekannt") == [0, 0, 10]
    assert start.values("Reserve Tabelle") == [2, 0, None]
    # 22 seats for 20 pupils, 23 for 25, 23 for 10
    assert start.values("frei gerechnet") == [2, 0, 13]
    assert start.values("Quelle Reserve") == ["Tabelle", "Tabelle", "gerechnet"]
    without = tables(plan)["ausgangszahlen"]
    assert without.values("VKA-Schüler Bestand") == [None] * 3
    assert without.values("Quelle Schüler") == ["Tabelle"] * 3


def test_assumptions_say_what_kind_of_source_each_value_has(
    make_plan: Callable[..., Plan],
) -> None:
    scenario = with_values(load_scenario("stark"), {"rechnen.laeufe": 20})
    called = {**scenario.quellen, "rechnen.laeufe": "Aufruf: --laeufe"}
    plan = make_plan(scenario=scenario.model_copy(update={"quellen": called}))
    rows = tables(plan)["annahmen"]
    names = rows.values("Parameter")
    origin = dict(zip(names, rows.values("Herkunft"), strict=True))
    assert origin["Regel: Klassenobergrenze"] == "Regel"
    assert origin["zuzug.pro_monat"] == "Szenario"
    assert origin["rechnen.laeufe"] == "Aufruf"
    assert origin["rechnen.saat"] == "Vorgabe"
    assert set(origin.values()) == {"Regel", "Szenario", "Aufruf", "Vorgabe"}
    listed = assumptions(scenario, [], [["zuzug.aus: Niveau", *[""] * 7], ["--x: y", *[""] * 7]])
    assert listed.values("Herkunft")[:2] == ["Eingabe", "Aufruf"]
