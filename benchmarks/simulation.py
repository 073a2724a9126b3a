"""The simulation: speed, growth, memory, and the same process written for SimPy beside it.

    python benchmarks/simulation.py [futures]

Needs SimPy (``pip install simpy``).  The district has the 517 pupils of the shipped table and 40
registrations a month for 36 months.  SimPy moves each pupil as a process from event to event; its
futures are fewer, so the ratio is that of the time per future.  Agreement: mean and P90 of the
pupils who need a seat, by school type and month, in standard errors of the difference
(for the P90 that of the share of futures below ours).
Each line of the sweep is a process of its own, whose largest memory is told.
"""

from __future__ import annotations

import argparse
import bisect
import os
import platform
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import simpy

from daz_planner.district.model import District, Municipality, School
from daz_planner.district.read import read_district
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation.calendar import SchoolLadder
from daz_planner.simulation.ensemble import draw_futures
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import Population, build_population
from daz_planner.simulation.stays import StayTable

DATA = Path(__file__).parent.parent / "data" / "meissen-2017-02-08.xlsx"
SWEEP: tuple[tuple[str, int, int, int, int], ...] = (
    # district, futures, months, registrations a month, processes
    ("district", 1_000, 36, 40, 2),
    ("district", 10_000, 36, 40, 1),
    ("district", 10_000, 36, 40, 2),
    ("district", 100_000, 36, 40, 2),
    ("district", 10_000, 12, 40, 2),
    ("district", 10_000, 24, 40, 2),
    ("district", 10_000, 60, 40, 2),
    ("district", 10_000, 36, 160, 2),
    ("saxony", 500, 36, 1_700, 2),
)


def population_of(what: str, months: int, arrivals: float) -> Population:
    """The real district, or one of the size of Saxony: 800 schools with 25 pupils each."""
    if what == "district":
        district = read_district(DATA)
    else:
        kinds = ("GS", "GS", "OS", "BSZ")
        district = District(
            name="Sachsen",
            reference_date=read_district(DATA).reference_date,
            schools=tuple(
                School(
                    name=f"Schule {s}",
                    school_type=kinds[s % 4],
                    pupils=25,
                    classes=2,
                    reserve=None,
                    municipality=f"Gemeinde {s % 419}",
                    latitude=51.0,
                    longitude=13.5,
                )
                for s in range(800)
            ),
            municipalities=tuple(
                Municipality(f"Gemeinde {i}", 10_000, 51.0, 13.5) for i in range(419)
            ),
        )
    values = {"zeitraum.monate": months, "zuzug.pro_monat": float(arrivals)}
    return build_population(
        canonical(district).district, with_values(load_scenario("basis"), values)
    )


# -- the same process for SimPy --------------------------------------------------------------------


class Chooser:
    """Draws an index from a table of probabilities."""

    def __init__(self, shares: np.ndarray, chance: random.Random) -> None:
        self.cumulative = np.cumsum(shares).tolist()
        self.chance = chance

    def __call__(self) -> int:
        return bisect.bisect_right(self.cumulative, self.chance.random() * self.cumulative[-1])


class SimPyFuture:
    """One future: pupils are processes that wait for their next event."""

    def __init__(self, population: Population, seed: int) -> None:
        self.population = population
        self.chance = random.Random(seed)
        self.normal = np.random.default_rng(seed)
        self.env = simpy.Environment()
        self.months = population.month_count
        kinds = len(population.school_types)
        # [k][p][t] changes of the number present.
        self.steps = np.zeros((kinds, 3, self.months + 1), dtype=np.int64)
        self.changes = np.flatnonzero(population.changes).tolist()
        self.choosers: dict[int, Chooser] = {}
        self.kept: list[object] = []

    def choose(self, shares: np.ndarray) -> int:
        """Index drawn by shares; the tables are kept by identity."""
        key = id(shares)
        if key not in self.choosers:
            self.choosers[key] = Chooser(shares, self.chance)
            self.kept.append(shares)
        return self.choosers[key]()

    def stay(self, table: StayTable) -> tuple[int, int]:
        pair = self.choose(table.probability)
        return int(table.phase1[pair]), int(table.phase2[pair])

    def run(self) -> np.ndarray:
        """``[k, p, t]`` pupils present."""
        population = self.population
        for group in population.groups:
            model = population.stays[group.kind]
            for _ in range(group.count):
                if group.stay is None:
                    lengths = (0, 0, 1 + self.choose(model.met_in_phase3))
                else:
                    lengths = (*self.stay(group.stay), 1 + self.choose(model.phase3))
                self.env.process(self.pupil(self.choose(group.start), lengths))
        self.env.process(self.arrivals())
        self.env.run(until=self.months)
        return np.cumsum(self.steps, axis=2)[..., : self.months]

    def arrivals(self):  # type: ignore[no-untyped-def]
        population = self.population
        for month in range(1, self.months):
            yield self.env.timeout(1)
            mean, factor = population.registrations[month], population.variance_factor[month]
            size = mean / (factor - 1.0)
            for _ in range(int(self.normal.negative_binomial(size, 1.0 / factor))):
                kind = self.choose(population.type_shares)
                model = population.stays[kind]
                position = self.choose(population.start_of_type[kind])
                third = 1 + self.choose(model.phase3)
                if self.chance.random() < population.direct_share[month, position]:
                    lengths = (0, 0, third)
                else:
                    lengths = (*self.stay(population.new_stays[kind][month]), third)
                self.env.process(self.pupil(position, lengths))

    def pupil(self, position: int, lengths: tuple[int, int, int]):  # type: ignore[no-untyped-def]
        ladder: SchoolLadder = self.population.ladder
        hazard = self.population.hazard
        now = int(self.env.now)
        ends = [now + lengths[0], now + sum(lengths[:2]), now + sum(lengths)]
        away = now + 1
        while self.chance.random() >= hazard and away < self.months:
            away += 1
        coming = [month for month in self.changes if month > now]
        phase = 0
        while True:
            while phase < 3 and now >= ends[phase]:
                phase += 1
            if phase == 3 or now >= away:
                return
            kind = ladder.kind[position]
            change = coming[0] if coming else self.months
            until = min(ends[phase], away, change, self.months)
            self.steps[kind, phase, now] += 1
            self.steps[kind, phase, until] -= 1
            if until >= self.months:
                return
            yield self.env.timeout(until - now)
            now = until
            if now == change:
                coming.pop(0)
                position = int(ladder.next_position[position])
                if position < 0:
                    return


