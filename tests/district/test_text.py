from __future__ import annotations

from datetime import datetime

import pytest

from daz_planner.district import text


@pytest.mark.parametrize(
    "written", ["VKA-Schüler", "vka schüler", "VKA-Schueler", "VKA-\nSchüler", "VKA - SCHÜLER:"]
)
def test_spellings_of_a_header_are_the_same(written: str) -> None:
    assert text.fold(written) == "vkaschueler"


def test_a_letter_with_a_combining_umlaut_is_the_same() -> None:
    assert text.fold("Scho\u0308nfeld") == text.fold("Schönfeld") == "schoenfeld"


def test_nearest_name() -> None:
    assert text.nearest("Risa", ["Radebeul", "Riesa", "Meißen"]) == ("Riesa",)
    assert text.nearest("xyz", ["Radebeul", "Riesa"]) == ()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (17.0, "„17“"),
        (2.5, "„2,5“"),
        (True, "„WAHR“"),
        (datetime(2017, 2, 8), "„08.02.2017“"),
        ("Oberschule „Kötitz“", "„Oberschule ‚Kötitz‘“"),
        ("a\nb", "„a b“"),
        ("x" * 100, f"„{'x' * 59}…“"),
    ],
)
def test_quoting(value: object, shown: str) -> None:
    assert text.quoted(value) == shown  # type: ignore[arg-type]


def test_lists() -> None:
    assert text.listed(["A"]) == "„A“"
    assert text.listed(["A", "B", "C"]) == "„A“, „B“ und „C“"
