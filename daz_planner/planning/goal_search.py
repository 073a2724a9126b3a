"""How one goal is solved: with what is known about its best plans, and then by the solver.

What is tried depends on the model and on what was found, never on the time spent, and each search
ends after a fixed number of steps: as long as the time limit is far, the plan is the same on each
machine.

With hundreds of schools (:data:`MANY_CLASSES`) no search of the whole model gets far.  The
relaxation proves what can be proven, a smaller model (:mod:`daz_planner.planning.kernel`) finds the
plan, and the searches have fixed numbers of steps as well.  But there each goal has its share of
the time, and a search that its share ends may give another plan on another machine.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pulp

from daz_planner.planning.cuts import Cut, CutFinder
from daz_planner.planning.kernel import Kept, Kernel
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.moves import MOST_TRIED
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.problem import BoolArray, FloatArray, Problem
from daz_planner.planning.session import PROVEN, Outcome, Row, Session, Terms, relative_gap
from daz_planner.planning.starts import Starts

WAITING = "wartemonate"
CLASS_GOALS = ("neue_klassen", "klassenmonate")
WAYS = ("weg_ueber_richtwert", "weg")
MANY_CLASSES = 300
"""Whole-number classes above which a goal is first solved with few schools."""
_FIRST_NODES = 40
"""Nodes of the search tree before a goal of the ways counts as hard."""
_HARD = 0.125
"""Open share after local search and relaxation from which a goal counts as hard at once.

On the real district the goals that need inequalities begin at 14 %, the others end at 11 %.
"""
_WORTH = 0.875
"""Inequalities stay where they leave at most this part of what was open before them."""
_KICKS = 4
_SMALL = 5_000
_FEWEST_TRIED = 40
"""Plans tried in a model with more than so many columns: the fewer, the longer each takes."""
_RESTRICTED_SHARE = 0.8
"""Share of a goal's time after which the search with few schools ends at the latest."""
_FULL_ROUNDINGS = 1
_KERNEL_ROUNDINGS = 4
_KERNEL_NODES = 50
_KERNEL_MOVES = 60
"""Steps of the searches with few schools."""
_HUGE = 30_000
_HUGE_SECONDS = 60.0
"""Columns above which a search of the whole model needs so long for its first node."""
_LAST_SECONDS = 4.0
_CHOSEN = 0.2
"""Share of a class in the relaxation from which a school is looked at."""
_SLACK = 1e-5
_ROUNDING = 1e-5
"""Share of a value by which a bound may be above it."""


