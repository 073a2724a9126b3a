"""Fewer classes decided than run today: what closes stays closed, and no child moves in before.

A class has 23 seats unless told otherwise; children keep their seat for twelve months; a minute is
a kilometre.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daz_planner.district.model import ClassDecision, District, PlanState
from daz_planner.planning.assign import Assignment, assign_children
from daz_planner.planning.futures import OFFICE, PLAN, TODAY, judge
from daz_planner.planning.lasting import NEVER, lasting_room, seats_end
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Cause, Plan
from daz_planner.planning.problem import Problem, build_problem
from daz_planner.results.explained import explain
from daz_planner.results.figures import WITHOUT_SEAT, displaced
from daz_planner.results.report.tiles import tiles
from daz_planner.results.tables import load_table
from daz_planner.scenario.model import Scenario
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population
from tests.factories import child, district, scenario, school

APRIL, AUGUST = date(2017, 4, 1), date(2017, 8, 1)


def closing(classes: int, since: date = APRIL, name: str = "GS A") -> ClassDecision:
    return ClassDecision(name, since, classes, PlanState.DECIDED)


def town_of(schools: list[Any], *decisions: ClassDecision, children: Any = ()) -> District:
    return replace(district(schools, newcomers=list(children)), class_plan=decisions)


def planned(town: District, setting: Scenario) -> Plan:
    return make_plan(town, setting, simulate(town, setting))


def problem_of(town: District, setting: Scenario) -> Problem:
    return build_problem(town, setting, expect(build_population(town, setting)), ("GS",))


def assigned(town: District, **tables: Any) -> Assignment:
    return assign_children(town, scenario(**tables))


def seats_of(result: Assignment | Plan) -> dict[str, str | None]:
    names = [s.name for s in result.district.schools]
    return {
        seat.child.pupil_id: None if seat.school is None else names[seat.school]
        for seat in result.children
    }


# -- the plan --------------------------------------------------------------------------------------


def test_no_class_opens_where_fewer_are_decided() -> None:
    busy = scenario(zuzug={"pro_monat": 20, "varianzfaktor": 1})
    school_a = school("GS A", classes=2, pupils=10, free_rooms=3)
    plan = planned(town_of([school_a], closing(1)), busy)
    assert plan.classes[0].tolist() == [2, 2, 1, 1, 1, 1]
    assert plan.openings == ()
    # As many as today, or more, leave the plan free to open further ones, and it says so.
    same = planned(town_of([school_a], closing(2)), busy)
    assert same.classes[0].max() > 2
    assert (
        "über den Klassenplan hinaus: Beschlossen sind dort 2 Klassen." in same.openings[0].reason
    )


def test_no_further_room_undoes_a_decision() -> None:
    town = town_of(
        [school("GS A", classes=2, free_rooms=1), school("GS B", free_rooms=1)], closing(1)
    )
    problem = problem_of(town, scenario())
    assert problem.most[0].tolist() == [2, 2, 1, 1, 1, 1]
    more = problem.with_rooms(problem.rooms + 1)
    assert more.most[0].tolist() == [2, 2, 1, 1, 1, 1]
    assert more.most[1].tolist() == [3] * 6


def test_who_waits_beside_seats_that_close_is_told_why() -> None:
    town = town_of([school("GS A", free_rooms=0)], closing(0))
    plan = planned(town, scenario(zuzug={"pro_monat": 4, "varianzfaktor": 1}))
    assert plan.use_forecast.max() == 0
    causes = [place.cause for place in plan.waiting]
    assert [place.month for place in plan.waiting] == [1, 2, 3, 4, 5]
    assert causes == [Cause.CLOSING] + [Cause.NO_ROOM] * 4


# -- today's list ----------------------------------------------------------------------------------


def test_a_child_is_given_a_seat_that_lasts() -> None:
    schools = [school("GS A"), school("GS B", 20)]
    children = [child("k", grade=1, registered=date(2017, 1, 1))]
    town = town_of(schools, closing(0), children=children)
    for result in (assigned(town), planned(town, scenario())):
        assert seats_of(result) == {"k": "GS B"}
        (seat,) = result.children
        assert seat.reason == (
            "nächste Schule der Schulart mit einem Platz, der bleibt; an „GS A“ sind Plätze frei, "
            "ab April 2017 fallen sie weg (Klassenplan)"
        )
        assert [a.obstacle for a in seat.alternatives] == [
            "Plätze fallen ab April 2017 weg (Klassenplan)"
        ]
    assert seats_of(assigned(replace(town, class_plan=()))) == {"k": "GS A"}


def test_a_child_without_a_lasting_seat_waits_and_is_told() -> None:
    town = town_of([school("GS A")], closing(0), children=[child("k", grade=1)])
    (seat,) = assigned(town).children
    assert seat.school is None
    assert seat.reason == (
        "wartet: an „GS A“ sind Plätze frei, ab April 2017 fallen sie weg (Klassenplan), sonst ist "
        "keiner in Reichweite frei"
    )


def test_a_child_that_is_gone_before_takes_the_seat() -> None:
    # Grade 4 leaves the Grundschule in August, when the class closes.
    for grade, expected in ((4, "GS A"), (3, None)):
        town = town_of([school("GS A")], closing(0, AUGUST), children=[child("k", grade=grade)])
        assert seats_of(assigned(town, zeitraum={"monate": 8})) == {"k": expected}


def test_a_pin_goes_before() -> None:
    children = [child("fest", grade=1, pinned_to="GS A"), child("frei", grade=1)]
    town = town_of([school("GS A"), school("GS B", 20)], closing(0), children=children)
    result = assigned(town)
    assert seats_of(result) == {"fest": "GS A", "frei": "GS B"}
    assert result.children[0].reason == (
        "vom Amt auf diese Schule festgelegt; ab April 2017 schließt die Klasse nach dem "
        "Klassenplan"
    )
    # It loses the seat like today's pupils do.
    lost = displaced(planned(town, scenario()))
    assert lost[0].tolist() == [0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("pupils", "at_once"), [(20, 3), (24, 3), (25, 2), (26, 1), (27, 0), (40, 0)]
)
def test_as_many_as_the_classes_that_stay_can_hold(pupils: int, at_once: int) -> None:
    # Two classes, one of 23 seats from April on. Of the pupils a twelfth leaves in each month: of
    # 26 there are 21 2/3 in April, so that one child more finds a seat then.
    children = [child(f"k{n}", grade=1) for n in range(3)]
    town = town_of([school("GS A", classes=2, pupils=pupils)], closing(1), children=children)
    assert sum(seat.month == 0 for seat in assigned(town).children) == at_once
    assert sum(seat.month == 0 for seat in planned(town, scenario()).children) == at_once


def test_where_seats_end() -> None:
    town = town_of([school("GS A", pupils=10), school("GS B")], closing(0))
    problem = problem_of(town, scenario())
    assert seats_end(problem, problem.use_today).tolist() == [2, NEVER]
    assert seats_end(problem, problem.use_today, 2).tolist() == [3, NEVER]
    assert lasting_room(problem_of(replace(town, class_plan=()), scenario())) is None


# -- futures ---------------------------------------------------------------------------------------


def test_futures_follow_the_calendar_of_the_classes() -> None:
    children = [child("k", grade=1, registered=date(2017, 1, 1))]
    near, far = school("GS A", free_rooms=0), school("GS B", 20, free_rooms=0)
    town = town_of([near, far], closing(0), children=children)
    plan = planned(town, scenario())
    result = judge(plan, futures=3)
    for name in (PLAN, TODAY, OFFICE):
        use = result.policies[name].counts.use[0]
        assert use.tolist() == [[0] * 6, [1] * 6], name
    alone = planned(town_of([near], closing(0), children=children), scenario())
    result = judge(alone, futures=2)
    for name in (PLAN, TODAY, OFFICE):
        assert result.policies[name].counts.use.max() == 0, name
        assert result.policies[name].counts.waiting[0, 0].tolist() == [1] * 6


def test_use_of_a_closing_school_lies_within_its_band() -> None:
    schools = [school("GS A", classes=3, pupils=50), school("GS B", 10, classes=3, pupils=20)]
    busy = scenario(
        zeitraum={"monate": 12},
        zuzug={"pro_monat": 4, "varianzfaktor": 2},
        klassen={"planungsgroesse": 23, "freie_raeume": 0},
    )
    plan = planned(town_of(schools, closing(2, AUGUST)), busy)
    low, _, high = judge(plan, futures=200).policies[PLAN].use_quantiles()
    assert plan.classes[0].tolist() == [3] * 6 + [2] * 6
    inside = (plan.use[0] >= low[0] - 1) & (plan.use[0] <= high[0] + 1)
    assert inside.all(), (plan.use[0], low[0], high[0])
    # Nobody is placed beyond the seats of the classes that stay.
    use = judge(plan, futures=200).policies[PLAN].counts.use[:, 0, 6:]
    assert (use <= 46).mean() > 0.9


def test_an_office_orders_nothing_where_it_is_excluded_or_closes() -> None:
    children = [child(f"k{n}", grade=1, registered=date(2017, 1, 1 + n)) for n in range(4)]
    setting = scenario(zeitraum={"monate": 8}, klassen={"schliessen_in": [8]})

    def classes(*decisions: ClassDecision) -> list[int]:
        town = town_of([school("GS A", class_cap=1, free_rooms=2)], *decisions, children=children)
        result = judge(planned(town, setting), futures=1)
        return list(result.policies[OFFICE].counts.classes[0, 0].tolist())

    assert classes() == [1, 1, 3, 3, 3, 3, 3, 3]
    excluded = ClassDecision("GS A", APRIL, 1, PlanState.EXCLUDED)
    assert classes(excluded) == [1] * 8
    assert classes(closing(0, AUGUST)) == [1] * 6 + [0] * 2


# -- what is told ----------------------------------------------------------------------------------


def test_the_table_names_those_without_a_seat() -> None:
    plan = planned(town_of([school("GS A", pupils=20)], closing(0)), scenario())
    load = load_table(plan)
    lost = list(load.values(WITHOUT_SEAT))
    assert lost == pytest.approx(displaced(plan)[0].tolist())
    assert lost[2] > 10
    assert [share is None for share in load.values("Auslastung %")] == [False] * 2 + [True] * 4
    free = planned(town_of([school("GS A", pupils=20)]), scenario())
    assert WITHOUT_SEAT not in [column.name for column in load_table(free).columns]
    told = dict(explain(plan, "GS A").answers)
    assert told["Klassen"] == "1 heute, 0 ab April 2017 (Klassenplan)."
    assert told["Ohne Platz"].startswith("Ab April 2017 sitzen hier im Mittel bis zu ")
    assert told["Ohne Platz"].endswith("weil eine Klasse schließt. Der Plan verlegt sie nicht.")


def test_in_futures_a_pin_goes_before_too() -> None:
    children = [
        child("fest", grade=1, registered=date(2017, 1, 2), pinned_to="GS A"),
        child("frei", grade=1, registered=date(2017, 1, 1)),
    ]
    near, far = school("GS A", free_rooms=0), school("GS B", 20, free_rooms=0)
    plan = planned(town_of([near, far], closing(0), children=children), scenario())
    result = judge(plan, futures=2)
    for name in (PLAN, TODAY, OFFICE):
        assert result.policies[name].counts.use[0].tolist() == [[1] * 6, [1] * 6], name
        assert result.policies[name].counts.waiting.sum() == 0


def test_the_first_tile_names_the_month_in_which_seats_are_lost() -> None:
    plan = planned(town_of([school("GS A", pupils=20)], closing(0)), scenario())
    (tile, *_) = tiles(plan)
    assert (tile.label, tile.detail) == ("Kinder ohne Platz", "im Mittel, am meisten im April 2017")
    # 20 pupils, a twelfth of whom leaves in each of two months.
    assert tile.value == "16,7"
