"""The result folder: which one, and written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daz_planner.errors import OutputError
from daz_planner.results.disk import CLOSE_FILES, output_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from daz_planner.planning.plan import Plan

RESULTS = Path("ergebnisse")
RECORD_NAME = "lauf.json"
WORKBOOK_NAME = "plan.xlsx"
REPORT_NAME = "bericht.html"
SIMULATION_NAME = "simulation.xlsx"
ASSIGNMENT_NAME = "zuweisung.xlsx"
LOAD_TEST_NAME = "belastung.xlsx"
BACKTEST_NAME = "ruecktest.xlsx"
COMPARISON_NAME = "vergleich.xlsx"
COMPARISON_PAGE_NAME = "vergleich.html"
TABLES_NAME = "tabellen"
SCENARIOS_NAME = "szenarien"
"""Folder of a comparison with the whole result of each scenario."""

_OURS = {
    RECORD_NAME,
    WORKBOOK_NAME,
    SIMULATION_NAME,
    ASSIGNMENT_NAME,
    LOAD_TEST_NAME,
    BACKTEST_NAME,
    COMPARISON_NAME,
    COMPARISON_PAGE_NAME,
    TABLES_NAME,
    SCENARIOS_NAME,
    REPORT_NAME,
    "problem",
}
"""What a run writes; anything else in a result folder is the planner's own and is kept."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def folder_name(scenario_name: str) -> str:
    """The name of a scenario as a folder name that Windows takes too."""
    name = _FORBIDDEN.sub("_", scenario_name).strip(" .") or "plan"
    return f"{name}_" if _RESERVED.fullmatch(name) else name


def check_folder(folder: Path | None, overwrite: bool, scenario_name: str) -> Path:
    """Which folder will be written; meant to be asked before the work begins.

    Without ``folder`` it is ``ergebnisse/<scenario>``, or with a number where that exists
    (``-2``, ``-3`` …), unless ``overwrite``. An existing folder is taken only with ``overwrite``,
    and only where it is a result folder (has ``lauf.json``) or empty.

    Raises
    ------
    OutputError
        The folder exists, is not one of ours, is locked or cannot be written.
    """
    if folder is None:
        target = RESULTS / folder_name(scenario_name)
        if not overwrite:
            target = _first_free(target)
    else:
        target = Path(folder)
    try:
        if os.path.lexists(target):
            _check_existing(target, overwrite)
        _check_parent(target)
    except OSError as error:
        raise output_error(error, target) from error
    return target


def write_result(
    plan: Plan,
    folder: Path | None,
    *,
    overwrite: bool = False,
    seconds: Mapping[str, float] | None = None,
) -> Path:
    """Write workbook, report, ``tabellen/*.csv``, ``problem/`` and ``lauf.json``; the folder.

    Everything is written into a new folder beside the target, which takes the target's place at
    the end: a crash leaves nothing half-done and an existing result as it was.

    Raises
    ------
    ConservationError
        The plan does not add up; nothing is written.
    OutputError
        As :func:`check_folder`, or the disk refuses.
    """
    from daz_planner.results.conservation import check_plan

    target = check_folder(folder, overwrite, plan.scenario.name)
    check_plan(plan)
    return write_folder(
        target, lambda fresh: fill_result(plan, fresh, seconds), overwrite=overwrite
    )


def fill_result(plan: Plan, fresh: Path, seconds: Mapping[str, float] | None = None) -> None:
    """Write what a plan comes to into an empty folder; raises ``OSError`` where it cannot."""
    from daz_planner.results.csvfiles import write_csv_files
    from daz_planner.results.record import run_record
    from daz_planner.results.report.runtime import start_runtime
    from daz_planner.results.stored import PROBLEM_NAME, write_problem
    from daz_planner.results.tables import tables
    from daz_planner.results.workbook import write_workbook

    start_runtime()
    built = tables(plan)
    record = run_record(plan, seconds)
    write_csv_files(built, fresh / TABLES_NAME)
    write_workbook(plan, fresh / WORKBOOK_NAME, built, record)
    write_problem(plan, fresh / PROBLEM_NAME)
    write_record(record, fresh)
    # Last, for it waits for what start_runtime began.
    from daz_planner.results.report.page import write_report

    write_report(plan, fresh / REPORT_NAME, built, record)


def write_record(record: Mapping[str, Any], folder: Path) -> None:
    """Write ``lauf.json``."""
    text = json.dumps(record, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / RECORD_NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def write_folder(target: Path, fill: Callable[[Path], None], *, overwrite: bool) -> Path:
    """Let ``fill`` write into a new folder, which then takes the place of ``target``.

    Raises
    ------
    OutputError
        As :func:`check_folder`, or the disk refuses; the target is then as it was.
    """
    fresh = target.with_name(f".{target.name}.neu-{secrets.token_hex(4)}")
    try:
        fresh.mkdir(parents=True)
        fill(fresh)
        _swap(fresh, target, overwrite)
    except OSError as error:
        raise output_error(error, target) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def _first_free(target: Path) -> Path:
    number, free = 1, target
    while os.path.lexists(free):
        number += 1
        free = target.with_name(f"{target.name}-{number}")
    return free


def _check_existing(target: Path, overwrite: bool) -> None:
    if not target.is_dir():
        raise OutputError(
            "Es gibt schon eine Datei mit diesem Namen.",
            place=str(target),
            remedy="Nennen Sie mit -o einen anderen Ordner.",
        )
    if not overwrite:
        raise OutputError(
            "Der Ordner existiert schon.",
            place=str(target),
            remedy="Nennen Sie mit -o einen anderen Ordner oder überschreiben Sie ihn mit "
            "--ueberschreiben.",
        )
    if not (target / RECORD_NAME).is_file() and any(target.iterdir()):
        raise OutputError(
            f"Der Ordner ist kein Ergebnisordner (es fehlt {RECORD_NAME}) und wird deshalb nicht "
            "überschrieben.",
            place=str(target),
            remedy="Nennen Sie mit -o einen anderen Ordner.",
        )
    # Windows locks a file that is open in Excel; better to know before the work than after it.
    for path in sorted(target.rglob("*")):
        if path.is_file():
            try:
                with path.open("r+b"):
                    pass
            except OSError as error:
                raise OutputError(
                    "Die Datei ist gesperrt oder schreibgeschützt.",
                    place=str(path),
                    remedy=CLOSE_FILES,
                ) from error


def _check_parent(target: Path) -> None:
    parent = target.absolute().parent
    while not os.path.lexists(parent):
        parent = parent.parent
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise OutputError(
            "In diesen Ordner kann nicht geschrieben werden.",
            place=str(parent),
            remedy="Nennen Sie mit -o einen Ordner, in den Sie schreiben dürfen.",
        )


def _swap(fresh: Path, target: Path, overwrite: bool) -> None:
    """Put the new folder in the place of the old one; put the old one back if that fails.

    Files of the planner's own in the old folder move to the new one.
    """
    if not os.path.lexists(target):
        fresh.rename(target)
        return
    _check_existing(target, overwrite)
    old = target.with_name(f".{target.name}.alt-{secrets.token_hex(4)}")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    for path in old.iterdir():
        if path.name not in _OURS:
            path.rename(target / path.name)
    shutil.rmtree(old, ignore_errors=True)
