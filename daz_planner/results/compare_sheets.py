"""The sheets of ``vergleich.xlsx`` that are more than a list: overview, classes, effects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.district.text import quoted
from daz_planner.results.compare_figures import plan_of
from daz_planner.results.compare_notes import notes
from daz_planner.results.compare_tables import (
    ALL_TOGETHER,
    INTERACTION,
    PLANNED,
)
from daz_planner.results.compare_texts import answers, needed_answer, period, title
from daz_planner.results.schema import Kind
from daz_planner.results.sheets.charts import add_series, column_cm, dress, filled, write_data
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    LINE_HEIGHT,
    Placed,
    open_sheet,
    place_table,
    print_parts,
    set_page,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.overview import input_warnings
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import (
    ALARM,
    CAUTION,
    GOOD,
    STRONG,
    Align,
    Look,
    Styles,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.planning.compare import Comparison
    from daz_planner.planning.compare_effects import Tornado
    from daz_planner.results.schema import Table

MOST_LINES = 8
"""Scenarios in a chart; the others stand in the table."""
MOST_CHARTS = 6
"""Scenarios with a chart of their own effects."""
_FIRST_WIDTH = 22.0
_WIDTH = 11.6
_CHART_ROWS = 15
_CHART_ROW_HEIGHT = 15.0
_COLOURS = ("1F3864", "C55A11", "2E7D6B", "7A4FA3", "B8860B", "5A6B7B", "A3324A", "3C8DBC")
_DASHES: tuple[Any, ...] = (
    "solid",
    "dash",
    "sysDot",
    "dashDot",
    "lgDash",
    "sysDash",
    "lgDashDot",
    "sysDashDot",
)
_GROW, _SHRINK = "C55A11", "1F3864"
_NOTE = (
    "Bedarf: Schüler der Phasen 1 und 2, im Mittel; P10 und P90 im Monat des höchsten Bedarfs. "
    "Wege: Minuten, einfacher Weg. Plätze reichen: Anteil der Zukünfte, in denen die Plätze jeder "
    "Schulart in jedem Monat reichen."
)


def add_comparison_overview(
    workbook: Workbook,
    styles: Styles,
    comparison: Comparison,
    tables: dict[str, Table],
    footer: str,
) -> None:
    """Übersicht: answers, figures, differences, charts, notes."""
    sheet = workbook.create_sheet("Übersicht")
    district = comparison.district
    open_sheet(
        sheet,
        styles,
        f"{title(comparison)} – {district.name}",
        f"Stichtag {german.day(district.reference_date)} · {period(comparison)} · verglichen mit "
        f"{quoted(comparison.runs[comparison.base].name)}",
    )
    figures, changes = tables["szenarien"], tables["szenarien_unterschied"]
    columns = len(figures.columns)
    sheet.column_dimensions["A"].width = _FIRST_WIDTH
    for number in range(2, columns):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    sheet.column_dimensions[get_column_letter(columns)].width = 18
    row = 4
    for question, answer in answers(comparison):
        row = _answer(sheet, styles, row, columns, question, answer)
    row = _section(sheet, styles, row + 1, "Die Szenarien in Zahlen")
    placed = place_table(sheet, styles, figures, row=row, set_widths=False)
    _mark_figures(sheet, placed)
    base = comparison.runs[comparison.base].name
    row = _section(sheet, styles, placed.last_row + 2, f"Unterschied zu {quoted(base)}")
    change = place_table(sheet, styles, changes, row=row, set_widths=False)
    _signs(sheet, styles, changes, change, 1)
    row = _section(sheet, styles, change.last_row + 2, "Bedarf und neue Klassen")
    row = _charts(sheet, styles, row, comparison, columns)
    row = _section(sheet, styles, row + 1, "Hinweise")
    for text in [*notes(comparison), *input_warnings(plan_of(comparison.runs[comparison.base]))]:
        styles.put(sheet, row, 1, f"• {text}", Look.PLAIN)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
        width = _FIRST_WIDTH + (columns - 2) * _WIDTH + 18
        sheet.row_dimensions[row].height = line_count(text, width) * LINE_HEIGHT + 2
        row += 1
    styles.put(sheet, row, 1, _NOTE, Look.NOTE)
    sheet.print_area = f"A1:{get_column_letter(columns)}{row}"
    set_page(sheet, footer, one_page=len(comparison.runs) <= 12)


def _answer(
    sheet: Worksheet, styles: Styles, row: int, columns: int, question: str, answer: str
) -> int:
    for number in range(1, columns + 1):
        styles.put(sheet, row, number, None, Look.WRAP)
    styles.put(sheet, row, 1, question, Look.KEY)
    styles.put(sheet, row, 4, answer, Look.WRAP)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    sheet.merge_cells(start_row=row, end_row=row, start_column=4, end_column=columns)
    lines = max(
        line_count(answer, (columns - 4) * _WIDTH + 18),
        line_count(question, (_FIRST_WIDTH + 2 * _WIDTH) * 0.9),
    )
    sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 5
    return row + 1


def _section(sheet: Worksheet, styles: Styles, row: int, text: str) -> int:
    styles.put(sheet, row, 1, text, Look.SECTION)
    sheet.row_dimensions[row].height = 18
    return row + 1


def _mark_figures(sheet: Worksheet, placed: Placed) -> None:
    for name in ("Wartende höchstens", "Wartemonate"):
        mark(sheet, placed, name, "AND(ISNUMBER({cell}),{cell}>=0.5)", ALARM)
    mark(sheet, placed, "neue Klassen", "AND(ISNUMBER({cell}),{cell}>0)", STRONG)
    mark(sheet, placed, "Plätze reichen %", "AND(ISNUMBER({cell}),{cell}<0.9)", CAUTION)
    mark(sheet, placed, "Stand", f'{{cell}}<>"{PLANNED}"', ALARM)


def _signs(sheet: Worksheet, styles: Styles, table: Table, placed: Placed, start: int) -> None:
    """Differences with their sign, in the columns from a position on."""
    if placed.is_empty:
        return
    for column in table.columns[start:]:
        shown = column.digits if column.shown is None else column.shown
        digits = f".{'0' * shown}" if shown else ""
        unit = "\\ %" if column.kind is Kind.SHARE else ""
        pattern = f'+#,##0{digits}{unit};"−"#,##0{digits}{unit};0'
        number = placed.columns[column.name]
        for row, value in enumerate(table.values(column.name), start=placed.first_row):
            styles.put(sheet, row, number, value, Look.BODY, pattern, Align.RIGHT)


def _charts(
    sheet: Worksheet, styles: Styles, row: int, comparison: Comparison, columns: int
) -> int:
    for line in range(row, row + _CHART_ROWS):
        sheet.row_dimensions[line].height = _CHART_ROW_HEIGHT
    first = columns + 3
    styles.put(sheet, 1, first, "Zahlen zu den Diagrammen", Look.SECTION)
    whole = column_cm(_FIRST_WIDTH) + (columns - 2) * column_cm(_WIDTH) + column_cm(18)
    need = _need_chart(sheet, styles, first, comparison)
    width, height = whole * 0.62, _CHART_ROWS * _CHART_ROW_HEIGHT / 72 * 2.54 - 0.15
    told = "Bedarf im Mittel nach Monaten, eine Linie je Szenario, und die Plätze von heute"
    add_chart(sheet, need, (row, 1), (width, height), told)
    count = min(len(comparison.planned), MOST_LINES)
    classes = _classes_chart(sheet, styles, first + count + 3, comparison)
    passed, number = column_cm(_FIRST_WIDTH), 1
    while passed < width:
        passed += column_cm(_WIDTH)
        number += 1
    told = "Neue Klassen nach Schularten, ein Balken je Szenario"
    add_chart(sheet, classes, (row, number + 1), (whole * 0.37, height), told)
    return row + _CHART_ROWS


def _need_chart(sheet: Worksheet, styles: Styles, column: int, comparison: Comparison) -> LineChart:
    """Expected need of each scenario as a line, today's seats as a thick grey one."""
    runs = comparison.planned[:MOST_LINES]
    plans = [plan_of(run) for run in runs]
    seats = float(plans[0].seats[:, 0].sum())
    rows = [
        [
            german.short_month(month),
            seats,
            *(float(plan.forecast.vka_expected[:, t].sum()) for plan in plans),
        ]
        for t, month in enumerate(comparison.months)
    ]
    heads = ("Monat", "Plätze heute", *(run.name for run in runs))
    write_data(sheet, styles, column, "Bedarf im Mittel", heads, rows)
    chart = LineChart()
    add_series(chart, sheet, column, (column + 1, column + 1 + len(runs)), len(rows))
    looks = [("808080", "solid", 31750), *zip(_COLOURS, _DASHES, [22225] * MOST_LINES, strict=True)]
    for series, (colour, dash, width) in zip(chart.series, looks, strict=False):
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=width, prstDash=dash)
        )
        series.marker = Marker(symbol="none")
        series.smooth = False
    dress(chart, "Bedarf im Mittel gegen die Plätze von heute", months=len(rows))
    return chart


