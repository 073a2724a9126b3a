"""Regular classes by date: most pupils, planning size, inclusion, and whether phase 2 counts."""

from __future__ import annotations

from datetime import date

from daz_planner.rules.dated import DatedValue, value_on

_FILE = "regelklassen.toml"


def regular_cap(day: date) -> DatedValue:
    """Most pupils in one regular class."""
    return value_on(_FILE, "regular_cap", day)


def regular_planning_size(day: date) -> DatedValue:
    """Pupils per regular class used for planning (Planungsrichtwert)."""
    return value_on(_FILE, "regular_planning_size", day)


def most_surcharge(day: date) -> DatedValue:
    """Most seats that inclusion takes in one regular class."""
    return value_on(_FILE, "most_surcharge", day)


def phase2_in_regular(day: date) -> DatedValue:
    """Whether a pupil in phase 2 takes a seat in a regular class: 1 yes, 0 no."""
    return value_on(_FILE, "phase2_in_regular", day)
