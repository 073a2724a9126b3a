"""Statements and options that several commands share, with German parsers for their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from daz_planner.cli.german import CallError, nearest

FORMATS = ("text", "csv", "json")


def whole_number(option: str, *, least: int, most: int) -> Callable[[str], int]:
    """Parser of a whole number between ``least`` and ``most``."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise CallError(
                f"{option}: „{text}“ ist keine ganze Zahl.",
                remedy=f"Geben Sie eine Zahl von {least} bis {most} an.",
            ) from None
        if not least <= value <= most:
            raise CallError(
                f"{option}: {text} liegt nicht zwischen {least} und {most}.",
                remedy=f"Geben Sie eine Zahl von {least} bis {most} an.",
            )
        return value

    return parse


def seconds(option: str) -> Callable[[str], float]:
    """Parser of a positive number of seconds, with a decimal point or comma."""

    def parse(text: str) -> float:
        value = _number(text)
        if value is None or not 0 < value <= 1e6:
            raise CallError(
                f"{option}: „{text}“ ist keine Dauer in Sekunden.",
                remedy="Geben Sie eine Zahl über 0 an, z. B. 60.",
            )
        return value

    return parse


def children(option: str) -> Callable[[str], float]:
    """Parser of a number of children to which something is known, at least a half."""

    def parse(text: str) -> float:
        value = _number(text)
        if value is None or not 0.5 <= value <= 1e6:
            raise CallError(
                f"{option}: „{text}“ ist keine Zahl von Kindern ab 0,5.",
                remedy="Geben Sie an, auf wie viele Kinder genau der P90 sein soll, z. B. 1.",
            )
        return value

    return parse


def share(option: str) -> Callable[[str], float]:
    """Parser of a share: ``0.005``, ``0,005`` or ``0,5%``."""

    def parse(text: str) -> float:
        percent = text.strip().endswith("%")
        value = _number(text.strip().removesuffix("%"))
        if value is not None and percent:
            value /= 100
        if value is None or not 0 <= value < 1:
            raise CallError(
                f"{option}: „{text}“ ist kein Anteil.",
                remedy="Geben Sie eine Zahl von 0 bis unter 1 an, z. B. 0,005, oder 0,5%.",
            )
        return value

    return parse


def german_date(option: str) -> Callable[[str], date]:
    """Parser of a date ``TT.MM.JJJJ``."""

    def parse(text: str) -> date:
        parts = text.strip().split(".")
        try:
            day, month, year = (int(part) for part in parts)
            if not 1990 <= year <= 2100:
                raise ValueError
            return date(year, month, day)
        except ValueError:
            raise CallError(
                f"{option}: „{text}“ ist kein Datum.",
                remedy="Schreiben Sie Tag, Monat und Jahr, z. B. 08.02.2017.",
            ) from None

    return parse


def german_month(option: str) -> Callable[[str], date]:
    """Parser of a month ``MM.JJJJ``, as its first day."""

    def parse(text: str) -> date:
        try:
            month, year = (int(part) for part in text.strip().split("."))
            if not 1990 <= year <= 2100:
                raise ValueError
            return date(year, month, 1)
        except ValueError:
            raise CallError(
                f"{option}: „{text}“ ist kein Monat.",
                remedy="Schreiben Sie Monat und Jahr, z. B. 08.2017.",
            ) from None

    return parse


def one_of(option: str, words: tuple[str, ...]) -> Callable[[str], str]:
    """Parser of one of a few words, in any case."""

    def parse(text: str) -> str:
        if text.lower() not in words:
            raise CallError(
                f"{option}: „{text}“ gibt es nicht.",
                remedy=f"{nearest(text, words)} Möglich: {', '.join(words)}.".strip(),
            )
        return text.lower()

    return parse


def solver_name(option: str) -> Callable[[str], str]:
    """Parser of the name of a solver, in any case; whether it is there the command finds out."""

    def parse(text: str) -> str:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{1,39}", text) is None:
            raise CallError(
                f"{option}: „{text}“ ist kein Name eines Rechenprogramms.",
                remedy="Möglich ist zum Beispiel highs oder cbc.",
            )
        return text.lower()

    return parse


