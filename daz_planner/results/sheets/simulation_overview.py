"""Sheet Übersicht of ``simulation.xlsx``: are the seats enough, what drives it, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.need import TOGETHER
from daz_planner.results.sheets.charts import NEED_COLUMNS, column_cm, need_chart
from daz_planner.results.sheets.frame import Placed, open_sheet, set_page, write_heads
from daz_planner.results.sheets.overview import (
    CHART_ROW_HEIGHT,
    CHART_ROWS,
    COLUMNS,
    DATA_COLUMN,
    WIDTH,
    add_answers,
    add_hints,
    input_warnings,
)
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import Align, Look, Styles
from daz_planner.results.simulation_result import type_name

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.results.need import NeedCourse
    from daz_planner.results.simulation_result import SimulationResult

_NOTE = (
    "P50 ist die Mitte: In der Hälfte der gerechneten Zukünfte sind es mehr. P10 und P90: In 8 von "
    "10 Zukünften liegt die Zahl dazwischen – wenn die Annahmen des Szenarios stimmen."
)
_HEADS = (
    "Schulart",
    "Plätze am Stichtag",
    "Schüler am Stichtag",
    "Plätze am Ende",
    "P10 am Ende",
    "P50 am Ende",
    "P90 am Ende",
    "höchste P90",
    "im Monat",
    "P90 über Plätzen ab",
    "P50 über Plätzen ab",
    "zu wenig Plätze (höchstens)",
)
_ALIGNS = (Align.LEFT,) + (Align.RIGHT,) * (len(_HEADS) - 1)
_MONTH = "[$-407]mmm yyyy"
_FORMATS = ("General", *("#,##0",) * 7, _MONTH, _MONTH, _MONTH, "0\\ %")


def add_simulation_overview(
    workbook: Workbook, styles: Styles, result: SimulationResult, footer: str
) -> Placed:
    """The sheet; returns where the table by school type stands (columns by their heads)."""
    sheet = workbook.create_sheet("Übersicht")
    first, last = german.month(result.months[0]), german.month(result.months[-1])
    count = len(result.forecast.runs)
    futures = german.plural(count, "durchgespielte Zukunft", "durchgespielte Zukünfte")
    open_sheet(
        sheet,
        styles,
        f"Vorausschau der VKA-Schüler – {result.district.name}",
        f"Stichtag {german.day(result.district.reference_date)} · Szenario "
        f"„{result.scenario.name}“ · Zeitraum {first} bis {last} · {futures}",
    )
    for number in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    answers = [(f"Reichen die Plätze? {name}", text) for name, text in result.answers()]
    row = add_answers(sheet, styles, 4, [*answers, ("Was treibt die Zahl?", result.change())])
    row, placed = _types(sheet, styles, row + 1, result.courses)
    row = _charts(sheet, styles, row + 1, result)
    row = add_hints(sheet, styles, row + 1, [*result.hints(), *input_warnings(result)], _NOTE)
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{row}"
    set_page(sheet, footer, one_page=True)
    return placed


def _types(
    sheet: Worksheet, styles: Styles, row: int, courses: list[NeedCourse]
) -> tuple[int, Placed]:
    write_heads(sheet, styles, row, _HEADS, [WIDTH] * COLUMNS, _ALIGNS)
    for line, course in enumerate(courses, start=row + 1):
        look = Look.SUM if course.school_type == TOGETHER else Look.BODY
        peak = int(course.high.argmax())
        # The sum over school types has no shortage of its own: seats of one do not help another.
        own = course.school_type != TOGETHER
        values = (
            course.school_type,
            float(course.seats[0]),
            float(course.middle[0]),
            *(float(band[-1]) for band in (course.seats, course.low, course.middle, course.high)),
            float(course.high[peak]),
            course.months[peak],
            course.first_month_short(course.high) or "nie" if own else "–",
            course.first_month_short(course.middle) or "nie" if own else "–",
            float(course.short.max()) if own else "–",
        )
        for number, (value, number_format) in enumerate(
            zip(values, _FORMATS, strict=True), start=1
        ):
            styles.put(sheet, line, number, value, look, number_format, _ALIGNS[number - 1])
    last = row + len(courses)
    columns = {name: number for number, name in enumerate(_HEADS, start=1)}
    return last + 1, Placed(sheet.title, row + 1, last, columns)


def _charts(sheet: Worksheet, styles: Styles, row: int, result: SimulationResult) -> int:
    """Need against seats, a chart a school type, side by side."""
    kinds = result.forecast.school_types
    courses = result.courses[: len(kinds)]
    styles.put(sheet, row, 1, "Benötigte und vorhandene Plätze", Look.SECTION)
    sheet.row_dimensions[row].height = 18
    for line in range(row + 1, row + 1 + CHART_ROWS):
        sheet.row_dimensions[line].height = CHART_ROW_HEIGHT
    styles.put(sheet, 1, DATA_COLUMN, "Zahlen zu den Diagrammen", Look.SECTION)
    share = COLUMNS // max(len(kinds), 1)
    for position, course in enumerate(courses):
        column = DATA_COLUMN + position * (NEED_COLUMNS + 1)
        middle = ("Mitte (P50)", course.middle)
        title = type_name(course.school_type)
        chart = need_chart(sheet, styles, column, course, middle, title)
        size = share * column_cm(WIDTH) - 0.15, CHART_ROWS * CHART_ROW_HEIGHT / 72 * 2.54 - 0.15
        text = f"{title}: benötigte Plätze in der Mitte und von P10 bis P90, Plätze von heute"
        add_chart(sheet, chart, (row + 1, 1 + position * share), size, text)
    return row + 1 + CHART_ROWS
