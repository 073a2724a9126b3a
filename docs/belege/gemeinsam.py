"""What the two cases share: reading the data of the repository and printing tables in German."""

from __future__ import annotations

import csv
import sys
import textwrap
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from daz_planner.german import number, percent
from daz_planner.simulation.calibration.counts import CountFit
from daz_planner.simulation.calibration.counts_priors import QUANTITIES

DATA = Path(__file__).resolve().parents[2] / "data"
WIDTH = 96


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the folder ``data``."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def month_of(text: str) -> date:
    """``2015-08`` or ``2015-08-31`` as the first day of the month."""
    return date(int(text[:4]), int(text[5:7]), 1)


def day_of(text: str) -> date:
    """``2015-12-21`` as a day; ``2015-08`` as the last day of the month."""
    year, month = int(text[:4]), int(text[5:7])
    return date(year, month, int(text[8:]) if len(text) > 7 else monthrange(year, month)[1])


def arrivals_of_saxony() -> list[tuple[date, date, float]]:
    """Arrivals in Saxony: (first month, last month, persons)."""
    return [
        (month_of(row["von_monat"]), month_of(row["bis_monat"]), float(row["zugang"]))
        for row in rows("asyl_zugang_sachsen_monat.csv")
    ]


def heading(text: str) -> None:
    """A heading with an empty line above it."""
    print(f"\n{text}\n{'-' * len(text)}")


def paragraph(text: str, *, bullet: bool = False) -> None:
    """Text in lines of a common width."""
    first, rest = ("- ", "  ") if bullet else ("", "")
    print(textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest))


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A table: the first column on the left, the others on the right."""
    widths = [max(len(line[i]) for line in [header, *lines]) for i in range(len(header))]
    for line in [header, *lines]:
        cells = [line[0].ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=True)]
        print("  ".join(cells).rstrip())


def rounded(value: float, step: int) -> str:
    """A number of pupils, rounded to a step so that it claims no more than it knows."""
    return number(step * round(value / step))


def span(low: float, high: float, step: int) -> str:
    """``390 bis 450``"""
    return f"{rounded(low, step)} bis {rounded(high, step)}"


def print_parameters(fit: CountFit) -> None:
    """Range before and after, for each free parameter."""
    lines = []
    for name in fit.samples:
        quantity, prior, found = QUANTITIES[name], fit.priors.range(name), fit.intervals[name]
        label = f"{quantity.label} ({quantity.unit})" if quantity.unit else quantity.label
        lines.append(
            (
                label,
                f"{quantity.text(prior.low)} bis {quantity.text(prior.high)}",
                f"{quantity.text(found.low)} bis {quantity.text(found.high)}",
                percent(5 * round(20 * fit.shrinkage[name]) / 100, 0),
            )
        )
    table(("Größe", "vorher möglich", "danach (80 %)", "enger um"), lines)


def use_utf8() -> None:
    """Print the same bytes on every system."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
