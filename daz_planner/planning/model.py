"""The planning model in PuLP: which classes run, and how many take a seat where and when.

For the schools s and months t of one problem, with the notation of ``problem.py``::

    w[k,i,t] = (1 - hazard) w[k,i,t-1] + n[k,i,t] - Σ_s x[i,s,t]              nobody is lost    (1)
    B[s,t] + C[s,t] + Y[s,t] ≤ κ[s,t] K[s,t] + ρ[s] + u[s,t]                  seats             (2)
    Y[s,t] ≤ p[s,t] K[s,t] - min(B[s,t], p[s,t] K⁰[s,t])                      forecast's seats  (3)
    K[s,0] = K⁰[s,0];  0 ≤ K[s,t] ≤ most[s,t]; K - K⁰ changes in the months allowed              (4)
    Σ_{s in g} hours[s,t] ≤ H[g] + h[g,t]                                     teachers          (5)

with Y the forecast pupils and C the children of today's list who use a seat, each entry thinned by
its survival.  (5), for groups g of schools, stands in ``hours_rows.py``, the goals in
``goal_terms.py``.  Children c[g,s,t] of a group of today's list are whole numbers, x is
continuous, K is integer.  ``u`` and ``h`` only cover what is exceeded already today, so that a
plan always exists.

K enters as the running total of a period between two months of change; openings as a separate
variable exist only where classes may close.
"""

from __future__ import annotations

import numpy as np
import pulp

from daz_planner.planning.goal_terms import LONG_WAIT, GoalTerms
from daz_planner.planning.hours_rows import add_hours
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray, Problem
from daz_planner.planning.solver import Terms


