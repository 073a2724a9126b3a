"""The folder of a shared version: workbook, report, tables and record, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from daz_planner.errors import OutputError
from daz_planner.results.folder import (
    RECORD_NAME,
    REPORT_NAME,
    TABLES_NAME,
    WORKBOOK_NAME,
    check_folder,
    write_folder,
    write_record,
)
from daz_planner.results.other_folders import is_public

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daz_planner.planning.plan import Plan
    from daz_planner.results.public import Shared

SUFFIX = "-oeffentlich"
"""What the name of the folder of a shared version ends with."""


def public_folder(source: Path) -> Path:
    """The folder of the shared version of a result folder: beside it, with :data:`SUFFIX`."""
    whole = source.resolve()
    return source.with_name(f"{whole.name}{SUFFIX}") if source.name else Path(f"{whole}{SUFFIX}")


def check_public_folder(target: Path, source: Path | None, overwrite: bool) -> Path:
    """Whether a shared version may be written there; meant to be asked before the work begins.

    Raises
    ------
    OutputError
        As :func:`~daz_planner.results.folder.check_folder`; or the folder is the result itself,
        holds it, or holds another result that is not a shared version.
    """
    target = Path(target)
    place = target.resolve()
    inside = source is not None and (place == source.resolve() or place in source.resolve().parents)
    if inside or ((target / RECORD_NAME).is_file() and not is_public(target)):
        raise OutputError(
            "In diesem Ordner liegt ein vollständiges Ergebnis; eine öffentliche Fassung ersetzt "
            "es nicht.",
            place=str(target),
            remedy="Nennen Sie einen anderen Ordner.",
        )
    return check_folder(target, overwrite, target.name)


def write_public(
    plan: Plan,
    target: Path,
    record: Mapping[str, Any] | None = None,
    *,
    source: Path | None = None,
    overwrite: bool = False,
) -> Shared:
    """Write the shared version of a plan into a folder; what it shows of the plan.

    Parameters
    ----------
    record:
        What is kept of the run; made from the plan where it is not given.
    source:
        The result folder that the plan is from, which is never written to.

    Raises
    ------
    ConservationError
        A hidden number could be computed back; nothing is written.
    OutputError
        As :func:`check_public_folder`, or the disk refuses.
    """
    from daz_planner.results.csvfiles import write_csv_files
    from daz_planner.results.public import share
    from daz_planner.results.public_tables import public_tables
    from daz_planner.results.public_texts import public_record
    from daz_planner.results.public_workbook import write_public_workbook
    from daz_planner.results.record import run_record
    from daz_planner.results.report.runtime import start_runtime

    check_public_folder(target, source, overwrite)
    start_runtime()
    shared = share(plan)
    told = public_record(shared, run_record(plan) if record is None else record)
    built = public_tables(shared)

    def fill(fresh: Path) -> None:
        from daz_planner.results.report.public_page import write_public_report

        write_csv_files(built, fresh / TABLES_NAME)
        write_public_workbook(shared, fresh / WORKBOOK_NAME, built, told)
        write_record(told, fresh)
        write_public_report(shared, fresh / REPORT_NAME, built, told)

    write_folder(target, fill, overwrite=overwrite)
    return shared


def public_report(plan: Plan, record: Mapping[str, Any]) -> tuple[str, Shared]:
    """The page of the shared version alone, and what it shows of the plan."""
    from daz_planner.results.public import share
    from daz_planner.results.public_tables import public_tables
    from daz_planner.results.public_texts import public_record
    from daz_planner.results.report.public_page import public_page

    shared = share(plan)
    return public_page(shared, public_tables(shared), public_record(shared, record)), shared
