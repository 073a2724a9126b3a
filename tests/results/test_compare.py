"""A comparison as tables, sentences and workbook: by hand, and against the sheets of a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from daz_planner.cli.compare_view import _in_brackets
from daz_planner.planning import compare as compare_module
from daz_planner.planning.compare import Comparison, Failure, FailureKind, cases, compare
from daz_planner.planning.compare_effects import Course, Effect, tornados
from daz_planner.planning.compare_switches import Switch
from daz_planner.planning.plan import Opening, Plan, SolveStatus
from daz_planner.planning.whole import whole_plan
from daz_planner.results import compare_figures
from daz_planner.results.compare_figures import needed_by_school, needed_by_type, run_figures
from daz_planner.results.compare_folder import scenario_folders, write_comparison
from daz_planner.results.compare_names import assumption_name
from daz_planner.results.compare_notes import notes
from daz_planner.results.compare_tables import comparison_tables, status_of
from daz_planner.results.compare_texts import answers
from daz_planner.results.compare_workbook import build_comparison_workbook
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.figures import futures_covered, type_figures
from daz_planner.results.report.compare_sections import classes_section
from daz_planner.results.report.html_tables import cell_text
from daz_planner.results.schema import Kind, Table
from daz_planner.scenario import load_scenario, parameter_rows, with_values
from daz_planner.scenario.model import Scenario
from tests.factories import district, scenario, school
from tests.results.conftest import build_plan

TWO_SCHOOLS = district([school("Nord"), school("Süd", km=10)])


def many(name: str, registered: float, **classes: Any) -> Scenario:
    """So many children in the month after the reference date; all stay for the whole half-year."""
    return scenario(
        name=name,
        zuzug={"reihe": [registered, 0.0]},
        klassen={"vorlauf_monate": 0, **classes},
        rechnen={"laeufe": 4},
    )


@pytest.fixture(scope="module")
def three() -> Comparison:
    """Fifteen children, thirty, and thirty without a room for a second class."""
    one = district([school("Nord")])
    return compare(cases(one, [many("a", 15), many("b", 30), many("c", 30, freie_raeume=0)]))


@pytest.fixture(scope="module")
def two_schools() -> Comparison:
    """Three scenarios on two schools, for openings that are set by hand."""
    return compare(cases(TWO_SCHOOLS, [many(name, 15) for name in "abc"]))


def cells(table: Table, *names: str) -> list[list[Any]]:
    return [list(row) for row in zip(*(table.values(name) for name in names), strict=True)]


def test_the_figures_by_hand(three: Comparison) -> None:
    tables = comparison_tables(three)
    march, april = date(2017, 3, 1), date(2017, 4, 1)
    assert april not in tables["szenarien"].values("im Monat")
    assert cells(
        tables["szenarien"],
        "Szenario",
        "Anmeldungen je Monat",
        "Bedarf höchstens",
        "im Monat",
        "Plätze heute",
        "neue Klassen",
        "erste neue Klasse",
        "mehr Klassenmonate",
        "Wartende höchstens",
        "Wartemonate",
        "Stand",
    ) == [
        # 15 children in five months; one class of 23 seats.
        ["a", 3.0, 15.0, march, 23.0, 0, None, 0, 0.0, 0.0, "gerechnet"],
        # The second class runs from March to July.
        ["b", 6.0, 30.0, march, 23.0, 1, march, 5, 0.0, 0.0, "gerechnet"],
        # 20 of 30 have a seat; ten wait five months.
        ["c", 6.0, 30.0, march, 23.0, 0, None, 0, 10.0, 50.0, "gerechnet"],
    ]
    assert cells(
        tables["szenarien_unterschied"],
        "Szenario",
        "Bedarf höchstens",
        "im Monat (Monate später)",
        "neue Klassen",
        "erste neue Klasse (Monate später)",
        "Wartemonate",
    ) == [["b", 15.0, 0, 1, None, 0.0], ["c", 15.0, 0, 0, None, 50.0]]


def test_the_effects_by_hand(three: Comparison) -> None:
    names = ("Szenario", "Annahme", "von", "nach", "Bedarf am Ende", "neue Klassen", "Wartemonate")
    assert cells(comparison_tables(three)["wirkung"], *names) == [
        ["b", "zuzug.reihe", "15; 0", "30; 0", 15.0, 1.0, 0.0],
        ["c", "zuzug.reihe", "15; 0", "30; 0", 15.0, 1.0, 0.0],
        ["c", "klassen.freie_raeume", "1", "0", 0.0, 0.0, 0.0],
        ["c", "Zusammenwirken", "", "", 0.0, -1.0, 50.0],
        ["c", "alle zusammen", "", "", 15.0, 0.0, 50.0],
    ]


def test_what_differs(three: Comparison) -> None:
    table = comparison_tables(three)["unterschiede"]
    assert cells(table, "Parameter", "Wert a", "Wert b", "Wert c") == [
        ["zuzug.reihe", "15; 0", "30; 0", "30; 0"],
        ["klassen.freie_raeume", 1, 1, 0],
    ]


def test_the_figures_are_those_of_the_plan() -> None:
    plan = build_plan()
    found, together = run_figures(plan, len(plan.months)), type_figures(plan)[-1]
    assert found.need_max == pytest.approx(together.need_max)
    assert found.need_month == together.need_month
    assert found.classes_new == together.classes_new
    assert found.waiting_max == pytest.approx(together.waiting_max)
    assert found.mean_minutes == pytest.approx(together.mean_minutes)
    assert found.over_soft == pytest.approx(together.over_soft)
    covered, futures = futures_covered(plan)
    assert found.enough == covered / futures == 0.75
    assert found.waiting_months == pytest.approx(4.5)
    assert found.hours_max == 70.0
    assert found.class_months == 2


def test_only_the_common_months_count() -> None:
    found = run_figures(build_plan(), 2)
    assert found.classes_new == 0 and found.first_opening is None
    assert found.hours_max == 55.0
    assert found.class_months == 0


def with_openings(base: Comparison, *openings: list[tuple[int, int, int]]) -> Comparison:
    """Scenarios in which classes open as told: (school, month, classes)."""
    runs = []
    for run, listed in zip(base.runs, openings, strict=True):
        plan = run.plan
        assert plan is not None
        made = tuple(
            Opening(s, t, count, build_plan().openings[0].kind, 15.0, 1.0, 0.0, "Grund.")
            for s, t, count in listed
        )
        runs.append(replace(run, plan=replace(plan, openings=made)))
    return replace(base, runs=tuple(runs))


def test_classes_that_every_scenario_needs(two_schools: Comparison) -> None:
    found = with_openings(
        two_schools, [(0, 1, 1), (0, 4, 1)], [(0, 2, 2)], [(0, 3, 1), (1, 1, 1), (0, 5, 1)]
    )
    north, south = needed_by_school(found)
    months = found.months
    # Nord opens two classes everywhere; the second one runs in all of them from month 5 on.
    assert (north.key, north.counts, north.everywhere) == (0, (2, 2, 2), 2)
    assert (north.earliest, north.latest) == (months[1], months[5])
    assert (south.key, south.counts, south.everywhere, south.latest) == (1, (0, 0, 1), 0, None)
    (kind,) = needed_by_type(found)
    assert (kind.key, kind.counts, kind.everywhere) == ("GS", (2, 2, 3), 2)
    # In the last scenario the second class of the type opens in month 3, in the first in month 4.
    assert (kind.earliest, kind.latest) == (months[1], months[4])
    told = dict(answers(found))["Welche Klassen braucht jedes Szenario?"]
    assert told.startswith(
        "2 Klassen werden in allen 3 gerechneten Szenarien gebraucht und können unter diesen "
        "Annahmen ohne Bedenken öffnen: 2 × Nord (frühestens März 2017, spätestens Juli 2017)."
    )
    assert "Nur in einem Teil der Szenarien: Süd (in 1 von 3)." in told


def test_a_plan_that_ended_early_says_nothing_about_what_is_needed(
    two_schools: Comparison,
) -> None:
    found = with_openings(two_schools, [(0, 1, 1)], [(0, 1, 1)], [(0, 1, 1)])
    early = found.runs[1].plan
    assert early is not None
    late = replace(early.stages[0], status=SolveStatus.LIMIT)
    runs = list(found.runs)
    runs[1] = replace(runs[1], plan=replace(early, stages=(late, *early.stages[1:])))
    cut = replace(found, runs=tuple(runs))
    told = dict(answers(cut))["Welche Klassen braucht jedes Szenario?"]
    assert told == (
        "1 Klasse öffnet in allen 3 gerechneten Szenarien: Nord (ab März 2017). Welche Klassen "
        "gebraucht werden, ist damit nicht gesagt: Am Zeitlimit endete b."
    )
    # The green mark says "needed", too.
    assert 'class="n sure"' in classes_section(found).body
    assert 'class="n sure"' not in classes_section(cut).body


@pytest.mark.parametrize("late", [0, 1])
def test_a_plan_that_ended_early_is_not_compared(three: Comparison, late: int) -> None:
    early = three.runs[late].plan
    assert early is not None
    stage = replace(early.stages[0], status=SolveStatus.LIMIT)
    runs = list(three.runs)
    runs[late] = replace(runs[late], plan=replace(early, stages=(stage, *early.stages[1:])))
    cut = replace(three, runs=tuple(runs))
    tables = comparison_tables(cut)
    assert tables["szenarien"].values("Stand")[late] == "am Zeitlimit beendet, nicht vergleichbar"
    names = ("Szenario", "Bedarf höchstens", "neue Klassen", "Wartemonate", "Plätze reichen %")
    first, second = cells(tables["szenarien_unterschied"], *names)
    # The need is that of the forecast and can be compared all the same.
    assert first == ["b", 15.0, None, None, None]
    assert (second == ["c", 15.0, None, None, None]) == (late == 0)
    assert second[1] == 15.0
    assert any(text.startswith("Nicht vergleichbar, weil") for text in notes(cut))
    assert not any(text.startswith("Nicht vergleichbar, weil") for text in notes(three))


@pytest.mark.parametrize("late", ["base", "other", "piece"])
def test_no_effect_of_a_plan_that_ended_early(late: str) -> None:
    def course(need: float, opened: float, cut: bool) -> Course:
        return Course(np.array([need]), np.array([opened]), np.array([0.0]), cut)

    one, two = (Switch(name, (name,), many("a", 1)) for name in ("x", "y"))
    courses = {0: course(10, 0, late == "base"), 1: course(13, 2, late == "other")}
    planned = ((1, 0), (1, 1))
    outcomes = {0: course(12, 1, late == "piece"), 1: course(11, 1, False)}
    needs = {(1, 0): np.array([12.0]), (1, 1): np.array([11.0])}
    (found,) = tornados(courses, 0, 1, {1: (one, two)}, needs, planned, outcomes)
    assert found.together == Effect(3, 3, *((None, None) if late != "piece" else (2, 0)))
    first = dict((switch.name, effect) for switch, effect in found.pieces)["x"]
    assert first == Effect(2, 2, *((None, None) if late != "other" else (1, 0)))
    assert (found.interaction.need, found.interaction.classes) == (0, None)


def test_shares_of_futures_have_a_decimal(three: Comparison) -> None:
    column = comparison_tables(three)["szenarien"].column("Plätze reichen %")
    assert cell_text(0.965, column) == "96,5 %"
    assert _in_brackets(-0.035, column) == " (-3,5)"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("zuzug.pro_monat", "Anmeldungen je Monat"),
        ("phasen.OS.phase2.mittel", "Dauer der Phasen (OS)"),
        ("klassen.freie_raeume", "freie Räume je Schule"),
        ("neu.schluessel", "neu.schluessel"),
    ],
)
def test_assumptions_have_names(key: str, name: str) -> None:
    assert assumption_name(key) == name


def test_every_key_has_a_name() -> None:
    # What is computed how is no assumption.
    keys = [row.key for row in parameter_rows(load_scenario("basis"))]
    without = [k for k in keys if assumption_name(k) == k and not k.startswith("rechnen.")]
    assert without == []


def test_sentences_name_assumptions_in_words(three: Comparison) -> None:
    told = dict(answers(three))["Woran liegt es am meisten?"]
    assert "„Anmeldungen Monat für Monat“" in told and "zuzug." not in told


def test_quotes_inside_a_name_are_single(three: Comparison) -> None:
    first = replace(three.runs[0], name="Amt „neu“", plan=None, failure=None)
    told = notes(replace(three, runs=(first, *three.runs[1:]), base=1, tornados=()))
    assert told[0].startswith("„Amt ‚neu‘“ hat keinen Plan")


def test_many_schools_are_counted_at_the_end() -> None:
    town = district([school(f"S{n}", km=n) for n in range(8)])
    base = compare(cases(town, [many(name, 15) for name in "ab"]))
    everywhere = with_openings(base, *[[(s, 1, 1) for s in range(8)]] * 2)
    told = dict(answers(everywhere))["Welche Klassen braucht jedes Szenario?"]
    assert told.endswith("S4 (ab März 2017), S5 (ab März 2017) und 2 weitere.")
    somewhere = with_openings(base, [(s, 1, 1) for s in range(7)], [])
    told = dict(answers(somewhere))["Welche Klassen braucht jedes Szenario?"]
    assert told.endswith("S4 (in 1 von 2), S5 (in 1 von 2) und 1 weitere Schule.")


def test_two_scenarios_are_both(two_schools: Comparison) -> None:
    found = with_openings(two_schools, [(0, 1, 1)], [(0, 1, 1)], [(1, 1, 1)])
    told = dict(answers(replace(found, runs=found.runs[:2])))
    assert told["Welche Klassen braucht jedes Szenario?"] == (
        "1 Klasse wird in beiden gerechneten Szenarien gebraucht und kann unter diesen Annahmen "
        "ohne Bedenken öffnen: Nord (ab März 2017)."
    )


def test_another_school_of_the_type_may_open_instead(two_schools: Comparison) -> None:
    found = with_openings(two_schools, [(0, 1, 1)], [(1, 2, 1)], [(1, 2, 1)])
    told = dict(answers(found))["Welche Klassen braucht jedes Szenario?"]
    assert told == (
        "Keine Schule öffnet in allen 3 gerechneten Szenarien eine Klasse. Für GS öffnet in jedem "
        "Szenario mindestens 1 Klasse, aber nicht überall an derselben Schule (frühestens März "
        "2017, spätestens April 2017). Nur in einem Teil der Szenarien: Süd (in 2 von 3) und Nord "
        "(in 1 von 3)."
    )
    table = comparison_tables(found)["klassen_vergleich"]
    assert cells(table, "Schule", "in Szenarien", "a: Klassen", "a: ab", "b: ab") == [
        ["Süd", 2, None, None, found.months[2]],
        ["Nord", 1, 1, found.months[1], None],
    ]


def failing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(place: Any, given: Scenario, **options: Any) -> Plan:
        if given.name == name:
            raise ZeroDivisionError("x")
        return whole_plan(place, given, **options)

    monkeypatch.setattr(compare_module, "whole_plan", fails)


def test_a_failed_scenario_has_its_row_and_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    failing("b", monkeypatch)
    found = compare(cases(TWO_SCHOOLS, [many("a", 15), many("b", 30), many("c", 30)]))
    table = comparison_tables(found)["szenarien"]
    assert cells(table, "Szenario", "Bedarf höchstens", "Stand")[1] == [
        "b",
        None,
        "nicht gerechnet: Fehler im Programm",
    ]
    assert dict(answers(found))["Was fehlt?"] == (
        "„b“ ist nicht gerechnet (Fehler im Programm): Damit hat das Programm nicht gerechnet "
        "(ZeroDivisionError)."
    )


def test_what_to_know() -> None:
    short = with_values(many("kurz", 30), {"zeitraum.monate": 3, "rechnen.saat": 9})
    found = compare(cases(TWO_SCHOOLS, [many("a", 15), short, many("gleich", 15)]))
    told = " ".join(notes(found))
    assert "kurz nennt eine andere Zahl von Zukünften oder eine andere Saat" in told
    assert "die gemeinsamen Monate, Februar 2017 bis April 2017. a und gleich reichen" in told
    assert "gleich unterscheidet sich in keiner Annahme von a." in told


def test_folders_of_names_that_are_alike(three: Comparison) -> None:
    named = [replace(run, name=name) for run, name in zip(three.runs, "a?", strict=False)]
    named.append(replace(three.runs[2], name="A*"))
    found = scenario_folders(replace(three, runs=tuple(named)))
    assert found == {"a": "a", "?": "_", "A*": "A_"}


def test_state_of_a_failure(three: Comparison) -> None:
    run = replace(three.runs[0], plan=None, failure=Failure(FailureKind.SOLVER, "Nichts."))
    assert status_of(run) == "nicht gerechnet: kein Plan gefunden"


# -- workbook and folder ---------------------------------------------------------------------------

SHEETS = ["Übersicht", "Klassen", "Unterschiede", "Wirkung", "Monate", "Protokoll"]
PLACES = {
    "szenarien": "Übersicht",
    "szenarien_unterschied": "Übersicht",
    "klassen_vergleich": "Klassen",
    "klassen_schularten": "Klassen",
    "unterschiede": "Unterschiede",
    "wirkung": "Wirkung",
    "vergleich_monate": "Monate",
}


def test_the_workbook_holds_the_tables_cell_by_cell(three: Comparison, tmp_path: Path) -> None:
    tables = comparison_tables(three)
    path = tmp_path / "vergleich.xlsx"
    build_comparison_workbook(three, tables).save(path)
    book = load_workbook(path)
    assert book.sheetnames == SHEETS
    for name, place in PLACES.items():
        sheet, table = book[place], tables[name]
        area = sheet.tables[f"tab_{name}"].ref
        head, *body = [[cell.value for cell in row] for row in sheet[area]]
        assert head == [column.title for column in table.columns]
        for n, column in enumerate(table.columns):
            shown = [
                value.date() if column.kind is Kind.MONTH and value is not None else value
                for value in (row[n] for row in body)
            ]
            # An empty text is an empty cell.
            told = [value if value != "" else None for value in table.values(column.name)]
            assert [value if value != "" else None for value in shown] == told, (name, column.name)
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9


def test_only_differences_show_their_sign(three: Comparison) -> None:
    book = build_comparison_workbook(three)
    sheet = book["Übersicht"]
    signed = {
        cell.row
        for row in sheet.iter_rows(max_col=18)
        for cell in row
        if cell.number_format[0] == "+"
    }
    area = sheet[sheet.tables["tab_szenarien_unterschied"].ref]
    assert signed == {row[0].row for row in area[1:]}
    assert not any(
        cell.number_format[0] == "+" for row in book["Monate"].iter_rows() for cell in row
    )


def test_charts_say_what_they_show(three: Comparison) -> None:
    book = build_comparison_workbook(three)
    assert len(book["Übersicht"]._charts) == 2
    assert len(book["Wirkung"]._charts) == 2


def test_the_folder_is_whole(three: Comparison, tmp_path: Path) -> None:
    folder = write_comparison(three, tmp_path / "vergleich")
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["lauf.json", "szenarien", "tabellen", "vergleich.html", "vergleich.xlsx"]
    for name in "abc":
        assert (folder / "szenarien" / name / "plan.xlsx").is_file()
        assert (folder / "szenarien" / name / "problem").is_dir()
    for name, table in comparison_tables(three).items():
        assert (folder / "tabellen" / f"{name}.csv").read_bytes() == csv_bytes(table)


def test_a_long_value_is_cut_in_the_effects() -> None:
    from daz_planner.planning.compare_switches import switches
    from daz_planner.results.compare_tables import MOST_VALUE, value_of
    from daz_planner.scenario import load_scenario, parameter_rows

    basis, wave = load_scenario("basis"), load_scenario("welle-2015")
    rows = {row.key: row for row in parameter_rows(wave)}
    text = value_of(switches(basis, wave)[0], rows)
    assert len(text) == MOST_VALUE and text.endswith(" …") and text.startswith("reihe 20; 22")
    assert compare_figures.TOGETHER == "zusammen"
