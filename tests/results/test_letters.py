"""How wide texts are, and how many lines they take."""

from __future__ import annotations

import pytest

from daz_planner.results.sheets.letters import line_count, text_width


def test_widths_are_counted_in_digits() -> None:
    assert text_width("2017") == 4.0
    # l 222, i 222 of 556
    assert text_width("li") == pytest.approx(444 / 556)
    assert text_width("2017", bold=True) > text_width("2017")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("1111", 5.4, 1),
        ("1111", 5.2, 2),  # 1.3 stays free
        ("1111 1111", 6, 2),
        ("1111 1111", 10.9, 1),  # 8 digits, half a digit for the gap, 1.3 free
        ("1\n1", 10, 2),
        ("WWWW", 6, 2),  # 4 × 1.7 digits
    ],
)
def test_lines(text: str, width: float, lines: int) -> None:
    assert line_count(text, width) == lines


def test_heads_keep_their_words_whole() -> None:
    assert line_count("2017", 4.5) == 2
    assert line_count("Feb 2017", 4.5, break_words=False) == 2
