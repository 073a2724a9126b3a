"""Shared versions: no child, no hidden number, and nothing from which either could be told."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from daz_planner.errors import ConservationError, OutputError
from daz_planner.planning import make_plan
from daz_planner.planning.bottlenecks import find_bottlenecks
from daz_planner.planning.futures import judge
from daz_planner.planning.plan import Cause, Plan
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.folder import write_result
from daz_planner.results.public import HIDDEN, Shared, check_hidden, share
from daz_planner.results.public_folder import check_public_folder, public_folder, write_public
from daz_planner.results.public_sums import Line
from daz_planner.results.public_tables import opening_table, public_tables
from daz_planner.results.public_texts import public_answers
from daz_planner.results.schema import Table
from daz_planner.results.tables import class_table
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school
from tests.results.public_cases import contents, shared_plan

KINDS = ("GS", "OS")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def without_program(found: dict[str, str]) -> dict[str, str]:
    """The same without the times of writing."""
    return {name: text for name, text in found.items() if not name.endswith("core.xml")}


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
        zuzug={"pro_monat": 9.0}, beschreibung="frei", quellen={"zuzug": "3 Kinder der Liste"}
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
        for told in ("KIND-", "FAM-77", "3 Kinder der Liste", "steht zweimal"):
            assert told not in text, (name, told)


def test_no_hidden_number_in_any_row(written: Path) -> None:
    hidden = {"GS Klein", "GS Mitte", "BSZ Allein"}
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


def page_data(folder: Path) -> list[dict[str, object]]:
    page = (folder / "bericht.html").read_text(encoding="utf-8")
    text = page.split('id="daten">')[1].split("</script>")[0]
    found: list[dict[str, object]] = json.loads(text)["schulen"]
    return found


def test_the_map_tells_nothing_either(written: Path) -> None:
    for row in page_data(written):
        used = row["u"]
        assert isinstance(used, list)
        if row["Schule"] in ("GS Klein", "GS Mitte", "BSZ Allein"):
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


def test_no_formula_that_cannot_be_computed(written: Path) -> None:
    book = load_workbook(written / "plan.xlsx")
    assert "Prüfung" not in book.sheetnames
    for sheet in book:
        for line in sheet.iter_rows(values_only=True):
            assert not any(isinstance(value, str) and value.startswith("=") for value in line)


def moved(plan: Plan, one: int, other: int) -> Plan:
    """The plan with one pupil of today at another school."""
    use = plan.use_today.copy()
    use[one] -= use[one] / use[one, 0]
    use[other] += plan.use_today[one] / plan.use_today[one, 0]
    schools = list(plan.district.schools)
    schools[one] = replace(schools[one], pupils=schools[one].pupils - 1)
    schools[other] = replace(schools[other], pupils=schools[other].pupils + 1)
    town = replace(plan.district, schools=tuple(schools))
    return replace(plan, district=town, use_today=use)


def test_other_hidden_numbers_give_the_same_files(tmp_path: Path) -> None:
    """Whatever lies behind the hidden numbers: as long as their sums are the same, so are files."""
    plan = shared_plan({"GS": [2, 8, 20], "OS": [12, 30]}, {"OS": [5, 4, 0]})
    for name, told in (("a", plan), ("b", moved(plan, 1, 0)), ("c", moved(plan, 0, 1))):
        write_public(told, tmp_path / name)
    one, two, three = (without_program(contents(tmp_path / name)) for name in "abc")
    assert one == two == three
    assert page_data(tmp_path / "a") == page_data(tmp_path / "b") == page_data(tmp_path / "c")
    # Not so where a number that is shown is another one.
    write_public(moved(plan, 4, 3), tmp_path / "d")
    assert without_program(contents(tmp_path / "d")) != one


def attack(shared: Shared) -> dict[str, set[int]]:
    """By name of a school: every number of today that fits all tables that are shown."""
    tables = public_tables(shared)
    month = shared.plan.months[0]
    use = tables["auslastung"]
    known: dict[str, dict[str, object]] = {}
    names = ("Schule", "Schulart", "Monat", "belegt")
    for name, kind, day, used in zip(*(use.values(column) for column in names), strict=True):
        if day == month:
            known.setdefault(kind, {})[name] = used
    sums = tables["auslastung_schularten"]
    total = {
        kind: used
        for kind, day, used in zip(
            sums.values("Schulart"), sums.values("Monat"), sums.values("belegt"), strict=True
        )
        if day == month
    }
    need = tables["bedarf"]
    wanted = {
        kind: value
        for kind, day, value in zip(
            need.values("Schulart"),
            need.values("Monat"),
            need.values("benötigt im Mittel"),
            strict=True,
        )
        if day == month
    }
    waits = tables["wartende"]
    waiting = {
        kind: value
        for kind, day, value in zip(
            waits.values("Schulart"), waits.values("Monat"), waits.values("Kinder"), strict=True
        )
        if day == month
    }
    found: dict[str, set[int]] = {}
    for kind, schools in known.items():
        hidden = [name for name, used in schools.items() if used == HIDDEN]
        seen = sum(used for used in schools.values() if isinstance(used, int))
        whole = total[kind] if isinstance(total[kind], int) else None
        queue = waiting.get(kind, 0)
        if whole is None and isinstance(wanted.get(kind), int) and isinstance(queue, int):
            whole = wanted[kind] - queue
        for values in product(range(1, 13), repeat=len(hidden)):
            if whole is None or seen + sum(values) == whole:
                for name, value in zip(hidden, values, strict=True):
                    found.setdefault(name, set()).add(value)
        # Who waits: need less seats in use.
        if queue == "unter 4" and isinstance(wanted.get(kind), int):
            assert not isinstance(total[kind], int), "need and use tell who waits"
    return found


small_tables = st.fixed_dictionaries(
    {kind: st.lists(st.integers(0, 7), min_size=1, max_size=3) for kind in KINDS}
)
waiting_lists = st.fixed_dictionaries(
    {kind: st.lists(st.integers(0, 5), min_size=3, max_size=3) for kind in KINDS}
)


@given(small_tables, waiting_lists)
@settings(max_examples=60, deadline=None)
def test_no_small_number_is_found_from_the_tables(
    pupils: dict[str, list[int]], waiting: dict[str, list[int]]
) -> None:
    plan = shared_plan(pupils, waiting)
    shared = share(plan)
    found = attack(shared)
    for item, count in zip(plan.district.schools, plan.use_today[:, 0], strict=True):
        if 1 <= count <= 3:
            assert len(found[item.name]) > 1


def test_children_who_come_later_are_hidden_too() -> None:
    # Nobody at school 0 today, two of the list from March on.
    shared = share(shared_plan({"GS": [0, 8, 20]}, later={"GS Nummer 0": 2}))
    assert shared.schools["GS"] == Line(frozenset({0, 1}), True)
    shared = share(shared_plan({"GS": [0, 8, 20]}))
    assert shared.schools["GS"] == Line(frozenset(), True)


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
        "daz_planner.results.public.protect", lambda _: Line(frozenset(), shows_sum=True)
    )
    with pytest.raises(ConservationError, match="ausrechnen"):
        write_public(shared_plan({"GS": [2, 20]}), tmp_path / "aus")
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
    plan = replace(plan, waiting=(replace(one, cause=Cause.PINNED), two, forecast))
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
    with pytest.raises(OutputError):
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
