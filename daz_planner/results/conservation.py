"""The check before writing: no child lost or counted twice, no sum that does not add up.

A failure is a bug of the program.  The balance demand = placed + waiting is asserted where the plan
is made; here the plan is checked as a whole, as it is handed out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import ConservationError
from daz_planner.results.figures import intake

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan
    from daz_planner.simulation.forecast import FloatArray

TOLERANCE = 1e-4
"""Pupils by which a sum may be off: the solver's accuracy over a few hundred terms."""


def check_plan(plan: Plan) -> None:
    """Check that the plan adds up; raise :class:`ConservationError` where it does not."""
    _check_shapes(plan)
    _check_children(plan)
    _check_flows(plan)
    _check_use(plan)


def _fail(problem: str) -> ConservationError:
    return ConservationError(
        problem,
        remedy="Das ist ein Fehler des Programms, nicht der Eingabe. Es wurde nichts geschrieben.",
    )


def _check_shapes(plan: Plan) -> None:
    shape = (len(plan.district.schools), len(plan.months))
    arrays: dict[str, FloatArray] = {
        "Plätze": plan.seats,
        "Planungsplätze": plan.planning_seats,
        "belegt heutige Schüler": plan.use_today,
        "belegt Liste": plan.use_children,
        "belegt Prognose": plan.use_forecast,
        "Lehrerstunden": plan.weekly_hours,
        "Klassen": plan.classes.astype(np.float64),
        "Obergrenze": plan.class_cap.astype(np.float64),
    }
    for name, array in arrays.items():
        if array.shape != shape:
            raise _fail(f"„{name}“ hat die Größe {array.shape} statt {shape}.")
        if not np.isfinite(array).all():
            raise _fail(f"„{name}“ enthält einen Wert, der keine Zahl ist.")
        if name != "Plätze" and array.min(initial=0.0) < -TOLERANCE:
            raise _fail(f"„{name}“ ist negativ ({array.min():.6f}).")


def _check_children(plan: Plan) -> None:
    listed = Counter(child.pupil_id for child in plan.district.newcomers)
    seated = Counter(seat.child.pupil_id for seat in plan.children)
    lost = sorted((listed - seated).elements())
    double = sorted((seated - listed).elements())
    if lost:
        raise _fail(f"Das Kind „{lost[0]}“ der heutigen Liste fehlt in der Zuweisung.")
    if double:
        raise _fail(f"Das Kind „{double[0]}“ steht öfter in der Zuweisung als in der Liste.")
    for seat in plan.children:
        if (seat.school is None) != (seat.month is None):
            raise _fail(f"Das Kind „{seat.child.pupil_id}“ hat nur Schule oder nur Monat.")
        if seat.school is not None:
            kind = plan.district.schools[seat.school].school_type
            if kind != seat.child.school_type:
                raise _fail(f"Das Kind „{seat.child.pupil_id}“ ist an einer falschen Schulart.")


def _check_flows(plan: Plan) -> None:
    for flow in plan.flows:
        if not flow.pupils >= -TOLERANCE:
            school = plan.district.schools[flow.school].name
            raise _fail(f"An „{school}“ wird eine negative Zahl verteilt ({flow.pupils:.6f}).")
    for place in plan.waiting:
        if not place.pupils >= -TOLERANCE:
            raise _fail(f"Eine negative Zahl von Kindern wartet ({place.pupils:.6f}).")
    taken = intake(plan)
    children = np.zeros_like(taken)
    for seat in plan.children:
        if seat.school is not None and seat.month is not None:
            children[seat.school, seat.month] += 1
    short = taken - children
    if short.size and short.min() < -TOLERANCE * (1 + len(plan.children)):
        s = int(np.argmin(short.min(axis=1)))
        school = plan.district.schools[s].name
        raise _fail(f"Kinder der heutigen Liste an „{school}“ fehlen in der Verteilung.")


def _check_use(plan: Plan) -> None:
    # Whoever sits at a school has been placed there: stays only end, so the newcomers of a month
    # are at most all who were placed up to then.
    newcomers = plan.use_children + plan.use_forecast
    placed = np.cumsum(intake(plan), axis=1)
    excess = newcomers - placed
    if excess.size and float(excess.max()) > 0.01:
        s, t = np.unravel_index(int(np.argmax(excess)), excess.shape)
        school = plan.district.schools[int(s)].name
        raise _fail(
            f"An „{school}“ sitzen im Monat {int(t)} mehr neue Schüler als je verteilt wurden."
        )
