"""Broken and hostile files: one sentence each, in bounded time and memory."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from daz_planner.cli import main
from daz_planner.district.compound import build
from daz_planner.district.sheets import load
from daz_planner.errors import InputError

sys.path.insert(0, str(Path(__file__).parent))
from handmade_files import HEADER, MAIN, label, number, ods, ods_cell, record, xls, xlsx

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        load(path)
    (finding,) = [f for f in error.value.findings if f.severity.name == "FAULT"]
    assert finding.problem.endswith(".") and finding.remedy
    return finding.code, str(finding)


def small(path: Path) -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.append(["Schule", "VKA-Schüler"])
    book.save(path)
    return path


# What the file is, whatever its name says.


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.csv", "a", "a.dat"])
def test_a_workbook_with_a_wrong_ending_is_read(tmp_path: Path, name: str) -> None:
    source = load(small(tmp_path / name))
    assert source.sheets[0].rows == (("Schule", "VKA-Schüler"),)
    assert [finding.code for finding in source.findings] == ["datei_endung"]
    assert "eine .xlsx-Datei" in source.findings[0].problem


def test_an_old_workbook_named_xlsx_is_read(tmp_path: Path) -> None:
    source = load(xls(tmp_path / "a.xlsx", label(0, 0, 0), ["Schule"]))
    assert source.sheets[0].rows == (("Schule",),)
    assert [finding.code for finding in source.findings] == ["datei_endung"]


def test_a_text_table_named_xls_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_bytes("Schule\tSchüler\nGS Riesa\t12\n".encode("cp1252"))
    source = load(path)
    assert source.sheets[0].rows == (("Schule", "Schüler"), ("GS Riesa", "12"))
    assert [finding.code for finding in source.findings] == ["datei_endung"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><table>", "HTML-Seite"),
        (b"<html xmlns:o='urn:schemas-microsoft-com:office:office'>", "HTML-Seite"),
        ("<html>".encode("utf-16"), "HTML-Seite"),
        (b"<table><tr><td>Schule</td></tr></table>", "HTML-Seite"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "XML-Tabelle von Excel 2003",
        ),
        (b'<?xml version="1.0"?><daten/>', "eine XML-Datei"),
        (b"%PDF-1.7", "eine PDF-Datei"),
        (b"{\\rtf1", "ein Textdokument"),
        (b"\x09\x08\x06\x00\x00\x00\x10\x00", "keine Arbeitsmappe"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "vor 1997"),
    ],
)
def test_something_else_named_xls(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "liste.xls"
    path.write_bytes(content)
    if words == "keine Arbeitsmappe":
        words = "vor 1997"
    assert words in refused(path)[1]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("word/document.xml", "eine Word-Datei"),
        ("ppt/presentation.xml", "eine PowerPoint-Datei"),
        ("bilder/a.png", "ein Zip-Archiv"),
        ("schulen/a.xlsx", "Entpacken Sie es"),
        ("xl/workbook.bin", ".xlsb"),
    ],
)
def test_another_zip_file_named_xlsx(tmp_path: Path, part: str, words: str) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(part, "<x/>")
    assert words in refused(path)[1]


def test_a_word_file_of_the_old_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(build("WordDocument", b"x"))
    assert "eine Word-Datei" in refused(path)[1]


# Passwords.


def test_encrypted_workbooks(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(build("EncryptedPackage", b"x"))
    xls(tmp_path / "b.xls", number(0, 0, 1), before=record(0x2F, bytes(54)))
    ods(tmp_path / "c.ods", "", manifest="<manifest><encryption-data/></manifest>")
    for name in ("a.xlsx", "b.xls", "c.ods"):
        assert refused(tmp_path / name)[0] == "datei_passwort", name


# Files that are no files.


@posix
@pytest.mark.parametrize("target", ["fifo", "device"])
def test_a_pipe_or_a_device_never_hangs(tmp_path: Path, target: str) -> None:
    path = tmp_path / "a.xlsx"
    os.mkfifo(path) if target == "fifo" else path.symlink_to("/dev/zero")
    code, sentence = refused(path)
    assert (code, "keine gewöhnliche Datei" in sentence) == ("datei_unlesbar", True)


@posix
def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").symlink_to(tmp_path / "b.xlsx")
    (tmp_path / "b.xlsx").symlink_to(tmp_path / "a.xlsx")
    assert "führt im Kreis" in refused(tmp_path / "a.xlsx")[1]


def test_odd_paths(tmp_path: Path) -> None:
    small(tmp_path / "a.xlsx")
    for path in (tmp_path / ("x" * 5_000), tmp_path / "a.xlsx" / "b.xlsx", Path("a\0b.xlsx")):
        code, sentence = refused(path)
        assert code in ("datei_unlesbar", "datei_fehlt")
        assert "No such" not in sentence and "too long" not in sentence


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read all")
def test_a_folder_without_the_right_to_read(tmp_path: Path) -> None:
    folder = tmp_path / "zu"
    folder.mkdir()
    small(folder / "a.xlsx")
    folder.chmod(0)
    try:
        assert refused(folder / "a.xlsx")[0] == "datei_gesperrt"
    finally:
        folder.chmod(0o700)


# Too much of something. Each is read in a process of its own with little memory.

LIMIT_MB = 500
READER = """
import resource, sys, time
limit = int(sys.argv[2]) * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit + 100 * 2**20, limit + 100 * 2**20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from pathlib import Path
from daz_planner.district.sheets import load
from daz_planner.errors import InputError
try:
    source = load(Path(sys.argv[1]))
    sheet = source.sheets[0]
    print("ok", len(sheet.rows), max(map(len, sheet.rows), default=0))
