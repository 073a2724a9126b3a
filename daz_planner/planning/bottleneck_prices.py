"""What one more seat, room or 25 teacher hours would save where the goals have prices.

The sum of the prices is solved again with a little more of one thing.  The plan's classes run at
least; with a seat nothing but they, with a room one further class at its school, with hours one
further class at each school that has a room.  More changes may save more, so every worth is a lower
bound: what is saved is the proven bound without the addition less the sum that is reached with it.
Where the waiting goes before the prices, it is held at what is reached without the addition and at
what is proven with it, so that no sum is smaller only because more children wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import OutOfTimeError, SolverError
from daz_planner.planning.bottleneck_list import Bottleneck, Certainty, Resource
from daz_planner.planning.bottleneck_types import HOURS
from daz_planner.planning.least_waiting import with_hours, with_room, with_seat
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import IntArray, Problem
from daz_planner.planning.solver import open_session
from daz_planner.planning.spread import SPREAD
from daz_planner.planning.stages import WAITING
from daz_planner.scenario.solving import PRICES

if TYPE_CHECKING:
    from daz_planner.planning.bottleneck_types import TypeOfPlan
    from daz_planner.scenario.model import Scenario

_GAP = 1e-4
_MOST_SECONDS = 3.0
_SMALLEST = 1e-3
"""Worth below this share of the sum, and below 1 in its unit, is none."""
_SLACK = _GAP
"""Share of the waiting by which it is held: what its proof may leave open."""
_WAITING_CUT_OFF = "Die Zeit reichte nicht für die Wartemonate."


@dataclass
class FoundPrices:
    """What was found, and how many additions were tried, worth nothing for certain, left out."""

    items: list[Bottleneck] = field(default_factory=list)
    tried: int = 0
    without_worth: int = 0
    left_out: int = 0


def find_prices(
    types: Iterable[TypeOfPlan], scenario: Scenario, seconds: Callable[[], float]
) -> FoundPrices:
    """The worth of each addition that can be worth something.

    Parameters
    ----------
    seconds:
        Time for the next question; raises :class:`SolverError` when it is over.
    """
    search = _Search(scenario, seconds)
    types = list(types)
    # What is quickly told comes first, for all types.
    for ask in (search.seats, search.rooms, search.hours):
        for item in types:
            ask(item)
    return search.found


class _Search:
    """Tries one addition after the other until the time is over."""

    def __init__(self, scenario: Scenario, seconds: Callable[[], float]) -> None:
        self.scenario = scenario
        self.seconds = seconds
        self.found = FoundPrices()

    def seats(self, item: TypeOfPlan) -> None:
        """One more seat where the plan fills a school."""
        # A seat is told as a pupil fewer, which would count as spread where that has a price.
        spread = self.scenario.ziele.follows(SPREAD)
        schools = set() if spread else set(item.with_class().tolist())
        schools &= set(item.full().tolist()) if item.is_linear else schools
        self.found.without_worth += len(item.classes) - len(schools)
        none = np.zeros(len(item.classes), dtype=np.int64)
        base = self._bound(item, none, len(schools))
        for s in sorted(schools):
            self._ask(item, Resource.SEAT, s, base, with_seat(item.problem, s), none)

    def rooms(self, item: TypeOfPlan) -> None:
        """One more room where all are in use."""
        problem = item.problem
        sites = problem.classes_today + problem.rooms > 0
        schools = [s for s in item.rooms_used().tolist() if sites[s] and problem.may_open.any()]
        self.found.without_worth += len(item.classes) - len(schools)
        for s in schools:
            one = np.zeros(len(item.classes), dtype=np.int64)
            one[s] = 1
            # A class that would open earlier in the rooms there are is none that the room brings.
            base = self._bound(item, one, 1)
            self._ask(item, Resource.ROOM, s, base, with_room(problem, s), one)

    def hours(self, item: TypeOfPlan) -> None:
        """More teacher hours where they are limited."""
        groups = range(len(item.problem.hours_groups))
        every = np.ones(len(item.classes), dtype=np.int64)
        base = self._bound(item, every, len(groups))
        for group in groups:
            more = with_hours(item.problem, group, HOURS)
            self._ask(item, Resource.HOURS, group, base, more, every)

    def _bound(self, item: TypeOfPlan, further: IntArray, asked: int) -> float | None:
        """Proven bound of the sum without an addition, ``None`` where the time is over."""
        if not asked:
            return None
        try:
            return _sum(item.problem, self.scenario, item.classes, further, self.seconds())[0]
        except SolverError:
            self.found.left_out += asked
            return None

    def _ask(
        self,
        item: TypeOfPlan,
        resource: Resource,
        s: int,
        base: float | None,
        more: Problem,
        further: IntArray,
    ) -> None:
        if base is None:
            return
        try:
            seconds = self.seconds()
            _, reached = _sum(more, self.scenario, item.classes, further, seconds, added=True)
        except SolverError:
            self.found.left_out += 1
            return
        self.found.tried += 1
        saved = base - reached
        if saved > max(1.0, _SMALLEST * abs(base)):
            self.found.items.append(
                item.bottleneck(resource, s, price=saved, certainty=Certainty.AT_LEAST)
            )


def _sum(
    problem: Problem,
    scenario: Scenario,
    classes: IntArray,
    further: IntArray,
    seconds: float,
    *,
    added: bool = False,
) -> tuple[float, float]:
    """Proven bound and reached sum of the prices, with the classes of the plan or a few more.

    Parameters
    ----------
    further:
        ``[s]`` classes that may run beyond those of the plan.
    added:
        Whether the problem has an addition: then no more may wait than is proven to have to.

    Raises
    ------
    SolverError
        The time was over before the waiting was solved, or before any plan was found.
    """
    seconds = min(seconds, _MOST_SECONDS)
    model = PlanningModel(problem)
    session = open_session(
        scenario.rechnen.loeser, model.lp, gap=_GAP, threads=scenario.rechnen.threads
    )
    for s, row in enumerate(model.classes):
        for p, variable in enumerate(row):
            count = float(classes[s, int(np.argmax(model.period_of == p))])
            most = max(count, min(count + float(further[s]), float(variable.upBound)))
            session.set_bounds(variable, count, most)
    if WAITING in scenario.ziele.order:
        waiting = model.goal(WAITING)
        if waiting:
            least = session.minimise(waiting, seconds=seconds)
            if least.status.is_cut_off or least.bound is None:
                raise OutOfTimeError(_WAITING_CUT_OFF)
            held = least.bound if added else least.value
            session.limit(waiting, held + _SLACK * max(1.0, least.value))
    terms = model.goal(PRICES)
    if not terms:
        return 0.0, 0.0
    constant = model.constant(PRICES)
    outcome = session.minimise(terms, seconds=seconds, constant=constant)
    return (-np.inf if outcome.bound is None else outcome.bound), outcome.value
