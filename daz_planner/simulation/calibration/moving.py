"""The share of the pupils who move away in a month, together with the stays.

A pupil in phase 1 who is missing in the next roster has moved away, unless both phases could end in
between.  Where phase 3 is in the rosters, whoever is missing has moved away.  The probability of
staying is (1 - share) ** months.

Without phase 3 in the rosters who has finished phase 2 and who has moved away look alike, so that
phase 2 follows from the share and the share from how soon both phases can end.  Turning from one to
the other would stop near the scenario's share.  Instead the stays are estimated for several shares,
and each share is judged by what is seen in phase 1 with its own stays (a profile likelihood).  The
repetitions for the intervals of the stays are then spread over the likely shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.simulation.calibration.observations import Observations, Step
from daz_planner.simulation.calibration.phases import Arrived, Stays, estimate_stays
from daz_planner.simulation.calibration.results import DISTRICT, SHARE, RateEstimate, Value
from daz_planner.simulation.calibration.weights import FloatArray

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

SCENARIO_MONTHS = 50.0
"""Months of pupils over which the scenario's share counts as if seen: at 1 %, half a departure."""
LEAST_MONTHS = 200.0
"""Months of pupils under observation below which the scenario's share stays."""
LEAST_PUPILS = 20
UNKNOWN = (0.0, 0.005, 0.01, 0.02, 0.03)
"""Shares held equally likely where phase 2 depends on the share and too little is seen of it."""
MOST_FINISHED = 0.03
"""Pupils a month who finish both phases unseen, above which there is no number: they would outweigh
those who move away."""

_TRIED = (0.0, 0.005, 0.01, 0.02, 0.035, 0.06)
"""Shares for which the stays are estimated; in between their consequences are interpolated."""
_LIKELY = 5
_GRID = np.concatenate([[0.0], np.geomspace(1e-5, 0.3, 600)])

StayPair = tuple[FloatArray, FloatArray]
"""Probabilities of 1, 2, … months in phase 1 and in phase 2."""


@dataclass(frozen=True)
class Moving:
    """The estimate, and shares in the middle of fifths of what is likely."""

    rate: RateEstimate
    likely: tuple[float, ...]


def usable_steps(steps: Sequence[Step]) -> list[Step]:
    """Steps that tell about moving away: phase 1 with a known clock, or all with phase 3 listed."""
    return [s for s in steps if s.phase3_listed or (s.phase == 1 and s.age is not None)]


def enough_steps(steps: Sequence[Step]) -> bool:
    """Whether enough pupils were followed for a number."""
    used = usable_steps(steps)
    return len(used) >= LEAST_PUPILS and sum(step.gap for step in used) >= LEAST_MONTHS


def phase2_depends(steps: Sequence[Step]) -> bool:
    """Whether some who are missing after phase 2 may have finished or moved away."""
    return any(s.after == 0 and not s.phase3_listed for s in steps)


def stays_and_moving(
    seen: Observations, scenario: Scenario, arrived: Arrived, *, repeats: int, seed: int
) -> tuple[Stays, Moving | None]:
    """Stays and the share that moves away, so that each fits the other.

    See :func:`~daz_planner.simulation.calibration.phases.estimate_stays` for the parameters.
    """
    assumed = scenario.abgang.wegzug_pro_monat

    def fitted(shares: tuple[float, ...], repeats: int) -> Stays:
        return estimate_stays(seen, scenario, shares, arrived, repeats=repeats, seed=seed)

    depends = phase2_depends(seen.steps)
    tried = []
    for share in (_TRIED if depends else (assumed,)) if enough_steps(seen.steps) else ():
        first, second = fitted((share,), 0).curves[DISTRICT]
        tried.append((share, (first[0], second[0])))
    moving = estimate_moving(seen.steps, tried, assumed)
    if moving is None:
        return fitted((assumed, *(UNKNOWN if depends else ())), repeats), None
    return fitted((moving.rate.value.value, *(moving.likely if depends else ())), repeats), moving


def estimate_moving(
    steps: Sequence[Step], stays: Sequence[tuple[float, StayPair]], assumed: float
) -> Moving | None:
    """The share a month with its 80 % interval, ``None`` where too few pupils were followed or
    too many of them can have finished.

    The interval is the shortest one that holds 80 % of the posterior, so that it reaches 0 where
    nobody needs to have moved away.

    Parameters
    ----------
    stays:
        Shares, ascending, and the stays of the district that go with each.
    assumed:
        The scenario's share.
    """
    used = usable_steps(steps)
    if not enough_steps(steps):
        return None
    stayed = (1.0 - _GRID)[:, None] ** np.array([step.gap for step in used])[None, :]
    finished = np.array([[_finished(step, pair) for _, pair in stays] for step in used])
    shares = [share for share, _ in stays]
    ended = np.array([np.interp(_GRID, shares, row) for row in finished]).T
    missing = np.array([step.after == 0 for step in used])
    there = stayed * (1.0 - ended)
    log = np.log(np.maximum(np.where(missing[None, :], 1.0 - there, there), 1e-300)).sum(axis=1)
    log += SCENARIO_MONTHS * (assumed * np.log(np.maximum(_GRID, 1e-9)) - _GRID)
    top = int(log.argmax())
    best = float(_GRID[top])
    if ended[top].sum() > MOST_FINISHED * sum(step.gap for step in used):
        return None
    # Each point of the grid stands for the stretch half-way to its neighbours.
    mass = np.exp(log - log.max()) * np.gradient(_GRID)
    below = np.cumsum(mass) / mass.sum()
    low, high = _shortest(below)
    middles = (np.arange(_LIKELY) + 0.5) / _LIKELY
    rate = RateEstimate(
        value=Value(round(best, 4), round(min(low, best), 4), round(max(high, best), 4)),
        cases=int(missing.sum()),
        default=assumed,
        source="",
    )
    return Moving(rate, tuple(float(share) for share in np.interp(middles, below, _GRID)))


def _shortest(below: FloatArray) -> tuple[float, float]:
    """The ends of the shortest interval that holds :data:`SHARE` of a distribution."""
    starts = np.linspace(0.0, 1.0 - SHARE, 81)
    # The first point of the grid is 0 itself: an interval from there begins at 0.
    lows = np.where(starts == 0.0, 0.0, np.interp(starts, below, _GRID))
    highs = np.interp(starts + SHARE, below, _GRID)
    best = int((highs - lows).argmin())
    return float(lows[best]), float(highs[best])


def _finished(step: Step, stays: StayPair) -> float:
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
