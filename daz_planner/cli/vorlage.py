"""``daz-planner vorlage``: an input workbook to fill in, or one with real numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daz_planner.cli.german import CallError
from daz_planner.cli.options import Overwrite, Quiet
from daz_planner.cli.status import ExitStatus


def vorlage(
    file: Annotated[
        Path,
        typer.Argument(metavar="DATEI.xlsx", show_default=False, help="Die neue Arbeitsmappe."),
    ],
    example: Annotated[
        bool,
        typer.Option(
            "--beispiel",
            help="Mit der Tabelle des Landkreises Meißen vom 08.02.2017 und erfundenen Schülern.",
        ),
    ] = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Schreibt eine Arbeitsmappe zum Ausfüllen.

    Sie enthält alle Blätter mit Auswahllisten und Hinweisen; das erste erklärt, was nötig ist.
    """
    if file.suffix.lower() != ".xlsx":
        raise CallError(
            f"„{file}“ endet nicht auf .xlsx.",
            remedy=f"Schreiben Sie „{file.with_suffix('.xlsx') if file.name else 'eingabe.xlsx'}“.",
        )
    from daz_planner.cli.terminal import Terminal
    from daz_planner.district.template import write_example, write_template

    if example:
        write_example(file, overwrite=overwrite)
    else:
        write_template(file, overwrite=overwrite)
    terminal = Terminal(quiet=quiet)
    terminal.print(f"Geschrieben: {file}")
    if example:
        terminal.print("Schulen und Gemeinden sind echt, alle Schüler und Kinder sind erfunden.")
        terminal.print(f"Weiter mit: daz-planner planen {_quoted(file)}")
    else:
        terminal.print(
            f"Füllen Sie die Blätter aus, dann: daz-planner pruefen {_quoted(file)}",
        )
    return ExitStatus.OK


def _quoted(file: Path) -> str:
    text = str(file)
    return f'"{text}"' if " " in text else text
