"""Pupils and seats of a solved problem, counted again from the flows."""

from __future__ import annotations

import numpy as np

from daz_planner.errors import ConservationError
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import FloatArray, Problem

_TOLERANCE = 1e-4


def check_balance(
    problem: Problem,
    model: PlanningModel,
    values: FloatArray,
    seats: FloatArray,
    use: FloatArray,
) -> None:
    """Nobody lost, nobody twice, no seat given away twice: recomputed from the flows.

    Parameters
    ----------
    seats, use:
        ``[s, t]`` seats and pupils at the schools of the problem.

    Raises
    ------
    ConservationError
        Pupils or seats do not add up.
    """
    taken = np.zeros_like(problem.demand)
    for (i, s, t), variable in model.flows.items():
        taken[problem.kind[s], i, t] += values[variable.index]
    queue = np.zeros(problem.demand.shape[:2])
    for t in range(problem.month_count):
        queue = (1 - problem.hazard) * queue + problem.demand[:, :, t] - taken[:, :, t]
        for kind, i in np.ndindex(*queue.shape):
            told = (
                float(values[model.waiting[kind, i, t].index])
                if (kind, i, t) in model.waiting
                else 0.0
            )
            if abs(queue[kind, i] - told) > _TOLERANCE * max(1.0, told):
                raise _lost(f"{abs(queue[kind, i] - told):.4f} Schüler", t)
    rows = problem.schools
    excess_today = np.maximum(
        0.0,
        problem.use_today + problem.use_children - seats,
    )
    over = use - seats - excess_today
    if over.size and float(over.max()) > _TOLERANCE * 10:
        school, worst = np.unravel_index(int(np.argmax(over)), over.shape)
        what = f"an Schule Nr. {rows[school]} {float(over[school, worst]):.4f} Plätze zu viel"
        raise _lost(what, int(worst))


def _lost(what: str, month: int) -> ConservationError:
    return ConservationError(
        f"Die Bilanz des Plans stimmt in Monat {month} nicht: {what}.",
        remedy="Das ist ein Fehler des Programms. Bitte melden Sie ihn.",
    )
