from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from daz_planner.district import District, read_district, write_example, write_template
from daz_planner.district.workbook_file import workbook_bytes, write_whole
from daz_planner.errors import InputError, OutputError
from daz_planner.shipped import path as shipped

REAL = shipped("data", "meissen-2017-02-08.xlsx")
SHEETS = ["Lies mich", "Angaben", "Schulen", "Neuzugänge", "Gemeinden"]


def content(district: District) -> District:
    """The district without what depends on the file it was read from."""
    schools = tuple(replace(school, sheet="", row=0) for school in district.schools)
    return replace(district, schools=schools, files=(), findings=())


def test_the_example_reads_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "beispiel.xlsx"
    write_example(path)
    back = read_district(path)
    assert back.findings == ()
    assert content(back) == content(read_district(REAL))


def test_the_empty_one_lacks_only_its_content(tmp_path: Path) -> None:
    path = tmp_path / "leer.xlsx"
    write_template(path)
    with pytest.raises(InputError, match="3 Fehler") as error:
        read_district(path)
    codes = {finding.code for finding in error.value.findings}
    assert codes == {"keine_schule", "stichtag_fehlt", "landkreis_fehlt"}


def test_sheets_drop_downs_and_print_setup(tmp_path: Path) -> None:
    path = tmp_path / "leer.xlsx"
    write_template(path)
    book = load_workbook(path)
    assert book.sheetnames == SHEETS
    lists = {
        (name, str(rule.sqref).split(":")[0]): rule.formula1
        for name in ("Schulen", "Neuzugänge")
        for rule in book[name].data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists["Schulen", "B2"] == '"GS,OS,BSZ,GYM"'
    assert lists["Neuzugänge", "B2"] == "'Gemeinden'!$A$2:$A$301"
    assert lists["Neuzugänge", "G2"] == "'Schulen'!$A$2:$A$301"
    for name in ("Schulen", "Neuzugänge", "Gemeinden"):
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
        for rule in sheet.data_validations.dataValidation:
            assert len(rule.promptTitle) <= 32
            assert len(rule.prompt) <= 255
            assert len(rule.error) <= 255
    assert book["Gemeinden"]["B2"].number_format == "@"


def test_an_existing_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "da.xlsx"
    path.write_bytes(b"alt")
    for write in (write_template, write_example):
        with pytest.raises(OutputError, match="gibt es schon"):
            write(path)
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


def test_text_is_never_a_formula(tmp_path: Path) -> None:
    from daz_planner.district import template

    district = read_district(REAL)
    evil = replace(district.schools[0], name="=1+1", planning_area="@x")
    book = template._workbook(replace(district, schools=(evil, *district.schools[1:])))
    path = tmp_path / "text.xlsx"
    path.write_bytes(workbook_bytes(book, datetime(2017, 2, 8)))
    assert load_workbook(path)["Schulen"]["A2"].data_type == "s"
    assert read_district(path).schools[0].name == "=1+1"


def test_bytes_do_not_depend_on_the_time_of_writing() -> None:
    def book(modified: datetime) -> bytes:
        workbook = Workbook()
        workbook.properties.modified = modified
        return workbook_bytes(workbook, datetime(2017, 2, 8, 12))

    first = book(datetime(2020, 1, 1))
    assert first == book(datetime(2021, 1, 1))
    assert b"2017-02-08T12:00:00Z" not in first  # compressed
    assert first.count(b"PK\x03\x04") > 5


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
