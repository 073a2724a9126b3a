"""The linear relaxation beside a model of whole numbers, and the face of its best solutions.

Goals that are solved one after the other are often settled by the relaxation alone: it says how low
a goal can go at all, and where a whole-number plan reaches that, nothing is left to search.  All
plans as good lie on one face of the polyhedron then: by complementary slackness with any one
optimal dual solution they are those with each column of a non-zero reduced cost at its bound and
each row of a non-zero price tight (Schrijver, Theory of Linear and Integer Programming, 1986,
section 7.9).  Holding the face instead of the value leaves a network matrix a network matrix, so
that its vertices stay whole numbers from goal to goal, and it leaves fewer columns each time.

Always HiGHS, whichever solver is chosen: reduced costs, prices of rows and the kept basis are
needed, which PuLP does not hand over from every solver.  It only proves and fixes; searches go to
the chosen solver.

The basis is kept between the goals: after a change of costs it is still feasible, and few pivots
are left to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pulp

from daz_planner.planning.problem import FloatArray, IntArray
from daz_planner.planning.session import Terms

WHOLE = 1e-6
"""A value this near to a whole number is one."""
_FREE = 1e-6
"""Reduced costs and prices up to this are none."""


@dataclass(frozen=True)
class Vertex:
    """The lowest value of a goal in the relaxation, and where it is reached.

    ``costs`` are the reduced costs of the columns, ``prices`` those of the rows.
    ``leans`` says whether a limit set since then has a price as well: the solutions as good are
    then fewer than the face tells, which knows the rows of the problem alone.
    """

    value: float
    values: FloatArray
    costs: FloatArray
    prices: FloatArray
    leans: bool


class Relaxation:
    """A PuLP problem without its whole numbers; ``index`` of each variable is its column."""

    def __init__(self, problem: pulp.LpProblem) -> None:
        variables = problem.variables()
        rows = list(problem._constraints.items())
        self._rows = {name: n for n, (name, _) in enumerate(rows)}
        self._row_names = list(self._rows)
        infinity = highspy.kHighsInf
        self._low = np.array([v.lowBound for v in variables], dtype=np.float64)
        self._high = np.array([infinity if v.upBound is None else v.upBound for v in variables])
        self._integer: IntArray = np.array(
            [n for n, v in enumerate(variables) if v.cat == pulp.LpInteger], dtype=np.int64
        )
        lows, highs = [row.getLb() for _, row in rows], [row.getUb() for _, row in rows]
        self._row_low = np.array([-infinity if b is None else b for b in lows], dtype=np.float64)
        self._row_high = np.array([infinity if b is None else b for b in highs], dtype=np.float64)
        entries = [[(v.index, factor) for v, factor in row.items()] for _, row in rows]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(variables), len(rows)
        model.col_cost_ = np.zeros(len(variables))
        model.col_lower_, model.col_upper_ = self._low, self._high
        model.row_lower_, model.row_upper_ = self._row_low, self._row_high
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row in entries)])
        model.a_matrix_.index_ = np.array([n for row in entries for n, _ in row])
        model.a_matrix_.value_ = np.array([f for row in entries for _, f in row], dtype=np.float64)
        make: Any = highspy.Highs
        self._model = make()
        for name, value in (
            ("output_flag", False),
            ("random_seed", 1),
            ("solver", "simplex"),
            ("presolve", "off"),
            ("simplex_strategy", 4),
        ):
            self._model.setOptionValue(name, value)
        self._model.passModel(model)
        self._columns = np.arange(len(variables), dtype=np.int32)

    def minimise(self, terms: Terms, seconds: float) -> Vertex | None:
        """Lowest value of an expression; ``None`` where the time did not reach."""
        cost = np.zeros(len(self._columns))
        for variable, factor in terms:
            cost[variable.index] += factor
        self._model.changeColsCost(len(cost), self._columns, cost)
        self._model.setOptionValue("time_limit", self._model.getRunTime() + max(0.01, seconds))
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._model.getSolution()
        values = np.clip(np.array(solution.col_value), self._low, self._high)
        values[self._integer] = _rounded(values[self._integer])
        prices = np.array(solution.row_dual)
        own = len(self._row_names)
        leans = bool((np.abs(prices[own:]) > _FREE).any())
        costs = np.array(solution.col_dual)
        # A bound is what the solver reached, not what rounding to whole numbers made of it.
        lowest = min(float(cost @ values), float(cost @ np.array(solution.col_value)))
        return Vertex(lowest, values, costs, prices[:own], leans)

    def is_whole(self, values: FloatArray) -> bool:
        """Whether all whole-number variables have whole values."""
        own = values[self._integer]
        return bool((own == np.round(own)).all())

    def face(self, vertex: Vertex) -> tuple[dict[int, float], dict[str, float]]:
        """Columns and rows that have the same value in all solutions as good, with that value.

        Holding them keeps the value of the goal where the vertex does not lean on a limit.
        """
        fixed = np.flatnonzero((np.abs(vertex.costs) > _FREE) & (self._low < self._high))
        at = np.where(vertex.costs[fixed] > 0.0, self._low[fixed], self._high[fixed])
        tight = np.flatnonzero(np.abs(vertex.prices) > _FREE)
        side = np.where(vertex.prices[tight] > 0.0, self._row_low[tight], self._row_high[tight])
        rows = {self._row_names[r]: float(v) for r, v in zip(tight.tolist(), side, strict=True)}
        return dict(zip(fixed.tolist(), at.tolist(), strict=True)), rows

    def beyond(self, vertex: Vertex, most: float) -> dict[int, float]:
        """Whole-number columns that no plan up to a value can move off their bound (reduced cost
        fixing), with that bound."""
        own = self._integer
        # Prices are right up to the solver's tolerances, which weigh as much as the largest one.
        unsure = _FREE * max(1.0, float(np.abs(vertex.costs).max(initial=0.0)))
        dear = np.abs(vertex.costs[own]) > most - vertex.value + unsure
        fixed = own[dear & (self._low[own] < self._high[own])]
        at = np.where(vertex.costs[fixed] > 0.0, self._low[fixed], self._high[fixed])
        return dict(zip(fixed.tolist(), at.tolist(), strict=True))

    def fix(self, columns: Mapping[int, float], rows: Mapping[str, float]) -> None:
        """From now on these columns and rows have these values."""
        index = np.array(list(columns), dtype=np.int32)
        at = np.array(list(columns.values()), dtype=np.float64)
        self._low[index] = self._high[index] = at
        if len(index):
            self._model.changeColsBounds(len(index), index, at, at)
        for name, value in rows.items():
            r = self._rows[name]
            if self._row_low[r] < self._row_high[r]:
                self._row_low[r] = self._row_high[r] = value
                self._model.changeRowBounds(r, value, value)

    def limit(self, terms: Terms, most: float) -> None:
        """From now on the expression may not exceed ``most``."""
        index = np.array([variable.index for variable, _ in terms], dtype=np.int32)
        factor = np.array([factor for _, factor in terms], dtype=np.float64)
        self._model.addRow(-highspy.kHighsInf, most, len(terms), index, factor)


def _rounded(values: FloatArray) -> FloatArray:
    """Whole numbers where they are next to one."""
    near = np.round(values)
    return np.where(np.abs(values - near) <= WHOLE, near, values)
