"""HiGHS through PuLP's own adapter: one object, kept alive between the goals."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import highspy
import numpy as np
import pulp

from daz_planner.errors import InfeasibleError, SolverError
from daz_planner.planning.session import (
    NO_SOLUTION,
    FloatArray,
    IntArray,
    Outcome,
    Row,
    Session,
    Terms,
)

_INTEGER = pulp.LpInteger
_ROUNDS = 30
"""Most rounds of inequalities; fixed, so that the result does not depend on the machine."""
_PURGE_EVERY = 3
_SMALL_STEP = 1e-3
"""Four rounds together must lift the bound by this share, or the search ends."""
_BINDING = 1e-9
_MOST_ITERATIONS = 1_000
"""A neighbour needs some hundreds; one whose relaxation takes more counts as impossible."""
_LONGEST = 3.0
"""Seconds for one neighbour in a local search of a large model."""
_LARGE = 20_000
"""Columns above which a relaxation is solved afresh: presolve saves more than the last basis."""


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


class _Threads:
    """The threads of HiGHS belong to the whole process: all runs at one time need one number."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._running = 0
        self._number = 0

    @contextmanager
    def run(self, number: int) -> Iterator[None]:
        """Wait until no run with another number of threads is left, then run."""
        with self._change:
            self._change.wait_for(lambda: not self._running or self._number == number)
            if not self._running:
                # Without a new start HiGHS refuses another number than before.
                highspy.Highs.resetGlobalScheduler(True)
                self._number = number
            self._running += 1
        try:
            yield
        finally:
            with self._change:
                self._running -= 1
                self._change.notify_all()


_THREADS = _Threads()


