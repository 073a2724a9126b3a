"""Candidate sites: what a first VKA at each of them would be worth, and the plan that may use them.

A candidate is a school without a VKA today that has a free room: by the sheet Schulen, or a real
public school of the district from the list of Saxon schools with one assumed room.

The worth of one site is exact: the classes of the plan without candidates stay as they are, this
site alone opens one class in the first month in which classes may open, and the children are placed
again with the least waiting and then by the goals of the ways in the order of the scenario, as in
the plan (by default: minutes beyond the guide value, then minutes).  The sites are ranked by the
waiting months they avoid, then by the minutes they save.

Where time runs out the sites with the highest bound have been solved: without anybody waiting the
minutes of the plan less Σ_i d_i · min(τ_i,near, τ_i,site), with d_i all children of municipality i
and τ_i,near its nearest school that runs a VKA, as if every school had a seat for everybody.  No
placing can save more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.candidates import is_open_site, with_candidates
from daz_planner.district.model import District, School
from daz_planner.district.rooms import known_rooms
from daz_planner.errors import SolverError
from daz_planner.planning.fixed import Fixed, goals_of_ways, solve_fixed
from daz_planner.planning.problem import (
    FloatArray,
    IntArray,
    Problem,
    all_minutes,
    build_problem,
    group_children,
)
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.planning.plan import Plan

Progress = Callable[[float, str], None]

TOP = 10
"""Sites that are shown where only the best ones are."""

_LEAST_SECONDS = 0.5
_NOBODY_WAITS = 1e-5
_PLACES = 2
"""Decimals of the ranking; further ones are the solver's."""


@dataclass(frozen=True)
class SiteGain:
    """What one class at one candidate site is worth, all other classes as planned."""

    school: School
    from_list: bool
    """Whether the school and its room come from the list of Saxon schools, not from the table."""
    waiting_avoided: float
    """Child months of waiting over the period."""
    minutes_saved: float
    """Minutes one way over all children who take a seat in the period; below 0 where more children
    have a seat, whose ways count too."""
    minutes_a_month: float
    """The same by month from the opening on."""
    newly_inside: float
    """Further children with a seat inside the soft limit of the way."""
    pupils: float
    """Children who take a seat at the site."""


@dataclass(frozen=True)
class LeftOut:
    """A candidate that was not solved in time, with the most minutes that it could save."""

    school: School
    from_list: bool
    minutes_at_most: float | None
    """``None`` where children wait, so that no bound is known."""


@dataclass(frozen=True)
class SiteRanking:
    """The candidates of a plan, the best first."""

    month: date | None
    """In which each site opens; ``None`` where no class may open in the period."""
    gains: tuple[SiteGain, ...]
    left_out: tuple[LeftOut, ...]
    used: tuple[School, ...]
    """Candidates of the table that the plan itself opens; they are not ranked."""

    def surely_best(self, count: int) -> bool:
        """Whether none of those left out can be among the first ``count``."""
        if not self.left_out:
            return True
        if len(self.gains) < count or any(out.minutes_at_most is None for out in self.left_out):
            return False
        last = self.gains[count - 1].minutes_saved
        return all((out.minutes_at_most or 0.0) <= last for out in self.left_out)


def rank_sites(
    base: Plan,
    candidates: Sequence[School],
    *,
    seconds: float,
    progress: Progress | None = None,
) -> SiteRanking:
    """Rank candidates of a district by what one class there would be worth.

    Parameters
    ----------
    base:
        The plan without the candidates; its classes stay.
    candidates:
        Schools to be added to the district of the plan; its own open sites are ranked too.
    seconds:
        Time for all of them.
    """
    ranking = _Ranking(base, seconds, progress)
    try:
        return ranking.ranked(candidates)
    except SolverError:
        # Without the plan's own placing there is nothing to compare with.
        return ranking.nothing(candidates)


