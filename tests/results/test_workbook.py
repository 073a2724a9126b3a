"""``plan.xlsx`` read back: the same values as the CSV, real tables, printable sheets."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from daz_planner.planning.plan import Plan
from daz_planner.results.csvfiles import cell_text
from daz_planner.results.sheets.hours import wide_hours
from daz_planner.results.tables import tables
from daz_planner.results.workbook import build_workbook

SHEETS = {
    "Klassenbildung": "klassenbildung",
    "Zuweisung": "zuweisung",
    "Belegung": "auslastung",
    "Ausgangszahlen": "ausgangszahlen",
    "Annahmen": "annahmen",
}
WIDE = ("Verteilung", "Wartende", "Lehrerstunden")
HEAD = 4


def read_back(plan: Plan) -> Workbook:
    buffer = io.BytesIO()
    build_workbook(plan).save(buffer)
    buffer.seek(0)
    return openpyxl.load_workbook(buffer)


@pytest.fixture
def book(plan: Plan) -> Workbook:
    return read_back(plan)


def plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def test_sheets_in_the_order_of_the_design(book: Workbook) -> None:
    assert book.sheetnames == [
        "Übersicht",
        "Klassenbildung",
        "Zuweisung",
        "Serienbrief",
        "Verteilung",
        "Auslastung",
        "Belegung",
        "Ausgangszahlen",
        "Wartende",
        "Engpässe",
        "Erreichbarkeit",
        "Prognose",
        "Plätze",
        "Regelklassen",
        "Lehrerstunden",
        "Annahmen",
        "Prüfung",
        "Protokoll",
    ]


@pytest.mark.parametrize(("sheet", "name"), SHEETS.items())
def test_cells_are_those_of_the_csv(book: Workbook, plan: Plan, sheet: str, name: str) -> None:
    built = tables(plan)[name]
    cells, head = book[sheet], HEAD
    for number, column in enumerate(built.columns, start=1):
        assert cells.cell(head, number).value == column.title
        for row, value in enumerate(built.values(column.name), start=head + 1):
            found = plain(cells.cell(row, number).value)
            # An empty text and no value are the same in a workbook.
            expected = cell_text(value, column)
            assert cell_text(found, column) == expected, (sheet, column.name, row)


def test_hours_stand_month_by_month(book: Workbook, plan: Plan) -> None:
    built = tables(plan)
    wide = wide_hours(built["lehrerstunden"], ("Schule", "Schulart"))
    sheet = book["Lehrerstunden"]
    heads = [sheet.cell(HEAD, n).value for n in range(1, 7)]
    assert heads == ["Schule", "Schulart", "Feb 2017", "Mrz 2017", "Apr 2017", "Mai 2017"]
    assert wide.values("2017-04") == [15, 30, 25]
    assert [sheet.cell(row, 5).value for row in (5, 6, 7)] == [15, 30, 25]
    sums = [[sheet.cell(row, n).value for n in (1, 5)] for row in (9, 10, 11)]
    assert sums == [["Summe GS", 45], ["Summe OS", 25], ["Summe", 70]]


def test_class_sums(book: Workbook) -> None:
    sheet = book["Klassenbildung"]
    sums = [[sheet.cell(row, n).value for n in (1, 4, 7, 9)] for row in (9, 10, 11)]
    assert sums == [["Summe GS", 2, 3, 1], ["Summe OS", 1, 1, 0], ["Summe", 3, 4, 1]]


def test_lists_are_real_tables_with_unique_names(book: Workbook) -> None:
    names = [name for sheet in book for name in sheet.tables]
    assert len(names) == len(set(names)) == 15
    assert book["Verteilung"].tables["tab_verteilung"].ref == "A4:I8"
    assert book["Verteilung"].tables["tab_verteilung"].autoFilter is not None


def test_text_that_looks_like_a_formula_is_text(book: Workbook) -> None:
    cell = book["Zuweisung"].cell(HEAD + 2, 1)
    assert cell.value == "=2+5"
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_only_the_check_sheet_has_formulas(book: Workbook) -> None:
    formulas = {
        sheet.title
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert formulas == {"Prüfung"}


def test_number_formats(book: Workbook) -> None:
    load = book["Belegung"]
    formats = {load.cell(HEAD, n).value: load.cell(HEAD + 1, n).number_format for n in range(1, 16)}
    assert formats["Auslastung %"] == r"0.0\ %"
    assert formats["Plätze"] == "#,##0.0"
    assert formats["Klassen"] == "#,##0"
    assert "mmm yyyy" in formats["Monat"]
    assert book["Zuweisung"]["D5"].number_format == "dd.mm.yyyy"
    assert plain(book["Zuweisung"]["D5"].value) == date(2017, 1, 9)


def test_every_sheet_prints_on_a4_landscape_with_page_numbers(book: Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.right.text == "Seite &P von &N"
        # & is a command in a footer, so the name of the district has it doubled.
        assert "Landkreis Probe && Co" in sheet.oddFooter.left.text
    for name in (*SHEETS, *WIDE):
        assert book[name].print_title_rows == f"${HEAD}:${HEAD}"
        assert book[name].freeze_panes is not None
    assert book["Übersicht"].page_setup.fitToHeight == 1


def test_full_schools_are_marked_in_bold_too(book: Workbook) -> None:
    areas = book["Belegung"].conditional_formatting
    rules = {str(area.sqref): area.rules for area in areas}["O5:O16"]
    assert rules[0].dxf.font.b
    assert "0.9995" in rules[0].formula[0]


def test_overview_stands_alone(book: Workbook) -> None:
    sheet = book["Übersicht"]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert sheet["A1"].value == "Plan der Vorbereitungsklassen (VKA) – Landkreis Probe & Co"
    assert "08.02.2017" in sheet["A2"].value
    assert "„basis“" in sheet["A2"].value
    assert "Wie sicher ist das?" in texts
    assert "• Die Klassenobergrenze ab 01.08.2026 ist offen." in texts
    head = next(row for row in range(4, 20) if sheet.cell(row, 1).value == "Schulart")
    line = [plain(sheet.cell(head + 1, n).value) for n in range(1, 11)]
    assert line == ["GS", 42, 46, date(2017, 4, 1), 2, 1, 45, 68, 3.5, 5]
    assert sheet.cell(head + 3, 1).value == "zusammen"


def test_overview_has_a_native_chart_for_each_school_type(plan: Plan) -> None:
    charts = build_workbook(plan)["Übersicht"]._charts
    assert len(charts) == 2
    # The band (its foot and its height) and the lines of the seats and of the mean.
    assert [[len(part.series) for part in chart._charts] for chart in charts] == [[2, 2], [2, 2]]


def test_empty_cases_show_a_sentence(empty_plan: Plan) -> None:
    book = read_back(empty_plan)
    assert book["Zuweisung"]["A4"].value == "Auf der heutigen Liste der Neuzugänge steht kein Kind."
    assert book["Wartende"]["A4"].value == "In keinem Monat wartet ein Kind."
    assert book["Verteilung"]["A4"].value == "Im Zeitraum wird kein Kind neu verteilt."
    assert "Es öffnet keine neue Klasse." in book["Klassenbildung"]["A2"].value
    told = "Die Eingabe hat kein Blatt Regelklassen."
    assert str(book["Regelklassen"]["A4"].value).startswith(told)
    for name in ("Zuweisung", "Wartende", "Verteilung", "Regelklassen"):
        assert not book[name].tables


def test_protocol_names_input_versions_and_warnings(book: Workbook) -> None:
    sheet = book["Protokoll"]
    rows = [[cell.value for cell in row[:3]] for row in sheet.iter_rows()]
    head = rows.index(["Datei", "Stelle", "Warnung"])
    pairs = {name: value for name, value, _ in rows[:head]}
    assert pairs["meissen.xlsx"] == f"SHA-256 {'ab' * 32}"
    assert pairs["Zufallszahlen (Saat)"] == "1"
    assert pairs["Löser"] == "highs"
    assert rows[head + 1] == [
        "meissen.xlsx",
        "Schulen!D7",
        "Schüler + Reserve ist 22, nicht 23. Prüfen Sie die Reserve.",
    ]
    assert pairs["GS"] is not None


def test_document_properties(book: Workbook) -> None:
    assert book.properties.title == "VKA-Plan Landkreis Probe & Co, Szenario basis"
    assert book.properties.creator.startswith("daz-planner ")
