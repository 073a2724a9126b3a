"""What the sheet Historie adds: arrivals of the past, the level, and stays from counts alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import InputError
from daz_planner.german import number, plain, plural, short_month
from daz_planner.scenario import with_values
from daz_planner.scenario.arrivals import month_number
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
from daz_planner.simulation.history import (
    HistoryLevel,
    history_level,
    known_registrations,
    months_over,
    past_arrivals,
)

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
RECENT = 4
"""Last known months that are compared with the year."""
WAVE = 1.25
"""Ratio of their mean to that of the year from which a wave is told, if chance hardly explains it:
more than two standard deviations of the difference."""
_Z = 1.2816  # 90 % point of the normal distribution


def arrivals_by_age(district: District, scenario: Scenario, kind: str) -> FloatArray | None:
    """Arrivals e = 0, 1, … whole months before the reference date, ``None`` where not known.

    Half a pupil is added to each: nobody in a month is no proof that nobody could come.
    """
    by_age = past_arrivals(district, scenario, kind)
    return None if by_age is None else by_age + 0.5


@dataclass(frozen=True)
class LevelFound:
    """The level of the arrivals from the sheet Historie, and the spread of a month where known."""

    level: HistoryLevel
    rate: RateEstimate
    variance: RateEstimate | None
    wave: str = ""
    """Sentence on a rising or falling wave, with both numbers; empty for none."""


def level_of_history(district: District, scenario: Scenario) -> LevelFound | None:
    """Registrations a month of the last year and their variance factor, where they are known.

    The interval of the level holds what chance does to twelve months and how far the level may have
    moved since.  The variance is that of the differences between neighbouring months (von Neumann
    1941), so that a trend or a wave does not pass as chance.
    """
    try:
        level = history_level(district, scenario)
    except InputError:
        return None
    if len(level.ages) < LEAST_LEVEL_MONTHS or level.registrations <= 0:
        return None
    source = (
        f"Blatt Historie, {short_month(level.first)} bis {short_month(level.last)} "
        f"({plural(len(level.ages), 'Monat', 'Monate')})"
    )
    variance = _variance(district, scenario, level, source)
    factor = scenario.zuzug.varianzfaktor
    if variance is not None:
        # What of the ups and downs is chance decides how much the level itself moved.
        factor = variance.value.value
        level = history_level(district, with_values(scenario, {"zuzug.varianzfaktor": factor}))
    spread = _Z * math.sqrt(factor / level.registrations + level.lag_variance)
    value = Value(*(round(level.per_month * math.exp(z * spread), 1) for z in (0.0, -1.0, 1.0)))
    rate = RateEstimate(value, level.registrations, scenario.zuzug.pro_monat, source)
    return LevelFound(level, rate, variance, _wave(district, scenario, level, factor))


def _wave(district: District, scenario: Scenario, level: HistoryLevel, factor: float) -> str:
    """Whether the last months differ from the year by more than a quarter and more than chance."""
    season = scenario.zuzug.saison
    first = month_number(level.first)
    known = known_registrations(months_over(district.history, district.reference_date))
    year = [(n, count) for n, count in sorted(known.items()) if n >= first and season[n % 12] > 0.0]
    last = year[-RECENT:]
    recent = sum(count for _, count in last) / sum(season[n % 12] for n, _ in last)
    chance = math.sqrt(factor * level.per_month * max(1.0 / len(last) - 1.0 / len(year), 0.0))
    ratio = max(recent, 1e-9) / level.per_month
    if max(ratio, 1.0 / ratio) < WAVE or abs(recent - level.per_month) <= 2.0 * chance:
        return ""
    return (
        f"Der Zuzug {'steigt' if ratio > 1.0 else 'fällt'}: In den letzten {RECENT} bekannten "
        f"Monaten waren es {number(recent, 1)} Anmeldungen im Monat, im Mittel von "
        f"{plural(len(year), 'Monat', 'Monaten')} {number(level.per_month, 1)} (beides ohne "
        "Jahreszeit). Geschätzt ist das Mittel; rechnen Sie zum Vergleich auch mit pro_monat = "
        f"{plain(round(recent, 1), 1).replace(',', '.')}."
    )


def _variance(
    district: District, scenario: Scenario, level: HistoryLevel, source: str
) -> RateEstimate | None:
    """Variance divided by mean of the registrations of a month, without season and trend."""
    if len(level.ages) < LEAST_VARIANCE_MONTHS:
        return None
    season = scenario.zuzug.saison
    first = month_number(level.first)
    known = known_registrations(months_over(district.history, district.reference_date))
    counts = [n / season[month % 12] for month, n in sorted(known.items()) if month >= first]
    degrees = len(counts) - 1
    factor = float((np.diff(counts) ** 2).sum()) / (2.0 * degrees) / level.per_month
    # A sum of squares (Wilson and Hilferty 1931); differences overlap, so that they are about
    # 2/3 as many degrees of freedom as months.
    part = 2.0 / (9.0 * (2.0 * degrees / 3.0))
    ends = [factor / (1.0 - part + z * np.sqrt(part)) ** 3 for z in (_Z, -_Z)]
    low, value, high = (
        round(min(100.0, max(1.0, float(x))), 1) for x in (ends[0], factor, ends[1])
    )
    return RateEstimate(
        Value(value, low, high), level.registrations, scenario.zuzug.varianzfaktor, source
    )


@dataclass(frozen=True)
class FromCounts:
    """Stays of all types from counts, and sentences on what the counts tell."""

    stays: tuple[StayEstimate, ...]
    notes: tuple[str, ...]


def stays_from_counts(
    district: District, scenario: Scenario, phases: tuple[int, ...], moving_away: float, seed: int
) -> FromCounts:
    """Stays in the given phases from registrations and pupils by month, for all types alike.

    ``moving_away`` is the monthly share with which the stays will be used: counts do not tell the
    two apart.
    Where the counts do not tell the phases apart, phase 1 stays as in the scenario and phase 2 is
    the rest. Without enough registrations there are no estimates.
    """
    from daz_planner.simulation.calibration.counts import fit_counts
    from daz_planner.simulation.calibration.counts_data import counts_of_history
    from daz_planner.simulation.calibration.counts_priors import Range, default_priors

    known = known_registrations(months_over(district.history, district.reference_date))
    if len(known) < LEAST_COUNTED_MONTHS or not phases:
        return FromCounts((), ())
    try:
        data = counts_of_history(district)
    except InputError:
        return FromCounts((), ())
    away = Range(moving_away, moving_away, "Szenario")
    fit = fit_counts(data, replace(default_priors(data), moving_away=away), seed=seed)
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
