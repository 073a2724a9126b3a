"""What was counted on past days: months of the sheet Historie, dated rosters, the table of schools.

A month of the history is a count at its end; the month of the reference date is one of that day.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from daz_planner.district.model import SCHOOL_TYPES, District, HistoryMonth, Roster
from daz_planner.district.today_numbers import today_numbers
from daz_planner.simulation.calendar import month_sequence, same_day

NEAR = timedelta(days=15)
"""So far from the day asked for may the day of a count be."""


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


def month_end(month: date) -> date:
    """The last day of a month."""
    return same_day(date(2000, 1, 31), month)


def position(day: date) -> float:
    """A day as a number of months: whole at the end of a month, so that months are 1 apart."""
    return day.year * 12 + day.month - 1 + day.day / month_end(day).day


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last one of that month.

    The end of a month leads to the end of a month.
    """
    later = month_sequence(day, months + 1)[-1]
    return month_end(later) if day == month_end(day) else same_day(day, later)


def observations(district: District) -> tuple[Observation, ...]:
    """All days with a count of VKA pupils or of a phase, in order of time."""
    counts: dict[date, dict[Series, int]] = {}
    for entry in district.history:
        found = counts_of_month(entry)
        if found:
            counts.setdefault(day_of_month(entry.month, district.reference_date), {}).update(found)
    kinds = {school.name: school.school_type for school in district.schools}
    rosters = {roster.reference_date: roster for roster in district.rosters if roster.pupils}
    for day, roster in rosters.items():
        counts.setdefault(day, {}).update(counts_of_roster(roster, kinds))
    counts.setdefault(district.reference_date, {}).update(counts_of_today(district))
    return tuple(
        Observation(day, found, rosters.get(day)) for day, found in sorted(counts.items()) if found
    )


def day_of_month(month: date, reference_date: date) -> date:
    """The day on which the counts of a month of the history hold."""
    same = (month.year, month.month) == (reference_date.year, reference_date.month)
    return reference_date if same else month_end(month)


def counts_of_month(entry: HistoryMonth) -> dict[Series, int]:
    """Counts of a month; what follows from the others (phase 2 = VKA - phase 1) is filled in."""
    known = dict(entry.pupils)
    if 1 in known and 2 in known:
        known.setdefault(0, known[1] + known[2])
    elif 0 in known:
        for one, other in ((1, 2), (2, 1)):
            if one in known and known[0] >= known[one]:
                known[other] = known[0] - known[one]
                break
    return {Series(phase=phase): number for phase, number in known.items()}


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
    """Counts of the reference date as a plan starts with them, guests included.

    Phases where every school of the table names them, guests in phase 2.
    """
    numbers = today_numbers(district)
    found: dict[Series, int] = {}
    for kind in ("", *district.school_types):
        own = [number for number in numbers if kind in ("", number.school.school_type)]
        found[Series(kind)] = sum(number.used for number in own)
        guests = sum(number.school.guests for number in own)
        for phase in (1, 2, 3):
            named = [number.school.phases[phase - 1] for number in own]
            if all(count is not None for count in named):
                total = sum(count for count in named if count is not None)
                found[Series(kind, phase)] = total + (guests if phase == 2 else 0)
    return found


def nearest(days: Sequence[date], wanted: date) -> date | None:
    """The day next to the wanted one of sorted days, ``None`` where none is near enough."""
    place = bisect_left(days, wanted)
    around: Iterable[date] = days[max(0, place - 1) : place + 1]
    best = min(around, key=lambda day: (abs(day - wanted), day), default=None)
    return best if best is not None and abs(best - wanted) <= NEAR else None
