"""A plan judged on drawn futures: are its classes needed, how long do children wait?

The classes of the plan are fixed.  In each future the children are placed month by month, with
nothing known of later months: oldest first, then at least minutes, on the seats that are free.  The
same futures under today's classes and under the simple rule of an office show what planning is
worth.

Rules of this module:

* Children of today's list who have a seat in the plan at once take it; all others are placed by
  the rule, today's list first in the order of registration. Pins, exclusions and wishes hold.
  Children of one family are placed one by one.
* All seats up to the class cap may be used, not only those of the planning size. The calendar of
  the classes is known: seats that a decision takes away are not given to children who would still
  need them then (:mod:`daz_planner.planning.futures_lasting`).
* The months in phases 1 and 2 begin with the seat, as in the plan: who waits needs it for as long.
* A planned class is *needed* in a future if without it, all else being equal, the children wait at
  least one month more, all of them together; needed *from* the first month in which more of them
  wait without it. Of n classes that open together the j-th is missing together with those after it.
* Days of waiting count from the reference date, or from the month of registration, to the month of
  the seat; who still waits at the end counts until then. A month lasts as long as in the calendar.
* Each child counts once, however often it has to seek a seat; a child back in phase 2 counts again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import InputError
from daz_planner.german import number
from daz_planner.planning.futures_blocks import (
    NEVER_NEEDED,
    BlockCounts,
    BlockJudge,
    PolicyCounts,
)
from daz_planner.planning.futures_placing import BoolArray, FloatArray, IntArray
from daz_planner.planning.futures_world import PlannedClass, build_world
from daz_planner.simulation.ensemble import MOST_FUTURES, Progress
from daz_planner.simulation.pool import on_processes
from daz_planner.simulation.streams import BLOCK

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.planning.plan import Plan
    from daz_planner.scenario.model import Scenario

PLAN, TODAY, OFFICE = "Plan", "Nichts tun", "Einfache Regel"
"""The three policies, in the words of the tables."""
_QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class ClassJudgement:
    """A planned class on all futures.

    Attributes
    ----------
    school, month:
        Row in ``district.schools`` and month in which it opens.
    number:
        1 for the first class that opens there in that month, 2 for the second …
    needed_from:
        ``[r]`` first month in which more children wait without it, -1 where it is not needed.
    extra_waiting:
        ``[r]`` child months of waiting more without it. Rarely below 0: a seat given earlier can
        be lacking later.
    """

    school: int
    month: int
    number: int
    needed_from: IntArray
    extra_waiting: IntArray

    @property
    def share_needed(self) -> float:
        """Share of the futures in which the class is needed."""
        return float((self.needed_from != NEVER_NEEDED).mean())

    def needed_by(self, months: int) -> FloatArray:
        """``[t]`` share of the futures in which it is needed in month t or before."""
        months_needed = self.needed_from[self.needed_from != NEVER_NEEDED]
        counts = np.bincount(months_needed, minlength=months)[:months]
        return np.asarray(np.cumsum(counts) / len(self.needed_from), dtype=np.float64)

    @property
    def usual_month(self) -> int | None:
        """Month by which it is needed in half of the futures that need it at all."""
        months = np.sort(self.needed_from[self.needed_from != NEVER_NEEDED])
        return int(months[(len(months) - 1) // 2]) if len(months) else None


@dataclass(frozen=True)
class PolicyJudgement:
    """What one policy leads to on all futures.

    Axes as in :class:`~daz_planner.planning.futures_blocks.PolicyCounts`; schools in the order of
    the district. Where a school type is asked for, ``None`` means all together.
    """

    name: str
    counts: PolicyCounts

    def child_months(self, kind: int | None = None) -> FloatArray:
        """``[r]`` child months of waiting."""
        return self._of(self.counts.waiting.sum(axis=2), kind)

    def class_months(self) -> FloatArray:
        """``[r]`` classes that run, summed over the months."""
        return np.asarray(self.counts.classes.sum(axis=(1, 2)), dtype=np.float64)

    def new_classes(self) -> FloatArray:
        """``[r]`` classes that open within the months."""
        rises = np.maximum(0, np.diff(self.counts.classes, axis=2))
        return np.asarray(rises.sum(axis=(1, 2)), dtype=np.float64)

    def mean_days(self, kind: int | None = None) -> float:
        """Mean days of waiting of a child who seeks a seat; 0 where nobody does."""
        return _ratio(self._of(self.counts.days, kind), self._of(self.counts.children, kind))

    def share_long(self, kind: int | None = None) -> float:
        """Share of the children who wait longer than 60 days."""
        return _ratio(self._of(self.counts.long, kind), self._of(self.counts.children, kind))

    def mean_minutes(self, kind: int | None = None) -> float | None:
        """Mean minutes one way of a seat that was given, ``None`` where none was."""
        placed = self._of(self.counts.placed, kind)
        return _ratio(self._of(self.counts.minutes, kind), placed) if placed.any() else None

    def days_quantile(self, share: float, kind: int | None = None) -> int:
        """The least number of days that at least this share of the children does not exceed."""
        counts = self.counts.by_days if kind is None else self.counts.by_days[[kind]]
        cumulative = counts.sum(axis=0).cumsum()
        return int(np.searchsorted(cumulative, share * cumulative[-1] - 1e-9))

    def use_quantiles(self) -> FloatArray:
        """``[q, s, t]`` P10, P50 and P90 of the seats in use (whole numbers that occur)."""
        return np.asarray(
            np.quantile(self.counts.use, _QUANTILES, axis=0, method="inverted_cdf"),
            dtype=np.float64,
        )

    @staticmethod
    def _of(values: IntArray | FloatArray, kind: int | None) -> FloatArray:
        chosen = values.sum(axis=1) if kind is None else values[:, kind]
        return np.asarray(chosen, dtype=np.float64)


@dataclass(frozen=True)
class Judgement:
    """The plan, doing nothing and the rule of an office on the same futures.

    Attributes
    ----------
    policies:
        By name, in the order :data:`PLAN`, :data:`TODAY`, :data:`OFFICE`.
    classes:
        The classes that the plan opens, by month and school.
    seats:
        ``[s, t]`` whole seats of the plan.
    """

    district: District
    months: tuple[date, ...]
    school_types: tuple[str, ...]
    futures: int
    seed: int
    policies: dict[str, PolicyJudgement]
    classes: tuple[ClassJudgement, ...]
    seats: IntArray
    hours_limited: bool = False
    """Whether teacher hours are limited: then the rule of the office keeps to them, too."""

    def shares_needed(self) -> dict[tuple[int, int], list[float]]:
        """(school, month of opening) → share of the futures for each class that opens there."""
        shares: dict[tuple[int, int], list[float]] = {}
        for one in self.classes:
            shares.setdefault((one.school, one.month), []).append(one.share_needed)
        return shares

    def never_waiting(self, name: str) -> BoolArray:
        """``[r]`` whether nobody waits in any month under a policy."""
        return np.asarray(self.policies[name].child_months() == 0.0, dtype=np.bool_)


def judge(
    plan: Plan,
    *,
    scenario: Scenario | None = None,
    futures: int = 500,
    processes: int = 1,
    seed: int | None = None,
    progress: Progress | None = None,
) -> Judgement:
    """Judge a plan on drawn futures.

    Parameters
    ----------
    scenario:
        The assumptions under which the futures are drawn; without one those of the plan. It has
        to reach over the same months.
    futures:
        How many futures, at most 100,000.
    processes:
        How many processes work on it. The result is the same for any number.
    seed:
        Without one that of the scenario; then the futures are those of the forecast.

    Raises
    ------
    InputError
        If there is no future to judge on, or the scenario has other months than the plan.
    ConservationError
        If a child was lost, counted twice or seated without a seat (a bug).
    """
    if not 1 <= futures <= MOST_FUTURES:
        raise InputError(
            f"Ein Plan lässt sich nicht an {number(futures)} Zukünften prüfen.",
            remedy=f"Nennen Sie eine Zahl von 1 bis {number(MOST_FUTURES)}.",
        )
    scenario = plan.scenario if scenario is None else scenario
    seed = scenario.rechnen.saat if seed is None else seed
    world, ordered = build_world(plan, scenario, seed)
    blocks = -(-futures // BLOCK)
    parts: list[BlockCounts] = []
    shared, workers = (world, futures), min(processes, blocks)
    with on_processes(BlockJudge, shared, _judge_block, workers) as judged:
        for part in judged(range(blocks)):
            parts.append(part)
            if progress is not None:
                progress(len(parts) / blocks, "Der Plan wird an Zukünften geprüft")
    back = np.argsort(ordered.school)
    return Judgement(
        district=plan.district,
        months=plan.months,
        school_types=world.population.school_types,
        futures=futures,
        seed=seed,
        policies={
            name: PolicyJudgement(name, _joined([part.policies[p] for part in parts], back))
            for p, name in enumerate((PLAN, TODAY, OFFICE))
        },
        classes=_classes(world.openings, parts, ordered.school),
        seats=world.seats(world.planned)[back],
        hours_limited=world.office.hours is not None,
    )


def with_judgement(
    plan: Plan, futures: int, processes: int = 1, progress: Progress | None = None
) -> Plan:
    """The plan with its judgement; as it is where no future is asked for."""
    if futures == 0:
        return plan
    return replace(
        plan, judgement=judge(plan, futures=futures, processes=processes, progress=progress)
    )


def _classes(
    openings: tuple[PlannedClass, ...], parts: list[BlockCounts], schools: IntArray
) -> tuple[ClassJudgement, ...]:
    found = [
        ClassJudgement(
            school=int(schools[opening.school]),
            month=opening.month,
            number=opening.number,
            needed_from=np.concatenate([part.first[c] for part in parts]),
            extra_waiting=np.concatenate([part.extra[c] for part in parts]),
        )
        for c, opening in enumerate(openings)
    ]
    return tuple(sorted(found, key=lambda item: (item.month, item.school, item.number)))


def _joined(parts: list[PolicyCounts], back: IntArray) -> PolicyCounts:
    """The futures of all blocks, schools in the order of the workbook."""
    names = [field.name for field in fields(PolicyCounts) if field.name != "by_days"]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    days = np.sum([part.by_days for part in parts], axis=0)
    counts = PolicyCounts(**joined, by_days=days)
    return replace(counts, use=counts.use[:, back], classes=counts.classes[:, back])


def _ratio(part: FloatArray, whole: FloatArray) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0


def _judge_block(judge: BlockJudge, block: int) -> BlockCounts:
    return judge.judge(block)
