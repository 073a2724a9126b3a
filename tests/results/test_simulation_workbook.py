"""``simulation.xlsx`` and its folder read back: the numbers of the CSV, real tables, printable."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from daz_planner.errors import ConservationError, OutputError
from daz_planner.results import simulation_workbook
from daz_planner.results.csvfiles import cell_text
from daz_planner.results.schema import Table
from daz_planner.results.simulation_folder import write_simulation
from daz_planner.results.simulation_result import SimulationResult
from daz_planner.results.simulation_tables import run_table, simulation_tables, wide_course
from daz_planner.results.simulation_workbook import build_simulation_workbook
from tests.results.simulation_cases import MONTHS, result_of, two_types

COURSE_HEAD = 20


@pytest.fixture
def result() -> SimulationResult:
    return result_of(two_types())


@pytest.fixture
def book(result: SimulationResult) -> Workbook:
    buffer = io.BytesIO()
    build_simulation_workbook(result).save(buffer)
    buffer.seek(0)
    return openpyxl.load_workbook(buffer)


def same_cells(sheet: Worksheet, head: int, table: Table) -> None:
    for number, column in enumerate(table.columns, start=1):
        assert sheet.cell(head, number).value == column.title
        for row, value in enumerate(table.values(column.name), start=head + 1):
            found: Any = sheet.cell(row, number).value
            found = found.date() if isinstance(found, datetime) else found
            assert cell_text(found, column) == cell_text(value, column), (column.name, row)
    assert sheet.cell(head + len(table.frame) + 1, 1).value is None


def test_sheets(book: Workbook) -> None:
    assert book.sheetnames == [
        "Übersicht",
        "Verlauf",
        "Plätze",
        "Ursachen",
        "Ursachen je Monat",
        "Annahmen",
        "Protokoll",
    ]


@pytest.mark.parametrize(
    ("sheet", "name"),
    [("Plätze", "plaetze"), ("Ursachen je Monat", "ursachen_monate"), ("Annahmen", "annahmen")],
)
def test_cells_are_those_of_the_csv(
    book: Workbook, result: SimulationResult, sheet: str, name: str
) -> None:
    same_cells(book[sheet], 4, simulation_tables(result)[name])


def test_course_holds_the_quantiles_of_the_csv(book: Workbook, result: SimulationResult) -> None:
    wide = wide_course(result.forecast)
    same_cells(book["Verlauf"], COURSE_HEAD, wide)
    csv = simulation_tables(result)["prognose"].frame
    names = {"VKA": "1 und 2 (VKA)", "Phase 1": "1", "Phase 2": "2", "Phase 3": "3"}
    for group, phase in names.items():
        for band in ("P10", "P50", "P90"):
            expected = csv[csv["Phase"] == phase][band].tolist()
            # The sums over the school types stand below.
            assert wide.values(f"{group} {band}")[: len(expected)] == expected
    assert wide.values("VKA P90")[-5:] == [30, 30, 31, 36, 38]


def test_causes_turned_on_their_side(book: Workbook, result: SimulationResult) -> None:
    csv = simulation_tables(result)["ursachen"]
    sheet = book["Ursachen"]
    assert [sheet.cell(4, n).value for n in range(1, 5)] == ["Ursache", "GS", "OS", "zusammen"]
    cells = {
        (sheet.cell(4, n).value, sheet.cell(row, 1).value): sheet.cell(row, n).value
        for n in (2, 3, 4)
        for row in range(5, 16)
    }
    keys = zip(csv.values("Schulart"), csv.values("Ursache"), strict=True)
    assert cells == dict(zip(keys, csv.values("Schüler"), strict=True))
    assert cells["GS", "Bestand November 2017"] == 19


def test_overview_answers_in_words_and_numbers(book: Workbook) -> None:
    sheet = book["Übersicht"]
    answers = {sheet.cell(row, 1).value: sheet.cell(row, 4).value for row in range(4, 8)}
    assert answers["Reichen die Plätze? Grundschule (GS)"].startswith(
        "Ab Oktober 2017 reichen die Plätze in mehr als 1 von 10 Zukünften nicht: Im Oktober 2017 "
        "fehlt dann 1 Platz oder mehr, im November 2017 sogar 3 oder mehr."
    )
    assert "In 7 von 10 Zukünften (70 %)" in answers["Reichen die Plätze? Alle Schularten"]
    assert answers["Was treibt die Zahl?"] == (
        "Von Juli 2017 bis November 2017 steigt die Zahl der VKA-Schüler im Mittel von 30 auf 31. "
        "Neu in der VKA: 12. Wechsel in die Regelklasse: 8, davon 7 heutige Schüler. Wegzüge: 2."
    )
    head = next(row for row in range(8, 14) if sheet.cell(row, 1).value == "Schulart")
    heads = [sheet.cell(head, n).value for n in range(1, 13)]
    primary = dict(zip(heads, (sheet.cell(head + 1, n).value for n in range(1, 13)), strict=True))
    assert (primary["Plätze am Stichtag"], primary["höchste P90"]) == (23, 26)
    assert primary["P90 über Plätzen ab"].date() == date(2017, 10, 1)
    assert primary["P50 über Plätzen ab"] == "nie"
    assert primary["zu wenig Plätze (höchstens)"] == pytest.approx(0.3)


def test_native_charts(result: SimulationResult) -> None:
    book = build_simulation_workbook(result)
    charts = {sheet.title: sheet._charts for sheet in book if sheet._charts}
    assert {name: len(found) for name, found in charts.items()} == {
        "Übersicht": 2,
        "Verlauf": 3,
        "Ursachen": 3,
    }
    band = charts["Übersicht"][0]._charts
    assert [type(part).__name__ for part in band] == ["AreaChart", "LineChart"]
    assert all(part.grouping == "stacked" for part in charts["Verlauf"] + charts["Ursachen"])


def test_numbers_behind_the_charts(book: Workbook) -> None:
    overview, causes = book["Übersicht"], book["Ursachen"]
    # P10, P90 − P10, seats, P50 of Grundschule in November.
    november = datetime(2017, 11, 1)
    assert [overview.cell(8, n).value for n in range(15, 20)] == [november, 19, 7, 23, 19]
    rows = [[causes.cell(row, n).value for n in range(10, 15)] for row in range(4, 13)]
    assert rows[0] == ["Jul 2017", None, 20, None, None]
    assert rows[1] == ["neu", 20, None, 7.5, None]
    assert rows[4] == ["heutige in Phase 3", 23.75, None, None, 3.75]
    assert rows[8] == ["Schule zu Ende", 19, None, None, None]


def test_real_tables_and_pages(book: Workbook) -> None:
    names = sorted(name for sheet in book for name in sheet.tables)
    assert names == [
        "tab_annahmen",
        "tab_plaetze",
        "tab_ursachen",
        "tab_ursachen_monate",
        "tab_verlauf",
    ]
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert "Landkreis Probe && Co" in sheet.oddFooter.left.text
    for name in ("Plätze", "Ursachen je Monat", "Annahmen"):
        assert book[name].print_title_rows == "$4:$4"
    assert book["Verlauf"].print_title_rows == f"${COURSE_HEAD}:${COURSE_HEAD}"
    assert not any(cell.data_type == "f" for s in book for row in s.iter_rows() for cell in row)


def test_protocol_without_a_solver(book: Workbook) -> None:
    sheet = book["Protokoll"]
    firsts = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert "gerechnete Zukünfte" in firsts
    assert "Löser" not in firsts
    assert "Ziele der Reihe nach" not in firsts


def test_folder(result: SimulationResult, tmp_path: Path) -> None:
    folder = write_simulation(result, tmp_path / "neu", seconds={"Lesen": 0.12345})
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "simulation.xlsx",
        "lauf.json",
        *(
            f"tabellen/{name}.csv"
            for name in ("prognose", "plaetze", "ursachen", "ursachen_monate", "annahmen")
        ),
    }
    record = json.loads((folder / "lauf.json").read_text(encoding="utf-8"))
    assert record["laeufe"] == 10
    assert record["sekunden"] == {"Lesen": 0.123}
    assert record["reichen_die_plaetze"][0] == {
        "schulart": "GS",
        "zukuenfte_mit_genug_plaetzen": 7,
        "monate_p90_ueber_plaetzen": ["2017-10-01", "2017-11-01"],
        "monate_p50_ueber_plaetzen": [],
    }


def test_single_futures_on_request(result: SimulationResult, tmp_path: Path) -> None:
    folder = write_simulation(result, tmp_path / "neu", single_runs=True)
    lines = (folder / "tabellen" / "prognose_laeufe.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "Zukunft;Schulart;Monat;Phase 1;Phase 2;Phase 3"
    assert len(lines) == 1 + 10 * 2 * len(MONTHS)
    assert lines[-6] == "10;GS;2017-11;8;18;4"
    assert len(run_table(result.forecast).frame) == 100


def test_whole_or_not_at_all(
    result: SimulationResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_simulation(result, tmp_path / "da")
    before = (tmp_path / "da" / "lauf.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(simulation_workbook, "write_simulation_workbook", full)
    with pytest.raises(OutputError, match="kein Speicherplatz"):
        write_simulation(result, tmp_path / "neu")
    with pytest.raises(OutputError, match="kein Speicherplatz"):
        write_simulation(result, tmp_path / "da", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["da"]
    assert (tmp_path / "da" / "lauf.json").read_bytes() == before


def test_existing_folder_and_own_files(result: SimulationResult, tmp_path: Path) -> None:
    folder = write_simulation(result, tmp_path / "da")
    (folder / "notiz.txt").write_text("von mir", encoding="utf-8")
    with pytest.raises(OutputError, match="--ueberschreiben"):
        write_simulation(result, folder)
    other = replace(result, district=replace(result.district, name="Anderswo"))
    write_simulation(other, folder, overwrite=True)
    assert (folder / "notiz.txt").read_text(encoding="utf-8") == "von mir"
    title = openpyxl.load_workbook(folder / "simulation.xlsx")["Übersicht"]["A1"].value
    assert title == "Vorausschau der VKA-Schüler – Anderswo"


def test_causes_that_do_not_add_up_are_not_written(
    result: SimulationResult, tmp_path: Path
) -> None:
    flows = {name: array + 1 for name, array in result.forecast.expected_vka_flows.items()}
    broken = replace(result, forecast=replace(result.forecast, expected_vka_flows=flows))
    with pytest.raises(ConservationError):
        write_simulation(broken, tmp_path / "neu")
    assert list(tmp_path.iterdir()) == []


def test_one_month_only() -> None:
    """Nothing changes yet: a sentence instead of causes, and all sheets are there."""
    whole = two_types()
    short = replace(
        whole,
        months=whole.months[:1],
        expected=whole.expected[..., :1],
        runs=whole.runs[..., :1],
        expected_vka_flows={n: f[:, :1] for n, f in whole.expected_vka_flows.items()},
    )
    result = result_of(short)
    assert "endet mit dem Monat des Stichtags" in result.change()
    book = build_simulation_workbook(result)
    assert book["Ursachen je Monat"]["A4"].value == "Die Prognose hat nur einen Monat."
