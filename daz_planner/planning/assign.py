"""Seats for the children of today's list alone: now, or in a month whose seats are known already.

Beside the seats that are free on the reference date those count that open soon without any further
decision: in classes that the sheet Klassenplan names as decided, and where today's pupils are
expected to leave.  Soon is up to the month in which a new class could open at the earliest.  No
class opens here and no forecast competes for the seats; that is the plan of the months ahead
(:func:`daz_planner.planning.make.make_plan`), which begins with the very same seats.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.model import PlanState
from daz_planner.district.today_numbers import count_hints
from daz_planner.errors import ConservationError
from daz_planner.german import month
from daz_planner.planning.children import Seating, seat_list, soon_months
from daz_planner.planning.list_hints import list_hints
from daz_planner.planning.plan import ChildSeat, SolveStatus, StageResult
from daz_planner.planning.problem import FloatArray, IntArray, Problem, build_problem
from daz_planner.planning.reasons import seat_reasons
from daz_planner.planning.seats import open_cap_notes
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.forecast import Forecast
from daz_planner.simulation.order import Canonical, canonical
from daz_planner.simulation.population import build_population

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

LATER = ", später"
"""Behind the school types of goals for the seats of later months."""


@dataclass(frozen=True)
class Assignment:
    """Who of today's list gets which seat.

    Axes: ``s`` school in the order of ``district.schools``, ``t`` month, 0 the reference date.
    """

    district: District
    scenario: Scenario
    forecast: Forecast
    """The expectation without drawn futures: what today's pupils use of the seats."""
    months: tuple[date, ...]
    children: tuple[ChildSeat, ...]
    """In the order of the sheet Neuzugänge."""
    free: IntArray
    """``[s]`` whole seats free on the reference date, before anybody is seated."""
    classes: IntArray
    """``[s, t]`` classes today, and as decided in the sheet Klassenplan."""
    stages: tuple[StageResult, ...]
    lots: tuple[str, ...]
    """Ids of the children for whom the lot decided among plans that were equal in every goal."""
    until: dict[str, date] = field(default_factory=dict)
    """School type → month up to which its seats were given, see
    :func:`~daz_planner.planning.children.soon_months`."""
    hints: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def hit_limit(self) -> bool:
        """Whether a goal ended at the time limit."""
        return any(stage.status.is_cut_off for stage in self.stages)

    @property
    def without_seat(self) -> int:
        """Children who get no seat in the whole period."""
        return sum(seat.school is None for seat in self.children)

    @property
    def later(self) -> int:
        """Children who get a seat, but not at once."""
        return sum(bool(seat.month) for seat in self.children)

    def taken(self, s: int, *, later: bool = False) -> int:
        """Children who take a seat at a school at once, or in a later month."""
        return sum(seat.school == s and bool(seat.month) == later for seat in self.children)


def assign_children(district: District, scenario: Scenario) -> Assignment:
    """Seat the children of today's list.

    Raises
    ------
    InputError
        If district and scenario do not fit together.
    SolverError
        If the solver is missing.
    ConservationError
        If a child was lost or counted twice (a bug).
    """
    since = time.perf_counter()
    order = canonical(district)
    outlook = expect(build_population(order.district, scenario))
    kinds = outlook.population.school_types
    problem = build_problem(order.district, scenario, outlook, kinds)
    seconds = {"Modell": time.perf_counter() - since}
    limit = scenario.rechnen.zeitlimit
    since = time.perf_counter()
    classes = problem.base
    seating = seat_list(order.district, problem, outlook, scenario, limit)
    seconds["Lösung"] = time.perf_counter() - since
    soon = soon_months(problem)
    seats = seat_reasons(order.district, scenario, problem, seating, soon)
    _check(order.district, problem, seating, seats)
    return _in_the_order_of_the_workbook(
        district,
        scenario,
        outlook,
        order,
        seating,
        seats,
        classes,
        _stages(seating),
        seconds,
        {kind: problem.months[t] for kind, t in zip(kinds, soon.tolist(), strict=True)},
    )


def _stages(seating: Seating) -> tuple[StageResult, ...]:
    """The goals of both steps, those of later months marked in the school type."""
    result: list[StageResult] = []
    for goal in seating.goals:
        kinds = f"{goal.kinds}{LATER}" if goal.later else goal.kinds
        sign = -1.0 if goal.is_count else 1.0
        one = StageResult(
            school_type=kinds,
            goal=goal.name,
            value=sign * goal.value,
            bound=None if goal.bound is None else sign * goal.bound,
            gap=goal.gap,
            status=goal.status,
            seconds=goal.seconds,
        )
        if result and (result[-1].goal, result[-1].school_type) == (one.goal, kinds):
            one = _joined(result.pop(), one)
        result.append(one)
    return tuple(result)


