"""Types of scenario values: strict numbers, months, shares, each with a German message.

Every message that a validator here raises is a German sentence; pydantic's own errors are
translated in :mod:`daz_planner.scenario.messages`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
)
from pydantic import WithJsonSchema as JsonSchema
from pydantic_core import PydanticCustomError

from daz_planner.rules import SCHOOL_TYPES
from daz_planner.scenario.german import listed, number_text, quoted

GERMAN = "deutsch"
"""Type of an error whose message is a German sentence already."""

SHARES_TOLERANCE = 1e-6
SEASON_TOLERANCE = 0.01


class Table(BaseModel):
    """Base of all tables of a scenario: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def fault(text: str) -> PydanticCustomError:
    """An error with a German message, to be raised by a validator."""
    return PydanticCustomError(GERMAN, "{text}", {"text": text})


def key(default: Any, text: str, *, unit: str = "", origin: str = "", **more: Any) -> Any:
    """A key of a scenario: default, German description, unit, and where the default comes from.

    ``none`` is the German text that stands for a value that was not given.
    """
    none = more.pop("none", "")
    extra = {"einheit": unit, "herkunft": origin, "leer": none}
    extra = {name: value for name, value in extra.items() if value}
    return Field(default, description=text, json_schema_extra=extra or None, **more)


# -- months ----------------------------------------------------------------------------------------

_MONTH = re.compile(r"(\d{4})-(\d{1,2})(?:-\d{1,2})?")


def _month(value: object) -> date:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.replace(day=1)
    found = _MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is not None:
        year, month = int(found[1]), int(found[2])
        if year >= 1900 and 1 <= month <= 12:
            return date(year, month, 1)
    raise fault(f"{quoted(value)} ist kein Monat. Schreiben Sie Jahr und Monat, z. B. „2017-02“.")


def _month_key(value: date) -> str:
    return f"{value.year:04d}-{value.month:02d}"


Month = Annotated[
    date,
    PlainValidator(_month),
    PlainSerializer(_month_key, return_type=str, when_used="json"),
    JsonSchema({"type": "string", "pattern": r"^\d{4}-\d{1,2}(-\d{1,2})?$"}),
]
"""A month as its first day; in the file ``"2017-02"`` or a TOML date."""

# -- numbers ---------------------------------------------------------------------------------------

Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, Strict()]
Share = Annotated[Number, Field(ge=0, le=1)]
Positive = Annotated[Number, Field(ge=0, le=100_000)]


def word_or_whole(words: tuple[str, ...], lowest: int, highest: int) -> tuple[Any, Any]:
    """Validator and JSON schema of a value that is one of the words or a whole number."""

    def check(value: object) -> str | int:
        if isinstance(value, str) and value in words:
            return value
        if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
            return value
        known = ", ".join(f"„{word}“" for word in words)
        raise fault(
            f"{quoted(value)} ist nicht erlaubt. Erlaubt sind {known} "
            f"und ganze Zahlen von {lowest} bis {highest}."
        )

    schema = {
        "anyOf": [
            {"enum": list(words), "type": "string"},
            {"maximum": highest, "minimum": lowest, "type": "integer"},
        ]
    }
    return PlainValidator(check), JsonSchema(schema)


def word_or_number(words: tuple[str, ...], lowest: float, highest: float) -> tuple[Any, Any]:
    """Validator and JSON schema of a value that is one of the words or a number."""

    def check(value: object) -> str | float:
        if isinstance(value, str) and value in words:
            return value
        what = "ist nicht erlaubt"
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if lowest <= value <= highest:
                return float(value)
            what = "ist zu groß" if value > highest else "ist zu klein"
        known = ", ".join(f"„{word}“" for word in words)
        raise fault(
            f"{quoted(value)} {what}. Erlaubt sind {known} "
            f"und Zahlen von {number_text(lowest)} bis {number_text(highest)}."
        )

    schema = {
        "anyOf": [
            {"enum": list(words), "type": "string"},
            {"maximum": highest, "minimum": lowest, "type": "number"},
        ]
    }
    return PlainValidator(check), JsonSchema(schema)


def word_or_flag(words: tuple[str, ...]) -> tuple[Any, Any]:
    """Validator and JSON schema of a value that is one of the words or true or false."""

    def check(value: object) -> str | bool:
        if isinstance(value, bool) or (isinstance(value, str) and value in words):
            return value
        known = ", ".join(f"„{word}“" for word in words)
        raise fault(f"{quoted(value)} ist nicht erlaubt. Erlaubt sind {known}, true und false.")

    schema = {"anyOf": [{"enum": list(words), "type": "string"}, {"type": "boolean"}]}
    return PlainValidator(check), JsonSchema(schema)


# -- school types ----------------------------------------------------------------------------------


