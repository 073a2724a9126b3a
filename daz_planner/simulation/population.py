"""Who is simulated: today's pupils in groups, today's waiting list, and the expected arrivals.

This is the border between the district and the scenario on one side and the numbers of the
simulation on the other: everything after it knows indices only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import rules
from daz_planner.district.model import SCHOOL_TYPES, District
from daz_planner.district.text import quoted
from daz_planner.errors import InputError
from daz_planner.simulation.calendar import (
    BoolArray,
    FloatArray,
    IntArray,
    SchoolLadder,
    build_ladder,
    month_sequence,
    school_year_changes,
)
from daz_planner.simulation.history import history_level, past_arrivals
from daz_planner.simulation.level import level_spread
from daz_planner.simulation.stay_model import StayModel, stay_model
from daz_planner.simulation.stays import StayLimits, StayTable, stay_distribution
from daz_planner.simulation.today import Group, groups_of_newcomers, groups_of_schools

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.scenario.model import Scenario, Stay

MOST_AHEAD = 24
"""Months from the reference date to the beginning of the period at most."""
_BEGIN = "zeitraum.beginn"


@dataclass(frozen=True)
class Population:
    """Everything the simulation needs. Axes: k type, i municipality, t month."""

    months: tuple[date, ...]
    school_types: tuple[str, ...]
    ladder: SchoolLadder
    changes: BoolArray
    """``[t]`` the school year changes just before month t."""
    hazard: float
    """Share of the pupils who move away in a month."""
    stays: tuple[StayModel, ...]
    new_stays: tuple[tuple[StayTable, ...], ...]
    """``[k][t]`` stays of those who enter in month t."""
    again_stays: tuple[tuple[StayTable, ...], ...]
    """``[k][t]`` a second time in phase 2, begun in month t."""
    groups: tuple[Group, ...]
    schools: int
    municipalities: int
    registrations: FloatArray
    """``[t]`` expected registrations of the month; 0 at the reference date."""
    variance_factor: FloatArray
    """``[t]`` variance of the registrations of the month divided by their mean."""
    announced: FloatArray
    """``[t]`` share of the registrations whose allocation is announced, so that it is certain."""
    level_start: float
    """Standard deviation of the logarithm of the level of the arrivals on the reference date."""
    level_drift: float
    """Standard deviation of its monthly change; see :mod:`daz_planner.simulation.level`."""
    type_shares: FloatArray
    municipality_shares: FloatArray
    sibling_share: float
    """Share of the children who come together with brothers or sisters."""
    direct_share: FloatArray
    """``[t, position]`` share of the registrations that goes straight into a regular class."""
    return_share: float
    """Share of those who reach phase 3 that comes back to phase 2 once."""
    return_after: int
    """Months in phase 3 until then."""
    gymnasium_share: float
    """Share of the phase 3 pupils that changes from GS to GYM instead of OS."""
    phase3_known: tuple[bool, ...]
    start_of_type: FloatArray
    """``[k, position]`` grades of newcomers."""

    @property
    def month_count(self) -> int:
        """Number of months including the reference date."""
        return len(self.months)

    @property
    def grammar_schools(self) -> bool:
        """Whether pupils change from GS to GYM; only where they could change to OS as well."""
        kinds = self.school_types
        return self.gymnasium_share > 0.0 and "GS" in kinds and "OS" in kinds

    @property
    def change_count(self) -> IntArray:
        """``[t]`` changes of school year since the reference date."""
        return np.cumsum(self.changes).astype(np.int64)


def build_population(district: District, scenario: Scenario) -> Population:
    """Translate district and scenario.

    Raises
    ------
    InputError
        If the period of the scenario begins before the reference date.
    """
    months = planned_months(district, scenario)
    level = history_level(district, scenario) if scenario.zuzug.aus is not None else None
    level_start, level_drift = level_spread(scenario, level)
    shares = (level.shares if level is not None else None) or scenario.zuzug.schularten
    kinds = _types(district, scenario, shares)
    ladder = build_ladder(kinds, {kind: scenario.schuljahr.stufen[kind] for kind in kinds})
    index = {municipality.name: i for i, municipality in enumerate(district.municipalities)}
    stays = tuple(_stay_model(district, scenario, kind) for kind in kinds)
    groups = [
        *groups_of_schools(district, kinds, ladder, index, stays),
        *groups_of_newcomers(district, kinds, ladder, index),
    ]
    changes = school_year_changes(months, scenario.schuljahr.wechsel_monat)
    # The first forecast month is the one after the reference date.
    per_month = level.per_month if level is not None else None
    registrations = np.array([0.0, *scenario.zuzug.erwartung(months[1:], per_month)])
    return Population(
        months=months,
        school_types=kinds,
        ladder=ladder,
        changes=changes,
        hazard=scenario.abgang.wegzug_pro_monat,
        stays=stays,
        new_stays=tuple(tuple(model.begun(m.month) for m in months) for model in stays),
        again_stays=tuple(
            tuple(model.begun(m.month, second=True) for m in months) for model in stays
        ),
        groups=tuple(_with_stay(group, stays) for group in groups),
        schools=len(district.schools),
        municipalities=len(district.municipalities),
        registrations=registrations,
        variance_factor=np.array([1.0, *scenario.zuzug.streuung(months[1:])]),
        announced=_announced(scenario, months, registrations),
        level_start=level_start,
        level_drift=level_drift,
        type_shares=np.array([shares.get(kind, 0.0) for kind in kinds]),
        municipality_shares=municipality_shares(district, scenario),
        sibling_share=scenario.zuzug.familien_anteil,
        direct_share=_direct_share(scenario, ladder, changes),
        return_share=scenario.abgang.rueckkehr_in_vka,
        return_after=scenario.abgang.rueckkehr_nach_monaten,
        gymnasium_share=scenario.schuljahr.gymnasium_anteil,
        phase3_known=tuple(_phase3_known(district, kind) for kind in kinds),
        start_of_type=np.array([_start_of_type(scenario, ladder, k) for k in range(len(kinds))]),
    )


def _with_stay(group: Group, stays: tuple[StayModel, ...]) -> Group:
    """The group with its months left; none for phase 3."""
    if group.phase == 3 or group.stay is not None:
        return group
    model = stays[group.kind]
    left = model.entered(0) if group.phase == 0 else model.met(group.phase)
    return replace(group, stay=left)


def _announced(
    scenario: Scenario, months: tuple[date, ...], registrations: FloatArray
) -> FloatArray:
    """``[t]`` share of the expected registrations that follows from announced persons."""
    plan = scenario.zuzug.angekuendigt
    if plan is None:
        return np.zeros(len(months))
    persons = np.array([0.0, *((plan.persons(month) or 0.0) for month in months[1:])])
    known = persons * plan.schulpflichtig_anteil
    return np.divide(known, registrations, out=np.zeros(len(months)), where=registrations > 0.0)


def _direct_share(scenario: Scenario, ladder: SchoolLadder, changes: BoolArray) -> FloatArray:
    """``[t, position]``: a given share, and all first-graders at the beginning of school."""
    shares = np.full((len(changes), len(ladder.kind)), scenario.abgang.direkt_in_regelklasse)
    if scenario.schuljahr.erstklaessler_direkt and "GS" in ladder.school_types:
        is_first = (ladder.kind == ladder.school_types.index("GS")) & (ladder.grade == 1)
        shares[np.ix_(changes, is_first)] = 1.0
    return shares


def _start_of_type(scenario: Scenario, ladder: SchoolLadder, kind: int) -> FloatArray:
    """``[position]`` grades of newcomers of a type: the shares of the scenario, or all alike."""
    given = scenario.zuzug.stufen.get(ladder.school_types[kind])
    shares = ladder.start_shares(kind)
    if given is not None:
        shares[ladder.positions_of(kind)] = given
    return shares


def planned_months(district: District, scenario: Scenario) -> tuple[date, ...]:
    """Months from the reference date to the end of the scenario's period.

    Raises
    ------
    InputError
        If the period begins before the reference date, or more than :data:`MOST_AHEAD` months
        after it: all months in between are computed too.
    """
    reference = district.reference_date
    begin = scenario.zeitraum.beginn
    if begin is None:
        return month_sequence(reference, scenario.zeitraum.monate)
    ahead = (begin.year - reference.year) * 12 + begin.month - reference.month
    if ahead < 0:
        raise InputError(
            f"Szenario {quoted(scenario.name)}: Der Zeitraum beginnt im {begin:%m.%Y}, vor dem "
            f"Stichtag {reference:%d.%m.%Y}.",
            place=_BEGIN,
            remedy="Lassen Sie den Beginn weg oder wählen Sie einen Monat ab dem Stichtag.",
        )
    if ahead > MOST_AHEAD:
        last = month_sequence(reference, MOST_AHEAD + 1)[-1]
        raise InputError(
            f"Szenario {quoted(scenario.name)}: Der Zeitraum beginnt im {begin:%m.%Y}, mehr als "
            f"{MOST_AHEAD} Monate nach dem Stichtag {reference:%d.%m.%Y}.",
            place=_BEGIN,
            remedy=f"Lassen Sie den Beginn weg oder wählen Sie einen Monat bis {last:%m.%Y}. Ist "
            "das Jahr ein Schreibfehler?",
        )
    return month_sequence(reference, ahead + scenario.zeitraum.monate)


def municipality_shares(district: District, scenario: Scenario) -> FloatArray:
    """Share of each municipality in the arrivals: scenario, else workbook, else population."""
    named = scenario.zuzug.gemeinden
    municipalities = district.municipalities
    if not isinstance(named, str):
        unknown = sorted(set(named) - {m.name for m in municipalities})
        if unknown:
            raise InputError(
                f"„{unknown[0]}“ ist keine Gemeinde der Tabelle.",
                place="zuzug.gemeinden",
                remedy="Nennen Sie nur Gemeinden des Blatts Gemeinden.",
            )
        return np.array([named.get(m.name, 0.0) for m in municipalities])
    if any(m.arrival_share is not None for m in municipalities):
        shares = np.array([m.arrival_share or 0.0 for m in municipalities])
    else:
        shares = np.array([float(m.population) for m in municipalities])
    if shares.sum() <= 0.0:
        raise InputError(
            "Keine Gemeinde hat Einwohner oder einen Anteil am Zuzug.",
            place="Gemeinden",
            remedy="Tragen Sie Einwohner oder „Anteil am Zuzug“ ein.",
        )
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def _phase3_known(district: District, kind: str) -> bool:
    """Whether today's phase 3 pupils of a type are in the input: in the table or in the roster."""
    schools = {s.name: s for s in district.schools if s.school_type == kind}
    if schools and all(school.phases[2] is not None for school in schools.values()):
        return True
    roster = district.roster
    return roster is not None and any(p.phase == 3 and p.school in schools for p in roster.pupils)