except InputError as error:
    print(*[f"{f.code}: {f}" for f in error.findings if f.severity.name == "FAULT"], sep="|")
about = Path("/proc/self/status")
text = about.read_text() if about.exists() else "VmHWM: 0 kB"
rss = int(text.split("VmHWM:")[1].split()[0]) // 1024
assert rss < int(sys.argv[2]), rss
print(f"{rss} MB, {time.process_time():.1f} s", file=sys.stderr)
"""


def empty_rows(path: Path) -> Path:
    rows = "".join(
        f'<row r="{n}" spans="1:4" s="1" customFormat="1"><c r="A{n}" s="1"/>'
        f'<c r="B{n}" s="1"/><c r="C{n}" s="1"/><c r="D{n}" s="1"/></row>'
        for n in range(2, 1_000_002)
    )
    return xlsx(path, HEADER + rows)


def bomb(path: Path) -> Path:
    xlsx(path, HEADER, texts="<sst/>")
    return repacked(path, "xl/sharedStrings.xml", bytes(1_000_000), 1_500)


def repacked(path: Path, name: str, content: bytes, times: int, start: bytes = b"") -> Path:
    """The workbook with one part replaced by very much of the same."""
    with zipfile.ZipFile(path, "r") as old:
        parts = {part: old.read(part) for part in old.namelist() if part != name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for part, text in parts.items():
            file.writestr(part, text)
        with file.open(name, "w", force_zip64=True) as big:
            big.write(start)
            for _ in range(times):
                big.write(content)
    return path


def bomb_in_the_sheet(path: Path) -> Path:
    start = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    return repacked(
        xlsx(path, HEADER), "xl/worksheets/sheet1.xml", b'<row r="1"/>' * 80_000, 700, start
    )


def lying_sizes(path: Path) -> Path:
    """The bomb, but each header claims that little is packed."""
    bomb_in_the_sheet(path)
    data = bytearray(path.read_bytes())
    name = b"xl/worksheets/sheet1.xml"
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(name))
    struct.pack_into("<I", data, at + 24, 5_000)
    path.write_bytes(data)
    return path


def far_cells(*places: str) -> str:
    return "".join(
        f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}"><v>1</v></c></row>'
        for place in places
    )


def repeated_text(path: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 40_001))
    texts = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
    return xlsx(path, rows, texts=texts)


def repeated_text_xls(path: Path) -> Path:
    cells = b"".join(label(n, 0, 0) for n in range(60_000))
    return xls(path, cells, ["x" * 8_000])


def entities(path: Path) -> Path:
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    text = (
        f'<?xml version="1.0"?><!DOCTYPE worksheet [{names}]><worksheet xmlns="{MAIN}"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    )
    return xlsx(path, text, raw=True)


def entities_in(part: str) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        text = f'<!DOCTYPE sst [<!ENTITY a "x">]><sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
        if part == "texts":
            return xlsx(path, HEADER, texts=text)
        if part == "styles, from outside":
            text = f'<!DOCTYPE s SYSTEM "http://example.invalid/a.dtd"><s xmlns="{MAIN}"/>'
        return xlsx(path, HEADER, styles=text)

    return make


def declared_counts(path: Path) -> Path:
    texts = (
        f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="4000000000"><si><t>a</t></si></sst>'
    )
    return xlsx(path, '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', texts=texts)


def ods_rows(path: Path) -> Path:
    return ods(
        path,
        f'<table:table-row table:number-rows-repeated="1048576">{ods_cell("x") * 20}'
        "</table:table-row>",
    )


def ods_far(path: Path) -> Path:
    gap = '<table:table-cell table:number-columns-repeated="16383"/>'
    row = f"<table:table-row>{ods_cell(1)}</table:table-row>"
    return ods(
        path,
        row + '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/>'
        f"</table:table-row><table:table-row>{gap}{ods_cell(1)}</table:table-row>",
    )


def csv_line(path: Path) -> Path:
    path.write_bytes(b"x" * 40_000_000)
    return path


def csv_semicolons(path: Path) -> Path:
    path.write_bytes(b";" * 45_000_000)
    return path


def csv_cells(path: Path) -> Path:
    path.write_bytes(b"ab;cd;ef;gh;ij;kl\n" * 2_500_000)
    return path


def csv_large(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(100_000_000)
    return path


def csv_quote(path: Path) -> Path:
    path.write_bytes(b'a;b\n"c;d\n' + b"e;f\n" * 2_000_000)
    return path


def csv_long_row(path: Path) -> Path:
    path.write_bytes(b'"a\n";' * 12_000)
    return path


def xls_dimensions(path: Path) -> Path:
    declared = record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFE, 0, 0xFFFE, 0))
    return xls(path, declared + number(0, 0, 1))


def xls_texts(path: Path) -> Path:
    return xls(path, label(0, 0, 0), ["a"], declared_texts=0x7FFFFFF0)


FILES: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "a million empty formatted rows": ("a.xlsx", empty_rows, "ok 1 1"),
    "bomb": ("a.xlsx", bomb, "datei_entpackt_zu_gross"),
    "bomb in the sheet": ("a.xlsx", bomb_in_the_sheet, "datei_entpackt_zu_gross"),
    "lying sizes": ("a.xlsx", lying_sizes, "datei_keine_mappe"),
    "far cell": ("a.xlsx", lambda p: xlsx(p, far_cells("A1", "XFD1048576")), "bis XFD1048576"),
    "16,384 columns": (
        "a.xlsx", lambda p: xlsx(p, far_cells("A1", "XFD5")), "ok 5 16384"),
    "16,384 columns, 1000 rows": (
        "a.xlsx", lambda p: xlsx(p, far_cells("A1", "XFD1000")), "blatt_zu_gross"),
    "cell beside its row": (
        "a.xlsx",
        lambda p: xlsx(p, '<row r="1"><c r="A1"><v>1</v></c><c r="ZZ900000"><v>1</v></c></row>'),
        "bis ZZ900000"),
    "place in small letters": (
        "a.xlsx",
        lambda p: xlsx(p, '<row r="1"><c r="A1"><v>1</v></c><c r="xfd900000"><v>1</v></c></row>'),
        "datei_keine_mappe"),
    "cells after a gap xls": (
        "a.xls",
        lambda p: xls(p, number(0, 0, 1) + bytes(4) + number(65_535, 255, 1)),
        "blatt_zu_gross"),
    "row beyond the last": (
        "a.xlsx", lambda p: xlsx(p, far_cells("A1", "A9999999")), "datei_keine_mappe"),
    "repeated text": ("a.xlsx", repeated_text, "datei_entpackt_zu_gross"),
    "repeated text xls": ("a.xls", repeated_text_xls, "datei_entpackt_zu_gross"),
    "entities": ("a.xlsx", entities, "datei_entitaeten"),
    "entities in the texts": ("a.xlsx", entities_in("texts"), "datei_entitaeten"),
    "entities in the styles": ("a.xlsx", entities_in("styles"), "datei_entitaeten"),
    "entities from outside": ("a.xlsx", entities_in("styles, from outside"), "datei_entitaeten"),
    "declared counts": ("a.xlsx", declared_counts, "ok 1 1"),
    "ods rows": ("a.ods", ods_rows, "blatt_zu_gross"),
    "ods far cell": ("a.ods", ods_far, "blatt_zu_gross"),
    "endless line": ("a.csv", csv_line, "Zeile ohne Ende"),
    "line of semicolons": ("a.csv", csv_semicolons, "Zeile ohne Ende"),
    "too many cells": ("a.csv", csv_cells, "mehr als 1.300.000 Zellen"),
    "100 MB": ("a.csv", csv_large, "größer als 50 MB"),
    "open quote": ("a.csv", csv_quote, "Anführungszeichen"),
    "row over many lines": ("a.csv", csv_long_row, "Anführungszeichen"),
    "far cell xls": (
        "a.xls", lambda p: xls(p, number(0, 0, 1) + number(65_535, 255, 1)), "blatt_zu_gross"),
    "declared range xls": ("a.xls", xls_dimensions, "ok 1 1"),
    "declared texts xls": ("a.xls", xls_texts, "datei_keine_mappe"),
}  # fmt: skip


SLOW = {
    "bomb", "bomb in the sheet", "lying sizes", "repeated text", "repeated text xls", "ods rows",
    "endless line", "line of semicolons", "too many cells", "open quote",
    "a million empty formatted rows",
}  # fmt: skip
"""Tried in a process of their own only."""


@posix
@pytest.mark.parametrize("what", FILES)
def test_bounded(tmp_path: Path, what: str) -> None:
    name, make, expected = FILES[what]
    path = make(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-c", READER, str(path), str(LIMIT_MB)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert expected in done.stdout, done.stdout
    print(what, done.stdout[:80].strip(), done.stderr.strip(), sep=" — ")


def test_all_that_is_unpacked_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daz_planner.district.container.MOST_UNPACKED", 20_000)
    rows = "".join(f'<row r="{n}"/>' for n in range(2, 500))
    xlsx(tmp_path / "one.xlsx", HEADER + rows)
    names = ("Schulen", "Bestand", "Historie")
    xlsx(tmp_path / "three.xlsx", *[HEADER + rows] * 3, names=names)
    assert load(tmp_path / "one.xlsx").sheets
    assert refused(tmp_path / "three.xlsx")[0] == "datei_entpackt_zu_gross"


# Damage.


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_cut_and_scratched_files(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    if ending == "xls":
        xls(path, label(0, 0, 0) + number(1, 0, 5), ["Schule"])
    else:
        ods(path, f"<table:table-row>{ods_cell('Schule')}</table:table-row>")
    data = path.read_bytes()
    step = max(len(data) // 150, 1)
    for cut in range(1, len(data), step):
        for changed in (data[:cut], data[:cut] + b"\xff\xfe\xff" + data[cut + 3 :]):
            path.write_bytes(changed)
            try:
                load(path)
            except InputError as error:
                assert error.findings


def scratched(path: Path, *parts: str) -> Path:
    """The workbook with garbage in the packed bytes of some parts."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        for part in parts:
            about = file.getinfo(part)
            at = about.header_offset + 30 + len(part)
            data[at : at + about.compress_size] = b"\xff" * about.compress_size
    path.write_bytes(data)
    return path


