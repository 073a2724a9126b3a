from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daz_planner.district import District, School, check_against_cap
from daz_planner.district.findings import Severity


def district(**values: Any) -> District:
    fields: dict[str, Any] = {
        "name": "Oberschule A",
        "school_type": "OS",
        "pupils": 20,
        "classes": 1,
        "reserve": 3,
        "municipality": "Riesa",
        "latitude": 51.3,
        "longitude": 13.3,
        "sheet": "Schulen",
        "row": 7,
    }
    school = School(**(fields | values))
    return District("Kreis", date(2017, 2, 8), (school,), (), files=(("a.xlsx", "0"),))


@pytest.mark.parametrize(
    ("values", "cap"),
    [
        ({}, 23),
        ({}, None),
        ({"reserve": None}, 23),
        ({"pupils": 18, "guests": 2}, 23),
        ({"pupils": 41, "classes": 3, "reserve": 28}, 23),
        ({"class_cap": 25, "reserve": 5}, 23),
        ({"pupils": 0, "classes": 0, "reserve": 0}, 23),
        ({"pupils": 5, "classes": 0, "reserve": None}, 23),
    ],
)
def test_nothing_to_say(values: dict[str, Any], cap: int | None) -> None:
    assert check_against_cap(district(**values), cap) == ()


@pytest.mark.parametrize(
    ("values", "cap", "code", "says"),
    [
        (
            {"pupils": 21},
            23,
            "reserve_abweichend",
            "21 VKA-Schüler + 3 freie Plätze = 24, aber 1 Klasse × 23 = 23.",
        ),
        (
            {"pupils": 41, "classes": 2, "guests": 2, "reserve": 1},
            23,
            "reserve_abweichend",
            "41 VKA-Schüler + 2 Gastschüler + 1 freier Platz = 44, aber 2 Klassen × 23 = 46.",
        ),
        (
            {"pupils": 24, "reserve": 0},
            23,
            "ueber_obergrenze",
            "24 VKA-Schüler + 0 freie Plätze = 24, aber 1 Klasse × 23 = 23, also 1 über",
        ),
        ({"pupils": 24, "reserve": None}, 23, "ueber_obergrenze", "24 VKA-Schüler, aber 1 Klasse"),
        ({"class_cap": 22}, None, "reserve_abweichend", "1 Klasse × 22 = 22"),
        ({"pupils": 0, "classes": 0, "reserve": 5}, 23, "reserve_ohne_klasse", "5 freie Plätze"),
    ],
)
def test_deviations(values: dict[str, Any], cap: int | None, code: str, says: str) -> None:
    (finding,) = check_against_cap(district(**values), cap)
    assert (finding.code, finding.severity) == (code, Severity.WARNING)
    assert says in finding.problem
    assert (finding.file, finding.place) == ("a.xlsx", "Schulen!Zeile 7")


def test_the_reserve_of_the_office_is_honoured_and_said() -> None:
    (finding,) = check_against_cap(district(pupils=21), 23)
    assert finding.remedy == "Gerechnet wird mit der Reserve der Tabelle (3)."
