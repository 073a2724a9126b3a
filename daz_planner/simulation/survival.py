"""How long a cohort stays: the shares in each phase month by month."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from daz_planner.simulation.calendar import FloatArray
from daz_planner.simulation.population import Population
from daz_planner.simulation.stays import StayTable


@dataclass(frozen=True)
class Survival:
    """Shares of a cohort after a = 0, 1, … months, moving away included.

    Attributes
    ----------
    phases:
        ``[p, a]`` in phase 1, 2 and 3.
    returning:
        ``[a]`` leaving phase 3 in this month to come back to phase 2; from then on they are in
        no phase of this cohort.
    """

    phases: FloatArray
    returning: FloatArray
    _into_third: FloatArray = field(default_factory=lambda: np.zeros(0))
    """``[a]`` share that reaches phase 3 in month a, nobody moving away."""
    _third_lasts: FloatArray = field(default_factory=lambda: np.zeros(0))
    """``[b]`` share of them who are still there b months later and do not return."""
    _not_moved: FloatArray = field(default_factory=lambda: np.zeros(0))

    @property
    def vka(self) -> FloatArray:
        """``[a]`` share that needs a VKA seat."""
        return np.asarray(self.phases[0] + self.phases[1], dtype=np.float64)

    def in_third_since(self, month: int) -> FloatArray:
        """``[b]`` share in phase 3 in the given month and b months later, who do not return."""
        whole = np.convolve(self._into_third[: month + 1], self._third_lasts)
        last = len(self._not_moved)
        return np.asarray(whole[month:last] * self._not_moved[month:], dtype=np.float64)


def survival_of(
    population: Population,
    stay: StayTable | None,
    phase3: FloatArray,
    *,
    may_return: bool = False,
) -> Survival:
    """Survival of pupils with the given months left in the VKA (``None``: in phase 3 already).

    Parameters
    ----------
    phase3:
        Probabilities of 1, 2, … months in phase 3.
    may_return:
        Whether a share of them comes back to phase 2, if phase 3 lasts that long.
    """
    months = population.month_count
    into_third = np.zeros(months)
    first = vka = np.zeros(months)
    if stay is None:
        into_third[0] = 1.0
    else:
        first, vka = stay.survival(months)
        total = stay.total_distribution()[:months]
        into_third[: len(total)] = total
    lasts = _tail(phase3, months)
    share = population.return_share if may_return else 0.0
    after = min(population.return_after, months)
    third_lasts = lasts.copy()
    third_lasts[after:] *= 1.0 - share
    third = np.convolve(into_third, third_lasts)[:months]
    returning = np.zeros(months)
    if share > 0.0 and after < months:
        returning[after:] = share * lasts[after] * into_third[: months - after]
    not_moved = np.asarray((1.0 - population.hazard) ** np.arange(months), dtype=np.float64)
    return Survival(
        phases=np.array([first, vka - first, third]) * not_moved,
        returning=returning * not_moved,
        _into_third=into_third,
        _third_lasts=lasts * (1.0 - share),
        _not_moved=not_moved,
    )


def _tail(probabilities: FloatArray, months: int) -> FloatArray:
    """``P(D > a)`` for a = 0 … months - 1, from probabilities of 1, 2, … months."""
    padded = np.zeros(months)
    known = probabilities[: months - 1]
    padded[1 : 1 + len(known)] = known
    return np.asarray(np.clip(1.0 - np.cumsum(padded), 0.0, 1.0), dtype=np.float64)
