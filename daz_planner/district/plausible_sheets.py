"""Checks of ways against the map, of regular classes and of teacher hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from daz_planner.district.distance import distance_km, is_located
from daz_planner.district.gaps import SCHOOLS
from daz_planner.district.model import District, GivenWay, TeacherBudget
from daz_planner.district.plausible_pupils import GRADES
from daz_planner.district.regular_schools import regular_schools
from daz_planner.district.report import Report
from daz_planner.district.text import did_you_mean, fold, listed, nearest, quoted, shown
from daz_planner.district.values import type_of_name
from daz_planner.german import plural

HoursRule = Callable[[str, float, float], float]
"""Hours per week from school type, classes and pupils of a school."""

LEAST_HOURS, MOST_HOURS = 0.2, 10.0
"""Teacher hours as a multiple of the need of today's classes, between which they may be meant."""

FASTEST_KMH = 100.0
"""A way may not be faster than the great circle at this speed."""

LONGEST_FACTOR = 3.0
"""A way may be this many times the estimate from the map."""

_DETOUR, _SPEED_KMH, _FIXED_MINUTES = 1.3, 40.0, 5.0
"""The estimate is that of the default scenario (assumption): great circle × 1.3 at 40 km/h + 5."""

_ALWAYS_FINE_MINUTES = 30.0
"""Ways up to the guidance for Grundschulen (LEP 2013) are never too long."""

LONGEST_MINUTES = 300.0
"""No way to school takes longer."""

_FEWEST_ALIKE = 12
_ROUNDING_MINUTES = 1.0


def check_ways(district: District, report: Report) -> None:
    """Given ways that contradict the map: too fast, too long, or 0 minutes apart.

    Where more than half of at least twelve ways are wrong on the same side, their unit is: that
    is one warning.
    """
    seats = {m.name: m for m in district.municipalities if is_located(m)}
    schools = {s.name: s for s in district.schools if is_located(s)}
    wrong: dict[str, list[tuple[GivenWay, float]]] = defaultdict(list)
    checked = 0
    endless = [way for way in district.ways if way.minutes > LONGEST_MINUTES]
    if endless:
        many = plural(len(endless), "Weg dauert", "Wege dauern")
        longest = plural(endless[0].minutes, "Minute", "Minuten", 1)
        report.warn(
            "weg_ueber_300",
            f"{many} über {LONGEST_MINUTES:.0f} Minuten, z. B. von "
            f"{quoted(endless[0].municipality)} nach {quoted(endless[0].school)} "
            f"{longest}.",
            "Prüfen Sie die Minuten. Stehen auf dem Blatt Kosten statt Minuten, ist es richtig.",
            at=endless[0],
            column="Minuten",
            sheet="Wege",
            value=endless[0].minutes,
        )
    for way in district.ways:
        if way.minutes > LONGEST_MINUTES:
            continue
        seat, school = seats.get(way.municipality), schools.get(way.school)
        if seat is None or school is None:
            continue
        checked += 1
        away = distance_km(seat, school)
        inside = school.municipality in (way.municipality, "")  # empty: not readable
        kind = _kind(way.minutes, away, inside=inside)
        if kind:
            wrong[kind].append((way, away))
    for kind, ways in wrong.items():
        if checked >= _FEWEST_ALIKE and 2 * len(ways) > checked:
            side = "länger" if kind == "weg_zu_lang" else "kürzer"
            report.warn(
                "wege_einheit",
                f"{len(ways)} von {checked} Wegen sind viel {side}, als die Karte erwarten lässt, "
                f"z. B. {_described(*ways[0])}.",
                "Prüfen Sie die Einheit: gebraucht werden Minuten für den einfachen Weg.",
                sheet=ways[0][0].sheet or "Wege",
            )
            continue
        for way, away in ways:
            report.warn(
                kind,
                f"{_described(way, away)}{_REASONS[kind]}",
                "Prüfen Sie die Minuten. Gerechnet wird mit ihnen.",
                at=way,
                column="Minuten",
                sheet="Wege",
                value=way.minutes,
            )


_REASONS = {
    "weg_null": ", aber 0 Minuten zwischen verschiedenen Orten gibt es nicht.",
    "weg_zu_schnell": f", das wäre schneller als {FASTEST_KMH:.0f} km/h.",
    "weg_zu_lang": ", das ist mehr als das Dreifache der Schätzung aus der Karte.",
}


def _described(way: GivenWay, away: float) -> str:
    return (
        f"Von {quoted(way.municipality)} nach {quoted(way.school)} "
        f"{'ist' if way.minutes == 1 else 'sind'} es {shown(way.minutes)} "
        f"{'Minute' if way.minutes == 1 else 'Minuten'} für {shown(round(away, 1))} km Luftlinie"
    )


