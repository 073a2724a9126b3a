"""Who newly needs a seat in a regular class: expected pupils by grade, residence and month.

A pupil who reaches the phase in which regular classes count (phase 3, or 2 where the rule says so)
takes a seat there and keeps it, in the next grade and school type too, until the family moves away
or school is over.  The end of phase 3 is the end of support, not of the seat.  Who goes back to
phase 2 leaves the seat where only phase 3 counts.

Those who sit in a regular class on the reference date are not counted: they are among the pupils of
the sheet Regelklassen already.  So of today's pupils in phase 1 or 2 those count who move on.
"""

from __future__ import annotations

import numpy as np

from daz_planner.simulation.calendar import BoolArray, FloatArray
from daz_planner.simulation.expectation import Cohort, Outlook

_NOBODY = 1e-15
_CHANGED = "changed_in"
"""Cohorts of the expectation that carry the change to GYM, which is done here anew."""


def regular_entries(outlook: Outlook, phase2_counts: BoolArray) -> FloatArray:
    """Expected pupils who sit in a regular class and did not on the reference date.

    Parameters
    ----------
    phase2_counts:
        ``[t]`` whether phase 2 takes a seat in a regular class; month 0 says whether today's pupils
        in phase 2 have one already.

    Returns
    -------
    FloatArray
        ``[position, i, t]`` by step of the school ladder (``population.ladder``), municipality of
        residence and month; 0 in month 0.
    """
    adder = _Adder(outlook, phase2_counts)
    for cohort in outlook.cohorts:
        if cohort.entry != _CHANGED:
            adder.add(cohort)
    return adder.result()


class _Adder:
    def __init__(self, outlook: Outlook, phase2_counts: BoolArray) -> None:
        self.population = population = outlook.population
        self.phase2 = phase2_counts
        self.count = population.change_count
        self.after = population.ladder.positions_after(int(self.count[-1]))
        stay = 1.0 - population.hazard
        self.stayed: FloatArray = np.array([stay**a for a in range(population.month_count)])
        steps, months = len(population.ladder.kind), population.month_count
        self.by_place = np.zeros((steps, population.municipalities, months))
        self.newcomers = np.zeros((steps, months))
        """Those who live as newcomers do, put to their municipalities at the end."""

    def result(self) -> FloatArray:
        shares = self.population.municipality_shares
        total = self.by_place + self.newcomers[:, None, :] * shares[None, :, None]
        # What is below 0 is rounding, and the shares of those who go on as a cohort of their own.
        return np.asarray(np.where(total < 1e-9, 0.0, total), dtype=np.float64)

    def add(self, cohort: Cohort) -> None:
        seated = self._seated(cohort)
        if not np.abs(seated).max(initial=0.0) > _NOBODY:
            return
        for start in np.flatnonzero(cohort.start):
            amount = cohort.size * float(cohort.start[start])
            self._put(cohort, int(start), cohort.month, amount * seated)
            self._to_gymnasium(cohort, int(start), amount)

    def _outside(self, cohort: Cohort) -> tuple[FloatArray, FloatArray]:
        """``[a]`` shares that need no seat in a regular class yet: by the rule, and for phase 3."""
        span = self.population.month_count - cohort.month
        first, second = cohort.survival.phases[:2, :span]
        waits = first + second
        return np.where(self.phase2[cohort.month :], first, waits), waits

    def _gone_back(self, cohort: Cohort, since: int = 0) -> FloatArray:
        """``[a]`` share that has left phase 3 for phase 2 by then and did not move away."""
        span = self.population.month_count - cohort.month - since
        back = cohort.survival.returning[since : since + span]
        return np.convolve(back, self.stayed)[:span]

    def _at_first(self, cohort: Cohort) -> float:
        """Share of a cohort that had no seat in a regular class before it began."""
        if cohort.entry or cohort.school < 0:
            return 1.0
        first, second = cohort.survival.phases[:2, 0]
        return float(first if self.phase2[0] else first + second)

    def _seated(self, cohort: Cohort) -> FloatArray:
        """``[a]`` share that sits in a regular class and did not before the cohort began."""
        outside, _ = self._outside(cohort)
        span = len(outside)
        seated = self._at_first(cohort) * self.stayed[:span] - outside - self._gone_back(cohort)
        return np.asarray(seated, dtype=np.float64)

    def _put(self, cohort: Cohort, start: int, since: int, amounts: FloatArray) -> None:
        """Add ``amounts[a]`` who were on a step of the ladder in a month, climbing with it."""
        months = np.arange(since, self.population.month_count)
        position = self.after[self.count[months] - self.count[since], start]
        there = position >= 0
        if not there.any():
            return
        where = (position[there], months[there])
        if cohort.places is self.population.municipality_shares:
            np.add.at(self.newcomers, where, amounts[there])
            return
        for i in np.flatnonzero(cohort.places):
            np.add.at(self.by_place[:, i, :], where, amounts[there] * float(cohort.places[i]))

    def _to_gymnasium(self, cohort: Cohort, start: int, amount: float) -> None:
        """A share of those who leave the GS in phase 3 goes to a GYM instead of an OS."""
        population = self.population
        if not population.grammar_schools:
            return
        ladder = population.ladder
        last = int(ladder.positions_of(ladder.school_types.index("GS"))[-1])
        first = int(ladder.positions_of(ladder.school_types.index("GYM"))[0])
        for t in np.flatnonzero(population.changes):
            if t <= cohort.month:
                continue
            steps = int(self.count[t] - self.count[cohort.month])
            if self.after[steps - 1, start] != last:
                continue
            a = int(t) - cohort.month
            moved = amount * population.gymnasium_share
            stayed = self.stayed[: population.month_count - t]
            share = self._in_third(cohort, a)
            _, here = cohort.survival.in_third_since(a)
            back = np.convolve(here.returning[: len(stayed)], self.stayed)[: len(stayed)]
            gone = np.asarray(moved * share * stayed, dtype=np.float64)
            self._put(cohort, first, int(t), gone)
            following = int(ladder.next_position[last])
            less = np.asarray(moved * back - gone, dtype=np.float64)
            self._put(cohort, following, int(t), less)

    def _in_third(self, cohort: Cohort, a: int) -> float:
        """Share in phase 3 or past it after a months that had no seat before the cohort began."""
        _, waits = self._outside(cohort)
        first = self._at_first(cohort)
        if waits[0] <= 0.0:
            reached = first * float(self.stayed[a])
        else:
            # Where phase 2 has a seat already, those from phase 1 are a part of those who move on.
            reached = first * (float(self.stayed[a]) - float(waits[a] / waits[0]))
        return max(0.0, reached - float(self._gone_back(cohort)[a]))