def _types(district: District, scenario: Scenario, shares: Mapping[str, float]) -> tuple[str, ...]:
    """School types with a school, a child on the list or a share of the arrivals."""
    present = set(district.school_types) | {child.school_type for child in district.newcomers}
    present |= {kind for kind, share in shares.items() if share > 0.0}
    if scenario.schuljahr.gymnasium_anteil > 0.0 and {"GS", "OS"} <= present:
        present.add("GYM")
    return tuple(kind for kind in SCHOOL_TYPES if kind in present)


def _stay_model(district: District, scenario: Scenario, kind: str) -> StayModel:
    phases = scenario.phasen[kind]
    limits = StayLimits()
    if phases.hoechstdauer == "regel":
        rule = rules.stay_cap(district.reference_date)
        limits = StayLimits(rule.phase1, rule.phase2, rule.total)
    elif isinstance(phases.hoechstdauer, int):
        limits = StayLimits(total=phases.hoechstdauer)
    year = scenario.schuljahr
    return stay_model(
        _probabilities(phases.phase1),
        _probabilities(phases.phase2),
        _probabilities(phases.phase3),
        limits,
        scenario.abgang.wegzug_pro_monat,
        past_arrivals(district, scenario, kind),
        reference_month=district.reference_date.month,
        half_years=(year.wechsel_monat, year.halbjahr_monat)
        if phases.wechsel == "halbjahr"
        else None,
    )


def _probabilities(stay: Stay) -> FloatArray:
    if stay.tabelle is not None:
        return np.array(stay.tabelle, dtype=np.float64)
    assert stay.mittel is not None and stay.standardabweichung is not None
    return stay_distribution(stay.mittel, stay.standardabweichung)
