"""What is kept of a run, so that it can be checked and repeated: input, scenario, versions, solver.

The record is the content of ``lauf.json`` and of the sheet Protokoll.
"""

from __future__ import annotations

import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

from daz_planner import __version__
from daz_planner.results.goals import status_text
from daz_planner.results.summary import children_without_seat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from daz_planner.planning.bottleneck_list import Bottlenecks
    from daz_planner.planning.front_points import Front
    from daz_planner.planning.plan import Plan, StageResult
    from daz_planner.planning.site_plan import Sites
    from daz_planner.results.run import Run

FORMAT = 1
"""Version of the layout of ``lauf.json``."""

_PACKAGES = ("pulp", "highspy", "numpy", "pandas", "openpyxl", "pydantic")


_SOLVER_PACKAGES = {
    "scip": "pyscipopt",
    "gurobi": "gurobipy",
    "cplex": "cplex",
    "xpress": "xpress",
    "mosek": "mosek",
    "copt": "coptpy",
}
"""Library of a solver beside HiGHS and CBC, by the first part of its name."""


def versions(solver: str = "") -> dict[str, str]:
    """Versions of the program, of Python and of the libraries that shape the result."""
    found = {"daz-planner": __version__, "python": platform.python_version()}
    own = _SOLVER_PACKAGES.get(solver.split("_")[0])
    for name in (*_PACKAGES, *([own] if own else [])):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unbekannt"
    return found


def stage_records(stages: Iterable[StageResult]) -> list[dict[str, Any]]:
    """How each goal ended, as plain JSON values."""
    return [
        {
            "schulart": stage.school_type,
            "ziel": stage.goal,
            "wert": stage.value,
            "schranke": stage.bound,
            "luecke": stage.gap,
            "status": stage.status.name,
            "status_text": status_text(stage),
            "sekunden": round(stage.seconds, 3),
        }
        for stage in stages
    ]


def run_record(plan: Plan, seconds: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Everything about a run as plain JSON values. ``seconds`` adds to the times of the plan."""
    scenario = plan.scenario
    given = dict(seconds or {})
    times = given | {name: value for name, value in plan.seconds.items() if name not in given}
    return {
        **head_record(plan),
        "loeser": str(scenario.rechnen.loeser),
        "verlangte_luecke": scenario.rechnen.luecke,
        "ziele": stage_records(plan.stages),
        "am_limit_beendet": plan.hit_limit,
        "kinder_ohne_platz": round(children_without_seat(plan), 6),
        **_earlier(plan),
        **({} if plan.bottlenecks is None else {"engpaesse": _bottlenecks(plan.bottlenecks)}),
        **({} if plan.front is None else {"abwaegung": _front(plan.front)}),
        **({} if plan.sites is None else {"standorte": _sites(plan.sites)}),
        "hinweise": list(plan.hints),
        "sekunden": rounded(times),
    }


def _earlier(plan: Plan) -> dict[str, Any]:
    """On how many futures the plan was judged, and on which earlier plan it builds."""
    told: dict[str, Any] = {}
    if plan.judgement is not None:
        told["geprueft_an_zukuenften"] = plan.judgement.futures
    if plan.changes is not None:
        told["auf"] = {
            "ordner": plan.changes.folder,
            "stichtag": plan.changes.reference_date.isoformat(),
            "aenderungen": len(plan.changes.items),
        }
    return told


def _bottlenecks(found: Bottlenecks) -> dict[str, Any]:
    """How much was tried; what it is worth stands in the table engpaesse."""
    return {
        "gerechnet": found.tried,
        "sicher_ohne_wirkung": found.without_worth,
        "nicht_gerechnet": found.left_out,
        "am_limit_beendet": found.hit_limit,
    }


def _front(front: Front) -> dict[str, Any]:
    """How far the curves of ways against classes got; they stand in the table abwaegung."""
    return {
        "punkte": sum(len(curve.points) for curve in front.curves),
        "nicht_gerechnet": list(front.left_out),
        "plan_am_limit_beendet": list(front.cut_off),
        "am_limit_beendet": front.hit_limit,
    }


def _sites(sites: Sites) -> dict[str, Any]:
    """What candidate sites were asked for and which of them the time limit kept out."""
    return {
        "schulliste": [school.name for school in sites.candidates.schools],
        "geoeffnet": list(sites.opened),
        "nicht_gerechnet": [out.school.name for out in sites.ranking.left_out],
        "plan_mit_schulliste_am_limit_beendet": sites.cut_off,
        "vergleichsplan_am_limit_beendet": sites.base.hit_limit,
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
        "versionen": versions(scenario.rechnen.loeser),
        "saat": scenario.rechnen.saat,
        "laeufe": len(run.forecast.runs),
    }


def rounded(seconds: Mapping[str, float]) -> dict[str, float]:
    """Times by step to the millisecond."""
    return {name: round(value, 3) for name, value in seconds.items()}
