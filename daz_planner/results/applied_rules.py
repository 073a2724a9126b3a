"""The dated rules that a plan was made with: value, months, source, and what replaced a rule.

The rows stand on top of the sheet Annahmen.  They ask :mod:`daz_planner.rules` for the same days
as the planning does: class cap, teacher hours and ways for each month, the longest stay for the
reference date.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from daz_planner import german, rules
from daz_planner.results.figures import school_types

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan
    from daz_planner.results.run import Run

OPEN = "Offen: "
"""What the meaning of a rule begins with where no rule was found."""

_Rule = TypeVar("_Rule")


@dataclass(frozen=True)
class AppliedRule:
    """One rule in one part of the period, or what was used in its place.

    ``replaced`` is true where the scenario sets another value than the rule; ``rule_value`` then
    holds what the rule says.
    """

    name: str
    meaning: str
    value: str | int
    unit: str
    months: str
    """The months in which the value was used: ``02/2017–07/2018``."""
    source: str
    replaced: bool = False
    rule_value: str | int = ""


def applied_rules(plan: Plan) -> list[AppliedRule]:
    """Every rule the plan rests on: class caps, longest stay, teacher hours, ways."""
    kinds = school_types(plan)
    spans = _grade_spans(plan) if plan.children else ()
    return [
        *forecast_rules(plan),
        *_teacher_hours(plan),
        *_ways(plan, kinds),
        *_regular(plan),
        *spans,
    ]


def forecast_rules(run: Run) -> list[AppliedRule]:
    """The rules that a forecast rests on: class caps, longest stay."""
    return [*_class_caps(run), *_stays(run)]


def seat_rules(run: Run) -> list[AppliedRule]:
    """The rules that the seats of today's list rest on: class caps, ways, grades, longest stay."""
    kinds = run.district.school_types
    return [*_class_caps(run), *_ways(run, kinds), *_grade_spans(run), *_stays(run)]


def month_span(first: date, last: date) -> str:
    """Months as ``02/2017–07/2018``, a single one as ``02/2017``."""
    begin, end = f"{first:%m/%Y}", f"{last:%m/%Y}"
    return begin if begin == end else f"{begin}–{end}"


def _parts(months: Sequence[date], rule_on: Callable[[date], _Rule]) -> Iterator[tuple[str, _Rule]]:
    """The parts of the period in which one and the same rule holds."""
    for rule, run in groupby(months, key=rule_on):
        part = list(run)
        yield month_span(part[0], part[-1]), rule


def _dated(source: str, valid_from: date | None, valid_to: date | None) -> str:
    since = f"ab {german.day(valid_from)}" if valid_from else ""
    until = f"bis {german.day(valid_to)}" if valid_to else ""
    span = " ".join(part for part in (since, until) if part)
    return f"{source} (gilt {span})" if span else source


def _class_caps(plan: Run) -> Iterator[AppliedRule]:
    setting = plan.scenario.klassen.obergrenze
    own: defaultdict[int, list[str]] = defaultdict(list)
    for school in plan.district.schools:
        if school.class_cap is not None:
            own[school.class_cap].append(school.name)
    count = sum(len(names) for names in own.values())
    if count and count == len(plan.district.schools):
        reach = " An keiner Schule angewandt: Alle haben eine eigene Klassengröße."
    elif count:
        schools = german.plural(count, "Schule", "Schulen")
        reach = f" Außer an {schools} mit eigener Klassengröße."
    else:
        reach = ""
    parts = list(_parts(plan.months, rules.class_cap_or_last))
    name, unit = "Klassenobergrenze", "Schüler je Klasse"
    if setting == "regel":
        for months, cap in parts:
            assert cap.value is not None
            if cap.open:
                meaning = f"{OPEN}{cap.note}{reach}"
                source = f"keine Regel gefunden; zuletzt: {cap.source}"
            else:
                meaning = f"Höchstzahl der Schüler einer VKA nach der geltenden Regel.{reach}"
                source = _dated(cap.source, cap.valid_from, cap.valid_to)
            yield AppliedRule(name, meaning, cap.value, unit, months, source)
    else:
        told = "; ".join(
            f"{months}: " + (f"offen, zuletzt {cap.value}" if cap.open else str(cap.value))
            for months, cap in parts
        )
        yield AppliedRule(
            name,
            f"Höchstzahl der Schüler einer VKA. Das Szenario setzt {setting}; die Regel wird nicht "
            f"angewandt.{reach}",
            int(setting),
            unit,
            month_span(plan.months[0], plan.months[-1]),
            f"Szenario „{plan.scenario.name}“, [klassen] obergrenze",
            replaced=True,
            rule_value=told,
        )
    instead = "der Regel" if setting == "regel" else "des Werts aus dem Szenario"
    for size, names in sorted(own.items()):
        yield AppliedRule(
            f"{name} einzelner Schulen",
            f"Eigene Klassengröße statt {instead}: {german.listed(names)}.",
            size,
            unit,
            month_span(plan.months[0], plan.months[-1]),
            "Eingabe, Spalte Klassengröße",
        )


