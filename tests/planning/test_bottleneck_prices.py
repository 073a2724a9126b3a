"""What a little more is worth where waiting goes before the prices, against numbers by hand.

As in ``test_bottlenecks``: a class has 20 planned seats, nobody is there yet, children stay for
twelve months, a minute is a kilometre.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from daz_planner.planning import Plan
from daz_planner.planning.bottleneck_list import Certainty, Resource
from daz_planner.planning.bottlenecks import find_bottlenecks
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.solver import open_session
from daz_planner.results.bottleneck_tables import bottleneck_sentences
from tests.factories import district, school
from tests.planning.test_bottlenecks import plan_of

WAITING_FIRST = {"wartemonate": "zuerst", "neue_klassen": 1000.0, "weg": 1.0}


def test_where_waiting_goes_before_prices_who_waits_counts_and_elsewhere_the_price() -> None:
    # GS: 30 - 20 children wait in month 3, a seat takes one of them.  OS: 10 of 30 ride 20 km in
    # month 3, with a seat one fewer; a class for 1000 would save no more than 200.
    town = district(
        [
            school("GS A", free_rooms=0),
            school("OS A", school_type="OS", free_rooms=0),
            school("OS B", km=20, school_type="OS", free_rooms=0),
        ]
    )
    plan = plan_of(
        town,
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 20.0, "schularten": {"GS": 0.5, "OS": 0.5}},
        ziele={"preise": WAITING_FIRST},
    )
    result = find_bottlenecks(plan, 60.0)
    assert [
        (i.resource, plan.district.schools[i.school or 0].name, round(i.waiting, 3), i.certainty)
        for i in result.items
        if i.waiting
    ] == [
        (Resource.ROOM, "GS A", 10.0, Certainty.EXACT),
        (Resource.SEAT, "GS A", 1.0, Certainty.EXACT),
    ]
    assert [(i.resource, i.school, round(i.price, 1)) for i in result.items if not i.waiting] == [
        (Resource.SEAT, 1, 20.0)
    ]
    # Both rooms of the GS and its seat, the rooms and seats of the OS; OS B is never full.
    assert (result.tried, result.without_worth, result.left_out) == (5, 1, 0)
    told = bottleneck_sentences(replace(plan, bottlenecks=result))
    assert told[0] == "GS A: Ein Raum mehr erspart 10 Wartemonate."


def test_less_than_a_month_of_waiting_is_exact_where_prices_have_no_tolerance() -> None:
    # 20.6 children in month 3 for 20 seats: 0.6 months, all of them saved by a seat or a room.
    plan = plan_of(
        district([school("GS A", free_rooms=0)]),
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 20.6 / 3},
        ziele={"preise": WAITING_FIRST},
    )
    worth = [
        (i.resource, round(i.waiting, 3), i.certainty) for i in find_bottlenecks(plan, 60.0).items
    ]
    assert worth == [
        (Resource.ROOM, 0.6, Certainty.EXACT),
        (Resource.SEAT, 0.6, Certainty.EXACT),
    ]


def _waiting_ends(
    monkeypatch: pytest.MonkeyPatch, status: SolveStatus, sessions: tuple[int, ...]
) -> None:
    """As if the waiting of these solves had ended five months above what is proven."""
    opened = 0

    def open_worse(*given: Any, **named: Any) -> Any:
        nonlocal opened
        session: Any = open_session(*given, **named)
        minimise, number, calls = session.minimise, opened, 0
        opened += 1

        def worse(*terms: Any, **more: Any) -> Any:
            nonlocal calls
            calls += 1
            outcome = minimise(*terms, **more)
            if calls > 1 or number not in sessions:
                return outcome
            return replace(outcome, value=outcome.value + 5.0, status=status)

        session.minimise = worse
        return session

    monkeypatch.setattr("daz_planner.planning.bottleneck_prices.open_session", open_worse)


def _priced_plan() -> Plan:
    """A seat at GS A saves one child 20 minutes; nobody waits."""
    town = district([school("GS A", free_rooms=0), school("GS B", km=20, free_rooms=0)])
    return plan_of(town, zeitraum={"monate": 4}, ziele={"preise": WAITING_FIRST})


def test_no_price_is_saved_by_children_who_wait_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    # With the seat five more children might wait, each of them 20 minutes less: 120.
    plan = _priced_plan()
    _waiting_ends(monkeypatch, SolveStatus.WITHIN_GAP, sessions=(1,))
    result = find_bottlenecks(plan, 60.0)
    seats = [round(i.price, 1) for i in result.items if i.resource is Resource.SEAT]
    assert seats == [20.0]


def test_the_bound_without_an_addition_holds_for_what_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Without the seat five more may wait, as in the plan at hand: 100 minutes less than proven
    # otherwise, so that the seat saves nothing for certain.
    plan = _priced_plan()
    _waiting_ends(monkeypatch, SolveStatus.WITHIN_GAP, sessions=(0,))
    assert [i for i in find_bottlenecks(plan, 60.0).items if i.resource is Resource.SEAT] == []


@pytest.mark.parametrize("sessions", [(0,), (1,)])
def test_where_the_waiting_is_cut_off_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, sessions: tuple[int, ...]
) -> None:
    plan = _priced_plan()
    _waiting_ends(monkeypatch, SolveStatus.LIMIT, sessions)
    result = find_bottlenecks(plan, 60.0)
    assert [i for i in result.items if i.resource is Resource.SEAT] == []
    assert result.left_out == 1
    assert result.hit_limit
