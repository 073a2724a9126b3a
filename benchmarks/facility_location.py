"""Published instances of capacitated facility location: value, optimum, seconds, plain model.

    python benchmarks/facility_location.py FILE… [--format orlib|holmberg|tbed] [--capacity N]
                                           [--seconds S] [--plain] [--workbook]
    python benchmarks/facility_location.py --own [--large]

Each instance is solved by ``daz_planner.facility_location``.  ``--plain`` puts the textbook model
(PuLP, the same solver, two threads, the same time) beside it in the same run, as a ratio of the
seconds and with its gap; ``--workbook`` states the instance as an input workbook and a scenario
too, plans it, and prints the relative difference of the two values.

``--own`` takes what ships with the tests: the 13 problems cap41 … cap74 of the OR-Library, and
instances drawn by the published rules with a named seed: 100 × 1,000 as Beasley (1988) drew capa to
capc, and ``--large`` 300 × 300 as Cornuéjols, Sridharan and Thizy (1991).

Formats: ``orlib`` is sites and customers, capacity and fixed cost of each site, then for each
customer its demand and its costs from all sites; ``holmberg`` has all demands in a row and the
costs site by site; ``tbed`` has demands, capacities, fixed costs and costs site by site.  All costs
are those of the whole demand of a customer.  ``--capacity`` stands for the word "capacity" in capa,
capb and capc.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pulp

ROOT = Path(__file__).resolve().parent.parent
CAP41 = ROOT / "tests" / "planning" / "data" / "cap41.txt"
THREADS = 2

FloatArray = npt.NDArray[np.float64]

# fmt: off
PUBLISHED = {
    "cap41": 1040444.375, "cap42": 1098000.450, "cap43": 1153000.450, "cap44": 1235500.450,
    "cap51": 1025208.225, "cap61": 932615.750, "cap62": 977799.400, "cap63": 1014062.050,
    "cap64": 1045650.250, "cap71": 932615.750, "cap72": 977799.400, "cap73": 1010641.450,
    "cap74": 1034976.975, "cap81": 838499.288, "cap82": 910889.563, "cap83": 975889.563,
    "cap84": 1069369.525, "cap91": 796648.438, "cap92": 855733.500, "cap93": 896617.538,
    "cap94": 946051.325, "cap101": 796648.437, "cap102": 854704.200, "cap103": 893782.112,
    "cap104": 928941.750, "cap111": 826124.713, "cap112": 901377.213, "cap113": 970567.750,
    "cap114": 1063356.488, "cap121": 793439.563, "cap122": 852524.625, "cap123": 895302.325,
    "cap124": 946051.325, "cap131": 793439.562, "cap132": 851495.325, "cap133": 893076.712,
    "cap134": 928941.750,
    "capa-8000": 19240822.449, "capa-10000": 18438046.543, "capa-12000": 17765201.949,
    "capa-14000": 17160439.012, "capb-5000": 13656379.578, "capb-6000": 13361927.449,
    "capb-7000": 13198556.434, "capb-8000": 13082516.496, "capc-5000": 11646596.974,
    "capc-5750": 11570340.289,
}
# fmt: on
"""Optima of the OR-Library (file capopt), demand splittable."""


@dataclass(frozen=True)
class Instance:
    """A plain problem: demand ``[i]``, cost of a unit ``[i, s]``, capacity and opening ``[s]``."""

    name: str
    demand: FloatArray
    cost: FloatArray
    capacity: FloatArray
    opening: FloatArray

    @property
    def published(self) -> float | None:
        """The published optimum, where this module knows it."""
        return PUBLISHED.get(self.name)

    def changed(self, name: str, capacity: FloatArray, opening: FloatArray) -> Instance:
        """The same demands and costs with other sites."""
        return replace(self, name=name, capacity=np.array(capacity), opening=np.array(opening))


def read_instance(path: Path, layout: str = "orlib", capacity: float | None = None) -> Instance:
    """Read a file in one of the formats of this module's first lines."""
    words = path.read_text(encoding="utf-8", errors="replace").split()
    name = path.stem if capacity is None else f"{path.stem}-{capacity:g}"
    words = [str(capacity) if word == "capacity" else word for word in words]
    numbers = np.array([float(word) for word in words])
    sites, customers = int(numbers[0]), int(numbers[1])
    rest = numbers[2:]
    if layout == "tbed":
        demand, rest = rest[:customers], rest[customers:]
        size, opening = rest[:sites], rest[sites : 2 * sites]
        rest = rest[2 * sites :]
    else:
        size, opening = rest[0 : 2 * sites : 2], rest[1 : 2 * sites : 2]
        rest = rest[2 * sites :]
    if layout == "orlib":
        table = rest[: customers * (sites + 1)].reshape(customers, sites + 1)
        demand, whole = table[:, 0], table[:, 1:]
    else:
        if layout == "holmberg":
            demand, rest = rest[:customers], rest[customers:]
        whole = rest[: sites * customers].reshape(sites, customers).T
    cost = np.divide(whole, demand[:, None], out=np.zeros_like(whole), where=demand[:, None] > 0)
    return Instance(name, demand, cost, size, opening)


