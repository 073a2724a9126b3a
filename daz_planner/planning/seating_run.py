"""The goals of today's list, one after the other.

Children who are pinned to a school (the office has decided); as many children as possible; those
who have waited longest; grades within the span of a VKA; families together; no way beyond the soft
limit; wishes by their rank; short ways, to school and between the schools of siblings of different
school types.  Among plans that are equal in all of them the day of registration decides, and last
the lot that the seed draws (:mod:`daz_planner.planning.seating_ties`).

Up to precedence nothing but seats decides, unless spans forbid seats or the plan's later seats have
to hold by their expected use as well: these goals are a network flow
(:mod:`daz_planner.planning.seating_flow`).  Where spans or use do not allow what the flow asks for,
the goals are solved again from the first one, each day of registration a goal of its own.  All
others go by the relaxation as far as that is enough (:mod:`daz_planner.planning.goal_chain`).

School types share nothing but the ways between siblings, the last goal: all others are solved type
by type.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daz_planner.planning.goal_chain import GoalChain, one_after_another, value_of
from daz_planner.planning.grades import HARD
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.seating_flow import (
    PINNED,
    PRECEDENCE,
    SEATED,
    Flow,
    flow_goals,
    possible_seats,
)
from daz_planner.planning.seating_model import SeatingModel
from daz_planner.planning.seating_offer import Offer
from daz_planner.planning.seating_ties import break_ties
from daz_planner.planning.seekers import Seeker
from daz_planner.planning.session import Outcome, Terms, relative_gap

if TYPE_CHECKING:
    from daz_planner.scenario.model import Scenario

_SLACK = 1e-6
_LARGEST_WEIGHT = 1e5
"""Of a goal that is solved together with others: above it a solver's tolerance would count."""
_EXCESS = "weg_ueber_richtwert"
_WAYS, _TIES = "weg", "vorrang_gleiche"


@dataclass(frozen=True)
class SeatingGoal:
    """How a goal ended: school types, name (see :mod:`daz_planner.results.goals`), value, bound."""

    kinds: str
    name: str
    value: float
    bound: float | None
    status: SolveStatus
    seconds: float
    later: bool = False
    """Whether it is about the seats of later months."""

    @property
    def is_count(self) -> bool:
        """Whether the value is minus a number of children, as many as possible."""
        return self.name in (PINNED, SEATED) or self.name.startswith("wunsch")

    @property
    def gap(self) -> float | None:
        """How far the value may be from the best possible, as a share."""
        return None if self.bound is None else relative_gap(self.value, self.bound)


