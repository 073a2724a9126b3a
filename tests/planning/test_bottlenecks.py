"""What a little more is worth, against numbers worked out by hand.

A class has 20 planned seats, nobody is there yet, ten children register a month and stay for
twelve months; a minute is a kilometre.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, PlanState
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.bottleneck_list import Bottlenecks, Certainty, Resource
from daz_planner.planning.bottlenecks import (
    find_bottlenecks,
    problem_of_plan,
    with_bottlenecks,
)
from daz_planner.planning.least_waiting import (
    Network,
    least_waiting,
    with_hours,
    with_room,
    with_seat,
)
from daz_planner.planning.problem import build_problem
from daz_planner.planning.solver import HighsSession
from daz_planner.results.bottleneck_tables import bottleneck_sentences, bottleneck_table
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from tests.factories import child, district, place, scenario, school

WHICH_SEAT = (
    "Ein Platz heißt hier: einer, den auch die Prognose nutzen darf. Ein Platz der Reserve oder "
    "mehr Kapazitätsreserve einer Schule ist das nicht."
)


def plan_of(town: Any, **tables: Any) -> Plan:
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 5},
        "zuzug": {"pro_monat": 10.0},
        "klassen": {"vorlauf_monate": 1},
        "rechnen": {"laeufe": 1},
    }
    setting = scenario(**{**rest, **tables})
    return make_plan(town, setting, simulate(town, setting))


def found(plan: Plan) -> list[tuple[Resource, str, float, float, float]]:
    result = find_bottlenecks(plan, 60.0)
    assert not result.hit_limit
    return [
        (
            item.resource,
            item.school_type if item.school is None else plan.district.schools[item.school].name,
            round(item.waiting, 3),
            item.classes,
            round(item.minutes, 2),
        )
        for item in result.items
    ]


def test_a_room_is_worth_all_who_wait_and_a_seat_one_child_a_month() -> None:
    # 30 - 20 children wait in month 3, 40 - 20 in month 4: 30 waiting months. With a second class
    # nobody waits. One more seat: one child fewer in each of the two months.
    plan = plan_of(district([school("GS A", free_rooms=0)]))
    assert found(plan) == [
        (Resource.ROOM, "GS A", 30.0, 0.0, 0.0),
        (Resource.SEAT, "GS A", 2.0, 0.0, 0.0),
    ]


def test_the_second_room_is_worth_what_the_first_leaves() -> None:
    # Twice the children: 20 of 40 seats in month 3, 40 in month 4 are missing. A third class takes
    # 20 in both months.
    plan = plan_of(district([school("GS A", free_rooms=1)]), zuzug={"pro_monat": 20.0})
    assert found(plan)[0] == (Resource.ROOM, "GS A", 40.0, 0.0, 0.0)


def test_schools_that_are_never_full_are_left_out_for_certain() -> None:
    # GS B is out of reach of those who wait: nothing there helps, and nothing there is solved.
    town = district(
        [school("GS A", free_rooms=0), school("GS B", km=100, free_rooms=0)],
        [place("A-Dorf"), place("B-Dorf", km=100)],
    )
    plan = plan_of(town, zuzug={"pro_monat": 10.0, "gemeinden": {"A-Dorf": 1.0}})
    assert [name for _, name, *_ in found(plan)] == ["GS A", "GS A"]
    result = find_bottlenecks(plan, 60.0)
    assert (result.tried, result.without_worth) == (2, 2)


def test_equal_schools_share_a_rank_and_a_sentence() -> None:
    # The rows of the workbook are not in the order of the alphabet.
    town = district([school("GS B", free_rooms=0), school("GS A", free_rooms=0)])
    plan = plan_of(town, zuzug={"pro_monat": 20.0})
    plan = replace(plan, bottlenecks=find_bottlenecks(plan, 60.0))
    table = bottleneck_table(plan)
    assert table.values("Rang") == [1, 1, 3, 3]
    assert table.values("Schule") == ["GS B", "GS A", "GS B", "GS A"]
    assert table.values("Wartemonate weniger") == pytest.approx([40.0, 40.0, 2.0, 2.0], abs=1e-3)
    assert set(table.values("Ursache")) == {
        "kein freier Raum für eine weitere Klasse in Reichweite (freie Plätze sind Reserve)"
    }
    assert bottleneck_sentences(plan) == [
        "GS B: Ein Raum mehr erspart 40 Wartemonate, ebenso an 1 weiteren Schule (GS).",
        "GS B: Ein Platz mehr erspart 2 Wartemonate, ebenso an 1 weiteren Schule (GS).",
        WHICH_SEAT,
    ]


def test_where_nobody_waits_a_seat_saves_minutes() -> None:
    # 20 children at GS A, 10 ride 20 km to GS B in month 3. One more seat at GS A: one child stays
    # here; GS B is not full. The rows of the workbook are not in the order of the alphabet.
    town = district([school("GS B", km=20, free_rooms=0), school("GS A", free_rooms=0)])
    plan = plan_of(town, zeitraum={"monate": 4})
    assert found(plan) == [(Resource.SEAT, "GS A", 0.0, 0.0, 20.0)]


def test_a_seat_can_save_a_class() -> None:
    # 21.5 children in month 3 for 20 seats: 1.5 waiting months open a class, half a month does not.
    plan = plan_of(
        district([school("GS A", free_rooms=1)]),
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 21.5 / 3},
    )
    assert len(plan.openings) == 1
    assert found(plan) == [(Resource.SEAT, "GS A", 0.0, 1.0, 0.0)]


def test_a_room_can_bring_a_new_class_nearer() -> None:
    # GS A is full and has no room, so the second class opens 20 km away in GS B, which runs none
    # today: 10 children ride there. With a room the class would open here.
    town = district([school("GS A", free_rooms=0), school("GS B", km=20, classes=0, free_rooms=1)])
    plan = plan_of(town, zeitraum={"monate": 4})
    assert [plan.district.schools[o.school].name for o in plan.openings] == ["GS B"]
    rooms = [item for item in find_bottlenecks(plan, 60.0).items if item.resource is Resource.ROOM]
    assert [(item.minutes, item.certainty) for item in rooms] == [
        (pytest.approx(200.0, abs=0.1), Certainty.AT_LEAST)
    ]


def test_the_class_that_moves_is_gone_where_it_was() -> None:
    # 45 children at once: 20 here, 20 to GS B which opens a class (20 km), 5 to GS C (30 km), 550
    # minutes. With the class here 40 stay and 5 ride to GS C: 150.
    town = district(
        [
            school("GS A", free_rooms=0),
            school("GS B", km=20, classes=0, free_rooms=1),
            school("GS C", km=30, free_rooms=0),
        ]
    )
    plan = plan_of(town, zeitraum={"monate": 3}, zuzug={"reihe": [45.0, 0.0]})
    result = find_bottlenecks(plan, 60.0)
    rooms = {item.school: item.minutes for item in result.items if item.resource is Resource.ROOM}
    assert rooms == {0: pytest.approx(400.0, abs=0.1)}


def test_teachers_not_rooms() -> None:
    # The class of today needs 15 + 2 hours, and no more are there: a room brings nothing, 25 hours
    # bring the second class, which takes all who wait: 10 in month 3, 20 in month 4.
    plan = plan_of(district([school("GS A", free_rooms=1)]), lehrer={"begrenzt": True})
    assert found(plan) == [
        (Resource.HOURS, "GS", 30.0, 0.0, 0.0),
        (Resource.SEAT, "GS A", 2.0, 0.0, 0.0),
    ]


def test_children_of_the_list_who_wait() -> None:
    # 23 of 25 have a seat, two wait all four months: 2·(1 + 1 + 2 + 2 + 2) counts those twice who
    # wait longer than two months. A class may open from month 1 on.
    children = [child(f"K{n:02}") for n in range(25)]
    plan = plan_of(
        district([school("GS A", free_rooms=0)], newcomers=children), zuzug={"pro_monat": 0}
    )
    rooms = [row for row in found(plan) if row[0] is Resource.ROOM]
    # In month 0 nothing helps: 2·(1 + 2 + 2 + 2).
    assert rooms == [(Resource.ROOM, "GS A", 14.0, 0.0, 0.0)]


def test_no_time_is_told() -> None:
    plan = plan_of(district([school("GS A", free_rooms=0)]))
    result = find_bottlenecks(plan, 0.0)
    assert result == Bottlenecks((), 0, 0, 2)
    assert result.hit_limit
    plan = replace(plan, bottlenecks=result)
    assert "Zeit reichte nicht" in bottleneck_sentences(plan)[-1]
    assert "Zeit reichte nicht" in bottleneck_table(plan).empty


def test_time_that_ends_in_between_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # As if the clock ran out at each of the steps, one after the other.
    plan = plan_of(
        district([school("GS A", free_rooms=1), school("GS B", km=20, free_rooms=0)]),
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 41.5 / 3},
    )
    assert plan.openings
    whole = find_bottlenecks(plan, 60.0)
    asked = 0
    while True:
        left = [60.0] * asked

        def share(_budget: Any, _parts: int, left: list[float] = left) -> float:
            return left.pop() if left else 0.0

        monkeypatch.setattr("daz_planner.planning.stages.Budget.share", share)
        result = find_bottlenecks(plan, 60.0)
        if not result.hit_limit:
            assert result == whole
            break
        assert set(result.items) <= set(whole.items)
        asked += 1
    assert asked >= 4


def test_a_bound_that_is_not_found_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(
        district([school("GS A", free_rooms=1)]),
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 21.5 / 3},
    )
    monkeypatch.setattr(HighsSession, "minimise_relaxed", lambda *_, **__: -np.inf)
    result = find_bottlenecks(plan, 60.0)
    assert (result.items, result.left_out) == ((), 1)


def test_a_network_with_room_has_none() -> None:
    plan = plan_of(district([school("GS A", classes=5)]))
    result = find_bottlenecks(plan, 60.0)
    assert result.items == ()
    plan = replace(plan, bottlenecks=result)
    assert bottleneck_sentences(plan)[0].startswith("Kein Engpass")


def test_the_problem_of_a_plan_is_the_one_it_solved() -> None:
    children = [child(f"K{n:02}") for n in range(25)]
    town = district([school("GS B", km=5), school("GS A", pupils=20)], newcomers=children)
    plan = plan_of(town, zuzug={"pro_monat": 3.0})
    ordered = canonical(plan.district)
    outlook = expect(build_population(ordered.district, plan.scenario))
    problem = problem_of_plan(plan, ordered, outlook, "GS")
    seated = sum(seat.month == 0 for seat in plan.children)
    assert seated > 20
    assert sum(len(group.children) for group in problem.groups) == len(children) - seated
    use = problem.use_today + problem.use_children
    told = (plan.use_today + plan.use_children)[ordered.school]
    np.testing.assert_allclose(use, told, atol=1e-9)


def test_rooms_open_in_the_months_in_which_classes_may() -> None:
    # Classes may close in March and open in May: in April 30 - 20 children wait, in May 45 - 40.
    town = district([school("GS A", free_rooms=1)])
    setting = scenario(
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 15.0},
        klassen={"vorlauf_monate": 1, "oeffnen_in": [5], "schliessen_in": [3]},
    )
    problem = build_problem(town, setting, expect(build_population(town, setting)), ("GS",))
    least = least_waiting(problem, setting, Network.ALL_ROOMS, 20.0, tell_full=True)
    assert least.value == pytest.approx(15.0)
    np.testing.assert_allclose(least.by_month, [0.0, 0.0, 10.0, 5.0], atol=1e-6)
    assert least.full == (True,)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 2), st.integers(0, 40)), min_size=1, max_size=3
    ),
    st.floats(1.0, 40.0),
    st.booleans(),
    st.integers(0, 3),
)
def test_more_is_never_worse(
    schools: list[tuple[int, int, int]], arrivals: float, limited: bool, listed: int
) -> None:
    town = district(
        [
            school(f"GS {n}", km=km, pupils=pupils, classes=1 + pupils // 20, free_rooms=rooms)
            for n, (pupils, rooms, km) in enumerate(schools)
        ],
        newcomers=[child(f"K{n}") for n in range(listed)],
    )
    setting = scenario(
        zeitraum={"monate": 4},
        zuzug={"pro_monat": arrivals},
        klassen={"vorlauf_monate": 1},
        lehrer={"begrenzt": limited},
        rechnen={"luecke": 0.0},
    )
    outlook = expect(build_population(town, setting))
    problem = build_problem(town, setting, outlook, ("GS",))

    def waiting(changed: Any) -> float:
        return least_waiting(changed, setting, Network.ALL_ROOMS, 20.0).value

    base = waiting(problem)
    tolerance = 1e-4 * max(1.0, base)
    assert base <= least_waiting(problem, setting, Network.TODAY, 20.0).value + tolerance
    for s in range(len(schools)):
        assert waiting(with_room(problem, s)) <= base + tolerance
        assert waiting(with_seat(problem, s)) <= base + tolerance
    if limited:
        assert waiting(with_hours(problem, 0, 25.0)) <= base + tolerance


def test_the_sheet() -> None:
    from daz_planner.results.workbook import build_workbook

    plan = plan_of(district([school("GS A", free_rooms=0)]))
    empty = build_workbook(plan)["Engpässe"]
    assert not empty.tables
    assert empty["A4"].value == "Engpässe wurden für diesen Plan nicht gerechnet."
    sheet = build_workbook(replace(plan, bottlenecks=find_bottlenecks(plan, 60.0)))["Engpässe"]
    assert sheet.tables["tab_engpaesse"].ref == "A4:I6"
    assert [cell.value for cell in sheet[5]][1:5] == [
        "ein Raum mehr",
        "GS",
        "GS A",
        pytest.approx(30.0, abs=1e-3),
    ]


def decided_second_class() -> Any:
    """GS A gets its second class in month 1 by decision, and has rooms for more."""
    second = ClassDecision("GS A", date(2017, 3, 1), 2, PlanState.DECIDED)
    return replace(district([school("GS A", free_rooms=2)]), class_plan=(second,))


def test_a_decided_class_is_none_that_a_seat_could_save() -> None:
    # 30 children in month 3 have 40 seats, 20 of them in the class that is decided: the plan opens
    # none, so nothing is saved.
    plan = plan_of(decided_second_class(), zeitraum={"monate": 4})
    assert plan.classes[0].tolist() == [1, 2, 2, 2]
    assert plan.openings == ()
    assert found(plan) == []


def test_beside_a_decided_class_a_seat_saves_the_one_that_the_plan_opens() -> None:
    # 41.5 children in month 3 for 40 seats: 1.5 waiting months open a third class. One more seat
    # leaves half a child, which opens none. The decided class stays.
    plan = plan_of(decided_second_class(), zeitraum={"monate": 4}, zuzug={"pro_monat": 41.5 / 3})
    assert plan.classes[0].max() == 3
    assert found(plan) == [(Resource.SEAT, "GS A", 0.0, 1.0, 0.0)]


def test_a_seat_that_is_not_enough_saves_no_class() -> None:
    # 22.5 children for 20 seats: one more seat leaves 1.5 waiting months, which still open a class.
    plan = plan_of(
        district([school("GS A", free_rooms=1)]),
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 22.5 / 3},
    )
    assert len(plan.openings) == 1
    assert found(plan) == []


def test_classes_opened_within_the_tolerance_are_not_saved_by_a_seat() -> None:
    # Two classes are needed at GS A; half as many again may open for shorter ways, and one does at
    # GS B, 20 km nearer to B-Dorf. A seat more at GS A spares none of the two.
    town = district(
        [school("GS A", free_rooms=2), school("GS B", km=20, classes=0, free_rooms=1)],
        [place("A-Dorf"), place("B-Dorf", km=20)],
    )
    plan = plan_of(
        town,
        zeitraum={"monate": 4},
        zuzug={"pro_monat": 50.0 / 3, "gemeinden": {"A-Dorf": 0.9, "B-Dorf": 0.1}},
        ziele={"toleranz": 0.5},
    )
    assert sum(o.classes for o in plan.openings) == 3
    assert [row for row in found(plan) if row[3]] == []


def test_a_decided_class_is_not_moved_to_another_school() -> None:
    # 45 children at once have 60 seats: GS B's class is decided. With a room at GS A it would have
    # been nearer there, but it is decided.
    decision = ClassDecision("GS B", date(2017, 3, 1), 1, PlanState.DECIDED)
    town = district(
        [
            school("GS A", free_rooms=0),
            school("GS B", km=20, classes=0, free_rooms=1),
            school("GS C", km=30, free_rooms=0),
        ]
    )
    plan = plan_of(
        replace(town, class_plan=(decision,)),
        zeitraum={"monate": 3},
        zuzug={"reihe": [45.0, 0.0]},
    )
    assert plan.openings == ()
    assert [row for row in found(plan) if row[0] is Resource.ROOM] == []


PRICES = {"wartemonate": 100.0, "neue_klassen": 5000.0, "weg": 1.0}


def test_with_prices_a_seat_is_worth_what_the_goals_cost_less() -> None:
    # 10 children without a seat in month 3, 20 in month 4: 30 child months at 100, since a class at
    # 5000 costs more. One more seat saves one child in each month: 200. The first goal was 3000.
    plan = plan_of(district([school("GS A", free_rooms=1)]), ziele={"preise": PRICES})
    assert plan.openings == ()
    result = find_bottlenecks(plan, 60.0)
    assert [(i.resource, round(i.price, 2), i.waiting, i.certainty) for i in result.items] == [
        (Resource.SEAT, 200.0, 0.0, Certainty.AT_LEAST)
    ]
    told = replace(plan, bottlenecks=result)
    assert bottleneck_sentences(told) == [
        "GS A: Ein Platz mehr erspart mindestens 200 Punkte.",
        WHICH_SEAT,
    ]
    assert bottleneck_table(told).values("Punkte weniger") == [pytest.approx(200.0)]


def test_with_prices_a_room_is_worth_less_by_the_price_of_its_class() -> None:
    # No room, 30 child months at 100. With a room a class for 1000 takes all of them.
    prices = {**PRICES, "neue_klassen": 1000.0}
    plan = plan_of(district([school("GS A", free_rooms=0)]), ziele={"preise": prices})
    worth = {i.resource: round(i.price, 2) for i in find_bottlenecks(plan, 60.0).items}
    assert worth == {Resource.ROOM: 2000.0, Resource.SEAT: 200.0}


def test_with_prices_no_time_is_told() -> None:
    plan = plan_of(district([school("GS A", free_rooms=1)]), ziele={"preise": PRICES})
    assert find_bottlenecks(plan, 0.0).hit_limit


def test_where_the_order_leaves_seats_empty_no_bottleneck_is_claimed() -> None:
    # Ways first: everybody waits beside the free seats, and more seats change nothing.
    plan = plan_of(
        district([school("GS A", km=10, free_rooms=1)]),
        ziele={"reihenfolge": ["weg", "wartemonate"]},
    )
    told = with_bottlenecks(plan, 60.0)
    assert told.bottlenecks is None
    assert bottleneck_sentences(told) == [
        "Engpässe sind nicht gerechnet: Nach der Reihenfolge der Ziele warten Kinder auch neben "
        "freien Plätzen. Ein Platz oder Raum mehr änderte daran nichts."
    ]


def test_minutes_are_no_worth_where_the_plan_does_not_shorten_ways() -> None:
    # As where a seat saves 20 minutes, but the ways are none of the goals.
    town = district([school("GS B", km=20, free_rooms=0), school("GS A", free_rooms=0)])
    order = {"reihenfolge": ["wartemonate", "neue_klassen"]}
    plan = plan_of(town, zeitraum={"monate": 4}, ziele=order)
    assert found(plan) == []


def test_with_prices_teacher_hours_are_worth_the_class_that_they_allow() -> None:
    # No hours for a second class: 30 child months at 100. With it, for 1000, nobody waits.
    prices = {**PRICES, "neue_klassen": 1000.0}
    plan = plan_of(
        district([school("GS A", free_rooms=1)]),
        ziele={"preise": prices},
        lehrer={"begrenzt": True},
    )
    worth = {i.resource: round(i.price, 2) for i in find_bottlenecks(plan, 60.0).items}
    assert worth == {Resource.HOURS: 2000.0, Resource.SEAT: 200.0}


def test_where_spread_has_a_price_no_seat_is_claimed_and_it_is_said() -> None:
    prices = {**PRICES, "streuung_schulen": 1.0}
    plan = plan_of(district([school("GS A", free_rooms=0)]), ziele={"preise": prices})
    told = replace(plan, bottlenecks=find_bottlenecks(plan, 60.0))
    assert {item.resource for item in told.bottlenecks.items} <= {Resource.ROOM}  # type: ignore[union-attr]
    assert "Was ein Platz mehr brächte, ist nicht gerechnet" in bottleneck_sentences(told)[-1]
