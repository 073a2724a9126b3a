"""What is assumed: one typed, documented model, its files, composition and schema."""

from __future__ import annotations

from daz_planner.scenario.load import (
    load_scenario,
    scenario_as_toml_dict,
    scenario_from_dict,
    shipped_names,
    with_values,
)
from daz_planner.scenario.model import Scenario
from daz_planner.scenario.rows import (
    Difference,
    KeyRow,
    ParameterRow,
    differences,
    key_table,
    parameter_rows,
)

__all__ = [
    "Difference",
    "KeyRow",
    "ParameterRow",
    "Scenario",
    "differences",
    "key_table",
    "load_scenario",
    "parameter_rows",
    "scenario_as_toml_dict",
    "scenario_from_dict",
    "shipped_names",
    "with_values",
]
