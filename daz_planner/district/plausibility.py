"""What cannot be right although every cell can be read: a function per check, one entry for all.

The checks compare what was read with itself, with the map and with the dated rules, which the
caller looks up and hands in. Most findings are warnings; those that would make a plan senseless
are faults.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from daz_planner.district import gazetteer
from daz_planner.district.checks import check_against_cap
from daz_planner.district.distance import distance_km, is_located
from daz_planner.district.findings import Finding
from daz_planner.district.gaps import DETAILS, MUNICIPALITIES, SCHOOLS, Gaps
from daz_planner.district.model import District, Municipality
from daz_planner.district.plausible_closings import check_closings
from daz_planner.district.plausible_counts import check_counts, check_reserves
from daz_planner.district.plausible_months import check_class_plan, check_history
from daz_planner.district.plausible_pins import check_pins
from daz_planner.district.plausible_pupils import check_children, check_ids, check_rosters
from daz_planner.district.plausible_rooms import check_rooms
from daz_planner.district.plausible_seats import MANY_CLASSES, SENSELESS_FACTOR, check_seats
from daz_planner.district.plausible_sheets import (
    HoursRule,
    check_hours,
    check_regular_classes,
    check_teacher_budgets,
    check_ways,
)
from daz_planner.district.report import Report, first_few
from daz_planner.district.text import german_day, quoted, shown
from daz_planner.german import plural

FAR_FROM_DISTRICT_KM = 30.0
FAR_FROM_SEAT_KM = 20.0
_POPULATION_FACTOR = 5
_SINGLE_OUTSIDERS = 5


def check_plausibility(
    district: District,
    *,
    class_cap: int | None,
    stay_cap_months: int | None,
    grade_spans: Mapping[str, int | None] | None,
    other_class_caps: Sequence[int] = (),
    regular_cap: int | None = 28,
    most_surcharge: float | None = 5.0,
    today: date | None = None,
    gaps: Gaps | None = None,
    teacher_hours: HoursRule | None = None,
) -> tuple[Finding, ...]:
    """Everything doubtful or impossible in a district, or in what could be read of it.

    Parameters
    ----------
    class_cap:
        Most pupils in one VKA on the reference date, ``None`` where no rule is known.
    stay_cap_months:
        Longest stay in phases 1 and 2 together on the reference date, in months.
    grade_spans:
        Most grades in one VKA by school type; ``None`` or a missing type: no rule is known.
    other_class_caps:
        Class caps of other times, see :func:`~daz_planner.district.checks.check_against_cap`.
    regular_cap:
        Most pupils in a regular class (§ 4a SächsSchulG: 28).
    most_surcharge:
        Most seats that inclusion takes in one regular class (§ 2 SächsKlassBVO: 5).
    today:
        The day of the run, to notice a reference date in the future; ``None``: not checked.
    gaps:
        What the district lacks because of faults: of that nothing is said, and the checks that
        have to wait are noted there.
    teacher_hours:
        Hours per week by the rule of the reference date, from school type, VKA classes and VKA
        pupils of a school; ``None``: the budgets are not held against the classes.

    Returns
    -------
    tuple[Finding, ...]
        Sorted by place. Faults among them make a plan senseless; the caller has to stop then.
    """
    report = Report(district, gaps)
    sure = _sure(district, report.gaps)
    check_dates(district, today, report)
    check_municipalities(district, report)
    check_locations(district, report)
    senseless = check_schools(sure, class_cap, report)
    senseless |= check_seats(sure, class_cap, other_class_caps, report)
    check_reserves(district, class_cap, report)
    check_rosters(district, stay_cap_months, grade_spans or {}, report)
    check_counts(district, class_cap, report)
    check_children(district, report)
    check_pins(district, class_cap, report)
    check_ids(district, report)
    check_class_plan(district, report)
    check_closings(district, class_cap, stay_cap_months, report)
    check_rooms(district, report)
    check_ways(district, report)
    check_regular_classes(district, regular_cap, report, most_surcharge)
    check_teacher_budgets(district, report)
    if teacher_hours is not None:
        check_hours(district, teacher_hours, report)
    check_history(district, report)
    against_cap = [
        finding
        for finding in check_against_cap(sure, class_cap, other_caps=other_class_caps)
        if finding.value not in senseless
    ]
    return tuple(sorted((*report.findings, *against_cap), key=lambda f: f.sort_key))


def _sure(district: District, gaps: Gaps) -> District:
    """The district with those schools of which every number that counts is known."""
    if not gaps.unsure_schools:
        return district
    gaps.later("die Plätze der Schulen mit einem Fehler", SCHOOLS)
    schools = tuple(s for s in district.schools if s.name not in gaps.unsure_schools)
    return replace(district, schools=schools)


_YEAR = re.compile(r"(?<!\d)(\d{4})\s*[/–-]\s*(\d{4}|\d{2})(?!\d)")


def check_dates(district: District, today: date | None, report: Report) -> None:
    """The reference date against today and against the school year."""
    day = district.reference_date
    if report.gaps.day_lost and (district.schools or district.rosters):
        report.gaps.later("alles, was vom Stichtag abhängt", DETAILS)
    if today is not None and day > today and not report.gaps.day_lost:
        report.warn(
            "stichtag_zukunft",
            f"Der Stichtag {german_day(day)} liegt in der Zukunft.",
            "Prüfen Sie das Jahr. Die Zahlen gelten sonst als schon gezählt.",
            at=district.detail("Stichtag"),
            value=day,
        )
    if not district.school_year:
        return
    match = _YEAR.search(district.school_year)
    first = int(match.group(1)) if match else 0
    if match is None or int(match.group(2)) % 100 != (first + 1) % 100:
        report.warn(
            "schuljahr_unklar",
            f"{quoted(district.school_year)} ist kein Schuljahr.",
            "Schreiben Sie es wie 2016/17. Gerechnet wird mit dem Stichtag.",
            at=district.detail("Schuljahr"),
            value=district.school_year,
        )
    elif not report.gaps.day_lost and not date(first, 8, 1) <= day <= date(first + 1, 7, 31):
        report.warn(
            "schuljahr_abweichend",
            f"Der Stichtag {german_day(day)} liegt nicht im Schuljahr "
            f"{district.school_year} (01.08.{first} bis 31.07.{first + 1}).",
            "Prüfen Sie beide. Gerechnet wird mit dem Stichtag.",
            at=district.detail("Schuljahr"),
            value=district.school_year,
        )


def check_municipalities(district: District, report: Report) -> None:
    """Keys of municipalities against the district; names, seats and inhabitants against the list.

    That most municipalities lie in another district than the one that is named is a fault.
    """
    keyed = [m for m in district.municipalities if m.ags]
    names = gazetteer.district_names()
    named = gazetteer.district_key(district.name)
    if keyed:
        most, number = Counter(m.ags[:5] for m in keyed).most_common(1)[0]
        clear = 2 * number > len(keyed)
        if named is not None and most != named and clear:
            where = names.get(most, "außerhalb von Sachsen")
            report.fault(
                "landkreis_widerspruch",
                f"Angegeben ist {names[named]}, aber {number} von "
                f"{plural(len(keyed), 'Gemeinde', 'Gemeinden')} "
                f"{'gehört' if number == 1 else 'gehören'} nach dem Schlüssel zu: {where}.",
                "Berichtigen Sie den Landkreis auf dem Blatt „Angaben“ oder die Gemeinden.",
                at=district.detail("Landkreis"),
                sheet=keyed[0].sheet or "Gemeinden",
                value=names[named],
            )
        elif named is not None or (clear and 5 * number >= 4 * len(keyed)):
            _report_outsiders(keyed, named or most, names, report)
    listed_by_key = {entry.ags: entry for entry in gazetteer.all_municipalities()}
    for municipality in keyed:
        entry = listed_by_key.get(municipality.ags)
        if entry is not None:
            _compare_with_list(municipality, entry, district.reference_date, report)


def _report_outsiders(
    keyed: Sequence[Municipality], key: str, names: Mapping[str, str], report: Report
) -> None:
    outside = [m for m in keyed if m.ags[:5] != key]
    remedy = "Prüfen Sie den Namen und den Schlüssel (AGS). Sie bleibt in der Rechnung."
    if len(outside) > _SINGLE_OUTSIDERS:
        report.warn(
            "gemeinde_ausserhalb",
            f"{len(outside)} Gemeinden liegen nicht in: {names.get(key, key)}, nämlich "
            f"{first_few([m.name for m in outside], 3)}.",
            "Prüfen Sie die Namen und die Schlüssel (AGS). Sie bleiben in der Rechnung.",
            sheet=outside[0].sheet or "Gemeinden",
        )
        return
    for municipality in outside:
        other = names.get(municipality.ags[:5])
        where = f"gehört zu: {other}" if other else "liegt nicht in Sachsen"
        report.warn(
            "gemeinde_ausserhalb",
            f"{quoted(municipality.name)} {where}, nicht zu: {names.get(key, key)}.",
            remedy,
            at=municipality,
            column="AGS",
            sheet="Gemeinden",
            value=municipality.ags,
        )


def _compare_with_list(
    municipality: Municipality,
    entry: gazetteer.ListedMunicipality,
    day: date,
    report: Report,
) -> None:
    """Warn where key and name, seat or inhabitants do not belong together."""
    if gazetteer.match_municipality(municipality.name, (entry.name,)) is None:
        report.warn(
            "ags_abweichend",
            f"Der Schlüssel {municipality.ags} gehört zu {quoted(entry.name)}, nicht zu "
            f"{quoted(municipality.name)}.",
            "Berichtigen Sie den Schlüssel oder den Namen.",
            at=municipality,
            column="AGS",
            sheet="Gemeinden",
            value=municipality.ags,
        )
        return
    away = distance_km(municipality, entry)
    if is_located(municipality) and away > FAR_FROM_SEAT_KM:
        report.warn(
            "lage_abweichend",
            f"Die Koordinate von {quoted(municipality.name)} liegt {away:.0f} km vom Sitz der "
            "Gemeinde entfernt.",
            "Prüfen Sie Breite und Länge, oder lassen Sie beide Zellen leer.",
            at=municipality,
            column="Breite",
            sheet="Gemeinden",
            value=municipality.latitude,
        )
    known, written = entry.population(day), municipality.population
    if written and not known / _POPULATION_FACTOR <= written <= known * _POPULATION_FACTOR:
        report.warn(
            "einwohner_abweichend",
            f"{quoted(municipality.name)} hat hier {written} Einwohner, in der Liste der "
            f"Gemeinden {known}.",
            "Prüfen Sie die Zahl: nach ihr werden die Neuankömmlinge verteilt.",
            at=municipality,
            column="Einwohner",
            sheet="Gemeinden",
            value=written,
        )


def check_locations(district: District, report: Report) -> None:
    """Schools far from their municipality, or far from every municipality of the district."""
    seats = {m.name: m for m in district.municipalities if is_located(m)}
    complete = not report.gaps.municipalities_lost
    if seats and not complete:
        report.gaps.later("die Lage der Schulen", MUNICIPALITIES)
    for school in district.schools:
        own = seats.get(school.municipality)
        if not seats or not is_located(school):
            continue
        away = distance_km(school, own) if own is not None else None
        if away is not None and away <= FAR_FROM_SEAT_KM:
            continue
        near = min(distance_km(school, seat) for seat in seats.values())
        point = f"{shown(round(school.latitude, 4))} / {shown(round(school.longitude, 4))}"
        if near > FAR_FROM_DISTRICT_KM and not complete:
            continue
        if near > FAR_FROM_DISTRICT_KM:
            report.warn(
                "schule_fern",
                f"{quoted(school.name)} liegt {near:.0f} km von der nächsten Gemeinde des "
                "Landkreises entfernt.",
                "Prüfen Sie Breite und Länge: danach richten sich alle Wege zur Schule.",
                at=school,
                column="Breite",
                value=point,
            )
        elif away is not None:
            report.warn(
                "schule_gemeinde_fern",
                f"{quoted(school.name)} liegt {away:.0f} km vom Sitz ihrer Gemeinde "
                f"{quoted(school.municipality)} entfernt.",
                "Prüfen Sie Breite und Länge und die Gemeinde.",
                at=school,
                column="Breite",
                value=point,
            )


def check_schools(district: District, class_cap: int | None, report: Report) -> frozenset[str]:
    """Counts of a school that cannot be; the names of schools with a fault."""
    senseless: set[str] = set()
    for school in district.schools:
        used = school.pupils + school.guests
        limits = [cap for cap in (school.class_cap, class_cap) if cap is not None]
        if limits and school.classes and used > SENSELESS_FACTOR * max(limits) * school.classes:
            senseless.add(school.name)
            classes = plural(school.classes, "VKA-Klasse", "VKA-Klassen")
            report.fault(
                "schueler_je_klasse",
                f"{quoted(school.name)} hat {used} Schüler in {classes}, mehr als das "
                f"Dreifache der Klassenobergrenze {max(limits)}.",
                "Berichtigen Sie die Zahl der Schüler oder der Klassen.",
                at=school,
                column="VKA-Schüler",
                value=school.pupils,
            )
        elif 0 < used < school.classes < MANY_CLASSES:
            report.warn(
                "weniger_schueler_als_klassen",
                f"{quoted(school.name)} hat weniger Schüler ({used}) als VKA-Klassen "
                f"({school.classes}).",
                "Prüfen Sie, ob die beiden Zahlen vertauscht sind.",
                at=school,
                column="VKA-Klassen",
                value=school.classes,
            )
        for number, pupils in enumerate(school.phases[:2], start=1):
            if pupils is not None and pupils > school.pupils and None in school.phases[:2]:
                report.warn(
                    "phasen_summe",
                    f"Bei {quoted(school.name)} sind in Phase {number} mehr Schüler ({pupils}) "
                    f"als in der Spalte „VKA-Schüler“ ({school.pupils}).",
                    f"Gerechnet wird mit {plural(school.pupils, 'VKA-Schüler', 'VKA-Schülern')}.",
                    at=school,
                    column=f"Phase {number}",
                    value=pupils,
                )
    return frozenset(senseless)
