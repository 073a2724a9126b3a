"""What the past says: level and shares of the arrivals, the age of the roster of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import District, HistoryMonth
from daz_planner.errors import InputError
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation.history import history_level, past_arrivals
from daz_planner.simulation.population import build_population
from daz_planner.simulation.stays import StayTable, residual_stays
from tests.factories import district, school


def history(*counts: Any, last: date = date(2017, 2, 1)) -> tuple[HistoryMonth, ...]:
    """Months up to ``last``; a number is all school types together, a dictionary is split."""
    number = last.year * 12 + last.month - 1
    result = []
    for ago, value in enumerate(reversed(counts)):
        month = date((number - ago) // 12, (number - ago) % 12 + 1, 1)
        split = value if isinstance(value, dict) else {"": value}
        result.append(HistoryMonth(month, tuple(split.items())))
    return tuple(reversed(result))


def town(*counts: Any, **values: Any) -> District:
    schools = [school("GS A", pupils=12), school("OS B", school_type="OS")]
    return replace(district(schools), history=history(*counts, **values))


def test_level_is_the_mean_of_the_last_twelve_months() -> None:
    level = history_level(town(*[100] * 5, *[6, 12] * 6))
    assert (level.per_month, level.months, level.shares) == (9, 12, None)
    assert (level.first, level.last) == (date(2016, 3, 1), date(2017, 2, 1))


def test_what_comes_after_the_reference_date_does_not_count() -> None:
    assert history_level(town(*[5] * 12, 90, 90, last=date(2017, 4, 1))).per_month == 5


def test_shares_of_the_school_types_where_they_are_known() -> None:
    split = town(*[{"GS": 3, "OS": 1}] * 12)
    setting = with_values(load_scenario("basis"), {"zuzug.aus": "Historie"})
    population = build_population(split, setting)
    assert population.school_types == ("GS", "OS")
    assert population.type_shares.tolist() == [0.75, 0.25]
    assert population.registrations[1:].tolist() == [4.0] * 17


def test_few_registrations_by_type_leave_the_shares_of_the_scenario() -> None:
    assert history_level(town({"GS": 20, "OS": 9})).shares is None


def test_history_without_registrations_is_refused() -> None:
    setting = with_values(load_scenario("basis"), {"zuzug.aus": "Historie"})
    with pytest.raises(InputError, match="keine Anmeldungen"):
        build_population(town(), setting)


def test_past_by_months_ago_with_the_mean_for_what_is_unknown() -> None:
    months = list(history(8, 2, 4, 6, 0, 1, 7))
    del months[3]
    past = past_arrivals(replace(town(), history=tuple(months)), load_scenario("basis"), "GS")
    assert past is not None
    # 7, 1, 0 registrations 0, 1, 2 months ago, then the gap; the oldest known is 8.
    mean = 22 / 6
    assert past.tolist() == pytest.approx([7, 1, 0, mean, 4, 2, 8, mean])


def test_five_months_are_too_few() -> None:
    assert past_arrivals(town(*[5] * 5), load_scenario("basis"), "GS") is None


def test_past_of_a_school_type_where_the_history_is_split() -> None:
    split = town(*[{"GS": 3, "OS": 1}] * 6)
    past = past_arrivals(split, load_scenario("basis"), "OS")
    assert past is not None
    assert past.tolist() == [1] * 7


def test_past_from_the_allocations_of_the_scenario() -> None:
    plan = {"ab": "2016-05", "personen": [100, 50], "verzug_monate": 3, "sockel": 10}
    setting = with_values(
        load_scenario("basis"),
        {"zuzug": {"zuweisungen": {**plan, "personen": [100, 50, 0, 0, 0, 0, 10]}}},
    )
    past = past_arrivals(town(), setting, "GS")
    assert past is not None
    # Registered from August 2016 (6 months ago) to February 2017 (now).
    assert past.tolist()[:7] == pytest.approx([12.2, 10, 10, 10, 10, 21, 32])


def test_after_a_wave_the_roster_is_young() -> None:
    joint = np.zeros((2, 12))
    joint[1, 11] = 1.0  # twelve months in all
    stay = StayTable.from_matrix(joint)
    all_now = residual_stays(stay, 0.0, None, np.array([1.0, 0.0]))
    assert (all_now.phase1.tolist(), all_now.phase2.tolist()) == ([1], [11])
    three_ago = residual_stays(stay, 0.0, None, np.array([0.0, 0.0, 0.0, 1.0, 0.0]))
    assert (three_ago.phase1 + three_ago.phase2).tolist() == [9]
    even = residual_stays(stay, 0.0, None, np.array([5.0]))
    assert np.allclose(even.probability, residual_stays(stay, 0.0, None).probability)


def test_a_phase_that_the_past_leaves_out_has_one_month_left() -> None:
    joint = np.zeros((3, 3))
    joint[2, 2] = 1.0
    left = residual_stays(StayTable.from_matrix(joint), 0.0, 2, np.array([1.0, 0.0]))
    assert (left.phase1.tolist(), left.phase2.tolist()) == ([0], [1])
