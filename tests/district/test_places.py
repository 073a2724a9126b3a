from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daz_planner.district import gazetteer

Read = Callable[..., Any]
A = ("Oberschule A", "Riesa", 20, 1, 3, 51.30, 13.29)
HEADER = ("Gemeinde", "AGS", "Einwohner", "Breite", "Länge")


def test_without_the_sheet_the_municipalities_of_the_district_serve(
    read: Read, schools: Read
) -> None:
    places = read(Schulen=schools(A)).municipalities
    assert len(places) == 28
    coswig = places[0]
    assert (coswig.name, coswig.population, coswig.ags) == ("Coswig", 20739, "14627010")


def test_the_count_nearest_to_the_reference_date(read_source: Read, schools: Read) -> None:
    from datetime import date

    details = (("Landkreis", "Meißen"),)
    later = read_source(date(2025, 8, 1), Schulen=schools(A), Angaben=details)
    assert later.municipalities[0].population == 20369


def test_gaps_are_filled_from_the_list(read: Read, schools: Read) -> None:
    district = read(Schulen=schools(A), Gemeinden=(("Gemeinde",), ("Riesa",), ("Strehla",)))
    riesa, strehla = district.municipalities
    assert (riesa.ags, riesa.population, riesa.latitude) == ("14627230", 29754, 51.30251)
    assert strehla.population == 3721
    assert [finding.code for finding in district.findings] == ["gemeinden_unvollstaendig"]


def test_the_sheet_beats_the_list(read: Read, schools: Read) -> None:
    row = ("Riesa", 14627230.0, "30.000", "51,3", 13.3)
    (riesa,) = read(Schulen=schools(A), Gemeinden=(HEADER, row)).municipalities
    assert (riesa.ags, riesa.population) == ("14627230", 30_000)
    assert (riesa.latitude, riesa.longitude) == (51.3, 13.3)


def test_sum_row_of_the_municipalities(read: Read, schools: Read) -> None:
    rows = (("Riesa", None, 30_000), ("Strehla", None, 4_000), ("Landkreis gesamt", None, 34_001))
    district = read(Schulen=schools(A), Gemeinden=(HEADER, *rows))
    assert len(district.municipalities) == 2
    partial, warning = district.findings
    assert partial.code == "gemeinden_unvollstaendig"
    assert (warning.code, warning.place) == ("summe_falsch", "Gemeinden!C4")


def test_unknown_municipality_without_numbers(found: Read, schools: Read, only: Read) -> None:
    fault = only(
        found(Schulen=schools(A), Gemeinden=(HEADER, ("Riesa",), ("Strela",))), "gemeinde_unbekannt"
    )
    assert fault.place == "Gemeinden!A3"
    assert fault.remedy == "Meinen Sie „Strehla“?"


def test_unknown_municipality_with_numbers_is_fine(read: Read, schools: Read) -> None:
    rows = (HEADER, ("Riesa",), ("Neudorf", None, 500, 51.2, 13.4))
    assert read(Schulen=schools(A), Gemeinden=rows).municipalities[1].population == 500


def test_municipality_twice(found: Read, schools: Read, only: Read) -> None:
    fault = only(
        found(Schulen=schools(A), Gemeinden=(HEADER, ("Riesa",), ("RIESA",))), "gemeinde_doppelt"
    )
    assert "Zeile 2" in fault.problem


def test_bad_key_and_bad_coordinate(found: Read, schools: Read) -> None:
    rows = (HEADER, ("Riesa", "1462723", 5, 51.3, 13.3), ("Strehla", None, 5, 13.2, 51.3))
    codes = [(f.code, f.place) for f in found(Schulen=schools(A), Gemeinden=rows)]
    assert codes[1:] == [("ags_falsch", "Gemeinden!B2"), ("koordinate_falsch", "Gemeinden!D3")]
    assert codes[0] == ("gemeinden_unvollstaendig", "Gemeinden")


