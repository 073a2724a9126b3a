"""``lauf.json`` of a plan that is read again: what the run itself told of versions and times."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from daz_planner import __version__
from daz_planner.errors import InputError
from daz_planner.results.folder import RECORD_NAME
from daz_planner.results.record import FORMAT, run_record

if TYPE_CHECKING:
    from pathlib import Path

    from daz_planner.planning.plan import Plan


def stored_record(plan: Plan, folder: Path) -> dict[str, Any]:
    """The record of the run that made a plan: its file, and what an older version left out.

    Without the file it is made from the plan; versions are then those of this program.

    Raises
    ------
    InputError
        The file is damaged, of a later version, or tells of another plan.
    """
    path = folder / RECORD_NAME
    fresh = run_record(plan)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return fresh
    except ValueError:
        raise _unusable(path, f"{RECORD_NAME} ist beschädigt.") from None
    if not isinstance(stored, dict) or not isinstance(stored.get("format"), int):
        raise _unusable(path, f"{RECORD_NAME} ist beschädigt.")
    if stored["format"] > FORMAT:
        writer = stored.get("versionen")
        version = writer.get("daz-planner", "?") if isinstance(writer, dict) else "?"
        raise InputError(
            f"{RECORD_NAME} hat das Format {stored['format']}; dieses Programm ({__version__}) "
            f"liest das Format {FORMAT}.",
            place=str(path),
            remedy=f"Geschrieben hat es daz-planner {version}: Verwenden Sie diese Fassung.",
        )
    told = ("landkreis", "stichtag", "zeitraum", "eingabe", "saat")
    if any(key in stored and stored[key] != fresh[key] for key in told):
        raise _unusable(path, f"{RECORD_NAME} gehört zu einem anderen Plan.")
    kinds = {key: type(value) for key, value in fresh.items()}
    fitting = {
        key: value
        for key, value in stored.items()
        if key not in kinds or isinstance(value, kinds[key])
    }
    return {**fresh, **fitting}


def _unusable(path: Path, problem: str) -> InputError:
    return InputError(
        problem,
        place=str(path),
        remedy="Kopieren Sie den ganzen Ergebnisordner noch einmal, oder löschen Sie die Datei: "
        "Dann fehlen im Bericht nur die Rechenzeiten des Laufs.",
    )
