"""CSV files: German numbers, the same bytes for the same plan, no formulas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from daz_planner.planning.plan import Plan
from daz_planner.results.csvfiles import csv_bytes, csv_text, write_csv_files
from daz_planner.results.schema import Column, Kind, table
from daz_planner.results.tables import tables


def test_csv_is_what_a_german_excel_opens(plan: Plan) -> None:
    content = csv_bytes(tables(plan)["verteilung"])
    assert content.startswith(b"\xef\xbb\xbfGemeinde;Schule;Schulart;Monat;")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[1] == "Adorf;Grundschule „Nord“;GS;2017-02;1,000;10"
    assert lines[-1] == ""


def test_shares_are_percent_and_dates_german(plan: Plan) -> None:
    built = tables(plan)
    load = csv_bytes(built["auslastung"]).decode("utf-8-sig").split("\r\n")
    # 21 of 22 seats: 95.45… %
    assert load[1].endswith(";21,000;1,000;95,5")
    children = csv_bytes(built["zuweisung"]).decode("utf-8-sig").split("\r\n")
    assert ";09.01.2017;" in children[1]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_text_never_becomes_a_formula(start: str) -> None:
    assert csv_text(f"{start}2+5") == f"'{start}2+5"
    assert csv_text(f"2{start}5") == f"2{start}5"


def test_child_id_that_looks_like_a_formula(plan: Plan) -> None:
    lines = csv_bytes(tables(plan)["zuweisung"]).decode("utf-8-sig").split("\r\n")
    assert lines[2].startswith("'=2+5;")


def test_negative_numbers_are_no_formulas() -> None:
    one = table("x", [Column("frei", Kind.NUMBER, digits=1)], [[-1.25]], empty="")
    assert csv_bytes(one).decode("utf-8-sig") == "frei\r\n-1,3\r\n"


def test_separator_and_quotes_in_text_are_quoted() -> None:
    one = table("x", [Column("Text")], [['a;b "c"'], [None]], empty="")
    assert csv_bytes(one).decode("utf-8-sig") == 'Text\r\n"a;b ""c"""\r\n""\r\n'


def test_solver_noise_does_not_change_the_bytes(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan()
    noisy = make_plan(use_forecast=plan.use_forecast + 1e-12)
    first, second = tables(plan), tables(noisy)
    assert [csv_bytes(first[name]) for name in first] == [csv_bytes(second[name]) for name in first]


def test_one_file_a_table(plan: Plan, tmp_path: Path) -> None:
    built = tables(plan)
    paths = write_csv_files(built, tmp_path / "tabellen")
    assert [path.name for path in paths] == [f"{name}.csv" for name in built]
    assert all(path.read_bytes()[:3] == b"\xef\xbb\xbf" for path in paths)
