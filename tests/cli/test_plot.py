"""Pictures made of letters: compared as text, never wider than the console."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.cli.plot import ASCII, BLOCKS, band_plot, letters_for, scale_for, waterfall_bars

MONTHS = (date(2017, 10, 1), date(2017, 11, 1), date(2017, 12, 1), date(2018, 1, 1))


def test_band_median_and_seats_in_ascii() -> None:
    lines = band_plot(
        MONTHS,
        low=[20, 18, 17, 16],
        middle=[20, 19, 20, 21],
        high=[20, 20, 22, 24],
        seats=[22] * 4,
        width=30,
        letters=ASCII,
    )
    assert lines == [
        "24 |            :::",
        "23 |            :::",
        "22 |================",
        "21 |        ::: ***",
        "20 |*** ::: *** :::",
        "19 |    *** ::: :::",
        "18 |    ::: ::: :::",
        "17 |        ::: :::",
        "16 |            :::",
        "    Okt     Dez",
        "    2017",
        "    * Mitte (P50)   : P10 bis P90   = Plätze",
    ]


def test_blocks_show_the_half_of_a_line() -> None:
    lines = band_plot(
        MONTHS,
        low=[100] * 4,
        middle=[100, 104, 106, 110],
        high=[100, 110, 110, 110],
        seats=[140] * 4,
        width=30,
        letters=BLOCKS,
    )
    # A line stands for five: 104 lies in the lower half of that of 105, 106 in the upper one.
    assert lines[0] == "140 ┤━━━━━━━━━━━━━━━━"
    assert lines[6:9] == ["110 ┤    ░░░ ░░░ ▀▀▀", "105 ┤    ▄▄▄ ▀▀▀ ░░░", "100 ┤▀▀▀ ░░░ ░░░ ░░░"]


def test_the_middle_hides_the_seats_but_not_between_the_months() -> None:
    lines = band_plot(MONTHS, [5] * 4, [6] * 4, [7] * 4, [6] * 4, width=30, letters=ASCII)
    assert "6 |***=***=***=***=" in lines


def test_more_months_than_columns_leave_some_out() -> None:
    months = [date(2017 + n // 12, n % 12 + 1, 1) for n in range(60)]
    lines = band_plot(months, *([[1.0] * 60] * 4), width=40, letters=ASCII)
    assert lines[-1].endswith("(jeder 2. Monat)")
    assert lines[-4] == f"1 |{'*' * 30}"
    assert lines[-2].split() == ["2017", "2018", "2019", "2020", "2021"]


def test_years_stand_below_their_first_month() -> None:
    months = tuple(date(2017 + (m + 9) // 12, (m + 9) % 12 + 1, 1) for m in range(9))
    lines = band_plot(months, *([[1.0] * 9] * 4), width=80, letters=ASCII)
    names, years = lines[-3], lines[-2]
    assert names.split() == ["Okt", "Dez", "Feb", "Apr", "Jun"]
    assert years.split() == ["2017", "2018"]
    assert years.index("2018") == names.index("Feb")


@pytest.mark.parametrize(
    ("lowest", "highest", "top", "step", "rows"),
    [(16, 24, 24, 1, 9), (0, 276, 300, 25, 13), (180, 231, 235, 5, 12), (0, 0, 1, 1, 2)],
)
def test_scale(lowest: float, highest: float, top: float, step: float, rows: int) -> None:
    scale = scale_for(lowest, highest)
    assert (scale.top, scale.step, scale.rows) == (top, step, rows)


@pytest.mark.parametrize(
    ("encoding", "letters"),
    [
        ("utf-8", BLOCKS),
        ("cp850", ASCII),
        ("cp1252", ASCII),
        ("ascii", ASCII),
        ("no such", ASCII),
    ],
)
def test_letters_that_the_console_can_write(encoding: str, letters: object) -> None:
    assert letters_for(encoding) is letters


@given(
    values=st.lists(st.tuples(*[st.integers(0, 30_000)] * 4).map(sorted), min_size=1, max_size=60),
    width=st.integers(40, 200),
)
def test_any_forecast_fits_and_every_month_shows_its_middle(
    values: list[list[int]], width: int
) -> None:
    months = [date(2017 + n // 12, n % 12 + 1, 1) for n in range(len(values))]
    low, middle, high, seats = ([float(row[n]) for row in values] for n in range(4))
    lines = band_plot(months, low, middle, high, seats, width=width, letters=ASCII)
    drawing = lines[:-3]
    assert len(drawing) <= 14
    # The legend alone needs its room; it tells where months are left out.
    assert all(len(line) <= width for line in lines[:-1])
    assert not any(line != line.rstrip() for line in lines)
    columns = zip(*(line.ljust(width) for line in drawing), strict=True)
    with_middle = sum("*" in column for column in columns)
    told = re.search(r"jeder (\d)\. Monat", lines[-1])
    drawn = -(-len(months) // int(told[1])) if told else len(months)
    assert with_middle > 0 == with_middle % drawn


def test_waterfall_hangs_where_the_last_bar_ended() -> None:
    steps = [
        ("a", 20.0, 20.0),
        ("b", 10.0, 30.0),
        ("c", -15.0, 15.0),
        ("d", 0.0, 15.0),
        ("e", -0.1, 14.9),
        ("f", 14.9, 14.9),
    ]
    assert waterfall_bars(steps, width=30, letters=ASCII) == [
        "####################",
        "                    ++++++++++",
        "               ---------------",
        "",
        "               -",
        "###############",
    ]


def test_waterfall_of_nobody_is_empty() -> None:
    assert waterfall_bars([("a", 0.0, 0.0), ("b", 0.0, 0.0)], width=10, letters=ASCII) == ["", ""]
