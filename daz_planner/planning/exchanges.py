"""What another seat would cost: the goals of the list, before and after children change places.

The goals are those of :mod:`daz_planner.planning.seating_run` after precedence, in their order:
grades outside the spans, places of families, minutes beyond the soft limit, wishes by rank, ways.
A plan that is best in them has no change that is better; the first goal that a change makes worse
is the reason why it was not made.

Children change places only within a step of the seating (seats of today, or later ones): who sits
earlier is decided by precedence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from enum import Enum
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from daz_planner.planning.children import Seating
from daz_planner.planning.grades import SchoolGrades, Span, grade_of_type, school_grades
from daz_planner.planning.problem import IntArray, Problem, allowed_schools
from daz_planner.planning.seekers import minutes_between

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

_SAME = 1e-6


class Verdict(Enum):
    """The first goal of the list that a change makes worse."""

    GRADES = "klassenstufen"
    FAMILY = "familien"
    EXCESS = "weg_ueber_richtwert"
    WISH = "wunsch"
    WAY = "weg"
    EQUAL = ""
    """Nothing is worse, nothing better."""
    BETTER = "besser"
    """By what is counted here the change is better: something else forbids it."""


Costs = tuple[float, ...]
"""Differences of the goals in their order; the wishes by rank stand between excess and ways."""


class Exchanges:
    """The goals of a seating, and what they would be with other seats.

    ``classes``: ``[s, t]`` classes of the problem's schools; those decided where it is left out.
    """

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
        self.place = {m.name: i for i, m in enumerate(district.municipalities)}
        self.names = [district.schools[s].name for s in problem.schools]
        grades = school_grades(district, scenario)
        self.grades: list[SchoolGrades] = [grades[s] for s in problem.schools.tolist()]
        last = max(seating.month.values(), default=0)
        later = problem.base if classes is None else classes
        self._classes = (problem.classes_today.tolist(), later[:, last].tolist())
        self._between = minutes_between(district, scenario, problem.schools)
        self._ranks = max((len(child.wishes) for child in district.newcomers), default=0)
        self._there: defaultdict[tuple[int, bool], Counter[int]] = defaultdict(Counter)
        for c, s in seating.school.items():
            if (grade := self.grade(c)) is not None:
                self._there[s, self.is_later(c)][grade] += 1
        self._families: defaultdict[str, list[int]] = defaultdict(list)
        for c, child in enumerate(district.newcomers):
            if child.family and child.school_type in problem.school_types:
                self._families[child.family].append(c)
        self._allowed: dict[int, frozenset[int]] = {}

    def is_later(self, c: int) -> bool:
        """Whether the seat of a child is one of a later month."""
        return self.seating.month.get(c, 0) > 0

    def grade(self, c: int) -> int | None:
        """The grade where it counts."""
        child = self.district.newcomers[c]
        return grade_of_type(child.grade, child.school_type)

    def allowed(self, c: int) -> frozenset[int]:
        """Schools that a child may attend."""
        if c not in self._allowed:
            child = self.district.newcomers[c]
            found = allowed_schools(
                self.district, self.problem, child, self.place[child.municipality]
            )
            self._allowed[c] = frozenset(found.nonzero()[0].tolist())
        return self._allowed[c]

    def costs(self, moves: Mapping[int, int]) -> Costs:
        """By how much the goals change where children go to other schools (child → school)."""
        ranks = [0.0] * self._ranks
        excess = way = 0.0
        for c, s in moves.items():
            child, now = self.district.newcomers[c], self.seating.school[c]
            i = self.place[child.municipality]
            excess += float(self.problem.excess[i, s] - self.problem.excess[i, now])
            way += float(self.problem.minutes[i, s] - self.problem.minutes[i, now])
            for school, gain in ((s, -1.0), (now, 1.0)):
                if self.names[school] in child.wishes:
                    ranks[child.wishes.index(self.names[school])] += gain
        places = 0.0
        for family in {f for c in moves if (f := self.district.newcomers[c].family)}:
            split, apart = self._family(family, moves)
            places, way = places + split, way + apart
        return (self._outside(moves), places, excess, *ranks, way)

    def verdict(self, moves: Mapping[int, int]) -> Verdict:
        """The first goal that is worse where children go to other schools."""
        return verdict_of(self.costs(moves))

    def _family(self, family: str, moves: Mapping[int, int]) -> tuple[float, float]:
        """Further places of the family by school type, further minutes between its schools."""
        members = self._families[family]
        before = {c: self.seating.school.get(c) for c in members}
        after = {c: moves.get(c, before[c]) for c in members}
        kind = {c: self.district.newcomers[c].school_type for c in members}
        further = len({(kind[c], after[c]) for c in members}) - len(
            {(kind[c], before[c]) for c in members}
        )
        minutes = 0.0
        for c, d in combinations(members, 2):
            if kind[c] != kind[d]:
                minutes += self._apart(after[c], after[d]) - self._apart(before[c], before[d])
        return float(further), minutes

    def _apart(self, s: int | None, r: int | None) -> float:
        return 0.0 if s is None or r is None else float(self._between[s, r])

    def _outside(self, moves: Mapping[int, int]) -> float:
        """Further children whose grade no span of their school covers."""
        return float(sum(self.outside_at(s, moves) for s in self._touched(moves)))

    def _touched(self, moves: Mapping[int, int]) -> set[int]:
        """Schools that children of known grade come to or leave."""
        graded = [c for c in moves if self.grade(c) is not None]
        return {s for c in graded for s in (moves[c], self.seating.school[c])}

    def outside_at(self, school: int, moves: Mapping[int, int]) -> int:
        """Further children of one school whose grade no span covers."""
        changes: defaultdict[bool, Counter[int]] = defaultdict(Counter)
        for c, s in moves.items():
            grade, now, later = self.grade(c), self.seating.school[c], self.is_later(c)
            if grade is not None:
                changes[later][grade] += (s == school) - (now == school)
        further = 0
        for later, change in changes.items():
            own = Counter(self._there[school, later])
            before = self._count(school, later, own)
            own.update(change)
            further += self._count(school, later, own) - before
        return further

    def _count(self, s: int, later: bool, own: Counter[int]) -> int:
        """Children outside the spans of a school: those of one step, the earlier ones given."""
        span = self.grades[s].span
        if span is None:
            return 0
        there = set(self.grades[s].present)
        if later:
            there |= {g for g, count in self._there[s, False].items() if count}
        spans = max(self._classes[later][s], span.needed(there))
        counts = tuple(sorted((g, n) for g, n in own.items() if n > 0 and g not in there))
        return fewest_outside(span, frozenset(there), counts, spans)


def verdict_of(costs: Costs) -> Verdict:
    """The first goal that is worse; those before it are the same."""
    order = (Verdict.GRADES, Verdict.FAMILY, Verdict.EXCESS)
    for n, difference in enumerate(costs):
        if abs(difference) > _SAME:
            if difference < 0.0:
                return Verdict.BETTER
            if n < len(order):
                return order[n]
            return Verdict.WAY if n == len(costs) - 1 else Verdict.WISH
    return Verdict.EQUAL


@cache
def fewest_outside(
    span: Span, there: frozenset[int], counts: tuple[tuple[int, int], ...], spans: int
) -> int:
    """Fewest children outside, whichever grades the spans hold.

    Parameters
    ----------
    there:
        Grades that are covered in any case.
    counts:
        (grade, children) of those who come with another grade.
    spans:
        Classes that hold a span each.
    """
    everybody = there | {grade for grade, _ in counts}
    if span.needed(everybody) <= spans:
        return 0
    total = sum(count for _, count in counts)
    if not span.neighbours:
        most = max(0, spans * span.size - len(there))
        return total - sum(sorted((count for _, count in counts), reverse=True)[:most])
    best = 0
    for begins in combinations(sorted(everybody), min(spans, len(everybody))):
        covered = {grade for first in begins for grade in range(first, first + span.size)}
        if there <= covered:
            best = max(best, sum(count for grade, count in counts if grade in covered))
    return total - best
