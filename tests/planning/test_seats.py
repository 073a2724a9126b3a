"""Seats that are there: by hand, and the same as in the planning problem."""

from __future__ import annotations

from datetime import date

import numpy as np

from daz_planner.planning.problem import build_problem
from daz_planner.planning.seats import open_cap_notes, running_seats, seats_without_new_classes
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population
from tests.factories import district, scenario, school

SCHOOLS = [
    school("GS A", pupils=20, classes=1),
    school("GS B", pupils=40, classes=2, reserve=4),
    school("GS C", pupils=25, classes=1, reserve=0),
    school("GS D", pupils=25, classes=1, reserve=2),
    school("GS E", pupils=10, classes=1, class_cap=16, guests=1, reserve=5),
    school("GS F", pupils=0, classes=0, reserve=3),
]


def test_by_hand() -> None:
    months = (date(2017, 2, 1), date(2017, 3, 1))
    seats = seats_without_new_classes(district(SCHOOLS), scenario(), months)
    # 23 a class; B: 46 − 40 = 6 free, but 4 entered; C is above its cap and has no reserve;
    # D is above its cap with 2 free by hand; E: own cap 16, 5 free as computed; F has no class.
    assert seats.tolist() == [[23, 23], [44, 44], [23, 23], [27, 27], [16, 16], [0, 0]]


def test_a_new_rule_changes_the_seats_from_its_day_on() -> None:
    town = district(SCHOOLS[:1], reference_date=date(2022, 5, 10))
    months = (date(2022, 5, 1), date(2022, 6, 1))
    assert seats_without_new_classes(town, scenario(), months).tolist() == [[23, 28]]
    fixed = scenario(klassen={"obergrenze": 20})
    assert seats_without_new_classes(town, fixed, months).tolist() == [[20, 20]]


def test_a_correction_ends_with_the_last_class() -> None:
    classes = np.array([[2, 1, 0]])
    seats = running_seats(np.full((1, 3), 23.0), classes, np.array([-2.0]))
    assert seats.tolist() == [[44, 21, 0]]


def test_the_planning_problem_has_the_same_seats() -> None:
    town, assumed = district(SCHOOLS), scenario()
    outlook = expect(build_population(town, assumed))
    problem = build_problem(town, assumed, outlook, ("GS",))
    classes = np.repeat(problem.classes_today[:, None], problem.month_count, axis=1)
    there = seats_without_new_classes(town, assumed, problem.months)
    assert problem.seats(classes).tolist() == there.tolist()


def test_open_rule_is_said() -> None:
    town = district(SCHOOLS[:1], reference_date=date(2026, 7, 10))
    known, open_month = (date(2026, 7, 1),), (date(2026, 7, 1), date(2026, 9, 1))
    assert open_cap_notes(town, scenario(), known) == []
    assert len(open_cap_notes(town, scenario(), open_month)) == 1
    assert open_cap_notes(town, scenario(klassen={"obergrenze": 25}), open_month) == []
