"""The sheets with a column a month: Verteilung, Wartende and the matrix of Auslastung."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from daz_planner.planning.plan import Cause, Flow, Plan, WaitingPlace
from daz_planner.results.sheets.flows import wide_flows
from daz_planner.results.sheets.load import load_matrix
from daz_planner.results.sheets.waiting import wide_waiting
from daz_planner.results.sheets.wide import alphabet
from daz_planner.results.tables import hours_sum_table, hours_table, tables
from daz_planner.results.workbook import build_workbook


def row(sheet: Worksheet, number: int) -> list[Any]:
    # Right of the printed columns stand the numbers behind the charts.
    area = sheet.print_area or ""
    last = coordinate_to_tuple(area.split(":")[-1].replace("$", ""))[1] if area else None
    values = [cell.value for cell in sheet[number][:last]]
    while values and values[-1] is None:
        values.pop()
    return values


def test_names_sort_by_the_german_alphabet() -> None:
    names = ["Zeithain", "Örtchen", "Ostrau", "„Anger“", "Straße", "Strasse"]
    assert sorted(names, key=alphabet) == [
        "„Anger“",
        "Örtchen",
        "Ostrau",
        "Straße",
        "Strasse",
        "Zeithain",
    ]


def test_verteilung_has_one_row_a_way(plan: Plan) -> None:
    sheet = build_workbook(plan)["Verteilung"]
    heads = ["Schulart", "Gemeinde", "Schule", "Minuten"]
    assert row(sheet, 4) == [*heads, "Feb 2017", "Mrz 2017", "Apr 2017", "Mai 2017", "Summe"]
    assert [row(sheet, number) for number in range(5, 9)] == [
        ["GS", "Adorf", "Grundschule „Nord“", 10, 1, 0.5, None, None, 1.5],
        ["GS", "Bedorf", "Grundschule Süd", 5, None, None, 3.5, None, 3.5],
        ["OS", "Bedorf", "Oberschule Mitte", 30, None, None, None, 1.25, 1.25],
        ["OS", "Cedorf", "Oberschule Mitte", 50, None, 1, None, None, 1],
    ]


def test_verteilung_has_sums_below_the_table(plan: Plan) -> None:
    sheet = build_workbook(plan)["Verteilung"]
    assert row(sheet, 9) == []
    assert [row(sheet, number) for number in (10, 11, 12)] == [
        ["GS", "Summe GS", None, None, 1, 0.5, 3.5, None, 5],
        ["OS", "Summe OS", None, None, None, 1, None, 1.25, 2.25],
        ["alle", "Summe", None, None, 1, 1.5, 3.5, 1.25, 7.25],
    ]
    assert sheet.tables["tab_verteilung"].ref == "A4:I8"
    assert sheet.freeze_panes == "E5"
    assert sheet["E5"].number_format == "#,##0.00"


def test_verteilung_is_sorted_by_minutes_too(make_plan: Callable[..., Plan]) -> None:
    flows = (
        Flow(1, 1, 2, 2.0, 5.0),
        Flow(0, 0, 0, 1.0, 10.0),
        Flow(0, 1, 0, 1.0, 7.0),
        Flow(0, 2, 1, 1.0, 8.0),
    )
    plan = make_plan(flows=flows)
    wide = wide_flows(tables(plan)["verteilung"], plan.months)
    assert list(zip(wide.values("Schulart"), wide.values("Minuten"), strict=True)) == [
        ("GS", 7.0),
        ("GS", 10.0),
        ("GS", 5.0),
        ("OS", 8.0),
    ]
    # Months in which nobody is placed have a column too.
    assert wide.values("2017-05") == [None] * 4


def test_a_large_sum_widens_its_column(make_plan: Callable[..., Plan]) -> None:
    flows = tuple(Flow(town, 0, 0, 999.0, 10.0 + town) for town in range(3))
    narrow = build_workbook(make_plan())["Verteilung"].column_dimensions["E"].width
    wide = build_workbook(make_plan(flows=flows))["Verteilung"].column_dimensions["E"].width
    # „2.997,00“ in bold type
    assert narrow < 8 < wide


def test_wartende_has_one_row_a_place_and_cause(plan: Plan) -> None:
    sheet = build_workbook(plan)["Wartende"]
    assert row(sheet, 4)[:5] == ["Schulart", "Gemeinde", "wer", "Ursache", "Monate längstens"]
    first, second = row(sheet, 5), row(sheet, 6)
    assert first[:3] == ["GS", "Bedorf", "Prognose"]
    assert first[3].startswith("kein freier Raum")
    assert first[4:] == [1, None, 2, None, None, 2]
    # Since February, still in March: two months.
    assert second[:3] == ["GS", "Cedorf", "Prognose"]
    assert second[4:] == [2, 1, 1.5, None, None, 1.5]
    assert row(sheet, 8) == ["GS", "Summe GS", None, None, None, 1, 3.5, None, None, 3.5]
    assert row(sheet, 9)[1] == "Summe"


def test_children_of_the_list_wait_in_rows_of_their_own(make_plan: Callable[..., Plan]) -> None:
    places = (
        WaitingPlace("GS", 2, 0, 3.0, date(2016, 12, 1), Cause.NO_ROOM, 2),
        WaitingPlace("GS", 2, 1, 2.0, date(2016, 12, 1), Cause.NO_ROOM, 2),
    )
    plan = make_plan(waiting=places)
    wide = wide_waiting(tables(plan)["wartende"], plan.months)
    assert wide.values("wer") == ["heutige Liste", "Prognose"]
    assert wide.values("2017-02") == [2.0, 1.0]
    assert wide.values("2017-03") == [2.0, None]
    # December to March; the others are gone in March.
    assert wide.values("Monate längstens") == [4, 3]


def test_matrix_shows_the_network_on_one_page(plan: Plan) -> None:
    matrix = load_matrix(tables(plan)["auslastung"])
    assert matrix.values("Schule") == ["Grundschule „Nord“", "Grundschule Süd", "Oberschule Mitte"]
    # 21 of 22, 23 of 23, 10 of 23 seats
    assert matrix.values("2017-02") == pytest.approx([21 / 22, 1, 10 / 23])
    # Nord 17 of 22, Süd 24.5 of 46, Mitte 10 of 23
    assert matrix.values("2017-04") == pytest.approx([17 / 22, 24.5 / 46, 9 / 23])
    assert matrix.values("Spitze") == pytest.approx([21 / 22, 1, 10 / 23])


def test_sheet_auslastung(plan: Plan) -> None:
    sheet = build_workbook(plan)["Auslastung"]
    assert row(sheet, 4)[:7] == [
        *("Schule", "Schulart", "Feb 2017", "Mrz 2017", "Apr 2017", "Mai 2017", "Spitze")
    ]
    assert sheet.tables["tab_auslastung_matrix"].ref == "A4:G7"
    together = row(sheet, 9)
    assert together[0] == "GS zusammen"
    # February: 44 of 45 seats of Grundschule
    assert together[2] == pytest.approx(44 / 45)
    assert row(sheet, 11)[2] == pytest.approx(54 / 68)
    assert sheet["C5"].number_format == r"0\ %"
    # Below stand the bars, then the numbers of today and whence they come, a line a school.
    assert row(sheet, 13) == ["Auslastung nach Schule"]
    (bars,) = sheet._charts
    assert [series.tx.strRef.f for series in bars.series] == [
        "'Auslastung'!S3",
        "'Auslastung'!T3",
    ]
    assert row(sheet, 25) == ["Ausgangszahlen am Stichtag"]
    assert sheet.tables["tab_ausgangszahlen"].ref == "A28:K31"
    names = ("VKA-Schüler Tabelle", "Gast-VKA Tabelle", "Schüler gerechnet", "Quelle Schüler")
    heads = row(sheet, 28)
    assert [row(sheet, 30)[heads.index(name)] for name in names] == [22, 1, 23, "Tabelle"]
    # The table of months stands below, on pages of its own that repeat its heads.
    assert row(sheet, 33) == ["Plätze und Belegung Monat für Monat"]
    assert sheet.tables["tab_auslastung"].ref == "A36:O48"
    assert sheet.print_area == (
        "'Auslastung'!$A$1:$O$12,'Auslastung'!$A$13:$O$24,'Auslastung'!$A$25:$O$32,"
        "'Auslastung'!$A$33:$O$48"
    )
    assert sheet.print_title_rows == "$36:$36"


def test_full_cells_have_a_frame_and_bold_type(plan: Plan) -> None:
    sheet = build_workbook(plan)["Auslastung"]
    rules = {str(area.sqref): area.rules for area in sheet.conditional_formatting}
    full, high, low = rules["C5:G7"]
    assert full.dxf.font.b
    assert full.dxf.border.left.style == full.dxf.border.top.style == "thin"
    assert full.formula == ["AND(ISNUMBER(C5),C5>=0.995)"]
    assert full.stopIfTrue
    assert high.dxf.font.b
    assert high.dxf.border is None
    assert low.dxf.font.i
    assert "C9:G11" in rules


def test_a_school_without_seats_is_empty_in_the_matrix(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan()
    seats = plan.seats.copy()
    seats[2] = 0
    matrix = load_matrix(tables(replace(plan, seats=seats))["auslastung"])
    assert matrix.values("2017-02")[2] is None
    assert matrix.values("Spitze")[2] is None


def test_many_months_print_side_by_side(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan()
    months = tuple(date(2017 + n // 12, n % 12 + 1, 1) for n in range(30))
    hours = plan.weekly_hours[:, :1].repeat(30, axis=1)
    long = replace(
        plan,
        months=months,
        classes=plan.classes[:, :1].repeat(30, axis=1),
        class_cap=plan.class_cap[:, :1].repeat(30, axis=1),
        seats=plan.seats[:, :1].repeat(30, axis=1),
        planning_seats=plan.planning_seats[:, :1].repeat(30, axis=1),
        use_today=plan.use_today[:, :1].repeat(30, axis=1),
        use_children=plan.use_children[:, :1].repeat(30, axis=1),
        use_forecast=plan.use_forecast[:, :1].repeat(30, axis=1),
        weekly_hours=hours,
    )
    built = {item.name: item for item in (hours_table(long), hours_sum_table(long))}
    from openpyxl import Workbook

    from daz_planner.results.sheets.hours import add_hours
    from daz_planner.results.sheets.style import Styles

    book = Workbook()
    add_hours(book, Styles(book), built["lehrerstunden"], built["lehrerstunden_schularten"], "Fuß")
    sheet = book["Lehrerstunden"]
    assert sheet.page_setup.fitToWidth == 2
    assert sheet.print_title_cols == "$A:$B"