def _kind(minutes: float, away: float, *, inside: bool) -> str:
    """The code of what is wrong with a way, empty where nothing is."""
    if not inside and away > 0:
        if not minutes:
            return "weg_null"
        if away / FASTEST_KMH * 60 > minutes + _ROUNDING_MINUTES:
            return "weg_zu_schnell"
    estimate = away * _DETOUR / _SPEED_KMH * 60 + _FIXED_MINUTES
    if minutes > max(_ALWAYS_FINE_MINUTES, LONGEST_FACTOR * estimate):
        return "weg_zu_lang"
    return ""


def check_regular_classes(
    district: District, cap: int | None, report: Report, most_surcharge: float | None = None
) -> None:
    """Regular classes above the cap, pupils without a class, grades that the type does not have.

    ``most_surcharge`` are the seats that inclusion may take in one class (§ 2 SächsKlassBVO).
    """
    _check_regular_schools(district, report)
    types = {school.name: school.school_type for school in district.schools}
    for entry in district.regular_classes:
        if entry.pupils and not entry.classes:
            report.warn(
                "regelklasse_fehlt",
                f"{quoted(entry.school)}, Klassenstufe {entry.grade}: {entry.pupils} Schüler, "
                "aber keine Klasse.",
                "Tragen Sie die Zahl der Klassen ein.",
                at=entry,
                column="Klassen",
                sheet="Regelklassen",
                value=entry.classes,
            )
        elif cap is not None and entry.pupils > cap * entry.classes:
            report.warn(
                "regelklasse_ueber",
                f"{quoted(entry.school)}, Klassenstufe {entry.grade}: {entry.pupils} Schüler, "
                f"aber {entry.classes} × {cap} = {entry.classes * cap}, also "
                f"{entry.pupils - cap * entry.classes} über der Obergrenze einer Regelklasse.",
                "Prüfen Sie beide Zahlen. Für Schüler der Phasen 2 und 3 ist hier kein Platz.",
                at=entry,
                column="Schüler",
                sheet="Regelklassen",
                value=entry.pupils,
            )
        if most_surcharge is not None and entry.surcharge > most_surcharge * entry.classes:
            report.warn(
                "inklusion_ueber",
                f"{quoted(entry.school)}, Klassenstufe {entry.grade}: "
                f"{plural(entry.surcharge, 'Platz', 'Plätze', 1)} Zuschlag, aber höchstens "
                f"{entry.classes} × {shown(most_surcharge)}.",
                "Tragen Sie die Summe der Klassenstufe ein: 0,5, 1 oder 1,5 Plätze je Schüler mit "
                "Förderbedarf. Gerechnet wird mit dem Höchstwert.",
                at=entry,
                column="Inklusionszuschlag",
                sheet="Regelklassen",
                value=entry.surcharge,
            )
        kind = types.get(entry.school) or entry.school_type or None
        if kind is None and not report.gaps.is_broken(entry.school):
            kind = type_of_name(entry.school)
        first, last = GRADES.get(kind or "", (1, 13))
        if kind in ("GS", "OS", "GYM") and not first <= entry.grade <= last:
            report.warn(
                "klassenstufe_abweichend",
                f"Klassenstufe {entry.grade} passt nicht zur Schulart {kind} ({first} bis {last}).",
                "Prüfen Sie die Klassenstufe und die Schule.",
                at=entry,
                column="Klassenstufe",
                sheet="Regelklassen",
                value=entry.grade,
            )


def _check_regular_schools(district: District, report: Report) -> None:
    """Schools of which nobody knows the type or the place: no pupil can have a seat there."""
    found = regular_schools(district)
    table = {school.name for school in district.schools}
    first = {entry.school: entry for entry in reversed(district.regular_classes)}

    def tell(name: str, code: str, column: str, problem: str, remedy: str) -> None:
        if name in table:
            return
        if report.gaps.is_broken(name):
            report.gaps.later("die Schulen der Regelklassen", SCHOOLS)
            return
        cell = column if report.column_of(first[name], column) else "Schule"
        report.warn(
            code, problem, remedy, at=first[name], column=cell, sheet="Regelklassen", value=name
        )

    for name in found.without_type:
        tell(
            name,
            "regelklasse_ohne_schulart",
            "Schulart",
            f"Die Schulart von {quoted(name)} ist nicht zu erkennen. Ihre Plätze zählen nicht.",
            "Tragen Sie sie in der Spalte „Schulart“ ein: GS, OS, BSZ oder GYM.",
        )
    for name in found.without_place:
        tell(
            name,
            "regelklasse_ohne_ort",
            "Gemeinde",
            f"{quoted(name)} steht weder auf dem Blatt Schulen noch sicher in der Liste der "
            "sächsischen Schulen. Wo sie liegt, ist nicht bekannt; ihre Plätze zählen nicht.",
            "Tragen Sie in der Spalte „Gemeinde“ ein, wo sie liegt, oder schreiben Sie ihren Namen "
            "mit dem Ort, z. B. Grundschule Lommatzsch.",
        )


