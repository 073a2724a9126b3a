"""Stays from one look: a distribution fitted to the months that pupils have spent so far.

Who is met on one day has come e months ago and is still there, so months so far have a density in
proportion to survival × arrivals e months ago × not moved away (Cox 1962, Renewal Theory, section
5.2).  That tells mean and spread only if the shape is assumed: here the discretised gamma of
:func:`daz_planner.simulation.stays.stay_distribution`, by maximum likelihood on a grid with a
parabola at the top.  The relative spread has a prior, because months so far say little about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daz_planner.simulation.calibration.gammas import MEANS, MONTHS, RELATIVE_SPREADS, grid
from daz_planner.simulation.calibration.observations import LONGEST, Step
from daz_planner.simulation.calibration.weights import FloatArray

USUAL_SPREAD = 0.5
"""Standard deviation divided by mean: 2 of 4 and 5 of 11 months in the scenario basis."""
SPREAD_OF_SPREAD = 0.35
"""Standard deviation of its logarithm: 8 of 10 between 0.32 and 0.78."""


@dataclass(frozen=True)
class Fit:
    """Mean and standard deviation in months, one for each row of counts."""

    mean: FloatArray
    spread: FloatArray


def _survivals() -> FloatArray:
    """``[mean, spread, e]`` share of the stays that are longer than e = 0, 1, … months."""
    stays = grid()
    return np.asarray(stays[..., ::-1].cumsum(axis=-1)[..., ::-1], dtype=np.float64)


def fit_elapsed(
    counts: FloatArray,
    arrived: FloatArray,
    prior: tuple[float, FloatArray] | None = None,
) -> Fit:
    """Mean and spread from months so far.

    Parameters
    ----------
    counts:
        ``[r, e]`` pupils by months so far, one row for each repetition.
    arrived:
        ``[r or 1, e]`` arrivals e = 0, 1, … months ago, thinned by moving away; only their ratios
        matter.
    prior:
        Pseudo-pupils with a fully known stay, and their distribution ``[r, d - 1]``.
    """
    return _best(_elapsed_likelihood(counts, arrived), prior)


def elapsed_log_likelihood(counts: FloatArray, arrived: FloatArray) -> float:
    """The highest log-likelihood that months so far ``[e]`` reach; to compare arrivals."""
    fitted = _elapsed_likelihood(counts[None], arrived[None])
    log_arrived = np.log(np.maximum(arrived[: counts.shape[0]], 1e-12))
    return float(fitted.max() + counts @ log_arrived)


def began_phase(phase: int, arrived: FloatArray, first: FloatArray, hazard: float) -> FloatArray:
    """Pupils who began the phase e = 0, 1, … months ago and have not moved away since.

    Parameters
    ----------
    arrived:
        Arrivals 0, 1, … months ago; further back the last number holds.
    first:
        Probabilities of 1, 2, … months in phase 1.
    """
    months = np.arange(LONGEST)
    if phase == 2:
        stays = np.arange(1, len(first) + 1)
        ago = np.minimum(months[:, None] + stays[None, :], len(arrived) - 1)
        began = arrived[ago] @ (first * (1.0 - hazard) ** stays)
    else:
        began = arrived[np.minimum(months, len(arrived) - 1)]
    return np.asarray(began * (1.0 - hazard) ** months, dtype=np.float64)


def fit_steps(
    steps: Sequence[Step], counts: FloatArray, phase: int, hazard: float, spread: float
) -> FloatArray | None:
    """Mean stay from who is still there at the next roster, without any dates.

    In the stationary state the months spent follow the survival; the relative ``spread`` is given,
    as one gap between rosters cannot tell it.

    Parameters
    ----------
    counts:
        ``[r, s]`` how often each step counts, one row for each repetition.

    Returns
    -------
    ``[r]`` months, or ``None`` where no step tells anything.
    """
    at = int(np.argmin(np.abs(RELATIVE_SPREADS - spread)))
    survival = _survivals()[:, at]
    alike: dict[tuple[float, bool, bool], list[int]] = {}
    for number, step in enumerate(steps):
        if step.phase == phase and (step.after or (phase == 2 and not step.phase3_listed)):
            key = (step.gap, step.after == phase, step.after == 0)
            alike.setdefault(key, []).append(number)
    total = np.zeros((len(counts), len(MEANS)))
    for (gap, stayed, missing), numbers in alike.items():
        stays = _residual(survival, hazard, gap)
        present = (1.0 - hazard) ** gap if missing else 1.0
        likely = np.maximum(stays if stayed else 1.0 - present * stays, 1e-300)
        total += counts[:, numbers].sum(axis=1)[:, None] * np.log(likely)
    return _top(MEANS, total) if alike else None


def _residual(survival: FloatArray, hazard: float, gap: float) -> FloatArray:
    """``[mean]`` share still in the phase ``gap`` months after they were met in it."""
    whole = int(gap)
    part = gap - whole
    longer = np.pad(survival, ((0, 0), (0, whole + 1)))
    later = (1.0 - part) * longer[:, whole : whole + MONTHS] + part * longer[:, whole + 1 :]
    stayed = (1.0 - hazard) ** np.arange(MONTHS)
    return np.asarray((later @ stayed) / (survival @ stayed), dtype=np.float64)


def _elapsed_likelihood(counts: FloatArray, arrived: FloatArray) -> FloatArray:
    """``[r, mean, spread]`` log-likelihood without the part that is the same for all candidates."""
    months = arrived.shape[1]
    survival = _survivals()[..., :months]
    seen = min(counts.shape[1], months)
    total = counts[:, :seen].sum(axis=1)
    by_survival = np.tensordot(counts[:, :seen], np.log(survival[..., :seen].clip(1e-300)), (1, 2))
    size = np.tensordot(arrived, survival, (1, 2))
    return np.asarray(by_survival - total[:, None, None] * np.log(size))


def _best(likelihood: FloatArray, prior: tuple[float, FloatArray] | None) -> Fit:
    value = likelihood - 0.5 * (np.log(RELATIVE_SPREADS / USUAL_SPREAD) / SPREAD_OF_SPREAD) ** 2
    if prior is not None:
        pupils, shape = prior
        logs = np.log(grid()[..., : shape.shape[-1]].clip(1e-12))
        value = value + pupils * np.tensordot(np.atleast_2d(shape), logs, (1, 2))
    by_mean, by_spread = value.max(axis=2), value.max(axis=1)
    mean = _top(MEANS, by_mean)
    return Fit(mean, mean * _top(RELATIVE_SPREADS, by_spread))


def _top(axis: FloatArray, values: FloatArray) -> FloatArray:
    """Where each row of values on the axis is highest: a parabola through the three best points."""
    best = np.clip(values.argmax(axis=1), 1, len(axis) - 2)
    rows = np.arange(len(values))
    x = [np.log(axis)[best + step] for step in (-1, 0, 1)]
    y = [values[rows, best + step] for step in (-1, 0, 1)]
    left = (y[1] - y[0]) / (x[1] - x[0])
    right = (y[2] - y[1]) / (x[2] - x[1])
    bend = (right - left) / (x[2] - x[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        top = 0.5 * (x[0] + x[1]) - left / (2.0 * bend)
    top = np.where(bend < 0.0, np.clip(top, x[0], x[2]), x[1])
    return np.asarray(np.exp(top), dtype=np.float64)
