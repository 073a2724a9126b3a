"""The golden summaries: what the plan of the shipped table says in three scenarios.

They change on purpose only.  To renew them, after reading the difference:

    python docs/erneuern.py --golden
"""

from __future__ import annotations

from pathlib import Path

import daz_planner as daz
from daz_planner import german
from daz_planner.planning.futures import with_judgement
from daz_planner.shipped import path

FOLDER = Path(__file__).resolve().parent
SCENARIOS = ("basis", "stark", "welle-2015")
FUTURES = 50
"""Futures on which the plans are judged here, to save time."""


def golden_file(name: str) -> Path:
    """Where the summary of a scenario is kept."""
    return FOLDER / f"{name}.txt"


def summary_text(name: str) -> str:
    """Questions and answers of the plan, and each new class with its reason."""
    district = daz.read_district(path("data", "meissen-2017-02-08.xlsx"))
    scenario = daz.load_scenario(name)
    # A busy machine must not end the search before it is done.
    patient = scenario.rechnen.model_copy(update={"zeitlimit": 600.0, "laeufe": 100})
    scenario = scenario.model_copy(update={"rechnen": patient})
    forecast = daz.simulate(district, scenario)
    plan = with_judgement(daz.make_plan(district, scenario, forecast), FUTURES)
    parts = [f"{question}\n{answer}\n" for question, answer in daz.summary(plan)]
    for item in plan.openings:
        school, month = plan.district.schools[item.school].name, plan.months[item.month]
        parts.append(f"{school}, ab {german.month(month)}\n{item.reason}\n")
    return "\n".join(parts)


def renew() -> None:
    """Write all summaries as they are now."""
    for name in SCENARIOS:
        golden_file(name).write_text(summary_text(name), encoding="utf-8", newline="\n")
