"""A district in which nothing is doubtful, to be changed in one place by each test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from daz_planner.district.findings import Finding
from daz_planner.district.model import District, Municipality, Newcomer, Pupil, Roster, School
from daz_planner.district.plausibility import check_plausibility

DAY = date(2017, 2, 8)
FILE = "kreis.xlsx"
SPANS: Mapping[str, int | None] = {"GS": 2, "OS": 3, "BSZ": None, "GYM": None}


def riesa(**values: Any) -> Municipality:
    base: dict[str, Any] = {
        "name": "Riesa",
        "population": 30_000,
        "latitude": 51.3025,
        "longitude": 13.3046,
        "ags": "14627230",
        "sheet": "Gemeinden",
        "row": 5,
    }
    return Municipality(**{**base, **values})


def coswig(**values: Any) -> Municipality:
    """About 26 km from Riesa."""
    base: dict[str, Any] = {
        "name": "Coswig",
        "population": 20_000,
        "latitude": 51.1268,
        "longitude": 13.5805,
        "ags": "14627010",
        "sheet": "Gemeinden",
        "row": 6,
    }
    return Municipality(**{**base, **values})


def school(name: str = "1. Grundschule Riesa", **values: Any) -> School:
    base: dict[str, Any] = {
        "school_type": "GS",
        "pupils": 20,
        "classes": 1,
        "reserve": 3,
        "municipality": "Riesa",
        "latitude": 51.30,
        "longitude": 13.30,
        "sheet": "Schulen",
        "row": 7,
    }
    return School(**{"name": name, **base, **values})


def pupil(pupil_id: str = "S-1", **values: Any) -> Pupil:
    base: dict[str, Any] = {
        "school": "1. Grundschule Riesa",
        "phase": 1,
        "entered": date(2016, 9, 1),
        "phase_since": date(2016, 9, 1),
        "grade": 2,
        "sheet": "Bestand",
        "row": 4,
    }
    return Pupil(pupil_id, **{**base, **values})


def roster(*some: Pupil, day: date = DAY, number: int = 20) -> Roster:
    """The pupils given, filled up to ``number`` with pupils of whom nothing is to say."""
    more = (pupil(f"S-{100 + i}", row=100 + i) for i in range(number - len(some)))
    return Roster(day, (*some, *more))


def child(pupil_id: str = "N-1", **values: Any) -> Newcomer:
    base: dict[str, Any] = {"school_type": "GS", "grade": 2, "sheet": "Neuzugänge", "row": 3}
    return Newcomer(pupil_id, "Riesa", **{**base, **values})


COLUMNS = {
    "Schulen": ("Schule", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Breite", "Phase 1"),
    "Gemeinden": ("Gemeinde", "AGS", "Einwohner", "Breite"),
    "Bestand": ("Schüler-ID", "Schule", "Phase", "Phase seit", "Eintritt", "Klassenstufe"),
    "Neuzugänge": ("Schüler-ID", "Familie", "Klassenstufe"),
    "Klassenplan": ("Schule", "ab", "Klassen", "Stand"),
    "Räume": ("Schule", "ab", "freie Räume"),
    "Wege": ("Gemeinde", "Schule", "Minuten"),
    "Regelklassen": ("Schule", "Klassenstufe", "Klassen", "Schüler"),
    "Lehrerstunden": ("Schulart", "Planungsregion", "Stunden"),
    "Historie": ("Monat", "Anmeldungen", "VKA-Schüler"),
}


def district(**values: Any) -> District:
    """Riesa and Coswig with one Grundschule; keyword = field of the district."""
    base: dict[str, Any] = {
        "name": "Landkreis Meißen",
        "reference_date": DAY,
        "schools": (school(),),
        "municipalities": (riesa(), coswig()),
        "school_year": "2016/17",
        "files": ((FILE, "0" * 64),),
        "columns": tuple(
            (FILE, sheet, name, number)
            for sheet, names in COLUMNS.items()
            for number, name in enumerate(names, start=1)
        ),
    }
    return replace(District(**{key: base[key] for key in base}), **values)


def check(tested: District, **values: Any) -> tuple[Finding, ...]:
    """The findings under the rules of February 2017, unless told otherwise."""
    rules: dict[str, Any] = {
        "class_cap": 23,
        "stay_cap_months": 24,
        "grade_spans": SPANS,
        "other_class_caps": (23, 28),
    }
    return check_plausibility(tested, **{**rules, **values})


def only(findings: tuple[Finding, ...], code: str) -> Finding:
    """The one finding there is; it must have the code."""
    assert [finding.code for finding in findings] == [code], list(map(str, findings))
    return findings[0]
