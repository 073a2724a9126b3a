"""Phases, grades and dates in the ways offices write them; what is not certain stays a fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.findings import Severity
from daz_planner.district.spellings import Meant, grade, month_as_day, phase

Read = Callable[..., Any]
GS = "Grundschule A"
HEADER = ("Schüler-ID", "Schule", "Phase", "Phase seit", "Eintritt", "Klassenstufe")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("II", 2),
        ("I", 1),
        ("iii", None),
        ("Phase 2", 2),
        ("phase2", 2),
        ("Phase II", 2),
        ("Ph. 2", 2),
        ("Ph 3", 3),
        ("P2", 2),
        ("2. Phase", 2),
        ("3 . Phase", None),
        ("Etappe 1", 1),
        ("2. Etappe", 2),
        ("DaZ 2", 2),
        ("DaZ-Phase 2", 2),
        ("IV", None),
        ("Phase 4", None),
        ("Phase 0", None),
        ("Phase 12", None),
        ("12. Phase", None),
        ("1/2", None),
        ("1-2", None),
        ("Phase 1/2", None),
        ("2.5", None),
        ("Phase", None),
        ("P", None),
        ("ii?", None),
        (2.0, None),
    ],
)
def test_phases(written: Any, meant: int | None) -> None:
    found = phase(written)
    assert (found.value if found else None) == meant


NOT_A_GRADE = Meant(None, "ohne Klassenstufe")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2a", 2),
        ("10 b", 10),
        ("Klasse 2", 2),
        ("2. Klasse", 2),
        ("2.Klasse", 2),
        ("Kl. 2b", 2),
        ("Klassenstufe 7", 7),
        ("Jg. 9", 9),
        ("Vorbereitungsklasse", NOT_A_GRADE),
        ("VKA", NOT_A_GRADE),
        ("VKA 2", NOT_A_GRADE),
        ("DaZ-Klasse", NOT_A_GRADE),
        ("5/6", None),
        ("5-6", None),
        ("5/1", None),
        ("2x", None),
        ("2.5", None),
        ("123a", None),
        ("Klasse", None),
        ("zweite", None),
    ],
)
def test_grades(written: str, meant: Any) -> None:
    found = grade(written)
    assert found == meant if isinstance(meant, Meant) else (found and found.value) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Okt. 2016", date(2016, 10, 1)),
        ("Okt 2016", date(2016, 10, 1)),
        ("Oktober 2016", date(2016, 10, 1)),
        ("März 2017", date(2017, 3, 1)),
        ("10/2016", date(2016, 10, 1)),
        ("10.2016", date(2016, 10, 1)),
        ("2016-10", date(2016, 10, 1)),
        ("Okt. 16", None),
        ("10/16", None),
        ("12.16", None),
        ("13/2016", None),
        ("Herbst 2016", None),
        ("2016", None),
        ("2016/17", None),
        ("31.02.2017", None),
        (10.2016, None),
    ],
)
def test_months_as_days(written: Any, meant: date | None) -> None:
    found = month_as_day(written)
    assert (found.value if found else None) == meant


@settings(deadline=None)
@given(st.text(max_size=12))
def test_only_phases_come_out(text: str) -> None:
    found = phase(text)
    assert found is None or found.value in (1, 2, 3)


def roster(read: Read, schools: Read, *rows: tuple[Any, ...]) -> Any:
    table = schools((GS, "Riesa", len(rows), 1, 23 - len(rows), 51.3, 13.29))
    return read(Schulen=table, Bestand=(HEADER, *rows))


def test_one_hint_a_column_with_count_and_examples(read: Read, schools: Read) -> None:
    district = roster(
        read,
        schools,
        ("S-1", GS, "II", "10/2016", "Okt. 2016", "2a"),
        ("S-2", GS, "Ph. 1", "08.10.2016", "Oktober 2016", "Klasse 3"),
        ("S-3", GS, "II", None, None, "Vorbereitungsklasse"),
        ("S-4", GS, 2, None, None, 2),
    )
    assert [(p.phase, p.phase_since, p.entered, p.grade) for p in district.roster.pupils] == [
        (2, date(2016, 10, 1), date(2016, 10, 1), 2),
        (1, date(2016, 10, 8), date(2016, 10, 1), 3),
        (2, None, None, None),
        (2, None, None, 2),
    ]
    hints = district.findings
    assert {(f.code, f.severity) for f in hints} == {("wert_gelesen_als", Severity.WARNING)}
    assert [f.cell for f in hints] == ["C2", "D2", "E2", "F2"]
    assert hints[0].value == "II = 2; Ph. 1 = 1"
    assert hints[0].problem == (
        "Spalte „Phase“: 3 Angaben sind anders geschrieben und gelesen als „II“ = 2; „Ph. 1“ = 1."
    )
    assert "„10/2016“ = 01.10.2016" in hints[1].problem
    assert "1 Angabe ist" in hints[1].problem
    assert "„Vorbereitungsklasse“ = ohne Klassenstufe" in hints[3].problem


@pytest.mark.parametrize("written", ["Phase 4", "1/2", "2 oder 3", 4, "2,5"])
def test_a_wrong_phase_is_never_made_right(
    found: Read, schools: Read, only: Read, written: Any
) -> None:
    table = schools((GS, "Riesa", 1, 1, 22, 51.3, 13.29))
    fault = only(found(Schulen=table, Bestand=(HEADER[:3], ("S-1", GS, written))), "wert_falsch")
    assert fault.cell == "C2"


def test_a_grade_out_of_range_stays_a_fault(found: Read, schools: Read, only: Read) -> None:
    table = schools((GS, "Riesa", 1, 1, 22, 51.3, 13.29))
    row = ("S-1", GS, 1, None, None, "Klasse 14")
    fault = only(found(Schulen=table, Bestand=(HEADER, row)), "wert_falsch")
    assert (fault.cell, fault.value) == ("F2", "Klasse 14")


def test_regular_classes_need_a_grade(found: Read, schools: Read, only: Read) -> None:
    table = schools((GS, "Riesa", 1, 1, 22, 51.3, 13.29))
    header = ("Schule", "Klassenstufe", "Klassen", "Schüler")
    rows = (header, (GS, "2. Klasse", 2, 40), (GS, "Vorbereitungsklasse", 1, 20))
    assert only(found(Schulen=table, Regelklassen=rows), "wert_falsch").cell == "B3"


def test_a_month_does_not_lie_before_an_entry_in_it(read: Read, schools: Read) -> None:
    """``10/2016`` is some day of October, not one before the entry on 10 October."""
    late = roster(read, schools, ("S-1", GS, 1, "10/2016", "10.10.2016", 2))
    assert late.roster.pupils[0].phase_since == date(2016, 10, 10)
    exact = roster(read, schools, ("S-1", GS, 1, "01.10.2016", "10.10.2016", 2))
    assert exact.roster.pupils[0].phase_since == date(2016, 10, 1)
    other = roster(read, schools, ("S-1", GS, 1, "09/2016", "10.10.2016", 2))
    assert other.roster.pupils[0].phase_since == date(2016, 9, 1)
