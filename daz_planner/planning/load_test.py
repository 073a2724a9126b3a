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

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daz_planner.errors import InputError, OutOfTimeError
from daz_planner.german import listed
from daz_planner.planning.hours import planned_together
from daz_planner.planning.load_factors import FACTORS, NEVER, UNCHANGED, Search
from daz_planner.planning.load_futures import Spread, future_factors
from daz_planner.planning.load_search import (
    HALF_A_CHILD_MONTH,
    FirstClass,
    TypeSearch,
    Unfinished,
)
from daz_planner.planning.stages import Budget
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import Population, build_population
from daz_planner.simulation.simulate import forecast_of

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast

__all__ = ["HALF_A_CHILD_MONTH", "FirstClass", "LoadTest", "TypeLoad", "Unfinished", "load_test"]

_NETWORKS = 36
"""So many networks a school type takes at most, as a rule; tells how much time is needed."""
_SURE = 1.5
_WHOLE = 30
"""The time that is needed is told in steps of so many seconds."""

Progress = Callable[[float, str], None]
"""Called with a share 0 … 1 and a German word for what is being done."""


@dataclass(frozen=True)
class TypeLoad:
    """What a school type bears, or several that share teacher hours.

    Factors are ``None`` where no factor up to the largest does it, and where the time did not
    suffice; then ``first_class_open``, ``full_open`` or ``waiting_open`` says what is known.

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
    first_class_open: Unfinished | None = None
    full_open: Unfinished | None = None
    waiting_open: Unfinished | None = None

    @property
    def is_complete(self) -> bool:
        """Whether all factors were found, or found to be none."""
        return self.first_class_open is self.full_open is self.waiting_open is None


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
    seconds_needed: int | None = None
    """Roughly the time that all of it takes; known only where the time did not suffice."""

    @property
    def hit_limit(self) -> bool:
        """Whether the time did not suffice for every factor."""
        return not all(load.is_complete for load in self.types)

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

    Where the time of the scenario does not suffice, what is known by then is told.

    Raises
    ------
    InputError
        The scenario expects no registrations, so that a factor means nothing.
    SolverError
        The solver is missing, or the time did not even suffice for today's list.
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
        self._solved = self._expected = 0
        self._needed: int | None = None

    def result(self) -> LoadTest:
        kinds = self.population.school_types
        together = planned_together(self.district, self.scenario, kinds)
        searches = [
            TypeSearch(
                self.district, self.scenario, group, self.outlook, self.budget, self._evaluated
            )
            for group in together
        ]
        self._expected = _NETWORKS * len(searches)
        self._tell(0.0, "Ausgangslage der Schulen")
        for search in searches:
            search.problem(0)
        self._search(searches)
        self._tell(0.7, "Zukünfte werden durchgespielt")
        problems = [item.problem(0) for kind in kinds for item in searches if kind in item.kinds]
        largest = [float(FACTORS[item.waits.high]) for item in searches if item.waits.high < NEVER]
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
                school_type=listed(item.kinds),
                first_class=_factor(item.first),
                opens=item.opens,
                seats_full=_factor(item.full),
                first_waiting=_factor(item.waits),
                waits_in=item.waits_in,
                class_spread=futures.first_class[k],
                full_spread=futures.seats_full[k],
                waiting_spread=futures.first_waiting[k],
                rooms=int(item.problem(0).rooms.sum()),
                may_open=bool(item.problem(0).may_open.any()),
                has_schools=bool(len(item.problem(0).schools)),
                first_class_open=item.unfinished(item.first),
                full_open=item.unfinished(item.full),
                waiting_open=item.unfinished(item.waits),
            )
            for k, item in enumerate(searches)
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
            seconds_needed=self._needed,
        )

    def _search(self, searches: list[TypeSearch]) -> None:
        """Step by step for all school types, until the time is up."""
        started = time.perf_counter()
        steps = (
            (TypeSearch.find_scale, "Plätze von heute"),
            (TypeSearch.find_short, "Plätze von heute"),
            (TypeSearch.find_first, "erste neue Klasse"),
            (TypeSearch.find_waiting, "erstes Kind ohne Platz"),
            (TypeSearch.find_full, "heutige Plätze voll"),
            (TypeSearch.name_first, "Schule der ersten Klasse"),
        )
        try:
            for number, (step, what) in enumerate(steps):
                for done, search in enumerate(searches):
                    share = (number + done / len(searches)) / len(steps)
                    self._tell(0.7 * share, f"Belastung der {listed(search.kinds)}: {what}")
                    step(search)
        except OutOfTimeError:
            spent = time.perf_counter() - started
            if self._solved:
                whole = spent * max(1.0, self._expected / self._solved)
                whole = _SURE * max(whole, self.scenario.rechnen.zeitlimit)
                self._needed = _WHOLE * math.ceil(whole / _WHOLE)

    def _evaluated(self) -> None:
        self._solved += 1

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


def _factor(search: Search) -> float | None:
    return float(FACTORS[search.high]) if search.done and search.high < NEVER else None
