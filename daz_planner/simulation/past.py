"""Pupils counted in the past, as the calibration and the back-test both read them.

A month of the sheet Historie tells the registrations of that whole month and the pupils at its end.
The month of the reference date is not over, unless that date is its last day: its registrations do
not count (:func:`~daz_planner.simulation.history.months_over`), and its pupils are those of the
reference date.  Rows of one month are put together.  The table of schools is a count of the
reference date; like the sheet Historie it is taken without guest pupils.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from daz_planner.district.model import HistoryMonth
from daz_planner.scenario.arrivals import month_number
from daz_planner.simulation.history import months_over

if TYPE_CHECKING:
    from daz_planner.district.model import District, School

VKA = 0
"""Phases 1 and 2 together, where a phase is asked."""


def month_end(month: date) -> date:
    """The last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def position(day: date) -> float:
    """Place of a day among the ends of months: the last day of month n is n, months are 1 apart."""
    return month_number(day) - 1 + day.day / monthrange(day.year, day.month)[1]


def day_of_month(month: date, reference_date: date) -> date:
    """The day on which the pupils of a month of the history were counted."""
    same = (month.year, month.month) == (reference_date.year, reference_date.month)
    return reference_date if same else month_end(month)


def merged_months(months: Iterable[HistoryMonth]) -> tuple[HistoryMonth, ...]:
    """One entry a month, in order: rows of the same month put together.

    Where two rows name different numbers the later row holds; reading a sheet, that is a fault.
    """
    merged: dict[date, tuple[dict[str, int], dict[int, int]]] = {}
    for entry in months:
        registrations, pupils = merged.setdefault(entry.month.replace(day=1), ({}, {}))
        registrations.update(entry.registrations)
        pupils.update(entry.pupils)
    return tuple(
        HistoryMonth(month, tuple(merged[month][0].items()), tuple(merged[month][1].items()))
        for month in sorted(merged)
    )


def known_pupils(entry: HistoryMonth) -> dict[int, int]:
    """Pupils of a month by phase, 0 for phases 1 and 2; what follows from the others is filled in.

    Numbers that contradict each other stay as they are.
    """
    known = dict(entry.pupils)
    if 1 in known and 2 in known:
        known.setdefault(VKA, known[1] + known[2])
    elif VKA in known:
        for one, other in ((1, 2), (2, 1)):
            if one in known and known[VKA] >= known[one]:
                known[other] = known[VKA] - known[one]
                break
    return known


def pupils_by_day(district: District) -> dict[date, dict[int, int]]:
    """Day → phase → pupils, as far as the sheet Historie tells them."""
    found = {}
    for entry in merged_months(district.history):
        known = known_pupils(entry)
        if known:
            found[day_of_month(entry.month, district.reference_date)] = known
    return found


def pupils_of_table(schools: Sequence[School]) -> dict[int, int]:
    """Phase → pupils of the table of schools; phases where every school names them."""
    found = {VKA: sum(school.pupils for school in schools)}
    for phase in (1, 2, 3):
        named = [school.phases[phase - 1] for school in schools]
        if all(count is not None for count in named):
            found[phase] = sum(count or 0 for count in named)
    return found


def joint_history(districts: Sequence[District]) -> tuple[tuple[HistoryMonth, ...], int]:
    """The history of one district from several inputs, and in how many months they contradict.

    ``districts`` are in order of their reference dates; a later one corrects an earlier one, and of
    an earlier one the months count that were over.
    """
    *earlier, latest = districts
    rows = [merged_months(months_over(d.history, d.reference_date)) for d in earlier]
    rows.append(merged_months(latest.history))
    differing: set[date] = set()
    known: dict[date, dict[str | int, int]] = {}
    for months in rows:
        for entry in months:
            before = known.setdefault(entry.month, {})
            new: dict[str | int, int] = {**dict(entry.registrations), **dict(entry.pupils)}
            if any(before.get(key, number) != number for key, number in new.items()):
                differing.add(entry.month)
            before.update(new)
    return merged_months(entry for months in rows for entry in months), len(differing)
