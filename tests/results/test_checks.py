"""The sheet Prüfung: its formulas, computed by LibreOffice where that is installed."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from daz_planner.planning.plan import Cause, Plan, WaitingPlace
from daz_planner.results.sheets.checks import _school_years
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
    assert found["Verteilung: Zeilen = Summe der Schulart", "OS"] == pytest.approx(2.25)
    by_month = "Verteilung = neu im Monat, Monat für Monat, Feb 2017 bis Mai 2017"
    assert found[f"{by_month} (Summe der Abweichungen)", "GS"] == pytest.approx(0)
    assert found["Wartende höchstens: Wartende = Übersicht", "GS"] == pytest.approx(3.5)
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
    assert [(text, kind) for text, kind, _ in wrong] == [
        ("Verteilt + Wartende am Ende + weggezogen beim Warten = Bedarf laut Prognose", "GS"),
        ("Verteilung = neu im Monat (Auslastung)", "GS"),
        (
            "Verteilung = neu im Monat, Monat für Monat, Feb 2017 bis Mai 2017 "
            "(Summe der Abweichungen)",
            "GS",
        ),
        ("Verteilung: Monate = Spalte Summe", "GS"),
        ("Verteilung: Zeilen = Summe der Schulart", "GS"),
    ]
    assert [difference for _, _, difference in wrong] == pytest.approx([2] * 5)


@needs_office
def test_pupils_in_a_wrong_month_and_negative_ones_are_found(plan: Plan, tmp_path: Path) -> None:
    book = build_workbook(plan)
    sheet = book["Verteilung"]
    # One pupil moved from April to May, half a one from March to nowhere and back: sums stay.
    sheet["G6"].value, sheet["H6"].value = 2.5, 1.0
    sheet["E5"].value, sheet["F5"].value = 2.0, -0.5
    rows = computed(book, tmp_path)
    wrong = [(row[0].split(",")[0], row[4]) for row in rows[3:] if row[4] != "OK"]
    # |−1| + |1| in April and May, |1| + |−1| in February and March
    assert wrong == [
        ("Verteilung = neu im Monat", pytest.approx(4)),
        ("Keine negative Zahl in der Verteilung", 1),
    ]


@needs_office
def test_children_of_the_list_who_wait_do_not_move_away(
    make_plan: Callable[..., Plan], tmp_path: Path
) -> None:
    """Two children of the list wait in all four months, one other in February only.

    Demand: 2 + 1 wait and 5 are placed; of the one, 0.01 moves away and 0.99 get a seat in March.
    """
    places = (
        WaitingPlace("GS", 2, 0, 3.0, date(2017, 2, 1), Cause.NO_ROOM, 2),
        *(WaitingPlace("GS", 2, t, 2.0, date(2017, 2, 1), Cause.NO_ROOM, 2) for t in (1, 2, 3)),
    )
    plan = make_plan(waiting=places)
    demand = np.array([[5 + 2 + 0.01, 0, 0, 0], [2.25, 0, 0, 0]])
    rows = computed(build_workbook(replace(plan, demand=demand)), tmp_path)
    assert rows[0][0] == "Alle Prüfungen gehen auf."


@pytest.mark.parametrize(("change", "lengths"), [(8, [6, 12]), (2, [12, 6]), (12, [10, 8])])
def test_school_years_part_the_months(change: int, lengths: list[int]) -> None:
    months = [date(2017 + (1 + n) // 12, (1 + n) % 12 + 1, 1) for n in range(18)]
    assert [len(year) for year in _school_years(months, change)] == lengths


def formulas(plan: Plan) -> str:
    sheet = build_workbook(plan)["Prüfung"]
    return "\n".join(str(value) for row in sheet.iter_rows(values_only=True) for value in row)


def test_formulas_use_plain_ranges_only(plan: Plan) -> None:
    text = formulas(plan)
    assert "SUMPRODUCT(('Verteilung'!$A$5:$A$8=\"GS\")*'Verteilung'!$E$5:$H$8)" in text
    assert "tab_" not in text
    assert "[" not in text


def test_balance_is_left_out_where_the_demand_is_not_known(
    make_plan: Callable[..., Plan],
) -> None:
    assert "Bedarf laut Prognose" in formulas(make_plan())
    assert "Bedarf laut Prognose" not in formulas(replace(make_plan(), demand=None))
