"""Many smooth stays at once: a grid of discretised gamma distributions, and mixtures between them.

One distribution costs about half a millisecond, and the intervals need tens of thousands.
Neighbours of the grid differ by less than a tenth in the mean; the mixture has the mean that is
asked for and up to 3 % more spread.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from daz_planner.simulation.calibration.weights import FloatArray, IntArray
from daz_planner.simulation.stays import stay_distribution

MONTHS = 120
"""Longest stay of the grid; what is longer counts as that."""
MEANS = 1.0 + np.geomspace(0.05, 44.0, 72)
RELATIVE_SPREADS = np.geomspace(0.12, 1.3, 12)
"""Standard deviation divided by mean."""


@cache
def grid() -> FloatArray:
    """``[mean, relative spread, d - 1]`` probabilities of 1, 2, … months."""
    return np.array(
        [
            [
                on_months(stay_distribution(mean, mean * spread), MONTHS)
                for spread in RELATIVE_SPREADS
            ]
            for mean in MEANS
        ]
    )


def gamma_stays(means: FloatArray, spreads: FloatArray, months: int = MONTHS) -> FloatArray:
    """``[r, d - 1]`` smooth stays with the given means and standard deviations, in months."""
    row, part = _between(means, MEANS)
    column, share = _between(np.log(spreads / np.maximum(means, 1.0)), np.log(RELATIVE_SPREADS))
    table = grid()
    mixed = (
        ((1.0 - part) * (1.0 - share))[:, None] * table[row, column]
        + (part * (1.0 - share))[:, None] * table[row + 1, column]
        + ((1.0 - part) * share)[:, None] * table[row, column + 1]
        + (part * share)[:, None] * table[row + 1, column + 1]
    )
    if months >= MONTHS:
        return np.pad(mixed, ((0, 0), (0, months - MONTHS)))
    mixed[:, months - 1] += mixed[:, months:].sum(axis=1)
    return np.ascontiguousarray(mixed[:, :months])


def on_months(stay: FloatArray, months: int) -> FloatArray:
    """A distribution on 1 … ``months``; what is longer counts as the longest."""
    result = np.zeros(months)
    kept = min(months, len(stay))
    result[:kept] = stay[:kept]
    result[-1] += stay[kept:].sum()
    return result


def _between(values: FloatArray, axis: FloatArray) -> tuple[IntArray, FloatArray]:
    """The point of the axis below each value, and the share of the way to the next."""
    inside = np.clip(values, axis[0], axis[-1])
    below = np.clip(np.searchsorted(axis, inside, side="right") - 1, 0, len(axis) - 2)
    return below, np.asarray((inside - axis[below]) / (axis[below + 1] - axis[below]))
