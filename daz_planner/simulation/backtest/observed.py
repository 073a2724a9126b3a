"""What was counted on past days: months of the sheet Historie, dated rosters, the table of schools.

Which day a month of the history stands for: see :mod:`daz_planner.simulation.past`.  All points are
counted alike: guest pupils, whom neither the sheet Historie nor most lists name, are in none.  A
list that lacks many pupils is no count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from daz_planner.district.model import SCHOOL_TYPES, District, Roster
from daz_planner.simulation.calendar import month_sequence, same_day
from daz_planner.simulation.past import month_end, pupils_by_day, pupils_of_table

NEAR = timedelta(days=15)
"""Counts of a list and of a table so near to each other must be alike."""
WHOLE_MONTHS = timedelta(days=5)
"""So far from whole months may two counts be apart: half a month is no month."""
LEAST_LISTED = 0.8
"""A list with a smaller share of the pupils that were counted near its day lacks whole schools."""


@dataclass(frozen=True)
class Series:
    """Which pupils are counted.

    ``school_type`` is empty for all types together; ``phase`` 0 stands for phases 1 and 2.
    """

    school_type: str = ""
    phase: int = 0

    @property
    def order(self) -> tuple[int, int]:
        """All school types first, then by type and phase."""
        kind = SCHOOL_TYPES.index(self.school_type) + 1 if self.school_type else 0
        return kind, self.phase


VKA = Series()
"""Pupils who need a VKA seat, all school types together."""


@dataclass(frozen=True)
class Observation:
    """The counts of one day; ``roster`` where they come from a list of pupils."""

    day: date
    counts: Mapping[Series, int]
    roster: Roster | None = field(default=None, repr=False)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last one of that month.

    The end of a month leads to the end of a month.
    """
    later = month_sequence(day, months + 1)[-1]
    return month_end(later) if day == month_end(day) else same_day(day, later)


def observations(district: District) -> tuple[Observation, ...]:
    """All days with a count of VKA pupils or of a phase, in order of time.

    On a day with several counts a list of pupils goes before the table of schools, and that before
    the sheet Historie; what only one of them names stays.  Partial lists are left out.
    """
    counts = _counted(district)
    kinds = {school.name: school.school_type for school in district.schools}
    partial = set(partial_rosters(district))
    rosters = {
        roster.reference_date: roster
        for roster in district.rosters
        if roster.pupils and roster.reference_date not in partial
    }
    for day, roster in rosters.items():
        found = counts_of_roster(roster, kinds)
        # Phases and sum of one source: those of another would not add up.
        rest = {s: n for s, n in counts.get(day, {}).items() if s.phase == 3 and s not in found}
        counts[day] = {**rest, **found}
    return tuple(
        Observation(day, found, rosters.get(day)) for day, found in sorted(counts.items()) if found
    )


def partial_rosters(district: District) -> tuple[date, ...]:
    """Days of lists that lack many of the pupils who were counted on that day or near it."""
    counts = {day: found[VKA] for day, found in _counted(district).items() if VKA in found}
    days = sorted(counts)
    partial = []
    for roster in district.rosters:
        day = nearest(days, roster.reference_date)
        listed = sum(pupil.phase != 3 for pupil in roster.pupils)
        if day is not None and roster.pupils and listed < LEAST_LISTED * counts[day]:
            partial.append(roster.reference_date)
    return tuple(sorted(set(partial)))


def _counted(district: District) -> dict[date, dict[Series, int]]:
    """Counts of the sheet Historie and of the table of schools."""
    counts = {
        day: {Series(phase=phase): number for phase, number in known.items()}
        for day, known in pupils_by_day(district).items()
    }
    today = counts_of_today(district)
    before = counts.get(district.reference_date, {})
    rest = {s: n for s, n in before.items() if VKA not in today or s.phase == 3}
    counts[district.reference_date] = {**rest, **today}
    return counts


def counts_of_roster(roster: Roster, kinds: Mapping[str, str]) -> dict[Series, int]:
    """Counts of a list of pupils by phase, in all and by school type.

    Phase 3 counts only where the list has somebody in it: many lists leave it out.
    """
    met = Counter((kinds.get(pupil.school, ""), pupil.phase) for pupil in roster.pupils)
    phases = (1, 2, 3) if any(phase == 3 for _, phase in met) else (1, 2)
    found: dict[Series, int] = {}
    for kind in ("", *(k for k in SCHOOL_TYPES if k in kinds.values())):
        by_phase = {
            phase: sum(n for (k, p), n in met.items() if p == phase and kind in ("", k))
            for phase in phases
        }
        found[Series(kind)] = by_phase[1] + by_phase[2]
        found |= {Series(kind, phase): number for phase, number in by_phase.items()}
    return found


def counts_of_today(district: District) -> dict[Series, int]:
    """Counts of the reference date in the table of schools, in all and by school type.

    Empty without schools.
    """
    found: dict[Series, int] = {}
    for kind in ("", *district.school_types) if district.schools else ():
        own = [school for school in district.schools if kind in ("", school.school_type)]
        found |= {Series(kind, phase): n for phase, n in pupils_of_table(own).items()}
    return found


def nearest(days: Sequence[date], wanted: date, within: timedelta = NEAR) -> date | None:
    """The day next to the wanted one of sorted days, ``None`` where none is near enough."""
    place = bisect_left(days, wanted)
    around: Iterable[date] = days[max(0, place - 1) : place + 1]
    best = min(around, key=lambda day: (abs(day - wanted), day), default=None)
    return best if best is not None and abs(best - wanted) <= within else None
