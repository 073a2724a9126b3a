"""Pupils who count in the table of teacher hours, where phase 2 does not ([lehrer] phase2_zaehlt).

From 2025/26 the hours of a school follow the number of its VKA pupils.  Whether those in phase 2
count is disputed.  Where they do not, only the shares in phase 1 enter the hours; seats and classes
stay those of all.  Axes: ``s`` school, ``k`` school type, ``t0`` month of the seat, ``t`` month.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from daz_planner.simulation.first_phase import first_phase

if TYPE_CHECKING:
    from daz_planner.district.model import Newcomer
    from daz_planner.planning.problem import Problem
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.calendar import FloatArray, IntArray
    from daz_planner.simulation.expectation import Outlook


@dataclass(frozen=True)
class CountedShares:
    """Shares of those who use a seat that count for the teacher hours."""

    today: FloatArray
    """``[s, t]`` of today's pupils."""
    forecast: FloatArray
    """``[k, t0, t]`` of forecast pupils seated in a month."""
    children: FloatArray
    """``[k, t0, t]`` of children of today's list seated in a month."""

    def part(self, schools: IntArray, kinds: list[int]) -> CountedShares:
        """The shares of some schools and school types."""
        return CountedShares(self.today[schools], self.forecast[kinds], self.children[kinds])


def counted_shares(scenario: Scenario, outlook: Outlook) -> CountedShares | None:
    """The shares over all schools and types; ``None`` where everybody counts."""
    if scenario.lehrer.phase2_zaehlt:
        return None
    phase = first_phase(outlook)
    return CountedShares(phase.today, phase.demand, phase.newcomers)


class CountedUse:
    """Adds up the pupils of a plan who count for the teacher hours.

    ``pupils`` are ``[s, t]`` over all schools, ``today`` ``[s]`` those of today's pupils on the
    reference date; both ``None`` where everybody counts.
    """

    def __init__(self, scenario: Scenario, outlook: Outlook) -> None:
        self.outlook = outlook
        self.shares = counted_shares(scenario, outlook)
        self.pupils: FloatArray | None = None
        self.today: FloatArray | None = None
        if self.shares is not None:
            self.pupils = outlook.use_today * self.shares.today
            self.today = self.pupils[:, 0].copy()

    def add_child(self, problem: Problem, s: int, t: int, child: Newcomer) -> None:
        """A child of today's list with a seat from month t on at school s of a problem."""
        if self.shares is not None and self.pupils is not None:
            kind = self.outlook.population.school_types.index(child.school_type)
            survival = self.outlook.child_survival(kind, child.grade)[t]
            self.pupils[problem.schools[s]] += survival * self.shares.children[kind, t]

    def add_forecast(self, problem: Problem, s: int, t: int, pupils: float) -> None:
        """Forecast pupils who take a seat in month t at school s of a problem."""
        if self.shares is not None and self.pupils is not None:
            own = int(problem.kind[s])
            kind = self.outlook.population.school_types.index(problem.school_types[own])
            lasting = problem.survival[own, t] * self.shares.forecast[kind, t]
            self.pupils[problem.schools[s]] += pupils * lasting
