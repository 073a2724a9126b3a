"""The level of the arrivals is not known for sure, and it moves.

The logarithm of the level follows ``x[t] = φ·x[t-1] + drift·z[t]`` with independent standard normal
``z``: a first-order autoregression (Box, Jenkins and Reinsel 2008, section 3.2) that returns to the
level of the scenario with a half-life of two years (assumption).  The factor on the expected
registrations is ``exp(x[t] - Var x[t] / 2)``, so the expectation stays that of the scenario, and
the spread grows with the distance from the reference date.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.simulation.streams import BLOCK, Process, normals

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.calendar import FloatArray
    from daz_planner.simulation.history import HistoryLevel

HALF_LIFE = 24
"""Months after which half of a shift of the level is gone (assumption)."""
MOST = 50.0
"""No level is more than this times that of the scenario."""
_KEPT = 0.5 ** (1.0 / HALF_LIFE)


def level_spread(scenario: Scenario, level: HistoryLevel | None) -> tuple[float, float]:
    """Standard deviation of the level on the reference date, and of its monthly change.

    A level from the history is a mean of past months, behind which the level may have moved
    (:attr:`~daz_planner.simulation.history.HistoryLevel.lag_variance`), and chance adds the
    variance factor divided by the registrations.
    """
    given = scenario.zuzug.niveau_schwankung
    if level is None:
        return 0.0, given or 0.0
    if given is not None:
        level = replace(level, drift=given)
    count = level.registrations
    chance = scenario.zuzug.varianzfaktor / count if count > 0 else 0.0
    return math.sqrt(level.lag_variance + chance), level.drift


def level_factors(
    start: float, drift: float, months: int, seed: int, block: int
) -> FloatArray | None:
    """``[t, run of the block]`` factors on the expected registrations; ``None`` where all are 1."""
    if start <= 0.0 and drift <= 0.0:
        return None
    shift = start * normals(seed, Process.LEVEL, 0, block)
    variance = start**2
    factors = np.ones((months, BLOCK))
    for month in range(1, months):
        shift = _KEPT * shift + drift * normals(seed, Process.LEVEL, month, block)
        variance = _KEPT**2 * variance + drift**2
        factors[month] = np.minimum(np.exp(shift - variance / 2.0), MOST)
    return factors
