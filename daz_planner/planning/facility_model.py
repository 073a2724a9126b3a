"""A capacitated facility location problem in PuLP, with the inequalities that make it strong.

z[i,s] is the share of the demand of customer i that site s serves, k[s] the number of modules::

    min Σ d[i] c[i,s] z[i,s] + Σ f[s] k[s]
    Σ_s z[i,s] = 1;   Σ_i (d[i]/q[s]) z[i,s] ≤ k[s];   0 ≤ k[s] ≤ most[s] whole;   z ≥ 0
    Σ_s k[s] = N,  N ≥ n                                    n modules hold the demand
    z[i,s] ≤ k[s]  where d[i] ≤ q[s]                        strong (variable upper bounds)
    Σ_{i in S} d[i] z[i,s] ≤ d(S) - r (m - k[s])            residual capacity

with m = ⌈d(S)/q⌉ and r = d(S) - q (m - 1) (Magnanti, Mirchandani and Vachani 1993).  Only those
inequalities are written that bind at the prices and averages of a
:class:`~daz_planner.planning.facility_bound.Bound`; they are valid, so none is needed for a right
result.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pulp

from daz_planner.planning.facility_bound import Bound
from daz_planner.planning.facility_data import Facilities, FloatArray, IntArray
from daz_planner.planning.session import Outcome, Terms
from daz_planner.planning.solver import open_session

_NEAR = 0.02
"""Pairs whose cost is above the price by less than this share get a strong inequality too."""
_SCALE = 1e5
"""Size of the value in the hands of the solver, whose tolerances are absolute."""
_USED = 1e-9


@dataclass(frozen=True)
class Found:
    """A plan with its value, and the bound that the solver proved (``None`` without one)."""

    modules: IntArray
    flows: FloatArray
    value: float
    bound: float | None


class FacilityModel:
    """The PuLP problem of some sites of a problem.

    Parameters
    ----------
    sites, low, high:
        The sites that take part, and least and most modules of each.
    """

    def __init__(
        self,
        facilities: Facilities,
        sites: IntArray,
        low: IntArray,
        high: IntArray,
        *,
        bound: Bound | None,
        scale: float,
    ) -> None:
        self.facilities = facilities
        self.sites = sites
        self.scale = _SCALE / scale
        self.lp = pulp.LpProblem("Standorte", pulp.LpMinimize)
        self._rows = 0
        self.modules = {
            int(s): self.lp.add_variable(f"k_{s}", int(least), int(most), pulp.LpInteger)
            for s, least, most in zip(sites, low, high, strict=True)
        }
        self._count = self.lp.add_variable("N", 0, int(high.sum()), pulp.LpInteger)
        chosen = facilities.cost[:, sites]
        self.shares = {
            (int(i), int(sites[n])): self.lp.add_variable(f"z_{i}_{sites[n]}", 0.0, None)
            for i, n in np.argwhere(np.isfinite(chosen))
        }
        self.unserved: list[pulp.LpVariable] = []
        if not facilities.must_serve:
            self.unserved = [
                self.lp.add_variable(f"u_{i}", 0.0, None) for i in range(len(facilities.demand))
            ]
        self._add_rows()
        if bound is not None:
            self._add_strong(bound)
            self._add_residual(bound)

    def _add(self, terms: Terms, sense: int, right: float) -> None:
        self._rows += 1
        self.lp.addConstraint(
            pulp.LpConstraint(
                pulp.LpAffineExpression(terms), sense=sense, name=f"r{self._rows}", rhs=right
            )
        )

    def _add_rows(self) -> None:
        facilities = self.facilities
        of_customer: list[Terms] = [[] for _ in facilities.demand]
        of_site: dict[int, Terms] = {int(s): [] for s in self.sites}
        for (i, s), share in self.shares.items():
            of_customer[i].append((share, 1.0))
            size = float(facilities.demand[i] / facilities.capacity[s])
            of_site[s].append((share, size))
        for share, terms in zip(self.unserved, of_customer, strict=False):
            terms.append((share, 1.0))
        for terms in of_customer:
            self._add(terms, pulp.LpConstraintEQ, 1.0)
        for s, terms in of_site.items():
            self._add([*terms, (self.modules[s], -1.0)], pulp.LpConstraintLE, 0.0)
        every: Terms = [(k, 1.0) for k in self.modules.values()]
        self._add([*every, (self._count, -1.0)], pulp.LpConstraintEQ, 0.0)
        high = [k.upBound for k in self.modules.values()]
        sizes = np.repeat(facilities.capacity[self.sites], np.array(high, dtype=np.int64))
        held = np.cumsum(np.sort(sizes)[::-1])
        needed = int(np.searchsorted(held, facilities.total * (1.0 - 1e-9))) + 1
        if facilities.must_serve:
            needed = min(needed, len(held))
            self._add([(self._count, 1.0)], pulp.LpConstraintGE, float(needed))
        elif needed <= len(held):
            # Each module less leaves at least what the last one would have held.
            rest = facilities.total - (float(held[needed - 2]) if needed > 1 else 0.0)
            left: Terms = [
                (share, float(size / rest))
                for share, size in zip(self.unserved, facilities.demand, strict=True)
            ]
            self._add([(self._count, 1.0), *left], pulp.LpConstraintGE, float(needed))

    def _add_strong(self, bound: Bound) -> None:
        """z ≤ k where the price pays for the way, so that the relaxation would like more."""
        facilities = self.facilities
        near = bound.prices + _NEAR * np.abs(bound.prices)
        for (i, s), share in self.shares.items():
            if facilities.demand[i] <= facilities.capacity[s] and (
                facilities.cost[i, s] < near[i] or bound.served[i, s] > _USED
            ):
                self._add([(share, 1.0), (self.modules[s], -1.0)], pulp.LpConstraintLE, 0.0)

    def _add_residual(self, bound: Bound) -> None:
        """For sites with more than one module: S are those who are served more than k - ⌊k⌋."""
        facilities = self.facilities
        for s in self.sites:
            k = float(bound.modules[s])
            part = k - math.floor(k)
            if facilities.most[s] < 2 or not 1e-6 < part < 1.0 - 1e-6:
                continue
            chosen = np.flatnonzero(bound.served[:, s] > part)
            size = float(facilities.capacity[s])
            together = float(facilities.demand[chosen].sum())
            whole = math.ceil(together / size - 1e-9)
            rest = together - size * (whole - 1)
            if not len(chosen) or rest <= 1e-9 * size:
                continue
            terms: Terms = [
                (self.shares[int(i), int(s)], float(facilities.demand[i] / size))
                for i in chosen
                if (int(i), int(s)) in self.shares
            ]
            terms.append((self.modules[int(s)], -rest / size))
            self._add(terms, pulp.LpConstraintLE, (together - rest * whole) / size)

    def solve(
        self,
        *,
        solver: str,
        gap: float,
        threads: int,
        seconds: float,
        start: Found | None = None,
    ) -> Found:
        """The best plan found.

        Raises
        ------
        InfeasibleError
            These sites cannot serve what has to be served.
        OutOfTimeError
            No plan was found in time.
        SolverError
            The solver failed.
        """
        facilities = self.facilities
        session = open_session(solver, self.lp, gap=gap, threads=threads)
        terms: Terms = [
            (share, float(facilities.demand[i] * facilities.cost[i, s]) * self.scale)
            for (i, s), share in self.shares.items()
        ]
        terms.extend(
            (share, float(size * facilities.unserved) * self.scale)
            for share, size in zip(self.unserved, facilities.demand, strict=False)
        )
        terms.extend(
            (k, float(facilities.opening[s]) * self.scale) for s, k in self.modules.items()
        )
        begin = None if start is None else self._values(start, len(session.variables))
        outcome: Outcome = session.minimise(terms, seconds=seconds, start=begin)
        modules = np.zeros(len(facilities.opening), dtype=np.int64)
        for s, k in self.modules.items():
            modules[s] = round(float(outcome.values[k.index]))
        flows = np.zeros_like(facilities.cost)
        for (i, s), share in self.shares.items():
            flows[i, s] = max(0.0, float(outcome.values[share.index]))
        flows = np.where(flows > _USED, flows, 0.0)
        left = np.zeros(len(flows))
        for i, share in enumerate(self.unserved):
            left[i] = max(0.0, float(outcome.values[share.index]))
        left = np.where(left > _USED, left, 0.0)
        flows *= (facilities.demand / (flows.sum(axis=1) + left))[:, None]
        bound = None if outcome.bound is None else outcome.bound / self.scale
        return Found(modules, flows, facilities.value(flows, modules), bound)

    def _values(self, start: Found, length: int) -> FloatArray:
        values = np.zeros(length)
        for s, k in self.modules.items():
            values[k.index] = float(start.modules[s])
        values[self._count.index] = float(start.modules.sum())
        for (i, s), share in self.shares.items():
            values[share.index] = start.flows[i, s] / self.facilities.demand[i]
        for i, share in enumerate(self.unserved):
            served = float(start.flows[i].sum() / self.facilities.demand[i])
            values[share.index] = max(0.0, 1.0 - served)
        return values