@pytest.mark.parametrize(
    "shares", [(0.25, 0.75), (25, 75), ("25 %", "75 %"), ("25", "75"), (0.2501, 0.7501)]
)
def test_shares(read: Read, schools: Read, shares: tuple[Any, Any]) -> None:
    rows = (("Gemeinde", "Anteil am Zuzug"), ("Riesa", shares[0]), ("Strehla", shares[1]))
    places = read(Schulen=schools(A), Gemeinden=rows).municipalities
    assert places[0].arrival_share == pytest.approx(0.25, abs=1e-4)
    assert sum(place.arrival_share for place in places) == pytest.approx(1.0, abs=1e-12)


def test_shares_that_do_not_sum_to_one(found: Read, schools: Read, only: Read) -> None:
    rows = (("Gemeinde", "Anteil am Zuzug"), ("Riesa", 0.25), ("Strehla", 0.7))
    fault = only(found(Schulen=schools(A), Gemeinden=rows), "anteile_summe")
    assert fault.place == "Gemeinden!B1"
    assert "95,0 %" in fault.problem


def test_a_missing_share_is_none(read: Read, schools: Read) -> None:
    rows = (("Gemeinde", "Anteil am Zuzug"), ("Riesa", 1), ("Strehla", None))
    places = read(Schulen=schools(A), Gemeinden=rows).municipalities
    assert [place.arrival_share for place in places] == [1.0, 0.0]


def test_nobody_lives_anywhere(found: Read, schools: Read, only: Read) -> None:
    only(found(Schulen=schools(A), Gemeinden=(HEADER, ("Riesa", None, 0))), "einwohner_fehlen")


def test_names_with_additions() -> None:
    names = ["Schwarzenberg/Erzgeb.", "Bautzen / Budyšin", "Seiffen/Erzgeb., Kurort"]
    assert gazetteer.match_municipality("Schwarzenberg", names) == names[0]
    assert gazetteer.match_municipality("Stadt Bautzen", names) == names[1]
    assert gazetteer.match_municipality("Seiffen", names) == names[2]
    both = ["Oelsnitz/Erzgeb.", "Oelsnitz/Vogtl."]
    assert gazetteer.match_municipality("Oelsnitz", both) is None
    assert gazetteer.match_municipality("Oelsnitz/Vogtl.", both) == both[1]


def test_the_lists_are_complete() -> None:
    assert len(gazetteer.all_municipalities()) == 419
    assert len(gazetteer.all_schools()) == 844
    assert len(gazetteer.district_names()) == 13


@pytest.mark.parametrize(
    ("name", "municipality", "certain"),
    [
        ("Grundschule Radebeul Kötzschenbroda", "Radebeul", "Grundschule Kötzschenbroda"),
        (
            "2. Grundschule Großenhain-Bobersberg",
            "Großenhain",
            "2. Grundschule Großenhain „Bobersberg“",
        ),
        ("Oberschule Riesa am Sportzentrum", "Riesa", "Oberschule „Am Sportzentrum“ Riesa"),
        ("Mittelschule Ebersbach", "Ebersbach", "Oberschule Ebersbach"),
        ("Johannes-Grundschule Meißen", "Meißen", None),
        ("BSZ Riesa", "Riesa", None),
        ("4. Grundschule Riesa", "Riesa", None),
        ("Oberschule", "", None),
        ("Oberschule Ebersbach", "", "Oberschule Ebersbach"),
    ],
)
def test_certain_schools(name: str, municipality: str, certain: str | None) -> None:
    found = gazetteer.find_school(name, municipality=municipality, keys=frozenset({"14627"}))
    assert (found.name if found else None) == certain


def test_two_schools_of_one_name_are_not_certain() -> None:
    name, keys = "Chemnitzer Schulmodell, Grund- und Oberschule", frozenset({"14511"})
    assert gazetteer.find_school(name, municipality="Chemnitz", keys=keys) is None
    found = gazetteer.find_school(name, municipality="Chemnitz", keys=keys, school_type="GS")
    assert found is not None and found.school_type == "GS"


def test_a_name_without_any_place_is_not_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    one = [school for school in gazetteer.all_schools() if school.name == "Oberschule Ebersbach"]
    monkeypatch.setattr(gazetteer, "all_schools", lambda: one[:1])
    assert gazetteer.find_school("Oberschule", keys=frozenset({one[0].ags[:5]})) is None
    assert gazetteer.find_school("Oberschule Ebersbach", keys=frozenset({one[0].ags[:5]}))
