"""The result folder of ``ruecktest``: ``ruecktest.xlsx``, ``tabellen/*.csv``, ``lauf.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.results.backtest_tables import backtest_tables
from daz_planner.results.backtest_texts import assumptions, hints, verdicts
from daz_planner.results.folder import (
    BACKTEST_NAME,
    TABLES_NAME,
    check_folder,
    write_folder,
    write_record,
)
from daz_planner.results.record import FORMAT, versions

if TYPE_CHECKING:
    from pathlib import Path

    from daz_planner.simulation.backtest.run import Backtest


def backtest_record(result: Backtest) -> dict[str, Any]:
    """Everything about a back-test as plain JSON values, the content of ``lauf.json``."""
    district, scenario = result.district, result.scenario
    return {
        "format": FORMAT,
        "landkreis": district.name,
        "stichtag": district.reference_date.isoformat(),
        "fruehere_stichtage": [start.day.isoformat() for start in result.starts],
        "eingabe": [{"datei": name, "sha256": digest} for name, digest in district.files],
        "warnungen": [str(finding) for finding in district.findings],
        "szenario": scenario.model_dump(mode="json"),
        "versionen": versions(),
        "saat": scenario.rechnen.saat,
        "laeufe": result.runs,
        "annahmen": assumptions(result),
        "ergebnis": verdicts(result),
        "hinweise": hints(result),
    }


def write_backtest(result: Backtest, folder: Path, *, overwrite: bool = False) -> Path:
    """Write the folder whole or not at all; return it.

    Raises
    ------
    OutputError
        The folder exists and must not be overwritten, is locked or cannot be written.
    """
    from daz_planner.results.backtest_workbook import write_backtest_workbook
    from daz_planner.results.csvfiles import write_csv_files

    target = check_folder(folder, overwrite, result.scenario.name)
    built = backtest_tables(result)

    def fill(fresh: Path) -> None:
        write_csv_files(built, fresh / TABLES_NAME)
        write_backtest_workbook(result, fresh / BACKTEST_NAME, built)
        write_record(backtest_record(result), fresh)

    return write_folder(target, fill, overwrite=overwrite)
