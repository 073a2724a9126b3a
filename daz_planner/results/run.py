"""What a plan and a forecast that is handed out have in common: district, scenario, futures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast


class Run(Protocol):
    """A plan, or a forecast with what it was made from."""

    @property
    def district(self) -> District:
        """The input."""

    @property
    def scenario(self) -> Scenario:
        """What was assumed."""

    @property
    def forecast(self) -> Forecast:
        """The futures."""

    @property
    def months(self) -> tuple[date, ...]:
        """First day of each month, the first one that of the reference date."""
