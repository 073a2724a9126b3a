"""Need against seats: crossings counted by hand, told in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.results.need import NeedCourse, futures_covered, need_course, seats_table
from daz_planner.results.need_text import month_spans, seat_sentences, share_of_futures
from tests.results.simulation_cases import MONTHS, forecast_of, result_of, two_types


def course(needs: list[list[int]], seats: list[float]) -> NeedCourse:
    return need_course(forecast_of({"GS": needs}), ("GS",), np.array(seats, dtype=float), "GS")


def ten(middle: list[int], high: list[int], many: int = 2) -> list[list[int]]:
    """Ten futures, ``many`` of which need more."""
    return [middle] * (10 - many) + [high] * many


def test_quantiles_seats_and_shares() -> None:
    found = course(ten([20, 20, 21, 22, 22], [20, 20, 24, 26, 22]), [23.0] * 5)
    assert found.middle.tolist() == [20, 20, 21, 22, 22]
    assert found.high.tolist() == [20, 20, 24, 26, 22]
    assert found.missing(found.high).tolist() == [0, 0, 1, 3, 0]
    assert found.short.tolist() == pytest.approx([0, 0, 0.2, 0.2, 0])
    assert (found.covered, found.futures) == (8, 10)
    assert found.first_month_short(found.high) == date(2017, 9, 1)
    assert found.first_month_short(found.middle) is None


def test_one_of_ten_does_not_lift_the_p90() -> None:
    found = course(ten([20] * 5, [20, 30, 30, 30, 30], many=1), [23.0] * 5)
    assert found.high.tolist() == [20] * 5
    assert found.short.tolist() == pytest.approx([0, 0.1, 0.1, 0.1, 0.1])


def test_all_together_adds_future_by_future() -> None:
    result = result_of(two_types())
    primary, secondary, together = result.courses
    assert [primary.seats[0], secondary.seats[0], together.seats[0]] == [23, 23, 46]
    assert together.school_type == "zusammen"
    assert together.high.tolist() == [30, 30, 31, 36, 38]
    # The sum of the seats would be enough, but those of Oberschule do not help Grundschule.
    assert together.covered == 7
    assert together.short.tolist() == pytest.approx([0, 0, 0, 0.3, 0.3])
    rows = seats_table(result.courses)
    free = [
        f
        for f, k in zip(rows.values("frei bei P90"), rows.values("Schulart"), strict=True)
        if k == "zusammen"
    ]
    assert all(value is None or value != value for value in free)
    assert futures_covered(result.forecast, result.seats) == (7, 10)


@pytest.mark.parametrize(
    ("middle", "high", "sentences"),
    [
        (
            [20] * 5,
            [20, 21, 22, 21, 20],
            [
                "In jedem Monat bis November 2017 reichen die Plätze in mindestens 9 von 10 "
                "Zukünften. Am knappsten ist es im September 2017: Dann bleibt in 9 von 10 "
                "Zukünften mindestens 1 Platz frei."
            ],
        ),
        (
            [20] * 5,
            [20, 20, 25, 24, 27],
            [
                "Ab September 2017 reichen die Plätze in mehr als 1 von 10 Zukünften nicht: Im "
                "September 2017 fehlen dann 2 Plätze oder mehr, im November 2017 sogar 4 oder "
                "mehr.",
                "Bei der Mitte (P50) reichen sie in jedem Monat.",
                "In 8 von 10 Zukünften (80 %) reichen sie die ganze Zeit.",
            ],
        ),
        (
            [20, 20, 20, 20, 25],
            [20, 24, 20, 24, 26],
            [
                "Im August 2017 und ab Oktober 2017 reichen die Plätze in mehr als 1 von 10 "
                "Zukünften nicht: Im August 2017 fehlt dann 1 Platz oder mehr, im November 2017 "
                "sogar 3 oder mehr.",
                "Im November 2017 reichen sie in mehr als der Hälfte der Zukünfte nicht: Im "
                "November 2017 fehlen dann 2 Plätze oder mehr.",
            ],
        ),
    ],
)
def test_sentences(middle: list[int], high: list[int], sentences: list[str]) -> None:
    assert seat_sentences(course(ten(middle, high), [23.0] * 5)) == sentences


def test_missing_already_today() -> None:
    found = seat_sentences(course(ten([25, 20, 20, 20, 20], [25, 20, 20, 20, 20]), [23.0] * 5))
    assert found[0] == "Schon am Stichtag fehlen 2 Plätze."
    assert found[1].startswith("In jedem Monat bis November 2017")


def test_only_one_future() -> None:
    assert seat_sentences(course([[20, 20, 25, 25, 20]], [23.0] * 5)) == [
        "In der einen gerechneten Zukunft reichen die Plätze von September 2017 bis Oktober "
        "2017 nicht: Im September 2017 fehlen dann 2 Plätze."
    ]


def test_no_seat_at_all() -> None:
    assert seat_sentences(course(ten([0] * 5, [0, 0, 1, 3, 1]), [0.0] * 5)) == [
        "Es gibt heute keine Plätze. Gebraucht werden sie im Oktober 2017 für bis zu 3 Kinder "
        "(P90)."
    ]


def test_spans() -> None:
    spans = month_spans(MONTHS, [True, True, False, True, False])
    assert spans == [(MONTHS[0], MONTHS[1]), (MONTHS[3], MONTHS[3])]


def test_many_spans_are_counted() -> None:
    months = tuple(date(2017, month, 1) for month in range(1, 10))
    line = np.array([20.0, 24, 20, 24, 20, 24, 20, 24, 20])
    band: Any = {"expected": line, "low": line, "middle": line, "high": line}
    found = NeedCourse(
        "GS", months, **band, seats=np.full(9, 23.0), short=np.zeros(9), covered=0, futures=5
    )
    assert seat_sentences(found)[0].startswith(
        "In 4 von 8 Monaten (zuerst Februar 2017, zuletzt August 2017) reichen die Plätze in mehr"
    )


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (10, "In allen 10 Zukünften"),
        (0, "In keiner der 10 Zukünfte"),
        (3, "In 3 von 10 Zukünften (30 %)"),
    ],
)
def test_share_of_futures(count: int, text: str) -> None:
    assert share_of_futures(count, 10) == text


def test_table_says_what_is_missing_with_a_minus() -> None:
    found = seats_table([course(ten([20] * 5, [20, 20, 25, 24, 27]), [23.0] * 5)])
    assert found.values("frei bei P50") == [3, 3, 3, 3, 3]
    assert found.values("frei bei P90") == [3, 3, -2, -1, -4]
    assert found.values("zu wenig Plätze %") == pytest.approx([0, 0, 0.2, 0.2, 0.2])


@given(
    needs=st.lists(st.lists(st.integers(0, 30), min_size=5, max_size=5), min_size=2, max_size=30),
    seats=st.integers(0, 30),
)
def test_p90_is_above_the_seats_where_more_than_a_tenth_is_short(
    needs: list[list[int]], seats: int
) -> None:
    found = course(needs, [float(seats)] * 5)
    for t in range(5):
        short = sum(need[t] > seats for need in needs)
        assert (found.high[t] > seats) == (10 * short > len(needs))
        assert (found.middle[t] > seats) == (2 * short > len(needs))
        assert found.short[t] == pytest.approx(short / len(needs))
