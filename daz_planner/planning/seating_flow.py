"""Who of today's list gets a seat, and from when: a network flow of children who are alike.

As long as nothing but seats decides who can be seated, the first goals of the list (children who
are pinned, as many as possible, those first who have waited longest) are those of a transport
problem.  Children with the same day of registration, the same schools and the same months are alike
in it, and only their number counts::

    N[g,s,m] ≥ 0;  Σ_{s,m} N[g,s,m] ≤ size of g;  Σ_g Σ_{m' ≤ m} N[g,s,m'] ≤ seats[s,m]

The seats of a school are nested sets, so the matrix is that of a network and every vertex is whole
(Schrijver, Combinatorial Optimization, 2003, chapter 13).  What the goals leave open is the face of
the best flows; it holds child by child as it holds for the group.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pulp

from daz_planner.planning.goal_chain import Bounded, one_after_another, value_of
from daz_planner.planning.relaxation import Relaxation, Vertex
from daz_planner.planning.seating_offer import Offer
from daz_planner.planning.seekers import Seeker
from daz_planner.planning.session import Terms

PINNED, SEATED, PRECEDENCE = "fixiert", "plaetze_liste", "vorrang_liste"
"""Names of the first goals."""

_LARGEST_WEIGHT = 1e6
"""Of a day that is solved together with others; all numbers of the network are whole."""


Seat = tuple[int, int, int]
"""(position of the seeker, school, position of the month)."""


@dataclass(frozen=True)
class Flow:
    """How the first goals ended, and what they leave open.

    Children are indices into ``district.newcomers``, months positions of the offer.
    """

    goals: tuple[tuple[str, float, float], ...] = ()
    """(name, value, seconds)"""
    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    """A plan that reaches them: child → (school, month)."""
    closed: frozenset[tuple[int, int, int]] = frozenset()
    """(child, school, month) of seats that no plan as good gives to the child."""
    sure: frozenset[int] = frozenset()
    """Children who have a seat in every plan as good."""
    full: frozenset[tuple[int, int]] = frozenset()
    """(school, month) whose seats every plan as good fills."""

    @classmethod
    def of_all(cls, flows: Iterable[Flow]) -> Flow:
        """The flows of several school types together."""
        every = list(flows)
        return cls(
            places={c: place for flow in every for c, place in flow.places.items()},
            closed=frozenset(seat for flow in every for seat in flow.closed),
            sure=frozenset(c for flow in every for c in flow.sure),
            full=frozenset(row for flow in every for row in flow.full),
        )


def possible_seats(seekers: Iterable[Seeker], offer: Offer) -> dict[int, list[Seat]]:
    """The seats on offer that each seeker may have, by its position; only those who have any."""
    new = {s: [m for m in range(len(offer.months)) if offer.is_new(s, m)] for s in offer.offered}
    found = {}
    for c, seeker in enumerate(seekers):
        seats = [
            (c, s, m)
            for s in seeker.allowed
            for m in new.get(s, ())
            if offer.months[m] < seeker.until
            and offer.lasts(s, m, seeker.survival[offer.months[m]])
        ]
        if seats:
            found[c] = seats
    return found


def flow_goals(seekers: tuple[Seeker, ...], offer: Offer, deadline: float) -> Flow | None:
    """Solve the first goals; ``None`` where the time did not reach."""
    network = _Network(seekers, offer)
    done = []
    for name, goals in network.goals():
        begin = time.perf_counter()
        value = 0.0
        while goals:
            together, count = one_after_another(goals, _LARGEST_WEIGHT)
            left = deadline - time.perf_counter()
            vertex = network.relaxation.minimise(together, left) if left > 0.0 else None
            if vertex is None or not network.relaxation.is_whole(vertex.values):
                return None
            network.hold(vertex)
            value += math.fsum(value_of(terms, vertex.values) for terms, _ in goals[:count])
            goals = goals[count:]
        done.append((name, value, time.perf_counter() - begin))
    return network.flow(tuple(done))


class _Network:
    """The flow of one school type."""

    def __init__(self, seekers: tuple[Seeker, ...], offer: Offer) -> None:
        self.seekers = seekers
        self.months = offer.months
        alike: defaultdict[tuple[int, bool, tuple[tuple[int, int], ...]], list[int]]
        alike = defaultdict(list)
        for c, seats in possible_seats(seekers, offer).items():
            key = seekers[c].day, seekers[c].pinned, tuple((s, m) for _, s, m in seats)
            alike[key].append(c)
        self.groups = list(alike.values())
        self.first = [seekers[members[0]] for members in self.groups]
        self.lp = pulp.LpProblem("Kinder_Netz", pulp.LpMinimize)
        self.number: dict[Seat, pulp.LpVariable] = {}
        self.rows: dict[str, int | tuple[int, int]] = {}
        """Name of a row → group, or (school, month)."""
        self.of_group: defaultdict[int, list[tuple[int, pulp.LpVariable]]] = defaultdict(list)
        entering: defaultdict[int, list[tuple[int, pulp.LpVariable]]] = defaultdict(list)
        for g, (_, _, alike_seats) in enumerate(alike):
            for s, m in alike_seats:
                variable = self.lp.add_variable(f"n_{g}_{s}_{m}", 0.0, None, pulp.LpInteger)
                self.number[g, s, m] = variable
                self.of_group[g].append((m, variable))
                entering[s].append((m, variable))
            own = [(self.number[g, s, m], 1.0) for s, m in alike_seats]
            self._add(g, own, float(len(self.groups[g])))
        for s, numbers in sorted(entering.items()):
            for m in sorted({m for m, _ in numbers}):
                upto = [(v, 1.0) for n, v in numbers if (n <= m if offer.cumulative else n == m)]
                self._add((s, m), upto, float(offer.seats[s, m]))
        for index, variable in enumerate(self.lp.variables()):
            variable.index = index
        self.relaxation = Relaxation(self.lp)
        self.fixed: set[int] = set()
        self.tight: set[str] = set()
        self.values = np.zeros(len(self.number))

    def _add(self, what: int | tuple[int, int], terms: Terms, most: float) -> None:
        name = f"r{len(self.rows)}"
        self.rows[name] = what
        row = pulp.LpAffineExpression(terms)
        self.lp.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintLE, name, most))

    def goals(self) -> Iterator[tuple[str, list[Bounded]]]:
        """The goals in their order, the precedence day by day.

        Without later months the days' numbers are one goal: the sets of children who can be seated
        together are then a matroid, in which the smallest sum of numbers is strict precedence.
        """
        months, groups = self.months, range(len(self.groups))
        if 0 < sum(s.pinned for s in self.seekers) < len(self.seekers):
            own = [g for g in groups if self.first[g].pinned]
            if own:
                yield PINNED, [self._goal(own, lambda *_: -1.0)]
        yield SEATED, [self._goal(groups, lambda *_: -1.0)]
        if len(months) > 1:
            end = months[-1] + 1
            of_day: defaultdict[int, list[int]] = defaultdict(list)
            for g in groups:
                of_day[self.first[g].day].append(g)
            yield (
                PRECEDENCE,
                [
                    self._goal(own, lambda g, m: float(months[m] - end))
                    for _, own in sorted(of_day.items())
                ],
            )
        elif len({s.day for s in self.seekers}) > 1:
            yield PRECEDENCE, [self._goal(groups, lambda g, _: float(self.first[g].day))]

    def _goal(self, groups: Iterable[int], factor: Callable[[int, int], float]) -> Bounded:
        """A goal of some groups, with the most by which it can change."""
        terms, spread = [], 0.0
        for g in groups:
            own = [(v, factor(g, m)) for m, v in self.of_group[g]]
            terms.extend(own)
            spread += len(self.groups[g]) * max(abs(f) for _, f in own)
        return terms, spread

    def hold(self, vertex: Vertex) -> None:
        """Keep the value of a goal."""
        columns, rows = self.relaxation.face(vertex)
        self.relaxation.fix(columns, rows)
        self.fixed.update(columns)
        self.tight.update(rows)
        self.values = vertex.values

    def flow(self, goals: tuple[tuple[str, float, float], ...]) -> Flow:
        """What the goals came to; children who are alike are taken in the order of the list."""
        child = [[self.seekers[c].child for c in members] for members in self.groups]
        left = [iter(members) for members in child]
        places = {}
        for (g, s, m), variable in self.number.items():
            for _ in range(round(float(self.values[variable.index]))):
                places[next(left[g])] = (s, m)
        tight = [self.rows[name] for name in self.tight]
        return Flow(
            goals,
            places,
            closed=frozenset(
                (c, s, m)
                for (g, s, m), variable in self.number.items()
                if variable.index in self.fixed
                for c in child[g]
            ),
            sure=frozenset(c for g in tight if isinstance(g, int) for c in child[g]),
            full=frozenset(row for row in tight if isinstance(row, tuple)),
        )
