"""Decided closings in plan.xlsx: what the matrix shows without seats, and what the checks find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from daz_planner.district.model import ClassDecision, PlanState
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Plan
from daz_planner.results.sheets.load import NO_SEAT
from daz_planner.results.workbook import build_workbook
from daz_planner.simulation import simulate
from tests.factories import district, scenario, school
from tests.results.test_checks import computed, needs_office, wrong_lines

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported"),
    pytest.mark.filterwarnings("ignore:Unable to read chart"),
]


@pytest.fixture(scope="module")
def closing() -> Plan:
    """A full school that closes in April and an empty one; a candidate site without seats."""
    town = district(
        [school("GS A", pupils=12), school("GS B"), school("GS C", classes=0, free_rooms=1)]
    )
    end = ClassDecision("GS A", date(2017, 4, 1), 0, PlanState.DECIDED)
    town, setting = replace(town, class_plan=(end,)), scenario()
    return make_plan(town, setting, simulate(town, setting))


def test_no_cell_of_the_matrix_is_empty(closing: Plan) -> None:
    rows: dict[str, list[Any]] = {}
    for row in build_workbook(closing)["Auslastung"].iter_rows(min_row=4, max_col=8):
        if row[0].value in ("GS A", "GS B", "GS C"):
            rows.setdefault(row[0].value, [cell.value for cell in row[2:]])
    # Twelve pupils, one of whom leaves each month.
    assert rows["GS A"] == [pytest.approx(12 / 23), pytest.approx(11 / 23), *[NO_SEAT] * 4]
    assert rows["GS B"] == [0.0] * 6
    assert rows["GS C"] == ["–"] * 6


@needs_office
def test_the_checks_find_pupils_without_a_seat(closing: Plan, tmp_path: Path) -> None:
    rows = computed(build_workbook(closing), tmp_path)
    assert rows[0][0] == "Achtung: Mindestens eine Prüfung geht nicht auf."
    text = "Ohne Platz, weil Klassen schließen (Belegung, höchster Monat einer Schule)"
    assert wrong_lines(rows) == {(text, "alle"): pytest.approx(10.0)}
