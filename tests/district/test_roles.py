"""Which sheet is which: no children are lost with a sheet under another name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.layout import sheet_kind

Read = Callable[..., Any]
SCHOOLS = (
    ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Breite", "Länge"),
    ("3. Grundschule Riesa", "Riesa", 20, 1, 3, 51.3, 13.29),
)
CHILDREN = (("Schüler-ID", "Gemeinde", "Schulart"), ("K1", "Riesa", "GS"))


def faults(found: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity is Severity.FAULT]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Bestand 08.02.2017", "Bestand"),
        ("Bestand_2017-02-08", "Bestand"),
        ("Schulen (2)", "Schulen"),
        ("Neuzugänge 2017", "Neuzugänge"),
        ("Warteliste Stand 8.2.2017", "Neuzugänge"),
        ("Schulen 2016/17", "Schulen"),
        ("2017", None),
        ("Neues", None),
    ],
)
def test_a_date_beside_the_name_does_not_matter(name: str, kind: str | None) -> None:
    spec = sheet_kind(name)
    assert (spec.name if spec else None) == kind


@pytest.mark.parametrize(
    ("rows", "looks"),
    [
        (CHILDREN, "Neuzugänge"),
        ((("Schüler-ID", "Schule", "Phase"), ("S1", "3. GS Riesa", 1)), "Bestand"),
        (
            (("Schule", "ab", "Klassen", "Stand"), ("3. GS Riesa", "08.2017", 1, "geplant")),
            "Klassenplan",
        ),
        ((("Gemeinde", "Schule", "Minuten"), ("Riesa", "3. GS Riesa", 9)), "Wege"),
        ((("ID", "Phase"), ("S1", 1)), "Bestand"),
    ],
)
def test_a_sheet_that_must_not_be_lost(found: Read, rows: Any, looks: str) -> None:
    (fault,) = faults(found(Schulen=SCHOOLS, **{"Kinder neu": rows}))
    assert (fault.code, fault.sheet) == ("blatt_umbenennen", "Kinder neu")
    assert f"Benennen Sie es in „{looks}“ um" in fault.remedy


def test_an_empty_sheet_of_the_right_name_does_not_hide_it(found: Read) -> None:
    (fault,) = faults(found(Schulen=SCHOOLS, Neuzugänge=CHILDREN[:1], **{"Kinder neu": CHILDREN}))
    assert fault.code == "blatt_umbenennen"


def test_beside_a_filled_sheet_it_is_only_unknown(read: Read) -> None:
    district = read(Schulen=SCHOOLS, Neuzugänge=CHILDREN, **{"Kinder alt": CHILDREN})
    assert [(f.code, f.sheet) for f in district.findings] == [("blatt_unbekannt", "Kinder alt")]


@pytest.mark.parametrize(
    ("rows", "looks"),
    [
        ((("Gemeinde", "Einwohner"), ("Riesa", 30_000)), "Gemeinden"),
        ((("Monat", "Anmeldungen"), ("01.2017", 3)), "Historie"),
        ((("Schulart", "Stunden"), ("GS", 3)), "Lehrerstunden"),
    ],
)
def test_less_important_sheets_are_a_question(read: Read, rows: Any, looks: str) -> None:
    (warning,) = read(Schulen=SCHOOLS, Zahlen=rows).findings
    assert (warning.code, warning.severity) == ("blatt_umbenennen", Severity.WARNING)
    assert f"„{looks}“" in warning.remedy


def test_two_waiting_lists_are_a_fault(found: Read) -> None:
    (fault,) = faults(found(Schulen=SCHOOLS, Neuzugänge=CHILDREN, Warteliste=CHILDREN))
    assert (fault.code, fault.sheet) == ("blatt_doppelt", "Warteliste")


def test_an_alias_must_be_borne_out_by_the_header(read: Read) -> None:
    district = read(Schulen=SCHOOLS, Klassen=(("Foto", "Raum"), ("x", "y")))
    assert [f.code for f in district.findings] == ["blatt_unbekannt"]


@pytest.mark.parametrize("name", ["Hinweise", "Legende", "Lies mich"])
def test_explaining_sheets_are_passed_over(read: Read, name: str) -> None:
    assert read(Schulen=SCHOOLS, **{name: CHILDREN}).findings == ()
