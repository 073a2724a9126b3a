"""Sheet Standorte: the plan without and with candidate sites, and what each site is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.sites import TOP
from daz_planner.results.sheets.frame import (
    HEAD_ROW,
    Placed,
    open_sheet,
    place_table,
    print_parts,
    set_page,
)
from daz_planner.results.sheets.lists import mark
from daz_planner.results.sheets.style import GOOD, STRONG, Look, Styles
from daz_planner.results.site_tables import OPENS, effect_sentence

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.plan import Plan
    from daz_planner.planning.site_plan import Sites
    from daz_planner.results.schema import Table


_ONE_PAGE = 40
"""So many sites stand on one printed page."""


def add_sites(
    workbook: Workbook,
    styles: Styles,
    plan: Plan,
    sites: Sites,
    ranking: Table,
    effect: Table,
    footer: str,
) -> Placed:
    """The ranking on top, the two plans below it; returns where the plans stand."""
    sheet = workbook.create_sheet("Standorte")
    open_sheet(sheet, styles, "Mögliche neue Standorte", site_note(sites))
    placed = place_table(sheet, styles, ranking)
    # A short list stands on the first page, and its heads would stand over the plans too.
    long = len(ranking.frame) > _ONE_PAGE
    set_page(sheet, footer, repeat=HEAD_ROW if long else None)
    if not placed.is_empty:
        sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
        mark(sheet, placed, "Anmerkung", f'ISNUMBER(SEARCH("{OPENS}",{{cell}}))', GOOD)
        mark(sheet, placed, "Rang", f"AND(ISNUMBER({{cell}}),{{cell}}<={TOP})", STRONG)
    row = placed.last_row + 4
    styles.put(sheet, row - 2, 1, "Der ganze Plan ohne und mit der Schulliste", Look.SECTION)
    sheet.row_dimensions[row - 2].height = 18
    styles.put(sheet, row - 1, 1, effect_sentence(sites, plan), Look.NOTE)
    plans = place_table(sheet, styles, effect, row=row, set_widths=placed.is_empty)
    print_parts(sheet, [1, row - 2], len(ranking.columns), plans.last_row)
    return plans


def site_note(sites: Sites) -> str:
    """What the columns of the ranking mean."""
    month = sites.ranking.month
    if month is None:
        return "Im Zeitraum darf keine Klasse öffnen, deshalb gibt es keine Rangfolge."
    return (
        f"Öffnete dort allein ab {german.month(month)} eine Klasse, alles andere wie im Plan ohne "
        "Schulliste: so viel Wartezeit und Weg fielen weg. Die Kinder werden dafür neu verteilt, "
        "nach denselben Zielen wie im Plan; einzelne können dabei über den Richtwert kommen. Räume "
        "an Schulen der Schulliste sind angenommen."
    )
