"""The figures of one scenario in a comparison, over the months that all scenarios have."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.results.figures import (
    NOISE,
    merged_flows,
    school_types,
    schools_of,
    soft_limit,
    waiting_by_month,
)
from daz_planner.results.need import NeedCourse, each_type_covered, need_course

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.planning.compare import Comparison, ScenarioRun
    from daz_planner.planning.plan import Plan

TOGETHER = "zusammen"


@dataclass(frozen=True)
class RunFigures:
    """What a scenario comes to; pupils and ways are expectations, ways in minutes one way.

    ``None`` where it does not exist: no class opens, nobody is placed, no bound is known.
    """

    registrations: float
    """Registrations a month, on average."""
    need_max: float
    need_low: float
    need_high: float
    """P10 and P90 in the month of the highest need."""
    need_month: date
    need_end: float
    seats_today: float
    classes_new: int
    first_opening: date | None
    class_months: int
    """Months in which classes run that do not today, added up."""
    waiting_max: float
    waiting_months: float
    mean_minutes: float | None
    over_soft: float | None
    hours_max: float
    enough: float | None
    """Share of the futures in which the seats of every school type are enough in every month."""
    gap: float | None
    """Largest distance to the best plan of any goal."""
    gap_unknown: bool
    cut_off: bool


def run_figures(plan: Plan, months: int) -> RunFigures:
    """The figures of a plan within its first months."""
    kinds = compared_types([plan])
    course = need_of(plan, kinds, months)
    peak = int(np.argmax(course.expected))
    waiting = waiting_by_month(plan)[:months]
    opened = [item for item in plan.openings if item.month < months]
    more = np.maximum(0, plan.classes[:, :months] - plan.classes[:, :1])
    placed = weighted = over = 0.0
    for (_, s, t), (pupils, minutes) in merged_flows(plan).items():
        if t < months:
            placed += pupils
            weighted += pupils * minutes
            if minutes > soft_limit(plan, plan.district.schools[s].school_type) + NOISE:
                over += pupils
    gaps = [stage.gap for stage in plan.stages]
    known = [gap for gap in gaps if gap is not None]
    return RunFigures(
        registrations=registrations(plan, months),
        need_max=float(course.expected[peak]),
        need_low=float(course.low[peak]),
        need_high=float(course.high[peak]),
        need_month=plan.months[peak],
        need_end=float(course.expected[-1]),
        seats_today=float(plan.seats[:, 0].sum()),
        classes_new=sum(item.classes for item in opened),
        first_opening=min((plan.months[item.month] for item in opened), default=None),
        class_months=int(more.sum()),
        waiting_max=float(waiting.max(initial=0.0)),
        waiting_months=float(waiting.sum()),
        mean_minutes=weighted / placed if placed else None,
        over_soft=over / placed if placed else None,
        hours_max=float(plan.weekly_hours[:, :months].sum(axis=0).max(initial=0.0)),
        enough=course.covered / course.futures if course.futures else None,
        gap=max(known, default=None if gaps else 0.0),
        gap_unknown=len(known) < len(gaps),
        cut_off=plan.hit_limit,
    )


def registrations(plan: Plan, months: int) -> float:
    """Expected registrations a month, from the month after the reference date on."""
    arrived = plan.forecast.expected_flows["arrived"][:, 1:months]
    return float(arrived.sum(axis=0).mean()) if arrived.size else 0.0


def compared_types(plans: list[Plan]) -> tuple[str, ...]:
    """School types with a school, with children who wait or with a forecast, in table order."""
    present = {kind for plan in plans for kind in school_types(plan)}
    for plan in plans:
        expected = plan.forecast.vka_expected.sum(axis=1)
        present |= {
            kind
            for kind, pupils in zip(plan.forecast.school_types, expected, strict=True)
            if pupils > NOISE
        }
    return tuple(kind for kind in SCHOOL_TYPES if kind in present)


def need_of(plan: Plan, kinds: tuple[str, ...], months: int, name: str = TOGETHER) -> NeedCourse:
    """Need and seats of some school types within the first months of a plan."""
    seats = np.array([plan.seats[schools_of(plan, kind), :months].sum(axis=0) for kind in kinds])
    course = need_course(plan.forecast, kinds, seats.sum(axis=0), name)
    if len(kinds) < 2:
        return course
    known = [n for n, kind in enumerate(kinds) if kind in plan.forecast.school_types]
    return each_type_covered(course, plan.forecast, [kinds[n] for n in known], seats[known])


def opening_months(plan: Plan, months: int) -> dict[int, list[int]]:
    """School → months in which its new classes open, one entry a class, in order."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for item in sorted(plan.openings, key=lambda opening: opening.month):
        if item.month < months:
            found[item.school].extend([item.month] * item.classes)
    return dict(found)


@dataclass(frozen=True)
class NeededClasses:
    """New classes of a school or a school type that open in every scenario.

    Attributes
    ----------
    key:
        Position of the school, or the school type.
    counts, firsts:
        By scenario: new classes, and month of the first one.
    everywhere:
        Classes that open in all scenarios, the least of ``counts``.
    earliest, latest:
        When the first of them opens at the earliest, and from when on all of them run in every
        scenario. ``None`` where ``everywhere`` is 0.
    """

    key: int | str
    counts: tuple[int, ...]
    firsts: tuple[date | None, ...]
    everywhere: int
    earliest: date | None
    latest: date | None

    @property
    def scenarios(self) -> int:
        """In how many scenarios a class opens."""
        return sum(count > 0 for count in self.counts)


def needed_by_school(comparison: Comparison) -> list[NeededClasses]:
    """Schools with a new class in any scenario: most scenarios first, then the order of tables."""
    opened = _openings(comparison)
    schools = comparison.district.schools
    there = sorted({s for found in opened for s in found})
    rows = [_needed(comparison, s, [found.get(s, []) for found in opened]) for s in there]
    kind = {name: n for n, name in enumerate(SCHOOL_TYPES)}
    return sorted(
        rows,
        key=lambda row: (
            -row.everywhere,
            -row.scenarios,
            kind.get(schools[int(row.key)].school_type, len(kind)),
            row.key,
        ),
    )


def needed_by_type(comparison: Comparison) -> list[NeededClasses]:
    """The same by school type: another school of the type may open instead."""
    opened = _openings(comparison)
    schools = comparison.district.schools
    kinds = [
        kind
        for kind in SCHOOL_TYPES
        if any(schools[s].school_type == kind for found in opened for s in found)
    ]
    return [
        _needed(
            comparison,
            kind,
            [
                sorted(
                    t
                    for s, months in found.items()
                    if schools[s].school_type == kind
                    for t in months
                )
                for found in opened
            ],
        )
        for kind in kinds
    ]


def _openings(comparison: Comparison) -> list[dict[int, list[int]]]:
    count = len(comparison.months)
    return [opening_months(plan_of(run), count) for run in comparison.planned]


def _needed(comparison: Comparison, key: int | str, opened: list[list[int]]) -> NeededClasses:
    months = comparison.months
    least = min(len(found) for found in opened)
    return NeededClasses(
        key,
        tuple(len(found) for found in opened),
        tuple(months[found[0]] if found else None for found in opened),
        least,
        months[min(found[0] for found in opened)] if least else None,
        months[max(found[least - 1] for found in opened)] if least else None,
    )


def plan_of(run: ScenarioRun) -> Plan:
    """The plan of a scenario that has one."""
    assert run.plan is not None
    return run.plan