class _Ranking:
    def __init__(self, base: Plan, seconds: float, progress: Progress | None) -> None:
        self.base = base
        self.district = base.district
        self.deadline = time.perf_counter() + seconds
        self.progress = progress
        self.goals = goals_of_ways(base.scenario)
        self.planned = {
            school.name: base.classes[s] for s, school in enumerate(self.district.schools)
        }
        self.now = {seat.child.pupil_id: seat.school for seat in base.children if seat.month == 0}
        self.references: dict[str, tuple[Problem, Fixed]] = {}

    def nothing(self, candidates: Sequence[School]) -> SiteRanking:
        """No site was solved in time."""
        allowed = self.base.scenario.klassen.oeffnen_in
        months = [month for month in self.base.months[1:] if month.month in allowed]
        used, waiting = self._sites(candidates, months[0] if months else self.base.months[0])
        left = tuple(LeftOut(school, listed, None) for school, listed in waiting)
        return SiteRanking(months[0] if months else None, (), left, used)

    def _sites(
        self, candidates: Sequence[School], month: date
    ) -> tuple[tuple[School, ...], list[tuple[School, bool]]]:
        """Sites that the plan opens itself, and those to rank (whether they are of the list)."""
        district = self.district
        own = [s for s in district.schools if is_open_site(s, known_rooms(district, s, month))]
        used = tuple(school for school in own if self.planned[school.name].max() > 0)
        waiting = [(school, False) for school in own if school not in used]
        waiting += [(school, True) for school in candidates]
        kinds = self.base.forecast.school_types
        return used, [pair for pair in waiting if pair[0].school_type in kinds]

    def ranked(self, candidates: Sequence[School]) -> SiteRanking:
        opening = self._opening(self.base.forecast.school_types)
        used, waiting = self._sites(candidates, self.base.months[opening or 0])
        if opening is None or not waiting:
            return SiteRanking(None if opening is None else self.base.months[opening], (), (), used)
        bounds = {school.name: self._bound(school) for school, _ in waiting}
        # Those that could save most come first, so that time that runs out costs the least.
        waiting.sort(key=lambda pair: (-_or_endless(bounds[pair[0].name]), pair[0].name))
        gains: list[SiteGain] = []
        left: list[LeftOut] = []
        for done, (school, listed) in enumerate(waiting):
            self._tell(done / len(waiting), school)
            gain = self._gain(school, listed, opening)
            if gain is None:
                left.append(LeftOut(school, listed, bounds[school.name]))
            else:
                gains.append(gain)
        gains.sort(key=_order)
        return SiteRanking(self.base.months[opening], tuple(gains), tuple(left), used)

    def _tell(self, share: float, school: School) -> None:
        if self.progress is not None:
            self.progress(share, f"Standort wird geprüft: {school.name}")

    def _opening(self, kinds: Sequence[str]) -> int | None:
        """First month in which a class may open."""
        for kind in kinds:
            months = np.flatnonzero(self._reference(kind)[0].may_open)
            return int(months[0]) if len(months) else None
        return None

    def _left(self) -> float:
        return self.deadline - time.perf_counter()

    def _reference(self, kind: str) -> tuple[Problem, Fixed]:
        """The plan's classes without any site, of one school type."""
        if kind not in self.references:
            problem, names = self._problem(self.district, kind)
            classes = self._classes(problem, names)
            # Without it there is nothing to compare with, so it always gets a moment.
            seconds = max(self._left(), 10 * _LEAST_SECONDS)
            fixed = solve_fixed(
                problem, self.base.scenario, classes, seconds, gap=0.0, goals=self.goals
            )
            self.references[kind] = problem, fixed
        return self.references[kind]

    def _problem(self, district: District, kind: str) -> tuple[Problem, list[str]]:
        """The problem of a school type with today's seats as planned, and its schools' names.

        Teacher hours do not limit it: what a site is worth is asked before who teaches there.
        """
        ordered = canonical(district).district
        scenario = self.base.scenario
        outlook = expect(build_population(ordered, scenario))
        problem = build_problem(ordered, scenario, outlook, (kind,))
        names = [ordered.schools[s].name for s in problem.schools]
        use = np.zeros_like(problem.use_today)
        later: set[int] = set()
        for c, child in enumerate(ordered.newcomers):
            if child.school_type != kind:
                continue
            seat = self.now.get(child.pupil_id)
            if seat is None:
                later.add(c)
            else:
                row = names.index(self.district.schools[seat].name)
                type_index = outlook.population.school_types.index(kind)
                use[row] += outlook.child_survival(type_index, child.grade)[0]
        groups = group_children(ordered, problem, outlook, later)
        return replace(problem.with_children(use, groups), hours=None), names

    def _classes(self, problem: Problem, names: list[str]) -> IntArray:
        none = np.zeros(problem.month_count, dtype=np.int64)
        rows = [self.planned.get(name, none) for name in names]
        # A school type that only its candidates have has no row yet.
        return np.array(rows, dtype=np.int64).reshape(len(names), problem.month_count)

    def _gain(self, school: School, listed: bool, opening: int) -> SiteGain | None:
        """The worth of one class at the site; ``None`` where time has run out."""
        reference, before = self._reference(school.school_type)
        if self._left() < _LEAST_SECONDS:
            return None
        district = with_candidates(self.district, [school]) if listed else self.district
        problem, names = self._problem(district, school.school_type)
        classes = self._classes(problem, names)
        row = names.index(school.name)
        classes[row, opening:] = 1
        after = self._solved(problem, classes, _nobody(before)) or self._solved(problem, classes)
        if after is None:
            return None
        saved = before.minutes - after.minutes
        months = problem.month_count - opening
        return SiteGain(
            school=school,
            from_list=listed,
            waiting_avoided=float(before.waiting.sum() - after.waiting.sum()),
            minutes_saved=saved,
            minutes_a_month=saved / months,
            newly_inside=_inside(problem, after) - _inside(reference, before),
            pupils=float(after.placed[:, row].sum()),
        )

    def _solved(
        self, problem: Problem, classes: IntArray, nobody_waits: bool = False
    ) -> Fixed | None:
        """The placing with these classes, ``None`` where none was found in time."""
        seconds = max(self._left(), _LEAST_SECONDS)
        try:
            return solve_fixed(
                problem,
                self.base.scenario,
                classes,
                seconds,
                gap=0.0,
                nobody_waits=nobody_waits,
                goals=self.goals,
            )
        except SolverError:
            return None

    def _bound(self, school: School) -> float | None:
        """Most minutes that a class at the school can save; ``None`` where children wait."""
        problem, fixed = self._reference(school.school_type)
        if not _nobody(fixed):
            return None
        children = problem.demand.sum(axis=(0, 2)).astype(np.float64)
        for group in problem.groups:
            children[group.municipality] += len(group.children)
        running = [
            self.planned[self.district.schools[s].name].max() > 0 for s in self._rows(problem)
        ]
        near = problem.minutes[:, np.array(running, dtype=np.bool_)].min(axis=1, initial=np.inf)
        own = self._minutes_to(school)
        best = np.minimum(near, own)
        return max(0.0, fixed.minutes - float((children * best)[children > 0.0].sum()))

    def _rows(self, problem: Problem) -> list[int]:
        """Rows of the workbook of the schools of a problem."""
        order = canonical(self.district).school
        return [int(order[s]) for s in problem.schools]

    def _minutes_to(self, school: School) -> FloatArray:
        """``[i]`` minutes to a site, municipalities in canonical order."""
        known = any(school is other for other in self.district.schools)
        district = self.district if known else with_candidates(self.district, [school])
        ordered = canonical(district).district
        row = next(s for s, other in enumerate(ordered.schools) if other.name == school.name)
        return np.asarray(all_minutes(ordered, self.base.scenario)[:, row], dtype=np.float64)


def _nobody(fixed: Fixed) -> bool:
    """Whether nobody waits; one class more then makes nobody wait either."""
    return float(fixed.waiting.sum()) <= _NOBODY_WAITS


def _or_endless(bound: float | None) -> float:
    return np.inf if bound is None else bound


def _order(gain: SiteGain) -> tuple[float, float, str]:
    return (
        -round(gain.waiting_avoided, _PLACES),
        -round(gain.minutes_saved, _PLACES),
        gain.school.name,
    )


def _inside(problem: Problem, fixed: Fixed) -> float:
    """Children who take a seat inside the soft limit of the way."""
    return float(fixed.placed.sum(axis=2)[problem.excess <= 0.0].sum())
