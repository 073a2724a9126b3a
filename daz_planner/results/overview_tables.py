"""The tables behind the first page and the check sheet: key figures, need and seats, balance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.results.figures import (
    NOISE,
    merged_flows,
    need_course,
    school_types,
    schools_of,
    type_figures,
)
from daz_planner.results.need import seats_table
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

TOGETHER = "zusammen"


def overview_tables(plan: Plan) -> list[Table]:
    """All of them, in the order in which they are written."""
    return [figure_table(plan), need_table(plan), balance_table(plan)]


def figure_table(plan: Plan) -> Table:
    """Übersicht: pupils, classes, seats, new classes, waiting and ways by school type."""
    columns = [
        Column("Schulart"),
        Column("VKA-Schüler heute", Kind.WHOLE, "Schüler"),
        Column("erwartet höchstens", Kind.NUMBER, "VKA-Schüler", 3, shown=0),
        Column("im Monat", Kind.MONTH),
        Column("Klassen heute", Kind.WHOLE, "Klassen"),
        Column("neue Klassen", Kind.WHOLE, "Klassen"),
        Column("Plätze heute", Kind.NUMBER, "Plätze", 1, shown=0),
        Column("Plätze am Ende", Kind.NUMBER, "Plätze", 1, shown=0),
        Column("Wartende höchstens", Kind.NUMBER, "erwartete Kinder", 3, shown=1),
        Column("neu verteilte Schüler", Kind.NUMBER, "erwartete Schüler", 3, shown=1),
        Column("Weg im Mittel (Min.)", Kind.NUMBER, "Minuten, einfacher Weg", 1, shown=0),
        Column("Weg über Richtwert", Kind.SHARE, "% der neu verteilten Schüler", 1),
    ]
    rows = [
        [
            item.school_type,
            round(item.pupils_today),
            item.need_max,
            item.need_month,
            item.classes_today,
            item.classes_new,
            item.seats_today,
            item.seats_end,
            item.waiting_max,
            item.placed,
            item.mean_minutes,
            item.over_soft,
        ]
        for item in type_figures(plan)
    ]
    return table("uebersicht", columns, rows, empty="Der Landkreis hat keine Schule.")


def need_table(plan: Plan) -> Table:
    """Plätze: need (expected, P10, P50, P90) against the seats of the plan, by month."""
    return seats_table([need_course(plan, kind) for kind in school_types(plan)])


def balance_table(plan: Plan) -> Table:
    """Bilanz: who needs a seat, and what becomes of them, by school type.

    On today's list + came later = placed + waiting in the last month + moved away while waiting.
    Children of today's list do not move away while they wait. Empty where the demand is not known.
    """
    pupils = "erwartete Kinder"
    columns = [
        Column("Schulart"),
        Column("am Anfang auf der Liste", Kind.WHOLE, "Kinder"),
        Column("später dazugekommen", Kind.NUMBER, pupils, 3, shown=2),
        Column("verteilt", Kind.NUMBER, pupils, 3, shown=2),
        Column("warten am Ende", Kind.NUMBER, pupils, 3, shown=2),
        Column("beim Warten weggezogen", Kind.NUMBER, pupils, 3, shown=2),
    ]
    rows = []
    kinds = plan.forecast.school_types if plan.demand is not None else ()
    away = plan.scenario.abgang.wegzug_pro_monat
    last = len(plan.months) - 1
    for kind in (kind for kind in school_types(plan) if kind in kinds):
        assert plan.demand is not None
        listed = sum(child.school_type == kind for child in plan.district.newcomers)
        schools = set(schools_of(plan, kind))
        places = [p for p in plan.waiting if p.school_type == kind and p.pupils > NOISE]
        rows.append(
            [
                kind,
                listed,
                float(plan.demand[kinds.index(kind)].sum()) - listed,
                sum(n for (_, s, _), (n, _) in merged_flows(plan).items() if s in schools),
                sum(place.pupils for place in places if place.month == last),
                away * sum(p.pupils - p.listed for p in places if p.month < last),
            ]
        )
    return table("bilanz", columns, rows, empty="Der Bedarf ist nicht bekannt.")
