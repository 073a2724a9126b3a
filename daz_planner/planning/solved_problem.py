"""The problems that a plan has solved, built again from it: to ask what else could have been."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.announced import with_announced
from daz_planner.planning.problem import IntArray, Problem, build_problem, group_children

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.planning.plan import Plan
    from daz_planner.simulation.expectation import Outlook
    from daz_planner.simulation.order import Canonical


def problem_of_plan(plan: Plan, ordered: Canonical, outlook: Outlook, *kinds: str) -> Problem:
    """The problem of school types as the plan solved it, today's list on the plan's seats.

    Schools and municipalities are in canonical order; schools that the plan does not know run
    nothing.
    """
    district: District = ordered.district
    problem = build_problem(district, plan.scenario, outlook, kinds)
    row = {district.schools[s].name: n for n, s in enumerate(problem.schools.tolist())}
    index = {child.pupil_id: c for c, child in enumerate(district.newcomers)}
    use = np.zeros_like(problem.use_today)
    waiting = set()
    number = outlook.population.school_types.index
    for seat in plan.children:
        if seat.child.school_type not in kinds:
            continue
        name = None if seat.school is None else plan.district.schools[seat.school].name
        if seat.month == 0 and name in row:
            k = number(seat.child.school_type)
            use[row[name]] += outlook.child_survival(k, seat.child.grade)[0]
        else:
            waiting.add(index[seat.child.pupil_id])
    # Classes that an earlier plan announced may open in further months.
    problem = with_announced(problem, planned_classes(plan, district, problem))
    return problem.with_children(use, group_children(district, problem, outlook, waiting))


def planned_classes(plan: Plan, district: District, problem: Problem) -> IntArray:
    """``[s, t]`` classes of the plan at the schools of a problem, by their names."""
    row = {school.name: s for s, school in enumerate(plan.district.schools)}
    classes = np.zeros(problem.base.shape, dtype=np.int64)
    for n, s in enumerate(problem.schools.tolist()):
        name = district.schools[s].name
        if name in row:
            classes[n] = plan.classes[row[name]]
    return classes
