"""The help is German, complete, and cheap."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from daz_planner import __version__
from daz_planner.cli import main

COMMANDS = (
    "belastung",
    "bericht",
    "erklaeren",
    "kalibrieren",
    "planen",
    "pruefen",
    "ruecktest",
    "simulieren",
    "vergleichen",
    "vorlage",
    "zuweisen",
)
ENGLISH = re.compile(
    r"\b(usage|options|arguments?|commands?|errors?|missing|invalid|no such|did|mean|show|this|"
    r"message|exit|default|required|try|the|for|not|with|value|values|file|path|int|integer|float|"
    r"bool|range|aborted|installation|current|shell|requires|takes|got|unexpected|extra|help)\b",
    re.IGNORECASE,
)
HEAVY = ("numpy", "pandas", "pydantic", "openpyxl", "python_calamine", "pulp", "highspy", "rich")


def english_words(text: str) -> list[str]:
    """English words of a text, its option names and quoted words left out."""
    without_names = re.sub(r"--?[a-z][\w-]*|„[^“]*“", " ", text)
    return ENGLISH.findall(without_names)


@pytest.mark.parametrize("args", [[], *([name] for name in COMMANDS)], ids=lambda a: " ".join(a))
def test_help_is_german_and_fits_80_columns(
    args: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*args, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"Aufruf: daz-planner {' '.join([*args, '[OPTIONEN]'])}")
    assert english_words(text) == []
    assert max(map(len, text.splitlines())) <= 80
    assert main([*args, "-h"]) == 0
    assert capsys.readouterr().out == text


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    text = capsys.readouterr().out
    assert all(re.search(rf"^  {name}\b", text, re.MULTILINE) for name in COMMANDS)


def test_without_anything_the_help_comes_and_the_call_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("Aufruf: daz-planner")
    assert captured.out == ""


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"daz-planner {__version__}\n"


@pytest.mark.parametrize("args", [["--help"], ["planen", "--help"], ["--version"], ["plannen"]])
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys\n"
        "from daz_planner.cli import main\n"
        f"main({args!r})\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
        "ours = [name for name in sys.modules if name.startswith('daz_planner.')]\n"
        "print('OURS', [name for name in ours"
        " if not name.startswith(('daz_planner.cli', 'daz_planner.errors'))])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    assert "LOADED []" in lines
    assert "OURS []" in lines


def test_completion_is_typers(tmp_path: object) -> None:
    environment = {
        **os.environ,
        "_DAZ_PLANNER_COMPLETE": "complete_bash",
        "COMP_WORDS": "daz-planner pl",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "daz_planner"], env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().split() == ["planen"]
