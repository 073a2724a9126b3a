"""What happened between two rosters: arrivals, departures, changes of phase and of school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from daz_planner.district.model import Pupil, Roster


@dataclass(frozen=True)
class PupilChange:
    """The same pupil in the earlier and in the later roster."""

    before: Pupil
    after: Pupil


@dataclass(frozen=True)
class RosterChanges:
    """Changes between two reference dates, pupils by id; who moved and changed phase is in both.

    ``arrivals`` are pupils of the later roster only, ``departures`` of the earlier only: when in
    between is not known. ``stayed`` is the number of pupils in both.
    """

    first_date: date
    second_date: date
    arrivals: tuple[Pupil, ...]
    departures: tuple[Pupil, ...]
    phase_changes: tuple[PupilChange, ...]
    school_changes: tuple[PupilChange, ...]
    stayed: int


def compare_rosters(first: Roster, second: Roster) -> RosterChanges:
    """Compare two rosters of different dates; the order of the arguments does not matter.

    The result keeps the order of the rosters.

    Raises
    ------
    ValueError
        Both rosters are of the same date.
    """
    if first.reference_date == second.reference_date:
        raise ValueError("two rosters of the same date cannot be compared")
    if first.reference_date > second.reference_date:
        first, second = second, first
    before = {pupil.pupil_id: pupil for pupil in first.pupils}
    after = {pupil.pupil_id: pupil for pupil in second.pupils}
    both = [PupilChange(before[key], pupil) for key, pupil in after.items() if key in before]
    return RosterChanges(
        first_date=first.reference_date,
        second_date=second.reference_date,
        arrivals=tuple(pupil for key, pupil in after.items() if key not in before),
        departures=tuple(pupil for key, pupil in before.items() if key not in after),
        phase_changes=tuple(c for c in both if c.before.phase != c.after.phase),
        school_changes=tuple(c for c in both if c.before.school != c.after.school),
        stayed=len(both),
    )
