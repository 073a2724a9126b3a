"""The model of the counts: cases computed by hand, and an independent simulation of pupils."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.errors import InputError
from daz_planner.simulation.calibration.counts_data import CountData, CountObservation
from daz_planner.simulation.calibration.counts_model import CountModel, Parameters
from daz_planner.simulation.calibration.counts_path import stay_grid
from daz_planner.simulation.calibration.counts_priors import Priors, Range, default_priors
from daz_planner.simulation.past import VKA, position
from daz_planner.simulation.stays import stay_distribution

END = {m: position(date(2016, m, 28 if m == 2 else 30)) for m in (4, 6, 9, 11)}
DAY = date(2016, 4, 30)
SURE = 0.01
"""A spread so small that a stay is one number of months."""


def fixed(**values: float) -> Priors:
    """Everything known: no lag, no moving away, no error; values by name."""
    known = {
        "before": 1.0,
        "moving_away": 0.0,
        "model_error": 0.0,
        "drift": 0.0,
        "stay_mean": 3.0,
        "stay_spread": SURE,
        "phase1_mean": 2.0,
        "phase1_spread": SURE,
        "phase2_mean": 3.0,
        "phase2_spread": SURE,
        "phase3_mean": 4.0,
        "phase3_spread": SURE,
        "lag_spread": SURE,
    }
    return Priors(
        **{name: Range(value, value) for name, value in {**known, **values}.items()},
        variance_factor=1.0,
    )


NONE: Parameters = {"drift": np.zeros(1), "model_error": np.zeros(1)}


def wave(phase: int = VKA, **more: object) -> CountData:
    """100 registrations in April 2016, nobody before and after."""
    data = CountData(
        date(2016, 4, 1),
        (100.0, *[0.0] * 20),
        (CountObservation(DAY, 1.0, phase),),
        before=0.0,
    )
    return replace(data, **more)  # type: ignore[arg-type]


def at(data: CountData, priors: Priors, months: list[float], phase: int = VKA) -> list[float]:
    start = position(DAY)
    mean, _ = CountModel(data, priors).moments(NONE, [(start + m, phase) for m in months])
    return [float(value) for value in mean[0]]


def test_a_wave_stays_three_months_and_is_gone() -> None:
    assert at(wave(), fixed(), [-1, 0, 1, 2, 3]) == pytest.approx([0, 100, 100, 100, 0], abs=1.0)


def test_days_inside_a_month_lie_between_its_ends() -> None:
    assert at(wave(), fixed(), [-0.5, 2.25]) == pytest.approx([50, 75], abs=1.0)


def test_persons_register_after_the_lag_by_their_share_beside_the_base() -> None:
    data = wave(persons=True)
    priors = fixed(share=0.2, lag=2.0, base=5.0)
    # The base alone: 5 a month × 3 months; the wave of 20 comes two months later.
    assert at(data, priors, [0, 1, 2, 4, 5]) == pytest.approx([15, 15, 35, 35, 15], abs=0.5)
    half = fixed(share=0.2, lag=1.5)
    assert at(data, half, [0, 1, 2]) == pytest.approx([0, 10, 20], abs=0.5)


def test_moving_away_thins_every_month() -> None:
    priors = fixed(moving_away=0.1)
    assert at(wave(), priors, [0, 1, 2]) == pytest.approx([100, 90, 81], abs=1.0)


def test_phases_follow_each_other() -> None:
    data = wave(phase=1)
    months = [0, 1, 2, 4, 5, 8, 9]
    assert at(data, fixed(), months, 1) == pytest.approx([100, 100, 0, 0, 0, 0, 0], abs=2.0)
    assert at(data, fixed(), months, 2) == pytest.approx([0, 0, 100, 100, 0, 0, 0], abs=2.0)
    assert at(data, fixed(), months, 3) == pytest.approx([0, 0, 0, 0, 100, 100, 0], abs=3.0)
    assert at(data, fixed(), months, VKA) == pytest.approx([100, 100, 100, 100, 0, 0, 0], abs=2.0)


def test_steady_state_is_registrations_times_mean_stay() -> None:
    data = CountData(date(2010, 1, 1), (10.0,) * 60, (CountObservation(DAY, 1.0),))
    priors = fixed(stay_mean=12.0, stay_spread=4.0, phase3_mean=24.0, phase3_spread=8.0)
    assert at(data, priors, [-60, -20, 0]) == pytest.approx([120, 120, 120], abs=1e-4)
    assert at(data, priors, [0], 3) == pytest.approx([240], abs=1e-3)


def test_before_is_a_factor_on_what_came_earlier() -> None:
    data = CountData(date(2016, 4, 1), (0.0,) * 9, (CountObservation(DAY, 1.0),), before=10.0)
    # Stay of three months, nobody since April: two of three months of the earlier level are left.
    assert at(data, fixed(before=1.0), [-1, 0, 1, 2]) == pytest.approx([30, 20, 10, 0], abs=0.5)
    assert at(data, fixed(before=2.0), [-1, 0, 1, 2]) == pytest.approx([60, 40, 20, 0], abs=0.5)


def test_the_longest_stay_cuts() -> None:
    data = CountData(date(2010, 1, 1), (10.0,) * 60, (CountObservation(DAY, 1.0),))
    priors = replace(fixed(stay_mean=12.0, stay_spread=4.0), longest=9)
    stays = stay_distribution(12.0, 4.0)
    cut = float((np.minimum(np.arange(1, len(stays) + 1), 9) * stays).sum())
    assert at(data, priors, [0]) == pytest.approx([10.0 * cut])
    assert cut < 9.0


def test_arrivals_go_on_as_in_the_last_year_or_as_given() -> None:
    data = CountData(date(2015, 1, 1), (6.0,) * 12 + (12.0,) * 12, (CountObservation(DAY, 1.0),))
    later = position(date(2020, 12, 31))
    for future, expected in (((), 36.0), ([20.0] * 60, 60.0)):
        mean, _ = CountModel(data, fixed(), future).moments(NONE, [(later, VKA)])
        assert mean[0, 0] == pytest.approx(expected, abs=0.1)


def test_counts_share_the_pupils_who_are_there_at_both_dates() -> None:
    start = position(DAY)
    data = CountData(
        date(2016, 4, 1),
        (100.0, 50.0, 0.0),
        (CountObservation(DAY, 1.0),),
        persons=True,
        before=0.0,
    )
    _, covariance = CountModel(data, fixed()).moments(NONE, [(start, VKA), (start + 1, VKA)])
    # 100 there in April, 150 in May of whom 100 were there in April; rounding adds 1.
    assert covariance[0] == pytest.approx(np.array([[101, 100], [100, 151]]), abs=1.0)


def test_known_registrations_scatter_by_who_stays_alone() -> None:
    start = position(DAY)
    points = [(start + m, VKA) for m in (0, 1, 2)]
    priors = replace(fixed(moving_away=0.1), variance_factor=3.0)
    mean, known = CountModel(wave(), priors).moments(NONE, points)
    assert mean[0] == pytest.approx([100, 90, 81], abs=1.0)
    # 100 · 0.9 · 0.1 = 9, 100 · 0.81 · 0.19 = 15.39, and 100 · 0.81 · (1 - 0.9) for both months;
    # rounding adds 1.  The variance factor has no part: the 100 were counted.
    assert known[0] == pytest.approx(np.array([[1, 0, 0], [0, 10, 8.1], [0, 8.1, 16.39]]), abs=0.5)
    # Of 100 persons on average as many more come by chance: + 3 · 100 · 0.9 · 0.9, and so on.
    for unknown in (wave(persons=True), wave(filled=(0,))):
        _, covariance = CountModel(unknown, priors).moments(NONE, points)
        extra = 300 * np.outer([1, 0.9, 0.81], [1, 0.9, 0.81])
        assert covariance[0] == pytest.approx(known[0] + extra, rel=0.02)


def test_registrations_before_the_sheet_and_after_it_are_not_known() -> None:
    start = position(DAY)
    data = CountData(date(2016, 4, 1), (100.0,), (CountObservation(DAY, 1.0),), before=50.0)
    priors = replace(fixed(), variance_factor=3.0)
    _, covariance = CountModel(data, priors).moments(NONE, [(start, VKA), (start + 1, VKA)])
    # April: 100 known and 50 a month of February and March; May: 50 of March, 100 of the level.
    assert np.diag(covariance[0]) == pytest.approx([1 + 300, 1 + 150 + 300], abs=3.0)
    _, given = CountModel(data, priors, [100.0]).moments(NONE, [(start + 1, VKA)])
    assert given[0, 0, 0] == pytest.approx(1 + 150, abs=3.0)


def test_share_and_base_wander_from_the_first_count_on() -> None:
    start = position(DAY)
    data = CountData(date(2010, 1, 1), (100.0,) * 90, (CountObservation(DAY, 1.0),), persons=True)
    points = [(start + m, VKA) for m in (0, 1, 2)]
    for name in ("share_drift", "base_drift"):
        priors = fixed(base=100.0)
        _, still = CountModel(data, priors).moments(NONE, points)
        _, moving = CountModel(data, priors).moments({**NONE, name: np.array([0.1])}, points)
        # Of the 300 of June, 200 came after the step of May and 100 after that of June.
        steps = np.array([[0, 0], [100, 0], [200, 100]])
        assert moving[0] - still[0] == pytest.approx(0.01 * steps @ steps.T, abs=3.0)


def test_a_phase_shares_only_those_who_are_in_it_at_both_dates() -> None:
    start = position(DAY)
    # 100 begin phase 2 two months after April and end it five months after.
    points = [(start + 1, 2), (start + 2, 2), (start + 4, 2)]
    mean, covariance = CountModel(wave(phase=2, persons=True), fixed()).moments(NONE, points)
    assert mean[0] == pytest.approx([0, 100, 100], abs=2.0)
    assert covariance[0] == pytest.approx(
        np.array([[1, 0, 0], [0, 101, 100], [0, 100, 101]]), abs=2.0
    )


def test_the_longest_phase_cuts_both() -> None:
    data = CountData(date(2010, 1, 1), (10.0,) * 60, (CountObservation(DAY, 1.0, 1),))
    priors = replace(
        fixed(phase1_mean=6.0, phase1_spread=2.0, phase2_mean=12.0, phase2_spread=4.0),
        longest_phase=5,
    )
    for phase, (mean, spread) in {1: (6.0, 2.0), 2: (12.0, 4.0)}.items():
        stays = stay_distribution(mean, spread)
        cut = float((np.minimum(np.arange(1, len(stays) + 1), 5) * stays).sum())
        assert at(data, priors, [0], phase) == pytest.approx([10.0 * cut])


def test_errors_grow_with_the_square_and_with_the_horizon() -> None:
    start = position(DAY)
    errors = {"drift": np.array([0.02]), "model_error": np.array([0.03])}
    data = CountData(date(2010, 1, 1), (100.0,) * 60, (CountObservation(DAY, 1.0),))
    points = [(start, VKA), (start + 4, VKA), (start + 9, VKA)]
    _, plain = CountModel(data, fixed()).moments(NONE, points)
    _, wide = CountModel(data, fixed()).moments(errors, points)
    # 300 pupils: own error 9, wandering 0.02 · √4 · 300 = 12 and 0.02 · √9 · 300 = 18.
    extra = wide[0] - plain[0]
    assert np.diag(extra) == pytest.approx([81, 81 + 144, 81 + 324], rel=0.01)
    assert extra[1, 2] == pytest.approx(144, rel=0.01)
    assert extra[0, 1] == pytest.approx(0.0, abs=1e-6)


def test_moments_agree_with_pupils_simulated_one_by_one() -> None:
    rng = np.random.default_rng(5)
    arrivals = np.array([5.0, 30.0, 60.0, 20.0, 5.0, 5.0, 5.0, 5.0])
    runs = 4000
    counts = np.zeros((runs, 2))
    for month, level in enumerate(arrivals):
        number = rng.poisson(level, runs)
        owner = np.repeat(np.arange(runs), number)
        stay = rng.choice([2, 5], p=[0.25, 0.75], size=len(owner))
        away = rng.geometric(0.05, len(owner))
        for j, end in enumerate((3, 6)):
            there = (end - month >= 0) & (end - month < stay) & (end - month < away)
            counts[:, j] += np.bincount(owner[there], minlength=runs)
    # Stays of 2 (one quarter) or 5 months: mean 4.25 and spread √1.6875 do not name that shape, so
    # it enters as two groups, each with a stay that is one number.
    data = CountData(
        date(2016, 1, 1), tuple(arrivals), (CountObservation(DAY, 1.0),), persons=True, before=0.0
    )
    points = [(position(date(2016, 4, 30)), VKA), (position(date(2016, 7, 31)), VKA)]
    total, spread = np.zeros(2), np.zeros((2, 2))
    for months, part in ((2.0, 0.25), (5.0, 0.75)):
        group = replace(data, arrivals=tuple(arrivals * part))
        model = CountModel(group, fixed(stay_mean=months, moving_away=0.05))
        mean, covariance = model.moments(NONE, points)
        total += mean[0]
        spread += covariance[0] - np.eye(2)
    assert counts.mean(axis=0) == pytest.approx(total, rel=0.02)
    assert np.cov(counts, rowvar=False) == pytest.approx(spread, rel=0.08)


def test_phases_of_known_registrations_agree_with_pupils_simulated_one_by_one() -> None:
    """Three phases at two ends of months: means, and covariances across phases and time."""
    rng = np.random.default_rng(6)
    numbers, ends, runs = (20, 60, 30, 10, 10, 5, 5, 5, 5), (3, 7), 4000
    stays = {1: (2.5, 1.0), 2: (4.0, 2.0), 3: (5.0, 2.5)}
    counts = np.zeros((runs, len(ends), 3))
    for month, number in enumerate(numbers):
        size = (runs, number)
        away = month + rng.geometric(0.05, size)
        begin = np.full(size, month)
        for phase, (mean, spread) in stays.items():
            table = stay_distribution(mean, spread)
            stay = 1 + rng.choice(len(table), p=table / table.sum(), size=size)
            for e, end in enumerate(ends):
                there = (begin <= end) & (end < begin + stay) & (end < away)
                counts[:, e, phase - 1] += there.sum(axis=1)
            begin = begin + stay
    data = CountData(
        date(2016, 1, 1),
        tuple(float(n) for n in numbers),
        (CountObservation(DAY, 1.0, 1),),
        before=0.0,
    )
    values = {
        f"phase{p}_{name}": value
        for p, of in stays.items()
        for name, value in zip(("mean", "spread"), of, strict=True)
    }
    model = CountModel(data, fixed(moving_away=0.05, **values))
    days = (date(2016, 4, 30), date(2016, 8, 31))
    points = [(position(day), phase) for day in days for phase in (1, 2, 3)]
    mean, covariance = model.moments(NONE, [*points, (position(days[1]), VKA)])
    drawn = counts.reshape(runs, 6)
    drawn = np.column_stack((drawn, drawn[:, 3] + drawn[:, 4]))
    assert drawn.mean(axis=0) == pytest.approx(mean[0], abs=0.4)
    found = covariance[0] - np.eye(7)
    assert np.cov(drawn, rowvar=False) == pytest.approx(found, abs=1.2)
    assert found[0, 1] < -10 and found[0, 4] > 2  # phase 1 in April against phase 2 then and later


@settings(max_examples=30, deadline=None)
@given(mean=st.floats(6.0, 20.0), spread=st.floats(2.0, 8.0))
def test_grid_keeps_the_mean_and_nearly_the_spread(mean: float, spread: float) -> None:
    grid = stay_grid((6.0, 20.0), (2.0, 8.0), 0)
    row = grid.distribution(np.array([mean]), np.array([spread]))[0]
    months = np.arange(len(row))
    assert row.sum() == pytest.approx(1.0)
    assert (row * months).sum() == pytest.approx(mean, abs=1e-4)
    found = np.sqrt((row * (months - mean) ** 2).sum())
    assert found == pytest.approx(spread, abs=0.05)


def test_which_parameters_play_a_part() -> None:
    plain = CountData(date(2016, 1, 1), (1.0,), (CountObservation(DAY, 1.0),))
    names = Priors().names(plain)
    assert "stay_mean" in names and "phase1_mean" not in names and "phase3_mean" not in names
    apart = replace(plain, observations=(CountObservation(DAY, 1.0, 1),))
    assert {"phase1_mean", "phase2_mean"} <= set(Priors().names(apart))
    assert "stay_mean" not in Priors().names(apart)
    nothing = replace(plain, arrivals=())
    assert not {"share", "lag", "before"} & set(Priors().names(nothing))
    third = replace(plain, observations=(CountObservation(DAY, 1.0, 3),))
    assert "phase3_mean" in Priors().names(third)


def test_default_ranges_follow_what_is_given() -> None:
    plain = CountData(date(2016, 1, 1), (1.0,), (CountObservation(DAY, 96.0),))
    assert default_priors(plain).share.fixed and default_priors(plain).base.high == 0.0
    persons = default_priors(replace(plain, persons=True), size=2.0)
    assert (persons.base.low, persons.base.high) == (10.0, 30.0)
    assert persons.share.low < 0.22 < persons.share.high
    alone = default_priors(replace(plain, arrivals=()))
    assert (alone.base.low, alone.base.high) == (2.0, 24.0)


def test_ranges_that_make_no_sense_are_refused() -> None:
    for low, high, log in ((2.0, 1.0, False), (-1.0, 1.0, False), (0.0, 1.0, True)):
        with pytest.raises(InputError, match="nicht möglich"):
            Range(low, high, log=log)
    with pytest.raises(InputError, match="unter einem Monat"):
        Priors(stay_mean=Range(0.5, 10.0))
    with pytest.raises(InputError, match="größer als 0"):
        Priors(stay_spread=Range(0.0, 10.0))


def test_a_logarithmic_range_has_its_geometric_mean_in_the_middle() -> None:
    assert Range(0.5, 2.0, log=True).value(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.5, 1, 2])
    assert Range(0.5, 2.0).value(np.array([0.5])) == pytest.approx([1.25])
