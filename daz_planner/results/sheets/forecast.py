"""The sheets Prognose (pupils by phase, stacked by month) and Plätze (need against seats)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.schema import Table, table
from daz_planner.results.sheets.charts import PHASE_COLUMNS, column_cm, phase_chart
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    Placed,
    open_sheet,
    place_table,
    print_parts,
    set_page,
)
from daz_planner.results.sheets.lists import add_list, mark
from daz_planner.results.sheets.picture import add_chart
from daz_planner.results.sheets.style import ALARM, CAUTION, Look, Styles

if TYPE_CHECKING:
    from datetime import date

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_PHASES = (("Phase 1", "1"), ("Phase 2", "2"), ("Phase 3", "3"), ("VKA", "1 und 2 (VKA)"))
_BANDS = ("P10", "P50", "P90")
_COLUMNS = 2 + len(_PHASES) * (1 + len(_BANDS))
_WIDTH = 9.4
_CHART_ROWS = 26
_CHART_ROW_HEIGHT = 15.0
_CHARTS_A_ROW = 3
_NOTE = (
    "Schüler nach Phasen, Mittelwerte; VKA ist Phase 1 und 2. In 8 von 10 Zukünften liegt die Zahl "
    "zwischen P10 und P90, P50 ist die Mitte."
)
_WITHOUT = " (ohne heutige)"
_UNKNOWN = "Phase 3 ohne die, die am Stichtag schon dort sind: Sie stehen nicht in der Eingabe."
_NEED_NOTE = (
    "Plätze des Plans gegen die Schüler in Phase 1 und 2, wenn jedes Kind sofort beginnt. Mit "
    "Minus: So viele Plätze fehlen. Rot, fett und umrandet: schon bei der Mitte (P50). Gelb und "
    "unterstrichen: bei P90."
)


def wide_forecast(forecast: Table) -> Table:
    """Pupils by school type and month, a row each; expectation and bands of each phase."""
    names = ("Schulart", "Monat", "Phase", "Erwartung", *_BANDS)
    rows: dict[tuple[str, date], dict[str, list[Any]]] = {}
    for kind, month, phase, *numbers in zip(*(forecast.values(n) for n in names), strict=True):
        key = phase.removesuffix(_WITHOUT)
        rows.setdefault((kind, month), {})[key] = numbers
    columns = [forecast.column("Schulart"), forecast.column("Monat")]
    expected = forecast.column("Erwartung")
    for name, _ in _PHASES:
        columns.append(replace(expected, name=name, shown=1))
        columns += [replace(forecast.column(band), name=f"{name} {band}") for band in _BANDS]
    none = [None] * (1 + len(_BANDS))
    data = [
        [*key, *(value for _, phase in _PHASES for value in found.get(phase, none))]
        for key, found in rows.items()
    ]
    return table(forecast.name, columns, data, empty=forecast.empty)


def add_forecast(workbook: Workbook, styles: Styles, forecast: Table, footer: str) -> Placed:
    """The sheet Prognose; returns where the pupils by phase stand."""
    sheet = workbook.create_sheet("Prognose")
    unknown = any(phase.endswith(_WITHOUT) for phase in forecast.values("Phase"))
    note = f"{_NOTE} {_UNKNOWN}" if unknown else _NOTE
    open_sheet(sheet, styles, "Prognose der Schüler nach Phasen", note)
    for number in range(1, _COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
    wide = wide_forecast(forecast)
    row = HEAD_ROW if wide.is_empty else _charts(sheet, styles, wide)
    placed = place_table(sheet, styles, wide, row=row, set_widths=False)
    print_parts(
        sheet, [1, row] if row > HEAD_ROW else [1], _COLUMNS, max(placed.last_row, row), cut=False
    )
    set_page(sheet, footer, repeat=row)
    return placed


def add_needs(workbook: Workbook, styles: Styles, needs: Table, footer: str) -> Placed:
    """The sheet Plätze: need and seats by school type and month; red where seats are missing."""
    placed = add_list(
        workbook,
        styles,
        needs,
        name="Plätze",
        title="Benötigte und vorhandene Plätze",
        note=_NEED_NOTE,
        footer=footer,
        frozen_columns=2,
    )
    mark(workbook["Plätze"], placed, "frei bei P50", "{cell}<0", ALARM)
    mark(workbook["Plätze"], placed, "frei bei P90", "{cell}<0", CAUTION)
    return placed


def _charts(sheet: Worksheet, styles: Styles, forecast: Table) -> int:
    """A chart a school type, three side by side; the row after them."""
    kinds = list(dict.fromkeys(forecast.values("Schulart")))
    data = _COLUMNS + 3
    styles.put(sheet, 1, data, "Zahlen zu den Diagrammen", Look.SECTION)
    lines = -(-len(kinds) // _CHARTS_A_ROW)
    for row in range(HEAD_ROW, HEAD_ROW + lines * (_CHART_ROWS + 1)):
        sheet.row_dimensions[row].height = _CHART_ROW_HEIGHT
    share = _COLUMNS // min(max(len(kinds), 2), _CHARTS_A_ROW)
    for position, kind in enumerate(kinds):
        line, side = divmod(position, _COLUMNS // share)
        here = [n for n, found in enumerate(forecast.values("Schulart")) if found == kind]
        months, *phases = (
            [forecast.values(name)[n] for n in here]
            for name in ("Monat", *(name for name, _ in _PHASES[:3]))
        )
        pupils = list(zip(*phases, strict=True))
        name = german.SCHOOL_TYPE_NAMES.get(kind, kind)
        chart = phase_chart(sheet, styles, data, months, pupils, name)
        data += PHASE_COLUMNS + 1
        size = share * column_cm(_WIDTH) - 0.2, _CHART_ROWS * _CHART_ROW_HEIGHT / 72 * 2.54 - 0.2
        text = f"{name}: Schüler in Phase 1, 2 und 3 nach Monaten, übereinander"
        add_chart(sheet, chart, (HEAD_ROW + line * (_CHART_ROWS + 1), 1 + side * share), size, text)
    return HEAD_ROW + lines * (_CHART_ROWS + 1)
