"""What all futures share when a plan is judged: schools, seats, ways, today's list, the calendar.

Everything is an array in the order of the sorted district, small enough to be sent to a process.
Axes: ``s`` school, ``k`` school type, ``t`` month, ``g`` row of costs (a municipality, or a kind of
child on today's list).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.model import District
from daz_planner.errors import InputError
from daz_planner.german import month
from daz_planner.planning.futures_hours import OfficeHours
from daz_planner.planning.futures_office import OfficeRules
from daz_planner.planning.futures_placing import FloatArray, IntArray, placing_costs
from daz_planner.planning.problem import (
    Problem,
    allowed_schools,
    build_problem,
    waiting_order,
)
from daz_planner.planning.seats import running_seats
from daz_planner.simulation.calendar import same_day
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import Canonical, canonical
from daz_planner.simulation.population import Population, build_population

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan
    from daz_planner.scenario.model import Scenario


@dataclass(frozen=True)
class PlannedClass:
    """A class that the plan opens: ``school``, ``month``, and which of those of the month it is.

    ``without[t]`` are the classes of the school if this one and the later ones of the same month
    do not open.
    """

    school: int
    month: int
    number: int
    without: IntArray


@dataclass(frozen=True)
class ListedChildren:
    """Children of today's list, in the order of the sorted district."""

    place: IntArray
    """``[c]`` row of the costs."""
    rank: IntArray
    """``[c]`` place in the order of registration; children of one day are equal."""
    planned: IntArray
    """``[c]`` school on which the plan seats the child at once, -1 where it does not."""
    pinned: IntArray
    """``[c]`` school on which the office has fixed the child, -1 where on none."""


@dataclass(frozen=True)
class World:
    """Everything but the pupils of a future."""

    population: Population
    seed: int
    school_kind: IntArray
    """``[s]`` index into ``population.school_types``."""
    minutes: FloatArray
    """``[g, s]`` minutes one way."""
    costs: FloatArray
    """``[g, s]`` as of :func:`~daz_planner.planning.futures_placing.placing_costs`."""
    class_cap: FloatArray
    correction: FloatArray
    planned: IntArray
    """``[s, t]`` classes of the plan."""
    today: IntArray
    """``[s, t]`` today's classes, and those that were decided before the plan."""
    openings: tuple[PlannedClass, ...]
    office: OfficeRules
    listed: ListedChildren
    expected_use: FloatArray
    """``[s, t]`` seats that today's pupils are expected to use."""
    survival: FloatArray
    """``[k, t0, t]`` share that, seated in month t0, still needs the seat in t."""
    days: IntArray
    """``[t]`` days from month t to the next."""

    @property
    def month_count(self) -> int:
        """Months including the reference date."""
        return self.population.month_count

    def seats(self, classes: IntArray) -> IntArray:
        """``[s, t]`` whole seats of running classes. Seats by hand may be below 0."""
        return whole_seats(self.class_cap, classes, self.correction)


def whole_seats(cap: FloatArray, classes: IntArray, correction: FloatArray) -> IntArray:
    """``[s, t]`` whole seats: class cap × classes, and the correction while a class runs."""
    seats = running_seats(cap, classes, correction)
    return np.floor(seats + 1e-9).astype(np.int64)


def build_world(plan: Plan, scenario: Scenario, seed: int) -> tuple[World, Canonical]:
    """Collect what all futures share.

    Raises
    ------
    InputError
        If the scenario has other months than the plan.
    """
    ordered = canonical(plan.district)
    district = ordered.district
    population = build_population(district, scenario)
    if population.month_count != len(plan.months) or population.months[0] != plan.months[0]:
        raise InputError(
            f"Der Plan reicht von {month(plan.months[0])} bis {month(plan.months[-1])}, das "
            f"Szenario von {month(population.months[0])} bis {month(population.months[-1])}.",
            place="zeitraum.monate",
            remedy="Beurteilen Sie einen Plan nur mit einem Szenario über dieselben Monate.",
        )
    kinds = population.school_types
    problem = build_problem(district, scenario, expect(population), kinds)
    planned = np.asarray(plan.classes[ordered.school], dtype=np.int64)
    minutes, costs, listed = _costs(district, problem, _planned_seats(plan, ordered))
    today = problem.base
    world = World(
        population=population,
        seed=seed,
        school_kind=problem.kind,
        minutes=minutes,
        costs=costs,
        class_cap=problem.class_cap,
        correction=problem.correction,
        planned=planned,
        today=today,
        openings=planned_classes(planned, today),
        office=OfficeRules(
            most_classes=_office_most(problem),
            class_cap=problem.class_cap,
            opens=_opens(problem, scenario),
            hours=_office_hours(problem),
        ),
        listed=listed,
        expected_use=problem.use_today,
        survival=problem.survival,
        days=_days(district.reference_date, population.months),
    )
    return world, ordered


