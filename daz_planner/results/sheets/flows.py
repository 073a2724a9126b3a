"""Sheet Verteilung: who goes where, one row a way to school, one column a month, and sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    Placed,
    open_sheet,
    place_table,
    set_page,
)
from daz_planner.results.sheets.lists import bars
from daz_planner.results.sheets.style import Styles
from daz_planner.results.sheets.wide import add_sums, alphabet

if TYPE_CHECKING:
    from datetime import date

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_KEYS = ("Schulart", "Gemeinde", "Schule", "Minuten")
_PUPILS = "erwartete Schüler"
_MANY = 3.0
"""Pupils a month of one way that get the darkest shade."""


def wide_flows(flows: Table, months: Sequence[date]) -> Table:
    """The flows turned on their side: a row a municipality and school, a column a month, the sum.

    Sorted by school type, municipality (by the German alphabet), minutes and school. A month
    without anybody is empty.
    """
    rows: defaultdict[tuple[str, str, str, float], dict[date, float]] = defaultdict(dict)
    columns = (flows.values(name) for name in (*_KEYS, "Monat", "Schüler"))
    for kind, town, school, minutes, month, pupils in zip(*columns, strict=True):
        rows[kind, town, school, minutes][month] = pupils
    order = sorted(
        rows,
        key=lambda key: (
            SCHOOL_TYPES.index(key[0]),
            alphabet(key[1]),
            key[3],
            alphabet(key[2]),
        ),
    )
    heads = [
        *(flows.column(name) for name in _KEYS[:-1]),
        Column("Minuten", Kind.NUMBER, "Minuten, einfacher Weg", 0),
        *(Column(german.month_key(m), Kind.NUMBER, _PUPILS, 3, month=m, shown=2) for m in months),
        Column("Summe", Kind.NUMBER, _PUPILS, 3, shown=2),
    ]
    data = [[*key, *(rows[key].get(m) for m in months), sum(rows[key].values())] for key in order]
    return table(flows.name, heads, data, empty=flows.empty)


def _new_year(months: Sequence[date], change: int) -> str:
    """Who comes with a new school year, where the period holds one."""
    when = [german.month(month) for month in months[1:] if month.month == change]
    if not when:
        return ""
    return (
        f" Im {german.listed(when)} sind es mehr: Zum neuen Schuljahr kommt dazu, wer aus der "
        "Grundschule in die Oberschule oder von dort ins BSZ wechselt und noch einen VKA-Platz "
        "braucht."
    )


def add_flows(
    workbook: Workbook,
    styles: Styles,
    flows: Table,
    months: Sequence[date],
    footer: str,
    change: int = 8,
) -> tuple[Placed, Placed]:
    """The sheet; returns where the ways and where the sums by school type stand.

    ``change``: the calendar month in which the school year changes.
    """
    sheet = workbook.create_sheet("Verteilung")
    open_sheet(
        sheet,
        styles,
        "Verteilung der neuen Schüler",
        "Erwartete neue Schüler nach Gemeinde, Schule und Monat des Eintritts. Es sind "
        "Mittelwerte, daher Bruchteile; Kinder der heutigen Liste sind ganz enthalten. "
        f"Minuten: einfacher Weg. Je dunkler, desto mehr Schüler.{_new_year(months, change)}",
    )
    wide = wide_flows(flows, months)
    placed = place_table(sheet, styles, wide)
    if placed.is_empty:
        set_page(sheet, footer)
        return placed, placed
    set_page(sheet, footer, repeat=HEAD_ROW, months=len(months), repeat_columns=len(_KEYS))
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, len(_KEYS) + 1)
    first, last = (get_column_letter(len(_KEYS) + n) for n in (1, len(months)))
    shade(sheet, f"{first}{placed.first_row}:{last}{placed.last_row}", _MANY)
    bars(sheet, placed, "Summe")
    return placed, add_sums(sheet, styles, wide, placed, sum)


def shade(sheet: Worksheet, area: str, many: float) -> None:
    """Shade numbers from white (0) to blue (``many``): dark is much, in greyscale too."""
    rule = ColorScaleRule(  # type: ignore[no-untyped-call]
        "num", 0, "FFFFFF", end_type="num", end_value=many, end_color="9DB8DD"
    )
    sheet.conditional_formatting.add(area, rule)
