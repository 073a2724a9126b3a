"""HiGHS through PuLP's own adapter: one object, kept alive between the goals."""

from __future__ import annotations

import math
import time
from typing import Any

import highspy
import numpy as np
import pulp

from daz_planner.errors import SolverError
from daz_planner.planning.session import NO_SOLUTION, FloatArray, Outcome, Session, Terms

_INTEGER = pulp.LpInteger


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
            raise SolverError(NO_SOLUTION)
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
