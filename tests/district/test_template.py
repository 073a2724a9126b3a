"""The template as a file: its sheets, its look, and that nothing is overwritten or left half."""

from __future__ import annotations

import importlib.util
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from daz_planner.district import write_example, write_template
from daz_planner.district.model import District, Municipality, Pupil, Roster, School
from daz_planner.district.template import write_district
from daz_planner.district.template_texts import ABOUT, SHEET_NAMES
from daz_planner.district.workbook_file import workbook_bytes, write_whole
from daz_planner.errors import OutputError
from daz_planner.shipped import path as shipped

REAL = shipped("data", "meissen-2017-02-08.xlsx")
ORDER = [
    "Lies mich",
    "Angaben",
    "Schulen",
    "Bestand",
    "Neuzugänge",
    "Klassenplan",
    "Räume",
    "Gemeinden",
    "Wege",
    "Regelklassen",
    "Lehrerstunden",
    "Historie",
]
DAY = date(2017, 2, 8)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vorlage") / "beispiel.xlsx"
    write_example(path)
    return path


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vorlage") / "leer.xlsx"
    write_template(path)
    return path


def small(**more: object) -> District:
    school = School("Grundschule Riesa", "GS", 20, 1, 3, "Riesa", 51.3, 13.3)
    place = Municipality("Riesa", 30_000, 51.3, 13.3)
    plain = District("Landkreis Meißen", DAY, (school,), (place,))
    return replace(plain, **more)  # type: ignore[arg-type]


def header_row(sheet: Worksheet) -> int:
    """The row of the header of the table of a sheet."""
    (table,) = sheet.tables.values()
    return int(table.ref.split(":")[0][1:])


def test_all_sheets_in_their_order(empty: Path, example: Path) -> None:
    assert list(SHEET_NAMES) == ORDER
    for path in (empty, example):
        assert load_workbook(path).sheetnames == ORDER


def test_each_sheet_with_data_is_an_excel_table_as_long_as_its_data(example: Path) -> None:
    book = load_workbook(example)
    rows = {"Schulen": 19, "Bestand": 517, "Neuzugänge": 6, "Gemeinden": 28, "Historie": 36}
    for name in ORDER[2:]:
        sheet = book[name]
        (table,) = sheet.tables.values()
        head, last = (int(corner.lstrip("ABCDEFGHIJKLMNOPQR")) for corner in table.ref.split(":"))
        assert [c.name for c in table.tableColumns] == [
            cell.value for cell in sheet[head] if cell.value is not None
        ]
        assert last - head == rows.get(name, sheet.max_row - head)
        assert all(sheet.cell(row, 1).value is not None for row in range(head, last + 1)), name
        assert sheet.freeze_panes == f"B{head + 1}"
    names = [table for sheet in book for table in sheet.tables]
    assert len(set(names)) == len(names) == 10
    assert all(name.isascii() and " " not in name for name in names)


def test_print_set_up_of_each_sheet(example: Path) -> None:
    book = load_workbook(example)
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        assert sheet.oddFooter.right.text == "Seite &P von &N"
        if sheet.title != "Lies mich":
            assert sheet.print_title_rows is not None
    for name in ORDER[2:]:
        sheet = book[name]
        head = header_row(sheet)
        assert sheet.print_title_rows == f"${head}:${head}"
        assert sheet.print_area.endswith("$1048576")  # whole columns: what is added is printed too


def printed_width(sheet: Worksheet) -> float:
    last = sheet.print_area.split("$")[-2]
    letters = [chr(code) for code in range(ord("A"), ord(last) + 1)]
    return sum(sheet.column_dimensions[letter].width for letter in letters)


def test_wide_sheets_are_printed_at_a_readable_size(example: Path) -> None:
    """A4 landscape holds about 145 digits of 10 points; below 75 % print is too small."""
    book = load_workbook(example)
    for name in ORDER[1:]:
        assert printed_width(book[name]) <= 145 / 0.75, name
    assert "$O$" in book["Schulen"].print_area  # up to Planungsregion, without coordinates
    assert book["Schulen"].cell(header_row(book["Schulen"]), 15).value == "Planungsregion"


