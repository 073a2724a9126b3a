"""``zuweisung.xlsx``: the seats of today's list for reading and printing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.assignment_summary import assignment_summary
from daz_planner.results.sheets.frame import open_sheet, set_page
from daz_planner.results.sheets.lists import add_assumptions, add_children, add_list, mark
from daz_planner.results.sheets.mail_merge import add_mail_merge
from daz_planner.results.sheets.overview import (
    COLUMNS,
    WIDTH,
    add_answers,
    add_hints,
    input_warnings,
)
from daz_planner.results.sheets.protocol import add_protocol
from daz_planner.results.sheets.style import ALARM, Styles
from daz_planner.results.workbook import footer_of, set_properties

if TYPE_CHECKING:
    from daz_planner.planning.assign import Assignment
    from daz_planner.results.schema import Table

_NOTE = (
    "Ein Vorschlag: Über Aufnahme und Klassen entscheidet das Landesamt für Schule und Bildung. "
    "Nicht zur Veröffentlichung bestimmt, denn jede Zeile der Zuweisung steht für ein Kind."
)


def build_assignment_workbook(
    result: Assignment, tables: dict[str, Table], record: dict[str, Any]
) -> Workbook:
    """The workbook: Übersicht, children, letters, free seats, who waits, assumptions, record.

    Where nobody waits, there is no sheet of those who do; the first page says so.
    """
    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    styles = Styles(workbook)
    footer = footer_of(result)
    _add_overview(workbook, styles, result, footer)
    add_children(workbook, styles, tables["zuweisung"], footer)
    add_mail_merge(workbook, styles, tables["serienbrief"], footer)
    add_list(
        workbook,
        styles,
        tables["freie_plaetze"],
        name="Freie Plätze",
        title="Freie Plätze der Schulen",
        note="Am Stichtag frei bis zur Klassenobergrenze, und was davon die Kinder der Liste "
        "bekommen. Später vergeben: Plätze, die erst in einem späteren Monat frei werden.",
        footer=footer,
    )
    if not tables["wartende"].is_empty:
        waiting = add_list(
            workbook,
            styles,
            tables["wartende"],
            name="Wartende",
            title="Kinder, die warten",
            note="Kinder ohne Platz am Stichtag, mit dem Monat, ab dem sie einen haben. Rot und "
            "umrandet: kein Platz im ganzen Zeitraum.",
            footer=footer,
        )
        mark(workbook["Wartende"], waiting, "Platz ab", "ISBLANK({cell})", ALARM)
    add_assumptions(workbook, styles, tables["annahmen"], footer)
    add_protocol(workbook, styles, result, record, tables["ziele"], footer)
    title = f"Zuweisung der heutigen Liste, {result.district.name}"
    subject = "Plätze in Vorbereitungsklassen (Deutsch als Zweitsprache)"
    set_properties(workbook, result, record, title, subject)
    return workbook


def _add_overview(workbook: Workbook, styles: Styles, result: Assignment, footer: str) -> None:
    sheet = workbook.create_sheet("Übersicht")
    open_sheet(
        sheet,
        styles,
        f"Zuweisung der heutigen Liste – {result.district.name}",
        f"Stichtag {german.day(result.district.reference_date)} · Szenario "
        f"„{result.scenario.name}“ · ohne künftige Anmeldungen und ohne neue Klassen",
    )
    for number in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    row = add_answers(sheet, styles, 4, assignment_summary(result))
    row = add_hints(sheet, styles, row + 1, [*result.hints, *input_warnings(result)], _NOTE)
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{row}"
    set_page(sheet, footer, one_page=True)
