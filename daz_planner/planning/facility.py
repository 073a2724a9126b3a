"""Capacitated facility location, plain or modular, splittable: the planner's core for any numbers.

Which sites open, and how many modules (classes) each, so that a given demand is served at least
cost.  The demand of a customer may be split over several sites.

The way to the proof: the Lagrangian bound (:mod:`daz_planner.planning.facility_bound`) gives a
lower bound and an idea of the open sites; a model of these alone gives a good plan; the bound then
rules out most other sites, and a model of what is left (:mod:`daz_planner.planning.facility_model`)
proves the rest.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from daz_planner.errors import InfeasibleError, InputError, OutOfTimeError
from daz_planner.planning.facility_bound import Bound, lagrangian_bound
from daz_planner.planning.facility_data import (
    Facilities,
    FloatArray,
    IntArray,
    check_facilities,
    join_alike,
)
from daz_planner.planning.facility_model import FacilityModel, Found
from daz_planner.planning.plan import SolveStatus

PROVEN = 1e-6
"""Share of the value up to which a gap still counts as proven optimal."""
_STEPS = 2000
_DIRECT = 5_000
"""Pairs up to which the whole problem goes to the solver at once."""
_THRESHOLDS = (0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05)
_KERNEL = 0.005
"""Average number of modules from which a site belongs to the kernel."""
_GROWTH = 2.5
"""How many times larger the next kernel is."""
_KERNEL_SHARE = 0.7
"""A kernel is solved first only if it is smaller than this share of what is left."""


@dataclass(frozen=True)
class FacilityPlan:
    """What opens and who is served where. Axes: ``i`` customer, ``s`` site, as they were given."""

    value: float
    """Cost of the plan: opening costs and flows."""
    bound: float
    """Proven lower bound of the cost."""
    status: SolveStatus
    """``OPTIMAL`` only where the gap is proven to be at most a millionth of the value."""
    modules: IntArray
    """``[s]`` modules open at each site (0 or 1 in a plain problem)."""
    flows: FloatArray = field(repr=False)
    """``[i, s]`` units of demand served."""
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """How far the value may be above the best possible, as a share of the value."""
        return _gap(self.value, self.bound)

    @property
    def open_sites(self) -> tuple[int, ...]:
        """Numbers of the sites with at least one module."""
        return tuple(int(s) for s in np.flatnonzero(self.modules))


def facility_location(
    demand: npt.ArrayLike,
    cost: npt.ArrayLike,
    capacity: npt.ArrayLike,
    opening_cost: npt.ArrayLike,
    modules: npt.ArrayLike | None = None,
    *,
    unit_cost: bool = True,
    unserved_cost: float | None = None,
    gap: float = 1e-7,
    seconds: float = 600.0,
    solver: str = "highs",
    threads: int = 2,
) -> FacilityPlan:
    """Open sites and split the demand over them at least cost.

    Parameters
    ----------
    demand:
        ``[i]`` units wanted by each customer, 0 or more.
    cost:
        ``[i, s]`` cost of serving customer i from site s: of one unit, or with
        ``unit_cost=False`` of its whole demand (as in the files of the OR-Library; a part of the
        demand then costs the same part). Infinite where the pair is forbidden.
    capacity:
        ``[s]`` units that one module serves; one number holds for all sites.
    opening_cost:
        ``[s]`` cost of one module; one number holds for all sites.
    modules:
        ``[s]`` most modules of a site; 1 without it (the plain problem).
    unserved_cost:
        Cost of one unit that is not served; without it all demand has to be served.
    gap:
        Relative gap at which the search may end.
    seconds:
        Time limit. The best plan until then is returned with its proven bound.
    solver, threads:
        Solver as in the scenario, and processor cores.

    Raises
    ------
    InputError
        The data do not fit together, or cannot be served: less capacity than demand, or pairs
        forbidden so that no plan is left.
    OutOfTimeError
        No plan was found in time.
    SolverError
        The solver failed.
    """
    since = time.perf_counter()
    facilities, customers = check_facilities(
        demand,
        cost,
        capacity,
        opening_cost,
        modules,
        unit_cost=unit_cost,
        unserved_cost=unserved_cost,
    )
    served = np.zeros((np.size(demand), len(facilities.opening)))
    if not len(customers):
        # Nobody wants anything: only what is cheaper than nothing opens.
        count = np.where(facilities.opening < 0.0, facilities.most, 0)
        value = float(facilities.opening @ count)
        return FacilityPlan(value, value, SolveStatus.OPTIMAL, count, served)
    alike = join_alike(facilities)
    found, bound = _Search(alike.joined, gap, since + seconds, solver, threads).run()
    count, served[customers] = alike.apart(found.modules, found.flows)
    bound = min(bound, found.value)
    left = _gap(found.value, bound)
    status = SolveStatus.LIMIT
    if left <= PROVEN:
        status = SolveStatus.OPTIMAL
    elif left <= gap:
        status = SolveStatus.WITHIN_GAP
    seconds = time.perf_counter() - since
    return FacilityPlan(found.value, bound, status, count, served, seconds)


def _gap(value: float, bound: float) -> float:
    return max(0.0, value - bound) / max(abs(value), 1e-12)


class _Search:
    """One problem on its way to a proven plan."""

    def __init__(
        self, facilities: Facilities, gap: float, until: float, solver: str, threads: int
    ) -> None:
        self.facilities = facilities
        self.gap = gap
        self.until = until
        self.solver = solver
        self.threads = threads
        self.best: Found | None = None
        self.impossible = False
        """Whether the sites of the last model could not serve the demand."""

    @property
    def left(self) -> float:
        return max(0.1, self.until - time.perf_counter())

    def run(self) -> tuple[Found, float]:
        """The best plan and the proven bound."""
        facilities = self.facilities
        bound = lagrangian_bound(facilities, steps=_STEPS, seconds=self.left / 4)
        sites = np.flatnonzero(facilities.most).astype(np.int64)
        most, proven = facilities.most, math.inf
        if len(sites) * len(facilities.demand) > _DIRECT:
            self._round(bound)
            if self.best is not None:
                if _gap(self.best.value, bound.value) <= self.gap:
                    return self.best, bound.value
                most, proven, solved = self._kernels(bound)
                if solved is not None:
                    return self.best, max(bound.value, min(solved, proven))
            sites = np.flatnonzero(most).astype(np.int64)
        solved = self._solve(bound, sites, most, self.left)
        if self.best is None:
            raise self._nothing()
        reached = bound.value if solved is None else max(bound.value, min(solved, proven))
        return self.best, reached

    def _kernels(self, bound: Bound) -> tuple[IntArray, float, float | None]:
        """Good plans from the likely sites, more and more of them, until few others are left.

        Returns the most modules that a better plan may have, the bound of all others, and the bound
        of the last kernel where no site outside of it is left.
        """
        assert self.best is not None
        rank = np.argsort(bound.opening_each(), kind="stable")
        kernel = np.flatnonzero((bound.modules > _KERNEL) | (self.best.modules > 0))
        most, proven = self._ruled_out(bound)
        while len(kernel) < _KERNEL_SHARE * np.count_nonzero(most):
            limit = self.left / 4
            sites = kernel.astype(np.int64)
            solved = self._solve(bound, sites, self.facilities.most, limit)
            most, proven = self._ruled_out(bound)
            outside = np.setdiff1d(np.flatnonzero(most), kernel)
            if not len(outside) and solved is not None and self._is_closed(solved):
                return most, proven, solved
            further = rank[: int(_GROWTH * len(kernel))]
            kernel = np.union1d(np.flatnonzero(self.best.modules), further)
        return most, proven, None

    def _is_closed(self, bound: float) -> bool:
        assert self.best is not None
        return _gap(self.best.value, bound) <= self.gap

    def _ruled_out(self, bound: Bound) -> tuple[IntArray, float]:
        """Most modules of each site in a better plan, but never fewer than in the best one."""
        assert self.best is not None
        value = self.best.value
        most, proven = bound.most_modules(value - self.gap / 2 * abs(value))
        return np.maximum(most, self.best.modules), proven

    def _round(self, bound: Bound) -> None:
        """Plans with the sites that the average opens for more than a threshold."""
        facilities = self.facilities
        tried: set[tuple[int, ...]] = set()
        for threshold in _THRESHOLDS:
            modules = np.floor(bound.modules + 1.0 - threshold).astype(np.int64)
            modules = np.minimum(modules, facilities.most)
            key = tuple(modules.tolist())
            enough = float(modules @ facilities.capacity) >= facilities.total
            if key in tried or not (enough or (modules.any() and not facilities.must_serve)):
                continue
            tried.add(key)
            sites = np.flatnonzero(modules).astype(np.int64)
            # All open: what is not worth its cost closes in the next steps.
            self._solve(None, sites, modules, self.left, low=modules)

    def _solve(
        self,
        bound: Bound | None,
        sites: IntArray,
        most: IntArray,
        seconds: float,
        low: IntArray | None = None,
    ) -> float | None:
        """Solve the problem of some sites; its bound, which holds for plans of these sites."""
        facilities = self.facilities
        zero = np.zeros(len(sites), dtype=np.int64)
        scale = abs(self.best.value) if self.best else abs(bound.value) if bound else 1.0
        if bound is None and self.best is None:
            scale = float(np.abs(facilities.opening).sum() + 1.0)
        model = FacilityModel(
            facilities,
            sites,
            zero if low is None else low[sites],
            most[sites],
            bound=bound,
            scale=max(scale, 1e-9),
        )
        outside = np.ones(len(most), dtype=np.bool_)
        outside[sites] = False
        start = self.best
        if start is not None and (low is not None or start.modules[outside].any()):
            start = None
        self.impossible = False
        try:
            found = model.solve(
                solver=self.solver,
                gap=self.gap / 2,
                threads=self.threads,
                seconds=seconds,
                start=start,
            )
        except InfeasibleError:
            self.impossible = True
            return None
        except OutOfTimeError:
            return None
        if self.best is None or found.value < self.best.value:
            self.best = found
        return found.bound

    def _nothing(self) -> Exception:
        if self.impossible:
            return InputError(
                "Mit den erlaubten Paaren lässt sich der Bedarf nicht decken.",
                remedy="Erlauben Sie in „cost“ weitere Paare oder erhöhen Sie „capacity“.",
            )
        return OutOfTimeError(
            "Im Zeitlimit wurde kein Plan gefunden.", remedy="Erhöhen Sie „seconds“."
        )
