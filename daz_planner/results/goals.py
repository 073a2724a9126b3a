"""The goals of the planning in plain German: name, unit, and how each ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.german import listed
from daz_planner.planning.plan import SolveStatus

if TYPE_CHECKING:
    from daz_planner.planning.plan import StageResult
    from daz_planner.scenario.model import Scenario

PRICES = "preise"

ORDER = "Reihenfolge"
"""In place of a unit: the goal decides who comes first, and its number means nothing to a reader.
"""
WAYS = "Minuten, einfacher Weg"
"""Each child who takes a seat in the period is counted once."""

_GOALS: dict[str, tuple[str, str]] = {
    "heutige_liste": ("Plätze für die heutige Liste", "Kinder"),
    "fixiert": ("Plätze für festgelegte Kinder", "Kinder"),
    "plaetze_liste": ("Kinder mit Platz", "Kinder"),
    "vorrang_liste": ("Vorrang der länger Wartenden", ORDER),
    "vorrang_gleiche": ("Vorrang der länger Wartenden unter Gleichen", ORDER),
    "klassenstufen": ("Kinder außerhalb der Klassenstufen-Spanne", "Kinder"),
    "familien": ("Orte der Familien", "Schulen je Familie"),
    "wartemonate": ("Wartezeit", "Kindermonate"),
    "wartemonate_erneut": ("Wartezeit bei dieser Zahl von Klassen", "Kindermonate"),
    "vorrang": ("Vorrang der länger Wartenden", ORDER),
    "neue_klassen": ("neue Klassen", "Klassen"),
    "regelklassen": ("Regelklassen über der Grenze, fehlende Lehrerstunden", "Plätze, Stunden"),
    "klassenmonate": ("zusätzliche Klassenmonate", "Klassenmonate"),
    "aenderungen": ("Klassenmonate über den früheren Plan hinaus", "Klassenmonate"),
    "ueberbelegung": ("Plätze über der Klassenobergrenze", "Platzmonate"),
    "weg_ueber_richtwert": ("Weg über dem Richtwert", WAYS),
    "weg": ("Weg", WAYS),
    "streuung_schulen": ("VKA-Schüler der Schule mit den meisten", "Schüler, Mittel der Monate"),
    "preise": ("Preise zusammen", "Punkte"),
}

_WISH = "wunsch_"
"""A goal for each rank of the wishes: ``wunsch_1``."""


def goal_name(goal: str) -> str:
    """What a planner reads for a goal of the scenario; an unknown goal stays as it is."""
    if goal.startswith(_WISH):
        return f"Kinder mit erfülltem {goal.removeprefix(_WISH)}. Wunsch"
    return _GOALS.get(goal, (goal, ""))[0]


def goal_unit(goal: str, scenario: Scenario | None = None) -> str:
    """The unit of the value of a goal, empty where it is not known.

    Prices are in the unit in which the scenario gives them, and it says what is spread.
    """
    if goal.startswith(_WISH):
        return "Kinder"
    if scenario is not None and goal == PRICES and scenario.ziele.preise is not None:
        return scenario.ziele.preise.einheit
    if scenario is not None and goal == "streuung_schulen" and scenario.ziele.streuung == "Anteil":
        return "je 100 Schüler der Regelklassen, Mittel der Monate"
    return _GOALS.get(goal, ("", ""))[1]


def status_text(stage: StageResult) -> str:
    """How a goal ended, and that nobody knows how far from the best where the solver is silent."""
    text = stage.status.value
    if stage.gap is None and stage.status is not SolveStatus.NOT_RUN:
        text += ", Abstand zum besten Plan unbekannt"
    return text


def types_text(school_types: str) -> str:
    """What a planner reads for the types of a stage: ``GS+OS`` is „GS und OS“."""
    return listed(school_types.split("+"))
