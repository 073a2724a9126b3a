"""Local search over openings: which class opens when and where, judged by the relaxation.

With all classes given the rest of the plan is a flow problem that the solver answers in
milliseconds.  Its reduced costs of the classes tell at least how much another plan would cost (the
value is convex in the classes), so that most neighbours are ruled out without being solved.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from daz_planner.planning.problem import FloatArray, IntArray

Judge = Callable[[IntArray], tuple[float, FloatArray]]
"""``[s, period]`` classes → value (infinite where impossible) and its slope by class."""

MOST_TRIED = 400
TRIED_AFTER_KICK = 150
"""Plans tried at most; a number and not a time, so that the result is the same on each machine."""
_KICK = 3
_SEED = 1


def improve(
    classes: IntArray,
    limits: tuple[IntArray, IntArray],
    judge: Judge,
    *,
    until: float,
    kicks: int = 0,
    most: int = MOST_TRIED,
) -> tuple[IntArray, float]:
    """The best plan found by moving and swapping openings, and its value.

    Parameters
    ----------
    classes, limits:
        ``[s, period]`` classes of a plan without closing, and the fewest and most there may be.
    until:
        A reading of ``time.perf_counter`` at which the search ends.
    kicks:
        How often a search that is stuck starts again near the best plan.
    most:
        Plans tried before the first of these.
    """
    search = _Search(limits, judge, until, most)
    best, value = search.descend(classes, *search.ask(classes))
    rng = np.random.default_rng(_SEED)
    for _ in range(kicks if math.isfinite(value) else 0):
        other = best
        for _ in range(_KICK):
            around = neighbours(other, limits)
            other = around[int(rng.integers(len(around)))] if around else other
        search.left = TRIED_AFTER_KICK
        found, found_value = search.descend(other, *search.ask(other))
        if found_value < value:
            best, value = found, found_value
    return best, value


class _Search:
    """Descents that do not look at the same plan twice."""

    def __init__(
        self, limits: tuple[IntArray, IntArray], judge: Judge, until: float, left: int
    ) -> None:
        self.limits = limits
        self.judge = judge
        self.until = until
        self.left = left
        self.seen: set[bytes] = set()

    def ask(self, classes: IntArray) -> tuple[float, FloatArray]:
        """Value and slope of a plan; infinite where nothing is left to try."""
        self.seen.add(classes.tobytes())
        self.left -= 1
        if self.left < 0 or time.perf_counter() > self.until:
            return math.inf, np.zeros(classes.shape)
        return self.judge(classes)

    def descend(self, best: IntArray, value: float, slope: FloatArray) -> tuple[IntArray, float]:
        """From better to better plan until no neighbour is better."""
        better = math.isfinite(value)
        while better:
            better = False
            around = neighbours(best, self.limits)
            promised = [value + float((slope * (other - best)).sum()) for other in around]
            for n in np.argsort(np.array(promised), kind="stable").tolist():
                if promised[n] >= value - 1e-6 * max(1.0, value) or self.left <= 0:
                    break
                if around[n].tobytes() in self.seen:
                    continue
                found, found_slope = self.ask(around[n])
                if found < value - 1e-6 * max(1.0, value):
                    best, value, slope, better = around[n], found, found_slope, True
                    break
        return best, value


def neighbours(classes: IntArray, limits: tuple[IntArray, IntArray]) -> list[IntArray]:
    """Plans in which one opening moves to another school or month, or two change their months."""
    low, high = limits
    periods = classes.shape[1]
    openings = [
        (s, p)
        for s, row in enumerate(np.diff(classes, axis=1).tolist())
        for p, count in enumerate(row, start=1)
        if count > 0
    ]
    found: dict[bytes, IntArray] = {}

    def keep(*changes: tuple[int, int, int]) -> None:
        other = classes.copy()
        for s, p, more in changes:
            other[s, p:] += more
        if (np.diff(other, axis=1) >= 0).all() and (low <= other).all() and (other <= high).all():
            found.setdefault(other.tobytes(), other)

    for s, p in openings:
        for other in range(len(classes)):
            if other != s:
                keep((s, p, -1), (other, p, 1))
        for month in (p - 1, p + 1):
            if 1 <= month < periods:
                keep((s, p, -1), (s, month, 1))
        for other, month in openings:
            if other != s and month > p:
                keep((s, p, -1), (s, month, 1), (other, month, -1), (other, p, 1))
    return list(found.values())
