"""Why a child of today's list gets this seat: the nearest schools and what ruled each out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.text import quoted
from daz_planner.german import listed, month
from daz_planner.planning.children import Seating, listed_children
from daz_planner.planning.lasting import NEVER
from daz_planner.planning.obstacles import (
    EARLIER,
    FROM_SIBLINGS,
    FULL,
    LATER,
    LONGER,
    NOT_BETTER,
    OF_SIBLINGS,
    TAKEN,
    TAKEN_LONGER,
    TAKEN_PINNED,
    Obstacles,
    Seat,
    same_minutes,
)
from daz_planner.planning.plan import Alternative, ChildSeat
from daz_planner.planning.problem import IntArray, Problem

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

NEAREST = 3
"""Other schools that are named for a child: those wished, then the nearest."""

TOGETHER = "kürzeste Wege für alle Kinder der Liste zusammen"
_GIVEN = {
    TAKEN_LONGER: f"nähere Plätze gehen an {LONGER}",
    TAKEN_PINNED: "nähere Plätze gehen an dorthin festgelegte Kinder",
    FROM_SIBLINGS: "näher an der Schule der Geschwister",
    TAKEN: TOGETHER,
    NOT_BETTER: "nach allen Zielen der Liste zusammen am besten",
}
"""What spoke against the nearer schools → the reason of the seat, where it is told otherwise."""


def seat_reasons(
    district: District,
    scenario: Scenario,
    problem: Problem,
    seating: Seating,
    until: IntArray | None = None,
    classes: IntArray | None = None,
) -> list[ChildSeat]:
    """The children of the problem with seat, reason and up to three other schools.

    Parameters
    ----------
    until:
        ``[k]`` month up to which seats were given, where that is not the whole period.
    classes:
        ``[s, t]`` classes of the plan by school of the problem; those decided where left out.
    """
    reasons = _Reasons(district, scenario, problem, seating, until, classes)
    return [reasons.of(c) for c in listed_children(district, problem)]


def nearest_schools(
    district: District, scenario: Scenario, problem: Problem, seating: Seating, c: int
) -> tuple[Alternative, ...]:
    """The nearest schools of a child's type whatever its wishes, and what spoke against each.

    Nothing does where the child has its seat: the obstacle is empty.
    """
    reasons = _Reasons(district, scenario, problem, seating)
    seat = (seating.school[c], seating.month.get(c, 0)) if c in seating.school else None
    minutes = problem.minutes[reasons.place[district.newcomers[c].municipality]]
    return tuple(
        Alternative(
            int(problem.schools[s]),
            float(minutes[s]),
            "" if seat is not None and s == seat[0] else reasons.against.of(c, s, seat),
        )
        for s in reasons.nearest(c)[:NEAREST]
    )


class _Reasons:
    """The names and numbers that the reasons need."""

    def __init__(
        self,
        district: District,
        scenario: Scenario,
        problem: Problem,
        seating: Seating,
        until: IntArray | None = None,
        classes: IntArray | None = None,
    ) -> None:
        self.until = until
        self.district = district
        self.problem = problem
        self.seating = seating
        self.against = Obstacles(district, scenario, problem, seating, classes)
        self.place, self.names = self.against.place, self.against.names
        self.free, self.left = self.against.free, self.against.left
        # A school that has no VKA, now or for this list, is no other choice for a child of today.
        self.running = problem.classes_today > 0
        self.running[list(self.against.takers)] = True

    def of(self, c: int) -> ChildSeat:
        """The seat of a child with its reason and the nearest other schools."""
        problem, child = self.problem, self.district.newcomers[c]
        seat: Seat = None
        if c in self.seating.school:
            seat = self.seating.school[c], self.seating.month.get(c, 0)
        minutes = problem.minutes[self.place[child.municipality]]
        nearest = self.nearest(c)
        wished = [self.names.index(name) for name in child.wishes if name in self.names]
        others = dict.fromkeys([*(s for s in wished if s in nearest), *nearest])
        if seat is not None:
            others.pop(seat[0], None)
        return ChildSeat(
            child=child,
            school=None if seat is None else int(problem.schools[seat[0]]),
            month=None if seat is None else seat[1],
            minutes=None if seat is None else float(minutes[seat[0]]),
            reason=self._waits(c, nearest) if seat is None else self._sits(c, nearest, seat),
            alternatives=tuple(
                Alternative(int(problem.schools[s]), float(minutes[s]), self.against.of(c, s, seat))
                for s in list(others)[:NEAREST]
            ),
        )

    def nearest(self, c: int) -> list[int]:
        """Schools of the child's type that run a VKA, the nearest first; all where none does."""
        problem, child = self.problem, self.district.newcomers[c]
        minutes = problem.minutes[self.place[child.municipality]]
        of_type = problem.kind == problem.school_types.index(child.school_type)
        own = np.flatnonzero(of_type & self.running)
        if not len(own):
            own = np.flatnonzero(of_type)
        return sorted(own.tolist(), key=lambda s: (minutes[s], s))

    # -- children without a seat -------------------------------------------------------------------

    def _waits(self, c: int, nearest: list[int]) -> str:
        child = self.district.newcomers[c]
        i = self.place[child.municipality]
        if not nearest:
            return "wartet: keine Schule der Schulart in der Tabelle"
        if child.pinned_to:
            return (
                f"wartet: auf {quoted(child.pinned_to)} festgelegt, dort wird "
                f"{self._so_far(c)} kein Platz frei"
            )
        if not self.problem.reach[i][nearest].any():
            return "wartet: keine Schule der Schulart innerhalb der Grenze des Schulwegs"
        allowed = sorted(self.against.exchanges.allowed(c))
        if not allowed:
            return "wartet: alle Schulen in Reichweite sind für das Kind ausgeschlossen"
        barred = [
            s
            for s in nearest
            if self.names[s] in child.excluded and self.problem.reach[i, s] and self.left[s] > 0
        ]
        return f"wartet: {self._why_waiting(c, allowed)}" + (
            f"; frei, aber für das Kind ausgeschlossen: {self._named(barred)}" if barred else ""
        )

    def _why_waiting(self, c: int, allowed: list[int]) -> str:
        """What became of the seats that the child may have."""
        grade = self.district.newcomers[c].grade
        given = [s for s in allowed if self.against.takers[s]]
        closing = [s for s in allowed if self.against.closes(s)]
        if closing and all(self.left[s] <= 0 for s in allowed if s not in closing):
            return f"{self._only_until(closing[0])}, sonst ist keiner in Reichweite frei"
        if any(self.left[s] > 0 for s in allowed) and self.against.strict:
            return f"Klassenstufe {grade} passt in keine VKA mit freiem Platz"
        if not given:
            return f"{self._so_far(c)} wird an keiner zulässigen Schule ein Platz frei"
        who = self.against.who({t for s in given for t in self.against.takers[s]}, c)
        return f"die Plätze in Reichweite gehen an {who}"

    def _so_far(self, c: int) -> str:
        """The time in which seats were given."""
        problem = self.problem
        last = problem.month_count - 1
        if self.until is not None:
            kind = self.district.newcomers[c].school_type
            last = int(self.until[problem.school_types.index(kind)])
        if last == problem.month_count - 1:
            return "im Zeitraum"
        return f"bis {month(problem.months[last])}"

    # -- children with a seat ----------------------------------------------------------------------

    def _sits(self, c: int, nearest: list[int], seat: tuple[int, int]) -> str:
        child, (school, start) = self.district.newcomers[c], seat
        together, apart = self.against.siblings(c)
        is_wish = self.names[school] in child.wishes
        minutes = self.problem.minutes[self.place[child.municipality]]
        nearer = [
            s
            for s in nearest
            if minutes[s] < minutes[school] and not same_minutes(minutes[s], minutes[school])
        ]
        told = {s: self.against.of(c, s, seat) for s in nearer}
        barred = [s for s in nearer if self.names[s] in child.excluded]
        unfit = [s for s in nearer if told[s] == self.against.grade_text(c)]
        before = [s for s in nearer if s not in barred and s not in unfit]
        next_one = f"nächste {'erlaubte ' if barred or unfit else ''}Schule der Schulart"
        if child.pinned_to:
            why = "vom Amt auf diese Schule festgelegt"
        elif not before:
            why = next_one
        elif is_wish:
            why = "Wunschschule"
        else:
            why = self._why_not_nearer([told[s] for s in before], before, next_one)
        parts = [why]
        if not child.pinned_to and why != "Wunschschule":
            if barred:
                parts.append(f"näher, aber für das Kind ausgeschlossen: {self._named(barred)}")
            if unfit:
                parts.append(
                    f"näher, aber Klassenstufe {child.grade} passt nicht in die VKA: "
                    f"{self._named(unfit)}"
                )
        if is_wish:
            rank = child.wishes.index(self.names[school]) + 1
            parts.append("Wunsch erfüllt" if rank == 1 else f"{rank}. Wunsch erfüllt")
        elif child.wishes and child.wishes[0] not in {self.names[s] for s in barred}:
            parts.append(self._wish(c, seat))
        if together:
            with_whom = listed(self.district.newcomers[n].pupil_id for n in together)
            parts.append(f"zusammen mit {with_whom}")
        if apart:
            parts.append(self._apart(c, apart))
        if c in self.seating.outside:
            parts.append(f"Klassenstufe {child.grade} außerhalb der Spanne einer VKA")
        if c in self.seating.lots:
            parts.append(f"unter gleichen entschied das Los (Saat {self.against.seed})")
        if start:
            begins = month(self.problem.months[start])
            parts.append(f"Platz ab {begins}, {self._before(c, start)}")
        wish = child.wishes[0] if child.wishes and not is_wish else ""
        closing = [s for s in before if self.against.closes(s) and self.names[s] != wish]
        if closing and not child.pinned_to:
            parts.append(self._only_until(closing[0]))
        elif child.pinned_to and not start and self.against.ends[school] != NEVER:
            ends = month(self.problem.months[int(self.against.ends[school])])
            parts.append(f"ab {ends} schließt die Klasse nach dem Klassenplan")
        return "; ".join(dict.fromkeys(parts))

    def _why_not_nearer(self, told: list[str], before: list[int], next_one: str) -> str:
        """The reason of a seat by what spoke against the nearer schools."""
        gone = [text in (FULL, LATER) or text.startswith(EARLIER) for text in told]
        if all(gone):
            return f"{next_one} mit freiem Platz"
        if all(taken or self.against.closes(s) for taken, s in zip(gone, before, strict=True)):
            return f"{next_one} mit einem Platz, der bleibt"
        if any(text in OF_SIBLINGS for text in told):
            return "Geschwister bleiben zusammen"
        # A reason that is more than the ways goes before them.
        open_ones = [
            text
            for text, taken, s in zip(told, gone, before, strict=True)
            if not taken and not self.against.closes(s)
        ]
        reason = next((text for text in open_ones if text not in _GIVEN), None)
        return reason or _GIVEN[TAKEN if TAKEN in open_ones else open_ones[0]]

    def _before(self, c: int, start: int) -> str:
        """What became of the seats that were free earlier."""
        earlier = {
            t
            for s in self.against.exchanges.allowed(c)
            for t in self.against.takers[s]
            if self.seating.month.get(t, 0) < start
        }
        if not earlier:
            return "vorher ist keiner frei"
        return f"frühere gehen an {self.against.who(earlier, c).split(';')[0]}"

    def _named(self, schools: list[int]) -> str:
        return listed(quoted(self.names[s]) for s in schools)

    def _only_until(self, s: int) -> str:
        ends = month(self.problem.months[int(self.against.ends[s])])
        there = f"an {quoted(self.names[s])} sind Plätze frei"
        return f"{there}, ab {ends} fallen sie weg (Klassenplan)"

    def _wish(self, c: int, seat: tuple[int, int]) -> str:
        """Why the first wish was not met."""
        child = self.district.newcomers[c]
        wish = child.wishes[0]
        s = self.names.index(wish) if wish in self.names else None
        if s is None or self._kind(s) != child.school_type:
            return f"Wunsch {quoted(wish)} ist keine Schule der Schulart"
        return f"Wunsch {quoted(wish)}: {self.against.of(c, s, seat)}"

    def _kind(self, s: int) -> str:
        return self.problem.school_types[int(self.problem.kind[s])]

    def _apart(self, c: int, apart: list[int]) -> str:
        """Why a family of one school type is split."""
        children = self.district.newcomers
        members = [c, *self._same_type(c)]
        who = listed(children[n].pupil_id for n in apart)
        common = np.ones(len(self.free), dtype=np.bool_)
        for n in members:
            common &= np.isin(np.arange(len(common)), list(self.against.exchanges.allowed(n)))
        if any(children[n].pinned_to for n in members):
            why = "so festgelegt"
        elif not common.any():
            why = "keine Schule steht allen offen"
        elif self.free[common].max() < len(members):
            why = f"keine Schule hat {len(members)} freie Plätze"
        elif all(
            self._span_broken(members, s)
            for s in np.flatnonzero(common & (self.free >= len(members))).tolist()
        ):
            why = "die Klassenstufen passen nicht in eine VKA"
        else:
            why = "sonst verlöre ein anderes Kind der Liste seinen Platz oder seinen Vorrang"
        return f"getrennt von {who}: {why}"

    def _same_type(self, c: int) -> list[int]:
        children = self.district.newcomers
        return [
            n
            for n in self.against.family[children[c].family]
            if n != c and children[n].school_type == children[c].school_type
        ]

    def _span_broken(self, members: list[int], s: int) -> bool:
        """Whether the grades of the members do not fit beside those who are at a school."""
        span = self.against.exchanges.grades[s].span
        grades = {g for n in members if (g := self.against.exchanges.grade(n)) is not None}
        if span is None or not grades:
            return False
        allowed = self.against.exchanges.grades[s].spans(int(self.problem.classes_today[s]))
        return span.needed({*self.against.exchanges.grades[s].present, *grades}) > allowed
