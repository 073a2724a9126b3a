"""``daz-planner ruecktest``: how well the forecast would have done on past days."""

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
)
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.cli.terminal import Terminal
    from daz_planner.simulation.backtest.measures import Score
    from daz_planner.simulation.backtest.run import Backtest

WIDE = 110
"""Columns of a terminal from which the wide table fits."""


def ruecktest(
    file: InputFile,
    scenario_name: ScenarioName = "basis",
    folder: OutputFolder = None,
    runs: Runs = None,
    seed: Seed = None,
    reference_date: ReferenceDate = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Rechnet frühere Stichtage nach und vergleicht mit dem, was kam.

    Frühere Stichtage sind die Monate im Blatt Historie mit VKA-Schülern und die datierten
    Schülerlisten. Neben der Prognose stehen drei einfache Verfahren; wer gegen „letzter Wert“
    verliert, wird genannt. Mit -o entstehen dazu ruecktest.xlsx und tabellen/ruecktest.csv.
    """
    from daz_planner.cli.runs import load, loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.simulation.backtest.run import backtest

    if overwrite and folder is None:
        raise CallError(
            "--ueberschreiben geht nur zusammen mit -o.",
            remedy="Nennen Sie mit -o den Ordner, der ersetzt werden soll.",
        )
    terminal = Terminal(quiet=quiet)
    if folder is not None:
        from daz_planner.results.folder import check_folder

        check_folder(folder, overwrite, scenario_name)
    scenario = loaded_scenario(scenario_name, laeufe=runs, saat=seed)
    district = with_cap_findings(load(file, reference_date), scenario)
    with terminal.progress() as progress:
        result = backtest(district, scenario, progress=progress)
    _show(terminal, result)
    terminal.input_warnings(district.findings, file)
    if folder is not None:
        from daz_planner.results.backtest_folder import write_backtest

        written = write_backtest(result, folder, overwrite=overwrite)
        terminal.print(f"\nGeschrieben: {written}")
    return ExitStatus.OK


def _show(terminal: Terminal, result: Backtest) -> None:
    from daz_planner import german
    from daz_planner.results import backtest_texts as texts
    from daz_planner.simulation.backtest.observed import VKA

    starts = [start.day for start in result.starts]
    terminal.print(
        f"{result.district.name}, Szenario {result.scenario.name}: "
        f"{german.plural(len(starts), 'früherer Stichtag', 'frühere Stichtage')} "
        f"({' bis '.join(dict.fromkeys((german.day(starts[0]), german.day(starts[-1]))))})",
        style="bold",
    )
    for sentence in texts.assumptions(result):
        terminal.print(sentence)
    for horizon in dict.fromkeys(s.horizon for s in result.scores if s.series == VKA):
        terminal.heading(f"{texts.months_text(horizon)} voraus, alle VKA-Schüler")
        rows = [s for s in result.scores if (s.series, s.horizon) == (VKA, horizon)]
        terminal.print(_method_table(rows, wide=terminal.out.width >= WIDE))
    terminal.print("")
    terminal.print(
        "Abweichung: + zu hoch, - zu niedrig. Abstand: wie weit im Mittel daneben. Band: P10 bis "
        "P90, in dem 8 von 10 Zahlen liegen sollen. Gewinn: um so viel kleiner ist der Abstand als "
        "bei „letzter Wert“; unter 0 ist das Verfahren schlechter."
    )
    details = [s for s in result.scores if s.series != VKA]
    if details:
        terminal.heading("Phasen und Schularten: nur die Prognose")
        terminal.print(_detail_table(details))
    terminal.heading("Ergebnis")
    for sentence in (*texts.verdicts(result), texts.detail_verdict(result)):
        if sentence:
            terminal.print(sentence)
    hints = texts.hints(result)
    if hints:
        terminal.heading("Hinweise")
        for sentence in hints:
            terminal.print(sentence)


def _method_table(rows: list[Score], *, wide: bool) -> Table:
    """The methods at one horizon; percentages and the note of the band only where there is room."""
    from daz_planner.cli.terminal import plain_table
    from daz_planner.results.backtest_texts import inside_text, share_text

    numbers = ["Fälle", "Abweichung", "Abstand", "in %", "im Band", "Breite"]
    numbers += ["Bandnote"] if wide else []
    numbers.append("Gewinn")
    table = plain_table("Verfahren", *numbers, right=numbers)
    if not wide:
        table.padding = (0, 1, 0, 0)
    for column in table.columns:
        column.no_wrap = True
    for score in rows:
        cells = [
            str(score.cases),
            _signed(score.bias),
            _number(score.absolute),
            _percent(score.relative),
            share_text(score) if wide else inside_text(score),
            _number(score.width),
            *([_number(score.interval_score)] if wide else []),
            _percent(score.skill),
        ]
        table.add_row(score.method.value, *cells)
    return table


def _detail_table(scores: list[Score]) -> Table:
    from daz_planner.cli.terminal import plain_table
    from daz_planner.results.backtest_texts import months_text, series_name, share_text
    from daz_planner.simulation.backtest.measures import Method

    numbers = ["voraus", "Fälle", "Abweichung", "Abstand", "im Band", "Gewinn"]
    table = plain_table("Reihe", *numbers, right=numbers)
    for column in table.columns:
        column.no_wrap = True
    before = ""
    for score in scores:
        if score.method is not Method.FORECAST:
            continue
        name = series_name(score.series)
        table.add_row(
            "" if name == before else name,
            months_text(score.horizon),
            str(score.cases),
            _signed(score.bias),
            _number(score.absolute),
            share_text(score),
            _percent(score.skill),
        )
        before = name
    return table


def _signed(value: float) -> str:
    from daz_planner import german

    text = german.plain(value, 1)
    return text if text.startswith("-") or text == "0,0" else f"+{text}"


def _number(value: float | None) -> str:
    from daz_planner import german

    return "–" if value is None else german.plain(value, 1)


def _percent(value: float | None) -> str:
    from daz_planner import german

    return "–" if value is None else german.percent(value, 0)
