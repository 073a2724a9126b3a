"""Inequalities that every plan with whole classes obeys and the relaxation does not.

Fractions of classes are what makes the relaxation weak: a tenth of a class at each of ten schools
seats everybody next door, while one whole class seats twenty children from far away.  A class that
opens at a set A of schools in month e can only be filled with children who register from e on.  So
for months τ ≤ t and a set D of pairs (municipality i, month e) with τ ≤ e ≤ t, with σ(e) the share
of the intake of month e that still needs its seat in t and k the further classes of A::

    Σ_{e<τ} σ(e) a[A,e] + Σ_{(i,e) in D} σ(e) (x[i,A,e] - (1-hazard) w[i,e-1])
        ≤ c[t] + p k[A,τ-1] + Σ_{e=τ..t} γ[e] (k[A,e] - k[A,e-1])

    γ[e] = min(p, max(0, Σ_{(i,e') in D, e' ≥ e} σ(e') n[i,e'] - (c[t] - ρ c[e-1])))

with c[t] the seats of today's classes for a forecast (the largest of the window), p the largest
number of seats a further class adds, and ρ the largest share of the seats in use in e-1 that are
still in use in t.  Proof: let f be the first opening month of the window with γ[f] < p.  What
entered before f fills at most ρ (c[f-1] + p (k[A,τ-1] + openings before f)) seats in t, each of
those openings pays p on the right, and what enters from f on is at most Σ σ n of D.  Without such
an f the right-hand side is the capacity in t.  Holds only where no class closes.

The family contains the residual capacity inequalities of a single arc (Magnanti, Mirchandani and
Vachani 1993) for τ = 1 and is in the spirit of the (l, S) inequalities of lot sizing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray, Problem

_MOST_SCHOOLS_IN_GROUPS = 40
"""Above this number of schools only single schools are looked at: groups are too many."""
_VIOLATED = 1e-2
_PER_MONTH = 2
"""Inequalities taken of each set of schools and month in one round: those violated most."""
_TINY = 1e-7


@dataclass(frozen=True)
class Cut:
    """``coefficients · values[columns] ≤ right``"""

    columns: IntArray
    coefficients: FloatArray
    right: float


class CutFinder:
    """Finds violated inequalities of one model for a solution of its relaxation."""

    def __init__(self, model: PlanningModel) -> None:
        self.problem = problem = model.problem
        schools, months = problem.use_today.shape
        places = problem.demand.shape[1]
        self.base, self.more = forecast_capacity(problem)
        self.flow: IntArray = np.full((schools, months, places), -1, dtype=np.int64)
        for (i, s, t), variable in model.flows.items():
            self.flow[s, t, i] = variable.index
        self.intake: IntArray = np.full((schools, months), -1, dtype=np.int64)
        for (s, t), variable in model.intake.items():
            self.intake[s, t] = variable.index
        self.wait: IntArray = np.full((len(problem.school_types), months, places), -1, np.int64)
        for (kind, i, t), variable in model.waiting.items():
            self.wait[kind, t, i] = variable.index
        self.classes: IntArray = np.array(
            [[model.class_variable(s, t).index for t in range(months)] for s in range(schools)],
            dtype=np.int64,
        ).reshape(schools, months)
        self.sets = [] if problem.may_close.any() else _sets_of_schools(problem)

    def find(self, values: FloatArray) -> list[Cut]:
        """The most violated inequalities; empty where none is."""
        flow = np.where(self.flow >= 0, values[self.flow], 0.0)
        wait = np.where(self.wait >= 0, values[self.wait], 0.0)
        stay = 1.0 - self.problem.hazard
        before = np.zeros_like(wait)
        before[:, 1:] = stay * wait[:, :-1]
        further = values[self.classes] - self.problem.base
        cuts: list[Cut] = []
        for chosen in self.sets:
            kind = int(self.problem.kind[chosen[0]])
            cuts.extend(
                self._of_set(
                    chosen,
                    flow[chosen].sum(axis=0),
                    before[kind],
                    np.maximum.accumulate(np.maximum(0.0, further[chosen].sum(axis=0))),
                )
            )
        return cuts

    def _of_set(
        self, chosen: IntArray, flow: FloatArray, before: FloatArray, further: FloatArray
    ) -> list[Cut]:
        problem = self.problem
        kind = int(problem.kind[chosen[0]])
        survival = problem.survival[kind]
        demand = problem.demand[kind].T
        base, more = self.base[chosen].sum(axis=0), self.more[chosen].max(axis=0)
        there: BoolArray = self.flow[chosen].max(axis=0) >= 0
        late = flow - before
        anybody: BoolArray = np.asarray(there.any(axis=1), dtype=np.bool_)
        kept = _kept(survival, anybody)
        intake = flow.sum(axis=1)
        cuts: list[Cut] = []
        for t in range(1, problem.month_count):
            found = []
            for first in range(1, t + 1):
                months = np.arange(first, t + 1)
                gain = late[months] - demand[months] * np.minimum(
                    1.0, further[months] - further[first - 1]
                ).reshape(-1, 1)
                picked = (gain > _TINY) & there[months]
                if not picked.any():
                    continue
                share = survival[months, t]
                can = (np.where(picked, demand[months], 0.0).sum(axis=1) * share)[::-1]
                seats = float(base[first - 1 : t + 1].max())
                size = float(more[first - 1 : t + 1].max())
                unused = seats - kept[months - 1, t] * base[months - 1]
                gamma = np.minimum(size, np.maximum(0.0, can.cumsum()[::-1] - unused))
                left = float(survival[:first, t] @ intake[:first])
                left += float((np.where(picked, late[months], 0.0).sum(axis=1) * share).sum())
                right = seats + size * further[first - 1]
                right += float(gamma @ np.diff(further[first - 1 : t + 1]))
                if left > right + _VIOLATED:
                    found.append((left - right, first, picked, gamma, seats, size))
            found.sort(key=lambda entry: -entry[0])
            cuts.extend(
                self._cut(chosen, kind, t, first, picked, gamma, seats, size)
                for _, first, picked, gamma, seats, size in found[:_PER_MONTH]
            )
        return cuts

    def _cut(
        self,
        chosen: IntArray,
        kind: int,
        t: int,
        first: int,
        picked: BoolArray,
        gamma: FloatArray,
        seats: float,
        size: float,
    ) -> Cut:
        survival = self.problem.survival[kind]
        total: dict[int, float] = {}

        def add(columns: IntArray, factor: float) -> None:
            for column in columns[columns >= 0].tolist():
                total[column] = total.get(column, 0.0) + factor

        for e in range(first):
            add(self.intake[chosen, e], float(survival[e, t]))
        for n, e in enumerate(range(first, t + 1)):
            who = np.flatnonzero(picked[n])
            share = float(survival[e, t])
            others = np.flatnonzero(~picked[n])
            if len(others) < len(who):
                # The same with fewer entries: all who enter, less those who do not count.
                add(self.intake[chosen, e], share)
                add(self.flow[chosen, e][:, others].ravel(), -share)
            else:
                add(self.flow[chosen, e][:, who].ravel(), share)
            add(self.wait[kind, e - 1, who], -share * (1.0 - self.problem.hazard))
        steps = [(first - 1, size)]
        for n, e in enumerate(range(first, t + 1)):
            steps += [(e, float(gamma[n])), (e - 1, -float(gamma[n]))]
        right = seats
        base = self.problem.base[chosen].sum(axis=0)
        for e, factor in steps:
            add(self.classes[chosen, e], -factor)
            right -= factor * float(base[e])
        entries = [(c, f) for c, f in total.items() if abs(f) > 1e-9]
        return Cut(
            np.array([c for c, _ in entries], dtype=np.int64),
            np.array([f for _, f in entries], dtype=np.float64),
            right,
        )


def forecast_capacity(problem: Problem) -> tuple[FloatArray, FloatArray]:
    """``[s, t]`` seats of today's classes for a forecast, and most that a further class adds.

    From the rows (2) and (3) of the model, with ``u`` at its largest value.
    """
    cap, size = problem.class_cap, problem.planning_size
    counted = size * problem.base - np.minimum(problem.use_today, size * problem.base)
    used = problem.use_today + problem.use_children
    allowed = np.maximum(0.0, cap * problem.base + problem.correction[:, None] - used)
    base = np.minimum(counted, allowed)
    # Both limits rise evenly with each class, so the first one adds most.
    more = np.minimum(counted + size, allowed + cap) - base
    return base, more


def _kept(survival: FloatArray, entering: BoolArray) -> FloatArray:
    """``[e, t]`` the largest share of the seats in use in e by earlier intake still used in t."""
    months = len(survival)
    kept = np.zeros((months, months))
    for e in range(months):
        past = np.flatnonzero((survival[: e + 1, e] > 0.0) & entering[: e + 1])
        if len(past):
            kept[e, e:] = np.minimum(1.0, (survival[past, e:] / survival[past, e][:, None]).max(0))
    return kept


def _sets_of_schools(problem: Problem) -> list[IntArray]:
    """Single schools with a room, and groups of neighbours joined one after the other."""
    sets: list[IntArray] = [
        np.array([s], dtype=np.int64) for s in np.flatnonzero(_may_grow(problem))
    ]
    if len(problem.schools) > _MOST_SCHOOLS_IN_GROUPS:
        return sets
    for kind in range(len(problem.school_types)):
        members = np.flatnonzero(problem.kind == kind)
        sets.extend(_neighbours(problem, kind, members))
    return sets


def _may_grow(problem: Problem) -> BoolArray:
    """``[s]`` whether a class beyond today's or the decided ones may open."""
    return np.asarray((problem.most > problem.base).any(axis=1), dtype=np.bool_)


def _neighbours(problem: Problem, kind: int, members: IntArray) -> list[IntArray]:
    """Groups of two and more schools of one type, by mean difference of the ways to them."""
    weight = problem.demand[kind].sum(axis=1)
    if weight.sum() <= 0.0:
        return []
    ways = problem.minutes[:, members]
    apart = (weight[:, None, None] * np.abs(ways[:, :, None] - ways[:, None, :])).sum(axis=0)
    groups: list[list[int]] = [[n] for n in range(len(members))]
    result: list[IntArray] = []
    while len(groups) > 1:
        _, a, b = min(
            (float(apart[np.ix_(groups[a], groups[b])].mean()), a, b)
            for a in range(len(groups))
            for b in range(a + 1, len(groups))
        )
        joined = sorted(groups[a] + groups[b])
        groups = [g for n, g in enumerate(groups) if n not in (a, b)] + [joined]
        chosen = members[joined]
        if _may_grow(problem)[chosen].any():
            result.append(np.asarray(chosen, dtype=np.int64))
    return result
