"""Planning of preparatory classes (Vorbereitungsklassen, VKA) of a German school district.

The public API does all that the commands do::

    from pathlib import Path
    import daz_planner as daz

    district = daz.read_district(Path("meissen.xlsx"))
    scenario = daz.load_scenario("basis")
    forecast = daz.simulate(district, scenario)
    plan = daz.make_plan(district, scenario, forecast)
    folder = daz.write_result(plan, None)

Names are loaded when they are first used (PEP 562), so ``import daz_planner`` costs next to
nothing and the command line starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from daz_planner.district.annotate import write_error_file
    from daz_planner.district.checks import check_against_cap
    from daz_planner.district.findings import Finding, Severity
    from daz_planner.district.model import District, Municipality, Newcomer, School
    from daz_planner.district.plausibility import check_plausibility
    from daz_planner.district.read import read_district
    from daz_planner.district.template import write_example, write_template
    from daz_planner.errors import (
        ConservationError,
        DazError,
        InputError,
        OutputError,
        ScenarioError,
        SolverChoiceError,
        SolverError,
    )
    from daz_planner.planning.again import plan_again
    from daz_planner.planning.assign import Assignment, assign_children
    from daz_planner.planning.bottleneck_list import Bottlenecks
    from daz_planner.planning.bottlenecks import find_bottlenecks
    from daz_planner.planning.compare import Comparison, cases, compare
    from daz_planner.planning.facility import FacilityPlan, facility_location
    from daz_planner.planning.front import find_front
    from daz_planner.planning.front_points import Front
    from daz_planner.planning.futures import Judgement, judge
    from daz_planner.planning.load_test import LoadTest, load_test
    from daz_planner.planning.make import make_plan
    from daz_planner.planning.plan import Plan
    from daz_planner.planning.site_plan import Sites, plan_with_sites
    from daz_planner.results.assignment_folder import write_assignment
    from daz_planner.results.backtest_folder import write_backtest
    from daz_planner.results.compare_folder import write_comparison
    from daz_planner.results.explained import explain
    from daz_planner.results.folder import check_folder, write_result
    from daz_planner.results.load_test_folder import write_load_test
    from daz_planner.results.public_folder import write_public
    from daz_planner.results.simulation_folder import write_simulation
    from daz_planner.results.simulation_result import SimulationResult
    from daz_planner.results.stored import load_plan
    from daz_planner.results.summary import children_without_seat, summary
    from daz_planner.rules import class_cap_or_last
    from daz_planner.scenario import load_scenario
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.backtest.run import Backtest, backtest
    from daz_planner.simulation.forecast import Forecast
    from daz_planner.simulation.simulate import simulate

__version__ = "0.1.0"

_HOME = {
    "Assignment": "daz_planner.planning.assign",
    "Backtest": "daz_planner.simulation.backtest.run",
    "Bottlenecks": "daz_planner.planning.bottleneck_list",
    "Comparison": "daz_planner.planning.compare",
    "ConservationError": "daz_planner.errors",
    "DazError": "daz_planner.errors",
    "District": "daz_planner.district.model",
    "FacilityPlan": "daz_planner.planning.facility",
    "Finding": "daz_planner.district.findings",
    "Forecast": "daz_planner.simulation.forecast",
    "Front": "daz_planner.planning.front_points",
    "InputError": "daz_planner.errors",
    "Judgement": "daz_planner.planning.futures",
    "LoadTest": "daz_planner.planning.load_test",
    "Municipality": "daz_planner.district.model",
    "Newcomer": "daz_planner.district.model",
    "OutputError": "daz_planner.errors",
    "Plan": "daz_planner.planning.plan",
    "Scenario": "daz_planner.scenario.model",
    "ScenarioError": "daz_planner.errors",
    "School": "daz_planner.district.model",
    "Severity": "daz_planner.district.findings",
    "SimulationResult": "daz_planner.results.simulation_result",
    "SolverChoiceError": "daz_planner.errors",
    "Sites": "daz_planner.planning.site_plan",
    "SolverError": "daz_planner.errors",
    "assign_children": "daz_planner.planning.assign",
    "backtest": "daz_planner.simulation.backtest.run",
    "cases": "daz_planner.planning.compare",
    "check_against_cap": "daz_planner.district.checks",
    "check_folder": "daz_planner.results.folder",
    "check_plausibility": "daz_planner.district.plausibility",
    "children_without_seat": "daz_planner.results.summary",
    "class_cap_or_last": "daz_planner.rules",
    "compare": "daz_planner.planning.compare",
    "find_bottlenecks": "daz_planner.planning.bottlenecks",
    "find_front": "daz_planner.planning.front",
    "explain": "daz_planner.results.explained",
    "facility_location": "daz_planner.planning.facility",
    "judge": "daz_planner.planning.futures",
    "load_plan": "daz_planner.results.stored",
    "load_scenario": "daz_planner.scenario",
    "load_test": "daz_planner.planning.load_test",
    "make_plan": "daz_planner.planning.make",
    "plan_again": "daz_planner.planning.again",
    "plan_with_sites": "daz_planner.planning.site_plan",
    "read_district": "daz_planner.district.read",
    "simulate": "daz_planner.simulation.simulate",
    "summary": "daz_planner.results.summary",
    "write_assignment": "daz_planner.results.assignment_folder",
    "write_backtest": "daz_planner.results.backtest_folder",
    "write_comparison": "daz_planner.results.compare_folder",
    "write_error_file": "daz_planner.district.annotate",
    "write_example": "daz_planner.district.template",
    "write_load_test": "daz_planner.results.load_test_folder",
    "write_public": "daz_planner.results.public_folder",
    "write_result": "daz_planner.results.folder",
    "write_simulation": "daz_planner.results.simulation_folder",
    "write_template": "daz_planner.district.template",
}
"""Public name → module that owns it."""

__all__ = [
    "Assignment",
    "Backtest",
    "Bottlenecks",
    "Comparison",
    "ConservationError",
    "DazError",
    "District",
    "FacilityPlan",
    "Finding",
    "Forecast",
    "Front",
    "InputError",
    "Judgement",
    "LoadTest",
    "Municipality",
    "Newcomer",
    "OutputError",
    "Plan",
    "Scenario",
    "ScenarioError",
    "School",
    "Severity",
    "SimulationResult",
    "Sites",
    "SolverChoiceError",
    "SolverError",
    "__version__",
    "assign_children",
    "backtest",
    "cases",
    "check_against_cap",
    "check_folder",
    "check_plausibility",
    "children_without_seat",
    "class_cap_or_last",
    "compare",
    "explain",
    "facility_location",
    "find_bottlenecks",
    "find_front",
    "judge",
    "load_plan",
    "load_scenario",
    "load_test",
    "make_plan",
    "plan_again",
    "plan_with_sites",
    "read_district",
    "simulate",
    "summary",
    "write_assignment",
    "write_backtest",
    "write_comparison",
    "write_error_file",
    "write_example",
    "write_load_test",
    "write_public",
    "write_result",
    "write_simulation",
    "write_template",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that owns it, once."""
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
