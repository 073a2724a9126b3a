"""Which school a name means: certain, or asked about, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district import read_district
from daz_planner.district.gaps import BrokenSchool
from daz_planner.district.model import School
from daz_planner.district.names import SchoolIndex, match_school, normal_name
from daz_planner.shipped import path as shipped

REAL = read_district(shipped("data", "meissen-2017-02-08.xlsx")).schools
SPORT = "Oberschule „Am Sportzentrum“ Riesa"


def school(name: str, place: str = "Riesa", kind: str = "GS", number: str = "") -> School:
    return School(name, kind, 1, 1, 1, place, 51.3, 13.3, number)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (SPORT, SPORT),
        ("OS Am Sportzentrum Riesa", SPORT),
        ('Riesa, Oberschule "Am Sportzentrum"', SPORT),
        ("oberschule am sportzentrum, RIESA", SPORT),
        ("Mittelschule «Am Sportzentrum» Riesa", SPORT),
        ("Gr.-Schule Coswig Mitte", "Grundschule Coswig-Mitte"),
        ("Grundsch. Gröditz", "Grundschule Gröditz"),
        ("GS Groeditz", "Grundschule Gröditz"),
        ("Dritte Grundschule Riesa", "3. Grundschule Riesa"),
        ("GS 3 Riesa", "3. Grundschule Riesa"),
        ("Meißen Pestalozzioberschule", "Pestalozzi-Oberschule Meißen"),
        ("Berufliches Schulzentrum Großenhain", "BSZ Großenhain"),
    ],
)
def test_the_same_words_are_certain_and_need_no_word(written: str, meant: str) -> None:
    match = match_school(written, REAL)
    assert match.certain is not None
    assert (match.certain.name, match.same_words) == (meant, True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Oberschule Am Sportzentrum", SPORT),
        ("OS Sportzentrum", SPORT),
        ("Pestalozzischule", "Pestalozzi-Oberschule Meißen"),
        ("Johannesschule Meißen", "Johannes-Grundschule Meißen"),
    ],
)
def test_other_words_are_certain_but_told(written: str, meant: str) -> None:
    match = match_school(written, REAL)
    assert match.certain is not None
    assert (match.certain.name, match.same_words) == (meant, False)


@pytest.mark.parametrize(
    ("written", "nearest"),
    [
        ("Grundschule Riesa", ["3. Grundschule Riesa", "4. Grundschule Riesa"]),
        ("1. Grundschule Riesa", ["3. Grundschule Riesa", "4. Grundschule Riesa"]),
        ("OS Nünchriz", ["Oberschule Nünchritz"]),
        ("BSZ Meißen", ["BSZ Meißen-Radebeul, Standort Radebeul"]),
        ("OS Coswig", ["Oberschule Coswig „Kötitz“", "Oberschule „L.-Frank“ Coswig"]),
        ("Nünchritz", ["Oberschule Nünchritz"]),
    ],
)
def test_what_is_not_certain_names_candidates(written: str, nearest: list[str]) -> None:
    match = match_school(written, REAL)
    assert match.certain is None
    assert [s.name for s in match.candidates][: len(nearest)] == nearest


@pytest.mark.parametrize(
    "written",
    ["GS Am Sportzentrum Riesa", "Gymnasium Radebeul", "OS", "3", "", "„“", "Riesaer Bad"],
)
def test_nobody(written: str) -> None:
    assert match_school(written, REAL).certain is None


def test_another_school_that_comes_near_makes_it_uncertain() -> None:
    two = (school("Grundschule", "Nünchritz"), school("Grundschule Nünchritz Nord", "Nünchritz"))
    assert match_school("GS Nünchritz", two[:1]).certain is two[0]
    assert match_school("GS Nünchritz", two).certain is None


def test_by_number() -> None:
    schools = (school("Grundschule A", number="4210123"), school("Grundschule B", number="4210124"))
    match = match_school("4210124", schools)
    assert (match.certain, match.same_words) == (schools[1], True)
    assert match_school("421012", schools).certain is None


def test_saint_and_ordinals() -> None:
    schools = (school("Sankt-Afra-Grundschule Meißen", "Meißen"), school("1. Grundschule Riesa"))
    assert match_school("St. Afra GS Meißen", schools).certain is schools[0]
    assert match_school("Erste GS Riesa", schools).certain is schools[1]
    assert match_school("01. Grundschule Riesa", schools).certain is schools[1]


def test_a_row_with_a_fault_is_known_but_no_school() -> None:
    index = SchoolIndex(REAL, [BrokenSchool("Oberschule „Neu“ Strehla")])
    match = index.match("OS Neu Strehla")
    assert (match.certain, match.known) == (None, True)


def test_normal_form_keeps_special_schools_apart() -> None:
    assert normal_name("Förderschule Riesa") != normal_name("Grundschule Riesa")
    assert normal_name("Grund- und Oberschule X").types == {"GS", "OS"}


NAMES = st.sampled_from([s.name for s in REAL])
NOISE = st.text(alphabet=" -„“\"',.()/", max_size=3)


@settings(deadline=None, max_examples=300)
@given(text=st.text(max_size=60))
def test_any_text_is_safe_and_certain_means_words_in_common(text: str) -> None:
    match = match_school(text, REAL)
    if match.certain is not None:
        words = normal_name(text).words | normal_name(text).types
        mine = normal_name(match.certain.name)
        assert words <= mine.words | mine.types | {"riesa"} or match.same_words


@settings(deadline=None, max_examples=300)
@given(name=NAMES, noise=st.lists(NOISE, min_size=8, max_size=8), data=st.data())
def test_punctuation_case_and_order_do_not_matter(name: str, noise: Any, data: Any) -> None:
    parts = data.draw(st.permutations(name.replace("-", " ").split()))
    text = "".join(f"{part} {sign} " for part, sign in zip(parts, noise, strict=False))
    match = match_school(text.upper().replace("ẞ", "SS"), REAL)
    assert match.certain is not None
    assert match.certain.name == name


@settings(deadline=None, max_examples=200)
@given(name=NAMES, data=st.data())
def test_a_wrong_number_is_never_another_school(name: str, data: Any) -> None:
    number = data.draw(st.sampled_from(["5.", "6.", "12."]))
    match = match_school(f"{number} {name}", REAL)
    assert match.certain is None


def test_many_unknown_names_cost_bounded_time() -> None:
    index = SchoolIndex(REAL)
    found = [index.match(f"Unbekannt {i} Schule {i}").certain for i in range(3_000)]
    assert found == [None] * 3_000


Read = Callable[..., Any]


def test_findings_on_names_in_a_sheet(read: Read, found: Read, schools: Read) -> None:
    table = schools(
        ("Oberschule „Am Sportzentrum“ Riesa", "Riesa", 20, 1, 3, 51.3, 13.29),
        ("3. Grundschule Riesa", "Riesa", 10, 1, 13, 51.3, 13.29),
        ("4. Grundschule Riesa", "Riesa", 10, 1, 13, 51.3, 13.29),
    )
    header = ("Schüler-ID", "Gemeinde", "Schulart", "fixiert auf")
    child = ("K-1", "Riesa", "OS")
    same = read(Schulen=table, Neuzugänge=(header, (*child, "OS Am Sportzentrum Riesa")))
    assert same.newcomers[0].pinned_to == SPORT
    (hint,) = same.findings
    assert (hint.code, hint.place) == ("schule_gelesen_als", "Neuzugänge!D2")
    told = read(Schulen=table, Neuzugänge=(header, (*child, "OS Sportzentrum")))
    assert told.newcomers[0].pinned_to == SPORT
    (warning,) = told.findings
    assert (warning.code, warning.place) == ("schule_gelesen_als", "Neuzugänge!D2")
    assert "gelesen als „Oberschule ‚Am Sportzentrum‘ Riesa“" in warning.problem
    findings = found(Schulen=table, Neuzugänge=(header, ("K-1", "Riesa", "GS", "GS Riesa")))
    (fault,) = findings
    assert fault.code == "schule_unbekannt"
    assert fault.remedy == "Meinen Sie „3. Grundschule Riesa“ oder „4. Grundschule Riesa“?"
