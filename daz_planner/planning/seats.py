"""Seats that are there: class cap by month, correction of the reserve, seats of running classes.

Axes: ``s`` school, ``t`` month.  The planning problem and the forecast ask the same functions, so
that both speak of the same seats.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from daz_planner import rules
from daz_planner.planning.class_plan import decided_classes
from daz_planner.simulation.calendar import same_day

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District, School
    from daz_planner.scenario.model import Scenario

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def class_caps(
    schools: Sequence[School], scenario: Scenario, reference_date: date, months: Sequence[date]
) -> FloatArray:
    """``[s, t]`` κ, most pupils in a class, on the day of each month on which its numbers hold."""
    days = [same_day(reference_date, month) for month in months]
    caps = [[_class_cap(school, scenario, day) for day in days] for school in schools]
    return np.array(caps, dtype=np.float64).reshape(len(schools), len(days))


def reserve_corrections(schools: Sequence[School], cap_today: FloatArray) -> FloatArray:
    """``[s]`` ρ = reserve − max(0, κK⁰ − B at the reference date); 0 where no reserve was entered.

    Where the office entered free seats although the school is above its cap, all of them count.
    """
    values = []
    for school, cap in zip(schools, cap_today, strict=True):
        if school.reserve is None or school.classes == 0:
            values.append(0.0)
            continue
        free = cap * school.classes - school.pupils - school.guests
        # A school above its cap has no reserve by the rule; a reserve above 0 by hand still holds.
        values.append(school.reserve - (free if school.reserve > 0 else max(0.0, free)))
    return np.array(values, dtype=np.float64)


def running_seats(cap: FloatArray, classes: IntArray, correction: FloatArray) -> FloatArray:
    """``[s, t]`` seats of running classes: κ K, and ρ while a class runs."""
    return np.asarray(cap * classes + correction[:, None] * (classes > 0), dtype=np.float64)


def seats_without_new_classes(
    district: District, scenario: Scenario, months: Sequence[date]
) -> FloatArray:
    """``[s, t]`` seats of today's classes and of those decided for later (sheet Klassenplan)."""
    schools = district.schools
    cap = class_caps(schools, scenario, district.reference_date, months)
    classes, _ = decided_classes(schools, district.class_plan, months)
    return running_seats(cap, classes, reserve_corrections(schools, cap[:, 0]))


def _class_cap(school: School, scenario: Scenario, day: date) -> int:
    """Most pupils in a class: the school's own, else the scenario, else the dated rule."""
    if school.class_cap is not None:
        return school.class_cap
    if scenario.klassen.obergrenze != "regel":
        return int(scenario.klassen.obergrenze)
    value = rules.class_cap_or_last(day).value
    assert value is not None
    return value


def open_cap_notes(district: District, scenario: Scenario, months: Sequence[date]) -> list[str]:
    """What to say where no rule on the class cap was found for some of the months (German)."""
    if scenario.klassen.obergrenze != "regel":
        return []
    days = [same_day(district.reference_date, month) for month in months]
    caps = [rules.class_cap_or_last(day) for day in days]
    return list(dict.fromkeys(cap.note for cap in caps if cap.open and cap.note))
