"""Arrivals from rosters: how many came a month, for which school types, how unevenly.

Who came and went between two rosters is in neither of them.  So every pupil who is seen counts for
1 / (probability of still being there): the sum is the level.  The new pupils themselves are the
lower bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from daz_planner.german import day as german_day
from daz_planner.german import plural
from daz_planner.simulation.calibration.observations import Observations, months_apart
from daz_planner.simulation.calibration.phases import Stays
from daz_planner.simulation.calibration.results import DISTRICT, RateEstimate, Value
from daz_planner.simulation.calibration.weights import FloatArray
from daz_planner.simulation.stays import StayTable, new_stays
from daz_planner.simulation.today import months_between

LEAST_ARRIVALS = 20
"""New pupils; with fewer the level is off by more than 29 % in 2 of 10 cases (1.28 / √20)."""
LEAST_MONTHS = 12
"""Months with known entries for the variance factor: whole school years, as nobody starts in the
holidays."""
LONGEST_LOOK = 24
LEAST_PRESENT = 0.5
"""Months count for the variance factor while at least this share of their arrivals is there."""
_Z = 1.2816  # 90 % point of the normal distribution


@dataclass(frozen=True)
class Registrations:
    """Level a month, shares of the school types, and the variance factor where it is known."""

    level: RateEstimate | None
    shares: tuple[tuple[str, Value, int], ...]
    variance: RateEstimate | None
    seen: int
    """New pupils: the lower bound of the arrivals."""
    months: float
    added_later: int = 0
    """Pupils whose entry is before a roster that does not have them."""


def estimate_registrations(
    seen: Observations,
    stays: Stays,
    hazard: float,
    kinds: Sequence[str],
    assumed_level: float | None,
    assumed_variance: float,
) -> Registrations:
    """Estimate arrivals between rosters, or of the last year by the entries in one roster."""
    present = {kind: _present(stays, kind, hazard) for kind in kinds}
    if len(seen.rosters) > 1:
        found, exposure, months, late = _between(seen, present)
        first, last = seen.rosters[0].reference_date, seen.rosters[-1].reference_date
        source = f"neu vom {german_day(first)} bis {german_day(last)}"
    else:
        found, exposure, months = _by_entry(seen, present)
        late = 0
        day = german_day(seen.rosters[-1].reference_date)
        source = f"Eintritte der {plural(months, 'Monat', 'Monate')} vor dem {day}"
    total = sum(found.values())
    variance = _variance(seen, present, assumed_variance)
    if total < LEAST_ARRIVALS or months <= 0:
        return Registrations(None, (), variance, total, months, late)
    levels = {kind: found[kind] / exposure[kind] for kind in kinds if exposure.get(kind)}
    level = sum(levels.values())
    factor = variance.value.value if variance is not None else assumed_variance
    # What was seen scatters by variance factor × number; thinning brings that nearer to 1.
    seen_share = total / max(level * months, 1e-9)
    spread = _Z * np.sqrt((1.0 + (factor - 1.0) * min(1.0, seen_share)) / total)
    shares = _shares(levels, found)
    rate = RateEstimate(
        Value(
            round(level, 1),
            round(level * float(np.exp(-spread)), 1),
            round(level * float(np.exp(spread)), 1),
        ),
        total,
        assumed_level,
        source,
    )
    return Registrations(rate, shares, variance, total, months, late)


def _present(stays: Stays, kind: str, hazard: float) -> FloatArray:
    """Share of the arrivals e = 0, 1, … months ago that is in phase 1 or 2."""
    first, second = stays.curves.get(kind, stays.curves[DISTRICT])
    table: StayTable = new_stays(first[0], second[0], None)
    months = np.arange(LONGEST_LOOK * 3)
    return np.asarray(table.survival(len(months))[1] * (1.0 - hazard) ** months)


def _between(
    seen: Observations, present: Mapping[str, FloatArray]
) -> tuple[Counter[str], dict[str, float], float, int]:
    """New pupils between rosters by type, and how many would be seen of one arrival a month."""
    found: Counter[str] = Counter()
    exposure = dict.fromkeys(present, 0.0)
    months, late = 0.0, 0
    known = {p.pupil_id.casefold() for p in seen.rosters[0].pupils}
    for before, after in zip(seen.rosters, seen.rosters[1:], strict=False):
        gap = months_apart(before.reference_date, after.reference_date)
        listed = {p.school for p in before.pupils}
        for pupil in after.pupils:
            name = pupil.pupil_id.casefold()
            kind = seen.kind_of_school.get(pupil.school)
            if name in known or kind is None or pupil.phase == 3:
                continue
            entered = pupil.entered
            if entered is not None and entered <= before.reference_date:
                late += 1
            elif entered is not None or pupil.school in listed:
                found[kind] += 1
        known |= {p.pupil_id.casefold() for p in after.pupils}
        months += gap
        for kind, there in present.items():
            exposure[kind] += _seen_of_one(there, gap)
    return found, exposure, months, late


def _seen_of_one(present: FloatArray, gap: float) -> float:
    """Pupils met at the end of ``gap`` months in which one arrived each month."""
    whole = min(int(gap), len(present) - 1)
    return float(present[:whole].sum() + (gap - int(gap)) * present[whole])


def _by_entry(
    seen: Observations, present: Mapping[str, FloatArray]
) -> tuple[Counter[str], dict[str, float], int]:
    """Entries of the last twelve months in the only roster; nothing if entries are missing."""
    by_month, complete = _entries(seen)
    months = LEAST_MONTHS
    found: Counter[str] = Counter()
    if not complete:
        return found, {}, 0
    for (kind, ago), count in by_month.items():
        if ago < months:
            found[kind] += count
    return found, {kind: float(there[:months].sum()) for kind, there in present.items()}, months


def _entries(seen: Observations) -> tuple[Counter[tuple[str, int]], bool]:
    """Pupils of the latest roster by type and months since entry; whether 9 of 10 have a date."""
    roster = seen.rosters[-1]
    counted: Counter[tuple[str, int]] = Counter()
    pupils = 0
    for pupil in roster.pupils:
        kind = seen.kind_of_school.get(pupil.school)
        if kind is None or pupil.phase == 3:
            continue
        pupils += 1
        if pupil.entered is not None and pupil.entered <= roster.reference_date:
            counted[kind, months_between(pupil.entered, roster.reference_date)] += 1
    return counted, pupils > 0 and sum(counted.values()) >= 0.9 * pupils


def _variance(
    seen: Observations, present: Mapping[str, FloatArray], assumed: float
) -> RateEstimate | None:
    """Variance divided by mean of the arrivals of a month, from the entries in the latest roster.

    A month of which a share p is still there shows n pupils with mean p·μ and variance
    p·μ·(1 + p·(factor - 1)); the factor follows from the sum of the squares (moments).
    """
    by_month, complete = _entries(seen)
    if not complete:
        return None
    weight = {kind: sum(c for (k, _), c in by_month.items() if k == kind) for kind in present}
    total = sum(weight.values())
    if total < LEAST_ARRIVALS:
        return None
    share = sum(weight[kind] / total * there for kind, there in present.items())
    share = np.asarray(share)
    months = min(int((share >= LEAST_PRESENT).sum()), LONGEST_LOOK)
    if months < LEAST_MONTHS:
        return None
    counts = np.array([sum(by_month[k, e] for k in present) for e in range(months)], dtype=float)
    there = share[:months]
    level = counts.sum() / there.sum()
    excess = ((counts - level * there) ** 2).sum() * months / (months - 1) - (level * there).sum()
    factor = 1.0 + float(excess / (level * there**2).sum())
    # A sum of squares with months - 1 degrees of freedom (Wilson and Hilferty 1931).
    part = 2.0 / (9.0 * (months - 1))
    ends = [factor / (1.0 - part + z * np.sqrt(part)) ** 3 for z in (_Z, -_Z)]
    low, value, high = (
        round(max(1.0, min(100.0, float(x))), 1) for x in (ends[0], factor, ends[1])
    )
    source = f"Eintritte der {months} Monate vor dem {german_day(seen.rosters[-1].reference_date)}"
    return RateEstimate(Value(value, low, high), int(counts.sum()), assumed, source)


def _shares(
    levels: Mapping[str, float], found: Mapping[str, int]
) -> tuple[tuple[str, Value, int], ...]:
    """Shares of the school types to three digits that sum to 1, with intervals for shares."""
    total, cases = sum(levels.values()), sum(found.values())
    exact = {kind: level / total for kind, level in levels.items()}
    parts = {kind: int(share * 1000) for kind, share in exact.items()}
    for kind in sorted(exact, key=lambda k: parts[k] - exact[k] * 1000)[
        : 1000 - sum(parts.values())
    ]:
        parts[kind] += 1
    result = []
    for kind, part in parts.items():
        share = part / 1000
        middle = (share + _Z**2 / (2 * cases)) / (1 + _Z**2 / cases)
        half = (
            _Z * np.sqrt(share * (1 - share) / cases + _Z**2 / (4 * cases**2)) / (1 + _Z**2 / cases)
        )
        low, high = (
            round(max(0.0, float(middle - half)), 3),
            round(min(1.0, float(middle + half)), 3),
        )
        result.append((kind, Value(share, low, high), found[kind]))
    return tuple(result)
