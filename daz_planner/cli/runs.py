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
    """The district with the warnings added that need the class cap.

    The cap is the scenario's where it names one, else the dated rule of the reference date.
    """
    from daz_planner.district.checks import check_against_cap
    from daz_planner.rules import class_cap_or_last

    chosen = "regel" if scenario is None else scenario.klassen.obergrenze
    cap = chosen if isinstance(chosen, int) else class_cap_or_last(district.reference_date).value
    found = (*district.findings, *check_against_cap(district, cap))
    return replace(district, findings=tuple(sorted(found, key=lambda f: f.sort_key)))
