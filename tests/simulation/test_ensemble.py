"""Many futures: processes, precision, guide tables, and laws that are known in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.simulation import simulate
from daz_planner.simulation.ensemble import (
    draw_futures,
    draw_until_precise,
    p90_half_width,
)
from daz_planner.simulation.lookup import Distinct, Lookup
from daz_planner.simulation.population import build_population
from tests.factories import child, district, scenario, school

TOWN = district(
    [school("GS A", pupils=30, classes=2), school("OS B", school_type="OS", pupils=9)],
    newcomers=[child("k1")],
)


def setting(**values: Any) -> Any:
    zuzug = {"pro_monat": 6.0, "schularten": {"GS": 0.5, "OS": 0.5}}
    return scenario(zeitraum={"monate": 14}, zuzug=zuzug, **values)


def test_the_same_on_one_two_and_four_processes() -> None:
    population = build_population(TOWN, setting())
    alone = draw_futures(population, 3, 300)
    for processes in (2, 4):
        assert (draw_futures(population, 3, 300, processes) == alone).all()


def test_fewer_futures_are_the_first_of_more() -> None:
    population = build_population(TOWN, setting())
    assert (draw_futures(population, 3, 70) == draw_futures(population, 3, 200)[:70]).all()


def test_futures_are_added_until_the_p90_is_precise() -> None:
    population = build_population(TOWN, setting())
    few, wide = draw_until_precise(population, 1, 1e9)
    many, narrow = draw_until_precise(population, 1, 0.6)
    assert len(few) == 256
    assert len(many) > 256
    assert narrow <= 0.6 < wide
    assert p90_half_width(many) == narrow
    assert (many[:256] == few).all()
    forecast = simulate(TOWN, setting(rechnen={"laeufe": 64, "saat": 1}), half_width=0.6)
    assert (forecast.runs == many).all()


def test_half_width_lies_between_order_statistics() -> None:
    runs = np.zeros((1000, 1, 3, 1), dtype=np.int32)
    runs[:, 0, 0, 0] = np.arange(1000)
    # 900 ± 1.96 · sqrt(1000 · 0.9 · 0.1) = 881.4 … 918.6, so the 881st and the 919th.
    assert p90_half_width(runs) == (918 - 880) / 2


@settings(max_examples=200, deadline=None)
@given(
    distributions=st.lists(
        st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0]), min_size=1, max_size=40).filter(any),
        min_size=1,
        max_size=5,
    ),
    seed=st.integers(0, 1000),
)
def test_lookup_is_the_inverse_distribution_function(
    distributions: list[list[float]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    which = random.integers(0, len(distributions), 500)
    uniform = np.append(random.random(498), [0.0, np.nextafter(1.0, 0.0)])
    found = Lookup([np.array(d) for d in distributions]).draw(which, uniform)
    for d, u, value in zip(which, uniform, found, strict=True):
        shares = np.array(distributions[d]) / sum(distributions[d])
        below = shares[:value].sum()
        assert shares[value] > 0.0
        assert below <= u + 1e-9
        assert u < below + shares[value] + 1e-9


def test_equal_distributions_are_kept_once() -> None:
    distinct = Distinct([np.array([1.0, 2.0]), np.array([0.0, 1.0]), np.array([1.0, 2.0])])
    assert distinct.index == [0, 1, 0]


def test_occupancy_of_infinitely_many_seats_is_poisson() -> None:
    # M/G/∞: Poisson arrivals, any stay, steady state: mean arrivals × stay, variance = mean.
    stays = {"phase1": {"tabelle": [0.5, 0.0, 0.5]}, "phase2": {"tabelle": [0.0, 0.3, 0.0, 0.7]}}
    values = scenario(
        zeitraum={"monate": 20},
        zuzug={"pro_monat": 7.0, "varianzfaktor": 1, "stufen": {"GS": [1.0, 0, 0, 0]}},
        phasen={"GS": stays},
        rechnen={"laeufe": 6000},
    )
    runs = simulate(district([school("GS A")]), values).runs
    needed = runs[:, 0, 0, -1] + runs[:, 0, 1, -1]
    mean = 7.0 * (2.0 + 3.4)
    error = np.sqrt(mean / len(needed))
    assert needed.mean() == pytest.approx(mean, abs=4 * error)
    assert needed.var() == pytest.approx(mean, rel=4 * np.sqrt(2 / len(needed)))
