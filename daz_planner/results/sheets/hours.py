"""Sheet Lehrerstunden: teacher hours a week, one row a school, one column a month, and sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    Placed,
    fit_sum,
    open_sheet,
    place_table,
    set_page,
)
from daz_planner.results.sheets.style import Align, Look, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook


def wide_hours(hours: Table, first: tuple[str, ...]) -> Table:
    """A table of hours by month turned on its side: a row a school, a column a month."""
    months = list(dict.fromkeys(hours.values("Monat")))
    rows: dict[tuple[Any, ...], dict[Any, float]] = {}
    keys = zip(*(hours.values(name) for name in first), strict=True)
    for key, month, value in zip(keys, hours.values("Monat"), hours.values("Stunden"), strict=True):
        rows.setdefault(key, {})[month] = value
    columns = [
        *(hours.column(name) for name in first),
        *(Column(f"{month:%Y-%m}", Kind.NUMBER, "Stunden", 1, month=month) for month in months),
    ]
    data = [[*key, *(by_month[month] for month in months)] for key, by_month in rows.items()]
    return table(hours.name, columns, data, empty=hours.empty)


def add_hours(
    workbook: Workbook, styles: Styles, hours: Table, sums: Table, footer: str
) -> tuple[Placed, Placed]:
    """The sheet; returns where the schools and where the sums by school type stand."""
    sheet = workbook.create_sheet("Lehrerstunden")
    open_sheet(
        sheet,
        styles,
        "Lehrerstunden",
        "Lehrerwochenstunden für Deutsch als Zweitsprache nach der Regel, die im jeweiligen "
        "Monat gilt.",
    )
    wide = wide_hours(hours, ("Schule", "Schulart"))
    placed = place_table(sheet, styles, wide)
    set_page(sheet, footer, repeat=HEAD_ROW, months=len(wide.columns) - 2, repeat_columns=2)
    if placed.is_empty:
        return placed, placed
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 2)
    totals = wide_hours(sums, ("Schulart",))
    row = placed.last_row + 2
    for line, kind in enumerate(totals.values("Schulart"), start=row):
        look = Look.SUM if kind == "zusammen" else Look.BODY
        styles.put(sheet, line, 1, "Summe" if kind == "zusammen" else f"Summe {kind}", look)
        styles.put(sheet, line, 2, kind, look)
    for number, column in enumerate(totals.columns[1:], start=3):
        for line, value in enumerate(totals.values(column.name), start=row):
            look = Look.SUM if line == row + len(totals.frame) - 1 else Look.BODY
            styles.put(sheet, line, number, value, look, column.number_format, Align.CENTER)
            fit_sum(sheet, number, value, column)
    last = row + len(totals.frame) - 1
    return placed, Placed(sheet.title, row, last, placed.columns)