class PlanningModel:
    """The PuLP problem of a :class:`Problem`, its variables, and its goals as expressions."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.lp = pulp.LpProblem("Plan", pulp.LpMinimize)
        self._constraints = 0
        self.period_of = _periods(problem)
        self._add_classes()
        self._add_flows()
        self._add_children()
        self._add_waiting()
        self._add_seats()
        self._hours = add_hours(self)
        self.hours_short = self._hours.short
        """h of every group of schools that share hours, and month."""
        self._goals = GoalTerms(self)
        # A solver's session may add variables of its own to the problem.
        self._variables = list(self.lp.variables())

    # -- variables ------------------------------------------------------------------------------

    def variable(
        self, name: str, low: float = 0.0, high: float | None = None, *, integer: bool = False
    ) -> pulp.LpVariable:
        """Add a variable."""
        kind = pulp.LpInteger if integer else pulp.LpContinuous
        return self.lp.add_variable(name, low, high, kind)

    def add_row(self, terms: Terms, sense: int, right: float) -> None:
        """Add a row ``terms sense right``; each variable stands in the terms once."""
        self._constraints += 1
        self.lp.addConstraint(
            pulp.LpConstraint(
                pulp.LpAffineExpression(terms), sense=sense, name=f"r{self._constraints}", rhs=right
            )
        )

    def _add_classes(self) -> None:
        """K[s, period], and where classes may close the openings o[s, period]."""
        problem = self.problem
        periods = int(self.period_of[-1]) + 1
        first_month = [int(np.argmax(self.period_of == p)) for p in range(periods)]
        closing = bool(problem.may_close.any())
        self.classes: list[list[pulp.LpVariable]] = []
        self.openings: list[list[pulp.LpVariable]] = []
        self.base = problem.base[:, first_month]
        """``[s, period]`` classes of today or decided: what the plan opens comes on top."""
        for s in range(len(problem.schools)):
            row = []
            for p, month in enumerate(first_month):
                base, high = int(self.base[s, p]), int(problem.most[s, month])
                fixed = p == 0 or (high == base and not closing)
                may_close = closing and not fixed and not problem.decided[s, month]
                row.append(
                    self.variable(
                        f"K_{s}_{p}",
                        0 if may_close else base,
                        base if fixed else high,
                        integer=True,
                    )
                )
            self.classes.append(row)
            self.openings.append(self._link_periods(s, row, first_month, closing))
        # An integer variable for the sum of a period: its bound and its branching close the gap.
        self.totals: list[pulp.LpVariable] = []
        for p in range(periods):
            total = self.variable(f"N_{p}", 0.0, None, integer=True)
            parts: Terms = [(row[p], 1.0) for row in self.classes]
            self.add_row([*parts, (total, -1.0)], pulp.LpConstraintEQ, 0.0)
            self.totals.append(total)

    def _link_periods(
        self, s: int, row: list[pulp.LpVariable], first_month: list[int], closing: bool
    ) -> list[pulp.LpVariable]:
        """K rises only where classes may open and falls only where they may close."""
        problem = self.problem
        opened = []
        for p in range(1, len(row)):
            month = first_month[p]
            change: Terms = [(row[p], 1.0), (row[p - 1], -1.0)]
            decided = float(self.base[s, p] - self.base[s, p - 1])
            if not problem.may_close[month]:
                self.add_row(change, pulp.LpConstraintGE, decided)
            if not problem.may_open[month] or problem.barred[s, month]:
                self.add_row(change, pulp.LpConstraintLE, decided)
            elif closing:
                more = self.variable(f"o_{s}_{p}", 0.0, float(problem.most[s].max()))
                self.add_row([*change, (more, -1.0)], pulp.LpConstraintLE, decided)
                opened.append(more)
        return opened

    def _add_flows(self) -> None:
        """x[i, s, t] for pairs in reach and months in which somebody can be waiting."""
        problem = self.problem
        self.flows: dict[tuple[int, int, int], pulp.LpVariable] = {}
        self.intake: dict[tuple[int, int], pulp.LpVariable] = {}
        anybody = np.cumsum(problem.demand, axis=2) > 1e-12
        for s, kind in enumerate(problem.kind):
            for t in range(problem.month_count):
                entering: Terms = []
                for i in np.flatnonzero(problem.reach[:, s]):
                    if anybody[kind, i, t]:
                        flow = self.variable(f"x_{i}_{s}_{t}")
                        self.flows[int(i), s, t] = flow
                        entering.append((flow, 1.0))
                if entering:
                    total = self.variable(f"a_{s}_{t}")
                    self.intake[s, t] = total
                    self.add_row([*entering, (total, -1.0)], pulp.LpConstraintEQ, 0.0)

    def _add_children(self) -> None:
        """c[g, s, t]: whole children of today's list who have no seat at the reference date."""
        problem = self.problem
        self.seated: dict[tuple[int, int, int], pulp.LpVariable] = {}
        for g, group in enumerate(problem.groups):
            for s in np.flatnonzero(group.allowed):
                for t in range(1, group.until):
                    self.seated[g, int(s), t] = self.variable(
                        f"c_{g}_{s}_{t}", 0.0, float(len(group.children)), integer=True
                    )

    def _add_waiting(self) -> None:
        """Balance (1), and v ≥ those who have waited longer than :data:`LONG_WAIT` months."""
        problem = self.problem
        by_place: dict[tuple[int, int, int], Terms] = {}
        for (i, s, t), flow in self.flows.items():
            by_place.setdefault((int(problem.kind[s]), i, t), []).append((flow, 1.0))
        self.waiting: dict[tuple[int, int, int], pulp.LpVariable] = {}
        self.long_waiting: list[pulp.LpVariable] = []
        for kind, i, first in _first_demand(problem):
            for t in range(first, problem.month_count):
                here = self.variable(f"w_{kind}_{i}_{t}")
                self.waiting[kind, i, t] = here
                terms: Terms = [(here, 1.0), *by_place.get((kind, i, t), [])]
                if t > first:
                    before = self.waiting[kind, i, t - 1]
                    terms.append((before, -(1.0 - problem.hazard)))
                self.add_row(terms, pulp.LpConstraintEQ, float(problem.demand[kind, i, t]))
                recent = problem.demand[kind, i, max(0, t - LONG_WAIT + 1) : t + 1].sum()
                if t - first >= LONG_WAIT:
                    long = self.variable(f"v_{kind}_{i}_{t}")
                    self.long_waiting.append(long)
                    self.add_row([(here, 1.0), (long, -1.0)], pulp.LpConstraintLE, float(recent))
        self.group_waiting: dict[tuple[int, int], pulp.LpVariable] = {}
        for g, group in enumerate(problem.groups):
            for t in range(group.until):
                here = self.variable(f"g_{g}_{t}", 0.0, float(len(group.children)))
                self.group_waiting[g, t] = here
                taken: Terms = [
                    (self.seated[g, int(s), e], 1.0)
                    for s in np.flatnonzero(group.allowed)
                    for e in range(1, t + 1)
                ]
                self.add_row([(here, 1.0), *taken], pulp.LpConstraintEQ, float(len(group.children)))

    def _add_seats(self) -> None:
        """Seats (2) and the part of them that a forecast may count on (3)."""
        problem = self.problem
        closing = bool(problem.may_close.any())
        used = problem.use_today + problem.use_children
        self.above_cap: list[pulp.LpVariable] = []
        self._opened: list[str] = []
        for s in range(len(problem.schools)):
            rho = float(problem.correction[s])
            for t in range(problem.month_count):
                base = int(problem.base[s, t])
                running = self.class_variable(s, t)
                cap = float(problem.class_cap[s, t])
                size = float(problem.planning_size[s, t])
                pupils = self.forecast_use(s, t)
                terms = [*self.seat_use(s, t), (running, -cap)]
                # The correction holds only while a class runs.
                corrected = cap * base + (rho if base else 0.0)
                excess = max(0.0, float(used[s, t]) - corrected)
                if excess > 0.0:
                    above = self.variable(f"u_{s}_{t}", 0.0, excess)
                    self.above_cap.append(above)
                    terms.append((above, -1.0))
                    self._shrink_excess(s, t, above, excess, cap)
                right = rho - float(used[s, t])
                if rho and running.lowBound == 0:
                    runs = self.variable(f"y_{s}_{t}", 0.0, 1.0, integer=True)
                    self.add_row([(runs, 1.0), (running, -1.0)], pulp.LpConstraintLE, 0.0)
                    most = float(running.upBound)
                    self.add_row([(running, 1.0), (runs, -most)], pulp.LpConstraintLE, 0.0)
                    terms.append((runs, -rho))
                    right = -float(used[s, t])
                self.add_row(terms, pulp.LpConstraintLE, right)
                if pupils or closing:
                    kept = min(float(problem.use_today[s, t]), size * base)
                    self.add_row([*pupils, (running, -size)], pulp.LpConstraintLE, -kept)

    def _shrink_excess(
        self, s: int, t: int, above: pulp.LpVariable, excess: float, cap: float
    ) -> None:
        """Who sits above the cap today moves into a class that opens: u falls by κ with each."""
        running = self.class_variable(s, t)
        base = int(self.problem.base[s, t])
        further = int(running.upBound) - base
        terms: Terms = [(above, 1.0)]
        for j in range(1, further + 1):
            relief = min(cap, excess - (j - 1) * cap)
            if relief <= 0.0:
                break
            opened = self.variable(f"z_{s}_{t}_{j}", 0.0, 1.0, integer=True)
            self._opened.append(opened.name)
            # opened is 1 as soon as j further classes run.
            self.add_row(
                [(running, 1.0), (opened, -float(further - j + 1))],
                pulp.LpConstraintLE,
                float(base + j - 1),
            )
            terms.append((opened, relief))
        if len(terms) > 1:
            self.add_row(terms, pulp.LpConstraintLE, excess)

    # -- expressions ----------------------------------------------------------------------------

    def class_variable(self, s: int, t: int) -> pulp.LpVariable:
        """K of a school in a month."""
        return self.classes[s][int(self.period_of[t])]

    def forecast_use(self, s: int, t: int) -> Terms:
        """Y[s, t]: seats used by forecast pupils who entered up to t."""
        survival = self.problem.survival[self.problem.kind[s]]
        return [
            (self.intake[s, e], float(survival[e, t]))
            for e in range(t + 1)
            if (s, e) in self.intake and survival[e, t] > 0.0
        ]

    def seat_use(self, s: int, t: int) -> Terms:
        """Seats used by forecast pupils and by children of today's list seated later."""
        return [*self.forecast_use(s, t), *self._children_use(s, t)]

    def _children_use(self, s: int, t: int) -> Terms:
        return [
            (self.seated[g, s, e], float(group.survival[e, t]))
            for g, group in enumerate(self.problem.groups)
            if group.allowed[s]
            for e in range(1, min(t + 1, group.until))
            if group.survival[e, t] > 0.0
        ]

    def counted_use(self, s: int, t: int) -> Terms:
        """Those of :meth:`seat_use` who count for the teacher hours."""
        counted = self.problem.counted
        if counted is None:
            return self.seat_use(s, t)
        kind = self.problem.kind[s]
        shares = self.problem.survival[kind] * counted.forecast[kind]
        terms: Terms = [
            (self.intake[s, e], float(shares[e, t]))
            for e in range(t + 1)
            if (s, e) in self.intake and shares[e, t] > 0.0
        ]
        for g, group in enumerate(self.problem.groups):
            if group.allowed[s]:
                own = group.survival * counted.children[kind]
                terms.extend(
                    (self.seated[g, s, e], float(own[e, t]))
                    for e in range(1, min(t + 1, group.until))
                    if own[e, t] > 0.0
                )
        return terms

    def goal(self, name: str) -> Terms:
        """The expression of a goal by its key in the scenario; empty where it does not apply."""
        return self._goals.terms[name]

    def constant(self, name: str) -> float:
        """What a goal's expression contains of today's classes; not part of the goal's value."""
        return self._goals.constants.get(name, 0.0)

    def idle_start(self) -> FloatArray:
        """The plan that does nothing: today's classes, everybody waits. Always feasible."""
        values = {variable.name: 0.0 for variable in self._variables}
        for row, numbers in zip(self.classes, self.base, strict=True):
            for variable, number in zip(row, numbers, strict=True):
                values[variable.name] = float(number)
        problem = self.problem
        for kind, i, first in _first_demand(problem):
            queue = 0.0
            for t in range(first, problem.month_count):
                queue = (1.0 - problem.hazard) * queue + float(problem.demand[kind, i, t])
                values[f"w_{kind}_{i}_{t}"] = queue
                if t - first >= LONG_WAIT:
                    recent = problem.demand[kind, i, max(0, t - LONG_WAIT + 1) : t + 1].sum()
                    values[f"v_{kind}_{i}_{t}"] = max(0.0, queue - float(recent))
        for (g, _), variable in self.group_waiting.items():
            values[variable.name] = float(len(problem.groups[g].children))
        for group in (self.above_cap, self.hours_short):
            for variable in group:
                values[variable.name] = float(variable.upBound)
        values.update(self._hours.reached_today)
        values.update(self._goals.spread_today)
        for variable in self._variables:
            if variable.name.startswith("y_"):
                _, s, t = variable.name.split("_")
                values[variable.name] = float(problem.base[int(s), int(t)] > 0)
        values.update(
            (total.name, float(self.base[:, p].sum())) for p, total in enumerate(self.totals)
        )
        return np.array([values[variable.name] for variable in self._variables])

    def reached_classes(self, values: FloatArray) -> IntArray:
        """``[s, t]`` classes of a solution."""
        return self.period_classes(values)[:, self.period_of]

    def period_classes(self, values: FloatArray) -> IntArray:
        """``[s, period]`` classes of a solution."""
        return np.rint(self.period_shares(values)).astype(np.int64)

    def period_shares(self, values: FloatArray) -> FloatArray:
        """``[s, period]`` classes of a solution of the relaxation."""
        shares = [[values[variable.index] for variable in row] for row in self.classes]
        return np.array(shares, dtype=np.float64).reshape(len(self.classes), len(self.totals))


def _periods(problem: Problem) -> IntArray:
    """``[t]`` number of the period: classes change only where a new period begins."""
    changes: BoolArray = problem.may_open | problem.may_close
    changes = changes.copy()
    # What is decided or barred begins with its own month.
    for limits in (problem.base, problem.most, problem.decided, problem.barred):
        changes[1:] |= (limits[:, 1:] != limits[:, :-1]).any(axis=0)
    changes[0] = False
    return np.cumsum(changes).astype(np.int64)


def _first_demand(problem: Problem) -> list[tuple[int, int, int]]:
    """(type, municipality, first month with demand) for all with any demand."""
    result = []
    for kind in range(problem.demand.shape[0]):
        for i in range(problem.demand.shape[1]):
            months = np.flatnonzero(problem.demand[kind, i] > 1e-12)
            if len(months):
                result.append((kind, i, int(months[0])))
    return result
