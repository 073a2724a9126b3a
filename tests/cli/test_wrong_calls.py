"""Every wrong call is answered in German, with the remedy and exit code 2."""

from __future__ import annotations

import re

import pytest

from daz_planner.cli import main

ENGLISH = re.compile(
    r"\b(usage|options|arguments?|commands?|errors?|missing|invalid|no such|did|mean|input|should|"
    r"valid|unable|parse|default|required|try|the|for|not|with|value|integer|requires|takes|"
    r"unexpected|extra|choose|possible)\b",
    re.IGNORECASE,
)

CALLS = {
    "unknown command": ("plannen x", "Den Befehl „plannen“ gibt es nicht", "„planen“"),
    "strange command": ("qqqq", "Den Befehl „qqqq“ gibt es nicht", "planen, pruefen, ruecktest"),
    "unknown option": ("planen x --szenrio y", "„--szenrio“ gibt es nicht", "„--szenario“"),
    "unknown program option": ("--verison", "„--verison“ gibt es nicht", "„--version“"),
    "unknown letter": ("planen x -z", "„-z“ gibt es nicht", ""),
    "missing argument": ("planen", "Die Angabe EINGABE fehlt", "Arbeitsmappe"),
    "missing list": ("pruefen", "Die Angabe EINGABE... fehlt", ""),
    "missing value": ("planen x -s", "Nach der Option „-s“ fehlt der Wert", "-s SZENARIO"),
    "flag with value": ("planen x --ueberschreiben=ja", "steht für sich", ""),
    "too many": ("planen x y z", "Zu viele Angaben: „y z“", "Anführungszeichen"),
    "bad whole number": ("planen x --laeufe abc", "„abc“ ist keine ganze Zahl", "von 1 bis"),
    "number out of range": ("planen x --laeufe 0", "0 liegt nicht zwischen 1 und", ""),
    "negative seed": ("simulieren x --saat -1", "-1 liegt nicht zwischen 0 und", ""),
    "bad name": ("planen x --loeser 9x", "„9x“ ist kein Name eines Rechenprogramms", "highs"),
    "bad format": ("pruefen x --format xml", "„xml“ gibt es nicht", "text, csv, json"),
    "bad date": ("planen x --stichtag 31.02.2017", "„31.02.2017“ ist kein Datum", "08.02.2017"),
    "bad seconds": ("planen x --zeitlimit nie", "„nie“ ist keine Dauer", "über 0"),
    "bad share": ("planen x --luecke 3", "„3“ ist kein Anteil", "0,5%"),
    "not a number": ("planen x --luecke nan", "„nan“ ist kein Anteil", ""),
    "wrong ending": ("vorlage x.xls", "endet nicht auf .xlsx", "„x.xlsx“"),
}


@pytest.mark.parametrize(("call", "problem", "remedy"), CALLS.values(), ids=CALLS)
def test_wrong_call(
    call: str, problem: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(call.split()) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    first, *rest = captured.err.splitlines()
    assert first.startswith("Fehler: ")
    assert problem in first
    assert remedy in first
    command = call.split()[0] if call.split()[0] in ("planen", "pruefen", "simulieren") else ""
    if command:
        assert rest == [f"Hilfe: daz-planner {command} --help"]
    assert ENGLISH.findall(re.sub(r"--?[a-z][\w-]*|„[^“]*“", " ", captured.err)) == []


def test_unknown_exception_of_the_parser_is_german_too() -> None:
    from daz_planner.cli.german import german_call_error

    class NewError(Exception):
        def format_message(self) -> str:
            return "Something new"

    answer = german_call_error(NewError())
    assert answer is not None
    assert str(answer) == "Der Aufruf ist nicht zu verstehen."
    assert german_call_error(ValueError("x")) is None
