"""The sheets Verlauf, Plätze and Ursachen of ``simulation.xlsx``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.causes import SHORT_NAMES, steps, used_causes, wide_causes
from daz_planner.results.sheets.charts import (
    PHASE_COLUMNS,
    WATERFALL_COLUMNS,
    column_cm,
    phase_chart,
    waterfall_chart,
)
from daz_planner.results.sheets.frame import HEAD_ROW, Placed, open_sheet, place_table, set_page
from daz_planner.results.sheets.lists import add_list, mark
from daz_planner.results.sheets.overview import CHART_ROW_HEIGHT
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import ALARM, CAUTION, STRONG, Look, Styles
from daz_planner.results.simulation_result import type_name
from daz_planner.results.simulation_tables import expected, type_names

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.chart import BarChart
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.results.schema import Table
    from daz_planner.results.simulation_result import SimulationResult

PHASE_ROWS = 14
FALL_ROWS = 15
COURSE_HEAD_ROW = HEAD_ROW + 1 + PHASE_ROWS + 1
"""The header row of the table of Verlauf, below the charts."""
_CAUSE_WIDTH = 40.0
_TYPE_WIDTH = 24.0
_CAUSE_COLUMNS = 7
"""Columns of the page of Ursachen: the names and six narrower ones, two of them below a chart."""


def add_course(
    workbook: Workbook, styles: Styles, result: SimulationResult, table: Table, footer: str
) -> Placed:
    """Verlauf: the phases as charts, then P10, P50 and P90 by school type and month."""
    sheet = workbook.create_sheet("Verlauf")
    open_sheet(
        sheet,
        styles,
        "Verlauf nach Schulart, Monat und Phase",
        "Tabelle: VKA ist Phase 1 und 2 zusammen, so viele Plätze werden gebraucht. P50 ist die "
        "Mitte; in 8 von 10 Zukünften liegt die Zahl zwischen P10 und P90.",
    )
    styles.put(sheet, HEAD_ROW, 1, "Schüler nach Phasen (Mittelwerte)", Look.SECTION)
    sheet.row_dimensions[HEAD_ROW].height = 18
    placed = place_table(sheet, styles, table, row=COURSE_HEAD_ROW)
    columns = len(table.columns)
    names = type_names(result.forecast)
    width = _width(sheet, 1, columns) / len(names)
    # A chart begins at the column that is nearest to its place.
    anchors = [_column_at(sheet, n * width, columns) for n in range(len(names))]
    data = columns + 3
    styles.put(sheet, 1, data, "Zahlen zu den Diagrammen", Look.SECTION)
    for name, anchor, following in zip(names, anchors, [*anchors[1:], columns + 1], strict=True):
        pupils = expected(result.forecast, name).T.tolist()
        chart = phase_chart(sheet, styles, data, result.months, pupils, name, size=700)
        data += PHASE_COLUMNS + 1
        place = HEAD_ROW + 1, anchor
        told = f"{type_name(name)}: Schüler in Phase 1, 2 und 3 nach Monaten, übereinander"
        _place(sheet, chart, place, _width(sheet, anchor, following - 1), PHASE_ROWS, told)
    sheet.freeze_panes = sheet.cell(1, 3)
    sheet.print_area = f"A1:{get_column_letter(columns)}{max(placed.last_row, COURSE_HEAD_ROW)}"
    set_page(sheet, footer, repeat=COURSE_HEAD_ROW)
    return placed


def add_seats(workbook: Workbook, styles: Styles, table: Table, footer: str) -> Placed:
    """Plätze: need against seats; red where seats are missing."""
    placed = add_list(
        workbook,
        styles,
        table,
        name="Plätze",
        title="Benötigte und vorhandene Plätze",
        note="Plätze der heutigen Klassen und Schüler in Phase 1 und 2. Mit Minus: So viele Plätze "
        "fehlen. Rot, fett und umrandet: schon bei der Mitte (P50). Gelb und unterstrichen: bei "
        "P90, in mehr als 1 von 10 Zukünften.",
        footer=footer,
        frozen_columns=2,
    )
    sheet = workbook["Plätze"]
    mark(sheet, placed, "frei bei P50", "{cell}<0", ALARM)
    mark(sheet, placed, "frei bei P90", "{cell}<0", CAUTION)
    return placed


def add_causes(workbook: Workbook, styles: Styles, result: SimulationResult, footer: str) -> Placed:
    """Ursachen: a row a cause, a column a school type, and the waterfalls as charts."""
    sheet = workbook.create_sheet("Ursachen")
    first, last = result.falls[0].months[0], result.falls[0].months[-1]
    change = german.MONTH_NAMES[result.scenario.schuljahr.wechsel_monat - 1]
    open_sheet(
        sheet,
        styles,
        f"Was die Zahl der VKA-Schüler ändert: {german.month(first)} bis {german.month(last)}",
        "Erwartete Schüler. Heutige: am Stichtag in der VKA; neue: später angemeldet. Wechsel der "
        f"Schulart und Schulende: im {change}; zusammen heben sich die Wechsel auf.",
    )
    for number in range(1, _CAUSE_COLUMNS + 1):
        width = _CAUSE_WIDTH if number == 1 else _TYPE_WIDTH
        sheet.column_dimensions[get_column_letter(number)].width = width
    wide = wide_causes(result.falls)
    placed = place_table(sheet, styles, wide, set_widths=False)
    bold = f'LEFT($A{placed.first_row},7)="Bestand"'
    mark(sheet, placed, "Ursache", bold, STRONG, last=wide.columns[-1].name)
    row = placed.last_row + 2
    data = _CAUSE_COLUMNS + 3
    styles.put(sheet, 1, data, "Zahlen zu den Diagrammen", Look.SECTION)
    used = used_causes(result.falls)
    sides = ((1, 3), (4, _CAUSE_COLUMNS))
    for position, fall in enumerate(result.falls):
        line, side = divmod(position, len(sides))
        name = fall.school_type
        lines = steps(fall, used, SHORT_NAMES)
        for n, month in ((0, first), (-1, last)):
            lines[n] = (german.short_month(month), *lines[n][1:])
        chart = waterfall_chart(sheet, styles, data, lines, name, type_name(name))
        data += WATERFALL_COLUMNS + 1
        left, right = sides[side]
        place = (row + line * (FALL_ROWS + 1), left)
        told = f"{type_name(name)}: was die Zahl der VKA-Schüler vom Anfang zum Ende ändert"
        _place(sheet, chart, place, _width(sheet, left, right), FALL_ROWS, told)
    last_row = row + -(-len(result.falls) // len(sides)) * (FALL_ROWS + 1)
    sheet.print_area = f"A1:{get_column_letter(_CAUSE_COLUMNS)}{last_row}"
    set_page(sheet, footer, one_page=True)
    return placed


def add_cause_months(workbook: Workbook, styles: Styles, table: Table, footer: str) -> Placed:
    """Ursachen je Monat: pupils before, each cause, pupils after."""
    return add_list(
        workbook,
        styles,
        table,
        name="Ursachen je Monat",
        title="Was die Zahl der VKA-Schüler ändert, Monat für Monat",
        note="Erwartete Schüler. In jeder Zeile: Bestand davor + alle Ursachen = Bestand danach.",
        footer=footer,
        frozen_columns=2,
    )


def _place(
    sheet: Worksheet, chart: BarChart, place: tuple[int, int], width: float, rows: int, told: str
) -> None:
    """Put a chart with a text on the sheet, ``width`` in centimetres."""
    row, _ = place
    for line in range(row, row + rows):
        sheet.row_dimensions[line].height = CHART_ROW_HEIGHT
    size = width - 0.15, rows * CHART_ROW_HEIGHT / 72 * 2.54 - 0.15
    add_chart(sheet, chart, place, size, told)


def _width(sheet: Worksheet, first: int, last: int) -> float:
    """Centimetres of some columns."""
    letters = (get_column_letter(number) for number in range(first, last + 1))
    return sum(column_cm(sheet.column_dimensions[letter].width) for letter in letters)


def _column_at(sheet: Worksheet, position: float, columns: int) -> int:
    """The column whose left edge is nearest to a position in centimetres."""
    return min(
        range(1, columns + 1), key=lambda number: abs(_width(sheet, 1, number - 1) - position)
    )
