"""Goals of one whole-number model, one after the other, by its relaxation as far as that goes.

Each goal is first asked of the relaxation (:mod:`daz_planner.planning.relaxation`).  Where the plan
at hand or the relaxation's own vertex is whole and as good, the goal is done and its face is held.
Only else the solver searches; then a row keeps the value.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pulp

from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.problem import FloatArray
from daz_planner.planning.relaxation import WHOLE, Relaxation, Vertex
from daz_planner.planning.session import Outcome, Session, Terms
from daz_planner.planning.solver import open_session

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

Bounded = tuple[Terms, float]
"""A goal of whole numbers, and the most by which two plans can differ in it."""

_SLACK = 1e-5
_NEAR = 1e-9
"""Values as near to each other as this, relative to their size, are the same."""


@dataclass
class Kept:
    """What the goals that are done ask of those that follow, by names of columns and rows."""

    columns: dict[str, float] = field(default_factory=dict)
    rows: dict[str, float] = field(default_factory=dict)
    limits: list[tuple[list[tuple[str, float]], float]] = field(default_factory=list)


class GoalChain:
    """The goals of one model.

    ``values`` is the best plan so far, ``kept`` what it has to keep.
    """

    def __init__(self, problem: pulp.LpProblem, start: FloatArray, scenario: Scenario) -> None:
        self.problem = problem
        # A list of its own: for a solve without a goal PuLP adds a dummy to that of the problem.
        self.variables: list[pulp.LpVariable] = list(problem.variables())
        for index, variable in enumerate(self.variables):
            variable.index = index
        self._by_name = {variable.name: variable for variable in self.variables}
        self.values = start
        self.kept = Kept()
        self._rechnen = scenario.rechnen
        self._relaxation = Relaxation(problem)
        self._session: Session | None = None
        self._untold = Kept()
        """What the solver has not been told yet."""
        self._vertex: Vertex | None = None
        self.at_face = False
        """Whether the face of the last goal's relaxation holds all plans as good."""

    def minimise(self, terms: Terms, seconds: float, *, whole: bool, kept: bool = True) -> Outcome:
        """The best plan for one goal, held in ``values`` from now on.

        Parameters
        ----------
        whole:
            Whether the goal is a whole number in each plan of whole numbers.
        kept:
            Whether :meth:`keep` follows. Without it no plan may be ruled out that is worse.
        """
        since = time.perf_counter()
        settled = self.settle(terms, seconds, whole=whole)
        left = max(0.01, seconds - (time.perf_counter() - since))
        return settled or self.search(terms, left, whole=whole, kept=kept)

    def settle(self, terms: Terms, seconds: float, *, whole: bool) -> Outcome | None:
        """What :meth:`minimise` finds where the relaxation is enough for it, else ``None``."""
        since = time.perf_counter()
        value = value_of(terms, self.values)
        vertex = self._vertex = self._relaxation.minimise(terms, seconds)
        self.at_face = False
        if vertex is None:
            return None
        near = vertex.value + _NEAR * max(1.0, abs(vertex.value))
        if self._relaxation.is_whole(vertex.values):
            self.values, value = vertex.values, value_of(terms, vertex.values)
        if value <= near:
            self.at_face = not vertex.leans
        elif not whole or value > math.ceil(vertex.value - WHOLE) + WHOLE:
            return None
        return self._proven(value, since)

    def search(self, terms: Terms, seconds: float, *, whole: bool, kept: bool = True) -> Outcome:
        """The best plan for one goal, found by the solver; parameters of :meth:`minimise`."""
        since = time.perf_counter()
        vertex = self._relaxation.minimise(terms, seconds)
        self.at_face = False
        bound = -math.inf
        if vertex is not None:
            bound = math.ceil(vertex.value - WHOLE) if whole else vertex.value
            if kept:
                self._fix(self._relaxation.beyond(vertex, value_of(terms, self.values)), {})
        left = max(0.01, seconds - (time.perf_counter() - since))
        outcome = self._told().minimise(terms, seconds=left, start=self.values)
        known = bound if outcome.bound is None else max(bound, outcome.bound)
        if math.isfinite(known):
            outcome = replace(outcome, bound=min(outcome.value, known))
        self.values = outcome.values
        if kept and vertex is not None and not outcome.status.is_cut_off:
            self._fix(self._relaxation.beyond(vertex, outcome.value + 2 * _SLACK), {})
        return replace(outcome, seconds=time.perf_counter() - since)

    def keep(self, terms: Terms) -> None:
        """From now on the last goal keeps its value."""
        if self.at_face and self._vertex is not None:
            self._fix(*self._relaxation.face(self._vertex))
            return
        most = round(value_of(terms, self.values), 6) + _SLACK
        self.limit([(variable.name, factor) for variable, factor in terms], most)

    def adopt(self, kept: Kept) -> None:
        """Keep what the goals of a part of the model have decided."""
        self._fix({self._by_name[name].index: at for name, at in kept.columns.items()}, kept.rows)
        for row, most in kept.limits:
            self.limit(row, most)

    def freeze(self, variables: Iterable[pulp.LpVariable]) -> None:
        """From now on these variables have the values of the best plan."""
        self._fix({v.index: float(round(self.values[v.index])) for v in variables}, {})

    def is_fixed(self, variable: pulp.LpVariable) -> bool:
        """Whether the goals so far leave the variable one value."""
        return variable.name in self.kept.columns

    def rule_out(self, variables: Iterable[pulp.LpVariable]) -> None:
        """From now on these variables are 0."""
        self._fix({v.index: 0.0 for v in variables}, {})

    def limit(self, row: list[tuple[str, float]], most: float) -> None:
        """From now on the sum may not exceed ``most``."""
        by_name = self._by_name
        self._relaxation.limit([(by_name[name], factor) for name, factor in row], most)
        self.kept.limits.append((row, most))
        self._untold.limits.append((row, most))

    def _fix(self, columns: dict[int, float], rows: dict[str, float]) -> None:
        self._relaxation.fix(columns, rows)
        named = {self.variables[index].name: at for index, at in columns.items()}
        for record in (self.kept, self._untold):
            record.columns.update(named)
            record.rows.update(rows)

    def _proven(self, value: float, since: float) -> Outcome:
        seconds = time.perf_counter() - since
        return Outcome(self.values, value, value, SolveStatus.OPTIMAL, seconds)

    def _told(self) -> Session:
        """The session, with all that is kept."""
        if self._session is None:
            rechnen = self._rechnen
            self._session = open_session(
                rechnen.loeser, self.problem, gap=0.0, threads=rechnen.threads
            )
            self._session.search_plainly()
        session, by_name = self._session, self._by_name
        for name, at in self._untold.columns.items():
            session.set_bounds(by_name[name], at, at)
        for name, at in self._untold.rows.items():
            row = self.problem._constraints[name]
            sign = 1.0 if row.getLb() is None else -1.0
            session.limit([(v, -sign * factor) for v, factor in row.items()], -sign * at)
        for limits, most in self._untold.limits:
            session.limit([(by_name[name], factor) for name, factor in limits], most)
        self._untold = Kept()
        return session


def value_of(terms: Terms, values: FloatArray) -> float:
    """Value of an expression in a plan."""
    return math.fsum(factor * values[variable.index] for variable, factor in terms)


def one_after_another(goals: Sequence[Bounded], most: float) -> tuple[Terms, int]:
    """Goals of whole numbers as one: a step of an earlier one outweighs all of those that follow.

    Parameters
    ----------
    most:
        What the largest weight may be; as many of the goals are taken as that allows.

    Returns
    -------
    The sum, and the number of goals in it.
    """
    weights = [1.0]
    while len(weights) < len(goals):
        spreads = [1.0 + spread for _, spread in goals[1 : len(weights) + 1]]
        if math.prod(spreads) > most:
            break
        weights = [math.prod(spreads[n:]) for n in range(len(spreads) + 1)]
    total: dict[str, tuple[pulp.LpVariable, float]] = {}
    for weight, (terms, _) in zip(weights, goals, strict=False):
        for variable, factor in terms:
            _, before = total.get(variable.name, (variable, 0.0))
            total[variable.name] = variable, before + weight * factor
    return list(total.values()), len(weights)