def seats(runs: np.ndarray) -> np.ndarray:
    """``[r, k, t]`` pupils who need a seat."""
    return runs[:, :, 0] + runs[:, :, 1]


def beside_simpy(futures: int) -> None:
    """Speed and agreement against SimPy, in one run."""
    population = population_of("district", 36, 40)
    since = time.perf_counter()
    ours = draw_futures(population, 1, 10_000)
    per_future = (time.perf_counter() - since) / 10_000
    since = time.perf_counter()
    theirs = np.array([SimPyFuture(population, seed).run() for seed in range(futures)])
    per_simpy = (time.perf_counter() - since) / futures
    print(
        f"one process: {1e3 * per_future:.2f} ms a future, SimPy {simpy.__version__} "
        f"{1e3 * per_simpy:.0f} ms: ratio {per_simpy / per_future:.0f}"
    )
    a, b = seats(ours).astype(float), seats(theirs).astype(float)
    error = np.sqrt(a.var(axis=0) / len(a) + b.var(axis=0) / len(b))
    mean = np.abs(a.mean(axis=0) - b.mean(axis=0)) / np.maximum(error, 1e-9)
    mean[error == 0.0] = 0.0
    # A quantile of whole numbers jumps, so the shares below our P90 are compared.
    border = np.quantile(a, 0.9, axis=0, method="inverted_cdf")
    below, theirs_below = (a <= border).mean(axis=0), (b <= border).mean(axis=0)
    both = (below * len(a) + theirs_below * len(b)) / (len(a) + len(b))
    error = np.sqrt(both * (1 - both) * (1 / len(a) + 1 / len(b)))
    high = np.abs(below - theirs_below) / np.maximum(error, 1e-9)
    high[error == 0.0] = 0.0
    print(
        f"agreement with {futures} futures of SimPy over {mean.size} cells, in standard errors: "
        f"mean: largest {mean.max():.1f}, above 2 in {(mean > 2).mean():.1%}; "
        f"P90: largest {high.max():.1f}, above 2 in {(high > 2).mean():.1%}"
    )


def one_line(what: str, futures: int, months: int, arrivals: int, processes: int) -> None:
    """One line of the sweep; run in a process of its own."""
    import resource

    population = population_of(what, months, arrivals)
    start = sum(group.count for group in population.groups)
    since = time.perf_counter()
    runs = draw_futures(population, 1, futures, processes)
    took = time.perf_counter() - since
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    pupils = futures * (start + arrivals * (months - 1))
    print(
        f"{what:9} {futures:7} {months:6} {arrivals:9} {processes:9} {took:8.2f} "
        f"{1e9 * took / pupils:10.0f} {own + (others * processes if processes > 1 else 0):9.0f}"
    )
    assert runs.shape[0] == futures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("futures", nargs="?", type=int, default=400)
    parser.add_argument("--line", nargs=5)
    arguments = parser.parse_args()
    if arguments.line:
        what, *numbers = arguments.line
        one_line(what, *(int(number) for number in numbers))
        return
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
          f"Python {platform.python_version()}, numpy {np.__version__}")  # fmt: skip
    beside_simpy(arguments.futures)
    print(f"\n{'':9} {'futures':>7} {'months':>6} {'arrivals':>9} {'processes':>9} {'seconds':>8} "
          f"{'ns a pupil':>10} {'MB in all':>9}")  # fmt: skip
    for line in SWEEP:
        command = [sys.executable, __file__, "--line", *map(str, line)]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
