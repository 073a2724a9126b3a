"""The numbers of today that a plan starts with: pupils and free seats of each school, and why.

Two sources may name the pupils of a school: the table of schools and the roster of the reference
date. The larger number holds: a roster that lacks pupils is likelier than a child too many, and a
seat too few hurts more than one too many. A reserve that the office entered is honoured; where it
entered none the free seats are classes × class cap − pupils.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daz_planner.district.model import District, School
from daz_planner.district.text import quoted
from daz_planner.german import plural

TABLE, ROSTER, BOTH = "Tabelle", "Bestand", "beide"
"""Where the number of pupils comes from; ``BOTH``: table and roster name the same."""

ENTERED, COMPUTED = "Tabelle", "gerechnet"
"""Where the free seats come from: entered by the office, or classes × class cap − pupils."""

_FIRST_SCHOOLS = 3
_FAR = 5
"""Pupils of difference between table and roster that may be a matter of days."""


@dataclass(frozen=True)
class TodayNumber:
    """The VKA pupils of a school on the reference date, guest pupils included.

    ``listed`` are the pupils in phases 1 and 2 whom the roster of the day names, ``None`` where
    it names nobody of the school. ``without_phase`` of the pupils ``used`` have no known phase.
    """

    school: School
    listed: int | None
    without_phase: int

    @property
    def in_table(self) -> int:
        """VKA pupils and guest pupils of the table."""
        return self.school.pupils + self.school.guests

    @property
    def used(self) -> int:
        """What the plan starts with: the larger of table and roster."""
        return max(self.in_table, self.listed or 0)

    @property
    def source(self) -> str:
        """Which of the two is used. A roster may name the guest pupils or leave them out."""
        if self.listed is None:
            return TABLE
        if self.listed > self.in_table:
            return ROSTER
        return BOTH if self.agrees else TABLE

    @property
    def agrees(self) -> bool:
        """Whether the roster has as many pupils as the table, with guest pupils or without."""
        return self.listed in (self.school.pupils, self.in_table)

    @property
    def is_far(self) -> bool:
        """Whether table and roster differ by more than five pupils and a third of the larger.

        Then one of the two is about something else: a part of the school, another school, another
        day.
        """
        if self.listed is None or self.agrees:
            return False
        apart = abs(self.listed - self.school.pupils)
        return apart > _FAR and 3 * apart > max(self.listed, self.school.pupils)

    def free(self, seats: float) -> int:
        """Free VKA seats that the plan starts with, of the ``seats`` of today's classes."""
        return max(0, round(seats - self.used)) if self.school.classes else 0

    @property
    def reserve_source(self) -> str:
        """Where the free seats come from, empty where no class runs."""
        if not self.school.classes:
            return ""
        return COMPUTED if self.school.reserve is None else ENTERED


def today_numbers(district: District) -> tuple[TodayNumber, ...]:
    """The numbers of each school, in the order of the table."""
    by_phase: dict[str, Counter[int]] = {}
    for pupil in district.roster.pupils if district.roster is not None else ():
        by_phase.setdefault(pupil.school, Counter())[pupil.phase] += 1
    result = []
    for school in district.schools:
        named = by_phase.get(school.name)
        rest = unlisted(school, named or {})
        unknown = sum(number for phase, number in rest if phase is None)
        listed = None if named is None else named[1] + named[2]
        result.append(TodayNumber(school, listed, unknown))
    return tuple(result)


def unlisted(school: School, named: Mapping[int, int]) -> list[tuple[int | None, int]]:
    """Pupils of the table whom the roster does not name: (phase or ``None``, number above 0).

    ``named`` are the pupils of the school in the roster by phase. Guest pupils are in phase 2;
    pupils of the roster beyond the number of the table are taken for guests first, so that nobody
    counts twice.
    """
    listed = named.get(1, 0) + named.get(2, 0)
    first, second, third = school.phases
    guests = max(0, school.guests - max(0, listed - school.pupils))
    rest: list[tuple[int | None, int]] = [(None, school.pupils - listed), (2, guests)]
    if first is not None and second is not None and first + second == school.pupils:
        left = first - named.get(1, 0), second - named.get(2, 0) + school.guests
        if min(left) >= 0:
            rest = [(1, left[0]), (2, left[1])]
    rest.append((3, (third or 0) - named.get(3, 0)))
    return [(phase, number) for phase, number in rest if number > 0]


def reserve_text(district: District, seats: Sequence[float]) -> str:
    """The sum of the free seats of all schools, and that of the table where it is another.

    ``seats`` are those of today's classes, school by school in the order of the table.
    """
    numbers = zip(today_numbers(district), seats, strict=True)
    total = sum(number.free(there) for number, there in numbers)
    entered = sum(school.reserve or 0 for school in district.schools)
    return f"{total}" if total == entered else f"{total} (in der Tabelle {entered})"


def count_hints(district: District) -> list[str]:
    """What a plan has to say about the pupils it starts with, where there is a roster of today."""
    if district.roster is None:
        return []
    far = [number for number in today_numbers(district) if number.is_far]
    told = [
        f"{quoted(number.school.name)} (Tabelle {number.school.pupils}, Bestand {number.listed}, "
        f"gerechnet {number.used})"
        for number in far[:_FIRST_SCHOOLS]
    ]
    more = f" und {len(far) - len(told)} weitere" if len(far) > len(told) else ""
    hints = [f"Schüler von heute: {source_text(district)}"]
    if far:
        hints.insert(
            0,
            "Achtung: Bestand und Tabelle nennen sehr verschiedene Zahlen von VKA-Schülern, eine "
            f"der beiden ist wohl falsch: {', '.join(told)}{more}.",
        )
    return hints


def source_text(district: District) -> str:
    """A sentence on where the pupils of today come from; empty without a roster of the day."""
    if district.roster is None:
        return ""
    numbers = today_numbers(district)
    counts = Counter(number.source for number in numbers)
    parts = [
        f"{text} {'1 Schule' if counts[source] == 1 else f'{counts[source]} Schulen'}"
        for source, text in (
            (BOTH, "Bestand und Tabelle gleich bei"),
            (TABLE, "die Tabelle zählt bei"),
            (ROSTER, "der Bestand zählt bei"),
        )
        if counts[source]
    ]
    used = sum(number.used for number in numbers)
    pupils = plural(used, "VKA-Schüler", "VKA-Schülern")
    return f"Gerechnet wird mit {pupils}: {', '.join(parts)}."
