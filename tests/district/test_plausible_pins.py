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
    town = replace(district(), schools=tuple(schools), newcomers=tuple(apart))
    (finding,) = (f for f in check(town) if f.code == "fixiert_familie")
    assert "auf „GS A“ und „GS B“ festgelegt" in finding.problem
    same = [apart[0], replace(apart[1], pinned_to="GS A")]
    assert found(schools, same) == []
    other = [apart[0], child("k3", family="F", school_type="OS", pinned_to="OS")]
    assert found(schools, other) == []


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"wishes": ("GS A",), "excluded": ("GS A",)}, ["wunsch_ausgeschlossen"]),
        ({"wishes": ("GS A",), "excluded": ("GS B",)}, []),
        ({"excluded": ("GS A", "GS B")}, ["ausschluss_alle"]),
        ({"excluded": ("GS A", "OS")}, []),
        ({"excluded": ("GS A", "GS B"), "wishes": ("GS B",)}, [
            "ausschluss_alle", "wunsch_ausgeschlossen",
        ]),
    ],
)  # fmt: skip
def test_exclusions_against_wishes_and_schools(values: dict[str, Any], codes: list[str]) -> None:
    schools = (school("GS A"), school("GS B"), school("OS", school_type="OS"))
    town = replace(district(), schools=schools, newcomers=(child("k", **values),))
    findings = [f for f in check(town) if f.sheet == "Neuzugänge"]
    assert sorted(f.code for f in findings) == codes
    assert not any(f.is_fault for f in findings)


def test_a_wished_and_excluded_school_is_told_with_what_counts() -> None:
    children = (child("k", wishes=("GS A",), excluded=("GS A",)),)
    town = replace(district(), schools=(school("GS A"), school("GS B")), newcomers=children)
    (finding,) = (f for f in check(town) if f.sheet == "Neuzugänge")
    assert finding.problem == "„GS A“ ist zugleich gewünscht und ausgeschlossen."
    assert finding.remedy.startswith("Der Ausschluss gilt, der Wunsch zählt nicht.")
