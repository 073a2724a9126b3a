"""The JSON Schema of a scenario file, for editors that complete and check while typing.

``python -m daz_planner.scenario.schema`` writes it anew; a test checks that it is current.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from daz_planner.scenario.model import Scenario

SCHEMA_FILE = Path(__file__).parent / "szenario.schema.json"


def json_schema() -> dict[str, Any]:
    """The schema of a file: the model, plus ``basis``; no key is needed, for all have defaults."""
    schema = Scenario.model_json_schema()
    _clean(schema)
    for definition in schema["$defs"].values():
        definition.pop("description", None)  # the English docstring of the class
    schema.pop("required", None)
    schema["description"] = "Szenario des DaZ-Planers"
    basis = {
        "description": "Szenario, auf dem dieses aufbaut: ein mitgelieferter Name oder eine Datei.",
        "type": "string",
    }
    properties = schema.pop("properties")
    schema["properties"] = {"name": properties.pop("name"), "basis": basis, **properties}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def write_schema() -> None:
    """Write the schema file of the package anew."""
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")


def _clean(node: Any) -> None:
    """Remove titles and the null of options: TOML has no null."""
    if isinstance(node, list):
        for item in node:
            _clean(item)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        node.pop("title")
    if node.get("default", 0) is None:
        node.pop("default")
    if "anyOf" in node:
        options = [option for option in node["anyOf"] if option.get("type") != "null"]
        if len(options) == 1 and len(options) < len(node["anyOf"]):
            node.pop("anyOf")
            node.update({**options[0], **node})
    for value in list(node.values()):
        _clean(value)


if __name__ == "__main__":
    write_schema()
