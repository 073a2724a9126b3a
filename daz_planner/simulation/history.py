"""What is known of the past: registrations by month, from the sheet Historie or the allocations.

Two uses: the level of the arrivals to come (``zuzug.aus = "Historie"``), and the age of the roster
of today where it has no dates (after a wave the pupils are new).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner.errors import InputError
from daz_planner.scenario.arrivals import month_number

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.district.model import District, HistoryMonth
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.calendar import FloatArray

LEVEL_MONTHS = 12
"""Months of which the level of the arrivals is the mean: a year, so that a season cancels out."""
LEAST_MONTHS = 6
"""With fewer known months the past says nothing about the age of the roster."""
USUAL_DRIFT = 0.15
"""How much the level moves in a month, where nothing else is known.

Registrations in Landkreis Meißen as of the allocations × 22 % + 10 were 15 a month in 2013, 45 in
2015, 27 in 2016 and 18 in 2017: 0.5 a year in the logarithm, and yearly means of independent steps
differ by a variance of 8 monthly ones.
"""
USUAL_COUNTS = 2.0
MOST_DRIFT = 0.25
_HALF_YEAR = 6
_LEAST_SPLIT = 30
"""With fewer registrations by school type their shares are too uncertain to be used."""


@dataclass(frozen=True)
class HistoryLevel:
    """Mean registrations a month, and the shares of the school types where they are known."""

    per_month: float
    shares: dict[str, float] | None
    first: date
    last: date
    months: int
    drift: float
    """Standard deviation of the monthly change of the level, as a share."""


def registrations_of(month: HistoryMonth, kind: str | None = None) -> int | None:
    """Registrations of a month, of one school type or in all; ``None`` where not known."""
    given = dict(month.registrations)
    if kind is not None:
        return given.get(kind)
    if "" in given:
        return given[""]
    return sum(given.values()) if given else None


def history_level(district: District, variance_factor: float = 1.0) -> HistoryLevel:
    """Level of the arrivals: the mean of the last twelve known months up to the reference date.

    Parameters
    ----------
    variance_factor:
        Variance of the registrations of a month divided by their mean: what of the ups and downs
        is chance and no change of the level.

    Raises
    ------
    InputError
        If no month of the sheet Historie up to the reference date has registrations.
    """
    known = [
        (month, count)
        for month in _until_today(district)
        if (count := registrations_of(month)) is not None
    ][-LEVEL_MONTHS:]
    if not known:
        raise InputError(
            "Das Szenario nimmt den Zuzug aus dem Blatt Historie, aber dort stehen bis zum "
            "Stichtag keine Anmeldungen.",
            place="zuzug.aus",
            remedy="Tragen Sie im Blatt Historie die Anmeldungen der letzten Monate ein, oder "
            "nennen Sie im Szenario „pro_monat“.",
        )
    by_kind: dict[str, int] = {}
    for month, _ in known:
        for kind, count in month.registrations:
            by_kind[kind] = by_kind.get(kind, 0) + count
    total = sum(by_kind.values())
    split = "" not in by_kind and total >= _LEAST_SPLIT
    return HistoryLevel(
        per_month=sum(count for _, count in known) / len(known),
        shares={kind: count / total for kind, count in by_kind.items()} if split else None,
        drift=_drift(district, variance_factor),
        first=known[0][0].month,
        last=known[-1][0].month,
        months=len(known),
    )


def _drift(district: District, variance_factor: float) -> float:
    """How much the level moves: from the changes between neighbouring half-years.

    If the logarithm of the level moves by independent steps with variance σ² a month, the means of
    two neighbouring half-years differ by a variance of (2·6² + 1)/(3·6)·σ²; what chance alone adds
    is taken off.  A short history says little: it is shrunk to :data:`USUAL_DRIFT`, which counts
    as much as :data:`USUAL_COUNTS` changes between half-years.
    """
    by_month = {
        month_number(m.month): count
        for m in _until_today(district)
        if (count := registrations_of(m)) is not None
    }
    half = _HALF_YEAR
    excess = []
    for first in by_month:
        window = [by_month.get(first + i) for i in range(2 * half)]
        if None in window:
            continue
        before = sum(count or 0 for count in window[:half])
        after = sum(count or 0 for count in window[half:])
        if before and after:
            chance = variance_factor * (1.0 / before + 1.0 / after)
            excess.append(math.log(after / before) ** 2 - chance)
    changes = len(excess) / half
    seen = sum(excess) / half / ((2 * half**2 + 1) / (3 * half))
    variance = (seen + USUAL_COUNTS * USUAL_DRIFT**2) / (changes + USUAL_COUNTS)
    return min(MOST_DRIFT, math.sqrt(max(0.0, variance)))


def past_arrivals(district: District, scenario: Scenario, kind: str) -> FloatArray | None:
    """Registrations 0, 1, 2 … months before the reference date, up to a constant factor.

    From the sheet Historie (of the school type where it is split), else from the allocations of
    the scenario as far as they lie in the past. Unknown months in between and all older ones count
    as the mean of the known ones. ``None`` where fewer than :data:`LEAST_MONTHS` are known: then
    the state is taken as stationary.
    """
    today = month_number(district.reference_date)
    months = _until_today(district)
    split = [m for m in months if registrations_of(m, kind) is not None]
    chosen = kind if len(split) >= LEAST_MONTHS else None
    known: dict[int, float] = {}
    for month in months:
        count = registrations_of(month, chosen)
        if count is not None:
            known[today - month_number(month.month)] = float(count)
    if len(known) < LEAST_MONTHS:
        known = _from_allocations(scenario, today)
    if len(known) < LEAST_MONTHS or sum(known.values()) <= 0.0:
        return None
    mean = sum(known.values()) / len(known)
    return np.array([known.get(ago, mean) for ago in range(max(known) + 2)])


def _until_today(district: District) -> list[HistoryMonth]:
    last = month_number(district.reference_date)
    return sorted(
        (m for m in district.history if month_number(m.month) <= last), key=lambda m: m.month
    )


def _from_allocations(scenario: Scenario, today: int) -> dict[int, float]:
    """Registrations by months ago that follow from persons allocated before the reference date."""
    plan = scenario.zuzug.zuweisungen
    if plan is None:
        return {}
    first = month_number(plan.ab) + plan.verzug_monate
    return {
        today - month: plan.personen[month - first] * plan.schulpflichtig_anteil + plan.sockel
        for month in range(first, min(today + 1, first + len(plan.personen)))
    }
