"""Names, print areas and print titles of the original stand in the marked copy as they were."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart

from daz_planner.district.annotate import write_error_file
from daz_planner.district.findings import Finding

FINDING = Finding("a.xlsx", "Schulen", 2, 1, "x", problem="Falsch.")
Names = list[tuple[str, str, str]]


def original(path: Path, names: str, *, chart_first: bool = False) -> Path:
    """A workbook of two sheets (or a chart sheet and two) with the names as XML."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "Schulen"
    book.active.append(["Schule"])
    book.create_sheet("O'Neil & Co")
    if chart_first:
        book.create_chartsheet("Bild", 0).add_chart(BarChart())
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["xl/workbook.xml"].decode()
    text = re.sub(r"<definedNames\s*/>|<definedNames>.*</definedNames>", "", text)
    block = f"<definedNames>{names}</definedNames><calcPr"
    parts["xl/workbook.xml"] = text.replace("<calcPr", block).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def names_of_copy(path: Path) -> Names:
    """(sheet, name, text) of the copy, without those of the list."""
    target = path.with_name("kopie.xlsx")
    assert write_error_file(target, [path], [FINDING], overwrite=True).is_copy
    with zipfile.ZipFile(target) as archive:
        text = archive.read("xl/workbook.xml").decode()
    sheets = re.findall(r'<sheet [^>]*?name="([^"]*)"', text)
    found = []
    for attributes, content in re.findall(r"<definedName ([^>]*)>([^<]*)</definedName>", text):
        number = re.search(r'localSheetId="(\d+)"', attributes)
        sheet = sheets[int(number[1])] if number else ""
        name = re.search(r'\bname="([^"]*)"', attributes)
        assert name is not None
        if sheet != "Befunde":
            found.append((sheet, name[1], content))
    assert "'Befunde'!$" in text
    return found


def one(name: str, text: str, sheet: int | None = 0) -> str:
    local = "" if sheet is None else f' localSheetId="{sheet}"'
    return f'<definedName name="{name}"{local}>{text}</definedName>'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("_xlnm.Print_Area", "Schulen!$A$1:$B$5,Schulen!$D$9:$E$9"),
        ("_xlnm.Print_Area", "Schulen!$A:$F"),
        ("_xlnm.Print_Area", "OFFSET(Schulen!$A$1,0,0,COUNTA(Schulen!$A:$A),6)"),
        ("_xlnm.Print_Area", "Schulen!#REF!"),
        ("_xlnm.Print_Titles", "Schulen!$A:$B,Schulen!$1:$2"),
        ("_xlnm.Print_Titles", "#REF!"),
        ("_xlnm.Print_Titles", "Kopfzeile"),
        ("_xlnm.Criteria", "Schulen!$H$1:$H$2"),
        ("_xlnm.Extract", "Schulen!$J$1"),
        ("Grenze", "IF(Schulen!$A$1&lt;3,1,2)"),
    ],
)
def test_names_of_a_sheet_stay(name: str, text: str, tmp_path: Path) -> None:
    path = original(tmp_path / "a.xlsx", one(name, text))
    assert names_of_copy(path) == [("Schulen", name, text)]


def test_names_of_the_workbook_and_of_other_sheets_stay(tmp_path: Path) -> None:
    area = "'O''Neil &amp; Co'!$A$1:$B$5"
    given = (
        one("Stand", "Schulen!$A$1", None)
        + one("Stand", "Schulen!$A$2", 1)
        + one("_xlnm.Print_Area", area, 1)
        + one("_xlnm.Print_Area", "Schulen!$A$1")
        + one("_xlnm.Print_Area", "Schulen!$B$1")
    )
    assert names_of_copy(original(tmp_path / "a.xlsx", given)) == [
        ("", "Stand", "Schulen!$A$1"),
        ("O'Neil &amp; Co", "Stand", "Schulen!$A$2"),
        ("O'Neil &amp; Co", "_xlnm.Print_Area", area),
        ("Schulen", "_xlnm.Print_Area", "Schulen!$A$1"),
    ]


def test_a_chart_sheet_in_front_shifts_nothing(tmp_path: Path) -> None:
    given = one("_xlnm.Print_Area", "Schulen!$A$1:$B$5", 1)
    path = original(tmp_path / "a.xlsx", given, chart_first=True)
    assert names_of_copy(path) == [("Schulen", "_xlnm.Print_Area", "Schulen!$A$1:$B$5")]


def test_a_name_of_no_sheet_goes_and_a_workbook_without_names_gets_none(tmp_path: Path) -> None:
    assert names_of_copy(original(tmp_path / "a.xlsx", one("X", "1", 7))) == []
    assert names_of_copy(original(tmp_path / "b.xlsx", "")) == []


def test_the_copy_opens_and_prints_as_before(tmp_path: Path) -> None:
    given = one("_xlnm.Print_Area", "Schulen!$A$1:$B$5") + one(
        "_xlnm.Print_Titles", "Schulen!$1:$2"
    )
    names_of_copy(original(tmp_path / "a.xlsx", given))
    book = openpyxl.load_workbook(tmp_path / "kopie.xlsx")
    assert book["Schulen"].print_area == "'Schulen'!$A$1:$B$5"
    assert book["Schulen"].print_title_rows == "$1:$2"
    assert book["Befunde"].print_title_rows is not None


def test_a_table_gets_no_name_that_is_taken(tmp_path: Path) -> None:
    """Also where openpyxl cannot read the names itself."""
    given = one("befunde", "Schulen!$A$1", None) + one("_xlnm.Print_Titles", "Kopfzeile")
    names_of_copy(original(tmp_path / "a.xlsx", given))
    with zipfile.ZipFile(tmp_path / "kopie.xlsx") as archive:
        text = archive.read("xl/tables/table1.xml").decode()
    assert 'displayName="Befunde_2"' in text