def _school_type(value: object) -> str:
    if isinstance(value, str) and value in SCHOOL_TYPES:
        return value
    raise fault(f"{quoted(value)} ist keine Schulart. Erlaubt sind {listed(SCHOOL_TYPES)}.")


SchoolType = Annotated[
    str, PlainValidator(_school_type), JsonSchema({"enum": list(SCHOOL_TYPES), "type": "string"})
]


def in_order(filler: Callable[[str], Any] | None = None) -> AfterValidator:
    """Puts a table by school type into the order of all tables and fills what is missing."""

    def fill(table: dict[str, Any]) -> dict[str, Any]:
        return {
            kind: table[kind] if kind in table or filler is None else filler(kind)
            for kind in SCHOOL_TYPES
            if kind in table or filler is not None
        }

    return AfterValidator(fill)


# -- shares and lists ------------------------------------------------------------------------------


def _sums_to_one(values: Sequence[float]) -> None:
    total = math.fsum(values)
    if abs(total - 1) > SHARES_TOLERANCE:
        raise fault(
            f"Die Anteile ergeben zusammen {number_text(total)} statt 1. "
            "Ändern Sie die Anteile so, dass ihre Summe 1 ist."
        )


def check_shares(table: dict[str, float]) -> dict[str, float]:
    """Shares by name must sum to 1."""
    _sums_to_one(list(table.values()))
    return table


def check_distribution(values: tuple[float, ...]) -> tuple[float, ...]:
    """Probabilities must sum to 1."""
    _sums_to_one(values)
    return values


def check_season(values: tuple[float, ...]) -> tuple[float, ...]:
    """Twelve seasonal factors must have the mean 1, or the season would change the level."""
    mean = math.fsum(values) / len(values)
    if abs(mean - 1) > SEASON_TOLERANCE:
        raise fault(
            f"Die zwölf Faktoren haben das Mittel {number_text(round(mean, 4))} statt 1. "
            "Teilen Sie jeden Faktor durch dieses Mittel."
        )
    return values


def check_distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """No entry of a list may stand in it twice."""
    for position, value in enumerate(values):
        if value in values[:position]:
            raise fault(f"{quoted(value)} steht zweimal in der Liste. Streichen Sie eine Angabe.")
    return values


def check_grades(values: tuple[int, int]) -> tuple[int, int]:
    """First and last grade in this order."""
    first, last = values
    if first > last:
        raise fault(
            f"Die erste Klassenstufe {first} liegt über der letzten {last}. "
            "Schreiben Sie die erste Stufe zuerst, z. B. [1, 4]."
        )
    return values


def _residences(value: object) -> str | dict[str, float]:
    if value == "einwohner":
        return "einwohner"
    if not isinstance(value, Mapping):
        raise fault(
            f"{quoted(value)} ist nicht erlaubt. Erlaubt sind „einwohner“ und eine Tabelle mit "
            "dem Anteil jeder Gemeinde."
        )
    for name, share in value.items():
        is_number = isinstance(share, (int, float)) and not isinstance(share, bool)
        if not is_number or not 0 <= share <= 1:
            raise fault(
                f"Der Anteil {quoted(share)} der Gemeinde {quoted(name)} ist nicht erlaubt. "
                "Erlaubt sind Zahlen von 0 bis 1."
            )
    return check_shares({str(name): float(share) for name, share in value.items()})


Residences = Annotated[
    str | dict[str, float],
    PlainValidator(_residences),
    JsonSchema(
        {
            "anyOf": [
                {"const": "einwohner", "type": "string"},
                {
                    "additionalProperties": {"maximum": 1, "minimum": 0, "type": "number"},
                    "type": "object",
                },
            ]
        }
    ),
]
"""Where newcomers live: ``"einwohner"`` (by population) or the share of each municipality."""

CalendarMonths = Annotated[
    tuple[Annotated[Whole, Field(ge=1, le=12)], ...],
    AfterValidator(check_distinct),
    AfterValidator(lambda months: tuple(sorted(months))),
]
"""Months of the calendar, 1 to 12."""

# -- the name --------------------------------------------------------------------------------------

_NAME = re.compile(r"[0-9A-Za-zÄÖÜäöüß](?:[0-9A-Za-zÄÖÜäöüß _.-]{0,58}[0-9A-Za-zÄÖÜäöüß])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def _name(value: object) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value) and not _RESERVED.fullmatch(value):
        return value
    raise fault(
        f"{quoted(value)} taugt nicht als Name, denn der Ergebnisordner heißt so. Erlaubt sind bis "
        "zu 60 Buchstaben, Ziffern, Leerzeichen, Punkte und Striche, z. B. „herbst-2026“."
    )


Name = Annotated[
    str, BeforeValidator(_name), JsonSchema({"maxLength": 60, "minLength": 1, "type": "string"})
]
"""Name of the scenario, also of the result folder."""
