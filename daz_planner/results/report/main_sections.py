"""The sections with a picture: school types, map, need, classes, use, waiting, phases."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from markupsafe import Markup

from daz_planner import german
from daz_planner.results.figures import (
    NOISE,
    displaced,
    need_course,
    school_order,
    school_types,
    type_figures,
    waiting_by_month,
)
from daz_planner.results.need_text import seat_sentences
from daz_planner.results.report import charts
from daz_planner.results.report.district_map import district_map
from daz_planner.results.report.html_tables import (
    fixed,
    folded,
    html_table,
    note,
    plain_table,
    sentence,
)
from daz_planner.results.report.map_data import (
    BORDERS_SOURCE,
    LEAST_SHOWN,
    fullest_month,
    use_by_month,
    use_class,
)
from daz_planner.results.report.parts import USE_KEY, Inputs, Section, partial, type_name

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan
    from daz_planner.results.report.vega import Rows

MATRIX_SCHOOLS = 120
"""Schools whose use is shown month by month; beyond it only the fullest."""
_MOST_WAITING = 200
_NOTICED = 0.05
"""Pupils without a seat from which on a school is named."""


def types_section(inputs: Inputs) -> Section:
    """Key figures by school type."""
    heads = [
        ("Schulart", False),
        ("Schüler heute", True),
        ("erwartet höchstens", True),
        ("im Monat", False),
        ("Klassen heute", True),
        ("neue Klassen", True),
        ("Plätze heute", True),
        ("Plätze am Ende", True),
        ("wartend höchstens", True),
        ("neu verteilt", True),
        ("Weg im Mittel", True),
        ("über Richtwert", True),
    ]
    lines = [
        [
            item.school_type,
            german.number(item.pupils_today),
            german.number(item.need_max),
            german.short_month(item.need_month),
            german.number(item.classes_today),
            german.number(item.classes_new),
            german.number(item.seats_today),
            german.number(item.seats_end),
            fixed(item.waiting_max, 1),
            fixed(item.placed, 1),
            "–" if item.mean_minutes is None else f"{german.number(item.mean_minutes)} Min.",
            "–" if item.over_soft is None else german.percent(item.over_soft),
        ]
        for item in type_figures(inputs.plan)
    ]
    title = "Der Plan je Schulart"
    body = plain_table(title, heads, lines, last_is_sum=True, told=True)
    names = "; ".join(f"{kind}: {type_name(kind)}" for kind in school_types(inputs.plan))
    return Section("schularten", title, "Schularten", body + note(f"{names}." if names else ""))


def map_section(inputs: Inputs) -> tuple[Section, Rows]:
    """The map with its controls, and the rows of its schools."""
    plan = inputs.plan
    found = district_map(plan)
    if found.chart is not None:
        inputs.add("karte", found.chart)
    first = fullest_month(plan)
    notes = []
    if found.chart is not None and not found.borders:
        notes.append("Gemeindegrenzen liegen nur für den Landkreis Meißen bei.")
    if found.moved:
        notes.append("Schulen am selben Punkt stehen etwas auseinander.")
    if found.ways_left_out:
        ways = german.plural(found.ways_left_out, "weiterer Weg", "weitere Wege")
        verb = "ist" if found.ways_left_out == 1 else "sind"
        notes.append(f"{ways} mit weniger Kindern {verb} nicht gezeichnet.")
    body = partial(
        "karte.html",
        kinds=[(kind, type_name(kind)) for kind in school_types(plan)],
        schools=[plan.district.schools[s].name for s in school_order(plan)],
        last=len(plan.months) - 1,
        first=first,
        first_month=german.month(plan.months[first]),
        drawn=found.chart is not None,
        classes=USE_KEY,
        least=german.number(LEAST_SHOWN, 1),
        notes=" ".join(notes),
        source=BORDERS_SOURCE if found.borders else "",
    )
    return Section("karte", "Karte: Schulen, Auslastung und Wege", "Karte", body), found.schools


def need_section(inputs: Inputs) -> Section:
    """Need against seats by school type, with sentences and numbers."""
    figures = []
    for kind in school_types(inputs.plan):
        if kind in inputs.plan.forecast.school_types:
            name = inputs.add(f"bedarf-{kind}", charts.need_chart(inputs.plan, kind))
            course = need_course(inputs.plan, kind)
            figures.append(
                (name, type_name(kind), seat_sentences(course), _need_table(inputs, kind))
            )
    body = partial("bedarf.html", figures=figures)
    return Section("bedarf", "Plätze und Bedarf", "Bedarf", body)


def _need_table(inputs: Inputs, kind: str) -> Markup:
    course = need_course(inputs.plan, kind)
    heads = [
        ("Monat", False),
        ("Plätze", True),
        ("benötigt im Mittel", True),
        ("P10", True),
        ("P90", True),
        ("Zukünfte mit zu wenig Plätzen", True),
    ]
    lines = [
        [
            german.short_month(month),
            german.number(course.seats[t]),
            fixed(course.expected[t], 1),
            german.number(course.low[t]),
            german.number(course.high[t]),
            german.percent(course.short[t]),
        ]
        for t, month in enumerate(inputs.plan.months)
    ]
    return plain_table(f"Plätze und Bedarf je Monat, {type_name(kind)}", heads, lines, told=True)


def classes_section(inputs: Inputs) -> Section:
    """New classes with their reasons, and all classes on demand."""
    table = inputs.tables["klassenbildung"]
    new = [n for n, count in enumerate(table.values("neue Klassen")) if count]
    columns = ["Schule", "Schulart", "neu ab", "neue Klassen", "Art"]
    if any(column.name == "gebraucht in" for column in table.columns):
        columns.append("gebraucht in")
    columns.append("Grund")
    body = (
        html_table(table, "Neue Klassen mit Begründung", columns, rows=new, told=True, cards=True)
        if new
        else Markup('<p class="empty">Es öffnet keine neue Klasse.</p>')
    )
    if new and "gebraucht in" in columns:
        body += note(
            "Gebraucht in: In so vielen gezogenen Zukünften würden ohne die Klasse mehr Kinder "
            "warten."
        )
    if table.is_empty:
        return Section("klassen", "Neue Klassen", "Klassen", body)
    months = [column.name for column in table.columns if column.month is not None]
    every = html_table(
        table,
        "Klassen aller Schulen je Monat",
        ["Schule", "Schulart", "Klassen heute", *months],
        told=True,
    )
    body += folded("Klassen aller Schulen je Monat", every, stays_closed=True)
    return Section("klassen", "Neue Klassen", "Klassen", body)


def use_section(inputs: Inputs) -> Section:
    """Use of each school in each month, as numbers on colours."""
    plan = inputs.plan
    order = school_order(plan)
    share = {s: use_by_month(plan, s) for s in order}
    told = ""
    if len(order) > MATRIX_SCHOOLS:
        fullest = sorted(order, key=lambda s: -max((v or 0.0) for v in share[s]))
        kept = set(fullest[:MATRIX_SCHOOLS])
        order = [s for s in order if s in kept]
        told = (
            f"Gezeigt sind die {MATRIX_SCHOOLS} vollsten von {german.number(len(share))} Schulen; "
            "alle stehen in tabellen/auslastung.csv."
        )
    rows = [
        (
            plan.district.schools[s].name,
            plan.district.schools[s].school_type,
            [
                ("–", "none") if v is None else (german.number(100 * v), f"use{use_class(v)}")
                for v in share[s]
            ],
        )
        for s in order
    ]
    months = [german.short_month(month) for month in plan.months]
    body = partial("auslastung.html", rows=rows, months=months, classes=USE_KEY, note=told)
    return Section("auslastung", "Auslastung je Schule in Prozent", "Auslastung", body)


def waiting_section(inputs: Inputs) -> Section:
    """Who waits when, for which reasons, and how many in all."""
    plan = inputs.plan
    title, short = "Wartende Kinder und Ursachen", "Wartende"
    table = inputs.tables["wartende"]
    closing = _closing_classes(plan)
    if not (waiting_by_month(plan) > NOISE).any():
        return Section("warten", title, short, closing + sentence(table.empty))
    kinds = [kind for kind in school_types(plan) if waiting_by_month(plan, kind).any()]
    colours = dict(zip(school_types(plan), charts.type_colours(school_types(plan)), strict=True))
    body = partial(
        "warten.html",
        chart=inputs.add("warten", charts.waiting_chart(plan)),
        kinds=[(type_name(kind), colours[kind]) for kind in kinds],
        causes=_cause_table(inputs),
        months=_waiting_months(inputs, kinds),
    )
    listed = html_table(table, "Wer wartet, seit wann und warum", most=_MOST_WAITING, told=True)
    many = len(table.frame) > 30
    body += folded("Wer wo und seit wann wartet", listed, stays_closed=many)
    return Section("warten", title, short, closing + body)


def _closing_classes(plan: Plan) -> Markup:
    """Today's pupils whose class closes by a decision, school by school; empty where none does."""
    lost = displaced(plan)
    lines = [
        [
            plan.district.schools[s].name,
            plan.district.schools[s].school_type,
            german.short_month(plan.months[int((lost[s] >= _NOTICED).argmax())]),
            fixed(lost[s].max(), 1),
            german.short_month(plan.months[int(lost[s].argmax())]),
        ]
        for s in school_order(plan)
        if lost[s].max(initial=0.0) >= _NOTICED
    ]
    if not lines:
        return Markup("")
    heads = [
        ("Schule", False),
        ("Schulart", False),
        ("ohne Platz ab", False),
        ("höchstens", True),
        ("im Monat", False),
    ]
    return plain_table("Heutige Kinder, deren Klasse schließt, im Mittel", heads, lines) + note(
        "Der Plan verlegt sie nicht: Wohin sie wechseln, entscheidet das Amt."
    )


