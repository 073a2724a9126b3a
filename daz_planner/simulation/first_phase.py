"""Which part of the pupils in a VKA is in phase 1, month by month.

The expectation knows phases 1 and 2 together, for they share a seat.  Where a rule counts phase 1
only, these shares take it apart: of today's pupils by school, of those who come by the month in
which they come.  Axes: ``s`` school, ``k`` school type, ``t0`` month of coming, ``t`` month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daz_planner.simulation.calendar import BoolArray, FloatArray, IntArray
from daz_planner.simulation.expectation import Cohort, Outlook

_NOBODY = 1e-12


@dataclass(frozen=True)
class FirstPhase:
    """Shares of those who need a VKA seat that are in phase 1; 0 where nobody needs one."""

    today: FloatArray
    """``[s, t]`` of today's pupils of a school."""
    demand: FloatArray
    """``[k, t0, t]`` of the demand of a month: registrations, changes of type, coming back."""
    newcomers: FloatArray
    """``[k, t0, t]`` of those who begin in a month, as children of today's list do."""


def first_phase(outlook: Outlook) -> FirstPhase:
    """Take the phases of an expectation apart."""
    population = outlook.population
    kinds, months = len(population.school_types), population.month_count
    today = np.zeros((population.schools, months))
    lasting = np.zeros((kinds, months, months))
    count = population.change_count
    after = population.ladder.positions_after(int(count[-1]))
    kind_after = np.where(after >= 0, population.ladder.kind[after], -1)
    for cohort in outlook.cohorts:
        t0 = cohort.month
        first = cohort.size * cohort.survival.phases[0, : months - t0]
        at = kind_after[count[t0:] - count[t0]]
        if cohort.school >= 0:
            today[cohort.school, t0:] += first * ((at == cohort.kind) @ cohort.start)
        if cohort.entry in ("arrived", "returned_in"):
            lasting[cohort.kind, t0, t0:] += first * ((at == cohort.kind) @ cohort.start)
        _add_changes(lasting, cohort, first, at, population.changes)
    seat = _seats(outlook)
    newcomers = np.zeros((kinds, months, months))
    for kind in range(kinds):
        for t0 in range(months):
            begun, vka = population.new_stays[kind][t0].survival(months - t0)
            newcomers[kind, t0, t0:] = _share(begun, vka)
    demand = _share(lasting, seat)
    # A month without demand has the curve of a newcomer, as in the expectation.
    nobody = outlook.demand.sum(axis=1) <= _NOBODY
    demand[nobody] = newcomers[nobody]
    return FirstPhase(_share(today, outlook.use_today), demand, newcomers)


def _add_changes(
    lasting: FloatArray, cohort: Cohort, first: FloatArray, at: IntArray, changes: BoolArray
) -> None:
    """Who changes the school type with the school year is demand of the new one from then on."""
    for t in np.flatnonzero(changes):
        a = int(t) - cohort.month
        if a <= 0:
            continue
        for kind in range(len(lasting)):
            entering = cohort.start * ((at[a] == kind) & (at[a - 1] != kind) & (at[a - 1] >= 0))
            if entering.any():
                lasting[kind, t, t:] += first[a:] * ((at[a:] == kind) @ entering)


def _seats(outlook: Outlook) -> FloatArray:
    """``[k, t0, t]`` pupils of the demand of a month who need their seat."""
    amount = outlook.demand.sum(axis=1)
    return np.asarray(outlook.survival * amount[:, :, None], dtype=np.float64)


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    share = np.divide(part, whole, out=np.zeros(part.shape), where=whole > _NOBODY)
    return np.asarray(np.clip(share, 0.0, 1.0), dtype=np.float64)
