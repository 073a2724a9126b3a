"""Expected registrations by month, computed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daz_planner.scenario import scenario_from_dict

MONTHS = [date(2017, month, 1) for month in range(2, 13)] + [date(2018, 1, 1), date(2018, 2, 1)]


def expected(zuzug: dict[str, Any], months: list[date] | None = None) -> list[float]:
    return scenario_from_dict({"zuzug": zuzug}).zuzug.erwartung(months or MONTHS)


def test_default_is_eighteen_a_month() -> None:
    assert expected({}) == [18.0] * 13


def test_series_starts_with_the_first_month_and_its_last_value_holds() -> None:
    assert expected({"reihe": [5, 9, 7]}, MONTHS[:5]) == [5, 9, 7, 7, 7]


def test_allocations_come_after_the_lag_with_the_base_before() -> None:
    plan = {"ab": "2017-01", "personen": [100, 50], "verzug_monate": 3}
    # February and March: the base of 10 alone. April: 100 × 0.22 + 10, from May on 50 × 0.22 + 10.
    assert expected({"zuweisungen": plan}, MONTHS[:5]) == pytest.approx([10, 10, 32, 21, 21])


def test_allocations_of_months_before_the_forecast_count() -> None:
    plan = {
        "ab": "2016-11",
        "personen": [100, 200, 300],
        "verzug_monate": 3,
        "schulpflichtig_anteil": 0.5,
        "sockel": 1,
    }
    assert expected({"zuweisungen": plan}, MONTHS[:4]) == pytest.approx([51, 101, 151, 151])


def test_season_and_trend_multiply() -> None:
    season = [1.0] * 12
    season[1], season[2] = 1.5, 0.5
    found = expected({"pro_monat": 100, "saison": season, "trend_pro_jahr": 0.21})
    assert found[0] == pytest.approx(150)
    assert found[1] == pytest.approx(50 * 1.21 ** (1 / 12))
    assert found[6] == pytest.approx(110)  # half a year: the root of 1.21
    assert found[12] == pytest.approx(150 * 1.21)


def test_wave_is_full_at_first_and_declines_in_a_straight_line() -> None:
    wave = {"ab": "2017-03", "hoehe": 40, "abklingen_monate": 4}
    found = expected({"pro_monat": 10, "welle": wave, "trend_pro_jahr": 0.0}, MONTHS[:7])
    assert found == pytest.approx([10, 50, 40, 30, 20, 10, 10])


def test_wave_is_added_after_the_season() -> None:
    season = [0.0, 2.0] + [1.0] * 10
    wave = {"ab": "2017-02", "hoehe": 40, "abklingen_monate": 4}
    assert expected({"pro_monat": 10, "welle": wave, "saison": season}, MONTHS[:1]) == [60]


def test_no_months_no_registrations() -> None:
    assert scenario_from_dict({}).zuzug.erwartung([]) == []


def test_announced_persons_take_the_place_of_the_level() -> None:
    plan = {"ab": "2017-01", "personen": [100, 50], "verzug_monate": 2, "sockel": 4}
    zuzug = {
        "pro_monat": 30,
        "trend_pro_jahr": 1.0,
        "angekuendigt": {**plan, "schulpflichtig_anteil": 0.5},
    }
    # March and April are known: 100 × 0.5 + 4 and 50 × 0.5 + 4; the trend goes on before and after.
    result = expected(zuzug, MONTHS[:4])
    assert result == pytest.approx([30.0, 54.0, 29.0, 30 * 2 ** (3 / 12)])


def test_announced_months_spread_less() -> None:
    plan = {"ab": "2017-03", "personen": [20], "verzug_monate": 0, "schulpflichtig_anteil": 0.5}
    zuzug = {"pro_monat": 30, "varianzfaktor": 3, "angekuendigt": {**plan, "sockel": 10}}
    spread = scenario_from_dict({"zuzug": zuzug}).zuzug.streuung(MONTHS[:3])
    # Ten of twenty persons by chance alone (1), ten others as usual (3): 2 together.
    assert spread == [3, 2, 3]


def test_level_of_the_history_is_needed_where_it_is_asked_for() -> None:
    arrivals = scenario_from_dict({"zuzug": {"aus": "Historie"}}).zuzug
    assert arrivals.erwartung(MONTHS[:2], 7.5) == [7.5, 7.5]
    with pytest.raises(ValueError, match="history"):
        arrivals.erwartung(MONTHS[:2])
