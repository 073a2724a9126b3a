"""Why a child of today's list gets this seat: the nearest schools and what ruled each out."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.text import quoted
from daz_planner.german import listed, month, plural
from daz_planner.planning.children import Seating, listed_children
from daz_planner.planning.grades import HARD, SchoolGrades, grade_of_type, school_grades
from daz_planner.planning.lasting import NEVER, seats_end
from daz_planner.planning.plan import Alternative, ChildSeat
from daz_planner.planning.problem import IntArray, Problem, allowed_schools, waiting_order

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

NEAREST = 3
"""Other schools that are named for a child: those wished, then the nearest."""

TOGETHER = "kürzeste Wege für alle Kinder der Liste zusammen"
FULL = "kein freier Platz am Stichtag"

Seat = tuple[int, int] | None
"""(school of the problem, month), or ``None`` for a child that waits throughout."""


def seat_reasons(
    district: District,
    scenario: Scenario,
    problem: Problem,
    seating: Seating,
    until: IntArray | None = None,
) -> list[ChildSeat]:
    """The children of the problem with seat, reason and up to three other schools.

    Parameters
    ----------
    until:
        ``[k]`` month up to which seats were given, where that is not the whole period.
    """
    reasons = _Reasons(district, scenario, problem, seating, until)
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
            "" if seat is not None and s == seat[0] else reasons.obstacle(c, s, seat),
        )
        for s in reasons.nearest(c)[:NEAREST]
    )


class _Reasons:
    """Free seats before and after the seating, and the names that the reasons need."""

    def __init__(
        self,
        district: District,
        scenario: Scenario,
        problem: Problem,
        seating: Seating,
        until: IntArray | None = None,
    ) -> None:
        self.until = until
        self.district = district
        self.problem = problem
        self.seating = seating
        self.seed = scenario.rechnen.saat
        self.strict = scenario.klassen.klassenstufen_spanne == HARD
        limit = scenario.wege.limit
        self.limit = plural(limit, "Minute", "Minuten") if math.isfinite(limit) else ""
        self.place = {m.name: i for i, m in enumerate(district.municipalities)}
        self.names = [district.schools[s].name for s in problem.schools]
        self.free = seating.free
        now = [s for c, s in seating.school.items() if not seating.month.get(c)]
        self.left = self.free - np.bincount(np.array(now, dtype=np.int64), minlength=len(self.free))
        # From when a seat taken at once would be lost by a decision of the office.
        self.ends = seats_end(problem, problem.use_today + seating.use)
        grades = school_grades(district, scenario)
        self.grades: list[SchoolGrades] = [grades[s] for s in problem.schools.tolist()]
        self.takers: defaultdict[int, list[int]] = defaultdict(list)
        for c, s in sorted(seating.school.items()):
            self.takers[s].append(c)
        # A school that has no VKA, now or for this list, is no other choice for a child of today.
        self.running = problem.classes_today > 0
        self.running[list(self.takers)] = True
        self.family: defaultdict[str, list[int]] = defaultdict(list)
        for c, child in enumerate(district.newcomers):
            if child.family:
                self.family[child.family].append(c)

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
                Alternative(int(problem.schools[s]), float(minutes[s]), self.obstacle(c, s, seat))
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
        allowed = np.flatnonzero(allowed_schools(self.district, self.problem, child, i)).tolist()
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
        given = [s for s in allowed if self.takers[s]]
        closing = [s for s in allowed if self._closes(s)]
        if closing and all(self.left[s] <= 0 for s in allowed if s not in closing):
            return f"{self._only_until(closing[0])}, sonst ist keiner in Reichweite frei"
        if any(self.left[s] > 0 for s in allowed) and self.strict:
            return f"Klassenstufe {grade} passt in keine VKA mit freiem Platz"
        if not given:
            return f"{self._so_far(c)} wird an keiner zulässigen Schule ein Platz frei"
        who = self._who({t for s in given for t in self.takers[s]}, c)
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

    def _who(self, takers: set[int], c: int) -> str:
        """Who had the seats that a child did not get."""
        children = self.district.newcomers
        free = [t for t in takers if not children[t].pinned_to]
        if not free:
            return "Kinder, die dorthin festgelegt sind"
        day = waiting_order(children[c])[0]
        if all(waiting_order(children[t])[0] < day for t in free):
            return "Kinder, die länger warten"
        if c in self.seating.lots:
            return (
                f"Kinder, die gleich lang oder länger warten; das Los entschied (Saat {self.seed})"
            )
        return "andere Kinder der Liste"

    # -- children with a seat ----------------------------------------------------------------------

    def _sits(self, c: int, nearest: list[int], seat: tuple[int, int]) -> str:
        child, (school, start) = self.district.newcomers[c], seat
        together, apart = self._siblings(c)
        is_wish = self.names[school] in child.wishes
        minutes = self.problem.minutes[self.place[child.municipality]]
        nearer = [s for s in nearest if minutes[s] < minutes[school]]
        barred = [s for s in nearer if self.names[s] in child.excluded]
        unfit = [s for s in nearer if s not in barred and self._unfit(c, s)]
        before = [s for s in nearer if s not in barred and s not in unfit]
        next_one = f"nächste {'erlaubte ' if barred or unfit else ''}Schule der Schulart"
        if child.pinned_to:
            why = "vom Amt auf diese Schule festgelegt"
        elif not before:
            why = next_one
        elif is_wish:
            why = "Wunschschule"
        elif all(self.free[s] <= 0 for s in before):
            why = f"{next_one} mit freiem Platz"
        elif all(self.free[s] <= 0 or self._closes(s) for s in before):
            why = f"{next_one} mit einem Platz, der bleibt"
        elif together and any(self.left[s] > 0 for s in before):
            why = "Geschwister bleiben zusammen"
        else:
            why = TOGETHER
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
            parts.append(f"zusammen mit {listed(together)}")
        if apart:
            parts.append(self._apart(c, apart))
        if c in self.seating.outside:
            parts.append(f"Klassenstufe {child.grade} außerhalb der Spanne einer VKA")
        if c in self.seating.lots:
            parts.append(f"unter gleichen entschied das Los (Saat {self.seed})")
        if start:
            begins = month(self.problem.months[start])
            parts.append(f"Platz ab {begins}, {self._before(c, start)}")
        wish = child.wishes[0] if child.wishes and not is_wish else ""
        closing = [s for s in before if self._closes(s) and self.names[s] != wish]
        if closing and not child.pinned_to:
            parts.append(self._only_until(closing[0]))
        elif child.pinned_to and not start and self.ends[school] != NEVER:
            ends = month(self.problem.months[int(self.ends[school])])
            parts.append(f"ab {ends} schließt die Klasse nach dem Klassenplan")
        return "; ".join(dict.fromkeys(parts))

    def _before(self, c: int, start: int) -> str:
        """What became of the seats that were free earlier."""
        child = self.district.newcomers[c]
        allowed = allowed_schools(
            self.district, self.problem, child, self.place[child.municipality]
        )
        earlier = {
            t
            for s in np.flatnonzero(allowed).tolist()
            for t in self.takers[s]
            if self.seating.month.get(t, 0) < start
        }
        if not earlier:
            return "vorher ist keiner frei"
        return f"frühere gehen an {self._who(earlier, c).split(';')[0]}"

    def _unfit(self, c: int, s: int) -> bool:
        """Whether a school has a free seat that the grade of the child rules out."""
        return bool(self.free[s] > 0 and self._grade_speaks_against(c, s))

    def _named(self, schools: list[int]) -> str:
        return listed(quoted(self.names[s]) for s in schools)

    def _closes(self, s: int) -> bool:
        """Whether seats are free at a school that go with its class, so that nobody has them."""
        return bool(self.left[s] > 0 and self.ends[s] != NEVER)

    def _only_until(self, s: int) -> str:
        ends = month(self.problem.months[int(self.ends[s])])
        there = f"an {quoted(self.names[s])} sind Plätze frei"
        return f"{there}, ab {ends} fallen sie weg (Klassenplan)"

    def _wish(self, c: int, seat: tuple[int, int]) -> str:
        """Why the first wish was not met."""
        child = self.district.newcomers[c]
        wish = child.wishes[0]
        s = self.names.index(wish) if wish in self.names else None
        if s is None or self._kind(s) != child.school_type:
            return f"Wunsch {quoted(wish)} ist keine Schule der Schulart"
        return f"Wunsch {quoted(wish)}: {self.obstacle(c, s, seat)}"

    def _kind(self, s: int) -> str:
        return self.problem.school_types[int(self.problem.kind[s])]

    def _siblings(self, c: int) -> tuple[list[str], list[int]]:
        """Ids of siblings of the type at the same school; siblings of the type elsewhere."""
        children = self.district.newcomers
        own = children[c]
        same = [
            n
            for n in (self.family[own.family] if own.family else ())
            if n != c and children[n].school_type == own.school_type
        ]
        school = self.seating.school.get(c)
        together = [n for n in same if self.seating.school.get(n) == school]
        return [children[n].pupil_id for n in together], [n for n in same if n not in together]

    def _apart(self, c: int, apart: list[int]) -> str:
        """Why a family of one school type is split."""
        children = self.district.newcomers
        members = [c, *self._same_type(c)]
        who = listed(children[n].pupil_id for n in apart)
        common = np.ones(len(self.free), dtype=np.bool_)
        for n in members:
            place = self.place[children[n].municipality]
            common &= allowed_schools(self.district, self.problem, children[n], place)
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
            for n in self.family[children[c].family]
            if n != c and children[n].school_type == children[c].school_type
        ]

    def _span_broken(self, members: list[int], s: int) -> bool:
        """Whether the grades of the members do not fit beside those who are at a school."""
        span = self.grades[s].span
        grades = {g for n in members if (g := self._grade(n)) is not None}
        if span is None or not grades:
            return False
        allowed = self.grades[s].spans(int(self.problem.classes_today[s]))
        return span.needed({*self.grades[s].present, *grades}) > allowed

    def _grade(self, c: int) -> int | None:
        child = self.district.newcomers[c]
        return grade_of_type(child.grade, child.school_type)

    # -- other schools -----------------------------------------------------------------------------

    def obstacle(self, c: int, s: int, seat: Seat) -> str:
        """What spoke against a school."""
        child = self.district.newcomers[c]
        i = self.place[child.municipality]
        minutes = self.problem.minutes[i]
        if child.pinned_to:
            own = child.pinned_to == self.names[s]
            return FULL if own else "Kind ist auf eine andere Schule festgelegt"
        if self.names[s] in child.excluded:
            return "für das Kind ausgeschlossen"
        if not self.problem.reach[i, s]:
            return f"Weg über {self.limit}"
        if self.free[s] <= 0:
            return FULL
        if self._closes(s):
            ends = month(self.problem.months[int(self.ends[s])])
            return f"Plätze fallen ab {ends} weg (Klassenplan)"
        if self._grade_speaks_against(c, s):
            return f"Klassenstufe {child.grade} passt nicht in die VKA"
        if seat is None:
            return f"Platz geht an {self._who(set(self.takers[s]), c)}"
        if self.names[s] not in child.wishes:
            if minutes[s] >= minutes[seat[0]]:
                return "weiter entfernt"
            if self.names[seat[0]] in child.wishes:
                return "Wunsch geht vor"
        if self.problem.excess[i, s] > self.problem.excess[i, seat[0]]:
            return "Weg über dem Richtwert"
        together, _ = self._siblings(c)
        if together and self.left[s] <= len(together):
            return "kein Platz für alle Geschwister"
        if self.left[s] <= 0:
            return self._given_away(c, s)
        if self._has_sibling_of_other_type(c):
            return "weiter von der Schule der Geschwister"
        return TOGETHER

    def _given_away(self, c: int, s: int) -> str:
        who = self._who(set(self.takers[s]), c)
        return {
            "Kinder, die länger warten": "Platz geht an ein Kind, das länger wartet",
            "Kinder, die dorthin festgelegt sind": "Platz geht an ein dorthin festgelegtes Kind",
        }.get(who, "Platz geht an ein anderes Kind der Liste")

    def _grade_speaks_against(self, c: int, s: int) -> bool:
        if c in self.seating.outside:
            return False
        further = {g for n in self.takers[s] if n != c and (g := self._grade(n)) is not None}
        classes = int(self.problem.classes_today[s])
        return not self.grades[s].fits(self._grade(c), classes, further)

    def _has_sibling_of_other_type(self, c: int) -> bool:
        children = self.district.newcomers
        own = children[c]
        return any(
            children[n].school_type != own.school_type and n in self.seating.school
            for n in (self.family[own.family] if own.family else ())
        )
