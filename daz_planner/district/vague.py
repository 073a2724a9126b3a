"""Names of columns that mean something only where the rest of the sheet bears it out.

``Klasse`` may be a grade or the name of a class, ``Beginn`` that of the stay or of the phase. Such
a name is taken for a column only if that column is not there under another name, the cells below
hold what it needs and the columns ``beside`` leave no other meaning; and it is always told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daz_planner.district import values
from daz_planner.district.text import Cell, fold, shown
from daz_planner.district.values import BadValue


@dataclass(frozen=True)
class Vague:
    """A name that is not certain by itself.

    ``fits`` is asked about all filled cells of the column, ``beside`` are columns that must be
    there too. ``otherwise`` says what to do where the name stays uncertain.
    """

    name: str
    fits: Callable[[Sequence[Cell]], bool]
    beside: tuple[str, ...] = ()
    otherwise: str = ""

    @property
    def key(self) -> str:
        """The folded name."""
        return fold(self.name)


def all_grades(cells: Sequence[Cell]) -> bool:
    """Whether every cell is a whole number from 1 to 13."""
    return all(_is_grade(cell) for cell in cells)


def all_days(cells: Sequence[Cell]) -> bool:
    """Whether every cell is a date."""
    return all(_is_day(cell) for cell in cells)


def all_different(cells: Sequence[Cell]) -> bool:
    """Whether no cell occurs twice, as it must be with ids."""
    folded = [fold(shown(cell)) for cell in cells]
    return len(set(folded)) == len(folded)


def _is_grade(cell: Cell) -> bool:
    try:
        values.whole(cell, low=1, high=13)
    except BadValue:
        return False
    return True


def _is_day(cell: Cell) -> bool:
    try:
        values.day(cell)
    except BadValue:
        return False
    return True
