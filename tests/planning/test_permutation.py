"""The order of the rows and the names of the schools are no matter to the plan."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daz_planner.cli import main
from tests.planning.written_input import Case, Sheets, random_case, read_table

DEEP = int(os.environ.get("DAZ_TIEF", "1"))
UNSEEN = ("Bestand", "Wege", "Klassenplan", "Lehrerstunden")
"""Sheets whose order shows nowhere in the result."""


def planned(folder: Path, case: Case, order: int | None = None) -> Path:
    folder.mkdir()
    dice = None if order is None else random.Random(order)
    book = case.write(folder / "eingabe.xlsx", dice)
    setting = folder / "probe.toml"
    setting.write_text(case.toml(), encoding="utf-8")
    result = folder / "ergebnis"
    options = ("-s", str(setting), "-o", str(result), "-q", "--zukuenfte", "0", "--luecke", "0")
    assert main(["planen", str(book), *options]) in (0, 3)
    return result


def texts(result: Path) -> dict[str, str]:
    return {
        path.name: path.read_text(encoding="utf-8-sig")
        for path in sorted((result / "tabellen").iterdir())
    }


@pytest.mark.parametrize("seed", range(4000, 4000 + 2 * DEEP))
def test_the_order_of_the_rows_changes_no_row_of_the_result(seed: int, tmp_path: Path) -> None:
    case = random_case(seed, small=True)
    first = texts(planned(tmp_path / "eins", case))
    second = texts(planned(tmp_path / "zwei", case, order=seed))
    assert list(first) == list(second)
    for name, text in first.items():
        assert sorted(text.splitlines()) == sorted(second[name].splitlines()), name


@pytest.mark.parametrize("seed", range(5000, 5000 + DEEP))
def test_rows_that_show_nowhere_change_no_byte(seed: int, tmp_path: Path) -> None:
    case = random_case(seed, small=True)
    dice = random.Random(seed)
    turned = {
        name: dice.sample(rows, len(rows)) if name in UNSEEN else rows
        for name, rows in case.sheets.items()
    }
    first = texts(planned(tmp_path / "eins", case))
    second = texts(planned(tmp_path / "zwei", replace(case, sheets=turned)))
    assert first == second


def renamed(sheets: Sheets, names: dict[str, str]) -> Sheets:
    """The sheets with other names of schools."""

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return "; ".join(names.get(part, part) for part in value.split("; "))

    return {
        sheet: [
            {key: value if key == "Gemeinde" else cell(value) for key, value in row.items()}
            for row in rows
        ]
        for sheet, rows in sheets.items()
    }


@pytest.mark.parametrize("seed", range(6000, 6000 + DEEP))
def test_other_names_of_schools_change_only_the_names(seed: int, tmp_path: Path) -> None:
    case = random_case(seed, small=True)
    # Names in the same alphabetical order, so that a tie goes to the same school.
    old = sorted(row["Schule"] for row in case.sheets["Schulen"])
    kinds = {row["Schule"]: row["Schulart"] for row in case.sheets["Schulen"]}
    names = {name: f"{n} Schule {kinds[name]} Q{n}" for n, name in enumerate(old)}
    first = texts(planned(tmp_path / "eins", case))
    second = texts(planned(tmp_path / "zwei", replace(case, sheets=renamed(case.sheets, names))))
    for name, text in first.items():
        back = second[name].replace('"', "")
        for before, after in names.items():
            back = back.replace(after, before)
        assert back == text.replace('"', ""), name


@pytest.mark.parametrize("seed", range(7000, 7000 + DEEP))
def test_names_in_another_order_change_no_value_of_a_goal(seed: int, tmp_path: Path) -> None:
    case = random_case(seed, small=True)
    # Children of the list who are alike draw lots, and the lot hangs on names.
    sheets = {name: rows for name, rows in case.sheets.items() if name != "Neuzugänge"}
    case = replace(case, sheets=sheets)
    old = sorted((row["Schule"] for row in sheets["Schulen"]), reverse=True)
    names = {name: f"{n} Schule Q{n}" for n, name in enumerate(old)}
    values = []
    for folder, rows in (("eins", sheets), ("zwei", renamed(sheets, names))):
        result = planned(tmp_path / folder, replace(case, sheets=rows))
        values.append(
            [(row["Schulart"], row["Ziel"], row["Wert"]) for row in read_table(result, "ziele")]
        )
    assert [row[:2] for row in values[0]] == [row[:2] for row in values[1]]
    for one, two in zip(*values, strict=True):
        before, after = (float(row[2].replace(",", ".")) for row in (one, two))
        assert before == pytest.approx(after, rel=1e-4, abs=0.01), one
