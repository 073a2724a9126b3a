"""A model in a solver's hands: minimise one goal after another, with value, bound and status.

Value, proven bound and status come from the solver, never from PuLP's own status, which can say
"Optimal" at a time limit.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pulp

from daz_planner.errors import SolverError
from daz_planner.planning.plan import SolveStatus

FloatArray = npt.NDArray[np.float64]
Terms = list[tuple[pulp.LpVariable, float]]
"""A linear expression: variables with their coefficients, each variable once."""

NO_SOLUTION = "Das Planungsmodell hat keine Lösung. Das ist ein Fehler des Programms."
_PROVEN = 1e-6
_NO_PLAN = "Im Zeitlimit wurde kein Plan gefunden."
_MORE_TIME = "Erhöhen Sie das Zeitlimit mit --zeitlimit."


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
        self.variables: list[pulp.LpVariable] = problem.variables()
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
        SolverError
            No plan was found and none was given, or the model has no solution.
        """

    @abstractmethod
    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        """Lower bound of an expression: its smallest value when classes may be fractions.

        Minus infinity where the solver does not tell one in time.
        """

    @abstractmethod
    def limit(self, terms: Terms, most: float) -> None:
        """From now on the expression may not exceed ``most``."""

    @abstractmethod
    def set_bounds(self, variable: pulp.LpVariable, low: float, high: float) -> None:
        """Change the bounds of a variable."""

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
            raise SolverError(_NO_PLAN, remedy=_MORE_TIME)
        worth = [self.value_of(terms, plan) - constant for plan in plans]
        best = 0 if len(plans) == 1 or worth[0] <= worth[1] + 1e-9 else 1
        value = worth[best]
        if bound is not None and relative_gap(value, bound) <= _PROVEN:
            status = SolveStatus.OPTIMAL
        elif limit or bound is None or relative_gap(value, bound) > self.gap + 1e-9:
            status = SolveStatus.LIMIT
        else:
            status = SolveStatus.WITHIN_GAP
        return Outcome(plans[best], value, bound, status, time.perf_counter() - since)
