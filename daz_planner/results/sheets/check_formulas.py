"""What the lines of the sheet Prüfung are made of: where tables stand, and pieces of formulas."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from daz_planner.results.sheets.frame import Placed

NOWHERE = Placed("", 1, 0, {})
"""A table that the workbook does not have."""


@dataclass(frozen=True)
class Places:
    """Where the tables of the workbook stand; :data:`NOWHERE` where there is none."""

    overview: Placed
    classes: Placed
    children: Placed
    flows: Placed
    flow_sums: Placed
    matrix: Placed
    start: Placed
    load: Placed
    waiting: Placed
    waiting_sums: Placed
    hours: Placed
    hour_sums: Placed
    hour_limits: Placed
    forecast: Placed
    needs: Placed
    assumptions: Placed
    balance: Placed = NOWHERE
    regular: Placed = NOWHERE
    policies: Placed = NOWHERE
    needed: Placed = NOWHERE
    sites: Placed = NOWHERE
    fronts: tuple[Placed, ...] = field(default=())


@dataclass(frozen=True)
class Check:
    """Two formulas (without ``=``) whose values must agree."""

    text: str
    school_type: str
    value: str
    target: str


def sum_if(placed: Placed, column: str, *keys: str) -> str:
    """The sum of a column over the rows where each key (column, value, column, value …) holds."""
    if placed.is_empty:
        return "0"
    pairs = zip(keys[::2], keys[1::2], strict=True)
    conditions = ",".join(f'{placed.cells(key)},"{value}"' for key, value in pairs)
    return f"SUMIFS({placed.cells(column)},{conditions})"


def months_of(placed: Placed) -> tuple[str, str]:
    """The first and the last column of months of a wide table."""
    months = [name for name in placed.columns if name[:2].isdigit()]
    return months[0], months[-1]


def block(placed: Placed, kind: str) -> str:
    """The sum over all months of the rows of a school type of a wide table."""
    if placed.is_empty:
        return "0"
    cells = placed.cells(*months_of(placed))
    return f'SUMPRODUCT(({placed.cells("Schulart")}="{kind}")*{cells})'


def deviation(first: str, second: str) -> str:
    """The sum of the deviations of two ranges, row by row."""
    return f"SUMPRODUCT(ABS({first}-({second})))"


def day(day: date) -> str:
    """A day as a formula."""
    return f"DATE({day.year},{day.month},{day.day})"
