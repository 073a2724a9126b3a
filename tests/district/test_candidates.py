"""Candidate sites: which schools of the Saxon list a district's table does not have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from daz_planner.district import gazetteer
from daz_planner.district.candidates import (
    ASSUMED_ROOMS,
    Candidates,
    candidate_schools,
    is_open_site,
    with_candidates,
)
from daz_planner.district.gazetteer import ListedSchool
from daz_planner.district.model import District, Municipality, School
from daz_planner.district.read import read_district
from tests.factories import district, school

EXAMPLE = Path(__file__).parents[2] / "data" / "meissen-2017-02-08.xlsx"
KINDS = ("GS", "OS", "BSZ")
NOSSEN = Municipality("Nossen", 1000, 51.06, 13.3, ags="14627180")
MEISSEN = Municipality("Meißen", 1000, 51.16, 13.48, ags="14627140")


@pytest.fixture(scope="module")
def real() -> District:
    return read_district(EXAMPLE)


def town(*schools: School, places: tuple[Municipality, ...] = (NOSSEN,)) -> District:
    return replace(district(list(schools), list(places)), name="Landkreis Meißen")


def listed(name: str, place: Municipality = NOSSEN, kind: str = "GS") -> ListedSchool:
    return ListedSchool(kind, name, place.name, place.ags, place.latitude + 0.02, place.longitude)


def found(monkeypatch: pytest.MonkeyPatch, own: District, *schools: ListedSchool) -> Candidates:
    gazetteer.all_schools()
    monkeypatch.setattr(gazetteer, "all_schools", lambda: schools)
    return candidate_schools(own, KINDS)


def test_every_school_of_the_list_has_one_fate(real: District) -> None:
    result = candidate_schools(real, KINDS)
    of_district = [s for s in gazetteer.all_schools() if s.ags.startswith("14627")]
    assert len(of_district) == 50
    assert (len(result.schools), result.known, len(result.doubts)) == (36, 13, 1)
    assert result.without_place == ()
    assert result.doubts[0].listed == "Berufliches Schulzentrum Meißen-Radebeul"
    assert result.doubts[0].table == "BSZ Meißen-Radebeul, Standort Radebeul"


def test_no_school_of_the_table_is_a_candidate(real: District) -> None:
    names = {s.name for s in candidate_schools(real, KINDS).schools}
    assert "Johannesschule-Grundschule Meißen" not in names
    assert "Leonhard-Frank-Oberschule" not in names
    assert "Grundschule Kötzschenbroda" not in names
    assert "Pestalozzi-Grundschule Nossen" in names


def test_a_candidate_has_no_pupils_and_one_assumed_room(real: District) -> None:
    for candidate in candidate_schools(real, KINDS).schools:
        assert (candidate.pupils, candidate.classes, candidate.guests) == (0, 0, 0)
        assert candidate.free_rooms == ASSUMED_ROOMS == 1
        assert candidate.phases == (0, 0, 0)
        assert is_open_site(candidate)
        assert candidate.municipality in {m.name for m in real.municipalities}


def test_the_rows_of_the_district_stay(real: District) -> None:
    wider = with_candidates(real, candidate_schools(real, KINDS).schools)
    assert wider.schools[: len(real.schools)] == real.schools
    assert replace(wider, schools=real.schools) == real


def test_order_of_the_rows_does_not_matter(real: District) -> None:
    turned = replace(real, schools=real.schools[::-1], municipalities=real.municipalities[::-1])
    assert candidate_schools(turned, KINDS) == candidate_schools(real, KINDS)


def test_other_types_than_asked_for_are_left_out(real: District) -> None:
    assert {s.school_type for s in candidate_schools(real, ("OS",)).schools} == {"OS"}


@pytest.mark.parametrize(
    ("own", "candidates", "known", "doubts"),
    [
        ("Pestalozzi-Grundschule Nossen", 0, 1, 0),
        ("GS Pestalozzi", 0, 0, 1),
        ("Grundschule Am Markt", 1, 0, 0),
    ],
)
def test_certain_doubtful_and_other_names(
    own: str,
    candidates: int,
    known: int,
    doubts: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = school(own, municipality="Nossen", location_from="Gemeindesitz")
    result = found(monkeypatch, town(here), listed("Pestalozzi-Grundschule Nossen"))
    assert (len(result.schools), result.known, len(result.doubts)) == (candidates, known, doubts)


def test_the_same_point_is_the_same_school(monkeypatch: pytest.MonkeyPatch) -> None:
    other = listed("Pestalozzi-Grundschule Nossen")
    here = replace(
        school("Schule Ganz Anders", municipality="Nossen"),
        latitude=other.latitude + 0.0005,
        longitude=other.longitude,
    )
    assert found(monkeypatch, town(here), other).known == 1
    # The seat of the municipality says nothing about where the school is.
    at_seat = replace(here, location_from="Gemeindesitz")
    assert len(found(monkeypatch, town(at_seat), other).schools) == 1


def test_the_same_name_of_another_type_is_another_school(monkeypatch: pytest.MonkeyPatch) -> None:
    here = school("Pestalozzischule Nossen", municipality="Nossen", school_type="OS")
    result = found(monkeypatch, town(here), listed("Pestalozzischule Nossen"))
    assert [s.name for s in result.schools] == ["Pestalozzischule Nossen (Nossen)"]


def test_equal_names_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    result = found(
        monkeypatch,
        town(school("Grundschule Am Markt", municipality="Nossen"), places=(NOSSEN, MEISSEN)),
        listed("Pestalozzischule"),
        listed("Pestalozzischule", MEISSEN),
        listed("Pestalozzischule", MEISSEN),
    )
    assert [s.name for s in result.schools] == [
        "Pestalozzischule (Meißen)",
        "Pestalozzischule (Meißen), Standort 2",
        "Pestalozzischule (Nossen)",
    ]


def test_places_by_key_by_name_and_by_the_nearest_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    own = town(school("Grundschule Am Markt", municipality="Nossen"), places=(NOSSEN, MEISSEN))
    merged = replace(listed("Grundschule Alt", MEISSEN), municipality="Altdorf", ags="14627999")
    left_out = replace(listed("Grundschule Fern"), municipality="Thiendorf", ags="14627290")
    elsewhere = replace(listed("Grundschule Bautzen"), municipality="Bautzen", ags="14625020")
    by_name = replace(listed("Grundschule Nah"), ags="14627998")
    result = found(monkeypatch, own, merged, left_out, elsewhere, by_name)
    assert [(s.name, s.municipality) for s in result.schools] == [
        ("Grundschule Alt", "Meißen"),
        ("Grundschule Nah", "Nossen"),
    ]
    assert "14627290" in {m.ags for m in gazetteer.all_municipalities()}
    assert result.without_place == ("Grundschule Fern",)


def test_a_district_nobody_knows_has_none() -> None:
    assert candidate_schools(district([school("GS A")]), KINDS).schools == ()
