"""Any other solver that PuLP finds, through PuLP's own class for it.

The plan is checked here, and what the solver proved is taken from the solver: PuLP calls some
plans "Optimal" that were cut off at the time limit.
"""

from __future__ import annotations

import inspect
import math
import re
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from daz_planner.errors import InfeasibleError, SolverChoiceError, SolverError
from daz_planner.planning.session import NO_SOLUTION, FloatArray, Outcome, Session, Terms
from daz_planner.planning.solver_names import TRAITS, Traits, silence
from daz_planner.planning.solver_process import grace, plain_folder, timed

_LEAST_GAP = 1e-9
"""Some of PuLP's classes take a gap of 0 for none at all, and the solver's own holds."""
_FEASIBLE = 1e-4
"""Part of a child by which a solver's plan may miss a row (relative above 1)."""
_BEFORE_LIMIT = 0.9
"""A solver that tells no more ended by itself if it took less than this part of its time."""
_INFINITE = 1e19
_LONGEST = 200
_LICENCE = r"licen[cs]e|size limit|maximum is|community edition"
"""Words of the solvers themselves where a free licence does not reach."""
_OTHER = "Versuchen Sie es mit --loeser highs."


class PulpSession(Session):
    """A solver of PuLP that starts anew for each goal.

    Parameters
    ----------
    kind:
        PuLP's class of the solver.
    """

    def __init__(self, kind: Any, problem: pulp.LpProblem, *, gap: float, threads: int) -> None:
        super().__init__(problem, gap=gap, threads=threads)
        self._kind = kind
        self._traits = TRAITS.get(kind.name, Traits())
        self._takes = inspect.signature(kind.__init__).parameters
        self._is_program = issubclass(kind, pulp.LpSolver_CMD)
        self._whole = [v for v in self.variables if v.cat == pulp.LpInteger]
        self._rows = _Rows(problem)
        self._limits = 0
        self._one = problem.add_variable("one", 1.0, 1.0)

    def minimise(
        self,
        terms: Terms,
        *,
        seconds: float,
        start: FloatArray | None = None,
        constant: float = 0.0,
    ) -> Outcome:
        since = time.perf_counter()
        found, told = self._solve(terms, constant, seconds, start, self._gap_at_end())
        # At the time limit PuLP calls some problems infeasible that are not.
        early = seconds >= 1.0 and time.perf_counter() - since < seconds / 2
        infeasible = self.problem.status == pulp.LpStatusInfeasible
        if start is None and found is None and infeasible and early:
            raise InfeasibleError(NO_SOLUTION)
        return self._outcome(terms, found, start, told, told is None, constant, since)

    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        if seconds <= 0.0 or not self._traits.relaxes:
            return -math.inf
        for variable in self._whole:
            variable.cat = pulp.LpContinuous
        try:
            found, told = self._solve(terms, 0.0, seconds, None, 0.0)
        finally:
            for variable in self._whole:
                variable.cat = pulp.LpInteger
        return -math.inf if found is None or told is None else told

    def limit(self, terms: Terms, most: float) -> None:
        self._limits += 1
        row = pulp.LpConstraint(
            pulp.LpAffineExpression(terms),
            sense=pulp.LpConstraintLE,
            name=f"limit_{self._limits}",
            rhs=most,
        )
        self.problem.addConstraint(row)
        self._rows.add(row)

    def set_bounds(self, variable: pulp.LpVariable, low: float, high: float) -> None:
        variable.lowBound, variable.upBound = low, high

    def _solve(
        self,
        terms: Terms,
        constant: float,
        seconds: float,
        start: FloatArray | None,
        gap_at_end: float,
    ) -> tuple[FloatArray | None, float | None]:
        """The plan found and the proven bound of the goal without its constant.

        ``gap_at_end``: by which part a solver that ended by itself may be above the best plan.
        """
        # Today's classes are no part of the goal: with them the gap would look smaller.
        goal = [*terms, (self._one, -constant)]
        self.problem.setObjective(pulp.LpAffineExpression(goal))
        self.problem.assignStatus(pulp.LpStatusNotSolved)
        for n, variable in enumerate(self.variables):
            variable.varValue = None if start is None else float(start[n])
        self._one.varValue = 1.0
        began = time.perf_counter()
        with plain_folder() as folder, silence(self._kind):
            solver = self._solver(folder, seconds, warm=start is not None)
            self._run(solver, seconds)
            took = time.perf_counter() - began
            found = self._found()
            told = self._told(solver, folder)
            _close(solver)
        if found is None or self.problem.status == pulp.LpStatusInfeasible:
            return None, None if told is not None and math.isinf(told) else told
        value = self.value_of(terms, found) - constant
        if told is None and self._ended_by_itself(took, seconds):
            told = value - gap_at_end * abs(value)
        return found, None if told is None else min(told, value)

    def _solver(self, folder: Path, seconds: float, *, warm: bool) -> Any:
        gap = max(_LEAST_GAP, self.gap)
        wanted: dict[str, Any] = {
            "timeLimit": max(1, math.ceil(seconds)) if self._is_program else max(0.01, seconds),
            "gapRel": gap,
            "logPath": str(folder / "solver.log"),
            "warmStart": warm,
        }
        if not self._traits.one_thread:
            wanted["threads"] = self.threads
        options = {name: value for name, value in wanted.items() if name in self._takes}
        if self._traits.further is not None:
            options |= self._traits.further(gap, seconds, self.threads, folder)
        try:
            solver = self._kind(msg=False, **options)
            there = solver.available()
        except Exception as error:
            raise self._refused(error) from error
        if not there:
            raise self._refused(None)
        if self._is_program:
            solver.tmpDir = str(folder)
        return solver

    def _run(self, solver: Any, seconds: float) -> None:
        adapter = sys.modules.get(self._kind.__module__) if self._is_program else None
        allowed = grace(max(1.0, seconds))
        began = time.perf_counter()
        try:
            with timed(adapter, allowed):
                self.problem.solve(solver)
        except Exception as error:
            if self._is_program and time.perf_counter() - began >= allowed:
                # Killed: whatever it had found is lost.
                self.problem.assignStatus(pulp.LpStatusNotSolved)
                return
            raise self._refused(error) from error

    def _refused(self, error: Exception | None) -> SolverError:
        said = "" if error is None else " ".join(str(error).split())[:_LONGEST]
        problem = f"Das Rechenprogramm {self._kind.name} hat die Rechnung abgelehnt"
        if re.search(_LICENCE, said, re.IGNORECASE):
            problem += ": Seine Lizenz fehlt oder reicht für diese Größe nicht"
        elif said:
            problem += f", mit den Worten „{said}“"
        return SolverChoiceError(f"{problem}.", remedy=_OTHER)

    def _found(self) -> FloatArray | None:
        """The plan in the variables if it keeps all rows, whatever PuLP calls it."""
        given = [variable.varValue for variable in self.variables]
        if any(value is None for value in given):
            if all(value is None for value in given):
                return None
            given = [0.0 if value is None else value for value in given]
        values = np.array(given, dtype=np.float64)
        low = np.array([-math.inf if v.lowBound is None else v.lowBound for v in self.variables])
        high = np.array([math.inf if v.upBound is None else v.upBound for v in self.variables])
        whole = np.array([v.cat == pulp.LpInteger for v in self.variables])
        kept = (
            np.isfinite(values).all()
            and (values >= low - _FEASIBLE).all()
            and (values <= high + _FEASIBLE).all()
            and (np.abs(values - np.round(values))[whole] <= _FEASIBLE).all()
            and self._rows.hold(values)
        )
        return np.clip(values, low, high) if kept else None

    def _told(self, solver: Any, folder: Path) -> float | None:
        """The proven bound in the solver's object or log; infinite: that of the plan itself."""
        traits, told = self._traits, math.nan
        if traits.bound is not None:
            try:
                told = float(traits.bound(self.problem, solver))
            except Exception:  # without any bound each solver raises an error of its own
                return None
        log = folder / "solver.log"
        if traits.log_bound is not None and log.exists():
            text = log.read_text("utf-8", errors="replace")
            if traits.log_proven and traits.log_proven in text:
                return math.inf
            numbers = re.findall(traits.log_bound, text)
            # Logs hold seven digits or more.
            told = float(numbers[-1]) if numbers else math.nan
            told -= 1e-7 * abs(told)
        return told if math.isfinite(told) and abs(told) < _INFINITE else None

    def _ended_by_itself(self, took: float, seconds: float) -> bool:
        proven = self.problem.sol_status == pulp.LpSolutionOptimal
        return proven and took < _BEFORE_LIMIT * seconds

    def _gap_at_end(self) -> float:
        told = "gapRel" in self._takes or self._traits.takes_gap
        return self.gap if told else self._traits.own_gap


