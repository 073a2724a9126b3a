"""A level of arrivals that is not known for sure and that moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation import simulate
from daz_planner.simulation.arrivals import arrival_distribution, draw_counts, draw_counts_of
from daz_planner.simulation.history import history_level
from daz_planner.simulation.level import HALF_LIFE, level_factors, level_spread
from daz_planner.simulation.population import build_population
from daz_planner.simulation.pupils import draw_block
from tests.factories import district, scenario, school
from tests.simulation.test_history import history, town


def chance_alone() -> Any:
    """Registrations that vary by chance only, without season."""
    return with_values(load_scenario("basis"), {"zuzug.varianzfaktor": 1.0})


def factors(start: float, drift: float, months: int = 30) -> np.ndarray:
    blocks = [level_factors(start, drift, months, 1, block) for block in range(200)]
    return np.concatenate([block for block in blocks if block is not None], axis=1)


def test_nothing_moves_without_a_spread() -> None:
    assert level_factors(0.0, 0.0, 10, 1, 0) is None


def test_the_mean_stays_and_the_spread_grows() -> None:
    drawn = factors(0.0, 0.1)
    error = drawn.std(axis=1) / np.sqrt(drawn.shape[1])
    assert np.all(np.abs(drawn.mean(axis=1) - 1.0) <= 5 * error + 1e-12)
    # Var x of month t is the sum of drift² · φ^(2j) for j = 0 … t - 1.
    kept = 0.5 ** (1 / HALF_LIFE)
    for month in (1, 12, 24):
        variance = sum(0.01 * kept ** (2 * j) for j in range(month))
        assert np.log(drawn[month]).var() == pytest.approx(variance, rel=0.05)


def test_what_is_unknown_today_fades() -> None:
    drawn = factors(0.4, 0.0)
    # After the half-life half of a shift is left, a quarter of its variance.
    assert np.log(drawn[HALF_LIFE]).var() == pytest.approx(0.16 / 4, rel=0.05)


def test_counts_with_means_of_their_own_are_those_of_each_mean() -> None:
    random = np.random.default_rng(1)
    means = np.append(random.exponential(20.0, 62), [0.0, 300.0])
    chance = random.random(64)
    for factor in (1.0, 3.0):
        drawn = draw_counts_of(means, factor, chance)
        for mean, u, count in zip(means, chance, drawn, strict=True):
            alone = draw_counts(arrival_distribution(float(mean), factor), np.array([u]))[0]
            assert count == alone


def test_a_moving_level_spreads_the_pupils_and_keeps_their_mean() -> None:
    place = district([school("GS A", pupils=20)])
    still = scenario(zeitraum={"monate": 24}, zuzug={"pro_monat": 20.0}, rechnen={"laeufe": 3000})
    moving = with_values(still, {"zuzug.niveau_schwankung": 0.1})
    calm, wide = simulate(place, still), simulate(place, moving)
    assert (wide.expected == calm.expected).all()
    error = wide.runs.std(axis=0) / np.sqrt(len(wide.runs))
    assert np.all(np.abs(wide.runs.mean(axis=0) - wide.expected) <= 5 * error + 1e-9)
    width = [f.vka_quantile(0.9)[0, -1] - f.vka_quantile(0.1)[0, -1] for f in (calm, wide)]
    assert width[1] > 1.5 * width[0]
    # Nothing else is drawn anew: before the first registrations all is the same.
    assert (calm.runs[..., 0] == wide.runs[..., 0]).all()


def test_a_level_from_the_history_is_a_mean_of_months() -> None:
    setting = with_values(load_scenario("basis"), {"zuzug.aus": "Historie"})
    level = history_level(town(*[9] * 11), setting)
    still = with_values(setting, {"zuzug.niveau_schwankung": 0.0})
    # Without drift chance alone: 3 / 99 registrations.
    assert level_spread(still, level) == (pytest.approx(np.sqrt(3 / 99)), 0.0)
    level = history_level(town(*[9] * 12), setting)
    moving = with_values(setting, {"zuzug.niveau_schwankung": 0.2})
    # Months 0 … 11 back: the sum of min(a, b) over all 144 pairs is 506.
    expected = np.sqrt(0.04 * 506 / 144 + 3 / 108)
    assert level_spread(moving, level) == (pytest.approx(expected), 0.2)
    assert level_spread(with_values(load_scenario("basis"), {}), None) == (0.0, 0.0)


def test_drift_is_seen_in_a_history_that_moves() -> None:
    found = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        path = 400 * np.exp(np.cumsum(random.normal(0, 0.08, 240)))
        counts = random.poisson(path).tolist()
        found.append(history_level(town(*counts), chance_alone()).drift)
    assert np.mean(found) == pytest.approx(0.08, rel=0.2)


def test_a_short_history_is_shrunk_to_the_usual_drift() -> None:
    # Eleven months hold no pair of half-years.
    assert history_level(town(*[50] * 11), chance_alone()).drift == pytest.approx(0.15)
    # Nothing moves in 17 months: six pairs, one change without a drift beside two usual ones.
    expected = np.sqrt(2 * 0.15**2 / 3)
    assert history_level(town(*[50] * 17), chance_alone()).drift == pytest.approx(expected)
    doubling = [10] * 6 + [20] * 6 + [40] * 6 + [80] * 6
    assert history_level(town(*doubling), chance_alone()).drift == 0.25


def test_drift_knows_nothing_of_later_months() -> None:
    early = history(*[50] * 30)
    later = early + history(*[400] * 12, last=date(2018, 2, 1))
    setting = chance_alone()
    assert history_level(replace(town(), history=later), setting) == history_level(
        replace(town(), history=early), setting
    )


def test_announced_months_do_not_move_with_the_level() -> None:
    plan = {"ab": "2017-01", "personen": [200] * 6, "verzug_monate": 2, "sockel": 10}
    setting = with_values(
        load_scenario("basis"),
        {"zuzug.aus": "Historie", "zuzug.angekuendigt": plan, "zuzug.niveau_schwankung": 0.25},
    )
    population = build_population(town(*[20] * 24), setting)
    # 200 × 22 % of 54 are certain from March (month 1) to August (month 6).
    assert population.announced[1:7] == pytest.approx([44 / 54] * 6)
    assert population.announced[7:].tolist() == [0.0] * len(population.announced[7:])
    blocks = [draw_block(population, 1, block) for block in range(60)]
    drawn = np.concatenate([np.bincount(b.run[b.entry == 4], minlength=64) for b in blocks])
    level = 10 / 54  # what moves: its share of the mean, with the spread of the level
    spread = population.level_start**2 + 4 * 0.25**2
    expected = 54 * float(population.variance_factor[4]) + (54 * level) ** 2 * (np.exp(spread) - 1)
    assert drawn.mean() == pytest.approx(54, rel=0.03)
    assert drawn.var() < 1.2 * expected


def test_the_season_is_not_taken_for_a_drift() -> None:
    season = [0.5] * 6 + [1.5] * 6
    counts = [round(40 * season[(1 + 12 - ago % 12) % 12]) for ago in range(36)][::-1]
    setting = with_values(
        load_scenario("basis"), {"zuzug.saison": season, "zuzug.varianzfaktor": 1.0}
    )
    known = town(*counts)
    assert history_level(known, setting).per_month == pytest.approx(40, rel=0.05)
    assert history_level(known, setting).drift < 0.09
    assert history_level(known, chance_alone()).drift == 0.25
