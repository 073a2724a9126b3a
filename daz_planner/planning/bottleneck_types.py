"""A school type of a finished plan, as the search for bottlenecks looks at it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.german import listed
from daz_planner.planning.bottleneck_list import Bottleneck, Certainty, Resource
from daz_planner.planning.least_waiting import planning_seats_left
from daz_planner.planning.problem import FloatArray, IntArray, Problem
from daz_planner.planning.stages import WAITING

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

HOURS = 25.0
"""Teacher hours a week whose worth is asked: about one more teacher."""
CLASSES_GOAL = "neue_klassen"
_FULL = 1e-3


@dataclass(frozen=True)
class TypeOfPlan:
    """A school type of the plan, or several that share teacher hours."""

    plan: Plan
    problem: Problem
    classes: IntArray
    use: FloatArray
    original: IntArray
    """``[s]`` row in the workbook."""

    @property
    def name(self) -> str:
        """What the type is called, or the types together."""
        return listed(self.problem.school_types)

    def kind_of(self, s: int) -> str:
        """School type of a school of the problem."""
        return self.problem.school_types[int(self.problem.kind[s])]

    @property
    def waiting_first(self) -> bool:
        """Whether nothing goes before the waiting."""
        return self.plan.scenario.ziele.order[0] == WAITING

    @property
    def is_linear(self) -> bool:
        """Whether nothing but fractions is decided once the classes are given."""
        return not self.problem.groups and self.problem.hours is None

    @property
    def fewest(self) -> IntArray:
        """``[s, t]`` classes that run in any case."""
        problem = self.problem
        if not problem.may_close.any():
            return problem.base
        return np.asarray(np.where(problem.decided, problem.base, 0), dtype=np.int64)

    def openings_needed(self) -> int:
        """Openings beyond the decided ones that the plan is proven to need, 0 where it is not.

        A later goal may have opened more within the tolerance; and what an earlier plan announced
        opens in any case.
        """
        if self.plan.changes is not None:
            return 0
        kinds = "+".join(self.problem.school_types)
        bounds = [
            stage.bound
            for stage in self.plan.stages
            if (stage.school_type, stage.goal) == (kinds, CLASSES_GOAL) and stage.bound is not None
        ]
        opened = int((self.classes - self.problem.base)[:, -1].sum())
        return min(opened, math.ceil(bounds[0] - 1e-6)) if bounds else 0

    def rooms_used(self) -> IntArray:
        """Schools with all rooms in use in some month."""
        problem = self.problem
        closed = np.asarray(problem.barred[:, 1:].all(axis=1), dtype=np.bool_)
        rooms = (problem.most > 0) & ~closed[:, None]
        return np.flatnonzero((rooms & (self.classes >= problem.most))[:, 1:].any(axis=1))

    def with_class(self) -> IntArray:
        """Schools that run a class in some month after the reference date."""
        return np.flatnonzero((self.classes[:, 1:] > 0).any(axis=1))

    def full(self) -> IntArray:
        """Schools at which a forecast finds no seat in some month of the plan."""
        problem = self.problem
        used = problem.use_today + problem.use_children
        seats = problem.seats(self.classes) - self.use
        planned = planning_seats_left(problem, self.classes) - (self.use - used)
        return np.flatnonzero((np.minimum(seats, planned)[:, 1:] < _FULL).any(axis=1))

    def bottleneck(
        self,
        resource: Resource,
        s: int,
        *,
        waiting: float = 0.0,
        classes: float = 0.0,
        minutes: float = 0.0,
        price: float = 0.0,
        certainty: Certainty = Certainty.EXACT,
    ) -> Bottleneck:
        """An addition; ``s`` is a school, or with teacher hours a group of schools."""
        school, kind, area = None, "", ""
        if resource is Resource.HOURS:
            group = self.problem.hours_groups[s]
            kinds = dict.fromkeys(self.kind_of(int(n)) for n in np.flatnonzero(group.schools))
            kind, area = listed(kinds), group.name if group.is_area else ""
        else:
            school, kind = int(self.original[s]), self.kind_of(s)
        return Bottleneck(resource, kind, school, waiting, classes, minutes, certainty, area, price)
