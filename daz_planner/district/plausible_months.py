"""Checks of the sheets that speak of months: class plan and history."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from daz_planner.district.model import ClassDecision, District, HistoryMonth, PlanState
from daz_planner.district.report import Report
from daz_planner.district.rooms import known_rooms
from daz_planner.district.text import german_day, quoted, shown
from daz_planner.german import plural

_LISTED_GAPS = 5
_MORE_UNLESS_TOLD = 2
"""Classes beyond today's that nobody is asked about where the rooms are not told."""

OUTLIER = 8
"""A month with more than this many times the median of the others is asked about."""

_FEWEST_OTHERS = 2
_LEAST_MEDIAN = 3
"""A column of very small numbers counts as if its median were this: they scatter."""
_WAVE, _BEYOND_WAVES = 3, 50
"""In a wave the months beside are high too: a month stands out by this many times the higher of
them, or by far more than any wave."""


def german_month(day: date) -> str:
    """A month as planners write it: 08.2017."""
    return f"{day.month:02d}.{day.year:04d}"


def check_class_plan(district: District, report: Report) -> None:
    """Entries of the class plan against each other, the rooms and the reference date."""
    schools = {school.name: school for school in district.schools}
    first_month = district.reference_date.replace(day=1)
    for entry in district.class_plan:
        if entry.since < first_month and not report.gaps.day_lost:
            report.warn(
                "klassenplan_vor_stichtag",
                f"{german_month(entry.since)} liegt vor dem Stichtag "
                f"{german_day(district.reference_date)}.",
                "Prüfen Sie Monat und Jahr. Was schon gilt, steht in der Spalte „VKA-Klassen“ "
                "der Tabelle der Schulen.",
                at=entry,
                column="ab",
                sheet="Klassenplan",
                value=german_month(entry.since),
            )
        school = schools.get(entry.school)
        if school is None or entry.state is PlanState.EXCLUDED:
            continue
        free = known_rooms(district, school, entry.since)
        room = school.classes + (_MORE_UNLESS_TOLD if free is None else free)
        if entry.classes > room:
            lacks = (
                f", hat aber mit den freien Räumen nur Platz für {room}."
                if free is not None
                else f", heute {'läuft' if school.classes == 1 else 'laufen'} dort "
                f"{school.classes}, und freie Räume sind nicht angegeben."
            )
            counts = (
                " Gerechnet wird mit den beschlossenen Klassen."
                if entry.state is PlanState.DECIDED
                else ""
            )
            report.warn(
                "klassenplan_ueber_raeume",
                f"{quoted(school.name)} soll ab {german_month(entry.since)} "
                f"{plural(entry.classes, 'VKA-Klasse', 'VKA-Klassen')} haben{lacks}",
                "Prüfen Sie die Zahl der Klassen oder die freien Räume (Blätter Schulen und "
                f"Räume).{counts}",
                at=entry,
                column="Klassen",
                sheet="Klassenplan",
                value=entry.classes,
            )
    _check_contradictions(district, report)


def _check_contradictions(district: District, report: Report) -> None:
    """Two entries of a school for one month that cannot both hold are a fault."""
    entries: dict[tuple[str, date], list[ClassDecision]] = defaultdict(list)
    for entry in district.class_plan:
        entries[(entry.school, entry.since)].append(entry)
    for (name, since), same in entries.items():
        for position, entry in enumerate(same):
            other = next((old for old in same[:position] if _contradict(old, entry)), None)
            if other is None:
                continue
            row = f" (Zeile {other.row})" if other.row else ""
            report.fault(
                "klassenplan_widerspruch",
                f"Für {quoted(name)} ab {german_month(since)} steht hier {entry.classes} "
                f"({entry.state.value}), an anderer Stelle{row} {other.classes} "
                f"({other.state.value}).",
                "Löschen Sie eine der beiden Zeilen.",
                at=entry,
                column="Klassen",
                sheet="Klassenplan",
                value=entry.classes,
            )


def _contradict(one: ClassDecision, other: ClassDecision) -> bool:
    """Different numbers of one state, or more classes than are excluded."""
    if one.state is other.state:
        return one.classes != other.classes
    for limit, wanted in ((one, other), (other, one)):
        if limit.state is PlanState.EXCLUDED and wanted.state is PlanState.DECIDED:
            return wanted.classes > limit.classes
    return False


def check_history(district: District, report: Report) -> None:
    """Months that are missing, double or in the future; phases that do not add up."""
    months = sorted(district.history, key=lambda entry: entry.month)
    for before, entry in pairwise(months):
        if entry.month == before.month:
            _report_double(before, entry, report)
    _report_outliers(months, report)
    if report.gaps.history_lost:
        report.gaps.later("ob in der Historie Monate fehlen", "Historie")
    else:
        _report_gaps([entry.month for entry in months], months, report)
    for entry in months:
        if entry.month > district.reference_date:
            report.warn(
                "historie_nach_stichtag",
                f"{german_month(entry.month)} liegt nach dem Stichtag "
                f"{german_day(district.reference_date)}.",
                "Prüfen Sie Monat und Jahr, oder den Stichtag.",
                at=entry,
                column="Monat",
                sheet="Historie",
                value=german_month(entry.month),
            )
        _check_sums(entry, report)


_PUPIL_COLUMNS = {0: "VKA-Schüler", 1: "Phase 1", 2: "Phase 2", 3: "Phase 3"}


