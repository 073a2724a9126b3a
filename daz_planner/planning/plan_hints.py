"""What a planner has to know before trusting a plan: its hints, in the order they are read."""

from __future__ import annotations

import numpy as np

from daz_planner.district.model import PlanState
from daz_planner.district.today_numbers import count_hints
from daz_planner.german import listed, month, number, plural
from daz_planner.planning.cause_text import leaves_seats_empty
from daz_planner.planning.children import Seating
from daz_planner.planning.goal_hints import goal_hints, order_hints
from daz_planner.planning.list_hints import list_hints
from daz_planner.planning.plan import Plan
from daz_planner.planning.regular import regular_hints
from daz_planner.planning.seats import open_cap_notes
from daz_planner.planning.stages import WAITING, WAITING_AGAIN
from daz_planner.simulation.history import history_hints
from daz_planner.simulation.population import Population

_TOLD = 0.05
"""Child months of waiting from which it is told that they are accepted."""


def plan_hints(
    plan: Plan, population: Population, seating: Seating, more_minutes: float
) -> list[str]:
    """What the planner has to know before trusting the plan, sentence by sentence.

    Parameters
    ----------
    plan:
        The plan, with schools and municipalities sorted as it was made.
    seating, more_minutes:
        The seats of today's list, and by how many minutes its ways grew to spare others the wait.
    """
    hints: list[str] = []
    if _is_cut_off(plan, population):
        limit = plural(plan.scenario.rechnen.zeitlimit, "Sekunde", "Sekunden")
        hints.append(
            f"Abgebrochen: Das Zeitlimit von {limit} reichte nicht. Verwenden Sie "
            "diesen Plan so nicht, sondern rechnen Sie mit einem größeren --zeitlimit noch "
            "einmal."
        )
    hints.extend(order_hints(plan.scenario.ziele))
    hints.extend(_waiting_for_no_class(plan))
    hints.extend(count_hints(plan.district))
    hints.extend(_planning_size_hint(plan))
    hints.extend(open_cap_notes(plan.district, plan.scenario, population.months))
    without = [kind for kind in population.school_types if kind not in plan.district.school_types]
    if without:
        hints.append(
            f"Für {listed(without)} steht keine Schule in der Tabelle: Alle Kinder dieser "
            "Schulart stehen als wartend im Plan."
        )
    unknown = [
        kind
        for kind, known in zip(population.school_types, population.phase3_known, strict=True)
        if not known
    ]
    if unknown:
        where = "" if len(unknown) == len(population.school_types) else f" ({listed(unknown)})"
        hints.append(
            f"Wie viele Kinder heute in Phase 3 sind{where}, steht nicht in der Eingabe: Phase "
            "3 zählt dort nur, wer sie ab dem Stichtag erreicht."
        )
    hints.extend(regular_hints(plan.regular, plan.scenario))
    hints.extend(goal_hints(plan.district, plan.scenario))
    hints.extend(_sheet_hints(plan))
    hints.extend(list_hints(plan.district, plan.scenario, seating, more_minutes))
    return hints


def _is_cut_off(plan: Plan, population: Population) -> bool:
    kinds = set(population.school_types)
    return any(
        stage.status.is_cut_off
        for stage in plan.stages
        if kinds & set(stage.school_type.split("+"))
    )


def _sheet_hints(plan: Plan) -> list[str]:
    """What became of the further sheets of the workbook."""
    district = plan.district
    hints = []
    if district.ways:
        # A school without a VKA that opens none has no ways worth counting.
        running = {
            school.name
            for s, school in enumerate(district.schools)
            if school.classes or plan.classes[s].any()
        }
        pairs = len(running) * len(district.municipalities)
        given = len(
            {(way.municipality, way.school) for way in district.ways if way.school in running}
        )
        hints.append(
            f"Wege: {number(given)} von {number(pairs)} {'ist' if given == 1 else 'sind'} vom "
            f"Amt angegeben, "
            f"{number(pairs - given)} geschätzt."
        )
    hints.extend(history_hints(district, plan.scenario))
    planned = [e.school for e in district.class_plan if e.state is PlanState.PLANNED]
    if planned:
        hints.append(
            "Was im Blatt Klassenplan „geplant“ heißt, bindet den Plan nicht: "
            f"{listed(dict.fromkeys(planned))}. Was feststeht, tragen Sie als „beschlossen“ "
            "ein."
        )
    return hints


def _waiting_for_no_class(plan: Plan) -> list[str]:
    """That a little waiting is accepted, so that no class opens for a trifle."""
    value = {(stage.school_type, stage.goal): stage.value for stage in plan.stages}
    more = {
        kind: value.get((kind, WAITING_AGAIN), least) - least
        for (kind, goal), least in value.items()
        if goal == WAITING
    }
    accepted = [kind for kind, months_ in more.items() if months_ > _TOLD]
    if not accepted:
        return []
    return [
        "Damit keine Klasse für kurzes Warten öffnet, nimmt der Plan je Schulart bis zu ein Kind, "
        "das einen Monat wartet, in Kauf, oder den Anteil unter [ziele] toleranz, wo er mehr ist "
        f"(hier {listed(kind.replace('+', ' und ') for kind in accepted)}). Mit toleranz = 0 "
        "wartet niemand, solange eine Klasse öffnen kann."
    ]


def _planning_size_hint(plan: Plan) -> list[str]:
    """What the planning size keeps free, where it costs a class or a wait."""
    if not plan.openings and not plan.waiting:
        return []
    if leaves_seats_empty(plan.scenario.ziele):
        # The seats are free for another reason.
        return []
    use = plan.use_today + plan.use_children + plan.use_forecast
    free = np.maximum(0.0, plan.seats - use).sum(axis=0)
    t = int(np.argmin(free))
    size = plan.scenario.klassen.planned_size
    cap = int(plan.class_cap.max(initial=0))
    if size >= cap or free[t] < 0.5:
        return []
    return [
        f"Für die Prognose zählt der Plan {plural(size, 'Kind', 'Kinder')} je Klasse "
        "(Planungsrichtwert), nur für "
        f"Kinder der heutigen Liste bis zur Obergrenze von {cap}. Als Reserve bleiben so im "
        "Mittel immer "
        f"{plural(float(free[t]), 'Platz', 'Plätze')} frei für alle, die unangekündigt kommen "
        f"(am wenigsten im {month(plan.months[t])}). Im Szenario: "
        "[klassen] planungsgroesse."
    ]
