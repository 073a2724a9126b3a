"""A pupil of a drawn future as one entry in each of some arrays, and when a school type ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.lookup import Small
from daz_planner.simulation.population import Population

NEVER = 10_000
"""A month beyond every horizon."""

Months = npt.NDArray[np.int16]
Bools = npt.NDArray[np.bool_]
AnyWhole = npt.NDArray[np.integer]


@dataclass(frozen=True)
class PupilTable:
    """The pupils of a block of futures, one entry a pupil in each array.

    Months are counted from the reference date. ``phase2_from``, ``phase3_from`` and ``done`` are
    the months in which the pupil is no longer in the phase before; ``away`` is the first month
    after moving away. A pupil who was in phase 2 already has ``phase2_from`` equal to ``entry``.
    """

    run: Small
    position: Small
    """Step on the school ladder at entry."""
    municipality: Small
    """-1 where it was not asked for."""
    household: Small
    """Children of a future with the same number came together; -1 for those there today."""
    school: Small
    """School of today's roster, -1 for newcomers."""
    entry: Months
    phase2_from: Months
    phase3_from: Months
    done: Months
    away: Months
    goes_back: Bools
    """At ``done`` phase 3 is not over: the pupil goes back to phase 2 (another row)."""
    came_back: Bools
    """The row of a pupil who has come back to phase 2."""
    grammar: Bools
    """Changes from GS to GYM, if in phase 3 by then."""


class TypeChange:
    """When a pupil leaves the school type, by the step on the ladder and the month of entry."""

    def __init__(self, population: Population) -> None:
        ladder = population.ladder
        kinds = ladder.school_types
        last = np.array([ladder.positions_of(k)[-1] for k in range(len(kinds))])
        self._changes = np.append(np.flatnonzero(population.changes), NEVER).astype(np.int16)
        self._steps_to_last = (last[ladder.kind] - np.arange(len(ladder.kind))).astype(np.int64)
        self._first_after = np.searchsorted(
            self._changes, np.arange(population.month_count + 1), side="right"
        )
        self._is_gs = ladder.kind == (kinds.index("GS") if "GS" in kinds else -1)

    def month(self, position: AnyWhole, start: AnyWhole) -> Months:
        """Month in which the school type ends for those on a step in a month."""
        which = self._first_after[start] + self._steps_to_last[position]
        month: Months = self._changes[np.minimum(which, len(self._changes) - 1)]
        return month

    def is_gs(self, position: AnyWhole) -> Bools:
        """Whether a step belongs to the Grundschule."""
        return np.asarray(self._is_gs[position], dtype=np.bool_)
