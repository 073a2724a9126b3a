"""Rules on the days on which they change."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from itertools import pairwise

import pytest

from daz_planner import rules
from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.rules.dated import DATA, entries


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2011, 8, 1), 23),
        (date(2017, 2, 8), 23),
        (date(2022, 5, 11), 23),
        (date(2022, 5, 12), 28),
        (date(2025, 9, 1), 28),
        (date(2026, 7, 31), 28),
        (date(2026, 8, 1), None),
        (date(2030, 1, 1), None),
    ],
)
def test_class_cap_on_boundary_days(day: date, value: int | None) -> None:
    cap = rules.class_cap(day)
    assert cap.value == value
    assert cap.open is (value is None)
    assert cap.source


def test_open_cap_says_aloud_what_is_used() -> None:
    cap = rules.class_cap_or_last(date(2026, 8, 1))
    assert (cap.value, cap.open) == (28, True)
    for words in ("ab dem 01.08.2026", "keine Regel gefunden", "23 oder 28", "obergrenze = 23"):
        assert words in cap.note
    assert "[klassen]" in cap.note


def test_known_cap_has_no_note() -> None:
    cap = rules.class_cap_or_last(date(2026, 7, 31))
    assert (cap.value, cap.open, cap.note) == (28, False, "")


def test_stay_cap_on_boundary_days() -> None:
    old = rules.stay_cap(date(2025, 7, 31))
    assert (old.phase1, old.phase2, old.total) == (12, 12, None)
    assert "2017" in old.source
    new = rules.stay_cap(date(2025, 8, 1))
    assert (new.phase1, new.phase2, new.total) == (None, None, 24)
    assert "16.01.2025" in new.source


def test_way_limits_by_school_type() -> None:
    day = date(2017, 2, 8)
    found = {kind: rules.way_limits(day, kind) for kind in SCHOOL_TYPES}
    assert {kind: way.guidance for kind, way in found.items()} == {
        "GS": 30,
        "OS": 45,
        "BSZ": 45,
        "GYM": 45,
    }
    assert {way.limit for way in found.values()} == {60}
    assert "Annahme" in found["BSZ"].source


def test_class_sizes() -> None:
    day = date(2017, 2, 8)
    assert rules.planning_size(day).value == 20
    assert rules.planning_size(date(2016, 12, 31)).open
    assert rules.class_from(day).value == 13
    assert rules.doubtful_below(day).value == 10
    assert [rules.grade_span(day, kind).value for kind in SCHOOL_TYPES] == [2, 3, None, None]


def test_unknown_school_type_is_refused() -> None:
    with pytest.raises(ValueError, match="Gesamtschule"):
        rules.way_limits(date(2017, 2, 8), "Gesamtschule")


def test_school_types_are_those_of_the_district() -> None:
    assert rules.SCHOOL_TYPES == SCHOOL_TYPES


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        ("klassen.toml", "class_cap"),
        ("verweildauer.toml", "stay_cap"),
        ("lehrerstunden.toml", "teacher_hours"),
        ("lehrerstunden.toml", "phase3_rate"),
    ],
)
def test_dated_entries_follow_each_other_without_gap(file: str, rule: str) -> None:
    found = entries(file, rule)
    assert "valid_from" not in found[0]
    for earlier, later in pairwise(found):
        assert later["valid_from"] == earlier["valid_to"] + timedelta(days=1)
    assert "valid_to" not in found[-1]


def test_every_entry_names_its_source() -> None:
    for file in DATA.glob("*.toml"):
        for rule, found in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for entry in found:
                assert entry["source"], f"{file.name}: {rule}"
