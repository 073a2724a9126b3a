"""The district as it was known on a past day, and the scenario without what came later.

Nothing of the time after the day gets in: counts and the roster are those of the day, the history
ends with the last month that was over, and from it come the level of the arrivals, their split
over school types and the months that pupils have already spent, as with ``zuzug.aus = "Historie"``.
Stays, moving away, season and spread are the scenario's. Its trend, wave, series and allocations
are assumptions of today on what is to come; they are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from daz_planner.district.model import SCHOOL_TYPES, District, HistoryMonth, Pupil, Roster, School
from daz_planner.errors import InputError
from daz_planner.scenario import scenario_as_toml_dict, scenario_from_dict
from daz_planner.simulation.backtest.observed import VKA, Observation, Series
from daz_planner.simulation.backtest.simple import WINDOW
from daz_planner.simulation.history import history_level, known_registrations, months_over
from daz_planner.simulation.population import Population, build_population
from daz_planner.simulation.today import months_between

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.scenario.model import Scenario

_KEPT = ("varianzfaktor", "niveau_schwankung", "saison", "stufen", "familien_anteil")
"""Keys of [zuzug] that say how children come, not how many; they hold for the past too."""


@dataclass(frozen=True)
class Arrivals:
    """What was known of the arrivals on a day: registrations a month, and by school type."""

    level: float
    months: int
    """Months from which the level was taken; 0 where it came from the days of entry of a roster."""
    shares: Mapping[str, float]


def registrations_by_month(months: Sequence[HistoryMonth]) -> dict[str, dict[int, int]]:
    """School type (``""`` for all) → number of the month → registrations, where known."""
    return {kind: known_registrations(months, kind or None) for kind in ("", *SCHOOL_TYPES)}


@dataclass(frozen=True)
class Known:
    """What was known on a past day, ready for the simulation."""

    district: District
    scenario: Scenario
    arrivals: Arrivals


def known_then(
    district: District,
    scenario: Scenario,
    start: Observation,
    roster_before: Roster | None,
    months: int,
) -> Known | None:
    """District and scenario as of the day of ``start``, for ``months`` months.

    ``None`` where neither three of the twelve months before nor days of entry in the roster tell
    how many arrive.

    Parameters
    ----------
    start:
        Counts of the day, with the roster where there was one. The VKA pupils must be known.
    roster_before:
        The last roster until then: its split over school types holds for a count without one.
    """
    history = tuple(months_over(district.history, start.day))
    arrivals = _arrivals_of_months(district, scenario, history, start.day)
    arriving = arrivals.shares if arrivals else scenario.zuzug.schularten
    then = _district_then(
        replace(district, history=history),
        start,
        _stock_shares(district, start, roster_before, arriving),
        arriving,
    )
    usual = dict(scenario.zuzug.schularten)
    form: dict[str, object] = {"aus": "Historie", "schularten": usual}
    if arrivals is None:
        trial = _scenario_then(scenario, {"pro_monat": 1.0, "schularten": usual}, months)
        arrivals = arrivals_of_roster(build_population(then, trial), then, scenario)
        if arrivals is None:
            return None
        form = {"pro_monat": arrivals.level, "schularten": dict(arrivals.shares)}
    return Known(then, _scenario_then(scenario, form, months), arrivals)


def _arrivals_of_months(
    district: District, scenario: Scenario, history: tuple[HistoryMonth, ...], day: date
) -> Arrivals | None:
    """The level as ``zuzug.aus = "Historie"`` takes it; ``None`` with too few known months."""
    try:
        level = history_level(replace(district, history=history, reference_date=day), scenario)
    except InputError:
        return None
    return Arrivals(level.per_month, len(level.ages), level.shares or scenario.zuzug.schularten)


def arrivals_of_roster(
    population: Population, district: District, scenario: Scenario
) -> Arrivals | None:
    """Level and split of the arrivals from the days of entry of the roster of the day.

    Pupils who came in the last 12 months and are still in a VKA, divided by the share of those who
    came that the stays expect to be there still. ``None`` without days of entry.
    """
    roster = district.roster
    if roster is None:
        return None
    kinds = {school.name: school.school_type for school in district.schools}
    season, direct = scenario.zuzug.saison, scenario.abgang.direkt_in_regelklasse
    this_month = roster.reference_date.month - 1
    level: dict[str, float] = {}
    for kind, model in zip(population.school_types, population.stays, strict=True):
        own = [p for p in roster.pupils if kinds[p.school] == kind and p.phase != 3]
        if any(pupil.entered is None for pupil in own):
            return None
        ages = [months_between(p.entered, roster.reference_date) for p in own if p.entered]
        _, in_vka = model.new.survival(WINDOW)
        there = sum(
            float(in_vka[age]) * (1.0 - population.hazard) ** age * season[(this_month - age) % 12]
            for age in range(WINDOW)
        )
        there *= 1.0 - direct
        level[kind] = sum(age < WINDOW for age in ages) / there if there else 0.0
    total = sum(level.values())
    if total <= 0.0:
        return None
    return Arrivals(total, 0, {kind: n / total for kind, n in level.items() if n})


def _scenario_then(scenario: Scenario, form: Mapping[str, object], months: int) -> Scenario:
    data = scenario_as_toml_dict(scenario)
    data.pop("quellen", None)  # they name keys that are gone
    kept = {key: data["zuzug"][key] for key in _KEPT if key in data["zuzug"]}
    period = {"monate": months + 1}
    return scenario_from_dict({**data, "zeitraum": period, "zuzug": {**kept, **form}})


def _stock_shares(
    district: District,
    start: Observation,
    before: Roster | None,
    otherwise: Mapping[str, float],
) -> dict[str, float]:
    """Split of the pupils over school types: counted, else as in the last roster, else given."""
    counted = {k: start.counts[Series(k)] for k in SCHOOL_TYPES if Series(k) in start.counts}
    if not sum(counted.values()) and before is not None:
        kinds = {school.name: school.school_type for school in district.schools}
        met = [kinds.get(pupil.school, "") for pupil in before.pupils if pupil.phase != 3]
        counted = {kind: met.count(kind) for kind in SCHOOL_TYPES}
    total = sum(counted.values())
    if total:
        return {kind: number / total for kind, number in counted.items() if number}
    return {kind: share for kind, share in otherwise.items() if share}


def _district_then(
    district: District,
    start: Observation,
    shares: Mapping[str, float],
    arriving: Mapping[str, float],
) -> District:
    """One school a type with the counts of the day, the roster of the day and the history.

    A type with a school of today takes part even if it had nobody: whoever changes to it in August
    stays among the pupils.
    """
    counts = start.counts
    present = {series.school_type for series, number in counts.items() if number}
    present |= set(district.school_types)
    present |= shares.keys() | {kind for kind, share in arriving.items() if share}
    kinds = [kind for kind in SCHOOL_TYPES if kind in present]
    split = {
        phase: _split(counts[Series(phase=phase)], [shares.get(kind, 0.0) for kind in kinds])
        for phase in range(4)
        if Series(phase=phase) in counts
    }
    home = district.municipalities[0]
    phases_known = {1, 2} <= split.keys() and (
        counts[Series(phase=1)] + counts[Series(phase=2)] == counts[VKA]
    )
    schools = []
    for number, kind in enumerate(kinds):
        phases = [split[p][number] if p in split else None for p in (1, 2, 3)]
        if not phases_known:
            phases[:2] = [None, None]
        pupils = (phases[0] or 0) + (phases[1] or 0) if phases_known else split[0][number]
        if Series(kind) in counts:
            phases = [counts.get(Series(kind, p)) for p in (1, 2, 3)]
            pupils = counts[Series(kind)]
        if not pupils and Series(phase=3) in counts and phases[2] is None:
            phases[2] = 0
        schools.append(
            School(
                name=kind,
                school_type=kind,
                pupils=pupils,
                classes=0,
                reserve=None,
                municipality=home.name,
                latitude=home.latitude,
                longitude=home.longitude,
                phases=(phases[0], phases[1], phases[2]),
            )
        )
    return District(
        name=district.name,
        reference_date=start.day,
        schools=tuple(schools),
        municipalities=district.municipalities,
        rosters=(_by_type(start.roster, district, kinds),) if start.roster else (),
        history=district.history,
    )


def _by_type(roster: Roster, district: District, kinds: Sequence[str]) -> Roster:
    """The roster with the school type in the place of the school."""
    types = {school.name: school.school_type for school in district.schools}
    pupils: list[Pupil] = []
    for pupil in roster.pupils:
        kind = types.get(pupil.school, "")
        pupils.append(replace(pupil, school=kind if kind in kinds else kinds[0]))
    return Roster(roster.reference_date, tuple(pupils))


def _split(total: int, shares: Sequence[float]) -> list[int]:
    """Whole numbers that add up to ``total``, by largest remainder."""
    exact = [total * share for share in shares]
    parts = [int(value) for value in exact]
    order = sorted(range(len(shares)), key=lambda n: (parts[n] - exact[n], n))
    for number in order[: total - sum(parts)]:
        parts[number] += 1
    return parts
