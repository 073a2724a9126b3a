"""Stays: the discretised gamma, caps, and what is left of a stay met on the reference date."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.simulation.stays import (
    StayTable,
    cap_stay,
    gamma_cdf,
    new_stays,
    residual_single,
    residual_stays,
    stay_distribution,
)


def moments(probabilities: np.ndarray) -> tuple[float, float]:
    months = np.arange(1, len(probabilities) + 1)
    mean = float(probabilities @ months)
    return mean, math.sqrt(float(probabilities @ (months - mean) ** 2))


def pairs(table: StayTable) -> dict[tuple[int, int], float]:
    return {
        (int(a), int(b)): float(p)
        for a, b, p in zip(table.phase1, table.phase2, table.probability, strict=True)
    }


def test_gamma_cdf_of_shape_one_is_exponential() -> None:
    x = np.array([0.0, 0.5, 1.0, 5.0, 30.0])
    assert gamma_cdf(1.0, x) == pytest.approx(1 - np.exp(-x), abs=1e-14)


def test_gamma_cdf_of_shape_three_is_erlang() -> None:
    x = np.array([0.1, 2.0, 9.0])
    expected = 1 - np.exp(-x) * (1 + x + x**2 / 2)
    assert gamma_cdf(3.0, x) == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize(("mean", "spread"), [(4.0, 2.0), (11.0, 5.0), (24.0, 12.0), (2.0, 1.5)])
def test_defaults_meet_mean_and_spread(mean: float, spread: float) -> None:
    got = moments(stay_distribution(mean, spread))
    assert got == (pytest.approx(mean, abs=1e-5), pytest.approx(spread, rel=0.03))


def test_mean_between_two_months_has_the_least_spread_that_months_allow() -> None:
    probabilities = stay_distribution(4.5, 0.1)
    assert moments(probabilities) == (pytest.approx(4.5), pytest.approx(0.5, abs=0.01))


@given(st.floats(1.0, 60.0), st.floats(0.01, 20.0))
def test_any_mean_and_positive_spread_is_a_distribution(mean: float, spread: float) -> None:
    probabilities = stay_distribution(mean, spread)
    assert probabilities.min() >= 0.0
    assert probabilities.sum() == pytest.approx(1.0)
    if spread < 1.5 * mean:
        assert moments(probabilities)[0] == pytest.approx(mean, abs=0.02)


def test_stay_without_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="positive spread"):
        stay_distribution(4.0, 0.0)


def test_cap_moves_longer_stays_to_the_cap() -> None:
    assert cap_stay(np.array([0.1, 0.2, 0.3, 0.4]), 2).tolist() == pytest.approx([0.1, 0.9])


def test_common_cap_shortens_phase_2_first() -> None:
    # 2 or 5 months in phase 1, always 4 in phase 2, at most 5 together.
    table = new_stays(np.array([0, 0.5, 0, 0, 0.5]), np.array([0, 0, 0, 1.0]), 5)
    assert pairs(table) == {(2, 3): 0.5, (5, 0): 0.5}


def test_residual_of_a_fixed_stay_is_uniform() -> None:
    # One month in phase 1, two in phase 2: met in the first, second or third month alike.
    table = new_stays(np.array([1.0]), np.array([0.0, 1.0]), None)
    left = residual_stays(table, 0.0, None)
    assert pairs(left) == {
        (1, 2): pytest.approx(1 / 3),
        (0, 2): pytest.approx(1 / 3),
        (0, 1): pytest.approx(1 / 3),
    }


def test_residual_in_a_known_phase() -> None:
    table = new_stays(np.array([1.0]), np.array([0.0, 1.0]), None)
    assert pairs(residual_stays(table, 0.0, 1)) == {(1, 2): 1.0}
    assert pairs(residual_stays(table, 0.0, 2)) == {(0, 2): 0.5, (0, 1): 0.5}


def test_residual_is_length_biased() -> None:
    # Phase 1 takes one month, phase 2 one or three with equal chance: of six months in a VKA,
    # two belong to the short stay and four to the long one.
    table = new_stays(np.array([1.0]), np.array([0.5, 0, 0.5]), None)
    left = pairs(residual_stays(table, 0.0, None))
    assert left[1, 3] + left[0, 3] + left[0, 2] == pytest.approx(3 / 6)
    assert left[1, 1] == pytest.approx(1 / 6)
    assert left[0, 1] == pytest.approx(2 / 6)


def test_moving_away_makes_the_roster_younger() -> None:
    # Two months with hazard 1/2: weights 1 and 1/2, so 2/3 have two months left.
    table = new_stays(np.array([0.0, 1.0]), np.array([0.0, 1.0]), 2)
    left = pairs(residual_stays(table, 0.5, None))
    assert left == {(2, 0): pytest.approx(2 / 3), (1, 0): pytest.approx(1 / 3)}


def test_residual_of_a_geometric_stay_is_the_same_geometric() -> None:
    geometric = 0.2 * 0.8 ** np.arange(300)
    geometric /= geometric.sum()
    assert residual_single(geometric, 0.0) == pytest.approx(geometric, abs=1e-12)
    assert residual_single(geometric, 0.03) == pytest.approx(geometric, abs=1e-12)
