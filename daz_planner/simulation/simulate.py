"""The simulation as a whole: the exact expectation and an ensemble of drawn futures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.simulation.ensemble import Progress, Runs, draw_futures, draw_until_precise
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.forecast import Forecast
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import Population, build_population

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario


def simulate(
    district: District,
    scenario: Scenario,
    *,
    processes: int = 1,
    half_width: float | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Simulate a district under a scenario.

    Returns the exact expectation and ``scenario.rechnen.laeufe`` drawn futures, or as many as it
    takes until the P90 of the seats needed is known to ``half_width`` pupils (95 % interval).

    Parameters
    ----------
    processes:
        How many processes draw. The result is the same for any number.

    Raises
    ------
    InputError
        If district and scenario do not fit together.
    ConservationError
        If pupils were lost or counted twice (a bug).
    """
    population = build_population(canonical(district).district, scenario)
    outlook = expect(population)
    seed = scenario.rechnen.saat
    if half_width is None:
        return forecast_of(population, outlook, scenario.rechnen.laeufe, seed, progress, processes)
    runs, _ = draw_until_precise(population, seed, half_width, processes, progress)
    return _forecast(population, outlook, runs)


def forecast_of(
    population: Population,
    outlook: Outlook,
    runs: int,
    seed: int,
    progress: Progress | None = None,
    processes: int = 1,
) -> Forecast:
    """Draw the futures of a population and put them beside the expectation."""
    return _forecast(population, outlook, draw_futures(population, seed, runs, processes, progress))


def _forecast(population: Population, outlook: Outlook, runs: Runs) -> Forecast:
    return Forecast(
        months=population.months,
        school_types=population.school_types,
        expected=outlook.pupils,
        runs=runs,
        expected_flows=outlook.flows,
        phase3_known=population.phase3_known,
        expected_vka_flows=outlook.vka_flows,
    )
