"""The goals of today's list, one after the other.

Children who are pinned to a school (the office has decided); as many children as possible; those
who have waited longest; grades within the span of a VKA; families together; no way beyond the soft
limit; wishes by their rank; short ways, to school and between the schools of siblings of different
school types; and among equals the lot that the seed draws.

Which sets of children can be seated is a matroid as long as no span forbids a seat: the smallest
sum of the days' numbers is then strict precedence.  Where spans forbid seats, or later months are
on offer, each day of registration is a goal of its own.

School types share nothing but the ways between siblings, the last goal: all others are solved type
by type.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daz_planner.planning.grades import HARD
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.seating_model import LOTS_MINUTES, Offer, SeatingModel
from daz_planner.planning.seekers import Seeker
from daz_planner.planning.solver import Session, Terms, open_session, relative_gap

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

_SLACK = 1e-5
_PRECEDENCE = "vorrang_liste"
_WAYS = "weg"
_FIRST_LOOK = 1.0

Row = tuple[list[tuple[str, float]], float]
"""A goal that is kept: names of variables with factors, and what they may be at most."""


@dataclass(frozen=True)
class SeatingGoal:
    """How a goal ended: school types, name (see :mod:`daz_planner.results.goals`), value, bound."""

    kinds: str
    name: str
    value: float
    bound: float | None
    status: SolveStatus
    seconds: float

    @property
    def is_count(self) -> bool:
        """Whether the value is minus a number of children, as many as possible."""
        return self.name in ("fixiert", "plaetze_liste") or self.name.startswith("wunsch")

    @property
    def gap(self) -> float | None:
        """How far the value may be from the best possible, as a share."""
        return None if self.bound is None else relative_gap(self.value, self.bound)


@dataclass(frozen=True)
class Solved:
    """Child (index into ``district.newcomers``) → (school, month of entry), and how it was found.

    ``lots`` are children for whom the lot decided, ``outside`` those whose grade no span covers.
    """

    places: dict[int, tuple[int, int]]
    goals: tuple[SeatingGoal, ...]
    lots: frozenset[int]
    outside: frozenset[int]
    cut_off: bool


def solve_offer(
    found: tuple[Seeker, ...], offer: Offer, scenario: Scenario, seconds: float
) -> Solved:
    """Give the seats on offer to those who seek.

    Raises
    ------
    SolverError
        If the solver is missing.
    """
    deadline = time.perf_counter() + seconds
    strict = scenario.klassen.klassenstufen_spanne == HARD
    by_type: defaultdict[str, list[Seeker]] = defaultdict(list)
    for seeker in found:
        by_type[seeker.kind].append(seeker)
    models = [
        SeatingModel(tuple(own), offer, strict_spans=strict) for _, own in sorted(by_type.items())
    ]
    models = [model for model in models if model.seat]
    linked = _linked(models)
    runs = []
    for done, model in enumerate(models):
        left = max(0.0, deadline - time.perf_counter()) / (len(models) - done + bool(linked))
        run = _Run(model, scenario, time.perf_counter() + left)
        run.solve(with_ways=model not in linked)
        runs.append(run)
    if linked:
        together = tuple(seeker for model in linked for seeker in model.seekers)
        joint = SeatingModel(together, offer, strict_spans=strict)
        run = _Run(joint, scenario, deadline)
        parts = [part for part in runs if part.model in linked]
        run.adopt(parts)
        runs = [part for part in runs if part not in parts] + [run]
        goals = [goal for part in parts for goal in part.goals]
    else:
        goals = []
    return Solved(
        places={c: place for run in runs for c, place in run.places().items()},
        goals=(*goals, *(goal for run in runs for goal in run.goals)),
        lots=frozenset(c for run in runs for c in run.lots),
        outside=frozenset(c for run in runs for c in run.outside()),
        cut_off=any(run.cut_off for run in runs),
    )


def _linked(models: list[SeatingModel]) -> list[SeatingModel]:
    """The school types that share a family with another one."""
    families = [
        {s.family for c, s in enumerate(model.seekers) if s.family and model.of_child[c]}
        for model in models
    ]
    return [
        model
        for n, model in enumerate(models)
        if any(families[n] & other for m, other in enumerate(families) if m != n)
    ]


class _Run:
    """The goals of one model."""

    def __init__(self, model: SeatingModel, scenario: Scenario, deadline: float) -> None:
        self.model = model
        self.deadline = deadline
        self.session: Session = open_session(
            scenario.rechnen.loeser, model.lp, gap=0.0, threads=scenario.rechnen.threads
        )
        self.values = model.start({})
        self.kinds = "+".join(dict.fromkeys(seeker.kind for seeker in model.seekers))
        self.goals: list[SeatingGoal] = []
        self.rows: list[Row] = []
        self.lots: set[int] = set()
        self.cut_off = False

    def solve(self, *, with_ways: bool) -> None:
        """Solve all goals, with the last one or without; each keeps its value from then on."""
        for name, terms in self._stages():
            if self._minimise(name, terms):
                self._keep(name, terms)
        if with_ways:
            self._shortest_ways()

    def adopt(self, parts: list[_Run]) -> None:
        """Go on where the runs of the single types ended: the ways of all of them together."""
        known = {
            variable.name: float(part.values[variable.index])
            for part in parts
            for variable in part.session.variables
        }
        self.values = self.model.start(known)
        self.cut_off = any(part.cut_off for part in parts)
        by_name = {variable.name: variable for variable in self.session.variables}
        for part in parts:
            for row, most in part.rows:
                self.session.limit([(by_name[name], factor) for name, factor in row], most)
        self._shortest_ways()

    def places(self) -> dict[int, tuple[int, int]]:
        """Child → (school, month of entry)."""
        seekers = self.model.seekers
        return {seekers[c].child: place for c, place in self.model.places(self.values).items()}

    def outside(self) -> set[int]:
        """Children whose grade no span of their school covers."""
        return {
            self.model.seekers[c].child
            for c, variable in self.model.outside.items()
            if self.values[variable.index] > 0.5
        }

    def _stages(self) -> Iterator[tuple[str, Terms]]:
        model = self.model
        if 0 < sum(s.pinned for s in model.seekers) < len(model.seekers):
            yield "fixiert", model.seated(pinned=True)
        yield "plaetze_liste", model.seated()
        days = sorted({seeker.day for seeker in model.seekers})
        if len(model.offer.months) > 1:
            for day in days:
                yield _PRECEDENCE, model.waiting_of(day)
        elif not self._is_matroid:
            for day in days:
                yield _PRECEDENCE, model.seated(day=day)
        elif len(days) > 1:
            yield _PRECEDENCE, model.days()
        yield "klassenstufen", [(v, 1.0) for v in model.outside.values()]
        yield "familien", [(v, 1.0) for v in model.family_places]
        yield "weg_ueber_richtwert", model.ways_above()
        for rank in range(1, max((len(s.wishes) for s in model.seekers), default=0) + 1):
            yield f"wunsch_{rank}", model.wishes(rank)

    @property
    def _is_matroid(self) -> bool:
        """Whether nothing but seats decides which children can be seated together."""
        model = self.model
        return len(model.offer.months) == 1 and not (model.strict_spans and model.has_spans)

    def _minimise(self, name: str, terms: Terms) -> bool:
        """Solve one goal; whether there was anything to solve, and time for it."""
        if not terms:
            return False
        at_start = self.session.value_of(terms, self.values)
        if at_start <= _SLACK and all(factor >= 0.0 for _, factor in terms):
            # No such goal can fall below zero.
            done = SeatingGoal(self.kinds, name, 0.0, 0.0, SolveStatus.OPTIMAL, 0.0)
            self.goals.append(done)
            return True
        remaining = self.deadline - time.perf_counter()
        if remaining <= 0.0:
            self.cut_off = True
            self.goals.append(
                SeatingGoal(self.kinds, name, at_start, None, SolveStatus.NOT_RUN, 0.0)
            )
            return False
        outcome = self.session.minimise(terms, seconds=remaining, start=self.values)
        self.values = outcome.values
        self.cut_off |= outcome.status.is_cut_off
        self.goals.append(
            SeatingGoal(
                self.kinds, name, outcome.value, outcome.bound, outcome.status, outcome.seconds
            )
        )
        return True

    def _keep(self, name: str, terms: Terms) -> None:
        """From now on the goal keeps its value."""
        rows = [terms]
        if name == _PRECEDENCE and self._is_matroid:
            # The number of each day is unique (a matroid), and such rows keep the vertices whole.
            days = sorted({seeker.day for seeker in self.model.seekers})
            rows = [row for day in days if (row := self.model.seated(day=day))]
        for row in rows:
            most = round(self.session.value_of(row, self.values), 6) + _SLACK
            self.session.limit(row, most)
            self.rows.append(([(variable.name, factor) for variable, factor in row], most))

    def _shortest_ways(self) -> None:
        """The shortest ways; among equal plans the lots choose, and it is noted for whom."""
        model = self.model
        if not self._minimise(_WAYS, model.ways_by_lot()):
            return
        # The lots are no part of the value that is told.
        value = self.session.value_of(model.ways(), self.values)
        told = self.goals.pop()
        bound = None if told.bound is None else min(value, told.bound)
        if told.status is SolveStatus.OPTIMAL:
            bound = value
        self.goals.append(replace(told, value=value, bound=bound))
        # Another look, with the lots turned: who then sits elsewhere, at the same ways?
        remaining = min(self.deadline - time.perf_counter(), _FIRST_LOOK + told.seconds)
        if self.cut_off or remaining <= 0.0:
            return
        contrary = self.session.minimise(
            model.ways_by_lot(turned=True), seconds=remaining, start=self.values
        )
        if abs(self.session.value_of(model.ways(), contrary.values) - value) > LOTS_MINUTES:
            return
        chosen, other = model.places(self.values), model.places(contrary.values)
        for c in chosen.keys() | other.keys():
            if chosen.get(c) != other.get(c):
                self.lots.add(model.seekers[c].child)
