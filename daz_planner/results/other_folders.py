"""Result folders that hold no plan, told by what they do hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from daz_planner.errors import InputError
from daz_planner.results.folder import (
    ASSIGNMENT_NAME,
    BACKTEST_NAME,
    COMPARISON_NAME,
    LOAD_TEST_NAME,
    RECORD_NAME,
    SCENARIOS_NAME,
    SIMULATION_NAME,
)

if TYPE_CHECKING:
    from pathlib import Path

PUBLIC_MARK = "oeffentliche_fassung"
"""Key of ``lauf.json`` that marks a shared version."""

_COMMANDS = {
    SIMULATION_NAME: "simulieren",
    ASSIGNMENT_NAME: "zuweisen",
    LOAD_TEST_NAME: "belastung",
    BACKTEST_NAME: "ruecktest",
}


def no_plan(folder: Path, missing: str) -> InputError:
    """The error of a folder without a plan: what lies in it, and which folder to name instead.

    ``missing`` is the file by which a plan is known.
    """
    problem = f"In dem Ordner liegt kein Plan (es fehlt {missing})."
    remedy = (
        "Nennen Sie einen Ordner, den „planen“ geschrieben hat. "
        "Rechnen Sie den Plan mit „planen“ neu."
    )
    scenarios = sorted(
        path.name for path in (folder / SCENARIOS_NAME).glob("*") if (path / missing).is_file()
    )
    command = next((_COMMANDS[name] for name in _COMMANDS if (folder / name).is_file()), "")
    if (folder / COMPARISON_NAME).is_file() or scenarios:
        problem = "In dem Ordner liegt kein Plan, sondern ein Vergleich von Szenarien."
        if scenarios:
            named = folder / SCENARIOS_NAME / scenarios[0]
            remedy = f"Nennen Sie den Ordner eines Szenarios, z. B. {named}"
    elif is_public(folder):
        problem = "In dem Ordner liegt kein Plan, sondern eine öffentliche Fassung."
        remedy = "Nennen Sie den Ordner, den „planen“ geschrieben hat und aus dem sie entstand."
    elif command:
        problem = f"In dem Ordner liegt kein Plan, sondern das Ergebnis von „{command}“."
        remedy = "Nennen Sie einen Ordner, den „planen“ geschrieben hat."
    return InputError(problem, place=str(folder), remedy=remedy)


def is_public(folder: Path) -> bool:
    """Whether a folder holds a shared version."""
    try:
        record = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and PUBLIC_MARK in record
