"""Planning again on an earlier plan: announced classes and seats stay where they still can.

Announced classes run at least (:mod:`daz_planner.planning.announced`).  A child keeps the seat of
the earlier plan like a child that the office has pinned to the school; the seats that turn out
impossible, or that would take the seat of a child pinned by the office, are given up one round
after the other, and the plan is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from daz_planner.district.text import quoted
from daz_planner.german import day, month
from daz_planner.planning.changes import find_changes
from daz_planner.planning.earlier import Expected, expected_of, gone_findings
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Alternative, Cause, ChildSeat, Plan, WaitingPlace
from daz_planner.planning.problem import waiting_order

if TYPE_CHECKING:
    from daz_planner.district.model import District, School
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast

Progress = Callable[[float, str], None]
Make = Callable[..., Plan]

MOST_ROUNDS = 5
"""After so many plans no further seat is given up together; all that are left are free."""
KEEPS = "das Kind behält seinen angekündigten Platz"


def plan_again(
    district: District,
    scenario: Scenario,
    forecast: Forecast,
    earlier: Plan,
    folder: str = "",
    *,
    make: Make = make_plan,
    further: Sequence[School] = (),
    progress: Progress | None = None,
) -> Plan:
    """A plan that changes as little as possible of an earlier one, with the list of changes.

    Parameters
    ----------
    earlier:
        The plan to build on, of the same or an earlier reference date.
    folder:
        Name of its result folder, to be told.
    make:
        What makes the plan: :func:`make_plan` or one that takes the same arguments.
    further:
        Schools beside those of the district that may open a class.

    Raises
    ------
    InputError
        If the earlier plan is of a later month than the district.
    SolverError, ConservationError
        As :func:`make_plan`.
    """
    expected = expected_of(earlier, folder, district, scenario, forecast.months, further)
    warned = (*district.findings, *gone_findings(expected))
    district = replace(district, findings=tuple(sorted(warned, key=lambda f: f.sort_key)))
    least = {name: announced.least for name, announced in expected.classes.items()}
    for round_ in range(MOST_ROUNDS + 1):
        if round_ == MOST_ROUNDS:
            expected = _released(expected, {child: _NO_ROUND for child in expected.keep})
        pinned = _pinned(district, expected)
        plan = make(pinned, scenario, forecast, progress=progress, least=least)
        lost = _lost(plan, district, expected)
        if not lost or not expected.keep:
            break
        expected = _released(expected, lost)
    plan = _told(plan, district, expected)
    return replace(plan, changes=find_changes(plan, expected))


_NO_ROUND = "Die angekündigten Plätze ließen sich nicht miteinander halten."


def _pinned(district: District, expected: Expected) -> District:
    """The district whose children are pinned to the seats that they keep."""
    newcomers = tuple(
        replace(child, pinned_to=expected.keep[child.pupil_id])
        if child.pupil_id in expected.keep
        else child
        for child in district.newcomers
    )
    return replace(district, newcomers=newcomers)


def _released(expected: Expected, lost: dict[str, str]) -> Expected:
    keep = {child: name for child, name in expected.keep.items() if child not in lost}
    return replace(expected, keep=keep, released={**expected.released, **lost})


def _lost(plan: Plan, district: District, expected: Expected) -> dict[str, str]:
    """Who cannot keep the earlier seat, and why.

    A seat of a later month at the same school is kept where it comes a month later: the places of
    one school go by the time of waiting.
    """
    by_office = {child.pupil_id for child in district.newcomers if child.pinned_to}
    lost = {}
    for seat in plan.children:
        child = seat.child.pupil_id
        if child not in expected.keep or child in by_office:
            continue
        since = expected.seats[child].since
        assert since is not None
        latest = _month_after(max(since, plan.months[0]))
        if seat.month is None or (seat.month and since <= plan.months[0]):
            when = "zum Stichtag" if since <= plan.months[0] else f"im {month(since)}"
            lost[child] = f"An {quoted(expected.keep[child])} ist {when} kein Platz mehr frei."
        elif seat.month and plan.months[seat.month] > latest:
            lost[child] = (
                f"An {quoted(expected.keep[child])} wird erst im "
                f"{month(plan.months[seat.month])} statt im {month(since)} ein Platz frei."
            )
    for waits in plan.children:
        name = waits.child.pinned_to
        if waits.child.pupil_id in by_office and waits.month != 0:
            takers = [
                seat.child
                for seat in plan.children
                if seat.child.pinned_to == name
                and seat.month == 0
                and seat.child.pupil_id not in by_office
                and seat.child.pupil_id not in lost
            ]
            if takers:
                last = max(takers, key=waiting_order)
                lost[last.pupil_id] = (
                    f"Der Platz an {quoted(name)} geht an ein Kind, das dorthin festgelegt ist."
                )
    return lost


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _told(plan: Plan, district: District, expected: Expected) -> Plan:
    """The plan with the children as the office listed them, and what was announced named so."""
    original = {child.pupil_id: child for child in district.newcomers}
    announced = day(expected.reference_date)
    children = []
    for seat in plan.children:
        child = original[seat.child.pupil_id]
        if child.pupil_id in expected.keep and not child.pinned_to:
            seat = _kept_seat(plan, seat, announced)
        children.append(replace(seat, child=child))
    openings = []
    for opening in plan.openings:
        known = expected.classes.get(plan.district.schools[opening.school].name)
        if known is not None and plan.months[opening.month] in known.months:
            reason = f"Schon im Plan vom {announced} angekündigt. {opening.reason}"
            opening = replace(opening, reason=reason)
        openings.append(opening)
    return replace(
        plan,
        district=replace(plan.district, newcomers=district.newcomers),
        children=tuple(children),
        openings=tuple(openings),
        waiting=_causes(plan, district),
    )


def _kept_seat(plan: Plan, seat: ChildSeat, announced: str) -> ChildSeat:
    reason = f"behält den Platz aus dem Plan vom {announced}"
    if seat.month:
        reason += f"; Platz ab {month(plan.months[seat.month])}"
    alternatives = tuple(Alternative(a.school, a.minutes, KEEPS) for a in seat.alternatives)
    return replace(seat, reason=reason, alternatives=alternatives)


def _causes(plan: Plan, district: District) -> tuple[WaitingPlace, ...]:
    """Who only waits for the announced seat is not pinned by the office."""
    by_office = {
        (child.school_type, child.municipality) for child in district.newcomers if child.pinned_to
    }
    names = [place.name for place in plan.district.municipalities]
    return tuple(
        replace(place, cause=Cause.ANNOUNCED)
        if place.cause is Cause.PINNED
        and (place.school_type, names[place.municipality]) not in by_office
        else place
        for place in plan.waiting
    )
