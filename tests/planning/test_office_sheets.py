"""What the plan makes of the further sheets: given ways, teacher hours, rosters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daz_planner.district.model import (
    District,
    GivenWay,
    Pupil,
    Roster,
    TeacherBudget,
)
from daz_planner.planning import Plan, make_plan
from daz_planner.results.tables import tables
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school


def plan_of(town: District, **tables: Any) -> Plan:
    setting = scenario(**tables)
    return make_plan(town, setting, simulate(town, setting))


def test_given_minutes_override_the_estimate() -> None:
    schools = [school("GS A", km=10), school("GS B", km=20)]
    town = district(schools, newcomers=[child("k1")])
    assert plan_of(town).children[0].school == 0
    given = replace(town, ways=(GivenWay("A-Dorf", "GS B", 5.0),))
    plan = plan_of(given)
    assert (plan.children[0].school, plan.children[0].minutes) == (1, 5.0)
    assert "Wege: 1 von 2 ist vom Amt angegeben, 1 geschätzt." in plan.hints


def test_hours_of_the_sheet_limit_the_classes() -> None:
    town = district([school("GS A", pupils=12, free_rooms=2)])
    town = replace(town, teacher_budgets=(TeacherBudget(34.0, school_type="GS"),))
    plan = plan_of(
        town,
        zeitraum={"monate": 3},
        zuzug={"pro_monat": 35.0},
        klassen={"vorlauf_monate": 1},
        lehrer={"begrenzt": True},
    )
    assert plan.classes.tolist() == [[1, 2, 2]]


def roster(*pupils: Pupil) -> Roster:
    return Roster(date(2017, 2, 8), pupils)


def use_of(pupils: list[Pupil], count: int | None = None) -> list[float]:
    """Seats used by the roster of one school, six months on; stays are 1 + 11 months."""
    town = district([school("GS A", pupils=len(pupils) if count is None else count)])
    town = replace(town, rosters=(roster(*pupils),))
    return plan_of(town).use_today[0].tolist()


def test_a_dated_roster_gives_the_months_already_spent() -> None:
    # Phase 2 takes 11 months: begun on 8 May 2016, nine are over, two are left.
    pupil = Pupil("s1", "GS A", 2, phase_since=date(2016, 5, 8))
    assert use_of([pupil]) == [1, 1, 0, 0, 0, 0]


def test_without_dates_the_stationary_state_decides() -> None:
    assert use_of([Pupil("s1", "GS A", 2)])[1] == pytest.approx(10 / 11)


def test_the_day_of_entry_alone_tells_what_is_left_of_both_phases() -> None:
    # One month in phase 1 and 11 in phase 2, entered ten months ago: two are left.
    pupil = Pupil("s1", "GS A", 2, entered=date(2016, 4, 8))
    assert use_of([pupil]) == [1, 1, 0, 0, 0, 0]


def test_whoever_stays_longer_than_any_stay_leaves_next_month() -> None:
    pupil = Pupil("s1", "GS A", 2, phase_since=date(2014, 5, 8))
    assert use_of([pupil]) == [1, 0, 0, 0, 0, 0]


def test_phase_3_of_the_roster_needs_no_seat() -> None:
    town = replace(district([school("GS A")]), rosters=(roster(Pupil("s1", "GS A", 3)),))
    setting = scenario()
    forecast = simulate(town, setting)
    assert forecast.expected[0, :, 0].tolist() == [0, 0, 1]
    assert make_plan(town, setting, forecast).use_today.sum() == 0


def test_pupils_of_the_count_that_no_roster_names_are_still_there() -> None:
    pupil = Pupil("s1", "GS A", 2, phase_since=date(2016, 5, 8))
    use = use_of([pupil], count=13)
    assert use[0] == 13
    assert use[2] == pytest.approx(12 * 10 / 12)


def test_the_grade_of_the_roster_decides_on_august() -> None:
    town = district(
        [school("GS A", pupils=2), school("OS B", school_type="OS")],
        reference_date=date(2017, 7, 8),
    )
    fourth = Pupil("s1", "GS A", 2, phase_since=date(2017, 6, 8), grade=4)
    second = replace(fourth, pupil_id="s2", grade=2)
    town = replace(town, rosters=(Roster(date(2017, 7, 8), (fourth, second)),))
    plan = plan_of(town)
    assert plan.use_today[0].tolist()[:2] == [2, 1]
    assert plan.use[1, 1] == pytest.approx(1.0)


def test_a_roster_of_another_day_is_not_the_roster_of_today() -> None:
    town = district([school("GS A", pupils=12)])
    old = Roster(date(2016, 2, 8), (Pupil("s1", "GS A", 2, phase_since=date(2015, 12, 8)),))
    assert plan_of(replace(town, rosters=(old,))).use_today[0, 1] == pytest.approx(11)


@pytest.mark.parametrize(
    ("pupils", "guests", "phases", "listed", "used"),
    [
        (20, 2, (None, None, None), (12, 8), 22),  # the roster leaves the guests out
        (20, 2, (None, None, None), (12, 10), 22),  # it names them in phase 2
        (20, 2, (12, 8, None), (12, 10), 22),
        (20, 2, (None, None, None), (12, 11), 23),
        (20, 0, (None, None, None), (1, 2), 20),
        (20, 0, (None, None, None), (0, 0), 20),
    ],
)
def test_a_plan_starts_with_the_numbers_it_names(
    pupils: int, guests: int, phases: Any, listed: tuple[int, int], used: int
) -> None:
    there = school("GS A", pupils=pupils, guests=guests, phases=phases, reserve=3)
    named = [
        Pupil(f"s{phase}{i}", "GS A", phase)
        for phase, number in enumerate(listed, start=1)
        for i in range(number)
    ]
    town = replace(district([there]), rosters=(roster(*named),))
    plan = plan_of(town, zeitraum={"monate": 1})
    start = tables(plan)["ausgangszahlen"]
    assert plan.use_today[0, 0] == pytest.approx(used)
    assert start.values("Schüler gerechnet") == [used]
    assert start.values("frei gerechnet") == [max(0, pupils + guests + 3 - used)]


def test_a_roster_far_from_the_table_is_the_first_hint() -> None:
    town = district([school("GS A", pupils=20)])
    far = replace(town, rosters=(roster(Pupil("s1", "GS A", 1)),))
    hints = [hint for hint in plan_of(far).hints if hint.startswith("Achtung: Bestand und Tabelle")]
    assert len(hints) == 1 and "„GS A“ (Tabelle 20, Bestand 1, gerechnet 20)" in hints[0]
    assert not any("Bestand" in hint for hint in plan_of(town).hints)