def _cause_table(inputs: Inputs) -> Markup:
    """Child months of waiting by cause and school type, the most first."""
    table = inputs.tables["wartende"]
    months: defaultdict[tuple[str, str], float] = defaultdict(float)
    columns = ("Schulart", "Ursache", "Kinder")
    for kind, cause, children in zip(*(table.values(name) for name in columns), strict=True):
        months[cause, kind] += children or 0.0
    whole = sum(months.values())
    lines = [
        [cause, kind, fixed(value, 1), german.percent(value / whole) if whole else "–"]
        for (cause, kind), value in sorted(months.items(), key=lambda item: (-item[1], item[0]))
    ]
    heads = [("Ursache", False), ("Schulart", False), ("Wartemonate", True), ("Anteil", True)]
    return plain_table("Warum Kinder warten (Kinder × Monate)", heads, lines)


def _waiting_months(inputs: Inputs, kinds: list[str]) -> Markup:
    plan = inputs.plan
    waiting = {kind: waiting_by_month(plan, kind) for kind in kinds}
    lines = []
    for t, month in enumerate(plan.months):
        values = [float(waiting[kind][t]) for kind in kinds]
        numbers = [fixed(value, 1) for value in [*values, sum(values)]]
        lines.append([german.short_month(month), *numbers])
    heads = [("Monat", False), *((kind, True) for kind in kinds), ("zusammen", True)]
    return plain_table("Wartende Kinder je Monat, im Mittel", heads, lines, told=True)


def phases_section(inputs: Inputs) -> Section:
    """Pupils by phase, all school types together."""
    plan = inputs.plan
    expected = plan.forecast.expected.sum(axis=0)
    lines = [
        [german.short_month(month), *(fixed(expected[p, t], 1) for p in range(3))]
        for t, month in enumerate(plan.months)
    ]
    heads = [("Monat", False), *((name, True) for name in charts.PHASES)]
    body = partial(
        "phasen.html",
        chart=inputs.add("phasen", charts.phase_chart(plan)),
        known=all(plan.forecast.phase3_known),
        table=plain_table("Schüler nach Phasen je Monat, im Mittel", heads, lines, told=True),
    )
    return Section("phasen", "Schüler nach Phasen", "Phasen", body)
