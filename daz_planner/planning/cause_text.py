"""Why children wait, in the words of the scenario's goals (German).

A limit (room, teachers, calendar) is told by :class:`~daz_planner.planning.plan.Cause` itself.
Where the goals are the reason, the words depend on them: on what stands before the waiting, or on
prices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.german import listed, plural
from daz_planner.planning.plan import Cause
from daz_planner.planning.spread import SPREAD
from daz_planner.scenario.solving import WAITING

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan, WaitingPlace
    from daz_planner.scenario.model import Scenario
    from daz_planner.scenario.solving import Goals

RESERVE = "freie Plätze sind Reserve"
"""Said where seats are free up to the class cap, but none that the forecast may take."""
FREE = "Plätze sind frei"

_SEATING = {
    "regelklassen": "die Lehrerstunden",
    "weg_ueber_richtwert": "kurze Wege",
    "weg": "kurze Wege",
    SPREAD: "die Verteilung auf viele Schulen",
}
"""Goals that are best where nobody takes a further seat, and what they want."""
_CLASSES = {"neue_klassen": "wenige neue Klassen", "klassenmonate": "wenige Klassenmonate"}
"""Goals that are best where no class opens."""


def goals_before_waiting(goals: Goals) -> tuple[str, ...]:
    """Goals of the order that make children wait although they could sit; none with prices."""
    if goals.preise is not None or WAITING not in goals.order:
        return ()
    before = goals.order[: goals.order.index(WAITING)]
    return tuple(goal for goal in before if goal in _SEATING or goal in _CLASSES)


def leaves_seats_empty(goals: Goals) -> bool:
    """Whether the order makes children wait while seats in reach are free; never with prices."""
    if goals.preise is not None:
        return False
    return WAITING not in goals.order or any(g in _SEATING for g in goals_before_waiting(goals))


def keeps_reserve(plan: Plan) -> bool:
    """Whether the forecast leaves seats of a class free: the planning size is below the cap."""
    return plan.scenario.klassen.planned_size < int(plan.class_cap.max(initial=0))


def cause_text(scenario: Scenario, place: WaitingPlace) -> str:
    """Why the children of a place wait, as every sheet and the page say it."""
    goals = scenario.ziele
    if place.cause is Cause.NOT_SEATED:
        return f"{FREE}, aber {_goals_text(goals, seating=True)}"
    text = place.cause.value
    if place.cause is Cause.NO_TEACHER and place.hours_missing > 0.0:
        hours = plural(place.hours_missing, "Stunde", "Stunden", 1)
        verb = "fehlt" if hours == "1 Stunde" else "fehlen"
        text = f"{text}, es {verb} bis zu {hours} in der Woche"
    if place.cause is Cause.NOT_WORTH:
        text = _goals_text(goals, seating=False) or text
    return f"{text} ({RESERVE})" if place.reserve else text


def _goals_text(goals: Goals, *, seating: bool) -> str:
    """What of the goals makes children wait: without a free seat the classes count, too.

    Empty for classes where the waiting comes first.
    """
    if goals.preise is not None:
        return (
            f"nach den Preisen ist Warten günstiger als {'ein Platz' if seating else 'eine Klasse'}"
        )
    if WAITING not in goals.order:
        return f"„{WAITING}“ steht nicht unter den Zielen"
    words = {**_SEATING} if seating else {**_CLASSES, **_SEATING}
    before = [words[goal] for goal in goals_before_waiting(goals) if goal in words]
    if before:
        return f"die Reihenfolge der Ziele stellt {listed(dict.fromkeys(before))} vor das Warten"
    return "das Warten liegt in der Toleranz der Ziele" if seating else ""
