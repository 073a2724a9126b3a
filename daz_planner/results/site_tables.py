"""Candidate sites as tables: the ranking, and the plan without and with them side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.district.candidates import ASSUMED_ROOMS
from daz_planner.results.figures import type_figures, waiting_by_month
from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from daz_planner.district.model import School
    from daz_planner.planning.plan import Plan
    from daz_planner.planning.site_plan import Sites
    from daz_planner.results.figures import TypeFigures

NEW_SITE = "neuer Standort"
WITHOUT, WITH = "ohne Schulliste", "mit Schulliste"
FROM_LIST, FROM_TABLE = "Schulliste", "Tabelle"
OPENS = "öffnet im Plan"
ASSUMPTION = (
    "--standorte: freier Raum je Schule der Liste",
    "Die anderen öffentlichen Schulen des Landkreises können eine VKA öffnen. Ob dort ein Raum "
    "frei ist, ist nicht bekannt.",
    ASSUMED_ROOMS,
    "Räume",
    "",
    "Annahme; Schulen: Liste der sächsischen Schulen, Stand etwa 2016/17",
    "nein",
    ASSUMED_ROOMS,
)
"""The row of the sheet Annahmen."""


@dataclass(frozen=True)
class Effect:
    """One school type (or „zusammen“) in the plan without or with the schools of the list."""

    figures: TypeFigures
    state: str
    new_sites: int
    class_months: float
    waiting_months: float
    minutes: float
    over_soft: float


def is_new_site(school: School) -> bool:
    """Whether a class at the school is the first one of a new site."""
    return school.classes == 0


def site_tables(sites: Sites, plan: Plan) -> list[Table]:
    """The tables of a plan with candidate sites, in the order in which they are written."""
    return [site_table(sites, plan), effect_table(sites, plan)]


def site_table(sites: Sites, plan: Plan) -> Table:
    """Standorte: one row a candidate, the best first; those that were not solved last."""
    columns = [
        Column("Rang", Kind.WHOLE, width=11),
        Column("Schule", width=38),
        Column("Schulart"),
        Column("Gemeinde"),
        Column("ersparte Wartemonate", Kind.NUMBER, "Kindermonate", 2),
        Column("ersparte Minuten je Monat", Kind.NUMBER, "Minuten, einfacher Weg", 1),
        Column("ersparte Minuten im Zeitraum", Kind.NUMBER, "Minuten, einfacher Weg", 0),
        Column("Kinder neu im Richtwert", Kind.NUMBER, "erwartete Kinder", 1),
        Column("Kinder am Standort", Kind.NUMBER, "erwartete Kinder", 1),
        Column("Quelle", width=12),
        Column("Anmerkung", width=26),
    ]
    return table(
        "standorte",
        columns,
        list(_site_rows(sites, plan)),
        empty="Der Landkreis hat keine Schule, die eine erste VKA öffnen könnte.",
    )


def _site_rows(sites: Sites, plan: Plan) -> Iterator[list[object]]:
    ranking = sites.ranking
    opened = {plan.district.schools[o.school].name for o in plan.openings}
    for rank, gain in enumerate(ranking.gains, start=1):
        school = gain.school
        yield [
            rank,
            school.name,
            school.school_type,
            school.municipality,
            gain.waiting_avoided,
            gain.minutes_a_month,
            gain.minutes_saved,
            gain.newly_inside,
            gain.pupils,
            _source(gain.from_list),
            OPENS if school.name in opened else "",
        ]
    for school in ranking.used:
        yield _unranked(school, from_list=False, note="öffnet schon im Plan ohne Schulliste")
    for out in ranking.left_out:
        bound = out.minutes_at_most
        most = "" if bound is None else f"; spart höchstens {german.number(bound)} Minuten"
        opens = f"; {OPENS}" if out.school.name in opened else ""
        note = f"nicht gerechnet (Zeitlimit){most}{opens}"
        yield _unranked(out.school, from_list=out.from_list, note=note)
    if ranking.month is None:
        for school in sites.candidates.schools:
            yield _unranked(school, from_list=True, note="im Zeitraum darf keine Klasse öffnen")


def _unranked(school: School, *, from_list: bool, note: str) -> list[object]:
    place = [school.name, school.school_type, school.municipality]
    return [None, *place, *[None] * 5, _source(from_list), note]


def _source(from_list: bool) -> str:
    return FROM_LIST if from_list else FROM_TABLE


def effect_table(sites: Sites, plan: Plan) -> Table:
    """Standorte, whole plan: minutes, waiting and classes without and with the list."""
    columns = [
        Column("Schulart"),
        Column("Plan", width=38),
        Column("neue Klassen", Kind.WHOLE, "Klassen"),
        Column("davon neue Standorte", Kind.WHOLE, "Schulen"),
        Column("zusätzliche Klassenmonate", Kind.WHOLE, "Klassenmonate"),
        Column("Wartemonate", Kind.NUMBER, "Kindermonate", 1),
        Column("neu verteilte Schüler", Kind.NUMBER, "erwartete Schüler", 1),
        Column("Weg im Mittel", Kind.NUMBER, "Minuten, einfacher Weg", 1),
        Column("Minuten zusammen", Kind.NUMBER, "Minuten, einfacher Weg", 0),
        Column("Kinder über Richtwert", Kind.NUMBER, "erwartete Kinder", 1),
    ]
    rows = [
        [
            effect.figures.school_type,
            effect.state,
            effect.figures.classes_new,
            effect.new_sites,
            effect.class_months,
            effect.waiting_months,
            effect.figures.placed,
            effect.figures.mean_minutes,
            effect.minutes,
            effect.over_soft,
        ]
        for effect in effects(sites, plan)
    ]
    return table("standorte_vergleich", columns, rows, empty="Der Landkreis hat keine Schule.")


def effects(sites: Sites, plan: Plan) -> list[Effect]:
    """By school type and of all together: without the list, then with it."""
    before, after = type_figures(sites.base), type_figures(plan)
    found = []
    for one in before:
        other = next((f for f in after if f.school_type == one.school_type), None)
        found.append(_effect(sites.base, one, _state(WITHOUT, sites.base)))
        if other is not None:
            found.append(_effect(plan, other, _state(WITH, plan)))
    return found


def _state(name: str, plan: Plan) -> str:
    return f"{name} (am Zeitlimit beendet)" if plan.hit_limit else name


def _effect(plan: Plan, figures: TypeFigures, state: str) -> Effect:
    kind = None if figures.school_type == "zusammen" else figures.school_type
    rows = [
        s for s, school in enumerate(plan.district.schools) if kind in (None, school.school_type)
    ]
    extra = plan.classes[rows] - plan.classes[rows][:, :1]
    new = {
        opening.school
        for opening in plan.openings
        if opening.school in rows and is_new_site(plan.district.schools[opening.school])
    }
    placed = figures.placed
    return Effect(
        figures=figures,
        state=state,
        new_sites=len(new),
        class_months=int(extra.sum()),
        waiting_months=float(waiting_by_month(plan, kind).sum()),
        minutes=placed * (figures.mean_minutes or 0.0),
        over_soft=placed * (figures.over_soft or 0.0),
    )


def effect_sentence(sites: Sites, plan: Plan) -> str:
    """The whole plan without and with the list in one sentence or two."""
    both = [effect for effect in effects(sites, plan) if effect.figures.school_type == "zusammen"]
    before, after = both[0], both[-1]
    caution = (
        " Der Plan ohne Schulliste wurde am Zeitlimit beendet: Rangfolge und Vergleich gelten nur "
        "für ihn, wie er ist; ein besserer kann anders aussehen."
        if sites.base.hit_limit
        else ""
    )
    if sites.cut_off:
        return (
            "Die Zeit reichte nicht für einen besseren Plan mit der Schulliste: Gezeigt ist der "
            f"Plan ohne sie.{caution or ' Die Rangfolge gilt.'}"
        )
    if not sites.opened:
        same = ": Er ist derselbe wie ohne sie" if plan.stages == sites.base.stages else ""
        return (
            f"Im Plan öffnet keine Schule der Liste{same}. Die Rangfolge sagt, was eine Klasse "
            f"mehr an je einem Standort brächte.{caution}"
        )
    names = german.listed(sites.opened)
    verb = "öffnet" if len(sites.opened) == 1 else "öffnen"
    told = f"Im Plan {verb} {names}. Ohne die Liste: {_told(before)}. Mit ihr: {_told(after)}."
    return f"{told}{caution}"


def _told(effect: Effect) -> str:
    return (
        f"{german.plural(effect.figures.classes_new, 'neue Klasse', 'neue Klassen')}, "
        f"{german.plural(effect.waiting_months, 'Wartemonat', 'Wartemonate', 1)}, im Mittel "
        f"{german.plural(effect.figures.mean_minutes or 0.0, 'Minute', 'Minuten', 1)} Weg, "
        f"{german.plural(effect.over_soft, 'Kind', 'Kinder', 1)} über dem Richtwert"
    )
