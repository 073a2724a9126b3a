"""Goals one after the other: each keeps its value within the tolerance, then the next is solved.

After the goals that decide on classes the waiting is solved once more with that many classes, so
that the tolerance which keeps a class from opening for a third of a child is not spent on shorter
ways.  Where children of today's list have to wait, those who have waited longest come first.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pulp

from daz_planner.planning.announced import CHANGES, beyond, hold
from daz_planner.planning.facility_plan import facility_values
from daz_planner.planning.goal_search import CLASS_GOALS as CLASS_GOALS
from daz_planner.planning.goal_search import WAITING as WAITING
from daz_planner.planning.goal_search import GoalSearch
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import SolveStatus, StageResult
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray
from daz_planner.planning.solver import Session, Terms, open_session, relative_gap
from daz_planner.scenario.solving import PRICES

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

WAITING_AGAIN = "wartemonate_erneut"
PRECEDENCE = "vorrang"
CHILD_MONTH = 1.0
"""Child months of waiting that are not worth a class, where there is a tolerance at all."""
_DECIDED_FOR = {WAITING: WAITING, WAITING_AGAIN: WAITING, PRECEDENCE: PRECEDENCE}
"""Goals with a share that is decided, and the goal whose constant is that share."""
_SLACK = 1e-5
_FIRST_SECONDS = 2.0


@dataclass
class Solution:
    """The plan of one problem: values of the variables, and how each goal ended."""

    values: FloatArray
    stages: list[StageResult] = field(default_factory=list)


@dataclass(frozen=True)
class Budget:
    """The time that all goals of all problems share."""

    deadline: float
    stopped: threading.Event = field(default_factory=threading.Event, compare=False)
    """Set where nobody waits for the plans any more: no further goal is begun."""

    @classmethod
    def of_seconds(cls, seconds: float) -> Budget:
        """A budget that starts now."""
        return cls(time.perf_counter() + seconds)

    def share(self, parts: int) -> float:
        """Seconds for one of ``parts`` pieces of work still to do."""
        return max(0.0, self.deadline - time.perf_counter()) / max(1, parts)


def solve_stages(
    model: PlanningModel,
    scenario: Scenario,
    budget: Budget,
    problems_left: int,
    announced: tuple[BoolArray, IntArray] | None = None,
) -> Solution:
    """Solve a model goal by goal in the order of the scenario.

    Parameters
    ----------
    problems_left:
        Problems that still share the budget, this one included.
    announced:
        The months in which any class may open, and the classes of an earlier plan that run at
        least (see :mod:`daz_planner.planning.announced`).
    """
    run = _StageRun(model, scenario, budget.share(problems_left), announced)
    order = list(scenario.ziele.order)
    decided = last_deciding(order)
    for position, goal in enumerate(order):
        if budget.stopped.is_set():
            break
        run.solve(goal, len(order) - position)
        if position == decided:
            run.keep_announced(len(order) - position)
        if position == decided and WAITING in order and PRICES not in order:
            run.tighten_waiting(len(order) - position)
        if position == decided and (WAITING in order or PRICES in order):
            run.solve(PRECEDENCE, len(order) - position)
    return run.solution


def allowed_waiting(tolerance: float, least: float) -> float:
    """Child months that may be waited beyond the least, so that no class opens for a trifle.

    Nothing where the scenario allows no tolerance at all.
    """
    return max(tolerance * abs(least), CHILD_MONTH) if tolerance > 0.0 else 0.0


def last_deciding(order: Sequence[str]) -> int:
    """Position of the last goal that decides on classes; that of the last goal where none does."""
    deciding = (WAITING, *CLASS_GOALS, PRICES)
    return max((order.index(g) for g in deciding if g in order), default=len(order) - 1)


def _slack(value: float) -> float:
    """Room in a row that keeps a value: enough for the solver's feasibility tolerance."""
    return max(_SLACK, 0.1 * _SLACK * abs(value))