def test_damaged_sheets_are_one_fault_of_the_file(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", HEADER, HEADER, HEADER, names=("Schulen", "Wege", "Notizen"))
    scratched(path, *(f"xl/worksheets/sheet{n}.xml" for n in (1, 2, 3)))
    code, sentence = refused(path)
    assert code == "datei_keine_mappe"
    assert sentence.startswith("a.xlsx: Die Datei ist keine Arbeitsmappe oder sie ist beschädigt.")
    assert "Betroffen sind die Blätter „Schulen“ und „Wege“." in sentence
    path = scratched(
        xlsx(tmp_path / "b.xlsx", HEADER, HEADER, names=("Schulen", "Notizen")),
        "xl/worksheets/sheet2.xml",
    )
    (finding,) = load(path).findings
    assert (finding.sheet, finding.severity.name) == ("Notizen", "WARNING")
    assert "beschädigt" in finding.problem


@posix
@pytest.mark.parametrize(
    "what", [what for what in FILES if what not in SLOW and not FILES[what][2].startswith("ok")]
)
def test_each_message_of_the_program_names_the_file(
    tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name, make, _ = FILES[what]
    path = make(tmp_path / f"Nord{Path(name).suffix}")
    assert main(["planen", str(path)]) == 2
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith("Fehler: Nord."), first
    assert main(["pruefen", str(path)]) == 2
    assert "Nord." in capsys.readouterr().out


def test_a_single_fault_of_a_sheet_names_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = xlsx(tmp_path / "Nord.xlsx", far_cells("A1", "XFD1048576"))
    assert main(["planen", str(path)]) == 2
    assert capsys.readouterr().err.startswith("Fehler: Nord.xlsx: Schulen: Der benutzte Bereich")


def test_a_sheet_that_is_not_needed_does_not_stop(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx", HEADER, far_cells("A1", "XFD1048576"), names=("Schulen", "Notizen")
    )
    source = load(path)
    assert [(f.code, f.sheet) for f in source.findings] == [("blatt_zu_gross", "Notizen")]
    assert "Das Blatt bleibt außen vor." in source.findings[0].problem
    assert source.sheets[1].is_empty
