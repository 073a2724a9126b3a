"""What is: the district with its schools, municipalities, rosters and waiting list.

``read_district`` reads it from a workbook or a folder, ``read_roster`` rosters alone,
``compare_rosters`` tells what happened between two of them; ``write_template`` and
``write_example`` make a workbook. All load their libraries only when they are called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.district.checks import check_against_cap
from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import (
    SCHOOL_TYPES,
    District,
    Municipality,
    Newcomer,
    Pupil,
    Roster,
    School,
)

if TYPE_CHECKING:
    from daz_planner.district.read import read_district
    from daz_planner.district.roster_changes import RosterChanges, compare_rosters
    from daz_planner.district.rosters import read_roster, read_rosters
    from daz_planner.district.template import write_example, write_template

__all__ = [
    "SCHOOL_TYPES",
    "District",
    "Finding",
    "Municipality",
    "Newcomer",
    "Pupil",
    "Roster",
    "RosterChanges",
    "School",
    "Severity",
    "check_against_cap",
    "compare_rosters",
    "read_district",
    "read_roster",
    "read_rosters",
    "write_example",
    "write_template",
]


def __getattr__(name: str) -> Any:
    if name == "read_district":
        from daz_planner.district.read import read_district

        return read_district
    if name in {"read_roster", "read_rosters"}:
        from daz_planner.district import rosters

        return getattr(rosters, name)
    if name in {"RosterChanges", "compare_rosters"}:
        from daz_planner.district import roster_changes

        return getattr(roster_changes, name)
    if name in {"write_example", "write_template"}:
        from daz_planner.district import template

        return getattr(template, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
