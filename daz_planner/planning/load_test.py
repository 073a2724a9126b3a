"""How much arrivals the network bears: the first new class, and the first child without a seat.

The registrations of all forecast months are multiplied by a factor; today's pupils, today's list
and everything else stay.  For each school type, or for those together that share teacher hours,
with the least waiting months W of the goal „wartemonate“ (see
:mod:`daz_planner.planning.least_waiting`):

* the first class opens at the smallest factor at which today's classes leave more waiting than the
  plan accepts before it opens a class: W(today) > W(all rooms) + max(tolerance · W(all rooms), one
  child month).  That is the rule of :mod:`daz_planner.planning.stages` where waiting is the first
  goal and classes the second; with another order the stages themselves are solved;
* today's seats are full at the smallest factor at which somebody waits without a new class although
  the reserve is used: as the next point, with today's classes filled up to the class cap;
* the first child waits although all rooms are used at the smallest factor at which
  W(all rooms) − W(rooms without end) reaches :data:`HALF_A_CHILD_MONTH`: waiting that further rooms
  would avoid.  Who waits for the first opening, or has no school in reach, does not count.

W(today) and W(all rooms) never fall when more children register, as long as the children of a
month stay equally long: take the additional children out of a plan, and the others keep their
seats.  Their differences rise in all cases tried, because seats and children who seek them are
complements (Shapley 1962, Naval Research Logistics Quarterly 9), but over many months that is not
proven.  So the factors are searched from below in coarse steps and then by bisection; a return to
"suffices" at a larger factor would change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import InputError
from daz_planner.german import listed
from daz_planner.planning.children import seat_children
from daz_planner.planning.hours import planned_together
from daz_planner.planning.least_waiting import (
    LeastWaiting,
    Network,
    least_waiting,
    opened,
    with_unlimited_rooms,
)
from daz_planner.planning.load_factors import FACTORS, NEVER, UNCHANGED, first_factor
from daz_planner.planning.load_futures import Spread, future_factors
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import Problem, build_problem, group_children
from daz_planner.planning.stages import CHILD_MONTH, CLASS_GOALS, WAITING, Budget, solve_stages
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import Population, build_population
from daz_planner.simulation.simulate import forecast_of

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District
    from daz_planner.planning.children import Seating
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast

HALF_A_CHILD_MONTH = 0.5
"""Waiting months from which on a child counts as waiting."""
_CHILDREN_SECONDS = 20.0
_NAMING_SECONDS = 10.0

Progress = Callable[[float, str], None]
"""Called with a share 0 … 1 and a German word for what is being done."""


@dataclass(frozen=True)
class FirstClass:
    """The first class that opens: school and month."""

    school: str
    month: date


@dataclass(frozen=True)
class TypeLoad:
    """What a school type bears, or several that share teacher hours.

    Factors are ``None`` where no factor up to the largest does it.

    Attributes
    ----------
    first_class, seats_full, first_waiting:
        The factors in the expectation: the first class opens; somebody waits without a new class,
        today's classes filled up to the cap; somebody waits although all rooms are used.
    opens:
        The class that opens first, ``None`` where none does.
    waits_in:
        Month in which most children wait although all rooms are used.
    class_spread, full_spread, waiting_spread:
        The same factors over the futures.
    rooms:
        Rooms for further classes.
    """

    school_type: str
    first_class: float | None
    opens: FirstClass | None
    seats_full: float | None
    first_waiting: float | None
    waits_in: date | None
    class_spread: Spread
    full_spread: Spread
    waiting_spread: Spread
    rooms: int
    may_open: bool
    """Whether classes may open in any month of the period."""
    has_schools: bool


@dataclass(frozen=True)
class LoadTest:
    """The load test of a district under a scenario, ``types`` in the order of the simulation."""

    district: District
    scenario: Scenario
    months: tuple[date, ...]
    registrations: float
    """Mean expected registrations of a forecast month in the scenario."""
    types: tuple[TypeLoad, ...]
    class_spread: Spread
    """Over the futures: the first school type that needs a class."""
    full_spread: Spread
    waiting_spread: Spread
    hours_limited: bool
    forecast: Forecast
    """The expectation at factor 1 (with a single drawn future)."""

    @property
    def runs(self) -> int:
        """Futures that were drawn."""
        return self.class_spread.runs

    @property
    def first_class(self) -> TypeLoad | None:
        """The school type whose first class opens at the smallest factor."""
        found = [load for load in self.types if load.first_class is not None]
        return min(found, key=lambda load: load.first_class or 0.0, default=None)

    @property
    def seats_full(self) -> TypeLoad | None:
        """The school type whose seats of today are full first."""
        found = [load for load in self.types if load.seats_full is not None]
        return min(found, key=lambda load: load.seats_full or 0.0, default=None)

    @property
    def first_waiting(self) -> TypeLoad | None:
        """The school type in which the first child waits although all rooms are used."""
        found = [load for load in self.types if load.first_waiting is not None]
        return min(found, key=lambda load: load.first_waiting or 0.0, default=None)


def load_test(
    district: District, scenario: Scenario, *, progress: Progress | None = None
) -> LoadTest:
    """Find the factors for every school type, in the expectation and over the futures.

    Raises
    ------
    InputError
        The scenario expects no registrations, so that a factor means nothing.
    SolverError
        The solver is missing, or the time limit of the scenario came first.
    """
    return _LoadTest(district, scenario, progress).result()


class _LoadTest:
    def __init__(self, district: District, scenario: Scenario, progress: Progress | None) -> None:
        self.original = district
        self.district = canonical(district).district
        self.scenario = scenario
        self.progress = progress
        self.population = build_population(self.district, scenario)
        if not self.population.registrations.any():
            raise InputError(
                "Das Szenario erwartet keine Anmeldungen; ein Faktor auf den Zuzug sagt dann "
                "nichts.",
                place="zuzug",
                remedy="Wählen Sie ein Szenario mit Zuzug, z. B. basis.",
            )
        self.budget = Budget.of_seconds(scenario.rechnen.zeitlimit)
        self._outlooks: dict[int, Outlook] = {}

    def result(self) -> LoadTest:
        kinds = self.population.school_types
        expected = []
        together = planned_together(self.district, self.scenario, kinds)
        for done, group in enumerate(together):
            self._tell(0.7 * done / len(together), f"Belastung der {listed(group)} wird gesucht")
            expected.append(_Types(self, group).factors())
        self._tell(0.7, "Zukünfte werden durchgespielt")
        problems = [
            item.problem for kind in kinds for item in expected if kind in item.problem.school_types
        ]
        largest = [item.first_waiting for item in expected if item.first_waiting is not None]
        futures = future_factors(
            self.population,
            problems,
            seed=self.scenario.rechnen.saat,
            runs=self.scenario.rechnen.laeufe,
            likely=max(largest, default=None),
            groups=[[kinds.index(kind) for kind in group] for group in together],
        )
        types = tuple(
            TypeLoad(
                school_type=listed(group),
                first_class=item.first_class,
                opens=item.opens,
                seats_full=item.seats_full,
                first_waiting=item.first_waiting,
                waits_in=item.waits_in,
                class_spread=futures.first_class[k],
                full_spread=futures.seats_full[k],
                waiting_spread=futures.first_waiting[k],
                rooms=int(item.problem.rooms.sum()),
                may_open=bool(item.problem.may_open.any()),
                has_schools=bool(len(item.problem.schools)),
            )
            for k, (group, item) in enumerate(zip(together, expected, strict=True))
        )
        self._tell(1.0, "Belastung ist gerechnet")
        later = self.population.registrations[1:]
        return LoadTest(
            district=self.original,
            scenario=self.scenario,
            months=self.population.months,
            registrations=float(later.mean()) if len(later) else 0.0,
            types=types,
            class_spread=futures.first_class[-1],
            full_spread=futures.seats_full[-1],
            waiting_spread=futures.first_waiting[-1],
            hours_limited=self.scenario.lehrer.begrenzt,
            forecast=forecast_of(
                self.population, self.outlook(UNCHANGED), 1, self.scenario.rechnen.saat
            ),
        )

    def outlook(self, n: int) -> Outlook:
        """The expectation at a factor."""
        if n not in self._outlooks:
            self._outlooks[n] = expect(scaled(self.population, float(FACTORS[n])))
        return self._outlooks[n]

    def _tell(self, share: float, what: str) -> None:
        if self.progress is not None:
            self.progress(share, what)


def scaled(population: Population, factor: float) -> Population:
    """The population with the registrations of every forecast month multiplied."""
    return replace(population, registrations=population.registrations * factor)


@dataclass(frozen=True)
class _Expected:
    problem: Problem
    first_class: float | None
    opens: FirstClass | None
    seats_full: float | None
    first_waiting: float | None
    waits_in: date | None


class _Types:
    """The search for a school type, or several that share teacher hours.

    Each network is solved once for a factor.
    """

    def __init__(self, test: _LoadTest, kinds: tuple[str, ...]) -> None:
        self.test = test
        self.kinds = kinds
        self._seating: Seating | None = None
        self._problems: dict[int, Problem] = {}
        self._solved: dict[tuple[int, str], LeastWaiting] = {}
        self._short_from = NEVER
        """The smallest factor tried at which somebody waits in today's classes."""
        order = test.scenario.ziele.order
        # The rule of the stages in short, see the module.
        self._by_rule = len(order) > 1 and order[0] == WAITING and order[1] in CLASS_GOALS

    def factors(self) -> _Expected:
        first = first_factor(self._opens_class)
        full = first_factor(self._is_full)
        waits = first_factor(self._waits)
        opens = None if first == NEVER else self._first_class(first)
        return _Expected(
            problem=self.problem(0),
            first_class=None if first == NEVER else float(FACTORS[first]),
            opens=opens,
            seats_full=None if full == NEVER else float(FACTORS[full]),
            first_waiting=None if waits == NEVER else float(FACTORS[waits]),
            waits_in=None if waits == NEVER else self._waits_in(waits),
        )

    def problem(self, n: int) -> Problem:
        """The problem at a factor, with today's list seated as far as there are seats today."""
        if n not in self._problems:
            test = self.test
            outlook = test.outlook(n)
            problem = build_problem(test.district, test.scenario, outlook, self.kinds)
            if self._seating is None:
                seconds = min(_CHILDREN_SECONDS, test.budget.share(2))
                self._seating = seat_children(
                    test.district, problem, outlook, test.scenario, seconds
                )
            seated = self._seating.school
            left = {
                c
                for c, child in enumerate(test.district.newcomers)
                if child.school_type in self.kinds and c not in seated
            }
            groups = group_children(test.district, problem, outlook, left)
            self._problems[n] = problem.with_children(self._seating.use, groups)
        return self._problems[n]

    def _least(self, n: int, network: str) -> LeastWaiting:
        if (n, network) not in self._solved:
            problem = self.problem(n)
            classes = Network.TODAY if network in ("today", "full") else Network.ALL_ROOMS
            if network in ("full", "full unlimited"):
                problem = replace(problem, planning_size=problem.class_cap, hours=None)
            if network in ("unlimited", "full unlimited"):
                problem = with_unlimited_rooms(problem, at_once=network == "full unlimited")
            seconds = self.test.budget.share(1)
            self._solved[n, network] = least_waiting(problem, self.test.scenario, classes, seconds)
        return self._solved[n, network]

    def _opens_class(self, n: int) -> bool:
        problem = self.problem(n)
        if not (problem.rooms > 0).any() or not problem.may_open.any():
            return False
        if not self._by_rule:
            return bool(self._openings(n, last_goal=True))
        today = self._least(n, "today").value
        if not self._is_short_today(n) or today <= CHILD_MONTH:
            return False
        least = self._least(n, "rooms").value
        return today > least + max(self.test.scenario.ziele.toleranz * least, CHILD_MONTH) + 1e-6

    def _is_short_today(self, n: int) -> bool:
        """Whether more seats can matter at all; spares solving larger networks."""
        if n < self._short_from and self._least(n, "today").value >= HALF_A_CHILD_MONTH:
            self._short_from = n
        return n >= self._short_from

    def _is_full(self, n: int) -> bool:
        # A planning size below the cap only takes seats away.
        if not self._is_short_today(n):
            return False
        full = self._least(n, "full").value
        if full < HALF_A_CHILD_MONTH:
            return False
        return full - self._least(n, "full unlimited").value >= HALF_A_CHILD_MONTH

    def _waits(self, n: int) -> bool:
        if not self._is_short_today(n):
            return False
        least = self._least(n, "rooms").value
        if least < HALF_A_CHILD_MONTH:
            return False
        return least - self._least(n, "unlimited").value >= HALF_A_CHILD_MONTH

    def _waits_in(self, n: int) -> date:
        more = self._least(n, "rooms").by_month - self._least(n, "unlimited").by_month
        return self.test.population.months[int(np.argmax(more))]

    def _openings(self, n: int, *, last_goal: bool) -> list[tuple[int, int, int]]:
        """Openings of the plan at a factor; only the goals up to the classes, or all."""
        problem, scenario = self.problem(n), self.test.scenario
        order = list(scenario.ziele.order)
        if last_goal and scenario.ziele.preise is None:
            last = max((order.index(g) for g in CLASS_GOALS if g in order), default=len(order) - 1)
            goals = scenario.ziele.model_copy(update={"reihenfolge": tuple(order[: last + 1])})
            scenario = scenario.model_copy(update={"ziele": goals})
        model = PlanningModel(problem)
        seconds = min(_NAMING_SECONDS, self.test.budget.share(1))
        solution = solve_stages(model, scenario, Budget.of_seconds(seconds), 1)
        return opened(model, solution.values)

    def _first_class(self, n: int) -> FirstClass | None:
        found = self._openings(n, last_goal=False)
        if not found:
            return None
        s, t, _ = found[0]
        school = self.test.district.schools[int(self.problem(n).schools[s])]
        return FirstClass(school.name, self.test.population.months[t])