@dataclass(frozen=True)
class Solved:
    """Child (index into ``district.newcomers``) → (school, month of entry), and how it was found.

    ``lots`` are children for whom the lot decided (where spans leave a choice of grades, among the
    plans with the grades that were chosen), ``outside`` those whose grade no span covers.
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
    groups = [tuple(own) for _, own in sorted(by_type.items()) if possible_seats(own, offer)]
    linked = _linked(groups, offer)
    runs = []
    for done, own in enumerate(groups):
        left = max(0.0, deadline - time.perf_counter()) / (len(groups) - done + bool(linked))
        run = _started(own, offer, scenario, strict, time.perf_counter() + left)
        run.solve(with_ways=own not in linked)
        runs.append(run)
    if linked:
        parts = [run for run in runs if run.model.seekers in linked]
        together = tuple(seeker for own in linked for seeker in own)
        joint = SeatingModel(
            together, offer, strict_spans=strict, flow=Flow.of_all(run.model.flow for run in parts)
        )
        run = _Run(joint, scenario, deadline)
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


def _linked(groups: list[tuple[Seeker, ...]], offer: Offer) -> list[tuple[Seeker, ...]]:
    """The school types that share a family with another one."""
    families = [
        {own[c].family for c in possible_seats(own, offer) if own[c].family} for own in groups
    ]
    return [
        own
        for n, own in enumerate(groups)
        if any(families[n] & other for m, other in enumerate(families) if m != n)
    ]


def _started(
    own: tuple[Seeker, ...], offer: Offer, scenario: Scenario, strict: bool, deadline: float
) -> _Run:
    """The run of one school type: its first goals as a flow, where its outcome fits the rest."""
    flow = flow_goals(own, offer, deadline)
    if flow is not None:
        model = SeatingModel(own, offer, strict_spans=strict, flow=flow)
        run = _Run(model, scenario, deadline)
        if run.fits():
            return run
    return _Run(SeatingModel(own, offer, strict_spans=strict), scenario, deadline)


class _Run:
    """The goals of one model."""

    def __init__(self, model: SeatingModel, scenario: Scenario, deadline: float) -> None:
        self.model = model
        self.deadline = deadline
        self.chain = GoalChain(model.lp, model.start({}), scenario)
        self.kinds = "+".join(dict.fromkeys(seeker.kind for seeker in model.seekers))
        self.goals: list[SeatingGoal] = []
        self.lots: set[int] = set()
        self.cut_off = False

    def fits(self) -> bool:
        """Whether spans and expected use allow what the first goals ask for."""
        short = [(v, 1.0) for v in self.model.short]
        if short:
            left = max(0.01, self.deadline - time.perf_counter())
            if self.chain.minimise(short, left, whole=False).value > _SLACK:
                return False
            self.chain.rule_out(self.model.short)
        self.goals = [
            SeatingGoal(self.kinds, name, value, value, SolveStatus.OPTIMAL, seconds)
            for name, value, seconds in self.model.flow.goals
        ]
        return True

    def solve(self, *, with_ways: bool) -> None:
        """Solve all goals, with the last one or without; each keeps its value from then on."""
        for goals in self._stages():
            left = [(name, terms) for name, terms in goals if terms]
            while left:
                left = left[self._solve_first(left) :]
        if with_ways:
            self._shortest_ways()

    def adopt(self, parts: list[_Run]) -> None:
        """Go on where the runs of the single types ended: the ways of all of them together."""
        known = {
            variable.name: float(part.chain.values[variable.index])
            for part in parts
            for variable in part.chain.variables
        }
        self.chain.values = self.model.start(known)
        self.cut_off = any(part.cut_off for part in parts)
        for part in parts:
            self.chain.adopt(part.chain.kept)
        self.chain.rule_out(self.model.short)
        self._shortest_ways()

    def places(self) -> dict[int, tuple[int, int]]:
        """Child → (school, month of entry)."""
        seekers = self.model.seekers
        places = self.model.places(self.chain.values)
        return {seekers[c].child: place for c, place in places.items()}

    def outside(self) -> set[int]:
        """Children whose grade no span of their school covers."""
        return {
            self.model.seekers[c].child
            for c, variable in self.model.outside.items()
            if self.chain.values[variable.index] > 0.5
        }

    def _stages(self) -> Iterator[list[tuple[str, Terms]]]:
        """The goals in their order; those that the solver may take together stand together."""
        model = self.model
        if not model.follows_flow:
            yield self._first_goals()
        yield [
            ("klassenstufen", [(v, 1.0) for v in model.outside.values()]),
            ("familien", [(v, 1.0) for v in model.family_places]),
        ]
        yield [(_EXCESS, model.ways_above())]
        ranks = range(1, max((len(s.wishes) for s in model.seekers), default=0) + 1)
        yield [(f"wunsch_{rank}", model.wishes(rank)) for rank in ranks]

    def _first_goals(self) -> list[tuple[str, Terms]]:
        """What else the flow decides, where more than seats limits who can be seated."""
        model = self.model
        goals = [(SEATED, model.seated())]
        if 0 < sum(s.pinned for s in model.seekers) < len(model.seekers):
            goals.insert(0, (PINNED, model.seated(pinned=True)))
        for day in sorted({seeker.day for seeker in model.seekers}):
            later = len(model.offer.months) > 1
            terms = model.waiting_of(day) if later else model.seated(day=day)
            goals.append((PRECEDENCE, terms))
        return goals

    def _solve_first(self, goals: list[tuple[str, Terms]]) -> int:
        """Solve the first goal, or several that the solver takes together; how many they were."""
        name, terms = goals[0]
        since = time.perf_counter()
        left = self.deadline - since
        if left <= 0.0:
            self._note(name, terms, None)
            return 1
        whole = name != _EXCESS
        settled = self.chain.settle(terms, left, whole=whole)
        if settled is not None:
            self._note(name, terms, settled)
            self.chain.keep(terms)
            return 1
        together, count = one_after_another(
            [(terms, self.model.spread(terms)) for _, terms in goals], _LARGEST_WEIGHT
        )
        outcome = self.chain.search(
            together, max(0.01, self.deadline - time.perf_counter()), whole=whole
        )
        outcome = replace(outcome, seconds=time.perf_counter() - since)
        for n, (name, terms) in enumerate(goals[:count]):
            if count > 1:
                value = value_of(terms, outcome.values)
                bound = value if outcome.status is SolveStatus.OPTIMAL else None
                seconds = 0.0 if n else outcome.seconds
                self._note(name, terms, replace(outcome, value=value, bound=bound, seconds=seconds))
            else:
                self._note(name, terms, outcome)
            self.chain.keep(terms)
        return count

    def _note(self, name: str, terms: Terms, outcome: Outcome | None) -> None:
        """Remember how a goal ended, ``None`` where there was no time for it."""
        if outcome is None:
            value = value_of(terms, self.chain.values)
            goal = SeatingGoal(self.kinds, name, value, None, SolveStatus.NOT_RUN, 0.0)
        else:
            goal = SeatingGoal(
                self.kinds, name, outcome.value, outcome.bound, outcome.status, outcome.seconds
            )
        self.cut_off |= goal.status.is_cut_off
        self.goals.append(goal)

    def _shortest_ways(self) -> None:
        """The shortest ways; among equal plans who waits longer, and last the lots."""
        model = self.model
        terms = model.ways()
        left = self.deadline - time.perf_counter()
        if left <= 0.0:
            self._note(_WAYS, terms, None)
            return
        self._note(_WAYS, terms, self.chain.minimise(terms, left, whole=False))
        if self.cut_off:
            return
        self.chain.keep(terms)
        lots = break_ties(model, self.chain, self.deadline)
        if lots is None:
            self._note(_TIES, [], None)
        else:
            self.lots |= lots
