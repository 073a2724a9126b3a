"""The textbook model in PuLP, as a yardstick for ``benchmarks/planning.py``.

Openings are monthly increments, flows are whole numbers, and one weighted sum is the goal.  The
data are those of a :class:`Problem`; rows (1), (2) and (3) mean the same as in the planner's model.
"""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np
import pulp

from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import Problem
from daz_planner.planning.session import relative_gap
from daz_planner.planning.solver_highs import _bounds

WAITING, OPENING, CLASS_MONTH, EXCESS, MINUTE = 1e4, 1e3, 1e2, 1.0, 0.1
"""Prices of the weighted sum, in the order of the planner's goals."""


def solve(
    problem: Problem, seconds: float, gap: float = 0.005
) -> tuple[float, float, float, float]:
    """Gap, bound, value and seconds of the textbook model; forecasts rounded to whole pupils."""
    since = time.perf_counter()
    lp = _model(problem)
    solver = pulp.HiGHS(msg=False, timeLimit=seconds, gapRel=gap, threads=2)
    lp.solve(solver)
    info = lp.solverModel.getInfo()
    value, bound = float(info.objective_function_value), float(info.mip_dual_bound)
    spent = time.perf_counter() - since
    if info.primal_solution_status != 2:
        return 1.0, bound, float("inf"), spent
    return relative_gap(value, bound), bound, value, spent


def _model(problem: Problem) -> pulp.LpProblem:
    lp = pulp.LpProblem("Lehrbuch", pulp.LpMinimize)
    schools, months = problem.use_today.shape
    goal: list[Any] = []
    demand = _whole(problem.demand[0])
    first = int(np.argmax(problem.may_open)) if problem.may_open.any() else months
    opened = {
        (s, t): lp.add_variable(f"o_{s}_{t}", 0, int(problem.rooms[s]), pulp.LpInteger)
        for s in range(schools)
        for t in range(first, months)
        if problem.may_open[t] and problem.rooms[s]
    }
    for (_, t), variable in opened.items():
        goal.append((OPENING + CLASS_MONTH * (months - t)) * variable)
    for s in range(schools):
        lp += pulp.lpSum(v for (n, _), v in opened.items() if n == s) <= int(problem.rooms[s])
    flow = {
        (i, s, t): lp.add_variable(f"x_{i}_{s}_{t}", 0, None, pulp.LpInteger)
        for i, s in np.argwhere(problem.reach).tolist()
        for t in range(1, months)
    }
    for (i, s, _), variable in flow.items():
        goal.append((EXCESS * problem.excess[i, s] + MINUTE * problem.minutes[i, s]) * variable)
    for i in range(demand.shape[0]):
        before: Any = 0
        for t in range(1, months):
            wait = lp.add_variable(f"w_{i}_{t}", 0)
            placed = pulp.lpSum(flow[i, s, t] for s in np.flatnonzero(problem.reach[i]).tolist())
            lp += wait == (1 - problem.hazard) * before + float(demand[i, t]) - placed
            goal.append(WAITING * wait)
            before = wait
    survival = problem.survival[0]
    for s in range(schools):
        today = int(problem.classes_today[s])
        for t in range(months):
            cap, size = float(problem.class_cap[s, t]), float(problem.planning_size[s, t])
            used = float(problem.use_today[s, t])
            further = pulp.lpSum(v for (n, e), v in opened.items() if n == s and e <= t)
            pupils = pulp.lpSum(
                float(survival[e, t]) * flow[i, s, e]
                for i in np.flatnonzero(problem.reach[:, s]).tolist()
                for e in range(1, t + 1)
                if survival[e, t] > 0
            )
            seats = cap * today + float(problem.correction[s])
            lp += pupils <= max(0.0, seats - used) + cap * further
            lp += pupils <= size * today - min(used, size * today) + size * further
    lp.setObjective(pulp.lpSum(goal))
    return lp


def _whole(demand: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Whole pupils, rounded so that the running total of each municipality stays right."""
    total = np.round(np.cumsum(demand, axis=1))
    return np.diff(total, axis=1, prepend=0.0)


def value_of(ours: Any, problem: Problem) -> float:
    """The weighted sum of the textbook, of our plan (whose pupils are expectations)."""
    values, model = ours.solution.values, ours.model
    months = problem.month_count
    classes = model.reached_classes(values) - problem.classes_today[:, None]
    total = OPENING * float(classes[:, -1].sum()) + CLASS_MONTH * float(classes[:, :months].sum())
    total += WAITING * sum(float(values[v.index]) for v in model.waiting.values())
    for (i, s, _), variable in model.flows.items():
        price = EXCESS * problem.excess[i, s] + MINUTE * problem.minutes[i, s]
        total += float(price * values[variable.index])
    return total


def matrix_of(model: PlanningModel) -> highspy.HighsLp:
    """The matrix of a model as HiGHS takes it."""
    lp = model.lp
    variables = lp.variables()
    position = {variable.name: n for n, variable in enumerate(variables)}
    rows = list(lp.constraints.values()) if hasattr(lp, "constraints") else []
    rows = list(lp._constraints.values()) if not rows or callable(lp.constraints) else rows
    index: list[int] = []
    factor: list[float] = []
    start = [0]
    for row in rows:
        for variable, value in row.items():
            index.append(position[variable.name])
            factor.append(value)
        start.append(len(index))
    infinity = highspy.kHighsInf
    result = highspy.HighsLp()
    result.num_col_, result.num_row_ = len(variables), len(rows)
    result.col_cost_ = np.zeros(len(variables))
    result.col_lower_ = _bounds([v.lowBound for v in variables], -infinity)
    result.col_upper_ = _bounds([v.upBound for v in variables], infinity)
    result.row_lower_ = _bounds([row.getLb() for row in rows], -infinity)
    result.row_upper_ = _bounds([row.getUb() for row in rows], infinity)
    result.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    result.a_matrix_.start_ = np.array(start)
    result.a_matrix_.index_ = np.array(index)
    result.a_matrix_.value_ = np.array(factor, dtype=np.float64)
    return result
