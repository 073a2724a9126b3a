"""Key figures by school type, computed by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from daz_planner.planning.plan import Plan
from daz_planner.results.figures import (
    futures_covered,
    intake,
    need_course,
    school_order,
    type_figures,
)


def test_figures_by_school_type(plan: Plan) -> None:
    primary, secondary, together = type_figures(plan)
    assert (primary.school_type, secondary.school_type, together.school_type) == (
        "GS",
        "OS",
        "zusammen",
    )
    assert (primary.pupils_today, together.pupils_today) == (42, 52)
    assert (primary.need_max, primary.need_month) == (46, date(2017, 4, 1))
    assert (together.need_max, together.need_month) == (57, date(2017, 4, 1))
    assert (primary.classes_today, primary.classes_new, secondary.classes_new) == (2, 1, 0)
    assert (primary.seats_today, primary.seats_end) == (45, 68)
    assert (primary.waiting_max, secondary.waiting_max) == (3.5, 0)
    assert primary.placed == pytest.approx(5.0)
    # 1.5 pupils with 10 minutes, 3.5 with 5 minutes
    assert primary.mean_minutes == pytest.approx((15 + 17.5) / 5)
    assert primary.over_soft == 0
    # 1 pupil with 50 minutes (over 45), 1.25 with 30 minutes
    assert secondary.mean_minutes == pytest.approx((50 + 37.5) / 2.25)
    assert secondary.over_soft == pytest.approx(1 / 2.25)


def test_nobody_placed_gives_no_mean(empty_plan: Plan) -> None:
    assert type_figures(empty_plan)[-1].mean_minutes is None
    assert type_figures(empty_plan)[-1].over_soft is None


def test_intake_and_need(plan: Plan) -> None:
    assert intake(plan)[0].tolist() == [1.0, 0.5, 0, 0]
    course = need_course(plan, "GS")
    assert course.expected.tolist() == [42, 43, 46, 44]
    assert course.high.tolist() == [42, 62, 46, 44]
    assert course.seats.tolist() == [45, 45, 68, 68]


def test_school_type_without_forecast_needs_nothing(plan: Plan) -> None:
    assert need_course(plan, "GYM").expected.tolist() == [0, 0, 0, 0]


def test_futures_covered(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan()
    # One future has 62 pupils of Grundschule in March, and 45 seats.
    assert futures_covered(plan) == (3, 4)
    # 43 in March in the others: with 42 seats none is covered.
    assert futures_covered(replace(plan, seats=plan.seats - 1.5)) == (0, 4)


def test_guests_are_pupils_of_the_forecast_and_do_not_count_twice(
    make_plan: Callable[..., Plan],
) -> None:
    plan = make_plan()
    schools = list(plan.district.schools)
    schools[1] = replace(schools[1], guests=3)
    more = replace(plan, district=replace(plan.district, schools=tuple(schools)))
    assert futures_covered(more) == (3, 4)


def test_schools_are_ordered_by_school_type(plan: Plan) -> None:
    schools = plan.district.schools
    turned = replace(plan.district, schools=(schools[2], schools[0], schools[1]))
    assert school_order(replace(plan, district=turned)) == [1, 2, 0]
