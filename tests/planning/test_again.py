"""Planning again on an earlier plan: what was announced stays, and every change is told.

Stays are fixed: of 12 pupils met on the reference date one leaves in each month.  A minute is a
kilometre.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, District, PlanState, Pupil, Roster
from daz_planner.errors import InputError, OutOfTimeError
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.again import KEEPS, plan_again
from daz_planner.planning.changes import (
    ABOUT_CLASSES,
    IN_THE_INPUT,
    LATER,
    Change,
    ChangeKind,
    in_order,
)
from daz_planner.planning.earlier import BARRED, NO_ROOM
from daz_planner.planning.plan import Cause
from daz_planner.planning.solver_highs import HighsSession
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school

NEXT = date(2017, 3, 8)
"""A month after the reference date of the earlier plans."""


def plan_of(town: District, **tables: Any) -> Plan:
    setting = scenario(**{"klassen": {"vorlauf_monate": 1}, **tables})
    return make_plan(town, setting, simulate(town, setting))


def again(earlier: Plan, town: District, **tables: Any) -> Plan:
    setting = scenario(**{"klassen": {"vorlauf_monate": 1}, **tables})
    return plan_again(town, setting, simulate(town, setting), earlier, "frueher")


def changes(plan: Plan) -> list[tuple[ChangeKind, str, str, str]]:
    assert plan.changes is not None
    return [(item.kind, item.who, item.before, item.after) for item in plan.changes.items]


def only(plan: Plan) -> Change:
    assert plan.changes is not None
    (item,) = plan.changes.items
    return item


def one_school(**values: Any) -> District:
    """One class with 12 pupils and a room: nine seats for a forecast in March, one more a month."""
    return district([school("GS A", **{"pupils": 12, "free_rooms": 1, **values})])


TWELVE = {"zuzug": {"reihe": [12.0, 0, 0, 0, 0, 0]}}
"""Twelve newcomers in March 2017, nobody later: three too many for one class."""


# -- classes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_the_same_input_changes_nothing(solver: str) -> None:
    earlier = plan_of(one_school(), **TWELVE, rechnen={"loeser": solver})
    assert earlier.classes[0].tolist()[:2] == [1, 2]
    plan = again(earlier, one_school(), **TWELVE, rechnen={"loeser": solver})
    assert changes(plan) == []
    assert np.array_equal(plan.classes, earlier.classes)
    assert plan.changes is not None and plan.changes.kept_classes == 1
    assert plan.openings[0].reason.startswith("Schon im Plan vom 08.02.2017 angekündigt. Ohne ")


def test_an_announced_class_stays_without_need() -> None:
    earlier = plan_of(one_school(), **TWELVE)
    alone = plan_of(one_school())
    assert alone.classes.max() == 1
    plan = again(earlier, one_school())
    assert np.array_equal(plan.classes, earlier.classes)
    assert changes(plan) == []
    assert plan.openings[0].reason == (
        "Schon im Plan vom 08.02.2017 angekündigt. Die Klasse bleibt, weil sie angekündigt war. "
        "Gebraucht wird sie nicht mehr; sie kann zurückgenommen werden."
    )


def test_an_announced_class_opens_within_the_lead_time_and_no_other_does() -> None:
    late = {"klassen": {"vorlauf_monate": 2}}
    town = [school("GS A", pupils=12, free_rooms=1), school("GS B", km=5, pupils=24, free_rooms=1)]
    earlier = plan_of(district(town[:1]), zuzug={"reihe": [0, 12.0, 0, 0, 0, 0]}, **late)
    # April is two months after February.
    assert earlier.classes[0].tolist()[:3] == [1, 1, 2]
    # In March fifty come in April: a second class is wanted at once, and only May may open it.
    flood = {"zuzug": {"reihe": [50.0, 0, 0, 0, 0, 0]}}
    plan = again(earlier, district(town, reference_date=NEXT), **late, **flood)
    assert plan.classes[0].tolist()[:3] == [1, 2, 2]
    assert plan.classes[1].tolist()[:3] == [1, 1, 2]
    assert changes(plan) == [(ChangeKind.NEW_CLASS, "GS B", "–", "ab Mai 2017")]
    assert plan.changes is not None and plan.changes.kept_classes == 1


def test_a_class_that_should_run_and_does_not_is_moved() -> None:
    earlier = plan_of(one_school(), **TWELVE)
    may = replace(one_school(), reference_date=date(2017, 4, 8))
    item = only(again(earlier, may))
    assert (item.kind, item.before, item.after) == (
        ChangeKind.MOVED_CLASS,
        "ab März 2017",
        "ab Mai 2017",
    )
    assert item.reason == "Nach dem früheren Plan läuft sie schon; die Eingabe nennt sie nicht."
    runs = replace(one_school(classes=2), reference_date=date(2017, 4, 8))
    assert changes(again(earlier, runs)) == []


def test_a_class_without_a_room_is_off() -> None:
    earlier = plan_of(one_school(), **TWELVE)
    item = only(again(earlier, one_school(free_rooms=0), **TWELVE))
    assert (item.kind, item.before, item.after) == (ChangeKind.NO_CLASS, "ab März 2017", "–")
    assert item.reason == NO_ROOM


def test_a_class_that_the_office_bars_is_off() -> None:
    earlier = plan_of(one_school(), **TWELVE)
    barred = ClassDecision("GS A", date(2017, 2, 1), 1, PlanState.EXCLUDED)
    item = only(again(earlier, replace(one_school(), class_plan=(barred,)), **TWELVE))
    assert (item.kind, item.reason) == (ChangeKind.NO_CLASS, BARRED)


def test_a_class_that_the_office_has_decided_since_is_as_announced() -> None:
    earlier = plan_of(one_school(), **TWELVE)
    decided = ClassDecision("GS A", date(2017, 3, 1), 2, PlanState.DECIDED)
    plan = again(earlier, replace(one_school(), class_plan=(decided,)), **TWELVE)
    assert changes(plan) == []
    assert plan.classes[0].tolist() == earlier.classes[0].tolist()


def test_a_class_without_teachers_is_off() -> None:
    # 15 hours for the class and 2 for supervision: with 17 a week only one class can run.
    earlier = plan_of(one_school(), **TWELVE)
    plan = again(
        earlier, one_school(), **TWELVE, lehrer={"begrenzt": True, "stunden": {"GS": 17.0}}
    )
    assert plan.classes.max() == 1
    assert only(plan).kind is ChangeKind.NO_CLASS
    assert "Lehrerstunden" in only(plan).reason


def test_a_solver_that_runs_out_of_time_takes_no_announced_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enough = {"lehrer": {"begrenzt": True, "stunden": {"GS": 170.0}}}
    earlier = plan_of(one_school(), **TWELVE)
    asked: list[float] = []

    def slow(session: HighsSession, *_: Any, seconds: float, **__: Any) -> Any:
        asked.append(seconds)
        raise OutOfTimeError("Im Zeitlimit wurde kein Plan gefunden.")

    monkeypatch.setattr(HighsSession, "minimise", slow)
    with pytest.raises(OutOfTimeError):
        again(earlier, one_school(), **TWELVE, **enough)
    assert len(asked) == 1


def test_tolerance_is_not_spent_once_more() -> None:
    # A fifth more class months than needed may go into shorter ways: the earlier plan has spent
    # that on GS B in May, and a second fifth would bring the class forward to April.
    town = district(
        [
            school("GS A", pupils=20, free_rooms=1),
            school("GS B", km=20, pupils=12, free_rooms=2),
        ],
        [place("A-Dorf"), place("B-Dorf", km=20)],
    )
    tables = {
        "zuzug": {
            "reihe": [12.0, 12, 12, 12, 6, 0],
            "gemeinden": {"A-Dorf": 0.5, "B-Dorf": 0.5},
        },
        "ziele": {"toleranz": 0.2},
    }
    earlier = plan_of(town, **tables)
    assert earlier.classes.tolist() == [[1, 2, 2, 2, 2, 2], [1, 1, 1, 2, 2, 2]]
    plan = again(earlier, town, **tables)
    assert plan.classes.tolist() == earlier.classes.tolist()
    (stage,) = (stage for stage in plan.stages if stage.goal == "aenderungen")
    assert stage.value == 0.0


def test_more_children_open_only_one_more_class() -> None:
    town = [school("GS A", pupils=12, free_rooms=1), school("GS B", km=5, pupils=12, free_rooms=1)]
    first = {"zuzug": {"reihe": [21.0, 0, 0, 0, 0, 0]}}
    more = {"zuzug": {"reihe": [45.0, 0, 0, 0, 0, 0]}}
    earlier = plan_of(district(town), **first)
    assert int(earlier.classes[:, 1].sum()) == 3
    plan = again(earlier, district(town), **more)
    opened = {0, 1} - {o.school for o in earlier.openings}
    (who,) = (town[s].name for s in opened)
    assert changes(plan) == [(ChangeKind.NEW_CLASS, who, "–", "ab März 2017")]


def test_a_school_that_is_gone_is_told_with_the_nearest_name() -> None:
    earlier = plan_of(one_school(), **TWELVE)
    plan = again(earlier, district([school("GS Aa", pupils=12, free_rooms=1)]), **TWELVE)
    gone, new = changes(plan)
    assert gone == (ChangeKind.NO_SCHOOL, "GS A", "2 Klassen, davon neu ab März 2017", "–")
    assert new[:2] == (ChangeKind.NEW_CLASS, "GS Aa")
    (finding,) = (f for f in plan.district.findings if f.code == "schule_im_plan_fehlt")
    assert "GS A" in finding.problem and not finding.is_fault


def test_an_older_input_is_refused() -> None:
    earlier = plan_of(replace(one_school(), reference_date=NEXT))
    with pytest.raises(InputError, match=r"08\.03\.2017.*älter \(08\.02\.2017\)"):
        again(earlier, one_school())


# -- children --------------------------------------------------------------------------------------


def two_schools(*children: Any, seats: tuple[int, int] = (1, 1)) -> District:
    """GS A at the door of A-Dorf, GS B five minutes away, with so many free seats (of 23)."""
    free_a, free_b = seats
    return district(
        [
            school("GS A", pupils=23 - free_a, free_rooms=0),
            school("GS B", km=5, pupils=23 - free_b, free_rooms=0),
        ],
        newcomers=list(children),
    )


K1 = child("K1", registered=date(2017, 1, 20))
OLDER = child("K0", registered=date(2017, 1, 5))


def seat_of(plan: Plan, pupil_id: str) -> tuple[str | None, int | None]:
    (seat,) = (seat for seat in plan.children if seat.child.pupil_id == pupil_id)
    name = None if seat.school is None else plan.district.schools[seat.school].name
    return name, seat.month


def test_a_child_keeps_its_seat_before_one_that_waits_longer() -> None:
    earlier = plan_of(two_schools(K1, seats=(1, 0)))
    town = two_schools(K1, OLDER, seats=(1, 0))
    assert seat_of(plan_of(town), "K0") == ("GS A", 0)
    plan = again(earlier, town)
    assert seat_of(plan, "K1") == ("GS A", 0)
    item = only(plan)
    assert (item.kind, item.who, item.before) == (ChangeKind.NEW_CHILD, "K0", "–")
    assert item.reason.startswith("Gemeldet am 05.01.2017; ")
    kept = next(seat for seat in plan.children if seat.child.pupil_id == "K1")
    assert kept.child == K1
    assert kept.reason == "behält den Platz aus dem Plan vom 08.02.2017"
    assert [other.obstacle for other in kept.alternatives] == [KEEPS]
    assert plan.changes is not None and plan.changes.kept_seats == 1


def test_a_seat_that_is_taken_is_given_up_with_the_reason() -> None:
    earlier = plan_of(two_schools(K1))
    plan = again(earlier, two_schools(K1, seats=(0, 1)))
    item = only(plan)
    assert (item.kind, item.before, item.after) == (
        ChangeKind.OTHER_SEAT,
        "GS A ab Februar 2017",
        "GS B ab Februar 2017",
    )
    assert item.reason == "An „GS A“ ist zum Stichtag kein Platz mehr frei."


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"excluded": ("GS A",)}, "„GS A“ ist für das Kind jetzt ausgeschlossen."),
        ({"pinned_to": "GS B"}, "Das Kind ist jetzt auf „GS B“ festgelegt."),
    ],
)
def test_what_the_office_says_now_comes_first(values: dict[str, Any], reason: str) -> None:
    earlier = plan_of(two_schools(K1))
    plan = again(earlier, two_schools(replace(K1, **values)))
    assert seat_of(plan, "K1") == ("GS B", 0)
    assert only(plan).reason == reason


def test_a_child_pinned_by_the_office_takes_the_seat() -> None:
    earlier = plan_of(two_schools(K1))
    pinned = child("K9", registered=date(2017, 2, 6), pinned_to="GS A")
    plan = again(earlier, two_schools(K1, pinned))
    assert seat_of(plan, "K9") == ("GS A", 0)
    assert seat_of(plan, "K1") == ("GS B", 0)
    told = {item.who: item for item in plan.changes.items} if plan.changes else {}
    assert told["K1"].reason == "Der Platz an „GS A“ geht an ein Kind, das dorthin festgelegt ist."
    assert told["K9"].kind is ChangeKind.NEW_CHILD


def test_a_child_that_left_the_list_is_told_with_its_school() -> None:
    earlier = plan_of(two_schools(K1, OLDER))
    town = two_schools(OLDER, seats=(0, 1))
    roster = Roster(NEXT, tuple(Pupil(f"P{n}" if n else "K1", "GS A", 1) for n in range(23)))
    plan = again(earlier, replace(town, reference_date=NEXT, rosters=(roster,)))
    told = {item.who: (item.kind, item.reason) for item in plan.changes.items if plan.changes}
    assert told["K1"] == (ChangeKind.NO_CHILD, "Ist jetzt Schüler: GS A (Blatt Bestand).")


def test_a_later_seat_stays_at_its_school_and_waiting_for_it_has_its_own_cause() -> None:
    # GS A is full; of its 23 pupils about two leave in a month, but only whole seats are given.
    earlier = plan_of(two_schools(K1, seats=(0, -30)))
    name, month = seat_of(earlier, "K1")
    assert name == "GS A" and month
    assert changes(again(earlier, two_schools(K1, seats=(0, -30)))) == []
    plan = again(earlier, two_schools(K1, OLDER, seats=(0, -30)))
    # Whoever waits longer comes first within the school.
    assert (seat_of(plan, "K0"), seat_of(plan, "K1")) == ((name, month), (name, month + 1))
    told = {item.who: item for item in plan.changes.items} if plan.changes else {}
    assert (told["K1"].kind, told["K1"].reason) == (ChangeKind.OTHER_MONTH, LATER)
    causes = {place.cause for place in plan.waiting if place.listed and place.month == 0}
    assert Cause.ANNOUNCED in causes and Cause.PINNED not in causes


def test_a_seat_that_comes_months_later_than_announced_is_given_up() -> None:
    earlier = plan_of(two_schools(K1, seats=(0, -30)))
    _, month = seat_of(earlier, "K1")
    assert month is not None
    # Eight pupils more at GS A than the earlier plan knew; GS B has a seat now.
    plan = again(earlier, two_schools(K1, seats=(-8, 1)))
    assert seat_of(plan, "K1") == ("GS B", 0)
    item = only(plan)
    assert item.kind is ChangeKind.OTHER_SEAT
    assert "wird erst im" in item.reason and item.reason.endswith("ein Platz frei.")


def test_a_child_that_moved_gets_the_seat_that_is_near_now() -> None:
    far = place("B-Dorf", km=40)

    def town(home: str, **values: Any) -> District:
        schools = [school("GS A", pupils=20), school("GS B", km=40, pupils=20)]
        return district(schools, [place("A-Dorf"), far], [child("K1", home, **values)])

    earlier = plan_of(town("A-Dorf"))
    assert seat_of(earlier, "K1") == ("GS A", 0)
    plan = again(earlier, town("B-Dorf"))
    assert seat_of(plan, "K1") == ("GS B", 0)
    assert only(plan).reason == "Das Kind wohnt jetzt in B-Dorf statt A-Dorf."
    # Where the office holds it to the school, it stays.
    assert seat_of(again(earlier, town("B-Dorf", pinned_to="GS A")), "K1") == ("GS A", 0)


def test_a_class_of_today_that_the_input_does_not_name_any_more_is_told() -> None:
    earlier = plan_of(one_school(classes=3, pupils=20))
    item = only(again(earlier, one_school(classes=2, pupils=20)))
    assert (item.kind, item.before, item.after, item.reason) == (
        ChangeKind.FEWER_TODAY,
        "3 Klassen heute",
        "2 Klassen heute",
        IN_THE_INPUT,
    )
    item = only(again(earlier, one_school(classes=5, pupils=20)))
    assert (item.kind, item.after) == (ChangeKind.MORE_TODAY, "5 Klassen heute")


def test_an_announced_class_that_opened_early_is_no_further_one() -> None:
    earlier = plan_of(one_school(), zuzug={"reihe": [0.0, 0, 0, 25.0, 0, 0]})
    assert sum(o.classes for o in earlier.openings) == 1
    assert changes(again(earlier, one_school(classes=2))) == []
    # One more than that is.
    item = only(again(earlier, one_school(classes=3)))
    assert (item.kind, item.before) == (ChangeKind.MORE_TODAY, "2 Klassen heute")


@settings(max_examples=15, deadline=None)
@given(
    pupils=st.lists(st.integers(0, 28), min_size=2, max_size=3),
    arrivals=st.lists(st.integers(0, 20), min_size=5, max_size=5),
    listed=st.integers(0, 4),
)
def test_the_same_input_never_changes_anything(
    pupils: list[int], arrivals: list[int], listed: int
) -> None:
    town = district(
        [school(f"GS {n}", km=7.0 * n, pupils=p, free_rooms=1) for n, p in enumerate(pupils)],
        [place("A-Dorf"), place("B-Dorf", km=9)],
        [child(f"K{n}", registered=date(2017, 1, 1 + n)) for n in range(listed)],
    )
    series = {"zuzug": {"reihe": [float(n) for n in arrivals] + [0.0]}}
    earlier = plan_of(town, **series)
    plan = again(earlier, town, **series)
    assert changes(plan) == []
    assert np.array_equal(plan.classes, earlier.classes)


def test_the_list_begins_with_what_is_lost() -> None:
    march, april = date(2017, 3, 1), date(2017, 4, 1)

    def item(kind: ChangeKind, who: str, when: date | None = None, of: str = "GS") -> Change:
        return Change(kind, who, of, "", "", "", when)

    told = in_order(
        [
            item(ChangeKind.NEW_CHILD, "K1", march),
            item(ChangeKind.NEW_CLASS, "OS A", march, "OS"),
            item(ChangeKind.NEW_CLASS, "GS B", april),
            item(ChangeKind.NEW_CLASS, "GS C", march),
            item(ChangeKind.NO_SEAT, "K2"),
            item(ChangeKind.NO_CLASS, "GS D", april),
            item(ChangeKind.NO_SCHOOL, "GS E"),
        ]
    )
    assert [c.who for c in told] == ["GS E", "GS D", "GS C", "OS A", "GS B", "K2", "K1"]
    # Every kind has its place, those about classes before those about children.
    every = in_order([item(kind, "x") for kind in ChangeKind])
    assert len(every) == len(ChangeKind)
    assert {c.kind for c in every[: len(ABOUT_CLASSES)]} == set(ABOUT_CLASSES)
