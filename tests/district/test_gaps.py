"""One fault: what is intact is checked in the same round, and nothing is said of what is missing.

The district below is right in every cell. Each test makes it wrong in one or two places and looks
at everything that is found then.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from daz_planner.cli import main
from daz_planner.cli.runs import load, with_cap_findings
from daz_planner.district.findings import Finding
from daz_planner.district.read import build_partly
from daz_planner.district.sheets import Sheet, Source
from daz_planner.errors import InputError

Rows = list[list[Any]]
GS, OS, BSZ = "1. Grundschule Riesa", "Oberschule A Riesa", "BSZ Meißen"
DAY = date(2017, 2, 8)


def workbook() -> dict[str, Rows]:
    """Sheet → rows; the header is row 1."""
    pupils = [("S-1", GS, 1), ("S-2", GS, 2), ("S-3", OS, 1), ("S-4", OS, 2), ("S-5", BSZ, 1)]
    grades = {GS: 2, OS: 6, BSZ: None}
    return {
        "Angaben": [["Landkreis", "Meißen"], ["Stichtag", DAY], ["Schuljahr", "2016/17"]],
        "Schulen": [
            [
                *("Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve"),
                *("Breite", "Länge", "Gast-VKA", "Phase 1", "Planungsregion", "Schulnummer"),
            ],
            [GS, "GS", "Riesa", 2, 1, 21, 51.30, 13.29, 0, 1, "Riesa", "4210"],
            ["Summe GS", None, None, 2, 1, 21],
            [OS, "OS", "Riesa", 2, 1, 20, 51.30, 13.30, 1, 1, "Riesa", "4220"],
            [BSZ, "BSZ", "Meißen", 1, 1, 22, 51.16, 13.47, 0, 1, "Meißen", "4230"],
            ["Gesamt", None, None, 5, 3, 63],
        ],
        "Gemeinden": [
            ["Gemeinde", "Einwohner", "Anteil am Zuzug"],
            ["Riesa", 30_000, 0.6],
            ["Meißen", 28_000, 0.4],
        ],
        "Bestand": [
            ["Schüler-ID", "Schule", "Phase", "Eintritt", "Klassenstufe", "Gemeinde"],
            *([i, s, p, date(2016, 9, 1), grades[s], "Riesa"] for i, s, p in pupils),
        ],
        "Neuzugänge": [
            ["Schüler-ID", "Gemeinde", "Schulart", "fixiert auf"],
            ["K-1", "Riesa", "GS", GS],
            ["K-2", "Meißen", "BSZ", BSZ],
        ],
        "Klassenplan": [["Schule", "ab", "Klassen", "Stand"], [OS, "08.2017", 2, "geplant"]],
        "Wege": [
            ["Gemeinde", "Schule", "Minuten"],
            ["Riesa", GS, 0],
            ["Riesa", BSZ, 35],
            ["Meißen", OS, 35],
        ],
        "Regelklassen": [
            ["Schule", "Klassenstufe", "Klassen", "Schüler"],
            [GS, 2, 2, 44],
            [OS, 6, 2, 50],
            ["Summe", None, 4, 94],
        ],
        "Lehrerstunden": [
            ["Schulart", "Planungsregion", "Stunden"],
            ["BSZ", None, 32],
            [None, "Meißen", 32],
        ],
        "Historie": [["Monat", "Anmeldungen"], ["12.2016", 9], ["01.2017", 8], ["02.2017", 7]],
    }


PARTIAL = "gemeinden_unvollstaendig"
"""What is always said of these districts: they have two of 28 municipalities."""


def found(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> tuple[Finding, ...]:
    """What the commands find, in one list."""
    made = tuple(Sheet(name, tuple(map(tuple, rows))) for name, rows in sheets.items())
    try:
        findings = with_cap_findings(build_partly(Source("kreis.xlsx", "0" * 64, made))).findings
    except InputError as error:
        findings = error.findings
    return tuple(f for f in findings if f.code != PARTIAL)


def places(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(f.code, f.place) for f in findings if f.code != "pruefung_offen"]


def hint(findings: Sequence[Finding]) -> str:
    (one,) = [f for f in findings if f.code == "pruefung_offen"]
    assert not one.is_fault
    assert one.problem.startswith("Weitere Prüfungen folgen, sobald die auf ")
    return one.problem


def test_the_district_is_right() -> None:
    assert found(workbook()) == ()


def cells() -> Iterator[tuple[str, int, int]]:
    for sheet, rows in workbook().items():
        for row in range(0 if sheet == "Angaben" else 1, len(rows)):
            first = 1 if sheet == "Angaben" else 0
            yield from (
                (sheet, row, column)
                for column in range(first, len(rows[row]))
                if rows[row][column] is not None
            )


@pytest.mark.parametrize(("sheet", "row", "column"), list(cells()))
@pytest.mark.parametrize("written", ["#BEZUG!", "2x", None])
def test_an_unreadable_cell_is_told_at_its_place_and_nowhere_else(
    sheet: str, row: int, column: int, written: str | None
) -> None:
    sheets = workbook()
    sheets[sheet][row][column] = written
    findings = found(sheets)
    faulty = any(f.is_fault for f in findings)
    # A name that can be read and is another one is no gap, and neither is an empty cell.
    if not faulty or (written == "2x" and column < 2):
        return
    others = [
        f
        for f in findings
        if (f.sheet, f.row) != (sheet, row + 1)
        and f.code not in ("pruefung_offen", "anteile_summe")
    ]
    assert not others, [str(finding) for finding in others]


def test_a_fault_and_a_doubt_elsewhere_come_in_one_round() -> None:
    sheets = workbook()
    sheets["Neuzugänge"][1][2] = "Förderschule"
    sheets["Schulen"][1][5] = 3
    sheets["Schulen"][2][5] = 3
    sheets["Schulen"][5][5] = 45
    sheets["Bestand"][1][3] = date(2017, 3, 1)
    sheets["Historie"][2][0] = "11.2016"
    assert places(found(sheets)) == [
        ("datum_nach_stichtag", "Bestand!D2"),
        ("historie_luecke", "Historie"),
        ("wert_falsch", "Neuzugänge!C2"),
        ("reserve_abweichend", "Schulen!F2"),
    ]


def test_a_broken_school_is_not_unknown_on_the_other_sheets() -> None:
    sheets = workbook()
    sheets["Schulen"][4][3] = "2x"  # BSZ Meißen
    sheets["Bestand"][5][1] = "BSZ Meissen"
    sheets["Wege"][2][1] = "4230"
    findings = found(sheets)
    assert places(findings) == [("wert_falsch", "Schulen!D5")]
    assert "„Schulen“ gemeldeten Fehler behoben sind: " in hint(findings)
    assert "der Abgleich des Bestands mit der Tabelle der Schulen" in hint(findings)
    assert "die Schularten der Warteliste" in hint(findings)


def test_pupils_of_a_broken_school_are_checked_all_the_same() -> None:
    sheets = workbook()
    sheets["Schulen"][3][4] = "1x"  # Oberschule A Riesa
    sheets["Bestand"][3][3] = date(2017, 3, 1)
    assert places(found(sheets)) == [
        ("datum_nach_stichtag", "Bestand!D4"),
        ("wert_falsch", "Schulen!E4"),
    ]


def test_a_school_without_a_readable_name_leaves_all_names_open() -> None:
    sheets = workbook()
    sheets["Schulen"][4][0] = "#NV"
    findings = found(sheets)
    assert places(findings) == [("fehlerwert", "Schulen!A5")]
    assert "die Namen der Schulen auf den anderen Blättern" in hint(findings)


def test_a_municipality_without_a_readable_name() -> None:
    sheets = workbook()
    sheets["Gemeinden"][2][0] = "#NV"
    findings = found(sheets)
    assert places(findings) == [("fehlerwert", "Gemeinden!A3")]
    assert "die Namen der Gemeinden auf den anderen Blättern" in hint(findings)
    sheets["Schulen"][1][2] = "Riesaa"  # a slip is one in any case
    assert ("gemeinde_unbekannt", "Schulen!C2") in places(found(sheets))


def test_a_lost_pupil_is_no_difference_to_the_table() -> None:
    sheets = workbook()
    sheets["Bestand"][1][2] = "Phase 4"
    sheets["Schulen"][3][3] = 3  # Oberschule A Riesa: 2 pupils in the roster
    sheets["Schulen"][3][5] = 19
    sheets["Schulen"][5] = ["Gesamt", None, None, 6, 3, 62]
    findings = found(sheets)
    assert places(findings) == [
        ("wert_falsch", "Bestand!C2"),
        ("bestand_abweichend", "Schulen!D4"),
    ]
    assert "„Bestand“" in hint(findings)


def test_a_pupil_of_a_misspelt_school_leaves_all_counts_open() -> None:
    sheets = workbook()
    sheets["Bestand"][1][1] = "Oberschule Nirgendwo"
    assert places(found(sheets)) == [("schule_unbekannt", "Bestand!B2")]


def test_a_roster_whose_header_is_unreadable_is_not_a_missing_roster() -> None:
    sheets = workbook()
    sheets["Bestand"][0][2] = "?"
    findings = found(sheets)
    assert [code for code, _ in places(findings)] == ["spalte_fehlt", "spalte_unbekannt"]
    assert "der Abgleich des Bestands" in hint(findings)


def test_a_sum_over_an_unreadable_row_is_not_checked_and_one_over_others_is() -> None:
    sheets = workbook()
    sheets["Schulen"][4][3] = "1x"
    sheets["Schulen"][2][5] = 20  # Summe GS of the reserve
    assert places(found(sheets)) == [
        ("summe_falsch", "Schulen!F3"),
        ("wert_falsch", "Schulen!D5"),
    ]


@pytest.mark.parametrize(("total", "codes"), [(7, []), (5, []), (8, ["summe_falsch"])])
def test_a_sum_with_or_without_a_row_that_is_there_twice(total: int, codes: list[str]) -> None:
    sheets = workbook()
    sheets["Schulen"].insert(5, list(sheets["Schulen"][3]))
    sheets["Schulen"][6][3:6] = [total, None, None]
    findings = places(found(sheets))
    assert [code for code, _ in findings if code != "schule_doppelt"] == codes


@pytest.mark.parametrize("column", [5, 8])
def test_an_unreadable_reserve_or_guest_number_is_not_an_empty_one(column: int) -> None:
    sheets = workbook()
    sheets["Schulen"][3][column] = "1x"
    findings = found(sheets)
    assert len(places(findings)) == 1
    assert "die Plätze der Schulen mit einem Fehler" in hint(findings)


def test_a_way_of_no_minutes_to_a_school_whose_municipality_is_misspelt() -> None:
    sheets = workbook()
    sheets["Schulen"][1][2] = "Risa"
    assert places(found(sheets)) == [("gemeinde_unbekannt", "Schulen!C2")]


def test_a_month_that_cannot_be_read_is_not_missing() -> None:
    sheets = workbook()
    sheets["Historie"][2][0] = "Jänner"
    findings = found(sheets)
    assert places(findings) == [("wert_falsch", "Historie!A3")]
    assert hint(findings).endswith("ob in der Historie Monate fehlen.")


def test_an_unreadable_reference_date_leaves_the_dated_rules_open() -> None:
    sheets = workbook()
    sheets["Angaben"][1][1] = "31.02.2017"
    sheets["Klassenplan"][1][1] = "01.2015"
    sheets["Regelklassen"][1][3] = 144
    sheets["Regelklassen"][3][3] = 194
    findings = found(sheets)
    assert places(findings) == [
        ("wert_falsch", "Angaben!B2"),
        ("regelklasse_ueber", "Regelklassen!D2"),
    ]
    assert "alles, was vom Stichtag abhängt" in hint(findings)


def test_without_a_table_of_schools_nothing_is_unknown() -> None:
    sheets = workbook()
    sheets["Schulen"] = [["Kennzahlen", "Bemerkung"], ["eins", "zwei"]]
    sheets["Bestand"][1][3] = date(2017, 3, 1)
    findings = found(sheets)
    assert places(findings) == [
        ("datum_nach_stichtag", "Bestand!D2"),
        ("kopfzeile_fehlt", "Schulen!Zeile 1"),
    ]


def test_a_matrix_of_ways_to_unreadable_schools_is_still_a_matrix() -> None:
    sheets = workbook()
    sheets["Wege"] = [["Gemeinde", GS, OS], ["Riesa", 5, 6]]
    assert found(sheets) == ()
    sheets["Schulen"][0][3] = "?"
    findings = found(sheets)
    assert {f.sheet for f in findings if f.is_fault} == {"Schulen"}


def test_a_list_named_by_a_broken_school() -> None:
    sheets = workbook()
    pupils = sheets.pop("Bestand")
    sheets[f"Bestand {DAY:%d.%m.%Y}"] = [
        [f"Schule: {BSZ}"],
        ["Schüler-ID", "Phase"],
        [pupils[5][0], 1],
    ]
    sheets["Schulen"][1][3] = sheets["Schulen"][3][3] = 0
    codes = [code for code, _ in places(found(sheets))]
    assert "schule_der_liste" not in codes
    sheets["Schulen"][4][3] = "2x"
    faults = [f.place for f in found(sheets) if f.is_fault]
    assert faults == ["Schulen!D5"]


def test_a_second_block_without_a_column_loses_its_schools_and_no_more() -> None:
    sheets = workbook()
    table = sheets["Schulen"]
    header = [name if name != "Kap.reserve" else None for name in table[0]]
    sheets["Schulen"] = [*table[:3], header, *table[3:]]
    assert places(found(sheets)) == [("spalte_fehlt", "Schulen!Zeile 4")]


def test_a_column_twice_is_not_read_and_not_compared() -> None:
    sheets = workbook()
    for row, number in zip(sheets["Schulen"], ("VKA-Schüler", 9, 9, 9, 9, 9), strict=True):
        row += [None] * (12 - len(row))
        row.append(number)
    findings = found(sheets)
    assert places(findings) == [("spalte_doppelt", "Schulen!M1")]
    assert "der Abgleich des Bestands" in hint(findings)


def test_shares_with_a_municipality_twice_are_not_added_up() -> None:
    sheets = workbook()
    sheets["Gemeinden"].append(["Riesa", 30_000, 0.6])
    assert places(found(sheets)) == [("gemeinde_doppelt", "Gemeinden!A4")]


def save(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def two_troubles(tmp_path: Path) -> Path:
    """A file with a fault in the roster and a doubt in the table of schools."""
    sheets = workbook()
    sheets["Bestand"][1][2] = "vier"
    sheets["Schulen"][3][5] = 19
    sheets["Schulen"][5][5] = 62
    return save(tmp_path / "kreis.xlsx", sheets)


CODES = ["pruefung_offen", "wert_falsch", "reserve_abweichend"]


def test_check_lists_both_in_every_form(
    two_troubles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["pruefen", str(two_troubles)]
    assert main([*call, "--format", "csv"]) == 2
    text = capsys.readouterr().out.lstrip("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["Kennung"] for row in rows if row["Kennung"] != PARTIAL] == CODES
    assert main([*call, "--format", "json"]) == 2
    listed = json.dumps(json.loads(capsys.readouterr().out))
    assert all(code in listed for code in CODES)
    marked = tmp_path / "befunde.xlsx"
    assert main([*call, "--fehlerdatei", str(marked)]) == 2
    flat = " ".join(capsys.readouterr().out.split())
    assert "1 Fehler, 3 Warnungen." in flat
    book = load_workbook(marked)
    assert book["Bestand"]["C2"].comment is not None
    assert book["Schulen"]["F4"].comment is not None


@pytest.mark.parametrize("command", ["planen", "simulieren"])
def test_the_other_commands_list_both_too(
    command: str, two_troubles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(two_troubles), "-o", str(tmp_path / "ergebnis")]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "Bestand!C2" in told
    assert "Schulen!F4" in told
    assert not (tmp_path / "ergebnis").exists()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The district's workbook and a list of pupils for each school, named by the file."""
    sheets = workbook()
    pupils = sheets.pop("Bestand")[1:]
    save(tmp_path / "kreis.xlsx", sheets)
    for school in (GS, OS, BSZ):
        rows = [[row[0], row[2], row[3]] for row in pupils if row[1] == school]
        save(tmp_path / f"{school}.xlsx", {"Liste": [["Schüler-ID", "Phase", "Eintritt"], *rows]})
    return tmp_path