def _stays(plan: Run) -> Iterator[AppliedRule]:
    reference = plan.district.reference_date
    rule = rules.stay_cap(reference)
    kinds: defaultdict[str | int, list[str]] = defaultdict(list)
    for kind in plan.forecast.school_types:
        kinds[plan.scenario.phasen[kind].hoechstdauer].append(kind)
    months = month_span(plan.months[0], plan.months[-1])
    for setting, of_kind in kinds.items():
        name = "Höchstdauer in der VKA"
        if len(kinds) > 1:
            name += f" ({', '.join(of_kind)})"
        if setting == "regel":
            yield AppliedRule(
                name,
                "Längste Zeit in der VKA. Die Regel, die am Stichtag gilt, wird für den ganzen "
                f"Zeitraum angewandt.{_later_stay(plan.months, reference)}",
                _stay_text(rule),
                "Monate",
                months,
                _dated(rule.source, rule.valid_from, rule.valid_to),
            )
        else:
            value = "keine" if setting == "keine" else f"zusammen {setting}"
            yield AppliedRule(
                name,
                "Längste Zeit in der VKA. Das Szenario setzt sie fest; die Regel wird nicht "
                "angewandt.",
                value,
                "Monate",
                months,
                f"Szenario „{plan.scenario.name}“, [phasen.{of_kind[0]}] hoechstdauer",
                replaced=True,
                rule_value=_stay_text(rule),
            )


def _later_stay(months: Sequence[date], reference: date) -> str:
    """A sentence where another rule begins within the period, which the forecast leaves out."""
    rule = rules.stay_cap(reference)
    for month in months:
        later = rules.stay_cap(month)
        if month > reference and later != rule:
            return (
                f" Ab {german.month(month)} gilt eine andere Regel ({_stay_text(later)} Monate: "
                f"{later.source}); sie ist noch nicht berücksichtigt."
            )
    return ""


def _stay_text(rule: rules.StayCap) -> str:
    parts = [
        f"{name} {months}"
        for name, months in (
            ("Phase 1:", rule.phase1),
            ("Phase 2:", rule.phase2),
            ("zusammen", rule.total),
        )
        if months is not None
    ]
    return ", ".join(parts) or "keine"


def _teacher_hours(plan: Plan) -> Iterator[AppliedRule]:
    kinds = school_types(plan)
    limited = _limited(plan, kinds)
    for months, rule in _parts(plan.months, rules.teacher_hours):
        extra = german.plural(rule.supervision, "Stunde", "Stunden")
        by_class = [(kind, rule.per_class(kind)) for kind in kinds]
        if all(hours is not None for _, hours in by_class):
            value = ", ".join(
                f"{kind} {(hours or 0) + rule.supervision}" for kind, hours in by_class
            )
            unit = "Stunden je VKA und Woche"
            meaning = f"Lehrerstunden je VKA, davon {extra} für den Betreuungslehrer."
        else:
            steps = [(kind, rule.steps(kind) or ()) for kind in kinds]
            value = ", ".join(
                f"{kind} {table[0][2]} bis {table[-1][2]}" for kind, table in steps if table
            )
            unit = "Stunden je Schule und Woche"
            meaning = (
                "Lehrerstunden nach der Zahl der VKA-Schüler einer Schule (Stufen der Quelle), "
                f"dazu {extra} je VKA für den Betreuungslehrer."
            )
            if not plan.scenario.lehrer.phase2_zaehlt:
                meaning += " Kinder der Phase 2 zählen dabei nicht ([lehrer] phase2_zaehlt)."
        note = f" {rule.note}" if rule.note and "GYM" in kinds else ""
        yield AppliedRule(
            "Lehrerstunden",
            f"{meaning} Stunden für Phase 3 sind nicht enthalten. {limited}{note}",
            value,
            unit,
            months,
            _dated(rule.source, rule.valid_from, rule.valid_to),
        )


