"""The result folder of ``vergleichen``: the comparison, and the whole result of each scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from daz_planner.results.compare_figures import plan_of
from daz_planner.results.compare_notes import notes
from daz_planner.results.compare_tables import comparison_tables, status_of
from daz_planner.results.compare_texts import answers
from daz_planner.results.folder import (
    COMPARISON_NAME,
    COMPARISON_PAGE_NAME,
    SCENARIOS_NAME,
    TABLES_NAME,
    check_folder,
    fill_result,
    folder_name,
    write_folder,
    write_record,
)
from daz_planner.results.record import head_record, rounded
from daz_planner.results.summary import children_without_seat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from daz_planner.planning.compare import Comparison, ScenarioRun

FOLDER_NAME = "vergleich"


def scenario_folders(comparison: Comparison) -> dict[str, str]:
    """Name of each scenario with a plan → name of its folder, no two alike on any system."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for run in comparison.planned:
        number, name = 1, folder_name(run.name)
        while name.casefold() in taken:
            number += 1
            name = f"{folder_name(run.name)}-{number}"
        taken.add(name.casefold())
        found[run.name] = name
    return found


def comparison_record(
    comparison: Comparison, seconds: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Everything about a comparison as plain JSON values, the content of ``lauf.json``."""
    base = plan_of(comparison.runs[comparison.base])
    head = head_record(base)
    del head["szenario"]
    first, last = comparison.months[0], comparison.months[-1]
    return {
        **head,
        "zeitraum": [first.isoformat(), last.isoformat()],
        "verglichen_mit": comparison.runs[comparison.base].name,
        "szenarien": [_run_record(run) for run in comparison.runs],
        "ergebnis": [text for _, text in answers(comparison)],
        "hinweise": notes(comparison),
        "sekunden": rounded(seconds or {}),
    }


def _run_record(run: ScenarioRun) -> dict[str, Any]:
    told: dict[str, Any] = {"name": run.name, "stand": status_of(run)}
    if run.failure is not None:
        told["grund"] = run.failure.text
    if run.scenario is not None:
        told["szenario"] = run.scenario.model_dump(mode="json")
    if run.plan is not None:
        told["am_limit_beendet"] = run.plan.hit_limit
        told["kinder_ohne_platz"] = round(children_without_seat(run.plan), 6)
        told["sekunden"] = round(run.seconds, 3)
    return told


def write_comparison(
    comparison: Comparison,
    folder: Path | None,
    *,
    overwrite: bool = False,
    seconds: Mapping[str, float] | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Path:
    """Write the folder whole or not at all; return it.

    It holds ``vergleich.xlsx``, ``vergleich.html``, ``tabellen/*.csv``, ``lauf.json``, and under
    ``szenarien/`` what ``planen`` writes for each scenario.

    Raises
    ------
    OutputError
        As :func:`~daz_planner.results.folder.check_folder`, or the disk refuses.
    """
    from daz_planner.results.compare_workbook import write_comparison_workbook
    from daz_planner.results.csvfiles import write_csv_files
    from daz_planner.results.report.runtime import start_runtime

    start_runtime()
    target = check_folder(folder, overwrite, FOLDER_NAME)
    built = comparison_tables(comparison)
    record = comparison_record(comparison, seconds)
    names = scenario_folders(comparison)
    parts = len(names) + 1

    def tell(done: int, what: str) -> None:
        if progress is not None:
            progress(done / parts, what)

    def fill(fresh: Path) -> None:
        tell(0, "Vergleich wird geschrieben")
        write_csv_files(built, fresh / TABLES_NAME)
        write_comparison_workbook(comparison, fresh / COMPARISON_NAME, built, record)
        # Late, for it waits for what start_runtime began.
        from daz_planner.results.report.compare_page import write_comparison_page

        write_comparison_page(comparison, fresh / COMPARISON_PAGE_NAME, built, names)
        for done, run in enumerate(comparison.planned, start=1):
            tell(done, f"Ergebnisse von {run.name} werden geschrieben")
            place = fresh / SCENARIOS_NAME / names[run.name]
            place.mkdir(parents=True)
            fill_result(plan_of(run), place)
        write_record(record, fresh)

    return write_folder(target, fill, overwrite=overwrite)
