"""The sheets that are one list each: Zuweisung, Annahmen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import DataBarRule, Rule
from openpyxl.utils import get_column_letter

from daz_planner.results.applied_rules import OPEN
from daz_planner.results.sheets.frame import HEAD_ROW, Placed, open_sheet, place_table, set_page
from daz_planner.results.sheets.style import ALARM, CAUTION, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.worksheet.worksheet import Worksheet

    from daz_planner.results.schema import Table


def add_list(
    workbook: Workbook,
    styles: Styles,
    table: Table,
    *,
    name: str,
    title: str,
    note: str,
    footer: str,
    frozen_columns: int = 1,
) -> Placed:
    """A sheet with one table: title, sentence, filters, frozen header, repeated header row."""
    sheet = workbook.create_sheet(name)
    open_sheet(sheet, styles, title, note)
    placed = place_table(sheet, styles, table)
    if placed.is_empty:
        set_page(sheet, footer)
    else:
        sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, frozen_columns + 1)
        set_page(sheet, footer, repeat=HEAD_ROW)
    return placed


def add_children(workbook: Workbook, styles: Styles, table: Table, footer: str) -> Placed:
    """Zuweisung: today's children and their seats."""
    placed = add_list(
        workbook,
        styles,
        table,
        name="Zuweisung",
        title="Zuweisung der Kinder auf der heutigen Liste",
        note="Ein Kind je Zeile. Minuten: einfacher Weg. Alternativen: die nächsten anderen "
        "Schulen und was dagegen sprach.",
        footer=footer,
    )
    mark(workbook["Zuweisung"], placed, "Schule", '{cell}="wartet"', ALARM)
    return placed


def add_assumptions(workbook: Workbook, styles: Styles, table: Table, footer: str) -> Placed:
    """Annahmen: the dated rules as applied, and every parameter of the scenario with its source."""
    placed = add_list(
        workbook,
        styles,
        table,
        name="Annahmen",
        title="Angewandte Regeln und Annahmen des Szenarios",
        note="Zuerst die datierten Regeln, wie sie angewandt wurden, dann jede Zahl des Szenarios; "
        "beide mit ihrer Quelle. Gelb und unterstrichen: weicht von der Regel oder vom Szenario "
        "„basis“ ab, oder die Regel ist offen.",
        footer=footer,
    )
    sheet = workbook["Annahmen"]
    mark(sheet, placed, "weicht ab", '{cell}="ja"', CAUTION)
    mark(sheet, placed, "Bedeutung", f'LEFT({{cell}},{len(OPEN)})="{OPEN}"', CAUTION)
    return placed


def bars(sheet: Worksheet, placed: Placed, column: str, most: float | None = None) -> None:
    """Bars in the cells of a column, from 0 to ``most`` or to the largest number."""
    if placed.is_empty:
        return
    letter = get_column_letter(placed.columns[column])
    end = "max" if most is None else "num"
    rule = DataBarRule(  # type: ignore[no-untyped-call]
        "num", 0, end, most, color="9DB8DD", showValue=True, minLength=0, maxLength=100
    )
    area = f"{letter}{placed.first_row}:{letter}{placed.last_row}"
    sheet.conditional_formatting.add(area, rule)


def mark(
    sheet: Worksheet,
    placed: Placed,
    column: str,
    condition: str,
    look: DifferentialStyle,
    *,
    last: str | None = None,
    stop: bool = False,
) -> None:
    """Colour the cells of a column (to column ``last``) where the condition on ``{cell}`` holds."""
    if placed.is_empty:
        return
    left = get_column_letter(placed.columns[column])
    right = get_column_letter(placed.columns[last or column])
    formula = condition.format(cell=f"{left}{placed.first_row}", row=placed.first_row)
    rule = Rule(type="expression", dxf=look, formula=[formula], stopIfTrue=stop)
    area = f"{left}{placed.first_row}:{right}{placed.last_row}"
    sheet.conditional_formatting.add(area, rule)
