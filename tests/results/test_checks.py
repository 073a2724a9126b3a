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
from openpyxl.utils import range_boundaries

from daz_planner.planning.plan import Cause, Plan, WaitingPlace
from daz_planner.results.sheets.checks import _school_years
from daz_planner.results.workbook import build_workbook
from tests.results.workbook_cases import everything

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# LibreOffice adds parts that openpyxl does not read.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
    pytest.mark.filterwarnings("ignore:Unable to read chart"),
]
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
    rows = list(sheet.iter_rows(min_row=2, max_col=5, values_only=True))
    # Below an empty row stands the balance of the children, as numbers.
    end = next((n for n, row in enumerate(rows) if n > 2 and row[4] is None), len(rows))
    return rows[:end]


def wrong_lines(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], Any]:
    """(check, school type) → what is shown in place of OK."""
    return {(row[0], row[1]): row[4] for row in rows[3:] if row[4] != "OK"}


@needs_office
def test_all_checks_hold_on_the_small_plan(plan: Plan, tmp_path: Path) -> None:
    rows = computed(build_workbook(plan), tmp_path)
    assert rows[0][0] == "Alle Prüfungen gehen auf."
    assert {row[4] for row in rows[3:]} == {"OK"}
    found = {(row[0], row[1]): row[2] for row in rows[3:]}
    # GS: 2 on the list + 3.045 later = 5 placed + 0 waiting + 0.045 moved away.
    balance = "auf der Liste + später dazugekommen = verteilt + warten am Ende + weggezogen"
    assert found[f"Bilanz: {balance}", "GS"] == pytest.approx(5.045)
    away = "Bilanz: weggezogen = Wegzug je Monat (Annahmen) × Wartende der Prognose davor"
    assert found[away, "GS"] == pytest.approx(0.045)
    assert found["Übersicht: Plätze am Ende", "GS"] == 68
    # 1.5 × 10 and 3.5 × 5 minutes
    ways = "Übersicht: Weg im Mittel × Schüler = Minuten × Schüler (Verteilung)"
    assert found[ways, "GS"] == pytest.approx(32.5)
    over = "Übersicht: Anteil über Richtwert × Schüler = Schüler über Richtwert (Verteilung)"
    assert (found[over, "GS"], found[over, "OS"]) == (0, pytest.approx(1.0))
    assert found["Verteilung = neu im Monat (Belegung)", "GS"] == pytest.approx(5.0)
    assert found["Verteilung: Zeilen = Summe der Schulart", "OS"] == pytest.approx(2.25)
    by_month = "Verteilung = neu im Monat, Monat für Monat, Feb 2017 bis Mai 2017"
    assert found[f"{by_month} (Summe der Abweichungen)", "GS"] == pytest.approx(0)
    assert found["Wartende höchstens: Wartende = Übersicht", "GS"] == pytest.approx(3.5)
    assert found["Klassenmonate: Klassenbildung = Belegung", "GS"] == 10
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
    wrong = wrong_lines(rows)
    assert list(wrong) == [
        ("Bilanz: verteilt = Verteilung", "GS"),
        ("Übersicht: neu verteilte Schüler", "GS"),
        ("Verteilung = neu im Monat (Belegung)", "GS"),
        (
            "Verteilung = neu im Monat, Monat für Monat, Feb 2017 bis Mai 2017 "
            "(Summe der Abweichungen)",
            "GS",
        ),
        ("Verteilung: Monate = Spalte Summe", "GS"),
        ("Verteilung: Zeilen = Summe der Schulart", "GS"),
    ]
    assert [abs(difference) for difference in wrong.values()] == pytest.approx([2] * 6)


@needs_office
def test_pupils_in_a_wrong_month_and_negative_ones_are_found(plan: Plan, tmp_path: Path) -> None:
    book = build_workbook(plan)
    sheet = book["Verteilung"]
    # One pupil moved from April to May, half a one from March to nowhere and back: sums stay.
    sheet["G6"].value, sheet["H6"].value = 2.5, 1.0
    sheet["E5"].value, sheet["F5"].value = 2.0, -0.5
    rows = computed(book, tmp_path)
    wrong = [(text.split(",")[0], shown) for (text, _), shown in wrong_lines(rows).items()]
    # |−1| + |1| in April and May, |1| + |−1| in February and March
    assert wrong == [
        ("Verteilung = neu im Monat", pytest.approx(4)),
        ("Keine negative Zahl in der Verteilung", 1),
    ]