def orlib_problems() -> Iterator[Instance]:
    """cap41 … cap74: costs and demands of cap41, four capacities and four fixed costs."""
    base = read_instance(CAP41)
    sizes = {"4": 5_000.0, "5": 10_000.0, "6": 15_000.0, "7": 58_268.0}
    fixed = {"1": 7_500.0, "2": 12_500.0, "3": 17_500.0, "4": 25_000.0}
    for name in list(PUBLISHED)[:13]:
        cost = 17_500.0 if name == "cap51" else fixed[name[4]]
        opening = np.where(base.opening > 0.0, cost, 0.0)
        yield base.changed(name, np.full(len(opening), sizes[name[3]]), opening)


def drawn_as_beasley(seed: int, capacity: float, fixed: tuple[float, float]) -> Instance:
    """100 × 1,000: points in a square of 1,000, cost of a unit is distance × U(1, 1.25)."""
    rng = np.random.default_rng(seed)
    sites, customers = rng.uniform(0, 1000, (100, 2)), rng.uniform(0, 1000, (1000, 2))
    demand = rng.integers(1, 101, 1000).astype(np.float64)
    away = np.sqrt(((customers[:, None] - sites[None]) ** 2).sum(axis=2))
    cost = away * rng.uniform(1, 1.25, away.shape)
    opening = rng.uniform(*fixed, 100).round()
    name = f"100x1000 seed {seed}, {capacity:g}"
    return Instance(name, demand, cost, np.full(100, capacity), opening)


def drawn_as_cornuejols(seed: int, sites: int, customers: int, ratio: float) -> Instance:
    """Points in a unit square, demand U[5, 35], capacity U[10, 160] scaled to ratio × demand."""
    rng = np.random.default_rng(seed)
    at, homes = rng.uniform(0, 1, (sites, 2)), rng.uniform(0, 1, (customers, 2))
    demand = rng.integers(5, 36, customers).astype(np.float64)
    size = rng.integers(10, 161, sites).astype(np.float64)
    opening = rng.integers(0, 91, sites) + rng.integers(100, 111, sites) * np.sqrt(size)
    cost = 10 * np.sqrt(((homes[:, None] - at[None]) ** 2).sum(axis=2))
    size = np.round(size * ratio * demand.sum() / size.sum())
    return Instance(f"{sites}x{customers} seed {seed}, {ratio:g}", demand, cost, size, opening)


def own_instances(large: bool) -> Iterator[Instance]:
    """What ``--own`` solves."""
    yield from orlib_problems()
    yield drawn_as_cornuejols(1, 30, 200, 5)
    yield drawn_as_beasley(1, 8000, (1.36e6, 2.26e6))
    yield drawn_as_beasley(1, 5000, (5e5, 9e5))
    if large:
        for ratio in (5.0, 10.0, 20.0):
            yield drawn_as_cornuejols(11, 300, 300, ratio)


