"""The annotated copy: marks, notes, links, and everything else as it was."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from daz_planner.district import findings_sheet, marking, package
from daz_planner.district.annotate import ErrorFile, check_error_file, write_error_file
from daz_planner.district.findings import Finding, Severity
from daz_planner.district.kept_images import KeptImage
from daz_planner.errors import OutputError

SHEET = "Schulen O'Neil"
NAME = "eingabe.xlsx"


def finding(row: int, column: int, *, fault: bool = True, sheet: str = SHEET) -> Finding:
    return Finding(
        file=NAME,
        sheet=sheet,
        row=row,
        column=column,
        code="wert_falsch",
        severity=Severity.FAULT if fault else Severity.WARNING,
        value="2x",
        problem=f"Das ist falsch in {row}.",
        remedy="Tragen Sie 2 ein.",
    )


def png() -> bytes:
    def part(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0\1\2\3")
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A workbook as an office has it: formats, formulas, a chart, a logo, drop-downs, a note."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet["A1"] = "VKA-Standorte"
    sheet.merge_cells("A1:D1")
    for column, name in enumerate(("Schule", "Schüler", "Klassen", "Summe"), start=1):
        cell = sheet.cell(3, column, name)
        cell.font = Font(name="Courier New", size=13, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="1F3864")
    for row in range(4, 8):
        sheet.cell(row, 1, f"Schule {row}")
        sheet.cell(row, 2, 20.5).number_format = '0.00" Kinder"'
        sheet.cell(row, 3, "01005")
        sheet.cell(row, 4, f"=SUM(B{row}:C{row})").number_format = "#,##0.0"
    sheet["A7"] = CellRichText("Schule ", TextBlock(InlineFont(b=True), "sieben"))
    sheet["B5"].comment = Comment("Mit Frau Müller klären.", "Amt")
    sheet["C7"].comment = Comment("Zeile\n" * 12, "Amt")
    sheet.column_dimensions["A"].width = 31.5
    sheet.freeze_panes = "B4"
    sheet.print_area = "A1:D7"
    drop_down = DataValidation(type="list", formula1='"1,2,3"')
    drop_down.add("C4:C20")
    sheet.add_data_validation(drop_down)
    sheet.conditional_formatting.add(
        "D4:D7", CellIsRule(operator="greaterThan", formula=["1"], font=Font(bold=True))
    )
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=3, max_row=7), titles_from_data=True)
    sheet.add_chart(chart, "F3")
    size = XDRPositiveSize2D(120_000, 40_000)
    sheet.add_image(KeptImage(png(), "png", OneCellAnchor(_from=AnchorMarker(col=5), ext=size)))
    book.create_sheet("Zuletzt offen").sheet_view.tabSelected = True
    sheet.sheet_view.tabSelected = True
    book.active = 1
    book.create_sheet("Geheim").sheet_state = "hidden"
    path = tmp_path / NAME
    book.save(path)
    return path


def annotated(
    path: Path, *findings: Finding, name: str = "befunde.xlsx"
) -> tuple[openpyxl.Workbook, ErrorFile]:
    target = path.parent / name
    written = write_error_file(target, [path], findings)
    return openpyxl.load_workbook(target, rich_text=True, keep_vba=name.endswith("m")), written


def all_text(sheet: object) -> str:
    rows = sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]
    return "\n".join(str(value) for row in rows for value in row if value is not None)


def test_faults_are_red_and_warnings_yellow_with_a_note(office: Path) -> None:
    found = [finding(4, 2), finding(5, 3, fault=False), finding(6, 2, fault=False), finding(6, 2)]
    book, written = annotated(office, *found)
    sheet = book[SHEET]
    assert written.is_copy
    assert written.marked == 3
    colours = {"B4": marking.RED, "C5": marking.YELLOW, "B6": marking.RED}
    for place, colour in colours.items():
        assert sheet[place].fill.patternType == "solid"
        assert sheet[place].fill.fgColor.rgb[-6:] == colour
        assert sheet[place].comment.author == "daz-planner"
    assert sheet["B4"].comment.text == "Fehler: Das ist falsch in 4.\nTragen Sie 2 ein."
    assert sheet["B6"].comment.text.count("Das ist falsch in 6.") == 2
    assert sheet["B7"].fill.patternType is None
    assert sheet["B7"].comment is None


def test_red_and_yellow_are_far_apart_in_greyscale() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    assert grey(marking.RED) + 0.25 < grey(marking.YELLOW) < 0.9


def test_note_of_the_office_stays_and_is_shown_whole(office: Path) -> None:
    book, _ = annotated(office, finding(5, 2))
    note = book[SHEET]["B5"].comment
    assert note.text.startswith("Mit Frau Müller klären.\n\n— daz-planner —\nFehler: Das")
    assert note.author == "Amt"
    assert book[SHEET]["C7"].comment.text.rstrip() == ("Zeile\n" * 12).rstrip()
    with zipfile.ZipFile(office.parent / "befunde.xlsx") as archive:
        (vml,) = [name for name in archive.namelist() if name.endswith(".vml")]
        drawing = archive.read(vml).decode()
    assert "width:320px" in drawing
    assert "width:144px" not in drawing


def test_copy_of_a_copy_says_each_thing_once(office: Path) -> None:
    annotated(office, finding(5, 2), finding(4, 2), name="erste.xlsx")
    book, _ = annotated(office.parent / "erste.xlsx", finding(5, 2), finding(4, 2))
    assert book.sheetnames[:2] == ["Befunde 2", "Befunde"]
    assert book[SHEET]["B5"].comment.text.count("Das ist falsch") == 1
    assert book[SHEET]["B4"].comment.text.count("Das ist falsch") == 1
    names = [name for sheet in book.worksheets for name in sheet.tables]
    assert sorted(names) == ["Befunde", "Befunde_2"]


def test_row_and_merged_cells_and_places_without_a_cell(office: Path) -> None:
    found = [
        finding(0, 0, sheet=""),
        finding(0, 0),
        finding(1, 3),
        finding(6, 0),
        finding(30, 0),
        finding(2, 2, sheet="Gibt es nicht"),
    ]
    book, written = annotated(office, *found)
    sheet = book[SHEET]
    marked = {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb[-6:] == marking.RED
    }
    assert marked == {"A1", "A6", "A30"}
    assert written.marked == 3
    assert sheet["A6"].comment.text.startswith("Fehler (Zeile 6): ")
    listed = book["Befunde"]
    assert "Gibt es nicht" in all_text(listed)
    links = {cell.value for row in listed.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"C1", "Zeile 6", "Zeile 30"}


def test_list_is_a_table_with_links_to_the_cells(office: Path) -> None:
    book, _ = annotated(office, finding(4, 2), finding(5, 0, fault=False))
    assert book.sheetnames == ["Befunde", SHEET, "Zuletzt offen", "Geheim"]
    sheet = book["Befunde"]
    assert book.active is sheet
    chosen = [one.title for one in book.worksheets if one.sheet_view.tabSelected]
    assert chosen == ["Befunde"]
    table = sheet.tables["Befunde"]
    rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    assert rows[0] == ["Nr.", "Blatt", "Zelle", "Art", "Wert", "Befund", "Abhilfe", "Kennung"]
    assert rows[1][:5] == [1, SHEET, "B4", "Fehler", "2x"]
    assert rows[2][:4] == [2, SHEET, "Zeile 5", "Warnung"]
    first = table.ref.split(":")[0]
    link = sheet.cell(sheet[first].row + 1, 3).hyperlink
    assert link.location == "'Schulen O''Neil'!B4"
    assert link.target is None
    assert "1 Fehler, 1 Warnung." in all_text(sheet)


def test_everything_else_is_as_it_was(office: Path) -> None:
    book, _ = annotated(office, finding(4, 2))
    before = openpyxl.load_workbook(office, rich_text=True)[SHEET]
    after = book[SHEET]
    compared = 0
    for row in before.iter_rows():
        for cell in row:
            same = after[cell.coordinate]
            assert same.value == cell.value
            assert same.data_type == cell.data_type
            assert same.number_format == cell.number_format
            assert repr(same.alignment) == repr(cell.alignment)
            assert repr(same.border) == repr(cell.border)
            if cell.coordinate != "B4":
                assert repr(same.font) == repr(cell.font)
                assert repr(same.fill) == repr(cell.fill)
            compared += 1
    assert compared > 20
    assert after["D4"].value == "=SUM(B4:C4)"
    assert after["C4"].value == "01005"
    assert isinstance(after["A7"].value, CellRichText)
    assert after.column_dimensions["A"].width == 31.5
    assert [str(area) for area in after.merged_cells.ranges] == ["A1:D1"]
    assert after.data_validations.dataValidation[0].formula1 == '"1,2,3"'
    assert len(after.conditional_formatting) == 1
    assert after.freeze_panes == "B4"
    assert after.print_area == before.print_area
    assert len(after._charts) == 1
    assert book["Geheim"].sheet_state == "hidden"
    with zipfile.ZipFile(office.parent / "befunde.xlsx") as archive:
        assert archive.read("xl/media/image1.png") == png()


def test_white_letters_become_legible_and_keep_the_rest(office: Path) -> None:
    book, _ = annotated(office, finding(3, 2))
    font = book[SHEET]["B3"].font
    assert font.color.rgb[-6:] == "000000"
    assert (font.name, font.size, font.bold) == ("Courier New", 13, True)
    assert book[SHEET]["A3"].font.color.rgb[-6:] == "FFFFFF"


@pytest.mark.parametrize(
    ("colour", "changed"),
    [
        (None, True),  # a table may paint the letters white
        (Color(theme=0), True),
        (Color(theme=1), False),
        (Color(indexed=9), True),
        (Color(indexed=8), False),
        (Color(rgb="FFF2F2F2"), True),
        (Color(rgb="FF0000FF"), False),
    ],
)
def test_only_light_letters_change(colour: Color | None, changed: bool, office: Path) -> None:
    book = openpyxl.load_workbook(office)
    book[SHEET]["B6"].font = Font(color=colour)
    book.save(office)
    copy, _ = annotated(office, finding(6, 2))
    after = copy[SHEET]["B6"].font.color
    if changed:
        assert after.rgb == "00000000"
    else:
        assert repr(after) == repr(colour)


def test_text_that_looks_like_a_formula_stays_text(office: Path) -> None:
    evil = Finding(NAME, SHEET, 4, 1, "x", value="=1+1\x1b", problem="@SUM(A1)", remedy="+1\ud800")
    book, _ = annotated(office, evil)
    sheet = book["Befunde"]
    found = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    for text in ("=1+1", "@SUM(A1)", "+1?"):
        assert found[text].data_type == "s"
        assert found[text].quotePrefix


def test_no_finding_still_gives_a_copy(office: Path) -> None:
    book, written = annotated(office)
    assert written.is_copy
    assert "Es gibt keine Befunde." in all_text(book["Befunde"])
    assert not book["Befunde"].tables


def test_names_of_the_office_are_not_taken(office: Path) -> None:
    book = openpyxl.load_workbook(office)
    taken = book.create_sheet("BEFUNDE")
    taken.append(["A"])
    taken.append([1])
    taken.add_table(Table(displayName="befunde", ref="A1:A2"))
    book.save(office)
    copy, _ = annotated(office, finding(4, 2))
    assert copy.sheetnames[0] == "Befunde 2"
    assert list(copy["Befunde 2"].tables) == ["Befunde_2"]


def add_parts(path: Path, parts: dict[str, bytes], ending: bytes = b"") -> None:
    """Put parts into a package, and ``ending`` before the end of its sheets."""
    with zipfile.ZipFile(path) as source:
        old = {name: source.read(name) for name in source.namelist()}
    for name in old:
        if name.startswith("xl/worksheets/sheet"):
            old[name] = old[name].replace(b"</worksheet>", ending + b"</worksheet>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in {**old, **parts}.items():
            target.writestr(name, content)


X14 = (
    b'<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    b'uri="{%s}"><x14:%s/></ext></extLst>'
)


@pytest.mark.parametrize(
    ("parts", "ending", "word"),
    [
        (["xl/slicers/slicer1.xml"], b"", "Datenschnitte"),
        (["xl/timelines/timeline1.xml"], b"", "Zeitachsen"),
        (["xl/ctrlProps/ctrlProp1.xml"], b"", "Steuerelemente"),
        (["xl/activeX/activeX1.xml"], b"", "Steuerelemente"),
        (["xl/threadedComments/threadedComment1.xml"], b"", "Unterhaltungen"),
        (["xl/charts/chartEx1.xml"], b"", "neuere Diagrammarten"),
        (["xl/charts/chart7.xml"], b"", "einige Diagramme"),
        (["xl/diagrams/data1.xml"], b"", "SmartArt"),
        (["xl/embeddings/oleObject1.bin"], b"", "eingebettete Objekte"),
        (["xl/connections.xml"], b"", "Datenverbindungen"),
        (["xl/queryTables/queryTable1.xml"], b"", "Datenverbindungen"),
        (["_xmlsignatures/sig1.xml"], b"", "Signaturen"),
        (["xl/richData/rdarray.xml"], b"", "Datentypen"),
        (["docMetadata/LabelInfo.xml"], b"", "Vertraulichkeit"),
        (["customXml/item1.xml"], b"", "SharePoint"),
        (["xl/vbaProject.bin"], b"", "Makros"),
        ([], X14 % (b"1", b"conditionalFormatting"), "Datenbalken"),
        ([], X14 % (b"2", b"dataValidation"), "Auswahllisten"),
        ([], X14 % (b"3", b"sparklineGroup"), "Sparklines"),
        ([], b"<ignoredErrors><ignoredError sqref='A1'/></ignoredErrors>", "Fehlerhinweise"),
    ],
)
def test_what_the_copy_cannot_keep_is_said(
    parts: list[str], ending: bytes, word: str, office: Path
) -> None:
    plain = package.survey(office.read_bytes())
    assert not plain.lost
    assert (plain.charts, plain.pictures, plain.has_formulas) == (1, 1, True)
    add_parts(office, dict.fromkeys(parts, b"<x/>"), ending)
    book, written = annotated(office, finding(4, 2))
    (lost,) = [note for note in written.notes if note.startswith("Nicht in dieser Kopie")]
    assert word in lost
    assert lost in all_text(book["Befunde"])


def test_shapes_and_a_chart_that_is_not_kept_are_said(office: Path) -> None:
    with zipfile.ZipFile(office) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml")
    shape = drawing.replace(b"</wsDr>", b"<twoCellAnchor><unknown/><sp/></twoCellAnchor></wsDr>")
    assert shape != drawing
    add_parts(office, {"xl/drawings/drawing1.xml": shape})
    _, written = annotated(office, finding(4, 2))
    (lost,) = [note for note in written.notes if note.startswith("Nicht in dieser Kopie")]
    assert "Formen, Textfelder und Gruppen" in lost
    assert "Diagramme" in lost
    assert "Bilder" in lost


def test_changed_things_and_formulas_are_said(office: Path) -> None:
    _, written = annotated(office, finding(4, 2))
    text = " ".join(written.notes)
    assert "Kann in dieser Kopie anders aussehen: Diagramme, Notizen" in text
    assert "Formeln sind unverändert" in text
    assert "Nicht in dieser Kopie" not in text


def test_macros_stay_where_the_name_ends_on_xlsm(office: Path) -> None:
    macro = office.with_suffix(".xlsm")
    office.rename(macro)
    add_parts(macro, {"xl/vbaProject.bin": b"Makro"})
    with zipfile.ZipFile(macro) as archive:
        types = archive.read("[Content_Types].xml").replace(
            b"openxmlformats-officedocument.spreadsheetml.sheet.main",
            b"ms-excel.sheet.macroEnabled.main",
        )
    add_parts(macro, {"[Content_Types].xml": types})
    _, written = annotated(macro, finding(4, 2), name="befunde.xlsm")
    assert written.is_copy
    assert "Makros" not in " ".join(written.notes)
    with zipfile.ZipFile(office.parent / "befunde.xlsm") as archive:
        assert archive.read("xl/vbaProject.bin") == b"Makro"
        assert b"macroEnabled" in archive.read("[Content_Types].xml")
    _, without = annotated(macro, finding(4, 2))
    assert "Makros (sie bleiben, wenn" in " ".join(without.notes)
    with zipfile.ZipFile(office.parent / "befunde.xlsx") as archive:
        assert "xl/vbaProject.bin" not in archive.namelist()
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")


def list_only(target: Path, *inputs: Path, found: tuple[Finding, ...] = ()) -> str:
    """The reason that the workbook gives for being a list only."""
    written = write_error_file(target, inputs, found or (finding(4, 2),))
    assert not written.is_copy
    assert written.marked == 0
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Befunde"]
    (table,) = book["Befunde"].tables.values()
    rows = [[cell.value for cell in row] for row in book["Befunde"][table.ref]]
    assert rows[0][1] == "Datei"
    assert rows[1][1] == NAME
    (reason,) = written.notes
    assert reason in all_text(book["Befunde"])
    assert reason.startswith("Diese Mappe enthält nur die Liste der Befunde")
    return reason


@pytest.mark.parametrize("ending", [".csv", ".ods", ".xls", ".xlsb"])
def test_other_formats_give_a_list(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"eingabe{ending}"
    path.write_bytes(b"x")
    assert f"nicht für {ending}" in list_only(tmp_path / "befunde.xlsx", path)


def protected() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "leer"),
        (b"PK\3\4", "beschädigt"),
        (b"kein Zip", "beschädigt"),
        (protected(), "beschädigt"),
    ],
    ids=["leer", "PK", "Text", "Passwort"],
)
def test_what_cannot_be_opened_gives_a_list(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    assert reason in list_only(tmp_path / "befunde.xlsx", path)


def test_truncated_and_missing_give_a_list(office: Path, tmp_path: Path) -> None:
    whole = office.read_bytes()
    office.write_bytes(whole[: len(whole) // 2])
    assert "beschädigt" in list_only(tmp_path / "a.xlsx", office)
    assert "gibt es nicht" in list_only(tmp_path / "b.xlsx", tmp_path / "fehlt.xlsx")


def test_what_openpyxl_cannot_read_gives_a_list(office: Path, tmp_path: Path) -> None:
    add_parts(office, {"xl/styles.xml": b"<styleSheet><fonts>"})
    assert "nicht verändern" in list_only(tmp_path / "a.xlsx", office)


def test_large_workbooks_give_a_list(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_CELLS", 40)
    assert "mehr als 40 Zellen" in list_only(tmp_path / "a.xlsx", office)
    monkeypatch.undo()
    monkeypatch.setattr(package, "MOST_BYTES", 1_000)
    assert "entpackt größer" in list_only(tmp_path / "b.xlsx", office)


def with_rows(path: Path, rows: str) -> None:
    """Put rows at the end of each sheet."""
    with zipfile.ZipFile(path) as source:
        old = {name: source.read(name) for name in source.namelist()}
    name = "xl/worksheets/sheet1.xml"
    add_parts(path, {name: old[name].replace(b"</sheetData>", rows.encode() + b"</sheetData>")})


@pytest.mark.parametrize("filled", [True, False])
def test_empty_rows_with_a_format_are_named_with_the_remedy(
    filled: bool, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = "<v>1</v></c>" if filled else "</c>"
    with_rows(office, "".join(f'<row r="{n}"><c r="A{n}">{cell}</row>' for n in range(50, 450)))
    monkeypatch.setattr(package, "MOST_CELLS", 500)
    reason = list_only(tmp_path / "a.xlsx", office)
    assert ("leere Zellen" in reason) is not filled
    assert ("mehr als 500 Zellen" in reason) is filled
    if not filled:
        assert f"„{SHEET}“" in reason.replace("‘", "'")
        assert "Strg+Minus" in reason


def test_a_part_larger_than_it_says_is_not_unpacked(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 300_000)
    add_parts(office, {"xl/theme/theme1.xml": b"<a>" + b"x" * 400_000 + b"</a>"})
    assert "entpackt" in package.survey(office.read_bytes()).refusal


@pytest.mark.parametrize(
    "ending",
    [
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b"<hyperlinks><hyperlink display='x' ref='$A$1:$XFD$99999'/></hyperlinks>",
    ],
)
def test_a_range_of_the_whole_sheet_is_not_unfolded(ending: bytes, office: Path) -> None:
    add_parts(office, {}, ending)
    assert "Zellen" in package.survey(office.read_bytes()).refusal


def test_cells_are_counted_once_over_the_pieces_of_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", '<c r="A1"/>' * 5_000)
    monkeypatch.setattr(package, "_CHUNK", 1_000)
    monkeypatch.setattr(package, "_OVERLAP", 100)
    monkeypatch.setattr(package, "MOST_CELLS", 5_200)
    assert not package.survey(path.read_bytes()).refusal
    monkeypatch.setattr(package, "MOST_CELLS", 4_999)
    assert package.survey(path.read_bytes()).refusal


def test_declarations_are_refused(office: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><comments/>'
    add_parts(office, {"xl/comments/comment1.xml": bomb})
    assert package.survey(office.read_bytes()).refusal


def test_long_lists_are_cut(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings_sheet, "MOST_LISTED", 3)
    monkeypatch.setattr(marking, "MOST_NOTES", 2)
    monkeypatch.setattr(marking, "MOST_IN_A_NOTE", 2)
    same = [finding(4, 2), finding(4, 2), finding(4, 2)]
    book, written = annotated(office, *same, finding(5, 1), finding(6, 1))
    assert "Die Liste nennt die ersten 3 Befunde" in all_text(book["Befunde"])
    assert len(book["Befunde"][book["Befunde"].tables["Befunde"].ref]) == 1 + 3
    assert "Das ist falsch in 6." not in all_text(book["Befunde"])
    assert any("nur die ersten" in note for note in written.notes)
    assert book[SHEET]["A6"].comment is None
    assert book[SHEET]["A6"].fill.fgColor.rgb[-6:] == marking.RED
    assert "… und 1 weitere" in book[SHEET]["B4"].comment.text


def test_target_must_not_be_the_input(office: Path, tmp_path: Path) -> None:
    content = office.read_bytes()
    twin = tmp_path / "zwilling.xlsx"
    os.link(office, twin)
    for target in (office, tmp_path / "." / NAME, twin):
        with pytest.raises(OutputError, match="die Eingabe selbst"):
            write_error_file(target, [office], [finding(4, 2)], overwrite=True)
    assert office.read_bytes() == content


def test_target_must_not_lie_in_the_folder_that_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "listen"
    folder.mkdir()
    with pytest.raises(OutputError, match="mitgelesen"):
        check_error_file(folder / "befunde.xlsx", [folder])
    check_error_file(tmp_path / "befunde.xlsx", [folder])


def test_existing_target_only_with_overwrite(office: Path, tmp_path: Path) -> None:
    target = tmp_path / "da.xlsx"
    target.write_bytes(b"alt")
    with pytest.raises(OutputError, match="gibt es schon"):
        write_error_file(target, [office], [finding(4, 2)])
    assert target.read_bytes() == b"alt"
    write_error_file(target, [office], [finding(4, 2)], overwrite=True)
    assert openpyxl.load_workbook(target).sheetnames[0] == "Befunde"


@pytest.mark.parametrize("name", ["befunde.ods", "befunde", "befunde.xlsm", "."])
def test_ending_of_the_target(name: str, office: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="endet"):
        check_error_file(tmp_path / name, [office])


def test_nothing_is_left_where_the_folder_is_missing(office: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Den Ordner"):
        write_error_file(tmp_path / "fehlt" / "b.xlsx", [office], [finding(4, 2)])
    assert [entry.name for entry in tmp_path.iterdir()] == [NAME]


def test_copy_can_be_read_again(office: Path) -> None:
    annotated(office, finding(4, 2))
    content = (office.parent / "befunde.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(content))
    raw = io.BytesIO()
    book.save(raw)
    assert raw.getvalue()
