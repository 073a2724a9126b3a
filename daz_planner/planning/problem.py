"""The planning problem as arrays: what is fixed before any class or child is decided.

Axes: ``s`` school, ``k`` school type (within the problem), ``i`` municipality, ``t`` month.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from daz_planner.district.model import District, Newcomer, School
from daz_planner.district.ways import LocatedSchool, way_minutes
from daz_planner.planning.class_plan import (
    barred_months,
    decided_classes,
    fewer_than_today,
    most_classes,
)
from daz_planner.planning.counted import CountedShares, counted_shares
from daz_planner.planning.hours import (
    HoursGroup,
    HoursRule,
    hours_groups,
    hours_rules,
    of_schools,
)
from daz_planner.planning.rooms import lasting_classes, rooms_by_month
from daz_planner.planning.seats import class_caps, reserve_corrections, running_seats
from daz_planner.planning.spread import spread_measure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.expectation import Outlook

_DUST = 1e-6

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ChildGroup:
    """Children of today's list who are alike for the plan: same residence, type and schools."""

    children: tuple[int, ...]
    """Indices into ``district.newcomers``, longest waiting first."""
    kind: int
    municipality: int
    allowed: BoolArray
    """``[s]`` schools that the children may attend."""
    survival: FloatArray
    """``[t0, t]`` share that, seated in t0, still needs the seat in t."""
    months_waited: int
    """Whole months since the registration of the longest waiting child."""
    days_waited: float
    """Mean days since registration, the measure of precedence between groups."""
    until: int
    """Months in which the children still belong to the school type; then August has changed it."""


@dataclass(frozen=True)
class Problem:
    """Schools of one school type (or of several that share teacher hours) and their demand."""

    school_types: tuple[str, ...]
    schools: IntArray
    """``[s]`` index into ``district.schools``."""
    kind: IntArray
    """``[s]`` index into ``school_types``."""
    months: tuple[date, ...]
    classes_today: IntArray
    rooms: IntArray
    """``[s]`` rooms for further classes, in the month with the most of them."""
    base: IntArray
    """``[s, t]`` K⁰, today's classes or the number decided for the month (sheet Klassenplan)."""
    decided: BoolArray
    """``[s, t]`` whether the number is decided, so that no class of it may close."""
    barred: BoolArray
    """``[s, t]`` no further class may open in the month (sheet Klassenplan)."""
    most: IntArray
    """``[s, t]`` most classes that may run: that have a room then and as long as they go on."""
    class_cap: FloatArray
    """``[s, t]`` κ, most pupils in a class."""
    planning_size: FloatArray
    """``[s, t]`` p, seats of a class that a forecast may count on; never above κ."""
    correction: FloatArray
    """``[s]`` ρ, correction of the reserve entered by hand."""
    use_today: FloatArray
    """``[s, t]`` B, seats used by today's pupils and guests."""
    use_children: FloatArray
    """``[s, t]`` seats used by children of today's list who are seated already."""
    minutes: FloatArray
    """``[i, s]`` τ"""
    reach: BoolArray
    """``[i, s]`` τ within the hard limit."""
    excess: FloatArray
    """``[i, s]`` minutes beyond the soft limit."""
    demand: FloatArray
    """``[k, i, t]`` n, forecast demand for seats."""
    survival: FloatArray
    """``[k, t0, t]`` σ"""
    groups: tuple[ChildGroup, ...]
    """Children of today's list who have no seat yet."""
    hazard: float
    may_open: BoolArray
    """``[t]`` a class may open in the month."""
    may_close: BoolArray
    open_from: int
    """First month in which a class could open by the lead time, whatever the calendar says."""
    hours: tuple[HoursRule, ...] | None
    """``[t]`` rule of teacher hours where they are limited, else ``None``."""
    counted: CountedShares | None = None
    """Who of those with a seat counts for the teacher hours, ``None`` where all do."""
    hours_groups: tuple[HoursGroup, ...] = ()
    """Schools that share teacher hours, each with the hours per week that are there."""
    spread: FloatArray | None = None
    """``[s]`` by what the pupils of a school are divided for the goal ``streuung_schulen``, not a
    number for a school that does not count; ``None`` where the goal is not followed."""
    prices: tuple[tuple[str, float], ...] = ()
    """Price of each goal, where they are weighed against each other instead of ranked."""
    soon: tuple[tuple[int, ChildGroup], ...] = ()
    """Children of today's list whose seat begins in a later month, with the month: until then they
    wait, whatever the plan decides."""
    opening_cost: FloatArray | None = None
    """``[s]`` what a new class costs at the school, in the unit of the prices; not a number where
    the price of a new class holds."""

    @property
    def month_count(self) -> int:
        """Months including the reference date."""
        return len(self.months)

    @property
    def closing(self) -> BoolArray:
        """``[s, t]`` months for which fewer classes are decided than run today."""
        return fewer_than_today(self.classes_today, self.base, self.decided)

    def seats(self, classes: IntArray) -> FloatArray:
        """``[s, t]`` seats of running classes: κ K, and ρ while a class runs."""
        return running_seats(self.class_cap, classes, self.correction)

    def counted_now(self) -> FloatArray:
        """``[s, t]`` today's pupils and the children seated at once, as far as they count for the
        teacher hours."""
        if self.counted is None:
            return np.asarray(self.use_today + self.use_children, dtype=np.float64)
        children = self.counted.children[self.kind, 0, :]
        counted = self.counted.today * self.use_today + children * self.use_children
        return np.asarray(counted, dtype=np.float64)

    def with_rooms(self, rooms: IntArray) -> Problem:
        """The problem with other rooms for further classes, ``[s]``."""
        most = self.most + (rooms - self.rooms)[:, None]
        if self.closing.any():
            # No room undoes what the office has decided.
            most = np.where(self.closing, self.base, most)
            most = lasting_classes(most, self.base, self.may_close)
        return replace(self, rooms=rooms, most=most)

    def with_children(
        self,
        use: FloatArray,
        groups: tuple[ChildGroup, ...],
        soon: tuple[tuple[int, ChildGroup], ...] = (),
    ) -> Problem:
        """The problem after some children of today's list have been seated."""
        return replace(self, use_children=use, groups=groups, soon=soon)


