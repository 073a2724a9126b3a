"""Tables as text: separators, character sets, quotes."""

from __future__ import annotations

from pathlib import Path

import pytest

from daz_planner.district.csv_file import separator_of
from daz_planner.district.sheets import load


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("Ort;Breite;Länge\nRiesa;51,3;13,29\nMeißen;51,1;13,4\n", ";"),
        ("Ort;Breite\nRiesa;51,3\nMeißen;51,1\n", ";"),
        ('Schule,Schüler,Klassen\n"Riesa, OS",12,1\n"Coswig; GS",10,1\n', ","),
        ("Stand, heute, gestern, 8.2.\nSchule;Schüler\nA;1\nB;2\n", ";"),
        ("Schule\tSchüler\nA, B\t1\nC, D\t2\n", "\t"),
        ('Schule;Notiz\n"A";"x, y, z;\nzweite, Zeile"\nB;"u, v"\n', ";"),
        ("Schule\nA\n", ";"),
    ],
)
def test_separator(text: str, separator: str) -> None:
    assert separator_of(text) == (separator, False)


def test_separator_named_by_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfsep=,\r\nSchule,01005\r\n")
    (sheet,) = load(path).sheets
    assert sheet.rows == (("Schule", "01005"),)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Schule;Größe\nKötitz;5\n".encode(encoding))
    assert load(path).sheets[0].rows == (("Schule", "Größe"), ("Kötitz", "5"))


def test_quotes_keep_line_breaks_and_separators(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Schule;Notiz\n"A;B";"eins\nzwei ""drei"""\n', encoding="utf-8")
    assert load(path).sheets[0].rows[1] == ("A;B", 'eins\nzwei "drei"')


def test_lost_characters_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Schule;Sch\xfcler\nA\x81;1\n")
    source = load(path)
    assert [finding.code for finding in source.findings] == ["zeichen_unklar"]
    assert source.sheets[0].rows[0][1] == "Schüler"
