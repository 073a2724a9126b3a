"""Who is simulated: today's pupils in groups, today's waiting list, and the expected arrivals.

This is the border between the district and the scenario on one side and the numbers of the
simulation on the other: everything after it knows indices only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import rules
from daz_planner.district.model import SCHOOL_TYPES, District
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
from daz_planner.simulation.stays import StayModel, cap_stay, stay_distribution, stay_model
from daz_planner.simulation.today import Group, groups_of_newcomers, groups_of_schools

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.scenario.model import Scenario, Stay


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
    groups: tuple[Group, ...]
    schools: int
    municipalities: int
    registrations: FloatArray
    """``[t]`` expected registrations of the month; 0 at the reference date."""
    variance_factor: float
    type_shares: FloatArray
    municipality_shares: FloatArray
    direct_share: float
    """Share of the registrations that goes straight into a regular class (phase 3)."""
    phase3_known: tuple[bool, ...]
    start_of_type: FloatArray
    """``[k, position]`` grades of newcomers."""

    @property
    def month_count(self) -> int:
        """Number of months including the reference date."""
        return len(self.months)

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
    kinds = _types(district, scenario)
    ladder = build_ladder(kinds, {kind: scenario.schuljahr.stufen[kind] for kind in kinds})
    hazard = scenario.abgang.wegzug_pro_monat
    index = {municipality.name: i for i, municipality in enumerate(district.municipalities)}
    stays = tuple(_stay_model(scenario, kind, district.reference_date) for kind in kinds)
    groups = [
        *groups_of_schools(district, kinds, ladder, index, stays),
        *groups_of_newcomers(district, kinds, ladder, index),
    ]
    # The first forecast month is the one after the reference date.
    registrations = np.array([0.0, *scenario.zuzug.erwartung(months[1:])])
    return Population(
        months=months,
        school_types=kinds,
        ladder=ladder,
        changes=school_year_changes(months, scenario.schuljahr.wechsel_monat),
        hazard=hazard,
        stays=stays,
        groups=tuple(groups),
        schools=len(district.schools),
        municipalities=len(district.municipalities),
        registrations=registrations,
        variance_factor=scenario.zuzug.varianzfaktor,
        type_shares=np.array([scenario.zuzug.schularten.get(kind, 0.0) for kind in kinds]),
        municipality_shares=municipality_shares(district, scenario),
        direct_share=scenario.abgang.direkt_in_regelklasse,
        phase3_known=tuple(_phase3_known(district, kind) for kind in kinds),
        start_of_type=np.array([ladder.start_shares(k) for k in range(len(kinds))]),
    )


def planned_months(district: District, scenario: Scenario) -> tuple[date, ...]:
    """Months from the reference date to the end of the scenario's period."""
    reference = district.reference_date
    begin = scenario.zeitraum.beginn
    if begin is None:
        return month_sequence(reference, scenario.zeitraum.monate)
    ahead = (begin.year - reference.year) * 12 + begin.month - reference.month
    if ahead < 0:
        raise InputError(
            f"Der Zeitraum beginnt im {begin:%m.%Y}, vor dem Stichtag {reference:%d.%m.%Y}.",
            place="zeitraum.beginn",
            remedy="Lassen Sie den Beginn weg oder wählen Sie einen Monat ab dem Stichtag.",
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


def _types(district: District, scenario: Scenario) -> tuple[str, ...]:
    """School types with a school, a child on the list or a share of the arrivals."""
    present = set(district.school_types) | {child.school_type for child in district.newcomers}
    present |= {kind for kind, share in scenario.zuzug.schularten.items() if share > 0.0}
    return tuple(kind for kind in SCHOOL_TYPES if kind in present)


def _stay_model(scenario: Scenario, kind: str, reference_date: date) -> StayModel:
    phases = scenario.phasen[kind]
    cap1: int | None = None
    cap2: int | None = None
    total: int | None = None
    if phases.hoechstdauer == "regel":
        rule = rules.stay_cap(reference_date)
        cap1, cap2, total = rule.phase1, rule.phase2, rule.total
    elif isinstance(phases.hoechstdauer, int):
        total = phases.hoechstdauer
    first = cap_stay(_probabilities(phases.phase1), cap1)
    second = cap_stay(_probabilities(phases.phase2), cap2)
    third = _probabilities(phases.phase3)
    return stay_model(first, second, third, total, scenario.abgang.wegzug_pro_monat)


def _probabilities(stay: Stay) -> FloatArray:
    if stay.tabelle is not None:
        return np.array(stay.tabelle, dtype=np.float64)
    assert stay.mittel is not None and stay.standardabweichung is not None
    return stay_distribution(stay.mittel, stay.standardabweichung)
