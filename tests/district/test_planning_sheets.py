"""Klassenplan, Regelklassen, Lehrerstunden, Historie and Wege."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import (
    ClassDecision,
    GivenWay,
    HistoryMonth,
    PlanState,
    RegularClasses,
    TeacherBudget,
)

Read = Callable[..., Any]
Rows = Sequence[Sequence[Any]]

OS, GS = "Oberschule „Am Sportzentrum“ Riesa", "3. Grundschule Riesa"
SCHOOLS: Rows = (
    ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Breite", "Länge"),
    (OS, "Riesa", 20, 1, 3, 51.3, 13.29),
    (GS, "Riesa", 20, 1, 3, 51.3, 13.29),
)


def faults(found: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity is Severity.FAULT]


def test_class_plan(read: Read) -> None:
    district = read(
        Schulen=SCHOOLS,
        Klassenplan=(
            ("Klassenbildung zum Schuljahr 2017/18",),
            ("Schule", "gültig ab", "Anzahl Klassen", "Status"),
            ("OS Am Sportzentrum Riesa", "August 2017", 2, "beschlossen"),
            (GS, datetime(2017, 9, 1), "1", "Geplant"),
            (GS, "2018-02", 0, "ausgeschlossen"),
        ),
    )
    assert district.class_plan == (
        ClassDecision(OS, date(2017, 8, 1), 2, PlanState.DECIDED),
        ClassDecision(GS, date(2017, 9, 1), 1, PlanState.PLANNED),
        ClassDecision(GS, date(2018, 2, 1), 0, PlanState.EXCLUDED),
    )
    assert (district.class_plan[0].sheet, district.class_plan[0].row) == ("Klassenplan", 3)
    assert [(f.code, f.cell) for f in district.findings] == [("schule_gelesen_als", "A3")]


@pytest.mark.parametrize(
    ("row", "code", "cell", "says"),
    [
        (("GS Riesa Nord", "08.2017", 2, "geplant"), "schule_unbekannt", "A2", "steht nicht in"),
        ((GS, "Sommer", 2, "geplant"), "wert_falsch", "B2", "kein lesbarer Monat"),
        ((GS, "08.2017", "zwei", "geplant"), "wert_falsch", "C2", "keine ganze Zahl"),
        ((GS, "08.2017", 2, "vielleicht"), "wert_falsch", "D2", "kein Stand"),
        ((GS, "08.2017", 2, "geplannt"), "wert_falsch", "D2", "Meinen Sie „geplant“?"),
        ((GS, None, 2, "geplant"), "wert_fehlt", "B2", "den Monat, ab dem"),
    ],
)
def test_class_plan_faults(found: Read, row: Any, code: str, cell: str, says: str) -> None:
    header = ("Schule", "ab", "Klassen", "Stand")
    (fault,) = faults(found(Schulen=SCHOOLS, Klassenplan=(header, row)))
    assert (fault.code, fault.cell) == (code, cell)
    assert says in str(fault)


def test_regular_classes_of_schools_with_and_without_vka(read: Read) -> None:
    district = read(
        Schulen=SCHOOLS,
        Regelklassen=(
            ("Schule", "Klassenstufe", "Klassen", "Schüler", "Schulart"),
            ("OS Am Sportzentrum Riesa", 5, 3, 70, "OS"),
            ("OS Am Sportzentrum Riesa", 6, 2, "51", "OS"),
            ("Grundschule Strehla", "1", 2, 44, "GS"),
            ("GS Strehla", 2, 2, 40, "GS"),
            ("Summe", None, 9, 205, None),
        ),
    )
    assert district.regular_classes == (
        RegularClasses(OS, 5, 3, 70, school_type="OS"),
        RegularClasses(OS, 6, 2, 51, school_type="OS"),
        RegularClasses("Grundschule Strehla", 1, 2, 44, school_type="GS"),
        RegularClasses("Grundschule Strehla", 2, 2, 40, school_type="GS"),
    )
    assert [(f.code, f.cell) for f in district.findings] == [("schule_gelesen_als", "A2")]


def test_regular_classes_ask_about_a_name_that_comes_near(read: Read) -> None:
    header = ("Schule", "Klassenstufe", "Klassen", "Schüler")
    rows = (header, ("3. Grundschule Risa", 1, 2, 44), ("3. Grundschule Risa", 2, 2, 44))
    district = read(Schulen=SCHOOLS, Regelklassen=rows)
    assert district.regular_classes[0].school == "3. Grundschule Risa"
    (warning,) = district.findings
    assert (warning.code, warning.cell) == ("schule_ohne_vka", "A2")
    assert f"Meinen Sie „{GS}“?" in warning.remedy


def test_regular_classes_twice_and_wrong_sum(found: Read) -> None:
    header = ("Schule", "Klassenstufe", "Klassen", "Schüler")
    rows = (header, (GS, 1, 2, 44), ("3. GS Riesa", 1, 2, 44), ("Gesamt", None, 4, 99))
    findings = found(Schulen=SCHOOLS, Regelklassen=rows)
    (fault,) = faults(findings)
    assert (fault.code, fault.row) == ("regelklasse_doppelt", 3)
    findings = [f for f in findings if f.code != "schule_gelesen_als"]
    assert [(f.code, f.cell) for f in findings if f is not fault] == [("summe_falsch", "D4")]


def test_teacher_hours(read: Read) -> None:
    header = ("Schulart", "Planungsregion", "Stunden")
    rows = (header, ("GS", None, 204), (None, "Riesa", "75,5"), ("Summe", None, 279.5))
    assert read(Schulen=SCHOOLS, Lehrerstunden=rows).teacher_budgets == (
        TeacherBudget(204.0, school_type="GS"),
        TeacherBudget(75.5, planning_area="Riesa"),
    )
    rows = (("Art der Schule", "LWS"), ("Grundschulen", 204))
    assert read(Schulen=SCHOOLS, Lehrerstunden=rows).teacher_budgets[0].school_type == "GS"


@pytest.mark.parametrize(
    ("rows", "code", "cell"),
    [
        ((("Schulart", "Planungsregion", "Stunden"), ("GS", "Riesa", 4)), "stunden_unklar", "A2"),
        ((("Schulart", "Planungsregion", "Stunden"), (None, None, 4)), "stunden_unklar", "A2"),
        ((("Schulart", "Stunden"), ("GS", 4), ("Grundschule", 5)), "stunden_doppelt", "A3"),
        ((("Schulart", "Stunden"), ("GS", -4)), "wert_falsch", "B2"),
        ((("Stunden", "Jahr"), (4, 2017)), "spalte_fehlt", "Zeile 1"),
    ],
)
def test_teacher_hours_faults(found: Read, rows: Rows, code: str, cell: str) -> None:
    (fault,) = faults(found(Schulen=SCHOOLS, Lehrerstunden=rows))
    assert (fault.code, fault.cell) == (code, cell)


def test_history_in_both_forms(read: Read) -> None:
    rows = (
        ("Monat", "Anmeldungen GS", "GYM Anmeldungen", "VKA-Schüler", "Phase 3"),
        ("Januar 2017", 7, "k. A.", 320, 449),
        ("12.2016", None, 2, None, None),
    )
    assert read(Schulen=SCHOOLS, Historie=rows).history == (
        HistoryMonth(date(2016, 12, 1), (("GYM", 2),), ()),
        HistoryMonth(date(2017, 1, 1), (("GS", 7),), ((0, 320), (3, 449))),
    )
    upper = ("Monat", "Anmeldungen", None, "Phase", None)
    lower = (None, "GS", "OS", 1, 2)
    rows = (upper, lower, (date(2017, 1, 1), 7, 6, 100, 220), ("Summe", 7, 6, None, None))
    assert read(Schulen=SCHOOLS, Historie=rows).history == (
        HistoryMonth(date(2017, 1, 1), (("GS", 7), ("OS", 6)), ((1, 100), (2, 220))),
    )
    rows = (("Monat", "Zugänge"), ("01/2017", 18))
    assert read(Schulen=SCHOOLS, Historie=rows).history[0].registrations == (("", 18),)


def test_history_faults(found: Read) -> None:
    rows = (("Monat", "Zugänge"), ("Winter", 18), ("01.2017", "viele"))
    assert [(f.code, f.cell) for f in faults(found(Schulen=SCHOOLS, Historie=rows))] == [
        ("wert_falsch", "A2"),
        ("wert_falsch", "B3"),
    ]
    (fault,) = faults(found(Schulen=SCHOOLS, Historie=(("Monat", "Wetter"), ("01.2017", 3))))
    assert fault.code == "spalte_fehlt"


WAYS = (GivenWay("Riesa", OS, 12.0), GivenWay("Riesa", GS, 7.5), GivenWay("Coswig", GS, 40.0))


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (
            (
                ("Von", "Nach", "Fahrzeit"),
                ("Riesa", "OS Am Sportzentrum Riesa", 12),
                ("Riesa", GS, "7,5 min"),
                ("Coswig", GS, "40"),
            ),
            (3, 3, 3),
        ),
        (
            (
                ("Schulwege, Minuten",),
                ("Gemeinde", "OS Am Sportzentrum Riesa", "3. GS Riesa"),
                ("Große Kreisstadt Riesa", 12, "7,5"),
                ("Coswig", "–", 40),
                ("Quelle: Amt",),
            ),
            (2, 3, 3),
        ),
        (
            (
                ("Schule / Gemeinde", "Riesa", "Coswig"),
                ("OS Am Sportzentrum Riesa", 12, None),
                (GS, 7.5, 40),
            ),
            (2, 2, 3),
        ),
        (
            (
                ("Nr.", "Gemeinde", "AGS", OS, GS),
                (1, "Riesa", "14627230", 12, 7.5),
                (2, "Coswig", "14627040", None, 40),
            ),
            (4, 5, 5),
        ),
    ],
)
def test_ways_as_list_and_as_matrix(read: Read, rows: Rows, columns: tuple[int, ...]) -> None:
    district = read(Schulen=SCHOOLS, Wege=rows)
    assert sorted(district.ways, key=repr) == sorted(WAYS, key=repr)
    assert sorted(way.column for way in district.ways) == sorted(columns)
    assert {f.code for f in district.findings} <= {"schule_gelesen_als"}


@pytest.mark.parametrize(
    ("rows", "code", "cell"),
    [
        ((("Gemeinde", OS, GS), ("Risa", 12, 7)), "gemeinde_unbekannt", "A2"),
        ((("Gemeinde", OS, "3. Grundschule Risa"), ("Riesa", 12, 7)), "schule_unbekannt", "C1"),
        ((("Gemeinde", OS, GS), ("Riesa", "weit", 7)), "wert_falsch", "B2"),
        ((("Gemeinde", OS, GS), ("Riesa", -9, 7)), "wert_falsch", "B2"),
        ((("Gemeinde", OS, GS), ("Riesa", 2e9, 7)), "wert_falsch", "B2"),
        ((("Gemeinde", OS, GS), ("Riesa", "#NV", 7)), "fehlerwert", "B2"),
        ((("Gemeinde", OS, GS), ("Riesa", 12, 7), ("Riesa", 13, 7)), "weg_doppelt", "B3"),
        ((("Gemeinde", OS, GS), (None, 12, 7), ("Riesa", 1, 2)), "weg_ohne_namen", "Zeile 2"),
        ((("Gemeinde", "Schule", "Minuten"), ("Riesa", GS, None)), "wert_fehlt", "C2"),
        ((("Gemeinde", "Schule", "Minuten"), ("Riesa", "3. GS Risa", 3)), "schule_unbekannt", "B2"),
        ((("a", "b"), ("c", 1)), "wege_unklar", ""),
    ],
)
def test_ways_faults(found: Read, rows: Rows, code: str, cell: str) -> None:
    table = (*rows, ("Riesa", 12, 7)) if rows[1][0] == "Risa" else rows
    (fault,) = faults(found(Schulen=SCHOOLS, Wege=table))
    assert (fault.code, fault.sheet, fault.cell) == (code, "Wege", cell)


def test_ways_outside_the_district_stay_out_with_one_warning(read: Read) -> None:
    rows = (
        ("Gemeinde", GS, "Gymnasium Döbeln"),
        ("Riesa", 7, 50),
        ("Oschatz", 20, 25),
        ("Coswig", 7, 50),
    )
    district = read(Schulen=SCHOOLS, Wege=rows)
    assert [(w.municipality, w.minutes) for w in district.ways] == [("Riesa", 7.0), ("Coswig", 7.0)]
    assert [(f.code, f.cell) for f in district.findings] == [
        ("schule_unbekannt", "C1"),
        ("gemeinde_unbekannt", "A3"),
    ]


def test_the_same_way_twice_is_only_told(read: Read) -> None:
    rows = (("Gemeinde", "Schule", "Minuten"), ("Riesa", GS, 7), ("Riesa", GS.upper(), 7))
    district = read(Schulen=SCHOOLS, Wege=rows)
    assert len(district.ways) == 1
    assert [f.code for f in district.findings] == ["weg_doppelt"]
