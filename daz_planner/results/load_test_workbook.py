"""``belastung.xlsx``: the answers with the factors on one page, assumptions, record of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.applied_rules import forecast_rules
from daz_planner.results.assumption_tables import assumptions
from daz_planner.results.load_test_folder import load_test_record
from daz_planner.results.load_test_tables import load_test_tables
from daz_planner.results.load_test_texts import answers, hints
from daz_planner.results.sheets.frame import open_sheet, place_table, set_page
from daz_planner.results.sheets.lists import add_assumptions, mark
from daz_planner.results.sheets.overview import (
    COLUMNS,
    WIDTH,
    add_answers,
    add_hints,
    input_warnings,
)
from daz_planner.results.sheets.protocol import add_protocol
from daz_planner.results.sheets.style import CAUTION, Look, Styles
from daz_planner.results.workbook import footer_of, set_properties

if TYPE_CHECKING:
    from pathlib import Path

    from daz_planner.planning.load_test import LoadTest
    from daz_planner.results.schema import Table

_NOTE = (
    "P10 und P90: In 8 von 10 Zukünften liegt der Faktor dazwischen. Gelb und unterstrichen: unter "
    "1, der Zuzug des Szenarios selbst ist schon zu viel."
)


def build_load_test_workbook(
    test: LoadTest, tables: dict[str, Table] | None = None, record: dict[str, Any] | None = None
) -> Workbook:
    """The workbook; ``tables`` and ``record`` are made where they are not given."""
    tables = load_test_tables(test) if tables is None else tables
    record = load_test_record(test) if record is None else record
    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    styles = Styles(workbook)
    footer = footer_of(test)
    _overview(workbook, styles, test, tables["belastung"], footer)
    listed = assumptions(test.scenario, forecast_rules(test))
    add_assumptions(workbook, styles, listed, footer)
    add_protocol(workbook, styles, test, record, None, footer)
    name = f"Belastung des VKA-Netzes {test.district.name}, Szenario {test.scenario.name}"
    subject = "Wie viel Zuzug die Vorbereitungsklassen tragen (Deutsch als Zweitsprache)"
    set_properties(workbook, test, record, name, subject)
    return workbook


def write_load_test_workbook(
    test: LoadTest,
    path: Path,
    tables: dict[str, Table] | None = None,
    record: dict[str, Any] | None = None,
) -> None:
    """Write ``belastung.xlsx``. Raises ``OSError`` where the file cannot be written."""
    build_load_test_workbook(test, tables, record).save(path)


def _overview(
    workbook: Workbook, styles: Styles, test: LoadTest, table: Table, footer: str
) -> None:
    sheet = workbook.create_sheet("Übersicht")
    first, last = german.month(test.months[0]), german.month(test.months[-1])
    futures = german.plural(test.runs, "durchgespielte Zukunft", "durchgespielte Zukünfte")
    open_sheet(
        sheet,
        styles,
        f"Wie viel Zuzug trägt das Netz? – {test.district.name}",
        f"Stichtag {german.day(test.district.reference_date)} · Szenario „{test.scenario.name}“ · "
        f"Zeitraum {first} bis {last} · {futures}",
    )
    for number in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    for number in (2, 10):
        sheet.column_dimensions[get_column_letter(number)].width = 2 * WIDTH
    sheet.column_dimensions[get_column_letter(11)].width = 1.8 * WIDTH
    row = add_answers(sheet, styles, 4, answers(test))
    styles.put(sheet, row + 1, 1, "Faktor auf den Zuzug", Look.SECTION)
    placed = place_table(sheet, styles, table, row=row + 2, set_widths=False)
    for name in ("Faktor", "P10", "P50", "P90"):
        mark(sheet, placed, name, "AND(ISNUMBER({cell}),{cell}<1)", CAUTION)
    row = add_hints(
        sheet, styles, placed.last_row + 2, [*hints(test), *input_warnings(test)], _NOTE
    )
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{row}"
    set_page(sheet, footer, one_page=True)
