"""Sheet Abwägung: how much shorter the ways get with each further class, as pictures and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.chart import Reference, ScatterChart
from openpyxl.chart import Series as make_series
from openpyxl.chart.axis import NumericAxis
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter

from daz_planner.planning.front_points import TOGETHER, Measure
from daz_planner.results.front_tables import PLAN, front_sentences, month_sentences
from daz_planner.results.sheets.charts import GRID, axis_title, column_cm, dress
from daz_planner.results.sheets.frame import (
    LINE_HEIGHT,
    Placed,
    open_sheet,
    place_table,
    print_parts,
    set_page,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import STRONG, Look, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.planning.front_points import Curve, Front
    from daz_planner.planning.plan import Plan
    from daz_planner.results.schema import Table

_NOTE = (
    "Niemand wartet länger als mit den Klassen des Plans. Wege: je Kind und Schultag, hin und "
    "zurück, im Mittel über alle, die nach dem Stichtag einen Platz bekommen (ohne Kinder, die "
    "ihn sofort haben). Jede Kurve zeigt die kürzesten Wege mit höchstens so vielen Klassen."
)
_TITLES = {
    Measure.CLASSES: "Schulweg am Tag (Minuten) und neue Klassen",
    Measure.CLASS_MONTHS: "Schulweg am Tag (Minuten) und zusätzliche Klassenmonate",
}
_HEADS = {
    Measure.CLASSES: (
        "Nach der Zahl der neuen Klassen",
        "Wann sie öffnen, ist frei: so früh, wie es Weg spart. Fett: der Plan selbst; er öffnet so "
        "spät wie möglich und achtet zuerst auf den Richtwert. „spart je Klasse“: gegenüber der "
        "Zeile darüber, nicht gegenüber dem Plan.",
    ),
    Measure.CLASS_MONTHS: (
        "Nach zusätzlichen Klassenmonaten",
        "Wie viele Klassen sich die Monate teilen, ist frei. Fett: der Plan selbst. „spart je "
        "Klassenmonat“: gegenüber der Zeile darüber, nicht gegenüber dem Plan.",
    ),
}
_COLOURS = ("1F3864", "C55A11", "6D8FC7", "7F7F7F", "A9A9A9")
_SYMBOLS: tuple[Any, ...] = ("circle", "square", "triangle", "diamond", "circle")
_CHART_ROWS = 17
_CHART_ROW_HEIGHT = 15.0


def add_front(
    workbook: Workbook, styles: Styles, plan: Plan, tables: dict[Measure, Table], footer: str
) -> dict[Measure, Placed]:
    """The sheet; returns where the tables stand."""
    assert plan.front is not None
    sheet = workbook.create_sheet("Abwägung")
    open_sheet(sheet, styles, "Was spart eine Klasse mehr?", _NOTE)
    first = tables[Measure.CLASSES]
    widths = [column.width for column in first.columns]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    row = 4
    for sentence in front_sentences(plan.front):
        styles.put(sheet, row, 1, sentence, Look.PLAIN)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(widths))
        sheet.row_dimensions[row].height = line_count(sentence, sum(widths)) * LINE_HEIGHT + 2
        row += 1
    row = _charts(sheet, styles, row + 1, plan.front, widths)
    placed: dict[Measure, Placed] = {}
    starts = [1]
    for measure, content in tables.items():
        head, note = _HEADS[measure]
        styles.put(sheet, row, 1, head, Look.SECTION)
        sheet.row_dimensions[row].height = 18
        if measure is Measure.CLASS_MONTHS:
            note = " ".join([note, *month_sentences(plan.front)])
        styles.put(sheet, row + 1, 1, note, Look.NOTE)
        place = place_table(sheet, styles, content, row=row + 2, set_widths=False)
        mark(sheet, place, "Zeile", f'{{cell}}="{PLAN}"', STRONG)
        placed[measure] = place
        if measure is not Measure.CLASSES:
            starts.append(row)
        row = place.last_row + 3
    parts = print_parts(sheet, starts, len(widths), row - 3)
    # Both tables have the same heads: those of the one that may run over a page.
    long = placed[Measure.CLASSES if len(parts) == 1 else Measure.CLASS_MONTHS]
    set_page(sheet, footer, repeat=None if long.is_empty else long.first_row - 1)
    return placed


def _charts(sheet: Worksheet, styles: Styles, row: int, front: Front, widths: list[float]) -> int:
    """Both pictures side by side; the row after them."""
    if not front.curves:
        return row
    for line in range(row, row + _CHART_ROWS):
        sheet.row_dimensions[line].height = _CHART_ROW_HEIGHT
    column = len(widths) + 2
    styles.put(sheet, 1, column, "Zahlen zu den Diagrammen", Look.SECTION)
    whole = sum(column_cm(width) for width in widths)
    left = 1
    for measure in Measure:
        curves = [curve for curve in front.curves if curve.measure is measure]
        if len(curves) == 2:
            # One school type and the sum of it are the same.
            curves = curves[:1]
        chart, column = _chart(sheet, styles, column, front, curves, measure)
        room = whole / 2 if left == 1 else sum(column_cm(width) for width in widths[left - 1 :])
        size = room - 0.3, _CHART_ROWS * _CHART_ROW_HEIGHT / 72 * 2.54 - 0.3
        text = f"{_TITLES[measure]}: Kurve je Schulart und der Plan als Kreuz"
        add_chart(sheet, chart, (row, left), size, text)
        reached = 0.0
        while reached < whole / 2 and left <= len(widths):
            reached += column_cm(widths[left - 1])
            left += 1
    return row + _CHART_ROWS + 1


def _chart(
    sheet: Worksheet,
    styles: Styles,
    column: int,
    front: Front,
    curves: list[Curve],
    measure: Measure,
) -> tuple[ScatterChart, int]:
    """Curves as lines with a mark at each point, the plan as a cross; numbers from a column on."""
    chart = ScatterChart()
    chart.scatterStyle = "lineMarker"
    hidden = []
    for number, curve in enumerate(curves):
        colour, symbol = _COLOURS[number % 5], _SYMBOLS[number % 5]
        points = [(p.spent(measure), p.daily_minutes) for p in curve.points]
        line = _series(sheet, styles, column, curve.school_type, points)
        line.marker = Marker(symbol=symbol, size=6, spPr=GraphicalProperties(solidFill=colour))
        line.marker.spPr.ln = LineProperties(solidFill=colour)
        width = 28575 if curve.school_type == TOGETHER else 15875
        line.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=width))
        line.smooth = False
        chart.series.append(line)
        column += 3
        own = front.plan(curve.school_type)
        if own is not None:
            points = [(own.spent(measure), own.daily_minutes)]
            cross = _series(sheet, styles, column, PLAN, points)
            black = LineProperties(solidFill="000000", w=19050)
            cross.marker = Marker(symbol="x", size=9, spPr=GraphicalProperties(noFill=True))
            cross.marker.spPr.ln = black
            cross.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
            cross.smooth = False
            chart.series.append(cross)
            if number:
                hidden.append(len(chart.series) - 1)
            column += 3
    dress(chart, _TITLES[measure], months=0)
    # The numbers of the axis that a scatter chart brings along for minutes.
    chart.x_axis = NumericAxis(axId=10, crossAx=chart.y_axis.axId)
    chart.x_axis.delete = False
    chart.x_axis.axPos = "b"
    chart.x_axis.scaling.min = 0
    chart.x_axis.number_format = "#,##0"
    chart.x_axis.majorGridlines = None
    chart.x_axis.txPr = chart.y_axis.txPr
    chart.x_axis.title = axis_title(measure.value)
    chart.y_axis.title = axis_title("Minuten am Tag")
    if measure is Measure.CLASSES:
        chart.x_axis.majorUnit = 1 + _most(front, curves, measure) // 12
    chart.x_axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=GRID))
    lowest = min((p.daily_minutes or 0.0 for c in curves for p in c.points), default=0.0)
    chart.y_axis.scaling.min = max(0.0, 5.0 * (lowest * 0.9 // 5.0))
    # Without slanted names of months the plot has more room.
    chart.layout = Layout(
        ManualLayout(
            layoutTarget="inner", xMode="edge", yMode="edge", x=0.1, y=0.14, w=0.87, h=0.58
        )
    )
    assert chart.legend is not None
    chart.legend.legendEntry = [LegendEntry(idx=n, delete=True) for n in hidden]
    return chart, column


def _most(front: Front, curves: list[Curve], measure: Measure) -> int:
    plans = [front.plan(curve.school_type) for curve in curves]
    return max(
        [curve.points[-1].spent(measure) for curve in curves]
        + [point.spent(measure) for point in plans if point is not None]
    )


def _series(
    sheet: Worksheet,
    styles: Styles,
    column: int,
    name: str,
    points: list[tuple[int, float | None]],
) -> Any:
    """Two columns of numbers under the name of the series."""
    styles.put(sheet, 2, column, name, Look.NOTE)
    for number, (spent, minutes) in enumerate(points, start=3):
        styles.put(sheet, number, column, spent, Look.BODY, "#,##0")
        styles.put(sheet, number, column + 1, minutes, Look.BODY, "#,##0.00")
    last = 2 + len(points)
    return make_series(
        Reference(sheet, min_col=column + 1, min_row=3, max_row=last),
        Reference(sheet, min_col=column, min_row=3, max_row=last),
        title=name,
    )