def found_in(folder: Path) -> list[tuple[str, str, str]]:
    try:
        findings = with_cap_findings(load(folder, None)).findings
    except InputError as error:
        findings = error.findings
    passed_over = ("pruefung_offen", PARTIAL)
    return [(f.code, f.file, f.cell) for f in findings if f.code not in passed_over]


def test_the_folder_is_right(folder: Path) -> None:
    assert found_in(folder) == []


def test_a_list_of_the_folder_that_cannot_be_opened(folder: Path) -> None:
    (folder / f"{OS}.xlsx").write_bytes(b"")
    assert found_in(folder) == [("datei_leer", f"{OS}.xlsx", "")]


def test_a_school_of_the_folder_with_a_fault(folder: Path) -> None:
    sheets = workbook()
    del sheets["Bestand"]
    sheets["Schulen"][3][3] = "2x"
    save(folder / "kreis.xlsx", sheets)
    assert found_in(folder) == [("wert_falsch", "kreis.xlsx", "D4")]


def test_a_table_of_the_folder_without_a_column(folder: Path) -> None:
    sheets = workbook()
    del sheets["Bestand"]
    sheets["Schulen"][0][3] = None
    save(folder / "kreis.xlsx", sheets)
    assert found_in(folder) == [("spalte_fehlt", "kreis.xlsx", "Zeile 1")]


def test_a_workbook_of_the_district_that_cannot_be_opened(folder: Path) -> None:
    (folder / "kreis.xlsx").write_bytes(b"")
    assert found_in(folder) == [("datei_leer", "kreis.xlsx", "")]