def _close(solver: Any) -> None:
    close = getattr(solver, "close", None)
    if close is not None:
        close()


class _Rows:
    """The rows of a problem as arrays, to check a plan against them."""

    def __init__(self, problem: pulp.LpProblem) -> None:
        self._row: list[int] = []
        self._column: list[int] = []
        self._factor: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []
        for row in problem._constraints.values():
            self.add(row)

    def add(self, row: pulp.LpConstraint) -> None:
        low, high = row.getLb(), row.getUb()
        for variable, factor in row.items():
            self._row.append(len(self._low))
            self._column.append(variable.index)
            self._factor.append(factor)
        self._low.append(-math.inf if low is None else low)
        self._high.append(math.inf if high is None else high)

    def hold(self, values: FloatArray) -> bool:
        """Whether a plan keeps all rows."""
        if not self._low:
            return True
        sums = np.bincount(
            np.array(self._row, dtype=np.int64),
            weights=np.array(self._factor) * values[np.array(self._column, dtype=np.int64)],
            minlength=len(self._low),
        )
        low, high = np.array(self._low), np.array(self._high)
        room = _FEASIBLE * np.maximum(1.0, np.where(np.isfinite(high), np.abs(high), np.abs(low)))
        return bool((sums >= low - room).all() and (sums <= high + room).all())
