from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from daz_planner.district import read_district
from daz_planner.district.sheets import load
from daz_planner.errors import InputError


def fault(path: Path) -> tuple[str, str]:
    """Code and sentence of the one fault with which a file is refused."""
    with pytest.raises(InputError) as error:
        load(path)
    assert "einen Fehler" in error.value.message
    (finding,) = error.value.findings
    return finding.code, str(finding)


def test_missing_file_names_a_similar_one(tmp_path: Path) -> None:
    (tmp_path / "meissen.xlsx").write_bytes(b"x")
    code, sentence = fault(tmp_path / "meisen.xlsx")
    assert code == "datei_fehlt"
    assert "gibt es nicht" in sentence
    assert "Meinen Sie „meissen.xlsx“?" in sentence


def test_missing_file_is_not_likened_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "ab.xlsx").write_bytes(b"x")
    assert "Meinen Sie" not in fault(tmp_path / "meissen.xlsx")[1]


def test_folder(tmp_path: Path) -> None:
    assert fault(tmp_path)[0] == "datei_ordner"


def test_lock_file_of_excel(tmp_path: Path) -> None:
    path = tmp_path / "~$meissen.xlsx"
    path.write_bytes(b"x")
    assert fault(path)[0] == "datei_sperrdatei"


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "leer.xlsx"
    path.write_bytes(b"")
    assert fault(path)[0] == "datei_leer"


@pytest.mark.parametrize("content", [b"Hallo", b"PK\x03\x04kaputt", b"\xd0\xcf\x11\xe0" * 300])
def test_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bild.xlsx"
    path.write_bytes(content)
    code, sentence = fault(path)
    assert code == "datei_keine_mappe"
    assert "keine Arbeitsmappe oder" in sentence


def test_other_format(tmp_path: Path) -> None:
    path = tmp_path / "bericht.pdf"
    path.write_bytes(b"%PDF-1.4")
    code, sentence = fault(path)
    assert code == "datei_keine_mappe"
    assert "(„.pdf“)" in sentence
    assert ".xlsx, .xls, .ods und .csv" in sentence


def test_broken_workbooks_never_raise_anything_else(tmp_path: Path) -> None:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.append(["Schule", "VKA-Schüler"])
    whole = tmp_path / "ganz.xlsx"
    workbook.save(whole)
    data = whole.read_bytes()
    path = tmp_path / "kaputt.xlsx"
    for cut in range(0, len(data), 97):
        path.write_bytes(data[:cut] + b"\x00\xff" + data[cut + 2 :])
        try:
            read_district(path)
        except InputError:
            continue
        path.write_bytes(data[:cut])
        with pytest.raises(InputError):
            read_district(path)


def test_password(tmp_path: Path) -> None:
    path = tmp_path / "geheim.xlsx"
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    path.write_bytes(head + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    code, sentence = fault(path)
    assert code == "datei_passwort"
    assert "ohne Passwort" in sentence


def test_workbook_without_any_cell(tmp_path: Path) -> None:
    path = tmp_path / "leer.xlsx"
    Workbook().save(path)
    assert fault(path)[0] == "datei_leer"


@pytest.mark.skipif(sys.platform == "win32", reason="rights work differently")
def test_file_without_the_right_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "zu.xlsx"
    path.write_bytes(b"x")

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    code, sentence = fault(path)
    assert code == "datei_gesperrt"
    assert "Schließen Sie sie in Excel" in sentence


def test_cells_keep_their_place(tmp_path: Path) -> None:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active["C4"] = "x"
    workbook.active["D5"] = "   "
    path = tmp_path / "versetzt.xlsx"
    workbook.save(path)
    source = load(path)
    (sheet,) = source.sheets
    assert (sheet.first_row, sheet.first_column, sheet.rows[0][0]) == (4, 3, "x")
    assert sheet.rows[1][1] is None
    assert source.digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "vka.csv"
    lines = [("Schule", "Schüler", "Größe"), ("Oberschule „Kötitz“", "22", "")]
    path.write_bytes("\r\n".join(separator.join(line) for line in lines).encode(encoding))
    (sheet,) = load(path).sheets
    assert sheet.name == "vka"
    assert sheet.rows == (lines[0], ("Oberschule „Kötitz“", "22", None))


def test_csv_that_is_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "bild.csv"
    path.write_bytes(b"\x89PNG\x00\x00\x01")
    assert fault(path)[0] == "datei_keine_mappe"


def test_a_panic_of_the_library_is_a_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        """As the library names it; it does not derive from Exception."""

    class Broken:
        @staticmethod
        def from_filelike(stream: object) -> None:
            raise PanicException("index out of bounds")

    monkeypatch.setattr("python_calamine.CalamineWorkbook", Broken)
    path = tmp_path / "kaputt.xlsx"
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active["A1"] = "x"
    workbook.save(path)
    assert fault(path)[0] == "datei_keine_mappe"


def test_libreoffice_file(tmp_path: Path) -> None:
    def cell(value: object) -> str:
        if isinstance(value, str):
            return (
                '<table:table-cell office:value-type="string">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    rows = (
        ("Landkreis Meißen, Stand 08.02.2017",),
        ("Schule", "Gemeinde", "Schüler", "Klassen", "freie Plätze"),
        ("3. Grundschule Riesa", "Riesa", 17, 1, 6),
    )
    table = "".join(f"<table:table-row>{''.join(map(cell, r))}</table:table-row>" for r in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        f'xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Tabelle1">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "vka.ods"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr("content.xml", content)
    (school,) = read_district(path).schools
    assert (school.name, school.pupils, school.reserve, school.row) == (rows[2][0], 17, 6, 3)
