"""Runs 1 … N: futures drawn pupil by pupil, a block of runs at a time.

A future is a table of pupils; counts follow from it.  A pupil has a month of entry, months in
phases 1, 2 and 3, a month of moving away and a step on the school ladder; everything else follows.
Whoever comes back to phase 2 has a second row from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from daz_planner.simulation.arrivals import arrival_distribution, draw_counts, draw_counts_of
from daz_planner.simulation.calendar import FloatArray, IntArray
from daz_planner.simulation.level import level_factors
from daz_planner.simulation.lookup import Distinct, Lookup, Small, StayLookup
from daz_planner.simulation.population import Population
from daz_planner.simulation.pupil_table import NEVER, Bools, PupilTable, TypeChange
from daz_planner.simulation.streams import BLOCK, Process, uniforms

PART = 150_000
"""About as many pupils are drawn and counted at a time, so that memory stays small."""


@dataclass(frozen=True)
class _Raw:
    """Pupils before their months are put on the calendar, any shape."""

    run: IntArray
    position: Small
    municipality: Small
    household: Small
    school: Small
    entry: IntArray
    in_vka: Bools
    length1: Small
    length2: Small
    length3: Small
    away: Small
    back: Bools
    """Comes back to phase 2, if phase 3 lasts so long."""
    grammar: Bools
    again: FloatArray
    """Random numbers for the second time in phase 2 and in phase 3; empty if nobody returns."""
    again_third: FloatArray


class Drawing:
    """Draws the pupils of a population; keeps the tables that all blocks share.

    Parameters
    ----------
    places:
        Whether municipalities are drawn; counts by school type need none.
    """

    def __init__(self, population: Population, seed: int, *, places: bool) -> None:
        self.population = population
        self.seed = seed
        self.places = places
        months = population.month_count
        self._kinds = Lookup([population.type_shares]) if months > 1 else Lookup([])
        self._grades = Lookup(list(population.start_of_type))
        self._places = Lookup([population.municipality_shares])
        self._moving = Lookup([_moving_distribution(population.hazard, months)])
        self._third = Lookup([model.phase3 for model in population.stays])
        self._met_third = Lookup([model.met_in_phase3 for model in population.stays])
        self._new = StayLookup([table for of_kind in population.new_stays for table in of_kind])
        self._again = StayLookup([table for of_kind in population.again_stays for table in of_kind])
        groups = population.groups
        self._met = StayLookup([group.stay for group in groups if group.stay is not None])
        tables = iter(self._met.index)
        self._met_index = [-1 if group.stay is None else next(tables) for group in groups]
        self._met_grades = Distinct([group.start for group in groups])
        self._laws = [
            arrival_distribution(float(mean), float(factor))
            for mean, factor in zip(
                population.registrations, population.variance_factor, strict=True
            )
        ]
        self._change = TypeChange(population)
        ladder = population.ladder
        self._position_after = ladder.positions_after(int(population.change_count[-1]))

    def block(self, block: int) -> PupilTable:
        """All pupils of the futures ``block * BLOCK … + BLOCK - 1``."""
        parts = list(self.parts(block))
        if not parts:
            parts = list(self._with_returns(self._nobody()))
        names = [field.name for field in fields(PupilTable)]
        return PupilTable(
            **{n: np.concatenate([getattr(part, n) for part in parts]) for n in names}
        )

    def parts(self, block: int) -> Iterator[PupilTable]:
        """The same in parts of about :data:`PART` pupils."""
        yield from self._today(block)
        waiting: list[_Raw] = []
        size = 0
        levels = level_factors(
            self.population.level_start,
            self.population.level_drift,
            self.population.month_count,
            self.seed,
            block,
        )
        for month in range(1, self.population.month_count):
            raw = self._month(block, month, None if levels is None else levels[month])
            if raw is not None:
                waiting.append(raw)
                size += len(raw.run)
            if size >= PART:
                yield from self._tables(waiting, block)
                waiting, size = [], 0
        yield from self._tables(waiting, block)

    def _nobody(self) -> _Raw:
        whole, small = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
        return _Raw(
            run=whole,
            position=small,
            municipality=small,
            household=small,
            school=small,
            entry=whole,
            in_vka=np.zeros(0, dtype=np.bool_),
            length1=small,
            length2=small,
            length3=small,
            away=small,
            **self._of_later(0, None, None, None, None),
        )

    # -- today ------------------------------------------------------------------------------------

    def _today(self, block: int) -> Iterator[PupilTable]:
        groups = self.population.groups
        count = sum(group.count for group in groups)
        if not count:
            return

        def draw(process: Process) -> FloatArray:
            return uniforms(self.seed, process, 0, block, count)

        grade, stay = draw(Process.TODAY_GRADE), draw(Process.TODAY_STAY)
        third, moving = draw(Process.TODAY_PHASE3), draw(Process.TODAY_MOVING)
        later = self._later(0, block, count)
        group_of = np.repeat(np.arange(len(groups)), [group.count for group in groups])
        step = max(1, PART // BLOCK)
        for first in range(0, count, step):
            rows = slice(first, first + step)
            raw = self._of_groups(
                group_of[rows], grade[rows], stay[rows], third[rows], moving[rows]
            )
            chances = (None if table is None else table[rows].ravel() for table in later)
            yield from self._with_returns(replace(raw, **self._of_later(len(raw.run), *chances)))

    def _of_groups(
        self,
        group_of: IntArray,
        grade: FloatArray,
        stay: FloatArray,
        third: FloatArray,
        moving: FloatArray,
    ) -> _Raw:
        """Pupils of the given groups; the random numbers are ``[pupil, run]``."""
        population = self.population
        groups = population.groups

        def each(values: list[int]) -> Small:
            column = np.array(values, dtype=np.int32)[group_of][:, None]
            return np.broadcast_to(column, grade.shape).ravel()

        kind = each([group.kind for group in groups])
        table = each(self._met_index)
        grades = each(self._met_grades.index)
        stay, third = stay.ravel(), third.ravel()
        in_vka = table >= 0
        length1 = np.zeros(len(kind), dtype=np.int32)
        length2, length3 = length1.copy(), np.empty_like(length1)
        if in_vka.any():
            length1[in_vka], length2[in_vka] = self._met.draw(table[in_vka], stay[in_vka])
            length3[in_vka] = self._third.draw(kind[in_vka], third[in_vka]) + 1
        if not in_vka.all():
            length3[~in_vka] = self._met_third.draw(kind[~in_vka], third[~in_vka]) + 1
        return _Raw(
            run=np.broadcast_to(np.arange(BLOCK), grade.shape).ravel(),
            position=self._met_grades.lookup.draw(grades, grade.ravel()),
            municipality=each([group.municipality for group in groups]),
            household=np.full(len(kind), -1, dtype=np.int32),
            school=each([group.school for group in groups]),
            entry=np.zeros(len(kind), dtype=np.int64),
            in_vka=in_vka,
            length1=length1,
            length2=length2,
            length3=length3,
            away=self._months_until_moving(moving.ravel()),
            **self._of_later(0, None, None, None, None),
        )

    # -- arrivals ---------------------------------------------------------------------------------

    def _month(self, block: int, month: int, level: FloatArray | None) -> _Raw | None:
        """Those who register in a month; ``level`` is a factor ``[run]`` on how many."""
        population, seed = self.population, self.seed
        law = self._laws[month]
        if len(law) == 1:
            return None
        chance = uniforms(seed, Process.ARRIVALS, month, block, 1)[0]
        if level is None:
            counts = draw_counts(law, chance)
        else:
            mean, factor = population.registrations[month], population.variance_factor[month]
            known = population.announced[month]
            counts = draw_counts_of((known + (1.0 - known) * level) * mean, float(factor), chance)
        most = int(counts.max())
        if most == 0:
            return None
        there = np.arange(most)[:, None] < counts[None, :]
        row, run = there.nonzero()
        head = self._heads(month, block, most)

        def draw(process: Process, of: IntArray | None = None) -> FloatArray:
            numbers = uniforms(seed, process, month, block, most)
            if of is not None:
                numbers = np.take_along_axis(numbers, of, axis=0)
            return np.asarray(numbers[there])

        kind = self._kinds.draw(0, draw(Process.SCHOOL_TYPE))
        position = self._grades.draw(kind, draw(Process.GRADE))
        direct_share = population.direct_share[month]
        in_vka = np.ones(len(run), dtype=np.bool_)
        if direct_share.any():
            in_vka = draw(Process.DIRECT) >= direct_share[position]
        stay = kind.astype(np.int64) * population.month_count + month
        length1, length2 = self._new.draw(self._new.index_array[stay], draw(Process.STAY))
        if self.places:
            places = self._places.draw(0, draw(Process.MUNICIPALITY, head))
        else:
            places = np.full(len(run), -1, dtype=np.int32)
        first = row if head is None else head[row, run]
        later = self._later(month, block, most)
        chances = (None if table is None else table[there] for table in later)
        return _Raw(
            run=run,
            position=position,
            municipality=places,
            household=(month * 100_000 + first).astype(np.int32),
            school=np.full(len(run), -1, dtype=np.int32),
            entry=np.full(len(run), month),
            in_vka=in_vka,
            length1=length1 * in_vka,
            length2=length2 * in_vka,
            length3=self._third.draw(kind, draw(Process.PHASE3)) + 1,
            away=self._months_until_moving(draw(Process.MOVING, head)),
            **self._of_later(len(run), *chances),
        )

    def _heads(self, month: int, block: int, most: int) -> IntArray | None:
        """``[child, run]`` the first child of the household; ``None`` where all come alone.

        A child joins the household of the one before with probability q = 1 - p. Alone is who
        neither joins nor is joined; of n children (n - 2)·p² + 2·p, for the first and the last
        have one neighbour only. A child meets on average mean + variance factor children of its
        month, itself included.
        """
        share = self.population.sibling_share
        if share <= 0.0:
            return None
        n = self.population.registrations[month] + self.population.variance_factor[month]
        n = max(3.0, float(n))
        alone = (np.sqrt(1.0 + (n - 2.0) * n * (1.0 - share)) - 1.0) / (n - 2.0)
        chance = uniforms(self.seed, Process.SIBLINGS, month, block, most)
        joins = chance < 1.0 - alone
        joins[0] = False
        own = np.broadcast_to(np.arange(most)[:, None], joins.shape)
        return np.asarray(np.maximum.accumulate(np.where(joins, 0, own), axis=0), dtype=np.int64)

    def _tables(self, waiting: list[_Raw], block: int) -> Iterator[PupilTable]:
        if not waiting:
            return
        names = [field.name for field in fields(_Raw)]
        joined = {n: np.concatenate([getattr(raw, n) for raw in waiting]) for n in names}
        yield from self._with_returns(_Raw(**joined))

    def _months_until_moving(self, uniform: FloatArray) -> Small:
        """Moves away between months a - 1 and a with the same probability each."""
        months = self._moving.draw(0, uniform) + 1
        return np.where(months >= self.population.month_count + 1, NEVER, months).astype(np.int32)

    def _later(self, month: int, block: int, count: int) -> tuple[FloatArray | None, ...]:
        """Random numbers ``[pupil, run]`` for coming back and for grammar schools, if needed."""
        population = self.population

        def draw(process: Process, needed: bool) -> FloatArray | None:
            return uniforms(self.seed, process, month, block, count) if needed else None

        returns = population.return_share > 0.0
        return (
            draw(Process.RETURN, returns),
            draw(Process.GRAMMAR, population.grammar_schools),
            draw(Process.AGAIN, returns),
            draw(Process.AGAIN_PHASE3, returns),
        )

    def _of_later(
        self,
        count: int,
        back: FloatArray | None,
        grammar: FloatArray | None,
        again: FloatArray | None,
        again_third: FloatArray | None,
    ) -> dict[str, Any]:
        """The fields of :class:`_Raw` that follow from these random numbers."""
        nobody = np.zeros(count, dtype=np.bool_)
        nothing = np.zeros(0)
        return {
            "back": nobody if back is None else back < self.population.return_share,
            "grammar": nobody if grammar is None else grammar < self.population.gymnasium_share,
            "again": nothing if again is None else again,
            "again_third": nothing if again_third is None else again_third,
        }

    # -- months on the calendar, and those who come back ------------------------------------------

    def _with_returns(self, raw: _Raw) -> Iterator[PupilTable]:
        """The rows of these pupils, and the second rows of those who come back to phase 2."""
        after = self.population.return_after
        back = raw.back & raw.in_vka & (raw.length3 > after)
        if self.population.grammar_schools:
            # Who is at a GYM by then does not come back to a VKA.
            third = raw.entry + raw.length1 + raw.length2
            change = self._change.month(raw.position, raw.entry)
            is_gs = self._change.is_gs(raw.position)
            back &= ~(raw.grammar & is_gs & (third <= change) & (change < third + after))
        table = PupilTable(
            run=raw.run.astype(np.int32),
            position=raw.position,
            municipality=raw.municipality,
            household=raw.household,
            school=raw.school,
            entry=raw.entry.astype(np.int16),
            phase2_from=(raw.entry + raw.length1).astype(np.int16),
            phase3_from=(raw.entry + raw.length1 + raw.length2).astype(np.int16),
            done=(
                raw.entry + raw.length1 + raw.length2 + np.where(back, after, raw.length3)
            ).astype(np.int16),
            away=np.minimum(raw.entry + raw.away, NEVER).astype(np.int16),
            goes_back=back,
            came_back=np.zeros(len(back), dtype=np.bool_),
            grammar=raw.grammar,
        )
        yield table
        if back.any():
            yield self._second_rows(raw, table)

    def _second_rows(self, raw: _Raw, table: PupilTable) -> PupilTable:
        """From the month in which they come back: phase 2 and phase 3 once more."""
        population = self.population
        count = population.change_count
        since = table.done.astype(np.int64)
        rows = np.flatnonzero(
            table.goes_back & (since < population.month_count) & (table.away > table.done)
        )
        since = since[rows]
        steps = count[since] - count[table.entry[rows]]
        position = self._position_after[steps, table.position[rows]]
        rows, since, position = (x[position >= 0] for x in (rows, since, position))
        kind = population.ladder.kind[position]
        stay = kind * population.month_count + since
        _, length2 = self._again.draw(self._again.index_array[stay], raw.again[rows])
        length3 = self._third.draw(kind, raw.again_third[rows]) + 1
        entry = since.astype(np.int16)
        return PupilTable(
            run=table.run[rows],
            position=position.astype(np.int32),
            municipality=table.municipality[rows],
            household=table.household[rows],
            school=np.full(len(rows), -1, dtype=np.int32),
            entry=entry,
            phase2_from=entry,
            phase3_from=(since + length2).astype(np.int16),
            done=(since + length2 + length3).astype(np.int16),
            away=table.away[rows],
            goes_back=np.zeros(len(rows), dtype=np.bool_),
            came_back=np.ones(len(rows), dtype=np.bool_),
            grammar=table.grammar[rows],
        )


def draw_block(population: Population, seed: int, block: int) -> PupilTable:
    """Draw the pupils of the futures ``block * BLOCK … + BLOCK - 1``."""
    return Drawing(population, seed, places=True).block(block)


def _moving_distribution(hazard: float, months: int) -> FloatArray:
    """Probabilities of moving away after 1, 2, … months; the last entry is "not within them"."""
    if hazard <= 0.0:
        return np.array([0.0] * months + [1.0])
    stay = (1.0 - hazard) ** np.arange(months)
    return np.append(stay * hazard, stay[-1] * (1.0 - hazard))
