"""Runs 1 … N: futures drawn pupil by pupil, a block of runs at a time.

A future is a table of pupils; counts follow from it.  A pupil has a month of entry, months in
phases 1, 2 and 3, a month of moving away and a step on the school ladder; everything else follows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.arrivals import arrival_distribution, draw_counts
from daz_planner.simulation.calendar import FloatArray, IntArray
from daz_planner.simulation.conservation import check_conservation
from daz_planner.simulation.forecast import FLOW_NAMES
from daz_planner.simulation.population import Population
from daz_planner.simulation.streams import BLOCK, Process, uniforms
from daz_planner.simulation.today import Group

NEVER = 10_000
"""A month beyond every horizon."""
_NOBODY = 1e-12


@dataclass(frozen=True)
class PupilTable:
    """The pupils of a block of futures, one entry a pupil in each array.

    Months are counted from the reference date. ``phase2_from``, ``phase3_from`` and ``done`` are
    the months in which the pupil is no longer in the phase before; ``away`` is the first month
    after moving away. A pupil who was in phase 2 already has ``phase2_from`` equal to ``entry``.
    """

    run: IntArray
    position: IntArray
    """Step on the school ladder at entry."""
    municipality: IntArray
    school: IntArray
    """School of today's roster, -1 for newcomers."""
    entry: IntArray
    phase2_from: IntArray
    phase3_from: IntArray
    done: IntArray
    away: IntArray


@dataclass(frozen=True)
class BlockCounts:
    """Counts of a block of futures: ``pupils[r, k, p, t]`` and flows ``[r, k, t]``."""

    pupils: IntArray
    flows: dict[str, IntArray]


def draw_block(population: Population, seed: int, block: int) -> PupilTable:
    """Draw the pupils of the futures ``block * BLOCK … + BLOCK - 1``."""
    parts = [_draw_today(population, seed, block)]
    for month in range(1, population.month_count):
        part = _draw_month(population, seed, block, month)
        if part is not None:
            parts.append(part)
    names = PupilTable.__dataclass_fields__
    return PupilTable(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})


def _draw_today(population: Population, seed: int, block: int) -> PupilTable:
    groups = population.groups
    count = sum(group.count for group in groups)
    grade = uniforms(seed, Process.TODAY_GRADE, 0, block, count)
    stay = uniforms(seed, Process.TODAY_STAY, 0, block, count)
    third = uniforms(seed, Process.TODAY_PHASE3, 0, block, count)
    moving = uniforms(seed, Process.TODAY_MOVING, 0, block, count)
    rows = np.empty((count, 5), dtype=np.int64)
    position = np.empty((count, BLOCK), dtype=np.int64)
    lengths = np.empty((3, count, BLOCK), dtype=np.int64)
    first = 0
    for group in groups:
        part = slice(first, first + group.count)
        rows[part] = (group.school, group.municipality, 0, 0, 0)
        position[part] = _pick(group.start, grade[part])
        lengths[:, part] = _draw_group_stays(population, group, stay[part], third[part])
        first += group.count
    shape = (count, BLOCK)
    return _table(
        run=np.broadcast_to(np.arange(BLOCK), shape),
        position=position,
        municipality=np.broadcast_to(rows[:, 1:2], shape),
        school=np.broadcast_to(rows[:, 0:1], shape),
        entry=np.zeros(shape, dtype=np.int64),
        lengths=lengths,
        away=_months_until_moving(population.hazard, moving),
    )


def _draw_group_stays(
    population: Population, group: Group, stay: FloatArray, third: FloatArray
) -> IntArray:
    """Months left in each phase, ``[phase, pupil, run]``."""
    model = population.stays[group.kind]
    if group.phase == 3:
        left = 1 + draw_counts(np.cumsum(model.met_in_phase3), third)
        left = np.minimum(left, len(model.met_in_phase3))
        return np.array([np.zeros_like(left), np.zeros_like(left), left])
    table = group.stay or (model.new if group.phase == 0 else model.met(group.phase))
    pair = np.minimum(draw_counts(table.cumulative, stay), len(table.cumulative) - 1)
    return np.array([table.phase1[pair], table.phase2[pair], _phase3(model.phase3, third)])


