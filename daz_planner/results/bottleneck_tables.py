"""The bottlenecks of a plan as a table and in sentences: what a little more would be worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.district.text import fold
from daz_planner.planning.bottleneck_list import NOBODY_WAITS, Certainty, Resource
from daz_planner.planning.cause_text import cause_text, leaves_seats_empty
from daz_planner.planning.spread import SPREAD
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.where import SHEETS, Places

if TYPE_CHECKING:
    from daz_planner.planning.bottleneck_list import Bottleneck, Bottlenecks
    from daz_planner.planning.plan import Plan

MOST_SENTENCES = 4
_SAME = 0.01
"""Worths that differ by less than this share are told as one."""
_NOT_ASKED = "Engpässe wurden für diesen Plan nicht gerechnet."
_NO_SEATS = (
    "Was ein Platz mehr brächte, ist nicht gerechnet, weil die Verteilung auf viele Schulen einen "
    "Preis hat."
)
_WHICH_SEAT = (
    "Ein Platz heißt hier: einer, den auch die Prognose nutzen darf. Ein Platz der Reserve oder "
    "mehr Kapazitätsreserve einer Schule ist das nicht."
)
_SEATS_EMPTY = (
    "Engpässe sind nicht gerechnet: Nach der Reihenfolge der Ziele warten Kinder auch neben freien "
    "Plätzen. Ein Platz oder Raum mehr änderte daran nichts."
)
_CUT_OFF = "Der Plan endete am Zeitlimit; was mehr Plätze oder Räume brächten, ist nicht gerechnet."


def bottleneck_table(plan: Plan) -> Table:
    """Engpässe: one row an addition that is worth something, the most first.

    „Rang“: equal worth has the same rank. „Ursache“: why most of those wait who could go there
    (sheet Wartende).
    """
    columns = [
        Column("Rang", Kind.WHOLE, "Rang", width=7),
        Column("mehr davon", width=24),
        Column("Schulart"),
        Column("Schule", width=38),
        Column("Wartemonate weniger", Kind.NUMBER, "Kindermonate", 3, shown=1),
        Column("Klassen weniger", Kind.NUMBER, "neue Klassen", 0),
        *(Column(f"{unit} weniger", Kind.NUMBER, unit, 0) for unit in _price_unit(plan)),
        Column("Minuten weniger", Kind.NUMBER, "Minuten, einfacher Weg, zusammen", 0),
        Column("Angabe", width=12),
        Column("Ursache", width=54),
    ]
    found = plan.bottlenecks
    items = found.items if found else ()
    rows: list[list[object]] = []
    for group in grouped(items):
        rank = len(rows) + 1
        for item in group:
            rows.append(
                [
                    rank,
                    item.resource.value,
                    item.school_type,
                    school_name(plan, item),
                    item.waiting or None,
                    item.classes or None,
                    *(item.price or None for _ in _price_unit(plan)),
                    item.minutes or None,
                    item.certainty.value,
                    main_cause(plan, item),
                ]
            )
    return table("engpaesse", columns, rows, empty=_empty(plan))


def _price_unit(plan: Plan) -> tuple[str, ...]:
    """The unit of the prices, nothing where the goals have none."""
    prices = plan.scenario.ziele.preise
    return () if prices is None else (prices.einheit,)


def school_name(plan: Plan, item: Bottleneck) -> str:
    """The school of a bottleneck, or that it holds for all of the type or the planning area."""
    if item.school is not None:
        return plan.district.schools[item.school].name
    return f"Planungsregion {item.area}" if item.area else "alle Schulen"


def grouped(items: Sequence[Bottleneck]) -> list[list[Bottleneck]]:
    """Bottlenecks of one kind and school type whose worth is the same but for 1 %."""
    groups: list[list[Bottleneck]] = []
    for item in items:
        for group in groups:
            first = group[0]
            if (first.resource, first.school_type, first.area, first.certainty) == (
                item.resource,
                item.school_type,
                item.area,
                item.certainty,
            ) and all(
                abs(a - b) <= _SAME * max(abs(a), abs(b))
                for a, b in zip(first.worth, item.worth, strict=True)
            ):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def main_cause(plan: Plan, item: Bottleneck) -> str:
    """Why most of those wait who have the school in reach; empty where nobody does."""
    limit = plan.scenario.wege.limit
    pupils: defaultdict[str, float] = defaultdict(float)
    schools = [item.school] if item.school is not None else _schools_of(plan, item)
    for place in plan.waiting:
        here = [s for s in schools if plan.district.schools[s].school_type == place.school_type]
        if (plan.minutes[place.municipality, here] <= limit).any():
            pupils[cause_text(plan.scenario, place)] += place.pupils
    if sum(pupils.values()) < NOBODY_WAITS:
        return ""
    return max(sorted(pupils), key=lambda cause: pupils[cause])


def _schools_of(plan: Plan, item: Bottleneck) -> list[int]:
    """The schools of a type, or of a planning area, for which teacher hours are meant."""
    return [
        s
        for s, school in enumerate(plan.district.schools)
        if (
            fold(school.planning_area) == fold(item.area)
            if item.area
            else school.school_type == item.school_type
        )
    ]


def bottleneck_sentences(plan: Plan, places: Places = SHEETS) -> list[str]:
    """The bottlenecks that are worth most, in words; what is equal is told once."""
    found = plan.bottlenecks
    if found is None:
        return [_empty(plan)]
    groups = grouped(found.items)
    most = MOST_SENTENCES if any(any(group[0].worth[:3]) for group in groups) else 2
    sentences = [_sentence(plan, group) for group in groups[:most]]
    rest = len(groups) - most
    if rest > 0:
        sentences.append(
            f"{german.plural(rest, 'weiterer steht', 'weitere stehen')} {places.bottlenecks}."
        )
    if any(item.resource is Resource.SEAT for group in groups[:most] for item in group):
        sentences.append(_WHICH_SEAT)
    if not sentences:
        sentences.append(_empty(plan))
    if _price_unit(plan) and plan.scenario.ziele.follows(SPREAD):
        sentences.append(_NO_SEATS)
    if found.hit_limit:
        sentences.append(cut_off_text(found))
    return sentences


def cut_off_text(found: Bottlenecks) -> str:
    """What the time did not allow."""
    count = german.plural(found.left_out, "Möglichkeit ist", "Möglichkeiten sind")
    return f"Die Zeit reichte nicht für alles: {count} nicht gerechnet."


def _sentence(plan: Plan, group: list[Bottleneck]) -> str:
    item = group[0]
    what = {
        Resource.ROOM: "Ein Raum mehr",
        Resource.SEAT: "Ein Platz mehr",
        Resource.HOURS: "25 Lehrerstunden mehr",
    }[item.resource]
    verb = "ersparen" if item.resource is Resource.HOURS else "erspart"
    whole_type = item.school is None and not item.area
    where = item.school_type if whole_type else school_name(plan, item)
    least = "" if item.certainty is Certainty.EXACT else f"{item.certainty.value} "
    if item.waiting:
        worth = german.plural(item.waiting, "Wartemonat", "Wartemonate", 1)
    elif item.classes:
        worth = german.plural(item.classes, "neue Klasse", "neue Klassen")
    elif item.price:
        worth = f"{german.number(item.price)} {' '.join(_price_unit(plan))}"
    else:
        minutes = german.plural(item.minutes, "Minute", "Minuten")
        worth = f"{minutes} Schulweg (einfacher Weg, alle neuen Kinder des Zeitraums zusammen)"
    others = german.plural(len(group) - 1, "weiteren Schule", "weiteren Schulen")
    same = f", ebenso an {others} ({item.school_type})" if len(group) > 1 else ""
    return f"{where}: {what} {verb} {least}{worth}{same}."


def _empty(plan: Plan) -> str:
    if plan.bottlenecks is not None and plan.bottlenecks.hit_limit:
        return cut_off_text(plan.bottlenecks)
    if plan.bottlenecks is not None:
        saved = "weder Wartezeit noch Klassen noch nennenswert Weg"
        if _price_unit(plan):
            return "Kein Engpass: Ein Platz oder Raum mehr machte den Plan nicht billiger."
        return f"Kein Engpass: Ein Platz oder Raum mehr ersparte {saved}."
    if plan.hit_limit:
        return _CUT_OFF
    return _SEATS_EMPTY if leaves_seats_empty(plan.scenario.ziele) else _NOT_ASKED
