"""Checks of the sheet Räume: against itself, the reference date and the class plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from daz_planner.district.model import ClassDecision, District, PlanState, RoomChange
from daz_planner.district.plausible_months import german_month
from daz_planner.district.report import Report
from daz_planner.district.text import german_day, quoted
from daz_planner.german import plural


def check_rooms(district: District, report: Report) -> None:
    """Entries of the sheet Räume against each other, the reference date and the class plan."""
    schools = {school.name: school for school in district.schools}
    first_month = district.reference_date.replace(day=1)
    _check_repeated(district, report)
    for entry in district.room_changes:
        if entry.since < first_month and not report.gaps.day_lost:
            report.warn(
                "raeume_vor_stichtag",
                f"{german_month(entry.since)} liegt vor dem Stichtag "
                f"{german_day(district.reference_date)}.",
                "Prüfen Sie Monat und Jahr. Gerechnet wird von Anfang an mit dieser Zahl statt mit "
                "der Spalte „freie Räume“ des Blatts Schulen.",
                at=entry,
                column="ab",
                sheet="Räume",
                value=german_month(entry.since),
            )
        school = schools.get(entry.school)
        decided = _decided_before(district.class_plan, entry)
        if school is None or decided is None:
            continue
        room = school.classes + entry.free_rooms
        if decided.classes > room:
            report.warn(
                "raeume_unter_klassen",
                f"{quoted(school.name)} hat ab {german_month(entry.since)} nur noch Platz für "
                f"{plural(room, 'VKA-Klasse', 'VKA-Klassen')}, beschlossen "
                f"{'ist' if decided.classes == 1 else 'sind'} {decided.classes} (seit "
                f"{german_month(decided.since)}).",
                "Prüfen Sie die freien Räume und das Blatt Klassenplan. Gerechnet wird mit den "
                "beschlossenen Klassen.",
                at=entry,
                column="freie Räume",
                sheet="Räume",
                value=entry.free_rooms,
            )


def _decided_before(decisions: Sequence[ClassDecision], entry: RoomChange) -> ClassDecision | None:
    """The decision on the school that holds when its rooms change; that of the same month is
    checked with the class plan."""
    decided = [
        one
        for one in decisions
        if one.school == entry.school
        and one.state is PlanState.DECIDED
        and one.since <= entry.since
    ]
    last = max(decided, key=lambda one: one.since, default=None)
    return None if last is None or last.since == entry.since else last


def _check_repeated(district: District, report: Report) -> None:
    """Two numbers for one school and month: a fault where they differ, else a warning."""
    entries: dict[tuple[str, date], list[RoomChange]] = defaultdict(list)
    for entry in district.room_changes:
        entries[entry.school, entry.since].append(entry)
    for (name, since), same in entries.items():
        first = same[0]
        row = f" (Zeile {first.row})" if first.row else ""
        for entry in same[1:]:
            differs = entry.free_rooms != first.free_rooms
            (report.fault if differs else report.warn)(
                "raeume_widerspruch" if differs else "raeume_doppelt",
                f"Für {quoted(name)} ab {german_month(since)} stehen hier "
                f"{plural(entry.free_rooms, 'freier Raum', 'freie Räume')}, an anderer "
                f"Stelle{row} {first.free_rooms}.",
                "Löschen Sie eine der beiden Zeilen.",
                at=entry,
                column="freie Räume",
                sheet="Räume",
                value=entry.free_rooms,
            )
