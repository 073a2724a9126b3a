"""What the office has decided about classes (sheet Klassenplan), month by month.

A decision ("beschlossen") holds from its month on: so many classes run, no more of today's and no
fewer, until the next decision; the plan may open further ones if rooms are left.  Where the office
has decided on fewer classes than today, it wants them closed: none opens there as long as that
decision holds.  Where a school is closed for further classes ("ausgeschlossen") none opens from
that month on.  What is only planned ("geplant") binds nobody: the plan may come to another result.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from daz_planner.district.model import ClassDecision, PlanState, School

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def decided_classes(
    schools: Sequence[School], decisions: Sequence[ClassDecision], months: Sequence[date]
) -> tuple[IntArray, BoolArray]:
    """``[s, t]`` today's classes and what was decided for later, and where something was decided.

    A decision for the month of the reference date or before is in today's number already.
    """
    base = np.array([[school.classes] * len(months) for school in schools], dtype=np.int64)
    base = base.reshape(len(schools), len(months))
    decided = np.zeros(base.shape, dtype=np.bool_)
    row = {school.name: s for s, school in enumerate(schools)}
    for entry in sorted(decisions, key=lambda e: (e.since, e.school)):
        if entry.state is PlanState.DECIDED and entry.school in row:
            since = [t for t, month in enumerate(months) if t >= 1 and month >= entry.since]
            if since and entry.since > months[0]:
                base[row[entry.school], since] = entry.classes
                decided[row[entry.school], since] = True
    return base, decided


def barred_months(
    schools: Sequence[School], decisions: Sequence[ClassDecision], months: Sequence[date]
) -> BoolArray:
    """``[s, t]`` months in which no further class may open at a school."""
    barred = np.zeros((len(schools), len(months)), dtype=np.bool_)
    row = {school.name: s for s, school in enumerate(schools)}
    for entry in decisions:
        if entry.state is PlanState.EXCLUDED and entry.school in row:
            since = [t for t, month in enumerate(months) if month >= entry.since]
            barred[row[entry.school], since] = True
    return barred


def fewer_than_today(today: IntArray, base: IntArray, decided: BoolArray) -> BoolArray:
    """``[s, t]`` months for which fewer classes are decided than run today (``today[s]``)."""
    return np.asarray(decided & (base < today[:, None]), dtype=np.bool_)


def most_classes(
    schools: Sequence[School],
    base: IntArray,
    rooms: IntArray,
    barred: BoolArray,
    decided: BoolArray,
) -> IntArray:
    """``[s, t]`` classes that the rooms allow; no more than are decided where none may open.

    ``rooms`` are ``[s, t]`` for further classes.
    """
    today = np.array([school.classes for school in schools], dtype=np.int64)
    most: IntArray = np.maximum(base, today[:, None] + rooms)
    never = barred[:, 1:].all(axis=1)
    most[never] = base[never]
    return np.where(fewer_than_today(today, base, decided), base, most)
