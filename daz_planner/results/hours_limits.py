"""Teacher hours needed against those that are there, by school type and by planning area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.text import fold
from daz_planner.planning.hours import given_groups, hours_groups
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    import numpy.typing as npt

    from daz_planner.planning.plan import Plan

NEED, THERE, LEFT = "Bedarf", "vorhanden", "frei (minus: fehlt)"


@dataclass(frozen=True)
class HoursCourse:
    """A school type or a planning area: ``[t]`` hours needed, and those that are there if known."""

    name: str
    is_area: bool
    need: npt.NDArray[np.float64]
    limit: float | None
    source: str
    schools: npt.NDArray[np.bool_]
    """``[s]`` whether a school belongs to it."""


def hours_courses(plan: Plan) -> list[HoursCourse]:
    """All groups with a limit, and the planning areas without one.

    Where hours do not limit the plan, those of the sheet are still told beside the need.
    """
    district, scenario = plan.district, plan.scenario
    if scenario.lehrer.begrenzt:
        pupils = plan.use_today[:, 0] if plan.counted_today is None else plan.counted_today
        groups = hours_groups(district, scenario, plan.months[0], pupils)
    else:
        groups = given_groups(district, scenario)
    courses = [
        HoursCourse(
            group.name,
            group.is_area,
            plan.weekly_hours[group.schools].sum(axis=0),
            group.limit,
            group.source,
            group.schools,
        )
        for group in groups
    ]
    known = {fold(group.name) for group in groups if group.is_area}
    courses.extend(_areas_without(plan, known))
    return sorted(courses, key=lambda course: course.is_area)


def _areas_without(plan: Plan, known: set[str]) -> Iterator[HoursCourse]:
    names: dict[str, str] = {}
    for school in plan.district.schools:
        if school.planning_area:
            names.setdefault(fold(school.planning_area), school.planning_area)
    for key, name in sorted(names.items(), key=lambda item: item[1]):
        if key not in known:
            rows = np.array([fold(school.planning_area) == key for school in plan.district.schools])
            yield HoursCourse(name, True, plan.weekly_hours[rows].sum(axis=0), None, "", rows)


def hours_limit_table(plan: Plan) -> Table:
    """Lehrerstunden: need, hours that are there, and what is left, by group and month."""
    hours = "Lehrerwochenstunden"
    columns = [
        Column("Bereich"),
        Column("für", width=24),
        Column("Monat", Kind.MONTH),
        Column(NEED, Kind.NUMBER, hours, 1),
        Column(THERE, Kind.NUMBER, hours, 1),
        Column(LEFT, Kind.NUMBER, hours, 1),
        Column("Herkunft", width=20),
    ]
    rows = [
        [
            "Planungsregion" if course.is_area else "Schulart",
            course.name,
            month,
            float(course.need[t]),
            course.limit,
            None if course.limit is None else course.limit - float(course.need[t]),
            course.source,
        ]
        for course in hours_courses(plan)
        for t, month in enumerate(plan.months)
    ]
    empty = "Es sind weder Lehrerstunden noch Planungsregionen angegeben."
    return table("lehrerstunden_grenzen", columns, rows, empty=empty)
