"""Checks of children: rosters against themselves and the school table, grades, ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from daz_planner.district import gazetteer
from daz_planner.district.gaps import UNKNOWN_DAY
from daz_planner.district.model import District, Newcomer, Pupil, Roster
from daz_planner.district.personal import (
    KINDS,
    NAME,
    is_list_of_names,
    mask,
    mask_if_personal,
    suspicion,
)
from daz_planner.district.report import Entry, Report
from daz_planner.district.text import german_day, quoted, words
from daz_planner.district.values import type_of_name
from daz_planner.german import plural

GRADES: Mapping[str, tuple[int, int]] = {
    "GS": (1, 4),
    "OS": (5, 10),
    "BSZ": (10, 13),
    "GYM": (5, 12),
}
"""First and last grade of a school type (§§ 5 to 8 SächsSchulG; BSZ after nine school years)."""

_NEIGHBOURS_ONLY = frozenset({"GS"})
"""School types in which the grades of one VKA must be neighbours (§ 9 SOGS)."""

_FIRST_PLACES = 3


def check_rosters(
    district: District,
    stay_cap_months: int | None,
    grade_spans: Mapping[str, int | None],
    report: Report,
) -> None:
    """All checks of the rosters; those against the school table need the roster of today."""
    types = {school.name: school.school_type for school in district.schools}
    for roster in district.rosters:
        for pupil in roster.pupils:
            _check_order(pupil, roster.reference_date, report)
            kind = types.get(pupil.school)
            if kind is None and not report.gaps.is_broken(pupil.school):
                kind = type_of_name(pupil.school)
            _check_grade(pupil, kind, report)
    for earlier, later in pairwise(district.rosters):
        if later.reference_date != UNKNOWN_DAY:
            _check_progress(earlier, later, report)
    today = district.roster
    if today is None:
        _report_other_date(district, report)
        return
    if stay_cap_months is not None and not report.gaps.day_lost:
        for pupil in today.pupils:
            _check_stay(pupil, today.reference_date, stay_cap_months, report)
    _check_spans(district, today, grade_spans, report)


def _report_other_date(district: District, report: Report) -> None:
    gaps = report.gaps
    if not district.rosters or gaps.day_lost or gaps.roster_lost or gaps.roster_schools:
        return
    last = district.rosters[-1]
    report.warn(
        "bestand_stichtag",
        f"Der jüngste Bestand ist vom {german_day(last.reference_date)}, der Stichtag ist der "
        f"{german_day(district.reference_date)}.",
        "Gerechnet wird mit den Zahlen der Tabelle der Schulen. Geben Sie den Bestand vom "
        "Stichtag dazu, oder berichtigen Sie den Stichtag.",
        sheet=last.pupils[0].sheet if last.pupils else "Bestand",
        value=last.reference_date,
    )


def _check_order(pupil: Pupil, day: date, report: Report) -> None:
    """Entry, begin of the phase, reference date: in this order."""
    for column, when in (("Eintritt", pupil.entered), ("Phase seit", pupil.phase_since)):
        if when is not None and when > day:
            report.warn(
                "datum_nach_stichtag",
                f"{quoted(column)} ist der {german_day(when)}, nach dem Stichtag des Bestands "
                f"({german_day(day)}).",
                "Berichtigen Sie das Datum, oder lassen Sie die Zelle leer.",
                at=pupil,
                column=column,
                sheet="Bestand",
                value=when,
            )
    if pupil.entered and pupil.phase_since and pupil.phase_since < pupil.entered:
        report.warn(
            "phase_vor_eintritt",
            f"Phase {pupil.phase} läuft seit {german_day(pupil.phase_since)}, der Eintritt war "
            f"erst am {german_day(pupil.entered)}.",
            "Berichtigen Sie eines der beiden Daten.",
            at=pupil,
            column="Phase seit",
            sheet="Bestand",
            value=pupil.phase_since,
        )


def _check_grade(child: Pupil | Newcomer, kind: str | None, report: Report) -> None:
    if kind is None or child.grade is None or kind not in GRADES:
        return
    first, last = GRADES[kind]
    if not first <= child.grade <= last:
        usual = f"ab {first}" if kind == "BSZ" else f"{first} bis {last}"
        report.warn(
            "klassenstufe_abweichend",
            f"Klassenstufe {child.grade} passt nicht zur Schulart {kind} ({usual}).",
            f"Prüfen Sie beide. Gerechnet wird mit der Schulart {kind}.",
            at=child,
            column="Klassenstufe",
            sheet="Bestand" if isinstance(child, Pupil) else "Neuzugänge",
            value=child.grade,
        )


def _check_progress(earlier: Roster, later: Roster, report: Report) -> None:
    """From one roster to the next a phase does not go back and the day of entry stays."""
    before = {pupil.pupil_id: pupil for pupil in earlier.pupils}
    day = german_day(earlier.reference_date)
    for pupil in later.pupils:
        old = before.get(pupil.pupil_id)
        if old is None:
            continue
        if pupil.phase < old.phase:
            report.warn(
                "phase_zurueck",
                f"Phase {pupil.phase}, am {day} war es schon Phase {old.phase}.",
                "Prüfen Sie die Phase in beiden Beständen.",
                at=pupil,
                column="Phase",
                sheet="Bestand",
                value=pupil.phase,
            )
        if old.entered and pupil.entered and old.entered != pupil.entered:
            report.warn(
                "eintritt_geaendert",
                f"Eintritt am {german_day(pupil.entered)}, im Bestand vom {day} steht "
                f"{german_day(old.entered)}.",
                "Prüfen Sie beide. Eine Kennung darf nicht neu vergeben werden.",
                at=pupil,
                column="Eintritt",
                sheet="Bestand",
                value=pupil.entered,
            )


def _check_stay(pupil: Pupil, day: date, cap: int, report: Report) -> None:
    """Warn of a pupil in phase 1 or 2 that is in the VKA for longer than the cap."""
    since = pupil.entered or pupil.phase_since
    if pupil.phase > 2 or since is None or since > day:
        return
    months = (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)
    if months < cap or (months == cap and day.day == since.day):
        return
    report.warn(
        "verweildauer_ueber",
        f"Seit {german_day(since)} in Phase {'1 und 2' if pupil.entered else pupil.phase}, am "
        f"Stichtag länger als {plural(cap, 'Monat', 'Monate')}.",
        "Prüfen Sie das Datum und die Phase. Das Kind behält seinen Platz.",
        at=pupil,
        column="Eintritt" if pupil.entered else "Phase seit",
        sheet="Bestand",
        value=since,
    )


def _check_spans(
    district: District, roster: Roster, spans: Mapping[str, int | None], report: Report
) -> None:
    """More grades at a school than its classes may hold together."""
    grades: dict[str, set[int]] = defaultdict(set)
    for pupil in roster.pupils:
        if pupil.phase <= 2 and pupil.grade is not None:
            grades[pupil.school].add(pupil.grade)
    for school in district.schools:
        first, last = GRADES.get(school.school_type, (1, 13))
        present = sorted(grade for grade in grades[school.name] if first <= grade <= last)
        span = spans.get(school.school_type)
        if span is None or not school.classes or not present:
            continue
        neighbours = school.school_type in _NEIGHBOURS_ONLY
        needed = classes_needed(present, span, neighbours=neighbours)
        if needed <= school.classes:
            continue
        kinds = f"höchstens {span} {'benachbarte ' if neighbours else ''}Klassenstufen"
        classes = plural(school.classes, "VKA-Klasse", "VKA-Klassen")
        report.warn(
            "klassenstufen_spanne",
            f"{quoted(school.name)}: die VKA-Schüler sind in den Klassenstufen "
            f"{', '.join(map(str, present))}. Eine VKA darf {kinds} haben, das wären {needed} "
            f"Klassen statt {classes}.",
            "Prüfen Sie die Klassenstufen im Bestand. Der Plan achtet nur darauf, dass es durch "
            "neue Kinder nicht mehr werden.",
            at=school,
            column="VKA-Klassen",
            value=school.classes,
        )


def classes_needed(grades: Iterable[int], span: int, *, neighbours: bool) -> int:
    """Fewest classes that hold all grades, at most ``span`` grades in each.

    With ``neighbours`` the grades of a class lie within ``span`` neighbouring ones: from the
    lowest grade that is left a class takes as far as it may, which is best possible.
    """
    rest = sorted(set(grades))
    if not neighbours:
        return -(-len(rest) // span)
    needed, reach = 0, 0
    for grade in rest:
        if not needed or grade > reach:
            needed, reach = needed + 1, grade + span - 1
    return needed


def check_children(district: District, report: Report) -> None:
    """The waiting list against the roster, and grades that its reader lets pass."""
    roster = district.roster
    seated = {p.pupil_id: p for p in roster.pupils if p.phase <= 2} if roster else {}
    for child in district.newcomers:
        if child.grade is not None and child.grade > 4 and child.school_type in ("BSZ", "GYM"):
            _check_grade(child, child.school_type, report)
        pupil = seated.get(child.pupil_id)
        if pupil is not None:
            report.warn(
                "kind_im_bestand",
                "Das Kind wartet und steht zugleich im Bestand, an der Schule "
                f"{quoted(pupil.school)}.",
                "Löschen Sie es aus einem der beiden Blätter, sonst zählt es zweimal.",
                at=child,
                column="Schüler-ID",
                sheet="Neuzugänge",
                value=mask_if_personal(child.pupil_id),
            )


@dataclass(frozen=True)
class _Id:
    entry: Entry
    text: str


def check_ids(district: District, report: Report) -> None:
    """Ids that look like names, birth dates or e-mail addresses: once per sheet, masked."""
    gaps = report.gaps
    places = {*(m.name for m in district.municipalities), *(s.name for s in district.schools)}
    places |= {school.name for school in gaps.broken_schools}
    if gaps.schools_lost or gaps.municipalities_lost:
        places |= {entry.name for entry in gazetteer.all_municipalities()}
        places |= {entry.name for entry in gazetteer.all_schools()}
    known = frozenset(word for place in places for word in words(place))
    pupils = [_Id(pupil, pupil.pupil_id) for roster in district.rosters for pupil in roster.pupils]
    _report_ids(pupils, "Schüler-ID", "Bestand", known, report)
    children = [_Id(child, child.pupil_id) for child in district.newcomers]
    _report_ids(children, "Schüler-ID", "Neuzugänge", known, report)
    families = [_Id(child, child.family) for child in district.newcomers if child.family]
    _report_ids(families, "Familie", "Neuzugänge", known, report)


def _report_ids(
    ids: Iterable[_Id], column: str, sheet: str, known: frozenset[str], report: Report
) -> None:
    single = column == "Familie"
    suspect: dict[tuple[str, str], list[tuple[_Id, str]]] = defaultdict(list)
    items = list(ids)
    distinct = list(dict.fromkeys(item.text for item in items))
    all_names = is_list_of_names(distinct, known)
    for item in items:
        kind = suspicion(item.text, single=single, known=known) or (NAME if all_names else None)
        if kind is not None:
            suspect[(item.entry.file, item.entry.sheet)].append((item, kind))
    example = "F-12" if single else "S-0001"
    for hits in suspect.values():
        first = hits[0][0]
        how = " oder ".join(kind for kind in KINDS if any(kind == other for _, other in hits))
        cells = _cells([item for item, _ in hits[:_FIRST_PLACES]], column, report)
        more = f" und {len(hits) - _FIRST_PLACES} weitere" if len(hits) > _FIRST_PLACES else ""
        where = f" ({cells}{more})" if cells else ""
        see = "sieht 1 Eintrag" if len(hits) == 1 else f"sehen {len(hits)} Einträge"
        report.warn(
            "personenbezug",
            f"In der Spalte {quoted(column)} {see} aus wie {how}{where}.",
            f"Verwenden Sie Kennungen ohne Bezug zur Person, z. B. {example}, und behalten Sie die "
            "Zuordnung im Amt. Namen und Geburtsdaten braucht die Planung nicht.",
            at=first.entry,
            column=column,
            sheet=sheet,
            value=mask(first.text),
        )


def _cells(items: Iterable[_Id], column: str, report: Report) -> str:
    """``A5, A9``, or ``Zeile 5, Zeile 9`` where the column is not known."""
    return ", ".join(report.cell_of(item.entry, column) for item in items if item.entry.row)
