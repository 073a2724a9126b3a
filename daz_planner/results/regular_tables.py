"""Regular classes as tables and one sentence: seats, who newly needs one, where they are missing.

Table and sheet are there where the input has the sheet Regelklassen.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.planning.regular import NOTICEABLE, RegularSeats
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.where import SHEETS, Places

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

HALF_A_SEAT = 0.5
"""Fewer seats missing in all than this are not worth a sentence."""
MOST_SCHOOLS = 3
"""So many schools are named where seats are missing."""

_PUPILS = "erwartete Schüler"
_EMPTY = "Das Blatt Regelklassen der Eingabe nennt keine Klasse, die sich prüfen lässt."


def regular_tables(plan: Plan) -> tuple[Table, ...]:
    """Regelklassen by school and month, and by school, grade and month."""
    if plan.regular is None:
        return ()
    return _by_school(plan, plan.regular), _by_grade(plan, plan.regular)


def _by_school(plan: Plan, regular: RegularSeats) -> Table:
    columns = [
        Column("Schule", width=34),
        Column("Schulart"),
        Column("Gemeinde"),
        Column("Monat", Kind.MONTH),
        Column("Klassen", Kind.WHOLE, "Regelklassen"),
        Column("Schüler im Blatt", Kind.WHOLE, "Schüler"),
        Column("Inklusionszuschlag", Kind.NUMBER, "Plätze", 1, head="Inklusions- zuschlag"),
        Column("Plätze", Kind.WHOLE, "Plätze"),
        Column("frei", Kind.NUMBER, "Plätze", 1),
        Column("frei bis Planungsrichtwert", Kind.NUMBER, "Plätze", 1, head="frei bis Richtwert"),
        Column("neu in Regelklassen", Kind.NUMBER, _PUPILS, 3, shown=1),
        Column("über der Grenze", Kind.NUMBER, "Plätze", 3, shown=1),
        Column("davon heute schon", Kind.NUMBER, "Plätze", 1),
        Column("volle Klassenstufen", width=16),
    ]
    # Computed once: of a thousand schools each of these has many thousand rows.
    all_free, free_planned = regular.free, regular.free_planned
    above, all_missing = regular.above, regular.missing
    own_rows = _own_rows(regular)
    rows: list[list[object]] = []
    for kind, name in regular.schools:
        own = own_rows[name]
        grades = [regular.grades[n] for n in own]
        for t, month in enumerate(plan.months):
            missing = all_missing[own, t]
            full = [g.grade for g, m in zip(grades, missing, strict=True) if m >= NOTICEABLE]
            rows.append(
                [
                    *(name, kind, grades[0].municipality, month),
                    sum(grade.classes for grade in grades),
                    sum(grade.pupils for grade in grades),
                    sum(grade.surcharge for grade in grades),
                    int(regular.seats[own, t].sum()),
                    float(all_free[own, t].sum()),
                    float(free_planned[own, t].sum()),
                    float(regular.use[own, t].sum()),
                    float(above[own, t].sum()),
                    float(np.maximum(0.0, -all_free[own, t]).sum()),
                    ", ".join(map(str, full)),
                ]
            )
    return table("regelklassen", columns, rows, empty=_EMPTY)


def _own_rows(regular: RegularSeats) -> dict[str, list[int]]:
    """The rows of each school, as ``RegularSeats.rows_of``, for all at once."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for n, grade in enumerate(regular.grades):
        rows[grade.school].append(n)
    return rows


def _by_grade(plan: Plan, regular: RegularSeats) -> Table:
    columns = [
        Column("Schule"),
        Column("Schulart"),
        Column("Klassenstufe", Kind.WHOLE),
        Column("Monat", Kind.MONTH),
        Column("Klassen", Kind.WHOLE, "Regelklassen"),
        Column("Schüler im Blatt", Kind.WHOLE, "Schüler"),
        Column("Inklusionszuschlag", Kind.NUMBER, "Plätze", 1),
        Column("Plätze", Kind.WHOLE, "Plätze"),
        Column("frei", Kind.NUMBER, "Plätze", 1),
        Column("neu in Regelklassen", Kind.NUMBER, _PUPILS, 3),
        Column("über der Grenze", Kind.NUMBER, "Plätze", 3),
    ]
    free, above = regular.free, regular.above
    rows: list[list[object]] = [
        [
            *(grade.school, grade.school_type, grade.grade, month),
            *(grade.classes, grade.pupils, grade.surcharge),
            int(regular.seats[n, t]),
            float(free[n, t]),
            float(regular.use[n, t]),
            float(above[n, t]),
        ]
        for n, grade in enumerate(regular.grades)
        for t, month in enumerate(plan.months)
    ]
    return table("regelklassen_stufen", columns, rows, empty=_EMPTY)


def regular_sentence(plan: Plan, places: Places = SHEETS) -> str:
    """Where and when pupils who newly come find no seat in a regular class; else empty."""
    regular = plan.regular
    if regular is None:
        return ""
    missing = regular.missing
    total = missing.sum(axis=0)
    if float(total.max(initial=0.0)) < HALF_A_SEAT:
        return ""
    worst = int(np.argmax(total))
    own = _own_rows(regular)
    by_school = [(name, missing[own[name]].sum(axis=0)) for _, name in regular.schools]
    short = [(name, seats) for name, seats in by_school if seats.max() >= NOTICEABLE]
    short.sort(key=lambda pair: (-float(pair[1].max()), pair[0]))
    named = [_school(plan, name, seats) for name, seats in short[:MOST_SCHOOLS]]
    rest = len(short) - len(named)
    more = f" und {german.plural(rest, 'weitere Schule', 'weitere Schulen')}" if rest else ""
    seats = german.plural(float(total[worst]), "Platz", "Plätze", 1)
    verb = "fehlt" if seats == "1 Platz" else "fehlen"
    return (
        f"In den Regelklassen {verb} für Kinder, die neu dorthin wechseln, im "
        f"{german.month(plan.months[worst])} im Mittel {seats}: {'; '.join(named)}{more} "
        f"({places.regular})."
    )


def _school(plan: Plan, name: str, seats: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """``GS A ab November 2017 (höchstens 3,2 im Februar 2018)``."""
    first = int(np.argmax(seats >= NOTICEABLE))
    most = int(np.argmax(seats))
    number = german.number(float(seats[most]), 1)
    since = "" if first == most else f"ab {german.month(plan.months[first])}, "
    return f"{name} ({since}höchstens {number} im {german.month(plan.months[most])})"
