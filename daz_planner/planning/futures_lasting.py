"""Seats that last, in drawn futures: nobody is placed on one that its class takes along.

The calendar of the classes is known in advance, like in the plan: where seats become fewer in a
later month, only so many children are placed before as are expected to find one then.  Today's
pupils count as expected, and children who were placed with the share of those who still need their
seat; what really becomes of them is not known before.  A child whom the office has fixed on the
school gets its seat all the same.

Axes: ``r`` future, ``s`` school, ``t`` month.
"""

from __future__ import annotations

import numpy as np

from daz_planner.planning.futures_placing import BoolArray, IntArray
from daz_planner.planning.futures_world import World

_NOBODY = 1e-6


class LastingSeats:
    """How many of the free seats of a month may be given, as seats of later months are fewer."""

    def __init__(self, world: World, runs: int) -> None:
        self.world = world
        self.entered = np.zeros((runs, len(world.school_kind), world.month_count))

    def of(self, month: int, free: IntArray, seats: IntArray) -> IntArray:
        """``[r, s]`` no more than ``free`` of the seats ``seats[r, s, t]`` of all months."""
        later = seats[:, :, month + 1 :]
        fewer = later < seats[:, :, month, None]
        schools = np.flatnonzero(fewer.any(axis=(0, 2)))
        if not len(schools):
            return free
        free = free.copy()
        for s in schools.tolist():
            survival = self.world.survival[self.world.school_kind[s]]
            for t in (np.flatnonzero(fewer[:, s].any(axis=0)) + month + 1).tolist():
                share = float(survival[month, t])
                if share <= _NOBODY:
                    continue
                placed = self.entered[:, s, : month + 1] @ survival[: month + 1, t]
                left = seats[:, s, t] - self.world.expected_use[s, t] - placed
                most = np.floor(np.maximum(0.0, left) / share + _NOBODY).astype(np.int64)
                bound = np.minimum(free[:, s], most)
                free[:, s] = np.where(fewer[:, s, t - month - 1], bound, free[:, s])
        return free

    def pinned(
        self, run: IntArray, listed: IntArray, rank: IntArray, free: IntArray, lasting: IntArray
    ) -> IntArray:
        """``[n]`` school of children fixed on one whose free seats do not last, else -1.

        ``listed`` are children of today's list (-1: none), ``free`` and ``lasting`` ``[r, s]``
        seats.
        """
        found = np.full(len(run), -1, dtype=np.int64)
        if not len(self.world.listed.pinned) or free is lasting:
            return found
        school = np.where(listed >= 0, self.world.listed.pinned[listed], -1)
        rows = np.flatnonzero(school >= 0)
        there, here = free - np.maximum(0, lasting), school[rows]
        rows = rows[there[run[rows], here] > 0]
        for row in rows[np.argsort(rank[rows], kind="stable")].tolist():
            place = run[row], school[row]
            if lasting[place] <= 0 < there[place]:
                there[place] -= 1
                found[row] = school[row]
        return found

    def record(self, month: int, run: IntArray, school: IntArray) -> None:
        """Children who were placed in a month."""
        np.add.at(self.entered[:, :, month], (run, school), 1.0)


def seats_fall(seats: IntArray) -> BoolArray:
    """``[s]`` whether the seats ``[s, t]`` of a school ever become fewer."""
    return np.asarray((np.diff(seats, axis=1) < 0).any(axis=1), dtype=np.bool_)
