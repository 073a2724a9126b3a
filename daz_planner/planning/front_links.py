"""Rows that keep a site without a class empty municipality by municipality.

The seats of a school (rows (2) and (3) of :mod:`daz_planner.planning.model`) let a twentieth of a
class take a whole child from next door, so that the relaxation opens a little everywhere, and with
many candidate sites the search for the shortest ways hardly gets a bound.  For a school s without a
class of today, with n the children who register in a month and w those who waited before::

    x[i,s,t] - (1 - hazard) w[i,t-1] ≤ n[i,t] K[s,t]

Proof: without a class nobody enters, and the left-hand side is not positive; with one or more
nobody can enter who has neither registered in the month nor waited (row (1)).  Where nobody waits
these are the strong rows of uncapacitated facility location (Cornuéjols, Fisher, Nemhauser 1977).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulp

if TYPE_CHECKING:
    from daz_planner.planning.model import PlanningModel

MOST_LINKS = 25_000
"""With more rows than this one relaxation alone would take too long; then there are none."""


def add_site_links(model: PlanningModel) -> int:
    """Add the rows to a model that no session has opened yet; returns how many."""
    problem = model.problem
    sites = (problem.base == 0) & (problem.most > 0)
    linked = [(i, s, t, flow) for (i, s, t), flow in model.flows.items() if sites[s, t]]
    if len(linked) > MOST_LINKS:
        return 0
    rows = 0
    for i, s, t, flow in linked:
        kind = int(problem.kind[s])
        entering = [(flow, 1.0)]
        before = model.waiting.get((kind, i, t - 1))
        if before is not None:
            entering.append((before, -(1.0 - problem.hazard)))
        new = float(problem.demand[kind, i, t])
        if new > 0.0:
            entering.append((model.class_variable(s, t), -new))
        model.add_row(entering, pulp.LpConstraintLE, 0.0)
        rows += 1
    return rows
