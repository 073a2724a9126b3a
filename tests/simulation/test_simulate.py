"""The ensemble: against the exact expectation, conserving pupils, the same for the same seed."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.errors import ConservationError, InputError
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation import simulate
from daz_planner.simulation.conservation import check_conservation
from daz_planner.simulation.counting import BlockCounts, count_block
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population, planned_months
from daz_planner.simulation.pupils import draw_block
from tests.factories import child, district, place, scenario, school

SCHOOLS = [
    school("GS A", pupils=30, classes=2),
    school("OS B", school_type="OS", pupils=25, classes=2, phases=(10, 15, 40), guests=3),
    school("BSZ C", school_type="BSZ", pupils=12),
]


def realistic(**tables: Any) -> Any:
    """The base scenario with its own stays, short enough for a test."""
    values = {"zeitraum.monate": 15, "rechnen.laeufe": 128, **tables}
    return with_values(load_scenario("basis"), values)


def test_drawn_futures_agree_with_the_expectation() -> None:
    town = district(SCHOOLS, newcomers=[child("k1", grade=4), child("k2", school_type="OS")])
    setting = realistic(**{"rechnen.laeufe": 2000, "abgang.direkt_in_regelklasse": 0.2})
    forecast = simulate(town, setting)
    mean = forecast.runs.mean(axis=0)
    error = forecast.runs.std(axis=0) / np.sqrt(len(forecast.runs))
    assert np.all(np.abs(mean - forecast.expected) <= 5 * error + 1e-9)


def test_drawn_flows_agree_with_the_expectation() -> None:
    population = build_population(district(SCHOOLS), realistic())
    expected = expect(population).flows
    blocks = [count_block(population, [draw_block(population, 1, block)]) for block in range(30)]
    for name, flow in expected.items():
        drawn = np.concatenate([block.flows[name] for block in blocks])
        # A flow so rare that it was never drawn still has the spread of a Poisson count.
        error = np.sqrt(np.maximum(drawn.var(axis=0), flow) / len(drawn))
        assert np.all(np.abs(drawn.mean(axis=0) - flow) <= 5 * error + 1e-9), name


def test_constant_arrivals_reach_the_steady_state_of_littles_law() -> None:
    # Twelve months of stay, five newcomers a month, nobody moves away: sixty in a VKA.
    setting = scenario(zeitraum={"monate": 30}, zuzug={"pro_monat": 5.0})
    schools = [school("GS A"), school("OS B", school_type="OS")]
    forecast = simulate(district(schools), setting)
    assert forecast.vka_expected.sum(axis=0)[12:] == pytest.approx(60.0)


def test_month_zero_is_the_roster() -> None:
    forecast = simulate(district(SCHOOLS), realistic())
    assert (forecast.runs[:, :, :2, 0].sum(axis=2) == [30, 28, 12]).all()
    assert forecast.expected[1, 2, 0] == 40
    assert forecast.phase3_known == (False, True, False)


@settings(max_examples=25, deadline=None)
@given(
    arrivals=st.floats(0.0, 40.0),
    factor=st.floats(1.0, 5.0),
    hazard=st.floats(0.0, 0.3),
    direct=st.floats(0.0, 1.0),
    mean=st.floats(1.1, 15.0),
    months=st.integers(1, 30),
    seed=st.integers(0, 2**40),
)
def test_nobody_is_lost(
    arrivals: float,
    factor: float,
    hazard: float,
    direct: float,
    mean: float,
    months: int,
    seed: int,
) -> None:
    setting = realistic(
        **{
            "zeitraum.monate": months,
            "zuzug.pro_monat": arrivals,
            "zuzug.varianzfaktor": factor,
            "abgang.wegzug_pro_monat": hazard,
            "abgang.direkt_in_regelklasse": direct,
            "phasen.GS.phase2.mittel": mean,
        }
    )
    population = build_population(district(SCHOOLS), setting)
    pupils = draw_block(population, seed, 0)
    counts = count_block(population, [pupils])
    # The table of pupils itself says how many were ever there.
    present = counts.pupils[..., -1].sum()
    gone = sum(counts.flows[name].sum() for name in ("moved_away", "finished"))
    assert present + gone == len(pupils.run)
    assert counts.flows["arrived"].sum() == (pupils.entry > 0).sum()
    expect(population)


def test_a_lost_pupil_is_noticed() -> None:
    population = build_population(district(SCHOOLS), realistic())
    counts = count_block(population, [draw_block(population, 1, 0)])
    broken = BlockCounts(counts.pupils.copy(), counts.flows)
    broken.pupils[3, 1, 0, 5] -= 1
    with pytest.raises(ConservationError, match="Lauf 3"):
        check_conservation(broken.pupils.sum(axis=2), broken.flows)


def test_same_seed_same_futures_and_more_runs_keep_the_first() -> None:
    town = district(SCHOOLS)
    first = simulate(town, realistic())
    again = simulate(town, realistic())
    more = simulate(town, realistic(**{"rechnen.laeufe": 200}))
    other = simulate(town, realistic(**{"rechnen.saat": 2}))
    assert (first.runs == again.runs).all()
    assert (more.runs[:128] == first.runs).all()
    assert (other.runs != first.runs).any()


def test_scenarios_share_all_other_random_numbers() -> None:
    town = district(SCHOOLS)
    low = build_population(town, realistic())
    high = build_population(town, realistic(**{"zuzug.pro_monat": 25.0}))
    short = build_population(town, realistic(**{"phasen.OS.phase2.mittel": 6.0}))
    base, more, other = (draw_block(p, 1, 0) for p in (low, high, short))
    today = base.entry == 0
    assert (base.away[today] == more.away[more.entry == 0]).all()
    assert len(more.run) > len(base.run)
    # A different stay of the OS leaves arrivals, types, grades and moving away as they were.
    assert (base.entry == other.entry).all()
    assert (base.position == other.position).all()
    assert (base.away == other.away).all()
    assert (base.phase3_from != other.phase3_from).any()


def test_quantiles_are_counts_that_occur() -> None:
    forecast = simulate(district(SCHOOLS), realistic())
    p10, p50, p90 = (forecast.vka_quantile(share) for share in (0.1, 0.5, 0.9))
    assert (p10 <= p50).all()
    assert (p50 <= p90).all()
    assert (p90 == np.round(p90)).all()


def test_period_before_the_reference_date_is_refused() -> None:
    with pytest.raises(InputError, match="vor dem Stichtag"):
        simulate(district(SCHOOLS), realistic(**{"zeitraum.beginn": "2016-12"}))


def test_period_long_after_the_reference_date_is_refused() -> None:
    # The reference date is in February 2017: 24 months later is February 2019.
    latest = planned_months(district(SCHOOLS), realistic(**{"zeitraum.beginn": "2019-02"}))
    assert latest[24] == date(2019, 2, 1)
    with pytest.raises(InputError, match="mehr als 24 Monate nach dem Stichtag") as caught:
        planned_months(district(SCHOOLS), realistic(**{"zeitraum.beginn": "2019-03"}))
    assert caught.value.place == "zeitraum.beginn"
    assert "im 03.2019" in caught.value.message and "bis 02.2019" in caught.value.remedy


def test_unknown_municipality_of_the_scenario_is_refused() -> None:
    setting = realistic(**{"zuzug.gemeinden": {"B-Stadt": 1.0}})
    with pytest.raises(InputError, match="B-Stadt"):
        simulate(district(SCHOOLS, [place("A-Dorf")]), setting)
