"""The least waiting that a network of schools can reach, and the network with a little more.

Waiting is the goal „wartemonate“ of the plan: child months without a seat, counted twice for those
who wait longer than two months.  More classes never make it larger, so with all rooms in use from
the first month in which classes may open it is as small as the rooms allow, whatever the order of
the goals.  Only limited teacher hours make a choice of it; then the solver decides on the classes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import FloatArray, IntArray, Problem
from daz_planner.planning.solver import Session, Terms, open_session
from daz_planner.planning.stages import WAITING

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

GAP = 1e-6
"""Relative gap where the classes are given: nothing but the seating is left to decide."""


class Network(Enum):
    """Which classes run."""

    TODAY = "heutige Klassen"
    ALL_ROOMS = "alle Räume"


@dataclass(frozen=True)
class LeastWaiting:
    """What comes out.

    Attributes
    ----------
    value:
        Waiting months as the goal counts them.
    by_month:
        ``[t]`` expected children without a seat, today's list included.
    full:
        ``[s]`` whether the seats of a school are all taken in some month, as far as the forecast
        may take them; empty where it was not asked for.
    """

    value: float
    by_month: FloatArray
    full: tuple[bool, ...]


def least_waiting(
    problem: Problem,
    scenario: Scenario,
    network: Network,
    seconds: float,
    *,
    tell_full: bool = False,
) -> LeastWaiting:
    """Solve the first goal alone for a network; with ``tell_full`` name the schools that are full.

    Raises
    ------
    SolverError
        No solution was found in time.
    """
    model = PlanningModel(problem)
    terms = model.goal(WAITING)
    months = problem.month_count
    if not terms:
        return LeastWaiting(0.0, np.zeros(months), (False,) * len(problem.schools))
    free = network is Network.ALL_ROOMS and problem.hours is not None
    session = open_session(
        scenario.rechnen.loeser,
        model.lp,
        gap=scenario.rechnen.luecke if free else GAP,
        threads=scenario.rechnen.threads,
    )
    if not free:
        fix_classes(model, session, network)
    start = model.idle_start() if network is Network.TODAY or free else None
    outcome = session.minimise(terms, seconds=max(seconds, 0.1), start=start)
    by_month = np.zeros(months)
    for (_, _, t), variable in model.waiting.items():
        by_month[t] += outcome.values[variable.index]
    for (_, t), variable in model.group_waiting.items():
        by_month[t] += outcome.values[variable.index]
    full = _full(model, session, outcome.values) if tell_full else ()
    return LeastWaiting(max(0.0, outcome.value), by_month, full)


def fix_classes(model: PlanningModel, session: Session, network: Network) -> None:
    """Today's classes (with what is decided already), or as many as may run in each period."""
    may_open = model.problem.may_open
    first = [int(np.argmax(model.period_of == p)) for p in range(int(model.period_of[-1]) + 1)]
    for row in model.classes:
        today = running = float(row[0].lowBound)
        for p, variable in enumerate(row):
            low, high = float(variable.lowBound), float(variable.upBound)
            if network is Network.TODAY:
                running = min(max(today, low), high)
            elif p and may_open[first[p]]:
                running = high
            else:
                running = min(running, high)
            session.set_bounds(variable, running, running)


def _full(model: PlanningModel, session: Session, values: FloatArray) -> tuple[bool, ...]:
    problem = model.problem
    classes = model.reached_classes(values)
    use = np.array(
        [
            [_value(session, model.seat_use(s, t), values) for t in range(problem.month_count)]
            for s in range(len(problem.schools))
        ]
    ).reshape(classes.shape)
    forecast = np.array(
        [
            [_value(session, model.forecast_use(s, t), values) for t in range(problem.month_count)]
            for s in range(len(problem.schools))
        ]
    ).reshape(classes.shape)
    seats = problem.seats(classes) - problem.use_today - problem.use_children - use
    planned = planning_seats_left(problem, classes) - forecast
    left = np.minimum(seats, planned)[:, 1:]
    return tuple(bool(full) for full in (left < 1e-4).any(axis=1))


def _value(session: Session, terms: Terms, values: FloatArray) -> float:
    return session.value_of(terms, values) if terms else 0.0


def planning_seats_left(problem: Problem, classes: IntArray) -> FloatArray:
    """``[s, t]`` seats that a forecast may take: p K − min(B, p K⁰)."""
    size = problem.planning_size
    kept = np.minimum(problem.use_today, size * problem.base)
    return np.asarray(size * classes - kept, dtype=np.float64)


def first_opening(problem: Problem) -> int:
    """First month in which a class may open; month 1 where none may in the whole period."""
    months = np.flatnonzero(problem.may_open)
    return int(months[0]) if len(months) else 1


def with_unlimited_rooms(problem: Problem, *, at_once: bool = False) -> Problem:
    """Every site has rooms and teachers for all: what is left of waiting no room could avoid.

    Sites are the schools that have classes or rooms. With ``at_once`` the rooms are there from
    month 1 on, else from the first month in which classes may open.
    """
    needed = float(problem.demand.sum()) + sum(len(group.children) for group in problem.groups)
    above = np.maximum(0.0, problem.use_today + problem.use_children).max(axis=1, initial=0.0)
    site = (problem.classes_today + problem.rooms) > 0
    size = float(problem.planning_size.min(initial=1.0))
    more = np.where(site, np.ceil((needed + above) / max(size, 1.0)) + 1, 0)
    may_open = problem.may_open.copy()
    if len(may_open) > 1 and (at_once or not may_open.any()):
        may_open[1] = True
    return replace(
        problem.with_rooms(problem.rooms + more.astype(np.int64)),
        may_open=may_open,
        hours=None,
    )


def with_room(problem: Problem, s: int) -> Problem:
    """One more room at a school."""
    rooms = problem.rooms.copy()
    rooms[s] += 1
    return problem.with_rooms(rooms)


def with_seat(problem: Problem, s: int) -> Problem:
    """One more seat at a school, as if one of today's pupils were not there from month 1 on.

    So the seat obeys the same rules as all others: where the school is above its planning size
    today, the reserve is filled first.  Teacher hours stay those of the pupils who are there.
    """
    use = problem.use_today.copy()
    use[s, 1:] -= 1.0
    hours = problem.hours
    # By as many as count for the hours the borders move down.
    less = np.ones(problem.month_count) if problem.counted is None else problem.counted.today[s]
    if hours is not None:
        hours = tuple(
            rule
            if rule.steps is None or t == 0
            else replace(
                rule,
                steps=tuple(
                    tuple((above - float(less[t]), more) for above, more in steps)
                    if n == s
                    else steps
                    for n, steps in enumerate(rule.steps)
                ),
            )
            for t, rule in enumerate(hours)
        )
    return replace(problem, use_today=use, hours=hours)


def with_hours(problem: Problem, group: int, hours: float) -> Problem:
    """More teacher hours a week for one of the groups of schools that share them."""
    groups = list(problem.hours_groups)
    groups[group] = replace(groups[group], limit=groups[group].limit + hours)
    return replace(problem, hours_groups=tuple(groups))


def opened(model: PlanningModel, values: FloatArray) -> list[tuple[int, int, int]]:
    """(school of the problem, month, classes) of every opening, by month."""
    steps = np.diff(model.reached_classes(values), axis=1)
    found = [(int(s), int(t) + 1, int(steps[s, t])) for s, t in np.argwhere(steps > 0)]
    return sorted(found, key=lambda item: (item[1], item[0]))
