"""Sheet Lehrerstunden: teacher hours a week, one row a school, one column a month, and sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.results.hours_limits import LEFT, NEED, THERE
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    Placed,
    fit_sum,
    open_sheet,
    pages_high,
    pages_wide,
    place_table,
    print_parts,
    set_page,
)
from daz_planner.results.sheets.letters import text_width
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.style import ALARM, Align, Look, Styles
from daz_planner.results.sheets.wide import numbered

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def wide_hours(hours: Table, first: tuple[str, ...]) -> Table:
    """A table of hours by month turned on its side: a row a school, a column a month."""
    months = list(dict.fromkeys(hours.values("Monat")))
    rows: dict[tuple[Any, ...], dict[Any, float]] = {}
    keys = numbered(
        zip(*(hours.values(name) for name in first), strict=True), hours.values("Monat")
    )
    for key, month, value in zip(keys, hours.values("Monat"), hours.values("Stunden"), strict=True):
        rows.setdefault(key, {})[month] = value
    columns = [
        *(hours.column(name) for name in first),
        *(Column(f"{month:%Y-%m}", Kind.NUMBER, "Stunden", 1, month=month) for month in months),
    ]
    data = [[*key[:-1], *(by_month[month] for month in months)] for key, by_month in rows.items()]
    return table(hours.name, columns, data, empty=hours.empty)


def add_hours(
    workbook: Workbook,
    styles: Styles,
    hours: Table,
    sums: Table,
    footer: str,
    limits: Table | None = None,
) -> tuple[Placed, Placed, Placed | None]:
    """The sheet; returns where the schools, the sums by school type and the limits stand.

    ``limits``: need and hours that are there, by school type and planning area, told below.
    """
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
    months = len(wide.columns) - 2
    if placed.is_empty:
        set_page(sheet, footer, repeat=HEAD_ROW)
        return placed, placed, None
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
    told, one_page = None, False
    if limits is not None and not limits.is_empty:
        told = _add_limits(sheet, styles, limits, last + 2)
        columns = len(wide.columns)
        print_parts(sheet, [1, last + 2], columns, told.last_row, months=months)
        one_page = pages_high(sheet, columns, 1, last, pages_wide(months)) <= 1
    # The heads of a short list of schools would stand above the title of the second part.
    repeat = None if one_page else HEAD_ROW
    set_page(sheet, footer, repeat=repeat, months=months, repeat_columns=2)
    return placed, Placed(sheet.title, row, last, placed.columns), told


def wide_limits(limits: Table) -> Table:
    """Need, hours that are there and what is left, turned on their side: a column a month."""
    months = list(dict.fromkeys(limits.values("Monat")))
    groups: dict[tuple[str, str], list[int]] = {}
    for n, key in enumerate(zip(limits.values("Bereich"), limits.values("für"), strict=True)):
        groups.setdefault(key, []).append(n)
    sources = limits.values("Herkunft")
    rows: list[list[Any]] = []
    for (area, name), here in groups.items():
        for what in (NEED, THERE, LEFT):
            values = [limits.values(what)[n] for n in here]
            if all(value is None for value in values):
                continue
            source = sources[here[0]] if what == THERE else ""
            rows.append([f"{area} {name}" + (f" ({source})" if source else ""), what, *values])
    columns = [
        Column("Bereich"),
        Column("Stunden"),
        *(Column(f"{month:%Y-%m}", Kind.NUMBER, "Stunden", 1, month=month) for month in months),
    ]
    return table(limits.name, columns, rows, empty=limits.empty)


def _add_limits(sheet: Worksheet, styles: Styles, limits: Table, row: int) -> Placed:
    """For each school type and planning area: need, hours that are there, and what is left."""
    styles.put(sheet, row, 1, "Bedarf und vorhandene Stunden", Look.TITLE)
    sheet.row_dimensions[row].height = 22
    second = sheet.column_dimensions["B"]
    second.width = max(second.width, text_width(LEFT) + 2)
    wide = wide_limits(limits)
    placed = place_table(sheet, styles, wide, row=row + 1, set_widths=False)
    months = [column.name for column in wide.columns if column.month]
    short = f'AND($B{{row}}="{LEFT}",ISNUMBER({{cell}}),{{cell}}<0)'
    mark(sheet, placed, months[0], short, ALARM, last=months[-1])
    return placed
