"""The plan as tables: what is written to CSV and to Excel, one declared schema each.

All numbers are expectations unless they are counts of today; minutes are one way; months are the
first day of the month.  :func:`tables` builds all of them; each builder stands alone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.district.today_numbers import today_numbers
from daz_planner.planning.cause_text import cause_text
from daz_planner.planning.futures import PLAN
from daz_planner.results.applied_rules import applied_rules
from daz_planner.results.assumption_tables import assumptions
from daz_planner.results.bill_tables import bill_table
from daz_planner.results.bottleneck_tables import bottleneck_table
from daz_planner.results.change_tables import change_tables
from daz_planner.results.class_reasons import full_reason, share_text
from daz_planner.results.figures import (
    NOISE,
    WITHOUT_SEAT,
    displaced,
    intake,
    merged_flows,
    school_order,
    school_types,
    schools_of,
)
from daz_planner.results.front_tables import front_tables
from daz_planner.results.futures_tables import judgement_tables
from daz_planner.results.goals import ORDER, goal_name, goal_unit, status_text, types_text
from daz_planner.results.history_rows import history_rows
from daz_planner.results.hours_limits import hours_limit_table
from daz_planner.results.letters import letter_table
from daz_planner.results.overview_tables import overview_tables
from daz_planner.results.reach_tables import reach_table, speed_table
from daz_planner.results.regular_tables import regular_tables
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.site_tables import ASSUMPTION, NEW_SITE, is_new_site, site_tables

if TYPE_CHECKING:
    from daz_planner.district.model import School
    from daz_planner.planning.assign import Assignment
    from daz_planner.planning.plan import ChildSeat, Opening, Plan
    from daz_planner.simulation.forecast import Forecast

SCHOOL = Column("Schule")
SCHOOL_TYPE = Column("Schulart")
MUNICIPALITY = Column("Gemeinde")
MONTH = Column("Monat", Kind.MONTH)


def tables(plan: Plan) -> dict[str, Table]:
    """All tables of the result by name, in the order in which they are written."""
    built = [
        *overview_tables(plan),
        class_table(plan),
        child_table(plan),
        letter_table(plan),
        flow_table(plan),
        load_table(plan),
        start_table(plan),
        waiting_table(plan),
        bottleneck_table(plan),
        reach_table(plan),
        speed_table(plan),
        *(site_tables(plan.sites, plan) if plan.sites is not None else ()),
        *(front_tables(plan) if plan.front is not None else ()),
        *(judgement_tables(plan.judgement).values() if plan.judgement is not None else ()),
        *(change_tables(plan.changes).values() if plan.changes is not None else ()),
        *regular_tables(plan),
        forecast_table(plan),
        hours_table(plan),
        hours_sum_table(plan),
        hours_limit_table(plan),
        goal_table(plan),
        *([bill_table(plan)] if plan.bill else ()),
        assumption_table(plan),
    ]
    return {item.name: item for item in built}


def class_table(plan: Plan) -> Table:
    """Klassenbildung: one row a school with its classes today and in each month."""
    openings: defaultdict[int, list[Opening]] = defaultdict(list)
    for opening in sorted(plan.openings, key=lambda item: item.month):
        openings[opening.school].append(opening)
    months = [
        Column(german.month_key(month), Kind.WHOLE, "Klassen", month=month) for month in plan.months
    ]
    judged = plan.judgement is not None
    needed = [Column("gebraucht in", width=12 if openings else 0)] if judged else []
    columns = [
        Column("Schule", width=28),
        SCHOOL_TYPE,
        MUNICIPALITY,
        Column("Klassen heute", Kind.WHOLE, "Klassen"),
        *months,
        Column("neue Klassen", Kind.WHOLE, "Klassen"),
        Column("neu ab", width=13 if openings else 0),
        Column("Art", width=11 if openings else 0),
        *needed,
        Column("Grund", width=46 if openings else 0),
    ]
    rows = []
    for s in school_order(plan):
        school = plan.district.schools[s]
        own = openings[s]
        rows.append(
            [
                school.name,
                school.school_type,
                school.municipality,
                school.classes,
                *plan.classes[s].tolist(),
                sum(item.classes for item in own),
                ", ".join(german.month(plan.months[item.month]) for item in own),
                _kinds(school, own),
                *([_needed(plan, own)] if judged else []),
                _reasons(plan, own),
            ]
        )
    return table("klassenbildung", columns, rows, empty="Der Landkreis hat keine Schule.")


def _kinds(school: School, openings: list[Opening]) -> str:
    """What the new classes are, and whether they make a new site."""
    site = [NEW_SITE] if openings and is_new_site(school) else []
    return ", ".join(dict.fromkeys([*site, *(item.kind.value for item in openings)]))


def _needed(plan: Plan, openings: list[Opening]) -> str:
    """Share of the futures in which each new class is needed, in the order of the openings."""
    assert plan.judgement is not None
    shares = plan.judgement.shares_needed()
    return ", ".join(
        share_text(share)
        for item in openings
        for share in shares.get((item.school, item.month), ())
    )


def _reasons(plan: Plan, openings: list[Opening]) -> str:
    if len(openings) == 1:
        return full_reason(plan, openings[0])
    return " ".join(
        f"{german.month(plan.months[item.month])}: {full_reason(plan, item)}" for item in openings
    )


def child_table(plan: Plan | Assignment) -> Table:
    """Zuweisung: one row a child of today's waiting list."""
    columns = [
        Column("Schüler-ID"),
        MUNICIPALITY,
        SCHOOL_TYPE,
        Column("gemeldet am", Kind.DATE),
        Column("Schule", width=34),
        Column("ab Monat", Kind.MONTH),
        Column("Minuten", Kind.NUMBER, "Minuten, einfacher Weg", 0),
        Column("Grund", width=42),
        Column("Alternativen", width=60),
    ]
    rows = [
        [
            seat.child.pupil_id,
            seat.child.municipality,
            seat.child.school_type,
            seat.child.registered,
            "wartet" if seat.school is None else plan.district.schools[seat.school].name,
            None if seat.month is None else plan.months[seat.month],
            seat.minutes,
            seat.reason,
            _alternatives(plan, seat),
        ]
        for seat in plan.children
    ]
    empty = "Auf der heutigen Liste der Neuzugänge steht kein Kind."
    return table("zuweisung", columns, rows, empty=empty)


