"""The planning solved a second time, from its mathematics and not from the program's model.

Every decision on classes is tried (:func:`class_decisions`).  For given classes the rest is a small
linear problem in the seats that are taken: the waiting is eliminated, so no variable and no row is
that of the program.  Each goal is solved for every decision that the goals before leave; the best
of all is the value that the program has to reach.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import highspy
import numpy as np
import numpy.typing as npt

from daz_planner.planning.problem import Problem

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LONG = 2
"""Waiting beyond so many months counts twice."""

WAITING = "wartemonate"
AGAIN = "wartemonate_erneut"
PRECEDENCE = "vorrang"
CLASS_GOALS = ("neue_klassen", "klassenmonate")
SPREAD = "streuung_schulen"
PRICES = "preise"


def class_decisions(problem: Problem, most: int) -> list[IntArray] | None:
    """All ``[s, t]`` numbers of classes that rooms, calendar and decisions allow.

    ``None`` where there are more than ``most``.
    """
    rows = []
    count = 1
    for s in range(len(problem.schools)):
        options = list(_of_one_school(problem, s, [int(problem.base[s, 0])]))
        count *= len(options)
        if count > most:
            return None
        rows.append(options)
    return [np.array(choice, dtype=np.int64) for choice in product(*rows)]


def _of_one_school(problem: Problem, s: int, so_far: list[int]) -> Iterator[list[int]]:
    t = len(so_far)
    if t == problem.month_count:
        yield so_far
        return
    base = problem.base[s]
    # What is decided for the month comes on its own; the plan adds to it or closes.
    unchanged = so_far[-1] + int(base[t] - base[t - 1])
    closing = bool(problem.may_close.any()) and not problem.decided[s, t]
    lowest = 0 if closing else int(base[t])
    for number in range(lowest, int(problem.most[s, t]) + 1):
        if number > unchanged and (not problem.may_open[t] or problem.barred[s, t]):
            continue
        if number < unchanged and not problem.may_close[t]:
            continue
        yield from _of_one_school(problem, s, [*so_far, number])


def openings(problem: Problem, classes: IntArray) -> IntArray:
    """``[s]`` classes that open beyond what is decided."""
    beyond = classes - problem.base
    if not problem.may_close.any():
        return np.asarray(beyond[:, -1], dtype=np.int64)
    return np.asarray(np.maximum(0, np.diff(beyond, axis=1)).sum(axis=1), dtype=np.int64)


def hours_needed(problem: Problem, classes: IntArray, pupils: FloatArray) -> FloatArray:
    """``[g, t]`` teacher hours of each group by classes and by pupils of each school."""
    assert problem.hours is not None
    result = np.zeros((len(problem.hours_groups), problem.month_count))
    for t, rule in enumerate(problem.hours):
        for s in range(len(problem.schools)):
            own = rule.per_class[s] * classes[s, t]
            for above, more in rule.steps[s] if rule.steps is not None else ():
                if pupils[s, t] > above + 1e-9:
                    own += more
            for g, group in enumerate(problem.hours_groups):
                if group.schools[s]:
                    result[g, t] += own
    return result


@dataclass
class _Column:
    low: float = 0.0
    high: float = math.inf
    whole: bool = False


class Seats:
    """Who takes a seat where and when for given classes, as a small linear problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = p = problem
        self.months = p.month_count
        self.used = p.use_today + p.use_children
        self.columns: list[_Column] = []
        self.x: dict[tuple[int, int, int], int] = {}
        for s in range(len(p.schools)):
            for i in np.flatnonzero(p.reach[:, s]).tolist():
                for t in range(self.months):
                    self.x[i, s, t] = self._column()
        self.c: dict[tuple[int, int, int], int] = {}
        for g, group in enumerate(p.groups):
            for s in np.flatnonzero(group.allowed).tolist():
                for t in range(1, group.until):
                    self.c[g, s, t] = self._column(whole=True)
        self.u = {(s, t): self._column() for s in range(len(p.schools)) for t in range(self.months)}
        self.v = {
            (k, i, t): self._column()
            for k in range(len(p.school_types))
            for i in range(p.demand.shape[1])
            for t in range(self.months)
        }
        self.h: dict[tuple[int, int], int] = {}
        self.z: dict[tuple[int, int], int] = {}
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self._queues()
        if p.hours is not None:
            self.h = {
                (g, t): self._column()
                for g in range(len(p.hours_groups))
                for t in range(self.months)
            }
        if p.spread is not None:
            self._highest(p.spread)
        self.goals = self._goals()

    def _column(self, *, whole: bool = False) -> int:
        self.columns.append(_Column(whole=whole))
        return len(self.columns) - 1

    def _queues(self) -> None:
        """Waiting as what nobody took: the queue without any seat less the seats taken since."""
        p, stay = self.problem, 1.0 - self.problem.hazard
        self.queue = np.zeros_like(p.demand)
        self.taken: dict[tuple[int, int, int], dict[int, float]] = {}
        for k, i, t in np.ndindex(*p.demand.shape):
            self.queue[k, i, t] = sum(stay ** (t - e) * p.demand[k, i, e] for e in range(t + 1))
            taken = {
                column: stay ** (t - e)
                for (j, s, e), column in self.x.items()
                if j == i and e <= t and p.kind[s] == k
            }
            self.taken[k, i, t] = taken
            self.rows.append((taken, -math.inf, self.queue[k, i, t]))
            recent = float(p.demand[k, i, max(0, t - LONG + 1) : t + 1].sum())
            longer = {**taken, self.v[k, i, t]: 1.0}
            self.rows.append((longer, self.queue[k, i, t] - recent, math.inf))
        for g, group in enumerate(p.groups):
            row = {column: 1.0 for (h, _, _), column in self.c.items() if h == g}
            self.rows.append((row, -math.inf, float(len(group.children))))

    def _highest(self, measure: FloatArray) -> None:
        """z is the highest number of pupils at a school of a type in a month."""
        p = self.problem
        for s, kind in enumerate(p.kind.tolist()):
            for t in range(1, self.months):
                if np.isfinite(measure[s]) and measure[s] > 0.0:
                    if (kind, t) not in self.z:
                        self.z[kind, t] = self._column()
                    row = {**self.use_row(s, t), self.z[kind, t]: -float(measure[s])}
                    self.rows.append((row, -math.inf, -float(self.used[s, t])))

    def _goals(self) -> dict[str, tuple[FloatArray, float]]:
        """Goal → costs by column and constant; the classes' own part is not in it."""
        p = self.problem
        goals = {name: np.zeros(len(self.columns)) for name in (WAITING, PRECEDENCE)}
        constant = {WAITING: float(self.queue.sum()), PRECEDENCE: 0.0}
        for taken in self.taken.values():
            for column, part in taken.items():
                goals[WAITING][column] -= part
        for column in self.v.values():
            goals[WAITING][column] = 1.0
        for g, group in enumerate(p.groups):
            for t in range(group.until):
                weight = 2.0 if group.months_waited + t >= LONG else 1.0
                for name, price in ((WAITING, weight), (PRECEDENCE, group.days_waited)):
                    constant[name] += price * len(group.children)
                    for (h, _, e), column in self.c.items():
                        if h == g and e <= t:
                            goals[name][column] -= price
        for name, columns in (("ueberbelegung", self.u), ("regelklassen", self.h)):
            goals[name] = np.zeros(len(self.columns))
            goals[name][list(columns.values())] = 1.0
        goals[SPREAD] = np.zeros(len(self.columns))
        goals[SPREAD][list(self.z.values())] = 1.0 / max(1, len(self.z))
        for name, cost in (("weg_ueber_richtwert", p.excess), ("weg", p.minutes)):
            goals[name] = np.zeros(len(self.columns))
            for (i, s, _), column in self.x.items():
                goals[name][column] = cost[i, s]
            for (g, s, _), column in self.c.items():
                goals[name][column] = cost[p.groups[g].municipality, s]
        return {name: (costs, constant.get(name, 0.0)) for name, costs in goals.items()}

    def forecast_row(self, s: int, t: int) -> dict[int, float]:
        """Seats that forecast pupils use."""
        survival = self.problem.survival[self.problem.kind[s]]
        return {
            column: float(survival[e, t])
            for (_, school, e), column in self.x.items()
            if school == s and e <= t
        }

    def use_row(self, s: int, t: int) -> dict[int, float]:
        """Seats that forecast pupils and children of today's list use."""
        row = self.forecast_row(s, t)
        for (g, school, e), column in self.c.items():
            if school == s and e <= t:
                row[column] = float(self.problem.groups[g].survival[e, t])
        return row

    def counted_row(self, s: int, t: int) -> dict[int, float]:
        """Those of :meth:`use_row` who count for the teacher hours."""
        row, counted = self.use_row(s, t), self.problem.counted
        if counted is not None:
            kind = self.problem.kind[s]
            for (_, school, e), column in self.x.items():
                if school == s and e <= t:
                    row[column] *= float(counted.forecast[kind, e, t])
            for (_, school, e), column in self.c.items():
                if school == s and e <= t:
                    row[column] *= float(counted.children[kind, e, t])
        return row

    def counted_today(self) -> FloatArray:
        """``[s, t]`` pupils who are there and count for the teacher hours."""
        p = self.problem
        if p.counted is None:
            return self.used
        result = np.zeros_like(self.used)
        for s, t in np.ndindex(*result.shape):
            listed = p.counted.children[p.kind[s], 0, t] * p.use_children[s, t]
            result[s, t] = p.counted.today[s, t] * p.use_today[s, t] + listed
        return result

    def _rows_of(
        self, classes: IntArray
    ) -> tuple[list[tuple[dict[int, float], float, float]], list[_Column]]:
        """Rows and columns for given classes."""
        p = self.problem
        rows = list(self.rows)
        columns = [_Column(c.low, c.high, c.whole) for c in self.columns]
        for s, t in np.ndindex(*classes.shape):
            running, base = int(classes[s, t]), int(p.base[s, t])
            cap, size = float(p.class_cap[s, t]), float(p.planning_size[s, t])
            rho = float(p.correction[s])
            seats = cap * running + (rho if running else 0.0)
            above = max(0.0, self.used[s, t] - cap * base - (rho if base else 0.0))
            columns[self.u[s, t]].high = max(0.0, above - cap * max(0, running - base))
            row = {**self.use_row(s, t), self.u[s, t]: -1.0}
            rows.append((row, -math.inf, seats - self.used[s, t]))
            kept = min(float(p.use_today[s, t]), size * base)
            rows.append((self.forecast_row(s, t), -math.inf, size * running - kept))
        if p.hours is not None:
            self._hours(classes, rows, columns)
        return rows, columns

    def _hours(
        self,
        classes: IntArray,
        rows: list[tuple[dict[int, float], float, float]],
        columns: list[_Column],
    ) -> None:
        """One level of pupils is chosen for each school and month."""
        p = self.problem
        assert p.hours is not None
        there = self.counted_today()
        today = hours_needed(p, p.base, there)
        own = hours_needed(p, classes, np.zeros(classes.shape))
        for t, rule in enumerate(p.hours):
            needed: list[dict[int, float]] = [{} for _ in p.hours_groups]
            for s in range(len(p.schools)):
                steps = rule.steps[s] if rule.steps is not None else ()
                if not steps:
                    continue
                chosen: dict[int, float] = {}
                row = self.counted_row(s, t)
                for j in range(len(steps) + 1):
                    columns.append(_Column(0.0, 1.0, whole=True))
                    level = len(columns) - 1
                    chosen[level] = 1.0
                    border = steps[j][0] if j < len(steps) else 1e4
                    row[level] = -border
                    for group, terms in zip(p.hours_groups, needed, strict=True):
                        if group.schools[s]:
                            terms[level] = sum(more for _, more in steps[:j])
                rows.append((chosen, 1.0, 1.0))
                rows.append((row, -math.inf, -there[s, t]))
            for g, terms in enumerate(needed):
                limit = p.hours_groups[g].limit
                columns[self.h[g, t]].high = max(0.0, today[g, t] - limit)
                terms[self.h[g, t]] = -1.0
                rows.append((terms, -math.inf, limit - own[g, t]))

    def solver(self, classes: IntArray) -> Given:
        """The linear problem for given classes."""
        return Given(self, classes)


