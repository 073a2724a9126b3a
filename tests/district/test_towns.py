"""Places that are no municipality of the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daz_planner.district.gazetteer import MunicipalityNames, municipalities_of
from daz_planner.district.towns import town_of

Read = Callable[..., Any]
MEISSEN = [entry.name for entry in municipalities_of("14627")]
HEADER = ("Schüler-ID", "Gemeinde", "Schulart")
SCHOOL = ("Grundschule Gröditz", "Gröditz", 9, 1, 14)


@pytest.mark.parametrize(
    ("written", "town"),
    [
        ("Riesa OT Gröba", "Riesa"),
        ("Gröba, Riesa", "Riesa"),
        ("OT Gröba (Riesa)", "Riesa"),
        ("Meißen-Triebischtal", "Meißen"),
        ("Meißen - Triebischtal", "Meißen"),
        ("01662 Meißen", "Meißen"),
        ("D-01587 Riesa OT Gröba", "Riesa"),
        ("Riesa-Großenhain", None),
        ("Riesa OT Dresden", None),
        ("Neu-Riesa", None),
        ("Gröba", None),
        ("Dresden", None),
        ("Dresden OT Riesa", None),
    ],
)
def test_part_of_a_town(written: str, town: str | None) -> None:
    assert town_of(written, MunicipalityNames(MEISSEN)) == town


def test_a_part_of_a_town_is_its_town_on_every_sheet_and_told(read: Read, schools: Read) -> None:
    district = read(
        Schulen=schools(("Grundschule Am Park", "Riesa OT Gröba", 9, 1, 14)),
        Bestand=(
            ("Schüler-ID", "Schule", "Phase", "Gemeinde"),
            ("S-1", "Grundschule Am Park", 1, "01662 Meißen"),
        ),
        Neuzugänge=(HEADER, ("K-1", "Meißen-Triebischtal", "GS")),
        Wege=(("Gemeinde", "Schule", "Minuten"), ("Coswig OT X", "Grundschule Am Park", 40)),
    )
    assert district.schools[0].municipality == "Riesa"
    assert district.roster.pupils[0].municipality == "Meißen"
    assert district.newcomers[0].municipality == "Meißen"
    assert district.ways[0].municipality == "Coswig"
    told = [(f.sheet, f.cell) for f in district.findings if f.code == "gemeinde_gelesen_als"]
    assert told == [("Bestand", "D2"), ("Neuzugänge", "B2"), ("Schulen", "B2"), ("Wege", "A2")]


def test_a_municipality_of_another_district_is_named_as_such(
    found: Read, schools: Read, only: Read
) -> None:
    fault = only(
        found(Schulen=schools(SCHOOL), Neuzugänge=(HEADER, ("K-1", "Dresden", "GS"))),
        "gemeinde_unbekannt",
    )
    assert fault.problem == "„Dresden“ gehört zur Stadt Dresden, nicht zum Landkreis Meißen."
    assert "mit ihr und allen Gemeinden des Landkreises" in fault.remedy


@pytest.mark.parametrize("sheet", ["Neuzugänge", "Schulen"])
def test_without_a_sheet_nobody_is_sent_to_it(
    found: Read, schools: Read, only: Read, sheet: str
) -> None:
    sheets = {"Schulen": schools(SCHOOL)}
    if sheet == "Schulen":
        sheets["Schulen"] = schools((SCHOOL[0], "Hinterwald", *SCHOOL[2:]))
    else:
        sheets["Neuzugänge"] = (HEADER, ("K-1", "Hinterwald", "GS"))
    fault = only(found(**sheets), "gemeinde_unbekannt")
    assert "Blatt" not in fault.remedy
    assert "Ist es ein Ortsteil" in fault.remedy and "28 Gemeinden" in fault.remedy


def test_an_incomplete_sheet_is_told_once(found: Read, schools: Read, only: Read) -> None:
    rows = (("Gemeinde",), *((name,) for name in MEISSEN if name not in ("Riesa", "Coswig")))
    sheets = {"Schulen": schools(SCHOOL), "Gemeinden": rows}
    hits = found(**sheets, Neuzugänge=(HEADER, ("K-1", "Riesa", "GS")))
    partial = only(hits, "gemeinden_unvollstaendig", alone=False)
    assert not partial.is_fault and partial.sheet == "Gemeinden"
    assert "2 von 28 Gemeinden (Landkreis Meißen): „Coswig“ und „Riesa“" in partial.problem
    assert "ersetzt die mitgelieferte Liste" in partial.remedy
    fault = only(hits, "gemeinde_unbekannt")
    assert fault.problem == "„Riesa“ fehlt auf dem Blatt „Gemeinden“."
    assert "alle 28 Gemeinden" in fault.remedy
    whole = (("Gemeinde",), *((name,) for name in MEISSEN))
    assert not found(Schulen=schools((*SCHOOL, 51.4, 13.44)), Gemeinden=whole)