def _joined(one: StageResult, other: StageResult) -> StageResult:
    """Two days of the precedence as one goal."""
    known = one.bound is not None and other.bound is not None
    states = list(SolveStatus)
    return StageResult(
        school_type=one.school_type,
        goal=one.goal,
        value=one.value + other.value,
        bound=(one.bound or 0.0) + (other.bound or 0.0) if known else None,
        gap=max(one.gap or 0.0, other.gap or 0.0) if known else None,
        status=max(one.status, other.status, key=states.index),
        seconds=one.seconds + other.seconds,
    )


def _check(district: District, problem: Problem, seating: Seating, seats: list[ChildSeat]) -> None:
    """Nobody lost or twice, no more children at once than free seats, each at its own type."""
    told = sorted(seat.child.pupil_id for seat in seats)
    if told != sorted(child.pupil_id for child in district.newcomers):
        raise _bug("ein Kind der Liste fehlt oder steht doppelt")
    for s in range(len(problem.schools)):
        here = [c for c, school in seating.school.items() if school == s]
        if sum(not seating.month[c] for c in here) > seating.free[s]:
            raise _bug(f"mehr Kinder als freie Plätze an Schule Nr. {s}")
        kind = problem.school_types[int(problem.kind[s])]
        if any(district.newcomers[c].school_type != kind for c in here):
            raise _bug(f"ein Kind ist an einer falschen Schulart (Schule Nr. {s})")


def _bug(what: str) -> ConservationError:
    return ConservationError(
        f"Die Zuweisung stimmt nicht: {what}.",
        remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
    )


def _in_the_order_of_the_workbook(
    district: District,
    scenario: Scenario,
    outlook: Outlook,
    order: Canonical,
    seating: Seating,
    seats: list[ChildSeat],
    classes: IntArray,
    stages: tuple[StageResult, ...],
    seconds: dict[str, float],
    until: dict[str, date],
) -> Assignment:
    schools, back = order.school, np.argsort(order.school)
    position = {child.pupil_id: c for c, child in enumerate(district.newcomers)}
    population = outlook.population
    none: FloatArray = np.zeros((0, *outlook.pupils.shape))
    return Assignment(
        district=district,
        scenario=scenario,
        forecast=Forecast(
            months=population.months,
            school_types=population.school_types,
            expected=outlook.pupils,
            runs=none.astype(np.int32),
            expected_flows=outlook.flows,
            phase3_known=population.phase3_known,
            expected_vka_flows=outlook.vka_flows,
        ),
        months=population.months,
        children=tuple(
            sorted(
                (seat.with_schools(schools) for seat in seats),
                key=lambda seat: position[seat.child.pupil_id],
            )
        ),
        free=seating.free[back],
        classes=classes[back],
        stages=stages,
        lots=tuple(sorted(order.district.newcomers[c].pupil_id for c in seating.lots)),
        until=until,
        hints=tuple(_hints(district, order.district, scenario, seating, population.months, until)),
        seconds=seconds,
    )


def _hints(
    district: District,
    ordered: District,
    scenario: Scenario,
    seating: Seating,
    months: tuple[date, ...],
    until: dict[str, date],
) -> list[str]:
    hints = []
    if seating.cut_off:
        hints.append(
            "Abgebrochen: Das Zeitlimit reichte nicht. Verwenden Sie diese Zuweisung so nicht, "
            "sondern rechnen Sie mit einem größeren --zeitlimit noch einmal."
        )
    hints.extend(count_hints(district))
    hints.extend(open_cap_notes(district, scenario, months))
    hints.extend(list_hints(ordered, scenario, seating))
    planned = any(entry.state is PlanState.PLANNED for entry in district.class_plan)
    if planned:
        hints.append(
            "Aus dem Blatt Klassenplan zählen hier nur Klassen mit dem Stand „beschlossen“."
        )
    if any(seating.month.values()):
        hints.append(
            "Plätze ab einem späteren Monat werden frei, wenn heutige Schüler wie erwartet "
            "wechseln, oder liegen in beschlossenen Klassen; künftige Anmeldungen brauchen sie "
            "womöglich auch. Neue Klassen und den Bedarf der nächsten Monate rechnet „planen“."
        )
    waiting = {c.school_type for n, c in enumerate(ordered.newcomers) if n not in seating.school}
    early = {until[kind] for kind in waiting if until[kind] < months[-1]}
    if early:
        hints.append(
            f"Verteilt sind hier die Plätze, die bis {month(max(early))} frei werden: Früher kann "
            "keine neue Klasse öffnen. Für alle, die dann noch warten, sucht „planen“ weiter; wer "
            "hier einen Platz hat, behält ihn dort."
        )
    return hints
