"""A block of futures under three policies, and once more without each planned class.

The policies meet the same children: the plan, today's classes, and the rule of an office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daz_planner.planning.futures_children import Seekers, split_pupils
from daz_planner.planning.futures_lasting import seats_fall
from daz_planner.planning.futures_months import Course, FixedClasses, OfficeClasses, follow
from daz_planner.planning.futures_placing import FloatArray, IntArray, Known
from daz_planner.planning.futures_world import World
from daz_planner.simulation.pupils import Drawing
from daz_planner.simulation.streams import BLOCK

LONG_WAIT = 60
"""Days; whoever waits longer has waited long."""
NEVER_NEEDED = -1
_TOGETHER = 512


@dataclass(frozen=True)
class PolicyCounts:
    """What one policy leads to in each future.

    Axes: ``r`` future, ``k`` school type in which the child first seeks a seat, ``s`` school,
    ``t`` month.
    """

    waiting: IntArray
    """``[r, k, t]`` children who wait, by the type in which they do."""
    use: IntArray
    """``[r, s, t]`` seats in use."""
    classes: IntArray
    """``[r, s, t]`` classes that run."""
    children: IntArray
    """``[r, k]`` children who seek a seat."""
    days: IntArray
    """``[r, k]`` days that they wait, together."""
    long: IntArray
    """``[r, k]`` how many of them wait longer than :data:`LONG_WAIT` days."""
    placed: IntArray
    """``[r, k]`` seats given, by the type of the school."""
    minutes: FloatArray
    """``[r, k]`` minutes one way to these seats, together."""
    by_days: IntArray
    """``[k, d]`` children of all futures who wait d days."""


@dataclass(frozen=True)
class BlockCounts:
    """The policies (plan, today, office), and for each planned class what its absence does.

    ``first[c, r]`` first month in which more children wait without the class,
    :data:`NEVER_NEEDED` where no child waits longer; ``extra[c, r]`` child months of waiting more.
    """

    policies: tuple[PolicyCounts, ...]
    first: IntArray
    extra: IntArray


class BlockJudge:
    """Judges one block of futures at a time; keeps the tables that all blocks share."""

    def __init__(self, world: World, futures: int) -> None:
        self.world = world
        self.futures = futures
        self.drawing = Drawing(world.population, world.seed, places=True)
        self.known: list[Known] = []

    def judge(self, block: int) -> BlockCounts:
        """The futures ``block * BLOCK …`` as far as they are asked for."""
        world = self.world
        self.known = [{} for _ in world.population.school_types]
        runs = np.arange(min(BLOCK, self.futures - block * BLOCK))
        used, everybody = split_pupils(world, self.drawing.block(block))
        used, children = used[runs], everybody.of_runs(runs)
        plan, plan_course = self._fixed(children, used, world.planned, as_planned=True)
        today, _ = self._fixed(children, used, world.today, as_planned=False)
        office = OfficeClasses(world, len(runs))
        course = follow(world, children, used, office)
        counts = _counts(world, children, course, office.office.classes)
        first, extra = self._without_each(children, used, plan_course)
        return BlockCounts((plan, today, counts), first, extra)

    def _fixed(
        self, children: Seekers, used: IntArray, classes: IntArray, *, as_planned: bool
    ) -> tuple[PolicyCounts, Course]:
        seats = np.broadcast_to(self.world.seats(classes), used.shape)
        policy = FixedClasses(self.world, seats, np.full(len(used), as_planned), self.known)
        course = follow(self.world, children, used, policy)
        everywhere = np.broadcast_to(classes, used.shape)
        return _counts(self.world, children, course, everywhere), course

    def _without_each(
        self, children: Seekers, used: IntArray, plan: Course
    ) -> tuple[IntArray, IntArray]:
        """``[c, r]`` first month of more waiting, and how much more, without each class."""
        shape = (len(self.world.openings), len(used))
        first = np.full(shape, NEVER_NEEDED)
        extra = np.zeros(shape, dtype=np.int64)
        with_it = plan.waiting.sum(axis=1)
        for which, runs, seats in self._worth_trying(plan):
            as_planned = np.ones(len(runs), dtype=np.bool_)
            policy = FixedClasses(self.world, seats, as_planned, self.known)
            course = follow(self.world, children.of_runs(runs), used[runs], policy)
            more = course.waiting.sum(axis=1) - with_it[runs]
            total = more.sum(axis=1)
            extra[which, runs] = total
            first[which, runs] = np.where(total > 0, (more > 0).argmax(axis=1), NEVER_NEEDED)
        return first, extra

    def _worth_trying(self, plan: Course) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
        """Classes and futures in which somebody is placed on a seat of the class, in portions.

        Where nobody ever is, the placing of each month stays allowed without the class, and what
        was the best placing on more seats is the best on fewer: the same happens. Where seats fall
        later, each seat counts for the months before.
        """
        world = self.world
        seats = world.seats(world.planned)
        without = []
        pairs: list[tuple[int, int]] = []
        for c, opening in enumerate(world.openings):
            classes = world.planned.copy()
            classes[opening.school] = opening.without
            without.append(world.seats(classes))
            s = opening.school
            above = plan.placed[:, s] > 0
            if not seats_fall(without[-1][[s]])[0]:
                above &= plan.use[:, s] > without[-1][s]
            pairs.extend((c, int(r)) for r in np.flatnonzero(above.any(axis=1)))
        for begin in range(0, len(pairs), _TOGETHER):
            which, runs = np.array(pairs[begin : begin + _TOGETHER], dtype=np.int64).T
            table = np.array(without, dtype=np.int64).reshape(-1, *seats.shape)
            yield which, runs, table[which]


def _counts(world: World, children: Seekers, course: Course, classes: IntArray) -> PolicyCounts:
    runs, kinds = course.waiting.shape[:2]
    index = children.run * kinds + children.kind

    def summed(who: IntArray, weights: IntArray | None = None) -> IntArray:
        total = np.bincount(
            index[who], None if weights is None else weights[who], minlength=runs * kinds
        )
        return np.asarray(total, dtype=np.int64).reshape(runs, kinds)

    everybody = np.arange(len(children))
    longest = int(world.days.sum()) + 1
    by_days = np.bincount(children.kind * longest + course.days, minlength=kinds * longest)
    placed = np.zeros((runs, kinds), dtype=np.int64)
    for k in range(kinds):
        placed[:, k] = course.placed[:, world.school_kind == k].sum(axis=(1, 2))
    return PolicyCounts(
        waiting=course.waiting.astype(np.int32),
        use=course.use.astype(np.int32),
        classes=classes.astype(np.int32),
        children=summed(everybody),
        days=summed(everybody, course.days),
        long=summed(np.flatnonzero(course.days > LONG_WAIT)),
        placed=placed,
        minutes=course.minutes,
        by_days=by_days.reshape(kinds, longest),
    )
