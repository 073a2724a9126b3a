"""The way of those who registered through the phases, for many sets of parameters at once.

A phase lasts a random number of months, and who leaves it enters the next one; moving away thins
every month.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.stays import stay_distribution

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_MEAN_STEP = 0.25
_MEANS = 33
_SPREAD_STEP = 0.5
_SPREADS = 13
_NOTHING = 1e-6
"""Nobody is there any more, in a share of those who began."""
_LONGEST = 240


@dataclass(frozen=True)
class Path:
    """Phases one after the other, each with its stay in months, and the share that moves away.

    Attributes
    ----------
    stays:
        For each phase ``[n, d]`` probabilities of d = 0, 1, … months.
    away:
        ``[n]`` share that moves away in a month.
    """

    stays: tuple[FloatArray, ...]
    away: FloatArray

    @cached_property
    def reached(self) -> dict[tuple[int, int], FloatArray]:
        """(i, j) → ``[n, a]`` share of those who began phase i that is in j ≥ i after a months."""
        found: dict[tuple[int, int], FloatArray] = {}
        for j, stay in enumerate(self.stays):
            left = np.clip(1.0 - np.cumsum(stay, axis=1), 0.0, 1.0)
            found[j, j] = _short(left * self._staying(stay.shape[1]))
            for i in reversed(range(j)):
                found[i, j] = _short(convolve(self._ended[i], found[i + 1, j]))
        return found

    @cached_property
    def begun(self) -> tuple[FloatArray, ...]:
        """For each phase ``[n, d]``: share of the registrations that begins it after d months."""
        begun = [np.ones((len(self.away), 1))]
        for ended in self._ended[:-1]:
            begun.append(convolve(begun[-1], ended))
        return tuple(begun)

    @property
    def shares(self) -> tuple[FloatArray, ...]:
        """For each phase ``[n, a]``: share of the registrations in it after a months."""
        return tuple(self.reached[0, j] for j in range(len(self.stays)))

    @cached_property
    def _ended(self) -> tuple[FloatArray, ...]:
        return tuple(_short(stay * self._staying(stay.shape[1])) for stay in self.stays)

    def _staying(self, months: int) -> FloatArray:
        return np.asarray((1.0 - self.away[:, None]) ** np.arange(months), dtype=np.float64)


def cut(distribution: FloatArray, longest: int | None) -> FloatArray:
    """``[n, d]``: every longer stay ends at ``longest`` months."""
    if longest is None or distribution.shape[1] <= longest + 1:
        return distribution
    kept = distribution[:, : longest + 1].copy()
    kept[:, -1] += distribution[:, longest + 1 :].sum(axis=1)
    return kept


@dataclass(frozen=True)
class StayGrid:
    """Distributions of 0, 1, … months for any mean and spread of two ranges.

    Between the points of the grid distributions are mixed: the mean stays exact, and the variance
    grows by at most a quarter of the squared step.
    """

    means: FloatArray
    spreads: FloatArray
    table: FloatArray
    """``[mean, spread, months]``"""

    def distribution(self, mean: FloatArray, spread: FloatArray) -> FloatArray:
        """``[n, d]`` probabilities of d = 0, 1, … months."""
        i, s = _between(self.means, mean)
        j, t = _between(self.spreads, spread)
        s, t = s[:, None], t[:, None]
        i1 = np.minimum(i + 1, len(self.means) - 1)
        j1 = np.minimum(j + 1, len(self.spreads) - 1)
        low = (1 - t) * self.table[i, j] + t * self.table[i, j1]
        high = (1 - t) * self.table[i1, j] + t * self.table[i1, j1]
        return np.asarray((1 - s) * low + s * high, dtype=np.float64)


def _between(grid: FloatArray, value: FloatArray) -> tuple[IntArray, FloatArray]:
    """Index of the grid point below a value, and the share of the way to the next."""
    if len(grid) == 1:
        return np.zeros(len(value), dtype=np.int64), np.zeros(len(value))
    step = grid[1] - grid[0]
    place = np.clip((value - grid[0]) / step, 0.0, len(grid) - 1.0)
    index = np.minimum(place.astype(np.int64), len(grid) - 2)
    return index, np.asarray(place - index, dtype=np.float64)


@lru_cache(maxsize=32)
def stay_grid(mean: tuple[float, float], spread: tuple[float, float], shift: int) -> StayGrid:
    """The grid of a range of means and of spreads; ``shift`` 1 for a lag, which may be 0 months."""
    means = _points(mean, _MEAN_STEP, _MEANS)
    spreads = _points(spread, _SPREAD_STEP, _SPREADS)
    rows = [[stay_distribution(m + shift, s) for s in spreads] for m in means]
    length = max(len(row) for line in rows for row in line) + 1
    table = np.zeros((len(means), len(spreads), length))
    for i, line in enumerate(rows):
        for j, row in enumerate(line):
            table[i, j, 1 - shift : 1 - shift + len(row)] = row
    return StayGrid(means, spreads, table)


def _points(bounds: tuple[float, float], step: float, most: int) -> FloatArray:
    low, high = bounds
    if low == high:
        return np.array([low])
    return np.linspace(low, high, min(most, max(2, round((high - low) / step) + 1)))


def convolve(first: FloatArray, second: FloatArray) -> FloatArray:
    """``[n, d]`` distribution of the sum of two independent numbers of months, row by row."""
    if first.shape[1] < second.shape[1]:
        first, second = second, first
    length = min(first.shape[1] + second.shape[1] - 1, _LONGEST + 1)
    result = np.zeros((len(first), length))
    for d in range(min(second.shape[1], length)):
        width = min(first.shape[1], length - d)
        result[:, d : d + width] += first[:, :width] * second[:, d : d + 1]
    return result


def _short(values: FloatArray) -> FloatArray:
    """Without the last months, in which there is nobody."""
    some = np.flatnonzero(values.max(axis=0) > _NOTHING)
    return values[:, : int(some[-1]) + 1]
