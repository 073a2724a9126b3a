"""Teacher hours as rows of the planning model: what a group of schools needs and may need.

For every group of schools that share hours and every month::

    Σ_s per_class[s] K[s,t] + Σ_s Σ_j more[s,j] d[s,t,j] ≤ H + h[t]                          (5)

``d`` is 1 as soon as a school has more pupils than the border of step j (from 2025/26).  ``h``
covers only what today's classes and pupils need beyond the limit, so that a plan always exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pulp

from daz_planner.planning.solver import Terms

if TYPE_CHECKING:
    from daz_planner.planning.model import PlanningModel


@dataclass
class HoursRows:
    """The variables of (5).

    Attributes
    ----------
    short:
        ``h`` of every group and month.
    reached_today:
        Name of a step's variable → its value where nobody further comes.
    """

    short: list[pulp.LpVariable] = field(default_factory=list)
    reached_today: dict[str, float] = field(default_factory=dict)


def add_hours(model: PlanningModel) -> HoursRows:
    """Add the rows (5) of every group, none where hours do not limit."""
    problem = model.problem
    rows = HoursRows()
    if problem.hours is None:
        return rows
    used = problem.counted_now()
    limited = [
        s
        for s in range(len(problem.schools))
        if any(group.schools[s] for group in problem.hours_groups)
    ]
    for t, rule in enumerate(problem.hours):
        needed: dict[int, Terms] = {}
        for s in limited:
            needed[s] = [(model.class_variable(s, t), float(rule.per_class[s]))]
            if rule.steps is not None:
                pupils = float(used[s, t])
                needed[s].extend(_step_hours(model, rows, s, t, rule.steps[s], pupils))
        today = rule.need(problem.base[:, t], used[:, t])
        for g, group in enumerate(problem.hours_groups):
            beyond = float(today[group.schools].sum()) - group.limit
            short = model.variable(f"h_{g}_{t}", 0.0, max(0.0, beyond))
            rows.short.append(short)
            terms = [term for s in limited if group.schools[s] for term in needed[s]]
            model.add_row([*terms, (short, -1.0)], pulp.LpConstraintLE, group.limit)
    return rows


def _step_hours(
    model: PlanningModel,
    rows: HoursRows,
    s: int,
    t: int,
    steps: tuple[tuple[float, float], ...],
    used: float,
) -> Terms:
    """Binary per step: reached when the school has more pupils than the step's border.

    ``used`` are the pupils who count and are there in any case.
    """
    problem = model.problem
    most = float(model.class_variable(s, t).upBound * problem.class_cap[s, t])
    most = max(most + max(0.0, float(problem.correction[s])), used)
    reached: list[pulp.LpVariable] = []
    terms: Terms = [*model.counted_use(s, t)]
    for j, (above, _) in enumerate(steps):
        if above >= most:
            break
        step = model.variable(f"d_{s}_{t}_{j}", 0.0, 1.0, integer=True)
        border = steps[j + 1][0] if j + 1 < len(steps) else most
        terms.append((step, -(min(border, most) - above)))
        rows.reached_today[step.name] = float(used > above + 1e-9)
        if reached:
            model.add_row([(step, 1.0), (reached[-1], -1.0)], pulp.LpConstraintLE, 0.0)
        reached.append(step)
    # A step of the table begins above 0 pupils, so that none is reached by nobody.
    model.add_row(terms, pulp.LpConstraintLE, -used)
    return [(step, steps[j][1]) for j, step in enumerate(reached)]
