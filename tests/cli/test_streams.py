"""Output is legible on any console and never fails for want of a character."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from daz_planner.cli import streams


def written(text: str, encoding: str) -> str:
    streams.prepare()
    return text.encode(encoding, streams.HANDLER).decode(encoding)


def test_ascii_keeps_the_text_legible() -> None:
    assert written("Größe „3 × 4“ – für Übergänge … ≥ 5", "ascii") == (
        'Groesse "3 x 4" - fuer Uebergaenge ... >= 5'
    )
    assert written("Łódź 漢", "ascii") == "?odz ?"


def test_cp1252_keeps_german() -> None:
    assert written("„Größe“ – 3 × 4 … → Nünchritz", "cp1252") == "„Größe“ – 3 × 4 … -> Nünchritz"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp850", "utf-8"])
@pytest.mark.parametrize("call", [["--help"], ["planen", "--help"], ["pruefen", "fehlt „x“.xlsx"]])
def test_whole_process_on_a_foreign_console(encoding: str, call: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "daz_planner", *call],
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        cwd=tmp_path,
        capture_output=True,
    )
    assert done.returncode == (2 if call[0] == "pruefen" else 0)
    text = (done.stdout + done.stderr).decode(encoding)
    assert "Traceback" not in text
    assert "?" not in text
    assert ("Prueft" if encoding == "ascii" else "Prüft") in text or call[0] != "--help"
    assert call[0] != "pruefen" or ("fehlt „x“.xlsx" in text) == (encoding in ("cp1252", "utf-8"))


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("call", [["--help"], ["pruefen", "fehlt.xlsx"]])
def test_reader_who_has_gone_is_no_error(call: list[str], unbuffered: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "daz_planner", *call],
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == (2 if call[0] == "pruefen" else 0)
