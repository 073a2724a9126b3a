"""What dated rosters say about each pupil's months in phases 1 and 2.

A roster meets a pupil in the middle of a stay: long stays are met more often, the end is not yet
known, and a change between two rosters without a date is known to lie between them.  A
:class:`Spell` keeps exactly that: since when the pupil could be seen at all, and the bounds of the
stay.

Months are counted as the simulation counts them: a stay of d months covers d monthly counts, taken
on the day of the month of the roster that met the pupil first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from daz_planner.district.model import SCHOOL_TYPES, Pupil, Roster
from daz_planner.simulation.today import months_between

LONGEST = 60
"""Months; who has been in the VKA for longer has a wrong date, not a long stay."""
LEAST_FOUND_AGAIN = 0.05
"""Share of pupils found again within a year under which ids cannot be the same ones: with 15 months
in the VKA about a third is left after a year, half as long a stay still leaves a tenth."""
LEAST_WITH_ENTRY = 0.9
"""Share of pupils with a known entry from which the whole VKA is the sample, not each phase."""
DAYS_OF_MONTH = 30.4375

Bounds = tuple[int, int | None]
"""Least and most months of a stay; ``None`` where the end is open."""


@dataclass(frozen=True)
class Gone:
    """Missing in the roster after the last one that had the pupil.

    ``age`` are the months on the pupil's clock at that roster, ``gap`` the months between the two
    rosters. ``phase3_listed``: who finishes phase 2 stays in the rosters, so this one moved away.
    """

    age: int
    gap: float
    phase3_listed: bool


@dataclass(frozen=True)
class Spell:
    """A pupil's way through the VKA as far as the rosters show it.

    The clock starts with the entry (``clock`` 1), with phase 2 where no entry is known (2), or is
    not known at all (0). ``seen`` are whole months on the clock when a roster met the pupil first,
    in ``phase``. ``first`` bounds the months in phase 1, ``total`` those in phases 1 and 2
    together (clock 1), ``second`` those in phase 2 (clock 2).

    ``whole_vka``: the pupil counts among all pupils in the VKA whose entry is as long ago;
    otherwise among those in the same phase.
    """

    kind: str
    phase: int
    clock: int
    seen: int
    first: Bounds = (1, None)
    total: Bounds = (2, None)
    second: Bounds = (1, None)
    gone: Gone | None = None
    whole_vka: bool = True

    def ends(self, phase: int) -> bool:
        """Whether an end of the phase was seen: a date, a change, or missing after phase 2."""
        left = self.gone is not None and not self.gone.phase3_listed
        if phase == 1:
            return self.clock == 1 and self.first[1] is not None and self.first[0] < LONGEST
        if self.clock == 2:
            return self.second[1] is not None or left
        return self.clock == 1 and (
            self.total[1] is not None or (left and self.first[1] is not None)
        )


@dataclass(frozen=True)
class Step:
    """A pupil from one roster to the next, ``gap`` months later.

    ``age`` are the months on the clock of the spell at the first of the two (``None``: not known).
    ``after`` is the phase at the next roster, 0 for missing.
    """

    kind: str
    phase: int
    age: int | None
    gap: float
    after: int
    phase3_listed: bool


@dataclass(frozen=True)
class Observations:
    """Everything that the rosters say, and what could not be used.

    ``elapsed`` are (type, phase, months so far in the phase) of the pupils of the latest roster.
    ``unusable`` pupils have dates that contradict each other; ``without_dates`` have none.
    ``lists_missing`` names (school, day) of lists that a later roster does not have, so that its
    pupils are not taken as gone. ``other_ids`` are days whose ids do not go on in the next roster.
    """

    rosters: tuple[Roster, ...]
    kind_of_school: Mapping[str, str]
    spells: tuple[Spell, ...]
    steps: tuple[Step, ...]
    elapsed: tuple[tuple[str, int, int], ...]
    unusable: int = 0
    without_dates: int = 0
    lists_missing: tuple[tuple[str, date], ...] = ()
    other_ids: tuple[date, ...] = ()

    @property
    def pupils(self) -> tuple[int, ...]:
        """Pupils in phases 1 and 2 on each day."""
        return tuple(
            sum(1 for p in roster.pupils if p.phase < 3 and p.school in self.kind_of_school)
            for roster in self.rosters
        )

    @property
    def kinds(self) -> tuple[str, ...]:
        """School types with any observation, in the order of all tables."""
        met = {spell.kind for spell in self.spells} | {step.kind for step in self.steps}
        met |= {kind for kind, _, _ in self.elapsed}
        return tuple(kind for kind in SCHOOL_TYPES if kind in met)


def months_apart(first: date, second: date) -> float:
    """Months between two days, with decimals."""
    return (second - first).days / DAYS_OF_MONTH


def counts_between(begin: date, end: date, anchor: date) -> int:
    """Monthly counts on the day of ``anchor`` with begin ≤ count < end: months of a stay."""
    return _count_number(end, anchor) - _count_number(begin, anchor)


def observe(rosters: Sequence[Roster], kind_of_school: Mapping[str, str]) -> Observations:
    """Turn rosters of one or several days into observations.

    Parameters
    ----------
    rosters:
        One for each day, at least one.
    kind_of_school:
        School type by the name of the school. Pupils of other schools are followed, but begin no
        spell.
    """
    ordered = tuple(sorted(rosters, key=lambda roster: roster.reference_date))
    kept, other_ids = _with_same_ids(ordered)
    return _Observer(kept, kind_of_school).observe(other_ids)


def _count_number(day: date, anchor: date) -> int:
    """Number of the first monthly count on or after the day; 0 is the anchor itself."""
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    return months + (day.day > anchor.day)


def _with_same_ids(rosters: tuple[Roster, ...]) -> tuple[tuple[Roster, ...], tuple[date, ...]]:
    """The latest rosters whose ids go on; earlier ones under other ids cannot be followed."""
    for later in range(len(rosters) - 1, 0, -1):
        before = {pupil.pupil_id.casefold() for pupil in rosters[later - 1].pupils}
        after = {pupil.pupil_id.casefold() for pupil in rosters[later].pupils}
        gap = months_apart(rosters[later - 1].reference_date, rosters[later].reference_date)
        lost = len(before & after) < LEAST_FOUND_AGAIN * len(before)
        if before and lost and gap <= 12.0:
            return rosters[later:], tuple(r.reference_date for r in rosters[:later])
    return rosters, ()


class _Observer:
    """Follows each pupil through the rosters."""

    def __init__(self, rosters: tuple[Roster, ...], kinds: Mapping[str, str]) -> None:
        self.rosters = rosters
        self.kinds = kinds
        self.days = [roster.reference_date for roster in rosters]
        self.listed = [{p.pupil_id.casefold(): p for p in roster.pupils} for roster in rosters]
        self.schools = [{p.school for p in roster.pupils} for roster in rosters]
        self.unusable = 0
        self.without_dates = 0
        self.lists_missing: dict[tuple[str, date], None] = {}
        self.steps: list[Step] = []

    def observe(self, other_ids: tuple[date, ...]) -> Observations:
        names = dict.fromkeys(name for listed in self.listed for name in listed)
        self.phase3 = [self._phase3_listed(j) for j in range(len(self.days) - 1)]
        spells = [spell for name in names if (spell := self._spell(name)) is not None]
        whole = sum(spell.clock == 1 for spell in spells) >= LEAST_WITH_ENTRY * len(spells)
        if not whole:
            spells = [replace(spell, whole_vka=False) for spell in spells]
        return Observations(
            rosters=self.rosters,
            kind_of_school=self.kinds,
            spells=tuple(spells),
            steps=tuple(self.steps),
            elapsed=tuple(self._elapsed()),
            unusable=self.unusable,
            without_dates=self.without_dates,
            lists_missing=tuple(self.lists_missing),
            other_ids=other_ids,
        )

    def _phase3_listed(self, j: int) -> set[str]:
        """Types of which a pupil in the VKA at roster j is in phase 3 at the next one."""
        return {
            self.kinds[pupil.school]
            for name, pupil in self.listed[j].items()
            if pupil.phase < 3 and pupil.school in self.kinds
            if name in self.listed[j + 1] and self.listed[j + 1][name].phase == 3
        }

    def _spell(self, name: str) -> Spell | None:
        sights = [(j, listed[name]) for j, listed in enumerate(self.listed) if name in listed]
        start, pupil = sights[0]
        kind = self.kinds.get(pupil.school)
        if kind is None or pupil.phase == 3:
            return None
        forward = [sights[0]]
        for j, later in sights[1:]:
            if later.phase < forward[-1][1].phase:
                break  # back in an earlier phase: what was seen until then counts
            forward.append((j, later))
        begin, since = _dates([later for _, later in forward], self.days[start])
        gone = self._gone(kind, forward) if len(forward) == len(sights) else None
        clock = 1 if begin is not None else 2 if 2 in since and pupil.phase == 2 else 0
        zero = begin if clock == 1 else since.get(2) if clock == 2 else None
        self._note_steps(kind, forward, gone, zero)
        if zero is None:
            self.without_dates += 1
            return None
        ages = {j: months_between(zero, self.days[j]) for j in range(start, len(self.days))}
        if max(ages[j] for j, _ in forward) >= LONGEST:
            self.unusable += 1
            return None
        missing = None
        if gone is not None:
            following, gap, listed = gone
            missing = Gone(ages[following], gap, listed)
        base = Spell(kind, pupil.phase, clock, ages[start], gone=missing)
        anchor = self.days[start]
        spell = _bounded(base, [(ages[j], p.phase) for j, p in forward], zero, since, anchor)
        self.unusable += spell is None
        return spell

    def _gone(self, kind: str, sights: list[tuple[int, Pupil]]) -> tuple[int, float, bool] | None:
        """The roster that misses the pupil, months between, and whether phase 3 is in it."""
        j, last = sights[-1]
        if last.phase == 3 or j + 1 == len(self.days):
            return None
        if last.school not in self.schools[j + 1]:
            self.lists_missing[(last.school, self.days[j + 1])] = None
            return None
        gap = months_apart(self.days[j], self.days[j + 1])
        return j + 1, gap, kind in self.phase3[j]

    def _note_steps(
        self,
        kind: str,
        sights: list[tuple[int, Pupil]],
        gone: tuple[int, float, bool] | None,
        zero: date | None,
    ) -> None:
        def add(j: int, phase: int, following: int, after: int) -> None:
            age = None if zero is None else months_between(zero, self.days[j])
            gap = months_apart(self.days[j], self.days[following])
            listed = following == j + 1 and kind in self.phase3[j]
            self.steps.append(Step(kind, phase, age, gap, after, listed))

        for (j, pupil), (following, later) in pairwise(sights):
            if pupil.phase < 3:
                add(j, pupil.phase, following, later.phase)
        if gone is not None:
            j, pupil = sights[-1]
            add(j, pupil.phase, gone[0], 0)

    def _elapsed(self) -> list[tuple[str, int, int]]:
        """Months so far in the phase, of the pupils of the latest roster."""
        found = []
        day = self.days[-1]
        for pupil in self.listed[-1].values():
            since = pupil.phase_since or (pupil.entered if pupil.phase == 1 else None)
            kind = self.kinds.get(pupil.school)
            if kind is None or pupil.phase == 3 or since is None or since > day:
                continue
            spent = months_between(since, day)
            if spent < LONGEST:
                found.append((kind, pupil.phase, spent))
        return found


def _dates(sights: Sequence[Pupil], first_day: date) -> tuple[date | None, dict[int, date]]:
    """The first day in the VKA and the first days of the phases, as far as they are known."""
    since: dict[int, date] = {}
    for pupil in sights:
        if pupil.phase_since is not None:
            since.setdefault(pupil.phase, pupil.phase_since)
    entered = next((p.entered for p in sights if p.entered is not None), None)
    begin = since.get(1) or entered
    if begin is not None and begin > first_day:
        begin = None
    return begin, since


def _bounded(
    spell: Spell,
    sights: Sequence[tuple[int, int]],
    zero: date,
    since: Mapping[int, date],
    anchor: date,
) -> Spell | None:
    """The spell with the bounds of its stays; ``None`` where the dates contradict the rosters.

    ``sights`` are (months on the clock, phase) at each roster.
    """
    least = {1: 1, 2: 1 if spell.clock == 2 else 2}
    most: dict[int, int | None] = {1: None, 2: None}
    for age, phase in sights:
        if phase == 1:
            least[1] = max(least[1], age + 1)
        else:
            # Each phase takes a month at least, as in the simulation.
            most[1] = max(1, age) if most[1] is None else most[1]
        if phase == 2:
            least[2] = max(least[2], age + 1)
        if phase == 3 and most[2] is None:
            most[2] = max(2, age)
    for phase in (1, 2) if spell.clock == 1 else (2,):
        known = since.get(phase + 1)
        if known is not None and most[phase] is not None:
            exact = counts_between(zero, known, anchor)
            # The day of the month of two rosters differs: a month more or less is no contradiction.
            near = min(max(exact, least[phase]), max(most[phase] or 0, least[phase]))
            if abs(near - exact) > 1:
                return None
            least[phase] = most[phase] = near
        end = most[phase]
        if end is not None and end < least[phase]:
            if end < least[phase] - 1:
                return None
            most[phase] = least[phase]
    if spell.clock == 2:
        return replace(spell, second=(least[2], most[2]))
    least[2] = max(least[2], least[1] + 1)
    end = most[2]
    if end is not None:
        most[2] = max(end, least[2])
    return replace(spell, first=(least[1], most[1]), total=(least[2], most[2]))
