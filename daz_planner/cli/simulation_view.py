"""How ``simulieren`` shows a forecast: plots, tables and the waterfall, as wide as the console."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from daz_planner import german
from daz_planner.cli.plot import Letters, band_plot, letters_for, waterfall_bars
from daz_planner.cli.streams import writable
from daz_planner.cli.terminal import plain_table
from daz_planner.results.causes import steps, used_causes
from daz_planner.results.simulation_tables import BANDS, GROUPS, band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from daz_planner.results.causes import Waterfall
    from daz_planner.results.need import NeedCourse
    from daz_planner.simulation.forecast import Forecast

WIDE = 112
"""From this width on the tables show P10, P50 and P90 of each phase."""
NARROW = 76
"""Below this width the tables leave the phases out."""
WIDEST = 132
_MINUS = "−"
_SHORTEST_BAR = 8
"""Bars shorter than this say nothing."""
_GAP = 3
"""Columns between two columns of a table."""


@dataclass(frozen=True)
class Screen:
    """What the console can show: columns, and the encoding of what it writes."""

    width: int
    encoding: str

    @property
    def letters(self) -> Letters:
        """What plots are drawn with."""
        return letters_for(self.encoding)

    def text(self, text: str) -> str:
        """A text as it will be written, so that columns are as wide as they look."""
        return writable(text, self.encoding)


def plot(course: NeedCourse, screen: Screen) -> Text:
    """The band of the need against the seats."""
    low, middle, high, seats = (
        [float(value) for value in line]
        for line in (course.low, course.middle, course.high, course.seats)
    )
    letters, width = screen.letters, min(screen.width, WIDEST)
    lines = band_plot(course.months, low, middle, high, seats, width=width, letters=letters)
    styles = {
        letters.upper: "bold cyan",
        letters.lower: "bold cyan",
        letters.band: "cyan",
        letters.seats: "bold yellow",
    }
    text = Text(no_wrap=True, overflow="crop")
    for line in lines[:-3]:
        for style, run in groupby(line, key=styles.get):
            text.append("".join(run), style)
        text.append("\n")
    # The lines of the months and the words of the legend are text, not drawing.
    text.append(screen.text("\n".join(lines[-3:])))
    return text


def course_table(forecast: Forecast, course: NeedCourse, screen: Screen) -> Table:
    """Months as rows: need, seats, what is free, and the phases as far as they fit."""
    values = band(forecast, course.school_type)
    phases = GROUPS[1:] if screen.width >= NARROW else ()
    wide = screen.width >= WIDE
    digits = max(4, len(str(int(max(values.max(), course.seats.max())))) + 1)
    heads = [
        "Monat",
        f"{screen.text('VKA-Schüler')}\n{_row(BANDS, digits)}",
        screen.text("Plätze"),
        f"{screen.text('Plätze frei')}\n{_row(BANDS[1:], digits)}",
        *(f"{name}\n{_row(BANDS, digits) if wide else 'P50'}" for name in phases),
    ]
    table = plain_table(*heads)
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for t, month in enumerate(course.months):
        cells: list[str | Text] = [
            _row([german.plain(value, 0) for value in values[0, :, t]], digits),
            german.plain(float(course.seats[t]), 0),
            _free(course, t, digits),
        ]
        for p in range(len(phases)):
            shown = values[p + 1, :, t] if wide else values[p + 1, 1:2, t]
            cells.append(_row([german.plain(value, 0) for value in shown], digits if wide else 0))
        table.add_row(german.short_month(month), *cells)
    return table


def cause_table(falls: Sequence[Waterfall], screen: Screen) -> Table:
    """One line a cause, a column a school type, and a bar for the last column.

    Where the columns do not fit, only the last one is shown.
    """
    used = used_causes(falls)
    lines = [steps(fall, used) for fall in falls]
    names = [fall.school_type for fall in falls]
    digits = 1 if max(abs(level) for each in lines for _, _, level in each) < 1000 else 0
    cells = [
        [_signed(amount, digits, n in (0, len(each) - 1)) for n, (_, amount, _) in enumerate(each)]
        for each in lines
    ]
    labels = [screen.text(name) for name, _, _ in lines[-1]]
    widths = [
        _GAP + max(len(name), *map(len, column)) for name, column in zip(names, cells, strict=True)
    ]
    room = min(screen.width, WIDEST) - max(map(len, labels)) - sum(widths) - _GAP
    if room < -_GAP:
        names, cells, room = names[-1:], cells[-1:], room + sum(widths[:-1])
    bars = [""] * len(labels)
    heads = list(names)
    if room >= _SHORTEST_BAR:
        bars = waterfall_bars(lines[-1], width=min(room, 60), letters=screen.letters)
        heads.append("")
    table = plain_table(screen.text("VKA-Schüler"), *heads, right=names)
    for column in table.columns:
        column.no_wrap = True
    for n, label in enumerate(labels):
        row: list[str | Text] = [label, *(column[n] for column in cells)]
        if len(heads) > len(names):
            row.append(Text(bars[n], style="cyan"))
        table.add_row(*row, style="bold" if n in (0, len(labels) - 1) else None)
    return table


def _row(values: Sequence[str], digits: int) -> str:
    return "".join(f"{value:>{digits}}" for value in values)


def _free(course: NeedCourse, t: int, digits: int) -> Text:
    """Free seats at P50 and P90; what is missing stands with a minus, red on a colour screen."""
    text = Text()
    for need in (course.middle, course.high):
        free = float(course.seats[t] - need[t])
        shown = german.plain(free, 0).replace("-", _MINUS)
        text.append(f"{shown:>{digits}}", "bold red" if free < 0 else None)
    return text


def _signed(amount: float, digits: int, stock: bool) -> str:
    """``+12,5``, ``−3,0``; stocks without a sign, nobody as ``0``."""
    text = german.plain(abs(amount), digits)
    if stock:
        return text
    if not text.strip("0,"):
        return "0"
    return f"{'+' if amount > 0 else _MINUS}{text}"
