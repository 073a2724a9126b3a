"""Teacher hours before and after the change to the table by pupils."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from daz_planner.rules import phase3_rate, teacher_hours

OLD = date(2025, 7, 31)
NEW = date(2025, 8, 1)


@pytest.mark.parametrize(
    ("school_type", "classes", "hours"),
    [("GS", 1, 17), ("OS", 2, 54), ("BSZ", 3, 96), ("GYM", 1, 27), ("GS", 0, 0)],
)
def test_per_class_until_july_2025(school_type: str, classes: int, hours: float) -> None:
    rule = teacher_hours(OLD)
    assert rule.steps(school_type) is None
    assert rule.hours(school_type, classes, 20 * classes) == hours


@pytest.mark.parametrize(
    ("school_type", "classes", "pupils", "hours"),
    [
        ("GS", 0, 0, 0),
        ("GS", 1, 1, 7),
        ("GS", 1, 6, 7),
        ("GS", 1, 7, 12),
        ("GS", 1, 12, 12),
        ("GS", 1, 13, 17),
        ("OS", 1, 28, 27),
        ("OS", 2, 29, 39),
        ("BSZ", 4, 96, 103),
        ("GYM", 4, 97, 108),
        ("OS", 8, 200, 116),
        ("OS", 1, 12.001, 27),
        ("OS", 1, 12.0000000001, 22),
    ],
)
def test_by_pupils_from_august_2025(
    school_type: str, classes: int, pupils: float, hours: float
) -> None:
    assert teacher_hours(NEW).hours(school_type, classes, pupils) == hours


def test_steps_are_the_published_table() -> None:
    rule = teacher_hours(NEW)
    steps = rule.steps("GS")
    assert steps is not None
    assert steps[0] == (1, 6, 5)
    assert steps[-1] == (97, None, 60)
    assert len(steps) == 12
    for earlier, later in pairwise(steps):
        assert earlier[1] is not None
        assert later[0] == earlier[1] + 1
        assert later[2] > earlier[2]
    assert rule.per_class("GS") is None
    assert rule.steps("OS") == rule.steps("BSZ") == rule.steps("GYM")


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2022, 7, 31), None),
        (date(2022, 8, 1), 0.4),
        (date(2023, 7, 31), 0.4),
        (date(2023, 8, 1), 0.3),
        (date(2025, 7, 31), 0.3),
        (date(2025, 8, 1), None),
    ],
)
def test_phase3_rate_on_boundary_days(day: date, rate: float | None) -> None:
    found = phase3_rate(day)
    assert found.value == rate
    assert found.open is (rate is None)


def test_unknown_school_type_is_refused() -> None:
    with pytest.raises(ValueError, match="XY"):
        teacher_hours(OLD).hours("XY", 1, 1)
