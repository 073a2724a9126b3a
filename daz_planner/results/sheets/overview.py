"""Sheet Übersicht: the whole plan on one page, readable without the other sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.overview_tables import TOGETHER
from daz_planner.results.sheets.charts import NEED_COLUMNS, column_cm, course_of, need_chart
from daz_planner.results.sheets.district_picture import add_legend, add_map
from daz_planner.results.sheets.frame import (
    LINE_HEIGHT,
    Placed,
    align_of,
    open_sheet,
    page_points,
    set_page,
    write_heads,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import Align, Look, Styles, scale_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.planning.plan import Plan
    from daz_planner.results.run import Run
    from daz_planner.results.schema import Table

COLUMNS = 12
WIDTH = 14.6
CHART_ROWS = 14
CHART_ROW_HEIGHT = 15.0
DATA_COLUMN = COLUMNS + 3
"""First column of the numbers behind the charts, right of the printed page."""

_WIDTHS = range(20, 31)
"""Widths of the columns of a plan: the narrowest at which all fits on the page prints largest."""
_CHART_ROWS = 12
"""Rows of the charts of a plan, whose page has more to show."""
_MAP_COLUMNS = 3
_LINE = 20.0
"""Height of a row of the table by school type in points."""
_MAP_HEIGHT = 270.0
"""Least height of the map in points."""
LINK_ROW, _FIRST_ROW = 3, 6
"""Where the list of the sheets begins (two rows of it), and the answers."""
_HINT_COLUMNS = 2
_ZOOM = 80
_CHART_TEXT = 1000
"""Size of the names in the charts, in hundredths of a point."""
_NOTE = (
    "Mittel: Erwartungswert. P10 und P90: In einer von zehn gerechneten Zukünften werden "
    "weniger bzw. mehr Plätze gebraucht, wenn jedes Kind sofort beginnt. Wege: einfacher Weg."
)


def add_overview(
    workbook: Workbook,
    styles: Styles,
    plan: Plan,
    answers: Sequence[tuple[str, str]],
    tables: dict[str, Table],
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
        big=True,
    )
    hints = [*plan.hints, *input_warnings(plan)]
    wide = _width(answers, hints, len(tables["uebersicht"].frame))
    for number in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = wide
    last = COLUMNS - _MAP_COLUMNS
    row = add_answers(sheet, styles, _FIRST_ROW, answers, last=last, width=wide, big=True)
    size = _MAP_COLUMNS * column_cm(wide) - 0.3, _stretched(sheet, _FIRST_ROW, row) - 0.2
    if add_map(sheet, plan, (_FIRST_ROW, last + 1), size):
        row = add_legend(sheet, styles, plan, row, COLUMNS)
    row, placed = _types(sheet, styles, row + 1, tables["uebersicht"], wide)
    row = _charts(sheet, styles, row + 1, tables["plaetze"], wide)
    row = add_hints(sheet, styles, row + 1, hints, _NOTE, width=wide, big=True)
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{row}"
    set_page(sheet, footer, one_page=True)
    sheet.sheet_view.zoomScale = _ZOOM
    return placed


def add_answers(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    answers: Sequence[tuple[str, str]],
    *,
    last: int = COLUMNS,
    width: float = WIDTH,
    big: bool = False,
) -> int:
    """Questions left, answers right of them, from a row on to column ``last``; the row after."""
    questions = 2 if big else 3
    key, wrap = (Look.QUESTION, Look.ANSWER) if big else (Look.KEY, Look.WRAP)
    scale = scale_of(wrap)
    for question, answer in answers:
        for number in range(1, last + 1):
            styles.put(sheet, row, number, None, wrap)
        styles.put(sheet, row, 1, question, key)
        styles.put(sheet, row, questions + 1, answer, wrap)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=questions)
        sheet.merge_cells(start_row=row, end_row=row, start_column=questions + 1, end_column=last)
        height = _answer_height(question, answer, questions, last, width, scale)
        sheet.row_dimensions[row].height = height
        row += 1
    return row


def _answer_height(
    question: str, answer: str, questions: int, last: int, width: float, scale: float
) -> float:
    lines = max(
        line_count(answer, width * (last - questions) / scale),
        line_count(question, width * questions * 0.9 / scale),
    )
    return lines * LINE_HEIGHT * scale + 5


def _width(answers: Sequence[tuple[str, str]], hints: Sequence[str], kinds: int) -> float:
    """The narrowest columns at which the whole page is no higher than A4 landscape."""
    fixed = 175.0 + _CHART_ROWS * CHART_ROW_HEIGHT + kinds * _LINE
    for width in _WIDTHS:
        last, scale = COLUMNS - _MAP_COLUMNS, scale_of(Look.ANSWER)
        texts = sum(_answer_height(q, a, 2, last, width, scale) for q, a in answers)
        share = width * COLUMNS / _HINT_COLUMNS / scale_of(Look.HINT)
        lines = sum(
            max(line_count(hint, share) for hint in pair)
            for pair in _side_by_side(hints, _HINT_COLUMNS)
        )
        lower = lines * LINE_HEIGHT * scale_of(Look.HINT) + 2.0 * len(hints)
        if fixed + max(texts, _MAP_HEIGHT) + lower <= page_points(width, COLUMNS):
            break
    return float(width)


def _stretched(sheet: Worksheet, first: int, end: int) -> float:
    """Make the rows high enough for the map beside them; their height in centimetres."""
    heights = [float(sheet.row_dimensions[row].height or 0.0) for row in range(first, end)]
    more = max(0.0, _MAP_HEIGHT - sum(heights)) / len(heights)
    for row, height in zip(range(first, end), heights, strict=True):
        sheet.row_dimensions[row].height = height + more
    return (sum(heights) + more * len(heights)) / 72 * 2.54


def _types(
    sheet: Worksheet, styles: Styles, row: int, figures: Table, wide: float
) -> tuple[int, Placed]:
    heads = [column.name for column in figures.columns]
    aligns = [align_of(column) for column in figures.columns]
    aligns = [Align.RIGHT if align is Align.CENTER else align for align in aligns]
    write_heads(sheet, styles, row, heads, [wide] * len(heads), aligns, Look.HEAD_BIG)
    kinds = figures.values("Schulart")
    for number, column in enumerate(figures.columns, start=1):
        number_format = "General" if number == 1 else column.number_format
        for line, (kind, value) in enumerate(
            zip(kinds, figures.values(column.name), strict=True), start=row + 1
        ):
            look = Look.SUM_BIG if kind == TOGETHER else Look.BIG
            shown = "–" if value is None else value
            styles.put(sheet, line, number, shown, look, number_format, aligns[number - 1])
    for line in range(row + 1, row + 1 + len(kinds)):
        sheet.row_dimensions[line].height = _LINE
    last = row + len(kinds)
    columns = {name: number for number, name in enumerate(heads, start=1)}
    return last + 1, Placed(sheet.title, row + 1, last, columns)


def _charts(sheet: Worksheet, styles: Styles, row: int, needs: Table, wide: float) -> int:
    kinds = list(dict.fromkeys(needs.values("Schulart")))
    styles.put(sheet, row, 1, "Benötigte und vorhandene Plätze", Look.SECTION)
    sheet.row_dimensions[row].height = 18
    for line in range(row + 1, row + 1 + _CHART_ROWS):
        sheet.row_dimensions[line].height = CHART_ROW_HEIGHT
    styles.put(sheet, 1, DATA_COLUMN, "Zahlen zu den Diagrammen", Look.SECTION)
    share = COLUMNS // max(len(kinds), 1)
    size = share * column_cm(wide) - 0.15, _CHART_ROWS * CHART_ROW_HEIGHT / 72 * 2.54 - 0.15
    for position, kind in enumerate(kinds):
        first = DATA_COLUMN + position * (NEED_COLUMNS + 1)
        course = course_of(needs, kind)
        middle = ("benötigt (Mittel)", course.expected)
        title = german.SCHOOL_TYPE_NAMES.get(kind, kind)
        chart = need_chart(sheet, styles, first, course, middle, title, size=_CHART_TEXT)
        text = f"{title}: benötigte Plätze im Mittel und von P10 bis P90, vorhandene Plätze"
        add_chart(sheet, chart, (row + 1, 1 + position * share), size, text)
    return row + 1 + _CHART_ROWS


def input_warnings(plan: Run) -> list[str]:
    """A sentence on the warnings of the input, where there are any."""
    count = len(plan.district.findings)
    if not count:
        return []
    told = "eine Warnung; sie steht" if count == 1 else f"{count} Warnungen; sie stehen"
    return [f"Zur Eingabe gibt es {told} auf dem Blatt Protokoll."]


def add_hints(
    sheet: Worksheet,
    styles: Styles,
    row: int,
    hints: Sequence[str],
    note: str,
    *,
    width: float = WIDTH,
    big: bool = False,
) -> int:
    """Hints from a row on and a note below them; the row of the note."""
    look = Look.HINT if big else Look.PLAIN
    scale = scale_of(look)
    styles.put(sheet, row, 1, "Hinweise", Look.SECTION)
    sheet.row_dimensions[row].height = 18
    texts = [f"• {hint}" for hint in hints] or ["Keine."]
    # On the first page in two columns, for half of the hints are shorter than half a line.
    side = _HINT_COLUMNS if big and len(texts) > 1 else 1
    share = COLUMNS // side
    for pair in _side_by_side(texts, side):
        row += 1
        lines = 1
        for number, hint in enumerate(pair):
            first = 1 + number * share
            styles.put(sheet, row, first, hint, look)
            sheet.merge_cells(
                start_row=row, end_row=row, start_column=first, end_column=first + share - 1
            )
            lines = max(lines, line_count(hint, width * share / scale))
        sheet.row_dimensions[row].height = lines * LINE_HEIGHT * scale + 2
    row += 1
    styles.put(sheet, row, 1, note, Look.NOTE_BIG if big else Look.NOTE)
    if big:
        sheet.row_dimensions[row].height = LINE_HEIGHT * scale
    return row


def _side_by_side(texts: Sequence[str], columns: int) -> list[Sequence[str]]:
    """Texts in rows of so many; beside each other stand texts of about the same length.

    A long text would make its row high, so that the short one beside it wasted the room.
    """
    if columns == 1:
        return [[text] for text in texts]
    order = sorted(range(len(texts)), key=lambda n: (len(texts[n]), n))
    rows = [sorted(order[n : n + columns]) for n in range(0, len(order), columns)]
    return [[texts[n] for n in row] for row in sorted(rows)]
