"""Small pieces of the terminal and of the clock."""

from __future__ import annotations

import subprocess
import sys

import pytest

from daz_planner.cli import terminal
from daz_planner.cli.clock import Stopwatch
from daz_planner.cli.terminal import Terminal, counted


def test_counted() -> None:
    assert counted(0, "Warnung", "Warnungen") == "keine Warnungen"
    assert counted(1, "Warnung", "Warnungen") == "1 Warnung"
    assert counted(2, "Warnung", "Warnungen") == "2 Warnungen"


def test_progress_is_silent_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "PATIENCE", -1.0)
    with Terminal().progress() as progress:
        progress(0.5, "Es wird gerechnet")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_no_colour_in_a_pipe() -> None:
    code = "from daz_planner.cli.terminal import Terminal; Terminal().print('x', style='bold red')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.split() == [b"x"]


def test_laps_add_up_to_the_time_since_the_start() -> None:
    watch = Stopwatch()
    first = watch.lap("Start")
    watch.lap("Lesen")
    assert first > 0
    assert 0 < sum(watch.seconds.values()) <= watch.total
