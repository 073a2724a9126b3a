"""``daz-planner planen``: the main job. Check, simulate, optimise, explain, write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.cli.options import (
    Gap,
    InputFile,
    LogFile,
    OutputFolder,
    Overwrite,
    Processes,
    Quiet,
    ReferenceDate,
    Runs,
    ScenarioName,
    Seed,
    Solver,
    TimeLimit,
)
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.cli.terminal import Progress, Terminal
    from daz_planner.planning.plan import Plan

HALF_A_CHILD = 0.5
"""So many children without a seat make the exit code 3."""


def planen(
    file: InputFile,
    scenario_name: ScenarioName = "basis",
    folder: OutputFolder = None,
    reference_date: ReferenceDate = None,
    runs: Runs = None,
    seed: Seed = None,
    solver: Solver = None,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    processes: Processes = 1,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    log: LogFile = None,
) -> int:
    """Macht den Plan: prüft die Eingabe, rechnet, erklärt und schreibt die Ergebnisse.

    Die Ergebnisse stehen danach in ergebnisse/SZENARIO (beim zweiten Mal mit einer Nummer) oder
    in dem Ordner, den Sie mit -o nennen: plan.xlsx, tabellen und lauf.json.

    Der Befehl endet mit 0, wenn alles gut ist; mit 3, wenn ein halbes Kind oder mehr ohne Platz
    bleibt; mit 4, wenn das Zeitlimit kam, bevor der Plan gut genug war; mit 2 bei einem Fehler in
    der Eingabe.
    """
    from daz_planner.cli.clock import Stopwatch
    from daz_planner.cli.runlog import RunLog
    from daz_planner.cli.runs import load, loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.make import make_plan
    from daz_planner.results.folder import check_folder, write_result
    from daz_planner.results.summary import children_without_seat
    from daz_planner.simulation.simulate import simulate

    watch = Stopwatch()
    terminal = Terminal(quiet=quiet)
    run_log = RunLog(log, "planen")
    scenario = loaded_scenario(
        scenario_name, laeufe=runs, saat=seed, loeser=solver, zeitlimit=time_limit, luecke=gap
    )
    check_folder(folder, overwrite, scenario.name)
    watch.lap("Start")
    district = with_cap_findings(load(file, reference_date), scenario)
    watch.lap("Lesen")
    run_log.line(f"Eingabe gelesen: {file.name or file}, Szenario {scenario.name}")
    with terminal.progress() as progress:
        progress(0.0, "Zukünfte werden durchgespielt")
        forecast = simulate(
            district, scenario, processes=processes, progress=_part(progress, 0.0, 0.2)
        )
        watch.lap("Simulation")
        plan = make_plan(district, scenario, forecast, progress=_part(progress, 0.2, 0.95))
        others = watch.lap("Planung, übriges") - sum(plan.seconds.values())
        seconds = {**watch.seconds, **plan.seconds, "Planung, übriges": max(others, 0.0)}
        progress(0.95, "Ergebnisse werden geschrieben")
        written = write_result(plan, folder, overwrite=overwrite, seconds=seconds)
        watch.lap("Schreiben")
    _show(terminal, plan, written, file)
    run_log.times({**seconds, "Schreiben": watch.seconds["Schreiben"], "Gesamt": watch.total})
    if plan.hit_limit:
        status = ExitStatus.LIMIT
    elif children_without_seat(plan) >= HALF_A_CHILD:
        status = ExitStatus.WITHOUT_SEAT
    else:
        status = ExitStatus.OK
    run_log.line(f"Ergebnisse in {written}, Ende mit {int(status)}")
    return status


def _part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of one step as a part of the whole."""

    def report(share: float, step: str, /) -> None:
        progress(start + (end - start) * min(max(share, 0.0), 1.0), step)

    return report


def _show(terminal: Terminal, plan: Plan, written: Path, file: Path) -> None:
    """The five answers, what to know about them, the new classes, and where everything is."""
    from rich.table import Table

    from daz_planner import german
    from daz_planner.results.summary import summary

    first, last = german.month(plan.months[0]), german.month(plan.months[-1])
    terminal.print(
        f"{plan.district.name}, Szenario {plan.scenario.name}, {first} bis {last}", style="bold"
    )
    answers = Table.grid(padding=(0, 2))
    answers.add_column(style="bold", width=24)
    answers.add_column()
    for question, answer in summary(plan):
        answers.add_row(question, answer)
    terminal.print("", answers)
    if plan.openings:
        terminal.heading("Neue Klassen")
        terminal.print(_openings(plan))
    if plan.hints:
        terminal.heading("Hinweise")
        bullets = Table.grid(padding=(0, 1))
        for hint in plan.hints:
            bullets.add_row("–", hint)
        terminal.print(bullets)
    terminal.input_warnings(plan.district.findings, file)
    terminal.heading("Ergebnisse")
    terminal.print(f"{written}")
    terminal.print("plan.xlsx zum Lesen, tabellen für Excel, lauf.json mit allen Angaben zum Lauf")


def _openings(plan: Plan) -> Table:
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table

    table = plain_table("Schule", "ab", "Klassen", "Grund", right=("Klassen",))
    table.columns[0].min_width = 20
    for opening in sorted(plan.openings, key=lambda item: (item.month, item.school)):
        table.add_row(
            plan.district.schools[opening.school].name,
            german.short_month(plan.months[opening.month]),
            f"{opening.classes}",
            opening.reason,
        )
    return table
