"""Rooms for further classes, month by month: sheet Räume, table of schools, else the scenario.

Axes: ``s`` school, ``t`` month.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from daz_planner.district.rooms import changed_rooms

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import RoomChange, School
    from daz_planner.scenario.model import Scenario

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def rooms_of(school: School, scenario: Scenario) -> int:
    """Rooms for further classes: the workbook, else the scenario's number at VKA schools only."""
    if school.free_rooms is not None:
        return school.free_rooms
    return scenario.klassen.freie_raeume if school.classes > 0 else 0


def rooms_by_month(
    schools: Sequence[School],
    changes: Sequence[RoomChange],
    scenario: Scenario,
    months: Sequence[date],
) -> IntArray:
    """``[s, t]`` rooms for classes beyond today's."""
    own = {entry.school for entry in changes}
    rows = []
    for school in schools:
        first = rooms_of(school, scenario)
        row = [first] * len(months)
        if school.name in own:
            changed = [changed_rooms(changes, school.name, month) for month in months]
            row = [first if rooms is None else rooms for rooms in changed]
        rows.append(row)
    return np.array(rows, dtype=np.int64).reshape(len(schools), len(months))


def lasting_classes(most: IntArray, base: IntArray, may_close: BoolArray) -> IntArray:
    """``[s, t]`` classes that have a room in their month and as long as they must go on.

    What opens beyond ``base`` (today's classes and those decided) stays until a month in which
    classes may close, so no more may run than have a room in every month until then: going back
    from the last month, the smallest number of rooms left over counts.
    """
    further = most - base
    for t in range(further.shape[1] - 2, -1, -1):
        if not may_close[t + 1]:
            further[:, t] = np.minimum(further[:, t], further[:, t + 1])
    return np.asarray(base + further, dtype=np.int64)
