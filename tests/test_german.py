"""Numbers, dates and counts in German."""

from __future__ import annotations

from datetime import date

import pytest

from daz_planner import german


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, 2, "1234,50"),
        (1.005, 2, "1,01"),
        (2.5, 0, "3"),
        (-0.0004, 3, "0,000"),
        (-1.25, 1, "-1,3"),
        (float("nan"), 1, ""),
    ],
)
def test_plain_has_fixed_decimals_and_no_negative_zero(
    value: float, digits: int, text: str
) -> None:
    assert german.plain(value, digits) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234567.0, 0, "1.234.567"), (12.0, 1, "12"), (0.25, 1, "0,3"), (-1234.5, 1, "-1.234,5")],
)
def test_number_groups_thousands(value: float, digits: int, text: str) -> None:
    assert german.number(value, digits) == text


def test_percent_at_most_rounds_up_so_that_it_stays_true() -> None:
    assert german.percent(0.0161) == "1,6 %"
    assert german.percent_at_most(0.0161) == "1,7 %"
    assert german.percent_at_most(0.0004) == "0,1 %"
    assert german.percent_at_most(0.016) == "1,6 %"


def test_dates_and_months() -> None:
    day = date(2017, 3, 8)
    assert german.day(day) == "08.03.2017"
    assert german.month(day) == "März 2017"
    assert german.short_month(day) == "Mrz 2017"
    assert german.month_key(day) == "2017-03"


def test_singular_only_for_one() -> None:
    assert german.plural(1, "Kind", "Kinder") == "1 Kind"
    assert german.plural(0, "Kind", "Kinder") == "0 Kinder"
    assert german.plural(1.04, "Kind", "Kinder", 1) == "1 Kind"
    assert german.plural(1.06, "Kind", "Kinder", 1) == "1,1 Kinder"


def test_listed() -> None:
    assert german.listed([]) == ""
    assert german.listed(["a"]) == "a"
    assert german.listed(["a", "b", "c"]) == "a, b und c"


def test_value_text_writes_numbers_and_truth_in_german() -> None:
    assert german.value_text(0.005) == "0,005"
    assert german.value_text(18) == "18"
    assert german.value_text(True) == "ja"
    assert german.value_text("regel") == "regel"
