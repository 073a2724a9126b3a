"""Recovery of known stays: bias of the means and coverage of the 80 % intervals.

    python -m benchmarks.calibration [replications] [repetitions of the intervals]

Worlds with known stays write rosters; the calibration must give the stays back. Prints a table by
design, school type and phase. Coverage of 80 % intervals over 100 replications scatters by ±4 %.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from daz_planner.scenario import load_scenario
from daz_planner.simulation.calibration.calibrate import calibrate
from tests.factories import district, school
from tests.simulation.calibration.roster_world import Truth, gamma, lives, rosters

START = date(2010, 1, 1)
MEANS = {"GS": (3.5, 10.0), "OS": (4.5, 11.0), "BSZ": (4.0, 9.0)}
TRUTH = Truth(
    phase1={kind: gamma(first, first / 2) for kind, (first, _) in MEANS.items()},
    phase2={kind: gamma(second, second * 0.45) for kind, (_, second) in MEANS.items()},
    arrivals={"GS": 12.0, "OS": 9.0, "BSZ": 2.0},
    moving=0.01,
)
HALF_YEAR = (date(2016, 8, 8), date(2017, 2, 8))
DESIGNS: dict[str, tuple[tuple[date, ...], dict[str, bool]]] = {
    "two rosters, phase 3 listed": (HALF_YEAR, {"with_phase3": True}),
    "two rosters": (HALF_YEAR, {}),
    "four rosters": ((date(2015, 8, 8), date(2016, 2, 8), *HALF_YEAR), {}),
    "one roster": (HALF_YEAR[1:], {}),
    "two rosters, no entry": (HALF_YEAR, {"with_entry": False}),
    "two rosters, no dates": (HALF_YEAR, {"with_entry": False, "with_since": False}),
}


@dataclass
class Score:
    """Relative errors of a mean, and how often its interval held the truth."""

    errors: list[float] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)

    def add(self, value: float, low: float, high: float, truth: float) -> None:
        """Count one estimate."""
        self.errors.append(value / truth - 1.0)
        self.inside.append(low <= truth <= high)

    def __str__(self) -> str:
        errors = np.array(self.errors)
        share = 100 * np.mean(self.inside)
        return (
            f"bias {100 * errors.mean():+5.1f} %   scatter {100 * errors.std():4.1f} %   "
            f"inside {share:3.0f} %   of {len(errors)}"
        )


def recover(days: tuple[date, ...], listed: dict[str, bool], count: int, repeats: int) -> None:
    """Run one design and print its table."""
    scores: dict[str, Score] = {}
    scenario = load_scenario("basis")
    schools = [school(f"Schule {kind}", school_type=kind) for kind in TRUTH.arrivals]
    for seed in range(count):
        months = (days[-1] - START).days / 30.4375
        people = lives(TRUTH, months, np.random.default_rng(seed))
        base = district(schools, reference_date=days[-1])
        base = replace(base, rosters=tuple(rosters(people, START, days, **listed)))
        found = calibrate([base], scenario, repeats=repeats)
        for stay in found.stays:
            if stay.kind:
                score = scores.setdefault(f"{stay.kind} phase {stay.phase}", Score())
                truth = MEANS[stay.kind][stay.phase - 1]
                score.add(stay.mean.value, stay.mean.low, stay.mean.high, truth)
        for name, rate, truth in (
            ("moving away", found.moving, TRUTH.moving),
            ("arrivals", found.arrivals, sum(TRUTH.arrivals.values())),
            ("variance", found.variance, 1.0),
        ):
            if rate is not None:
                value = rate.value
                scores.setdefault(name, Score()).add(value.value, value.low, value.high, truth)
    for name in sorted(scores):
        print(f"  {name:<12} {scores[name]}")


def main() -> None:
    """All designs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    for name, (days, listed) in DESIGNS.items():
        since = time.perf_counter()
        print(name)
        recover(days, listed, count, repeats)
        print(f"  {(time.perf_counter() - since) / count:.2f} s each")


if __name__ == "__main__":
    main()
