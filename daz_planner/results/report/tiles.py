"""The key figures on top of the page: five numbers that are read from the back of the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.results.figures import futures_covered, type_figures, without_seat_by_month
from daz_planner.results.report.map_data import fullest_month
from daz_planner.results.summary import children_without_seat

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

_ALARM_FROM = 0.5
"""Waiting children from which on the tile warns."""
NOBODY_WAITS = "im Mittel wartet in keinem Monat ein Kind"
"""In single futures somebody may wait all the same."""


@dataclass(frozen=True)
class Tile:
    """A number, what it is, and a line below it; ``tone`` is a CSS class or empty."""

    label: str
    value: str
    detail: str
    tone: str = ""


def tiles(plan: Plan) -> list[Tile]:
    """Waiting, new classes, use, ways, and in how many futures the seats are enough."""
    return [_waiting(plan), _classes(plan), _use(plan), _ways(plan), *_futures(plan)]


def _waiting(plan: Plan) -> Tile:
    most = children_without_seat(plan)
    label = "Kinder ohne Platz"
    if most == 0:
        return Tile(label, "0", NOBODY_WAITS, "good")
    t = int(np.argmax(without_seat_by_month(plan)))
    number = german.number(most, 1)
    return Tile(
        label,
        "unter 0,1" if number == "0" else number,
        f"im Mittel, am meisten im {german.month(plan.months[t])}",
        "alarm" if most >= _ALARM_FROM else "",
    )


def _classes(plan: Plan) -> Tile:
    together = type_figures(plan)[-1]
    end = int(plan.classes[:, -1].sum())
    return Tile(
        "neue Klasse" if together.classes_new == 1 else "neue Klassen",
        german.number(together.classes_new),
        f"{german.number(together.classes_today)} heute, {german.number(end)} am Ende",
    )


def _use(plan: Plan) -> Tile:
    t = fullest_month(plan)
    seats, use = float(plan.seats[:, t].sum()), float(plan.use[:, t].sum())
    label = "höchste Auslastung"
    if seats <= 0:
        return Tile(label, "–", "es gibt keine Plätze")
    return Tile(
        label,
        german.percent(use / seats),
        f"{german.number(use)} von {german.plural(seats, 'Platz', 'Plätzen')} im "
        f"{german.month(plan.months[t])}",
    )


def _ways(plan: Plan) -> Tile:
    together = type_figures(plan)[-1]
    if together.mean_minutes is None:
        return Tile("Schulweg im Mittel", "–", "kein Kind wird neu verteilt")
    return Tile(
        "Schulweg im Mittel",
        f"{german.number(together.mean_minutes)} Min.",
        f"einfach; {german.percent(together.over_soft or 0.0)} über dem Richtwert",
    )


def _futures(plan: Plan) -> list[Tile]:
    covered, runs = futures_covered(plan)
    if not runs:
        return []
    return [
        Tile(
            "Plätze reichen",
            german.percent(covered / runs),
            f"in {german.number(covered)} von {german.number(runs)} simulierten Verläufen – "
            "je Schulart zusammengezählt, ohne Wege",
        )
    ]
