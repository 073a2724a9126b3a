"""Sheet Übersicht: the whole plan on one page, readable without the other sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.figures import TypeFigures, need_course, school_types
from daz_planner.results.figures import type_figures as figures_of
from daz_planner.results.sheets.charts import NEED_COLUMNS, column_cm, need_chart
from daz_planner.results.sheets.frame import (
    LINE_HEIGHT,
    Placed,
    open_sheet,
    set_page,
    write_heads,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.style import Align, Look, Styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.planning.plan import Plan
    from daz_planner.results.run import Run

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
_NOTE = (
    "Mittel: Erwartungswert. P10 und P90: In einer von zehn gerechneten Zukünften werden "
    "weniger bzw. mehr Plätze gebraucht, wenn jedes Kind sofort beginnt. Wege: einfacher Weg."
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
    row = add_answers(sheet, styles, 4, answers)
    row, placed = _types(sheet, styles, row + 1, figures_of(plan))
    row = _charts(sheet, styles, row + 1, plan)
    row = add_hints(sheet, styles, row + 1, [*plan.hints, *input_warnings(plan)], _NOTE)
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{row}"
    set_page(sheet, footer, one_page=True)
    return placed


def add_answers(
    sheet: Worksheet, styles: Styles, row: int, answers: Sequence[tuple[str, str]]
) -> int:
    """Questions left, answers right of them, from a row on; the row after them."""
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
    for position, kind in enumerate(kinds):
        first = DATA_COLUMN + position * (NEED_COLUMNS + 1)
        course = need_course(plan, kind)
        middle = ("benötigt (Mittel)", course.expected)
        title = german.SCHOOL_TYPE_NAMES.get(kind, kind)
        chart = need_chart(sheet, styles, first, course, middle, title)
        chart.width = share * column_cm(WIDTH) - 0.15  # type: ignore[assignment]
        chart.height = CHART_ROWS * CHART_ROW_HEIGHT / 72 * 2.54 - 0.15
        sheet.add_chart(chart, f"{get_column_letter(1 + position * share)}{row + 1}")
    return row + 1 + CHART_ROWS


def input_warnings(plan: Run) -> list[str]:
    """A sentence on the warnings of the input, where there are any."""
    count = len(plan.district.findings)
    if not count:
        return []
    verb = "gibt es eine Warnung" if count == 1 else f"gibt es {count} Warnungen"
    return [f"Zur Eingabe {verb}; sie stehen auf dem Blatt Protokoll."]


def add_hints(sheet: Worksheet, styles: Styles, row: int, hints: Sequence[str], note: str) -> int:
    """Hints from a row on and a note below them; the row of the note."""
    styles.put(sheet, row, 1, "Hinweise", Look.SECTION)
    sheet.row_dimensions[row].height = 18
    for hint in hints or ("Keine.",):
        row += 1
        styles.put(sheet, row, 1, f"• {hint}" if hints else hint, Look.PLAIN)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=COLUMNS)
        lines = line_count(hint, WIDTH * COLUMNS)
        sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 2
    row += 1
    styles.put(sheet, row, 1, note, Look.NOTE)
    return row
