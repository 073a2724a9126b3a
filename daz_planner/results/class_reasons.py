"""Why a class opens, with the share of futures in which it is needed: the same words everywhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.planning.cause_text import keeps_reserve
from daz_planner.results.figures import schools_of

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
    classes = _judged(plan, opening)
    told = [_share(plan, one) for one in classes]
    if not told:
        return ""
    reserve = " Dort wird auch die Reserve belegt." if keeps_reserve(plan) else ""
    if len(set(told)) == 1:
        who = {1: "", 2: "Beide Klassen: "}.get(len(told), "Jede der Klassen: ")
        return f"{who}{told[0]}{reserve}"
    parts = (f"{one.number}. Klasse: {text}" for one, text in zip(classes, told, strict=True))
    return f"{' '.join(parts)}{reserve}"


def needed_clause(plan: Plan, opening: Opening) -> str:
    """In how many futures the classes of an opening are needed, as a clause; or empty."""
    shares = dict.fromkeys(share_text(one.share_needed) for one in _judged(plan, opening))
    return f"in {german.listed(shares)} der {_futures(plan)} gebraucht" if shares else ""


def needed_range(plan: Plan) -> str:
    """From least to most, in how many futures the new classes are needed; a sentence or empty."""
    shares = [one.share_needed for opening in plan.openings for one in _judged(plan, opening)]
    if not shares:
        return ""
    ends = dict.fromkeys(share_text(share) for share in (min(shares), max(shares)))
    return f"Gebraucht wird jede in {' bis '.join(ends)} der {_futures(plan)}."


def reserve_sentence(plan: Plan) -> str:
    """What the plan counts on, where a class opens beside seats that are free as a reserve.

    Free are those of the school type in the month before, above the planning size.
    """
    size = plan.scenario.klassen.planned_size
    for opening in plan.openings:
        kind = plan.district.schools[opening.school].school_type
        here, t = schools_of(plan, kind), max(opening.month - 1, 0)
        kept = plan.seats[here, t] - plan.planning_seats[here, t]
        free = np.minimum(kept, plan.seats[here, t] - plan.use[here, t]).clip(min=0.0).sum()
        if free >= 1.0 and math.isfinite(size):
            children = german.plural(size, "Kind", "Kindern")
            return f"Geplant wird mit {children} je Klasse; die übrigen Plätze sind Reserve."
    return ""


def _judged(plan: Plan, opening: Opening) -> list[ClassJudgement]:
    """The classes of an opening as the futures judge them; none where none were judged."""
    if plan.judgement is None:
        return []
    place = (opening.school, opening.month)
    return [one for one in plan.judgement.classes if (one.school, one.month) == place]


def _futures(plan: Plan) -> str:
    assert plan.judgement is not None
    return german.plural(plan.judgement.futures, "Zukunft", "Zukünfte")


def _share(plan: Plan, one: ClassJudgement) -> str:
    text = f"In {share_text(one.share_needed)} der {_futures(plan)} gebraucht"
    if one.usual_month is not None:
        text += f", meist ab {german.month(plan.months[one.usual_month])}"
    return f"{text}."
