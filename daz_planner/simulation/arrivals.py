"""Registrations of a month: negative binomial, drawn by inverse distribution function.

The same random number gives a number of registrations that never falls when the mean rises, so
that scenarios can be compared on common random numbers.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_NOBODY = 1e-12
_TOGETHER = 8


def arrival_distribution(mean: float, variance_factor: float) -> FloatArray:
    """``P(N ≤ n)`` for n = 0, 1, … of a count with the given mean and variance factor × mean.

    A factor of 1 is Poisson; above it the negative binomial with size ``mean / (factor - 1)``.
    The last value is exactly 1 (the tail beyond it is below 1e-12).
    """
    if mean <= _NOBODY:
        return np.ones(1)
    return np.asarray(_cumulative(np.array([mean]), variance_factor)[0], dtype=np.float64)


def _cumulative(means: FloatArray, variance_factor: float) -> FloatArray:
    """``[mean, n]`` ``P(N ≤ n)`` for means above 0, up to an n that suits the largest of them."""
    largest = float(means.max())
    spread = math.sqrt(variance_factor * largest)
    last = math.ceil(largest + 8.0 * spread + 30.0 * variance_factor)
    n = np.arange(last, dtype=np.float64)
    mean = means[:, None]
    if variance_factor > 1.0:
        size = mean / (variance_factor - 1.0)
        ratio = 1.0 - 1.0 / variance_factor
        log_first = -size * math.log(variance_factor)
        log_step = np.log((n + size) / (n + 1.0) * ratio)
    else:
        log_first = -mean
        log_step = np.log(mean) - np.log(n + 1.0)
    log_mass = np.concatenate((log_first, log_first + np.cumsum(log_step, axis=1)), axis=1)
    cumulative = np.cumsum(np.exp(log_mass), axis=1)
    cumulative /= cumulative[:, -1:]
    cumulative[:, -1] = 1.0
    return np.asarray(cumulative, dtype=np.float64)


def draw_counts(cumulative: FloatArray, uniform: FloatArray) -> IntArray:
    """The smallest n with ``P(N ≤ n) > u`` for each random number ``u`` in [0, 1)."""
    return np.searchsorted(cumulative, uniform, side="right").astype(np.int64)


def draw_counts_of(means: FloatArray, variance_factor: float, uniform: FloatArray) -> IntArray:
    """The same as :func:`draw_counts` where each random number has a mean of its own.

    ``means`` and ``uniform`` are ``[n]``.
    """
    order = np.argsort(means)
    result = np.zeros(len(means), dtype=np.int64)
    # Means alike share a table as long as the longest of them needs.
    for part in np.array_split(order, max(1, len(order) // _TOGETHER)):
        own = means[part]
        somebody = own > _NOBODY
        if somebody.any():
            table = _cumulative(own[somebody], variance_factor)
            below = table <= uniform[part[somebody], None]
            result[part[somebody]] = below.sum(axis=1)
    return result
