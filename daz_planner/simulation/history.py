"""What is known of the past: registrations by month, from the sheet Historie or the allocations.

Two uses: the level of the arrivals to come (``zuzug.aus = "Historie"``), and the age of the roster
of today where it has no dates (after a wave the pupils are new).

A month of the sheet counts the registrations of the whole month; the month of the reference date
is known only if that date is its last day.  A month in which a school type that the sheet knows has
no number is not known in all.
"""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.errors import InputError
from daz_planner.scenario.arrivals import month_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from daz_planner.district.model import District, HistoryMonth
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.calendar import FloatArray

LEVEL_MONTHS = 12
"""Months of which the level of the arrivals is the mean: a year."""
LEAST_LEVEL = 3
"""So many of these months must be known."""
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
    """Mean registrations a month without the season, and the shares of the school types if known.

    ``ages`` are the months of which it is the mean, counted back from the reference date.
    """

    per_month: float
    shares: dict[str, float] | None
    first: date
    last: date
    ages: tuple[int, ...]
    registrations: int
    """Registrations in these months."""
    drift: float
    """Standard deviation of the monthly change of the level, as a share."""

    @property
    def lag_variance(self) -> float:
        """Variance of the logarithm of this mean against the level of the reference date.

        The level moves by independent steps, so two months a and b back share the steps since the
        later of them: the variance is drift² · Σ min(a, b) / n².
        """
        ages = np.array(self.ages, dtype=np.float64)
        return self.drift**2 * float(np.minimum.outer(ages, ages).mean())


def known_registrations(months: Iterable[HistoryMonth], kind: str | None = None) -> dict[int, int]:
    """Number of the month → registrations, of one school type or in all, where known.

    Rows of one month are put together. In all they are known where the sheet has a number for all
    types together, or one for every type that occurs in it.
    """
    merged: dict[int, dict[str, int]] = {}
    for month in months:
        merged.setdefault(month_number(month.month), {}).update(month.registrations)
    if kind is not None:
        return {number: given[kind] for number, given in merged.items() if kind in given}
    kinds = {name for given in merged.values() for name in given if name}
    known = {}
    for number, given in merged.items():
        if "" in given:
            known[number] = given[""]
        elif kinds and kinds <= set(given):
            known[number] = sum(given[name] for name in kinds)
    return known


def months_over(months: Iterable[HistoryMonth], day: date) -> list[HistoryMonth]:
    """The months that were over at the end of a day, in order."""
    last = last_month_over(day)
    return sorted(
        (month for month in months if month_number(month.month) <= last),
        key=lambda month: month.month,
    )


def last_month_over(day: date) -> int:
    """Number of the last month that was over at the end of a day."""
    return month_number(day) - (day.day < monthrange(day.year, day.month)[1])


def history_level(district: District, scenario: Scenario) -> HistoryLevel:
    """Level of the arrivals: the mean of the known ones of the last twelve months.

    The season of the scenario is divided out, as it is multiplied in again later.

    Raises
    ------
    InputError
        If fewer than :data:`LEAST_LEVEL` of these months have registrations.
    """
    months = months_over(district.history, district.reference_date)
    last = last_month_over(district.reference_date)
    season = scenario.zuzug.saison
    known = {
        number: count
        for number, count in sorted(known_registrations(months).items())
        if number > last - LEVEL_MONTHS and season[number % 12] > 0.0
    }
    if len(known) < LEAST_LEVEL:
        raise InputError(
            "Das Szenario nimmt den Zuzug aus dem Blatt Historie, aber dort stehen für die zwölf "
            f"Monate vor dem Stichtag nur {len(known)} mit Anmeldungen. Nötig sind "
            f"{LEAST_LEVEL}.",
            place="zuzug.aus",
            remedy="Tragen Sie im Blatt Historie die Anmeldungen der letzten Monate ein, oder "
            "nennen Sie im Szenario „pro_monat“.",
        )
    total = sum(known.values())
    number_of_today = month_number(district.reference_date)
    return HistoryLevel(
        per_month=total / sum(season[number % 12] for number in known),
        shares=_shares(months, set(known)),
        first=_first_day(min(known)),
        last=_first_day(max(known)),
        ages=tuple(number_of_today - number for number in known),
        registrations=total,
        drift=_drift(known_registrations(months), season, scenario.zuzug.varianzfaktor),
    )


