"""Many draws from discrete distributions, quickly and exactly.

The inverse of a distribution function is found through a guide table (Chen and Asau 1974): the
unit interval is cut into equal cells; a cell in which the answer does not change needs one look,
and only the others a search.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.calendar import FloatArray
from daz_planner.simulation.stays import StayTable

Small = npt.NDArray[np.int32]
Whole = npt.NDArray[np.integer]

_CELLS = 4096
_MOST_CELLS = 1 << 22


class Lookup:
    """Inverse distribution functions of several distributions on 0, 1, 2, …

    The same random number never gives a smaller value of a distribution that lies higher.

    Parameters
    ----------
    distributions:
        Probabilities of 0, 1, 2, … for each distribution; need not be normalised. A value without
        probability is never drawn.
    """

    def __init__(self, distributions: Sequence[FloatArray]) -> None:
        cumulative = [np.cumsum(shares) for shares in distributions]
        # One long table: the distribution d fills the unit interval from d to d + 1.
        parts = []
        first = [0]
        for d, values in enumerate(cumulative):
            scaled = values / values[-1]
            last = int(np.flatnonzero(distributions[d])[-1])
            scaled[last:] = 1.0
            parts.append(d + scaled[: last + 1])
            first.append(first[-1] + last + 1)
        self._table = np.concatenate(parts) if parts else np.zeros(0)
        self._first = np.array(first[:-1], dtype=np.int64)
        self._last = np.array(first[1:], dtype=np.int64) - 1
        count = max(len(distributions), 1)
        self._cells = max(64, min(_CELLS, _MOST_CELLS // count))
        edges = np.arange(count * self._cells + 1) / self._cells
        answer = np.searchsorted(self._table, edges, side="right").astype(np.int32)
        self._guide = answer[:-1]
        self._certain = answer[:-1] == answer[1:]

    def draw(self, which: Whole | int, uniform: FloatArray) -> Small:
        """The value of distribution ``which`` for each random number in [0, 1), ``[n]``."""
        cell = (uniform * self._cells).astype(np.int64)
        cell += which * self._cells
        found = self._guide[cell]
        open_cells = np.flatnonzero(~self._certain[cell])
        if len(open_cells):
            place = (which + uniform)[open_cells]
            found[open_cells] = np.searchsorted(self._table, place, side="right")
        # Where rounding of `which + uniform` reaches the next unit, the last value is meant.
        found = np.minimum(found, self._last[which])
        return (found - self._first[which]).astype(np.int32)


class Distinct:
    """Distributions of which many are the same object: each is kept once.

    ``index[j]`` is the place of the j-th one in ``lookup``.
    """

    def __init__(self, distributions: list[FloatArray]) -> None:
        place: dict[bytes, int] = {}
        kept: list[FloatArray] = []
        self.index: list[int] = []
        for shares in distributions:
            key = shares.tobytes()
            if key not in place:
                place[key] = len(kept)
                kept.append(shares)
            self.index.append(place[key])
        self.lookup = Lookup(kept)


class StayLookup:
    """Months in phases 1 and 2 together, from many tables of which many are the same object."""

    def __init__(self, tables: list[StayTable]) -> None:
        place: dict[int, int] = {}
        kept: list[StayTable] = []
        self.index: list[int] = []
        for table in tables:
            if id(table) not in place:
                place[id(table)] = len(kept)
                kept.append(table)
            self.index.append(place[id(table)])
        self.index_array = np.array(self.index, dtype=np.int64)
        self._lookup = Lookup([table.probability for table in kept])
        lengths = [len(table.probability) for table in kept]
        self._first = np.cumsum([0, *lengths])
        nothing = np.zeros(0, dtype=np.int64)
        self._phase1 = np.concatenate([nothing, *(t.phase1 for t in kept)]).astype(np.int32)
        self._phase2 = np.concatenate([nothing, *(t.phase2 for t in kept)]).astype(np.int32)

    def draw(self, which: Whole, uniform: FloatArray) -> tuple[Small, Small]:
        """Months in phase 1 and in phase 2 for each random number."""
        pair = self._lookup.draw(which, uniform) + self._first[which]
        return self._phase1[pair], self._phase2[pair]
