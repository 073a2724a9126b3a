"""The plan in five answers that a Landrat understands, for the terminal and the overview sheet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.district.model import PlanState
from daz_planner.district.today_numbers import reserve_text
from daz_planner.planning.cause_text import cause_text
from daz_planner.planning.plan import Cause, ClassKind
from daz_planner.results import bill_tables
from daz_planner.results.class_reasons import needed_clause, needed_range, reserve_sentence
from daz_planner.results.figures import (
    NOISE,
    displaced,
    merged_flows,
    school_order,
    school_types,
    soft_limit,
    type_figures,
    waiting_by_month,
    without_seat_by_month,
)
from daz_planner.results.front_tables import front_answer
from daz_planner.results.futures_caveats import seats_sentence, waiting_caveat
from daz_planner.results.futures_tables import futures_answer
from daz_planner.results.hours_text import hours_sentence
from daz_planner.results.proof import (
    cut_off_remark,
    open_stages,
    skipped_stages,
    where,
    widest,
)
from daz_planner.results.reach_tables import reach_sentence
from daz_planner.results.regular_tables import regular_sentence
from daz_planner.results.site_tables import NEW_SITE, is_new_site
from daz_planner.results.where import SHEETS, Places

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

LISTED_OPENINGS = 5
"""So many new classes are named one by one; the others are counted."""
JUDGED_ONE_BY_ONE = 3
"""Up to so many new classes the share of futures stands with each; of more only the range."""


def children_without_seat(plan: Plan) -> float:
    """Largest expected number of children without a seat in any month, all types and places.

    Those who wait, and today's pupils whose class closes. Numbers below a millionth are 0.
    """
    without = without_seat_by_month(plan)
    return float(without.max()) if without.size else 0.0


def summary(plan: Plan, places: Places = SHEETS) -> list[tuple[str, str]]:
    """Five pairs of question and answer in plain German, more where more was asked.

    ``places``: how what an answer points to is called where it is read.
    """
    further = []
    if plan.bill:
        further.append((bill_tables.QUESTION, bill_tables.bill_answer(plan)))
    if plan.judgement is not None:
        worth = futures_answer(plan.judgement) + waiting_caveat(plan) + _unlike(plan)
        further.append(("Was bringt der Plan?", worth))
    if plan.front is not None:
        further.append(("Was spart eine Klasse mehr?", front_answer(plan.front)))
    return [
        ("Hat jedes Kind einen Platz?", _seats_for_all(plan, places)),
        (
            "Welche Klassen öffnen wo und wann?",
            f"{openings_answer(plan, places)} {hours_sentence(plan)}".rstrip(),
        ),
        ("Wie voll ist das Netz?", _load(plan)),
        ("Wie weit sind die Wege?", _ways(plan)),
        ("Wie sicher ist das?", certainty_answer(plan)),
        *further,
    ]


def _unlike(plan: Plan) -> str:
    """That the futures seat children whom the goals of the plan leave waiting beside free seats."""
    if not any(place.cause is Cause.NOT_SEATED for place in plan.waiting):
        return ""
    return (
        " Anders als im Plan bekommt hier jedes Kind einen Platz, sobald in Reichweite einer frei "
        "ist: Diese Zahlen gelten nur für die Klassen des Plans, nicht für seine Verteilung."
    )


def _seats_for_all(plan: Plan, places: Places) -> str:
    sentences = []
    if plan.hit_limit and not places.cut_off_above:
        sentences.append(cut_off_remark(plan))
    closing = _displaced(plan)
    sentences.extend(closing)
    waiting = waiting_by_month(plan)
    most = float(waiting.max()) if waiting.size else 0.0
    if most == 0:
        last = german.month(plan.months[-1])
        start = "" if closing or plan.hit_limit else "Ja. "
        whom = "für alle neuen Kinder" if closing else "für alle erwarteten Kinder"
        sentences.append(f"{start}In jedem Monat bis {last} gibt es {whom} Platz.")
    else:
        t = int(np.argmax(waiting))
        months = int(np.count_nonzero(waiting))
        start = "Fast jedes" if most < 0.5 else "Nein"
        worst = german.month(plan.months[t])
        when = (
            f"Nur im {worst} warten Kinder"
            if months == 1
            else f"In {months} von {len(plan.months)} Monaten warten Kinder, am meisten im {worst}"
        )
        many = _waiting_children(most) + _waiting_by_type(plan, t)
        start = "Außerdem:" if closing else f"{start}."
        sentences.append(f"{start} {when}: im Mittel {many}.")
        sentences.append(_waiting_where(plan, t))
    if plan.children:
        placed = sum(child.school is not None for child in plan.children)
        count = len(plan.children)
        later = sum(bool(child.month) for child in plan.children)
        sentences.append(_listed(placed, count, later))
    sentences.append(regular_sentence(plan, places))
    return " ".join(sentences).rstrip()


def _displaced(plan: Plan) -> list[str]:
    """Today's pupils whose class closes by a decision, school by school."""
    lost = displaced(plan)
    schools = [s for s in school_order(plan) if lost[s].max() >= 0.5]
    if not schools:
        return []
    t = int(np.argmax(lost.sum(axis=0)))
    told = [
        f"{plan.district.schools[s].name} ab "
        f"{german.month(plan.months[int(np.argmax(lost[s] >= 0.5))])} "
        f"({german.plural(float(lost[s].max()), 'Kind', 'Kinder')})"
        for s in schools
    ]
    count = german.plural(float(lost[:, t].sum()), "heutiges VKA-Kind", "heutige VKA-Kinder")
    when = german.month(plan.months[t])
    return [
        f"Nein. Weil Klassen nach dem Klassenplan schließen, fehlt im {when} "
        f"im Mittel für {count} der Platz: {german.listed(told)}. Der Plan verlegt sie nicht: "
        "Entscheiden Sie, wohin sie wechseln, oder schließen Sie später."
    ]


