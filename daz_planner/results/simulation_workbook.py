"""``simulation.xlsx``: puts the sheets of a forecast together and saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from daz_planner.results.sheets.lists import add_assumptions
from daz_planner.results.sheets.protocol import add_protocol
from daz_planner.results.sheets.simulation_overview import add_simulation_overview
from daz_planner.results.sheets.simulation_sheets import (
    add_cause_months,
    add_causes,
    add_course,
    add_seats,
)
from daz_planner.results.sheets.style import Styles
from daz_planner.results.simulation_folder import simulation_record
from daz_planner.results.simulation_tables import simulation_tables, wide_course
from daz_planner.results.workbook import footer_of, set_properties

if TYPE_CHECKING:
    from pathlib import Path

    from daz_planner.results.schema import Table
    from daz_planner.results.simulation_result import SimulationResult


def build_simulation_workbook(
    result: SimulationResult,
    tables: dict[str, Table] | None = None,
    record: dict[str, Any] | None = None,
) -> Workbook:
    """The workbook; ``tables`` and ``record`` are made where they are not given."""
    tables = simulation_tables(result) if tables is None else tables
    record = simulation_record(result) if record is None else record
    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    styles = Styles(workbook)
    footer = footer_of(result)
    add_simulation_overview(workbook, styles, result, footer)
    add_course(workbook, styles, result, wide_course(result.forecast), footer)
    add_seats(workbook, styles, tables["plaetze"], footer)
    add_causes(workbook, styles, result, footer)
    add_cause_months(workbook, styles, tables["ursachen_monate"], footer)
    add_assumptions(workbook, styles, tables["annahmen"], footer)
    add_protocol(workbook, styles, result, record, None, footer)
    name = f"Vorausschau der VKA-Schüler {result.district.name}, Szenario {result.scenario.name}"
    subject = "Vorausschau für Vorbereitungsklassen (Deutsch als Zweitsprache)"
    set_properties(workbook, result, record, name, subject)
    return workbook


def write_simulation_workbook(
    result: SimulationResult,
    path: Path,
    tables: dict[str, Table] | None = None,
    record: dict[str, Any] | None = None,
) -> None:
    """Write ``simulation.xlsx``. Raises ``OSError`` where the file cannot be written."""
    build_simulation_workbook(result, tables, record).save(path)
