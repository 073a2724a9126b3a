"""The list is done first, and in the same way alone (``zuweisen``) and in a plan (``planen``)."""

from __future__ import annotations

from datetime import date

import pytest

from daz_planner.district.model import District
from daz_planner.german import month
from daz_planner.planning import list_in_plan, make, make_plan
from daz_planner.planning.assign import assign_children
from daz_planner.planning.children import seat_children, seat_later, soon_months
from daz_planner.planning.problem import build_problem, waited_months
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population
from tests.factories import child, district, scenario, school
from tests.planning.test_children_large import drawn


def test_seats_open_soon_up_to_the_month_in_which_a_class_could_open() -> None:
    # 30 pupils on 23 seats; 14 of them are left in May, 12 in June. With a room a class may open in
    # April: what comes later is for the plan of the months ahead.
    children = [child(f"k{n}", registered=date(2016, 9, 1 + n)) for n in range(3)]
    for rooms, lead, until in ((1, 2, 2), (1, 4, 4), (0, 2, 7)):
        town = district(
            [school("GS A", pupils=34, reserve=0, free_rooms=rooms)], newcomers=children
        )
        setting = scenario(zeitraum={"monate": 8}, klassen={"vorlauf_monate": lead})
        outlook = expect(build_population(town, setting))
        problem = build_problem(town, setting, outlook, ("GS",))
        assert soon_months(problem).tolist() == [until]
        result = assign_children(town, setting)
        months = [seat.month for seat in result.children]
        assert all(month is None or 0 < month <= until for month in months)
        everything = seat_later(
            town, problem, outlook, setting,
            seat_children(town, problem, outlook, setting, 60.0), problem.base, 60.0,
        ).month  # fmt: skip
        assert [m for m in months if m is not None] == [
            everything[c] for c in range(3) if everything.get(c, 99) <= until
        ]
        if None in months:
            waits = result.children[months.index(None)]
            so_far = month(problem.months[until]) if until < 7 else ""
            assert waits.reason.startswith(f"wartet: {f'bis {so_far}' if so_far else 'im'} ")


@pytest.mark.parametrize("seed", range(6))
def test_the_plan_keeps_the_seats_of_the_list_alone(seed: int) -> None:
    # Scarce seats, families, pins, wishes, forecast pupils: who has a seat of the list alone has
    # the very same one in the plan, and nobody has one sooner than the list gave it away.
    town = drawn(seed, count=24)
    setting = scenario(
        zeitraum={"monate": 6}, zuzug={"pro_monat": 8, "schularten": {"GS": 0.5, "OS": 0.5}}
    )
    alone = assign_children(town, setting)
    plan = make_plan(town, setting, simulate(town, setting))
    told = {seat.child.pupil_id: (seat.school, seat.month) for seat in plan.children}
    for seat in alone.children:
        if seat.school is not None:
            assert told[seat.child.pupil_id] == (seat.school, seat.month)
    waited = {s.child.pupil_id: 6 if s.month is None else s.month for s in plan.children}
    for kind in ("GS", "OS"):
        own = sum(m for k, m in waited.items() if _type_of(town, k) == kind)
        listed = sum(w.listed for w in plan.waiting if w.school_type == kind)
        assert listed == own


@pytest.mark.parametrize("seed", range(4))
def test_who_waits_for_a_seat_of_the_list_counts_in_the_waiting_months(seed: int) -> None:
    # Nobody else comes: the waiting months are those of the list, twice from the third one on.
    town = drawn(seed, count=24)
    setting = scenario(zeitraum={"monate": 6})
    plan = make_plan(town, setting, simulate(town, setting))
    assert any(seat.month in (1, 2) for seat in plan.children)
    for kind in ("GS", "OS"):
        months = 0.0
        for seat in plan.children:
            if seat.child.school_type == kind:
                waited = waited_months(seat.child, plan.months[0])
                end = 6 if seat.month is None else seat.month
                months += sum(2.0 if waited + t >= 2 else 1.0 for t in range(end))
        told = sum(s.value for s in plan.stages if (s.goal, s.school_type) == ("wartemonate", kind))
        # Later goals may take a child month of it.
        assert told <= months <= max(1.005 * told, told + 1.0) + 1e-3


def _type_of(town: District, pupil_id: str) -> str:
    return next(c.school_type for c in town.newcomers if c.pupil_id == pupil_id)


def test_no_seat_of_the_plan_stays_empty_where_the_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The plan has seats for all in the classes that open; the time for the goals of the list ends.
    children = [child(f"k{n}", registered=date(2016, 9, 1 + n)) for n in range(6)]
    schools = [school(f"GS {n}", pupils=23, reserve=0, free_rooms=1) for n in range(2)]
    town = district(schools, newcomers=children)
    setting = scenario(zeitraum={"monate": 5}, klassen={"vorlauf_monate": 1})
    monkeypatch.setattr(make, "_LIST_SECONDS", 0.0)
    late = list_in_plan.seat_in_slots
    monkeypatch.setattr(list_in_plan, "seat_in_slots", lambda *args: late(*args[:-1], 0.0))
    plan = make_plan(town, setting, simulate(town, setting))
    assert [seat.month for seat in plan.children] == [1] * 6
    assert not any(waits.month for waits in plan.waiting)
    ends = [s.status.is_cut_off for s in plan.stages if s.goal == "heutige_liste"]
    assert ends == [True]
