"""Expected pupils, and how far counts scatter, for many sets of parameters at once.

Registrations of month m stay with survival S: the expected pupils at the end of month n are
``Σ_m r(m) · S(n - m)``, S(0) = 1, so that a steady state has registrations × mean stay pupils
(Little's law).  Given the registrations, pupils at two ends of months a ≤ b share those who were
there at both, ``Σ_{m ≤ a} r(m) · S(b - m)`` of them: that is the covariance of an M/G/∞ queue,
here times the variance factor.  A relative error of the model comes on top: one of each count by
itself, and one that wanders (a random walk from the first count on, so it grows with the horizon).
Change of school year in August is not modelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from daz_planner.scenario.arrivals import month_number
from daz_planner.simulation.calibration.counts_data import VKA, CountData, position
from daz_planner.simulation.calibration.counts_priors import Priors, Range
from daz_planner.simulation.stays import stay_distribution

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Parameters = dict[str, FloatArray]
"""Name → ``[n]`` value in each set of parameters."""

Point = tuple[float, int]
"""(position of a day, phase)."""

_MEAN_STEP = 0.25
_MEANS = 33
_SPREAD_STEP = 0.5
_SPREADS = 13
_NOTHING = 1e-7
_LONGEST = 240
_BATCH = 256


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


@dataclass(frozen=True)
class _Queue:
    """A phase as an M/G/∞ queue: who leaves one enters the next, at random times again."""

    begins: FloatArray | None
    """``[n, d]`` share of registrations that begin the phase after d months; ``None``: all, at
    once."""
    survival: FloatArray
    """``[n, a]`` share of those who began that is still there after a months."""


class CountModel:
    """Mean and covariance of counts for the arrivals of ``data``.

    ``future`` are arrivals after the last month of the data; beyond them the mean of the last
    twelve months goes on.
    """

    def __init__(self, data: CountData, priors: Priors, future: Sequence[float] = ()) -> None:
        self.data = data
        self.priors = priors
        self._first = month_number(data.first_month)
        self._arrivals = np.array([*data.arrivals, *future], dtype=np.float64)
        self._origin = min(position(seen.day) for seen in data.observations)

    def moments(
        self, parameters: Parameters, points: Sequence[Point]
    ) -> tuple[FloatArray, FloatArray]:
        """Mean ``[n, j]`` and covariance ``[n, j, j]`` of counts at the points.

        Counts of different phases are taken as independent.
        """
        size = len(parameters["drift"])
        mean = np.zeros((size, len(points)))
        covariance = np.zeros((size, len(points), len(points)))
        for rows, chosen, stock, block in self.blocks(parameters, points):
            mean[rows, chosen] = stock
            covariance[rows[:, :, None], chosen[:, None], chosen] = block
        return mean, covariance

    def blocks(
        self, parameters: Parameters, points: Sequence[Point]
    ) -> Iterator[tuple[IntArray, IntArray, FloatArray, FloatArray]]:
        """The moments piece by piece: rows ``[i, 1]``, points of one phase ``[c]``, mean
        ``[i, c]``, covariance ``[i, c, c]``."""
        size = len(parameters["drift"])
        phases = np.array([phase for _, phase in points])
        positions = np.array([place for place, _ in points])
        for start in range(0, size, _BATCH):
            rows = np.arange(start, min(start + _BATCH, size))
            part = {name: values[rows] for name, values in parameters.items()}
            for phase, queue in self._queues(part, set(phases.tolist())).items():
                chosen = np.flatnonzero(phases == phase)
                yield rows[:, None], chosen, *self._moments(part, queue, positions[chosen])

    def _moments(
        self, parameters: Parameters, queue: _Queue, positions: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        stock, shared = self._stocks(parameters, queue, positions)
        wander = np.maximum(np.minimum.outer(positions, positions) - self._origin, 0.0)
        relative = parameters["drift"][:, None, None] ** 2 * wander
        own = np.eye(len(positions))
        relative += parameters["model_error"][:, None, None] ** 2 * own
        # A count is a whole number: rounding, and no variance of 0 where nobody is expected.
        block = self.priors.variance_factor * shared + own
        return stock, block + relative * stock[:, :, None] * stock[:, None, :]

    def registrations(self, parameters: Parameters, months: IntArray) -> FloatArray:
        """``[n, m]`` expected registrations of the months."""
        size = len(parameters["drift"])
        base = _get(parameters, self.priors, "base", size)
        total = np.broadcast_to(base[:, None], (size, len(months))).copy()
        if not len(self._arrivals):
            return total
        priors = self.priors
        lags = stay_grid(_bounds(priors.lag), _bounds(priors.lag_spread), 1).distribution(
            _get(parameters, priors, "lag", size), _get(parameters, priors, "lag_spread", size)
        )
        wanted = months[:, None] - np.arange(lags.shape[1])[None, :] - self._first
        known = len(self._arrivals)
        later = float(self._arrivals[-12:].mean())
        inside = self._arrivals[np.clip(wanted, 0, known - 1)]
        after = np.where(wanted < 0, 0.0, np.where(wanted >= known, later, inside))
        before = np.where(wanted < 0, self.data.level_before, 0.0)
        factor = _get(parameters, priors, "before", size)[:, None]
        share = _get(parameters, priors, "share", size)[:, None]
        return np.asarray(total + share * (lags @ after.T + factor * (lags @ before.T)))

    def survival(self, parameters: Parameters) -> FloatArray:
        """``[n, a]`` share of registrations in a VKA after a months."""
        return self._queues(parameters, {VKA})[VKA].survival

    def _queues(self, parameters: Parameters, phases: set[int]) -> dict[int, _Queue]:
        """When each phase begins after registration, and how long it lasts from there."""
        size = len(parameters["drift"])
        queues: dict[int, _Queue] = {}
        away = _get(parameters, self.priors, "moving_away", size)[:, None]

        def staying(months: int) -> FloatArray:
            return np.asarray((1.0 - away) ** np.arange(months), dtype=np.float64)

        def lasting(stay: FloatArray) -> FloatArray:
            return _short(_tail(stay) * staying(stay.shape[1]))

        def after(stay: FloatArray) -> FloatArray:
            return _short(stay * staying(stay.shape[1]))

        if self.data.by_phase:
            each = self.priors.longest_phase
            first = _cut(self._stay(parameters, "phase1", size), each)
            second = _cut(self._stay(parameters, "phase2", size), each)
            vka = convolve(first, second)
            queues |= {1: _Queue(None, lasting(first)), 2: _Queue(after(first), lasting(second))}
        else:
            vka = _cut(self._stay(parameters, "stay", size), self.priors.longest)
        queues[VKA] = _Queue(None, lasting(vka))
        if 3 in phases:
            queues[3] = _Queue(after(vka), lasting(self._stay(parameters, "phase3", size)))
        return {phase: queues[phase] for phase in sorted(phases)}

    def _stay(self, parameters: Parameters, name: str, size: int) -> FloatArray:
        mean, spread = f"{name}_mean", f"{name}_spread"
        grid = stay_grid(_bounds(self.priors.range(mean)), _bounds(self.priors.range(spread)), 0)
        return grid.distribution(
            _get(parameters, self.priors, mean, size), _get(parameters, self.priors, spread, size)
        )

    def _entered(self, parameters: Parameters, queue: _Queue, months: IntArray) -> FloatArray:
        """``[n, m]`` pupils who begin the phase in the months."""
        if queue.begins is None:
            return self.registrations(parameters, months)
        longest = queue.begins.shape[1] - 1
        earlier = np.arange(months[0] - longest, months[-1] + 1)
        registered = self.registrations(parameters, earlier)
        total = np.zeros((len(registered), len(months)))
        for d in range(longest + 1):
            total += queue.begins[:, d : d + 1] * registered[:, longest - d :][:, : len(months)]
        return total

    def _stocks(
        self, parameters: Parameters, queue: _Queue, positions: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Expected pupils at positions and, for each two, those expected at both.

        Days inside a month lie on the straight line between its two ends.
        """
        below = np.floor(positions).astype(np.int64)
        ends = np.unique(np.concatenate((below, np.ceil(positions).astype(np.int64))))
        place = np.searchsorted(ends, below)
        part = positions - below
        line = np.zeros((len(positions), len(ends)))
        line[np.arange(len(positions)), place] += 1.0 - part
        line[np.arange(len(positions)), np.minimum(place + 1, len(ends) - 1)] += part
        survival = queue.survival
        months = np.arange(ends[0] - survival.shape[1] + 1, ends[-1] + 1)
        entered = self._entered(parameters, queue, months)
        stock = np.zeros((len(survival), len(ends)))
        shared = np.zeros((len(survival), len(ends), len(ends)))
        for b, end in enumerate(ends):
            age = end - months
            there = (age >= 0) & (age < survival.shape[1])
            present = np.zeros_like(entered)
            present[:, there] = entered[:, there] * survival[:, age[there]]
            running = np.cumsum(present, axis=1)
            stock[:, b] = running[:, -1]
            upto = running[:, np.searchsorted(months, ends[: b + 1], side="right") - 1]
            shared[:, b, : b + 1] = upto
            shared[:, : b + 1, b] = upto
        return stock @ line.T, line @ shared @ line.T