CHANGES = {
    # sheet, table, column, row below the head: what the change breaks (part of the line)
    "use": ("Belegung", "tab_auslastung", "belegt gesamt", 3, "Belegt gesamt = Summe der Teile"),
    "start": (
        "Ausgangszahlen",
        "tab_ausgangszahlen",
        "VKA-Schüler Tabelle",
        1,
        "VKA-Schüler heute",
    ),
    "need": ("Plätze", "tab_plaetze", "Plätze", 2, "Plätze = Summe der Schulen"),
    "band": ("Prognose", "tab_prognose", "VKA P50", 2, "P10 ≤ P50 ≤ P90"),
    "phase": ("Prognose", "tab_prognose", "Phase 2", 2, "VKA = Phase 1 + Phase 2"),
    "regular": ("Regelklassen", "tab_regelklassen", "frei", 1, "Regelklassen: frei = Plätze"),
    "over": ("Regelklassen", "tab_regelklassen", "neu in Regelklassen", 1, "mindestens neu"),
    "policy": ("Zukünfte", "tab_zukunft_vergleich", "Wartemonate", 2, "Zukünfte: Wartemonate"),
    "front": ("Abwägung", "tab_abwaegung", "Minuten zusammen", 1, "Abwägung, Tabelle 1"),
    "plan": ("Abwägung", "tab_abwaegung", "neue Klassen", 1, "neue Klassen des Plans"),
    "site": ("Standorte", "tab_standorte_vergleich", "Wartemonate", 1, "Standorte: Wartemonate"),
    "class": ("Klassenbildung", "tab_klassenbildung", "neue Klassen", 1, "neue Klassen ("),
    "hours": ("Lehrerstunden", "tab_lehrerstunden", "Mrz 2017", 1, "Schulen = Summe der Schulart"),
    "rate": ("Annahmen", "tab_annahmen", "Wert", "wege.richtwert.GS", "Anteil über Richtwert"),
    "balance": ("Prüfung", "tab_bilanz", "später dazugekommen", 1, "Bilanz: auf der Liste"),
}
"""One changed cell a subject of the sheet."""


@needs_office
@pytest.mark.parametrize(
    "names",
    [
        ("use", "need", "regular", "policy", "front", "site", "balance"),
        ("start", "band", "over", "plan", "class", "rate"),
        ("phase", "hours"),
    ],
)
def test_a_changed_cell_of_each_sheet_is_found(names: tuple[str, ...], tmp_path: Path) -> None:
    """Changes that break different lines are made together, for LibreOffice takes its time."""
    book = build_workbook(everything())
    for name in names:
        title, table, column, line, _ = CHANGES[name]
        sheet = book[title]
        left, top, right, _ = range_boundaries(sheet.tables[table].ref)
        heads = [sheet.cell(top, number).value for number in range(left, right + 1)]
        if isinstance(line, str):
            first = [cell.value for (cell,) in sheet.iter_rows(top, max_col=1)]
            line = first.index(line)
        cell = sheet.cell(top + line, left + heads.index(column))
        assert cell.value is not None
        cell.value = 0 if name == "rate" else cell.value + 1000
    rows = computed(book, tmp_path)
    assert rows[0][0].startswith("Achtung")
    for name in names:
        told = CHANGES[name][-1]
        assert any(told in text for text, _ in wrong_lines(rows)), (name, wrong_lines(rows))


@needs_office
def test_all_checks_hold_with_every_sheet(tmp_path: Path) -> None:
    rows = computed(build_workbook(everything()), tmp_path)
    assert wrong_lines(rows) == {}
    assert rows[0][0] == "Alle Prüfungen gehen auf."
    subjects = {row[0].split(":")[0].split(",")[0] for row in rows[3:]}
    assert {
        *("Bilanz", "Übersicht", "Lehrerstunden", "Prognose", "Plätze", "Regelklassen"),
        *("Zukünfte", "Abwägung", "Standorte", "Heutige Liste"),
    } <= subjects


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
    assert "Bilanz" in formulas(make_plan())
    assert "Bilanz" not in formulas(replace(make_plan(), demand=None))