def _classes_chart(
    sheet: Worksheet, styles: Styles, column: int, comparison: Comparison
) -> BarChart:
    """New classes of each scenario, school types on top of each other."""
    runs = comparison.planned[:MOST_LINES]
    schools = comparison.district.schools
    kinds = list(comparison.district.school_types)
    rows: list[list[Any]] = []
    for run in runs:
        counts = dict.fromkeys(kinds, 0)
        for item in plan_of(run).openings:
            if item.month < len(comparison.months):
                counts[schools[item.school].school_type] += item.classes
        rows.append([run.name, *(counts[kind] for kind in kinds)])
    formats = ["#,##0"] * len(kinds)
    write_data(sheet, styles, column, "Neue Klassen", ("Szenario", *kinds), rows, formats)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 60
    add_series(chart, sheet, column, (column + 1, column + len(kinds)), len(rows))
    for series, colour in zip(chart.series, ("1F3864", "F0A868", "8FA3C4", "7F7F7F"), strict=False):
        series.graphicalProperties = filled(colour)
    dress(chart, "Neue Klassen nach Schularten", months=0)
    most = max((sum(row[1:]) for row in rows), default=0)
    chart.y_axis.majorUnit = max(1, -(-most // 6))
    chart.y_axis.scaling.max = max(1, most)
    return chart


def add_needed_classes(
    workbook: Workbook,
    styles: Styles,
    comparison: Comparison,
    tables: dict[str, Table],
    footer: str,
) -> None:
    """Klassen: school × scenario, and below it the same by school type."""
    sheet = workbook.create_sheet("Klassen")
    open_sheet(
        sheet,
        styles,
        "Welche Klassen in welchen Szenarien öffnen",
        "In allen: so viele Klassen öffnen in jedem Szenario; frühestens: die erste davon; "
        "spätestens: ab dann laufen sie alle, in jedem Szenario.",
    )
    matrix = tables["klassen_vergleich"]
    placed = place_table(sheet, styles, matrix)
    _mark_needed(sheet, placed, comparison)
    if placed.is_empty:
        set_page(sheet, footer)
        return
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 2)
    width = sum(
        sheet.column_dimensions[get_column_letter(n)].width
        for n in range(1, len(matrix.columns) + 1)
    )
    row = placed.last_row + 2
    text = needed_answer(comparison)
    styles.put(sheet, row, 1, text, Look.PLAIN)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(matrix.columns))
    sheet.row_dimensions[row].height = line_count(text, width) * LINE_HEIGHT + 4
    row = _section(sheet, styles, row + 2, "Nach Schularten: Auch eine andere Schule kann öffnen")
    # The columns of both tables stand below each other.
    types = place_table(sheet, styles, tables["klassen_schularten"], row=row, set_widths=False)
    _mark_needed(sheet, types, comparison)
    set_page(sheet, footer, repeat=HEAD_ROW)


