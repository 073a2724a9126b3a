"""Why a class opens, with the share of futures in which it is needed: the same words everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.cause_text import keeps_reserve

if TYPE_CHECKING:
    from daz_planner.planning.futures import ClassJudgement
    from daz_planner.planning.plan import Opening, Plan


def full_reason(plan: Plan, opening: Opening) -> str:
    """The reason of new classes, and how often they are needed where futures were judged."""
    return f"{opening.reason} {needed_text(plan, opening)}".rstrip()


def share_text(share: float) -> str:
    """The share of futures as every table and sentence tells it."""
    return german.percent(share)


def needed_text(plan: Plan, opening: Opening) -> str:
    """In how many futures the classes of an opening are needed; empty where none were judged.

    What holds for all classes of the opening is told once.
    """
    if plan.judgement is None:
        return ""
    classes = [
        one
        for one in plan.judgement.classes
        if (one.school, one.month) == (opening.school, opening.month)
    ]
    told = [_share(plan, one) for one in classes]
    if not told:
        return ""
    reserve = " Dort wird auch die Reserve belegt." if keeps_reserve(plan) else ""
    if len(set(told)) == 1:
        who = {1: "", 2: "Beide Klassen: "}.get(len(told), "Jede der Klassen: ")
        return f"{who}{told[0]}{reserve}"
    parts = (f"{one.number}. Klasse: {text}" for one, text in zip(classes, told, strict=True))
    return f"{' '.join(parts)}{reserve}"


def _share(plan: Plan, one: ClassJudgement) -> str:
    assert plan.judgement is not None
    futures = german.plural(plan.judgement.futures, "Zukunft", "Zukünfte")
    text = f"In {share_text(one.share_needed)} der {futures} gebraucht"
    if one.usual_month is not None:
        text += f", meist ab {german.month(plan.months[one.usual_month])}"
    return f"{text}."
