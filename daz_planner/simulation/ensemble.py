"""The ensemble as a whole: blocks of futures, on one process or many, as many as are needed.

A block holds the same futures wherever and whenever it is drawn, so neither the number of
processes nor the order in which they finish changes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.counting import count_block
from daz_planner.simulation.pool import on_processes
from daz_planner.simulation.population import Population
from daz_planner.simulation.pupils import Drawing
from daz_planner.simulation.streams import BLOCK

MOST_FUTURES = 100_000
FIRST_FUTURES = 256
_NORMAL_95 = 1.96

Runs = npt.NDArray[np.int32]
Progress = Callable[[float, str], None]
"""Called with a share 0 … 1 and a German word for what is being done."""


def draw_futures(
    population: Population,
    seed: int,
    runs: int,
    processes: int = 1,
    progress: Progress | None = None,
) -> Runs:
    """``[r, k, p, t]`` pupils of ``runs`` futures by school type, phase and month.

    Parameters
    ----------
    processes:
        How many processes work on it. The result is the same for any number.

    Raises
    ------
    ConservationError
        If pupils were lost or counted twice in a future (a bug).
    """
    blocks = -(-runs // BLOCK)
    with _counting(population, seed, min(processes, blocks)) as count:
        return _collect(population, count, 0, runs, progress)


def draw_until_precise(
    population: Population,
    seed: int,
    half_width: float,
    processes: int = 1,
    progress: Progress | None = None,
) -> tuple[Runs, float]:
    """Futures until the P90 of the seats needed is known to ``half_width`` pupils.

    The number of futures is doubled until it is enough, at most :data:`MOST_FUTURES`.

    Returns
    -------
    runs, reached
        The futures as of :func:`draw_futures`, and the half-width reached (see
        :func:`p90_half_width`), which is above the one asked for only at the most futures.
    """
    with _counting(population, seed, processes) as count:
        runs = _collect(population, count, 0, FIRST_FUTURES, progress)
        while (reached := p90_half_width(runs)) > half_width and len(runs) < MOST_FUTURES:
            more = min(2 * len(runs), MOST_FUTURES)
            fresh = _collect(population, count, len(runs), more, progress)
            runs = np.concatenate([runs, fresh])
    return runs, reached


def p90_half_width(runs: Runs) -> float:
    """Half the width of the 95 % interval of the P90 of the seats needed, the widest of all months.

    Seats needed are the pupils in phases 1 and 2, by school type and in all.  The interval lies
    between two order statistics, by the normal approximation of the binomial distribution (David
    and Nagaraja 2003, section 7.1); it needs no assumption on the distribution of the pupils.
    """
    count = len(runs)
    spread = _NORMAL_95 * np.sqrt(count * 0.9 * 0.1)
    low = max(0, int(np.floor(count * 0.9 - spread)) - 1)
    high = min(count - 1, int(np.ceil(count * 0.9 + spread)) - 1)
    widest = 0.0
    total = np.zeros((count, runs.shape[-1]), dtype=np.int32)
    for kind in range(runs.shape[1] + 1):
        if kind < runs.shape[1]:
            needed = runs[:, kind, 0] + runs[:, kind, 1]
            total += needed
        else:
            needed = total
        ordered = np.partition(needed, [low, high], axis=0)
        widest = max(widest, float((ordered[high] - ordered[low]).max(initial=0)) / 2.0)
    return widest


def _collect(
    population: Population,
    count: Callable[[Sequence[int]], Iterator[Runs]],
    first: int,
    last: int,
    progress: Progress | None,
) -> Runs:
    """Futures ``first`` to before ``last``; ``first`` is a multiple of the block."""
    kinds, months = len(population.school_types), population.month_count
    runs: Runs = np.empty((last - first, kinds, 3, months), dtype=np.int32)
    blocks = list(range(first // BLOCK, -(-last // BLOCK)))
    for done, (block, pupils) in enumerate(zip(blocks, count(blocks), strict=True), start=1):
        begin = block * BLOCK - first
        runs[begin : begin + BLOCK] = pupils[: len(runs) - begin]
        if progress is not None:
            progress(done / len(blocks), "Zukünfte werden gezogen")
    return runs


def _counting(
    population: Population, seed: int, processes: int
) -> AbstractContextManager[Callable[[Sequence[int]], Iterator[Runs]]]:
    """A function that counts blocks, here or on other processes."""
    return on_processes(_drawing, (population, seed), _count, processes)


def _drawing(population: Population, seed: int) -> Drawing:
    return Drawing(population, seed, places=False)


def _count(drawing: Drawing, block: int) -> Runs:
    pupils = count_block(drawing.population, drawing.parts(block)).pupils
    return pupils.astype(np.int32)
