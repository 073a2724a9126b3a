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
from daz_planner.simulation.history import history_level, known_registrations, past_arrivals
from daz_planner.simulation.population import build_population
from daz_planner.simulation.stay_model import stay_model
from daz_planner.simulation.stays import StayLimits, StayTable, residual_stays
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


BASIS = load_scenario("basis")


def town(*counts: Any, **values: Any) -> District:
    """A district on the last day of February 2017, so that the months given are all over."""
    schools = [school("GS A", pupils=12), school("OS B", school_type="OS")]
    place = district(schools, reference_date=date(2017, 2, 28))
    return replace(place, history=history(*counts, **values))


def test_level_is_the_mean_of_the_last_twelve_months() -> None:
    level = history_level(town(*[100] * 5, *[6, 12] * 6), BASIS)
    assert (level.per_month, level.ages, level.shares) == (9, tuple(range(11, -1, -1)), None)
    assert (level.first, level.last) == (date(2016, 3, 1), date(2017, 2, 1))


def test_what_comes_after_the_reference_date_does_not_count() -> None:
    later = town(*[5] * 12, 90, 90, last=date(2017, 4, 1))
    assert history_level(later, BASIS).per_month == 5
    # On the 8th the month of February is not over.
    early = replace(town(*[5] * 12, 90), reference_date=date(2017, 2, 8))
    assert history_level(early, BASIS).per_month == 5


def test_shares_of_the_school_types_where_they_are_known() -> None:
    split = town(*[{"GS": 3, "OS": 1}] * 12)
    setting = with_values(load_scenario("basis"), {"zuzug.aus": "Historie"})
    population = build_population(split, setting)
    assert population.school_types == ("GS", "OS")
    assert population.type_shares.tolist() == [0.75, 0.25]
    assert population.registrations[1:] == pytest.approx([4.0] * 17)


def test_few_registrations_by_type_leave_the_shares_of_the_scenario() -> None:
    assert history_level(town(*[{"GS": 6, "OS": 3}] * 3), BASIS).shares is None


def test_history_without_registrations_is_refused() -> None:
    setting = with_values(load_scenario("basis"), {"zuzug.aus": "Historie"})
    for known in (town(), town(*[5] * 2), town(*[20] * 12, *[{}] * 12)):
        with pytest.raises(InputError, match="Nötig sind 3"):
            build_population(known, setting)


def test_a_school_type_without_a_number_leaves_the_month_unknown() -> None:
    half = [{"GS": 10, "OS": 10}, {"GS": 10}] * 6
    level = history_level(town(*half), BASIS)
    assert (level.per_month, level.shares) == (20, {"GS": 0.5, "OS": 0.5})
    assert len(level.ages) == 6


def test_rows_of_one_month_are_put_together() -> None:
    once = town(*[10] * 11, 70)
    twice = replace(once, history=(*once.history, *[once.history[-1]] * 5))
    assert history_level(twice, BASIS).per_month == history_level(once, BASIS).per_month == 15
    parts = [HistoryMonth(m.month, (("GS", 4),)) for m in once.history]
    parts += [HistoryMonth(m.month, (("OS", 6),)) for m in once.history]
    assert known_registrations(parts) == dict.fromkeys(known_registrations(once.history), 10)


def test_the_season_of_the_known_months_is_divided_out() -> None:
    season = with_values(BASIS, {"zuzug.saison": [0.5] * 6 + [1.5] * 6, "zuzug.aus": "Historie"})
    # July to December only, 30 each: 20 a month without the season.
    autumn = replace(town(*[30] * 6, last=date(2016, 12, 1)), reference_date=date(2016, 12, 31))
    assert history_level(autumn, season).per_month == pytest.approx(20)
    population = build_population(autumn, season)
    assert population.registrations[1:13] == pytest.approx([10] * 6 + [30] * 6)


def test_past_by_months_ago_with_the_mean_for_what_is_unknown() -> None:
    months = list(history(8, 2, 4, 6, 0, 1, 7))
    del months[3]
    past = past_arrivals(replace(town(), history=tuple(months)), load_scenario("basis"), "GS")
    assert past is not None
    # 7, 1, 0 registrations 0, 1, 2 months ago, then the gap; the oldest known is 8.
    mean = 22 / 6
    assert past.tolist() == pytest.approx([7, 1, 0, mean, 4, 2, 8, mean])


def test_within_a_month_two_calendar_months_are_mixed() -> None:
    known = replace(town(*[28, 0, 0, 0, 0, 0, 14]), reference_date=date(2017, 3, 31))
    whole = past_arrivals(known, BASIS, "GS")
    assert whole is not None
    # March is not known; it goes on as February did. Older than August is the mean of 42 / 7.
    assert whole.tolist() == pytest.approx([14, 14, 0, 0, 0, 0, 0, 28, 6])
    middle = past_arrivals(replace(known, reference_date=date(2017, 3, 10)), BASIS, "GS")
    assert middle is not None
    share = 10 / 31
    assert middle[:3].tolist() == pytest.approx([14, 14 * share, 0])


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


def test_phase_3_is_young_after_a_wave_too() -> None:
    fixed = np.array([0.0, 0.0, 1.0])  # three months in each phase
    still = stay_model(fixed, fixed, np.full(10, 0.1), StayLimits(), 0.0)
    wave = stay_model(
        fixed, fixed, np.full(10, 0.1), StayLimits(), 0.0, np.array([0.0] * 6 + [9.0] + [0.0])
    )
    # All came six months ago, so all have just reached phase 3.
    assert wave.met_in_phase3 == pytest.approx([0.1] * 10)
    assert still.met_in_phase3[0] > 0.17
