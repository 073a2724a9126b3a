"""Numbers, dates and counts as a German reader expects them: decimal comma, dd.mm.yyyy.

Nothing here depends on the locale of the machine, so the same input gives the same text anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

MONTH_NAMES: tuple[str, ...] = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
SHORT_MONTH_NAMES: tuple[str, ...] = (
    "Jan",
    "Feb",
    "Mrz",
    "Apr",
    "Mai",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Okt",
    "Nov",
    "Dez",
)
SCHOOL_TYPE_NAMES: dict[str, str] = {
    "GS": "Grundschule",
    "OS": "Oberschule",
    "BSZ": "Berufliches Schulzentrum",
    "GYM": "Gymnasium",
}


def plain(value: float, digits: int) -> str:
    """A number with a fixed number of decimals and no separator of thousands: ``1234,50``.

    Rounds half away from zero; never writes ``-0``. Not finite: an empty text.
    """
    if not math.isfinite(value):
        return ""
    text = f"{_round_half_up(value, digits):.{digits}f}"
    if float(text) == 0 and text.startswith("-"):
        text = text[1:]
    return text.replace(".", ",")


def _round_half_up(value: float, digits: int) -> float:
    factor = 10.0**digits
    # A half that is a hair too small in binary (1.005) is lifted: 1,01, as by hand, and a solver's
    # last digit does not flip it.
    return math.copysign(math.floor(abs(value) * factor + 0.5 + 1e-9) / factor, value)


def number(value: float, digits: int = 0) -> str:
    """A number for reading: ``1.234,5``. No decimals that are all zero: 12.0 gives ``12``."""
    text = plain(value, digits)
    whole, comma, decimals = text.partition(",")
    if comma and not decimals.strip("0"):
        comma = decimals = ""
    sign = "-" if whole.startswith("-") else ""
    grouped = f"{int(whole.lstrip('-') or 0):,}".replace(",", ".")
    return f"{sign}{grouped}{comma}{decimals}"


def percent(share: float, digits: int = 1) -> str:
    """A share (0 … 1) in percent: 0.016 gives ``1,6 %``."""
    return f"{number(100 * share, digits)} %"


def percent_at_most(share: float, digits: int = 1) -> str:
    """A share (0 … 1) in percent, rounded up, so that „höchstens“ stays true."""
    factor = 10.0**digits
    return percent(math.ceil(share * 100 * factor - 1e-9) / factor / 100, digits)


def day(value: date) -> str:
    """A date: ``08.02.2017``."""
    return f"{value.day:02d}.{value.month:02d}.{value.year:04d}"


def month(value: date) -> str:
    """A month in words: ``November 2017``."""
    return f"{MONTH_NAMES[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """A month for a column head: ``Nov 2017``."""
    return f"{SHORT_MONTH_NAMES[value.month - 1]} {value.year}"


def month_key(value: date) -> str:
    """A month that sorts as text: ``2017-11``."""
    return f"{value.year:04d}-{value.month:02d}"


def plural(count: float, one: str, many: str, digits: int = 0) -> str:
    """A count with its word: ``1 Kind``, ``2 Kinder``, ``1,5 Kinder``."""
    text = number(count, digits)
    return f"{text} {one if text == '1' else many}"


def listed(parts: Iterable[str], *, last: str = "und") -> str:
    """A list in words: ``a``, ``a und b``, ``a, b und c``."""
    items = list(parts)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def value_text(value: str | int | float | bool) -> str:
    """A value of a scenario: ``0,005``, ``18``, ``ja``; text stays as it is."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, (int, float)):
        return f"{value:.9g}".replace(".", ",") if isinstance(value, float) else str(value)
    return value
