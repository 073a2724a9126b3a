"""Charts of a back-test: how far off each method was, and the forecast beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart import AreaChart, BarChart, LineChart
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties

from daz_planner import german
from daz_planner.results.backtest_texts import months_text
from daz_planner.results.sheets.charts import (
    BAND,
    NEED,
    SEATS,
    add_series,
    dress,
    filled,
    write_data,
)
from daz_planner.simulation.backtest.measures import Case, Method
from daz_planner.simulation.backtest.observed import VKA

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.results.sheets.style import Styles
    from daz_planner.simulation.backtest.run import Backtest

METHOD_COLUMNS = len(Method) + 1
"""Columns of the numbers behind the chart of the methods."""
_COLOURS = ("C55A11", "1F3864", "6D8FC7", "D5DDEC")


def method_chart(sheet: Worksheet, styles: Styles, column: int, result: Backtest) -> BarChart:
    """Mean distance of each method by horizon, all VKA pupils; ours is the dark orange one."""
    found = {(s.horizon, s.method): s.absolute for s in result.scores if s.series == VKA}
    horizons = sorted({horizon for horizon, _ in found})
    write_data(
        sheet,
        styles,
        column,
        "Abstand im Mittel",
        ("voraus", *(method.value for method in Method)),
        [[months_text(h), *(found.get((h, method)) for method in Method)] for h in horizons],
    )
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "col", "clustered", 60
    add_series(chart, sheet, column, (column + 1, column + len(Method)), len(horizons))
    for series, colour in zip(chart.series, _COLOURS, strict=True):
        series.graphicalProperties = filled(colour)
    dress(chart, "So weit lagen die Verfahren im Mittel daneben (Schüler)", months=0)
    return chart


def course_chart(
    sheet: Worksheet, styles: Styles, column: int, cases: list[Case], horizon: int
) -> AreaChart:
    """The band and the middle of the forecast, and what came as a thick line, by the day of it."""
    rows: list[list[str | float | None]] = [
        [
            german.day(case.day),
            case.band[0],
            case.band[1] - case.band[0],
            case.observed,
            case.forecast,
        ]
        for case in cases
        if case.band is not None
    ]
    write_data(
        sheet,
        styles,
        column,
        f"Prognose über {months_text(horizon)}",
        ("Tag", "niedrig (P10)", "P10 bis P90", "eingetroffen", "Prognose"),
        rows,
    )
    band = AreaChart(grouping="stacked")
    add_series(band, sheet, column, (column + 1, column + 2), len(rows))
    floor, spread = band.series
    floor.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    spread.graphicalProperties = filled(BAND)
    lines = LineChart()
    add_series(lines, sheet, column, (column + 3, column + 4), len(rows))
    for series, colour, width in zip(lines.series, (SEATS, NEED), (28575, 22225), strict=True):
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=width, prstDash="solid")
        )
        series.marker = Marker(symbol="none")
        series.smooth = False
    title = f"VKA-Schüler: {months_text(horizon)} vorher erwartet und eingetroffen"
    dress(band, title, months=len(rows))
    lines.x_axis, lines.y_axis = band.x_axis, band.y_axis
    band += lines
    assert band.legend is not None
    band.legend.legendEntry = [LegendEntry(idx=0, delete=True)]
    return band
