"""One adapter over PuLP's solvers: minimise one goal after another on one model.

A :class:`Session` holds a PuLP problem that is handed to the solver once. After each goal a
constraint keeps its value and the next goal starts from the last plan.  Value, proven bound and
status come from the solver, never from PuLP's own status, which can say "Optimal" at a time limit.
"""

from __future__ import annotations

import math
import re
import tempfile
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
import pulp

from daz_planner.errors import SolverError
from daz_planner.planning.plan import SolveStatus

FloatArray = npt.NDArray[np.float64]
Terms = list[tuple[pulp.LpVariable, float]]
"""A linear expression: variables with their coefficients, each variable once."""

_PROVEN = 1e-6
_INTEGER = pulp.LpInteger
_NO_PLAN = "Im Zeitlimit wurde kein Plan gefunden."
_MORE_TIME = "Erhöhen Sie das Zeitlimit mit --zeitlimit."
_NO_SOLUTION = "Das Planungsmodell hat keine Lösung. Das ist ein Fehler des Programms."


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


class _BulkHighs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS, handing over the whole matrix in one call instead of row by row."""

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:
        variables = lp.variables()
        rows = list(lp._constraints.values())
        index: list[int] = []
        coefficient: list[float] = []
        start = [0]
        for row in rows:
            for variable, factor in row.items():
                index.append(variable.index)
                coefficient.append(factor)
            start.append(len(index))
        infinity = highspy.kHighsInf
        model = highspy.HighsLp()
        model.num_col_ = len(variables)
        model.num_row_ = len(rows)
        model.col_cost_ = np.zeros(len(variables))
        model.col_lower_ = _bounds([v.lowBound for v in variables], -infinity)
        model.col_upper_ = _bounds([v.upBound for v in variables], infinity)
        model.row_lower_ = _bounds([row.getLb() for row in rows], -infinity)
        model.row_upper_ = _bounds([row.getUb() for row in rows], infinity)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(start)
        model.a_matrix_.index_ = np.array(index)
        model.a_matrix_.value_ = np.array(coefficient, dtype=np.float64)
        model.integrality_ = [
            highspy.HighsVarType.kInteger if v.cat == _INTEGER else highspy.HighsVarType.kContinuous
            for v in variables
        ]
        lp.solverModel.passModel(model)


def _bounds(values: list[float | None], missing: float) -> FloatArray:
    return np.array([missing if value is None else value for value in values], dtype=np.float64)


class HighsSession(Session):
    """HiGHS, kept alive between the goals."""

    def __init__(self, problem: pulp.LpProblem, *, gap: float, threads: int) -> None:
        super().__init__(problem, gap=gap, threads=threads)
        # The threads of HiGHS are shared by the whole process; a plan with another number of
        # threads in the same process would be refused.
        highspy.Highs.resetGlobalScheduler(True)
        solver = _BulkHighs(msg=False, gapRel=gap, threads=threads)
        solver.createAndConfigureSolver(problem)
        solver.buildSolverModel(problem)
        self._model: Any = problem.solverModel
        self._model.setOptionValue("random_seed", 1)
        self._columns = np.arange(len(self.variables), dtype=np.int32)
        self._integer = np.array(
            [v.index for v in self.variables if v.cat == _INTEGER], dtype=np.int32
        )
        lows = [v.lowBound for v in self.variables]
        self._low = _bounds(lows, -highspy.kHighsInf)

    def minimise(
        self,
        terms: Terms,
        *,
        seconds: float,
        start: FloatArray | None = None,
        constant: float = 0.0,
    ) -> Outcome:
        since = time.perf_counter()
        self._set_goal(terms, constant)
        status = self._run(start, seconds)
        if status == highspy.HighsModelStatus.kOptimal and self._bound() is None:
            # Presolve can lose its way in rows that are nearly tight; without it HiGHS does not.
            self._model.setOptionValue("presolve", "off")
            status = self._run(start, seconds)
            self._model.setOptionValue("presolve", "choose")
        if status in (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ):
            raise SolverError(_NO_SOLUTION)
        info = self._model.getInfo()
        values = np.array(self._model.getSolution().col_value, dtype=np.float64)
        found = info.primal_solution_status == 2 and len(values) == len(self.variables)
        return self._outcome(
            terms,
            np.maximum(values, self._low) if found else None,
            start,
            self._bound(),
            status != highspy.HighsModelStatus.kOptimal,
            constant,
            since,
        )

    def _run(self, start: FloatArray | None, seconds: float) -> Any:
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start.tolist()
            self._model.setSolution(solution)
        # With whole-number variables, which every model here has, the limit holds for each run.
        self._model.setOptionValue("time_limit", max(0.01, seconds))
        result = self._model.run()
        status = self._model.getModelStatus()
        cut_off = (
            highspy.HighsModelStatus.kTimeLimit,
            highspy.HighsModelStatus.kInterrupt,
            highspy.HighsModelStatus.kIterationLimit,
        )
        if result == highspy.HighsStatus.kError and status not in cut_off:
            raise SolverError(
                "Das Rechenprogramm HiGHS hat die Rechnung abgelehnt.",
                remedy="Versuchen Sie es mit --loeser cbc.",
            )
        return status

    def _bound(self) -> float | None:
        bound = float(self._model.getInfo().mip_dual_bound)
        return bound if math.isfinite(bound) else None

    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        if seconds <= 0.0:
            return -math.inf
        model = self._model
        self._set_goal(terms, 0.0)
        count = len(self._integer)
        continuous = [highspy.HighsVarType.kContinuous] * count
        integer = [highspy.HighsVarType.kInteger] * count
        model.changeColsIntegrality(count, self._integer, np.array(continuous))
        # Without whole numbers HiGHS counts the limit from the start of the object.
        model.setOptionValue("time_limit", model.getRunTime() + seconds)
        model.run()
        solved = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        value = float(model.getInfo().objective_function_value) if solved else -math.inf
        model.changeColsIntegrality(count, self._integer, np.array(integer))
        return value

    def limit(self, terms: Terms, most: float) -> None:
        index = np.array([variable.index for variable, _ in terms], dtype=np.int32)
        factor = np.array([factor for _, factor in terms], dtype=np.float64)
        self._model.addRow(-highspy.kHighsInf, most, len(terms), index, factor)

    def set_bounds(self, variable: pulp.LpVariable, low: float, high: float) -> None:
        self._model.changeColBounds(variable.index, low, high)
        self._low[variable.index] = low

    def _set_goal(self, terms: Terms, constant: float) -> None:
        cost = np.zeros(len(self.variables))
        for variable, factor in terms:
            cost[variable.index] += factor
        self._model.changeColsCost(len(cost), self._columns, cost)
        # Today's classes are no part of the goal: with them the gap would look smaller than it is.
        self._model.changeObjectiveOffset(-constant)


class CbcSession(Session):
    """CBC as an own process per goal, as PuLP runs it; its bound is read from its log."""

    def __init__(self, problem: pulp.LpProblem, *, gap: float, threads: int) -> None:
        super().__init__(problem, gap=gap, threads=threads)
        if not _cbc().available():
            raise SolverError(
                "Das Rechenprogramm CBC ist auf diesem Rechner nicht vorhanden.",
                remedy="Wählen Sie --loeser highs.",
            )
        self._limits = 0

    def minimise(
        self,
        terms: Terms,
        *,
        seconds: float,
        start: FloatArray | None = None,
        constant: float = 0.0,
    ) -> Outcome:
        since = time.perf_counter()
        gap = self.gap
        if start is not None:
            for variable, value in zip(self.variables, start, strict=True):
                variable.varValue = float(value)
            value = self.value_of(terms, start)
            # Today's classes are no part of the goal: take their share out of the relative gap.
            gap *= max(0.0, value - constant) / value if value > 0.0 else 1.0
        log = self._solve(terms, gap=gap, mip=True, seconds=seconds, warm=start is not None)
        status = self.problem.sol_status
        if status == pulp.LpSolutionInfeasible and start is None:
            raise SolverError(_NO_SOLUTION)
        solved = status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
        values = np.array([v.varValue or 0.0 for v in self.variables], dtype=np.float64)
        limit = "Stopped on time" in log or not solved
        bound = None
        if solved:
            told = _cbc_bound(log, self.value_of(terms, values), limit)
            bound = None if told is None else told - constant
        return self._outcome(
            terms, values if solved else None, start, bound, limit, constant, since
        )

    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        if seconds <= 0.0:
            return -math.inf
        self._solve(terms, gap=self.gap, mip=False, seconds=seconds, warm=False)
        if self.problem.sol_status != pulp.LpSolutionOptimal:
            return -math.inf
        values = np.array([v.varValue or 0.0 for v in self.variables], dtype=np.float64)
        return self.value_of(terms, values)

    def _solve(self, terms: Terms, *, gap: float, mip: bool, seconds: float, warm: bool) -> str:
        self.problem.setObjective(pulp.LpAffineExpression(terms))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cbc.log"
            solver = _cbc(
                mip=mip,
                timeLimit=max(1.0, seconds),
                gapRel=gap,
                threads=self.threads,
                warmStart=warm,
                keepFiles=False,
                logPath=str(path),
            )
            # PuLP splits CBC's command line at blanks: a folder with one is no place for its files.
            solver.tmpDir = "" if " " in folder else folder
            try:
                self.problem.solve(solver)
            except (pulp.PulpSolverError, OSError) as error:
                raise SolverError(
                    "Das Rechenprogramm CBC ließ sich nicht ausführen.",
                    remedy="Wählen Sie --loeser highs.",
                ) from error
            return path.read_text(encoding="utf-8", errors="replace")

    def limit(self, terms: Terms, most: float) -> None:
        self._limits += 1
        self.problem.addConstraint(
            pulp.LpConstraint(
                pulp.LpAffineExpression(terms),
                sense=pulp.LpConstraintLE,
                name=f"limit_{self._limits}",
                rhs=most,
            )
        )

    def set_bounds(self, variable: pulp.LpVariable, low: float, high: float) -> None:
        variable.lowBound, variable.upBound = low, high


def _cbc(**options: Any) -> pulp.COIN_CMD:
    """CBC as it comes with PuLP (its class of its own is deprecated, the program is not)."""
    return pulp.COIN_CMD(path=pulp.PULP_CBC_CMD.pulp_cbc_path, msg=False, **options)


def _cbc_bound(log: str, value: float, limit: bool) -> float | None:
    """CBC's proven bound: the line "Lower bound", or the value where CBC proved it optimal."""
    found = re.findall(r"Lower bound:\s+(-?[\d.]+(?:e[+-]?\d+)?)", log)
    if found:
        return min(value, float(found[-1]))
    return None if limit else value


SOLVERS: dict[str, type[Session]] = {"highs": HighsSession, "cbc": CbcSession}
"""Solvers by the name that the scenario uses."""


def open_session(name: str, problem: pulp.LpProblem, *, gap: float, threads: int) -> Session:
    """Hand a problem to the solver of the given name (see :data:`SOLVERS`)."""
    if name not in SOLVERS:
        raise SolverError(
            f"„{name}“ ist kein Rechenprogramm, das der Planer kennt.",
            remedy=f"Möglich sind: {', '.join(SOLVERS)}.",
        )
    return SOLVERS[name](problem, gap=gap, threads=threads)
