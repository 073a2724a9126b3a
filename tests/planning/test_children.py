"""Seats of today's list against answers worked out by hand: each rule once.

A minute is a kilometre; a class has 23 seats; the soft limit of a Grundschule is 30 minutes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daz_planner.district.model import (
    ClassDecision,
    District,
    GivenWay,
    Newcomer,
    PlanState,
    Pupil,
    Roster,
)
from daz_planner.errors import InputError
from daz_planner.planning import make_plan
from daz_planner.planning.assign import Assignment, assign_children
from daz_planner.planning.plan import Cause
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school

DAY = date(2017, 2, 8)


def assigned(town: District, **tables: Any) -> Assignment:
    rest = {"zeitraum": {"monate": 1}, **tables}
    return assign_children(town, scenario(**rest))


def schools_of(result: Assignment) -> dict[str, str | None]:
    """Child → school, ``None`` where it waits."""
    names = [s.name for s in result.district.schools]
    return {
        seat.child.pupil_id: None if seat.school is None else names[seat.school]
        for seat in result.children
    }


def reason(result: Assignment, pupil_id: str) -> str:
    return next(s.reason for s in result.children if s.child.pupil_id == pupil_id)


def obstacles(result: Assignment, pupil_id: str) -> dict[str, str]:
    names = [s.name for s in result.district.schools]
    seat = next(s for s in result.children if s.child.pupil_id == pupil_id)
    return {names[other.school]: other.obstacle for other in seat.alternatives}


def with_roster(town: District, *pupils: tuple[str, int]) -> District:
    """Pupils of (school, grade) in phase 1."""
    found = tuple(Pupil(f"s{n}", name, 1, grade=grade) for n, (name, grade) in enumerate(pupils))
    return replace(town, rosters=(Roster(DAY, found),))


# -- families --------------------------------------------------------------------------------------


def test_a_family_goes_to_the_school_with_two_seats() -> None:
    siblings = [child("k1", family="F"), child("k2", family="F")]
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=21)]
    result = assigned(district(schools, newcomers=siblings))
    assert schools_of(result) == {"k1": "GS B", "k2": "GS B"}
    assert reason(result, "k1") == "Geschwister bleiben zusammen; zusammen mit k2"
    assert obstacles(result, "k1") == {"GS A": "kein Platz für alle Geschwister"}
    # Without the code of the family one of them has the near seat.
    apart = [child("k1"), child("k2")]
    alone = assigned(district(schools, newcomers=apart))
    assert sorted(filter(None, schools_of(alone).values())) == ["GS A", "GS B"]


def test_a_family_is_split_rather_than_that_a_child_waits() -> None:
    children = [
        child("k1", family="F"),
        child("k2", family="F"),
        child("k3", excluded=("GS A",)),
    ]
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=21)]
    result = assigned(district(schools, newcomers=children))
    places = schools_of(result)
    assert places["k3"] == "GS B"
    assert {places["k1"], places["k2"]} == {"GS A", "GS B"}
    why = "sonst verlöre ein anderes Kind der Liste seinen Platz oder seinen Vorrang"
    assert f"getrennt von k2: {why}" in reason(result, "k1")
    assert any("Geschwister getrennt: F." in hint for hint in result.hints)


def test_no_school_with_seats_for_all_is_the_reason_of_a_split() -> None:
    siblings = [child("k1", family="F"), child("k2", family="F")]
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=22)]
    result = assigned(district(schools, newcomers=siblings))
    assert "getrennt von k2: keine Schule hat 2 freie Plätze" in reason(result, "k1")


def test_one_of_a_family_rather_than_one_of_each_is_left_waiting() -> None:
    # Two seats and three children of one day: the siblings get them together.
    children = [child("a", family="F"), child("b"), child("c", family="F")]
    for seed in range(4):
        result = assigned(
            district([school("GS A", pupils=21)], newcomers=children), rechnen={"saat": seed}
        )
        assert schools_of(result) == {"a": "GS A", "b": None, "c": "GS A"}


def test_siblings_of_two_types_go_to_schools_near_each_other() -> None:
    # Alone the child of the GS has 0 minutes to A. The OS is 20 km from A and 10 from B, whose way
    # takes 5 minutes: 5 + 10 < 0 + 20.
    schools = [
        school("GS A"),
        school("GS B", km=10),
        school("OS", km=20, school_type="OS"),
    ]
    siblings = [child("k1", family="F"), child("k2", family="F", school_type="OS")]
    town = replace(district(schools, newcomers=siblings), ways=(GivenWay("A-Dorf", "GS B", 5.0),))
    result = assigned(town)
    assert schools_of(result) == {"k1": "GS B", "k2": "OS"}
    assert obstacles(result, "k1") == {"GS A": "weiter von der Schule der Geschwister"}
    assert any("Geschwister verschiedener Schularten" in hint for hint in result.hints)
    strangers = replace(town, newcomers=tuple(replace(c, family="") for c in siblings))
    assert schools_of(assigned(strangers))["k1"] == "GS A"


# -- wishes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("km", "chosen"), [(29, "GS B"), (31, "GS A")])
def test_a_wish_counts_more_than_minutes_and_less_than_the_soft_limit(
    km: float, chosen: str
) -> None:
    schools = [school("GS A"), school("GS B", km=km)]
    result = assigned(district(schools, newcomers=[child("k", wishes=("GS B",))]))
    assert schools_of(result) == {"k": chosen}
    if chosen == "GS B":
        assert reason(result, "k") == "Wunschschule; Wunsch erfüllt"
        assert obstacles(result, "k") == {"GS A": "Wunsch geht vor"}
    else:
        assert reason(result, "k") == (
            "nächste Schule der Schulart; Wunsch „GS B“: Weg über dem Richtwert"
        )


def test_more_first_wishes_come_before_second_ones() -> None:
    # One seat at B. k1 wishes B first; k2 wishes B second and C first, which is full.
    schools = [
        school("GS A"),
        school("GS B", km=5, pupils=22),
        school("GS C", km=6, pupils=23, reserve=0),
    ]
    children = [child("k1", wishes=("GS B",)), child("k2", wishes=("GS C", "GS B"))]
    result = assigned(district(schools, newcomers=children))
    assert schools_of(result) == {"k1": "GS B", "k2": "GS A"}
    assert "Wunsch „GS C“: kein freier Platz am Stichtag" in reason(result, "k2")
    alone = assigned(district(schools, newcomers=children[1:]))
    assert schools_of(alone) == {"k2": "GS B"}
    assert "2. Wunsch erfüllt" in reason(alone, "k2")


def test_a_wish_beyond_the_hard_limit_or_of_another_type_is_told() -> None:
    schools = [school("GS A"), school("GS B", km=61), school("OS", school_type="OS")]
    children = [child("k1", wishes=("GS B",)), child("k2", wishes=("OS",))]
    result = assigned(district(schools, newcomers=children))
    assert "Wunsch „GS B“: Weg über 60 Minuten" in reason(result, "k1")
    assert "Wunsch „OS“ ist keine Schule der Schulart" in reason(result, "k2")


# -- grades ----------------------------------------------------------------------------------------


def test_a_grade_outside_the_span_goes_elsewhere() -> None:
    schools = [school("GS A", pupils=2), school("GS B", km=20)]
    town = with_roster(district(schools, newcomers=[child("k", grade=3)]), ("GS A", 1), ("GS A", 2))
    result = assigned(town)
    assert schools_of(result) == {"k": "GS B"}
    assert obstacles(result, "k") == {"GS A": "Klassenstufe 3 passt nicht in die VKA"}
    # A second class may hold a second span, and the scenario can leave the rule out.
    schools[0] = school("GS A", pupils=2, classes=2)
    assert schools_of(assigned(replace(town, schools=tuple(schools)))) == {"k": "GS A"}
    out = assigned(town, klassen={"klassenstufen_spanne": "keine"})
    assert schools_of(out) == {"k": "GS A"}


@pytest.mark.parametrize(("setting", "chosen"), [("soll", "GS A"), ("muss", None)])
def test_the_span_as_a_goal_or_as_a_must(setting: str, chosen: str | None) -> None:
    town = with_roster(
        district([school("GS A", pupils=1)], newcomers=[child("k", grade=4)]), ("GS A", 1)
    )
    result = assigned(town, klassen={"klassenstufen_spanne": setting})
    assert schools_of(result) == {"k": chosen}
    if chosen:
        assert "Klassenstufe 4 außerhalb der Spanne einer VKA" in reason(result, "k")
        assert any("Klassenstufen: k liegt außerhalb" in hint for hint in result.hints)
    else:
        assert reason(result, "k") == ("wartet: Klassenstufe 4 passt in keine VKA mit freiem Platz")


def test_where_spans_forbid_seats_the_longest_waiting_decides_which_grades_come() -> None:
    # One empty class: grade 1 or grade 4. The child of grade 4 lives next door and came later.
    towns = [place("A-Dorf"), place("B-Dorf", km=29)]
    children = [
        child("alt", "B-Dorf", grade=1, registered=date(2016, 10, 1)),
        child("neu", grade=4, registered=date(2017, 2, 1)),
    ]
    must = {"klassenstufen_spanne": "muss"}
    result = assigned(district([school("GS A")], towns, children), klassen=must)
    assert schools_of(result) == {"alt": "GS A", "neu": None}
    # Two later ones of one span are more children than one who waits longer.
    more = [*children, child("auch neu", grade=3, registered=date(2017, 2, 1))]
    result = assigned(district([school("GS A")], towns, more), klassen=must)
    assert schools_of(result) == {"alt": None, "neu": "GS A", "auch neu": "GS A"}


def test_grades_of_an_oberschule_need_not_be_neighbours() -> None:
    # Grades 5 and 10 are there; 7 makes three, 8 would be the fourth.
    town = with_roster(
        district(
            [school("OS", school_type="OS", pupils=2)],
            newcomers=[child("k1", school_type="OS", grade=7)],
        ),
        ("OS", 5),
        ("OS", 10),
    )
    must = {"klassenstufen_spanne": "muss"}
    assert schools_of(assigned(town, klassen=must)) == {"k1": "OS"}
    two = replace(town, newcomers=(*town.newcomers, child("k2", school_type="OS", grade=8)))
    assert sorted(map(str, schools_of(assigned(two, klassen=must)).values())) == ["None", "OS"]


def test_two_children_may_not_break_the_span_together() -> None:
    # An empty class: grades 1 and 4 cannot both come, though each alone could.
    children = [child("k1", grade=1), child("k2", grade=4)]
    schools = [school("GS A"), school("GS B", km=20)]
    result = assigned(district(schools, newcomers=children))
    assert sorted(filter(None, schools_of(result).values())) == ["GS A", "GS B"]


def test_a_school_that_breaks_the_rule_already_takes_the_grades_it_has() -> None:
    pupils = [("GS A", grade) for grade in (1, 2, 3, 4)]
    town = with_roster(
        district([school("GS A", pupils=4)], newcomers=[child("k", grade=4)]), *pupils
    )
    result = assigned(town, klassen={"klassenstufen_spanne": "muss"})
    assert schools_of(result) == {"k": "GS A"}
    assert "Spanne" not in reason(result, "k")


# -- pins, exclusions, precedence ------------------------------------------------------------------


def test_a_pinned_child_has_the_first_claim_on_its_school() -> None:
    children = [
        child("lang", registered=date(2016, 9, 1)),
        child("fest", registered=date(2017, 2, 1), pinned_to="GS A"),
    ]
    result = assigned(district([school("GS A", pupils=22)], newcomers=children))
    assert schools_of(result) == {"lang": None, "fest": "GS A"}
    assert reason(result, "lang") == (
        "wartet: die Plätze in Reichweite gehen an Kinder, die dorthin festgelegt sind"
    )


def test_a_child_pinned_to_a_full_school_waits_and_takes_no_other_seat() -> None:
    schools = [school("GS A", pupils=23), school("GS B", km=5)]
    result = assigned(district(schools, newcomers=[child("k", pinned_to="GS A")]))
    assert schools_of(result) == {"k": None}
    assert result.without_seat == 1
    assert reason(result, "k") == (
        "wartet: auf „GS A“ festgelegt, dort wird im Zeitraum kein Platz frei"
    )


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"pinned_to": "OS"}, "fixiert_schulart"),
        ({"pinned_to": "GS X"}, "schule_unbekannt"),
        ({"pinned_to": "GS A", "excluded": ("GS A",)}, "fixiert_ausgeschlossen"),
    ],
)
def test_contradictory_pins_are_findings_before_solving(values: dict[str, Any], code: str) -> None:
    schools = [school("GS A"), school("OS", school_type="OS")]
    town = district(schools, newcomers=[child("k", **values)])
    with pytest.raises(InputError) as error:
        assigned(town)
    assert [finding.code for finding in error.value.findings] == [code]
    with pytest.raises(InputError):
        make_plan(town, scenario(), simulate(town, scenario()))


def test_an_excluded_school_is_named_as_such() -> None:
    schools = [school("GS A"), school("GS B", km=10)]
    result = assigned(district(schools, newcomers=[child("k", excluded=("GS A",))]))
    assert obstacles(result, "k") == {"GS A": "für das Kind ausgeschlossen"}
    both = child("k", excluded=("GS A", "GS B"))
    assert reason(assigned(district(schools, newcomers=[both])), "k") == (
        "wartet: alle Schulen in Reichweite sind für das Kind ausgeschlossen"
    )


def test_nearer_schools_that_are_not_allowed_are_named_with_the_reason() -> None:
    # A is excluded, B has a free seat that the grade rules out, C is the next one.
    schools = [school("GS A", pupils=5), school("GS B", km=5, pupils=5), school("GS C", km=9)]
    town = with_roster(
        district(schools, newcomers=[child("k", grade=4, excluded=("GS A",))]), ("GS B", 1)
    )
    result = assigned(town)
    assert schools_of(result) == {"k": "GS C"}
    assert reason(result, "k") == (
        "nächste erlaubte Schule der Schulart; näher, aber für das Kind ausgeschlossen: „GS A“; "
        "näher, aber Klassenstufe 4 passt nicht in die VKA: „GS B“"
    )
    # Full schools between are no obstacle of the child; a school as near as the seat is not nearer.
    full = [school("GS A", pupils=5), school("GS B", km=5, pupils=23), school("GS C", km=9)]
    result = assigned(district(full, newcomers=[child("k", excluded=("GS A",))]))
    assert reason(result, "k") == (
        "nächste erlaubte Schule der Schulart mit freiem Platz; "
        "näher, aber für das Kind ausgeschlossen: „GS A“"
    )
    beside = [school("GS A", pupils=5), school("GS B", pupils=5)]
    result = assigned(district(beside, newcomers=[child("k", excluded=("GS A",))]))
    assert reason(result, "k") == "nächste Schule der Schulart"
    wish = child("k", excluded=("GS A",), wishes=("GS A",))
    result = assigned(district(schools[:2], newcomers=[wish]))
    assert reason(result, "k").count("GS A") == 1


def test_a_free_seat_that_is_excluded_is_named_where_the_child_waits() -> None:
    schools = [school("GS A", pupils=5), school("GS B", km=5, pupils=23, reserve=0)]
    result = assigned(district(schools, newcomers=[child("k", excluded=("GS A",))]))
    assert reason(result, "k").endswith("; frei, aber für das Kind ausgeschlossen: „GS A“")


def test_those_who_wait_longest_have_the_seats() -> None:
    children = [
        child("neu", registered=date(2017, 2, 1)),
        child("ohne"),
        child("alt", "B-Dorf", registered=date(2016, 10, 1)),
    ]
    towns = [place("A-Dorf"), place("B-Dorf", km=50)]
    result = assigned(district([school("GS A", pupils=22)], towns, children))
    assert schools_of(result) == {"neu": None, "ohne": None, "alt": "GS A"}
    assert reason(result, "neu") == (
        "wartet: die Plätze in Reichweite gehen an Kinder, die länger warten"
    )
    assert obstacles(result, "neu") == {"GS A": "Platz geht an Kinder, die länger warten"}


def test_precedence_decides_who_sits_not_where() -> None:
    # Both have a seat; the one who waits longer does not get the nearer one for it.
    towns = [place("A-Dorf"), place("B-Dorf", km=20)]
    children = [
        child("alt", "B-Dorf", registered=date(2016, 10, 1)),
        child("neu", registered=date(2017, 2, 1)),
    ]
    schools = [school("GS A", pupils=22), school("GS B", km=21, pupils=22)]
    result = assigned(district(schools, towns, children))
    assert schools_of(result) == {"alt": "GS B", "neu": "GS A"}


# -- lots ------------------------------------------------------------------------------------------


def test_among_equals_the_seed_decides_and_it_is_told() -> None:
    children = [child("k1"), child("k2"), child("k3")]
    town = district([school("GS A", pupils=22)], newcomers=children)
    winners = set()
    for seed in range(12):
        result = assigned(town, rechnen={"saat": seed})
        again = assigned(replace(town, newcomers=tuple(reversed(children))), rechnen={"saat": seed})
        assert schools_of(result) == schools_of(again)
        assert result.lots == ("k1", "k2", "k3") or len(result.lots) == 2
        (winner,) = [c for c, s in schools_of(result).items() if s]
        assert winner in result.lots
        assert f"Los (Saat {seed})" in reason(result, winner)
        winners.add(winner)
    assert winners == {"k1", "k2", "k3"}


def test_among_equals_the_lot_gives_the_nearer_school() -> None:
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=22)]
    town = district(schools, newcomers=[child("k1"), child("k2")])
    near = set()
    for seed in range(8):
        result = assigned(town, rechnen={"saat": seed})
        assert result.lots == ("k1", "k2")
        near |= {c for c, s in schools_of(result).items() if s == "GS A"}
    assert near == {"k1", "k2"}


@pytest.mark.parametrize("seed", range(6))
def test_the_day_of_registration_decides_before_the_lot(seed: int) -> None:
    # Minutes and wishes are the same whoever goes to A; who waits longer has the better seat.
    schools = [school("GS A", pupils=22), school("GS B", km=20, pupils=22)]
    for wishes in ((), ("GS B",)):
        pair = [
            child("k1", registered=date(2017, 2, 1), wishes=wishes),
            child("k2", registered=date(2016, 9, 1), wishes=wishes),
        ]
        result = assigned(district(schools, newcomers=pair), rechnen={"saat": seed})
        better, other = ("GS B", "GS A") if wishes else ("GS A", "GS B")
        assert schools_of(result) == {"k1": other, "k2": better}
        assert result.lots == ()
        assert obstacles(result, "k1")[better] == "Platz geht an ein Kind, das länger wartet"
    # Three on three seats: the lot only decides between the two of one day.
    three = [
        school("GS A", pupils=22),
        school("GS B", 10, pupils=22),
        school("GS C", 20, pupils=22),
    ]
    days = {"k1": date(2017, 2, 1), "k2": date(2017, 2, 1), "k3": date(2016, 9, 1)}
    children = [child(name, registered=day) for name, day in days.items()]
    result = assigned(district(three, newcomers=children), rechnen={"saat": seed})
    assert schools_of(result)["k3"] == "GS A"
    assert result.lots == ("k1", "k2")


def test_of_two_families_the_longer_waiting_one_stays_together() -> None:
    schools = [
        school("GS A", pupils=21),
        school("GS B", pupils=22),
        school("GS C", pupils=22),
    ]
    for early in ("F", "G"):
        children = [
            child(
                f"{family}{n}",
                family=family,
                registered=date(2016, 9, 1) if family == early and n else date(2017, 1, 1),
            )
            for family in ("F", "G")
            for n in range(2)
        ]
        result = assigned(district(schools, newcomers=children))
        at = schools_of(result)
        assert at[f"{early}0"] == at[f"{early}1"] == "GS A"


def test_where_nothing_is_equal_no_lot_is_drawn() -> None:
    towns = [place("A-Dorf"), place("B-Dorf", km=10)]
    children = [child("a"), child("b", "B-Dorf")]
    seats = {
        tuple(schools_of(r).items())
        for seed in range(5)
        for r in [
            assigned(district([school("GS A", pupils=22)], towns, children), rechnen={"saat": seed})
        ]
        if r.lots == ()
    }
    assert seats == {(("a", "GS A"), ("b", None))}


# -- later seats -----------------------------------------------------------------------------------


def full_until_august(state: PlanState) -> District:
    """A full school whose second class is decided, or only planned, from May on."""
    plan = ClassDecision("GS A", date(2017, 5, 1), 2, state)
    children = [
        child("neu", registered=date(2017, 2, 1)),
        child("alt", registered=date(2016, 9, 1)),
    ]
    town = district([school("GS A", pupils=40, reserve=0)], newcomers=children)
    return replace(town, class_plan=(plan,))


def test_a_decided_class_counts_from_its_month() -> None:
    # 40 pupils on 23 seats; 46 from May on, when 30 of them are left.
    result = assigned(full_until_august(PlanState.DECIDED), zeitraum={"monate": 6})
    assert schools_of(result) == {"neu": "GS A", "alt": "GS A"}
    assert [seat.month for seat in result.children] == [3, 3]
    assert (result.later, result.without_seat) == (2, 0)
    assert reason(result, "alt").endswith("Platz ab Mai 2017, vorher ist keiner frei")
    planned = assigned(full_until_august(PlanState.PLANNED), zeitraum={"monate": 4})
    assert planned.without_seat == 2
    assert any("nur Klassen mit dem Stand „beschlossen“" in hint for hint in planned.hints)


def test_a_class_that_closes_again_gives_no_later_seat() -> None:
    town = full_until_august(PlanState.DECIDED)
    closing = ClassDecision("GS A", date(2017, 6, 1), 1, PlanState.DECIDED)
    town = replace(town, class_plan=(*town.class_plan, closing))
    assert assigned(town, zeitraum={"monate": 6}).without_seat == 2


def test_the_earliest_later_seat_is_for_the_longest_waiting() -> None:
    # 24 pupils on 23 seats: 22 a month later, 20 in the next one, so one seat and then two more.
    children = [
        child("neu", registered=date(2017, 2, 1), wishes=("GS A",)),
        child("alt", registered=date(2016, 9, 1)),
        child("mittel", registered=date(2016, 12, 1)),
    ]
    town = district([school("GS A", pupils=24, reserve=0, free_rooms=0)], newcomers=children)
    for months, expected in ((2, {"alt": 1}), (3, {"alt": 1, "mittel": 2, "neu": 2})):
        result = assigned(town, zeitraum={"monate": months})
        seated = {s.child.pupil_id: s.month for s in result.children if s.month is not None}
        assert seated == expected


def test_a_child_that_leaves_the_type_in_august_gets_no_seat_after_it() -> None:
    plan = ClassDecision("GS A", date(2017, 9, 1), 1, PlanState.DECIDED)
    schools = [school("GS A", classes=0, free_rooms=1)]
    for grade, months in ((4, [None]), (3, [7])):
        town = replace(district(schools, newcomers=[child("k", grade=grade)]), class_plan=(plan,))
        result = assigned(town, zeitraum={"monate": 10})
        assert [seat.month for seat in result.children] == months


def test_the_plan_names_the_grade_as_the_cause_where_the_span_is_a_must() -> None:
    town = with_roster(
        district([school("GS A", pupils=1, free_rooms=0)], newcomers=[child("k", grade=4)]),
        ("GS A", 1),
    )
    setting = scenario(zeitraum={"monate": 3}, klassen={"klassenstufen_spanne": "muss"})
    plan = make_plan(town, setting, simulate(town, setting))
    assert [seat.school for seat in plan.children] == [None]
    assert [(w.month, w.listed, w.cause) for w in plan.waiting] == [
        (t, 1, Cause.GRADES) for t in range(3)
    ]


def test_siblings_of_a_child_that_has_its_seat_follow_it() -> None:
    # k1 has the only seat at B now. In May each school has a seat: k2 of the same type joins k1,
    # and k3 of another type goes to the OS near B, 5 + 0 < 0 + 20.
    ways = tuple(GivenWay("A-Dorf", name, 5.0) for name in ("GS B", "OS B"))
    schools = [
        school("GS A", pupils=60, reserve=0, classes=2),
        school("GS B", km=20, pupils=22),
        school("OS A", pupils=60, reserve=0, classes=2, school_type="OS"),
        school("OS B", km=20, pupils=60, reserve=0, classes=2, school_type="OS"),
    ]
    siblings = [
        child("k1", family="F", registered=date(2016, 9, 1)),
        child("k2", family="F", registered=date(2016, 12, 1)),
        child("k3", family="F", registered=date(2016, 12, 1), school_type="OS"),
    ]
    opening = [("GS A", 3), ("GS B", 2), ("OS A", 3), ("OS B", 3)]
    town = replace(
        district(schools, newcomers=siblings),
        ways=ways,
        class_plan=tuple(
            ClassDecision(name, date(2017, 3, 1), number, PlanState.DECIDED)
            for name, number in opening
        ),
    )
    result = assigned(town, zeitraum={"monate": 2})
    assert schools_of(result) == {"k1": "GS B", "k2": "GS B", "k3": "OS B"}
    for other, chosen in ((1, "GS B"), (2, "OS B")):
        two = replace(town, newcomers=(siblings[0], siblings[other]))
        result = assigned(two, zeitraum={"monate": 2})
        assert schools_of(result)[siblings[other].pupil_id] == chosen
    strangers = replace(town, newcomers=tuple(replace(c, family="") for c in siblings))
    assert schools_of(assigned(strangers, zeitraum={"monate": 2})) == {
        "k1": "GS B",
        "k2": "GS A",
        "k3": "OS A",
    }


def test_the_plan_gives_its_later_seats_by_the_same_goals() -> None:
    # Two full schools with a room each; four children get seats in the classes that open. The
    # family sits together and the wish is met, though the ways would say nothing about it.
    schools = [
        school("GS A", pupils=23, reserve=0, free_rooms=1),
        school("GS B", pupils=23, reserve=0, free_rooms=1),
    ]
    children: list[Newcomer] = [
        child(f"k{n}", registered=date(2016, 9, 1), family="F" if n in (0, 9) else "")
        for n in range(10)
    ]
    children[4] = replace(children[4], wishes=("GS B",))
    children[5] = replace(children[5], wishes=("GS A",))
    town = district(schools, newcomers=children)
    setting = scenario(zeitraum={"monate": 5}, klassen={"vorlauf_monate": 1})
    plan = make_plan(town, setting, simulate(town, setting))
    seats = {seat.child.pupil_id: seat for seat in plan.children}
    assert all(seat.school is not None for seat in plan.children)
    assert seats["k0"].school == seats["k9"].school
    by_month = sorted(seat.month or 0 for seat in plan.children)
    assert by_month[0] == 1
    if seats["k4"].month == seats["k5"].month and len({s.school for s in plan.children}) == 2:
        assert (seats["k4"].school, seats["k5"].school) == (1, 0)
