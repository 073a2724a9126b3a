"""What several commands do at their beginning: read the district, load the scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.district.read import Reading
    from daz_planner.scenario.model import Scenario


def load(file: Path, reference_date: date | None) -> Reading:
    """Read the district as far as it is intact; :func:`with_cap_findings` ends on its faults.

    A file that cannot be opened ends the command here (exit 2).
    """
    from daz_planner.district.read import read_partly

    return read_partly(file, reference_date=reference_date)


def loaded_scenario(name: str, **options: Any) -> Scenario:
    """The scenario with the options of the command line in its table ``[rechnen]``.

    An option that is ``None`` was not given and leaves the scenario as it is. A command with the
    option ``--loeser`` solves something: whether its solver is there is known before any work.
    """
    from daz_planner.scenario import load_scenario, with_values

    scenario = load_scenario(name)
    given = {f"rechnen.{key}": value for key, value in options.items() if value is not None}
    if given:
        from daz_planner.results.assumption_tables import CALL

        called = {f"rechnen.{key}": f"{CALL}: --{key}" for key in options}
        scenario = with_values(scenario, given)
        sources = {**scenario.quellen, **{key: called[key] for key in given}}
        scenario = scenario.model_copy(update={"quellen": sources})
    if "loeser" in options:
        from daz_planner.planning.solver import check_solver

        check_solver(scenario.rechnen.loeser)
    return scenario


def with_cap_findings(read: District | Reading, scenario: Scenario | None = None) -> District:
    """The district with the findings added that need dated rules or the day of the run.

    The class cap is the scenario's where it names one, else the dated rule of the reference date.
    What was read with faults is checked as far as it is intact, so that all findings come at once.

    Raises
    ------
    InputError
        With all findings, where there is a fault among them.
    """
    from daz_planner.district.collect import fault_error
    from daz_planner.district.gaps import Gaps
    from daz_planner.district.model import District
    from daz_planner.district.plausibility import check_plausibility
    from daz_planner.rules import (
        SCHOOL_TYPES,
        class_cap_or_last,
        grade_span,
        known_class_caps,
        most_surcharge,
        regular_cap,
        stay_cap,
        teacher_hours,
    )

    gaps, faults = Gaps(), 0
    if isinstance(read, District):
        district = read
        place = district.files[0][0] if district.files else ""
    elif read.district is None:
        return read.complete()
    else:
        district, gaps, faults, place = read.district, read.gaps, read.faults, read.place
    # Without a readable reference date no dated rule is looked up.
    day = None if gaps.day_lost else district.reference_date
    chosen = "regel" if scenario is None else scenario.klassen.obergrenze
    cap = chosen if isinstance(chosen, int) else None
    stay_months = None
    spans: dict[str, int | None] = {}
    if day is not None:
        cap = cap if cap is not None else class_cap_or_last(day).value
        stay = stay_cap(day)
        by_phase = (stay.phase1 or 0) + (stay.phase2 or 0) if stay.phase1 and stay.phase2 else None
        stay_months = stay.total or by_phase
        spans = {kind: grade_span(day, kind).value for kind in SCHOOL_TYPES}
    found = check_plausibility(
        district,
        class_cap=cap,
        stay_cap_months=stay_months,
        grade_spans=spans,
        other_class_caps=known_class_caps(),
        regular_cap=regular_cap(day or date.max).value,
        most_surcharge=most_surcharge(day or date.max).value,
        today=date.today(),
        gaps=gaps,
        teacher_hours=None if day is None else teacher_hours(day).hours,
    )
    faults += sum(finding.is_fault for finding in found)
    everything = (*district.findings, *found, *(gaps.hint(place) if faults else ()))
    findings = tuple(sorted(everything, key=lambda finding: finding.sort_key))
    if faults:
        raise fault_error(faults, place, findings)
    return replace(district, findings=findings)
