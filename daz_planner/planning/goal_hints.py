"""What a planner has to know about the goals and the teacher hours of a plan (German)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.german import listed
from daz_planner.planning.cause_text import goals_before_waiting, leaves_seats_empty
from daz_planner.planning.hours import given_groups, planned_together
from daz_planner.planning.spread import SPREAD, uncounted_schools
from daz_planner.scenario.solving import GOALS, WAITING

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.scenario.solving import Goals

_WORSE_WHEN_SEATED = {
    "neue_klassen": "Die wenigsten neuen Klassen gibt es",
    "regelklassen": "Die wenigsten Lehrerstunden fehlen",
    "klassenmonate": "Die wenigsten Klassenmonate gibt es",
    "weg": "Am kürzesten sind die Wege",
    "weg_ueber_richtwert": "Am wenigsten Weg über dem Richtwert gibt es",
    SPREAD: "Am kleinsten bleibt die größte Schule",
}
"""Goals that are best where nobody gets a further seat."""
_REMEDY = (
    "Sollen Plätze vorgehen, schreiben Sie im Szenario unter [ziele] in „reihenfolge“ "
    "„wartemonate“ an den Anfang."
)
_FREE_GOALS = {
    "wartemonate": "das Warten",
    "neue_klassen": "neue Klassen",
    "regelklassen": "fehlende Plätze in Regelklassen und Lehrerstunden",
    "klassenmonate": "Klassenmonate",
    "ueberbelegung": "Plätze über der Klassenobergrenze",
    "weg_ueber_richtwert": "Wege über dem Richtwert",
    "weg": "Schulwege",
}
_MOST_NAMES = 5


def goal_hints(district: District, scenario: Scenario) -> list[str]:
    """Hints on prices, on schools that do not count, and on teacher hours."""
    goals = scenario.ziele
    hints = []
    if goals.preise is not None:
        text = (
            "Der Plan wiegt die Ziele nach Preisen ab ([ziele.preise], in "
            f"{goals.preise.einheit}); die Abrechnung steht bei den Zielen."
        )
        free = [f"{_FREE_GOALS[goal]} („{goal}“)" for goal in GOALS if not goals.follows(goal)]
        if free:
            text += f" Keinen Preis haben und zählen nicht: {listed(free)}."
        hints.append(text)
    left_out = uncounted_schools(district, scenario)
    if left_out:
        names = left_out[:_MOST_NAMES]
        more = len(left_out) - len(names)
        hints.append(
            "Ohne Schülerzahl im Blatt Regelklassen zählen bei der Streuung nicht: "
            f"{listed(names) if not more else ', '.join(names) + f' und {more} weitere'}."
        )
    hints.extend(_hours_hints(district, scenario))
    return hints


def order_hints(goals: Goals) -> list[str]:
    """What an order means that puts the waiting late or leaves it out; nothing with prices."""
    if goals.preise is not None:
        return []
    if WAITING not in goals.order:
        return [
            f"Das Ziel „{WAITING}“ steht nicht in der Reihenfolge der Ziele: Nichts treibt den "
            f"Plan dazu, Kindern einen Platz zu geben. {_REMEDY}"
        ]
    before = [g for g in goals_before_waiting(goals) if g in _WORSE_WHEN_SEATED]
    if not before:
        return []
    stands = "steht" if len(before) == 1 else "stehen"
    named = listed(f"„{goal}“" for goal in before)
    what = (
        "So lässt der Plan Kinder auch dann warten, wenn Plätze frei sind."
        if leaves_seats_empty(goals)
        else "So lässt der Plan Kinder warten, statt eine Klasse zu öffnen."
    )
    return [
        f"In der Reihenfolge der Ziele {stands} {named} vor „{WAITING}“: "
        f"{_WORSE_WHEN_SEATED[before[0]]}, wenn Kinder warten. {what} {_REMEDY}"
    ]


def _hours_hints(district: District, scenario: Scenario) -> list[str]:
    if not scenario.lehrer.begrenzt:
        if not district.teacher_budgets:
            return []
        return [
            "Die Stunden des Blatts Lehrerstunden begrenzen den Plan nicht; im Ergebnis steht der "
            "Bedarf daneben. Mit [lehrer] begrenzt = true öffnen Klassen nur, soweit sie reichen."
        ]
    kinds = district.school_types
    shared = [group for group in planned_together(district, scenario, kinds) if len(group) > 1]
    areas = [group.name for group in given_groups(district, scenario) if group.is_area]
    return [
        f"{listed(group)} sind zusammen geplant, denn ihre Schulen teilen sich Lehrerstunden in "
        f"{'der Planungsregion' if len(areas) == 1 else 'Planungsregionen'} ({listed(areas)})."
        for group in shared
    ]
