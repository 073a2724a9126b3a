"""How one goal is solved: with what is known about its best plans, and then by the solver.

What is tried depends on the model and on what was found, never on the time spent, and each search
ends after a fixed number of steps: as long as the time limit is not reached, the plan is the same
on each machine.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from daz_planner.planning.cuts import Cut, CutFinder
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.problem import FloatArray, Problem
from daz_planner.planning.session import PROVEN, Outcome, Row, Session, Terms, relative_gap
from daz_planner.planning.starts import Starts

WAITING = "wartemonate"
CLASS_GOALS = ("neue_klassen", "klassenmonate")
WAYS = ("weg_ueber_richtwert", "weg")
MANY_CLASSES = 300
"""Whole-number classes above which a goal is first solved with the schools of the last plan."""
_FIRST_NODES = 40
"""Nodes of the search tree before a goal of the ways counts as hard."""
_HARD = 0.125
"""Open share after local search and relaxation from which a goal counts as hard at once.

On the real district the goals that need inequalities begin at 14 %, the others end at 11 %.
"""
_WORTH = 0.875
"""Inequalities stay where they leave at most this part of what was open before them."""
_KICKS = 10
_RESTRICTED_SHARE = 0.5
_SLACK = 1e-5


class GoalSearch:
    """Solves the goals of one model one by one.

    Parameters
    ----------
    order:
        The goals of the scenario, the first one first.
    announced:
        Whether the classes of an earlier plan run at least.
    """

    def __init__(
        self, model: PlanningModel, session: Session, order: Sequence[str], *, announced: bool
    ) -> None:
        self.model = model
        self.session = session
        self.order = list(order)
        self.classes_fixed = False
        """No class is left to decide."""
        self.many = sum(len(row) for row in model.classes) > MANY_CLASSES
        self._cuts: CutFinder | None = None
        self._more_never_hurts = _more_never_hurts(model.problem)
        self._same_limits = not announced and _same_limits(model)

    def solve(
        self, goal: str, terms: Terms, constant: float, start: FloatArray, until: float
    ) -> Outcome:
        """Minimise a goal from a known plan, until a reading of ``time.perf_counter``."""
        starts = Starts(self.model, self.session, start)
        if goal == WAITING and self._classes_come_later():
            # With every room in use at once nobody waits longer: no class is left to decide.
            full = [(v, *2 * (self.session.bounds_of(v)[1],)) for v in starts.classes]
            with starts.bounds(full):
                return self._run(terms, constant, starts, until)
        if goal == "neue_klassen" and self._openings_alone_count():
            return self._count_openings(terms, constant, starts, until)
        if self.many and self._more_never_hurts and not self.classes_fixed:
            half = time.perf_counter() + _RESTRICTED_SHARE * (until - time.perf_counter())
            least = -math.inf
            if goal in WAYS:
                # With so many flows the search may not even prove what the relaxation does.
                least = self.session.minimise_relaxed(terms, seconds=half - time.perf_counter())
            starts.in_known_schools(terms, constant, half, round_up=goal in CLASS_GOALS)
            return self._at_least(self._run(terms, constant, starts, until), least - constant)
        if goal in WAYS and self._more_never_hurts and not self.classes_fixed:
            return self._shorten_ways(terms, constant, starts, until)
        return self._run(terms, constant, starts, until)

    def _run(self, terms: Terms, constant: float, starts: Starts, until: float) -> Outcome:
        seconds = max(0.01, until - time.perf_counter())
        return self.session.minimise(terms, seconds=seconds, start=starts.values, constant=constant)

    def _classes_come_later(self) -> bool:
        place = self.order.index(WAITING)
        before, later = self.order[:place], self.order[place + 1 :]
        return (
            self._more_never_hurts
            and self._same_limits
            and any(goal in later for goal in CLASS_GOALS)
            and not any(goal in before for goal in CLASS_GOALS)
        )

    def _openings_alone_count(self) -> bool:
        """Whether each class may open in the first month allowed without harm to a goal before."""
        before = self.order[: self.order.index("neue_klassen")]
        return (
            self._more_never_hurts
            and self._same_limits
            and len(self.model.totals) > 2
            and set(before) <= {WAITING, "regelklassen", *WAYS}
        )

    def _count_openings(
        self, terms: Terms, constant: float, starts: Starts, until: float
    ) -> Outcome:
        """The fewest openings, each in the first month allowed."""
        at_once = [
            Cut(np.array([row[-1].index, row[1].index]), np.array([1.0, -1.0]), 0.0)
            for row in self.model.classes
            if len(row) > 2
        ]
        with self.session.holding(at_once):
            if not self.many:
                return self._run(terms, constant, starts, until)
            half = time.perf_counter() + _RESTRICTED_SHARE * (until - time.perf_counter())
            least = starts.round_up(terms, constant, half) - constant
            found = self._run(terms, constant, starts, until)
        if not math.isfinite(least) or any(factor != 1.0 for _, factor in terms):
            return found
        # A number of classes is whole, so what the relaxation proves may be rounded up.
        return self._at_least(found, float(math.ceil(least - _SLACK)))

    def _shorten_ways(self, terms: Terms, constant: float, starts: Starts, until: float) -> Outcome:
        """A goal of the ways: a local search, then the proof; the hard ones get inequalities."""
        if not starts.move_openings(terms, constant, until):
            return self._run(terms, constant, starts, until)
        found: Outcome | None = None
        value = self.session.value_of(terms, starts.values) - constant
        bound = self.session.minimise_relaxed(terms, seconds=until - time.perf_counter()) - constant
        if not math.isfinite(bound) or value - bound <= _HARD * max(1.0, value):
            found = self._proven(terms, constant, starts, until, [], _FIRST_NODES)
            starts.values, value = found.values, found.value
            bound = -math.inf if found.bound is None else found.bound
        if found is None or (found.status.is_cut_off and time.perf_counter() < until):
            rows = self._inequalities(terms, value, bound, until)
            if rows:
                starts.move_openings(terms, constant, until, kicks=_KICKS)
            found = self._at_least(self._proven(terms, constant, starts, until, rows, None), bound)
        # The solver stops within the gap: with its classes the ways may still be shorter.
        starts.values = found.values
        columns = np.array([variable.index for variable in starts.classes])
        starts.with_classes(terms, constant, np.round(found.values[columns]), until)
        value = self.session.value_of(terms, starts.values) - constant
        better = replace(found, values=starts.values, value=value)
        return better if found.bound is None else self._at_least(better, min(found.bound, value))

    def _proven(
        self,
        terms: Terms,
        constant: float,
        starts: Starts,
        until: float,
        rows: Sequence[Row],
        nodes: int | None,
    ) -> Outcome:
        """The proof for a good plan, with further rows and up to a number of nodes."""
        self.session.only_proof, self.session.most_nodes = True, nodes
        try:
            with self.session.holding(rows):
                return self._run(terms, constant, starts, until)
        finally:
            self.session.only_proof, self.session.most_nodes = False, None

    def _inequalities(self, terms: Terms, value: float, known: float, until: float) -> list[Row]:
        """Inequalities, where they prove much more than the bound that is known without them."""
        if self._cuts is None:
            self._cuts = CutFinder(self.model)
        enough = value - self.session.gap * max(1.0, value)
        seconds = until - time.perf_counter()
        bound, rows = self.session.tighten(terms, self._cuts.find, seconds=seconds, enough=enough)
        return rows if value - bound <= _WORTH * (value - known) else []

    def _at_least(self, found: Outcome, bound: float) -> Outcome:
        """An outcome with a bound that is proven by other means, where that is the better one."""
        if not math.isfinite(bound) or (found.bound is not None and found.bound > bound):
            if found.bound is None or found.bound <= found.value:
                return found
            bound = found.value
        # What is above the value is the solver's rounding.
        bound = min(bound, found.value)
        gap = relative_gap(found.value, bound)
        status = found.status
        if gap <= self.session.gap:
            status = SolveStatus.WITHIN_GAP if gap > PROVEN else SolveStatus.OPTIMAL
        return replace(found, bound=bound, status=status)


def _more_never_hurts(problem: Problem) -> bool:
    """A class more, or earlier, breaks no row: no class closes and no hours are limited."""
    return problem.hours is None and not problem.may_close.any()


def _same_limits(model: PlanningModel) -> bool:
    """From the first month of change on each school has the same limits in every period."""
    if len(model.totals) < 2:
        return True
    first = [int(np.argmax(model.period_of == p)) for p in range(len(model.totals))]
    most = model.problem.most[:, first[1:]]
    return bool(
        (model.base == model.base[:, :1]).all()
        and (most == most[:, :1]).all()
        and model.problem.may_open[first[1]]
        and not model.problem.barred.any()
    )
