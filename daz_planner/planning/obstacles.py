"""What spoke against a school for a child of today's list, in German.

What holds for the child and the school comes first (a pin, an exclusion, the way, no free seat);
where seats were free, the child's move there is weighed, or its exchange with those who sit there
(:mod:`daz_planner.planning.exchanges`): the first goal that would be worse is what is told.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.german import month, number, plural
from daz_planner.planning.children import Seating
from daz_planner.planning.exchanges import Costs, Exchanges, Verdict, verdict_of
from daz_planner.planning.grades import HARD
from daz_planner.planning.lasting import NEVER, seats_end
from daz_planner.planning.problem import IntArray, Problem, waiting_order

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

FULL = "kein freier Platz am Stichtag"
FARTHER = "weiter entfernt"
AS_FAR = "gleich weit entfernt"
LATER = "dort wird erst später ein Platz frei"
TAKEN = "Platz geht an ein anderes Kind der Liste"
TAKEN_LONGER = "Platz geht an ein Kind, das länger wartet"
TAKEN_PINNED = "Platz geht an ein dorthin festgelegtes Kind"
EARLIER = "frühere Plätze gehen an"
SPAN = "sonst säße ein Kind mehr außerhalb der Klassenstufen-Spanne"
EXCESS = "Weg über dem Richtwert"
OTHER_EXCESS = "sonst wäre der Weg eines anderen Kindes weiter über dem Richtwert"
OTHER_WISH = "Wunsch eines anderen Kindes geht vor"
WISH = "Wunsch geht vor"
OTHER_SIBLINGS = "sonst kämen andere Geschwister auseinander"
NO_ROOM_FOR_ALL = "kein Platz für alle Geschwister"
SIBLING_GRADE = "dort passt die Klassenstufe eines Geschwisterkindes nicht"
SIBLING_NOT_ALLOWED = "für ein Geschwisterkind nicht erlaubt"
SIBLING_EXCESS = "für ein Geschwisterkind über dem Richtwert"
SIBLING_WISH = "Wunsch eines Geschwisterkindes geht vor"
SIBLINGS_FARTHER = "für die Geschwister zusammen weiter"
OF_SIBLINGS = frozenset(
    {
        *(NO_ROOM_FOR_ALL, SIBLING_GRADE, SIBLING_NOT_ALLOWED),
        *(SIBLING_EXCESS, SIBLING_WISH, SIBLINGS_FARTHER),
    }
)
"""Obstacles that only hold because siblings of one school type stay together."""
FROM_SIBLINGS = "weiter von der Schule der Geschwister"
NOT_BETTER = "nach allen Zielen der Liste zusammen nicht besser"
CUT_OFF = "die Rechnung wurde am Zeitlimit beendet"

LONGER = "Kinder, die länger warten"
PINNED_THERE = "Kinder, die dorthin festgelegt sind"

_FREE_SEATS = 3
"""Free seats that are weighed for a child that would make room."""

Seat = tuple[int, int] | None
"""(school of the problem, month), or ``None`` for a child that waits throughout."""


def same_minutes(one: float, other: float) -> bool:
    """Whether two ways have the same minutes as they are shown."""
    return number(one) == number(other)


class Obstacles:
    """Free seats before and after the seating, and who has them."""

    def __init__(
        self,
        district: District,
        scenario: Scenario,
        problem: Problem,
        seating: Seating,
        classes: IntArray | None = None,
    ) -> None:
        self.district = district
        self.problem = problem
        self.seating = seating
        self.exchanges = Exchanges(district, scenario, problem, seating, classes)
        self.place, self.names = self.exchanges.place, self.exchanges.names
        self.seed = scenario.rechnen.saat
        self.strict = scenario.klassen.klassenstufen_spanne == HARD
        limit = scenario.wege.limit
        self.limit = plural(limit, "Minute", "Minuten") if math.isfinite(limit) else ""
        self.free = seating.free
        now = [s for c, s in seating.school.items() if not seating.month.get(c)]
        self.left = self.free - np.bincount(np.array(now, dtype=np.int64), minlength=len(self.free))
        # From when a seat taken at once would be lost by a decision of the office.
        self.ends = seats_end(problem, problem.use_today + seating.use)
        self.takers: defaultdict[int, list[int]] = defaultdict(list)
        for c, s in sorted(seating.school.items()):
            self.takers[s].append(c)
        self.family: defaultdict[str, list[int]] = defaultdict(list)
        for c, child in enumerate(district.newcomers):
            if child.family:
                self.family[child.family].append(c)

    def of(self, c: int, s: int, seat: Seat) -> str:
        """What spoke against a school, for a child with this seat."""
        child = self.district.newcomers[c]
        i = self.place[child.municipality]
        if child.pinned_to:
            own = child.pinned_to == self.names[s]
            return FULL if own else "Kind ist auf eine andere Schule festgelegt"
        if self.names[s] in child.excluded:
            return "für das Kind ausgeschlossen"
        if not self.problem.reach[i, s]:
            return f"Weg über {self.limit}"
        if self.free[s] <= 0 and not (seat is not None and seat[1] and self.takers[s]):
            return FULL
        if self.closes(s):
            ends = month(self.problem.months[int(self.ends[s])])
            return f"Plätze fallen ab {ends} weg (Klassenplan)"
        if seat is None:
            if self.grade_speaks_against(c, s):
                return self.grade_text(c)
            return f"Platz geht an {self.who(set(self.takers[s]), c)}"
        return self._weighed(c, s, seat)

    def grade_text(self, c: int) -> str:
        """That the grade of a child does not fit."""
        return f"Klassenstufe {self.district.newcomers[c].grade} passt nicht in die VKA"

    def closes(self, s: int) -> bool:
        """Whether seats are free at a school that go with its class, so that nobody has them."""
        return bool(self.left[s] > 0 and self.ends[s] != NEVER)

    def grade_speaks_against(self, c: int, s: int) -> bool:
        """Whether the grade of a child fits in no class of a school, beside all who go there."""
        if c in self.seating.outside:
            return False
        grade = self.exchanges.grade
        further = {g for n in self.takers[s] if n != c and (g := grade(n)) is not None}
        classes = int(self.problem.classes_today[s])
        return not self.exchanges.grades[s].fits(grade(c), classes, further)

    def who(self, takers: set[int], c: int) -> str:
        """Who had the seats that a child did not get."""
        children = self.district.newcomers
        free = [t for t in takers if not children[t].pinned_to]
        if not free:
            return PINNED_THERE
        day = waiting_order(children[c])[0]
        if all(waiting_order(children[t])[0] < day for t in free):
            return LONGER
        if c in self.seating.lots:
            return (
                f"Kinder, die gleich lang oder länger warten; das Los entschied (Saat {self.seed})"
            )
        return "andere Kinder der Liste"

    def siblings(self, c: int) -> tuple[list[int], list[int]]:
        """Siblings of the type at the same school; siblings of the type elsewhere."""
        children = self.district.newcomers
        own = children[c]
        same = [
            n
            for n in (self.family[own.family] if own.family else ())
            if n != c and children[n].school_type == own.school_type
        ]
        school = self.seating.school.get(c)
        together = [n for n in same if self.seating.school.get(n) == school]
        return together, [n for n in same if n not in together]

    # -- where seats were free ---------------------------------------------------------------------

    def _weighed(self, c: int, s: int, seat: tuple[int, int]) -> str:
        """What a seat there would cost a child that has one."""
        month_of = self.seating.month
        now = [t for t in self.takers[s] if month_of.get(t, 0) == seat[1]]
        earlier = {t for t in self.takers[s] if month_of.get(t, 0) < seat[1]}
        farther = self._is_farther(c, s, seat)
        if self.names[s] in self.district.newcomers[c].wishes:
            farther = ""
        if earlier and (farther or not now) and not self._barred_by_grade(c, s):
            # Who sits earlier is decided by precedence, before all that speaks of schools.
            return f"{EARLIER} {self.who(earlier, c).split(';')[0]}"
        alone = self.exchanges.verdict({c: s})
        if alone is Verdict.GRADES and (self.left[s] > 0 or not now):
            return self.grade_text(c)
        if farther:
            return farther
        together, _ = self.siblings(c)
        if together and self.left[s] <= len(together):
            return NO_ROOM_FOR_ALL
        if self.left[s] > 0:
            if alone is Verdict.FAMILY:
                return self._for_siblings(c, s, together)
            return self._against(alone, c, s, seat)
        if not now:
            return LATER if self.takers[s] else FULL
        return self._given_away(c, s, seat, now)

    def _barred_by_grade(self, c: int, s: int) -> bool:
        """Whether a child may not go where its grade does not fit."""
        return self.strict and self.grade_speaks_against(c, s)

    def _is_farther(self, c: int, s: int, seat: tuple[int, int]) -> str:
        """That a school is farther than the seat, or as far as the minutes show."""
        minutes = self.problem.minutes[self.place[self.district.newcomers[c].municipality]]
        if minutes[s] < minutes[seat[0]] and not same_minutes(minutes[s], minutes[seat[0]]):
            return ""
        if not same_minutes(minutes[s], minutes[seat[0]]):
            return FARTHER
        return AS_FAR if self.left[s] > 0 or minutes[s] > minutes[seat[0]] else ""

    def _against(self, verdict: Verdict, c: int, s: int, seat: tuple[int, int]) -> str:
        """The words for the goal that would be worse by the move of one child."""
        minutes = self.problem.minutes[self.place[self.district.newcomers[c].municipality]]
        if verdict in (Verdict.WAY, Verdict.EQUAL):
            if minutes[s] < minutes[seat[0]]:
                return FROM_SIBLINGS
            return AS_FAR if same_minutes(minutes[s], minutes[seat[0]]) else FARTHER
        if verdict is Verdict.BETTER:
            return CUT_OFF if self.seating.cut_off else NOT_BETTER
        return {Verdict.EXCESS: EXCESS, Verdict.WISH: WISH}.get(verdict, self.grade_text(c))

    def _for_siblings(self, c: int, s: int, together: list[int]) -> str:
        """Why all siblings of a school did not go to another one with seats for them."""
        if any(s not in self.exchanges.allowed(n) for n in together):
            return SIBLING_NOT_ALLOWED
        verdict = self.exchanges.verdict(dict.fromkeys([c, *together], s))
        if verdict is Verdict.BETTER:
            return CUT_OFF if self.seating.cut_off else NOT_BETTER
        return {
            Verdict.GRADES: SIBLING_GRADE,
            Verdict.EXCESS: SIBLING_EXCESS,
            Verdict.WISH: SIBLING_WISH,
            Verdict.WAY: SIBLINGS_FARTHER,
        }.get(verdict, AS_FAR)

    def _given_away(self, c: int, s: int, seat: tuple[int, int], now: list[int]) -> str:
        """Why nobody who sits there changed places with the child."""
        children = self.district.newcomers
        if all(children[t].pinned_to for t in now):
            return TAKEN_PINNED
        changed: list[tuple[Costs, int, int]] = [
            (self.exchanges.costs({c: s, t: r}), t, r)
            for t in now
            if not children[t].pinned_to
            for r in self._other_seats(t, seat)
            if r != s
        ]
        equal = {t for costs, t, _ in changed if verdict_of(costs) is Verdict.EQUAL}
        if equal:
            return TAKEN_LONGER if self.who(equal, c) == LONGER else TAKEN
        if self.names[s] not in children[c].wishes:
            # Only an exchange that shortens the ways needs a reason beside them.
            changed = [change for change in changed if change[0][-1] < 0.0]
        if not changed:
            return TAKEN
        if all(self.exchanges.outside_at(s, {c: s, t: r}) > 0 for _, t, r in changed):
            return self.grade_text(c)
        costs, other, _ = min(changed, key=lambda change: (change[0][-1], *change[1:]))
        return self._of_exchange(verdict_of(costs), c, s, seat, other)

    def _other_seats(self, t: int, seat: tuple[int, int]) -> list[int]:
        """Where a child could make room: the seat of the other one, else the nearest free ones."""
        allowed = self.exchanges.allowed(t)
        minutes = self.problem.minutes[self.place[self.district.newcomers[t].municipality]]
        free = [] if seat[1] else [r for r in allowed if self.left[r] > 0 and not self.closes(r)]
        nearest = sorted(free, key=lambda r: (minutes[r], r))[:_FREE_SEATS]
        return [*([seat[0]] if seat[0] in allowed else []), *(r for r in nearest if r != seat[0])]

    def _of_exchange(
        self, verdict: Verdict, c: int, s: int, seat: tuple[int, int], other: int
    ) -> str:
        """The words for the goal that would be worse where two children change places."""
        if verdict is Verdict.EXCESS:
            excess = self.problem.excess[self.place[self.district.newcomers[c].municipality]]
            return EXCESS if excess[s] > excess[seat[0]] else OTHER_EXCESS
        if verdict is Verdict.WISH:
            wishes = self.district.newcomers[other].wishes
            return OTHER_WISH if self.names[s] in wishes else WISH
        if verdict is Verdict.FAMILY:
            return OTHER_SIBLINGS if not self.siblings(c)[0] else NO_ROOM_FOR_ALL
        return SPAN if verdict is Verdict.GRADES else TAKEN
