"""Serienbrief: the rows for the merge, their sheet, and the letters."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from daz_planner.district.read import read_district
from daz_planner.district.template import write_district
from daz_planner.planning.plan import Plan
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.letters import FIELDS, NO_LEGAL_BASIS, letter_table
from daz_planner.results.letters_docx import LETTERS, letter_bytes
from daz_planner.results.letters_text import letter_text
from daz_planner.results.workbook import build_workbook

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def letters(plan: Plan) -> list[dict[str, str]]:
    built = letter_table(plan)
    columns = [built.values(name) for name in FIELDS]
    return [dict(zip(FIELDS, row, strict=True)) for row in zip(*columns, strict=True)]


def test_one_row_a_child_all_as_text(plan: Plan) -> None:
    rows = letters(plan)
    assert [row["SchuelerID"] for row in rows] == [seat.child.pupil_id for seat in plan.children]
    assert all(isinstance(value, str) for row in rows for value in row.values())
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) for name in FIELDS)


def test_the_row_of_a_seat_and_of_a_child_that_waits(plan: Plan) -> None:
    seated, waiting = plan.children[0], plan.children[2]
    changed = replace(
        plan,
        children=(
            replace(seated, school=0, month=1, minutes=12.5),
            plan.children[1],
            replace(waiting, school=None, month=None, minutes=None),
        ),
    )
    first, _, last = letters(changed)
    assert first == {
        "SchuelerID": "K1",
        "Schule": "Grundschule „Nord“",
        "Schulort": "Adorf",
        "Schulart": "Grundschule",
        "Beginn": "ab März 2017",
        "WegMinuten": "13",
        "Status": "Platz",
        "WartetSeit": "9. Januar 2017",
        "Wohngemeinde": "Adorf",
        "Landkreis": "Landkreis Probe & Co",
        "Stichtag": "8. Februar 2017",
        "Rechtsgrundlage": NO_LEGAL_BASIS,
    }
    assert last["Status"] == "wartet"
    assert last["Schule"] == last["Schulort"] == last["Beginn"] == last["WegMinuten"] == ""
    assert last["WartetSeit"] == "nicht angegeben"


def test_the_legal_basis_is_that_of_the_office(plan: Plan) -> None:
    district = replace(plan.district, legal_basis="§ 1 der Probeordnung")
    rows = letters(replace(plan, district=district))
    assert {row["Rechtsgrundlage"] for row in rows} == {"§ 1 der Probeordnung"}


def test_the_legal_basis_is_read_from_the_sheet_angaben(plan: Plan, tmp_path: Path) -> None:
    one = replace(plan.district, legal_basis="=§ 1 der Probeordnung", newcomers=())
    write_district(one, tmp_path / "eingabe.xlsx")
    assert read_district(tmp_path / "eingabe.xlsx").legal_basis == "=§ 1 der Probeordnung"


@pytest.fixture
def sheet_of() -> Callable[[Plan], Worksheet]:
    def read(plan: Plan) -> Worksheet:
        buffer = io.BytesIO()
        build_workbook(plan).save(buffer)
        sheet = openpyxl.load_workbook(buffer)["Serienbrief"]
        assert isinstance(sheet, Worksheet)
        return sheet

    return read


def test_the_sheet_is_nothing_but_fields_and_rows(
    plan: Plan, sheet_of: Callable[[Plan], Worksheet]
) -> None:
    sheet = sheet_of(plan)
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert cells[0] == list(FIELDS)
    assert cells[1:] == [list(row.values()) for row in letters(plan)]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize("count", [0, 1])
def test_a_short_list_has_no_row_of_another_kind(
    count: int, plan: Plan, sheet_of: Callable[[Plan], Worksheet]
) -> None:
    """The link back to the overview would be a letter of its own."""
    sheet = sheet_of(replace(plan, children=plan.children[:count]))
    filled = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    assert len(filled) == (2 if count else 1)
    if not count:
        assert "kein Kind" in str(filled[0][0])


def test_the_csv_file_has_the_same_fields(plan: Plan) -> None:
    text = csv_bytes(letter_table(plan)).decode("utf-8-sig")
    assert text.splitlines()[0] == ";".join(FIELDS)


def body(letter: str) -> tuple[str, str]:
    """What is read in a letter, and the instructions of its fields."""
    with zipfile.ZipFile(io.BytesIO(letter_bytes(letter))) as package:
        assert package.testzip() is None
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        root = ElementTree.fromstring(package.read("word/document.xml"))
    shown = "".join(node.text or "" for node in root.iter(f"{W}t"))
    return shown, "".join(node.text or "" for node in root.iter(f"{W}instrText"))


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_asks_only_for_fields_that_are_there(letter: str) -> None:
    shown, instructions = body(letter)
    asked = re.findall(r"MERGEFIELD (\S+)", instructions)
    assert {"SchuelerID", "Rechtsgrundlage", "Status"} <= set(asked) <= set(FIELDS)
    assert re.findall("«(.*?)»", shown) == asked


@pytest.mark.parametrize(("letter", "status"), [("platz", "Platz"), ("wartet", "wartet")])
def test_a_letter_skips_the_others(letter: str, status: str) -> None:
    _, instructions = body(letter)
    assert f'SKIPIF  MERGEFIELD Status  <> "{status}"' in instructions


@pytest.mark.parametrize("letter", LETTERS)
def test_the_plain_text_says_the_same(letter: str) -> None:
    shown, _ = body(letter)
    raw = letter_text(letter)
    assert raw.startswith(b"\xef\xbb\xbf") and raw.count(b"\n") == raw.count(b"\r\n")
    text = raw.decode("utf-8-sig")
    assert all(len(line) <= 72 for line in text.splitlines())
    # Status only stands in the rule that skips rows, of which plain text has none.
    told = shown.replace("«Status»", "")
    assert "".join(text.split()) == "".join(told.split())
    assert set(re.findall("«(.*?)»", text)) <= set(FIELDS)


def test_the_lines_of_a_letter_in_plain_text() -> None:
    lines = letter_text("platz").decode("utf-8-sig").splitlines()
    assert "Schulart:         «Schulart»" in lines
    assert lines[lines.index("Datum:            [Datum]") + 1] == ""
    start = lines.index("Beginn:           «Beginn»")
    assert lines[start + 1 : start + 3] == [
        "Schulweg:         etwa «WegMinuten» Min. (einfacher Weg)",
        "",
    ]


@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_claims_no_law_and_is_well_formed(letter: str) -> None:
    shown, _ = body(letter)
    assert "§" not in shown
    assert "Gesetz" not in shown
    assert "keine Namen" in shown
    with zipfile.ZipFile(io.BytesIO(letter_bytes(letter))) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
        styles = ElementTree.fromstring(package.read("word/styles.xml"))
    kinds = [node.get(f"{W}fldCharType") for node in root.iter(f"{W}fldChar")]
    depth = 0
    for kind in kinds:
        depth += {"begin": 1, "end": -1}.get(str(kind), 0)
        assert depth >= 0
    assert depth == 0
    known = {node.get(f"{W}styleId") for node in styles.iter(f"{W}style")}
    assert {node.get(f"{W}val") for node in root.iter(f"{W}pStyle")} <= known


def test_a_letter_has_the_same_bytes_each_time() -> None:
    assert letter_bytes("platz") == letter_bytes("platz") != letter_bytes("wartet")


@pytest.mark.parametrize("write", [letter_bytes, letter_text])
def test_there_is_no_other_letter(write: Callable[[str], bytes]) -> None:
    with pytest.raises(KeyError):
        write("absage")
