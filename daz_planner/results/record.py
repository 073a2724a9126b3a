"""What is kept of a run, so that it can be checked and repeated: input, scenario, versions, solver.

The record is the content of ``lauf.json`` and of the sheet Protokoll.
"""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

from daz_planner import __version__
from daz_planner.results.summary import children_without_seat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daz_planner.planning.plan import Plan
    from daz_planner.results.run import Run

FORMAT = 1
"""Version of the layout of ``lauf.json``."""

_PACKAGES = ("pulp", "highspy", "numpy", "pandas", "openpyxl", "pydantic")


def versions() -> dict[str, str]:
    """Versions of the program, of Python and of the libraries that shape the result."""
    found = {"daz-planner": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unbekannt"
    return found


def run_record(plan: Plan, seconds: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Everything about a run as plain JSON values. ``seconds`` adds to the times of the plan."""
    scenario = plan.scenario
    given = dict(seconds or {})
    times = given | {name: value for name, value in plan.seconds.items() if name not in given}
    return {
        **head_record(plan),
        "loeser": str(scenario.rechnen.loeser),
        "verlangte_luecke": scenario.rechnen.luecke,
        "ziele": [
            {
                "schulart": stage.school_type,
                "ziel": stage.goal,
                "wert": stage.value,
                "schranke": stage.bound,
                "luecke": stage.gap,
                "status": stage.status.name,
                "status_text": stage.status.value,
                "sekunden": round(stage.seconds, 3),
            }
            for stage in plan.stages
        ],
        "am_limit_beendet": plan.hit_limit,
        "kinder_ohne_platz": round(children_without_seat(plan), 6),
        "hinweise": list(plan.hints),
        "sekunden": rounded(times),
    }


def head_record(run: Run) -> dict[str, Any]:
    """What the record of every run begins with: input, period, scenario, versions, seed."""
    district, scenario = run.district, run.scenario
    return {
        "format": FORMAT,
        "landkreis": district.name,
        "stichtag": district.reference_date.isoformat(),
        "zeitraum": [run.months[0].isoformat(), run.months[-1].isoformat()],
        "eingabe": [{"datei": name, "sha256": digest} for name, digest in district.files],
        "warnungen": [str(finding) for finding in district.findings],
        "szenario": scenario.model_dump(mode="json"),
        "versionen": versions(),
        "saat": scenario.rechnen.saat,
        "laeufe": len(run.forecast.runs),
    }


def rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    """Times by step to the millisecond."""
    return {name: round(value, 3) for name, value in seconds.items()}
