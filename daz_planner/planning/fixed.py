"""What comes of given classes: who waits and how far the ways are when nothing opens or closes.

The explanation of a class and the worth of a candidate site ask the same question: the least
waiting, then the shortest ways, with the number of classes of each school and month fixed.  What
is compared with a plan weighs the ways as the plan does (:func:`goals_of_ways`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import FloatArray, IntArray, Problem
from daz_planner.planning.solver import open_session
from daz_planner.planning.spread import SPREAD
from daz_planner.scenario.solving import PRICES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daz_planner.scenario.model import Scenario

_NOTHING = 1e-7
"""Child months that are nobody but the solver's rounding."""
_SLACK = 1e-4
"""Child months by which the least waiting is kept when the ways are shortened."""
_RELATIVE = 1e-6
"""The same for a goal of the ways, as a share of its value: sums of prices can be large."""
_WAYS = ("weg",)
_OF_WAYS = ("weg_ueber_richtwert", "weg", SPREAD, PRICES)
"""Goals that decide who goes where once the classes are given."""


@dataclass(frozen=True)
class Fixed:
    """What comes out when the classes are given."""

    waiting: FloatArray
    """``[i, t]`` expected children without a seat, today's list included."""
    minutes: float
    """Minutes one way of all who take a seat after the reference date."""
    free: FloatArray
    """``[t]`` seats free up to the class cap, all schools together."""
    placed: FloatArray
    """``[i, s, t]`` children who take a seat after the reference date."""


def goals_of_ways(scenario: Scenario) -> tuple[str, ...]:
    """The goals of a scenario that decide on the ways, in its order; minutes last at the latest."""
    own = [goal for goal in scenario.ziele.order if goal in _OF_WAYS]
    return tuple(dict.fromkeys([*own, *_WAYS]))


def solve_fixed(
    problem: Problem,
    scenario: Scenario,
    classes: IntArray,
    seconds: float,
    *,
    gap: float | None = None,
    nobody_waits: bool = False,
    goals: Sequence[str] = _WAYS,
) -> Fixed:
    """Least waiting, then the shortest ways, with all classes given.

    Parameters
    ----------
    classes:
        ``[s, t]`` classes that run, within the rooms of the problem.
    seconds:
        Time for each of the goals.
    gap:
        Relative gap that is good enough; ``None`` for that of the scenario.
    nobody_waits:
        Whether it is known that everybody finds a seat at once: the least waiting need not be
        looked for then.
    goals:
        What is minimised after the waiting, one after the other.

    Raises
    ------
    SolverError
        No solution was found in time.
    """
    model = PlanningModel(problem)
    session = open_session(
        scenario.rechnen.loeser,
        model.lp,
        gap=scenario.rechnen.luecke if gap is None else gap,
        threads=scenario.rechnen.threads,
    )
    for s, row in enumerate(model.classes):
        for p, variable in enumerate(row):
            count = float(classes[s, int(np.argmax(model.period_of == p))])
            session.set_bounds(variable, count, count)
    waiting, ways = model.goal("wartemonate"), model.goal("weg")
    further = [terms for terms in map(model.goal, goals) if terms]
    outcome = None
    if not (nobody_waits and further):
        outcome = session.minimise(waiting, seconds=seconds)
        nobody_waits = outcome.value <= _NOTHING
    if nobody_waits:
        # Better said to each variable than in a row that is nearly tight.
        for variable, _ in waiting:
            session.set_bounds(variable, 0.0, 0.0)
    elif outcome is not None:
        session.limit(waiting, outcome.value + _SLACK)
    for number, terms in enumerate(further, start=1):
        start = None if outcome is None else outcome.values
        outcome = session.minimise(terms, seconds=seconds, start=start)
        if number < len(further):
            room = max(_SLACK, _RELATIVE * abs(outcome.value))
            session.limit(terms, outcome.value + room)
    assert outcome is not None
    values = outcome.values
    places, schools = problem.minutes.shape
    by_place = np.zeros((places, problem.month_count))
    for (_, i, t), variable in model.waiting.items():
        by_place[i, t] += values[variable.index]
    for (g, t), variable in model.group_waiting.items():
        by_place[problem.groups[g].municipality, t] += values[variable.index]
    placed = np.zeros((places, schools, problem.month_count))
    for (i, s, t), variable in model.flows.items():
        placed[i, s, t] += values[variable.index]
    for (g, s, t), variable in model.seated.items():
        placed[problem.groups[g].municipality, s, t] += values[variable.index]
    use = np.array(
        [
            [session.value_of(model.seat_use(s, t), values) for t in range(problem.month_count)]
            for s in range(schools)
        ]
    ).reshape(schools, problem.month_count)
    free = np.maximum(
        0.0, problem.seats(classes) - problem.use_today - problem.use_children - use
    ).sum(axis=0)
    return Fixed(by_place, session.value_of(ways, values), free, placed)
