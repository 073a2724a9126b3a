"""Seats needed against seats there, by month: for the forecast alone and for a plan.

The need are the pupils in phases 1 and 2, each of whom takes a VKA seat at once; guest pupils are
among them.  Seats and need are sums over the district: how far the ways are is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from daz_planner.results.schema import Column, Kind, Table, table

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from daz_planner.simulation.forecast import FloatArray, Forecast

TOGETHER = "zusammen"
"""The name of all school types together."""
NOISE = 1e-6
"""Seats below this are rounding."""
FORECAST_SHARES = (0.1, 0.5, 0.9)
"""The shares of futures of P10, P50 and P90."""


@dataclass(frozen=True)
class NeedCourse:
    """Need and seats of one school type, or of all together, each ``[t]``.

    Attributes
    ----------
    expected, low, middle, high:
        Pupils who need a VKA seat: expectation, P10, P50, P90.
    seats:
        Seats that are there.
    short:
        Share of the futures (0 … 1) in which the seats of the month are not enough.
    covered:
        Futures in which they are enough in every month.
    futures:
        All futures.
    """

    school_type: str
    months: tuple[date, ...]
    expected: FloatArray
    low: FloatArray
    middle: FloatArray
    high: FloatArray
    seats: FloatArray
    short: FloatArray
    covered: int
    futures: int

    def missing(self, need: FloatArray) -> FloatArray:
        """``[t]`` seats that a need lacks, 0 where the seats are enough."""
        lack = need - self.seats
        return np.where(lack > NOISE, lack, 0.0)

    def first_month_short(self, need: FloatArray) -> date | None:
        """The first month in which the seats are not enough for a need, ``None`` where never."""
        short = np.flatnonzero(self.missing(need))
        return self.months[int(short[0])] if len(short) else None


def need_course(
    forecast: Forecast, school_types: Sequence[str], seats: FloatArray, name: str
) -> NeedCourse:
    """The course of some school types taken together.

    Parameters
    ----------
    school_types:
        The types to add up. One that the forecast does not know needs nothing.
    seats:
        ``[t]`` seats of these types; its length is the number of months.
    name:
        What the course is called.
    """
    count = len(seats)
    known = forecast.school_types
    rows = [known.index(kind) for kind in school_types if kind in known]
    need = vka_runs(forecast)[:, rows, :count].sum(axis=1)
    enough = need <= seats + NOISE
    low, middle, high = quantiles(need)
    return NeedCourse(
        name,
        forecast.months[:count],
        forecast.vka_expected[rows, :count].sum(axis=0),
        low,
        middle,
        high,
        seats,
        short=1.0 - enough.mean(axis=0),
        covered=int(np.count_nonzero(enough.all(axis=1))),
        futures=len(need),
    )


def each_type_covered(
    course: NeedCourse, forecast: Forecast, school_types: Sequence[str], seats: FloatArray
) -> NeedCourse:
    """The course of all types together, enough only where the seats of each type are.

    Free seats of one type help no other; ``seats`` is ``[k, t]``.
    """
    rows = [forecast.school_types.index(kind) for kind in school_types]
    need = vka_runs(forecast)[:, rows, : seats.shape[1]]
    enough: npt.NDArray[np.bool_] = np.all(need <= seats + NOISE, axis=1)
    return replace(
        course,
        short=1.0 - enough.mean(axis=0),
        covered=int(np.count_nonzero(np.all(enough, axis=1))),
    )


def quantiles(runs: npt.NDArray[Any]) -> FloatArray:
    """P10, P50, P90 over the first axis: the smallest count that so many futures do not exceed."""
    found = np.quantile(runs, FORECAST_SHARES, axis=0, method="inverted_cdf")
    return np.asarray(found, dtype=np.float64)


def vka_runs(forecast: Forecast) -> npt.NDArray[np.int32]:
    """``[r, k, t]`` pupils of each future who need a VKA seat."""
    return forecast.runs[:, :, 0, :] + forecast.runs[:, :, 1, :]


def futures_covered(forecast: Forecast, seats: FloatArray) -> tuple[int, int]:
    """Futures in which the seats of every school type are enough in every month, and all futures.

    ``seats`` is ``[k, t]``, school types as in the forecast.
    """
    need = vka_runs(forecast)[:, :, : seats.shape[1]]
    enough = np.all(need <= seats[np.newaxis] + NOISE, axis=(1, 2))
    return int(np.count_nonzero(enough)), len(need)


def _free(course: NeedCourse, t: int, band: FloatArray) -> float | None:
    """Seats that are free in a month; nothing for all types together, who share no seats."""
    return None if course.school_type == TOGETHER else float(course.seats[t] - band[t])


def seats_table(courses: Sequence[NeedCourse]) -> Table:
    """Plätze: need and seats by school type and month; what is missing stands with a minus."""
    columns = [
        Column("Schulart"),
        Column("Monat", Kind.MONTH),
        Column("Plätze", Kind.NUMBER, "Plätze", 1, shown=0),
        Column("Erwartung", Kind.NUMBER, "VKA-Schüler", 3, shown=1),
        *(Column(name, Kind.WHOLE, "VKA-Schüler") for name in ("P10", "P50", "P90")),
        Column("frei bei P50", Kind.NUMBER, "Plätze", 1, shown=0),
        Column("frei bei P90", Kind.NUMBER, "Plätze", 1, shown=0),
        Column("zu wenig Plätze %", Kind.SHARE, "% der Zukünfte", 1),
    ]
    rows = [
        [
            course.school_type,
            month,
            float(course.seats[t]),
            float(course.expected[t]),
            *(int(band[t]) for band in (course.low, course.middle, course.high)),
            *(_free(course, t, band) for band in (course.middle, course.high)),
            float(course.short[t]),
        ]
        for course in courses
        for t, month in enumerate(course.months)
    ]
    return table("plaetze", columns, rows, empty="Es gibt keine Prognose.")
