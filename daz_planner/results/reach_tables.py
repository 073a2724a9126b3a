"""Municipalities without a VKA inside the soft limit: tables and the sentence of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.reachability import reachability
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan
    from daz_planner.planning.reachability import FarPlace, Reachability

MOST_NAMED = 5
"""So many municipalities are named in a sentence; the others are counted."""

TODAY = "heute"
AT_THE_END = "am Ende"

_MINUTES = "Minuten, einfacher Weg"


def reach_table(plan: Plan, found: Reachability | None = None) -> Table:
    """Erreichbarkeit: one row a municipality and school type without a VKA inside the limit."""
    found = found or reachability(plan)
    columns = [
        Column("Schulart", width=11),
        Column("Gemeinde", width=22),
        Column("Richtwert", Kind.NUMBER, _MINUTES, 0, head="Richtwert (Min.)", width=11),
        Column("Minuten heute", Kind.NUMBER, _MINUTES, 0, width=11),
        Column("Minuten am Ende", Kind.NUMBER, _MINUTES, 0, width=11),
        Column("Kinder je Monat", Kind.NUMBER, "erwartete Kinder", 2, width=11),
        Column("Weg", width=11),
        Column("nächste VKA heute", width=38),
        Column("nächste VKA am Ende", width=38),
    ]
    schools = plan.district.schools
    rows = [
        [
            place.school_type,
            plan.district.municipalities[place.municipality].name,
            place.soft_limit,
            place.minutes_today,
            place.minutes_planned,
            place.children_a_month,
            "angegeben" if place.given else "geschätzt",
            "keine" if place.nearest_today is None else schools[place.nearest_today].name,
            "keine" if place.nearest_planned is None else schools[place.nearest_planned].name,
        ]
        for place in found.places
    ]
    empty = "Jede Gemeinde hat von jeder Schulart eine VKA innerhalb des Richtwerts."
    return table("erreichbarkeit", columns, rows, empty=empty)


def speed_table(plan: Plan, found: Reachability | None = None) -> Table:
    """Erreichbarkeit by speed: how many municipalities have no VKA inside the limit."""
    found = found or reachability(plan)
    columns = [Column("Tempo", width=11)]
    for kind in found.school_types:
        columns.append(Column(f"{kind} {TODAY}", Kind.WHOLE, "Gemeinden", width=11))
        columns.append(Column(f"{kind} {AT_THE_END}", Kind.WHOLE, "Gemeinden", width=11))
    rows: list[list[object]] = []
    for speed in dict.fromkeys(count.speed_kmh for count in found.counts):
        counts = [found.count(kind, speed) for kind in found.school_types]
        numbers = [number for count in counts for number in (count.today, count.planned)]
        rows.append([speed_name(speed), *numbers])
    return table("erreichbarkeit_tempo", columns, rows, empty="Der Landkreis hat keine Schule.")


def speed_name(speed: float) -> str:
    """A speed as it is written: ``40 km/h``."""
    return f"{german.number(speed, 1)} km/h"


def estimate_text(found: Reachability) -> str:
    """What the minutes rest on, in one or two sentences."""
    fixed = german.plural(found.fixed_minutes, "Minute", "Minuten", 1)
    text = (
        f"Geschätzte Wege: Luftlinie × {german.number(found.detour, 2)} bei "
        f"{speed_name(found.speed_kmh)} und {fixed} (Annahmen des Szenarios)."
    )
    if found.given_pairs:
        ways = german.plural(found.given_pairs, "angegebener Weg hängt", "angegebene Wege hängen")
        text += f" {ways} nicht am Tempo."
    return text


def reach_sentence(plan: Plan) -> str:
    """Who has no VKA inside the soft limit at the end of the plan, and what that hangs on."""
    found = reachability(plan)
    if not found.school_types:
        return ""
    by_type = [
        (kind, [p for p in found.places if p.school_type == kind and p.far_planned])
        for kind in found.school_types
    ]
    far = [_of_type(plan, kind, places) for kind, places in by_type if places]
    hangs = _hangs(found)
    if not far:
        return (
            f"Jede Gemeinde hat von jeder Schulart eine VKA innerhalb des Richtwerts{hangs or '.'}"
        )
    return f"Ohne VKA innerhalb des Richtwerts: {'; '.join(far)}{hangs or '.'}"


def _of_type(plan: Plan, kind: str, places: list[FarPlace]) -> str:
    names = [plan.district.municipalities[place.municipality].name for place in places]
    rest = len(names) - MOST_NAMED
    named = names[:MOST_NAMED] if rest > 1 else names
    more = [german.plural(rest, "weitere", "weitere")] if rest > 1 else []
    count = german.plural(len(names), "Gemeinde", "Gemeinden")
    return f"{kind} {count} ({german.listed([*named, *more])})"


def _hangs(found: Reachability) -> str:
    """The same at the slowest and the fastest speed, where it changes anything."""
    speeds = [count.speed_kmh for count in found.counts]
    ends = [speed for speed in (min(speeds), max(speeds)) if speed != found.speed_kmh]
    parts = [
        f"bei {speed_name(speed)} {_counts(found, speed)}"
        for speed in ends
        if _counts(found, speed) != _counts(found, found.speed_kmh)
    ]
    if not parts:
        return ""
    return (
        f". Das hängt am angenommenen Tempo von {speed_name(found.speed_kmh)}: {'; '.join(parts)}."
    )


def _counts(found: Reachability, speed: float) -> str:
    counts = [(kind, found.count(kind, speed).planned) for kind in found.school_types]
    return ", ".join(f"{kind} {count}" for kind, count in counts if count) or "keine"
