"""Rosters: a sheet Bestand, a folder with one file a school, two reference dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from daz_planner.district import read_district
from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import Pupil
from daz_planner.district.rosters import read_roster, read_rosters
from daz_planner.errors import InputError

Read = Callable[..., Any]
Rows = Sequence[Sequence[Any]]

DAY = date(2017, 2, 8)
OS, GS = "Oberschule „Am Sportzentrum“ Riesa", "3. Grundschule Riesa"
DETAILS: Rows = (("Landkreis", "Meißen"), ("Stichtag", DAY))
SCHOOLS: Rows = (
    ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Breite", "Länge"),
    (OS, "Riesa", 2, 1, 21, 51.3, 13.29),
    (GS, "Riesa", 2, 1, 21, 51.3, 13.29),
)
HEADER = ("Schüler-ID", "Schule", "Phase", "Phase seit", "Eintritt", "Klassenstufe", "Gemeinde")


def write(path: Path, **sheets: Rows) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "eingang"
    path.mkdir()
    write(path / "landkreis.xlsx", Angaben=DETAILS, Schulen=SCHOOLS)
    return path


def findings_of(path: Path) -> tuple[Finding, ...]:
    try:
        return read_district(path).findings
    except InputError as error:
        return error.findings


def faults(found: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.severity is Severity.FAULT]


# --- the sheet Bestand ---


def test_sheet_gives_a_roster_of_the_reference_date(read: Read) -> None:
    rows = (
        ("VKA-Bestand im Landkreis Meißen, Stand 08.02.2017",),
        HEADER,
        ("S1", "OS Am Sportzentrum Riesa", 1, "01.09.2016", date(2016, 9, 1), 7, "Riesa"),
        (1005.0, GS, "2", None, None, None, None),
        ("Gesamt-1", GS, 3, None, None, None, "Große Kreisstadt Coswig"),
        (),
        ("Bearbeitet von Amt 40 am 9. Februar",),
    )
    district = read(Schulen=SCHOOLS, Bestand=rows)
    assert district.roster is not None
    assert district.roster.reference_date == DAY
    assert district.roster.pupils == (
        Pupil("S1", OS, 1, date(2016, 9, 1), date(2016, 9, 1), 7, "Riesa"),
        Pupil("1005", GS, 2),
        Pupil("Gesamt-1", GS, 3, municipality="Coswig"),
    )
    assert next((p.file, p.sheet, p.row) for p in district.roster.pupils) == (
        "klein.xlsx",
        "Bestand",
        3,
    )
    assert ("klein.xlsx", "Bestand", "Phase seit", 4) in district.columns
    assert [(f.code, f.cell) for f in district.findings] == [("schule_gelesen_als", "B3")]


@pytest.mark.parametrize(
    ("row", "code", "cell", "says"),
    [
        (("S1", GS, 1), "kind_doppelt", "A3", "gibt es schon (Zeile 2)"),
        (("s1 ", GS, 1), "kind_doppelt", "A3", "gibt es schon (Zeile 2)"),
        (("S1", OS, 1), "kind_zwei_schulen", "A3", f"{GS}“ (Zeile 2)"),
        (("S2", "Grundschule Riesa Nord", 1), "schule_unbekannt", "B3", "steht nicht in"),
        (("S2", "Gymnasium Döbeln", 2), "schule_unbekannt", "B3", "wie in der Tabelle"),
        (("S2", "3. Grundschule Risea", 1), "schule_unbekannt", "B3", f"Meinen Sie „{GS}“?"),
        (("S2", None, 1), "wert_fehlt", "B3", "„Schule“ fehlt der Wert"),
        ((None, GS, 1), "wert_fehlt", "A3", "eine Kennung ohne Namen"),
        (("S2", GS, 4), "wert_falsch", "C3", "zu groß"),
        (("S2", GS, "ca. 2"), "wert_falsch", "C3", "ungefähre Angabe"),
        (("S2", GS, None), "wert_fehlt", "C3", "die Phase 1, 2 oder 3"),
        (("S2", GS, 1, "gestern"), "wert_falsch", "D3", "kein lesbares Datum"),
        (("S2", GS, 1, None, None, 0), "wert_falsch", "F3", "zu klein"),
        (
            ("S2", GS, 1, None, None, None, "Risa"),
            "gemeinde_unbekannt",
            "G3",
            "Meinen Sie „Riesa“?",
        ),
    ],
)
def test_faults_of_a_row(found: Read, row: Any, code: str, cell: str, says: str) -> None:
    findings = found(Schulen=SCHOOLS, Bestand=(HEADER, ("S1", GS, 1), row))
    (fault,) = faults(findings)
    assert (fault.code, fault.sheet, fault.cell) == (code, "Bestand", cell)
    assert says in str(fault)


def test_residence_outside_the_district_is_told_and_unknown(read: Read) -> None:
    row = ("S1", GS, 1, None, None, None, "Oschatz")
    district = read(Schulen=SCHOOLS, Bestand=(HEADER, row))
    assert district.roster.pupils[0].municipality == ""
    assert [(f.code, f.cell) for f in district.findings] == [("wohnort_ausserhalb", "G2")]


def test_phase_3_may_be_at_a_school_without_vka(read: Read) -> None:
    district = read(Schulen=SCHOOLS, Bestand=(HEADER, ("S1", "Gymnasium Gröditz", 3)))
    assert district.roster.pupils[0].school == "Gymnasium Gröditz"
    (warning,) = district.findings
    assert (warning.code, warning.severity) == ("schule_unbekannt", Severity.WARNING)


def test_phase_3_at_a_school_whose_name_comes_near_is_asked_about(found: Read) -> None:
    (fault,) = faults(found(Schulen=SCHOOLS, Bestand=(HEADER, ("S1", "3. GS Risa", 3))))
    assert (fault.code, fault.remedy) == ("schule_unbekannt", f"Meinen Sie „{GS}“?")


def test_suspicious_ids_are_masked_in_findings(found: Read) -> None:
    row = ("Anna Muster", GS, 1)
    (fault,) = faults(found(Schulen=SCHOOLS, Bestand=(HEADER, row, row)))
    assert "Muster" not in str(fault) + fault.value


def test_personal_columns_are_refused(read: Read) -> None:
    district = read(Schulen=SCHOOLS, Bestand=((*HEADER[:3], "Nachname"), ("S1", GS, 1, "X")))
    (warning,) = district.findings
    assert "bitte löschen Sie die Spalte" in warning.remedy


def test_a_list_of_nothing_but_faults_is_not_read_to_its_end(found: Read) -> None:
    rows = [(f"S{i}", "x", "y", "z", "z") for i in range(12_000)]
    findings = found(Schulen=SCHOOLS, Bestand=(HEADER, *rows))
    (end,) = (f for f in findings if f.code == "zu_viele_fehler")
    assert 5_000 < end.row < 5_600


def test_a_lone_text_in_another_column_is_told(read: Read) -> None:
    rows = (HEADER, ("S1", GS, 1), (None, GS), ("S2", GS, 1))
    district = read(Schulen=SCHOOLS, Bestand=rows)
    assert [(f.code, f.row) for f in district.findings] == [("zeile_unklar", 3)]


def test_sheets_of_several_dates(read: Read) -> None:
    sheets = {
        "Bestand": (HEADER, ("S1", GS, 2), ("S2", GS, 1)),
        "Bestand 04.10.2016": (HEADER, ("S1", GS, 1), ("S3", OS, 2)),
    }
    district = read(Schulen=SCHOOLS, **sheets)
    assert [r.reference_date for r in district.rosters] == [date(2016, 10, 4), DAY]
    assert [p.pupil_id for p in district.roster.pupils] == ["S1", "S2"]


def test_reference_date_of_the_call_takes_the_roster_of_the_workbook_along(
    read_source: Read,
) -> None:
    sheets = {
        "Angaben": DETAILS,
        "Schulen": SCHOOLS,
        "Bestand": (("Stand 08.02.2017",), HEADER, ("S1", GS, 1)),
    }
    district = read_source(date(2017, 2, 15), **sheets)
    assert district.roster is not None
    (warning,) = district.findings
    assert (warning.code, warning.sheet, warning.cell) == ("stichtag_abweichend", "Angaben", "B2")
    assert "08.02.2017" in warning.problem


def test_sheets_named_after_schools_are_lists(read: Read) -> None:
    header = ("ID", "Etappe")
    district = read(
        Schulen=SCHOOLS,
        **{"OS Am Sportzentrum Riesa": (header, ("S1", 1)), "3. GS Riesa": (header, ("S2", 2))},
    )
    assert [(p.pupil_id, p.school) for p in district.roster.pupils] == [("S1", OS), ("S2", GS)]


def test_a_list_that_names_no_school_is_a_fault(found: Read) -> None:
    (fault,) = faults(found(Schulen=SCHOOLS, Bestand=(("ID", "Phase"), ("S1", 1))))
    assert fault.code == "schule_der_liste"
    assert "„Schule: …“" in fault.remedy


# --- a folder ---


def test_one_file_a_school_each_in_its_own_way(folder: Path) -> None:
    write(
        folder / "a.xlsx",
        Tabelle1=(("ID", "Einrichtung", "Phase"), ("S1", "OS Am Sportzentrum Riesa", 1)),
    )
    write(
        folder / "b.xlsx",
        Tabelle1=(("Schule:", "3. GS Riesa"), ("Stand", DAY), (), ("Etappe", "Kennung"), (2, "S2")),
        Tabelle2=(),
    )
    (folder / "VKA-Bestand_3_Grundschule_Riesa.csv").write_bytes(
        "Schülernummer;Wohnort;DaZ-Phase\n01005;Großenhain;3\n".encode("cp1252")
    )
    write(
        folder / "d.xlsx",
        **{"3. GS Riesa": (("VKA-", "Phase"), ("Schüler-ID", None), ("S3", 2))},  # type: ignore[arg-type]
    )
    district = read_district(folder)
    assert district.roster is not None
    assert sorted((p.pupil_id, p.school, p.phase) for p in district.roster.pupils) == [
        ("01005", GS, 3),
        ("S1", OS, 1),
        ("S2", GS, 2),
        ("S3", GS, 2),
    ]
    assert [name for name, _ in district.files] == [
        "landkreis.xlsx",
        "a.xlsx",
        "b.xlsx",
        "d.xlsx",
        "VKA-Bestand_3_Grundschule_Riesa.csv",
    ]
    assert {p.file for p in district.roster.pupils} == {name for name, _ in district.files[1:]}
    assert [(f.file, f.code) for f in district.findings] == [("a.xlsx", "schule_gelesen_als")]


def test_pupil_in_two_files_names_the_other_place(folder: Path) -> None:
    write(folder / "a.xlsx", Liste=(HEADER, ("S1", OS, 1)))
    write(folder / "b.xlsx", Liste=(HEADER, ("S9", GS, 1), ("S1", GS, 1)))
    write(folder / "c.xlsx", Tabelle1=(HEADER, ("S9", GS, 1)))
    first, second = faults(findings_of(folder))
    assert (first.file, first.cell, first.code) == ("b.xlsx", "A3", "kind_zwei_schulen")
    assert (
        f"an der Schule „{OS.replace('„', '‚').replace('“', '‘')}“ („a.xlsx“, Zeile 2)"
        in first.problem
    )
    assert (second.file, second.cell, second.code) == ("c.xlsx", "A2", "kind_doppelt")
    assert "(„b.xlsx“, Blatt „Liste“, Zeile 2)" in second.problem


def test_contradiction_between_title_and_file_name(folder: Path) -> None:
    rows = (("Schule: 3. Grundschule Riesa",), ("ID", "Phase"), ("S1", 1))
    write(folder / "OS Am Sportzentrum Riesa.xlsx", Tabelle1=rows)
    (fault,) = faults(findings_of(folder))
    assert fault.code == "schule_der_liste"
    assert "Titel" in fault.problem
    assert "Dateiname" in fault.problem


def test_file_of_another_school_than_its_rows(folder: Path) -> None:
    write(folder / "OS Am Sportzentrum Riesa.xlsx", Tabelle1=(HEADER, ("S1", GS, 1)))
    district = read_district(folder)
    assert district.roster is not None
    assert district.roster.pupils[0].school == GS
    assert [f.code for f in district.findings] == ["schule_der_liste_abweichend"]


def test_own_dates_of_files(folder: Path) -> None:
    write(folder / "a 2016-10-04.xlsx", Tabelle1=(HEADER, ("S1", GS, 1)))
    write(folder / "b.xlsx", Tabelle1=(("Stand: 4. Oktober 2016",), HEADER, ("S2", GS, 1)))
    write(
        folder / "c.xlsx",
        Angaben=(("Schule", "3. GS Riesa"), ("Stichtag", "04.10.2016")),
        Liste=(("ID", "Phase"), ("S3", 1)),
    )
    write(folder / "d.xlsx", Tabelle1=(HEADER, ("S1", GS, 2)))
    district = read_district(folder)
    october, february = district.rosters
    assert (october.reference_date, february.reference_date) == (date(2016, 10, 4), DAY)
    assert [p.pupil_id for p in october.pupils] == ["S1", "S2", "S3"]
    assert [p.phase for p in february.pupils] == [2]


def test_other_entries_of_a_folder_are_named_once(folder: Path) -> None:
    write(folder / "a.xlsx", Tabelle1=(HEADER, ("S1", GS, 1)))
    (folder / "~$a.xlsx").write_bytes(b"x")
    (folder / ".versteckt.xlsx").write_bytes(b"x")
    (folder / "Anschreiben.docx").write_bytes(b"x")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "alt").mkdir()
    write(folder / "alt" / "b.xlsx", Tabelle1=(HEADER, ("S1", GS, 1)))
    (warning,) = read_district(folder).findings
    assert warning.code == "ordner_uebergangen"
    for name in ("~$a.xlsx", ".versteckt.xlsx", "Anschreiben.docx", "alt"):
        assert name in warning.problem
    assert "Thumbs" not in warning.problem
    assert "noch in Excel geöffnet" in warning.remedy


def test_all_bad_files_of_a_folder_are_told_at_once(folder: Path) -> None:
    (folder / "kaputt.xlsx").write_bytes(b"PK\x03\x04 nichts")
    (folder / "leer.csv").write_bytes(b"")
    write(folder / "x.xlsx", Tabelle1=(HEADER, ("S1", GS, "9")))
    found = faults(findings_of(folder))
    assert {f.file for f in found} >= {"kaputt.xlsx", "leer.csv"}


def test_a_file_without_a_list_is_a_fault(folder: Path) -> None:
    write(folder / "a.xlsx", Tabelle1=(("Kind", "Stufe"), ("x", 1)))
    (fault,) = faults(findings_of(folder))
    assert (fault.file, fault.code) == ("a.xlsx", "kopfzeile_fehlt")


def test_sheets_of_the_district_may_be_files_of_their_own(folder: Path) -> None:
    (folder / "Neuzugänge.csv").write_text("Schüler-ID;Gemeinde;Schulart\nK1;Riesa;OS\n", "utf-8")
    write(
        folder / "zweite.xlsx",
        Klassenplan=(("Schule", "ab", "Klassen", "Stand"), (GS, "08.2017", 2, "geplant")),
    )
    district = read_district(folder)
    assert [child.file for child in district.newcomers] == ["Neuzugänge.csv"]
    assert [decision.file for decision in district.class_plan] == ["zweite.xlsx"]


def test_two_waiting_lists_in_two_files_are_a_fault(folder: Path) -> None:
    for name in ("a", "b"):
        rows = (("Schüler-ID", "Gemeinde", "Schulart"), (f"K{name}", "Riesa", "OS"))
        write(folder / f"{name}.xlsx", Neuzugänge=rows)
    (fault,) = faults(findings_of(folder))
    assert (fault.file, fault.code) == ("b.xlsx", "blatt_doppelt")


def test_empty_template_sheets_in_the_files_of_schools_do_no_harm(folder: Path) -> None:
    write(
        folder / "a.xlsx",
        Angaben=(("Landkreis", None), ("Stichtag", None)),
        Schulen=(SCHOOLS[0],),
        Bestand=(HEADER, ("S1", GS, 1)),
        Neuzugänge=(("Schüler-ID", "Gemeinde", "Schulart"),),
    )
    district = read_district(folder)
    assert district.roster is not None
    assert len(district.roster.pupils) == 1
    assert district.findings == ()


def test_a_marked_copy_in_the_folder_is_left_out(folder: Path) -> None:
    write(folder / "a.xlsx", Tabelle1=(HEADER, ("S1", GS, 1)))
    marked = {"Befunde": (("Befunde zu eingang",),), "Angaben": DETAILS, "Schulen": SCHOOLS}
    write(folder / "landkreis-fehler.xlsx", **marked)
    write(folder / "liste.xlsx", Befunde=(("Befunde zu eingang",), ("Datei", "Blatt")))
    (warning,) = read_district(folder).findings
    assert warning.code == "ordner_befunde"
    assert "„landkreis-fehler.xlsx“ und „liste.xlsx“" in warning.problem
    (folder / "landkreis.xlsx").unlink()
    assert len(read_district(folder).schools) == 2


def test_a_second_sheet_that_cannot_be_read_is_no_mere_warning(folder: Path) -> None:
    good, bad = (HEADER, ("S1", GS, 1)), (("Schüler-ID", "Schule", "Fach"), ("S2", GS, 1))
    write(folder / "a.xlsx", Gruppe1=good, Gruppe2=bad)
    (fault,) = faults(findings_of(folder))
    assert (fault.sheet, fault.code, fault.value) == ("Gruppe2", "spalte_fehlt", "Phase")


@pytest.mark.parametrize(("extra", "says"), [(0, "In keiner Datei"), (2, "in mehreren Dateien")])
def test_the_table_of_schools_must_be_there_once(tmp_path: Path, extra: int, says: str) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.xlsx", Tabelle1=(HEADER, (f"S{name}", GS, 1)))
    for number in range(extra):
        write(tmp_path / f"kreis{number}.xlsx", Angaben=DETAILS, Schulen=SCHOOLS)
    (fault,) = faults(findings_of(tmp_path))
    assert (fault.code, says in fault.problem) == ("ordner_schulen", True)


def test_empty_folder(tmp_path: Path) -> None:
    assert [f.code for f in findings_of(tmp_path)] == ["ordner_leer"]


def test_a_roster_alone_is_no_district(tmp_path: Path) -> None:
    write(tmp_path / "bestand.xlsx", Bestand=(HEADER, ("S1", GS, 1)))
    (fault, *_) = faults(findings_of(tmp_path / "bestand.xlsx"))
    assert fault.code == "blatt_fehlt"
    assert "Ordner" in fault.remedy


# --- rosters alone ---


def test_read_roster_unifies_spellings_without_a_table_of_schools(tmp_path: Path) -> None:
    a, b = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write(a, Bestand=(("Stand 08.02.2017",), HEADER, ("S1", "OS Am Sportzentrum Riesa", 1)))
    write(b, Bestand=(("Stand 08.02.2017",), HEADER, ("S2", OS, 1)))
    roster = read_roster([a, b])
    assert roster.reference_date == DAY
    assert {p.school for p in roster.pupils} == {"OS Am Sportzentrum Riesa"}


def test_read_roster_of_several_days_or_none(tmp_path: Path) -> None:
    a, b = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write(a, Bestand=(("Stand 08.02.2017",), HEADER, ("S1", GS, 1)))
    write(b, Bestand=(("Stand 04.10.2016",), HEADER, ("S2", GS, 1)))
    assert len(read_rosters([a, b]).rosters) == 2
    with pytest.raises(InputError) as error:
        read_roster(tmp_path)
    assert error.value.findings[-1].code == "bestand_stichtage"
    write(b, Bestand=(HEADER, ("S2", GS, 1)))
    with pytest.raises(InputError) as error:
        read_roster(b)
    assert [f.code for f in error.value.findings] == ["stichtag_fehlt"]
    assert read_roster(b, reference_date=DAY).pupils[0].pupil_id == "S2"
