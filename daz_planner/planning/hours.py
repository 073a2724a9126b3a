"""Teacher hours that are there: by school type and by planning area, and which types share them.

The sheet Lehrerstunden has rows by school type and rows by planning area; both hold at once, each
for a group of schools.  A school that neither a row of its type nor a row of its area limits keeps
to what the schools of its type like it need today.  A planning area can hold schools of several
types: then these types share teachers and are planned in one problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from daz_planner import rules
from daz_planner.district.text import fold

if TYPE_CHECKING:
    from daz_planner.district.model import District, School
    from daz_planner.scenario.model import Scenario

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

FROM_SHEET = "Blatt Lehrerstunden"
FROM_SCENARIO = "Szenario"
FROM_TODAY = "heutiger Bedarf"


@dataclass(frozen=True)
class HoursRule:
    """Teacher hours of a month: ``per_class`` a class, or ``steps`` by pupils of a school.

    A step is (pupils above which it is reached, additional hours).
    """

    per_class: FloatArray
    """``[s]`` hours per class, supervision included."""
    steps: tuple[tuple[tuple[float, float], ...], ...] | None
    """``[s]`` steps by pupils, ``None`` where classes alone decide."""

    def need(self, classes: FloatArray | IntArray, pupils: FloatArray) -> FloatArray:
        """``[s]`` hours a week that the schools need with so many classes and pupils."""
        hours = np.asarray(self.per_class * classes, dtype=np.float64)
        if self.steps is not None:
            hours += [
                sum(more for above, more in steps if count > above + 1e-9)
                for steps, count in zip(self.steps, pupils.tolist(), strict=True)
            ]
        return hours


@dataclass(frozen=True)
class HoursGroup:
    """Schools that share teacher hours: those of a school type or of a planning area."""

    name: str
    """Code of the school type, or the name of the planning area as the workbook writes it."""
    is_area: bool
    schools: BoolArray
    """``[s]`` whether a school belongs to it."""
    limit: float
    """Hours per week that are there."""
    source: str
    """Where the limit comes from (German)."""

    @property
    def label(self) -> str:
        """What a planner reads."""
        return f"Planungsregion {self.name}" if self.is_area else self.name


def hours_rules(schools: Sequence[School], months: Sequence[date]) -> tuple[HoursRule, ...]:
    """``[t]`` the dated rule for the schools."""
    by_month = []
    for month in months:
        rule = rules.teacher_hours(month)
        steps = [rule.steps(school.school_type) for school in schools]
        own = [rule.per_class(school.school_type) or 0 for school in schools]
        by_month.append(
            HoursRule(
                per_class=np.array([hours + rule.supervision for hours in own], dtype=np.float64),
                steps=None if None in steps else tuple(_increments(s or ()) for s in steps),
            )
        )
    return tuple(by_month)


def hours_groups(
    district: District, scenario: Scenario, month: date, use_today: FloatArray
) -> tuple[HoursGroup, ...]:
    """Who shares how many hours, over ``district.schools``; groups without a school are left out.

    A number of the scenario for a school type goes before the sheet's.

    Parameters
    ----------
    month, use_today:
        The reference date's month and the ``[s]`` pupils then, for today's need.
    """
    groups = list(given_groups(district, scenario))
    schools = district.schools
    limited = np.zeros(len(schools), dtype=np.bool_)
    for group in groups:
        limited |= group.schools
    rule = rules.teacher_hours(month)
    for kind in dict.fromkeys(school.school_type for school in schools):
        own = np.array([school.school_type == kind for school in schools]) & ~limited
        if own.any():
            today = sum(
                rule.hours(kind, schools[s].classes, float(use_today[s]))
                for s in np.flatnonzero(own)
            )
            groups.append(HoursGroup(kind, False, own, float(today), FROM_TODAY))
    return tuple(groups)


def given_groups(district: District, scenario: Scenario) -> tuple[HoursGroup, ...]:
    """The groups with a number in the sheet or the scenario: types first, then areas."""
    sheet = {b.school_type: b.hours for b in district.teacher_budgets if b.school_type}
    by_type = {kind: (hours, FROM_SHEET) for kind, hours in sheet.items()}
    by_type.update(
        (kind, (hours, FROM_SCENARIO)) for kind, hours in (scenario.lehrer.stunden or {}).items()
    )
    types = np.array([school.school_type for school in district.schools], dtype=object)
    areas = np.array([fold(school.planning_area) for school in district.schools], dtype=object)
    groups = [
        HoursGroup(kind, False, np.asarray(types == kind, dtype=np.bool_), float(hours), source)
        for kind, (hours, source) in by_type.items()
    ]
    groups += [
        HoursGroup(
            budget.planning_area,
            True,
            np.asarray(areas == fold(budget.planning_area), dtype=np.bool_),
            float(budget.hours),
            FROM_SHEET,
        )
        for budget in district.teacher_budgets
        if budget.planning_area
    ]
    return tuple(group for group in groups if group.schools.any())


def of_schools(
    groups: Sequence[HoursGroup], rows: IntArray, needed: FloatArray
) -> tuple[HoursGroup, ...]:
    """The groups among some of the schools.

    Where a group has further schools, they keep what they need today.

    Parameters
    ----------
    rows:
        The schools to keep.
    needed:
        ``[s]`` hours that every school needs today.
    """
    kept = np.zeros(len(needed), dtype=np.bool_)
    kept[rows] = True
    return tuple(
        replace(
            group,
            schools=group.schools[rows],
            limit=max(0.0, group.limit - float(needed[group.schools & ~kept].sum())),
        )
        for group in groups
        if (group.schools & kept).any()
    )


def planned_together(
    district: District, scenario: Scenario, kinds: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """The school types in groups that share teacher hours, each in the order of ``kinds``.

    Types share nothing else, so each is a group of its own where hours do not limit, or where no
    planning area with a number of hours has schools of several types.
    """
    leader = {kind: kind for kind in kinds}
    if scenario.lehrer.begrenzt:
        for group in given_groups(district, scenario):
            here = [district.schools[s].school_type for s in np.flatnonzero(group.schools)]
            together = [kind for kind in kinds if kind in here]
            for kind in together[1:]:
                old, new = leader[kind], leader[together[0]]
                leader = {k: new if first == old else first for k, first in leader.items()}
    first = dict.fromkeys(leader[kind] for kind in kinds)
    return tuple(tuple(kind for kind in kinds if leader[kind] == one) for one in first)


def _increments(
    steps: tuple[tuple[int, int | None, int], ...],
) -> tuple[tuple[float, float], ...]:
    """(pupils from, to, hours) → (pupils above which the step is reached, additional hours)."""
    result = []
    before = 0
    for first, _, hours in steps:
        result.append((float(first - 1), float(hours - before)))
        before = hours
    return tuple(result)