def _report_outliers(months: Sequence[HistoryMonth], report: Report) -> None:
    """Warn of a month that has many times what the others have, column by column."""
    columns: dict[str, list[tuple[HistoryMonth, int]]] = defaultdict(list)
    for entry in months:
        for kind, number in entry.registrations:
            columns[f"Anmeldungen {kind}".strip()].append((entry, number))
        for phase, number in entry.pupils:
            columns[_PUPIL_COLUMNS[phase]].append((entry, number))
    for column, entries in columns.items():
        numbers = sorted(number for _, number in entries)
        for place, (entry, number) in enumerate(entries):
            if len(entries) <= _FEWEST_OTHERS or number <= OUTLIER * _LEAST_MEDIAN:
                continue
            usual = _median_without(numbers, number)
            level = max(usual, _LEAST_MEDIAN)
            beside = max(
                other
                for near, (_, other) in enumerate(entries[max(0, place - 1) : place + 2])
                if near != min(place, 1)
            )
            if number <= OUTLIER * level or number <= min(_WAVE * beside, _BEYOND_WAVES * level):
                continue
            report.warn(
                "historie_ausreisser",
                f"{german_month(entry.month)}: {number} in der Spalte {quoted(column)}, in der "
                f"Mitte der anderen Monate sind es {shown(usual)}.",
                "Prüfen Sie die Zahl, auch Punkt und Komma. Gerechnet wird mit ihr.",
                at=entry,
                column=column,
                sheet="Historie",
                value=number,
            )


def _median_without(ordered: Sequence[int], number: int) -> float:
    """The median of ascending numbers without one of them."""
    left_out = bisect_left(ordered, number)
    rest = len(ordered) - 1
    middle = [ordered[k + (k >= left_out)] for k in ((rest - 1) // 2, rest // 2)]
    return sum(middle) / 2


def _report_double(before: HistoryMonth, entry: HistoryMonth, report: Report) -> None:
    earlier, later = sorted((before, entry), key=lambda month: month.row)
    row = f" (Zeile {earlier.row})" if earlier.row else ""
    month = german_month(entry.month)
    remedy = "Löschen Sie eine der beiden Zeilen."
    if _differ(before.registrations, entry.registrations) or _differ(before.pupils, entry.pupils):
        report.fault(
            "historie_widerspruch",
            f"Der Monat {month} steht mit anderen Zahlen schon an anderer Stelle{row}.",
            remedy,
            at=later,
            column="Monat",
            sheet="Historie",
            value=month,
        )
        return
    report.warn(
        "historie_doppelt",
        f"Der Monat {month} steht schon an anderer Stelle{row}.",
        remedy,
        at=later,
        column="Monat",
        sheet="Historie",
        value=month,
    )


def _differ(
    one: tuple[tuple[str, int], ...] | tuple[tuple[int, int], ...],
    other: tuple[tuple[str, int], ...] | tuple[tuple[int, int], ...],
) -> bool:
    first: Mapping[str | int, int] = dict(one)
    second: Mapping[str | int, int] = dict(other)
    return any(second[key] != number for key, number in first.items() if key in second)


def _report_gaps(months: list[date], entries: list[HistoryMonth], report: Report) -> None:
    """One warning for all gaps."""
    missing: list[str] = []
    count = 0
    for before, after in pairwise(months):
        first, last = _number(before) + 1, _number(after)
        count += max(0, last - first)
        for number in range(first, min(last, first + _LISTED_GAPS - len(missing))):
            missing.append(german_month(date(number // 12, number % 12 + 1, 1)))
    if count:
        rest = plural(count - len(missing), "weiterer", "weitere")
        more = f" und {rest}" if count > len(missing) else ""
        report.warn(
            "historie_luecke",
            f"Zwischen dem ersten und dem letzten Monat "
            f"{'fehlt 1 Monat' if count == 1 else f'fehlen {count} Monate'}: "
            f"{', '.join(missing)}{more}.",
            f"Ergänzen Sie {'ihn' if count == 1 else 'sie'}. Ein fehlender Monat ist unbekannt "
            "und zählt nicht als 0.",
            sheet=entries[0].sheet or "Historie",
        )


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1


def _check_sums(entry: HistoryMonth, report: Report) -> None:
    """Phases 1 and 2 against the sum of both, school types against all registrations."""
    pupils, registered = dict(entry.pupils), dict(entry.registrations)
    if {0, 1, 2} <= pupils.keys() and pupils[1] + pupils[2] != pupils[0]:
        report.warn(
            "historie_phasen",
            f"{german_month(entry.month)}: Phase 1 und Phase 2 ergeben zusammen {pupils[1]} + "
            f"{pupils[2]} = {pupils[1] + pupils[2]}, die Spalte „VKA-Schüler“ nennt {pupils[0]}.",
            "Berichtigen Sie eine der drei Zahlen.",
            at=entry,
            column="VKA-Schüler",
            sheet="Historie",
            value=pupils[0],
        )
    total = registered.get("")
    kinds = {kind: number for kind, number in registered.items() if kind}
    split = sum(kinds.values())
    if total is not None and (split > total or (len(kinds) == 4 and split != total)):
        report.warn(
            "historie_anmeldungen",
            f"{german_month(entry.month)}: die Anmeldungen der Schularten ergeben zusammen "
            f"{split}, die Spalte „Anmeldungen“ nennt {total}.",
            "Berichtigen Sie die Zahlen, oder lassen Sie eine der Spalten leer.",
            at=entry,
            column="Anmeldungen",
            sheet="Historie",
            value=total,
        )
