"""The calendar of the simulation: months, and the change of the school year.

Month 0 is the reference date (Stichtag), month t the same day t months later.  A change of school
year lies between month t - 1 and month t if t carries the number of the month of change (August).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def month_sequence(start: date, count: int) -> tuple[date, ...]:
    """First days of ``count`` months, the first being the month of ``start``."""
    first = start.year * 12 + start.month - 1
    return tuple(date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(count))


def same_day(reference: date, month: date) -> date:
    """The day of a month on which its numbers hold: that of the reference date, or the last one."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    last = (following - date(month.year, month.month, 1)).days
    return month.replace(day=min(reference.day, last))


def half_year_steps(months: tuple[date, ...], starts: tuple[int, int], longest: int) -> IntArray:
    """``[t, d]`` months from month t to the first half-year that begins d or more months later.

    ``starts`` are the calendar months in which the two halves of a school year begin; ``d`` runs
    from 0 to ``longest``.
    """
    offsets = np.arange(longest + 13)
    table = np.empty((len(months), longest + 1), dtype=np.int64)
    for t, month in enumerate(months):
        begins = offsets[np.isin((month.month - 1 + offsets) % 12 + 1, starts)]
        table[t] = begins[np.searchsorted(begins, np.arange(longest + 1))]
    return table


@dataclass(frozen=True)
class SchoolLadder:
    """The steps a pupil climbs: one position for each grade of each school type.

    ``next_position`` is the position after the change of school year, -1 where school ends.
    """

    school_types: tuple[str, ...]
    kind: IntArray
    """``[position]`` index of the school type."""
    grade: IntArray
    """``[position]`` grade."""
    next_position: IntArray
    """``[position]`` position one school year later, -1 for out of school."""

    def positions_of(self, school_type: int) -> IntArray:
        """Positions of a school type, lowest grade first."""
        return np.flatnonzero(self.kind == school_type)

    def positions_after(self, changes: int) -> IntArray:
        """``[n, position]`` position after n = 0 … ``changes`` changes of school year, or -1."""
        rows = [np.arange(len(self.kind))]
        for _ in range(changes):
            rows.append(np.where(rows[-1] >= 0, self.next_position[rows[-1]], -1))
        return np.array(rows)

    def start_shares(self, school_type: int, grade: int | None = None) -> FloatArray:
        """``[position]`` probability of each position for a pupil of the type.

        Where the grade is not known, or the type has no such grade, all grades of the type are
        equally likely.
        """
        shares = np.zeros(len(self.kind))
        own = self.positions_of(school_type)
        exact = own[self.grade[own] == grade] if grade is not None else own[:0]
        chosen = exact if len(exact) else own
        shares[chosen] = 1.0 / len(chosen)
        return shares


def build_ladder(school_types: tuple[str, ...], grades: dict[str, tuple[int, int]]) -> SchoolLadder:
    """Lay the school types end to end: GS 4 → OS 5, OS 9 → BSZ 10; the top of BSZ and GYM is out.

    Parameters
    ----------
    school_types:
        The types that take part. A change into a type that does not take part leads out.
    grades:
        First and last grade of each type.
    """
    follow = {"GS": "OS", "OS": "BSZ"}
    kind: list[int] = []
    grade: list[int] = []
    first: dict[str, int] = {}
    for index, name in enumerate(school_types):
        low, high = grades[name]
        first[name] = len(kind)
        kind.extend([index] * (high - low + 1))
        grade.extend(range(low, high + 1))
    following: list[int] = []
    for position, index in enumerate(kind):
        is_last = position + 1 == len(kind) or kind[position + 1] != index
        successor = follow.get(school_types[index], "")
        following.append(first.get(successor, -1) if is_last else position + 1)
    return SchoolLadder(school_types, np.array(kind), np.array(grade), np.array(following))


def school_year_changes(months: tuple[date, ...], change_month: int) -> BoolArray:
    """``[t]`` whether the school year changes between month t - 1 and month t (never at 0)."""
    changes = np.array([month.month == change_month for month in months])
    changes[0] = False
    return changes
