"""Teacher hours per week by date: per class until 2024/25, by a step table of pupils since."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from daz_planner.rules.dated import DATA, SCHOOL_TYPES, entry_on

_FILE = "lehrerstunden.toml"
_EPSILON = 1e-9

Step = tuple[int, int | None, int]
"""(pupils from, pupils to or ``None`` for no end, hours per week)."""


@dataclass(frozen=True)
class DatedRate:
    """Hours per pupil and week on a day; ``None`` and ``open`` where no rule was found."""

    value: float | None
    open: bool
    source: str
    valid_from: date | None
    valid_to: date | None
    note: str = ""


@dataclass(frozen=True)
class TeacherHours:
    """The rule for teacher hours (LWS) that holds on a day.

    ``supervision`` is the hours per week of the supervising teacher for each VKA class; they are
    part of :meth:`hours`.
    """

    source: str
    supervision: int
    valid_from: date | None
    valid_to: date | None
    note: str
    _per_class: Mapping[str, int] | None
    _steps: Mapping[str, tuple[Step, ...]] | None

    def hours(self, school_type: str, classes: float, pupils: float) -> float:
        """Hours per week that a school needs for its VKA, the supervising teacher included.

        ``pupils`` are the VKA pupils that count by the rule. A fraction (an expected number)
        counts as the next whole pupil. No pupils and no classes need no hours.

        Raises
        ------
        ValueError
            The school type is unknown.
        """
        extra = self.supervision * classes
        per_class = self.per_class(school_type)
        if per_class is not None:
            return float(per_class * classes + extra)
        whole = math.ceil(pupils - _EPSILON)
        base = 0
        for first, _, hours in self.steps(school_type) or ():
            if whole >= first:
                base = hours
        return float(base + extra)

    def per_class(self, school_type: str) -> int | None:
        """Hours per class without supervision; ``None`` where pupils decide (from 2025/26)."""
        _check(school_type)
        return None if self._per_class is None else self._per_class[school_type]

    def steps(self, school_type: str) -> tuple[Step, ...] | None:
        """The table by pupils without supervision; ``None`` where classes decide (to 2024/25)."""
        _check(school_type)
        return None if self._steps is None else self._steps[school_type]


def teacher_hours(day: date) -> TeacherHours:
    """The rule for teacher hours on the day."""
    entry = entry_on(_FILE, "teacher_hours", day)
    if entry is None:
        raise ValueError(f"no rule for teacher hours on {day}")
    steps: dict[str, tuple[Step, ...]] | None = None
    if "step_table" in entry:
        columns: Mapping[str, str] = entry["step_columns"]
        steps = {kind: _table(entry["step_table"], column) for kind, column in columns.items()}
    return TeacherHours(
        source=str(entry["source"]),
        supervision=int(entry["supervision"]),
        valid_from=entry.get("valid_from"),
        valid_to=entry.get("valid_to"),
        note=str(entry.get("note", "")),
        _per_class=entry.get("per_class"),
        _steps=steps,
    )


def phase3_rate(day: date) -> DatedRate:
    """Hours per week for each pupil in phase 3 on the day."""
    entry = entry_on(_FILE, "phase3_rate", day)
    if entry is None:
        return DatedRate(None, True, "keine Regel gefunden", None, None)
    value = entry.get("value")
    return DatedRate(
        value=None if value is None else float(value),
        open=bool(entry.get("open", False)),
        source=str(entry["source"]),
        valid_from=entry.get("valid_from"),
        valid_to=entry.get("valid_to"),
        note=str(entry.get("note", "")),
    )


@cache
def _table(file: str, column: str) -> tuple[Step, ...]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        return tuple(
            (
                int(row["schueler_von"]),
                int(row["schueler_bis"]) if row["schueler_bis"] else None,
                int(row[column]),
            )
            for row in csv.DictReader(stream)
        )


def _check(school_type: str) -> None:
    if school_type not in SCHOOL_TYPES:
        raise ValueError(f"unknown school type {school_type!r}")