def convolve(first: FloatArray, second: FloatArray) -> FloatArray:
    """``[n, d]`` distribution of the sum of two independent numbers of months, row by row."""
    length = min(first.shape[1] + second.shape[1] - 1, _LONGEST + 1)
    result = np.zeros((len(first), length))
    for d in range(min(second.shape[1], length)):
        width = min(first.shape[1], length - d)
        result[:, d : d + width] += first[:, :width] * second[:, d : d + 1]
    return result


def _tail(distribution: FloatArray) -> FloatArray:
    """``[n, a]`` P(D > a) for a = 0 … longest."""
    return np.asarray(np.clip(1.0 - np.cumsum(distribution, axis=1), 0.0, 1.0), dtype=np.float64)


def _short(values: FloatArray) -> FloatArray:
    """Without the last months, in which there is nobody."""
    some = np.flatnonzero(values.max(axis=0) > _NOTHING)
    return values[:, : int(some[-1]) + 1]


def _cut(distribution: FloatArray, longest: int | None) -> FloatArray:
    """Every longer stay ends at ``longest`` months."""
    if longest is None or distribution.shape[1] <= longest + 1:
        return distribution
    kept = distribution[:, : longest + 1].copy()
    kept[:, -1] += distribution[:, longest + 1 :].sum(axis=1)
    return kept


def _bounds(of: Range) -> tuple[float, float]:
    return of.low, of.high


def _get(parameters: Parameters, priors: Priors, name: str, size: int) -> FloatArray:
    found = parameters.get(name)
    return np.full(size, priors.range(name).low) if found is None else found
