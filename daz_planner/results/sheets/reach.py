"""Sheet Erreichbarkeit: municipalities without a VKA inside the soft limit, and by speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.planning.reachability import reachability
from daz_planner.results.reach_tables import estimate_text, speed_name
from daz_planner.results.sheets.frame import HEAD_ROW, open_sheet, place_table, set_page
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.style import CAUTION, STRONG, Look, Styles

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.plan import Plan
    from daz_planner.results.schema import Table


def add_reach(
    workbook: Workbook, styles: Styles, plan: Plan, places: Table, speeds: Table, footer: str
) -> None:
    """The list on top, the counts by speed below it."""
    found = reachability(plan)
    sheet = workbook.create_sheet("Erreichbarkeit")
    open_sheet(
        sheet,
        styles,
        "Gemeinden ohne VKA innerhalb des Richtwerts",
        "Einfacher Weg zur nächsten Schule mit VKA, heute und im letzten Monat des Plans. "
        f"{estimate_text(found)}",
    )
    placed = place_table(sheet, styles, places)
    set_page(sheet, footer, repeat=None if placed.is_empty else HEAD_ROW)
    if not placed.is_empty:
        sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
        limit = f"$C{placed.first_row}"  # the guide value of the row
        for column in ("Minuten heute", "Minuten am Ende"):
            mark(sheet, placed, column, f"{{cell}}>{limit}", CAUTION)
    row = placed.last_row + 3
    styles.put(
        sheet,
        row - 1,
        1,
        "Zahl der Gemeinden ohne VKA innerhalb des Richtwerts, je nach angenommenem Tempo",
        Look.SECTION,
    )
    sheet.row_dimensions[row - 1].height = 18
    counts = place_table(sheet, styles, speeds, row=row, set_widths=placed.is_empty)
    if not counts.is_empty:
        here = f'$A{{row}}="{speed_name(found.speed_kmh)}"'
        mark(sheet, counts, "Tempo", here, STRONG, last=speeds.columns[-1].name)
