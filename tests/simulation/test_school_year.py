"""The change of school year in August, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from daz_planner.simulation.calendar import build_ladder, month_sequence, school_year_changes
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.population import build_population
from tests.factories import child, district, scenario, school

JULY = date(2017, 7, 8)


def outlook_of(children: list[object], schools: list[object] | None = None) -> Outlook:
    both = schools or [school("GS A"), school("OS B", school_type="OS")]
    place = district(both, newcomers=children, reference_date=JULY)  # type: ignore[arg-type]
    return expect(build_population(place, scenario(zuzug={"pro_monat": 0.0})))


def test_months_run_over_the_turn_of_the_year() -> None:
    assert month_sequence(date(2017, 11, 30), 3) == (
        date(2017, 11, 1),
        date(2017, 12, 1),
        date(2018, 1, 1),
    )


def test_no_change_at_the_reference_date_itself() -> None:
    months = month_sequence(date(2017, 8, 20), 13)
    assert np.flatnonzero(school_year_changes(months, 8)).tolist() == [12]


def test_ladder_leads_from_gs_over_os_to_bsz_and_out() -> None:
    ladder = build_ladder(("GS", "OS", "BSZ"), {"GS": (1, 4), "OS": (5, 9), "BSZ": (10, 12)})
    assert ladder.next_position.tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -1]
    assert ladder.kind.tolist() == [0] * 4 + [1] * 5 + [2] * 3


def test_a_fourth_grader_needs_an_os_seat_in_august() -> None:
    outlook = outlook_of([child("k1", grade=4)])
    in_gs, in_os = outlook.pupils[:, :2].sum(axis=1)
    assert in_gs.tolist() == [1, 0, 0, 0, 0, 0]
    assert in_os.tolist() == [0, 1, 1, 1, 1, 1]
    assert outlook.demand[1, 0].tolist() == [0, 1, 0, 0, 0, 0]
    assert outlook.flows["changed_out"][0].tolist() == [0, 1, 0, 0, 0, 0]
    assert outlook.flows["changed_in"][1].tolist() == [0, 1, 0, 0, 0, 0]


def test_a_third_grader_stays() -> None:
    outlook = outlook_of([child("k1", grade=3)])
    assert outlook.pupils[0].sum(axis=0).tolist() == [1] * 6
    assert outlook.demand.sum() == 0


def test_a_quarter_of_a_grundschule_changes_where_grades_are_unknown() -> None:
    both = [school("GS A", pupils=24), school("OS B", school_type="OS")]
    outlook = outlook_of([], both)
    # Stays of twelve months met evenly: after one month 11/12 are still in phases 1 and 2.
    assert outlook.demand[1, 0, 1] == pytest.approx(24 * 11 / 12 / 4)
    assert outlook.use_today[0, 1] == pytest.approx(24 * 11 / 12 * 3 / 4)


def test_the_demand_of_august_lasts_as_long_as_the_stay_that_is_left() -> None:
    both = [school("GS A", pupils=24), school("OS B", school_type="OS")]
    survival = outlook_of([], both).survival[1, 1]
    assert survival[1:] == pytest.approx(np.array([11, 10, 9, 8, 7]) / 11)


def test_a_seat_after_august_ends_with_the_next_change_of_type() -> None:
    # An OS of one grade only: who comes from the GS in August 2017 leaves it in August 2018.
    setting = scenario(
        zeitraum={"monate": 15},
        zuzug={"pro_monat": 0.0},
        schuljahr={"stufen": {"OS": [5, 5]}},
        phasen={
            "GS": {
                "phase1": {"tabelle": [1.0]},
                "phase2": {"tabelle": [0.0] * 19 + [1.0]},
                "hoechstdauer": "keine",
            }
        },
    )
    both = [school("GS A"), school("OS B", school_type="OS")]
    town = district(both, newcomers=[child("k1", grade=4)], reference_date=JULY)
    outlook = expect(build_population(town, setting))
    assert outlook.survival[1, 1, 1:].tolist() == [1] * 12 + [0] * 2


def test_a_season_meets_the_month_it_is_meant_for() -> None:
    season = [1.0] * 12
    season[7], season[8] = 0.0, 2.0
    setting = scenario(zuzug={"pro_monat": 3.0, "saison": season})
    town = district([school("GS A")], reference_date=JULY)
    population = build_population(town, setting)
    assert population.registrations.tolist() == [0, 0, 6, 3, 3, 3]


def test_a_cap_in_months_ends_the_stay() -> None:
    setting = scenario(
        zuzug={"pro_monat": 0.0},
        phasen={"GS": {"phase1": {"tabelle": [1.0]}, "hoechstdauer": 3}},
    )
    town = district([school("GS A")], newcomers=[child("k1", grade=1)])
    outlook = expect(build_population(town, setting))
    assert outlook.pupils[0, :2].sum(axis=0).round(9).tolist()[3:] == [0, 0, 0]
    assert outlook.pupils[0, :2, 1].sum() > 0.9


def test_the_last_grade_of_bsz_leaves_school() -> None:
    outlook = outlook_of(
        [child("k1", school_type="BSZ", grade=12)], [school("BSZ C", school_type="BSZ")]
    )
    kind = outlook.population.school_types.index("BSZ")
    assert outlook.pupils[kind].sum(axis=0).tolist() == [1, 0, 0, 0, 0, 0]
    assert outlook.flows["finished"][kind].tolist() == [0, 1, 0, 0, 0, 0]
    assert outlook.demand.sum() == 0


def test_a_seat_given_before_august_survives_only_until_then() -> None:
    outlook = outlook_of([])
    assert outlook.child_survival(0, 4)[0].tolist() == [1, 0, 0, 0, 0, 0]
    # After August a fourth grader is no child of the Grundschule any more.
    assert outlook.child_survival(0, 4)[1].tolist() == [0] * 6
    assert outlook.child_survival(0, 3)[1, 1:].tolist() == [1] * 5
    assert (outlook.months_in_type(0, 4), outlook.months_in_type(0, 3)) == (1, 6)
