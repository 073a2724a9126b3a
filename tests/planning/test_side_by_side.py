"""School types side by side: an error or an interruption does not wait for the others."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import Future
from typing import Any

import pytest

from daz_planner.errors import SolverError
from daz_planner.planning import side_by_side
from daz_planner.planning.side_by_side import Task, solve_all
from daz_planner.planning.stages import Budget
from tests.factories import scenario


def tasks(*names: str) -> list[Task]:
    """Tasks whose models are nothing but names."""
    return [Task(name) for name in names]  # type: ignore[arg-type]


def test_an_error_stops_the_others_and_does_not_wait_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began, told = threading.Event(), threading.Event()

    def solve(model: Any, _: Any, budget: Budget, *__: Any) -> Any:
        if model == "fails":
            assert began.wait(60.0)
            raise SolverError("Abgestürzt.")
        began.set()
        # Would wait for ever where nobody says that it is over.
        budget.stopped.wait()
        told.set()

    monkeypatch.setattr(side_by_side, "solve_stages", solve)
    with pytest.raises(SolverError, match="Abgestürzt"):
        solve_all(tasks("fails", "waits"), scenario(rechnen={"threads": 2}), Budget.of_seconds(1.0))
    assert told.wait(60.0)


def test_solutions_come_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    second = threading.Event()

    def solve(model: Any, *_: Any) -> Any:
        if model == "one":
            assert second.wait(60.0)
        second.set()
        return f"solution of {model}"

    monkeypatch.setattr(side_by_side, "solve_stages", solve)
    told: list[int] = []
    found: list[Any] = list(
        solve_all(
            tasks("one", "two"),
            scenario(rechnen={"threads": 2}),
            Budget.of_seconds(1.0),
            told.append,
        )
    )
    assert found == ["solution of one", "solution of two"]
    assert told == [0, 1]


def test_a_plan_that_is_ready_in_the_moment_of_looking_up_counts() -> None:
    class Ready(Future[Any]):
        """Times out although it is done by the time that somebody asks."""

        def result(self, timeout: float | None = None) -> Any:
            if timeout is not None:
                self.set_result("solution")
                raise TimeoutError
            return super().result()

    assert side_by_side._result(Ready()) == "solution"


INTERRUPTED = """
import os, signal, sys, threading
from pathlib import Path
from daz_planner import cli
from daz_planner.planning import side_by_side

def solve(*_):
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait()

side_by_side.solve_stages = solve
sys.exit(cli.main(["planen", sys.argv[1], "-o", sys.argv[2]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot press Ctrl-C there")
def test_ctrl_c_does_not_wait_for_the_solver(tmp_path: Any) -> None:
    from daz_planner.cli import main

    given = tmp_path / "beispiel.xlsx"
    assert main(["vorlage", "--beispiel", str(given)]) == 0
    out = tmp_path / "plan"
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, str(given), str(out)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ended.returncode == 130
    assert "Abgebrochen." in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr
    assert not out.exists()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["beispiel.xlsx"]
