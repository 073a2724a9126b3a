"""Dated rules as data: class caps, stays, ways to school, teacher hours, each with its source.

A rule is never a constant in code. Each function takes the day for which the rule is asked and
answers with the value, its source and the days on which it holds. Where no rule was found the
answer says so (``open``) instead of guessing.
"""

from __future__ import annotations

from daz_planner.rules.dated import SCHOOL_TYPES, DatedValue
from daz_planner.rules.limits import (
    StayCap,
    WayLimits,
    class_cap,
    class_cap_or_last,
    class_from,
    doubtful_below,
    grade_span,
    known_class_caps,
    only_neighbours,
    planning_size,
    stay_cap,
    way_limits,
)
from daz_planner.rules.regular import (
    most_surcharge,
    phase2_in_regular,
    regular_cap,
    regular_planning_size,
)
from daz_planner.rules.teachers import DatedRate, TeacherHours, phase3_rate, teacher_hours

__all__ = [
    "SCHOOL_TYPES",
    "DatedRate",
    "DatedValue",
    "StayCap",
    "TeacherHours",
    "WayLimits",
    "class_cap",
    "class_cap_or_last",
    "class_from",
    "doubtful_below",
    "grade_span",
    "known_class_caps",
    "most_surcharge",
    "only_neighbours",
    "phase2_in_regular",
    "phase3_rate",
    "planning_size",
    "regular_cap",
    "regular_planning_size",
    "stay_cap",
    "teacher_hours",
    "way_limits",
]
