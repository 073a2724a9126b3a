"""The simulation as a whole: the exact expectation and an ensemble of drawn futures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.simulation.ensemble import count_block, draw_block
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.forecast import Forecast
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import Population, build_population
from daz_planner.simulation.streams import BLOCK

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

Progress = Callable[[float, str], None]
"""Called with a share 0 … 1 and a German word for what is being done."""


def simulate(
    district: District, scenario: Scenario, *, progress: Progress | None = None
) -> Forecast:
    """Simulate a district under a scenario.

    Returns the exact expectation and ``scenario.rechnen.laeufe`` drawn futures.

    Raises
    ------
    InputError
        If district and scenario do not fit together.
    ConservationError
        If pupils were lost or counted twice (a bug).
    """
    population = build_population(canonical(district).district, scenario)
    return forecast_of(
        population, expect(population), scenario.rechnen.laeufe, scenario.rechnen.saat, progress
    )


def forecast_of(
    population: Population,
    outlook: Outlook,
    runs: int,
    seed: int,
    progress: Progress | None = None,
) -> Forecast:
    """Draw the futures of a population and put them beside the expectation."""
    blocks = -(-runs // BLOCK)
    parts = []
    for block in range(blocks):
        parts.append(count_block(population, draw_block(population, seed, block)).pupils)
        if progress is not None:
            progress((block + 1) / blocks, "Zukünfte werden gezogen")
    return Forecast(
        months=population.months,
        school_types=population.school_types,
        expected=outlook.pupils,
        runs=np.concatenate(parts)[:runs],
        expected_flows=outlook.flows,
        phase3_known=population.phase3_known,
    )
