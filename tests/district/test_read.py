from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from daz_planner.district import check_against_cap, read_district
from daz_planner.errors import InputError
from daz_planner.shipped import path as shipped

REAL = shipped("data", "meissen-2017-02-08.xlsx")
GOOD = ("Oberschule A Riesa", "Riesa", 20, 1, 3, 51.30, 13.29)


def test_the_real_table_as_it_is() -> None:
    district = read_district(REAL)
    assert district.name == "Landkreis Meißen"
    assert district.reference_date == date(2017, 2, 8)
    assert district.school_year == "2016/17"
    assert len(district.schools) == 19
    assert len(district.municipalities) == 28
    assert district.school_types == ("GS", "OS", "BSZ")
    totals = {
        kind: (
            sum(s.pupils for s in district.schools if s.school_type == kind),
            sum(s.classes for s in district.schools if s.school_type == kind),
            sum(s.reserve or 0 for s in district.schools if s.school_type == kind),
        )
        for kind in district.school_types
    }
    assert totals == {"GS": (199, 12, 77), "OS": (182, 10, 50), "BSZ": (136, 9, 71)}
    assert [sum(column) for column in zip(*totals.values(), strict=True)] == [517, 31, 198]
    assert district.findings == ()
    assert [s.location_from for s in district.schools].count("Schule") == 13
    assert [s.location_from for s in district.schools].count("Gemeindesitz") == 6
    assert sum(m.population for m in district.municipalities) == 241_717
    assert district.municipalities[0].ags == "14627010"
    assert {m.planning_area for m in district.municipalities} == {
        "Meißen",
        "Riesa",
        "Großenhain",
        "Radebeul",
    }
    names = [school.name for school in district.schools]
    assert "Oberschule „Am Merzdorfer Park“ Riesa" in names


def test_the_real_table_deviates_at_two_schools() -> None:
    found = check_against_cap(read_district(REAL), 23)
    assert [finding.value for finding in found] == [
        "Oberschule „Am Merzdorfer Park“ Riesa",
        "Oberschule „Am Sportzentrum“ Riesa",
    ]


def test_the_argument_beats_the_sheet_for_the_reference_date() -> None:
    assert read_district(REAL, reference_date=date(2018, 1, 31)).reference_date == date(2018, 1, 31)


def test_a_single_sheet_counts_as_schools_whatever_its_name(
    read_source: Callable[..., object], schools: Callable[..., object]
) -> None:
    title = (("Vorbereitungsklassen im Landkreis Meißen – Stand 08.02.2017",), ())
    district = read_source(Tabelle1=(*title, *schools(GOOD)))  # type: ignore[misc]
    assert district.name == "Landkreis Meißen"  # type: ignore[attr-defined]
    assert district.reference_date == date(2017, 2, 8)  # type: ignore[attr-defined]
    assert len(district.municipalities) == 28  # type: ignore[attr-defined]


def test_csv_file_counts_as_schools(tmp_path: Path) -> None:
    path = tmp_path / "vka.csv"
    text = (
        "VKA im Landkreis Meißen, Stand 08.02.2017;;;;\n"
        "Schule;Gemeinde;VKA-Schüler;VKA-Klassen;Kap.reserve\n"
        "3. Grundschule Riesa;Riesa;17;1;6\n"
        "Summe GS;;17;1;6\n"
    )
    path.write_bytes(text.encode("cp1252"))
    (school,) = read_district(path).schools
    assert (school.name, school.pupils, school.classes, school.reserve) == (
        "3. Grundschule Riesa",
        17,
        1,
        6,
    )
    assert school.location_from == "Schulliste"
    assert (school.latitude, school.longitude) == (51.304604, 13.257151)


def test_missing_sheet_of_schools_names_the_nearest(
    found: Callable[..., object], only: Callable[..., object]
) -> None:
    findings = found(Schuln=(("a", "b"),), Foto=(("c", "d"),))
    finding = only(findings, "blatt_fehlt")
    assert "„Schuln“ in „Schulen“ um" in finding.remedy  # type: ignore[attr-defined]


def test_the_only_unknown_sheet_is_taken_and_its_faults_are_named(
    found: Callable[..., object], only: Callable[..., object]
) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen")
    finding = only(found(Blatt1=(header, GOOD[:4])), "spalte_fehlt")
    assert (finding.sheet, finding.value) == ("Blatt1", "Kap.reserve")  # type: ignore[attr-defined]


def test_the_sheet_with_the_right_header_is_taken(
    read: Callable[..., object], schools: Callable[..., object]
) -> None:
    district = read(Seite1=schools(GOOD), Seite2=(("etwas", "anderes"),))
    assert len(district.schools) == 1  # type: ignore[attr-defined]
    (finding,) = district.findings  # type: ignore[attr-defined]
    assert (finding.code, finding.sheet) == ("blatt_unbekannt", "Seite2")


def test_all_faults_come_at_once_and_are_counted(
    read: Callable[..., object], schools: Callable[..., object]
) -> None:
    bad = ("Oberschule B", "Risa", "2x", -1, 1.5)
    with pytest.raises(InputError, match="4 Fehler") as error:
        read(Schulen=schools(GOOD, bad))
    places = [finding.place for finding in error.value.findings]
    assert places == ["Schulen!B3", "Schulen!C3", "Schulen!D3", "Schulen!E3"]


def test_a_real_file_with_one_wrong_cell(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Schulen"
    sheet["A1"] = "Landkreis Meißen, Stand 08.02.2017"
    for column, name in enumerate(("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Reserve")):
        sheet.cell(15, column + 1, name)
    for row in (16, 17):
        for column, value in enumerate((f"Oberschule {row}", "Riesa", 20, 1, 3)):
            sheet.cell(row, column + 1, value)
    sheet["D17"] = "2x"
    path = tmp_path / "klein.xlsx"
    workbook.save(path)
    with pytest.raises(InputError) as error:
        read_district(path)
    (fault,) = (f for f in error.value.findings if f.code == "wert_falsch")
    assert str(fault) == (
        "Schulen!D17: „2x“ ist keine ganze Zahl. Tragen Sie die Zahl der VKA-Klassen ein, z. B. 2."
    )
    assert fault.file == "klein.xlsx"


def test_nothing_heavy_is_imported_with_the_package() -> None:
    code = (
        "import sys, daz_planner.district.read, daz_planner.district.checks;"
        "print(sorted({'pandas', 'numpy', 'openpyxl', 'python_calamine'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