def history_hints(district: District, scenario: Scenario) -> list[str]:
    """German sentences on what the forecast takes from the sheet Historie."""
    hints = []
    if scenario.zuzug.aus is not None:
        level = history_level(district, scenario)
        known = german.plural(len(level.ages), "Monat", "Monaten")
        drift = scenario.zuzug.niveau_schwankung
        moving = level.drift if drift is None else drift
        shares = "" if level.shares is None else ", auch nach Schulart"
        hints.append(
            f"Zuzug aus dem Blatt Historie{shares}: {german.number(level.per_month, 1)} "
            f"Anmeldungen im Monat, das Mittel aus {known} von {german.month(level.first)} bis "
            f"{german.month(level.last)}. Die Spanne enthält, dass sich das Niveau verschieben "
            f"kann, um {german.percent(moving, 0)} im Monat."
        )
    kinds = district.school_types
    past = [kind for kind in kinds if past_arrivals(district, scenario, kind) is not None]
    if past:
        source = "dem Blatt Historie" if district.history else "den Zuweisungen des Szenarios"
        hints.append(
            "Wie lange die heutigen Schüler ohne Datum schon da sind, folgt den Anmeldungen der "
            f"Vergangenheit aus {source}."
        )
    return hints


def _first_day(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _shares(months: Sequence[HistoryMonth], chosen: set[int]) -> dict[str, float] | None:
    """Shares of the school types in these months, where there are enough to tell."""
    kinds = sorted({name for month in months for name, _ in month.registrations if name})
    by_kind = {kind: known_registrations(months, kind) for kind in kinds}
    split = [number for number in chosen if all(number in of for of in by_kind.values())]
    counts = {kind: sum(of[number] for number in split) for kind, of in by_kind.items()}
    total = sum(counts.values())
    if total < _LEAST_SPLIT:
        return None
    return {kind: count / total for kind, count in counts.items()}


def _drift(known: dict[int, int], season: Sequence[float], variance_factor: float) -> float:
    """How much the level moves: from the changes between neighbouring half-years.

    If the logarithm of the level moves by independent steps with variance σ² a month, the means of
    two neighbouring half-years differ by a variance of (2·6² + 1)/(3·6)·σ²; what chance alone adds
    is taken off, and the season too.  A short history says little: it is shrunk to
    :data:`USUAL_DRIFT`, which counts as much as :data:`USUAL_COUNTS` changes between half-years.
    """
    half = _HALF_YEAR
    excess = []
    for first in known:
        numbers = range(first, first + 2 * half)
        if any(number not in known for number in numbers):
            continue
        before, after = (sum(known[n] for n in part) for part in (numbers[:half], numbers[half:]))
        usual_before, usual_after = (
            sum(season[n % 12] for n in part) for part in (numbers[:half], numbers[half:])
        )
        if before and after and usual_before and usual_after:
            chance = variance_factor * (1.0 / before + 1.0 / after)
            change = math.log(after / before) - math.log(usual_after / usual_before)
            excess.append(change**2 - chance)
    changes = len(excess) / half
    seen = max(0.0, sum(excess)) / half / ((2 * half**2 + 1) / (3 * half))
    variance = (seen + USUAL_COUNTS * USUAL_DRIFT**2) / (changes + USUAL_COUNTS)
    return min(MOST_DRIFT, math.sqrt(variance))


def past_arrivals(district: District, scenario: Scenario, kind: str) -> FloatArray | None:
    """Registrations 0, 1, 2 … months before the reference date, up to a constant factor.

    From the sheet Historie (of the school type where it is split), else from the allocations of
    the scenario as far as they lie in the past. Unknown months in between and all older ones count
    as the mean of the known ones. ``None`` where fewer than :data:`LEAST_MONTHS` are known: then
    the state is taken as stationary.  Who came a months ago came between a and a + 1 months before
    the reference date, so the numbers of two calendar months are mixed by the day of the month.
    """
    day = district.reference_date
    months = months_over(district.history, day)
    known = known_registrations(months, kind)
    if len(known) < LEAST_MONTHS:
        known = known_registrations(months)
    by_month: dict[int, float] = {number: float(count) for number, count in known.items()}
    if len(by_month) < LEAST_MONTHS:
        by_month = _from_allocations(scenario, month_number(day))
    if len(by_month) < LEAST_MONTHS or sum(by_month.values()) <= 0.0:
        return None
    mean = sum(by_month.values()) / len(by_month)
    today, last = month_number(day), max(by_month)
    # The month that is not over yet goes on as the one before.
    running = by_month.get(last, mean) if last == today - 1 else mean
    values = [by_month.get(today, running)]
    values += [by_month.get(today - ago, mean) for ago in range(1, today - min(by_month) + 1)]
    values += [mean, mean]
    share = day.day / monthrange(day.year, day.month)[1]
    series = np.array(values)
    return np.asarray(share * series[:-1] + (1.0 - share) * series[1:], dtype=np.float64)


def _from_allocations(scenario: Scenario, today: int) -> dict[int, float]:
    """Number of the month → registrations from persons allocated before the reference date."""
    plan = scenario.zuzug.zuweisungen
    if plan is None:
        return {}
    first = month_number(plan.ab) + plan.verzug_monate
    return {
        month: plan.personen[month - first] * plan.schulpflichtig_anteil + plan.sockel
        for month in range(first, min(today + 1, first + len(plan.personen)))
    }