def _phase3(probabilities: FloatArray, uniform: FloatArray) -> IntArray:
    months = 1 + draw_counts(np.cumsum(probabilities), uniform)
    return np.minimum(months, len(probabilities))


def _draw_month(population: Population, seed: int, block: int, month: int) -> PupilTable | None:
    law = arrival_distribution(float(population.registrations[month]), population.variance_factor)
    counts = draw_counts(law, uniforms(seed, Process.ARRIVALS, month, block, 1)[0])
    most = int(counts.max())
    if most == 0:
        return None
    present = np.arange(most)[:, None] < counts[None, :]
    row, run = present.nonzero()

    def draw(process: Process) -> FloatArray:
        return np.asarray(uniforms(seed, process, month, block, most)[row, run])

    kind = _pick(population.type_shares, draw(Process.SCHOOL_TYPE))
    grade, stay = draw(Process.GRADE), draw(Process.STAY)
    third = draw(Process.PHASE3)
    direct = draw(Process.DIRECT) < population.direct_share
    position = np.empty(len(row), dtype=np.int64)
    lengths = np.empty((3, len(row)), dtype=np.int64)
    for k, model in enumerate(population.stays):
        own = kind == k
        position[own] = _pick(population.start_of_type[k], grade[own])
        pair = np.minimum(draw_counts(model.new.cumulative, stay[own]), len(model.new.phase1) - 1)
        in_vka = ~direct[own]
        lengths[0, own] = model.new.phase1[pair] * in_vka
        lengths[1, own] = model.new.phase2[pair] * in_vka
        lengths[2, own] = _phase3(model.phase3, third[own])
    return _table(
        run=run,
        position=position,
        municipality=_pick(population.municipality_shares, draw(Process.MUNICIPALITY)),
        school=np.full(len(row), -1),
        entry=np.full(len(row), month),
        lengths=lengths,
        away=_months_until_moving(population.hazard, draw(Process.MOVING)),
    )


def _table(
    *,
    run: npt.NDArray[np.int64],
    position: IntArray,
    municipality: IntArray,
    school: IntArray,
    entry: IntArray,
    lengths: IntArray,
    away: IntArray,
) -> PupilTable:
    """Turn lengths of phases into months, and any shape into one row a pupil."""
    ends = entry + np.cumsum(lengths, axis=0)
    return PupilTable(
        run=run.ravel(),
        position=position.ravel(),
        municipality=municipality.ravel(),
        school=school.ravel(),
        entry=entry.ravel(),
        phase2_from=ends[0].ravel(),
        phase3_from=ends[1].ravel(),
        done=ends[2].ravel(),
        away=(entry + away).ravel(),
    )


def _pick(shares: FloatArray, uniform: FloatArray) -> IntArray:
    """Index drawn by shares; an index without a share is never drawn."""
    cumulative = np.cumsum(shares)
    last = int(np.flatnonzero(shares)[-1])
    return np.minimum(draw_counts(cumulative / cumulative[-1], uniform), last)


def _months_until_moving(hazard: float, uniform: FloatArray) -> IntArray:
    """Geometric: moves away between months a - 1 and a with probability ``hazard`` each."""
    if hazard <= _NOBODY:
        return np.full(uniform.shape, NEVER, dtype=np.int64)
    months = 1.0 + np.floor(np.log1p(-uniform) / np.log1p(-hazard))
    return np.asarray(np.minimum(months, NEVER), dtype=np.int64)


