"""Sheet Klassenbildung: classes by school and month, the new ones marked, sums by school type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.schema import Kind
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    Placed,
    align_of,
    fit_sum,
    open_sheet,
    place_table,
    set_page,
)
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.style import ALARM, CAUTION, GOOD, Look, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.results.schema import Table


def add_classes(workbook: Workbook, styles: Styles, table: Table, footer: str) -> Placed:
    """The sheet with one row a school; green and bold: more classes than today."""
    sheet = workbook.create_sheet("Klassenbildung")
    opened = sum(table.values("neue Klassen")) if not table.is_empty else 0
    open_sheet(sheet, styles, "Klassenbildung", _note(opened))
    placed = place_table(sheet, styles, table)
    months = [column.name for column in table.columns if column.month]
    set_page(sheet, footer, repeat=HEAD_ROW, months=len(months), repeat_columns=1)
    if placed.is_empty:
        return placed
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 2)
    today = f"${get_column_letter(placed.columns['Klassen heute'])}{{row}}"
    mark(sheet, placed, months[0], f"{{cell}}>{today}", GOOD, last=months[-1])
    mark(sheet, placed, months[0], f"{{cell}}<{today}", CAUTION, last=months[-1])
    mark(sheet, placed, "Art", 'ISNUMBER(SEARCH("fraglich",{cell}))', ALARM, stop=True)
    mark(sheet, placed, "Art", 'ISNUMBER(SEARCH("Gruppe",{cell}))', CAUTION)
    _add_sums(workbook, styles, table, placed.last_row + 2)
    return placed


def _note(opened: int) -> str:
    if not opened:
        return "VKA-Klassen je Schule und Monat. Es öffnet keine neue Klasse."
    return (
        f"VKA-Klassen je Schule und Monat: {german.plural(opened, 'neue Klasse', 'neue Klassen')}. "
        "Grün und fett: mehr Klassen als heute; gelb und unterstrichen: weniger."
    )


def _add_sums(workbook: Workbook, styles: Styles, table: Table, row: int) -> None:
    sheet = workbook["Klassenbildung"]
    kinds = table.values("Schulart")
    groups = [*dict.fromkeys(kinds), None]
    numbers = [
        (number, align_of(column), column, table.values(column.name))
        for number, column in enumerate(table.columns, start=1)
        if column.kind is Kind.WHOLE
    ]
    for line, group in enumerate(groups, start=row):
        look = Look.SUM if group is None else Look.BODY
        for number in range(1, len(table.columns) + 1):
            styles.put(sheet, line, number, None, look)
        styles.put(sheet, line, 1, "Summe" if group is None else f"Summe {group}", look)
        for number, align, column, values in numbers:
            total = sum(
                value for value, kind in zip(values, kinds, strict=True) if group in (None, kind)
            )
            styles.put(sheet, line, number, total, look, "#,##0", align)
            fit_sum(sheet, number, total, column)
