"""Make ``meissen-2017-02-08.xlsx``: the table of the district as an office would lay it out.

Reads the CSV files beside it and writes the workbook beside it, with the same bytes each time::

    python data/erzeugen.py
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from daz_planner.district.workbook_file import workbook_bytes, write_whole  # noqa: E402

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TARGET = HERE / "meissen-2017-02-08.xlsx"
STAMP = datetime(2017, 2, 8, 12, 0, 0)
BLOCKS = (("GS", "Grundschulen"), ("OS", "Oberschulen"), ("BSZ", "Berufliche Schulzentren"))
SCHOOL_HEADER = (
    ("Schule", 46.0),
    ("Gemeinde", 16.0),
    ("VKA-Schüler", 12.0),
    ("VKA-Klassen", 12.0),
    ("Kap.reserve", 12.0),
    ("Breite", 12.0),
    ("Länge", 12.0),
    ("Koordinate von", 16.0),
)
PLACE_HEADER = (
    ("Gemeinde", 20.0),
    ("AGS", 12.0),
    ("PLZ", 24.0),
    ("Einwohner", 12.0),
    ("Breite", 12.0),
    ("Länge", 12.0),
    ("Planungsregion", 16.0),
)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_header(sheet: Worksheet, row: int, header: Sequence[tuple[str, float]]) -> None:
    """Write the names of the columns in bold on grey, and set the widths."""
    for number, (name, width) in enumerate(header, start=1):
        cell = sheet.cell(row, number, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="D9D9D9")
        cell.border = Border(bottom=Side(style="thin"))
        cell.alignment = Alignment(horizontal="left" if number == 1 else "center")
        sheet.column_dimensions[cell.column_letter].width = width


def write_schools(workbook: Workbook) -> None:
    """Title, header, the three blocks with their sums, the total, the source."""
    sheet = workbook.create_sheet("Schulen")
    title = "Vorbereitungsklassen im Landkreis Meißen – Stand 08.02.2017"
    sheet.cell(1, 1, title).font = Font(bold=True, size=14)
    write_header(sheet, 3, SCHOOL_HEADER)
    schools = rows("vka_schulen_meissen_2017-02-08.csv")
    row = 3
    for kind, heading in BLOCKS:
        row += 1
        sheet.cell(row, 1, heading).font = Font(bold=True, italic=True)
        block = [school for school in schools if school["schulart"] == kind]
        for school in block:
            row += 1
            sheet.cell(row, 1, school["schule"])
            sheet.cell(row, 2, school["gemeinde"])
            for number, name in enumerate(COUNTS, start=3):
                sheet.cell(row, number, int(school[name]))
            for number, name in ((6, "breite"), (7, "laenge")):
                sheet.cell(row, number, float(school[name])).number_format = "0.000000"
            sheet.cell(row, 8, school["koordinate_von"])
        row += 1
        write_sum(sheet, row, f"Summe {kind}", block)
    row += 1
    write_sum(sheet, row, "Summe gesamt", schools)
    notes = (
        "Quelle: Integrationskonzept des Landkreises Meißen (2017), Abbildung 4.",
        "Koordinaten: sächsische Schuldatenbank um 2016/17 (Datenschule); wo „Gemeindesitz“ "
        "steht, ist die Schule dort nicht enthalten und es gilt der Sitz der Gemeinde.",
    )
    for number, note in enumerate(notes, start=row + 2):
        sheet.cell(number, 1, note).font = Font(italic=True, size=9)
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "3:3"
    print_setup(sheet)


COUNTS = ("vka_schueler", "vka_klassen", "kapazitaetsreserve")


def write_sum(sheet: Worksheet, row: int, label: str, block: Sequence[dict[str, str]]) -> None:
    """Write a row of sums in bold."""
    sheet.cell(row, 1, label)
    for number, name in enumerate(COUNTS, start=3):
        sheet.cell(row, number, sum(int(school[name]) for school in block))
    for number in range(1, len(SCHOOL_HEADER) + 1):
        cell = sheet.cell(row, number)
        cell.font = Font(bold=True)
        cell.border = Border(top=Side(style="thin"))


def write_places(workbook: Workbook) -> None:
    """The 28 municipalities; keys and postcodes are text."""
    sheet = workbook.create_sheet("Gemeinden")
    write_header(sheet, 1, PLACE_HEADER)
    areas = {row["ags"]: row["planungsregion"] for row in rows("planungsregionen.csv")}
    for row, place in enumerate(rows("gemeinden_lk_meissen.csv"), start=2):
        sheet.cell(row, 1, place["gemeinde"])
        sheet.cell(row, 2, place["ags"]).number_format = "@"
        sheet.cell(row, 3, place["plz"].replace(" ", ", ")).number_format = "@"
        sheet.cell(row, 4, int(place["einwohner_2019"])).number_format = "#,##0"
        sheet.cell(row, 5, float(place["breite_sitz"])).number_format = "0.000000"
        sheet.cell(row, 6, float(place["laenge_sitz"])).number_format = "0.000000"
        sheet.cell(row, 7, areas[place["ags"]])
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    print_setup(sheet)


def write_details(workbook: Workbook) -> None:
    """District, reference date and school year."""
    sheet = workbook.create_sheet("Angaben")
    pairs = (("Landkreis", "Meißen"), ("Stichtag", date(2017, 2, 8)), ("Schuljahr", "2016/17"))
    for row, (name, value) in enumerate(pairs, start=1):
        sheet.cell(row, 1, name).font = Font(bold=True)
        cell = sheet.cell(row, 2)
        cell.value = value
        cell.alignment = Alignment(horizontal="left")
        if isinstance(value, date):
            cell.number_format = "dd.mm.yyyy"
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 16
    print_setup(sheet)


def print_setup(sheet: Worksheet) -> None:
    """A4 landscape, one page wide."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def build() -> bytes:
    """The workbook as bytes, the same each time."""
    workbook = Workbook()
    empty = workbook.active
    assert empty is not None
    workbook.remove(empty)
    workbook.properties.creator = "daz-planner"
    workbook.properties.title = "Vorbereitungsklassen im Landkreis Meißen, 08.02.2017"
    write_schools(workbook)
    write_places(workbook)
    write_details(workbook)
    return workbook_bytes(workbook, STAMP)


if __name__ == "__main__":
    write_whole(build(), TARGET, overwrite=True)
