"""Tables of a scenario: every key with its value, unit and source, and what differs."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from daz_planner.rules import SCHOOL_TYPES
from daz_planner.scenario.german import month_text, value_text
from daz_planner.scenario.load import load_scenario
from daz_planner.scenario.model import Scenario

RowValue = str | int | float | bool

_HEAD = ("name", "beschreibung", "quellen")


@dataclass(frozen=True)
class ParameterRow:
    """One key of a scenario as the sheet Annahmen shows it.

    ``value`` and ``basis_value`` are numbers, truth values or German text (lists are one text,
    months are ``02.2017``); ``basis_value`` is empty where the basis has no such key. ``source``
    says where the value comes from: the origin of the default, or the scenario that changed it.
    """

    key: str
    value: RowValue
    unit: str
    source: str
    differs_from_basis: bool
    basis_value: RowValue
    description: str = ""


@dataclass(frozen=True)
class Difference:
    """A key in which two scenarios differ; an empty text where one of them has no such key."""

    key: str
    value: RowValue
    basis_value: RowValue


@dataclass(frozen=True)
class KeyRow:
    """One key of the model for the handbook: unit, default and its origin, description."""

    key: str
    unit: str
    default: str
    origin: str
    description: str


@dataclass(frozen=True)
class _Leaf:
    key: str
    value: Any
    unit: str
    origin: str
    description: str
    is_default: bool


def parameter_rows(scenario: Scenario, basis: Scenario | None = None) -> list[ParameterRow]:
    """Every parameter of the scenario, compared with ``basis`` (default: the shipped basis)."""
    reference = {leaf.key: leaf.value for leaf in _leaves(basis or load_scenario("basis"))}
    defaults = {leaf.key: leaf.value for leaf in _leaves(Scenario(name="vorgabe"))}
    own = f"Szenario „{scenario.name}“"
    return [
        ParameterRow(
            key=leaf.key,
            value=leaf.value,
            unit=leaf.unit,
            source=_source(scenario, leaf)
            or (leaf.origin if leaf.is_default or defaults.get(leaf.key) == leaf.value else own),
            differs_from_basis=reference.get(leaf.key) != leaf.value,
            basis_value=reference.get(leaf.key, ""),
            description=leaf.description,
        )
        for leaf in _leaves(scenario)
    ]


def _source(scenario: Scenario, leaf: _Leaf) -> str:
    """The source that the scenario names for a key or for the table it stands in."""
    parts = leaf.key.split(".")
    names = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((scenario.quellen[name] for name in names if name in scenario.quellen), "")


def differences(scenario: Scenario, basis: Scenario) -> tuple[Difference, ...]:
    """Keys in which the two differ, name and description left aside."""
    first = {leaf.key: leaf.value for leaf in _leaves(scenario)}
    second = {leaf.key: leaf.value for leaf in _leaves(basis)}
    return tuple(
        Difference(key, first.get(key, ""), second.get(key, ""))
        for key in dict.fromkeys([*first, *second])
        if first.get(key) != second.get(key)
    )


def key_table() -> list[KeyRow]:
    """Every key of the model in its order; ``phasen`` and other tables by school type once."""
    defaults = {leaf.key: leaf.value for leaf in _leaves(Scenario(name="vorgabe"))}
    rows = []
    for key, field, origin in _keys(Scenario, "", ""):
        found = [value for name, value in defaults.items() if _pattern(name) == key]
        below = [name for name in defaults if name.startswith(f"{key}.")]
        if found:
            default = value_text(found[0])
        elif not below and field.default not in (None, PydanticUndefined):
            default = value_text(field.default)
        else:
            default = "; ".join(
                f"{name.rsplit('.', 1)[-1]} {value_text(defaults[name])}" for name in below
            )
        extra = _extra(field)
        rows.append(
            KeyRow(
                key=key,
                unit=extra.get("einheit", ""),
                default=default or extra.get("leer", ""),
                origin=extra.get("herkunft", origin),
                description=field.description or "",
            )
        )
    return rows


def nearest_key(name: str) -> str:
    """The name itself where it is a key or a table of the scenario, else the nearest; or empty."""
    known: set[str] = set()
    for key, _, _ in _keys(Scenario, "", ""):
        for kind in SCHOOL_TYPES if "<Schulart>" in key else ("",):
            parts = key.replace("<Schulart>", kind).split(".")
            known.update(".".join(parts[:n]) for n in range(1, len(parts) + 1))
    for table in ("zuzug.schularten", "wege.richtwert", "schuljahr.stufen", "lehrer.stunden"):
        known.update(f"{table}.{kind}" for kind in SCHOOL_TYPES)
    if name in known:
        return name
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return close[0] if close else ""


def _pattern(key: str) -> str:
    parts = key.split(".")
    if parts[0] == "phasen":
        parts[1] = "<Schulart>"
    return ".".join(parts)


def _leaves(model: BaseModel, prefix: str = "", origin: str = "") -> Iterator[_Leaf]:
    for name, field in type(model).model_fields.items():
        if not prefix and name in _HEAD:
            continue
        extra = _extra(field)
        source = extra.get("herkunft", origin)
        value = getattr(model, name)
        items = value.items() if isinstance(value, dict) else [("", value)]
        for inner, item in items:
            key = ".".join(part for part in (prefix, name, inner) if part)
            if isinstance(item, BaseModel):
                yield from _leaves(item, key, source)
                continue
            shown = extra.get("leer", "") if item is None else _shown(item)
            if shown == "" and item is None:
                continue
            yield _Leaf(
                key=key,
                value=shown,
                unit=extra.get("einheit", ""),
                origin=source,
                description=field.description or "",
                is_default=not inner and item == field.default,
            )


def _shown(value: Any) -> RowValue:
    if isinstance(value, date):
        return month_text(value)
    if isinstance(value, (bool, int, float, str)):
        return value
    return value_text(value) or "nie"


def _keys(model: type[BaseModel], prefix: str, origin: str) -> Iterator[tuple[str, FieldInfo, str]]:
    for name, field in model.model_fields.items():
        key = f"{prefix}.{name}" if prefix else name
        source = _extra(field).get("herkunft", origin)
        inner = _model_in(field.annotation)
        if inner is None:
            yield key, field, source
        elif key == "phasen":
            yield from _keys(inner, f"{key}.<Schulart>", source)
        else:
            yield from _keys(inner, key, source)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The table that a field holds, alone, as an option, or as the values of a dict."""
    origin = typing.get_origin(annotation)
    if isinstance(annotation, type) and origin is None:
        return annotation if issubclass(annotation, BaseModel) else None
    if origin in (typing.Union, types.UnionType, dict, typing.Annotated):
        for part in typing.get_args(annotation):
            found = _model_in(part)
            if found is not None:
                return found
    return None


def _extra(field: FieldInfo) -> dict[str, str]:
    extra = field.json_schema_extra
    return {name: str(value) for name, value in extra.items()} if isinstance(extra, dict) else {}
