"""The tables of a forecast that is handed out: CSV files and the sheets of ``simulation.xlsx``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner.results.applied_rules import forecast_rules
from daz_planner.results.assumption_tables import assumptions
from daz_planner.results.causes import cause_month_table, cause_table
from daz_planner.results.history_rows import history_rows
from daz_planner.results.need import TOGETHER, quantiles, seats_table
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.tables import course_table

if TYPE_CHECKING:
    from daz_planner.results.simulation_result import SimulationResult
    from daz_planner.simulation.forecast import FloatArray, Forecast

GROUPS = ("VKA", "Phase 1", "Phase 2", "Phase 3")
"""What is counted: those who need a VKA seat (phases 1 and 2), and each phase."""
BANDS = ("P10", "P50", "P90")
EXCEL_ROWS = 1_048_575
"""Rows that Excel opens, the header left out."""


def simulation_tables(result: SimulationResult, *, single_runs: bool = False) -> dict[str, Table]:
    """The tables that are written as CSV, by name; on request each single future."""
    built = [
        course_table(result.forecast),
        seats_table(result.courses),
        cause_table(result.falls),
        cause_month_table(result.falls),
        assumptions(
            result.scenario,
            forecast_rules(result),
            history_rows(result.district, result.scenario),
        ),
    ]
    if single_runs:
        built.append(run_table(result.forecast))
    return {item.name: item for item in built}


def type_names(forecast: Forecast) -> tuple[str, ...]:
    """The school types, and all together where there are several."""
    several = len(forecast.school_types) > 1
    return (*forecast.school_types, TOGETHER) if several else forecast.school_types


def band(forecast: Forecast, name: str) -> FloatArray:
    """``[group, band, t]`` P10, P50, P90 of :data:`GROUPS` of a school type or of all together."""
    if name == TOGETHER:
        runs = forecast.runs.sum(axis=1)
    else:
        runs = forecast.runs[:, forecast.school_types.index(name)]
    groups = (runs[:, 0] + runs[:, 1], runs[:, 0], runs[:, 1], runs[:, 2])
    return np.array([quantiles(group) for group in groups])


def expected(forecast: Forecast, name: str) -> FloatArray:
    """``[p, t]`` expected pupils by phase of a school type or of all together."""
    if name == TOGETHER:
        return np.asarray(forecast.expected.sum(axis=0), dtype=np.float64)
    return np.asarray(forecast.expected[forecast.school_types.index(name)], dtype=np.float64)


def wide_course(forecast: Forecast) -> Table:
    """Verlauf: one row a school type and month, the bands of each phase side by side."""
    columns = [
        Column("Schulart"),
        Column("Monat", Kind.MONTH),
        *(
            Column(f"{group} {name}", Kind.WHOLE, "Schüler", width=9.4)
            for group in GROUPS
            for name in BANDS
        ),
    ]
    rows = []
    for name in type_names(forecast):
        values = band(forecast, name)
        for t, month in enumerate(forecast.months):
            rows.append([name, month, *(int(value) for value in values[:, :, t].ravel())])
    return table("verlauf", columns, rows, empty="Es gibt keine Prognose.")


def run_table(forecast: Forecast) -> Table:
    """Prognose, jede Zukunft einzeln: pupils by future, school type and month."""
    columns = [
        Column("Zukunft", Kind.WHOLE),
        Column("Schulart"),
        Column("Monat", Kind.MONTH),
        *(Column(f"Phase {phase}", Kind.WHOLE, "Schüler") for phase in (1, 2, 3)),
    ]
    rows = [
        [r + 1, kind, month, *(int(value) for value in forecast.runs[r, k, :, t])]
        for r in range(len(forecast.runs))
        for k, kind in enumerate(forecast.school_types)
        for t, month in enumerate(forecast.months)
    ]
    return table("prognose_laeufe", columns, rows, empty="Es gibt keine Prognose.")