class Given:
    """The seats for given classes in a solver of their own."""

    def __init__(self, seats: Seats, classes: IntArray) -> None:
        self.seats, self.classes = seats, classes
        rows, columns = seats._rows_of(classes)
        self.width = len(columns)
        model = highspy.HighsLp()
        model.num_col_ = len(columns)
        model.num_row_ = len(rows)
        model.col_cost_ = np.zeros(len(columns))
        model.col_lower_ = np.array([c.low for c in columns])
        model.col_upper_ = np.array([c.high for c in columns])
        model.row_lower_ = np.array([low for _, low, _ in rows])
        model.row_upper_ = np.array([high for _, _, high in rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _, _ in rows)])
        model.a_matrix_.index_ = np.array([j for row, _, _ in rows for j in row], dtype=np.int32)
        model.a_matrix_.value_ = np.array([a for row, _, _ in rows for a in row.values()])
        if any(c.whole for c in columns):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            model.integrality_ = [kinds[c.whole] for c in columns]
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", 1e-7)
        self.highs.passModel(model)
        self.first = len(rows)
        self.limits: list[tuple[str, float]] = []

    def costs(self, goal: str) -> tuple[FloatArray, float]:
        """Costs by column, and what the classes and the queue without seats contribute."""
        problem = self.seats.problem
        if goal == PRICES:
            return self._prices(dict(problem.prices))
        if goal == "neue_klassen":
            return np.zeros(self.width), float(openings(problem, self.classes).sum())
        if goal == "klassenmonate":
            months = (self.classes - problem.base)[:, 1:].sum()
            return np.zeros(self.width), float(months)
        costs, constant = self.seats.goals[WAITING if goal == AGAIN else goal]
        return np.append(costs, np.zeros(self.width - len(costs))), constant

    def _prices(self, prices: dict[str, float]) -> tuple[FloatArray, float]:
        """All goals times their prices; a new class costs what it costs at its school."""
        problem = self.seats.problem
        price = np.full(len(problem.schools), prices.pop("neue_klassen", 0.0))
        if problem.opening_cost is not None:
            price = np.where(np.isnan(problem.opening_cost), price, problem.opening_cost)
        costs, constant = np.zeros(self.width), float(price @ openings(problem, self.classes))
        for name, factor in prices.items():
            more, fixed = self.costs(name)
            costs += factor * more
            constant += factor * fixed
        return costs, constant

    def best(self, goal: str, limits: Sequence[tuple[str, float]]) -> float | None:
        """Smallest value of a goal while others stay within limits; ``None`` if they cannot."""
        highs = self.highs
        extra = highs.getNumRow() - self.first
        if extra:
            highs.deleteRows(extra, np.arange(self.first, self.first + extra, dtype=np.int32))
        for name, limit in limits:
            costs, constant = self.costs(name)
            index = np.flatnonzero(costs).astype(np.int32)
            if not len(index):
                if constant > limit:
                    return None
                continue
            highs.addRow(-math.inf, limit - constant, len(index), index, costs[index])
        costs, constant = self.costs(goal)
        highs.changeColsCost(self.width, np.arange(self.width, dtype=np.int32), costs)
        highs.run()
        status = highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            infeasible = (
                highspy.HighsModelStatus.kInfeasible,
                highspy.HighsModelStatus.kUnboundedOrInfeasible,
            )
            assert status in infeasible, status
            return None
        return float(highs.getInfo().objective_function_value) + constant


