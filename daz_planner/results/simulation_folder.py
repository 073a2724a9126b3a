"""The result folder of ``simulieren``: ``simulation.xlsx``, ``tabellen/*.csv``, ``lauf.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.results.folder import (
    SIMULATION_NAME,
    TABLES_NAME,
    check_folder,
    write_folder,
    write_record,
)
from daz_planner.results.record import head_record, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daz_planner.results.need import NeedCourse
    from daz_planner.results.simulation_result import SimulationResult
    from daz_planner.simulation.forecast import FloatArray


def simulation_record(
    result: SimulationResult, seconds: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Everything about a forecast as plain JSON values, the content of ``lauf.json``."""
    return {
        **head_record(result),
        "reichen_die_plaetze": [
            {
                "schulart": course.school_type,
                "zukuenfte_mit_genug_plaetzen": course.covered,
                "monate_p90_ueber_plaetzen": _months(course, course.high),
                "monate_p50_ueber_plaetzen": _months(course, course.middle),
            }
            for course in result.courses
        ],
        "hinweise": result.hints(),
        "sekunden": rounded(seconds or {}),
    }


def write_simulation(
    result: SimulationResult,
    folder: Path | None,
    *,
    overwrite: bool = False,
    seconds: Mapping[str, float] | None = None,
    single_runs: bool = False,
) -> Path:
    """Write the folder whole or not at all; return it.

    Parameters
    ----------
    folder:
        As for :func:`~daz_planner.results.folder.write_result`.
    single_runs:
        Whether each future is written too (``prognose_laeufe.csv``).

    Raises
    ------
    ConservationError
        The causes do not add up; nothing is written.
    OutputError
        As :func:`~daz_planner.results.folder.check_folder`, or the disk refuses.
    """
    from daz_planner.results.csvfiles import write_csv_files
    from daz_planner.results.simulation_tables import simulation_tables
    from daz_planner.results.simulation_workbook import write_simulation_workbook

    target = check_folder(folder, overwrite, result.scenario.name)
    built = simulation_tables(result, single_runs=single_runs)
    record = simulation_record(result, seconds)

    def fill(fresh: Path) -> None:
        write_csv_files(built, fresh / TABLES_NAME)
        write_simulation_workbook(result, fresh / SIMULATION_NAME, built, record)
        write_record(record, fresh)

    return write_folder(target, fill, overwrite=overwrite)


def _months(course: NeedCourse, need: FloatArray) -> list[str]:
    missing = course.missing(need)
    return [month.isoformat() for month, lack in zip(course.months, missing, strict=True) if lack]
