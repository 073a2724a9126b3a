"""``vergleich.xlsx``: the answer on one page, classes, assumptions, effects, record of the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from daz_planner import german
from daz_planner.results.compare_figures import plan_of
from daz_planner.results.compare_folder import comparison_record
from daz_planner.results.compare_sheets import (
    add_comparison_overview,
    add_effects,
    add_needed_classes,
)
from daz_planner.results.compare_tables import comparison_tables
from daz_planner.results.compare_texts import title
from daz_planner.results.sheets.lists import add_list
from daz_planner.results.sheets.protocol import add_protocol
from daz_planner.results.sheets.style import Styles
from daz_planner.results.workbook import set_properties

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from daz_planner.district.model import District
    from daz_planner.planning.compare import Comparison
    from daz_planner.results.schema import Table
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast


@dataclass(frozen=True)
class ComparedRun:
    """The comparison as a run: the first scenario with the names of all."""

    district: District
    scenario: Scenario
    forecast: Forecast
    months: tuple[date, ...]


def as_run(comparison: Comparison) -> ComparedRun:
    """What the sheets of every run need to know."""
    plan = plan_of(comparison.runs[comparison.base])
    names = ", ".join(run.name for run in comparison.runs)
    scenario = plan.scenario.model_copy(update={"name": names})
    return ComparedRun(comparison.district, scenario, plan.forecast, comparison.months)


def build_comparison_workbook(
    comparison: Comparison,
    tables: dict[str, Table] | None = None,
    record: dict[str, Any] | None = None,
) -> Workbook:
    """The workbook; ``tables`` and ``record`` are made where they are not given."""
    tables = comparison_tables(comparison) if tables is None else tables
    record = comparison_record(comparison) if record is None else record
    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    styles = Styles(workbook)
    run = as_run(comparison)
    footer = (
        f"{run.district.name} · Stichtag {german.day(run.district.reference_date)} · "
        f"{title(comparison)}"
    )
    add_comparison_overview(workbook, styles, comparison, tables, footer)
    add_needed_classes(workbook, styles, comparison, tables, footer)
    add_list(
        workbook,
        styles,
        tables["unterschiede"],
        name="Unterschiede",
        title="Annahmen, in denen sich die Szenarien unterscheiden",
        note="Leere Zelle: Das Szenario hat diesen Schlüssel nicht. Alle übrigen Annahmen sind "
        "gleich; sie stehen in szenarien/…/plan.xlsx auf dem Blatt Annahmen.",
        footer=footer,
    )
    add_effects(workbook, styles, comparison, tables["wirkung"], footer)
    add_list(
        workbook,
        styles,
        tables["vergleich_monate"],
        name="Monate",
        title="Bedarf, Plätze und Wartende Monat für Monat",
        note="Bedarf: Schüler der Phasen 1 und 2. P10 und P90: In einer von zehn Zukünften sind es "
        "weniger bzw. mehr. Mit dem Filter ein Szenario oder eine Schulart wählen.",
        footer=footer,
        frozen_columns=3,
    )
    add_protocol(workbook, styles, run, record, None, footer)
    subject = "Vergleich von Szenarien der Vorbereitungsklassen (Deutsch als Zweitsprache)"
    set_properties(workbook, run, record, f"{title(comparison)}, {run.district.name}", subject)
    return workbook


def write_comparison_workbook(
    comparison: Comparison, path: Path, tables: dict[str, Table], record: dict[str, Any]
) -> None:
    """Write ``vergleich.xlsx``. Raises ``OSError`` where the file cannot be written."""
    build_comparison_workbook(comparison, tables, record).save(path)
