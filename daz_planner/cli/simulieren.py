"""``daz-planner simulieren``: pupils by phase, school type and month, with their spread."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from daz_planner.cli.german import CallError
from daz_planner.cli.options import (
    InputFile,
    OutputFolder,
    Overwrite,
    Precision,
    Processes,
    Quiet,
    ReferenceDate,
    Runs,
    ScenarioName,
    Seed,
    SingleRuns,
    UntilMonth,
)
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from daz_planner.cli.terminal import Terminal
    from daz_planner.results.simulation_result import SimulationResult
    from daz_planner.simulation.forecast import Forecast

SPREAD = "P50 ist die Mitte. In 8 von 10 Zukünften liegt die Zahl zwischen P10 und P90."
NO_SPREAD = "Gerechnet wurde eine einzige Zukunft: P10, P50 und P90 sind deshalb gleich."


def simulieren(
    file: InputFile,
    scenario_name: ScenarioName = "basis",
    folder: OutputFolder = None,
    runs: Runs = None,
    seed: Seed = None,
    reference_date: ReferenceDate = None,
    until: UntilMonth = None,
    single_runs: SingleRuns = False,
    processes: Processes = 1,
    precision: Precision = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Zeigt, wie viele Kinder je Phase, Schulart und Monat zu erwarten sind.

    Dazu: ob und ab wann die heutigen Plätze nicht mehr reichen, und was die Zahl der Schüler
    ändert. Jedes Kind beginnt dabei sofort. Mit -o entstehen simulation.xlsx, tabellen und
    lauf.json.
    """
    from daz_planner.cli.clock import Stopwatch
    from daz_planner.cli.runs import load, loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.results.folder import check_folder
    from daz_planner.results.simulation_result import SimulationResult
    from daz_planner.simulation.simulate import simulate

    _check_call(folder is not None, overwrite=overwrite, single_runs=single_runs)
    if runs is not None and precision is not None:
        raise CallError(
            "--laeufe und --genauigkeit gehen nicht zusammen.",
            remedy="Nennen Sie die Zahl der Zukünfte oder die Genauigkeit.",
        )
    watch = Stopwatch()
    terminal = Terminal(quiet=quiet)
    scenario = loaded_scenario(scenario_name, laeufe=runs, saat=seed)
    if folder is not None:
        check_folder(folder, overwrite, scenario.name)
    watch.lap("Start")
    district = with_cap_findings(load(file, reference_date), scenario)
    watch.lap("Lesen")
    with terminal.progress() as progress:
        forecast = simulate(
            district, scenario, processes=processes, half_width=precision, progress=progress
        )
    watch.lap("Simulation")
    result = SimulationResult(district, scenario, forecast, _last(forecast.months, until))
    _show(terminal, result)
    if precision is not None:
        _tell_precision(terminal, forecast, precision)
    terminal.input_warnings(district.findings, file)
    if folder is not None:
        from daz_planner.results.simulation_folder import write_simulation

        written = write_simulation(
            result, folder, overwrite=overwrite, seconds=watch.seconds, single_runs=single_runs
        )
        terminal.heading("Ergebnisse")
        terminal.print(f"{written}")
        terminal.print(
            "simulation.xlsx zum Lesen, tabellen für Excel, lauf.json mit allen Angaben zum Lauf"
        )
        if single_runs:
            _tell_long(terminal, forecast.runs[:, :, 0].size)
    return ExitStatus.OK


def _check_call(has_folder: bool, **needing: bool) -> None:
    """Some options mean something only together with ``-o``."""
    names = {"overwrite": "--ueberschreiben", "single_runs": "--einzeln"}
    for name, given in needing.items():
        if given and not has_folder:
            raise CallError(
                f"{names[name]} geht nur zusammen mit -o.",
                remedy="Nennen Sie mit -o den Ordner für die Ergebnisse.",
            )


def _last(months: tuple[date, ...], until: date | None) -> int | None:
    """Index of the month of ``--bis``."""
    if until is None:
        return None
    if until not in months[1:]:
        from daz_planner import german

        raise CallError(
            f"--bis: {german.month(until)} liegt nicht im Zeitraum.",
            remedy=f"Nennen Sie einen Monat nach {german.month(months[0])} bis "
            f"{german.month(months[-1])} (MM.JJJJ) oder lassen Sie --bis weg.",
        )
    return months.index(until)


def _show(terminal: Terminal, result: SimulationResult) -> None:
    """The answers first, then what drives the number, then each school type in detail."""
    from rich.table import Table

    from daz_planner import german
    from daz_planner.cli.simulation_view import Screen, cause_table, course_table, plot
    from daz_planner.results.simulation_result import type_name

    screen = Screen(terminal.out.width, terminal.out.encoding)
    count = len(result.forecast.runs)
    futures = german.plural(count, "durchgespielte Zukunft", "durchgespielte Zukünfte")
    terminal.print(
        f"{result.district.name}, Szenario {result.scenario.name}, {futures}", style="bold"
    )
    terminal.print(SPREAD if count > 1 else NO_SPREAD)
    terminal.heading("Reichen die heutigen Plätze?")
    answers = Table.grid(padding=(0, 2))
    answers.add_column(style="bold", width=min(24, screen.width // 3))
    answers.add_column()
    for name, text in result.answers():
        answers.add_row(name, text)
    terminal.print(answers)
    terminal.heading("Was ändert die Zahl der VKA-Schüler?")
    terminal.print(result.change())
    if len(result.months) > 1:
        terminal.print("", cause_table(result.falls, screen))
    for course in result.courses:
        terminal.heading(f"{type_name(course.school_type)}: VKA-Schüler je Monat")
        terminal.print(plot(course, screen), "")
        terminal.print(course_table(result.forecast, course, screen))
    terminal.heading("Hinweise")
    terminal.bullets(result.hints())


def _tell_precision(terminal: Terminal, forecast: Forecast, asked: float) -> None:
    """How precisely the P90 is known, and whether that is as precise as asked for."""
    from daz_planner import german
    from daz_planner.simulation.ensemble import p90_half_width

    reached = p90_half_width(forecast.runs)
    count = german.number(len(forecast.runs))
    terminal.heading("Genauigkeit")
    terminal.print(
        f"Mit {count} Zukünften ist der P90 der Plätze in jedem Monat auf "
        f"{german.plural(reached, 'Kind', 'Kinder', 1)} genau bekannt (zu 95 % sicher)."
    )
    if reached > asked:
        terminal.print(
            f"Verlangt waren {german.number(asked, 1)}. Mehr als {count} Zukünfte spielt das "
            "Programm nicht durch."
        )


def _tell_long(terminal: Terminal, rows: int) -> None:
    from daz_planner import german
    from daz_planner.results.simulation_tables import EXCEL_ROWS

    if rows > EXCEL_ROWS:
        terminal.print(
            f"prognose_laeufe.csv hat {german.number(rows)} Zeilen, mehr als Excel öffnen kann."
        )
