"""Who is there on the reference date: pupils of the roster or of the counts, and the waiting list.

A dated roster gives each pupil the months already spent; without dates, or with counts only, the
months spent follow the stationary state (see :mod:`daz_planner.simulation.stays`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from daz_planner.district.model import District, Pupil
from daz_planner.district.today_numbers import unlisted
from daz_planner.simulation.calendar import FloatArray, SchoolLadder
from daz_planner.simulation.stay_model import StayModel
from daz_planner.simulation.stays import StayTable


@dataclass(frozen=True)
class Group:
    """Pupils alike on the reference date: school, type, residence, phase, grades, months spent.

    ``school`` is -1 for children of the waiting list, who are in no school yet; ``phase`` is 0 for
    them (the stay begins), 1, 2 or 3 where known, ``None`` for "in a VKA, phase not known".
    """

    school: int
    kind: int
    municipality: int
    phase: int | None
    count: int
    start: FloatArray
    """``[position]`` probability of each step of the ladder."""
    stay: StayTable | None = None
    """Months left. As made here only where the months spent are known; :class:`Population` has it
    for all but phase 3."""


def groups_of_schools(
    district: District,
    kinds: tuple[str, ...],
    ladder: SchoolLadder,
    index: dict[str, int],
    stays: tuple[StayModel, ...],
) -> Iterator[Group]:
    """Pupils of the schools: those of the roster, the rest of the count without dates.

    Where the roster has more pupils in phases 1 and 2 than the table of schools, guests included,
    the roster holds; where it has fewer, the difference is taken as pupils of whom nothing is
    known.
    """
    roster = district.roster
    for s, school in enumerate(district.schools):
        kind = kinds.index(school.school_type)
        listed = [p for p in roster.pupils if p.school == school.name] if roster else []
        yield from _of_roster(district, s, kind, listed, ladder, index, stays[kind])
        start = ladder.start_shares(kind)
        for phase, count in unlisted(school, Counter(pupil.phase for pupil in listed)):
            yield Group(s, kind, index[school.municipality], phase, count, start)


def groups_of_newcomers(
    district: District, kinds: tuple[str, ...], ladder: SchoolLadder, index: dict[str, int]
) -> Iterator[Group]:
    """Children of today's waiting list, one group each."""
    for child in district.newcomers:
        kind = kinds.index(child.school_type)
        start = ladder.start_shares(kind, child.grade)
        yield Group(-1, kind, index[child.municipality], 0, 1, start)


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another, 0 where the first is later."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months - (last.day < first.day))


def _of_roster(
    district: District,
    s: int,
    kind: int,
    pupils: list[Pupil],
    ladder: SchoolLadder,
    index: dict[str, int],
    model: StayModel,
) -> Iterator[Group]:
    school = district.schools[s]
    alike = Counter(
        (
            pupil.phase,
            *_spent(pupil, district.reference_date),
            pupil.grade,
            index.get(pupil.municipality, index[school.municipality]),
        )
        for pupil in pupils
    )
    for (phase, in_phase, in_all, grade, municipality), count in sorted(alike.items(), key=repr):
        stay = None
        if phase != 3 and (in_phase is not None or in_all is not None):
            stay = model.given(phase, in_phase, in_all)
        start = ladder.start_shares(kind, grade)
        yield Group(s, kind, municipality, phase, count, start, stay)


def _spent(pupil: Pupil, day: date) -> tuple[int | None, int | None]:
    """Whole months in the phase and in the VKA so far, each ``None`` where not known."""
    in_phase = None if pupil.phase_since is None else months_between(pupil.phase_since, day)
    in_all = None if pupil.entered is None else months_between(pupil.entered, day)
    if pupil.phase == 1 and in_phase is None:
        in_phase = in_all
    return in_phase, in_all
