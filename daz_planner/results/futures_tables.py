"""A plan judged on futures, as tables and sentences: policies side by side, classes, seats.

All numbers are means or quantiles over the same drawn futures; minutes are one way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.planning.futures import OFFICE, PLAN, TODAY
from daz_planner.results.need import TOGETHER
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from daz_planner.planning.futures import Judgement, PolicyJudgement

_HOURS = (
    " Auch dort öffnet eine Klasse nur, wenn die Lehrerstunden reichen; wie viele Kinder in den "
    "Klassen sitzen, begrenzen sie in den Zukünften nicht."
)
_CHILD_MONTHS = "Kinder × Monate"
_SCHOOL, _SCHOOL_TYPE = Column("Schule", width=28), Column("Schulart")


def judgement_tables(judgement: Judgement) -> dict[str, Table]:
    """All tables by name, in the order in which they are written."""
    built = [policy_table(judgement), needed_table(judgement), seat_use_table(judgement)]
    return {item.name: item for item in built}


def policy_table(judgement: Judgement) -> Table:
    """Zukunft_Vergleich: the plan, doing nothing and the simple rule, by school type and in all."""
    columns = [
        Column("Vorgehen", width=16),
        _SCHOOL_TYPE,
        Column("Kinder, die einen Platz suchen", Kind.NUMBER, "Kinder", 1),
        Column("Wartemonate", Kind.NUMBER, _CHILD_MONTHS, 1),
        Column("Wartemonate P90", Kind.NUMBER, _CHILD_MONTHS),
        Column("Zukünfte ohne Warten", Kind.SHARE, "Anteil der Zukünfte", 1),
        Column("Wartetage je Kind", Kind.NUMBER, "Tage", 1),
        Column("Wartetage P90", Kind.WHOLE, "Tage"),
        Column("länger als 60 Tage", Kind.SHARE, "Anteil der Kinder", 1),
        Column("neue Klassen", Kind.NUMBER, "Klassen", 1),
        Column("Klassenmonate", Kind.NUMBER, "Klassen × Monate", 1),
        Column("Weg im Mittel", Kind.NUMBER, "Minuten, einfacher Weg", 1),
    ]
    kinds: list[int | None] = [*range(len(judgement.school_types)), None]
    rows = []
    for k in kinds:
        name = TOGETHER if k is None else judgement.school_types[k]
        for policy in judgement.policies.values():
            rows.append([policy.name, name, *_policy_row(judgement, policy, k)])
    return table("zukunft_vergleich", columns, rows, empty="Es gibt keine Zukunft.")


def _policy_row(
    judgement: Judgement, policy: PolicyJudgement, kind: int | None
) -> list[float | int | None]:
    waiting = policy.child_months(kind)
    children = policy.counts.children if kind is None else policy.counts.children[:, [kind]]
    schools = [
        s
        for s, school in enumerate(judgement.district.schools)
        if kind is None or school.school_type == judgement.school_types[kind]
    ]
    classes = policy.counts.classes[:, schools]
    return [
        float(children.sum(axis=1).mean()),
        float(waiting.mean()),
        float(np.quantile(waiting, 0.9, method="inverted_cdf")),
        float((waiting == 0.0).mean()),
        policy.mean_days(kind),
        policy.days_quantile(0.9, kind),
        policy.share_long(kind),
        float(np.maximum(0, np.diff(classes, axis=2)).sum(axis=(1, 2)).mean()),
        float(classes.sum(axis=(1, 2)).mean()),
        policy.mean_minutes(kind),
    ]


def needed_table(judgement: Judgement) -> Table:
    """Zukunft_Klassen: each class that the plan opens, and in how many futures it is needed."""
    columns = [
        _SCHOOL,
        _SCHOOL_TYPE,
        Column("neu ab", Kind.MONTH),
        Column("Klasse Nr.", Kind.WHOLE, "unter denen des Monats"),
        Column("gebraucht", Kind.SHARE, "Anteil der Zukünfte", 1),
        Column("frühestens ab", Kind.MONTH),
        Column("meist ab", Kind.MONTH, "Hälfte der Zukünfte, die sie brauchen"),
        Column("Wartemonate ohne sie", Kind.NUMBER, f"{_CHILD_MONTHS} mehr", 1),
    ]
    rows = []
    for one in judgement.classes:
        school = judgement.district.schools[one.school]
        months = one.needed_from[one.needed_from >= 0]
        usual = one.usual_month
        rows.append(
            [
                school.name,
                school.school_type,
                judgement.months[one.month],
                one.number,
                one.share_needed,
                judgement.months[int(months.min())] if len(months) else None,
                None if usual is None else judgement.months[usual],
                float(one.extra_waiting.mean()),
            ]
        )
    return table("zukunft_klassen", columns, rows, empty="Der Plan öffnet keine neue Klasse.")


def seat_use_table(judgement: Judgement) -> Table:
    """Zukunft_Plaetze: seats of the plan in use, P10, P50 and P90, by school and month."""
    columns = [
        _SCHOOL,
        _SCHOOL_TYPE,
        Column("Monat", Kind.MONTH),
        Column("Plätze", Kind.WHOLE, "Plätze"),
        *(Column(f"belegt {name}", Kind.WHOLE, "Plätze") for name in ("P10", "P50", "P90")),
    ]
    use = judgement.policies[PLAN].use_quantiles()
    rows = [
        [school.name, school.school_type, month, int(judgement.seats[s, t]), *use[:, s, t].tolist()]
        for s, school in enumerate(judgement.district.schools)
        for t, month in enumerate(judgement.months)
    ]
    return table("zukunft_plaetze", columns, rows, empty="Der Landkreis hat keine Schule.")


def futures_answer(judgement: Judgement) -> str:
    """In how many futures somebody waits, and how long: the plan and the two others."""
    named = {
        PLAN: "Mit diesem Plan",
        TODAY: "ohne neue Klassen",
        OFFICE: "nach der einfachen Regel",
    }
    futures = german.plural(judgement.futures, "gezogenen Zukunft", "gezogenen Zukünften")
    parts = []
    for name, words in named.items():
        waits = int((~judgement.never_waiting(name)).sum())
        where = f" in {waits} von {futures}" if name == PLAN else f" in {waits}"
        subject = " wartet jemand" if name == PLAN else ""
        told = f" ({_waits(judgement.policies[name])})" if waits else ""
        parts.append(f"{words}{subject}{where}{told}")
    return f"{'; '.join(parts)}."


def _waits(policy: PolicyJudgement) -> str:
    """How long the children wait on average, and how many of them long."""
    mean, long = policy.mean_days(), policy.share_long()
    days = "weniger als 0,1 Tage" if mean < 0.05 else german.plural(mean, "Tag", "Tage", 1)
    if long < 0.0005:
        share = "fast keines länger als 60 Tage" if long else "keines länger als 60 Tage"
    else:
        share = f"{german.percent(long)} länger als 60 Tage"
    return f"je Kind im Mittel {days}, {share}"


def judgement_sentences(judgement: Judgement) -> list[str]:
    """What planning is worth, in sentences."""
    futures = german.plural(judgement.futures, "gezogenen Zukunft", "gezogenen Zukünften")
    months = _side_by_side(
        judgement, lambda p: german.plural(float(p.child_months().mean()), "Monat", "Monate", 1)
    )
    long = _side_by_side(judgement, lambda p: german.percent(p.share_long()))
    classes = _side_by_side(judgement, lambda p: german.number(float(p.class_months().mean()), 1))
    return [
        f"Geprüft an {futures}, Monat für Monat, ohne Wissen über später.",
        f"Alle Kinder zusammen warten im Mittel: {months}.",
        f"Länger als 60 Tage warten von den Kindern: {long}.",
        f"Klassenmonate (Klassen × Monate): {classes}.",
        "Einfache Regel: Jedes Kind kommt an die nächste Schule mit freiem Platz; eine neue Klasse "
        "wird erst bestellt, wenn alle Schulen in Reichweite voll sind."
        + (_HOURS if judgement.hours_limited else ""),
        "In den Zukünften bekommt jedes Kind sofort einen Platz, wo in Reichweite einer frei ist, "
        "gleich welche Reihenfolge die Ziele des Plans haben.",
        "Vereinfacht: In den Zukünften sucht jedes Kind für sich einen Platz. Dass Geschwister "
        "zusammenbleiben und welche Klassenstufen in eine VKA passen, beachtet der Plan nur für "
        "die Kinder der heutigen Liste.",
    ]


def _side_by_side(judgement: Judgement, told: Callable[[PolicyJudgement], str]) -> str:
    named = {PLAN: "mit dem Plan", TODAY: "ohne neue Klassen", OFFICE: "nach der einfachen Regel"}
    return german.listed(
        f"{words} {told(judgement.policies[name])}" for name, words in named.items()
    )
