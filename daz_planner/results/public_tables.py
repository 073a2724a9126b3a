"""The tables of a shared version: what is allowed, column by column, numbers rounded to whole ones.

What is not named here stays out.  The rules are told in :mod:`daz_planner.results.public`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.planning.cause_text import cause_text
from daz_planner.planning.plan import Cause
from daz_planner.results.applied_rules import applied_rules
from daz_planner.results.assumption_tables import assumptions
from daz_planner.results.bottleneck_tables import bottleneck_table
from daz_planner.results.figures import (
    NOISE,
    need_course,
    school_order,
    school_types,
    schools_of,
    type_figures,
    waiting_by_month,
)
from daz_planner.results.front_tables import front_tables
from daz_planner.results.futures_tables import needed_table, policy_table
from daz_planner.results.public import FEW, HIDDEN
from daz_planner.results.public_sums import is_small
from daz_planner.results.public_texts import missing_rows
from daz_planner.results.reach_tables import reach_table, speed_table
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.site_tables import site_table
from daz_planner.results.tables import (
    class_table,
    goal_table,
    hours_sum_table,
    hours_table,
)
from daz_planner.rules import teacher_hours
from daz_planner.scenario import load_scenario, parameter_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from daz_planner.planning.plan import Opening, Plan
    from daz_planner.results.figures import TypeFigures
    from daz_planner.results.public import Shared

SCHOOL, SCHOOL_TYPE = Column("Schule", width=34), Column("Schulart")
MONTH = Column("Monat", Kind.MONTH)
_NOTICED = 0.05
_ONE_CHILD = frozenset(
    {Cause.PINNED, Cause.ANNOUNCED, Cause.ALL_EXCLUDED, Cause.EXCLUDED, Cause.GRADES}
)
"""Causes that speak of what holds for single children of the list."""


def shown(value: float, allowed: bool = True) -> int | str:
    """A number of persons as a shared version has it: whole, or a text in its place."""
    if not allowed:
        return HIDDEN
    return FEW if is_small(value) else round(value)


def public_tables(shared: Shared) -> dict[str, Table]:
    """All tables of a shared version by name, in the order in which they are written."""
    plan = shared.plan
    built = [
        missing_table(shared),
        type_table(shared),
        opening_table(plan),
        use_table(shared),
        type_use_table(shared),
        need_table(shared),
        waiting_table(shared),
        _keep(reach_table(plan), without=("Kinder je Monat",)),
        speed_table(plan),
        *_asked_for(shared),
        *(_hours(plan) if hours_go_by_classes(plan) else ()),
        _keep(goal_table(plan), ("Schulart", "Ziel", "Lücke %", "Status")),
        assumption_table(plan),
    ]
    return {item.name: item for item in built}


def missing_table(shared: Shared) -> Table:
    """Fassung: what this version leaves out, and why."""
    columns = [Column("Was", width=44), Column("In dieser Fassung", width=96)]
    return table("fassung", columns, missing_rows(shared), empty="In dieser Fassung fehlt nichts.")


def type_table(shared: Shared) -> Table:
    """Schularten: pupils, classes, seats, waiting and ways by school type, and all together."""
    columns = [
        SCHOOL_TYPE,
        Column("belegt heute", Kind.COUNT, "Schüler"),
        Column("erwartet höchstens", Kind.COUNT, "Schüler"),
        Column("im Monat", Kind.MONTH),
        Column("Klassen heute", Kind.WHOLE, "Klassen"),
        Column("neue Klassen", Kind.WHOLE, "Klassen"),
        Column("Plätze heute", Kind.WHOLE, "Plätze"),
        Column("Plätze am Ende", Kind.WHOLE, "Plätze"),
        Column("wartend höchstens", Kind.COUNT, "erwartete Kinder"),
        Column("neu verteilt", Kind.COUNT, "erwartete Schüler"),
        Column("Weg im Mittel", Kind.WHOLE, "Minuten, einfacher Weg"),
        Column("über Richtwert %", Kind.SHARE, "%", 0),
    ]
    rows = [_type_row(shared, item) for item in type_figures(shared.plan)]
    return table("schularten", columns, rows, empty="Der Landkreis hat keine Schule.")


def _type_row(shared: Shared, item: TypeFigures) -> list[object]:
    plan = shared.plan
    every = school_types(plan)
    together = item.school_type not in every
    kinds = every if together else (item.school_type,)
    need = shared.shows_all_need if together else shared.shows_need(item.school_type)
    today = shared.shows_all_types if together else shared.shows_type(item.school_type)
    used = sum(float(plan.use[schools_of(plan, kind), 0].sum()) for kind in kinds)
    placed = need and not any(is_small(one.placed) for one in _figures(plan, kinds))
    over = [(one.over_soft or 0.0) * one.placed for one in _figures(plan, kinds)]
    # Few who are placed, or few with a long way, may be few children of the list.
    long_ways = placed and not any(map(is_small, over))
    return [
        item.school_type,
        shown(used, today),
        shown(item.need_max, need),
        item.need_month if need else None,
        item.classes_today,
        item.classes_new,
        round(item.seats_today),
        round(item.seats_end),
        shown(item.waiting_max, not together or not has_few_waiting(plan)),
        FEW if need and not placed and not together else shown(item.placed, placed),
        round(item.mean_minutes) if placed and item.mean_minutes is not None else None,
        item.over_soft if long_ways else None,
    ]


def _figures(plan: Plan, kinds: Sequence[str]) -> list[TypeFigures]:
    return [item for item in type_figures(plan) if item.school_type in kinds]


def has_few_waiting(plan: Plan) -> bool:
    """Whether in any month few children of a school type wait: then no sum over types is shown."""
    return any(
        is_small(float(count))
        for kind in school_types(plan)
        for count in waiting_by_month(plan, kind)
    )


def opening_table(plan: Plan) -> Table:
    """Klassenbildung with reasons in which no child is counted."""
    plain = tuple(replace(opening, reason=plain_reason(opening)) for opening in plan.openings)
    return class_table(replace(plan, openings=plain))


def plain_reason(opening: Opening) -> str:
    """Why a class opens, without a number."""
    if opening.waiting_without >= _NOTICED:
        return "Ohne sie warteten Kinder länger auf einen Platz."
    if opening.minutes_without >= 1:
        return "Ohne sie wären die Schulwege länger."
    if math.isnan(opening.waiting_without):
        return opening.reason
    return "Sie folgt aus der Reihenfolge der Ziele."


def use_table(shared: Shared) -> Table:
    """Auslastung: seats and seats in use by school and month."""
    plan = shared.plan
    columns = [
        SCHOOL,
        SCHOOL_TYPE,
        MONTH,
        Column("Klassen", Kind.WHOLE, "Klassen"),
        Column("Obergrenze je Klasse", Kind.WHOLE, "Schüler je Klasse"),
        Column("Plätze", Kind.COUNT, "Plätze"),
        Column("belegt", Kind.COUNT, "Schüler im Mittel"),
        Column("Auslastung %", Kind.SHARE, "%", 0),
    ]
    rows = [
        [
            plan.district.schools[s].name,
            plan.district.schools[s].school_type,
            month,
            int(plan.classes[s, t]),
            int(plan.class_cap[s, t]),
            *_use(float(plan.seats[s, t]), float(plan.use[s, t]), shared.shows_school(s)),
        ]
        for s in school_order(plan)
        for t, month in enumerate(plan.months)
    ]
    return table("auslastung", columns, rows, empty="Der Landkreis hat keine Schule.")


def type_use_table(shared: Shared) -> Table:
    """Auslastung by school type and month, and of all where it may be told."""
    plan = shared.plan
    columns = [
        SCHOOL_TYPE,
        MONTH,
        Column("Klassen", Kind.WHOLE, "Klassen"),
        Column("Plätze", Kind.WHOLE, "Plätze"),
        Column("belegt", Kind.COUNT, "Schüler im Mittel"),
        Column("Auslastung %", Kind.SHARE, "%", 0),
    ]
    groups = [
        (kind, schools_of(plan, kind), shared.shows_type(kind)) for kind in school_types(plan)
    ]
    if len(groups) > 1:
        groups.append(("zusammen", school_order(plan), shared.shows_all_types))
    rows = []
    for name, own, allowed in groups:
        seats, use = plan.seats[own].sum(axis=0), plan.use[own].sum(axis=0)
        for t, month in enumerate(plan.months):
            _, used, share = _use(float(seats[t]), float(use[t]), allowed)
            classes, there = int(plan.classes[own, t].sum()), round(float(seats[t]))
            rows.append([name, month, classes, there, used, share])
    return table("auslastung_schularten", columns, rows, empty="Der Landkreis hat keine Schule.")


def _use(seats: float, use: float, allowed: bool) -> list[object]:
    """Seats, seats in use and their share, of whole numbers; hidden ones have no seats either."""
    used = shown(use, allowed)
    whole = round(seats)
    share = used / whole if isinstance(used, int) and whole > 0 else None
    return [whole if allowed else HIDDEN, used, share]


def need_table(shared: Shared) -> Table:
    """Bedarf: need against seats by month, of the school types of which it is shown."""
    plan = shared.plan
    persons = "VKA-Schüler"
    columns = [
        SCHOOL_TYPE,
        MONTH,
        Column("Plätze", Kind.WHOLE, "Plätze"),
        Column("benötigt im Mittel", Kind.COUNT, persons),
        Column("P10", Kind.COUNT, persons),
        Column("P90", Kind.COUNT, persons),
        Column("zu wenig Plätze %", Kind.SHARE, "% der Zukünfte", 0),
    ]
    rows = []
    for kind in need_types(shared):
        course = need_course(plan, kind)
        for t, month in enumerate(plan.months):
            bands = (float(band[t]) for band in (course.expected, course.low, course.high))
            row = [kind, month, round(float(course.seats[t])), *map(shown, bands)]
            rows.append([*row, float(course.short[t])])
    empty = "Von keiner Schulart lässt sich der Bedarf zeigen."
    return table("bedarf", columns, rows, empty=empty)


def need_types(shared: Shared) -> tuple[str, ...]:
    """School types of which the need is shown."""
    known = shared.plan.forecast.school_types
    types = school_types(shared.plan)
    return tuple(kind for kind in types if kind in known and shared.shows_need(kind))


def waiting_table(shared: Shared) -> Table:
    """Wartende by school type and month, without the municipality, and what hinders them."""
    plan = shared.plan
    columns = [
        SCHOOL_TYPE,
        MONTH,
        Column("Kinder", Kind.COUNT, "erwartete Kinder"),
        Column("Ursachen", width=70),
    ]
    rows = []
    for kind in school_types(plan):
        waiting = waiting_by_month(plan, kind)
        for t, month in enumerate(plan.months):
            if waiting[t] > NOISE:
                rows.append([kind, month, shown(float(waiting[t])), _causes(plan, kind, t)])
    return table("wartende", columns, rows, empty="In keinem Monat wartet ein Kind.")


def _causes(plan: Plan, kind: str, t: int) -> str:
    # The hours that are missing go by the pupils of single schools.
    found = {
        cause_text(plan.scenario, replace(place, hours_missing=0.0))
        for place in plan.waiting
        if (place.school_type, place.month) == (kind, t)
        and place.pupils - place.listed > NOISE
        and place.cause not in _ONE_CHILD
    }
    return "; ".join(sorted(found))


def _asked_for(shared: Shared) -> Iterator[Table]:
    """What was asked for beside the plan, as far as it tells of no child."""
    plan = shared.plan
    if plan.judgement is not None:
        yield _policies(shared)
        yield _keep(needed_table(plan.judgement), without=("Wartemonate ohne sie",))
    if plan.front is not None:
        yield _front(shared)
    if plan.bottlenecks is not None:
        yield _bottlenecks(shared)
    if plan.sites is not None:
        named = ("Rang", "Schule", "Schulart", "Gemeinde", "Quelle")
        yield _keep(site_table(plan.sites, plan), named)


def _bottlenecks(shared: Shared) -> Table:
    """Engpässe, without hidden schools: that seats are scarce there tells how few they are."""
    schools = enumerate(shared.plan.district.schools)
    hidden = {school.name for s, school in schools if not shared.shows_school(s)}
    kept = _keep(
        bottleneck_table(shared.plan), ("Rang", "mehr davon", "Schulart", "Schule", "Angabe")
    )
    # A list without entries would choose columns, not rows.
    shown = np.array([name not in hidden for name in kept.values("Schule")], dtype=bool)
    frame = kept.frame.loc[shown].reset_index(drop=True)
    frame["Rang"] = range(1, len(frame) + 1)
    return replace(kept, frame=frame)


def _front(shared: Shared) -> Table:
    """Abwägung; ways in whole minutes, none where few are placed: they may be of the list."""
    full = front_tables(shared.plan)[0]
    kinds, every = full.values("Schulart"), school_types(shared.plan)
    few = {
        kind for kind, count in zip(kinds, full.values("Kinder"), strict=True) if is_small(count)
    }
    told = {kind for kind in every if kind not in few and shared.shows_need(kind)}
    named = ("Schulart", "Zeile", "öffnet zusätzlich", "dafür nicht", "neue Klassen")
    kept = _keep(full, (*named, "Weg am Tag", "Status"))
    frame = kept.frame.copy()
    frame["Weg am Tag"] = [
        round(way) if way is not None and (kind in told or told == {*every}) else None
        for kind, way in zip(kinds, full.values("Weg am Tag"), strict=True)
    ]
    columns = tuple(
        replace(column, digits=0) if column.name == "Weg am Tag" else column
        for column in kept.columns
    )
    return replace(kept, columns=columns, frame=frame)


def _policies(shared: Shared) -> Table:
    """The plan, doing nothing and the simple rule; only types of which the need is shown."""
    assert shared.plan.judgement is not None
    named = ("Vorgehen", "Schulart", "Zukünfte ohne Warten", "neue Klassen", "Klassenmonate")
    kept = _keep(policy_table(shared.plan.judgement), named)
    shows = [
        shared.shows_need(kind) if kind in school_types(shared.plan) else shared.shows_all_need
        for kind in kept.values("Schulart")
    ]
    return replace(kept, frame=kept.frame[shows].reset_index(drop=True))


def hours_go_by_classes(plan: Plan) -> bool:
    """Whether the teacher hours of all months hang on the classes only, not on the pupils."""
    return all(
        teacher_hours(month).steps(kind) is None
        for month in plan.months
        for kind in school_types(plan)
    )


def _hours(plan: Plan) -> tuple[Table, Table]:
    return hours_table(plan), hours_sum_table(plan)


def assumption_table(plan: Plan) -> Table:
    """Annahmen without what was counted among pupils: sources are told only as far as they are law.

    A scenario that was calibrated names the counts behind a value in its sources.
    """
    basis = {row.source for row in parameter_rows(load_scenario("basis"))}
    own = f"Szenario „{plan.scenario.name}“"
    full = assumptions(plan.scenario, applied_rules(replace(plan, regular=None)))
    rules = sum(name.startswith("Regel: ") for name in full.values("Parameter"))
    frame = full.frame.copy()
    frame["Quelle"] = [
        source if n < rules or source in basis or source == own else own
        for n, source in enumerate(full.values("Quelle"))
    ]
    return replace(full, frame=frame)


def _keep(full: Table, columns: Sequence[str] = (), *, without: Sequence[str] = ()) -> Table:
    """A table with these columns only, or without some."""
    kept = [
        column
        for column in full.columns
        if column.name not in without and (not columns or column.name in columns)
    ]
    return replace(full, columns=tuple(kept), frame=full.frame[[column.name for column in kept]])