def _listed(placed: int, count: int, later: int) -> str:
    """Children of today's list: how many have a seat, and how many of those not yet today."""
    if count == 1:
        seat = "keinen" if not placed else "erst später im Zeitraum einen" if later else "einen"
        return f"Das Kind der heutigen Liste bekommt {seat} Platz."
    wait = f", {later} davon erst später im Zeitraum" if later else ""
    if placed == count:
        who = "Beide" if count == 2 else f"Alle {count}"
        return f"{who} Kinder der heutigen Liste bekommen einen Platz{wait}."
    have = "bekommt keines" if placed == 0 else "bekommt 1" if placed == 1 else f"bekommen {placed}"
    return f"Von {count} Kindern der heutigen Liste {have} einen Platz{wait}."


def _waiting_children(count: float) -> str:
    if 0 < count < 0.05:
        return "weniger als 0,1 Kinder"
    return german.plural(count, "Kind", "Kinder", 1)


def _waiting_by_type(plan: Plan, t: int) -> str:
    parts = [(kind, waiting_by_month(plan, kind)[t]) for kind in school_types(plan)]
    told = [f"{kind} {german.number(count, 1)}" for kind, count in parts if count >= 0.05]
    return f" ({', '.join(told)})" if told else ""


def _waiting_where(plan: Plan, t: int) -> str:
    """Where those of a month live, and the cause of the most months of waiting of the period."""
    by_place: defaultdict[int, float] = defaultdict(float)
    by_cause: defaultdict[str, float] = defaultdict(float)
    for place in plan.waiting:
        if place.month == t:
            by_place[place.municipality] += place.pupils
        by_cause[cause_text(plan.scenario, place)] += place.pupils
    where = max(sorted(by_place), key=lambda i: by_place[i])
    cause = max(sorted(by_cause), key=lambda name: by_cause[name])
    name = plan.district.municipalities[where].name
    live = "Sie" if len(by_place) == 1 else "Die meisten"
    # Over all months: what is short in the worst month may be over in the next one.
    which = "Ursache" if len(by_cause) == 1 else "Häufigste Ursache im Zeitraum"
    return f"{live} wohnen in {name}. {which}: {cause}."


def openings_answer(plan: Plan, places: Places) -> str:
    """Which classes open where and when; what is not named is told to stand at ``places``."""
    openings = sorted(plan.openings, key=lambda item: (item.month, item.school))
    count = sum(item.classes for item in openings)
    decided = _decided(plan)
    if count == 0 and decided:
        return f"Keine über die Beschlüsse hinaus. Nach dem Klassenplan: {decided}."
    if count == 0:
        today = sum(school.classes for school in plan.district.schools)
        classes = german.plural(today, "Klasse", "Klassen")
        if children_without_seat(plan) >= 0.5:
            return f"Keine. Es bleibt bei {classes} wie heute."
        enough = f"{classes} wie heute genügen" if today != 1 else "Die Klasse von heute genügt"
        return f"Keine. {enough}."
    parts = []
    each = count <= JUDGED_ONE_BY_ONE
    for item in openings[:LISTED_OPENINGS]:
        school = plan.district.schools[item.school].name
        site = f"{NEW_SITE}, " if is_new_site(plan.district.schools[item.school]) else ""
        often = f"{item.classes} × " if item.classes > 1 else ""
        kind = {ClassKind.GROUP: ", Gruppe unter 13", ClassKind.DOUBTFUL: ", fraglich unter 10"}
        needed = needed_clause(plan, item) if each else ""
        parts.append(
            f"{often}{school} "
            f"({site}ab {german.month(plan.months[item.month])}{kind.get(item.kind, '')}"
            f"{f'; {needed}' if needed else ''})"
        )
    rest = sum(item.classes for item in openings[LISTED_OPENINGS:])
    text = f"{german.plural(count, 'neue Klasse', 'neue Klassen')}: {'; '.join(parts)}"
    if rest:
        text += f" und {german.plural(rest, 'weitere', 'weitere')} ({places.classes})"
    sentences = [f"{text}.", "" if each else needed_range(plan), reserve_sentence(plan)]
    if decided:
        sentences.append(f"Nach dem Klassenplan: {decided}.")
    return " ".join(filter(None, sentences))