def plain_model(instance: Instance, seconds: float) -> tuple[float, float, float]:
    """Value, gap and seconds of the textbook model: no strong inequality, nothing added."""
    since = time.perf_counter()
    lp = pulp.LpProblem("plain", pulp.LpMinimize)
    customers, sites = instance.cost.shape
    flow = [[lp.add_variable(f"x_{i}_{s}", 0) for s in range(sites)] for i in range(customers)]
    opens = [lp.add_variable(f"y_{s}", 0, 1, pulp.LpInteger) for s in range(sites)]
    terms = [
        (flow[i][s], float(instance.cost[i, s])) for i in range(customers) for s in range(sites)
    ]
    terms += [(opens[s], float(instance.opening[s])) for s in range(sites)]
    lp.setObjective(pulp.LpAffineExpression(terms))
    for i in range(customers):
        whole = pulp.LpAffineExpression([(x, 1.0) for x in flow[i]])
        lp.addConstraint(whole == float(instance.demand[i]))
    for s in range(sites):
        used = [(flow[i][s], 1.0) for i in range(customers)]
        used.append((opens[s], -float(instance.capacity[s])))
        lp.addConstraint(pulp.LpAffineExpression(used) <= 0)
    lp.solve(pulp.HiGHS(msg=False, gapRel=1e-7, threads=THREADS, timeLimit=seconds))
    info = lp.solverModel.getInfo()
    value = float(info.objective_function_value)
    gap = abs(value - float(info.mip_dual_bound)) / max(1.0, abs(value))
    return value, gap, time.perf_counter() - since


def workbook_difference(instance: Instance, value: float, seconds: float) -> float:
    """Relative difference between the plan of the instance's workbook and a value."""
    sys.path.insert(0, str(ROOT))
    import daz_planner as daz
    from tests.planning.facility_workbook import facility_scenario, write_facility_workbook

    demand = instance.demand.tolist()
    with tempfile.TemporaryDirectory() as folder:
        book, assumed = Path(folder) / "standorte.xlsx", Path(folder) / "standorte.toml"
        sizes, opening = instance.capacity.tolist(), instance.opening.tolist()
        write_facility_workbook(book, demand, instance.cost.tolist(), sizes, opening)
        assumed.write_text(facility_scenario(demand, seconds=seconds), encoding="utf-8")
        district, scenario = daz.read_district(book), daz.load_scenario(assumed)
    plan = daz.make_plan(district, scenario, daz.simulate(district, scenario))
    return abs(plan.stages[-1].value - value) / abs(value)


def report(instance: Instance, seconds: float, plain: bool, workbook: bool) -> None:
    """Solve one instance and print its line."""
    from daz_planner import facility_location

    plan = facility_location(
        instance.demand,
        instance.cost,
        instance.capacity,
        instance.opening,
        seconds=seconds,
        threads=THREADS,
    )
    line = f"{instance.name:24} {plan.value:16.3f} gap {plan.gap:.1e} {plan.seconds:7.2f} s"
    best = instance.published
    if best is not None:
        line += f"  published {best:14.3f}, difference {(plan.value - best) / best:+.1e}"
    if plain:
        value, gap, taken = plain_model(instance, seconds)
        line += f"  plain {taken:7.2f} s, {taken / plan.seconds:5.1f} times, gap {gap:.1e}"
        line += f", value {(value - plan.value) / plan.value:+.1e}"
    if workbook:
        line += f"  workbook {workbook_difference(instance, plan.value, seconds):.1e}"
    print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Instances of capacitated facility location.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--format", default="orlib", choices=("orlib", "holmberg", "tbed"))
    parser.add_argument("--capacity", type=float)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--workbook", action="store_true")
    parser.add_argument("--own", action="store_true")
    parser.add_argument("--large", action="store_true")
    asked = parser.parse_args()
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    instances = [read_instance(path, asked.format, asked.capacity) for path in asked.files]
    for instance in [*instances, *(own_instances(asked.large) if asked.own else ())]:
        report(instance, asked.seconds, asked.plain, asked.workbook)


if __name__ == "__main__":
    main()
