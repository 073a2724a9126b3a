"""The search of the load test for one school type, or several that share teacher hours.

What is looked for, and by which rules, stands in :mod:`daz_planner.planning.load_test`.  All three
events need somebody who waits in today's classes, and that waiting never falls when more children
register; so the factor at which it begins is found first, by bisection, and no larger network is
solved below it.  The searches can be broken off at any time: what they know by then is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import OutOfTimeError
from daz_planner.planning.children import seat_children
from daz_planner.planning.least_waiting import (
    LeastWaiting,
    Network,
    least_waiting,
    opened,
    with_unlimited_rooms,
)
from daz_planner.planning.load_factors import FACTORS, NEVER, Search, position
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import Problem, build_problem, group_children
from daz_planner.planning.stages import CLASS_GOALS, WAITING, Budget, allowed_waiting, solve_stages

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District
    from daz_planner.planning.children import Seating
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.expectation import Outlook

HALF_A_CHILD_MONTH = 0.5
"""Waiting months from which on a child counts as waiting."""
_CHILDREN_SECONDS = 20.0
_NAMING_SECONDS = 6.0
_NAMING_GAP = 0.02
"""Ways need not be proven this closely to name the school."""
_NOTHING = 1e-6
_UNLIMITED = ("unlimited", "full unlimited")
_DOUBLING = (1.0, 2.0, 4.0, 8.0, 16.0, float(FACTORS[-1]))


@dataclass(frozen=True)
class FirstClass:
    """The first class that opens: school and month."""

    school: str
    month: date


@dataclass(frozen=True)
class Unfinished:
    """What is known of a factor for which the time did not suffice.

    ``above``: up to this factor it does not happen; ``most``: at this one it does; ``None`` where
    nothing is known.
    """

    above: float | None
    most: float | None


class TypeSearch:
    """The searches of a school type, or several that share teacher hours.

    Each network is solved once for a factor.

    Parameters
    ----------
    outlook:
        The expectation at the position of a factor.
    evaluated:
        Called after each network that was solved.
    """

    def __init__(
        self,
        district: District,
        scenario: Scenario,
        kinds: tuple[str, ...],
        outlook: Callable[[int], Outlook],
        budget: Budget,
        evaluated: Callable[[], None],
    ) -> None:
        self.district, self.scenario, self.kinds = district, scenario, kinds
        self.outlook, self.budget, self.evaluated = outlook, budget, evaluated
        self.first = Search(self._opens_class)
        self.full = Search(self._is_full)
        self.waits = Search(self._waits)
        self.opens: FirstClass | None = None
        self.waits_in: date | None = None
        self._seating: Seating | None = None
        self._problems: dict[int, Problem] = {}
        self._solved: dict[tuple[int, str], LeastWaiting] = {}
        self._unavoidable: dict[str, int] = dict.fromkeys(_UNLIMITED, -1)
        """The largest factor known at which nobody waits although there are rooms without end."""
        self._enough_to, self._short_from = -1, NEVER
        """The largest factor tried at which nobody waits in today's classes, and the smallest at
        which somebody does."""
        order = scenario.ziele.order
        # The rule of the stages in short.
        self._by_rule = len(order) > 1 and order[0] == WAITING and order[1] in CLASS_GOALS

    # -- the steps, from the one that says most -------------------------------------------------

    def find_scale(self) -> None:
        """Find the power of two at which somebody waits in today's classes."""
        for factor in _DOUBLING:
            if self._is_short_today(position(factor)):
                break

    def find_short(self) -> None:
        """Find the smallest factor at which somebody waits in today's classes."""
        while self._short_from < NEVER and self._short_from - self._enough_to > 1:
            self._is_short_today((self._enough_to + self._short_from) // 2)

    def find_first(self) -> None:
        """Find the factor at which the first class opens."""
        self.first.run(self._below if self._by_rule else -1)

    def find_full(self) -> None:
        """Find the factor at which today's seats are full."""
        self.full.run(self._below)

    def find_waiting(self) -> None:
        """Find the factor at which somebody waits although all rooms are used, and the month."""
        found = self.waits.run(self._below)
        if found < NEVER:
            rooms, unlimited = self._least(found, "rooms"), self._least(found, "unlimited")
            late = int(np.argmax(rooms.by_month - unlimited.by_month))
            self.waits_in = self.problem(found).months[late]

    def name_first(self) -> None:
        """Name the class that opens first."""
        if self.first.done and self.first.high < NEVER:
            found = self._openings(self.first.high, last_goal=False)
            if found:
                s, t, _ = found[0]
                problem = self.problem(self.first.high)
                school = self.district.schools[int(problem.schools[s])]
                self.opens = FirstClass(school.name, problem.months[t])

    @property
    def _below(self) -> int:
        return min(self._enough_to, NEVER - 1)

    def unfinished(self, search: Search) -> Unfinished | None:
        """What is known of a search that was broken off; ``None`` where it was not."""
        if search.done:
            return None
        low = max(search.low, self._enough_to if self._by_rule or search is not self.first else -1)
        return Unfinished(
            above=float(FACTORS[low]) if low >= 0 else None,
            most=float(FACTORS[search.high]) if search.high < NEVER else None,
        )

    # -- the networks ---------------------------------------------------------------------------

    def problem(self, n: int) -> Problem:
        """The problem at a factor, with today's list seated as far as there are seats today."""
        if n not in self._problems:
            district, scenario, outlook = self.district, self.scenario, self.outlook(n)
            problem = build_problem(district, scenario, outlook, self.kinds)
            if self._seating is None:
                seconds = min(_CHILDREN_SECONDS, self.budget.share(2))
                self._seating = seat_children(district, problem, outlook, scenario, seconds)
            seated = self._seating.school
            left = {
                c
                for c, child in enumerate(district.newcomers)
                if child.school_type in self.kinds and c not in seated
            }
            groups = group_children(district, problem, outlook, left)
            self._problems[n] = problem.with_children(self._seating.use, groups)
        return self._problems[n]

    def _least(self, n: int, network: str) -> LeastWaiting:
        if (n, network) not in self._solved:
            self._check_time()
            problem = self.problem(n)
            classes = Network.TODAY if network in ("today", "full") else Network.ALL_ROOMS
            if network in ("full", "full unlimited"):
                problem = replace(problem, planning_size=problem.class_cap, hours=None)
            if network in _UNLIMITED:
                problem = with_unlimited_rooms(problem, at_once=network == "full unlimited")
            seconds = self.budget.share(1)
            found = least_waiting(problem, self.scenario, classes, seconds)
            # What the solver had at the limit need not be the least.
            self._check_time()
            self._solved[n, network] = found
            self.evaluated()
        return self._solved[n, network]

    def _check_time(self) -> None:
        if self.budget.share(1) <= 0.0:
            raise OutOfTimeError("Die Zeit reichte nicht für alle Faktoren.")

    def _unlimited(self, n: int, network: str) -> float:
        """Waiting with rooms without end, which never falls with more registrations."""
        if n <= self._unavoidable[network]:
            return 0.0
        value = self._least(n, network).value
        if value <= _NOTHING:
            self._unavoidable[network] = n
        return value

    def _opens_class(self, n: int) -> bool:
        problem = self.problem(n)
        if not (problem.rooms > 0).any() or not problem.may_open.any():
            return False
        if not self._by_rule:
            return bool(self._openings(n, last_goal=True))
        if not self._is_short_today(n):
            return False
        today = self._least(n, "today").value
        if today <= allowed_waiting(self.scenario.ziele.toleranz, 0.0):
            return False
        least = self._least(n, "rooms").value
        return today > least + allowed_waiting(self.scenario.ziele.toleranz, least) + 1e-6

    def _is_short_today(self, n: int) -> bool:
        """Whether more seats can matter at all; spares solving larger networks."""
        if self._enough_to < n < self._short_from:
            if self._least(n, "today").value >= HALF_A_CHILD_MONTH:
                self._short_from = n
            else:
                self._enough_to = n
        return n >= self._short_from

    def _is_full(self, n: int) -> bool:
        # A planning size below the cap only takes seats away.
        if not self._is_short_today(n):
            return False
        full = self._least(n, "full").value
        if full < HALF_A_CHILD_MONTH:
            return False
        return full - self._unlimited(n, "full unlimited") >= HALF_A_CHILD_MONTH

    def _waits(self, n: int) -> bool:
        if not self._is_short_today(n):
            return False
        least = self._least(n, "rooms").value
        if least < HALF_A_CHILD_MONTH:
            return False
        return least - self._unlimited(n, "unlimited") >= HALF_A_CHILD_MONTH

    def _openings(self, n: int, *, last_goal: bool) -> list[tuple[int, int, int]]:
        """Openings of the plan at a factor; only the goals up to the classes, or all."""
        self._check_time()
        problem, scenario = self.problem(n), self.scenario
        order = list(scenario.ziele.order)
        if last_goal and scenario.ziele.preise is None:
            last = max((order.index(g) for g in CLASS_GOALS if g in order), default=len(order) - 1)
            goals = scenario.ziele.model_copy(update={"reihenfolge": tuple(order[: last + 1])})
            scenario = scenario.model_copy(update={"ziele": goals})
        elif not last_goal:
            gap = max(scenario.rechnen.luecke, _NAMING_GAP)
            rechnen = scenario.rechnen.model_copy(update={"luecke": gap})
            scenario = scenario.model_copy(update={"rechnen": rechnen})
        model = PlanningModel(problem)
        seconds = min(_NAMING_SECONDS, self.budget.share(1))
        solution = solve_stages(model, scenario, Budget.of_seconds(seconds), 1)
        self._check_time()
        self.evaluated()
        return opened(model, solution.values)
