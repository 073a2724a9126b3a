"""Draws from a posterior by tempering: from the prior to the posterior in small steps.

A cloud of points that fills the prior (Latin hypercube) is led to the posterior by likelihoods
raised to powers from 0 to 1; at each step points are drawn anew by weight and moved by Metropolis
steps (sequential Monte Carlo; Del Moral, Doucet and Jasra 2006).  The cloud is made of islands that
never exchange points, so that their agreement says whether the result can be trusted.

All points live in the unit cube, where the prior is uniform.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
LogLikelihood = Callable[[FloatArray], FloatArray]
"""``[n, d]`` points of the unit cube → ``[n]``."""

ISLANDS = 8
_KEEP = 0.6
_MOVES = 5
_LAST_MOVES = 15
_BEST_ACCEPTANCE = 0.25


@dataclass(frozen=True)
class Draws:
    """Draws and how far they can be trusted.

    Attributes
    ----------
    points:
        ``[n, d]`` in the unit cube, island by island.
    log_likelihood:
        ``[n]``
    r_hat:
        ``[d]`` spread of all draws over the spread within the islands; 1 where they agree.
    effective:
        ``[d]`` number of independent draws that would give means as steady as those found.
    acceptance:
        Share of the last Metropolis steps that were taken.
    steps:
        Powers of the likelihood that were gone through.
    """

    points: FloatArray
    log_likelihood: FloatArray
    r_hat: FloatArray
    effective: FloatArray
    acceptance: float
    steps: int


def sample(log_likelihood: LogLikelihood, dimensions: int, draws: int, seed: int) -> Draws:
    """Draw from the posterior; the same seed gives the same draws.

    ``draws`` is rounded up to a multiple of :data:`ISLANDS`. With no dimension at all every draw
    is the same.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, 0xC0]))
    per_island = -(-draws // ISLANDS)
    if dimensions == 0:
        points = np.zeros((per_island * ISLANDS, 0))
        return Draws(points, log_likelihood(points), np.zeros(0), np.zeros(0), 1.0, 0)
    points = np.concatenate([_hypercube(rng, per_island, dimensions) for _ in range(ISLANDS)])
    value = log_likelihood(points)
    power, steps, scale = 0.0, 0, 1.0
    acceptance = 0.0
    while power < 1.0:
        following = _next_power(value, power)
        chosen = _resample(rng, (following - power) * value)
        points, value = points[chosen], value[chosen]
        power = following
        steps += 1
        for _ in range(_LAST_MOVES if power == 1.0 else _MOVES):
            points, value, acceptance = _move(rng, log_likelihood, points, value, power, scale)
            scale = float(np.clip(scale * np.exp(acceptance - _BEST_ACCEPTANCE), 0.05, 2.0))
    return Draws(points, value, *_agreement(points), acceptance, steps)


def _hypercube(rng: np.random.Generator, count: int, dimensions: int) -> FloatArray:
    strata = np.array([rng.permutation(count) for _ in range(dimensions)]).reshape(
        dimensions, count
    )
    return np.asarray((strata.T + rng.random((count, dimensions))) / count, dtype=np.float64)


def _next_power(value: FloatArray, power: float) -> float:
    """The largest power up to 1 at which enough of the points still count."""
    enough = _KEEP * len(value)
    if _effective(value * (1.0 - power)) >= enough:
        return 1.0
    low, high = power, 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _effective(value * (middle - power)) >= enough:
            low = middle
        else:
            high = middle
    return max(low, power + 1e-9)


def _effective(log_weight: FloatArray) -> float:
    weight = np.exp(log_weight - log_weight.max())
    return float(weight.sum() ** 2 / (weight**2).sum())


def _resample(rng: np.random.Generator, log_weight: FloatArray) -> npt.NDArray[np.int64]:
    """Systematic resampling within each island."""
    size = len(log_weight) // ISLANDS
    chosen = []
    for island in range(ISLANDS):
        part = log_weight[island * size : (island + 1) * size]
        weight = np.exp(part - part.max())
        edges = np.cumsum(weight) / weight.sum()
        edges[-1] = 1.0
        ticks = (np.arange(size) + rng.random()) / size
        chosen.append(island * size + np.searchsorted(edges, ticks, side="right"))
    return np.concatenate(chosen).astype(np.int64)


def _move(
    rng: np.random.Generator,
    log_likelihood: LogLikelihood,
    points: FloatArray,
    value: FloatArray,
    power: float,
    scale: float,
) -> tuple[FloatArray, FloatArray, float]:
    """One Metropolis step of every point; at the walls of the cube steps are reflected."""
    count, dimensions = points.shape
    covariance = np.atleast_2d(np.cov(points, rowvar=False)) + 1e-8 * np.eye(dimensions)
    root = np.linalg.cholesky(covariance) * (scale * 2.38 / np.sqrt(dimensions))
    proposed = points + rng.standard_normal((count, dimensions)) @ root.T
    proposed = np.abs((proposed + 1.0) % 2.0 - 1.0)
    new = log_likelihood(proposed)
    taken = np.log(rng.random(count)) < power * (new - value)
    points = np.where(taken[:, None], proposed, points)
    return points, np.where(taken, new, value), float(taken.mean())


def _agreement(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """R-hat and the effective number of draws, from the means and variances of the islands."""
    islands = points.reshape(ISLANDS, -1, points.shape[1])
    size = islands.shape[1]
    within = islands.var(axis=1, ddof=1).mean(axis=0)
    between = islands.mean(axis=1).var(axis=0, ddof=1)
    within = np.maximum(within, 1e-300)
    r_hat = np.sqrt((size - 1) / size + between / within)
    effective = np.minimum(len(points), ISLANDS * within / np.maximum(between, 1e-300))
    return r_hat, effective
