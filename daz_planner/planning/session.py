"""A model in a solver's hands: minimise one goal after another, with value, bound and status.

Value, proven bound and status come from the solver, never from PuLP's own status, which can say
"Optimal" at a time limit.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pulp

from daz_planner.errors import OutOfTimeError
from daz_planner.planning.plan import SolveStatus

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Terms = list[tuple[pulp.LpVariable, float]]
"""A linear expression: variables with their coefficients, each variable once."""

NO_SOLUTION = "Das Planungsmodell hat keine Lösung. Das ist ein Fehler des Programms."
PROVEN = 1e-6
"""Relative gap below which a value counts as the proven optimum."""
_NO_PLAN = "Im Zeitlimit wurde kein Plan gefunden."
_MORE_TIME = "Erhöhen Sie das Zeitlimit mit --zeitlimit."


class Row(Protocol):
    """A row ``coefficients · values[columns] ≤ right`` that holds for every whole plan."""

    @property
    def columns(self) -> IntArray: ...
    @property
    def coefficients(self) -> FloatArray: ...
    @property
    def right(self) -> float: ...


@dataclass(frozen=True)
class Outcome:
    """What came of one solve.

    ``value`` and ``bound`` are without the constant of the goal. ``bound`` is the proven lower
    bound, ``None`` where the solver tells none.
    """

    values: FloatArray
    value: float
    bound: float | None
    status: SolveStatus
    seconds: float

    @property
    def gap(self) -> float | None:
        """How far the value may be above the best possible, as a share of the value."""
        return None if self.bound is None else relative_gap(self.value, self.bound)


def relative_gap(value: float, bound: float) -> float:
    """``(value - bound) / value``; values below 1 count as 1: 0.001 of a child is no gap."""
    return max(0.0, value - bound) / max(1.0, abs(value))


class Session(ABC):
    """A model in a solver's hands."""

    def __init__(self, problem: pulp.LpProblem, *, gap: float, threads: int) -> None:
        self.problem = problem
        self.gap = gap
        self.threads = threads
        self.relaxed: FloatArray | None = None
        """The values of the last relaxation that was solved, where the solver tells them."""
        self.most_nodes: int | None = None
        """Nodes of the search tree after which :meth:`minimise` ends, where the solver can."""
        self.exactly = False
        """To the best value, whatever the gap that is enough otherwise; where the solver can."""
        self.only_proof = False
        """The start given is good and its proof is what is missing: no search for a better one."""
        self.variables: list[pulp.LpVariable] = list(problem.variables())
        for index, variable in enumerate(self.variables):
            variable.index = index

    @abstractmethod
    def minimise(
        self,
        terms: Terms,
        *,
        seconds: float,
        start: FloatArray | None = None,
        constant: float = 0.0,
    ) -> Outcome:
        """Minimise an expression less its constant, from a known plan if there is one.

        Raises
        ------
        InfeasibleError
            The model is proven to have no solution.
        OutOfTimeError
            No plan was found in time and none was given.
        SolverError
            The solver failed.
        """

    @abstractmethod
    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        """Lower bound of an expression: its smallest value when classes may be fractions.

        Minus infinity where the solver does not tell one in time.
        """

    @abstractmethod
    def limit(self, terms: Terms, most: float) -> None:
        """From now on the expression may not exceed ``most``."""

    def tighten(
        self,
        terms: Terms,
        find: Callable[[FloatArray], Sequence[Row]],
        *,
        seconds: float,
        enough: float,
    ) -> tuple[float, list[Row]]:
        """Inequalities that the relaxation breaks, round by round, until it reaches ``enough``.

        ``find`` returns rows that hold for every plan. Returns the bound of the relaxation with the
        rows, minus infinity where the solver leaves this to its own inequalities, and the rows that
        bind. They do not stay in the model, see :meth:`holding`.
        """
        return -math.inf, []

    @contextmanager
    def judging(
        self, terms: Terms, variables: Sequence[pulp.LpVariable], *, until: float = math.inf
    ) -> Iterator[Callable[[FloatArray], tuple[float, FloatArray]] | None]:
        """Within the block a function that solves the relaxation with the variables given.

        It returns the value (infinite where there is none, or none by ``until``, a moment of
        :func:`time.perf_counter`) and its slope by each variable.
        ``None`` where the solver cannot do this quickly.
        """
        yield None

    @contextmanager
    def holding(self, rows: Sequence[Row]) -> Iterator[None]:
        """Within the block further rows hold.

        Only for rows that cost no goal anything: a solver may ignore them.
        """
        yield

    @contextmanager
    def fixing(self, columns: IntArray, values: FloatArray) -> Iterator[None]:
        """Within the block these columns have these values."""
        chosen = [self.variables[column] for column in columns.tolist()]
        before = [(variable, *self.bounds_of(variable)) for variable in chosen]
        for variable, value in zip(chosen, values.tolist(), strict=True):
            self.set_bounds(variable, value, value)
        try:
            yield
        finally:
            for variable, low, high in before:
                self.set_bounds(variable, low, high)

    @abstractmethod
    def set_bounds(self, variable: pulp.LpVariable, low: float, high: float) -> None:
        """Change the bounds of a variable."""

    def search_plainly(self) -> None:
        """Search without restarts and searches within the search: for many small goals.

        A hint only; solvers without such options take none.
        """
        return

    def bounds_of(self, variable: pulp.LpVariable) -> tuple[float, float]:
        """The bounds of a variable as they are now."""
        low, high = variable.lowBound, variable.upBound
        return -math.inf if low is None else low, math.inf if high is None else high

    def value_of(self, terms: Terms, values: FloatArray) -> float:
        """Value of an expression in a plan."""
        return math.fsum(factor * values[variable.index] for variable, factor in terms)

    def _outcome(
        self,
        terms: Terms,
        found: FloatArray | None,
        start: FloatArray | None,
        bound: float | None,
        limit: bool,
        constant: float,
        since: float,
    ) -> Outcome:
        """The better of what was found and the start, with an honest status."""
        plans = [plan for plan in (found, start) if plan is not None]
        if not plans:
            raise OutOfTimeError(_NO_PLAN, remedy=_MORE_TIME)
        worth = [self.value_of(terms, plan) - constant for plan in plans]
        best = 0 if len(plans) == 1 or worth[0] <= worth[1] + 1e-9 else 1
        value = worth[best]
        # What is above the value is the solver's rounding.
        bound = None if bound is None else min(bound, value)
        if bound is not None and relative_gap(value, bound) <= PROVEN:
            status = SolveStatus.OPTIMAL
        elif limit or bound is None or relative_gap(value, bound) > self.gap + 1e-9:
            status = SolveStatus.LIMIT
        else:
            status = SolveStatus.WITHIN_GAP
        return Outcome(plans[best], value, bound, status, time.perf_counter() - since)
