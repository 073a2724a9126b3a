"""The waterfall: start + causes = end, in every month, by school type and in all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from daz_planner.errors import ConservationError
from daz_planner.results.causes import (
    CAUSES,
    SHORT_NAMES,
    cause_month_table,
    cause_table,
    steps,
    used_causes,
    waterfalls,
    wide_causes,
)
from daz_planner.simulation.forecast import VKA_FLOWS, Forecast
from tests.factories import child, district, scenario, school
from tests.results.simulation_cases import two_types


def test_every_flow_of_the_forecast_has_a_name() -> None:
    assert set(CAUSES) == set(SHORT_NAMES) == set(VKA_FLOWS)
    signs = [VKA_FLOWS[flow] for flow in CAUSES]
    assert signs == sorted(signs, reverse=True)


def test_steps_by_hand() -> None:
    primary, secondary, together = waterfalls(two_types())
    assert steps(primary, used_causes([primary])) == [
        ("Bestand Juli 2017", 20, 20),
        ("neu in der VKA", 7.5, 27.5),
        ("heutige Schüler in Regelklasse", -3.75, 23.75),
        ("neue Schüler in Regelklasse", -0.75, 23),
        ("weggezogen", -2, 21),
        ("Wechsel in andere Schulart", -2, 19),
        ("Bestand November 2017", 19, 19),
    ]
    assert secondary.amounts.tolist() == [4, 0.5, 2, -3.5, 0, 0, 0, 0, -1]
    # Who changes from one type to the other neither comes nor goes.
    assert together.amounts.tolist() == [11.5, 0.5, 0, -7.25, -0.75, 0, -2, 0, -1]
    assert (together.start, together.end) == (30, 31)


def test_to_an_earlier_month() -> None:
    primary, *_ = waterfalls(two_types(), last=1)
    assert primary.months[-1] == date(2017, 8, 1)
    assert [name for name, amount, _ in steps(primary) if amount][1:-1] == [
        "neu in der VKA",
        "heutige Schüler in Regelklasse",
        "weggezogen",
        "Wechsel in andere Schulart",
    ]
    assert (primary.start, primary.amounts.sum(), primary.end) == (20, -2, 18)


def test_a_flow_that_does_not_add_up_is_a_bug_of_the_program() -> None:
    good = two_types()
    flows = {name: array.copy() for name, array in good.expected_vka_flows.items()}
    flows["moved_away"][0, 2] += 1
    # Made good in the next month: only the balance of the month itself shows it.
    flows["moved_away"][0, 3] -= 1
    with pytest.raises(ConservationError, match=r"September 2017 \(GS\) 18 statt 19 Schüler"):
        waterfalls(replace(good, expected_vka_flows=flows))


def test_tables_by_hand() -> None:
    falls = waterfalls(two_types())
    long, wide, months = cause_table(falls), wide_causes(falls), cause_month_table(falls)
    assert len(long.frame) == 3 * 11
    assert long.values("Schüler")[:11] == [20, 7.5, 0, 0, -3.75, -0.75, 0, -2, -2, 0, 19]
    assert wide.values("GS") == long.values("Schüler")[:11]
    assert wide.values("zusammen") == long.values("Schüler")[22:]
    assert months.values("Bestand davor")[:4] == [20, 18, 19, 19]
    for row in range(len(months.frame)):
        before, *middle, after = [months.values(c.name)[row] for c in months.columns[2:]]
        assert before + sum(middle) == pytest.approx(after)


def test_the_real_simulation_adds_up() -> None:
    from daz_planner.simulation.simulate import simulate

    towns = district(
        [
            school("GS A", pupils=20, classes=1),
            school("OS A", school_type="OS", pupils=15, classes=1),
        ],
        newcomers=[child("K1"), child("K2", school_type="OS")],
    )
    forecast: Forecast = simulate(
        towns,
        scenario(
            zeitraum={"monate": 12},
            zuzug={"pro_monat": 4, "schularten": {"GS": 0.5, "OS": 0.5}},
            abgang={"wegzug_pro_monat": 0.02},
            rechnen={"laeufe": 2},
        ),
    )
    falls = waterfalls(forecast)
    for fall in falls:
        assert fall.start + fall.amounts.sum() == pytest.approx(fall.end, abs=1e-9)
    assert falls[-1].start == 37
    assert falls[-1].amount("registered") == pytest.approx(4 * 11)
    assert falls[0].amount("changed_out") < 0 < falls[1].amount("changed_in")
    assert np.isclose(falls[-1].amount("changed_in"), 0)