def test_opening_costs_are_offered_with_a_hint_and_written_back(tmp_path: Path) -> None:
    school = replace(small().schools[0], opening_cost=25000.0)
    path = tmp_path / "kosten.xlsx"
    write_district(small(schools=(school,)), path)
    sheet = load_workbook(path)["Schulen"]
    row = header_row(sheet)
    heads = [cell.value for cell in sheet[row]]
    column = heads.index("Öffnungskosten") + 1
    assert heads[column - 2] == "freie Räume"
    assert sheet.cell(row + 1, column).value == 25000
    hints = [
        rule.prompt
        for rule in sheet.data_validations.dataValidation
        if sheet.cell(row + 1, column).coordinate in rule.sqref
    ]
    assert len(hints) == 1 and "wo das Szenario Preise nennt" in hints[0]


def test_lines_above_a_table_end_before_the_edge_of_the_page(example: Path) -> None:
    book = load_workbook(example)
    for name in ORDER[1:]:
        sheet = book[name]
        head = 4 if name == "Angaben" else header_row(sheet)
        for row in range(2, head):
            text = sheet.cell(row, 1).value
            assert text is None or len(text) <= printed_width(sheet), (name, text)


def test_no_row_of_the_first_sheet_is_lower_than_its_text(example: Path) -> None:
    sheet = load_workbook(example)["Lies mich"]
    widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    merged = {str(area).split(":")[0] for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell.value, str):
                continue
            room = sum(widths) if cell.coordinate in merged else widths[cell.column - 1]
            size = cell.font.sz
            lines = -(-len(cell.value) * 0.9 * size / 10 // room)
            assert cell.alignment.wrap_text or lines <= 1 or cell.row == 1
            assert sheet.row_dimensions[cell.row].height >= lines * size * 1.15, cell.value
    assert sheet.print_area.endswith("$D$" + str(sheet.max_row))


def test_the_first_sheet_explains_every_sheet_and_links_to_it(empty: Path) -> None:
    book = load_workbook(empty)
    links = {cell.value: cell.hyperlink.location for (cell,) in book["Lies mich"]["A1:A60"]
             if cell.hyperlink}  # fmt: skip
    assert links == {name: f"'{name}'!A1" for name in ORDER[1:]}
    text = "\n".join(
        str(cell.value) for row in book["Lies mich"].iter_rows() for cell in row if cell.value
    )
    for name in ORDER[1:]:
        assert ABOUT[name].purpose in text
    for phrase in ("Keine Namen von Kindern", "keine Geburtsdaten", "daz-planner pruefen"):
        assert phrase in text


def test_only_sheets_without_a_table_are_protected(empty: Path) -> None:
    """Excel lets no table grow on a protected sheet."""
    book = load_workbook(empty)
    for sheet in book:
        assert bool(sheet.tables) != sheet.protection.sheet, sheet.title
        assert sheet.protection.password is None
    details = book["Angaben"]
    values = {details.cell(row, 1).value: details.cell(row, 2) for row in range(5, 8)}
    assert set(values) == {"Landkreis", "Stichtag", "Schuljahr"}
    assert not any(cell.protection.locked for cell in values.values())
    assert details["A5"].protection.locked


def test_ids_and_keys_are_text_in_the_whole_column(empty: Path) -> None:
    book = load_workbook(empty)
    text = {"Schulen": ("Schulnummer",), "Gemeinden": ("AGS",), "Bestand": ("Schüler-ID",)}
    for name, columns in text.items():
        sheet = book[name]
        head = header_row(sheet)
        for cell in sheet[head]:
            if cell.value in columns:
                for row in (head + 1, sheet.max_row):
                    assert sheet.cell(row, cell.column).number_format == "@"
                assert sheet.column_dimensions[cell.column_letter].number_format == "@"
    assert book["Klassenplan"].cell(header_row(book["Klassenplan"]) + 1, 2).number_format == (
        "mm.yyyy"
    )


def test_real_invented_and_derived_is_said_on_the_sheets(example: Path) -> None:
    book = load_workbook(example)

    def above(name: str) -> str:
        sheet = book[name]
        rows = range(1, header_row(sheet))
        return " ".join(str(sheet.cell(row, 1).value) for row in rows if sheet.cell(row, 1).value)

    assert "Erfundene Schüler – keine echten Daten" in above("Bestand")
    assert "20170208" in above("Bestand")
    assert "Erfundene Kinder" in above("Neuzugänge")
    assert "Erfundene Einträge" in above("Klassenplan")
    assert "Erfundene Zahlen" in above("Regelklassen")
    for name in ("Wege", "Lehrerstunden", "Historie"):
        assert "Gerechnet, nicht ge" in above(name)
    assert "Klassengröße 24" in above("Schulen")
    first = " ".join(str(c.value) for (c,) in book["Lies mich"]["A1:A6"])
    assert "Erfundene Schüler – keine echten Daten" in first
    assert book["Bestand"].cell(2, 1).font.color.rgb.endswith("C00000")


def test_an_existing_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "da.xlsx"
    path.write_bytes(b"alt")
    for write in (write_template, write_example):
        with pytest.raises(OutputError, match="gibt es schon"):
            write(path)
    with pytest.raises(OutputError, match="gibt es schon"):
        write_district(small(), path)
    assert path.read_bytes() == b"alt"
    write_template(path, overwrite=True)
    assert path.read_bytes()[:2] == b"PK"
    assert [entry.name for entry in tmp_path.iterdir()] == ["da.xlsx"]


def test_missing_folder_and_folder_as_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Den Ordner"):
        write_template(tmp_path / "fehlt" / "neu.xlsx")
    with pytest.raises(OutputError, match="ist ein Ordner"):
        write_template(tmp_path, overwrite=True)


def test_a_broken_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "neu.xlsx"
    path.write_bytes(b"alt")

    def fail(*_: object) -> None:
        raise PermissionError(13, "gesperrt")

    monkeypatch.setattr("daz_planner.district.workbook_file.os.replace", fail)
    with pytest.raises(OutputError, match="lässt sich nicht schreiben"):
        write_whole(b"neu", path, overwrite=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["neu.xlsx"]
    assert path.read_bytes() == b"alt"


def test_text_is_never_a_formula_and_has_no_control_characters(tmp_path: Path) -> None:
    school = replace(small().schools[0], name="=1+1", number="@x", planning_area="a\x00b")
    path = tmp_path / "text.xlsx"
    write_district(small(schools=(school,)), path)
    sheet = load_workbook(path)["Schulen"]
    row = header_row(sheet) + 1
    assert sheet.cell(row, 1).data_type == sheet.cell(row, 4).data_type == "s"
    assert sheet.cell(row, 15).value == "ab"


def test_a_workbook_has_room_for_one_roster(tmp_path: Path) -> None:
    pupil = Pupil("S-1", "Grundschule Riesa", 1)
    old = Roster(date(2016, 10, 1), (pupil,))
    with pytest.raises(OutputError, match=r"nicht den vom 01\.10\.2016"):
        write_district(small(rosters=(old, Roster(DAY, (pupil,)))), tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_bytes_do_not_depend_on_the_time_of_writing(tmp_path: Path) -> None:
    def book(modified: datetime) -> bytes:
        workbook = Workbook()
        workbook.properties.modified = modified
        return workbook_bytes(workbook, datetime(2017, 2, 8, 12))

    first = book(datetime(2020, 1, 1))
    assert first == book(datetime(2021, 1, 1))
    assert b"2017-02-08T12:00:00Z" not in first  # compressed
    assert first.count(b"PK\x03\x04") > 5


def test_the_example_has_the_same_bytes_each_time(example: Path, tmp_path: Path) -> None:
    write_example(tmp_path / "noch.xlsx")
    assert (tmp_path / "noch.xlsx").read_bytes() == example.read_bytes()
    with zipfile.ZipFile(example) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2017, 2, 8, 12, 0, 0)}


def test_the_shipped_workbook_is_what_its_script_makes() -> None:
    """Cell by cell: the compression may differ from one machine to another."""
    import io

    script = REAL.parent / "erzeugen.py"
    spec = importlib.util.spec_from_file_location("erzeugen", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made, shipped_book = load_workbook(io.BytesIO(module.build())), load_workbook(REAL)
    assert made.sheetnames == shipped_book.sheetnames == ["Schulen", "Gemeinden", "Angaben"]
    for name in made.sheetnames:
        assert list(made[name].values) == list(shipped_book[name].values)
    assert made.properties.modified == datetime(2017, 2, 8, 12)
