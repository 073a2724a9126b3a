"""``daz-planner zuweisen``: seats for the children on today's waiting list only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.cli.options import (
    InputFile,
    LogFile,
    OutputFolder,
    Overwrite,
    Quiet,
    ReferenceDate,
    ScenarioName,
    Seed,
    Solver,
    TimeLimit,
)
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.assign import Assignment

WIDE = 110
"""From this width on the table names the alternatives too."""


def zuweisen(
    file: InputFile,
    scenario_name: ScenarioName = "basis",
    folder: OutputFolder = None,
    reference_date: ReferenceDate = None,
    seed: Seed = None,
    solver: Solver = None,
    time_limit: TimeLimit = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    log: LogFile = None,
) -> int:
    """Verteilt die Kinder der heutigen Liste (Blatt Neuzugänge) auf freie Plätze.

    Gerechnet wird nur mit Plätzen, die am Stichtag frei sind oder ohne weitere Entscheidung frei
    werden; neue Klassen und künftige Anmeldungen rechnet planen. Die Ergebnisse stehen danach in
    ergebnisse/SZENARIO-zuweisung oder in dem Ordner, den Sie mit -o nennen.

    Der Befehl endet mit 0, wenn jedes Kind einen Platz bekommt, sofort oder später im Zeitraum;
    mit 3, wenn ein Kind keinen bekommt; mit 4 am Zeitlimit; mit 2 bei einem Fehler in der Eingabe.
    """
    from daz_planner.cli.clock import Stopwatch
    from daz_planner.cli.runlog import RunLog
    from daz_planner.cli.runs import load, loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.assign import assign_children
    from daz_planner.results.assignment_folder import FOLDER_SUFFIX, write_assignment
    from daz_planner.results.folder import check_folder

    watch = Stopwatch()
    terminal = Terminal(quiet=quiet)
    run_log = RunLog(log, "zuweisen")
    scenario = loaded_scenario(scenario_name, saat=seed, loeser=solver, zeitlimit=time_limit)
    check_folder(folder, overwrite, f"{scenario.name}{FOLDER_SUFFIX}")
    watch.lap("Start")
    district = with_cap_findings(load(file, reference_date), scenario)
    watch.lap("Lesen")
    run_log.line(f"Eingabe gelesen: {file.name or file}, Szenario {scenario.name}")
    with terminal.progress() as progress:
        progress(0.2, "Plätze werden verteilt")
        result = assign_children(district, scenario)
        watch.lap("Zuweisung")
        progress(0.9, "Ergebnisse werden geschrieben")
        written = write_assignment(result, folder, overwrite=overwrite, seconds=watch.seconds)
        watch.lap("Schreiben")
    _show(terminal, result, written, file)
    run_log.times({**watch.seconds, "Gesamt": watch.total})
    if result.hit_limit:
        status = ExitStatus.LIMIT
    elif result.without_seat:
        status = ExitStatus.WITHOUT_SEAT
    else:
        status = ExitStatus.OK
    run_log.line(f"Ergebnisse in {written}, Ende mit {int(status)}")
    return status


def _show(terminal: Terminal, result: Assignment, written: Path, file: Path) -> None:
    from rich.table import Table

    from daz_planner import german
    from daz_planner.results.assignment_summary import assignment_summary

    day = german.day(result.district.reference_date)
    terminal.print(
        f"{result.district.name}, Szenario {result.scenario.name}, heutige Liste am {day}",
        style="bold",
    )
    answers = Table.grid(padding=(0, 2))
    answers.add_column(style="bold", width=24)
    answers.add_column()
    for question, answer in assignment_summary(result):
        answers.add_row(question, answer)
    terminal.print("", answers)
    if result.children:
        terminal.heading("Zuweisung")
        terminal.print(_children(result, wide=terminal.out.width >= WIDE))
    if result.hints:
        terminal.heading("Hinweise")
        terminal.bullets(result.hints)
    terminal.input_warnings(result.district.findings, file)
    terminal.heading("Ergebnisse")
    terminal.print(f"{written}")
    terminal.print(
        "zuweisung.xlsx zum Lesen, tabellen für Excel, lauf.json mit allen Angaben zum Lauf"
    )


def _children(result: Assignment, *, wide: bool) -> Table:
    """One row a child; on a wide terminal with the alternatives."""
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table

    heads = ["Kind", "Schule", "Min.", "ab", "Grund", *(["Alternativen"] if wide else [])]
    table = plain_table(*heads, right=("Min.",))
    # Ids are folded where they are long, never cut: the office has to find the child.
    table.columns[0].overflow = "fold"
    table.columns[0].max_width = 14
    table.columns[1].ratio, table.columns[4].ratio = 3, 4
    table.columns[1].overflow = "fold"
    table.expand = True
    for seat in result.children:
        names = [result.district.schools[other.school].name for other in seat.alternatives]
        others = [
            f"{name} ({german.number(other.minutes)} Min.): {other.obstacle}"
            for name, other in zip(names, seat.alternatives, strict=True)
        ]
        table.add_row(
            seat.child.pupil_id,
            "wartet" if seat.school is None else result.district.schools[seat.school].name,
            "" if seat.minutes is None else german.number(seat.minutes),
            _since(result, seat.month),
            seat.reason.removeprefix("wartet: "),
            *(["; ".join(others)] if wide else []),
        )
    if wide:
        table.columns[5].ratio = 5
    return table


def _since(result: Assignment, month: int | None) -> str:
    from daz_planner import german

    if month is None:
        return "–"
    return "sofort" if month == 0 else german.short_month(result.months[month])
