from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daz_planner.district.findings import Severity

Read = Callable[..., Any]
A = ("Oberschule A Riesa", "Riesa", 20, 1, 3, 51.30, 13.29)
B = ("Oberschule B Riesa", "Riesa", 10, 1, 13, 51.31, 13.28)
C = ("Grundschule C Riesa", "Riesa", 5, 1, 18, 51.31, 13.28)


def row_sum(label: str, *numbers: Any) -> tuple[Any, ...]:
    return (label, None, *numbers)


# ------------------------------------------------------------------ blocks and sums


def test_blocks_with_headings_sums_total_and_footnotes(read: Read, schools: Read) -> None:
    district = read(
        Schulen=(
            ("Vorbereitungsklassen",),
            (),
            *schools(
                ("Oberschulen",),
                A,
                B,
                row_sum("Summe OS", 30, 2, 16),
                (),
                ("Grundschulen",),
                C,
                row_sum("Summe Grundschulen", 5, 1, 18),
                row_sum("Summe gesamt", 35, 3, 34),
                (),
                ("Quelle: Schulamt",),
                ("Alle Angaben ohne Gewähr",),
            ),
        )
    )
    assert [(s.name, s.school_type, s.row) for s in district.schools] == [
        (A[0], "OS", 5),
        (B[0], "OS", 6),
        (C[0], "GS", 10),
    ]
    assert district.findings == ()


def test_wrong_sum_names_both_numbers(read: Read, schools: Read) -> None:
    district = read(
        Schulen=schools(A, B, row_sum("Summe OS", 31, 2, 16), row_sum("Gesamt", 30, 2, 99))
    )
    assert [(f.place, f.code, f.severity) for f in district.findings] == [
        ("Schulen!C4", "summe_falsch", Severity.WARNING),
        ("Schulen!E5", "summe_falsch", Severity.WARNING),
    ]
    assert district.findings[0].problem == (
        "„Summe OS“ nennt „31“ in der Spalte „VKA-Schüler“, die Zeilen ergeben 30."
    )


def test_a_sum_that_is_a_text_is_a_warning(read: Read, schools: Read) -> None:
    district = read(Schulen=schools(A, row_sum("Summe OS", "dreißig", 1, 3)))
    assert [f.place for f in district.findings] == ["Schulen!C3"]


def test_unnamed_sums_may_be_of_the_block_or_of_all(read: Read, schools: Read) -> None:
    district = read(
        Schulen=schools(
            A, row_sum("Summe", 20, 1, 3), C, row_sum("Summe", 5, 1, 18), row_sum("Summe", 25, 2)
        )
    )
    assert district.findings == ()
    assert len(district.schools) == 2


def test_sums_are_not_held_against_faulty_rows(found: Read, schools: Read, only: Read) -> None:
    bad = ("Oberschule B Riesa", "Riesa", "2x", 1, 13, 51.31, 13.28)
    findings = found(Schulen=schools(A, bad, row_sum("Summe OS", 30, 2, 16)))
    assert [f.code for f in findings] == ["wert_falsch"]


def test_sums_are_not_held_against_a_school_that_is_there_twice(found: Read, schools: Read) -> None:
    again = (A[0], *B[1:])
    findings = found(Schulen=schools(A, again, row_sum("Summe OS", 30, 2, 16)))
    assert [f.code for f in findings] == ["schule_doppelt"]


def test_a_school_whose_name_begins_like_a_sum_is_a_school(read: Read, schools: Read) -> None:
    district = read(Schulen=schools(("Gesamtschule-Oberschule Riesa", *A[1:])))
    assert len(district.schools) == 1


def test_a_footnote_may_hold_a_number(read: Read, schools: Read) -> None:
    district = read(Schulen=schools(A, ("Stand:", None, "08.02.2017"), ("* davon", None, 3)))
    assert (len(district.schools), district.findings) == (1, ())


def test_repeated_header_is_skipped(read: Read, schools: Read) -> None:
    table = schools(A)
    assert len(read(Schulen=(*table, (), table[0], B)).schools) == 2


# ------------------------------------------------------------------ school type


def test_type_from_the_sum_row_below(read: Read, schools: Read) -> None:
    district = read(Schulen=schools(("Pestalozzi Riesa", *A[1:]), row_sum("Summe BSZ", 20, 1, 3)))
    assert district.schools[0].school_type == "BSZ"


