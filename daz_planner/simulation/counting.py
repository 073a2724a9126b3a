"""Counts of drawn futures by school type, phase and month, with their balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.calendar import IntArray
from daz_planner.simulation.conservation import check_conservation
from daz_planner.simulation.population import Population
from daz_planner.simulation.pupil_table import PupilTable, TypeChange
from daz_planner.simulation.streams import BLOCK

# Why a pupil is no longer in a school type, as the second half of an index.
_FINISHED, _MOVED, _WENT_BACK, _CHANGED, _STILL_THERE = range(5)
_REASONS = 5
_OUT = {
    "finished": _FINISHED,
    "moved_away": _MOVED,
    "returned_out": _WENT_BACK,
    "changed_out": _CHANGED,
}


@dataclass(frozen=True)
class BlockCounts:
    """Counts of a block of futures: ``pupils[r, k, p, t]`` and flows ``[r, k, t]``."""

    pupils: IntArray
    flows: dict[str, IntArray]


def count_block(population: Population, parts: Iterable[PupilTable]) -> BlockCounts:
    """Count a block given in parts; checks that nobody is lost.

    Raises
    ------
    ConservationError
        If the balance of a future does not hold (a bug).
    """
    counter = _Counter(population)
    for part in parts:
        counter.add(part)
    counts = counter.counts()
    check_conservation(counts.pupils.sum(axis=2), counts.flows)
    return counts


class _Counter:
    """Adds up who begins and who ends; the numbers present are running totals of these."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.kinds = len(population.school_types)
        self.months = population.month_count
        self.shape = (BLOCK, self.kinds, self.months + 1)
        self.size = BLOCK * self.kinds * (self.months + 1)
        # Begin of phases 1, 2, 3 in a type, and its end by reason.
        self.begins = np.zeros((3, self.size), dtype=np.int64)
        self.ends = np.zeros(_REASONS * self.size, dtype=np.int64)
        self.entries = {name: np.zeros(self.size, dtype=np.int64) for name in _ENTRIES}
        ladder = population.ladder
        last = np.array([ladder.positions_of(k)[-1] for k in range(self.kinds)])
        self.after_last = ladder.next_position[last]
        self.change = TypeChange(population)
        self.kind_of = ladder.kind

    def add(self, pupils: PupilTable) -> None:
        """Count the pupils of a part, one round for each school type that they pass through."""
        end = np.int16(self.months)
        base = pupils.run.astype(np.int64) * self.kinds
        position, start = pupils.position, pupils.entry
        gone = np.minimum(np.minimum(pupils.done, pupils.away), end)
        second, third = pupils.phase2_from, pupils.phase3_from
        # Moving away comes first in a month: whoever does both in one month has moved away.
        reason = np.where(
            pupils.away <= pupils.done,
            _MOVED,
            np.where(pupils.goes_back, _WENT_BACK, _FINISHED),
        )
        reason[gone >= end] = _STILL_THERE
        grammar = pupils.grammar
        new = start > 0
        self._enter("returned_in", base, position, start, pupils.came_back)
        self._enter("arrived", base, position, start, new & ~pupils.came_back)
        while len(position):
            kind = self.kind_of[position]
            change = self.change.month(position, start)
            target = self.after_last[kind]
            # Nobody goes back to phase 2 in the month in which school is over.
            too_late = (change == gone) & (target < 0) & (reason == _WENT_BACK)
            leaves = ((change < gone) | too_late) & (change < end)
            stop = np.where(leaves, change, gone)
            if self.population.grammar_schools:
                target = self._grammar_target(kind, target, grammar & leaves & (third <= change))
            out = np.where(leaves, np.where(target < 0, _FINISHED, _CHANGED), reason)
            index = (base + kind) * (self.months + 1)
            self._begin(0, index, start)
            self._begin(1, index, np.minimum(np.maximum(second, start), stop))
            self._begin(2, index, np.minimum(np.maximum(third, start), stop))
            self.ends += np.bincount(out * self.size + index + stop, minlength=_REASONS * self.size)
            go_on = np.flatnonzero(leaves & (target >= 0))
            position, start, gone = target[go_on], change[go_on], gone[go_on]
            base, second, third = base[go_on], second[go_on], third[go_on]
            reason, grammar = reason[go_on], grammar[go_on]
            self._enter("changed_in", base, position, start, np.ones(len(go_on), dtype=np.bool_))

    def _grammar_target(
        self, kind: IntArray, target: IntArray, chosen: npt.NDArray[np.bool_]
    ) -> IntArray:
        """GYM in place of OS for those in phase 3 who were drawn for it."""
        ladder = self.population.ladder
        is_gs = kind == ladder.school_types.index("GS")
        first = ladder.positions_of(ladder.school_types.index("GYM"))[0]
        return np.where(chosen & is_gs, first, target)

    def _begin(self, phase: int, index: IntArray, month: npt.NDArray[np.int16]) -> None:
        self.begins[phase] += np.bincount(index + month, minlength=self.size)

    def _enter(
        self,
        name: str,
        base: IntArray,
        position: npt.NDArray[np.integer],
        month: npt.NDArray[np.int16],
        who: npt.NDArray[np.bool_],
    ) -> None:
        if who.any():
            index = (base[who] + self.kind_of[position[who]]) * (self.months + 1) + month[who]
            self.entries[name] += np.bincount(index, minlength=self.size)

    def counts(self) -> BlockCounts:
        """``pupils[r, k, p, t]`` and flows ``[r, k, t]``."""
        ends = self.ends.reshape(_REASONS, *self.shape)
        begins = self.begins.reshape(3, *self.shape)
        changed = [begins[0] - begins[1], begins[1] - begins[2], begins[2] - ends.sum(axis=0)]
        pupils = np.cumsum(np.stack(changed, axis=2), axis=-1)[..., : self.months]
        flows = {name: ends[reason][..., : self.months] for name, reason in _OUT.items()}
        for name, entries in self.entries.items():
            flows[name] = entries.reshape(self.shape)[..., : self.months]
        return BlockCounts(pupils, flows)


_ENTRIES = ("arrived", "changed_in", "returned_in")
