"""The front between ways and classes: how many minutes one more class, or class month, saves.

For each school type the waiting is held at what the plan's classes allow (nobody waits longer), and
so are the pupils above the regular seats.  Then, in this order:

1. the fewest classes that keep the waiting;
2. the fewest minutes with all rooms: nothing gets below;
3. from the fewest classes on, number by number, the fewest minutes with no more than so many new
   classes, each from the plan of the number before, until the ways are as short as with all rooms;
   then the fewest class months with these minutes.

The same once more with class months instead of classes, at evenly spread numbers.

Minutes are the ways of all children, one way; those beyond the guide value are not weighed more
than others here (they are told), or the curve would not have to fall.  In the curve by classes they
open as early as they may, for nothing speaks against it but class months; so the plan itself, which
opens as late as possible, mostly lies above it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.candidates import with_candidates
from daz_planner.errors import SolverError
from daz_planner.german import listed
from daz_planner.planning.bottlenecks import planned_classes, problem_of_plan
from daz_planner.planning.front_points import Curve, Front, Measure, PlanPoint, summed
from daz_planner.planning.front_search import FrontSearch
from daz_planner.planning.hours import planned_together
from daz_planner.planning.plan import Plan
from daz_planner.planning.problem import IntArray, Problem
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population

if TYPE_CHECKING:
    from daz_planner.district.model import District

Progress = Callable[[float, str], None]

CLASSES_SHARE = 0.65
"""Share of the time for the curves by classes; what they leave goes to those by class months."""
MOST_SUMMED = 12
"""Most points of the curve of all together."""


def find_front(
    plan: Plan,
    seconds: float,
    progress: Progress | None = None,
) -> Front:
    """How many minutes of way more classes would save, type by type, within a time.

    Where the plan has candidate sites, each of them may open a class here too; classes that an
    earlier plan announced and this one kept stay.
    """
    deadline = time.perf_counter() + seconds
    ordered = canonical(_district(plan))
    outlook = expect(build_population(ordered.district, plan.scenario))
    groups = planned_together(ordered.district, plan.scenario, outlook.population.school_types)
    problems = [problem_of_plan(plan, ordered, outlook, *kinds) for kinds in groups]
    problems = [problem for problem in problems if len(problem.schools)]
    in_order = [listed(problem.school_types) for problem in problems]
    # The small ones first: what they leave of their time goes to those that need it.
    problems.sort(key=lambda problem: int(problem.reach[:, problem.rooms > 0].sum()))
    searches: list[FrontSearch] = []
    curves: list[Curve] = []
    left_out = []
    halfway = deadline - (1.0 - CLASSES_SHARE) * seconds
    work = len(problems) * len(Measure)

    def tell(kind: str, done: int) -> None:
        if progress is not None:
            progress(done / max(1, work), f"Klassen gegen Schulweg: {kind}")

    def share(until: float, left: int) -> float:
        return (until - time.perf_counter()) / left

    # The curves by classes of all types come first: they are what is asked for most.
    for done, problem in enumerate(problems):
        tell(listed(problem.school_types), done)
        names = [ordered.district.schools[s].name for s in problem.schools]
        planned = planned_classes(plan, ordered.district, problem)
        least = _least(plan, problem, names, planned)
        try:
            search = FrontSearch(
                problem, plan.scenario, names, planned, least, share(halfway, len(problems) - done)
            )
            curves.append(search.curve(Measure.CLASSES))
            searches.append(search)
        except SolverError:
            left_out.append(listed(problem.school_types))
    for done, search in enumerate(searches):
        tell(search.kind, len(problems) + done)
        search.give(share(deadline, len(searches) - done))
        curves.append(search.curve(Measure.CLASS_MONTHS))
    searches.sort(key=lambda search: in_order.index(search.kind))
    curves.sort(key=lambda c: (list(Measure).index(c.measure), in_order.index(c.school_type)))
    left_out.sort(key=in_order.index)
    if searches and not left_out:
        for measure in Measure:
            of_types = [curve for curve in curves if curve.measure is measure]
            curves.append(summed(of_types, measure, MOST_SUMMED))
    cut = {kind for s in plan.stages if s.status.is_cut_off for kind in s.school_type.split("+")}
    return Front(
        tuple(_plan_point(plan, search) for search in searches),
        tuple(curves),
        tuple(left_out),
        tuple(s.kind for s in searches if cut.intersection(s.problem.school_types)),
    )


def with_front(
    plan: Plan,
    seconds: float,
    progress: Progress | None = None,
) -> Plan:
    """The plan with its front."""
    return replace(plan, front=find_front(plan, seconds, progress=progress))


def _district(plan: Plan) -> District:
    """The district with all candidate sites, not only those that the plan opens."""
    if plan.sites is None:
        return plan.district
    known = {school.name for school in plan.district.schools}
    further = [s for s in plan.sites.candidates.schools if s.name not in known]
    return with_candidates(plan.district, further)


def _least(plan: Plan, problem: Problem, names: Sequence[str], planned: IntArray) -> IntArray:
    """``[s, t]`` classes that run at least: decided, or announced and kept."""
    least = problem.base.copy()
    if problem.may_close.any():
        least = np.where(problem.decided, problem.base, 0)
    for school, since in plan.changes.held if plan.changes is not None else ():
        if school in names:
            first = problem.months.index(since)
            least[names.index(school), first:] += 1
    return np.asarray(np.minimum(least, planned), dtype=np.int64)


def _plan_point(plan: Plan, search: FrontSearch) -> PlanPoint:
    """The plan itself, with the ways that it has: guide values come before minutes there."""
    kinds = search.problem.school_types
    guide = plan.scenario.wege.richtwert
    ways = []
    for flow in plan.flows:
        kind = plan.district.schools[flow.school].school_type
        if kind in kinds:
            ways.append((flow.pupils, flow.minutes, flow.minutes > float(guide[kind])))
    for seat in plan.children:
        # Who has a seat already at the reference date is no newcomer of the curves.
        kind = seat.child.school_type
        if seat.month == 0 and seat.minutes is not None and kind in kinds:
            ways.append((-1.0, seat.minutes, seat.minutes > float(guide[kind])))
    shortest = search.plan_point()
    point = replace(
        shortest,
        minutes=sum(pupils * minutes for pupils, minutes, _ in ways),
        pupils=sum(pupils for pupils, _, _ in ways),
        over_soft=sum(pupils for pupils, _, over in ways if over),
    )
    return PlanPoint(search.kind, point, shortest.minutes)
