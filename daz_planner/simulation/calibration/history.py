"""What the sheet Historie adds: arrivals of the past, the level, and stays from counts alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import InputError
from daz_planner.german import plural, short_month
from daz_planner.simulation.calibration.curve import moments
from daz_planner.simulation.calibration.phases import stay_of
from daz_planner.simulation.calibration.results import (
    DISTRICT,
    Method,
    RateEstimate,
    StayEstimate,
    Value,
)
from daz_planner.simulation.calibration.weights import FloatArray
from daz_planner.simulation.history import history_level, past_arrivals, registrations_of

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.calibration.counts import CountFit

LEAST_LEVEL_MONTHS = 6
LEAST_VARIANCE_MONTHS = 12
LEAST_COUNTED_MONTHS = 12
"""Months of registrations from which pupils and registrations together tell how long a stay is."""
LEAST_SHRINKAGE = 0.5
"""The counts must halve the range that was held possible before: less is an assumption still."""
_Z = 1.2816  # 90 % point of the normal distribution


def arrivals_by_age(district: District, scenario: Scenario, kind: str) -> FloatArray | None:
    """Arrivals e = 0, 1, … whole months before the reference date, ``None`` where not known.

    A whole month ago begins on the day of the month of the reference date, so it takes parts of
    two calendar months. Half a pupil is added to each: nobody in a month is no proof that nobody
    could come.
    """
    by_month = past_arrivals(district, scenario, kind)
    if by_month is None:
        return None
    part = min(district.reference_date.day / 30.0, 1.0)
    earlier = np.append(by_month[1:], by_month[-1])
    return np.asarray(part * by_month + (1.0 - part) * earlier + 0.5, dtype=np.float64)


def level_of_history(
    district: District, scenario: Scenario
) -> tuple[RateEstimate | None, RateEstimate | None]:
    """Registrations a month of the last year and their variance factor, where they are known.

    The variance is that of the differences between neighbouring months (von Neumann 1941), so that
    a trend or a wave does not pass as chance.
    """
    if not any(registrations_of(month) is not None for month in district.history):
        return None, None
    try:
        level = history_level(district)
    except InputError:
        return None, None
    if level.months < LEAST_LEVEL_MONTHS:
        return None, None
    counts = [
        count
        for month in sorted(district.history, key=lambda m: m.month)
        if level.first <= month.month <= level.last
        and (count := registrations_of(month)) is not None
    ]
    total = float(sum(counts))
    if total <= 0.0:
        return None, None
    mean = total / len(counts)
    factor = float((np.diff(counts) ** 2).sum()) / (2.0 * (len(counts) - 1)) / mean
    source = (
        f"Blatt Historie, {short_month(level.first)} bis {short_month(level.last)} "
        f"({plural(level.months, 'Monat', 'Monate')})"
    )
    spread = _Z * float(np.sqrt(max(1.0, factor) / total))
    rate = RateEstimate(
        Value(*(round(mean * math.exp(z * spread), 1) for z in (0.0, -1.0, 1.0))),
        int(total),
        scenario.zuzug.pro_monat,
        source,
    )
    if len(counts) < LEAST_VARIANCE_MONTHS:
        return rate, None
    # Differences overlap: about 2/3 as many degrees of freedom as months.
    part = 2.0 / (9.0 * (2.0 * (len(counts) - 1) / 3.0))
    ends = [factor / (1.0 - part + z * np.sqrt(part)) ** 3 for z in (_Z, -_Z)]
    low, value, high = (
        round(min(100.0, max(1.0, float(x))), 1) for x in (ends[0], factor, ends[1])
    )
    variance = RateEstimate(
        Value(value, low, high), int(total), scenario.zuzug.varianzfaktor, source
    )
    return rate, variance


@dataclass(frozen=True)
class FromCounts:
    """Stays of all types from counts, and sentences on what the counts tell."""

    stays: tuple[StayEstimate, ...]
    notes: tuple[str, ...]


def stays_from_counts(
    district: District, scenario: Scenario, phases: tuple[int, ...], seed: int
) -> FromCounts:
    """Stays in the given phases from registrations and pupils by month, for all types alike.

    Where the counts do not tell the phases apart, phase 1 stays as in the scenario and phase 2 is
    the rest. Without enough registrations there are no estimates.
    """
    from daz_planner.simulation.calibration.counts import fit_counts
    from daz_planner.simulation.calibration.counts_data import counts_of_history

    known = sum(registrations_of(month) is not None for month in district.history)
    if known < LEAST_COUNTED_MONTHS or not phases:
        return FromCounts((), ())
    try:
        data = counts_of_history(district)
    except InputError:
        return FromCounts((), ())
    fit = fit_counts(data, seed=seed)
    kinds = district.school_types
    cases = len(data.observations)
    estimates: list[StayEstimate] = []
    for phase in phases:
        found = _stay(fit, scenario, phase, kinds)
        if found is None:
            continue
        for kind in (DISTRICT, *kinds):
            stay = stay_of(scenario, kind or kinds[0], phase)
            default = _moments(stay)[0]
            estimates.append(
                StayEstimate(kind, phase, Method.COUNTS, cases, *found, default=default)
            )
    return FromCounts(tuple(estimates), fit.sentences)


def _stay(
    fit: CountFit, scenario: Scenario, phase: int, kinds: tuple[str, ...]
) -> tuple[Value, Value] | None:
    """Mean and spread of a phase where the counts tell them; ``None`` where they do not."""
    by_phase = f"phase{phase}_mean"
    name = by_phase if by_phase in fit.point else "stay_mean"
    if fit.shrinkage.get(name, 0.0) < LEAST_SHRINKAGE or (name == "stay_mean" and phase == 1):
        return None
    mean = _value(fit, name)
    if name == "stay_mean":
        first, spread_of_first = _moments(stay_of(scenario, kinds[0], 1))
        mean = Value(*(round(max(1.0, v - first), 2) for v in (mean.value, mean.low, mean.high)))
    other = name.replace("mean", "spread")
    if fit.shrinkage.get(other, 0.0) < LEAST_SHRINKAGE:
        # Counts hardly tell the spread: it keeps its ratio to the mean.
        assumed = _moments(stay_of(scenario, kinds[0], phase))
        ratio = assumed[1] / assumed[0]
        return mean, Value(*(round(ratio * v, 2) for v in (mean.value, mean.low, mean.high)))
    spread = _value(fit, other)
    if name == "stay_mean":
        ends = (spread.value, spread.low, spread.high)
        spread = Value(*(round(max(0.3, v**2 - spread_of_first**2) ** 0.5, 2) for v in ends))
    return mean, spread


def _moments(stay: FloatArray) -> tuple[float, float]:
    mean, spread = moments(stay[None])
    return float(mean[0]), float(spread[0])


def _value(fit: CountFit, name: str) -> Value:
    interval = fit.intervals.get(name)
    point = fit.point[name]
    low, high = (interval.low, interval.high) if interval else (point, point)
    return Value(round(point, 2), round(low, 2), round(high, 2))
