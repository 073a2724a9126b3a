"""Teacher hours of the office's rule in drawn futures: a class is ordered only if they reach.

The hours are those of the plan (:mod:`daz_planner.planning.hours`), by the rule of the month in
which the class opens.  Where pupils count (from 2025/26), the pupils of today's month do, and a
further class needs the next step of its school.  Axes: ``r`` future, ``s`` school, ``t`` month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daz_planner.planning.futures_placing import BoolArray, FloatArray, IntArray
from daz_planner.planning.hours import HoursGroup, HoursRule

_EPSILON = 1e-6


@dataclass(frozen=True)
class OfficeHours:
    """The rule by month, who shares how many hours, and which share of the pupils counts."""

    rules: tuple[HoursRule, ...]
    groups: tuple[HoursGroup, ...]
    counted: FloatArray
    """``[s, t]``"""

    def left(self, month: int, opens: int, classes: IntArray, pupils: IntArray) -> HoursLeft:
        """What is left in ``month`` for classes that open in ``opens``.

        ``classes[r, s]`` run then, ``pupils[r, s]`` are there now.
        """
        rule, counted = self.rules[opens], pupils * self.counted[:, month]
        need = np.asarray(classes * rule.per_class, dtype=np.float64)
        further = np.broadcast_to(rule.per_class, need.shape).astype(np.float64)
        for s, steps in enumerate(rule.steps or ()):
            for above, more in steps:
                need[:, s] += np.where(counted[:, s] > above + _EPSILON, more, 0.0)
            further[:, s] += _next_step(steps, counted[:, s])
        left = [group.limit - need[:, group.schools].sum(axis=1) for group in self.groups]
        return HoursLeft(self.groups, np.array(left).reshape(len(self.groups), -1).T, further)


def _next_step(steps: tuple[tuple[float, float], ...], pupils: FloatArray) -> FloatArray:
    """``[r]`` hours of the first step that the pupils of a school have not reached."""
    found = np.zeros(len(pupils))
    for above, more in reversed(steps):
        found = np.where(pupils <= above + _EPSILON, more, found)
    return found


@dataclass(frozen=True)
class HoursLeft:
    """``left[r, g]`` hours of each group, ``further[r, s]`` hours that one more class needs."""

    groups: tuple[HoursGroup, ...]
    left: FloatArray
    further: FloatArray

    def enough(self, run: IntArray) -> BoolArray:
        """``[n, s]`` whether the hours reach for one more class in the future of each row."""
        enough = np.ones((len(run), self.further.shape[1]), dtype=np.bool_)
        for g, group in enumerate(self.groups):
            own = self.further[run] <= self.left[run, g][:, None] + _EPSILON
            enough &= own | ~group.schools
        return enough

    def order(self, run: IntArray, school: IntArray) -> None:
        """Take the hours of a class at a school of each future; no future stands there twice."""
        for g, group in enumerate(self.groups):
            here = group.schools[school]
            self.left[run[here], g] -= self.further[run[here], school[here]]
