"""Finding, reading and composing scenario files."""

from __future__ import annotations

import contextlib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from daz_planner import shipped
from daz_planner.errors import ScenarioError
from daz_planner.scenario.compose import merged, paths, sources_left
from daz_planner.scenario.german import listed, quoted
from daz_planner.scenario.messages import nearest, scenario_error
from daz_planner.scenario.model import Scenario

_OWN = ("name", "beschreibung")
"""Keys that are never inherited."""


def load_scenario(name_or_path: str | Path) -> Scenario:
    """The scenario of a shipped name (``"basis"``) or of a file (``"herbst.toml"``).

    A text that ends with ``.toml`` or holds a slash is a file, everything else a shipped name.

    Raises
    ------
    ScenarioError
        The name or file does not exist, is no TOML, composes itself, or has faulty keys. All
        faulty keys are told at once, one line each, in German.
    """
    file = _find(name_or_path, None)
    own = _read(file)
    name = re.sub(r"[^0-9A-Za-zÄÖÜäöüß _.-]", "-", file.stem).strip(" .-_")
    return _build({"name": name, **own}, _label(file), file)


def scenario_from_dict(data: Mapping[str, Any], place: str = "Szenario") -> Scenario:
    """The scenario of a table as read from TOML; ``place`` names it in messages.

    Relative files in ``basis`` are looked up in the current folder. Without ``name`` it is called
    ``eigenes``.

    Raises
    ------
    ScenarioError
        As :func:`load_scenario`.
    """
    return _build({"name": "eigenes", **data}, place, None)


def with_values(scenario: Scenario, values: Mapping[str, Any], place: str = "Aufruf") -> Scenario:
    """The scenario with some keys set anew, ``{"rechnen.laeufe": 500}``, checked like a file.

    Raises
    ------
    ScenarioError
        A key does not exist or a value is not allowed.
    """
    child: dict[str, Any] = {}
    for key, value in values.items():
        *tables, last = key.split(".")
        table = child
        for name in tables:
            table = table.setdefault(name, {})
        table[last] = value
    origins = dict.fromkeys(paths(child), place)
    return _validated(merged(scenario_as_toml_dict(scenario), child), origins)


def scenario_as_toml_dict(scenario: Scenario) -> dict[str, Any]:
    """Every value of the scenario as a file could hold it; keys without a value are left out."""
    return scenario.model_dump(mode="json", exclude_none=True)


def shipped_names() -> tuple[str, ...]:
    """Names of the scenarios that ship with the program, ``basis`` first."""
    names = sorted(file.stem for file in shipped.path("scenarios").glob("*.toml"))
    return tuple(sorted(names, key=lambda name: (name != "basis", name)))


# -- composing -------------------------------------------------------------------------------------


def _build(own: dict[str, Any], place: str, file: Path | None) -> Scenario:
    layers = [(own, place)]
    seen = [file.resolve()] if file else []
    labels = [place]
    folder = file.parent if file else Path()
    while "basis" in layers[-1][0]:
        reference = layers[-1][0]["basis"]
        here = f"{layers[-1][1]}: basis"
        if not isinstance(reference, str):
            raise ScenarioError(
                f"{quoted(reference)} ist kein Text.",
                place=here,
                remedy='Nennen Sie ein Szenario oder eine Datei, z. B. basis = "basis".',
            )
        parent = _find(reference, folder, here)
        if parent.resolve() in seen:
            circle = " → ".join([*labels, _label(parent)])
            raise ScenarioError(
                f"Die Szenarien bauen im Kreis aufeinander auf: {circle}.",
                place=here,
                remedy="Streichen Sie „basis“ in einer dieser Dateien.",
            )
        seen.append(parent.resolve())
        labels.append(_label(parent))
        folder = parent.parent
        layers.append((_read(parent), _label(parent)))
    data = _defaults()
    origins: dict[tuple[str, ...], str] = {}
    for layer, label in reversed(layers):
        given = {
            key: value
            for key, value in layer.items()
            if key != "basis" and (layer is own or key not in _OWN)
        }
        sources = sources_left(data.pop("quellen", {}), given, _texts(given.pop("quellen", {})))
        data = {**merged(data, given), "quellen": sources}
        origins.update(dict.fromkeys(paths(given), label))
    return _validated(data, origins)


def _texts(sources: Any) -> Any:
    return sources if isinstance(sources, dict) else {"quellen": sources}


def _validated(data: dict[str, Any], origins: Mapping[tuple[str, ...], str]) -> Scenario:
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise scenario_error(error, origins) from None


