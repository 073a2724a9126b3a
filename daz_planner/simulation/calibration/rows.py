"""Curves as rows: row 0 is the estimate, the others are repetitions with pupils drawn anew."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daz_planner.simulation.calibration.gammas import on_months
from daz_planner.simulation.calibration.weights import FloatArray, IntArray

CurvePair = tuple[FloatArray, FloatArray]
"""``[r, d - 1]`` probabilities of 1, 2, … months in phase 1 and in phase 2."""


def cut(curves: FloatArray, months: int) -> FloatArray:
    """Each curve on 1 … ``months``; what is longer counts as the longest."""
    return np.array([on_months(curve, months) for curve in curves])


def more_rows(curves: dict[str, CurvePair], others: dict[str, CurvePair]) -> dict[str, CurvePair]:
    """The rows of ``curves`` and the repetitions of ``others`` below them."""
    return {
        kind: (np.vstack([first, others[kind][0][1:]]), np.vstack([second, others[kind][1][1:]]))
        for kind, (first, second) in curves.items()
    }


def with_point(curves: CurvePair, point: CurvePair) -> CurvePair:
    """The curves with the first row of ``point`` in the place of their own."""
    return np.vstack([point[0], curves[0][1:]]), np.vstack([point[1], curves[1][1:]])


def pooled(pattern: IntArray, parts: Sequence[tuple[IntArray, FloatArray]]) -> FloatArray:
    """Counts of the district's patterns from those of its types, row by row."""
    rows = parts[0][1].shape[0]
    total = np.zeros((rows, int(pattern.max()) + 1))
    at = 0
    for own, counts in parts:
        for number in range(int(own.max()) + 1):
            place = at + int(np.flatnonzero(own == number)[0])
            total[:, pattern[place]] += counts[:, number]
        at += len(own)
    return total
