"""The result folder of ``zuweisen``: ``zuweisung.xlsx``, ``tabellen/*.csv``, ``lauf.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.results.folder import (
    ASSIGNMENT_NAME,
    TABLES_NAME,
    check_folder,
    write_folder,
    write_record,
)
from daz_planner.results.record import head_record, rounded, stage_records

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daz_planner.planning.assign import Assignment

FOLDER_SUFFIX = "-zuweisung"
"""Without ``-o`` the folder is ``ergebnisse/<scenario>-zuweisung``: beside that of ``planen``."""


def assignment_record(
    result: Assignment, seconds: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Everything about the run as plain JSON values, the content of ``lauf.json``."""
    scenario = result.scenario
    return {
        **head_record(result),
        "loeser": str(scenario.rechnen.loeser),
        "verlangte_luecke": 0.0,
        "ziele": stage_records(result.stages),
        "am_limit_beendet": result.hit_limit,
        "kinder": len(result.children),
        "kinder_ohne_platz": result.without_seat,
        "kinder_mit_spaeterem_platz": result.later,
        "los": {"saat": scenario.rechnen.saat, "kinder": list(result.lots)},
        "hinweise": list(result.hints),
        "sekunden": rounded({**result.seconds, **(seconds or {})}),
    }


def write_assignment(
    result: Assignment,
    folder: Path | None,
    *,
    overwrite: bool = False,
    seconds: Mapping[str, float] | None = None,
) -> Path:
    """Write the folder whole or not at all; return it.

    Raises
    ------
    OutputError
        As :func:`~daz_planner.results.folder.check_folder`, or the disk refuses.
    """
    from daz_planner.results.assignment_tables import assignment_tables
    from daz_planner.results.assignment_workbook import build_assignment_workbook
    from daz_planner.results.csvfiles import write_csv_files

    target = check_folder(folder, overwrite, f"{result.scenario.name}{FOLDER_SUFFIX}")
    built = assignment_tables(result)
    record = assignment_record(result, seconds)
    workbook = build_assignment_workbook(result, built, record)

    def fill(fresh: Path) -> None:
        write_csv_files(built, fresh / TABLES_NAME)
        workbook.save(fresh / ASSIGNMENT_NAME)
        write_record(record, fresh)

    return write_folder(target, fill, overwrite=overwrite)
