"""Registrations: mean, variance, and order under common random numbers."""

from __future__ import annotations

import numpy as np
import pytest

from daz_planner.simulation.arrivals import arrival_distribution, draw_counts


@pytest.mark.parametrize(("mean", "factor"), [(18.0, 3.0), (0.4, 1.0), (2000.0, 3.0), (7.0, 1.5)])
def test_mean_and_variance(mean: float, factor: float) -> None:
    mass = np.diff(np.concatenate(([0.0], arrival_distribution(mean, factor))))
    n = np.arange(len(mass))
    got = float(mass @ n)
    assert got == pytest.approx(mean, rel=1e-6)
    assert float(mass @ (n - got) ** 2) == pytest.approx(factor * mean, rel=1e-4)


def test_factor_one_is_poisson() -> None:
    cumulative = arrival_distribution(2.0, 1.0)
    assert cumulative[:3] == pytest.approx(np.exp(-2.0) * np.array([1.0, 3.0, 5.0]))


def test_nobody_comes_where_nobody_is_expected() -> None:
    assert draw_counts(arrival_distribution(0.0, 3.0), np.array([0.0, 0.999])).tolist() == [0, 0]


def test_more_expected_never_gives_fewer_from_the_same_number() -> None:
    uniform = np.linspace(0.0, 0.9999, 500)
    low = draw_counts(arrival_distribution(18.0, 3.0), uniform)
    high = draw_counts(arrival_distribution(25.0, 3.0), uniform)
    assert (high >= low).all()
    assert (high > low).any()
