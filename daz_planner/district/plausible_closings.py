"""Decided closings (sheet Klassenplan) against the pupils who are there: who keeps a seat?"""

from __future__ import annotations

from datetime import date

from daz_planner.district.model import ClassDecision, District, PlanState, School
from daz_planner.district.plausible_months import german_month
from daz_planner.district.report import Report
from daz_planner.district.text import quoted
from daz_planner.german import plural

LONGEST_STAY = 24
"""Months after which nobody of today is in a VKA any more, where no rule is known."""


def check_closings(
    district: District, class_cap: int | None, stay_cap_months: int | None, report: Report
) -> None:
    """Warn where fewer classes are decided than today's pupils fill, or than a pin needs.

    Without a class cap only schools are checked that lose all their classes.
    """
    schools = {school.name: school for school in district.schools}
    if report.gaps.day_lost:
        return
    for entry in district.class_plan:
        school = schools.get(entry.school)
        if school is None or school.name in report.gaps.unsure_schools:
            continue
        if not _closes(entry, school, district, stay_cap_months or LONGEST_STAY):
            continue
        _check_pupils(entry, school, class_cap, report)
        if entry.classes == 0:
            _check_pins(entry, district, report)


def _closes(entry: ClassDecision, school: School, district: District, stay: int) -> bool:
    """Whether a decision ends classes of today while their pupils can still be there."""
    first = district.reference_date.replace(day=1)
    ahead = _months_between(first, entry.since)
    decided = entry.state is PlanState.DECIDED and entry.classes < school.classes
    return decided and 0 < ahead <= stay


def _months_between(first: date, later: date) -> int:
    return (later.year - first.year) * 12 + later.month - first.month


def _check_pupils(
    entry: ClassDecision, school: School, class_cap: int | None, report: Report
) -> None:
    cap = school.class_cap if school.class_cap is not None else class_cap
    if cap is None and entry.classes:
        return
    pupils, seats = school.pupils + school.guests, entry.classes * (cap or 0)
    if pupils <= seats:
        return
    month = german_month(entry.since)
    left = (
        "ist dort keine VKA-Klasse mehr"
        if entry.classes == 0
        else f"{'ist' if entry.classes == 1 else 'sind'} dort nur noch "
        f"{plural(entry.classes, 'VKA-Klasse', 'VKA-Klassen')} mit "
        f"{plural(seats, 'Platz', 'Plätzen')}"
    )
    report.warn(
        "klassenplan_schliesst",
        f"{quoted(school.name)} hat heute {plural(pupils, 'VKA-Schüler', 'VKA-Schüler')} in "
        f"{plural(school.classes, 'Klasse', 'Klassen')}; ab {month} {left} beschlossen. "
        "Wer bis dahin nicht in eine Regelklasse wechselt, hat dann womöglich keinen Platz.",
        "Klären Sie, an welche Schule diese Kinder wechseln, oder schließen Sie später. Das "
        "Programm verlegt sie nicht. Neue Kinder bekommen dort nur Plätze, die bleiben.",
        at=entry,
        column="Klassen",
        sheet="Klassenplan",
        value=entry.classes,
    )


def _check_pins(entry: ClassDecision, district: District, report: Report) -> None:
    """Children of the list whom the office sends to a school that it closes."""
    month = german_month(entry.since)
    for child in district.newcomers:
        if child.pinned_to == entry.school:
            report.warn(
                "fixiert_schliesst",
                f"{quoted(child.pupil_id)} ist auf {quoted(entry.school)} festgelegt; dort ist ab "
                f"{month} keine VKA-Klasse mehr beschlossen.",
                "Prüfen Sie beide Angaben. Das Kind bekommt dort einen Platz, verliert ihn aber "
                "mit der Klasse.",
                at=child,
                column="fixiert auf",
                sheet="Neuzugänge",
                value=child.pinned_to,
            )
