"""From a district to the rows of each sheet: the other direction of reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from daz_planner.district.layout import MUNICIPALITIES, NEWCOMERS, SCHOOLS
from daz_planner.district.layout_planning import (
    CLASS_PLAN,
    HISTORY,
    REGULAR,
    ROOMS,
    ROSTER,
    TEACHERS,
    WAYS,
)
from daz_planner.district.model import (
    District,
    HistoryMonth,
    Municipality,
    Newcomer,
    Pupil,
    School,
)
from daz_planner.district.text import Cell, german_day
from daz_planner.errors import OutputError

SheetRow = dict[str, Cell]


def details_of(district: District) -> SheetRow:
    """The values of the sheet Angaben by the name of the entry."""
    return {
        "Landkreis": district.name,
        "Stichtag": district.reference_date,
        "Schuljahr": district.school_year or None,
        "Rechtsgrundlage": district.legal_basis or None,
    }


def rows_of(district: District) -> dict[str, list[SheetRow]]:
    """The rows of each sheet with a table, by the name of the sheet.

    Raises
    ------
    OutputError
        The district has a roster of another day than its reference date: a workbook has room for
        one roster only.
    """
    other = [r for r in district.rosters if r.reference_date != district.reference_date]
    if other:
        days = ", ".join(german_day(roster.reference_date) for roster in other)
        raise OutputError(
            f"Eine Arbeitsmappe fasst nur den Bestand des Stichtags, nicht den vom {days}.",
            remedy="Schreiben Sie für jeden Tag eine eigene Arbeitsmappe.",
        )
    roster = district.roster
    return {
        SCHOOLS.name: [_school(school) for school in district.schools],
        ROSTER.name: [_pupil(pupil) for pupil in (roster.pupils if roster else ())],
        NEWCOMERS.name: [_newcomer(child) for child in district.newcomers],
        CLASS_PLAN.name: [
            {
                "Schule": entry.school,
                "ab": entry.since,
                "Klassen": entry.classes,
                "Stand": entry.state.value,
            }
            for entry in district.class_plan
        ],
        ROOMS.name: [
            {"Schule": entry.school, "ab": entry.since, "freie Räume": entry.free_rooms}
            for entry in district.room_changes
        ],
        MUNICIPALITIES.name: [_municipality(place) for place in district.municipalities],
        WAYS.name: [
            {"Gemeinde": way.municipality, "Schule": way.school, "Minuten": way.minutes}
            for way in district.ways
        ],
        REGULAR.name: [
            {
                "Schule": entry.school,
                "Klassenstufe": entry.grade,
                "Klassen": entry.classes,
                "Schüler": entry.pupils,
                "Inklusionszuschlag": entry.surcharge or None,
                "Schulart": entry.school_type or None,
                "Gemeinde": entry.municipality or None,
            }
            for entry in district.regular_classes
        ],
        TEACHERS.name: [
            {
                "Schulart": budget.school_type or None,
                "Planungsregion": budget.planning_area or None,
                "Stunden": budget.hours,
            }
            for budget in district.teacher_budgets
        ],
        HISTORY.name: [_month(month) for month in district.history],
    }


def _school(school: School) -> SheetRow:
    return {
        "Schule": school.name,
        "Schulart": school.school_type,
        "Gemeinde": school.municipality,
        "Schulnummer": school.number or None,
        "VKA-Schüler": school.pupils,
        "VKA-Klassen": school.classes,
        "Kap.reserve": school.reserve,
        "Klassengröße": school.class_cap,
        "freie Räume": school.free_rooms,
        "Öffnungskosten": school.opening_cost,
        "Gast-VKA": school.guests or None,
        "Phase 1": school.phases[0],
        "Phase 2": school.phases[1],
        "Phase 3": school.phases[2],
        "Planungsregion": school.planning_area or None,
        "Breite": school.latitude,
        "Länge": school.longitude,
        "Koordinate von": school.location_from or None,
    }


def _municipality(place: Municipality) -> SheetRow:
    return {
        "Gemeinde": place.name,
        "AGS": place.ags or None,
        "Einwohner": place.population,
        "Breite": place.latitude,
        "Länge": place.longitude,
        "Anteil am Zuzug": place.arrival_share,
        "Planungsregion": place.planning_area or None,
    }


def _pupil(pupil: Pupil) -> SheetRow:
    return {
        "Schüler-ID": pupil.pupil_id,
        "Schule": pupil.school,
        "Phase": pupil.phase,
        "Phase seit": pupil.phase_since,
        "Eintritt": pupil.entered,
        "Klassenstufe": pupil.grade,
        "Gemeinde": pupil.municipality or None,
    }


def _newcomer(child: Newcomer) -> SheetRow:
    return {
        "Schüler-ID": child.pupil_id,
        "Gemeinde": child.municipality,
        "Schulart": child.school_type,
        "Klassenstufe": child.grade,
        "gemeldet am": child.registered,
        "Familie": child.family or None,
        "fixiert auf": child.pinned_to or None,
        "Ausschluss": _several(child.excluded),
        "Wunsch": _several(child.wishes),
    }


def _several(names: Sequence[str]) -> str | None:
    return "; ".join(names) or None


def _month(month: HistoryMonth) -> SheetRow:
    row: SheetRow = {"Monat": _first(month.month)}
    for kind, number in month.registrations:
        row[f"Anmeldungen {kind}".strip()] = number
    for phase, number in month.pupils:
        row[f"Phase {phase}" if phase else "VKA-Schüler"] = number
    return row


def _first(day: date) -> date:
    return day.replace(day=1)
