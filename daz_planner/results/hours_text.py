"""Teacher hours in a sentence: what is missing on the reference date, and what the plan lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.results.hours_limits import HoursCourse, hours_courses

if TYPE_CHECKING:
    import numpy.typing as npt

    from daz_planner.planning.plan import Plan

_NOTICEABLE = 0.05


def hours_sentence(plan: Plan) -> str:
    """Which school types and areas lack hours on the reference date or later; empty: none does.

    What is lacking later only is told where the hours do not limit the plan.
    """
    now, later = [], []
    for course in hours_courses(plan):
        if course.limit is None:
            continue
        lack = course.need - course.limit
        if lack[0] > _NOTICEABLE:
            now.append(_now(plan, course, lack))
        elif lack.max() > _NOTICEABLE:
            later.append((course, lack))
    limited = plan.scenario.lehrer.begrenzt
    sentences = []
    if now:
        sentences.append(
            f"Schon am Stichtag fehlen Lehrerstunden: {german.listed(now)} in der Woche."
        )
        if limited:
            sentences.append("Solange sie fehlen, öffnet der Plan dort keine weitere Klasse.")
    if later and not limited:
        sentences.append(_later(plan, later))
    return " ".join(sentences)


def _now(plan: Plan, course: HoursCourse, lack: npt.NDArray[np.float64]) -> str:
    """What a group lacks on the reference date, and how much more it is at most later on."""
    text = f"{_name(course)} {german.number(lack[0], 1)}"
    worst = int(np.argmax(lack))
    if plan.scenario.lehrer.begrenzt or lack[worst] <= lack[0] + _NOTICEABLE:
        return text
    most = german.number(lack[worst], 1)
    return f"{text} (bis zu {most} im {german.month(plan.months[worst])})"


def _later(plan: Plan, groups: list[tuple[HoursCourse, npt.NDArray[np.float64]]]) -> str:
    """„Für neue Klassen“ where each group has one by the month from which it lacks hours."""
    told, opens = [], True
    for course, lack in groups:
        first = int(np.argmax(lack > _NOTICEABLE))
        most = german.number(float(lack.max()), 1)
        told.append(f"{_name(course)} ab {german.month(plan.months[first])} bis zu {most}")
        opens &= any(course.schools[item.school] and item.month <= first for item in plan.openings)
    one = told[-1].endswith(" zu 1")
    verb = "fehlt" if one and len(told) == 1 else "fehlen"
    return (
        f"{'Für neue Klassen' if opens else 'Es'} {verb} {german.listed(told)} "
        f"{'Lehrerstunde' if one else 'Lehrerstunden'} in der Woche."
    )


def _name(course: HoursCourse) -> str:
    return f"Planungsregion {course.name}" if course.is_area else course.name
