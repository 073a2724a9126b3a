"""What parents are told: the true reason why a nearer school was not the one.

A minute is a kilometre; a class has 23 seats; the soft limit of a Grundschule is 30 minutes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest

from daz_planner.district.model import (
    ClassDecision,
    District,
    GivenWay,
    PlanState,
    Pupil,
    Roster,
)
from daz_planner.planning import make_plan
from daz_planner.planning.assign import Assignment, assign_children
from daz_planner.planning.children import NOBODY
from daz_planner.planning.exchanges import Verdict, fewest_outside, verdict_of
from daz_planner.planning.grades import Span
from daz_planner.planning.list_hints import list_hints
from daz_planner.planning.obstacles import NOT_BETTER
from daz_planner.planning.plan import Cause
from daz_planner.results.summary import summary
from daz_planner.results.tables import waiting_table
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school

DAY = date(2017, 2, 8)
OLD, NEW = date(2016, 10, 1), date(2017, 2, 1)
TOWNS = ("A-Dorf", "B-Dorf", "C-Dorf")
SPAN = "sonst säße ein Kind mehr außerhalb der Klassenstufen-Spanne"


def assigned(town: District, **tables: Any) -> Assignment:
    return assign_children(town, scenario(**{"zeitraum": {"monate": 1}, **tables}))


def told(result: Assignment, pupil_id: str) -> tuple[str | None, str, dict[str, str]]:
    """School, reason, and school → obstacle of a child."""
    names = [s.name for s in result.district.schools]
    seat = next(s for s in result.children if s.child.pupil_id == pupil_id)
    others = {names[other.school]: other.obstacle for other in seat.alternatives}
    return None if seat.school is None else names[seat.school], seat.reason, others


def with_roster(town: District, *pupils: tuple[str, int]) -> District:
    found = tuple(Pupil(f"s{n}", name, 1, grade=grade) for n, (name, grade) in enumerate(pupils))
    return replace(town, rosters=(Roster(DAY, found),))


def test_a_better_wish_goes_before_a_nearer_school_that_is_wished_too() -> None:
    schools = [school("GS A"), school("GS B", km=25)]
    result = assigned(district(schools, newcomers=[child("k", wishes=("GS B", "GS A"))]))
    assert told(result, "k") == (
        "GS B",
        "Wunschschule; Wunsch erfüllt",
        {"GS A": "Wunsch geht vor"},
    )


def test_the_grade_of_a_sibling_is_the_reason() -> None:
    # Grade 2 is at A: 3 fits beside it, 4 does not.
    siblings = [child("k1", family="F", grade=3), child("k2", family="F", grade=4)]
    schools = [school("GS A", pupils=1), school("GS B", km=20)]
    result = assigned(with_roster(district(schools, newcomers=siblings), ("GS A", 2)))
    assert told(result, "k1") == (
        "GS B",
        "Geschwister bleiben zusammen; zusammen mit k2",
        {"GS A": "dort passt die Klassenstufe eines Geschwisterkindes nicht"},
    )
    assert told(result, "k2")[2] == {"GS A": "Klassenstufe 4 passt nicht in die VKA"}


@pytest.mark.parametrize(
    ("other", "obstacle"),
    [
        ({"excluded": ("GS A",)}, "für ein Geschwisterkind nicht erlaubt"),
        ({"wishes": ("GS B",)}, "Wunsch eines Geschwisterkindes geht vor"),
    ],
)
def test_what_else_of_a_sibling_is_the_reason(other: dict[str, Any], obstacle: str) -> None:
    siblings = [child("k1", family="F"), child("k2", family="F", **other)]
    schools = [school("GS A"), school("GS B", km=20)]
    result = assigned(district(schools, newcomers=siblings))
    assert told(result, "k1")[0] == "GS B"
    assert told(result, "k1")[2] == {"GS A": obstacle}


def test_the_way_of_a_sibling_is_the_reason() -> None:
    # k2 lives at 35 km: 35 minutes to A, 5 beyond the soft limit, 15 to B.
    siblings = [child("k1", family="F"), child("k2", "B-Dorf", family="F")]
    schools = [school("GS A"), school("GS B", km=20)]
    towns = [place("A-Dorf"), place("B-Dorf", km=35)]
    result = assigned(district(schools, towns, siblings))
    assert told(result, "k1")[2] == {"GS A": "für ein Geschwisterkind über dem Richtwert"}


def test_a_seat_that_others_had_earlier_is_not_merely_farther() -> None:
    # One seat at A today; today's pupils leave seats at B from March on.
    children = [child("alt", registered=OLD), child("neu", registered=NEW)]
    schools = [
        school("GS A", km=20, pupils=22, free_rooms=0),
        school("GS B", pupils=23, reserve=0, free_rooms=0),
        school("GS C", km=25, pupils=23, reserve=0, free_rooms=0),
    ]
    result = assigned(district(schools, newcomers=children), zeitraum={"monate": 4})
    place_, why, others = told(result, "neu")
    assert place_ == "GS B"
    assert "Platz ab März 2017, frühere gehen an Kinder, die länger warten" in why
    assert others["GS A"] == "frühere Plätze gehen an Kinder, die länger warten"
    assert others["GS C"] == "kein freier Platz am Stichtag"
    assert told(result, "alt")[2]["GS B"] == "kein freier Platz am Stichtag"


def crossing(**own: Any) -> Assignment:
    """x lives at A, y (grade 1) at B; one seat each, grade 1 is at A and grade 4 at B."""
    towns = [place("A-Dorf"), place("B-Dorf", km=20)]
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=22)]
    children = [child("x", **own), child("y", "B-Dorf", grade=1)]
    return assigned(with_roster(district(schools, towns, children), ("GS A", 1), ("GS B", 4)))


def test_children_who_cross_are_told_that_the_span_is_the_reason() -> None:
    result = crossing()
    assert told(result, "x") == ("GS B", SPAN, {"GS A": SPAN})
    place_, why, others = told(result, "y")
    assert (place_, others) == ("GS A", {"GS B": "Klassenstufe 1 passt nicht in die VKA"})
    assert "kürzeste Wege" not in why
    # Of its own grade it is the grade that is told.
    result = crossing(grade=4)
    assert told(result, "x")[2] == {"GS A": "Klassenstufe 4 passt nicht in die VKA"}


def test_a_child_that_could_make_room_is_weighed_too() -> None:
    # y has the seat at A. B is nearer to it than A is far to x, but its grade does not fit there.
    towns = [place("A-Dorf"), place("B-Dorf", km=10)]
    schools = [school("GS A", pupils=22), school("GS B", km=12, pupils=1), school("GS C", km=28)]
    children = [
        child("x", excluded=("GS B",)),
        child("y", "B-Dorf", grade=1, excluded=("GS C",)),
    ]
    result = assigned(with_roster(district(schools, towns, children), ("GS B", 4)))
    assert told(result, "x") == (
        "GS C",
        f"{SPAN}; näher, aber für das Kind ausgeschlossen: „GS B“",
        {"GS A": SPAN, "GS B": "für das Kind ausgeschlossen"},
    )
    assert told(result, "y")[0] == "GS A"


def test_who_sits_outside_already_does_not_make_the_class_open_to_all() -> None:
    # Grade 1 is at A. The sibling pinned there sits outside with 4; 4 is still no grade of A.
    children = [child("fest", grade=4, pinned_to="GS A"), child("k", grade=3)]
    schools = [school("GS A", pupils=1), school("GS B", km=20)]
    result = assigned(with_roster(district(schools, newcomers=children), ("GS A", 1)))
    assert told(result, "k")[0] == "GS B"
    assert told(result, "k")[2] == {"GS A": "Klassenstufe 3 passt nicht in die VKA"}


def test_the_soft_limit_of_another_child_is_the_reason() -> None:
    # x → A and y → B are 0 + 31 minutes, the other way round 25 + 10; 31 is beyond 30.
    towns = [place("A-Dorf"), place("C-Dorf", km=-10)]
    schools = [school("GS A", pupils=22), school("GS B", km=25, pupils=22)]
    town = district(schools, towns, [child("x"), child("y", "C-Dorf")])
    town = replace(town, ways=(GivenWay("C-Dorf", "GS B", 31.0),))
    why = "sonst wäre der Weg eines anderen Kindes weiter über dem Richtwert"
    assert told(assigned(town), "x") == ("GS B", why, {"GS A": why})


def test_the_wish_of_another_child_is_the_reason() -> None:
    towns = [place("A-Dorf"), place("B-Dorf", km=20)]
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=22)]
    children = [child("x"), child("y", "B-Dorf", wishes=("GS A",))]
    result = assigned(district(schools, towns, children))
    why = "Wunsch eines anderen Kindes geht vor"
    assert told(result, "x") == ("GS B", why, {"GS A": why})


def test_reason_and_alternative_say_the_same() -> None:
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=22)]
    children = [child("alt", registered=OLD), child("neu", registered=NEW)]
    result = assigned(district(schools, newcomers=children))
    assert told(result, "neu") == (
        "GS B",
        "nähere Plätze gehen an Kinder, die länger warten",
        {"GS A": "Platz geht an ein Kind, das länger wartet"},
    )


def test_who_waits_longer_is_only_named_where_it_decided() -> None:
    # The ways decide, 0 + 20 minutes against 28 + 5; the day does not.
    towns = [place("A-Dorf"), place("B-Dorf", km=5)]
    schools = [school("GS A", pupils=22), school("GS B", km=25, pupils=22)]
    children = [child("alt", registered=OLD), child("neu", "B-Dorf", registered=NEW)]
    town = replace(district(schools, towns, children), ways=(GivenWay("A-Dorf", "GS B", 28.0),))
    assert told(assigned(town), "neu") == (
        "GS B",
        "kürzeste Wege für alle Kinder der Liste zusammen",
        {"GS A": "Platz geht an ein anderes Kind der Liste"},
    )


def test_the_same_minutes_are_not_farther() -> None:
    schools = [school("GS A", km=5), school("GS B", km=5.3), school("GS C", km=5.6)]
    result = assigned(district(schools, newcomers=[child("k")]))
    assert told(result, "k")[2] == {"GS B": "gleich weit entfernt", "GS C": "weiter entfernt"}


@pytest.mark.parametrize(
    ("costs", "verdict"),
    [
        ((1.0, -1.0, 0.0, 0.0, -9.0), Verdict.GRADES),
        ((0.0, 1.0, 0.0, 0.0, -9.0), Verdict.FAMILY),
        ((0.0, 0.0, 0.5, -1.0, -9.0), Verdict.EXCESS),
        ((0.0, 0.0, 0.0, 1.0, -9.0), Verdict.WISH),
        ((0.0, 0.0, 0.0, 0.0, 9.0), Verdict.WAY),
        ((0.0, 0.0, 0.0, 0.0, 0.0), Verdict.EQUAL),
        ((0.0, 0.0, -0.5, 1.0, 9.0), Verdict.BETTER),
    ],
)
def test_the_first_goal_that_differs_is_the_verdict(
    costs: tuple[float, ...], verdict: Verdict
) -> None:
    assert verdict_of(costs) is verdict


@pytest.mark.parametrize("neighbours", [True, False])
def test_fewest_children_outside_against_all_choices(neighbours: bool) -> None:
    random = Random(5)
    for _ in range(60):
        there = {g for g in range(1, 5) if random.random() < 0.3}
        counts = Counter(g for _ in range(5) if (g := random.randint(1, 4)) not in there)
        span = Span(2, neighbours)
        spans = max(random.randint(1, 2), span.needed(there))
        best = min(
            sum(n for g, n in counts.items() if g not in there | set(further))
            for keep in product((False, True), repeat=len(counts))
            for further in [[g for g, kept in zip(counts, keep, strict=True) if kept]]
            if span.needed(there | set(further)) <= spans
        )
        found = fewest_outside(span, frozenset(there), tuple(sorted(counts.items())), spans)
        assert found == best, (there, counts, spans)


def random_town(seed: int) -> District:
    random = Random(seed)
    schools = [
        school(f"GS {n}", km=random.choice([0, 4, 9, 15, 24, 33]) + n / 7, pupils=23 - free)
        for n, free in enumerate(random.choices([0, 1, 2, 3], k=4))
    ]
    towns = [place(name, km=random.uniform(-10, 40)) for name in TOWNS]
    names = [s.name for s in schools]
    children = [
        child(
            f"k{n}",
            random.choice(TOWNS),
            grade=random.choice([None, 1, 2, 3, 4]),
            registered=random.choice([OLD, NEW]),
            family=random.choice(["", "", "F", "G"]),
            wishes=tuple(random.sample(names, random.choice([0, 0, 1, 2]))),
        )
        for n in range(6)
    ]
    roster = [(name, random.randint(1, 4)) for name in names]
    return with_roster(district(schools, towns, children), *roster)


@pytest.mark.parametrize("seed", range(40))
def test_no_seat_that_was_free_would_have_been_better(seed: int) -> None:
    # The goals as they are told are those that were solved: no change may be better by them.
    result = assigned(random_town(seed), rechnen={"luecke": 0.0})
    for seat in result.children:
        assert NOT_BETTER not in {other.obstacle for other in seat.alternatives}
        assert "am besten" not in seat.reason


# -- causes of waiting -----------------------------------------------------------------------------


def test_one_cause_has_one_wording_and_the_most_months_make_the_headline() -> None:
    # „fest“ waits one month for the class that opens in March, „nirgends“ all four.
    children = [child(f"fest{n}", pinned_to="GS A") for n in range(3)]
    children.append(child("nirgends", excluded=("GS A", "GS B")))
    schools = [
        school("GS A", pupils=23, reserve=0, free_rooms=0),
        school("GS B", km=10, pupils=10, free_rooms=0),
    ]
    town = replace(
        district(schools, newcomers=children),
        class_plan=(ClassDecision("GS A", date(2017, 3, 1), 2, PlanState.DECIDED),),
    )
    setting = scenario(zeitraum={"monate": 6})
    plan = make_plan(town, setting, simulate(town, setting))
    months = Counter(place.cause for place in plan.waiting for _ in range(place.listed))
    assert months == {Cause.PINNED: 3, Cause.ALL_EXCLUDED: 6}
    exact = "alle Schulen in Reichweite sind für das Kind ausgeschlossen"
    assert exact in waiting_table(plan).values("Ursache")
    assert plan.children[3].reason == f"wartet: {exact}"
    # In the worst month three of four wait for another cause.
    assert f"Häufigste Ursache im Zeitraum: {exact}." in summary(plan)[0][1]


def test_excluded_schools_are_no_cause_where_none_is_in_reach() -> None:
    schools = [school("GS A", km=70)]
    town = district(schools, newcomers=[child("k", excluded=("GS A",))])
    setting = scenario(zeitraum={"monate": 2})
    plan = make_plan(town, setting, simulate(town, setting))
    assert {place.cause for place in plan.waiting} == {Cause.NO_SCHOOL}


@pytest.mark.parametrize(("count", "end"), [(6, "k4 und 1 weiteres"), (7, "k4 und 2 weitere")])
def test_children_outside_are_counted_in_the_right_case(count: int, end: str) -> None:
    town = district([school("GS A")], newcomers=[child(f"k{n}", grade=1) for n in range(count)])
    seating = replace(NOBODY, outside=frozenset(range(count)), lots=frozenset(range(count)))
    hints = list_hints(town, scenario(), seating)
    assert any(f"{end} liegen außerhalb" in hint for hint in hints)
    assert any(f"k4 und {count - 5} weiteren waren andere Plätze" in hint for hint in hints)