class _StageRun:
    """The state between the goals of one problem."""

    def __init__(
        self,
        model: PlanningModel,
        scenario: Scenario,
        seconds: float,
        announced: tuple[BoolArray, IntArray] | None = None,
    ) -> None:
        self.model = model
        self.scenario = scenario
        self.tolerance = scenario.ziele.toleranz
        self.deadline = time.perf_counter() + seconds
        self.session: Session = self._opened(model.lp)
        self.least: IntArray | None = None
        if announced is None:
            self.solution = Solution(model.idle_start())
        else:
            calendar, least = announced
            first = model.goal(WAITING) or model.goal("weg") or model.goal("klassenmonate")
            left = max(_FIRST_SECONDS, seconds / 2)
            values, self.least = hold(model, self.session, calendar, least, first, left)
            self.solution = Solution(values)
        self.search = GoalSearch(
            model,
            self.session,
            scenario.ziele.order,
            announced=announced is not None,
            opened=self._opened,
        )
        self._least_waiting = -math.inf
        """What the first goal proved of the waiting."""
        self.interrupted = False
        # One month, nobody there yet: a facility location problem has a quicker way.
        self.located = facility_values(model, scenario, seconds) if announced is None else None
        self.kinds = "+".join(model.problem.school_types)

    def _opened(self, problem: pulp.LpProblem) -> Session:
        rechnen = self.scenario.rechnen
        return open_session(rechnen.loeser, problem, gap=rechnen.luecke, threads=rechnen.threads)

    def solve(self, goal: str, stages_left: int) -> None:
        """Minimise one goal and keep its value from now on."""
        terms = self.model.goal(goal)
        if not terms:
            return
        if goal in CLASS_GOALS:
            self._bound_class_totals(last_only=goal == "neue_klassen")
        constant = self._constant(goal)
        value = self._minimise(goal, terms, constant, stages_left)
        allowed = self.tolerance * abs(value)
        if goal == WAITING:
            allowed = allowed_waiting(self.tolerance, value)
        if goal == WAITING and self.scenario.ziele.preise is not None:
            # Seats go before prices, without any tolerance.
            allowed = 0.0
        if goal == PRICES:
            # What comes after is only who goes first; nothing is paid for it.
            allowed = 0.0
        self._keep(goal, terms, value, allowed, constant)
        if goal == "neue_klassen" and value < 0.5:
            self._fix_classes()

    def _constant(self, goal: str) -> float:
        """What today's classes contribute to a goal."""
        return 0.0 if goal in _DECIDED_FOR else self.model.constant(goal)

    def keep_announced(self, stages_left: int) -> None:
        """No class month beyond the earlier plan that the goals so far do not need."""
        if self.least is None:
            return
        terms, constant = beyond(self.model, self.least)
        if terms:
            value = self._minimise(CHANGES, terms, constant, stages_left)
            self._keep(CHANGES, terms, value, 0.0, constant)

    def tighten_waiting(self, stages_left: int) -> None:
        """Solve the waiting again now that the number of classes is decided."""
        terms = self.model.goal(WAITING)
        if terms:
            value = self._minimise(WAITING_AGAIN, terms, 0.0, stages_left)
            # No tolerance from here on: nobody waits for the sake of shorter ways.
            self._keep(WAITING, terms, value, 0.0, 0.0)

    def _keep(self, goal: str, terms: Terms, value: float, allowed: float, constant: float) -> None:
        """From now on the goal may exceed its value by what is allowed, and no more."""
        most = value + max(allowed, _slack(value))
        self.search.kept.append((goal, most))
        nothing = value <= _SLACK and allowed <= _SLACK and constant == 0.0
        if nothing and all(v.lowBound == 0.0 and factor > 0.0 for v, factor in terms):
            # Nobody waits: better said to each variable than in a row that is nearly tight.
            for variable, _ in terms:
                # What the plan at hand leaves is nobody, but the model cannot do without it.
                left = max(0.0, float(self.solution.values[variable.index]))
                self.session.set_bounds(variable, 0.0, left)
            return
        self.session.limit(terms, most + constant)

    def _minimise(self, goal: str, terms: Terms, constant: float, stages_left: int) -> float:
        """Solve one goal; its value without the constant that today's classes contribute."""
        value = self.session.value_of(terms, self.solution.values) - constant
        if value <= _SLACK and not self.model.problem.may_close.any():
            # No goal can fall below zero, and the plan at hand reaches it.
            self._note(goal, 0.0, 0.0, SolveStatus.OPTIMAL, 0.0)
            return 0.0
        if self.located is not None and goal in (WAITING, PRICES):
            self.solution.values, plan = self.located
            value = self.session.value_of(terms, self.solution.values) - constant
            bound = plan.bound if goal == PRICES else value
            status = plan.status if goal == PRICES else SolveStatus.OPTIMAL
            self._note(goal, value, bound, status, plan.seconds if goal == PRICES else 0.0)
            return value
        remaining = self.deadline - time.perf_counter()
        if not self.solution.stages:
            # The first goal always gets a moment: the plan that does nothing is no plan.
            remaining = max(remaining, _FIRST_SECONDS)
        if remaining <= 0.0:
            self._note(goal, value, None, SolveStatus.NOT_RUN, 0.0)
            return value
        # With hundreds of schools no goal may take the time of the ways.
        seconds = remaining / min(4 if self.search.many else 2, max(1, stages_left))
        since, start = time.perf_counter(), self.solution.values
        if goal == WAITING_AGAIN:
            # No plan with fewer classes lets fewer wait.
            known, until = self._least_waiting, since + seconds
            outcome = self.search.solve_again(terms, constant, start, until, known)
        else:
            outcome = self.search.solve(goal, terms, constant, start, since + seconds)
        if goal == WAITING and outcome.bound is not None:
            self._least_waiting = outcome.bound
        self.solution.values = outcome.values
        spent = time.perf_counter() - since
        self._note(goal, outcome.value, outcome.bound, outcome.status, spent)
        return outcome.value

    def _note(
        self, goal: str, value: float, bound: float | None, status: SolveStatus, seconds: float
    ) -> None:
        """Keep how a goal ended. After one that was cut off nothing is proven any more.

        The waiting of those whose seat is decided already is told with the value, but no tolerance
        and no gap is a share of it: no plan can change it.
        """
        if self.interrupted and status is not SolveStatus.NOT_RUN:
            bound, status = None, SolveStatus.LIMIT
        self.interrupted |= status.is_cut_off
        gap = None if bound is None else relative_gap(value, bound)
        counted = _DECIDED_FOR.get(goal)
        decided = 0.0 if counted is None else -self.model.constant(counted)
        value, bound = value + decided, None if bound is None else bound + decided
        self.solution.stages.append(
            StageResult(self.kinds, goal, value, bound, gap, status, seconds)
        )

    def _bound_class_totals(self, *, last_only: bool) -> None:
        """At least as many classes in each period as the relaxation needs (a valid cut)."""
        if self.model.problem.may_close.any() or self.search.many:
            # With hundreds of schools rounding a total up is not worth as many relaxations.
            return
        problem = self.model.problem
        bases = self.model.base.sum(axis=0)
        first = [int(np.argmax(self.model.period_of == p)) for p in range(len(bases))]
        tops = problem.most[:, first].sum(axis=0)
        last = len(bases) - 1

        def lowest(period: int) -> float:
            left = self.deadline - time.perf_counter()
            total = self.model.totals[period]
            value = self.session.minimise_relaxed([(total, 1.0)], seconds=left)
            base = float(bases[period])
            return max(base, math.ceil(value - _SLACK)) if math.isfinite(value) else base

        needed = lowest(last)
        if needed <= bases[last]:
            return
        self.session.set_bounds(self.model.totals[last], needed, float(tops[last]))
        if last_only and "klassenmonate" in self.search.order:
            return
        for period in range(1, last):
            total = self.model.totals[period]
            self.session.set_bounds(total, lowest(period), float(tops[period]))

    def _fix_classes(self) -> None:
        """No class opens: what is left is a network without whole-number decisions on classes."""
        if self.model.problem.may_close.any():
            return
        self.search.classes_fixed = True
        for row, numbers in zip(self.model.classes, self.model.base, strict=True):
            for variable, number in zip(row, numbers, strict=True):
                self.session.set_bounds(variable, float(number), float(number))
