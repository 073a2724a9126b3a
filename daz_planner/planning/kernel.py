"""A smaller model of the same plan: only schools with seats, municipalities that are alike as one.

With hundreds of schools nearly all flows lead to schools that have no class and will get none.
Here only chosen schools may open classes, a municipality reaches only schools that have seats or
are chosen, and where ways do not matter, municipalities are one that have the same schools in reach
and the same course of the demand.
What is found is a start for the whole model, which has the last word; nothing is proven here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pulp

from daz_planner.errors import SolverError
from daz_planner.planning.cuts import forecast_capacity
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray, Problem
from daz_planner.planning.session import Session, Terms

Kept = tuple[str, float]
"""A goal, and the most that its value may come to, without what today's classes contribute."""
_SLACK = 1e-5
_DIGITS = 7


class Kernel:
    """A model in which only some schools may open classes."""

    def __init__(
        self,
        problem: Problem,
        chosen: BoolArray,
        kept: Sequence[Kept],
        opened: Callable[[pulp.LpProblem], Session],
        *,
        joined: bool,
    ) -> None:
        self.model = PlanningModel(_smaller(problem, chosen, joined=joined))
        self.session = opened(self.model.lp)
        for s in np.flatnonzero(~chosen).tolist():
            # By bounds and not in the problem: its rooms belong to what divides the periods.
            for variable, number in zip(self.model.classes[s], self.model.base[s], strict=True):
                self.session.set_bounds(variable, float(number), float(number))
        for goal, most in kept:
            terms = self.model.goal(goal)
            if terms:
                # The waiting that is decided is no part of what was kept.
                self.session.limit(terms, most + max(0.0, self.model.constant(goal)))

    def plan_with(self, classes: IntArray, terms: Terms, seconds: float) -> FloatArray | None:
        """The best plan with classes given, ``None`` where none was found."""
        columns = [variable.index for row in self.model.classes for variable in row]
        at = classes.ravel().astype(np.float64)
        try:
            with self.session.fixing(np.array(columns, dtype=np.int64), at):
                return self.session.minimise(terms, seconds=max(0.01, seconds)).values
        except SolverError:
            return None


def _smaller(problem: Problem, chosen: BoolArray, *, joined: bool) -> Problem:
    seats, _ = forecast_capacity(problem)
    able = chosen | (seats > _SLACK).any(axis=1)
    reach: BoolArray = problem.reach & able[None, :]
    if not joined:
        return replace(problem, reach=reach)
    # Only with the same course of the demand can all plans for the sum be shared out again.
    whole = problem.demand.sum(axis=2, keepdims=True)
    course = np.divide(problem.demand, whole, out=np.zeros_like(problem.demand), where=whole > 0)
    alike = np.concatenate([reach.T, *course.round(_DIGITS).transpose(0, 2, 1)]).T
    _, first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    reach = reach[first]
    kinds, _, months = problem.demand.shape
    demand = np.zeros((kinds, len(reach), months))
    for place, number in enumerate(group.ravel().tolist()):
        demand[:, number] += problem.demand[:, place]
    nothing = np.zeros(reach.shape)
    return replace(problem, reach=reach, demand=demand, minutes=nothing, excess=nothing)
