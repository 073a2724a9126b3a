"""The sheets with a column a month: Verteilung, Wartende and the matrix of Auslastung."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from daz_planner.planning.plan import Cause, Flow, Plan, WaitingPlace
from daz_planner.results.schema import Column, Kind
from daz_planner.results.sheets.flows import add_flows, wide_flows
from daz_planner.results.sheets.frame import open_sheet, print_parts, settle_pages, wrap_note
from daz_planner.results.sheets.hours import add_hours, wide_hours
from daz_planner.results.sheets.load import load_matrix
from daz_planner.results.sheets.style import Styles
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
    # Below stand the bars; of a narrow matrix they would not fit on its page.
    assert row(sheet, 13) == ["Auslastung nach Schule"]
    (bars,) = sheet._charts
    assert [series.tx.strRef.f for series in bars.series] == [
        "'Auslastung'!K3",
        "'Auslastung'!L3",
    ]
    assert sheet.print_area == "'Auslastung'!$A$1:$G$12,'Auslastung'!$A$13:$G$27"
    assert sheet.freeze_panes == "C5"


def test_the_start_numbers_have_a_line_a_school(plan: Plan) -> None:
    sheet = build_workbook(plan)["Ausgangszahlen"]
    assert sheet.tables["tab_ausgangszahlen"].ref == "A4:K7"
    names = ("VKA-Schüler Tabelle", "Gast-VKA Tabelle", "Schüler gerechnet", "Quelle Schüler")
    heads = row(sheet, 4)
    assert [row(sheet, 6)[heads.index(name)] for name in names] == [22, 1, 23, "Tabelle"]


def test_the_months_of_each_school_have_a_sheet(plan: Plan) -> None:
    sheet = build_workbook(plan)["Belegung"]
    assert sheet.tables["tab_auslastung"].ref == "A4:O16"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("D5", "$4:$4")


def test_the_matrix_shows_the_highest_p90_where_futures_were_judged(plan: Plan) -> None:
    load = tables(plan)["auslastung"]
    assert "Spitze P90" not in [column.name for column in load_matrix(load).columns]
    frame = load.frame.assign(**{"belegt P90": [30.0, 11.0, 0.0, 11.0] * 3})
    more = replace(load, columns=(*load.columns, Column("belegt P90", Kind.WHOLE)), frame=frame)
    # Nord 30 of 22 seats, Süd 30 of 23 in February, Mitte 30 of 23
    found = load_matrix(more).values("Spitze P90")
    assert found == pytest.approx([30 / 22, 30 / 23, 30 / 23])


def test_long_parts_print_on_pages_of_their_own() -> None:
    """Six rows of 100 points on a page of 513 points; parts that fit on one stay together."""
    sheet = Workbook().active
    assert isinstance(sheet, Worksheet)
    for number in range(1, 13):
        sheet.row_dimensions[number].height = 80.0
    assert print_parts(sheet, [1, 4], 3, 6) == [(1, 6)]
    assert print_parts(sheet, [1, 5], 3, 8) == [(1, 4), (5, 8)]
    # 9 and 3 rows take two pages and one, twelve rows two.
    assert print_parts(sheet, [1, 10], 3, 12) == [(1, 12)]
    assert print_parts(sheet, [1, 10], 3, 12, cut=False) == [(1, 9), (10, 12)]
    assert sheet.print_area == "'Sheet'!$A$1:$C$9,'Sheet'!$A$10:$C$12"


def test_a_few_rows_too_many_print_smaller() -> None:
    sheet = Workbook().active
    assert isinstance(sheet, Worksheet)
    for rows, pages in ((6, 0), (7, 1), (9, 0)):
        for number in range(1, rows + 1):
            sheet.cell(number, 1, "x")
            sheet.row_dimensions[number].height = 80.0
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        settle_pages(sheet)
        assert sheet.page_setup.fitToHeight == pages, rows


def test_a_long_sentence_wraps_over_the_columns() -> None:
    book = Workbook()
    sheet, styles = book.active, Styles(book)
    assert isinstance(sheet, Worksheet)
    open_sheet(sheet, styles, "Titel", "Ein langer Satz. " * 20)
    wrap_note(sheet, styles)
    # Columns of the usual width of 13, until they are 100 wide
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A2:H2"]
    assert sheet["A2"].alignment.wrap_text
    assert (sheet.row_dimensions[2].height or 0) > 2 * 9


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


def test_two_schools_of_one_name_stay_apart(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan()
    first, second, third = plan.district.schools
    schools = (first, replace(second, name=first.name), third)
    built = tables(replace(plan, district=replace(plan.district, schools=schools)))
    matrix = load_matrix(built["auslastung"])
    assert matrix.values("Schule") == [first.name, first.name, third.name]
    assert matrix.values("2017-02") == pytest.approx([21 / 22, 1, 10 / 23])
    hours = wide_hours(built["lehrerstunden"], ("Schule", "Schulart"))
    assert hours.values("2017-04") == [15, 30, 25]


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
    book = Workbook()
    add_hours(book, Styles(book), built["lehrerstunden"], built["lehrerstunden_schularten"], "Fuß")
    sheet = book["Lehrerstunden"]
    assert sheet.page_setup.fitToWidth == 2
    assert sheet.print_title_cols == "$A:$B"


def test_verteilung_says_why_more_come_in_august(plan: Plan) -> None:
    # The period of the plan ends in May; from June on it would hold an August.
    assert "Schuljahr" not in str(build_workbook(plan)["Verteilung"]["A2"].value)
    workbook, months = Workbook(), [date(2017, month, 1) for month in (6, 7, 8, 9)]
    add_flows(workbook, Styles(workbook), tables(plan)["verteilung"], months, "")
    note = str(workbook["Verteilung"]["A2"].value)
    assert "Im August 2017 sind es mehr: Zum neuen Schuljahr kommt dazu, wer aus der" in note


def test_wartende_explains_the_reserve_where_it_speaks_of_it(plan: Plan) -> None:
    some = [WaitingPlace("GS", 2, 0, 3.0, date(2017, 2, 1), Cause.NO_ROOM)]
    for places, told in ((some, False), ([replace(some[0], reserve=True)], True)):
        sheet = build_workbook(replace(plan, waiting=tuple(places)))["Wartende"]
        assert ("Reserve: Plätze über dem Planungsrichtwert" in str(sheet["A2"].value)) is told