def check_teacher_budgets(district: District, report: Report) -> None:
    """Hours for planning areas or school types that no school belongs to."""
    areas = {s.planning_area for s in district.schools if s.planning_area}
    areas |= {m.planning_area for m in district.municipalities if m.planning_area}
    folded = {fold(area) for area in areas}
    gaps = report.gaps
    areas_open = gaps.regions_lost or gaps.schools_open or gaps.municipalities_lost
    for entry in district.teacher_budgets:
        area, kind = entry.planning_area, entry.school_type
        unknown = bool(area) and fold(area) not in folded
        if unknown and areas_open:
            report.gaps.later("die Planungsregionen der Lehrerstunden", SCHOOLS)
        elif unknown:
            known = f"Bekannt sind {listed(sorted(areas)[:6])}." if areas else ""
            report.warn(
                "region_unbekannt",
                f"Zur Planungsregion {quoted(area)} gehört keine Schule und keine Gemeinde.",
                did_you_mean(nearest(area, sorted(areas), most=1))
                or known
                or "Tragen Sie die Planungsregion bei den Schulen ein.",
                at=entry,
                column="Planungsregion",
                sheet="Lehrerstunden",
                value=area,
            )
        absent = bool(kind and district.schools) and kind not in district.school_types
        if absent and report.gaps.schools_open:
            report.gaps.later("die Schularten der Lehrerstunden", SCHOOLS)
        elif absent:
            report.warn(
                "lehrerstunden_ohne_schule",
                f"Lehrerstunden für {kind}, aber keine Schule dieser Schulart in der Tabelle.",
                "Prüfen Sie die Schulart. Die Stunden bleiben ohne Wirkung.",
                at=entry,
                column="Schulart",
                sheet="Lehrerstunden",
                value=kind,
            )


def check_hours(district: District, rule: HoursRule, report: Report) -> None:
    """Teacher hours far from what today's classes need by the rule, or fewer than they need.

    The need is that of the schools of the type, or of the planning area, that the hours are for.
    """
    gaps = report.gaps
    for entry in district.teacher_budgets:
        area, kind = entry.planning_area, entry.school_type
        meant = [
            school
            for school in district.schools
            if school.school_type == kind or (area and fold(school.planning_area) == fold(area))
        ]
        if gaps.schools_open or gaps.unsure_schools or (area and gaps.regions_lost):
            gaps.later("die Höhe der Lehrerstunden", SCHOOLS)
            continue
        need = sum(rule(s.school_type, s.classes, s.pupils + s.guests) for s in meant)
        classes = sum(school.classes for school in meant)
        if not need or LEAST_HOURS * need <= entry.hours <= MOST_HOURS * need:
            if entry.hours < need:
                _report_short(entry, need, classes, report)
            continue
        side = "weniger als ein Fünftel" if entry.hours < need else "mehr als das Zehnfache"
        report.warn(
            "stunden_unglaubwuerdig",
            f"{shown(entry.hours)} Lehrerstunden für {quoted(kind or area)} sind {side} dessen, "
            f"was {plural(classes, 'VKA-Klasse braucht', 'VKA-Klassen brauchen')} "
            f"({plural(need, 'Stunde', 'Stunden', 1)} je Woche nach der Regel).",
            "Prüfen Sie die Zahl: es zählen Lehrerstunden je Woche. Gerechnet wird mit ihr.",
            at=entry,
            column="Stunden",
            sheet="Lehrerstunden",
            value=entry.hours,
        )


def _report_short(entry: TeacherBudget, need: float, classes: int, report: Report) -> None:
    """The hours do not even suffice for today's classes."""
    name = quoted(entry.school_type or entry.planning_area)
    missing = plural(need - entry.hours, "Stunde", "Stunden", 1)
    report.warn(
        "stunden_fehlen",
        f"{shown(entry.hours)} Lehrerstunden je Woche für {name}: "
        f"{plural(classes, 'VKA-Klasse', 'VKA-Klassen')} von heute "
        f"{'braucht' if classes == 1 else 'brauchen'} nach der Regel {shown(need)}. Schon am "
        f"Stichtag {'fehlt' if missing == '1 Stunde' else 'fehlen'} {missing}.",
        "Prüfen Sie die Stunden und die Klassen. Der Plan schließt deshalb keine Klasse; mit "
        "[lehrer] begrenzt = true öffnet er dort keine, solange Stunden fehlen.",
        at=entry,
        column="Stunden",
        sheet="Lehrerstunden",
        value=entry.hours,
    )