class Brute:
    """The best value of each goal over all decisions on classes."""

    def __init__(self, problem: Problem, most: int = 200) -> None:
        self.problem = problem
        decisions = class_decisions(problem, most)
        self.too_many = decisions is None
        seats = Seats(problem)
        self.given = [seats.solver(classes) for classes in decisions or ()]

    def best(self, goal: str, limits: Sequence[tuple[str, float]]) -> float | None:
        """The smallest value of a goal while the goals before stay within their limits."""
        values = [given.best(goal, limits) for given in self.given]
        found = [value for value in values if value is not None]
        return min(found) if found else None


def allowed(goal: str, value: float, tolerance: float) -> float:
    """What a later goal may add to an earlier one."""
    if goal == WAITING:
        return max(tolerance * abs(value), 1.0) if tolerance else 0.0
    return 0.0 if goal in (AGAIN, PRICES) else tolerance * abs(value)


def stage_order(goals: Sequence[str]) -> list[str]:
    """The goals in their order; after those on classes the waiting again, then precedence."""
    if PRICES in goals:
        return [PRICES, PRECEDENCE]
    last = max((n for n, goal in enumerate(goals) if goal in (WAITING, *CLASS_GOALS)), default=-1)
    result = list(goals)
    if WAITING in goals:
        result[last + 1 : last + 1] = [AGAIN, PRECEDENCE]
    return result