def build_problem(
    district: District, scenario: Scenario, outlook: Outlook, kinds: tuple[str, ...]
) -> Problem:
    """Collect the arrays of one problem from district, scenario and expectation.

    Parameters
    ----------
    kinds:
        The school types of the problem, each one that the outlook knows.
    """
    population = outlook.population
    months = population.months
    index = np.array(
        [s for s, school in enumerate(district.schools) if school.school_type in kinds],
        dtype=np.int64,
    )
    schools = [district.schools[s] for s in index]
    cap = class_caps(schools, scenario, district.reference_date, months)
    use_today = outlook.use_today[index]
    classes = np.array([school.classes for school in schools], dtype=np.int64)
    rooms = rooms_by_month(schools, district.room_changes, scenario, months)
    barred = barred_months(schools, district.class_plan, months)
    base, decided = decided_classes(schools, district.class_plan, months)
    minutes = all_minutes(district, scenario)[:, index]
    kind = np.array([kinds.index(school.school_type) for school in schools], dtype=np.int64)
    soft = np.array([float(scenario.wege.richtwert[school.school_type]) for school in schools])
    of_kind = [population.school_types.index(k) for k in kinds]
    may_close = np.array(
        [t >= 1 and m.month in scenario.klassen.schliessen_in for t, m in enumerate(months)]
    )
    open_from = max(scenario.klassen.vorlauf_monate, 1, _begin_index(scenario, months))
    hours: tuple[HoursRule, ...] | None = None
    groups: tuple[HoursGroup, ...] = ()
    counted: CountedShares | None = None
    if scenario.lehrer.begrenzt:
        shares = counted_shares(scenario, outlook)
        pupils = outlook.use_today if shares is None else outlook.use_today * shares.today
        hours, groups = _hours(district, scenario, index, months, pupils)
        counted = None if shares is None else shares.part(index, of_kind)
    problem = Problem(
        school_types=kinds,
        schools=index,
        kind=kind,
        months=months,
        classes_today=classes,
        rooms=rooms.max(axis=1, initial=0),
        base=base,
        decided=decided,
        barred=barred,
        most=lasting_classes(most_classes(schools, base, rooms, barred, decided), base, may_close),
        class_cap=cap,
        planning_size=np.minimum(cap, scenario.klassen.planned_size),
        correction=reserve_corrections(schools, cap[:, 0]),
        use_today=use_today,
        use_children=np.zeros_like(use_today),
        minutes=minutes,
        reach=minutes <= scenario.wege.limit,
        excess=np.maximum(0.0, minutes - soft),
        demand=_without_dust(outlook.demand[of_kind]),
        survival=_without_dust(outlook.survival[of_kind]),
        groups=(),
        hazard=population.hazard,
        may_open=np.array(
            [
                t >= open_from and m.month in scenario.klassen.oeffnen_in
                for t, m in enumerate(months)
            ]
        ),
        may_close=may_close,
        open_from=open_from,
        hours=hours,
        counted=counted,
        hours_groups=groups,
        spread=spread_measure(district, scenario, index),
        prices=tuple(scenario.ziele.prices.items()),
        opening_cost=_opening_cost(schools),
    )
    return problem.with_children(
        problem.use_children, group_children(district, problem, outlook, None)
    )


def _hours(
    district: District,
    scenario: Scenario,
    index: IntArray,
    months: tuple[date, ...],
    use_today: FloatArray,
) -> tuple[tuple[HoursRule, ...], tuple[HoursGroup, ...]]:
    """Rules by month and groups of the problem's schools.

    ``use_today`` are the pupils of all schools who count for the hours.
    """
    schools = district.schools
    groups = hours_groups(district, scenario, months[0], use_today[:, 0])
    classes = np.array([school.classes for school in schools], dtype=np.int64)
    needed = hours_rules(schools, months[:1])[0].need(classes, use_today[:, 0])
    chosen = [schools[s] for s in index]
    return hours_rules(chosen, months), of_schools(groups, index, needed)


