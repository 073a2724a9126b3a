"""Errors become sentences and exit codes; no traceback reaches the planner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from daz_planner.cli import main
from daz_planner.cli.app import MOST_FINDINGS
from daz_planner.district import template
from daz_planner.district.findings import Finding, Severity
from daz_planner.errors import (
    ConservationError,
    DazError,
    InputError,
    OutputError,
    ScenarioError,
    SolverError,
)


def run_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    """Exit code of a command whose work raises ``error``."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(template, "write_template", fail)
    return main(["vorlage", "x.xlsx"])


@pytest.mark.parametrize(
    ("kind", "code"),
    [(InputError, 2), (ScenarioError, 2), (OutputError, 2), (SolverError, 4), (DazError, 2)],
)
def test_each_error_has_its_code(
    kind: type[DazError],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    error = kind("„x“ ist falsch.", place="Schulen!D17", remedy="Schreiben Sie 2.")
    assert run_with(error, monkeypatch) == code
    captured = capsys.readouterr()
    assert captured.err == "Fehler: Schulen!D17: „x“ ist falsch. Schreiben Sie 2.\n"
    assert captured.out == ""


@pytest.mark.parametrize("error", [KeyError("geheim"), ConservationError("Ein Kind fehlt.")])
def test_fault_of_the_program(
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run_with(error, monkeypatch) == 5
    text = capsys.readouterr().err
    assert text.startswith("Fehler im Programm: ")
    assert "Traceback" not in text
    (log,) = tmp_path.glob("daz-planner-*.log")
    assert str(log) in text
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_interruption(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_with(KeyboardInterrupt(), monkeypatch) == 130
    assert capsys.readouterr().err == "Abgebrochen.\n"


def test_file_system_says_it_in_german(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = PermissionError(13, "Permission denied", "x.xlsx")
    assert run_with(error, monkeypatch) == 2
    text = capsys.readouterr().err
    assert text.startswith("Fehler: x.xlsx: Der Zugriff ist nicht erlaubt")
    assert "denied" not in text


def finding(row: int, severity: Severity = Severity.FAULT) -> Finding:
    return Finding(
        file="x.xlsx",
        sheet="Schulen",
        row=row,
        column=4,
        code="zahl",
        severity=severity,
        value="2x",
        problem="„2x“ ist keine ganze Zahl.",
        remedy="Tragen Sie die Zahl der VKA-Klassen ein, z. B. 2.",
    )


def test_findings_show_place_problem_and_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    several = [replace(finding(row), problem=f"Befund {row}.") for row in range(1, 55)]
    many = (*several[: MOST_FINDINGS - 1], finding(90), finding(91), *several[MOST_FINDINGS - 1 :])
    error = InputError("42 Fehler in der Eingabe.", findings=many)
    assert run_with(error, monkeypatch) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[:4] == [
        "Fehler: 42 Fehler in der Eingabe.",
        "Fehler Schulen!D1",
        "  Befund 1.",
        "  Tragen Sie die Zahl der VKA-Klassen ein, z. B. 2.",
    ]
    assert lines[-1] == f"… und {len(many) - MOST_FINDINGS - 1} weitere, siehe pruefen --format csv"
    assert "Fehler Schulen!D90:D91 (2 Zellen, „2x“)" in lines
    assert len(lines) == 1 + 3 * MOST_FINDINGS + 1
    assert max(map(len, lines)) <= 80


def test_single_finding_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = InputError("Die Eingabe hat einen Fehler.", findings=(finding(17),))
    assert run_with(error, monkeypatch) == 2
    assert capsys.readouterr().err == (
        "Fehler: x.xlsx: Schulen!D17: „2x“ ist keine ganze Zahl. "
        "Tragen Sie die Zahl der VKA-Klassen ein, z. B. 2.\n"
    )
