"""``daz-planner kalibrieren``: assumptions of a scenario estimated from the district's own data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daz_planner.cli.german import CallError
from daz_planner.cli.options import Overwrite, Quiet, ReferenceDate, ScenarioName
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from rich.table import Table

    from daz_planner.cli.terminal import Terminal
    from daz_planner.district.model import District
    from daz_planner.simulation.calibration.results import Calibration, StayEstimate, Value


def kalibrieren(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="EINGABE...",
            show_default=False,
            help="Arbeitsmappen, Tabellen oder Ordner desselben Landkreises, auch von mehreren "
            "Stichtagen. Mindestens eine enthält das Blatt Schulen.",
        ),
    ],
    target: Annotated[
        Path | None,
        typer.Option(
            "--ausgabe",
            "-o",
            metavar="SZENARIO.toml",
            help="Schreibt die Schätzung als Szenario in diese Datei. Ohne Angabe wird sie nur "
            "gezeigt.",
        ),
    ] = None,
    scenario_name: ScenarioName = "basis",
    reference_date: ReferenceDate = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Schätzt Verweildauer, Zuzug und Wegzug aus Ihren Listen mit Stichtag.

    Am besten sind Listen von zwei oder mehr Stichtagen mit denselben Kennungen und den Spalten
    „Eintritt“ und „Phase seit“. Was die Daten nicht hergeben, bleibt wie im Szenario (-s).
    """
    from daz_planner.cli.runs import loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.simulation.calibration.calibrate import calibrate
    from daz_planner.simulation.calibration.inputs import read_inputs
    from daz_planner.simulation.calibration.scenario_file import (
        check_scenario_file,
        write_scenario,
    )

    if reference_date is not None and len(files) > 1:
        raise CallError(
            "--stichtag geht nur mit einer einzigen Eingabe.",
            remedy="Schreiben Sie den Stichtag in jede Mappe (Blatt Angaben).",
        )
    if overwrite and target is None:
        raise CallError(
            "--ueberschreiben geht nur zusammen mit -o.",
            remedy="Nennen Sie mit -o die Datei, die ersetzt werden soll.",
        )
    terminal = Terminal(quiet=quiet)
    scenario = loaded_scenario(scenario_name)
    if target is not None:
        check_scenario_file(target, scenario_name, overwrite=overwrite)
    districts = read_inputs(
        files,
        reference_date=reference_date,
        check=lambda reading: with_cap_findings(reading, scenario),
    )
    with terminal.progress() as progress:
        progress(0.1, "Dauer der Phasen wird geschätzt")
        found = calibrate(districts, scenario)
    _show(terminal, found)
    _warnings(terminal, districts, files)
    if target is None:
        terminal.print("\nMit -o eigenes.toml wird daraus ein Szenario.")
    elif found.is_empty:
        terminal.print("\nNichts zu schreiben: Kein Wert ließ sich schätzen.")
        return ExitStatus.WRONG
    else:
        from datetime import date

        write_scenario(found, target, scenario_name, today=date.today(), overwrite=overwrite)
        terminal.print(f"\nGeschrieben: {target}")
        name = f'"{target}"' if " " in str(target) else f"{target}"
        terminal.print(f"Weiter mit: daz-planner simulieren … -s {name}")
    return ExitStatus.OK


def _show(terminal: Terminal, found: Calibration) -> None:
    from daz_planner import german
    from daz_planner.simulation.calibration.results import METHOD_TEXTS

    terminal.print(f"{found.district}, verglichen mit Szenario {found.basis.name}", style="bold")
    for day, pupils in zip(found.days, found.pupils, strict=True):
        terminal.print(f"Liste vom {german.day(day)}: {pupils} Schüler in Phase 1 und 2")
    for phase in (1, 2):
        stays = [stay for stay in found.stays if stay.phase == phase]
        if stays:
            terminal.heading(f"Dauer der Phase {phase} in Monaten")
            terminal.print(_stay_table(stays))
    if found.arrivals or found.moving or found.variance or found.shares:
        terminal.heading("Zuzug und Wegzug")
        terminal.print(_rate_table(found))
    methods = list(dict.fromkeys(stay.method for stay in found.stays))
    if methods:
        terminal.print("")
        terminal.print("Bereich: Mit 80 % Wahrscheinlichkeit liegt der Wert darin.")
        for method in methods:
            terminal.print(f"{method.value}: {METHOD_TEXTS[method]}.")
    if found.notes:
        terminal.heading("Dazu zu wissen")
        terminal.bullets(found.notes)


def _warnings(terminal: Terminal, districts: Sequence[District], files: Sequence[Path]) -> None:
    """The warnings on the inputs, as the other commands print them."""
    from daz_planner.cli.terminal import MOST_WARNINGS

    if len(files) == 1:
        terminal.input_warnings(districts[0].findings, files[0])
        return
    findings = [finding for district in districts for finding in district.findings]
    if findings:
        terminal.heading("Warnungen zur Eingabe")
        terminal.folded_findings(
            findings, most=MOST_WARNINGS, more="siehe daz-planner pruefen mit der einzelnen Datei"
        )


def _stay_table(stays: list[StayEstimate]) -> Table:
    """A row for each school type, the district last."""
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table

    table = plain_table(
        "Schulart",
        "Mittel",
        "Bereich",
        "Streuung",
        "Fälle",
        "bisher",
        "Verfahren",
        right=("Mittel", "Bereich", "Streuung", "Fälle", "bisher"),
    )
    for stay in sorted(stays, key=lambda s: s.kind == ""):
        table.add_row(
            stay.kind or "alle",
            german.plain(stay.mean.value, 1),
            _span(stay.mean, 1),
            german.plain(stay.spread.value, 1),
            str(stay.cases),
            german.plain(stay.default, 1),
            stay.method.value,
        )
    return table


def _rate_table(found: Calibration) -> Table:
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table

    heads = ("Wert", "Bereich", "Fälle", "bisher")
    table = plain_table("Größe", *heads, right=heads)
    rates = (
        ("Anmeldungen je Monat", found.arrivals, 1.0),
        ("Streuung (Varianz durch Mittel)", found.variance, 1.0),
        ("Wegzug je Monat in %", found.moving, 100.0),
    )
    for label, rate, factor in rates:
        if rate is not None:
            before = "–" if rate.default is None else german.plain(factor * rate.default, 1)
            value = german.plain(factor * rate.value.value, 1)
            span = _span(rate.value, 1, factor)
            table.add_row(label, value, span, str(rate.cases), before)
    for kind, share, cases in found.shares:
        table.add_row(
            f"Anteil {kind} an den Anmeldungen in %",
            german.plain(100 * share.value, 1),
            _span(share, 1, 100.0),
            str(cases),
            german.plain(100 * found.basis.zuzug.schularten.get(kind, 0.0), 1),
        )
    return table


def _span(value: Value, digits: int, factor: float = 1.0) -> str:
    from daz_planner import german

    low, high = (german.plain(factor * end, digits) for end in (value.low, value.high))
    return f"{low} bis {high}"
