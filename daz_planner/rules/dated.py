"""Reading the rule files and finding the entry that holds on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

SCHOOL_TYPES: tuple[str, ...] = ("GS", "OS", "BSZ", "GYM")
"""School types (Schularten) in the order of all tables."""

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class DatedValue:
    """A whole-number rule on a day.

    ``value`` is ``None`` where no rule was found (``open``). ``valid_from`` and ``valid_to`` are
    the first and last day, ``None`` where that side is open. ``note`` is German, for the planner.
    """

    value: int | None
    open: bool
    source: str
    valid_from: date | None
    valid_to: date | None
    note: str = ""


@cache
def entries(file: str, rule: str) -> tuple[Mapping[str, Any], ...]:
    """All entries of a rule in a file of ``rules/data``, in the order of the file."""
    with (DATA / file).open("rb") as stream:
        return tuple(tomllib.load(stream)[rule])


def entry_on(
    file: str, rule: str, day: date, school_type: str | None = None
) -> Mapping[str, Any] | None:
    """The entry of a rule that holds on the day for the school type, ``None`` if there is none.

    Raises
    ------
    ValueError
        The school type is none of :data:`SCHOOL_TYPES`.
    """
    if school_type is not None and school_type not in SCHOOL_TYPES:
        raise ValueError(f"unknown school type {school_type!r}")
    for entry in entries(file, rule):
        begins = entry.get("valid_from", date.min)
        ends = entry.get("valid_to", date.max)
        types = entry.get("school_types", SCHOOL_TYPES)
        if begins <= day <= ends and (school_type is None or school_type in types):
            return entry
    return None


def value_on(file: str, rule: str, day: date, school_type: str | None = None) -> DatedValue:
    """The whole-number rule of the day; ``open`` where the file names no value for it."""
    entry = entry_on(file, rule, day, school_type)
    if entry is None:
        return DatedValue(None, True, "keine Regel gefunden", None, None)
    return DatedValue(
        value=entry.get("value"),
        open=bool(entry.get("open", False)),
        source=str(entry["source"]),
        valid_from=entry.get("valid_from"),
        valid_to=entry.get("valid_to"),
        note=str(entry.get("note", "")),
    )
