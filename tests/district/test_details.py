from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from daz_planner.errors import InputError

Read = Callable[..., Any]
A = ("Oberschule A", "Riesa", 20, 1, 3, 51.30, 13.29)


@pytest.mark.parametrize(
    "title",
    [
        "VKA – Stand 08.02.2017",
        "VKA (Stand: 8. Februar 2017)",
        "Stichtag 8.2.2017, vorläufig",
        "Stand der Daten vom 08.02.2017",
    ],
)
def test_the_title_gives_the_date(read_source: Read, schools: Read, title: str) -> None:
    district = read_source(Schulen=((title,), *schools(A)), Angaben=(("Landkreis", "Meißen"),))
    assert district.reference_date == date(2017, 2, 8)


def test_no_date_asks_for_the_option(read_source: Read, schools: Read, only: Read) -> None:
    with pytest.raises(InputError) as error:
        read_source(Schulen=schools(A), Angaben=(("Landkreis", "Meißen"),))
    fault = only(error.value.findings, "stichtag_fehlt")
    assert "--stichtag 08.02.2017" in fault.remedy


def test_the_argument_is_enough(read_source: Read, schools: Read) -> None:
    district = read_source(
        date(2018, 1, 31), Schulen=schools(A), Angaben=(("Landkreis", "Meißen"),)
    )
    assert district.reference_date == date(2018, 1, 31)


def test_unreadable_date(found: Read, schools: Read, only: Read) -> None:
    findings = found(
        Schulen=schools(A), Angaben=(("Landkreis", "Meißen"), ("Stichtag", "31.02.2017"))
    )
    fault = only(findings, "wert_falsch")
    assert str(fault) == (
        "Angaben!B2: „31.02.2017“ ist kein lesbares Datum. "
        "Tragen Sie den Stichtag ein, z. B. 08.02.2017."
    )


def test_sheet_and_title_disagree(read: Read, schools: Read) -> None:
    district = read(Schulen=(("Stand 01.02.2017",), *schools(A)))
    assert district.reference_date == date(2017, 2, 8)
    (warning,) = district.findings
    assert (warning.code, warning.place) == ("stichtag_abweichend", "Angaben!B2")
    assert "08.02.2017" in warning.problem
    assert "01.02.2017" in warning.problem


@pytest.mark.parametrize(
    ("written", "name", "number"),
    [
        ("Meißen", "Landkreis Meißen", 28),
        ("LK Meissen", "Landkreis Meißen", 28),
        ("Erzgebirgskreis", "Erzgebirgskreis", 59),
        ("Landkreis Leipzig", "Landkreis Leipzig", 30),
        ("Stadt Leipzig", "Stadt Leipzig", 1),
        ("Leipzig, Stadt", "Stadt Leipzig", 1),
        ("Chemnitz", "Stadt Chemnitz", 1),
    ],
)
def test_districts(
    read_source: Read, schools: Read, only: Read, written: str, name: str, number: int
) -> None:
    from daz_planner.district import gazetteer

    key = gazetteer.district_key(written)
    assert key is not None
    place = gazetteer.municipalities_of(key)[0]
    row = ("Oberschule A", place.name, 20, 1, 3, 51.3, 13.3)
    district = read_source(date(2017, 2, 8), Schulen=schools(row), Angaben=(("Kreis", written),))
    assert (district.name, len(district.municipalities)) == (name, number)


def test_unknown_district_without_municipalities(found: Read, schools: Read, only: Read) -> None:
    findings = found(
        Schulen=schools(A), Angaben=(("Landkreis", "Meisen"), ("Stichtag", "08.02.2017"))
    )
    only(findings, "landkreis_fehlt")
    warning = only(findings, "landkreis_unbekannt", alone=False)
    assert warning.remedy == "Meinen Sie „Landkreis Meißen“?"


def test_hints_beside_the_values_are_not_values(found: Read, schools: Read, only: Read) -> None:
    details = (
        ("Angabe", "Wert", "Hinweis"),
        ("Landkreis", "Meißen", "Name"),
        ("Stichtag", None, "x"),
    )
    only(found(Schulen=schools(A), Angaben=details), "stichtag_fehlt")


def test_unknown_and_doubled_entries(found: Read, schools: Read, only: Read) -> None:
    details = (("Landkreis", "Meißen"), ("Stichtg", "1.1.2017"), ("Stichtag", "8.2.2017"))
    findings = found(Schulen=schools(A), Angaben=(*details, ("Landkreis", "Riesa")))
    assert "zuerst in Zeile 1" in only(findings, "angabe_doppelt").problem
    assert only(findings, "angabe_unbekannt", alone=False).remedy == "Meinen Sie „Stichtag“?"
