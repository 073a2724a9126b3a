"""Tiny forecasts made by hand, for the output of ``simulieren``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from daz_planner.district.model import District, Municipality, School
from daz_planner.results.simulation_result import SimulationResult
from daz_planner.scenario import load_scenario
from daz_planner.simulation.forecast import FLOW_NAMES, VKA_FLOWS, Forecast

MONTHS = tuple(date(2017, month, 1) for month in (7, 8, 9, 10, 11))


def forecast_of(
    needs: dict[str, list[list[int]]], flows: dict[str, dict[str, list[float]]] | None = None
) -> Forecast:
    """A forecast whose futures need given seats, one list a future.

    A third of the need is in phase 1, the rest in phase 2; phase 3 has one pupil more a month.
    ``flows`` are the VKA flows by school type; expected are the pupils of the first future.
    """
    kinds = tuple(needs)
    runs = np.zeros((len(next(iter(needs.values()))), len(kinds), 3, len(MONTHS)), dtype=np.int32)
    for k, kind in enumerate(kinds):
        need = np.array(needs[kind])
        runs[:, k, 0] = need // 3
        runs[:, k, 1] = need - need // 3
        runs[:, k, 2] = np.arange(len(MONTHS))
    vka = {name: np.zeros((len(kinds), len(MONTHS))) for name in VKA_FLOWS}
    for k, kind in enumerate(kinds):
        for name, values in (flows or {}).get(kind, {}).items():
            vka[name][k] = values
    return Forecast(
        months=MONTHS,
        school_types=kinds,
        expected=runs[0].astype(np.float64),
        runs=runs,
        expected_flows={name: np.zeros((len(kinds), len(MONTHS))) for name in FLOW_NAMES},
        phase3_known=(True,) * len(kinds),
        expected_vka_flows=vka,
    )


def two_types() -> Forecast:
    """Grundschule 20 → 19, Oberschule 10 → 12 pupils in five months; ten futures.

    Three futures of Grundschule need 24 seats in October and 26 in November, all others 19; of
    Oberschule all are alike. In August two pupils change from Grundschule to Oberschule.
    """
    primary = [[20, 18, 19, 19, 19]] * 7 + [[20, 18, 19, 24, 26]] * 3
    secondary = [[10, 12, 12, 12, 12]] * 10
    return forecast_of(
        {"GS": primary, "OS": secondary},
        {
            "GS": {
                "registered": [0, 3, 2.5, 1, 1],
                "to_phase3_today": [0, 2, 1, 0.5, 0.25],
                "to_phase3_new": [0, 0, 0, 0.5, 0.25],
                "moved_away": [0, 1, 0.5, 0, 0.5],
                "changed_out": [0, 2, 0, 0, 0],
            },
            "OS": {
                "registered": [0, 1, 1, 1, 1],
                "returned": [0, 0, 0, 0.5, 0],
                "changed_in": [0, 2, 0, 0, 0],
                "to_phase3_today": [0, 0, 1, 1.5, 1],
                "school_over": [0, 1, 0, 0, 0],
            },
        },
    )


def result_of(forecast: Forecast, **changes: Any) -> SimulationResult:
    """The forecast with a district of 23 seats of each Grundschule and Oberschule."""
    schools = (
        School("Grundschule „Nord“", "GS", 20, 1, 3, "Adorf", 51.1, 13.5),
        School("=Oberschule", "OS", 10, 1, 13, "Adorf", 51.1, 13.5),
    )
    district = District(
        "Landkreis Probe & Co",
        date(2017, 7, 10),
        schools,
        (Municipality("Adorf", 1000, 51.1, 13.5),),
        files=(("probe.xlsx", "ab" * 32),),
    )
    scenario = load_scenario("basis")
    result = SimulationResult(district, scenario, forecast)
    return replace(result, **changes)
