"""The sheet Prüfung: its formulas, computed by LibreOffice where that is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from daz_planner.planning.plan import Plan
from daz_planner.results.workbook import build_workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice ist nicht installiert")


def computed(book: openpyxl.Workbook, folder: Path) -> list[tuple[Any, ...]]:
    """The rows of the sheet after LibreOffice has computed it."""
    assert OFFICE is not None
    source, target = folder / "plan.xlsx", folder / "fertig"
    book.save(source)
    profile = (folder / "profil").as_uri()
    command = [OFFICE, f"-env:UserInstallation={profile}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(target), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheet = openpyxl.load_workbook(target / "plan.xlsx", data_only=True)["Prüfung"]
    return list(sheet.iter_rows(min_row=2, max_col=5, values_only=True))


@needs_office
def test_all_checks_hold_on_the_small_plan(plan: Plan, tmp_path: Path) -> None:
    rows = computed(build_workbook(plan), tmp_path)
    assert rows[0][0] == "Alle Prüfungen gehen auf."
    assert {row[4] for row in rows[3:]} == {"OK"}
    found = {(row[0], row[1]): row[2] for row in rows[3:]}
    balance = "Verteilt + Wartende am Ende + weggezogen beim Warten = Bedarf laut Prognose"
    assert found[balance, "GS"] == pytest.approx(5.045)
    assert found["Verteilung = neu im Monat (Auslastung)", "GS"] == pytest.approx(5.0)
    assert found["Klassenmonate: Klassenbildung = Auslastung", "GS"] == 10
    assert found["Lehrerstunden: Schulen = Summe der Schulart", "OS"] == 100


@needs_office
def test_empty_plan_passes_too(empty_plan: Plan, tmp_path: Path) -> None:
    rows = computed(build_workbook(empty_plan), tmp_path)
    assert rows[0][0] == "Alle Prüfungen gehen auf."


@needs_office
def test_a_changed_cell_is_found(plan: Plan, tmp_path: Path) -> None:
    book = build_workbook(plan)
    cell = book["Verteilung"]["E5"]
    assert cell.value == 1.0
    cell.value = 3.0
    rows = computed(book, tmp_path)
    assert rows[0][0].startswith("Achtung")
    wrong = [(row[0], row[1], row[4]) for row in rows[3:] if row[4] != "OK"]
    assert [(text.split(" ")[0], kind) for text, kind, _ in wrong] == [
        ("Verteilt", "GS"),
        ("Verteilung", "GS"),
    ]
    assert [difference for _, _, difference in wrong] == pytest.approx([2, 2])


def formulas(plan: Plan) -> str:
    sheet = build_workbook(plan)["Prüfung"]
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)


def test_formulas_use_plain_ranges_only(plan: Plan) -> None:
    text = formulas(plan)
    assert "SUMIFS('Verteilung'!$E$5:$E$9,'Verteilung'!$C$5:$C$9,\"GS\")" in text
    assert "tab_" not in text
    assert "[" not in text


def test_balance_is_left_out_where_the_demand_is_not_known(
    make_plan: Callable[..., Plan],
) -> None:
    assert "Bedarf laut Prognose" in formulas(make_plan())
    assert "Bedarf laut Prognose" not in formulas(replace(make_plan(), demand=None))
