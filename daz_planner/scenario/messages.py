"""From pydantic's errors to German sentences with key, value and what is allowed.

The allowed range is read from the JSON schema of the model, so it is never written twice.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from daz_planner.errors import ScenarioError
from daz_planner.scenario.fields import GERMAN
from daz_planner.scenario.german import listed, number_text, quoted
from daz_planner.scenario.model import Scenario

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]

_KINDS = {
    "integer": ("keine ganze Zahl", "ganze Zahlen"),
    "number": ("keine Zahl", "Zahlen"),
    "boolean": ("weder true noch false", "true und false"),
    "string": ("kein Text", "Texte in geraden Anführungszeichen"),
    "array": ("keine Liste", "Listen in eckigen Klammern"),
    "object": ("keine Tabelle", "Tabellen"),
}
_TOO_SMALL = {"greater_than", "greater_than_equal"}
_TOO_BIG = {"less_than", "less_than_equal"}


def scenario_error(error: ValidationError, origins: Mapping[tuple[str, ...], str]) -> ScenarioError:
    """All errors of a validation as one German error, one line each.

    Parameters
    ----------
    error:
        What pydantic found.
    origins:
        Path of a table or key → name of the file that says it.
    """
    found = error.errors(include_url=False, include_context=True)
    paths = [_path(item["loc"]) for item in found]
    lines = []
    for item, path in zip(found, paths, strict=True):
        # A list with a wrong entry is also reported as too short: the entry alone is told.
        deeper = any(len(other) > len(path) and other[: len(path)] == path for other in paths)
        if item["type"] in ("too_short", "too_long") and deeper:
            continue
        text = _sentence(item["type"], item["loc"], item["input"], item["msg"])
        lines.append(_placed(_origin(path, origins), path, text))
    return ScenarioError("\n".join(dict.fromkeys(lines)))


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like the word, without regard to case, hyphens and umlauts."""
    plain = {_plain(choice): choice for choice in choices}
    found = difflib.get_close_matches(_plain(word), list(plain), n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def _plain(word: str) -> str:
    word = word.casefold().replace("-", "_").replace(" ", "_")
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        word = word.replace(umlaut, letters)
    return word


def _path(loc: Path) -> Path:
    return tuple(part for part in loc if part != "[key]")


def _origin(path: Path, origins: Mapping[tuple[str, ...], str]) -> str:
    names = tuple(str(part) for part in path)
    for length in range(len(names), -1, -1):
        if names[:length] in origins:
            return origins[names[:length]]
    return ""


def _placed(file: str, path: Path, text: str) -> str:
    keys: list[str] = []
    for part in path:
        if isinstance(part, int) and keys:
            keys[-1] += f" ({part + 1}. Wert)"
        else:
            keys.append(str(part))
    place = ".".join(keys)
    return ": ".join(part for part in (file, place, text) if part)


def _sentence(kind: str, loc: Path, value: object, message: str) -> str:
    if kind == "extra_forbidden":
        return _unknown_key(loc)
    if loc and loc[-1] == "[key]":
        return message if kind == GERMAN else _unknown_key(loc[:-1])
    if kind == GERMAN:
        return message
    schema = _schema_at(loc)
    if kind == "missing":
        if loc and isinstance(loc[-1], int):
            return f"Der {loc[-1] + 1}. Wert der Liste fehlt. Tragen Sie ihn ein."
        meaning = schema.get("description", "")
        return f"Die Angabe fehlt. Tragen Sie sie ein{f': {meaning}' if meaning else '.'}"
    allowed = _allowed(schema)
    if kind in _TOO_SMALL:
        return f"{quoted(value)} ist zu klein. {allowed}"
    if kind in _TOO_BIG:
        return f"{quoted(value)} ist zu groß. {allowed}"
    if kind in ("too_short", "too_long") and isinstance(value, (list, tuple)):
        return f"Die Liste hat {_values(len(value))}. {_allowed_length(schema)}"
    if kind == "literal_error":
        choices = [str(choice) for choice in _choices(schema)]
        near = nearest(value, choices) if isinstance(value, str) else None
        hint = f" Meinten Sie „{near}“?" if near else ""
        return f"{quoted(value)} gibt es hier nicht.{hint} Erlaubt sind {listed(choices)}."
    wrong = _KINDS.get(str(schema.get("type")), ("nicht erlaubt", ""))[0]
    return f"{quoted(value)} ist {wrong}. {allowed}".rstrip()


def _unknown_key(loc: Path) -> str:
    name = str(loc[-1])
    allowed = _keys_at(loc[:-1])
    table = ".".join(str(part) for part in loc[:-1])
    near = nearest(name, allowed)
    everywhere = _tables_by_key()
    if near and name not in everywhere:
        inside = f" in [{table}]" if table else ""
        return f"Diesen Schlüssel gibt es nicht. Meinten Sie „{near}“{inside}?"
    elsewhere = nearest(name, everywhere)
    if elsewhere:
        home = everywhere[elsewhere]
        inside = f"in [{home}]" if home else "ganz oben, vor der ersten Tabelle"
        return f"Diesen Schlüssel gibt es hier nicht. Meinten Sie „{elsewhere}“ {inside}?"
    where = f"In [{table}] gibt es" if table else "Es gibt"
    return f"Diesen Schlüssel gibt es nicht. {where}: {', '.join(allowed)}."


# -- what the schema says --------------------------------------------------------------------------


@cache
def _schema() -> dict[str, Any]:
    return Scenario.model_json_schema()


def _resolved(schema: Schema) -> Schema:
    """Follow a reference, and of alternatives take the first that is not null."""
    while True:
        if "$ref" in schema:
            schema = _schema()["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in schema:
            schema = next(part for part in schema["anyOf"] if part.get("type") != "null")
        else:
            return schema


def _schema_at(loc: Path) -> Schema:
    schema = _resolved(_schema())
    for part in loc:
        if isinstance(part, int):
            inner = schema.get("prefixItems", [schema.get("items", {})])
            schema = inner[min(part, len(inner) - 1)]
        else:
            other = schema.get("additionalProperties")
            schema = schema.get("properties", {}).get(part, other if other else {})
        schema = _resolved(schema)
    return schema


def _keys_at(loc: Path) -> list[str]:
    schema = _schema_at(loc)
    keys = list(schema.get("properties", schema.get("propertyNames", {}).get("enum", [])))
    return keys if loc else [*keys, "basis"]


@cache
def _tables_by_key() -> dict[str, str]:
    """Key → table in which it stands, for keys that stand in one table only."""
    places: dict[str, str] = {}

    def walk(schema: Schema, table: str) -> None:
        for name, inner in schema.get("properties", {}).items():
            places.setdefault(name, table)
            walk(_resolved(inner), f"{table}.{name}" if table else name)
        other = schema.get("additionalProperties")
        if other and table == "phasen":
            walk(_resolved(other), f"{table}.GS")

    walk(_schema(), "")
    return places


def _choices(schema: Schema) -> list[Any]:
    return list(schema.get("enum", [schema["const"]] if "const" in schema else []))


def _allowed(schema: Schema) -> str:
    """„Erlaubt sind …“: the kind of value with its range; empty where nothing is known."""
    kind = str(schema.get("type", ""))
    if kind == "array" and "items" in schema:
        inner = _KINDS.get(str(_resolved(schema["items"]).get("type")), ("", ""))[1]
        return f"Erlaubt ist eine Liste in eckigen Klammern{f': {inner}' if inner else ''}."
    if kind == "object":
        keys = schema.get("properties", schema.get("propertyNames", {}).get("enum", []))
        return f"Erlaubt ist eine Tabelle mit {', '.join(keys)}." if keys else ""
    words = _KINDS.get(kind, ("", ""))[1]
    if not words:
        return ""
    return f"Erlaubt sind {words}{_range(schema)}."


def _range(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" von {number_text(low)} bis {number_text(high)}"
    parts = []
    if low is not None:
        parts.append(f"ab {number_text(low)}")
    if above is not None:
        parts.append(f"über {number_text(above)}")
    if high is not None:
        parts.append(f"bis {number_text(high)}")
    if below is not None:
        parts.append(f"unter {number_text(below)}")
    return f" {' und '.join(parts)}" if parts else ""


def _allowed_length(schema: Schema) -> str:
    low, high = schema.get("minItems"), schema.get("maxItems")
    if low is not None and low == high:
        return f"Nötig sind genau {_values(low)}."
    if low is not None and high is not None:
        return f"Erlaubt sind {low} bis {_values(high)}."
    return (
        f"Erlaubt sind höchstens {_values(high)}." if high is not None else "Tragen Sie Werte ein."
    )


def _values(count: int) -> str:
    return f"{count} Wert" if count == 1 else f"{count} Werte"
