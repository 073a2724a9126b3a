"""What stands beside the counts of futures, so that one count does not seem to deny the other.

Whether the seats are enough is a sum by school type: ways, and what the office has laid down for a
single child, are left out.  Who waits in a future may be such a child.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.results.figures import displaced, futures_covered

if TYPE_CHECKING:
    from daz_planner.planning.plan import ChildSeat, Plan

_SOMEBODY = 0.5


def seats_sentence(plan: Plan) -> str:
    """In how many simulated courses the seats are enough, and what that leaves out; or nothing."""
    covered, runs = futures_covered(plan)
    if not runs:
        return ""
    courses = german.plural(runs, "simuliertem Verlauf", "simulierten Verläufen")
    left_out = "die Wege"
    if any(_laid_down(seat) for seat in plan.children):
        left_out += " und was das Amt für einzelne Kinder festgelegt hat (fixiert auf, Ausschluss),"
    text = (
        f"In {german.number(covered)} von {courses} ({german.percent(covered / runs)}) reichen die "
        f"Plätze jeder Schulart, zusammengezählt, in jedem Monat – {left_out} sind dabei nicht "
        "berücksichtigt."
    )
    if _closes(plan):
        text += " Kinder, deren Klasse schließt, müssten dafür die Schule wechseln."
    return text


def waiting_caveat(plan: Plan) -> str:
    """Who of those that wait in the futures waits by a rule of the office, and who is left out."""
    text = ""
    laid_down = sum(_laid_down(seat) and seat.month != 0 for seat in plan.children)
    if laid_down:
        is_one = laid_down == 1
        text += (
            f" Darunter {'ist' if is_one else 'sind'} {german.plural(laid_down, 'Kind', 'Kinder')} "
            "der heutigen Liste mit einer Festlegung des Amts (fixiert auf, Ausschluss): "
            f"{'Es wartet' if is_one else 'Sie warten'} auf bestimmte Schulen, auch wenn an "
            "anderen Plätze frei sind."
        )
    if _closes(plan):
        text += " Heutige Kinder, deren Klasse schließt, zählen hier nicht als wartend."
    return text


def _laid_down(seat: ChildSeat) -> bool:
    return bool(seat.child.pinned_to or seat.child.excluded)


def _closes(plan: Plan) -> bool:
    """Whether a decided closing takes the seat of somebody."""
    return bool(displaced(plan).max(initial=0.0) >= _SOMEBODY)
