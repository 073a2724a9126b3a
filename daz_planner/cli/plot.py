"""Pictures made of letters: the band of a forecast against the seats, bars of a waterfall.

All functions return plain lines; what a letter means decides its colour afterwards.  Where a
console cannot write blocks, other letters stand for them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daz_planner import german

MOST_ROWS = 14
"""So many lines of values at most."""
WIDEST_MONTH = 4
"""Columns a month at most, so that few months do not spread over a wide screen."""


@dataclass(frozen=True)
class Letters:
    """What is drawn with which letter. ``upper`` and ``lower`` are the halves of a line."""

    upper: str
    lower: str
    band: str
    seats: str
    axis: str
    stock: str
    more: str
    less: str

    @property
    def all(self) -> str:
        """Every letter."""
        return "".join(vars(self).values())

    @property
    def middle(self) -> str:
        """The letter that stands for the middle in the legend."""
        return self.lower


BLOCKS = Letters("▀", "▄", "░", "━", "┤", "█", "▓", "░")
ASCII = Letters("*", "*", ":", "=", "|", "#", "+", "-")


def letters_for(encoding: str) -> Letters:
    """Blocks where an encoding has them, ASCII elsewhere."""
    try:
        BLOCKS.all.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return BLOCKS


@dataclass(frozen=True)
class Scale:
    """Lines of values: the highest is ``top``, each next one ``step`` less, ``rows`` in all."""

    top: float
    step: float
    rows: int

    def row(self, value: float) -> int:
        """The line that is nearest to a value."""
        return min(max(math.floor((self.top - value) / self.step + 0.5), 0), self.rows - 1)

    def value(self, row: int) -> float:
        """The value of a line."""
        return self.top - row * self.step

    def is_upper(self, value: float) -> bool:
        """Whether a value lies in the upper half of its line."""
        return value >= self.value(self.row(value))


def scale_for(lowest: float, highest: float, most_rows: int = MOST_ROWS) -> Scale:
    """Round steps (1, 2, 5, 10, 20, 25 …) that cover the values, from 0 where that costs little."""
    low = 0.0 if lowest <= 0.4 * highest else lowest
    step = 1.0
    while True:
        for factor in (1.0, 2.0, 2.5, 5.0):
            size = step * factor
            if size != int(size):
                continue
            bottom, top = math.floor(low / size), math.ceil(highest / size)
            if top - bottom + 1 <= most_rows:
                top = max(top, bottom + 1)
                return Scale(top * size, size, top - bottom + 1)
        step *= 10


def band_plot(
    months: Sequence[date],
    low: Sequence[float],
    middle: Sequence[float],
    high: Sequence[float],
    seats: Sequence[float],
    *,
    width: int,
    letters: Letters,
) -> list[str]:
    """A band with its middle, and the seats as a line across; months below, a legend last.

    No line is longer than ``width``. Where there are more months than columns, only every second,
    third … month is drawn.
    """
    scale = scale_for(min(*low, *seats), max(*high, *seats))
    labels = [german.number(scale.value(row)) for row in range(scale.rows)]
    margin = max(map(len, labels))
    # Three columns are kept free for the name of the last month.
    room = max(width - margin - 2 - 3, 1)
    every = -(-len(months) // room)
    shown = range(0, len(months), every)
    column = max(1, min(WIDEST_MONTH, room // len(shown)))
    bar = max(1, column - 1)
    lines = []
    for row in range(scale.rows):
        cells = []
        for t in shown:
            line = letters.seats if scale.row(seats[t]) == row else " "
            cell = line * column
            if scale.row(high[t]) <= row <= scale.row(low[t]) and line == " ":
                cell = letters.band * bar + line * (column - bar)
            if scale.row(middle[t]) == row:
                half = letters.upper if scale.is_upper(middle[t]) else letters.lower
                cell = half * bar + line * (column - bar)
            cells.append(cell)
        lines.append(f"{labels[row]:>{margin}} {letters.axis}{''.join(cells)}".rstrip())
    lines += _month_lines([months[t] for t in shown], margin + 2, column)
    legend = (
        f"{letters.middle} Mitte (P50)   {letters.band} P10 bis P90   {letters.seats} Plätze"
        + (f"   (jeder {every}. Monat)" if every > 1 else "")
    )
    return [*lines, " " * (margin + 2) + legend]


def _month_lines(months: Sequence[date], margin: int, column: int) -> list[str]:
    """Names of the months, as many as fit, and the year below the first one of each year."""
    every = next((n for n in (1, 2, 3, 4, 6, 12, 24, 60) if n * column >= 5), 60)
    names, years = " " * margin, " " * margin
    before = 0
    for t in range(0, len(months), every):
        start = margin + t * column
        month = months[t]
        names = names.ljust(start) + german.SHORT_MONTH_NAMES[month.month - 1]
        if month.year != before:
            years = years.ljust(start) + str(month.year)
        before = month.year
    return [names, years]


def waterfall_bars(
    steps: Sequence[tuple[str, float, float]], *, width: int, letters: Letters
) -> list[str]:
    """A bar for each step that hangs where the last one ended; start and end stand on 0.

    ``steps`` are name, signed amount and level after it.
    """
    highest = max(max(level, level - amount) for _, amount, level in steps)
    size = width / highest if highest > 0 else 0.0
    bars = []
    for n, (_, amount, level) in enumerate(steps):
        if n in (0, len(steps) - 1):
            bars.append(letters.stock * round(level * size))
            continue
        left, right = sorted((level - amount, level))
        first = min(round(left * size), width - 1)
        letter = letters.more if amount > 0 else letters.less
        length = max(round(right * size) - first, 1) if amount else 0
        bars.append((" " * first + letter * length).rstrip())
    return bars