def _mark_needed(sheet: Worksheet, placed: Placed, comparison: Comparison) -> None:
    # Green says that a class is needed, which a plan that ended early does not tell.
    if not comparison.cut_off:
        mark(sheet, placed, "in allen", "AND(ISNUMBER({cell}),{cell}>0)", GOOD)
    for run in comparison.planned:
        condition = "AND(ISNUMBER({cell}),{cell}>0)"
        mark(sheet, placed, f"{run.name}: Klassen", condition, STRONG)


def add_effects(
    workbook: Workbook, styles: Styles, comparison: Comparison, table: Table, footer: str
) -> None:
    """Wirkung: each differing assumption alone, as a table and as bars."""
    sheet = workbook.create_sheet("Wirkung")
    base = comparison.runs[comparison.base].name
    open_sheet(
        sheet,
        styles,
        f"Was jede Annahme allein an {quoted(base)} ändert",
        "Je Zeile eine Annahme des anderen Szenarios allein. Zusammenwirken: was alle anders "
        "bewirken als ihre Summe. Leer: nicht gerechnet.",
    )
    placed = place_table(sheet, styles, table)
    if placed.is_empty:
        set_page(sheet, footer)
        return
    _signs(sheet, styles, table, placed, 4)
    mark(sheet, placed, "Annahme", f'{{cell}}="{ALL_TOGETHER}"', STRONG)
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    row, first = placed.last_row + 3, len(table.columns) + 3
    styles.put(sheet, 1, first, "Zahlen zu den Diagrammen", Look.SECTION)
    several = [item for item in comparison.tornados if len(item.pieces) > 1]
    single = [item for item in comparison.tornados if len(item.pieces) == 1]
    charts = [
        (f"Bedarf am Ende: {comparison.runs[item.run].name} gegen {base}", _bars(item))
        for item in several[:MOST_CHARTS]
    ]
    if single:
        charts.append(
            (
                f"Bedarf am Ende gegen {base}: nur eine Annahme anders",
                [
                    (
                        f"{comparison.runs[item.run].name}: {item.pieces[0][0].name}",
                        item.together.end or 0.0,
                    )
                    for item in single
                ],
            )
        )
    starts = [1]
    for number, (name, bars) in enumerate(charts):
        if number % 2 == 0:
            starts.append(row)
        row = _tornado(sheet, styles, row, first, name, bars)
        first += 4
    print_parts(sheet, starts, len(table.columns), row)
    set_page(sheet, footer)


