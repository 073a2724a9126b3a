"""The children's model in PuLP: which child of today's list takes which seat, and when.

For the children c, schools s and months t of entry on offer::

    z[c,s,t] ∈ {0, 1};  Σ_{s,t} z[c,s,t] ≤ 1                               one seat a child
    Σ_c Σ_{t' ≤ t} z[c,s,t'] ≤ seats[s,t]                                  whole seats
    y[f,p] ≥ z[c,p] for each c of family f and place p                     places of a family
    z[c,s] ≤ cover[s, grade of c] + e[c],  Σ spans[s] ≤ classes[s]         grades in a VKA
    b[c,c',s,s'] = z[c,s] · z[c',s'], by its sums over s and s'            ways between siblings

A place of a family is a school, or the waiting list.  What the first goals have decided by a flow
(:mod:`daz_planner.planning.seating_flow`) is left out: seats nobody may have are no variables, and
rows that every plan as good fills are equations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
import pulp

from daz_planner.planning.problem import FloatArray
from daz_planner.planning.seating_flow import Flow, Seat, possible_seats
from daz_planner.planning.seating_offer import Offer
from daz_planner.planning.seekers import Seeker, families
from daz_planner.planning.solver import Terms


class SeatingModel:
    """The PuLP problem of an offer and those who seek, with the terms of its goals."""

    def __init__(
        self,
        seekers: tuple[Seeker, ...],
        offer: Offer,
        *,
        strict_spans: bool,
        flow: Flow | None = None,
    ) -> None:
        self.seekers = seekers
        self.offer = offer
        self.strict_spans = strict_spans
        self.flow = flow or Flow()
        self.over: dict[str, pulp.LpVariable] = {}
        """Rows → what exceeds them, where the first goals are given and may ask for too much."""
        self.follows_flow = flow is not None
        self.lp = pulp.LpProblem("Kinder", pulp.LpMinimize)
        self._idle: dict[str, float] = {}
        self._add_seats()
        self.outside: dict[int, pulp.LpVariable] = {}
        """Seeker → 1 where no span of the school covers the grade."""
        self.span_choices: list[pulp.LpVariable] = []
        """Which grades the VKA of a school hold."""
        self._add_spans()
        self.family_places: list[pulp.LpVariable] = []
        self.family_days: list[int] = []
        """The first day of registration in the family of each place."""
        self._add_families()
        self.both_at: dict[tuple[int, int, int, int], pulp.LpVariable] = {}
        """(seeker, sibling of another type, school, school) → 1 where they sit there."""
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

    def _add(self, name: str, terms: Terms, sense: int, right: float) -> None:
        """A row; its name says what it is about, so that a larger model has the same one."""
        self.lp.addConstraint(
            pulp.LpConstraint(pulp.LpAffineExpression(terms), sense=sense, name=name, rhs=right)
        )

    def _add_seats(self) -> None:
        """z, one seat a child, and the whole seats on offer."""
        offer = self.offer
        self.seat: dict[Seat, pulp.LpVariable] = {}
        self.seeker_of: dict[str, int] = {}
        """Name of a seat's variable → seeker."""
        self.of_child: defaultdict[int, list[Seat]] = defaultdict(list)
        self.of_school: defaultdict[int, list[Seat]] = defaultdict(list)
        possible = possible_seats(self.seekers, offer)
        self.can_sit = frozenset(possible)
        """Seekers for whom there is a seat on offer, whatever the first goals say."""
        for c, seats in possible.items():
            child = self.seekers[c].child
            for key in seats:
                _, s, m = key
                if (child, s, m) in self.flow.closed:
                    continue
                self.seat[key] = self._variable(f"z_{child}_{s}_{m}", 1.0, integer=True)
                self.seeker_of[self.seat[key].name] = c
                self.of_child[c].append(key)
                self.of_school[s].append(key)
        for c, keys in self.of_child.items():
            child = self.seekers[c].child
            sense = pulp.LpConstraintEQ if child in self.flow.sure else pulp.LpConstraintLE
            self._add(f"einmal_{child}", self._sum(keys), sense, 1.0)
        for s, keys in self.of_school.items():
            for m in range(len(offer.months)):
                entered = [k for k in keys if (k[2] <= m if offer.cumulative else k[2] == m)]
                if not any(k[2] == m for k in entered):
                    continue
                sense = pulp.LpConstraintEQ if (s, m) in self.flow.full else pulp.LpConstraintLE
                self._add(f"plaetze_{s}_{m}", self._sum(entered), sense, float(offer.seats[s, m]))
            if offer.room is not None:
                self._add_room(s, keys, offer.room[s])

    def _add_room(self, s: int, keys: list[Seat], room: FloatArray) -> None:
        """The expected use of seats by all who enter, in every month."""
        months = self.offer.months
        for t in range(months[0], len(room)):
            if np.isinf(room[t]):
                continue
            terms: Terms = [
                (self.seat[k], share)
                for k in keys
                if months[k[2]] <= t
                and (share := float(self.seekers[k[0]].survival[months[k[2]], t])) > 0.0
            ]
            if terms:
                name = f"raum_{s}_{t}"
                if self.follows_flow:
                    self.over[name] = self._variable(f"mehr_{s}_{t}", None)
                    terms.append((self.over[name], -1.0))
                self._add(name, terms, pulp.LpConstraintLE, float(room[t]))

    def _sum(self, keys: list[Seat]) -> Terms:
        return [(self.seat[key], 1.0) for key in keys]

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
                last = max(m for m in range(len(offer.months)) if offer.classes[s, m] == classes)
                cover = self._cover(s, block, there, everybody, spans)
                for c in graded:
                    grade = self.seekers[c].grade
                    assert grade is not None
                    entered = [k for k in keys if k[0] == c and k[2] <= last]
                    if not entered or grade in there:
                        continue
                    terms = [*self._sum(entered), *((v, -1.0) for v in cover[grade])]
                    if self.follows_flow or not self.strict_spans:
                        if c not in outside:
                            outside[c] = self._variable(f"e_{self.seekers[c].child}", 1.0)
                        terms.append((outside[c], -1.0))
                    name = f"spanne_{s}_{block}_{self.seekers[c].child}"
                    self._add(name, terms, pulp.LpConstraintLE, 0.0)

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
            self.span_choices.extend(further.values())
            most = float(spans * span.size - len(there))
            self._add(
                f"stufen_{s}_{block}",
                [(v, 1.0) for v in further.values()],
                pulp.LpConstraintLE,
                most,
            )
            return defaultdict(list, {g: [v] for g, v in further.items()})
        begins = span.begins(there)
        windows = {
            first: self._variable(
                f"m_{s}_{block}_{first}", float(spans), integer=True, idle=float(first in begins)
            )
            for first in sorted(everybody)
        }
        self.span_choices.extend(windows.values())
        of_all = [(v, 1.0) for v in windows.values()]
        self._add(f"spannen_{s}_{block}", of_all, pulp.LpConstraintLE, float(spans))
        cover = {
            g: [v for first, v in windows.items() if first <= g < first + span.size]
            for g in everybody
        }
        for g in sorted(there):
            own = [(v, 1.0) for v in cover[g]]
            self._add(f"bleibt_{s}_{block}_{g}", own, pulp.LpConstraintGE, 1.0)
        return cover

    # -- families ----------------------------------------------------------------------------------

    def _add_families(self) -> None:
        """y[f, place]: the schools of a family of one type, and the waiting list."""
        fixed: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for child in self.offer.taken:
            if child.family:
                fixed[child.family, child.kind].add(child.school)
        for key, members in sorted(families(self.seekers).items()):
            n = self.seekers[members[0]].child
            movable = [c for c in members if c in self.can_sit]
            already = fixed[key]
            if not movable or len(members) + len(already) < 2:
                continue
            schools = sorted({k[1] for c in movable for k in self.of_child[c]})
            for s in schools:
                if s in already:
                    continue
                place = self._family_place(f"y_{n}_{s}", members)
                for c in movable:
                    if at := self._at(c, s):
                        name = f"familie_{self.seekers[c].child}_{s}"
                        self._add(name, [*at, (place, -1.0)], pulp.LpConstraintLE, 0.0)
            if len(movable) < len(members):
                continue  # somebody of the family waits in any case
            waits = self._family_place(f"y_{n}_wartet", members, idle=1.0)
            for c in movable:
                name = f"familie_{self.seekers[c].child}_wartet"
                terms = [*self._sum(self.of_child[c]), (waits, 1.0)]
                self._add(name, terms, pulp.LpConstraintGE, 1.0)

    def _family_place(
        self, name: str, members: tuple[int, ...], idle: float = 0.0
    ) -> pulp.LpVariable:
        self.family_places.append(self._variable(name, 1.0, idle=idle))
        self.family_days.append(min(self.seekers[c].day for c in members))
        return self.family_places[-1]

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
        """The minutes between two schools as a product of two choices: D = Σ d[s,s'] b[s,s'].

        The sums of b over s' are at most the first one's seat at s, and the other way round; all of
        them together are at least (seats of the two) - 1.
        """
        one, other = (sorted({k[1] for k in self.of_child[n]}) for n in (c, d))
        names = f"{self.seekers[c].child}_{self.seekers[d].child}"
        both: dict[tuple[int, int], pulp.LpVariable] = {}
        for s in one:
            for r in other:
                both[s, r] = self._variable(f"b_{names}_{s}_{r}", 1.0)
                self.both_at[c, d, s, r] = both[s, r]
        for s in one:
            own = [(both[s, r], 1.0) for r in other]
            less = [(v, -1.0) for v, _ in self._at(c, s)]
            self._add(f"von_{names}_{s}", [*own, *less], pulp.LpConstraintLE, 0.0)
        for r in other:
            own = [(both[s, r], 1.0) for s in one]
            less = [(v, -1.0) for v, _ in self._at(d, r)]
            self._add(f"nach_{names}_{r}", [*own, *less], pulp.LpConstraintLE, 0.0)
        seats = [(v, -1.0) for n in (c, d) for v, _ in self._sum(self.of_child[n])]
        terms: Terms = [*((v, 1.0) for v in both.values()), *seats]
        self._add(f"beide_{names}", terms, pulp.LpConstraintGE, -1.0)

    @property
    def short(self) -> list[pulp.LpVariable]:
        """What has to be 0 for the plans of the flow to be allowed."""
        outside = self.outside.values() if self.strict_spans and self.follows_flow else ()
        return [*self.over.values(), *outside]

    # -- goals -------------------------------------------------------------------------------------

    def seated(self, *, pinned: bool = False, day: int | None = None) -> Terms:
        """Minus the children with a seat: all, the pinned ones, or those of one day."""
        return [
            (variable, -1.0)
            for (c, _, _), variable in self.seat.items()
            if (not pinned or self.seekers[c].pinned)
            and (day is None or self.seekers[c].day == day)
        ]

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
        terms = [(self.seat[key], minutes) for key, minutes in self.ways_of_seats()]
        far = self.offer.between
        return [*terms, *((v, float(far[s, r])) for (_, _, s, r), v in self.both_at.items())]

    def ways_of_seats(self) -> Iterator[tuple[Seat, float]]:
        """Minutes to a seat, and from there to siblings of another type who have theirs."""
        for c, s, m in self.seat:
            yield (c, s, m), float(self.seekers[c].minutes[s]) + self._near.get((c, s), 0.0)

    def spread(self, terms: Terms) -> float:
        """The most by which two plans can differ in a goal: a child has one seat or none."""
        largest: defaultdict[int | str, float] = defaultdict(float)
        for variable, factor in terms:
            of = self.seeker_of.get(variable.name, variable.name)
            largest[of] = max(largest[of], abs(factor))
        return sum(largest.values())

    def start(self, known: Mapping[str, float] | None = None) -> FloatArray:
        """A feasible solution: the plan of the first goals, or what parts of the model have found
        (``known``: name of a variable → value, of all seats, grades and families)."""
        values = {**self._idle, **(known or self._first_plan())}
        at: dict[int, int] = {
            c: s for (c, s, _), variable in self.seat.items() if values[variable.name] > 0.5
        }
        for (c, d, s, r), variable in self.both_at.items():
            values[variable.name] = float(at.get(c) == s and at.get(d) == r)
        return np.array([values[variable.name] for variable in self.lp.variables()])

    def _first_plan(self) -> dict[str, float]:
        """Seats as the first goals have left them, and what follows for grades and families."""
        values = dict(self._idle)
        for (c, s, m), variable in self.seat.items():
            if self.flow.places.get(self.seekers[c].child) == (s, m):
                values[variable.name] = 1.0
        # All other variables stand in rows ``what seats ask for - variable ≤ 0`` of their own.
        slack = [*self.outside.values(), *self.over.values(), *self.family_places]
        names = {variable.name for variable in slack}
        for row in self.lp._constraints.values():
            own = [v.name for v in row if v.name in names]
            if own:
                sign = -1.0 if row.getUb() is None else 1.0
                most = row.getLb() if row.getUb() is None else row.getUb()
                rest = sum(sign * f * values[v.name] for v, f in row.items() if v.name != own[0])
                values[own[0]] = max(values[own[0]], rest - sign * most)
        return values

    def places(self, values: FloatArray) -> dict[int, tuple[int, int]]:
        """Seeker → (school, month of entry) of a solution."""
        return {
            c: (s, self.offer.months[m])
            for (c, s, m), variable in self.seat.items()
            if values[variable.index] > 0.5
        }