class HighsSession(Session):
    """HiGHS, kept alive between the goals."""

    def __init__(self, problem: pulp.LpProblem, *, gap: float, threads: int) -> None:
        super().__init__(problem, gap=gap, threads=threads)
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
        optimal = highspy.HighsModelStatus.kOptimal
        if start is not None and status == optimal and self._is_untried():
            # Where presolve decides the whole goal, HiGHS 1.15 calls any start the optimum.
            self._model.clearSolver()
            status = self._run(None, seconds)
        impossible = (
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
        lost = start is not None and status in impossible
        if lost or (status == optimal and self._bound() is None):
            # Presolve can lose its way in rows that are nearly tight; without it HiGHS does not.
            self._model.setOptionValue("presolve", "off")
            status = self._run(start, seconds)
            self._model.setOptionValue("presolve", "choose")
        if status in impossible:
            raise InfeasibleError(NO_SOLUTION)
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
        most = highspy.kHighsIInf if self.most_nodes is None else self.most_nodes
        self._model.setOptionValue("mip_max_nodes", most)
        with self._searching():
            result = self._execute()
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

    def _is_untried(self) -> bool:
        """Whether the solver claims the best without having looked at a single node."""
        return self._bound() is not None and self._model.getInfo().mip_node_count == 0

    def _execute(self) -> Any:
        with _THREADS.run(self.threads):
            return self._model.run()

    @contextmanager
    def _searching(self) -> Iterator[None]:
        """Options of a single run, see :attr:`only_proof` and :attr:`exactly`."""
        changed: dict[str, float | bool] = {}
        if self.only_proof:
            changed |= {"mip_heuristic_effort": 0.0, "mip_allow_restart": False}
        if self.exactly:
            changed["mip_rel_gap"] = 0.0
        before = {name: self._model.getOptionValue(name)[1] for name in changed}
        for name, value in changed.items():
            self._model.setOptionValue(name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                self._model.setOptionValue(name, value)

    def _bound(self) -> float | None:
        bound = float(self._model.getInfo().mip_dual_bound)
        return bound if math.isfinite(bound) else None

    def minimise_relaxed(self, terms: Terms, *, seconds: float) -> float:
        self.relaxed = None
        if seconds <= 0.0:
            return -math.inf
        model = self._model
        self._set_goal(terms, 0.0)
        with self._fractions():
            # Without whole numbers HiGHS counts the limit from the start of the object.
            model.setOptionValue("time_limit", model.getRunTime() + seconds)
            if len(self.variables) > _LARGE:
                model.clearSolver()
            self._execute()
            if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return -math.inf
            self.relaxed = np.array(model.getSolution().col_value, dtype=np.float64)
            return float(model.getInfo().objective_function_value)

    def tighten(
        self,
        terms: Terms,
        find: Callable[[FloatArray], Sequence[Row]],
        *,
        seconds: float,
        enough: float,
    ) -> tuple[float, list[Row]]:
        until = time.perf_counter() + seconds
        model = self._model
        first = model.getNumRow()
        bounds: list[float] = []
        rows: list[Row] = []
        self._set_goal(terms, 0.0)
        with self._fractions():
            for number in range(_ROUNDS):
                left = until - time.perf_counter()
                model.setOptionValue("time_limit", model.getRunTime() + max(0.01, left))
                self._execute()
                if left <= 0.0 or model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                    break
                bounds.append(float(model.getInfo().objective_function_value))
                solution = model.getSolution()
                values = np.array(solution.col_value, dtype=np.float64)
                small = number >= 4 and bounds[-1] - bounds[-5] < _SMALL_STEP * abs(bounds[-1])
                last = small or bounds[-1] >= enough or number == _ROUNDS - 1
                if last or number % _PURGE_EVERY == 0:
                    # Rows that do not bind only cost time.
                    binding = np.abs(np.array(solution.row_dual)[first:]) > _BINDING
                    self._drop(first + np.flatnonzero(~binding))
                    rows = [row for row, binds in zip(rows, binding, strict=True) if binds]
                more = [] if last else list(find(values))
                if not more:
                    break
                self._add_rows(more)
                rows.extend(more)
        self._drop(np.arange(first, model.getNumRow()))
        return (bounds[-1] if bounds else -math.inf), rows

    @contextmanager
    def _fractions(self) -> Iterator[None]:
        """Within the block classes may be fractions."""
        count = len(self._integer)
        continuous = np.array([highspy.HighsVarType.kContinuous] * count)
        self._model.changeColsIntegrality(count, self._integer, continuous)
        try:
            yield
        finally:
            integer = np.array([highspy.HighsVarType.kInteger] * count)
            self._model.changeColsIntegrality(count, self._integer, integer)

    @contextmanager
    def judging(
        self, terms: Terms, variables: Sequence[pulp.LpVariable], *, until: float = math.inf
    ) -> Iterator[Callable[[FloatArray], tuple[float, FloatArray]] | None]:
        model = self._model
        columns = np.array([variable.index for variable in variables], dtype=np.int32)
        limits = [self.bounds_of(variable) for variable in variables]
        self._set_goal(terms, 0.0)
        # From the last basis a neighbour takes milliseconds, in a large model up to minutes.
        afresh = len(self.variables) > _LARGE

        def judge(values: FloatArray) -> tuple[float, FloatArray]:
            left = until - time.perf_counter()
            if left <= 0.0:
                return math.inf, np.zeros(len(columns))
            if afresh:
                model.clearSolver()
                # Some take minutes: such a neighbour counts as impossible.
                left = min(left, _LONGEST)
            model.setOptionValue("time_limit", min(highspy.kHighsInf, model.getRunTime() + left))
            model.changeColsBounds(len(columns), columns, values, values)
            self._execute()
            if not afresh:
                # The first basis comes by presolve, the next ones from the one before.
                model.setOptionValue("presolve", "off")
                model.setOptionValue("simplex_iteration_limit", _MOST_ITERATIONS)
            if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return math.inf, np.zeros(len(columns))
            slope = np.array(model.getSolution().col_dual, dtype=np.float64)[columns]
            return float(model.getInfo().objective_function_value), slope

        with self._fractions():
            try:
                yield judge
            finally:
                model.setOptionValue("presolve", "choose")
                model.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
                low = np.array([entry[0] for entry in limits])
                high = np.array([entry[1] for entry in limits])
                model.changeColsBounds(len(columns), columns, low, high)

    def _add_rows(self, rows: Sequence[Row]) -> None:
        lengths = [len(row.columns) for row in rows]
        self._model.addRows(
            len(rows),
            np.full(len(rows), -highspy.kHighsInf),
            np.array([row.right for row in rows], dtype=np.float64),
            sum(lengths),
            np.cumsum([0, *lengths[:-1]]).astype(np.int32),
            np.concatenate([row.columns for row in rows]).astype(np.int32),
            np.concatenate([row.coefficients for row in rows]),
        )

    def _drop(self, rows: IntArray) -> None:
        if len(rows):
            self._model.deleteRows(len(rows), rows.astype(np.int32))

    @contextmanager
    def holding(self, rows: Sequence[Row]) -> Iterator[None]:
        first = self._model.getNumRow()
        if rows:
            self._add_rows(rows)
        try:
            yield
        finally:
            self._drop(np.arange(first, first + len(rows)))

    def limit(self, terms: Terms, most: float) -> None:
        index = np.array([variable.index for variable, _ in terms], dtype=np.int32)
        factor = np.array([factor for _, factor in terms], dtype=np.float64)
        self._model.addRow(-highspy.kHighsInf, most, len(terms), index, factor)

    def search_plainly(self) -> None:
        for name in ("allow_restart", "heuristic_run_rins", "heuristic_run_rens"):
            # Earlier versions of HiGHS do not have all of them.
            self._model.setOptionValue(f"mip_{name}", False)
        self._model.setOptionValue("mip_heuristic_run_root_reduced_cost", False)
        self._model.setOptionValue("mip_pool_soft_limit", 1)

    def set_bounds(self, variable: pulp.LpVariable, low: float, high: float) -> None:
        self._model.changeColBounds(variable.index, low, high)
        self._low[variable.index] = low

    def bounds_of(self, variable: pulp.LpVariable) -> tuple[float, float]:
        _, _, low, high, _ = self._model.getCol(variable.index)
        return float(low), float(high)

    @contextmanager
    def fixing(self, columns: IntArray, values: FloatArray) -> Iterator[None]:
        if len(columns) != len(values):
            raise ValueError(f"{len(columns)} columns, {len(values)} values")
        # HiGHS tells the bounds of ascending columns only.
        order = np.argsort(columns)
        index, values = columns[order].astype(np.int32), values[order]
        _, _, _, low, high, _ = self._model.getCols(len(index), index)
        self._model.changeColsBounds(len(index), index, values, values)
        before = self._low[index]
        self._low[index] = values
        try:
            yield
        finally:
            self._model.changeColsBounds(len(index), index, low, high)
            self._low[index] = before

    def _set_goal(self, terms: Terms, constant: float) -> None:
        cost = np.zeros(len(self.variables))
        for variable, factor in terms:
            cost[variable.index] += factor
        self._model.changeColsCost(len(cost), self._columns, cost)
        # Today's classes are no part of the goal: with them the gap would look smaller than it is.
        self._model.changeObjectiveOffset(-constant)
