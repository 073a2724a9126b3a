"""Today's waiting list: whole children on the seats that are free on the reference date.

A transport problem in PuLP: as many children as possible get a seat, those who have waited longest
first, then the ways beyond the soft limit and all ways are kept short.  Children have the seats up
to the class cap, not only up to the planning size: they are people, not a forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pulp

from daz_planner.district.model import District, Newcomer
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.problem import (
    BoolArray,
    FloatArray,
    IntArray,
    Problem,
    allowed_schools,
    waiting_order,
)
from daz_planner.planning.solver import Session, Terms, open_session

_SLACK = 1e-5

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.expectation import Outlook


@dataclass(frozen=True)
class Seating:
    """Who sits where at once: ``school[c]`` (index within the problem) for child ``c``.

    ``free`` are the whole free seats of each school before anybody is seated.
    """

    school: dict[int, int]
    free: IntArray
    use: FloatArray
    """``[s, t]`` seats that the seated children are expected to use."""
    cut_off: bool
    """Whether the time limit ended the search for shorter ways."""


def seat_children(
    district: District, problem: Problem, outlook: Outlook, scenario: Scenario, seconds: float
) -> Seating:
    """Seat the children of the problem's school types on the reference date."""
    place = {m.name: i for i, m in enumerate(district.municipalities)}
    listed = [
        c for c, child in enumerate(district.newcomers) if child.school_type in problem.school_types
    ]
    listed.sort(key=lambda c: waiting_order(district.newcomers[c]))
    free = free_seats(problem)
    allowed = {
        c: allowed_schools(
            district, problem, district.newcomers[c], place[district.newcomers[c].municipality]
        )
        for c in listed
    }
    chosen, cut_off = _transport(district, problem, scenario, listed, allowed, free, place, seconds)
    use = np.zeros_like(problem.use_today)
    for c, s in chosen.items():
        child = district.newcomers[c]
        kind = outlook.population.school_types.index(child.school_type)
        use[s] += outlook.child_survival(kind, child.grade)[0]
    return Seating(chosen, free, use, cut_off)


def free_seats(problem: Problem) -> IntArray:
    """``[s]`` whole seats free on the reference date: class cap and reserve by hand."""
    seats = problem.class_cap[:, 0] * problem.classes_today + problem.correction
    return np.maximum(0, np.floor(seats - problem.use_today[:, 0] + 1e-9)).astype(np.int64)


def _transport(
    district: District,
    problem: Problem,
    scenario: Scenario,
    listed: list[int],
    allowed: dict[int, BoolArray],
    free: IntArray,
    place: dict[str, int],
    seconds: float,
) -> tuple[dict[int, int], bool]:
    lp = pulp.LpProblem("Kinder", pulp.LpMinimize)
    seat: dict[tuple[int, int], pulp.LpVariable] = {}
    for c in listed:
        for s in np.flatnonzero(allowed[c] & (free > 0)).tolist():
            seat[c, s] = lp.add_variable(f"z_{c}_{s}", 0, 1, pulp.LpInteger)
    if not seat:
        return {}, False
    of_child: dict[int, Terms] = {}
    of_school: dict[int, Terms] = {}
    for (c, s), variable in seat.items():
        of_child.setdefault(c, []).append((variable, 1.0))
        of_school.setdefault(s, []).append((variable, 1.0))
    for c, terms in of_child.items():
        _at_most(lp, f"child_{c}", terms, 1.0)
    for s, terms in of_school.items():
        _at_most(lp, f"school_{s}", terms, float(free[s]))
    session = open_session(scenario.rechnen.loeser, lp, gap=0.0, threads=scenario.rechnen.threads)
    days = sorted({_registered(district.newcomers[c]) for c in listed})
    rank = {c: days.index(_registered(district.newcomers[c])) for c in listed}
    minutes = {
        (c, s): float(problem.minutes[place[district.newcomers[c].municipality], s])
        for c, s in seat
    }
    excess = {
        (c, s): float(problem.excess[place[district.newcomers[c].municipality], s]) for c, s in seat
    }
    goals: list[Terms] = [
        [(variable, -1.0) for variable in seat.values()],
        [(variable, float(rank[c])) for (c, _), variable in seat.items()],
        [(variable, excess[key]) for key, variable in seat.items() if excess[key] > 0.0],
        [(variable, minutes[key]) for key, variable in seat.items()],
    ]
    values, cut_off = _lexicographic(session, goals, seconds)
    return {c: s for (c, s), v in seat.items() if values[v.index] > 0.5}, cut_off


def _registered(child: Newcomer) -> str:
    """The day of registration, those without one last; children of one day are equal."""
    return waiting_order(child)[0]


def _lexicographic(session: Session, goals: list[Terms], seconds: float) -> tuple[FloatArray, bool]:
    """The goals one after the other; whether one of them was cut off at the time limit."""
    values = np.zeros(len(session.variables))
    cut_off = False
    for terms in goals:
        if not terms:
            continue
        outcome = session.minimise(terms, seconds=seconds, start=values)
        values = outcome.values
        cut_off |= outcome.status is SolveStatus.LIMIT
        session.limit(terms, round(outcome.value, 6) + _SLACK)
    return values, cut_off


def _at_most(lp: pulp.LpProblem, name: str, terms: Terms, most: float) -> None:
    if terms:
        expression = pulp.LpAffineExpression(terms)
        lp.addConstraint(pulp.LpConstraint(expression, pulp.LpConstraintLE, name, most))