def _number(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None


InputFile = Annotated[
    Path,
    typer.Argument(
        metavar="EINGABE",
        show_default=False,
        help="Die Arbeitsmappe (.xlsx, .xls, .ods) oder Tabelle (.csv) des Landkreises oder der "
        "Ordner, in dem seine Dateien liegen.",
    ),
]
ScenarioName = Annotated[
    str,
    typer.Option(
        "--szenario",
        "-s",
        metavar="SZENARIO",
        help="Mitgeliefertes Szenario (basis, moderat, stark, rueckgang, welle-2015, "
        "lehrermangel) oder eine eigene Datei .toml. Ohne Angabe: basis.",
    ),
]
ScenarioNames = Annotated[
    list[str],
    typer.Option(
        "--szenario",
        "-s",
        metavar="SZENARIO",
        help="Mitgeliefertes Szenario (basis, moderat, stark, rueckgang, welle-2015, "
        "lehrermangel) oder eine eigene Datei .toml. Für jedes Szenario einmal; mit dem ersten "
        "werden die anderen verglichen.",
    ),
]
OutputFolder = Annotated[
    Path | None,
    typer.Option(
        "--ordner",
        "-o",
        metavar="ORDNER",
        help="Ordner für die Ergebnisse; es darf ihn noch nicht geben.",
    ),
]
ReferenceDate = Annotated[
    date | None,
    typer.Option(
        "--stichtag",
        metavar="TT.MM.JJJJ",
        parser=german_date("--stichtag"),
        help="Tag, für den die Zahlen gelten. Ohne Angabe: der Stichtag in der Eingabe.",
    ),
]
Runs = Annotated[
    int | None,
    typer.Option(
        "--laeufe",
        metavar="N",
        parser=whole_number("--laeufe", least=1, most=100_000),
        help="Zahl der durchgespielten Zukünfte statt der Zahl im Szenario.",
    ),
]
Processes = Annotated[
    int,
    typer.Option(
        "--prozesse",
        metavar="N",
        parser=whole_number("--prozesse", least=1, most=256),
        help="So viele Prozesse rechnen die Zukünfte. Das Ergebnis ist immer dasselbe.",
    ),
]
SideBySide = Annotated[
    int | None,
    typer.Option(
        "--prozesse",
        metavar="N",
        parser=whole_number("--prozesse", least=1, most=256),
        help="So viele Szenarien werden gleichzeitig gerechnet. Ohne Angabe: so viele, wie der "
        "Rechner gut trägt. Das Ergebnis ist immer dasselbe.",
    ),
]
Precision = Annotated[
    float | None,
    typer.Option(
        "--genauigkeit",
        metavar="KINDER",
        parser=children("--genauigkeit"),
        help="Statt --laeufe: so viele Zukünfte, bis der P90 der Plätze auf so viele Kinder genau "
        "bekannt ist, z. B. 1 oder 0,5.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--saat",
        metavar="N",
        parser=whole_number("--saat", least=0, most=2**63 - 1),
        help="Startwert des Zufalls: gleiche Saat, gleiche Zahlen.",
    ),
]
Solver = Annotated[
    str | None,
    typer.Option(
        "--loeser",
        metavar="NAME",
        parser=solver_name("--loeser"),
        help="Rechenprogramm für den Plan: highs, cbc oder ein anderes, das auf dem Rechner "
        "installiert ist, z. B. scip, glpk oder gurobi.",
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--zeitlimit",
        metavar="S",
        parser=seconds("--zeitlimit"),
        help="Längste Rechenzeit für den Plan in Sekunden.",
    ),
]
Gap = Annotated[
    float | None,
    typer.Option(
        "--luecke",
        metavar="P",
        parser=share("--luecke"),
        help="So nah am bewiesen Besten genügt der Plan, z. B. 0,005 oder 0,5%.",
    ),
]
Overwrite = Annotated[
    bool,
    typer.Option("--ueberschreiben", help="Ersetzt, was unter diesem Namen schon da ist."),
]
CandidateSites = Annotated[
    bool,
    typer.Option(
        "--standorte",
        help="Nimmt die anderen öffentlichen Schulen des Landkreises mit je einem angenommenen "
        "freien Raum als mögliche Standorte dazu und sagt, wo ein neuer am meisten brächte.",
    ),
]
EarlierFolder = Annotated[
    Path | None,
    typer.Option(
        "--auf",
        metavar="ORDNER",
        help="Ergebnisordner eines früheren Plans: Angekündigte Klassen und Plätze bleiben, wo es "
        "geht, und jede Änderung wird mit ihrem Grund genannt.",
    ),
]
TradeOff = Annotated[
    bool,
    typer.Option(
        "--abwaegung",
        help="Zeigt, wie viele Minuten Schulweg jede weitere Klasse und jeder weitere "
        "Klassenmonat spart. Das dauert höchstens noch einmal so lange wie --zeitlimit.",
    ),
]
JudgedFutures = Annotated[
    int | None,
    typer.Option(
        "--zukuenfte",
        metavar="N",
        parser=whole_number("--zukuenfte", least=0, most=100_000),
        help="An so vielen Zukünften wird der Plan geprüft; 0 lässt es weg. Ohne Angabe: so viele "
        "wie im Szenario, höchstens 200.",
    ),
]
UntilMonth = Annotated[
    date | None,
    typer.Option(
        "--bis",
        metavar="MM.JJJJ",
        parser=german_month("--bis"),
        help="Monat, bis zu dem die Ursachen erklärt werden. Ohne Angabe: bis zum Ende.",
    ),
]
SingleRuns = Annotated[
    bool,
    typer.Option(
        "--einzeln", help="Schreibt auch jede Zukunft einzeln (tabellen/prognose_laeufe.csv)."
    ),
]
Public = Annotated[
    bool,
    typer.Option(
        "--oeffentlich",
        help="Schreibt eine Fassung zum Weitergeben: ohne Zeilen zu Kindern, ohne Zahlen von 1 bis "
        "3 und ohne die Summen, aus denen sie sich ergäben.",
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--still", "-q", help="Gibt nur Fehler aus."),
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log",
        metavar="DATEI",
        help="Schreibt Schritte, Zeiten und Versionen in diese Datei.",
    ),
]
