"""Stays without any assumed shape: the curve that makes the rosters most likely.

The self-consistency algorithm of Turnbull (1976, J. R. Stat. Soc. B 38, 290-295) for truncated and
interval-censored data, on pairs of stays in phase 1 and phase 2 that are independent of each other:
each round fills in what was not seen (the ends that are open, and the pupils whom no roster could
meet) by its expectation, and counts again.  Without censoring it is the empirical distribution,
with exact ends and delayed entry the product-limit estimate.

A prior adds pseudo-pupils (a Dirichlet prior as in Susarla and Van Ryzin 1976, J. Am. Stat. Assoc.
71, 897-902): few cases of a school type lean on the district, and the end of the curve, where
nobody is left to be seen, keeps a plausible form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daz_planner.simulation.calibration.gammas import gamma_stays
from daz_planner.simulation.calibration.weights import FloatArray, IntArray, Strips, Weights

_ROUNDS = 2000
_EVERY = 20
"""Rounds between two looks at convergence (and two refreshes of a smooth prior)."""


@dataclass(frozen=True)
class Prior:
    """Pseudo-pupils whose stay is fully known.

    ``shape[r, d - 1]`` is their distribution for each row of weights; ``None`` for the smooth
    distribution with the mean and spread of the curve itself, which smooths without pulling.
    """

    pupils: float
    shape: FloatArray | None = None


NO_PRIOR = Prior(0.0)


def fit_curves(
    weights: Weights,
    counts: FloatArray,
    *,
    priors: tuple[Prior, Prior] = (NO_PRIOR, NO_PRIOR),
    known_second: FloatArray | None = None,
    start: tuple[FloatArray, FloatArray] | None = None,
    tolerance: float = 1e-6,
) -> tuple[FloatArray, FloatArray]:
    """Distributions of the months in phase 1 and in phase 2.

    Parameters
    ----------
    counts:
        ``[r, n]`` pupils of each pattern, one row for each repetition (bootstrap).
    known_second:
        ``[r, d2 - 1]`` the distribution of phase 2 where it is known already and stays.
    start:
        Where to begin, one row or as many as ``counts``; a curve that is 0 there stays 0.

    Returns
    -------
    ``[r, d1 - 1]`` and ``[r, d2 - 1]`` probabilities of 1, 2, … months.
    """
    repeats = counts.shape[0]
    longest = weights.months
    seen, unseen = _Sets(weights.seen, longest), _Sets(weights.unseen, longest)
    pupils = np.ascontiguousarray(counts.T)
    met_like = np.zeros((len(weights.unseen.begin), repeats))
    np.add.at(met_like, weights.selection, pupils)
    if start is None:
        start = _flat(longest[0]), _flat(longest[1])
    first = np.repeat(start[0].T, repeats // len(start[0]), axis=1)
    second = np.repeat(start[1].T, repeats // len(start[1]), axis=1)
    if known_second is not None:
        second = np.repeat(known_second.T, repeats // len(known_second), axis=1)
    shapes = [None if prior.shape is None else prior.shape.T for prior in priors]
    old = first, second
    for turn in range(_ROUNDS):
        if turn % _EVERY == 0:
            for p, curve in enumerate((first, second)):
                if priors[p].shape is None and priors[p].pupils > 0.0:
                    shapes[p] = smooth_like(curve.T).T
        # Pupils whom no roster could meet: the odds of being unseen for each one seen.
        likely, missed = seen.probability(first, second), unseen.probability(first, second)
        from_seen = seen.expected(pupils / np.maximum(likely, 1e-300), first, second)
        odds = met_like / np.maximum(1.0 - missed, 1e-12)
        from_unseen = unseen.expected(odds, first, second)
        first = _renewed(from_seen[0] + from_unseen[0], priors[0].pupils, shapes[0])
        if known_second is None:
            second = _renewed(from_seen[1] + from_unseen[1], priors[1].pupils, shapes[1])
        if turn % _EVERY == _EVERY - 1:
            moved = max(np.abs(first - old[0]).max(), np.abs(second - old[1]).max())
            if moved < tolerance:
                break
            old = first, second
    return np.ascontiguousarray(first.T), np.ascontiguousarray(second.T)


class _Sets:
    """Probabilities of sets of pairs and expected stays in them; arrays are ``[month, r]``."""

    def __init__(self, strips: Strips, longest: tuple[int, int]) -> None:
        self.strips = strips
        self.longest = longest
        self.weight = strips.weight[:, None]
        self.by_first = _Sums(strips.first, longest[0] + 1)
        self.by_low = _Sums(strips.low, longest[1] + 1)
        self.by_high = _Sums(strips.high, longest[1] + 1)

    def probability(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """``[n, r]`` probability of each set."""
        if not len(self.strips.begin):
            return np.zeros((0, first.shape[1]))
        of_first, between = self._parts(first, second)
        self.of_first, self.inside = of_first, of_first * between
        return np.asarray(np.add.reduceat(self.inside, self.strips.begin, axis=0))

    def expected(
        self, pupils: FloatArray, first: FloatArray, second: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Expected stays by months if set n holds ``pupils[n] ×`` its probability.

        To be called after :meth:`probability` with the same curves.
        """
        if not len(self.strips.begin):
            return np.zeros_like(first), np.zeros_like(second)
        of_strip = pupils[self.strips.set_of]
        by_first = self.by_first(of_strip * self.inside)
        in_first = by_first[1:] + by_first[0] * first
        risen = of_strip * self.of_first
        # A strip adds to all months above its lower bound, and no more above the upper one.
        steps = self.by_low(risen) - self.by_high(risen)
        return in_first, np.cumsum(steps[:-1], axis=0) * second

    def _parts(self, first: FloatArray, second: FloatArray) -> tuple[FloatArray, FloatArray]:
        any_first = np.vstack([np.ones((1, first.shape[1])), first])
        running = np.vstack([np.zeros((1, second.shape[1])), np.cumsum(second, axis=0)])
        strips = self.strips
        between = running[strips.high] - running[strips.low]
        return any_first[strips.first] * self.weight, np.maximum(between, 0.0)


