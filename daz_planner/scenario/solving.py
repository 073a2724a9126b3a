"""What the plan aims at, and how it is computed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from daz_planner.scenario.fields import Number, Table, Whole, check_distinct, key

_ASSUMPTION = "Annahme"

Goal = Literal[
    "wartemonate",
    "neue_klassen",
    "regelklassen",
    "klassenmonate",
    "ueberbelegung",
    "weg_ueber_richtwert",
    "weg",
]
GOALS: tuple[Goal, ...] = (
    "wartemonate",
    "neue_klassen",
    "regelklassen",
    "klassenmonate",
    "ueberbelegung",
    "weg_ueber_richtwert",
    "weg",
)
"""Goals of the plan in the order of the default."""


class Goals(Table):
    """[ziele]: the goals, one after the other."""

    reihenfolge: Annotated[tuple[Goal, ...], AfterValidator(check_distinct)] = key(
        GOALS,
        "Ziele, das wichtigste zuerst. Was hier nicht steht, wird nicht verfolgt.",
        origin="Annahme: Plätze vor Klassen vor Wegen",
        min_length=1,
        max_length=len(GOALS),
    )
    toleranz: Number = key(
        0.005,
        "Anteil, um den ein späteres Ziel ein früheres verschlechtern darf.",
        unit="Anteil",
        origin=_ASSUMPTION,
        ge=0,
        le=0.5,
    )


class Computing(Table):
    """[rechnen]: futures, seed and solver."""

    laeufe: Whole = key(
        200, "Zahl der gezogenen Verläufe.", unit="Läufe", origin=_ASSUMPTION, ge=1, le=100_000
    )
    saat: Whole = key(
        1,
        "Startzahl des Zufalls: gleiche Zahl, gleiche Verläufe.",
        origin=_ASSUMPTION,
        ge=0,
        le=2**63 - 1,
    )
    loeser: Literal["highs", "cbc"] = key("highs", "Rechenprogramm.", origin=_ASSUMPTION)
    luecke: Number = key(
        0.005,
        "Abstand zum besten möglichen Plan, bei dem die Rechnung aufhören darf.",
        unit="Anteil",
        origin=_ASSUMPTION,
        ge=0,
        lt=1,
    )
    zeitlimit: Number = key(
        60.0,
        "Längste Rechenzeit für alle Ziele und Schularten zusammen.",
        unit="Sekunden",
        origin=_ASSUMPTION,
        gt=0,
        le=86_400,
    )
    threads: Whole = key(
        2, "Prozessorkerne für das Rechenprogramm.", origin=_ASSUMPTION, ge=1, le=256
    )
