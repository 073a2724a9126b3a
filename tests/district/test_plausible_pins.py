"""Pins against free seats, and siblings pinned to different schools."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.district.plausible import check, district, only
from tests.factories import child, school


def found(schools: list[Any], children: list[Any]) -> list[str]:
    """Codes about pins."""
    town = replace(district(), schools=tuple(schools), newcomers=tuple(children))
    return [f.code for f in check(town) if f.code.startswith("fixiert")]


@pytest.mark.parametrize(
    ("values", "full"),
    [
        ({"pupils": 22}, True),
        ({"pupils": 21}, False),
        ({"pupils": 20, "guests": 2}, True),
        ({"pupils": 10, "reserve": 1}, True),
        ({"pupils": 23, "reserve": 2}, False),
        ({"classes": 0}, True),
        ({"pupils": 22, "class_cap": 24}, False),
    ],
)
def test_more_pinned_children_than_free_seats(values: dict[str, Any], full: bool) -> None:
    children = [child(f"k{n}", pinned_to="GS A") for n in range(2)]
    assert found([school("GS A", **values)], children) == (["fixiert_voll"] if full else [])


def test_the_warning_names_school_and_numbers() -> None:
    town = replace(
        district(), schools=(school("GS A", pupils=23),), newcomers=(child("k", pinned_to="GS A"),)
    )
    finding = only(check(town), "fixiert_voll")
    assert finding.problem == "Auf „GS A“ ist 1 Kind festgelegt, dort ist kein Platz frei."
    assert not finding.is_fault


def test_siblings_pinned_to_two_schools() -> None:
    schools = [school("GS A"), school("GS B"), school("OS", school_type="OS")]
    apart = [
        child("k1", family="F", pinned_to="GS A"),
        child("k2", family="F", pinned_to="GS B"),
    ]
    assert found(schools, apart) == ["fixiert_familie"]
    same = [apart[0], replace(apart[1], pinned_to="GS A")]
    assert found(schools, same) == []
    other = [apart[0], child("k3", family="F", school_type="OS", pinned_to="OS")]
    assert found(schools, other) == []