class _Sums:
    """Sums of rows by their number, faster than ``np.add.at``."""

    def __init__(self, numbers: IntArray, size: int) -> None:
        self.order = np.argsort(numbers, kind="stable")
        ordered = numbers[self.order]
        self.begin = np.flatnonzero(np.diff(ordered, prepend=-1))
        self.present = ordered[self.begin]
        self.size = size

    def __call__(self, rows: FloatArray) -> FloatArray:
        result = np.zeros((self.size, rows.shape[1]))
        result[self.present] = np.add.reduceat(rows[self.order], self.begin, axis=0)
        return result


def moments(curves: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of each row of probabilities of 1, 2, … months."""
    months = np.arange(1, curves.shape[-1] + 1)
    mean = curves @ months
    variance = np.maximum(curves @ months**2 - mean**2, 0.0)
    return mean, np.sqrt(variance)


def smooth_like(curves: FloatArray) -> FloatArray:
    """For each row the smooth distribution with its mean and spread, on the same months."""
    mean, spread = moments(curves)
    return gamma_stays(mean, np.maximum(spread, 0.1), curves.shape[1])


def rounded_table(curve: FloatArray, digits: int = 4) -> tuple[float, ...]:
    """Probabilities with few digits that still sum to 1 (largest remainders), no 0 at the end."""
    scale = 10**digits
    exact = curve / curve.sum() * scale
    parts = np.floor(exact + 1e-9).astype(np.int64)
    missing = scale - int(parts.sum())
    parts[np.argsort(-(exact - parts), kind="stable")[:missing]] += 1
    last = int(np.flatnonzero(parts)[-1]) + 1
    return tuple(int(part) / scale for part in parts[:last])


def _flat(months: int) -> FloatArray:
    return np.full((1, months), 1.0 / months)


def _renewed(counted: FloatArray, pupils: float, shape: FloatArray | None) -> FloatArray:
    if pupils > 0.0 and shape is not None:
        counted = counted + pupils * shape
    return np.asarray(counted / counted.sum(axis=0, keepdims=True), dtype=np.float64)
