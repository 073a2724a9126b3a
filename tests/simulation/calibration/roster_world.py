"""A small world with known stays: pupils come, learn and leave; offices write rosters.

Independent of the estimates on purpose: it knows days and pupils only.  Stays are drawn for every
pupil at entry; a roster lists whoever is there on its day, so long stays are met more often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from daz_planner.district.model import Pupil, Roster

DAYS = 30.4375


@dataclass(frozen=True)
class Truth:
    """Stays in months by type, arrivals a month by type, and the share that moves away a month."""

    phase1: dict[str, Callable[[np.random.Generator], float]]
    phase2: dict[str, Callable[[np.random.Generator], float]]
    arrivals: dict[str, float]
    moving: float = 0.0


@dataclass(frozen=True)
class Life:
    """One pupil: days since the beginning of the world."""

    kind: str
    entry: float
    phase2: float
    phase3: float
    moved: float


def gamma(mean: float, spread: float) -> Callable[[np.random.Generator], float]:
    """Stays of any length, at least two weeks."""
    shape, scale = (mean / spread) ** 2, spread**2 / mean
    return lambda rng: max(0.5, float(rng.gamma(shape, scale)))


def lives(truth: Truth, months: int, rng: np.random.Generator) -> list[Life]:
    """Pupils of ``months`` months; the arrivals of a day are Poisson."""
    found = []
    for kind, level in truth.arrivals.items():
        for entry in np.sort(rng.uniform(0.0, months, rng.poisson(level * months))):
            first, second = truth.phase1[kind](rng), truth.phase2[kind](rng)
            moved = rng.exponential(1.0 / truth.moving) if truth.moving else np.inf
            found.append(
                Life(
                    kind, entry * DAYS, (entry + first) * DAYS, (entry + first + second) * DAYS,
                    (entry + moved) * DAYS,
                )
            )  # fmt: skip
    return found


def rosters(
    people: Sequence[Life],
    start: date,
    days: Sequence[date],
    *,
    with_phase3: bool = False,
    with_entry: bool = True,
    with_since: bool = True,
) -> list[Roster]:
    """What an office would have written on the days; the school of a type is „Schule GS“."""
    result = []
    for day in days:
        now = float((day - start).days)
        listed = []
        for number, life in enumerate(people):
            if not life.entry <= now < life.moved:
                continue
            begins = (life.entry, life.phase2, life.phase3)
            phase = sum(1 for begin in begins if begin <= now)
            if phase == 3 and not with_phase3:
                continue
            since = start + timedelta(days=int(begins[phase - 1]))
            entered = start + timedelta(days=int(life.entry))
            listed.append(
                Pupil(
                    f"S-{number}",
                    f"Schule {life.kind}",
                    phase,
                    since if with_since else None,
                    entered if with_entry else None,
                )
            )
        result.append(Roster(day, tuple(listed)))
    return result
