"""Rooms by month (sheet Räume): what opens has a room in its month and as long as it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, PlanState, RoomChange
from daz_planner.planning.load_futures import _classes_by_hours, classes_of_stage
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Cause, Plan
from daz_planner.planning.problem import Problem, build_problem
from daz_planner.planning.rooms import lasting_classes
from daz_planner.planning.spread import uncounted_schools
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population
from tests.factories import district, scenario, school

MARCH, MAY, JUNE = date(2017, 3, 1), date(2017, 5, 1), date(2017, 6, 1)


def rooms(number: int, since: date) -> RoomChange:
    return RoomChange("GS A", since, number)


def town(*changes: RoomChange, free_rooms: int | None = 0, decided: tuple[Any, ...] = ()) -> Any:
    """One full school, month 0 is February 2017; months are February to July."""
    there = [school("GS A", pupils=20, free_rooms=free_rooms)]
    return replace(district(there), room_changes=changes, class_plan=decided)


def problem_of(here: Any, **tables: Any) -> Problem:
    setting = scenario(**tables)
    return build_problem(here, setting, expect(build_population(here, setting)), ("GS",))


def plan_of(here: Any, arrivals: float = 12.0, **tables: Any) -> Plan:
    setting = scenario(zuzug={"pro_monat": arrivals, "varianzfaktor": 1}, **tables)
    return make_plan(here, setting, simulate(here, setting))


def test_a_number_holds_from_its_month_on_until_the_next() -> None:
    # February to April as in the table of schools: 1; then 2, then 3.
    problem = problem_of(town(rooms(3, JUNE), rooms(2, MAY), free_rooms=1))
    assert problem.most[0].tolist() == [2, 2, 2, 3, 4, 4]
    assert problem.rooms.tolist() == [3]


def test_an_entry_up_to_the_reference_date_holds_from_the_beginning() -> None:
    problem = problem_of(town(rooms(2, date(2016, 9, 1)), rooms(1, date(2016, 5, 1))))
    assert problem.most[0].tolist() == [3] * 6


def test_where_classes_never_close_a_room_that_goes_later_is_no_room() -> None:
    problem = problem_of(town(rooms(1, MAY), free_rooms=3))
    assert problem.most[0].tolist() == [2] * 6


def test_a_room_until_the_month_of_closing_is_one() -> None:
    # Classes may close in May: until then three further classes have a room, then one.
    problem = problem_of(town(rooms(1, MAY), free_rooms=3), klassen={"schliessen_in": [5]})
    assert problem.most[0].tolist() == [4, 4, 4, 2, 2, 2]


def test_no_room_is_lost_to_a_decision_and_none_is_used_twice() -> None:
    # Two classes are decided from May on and take the one room: none may open before.
    decision = ClassDecision("GS A", MAY, 2, PlanState.DECIDED)
    assert problem_of(town(free_rooms=1, decided=(decision,))).most[0].tolist() == [
        *(1, 1, 1, 2, 2, 2)
    ]
    # The room goes in June, the class is decided all the same.
    lost = town(rooms(0, JUNE), free_rooms=1, decided=(decision,))
    assert problem_of(lost).most[0].tolist() == [1, 1, 1, 2, 2, 2]


def test_the_plan_opens_when_there_is_a_room() -> None:
    plan = plan_of(town(rooms(1, MAY)))
    assert plan.classes[0].tolist() == [1, 1, 1, 2, 2, 2]
    causes = {w.month: w.cause for w in plan.waiting}
    # April is the first month in which a class could open, and there is no room yet.
    assert causes[2] is Cause.NO_ROOM


def test_the_plan_does_not_open_what_it_could_not_keep() -> None:
    plan = plan_of(town(rooms(0, JUNE), free_rooms=1))
    assert plan.classes[0].tolist() == [1] * 6
    assert {w.cause for w in plan.waiting if w.month >= 2} == {Cause.NO_ROOM}


def test_it_opens_and_closes_where_it_may() -> None:
    plan = plan_of(
        town(rooms(0, JUNE), free_rooms=1), klassen={"schliessen_in": [6], "vorlauf_monate": 1}
    )
    assert plan.classes[0].tolist() == [1, 2, 2, 2, 1, 1]


def test_all_rooms_in_use_by_month() -> None:
    problem = problem_of(town(rooms(2, MAY)), klassen={"vorlauf_monate": 1})
    assert classes_of_stage(problem, 2)[0].tolist() == [1, 1, 1, 3, 3, 3]


def test_classes_decided_are_in_the_load_of_a_future() -> None:
    decision = ClassDecision("GS A", MAY, 2, PlanState.DECIDED)
    problem = problem_of(town(free_rooms=2, decided=(decision,)), klassen={"vorlauf_monate": 1})
    assert classes_of_stage(problem, 0)[0].tolist() == [1, 1, 1, 2, 2, 2]
    closing = replace(decision, classes=0)
    problem = problem_of(town(free_rooms=2, decided=(closing,)), klassen={"vorlauf_monate": 1})
    for stage in (0, 1, 2):
        assert classes_of_stage(problem, stage)[0].tolist() == [1, 1, 1, 0, 0, 0]


def test_teacher_hours_of_a_future_meet_the_rooms_of_the_month() -> None:
    # 17 hours a class: 60 are enough for two beyond today's, and there are rooms from May on.
    values: dict[str, Any] = {"klassen": {"vorlauf_monate": 1}}
    for hours, expected in ((60.0, [0, 0, 0, 2, 2, 2]), (40.0, [0, 0, 0, 1, 1, 1])):
        limited = {"lehrer": {"begrenzt": True, "stunden": {"GS": hours}}}
        problem = problem_of(town(rooms(3, MAY)), **values, **limited)
        own = np.array([True])
        assert _classes_by_hours(problem, own).tolist() == expected


def test_the_spread_names_schools_that_get_a_room_later() -> None:
    goals = {"ziele": {"reihenfolge": ["wartemonate", "streuung_schulen"], "streuung": "Anteil"}}
    setting = scenario(**goals)
    here = district([school("GS A"), school("GS B", classes=0), school("GS C", classes=0)])
    later = replace(here, room_changes=(RoomChange("GS B", MAY, 1),))
    assert uncounted_schools(here, setting) == ["GS A"]
    assert uncounted_schools(later, setting) == ["GS A", "GS B"]
    gone = replace(
        district([school("GS B", classes=0, free_rooms=1)]),
        room_changes=(RoomChange("GS B", date(2017, 1, 1), 0),),
    )
    assert uncounted_schools(gone, setting) == []


def test_more_rooms_in_a_copy_of_the_problem_are_more_in_every_month() -> None:
    problem = problem_of(town(rooms(2, MAY)))
    assert problem.with_rooms(problem.rooms + 1).most[0].tolist() == [2, 2, 2, 4, 4, 4]


@given(
    further=st.lists(st.integers(0, 4), min_size=2, max_size=8),
    closing=st.integers(0, 255),
)
def test_every_course_of_classes_within_the_rooms_is_within_the_lasting_ones(
    further: list[int], closing: int
) -> None:
    """Brute force: the largest number in a month over all courses that keep to the rooms."""
    months = len(further)
    may_close = np.array([t > 0 and bool(closing >> t & 1) for t in range(months)])
    best = [0] * months

    def go(course: list[int]) -> None:
        t = len(course)
        if t == months:
            for e, number in enumerate(course):
                best[e] = max(best[e], number)
            return
        low = 0 if t == 0 or may_close[t] else course[-1]
        for number in range(low, further[t] + 1):
            go([*course, number])

    go([])
    base = np.ones((1, months), dtype=np.int64)
    most = base + np.array([further], dtype=np.int64)
    assert lasting_classes(most, base, may_close)[0].tolist() == [1 + n for n in best]


def test_the_rule_of_an_office_keeps_to_the_rooms_of_the_month() -> None:
    from daz_planner.planning.futures_world import build_world

    here = town(rooms(2, MAY))
    setting = scenario(zuzug={"pro_monat": 4.0, "varianzfaktor": 1})
    plan = make_plan(here, setting, simulate(here, setting))
    world, _ = build_world(plan, setting, 1)
    assert world.office.most_classes[0].tolist() == [1, 1, 1, 3, 3, 3]


def test_an_announced_class_without_a_room_is_given_up() -> None:
    from daz_planner.planning.earlier import NO_ROOM, expected_of

    setting = scenario(zuzug={"pro_monat": 12.0, "varianzfaktor": 1})
    earlier = make_plan(town(free_rooms=1), setting, simulate(town(free_rooms=1), setting))
    assert earlier.classes[0].tolist() == [1, 1, 2, 2, 2, 2]
    announced = expected_of(
        earlier, "alt", town(rooms(0, JUNE), free_rooms=1), setting, earlier.months
    ).classes["GS A"]
    assert announced.least == (1,) * 6
    assert announced.why == NO_ROOM


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_rows_does_not_matter(order: int) -> None:
    changes = (rooms(1, MARCH), rooms(2, MAY), rooms(4, JUNE))
    assert problem_of(town(*changes[::order])).most[0].tolist() == [1, 2, 2, 3, 5, 5]