def _alternatives(plan: Plan | Assignment, seat: ChildSeat) -> str:
    return "; ".join(
        f"{plan.district.schools[other.school].name} "
        f"({german.number(other.minutes)} Min.): {other.obstacle}"
        for other in seat.alternatives
    )


def flow_table(plan: Plan) -> Table:
    """Verteilung: expected newcomers by municipality, school and month of their seat."""
    columns = [
        MUNICIPALITY,
        SCHOOL,
        SCHOOL_TYPE,
        MONTH,
        Column("Schüler", Kind.NUMBER, "erwartete Schüler", 3, shown=2),
        Column("Minuten", Kind.NUMBER, "Minuten, einfacher Weg", 0),
    ]
    rows = []
    for (i, s, t), (pupils, minutes) in merged_flows(plan).items():
        school = plan.district.schools[s]
        name = plan.district.municipalities[i].name
        rows.append([name, school.name, school.school_type, plan.months[t], pupils, minutes])
    empty = "Im Zeitraum wird kein Kind neu verteilt."
    return table("verteilung", columns, rows, empty=empty)


def load_table(plan: Plan) -> Table:
    """Auslastung: seats and their expected use by school and month.

    Where decided closings take seats that are in use, a column tells how many.
    """
    pupils = "erwartete Schüler"
    lost = displaced(plan)
    closes = bool(lost.any())
    spread = None if plan.judgement is None else plan.judgement.policies[PLAN].use_quantiles()
    bands = 0 if spread is None else 3
    columns = [
        SCHOOL,
        SCHOOL_TYPE,
        MONTH,
        Column("Klassen", Kind.WHOLE, "Klassen"),
        Column("Obergrenze je Klasse", Kind.WHOLE, "Schüler je Klasse"),
        Column("Abweichung der Reserve", Kind.NUMBER, "Plätze", 1),
        Column("Plätze", Kind.NUMBER, "Plätze", 1),
        Column("Planungsplätze", Kind.NUMBER, "Plätze", 1, head="Plätze für die Planung"),
        Column("neu im Monat", Kind.NUMBER, pupils, 3, shown=1),
        Column("belegt heutige Schüler", Kind.NUMBER, pupils, 3, shown=1),
        Column("belegt Liste", Kind.NUMBER, pupils, 3, shown=1),
        Column("belegt Prognose", Kind.NUMBER, pupils, 3, shown=1),
        Column("belegt gesamt", Kind.NUMBER, pupils, 3, shown=1),
        Column("frei", Kind.NUMBER, "Plätze", 3, shown=1),
        *([Column(WITHOUT_SEAT, Kind.NUMBER, pupils, 3, shown=1)] if closes else []),
        Column("Auslastung %", Kind.SHARE, "%", 1),
        *(
            Column(f"belegt {name}", Kind.WHOLE, "Schüler")
            for name in ("P10", "P50", "P90")[:bands]
        ),
    ]
    taken = intake(plan)
    use = plan.use
    rows = []
    for s in school_order(plan):
        school = plan.district.schools[s]
        for t, month in enumerate(plan.months):
            seats = float(plan.seats[s, t])
            used = float(use[s, t])
            rows.append(
                [
                    school.name,
                    school.school_type,
                    month,
                    int(plan.classes[s, t]),
                    int(plan.class_cap[s, t]),
                    seats - float(plan.classes[s, t] * plan.class_cap[s, t]),
                    seats,
                    float(plan.planning_seats[s, t]),
                    float(taken[s, t]),
                    float(plan.use_today[s, t]),
                    float(plan.use_children[s, t]),
                    float(plan.use_forecast[s, t]),
                    used,
                    seats - used,
                    *([float(lost[s, t])] if closes else []),
                    used / seats if seats > 0 else None,
                    *([] if spread is None else map(int, spread[:, s, t])),
                ]
            )
    return table("auslastung", columns, rows, empty="Der Landkreis hat keine Schule.")


