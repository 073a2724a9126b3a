"""The plan of one scenario as it is handed out: with its judgement and its bottlenecks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.planning.bottlenecks import with_bottlenecks
from daz_planner.planning.futures import with_judgement
from daz_planner.planning.make import make_plan
from daz_planner.simulation.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from daz_planner.district.model import District
    from daz_planner.planning.plan import Plan
    from daz_planner.scenario.model import Scenario

BOTTLENECK_SECONDS = 15.0
"""Longest search for bottlenecks after the plan; a quarter of the time limit where that is less."""
MOST_JUDGED = 200
"""Futures on which a plan is judged where nothing else is asked for."""


def bottleneck_seconds(scenario: Scenario) -> float:
    """Seconds for the search for bottlenecks of a scenario."""
    return min(BOTTLENECK_SECONDS, scenario.rechnen.zeitlimit / 4)


def judged_futures(scenario: Scenario) -> int:
    """Futures on which the plan of a scenario is judged where nothing else is asked for."""
    return min(MOST_JUDGED, scenario.rechnen.laeufe)


def whole_plan(
    district: District,
    scenario: Scenario,
    *,
    progress: Callable[[float, str], None] | None = None,
) -> Plan:
    """The plan of a scenario with everything that ``planen`` adds to it without being asked.

    Raises
    ------
    InputError
        If district and scenario do not fit together.
    SolverError
        If the solver is missing or found no plan.
    ConservationError
        If a child was lost or counted twice (a bug).
    """

    def told(start: float, end: float) -> Callable[[float, str], None]:
        def tell(share: float, what: str) -> None:
            if progress is not None:
                progress(start + (end - start) * share, what)

        return tell

    forecast = simulate(district, scenario, progress=told(0.0, 0.2))
    plan = make_plan(district, scenario, forecast, progress=told(0.2, 0.8))
    plan = with_judgement(plan, judged_futures(scenario), 1, told(0.8, 0.9))
    return with_bottlenecks(plan, bottleneck_seconds(scenario))
