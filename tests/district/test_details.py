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


@pytest.mark.parametrize(
    ("details", "place"),
    [
        ((("Landkreis", "Meißen"),), "Angaben!B2"),
        ((("Landkreis", "Meißen"), ("Stichtag", None)), "Angaben!B2"),
        ((("Angabe", "Hinweis", "Wert"), ("Stichtag", "x", None)), "Angaben!C2"),
    ],
)
def test_a_missing_date_names_the_cell_for_it(
    found: Read, schools: Read, only: Read, details: tuple[Any, ...], place: str
) -> None:
    fault = only(found(Schulen=schools(A), Angaben=details), "stichtag_fehlt", alone=False)
    assert fault.place == place


@pytest.mark.parametrize(
    ("details", "place"),
    [
        ((("Stichtag", "08.02.2017"),), "Angaben!B2"),
        ((("Stichtag", "08.02.2017"), ("Landkreis", "Meisen")), "Angaben!B2"),
        ((("Landkreis", None), ("Stichtag", "08.02.2017")), "Angaben!B1"),
    ],
)
def test_a_missing_district_names_the_cell_for_it(
    found: Read, schools: Read, only: Read, details: tuple[Any, ...], place: str
) -> None:
    row = ("Schule A", "Nirgends", 20, 1, 3, 51.30, 13.29)
    fault = only(found(Schulen=schools(row), Angaben=details), "landkreis_fehlt", alone=False)
    assert fault.place == place


def test_the_cells_of_what_was_read(read_source: Read, schools: Read) -> None:
    title = (None, "Landkreis Meißen, Schuljahr 2016/17")
    both = (("Schuljahr", "2015/16"), ("Stichtag", "08.02.2017"))
    district = read_source(Schulen=(title, *schools(A)), Angaben=both)
    places = {name: f"{p.sheet}!{p.row},{p.column}" for name, p in district.details}
    assert places == {
        "Schuljahr": "Angaben!1,2", "Stichtag": "Angaben!2,2", "Landkreis": "Schulen!1,2"
    }  # fmt: skip
    assert {p.file for _, p in district.details} == {district.files[0][0]}
    given = read_source(date(2017, 2, 8), Schulen=(title, *schools(A)), Angaben=both)
    assert given.detail("Stichtag") is None
    titled = read_source(Schulen=(title, ("Stand 08.02.2017",), *schools(A)))
    assert (titled.detail("Stichtag").sheet, titled.detail("Stichtag").row) == ("Schulen", 2)
    assert titled.detail("Schuljahr").row == 1


def test_doubts_about_a_detail_stand_at_its_cell(read_source: Read, schools: Read) -> None:
    from daz_planner.district.plausibility import check_plausibility

    rules: dict[str, Any] = {
        "stay_cap_months": None, "grade_spans": None, "today": date(2017, 1, 1)
    }  # fmt: skip
    other = (("Landkreis", "Bautzen"), ("Schuljahr", "2019/20"), ("Stichtag", "08.02.2017"))
    places = (("Gemeinde", "AGS"), ("Riesa", "14627230"), ("Meißen", "14627140"))
    district = read_source(Schulen=schools(A), Angaben=other, Gemeinden=places)
    found = check_plausibility(district, class_cap=None, **rules)
    assert {finding.code: finding.place for finding in found} == {
        "landkreis_widerspruch": "Angaben!B1",
        "schuljahr_abweichend": "Angaben!B2",
        "stichtag_zukunft": "Angaben!B3",
    }
    given = read_source(date(2017, 2, 8), Schulen=schools(A), Angaben=other, Gemeinden=places)
    (future,) = [
        finding
        for finding in check_plausibility(given, class_cap=None, **rules)
        if finding.code == "stichtag_zukunft"
    ]
    assert future.sheet == "", "the date of the call stands in no cell"


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
