"""``ruecktest.xlsx``: who wins on one page, then every measure and every comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from daz_planner import __version__, german
from daz_planner.results.backtest_tables import backtest_tables
from daz_planner.results.backtest_texts import (
    METHOD_TEXTS,
    assumptions,
    detail_verdict,
    hints,
    series_name,
    verdicts,
)
from daz_planner.results.sheets.backtest_charts import METHOD_COLUMNS, course_chart, method_chart
from daz_planner.results.sheets.charts import column_cm
from daz_planner.results.sheets.frame import (
    LINE_HEIGHT,
    open_sheet,
    place_table,
    set_page,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.lists import add_list, mark
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import ALARM, CAUTION, Look, Styles
from daz_planner.simulation.backtest.measures import Method
from daz_planner.simulation.backtest.observed import VKA

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.chart import AreaChart, BarChart
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.results.schema import Table
    from daz_planner.simulation.backtest.run import Backtest

COLUMNS = 11
WIDTH = 20.0
CHART_ROWS = 16
CHART_ROW_HEIGHT = 15.0
DATA_COLUMN = COLUMNS + 3
"""First column of the numbers behind the charts, right of the printed page."""
_MEASURES = (
    "Abweichung: + zu hoch, - zu niedrig. Abstand: wie weit daneben, ohne Vorzeichen. Bandnote: "
    "Breite des Bands plus das Zehnfache dessen, um das die Zahl außerhalb lag; klein ist gut. "
    "Gewinn: um so viel kleiner ist der Abstand als bei „letzter Wert“; unter 0 (rot) verliert das "
    "Verfahren."
)


def build_backtest_workbook(result: Backtest, tables: dict[str, Table] | None = None) -> Workbook:
    """The workbook of a back-test; ``tables`` are made where they are not given."""
    tables = backtest_tables(result) if tables is None else tables
    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    styles = Styles(workbook)
    footer = f"{result.district.name} · Rücktest · Szenario {result.scenario.name}"
    _overview(workbook, styles, result, tables["ruecktest_masse"], footer)
    placed = add_list(
        workbook,
        styles,
        tables["ruecktest_masse"],
        name="Maße",
        title="Alle Maße nach Reihe, Zeitraum und Verfahren",
        note="Rot und umrandet: Das Verfahren verliert gegen „letzter Wert“. Was die Maße "
        "bedeuten, steht auf dem Blatt Übersicht.",
        footer=footer,
        frozen_columns=3,
    )
    mark(workbook["Maße"], placed, "Gewinn %", "AND(ISNUMBER({cell}),{cell}<0)", ALARM)
    placed = add_list(
        workbook,
        styles,
        tables["ruecktest"],
        name="Vergleiche",
        title="Jeder Vergleich: früherer Stichtag, Zeitraum und Verfahren",
        note="Prognose mit dem, was am Stichtag bekannt war. Gelb und unterstrichen: außerhalb "
        "des Bands von P10 bis P90.",
        footer=footer,
    )
    mark(workbook["Vergleiche"], placed, "im Band", '{cell}="nein"', CAUTION)
    properties = workbook.properties
    properties.title = f"Rücktest {result.district.name}, Szenario {result.scenario.name}"
    properties.creator = f"daz-planner {__version__}"
    properties.language = "de-DE"
    return workbook


def write_backtest_workbook(
    result: Backtest, path: Path, tables: dict[str, Table] | None = None
) -> None:
    """Write ``ruecktest.xlsx``. Raises ``OSError`` where the file cannot be written."""
    build_backtest_workbook(result, tables).save(path)


def _overview(
    workbook: Workbook, styles: Styles, result: Backtest, measures: Table, footer: str
) -> None:
    sheet = workbook.create_sheet("Übersicht")
    days = [start.day for start in result.starts]
    open_sheet(
        sheet,
        styles,
        f"Rücktest der Prognose – {result.district.name}",
        f"{german.plural(len(days), 'früherer Stichtag', 'frühere Stichtage')} vom "
        f"{german.day(days[0])} bis {german.day(days[-1])} · Szenario „{result.scenario.name}“ · "
        f"{german.plural(result.runs, 'Zukunft', 'Zukünfte')} je Stichtag",
    )
    for number in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.column_dimensions["A"].width = 20
    verdict = [*verdicts(result), *filter(None, [detail_verdict(result)])]
    row = _sentences(sheet, styles, 4, "Ergebnis", verdict)
    styles.put(sheet, row, 1, "Alle VKA-Schüler: Verfahren im Vergleich", Look.SECTION)
    table = _of_all_pupils(measures)
    placed = place_table(
        sheet, styles, table, row=row + 1, excel_name="tab_uebersicht", set_widths=False
    )
    mark(sheet, placed, "Gewinn %", "AND(ISNUMBER({cell}),{cell}<0)", ALARM)
    styles.put(sheet, placed.last_row + 1, 1, _MEASURES, Look.PLAIN)
    _merge(sheet, placed.last_row + 1, _MEASURES)
    row = _charts(sheet, styles, placed.last_row + 3, result)
    methods = [f"{method.value}: {METHOD_TEXTS[method]}" for method in Method]
    row = _sentences(
        sheet, styles, row + 1, "Was verglichen wird", [*assumptions(result), *methods]
    )
    row = _sentences(sheet, styles, row, "Hinweise", hints(result) or ["Keine."])
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{row}"
    set_page(sheet, footer, one_page=True)


def _of_all_pupils(measures: Table) -> Table:
    """The rows of all VKA pupils, without the column that names the series; methods first."""
    frame = measures.frame
    own = frame[frame["Reihe"] == series_name(VKA)].drop(columns="Reihe")
    columns = [column for column in measures.columns if column.name != "Reihe"]
    first, second = columns[0], columns[1]
    order = (second, first, *columns[2:])
    return replace(
        measures, columns=order, frame=own[[column.name for column in order]].reset_index(drop=True)
    )


_TOLD = {
    1: "Mittlerer Abstand der Vorhersage und der einfachen Verfahren vom Eingetretenen",
    6: "Verlauf: vorhergesagte Schüler mit Spanne und was eingetreten ist",
}
"""Texts of the charts by the column at which they begin."""


def _charts(sheet: Worksheet, styles: Styles, row: int, result: Backtest) -> int:
    for line in range(row, row + CHART_ROWS):
        sheet.row_dimensions[line].height = CHART_ROW_HEIGHT
    styles.put(sheet, 1, DATA_COLUMN, "Zahlen zu den Diagrammen", Look.SECTION)
    charts: list[AreaChart | BarChart] = [method_chart(sheet, styles, DATA_COLUMN, result)]
    ours = [c for c in result.cases if c.method is Method.FORECAST and c.series == VKA]
    # The longest horizon with a line to draw.
    for horizon in sorted({case.horizon for case in ours}, reverse=True):
        chosen = [case for case in ours if case.horizon == horizon]
        if len(chosen) > 1:
            data = DATA_COLUMN + METHOD_COLUMNS + 1
            charts.append(course_chart(sheet, styles, data, chosen, horizon))
            break
    for chart, column in zip(charts, (1, 6), strict=False):
        size = 4.95 * column_cm(WIDTH), CHART_ROWS * CHART_ROW_HEIGHT / 72 * 2.54 - 0.2
        add_chart(sheet, chart, (row, column), size, _TOLD[column])
    return row + CHART_ROWS


def _sentences(
    sheet: Worksheet, styles: Styles, row: int, title: str, sentences: Sequence[str]
) -> int:
    styles.put(sheet, row, 1, title, Look.SECTION)
    sheet.row_dimensions[row].height = 18
    for sentence in sentences:
        row += 1
        text = f"• {sentence}"
        styles.put(sheet, row, 1, text, Look.PLAIN)
        _merge(sheet, row, text)
    return row + 2


def _merge(sheet: Worksheet, row: int, text: str) -> None:
    """Let a text run over the width of the page, in a row that is high enough."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=COLUMNS)
    sheet.row_dimensions[row].height = line_count(text, WIDTH * COLUMNS) * LINE_HEIGHT + 2
