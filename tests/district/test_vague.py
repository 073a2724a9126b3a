"""Names of columns that count only where the rest of the sheet bears them out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

Read = Callable[..., Any]
SCHOOL = ("Oberschule A Riesa", "Riesa", 2, 1, 21, 51.30, 13.29)
NAME = SCHOOL[0]
DAY = date(2016, 9, 1)


def test_all_names_of_an_office(read: Read, schools: Read) -> None:
    rows = (
        ("Code", "Schule", "Phase", "Beginn", "Phase seit", "Klasse"),
        ("S-1", NAME, 1, DAY, DAY, 5),
        ("S-2", NAME, 2, DAY, date(2017, 1, 9), "6"),
    )
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [(p.pupil_id, p.entered, p.grade) for p in district.roster.pupils] == [
        ("S-1", DAY, 5),
        ("S-2", DAY, 6),
    ]
    hints = [(f.code, f.cell, f.problem) for f in district.findings]
    assert hints == [
        ("spalte_schreibweise", "A1", "Die Spalte „Code“ ist als „Schüler-ID“ gelesen."),
        ("spalte_schreibweise", "D1", "Die Spalte „Beginn“ ist als „Eintritt“ gelesen."),
        ("spalte_schreibweise", "F1", "Die Spalte „Klasse“ ist als „Klassenstufe“ gelesen."),
    ]


@pytest.mark.parametrize("name", ["Schüler-Nr.", "SCHÜLER NR", "Schüler-Code"])
def test_a_number_of_the_pupil_is_its_id(read: Read, schools: Read, name: str) -> None:
    rows = ((name, "Schule", "Phase"), ("0012", NAME, 1), ("0013", NAME, 2))
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [p.pupil_id for p in district.roster.pupils] == ["0012", "0013"]
    assert district.findings == ()


def test_a_code_that_occurs_twice_is_no_id(found: Read, only: Read, schools: Read) -> None:
    rows = (("Code", "Schule", "Phase"), ("A", NAME, 1), ("A", NAME, 2))
    fault = only(found(Schulen=schools(SCHOOL), Bestand=rows), "spalte_fehlt")
    assert fault.value == "Schüler-ID"
    assert "„Code“" in fault.remedy and "in „Schüler-ID“ um" in fault.remedy


def test_a_code_beside_an_id_is_another_column(read: Read, schools: Read) -> None:
    rows = (("Schüler-ID", "Code", "Schule", "Phase"), ("S-1", "x", NAME, 1), ("S-2", "y", NAME, 2))
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [p.pupil_id for p in district.roster.pupils] == ["S-1", "S-2"]
    (warning,) = district.findings
    assert (warning.code, warning.value) == ("spalte_unbekannt", "Code")


def test_a_list_of_one_school_with_a_code(read: Read, schools: Read) -> None:
    rows = ((f"Schule: {NAME}",), ("Code", "Phase"), ("S-1", 1), ("S-2", 2))
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [p.pupil_id for p in district.roster.pupils] == ["S-1", "S-2"]


@pytest.mark.parametrize("values", [("VKA 1", "VKA 1"), ("5", "14"), (5, "DaZ a")])
def test_names_of_classes_are_no_grades(read: Read, schools: Read, values: Any) -> None:
    rows = (("Schüler-ID", "Schule", "Phase", "Klasse"), ("S-1", NAME, 1, values[0]))
    rows += (("S-2", NAME, 2, values[1]),)
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [p.grade for p in district.roster.pupils] == [None, None]
    (warning,) = district.findings
    assert (warning.code, warning.value) == ("spalte_unbekannt", "Klasse")
    assert "„Klassenstufe“" in warning.remedy


def test_sums_and_footers_do_not_count_as_values(read: Read, schools: Read) -> None:
    rows = (
        ("Schüler-ID", "Schule", "Phase", "Klasse"),
        ("S-1", NAME, 1, 5),
        ("S-2", NAME, 2, None),
        ("Summe", None, None, 99),
        (),
        ("Quelle: Schulen", None, None, "Stand heute"),
    )
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [p.grade for p in district.roster.pupils] == [5, None]


def test_a_class_beside_a_grade_is_another_column(read: Read, schools: Read) -> None:
    rows = (("Schüler-ID", "Schule", "Phase", "Klasse", "Klassenstufe"),)
    rows += (("S-1", NAME, 1, 1, 5), ("S-2", NAME, 2, 2, 6))
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [p.grade for p in district.roster.pupils] == [5, 6]


def test_a_begin_without_that_of_the_phase_is_a_question(read: Read, schools: Read) -> None:
    rows = (("Schüler-ID", "Schule", "Phase", "Beginn"), ("S-1", NAME, 1, DAY))
    rows += (("S-2", NAME, 2, DAY),)
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [(p.entered, p.phase_since) for p in district.roster.pupils] == [(None, None)] * 2
    (warning,) = district.findings
    assert (warning.code, warning.cell) == ("spalte_unbekannt", "D1")
    assert "„Eintritt“" in warning.remedy and "„Phase seit“" in warning.remedy


def test_a_begin_that_is_no_date(read: Read, schools: Read) -> None:
    rows = (("Schüler-ID", "Schule", "Phase", "Beginn", "Phase seit"),)
    rows += (("S-1", NAME, 1, "Montag", DAY), ("S-2", NAME, 2, DAY, DAY))
    (warning,) = read(Schulen=schools(SCHOOL), Bestand=rows).findings
    assert (warning.code, warning.value) == ("spalte_unbekannt", "Beginn")


@pytest.mark.parametrize(("upper", "lower"), [("Code", "Anzahl"), ("Kind", "Code"), ("Code", "")])
def test_a_vague_name_in_two_rows(read: Read, schools: Read, upper: str, lower: str) -> None:
    header = ((upper, "Schule", None), (lower or None, None, "Phase"))
    rows = (*header, ("S-1", NAME, 1), ("S-2", NAME, 2))
    district = read(Schulen=schools(SCHOOL), Bestand=rows)
    assert [p.pupil_id for p in district.roster.pupils] == ["S-1", "S-2"]
