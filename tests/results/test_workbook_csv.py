"""Every table of the workbook, read back and compared cell by cell with the CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.utils import range_boundaries

from daz_planner.planning.plan import Plan
from daz_planner.results.csvfiles import cell_text, csv_bytes
from daz_planner.results.schema import Column, Kind, Table
from daz_planner.results.tables import tables
from daz_planner.results.workbook import build_workbook
from tests.results.workbook_cases import FORMULA_LIKE, everything

WIDE = {
    "verteilung": (("Schulart", "Gemeinde", "Schule"), "Schüler"),
    "lehrerstunden": (("Schule", "Schulart"), "Stunden"),
}
"""Tables that stand with a column a month: keys of a row, and what stands in the months."""
ELSEWHERE = {
    "uebersicht": "a table without filters on the first page",
    "wartende": "a column a month; children of the list in rows of their own",
    "prognose": "a row a month, the phases side by side",
    "lehrerstunden_schularten": "sums below the schools",
    "lehrerstunden_grenzen": "a column a month; need, there and left in rows of their own",
    "ziele": "a list on the sheet Protokoll",
    "zukunft_plaetze": "three columns of Belegung",
    "regelklassen_stufen": "by grade: in the CSV file only, for its length",
}
"""Where the other tables are; each has a test of its own or is in the CSV files only."""


def read_back(plan: Plan) -> Workbook:
    buffer = io.BytesIO()
    build_workbook(plan).save(buffer)
    buffer.seek(0)
    return openpyxl.load_workbook(buffer)


def rows_of(table: Table) -> list[dict[str, str]]:
    text = csv_bytes(table).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def shown(value: Any, column: Column) -> str:
    """A cell of the workbook as the CSV file writes it."""
    if isinstance(value, datetime):
        value = value.date()
    return cell_text(value, column)


def excel_tables(book: Workbook) -> dict[str, list[list[Any]]]:
    found = {}
    for sheet in book.worksheets:
        for placed in sheet.tables.values():
            left, top, right, bottom = range_boundaries(placed.ref)
            cells = sheet.iter_rows(top, bottom, left, right, values_only=True)
            found[placed.name.removeprefix("tab_")] = [list(row) for row in cells]
    return found


@pytest.fixture(params=["small", "empty", "whole"])
def case(request: pytest.FixtureRequest, plan: Plan, empty_plan: Plan) -> Plan:
    return {"small": lambda: plan, "empty": lambda: empty_plan, "whole": everything}[
        request.param
    ]()


def test_every_table_of_the_workbook_is_its_csv(case: Plan) -> None:
    built = tables(case)
    placed = excel_tables(read_back(case))
    compared = set()
    for name, table in built.items():
        if name in ELSEWHERE or name in WIDE or table.is_empty:
            continue
        head, *rows = placed[name]
        assert head == [column.title for column in table.columns], name
        found = [[shown(v, c) for v, c in zip(row, table.columns, strict=True)] for row in rows]
        assert found == [list(row.values()) for row in rows_of(table)], name
        compared.add(name)
    assert {"klassenbildung", "auslastung", "ausgangszahlen", "plaetze", "annahmen"} <= compared
    if case is everything():
        further = {"zuweisung", "zukunft_vergleich", "standorte", "standorte_vergleich"}
        further |= {"abwaegung", "abwaegung_klassenmonate", "regelklassen", "erreichbarkeit_tempo"}
        assert further <= compared


@pytest.mark.parametrize("name", WIDE)
def test_wide_tables_hold_every_line_of_the_csv(case: Plan, name: str) -> None:
    table, (keys, what) = tables(case)[name], WIDE[name]
    head, *rows = excel_tables(read_back(case)).get(name, [[]])
    months = [column for column in head if column and column[-4:].isdigit()]
    titles = {f"{month:%Y-%m}": title for month, title in zip(case.months, months, strict=False)}
    number = table.column(what)
    found = {
        (*(str(row[head.index(key)]) for key in keys), month): shown(row[head.index(title)], number)
        for row in rows
        for month, title in titles.items()
        if row[head.index(title)] is not None
    }
    expected = {}
    for line in rows_of(table):
        expected[*(line[key].removeprefix("'") for key in keys), line["Monat"]] = line[what]
    assert found == expected


def test_forecast_stands_with_the_phases_side_by_side(case: Plan) -> None:
    table = tables(case)["prognose"]
    head, *rows = excel_tables(read_back(case))["prognose"]
    lines = {(row[0], f"{row[1]:%Y-%m}"): dict(zip(head, row, strict=True)) for row in rows}
    names = {"1": "Phase 1", "2": "Phase 2", "3": "Phase 3", "1 und 2 (VKA)": "VKA"}
    for line in rows_of(table):
        name = names[line["Phase"].removesuffix(" (ohne heutige)")]
        cells = lines[line["Schulart"], line["Monat"]]
        for band, place in (("Erwartung", name), ("P10", f"{name} P10"), ("P90", f"{name} P90")):
            assert shown(cells[place], table.column(band)) == line[band]


def test_waiting_children_add_up_to_the_csv(plan: Plan) -> None:
    head, *rows = excel_tables(read_back(plan))["wartende"]
    for line in rows_of(tables(plan)["wartende"]):
        title = {"2017-02": "Feb 2017", "2017-03": "Mrz 2017"}[line["Monat"]]
        here = [
            row
            for row in rows
            if (row[0], row[1], row[3]) == (line["Schulart"], line["Gemeinde"], line["Ursache"])
        ]
        total = sum(row[head.index(title)] or 0.0 for row in here)
        assert f"{total:.3f}".replace(".", ",") == line["Kinder"]


def test_hours_that_are_there(make_plan: Callable[..., Plan]) -> None:
    plan = everything()
    head, *rows = excel_tables(read_back(plan))["lehrerstunden_grenzen"]
    lines = rows_of(tables(plan)["lehrerstunden_grenzen"])
    need = [row for row in rows if row[:2] == ["Planungsregion Nord", "Bedarf"]]
    assert len(need) == 1
    number = Column("", Kind.NUMBER, digits=1)
    assert [shown(value, number) for value in need[0][2:]] == [
        line["Bedarf"] for line in lines if line["für"] == "Nord"
    ]
    assert head[:2] == ["Bereich", "Stunden"]


def test_first_page_and_goals_are_their_csv(case: Plan) -> None:
    book, built = read_back(case), tables(case)
    for sheet, name in (("Übersicht", "uebersicht"), ("Protokoll", "ziele")):
        table = built[name]
        if table.is_empty:
            continue
        cells = book[sheet]
        titles = [column.title for column in table.columns]
        width = len(titles)
        head = next(
            row[0].row
            for row in cells.iter_rows(max_col=width)
            if [cell.value for cell in row] == titles
        )
        for offset, line in enumerate(rows_of(table), start=1):
            for number, column in enumerate(table.columns, start=1):
                value = cells.cell(head + offset, number).value
                assert shown(None if value == "–" else value, column) == line[column.name]


def test_formula_like_texts_are_texts_in_the_workbook_and_quoted_in_the_csv() -> None:
    plan = everything()
    book = read_back(plan)
    seen = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value[:1] in tuple("=+-@"):
                    if sheet.title == "Prüfung" and cell.data_type == "f":
                        continue
                    assert (cell.data_type, cell.quotePrefix) == ("s", True), cell.coordinate
                    seen.add(cell.value)
    # Schools, municipality, children, candidate site, input file, scenario.
    wanted = {*FORMULA_LIKE, "-Dorf", "=K1", "@K2", "+K3"}
    assert wanted | {"=datei.xlsx", "=Szenario", "=Kreis"} <= seen
    for table in tables(plan).values():
        for line in rows_of(table):
            for column, text in zip(table.columns, line.values(), strict=True):
                if column.kind is Kind.TEXT:
                    assert text[:1] not in tuple("=+-@")
