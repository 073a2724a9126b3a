"""``--loeser`` and ``[rechnen] loeser``: what is not there is told before any work is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from daz_planner.cli import main
from daz_planner.shipped import path

EXAMPLE = str(path("data", "meissen-2017-02-08.xlsx"))


@pytest.mark.parametrize("command", ["planen", "zuweisen", "belastung"])
def test_an_unknown_solver_ends_the_command_before_the_input_is_read(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([command, "fehlt.xlsx", "--loeser", "higs"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Fehler: „higs“ ist kein Rechenprogramm")
    assert "Meinten Sie „highs“?" in said.err
    assert list(tmp_path.iterdir()) == []


def test_the_solver_of_a_scenario_is_looked_for_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mein.toml"
    mine.write_text('name = "mein"\nbasis = "basis"\n[rechnen]\nloeser = "MIPCL_CMD"\n', "utf-8")
    assert main(["planen", EXAMPLE, "-s", str(mine)]) == 2
    assert "„mipcl_cmd“ ist für den Plan nicht geeignet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [mine]
    # A simulation solves nothing.
    assert main(["simulieren", EXAMPLE, "-s", str(mine), "--laeufe", "2", "-q"]) == 0


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_at_a_tiny_time_limit_the_plan_is_written_and_says_so(
    solver: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "aus"
    call = f"planen {EXAMPLE} -s stark --loeser {solver} --zeitlimit 0,000001 --laeufe 2 -o {out}"
    assert main(call.split()) == 4
    record = json.loads((out / "lauf.json").read_text(encoding="utf-8"))
    assert record["am_limit_beendet"] is True
    assert record["loeser"] == solver
    goals = record["ziele"]
    assert {goal["status"] for goal in goals} >= {"NOT_RUN"}
    for goal in goals:
        if goal["status"] == "NOT_RUN":
            assert goal["schranke"] is None
            assert goal["luecke"] is None
        if goal["status"] == "OPTIMAL":
            assert goal["luecke"] <= 1e-6
    answer = capsys.readouterr().out
    assert "wegen des Zeitlimits nicht gerechnet" in " ".join(answer.split())
    assert "bei jedem Ziel bewiesen optimal" not in answer
    sheet = load_workbook(out / "plan.xlsx", read_only=True)["Protokoll"]
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert "nicht gerechnet (Zeitlimit)" in cells
