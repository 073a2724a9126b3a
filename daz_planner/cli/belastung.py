"""``daz-planner belastung``: how much arrivals the network bears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.cli.german import CallError
from daz_planner.cli.options import (
    InputFile,
    OutputFolder,
    Overwrite,
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

    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.load_futures import Spread
    from daz_planner.planning.load_search import Unfinished
    from daz_planner.planning.load_test import LoadTest


def belastung(
    file: InputFile,
    scenario_name: ScenarioName = "basis",
    folder: OutputFolder = None,
    reference_date: ReferenceDate = None,
    runs: Runs = None,
    seed: Seed = None,
    solver: Solver = None,
    time_limit: TimeLimit = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Zeigt, wie viel mehr Zuzug die Schulen tragen.

    Der Zuzug des Szenarios wird vervielfacht: Ab welchem Faktor öffnet die erste Klasse, und ab
    welchem wartet das erste Kind, obwohl alle Räume genutzt sind? Dazu die Spanne über die
    Zukünfte. Mit -o entstehen belastung.xlsx, tabellen und lauf.json. Reicht das Zeitlimit nicht,
    steht da, was bis dahin bekannt ist, und der Befehl endet mit 4.
    """
    from daz_planner.cli.clock import Stopwatch
    from daz_planner.cli.runs import load, loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.load_test import load_test
    from daz_planner.results.folder import check_folder

    if overwrite and folder is None:
        raise CallError(
            "--ueberschreiben geht nur zusammen mit -o.",
            remedy="Nennen Sie mit -o den Ordner für die Ergebnisse.",
        )
    watch = Stopwatch()
    terminal = Terminal(quiet=quiet)
    scenario = loaded_scenario(
        scenario_name, laeufe=runs, saat=seed, loeser=solver, zeitlimit=time_limit
    )
    if folder is not None:
        check_folder(folder, overwrite, scenario.name)
    watch.lap("Start")
    district = with_cap_findings(load(file, reference_date), scenario)
    watch.lap("Lesen")
    with terminal.progress() as progress:
        result = load_test(district, scenario, progress=progress)
    watch.lap("Belastung")
    _show(terminal, result)
    terminal.input_warnings(district.findings, file)
    if folder is not None:
        from daz_planner.results.load_test_folder import write_load_test

        written = write_load_test(result, folder, overwrite=overwrite, seconds=watch.seconds)
        terminal.heading("Ergebnisse")
        terminal.print(f"{written}")
        terminal.print(
            "belastung.xlsx zum Lesen, tabellen für Excel, lauf.json mit allen Angaben zum Lauf"
        )
    return ExitStatus.LIMIT if result.hit_limit else ExitStatus.OK


def _show(terminal: Terminal, test: LoadTest) -> None:
    from rich.table import Table

    from daz_planner import german
    from daz_planner.results.load_test_texts import answers, hints, opening_lines

    first, last = german.month(test.months[0]), german.month(test.months[-1])
    terminal.print(
        f"{test.district.name}, Szenario {test.scenario.name}, {first} bis {last}", style="bold"
    )
    told = Table.grid(padding=(0, 2))
    told.add_column(style="bold", width=22)
    told.add_column()
    for question, answer in answers(test):
        told.add_row(question, answer)
    terminal.print("", told)
    terminal.heading("Faktor auf den Zuzug")
    terminal.print(_factors(test))
    if test.runs > 1 and any(load.first_class or load.first_waiting for load in test.types):
        terminal.print("In Klammern: in 8 von 10 Zukünften liegt der Faktor dazwischen.")
    lines = opening_lines(test)
    if lines:
        terminal.print("", *lines)
    terminal.heading("Hinweise")
    terminal.bullets(hints(test))


def _factors(test: LoadTest) -> Table:
    from daz_planner.cli.terminal import plain_table
    from daz_planner.results.load_test_texts import cell_text, factor_text, why_no_class, with_span

    heads = ("erste neue\nKlasse", "heutige\nPlätze voll", "ein Kind wartet,\nalle Räume genutzt")
    table = plain_table("Schulart", *heads)
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    for load in test.types:
        if not load.has_schools:
            table.add_row(load.school_type, "keine Schule", "", "")
            continue
        first = cell_text(load.first_class, load.first_class_open)
        if load.first_class is None and load.first_class_open is None:
            first = why_no_class(load, hours_limited=test.hours_limited)
        table.add_row(
            load.school_type,
            first if load.first_class is None else with_span(first, load.class_spread),
            _cell(load.seats_full, load.full_open, load.full_spread),
            _cell(load.first_waiting, load.waiting_open, load.waiting_spread),
        )
    if len(test.types) > 1 and not test.hit_limit:
        first_class, full, waits = test.first_class, test.seats_full, test.first_waiting
        none = "–" if first_class is None else factor_text(first_class.first_class)
        table.add_row(
            "zusammen",
            none if first_class is None else with_span(none, test.class_spread),
            with_span(factor_text(full.seats_full if full else None), test.full_spread),
            with_span(factor_text(waits.first_waiting if waits else None), test.waiting_spread),
            style="bold",
        )
    return table


def _cell(factor: float | None, unknown: Unfinished | None, spread: Spread) -> str:
    from daz_planner.results.load_test_texts import cell_text, with_span

    text = cell_text(factor, unknown)
    return text if unknown is not None else with_span(text, spread)