def _limited(plan: Plan, kinds: Sequence[str]) -> str:
    teachers = plan.scenario.lehrer
    if not teachers.begrenzt:
        return "Sie begrenzen den Plan nicht."
    given = teachers.stunden or {}
    there = ", ".join(
        f"{kind} {german.number(given[kind], 1)}" if kind in given else f"{kind} heutiger Bedarf"
        for kind in kinds
    )
    return f"Sie begrenzen den Plan; vorhanden: {there}."


def _regular(plan: Plan) -> Iterator[AppliedRule]:
    """Regular classes: most pupils, and whether phase 2 takes a seat there."""
    if plan.regular is None:
        return
    for months, cap in _parts(plan.months, rules.regular_cap):
        yield AppliedRule(
            "Größe der Regelklassen",
            "Höchstzahl der Schüler einer Regelklasse.",
            cap.value or "",
            "Schüler je Klasse",
            months,
            _dated(cap.source, cap.valid_from, cap.valid_to),
        )
    setting = plan.scenario.klassen.phase2_zaehlt_in_regelklasse
    name, meaning = (
        "Phase 2 in der Regelklasse",
        "Ob ein Kind der Phase 2 einen Platz in einer Regelklasse braucht.",
    )
    for months, rule in _parts(plan.months, rules.phase2_in_regular):
        by_rule = "ja" if rule.value else "nein"
        used = by_rule if setting == "regel" else "ja" if setting else "nein"
        own = f"Szenario „{plan.scenario.name}“, [klassen] phase2_zaehlt_in_regelklasse"
        yield AppliedRule(
            name,
            meaning,
            used,
            "",
            months,
            _dated(rule.source, rule.valid_from, rule.valid_to) if setting == "regel" else own,
            replaced=setting != "regel",
            rule_value=by_rule if setting != "regel" else "",
        )


def _grade_spans(plan: Run) -> Iterator[AppliedRule]:
    """The span of grades in a VKA on the reference date, by school type."""
    setting = plan.scenario.klassen.klassenstufen_spanne
    day = plan.district.reference_date
    how = {
        "soll": "Ein Kind der heutigen Liste sitzt eher außerhalb der Spanne, als dass es wartet.",
        "muss": "Ein Kind der heutigen Liste wartet eher, als dass es außerhalb der Spanne sitzt.",
        "keine": "Das Szenario lässt die Regel weg.",
    }[setting]
    for kind in plan.district.school_types:
        rule = rules.grade_span(day, kind)
        if rule.value is None:
            continue
        neighbours = "benachbarten " if rules.only_neighbours(day, kind) else ""
        yield AppliedRule(
            f"Klassenstufen je VKA, {kind}",
            f"Höchstzahl der {neighbours}Klassenstufen in einer VKA; mehrere Klassen einer Schule "
            f"dürfen verschiedene haben. {how}",
            "nicht angewandt" if setting == "keine" else rule.value,
            "Klassenstufen",
            month_span(plan.months[0], plan.months[-1]),
            _dated(rule.source, rule.valid_from, rule.valid_to),
            replaced=setting == "keine",
            rule_value=rule.value if setting == "keine" else "",
        )


def _ways(plan: Run, kinds: Sequence[str]) -> Iterator[AppliedRule]:
    scenario = plan.scenario.wege
    rows: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for kind in kinds:
        used = _way_text(scenario.richtwert[kind], scenario.limit)
        rule_on = partial(rules.way_limits, school_type=kind)
        for months, rule in _parts(plan.months, rule_on):
            rows[months, used, _way_text(rule.guidance, rule.limit), rule.source].append(kind)
    for (months, used, by_rule, source), kinds in rows.items():
        replaced = used != by_rule
        meaning = (
            "Einfacher Weg: Über dem Richtwert zählt jede Minute als zu lang, über der Grenze wird "
            "kein Weg geplant."
        )
        if replaced:
            meaning += f" Das Szenario weicht von der Regel ab ({by_rule})."
            source = f"Szenario „{plan.scenario.name}“, [wege]; Regel: {source}"
        yield AppliedRule(
            f"Schulweg {', '.join(kinds)}",
            meaning,
            used,
            "Minuten",
            months,
            source,
            replaced,
            by_rule if replaced else "",
        )


def _way_text(guidance: float, limit: float) -> str:
    most = german.number(limit, 1) if math.isfinite(limit) else "keine"
    return f"Richtwert {german.number(guidance, 1)}, Grenze {most}"
