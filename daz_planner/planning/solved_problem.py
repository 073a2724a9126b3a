"""The problems that a plan has solved, built again from it: to ask what else could have been."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.announced import with_announced
from daz_planner.planning.children import soon_months, whole_lasting_seats
from daz_planner.planning.problem import (
    FloatArray,
    IntArray,
    Problem,
    build_problem,
    group_children,
    waiting_order,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daz_planner.district.model import District
    from daz_planner.planning.plan import Plan
    from daz_planner.simulation.expectation import Outlook
    from daz_planner.simulation.order import Canonical


def problem_of_plan(plan: Plan, ordered: Canonical, outlook: Outlook, *kinds: str) -> Problem:
    """The problem of school types as the plan solved it, today's list on the plan's seats.

    Schools and municipalities are in canonical order; schools that the plan does not know run
    nothing.

    Children of the list who had their seat before the months ahead were solved keep it: those
    seated at once, and those whose seat opens soon (:mod:`daz_planner.planning.children`), who wait
    until then.  All others look for one.  A stored plan does not say which of its later seats were
    decided before.  Those count as decided that come no later than the month in which a new class
    could open and that today's and the decided classes have free for good, in the order of the
    months, then of the waiting: they hold whatever else opens, and the list has been given all of
    them that it could take.  (Whose time of waiting is the same may stand for each other: the lot
    between them is not stored.)  A seat that needs a class of the plan is never one of them.
    """
    district: District = ordered.district
    problem = build_problem(district, plan.scenario, outlook, kinds)
    row = {district.schools[s].name: n for n, s in enumerate(problem.schools.tolist())}
    index = {child.pupil_id: c for c, child in enumerate(district.newcomers)}
    seats: dict[int, tuple[int, int]] = {}
    unseated = set()
    for seat in plan.children:
        if seat.child.school_type not in kinds:
            continue
        c = index[seat.child.pupil_id]
        name = None if seat.school is None else plan.district.schools[seat.school].name
        if seat.month is None or name not in row:
            unseated.add(c)
        else:
            seats[c] = row[name], seat.month

    def used(children: Mapping[int, tuple[int, int]]) -> FloatArray:
        use = np.zeros_like(problem.use_today)
        for c, (s, t) in children.items():
            child = district.newcomers[c]
            kind = outlook.population.school_types.index(child.school_type)
            use[s] += outlook.child_survival(kind, child.grade)[t]
        return use

    at_once = {c: place for c, place in seats.items() if place[1] == 0}
    before = at_once | _opening_soon(district, problem, used(at_once), seats)
    unseated |= seats.keys() - before.keys()
    soon = tuple(
        (month, group)
        for month in sorted({t for _, t in before.values()} - {0})
        for group in group_children(
            district, problem, outlook, {c for c, (_, t) in before.items() if t == month}
        )
    )
    # Classes that an earlier plan announced may open in further months.
    problem = with_announced(problem, planned_classes(plan, district, problem))
    groups = group_children(district, problem, outlook, unseated)
    return problem.with_children(used(before), groups, soon)


def _opening_soon(
    district: District,
    problem: Problem,
    used: FloatArray,
    seats: Mapping[int, tuple[int, int]],
) -> dict[int, tuple[int, int]]:
    """Later seats (school of the problem, month) by child, as far as no further class is needed.

    ``used`` are ``[s, t]`` seats of the children who were seated at once.
    """
    free = whole_lasting_seats(problem, problem.base, used)
    until = soon_months(problem)
    given = np.zeros(len(problem.schools), dtype=np.int64)
    found: dict[int, tuple[int, int]] = {}
    order = sorted(seats, key=lambda c: (seats[c][1], waiting_order(district.newcomers[c])))
    for c in order:
        s, t = seats[c]
        if 0 < t <= until[problem.kind[s]] and given[s] < free[s, t]:
            given[s] += 1
            found[c] = s, t
    return found


def planned_classes(plan: Plan, district: District, problem: Problem) -> IntArray:
    """``[s, t]`` classes of the plan at the schools of a problem, by their names."""
    row = {school.name: s for s, school in enumerate(plan.district.schools)}
    classes = np.zeros(problem.base.shape, dtype=np.int64)
    for n, s in enumerate(problem.schools.tolist()):
        name = district.schools[s].name
        if name in row:
            classes[n] = plan.classes[row[name]]
    return classes
