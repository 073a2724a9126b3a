"""Small districts and scenarios for tests, each value visible at the call."""

from __future__ import annotations

from datetime import date
from typing import Any

from daz_planner.district.model import District, Municipality, Newcomer, School
from daz_planner.scenario import scenario_from_dict
from daz_planner.scenario.model import Scenario

KM_PER_DEGREE = 6371.0088 * 3.141592653589793 / 180


def place(name: str, km: float = 0.0, population: int = 1000) -> Municipality:
    """A municipality ``km`` north of the origin on one meridian."""
    return Municipality(name, population, 51.0 + km / KM_PER_DEGREE, 13.5)


def school(name: str, km: float = 0.0, **values: Any) -> School:
    """A Grundschule with one class, ``km`` north of the origin, unless told otherwise."""
    base: dict[str, Any] = {
        "school_type": "GS",
        "pupils": 0,
        "classes": 1,
        "reserve": None,
        "municipality": "A-Dorf",
    }
    return School(
        name=name,
        latitude=51.0 + km / KM_PER_DEGREE,
        longitude=13.5,
        **{**base, **values},
    )


def child(pupil_id: str, municipality: str = "A-Dorf", **values: Any) -> Newcomer:
    """A child of the waiting list for a Grundschule."""
    return Newcomer(pupil_id, municipality, **{"school_type": "GS", **values})


def district(
    schools: list[School],
    municipalities: list[Municipality] | None = None,
    newcomers: list[Newcomer] | None = None,
    reference_date: date = date(2017, 2, 8),
) -> District:
    """A district on the given date, with one municipality unless told otherwise."""
    return District(
        name="Landkreis Probe",
        reference_date=reference_date,
        schools=tuple(schools),
        municipalities=tuple(municipalities or [place("A-Dorf")]),
        newcomers=tuple(newcomers or []),
    )


def scenario(**tables: Any) -> Scenario:
    """A scenario without arrivals or moving away, in which a minute is a kilometre.

    Stays are fixed: one month in phase 1, 11 in phase 2; first-graders go to a VKA too. Keyword =
    table of the scenario; its keys are set over these.
    """
    fixed = {"phase1": {"tabelle": [1.0]}, "phase2": {"tabelle": [0.0] * 10 + [1.0]}}
    base: dict[str, dict[str, Any]] = {
        "zeitraum": {"monate": 6},
        "zuzug": {"pro_monat": 0, "schularten": {"GS": 1.0}},
        "phasen": {kind: fixed for kind in ("GS", "OS", "BSZ", "GYM")},
        "abgang": {"wegzug_pro_monat": 0.0},
        "schuljahr": {"erstklaessler_direkt": False},
        "wege": {"umweg": 1.0, "kmh": 60.0, "fest_minuten": 0.0},
        "rechnen": {"laeufe": 64},
    }
    merged = dict(base)
    for name, values in tables.items():
        if name == "zuzug" and "reihe" in values:
            values = {"pro_monat": None, **values}
        merged[name] = {**base.get(name, {}), **values} if isinstance(values, dict) else values
    merged["zuzug"] = {k: v for k, v in merged["zuzug"].items() if v is not None}
    return scenario_from_dict(merged)
