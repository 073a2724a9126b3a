"""A plan judged on futures: time on the real district, and a plain Python loop beside it.

    python benchmarks/futures.py [futures]

The district has the 517 pupils of the shipped table, 18 months, one free room a school (two from
1.5 times the turnover on).  Turnover 1 is 43 registrations a month (517 in twelve months).  What is
timed: three policies (plan, today's classes, rule of an office) and each future once more without
each planned class.  The loop takes one child after the other on lists and dictionaries and follows
the plan only, on the first futures; the ratio is that of the time per future and policy.
Agreement: children who wait, by future and month, must be the same.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path

import numpy as np

from daz_planner.district.read import read_district
from daz_planner.planning.futures import PLAN, judge
from daz_planner.planning.futures_blocks import BlockJudge
from daz_planner.planning.futures_children import Seekers, split_pupils
from daz_planner.planning.futures_months import FixedClasses, follow
from daz_planner.planning.futures_world import World, build_world
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Plan
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation.simulate import simulate

DATA = Path(__file__).parent.parent / "data" / "meissen-2017-02-08.xlsx"
CASES = ((18, 1), (43, 1), (64, 2), (107, 2))
"""Registrations a month, free rooms of a school."""
PLAIN_FUTURES = 64


def plan_of(arrivals: int, rooms: int) -> Plan:
    """A plan of the real district over 18 months."""
    district = read_district(DATA)
    values = {
        "zeitraum.monate": 18,
        "zuzug.pro_monat": float(arrivals),
        "klassen.freie_raeume": rooms,
        "rechnen.laeufe": 64,
        "rechnen.zeitlimit": 20,
    }
    scenario = with_values(load_scenario("basis"), values)
    return make_plan(district, scenario, simulate(district, scenario))


# -- the same rule as a plain loop -----------------------------------------------------------------


def assign(children: list[tuple[int, int]], costs: list[list[float]], free: list[int]) -> list[int]:
    """School of each (rank, place), or -1: the Hungarian method, one seat a column."""
    seats = [s for s, count in enumerate(free) for _ in range(min(count, len(children)))]
    dearest = 1e9
    rank_count = max((rank for rank, _ in children), default=0) + 1
    # A column of its own for each child who waits; the older the dearer.
    width = len(seats) + len(children)
    matrix = [
        [min(costs[place][s], 1e15) for s in seats]
        + [
            dearest * (rank_count - rank) if column == row else 1e15
            for column in range(len(children))
        ]
        for row, (rank, place) in enumerate(children)
    ]
    potential_row = [0.0] * (len(children) + 1)
    potential = [0.0] * (width + 1)
    match = [0] * (width + 1)
    way = [0] * (width + 1)
    for row in range(1, len(children) + 1):
        match[0], column = row, 0
        least, used = [float("inf")] * (width + 1), [False] * (width + 1)
        while True:
            used[column] = True
            here, delta, following = match[column], float("inf"), 0
            for j in range(1, width + 1):
                if used[j]:
                    continue
                slack = matrix[here - 1][j - 1] - potential_row[here] - potential[j]
                if slack < least[j]:
                    least[j], way[j] = slack, column
                if least[j] < delta:
                    delta, following = least[j], j
            for j in range(width + 1):
                if used[j]:
                    potential_row[match[j]] += delta
                    potential[j] -= delta
                else:
                    least[j] -= delta
            column = following
            if match[column] == 0:
                break
        while column:
            match[column] = match[way[column]]
            column = way[column]
    found = [-1] * len(children)
    for j in range(1, len(seats) + 1):
        if match[j]:
            found[match[j] - 1] = seats[j - 1]
    return found


def plain_future(
    world: World, pupils: list[dict[str, int]], used: list[list[int]], seats: list[list[int]]
) -> list[int]:
    """``[t]`` children who wait in one future, child by child."""
    kinds = world.school_kind.tolist()
    costs = world.costs.tolist()
    minutes = [[c if c < 1e15 else float("inf") for c in row] for row in costs]
    follow_up = {k: -1 for k in range(len(world.population.school_types))}
    names = world.population.school_types
    for one, other in (("GS", "OS"), ("OS", "BSZ")):
        if one in names and other in names:
            follow_up[names.index(one)] = names.index(other)
    changes = np.flatnonzero(world.population.changes).tolist()
    stays = {
        names.index(n): len(world.population.ladder.positions_of(names.index(n))) for n in names
    }
    state = [dict(pupil, school=-1, until=0, rank=pupil["entry"]) for pupil in pupils]
    waiting = []
    for t in range(world.month_count):
        queue = []
        taken = [0] * len(kinds)
        for child in state:
            if child["entry"] > t or child["kind"] < 0:
                continue
            if child["gone"] <= t or (child["school"] >= 0 and child["until"] <= t):
                child["kind"] = -1
                continue
            if child["change"] <= t:
                if child["school"] >= 0:
                    child["need"], child["rank"] = child["until"] - t, t
                child["school"], child["kind"] = -1, follow_up[child["kind"]]
                if child["kind"] < 0:
                    continue
                later = [m for m in changes if m > t]
                steps = stays[child["kind"]] - 1
                child["change"] = later[steps] if steps < len(later) else 10_000
            if child["school"] >= 0:
                taken[child["school"]] += 1
            else:
                queue.append(child)
        free = [max(0, seats[s][t] - used[s][t] - taken[s]) for s in range(len(kinds))]
        count = 0
        for k in range(len(names)):
            own = [child for child in queue if child["kind"] == k]
            mine = [s for s in range(len(kinds)) if kinds[s] == k]
            found = assign(
                [(child["rank"], child["place"]) for child in own],
                [[row[s] for s in mine] for row in minutes],
                [free[s] for s in mine],
            )
            # Of one place the longest waiting sits nearest, as in the program.
            for place in {child["place"] for child in own}:
                rows = [n for n, child in enumerate(own) if child["place"] == place]
                schools = sorted(
                    (found[n] for n in rows),
                    key=lambda s: (s < 0, minutes[place][mine[s]] if s >= 0 else 0.0),
                )
                for n, s in zip(sorted(rows, key=lambda n: own[n]["rank"]), schools, strict=True):
                    if s >= 0:
                        own[n]["school"], own[n]["until"] = mine[s], t + own[n]["need"]
                    else:
                        count += 1
        waiting.append(count)
    return waiting


def rows_of(children: Seekers, run: int) -> list[dict[str, int]]:
    """The children of one future as dictionaries."""
    names = ("kind", "place", "entry", "need", "gone", "change")
    rows = np.flatnonzero(children.run == run).tolist()
    return [{name: int(getattr(children, name)[row]) for name in names} for row in rows]


def beside_plain(plan: Plan) -> tuple[float, float, bool]:
    """Seconds per future of the program and of the loop, and whether they agree."""
    world, _ = build_world(plan, plan.scenario, plan.scenario.rechnen.saat)
    drawing = BlockJudge(world, PLAIN_FUTURES).drawing
    used, children = split_pupils(world, drawing.block(0))
    seats = world.seats(world.planned)
    since = time.perf_counter()
    policy = FixedClasses(world, np.broadcast_to(seats, used.shape), np.zeros(64, dtype=np.bool_))
    ours = follow(world, children, used, policy).waiting.sum(axis=1)
    our_time = (time.perf_counter() - since) / PLAIN_FUTURES
    since = time.perf_counter()
    plain = [
        plain_future(world, rows_of(children, run), used[run].tolist(), seats.tolist())
        for run in range(PLAIN_FUTURES)
    ]
    plain_time = (time.perf_counter() - since) / PLAIN_FUTURES
    return our_time, plain_time, plain == ours.tolist()


def main() -> int:
    """Run all and print; 1 if the loop disagrees."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("futures", nargs="?", type=int, default=500)
    futures = parser.parse_args().futures
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    agrees = True
    for arrivals, rooms in CASES:
        plan = plan_of(arrivals, rooms)
        since = time.perf_counter()
        result = judge(plan, futures=futures, processes=2)
        seconds = time.perf_counter() - since
        print(
            f"{arrivals} a month, {rooms} room(s): {len(result.classes)} planned classes, "
            f"{futures} futures in {seconds:.1f} s on two processes"
        )
        for name, policy in result.policies.items():
            print(
                f"  {name:15s} child months waiting {policy.child_months().mean():8.1f}, days "
                f"{policy.mean_days():6.1f}, P90 {policy.days_quantile(0.9):4d}, above 60 days "
                f"{100 * policy.share_long():5.1f} %, class months "
                f"{policy.class_months().mean():6.1f}, minutes {policy.mean_minutes():5.1f}"
            )
        ours, plain, same = beside_plain(plan)
        agrees &= same
        print(
            f"  {PLAN} alone: {1e3 * ours:.2f} ms a future, plain loop {1e3 * plain:.1f} ms, "
            f"ratio {plain / ours:.0f}, waiting {'the same' if same else 'DIFFERS'}"
        )
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