def test_a_column_beats_block_and_name(read: Read) -> None:
    header = ("Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    district = read(
        Schulen=(header, ("Oberschule A", "Gymnasium", "Riesa", 20, 1, 3), ("Summe OS",))
    )
    assert district.schools[0].school_type == "GYM"
    (warning,) = (f for f in district.findings if f.code == "schulart_abweichend")
    assert "steht unter GYM, der Name spricht für OS" in warning.problem


def test_unknown_type(found: Read, only: Read) -> None:
    header = ("Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    fault = only(found(Schulen=(header, ("A", "Obershule", "Riesa", 20, 1, 3))), "wert_falsch")
    assert fault.place == "Schulen!B2"
    assert "Meinen Sie „OS“?" in fault.problem


def test_no_type_anywhere(found: Read, schools: Read, only: Read) -> None:
    fault = only(found(Schulen=schools(("Pestalozzi Riesa", *A[1:]))), "schulart_fehlt")
    assert fault.place == "Schulen!A2"


# ------------------------------------------------------------------ cells


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (2, "2x", "ist keine ganze Zahl. Tragen Sie die Zahl der VKA-Schüler ein, z. B. 21."),
        (2, -3, "„-3“ ist negativ."),
        (2, 2.5, "„2,5“ ist keine ganze Zahl."),
        (2, 99_999, "unglaubwürdig groß"),
        (2, True, "„WAHR“ ist keine ganze Zahl."),
        (2, None, "In der Spalte „VKA-Schüler“ fehlt der Wert."),
        (2, "k. A.", "„k. A.“ ist keine ganze Zahl."),
        (3, None, "In der Spalte „VKA-Klassen“ fehlt der Wert."),
        (4, "viele", "„viele“ ist keine ganze Zahl. Tragen Sie die Zahl der freien VKA-Plätze"),
        (0, None, "In der Spalte „Schule“ fehlt der Wert."),
        (0, "???", "„???“ ist kein Name."),
        (5, "Nord", "„Nord“ ist keine Zahl."),
    ],
)
def test_bad_cells(
    found: Read, schools: Read, only: Read, place: int, value: Any, says: str
) -> None:
    bad = list(A)
    bad[place] = value
    (fault,) = (f for f in found(Schulen=schools(B, bad)) if f.severity is Severity.FAULT)
    assert says in str(fault)
    assert fault.place == f"Schulen!{'ABCDEFG'[place]}3"


def test_numbers_as_text_are_fine(read: Read, schools: Read) -> None:
    (school,) = read(
        Schulen=schools((A[0], A[1], "20", "1\u00a0", "k. A.", "51,30", "13,29"))
    ).schools
    assert (school.pupils, school.classes, school.reserve) == (20, 1, None)
    assert (school.latitude, school.longitude) == (51.30, 13.29)


def test_a_text_like_a_formula_is_text(read: Read, schools: Read) -> None:
    district = read(Schulen=schools(("=Oberschule A", *A[1:])))
    assert district.schools[0].name == "=Oberschule A"


def test_a_candidate_site(read: Read) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "freie Räume")
    district = read(Schulen=(header, ("Oberschule Strehla", "Strehla", 0, 0, None, 1)))
    (school,) = district.schools
    assert (school.pupils, school.classes, school.reserve, school.free_rooms) == (0, 0, None, 1)
    assert school.location_from == "Schulliste"
    assert district.findings == ()


def test_all_optional_columns(read: Read) -> None:
    header = ("Schule", "Gemeinde", "Schüler", "Klassen", "Reserve", "Schul-Nr.", "Teiler")
    header += ("Gastschüler", "Etappe 1", "Etappe 2", "Etappe 3", "Sozialraum")
    row = ("Oberschule Strehla", "Strehla", 12, 1, 3, 4210.0, 18, 2, 5, 7, 9, "Nord")
    (school,) = read(Schulen=(header, row)).schools
    assert school.number == "4210"
    assert (school.class_cap, school.guests, school.phases) == (18, 2, (5, 7, 9))
    assert school.planning_area == "Nord"


def test_school_twice_names_the_first_place(found: Read, schools: Read, only: Read) -> None:
    again = ('Oberschule "A", RIESA', *A[1:])
    fault = only(found(Schulen=schools(A, B, again)), "schule_doppelt")
    assert fault.place == "Schulen!A4"
    assert "steht schon in Zeile 2" in fault.problem


def test_no_school_at_all(found: Read, schools: Read, only: Read) -> None:
    assert only(found(Schulen=schools()), "keine_schule").place == "Schulen!Zeile 1"


def test_a_school_without_any_number_is_a_fault_not_a_footnote(found: Read, schools: Read) -> None:
    codes = [f.code for f in found(Schulen=schools(A, ("Grundschule Niederau",)))]
    assert codes.count("wert_fehlt") == 2


