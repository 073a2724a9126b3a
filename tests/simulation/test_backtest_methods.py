"""The simple methods and the measures of the back-test, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from daz_planner.simulation.backtest.measures import Case, Method, Score, scores
from daz_planner.simulation.backtest.observed import (
    VKA,
    Observation,
    Series,
    months_later,
    nearest,
)
from daz_planner.simulation.backtest.simple import (
    average_turnover,
    band,
    last_value,
    linear_trend,
)
from daz_planner.simulation.calendar import month_sequence
from daz_planner.simulation.past import month_end, position

JANUARY = date(2015, 1, 1)


def counts(*pupils: int, phase: int = 0, start: date = JANUARY) -> list[Observation]:
    months = month_sequence(start, len(pupils))
    return [
        Observation(month_end(month), {Series(phase=phase): number})
        for month, number in zip(months, pupils, strict=True)
    ]


def by_month(*numbers: int, start: date = JANUARY) -> dict[int, int]:
    first = start.year * 12 + start.month - 1
    return {first + n: number for n, number in enumerate(numbers)}


# -- days ------------------------------------------------------------------------------------------


def test_ends_of_months_are_whole_months_apart() -> None:
    ends = [month_end(month) for month in month_sequence(JANUARY, 14)]
    assert [position(day) - position(ends[0]) for day in ends] == list(range(14))
    assert position(date(2015, 2, 14)) == position(date(2015, 1, 31)) + 0.5


def test_the_end_of_a_month_leads_to_the_end_of_a_month() -> None:
    assert months_later(date(2015, 2, 28), 1) == date(2015, 3, 31)
    assert months_later(date(2015, 1, 31), 1) == date(2015, 2, 28)
    assert months_later(date(2015, 2, 8), 12) == date(2016, 2, 8)
    assert months_later(date(2015, 1, 30), 1) == date(2015, 2, 28)


def test_a_count_half_a_month_away_is_near_enough() -> None:
    days = [date(2015, 1, 1), date(2015, 3, 1)]
    assert nearest(days, date(2015, 1, 16)) == date(2015, 1, 1)
    assert nearest(days, date(2015, 1, 17)) is None
    assert nearest(days, date(2015, 2, 20)) == date(2015, 3, 1)
    assert nearest([], date(2015, 2, 20)) is None


# -- simple methods --------------------------------------------------------------------------------


def test_last_value() -> None:
    assert last_value(counts(10, 12, 17), VKA) == 17


def test_trend_is_the_line_of_least_squares() -> None:
    assert linear_trend(counts(10, 12, 14), VKA, 3) == pytest.approx(20.0)
    # 10, 10, 16: mean 12 at month 2, slope 3.
    assert linear_trend(counts(10, 10, 16), VKA, 1) == pytest.approx(18.0)
    assert linear_trend(counts(30, 20, 10), VKA, 6) == 0.0
    assert linear_trend(counts(10, 12), VKA, 1) is None


def test_trend_looks_twelve_months_back() -> None:
    assert linear_trend(counts(900, 900, *range(12)), VKA, 1) == pytest.approx(12.0)
    assert linear_trend(counts(900, *range(11)), VKA, 1) != pytest.approx(11.0)


def test_turnover_by_hand() -> None:
    # 36 pupils at three starts, 9 came, 3 left: a twelfth goes and 3 come in a month.
    known, came = counts(10, 12, 14, 16), {"": by_month(99, 3, 3, 3)}
    first = 16 * 11 / 12 + 3
    assert average_turnover(known, VKA, 1, came) == pytest.approx(first)
    assert average_turnover(known, VKA, 2, came) == pytest.approx(first * 11 / 12 + 3)
    assert average_turnover(known[:3], VKA, 1, came) is None
    assert average_turnover(known, VKA, 1, {"": by_month(99, 3, 3)}) is None
    assert average_turnover(known, VKA, 1, {}) is None


def test_turnover_never_lets_more_leave_than_are_there_nor_adds_by_leaving() -> None:
    grows = average_turnover(counts(10, 20, 30, 40), VKA, 1, {"": by_month(0, 0, 0, 0)})
    assert grows == 40.0  # nobody came, yet there are more: nobody leaves
    empty = average_turnover(counts(0, 0, 0, 0), VKA, 1, {"": by_month(0, 0, 0, 0)})
    assert empty == 0.0


def test_turnover_looks_at_twelve_months_and_skips_gaps() -> None:
    pupils = [500, *(100 for _ in range(13))]
    came = {"": by_month(*(5 for _ in range(14)))}
    assert average_turnover(counts(*pupils), VKA, 1, came) == pytest.approx(100.0)
    known = counts(10, 12, 14, 16, 18)
    del known[2]  # two pairs are left
    assert average_turnover(known, VKA, 1, {"": by_month(3, 3, 3, 3, 3)}) is None


def test_turnover_does_not_take_half_a_month_for_a_month() -> None:
    known = counts(10, 12, 14, 16)
    both = [*known[:2], Observation(date(2015, 3, 15), {VKA: 999}), *known[2:]]
    came = {"": by_month(99, 3, 3, 3)}
    assert average_turnover(both, VKA, 1, came) == pytest.approx(16 * 11 / 12 + 3)


def test_what_leaves_phase_1_arrives_in_phase_2() -> None:
    months = month_sequence(JANUARY, 4)
    pairs = zip((20, 24, 28, 32), (30, 31, 32, 33), strict=True)
    known = [
        Observation(month_end(month), {Series(phase=1): first, Series(phase=2): second})
        for month, (first, second) in zip(months, pairs, strict=True)
    ]
    came = {"": by_month(6, 6, 6, 6)}
    # Phase 1: 6 come and 2 leave, 6 of 72 in all. Phase 2: those 2 come, 1 leaves, 3 of 93 in all.
    first, second = (average_turnover(known, Series(phase=p), 1, came) for p in (1, 2))
    assert first == pytest.approx(32 * (1 - 6 / 72) + 6)
    assert second == pytest.approx(33 * (1 - 3 / 93) + 2)


def test_band_from_past_errors() -> None:
    # Nine errors: a tenth of a new one lies below the smallest, a tenth above the largest.
    assert band(100.0, list(range(1, 10))) == (91.0, 99.0)
    assert band(100.0, list(range(1, 9))) is None
    assert band(5.0, [10.0] * 9) == (0.0, 0.0)


# -- measures --------------------------------------------------------------------------------------


def case(
    forecast: float,
    observed: int,
    band: tuple[float, float] | None = None,
    method: Method = Method.FORECAST,
    month: int = 1,
) -> Case:
    start = date(2015, month, 1)
    return Case(start, 1, date(2016, month, 1), VKA, method, forecast, band, observed)


def test_measures_by_hand() -> None:
    cases = [
        case(12.0, 10, (8.0, 12.0)),
        case(16.0, 20, (10.0, 15.0), month=2),
        case(10.0, 10, method=Method.LAST),
        case(16.0, 20, method=Method.LAST, month=2),
    ]
    ours, last = scores(cases)
    assert ours == Score(
        series=VKA,
        horizon=1,
        method=Method.FORECAST,
        cases=2,
        bias=-1.0,  # (2 - 4) / 2
        absolute=3.0,
        relative=0.2,  # 3 of 15
        with_band=2,
        inside=1,
        width=4.5,
        interval_score=(4 + (5 + 10 * 5)) / 2,
        skill=1 - 3 / 2,
    )
    assert (last.bias, last.absolute, last.skill, last.width) == (-2.0, 2.0, 0.0, None)
    assert (last.with_band, last.inside, last.interval_score) == (0, 0, None)


def test_borders_of_the_band_belong_to_it() -> None:
    assert [case(10.0, n, (8.0, 12.0)).inside for n in (7, 8, 12, 13)] == [False, True, True, False]
    assert case(10.0, 7, (8.0, 12.0)).interval_score == 14.0
    assert case(10.0, 10).inside is None


def test_skill_compares_the_same_days() -> None:
    cases = [
        case(10.0, 10, method=Method.LAST),
        case(30.0, 10, method=Method.LAST, month=2),
        case(15.0, 10, method=Method.TREND, month=2),
    ]
    last, trend = scores(cases)
    assert trend.skill == 1 - 5 / 20
    assert last.skill == 0.0
    exact, other = scores([case(10.0, 10, method=Method.LAST), case(11.0, 10, method=Method.TREND)])
    assert (exact.skill, other.skill) == (None, None)  # no error to be compared with


def test_nobody_observed_has_no_relative_error() -> None:
    (score,) = scores([case(3.0, 0, method=Method.LAST)])
    assert (score.absolute, score.relative) == (3.0, None)
