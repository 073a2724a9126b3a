"""The folder ``problem/``: the plan and all that was solved, to explain it and to plan on from it.

``problem.json`` holds input (with checksums of its files), scenario and plan, ``zahlen.npz`` the
arrays.  Nothing is pickled; a version that this program does not know is refused.

Versions of the layout: 1 until version 0.1.0 of the program; 2 since plans hold regular classes,
counted pupils and the trade-off of ways and classes.  Fields that a plan of format 1 lacks have the
value that says "not there", so format 1 is still read.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from daz_planner import __version__, german
from daz_planner.errors import InputError
from daz_planner.results.codec import CodecError, Decoder, Encoder
from daz_planner.results.other_folders import no_plan

if TYPE_CHECKING:
    from daz_planner.planning.plan import Plan

FORMAT = 2
"""Version of the layout of ``problem/``; raised whenever an older program could not read it."""
READABLE = (1, 2)
"""Versions of the layout that this program reads."""
PROBLEM_NAME = "problem"
_JSON, _ARRAYS = "problem.json", "zahlen.npz"
_SEAL = "text_sha256"
"""Checksum of ``problem.json`` with nothing in its place; older files have none."""
_AGAIN = "Rechnen Sie den Plan mit „planen“ neu."


def write_problem(plan: Plan, folder: Path) -> None:
    """Write ``problem.json`` and ``zahlen.npz`` into a folder, which is made."""
    from daz_planner.planning.plan import Plan as PlanClass

    encoder = Encoder(*_classes())
    told = encoder.encode(plan, PlanClass)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **encoder.arrays)  # type: ignore[arg-type]
    content = {
        "format": FORMAT,
        "programm": __version__,
        _SEAL: "",
        "eingabe": [{"datei": name, "sha256": digest} for name, digest in plan.district.files],
        "zahlen_sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "plan": told,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _ARRAYS).write_bytes(buffer.getvalue())
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    sealed = text.replace(_seal(), _seal(hashlib.sha256(text.encode("utf-8")).hexdigest()), 1)
    (folder / _JSON).write_text(sealed + "\n", encoding="utf-8", newline="\n")


def _seal(digest: object = "") -> str:
    """How the checksum stands in the text."""
    return f'"{_SEAL}":"{digest}"'


def _is_whole(text: str, digest: object) -> bool:
    """Whether a text is the one that got this checksum."""
    empty = text.replace(_seal(digest), _seal(), 1)
    return empty != text and hashlib.sha256(empty.encode("utf-8")).hexdigest() == digest


def load_plan(folder: Path) -> Plan:
    """The plan of a result folder, wherever it lies now.

    Raises
    ------
    InputError
        If the folder holds no plan, a damaged one, or one of another version.
    """
    from daz_planner.planning.plan import Plan as PlanClass

    content, arrays = _content(Path(folder))
    try:
        plan = Decoder(*_classes(), arrays).decode(content["plan"], PlanClass)
    except (CodecError, KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _damaged(Path(folder)) from error
    assert isinstance(plan, PlanClass)
    return plan


def _content(folder: Path) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    place = folder / PROBLEM_NAME
    if not folder.is_dir():
        raise InputError(
            "Den Ordner gibt es nicht.",
            place=str(folder),
            remedy="Nennen Sie den Ordner, den „planen“ geschrieben hat, z. B. ergebnisse/basis.",
        )
    if not (place / _JSON).is_file():
        raise no_plan(folder, f"{PROBLEM_NAME}/{_JSON}")
    try:
        text = (place / _JSON).read_text(encoding="utf-8").rstrip("\n")
        content = json.loads(text)
        version = content["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(folder) from error
    if version not in READABLE:
        readable = german.listed([str(number) for number in READABLE])
        raise InputError(
            f"Der Plan hat das Format {version}; dieses Programm ({__version__}) liest die Formate "
            f"{readable}.",
            place=str(folder),
            remedy=f"Geschrieben hat ihn daz-planner {content.get('programm', '?')}: Verwenden Sie "
            f"diese Fassung. Oder: {_AGAIN}",
        )
    if _SEAL in content and not _is_whole(text, content[_SEAL]):
        raise _damaged(folder)
    try:
        raw = (place / _ARRAYS).read_bytes()
        if hashlib.sha256(raw).hexdigest() != content["zahlen_sha256"]:
            raise _damaged(folder)
        with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
            return content, {name: stored[name] for name in stored.files}
    except (FileNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise _damaged(folder) from error


def _damaged(folder: Path) -> InputError:
    return InputError(
        "Der gespeicherte Plan ist unvollständig oder verändert.",
        place=str(folder / PROBLEM_NAME),
        remedy=f"Kopieren Sie den ganzen Ergebnisordner noch einmal. Oder: {_AGAIN}",
    )


def _classes() -> tuple[dict[str, type], tuple[type, ...]]:
    """Classes that a plan names for type checkers only, and those written once."""
    from daz_planner.district import candidates, findings, model
    from daz_planner.planning import (
        bottleneck_list,
        changes,
        front_points,
        futures,
        futures_blocks,
        plan,
        regular,
        site_plan,
        sites,
    )
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation import forecast

    modules = (
        bottleneck_list,
        candidates,
        changes,
        findings,
        forecast,
        front_points,
        futures,
        futures_blocks,
        model,
        plan,
        regular,
        site_plan,
        sites,
    )
    names = {
        name: item
        for module in modules
        for name, item in vars(module).items()
        if isinstance(item, type) and item.__module__ == module.__name__
    }
    names |= {"Scenario": Scenario, "date": date}
    names |= {name: getattr(forecast, name) for name in ("FloatArray", "IntArray")}
    return names, (model.District, forecast.Forecast)
