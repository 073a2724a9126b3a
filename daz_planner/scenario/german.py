"""Values of a scenario in German words: for messages and for tables that a planner reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

_LONGEST = 60


def number_text(value: float) -> str:
    """A number with decimal comma and without superfluous digits: ``0,5``, ``18``."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else "eine sehr große Zahl"
    return f"{value:.9g}".replace(".", ",")


def month_text(value: date) -> str:
    """A month: ``02.2017``."""
    return f"{value.month:02d}.{value.year:04d}"


def value_text(value: object) -> str:
    """A value of a scenario as one text; lists are separated by semicolons."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, (int, float)):
        return number_text(value)
    if isinstance(value, date):
        return month_text(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {value_text(item)}" for name, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(value_text(item) for item in value)
    return str(value)


def quoted(value: object) -> str:
    """A faulty value as a message shows it: in quotes, lists and tables by their kind."""
    if isinstance(value, bool):
        return f"„{str(value).lower()}“"
    if isinstance(value, Mapping):
        return "Eine Tabelle"
    if isinstance(value, (list, tuple, set)):
        return "Eine Liste"
    text = number_text(value) if isinstance(value, (int, float)) else str(value)
    text = " ".join(text.split())
    return f"„{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}“"


def listed(items: Iterable[object], last: str = "und") -> str:
    """„a“, „b“ und „c“."""
    texts = [f"„{item}“" for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"
