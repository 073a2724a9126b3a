"""A lower bound of a facility location problem from its Lagrangian relaxation.

With a price μ[i] for the demand of each customer the sites fall apart.  With r[i,s] = d[i] c[i,s] -
μ[i] the k modules of site s are worth V[s](k) = k f[s] + min{Σ_i r[i,s] z[i] : 0 ≤ z ≤ 1,
Σ d[i] z[i] ≤ k q[s]}, a continuous knapsack, and V[s] is convex in k.  For any μ::

    bound(μ) = Σ_i μ[i] + min{Σ_s V[s](k[s]) : 0 ≤ k ≤ most, Σ_s q[s] k[s] ≥ D, Σ_s k[s] ≥ n}

with n the smallest number of modules that hold the whole demand D.  It is at least as good as the
linear relaxation with all inequalities x[i,s] ≤ d[i] k[s] and all residual capacity inequalities of
single sites, without writing down one of them.  The best μ are searched by the volume algorithm
(Barahona and Anbil 2000), whose averages also come near a solution of the relaxation.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from daz_planner.planning.facility_data import Facilities, FloatArray, IntArray

_AVERAGE = 0.1
"""Largest weight of the newest point in the averages."""
_PATIENCE = 20
"""Steps without a better bound before the step gets smaller."""
_FIRST_STEP, _LEAST_STEP, _LARGEST_STEP = 0.1, 1e-5, 2.0
_SHRINK, _GROW = 0.66, 1.1
_FAR = 1e-3
"""How far the target lies beyond the bound where no plan is known, as a share."""


@dataclass(frozen=True)
class Bound:
    """What the best prices prove. Items are modules, numbered site by site."""

    facilities: Facilities
    value: float
    """Lower bound of the whole problem."""
    prices: FloatArray
    """``[i]`` price of one unit of demand."""
    worth: FloatArray
    """``[item]`` V[s](k) - V[s](k-1) at these prices."""
    modules: FloatArray
    """``[s]`` modules in the average of the steps: near the linear relaxation."""
    served: FloatArray
    """``[i, s]`` share of the demand served in the same average."""

    def opening_each(self) -> FloatArray:
        """``[s]`` lower bound of every plan that opens the site; infinite where none can."""
        cover, spare = _Cover(self.facilities), self._spare
        base = float(self.prices @ self.facilities.demand)
        least = np.full(len(self.facilities.opening), math.inf)
        for s in np.flatnonzero(self.facilities.most):
            forced = cover.first[s : s + 1]
            least[s] = base + cover.cheapest(self.worth, spare, forced)[0]
        return least

    @property
    def _spare(self) -> float:
        """What a unit costs beyond its price that nobody serves."""
        return max(0.0, float((self.facilities.unserved - self.prices).min()))

    def most_modules(self, value: float) -> tuple[IntArray, float]:
        """Most modules of each site in a plan better than ``value``.

        The second number is the lower bound of every plan with more.
        """
        cover = _Cover(self.facilities)
        base = float(self.prices @ self.facilities.demand)
        most = np.zeros(len(self.facilities.opening), dtype=np.int64)
        proven = math.inf
        spare = self._spare
        for s in range(len(most)):
            first = cover.first[s]
            for k in range(int(self.facilities.most[s])):
                forced = np.arange(first, first + k + 1)
                least = base + cover.cheapest(self.worth, spare, forced)[0]
                if least >= value:
                    proven = min(proven, least)
                    break
                most[s] = k + 1
        return most, proven


class _Cover:
    """Modules that together hold the demand, cheapest by the worth of each (relaxed)."""

    def __init__(self, facilities: Facilities) -> None:
        sites = len(facilities.opening)
        self.site = np.repeat(np.arange(sites), facilities.most)
        self.first = np.concatenate(([0], np.cumsum(facilities.most)[:-1]))
        self.level = np.arange(len(self.site)) - self.first[self.site]
        self.capacity = facilities.capacity[self.site]
        self.total = facilities.total * (1.0 - 1e-12)
        held = np.concatenate(([0.0], np.cumsum(np.sort(self.capacity)[::-1])))
        self.count = min(len(held) - 1, int(np.searchsorted(held, self.total)))
        self.short = np.maximum(0.0, self.total - held[: self.count + 1])
        """``[n]`` units that n modules cannot hold, whichever they are."""

    def cheapest(
        self, worth: FloatArray, spare: float, forced: IntArray | None = None
    ) -> tuple[float, FloatArray, float]:
        """Least worth that covers the demand with the items of ``forced``.

        ``spare`` is what a unit costs that nobody holds. Returns the worth, ``[item]`` taken, and
        the units that nobody holds.
        """
        taken = (worth < 0.0).astype(np.float64)
        if forced is not None:
            taken[forced] = 1.0
        left = np.flatnonzero(taken == 0.0)
        base = float(worth @ taken)
        by_size = self._by_size(worth, spare, taken, left, base)
        by_count = self._by_count(worth, spare, taken, left, base)
        return by_size if by_size[0] >= by_count[0] else by_count

    def _by_size(
        self, worth: FloatArray, spare: float, taken: FloatArray, left: IntArray, base: float
    ) -> tuple[float, FloatArray, float]:
        """The modules that hold a unit at least cost, the last one in part."""
        missing = self.total - float(self.capacity @ taken)
        if missing <= 0.0:
            return base, taken, 0.0
        ratio = worth[left] / self.capacity[left]
        order = np.argsort(ratio, kind="stable")[: np.count_nonzero(ratio < spare)]
        left = left[order]
        held = np.cumsum(self.capacity[left])
        last = int(np.searchsorted(held, missing))
        result = taken.copy()
        result[left[:last]] = 1.0
        missing -= float(held[last - 1]) if last else 0.0
        if last < len(left):
            result[left[last]] = missing / float(self.capacity[left[last]])
            missing = 0.0
        nobody = missing * spare if missing > 0.0 and math.isfinite(spare) else 0.0
        return float(worth @ result) + nobody, result, missing

    def _by_count(
        self, worth: FloatArray, spare: float, taken: FloatArray, left: IntArray, base: float
    ) -> tuple[float, FloatArray, float]:
        """The cheapest modules, as many as are needed to hold the demand or are worth it."""
        there = int(taken.sum())
        if there >= self.count:
            return base, taken, 0.0
        more = self.count - there
        left = left[np.argsort(worth[left], kind="stable")][:more]
        value = base + np.concatenate(([0.0], np.cumsum(worth[left])))
        if math.isfinite(spare):
            value = value + spare * self.short[there:]
            more = int(np.argmin(value))
        result = taken.copy()
        result[left[:more]] = 1.0
        return float(value[more]), result, float(self.short[there + more])


def lagrangian_bound(
    facilities: Facilities, *, value: float = math.inf, steps: int, seconds: float
) -> Bound:
    """The best bound that the volume algorithm finds.

    Parameters
    ----------
    value:
        Cost of a known plan, infinite without one.
    """
    until = time.perf_counter() + seconds
    demand = facilities.demand
    cover = _Cover(facilities)
    full = facilities.opening / facilities.capacity.clip(1e-300)
    usable = np.where(facilities.most > 0, facilities.cost + full, np.inf)
    price = usable.min(axis=1) * demand
    if not facilities.must_serve:
        # Up to its cost a unit may be left; below it nobody is.
        price = np.minimum(price, facilities.unserved * demand)
    step, failed = _FIRST_STEP, 0
    best = -math.inf
    for number in range(steps):
        worth, flows = _sites(facilities, cover, price / demand)
        above = facilities.unserved - price / demand
        least, taken, nobody = cover.cheapest(worth, max(0.0, float(above.min())))
        bound = float(price.sum()) + least
        part = np.zeros_like(facilities.cost)
        for level, (columns, level_flows) in enumerate(flows):
            part[:, columns] += level_flows * taken[cover.first[columns] + level]
        part /= demand[:, None]
        missing = 1.0 - part.sum(axis=1)
        if nobody > 0.0 and not facilities.must_serve:
            missing[np.argmin(above)] -= nobody / demand[np.argmin(above)]
        modules = np.zeros(len(facilities.opening))
        np.add.at(modules, cover.site, taken)
        if number == 0:
            direction, served, average = missing, part, modules
        if bound > best:
            if number and float(missing @ direction) > 0.0:
                step = min(_LARGEST_STEP, step * _GROW)
            improved = bound > best + 1e-9 * abs(bound)
            best, best_price, best_worth = bound, price, worth
            failed = 0 if improved else failed + 1
        else:
            failed += 1
        if failed >= _PATIENCE:
            step, failed = step * _SHRINK, 0
        share = _best_share(direction, missing)
        direction = (1.0 - share) * direction + share * missing
        served = (1.0 - share) * served + share * part
        average = (1.0 - share) * average + share * modules
        length = float(direction @ direction)
        if step < _LEAST_STEP or length < 1e-16 or time.perf_counter() > until:
            break
        target = value if math.isfinite(value) else best + max(_FAR, 0.02) * abs(best) + 1e-9
        price = best_price + step * max(target - best, 1e-9 * abs(best)) / length * direction
        if not facilities.must_serve:
            price = np.minimum(price, facilities.unserved * demand)
    return Bound(facilities, best, best_price / demand, best_worth, average, served)


def _best_share(direction: FloatArray, missing: FloatArray) -> float:
    """Weight of the newest point that makes the average shortest, within limits."""
    difference = direction - missing
    length = float(difference @ difference)
    share = float(direction @ difference) / length if length > 0.0 else _AVERAGE
    return min(max(share, _AVERAGE / 10.0), _AVERAGE)


def _sites(
    facilities: Facilities, cover: _Cover, prices: FloatArray
) -> tuple[FloatArray, list[tuple[IntArray, FloatArray]]]:
    """Worth of each module, and for each level the sites and flows ``[i, those sites]`` it adds."""
    reduced = np.minimum(facilities.cost - prices[:, None], 0.0)
    order = np.argsort(reduced, axis=0)
    sorted_cost = np.take_along_axis(reduced, order, axis=0)
    size = np.where(sorted_cost < 0.0, facilities.demand[order], 0.0)
    before = np.cumsum(size, axis=0) - size
    worth = np.zeros(len(cover.site))
    flows: list[tuple[IntArray, FloatArray]] = []
    taken_before = np.zeros_like(size)
    value_before = np.zeros(size.shape[1])
    for level in range(int(facilities.most.max())):
        columns = np.flatnonzero(facilities.most > level).astype(np.int64)
        room = facilities.capacity[columns] * (level + 1)
        taken = np.clip(room - before[:, columns], 0.0, size[:, columns])
        value = (sorted_cost[:, columns] * taken).sum(axis=0)
        added = np.zeros_like(taken)
        np.put_along_axis(added, order[:, columns], taken - taken_before[:, columns], axis=0)
        flows.append((columns, added))
        items = cover.first[columns] + level
        worth[items] = facilities.opening[columns] + value - value_before[columns]
        taken_before[:, columns] = taken
        value_before[columns] = value
    return worth, flows