def start_table(plan: Plan) -> Table:
    """Ausgangszahlen: pupils and free seats of each school that the plan starts with, and whence.

    „Phase unbekannt“: of the pupils used, those whose phase is known neither from the roster nor
    from the table. Where the roster names nobody of a school, „im Bestand“ is empty.
    """
    columns = [
        SCHOOL,
        SCHOOL_TYPE,
        Column("VKA-Schüler Tabelle", Kind.WHOLE, "Schüler"),
        Column("Gast-VKA Tabelle", Kind.WHOLE, "Schüler"),
        Column("VKA-Schüler Bestand", Kind.WHOLE, "Schüler"),
        Column("Schüler gerechnet", Kind.WHOLE, "Schüler"),
        Column("Quelle Schüler"),
        Column("davon Phase unbekannt", Kind.WHOLE, "Schüler"),
        Column("Reserve Tabelle", Kind.WHOLE, "Plätze"),
        Column("frei gerechnet", Kind.WHOLE, "Plätze"),
        Column("Quelle Reserve"),
    ]
    numbers = today_numbers(plan.district)
    rows = []
    for s in school_order(plan):
        number = numbers[s]
        school = number.school
        rows.append(
            [
                school.name,
                school.school_type,
                school.pupils,
                school.guests,
                number.listed,
                number.used,
                number.source,
                number.without_phase,
                school.reserve,
                number.free(float(plan.seats[s, 0])),
                number.reserve_source,
            ]
        )
    return table("ausgangszahlen", columns, rows, empty="Der Landkreis hat keine Schule.")


def waiting_table(plan: Plan) -> Table:
    """Wartende: expected children without a seat by school type, municipality and month."""
    columns = [
        SCHOOL_TYPE,
        MUNICIPALITY,
        MONTH,
        Column("Kinder", Kind.NUMBER, "erwartete Kinder", 3, shown=2),
        Column("davon heutige Liste", Kind.WHOLE, "Kinder der heutigen Liste"),
        Column("wartet seit", Kind.MONTH),
        Column("Ursache", width=60),
    ]
    order = {kind: position for position, kind in enumerate(school_types(plan))}
    places = sorted(
        (place for place in plan.waiting if place.pupils > NOISE),
        key=lambda place: (order[place.school_type], place.municipality, place.month, place.since),
    )
    rows = [
        [
            place.school_type,
            plan.district.municipalities[place.municipality].name,
            plan.months[place.month],
            place.pupils,
            place.listed,
            place.since.replace(day=1),
            cause_text(plan.scenario, place),
        ]
        for place in places
    ]
    return table("wartende", columns, rows, empty="In keinem Monat wartet ein Kind.")


