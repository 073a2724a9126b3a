"""Sheet Änderungen: what is different from the earlier plan, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.change_tables import change_sentence
from daz_planner.results.sheets.lists import add_list

if TYPE_CHECKING:
    from openpyxl import Workbook

    from daz_planner.planning.changes import Changes
    from daz_planner.results.schema import Table
    from daz_planner.results.sheets.frame import Placed
    from daz_planner.results.sheets.style import Styles


def add_changes(
    workbook: Workbook, styles: Styles, changes: Changes, table: Table, footer: str
) -> Placed:
    """The sheet; returns where the table stands."""
    return add_list(
        workbook,
        styles,
        table,
        name="Änderungen",
        title="Änderungen gegenüber dem früheren Plan",
        note=change_sentence(changes),
        footer=footer,
        frozen_columns=2,
    )
