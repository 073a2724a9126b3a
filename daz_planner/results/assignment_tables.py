"""The tables of ``zuweisen``: seats of today's list, free seats, who waits, goals, assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.results.applied_rules import seat_rules
from daz_planner.results.assumption_tables import assumptions
from daz_planner.results.letters import letter_table
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.tables import (
    MUNICIPALITY,
    SCHOOL,
    SCHOOL_TYPE,
    child_table,
    goal_table,
)

if TYPE_CHECKING:
    from daz_planner.planning.assign import Assignment


def assignment_tables(result: Assignment) -> dict[str, Table]:
    """All tables by name, in the order in which they are written."""
    built = [
        child_table(result),
        letter_table(result),
        seat_table(result),
        unseated_table(result),
        goal_table(result),
        assumptions(result.scenario, seat_rules(result)),
    ]
    return {item.name: item for item in built}


def seat_table(result: Assignment) -> Table:
    """Freie Plätze: seats of each school on the reference date, and what the list takes of them."""
    seats = "Plätze"
    columns = [
        SCHOOL,
        SCHOOL_TYPE,
        MUNICIPALITY,
        Column("Klassen", Kind.WHOLE, "Klassen"),
        Column("frei am Stichtag", Kind.WHOLE, seats),
        Column("sofort vergeben", Kind.WHOLE, seats),
        Column("noch frei", Kind.WHOLE, seats),
        Column("später vergeben", Kind.WHOLE, seats),
    ]
    order = sorted(
        range(len(result.district.schools)),
        key=lambda s: SCHOOL_TYPES.index(result.district.schools[s].school_type),
    )
    rows = []
    for s in order:
        school, free, taken = result.district.schools[s], int(result.free[s]), result.taken(s)
        rows.append(
            [
                school.name,
                school.school_type,
                school.municipality,
                school.classes,
                free,
                taken,
                free - taken,
                result.taken(s, later=True),
            ]
        )
    return table("freie_plaetze", columns, rows, empty="Der Landkreis hat keine Schule.")


def unseated_table(result: Assignment) -> Table:
    """Wartende: children without a seat at once, those without any seat first."""
    columns = [
        Column("Schüler-ID"),
        MUNICIPALITY,
        SCHOOL_TYPE,
        Column("gemeldet am", Kind.DATE),
        Column("Platz ab", Kind.MONTH),
        Column("Grund", width=60),
    ]
    waiting = [seat for seat in result.children if seat.month != 0]
    waiting.sort(key=lambda seat: seat.month is not None)
    rows = [
        [
            seat.child.pupil_id,
            seat.child.municipality,
            seat.child.school_type,
            seat.child.registered,
            None if seat.month is None else result.months[seat.month],
            seat.reason,
        ]
        for seat in waiting
    ]
    return table("wartende", columns, rows, empty="Jedes Kind der Liste hat sofort einen Platz.")
