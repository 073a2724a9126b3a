"""Which number of pupils a plan starts with, and how many seats are free, school by school."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.findings import Severity
from daz_planner.district.model import District, Place
from daz_planner.district.today_numbers import (
    count_hints,
    reserve_text,
    source_text,
    today_numbers,
    unlisted,
)
from tests.district.plausible import FILE, check, district, only, pupil, roster, school


def with_roster(number: int, **values: Any) -> District:
    return district(schools=(school(**values),), rosters=(roster(number=number),))


@pytest.mark.parametrize(
    ("pupils", "guests", "listed", "used", "source"),
    [
        (20, 0, 20, 20, "beide"),
        (20, 0, 19, 20, "Tabelle"),
        (20, 0, 21, 21, "Bestand"),
        (20, 2, 20, 22, "beide"),  # the roster leaves the guests out
        (20, 2, 22, 22, "beide"),  # or names them
        (20, 2, 21, 22, "Tabelle"),
        (20, 2, 23, 23, "Bestand"),
        (0, 0, 3, 3, "Bestand"),
    ],
)
def test_the_larger_number_counts(
    pupils: int, guests: int, listed: int, used: int, source: str
) -> None:
    (number,) = today_numbers(with_roster(listed, pupils=pupils, guests=guests))
    assert (number.used, number.source) == (used, source)


def test_without_a_roster_the_table_counts() -> None:
    (number,) = today_numbers(district())
    assert (number.listed, number.used, number.source, number.without_phase) == (
        *(None, 20),
        *("Tabelle", 20),
    )
    assert source_text(district()) == ""
    assert count_hints(district()) == []


def test_pupils_without_a_phase_are_counted() -> None:
    assert [n.without_phase for n in today_numbers(with_roster(15))] == [5]
    assert [n.without_phase for n in today_numbers(with_roster(20))] == [0]
    known = with_roster(15, phases=(18, 2, None))
    assert [n.without_phase for n in today_numbers(known)] == [0]


@settings(deadline=None)
@given(
    pupils=st.integers(0, 30),
    guests=st.integers(0, 5),
    first=st.integers(0, 30),
    named=st.tuples(st.integers(0, 30), st.integers(0, 30)),
    known=st.booleans(),
)
def test_nobody_counts_twice(
    pupils: int, guests: int, first: int, named: tuple[int, int], known: bool
) -> None:
    phases = (min(first, pupils), pupils - min(first, pupils), None) if known else (None,) * 3
    there = school(pupils=pupils, guests=guests, phases=phases)
    rest = unlisted(there, Counter({1: named[0], 2: named[1]}))
    total = sum(named) + sum(number for _, number in rest)
    # Nobody of the roster or of the table is left out; guests may stand in the roster.
    assert max(sum(named), pupils + guests) == total
    assert all(number > 0 for _, number in rest)


@pytest.mark.parametrize(
    ("pupils", "listed", "far"),
    [
        (40, 3, True),
        (3, 40, True),
        (40, 26, True),
        (40, 27, False),
        (15, 10, False),
        (16, 10, True),
        (6, 0, True),
        (5, 0, False),
        (20, 20, False),
    ],
)
def test_far_apart(pupils: int, listed: int, far: bool) -> None:
    tested = district(
        schools=(school(pupils=pupils),),
        rosters=(roster(*([pupil(phase=3)] if not listed else []), number=max(listed, 1)),),
    )
    (number,) = today_numbers(tested)
    assert number.listed == listed
    assert number.is_far == far


def test_a_roster_of_a_part_of_the_school_is_a_strong_warning() -> None:
    tested = with_roster(3, pupils=40, classes=2, reserve=6)
    finding = only(check(tested), "bestand_weit_abweichend")
    assert (finding.place, finding.severity) == ("Schulen!B7", Severity.WARNING)
    assert finding.problem == (
        "Achtung: Von 40 VKA-Schülern der Schule „1. Grundschule Riesa“ stehen nur 3 im Bestand."
    )
    assert "Gerechnet wird mit 40; von 37 kennt der Plan" in finding.remedy
    hints = count_hints(tested)
    assert "„1. Grundschule Riesa“ (Tabelle 40, Bestand 3, gerechnet 40)" in hints[0]
    assert hints[1] == (
        "Schüler von heute: Gerechnet wird mit 40 VKA-Schülern: die Tabelle zählt bei 1 Schule."
    )


def test_a_roster_far_above_the_table() -> None:
    finding = only(
        check(with_roster(40, pupils=20, classes=2, reserve=26)), "bestand_weit_abweichend"
    )
    assert "Im Bestand stehen 40 VKA-Schüler" in finding.problem
    assert "Gerechnet wird mit 40" in finding.remedy


def test_a_roster_that_no_class_can_hold_is_a_fault() -> None:
    finding = only(check(with_roster(70)), "schueler_je_klasse")
    assert (finding.place, finding.severity) == ("Schulen!B7", Severity.FAULT)
    assert "im Bestand stehen 70 VKA-Schüler, in der Tabelle 20" in finding.problem
    assert only(check(with_roster(69)), "bestand_weit_abweichend").severity is Severity.WARNING
    own = with_roster(70, class_cap=30, reserve=10)
    assert only(check(own), "bestand_weit_abweichend").severity is Severity.WARNING


def test_free_seats() -> None:
    def free(seats: float, **values: Any) -> tuple[int, str]:
        (number,) = today_numbers(district(schools=(school(**values),)))
        return number.free(seats), number.reserve_source

    assert free(23.0) == (3, "Tabelle")
    assert free(23.0, reserve=None) == (3, "gerechnet")
    assert free(19.0) == (0, "Tabelle")
    assert free(23.0, classes=0) == (0, "")


def test_the_sum_of_the_reserve_names_that_of_the_table_where_it_differs() -> None:
    same = district(schools=(school(), school("2. Grundschule Riesa", row=8)))
    assert reserve_text(same, [23.0, 23.0]) == "6"
    unknown = district(schools=(school(), school("2. Grundschule Riesa", reserve=None, row=8)))
    assert reserve_text(unknown, [23.0, 23.0]) == "6 (in der Tabelle 3)"


def test_an_unknown_reserve_is_told_with_its_numbers() -> None:
    others = tuple(
        school(f"{n}. Grundschule Riesa", reserve=None, row=7 + n, classes=2) for n in range(2, 9)
    )
    finding = only(check(district(schools=(school(), *others))), "reserve_ohne_angabe")
    assert finding.place == "Schulen!D9"
    assert "„2. Grundschule Riesa“ (D9): 2 × 23 − 20 = 26; " in finding.problem
    assert finding.problem.endswith(" und 2 weitere (D14, D15).")
    own = school(reserve=None, class_cap=21, guests=1, pupils=18)
    assert "1 × 21 − 19 = 2" in only(check(district(schools=(own,))), "reserve_ohne_angabe").problem


@pytest.mark.parametrize(
    "values",
    [
        {"pupils": 23, "reserve": None},  # full: nothing is assumed
        {"pupils": 0, "classes": 0, "reserve": None},  # a site that runs no class
        {"pupils": 23, "reserve": 0},
    ],
)
def test_nothing_to_say_of_the_reserve(values: dict[str, Any]) -> None:
    assert check(district(schools=(school(**values),))) == ()


def test_a_dash_in_the_reserve_is_no_free_seat_and_told() -> None:
    cell = Place(FILE, "Schulen", 7, 4)
    dash = replace(district(schools=(school(reserve=0),)), written=((cell, "–"),))
    found = check(dash)
    assert [f.code for f in found] == ["reserve_abweichend", "reserve_strich"]
    assert "(D7): nach Klassen × Obergrenze − Schüler wären 3 frei" in found[1].problem
    assert (found[1].value, found[1].cell) == ("–", "D7")
    full = replace(district(schools=(school(pupils=23, reserve=0),)), written=((cell, "–"),))
    assert check(full) == ()
    zero = check(district(schools=(school(reserve=0),)))
    assert [f.code for f in zero] == ["reserve_abweichend"]


def test_dash_and_unknown_are_read_from_the_cells(read: Any, schools: Any) -> None:
    tested = read(
        Schulen=schools(
            ("Grundschule A", "Riesa", 20, 1, "–", 51.3, 13.29),
            ("Grundschule B", "Riesa", 20, 1, "k. A.", 51.3, 13.29),
            ("Grundschule C", "Riesa", 20, 1, None, 51.3, 13.29),
        )
    )
    assert [s.reserve for s in tested.schools] == [0, None, None]
    found = {f.code: f.problem for f in check(tested)}
    (unknown,) = [f for f in check(tested) if f.code == "reserve_ohne_angabe"]
    assert (unknown.cell, unknown.value) == ("E3", "k. A.")
    assert "„Grundschule A“ (E2)" in found["reserve_strich"]
    assert (
        "„Grundschule B“ (E3): 1 × 23 − 20 = 3; „Grundschule C“ (E4)"
        in (found["reserve_ohne_angabe"])
    )
