"""Checks of pins, exclusions and wishes of today's list: doubtful, but the plan can be made."""

from __future__ import annotations

from collections import defaultdict

from daz_planner.district.model import District, Newcomer, School
from daz_planner.district.report import Report
from daz_planner.district.text import listed, quoted
from daz_planner.german import plural


def check_pins(district: District, class_cap: int | None, report: Report) -> None:
    """More children pinned to a school than seats are free; siblings pinned to two schools; wishes
    and exclusions that speak against each other."""
    _check_exclusions(district, report)
    schools = {school.name: school for school in district.schools}
    pinned: defaultdict[str, list[Newcomer]] = defaultdict(list)
    families: defaultdict[tuple[str, str], list[Newcomer]] = defaultdict(list)
    for child in district.newcomers:
        if child.pinned_to in schools:
            pinned[child.pinned_to].append(child)
            if child.family:
                families[child.family, child.school_type].append(child)
    for name, children in pinned.items():
        if not report.gaps.is_broken(name):
            _check_seats(schools[name], children, class_cap, report)
    for siblings in families.values():
        names = sorted({child.pinned_to for child in siblings})
        if len(names) > 1:
            report.warn(
                "fixiert_familie",
                f"Geschwister derselben Schulart sind auf {listed(names)} "
                "festgelegt und werden deshalb getrennt.",
                "Prüfen Sie die Spalten „fixiert auf“ und „Familie“.",
                at=siblings[0],
                column="fixiert auf",
                sheet="Neuzugänge",
                value=siblings[0].pinned_to,
            )


def _check_exclusions(district: District, report: Report) -> None:
    """A school that is wished and excluded; no school of the type that is left for a child."""
    of_type: defaultdict[str, set[str]] = defaultdict(set)
    for school in district.schools:
        of_type[school.school_type].add(school.name)
    for child in district.newcomers:
        both = [name for name in child.wishes if name in child.excluded]
        if both:
            report.warn(
                "wunsch_ausgeschlossen",
                f"{listed(both)} {'ist' if len(both) == 1 else 'sind'} zugleich "
                "gewünscht und ausgeschlossen.",
                "Der Ausschluss gilt, der Wunsch zählt nicht. Löschen Sie eine der beiden Angaben.",
                at=child,
                column="Wunsch",
                sheet="Neuzugänge",
                value=both[0],
            )
        schools = of_type[child.school_type]
        if (
            schools
            and not report.gaps.schools_open
            and schools <= set(child.excluded)
            and not child.pinned_to
        ):
            report.warn(
                "ausschluss_alle",
                f"Für das Kind sind alle Schulen der Schulart {child.school_type} ausgeschlossen.",
                "Es wartet in jedem Plan. Prüfen Sie die Spalte „Ausschluss“.",
                at=child,
                column="Ausschluss",
                sheet="Neuzugänge",
                value=child.excluded[0],
            )


def _check_seats(
    school: School, children: list[Newcomer], class_cap: int | None, report: Report
) -> None:
    cap = school.class_cap or class_cap
    if not school.classes:
        free = 0
    elif school.reserve is not None:
        free = school.reserve
    elif cap is not None:
        free = max(0, cap * school.classes - school.pupils - school.guests)
    else:
        return
    if len(children) <= free:
        return
    there = (
        "ist kein Platz frei"
        if not free
        else f"{'ist' if free == 1 else 'sind'} {plural(free, 'Platz', 'Plätze')} frei"
    )
    report.warn(
        "fixiert_voll",
        f"Auf {quoted(school.name)} {'ist' if len(children) == 1 else 'sind'} "
        f"{plural(len(children), 'Kind', 'Kinder')} festgelegt, dort {there}.",
        "Wer keinen Platz findet, wartet auf diese Schule und bekommt keine andere. Prüfen Sie die "
        "Spalte „fixiert auf“.",
        at=children[free] if free < len(children) else children[0],
        column="fixiert auf",
        sheet="Neuzugänge",
        value=school.name,
    )
