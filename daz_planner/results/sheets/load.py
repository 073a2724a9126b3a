"""Sheet Auslastung: the network on one page (school × month), then the schools as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.figures import WITHOUT_SEAT
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.sheets.charts import column_cm, use_chart
from daz_planner.results.sheets.check_formulas import months_of
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    Placed,
    open_sheet,
    page_points,
    pages_high,
    pages_wide,
    place_table,
    print_parts,
    set_page,
    shortened,
)
from daz_planner.results.sheets.letters import text_width
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import (
    ALARM,
    HIGH,
    LOW,
    Align,
    Look,
    Styles,
    scale_of,
)
from daz_planner.results.sheets.wide import numbered

if TYPE_CHECKING:
    from datetime import date

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_SHARE = "Auslastung %"
NO_SEAT = "zu"
"""What stands in the cell of a school that has pupils and no seats."""
_SOMEBODY = 0.5
"""Fewer pupils are told as nobody."""
_NOTE = (
    "Erwartete Belegung geteilt durch Plätze, am Stichtag und je Monat danach. Rot, fett und "
    "umrandet: 100 % oder mehr. Gelb und fett: ab 90 %. Blau und kursiv: unter 50 %. "
    "–: keine Plätze. Spitze: höchster Monat."
)
_CLOSED_NOTE = (
    f"{NO_SEAT}: Dort sind noch Kinder, aber es läuft keine Klasse mehr. Wie viele, steht auf dem "
    f"Blatt Belegung in der Spalte „{WITHOUT_SEAT}“."
)
_P90_NOTE = "Spitze P90: In einer von zehn Zukünften wird es noch voller (Blatt Belegung)."
# The limits follow what is shown: whole percents.
_FULL = "AND(ISNUMBER({cell}),{cell}>=0.995)"
_HIGH = "AND(ISNUMBER({cell}),{cell}>=0.895)"
_LOW = "AND(ISNUMBER({cell}),{cell}<0.495)"
_NAME_WIDTHS = (30.0, 52.0)
_TYPE_WIDTH = 13.0
_ROW_HEIGHT = 24.0
_MOST_BARS = 40
"""So many schools are readable as bars on one page."""
_LEAST_ROWS = 14
_CHART_EDGE = 5
"""Rows of a chart beside its bars: title, axis and legend."""
_FULL_PAGE = 0.9
_MOST_NAME = 46
"""Letters of a name that stand in one line beside its bars."""
_BAR_HEIGHT = 20.0
"""Height of a row beside which the two bars of a school stand, in points."""
_MONTH_WIDTH, _PEAK_WIDTH = 8.2, 12.0
_P90 = "belegt P90"
PEAK, PEAK_P90 = "Spitze", "Spitze P90"


def load_matrix(load: Table) -> Table:
    """School × month: expected use divided by seats, and the highest of each school.

    Shares; ``None`` where a school has no seats in a month. Where the table of use has the bands of
    the drawn futures, the highest P90 divided by seats too.
    """
    months: list[date] = list(dict.fromkeys(load.values("Monat")))
    schools = _schools(load)
    shares: dict[tuple[Any, ...], dict[date, float | None]] = {}
    for key, month, share in zip(schools, load.values("Monat"), load.values(_SHARE), strict=True):
        shares.setdefault(key, {})[month] = share
    heads = [
        Column("Schule"),
        Column("Schulart"),
        *(Column(german.month_key(m), Kind.SHARE, "%", 0, month=m) for m in months),
        Column(PEAK, Kind.SHARE, "%", 0),
    ]
    rows = [
        [*key[:2], *(by_month[m] for m in months), _highest(list(by_month.values()))]
        for key, by_month in shares.items()
    ]
    if any(column.name == _P90 for column in load.columns):
        heads.append(Column(PEAK_P90, Kind.SHARE, "%", 0))
        high: dict[tuple[Any, ...], list[float | None]] = {}
        for key, seats, use in zip(schools, load.values("Plätze"), load.values(_P90), strict=True):
            share = use / seats if seats > 0 and use is not None else None
            high.setdefault(key, []).append(share)
        for row, of_school in zip(rows, high.values(), strict=True):
            row.append(_highest(of_school))
    return table("auslastung_matrix", heads, rows, empty=load.empty)


def _schools(load: Table) -> list[tuple[Any, ...]]:
    """Name, type and number of the school of each row."""
    keys = zip(load.values("Schule"), load.values("Schulart"), strict=True)
    return numbered(keys, load.values("Monat"))


def _highest(shares: list[float | None]) -> float | None:
    return max((share for share in shares if share is not None), default=None)


def add_load(workbook: Workbook, styles: Styles, load: Table, footer: str) -> Placed:
    """The sheet; returns where the matrix stands."""
    sheet = workbook.create_sheet("Auslastung")
    matrix = load_matrix(load)
    open_sheet(sheet, styles, "Auslastung der Schulen auf einen Blick")
    banded = matrix.columns[-1].name == PEAK_P90
    styles.put(sheet, 2, 1, f"{_NOTE} {_P90_NOTE}" if banded else _NOTE, Look.NOTE_BIG)
    sheet.row_dimensions[2].height = 18
    if load.is_empty:
        placed = place_table(sheet, styles, matrix)
        set_page(sheet, footer)
        return placed
    columns = _set_widths(sheet, matrix)
    placed = place_table(
        sheet,
        styles,
        matrix,
        set_widths=False,
        look=Look.BIG,
        head=Look.HEAD_BIG,
        row_height=_ROW_HEIGHT,
    )
    months = [column.name for column in matrix.columns if column.month]
    closed = _tell_empty(sheet, styles, load, placed)
    totals = _add_totals(sheet, styles, load, placed)
    if closed:
        styles.put(sheet, totals.last_row + 1, 1, _CLOSED_NOTE, Look.NOTE_BIG)
    for area in (placed, totals):
        first, last = months[0], matrix.columns[-1].name
        mark(sheet, area, first, _FULL, ALARM, last=last, stop=True)
        mark(sheet, area, first, _HIGH, HIGH, last=last, stop=True)
        mark(sheet, area, first, _LOW, LOW, last=last)
    top = totals.last_row + 2
    wide = pages_wide(len(months))
    end = _add_chart(sheet, styles, matrix, top, columns, wide) - 2
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    parts = print_parts(sheet, (1, top), columns, end, months=len(months), cut=False)
    one_page = pages_high(sheet, columns, 1, top - 1, wide) <= 1
    # The heads of a short matrix would stand above the chart.
    repeat = None if one_page and len(parts) > 1 else HEAD_ROW
    set_page(sheet, footer, repeat=repeat, months=len(months), repeat_columns=2)
    return placed


def _add_chart(
    sheet: Worksheet, styles: Styles, matrix: Table, row: int, columns: int, wide: int
) -> int:
    """Use by school as bars, the fullest where they are many; the row after."""
    first = next(column.name for column in matrix.columns if column.month)
    names = ("Schule", first, "Spitze")
    rows = list(zip(*(matrix.values(name) for name in names), strict=True))
    title = "Auslastung nach Schule"
    letters = [get_column_letter(number) for number in range(1, columns + 1)]
    widths = [sheet.column_dimensions[letter].width for letter in letters]
    room = page_points(sum(widths) / columns, columns, wide) * _FULL_PAGE / _BAR_HEIGHT
    most = min(_MOST_BARS, int(room) - _CHART_EDGE - 1)
    if len(rows) > most:
        rows = sorted(rows, key=lambda item: -(item[2] or 0.0))[:most]
        title += f": die {most} vollsten"
    styles.put(sheet, row, 1, title, Look.TITLE)
    lines = max(_LEAST_ROWS, len(rows) + _CHART_EDGE)
    for line in range(row + 1, row + 1 + lines):
        sheet.row_dimensions[line].height = _BAR_HEIGHT
    data = columns + 3
    styles.put(sheet, 1, data, "Zahlen zum Diagramm", Look.SECTION)
    named = [(shortened(name, _MOST_NAME), *shares) for name, *shares in rows]
    chart = use_chart(sheet, styles, data, named, "Belegt von 100 Plätzen")
    size = sum(map(column_cm, widths)) - 0.3, lines * _BAR_HEIGHT / 72 * 2.54 - 0.3
    text = f"{title}: Anteil der belegten Plätze am Stichtag und im höchsten Monat"
    add_chart(sheet, chart, (row + 1, 1), size, text)
    return row + 1 + lines + 1


def _set_widths(sheet: Worksheet, matrix: Table) -> int:
    """Widths of the columns; returns how many are used."""
    longest = max(text_width(name) for name in matrix.values("Schule")) * scale_of(Look.BIG) + 2
    least, most = _NAME_WIDTHS
    widths = [min(max(longest, least), most), _TYPE_WIDTH]
    widths += [_MONTH_WIDTH if column.month else _PEAK_WIDTH for column in matrix.columns[2:]]
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    return len(widths)


def _tell_empty(sheet: Worksheet, styles: Styles, load: Table, placed: Placed) -> bool:
    """Instead of an empty cell: no seats, or pupils all the same; whether there are such."""
    names = ("Monat", "belegt gesamt", _SHARE)
    rows: dict[tuple[Any, ...], int] = {}
    missing = False
    for key, month, used, share in zip(_schools(load), *map(load.values, names), strict=True):
        row = rows.setdefault(key, placed.first_row + len(rows))
        if share is not None:
            continue
        left = used >= _SOMEBODY
        missing |= left
        column = placed.columns[german.month_key(month)]
        text = NO_SEAT if left else "–"
        styles.put(sheet, row, column, text, Look.BIG, align=Align.CENTER)
    if missing:
        first, last = months_of(placed)
        mark(sheet, placed, first, f'{{cell}}="{NO_SEAT}"', ALARM, last=last)
    return missing


def _add_totals(sheet: Worksheet, styles: Styles, load: Table, placed: Placed) -> Placed:
    """Use divided by seats by school type and of all schools, below the matrix."""
    seats: dict[tuple[str, date], float] = {}
    used: dict[tuple[str, date], float] = {}
    names = ("Schulart", "Monat", "Plätze", "belegt gesamt")
    for kind, month, there, use in zip(*(load.values(name) for name in names), strict=True):
        for group in (kind, "alle"):
            seats[group, month] = seats.get((group, month), 0.0) + there
            used[group, month] = used.get((group, month), 0.0) + use
    groups = [*dict.fromkeys(load.values("Schulart")), "alle"]
    months = list(dict.fromkeys(load.values("Monat")))
    first = placed.last_row + 2
    for line, group in enumerate(groups, start=first):
        look = Look.SUM_BIG if group == "alle" else Look.BIG
        shares = [
            used[group, month] / seats[group, month] if seats[group, month] > 0 else None
            for month in months
        ]
        title = "alle Schulen zusammen" if group == "alle" else f"{group} zusammen"
        styles.put(sheet, line, 1, title, look)
        styles.put(sheet, line, 2, group, look)
        for number, share in enumerate([*shares, _highest(shares)], start=3):
            align = Align.CENTER if number < 3 + len(months) else Align.RIGHT
            styles.put(sheet, line, number, share, look, r"0\ %", align)
        sheet.row_dimensions[line].height = _ROW_HEIGHT
    return Placed(sheet.title, first, first + len(groups) - 1, placed.columns)