def planned_classes(classes: IntArray, base: IntArray | None = None) -> tuple[PlannedClass, ...]:
    """The classes that open in ``classes[s, t]``, by school and month, each with its absence.

    Without the n-th class of a month those before it open and the n-th and later ones do not;
    closings that follow take other classes as far as there are any. ``base[s, t]`` are classes
    that run in any case: today's and those decided.
    """
    found = []
    rises = np.diff(classes if base is None else classes - base, axis=1)
    for s, before in np.argwhere(rises > 0).tolist():
        month, row = before + 1, classes[s]
        opened = int(rises[s, before])
        for number in range(1, opened + 1):
            kept = int(row[month]) - opened + number - 1
            # What runs in any case: no more than there was at any time since.
            lowest = np.minimum(kept, np.minimum.accumulate(row[month:]))
            without = row.copy()
            without[month:] = np.maximum(row[month:] - (opened - number + 1), lowest)
            found.append(PlannedClass(s, month, number, without))
    return tuple(found)


def _planned_seats(plan: Plan, ordered: Canonical) -> dict[str, int]:
    """Child → school (sorted) where the plan seats it on the reference date."""
    back = np.argsort(ordered.school)
    return {
        seat.child.pupil_id: int(back[seat.school])
        for seat in plan.children
        if seat.school is not None and seat.month == 0
    }


def _costs(
    district: District, problem: Problem, planned: dict[str, int]
) -> tuple[FloatArray, FloatArray, ListedChildren]:
    """Minutes, costs, and today's list: a row for each municipality, then one for each child.

    The schools that a child wishes for come first, in the order of the wishes, whatever the way.
    """
    index = {m.name: i for i, m in enumerate(district.municipalities)}
    children = district.newcomers
    place = np.array([index[child.municipality] for child in children], dtype=np.int64)
    allowed = [
        allowed_schools(district, problem, child, i)
        for child, i in zip(children, place.tolist(), strict=True)
    ]
    minutes = np.vstack([problem.minutes, problem.minutes[place]])
    felt = minutes.copy()
    step = float(minutes.max(initial=0.0)) + 1.0
    names = [school.name for school in district.schools]
    for c, child in enumerate(children):
        wishes = child.wishes
        ranks = [wishes.index(name) if name in wishes else len(wishes) for name in names]
        felt[len(index) + c] += step * np.array(ranks)
    reach = np.vstack([problem.reach, *(row[None] for row in allowed)])
    days = sorted({waiting_order(child)[0] for child in children})
    listed = ListedChildren(
        place=np.arange(len(children)) + len(index),
        rank=np.array([days.index(waiting_order(child)[0]) for child in children], dtype=np.int64),
        planned=np.array([planned.get(child.pupil_id, -1) for child in children], dtype=np.int64),
        pinned=np.array(
            [names.index(c.pinned_to) if c.pinned_to in names else -1 for c in children],
            dtype=np.int64,
        ),
    )
    return minutes, placing_costs(felt, reach), listed


def _office_most(problem: Problem) -> IntArray:
    """``[s, t]`` as in :class:`OfficeRules`: an office closes none of the classes it orders.

    Classes decided for later take no room from those that open before them.
    """
    further = problem.most - problem.base
    lasting = np.minimum.accumulate(further[:, ::-1], axis=1)[:, ::-1]
    lasting = np.where(problem.barred, 0, lasting)
    return np.asarray(problem.base[:, -1:] + lasting, dtype=np.int64)


def _office_hours(problem: Problem) -> OfficeHours | None:
    """Teacher hours for the office's rule; ``None`` where they are not limited."""
    if problem.hours is None:
        return None
    counted = np.ones_like(problem.use_today) if problem.counted is None else problem.counted.today
    return OfficeHours(problem.hours, problem.hours_groups, counted)


def _opens(problem: Problem, scenario: Scenario) -> IntArray:
    """``[t]`` month in which a class opens that is ordered in month t."""
    months = problem.month_count
    allowed = np.append(np.flatnonzero(problem.may_open), months)
    ready = np.arange(months) + scenario.klassen.vorlauf_monate
    first = np.minimum(np.searchsorted(allowed, ready), len(allowed) - 1)
    return np.asarray(allowed[first], dtype=np.int64)


def _days(reference: date, months: tuple[date, ...]) -> IntArray:
    """``[t]`` days from the day of month t on which its numbers hold to that of the next month."""
    last = months[-1]
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    days = [same_day(reference, month).toordinal() for month in (*months, after)]
    return np.array(np.diff(days), dtype=np.int64)
