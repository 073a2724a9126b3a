"""The input workbook to fill in, empty or with the real table of Landkreis Meißen.

Sheets, columns, hints and formats come from :mod:`daz_planner.district.columns`, so the template
is always one that :func:`daz_planner.district.read.read_district` understands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.layout import (
    DETAILS,
    MUNICIPALITIES,
    NEWCOMERS,
    SCHOOLS,
)
from daz_planner.district.model import SCHOOL_TYPES, District, Municipality, School
from daz_planner.district.text import Cell
from daz_planner.district.workbook_file import workbook_bytes, write_whole

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

EXAMPLE = "meissen-2017-02-08.xlsx"
"""The shipped workbook that the example is made of."""

TEMPLATE_ROWS = 300
"""Rows of each table that are prepared with drop-downs and formats."""

_STAMP = datetime(2017, 2, 8, 12, 0, 0)
_LATER_COLUMNS = frozenset(("Quelle", "lfd. Nr.", "PLZ"))
_HEAD_FILL = "1F4E78"
_OPTIONAL_FILL = "5B7F9F"

_README: tuple[tuple[str, str], ...] = (
    ("Eingabe für daz-planner", "Titel"),
    ("Planung der Vorbereitungsklassen (VKA) eines Landkreises", ""),
    ("", ""),
    ("So geht es", "Kapitel"),
    ("1. Blatt „Angaben“: Landkreis, Stichtag und Schuljahr eintragen.", ""),
    (
        "2. Blatt „Schulen“: je Zeile eine Schule mit VKA-Schülern, VKA-Klassen und freien "
        "Plätzen (Kap.reserve).",
        "",
    ),
    (
        "3. Blatt „Neuzugänge“: je Zeile ein Kind, das am Stichtag auf einen Platz wartet. Das "
        "Blatt darf leer bleiben.",
        "",
    ),
    (
        "4. Blatt „Gemeinden“: die Gemeinden des Landkreises. Bleibt es leer, gelten die "
        "Gemeinden des Landkreises aus dem amtlichen Verzeichnis.",
        "",
    ),
    ("5. Prüfen: daz-planner pruefen DATEI.xlsx", ""),
    ("6. Planen: daz-planner planen DATEI.xlsx", ""),
    ("", ""),
    ("Gut zu wissen", "Kapitel"),
    ("Dunkle Spaltenköpfe sind nötig, hellere Spalten dürfen leer bleiben.", ""),
    ("Was in eine Zelle gehört, erscheint, sobald die Zelle ausgewählt ist.", ""),
    ("Spalten dürfen anders stehen und Summenzeilen („Summe GS“) dürfen dabei sein.", ""),
    (
        "Eine Schule mit 0 Klassen und 0 Schülern ist ein möglicher neuer Standort. Tragen Sie "
        "dort unter „freie Räume“ ein, wie viele Klassen Platz hätten.",
        "",
    ),
    (
        "Fehlen Breite und Länge, sucht das Programm die Schule in der Liste der sächsischen "
        "Schulen; findet es sie nicht sicher, gilt der Sitz der Gemeinde.",
        "",
    ),
    (
        "Keine Namen von Kindern, keine Geburtsdaten, keine Staatsangehörigkeit, keine Sprache: "
        "das Programm braucht sie nicht. Eine Kennung genügt.",
        "",
    ),
)


def write_template(path: Path, *, overwrite: bool = False) -> None:
    """Write the empty input workbook.

    Raises
    ------
    OutputError
        The file exists already (without ``overwrite``) or cannot be written.
    """
    write_whole(workbook_bytes(_workbook(None), _STAMP), Path(path), overwrite=overwrite)


def write_example(path: Path, *, overwrite: bool = False) -> None:
    """Write the input workbook filled with the table of Landkreis Meißen of 8 Feb 2017.

    Raises
    ------
    OutputError
        The file exists already (without ``overwrite``) or cannot be written.
    """
    from daz_planner.district.read import read_district
    from daz_planner.shipped import path as shipped_path

    district = read_district(shipped_path("data", EXAMPLE))
    write_whole(workbook_bytes(_workbook(district), _STAMP), Path(path), overwrite=overwrite)


def _workbook(district: District | None) -> Workbook:
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.properties.creator = "daz-planner"
    workbook.properties.title = "Eingabe für daz-planner"
    first = workbook.active
    assert first is not None
    workbook.remove(first)
    _readme(workbook, district)
    _details(workbook, district)
    _table(workbook, SCHOOLS, _school_rows(district.schools) if district else ())
    _table(workbook, NEWCOMERS, ())
    _table(workbook, MUNICIPALITIES, _place_rows(district.municipalities) if district else ())
    return workbook


def _readme(workbook: Workbook, district: District | None) -> None:
    from openpyxl.styles import Alignment, Font

    sheet = workbook.create_sheet("Lies mich")
    lines = list(_README)
    if district is not None:
        lines[1] = (
            "Beispiel: Vorbereitungsklassen im Landkreis Meißen am 08.02.2017. Quelle: "
            "Integrationskonzept des Landkreises Meißen (2017), Abbildung 4.",
            "",
        )
    for number, (line, kind) in enumerate(lines, start=1):
        cell = sheet.cell(number, 1, line or None)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if kind:
            cell.font = Font(bold=True, size=16 if kind == "Titel" else 12)
    sheet.column_dimensions["A"].width = 100
    sheet.sheet_view.showGridLines = False
    _print_setup(sheet, landscape=False)


def _details(workbook: Workbook, district: District | None) -> None:
    from openpyxl.styles import Font

    sheet = workbook.create_sheet(DETAILS.name)
    _header(sheet, ("Angabe", "Wert", "Hinweis"), (True, True, False))
    written: dict[str, Cell] = {}
    if district is not None:
        written = {
            "Landkreis": district.name,
            "Stichtag": district.reference_date,
            "Schuljahr": district.school_year,
        }
    row = 1
    for column in DETAILS.columns:
        if column.unused:
            continue
        row += 1
        sheet.cell(row, 1, column.name).font = Font(bold=True)
        value = sheet.cell(row, 2)
        value.number_format = column.number_format
        _put(sheet, row, 2, written.get(column.name), column.number_format)
        sheet.cell(row, 3, column.hint).font = Font(italic=True, color="666666")
    for letter, width in (("A", 16), ("B", 24), ("C", 64)):
        sheet.column_dimensions[letter].width = width
    _print_setup(sheet, landscape=False)


def _school_rows(schools: Sequence[School]) -> list[dict[str, Cell]]:
    return [
        {
            "Schule": school.name,
            "Schulart": school.school_type,
            "Gemeinde": school.municipality,
            "Schulnummer": school.number or None,
            "VKA-Schüler": school.pupils,
            "VKA-Klassen": school.classes,
            "Kap.reserve": school.reserve,
            "Klassengröße": school.class_cap,
            "freie Räume": school.free_rooms,
            "Gast-VKA": school.guests or None,
            "Phase 1": school.phases[0],
            "Phase 2": school.phases[1],
            "Phase 3": school.phases[2],
            "Planungsregion": school.planning_area or None,
            "Breite": school.latitude,
            "Länge": school.longitude,
            "Koordinate von": school.location_from or None,
        }
        for school in schools
    ]


def _place_rows(municipalities: Sequence[Municipality]) -> list[dict[str, Cell]]:
    return [
        {
            "Gemeinde": place.name,
            "AGS": place.ags or None,
            "Einwohner": place.population,
            "Breite": place.latitude,
            "Länge": place.longitude,
            "Anteil am Zuzug": place.arrival_share,
            "Planungsregion": place.planning_area or None,
        }
        for place in municipalities
    ]


def _table(workbook: Workbook, spec: SheetSpec, rows: Iterable[dict[str, Cell]]) -> None:
    from openpyxl.utils import get_column_letter

    sheet = workbook.create_sheet(spec.name)
    columns = [column for column in spec.columns if column.name not in _LATER_COLUMNS]
    _header(sheet, [c.name for c in columns], [c.mandatory for c in columns])
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        for row in range(2, TEMPLATE_ROWS + 2):
            sheet.cell(row, number).number_format = column.number_format
        _validate(sheet, spec, column, f"{letter}2:{letter}{TEMPLATE_ROWS + 1}")
    last = 1
    for last, values in enumerate(rows, start=2):
        for number, column in enumerate(columns, start=1):
            _put(sheet, last, number, values.get(column.name), column.number_format)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(last, 2)}"
    _print_setup(sheet, landscape=True)
    sheet.print_title_rows = "1:1"


def _header(sheet: Worksheet, names: Sequence[str], dark: Sequence[bool]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for number, (name, is_dark) in enumerate(zip(names, dark, strict=True), start=1):
        cell = sheet.cell(1, number, name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color=_HEAD_FILL if is_dark else _OPTIONAL_FILL)
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    sheet.row_dimensions[1].height = 32


def _put(sheet: Worksheet, row: int, column: int, value: Cell, number_format: str) -> None:
    """Write a value; a text is stored as text even where it looks like a formula."""
    if value is None or value == "":
        return
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    cell.number_format = number_format


def _validate(sheet: Worksheet, spec: SheetSpec, column: Column, area: str) -> None:
    """A drop-down or a number check, and the hint that appears on the selected cell."""
    from openpyxl.worksheet.datavalidation import DataValidation

    source = _choices(spec, column)
    if source:
        rule = DataValidation(type="list", formula1=source, allow_blank=True)
    elif column.number_format in ("0", "#,##0"):
        rule = DataValidation(
            type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True
        )
    elif column.number_format == "dd.mm.yyyy":
        rule = DataValidation(
            type="date",
            operator="greaterThan",
            formula1=str((date(1990, 1, 1) - date(1899, 12, 30)).days),
            allow_blank=True,
        )
    else:
        rule = DataValidation(allow_blank=True)
    rule.showInputMessage = True
    rule.promptTitle = column.name
    rule.prompt = column.hint[:250] or column.name
    rule.showErrorMessage = bool(source) or rule.type in ("whole", "date")
    rule.errorStyle = "warning" if source and column.name != "Schulart" else "stop"
    rule.errorTitle = "daz-planner"
    rule.error = column.remedy[:250]
    sheet.add_data_validation(rule)
    rule.add(area)


def _choices(spec: SheetSpec, column: Column) -> str:
    """The list that a drop-down shows, as Excel writes it; empty for no drop-down."""
    last = TEMPLATE_ROWS + 1
    if column.name == "Schulart":
        return '"' + ",".join(SCHOOL_TYPES) + '"'
    if column.name == "Gemeinde" and spec is not MUNICIPALITIES:
        return f"'{MUNICIPALITIES.name}'!$A$2:$A${last}"
    if column.name in ("fixiert auf", "Ausschluss", "Wunsch"):
        return f"'{SCHOOLS.name}'!$A$2:$A${last}"
    return ""


def _print_setup(sheet: Worksheet, *, landscape: bool) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer = sheet.oddFooter
    if footer is not None and footer.center is not None:
        footer.center.text = "&A, Seite &P von &N"
