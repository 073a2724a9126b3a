"""``plan.xlsx`` of a shared version: sheets of the tables that are allowed, and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from daz_planner import german
from daz_planner.results.public import LEGEND
from daz_planner.results.public_texts import TITLE, protocol_rows, public_answers
from daz_planner.results.schema import Column, Kind, Table, table
from daz_planner.results.sheets.classes import add_classes
from daz_planner.results.sheets.frame import HEAD_ROW, open_sheet, place_table, set_page
from daz_planner.results.sheets.hours import add_hours
from daz_planner.results.sheets.lists import add_assumptions, add_list
from daz_planner.results.sheets.overview import COLUMNS, WIDTH, add_answers
from daz_planner.results.sheets.style import Look, Styles
from daz_planner.results.workbook import footer_of, set_properties

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from daz_planner.results.public import Shared

_LISTS = (
    ("bedarf", "Bedarf", "Benötigte und vorhandene Plätze", "Wenn jedes Kind sofort beginnt."),
    ("wartende", "Wartende", "Kinder ohne Platz", "Erwartete Kinder je Schulart und Monat."),
    (
        "erreichbarkeit",
        "Erreichbarkeit",
        "Gemeinden ohne VKA innerhalb des Richtwerts",
        "Minuten: einfacher Weg.",
    ),
    (
        "zukunft_vergleich",
        "Zukünfte",
        "Plan, nichts tun und einfache Regel im Vergleich",
        "An denselben gezogenen Zukünften.",
    ),
    (
        "zukunft_klassen",
        "Neue Klassen",
        "Wie oft jede neue Klasse gebraucht wird",
        "Anteil der Zukünfte, in denen ohne sie mehr Kinder warten.",
    ),
    (
        "abwaegung",
        "Abwägung",
        "Schulwege gegen Klassen",
        "Weg am Tag: Minuten je Kind, hin und zurück, im Mittel.",
    ),
    ("engpaesse", "Engpässe", "Was mehr brächte", "Das Wirksamste zuerst."),
    ("standorte", "Standorte", "Mögliche neue Standorte", "Das Wirksamste zuerst."),
    ("ziele", "Ziele", "Ziele und Genauigkeit", "Lücke: höchstens so weit vom bewiesen Besten."),
)
"""Table, sheet, title and note of the sheets that are one list each."""


def build_public_workbook(
    shared: Shared, tables: Mapping[str, Table], record: Mapping[str, Any]
) -> Workbook:
    """The workbook of a shared version; ``tables`` as ``public_tables`` makes them."""
    plan = shared.plan
    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    styles = Styles(workbook)
    footer = f"Öffentliche Fassung · {footer_of(plan)}"
    _overview(workbook, styles, shared, tables["schularten"], footer)
    add_list(
        workbook,
        styles,
        tables["fassung"],
        name="Diese Fassung",
        title=TITLE,
        note=LEGEND,
        footer=footer,
    )
    add_classes(workbook, styles, tables["klassenbildung"], footer)
    _use(workbook, styles, tables, footer)
    for name, sheet, title, note in _LISTS:
        if name in tables:
            add_list(
                workbook, styles, tables[name], name=sheet, title=title, note=note, footer=footer
            )
    if "lehrerstunden" in tables:
        hours, sums = tables["lehrerstunden"], tables["lehrerstunden_schularten"]
        add_hours(workbook, styles, hours, sums, footer)
    add_assumptions(workbook, styles, tables["annahmen"], footer)
    add_list(
        workbook,
        styles,
        protocol_table(record),
        name="Protokoll",
        title="Protokoll des Laufs",
        note="Womit gerechnet wurde. Hinweise und Warnungen nennt nur die Fassung des Amts.",
        footer=footer,
    )
    title = f"VKA-Plan {plan.district.name}, Szenario {plan.scenario.name}, öffentliche Fassung"
    subject = "Planung der Vorbereitungsklassen (Deutsch als Zweitsprache)"
    set_properties(workbook, plan, dict(record), title, subject)
    return workbook


def write_public_workbook(
    shared: Shared, path: Path, tables: Mapping[str, Table], record: Mapping[str, Any]
) -> None:
    """Write the workbook. Raises ``OSError`` where the file cannot be written."""
    build_public_workbook(shared, tables, record).save(path)


def protocol_table(record: Mapping[str, Any]) -> Table:
    """Protokoll: what the run was made with."""
    columns = [Column("Angabe", width=34), Column("Wert", width=96)]
    return table("protokoll", columns, protocol_rows(record), empty="Kein Protokoll.")


def wide_use(use: Table) -> Table:
    """Auslastung turned on its side: a row a school with its seats today, a column a month."""
    months = list(dict.fromkeys(use.values("Monat")))
    rows: dict[tuple[Any, ...], list[Any]] = {}
    names = ("Schule", "Schulart", "Plätze", "belegt")
    for school, kind, seats, used in zip(*(use.values(name) for name in names), strict=True):
        rows.setdefault((school, kind), [seats]).append(used)
    return _wide(use, months, [[*key, *row] for key, row in rows.items()])


def wide_type_use(use: Table) -> Table:
    """The same of the school types, in the same columns."""
    months = list(dict.fromkeys(use.values("Monat")))
    rows: dict[str, list[Any]] = {}
    for kind, seats, used in zip(*map(use.values, ("Schulart", "Plätze", "belegt")), strict=True):
        rows.setdefault(kind, [seats]).append(used)
    names = german.SCHOOL_TYPE_NAMES
    named = [
        [names.get(kind, kind), kind if kind in names else "", *row] for kind, row in rows.items()
    ]
    return _wide(use, months, named)


def _wide(use: Table, months: list[Any], rows: list[list[Any]]) -> Table:
    columns = [
        Column("Schule" if "Schule" in use.frame.columns else "Alle Schulen", width=34),
        use.column("Schulart"),
        Column("Plätze heute", Kind.COUNT, "Plätze"),
        *(Column(german.month_key(m), Kind.COUNT, "Schüler", month=m) for m in months),
    ]
    return table(use.name, columns, rows, empty=use.empty)


def _overview(
    workbook: Workbook, styles: Styles, shared: Shared, types: Table, footer: str
) -> None:
    plan = shared.plan
    sheet = workbook.create_sheet("Übersicht")
    period = f"{german.month(plan.months[0])} bis {german.month(plan.months[-1])}"
    open_sheet(
        sheet,
        styles,
        f"Plan der Vorbereitungsklassen (VKA) – {plan.district.name}",
        f"Öffentliche Fassung · Stichtag {german.day(plan.district.reference_date)} · Szenario "
        f"„{plan.scenario.name}“ · Zeitraum {period}",
    )
    for number in range(1, COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    row = add_answers(sheet, styles, 4, public_answers(shared))
    placed = place_table(sheet, styles, types, row=row + 1, set_widths=False)
    styles.put(sheet, placed.last_row + 2, 1, LEGEND, Look.NOTE)
    styles.put(sheet, placed.last_row + 3, 1, f"{TITLE}: Blatt Diese Fassung.", Look.NOTE)
    sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{placed.last_row + 3}"
    set_page(sheet, footer, one_page=True)


def _use(workbook: Workbook, styles: Styles, tables: Mapping[str, Table], footer: str) -> None:
    sheet = workbook.create_sheet("Auslastung")
    open_sheet(
        sheet,
        styles,
        "Belegte Plätze je Schule und Monat",
        f"Schüler im Mittel, auf ganze gerundet. {LEGEND}",
    )
    wide = wide_use(tables["auslastung"])
    placed = place_table(sheet, styles, wide)
    set_page(sheet, footer, repeat=HEAD_ROW, months=len(wide.columns) - 3, repeat_columns=2)
    if placed.is_empty:
        return
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, 3)
    row = placed.last_row + 2
    styles.put(sheet, row, 1, "Je Schulart", Look.TITLE)
    types = wide_type_use(tables["auslastung_schularten"])
    place_table(sheet, styles, types, row=row + 2, set_widths=False)
