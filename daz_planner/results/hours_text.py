"""Teacher hours in a sentence: what is missing on the reference date already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.results.hours_limits import hours_courses

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

_NOTICEABLE = 0.05


def hours_sentence(plan: Plan) -> str:
    """Which school types and areas lack hours on the reference date; empty where none does."""
    missing = [
        (f"Planungsregion {course.name}" if course.is_area else course.name, lack)
        for course in hours_courses(plan)
        if course.limit is not None and (lack := float(course.need[0]) - course.limit) > _NOTICEABLE
    ]
    if not missing:
        return ""
    told = german.listed(f"{name} {german.number(lack, 1)}" for name, lack in missing)
    text = f"Schon am Stichtag fehlen Lehrerstunden: {told} in der Woche."
    if plan.scenario.lehrer.begrenzt:
        text += " Solange sie fehlen, öffnet der Plan dort keine weitere Klasse."
    return text