def _decided(plan: Plan) -> str:
    """How the decisions of the sheet Klassenplan change today's number of classes."""
    fewer: list[str] = []
    more: list[str] = []
    for entry in sorted(plan.district.class_plan, key=lambda entry: (entry.since, entry.school)):
        if entry.state is not PlanState.DECIDED or not (
            plan.months[0] < entry.since <= plan.months[-1]
        ):
            continue
        s = next(n for n, school in enumerate(plan.district.schools) if school.name == entry.school)
        today = plan.district.schools[s].classes
        if entry.classes != today:
            told = f"{entry.school} ab {german.month(entry.since)} {entry.classes} statt {today}"
            (more if entry.classes > today else fewer).append(told)
    return "; ".join([*more, *fewer])


def _load(plan: Plan) -> str:
    seats = plan.seats.sum(axis=0)
    use = plan.use.sum(axis=0)
    today = float(plan.use_today[:, 0].sum())
    sentences = []
    if seats[0] > 0:
        sentences.append(
            f"Heute {german.number(today)} von "
            f"{german.plural(seats[0], 'Platz', 'Plätzen')} belegt "
            f"({german.percent(today / seats[0])}), Kapazitätsreserve "
            f"{reserve_text(plan.district, plan.seats[:, 0].tolist())}."
        )
    load = np.divide(use, seats, out=np.zeros_like(use), where=seats > 0)
    t = int(np.argmax(load))
    if seats[t] > 0:
        sentences.append(
            f"Höchste Auslastung im {german.month(plan.months[t])}: im Mittel "
            f"{german.number(use[t])} von "
            f"{german.plural(seats[t], 'Platz', 'Plätzen')} ({german.percent(load[t])})."
        )
    full = [
        plan.district.schools[s].name
        for s in school_order(plan)
        if bool(((plan.use[s] > plan.seats[s] - 0.05) & (plan.use[s] > NOISE)).any())
    ]
    if not full:
        sentences.append("Keine Schule wird ganz voll.")
    elif len(full) <= 3:
        sentences.append(f"Zeitweise ganz voll: {german.listed(full)}.")
    else:
        sentences.append(
            f"Zeitweise ganz voll: {len(full)} von {len(plan.district.schools)} Schulen."
        )
    return " ".join(sentences)


def _ways(plan: Plan) -> str:
    reach = reach_sentence(plan)
    flows = merged_flows(plan)
    if not flows:
        return f"Im Zeitraum wird kein Kind neu verteilt. {reach}".rstrip()
    together = type_figures(plan)[-1]
    mean, over = together.mean_minutes or 0.0, together.over_soft or 0.0
    (i, s, _), (_, longest) = max(flows.items(), key=lambda item: item[1][1])
    first = (
        f"Neue Kinder fahren im Mittel {german.plural(mean, 'Minute', 'Minuten')} zur Schule "
        f"(einfacher Weg), höchstens {german.plural(longest, 'Minute', 'Minuten')} "
        f"({plan.district.municipalities[i].name} – {plan.district.schools[s].name})."
    )
    if over * together.placed <= NOISE:
        second = f"Keines fährt länger als der Richtwert ({_limits(plan)})."
    else:
        second = (
            f"{_percent_go(over)} länger als der Richtwert ({_limits(plan)})."
            if over >= 0.0005
            else f"Weniger als 0,1 % fahren länger als der Richtwert ({_limits(plan)})."
        )
    return f"{first} {second} {reach}".rstrip()


def _percent_go(share: float) -> str:
    text = german.percent(share)
    return f"{text} {'fährt' if text == '1 %' else 'fahren'}"


def _limits(plan: Plan) -> str:
    by_minutes: defaultdict[float, list[str]] = defaultdict(list)
    for kind in school_types(plan):
        by_minutes[soft_limit(plan, kind)].append(kind)
    return ", ".join(
        f"{german.listed(kinds)} {german.plural(minutes, 'Minute', 'Minuten')}"
        for minutes, kinds in by_minutes.items()
    )


def certainty_answer(plan: Plan) -> str:
    """How near the plan is to the best one, and in how many futures the seats are enough."""
    return f"{_proof(plan)} {seats_sentence(plan)}".rstrip()


def _proof(plan: Plan) -> str:
    """How far the plan can be from the best one; „optimal“ only where the solver proved it."""
    if not plan.stages:
        return "Es war nichts zu entscheiden."
    skipped, stages = skipped_stages(plan), open_stages(plan)
    if not stages and not skipped:
        return "Der Plan ist bei jedem Ziel bewiesen optimal."
    sentences = []
    unknown = [stage for stage in stages if stage.gap is None]
    if unknown:
        sentences.append(f"Der Abstand zum Optimum ist nicht bekannt ({where(unknown[0])}).")
    elif stages:
        worst = widest(stages)
        sentences.append(
            f"Der Plan ist höchstens {german.percent_at_most(worst.gap or 0.0)} vom Optimum "
            f"entfernt ({where(worst)})."
        )
    if skipped:
        goals = german.plural(len(skipped), "Ziel wurde", "Ziele wurden")
        sentences.append(f"{goals} wegen des Zeitlimits nicht gerechnet.")
    return " ".join(sentences)