class GoalSearch:
    """Solves the goals of one model one by one.

    Parameters
    ----------
    order:
        The goals of the scenario, the first one first.
    announced:
        Whether the classes of an earlier plan run at least.
    opened:
        Hands a further model to the solver.
    """

    def __init__(
        self,
        model: PlanningModel,
        session: Session,
        order: Sequence[str],
        *,
        announced: bool,
        opened: Callable[[pulp.LpProblem], Session] | None = None,
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
        self._opened = None if announced else opened
        self.kept: list[Kept] = []
        """The goals that are done, each with the most that its value may come to."""

    def solve(
        self, goal: str, terms: Terms, constant: float, start: FloatArray, until: float
    ) -> Outcome:
        """Minimise a goal from a known plan, until a reading of ``time.perf_counter``."""
        starts = Starts(self.model, self.session, start, many=self.many)
        if goal == WAITING and self._classes_come_later():
            # With every room in use at once nobody waits longer: no class is left to decide.
            full = [(v, *2 * (self.session.bounds_of(v)[1],)) for v in starts.classes]
            with starts.bounds(full):
                return self._run(terms, constant, starts, until)
        if goal == "neue_klassen" and self._openings_alone_count():
            return self._count_openings(terms, constant, starts, until)
        if self.many and self._more_never_hurts and not self.classes_fixed:
            return self._with_many(goal, terms, constant, starts, until)
        if goal in WAYS and self._more_never_hurts and not self.classes_fixed:
            return self._shorten_ways(terms, constant, starts, until)
        return self._run(terms, constant, starts, until)

    def solve_again(
        self, terms: Terms, constant: float, start: FloatArray, until: float, known: float
    ) -> Outcome:
        """Minimise a goal that was solved before, with what was proven then."""
        starts = Starts(self.model, self.session, start, many=self.many)
        if not self.many:
            return self._at_least(self._run(terms, constant, starts, until), known)
        classes = self.model.period_classes(start)
        starts.with_classes(terms, constant, classes.ravel().astype(np.float64), until)
        return self._from(terms, constant, starts, until, known)

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
        with self.session.holding(_at_once(self.model)):
            if not self.many:
                return self._run(terms, constant, starts, until)
            least = starts.round_up(terms, constant, until, rounds=_FULL_ROUNDINGS) - constant
            if all(factor == 1.0 for _, factor in terms) and math.isfinite(least):
                # A number of classes is whole, so what the relaxation proves may be rounded up.
                least = float(math.ceil(least - _SLACK))
            value = self.session.value_of(terms, starts.values) - constant
            if relative_gap(value, least) > self.session.gap:
                soon = time.perf_counter() + _RESTRICTED_SHARE * (until - time.perf_counter())
                self._in_kernel("neue_klassen", terms, constant, starts, soon, until)
            return self._from(terms, constant, starts, until, least)

    def _with_many(
        self, goal: str, terms: Terms, constant: float, starts: Starts, until: float
    ) -> Outcome:
        """A goal of hundreds of schools: what the relaxation proves, and a plan of few of them."""
        seconds = until - time.perf_counter()
        # With so many flows the search may not even prove what the relaxation does.
        least = self.session.minimise_relaxed(terms, seconds=seconds) - constant
        if goal in CLASS_GOALS:
            least = float(math.ceil(least - _SLACK)) if math.isfinite(least) else least
        soon = time.perf_counter() + _RESTRICTED_SHARE * (until - time.perf_counter())
        if self._opened is not None and goal in (*CLASS_GOALS, *WAYS):
            self._in_kernel(goal, terms, constant, starts, soon, until)
        else:
            starts.in_known_schools(terms, constant, soon, round_up=goal in CLASS_GOALS)
        return self._from(terms, constant, starts, until, least)

    def _in_kernel(
        self,
        goal: str,
        terms: Terms,
        constant: float,
        starts: Starts,
        until: float,
        end: float,
    ) -> None:
        """A start: the goal solved with few schools that may open classes.

        The search in the small model ends at ``until``, what it found is a plan of all schools at
        ``end``.
        """
        if self._opened is None:
            return
        model, base = self.model, self.model.base
        now = model.period_classes(starts.values)
        used = (now > base) | starts.used.reshape(base.shape)
        chosen: BoolArray = np.asarray(used.any(axis=1), dtype=np.bool_)
        counts = goal in CLASS_GOALS
        if not counts:
            if self.session.relaxed is not None:
                share = model.period_shares(self.session.relaxed) - base
                chosen |= (share > _CHOSEN).any(axis=1)
            starts.with_classes(terms, constant, now.ravel().astype(np.float64), until)
        joined = counts and not model.problem.groups
        kernel = Kernel(model.problem, chosen, self.kept, self._opened, joined=joined)
        own, own_constant = kernel.model.goal(goal), kernel.model.constant(goal)
        plan = kernel.plan_with(now, own, until - time.perf_counter())
        if plan is None:
            return
        few = Starts(kernel.model, kernel.session, plan, many=True)
        if goal == "neue_klassen":
            with kernel.session.holding(_at_once(kernel.model)):
                few.round_up(own, own_constant, until, rounds=_KERNEL_ROUNDINGS)
                few.dive(own, own_constant, until)
                kernel.session.most_nodes = _KERNEL_NODES
                few.solve(own, own_constant, until)
        elif counts:
            few.dive(own, own_constant, until)
            kernel.session.most_nodes = _KERNEL_NODES
            few.solve(own, own_constant, until)
        else:
            few.move_openings(own, own_constant, until, most=_KERNEL_MOVES)
        found = kernel.model.period_classes(few.values)
        if (found != now).any():
            # The work of the small model is not thrown away for a few seconds.
            end = max(end, time.perf_counter() + _LAST_SECONDS)
            starts.with_classes(terms, constant, found.ravel().astype(np.float64), end)

    def _from(
        self, terms: Terms, constant: float, starts: Starts, until: float, least: float
    ) -> Outcome:
        """The search from a start, unless the start will do or the search would get nowhere."""
        value = self.session.value_of(terms, starts.values) - constant
        left = until - time.perf_counter()
        hopeless = len(self.session.variables) > _HUGE and left < _HUGE_SECONDS
        if relative_gap(value, least) > self.session.gap and not hopeless:
            return self._at_least(self._run(terms, constant, starts, until), least)
        known = Outcome(starts.values, value, None, SolveStatus.LIMIT, 0.0)
        return self._at_least(known, least)

    def _shorten_ways(self, terms: Terms, constant: float, starts: Starts, until: float) -> Outcome:
        """A goal of the ways: a local search, then the proof; the hard ones get inequalities."""
        since = time.perf_counter()
        bound = self.session.minimise_relaxed(terms, seconds=until - since) - constant
        tries = max(_FEWEST_TRIED, MOST_TRIED * _SMALL // max(_SMALL, len(self.session.variables)))
        if not starts.move_openings(terms, constant, until, most=tries):
            return self._at_least(self._run(terms, constant, starts, until), bound)
        found: Outcome | None = None
        value = self.session.value_of(terms, starts.values) - constant
        if not math.isfinite(bound) or value - bound <= _HARD * max(1.0, value):
            found = self._proven(terms, constant, starts, until, [], _FIRST_NODES)
            starts.values, value = found.values, found.value
            bound = bound if found.bound is None else max(bound, found.bound)
        if found is None or (found.status.is_cut_off and time.perf_counter() < until):
            proven, rows = self._inequalities(terms, value + constant, bound + constant, until)
            bound = max(bound, proven - constant)
            if rows and relative_gap(value, bound) > self.session.gap:
                starts.move_openings(terms, constant, until, kicks=_KICKS, most=tries)
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

    def _inequalities(
        self, terms: Terms, value: float, known: float, until: float
    ) -> tuple[float, list[Row]]:
        """The bound with inequalities, and these where they prove much more than is known."""
        if self._cuts is None:
            self._cuts = CutFinder(self.model)
        enough = value - self.session.gap * max(1.0, value)
        seconds = until - time.perf_counter()
        bound, rows = self.session.tighten(terms, self._cuts.find, seconds=seconds, enough=enough)
        return bound, rows if value - bound <= _WORTH * (value - known) else []

    def _at_least(self, found: Outcome, bound: float) -> Outcome:
        """An outcome with a bound that is proven by other means, where that is the better one."""
        if not math.isfinite(bound) or (found.bound is not None and found.bound > bound):
            if found.bound is None or found.bound <= found.value:
                return found
            bound = found.value
        if bound > found.value + _ROUNDING * max(1.0, abs(found.value)):
            # A bound that a plan contradicts proves nothing.
            return found
        # What is above the value is the solver's rounding.
        bound = min(bound, found.value)
        gap = relative_gap(found.value, bound)
        status = found.status
        if gap <= self.session.gap:
            status = SolveStatus.WITHIN_GAP if gap > PROVEN else SolveStatus.OPTIMAL
        return replace(found, bound=bound, status=status)


def _at_once(model: PlanningModel) -> list[Cut]:
    """Each class that opens does so in the first month allowed."""
    return [
        Cut(np.array([row[-1].index, row[1].index]), np.array([1.0, -1.0]), 0.0)
        for row in model.classes
        if len(row) > 2
    ]


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