def count_block(population: Population, pupils: PupilTable) -> BlockCounts:
    """Count a block by school type, phase and month, with the flows; checks the balance."""
    counter = _Counter(population)
    ladder = population.ladder
    position = pupils.position.copy()
    start = pupils.entry.copy()
    gone = np.minimum(np.minimum(pupils.done, pupils.away), NEVER)
    counter.flow("arrived", pupils.run, ladder.kind[position], start, where=start > 0)
    row = np.arange(len(position))
    # One round for each school type that a pupil passes through.
    while len(row):
        kind = ladder.kind[position]
        change, target = _next_type_change(population, position, start)
        end = np.minimum(gone, change)
        counter.stay(pupils, row, kind, start, end)
        leaves_type = (change < gone) & (change < population.month_count)
        finished = (pupils.done[row] <= pupils.away[row]) & ~leaves_type
        moved = ~finished & ~leaves_type
        out = leaves_type & (target < 0)
        # Moving away comes first in a month: whoever does both in one month has moved away.
        both = finished & (pupils.done[row] == pupils.away[row])
        run = pupils.run[row]
        counter.flow("finished", run, kind, gone, where=finished & ~both)
        counter.flow("moved_away", run, kind, gone, where=moved | both)
        counter.flow("finished", run, kind, change, where=out)
        stays = leaves_type & (target >= 0)
        counter.flow("changed_out", run, kind, change, where=stays)
        new_kind = ladder.kind[target[stays]]
        counter.flow("changed_in", run[stays], new_kind, change[stays])
        row, position, start, gone = row[stays], target[stays], change[stays], gone[stays]
    counts = BlockCounts(counter.pupils(), counter.flows)
    check_conservation(counts.pupils.sum(axis=2), counts.flows)
    return counts


def _next_type_change(
    population: Population, position: IntArray, start: IntArray
) -> tuple[IntArray, IntArray]:
    """Month in which each pupil leaves the school type, and the position after it."""
    ladder = population.ladder
    months = np.append(np.flatnonzero(population.changes), NEVER)
    last = np.array([ladder.positions_of(k)[-1] for k in range(len(ladder.school_types))])
    steps = last[ladder.kind[position]] - position
    which = np.searchsorted(months, start, side="right") + steps
    change = months[np.minimum(which, len(months) - 1)]
    return change, ladder.next_position[last[ladder.kind[position]]]


class _Counter:
    """Adds up pupils and flows of a block by differences: +1 at the start, -1 at the end."""

    def __init__(self, population: Population) -> None:
        self.kinds = len(population.school_types)
        self.months = population.month_count
        shape = (BLOCK, self.kinds, self.months + 1)
        self._steps = np.zeros((3, *shape), dtype=np.int64)
        self._flows = {name: np.zeros(shape, dtype=np.int64) for name in FLOW_NAMES}

    def _bins(self, run: IntArray, kind: IntArray, month: IntArray) -> IntArray:
        size = BLOCK * self.kinds * (self.months + 1)
        index = (run * self.kinds + kind) * (self.months + 1) + np.minimum(month, self.months)
        return np.bincount(index, minlength=size).reshape(BLOCK, self.kinds, self.months + 1)

    def stay(
        self, pupils: PupilTable, row: IntArray, kind: IntArray, start: IntArray, end: IntArray
    ) -> None:
        """Pupils ``row`` are in the type from ``start`` to before ``end``."""
        run = pupils.run[row]
        borders = (pupils.entry[row], pupils.phase2_from[row], pupils.phase3_from[row], end)
        for phase in range(3):
            first = np.maximum(borders[phase], start)
            last = np.minimum(np.maximum(borders[phase + 1], start), end)
            there = first < last
            self._steps[phase] += self._bins(run[there], kind[there], first[there])
            self._steps[phase] -= self._bins(run[there], kind[there], last[there])

    def flow(
        self,
        name: str,
        run: IntArray,
        kind: IntArray,
        month: IntArray,
        where: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        """Count pupils who move in ``month``; later months than the horizon do not count."""
        if where is not None:
            run, kind, month = run[where], kind[where], month[where]
        self._flows[name] += self._bins(run, kind, month)

    def pupils(self) -> IntArray:
        """``[r, k, p, t]``"""
        counts = np.cumsum(self._steps, axis=-1)[..., : self.months]
        return np.ascontiguousarray(np.moveaxis(counts, 0, 2))

    @property
    def flows(self) -> dict[str, IntArray]:
        """Name → ``[r, k, t]``"""
        return {name: flow[..., : self.months] for name, flow in self._flows.items()}
