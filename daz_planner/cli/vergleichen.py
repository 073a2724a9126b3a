"""``daz-planner vergleichen``: several scenarios on the same random numbers side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.cli.german import CallError
from daz_planner.cli.options import (
    Gap,
    InputFile,
    LogFile,
    OutputFolder,
    Overwrite,
    Quiet,
    ReferenceDate,
    Runs,
    ScenarioNames,
    Seed,
    SideBySide,
    Solver,
    TimeLimit,
)
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from daz_planner.cli.runlog import RunLog
    from daz_planner.cli.terminal import Progress, Terminal
    from daz_planner.district.read import Reading
    from daz_planner.planning.compare import Case, Comparison

HALF_A_CHILD = 0.5
"""So many children without a seat make the exit code 3."""
_THREADS = 2
"""Cores that the solver of a plan takes, where the scenario does not say otherwise."""
_SOLVING, _WRITING = 0.9, 0.1
"""Shares of the progress."""


def vergleichen(
    file: InputFile,
    scenario_names: ScenarioNames,
    folder: OutputFolder = None,
    reference_date: ReferenceDate = None,
    runs: Runs = None,
    seed: Seed = None,
    solver: Solver = None,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    processes: SideBySide = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    log: LogFile = None,
) -> int:
    """Vergleicht mehrere Szenarien auf denselben Zufallszahlen mit dem ersten.

    Eine Tabelle aller Zahlen, welche Klassen in welchen Szenarien öffnen und welche jedes braucht,
    und was jede einzelne Annahme bewirkt. Die Ergebnisse stehen danach in ergebnisse/vergleich
    oder in dem Ordner, den Sie mit -o nennen: vergleich.xlsx, vergleich.html, tabellen, lauf.json
    und unter szenarien der ganze Plan jedes Szenarios.

    Ein Szenario, das sich nicht rechnen lässt, wird genannt; die anderen werden fertig.

    Der Befehl endet mit 0, wenn alles gut ist; mit 3, wenn in einem Szenario ein halbes Kind oder
    mehr ohne Platz bleibt; mit 4, wenn ein Szenario am Zeitlimit endete oder sich nicht rechnen
    ließ; mit 5, wenn eines an einem Fehler im Programm scheiterte; mit 2, wenn der Aufruf falsch
    ist oder sich keines rechnen ließ.
    """
    from daz_planner.cli.clock import Stopwatch
    from daz_planner.cli.compare_view import show
    from daz_planner.cli.runlog import RunLog
    from daz_planner.cli.runs import load
    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.compare import compare
    from daz_planner.results.compare_folder import FOLDER_NAME, write_comparison
    from daz_planner.results.conservation import check_plan
    from daz_planner.results.folder import check_folder

    if len(scenario_names) < 2:
        raise CallError(
            "Zum Vergleichen braucht es mindestens zwei Szenarien.",
            remedy="Nennen Sie jedes mit -s, z. B. -s basis -s stark.",
        )
    watch = Stopwatch()
    terminal = Terminal(quiet=quiet)
    run_log = RunLog(log, "vergleichen")
    check_folder(folder, overwrite, FOLDER_NAME)
    options = {
        "laeufe": runs,
        "saat": seed,
        "loeser": solver,
        "zeitlimit": time_limit,
        "luecke": gap,
    }
    watch.lap("Start")
    cases = _cases(scenario_names, options, load(file, reference_date))
    _tell_failed(terminal, run_log, cases)
    watch.lap("Lesen")
    run_log.line(f"Eingabe gelesen: {file.name or file}, {len(cases)} Szenarien")
    with terminal.progress() as progress:
        side_by_side = _processes(cases) if processes is None else processes
        comparison = compare(
            cases,
            processes=side_by_side,
            check=check_plan,
            progress=_part(progress, 0.0, _SOLVING),
        )
        watch.lap("Szenarien")
        written = write_comparison(
            comparison,
            folder,
            overwrite=overwrite,
            seconds=watch.seconds,
            progress=_part(progress, _SOLVING, _WRITING),
        )
        watch.lap("Schreiben")
    bug = _keep_bugs(run_log, comparison)
    told = {case.name for case in cases if case.failure is not None}
    show(terminal, comparison, written, file, told, bug)
    run_log.times({**watch.seconds, "Gesamt": watch.total})
    for run in comparison.runs:
        state = run.failure.text if run.failure is not None else f"{run.seconds:.1f} s"
        run_log.line(f"{run.name}: {state}")
    status = _status(comparison)
    run_log.line(f"Ergebnisse in {written}, Ende mit {int(status)}")
    return status


def _cases(names: list[str], options: dict[str, Any], reading: Reading) -> list[Case]:
    """The scenarios with the district as each sees it; those that fail already say why.

    Raises
    ------
    InputError
        With all findings, where the input is wrong whichever scenario is asked for.
    """
    from daz_planner.cli.runs import loaded_scenario, with_cap_findings
    from daz_planner.errors import DazError, InputError
    from daz_planner.planning.compare import Case, Failure
    from daz_planner.simulation.population import planned_months

    cases: list[Case] = []
    wrong_inputs: list[InputError] = []
    errors: list[DazError] = []
    for name in names:
        try:
            scenario = loaded_scenario(name, **options)
        except DazError as error:
            errors.append(error)
            cases.append(Case(_short(name), failure=Failure.of(error)))
            continue
        try:
            district = with_cap_findings(reading, scenario)
            # Told before any work, not after the others have been planned.
            planned_months(district, scenario)
            cases.append(Case(scenario.name, scenario, district))
        except InputError as error:
            wrong_inputs.append(error)
            cases.append(Case(scenario.name, scenario, failure=Failure.of(error)))
    if all(case.failure is not None for case in cases):
        # What is wrong with all of them is told in full, as every other command does.
        raise [*wrong_inputs, *errors][0]
    return cases


def _short(name: str) -> str:
    """The name of a scenario that cannot be read: its file without folder and ending."""
    from pathlib import Path

    return Path(name).stem or name


def _tell_failed(terminal: Terminal, run_log: RunLog, cases: list[Case]) -> None:
    """Say at once which scenarios are left out; the others may take their time."""
    for case in cases:
        if case.failure is not None:
            terminal.error(
                f"{case.name}: {case.failure.text} Die anderen Szenarien werden gerechnet."
            )
            run_log.line(f"{case.name}: {case.failure.text}")


def _processes(cases: list[Case]) -> int:
    """As many scenarios side by side as the cores bear, without being asked."""
    import os

    threads = max(
        (case.scenario.rechnen.threads for case in cases if case.scenario is not None),
        default=_THREADS,
    )
    count = sum(case.failure is None for case in cases)
    return max(1, min(count, (os.cpu_count() or 1) // max(1, threads)))


def _part(progress: Progress, start: float, share: float) -> Progress:
    """Progress of one step as a part of the whole."""

    def report(done: float, step: str, /) -> None:
        progress(start + share * min(max(done, 0.0), 1.0), step)

    return report


def _keep_bugs(run_log: RunLog, comparison: Comparison) -> Path | None:
    """Write the traces of faults of the program; the file, where there is one."""
    from daz_planner.cli.runlog import keep_trace

    traces = [
        f"Szenario {run.name}\n{run.failure.trace}"
        for run in comparison.failed
        if run.failure is not None and run.failure.trace
    ]
    return keep_trace(RuntimeError("\n".join(traces))) if traces else None


def _status(comparison: Comparison) -> ExitStatus:
    """The worst of what happened in any scenario."""
    from daz_planner.planning.compare import FailureKind
    from daz_planner.results.summary import children_without_seat

    failures = [run.failure for run in comparison.failed if run.failure is not None]
    plans = [run.plan for run in comparison.planned if run.plan is not None]
    if any(failure.kind is FailureKind.BUG for failure in failures):
        return ExitStatus.BUG
    if failures or any(plan.hit_limit for plan in plans):
        return ExitStatus.LIMIT
    if any(children_without_seat(plan) >= HALF_A_CHILD for plan in plans):
        return ExitStatus.WITHOUT_SEAT
    return ExitStatus.OK
