"""The plan with candidate sites, beside the plan without them.

Three steps share the time limit: the plan without schools of the list, the worth of each candidate,
and the plan in which all of them may open a class; what one step leaves over goes to the next.
Only candidates that open a class stay in the plan; where none does, the plan is that without them,
to the last digit.  Where that one ended at the time limit and the other did not, or is better, the
other is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.district.candidates import Candidates, candidate_schools, with_candidates
from daz_planner.district.text import quoted
from daz_planner.german import number, plural
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import ChildSeat, Plan
from daz_planner.planning.sites import TOP, SiteRanking, rank_sites
from daz_planner.planning.stages import CHILD_MONTH, WAITING

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast

Progress = Callable[[float, str], None]

BASE_SHARE = 0.35
"""Share of the time limit for the plan without candidates, the most that it may take."""
RANKING_SHARE = 0.3
"""Share of the time limit for the worth of the candidates one by one, the least that they get."""

_NAMED = 5
_SMALLEST = 0.01


@dataclass(frozen=True)
class Sites:
    """What a plan with candidate sites has beside the plan itself."""

    base: Plan
    """The plan without the schools of the list."""
    candidates: Candidates
    ranking: SiteRanking
    opened: tuple[str, ...]
    """Names of the schools of the list that open a class in the plan."""
    cut_off: bool = False
    """Whether time ran out for the plan with the list, so that the plan is that without it."""


def plan_with_sites(
    district: District,
    scenario: Scenario,
    forecast: Forecast,
    *,
    progress: Progress | None = None,
    least: Mapping[str, Sequence[int]] | None = None,
) -> Plan:
    """The plan in which the district's other public schools may open a class.

    The forecast is that of the district itself: a school without pupils changes nobody's future.

    Raises
    ------
    SolverError, ConservationError
        As :func:`make_plan`.
    """
    limit, since = scenario.rechnen.zeitlimit, time.perf_counter()
    base = make_plan(
        district,
        scenario,
        forecast,
        progress=_part(progress, 0.0, 0.3),
        seconds=BASE_SHARE * limit,
        least=least,
    )
    candidates = candidate_schools(district, forecast.school_types)
    left = (BASE_SHARE + RANKING_SHARE) * limit - (time.perf_counter() - since)
    ranking = rank_sites(
        base,
        candidates.schools,
        seconds=max(RANKING_SHARE * limit, left),
        progress=_part(progress, 0.3, 0.6),
    )
    plan = base
    cut_off = False
    rest = 1.0 - BASE_SHARE - RANKING_SHARE
    if candidates.schools:
        full = make_plan(
            with_candidates(district, candidates.schools),
            scenario,
            forecast,
            progress=_part(progress, 0.6, 1.0),
            seconds=max(rest * limit, limit - (time.perf_counter() - since)),
            least=least,
        )
        used = without_unused(full, district)
        cut_off = full.hit_limit and not _is_better(full, base)
        opens = len(used.district.schools) > len(district.schools)
        if not cut_off and (opens or base.hit_limit):
            plan = used
    own = {school.name for school in district.schools}
    opened = tuple(s.name for s in plan.district.schools if s.name not in own)
    sites = Sites(base, candidates, ranking, opened, cut_off)
    others = time.perf_counter() - since - sum(plan.seconds.values())
    return replace(
        plan,
        sites=sites,
        hints=(*plan.hints, *_hints(scenario, sites)),
        seconds={**plan.seconds, "Standorte": max(0.0, others)},
    )


def _is_better(full: Plan, base: Plan) -> bool:
    """Whether a plan that was cut off is better than the other in the order of the goals.

    What the time limit leaves of the plan with the list can be far worse than the plan without.
    """
    scenario = base.scenario
    for goal in dict.fromkeys(stage.goal for stage in base.stages):
        ours, theirs = (
            sum(stage.value for stage in plan.stages if stage.goal == goal) for plan in (full, base)
        )
        kept = CHILD_MONTH if goal == WAITING else _SMALLEST
        allowed = max(scenario.ziele.toleranz * abs(theirs), kept)
        if abs(ours - theirs) > allowed:
            return ours < theirs
    return False


def without_unused(plan: Plan, district: District) -> Plan:
    """The plan without the added schools that open no class.

    Parameters
    ----------
    plan:
        A plan whose schools are those of ``district`` with others behind them.
    """
    own = len(district.schools)
    opened = [s for s in range(own, len(plan.district.schools)) if plan.classes[s].max() > 0]
    kept = np.array([*range(own), *opened], dtype=np.int64)
    row = {int(s): n for n, s in enumerate(kept)}
    schools = [plan.district.schools[s] for s in opened]
    return replace(
        plan,
        district=with_candidates(district, schools),
        classes=plan.classes[kept],
        seats=plan.seats[kept],
        planning_seats=plan.planning_seats[kept],
        use_today=plan.use_today[kept],
        use_children=plan.use_children[kept],
        use_forecast=plan.use_forecast[kept],
        minutes=plan.minutes[:, kept],
        class_cap=plan.class_cap[kept],
        weekly_hours=plan.weekly_hours[kept],
        counted_today=None if plan.counted_today is None else plan.counted_today[kept],
        openings=tuple(replace(o, school=row[o.school]) for o in plan.openings),
        flows=tuple(replace(f, school=row[f.school]) for f in plan.flows if f.school in row),
        children=tuple(_renumbered(child, row) for child in plan.children),
    )


def _renumbered(seat: ChildSeat, row: dict[int, int]) -> ChildSeat:
    return replace(
        seat,
        school=None if seat.school is None else row[seat.school],
        alternatives=tuple(
            replace(other, school=row[other.school])
            for other in seat.alternatives
            if other.school in row
        ),
    )


def _part(progress: Progress | None, start: float, end: float) -> Progress | None:
    if progress is None:
        return None
    return lambda share, what: progress(start + (end - start) * share, what)


def _more(found: Sequence[object]) -> str:
    """„und 3 weitere“ where not all are named."""
    more = len(found) - _NAMED
    return f" und {number(more)} weitere" if more > 0 else ""


def _hints(scenario: Scenario, sites: Sites) -> list[str]:
    """What a planner has to know about the candidates."""
    found = sites.candidates
    hints = []
    if found.schools:
        count = plural(
            len(found.schools), "weitere öffentliche Schule", "weitere öffentliche Schulen"
        )
        verb = "ist" if len(found.schools) == 1 else "sind"
        hints.append(
            f"Mögliche Standorte: {count} des Landkreises aus der Liste der sächsischen Schulen "
            f"(Stand etwa 2016/17) {verb} mit je einem freien Raum angenommen. Ob dort ein Raum "
            "frei ist, ist nicht bekannt: Fragen Sie den Schulträger."
        )
    else:
        hints.append(
            "Mögliche Standorte: Die Liste der sächsischen Schulen enthält keine weitere Schule "
            "dieses Landkreises."
        )
    if found.doubts:
        some = [
            f"{quoted(doubt.listed)} in {doubt.municipality} (Tabelle: {quoted(doubt.table)})"
            for doubt in found.doubts[:_NAMED]
        ]
        hints.append(
            "Kein möglicher Standort, weil die Schule vielleicht schon in der Tabelle steht: "
            f"{'; '.join(some)}{_more(found.doubts)}. Ist es eine andere Schule, dann "
            "tragen Sie sie auf dem Blatt Schulen mit 0 Klassen und 1 freien Raum ein."
        )
    if found.without_place:
        some = [quoted(name) for name in found.without_place[:_NAMED]]
        hints.append(
            "Kein möglicher Standort, weil die Gemeinde nicht auf dem Blatt Gemeinden steht: "
            f"{', '.join(some)}{_more(found.without_place)}."
        )
    ranking = sites.ranking
    if ranking.month is None:
        hints.append(
            "Die Standorte haben keine Rangfolge, weil im Zeitraum keine Klasse öffnen darf."
        )
    elif ranking.left_out:
        sure = (
            "sicher gehört keiner von ihnen zu den besten"
            if ranking.surely_best(TOP)
            else "unter ihnen kann ein besserer sein"
        )
        count = plural(len(ranking.left_out), "Standort", "Standorte")
        hints.append(
            f"Die Zeit reichte nicht für {count}: {sure}. Mit einem größeren --zeitlimit werden "
            "alle gerechnet."
        )
    if sites.cut_off:
        hints.append(
            "Die Zeit reichte nicht für einen besseren Plan mit der Schulliste: Gezeigt ist der "
            "Plan ohne sie. Mit einem größeren --zeitlimit wird auch er gerechnet."
        )
    if sites.base.hit_limit:
        hints.append(
            "Rangfolge der Standorte und Vergleich mit dem Plan ohne Schulliste sind unsicher: "
            "Dieser wurde am Zeitlimit beendet."
        )
    if scenario.lehrer.begrenzt and ranking.gains:
        hints.append(
            "Die Rangfolge der Standorte fragt nicht nach Lehrerstunden; der Plan selbst hält die "
            "Grenze ein."
        )
    return hints
