"""The children's model in PuLP: which child of today's list takes which seat, and when.

For the children c, schools s and months t of entry on offer::

    z[c,s,t] ∈ {0, 1};  Σ_{s,t} z[c,s,t] ≤ 1                               one seat a child
    Σ_c Σ_{t' ≤ t} z[c,s,t'] ≤ seats[s,t]                                  whole seats
    y[f,p] ≥ z[c,p] for each c of family f and place p                     places of a family
    z[c,s] ≤ cover[s, grade of c] + e[c],  Σ spans[s] ≤ classes[s]         grades in a VKA
    D[c,c'] ≥ d[s,s'] if z[c,s] = z[c',s'] = 1                             ways between siblings

A place of a family is a school, or the waiting list.  Without families, spans and pins the rows are
those of a transport problem and all vertices are whole numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pulp

from daz_planner.planning.grades import SchoolGrades
from daz_planner.planning.problem import FloatArray, IntArray
from daz_planner.planning.seekers import Seeker, families
from daz_planner.planning.solver import Terms

LOTS_MINUTES = 0.04
"""Minutes that all lots together may weigh at most."""


@dataclass(frozen=True)
class Taken:
    """A child of the list who has its seat already (an earlier step of the seating)."""

    school: int
    kind: str
    family: str
    grade: int | None


@dataclass(frozen=True)
class Offer:
    """The seats on offer.

    ``seats[s, m]`` whole seats at the entry month ``months[m]``: for all who enter up to then
    where ``cumulative``, else for those who enter just then.  ``room`` (``[s, t]``, all months)
    limits their expected use of seats where it is given.
    """

    months: tuple[int, ...]
    seats: IntArray
    cumulative: bool
    classes: IntArray
    """``[s, m]`` classes that run in the entry months."""
    grades: tuple[SchoolGrades, ...]
    between: FloatArray
    """``[s, s']`` minutes from school to school."""
    taken: tuple[Taken, ...] = ()
    room: FloatArray | None = None

    @property
    def offered(self) -> list[int]:
        """Schools with a seat on offer."""
        return np.flatnonzero(self.seats.max(axis=1, initial=0) > 0).tolist()


class SeatingModel:
    """The PuLP problem of an offer and those who seek, with the terms of its goals."""

    def __init__(self, seekers: tuple[Seeker, ...], offer: Offer, *, strict_spans: bool) -> None:
        self.seekers = seekers
        self.offer = offer
        self.strict_spans = strict_spans
        self.lp = pulp.LpProblem("Kinder", pulp.LpMinimize)
        self._rows = 0
        self._idle: dict[str, float] = {}
        self._add_seats()
        self.outside: dict[int, pulp.LpVariable] = {}
        """Seeker → 1 where no span of the school covers the grade."""
        self.has_spans = False
        self._add_spans()
        self.family_places: list[pulp.LpVariable] = []
        self._add_families()
        self.sibling_ways: dict[tuple[int, int], pulp.LpVariable] = {}
        self._near: defaultdict[tuple[int, int], float] = defaultdict(float)
        """(seeker, school) → minutes to the schools of siblings who have a seat already."""
        self._add_sibling_ways()

    # -- variables and rows ------------------------------------------------------------------------

    def _variable(
        self, name: str, high: float | None, *, integer: bool = False, idle: float = 0.0
    ) -> pulp.LpVariable:
        kind = pulp.LpInteger if integer else pulp.LpContinuous
        self._idle[name] = idle
        return self.lp.add_variable(name, 0.0, high, kind)

    def _add(self, terms: Terms, sense: int, right: float) -> None:
        self._rows += 1
        self.lp.addConstraint(
            pulp.LpConstraint(
                pulp.LpAffineExpression(terms), sense=sense, name=f"r{self._rows}", rhs=right
            )
        )

    def _add_seats(self) -> None:
        """z, one seat a child, and the whole seats on offer."""
        offer = self.offer
        self.seat: dict[tuple[int, int, int], pulp.LpVariable] = {}
        self.of_child: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self.of_school: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        offered = set(offer.offered)
        for c, seeker in enumerate(self.seekers):
            for s in seeker.allowed:
                for m, month in enumerate(offer.months):
                    if s in offered and month < seeker.until and self._is_new(s, m):
                        key = (c, s, m)
                        self.seat[key] = self._variable(
                            f"z_{seeker.child}_{s}_{m}", 1.0, integer=True
                        )
                        self.of_child[c].append(key)
                        self.of_school[s].append(key)
        for keys in self.of_child.values():
            self._add(self._sum(keys), pulp.LpConstraintLE, 1.0)
        for s, keys in self.of_school.items():
            for m in range(len(offer.months)):
                entered = [k for k in keys if (k[2] <= m if offer.cumulative else k[2] == m)]
                if entered:
                    self._add(self._sum(entered), pulp.LpConstraintLE, float(offer.seats[s, m]))
            if offer.room is not None:
                self._add_room(s, keys, offer.room[s])

    def _add_room(self, s: int, keys: list[tuple[int, int, int]], room: FloatArray) -> None:
        """The expected use of seats by all who enter, in every month."""
        months = self.offer.months
        for t in range(months[0], len(room)):
            terms: Terms = [
                (self.seat[k], share)
                for k in keys
                if months[k[2]] <= t
                and (share := float(self.seekers[k[0]].survival[months[k[2]], t])) > 0.0
            ]
            if terms:
                self._add(terms, pulp.LpConstraintLE, float(room[t]))

    def _is_new(self, s: int, m: int) -> bool:
        """Whether a month offers seats that the month before does not: nobody enters later."""
        before = int(self.offer.seats[s, m - 1]) if self.offer.cumulative and m else 0
        return int(self.offer.seats[s, m]) > before

    def _sum(self, keys: list[tuple[int, int, int]], factor: float = 1.0) -> Terms:
        return [(self.seat[key], factor) for key in keys]

    def _at(self, c: int, s: int) -> Terms:
        return self._sum([key for key in self.of_child[c] if key[1] == s])

    # -- grades ------------------------------------------------------------------------------------

    def _add_spans(self) -> None:
        """Children whose grade no span of the school covers: forbidden, or counted in e."""
        offer = self.offer
        outside = self.outside
        for s, keys in self.of_school.items():
            span = offer.grades[s].span
            graded = sorted({k[0] for k in keys if self.seekers[k[0]].grade is not None})
            if span is None or not graded:
                continue
            there = {t.grade for t in offer.taken if t.school == s and t.grade is not None}
            there |= offer.grades[s].present
            everybody = there | {g for c in graded if (g := self.seekers[c].grade) is not None}
            # Months with the same number of classes have the same spans.
            for block, classes in enumerate(sorted(set(offer.classes[s].tolist()))):
                spans = max(classes, span.needed(there))
                if span.needed(everybody) <= spans:
                    continue
                self.has_spans = True
                last = max(m for m in range(len(offer.months)) if offer.classes[s, m] == classes)
                cover = self._cover(s, block, there, everybody, spans)
                for c in graded:
                    grade = self.seekers[c].grade
                    assert grade is not None
                    entered = [k for k in keys if k[0] == c and k[2] <= last]
                    if not entered or grade in there:
                        continue
                    terms = [*self._sum(entered), *((v, -1.0) for v in cover[grade])]
                    if not self.strict_spans:
                        if c not in outside:
                            outside[c] = self._variable(f"e_{self.seekers[c].child}", 1.0)
                        terms.append((outside[c], -1.0))
                    self._add(terms, pulp.LpConstraintLE, 0.0)

    def _cover(
        self, s: int, block: int, there: set[int], everybody: set[int], spans: int
    ) -> dict[int, list[pulp.LpVariable]]:
        """Grade → variables that are above 0 where a span of the school covers it."""
        span = self.offer.grades[s].span
        assert span is not None
        if not span.neighbours:
            # Any ``size`` grades are a span: only the number of grades counts.
            further = {
                g: self._variable(f"a_{s}_{block}_{g}", 1.0, integer=True)
                for g in sorted(everybody - there)
            }
            most = float(spans * span.size - len(there))
            self._add([(v, 1.0) for v in further.values()], pulp.LpConstraintLE, most)
            return defaultdict(list, {g: [v] for g, v in further.items()})
        begins = self._greedy_begins(there, span.size)
        windows = {
            first: self._variable(
                f"m_{s}_{block}_{first}", float(spans), integer=True, idle=float(first in begins)
            )
            for first in sorted(everybody)
        }
        self._add([(v, 1.0) for v in windows.values()], pulp.LpConstraintLE, float(spans))
        cover = {
            g: [v for first, v in windows.items() if first <= g < first + span.size]
            for g in everybody
        }
        for g in sorted(there):
            self._add([(v, 1.0) for v in cover[g]], pulp.LpConstraintGE, 1.0)
        return cover

    @staticmethod
    def _greedy_begins(grades: set[int], size: int) -> set[int]:
        """First grades of the fewest spans of neighbours that cover all."""
        begins: set[int] = set()
        for g in sorted(grades):
            if not any(first <= g < first + size for first in begins):
                begins.add(g)
        return begins

    # -- families ----------------------------------------------------------------------------------

    def _add_families(self) -> None:
        """y[f, place]: the schools of a family of one type, and the waiting list."""
        fixed: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for child in self.offer.taken:
            if child.family:
                fixed[child.family, child.kind].add(child.school)
        for key, members in sorted(families(self.seekers).items()):
            n = self.seekers[members[0]].child
            movable = [c for c in members if self.of_child[c]]
            already = fixed[key]
            if not movable or len(members) + len(already) < 2:
                continue
            schools = sorted({k[1] for c in movable for k in self.of_child[c]})
            for s in schools:
                if s in already:
                    continue
                place = self._variable(f"y_{n}_{s}", 1.0)
                self.family_places.append(place)
                for c in movable:
                    if at := self._at(c, s):
                        self._add([*at, (place, -1.0)], pulp.LpConstraintLE, 0.0)
            if len(movable) < len(members):
                continue  # somebody of the family waits in any case
            waits = self._variable(f"y_{n}_wartet", 1.0, idle=1.0)
            self.family_places.append(waits)
            for c in movable:
                self._add([*self._sum(self.of_child[c]), (waits, 1.0)], pulp.LpConstraintGE, 1.0)

    def _add_sibling_ways(self) -> None:
        """D: minutes between the schools of siblings of different school types."""
        members: defaultdict[str, list[int]] = defaultdict(list)
        for c, seeker in enumerate(self.seekers):
            if seeker.family and self.of_child[c]:
                members[seeker.family].append(c)
        for family, own in sorted(members.items()):
            for n, c in enumerate(own):
                for other in self.offer.taken:
                    if other.family == family and other.kind != self.seekers[c].kind:
                        for s in {k[1] for k in self.of_child[c]}:
                            self._near[c, s] += float(self.offer.between[s, other.school])
                for d in own[n + 1 :]:
                    if self.seekers[d].kind != self.seekers[c].kind:
                        self._add_pair(c, d)

    def _add_pair(self, c: int, d: int) -> None:
        between = self.offer.between
        theirs = sorted({k[1] for k in self.of_child[d]})
        way = self._variable(f"d_{self.seekers[c].child}_{self.seekers[d].child}", None)
        self.sibling_ways[c, d] = way
        for s in sorted({k[1] for k in self.of_child[c]}):
            far = float(between[s, theirs].max())
            terms: Terms = [(v, far) for v, _ in self._at(c, s)]
            for other in theirs:
                terms.extend((v, float(between[s, other])) for v, _ in self._at(d, other))
            self._add([*terms, (way, -1.0)], pulp.LpConstraintLE, far)

    # -- goals -------------------------------------------------------------------------------------

    def seated(self, *, pinned: bool = False, day: int | None = None) -> Terms:
        """Minus the children with a seat: all, the pinned ones, or those of one day."""
        return [
            (variable, -1.0)
            for (c, _, _), variable in self.seat.items()
            if (not pinned or self.seekers[c].pinned)
            and (day is None or self.seekers[c].day == day)
        ]

    def days(self) -> Terms:
        """The days of registration of those with a seat, by their number."""
        return [(v, float(self.seekers[c].day)) for (c, _, _), v in self.seat.items()]

    def waiting_of(self, day: int) -> Terms:
        """Months that the children of one day wait, less those if nobody had a seat."""
        end = self.offer.months[-1] + 1
        return [
            (variable, float(self.offer.months[m] - end))
            for (c, _, m), variable in self.seat.items()
            if self.seekers[c].day == day
        ]

    def ways_above(self) -> Terms:
        """Minutes beyond the soft limit."""
        return [
            (v, float(self.seekers[c].excess[s]))
            for (c, s, _), v in self.seat.items()
            if self.seekers[c].excess[s] > 0.0
        ]

    def wishes(self, rank: int) -> Terms:
        """Minus the children at the school of their wish of the rank."""
        return [
            (v, -1.0) for (c, s, _), v in self.seat.items() if self.seekers[c].wish_rank(s) == rank
        ]

    def ways(self) -> Terms:
        """Minutes of all ways, and between the schools of siblings of different types."""
        terms = [
            (v, float(self.seekers[c].minutes[s]) + self._near.get((c, s), 0.0))
            for (c, s, _), v in self.seat.items()
        ]
        return [*terms, *((way, 1.0) for way in self.sibling_ways.values())]

    def ways_by_lot(self, *, turned: bool = False) -> Terms:
        """Like :meth:`ways`, and among equal plans the one that the lots prefer.

        Each child has drawn a number for each school; all of them together weigh less than half of
        the tenth of a minute to which ways are estimated. ``turned`` prefers the contrary.
        """
        worth = LOTS_MINUTES / max(1, len(self.seekers))
        lots = {}
        for (c, s, _), variable in self.seat.items():
            draw = float(self.seekers[c].draws[s])
            lots[variable.name] = worth * (1.0 - draw if turned else draw)
        return [(v, factor + lots.get(v.name, 0.0)) for v, factor in self.ways()]

    def start(self, known: Mapping[str, float]) -> FloatArray:
        """A feasible solution: nobody has a seat, or what parts of the model have found.

        Parameters
        ----------
        known:
            Name of a variable → value; none, or all of some school types.
        """
        values = {**self._idle, **known}
        for (c, d), way in self.sibling_ways.items():
            schools = [
                k[1] for n in (c, d) for k in self.of_child[n] if values[self.seat[k].name] > 0.5
            ]
            if len(schools) == 2:
                values[way.name] = float(self.offer.between[schools[0], schools[1]])
        return np.array([values[variable.name] for variable in self.lp.variables()])

    def places(self, values: FloatArray) -> dict[int, tuple[int, int]]:
        """Seeker → (school, month of entry) of a solution."""
        return {
            c: (s, self.offer.months[m])
            for (c, s, m), variable in self.seat.items()
            if values[variable.index] > 0.5
        }
