"""Sheet Engpässe: what one more seat, room or teacher would be worth, the most first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.bottleneck_tables import cut_off_text
from daz_planner.results.sheets.lists import add_list

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.plan import Plan
    from daz_planner.results.schema import Table
    from daz_planner.results.sheets.frame import Placed
    from daz_planner.results.sheets.style import Styles

_NOTE = (
    "Um wie viel besser der Plan mit einem Platz, einem Raum oder 25 Lehrerstunden mehr würde; "
    "gleicher Rang: gleich viel wert. Ein Platz: einer, den auch die Prognose nutzen darf. "
    "Wartemonate: nach zwei Monaten doppelt gezählt. Etwa: bei den Klassen des Plans, im Rahmen "
    "der Toleranz. Was hier fehlt, brächte nichts."
)


def add_bottlenecks(
    workbook: Workbook, styles: Styles, plan: Plan, table: Table, footer: str
) -> Placed:
    """The sheet; returns where the table stands."""
    found = plan.bottlenecks
    note = f"{_NOTE} {cut_off_text(found)}" if found and found.hit_limit else _NOTE
    return add_list(
        workbook,
        styles,
        table,
        name="Engpässe",
        title="Engpässe: was ein wenig mehr brächte",
        note=note,
        footer=footer,
        frozen_columns=2,
    )
