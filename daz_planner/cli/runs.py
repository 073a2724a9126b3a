"""What several commands do at their beginning: read the district, load the scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario


def load(file: Path, reference_date: date | None) -> District:
    """Read the district; faults end the command (exit 2)."""
    from daz_planner.district import read_district

    return read_district(file, reference_date=reference_date)


def loaded_scenario(name: str, **options: Any) -> Scenario:
    """The scenario with the options of the command line in its table ``[rechnen]``.

    An option that is ``None`` was not given and leaves the scenario as it is.
    """
    from daz_planner.scenario import load_scenario, with_values

    scenario = load_scenario(name)
    given = {f"rechnen.{key}": value for key, value in options.items() if value is not None}
    return with_values(scenario, given) if given else scenario


def with_cap_findings(district: District, scenario: Scenario | None = None) -> District:
    """The district with the findings added that need dated rules or the day of the run.

    The class cap is the scenario's where it names one, else the dated rule of the reference date.

    Raises
    ------
    InputError
        With all findings, where one of them makes a plan senseless.
    """
    from daz_planner.district.collect import fault_error
    from daz_planner.district.findings import Severity
    from daz_planner.district.plausibility import check_plausibility
    from daz_planner.rules import (
        SCHOOL_TYPES,
        class_cap_or_last,
        grade_span,
        known_class_caps,
        stay_cap,
    )

    day = district.reference_date
    chosen = "regel" if scenario is None else scenario.klassen.obergrenze
    cap = chosen if isinstance(chosen, int) else class_cap_or_last(day).value
    stay = stay_cap(day)
    by_phase = (stay.phase1 or 0) + (stay.phase2 or 0) if stay.phase1 and stay.phase2 else None
    found = check_plausibility(
        district,
        class_cap=cap,
        stay_cap_months=stay.total or by_phase,
        grade_spans={kind: grade_span(day, kind).value for kind in SCHOOL_TYPES},
        other_class_caps=known_class_caps(),
        today=date.today(),
    )
    findings = tuple(sorted((*district.findings, *found), key=lambda finding: finding.sort_key))
    faults = sum(finding.severity is Severity.FAULT for finding in findings)
    if faults:
        raise fault_error(faults, district.files[0][0] if district.files else "", findings)
    return replace(district, findings=findings)
