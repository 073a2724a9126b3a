"""Facility location problems stated as a workbook and a scenario, planned by the command."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import daz_planner as daz
from benchmarks.facility_location import orlib_problems
from daz_planner.cli import main
from daz_planner.planning import facility_plan
from tests.planning.facility_workbook import facility_scenario, write_facility_workbook

DEMAND, COST = [3.0, 4.0, 5.0], [[1, 4.5], [2, 0], [700, 3.25]]


def stated(folder: Path, *problem: Any, **scenario: Any) -> daz.Plan:
    """The plan of a problem that went through the files."""
    book = write_facility_workbook(folder / "standorte.xlsx", *problem)
    assumed = folder / "standorte.toml"
    assumed.write_text(facility_scenario(problem[0], **scenario), encoding="utf-8")
    district, chosen = daz.read_district(book), daz.load_scenario(assumed)
    return daz.make_plan(district, chosen, daz.simulate(district, chosen))


def test_plain_problem_by_the_command(tmp_path: Path) -> None:
    """Both sites open, 410.5; 3 × 1 + 4 × 0 + 5 × 3.25 = 19.25: 429.75."""
    write_facility_workbook(tmp_path / "a.xlsx", DEMAND, COST, [8, 9], [10, 400.5])
    (tmp_path / "a.toml").write_text(facility_scenario(DEMAND), encoding="utf-8")
    out = tmp_path / "aus"
    call = ["planen", str(tmp_path / "a.xlsx"), "-s", str(tmp_path / "a.toml"), "-o", str(out)]
    assert main(call) == 0
    with (out / "tabellen" / "ziele.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["Wert"] for row in rows] == ["0,000", "429,750"]
    assert [row["Status"] for row in rows] == ["bewiesen optimal"] * 2
    with (out / "tabellen" / "verteilung.csv").open(encoding="utf-8-sig", newline="") as file:
        flows = [
            (r["Gemeinde"], r["Schule"], r["Schüler"]) for r in csv.DictReader(file, delimiter=";")
        ]
    assert flows == [
        ("Kunde 1", "Standort 1", "3,000"),
        ("Kunde 2", "Standort 2", "4,000"),
        ("Kunde 3", "Standort 2", "5,000"),
    ]


def test_modular_problem(tmp_path: Path) -> None:
    """Two modules of 4 nearby (14 + 8) and one far away (12 + 6)."""
    plan = stated(tmp_path, [10.0], [[1, 3]], [4, 10], [7, 12], [2, 1])
    assert plan.stages[-1].value == pytest.approx(40.0, abs=1e-9)
    assert plan.classes[:, 1].tolist() == [2, 1]
    assert sum(flow.pupils for flow in plan.flows) == pytest.approx(10.0)


def test_units_may_wait_at_a_price(tmp_path: Path) -> None:
    """A second site for one unit costs 10, waiting 4."""
    plan = stated(tmp_path, [6.0], [[1, 1]], [5, 5], [10, 10], waiting=4.0)
    assert plan.stages[0].value == pytest.approx(19.0)
    assert plan.classes[:, 1].sum() == 1
    assert sum(place.pupils for place in plan.waiting) == pytest.approx(1.0)


def test_published_optimum(tmp_path: Path) -> None:
    """cap41 of the OR-Library."""
    cap41 = next(orlib_problems())
    sizes, opening = cap41.capacity.tolist(), cap41.opening.tolist()
    plan = stated(tmp_path, cap41.demand.tolist(), cap41.cost.tolist(), sizes, opening)
    assert plan.stages[-1].value == pytest.approx(1_040_444.375, rel=1e-6)


@pytest.mark.parametrize("waiting", [None, 3.0, 40.0])
def test_the_general_model_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: float | None
) -> None:
    """The same problem by the model of the planning, without the shorter way."""
    rng = np.random.default_rng(5)
    demand, cost = (
        rng.integers(1, 20, 5).astype(float).tolist(),
        rng.uniform(0, 30, (5, 3)).tolist(),
    )
    problem = (demand, cost, [15, 20, 25], [50, 60.5, 70], [2, 2, 1])
    quick = stated(tmp_path, *problem, waiting=waiting)
    monkeypatch.setattr(facility_plan, "is_facility_problem", lambda problem: False)
    slow = stated(tmp_path, *problem, waiting=waiting)
    assert quick.stages[-1].value == pytest.approx(slow.stages[-1].value, rel=1e-5)
    assert quick.stages[-1].value > 0.0


def test_too_few_seats(tmp_path: Path) -> None:
    """Where not all find a seat the plan says who waits, as ever."""
    plan = stated(tmp_path, DEMAND, COST, [4, 5], [10, 20])
    assert plan.stages[0].value == pytest.approx(3.0, abs=1e-4)
    assert sum(place.pupils for place in plan.waiting) == pytest.approx(3.0, abs=1e-4)


def test_several_months_are_no_facility_problem(tmp_path: Path) -> None:
    """With a second month of demand the general model decides: 12 each month, twice the ways."""
    book = write_facility_workbook(tmp_path / "a.xlsx", DEMAND, COST, [16, 18], [10, 400.5])
    text = facility_scenario(DEMAND).replace("monate = 2", "monate = 3")
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    district, chosen = daz.read_district(book), daz.load_scenario(tmp_path / "a.toml")
    plan = daz.make_plan(district, chosen, daz.simulate(district, chosen))
    assert plan.stages[-1].value == pytest.approx(410.5 + 2 * 19.25, rel=1e-5)
