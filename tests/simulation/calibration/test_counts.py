"""The fit of counts: known parameters found again, what cannot be known said, intervals honest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from daz_planner.simulation.calibration.counts import CountFit, fit_counts, rank_correlation
from daz_planner.simulation.calibration.counts_data import (
    CountData,
    CountObservation,
    fill_gaps,
)
from daz_planner.simulation.calibration.counts_priors import QUANTITIES, Priors, Range
from daz_planner.simulation.calibration.counts_sampler import sample
from daz_planner.simulation.past import month_end

KNOWN = {
    "before": Range(1.0, 1.0),
    "moving_away": Range(0.0, 0.0),
    "model_error": Range(0.0, 0.0),
    "drift": Range(0.0, 0.0),
}
EXACT = Priors(**KNOWN, variance_factor=1.0)
"""Only the stay is unknown, and a count scatters like chance alone."""


def month(index: int) -> date:
    """Month number ``index`` of a series that begins in January 2014."""
    return date(2014 + index // 12, index % 12 + 1, 1)


def lasting(rng: np.random.Generator, mean: float, spread: float, number: int) -> np.ndarray:
    """Stays in months: a gamma above one month, put on whole ones so that the mean stays exact."""
    shape = ((mean - 1) / spread) ** 2
    stay = 1.0 + rng.gamma(shape, (mean - 1) / shape, number)
    return np.floor(stay + rng.random(number)).astype(int)


def counted(
    rng: np.random.Generator,
    mean: float,
    spread: float,
    ends: list[int],
    *,
    known: bool = False,
    away: float = 0.0,
    wander: float = 0.0,
    error: float = 0.0,
) -> CountData:
    """Pupils simulated one by one: 48 months of arrivals with a wave, stays of their own.

    ``known``: the registrations that came, else the persons that were to be expected. ``wander``
    and ``error``: what makes counts differ from those of the pupils.
    """
    arrivals = np.full(48, 12.0)
    arrivals[18:26] += (20, 40, 80, 80, 60, 40, 20, 10)
    numbers = rng.poisson(arrivals)
    pupils = np.zeros(48)
    for start, number in enumerate([*rng.poisson(12.0, 60), *numbers]):
        begun = start - 60
        stay = lasting(rng, mean, spread, number)
        if away:
            stay = np.minimum(stay, rng.geometric(away, number))
        for end in range(max(0, begun), 48):
            pupils[end] += int((stay > end - begun).sum())
    steps = np.where(np.arange(48) > ends[0], wander * rng.standard_normal(48), 0.0)
    pupils = np.round(pupils * (1 + steps.cumsum()) * (1 + error * rng.standard_normal(48)))
    seen = tuple(CountObservation(month_end(month(end)), float(pupils[end])) for end in ends)
    shown = tuple(float(a) for a in (numbers if known else arrivals))
    return CountData(month(0), shown, seen, persons=not known, before=12.0)


def steady(pupils: float = 300.0) -> CountData:
    """100 persons in every month, the same pupils on four dates."""
    seen = tuple(CountObservation(month_end(month(m)), pupils) for m in (20, 24, 28, 32))
    return CountData(month(0), (100.0,) * 36, seen, persons=True)


STEADY = replace(
    EXACT,
    share=Range(0.1, 0.5),
    stay_mean=Range(6.0, 24.0),
    stay_spread=Range(4.0, 4.0),
)


def test_a_known_stay_is_found_again() -> None:
    data = counted(np.random.default_rng(3), 14.0, 5.0, list(range(12, 46, 3)))
    fit = fit_counts(data, EXACT, draws=800)
    assert 14.0 in fit.intervals["stay_mean"]
    assert fit.intervals["stay_mean"].width < 2.0
    assert fit.shrinkage["stay_mean"] > 0.8
    assert abs(fit.point["stay_mean"] - 14.0) < 1.5
    assert fit.converged
    assert fit.effective_stay.mean() == pytest.approx(fit.samples["stay_mean"].mean(), rel=0.01)


def test_a_steady_state_knows_only_the_product() -> None:
    fit = fit_counts(steady(), STEADY, draws=800)
    # 300 pupils at 100 persons a month: share × mean stay is 3, whatever the share.
    low, high = np.quantile(fit.pupils_per_arrival, [0.1, 0.9])
    assert 2.7 < low < 3.0 < high < 3.3
    together = fit.samples["share"] * fit.samples["stay_mean"]
    assert together.std() / together.mean() < 0.1
    assert fit.samples["share"].std() / fit.samples["share"].mean() > 0.25
    i, j = list(fit.samples).index("share"), list(fit.samples).index("stay_mean")
    assert fit.correlation[i, j] < -0.9
    pair = [s for s in fit.sentences if "nicht trennen" in s]
    assert len(pair) == 1
    assert QUANTITIES["share"].label in pair[0] and QUANTITIES["stay_mean"].label in pair[0]
    assert "mehr vom anderen" in pair[0]
    assert fit.point["share"] * fit.point["stay_mean"] == pytest.approx(3.0, rel=0.15)


def test_a_wave_tells_share_and_stay_apart() -> None:
    rng = np.random.default_rng(8)
    data = counted(rng, 12.0, 4.0, list(range(6, 48, 2)))
    priors = replace(EXACT, share=Range(0.5, 2.0, log=True), stay_spread=Range(4.0, 4.0))
    fit = fit_counts(data, priors, draws=800)
    for name, true in (("stay_mean", 12.0), ("share", 1.0)):
        low, high = np.quantile(fit.samples[name], [0.025, 0.975])
        assert low < true < high < 1.25 * low
    assert fit.shrinkage["share"] > 0.8


def test_what_the_counts_cannot_know_is_said() -> None:
    priors = replace(STEADY, stay_spread=Range(2.0, 6.0))
    fit = fit_counts(steady(), priors, draws=800)
    assert fit.shrinkage["stay_spread"] < 0.1
    (sentence,) = [s for s in fit.sentences if s.startswith("Fast nichts")]
    assert QUANTITIES["stay_spread"].label in sentence


def test_without_arrivals_the_level_is_tied_to_the_stay() -> None:
    data = replace(steady(), arrivals=(), persons=False)
    priors = replace(STEADY, base=Range(5.0, 60.0))
    fit = fit_counts(data, priors, draws=800)
    assert fit.samples.keys() == {"base", "stay_mean"}
    level = fit.samples["base"] * fit.samples["stay_mean"]
    assert level.mean() == pytest.approx(300.0, rel=0.03)
    assert fit.correlation[0, 1] < -0.9


def test_phases_one_by_one() -> None:
    ends = [month_end(month(m)) for m in (20, 26, 32)]
    # 10 registrations a month, 4 and 11 and 24 months: 40, 110 and 240 pupils.
    seen = tuple(
        CountObservation(day, pupils, phase)
        for day in ends
        for phase, pupils in ((1, 40.0), (2, 110.0), (3, 240.0))
    )
    fit = fit_counts(CountData(month(0), (10.0,) * 36, seen), EXACT, draws=800)
    for name, mean in (("phase1_mean", 4.0), ("phase2_mean", 11.0), ("phase3_mean", 24.0)):
        assert mean in fit.intervals[name]
        assert fit.shrinkage[name] > 0.5
    third = fit.forecast([month_end(month(40))], 3)
    assert third.median[0] == pytest.approx(240.0, rel=0.06)


def test_the_same_seed_gives_the_same_fit() -> None:
    one, same, other = (fit_counts(steady(), STEADY, seed, draws=200) for seed in (4, 4, 5))
    days = [month_end(month(40))]
    assert np.array_equal(one.samples["share"], same.samples["share"])
    assert np.array_equal(one.forecast(days).draws, same.forecast(days).draws)
    assert not np.array_equal(one.samples["share"], other.samples["share"])
    assert not np.array_equal(one.forecast(days).draws, one.forecast(days, seed=9).draws)


def test_everything_known_leaves_nothing_to_fit() -> None:
    priors = replace(STEADY, share=Range(0.3, 0.3), stay_mean=Range(10.0, 10.0))
    fit = fit_counts(steady(), priors, draws=80)
    assert fit.samples == {} and fit.converged
    assert fit.point["stay_mean"] == 10.0
    forecast = fit.forecast([month_end(month(90))])
    # Chance alone: 300 pupils, standard deviation √301.
    assert forecast.mean[0] == pytest.approx(300.0, abs=4.0)
    assert forecast.draws.std() == pytest.approx(301.0**0.5, rel=0.15)


def test_a_forecast_widens_with_the_horizon_and_follows_the_arrivals() -> None:
    priors = replace(STEADY, drift=Range(0.03, 0.03), model_error=Range(0.02, 0.02))
    fit = fit_counts(steady(), priors, draws=400)
    days = [month_end(month(m)) for m in (33, 40, 60)]
    widths = [interval.width for interval in fit.forecast(days).interval()]
    assert widths[0] < widths[1] < widths[2]
    wide, narrow = fit.forecast(days).interval(0.95), fit.forecast(days).interval(0.8)
    assert all(w.low < n.low < n.high < w.high for w, n in zip(wide, narrow, strict=True))
    doubled = fit.forecast(days, arrivals=[200.0] * 24)
    assert doubled.median[2] == pytest.approx(600.0, rel=0.1)
    assert fit.forecast(days).median[2] == pytest.approx(300.0, rel=0.1)
    assert np.median(fit.expected(days), axis=0) == pytest.approx(300.0, rel=0.1)


def test_a_forecast_starts_from_the_last_count() -> None:
    """A model that wanders is put right by what was counted last."""
    seen = tuple(
        CountObservation(month_end(month(m)), pupils) for m, pupils in ((20, 300.0), (32, 390.0))
    )
    priors = replace(
        STEADY,
        share=Range(0.3, 0.3),
        stay_mean=Range(10.0, 10.0),
        drift=Range(0.1, 0.1),
        variance_factor=1.0,
    )
    fit = fit_counts(replace(steady(), observations=seen), priors, draws=200)
    assert fit.forecast([month_end(month(33))]).median[0] > 370.0
    # On the day of the count itself hardly anything is open: rounding of two counts.
    assert fit.forecast([month_end(month(32))]).draws.std() == pytest.approx(2**0.5, rel=0.1)
    assert fit.expected([month_end(month(33))])[0, 0] == pytest.approx(300.0, abs=0.5)


@pytest.fixture(scope="module", params=["expected", "known"])
def replications(request: pytest.FixtureRequest) -> list[tuple[float, float, CountFit]]:
    """Mean stay drawn from the prior, counts simulated one by one up to month 36, and the count
    of month 42 that the fit has not seen; of the arrivals what was expected, or what came."""
    rng = np.random.default_rng(11)
    result = []
    priors = replace(EXACT, stay_mean=Range(7.0, 20.0), stay_spread=Range(4.0, 4.0))
    known = request.param == "known"
    for seed in range(40):
        mean = float(rng.uniform(7.0, 20.0))
        full = counted(rng, mean, 4.0, [16, 22, 28, 34, 42], known=known)
        data = replace(full, observations=full.observations[:-1])
        fit = fit_counts(data, priors, seed, draws=240)
        result.append((mean, full.observations[-1].pupils, fit))
    return result


def test_intervals_cover_as_often_as_they_say(
    replications: list[tuple[float, float, CountFit]],
) -> None:
    hits = sum(mean in fit.intervals["stay_mean"] for mean, _, fit in replications)
    # 40 intervals of 80 %: 32 expected, standard deviation 2.5.
    assert 26 <= hits <= 38


def test_forecasts_cover_as_often_as_they_say(
    replications: list[tuple[float, float, CountFit]],
) -> None:
    day = month_end(month(42))
    hits = sum(later in fit.forecast([day]).interval()[0] for _, later, fit in replications)
    assert 26 <= hits <= 38


def test_registrations_that_were_counted_tell_more() -> None:
    """Of the same pupils the stay is known twice as well where the registrations are known."""
    widths = []
    for known in (False, True):
        data = counted(np.random.default_rng(4), 13.0, 4.0, [16, 22, 28, 34], known=known)
        priors = replace(EXACT, stay_mean=Range(7.0, 20.0), stay_spread=Range(4.0, 4.0))
        widths.append(fit_counts(data, priors, draws=400).intervals["stay_mean"].width)
    assert widths[1] < 0.6 * widths[0]


def test_the_usual_ranges_cover_as_often_as_they_say() -> None:
    """Worlds drawn from the ranges that are used where nobody gives others, errors included."""
    rng = np.random.default_rng(12)
    ranges, stays, forecasts = Priors(), 0, 0

    def drawn(name: str) -> float:
        return float(ranges.range(name).value(rng.random(1))[0])

    for seed in range(40):
        mean, spread, away = drawn("stay_mean"), drawn("stay_spread"), drawn("moving_away")
        errors = {"wander": drawn("drift"), "error": drawn("model_error")}
        ends = [*range(15, 36, 2), 41]
        full = counted(rng, mean, spread, ends, known=True, away=away, **errors)
        data = replace(
            full, arrivals=full.arrivals[:36], observations=full.observations[:-1], before=None
        )
        fit = fit_counts(data, seed=seed, draws=240)
        months = lasting(np.random.default_rng(1), mean, spread, 100_000)
        true = float(((1.0 - (1.0 - away) ** months) / away).mean())
        low, high = np.quantile(fit.effective_stay, [0.1, 0.9])
        stays += low <= true <= high
        later = fit.forecast([month_end(month(41))], arrivals=full.arrivals[36:42])
        forecasts += full.observations[-1].pupils in later.interval()[0]
    assert 26 <= stays <= 38
    assert 26 <= forecasts <= 38


def test_rank_correlation_sees_a_curve() -> None:
    x = np.linspace(1.0, 2.0, 50)
    found = rank_correlation({"a": x, "b": 1.0 / x, "c": np.exp(x)})
    assert found == pytest.approx(np.array([[1, -1, 1], [-1, 1, -1], [1, -1, 1]]))


def test_sampler_draws_from_a_known_posterior() -> None:
    def normal(points: np.ndarray) -> np.ndarray:
        return -0.5 * (((points[:, 0] - 0.3) / 0.05) ** 2)

    drawn = sample(normal, 2, 4000, 1)
    assert drawn.points.shape == (4000, 2)
    assert drawn.points[:, 0].mean() == pytest.approx(0.3, abs=0.005)
    assert drawn.points[:, 0].std() == pytest.approx(0.05, rel=0.07)
    # The second coordinate knows nothing: uniform.
    assert drawn.points[:, 1].mean() == pytest.approx(0.5, abs=0.02)
    assert drawn.points[:, 1].std() == pytest.approx(12**-0.5, rel=0.05)
    assert np.all(drawn.r_hat < 1.02) and np.all(drawn.effective > 300)
    assert np.all((drawn.points >= 0.0) & (drawn.points <= 1.0))


def test_sampler_finds_both_of_two_hills() -> None:
    def hills(points: np.ndarray) -> np.ndarray:
        x = points[:, 0]
        return np.logaddexp(-0.5 * ((x - 0.2) / 0.03) ** 2, -0.5 * ((x - 0.8) / 0.03) ** 2)

    drawn = sample(hills, 1, 4000, 2)
    assert (drawn.points[:, 0] > 0.5).mean() == pytest.approx(0.5, abs=0.06)


def test_sampler_finds_a_small_place_in_many_dimensions() -> None:
    def small(points: np.ndarray) -> np.ndarray:
        return -0.5 * (((points - 0.7) / 0.01) ** 2).sum(axis=1)

    drawn = sample(small, 5, 2000, 3)
    assert drawn.points.mean(axis=0) == pytest.approx(np.full(5, 0.7), abs=0.002)
    assert drawn.points.std(axis=0) == pytest.approx(np.full(5, 0.01), rel=0.12)
    assert drawn.steps > 5 and np.all(drawn.r_hat < 1.05)


def test_gaps_do_not_shift_the_level() -> None:
    values, filled = fill_gaps([4.0, None, 8.0])
    assert values == (4.0, 6.0, 8.0) and filled == 1
