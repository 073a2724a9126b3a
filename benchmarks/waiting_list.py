"""Today's list at size: time of the assignment, and the plain model child by child beside it.

    python benchmarks/waiting_list.py [children ...] [--schlicht 300]

The schools are those of the shipped table.  The list is drawn (fixed seed): school types as today's
pupils, residence by inhabitants, days of registration thinning out into the past, 30 % with wishes,
8 % with an excluded school, 4 % pinned; none, 30 % or 60 % of the children in families of two to
four over all types.  Scarce: about 0.6 free seats a child; plentiful: 1.2.  Seats that today's
pupils are expected to leave within the year are on offer too.

The plain model has one variable for each child, school and month, solves each goal as a search of
its own and keeps its value by a row.  Up to the size given with ``--schlicht`` it runs in the same
process on the same list; the values of all goals must be the same.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from daz_planner.district.model import District, Newcomer
from daz_planner.district.read import read_district
from daz_planner.planning import children
from daz_planner.planning.assign import assign_children
from daz_planner.planning.seating_offer import Offer
from daz_planner.planning.seating_run import Solved, solve_offer
from daz_planner.planning.seekers import Seeker
from daz_planner.scenario import load_scenario, with_values
from daz_planner.scenario.model import Scenario

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.planning.plain_seating import differences, plain_offer, told

DATA = Path(__file__).parent.parent / "data" / "meissen-2017-02-08.xlsx"
GRADES = {"GS": (1, 4), "OS": (5, 10)}
SIZES = (100, 300, 600, 1000)


def with_list(
    district: District, count: int, in_families: float, seats: float, seed: int
) -> District:
    """The district with a drawn list, and classes added or filled for the seats that are wanted.

    Parameters
    ----------
    in_families:
        Share of the children who have siblings on the list.
    seats:
        Free seats for each child of the list, about.
    """
    rng = np.random.default_rng(seed)
    kinds = sorted({s.school_type for s in district.schools})
    of_kind = {k: [s for s in district.schools if s.school_type == k] for k in kinds}
    pupils = np.array([sum(s.pupils for s in of_kind[k]) for k in kinds])
    people = np.array([m.population for m in district.municipalities])
    # Families have 2.7 members on average.
    chance = in_families / (in_families + 2.7 * (1.0 - in_families))
    drawn: list[Newcomer] = []
    while len(drawn) < count:
        size = int(rng.choice([2, 3, 4], p=[0.5, 0.3, 0.2])) if rng.random() < chance else 1
        size = min(size, count - len(drawn))
        town = district.municipalities[int(rng.choice(len(people), p=people / people.sum()))]
        day = district.reference_date - timedelta(days=int(rng.exponential(40.0)) + 1)
        family = f"f{len(drawn):04d}" if size > 1 else ""
        for _ in range(size):
            kind = str(rng.choice(kinds, p=pupils / pupils.sum()))
            names = [str(n) for n in rng.permutation([s.name for s in of_kind[kind]])]
            lowest, highest = GRADES.get(kind, (0, 0))
            drawn.append(
                Newcomer(
                    f"n{len(drawn):04d}",
                    town.name,
                    kind,
                    grade=int(rng.integers(lowest, highest + 1)) or None,
                    registered=None if rng.random() < 0.02 else day,
                    family=family,
                    pinned_to=names[0] if rng.random() < 0.04 else "",
                    excluded=tuple(names[1:2]) if rng.random() < 0.08 else (),
                    wishes=tuple(names[-int(rng.integers(1, 4)) :]) if rng.random() < 0.3 else (),
                )
            )
    return replace(_with_seats(district, seats * count), newcomers=tuple(drawn))


def _with_seats(district: District, wanted: float) -> District:
    """One class more, or one more of them full, at one school after the other."""
    free = sum(max(0, 23 * s.classes - s.pupils) for s in district.schools)
    more = round((wanted - free) / 23.0)
    schools = list(district.schools)
    for n in range(abs(more)):
        one = schools[n % len(schools)]
        schools[n % len(schools)] = replace(
            one,
            classes=one.classes + (1 if more > 0 else 0),
            pupils=one.pupils if more > 0 else min(23 * one.classes, one.pupils + 23),
            reserve=None,
        )
    return replace(district, schools=tuple(schools))


class Recorder:
    """Stands before the solving of an offer, and remembers what was asked and told."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[Seeker, ...], Offer, Scenario]] = []
        self.answers: list[Solved] = []
        self.seconds = 0.0

    def __call__(
        self, found: tuple[Seeker, ...], offer: Offer, scenario: Scenario, seconds: float
    ) -> Solved:
        """Solve as the program does."""
        since = time.process_time()
        solved = solve_offer(found, offer, scenario, seconds)
        self.seconds += time.process_time() - since
        self.asked.append((found, offer, scenario))
        self.answers.append(solved)
        return solved


def main() -> int:
    """Run all and print; 1 if values differ or a goal is not proven."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("children", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--schlicht", type=int, default=100)
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("seconds of processor time, two threads")
    district = read_district(DATA)
    values = {"rechnen.threads": 2, "rechnen.zeitlimit": 120}
    scenario = with_values(load_scenario("basis"), values)
    fine = True
    for count in options.children:
        for in_families in (0.0, 0.3, 0.6):
            for seats in (0.6, 1.2):
                fine &= _case(district, scenario, count, in_families, seats, options.schlicht)
    return 0 if fine else 1


def _case(
    district: District,
    scenario: Scenario,
    count: int,
    in_families: float,
    seats: float,
    plain_up_to: int,
) -> bool:
    town = with_list(district, count, in_families, seats, seed=1)
    recorder = Recorder()
    children.solve_offer = recorder
    try:
        wall, since = time.perf_counter(), time.process_time()
        result = assign_children(town, scenario)
        spent, wall = time.process_time() - since, time.perf_counter() - wall
    finally:
        children.solve_offer = solve_offer
    line = (
        f"{count:5d} children, {100 * in_families:2.0f} % in families, {seats} seats each: "
        f"{spent:5.1f} s ({wall:5.1f} s on the clock), later {result.later}, "
        f"without {result.without_seat}, {'LIMIT' if result.hit_limit else 'proven'}"
    )
    wrong: list[str] = []
    if count <= plain_up_to:
        since = time.process_time()
        for (found, offer, setting), answer in zip(recorder.asked, recorder.answers, strict=True):
            plain = plain_offer(found, offer, setting, strict=False)
            wrong += differences(plain, told(answer.goals), one_month=len(offer.months) == 1)
        plain_time = time.process_time() - since
        line += f"; plain {plain_time:.1f} s, ratio {plain_time / recorder.seconds:.0f}"
        line += ", VALUES DIFFER " + "; ".join(wrong) if wrong else ", same values"
    print(line, flush=True)
    return not wrong and not result.hit_limit


if __name__ == "__main__":
    sys.exit(main())
