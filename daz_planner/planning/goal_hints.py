"""What a planner has to know about the goals and the teacher hours of a plan (German)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.german import listed
from daz_planner.planning.hours import given_groups, planned_together
from daz_planner.planning.spread import SPREAD, uncounted_schools
from daz_planner.scenario.solving import GOALS

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

_WAITING = "wartemonate"
_WORSE_WHEN_SEATED = {
    "neue_klassen": "Die wenigsten neuen Klassen gibt es",
    "klassenmonate": "Die wenigsten Klassenmonate gibt es",
    "weg": "Am kürzesten sind die Wege",
    "weg_ueber_richtwert": "Am wenigsten Weg über dem Richtwert gibt es",
    SPREAD: "Am kleinsten bleibt die größte Schule",
}
"""Goals that are best where nobody gets a further seat."""
_MOST_NAMES = 5


def goal_hints(district: District, scenario: Scenario) -> list[str]:
    """Hints on prices, on an odd order, on schools that do not count, and on teacher hours."""
    goals = scenario.ziele
    hints = []
    if goals.preise is not None:
        text = f"Der Plan wiegt die Ziele nach Preisen ab (in {goals.preise.einheit})."
        free = [goal for goal in GOALS if not goals.follows(goal)]
        if free:
            text += f" Ohne Preis und nicht verfolgt: {listed(free)}."
        hints.append(text)
    else:
        hints.extend(_order_hints(goals.order))
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


def _order_hints(order: tuple[str, ...]) -> list[str]:
    if _WAITING not in order:
        return [
            "Das Ziel „wartemonate“ steht nicht in der Reihenfolge: Nichts treibt den Plan dazu, "
            "Kindern einen Platz zu geben."
        ]
    before = [goal for goal in order[: order.index(_WAITING)] if goal in _WORSE_WHEN_SEATED]
    if not before:
        return []
    return [
        f"„{before[0]}“ steht vor „wartemonate“: {_WORSE_WHEN_SEATED[before[0]]}, "
        "wenn Kinder warten. Stellen Sie „wartemonate“ nach vorn, wenn Plätze vorgehen sollen."
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