def forecast_table(plan: Plan) -> Table:
    """Prognose of a plan, see :func:`course_table`."""
    return course_table(plan.forecast)


def course_table(forecast: Forecast) -> Table:
    """Prognose: pupils by school type, phase and month, expected and P10, P50, P90."""
    quantiles = [forecast.quantile(share) for share in (0.1, 0.5, 0.9)]
    vka = [forecast.vka_quantile(share) for share in (0.1, 0.5, 0.9)]
    columns = [
        SCHOOL_TYPE,
        Column("Phase"),
        MONTH,
        Column("Erwartung", Kind.NUMBER, "Schüler", 3),
        *(Column(name, Kind.WHOLE, "Schüler") for name in ("P10", "P50", "P90")),
    ]
    rows = []
    for k, kind in enumerate(forecast.school_types):
        third = "3" if forecast.phase3_known[k] else "3 (ohne heutige)"
        for p, phase in enumerate(("1", "2", third)):
            for t, month in enumerate(forecast.months):
                bands = [int(array[k, p, t]) for array in quantiles]
                rows.append([kind, phase, month, float(forecast.expected[k, p, t]), *bands])
        for t, month in enumerate(forecast.months):
            bands = [int(array[k, t]) for array in vka]
            expected = float(forecast.vka_expected[k, t])
            rows.append([kind, "1 und 2 (VKA)", month, expected, *bands])
    return table("prognose", columns, rows, empty="Es gibt keine Prognose.")


def hours_table(plan: Plan) -> Table:
    """Lehrerstunden: teacher hours a week by school and month."""
    columns = [
        SCHOOL,
        SCHOOL_TYPE,
        MONTH,
        Column("Klassen", Kind.WHOLE, "Klassen"),
        Column("Stunden", Kind.NUMBER, "Lehrerwochenstunden", 1),
    ]
    rows = [
        [
            plan.district.schools[s].name,
            plan.district.schools[s].school_type,
            month,
            int(plan.classes[s, t]),
            float(plan.weekly_hours[s, t]),
        ]
        for s in school_order(plan)
        for t, month in enumerate(plan.months)
    ]
    return table("lehrerstunden", columns, rows, empty="Der Landkreis hat keine Schule.")


def hours_sum_table(plan: Plan) -> Table:
    """Lehrerstunden by school type and month, and all together."""
    columns = [SCHOOL_TYPE, MONTH, Column("Stunden", Kind.NUMBER, "Lehrerwochenstunden", 1)]
    rows: list[list[object]] = []
    for kind in school_types(plan):
        sums = plan.weekly_hours[schools_of(plan, kind)].sum(axis=0)
        rows += [[kind, month, float(sums[t])] for t, month in enumerate(plan.months)]
    total = plan.weekly_hours.sum(axis=0)
    rows += [["zusammen", month, float(total[t])] for t, month in enumerate(plan.months)]
    empty = "Der Landkreis hat keine Schule."
    return table("lehrerstunden_schularten", columns, rows, empty=empty)


def goal_table(plan: Plan | Assignment) -> Table:
    """Ziele: each goal of each school type with value, proven bound, gap and status.

    Goals that only say who comes first have no value.
    """
    columns = [
        SCHOOL_TYPE,
        Column("Ziel"),
        Column("Einheit"),
        Column("Wert", Kind.NUMBER, "siehe Einheit", 3, shown=1),
        Column("bewiesene Schranke", Kind.NUMBER, "siehe Einheit", 3, shown=1),
        Column("Lücke %", Kind.SHARE, "%", 2),
        Column("Status"),
    ]
    rows = [
        [
            types_text(stage.school_type),
            goal_name(stage.goal),
            goal_unit(stage.goal, plan.scenario),
            None if goal_unit(stage.goal) == ORDER else stage.value,
            None if goal_unit(stage.goal) == ORDER else stage.bound,
            stage.gap,
            status_text(stage),
        ]
        for stage in plan.stages
    ]
    return table("ziele", columns, rows, empty="Es war nichts zu entscheiden.")


def assumption_table(plan: Plan) -> Table:
    """Annahmen of a plan, see :func:`assumptions`."""
    sites = () if plan.sites is None else (ASSUMPTION,)
    extra = [*sites, *history_rows(plan.district, plan.scenario)]
    return assumptions(plan.scenario, applied_rules(plan), extra)
