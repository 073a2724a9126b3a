"""Sheet Auslastung: the network on one page (school × month), then seats and use month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.district.today_numbers import COMPUTED, ROSTER
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.sheets.charts import column_cm, use_chart
from daz_planner.results.sheets.frame import (
    Placed,
    open_sheet,
    place_table,
    print_parts,
    set_page,
)
from daz_planner.results.sheets.letters import text_width
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import (
    ALARM,
    CAUTION,
    HIGH,
    LOW,
    Align,
    Look,
    Styles,
    scale_of,
)

if TYPE_CHECKING:
    from datetime import date

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_SHARE = "Auslastung %"
_NOTE = (
    "Erwartete Belegung geteilt durch Plätze, am Stichtag und je Monat danach. Rot, fett und "
    "umrandet: 100 % oder mehr. Gelb und fett: ab 90 %. Blau und kursiv: unter 50 %. "
    "Leer: keine Plätze. Spitze: höchster Monat."
)
_START_NOTE = (
    "Woher die Zahlen von heute stammen. beide: Bestand und Tabelle nennen dieselbe Zahl; sonst "
    "zählt die größere. Reserve gerechnet: keine Angabe, also Klassen × Obergrenze − Schüler."
)
_DETAIL_NOTE = (
    "Erwartete Belegung am Stichtag und je Monat danach. Rot, fett und umrandet: 100 % oder mehr. "
    "Gelb und unterstrichen: ab 90 %. Plätze = Klassen × Obergrenze + Abweichung der Reserve."
)
_BANDS_NOTE = (
    "P10, P50, P90: in den gezogenen Zukünften, in denen jedes Kind an den nächsten freien Platz "
    "kommt (Blatt Zukünfte)."
)
# The limits follow what is shown: whole percents in the matrix, one decimal below it.
_FULL = "AND(ISNUMBER({cell}),{cell}>=0.995)"
_HIGH = "AND(ISNUMBER({cell}),{cell}>=0.895)"
_LOW = "AND(ISNUMBER({cell}),{cell}<0.495)"
_FULL_DETAIL = "AND(ISNUMBER({cell}),{cell}>=0.9995)"
_HIGH_DETAIL = "AND(ISNUMBER({cell}),{cell}>=0.8995)"
_NAME_WIDTHS = (30.0, 52.0)
_TYPE_WIDTH = 13.0
_ROW_HEIGHT = 24.0
_MOST_BARS = 40
"""So many schools are readable as bars on one page."""
_LEAST_ROWS = 10
_MONTH_WIDTH = 10.2
"""Wide enough for the heads of the table of months, which shares the columns of the matrix."""


def load_matrix(load: Table) -> Table:
    """School × month: expected use divided by seats, and the highest of each school.

    Shares; ``None`` where a school has no seats in a month.
    """
    months: list[date] = list(dict.fromkeys(load.values("Monat")))
    shares: dict[tuple[str, str], dict[date, float | None]] = {}
    columns = (load.values(name) for name in ("Schule", "Schulart", "Monat", _SHARE))
    for school, kind, month, share in zip(*columns, strict=True):
        shares.setdefault((school, kind), {})[month] = share
    heads = [
        Column("Schule"),
        Column("Schulart"),
        *(Column(german.month_key(m), Kind.SHARE, "%", 0, month=m) for m in months),
        Column("Spitze", Kind.SHARE, "%", 0),
    ]
    rows = [
        [*key, *(by_month[m] for m in months), _highest(list(by_month.values()))]
        for key, by_month in shares.items()
    ]
    return table("auslastung_matrix", heads, rows, empty=load.empty)


def _highest(shares: list[float | None]) -> float | None:
    return max((share for share in shares if share is not None), default=None)


def add_load(
    workbook: Workbook, styles: Styles, load: Table, start: Table, footer: str
) -> tuple[Placed, Placed, Placed]:
    """The sheet; returns where matrix, start numbers and table of schools and months stand."""
    sheet = workbook.create_sheet("Auslastung")
    matrix = load_matrix(load)
    open_sheet(sheet, styles, "Auslastung der Schulen auf einen Blick")
    styles.put(sheet, 2, 1, _NOTE, Look.NOTE_BIG)
    sheet.row_dimensions[2].height = 18
    if load.is_empty:
        placed = place_table(sheet, styles, matrix)
        set_page(sheet, footer)
        return placed, placed, placed
    columns = _set_widths(sheet, matrix, load)
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
    totals = _add_totals(sheet, styles, load, placed)
    for area in (placed, totals):
        first, last = months[0], "Spitze"
        mark(sheet, area, first, _FULL, ALARM, last=last, stop=True)
        mark(sheet, area, first, _HIGH, HIGH, last=last, stop=True)
        mark(sheet, area, first, _LOW, LOW, last=last)
    parts = [1, totals.last_row + 2]
    top = _add_chart(sheet, styles, matrix, parts[1], columns)
    begin = _add_start(sheet, styles, start, top)
    row = begin.last_row + 2
    styles.put(sheet, row, 1, "Plätze und Belegung Monat für Monat", Look.TITLE)
    sheet.row_dimensions[row].height = 22
    bands = f" {_BANDS_NOTE}" if load.frame.columns[-1] == "belegt P90" else ""
    styles.put(sheet, row + 1, 1, _DETAIL_NOTE + bands, Look.NOTE)
    detail = place_table(sheet, styles, load, row=row + 3, set_widths=False, head=Look.HEAD_SMALL)
    mark(sheet, detail, _SHARE, _FULL_DETAIL, ALARM, stop=True)
    mark(sheet, detail, _SHARE, _HIGH_DETAIL, CAUTION)
    sheet.freeze_panes = sheet.cell(1, 3)
    print_parts(sheet, (*parts, top, row), columns, detail.last_row)
    set_page(sheet, footer, repeat=row + 3, months=len(months), repeat_columns=2)
    return placed, begin, detail


def _add_chart(sheet: Worksheet, styles: Styles, matrix: Table, row: int, columns: int) -> int:
    """Use by school as bars, the fullest where they are many; the row after."""
    first = next(column.name for column in matrix.columns if column.month)
    names = ("Schule", first, "Spitze")
    rows = list(zip(*(matrix.values(name) for name in names), strict=True))
    title = "Auslastung nach Schule"
    if len(rows) > _MOST_BARS:
        rows = sorted(rows, key=lambda item: -(item[2] or 0.0))[:_MOST_BARS]
        title += f": die {_MOST_BARS} vollsten"
    styles.put(sheet, row, 1, title, Look.TITLE)
    lines = max(_LEAST_ROWS, len(rows) + 5)
    for line in range(row + 1, row + 1 + lines):
        sheet.row_dimensions[line].height = _ROW_HEIGHT
    data = columns + 3
    styles.put(sheet, 1, data, "Zahlen zum Diagramm", Look.SECTION)
    chart = use_chart(sheet, styles, data, rows, "Belegt von 100 Plätzen")
    letters = (get_column_letter(number) for number in range(1, columns + 1))
    width = sum(column_cm(sheet.column_dimensions[letter].width) for letter in letters)
    size = width - 0.3, lines * _ROW_HEIGHT / 72 * 2.54 - 0.3
    text = f"{title}: Anteil der belegten Plätze am Stichtag und im höchsten Monat"
    add_chart(sheet, chart, (row + 1, 1), size, text)
    return row + 1 + lines + 1


def _add_start(sheet: Worksheet, styles: Styles, start: Table, row: int) -> Placed:
    """Pupils and free seats that the plan starts with, and where they come from."""
    styles.put(sheet, row, 1, "Ausgangszahlen am Stichtag", Look.TITLE)
    sheet.row_dimensions[row].height = 22
    styles.put(sheet, row + 1, 1, _START_NOTE, Look.NOTE)
    placed = place_table(sheet, styles, start, row=row + 3, set_widths=False, head=Look.HEAD_SMALL)
    mark(sheet, placed, "Quelle Schüler", f'{{cell}}="{ROSTER}"', CAUTION)
    mark(sheet, placed, "Quelle Reserve", f'{{cell}}="{COMPUTED}"', CAUTION)
    return placed


def _set_widths(sheet: Worksheet, matrix: Table, load: Table) -> int:
    """Widths that fit both tables; returns how many columns are used."""
    longest = max(text_width(name) for name in matrix.values("Schule")) * scale_of(Look.BIG) + 2
    least, most = _NAME_WIDTHS
    sheet.column_dimensions["A"].width = min(max(longest, least), most)
    sheet.column_dimensions["B"].width = _TYPE_WIDTH
    columns = max(len(matrix.columns), len(load.columns))
    for number in range(3, columns + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _MONTH_WIDTH
    return columns


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
