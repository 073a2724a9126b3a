"""How long pupils stay in each phase: discrete distributions on whole months.

A stay is a number of months ≥ 1.  From a mean and a standard deviation it is a gamma distribution
above one month, put on whole months so that the mean stays exact: the mass between two months
goes to both in proportion to the distance (a hat function).  That adds about 1/6 to the variance,
which is taken off beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_TAIL = 1e-9
_HAT_VARIANCE = 1.0 / 6.0
_LEAST_RELATIVE_SPREAD = 0.01
_LONGEST = 240


def gamma_cdf(shape: float, x: FloatArray) -> FloatArray:
    """Distribution function of the gamma distribution with scale 1 (series, DLMF 8.7.1).

    All terms are positive, so that nothing cancels; the number of terms grows with ``x``.
    """
    x = np.asarray(x, dtype=np.float64)
    # Beyond twelve standard deviations (and 40 more on the right) the answer is 0 or 1 to 1e-16.
    spread = 12.0 * math.sqrt(shape)
    result = np.where(x > shape, 1.0, 0.0)
    inner = (x > max(0.0, shape - spread)) & (x < shape + spread + 40.0)
    z = x[inner]
    term = np.exp(shape * np.log(z) - z - math.lgamma(shape + 1.0))
    total = term.copy()
    n = 0
    while np.any(term > total * 1e-16):
        n += 1
        term = term * z / (shape + n)
        total += term
    result[inner] = np.minimum(total, 1.0)
    return result


def stay_distribution(mean: float, standard_deviation: float) -> FloatArray:
    """Probabilities of 1, 2, 3 … months with the given mean (≥ 1) and standard deviation (> 0).

    The mean is met (up to a tail of 1e-9, and to stays of more than 240 months, which no pupil
    has), the standard deviation where whole months allow it: 4.5 months cannot have less than 0.5.

    Raises
    ------
    ValueError
        If the mean is below one month or the standard deviation is not positive.
    """
    if mean < 1.0 or standard_deviation <= 0.0:
        raise ValueError("a stay needs a mean of at least one month and a positive spread")
    excess = mean - 1.0
    if excess == 0.0:
        return np.ones(1)
    variance = max(standard_deviation**2 - _HAT_VARIANCE, (_LEAST_RELATIVE_SPREAD * excess) ** 2)
    shape = excess**2 / variance
    scale = variance / excess
    last = min(_LONGEST, math.ceil(excess + 12.0 * math.sqrt(variance) + 12.0 * scale))
    grid = np.arange(last + 1, dtype=np.float64)
    # E[min(X, x)] is piecewise smooth; its second differences are the masses of the hats.
    below = gamma_cdf(shape, grid / scale)
    limited_mean = excess * gamma_cdf(shape + 1.0, grid / scale) + grid * (1.0 - below)
    slope = np.diff(limited_mean)
    masses = np.concatenate(([1.0], slope)) - np.concatenate((slope, [0.0]))
    masses = np.maximum(masses, 0.0)
    keep = int(np.searchsorted(np.cumsum(masses), 1.0 - _TAIL)) + 1
    masses = masses[:keep]
    return np.asarray(masses / masses.sum(), dtype=np.float64)


def cap_stay(probabilities: FloatArray, longest: int | None) -> FloatArray:
    """Let every longer stay end at ``longest`` months (a rule ends it, nobody vanishes)."""
    if longest is None or len(probabilities) <= longest:
        return probabilities
    capped = probabilities[:longest].copy()
    capped[-1] += probabilities[longest:].sum()
    return capped


@dataclass(frozen=True)
class StayTable:
    """Joint distribution of the months left in phase 1 and in phase 2, sorted by their sum.

    ``phase1[j]``, ``phase2[j]`` with ``probability[j]``; months left include the current one.
    """

    phase1: IntArray
    phase2: IntArray
    probability: FloatArray
    cumulative: FloatArray

    @classmethod
    def from_matrix(cls, joint: FloatArray) -> StayTable:
        """From ``joint[d1, d2]``, need not be normalised; all mass at [0, 0] is not allowed."""
        first, second = np.nonzero(joint > 0.0)
        order = np.lexsort((first, first + second))
        first, second = first[order], second[order]
        probability = joint[first, second] / joint.sum()
        cumulative = np.cumsum(probability)
        cumulative[-1] = 1.0
        return cls(first.astype(np.int64), second.astype(np.int64), probability, cumulative)

    def matrix(self) -> FloatArray:
        """``[d1, d2]`` the probabilities as a matrix."""
        joint = np.zeros((int(self.phase1.max()) + 1, int(self.phase2.max()) + 1))
        joint[self.phase1, self.phase2] = self.probability
        return joint

    def survival(self, months: int) -> tuple[FloatArray, FloatArray]:
        """Shares in phase 1 and in phase 1 or 2 after 0, 1, … months, nobody moving away."""
        age = np.arange(months)[:, None]
        in_first = ((self.phase1 > age) * self.probability).sum(axis=1)
        in_vka = ((self.phase1 + self.phase2 > age) * self.probability).sum(axis=1)
        return in_first, in_vka

    def total_distribution(self) -> FloatArray:
        """``[d]`` probability that phases 1 and 2 together take d more months (index 0 … max)."""
        total = np.bincount(self.phase1 + self.phase2, weights=self.probability)
        return np.asarray(total, dtype=np.float64)


def new_stays(phase1: FloatArray, phase2: FloatArray, total_cap: int | None) -> StayTable:
    """Stays of a newcomer: both phases drawn apart, then cut by a common cap.

    ``phase1`` and ``phase2`` are probabilities of 1, 2, … months. The cap shortens phase 2 first.
    """
    joint = np.zeros((len(phase1) + 1, len(phase2) + 1))
    joint[1:, 1:] = np.outer(phase1, phase2)
    if total_cap is None:
        return StayTable.from_matrix(joint)
    first, second = np.nonzero(joint)
    short_first = np.minimum(first, total_cap)
    short_second = np.minimum(second, total_cap - short_first)
    capped = np.zeros((total_cap + 1, len(phase2) + 1))
    np.add.at(capped, (short_first, short_second), joint[first, second])
    return StayTable.from_matrix(capped)


def residual_stays(
    stays: StayTable | Callable[[int], StayTable],
    hazard: float,
    phase: int | None,
    past: FloatArray | None = None,
) -> StayTable:
    """What is left of the stay of a pupil found in the VKA on the reference date.

    With a count alone the months already spent are unknown.  In the stationary state a pupil is
    met in proportion to the length of the stay (length bias; Cox 1962, renewal theory, section
    5.2), thinned by the monthly ``hazard`` of moving away.  Where the arrivals of the past are
    known, each month spent counts by the arrivals of the month in which it began: after a wave
    the roster is young.

    Parameters
    ----------
    stays:
        Stays of newcomers, or a function that gives those of who entered some months ago.
    phase:
        1 or 2 where the phase is known, ``None`` where only "in a VKA" is known.
    past:
        Arrivals 0, 1, 2 … months before the reference date; older months count as the last one.
        ``None`` for the stationary state.
    """
    entered = stays if callable(stays) else lambda _: stays
    year = [entered(ago) for ago in range(12)]
    longest = max(int((table.phase1 + table.phase2).max()) for table in year)
    most1 = max(int(table.phase1.max()) for table in year)
    most2 = max(int(table.phase2.max()) for table in year)
    arrived = _arrived(past, longest)
    joint = np.zeros((most1 + 1, most2 + 1))
    for spent in range(longest):
        table = entered(spent)
        first, total = table.phase1, table.phase1 + table.phase2
        there = total > spent
        if phase == 1:
            there = first > spent
        elif phase == 2:
            there &= first <= spent
        left_first = np.maximum(first[there] - spent, 0)
        left_second = total[there] - spent - left_first
        weight = table.probability[there] * ((1.0 - hazard) ** spent * arrived[spent])
        np.add.at(joint, (left_first, left_second), weight)
    if not joint.any():
        # A phase that the stays (or the arrivals of the past) leave out, yet somebody is in it:
        # one month is left.
        joint = np.zeros((2, 2))
        joint[(1, 0) if phase == 1 else (0, 1)] = 1.0
    return StayTable.from_matrix(joint)


def _arrived(past: FloatArray | None, months: int) -> FloatArray:
    """Arrivals 0 … months - 1 months ago; 1 for all where nothing is known."""
    if past is None or not len(past):
        return np.ones(months)
    return np.asarray(past[np.minimum(np.arange(months), len(past) - 1)], dtype=np.float64)


def residual_single(
    probabilities: FloatArray, hazard: float, past: FloatArray | None = None
) -> FloatArray:
    """The same for one phase: probabilities of 1, 2, … months left (residual life).

    ``past`` are those who began the phase 0, 1, 2 … months ago, ``None`` for as many each month.
    """
    months = len(probabilities)
    spent_weight = (1.0 - hazard) ** np.arange(months) * _arrived(past, months)
    left = np.array([(probabilities[r:] * spent_weight[: months - r]).sum() for r in range(months)])
    if not left.any():
        left[0] = 1.0
    return np.asarray(left / left.sum(), dtype=np.float64)


def stays_given_spent(
    stays: StayTable, phase: int, in_phase: int | None, in_all: int | None
) -> StayTable:
    """What is left of the stay of a pupil whose months so far are known.

    The stay of a newcomer, given that it has lasted as long as it has.  Whoever has stayed longer
    than any stay of the table has one month left.

    Parameters
    ----------
    phase:
        1 or 2, the phase the pupil is in.
    in_phase:
        Whole months in this phase so far, ``None`` where not known.
    in_all:
        Whole months in the VKA so far, ``None`` where not known.
    """
    first, second = stays.phase1, stays.phase2
    if phase == 1:
        spent = in_phase if in_phase is not None else in_all or 0
        fits = first > spent
        left_first, left_second = first - spent, second
    elif in_phase is None:
        spent = in_all or 0
        fits = (first <= spent) & (first + second > spent)
        left_first, left_second = np.zeros_like(first), first + second - spent
    else:
        fits = second > in_phase
        before = None if in_all is None else in_all - in_phase
        if before is not None and np.any(fits & (first == before)):
            fits &= first == before
        left_first, left_second = np.zeros_like(first), second - in_phase
    if not fits.any():
        over = np.zeros((2, int(second.max()) + 1))
        if phase == 1:
            np.add.at(over, (np.ones_like(second), second), stays.probability)
        else:
            over[0, 1] = 1.0
        return StayTable.from_matrix(over)
    shape = (int(left_first[fits].max()) + 1, int(left_second[fits].max()) + 1)
    joint = np.zeros(shape)
    np.add.at(joint, (left_first[fits], left_second[fits]), stays.probability[fits])
    return StayTable.from_matrix(joint)


@dataclass(frozen=True)
class StayLimits:
    """Most months in phase 1, in phase 2, and in both; ``None`` where nothing limits them."""

    phase1: int | None = None
    phase2: int | None = None
    total: int | None = None


def moved_to_half_years(table: StayTable, steps: IntArray, limits: StayLimits) -> StayTable:
    """Let both phases end with a half-year: whoever is ready earlier waits for the next one.

    Where that would break a limit, the phase ends with the last half-year within the limit.

    Parameters
    ----------
    steps:
        ``[d]`` months to the first half-year that begins d or more months later; at least as long
        as the longest stay and a year more.
    """

    def end(since: IntArray, length: IntArray, limit: int | None) -> IntArray:
        """Month in which a phase of the given length ends that began in month ``since``."""
        ends = np.where(length > 0, steps[since + length], since)
        if limit is None:
            return np.asarray(ends)
        latest = since + limit
        # The last half-year that begins not after `latest`; where none lies in between, `latest`.
        within = np.searchsorted(steps, latest, side="right") - 1
        earlier = np.where((within >= 0) & (steps[within] > since), steps[within], latest)
        return np.where(ends > latest, earlier, ends)

    nothing = np.zeros_like(table.phase1)
    first = end(nothing, table.phase1, limits.phase1)
    last = end(first, table.phase2, limits.phase2)
    if limits.total is not None:
        within = int(np.searchsorted(steps, limits.total, side="right")) - 1
        longest = int(steps[within]) if within >= 0 and steps[within] > 0 else limits.total
        last = np.where(last > limits.total, longest, last)
        first = np.minimum(first, last)
    joint = np.zeros((int(first.max()) + 1, int((last - first).max()) + 1))
    np.add.at(joint, (first, last - first), table.probability)
    return StayTable.from_matrix(joint)
