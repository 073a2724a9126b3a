"""Why a class opens: the same month solved again without it, all other classes as planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import SolverError
from daz_planner.german import month, number, plural
from daz_planner.planning.cause_text import RESERVE
from daz_planner.planning.fixed import Fixed, solve_fixed
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import ClassKind, Opening
from daz_planner.planning.problem import FloatArray, IntArray, Problem
from daz_planner.planning.stages import Budget

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

CLASS_FROM = 13
DOUBTFUL_BELOW = 10
MONTHS_UNTIL_JUDGED = 3
_NOTICEABLE = 0.05
_CUT_OFF = "Die Rechnung endete am Zeitlimit; ob diese Klasse nötig ist, ist nicht geprüft."
_NOT_TRIED = "Was ohne diese Klasse geschähe, ließ sich in der Zeit nicht rechnen."


def explain_openings(
    district: District,
    scenario: Scenario,
    model: PlanningModel,
    classes: IntArray,
    use: FloatArray,
    budget: Budget | None,
    announced: IntArray | None = None,
) -> list[Opening]:
    """Every opening of the plan with the reason.

    Parameters
    ----------
    classes:
        ``[s, t]`` classes of the plan.
    use:
        ``[s, t]`` expected pupils of the plan, all together.
    budget:
        Time for the explanation; ``None`` where the plan was cut off at the time limit, so that
        nothing is proven about its classes.
    announced:
        ``[s, t]`` classes that run at least because an earlier plan announced them.
    """
    problem = model.problem
    # What the sheet Klassenplan has decided needs no reason.
    steps = np.argwhere(np.diff(classes - problem.base, axis=1) > 0)
    if not len(steps):
        return []
    if budget is None:
        return [_unexplained(problem, classes, use, s, t + 1, _CUT_OFF) for s, t in steps.tolist()]
    planned: Fixed | None = None
    openings = []
    for done, (s, before) in enumerate(steps.tolist()):
        t = before + 1
        added = _opened(problem, classes, s, t)
        without = classes.copy()
        # All other openings stay, and what closes later closes from what is left.
        kept = np.minimum(classes[s, t:], classes[s, t] - added)
        without[s, t:] = np.maximum(classes[s, t:] - added, kept)
        seconds = budget.share(len(steps) - done + (planned is None))
        try:
            planned = planned or solve_fixed(problem, scenario, classes, seconds)
            other = solve_fixed(problem, scenario, without, seconds)
        except SolverError:
            openings.append(_unexplained(problem, classes, use, s, t, _NOT_TRIED))
            continue
        pupils = pupils_after(problem, classes, use, s, t)
        held = announced is not None and _opened(problem, announced, s, t) >= added
        openings.append(
            Opening(
                school=int(problem.schools[s]),
                month=t,
                classes=added,
                kind=class_kind(pupils),
                pupils_after=pupils,
                waiting_without=float((other.waiting - planned.waiting).sum()),
                minutes_without=other.minutes - planned.minutes,
                reason=_reason(district, problem, planned, other, t, added, held)
                + _beside_decision(problem, s, t, added),
            )
        )
    return openings


def _opened(problem: Problem, classes: IntArray, s: int, t: int) -> int:
    """Classes that open in a month beyond what was decided."""
    more = classes - problem.base
    return int(more[s, t] - more[s, t - 1])


def pupils_after(problem: Problem, classes: IntArray, use: FloatArray, s: int, t: int) -> float:
    """Expected pupils per class of a school some months after a class opened."""
    judged = min(t + MONTHS_UNTIL_JUDGED, problem.month_count - 1)
    while classes[s, judged] == 0:
        judged -= 1
    return float(use[s, judged] / classes[s, judged])


def _unexplained(
    problem: Problem, classes: IntArray, use: FloatArray, s: int, t: int, reason: str
) -> Opening:
    pupils = pupils_after(problem, classes, use, s, t)
    return Opening(
        school=int(problem.schools[s]),
        month=t,
        classes=_opened(problem, classes, s, t),
        kind=class_kind(pupils),
        pupils_after=pupils,
        waiting_without=float("nan"),
        minutes_without=float("nan"),
        reason=reason,
    )


def class_kind(pupils: float) -> ClassKind:
    """Class from 13 pupils, group below, doubtful below 10 (SaxSVS; VwV Bedarf 2022/23 ff.)."""
    if pupils >= CLASS_FROM:
        return ClassKind.CLASS
    return ClassKind.GROUP if pupils >= DOUBTFUL_BELOW else ClassKind.DOUBTFUL


def _beside_decision(problem: Problem, s: int, t: int, added: int) -> str:
    """That the office has decided on a number for the month, which the class comes on top of."""
    if not problem.decided[s, t]:
        return ""
    count = int(problem.base[s, t])
    classes = plural(count, "Klasse", "Klassen")
    goes = "Sie geht" if added == 1 else "Sie gehen"
    are = "ist" if count == 1 else "sind"
    return f" {goes} über den Klassenplan hinaus: Beschlossen {are} dort {classes}."


def _kept_free(problem: Problem, other: Fixed, first: int) -> str:
    """What the planning size keeps free in the months in which children would wait."""
    size, cap = (
        float(problem.planning_size[:, first].max()),
        float(problem.class_cap[:, first].max()),
    )
    free = float(other.free[first:].mean())
    if size >= cap or free < 0.5:
        return ""
    seats = plural(free, "Platz", "Plätze")
    return (
        f" {RESERVE[0].upper()}{RESERVE[1:]}: Geplant wird mit "
        f"{plural(size, 'Kind', 'Kindern')} je Klasse; bis zur Obergrenze von {number(cap)} "
        f"{'wäre' if seats == '1 Platz' else 'wären'} dann im Mittel noch {seats} frei."
    )


def _reason(
    district: District,
    problem: Problem,
    planned: Fixed,
    other: Fixed,
    t: int,
    added: int,
    held: bool,
) -> str:
    without = "Ohne diese Klasse" if added == 1 else f"Ohne diese {added} Klassen"
    more = other.waiting - planned.waiting
    by_month = more.sum(axis=0)
    first = next((m for m in range(t, len(by_month)) if by_month[m] > _NOTICEABLE), None)
    if first is not None and more.sum() > _NOTICEABLE:
        mean = float(by_month[first:].mean())
        worst = int(np.argmax(more[:, first:].sum(axis=1)))
        share = float(more[worst, first:].mean())
        name = district.municipalities[worst].name
        children = plural(mean, "Kind", "Kinder", 1)
        verb = "wartet" if children == "1 Kind" else "warten"
        origin = f"; {number(share, 1)} davon aus {name}" if share > _NOTICEABLE else ""
        return (
            f"{without} {verb} ab {month(problem.months[first])} im Mittel {children}{origin}."
            f"{_kept_free(problem, other, first)}"
        )
    extra = other.minutes - planned.minutes
    if extra > _NOTICEABLE:
        return (
            f"{without} wartet niemand länger, aber die einfachen Wege aller neuen Kinder des "
            f"Zeitraums werden zusammen um "
            f"{plural(extra, 'Minute', 'Minuten')} länger."
        )
    if held:
        if added == 1:
            return (
                "Die Klasse bleibt, weil sie angekündigt war. Gebraucht wird sie nicht mehr; sie "
                "kann zurückgenommen werden."
            )
        return (
            "Die Klassen bleiben, weil sie angekündigt waren. Gebraucht werden sie nicht mehr; sie "
            "können zurückgenommen werden."
        )
    within = "Lücke der Rechnung" if problem.prices else "Toleranz der Ziele"
    return f"{without} ändert sich nichts Messbares; sie liegt in der {within}."
