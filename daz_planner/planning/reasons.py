"""Why a child of today's list gets this seat: the nearest schools and what ruled each out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner.german import month, plural
from daz_planner.planning.children import Seating
from daz_planner.planning.plan import Alternative, ChildSeat
from daz_planner.planning.problem import Problem

if TYPE_CHECKING:
    from daz_planner.district.model import District, Newcomer
    from daz_planner.scenario.model import Scenario

NEAREST = 3
"""Other schools that are named for a child."""

Seat = tuple[int, int] | None
"""(school of the problem, month), or ``None`` for a child that waits throughout."""


def seat_reasons(
    district: District,
    scenario: Scenario,
    problem: Problem,
    seating: Seating,
    where: dict[int, Seat],
) -> list[ChildSeat]:
    """The children of the problem with seat, reason and the nearest other schools.

    Parameters
    ----------
    where:
        Index of the child in ``district.newcomers`` → its seat.
    """
    reasons = _Reasons(district, scenario, problem, seating)
    return [reasons.of(district.newcomers[c], seat) for c, seat in sorted(where.items())]


class _Reasons:
    """Free seats before and after the seating, and the names that the reasons need."""

    def __init__(
        self, district: District, scenario: Scenario, problem: Problem, seating: Seating
    ) -> None:
        self.problem = problem
        self.limit = plural(scenario.wege.grenze, "Minute", "Minuten")
        self.place = {m.name: i for i, m in enumerate(district.municipalities)}
        self.names = [district.schools[s].name for s in problem.schools]
        self.free = seating.free
        taken = np.array(list(seating.school.values()), dtype=np.int64)
        self.left = seating.free - np.bincount(taken, minlength=len(seating.free))

    def of(self, child: Newcomer, seat: Seat) -> ChildSeat:
        """The seat of a child with its reason and the nearest other schools."""
        problem = self.problem
        minutes = problem.minutes[self.place[child.municipality]]
        own = np.flatnonzero(problem.kind == problem.school_types.index(child.school_type))
        nearest = sorted(own.tolist(), key=lambda s: (minutes[s], s))
        others = [s for s in nearest if seat is None or s != seat[0]][:NEAREST]
        return ChildSeat(
            child=child,
            school=None if seat is None else int(problem.schools[seat[0]]),
            month=None if seat is None else seat[1],
            minutes=None if seat is None else float(minutes[seat[0]]),
            reason=self._reason(child, nearest, seat),
            alternatives=tuple(
                Alternative(
                    int(problem.schools[s]), float(minutes[s]), self._obstacle(child, s, seat)
                )
                for s in others
            ),
        )

    def _reason(self, child: Newcomer, nearest: list[int], seat: Seat) -> str:
        return self._waits(child, nearest) if seat is None else self._sits(child, nearest, seat)

    def _waits(self, child: Newcomer, nearest: list[int]) -> str:
        reach = self.problem.reach[self.place[child.municipality]]
        if not nearest:
            return "wartet: keine Schule der Schulart in der Tabelle"
        if not child.pinned_to and not reach[nearest].any():
            return "wartet: keine Schule der Schulart innerhalb der Grenze des Schulwegs"
        return "wartet: im Zeitraum wird an keiner zulässigen Schule ein Platz frei"

    def _sits(self, child: Newcomer, nearest: list[int], seat: tuple[int, int]) -> str:
        school, start = seat
        if child.pinned_to:
            why = "vom Amt auf diese Schule festgelegt"
        elif school == nearest[0]:
            why = "nächste Schule der Schulart"
        elif all(self.free[s] <= 0 for s in nearest[: nearest.index(school)]):
            why = "nächste Schule der Schulart mit freiem Platz"
        else:
            why = "kürzeste Wege für alle Kinder der Liste zusammen"
        if start:
            why += f"; Platz ab {month(self.problem.months[start])}, vorher ist keiner frei"
        return why

    def _obstacle(self, child: Newcomer, s: int, seat: Seat) -> str:
        """What spoke against a school."""
        i = self.place[child.municipality]
        minutes = self.problem.minutes[i]
        if child.pinned_to:
            return "Kind ist auf eine andere Schule festgelegt"
        if self.names[s] in child.excluded:
            return "für das Kind ausgeschlossen"
        if not self.problem.reach[i, s]:
            return f"Weg über {self.limit}"
        if self.free[s] <= 0:
            return "kein freier Platz am Stichtag"
        if seat is not None and minutes[s] >= minutes[seat[0]]:
            return "weiter entfernt"
        if self.left[s] <= 0:
            return "Platz geht an ein anderes Kind der Liste"
        return "kürzeste Wege für alle Kinder der Liste zusammen"
