"""The factors on the arrivals that the load test tries: 0, and steps of one percent from 0.1 to 20.

1 is among them, so that the scenario itself is one of the cases.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

STEP = 1.01
_DOWN, _UP = 231, 301

FACTORS: npt.NDArray[np.float64] = np.concatenate(([0.0], STEP ** np.arange(-_DOWN, _UP + 1.0)))
"""The factors, rising. The first is 0: nobody registers."""
NEVER = len(FACTORS)
"""Stands for „not up to the largest factor“."""
UNCHANGED = 1 + _DOWN
"""Position of the factor 1."""
MOST = float(FACTORS[-1])

_COARSE = (0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 10, 12, 16, MOST)


def position(factor: float) -> int:
    """Position of the factor next to a number, no less."""
    return min(int(np.searchsorted(FACTORS, factor - 1e-12)), NEVER - 1)


class Search:
    """The search for the first factor at which a condition holds; it can be broken off anywhere.

    Coarse steps first, from below: where the condition is not monotone, the factor found is that
    of the first change that the coarse steps see.  Then bisection.

    Attributes
    ----------
    low:
        The largest position up to which the condition does not hold, -1 where none is known.
    high:
        The smallest position known at which it holds; :data:`NEVER` where none is.
    done:
        Whether ``high`` is the answer.
    """

    def __init__(self, holds: Callable[[int], bool]) -> None:
        self.holds = holds
        self.low, self.high, self.done = -1, NEVER, False

    def run(self, below: int = -1) -> int:
        """Position of the factor, else :data:`NEVER`; up to ``below`` it is known not to hold."""
        self.low = max(self.low, below)
        for factor in _COARSE:
            here = position(factor)
            if here > self.low and self.high == NEVER:
                if self.holds(here):
                    self.high = here
                else:
                    self.low = here
        while self.high < NEVER and self.high - self.low > 1:
            middle = (self.low + self.high) // 2
            if self.holds(middle):
                self.high = middle
            else:
                self.low = middle
        self.done = True
        return self.high


def first_factor(holds: Callable[[int], bool]) -> int:
    """Position of the first factor at which a condition holds, else :data:`NEVER`."""
    return Search(holds).run()