@cache
def _defaults() -> dict[str, Any]:
    data = scenario_as_toml_dict(Scenario(name="vorgabe"))
    return {key: value for key, value in data.items() if key not in _OWN}


# -- finding ---------------------------------------------------------------------------------------


def _find(reference: str | Path, folder: Path | None, place: str = "") -> Path:
    text = str(reference)
    looks_like_file = text.lower().endswith(".toml") or "/" in text or "\\" in text
    if isinstance(reference, Path) or looks_like_file:
        return (folder or Path()) / text
    names = shipped_names()
    known = {name.casefold(): name for name in names}
    if text.casefold() in known:
        return shipped.path("scenarios", f"{known[text.casefold()]}.toml")
    near = nearest(text, names)
    hint = f"Meinten Sie „{near}“? " if near else ""
    raise ScenarioError(
        f"Das Szenario {quoted(text)} gibt es nicht.",
        place=place,
        remedy=f"{hint}Mitgeliefert sind {listed(names)}. "
        "Für eine eigene Datei schreiben Sie den Namen mit .toml.",
    )


def _label(file: Path) -> str:
    """The file as messages name it: shipped ones by their name, others as the planner wrote it."""
    if file.parent == shipped.path("scenarios"):
        return f"scenarios/{file.name}"
    return str(file)


# -- reading ---------------------------------------------------------------------------------------


def _read(file: Path) -> dict[str, Any]:
    place = _label(file)
    try:
        raw = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise _missing(file, place) from None
    except IsADirectoryError:
        raise ScenarioError(
            "Das ist ein Ordner.", place=place, remedy="Nennen Sie eine Datei mit der Endung .toml."
        ) from None
    except OSError as error:
        raise ScenarioError(
            "Die Datei lässt sich nicht lesen.",
            place=place,
            remedy="Schließen Sie die Datei in anderen Programmen und prüfen Sie die Rechte.",
        ) from error
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScenarioError(
            f"Zeile {line}: Die Datei ist nicht in UTF-8 gespeichert.",
            place=place,
            remedy="Speichern Sie sie im Editor mit der Codierung UTF-8.",
        ) from None
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ScenarioError(
            "Die Klammern sind zu tief verschachtelt.",
            place=place,
            remedy="Prüfen Sie die eckigen und geschweiften Klammern.",
        ) from None
    except ValueError as error:
        raise _syntax_error(str(error), text, place) from None


def _missing(file: Path, place: str) -> ScenarioError:
    others: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        others = [other.name for other in file.parent.glob("*.toml")]
    near = nearest(file.name, others)
    names = listed(shipped_names())
    hint = f"Meinten Sie „{near}“? " if near else ""
    return ScenarioError(
        "Diese Datei gibt es nicht.",
        place=place,
        remedy=f"{hint}Prüfen Sie Ordner und Namen. Ohne Datei gehen die Szenarien {names}.",
    )


_LINE = re.compile(r"at line (\d+)")
_DECIMAL_COMMA = re.compile(r"=\s*[+-]?\d+,\d")
_TYPOGRAPHIC = re.compile("[„“”‚‘’]")


def _syntax_error(message: str, text: str, place: str) -> ScenarioError:
    """A German error for what tomllib says: the line, and the most likely remedy."""
    found = _LINE.search(message)
    lines = text.splitlines()
    number = int(found[1]) if found else max(len(lines), 1)
    line = lines[number - 1].strip() if number <= len(lines) else ""
    if message.startswith(("Cannot", "Duplicate")):
        problem = "Dieser Schlüssel oder diese Tabelle steht zweimal in der Datei."
        remedy = "Streichen Sie eine der beiden Angaben."
    else:
        problem = f"{quoted(line)} ist nicht lesbar." if line else "Die Datei endet zu früh."
        if _DECIMAL_COMMA.search(line):
            remedy = "Schreiben Sie Dezimalzahlen mit Punkt, z. B. 0.5."
        elif _TYPOGRAPHIC.search(line):
            remedy = 'Schreiben Sie Texte in geraden Anführungszeichen, z. B. "regel".'
        elif line and "=" not in line and not line.startswith("["):
            remedy = (
                "Schreiben Sie „schlüssel = wert“ oder „[tabelle]“; Erklärungen beginnen mit #."
            )
        else:
            remedy = "Prüfen Sie Anführungszeichen, Klammern und Kommas."
    return ScenarioError(f"Zeile {number}: {problem}", place=place, remedy=remedy)
