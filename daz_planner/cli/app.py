"""The program ``daz-planner``: its commands, and the one place where errors become sentences."""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daz_planner import __version__
from daz_planner.cli import streams
from daz_planner.cli.belastung import belastung
from daz_planner.cli.bericht import bericht
from daz_planner.cli.erklaeren import erklaeren
from daz_planner.cli.german import (
    CallError,
    GermanCommand,
    GermanGroup,
    german_call_error,
    is_request_for_help,
    translate_completion,
)
from daz_planner.cli.kalibrieren import kalibrieren
from daz_planner.cli.planen import planen
from daz_planner.cli.pruefen import pruefen
from daz_planner.cli.ruecktest import ruecktest
from daz_planner.cli.simulieren import simulieren
from daz_planner.cli.status import ExitStatus
from daz_planner.cli.vergleichen import vergleichen
from daz_planner.cli.vorlage import vorlage
from daz_planner.cli.zuweisen import zuweisen
from daz_planner.errors import (
    ConservationError,
    DazError,
    InputError,
    SolverChoiceError,
    SolverError,
)

if TYPE_CHECKING:
    from daz_planner.district.findings import Finding

PROGRAM = "daz-planner"
HELP = """Plant Vorbereitungsklassen (VKA) für Kinder, die Deutsch als Zweitsprache lernen.

Aus der Tabelle des Landkreises entsteht ein Plan: wie viele Kinder zu erwarten sind, welche Schule
sie aufnimmt, wo eine Klasse öffnen muss und warum."""
EPILOG = """Zum Anfangen: daz-planner vorlage --beispiel beispiel.xlsx, dann
daz-planner planen beispiel.xlsx. Mehr zu einem Befehl: daz-planner planen --help."""

MOST_FINDINGS = 30
"""Findings that an error shows at once."""

_OS_ERRORS = {
    errno.ENOENT: "Die Datei oder der Ordner ist nicht da.",
    errno.EACCES: "Der Zugriff ist nicht erlaubt, oder die Datei ist in Excel geöffnet.",
    errno.EPERM: "Der Zugriff ist nicht erlaubt, oder die Datei ist in Excel geöffnet.",
    errno.EROFS: "Hier darf nicht geschrieben werden.",
    errno.EISDIR: "Hier wird eine Datei erwartet, das ist ein Ordner.",
    errno.ENOTDIR: "Ein Teil des Pfades ist kein Ordner.",
    errno.EEXIST: "Das gibt es schon.",
    errno.ENAMETOOLONG: "Der Name ist zu lang.",
    errno.EINVAL: "Der Name enthält ein Zeichen, das nicht erlaubt ist.",
}
"""Errors of the file system that are the user's to mend."""


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}")
        raise typer.Exit(0)


def _program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Zeigt die Versionsnummer."
        ),
    ] = False,
) -> None:
    """The program itself does nothing: its commands do."""


def build() -> Any:
    """The commands as one Click group with German help."""
    app = typer.Typer(
        name=PROGRAM,
        cls=GermanGroup,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help=HELP,
        epilog=EPILOG,
    )
    app.callback()(_program)
    for command in (
        belastung,
        bericht,
        erklaeren,
        kalibrieren,
        planen,
        pruefen,
        ruecktest,
        simulieren,
        vergleichen,
        vorlage,
        zuweisen,
    ):
        app.command(cls=GermanCommand)(command)
    group = typer.main.get_command(app)
    translate_completion(group)
    return group


def run(args: Sequence[str] | None = None) -> int:
    """Run a command; every error becomes a German sentence and an exit code."""
    streams.prepare()
    try:
        result = build().main(
            args=None if args is None else list(args), prog_name=PROGRAM, standalone_mode=False
        )
        status = int(result or 0)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = ExitStatus.INTERRUPTED
    except SystemExit as error:
        # Typer's completion ends like this, and so does a reader who has gone (status 1).
        streams.silence()
        status = error.code if isinstance(error.code, int) and error.code != 1 else 0
    except Exception as error:
        status = _answer(error)
    if status == ExitStatus.INTERRUPTED:
        _say("Abgebrochen.")
    return int(status)


def _answer(error: Exception) -> int:
    """Print what went wrong and return the exit code."""
    if is_request_for_help(error):
        _say(error.ctx.get_help())  # type: ignore[attr-defined]
        return ExitStatus.WRONG
    if isinstance(error, OSError) and streams.is_broken_pipe(error):
        streams.silence()
        return ExitStatus.OK
    if type(error).__name__ == "Abort":
        return ExitStatus.INTERRUPTED
    wrong_call = error if isinstance(error, CallError) else german_call_error(error)
    if wrong_call is not None:
        _say(f"Fehler: {wrong_call}")
        if wrong_call.command:
            _say(f"Hilfe: {wrong_call.command} --help")
        return ExitStatus.WRONG
    if isinstance(error, OSError) and error.errno in _OS_ERRORS and error.filename:
        _say(f"Fehler: {error.filename}: {_OS_ERRORS[error.errno]}")
        return ExitStatus.WRONG
    if isinstance(error, DazError) and not isinstance(error, ConservationError):
        return _answer_daz(error)
    return _answer_bug(error)


def _answer_daz(error: DazError) -> int:
    findings = error.findings if isinstance(error, InputError) else ()
    if len(findings) <= 1:
        _say(f"Fehler: {_with_file(findings[0]) if findings else error}")
    else:
        from daz_planner.cli.terminal import Terminal

        terminal = Terminal()
        place = f"{error.place}: " if error.place else ""
        terminal.error(f"{place}{error.message}")
        terminal.findings(
            findings, most=MOST_FINDINGS, more="siehe pruefen --format csv", on_error=True
        )
        if error.remedy:
            _say(error.remedy)
    stopped = isinstance(error, SolverError) and not isinstance(error, SolverChoiceError)
    return ExitStatus.LIMIT if stopped else ExitStatus.WRONG


def _with_file(finding: Finding) -> str:
    """The finding with its file in front, whatever its place."""
    return f"{finding.file}: {finding}" if finding.sheet and finding.file else f"{finding}"


def _answer_bug(error: Exception) -> int:
    from daz_planner.cli.runlog import keep_trace

    path = keep_trace(error)
    if isinstance(error, ConservationError):
        _say(f"Fehler im Programm: {error}")
    else:
        _say(f"Fehler im Programm: Damit hat es nicht gerechnet ({type(error).__name__}).")
    _say("Das liegt nicht an Ihnen. Es wurde kein Ergebnis fertig geschrieben.")
    if path is not None:
        _say(f"Einzelheiten für die Entwickler stehen in {path}")
    return ExitStatus.BUG


def _say(text: str) -> None:
    """Print a text on stderr, without loading rich; on a terminal no word is cut at the edge."""
    try:
        if sys.stderr.isatty():
            import shutil
            import textwrap

            width = shutil.get_terminal_size().columns - 1
            text = "\n".join(
                line if len(line) <= width else textwrap.fill(line, width)
                for line in text.splitlines()
            )
        print(text, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        streams.silence()
