"""Spells as sets of pairs (months in phase 1, months in phase 2).

A spell contributes P(seen like this) / P(seen at all) to the likelihood, both given the day of
entry: delayed entry (truncation) is the divisor, an open or bracketed end are in the numerator.
Every such set is made of strips: one stay in phase 1 (or any), and stays in phase 2 between two
bounds.  So a probability is a product of one value and a difference of a running sum, for many
distributions at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.calibration.observations import LONGEST, Spell

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TAIL = 6
"""Months beyond the longest stay that was seen, for stays that had not ended yet."""

_Strip = tuple[int, int, int, float]
"""Months in phase 1 (0: any), and months in phase 2 from above one bound to the other, weight."""
_Bounds = tuple[int, int]


@dataclass(frozen=True)
class Strips:
    """Sets of pairs, one after the other; set n begins with strip ``begin[n]``.

    The strip i holds the pairs with ``first[i]`` months in phase 1 (0: any) and more than
    ``low[i]``, at most ``high[i]`` in phase 2, each with ``weight[i]``.
    """

    first: IntArray
    low: IntArray
    high: IntArray
    weight: FloatArray
    begin: IntArray
    set_of: IntArray
    """Set of each strip."""

    @classmethod
    def of(cls, sets: Sequence[Sequence[_Strip]]) -> Strips:
        """From one sequence of strips for each set; an empty set gets a strip of weight 0."""
        full = [list(strips) or [(0, 0, 0, 0.0)] for strips in sets]
        rows = np.array([strip for strips in full for strip in strips], dtype=np.float64)
        rows = rows.reshape(-1, 4)
        sizes = np.array([len(strips) for strips in full], dtype=np.int64)
        whole = rows[:, :3].astype(np.int64)
        return cls(
            first=whole[:, 0],
            low=whole[:, 1],
            high=whole[:, 2],
            weight=rows[:, 3].copy(),
            begin=np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64),
            set_of=np.repeat(np.arange(len(sizes)), sizes),
        )


@dataclass(frozen=True)
class Weights:
    """Spells that look alike are one pattern.

    ``seen`` has one set for each pattern; ``unseen`` the pairs that no roster could have met, for
    each kind of selection; ``selection[n]`` is the one of pattern n. ``pattern[s]`` is the pattern
    of spell s. ``months`` are the longest stays in phase 1 and 2.
    """

    seen: Strips
    unseen: Strips
    selection: IntArray
    pattern: IntArray
    months: tuple[int, int]

    @property
    def patterns(self) -> int:
        """Number of patterns."""
        return len(self.selection)


def months_needed(spells: Sequence[Spell]) -> tuple[int, int]:
    """Longest stay in each phase that the spells call for, without room for open ends."""
    first = second = 1
    for spell in spells:
        if spell.clock == 2:
            second = max(second, *_ends(spell.second))
        else:
            first = max(first, *_ends(spell.first))
            second = max(second, *(end - spell.first[0] for end in _ends(spell.total)))
    return min(LONGEST, first), min(LONGEST, second)


def weigh(spells: Sequence[Spell], months: tuple[int, int], hazard: float) -> Weights:
    """The sets of the spells.

    Parameters
    ----------
    months:
        Longest stay in phase 1 and in phase 2 that is possible.
    hazard:
        Share of the pupils who move away in a month: a pupil missing in a roster has finished or
        has moved away.
    """
    patterns: dict[tuple[object, ...], int] = {}
    selections: dict[tuple[object, ...], int] = {}
    seen: list[list[_Strip]] = []
    unseen: list[list[_Strip]] = []
    selection: list[int] = []
    pattern: list[int] = []
    for spell in spells:
        chosen = (spell.clock, 0 if spell.whole_vka else spell.phase, spell.seen)
        key = (chosen, spell.phase, spell.first, spell.total, spell.second, spell.gone)
        if key not in patterns:
            if chosen not in selections:
                selections[chosen] = len(unseen)
                unseen.append(list(_unseen(spell, months)))
            patterns[key] = len(seen)
            selection.append(selections[chosen])
            seen.append(list(_seen(spell, months, hazard)))
        pattern.append(patterns[key])
    return Weights(
        seen=Strips.of(seen),
        unseen=Strips.of(unseen),
        selection=np.array(selection, dtype=np.int64),
        pattern=np.array(pattern, dtype=np.int64),
        months=months,
    )


def _unseen(spell: Spell, months: tuple[int, int]) -> Iterator[_Strip]:
    """The pairs of stays that would have ended before the pupil was met."""
    if spell.clock == 2:
        if spell.seen:
            yield 0, 0, min(spell.seen, months[1]), 1.0
        return
    # Who is in phase 2 within the first month has had a first phase of one month all the same.
    age = max(spell.seen, 1) if spell.phase == 2 else spell.seen
    for first in range(1, months[0] + 1):
        other_phase = not spell.whole_vka and (first > age) == (spell.phase == 2)
        most = months[1] if other_phase else min(age - first, months[1])
        if most > 0:
            yield first, 0, most, 1.0


def _seen(spell: Spell, months: tuple[int, int], hazard: float) -> Iterator[_Strip]:
    """The pairs of stays that look like the spell, with the probability of what is not a stay."""
    if spell.clock == 2:
        for low, high, weight in _split(spell, spell.second, hazard):
            if min(high, months[1]) > low:
                yield 0, low, min(high, months[1]), weight
        return
    least, most = spell.first
    parts = list(_split(spell, spell.total, hazard))
    for first in range(least, min(most or months[0], months[0]) + 1):
        for low, high, weight in parts:
            bounds = max(low - first, 0), min(high - first, months[1])
            if bounds[1] > bounds[0]:
                yield first, *bounds, weight


def _split(
    spell: Spell, bounds: tuple[int, int | None], hazard: float
) -> Iterator[tuple[int, int, float]]:
    """The stay on the spell's clock: above, up to, weight; in two where the pupil is missing.

    Missing in the next roster is who has finished by then, or has moved away. Factors that are the
    same for all stays are left out.
    """
    low = bounds[0] - 1
    high = 2 * LONGEST if bounds[1] is None else bounds[1]
    if spell.gone is None or spell.gone.phase3_listed:
        yield low, high, 1.0
        return
    age = min(max(spell.gone.age, low), high)
    if age > low:
        yield low, age, 1.0
    if high > age:
        yield age, high, 1.0 - (1.0 - hazard) ** spell.gone.gap


def _ends(bounds: tuple[int, int | None]) -> tuple[int, int]:
    return bounds[0], bounds[1] or bounds[0]
