"""The bill of a plan that weighs its goals by prices: quantity × price = amount, goal by goal.

The amounts of a school type add up to the value of the one goal that was minimised
(:data:`~daz_planner.scenario.solving.PRICES`), with the seats of today's list as they were handed
out.  Children of the list who have their seat before the months ahead are planned are no variables
of that goal: their ways are items of their own, a constant of value and bound.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.plan import BillItem
from daz_planner.planning.regular import raised
from daz_planner.scenario.solving import PRICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from daz_planner.planning.model import PlanningModel
    from daz_planner.planning.plan import StageResult
    from daz_planner.planning.problem import FloatArray, Problem
    from daz_planner.planning.regular import RegularSeats

_CLASSES, _REGULAR = "neue_klassen", "regelklassen"
_DUST = 1e-9


def bill_of(model: PlanningModel, values: FloatArray) -> list[BillItem]:
    """The items of one problem, in the order of its prices; empty where there are none."""
    problem = model.problem
    kinds = "+".join(problem.school_types)
    items = []
    for goal, price in dict(problem.prices or {}).items():
        quantity = _quantity(model, values, goal)
        cost = problem.opening_cost if goal == _CLASSES else None
        own = cost is not None and bool(np.isfinite(cost).any())
        amount = _opening_costs(model, values, price) if own else quantity * price
        items.append(BillItem(kinds, goal, quantity, None if own else price, amount))
    return items


def list_ways(problem: Problem, seats: Iterable[tuple[int, int]]) -> list[BillItem]:
    """The ways of children who have their seat before the months ahead are planned.

    Parameters
    ----------
    seats:
        (municipality, school of the problem) of each of these children.
    """
    pairs = list(seats)
    if not pairs:
        return []
    kinds = "+".join(problem.school_types)
    costs = {"weg_ueber_richtwert": problem.excess, "weg": problem.minutes}
    items = []
    for goal, price in dict(problem.prices or {}).items():
        if goal in costs:
            minutes = math.fsum(float(costs[goal][i, s]) for i, s in pairs)
            items.append(BillItem(kinds, goal, minutes, price, minutes * price, of_list=True))
    return items


def with_list_ways(
    stages: Sequence[StageResult], items: Iterable[BillItem]
) -> tuple[StageResult, ...]:
    """The stages of one problem with what the list costs added to the goal of the prices."""
    amount = math.fsum(item.amount for item in items)
    return tuple(raised(s, amount) if s.goal == PRICES else s for s in stages)


def _quantity(model: PlanningModel, values: FloatArray, goal: str) -> float:
    terms = model.goal(goal)
    total = math.fsum(factor * values[variable.index] for variable, factor in terms)
    quantity = total - model.constant(goal)
    return 0.0 if abs(quantity) < _DUST else quantity


def _opening_costs(model: PlanningModel, values: FloatArray, price: float) -> float:
    """Openings at the cost of their school, at the price where it has none."""
    problem = model.problem
    assert problem.opening_cost is not None
    cost = np.where(np.isnan(problem.opening_cost), price, problem.opening_cost)
    more = np.diff(model.reached_classes(values) - problem.base, axis=1)
    if not problem.may_close.any():
        return float(cost @ more.sum(axis=1))
    openings = np.array([sum(values[v.index] for v in row) for row in model.openings])
    return float(cost @ openings)


def with_regular_seats(
    bill: Sequence[BillItem], regular: RegularSeats | None
) -> tuple[BillItem, ...]:
    """The seats missing in regular classes, which no plan changes, added to their goal."""
    if regular is None:
        return tuple(bill)
    result = []
    for item in bill:
        if item.goal == _REGULAR and item.price is not None:
            quantity = item.quantity + regular.above_of(item.school_type.split("+"))
            item = replace(item, quantity=quantity, amount=quantity * item.price)
        result.append(item)
    return tuple(result)
