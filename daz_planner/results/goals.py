"""The goals of the planning in plain German: name and unit."""

from __future__ import annotations

_GOALS: dict[str, tuple[str, str]] = {
    "heutige_liste": ("Plätze für die heutige Liste", "Kinder"),
    "fixiert": ("Plätze für festgelegte Kinder", "Kinder"),
    "plaetze_liste": ("Kinder mit Platz", "Kinder"),
    "vorrang_liste": ("Vorrang der länger Wartenden", "Rangsumme"),
    "klassenstufen": ("Kinder außerhalb der Klassenstufen-Spanne", "Kinder"),
    "familien": ("Orte der Familien", "Schulen je Familie"),
    "wartemonate": ("Wartezeit", "Kindermonate"),
    "wartemonate_erneut": ("Wartezeit bei dieser Zahl von Klassen", "Kindermonate"),
    "vorrang": ("Vorrang der länger Wartenden", "Kindermonate × Tage"),
    "neue_klassen": ("neue Klassen", "Klassen"),
    "regelklassen": ("Regelklassen über der Grenze, fehlende Lehrerstunden", "Plätze, Stunden"),
    "klassenmonate": ("zusätzliche Klassenmonate", "Klassenmonate"),
    "aenderungen": ("Klassenmonate über den früheren Plan hinaus", "Klassenmonate"),
    "ueberbelegung": ("Plätze über der Klassenobergrenze", "Platzmonate"),
    "weg_ueber_richtwert": ("Weg über dem Richtwert", "Minuten"),
    "weg": ("Weg", "Minuten"),
    "streuung_schulen": ("höchste Auslastung einer Schule", "Anteil"),
    "preise": ("Preise", "Punkte"),
}

_WISH = "wunsch_"
"""A goal for each rank of the wishes: ``wunsch_1``."""


def goal_name(goal: str) -> str:
    """What a planner reads for a goal of the scenario; an unknown goal stays as it is."""
    if goal.startswith(_WISH):
        return f"Kinder mit erfülltem {goal.removeprefix(_WISH)}. Wunsch"
    return _GOALS.get(goal, (goal, ""))[0]


def goal_unit(goal: str) -> str:
    """The unit of the value of a goal, empty where it is not known."""
    if goal.startswith(_WISH):
        return "Kinder"
    return _GOALS.get(goal, ("", ""))[1]
