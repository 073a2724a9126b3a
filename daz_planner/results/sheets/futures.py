"""Sheet Zukünfte: the plan beside doing nothing and the simple rule, on the same drawn futures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from daz_planner.results.futures_tables import judgement_sentences
from daz_planner.results.sheets.frame import (
    LINE_HEIGHT,
    Placed,
    open_sheet,
    place_table,
    print_parts,
    set_page,
)
from daz_planner.results.sheets.letters import line_count
from daz_planner.results.sheets.lists import bars, mark
from daz_planner.results.sheets.style import CAUTION, Look, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.futures import Judgement
    from daz_planner.results.schema import Table

_WIDTHS = (29.0, 12.0, *(16.5,) * 10)
_NOTE = (
    "Derselbe Zufall für alle drei: Was wäre mit dem Plan, ohne ihn und nach der einfachen Regel?"
)
_NEEDED = "Gebraucht: In so vielen Zukünften würden ohne diese Klasse mehr Kinder warten."


def add_futures(
    workbook: Workbook,
    styles: Styles,
    judgement: Judgement,
    policies: Table,
    needed: Table,
    footer: str,
) -> tuple[Placed, Placed]:
    """The sheet; returns where the comparison and where the new classes stand."""
    sheet = workbook.create_sheet("Zukünfte")
    open_sheet(sheet, styles, "Was der Plan in den Zukünften bringt", _NOTE)
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    row = 4
    for sentence in judgement_sentences(judgement):
        styles.put(sheet, row, 1, sentence, Look.PLAIN)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_WIDTHS))
        lines = line_count(sentence, sum(_WIDTHS))
        sheet.row_dimensions[row].height = lines * LINE_HEIGHT + 2
        row += 1
    compared = place_table(sheet, styles, policies, row=row + 1, set_widths=False)
    top = compared.last_row + 2
    styles.put(sheet, top, 1, "Neue Klassen des Plans", Look.TITLE)
    sheet.row_dimensions[top].height = 22
    styles.put(sheet, top + 1, 1, _NEEDED, Look.NOTE)
    classes = place_table(sheet, styles, needed, row=top + 3, set_widths=False)
    if not classes.is_empty:
        mark(sheet, classes, "gebraucht", "{cell}<0.5", CAUTION)
        bars(sheet, classes, "gebraucht", 1.0)
    print_parts(sheet, (1, top), len(_WIDTHS), max(classes.last_row, top + 3))
    set_page(sheet, footer, repeat=None if classes.is_empty else top + 3)
    return compared, classes
