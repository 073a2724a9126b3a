"""Who looks for a seat: each child of today's list with what is allowed, near, wished and drawn.

Axes: ``s`` school of the problem.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.model import Municipality
from daz_planner.district.ways import way_minutes
from daz_planner.planning.grades import grade_of_type
from daz_planner.planning.problem import (
    FloatArray,
    IntArray,
    Problem,
    allowed_schools,
    waiting_order,
)

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.expectation import Outlook


@dataclass(frozen=True)
class Seeker:
    """A child of today's list.

    ``day`` numbers the days of registration, the earliest 0; children without a date come last.
    ``draws[s]`` is the number (0 … 1) that the seed draws for child and school, the lower the
    better.
    ``wishes`` are schools of the problem by rank, ``None`` where a wish is of another school type.
    """

    child: int
    """Index into ``district.newcomers``."""
    kind: str
    allowed: tuple[int, ...]
    minutes: FloatArray
    excess: FloatArray
    day: int
    draws: FloatArray
    wishes: tuple[int | None, ...]
    pinned: bool
    grade: int | None
    family: str
    until: int
    """Months in which the child still belongs to the school type."""
    survival: FloatArray
    """``[t0, t]`` share of children like this one that, seated in t0, still needs the seat in t."""

    def wish_rank(self, s: int) -> int | None:
        """Rank of a school among the wishes, 1 the dearest."""
        return self.wishes.index(s) + 1 if s in self.wishes else None


def seekers(
    district: District,
    scenario: Scenario,
    problem: Problem,
    outlook: Outlook,
    chosen: Iterable[int],
) -> tuple[Seeker, ...]:
    """The chosen children in the order of the list: longest waiting first."""
    kinds = outlook.population.school_types
    place = {m.name: i for i, m in enumerate(district.municipalities)}
    position = {district.schools[s].name: n for n, s in enumerate(problem.schools.tolist())}
    own_type = {n: district.schools[s].school_type for n, s in enumerate(problem.schools.tolist())}
    days = sorted({waiting_order(child)[0] for child in district.newcomers})
    found = []
    for c in sorted(chosen, key=lambda c: waiting_order(district.newcomers[c])):
        child = district.newcomers[c]
        i = place[child.municipality]
        wished = (position.get(name) for name in child.wishes)
        found.append(
            Seeker(
                child=c,
                kind=child.school_type,
                allowed=tuple(
                    np.flatnonzero(allowed_schools(district, problem, child, i)).tolist()
                ),
                minutes=problem.minutes[i],
                excess=problem.excess[i],
                day=days.index(waiting_order(child)[0]),
                draws=drawn(scenario.rechnen.saat, child.pupil_id, list(position)),
                wishes=tuple(
                    n if n is not None and own_type[n] == child.school_type else None
                    for n in wished
                ),
                pinned=bool(child.pinned_to),
                grade=grade_of_type(child.grade, child.school_type),
                family=child.family,
                until=outlook.months_in_type(kinds.index(child.school_type), child.grade),
                survival=outlook.child_survival(kinds.index(child.school_type), child.grade),
            )
        )
    return tuple(found)


def drawn(seed: int, pupil_id: str, schools: Iterable[str]) -> FloatArray:
    """``[s]`` the numbers (0 … 1) that a child draws, one for each school.

    They come from the seed, the id and the name alone (SHA-256), so that a further child or school
    changes the draws of no other.
    """
    return np.array(
        [
            int.from_bytes(hashlib.sha256(f"{seed}:{pupil_id}:{name}".encode()).digest()[:6])
            / 2**48
            for name in schools
        ],
        dtype=np.float64,
    )


def families(found: Iterable[Seeker]) -> dict[tuple[str, str], tuple[int, ...]]:
    """(family, school type) → positions of the seekers who belong to it."""
    members: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for position, seeker in enumerate(found):
        if seeker.family:
            members[seeker.family, seeker.kind].append(position)
    return {key: tuple(positions) for key, positions in members.items()}


def minutes_between(district: District, scenario: Scenario, schools: IntArray) -> FloatArray:
    """``[s, s']`` estimated minutes from school to school, without the minutes for every way."""
    points = [district.schools[s] for s in schools.tolist()]
    return way_minutes(
        [Municipality(point.name, 0, point.latitude, point.longitude) for point in points],
        points,
        detour=scenario.wege.umweg,
        speed_kmh=scenario.wege.kmh,
        fixed_minutes=0.0,
    )
