"""Random streams keyed by seed, run, process and month.

A future draws the same numbers whichever other futures are computed, in whatever order and on
however many processes; and a scenario that differs in one parameter meets the same numbers in all
other processes.  Runs are grouped in blocks of :data:`BLOCK`: one counter-based generator (Philox)
for each process, month and block yields a table whose rows are counters and whose columns are the
runs of the block, so that asking for more rows never changes the earlier ones.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

BLOCK = 64
"""Runs that share a generator; part of what a seed means, so never to be changed lightly."""


class Process(IntEnum):
    """What a random number decides. The numbers are part of what a seed means."""

    ARRIVALS = 1
    SCHOOL_TYPE = 2
    MUNICIPALITY = 3
    GRADE = 4
    STAY = 5
    PHASE3 = 6
    MOVING = 7
    DIRECT = 8
    TODAY_GRADE = 9
    TODAY_STAY = 10
    TODAY_PHASE3 = 11
    TODAY_MOVING = 12
    SIBLINGS = 13
    RETURN = 14
    AGAIN = 15
    AGAIN_PHASE3 = 16
    GRAMMAR = 17
    LEVEL = 18


def uniforms(
    seed: int, process: Process, month: int, block: int, count: int
) -> npt.NDArray[np.float64]:
    """``[count, BLOCK]`` random numbers in [0, 1): row = counter, column = run of the block."""
    return _generator(seed, process, month, block).random((count, BLOCK))


def normals(seed: int, process: Process, month: int, block: int) -> npt.NDArray[np.float64]:
    """``[BLOCK]`` standard normal numbers, one for each run of the block."""
    return _generator(seed, process, month, block).standard_normal(BLOCK)


def _generator(seed: int, process: Process, month: int, block: int) -> np.random.Generator:
    word = (int(process) << 56) | (month << 40) | block
    key = np.array([seed & 0xFFFF_FFFF_FFFF_FFFF, word], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))
