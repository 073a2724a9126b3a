"""Sheet Übersicht: the whole plan on one page, readable without the other sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.axis import ChartLines, TextAxis
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.figures import NeedCourse, TypeFigures, need_course, school_types
from daz_planner.results.figures import type_figures as figures_of
from daz_planner.results.sheets.frame import (
    LINE_HEIGHT,
    Placed,
    open_sheet,
    set_page,
    write_heads,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.style import GREY, Align, Look, Styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.planning.plan import Plan

COLUMNS = 12
WIDTH = 14.6
CHART_ROWS = 14
CHART_ROW_HEIGHT = 15.0
DATA_COLUMN = COLUMNS + 3
"""First column of the numbers behind the charts, right of the printed page."""

_HEADS = (
    "Schulart",
    "VKA-Schüler heute",
    "erwartet höchstens",
    "im Monat",
    "Klassen heute",
    "neue Klassen",
    "Plätze heute",
    "Plätze am Ende",
    "Wartende höchstens",
    "neu verteilte Schüler",
    "Weg im Mittel (Min.)",
    "Weg über Richtwert",
)
_ALIGNS = (Align.LEFT,) + (Align.RIGHT,) * (len(_HEADS) - 1)
_FORMATS = (
    "General",
    "#,##0",
    "#,##0",
    "[$-407]mmm yyyy",
    "#,##0",
    "#,##0",
    "#,##0",
    "#,##0",
    "#,##0.0",
    "#,##0.0",
    "#,##0",
    "0.0\\ %",
)


def add_overview(
    workbook: Workbook,
    styles: Styles,
    plan: Plan,
    answers: Sequence[tuple[str, str]],
    footer: str,
) -> Placed:
    """The sheet; returns where the table by school type stands (columns by their heads)."""
    sheet = workbook.create_sheet("Übersicht")
    period = f"{german.month(plan.months[0])} bis {german.month(plan.months[-1])}"
    open_sheet(
        sheet,
        styles,
        f"Plan der Vorbereitungsklassen (VKA) – {plan.district.name}",
        f"Stichtag {german.day(plan.district.reference_date)} · Szenario „{plan.scenario.name}“ "
        f"· Zeitraum {period}",
    )
    for number in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    row = _answers(sheet, styles, 4, answers)
    row, placed = _types(sheet, styles, row + 1, figures_of(plan))
    row = _charts(sheet, styles, row + 1, plan)
    row = _hints(sheet, styles, row + 1, [*plan.hints, *_input_warnings(plan)])
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{row}"
    set_page(sheet, footer, one_page=True)
    return placed


def _answers(sheet: Worksheet, styles: Styles, row: int, answers: Sequence[tuple[str, str]]) -> int:
    for question, answer in answers:
        for number in range(1, COLUMNS + 1):
            styles.put(sheet, row, number, None, Look.WRAP)
        styles.put(sheet, row, 1, question, Look.KEY)
        styles.put(sheet, row, 4, answer, Look.WRAP)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
        sheet.merge_cells(start_row=row, end_row=row, start_column=4, end_column=COLUMNS)
        lines = max(
            line_count(answer, WIDTH * (COLUMNS - 3)), line_count(question, WIDTH * 3 * 0.9)
        )
        sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 5
        row += 1
    return row


def _types(
    sheet: Worksheet, styles: Styles, row: int, figures: list[TypeFigures]
) -> tuple[int, Placed]:
    write_heads(sheet, styles, row, _HEADS, [WIDTH] * COLUMNS, _ALIGNS)
    for line, item in enumerate(figures, start=row + 1):
        look = Look.SUM if line == row + len(figures) else Look.BODY
        values = (
            item.school_type,
            item.pupils_today,
            item.need_max,
            item.need_month,
            item.classes_today,
            item.classes_new,
            item.seats_today,
            item.seats_end,
            item.waiting_max,
            item.placed,
            "–" if item.mean_minutes is None else item.mean_minutes,
            "–" if item.over_soft is None else item.over_soft,
        )
        for number, (value, number_format) in enumerate(
            zip(values, _FORMATS, strict=True), start=1
        ):
            styles.put(sheet, line, number, value, look, number_format, _ALIGNS[number - 1])
    last = row + len(figures)
    columns = {name: number for number, name in enumerate(_HEADS, start=1)}
    return last + 1, Placed(sheet.title, row + 1, last, columns)


def _charts(sheet: Worksheet, styles: Styles, row: int, plan: Plan) -> int:
    kinds = school_types(plan)
    styles.put(sheet, row, 1, "Benötigte und vorhandene Plätze", Look.SECTION)
    sheet.row_dimensions[row].height = 18
    for line in range(row + 1, row + 1 + CHART_ROWS):
        sheet.row_dimensions[line].height = CHART_ROW_HEIGHT
    styles.put(sheet, 1, DATA_COLUMN, "Zahlen zu den Diagrammen", Look.SECTION)
    share = COLUMNS // max(len(kinds), 1)
    column_cm = (WIDTH * 7 + 5) / 96 * 2.54
    for position, kind in enumerate(kinds):
        first = DATA_COLUMN + position * 6
        _chart_data(sheet, styles, first, need_course(plan, kind), plan)
        chart = _chart(sheet, first, len(plan.months), kind)
        chart.width = share * column_cm - 0.15  # type: ignore[assignment]
        chart.height = CHART_ROWS * CHART_ROW_HEIGHT / 72 * 2.54 - 0.15
        sheet.add_chart(chart, f"{get_column_letter(1 + position * share)}{row + 1}")
    return row + 1 + CHART_ROWS


def _chart_data(
    sheet: Worksheet, styles: Styles, column: int, course: NeedCourse, plan: Plan
) -> None:
    styles.put(sheet, 2, column, f"Plätze {course.school_type}", Look.NOTE)
    for number, title in enumerate(
        ("Monat", "vorhanden", "benötigt (Mittel)", "hoch (P90)", "niedrig (P10)"), start=column
    ):
        styles.put(sheet, 3, number, title, Look.BODY)
        sheet.column_dimensions[get_column_letter(number)].width = 16
    lines = zip(plan.months, course.seats, course.expected, course.high, course.low, strict=True)
    for row, (month, *values) in enumerate(lines, start=4):
        styles.put(sheet, row, column, german.short_month(month), Look.BODY)
        for number, value in enumerate(values, start=column + 1):
            styles.put(sheet, row, number, float(value), Look.BODY, "#,##0.0")


def _chart(sheet: Worksheet, column: int, months: int, kind: str) -> LineChart:
    chart = LineChart()
    chart.title = title_maker(german.SCHOOL_TYPE_NAMES.get(kind, kind))
    if chart.title.tx is not None and chart.title.tx.rich is not None:
        for paragraph in chart.title.tx.rich.p:
            paragraph.pPr = _text(1100, bold=True)
    chart.title.overlay = False
    chart.add_data(
        Reference(sheet, min_col=column + 1, max_col=column + 4, min_row=3, max_row=3 + months),
        titles_from_data=True,
    )
    chart.set_categories(Reference(sheet, min_col=column, min_row=4, max_row=3 + months))
    # In greyscale the seats are the thick line, the need is solid, its band is broken.
    lines = (
        LineProperties(solidFill="1F3864", w=28575, prstDash="solid"),
        LineProperties(solidFill="C55A11", w=22225, prstDash="solid"),
        LineProperties(solidFill="C55A11", w=12700, prstDash="sysDash"),
        LineProperties(solidFill="C55A11", w=12700, prstDash="sysDot"),
    )
    for series, line in zip(chart.series, lines, strict=True):
        series.graphicalProperties = GraphicalProperties(ln=line)
        series.marker = Marker(symbol="none")
        series.smooth = False
    axis = TextAxis(axId=10, crossAx=100)
    axis.tickLblSkip, axis.tickMarkSkip = max(1, months // 6), 1
    chart.x_axis = axis
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "#,##0"
    grid = GraphicalProperties(ln=LineProperties(solidFill="E0E0E0"))
    chart.y_axis.majorGridlines = ChartLines(spPr=grid)
    small = RichText(p=[Paragraph(pPr=_text(800), endParaRPr=CharacterProperties(sz=800))])
    for each in (chart.x_axis, chart.y_axis):
        each.delete = False
        each.txPr = small
    chart.legend = Legend(legendPos="b", txPr=small)
    chart.layout = Layout(ManualLayout(xMode="edge", yMode="edge", x=0.09, y=0.14, w=0.88, h=0.56))
    return chart


def _text(size: int, *, bold: bool = False) -> ParagraphProperties:
    return ParagraphProperties(
        defRPr=CharacterProperties(sz=size, b=bold, solidFill=GREY if not bold else "000000")
    )


def _input_warnings(plan: Plan) -> list[str]:
    count = len(plan.district.findings)
    if not count:
        return []
    verb = "gibt es eine Warnung" if count == 1 else f"gibt es {count} Warnungen"
    return [f"Zur Eingabe {verb}; sie stehen auf dem Blatt Protokoll."]


def _hints(sheet: Worksheet, styles: Styles, row: int, hints: Sequence[str]) -> int:
    styles.put(sheet, row, 1, "Hinweise", Look.SECTION)
    sheet.row_dimensions[row].height = 18
    for hint in hints or ("Keine.",):
        row += 1
        styles.put(sheet, row, 1, f"• {hint}" if hints else hint, Look.PLAIN)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=COLUMNS)
        lines = line_count(hint, WIDTH * COLUMNS)
        sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 2
    row += 1
    note = (
        "Mittel: Erwartungswert. P10 und P90: In einer von zehn gerechneten Zukünften werden "
        "weniger bzw. mehr Plätze gebraucht, wenn jedes Kind sofort beginnt. Wege: einfacher Weg."
    )
    styles.put(sheet, row, 1, note, Look.NOTE)
    return row
