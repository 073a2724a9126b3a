"""Headers as offices write them: split, grouped, misspelt, repeated, merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from daz_planner.district.collect import MOST_OF_A_KIND
from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.findings import Finding, Severity
from daz_planner.district.headers import HeaderFinder
from daz_planner.district.model import District
from daz_planner.district.read import build_district
from daz_planner.district.sheets import Sheet, Source
from daz_planner.errors import InputError

Read = Callable[..., Any]
ROW = ("Oberschule A Riesa", "Riesa", 20, 1, 3)
GS = ("Grundschule B Coswig", "Coswig", 10, 1, 13)
HEADER = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")


def counts(district: District) -> list[tuple[int, int, int | None]]:
    return [(school.pupils, school.classes, school.reserve) for school in district.schools]


def codes(findings: Sequence[Finding]) -> list[str]:
    return [f.code for f in findings if f.code != "lage_gemeindesitz"]


@pytest.mark.parametrize(
    "header",
    [
        (
            ("Schule", "Gemeinde", "VKA-", "VKA-", "Kap.-"),
            (None, None, "Schüler", "Klassen", "reserve"),
        ),
        (
            ("Schule", "Gemeinde", "Vorbereitungsklassen", None, None),
            (None, None, "Schüler", "Klassen", "Reserve"),
        ),
        (
            ("", "", "VKA am 8.2.", None, None),
            ("Schule", "Gemeinde", "Schüler", "Klassen", "Reserve"),
        ),
        (
            ("Schule", "Gemeinde", "VKA", None, "Kap.reserve"),
            (None, None, "Anzahl", "Anzahl", None),
            (None, None, "Schüler", "Klassen", None),
        ),
        (("Schule", "Ort", "Schüler (VKA)", "Klassen²", "Reserve 1)"),),
    ],
)
def test_header_over_several_rows(read: Read, header: Any) -> None:
    rows = tuple(tuple(cell or None for cell in row) for row in header)
    district = read(Schulen=(("VKA im Landkreis Meißen",), (), *rows, ROW))
    assert counts(district) == [(20, 1, 3)]
    assert codes(district.findings) == []


def test_the_group_says_whose_pupils_they_are(read: Read) -> None:
    upper = ("Schule", "Gemeinde", "Regelklassen", None, "Vorbereitungsklassen", None, None)
    lower = (None, None, "Schüler", "Klassen", "Schüler", "Klassen", "Reserve")
    district = read(Schulen=(upper, lower, ("Oberschule A Riesa", "Riesa", 300, 12, 20, 1, 3)))
    assert counts(district) == [(20, 1, 3)]
    unknown = [f for f in district.findings if f.code == "spalte_unbekannt"]
    assert [f.value for f in unknown] == ["Regelklassen Schüler", "Regelklassen Klassen"]


def test_pupils_of_regular_classes_are_not_taken_for_vka(found: Read) -> None:
    upper = (None, None, "Regelklassen", None, None)
    lower = ("Schule", "Gemeinde", "Schüler", "Klassen", "Reserve")
    findings = found(Schulen=(upper, lower, ROW))
    missing = [f.value for f in findings if f.code == "spalte_fehlt"]
    assert missing == ["Kap.reserve", "VKA-Klassen", "VKA-Schüler"] or set(missing) == {
        "VKA-Schüler",
        "VKA-Klassen",
        "Kap.reserve",
    }


def test_the_group_of_the_vka_wins_over_another(read: Read) -> None:
    upper = (None, None, "Alle", None, "VKA", None, None)
    lower = ("Schule", "Gemeinde", "Schüler", "Klassen", "Schüler", "Klassen", "Reserve")
    district = read(Schulen=(upper, lower, ("Oberschule A Riesa", "Riesa", 300, 12, 20, 1, 3)))
    assert counts(district) == [(20, 1, 3)]
    assert codes(district.findings) == ["spalte_unbekannt", "spalte_unbekannt"]


def test_a_title_above_the_header_is_no_part_of_it(read: Read) -> None:
    title = ("Stand 08.02.2017", "Landkreis", None, None, None, "Meißen")
    district = read(Schulen=(title, (*HEADER, "Schulleitung"), (*ROW, "x")))
    assert [f.value for f in district.findings if f.code == "spalte_unbekannt"] == ["Schulleitung"]


def test_a_slip_that_fits_two_columns_is_none() -> None:
    columns = (Column("Maibaum"), Column("Mairaum"), Column("Schule"), Column("Klassen"))
    rows = (("Schule", "Klassen", "Maisaum"),)
    header = HeaderFinder(SheetSpec("x", (), columns), rows).best()
    assert header is not None
    assert (header.guessed, header.unknown) == ({}, (2,))
    rows = (("Schule", "Klassen", "Maibaun"),)
    header = HeaderFinder(SheetSpec("x", (), columns), rows).best()
    assert header is not None
    assert header.guessed == {"Maibaum": 2}


def test_two_years_side_by_side_are_a_question(found: Read, only: Read) -> None:
    upper = ("Schule", "Gemeinde", "2015/16", None, "2016/17", None)
    lower = (None, None, "Schüler", "Reserve", "Schüler", "Klassen")
    fault = only(
        found(Schulen=(upper, lower, ("Oberschule A", "Riesa", 9, 9, 20, 1))), "spalte_doppelt"
    )
    assert fault.place == "Schulen!E2"
    assert "„2015/16 Schüler“ und „2016/17 Schüler“ stehen beide für „VKA-Schüler“" in fault.problem


def test_group_of_phases_with_digits_below(read: Read) -> None:
    upper = ("Schule", "Gemeinde", "VKA-Schüler", None, None, "VKA-Klassen", "Kap.reserve")
    lower = (None, None, "gesamt", "Phase 1", "Phase 2", None, None)
    row = ("Oberschule A Riesa", "Riesa", 20, 12, 8, 1, 3)
    assert read(Schulen=(upper, lower, row)).schools[0].phases == (12, 8, None)
    upper = ("Schule", "Gemeinde", "VKA-Schüler", "Phase", None, "VKA-Klassen", "Kap.reserve")
    lower = (None, None, None, 1, 2, None, None)
    assert read(Schulen=(upper, lower, row)).schools[0].phases == (12, 8, None)


def test_blocks_repeat_the_header_in_another_order(read: Read) -> None:
    district = read(
        Schulen=(
            ("Grundschulen",),
            HEADER,
            GS,
            ("Summe GS", None, 10, 1, 13),
            (),
            ("Oberschulen",),
            ("Schule", "Gemeinde", "Kap.reserve", "VKA-Klassen", "VKA-Schüler"),
            ("Oberschule A Riesa", "Riesa", 3, 1, 20),
            ("Summe OS", None, 3, 1, 20),
            ("Gesamt", None, 16, 2, 30),
        )
    )
    assert counts(district) == [(10, 1, 13), (20, 1, 3)]
    assert codes(district.findings) == []


def test_fault_in_a_later_block_names_its_own_cell(found: Read, only: Read) -> None:
    other = ("Schule", "Gemeinde", "Kap.reserve", "VKA-Klassen", "VKA-Schüler")
    findings = found(Schulen=(HEADER, GS, (), other, ("Oberschule A Riesa", "Riesa", 3, "2x", 20)))
    assert only(findings, "wert_falsch").place == "Schulen!D5"
    findings = found(Schulen=(HEADER, GS, (), other, ("Oberschule A Riesa", "Riesa", 3, 1, "2x")))
    assert only(findings, "wert_falsch").place == "Schulen!E5"


def test_later_block_without_a_mandatory_column(found: Read, only: Read) -> None:
    other = ("Schule", "Gemeinde", "VKA-Klassen", "VKA-Schüler")
    fault = only(found(Schulen=(HEADER, GS, (), other, ROW)), "spalte_fehlt")
    assert (fault.row, fault.value) == (4, "Kap.reserve")
    assert "eigenes Blatt" in fault.remedy


@pytest.mark.parametrize(
    ("place", "written"),
    [(2, "VKA-Schüller"), (4, "Kap.reserwe"), (3, "VKA-Klasen"), (0, "Schulle"), (4, "Kapreserwe")],
)
def test_slip_of_the_pen_in_a_header(read: Read, place: int, written: str) -> None:
    header = list(HEADER)
    header[place] = written
    district = read(Schulen=(header, ROW))
    assert counts(district) == [(20, 1, 3)]
    (warning,) = (f for f in district.findings if f.code != "lage_gemeindesitz")
    assert (warning.code, warning.severity) == ("spalte_schreibweise", Severity.WARNING)
    assert (warning.row, warning.column, warning.value) == (1, place + 1, written)


@pytest.mark.parametrize("written", ["VAK-Schüler", "VKA-Lehrer", "VKA-Schüler 2", "Phase 4"])
def test_no_slip_that_could_mean_something_else(found: Read, written: str) -> None:
    header = ("Schule", "Gemeinde", written, "VKA-Klassen", "Kap.reserve")
    findings = found(Schulen=(header, ROW))
    assert [f.value for f in findings if f.code == "spalte_fehlt"] == ["VKA-Schüler"]


def test_two_headers_for_one_column_are_no_slip(found: Read) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüller", "VKA-Schülerr", "VKA-Klassen", "Kap.reserve")
    findings = found(Schulen=(header, ("Oberschule A", "Riesa", 20, 21, 1, 3)))
    assert [f.value for f in findings if f.code == "spalte_fehlt"] == ["VKA-Schüler"]


def test_missing_column_lists_what_was_not_recognised(found: Read, only: Read) -> None:
    header = ("Schule", "Gemeinde", "Anzahl Kinder", "VKA-Klassen", "Kap.reserve", "Bemerkung")
    fault = only(found(Schulen=(header, (*ROW, "x"))), "spalte_fehlt")
    assert fault.remedy == (
        "Nicht erkannt: „Anzahl Kinder“ und „Bemerkung“. Benennen Sie die richtige Spalte in "
        "„VKA-Schüler“ um, oder ergänzen Sie sie."
    )


def district_of(*sheets: Sheet) -> District:
    details = Sheet("Angaben", (("Landkreis", "Meißen"), ("Stichtag", date(2017, 2, 8))))
    return build_district(Source("klein.xlsx", "", (details, *sheets)))


def test_text_in_cells_merged_downwards_counts_for_each_row() -> None:
    header = ("Gemeinde", "Schule", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    rows = (header, ("Riesa", "Oberschule A", 20, 1, 3), (None, "Grundschule B", 10, 1, 13))
    sheet = Sheet("Schulen", rows, merged=((2, 1, 3, 1),))
    assert [s.municipality for s in district_of(sheet).schools] == ["Riesa", "Riesa"]


@pytest.mark.parametrize("number", [20, "20"])
def test_a_number_in_merged_cells_belongs_to_nobody_else(number: Any) -> None:
    rows = (HEADER, (*ROW[:2], number, *ROW[3:]), ("Grundschule B", "Coswig", None, 1, 13))
    sheet = Sheet("Schulen", rows, merged=((2, 3, 3, 3),))
    with pytest.raises(InputError) as error:
        district_of(sheet)
    (fault,) = (f for f in error.value.findings if f.severity is Severity.FAULT)
    assert (fault.code, fault.cell) == ("wert_fehlt", "C3")


def test_group_heading_known_from_merged_cells() -> None:
    upper = ("Schule", "Gemeinde", "VKA", None, None, "Regelklassen")
    lower = (None, None, "Schüler", "Klassen", "Reserve", "Anzahl Schüler")
    merged = ((1, 3, 1, 5), (1, 1, 2, 1), (1, 2, 2, 2))
    sheet = Sheet("Schulen", (upper, lower, (*ROW, 300)), merged=merged)
    assert counts(district_of(sheet)) == [(20, 1, 3)]


def test_formula_without_result_and_error_value_are_faults() -> None:
    rows = (HEADER, ("Oberschule A", "Riesa", None, 1, "#BEZUG!"))
    sheet = Sheet(
        "Schulen",
        rows,
        empty_formulas=frozenset({(2, 3)}),
        error_cells={(2, 5): "#BEZUG!"},
    )
    with pytest.raises(InputError) as error:
        district_of(sheet)
    faults = {f.cell: f for f in error.value.findings if f.severity is Severity.FAULT}
    assert {cell: f.code for cell, f in faults.items()} == {
        "C2": "formel_ohne_ergebnis",
        "E2": "fehlerwert",
    }
    assert faults["C2"].problem.startswith("Formel ohne Ergebnis")
    assert "speichern" in faults["C2"].remedy
    assert "#BEZUG!" in faults["E2"].problem


def test_hidden_rows_are_read_with_a_warning() -> None:
    sheet = Sheet("Schulen", (HEADER, ROW, GS), hidden_rows=frozenset({3}))
    district = district_of(sheet)
    assert len(district.schools) == 2
    assert [f.code for f in district.findings if f.row == 3] == ["zeilen_verborgen"]


@pytest.mark.parametrize("written", ["ca. 20", "<3", "über 10", "etwa 5", "~7", ">= 3"])
def test_rough_numbers_are_not_read(found: Read, only: Read, written: str) -> None:
    fault = only(found(Schulen=(HEADER, ("Oberschule A", "Riesa", written, 1, 3))), "wert_falsch")
    assert (fault.place, fault.value) == ("Schulen!C2", written)
    assert fault.remedy == "Tragen Sie die Zahl der VKA-Schüler ein, z. B. 21."


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.234", 1234),
        ("1\u00a0234", 1234),
        ("12", 12),
        (" 7 ", 7),
        ("–", 0),
        ("12,0", 12),
        (5.0, 5),
    ],
)
def test_numbers_as_text(read: Read, written: Any, number: int) -> None:
    district = read(Schulen=(HEADER, ("Oberschule A", "Riesa", written, 60, 3)))
    assert district.schools[0].pupils == number


def test_unknown_optional_value_stays_unknown(read: Read) -> None:
    district = read(Schulen=(HEADER, ("Oberschule A", "Riesa", 20, 1, "k. A.")))
    assert district.schools[0].reserve is None


def test_wrong_school_type_makes_no_silly_suggestion(found: Read, only: Read) -> None:
    header = ("Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    row = ("Schule X", "Förderschule", "Riesa", 20, 1, 3)
    fault = only(found(Schulen=(header, row)), "wert_falsch")
    assert "Meinen Sie" not in str(fault)
    row = ("Schule X", "Oberschle", "Riesa", 20, 1, 3)
    assert "Meinen Sie „OS“?" in str(only(found(Schulen=(header, row)), "wert_falsch"))


def test_very_many_faults_are_counted_and_not_all_listed(found: Read) -> None:
    rows = [(f"Oberschule {i}", "Riesa", "2x", 1, 3) for i in range(MOST_OF_A_KIND + 7)]
    wrong = [f for f in found(Schulen=(HEADER, *rows)) if f.code == "wert_falsch"]
    assert len(wrong) == MOST_OF_A_KIND + 1
    assert (wrong[0].row, wrong[0].problem) == (
        0,
        "Auf diesem Blatt gibt es noch 7 Befunde dieser Art.",
    )
