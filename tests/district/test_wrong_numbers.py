"""Numbers that can be read in two ways, or can hardly be meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.district import values
from daz_planner.district.model import HistoryMonth, TeacherBudget
from daz_planner.district.values import BadValue
from daz_planner.rules import teacher_hours
from tests.district.plausible import DAY, check, coswig, district, only, riesa, school

Read = Callable[..., Any]
PARSERS: tuple[Callable[[Any], float], ...] = (values.hours, values.minutes, values.share)


# --- a point before three digits ---


@pytest.mark.parametrize("parse", PARSERS)
def test_a_point_before_three_digits_is_refused_with_both_readings(
    parse: Callable[[Any], float],
) -> None:
    with pytest.raises(BadValue) as error:
        parse("2.880")
    assert "„2.880“ ist nicht eindeutig: 2880 oder 2,88?" in str(error.value)


@pytest.mark.parametrize(
    ("parse", "cell", "number"),
    [
        (values.hours, "2.880,5", 2880.5),
        (values.hours, "2,880", 2.88),
        (values.hours, "2880", 2880.0),
        (values.hours, "2 880", 2880.0),
        (values.hours, "12.345,0", 12345.0),
        (values.hours, "288.5", 288.5),
        (values.hours, "204.25", 204.25),
        (values.hours, 2.88, 2.88),
        (values.hours, "0.125", 0.125),
        (values.share, "0.125", 0.125),
        (values.share, "12.345 %", 0.12345),
        (values.minutes, "12,5", 12.5),
        (values.decimal, "13.123", 13.123),
        (values.decimal, "51.128658", 51.128658),
    ],
)
def test_what_leaves_no_doubt(parse: Callable[[Any], float], cell: Any, number: float) -> None:
    assert parse(cell) == pytest.approx(number, rel=1e-12)


def test_a_zero_in_front_is_never_a_thousand() -> None:
    with pytest.raises(BadValue):
        values.whole("0.125")
    assert values.whole("1.234") == 1234


@given(st.integers(1, 999), st.integers(0, 999))
def test_no_text_with_one_point_and_three_digits_gets_through(before: int, behind: int) -> None:
    for parse in PARSERS:
        with pytest.raises(BadValue, match="nicht eindeutig"):
            parse(f"{before}.{behind:03d}")


def test_the_cell_of_the_teacher_hours(found: Read, schools: Read, only: Read) -> None:
    rows = (("Schulart", "Stunden"), ("GS", "2.880"))
    table = schools(("Grundschule Gröditz", "Gröditz", 9, 1, 14))
    fault = only(found(Schulen=table, Lehrerstunden=rows), "wert_falsch")
    assert fault.place == "Lehrerstunden!B2"


# --- teacher hours against the classes ---


@pytest.mark.parametrize(
    ("hours", "told"),
    [(17.0, False), (3.5, False), (3.3, True), (2.88, True), (170.0, False), (171.0, True)],
)
def test_teacher_hours_far_from_the_need(hours: float, told: bool) -> None:
    """One class of a Grundschule needs 15 + 2 hours in 2017: 3.4 to 170 may be meant."""
    budget = TeacherBudget(hours, "GS", sheet="Lehrerstunden", row=2)
    found = check(district(teacher_budgets=(budget,)), teacher_hours=teacher_hours(DAY).hours)
    # Fewer than they need is another warning.
    codes = [(f.code, f.cell, f.is_fault) for f in found if f.code != "stunden_fehlen"]
    assert codes == ([("stunden_unglaubwuerdig", "C2", False)] if told else [])


def test_teacher_hours_of_a_planning_area() -> None:
    schools = (school(planning_area="Nord"), school("2. GS", planning_area="Süd", row=8))
    budget = TeacherBudget(3.0, planning_area="nord", sheet="Lehrerstunden", row=2)
    tested = district(schools=schools, teacher_budgets=(budget,))
    finding = only(check(tested, teacher_hours=teacher_hours(DAY).hours), "stunden_unglaubwuerdig")
    assert "was 1 VKA-Klasse braucht (17 Stunden je Woche" in finding.problem


# --- history ---


def history(*numbers: int) -> tuple[HistoryMonth, ...]:
    return tuple(
        HistoryMonth(date(2015 + i // 12, i % 12 + 1, 1), (("", n),), sheet="Historie", row=i + 2)
        for i, n in enumerate(numbers)
    )


@pytest.mark.parametrize(
    ("numbers", "cells"),
    [
        ((11, 1234, 12), ["B3"]),
        ((1234, 11, 12), ["B2"]),
        ((11, 12, 96), ["B4"]),
        ((11, 12, 92), []),
        ((0, 1, 0, 20, 1), []),
        ((1, 2, 1, 25, 1), ["B5"]),
        ((11, 1234, 1180, 12, 10, 11), ["B3", "B4"]),
        ((10, 10, 10, 10, 10, 30, 60, 90, 120, 60, 30), []),
        ((11, 1234), []),
    ],
)
def test_a_month_with_many_times_the_others(numbers: tuple[int, ...], cells: list[str]) -> None:
    found = check(district(history=history(*numbers)))
    assert [(f.code, f.cell) for f in found] == [("historie_ausreisser", cell) for cell in cells]


# --- classes and reserve ---


@pytest.mark.parametrize(
    ("pupils", "classes", "reserve", "code"),
    [
        (15, 1, 54, "reserve_abweichend"),
        (15, 1, 55, "reserve_zu_gross"),
        (15, 1, 80, "reserve_zu_gross"),
        (48, 30, 21, "klassen_zu_viele"),
        (30, 22, 16, "klassen_zu_viele"),
        (48, 30, 642, "klassen_zu_viele"),
        (14, 5, 101, "klassen_zu_viele"),
        (15, 5, 100, None),
        (2, 41, None, "klassen_zu_viele"),
        (20, 4, 3, "reserve_abweichend"),
    ],
)
def test_classes_and_reserve_that_cannot_be(
    pupils: int, classes: int, reserve: int | None, code: str | None
) -> None:
    tested = school(pupils=pupils, classes=classes, reserve=reserve)
    found = [f for f in check(district(schools=(tested,))) if f.code != "reserve_ohne_angabe"]
    assert [f.code for f in found] == ([code] if code else [])
    assert all(f.is_fault == (f.code != "reserve_abweichend") and f.remedy for f in found)


def capacities(*reserves: int, classes: int = 1) -> list[Any]:
    return [
        school(f"{i}. Grundschule", pupils=11 + i, classes=classes, reserve=reserve, row=i + 2)
        for i, reserve in enumerate(reserves)
    ]


@pytest.mark.parametrize(
    ("reserves", "fires"),
    [
        ((23, 23, 23, 23, 23), True),
        ((23, 23, 23, 23, 7), True),
        ((25, 25, 25, 25), True),
        ((23, 23, 23), False),
        ((23, 23, 23, 9, 8), False),
        ((12, 11, 10, 9, 8), False),
    ],
)
def test_a_reserve_that_is_the_capacity(reserves: tuple[int, ...], fires: bool) -> None:
    found = check(district(schools=tuple(capacities(*reserves))))
    faults = [f for f in found if f.is_fault]
    assert [f.code for f in faults] == (["reserve_ist_kapazitaet"] if fires else [])
    if fires:
        assert "wohl die Kapazität, nicht die Zahl der freien Plätze" in faults[0].problem
        equal = sum(reserve == reserves[0] for reserve in reserves)
        assert len(found) == 1 + len(reserves) - equal  # and no word on each of them


@pytest.mark.parametrize("name", ["Kapazität", "Plätze", "VKA-Plätze", "Gesamtkapazität"])
def test_no_column_of_all_seats_is_to_be_renamed(found: Read, only: Read, name: str) -> None:
    rows = (
        ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", name),
        ("Grundschule Gröditz", "Gröditz", 9, 1, 23),
    )
    fault = only(found(Schulen=rows), "spalte_fehlt")
    assert "enennen" not in fault.remedy and "in „Kap.reserve“ um" not in fault.remedy
    assert f"„{name}“ ist wohl die Zahl aller Plätze, nicht der freien." in fault.remedy


def test_the_district_of_these_tests_is_fine() -> None:
    assert check(district(municipalities=(riesa(), coswig()))) == ()


@pytest.mark.parametrize("name", ["Schüler w", "Mädchen", "Schüler gesamt"])
def test_a_part_of_the_pupils_is_never_proposed_as_all(found: Read, only: Read, name: str) -> None:
    rows = (
        ("Schule", "Gemeinde", name, "VKA-Klassen", "Kap.reserve"),
        ("Grundschule Gröditz", "Gröditz", 9, 1, 14),
    )
    fault = only(found(Schulen=rows), "spalte_fehlt")
    assert "wohl nicht alle VKA-Schüler" in fault.remedy
    assert "Am nächsten" not in fault.remedy
