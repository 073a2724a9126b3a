"""Plans that are facility location problems: found, solved as such, and handed back as plans.

Where every goal has a price, classes can open in one month only, all demand comes in that month and
nobody sits anywhere yet, the model of the planning is a facility location problem: a school is a
site and its further classes are modules; who waits is not served, at a price or not at all.
:mod:`daz_planner.planning.facility` solves it far faster than the general model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import InputError, OutOfTimeError
from daz_planner.planning.facility import FacilityPlan, facility_location
from daz_planner.scenario.solving import WAITING

if TYPE_CHECKING:
    from daz_planner.planning.model import PlanningModel
    from daz_planner.planning.problem import FloatArray, Problem
    from daz_planner.scenario.model import Scenario

_LINEAR = frozenset(
    ("wartemonate", "neue_klassen", "klassenmonate", "ueberbelegung", "weg_ueber_richtwert", "weg")
)
"""Goals that such a problem can price; without anybody there today nobody sits above the cap."""
_NOBODY = 1e-12
_GAP = 1e-7
_ROUNDING = 1e-9


def is_facility_problem(problem: Problem) -> bool:
    """Whether the planning problem is a facility location problem and nothing else."""
    empty = (problem.base, problem.use_today, problem.use_children, problem.correction)
    return (
        bool(problem.prices)
        and all(goal in _LINEAR for goal, price in problem.prices if price)
        and problem.month_count == 2
        and bool(problem.may_open[1])
        and not problem.may_close.any()
        and not problem.groups
        and problem.hours is None
        and not any(values.any() for values in empty)
        and not problem.demand[:, :, 0].any()
        and bool(problem.demand.any())
    )


def facility_values(
    model: PlanningModel, scenario: Scenario, seconds: float
) -> tuple[FloatArray, FacilityPlan] | None:
    """Values of the model's variables in the best plan, and that plan with its proof.

    ``None`` where the problem is none of facility location.  Without a school in reach there is
    nothing to decide either.
    """
    problem = model.problem
    if not is_facility_problem(problem) or not model.flows:
        return None
    price = dict(problem.prices)
    schools = len(problem.schools)
    opening = np.full(schools, price.get("neue_klassen", 0.0))
    if problem.opening_cost is not None:
        opening = np.where(np.isnan(problem.opening_cost), opening, problem.opening_cost)
    opening = opening + price.get("klassenmonate", 0.0)
    way = price.get("weg", 0.0) * problem.minutes
    way = way + price.get("weg_ueber_richtwert", 0.0) * problem.excess
    places = [(int(k), int(i)) for k, i in np.argwhere(problem.demand[:, :, 1] > _NOBODY)]
    demand = np.array([problem.demand[k, i, 1] for k, i in places])
    cost = np.full((len(places), schools), np.inf)
    for row, (k, i) in enumerate(places):
        allowed = problem.reach[i] & (problem.kind == k)
        cost[row] = np.where(allowed, way[i], np.inf)
    try:
        plan = facility_location(
            demand,
            cost,
            np.minimum(problem.class_cap[:, 1], problem.planning_size[:, 1]),
            opening,
            problem.most[:, 1],
            # Without a price of waiting nobody may wait.
            unserved_cost=price.get(WAITING),
            gap=min(scenario.rechnen.luecke, _GAP),
            seconds=seconds,
            solver=scenario.rechnen.loeser,
            threads=scenario.rechnen.threads,
        )
    except (InputError, OutOfTimeError):
        # Somebody has to wait, or nothing was found: a question to the general model.
        return None
    return _values(model, places, plan), plan


def _values(model: PlanningModel, places: list[tuple[int, int]], plan: FacilityPlan) -> FloatArray:
    values = model.idle_start()
    index = {variable.name: n for n, variable in enumerate(model.lp.variables())}
    period = int(model.period_of[1])
    for s, row in enumerate(model.classes):
        values[index[row[period].name]] = float(plan.modules[s])
    values[index[model.totals[period].name]] = float(plan.modules.sum())
    intake: dict[int, float] = {}
    for row_number, (k, i) in enumerate(places):
        served = 0.0
        for site in np.flatnonzero(plan.flows[row_number]).tolist():
            pupils = float(plan.flows[row_number, site])
            values[index[model.flows[i, site, 1].name]] = pupils
            intake[site] = intake.get(site, 0.0) + pupils
            served += pupils
        left = float(model.problem.demand[k, i, 1]) - served
        # Less is the rounding of the sum.
        waits = left if left > _ROUNDING * served else 0.0
        values[index[model.waiting[k, i, 1].name]] = waits
    for s, pupils in intake.items():
        values[index[model.intake[s, 1].name]] = pupils
    return values
