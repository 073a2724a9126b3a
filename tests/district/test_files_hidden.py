"""What the values of the cells do not show: hidden, unfinished, wrong, padded, merged."""

from __future__ import annotations

import struct
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from daz_planner.district.collect import Collector
from daz_planner.district.findings import Finding
from daz_planner.district.sheets import Sheet, load, report_sheet
from daz_planner.district.xlsx_scan import scan, sheet_text

sys.path.insert(0, str(Path(__file__).parent))
from handmade_files import MAIN, label, number, ods, ods_cell, record, xls, xlsx

Q = '"1"'
ZEROS = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="00000"/>'
    '</numFmts><cellStyleXfs><xf numFmtId="164"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def warnings(sheet: Sheet) -> dict[str, Finding]:
    out = Collector("x")
    report_sheet(sheet, out)
    return {finding.code: finding for finding in out.findings}


def made(path: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Schulen"
    for row in range(1, 13):
        sheet.append([f"Schule {row}", row, "x" if row < 3 else None])
    sheet["A20"].comment = Comment("Bitte prüfen", "Amt")
    for row in (3, 5, 6, 7, 15):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet["D1"] = "=B1*2"
    sheet.merge_cells("A22:C23")
    other = book.create_sheet("Neuzugänge")
    other["A1"] = "x"
    other.sheet_state = "hidden"
    book.save(path)
    return path


def test_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    first, second = load(made(tmp_path / "a.xlsx")).sheets
    assert first.hidden_rows == {3, 5, 6, 7}  # the empty row 15 is of no interest
    assert first.hidden_columns == {2, 6}
    assert (first.is_hidden, second.is_hidden) == (False, True)
    assert first.rows[2][0] == "Schule 3"
    assert first.has_comments and not second.has_comments
    assert first.merged == ((22, 1, 23, 3),)
    found = warnings(first)
    assert "die Zeilen 3 und 5–7." in found["zeilen_verborgen"].problem
    assert "Spalte B." in found["spalten_verborgen"].problem
    assert set(found) == {"zeilen_verborgen", "spalten_verborgen"}
    assert set(warnings(second)) == {"blatt_verborgen"}


def test_hidden_rows_and_columns_without_data_are_not_told() -> None:
    hidden = frozenset({2})
    rows = (("a", None), (None, None), ("b", None))
    assert not warnings(Sheet("x", rows, hidden_rows=hidden, hidden_columns=hidden))


def test_a_formula_without_a_result(tmp_path: Path) -> None:
    first, _ = load(made(tmp_path / "a.xlsx")).sheets
    assert first.empty_formulas == {(1, 4)}
    assert first.note_at(1, 4) == "formel"
    assert first.note_at(1, 3) == ""


def test_error_values_are_shown_as_excel_shows_them(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="B2"><v>1</v></c><c r="C2" t="e"><f>A9</f><v>#REF!</v></c>'
        '<c r="D2" t="e"><v>#N/A</v></c><c r="E2" t="str"><f>x</f><v>ja</v></c></row>'
    )
    (sheet,) = load(xlsx(tmp_path / "a.xlsx", rows)).sheets
    assert sheet.rows == ((1.0, "#BEZUG!", "#NV", "ja"),)
    assert dict(sheet.error_cells) == {(2, 3): "#BEZUG!", (2, 4): "#NV"}
    assert sheet.note_at(2, 3) == "fehlerwert"
    assert not sheet.empty_formulas


@pytest.mark.parametrize(
    "rows",
    [
        '<x:row r="2" hidden="1"><x:c r="B2"><x:f>1+1</x:f></x:c>'
        '<x:c r="C2"><x:v>7</x:v></x:c></x:row>',
        "<x:row r='2' hidden='true'><x:c r='B2'><x:f>1+1</x:f></x:c>"
        "<x:c r='C2'><x:v>7</x:v></x:c></x:row>",
        '<x:row/><x:row hidden="1"><x:c/><x:c><x:f>1+1</x:f></x:c><x:c><x:v>7</x:v></x:c></x:row>',
    ],
)
def test_other_ways_to_write_the_xml(tmp_path: Path, rows: str) -> None:
    text = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    (sheet,) = load(xlsx(tmp_path / "a.xlsx", text, raw=True)).sheets
    assert sheet.hidden_rows == {2}
    assert sheet.empty_formulas == {(2, 2)}
    assert sheet.rows[2 - sheet.first_row][3 - sheet.first_column] == 7.0


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_patterns_and_parser_find_the_same(data: st.DataObject) -> None:
    cells = ['<v>7</v>', '', '<f>A1</f>', '<f t="shared" si="0"/>', '<f>1&lt;2</f><v></v>',
             '<f>x</f><v>#N/A</v>', '<v>#REF!</v>', '<f>x</f><v/>']  # fmt: skip
    text = '<worksheet><cols><col min="2" max="4" hidden="1"/><col min="9" max="9"/></cols>'
    text += "<sheetData>"
    for row in range(1, data.draw(st.integers(1, 6)) + 1):
        text += f'<row r="{row}"{data.draw(st.sampled_from(["", chr(32) + "hidden=" + Q]))}>'
        for letter in data.draw(st.lists(st.sampled_from("ABCZ"), unique=True).map(sorted)):
            style = data.draw(st.sampled_from(["", ' s="1"', ' s="11"']))
            kind = data.draw(st.sampled_from(["", ' t="e"', ' t="str"', ' t="n"']))
            text += f'<c r="{letter}{row}"{style}{kind}>{data.draw(st.sampled_from(cells))}</c>'
        text += "</row>"
    text += "</sheetData><filterColumn/></worksheet>"
    given_text, plain = sheet_text([text.encode()])
    assert plain
    patterns, parser = scan(given_text, True, {1: 5}), scan(given_text, False, {1: 5})
    assert patterns.empty_formulas == parser.empty_formulas
    assert patterns.errors == parser.errors
    assert patterns.zeros == parser.zeros
    assert patterns.hidden_columns == parser.hidden_columns == {2, 3, 4}
    assert patterns.hidden_rows == parser.hidden_rows
    used, exact = patterns.extent, parser.extent
    assert (used.bottom, used.right) >= (exact.bottom, exact.right) or not exact.filled


def test_numbers_shown_with_leading_zeros_come_as_shown(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" s="1"><v>1005</v></c><c r="B1"><v>1005</v></c>'
        '<c r="C1" s="1"><v>12345</v></c><c r="D1" s="1"><v>1.5</v></c></row>'
    )
    (sheet,) = load(xlsx(tmp_path / "a.xlsx", rows, styles=ZEROS)).sheets
    assert sheet.rows == (("01005", 1005.0, 12345.0, 1.5),)


def test_text_with_leading_zeros_stays_in_every_format(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "01005"
    book.save(tmp_path / "a.xlsx")
    ods(tmp_path / "a.ods", f"<table:table-row>{ods_cell('01005')}</table:table-row>")
    xls(tmp_path / "a.xls", label(0, 0, 0), ["01005"])
    (tmp_path / "a.csv").write_text("01005;x\n", encoding="utf-8")
    for ending in ("xlsx", "ods", "xls", "csv"):
        assert load(tmp_path / f"a.{ending}").sheets[0].rows[0][0] == "01005", ending


def test_xls_shows_the_same(tmp_path: Path) -> None:
    hidden_row = record(0x208, struct.pack("<HHHHHHHH", 1, 0, 3, 0, 0, 0, 0x20, 0))
    hidden_column = record(0x7D, struct.pack("<HHHHHH", 2, 2, 0, 0, 1, 0))
    error = record(0x205, struct.pack("<HHHBB", 1, 2, 0, 0x17, 1))
    cells = hidden_column + hidden_row + label(0, 0, 1) + number(1, 1, 1005, 1) + error
    (sheet,) = load(xls(tmp_path / "a.xls", cells, ["nein", "Schule"])).sheets
    assert sheet.name == "Schulen"
    assert sheet.rows == (("Schule", None, None), (None, "01005", "#BEZUG!"))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {3})
    assert sheet.note_at(2, 3) == "fehlerwert"


def test_ods_shows_the_same(tmp_path: Path) -> None:
    table = (
        '<table:table-column/><table:table-column table:visibility="collapse"/>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell '
        'table:number-columns-repeated="1024"/></table:table-row>'
        f'<table:table-row table:visibility="filter">{ods_cell("x")}{ods_cell(1005, "01005")}'
        '<table:table-cell table:formula="of:=1+1"/>'
        f"{ods_cell('', '#BEZUG!', 'table:formula=' + chr(34) + 'of:=A' + chr(34))}"
        '<table:table-cell office:value-type="date" office:date-value="2017-02-08"/>'
        "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    (sheet,) = load(ods(tmp_path / "a.ods", table)).sheets
    row = sheet.rows[3 - sheet.first_row]
    assert row[1 - sheet.first_column :] == ("x", "01005", None, "#BEZUG!", date(2017, 2, 8))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {2})
    assert (sheet.note_at(3, 3), sheet.note_at(3, 4)) == ("formel", "fehlerwert")


def test_macros_and_links_are_told(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsm",
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        more={"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"},
    )
    codes = [finding.code for finding in load(path).findings]
    assert codes == ["datei_makros", "datei_verknuepfungen"]
