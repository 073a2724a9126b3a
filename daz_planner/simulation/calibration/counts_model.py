"""Expected pupils, and how far counts scatter, for many sets of parameters at once.

Registrations of month m are in a phase a months later with the share π(a) (in phase 1 π(0) = 1):
the expected pupils at the end of month n are ``Σ_m r(m) · π(n - m)``, so that a steady state has
registrations × mean stay pupils (Little's law).

How far counts scatter: of r(m) who are known to have registered each is there or not by chance, so
the counts at a and b have the covariance ``Σ_m r(m) · (π(a, b) - π(a)·π(b))``, where π(a, b) is the
share that is in the one phase at a and in the other at b (binomial thinning of a multinomial; at
one end of a month ``Σ r·π·(1 - π)``).  Where only the expected registrations are known, their own
variance comes on top, ``Σ_m Var r(m) · π(a)·π(b)``: Poisson registrations give the M/G/∞ queue.

Share and base may wander from the month of the first count on, month by month.  A relative error of
the model comes on top: one of each count by itself, and one that wanders, so it grows with the
horizon.  Change of school year in August is not modelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
import numpy.typing as npt

from daz_planner.scenario.arrivals import month_number
from daz_planner.simulation.calibration.counts_data import CountData
from daz_planner.simulation.calibration.counts_path import Path, cut, stay_grid
from daz_planner.simulation.calibration.counts_priors import Priors, Range
from daz_planner.simulation.past import VKA, position

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Parameters = dict[str, FloatArray]
"""Name → ``[n]`` value in each set of parameters."""

Point = tuple[float, int]
"""(position of a day, phase)."""

_BATCH = 32
_ONE_THREAD = 200_000
"""Products of a matrix up to which BLAS does not start threads (OpenBLAS: 262,144)."""


@dataclass(frozen=True)
class Registered:
    """Registrations of some months, ``[n, m]``.

    ``variance`` is 0 where they were counted. ``moved`` are (standard deviation ``[n]`` of the
    monthly relative change, the registrations ``[n, m]`` that it changes).
    """

    expected: FloatArray
    variance: FloatArray
    moved: tuple[tuple[FloatArray, FloatArray], ...]


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
        counted = not data.persons and all(
            priors.range(name).low == priors.range(name).high == value
            for name, value in (("share", 1.0), ("lag", 0.0))
        )
        self._counted = np.full(len(self._arrivals), counted)
        self._counted[list(data.filled)] = False

    def moments(
        self, parameters: Parameters, points: Sequence[Point]
    ) -> tuple[FloatArray, FloatArray]:
        """Mean ``[n, j]`` and covariance ``[n, j, j]`` of counts at the points."""
        size = len(parameters["drift"])
        mean = np.zeros((size, len(points)))
        covariance = np.zeros((size, len(points), len(points)))
        for rows, stock, block in self.batches(parameters, points):
            mean[rows], covariance[rows] = stock, block
        return mean, covariance

    def batches(
        self, parameters: Parameters, points: Sequence[Point]
    ) -> Iterator[tuple[slice, FloatArray, FloatArray]]:
        """The moments some sets of parameters at a time, so that memory stays small."""
        size = len(parameters["drift"])
        for start in range(0, size, _BATCH):
            rows = slice(start, min(start + _BATCH, size))
            part = {name: values[rows] for name, values in parameters.items()}
            yield rows, *self._moments(part, points)

    def _moments(
        self, parameters: Parameters, points: Sequence[Point]
    ) -> tuple[FloatArray, FloatArray]:
        positions = np.array([place for place, _ in points])
        phases = self._phases({phase for _, phase in points})
        path = self._path(parameters, phases)
        ends = np.unique(np.concatenate((np.floor(positions), np.ceil(positions)))).astype(int)
        terms = _terms(points, phases, ends)
        stock, block = self._states(parameters, path, ends)
        mean = _summed(stock, terms)
        half = _summed(block.transpose(0, 2, 1), terms)
        covariance = _summed(half.transpose(0, 2, 1), terms)
        own = np.eye(len(points))
        # A count is a whole number: rounding, and no variance of 0 where nobody is expected.
        covariance += own
        wander = np.maximum(np.minimum.outer(positions, positions) - self._origin, 0.0)
        same = np.zeros_like(covariance)
        for phase in range(len(phases)):
            ours = [
                (state, np.where(state // len(ends) == phase, weight, 0.0))
                for state, weight in terms
            ]
            part = _summed(stock, ours)
            same += part[:, :, None] * part[:, None, :]
        covariance += parameters["drift"][:, None, None] ** 2 * wander * same
        error = parameters["model_error"][:, None] * mean
        return mean, np.asarray(covariance + own * error[:, :, None] ** 2, dtype=np.float64)

    def _states(
        self, parameters: Parameters, path: Path, ends: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        """Mean ``[n, s]`` and covariance ``[n, s, s]`` of all phases at all ends of months."""
        months = np.arange(ends[0] - max(s.shape[1] for s in path.shares) + 1, ends[-1] + 1)
        arrived = self.registered(parameters, months)
        there = np.concatenate([_by_age(share, ends, months) for share in path.shares], axis=1)
        stock = (there @ arrived.expected[:, :, None])[:, :, 0]
        # Known registrations are thinned; those of unknown number scatter besides.
        thinned = there * (arrived.expected - arrived.variance)[:, None, :]
        covariance = _met_twice(path, arrived.expected, ends, months)
        covariance -= _products(thinned, there)
        later = months > floor(self._origin)
        for drift, part in arrived.moved:
            moved = (there * part[:, None, :])[:, :, later]
            steps = moved[:, :, ::-1].cumsum(axis=2) * drift[:, None, None]
            covariance += _products(steps, steps)
        return stock, covariance

    def registered(self, parameters: Parameters, months: IntArray) -> Registered:
        """Registrations of the months: expected, variance, and what wanders."""
        size = len(parameters["drift"])
        base = np.repeat(_get(parameters, self.priors, "base", size)[:, None], len(months), axis=1)
        factor = self.priors.variance_factor
        moved = [(_get(parameters, self.priors, "base_drift", size), base)]
        if not len(self._arrivals):
            return Registered(base, factor * base, _moving(moved))
        priors = self.priors
        lags = stay_grid(_bounds(priors.lag), _bounds(priors.lag_spread), 1).distribution(
            _get(parameters, priors, "lag", size), _get(parameters, priors, "lag_spread", size)
        )
        wanted = months[:, None] - np.arange(lags.shape[1])[None, :] - self._first
        known = len(self._arrivals)
        later = float(self._arrivals[-12:].mean())
        place = np.clip(wanted, 0, known - 1)
        is_known = (wanted >= 0) & (wanted < known)
        inside = np.where(wanted < 0, 0.0, np.where(is_known, self._arrivals[place], later))
        before = np.where(wanted < 0, self.data.level_before, 0.0)
        earlier = _get(parameters, priors, "before", size)[:, None]
        share = _get(parameters, priors, "share", size)[:, None]
        ours = share * (lags @ inside.T + earlier * (lags @ before.T))
        counted = lags @ np.where(is_known & self._counted[place], inside, 0.0).T
        moved.append((_get(parameters, priors, "share_drift", size), ours))
        return Registered(base + ours, factor * (base + ours - counted), _moving(moved))

    def survival(self, parameters: Parameters) -> FloatArray:
        """``[n, a]`` share of registrations in a VKA after a months."""
        shares = self._path(parameters, self._phases({VKA})).shares
        total = np.zeros((len(parameters["drift"]), max(s.shape[1] for s in shares)))
        for share in shares:
            total[:, : share.shape[1]] += share
        return total

    def _phases(self, wanted: set[int]) -> tuple[int, ...]:
        """Phases of the model: 1 and 2 where the counts tell them apart, 3 where it is asked."""
        vka = (1, 2) if self.data.by_phase or wanted & {1, 2} else (VKA,)
        return (*vka, 3) if 3 in wanted else vka

    def _path(self, parameters: Parameters, phases: tuple[int, ...]) -> Path:
        size = len(parameters["drift"])
        longest = {VKA: self.priors.longest, 3: None}
        stays = tuple(
            cut(
                self._stay(parameters, "stay" if phase == VKA else f"phase{phase}", size),
                longest.get(phase, self.priors.longest_phase),
            )
            for phase in phases
        )
        return Path(stays, _get(parameters, self.priors, "moving_away", size))

    def _stay(self, parameters: Parameters, name: str, size: int) -> FloatArray:
        mean, spread = f"{name}_mean", f"{name}_spread"
        grid = stay_grid(_bounds(self.priors.range(mean)), _bounds(self.priors.range(spread)), 0)
        return grid.distribution(
            _get(parameters, self.priors, mean, size), _get(parameters, self.priors, spread, size)
        )


def _met_twice(path: Path, registered: FloatArray, ends: IntArray, months: IntArray) -> FloatArray:
    """``[n, s, s]`` pupils who are in the one phase at one end and in the other at the other.

    With R(i, j; a, b) pupils in phase j at b of those who began phase i until a ≤ b: in phase i at
    a and in j > i at b are R(i, j; a, b) - R(i + 1, j; a, b), in phase i at both R(i, i; a, b).
    """
    count, size = len(ends), len(path.stays)
    until = np.searchsorted(months, ends)
    earlier = np.tri(count, dtype=np.bool_)  # [b, a]: a ≤ b
    result = np.zeros((len(registered), size, count, size, count))
    begun = [_delayed(registered, path.begun[i]) for i in range(size)]
    for j in range(size):
        before = np.zeros((len(registered), count, count))
        for i in reversed(range(j + 1)):
            present = begun[i][:, None, :] * _by_age(path.reached[i, j], ends, months)
            # [n, b, a]
            both = np.where(earlier, present.cumsum(axis=2)[:, :, until], 0.0)
            pair = both - before
            result[:, j, :, i, :] += pair
            result[:, i, :, j, :] += pair.transpose(0, 2, 1)
            before = both
        diagonal = np.arange(count)
        result[:, j, diagonal, j, diagonal] /= 2.0
    states = size * count
    return result.reshape(len(registered), states, states)


def _products(one: FloatArray, other: FloatArray) -> FloatArray:
    """``[n, s, s]`` sums over the months of the products of the rows.

    In pieces so small that BLAS takes one thread for each: with several it spends its time waiting
    for them, many times longer on a busy computer.
    """
    states, months = one.shape[1:]
    step = max(1, _ONE_THREAD // states**2)
    turned = np.ascontiguousarray(other.transpose(0, 2, 1))
    result = np.zeros((len(one), states, states))
    for start in range(0, months, step):
        result += one[:, :, start : start + step] @ turned[:, start : start + step]
    return result


def _by_age(shares: FloatArray, ends: IntArray, months: IntArray) -> FloatArray:
    """``[n, e, m]`` share of those of month m at the end e, by the months in between."""
    oldest, youngest = ends[-1] - months[0], ends[0] - months[-1]
    # Ages from the oldest down, 0 where nobody is; each end is a window of it.
    course = np.zeros((len(shares), oldest - youngest + 1))
    width = min(shares.shape[1], oldest + 1)
    course[:, oldest - width + 1 : oldest + 1] = shares[:, width - 1 :: -1][:, -width:]
    windows = np.lib.stride_tricks.sliding_window_view(course, len(months), axis=1)
    return np.asarray(windows[:, ends[-1] - ends])


def _delayed(registered: FloatArray, begun: FloatArray) -> FloatArray:
    """``[n, m]`` pupils who begin a phase in the months, of those who registered in them."""
    total = np.zeros_like(registered)
    width = registered.shape[1]
    for d in range(min(begun.shape[1], width)):
        total[:, d:] += begun[:, d : d + 1] * registered[:, : width - d]
    return total


def _summed(values: FloatArray, terms: Sequence[tuple[IntArray, FloatArray]]) -> FloatArray:
    """``[…, j]`` values of the points from ``[…, s]`` values of the states."""
    total = np.zeros((*values.shape[:-1], len(terms[0][0])))
    for state, weight in terms:
        total += weight * values[..., state]
    return total


def _terms(
    points: Sequence[Point], phases: tuple[int, ...], ends: IntArray
) -> list[tuple[IntArray, FloatArray]]:
    """Each point as a sum of states (phase × ends + end): ``[j]`` states and ``[j]`` weights.

    A day inside a month lies on the straight line between its two ends; phases 1 and 2 together
    are their sum.
    """
    terms = []
    for phase in phases:
        ours = [p == phase or (p == VKA and phase in (1, 2)) for _, p in points]
        for after in (0, 1):
            state, weight = np.zeros(len(points), dtype=np.int64), np.zeros(len(points))
            for number, (place, _) in enumerate(points):
                below = floor(place)
                part = place - below
                if not ours[number] or (after and part == 0.0):
                    continue
                end = int(np.searchsorted(ends, below + after))
                state[number] = phases.index(phase) * len(ends) + end
                weight[number] = part if after else 1.0 - part
            if weight.any():
                terms.append((state, weight))
    return terms


def _moving(
    parts: Sequence[tuple[FloatArray, FloatArray]],
) -> tuple[tuple[FloatArray, FloatArray], ...]:
    return tuple((drift, part) for drift, part in parts if drift.any() and part.any())


def _bounds(of: Range) -> tuple[float, float]:
    return of.low, of.high


def _get(parameters: Parameters, priors: Priors, name: str, size: int) -> FloatArray:
    found = parameters.get(name)
    return np.full(size, priors.range(name).low) if found is None else found