def _bars(tornado: Tornado) -> list[tuple[str, float]]:
    """The pieces by their effect on the need at the end, the interaction last."""
    bars = [
        (switch.name, effect.end) for switch, effect in tornado.pieces if effect.end is not None
    ]
    bars.sort(key=lambda item: -abs(item[1]))
    rest = tornado.interaction.end
    return [*bars, *([(INTERACTION, rest)] if rest else [])]


def _tornado(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    column: int,
    name: str,
    bars: Sequence[tuple[str, float]],
) -> int:
    """Bars to both sides, the strongest on top; the row after the chart."""
    # The lowest bar is the first one of the numbers.
    rows = [[label, max(value, 0.0), min(value, 0.0)] for label, value in reversed(bars)]
    write_data(sheet, styles, column, name, ("Annahme", "mehr Plätze", "weniger Plätze"), rows)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 45
    add_series(chart, sheet, column, (column + 1, column + 2), len(rows))
    for series, colour in zip(chart.series, (_GROW, _SHRINK), strict=True):
        series.graphicalProperties = filled(colour)
    dress(chart, name, months=0)
    chart.y_axis.scaling.min = None
    chart.x_axis.tickLblPos = "low"
    layout = chart.layout.manualLayout if chart.layout is not None else None
    if layout is not None:
        # Left of the bars stand the names of the assumptions, below them numbers only.
        layout.x, layout.w, layout.h = 0.26, 0.7, 0.62
    lines = max(9, 2 * len(rows) + 5)
    for line in range(row, row + lines):
        sheet.row_dimensions[line].height = _CHART_ROW_HEIGHT
    size = 24.0, lines * _CHART_ROW_HEIGHT / 72 * 2.54 - 0.2
    add_chart(sheet, chart, (row, 1), size, f"{name}: Wirkung der Annahmen, die sich unterscheiden")
    return row + lines + 1