def test_a_strange_line_is_named(read: Read, schools: Read) -> None:
    district = read(Schulen=schools(A, ("Raum Süd",), B))
    (warning,) = district.findings
    assert (warning.code, warning.place) == ("zeile_unklar", "Schulen!Zeile 3")
    assert len(district.schools) == 2


# ------------------------------------------------------------------ places


def test_unknown_municipality_names_the_nearest(found: Read, schools: Read, only: Read) -> None:
    fault = only(found(Schulen=schools((A[0], "Risa", *A[2:]))), "gemeinde_unbekannt")
    assert (fault.place, fault.remedy) == ("Schulen!B2", "Meinen Sie „Riesa“?")


@pytest.mark.parametrize("written", ["riesa", "Stadt Riesa", "Große Kreisstadt Riesa", "RIESA "])
def test_spellings_of_a_municipality(read: Read, schools: Read, written: str) -> None:
    district = read(Schulen=schools((A[0], written, *A[2:])))
    assert district.schools[0].municipality == "Riesa"


def test_municipality_and_place_from_the_list_of_schools(read: Read, schools: Read) -> None:
    (school,) = read(Schulen=schools(("Oberschule Weinböhla", None, 20, 1, 3))).schools
    assert school.municipality == "Weinböhla"
    assert (school.latitude, school.longitude) == (51.165538, 13.569664)
    assert school.location_from == "Schulliste"


def test_municipality_that_is_not_certain(found: Read, schools: Read, only: Read) -> None:
    """The list has a Grundschule Lampertswalde, but in Priestewitz: a name alone is not enough."""
    fault = only(found(Schulen=schools(("Grundschule Niederau", None, 16, 1, 7))), "gemeinde_fehlt")
    assert fault.place == "Schulen!B2"
    assert fault.remedy == (
        "Tragen Sie die Gemeinde ein, z. B. Niederau. Ist das keine Schule, löschen Sie die Zeile."
    )


def test_near_names_are_offered(found: Read, schools: Read, only: Read) -> None:
    fault = only(found(Schulen=schools(("Oberschule Weinbölha", None, 16, 1, 7))), "gemeinde_fehlt")
    assert "„Oberschule Weinböhla“ in Weinböhla" in fault.remedy


def test_seat_of_the_municipality_where_the_school_is_not_certain(
    read: Read, schools: Read
) -> None:
    district = read(Schulen=schools(("Grundschule Niederau", "Niederau", 16, 1, 7)))
    (school,) = district.schools
    assert (school.latitude, school.longitude) == (51.177449, 13.543702)
    assert school.location_from == "Gemeindesitz"
    (warning,) = district.findings
    assert warning.code == "lage_gemeindesitz"
    assert "„Grundschule Niederau“" in warning.problem


@pytest.mark.parametrize(
    ("latitude", "longitude", "says"),
    [(13.29, 51.30, "vertauscht"), (48.1, 11.6, "nicht in Sachsen"), (51286582, 13.5, "Sachsen")],
)
def test_coordinates(
    found: Read, schools: Read, only: Read, latitude: float, longitude: float, says: str
) -> None:
    fault = only(found(Schulen=schools((*A[:5], latitude, longitude))), "koordinate_falsch")
    assert fault.place == "Schulen!F2"
    assert says in fault.problem


def test_half_a_coordinate_is_named(read: Read, schools: Read) -> None:
    district = read(Schulen=schools((*A[:5], 51.3, None)))
    assert "koordinate_halb" in [f.code for f in district.findings]
    assert district.schools[0].location_from == "Gemeindesitz"


# ------------------------------------------------------------------ contradictions


@pytest.mark.parametrize(
    ("pupils", "classes", "code"),
    [(0, 1, "klasse_ohne_schueler"), (12, 0, "schueler_ohne_klasse")],
)
def test_pupils_and_classes(
    read: Read, schools: Read, pupils: int, classes: int, code: str
) -> None:
    (warning,) = read(Schulen=schools((*A[:2], pupils, classes, *A[4:]))).findings
    assert (warning.code, warning.severity) == (code, Severity.WARNING)


def test_phases_that_do_not_add_up(read: Read) -> None:
    header = ("Schule", "Gemeinde", "Schüler", "Klassen", "Reserve", "Phase 1", "Phase 2")
    district = read(Schulen=(header, ("Oberschule Strehla", "Strehla", 12, 1, 3, 5, 8)))
    (warning,) = district.findings
    assert "5 + 8 = 13, die Spalte „VKA-Schüler“ nennt 12" in warning.problem
