"""The result folder of ``belastung``: ``belastung.xlsx``, ``tabellen/*.csv``, ``lauf.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.results.folder import (
    LOAD_TEST_NAME,
    TABLES_NAME,
    check_folder,
    write_folder,
    write_record,
)
from daz_planner.results.load_test_tables import load_test_tables
from daz_planner.results.load_test_texts import answers, hints
from daz_planner.results.record import head_record, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daz_planner.planning.load_test import LoadTest


def load_test_record(test: LoadTest, seconds: Mapping[str, float] | None = None) -> dict[str, Any]:
    """Everything about a load test as plain JSON values, the content of ``lauf.json``."""
    return {
        **head_record(test),
        "laeufe": test.runs,
        "am_limit_beendet": test.hit_limit,
        **({"sekunden_noetig": test.seconds_needed} if test.hit_limit else {}),
        "belastung": [
            {
                "schulart": load.school_type,
                "faktor_erste_klasse": load.first_class,
                "faktor_plaetze_voll": load.seats_full,
                "faktor_kind_wartet": load.first_waiting,
            }
            for load in test.types
        ],
        "ergebnis": [text for _, text in answers(test)],
        "hinweise": hints(test),
        "sekunden": rounded(seconds or {}),
    }


def write_load_test(
    test: LoadTest,
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
    from daz_planner.results.csvfiles import write_csv_files
    from daz_planner.results.load_test_workbook import write_load_test_workbook

    target = check_folder(folder, overwrite, test.scenario.name)
    built = load_test_tables(test)
    record = load_test_record(test, seconds)

    def fill(fresh: Path) -> None:
        write_csv_files(built, fresh / TABLES_NAME)
        write_load_test_workbook(test, fresh / LOAD_TEST_NAME, built, record)
        write_record(record, fresh)

    return write_folder(target, fill, overwrite=overwrite)
