"""Shared versions: no child, no hidden number, and nothing from which either could be told."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from daz_planner.errors import ConservationError, OutputError
from daz_planner.planning import make_plan
from daz_planner.planning.bottlenecks import find_bottlenecks
from daz_planner.planning.front import with_front
from daz_planner.planning.front_points import Curve, End, Front, FrontPoint, Measure
from daz_planner.planning.futures import judge
from daz_planner.planning.plan import Cause, Flow, Plan, SolveStatus
from daz_planner.results.bottleneck_tables import bottleneck_table
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.figures import type_figures
from daz_planner.results.folder import write_result
from daz_planner.results.public import FEW, HIDDEN, Shared, check_hidden, share
from daz_planner.results.public_folder import (
    check_public_folder,
    public_folder,
    public_report,
    write_public,
)
from daz_planner.results.public_sums import Line
from daz_planner.results.public_tables import opening_table, public_tables
from daz_planner.results.public_texts import public_answers
from daz_planner.results.public_workbook import wide_type_use, wide_use
from daz_planner.results.record import run_record
from daz_planner.results.schema import Table
from daz_planner.results.tables import class_table
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school
from tests.results.public_cases import contents, moved, page_data, shared_plan, whole_text


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture(scope="module")
def solved() -> Plan:
    """A solved plan with a list, small schools, futures and bottlenecks."""
    town = district(
        [
            school("GS Klein", pupils=2, free_rooms=1),
            school("GS Groß", km=5, pupils=21),
            school("GS Mitte", km=8, pupils=9),
            school("OS Eins", km=3, pupils=20, school_type="OS"),
            school("OS Zwei", km=9, pupils=7, school_type="OS"),
            school("BSZ Allein", km=9, pupils=3, school_type="BSZ"),
        ],
        [place("A-Dorf"), place("B-Dorf", 6), place("C-Dorf", 10)],
        [
            child("KIND-0001", "C-Dorf"),
            child("KIND-0002", "B-Dorf", school_type="OS", family="FAM-77"),
            child("KIND-0003", "C-Dorf", family="FAM-77"),
        ],
    )
    setting = scenario(
        zuzug={"pro_monat": 9.0},
        beschreibung="Frau Beispiel zieht bald zu",
        quellen={"zuzug": "3 Kinder der Liste"},
    )
    plan = make_plan(town, setting, simulate(town, setting))
    plan = replace(plan, hints=(*plan.hints, "KIND-0001 steht zweimal."))
    return replace(
        plan, judgement=judge(plan, futures=50), bottlenecks=find_bottlenecks(plan, 10.0)
    )


@pytest.fixture(scope="module")
def written(solved: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oeffentlich") / "plan-oeffentlich"
    write_public(solved, folder)
    return folder


def test_what_lies_in_the_folder(written: Path) -> None:
    names = {path.name for path in written.iterdir()}
    assert names == {"plan.xlsx", "bericht.html", "tabellen", "lauf.json"}
    tables = {path.stem for path in (written / "tabellen").iterdir()}
    assert tables.isdisjoint(
        {"zuweisung", "verteilung", "ausgangszahlen", "prognose", "aenderungen", "regelklassen"}
    )


def test_no_child_in_any_file(written: Path) -> None:
    for name, text in contents(written).items():
        for told in ("KIND-", "FAM-77", "3 Kinder der Liste", "steht zweimal", "Frau Beispiel"):
            assert told not in text, (name, told)


def test_no_hidden_number_in_any_row(written: Path) -> None:
    hidden = {"GS Klein", "GS Groß", "BSZ Allein"}
    use = rows(written / "tabellen" / "auslastung.csv")
    assert {row["Schule"] for row in use if row["belegt"] == HIDDEN} == hidden
    for row in use:
        if row["Schule"] in hidden:
            assert (row["Plätze"], row["belegt"], row["Auslastung %"]) == (HIDDEN, HIDDEN, "")
    types = {row["Schulart"]: row for row in rows(written / "tabellen" / "schularten.csv")}
    for name in ("belegt heute", "erwartet höchstens", "neu verteilt"):
        assert types["BSZ"][name] == types["zusammen"][name] == HIDDEN
    sheet = load_workbook(written / "plan.xlsx")["Auslastung"]
    for line in sheet.iter_rows(min_row=5, max_row=10, values_only=True):
        values = [value for value in line[2:] if value is not None]
        assert (set(values) == {HIDDEN}) == (line[0] in hidden)


COLUMNS = {
    "fassung": "Was|In dieser Fassung",
    "schularten": "Schulart|belegt heute|erwartet höchstens|im Monat|Klassen heute|neue Klassen|"
    "Plätze heute|Plätze am Ende|wartend höchstens|neu verteilt|Weg im Mittel|über Richtwert %",
    "klassenbildung": "Schule|Schulart|Gemeinde|Klassen heute|neue Klassen|neu ab|Art|gebraucht in|"
    "Grund",
    "auslastung": "Schule|Schulart|Monat|Klassen|Obergrenze je Klasse|Plätze|belegt|Auslastung %",
    "auslastung_schularten": "Schulart|Monat|Klassen|Plätze|belegt|Auslastung %",
    "bedarf": "Schulart|Monat|Plätze|benötigt im Mittel|P10|P90|zu wenig Plätze %",
    "wartende": "Schulart|Monat|Kinder|Ursachen",
    "erreichbarkeit": "Schulart|Gemeinde|Richtwert|Minuten heute|Minuten am Ende|Weg|"
    "nächste VKA heute|nächste VKA am Ende",
    "erreichbarkeit_tempo": "Tempo|GS heute|GS am Ende|OS heute|OS am Ende|BSZ heute|BSZ am Ende",
    "zukunft_vergleich": "Vorgehen|Schulart|Zukünfte ohne Warten|neue Klassen|Klassenmonate",
    "zukunft_klassen": "Schule|Schulart|neu ab|Klasse Nr.|gebraucht|frühestens ab|meist ab",
    "engpaesse": "Rang|mehr davon|Schulart|Schule|Angabe",
    "abwaegung": "Schulart|Zeile|öffnet zusätzlich|dafür nicht|neue Klassen|Weg am Tag|Status",
    "lehrerstunden": "Schule|Schulart|Monat|Klassen|Stunden",
    "lehrerstunden_schularten": "Schulart|Monat|Stunden",
    "ziele": "Schulart|Ziel|Lücke %|Status",
    "annahmen": "Parameter|Bedeutung|Wert|Einheit|gilt für|Herkunft|Quelle|weicht ab|Wert in basis",
}
"""Everything that a shared version tells: whoever adds a column answers for it here."""


def test_nothing_but_these_tables_and_columns(solved: Plan) -> None:
    with_all = replace(solved, front=with_front(solved, 20.0).front)
    built = public_tables(share(with_all))
    found = {
        name: "|".join(column.name for column in item.columns if column.month is None)
        for name, item in built.items()
    }
    assert found == COLUMNS


def test_a_bottleneck_at_a_hidden_school_is_not_told(solved: Plan) -> None:
    hidden = {"GS Klein", "GS Groß", "BSZ Allein"}
    assert hidden & set(bottleneck_table(solved).values("Schule"))
    table = public_tables(share(solved))["engpaesse"]
    assert not hidden & set(table.values("Schule"))
    # A rank that is missing would tell as well.
    assert table.values("Rang") == list(range(1, len(table.frame) + 1))


def test_seats_in_use_by_school_type_stand_below_those_of_the_schools() -> None:
    tables = public_tables(share(shared_plan({"GS": [12, 20], "OS": [9, 9]})))
    schools, types = wide_use(tables["auslastung"]), wide_type_use(tables["auslastung_schularten"])
    assert [c.name for c in types.columns[1:]] == [c.name for c in schools.columns[1:]]
    rows = [[column[n] for column in map(types.values, types.frame.columns)] for n in range(3)]
    assert rows == [
        ["Grundschule", "GS", 46, 32, 29, 26],
        ["Oberschule", "OS", 46, 18, 16, 14],
        ["zusammen", "", 92, 50, 45, 40],
    ]


def few_children() -> Plan:
    """Six children of the list get a seat in March, one with 50 minutes; two more at the OS."""
    plan = shared_plan({"GS": [20, 20], "OS": [9, 20]}, later={"GS Nummer 1": 6, "OS Nummer 1": 2})
    flows = (Flow(0, 1, 1, 5.0, 5.0), Flow(1, 1, 1, 1.0, 50.0), Flow(0, 3, 1, 2.0, 5.0))
    return replace(plan, flows=flows)


def is_empty(value: object) -> bool:
    return bool(pd.isna(value))  # type: ignore[call-overload]


def test_few_with_a_long_way_are_not_told() -> None:
    plan = few_children()
    assert type_figures(plan)[0].over_soft == pytest.approx(1 / 6)
    shared = share(plan)
    rows = public_tables(shared)["schularten"].frame.set_index("Schulart")
    assert rows["neu verteilt"].tolist() == [6, FEW, HIDDEN]
    first, *others = rows["Weg im Mittel"].tolist()
    assert first == round((5 * 5 + 50) / 6)
    # The mean of two is theirs, and so is that of all where the other six are known.
    assert all(map(is_empty, [*others, *rows["über Richtwert %"]]))
    assert dict(public_answers(shared))["Wie weit sind die Wege?"] == (
        "Die Wege aller Kinder zusammen sind in dieser Fassung nicht gezeigt."
    )


def test_ways_of_few_are_not_in_the_trade_off_either() -> None:
    curves = tuple(
        Curve(
            kind,
            Measure.CLASSES,
            (FrontPoint(0, 0, 6.17 * count, None, SolveStatus.OPTIMAL, count, 1.0, ()),),
            End.SHORTEST,
            True,
            None,
        )
        for kind, count in (("GS", 6.0), ("OS", 2.0), ("zusammen", 8.0))
    )
    plan = replace(few_children(), front=Front((), curves, (), ()))
    table = public_tables(share(plan))["abwaegung"]
    told = dict(zip(table.values("Schulart"), table.values("Weg am Tag"), strict=True))
    assert told.pop("GS") == 12
    assert list(map(is_empty, told.values())) == [True, True]


def test_the_map_tells_nothing_either(written: Path) -> None:
    for row in page_data(written):
        used = row["u"]
        assert isinstance(used, list)
        if row["Schule"] in ("GS Klein", "GS Groß", "BSZ Allein"):
            assert set(used) == {None} and set(str(row["c"])) == {"?"}
        else:
            assert all(value == round(value) and not 0 < value < 4 for value in used)
    page = (written / "bericht.html").read_text(encoding="utf-8")
    charts = json.loads(page.split('id="diagramme">')[1].split("</script>")[0])
    assert "bedarf-BSZ" not in charts and "bedarf-GS" in charts
    ways = next(item for item in charts["karte"]["data"] if item["name"] == "fluesse")
    assert not ways.get("values")


def test_the_record(written: Path) -> None:
    record = json.loads((written / "lauf.json").read_text(encoding="utf-8"))
    assert record["oeffentliche_fassung"] is True
    assert record["nicht_gezeigte_schulen"] == 3
    assert record["schularten_ohne_bedarf"] == ["BSZ"]
    for key in ("warnungen", "hinweise", "kinder_ohne_platz", "engpaesse", "auf"):
        assert key not in record
    assert not {"quellen", "beschreibung"} & set(record["szenario"])


def test_a_solved_plan_tells_nothing_of_its_hidden_numbers(solved: Plan) -> None:
    """One pupil less at one hidden school and one more at the other."""
    small, large, shown = 0, 1, 3
    assert whole_text(moved(solved, large, small)) == whole_text(solved)
    assert whole_text(moved(solved, shown, shown + 1)) != whole_text(solved)


def test_no_formula_that_cannot_be_computed(written: Path) -> None:
    book = load_workbook(written / "plan.xlsx")
    assert "Prüfung" not in book.sheetnames
    for sheet in book:
        for line in sheet.iter_rows(values_only=True):
            assert not any(isinstance(value, str) and value.startswith("=") for value in line)


def test_the_chart_of_the_need_is_as_round_as_the_tables(solved: Plan) -> None:
    page, shared = public_report(solved, run_record(solved))
    charts = json.loads(page.split('id="diagramme">')[1].split("</script>")[0])
    data = next(d for d in charts["bedarf-GS"]["data"] if d["name"] == "werte")["values"]
    table = public_tables(shared)["bedarf"]
    rows_of = [n for n, kind in enumerate(table.values("Schulart")) if kind == "GS"]
    assert len(data) == len(rows_of) == len(solved.months)
    for row, n in zip(data, rows_of, strict=True):
        for name, column in (("im Mittel", "benötigt im Mittel"), ("P10", "P10"), ("P90", "P90")):
            told = table.values(column)[n]
            assert row[name] == (None if told == "unter 4" else told)


def test_children_who_come_later_are_hidden_too() -> None:
    # Nobody at school 0 today, two of the list from March on.
    shared = share(shared_plan({"GS": [0, 8, 20]}, later={"GS Nummer 0": 2}))
    assert shared.schools["GS"] == Line(frozenset({0, 1}), True)
    shared = share(shared_plan({"GS": [0, 8, 20]}))
    assert shared.schools["GS"] == Line(frozenset(), True)


def test_few_pupils_of_today_are_hidden_whoever_of_the_list_joins_them() -> None:
    """Another version, made with another scenario, may seat the children of the list elsewhere."""
    plan = shared_plan({"GS": [2, 20, 30]})
    joined = plan.use_children.copy()
    joined[0] += 3
    assert share(replace(plan, use_children=joined)).schools == share(plan).schools


def test_few_who_wait_hide_the_need() -> None:
    plan = shared_plan({"GS": [12, 20], "OS": [30, 9]}, {"OS": [2, 0, 0]})
    shared = share(plan)
    assert shared.shows_type("OS") and not shared.shows_need("OS") and not shared.shows_all_need
    tables = public_tables(shared)
    assert set(tables["bedarf"].values("Schulart")) == {"GS"}
    assert tables["wartende"].values("Kinder") == ["unter 4"]
    overview = dict(
        zip(
            tables["schularten"].values("Schulart"),
            tables["schularten"].values("erwartet höchstens"),
            strict=True,
        )
    )
    assert overview == {"GS": 32, "OS": HIDDEN, "zusammen": HIDDEN}
    told = dict(public_answers(shared))["Hat jedes Kind einen Platz?"]
    assert told.endswith("im Mittel unter 4.") and "A-Dorf" not in told


def test_what_may_be_told_is_told() -> None:
    plan = shared_plan({"GS": [12, 20], "OS": [30, 9]}, {"OS": [6, 5, 4]})
    tables = public_tables(share(plan))
    assert tables["auslastung"].values("belegt")[::3] == [12, 20, 30, 9]
    assert tables["wartende"].values("Kinder") == [6, 5, 4]
    assert tables["bedarf"].values("benötigt im Mittel")[3] == 45
    assert tables["schularten"].values("belegt heute") == [32, 39, 71]


def test_the_check_finds_what_is_not_hidden() -> None:
    plan = shared_plan({"GS": [2, 20]})
    with pytest.raises(ConservationError, match="ausrechnen"):
        check_hidden(Shared(plan, {"GS": Line(frozenset({0}), True)}, frozenset()))
    waits = shared_plan({"GS": [12, 20]}, {"GS": [3, 0, 0]})
    with pytest.raises(ConservationError, match="ausrechnen"):
        check_hidden(Shared(waits, {"GS": Line(frozenset(), True)}, frozenset()))


def test_nothing_is_shared_unchecked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        "daz_planner.results.public.protect", lambda *_: Line(frozenset(), shows_sum=True)
    )
    monkeypatch.setattr("daz_planner.results.public.protect_later", lambda line, *_: line)
    with pytest.raises(ConservationError, match="ausrechnen"):
        write_public(shared_plan({"GS": [2, 20]}), tmp_path / "aus")
    assert not list(tmp_path.iterdir())


def test_no_month_is_shared_unchecked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # Four today are shown; in April 3.2 of them are left, one hidden number beside a sum.
    plan = shared_plan({"GS": [4, 30]})
    monkeypatch.setattr(
        "daz_planner.results.public.protect_later", lambda *_: Line(frozenset({0}), shows_sum=True)
    )
    with pytest.raises(ConservationError, match="ausrechnen"):
        write_public(plan, tmp_path / "aus")
    assert not list(tmp_path.iterdir())


def test_no_child_is_counted_in_a_reason(plan: Plan) -> None:
    told = "Ohne sie warten 3,5 Kinder."
    assert told in contents_of(class_table(plan))
    reasons = opening_table(plan).values("Grund")
    assert [text for text in reasons if text] == [
        "Ohne sie warteten Kinder länger auf einen Platz."
    ]


def test_a_cause_that_holds_for_one_child_is_not_told() -> None:
    plan = shared_plan({"GS": [12, 20]}, {"GS": [4, 4, 0]})
    one, two = plan.waiting
    forecast = replace(two, cause=Cause.NO_ROOM, listed=0)
    pinned = replace(one, cause=Cause.PINNED, listed=0)
    plan = replace(plan, waiting=(pinned, two, forecast))
    assert public_tables(share(plan))["wartende"].values("Ursachen") == ["", Cause.NO_ROOM.value]


def test_the_sum_of_who_waits_gives_no_small_one_back() -> None:
    plan = shared_plan({"GS": [12, 20], "OS": [30, 9]}, {"GS": [9, 9, 9], "OS": [2, 2, 2]})
    types = public_tables(share(plan))["schularten"]
    assert types.values("wartend höchstens") == [9, "unter 4", HIDDEN]
    assert dict(public_answers(share(plan)))["Hat jedes Kind einen Platz?"].endswith("mehr als 3.")


def contents_of(table: Table) -> str:
    return csv_bytes(table).decode("utf-8-sig")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("name", ["plan", "plan/..", "andere"])
def test_a_full_result_is_never_replaced(name: str, tmp_path: Path) -> None:
    plan = shared_plan({"GS": [12, 20]})
    source = write_result(plan, tmp_path / "plan")
    write_result(plan, tmp_path / "andere")
    before = tree(tmp_path)
    with pytest.raises(OutputError, match="vollständiges Ergebnis"):
        write_public(plan, tmp_path / name, source=source, overwrite=True)
    assert tree(tmp_path) == before


def test_a_shared_version_is_replaced_only_on_demand(tmp_path: Path) -> None:
    plan = shared_plan({"GS": [12, 20]})
    source = tmp_path / "plan"
    target = public_folder(source)
    assert target == tmp_path / "plan-oeffentlich"
    write_public(plan, target, source=source)
    with pytest.raises(OutputError, match="existiert schon"):
        check_public_folder(target, source, False)
    write_public(plan, target, source=source, overwrite=True)


def test_nothing_is_left_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "voll")

    monkeypatch.setattr("daz_planner.results.report.public_page.write_public_report", full)
    with pytest.raises(OutputError, match="Speicherplatz"):
        write_public(shared_plan({"GS": [12, 20]}), tmp_path / "aus")
    assert not list(tmp_path.iterdir())


def numbers(values: Iterable[object]) -> list[object]:
    return [value for value in values if value != HIDDEN]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_no_number_from_one_to_three_is_shown(counts: list[int]) -> None:
    tables = public_tables(share(shared_plan({"GS": counts})))
    for name, column in (
        ("auslastung", "belegt"),
        ("auslastung_schularten", "belegt"),
        ("bedarf", "benötigt im Mittel"),
        ("schularten", "belegt heute"),
    ):
        for value in numbers(tables[name].values(column)):
            assert value == "unter 4" or (isinstance(value, int) and not 0 < value < 4)
    assert np.all(np.array(counts) >= 0)
