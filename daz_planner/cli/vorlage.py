"""``daz-planner vorlage``: an input workbook to fill in, one with real numbers, or a letter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daz_planner.cli.german import CallError
from daz_planner.cli.options import Overwrite, Quiet, one_of
from daz_planner.cli.status import ExitStatus

LETTER_WORDS = ("platz", "wartet")
"""The letters of :data:`daz_planner.results.letters_docx.LETTERS`, named without importing it."""


def vorlage(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="DATEI.xlsx",
            show_default=False,
            help="Die neue Arbeitsmappe; mit --anschreiben der neue Brief (DATEI.docx für Word, "
            "DATEI.txt als einfacher Text).",
        ),
    ],
    example: Annotated[
        bool,
        typer.Option(
            "--beispiel",
            help="Mit der Tabelle des Landkreises Meißen vom 08.02.2017 und erfundenen Schülern.",
        ),
    ] = False,
    letter: Annotated[
        str | None,
        typer.Option(
            "--anschreiben",
            metavar="BRIEF",
            parser=one_of("--anschreiben", LETTER_WORDS),
            help="Stattdessen ein Brief mit Seriendruckfeldern: platz an Kinder mit Platz, wartet "
            "an Kinder, die warten.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> int:
    """Schreibt eine Arbeitsmappe zum Ausfüllen.

    Sie enthält alle Blätter mit Auswahllisten und Hinweisen; das erste erklärt, was nötig ist. Mit
    --anschreiben schreibt der Befehl einen Brief für den Seriendruck.
    """
    if letter is not None and example:
        raise CallError(
            "--beispiel und --anschreiben gehen nicht zusammen.",
            remedy="Rufen Sie vorlage zweimal auf.",
        )
    endings = (".xlsx",) if letter is None else (".docx", ".txt")
    if file.suffix.lower() not in endings:
        instead = file.with_suffix(endings[0]) if file.name else f"vorlage{endings[0]}"
        raise CallError(
            f"„{file}“ endet nicht auf {' oder '.join(endings)}.",
            remedy=f"Schreiben Sie „{instead}“.",
        )
    if letter is not None:
        return _write_letter(file, letter, overwrite=overwrite, quiet=quiet)
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


def _write_letter(file: Path, letter: str, *, overwrite: bool, quiet: bool) -> int:
    from daz_planner.cli.terminal import Terminal
    from daz_planner.district.workbook_file import write_whole
    from daz_planner.results.letters import SEATED, WAITING
    from daz_planner.results.letters_docx import letter_bytes
    from daz_planner.results.letters_text import letter_text

    is_text = file.suffix.lower() == ".txt"
    content = letter_text(letter) if is_text else letter_bytes(letter)
    write_whole(content, file, overwrite=overwrite)
    terminal = Terminal(quiet=quiet)
    terminal.print(f"Geschrieben: {file}")
    status = SEATED if letter == LETTER_WORDS[0] else WAITING
    own = "in eckigen Klammern steht" if is_text else "gelb ist"
    merging = (
        "Was in «…» steht, sind die Spalten des Blatts Serienbrief in plan.xlsx oder "
        f"zuweisung.xlsx. Nehmen Sie nur die Zeilen, in denen Status „{status}“ ist."
        if is_text
        else "In Word: Sendungen, Empfänger auswählen, Vorhandene Liste, dann plan.xlsx oder "
        f"zuweisung.xlsx, Blatt Serienbrief. Zeilen, in denen Status nicht „{status}“ ist, "
        "überspringt der Brief; in LibreOffice filtern Sie sie selbst."
    )
    for sentence in (
        f"Der Brief ist ein Entwurf: Ersetzen Sie alles, was {own}. Das Programm kennt keine "
        "Namen; Name und Anschrift kommen über die Schüler-ID aus Ihrem eigenen Verfahren.",
        merging,
        "Die Rechtsgrundlage im Brief ist die vom Blatt Angaben der Eingabe; ohne sie steht dort "
        "[Rechtsgrundlage eintragen].",
    ):
        terminal.print(sentence)
    return ExitStatus.OK


def _quoted(file: Path) -> str:
    text = str(file)
    return f'"{text}"' if " " in text else text
