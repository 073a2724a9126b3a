"""Lists of findings: order, table, folding, CSV, JSON."""

from __future__ import annotations

import csv
import io
import json

import pytest
from rich.console import Console

from daz_planner.cli.finding_groups import folded, grouped
from daz_planner.cli.finding_list import csv_bytes, json_bytes, printable, sheet_tables
from daz_planner.cli.terminal import Terminal
from daz_planner.district.collect import Collector
from daz_planner.district.findings import Finding, Severity


def finding(
    row: int = 1,
    column: int = 1,
    *,
    file: str = "a.xlsx",
    sheet: str = "Schulen",
    code: str = "wert_falsch",
    value: str = "2x",
    severity: Severity = Severity.WARNING,
) -> Finding:
    return Finding(
        file,
        sheet,
        row,
        column,
        code,
        severity,
        value,
        f"„{value}“ ist keine ganze Zahl.",
        "Tragen Sie eine Zahl ein.",
    )


def test_natural_order_of_files_sheets_and_cells() -> None:
    order = [
        finding(0, 0, file="Schule 2.xlsx", sheet=""),
        finding(9, 3, file="Schule 2.xlsx"),
        finding(10, 2, file="schule 10.xlsx", sheet="Blatt 9"),
        finding(2, 3, file="schule 10.xlsx", sheet="Blatt 10"),
        finding(2, 27, file="schule 10.xlsx", sheet="Blatt 10"),
        finding(10, 1, file="schule 10.xlsx", sheet="Blatt 10"),
    ]
    assert sorted(reversed(order), key=lambda f: f.sort_key) == order


def test_collector_keeps_each_finding_once() -> None:
    out = Collector("a.xlsx")
    for row in (3, 1, 3, 2, 1):
        out.warn("wert_falsch", "Text.", row=row)
    assert [found.row for found in out.findings] == [1, 2, 3]


def render(findings: list[Finding], width: int, *, with_file: bool = False) -> str:
    console = Console(width=width, file=io.StringIO(), color_system=None)
    for heading, table in sheet_tables(grouped(findings), width, with_file=with_file):
        console.print(heading)
        console.print(table)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_table_has_all_of_a_finding(width: int) -> None:
    text = render([finding(17, 4), finding(18, 0), finding(0, 0, sheet="")], width)
    assert max(map(len, text.splitlines())) <= width
    flat = " ".join(text.split())
    for part in ("D17", "Zeile 18", "Warnung", "2x", "wert_falsch", "Blatt Schulen", "a.xlsx"):
        assert part in flat
    assert ("[wert_falsch]" in flat) == (width < 110)


def test_table_names_the_file_only_where_there_are_several() -> None:
    assert "a.xlsx" not in render([finding()], 80)
    text = render([finding(), finding(file="b.xlsx", sheet="Wege")], 80, with_file=True)
    assert "a.xlsx, Blatt Schulen" in text
    assert "b.xlsx, Blatt Wege" in text


def test_nothing_steers_the_terminal() -> None:
    text = render([finding(value="\x1b[31mrot\x07\r\n" + "x" * 500)], 80)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert len(text.splitlines()) < 25
    assert printable("a\x1bb\nc") == "a�b c"


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_table_shows_a_column_of_the_same_as_one_line(width: int) -> None:
    found = [finding(row, 6, value=f"x{row}") for row in (*range(12, 31), 40, 50, 60, 61)]
    text = render(found, width)
    assert max(map(len, text.splitlines())) <= width
    assert text.count("Warnung") == 1
    assert "Zum Beispiel: „x12“" in text
    cells = [line[:15].strip() for line in text.splitlines()[3:]]
    assert cells[:4] == ["F12:F30, F40,", "F50 und 2", "weitere", "(23 Zellen)"]
    assert "x12," in text and "x15" not in text


def test_more_than_five_of_a_kind_on_a_sheet_are_one() -> None:
    five = [finding(row, row) for row in range(1, 6)]
    assert [more for _, _, more in folded(five)] == [""] * 5
    six = [*five, finding(6, 6)]
    other = [finding(9, sheet="Wege"), finding(3, code="anders"), finding(4, file="b.xlsx")]
    groups = folded([*six, *other])
    assert [(group.first.row, count) for group, count, _ in groups] == [
        (1, 6),
        (3, 1),
        (9, 1),
        (4, 1),
    ]
    assert groups[0][2] == "Dasselbe noch 5-mal (B2, C3, D4 und …)."
    mixed = [*five, finding(6, 6, severity=Severity.FAULT)]
    assert len(folded(mixed)) == 6


def test_folded_list_of_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    many = [finding(row, row) for row in range(1, 31)]
    many += [finding(1, code=c) for c in "bcdefghijklm"]
    Terminal().folded_findings(
        sorted(many, key=lambda f: f.sort_key), most=10, more="siehe pruefen"
    )
    text = capsys.readouterr().out
    assert text.count("Warnung ") == 10
    assert text.count("Dasselbe noch 29-mal") <= 1
    shown = 10 + (29 if "29-mal" in text else 0)
    assert f"… und {42 - shown} weitere, siehe pruefen" in text
    Terminal(quiet=True).folded_findings(many, most=10, more="")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\n=1"])
def test_csv_holds_no_formula(value: str) -> None:
    text = csv_bytes([finding(value=value)]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert rows[1][5] == f"'{value}"
    assert rows[1][2] == "A1"


def test_csv_is_utf8_with_bom_and_crlf_whatever_is_in_it() -> None:
    content = csv_bytes([finding(value='a;b"c\udc80'), finding()])
    assert content.startswith(b"\xef\xbb\xbfDatei;Blatt;")
    assert content.count(b"\r\n") == content.count(b"\n") == 3
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][5] == 'a;b"c?'


def test_json_is_a_list_of_records_in_the_order_given() -> None:
    records = json.loads(json_bytes([finding(2, 28), finding(0, 0, sheet="")]))
    assert [record["Zelle"] for record in records] == ["AB2", ""]
    assert records[0] == {
        "Datei": "a.xlsx",
        "Blatt": "Schulen",
        "Zelle": "AB2",
        "Art": "Warnung",
        "Kennung": "wert_falsch",
        "Wert": "2x",
        "Befund": "„2x“ ist keine ganze Zahl.",
        "Abhilfe": "Tragen Sie eine Zahl ein.",
        "Zeile": 2,
        "Spalte": 28,
    }
    assert json.loads(json_bytes([])) == []


def test_nothing_is_folded_in_csv_and_json() -> None:
    many = [finding(row) for row in range(1, 31)]
    assert len(csv_bytes(many).splitlines()) == 31
    assert len(json.loads(json_bytes(many))) == 30
