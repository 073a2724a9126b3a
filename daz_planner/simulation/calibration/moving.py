"""The share of the pupils who move away in a month.

A pupil in phase 1 who is missing in the next roster has moved away, unless both phases could end in
between.  Where phase 3 is in the rosters, whoever is missing has moved away.  The probability of
staying is (1 - share) ** months; the scenario's share counts as if it had been seen over
:data:`SCENARIO_MONTHS` months of pupils, so that a few departures more or less do not upset it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from daz_planner.simulation.calibration.observations import Step
from daz_planner.simulation.calibration.results import SHARE, RateEstimate, Value
from daz_planner.simulation.calibration.weights import FloatArray

SCENARIO_MONTHS = 200.0
"""Months of pupils: at 1 % a month, two departures."""
LEAST_MONTHS = 200.0
"""Months of pupils under observation below which the scenario's share stays."""
LEAST_PUPILS = 20

_GRID = np.concatenate([[0.0], np.geomspace(1e-5, 0.3, 600)])


def usable_steps(steps: Sequence[Step]) -> list[Step]:
    """Steps that tell about moving away: phase 1 with a known clock, or all with phase 3 listed."""
    return [s for s in steps if s.phase3_listed or (s.phase == 1 and s.age is not None)]


def estimate_moving(
    steps: Sequence[Step], stays: tuple[FloatArray, FloatArray], assumed: float
) -> RateEstimate | None:
    """The share a month with its 80 % interval, ``None`` where too few pupils were followed.

    Parameters
    ----------
    stays:
        Probabilities of 1, 2, … months in phase 1 and in phase 2, of the district.
    assumed:
        The scenario's share.
    """
    used = usable_steps(steps)
    months = sum(step.gap for step in used)
    if len(used) < LEAST_PUPILS or months < LEAST_MONTHS:
        return None
    stayed = (1.0 - _GRID)[:, None] ** np.array([step.gap for step in used])[None, :]
    finished = np.array([_finished(step, stays) for step in used])
    missing = np.array([step.after == 0 for step in used])
    likely = np.where(missing[None, :], 1.0 - stayed * (1.0 - finished[None, :]), stayed)
    log = np.log(np.maximum(likely, 1e-300)).sum(axis=1)
    log += SCENARIO_MONTHS * (assumed * np.log(np.maximum(_GRID, 1e-9)) - _GRID)
    best = float(_GRID[int(log.argmax())])
    # Each point of the grid stands for the stretch half-way to its neighbours.
    width = np.gradient(_GRID)
    mass = np.exp(log - log.max()) * width
    below = np.cumsum(mass) / mass.sum()
    low, high = np.interp([(1 - SHARE) / 2, (1 + SHARE) / 2], below, _GRID)
    return RateEstimate(
        value=Value(round(best, 4), round(float(low), 4), round(float(high), 4)),
        cases=int(missing.sum()),
        default=assumed,
        source="",
    )


def _finished(step: Step, stays: tuple[FloatArray, FloatArray]) -> float:
    """Probability that both phases end before the next roster, for a pupil who stays here."""
    if step.phase3_listed or step.age is None:
        return 0.0
    later = round(step.age + step.gap)
    first, second = stays
    still = first[step.age :].sum()
    if still <= 0.0:
        return 0.0
    ended = 0.0
    for d1 in range(step.age + 1, min(len(first), later - 1) + 1):
        ended += float(first[d1 - 1]) * float(second[: later - d1].sum())
    return float(ended / still)
