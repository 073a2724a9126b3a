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
    """``[b]`` share of them who are still in phase 3 b months later, if nobody returns."""
    _return_share: float = 0.0
    _return_after: int = 0
    _not_moved: FloatArray = field(default_factory=lambda: np.zeros(0))

    @property
    def vka(self) -> FloatArray:
        """``[a]`` share that needs a VKA seat."""
        return np.asarray(self.phases[0] + self.phases[1], dtype=np.float64)

    def in_third_since(self, month: int) -> tuple[FloatArray, Survival]:
        """Those in phase 3 in a month: how long they are if they stay, and as they are here.

        Returns
        -------
        staying, here
            ``staying[b]`` is the share in phase 3 in the month and b months later if none of them
            returns; ``here`` is what they add to this survival from the month on.
        """
        last = len(self._not_moved)
        span = last - month
        may = np.zeros(month + 1)
        recent = np.arange(month + 1) > month - self._return_after
        may[recent] = self._into_third[: month + 1][recent]
        for_good = self._into_third[: month + 1] - may
        lasts, share, after = self._third_lasts, self._return_share, self._return_after
        until_return = lasts.copy()
        until_return[after:] = 0.0
        gone = np.convolve(for_good, lasts)[month:last] * (1.0 - share)
        whole = np.convolve(may, lasts)[month:last]
        returners = np.convolve(may, until_return)[month:last]
        back = np.zeros(span)
        if share > 0.0 and after < last:
            # Who reached phase 3 in month a comes back in month a + after.
            for a in np.flatnonzero(may):
                if a + after < last:
                    back[a + after - month] += share * lasts[after] * may[a]
        moved = self._not_moved[month:]
        phases = np.zeros((3, last))
        phases[2, :span] = (gone + (1.0 - share) * whole + share * returners) * moved
        returning = np.zeros(last)
        returning[:span] = back * moved
        return (gone + whole) * moved, Survival(phases, returning)


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
        _third_lasts=lasts,
        _return_share=share,
        _return_after=after,
        _not_moved=not_moved,
    )


def _tail(probabilities: FloatArray, months: int) -> FloatArray:
    """``P(D > a)`` for a = 0 … months - 1, from probabilities of 1, 2, … months."""
    padded = np.zeros(months)
    known = probabilities[: months - 1]
    padded[1 : 1 + len(known)] = known
    return np.asarray(np.clip(1.0 - np.cumsum(padded), 0.0, 1.0), dtype=np.float64)
