"""The children of today's list within the plan of the months ahead.

The plan of a school type decides how many children of the list get a later seat, where and when.
Which of them gets which seat follows the goals of the list (:mod:`daz_planner.planning.children`):
those who have waited longest, spans of grades, families, wishes, ways.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.children import Seating, seat_in_slots
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import FloatArray, Problem

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.expectation import Outlook

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class HandedOut:
    """The solution with the children of the list where they are due.

    ``more_minutes`` is what the goals of the list cost beside the plan's own choice of children,
    ``cut_off`` says that the time did not reach for these goals.
    """

    values: FloatArray
    seating: Seating
    more_minutes: float
    cut_off: bool = False


def hand_out_later_seats(
    district: District,
    scenario: Scenario,
    outlook: Outlook,
    whole: Problem,
    model: PlanningModel,
    seating: Seating,
    values: FloatArray,
    seconds: float,
) -> HandedOut:
    """Give the later seats of a solution to the children of the list to whom they are due.

    Parameters
    ----------
    whole:
        The problem of all school types, whose schools are numbered as in ``seating``.
    model:
        The solved model of one school type, ``values`` its solution.
    """
    problem = model.problem
    rows = problem.schools
    slots = np.zeros((len(whole.schools), whole.month_count), dtype=np.int64)
    listed = np.zeros_like(problem.use_today)
    for (g, s, t), variable in model.seated.items():
        count = round(float(values[variable.index]))
        slots[rows[s], t] += count
        listed[s] += count * problem.groups[g].survival[t]
    if not slots.any():
        return HandedOut(values, seating, 0.0)
    classes = np.repeat(whole.classes_today[:, None], whole.month_count, axis=1)
    classes[rows] = model.reached_classes(values)
    room = np.full(whole.use_today.shape, np.inf)
    taken = problem.use_today + problem.use_children + _forecast_use(model, values)
    left = problem.seats(classes[rows]) - taken
    room[rows] = np.maximum(left, listed) + _TOLERANCE
    waiting = [c for group in problem.groups for c in group.children]
    after = seat_in_slots(
        district,
        whole,
        outlook,
        scenario,
        replace(seating, cut_off=False),
        waiting,
        slots,
        room,
        classes,
        seconds,
    )
    cut_off = after.cut_off
    if cut_off and len(after.school) < len(seating.school) + int(slots.sum()):
        # No seat of the plan stays empty because the time was over: they go as it has counted them.
        after = _as_counted(model, values, seating)
    after = replace(after, cut_off=seating.cut_off or cut_off)
    result = values.copy()
    for variable in model.seated.values():
        result[variable.index] = 0.0
    number = {int(s): n for n, s in enumerate(rows)}
    for g, group in enumerate(problem.groups):
        entry = [after.month[c] for c in group.children if c in after.school]
        for c in group.children:
            if c in after.school:
                key = (g, number[after.school[c]], after.month[c])
                result[model.seated[key].index] += 1.0
        for t in range(group.until):
            here = len(group.children) - sum(month <= t for month in entry)
            result[model.group_waiting[g, t].index] = float(here)
    ways = model.goal("weg")
    more = sum(factor * (result[v.index] - values[v.index]) for v, factor in ways)
    return HandedOut(result, after, float(more), cut_off)


def _as_counted(model: PlanningModel, values: FloatArray, before: Seating) -> Seating:
    """The later seats as the plan itself counts them, in each group the longest waiting first."""
    problem = model.problem
    left = [iter(group.children) for group in problem.groups]
    school, month, use = dict(before.school), dict(before.month), before.use.copy()
    for (g, s, t), variable in sorted(model.seated.items(), key=lambda item: item[0][2]):
        for _ in range(round(float(values[variable.index]))):
            child = next(left[g])
            school[child], month[child] = int(problem.schools[s]), t
            use[problem.schools[s]] += problem.groups[g].survival[t]
    return replace(before, school=school, month=month, use=use)


def _forecast_use(model: PlanningModel, values: FloatArray) -> FloatArray:
    """``[s, t]`` seats used by forecast pupils."""
    problem = model.problem
    use = np.zeros_like(problem.use_today)
    for (_, s, t), variable in model.flows.items():
        use[s] += float(values[variable.index]) * problem.survival[problem.kind[s], t]
    return use
