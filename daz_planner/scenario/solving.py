"""What the plan aims at, and how it is computed."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from daz_planner.scenario.fields import (
    Number,
    Table,
    Text,
    Whole,
    check_distinct,
    fault,
    key,
    word_or_number,
)
from daz_planner.scenario.german import quoted

_ASSUMPTION = "Annahme"

Goal = Literal[
    "wartemonate",
    "neue_klassen",
    "regelklassen",
    "klassenmonate",
    "ueberbelegung",
    "weg_ueber_richtwert",
    "weg",
    "streuung_schulen",
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
FURTHER_GOALS: tuple[Goal, ...] = ("streuung_schulen",)
"""Goals that are followed only where a scenario names them."""
WAITING: Goal = "wartemonate"
FIRST = "zuerst"
"""In place of the price of waiting: nobody waits for the sake of any price."""
PRICES = "preise"
"""The one goal of a scenario that gives prices instead of an order."""

Price = Annotated[Number, Field(ge=0, le=1_000_000)]
_OWN = "Angabe"
_Order = Annotated[
    tuple[Goal, ...], Field(min_length=1, max_length=len(GOALS) + len(FURTHER_GOALS))
]


def _price(text: str, unit: str) -> Any:
    return key(None, text, unit=unit, origin=_OWN, none="nicht verfolgt")


class Prices(Table):
    """[ziele.preise]: what each goal costs, where they are weighed against each other."""

    einheit: Annotated[Text, Field(min_length=1, max_length=30)] = key(
        "Punkte", "Worin die Preise angegeben sind, z. B. „Euro“.", origin="Angabe, wenn bekannt"
    )
    wartemonate: Annotated[str | float, *word_or_number((FIRST,), 0.001, 1_000_000)] = key(
        ...,
        "Preis eines Kindermonats ohne Platz; nach zwei Monaten zählt er doppelt. „zuerst“: Plätze "
        "gehen vor, erst danach zählen die Preise.",
        unit="je Kindermonat",
        origin=_OWN,
        none="muss dastehen, wo Preise gelten",
    )
    neue_klassen: Price | None = _price(
        "Preis einer neuen Klasse, wo das Blatt Schulen keine Öffnungskosten nennt.", "je Klasse"
    )
    regelklassen: Price | None = _price(
        "Preis eines Platzes über der Grenze der Regelklassen und einer fehlenden Lehrerstunde.",
        "je Platz und Monat, je Stunde",
    )
    klassenmonate: Price | None = _price(
        "Preis eines Monats, den eine zusätzliche Klasse läuft.", "je Klassenmonat"
    )
    ueberbelegung: Price | None = _price(
        "Preis eines belegten Platzes über der Klassenobergrenze.", "je Platz und Monat"
    )
    weg_ueber_richtwert: Price | None = _price(
        "Preis einer Minute Schulweg über dem Richtwert, je Kind, das einen Platz bekommt.",
        "je Minute",
    )
    weg: Price | None = _price(
        "Preis einer Minute Schulweg, je Kind, das einen Platz bekommt.", "je Minute"
    )
    streuung_schulen: Price | None = _price(
        "Preis eines VKA-Schülers an der Schule, die die meisten hat (Mittel der Monate).",
        "je Schüler",
    )


class Goals(Table):
    """[ziele]: the goals, one after the other, or weighed against each other by prices."""

    reihenfolge: Annotated[_Order, AfterValidator(check_distinct)] | None = key(
        GOALS,
        "Ziele, das wichtigste zuerst. Was hier nicht steht, wird nicht verfolgt; "
        "„streuung_schulen“ nur, wo es hier steht.",
        origin="Annahme: Plätze vor Klassen vor Wegen",
        none="keine; es gelten Preise",
    )
    preise: Prices | None = key(
        None,
        "Preise statt einer Reihenfolge: Der Plan wiegt die Ziele gegeneinander ab. Ein Ziel ohne "
        "Preis wird nicht verfolgt.",
        origin="Angabe, wenn gewünscht",
        none="keine; es gilt die Reihenfolge",
    )
    streuung: Literal["Schüler", "Anteil"] = key(
        "Schüler",
        "Was „streuung_schulen“ klein hält: „Schüler“ ist die Zahl der VKA-Schüler an der Schule "
        "mit den meisten, im Mittel der Monate; „Anteil“ zählt VKA-Schüler je 100 Schüler der "
        "Regelklassen (Blatt Regelklassen; Schulen ohne Angabe zählen nicht).",
        origin="Ziel des Landes: VKA auf viele Schulen verteilen (VwV Bedarf, A III 3a)",
    )
    toleranz: Number = key(
        0.005,
        "Anteil, um den ein späteres Ziel ein früheres verschlechtern darf. Beim Warten ist es je "
        "Schulart mindestens ein Kind, das einen Monat wartet; mit 0 gilt auch das nicht.",
        unit="Anteil",
        origin=_ASSUMPTION,
        ge=0,
        le=0.5,
    )

    @model_validator(mode="after")
    def _order_or_prices(self) -> Goals:
        if self.preise is None:
            if self.reihenfolge is None:
                object.__setattr__(self, "reihenfolge", GOALS)
        elif "reihenfolge" in self.model_fields_set and self.reihenfolge is not None:
            raise fault(
                "„reihenfolge“ und „preise“ gelten nicht zugleich: Entweder kommen die Ziele "
                "nacheinander, oder sie werden gegeneinander abgewogen. Streichen Sie eines von "
                "beiden."
            )
        else:
            object.__setattr__(self, "reihenfolge", None)
        return self

    @property
    def order(self) -> tuple[str, ...]:
        """What is solved one after the other: the goals, or all prices together."""
        if self.preise is not None and self.preise.wartemonate == FIRST:
            return (WAITING, PRICES)
        return self.reihenfolge or (PRICES,)

    @property
    def prices(self) -> dict[str, float]:
        """Price of each goal that has one; empty where the goals are ranked."""
        if self.preise is None:
            return {}
        given = {goal: getattr(self.preise, goal) for goal in (*GOALS, *FURTHER_GOALS)}
        if given[WAITING] == FIRST:
            # The opening costs of the schools count even where nothing else has a price.
            given = {"neue_klassen": 0.0, **given, WAITING: None}
            given["neue_klassen"] = given["neue_klassen"] or 0.0
        return {goal: float(price) for goal, price in given.items() if price is not None}

    def follows(self, goal: str) -> bool:
        """Whether a goal counts: it stands in the order, or it has a price above 0."""
        if self.preise is None or (goal == WAITING and goal in self.order):
            return goal in self.order
        return self.prices.get(goal, 0.0) > 0.0


def _solver_name(value: str) -> str:
    """A solver by its name in any case. Which ones are there is known only on the machine."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{1,39}", value) is None:
        raise fault(
            f"{quoted(value)} ist kein Name eines Rechenprogramms. "
            "Schreiben Sie zum Beispiel „highs“ oder „cbc“."
        )
    return value.lower()


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
    loeser: Annotated[Text, AfterValidator(_solver_name)] = key(
        "highs",
        "Rechenprogramm: „highs“ oder „cbc“, die mit dem Planer kommen, oder ein anderes, das auf "
        "dem Rechner installiert ist, z. B. „scip“, „glpk“ oder „gurobi“.",
        origin=_ASSUMPTION,
    )
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
