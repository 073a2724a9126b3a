"""The simple rule of an office that does not plan ahead, for many futures at once.

Children are taken in the order of registration.  Each gets the nearest school with a free seat.
Where all schools in reach are full, a class is ordered at the nearest school in reach with a free
room; it opens in the first month allowed after the lead time.  As long as a class that was ordered
in reach has seats that are promised to nobody, no further one is ordered.  Where more pupils are at
a school than it has seats, a new class serves them first.  Where teacher hours are limited, a class
is ordered only if they reach for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daz_planner.planning.futures_hours import OfficeHours
from daz_planner.planning.futures_placing import WAITS, BoolArray, FloatArray, IntArray


@dataclass(frozen=True)
class OfficeRules:
    """When and where an office may open classes. Axes: ``s`` school, ``t`` month."""

    most_classes: IntArray
    """``[s, t]`` classes at the end of the period, if those ordered last open in the month, that
    the rooms allow."""
    class_cap: FloatArray
    """``[s, t]`` seats of a class."""
    opens: IntArray
    """``[t]`` month in which a class opens that is ordered in month t; none: the month after the
    last one."""
    hours: OfficeHours | None = None
    """Teacher hours, where they are limited."""


class Office:
    """The classes of each future as the office has ordered them.

    ``classes[r, s, t]`` are those that run, with all that were ordered so far.
    """

    def __init__(self, classes: IntArray, futures: int, rules: OfficeRules) -> None:
        self.rules = rules
        self.classes = np.repeat(classes[None], futures, axis=0)

    def place(
        self,
        month: int,
        run: IntArray,
        place: IntArray,
        rank: IntArray,
        costs: FloatArray,
        free: IntArray,
        pupils: IntArray | None = None,
    ) -> IntArray:
        """``[n]`` school of each child, or ``WAITS``; orders classes on the way.

        ``costs[g, s]`` are over all schools, infinite where a school is not in reach;
        ``free[r, s]`` are the seats free in the month, below 0 where more pupils are there than
        seats. ``pupils[r, s]`` are those who are there, for limited teacher hours.
        """
        found = np.full(len(run), WAITS, dtype=np.int64)
        if not len(run):
            return found
        opens = int(self.rules.opens[month])
        may_order = opens < self.classes.shape[2]
        free = free.copy()
        later = free + self._not_yet_open(month)
        hours = None
        if self.rules.hours is not None and pupils is not None and may_order:
            hours = self.rules.hours.left(month, opens, self.classes[:, :, -1], pupils)
        order = np.lexsort((np.arange(len(run)), rank, run))
        ordered_run = run[order]
        turn = np.arange(len(run)) - np.searchsorted(ordered_run, ordered_run)
        by_turn = order[np.argsort(turn, kind="stable")]
        for rows in np.split(by_turn, np.cumsum(np.bincount(turn))[:-1]):
            # At most one child of each future takes a turn, so that nobody takes a seat twice.
            own = costs[place[rows]]
            school, sits = _nearest(own, free[run[rows]] > 0)
            found[rows[sits]] = school[sits]
            free[run[rows[sits]], school[sits]] -= 1
            later[run[rows[sits]], school[sits]] -= 1
            rows, own = rows[~sits], own[~sits]
            school, promised = _nearest(own, later[run[rows]] > 0)
            later[run[rows[promised]], school[promised]] -= 1
            rows, own = rows[~promised], own[~promised]
            if not may_order or not len(rows):
                continue
            cap = self.rules.class_cap[:, opens].astype(np.int64)
            rooms = self.rules.most_classes[:, opens] - self.classes[run[rows], :, -1]
            there = (rooms > 0) & (later[run[rows]] + cap > 0)
            if hours is not None:
                there &= hours.enough(run[rows])
            school, orders = _nearest(own, there)
            rows, school = rows[orders], school[orders]
            if hours is not None:
                hours.order(run[rows], school)
            self.classes[run[rows], school, opens:] += 1
            later[run[rows], school] += cap[school] - 1
            if opens == month:
                free[run[rows], school] += cap[school] - 1
                found[rows] = school
        return found

    def _not_yet_open(self, month: int) -> IntArray:
        """``[r, s]`` seats of classes that are ordered and do not run yet."""
        ordered = np.maximum(0, self.classes[:, :, -1] - self.classes[:, :, month])
        return np.asarray(ordered * self.rules.class_cap[:, -1], dtype=np.int64)


def _nearest(costs: FloatArray, there: BoolArray) -> tuple[IntArray, BoolArray]:
    """The cheapest school of each row among those that are there, and whether there is one."""
    own = np.where(there, costs, np.inf)
    school = own.argmin(axis=1)
    return school, np.isfinite(own[np.arange(len(own)), school])
