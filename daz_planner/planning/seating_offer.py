"""The seats on offer to the children of today's list.

Axes: ``s`` school of the problem, ``m`` position of an entry month, ``t`` month of the period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from daz_planner.planning.grades import SchoolGrades
from daz_planner.planning.problem import FloatArray, IntArray

_NOBODY = 1e-6
"""A share of children below this is nobody."""


@dataclass(frozen=True)
class Taken:
    """A child of the list who has its seat already (an earlier step of the seating)."""

    school: int
    kind: str
    family: str
    grade: int | None


@dataclass(frozen=True)
class Offer:
    """The seats on offer.

    ``seats[s, m]`` whole seats at the entry month ``months[m]``: for all who enter up to then
    where ``cumulative``, else for those who enter just then.  ``room`` (``[s, t]``, all months)
    limits their expected use of seats where it is given, and is endless where nothing does.
    """

    months: tuple[int, ...]
    seats: IntArray
    cumulative: bool
    classes: IntArray
    """``[s, m]`` classes that run in the entry months."""
    grades: tuple[SchoolGrades, ...]
    between: FloatArray
    """``[s, s']`` minutes from school to school."""
    taken: tuple[Taken, ...] = ()
    room: FloatArray | None = None

    @property
    def offered(self) -> list[int]:
        """Schools with a seat on offer."""
        return np.flatnonzero(self.seats.max(axis=1, initial=0) > 0).tolist()

    def lasts(self, s: int, m: int, needed: FloatArray) -> bool:
        """Whether a seat is left in all months in which the share ``needed[t]`` needs it."""
        if self.room is None:
            return True
        since = self.months[m]
        return bool((self.room[s, since:] > 0.0)[needed[since:] > _NOBODY].all())

    def is_new(self, s: int, m: int) -> bool:
        """Whether a month offers seats that the month before does not: nobody enters later."""
        before = int(self.seats[s, m - 1]) if self.cumulative and m else 0
        return int(self.seats[s, m]) > before
