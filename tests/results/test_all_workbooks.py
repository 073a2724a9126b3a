"""Every workbook that the program writes: nothing that Excel would have to repair.

All are written from the same district, whose names begin like formulas and hold quotes, & and <.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from daz_planner.planning.assign import assign_children
from daz_planner.planning.compare import cases, compare
from daz_planner.planning.load_test import load_test
from daz_planner.results.assignment_folder import write_assignment
from daz_planner.results.backtest_folder import write_backtest
from daz_planner.results.compare_folder import write_comparison
from daz_planner.results.folder import write_result
from daz_planner.results.load_test_folder import write_load_test
from daz_planner.results.public_folder import write_public
from daz_planner.results.simulation_folder import write_simulation
from daz_planner.results.simulation_result import SimulationResult
from daz_planner.scenario import with_values
from daz_planner.scenario.model import Scenario
from tests.results.ooxml import problems
from tests.results.test_backtest import whole as backtest_of
from tests.results.workbook_cases import FORMULA_LIKE, everything


def _plan(folder: Path) -> None:
    write_result(everything(), folder)


def _public(folder: Path) -> None:
    write_public(everything(), folder)


def _assignment(folder: Path) -> None:
    plan = everything()
    write_assignment(assign_children(plan.district, plan.scenario), folder)


def _simulation(folder: Path) -> None:
    plan = everything()
    write_simulation(SimulationResult(plan.district, plan.scenario, plan.forecast), folder)


def _renamed(name: str, **values: float) -> Scenario:
    """The scenario under a name that a call allows, with other values."""
    scenario = everything().scenario.model_copy(update={"name": name})
    return with_values(scenario, {key.replace("__", "."): value for key, value in values.items()})


def _load_test(folder: Path) -> None:
    test = load_test(everything().district, _renamed("klein", rechnen__laeufe=8))
    write_load_test(test, folder)


def _comparison(folder: Path) -> None:
    two = [_renamed("wenig"), _renamed("mehr", zuzug__pro_monat=9.0)]
    write_comparison(compare(cases(everything().district, two)), folder)


def _backtest(folder: Path) -> None:
    write_backtest(backtest_of(), folder)


WRITERS: dict[str, Callable[[Path], None]] = {
    "plan.xlsx": _plan,
    "oeffentlich/plan.xlsx": _public,
    "zuweisung.xlsx": _assignment,
    "simulation.xlsx": _simulation,
    "belastung.xlsx": _load_test,
    "vergleich.xlsx": _comparison,
    "ruecktest.xlsx": _backtest,
}


@pytest.fixture(scope="module", params=WRITERS)
def workbook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mappen") / "ergebnis"
    WRITERS[request.param](folder)
    return folder / Path(request.param).name


def test_excel_has_nothing_to_repair(workbook: Path) -> None:
    assert problems(workbook) == []


def test_formulas_stand_on_the_check_sheet_alone(workbook: Path) -> None:
    """And a text that begins like a formula is stored as a text, with the mark that keeps it so."""
    seen = set()
    for sheet in openpyxl.load_workbook(workbook):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert sheet.title == "Prüfung", (sheet.title, cell.coordinate, cell.value)
                elif isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    assert (cell.data_type, cell.quotePrefix) == ("s", True), cell.coordinate
                    seen.add(cell.value)
    if workbook.name != "ruecktest.xlsx":
        assert seen & {*FORMULA_LIKE, "=Szenario", "=Kreis"}


def test_links_lead_from_sheet_to_sheet(workbook: Path) -> None:
    """Links are places in the workbook, so that Excel and LibreOffice both follow them."""
    book = openpyxl.load_workbook(workbook)
    for sheet in book:
        for row in sheet.iter_rows(max_row=6):
            for cell in row:
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None, (sheet.title, cell.coordinate)
                    name, _, place = cell.hyperlink.location.rpartition("!")
                    assert name.strip("'") in book.sheetnames
                    assert place == "A1"
