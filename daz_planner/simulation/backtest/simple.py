"""The three simple methods that a forecast has to beat: last value, trend, average turnover.

Each sees only the counts and registrations that are handed to it, and is ``None`` where they do
not suffice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from daz_planner.simulation.backtest.observed import Observation, Series
from daz_planner.simulation.past import position

WINDOW = 12
"""Months over which trend and turnover are averaged."""
OLDEST = 24
"""Months before the forecast beyond which nothing counts as known any more."""
LEAST = 3
"""Fewest months (points) from which trend, turnover and level are taken."""
LEAST_ERRORS = 9
"""Fewest past errors that give a band: below them the P10 lies under the smallest (Weibull)."""

_SAME = 0.05
"""So many months may two counts "a month apart" differ from one."""

Registrations = Mapping[str, Mapping[int, int]]
"""School type (``""`` for all) → number of the month → registrations."""


def last_value(known: Sequence[Observation], series: Series) -> float:
    """The count of the last day of ``known``, which has it."""
    return float(known[-1].counts[series])


def linear_trend(known: Sequence[Observation], series: Series, months: int) -> float | None:
    """The least-squares line through the counts of the last 12 months, never below 0.

    ``months`` is how far ahead; at least three counts are needed.
    """
    last = position(known[-1].day)
    points = [
        (position(entry.day) - last, entry.counts[series])
        for entry in known
        if series in entry.counts and position(entry.day) > last - WINDOW + _SAME
    ]
    if len(points) < LEAST:
        return None
    x, y = np.array(points, dtype=np.float64).T
    x_mean, y_mean = x.mean(), y.mean()
    slope = float(((x - x_mean) * (y - y_mean)).sum() / ((x - x_mean) ** 2).sum())
    return max(0.0, float(y_mean) + slope * (months - float(x_mean)))


def average_turnover(
    known: Sequence[Observation], series: Series, months: int, registrations: Registrations
) -> float | None:
    """Month by month: pupils × (1 - average share that leaves) + average arrivals.

    Both are averages over the last 12 months of which the counts at both ends and the arrivals
    are known, none older than 24 months; at least three are needed. What leaves a phase arrives
    in the next one. The share is all who left divided by all who were there.
    """
    last = position(known[-1].day)
    flows = [
        flow
        for number, after in enumerate(known)
        if position(after.day) > last - OLDEST + _SAME
        and (before := _month_before(known, number)) is not None
        and (flow := _flow(before, after, series, registrations)) is not None
    ][-WINDOW:]
    if len(flows) < LEAST:
        return None
    there, came, left = np.array(flows, dtype=np.float64).sum(axis=0)
    share = min(max(left / there, 0.0), 1.0) if there > 0.0 else 0.0
    pupils = last_value(known, series)
    for _ in range(months):
        pupils = pupils * (1.0 - share) + came / len(flows)
    return max(0.0, float(pupils))


def _month_before(known: Sequence[Observation], number: int) -> Observation | None:
    """The count a month before the given one."""
    after = position(known[number].day)
    for entry in reversed(known[:number]):
        apart = after - position(entry.day)
        if apart > 1.0 + _SAME:
            break
        if apart >= 1.0 - _SAME:
            return entry
    return None


def _flow(
    before: Observation, after: Observation, series: Series, registrations: Registrations
) -> tuple[int, int, int] | None:
    """Pupils at the start of a month, those who came, and those who left."""
    if series not in before.counts or series not in after.counts:
        return None
    if series.phase < 2:
        came = registrations.get(series.school_type, {}).get(month_of(after.day))
    else:
        earlier = _flow(before, after, Series(series.school_type, series.phase - 1), registrations)
        came = None if earlier is None else earlier[2]
    if came is None:
        return None
    there = before.counts[series]
    return there, came, there + came - after.counts[series]


def month_of(day: date) -> int:
    """Number of the month that ends next to the day: a month passes its middle or belongs to it."""
    return round(position(day))


def band(forecast: float, errors: Sequence[float]) -> tuple[float, float] | None:
    """P10 and P90 of a method from its past errors (forecast - observed) at the same horizon.

    Quantiles at (n + 1) · p of the ordered errors, so that 80 % of new ones lie between them where
    errors stay as they were; ``None`` with fewer than nine errors.
    """
    if len(errors) < LEAST_ERRORS:
        return None
    low, high = np.quantile(np.array(errors), [0.1, 0.9], method="weibull")
    return max(0.0, forecast - float(high)), max(0.0, forecast - float(low))