def _opening_cost(schools: list[School]) -> FloatArray | None:
    """``[s]`` cost of a new class where the table of schools names one."""
    given = [school.opening_cost for school in schools]
    if all(cost is None for cost in given):
        return None
    return np.array([np.nan if cost is None else cost for cost in given], dtype=np.float64)


def _without_dust(values: FloatArray) -> FloatArray:
    """Numbers below a millionth are nobody; left in, they spoil the solver's scaling."""
    return np.where(values < _DUST, 0.0, values)


def all_minutes(district: District, scenario: Scenario) -> FloatArray:
    """``[municipality, school]`` minutes one way: given by the planner, else estimated."""
    return minutes_to(district, district.schools, scenario)


def minutes_to(
    district: District, schools: Sequence[LocatedSchool], scenario: Scenario
) -> FloatArray:
    """``[municipality, school]`` minutes to any schools; given ways hold by name."""
    minutes = way_minutes(
        district.municipalities,
        schools,
        detour=scenario.wege.umweg,
        speed_kmh=scenario.wege.kmh,
        fixed_minutes=scenario.wege.fest_minuten,
    )
    place = {m.name: i for i, m in enumerate(district.municipalities)}
    school = {s.name: n for n, s in enumerate(schools)}
    for way in district.ways:
        if way.school not in school:
            continue
        minutes[place[way.municipality], school[way.school]] = way.minutes
    return minutes


def _begin_index(scenario: Scenario, months: tuple[date, ...]) -> int:
    begin = scenario.zeitraum.beginn
    if begin is None:
        return 0
    return (begin.year - months[0].year) * 12 + begin.month - months[0].month


def group_children(
    district: District, problem: Problem, outlook: Outlook, chosen: set[int] | None
) -> tuple[ChildGroup, ...]:
    """Put children of today's list together who are alike for the plan.

    Parameters
    ----------
    chosen:
        Indices of the children to take, ``None`` for all of the problem's school types.
    """
    place = {m.name: i for i, m in enumerate(district.municipalities)}
    grouped: dict[tuple[int, int, int, bytes, str, tuple[str, ...], int], list[int]] = {}
    for c, child in enumerate(district.newcomers):
        if child.school_type in problem.school_types and (chosen is None or c in chosen):
            own_type = outlook.population.school_types.index(child.school_type)
            until = outlook.months_in_type(own_type, child.grade)
            survival = outlook.child_survival(own_type, child.grade)
            key = (
                problem.school_types.index(child.school_type),
                place[child.municipality],
                # Grades are alike as long as their children need a seat for as long.
                until,
                survival.tobytes(),
                child.pinned_to,
                tuple(sorted(child.excluded)),
                waited_months(child, problem.months[0]),
            )
            grouped.setdefault(key, []).append(c)
    groups = []
    for key in sorted(grouped, key=repr):
        members = sorted(grouped[key], key=lambda c: waiting_order(district.newcomers[c]))
        child = district.newcomers[members[0]]
        groups.append(
            ChildGroup(
                children=tuple(members),
                kind=problem.school_types.index(child.school_type),
                municipality=place[child.municipality],
                allowed=allowed_schools(district, problem, child, place[child.municipality]),
                survival=outlook.child_survival(
                    outlook.population.school_types.index(child.school_type), child.grade
                ),
                months_waited=waited_months(child, problem.months[0]),
                days_waited=sum(
                    waited_days(district.newcomers[c], district.reference_date) for c in members
                )
                / len(members),
                until=outlook.months_in_type(
                    outlook.population.school_types.index(child.school_type), child.grade
                ),
            )
        )
    return tuple(groups)


def waiting_order(child: Newcomer) -> tuple[str, str]:
    """Sort key: longest waiting first, children without a date last, then by id."""
    registered = child.registered.isoformat() if child.registered else "9999"
    return registered, child.pupil_id


def waited_months(child: Newcomer, month: date) -> int:
    """Whole calendar months between the registration and the given month, 0 if unknown."""
    if child.registered is None:
        return 0
    months = (month.year - child.registered.year) * 12 + month.month - child.registered.month
    return max(0, months)


def waited_days(child: Newcomer, day: date) -> int:
    """Days between the registration and the given day, 0 if unknown."""
    return 0 if child.registered is None else max(0, (day - child.registered).days)


def allowed_schools(
    district: District, problem: Problem, child: Newcomer, municipality: int
) -> BoolArray:
    """``[s]`` schools of the child's type in reach, not excluded; only the pin where there is one.

    A pin overrides the limit of the way: the office has decided.
    """
    names = [district.schools[s].name for s in problem.schools]
    own_type = np.array(
        [district.schools[s].school_type == child.school_type for s in problem.schools],
        dtype=np.bool_,
    )
    if child.pinned_to:
        pinned = np.array([name == child.pinned_to for name in names], dtype=np.bool_)
        return np.asarray(own_type & pinned, dtype=np.bool_)
    free = np.array([name not in child.excluded for name in names], dtype=np.bool_)
    return np.asarray(own_type & free & problem.reach[municipality], dtype=np.bool_)
