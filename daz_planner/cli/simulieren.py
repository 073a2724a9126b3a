"""``daz-planner simulieren``: pupils by phase, school type and month, with their spread."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.cli.options import (
    InputFile,
    OutputFolder,
    Quiet,
    ReferenceDate,
    Runs,
    ScenarioName,
    Seed,
)
from daz_planner.cli.status import ExitStatus
from daz_planner.errors import OutputError

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.simulation.forecast import Forecast

SHARES = (0.1, 0.5, 0.9)
NO_SPREAD = "Gerechnet wurde eine einzige Zukunft: P10, P50 und P90 sind deshalb gleich."


def simulieren(
    file: InputFile,
    scenario_name: ScenarioName = "basis",
    folder: OutputFolder = None,
    runs: Runs = None,
    seed: Seed = None,
    reference_date: ReferenceDate = None,
    quiet: Quiet = False,
) -> int:
    """Zeigt, wie viele Kinder je Phase, Schulart und Monat zu erwarten sind.

    Plätze spielen hier keine Rolle: Jedes Kind beginnt sofort. Mit -o entsteht dazu eine Tabelle
    für Excel (tabellen/prognose.csv).
    """
    from daz_planner.cli.runs import load, loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.simulation.simulate import simulate

    terminal = Terminal(quiet=quiet)
    if folder is not None:
        _check_new(folder)
    scenario = loaded_scenario(scenario_name, laeufe=runs, saat=seed)
    district = with_cap_findings(load(file, reference_date), scenario)
    with terminal.progress() as progress:
        forecast = simulate(district, scenario, progress=progress)
    count = len(forecast.runs)
    terminal.print(
        f"{district.name}, Szenario {scenario.name}, {count} durchgespielte "
        f"{'Zukunft' if count == 1 else 'Zukünfte'}",
        style="bold",
    )
    terminal.print(
        "P50 ist die Mitte. In 8 von 10 Zukünften liegt die Zahl zwischen P10 und P90."
        if count > 1
        else NO_SPREAD
    )
    for k, kind in enumerate(forecast.school_types):
        terminal.heading(kind)
        if not forecast.phase3_known[k]:
            terminal.print("Phase 3 zählt nur, wer nach dem Stichtag dorthin kommt.")
        terminal.print(_table(forecast, k))
    terminal.input_warnings(district.findings, file)
    if folder is not None:
        written = _write(forecast, folder)
        terminal.print(f"\nGeschrieben: {written}")
    return ExitStatus.OK


def _table(forecast: Forecast, k: int) -> Table:
    """Months as rows, P10, P50 and P90 of each phase and of the VKA as columns."""
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table

    groups = ("VKA (1+2)", "Phase 1", "Phase 2", "Phase 3")
    table = plain_table("Monat", *(f"{name}\nP10  P50  P90" for name in groups), right=())
    for column in table.columns[1:]:
        column.justify = "right"
        column.no_wrap = True
    vka = [forecast.vka_quantile(share)[k] for share in SHARES]
    phases = [forecast.quantile(share)[k] for share in SHARES]
    for t, month in enumerate(forecast.months):
        cells = ["".join(f"{int(band[t]):>5}" for band in vka)]
        for p in range(3):
            cells.append("".join(f"{int(band[p, t]):>5}" for band in phases))
        table.add_row(german.short_month(month), *cells)
    return table


def _check_new(folder: Path) -> None:
    """Before the work begins: the folder must not exist."""
    if os.path.lexists(folder):
        raise OutputError(
            "Das gibt es schon.",
            place=str(folder),
            remedy="Nennen Sie mit -o einen Ordner, den es noch nicht gibt.",
        )


def _write(forecast: Forecast, folder: Path) -> Path:
    """Write ``tabellen/prognose.csv`` into a new folder that appears whole or not at all."""
    import secrets
    import shutil

    from daz_planner.results.csvfiles import write_csv_files
    from daz_planner.results.tables import course_table

    table = course_table(forecast)
    fresh = folder.with_name(f".{folder.name}.neu-{secrets.token_hex(4)}")
    try:
        (file,) = write_csv_files({table.name: table}, fresh / "tabellen")
        _check_new(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder / "tabellen" / file.name
