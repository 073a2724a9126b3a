"""The remark on a plan that the time limit cut off: the same words in every answer, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from daz_planner.cli import main
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.plan import SolveStatus, StageResult
from daz_planner.results.folder import write_result
from daz_planner.results.proof import cut_off_remark
from daz_planner.results.summary import summary
from daz_planner.results.where import PAGE, SHEETS
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school

REMARK = (
    "Diese Rechnung wurde am Zeitlimit abgebrochen und ist so kein Plan (höchstens 1,7 % vom "
    "Optimum entfernt, GS, Ziel „Weg“; 1 Ziel nicht gerechnet)."
)


def stage(status: SolveStatus, gap: float | None, goal: str = "weg") -> StageResult:
    return StageResult("GS", goal, 100.0, None if gap is None else 98.3, gap, status, 1.0)


@pytest.fixture(scope="module")
def plan() -> Plan:
    town = district([school("GS A")], [place("A-Dorf")], [child("K1")])
    setting = scenario(zuzug={"pro_monat": 2.0})
    made = make_plan(town, setting, simulate(town, setting))
    stages = (
        stage(SolveStatus.OPTIMAL, 0.0, "wartemonate"),
        stage(SolveStatus.LIMIT, 0.0167),
        stage(SolveStatus.NOT_RUN, None, "klassenmonate"),
    )
    return replace(made, stages=stages)


def test_by_hand(plan: Plan) -> None:
    assert cut_off_remark(plan) == REMARK
    unknown = replace(plan, stages=(stage(SolveStatus.LIMIT, None),))
    assert cut_off_remark(unknown).endswith("(Abstand zum Optimum nicht bekannt, GS, Ziel „Weg“).")
    proven = replace(plan, stages=(stage(SolveStatus.WITHIN_GAP, 0.004),))
    assert cut_off_remark(proven) == ""


def test_once_in_the_answers_and_not_below_the_remark_of_the_page(plan: Plan) -> None:
    told = " ".join(answer for _, answer in summary(plan, SHEETS))
    assert told.count("am Zeitlimit abgebrochen") == 1 and REMARK in told
    assert "am Zeitlimit" not in " ".join(answer for _, answer in summary(plan, PAGE))


def test_the_same_words_in_the_files_and_commands(
    plan: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    folder = write_result(plan, tmp_path / "plan")
    page = (folder / "bericht.html").read_text(encoding="utf-8")
    assert page.count(REMARK) == 1
    cells = [
        str(cell.value)
        for row in load_workbook(folder / "plan.xlsx")["Übersicht"].iter_rows()
        for cell in row
    ]
    assert sum(REMARK in text for text in cells) == 1
    for call in (["erklaeren", str(folder), "K1"], ["erklaeren", str(folder), "GS A"]):
        assert main(call) == 0
        assert capsys.readouterr().out.count(REMARK) == 1
    assert main(["bericht", str(folder)]) == 0
    assert capsys.readouterr().out.count(REMARK) == 1
    assert (folder / "bericht.html").read_text(encoding="utf-8").count(REMARK) == 1
