"""Limits by date: pupils in a class, months in a phase, minutes on the way to school."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from daz_planner.rules.dated import DatedValue, entries, entry_on, value_on

_CLASSES = "klassen.toml"
_STAYS = "verweildauer.toml"
_WAYS = "schulwege.toml"


@dataclass(frozen=True)
class StayCap:
    """Longest stay in months: in phase 1, in phase 2, and in both together.

    A part is ``None`` where the rule of the time does not limit it.
    """

    phase1: int | None
    phase2: int | None
    total: int | None
    source: str
    valid_from: date | None
    valid_to: date | None
    note: str = ""


@dataclass(frozen=True)
class WayLimits:
    """Minutes one way: ``guidance`` (Richtwert) and ``limit`` (Grenze des Zumutbaren)."""

    guidance: int
    limit: int
    source: str


def class_cap(day: date) -> DatedValue:
    """Most pupils in one VKA on the day; open where no rule was found (from 01.08.2026)."""
    return value_on(_CLASSES, "class_cap", day)


def class_cap_or_last(day: date) -> DatedValue:
    """Like :func:`class_cap`, but where the rule is open, the last known value.

    ``open`` stays true then, and ``note`` says in German that no rule was found, what is used
    instead and how the scenario can choose.
    """
    cap = class_cap(day)
    if cap.value is not None:
        return cap
    known = [
        entry
        for entry in entries(_CLASSES, "class_cap")
        if "value" in entry and entry.get("valid_to", date.max) < day
    ]
    last = max(known, key=lambda entry: entry["valid_to"])
    since = f"ab dem {cap.valid_from:%d.%m.%Y}" if cap.valid_from else f"für den {day:%d.%m.%Y}"
    values = known_class_caps()
    choice = " oder ".join(str(value) for value in values)
    note = (
        f"Zur Klassenobergrenze {since} wurde keine Regel gefunden. Gerechnet wird mit dem zuletzt "
        f"bekannten Wert {last['value']} (bis {last['valid_to']:%d.%m.%Y}). Im Szenario können Sie "
        f"{choice} wählen: [klassen] obergrenze = {values[0]}."
    )
    return replace(cap, value=int(last["value"]), note=note, source=str(last["source"]))


def known_class_caps() -> tuple[int, ...]:
    """The class caps of all times, smallest first: 23 and 28."""
    caps = {int(entry["value"]) for entry in entries(_CLASSES, "class_cap") if "value" in entry}
    return tuple(sorted(caps))


def planning_size(day: date) -> DatedValue:
    """Pupils per VKA used for planning (Planungsrichtwert), open before 2017."""
    return value_on(_CLASSES, "planning_size", day)


def class_from(day: date) -> DatedValue:
    """Fewest pupils of a VK class; fewer are a VK group."""
    return value_on(_CLASSES, "class_from", day)


def doubtful_below(day: date) -> DatedValue:
    """A VK group with fewer pupils than this is to be avoided."""
    return value_on(_CLASSES, "doubtful_below", day)


def grade_span(day: date, school_type: str) -> DatedValue:
    """Most grades in one VKA of the school type, open for BSZ and GYM."""
    return value_on(_CLASSES, "grade_span", day, school_type)


def only_neighbours(day: date, school_type: str) -> bool:
    """Whether the grades of one VKA have to be neighbours: so for GS (§ 9 SOGS), not for OS."""
    entry = entry_on(_CLASSES, "grade_span", day, school_type)
    return entry is not None and bool(entry.get("neighbours", False))


def stay_cap(day: date) -> StayCap:
    """Longest stay in phases 1 and 2 on the day: 12 and 12 months, from 01.08.2025 24 in all."""
    entry = entry_on(_STAYS, "stay_cap", day)
    if entry is None:
        return StayCap(None, None, None, "keine Regel gefunden", None, None)
    return StayCap(
        phase1=entry.get("phase1"),
        phase2=entry.get("phase2"),
        total=entry.get("total"),
        source=str(entry["source"]),
        valid_from=entry.get("valid_from"),
        valid_to=entry.get("valid_to"),
        note=str(entry.get("note", "")),
    )


def way_limits(day: date, school_type: str) -> WayLimits:
    """Guidance and limit of the way to school in minutes, one way.

    Raises
    ------
    ValueError
        The school type is unknown, or no rule is kept for the day.
    """
    entry = entry_on(_WAYS, "way_limits", day, school_type)
    if entry is None:
        raise ValueError(f"no way limits for {school_type} on {day}")
    return WayLimits(int(entry["guidance"]), int(entry["limit"]), str(entry["source"]))
