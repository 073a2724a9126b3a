"""The goals of the plan as linear expressions of the model's variables.

A goal that today's classes are part of (new classes, class months) has a constant: its value is
the expression less the constant.

``streuung_schulen`` is the state's wish to spread the pupils of the VKA over many schools: the
number of VKA pupils at the school that has most of them, month by month, in the mean of the months
after the reference date::

    z[k,t] ≥ (B[s,t] + C[s,t] + Y[s,t]) / d[s]      for the schools s of type k,

with d[s] = 1, or a hundredth of the pupils in regular classes where shares are to be spread
(VKA pupils for 100 pupils in regular classes; a school without a number is left out).  The use of
the seats, use / (κ K), would not be linear in K, and a new class would lower it without any pupil
going elsewhere.  One maximum over all months would mostly be that of today's pupils in the first
month, which no plan can change.

``preise`` adds up all goals with a price, in the unit in which the prices are given.  A new class
costs the opening cost of its school where there is one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pulp

from daz_planner.planning.solver import Terms
from daz_planner.planning.spread import SPREAD
from daz_planner.scenario.solving import PRICES

if TYPE_CHECKING:
    from daz_planner.planning.model import PlanningModel
    from daz_planner.planning.problem import FloatArray

LONG_WAIT = 2
"""Months after which a waiting month counts twice."""


class GoalTerms:
    """The expression and the constant of each goal of a model, by the scenario's key."""

    def __init__(self, model: PlanningModel) -> None:
        self.model = model
        problem = model.problem
        self.spread_today: dict[str, float] = {}
        """Name of a variable of the spread → its value where nobody further comes."""
        self.terms: dict[str, Terms] = {
            "wartemonate": self._waiting_months(),
            "vorrang": self._precedence(),
            "neue_klassen": self._new_classes(None),
            "regelklassen": [(short, 1.0) for short in model.hours_short],
            "klassenmonate": self._class_months(),
            "ueberbelegung": [(above, 1.0) for above in model.above_cap],
            "weg_ueber_richtwert": self._ways(problem.excess),
            "weg": self._ways(problem.minutes),
            SPREAD: [] if problem.spread is None else self._spread(problem.spread),
        }
        self.constants = {"klassenmonate": self._today_in(self.terms["klassenmonate"])}
        self._add_waits_for_seats()
        if not problem.may_close.any():
            self.constants["neue_klassen"] = self._today_in(self.terms["neue_klassen"])
        if problem.prices:
            self._add_prices(dict(problem.prices))

    def _waiting_months(self) -> Terms:
        model = self.model
        terms: Terms = [(here, 1.0) for here in model.waiting.values()]
        terms.extend((long, 1.0) for long in model.long_waiting)
        for (g, t), here in model.group_waiting.items():
            waited = model.problem.groups[g].months_waited + t
            terms.append((here, 2.0 if waited >= LONG_WAIT else 1.0))
        return terms

    def _add_waits_for_seats(self) -> None:
        """What those wait whose seat begins later: decided, so that no goal can change it."""
        months = days = 0.0
        for month, group in self.model.problem.soon:
            count = len(group.children)
            for t in range(month):
                months += count * (2.0 if group.months_waited + t >= LONG_WAIT else 1.0)
                days += count * group.days_waited
        if months:
            self.constants["wartemonate"] = -months
        if days and "vorrang" in self.terms:
            self.constants["vorrang"] = -days

    def _precedence(self) -> Terms:
        """Waiting months of today's list weighted by the days waited so far."""
        groups = self.model.problem.groups
        return [
            (here, groups[g].days_waited)
            for (g, _), here in self.model.group_waiting.items()
            if groups[g].days_waited > 0.0
        ]

    def _new_classes(self, price: FloatArray | None) -> Terms:
        """Openings, each at the price of its school, ``None`` for 1."""
        model = self.model
        cost = np.ones(len(model.classes)) if price is None else price
        if model.problem.may_close.any():
            return [
                (more, float(cost[s]))
                for s, row in enumerate(model.openings)
                for more in row
                if cost[s] > 0.0
            ]
        # Without closing, openings are the last number of classes less today's (``constant``).
        return [
            (row[-1], float(cost[s]))
            for s, row in enumerate(model.classes)
            if row[-1].upBound != row[-1].lowBound and cost[s] > 0.0
        ]

    def _class_months(self) -> Terms:
        model = self.model
        length = np.bincount(model.period_of)
        return [
            (row[p], float(length[p]))
            for row in model.classes
            for p in range(1, len(row))
            if row[p].upBound != row[p].lowBound
        ]

    def _today_in(self, terms: Terms) -> float:
        """Value of an expression in classes if nothing opens beyond what is decided."""
        base = {
            variable.name: float(number)
            for row, numbers in zip(self.model.classes, self.model.base, strict=True)
            for variable, number in zip(row, numbers, strict=True)
        }
        return sum(factor * base[variable.name] for variable, factor in terms)

    def _ways(self, cost: FloatArray) -> Terms:
        model = self.model
        terms: Terms = [
            (flow, float(cost[i, s])) for (i, s, _), flow in model.flows.items() if cost[i, s] > 0.0
        ]
        groups = model.problem.groups
        terms.extend(
            (child, float(cost[groups[g].municipality, s]))
            for (g, s, _), child in model.seated.items()
            if cost[groups[g].municipality, s] > 0.0
        )
        return terms

    def _spread(self, measure: FloatArray) -> Terms:
        """The mean over months and school types of the highest number at a school."""
        model, problem = self.model, self.model.problem
        counted = np.isfinite(measure) & (measure > 0.0)
        kinds = [
            k for k in range(len(problem.school_types)) if (counted & (problem.kind == k)).any()
        ]
        used = problem.use_today + problem.use_children
        highest: Terms = []
        share = 1.0 / max(1, len(kinds) * (problem.month_count - 1))
        for kind in kinds:
            own = np.flatnonzero(counted & (problem.kind == kind))
            for t in range(1, problem.month_count):
                today = max(0.0, float((used[own, t] / measure[own]).max()))
                top = model.variable(f"m_{kind}_{t}", today)
                self.spread_today[top.name] = today
                highest.append((top, share))
                # Also where nobody further comes: a variable without a row is none of the model's.
                for s in own.tolist():
                    model.add_row(
                        [*model.seat_use(s, t), (top, -float(measure[s]))],
                        pulp.LpConstraintLE,
                        -float(used[s, t]),
                    )
        return highest

    def _add_prices(self, prices: dict[str, float]) -> None:
        """The goal :data:`PRICES`: every goal times its price, each variable once."""
        problem = self.model.problem
        opening = np.full(len(problem.schools), prices.pop("neue_klassen", 0.0))
        if problem.opening_cost is not None:
            opening = np.where(np.isnan(problem.opening_cost), opening, problem.opening_cost)
        new_classes = self._new_classes(opening)
        parts = [(self.terms[goal], price) for goal, price in prices.items()]
        constants = [self.constants.get(goal, 0.0) * price for goal, price in prices.items()]
        parts.append((new_classes, 1.0))
        if not problem.may_close.any():
            constants.append(self._today_in(new_classes))
        joined: dict[str, tuple[pulp.LpVariable, float]] = {}
        for terms, price in parts:
            for variable, factor in terms:
                before = joined[variable.name][1] if variable.name in joined else 0.0
                joined[variable.name] = (variable, before + price * factor)
        self.terms[PRICES] = [(v, factor) for v, factor in joined.values() if factor != 0.0]
        self.constants[PRICES] = math.fsum(constants)
