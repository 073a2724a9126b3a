"""Native charts of the workbooks: need against seats, phases by month, causes as a waterfall.

Each chart stands on numbers that :func:`write_data` puts on the sheet, right of what is printed.
Colours also work in greyscale: what matters is dark or thick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl.chart import AreaChart, BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines, DateAxis, TextAxis
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RichTextProperties,
)
from openpyxl.utils import get_column_letter

from daz_planner.results.sheets.style import GREY, Look, Styles

if TYPE_CHECKING:
    from datetime import date

    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.results.need import NeedCourse
    from daz_planner.results.schema import Table
    from daz_planner.simulation.forecast import FloatArray

SEATS, NEED, BAND = "1F3864", "C55A11", "F4D2BC"
PHASES = ("1F3864", "6D8FC7", "D5DDEC")
STOCK, MORE, LESS = "1F3864", "F0A868", "B4C7E7"
GRID = "E0E0E0"
NEED_COLUMNS = 5
"""Columns of the numbers behind a chart of need and seats."""
PHASE_COLUMNS = 4
"""Columns of the numbers behind a chart of phases."""
WATERFALL_COLUMNS = 5
"""Columns of the numbers behind a waterfall."""
TEXT = 800
"""Usual size of the letters in a chart, in hundredths of a point."""
_MONTHS = "[$-407]mmm\\ yy"
"""Months of an axis, in German whatever the language of the program that shows them."""
_HEAD_ROW = 3
_FIRST_ROW = 4


def column_cm(width: float) -> float:
    """Centimetres of a column of a width in characters."""
    return (width * 7 + 5) / 96 * 2.54


def write_data(
    sheet: Worksheet,
    styles: Styles,
    column: int,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    formats: Sequence[str] = (),
) -> None:
    """The numbers behind a chart: a note in row 2, heads in row 3, then names or months.

    ``formats`` are the number formats of the columns after the first.
    """
    styles.put(sheet, 2, column, title, Look.NOTE)
    for number, head in enumerate(heads, start=column):
        styles.put(sheet, _HEAD_ROW, number, head, Look.BODY)
        sheet.column_dimensions[get_column_letter(number)].width = 16
    for row, (name, *values) in enumerate(rows, start=_FIRST_ROW):
        styles.put(sheet, row, column, name, Look.BODY, _name_format(name))
        for n, value in enumerate(values):
            shown = None if value is None else float(value)
            number_format = formats[n] if formats else "#,##0.0"
            styles.put(sheet, row, column + 1 + n, shown, Look.BODY, number_format)


def _name_format(name: object) -> str:
    return "General" if isinstance(name, str) else _MONTHS


@dataclass(frozen=True)
class Course:
    """What :func:`need_chart` draws of a school type, each ``[t]``; ``None`` is left out."""

    school_type: str
    months: Sequence[date]
    expected: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    seats: Sequence[float | None]


def course_of(needs: Table, kind: str) -> Course:
    """The course of a school type out of the table of need and seats."""
    here = [n for n, found in enumerate(needs.values("Schulart")) if found == kind]

    def part(name: str) -> list[Any]:
        values = needs.values(name)
        return [values[n] for n in here]

    months, expected, seats = part("Monat"), part("Erwartung"), part("Plätze")
    return Course(kind, months, expected, part("P10"), part("P90"), seats)


def _spread(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else high - low


def need_chart(
    sheet: Worksheet,
    styles: Styles,
    column: int,
    course: NeedCourse | Course,
    middle: tuple[str, FloatArray | Sequence[float | None]],
    title: str,
    *,
    size: int = TEXT,
) -> AreaChart:
    """The band of the need from P10 to P90, its middle, and the seats as a thick line.

    ``middle`` is the name and the course of the line within the band.
    """
    name, line = middle
    write_data(
        sheet,
        styles,
        column,
        f"Plätze {course.school_type}",
        ("Monat", "niedrig (P10)", "P10 bis P90", "vorhandene Plätze", name),
        [
            [month, low, _spread(low, high), seats, value]
            for month, low, high, seats, value in zip(
                course.months, course.low, course.high, course.seats, line, strict=True
            )
        ],
    )
    count = len(course.months)
    band = AreaChart(grouping="stacked")
    add_series(band, sheet, column, (column + 1, column + 2), count)
    floor, spread = band.series
    floor.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    spread.graphicalProperties = filled(BAND)
    lines = LineChart()
    add_series(lines, sheet, column, (column + 3, column + 4), count)
    for series, colour, width in zip(lines.series, (SEATS, NEED), (28575, 22225), strict=True):
        series.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=width, prstDash="solid")
        )
        series.marker = Marker(symbol="none")
        series.smooth = False
    dress(band, title, months=count, size=size)
    _by_months(band, count)
    lines.x_axis, lines.y_axis = band.x_axis, band.y_axis
    band += lines
    assert band.legend is not None
    band.legend.legendEntry = [LegendEntry(idx=0, delete=True)]
    return band


def phase_chart(
    sheet: Worksheet,
    styles: Styles,
    column: int,
    months: Sequence[date],
    pupils: Sequence[Sequence[float | None]],
    name: str,
    *,
    size: int = 1000,
) -> BarChart:
    """Expected pupils of the three phases, one on the other, month by month (``[t][p]``)."""
    write_data(
        sheet,
        styles,
        column,
        f"Phasen {name}",
        ("Monat", "Phase 1", "Phase 2", "Phase 3"),
        [[month, *now] for month, now in zip(months, pupils, strict=True)],
    )
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 25
    add_series(chart, sheet, column, (column + 1, column + 3), len(months))
    for series, colour in zip(chart.series, PHASES, strict=True):
        series.graphicalProperties = filled(colour)
    dress(chart, name, months=len(months), size=size)
    _by_months(chart, len(months))
    return chart


def use_chart(
    sheet: Worksheet,
    styles: Styles,
    column: int,
    rows: Sequence[tuple[str, float | None, float | None]],
    title: str,
) -> BarChart:
    """Bars of each school: use divided by seats on the reference date and in its highest month."""
    write_data(
        sheet,
        styles,
        column,
        "Auslastung",
        ("Schule", "am Stichtag", "im höchsten Monat"),
        rows,
        (r"0\ %",) * 2,
    )
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth, chart.overlap = "bar", "clustered", 40, 0
    add_series(chart, sheet, column, (column + 1, column + 2), len(rows))
    for series, colour in zip(chart.series, (PHASES[2], PHASES[0]), strict=True):
        series.graphicalProperties = filled(colour)
        # Light bars need an edge on white paper.
        series.graphicalProperties.ln = LineProperties(solidFill=PHASES[0], w=6350)
    dress(chart, title, months=0, size=1200)
    chart.y_axis.number_format = r"0\ %"
    # The first school on top, and the scale of percents below the last one all the same.
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.crosses = "max"
    plot = ManualLayout(
        layoutTarget="inner", xMode="edge", yMode="edge", x=0.3, y=0.08, w=0.66, h=0.76
    )
    chart.layout = Layout(plot)
    return chart


def waterfall_chart(
    sheet: Worksheet,
    styles: Styles,
    column: int,
    steps: Sequence[tuple[str, float, float]],
    name: str,
    title: str,
) -> BarChart:
    """Stock, what adds, what takes away, stock: columns that hang where the last one ended.

    ``steps`` are name, signed amount and level after it; the first and the last are stocks.
    """
    write_data(
        sheet,
        styles,
        column,
        f"Ursachen {name}",
        ("Ursache", "(Sockel)", "Bestand", "mehr", "weniger"),
        [_columns(n in (0, len(steps) - 1), *step) for n, step in enumerate(steps)],
        # The labels of the columns take the formats of these cells: the sign tells the direction.
        ("#,##0.0", "#,##0", "+#,##0", '"−"#,##0'),
    )
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 35
    add_series(chart, sheet, column, (column + 1, column + 4), len(steps))
    floor = chart.series[0]
    floor.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    for series, colour in zip(chart.series[1:], (STOCK, MORE, LESS), strict=True):
        series.graphicalProperties = filled(colour)
        series.dLbls = _labels("FFFFFF" if colour == STOCK else "000000")
    dress(chart, title, months=0)
    assert chart.legend is not None
    chart.legend.legendEntry = [LegendEntry(idx=0, delete=True)]
    return chart


def _columns(stock: bool, name: str, amount: float, level: float) -> list[str | float | None]:
    if stock:
        return [name, None, level, None, None]
    if amount >= 0:
        return [name, level - amount, None, amount or None, None]
    return [name, level, None, None, -amount]


def add_series(
    chart: Any, sheet: Worksheet, names: int, columns: tuple[int, int], count: int
) -> None:
    """Add the columns from first to last, with ``count`` rows, and their names, to a chart."""
    first, last = columns
    data = Reference(
        sheet, min_col=first, max_col=last, min_row=_HEAD_ROW, max_row=_HEAD_ROW + count
    )
    chart.add_data(data, titles_from_data=True)
    chart.set_categories(
        Reference(sheet, min_col=names, min_row=_FIRST_ROW, max_row=_HEAD_ROW + count)
    )


def dress(chart: Any, title: str, *, months: int, size: int = TEXT) -> None:
    """Title, axes, grid, legend and room; ``months`` thins out the labels, 0 shows all.

    ``size`` of the letters in hundredths of a point; the title is larger.
    """
    chart.title = title_maker(title)
    if chart.title.tx is not None and chart.title.tx.rich is not None:
        for paragraph in chart.title.tx.rich.p:
            paragraph.pPr = _text(size + 300, bold=True)
    chart.title.overlay = False
    axis = TextAxis(axId=10, crossAx=100)
    axis.tickLblSkip, axis.tickMarkSkip = max(1, months // 6), 1
    chart.x_axis = axis
    chart.y_axis.scaling.min = 0
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID))
    )
    small = _small(size)
    for each in (chart.x_axis, chart.y_axis):
        each.delete = False
        each.txPr = small
    if not months:
        axis.txPr = _small(size, RichTextProperties(rot=0, vert="horz"))
    chart.legend = Legend(legendPos="b", txPr=small)
    # The size is that of the plot itself; below it is room for the names and the legend.
    plot = ManualLayout(
        layoutTarget="inner", xMode="edge", yMode="edge", x=0.1, y=0.14, w=0.87, h=0.53
    )
    chart.layout = Layout(plot)


def axis_title(text: str, size: int = TEXT) -> Any:
    """What an axis counts, in the size of its numbers."""
    title = title_maker(text)
    if title.tx is not None and title.tx.rich is not None:
        for paragraph in title.tx.rich.p:
            paragraph.pPr = _text(size)
    title.overlay = False
    return title


def _by_months(chart: Any, count: int) -> None:
    """Let the axis name every so many months, so that the names have room.

    The steps of a text axis are known to Excel alone.
    """
    axis = DateAxis(axId=10, crossAx=100, lblOffset=100)
    axis.number_format = _MONTHS
    axis.baseTimeUnit = axis.majorTimeUnit = "months"
    axis.majorUnit = next(step for step in (1, 2, 3, 6, 12) if count <= 8 * step or step == 12)
    axis.delete, axis.txPr = False, chart.x_axis.txPr
    axis.majorTickMark = "out"
    chart.x_axis = axis
    # Names in one line leave more room than slanted ones.
    chart.layout.manualLayout.h = 0.62


def filled(colour: str) -> GraphicalProperties:
    """A surface of one colour without an edge."""
    return GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))


def _labels(colour: str) -> DataLabelList:
    labels = DataLabelList(
        showVal=True,
        showSerName=False,
        showCatName=False,
        showLegendKey=False,
        showPercent=False,
    )
    labels.txPr = RichText(
        p=[
            Paragraph(
                pPr=ParagraphProperties(
                    defRPr=CharacterProperties(sz=800, b=True, solidFill=colour)
                ),
                endParaRPr=CharacterProperties(sz=800),
            )
        ]
    )
    return labels


def _small(size: int, body: RichTextProperties | None = None) -> RichText:
    paragraph = Paragraph(pPr=_text(size), endParaRPr=CharacterProperties(sz=size))
    return RichText(bodyPr=body, p=[paragraph]) if body else RichText(p=[paragraph])


def _text(size: int, *, bold: bool = False) -> ParagraphProperties:
    return ParagraphProperties(
        defRPr=CharacterProperties(sz=size, b=bold, solidFill=GREY if not bold else "000000")
    )
