from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daz_planner.district.findings import Severity
from daz_planner.district.layout import SHEETS
from daz_planner.errors import InputError

ROW = ("Oberschule A Riesa", "Riesa", 20, 1, 3)


def test_no_name_means_two_columns_or_two_sheets() -> None:
    for spec in SHEETS:
        keys = [key for column in spec.columns for key in set(column.keys)]
        assert len(keys) == len(set(keys)), spec.name
    names = [key for spec in SHEETS for key in set(spec.keys)]
    assert len(names) == len(set(names))
    assert len(SHEETS) == 11


@pytest.mark.parametrize(
    "header",
    [
        ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve"),
        ("SCHULE", "Ort", "vka schueler", "VKA Klassen", "Kapazitätsreserve"),
        ("Name der Schule", "Schulort", "Schüler VKA", "Klassen", "freie Plätze"),
        ("Schulname", "Kommune", "Schülerzahl", "Anzahl\nKlassen", "Kap. - Reserve"),
        ("Schule", "Stadt", "VKA-Schüler (Phase 1+2)", "VKA-Klassen*", "Reserve 1)"),
    ],
)
def test_office_names_of_columns(read: Callable[..., Any], header: tuple[str, ...]) -> None:
    district = read(Schulen=(("Titel",), (), header, ROW))
    (school,) = district.schools
    assert (school.pupils, school.classes, school.reserve) == (20, 1, 3)
    assert [f.code for f in district.findings] == ["lage_gemeindesitz"]


def test_missing_column_names_the_nearest_found(
    found: Callable[..., Any], only: Callable[..., Any]
) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüler", "VAK-Klassen", "Kap.reserve")
    findings = found(Schulen=((), header, ROW))
    fault = only(findings, "spalte_fehlt")
    assert fault.place == "Schulen!Zeile 2"
    assert findings == (fault,)
    assert str(fault).endswith(
        "Die Spalte „VKA-Klassen“ fehlt. Am nächsten kommt „VAK-Klassen“: benennen Sie sie in "
        "„VKA-Klassen“ um, wenn sie gemeint ist."
    )


def test_no_header_at_all(found: Callable[..., Any], only: Callable[..., Any]) -> None:
    findings = found(Schulen=(("irgend", "etwas"), (1, 2)))
    assert "„Schule“, „VKA-Schüler“" in only(findings, "kopfzeile_fehlt").problem


def test_the_same_column_twice(found: Callable[..., Any], only: Callable[..., Any]) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "VKA-Schüler")
    fault = only(found(Schulen=(header, (*ROW, 4))), "spalte_doppelt")
    assert fault.place == "Schulen!F1"


def test_the_proper_name_beats_an_alias(read: Callable[..., Any]) -> None:
    header = ("Schüler", "Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    district = read(Schulen=(header, (300, *ROW)))
    assert district.schools[0].pupils == 20
    assert "„Schüler“" in district.findings[-1].problem or any(
        f.code == "spalte_unbekannt" and f.place == "Schulen!A1" for f in district.findings
    )


def test_unknown_column_is_named(read: Callable[..., Any]) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Schulleitung")
    district = read(Schulen=(header, (*ROW, "Frau X")))
    (warning,) = (f for f in district.findings if f.code == "spalte_unbekannt")
    assert (warning.place, warning.severity) == ("Schulen!F1", Severity.WARNING)
    assert "„Schulleitung“" in warning.problem


def test_a_table_away_from_the_corner(read: Callable[..., Any]) -> None:
    header = (None, "Schule", None, "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    row = (None, ROW[0], None, *ROW[1:])
    (school,) = read(Schulen=((), ("Titel",), (), header, (), row)).schools
    assert (school.name, school.row) == (ROW[0], 6)


@pytest.mark.parametrize(
    ("rows", "row", "told"),
    [
        (
            (("Übersicht",), (), ("Name", "Kinder", "Gruppen"), ("A", 1, 2)),
            3,
            "Am ehesten sieht Zeile 3 danach aus („Name“, „Kinder“, „Gruppen“); dort fehlen "
            "„VKA-Schüler“, „VKA-Klassen“ und „Kap.reserve“.",
        ),
        (
            (("a", "b", "c", "d"), ("Schulen im Kreis", "VKA Schülr", "Klassn", "Resrve")),
            2,
            "Am ehesten sieht Zeile 2 danach aus",
        ),
    ],
)
def test_the_row_most_like_a_header(
    found: Callable[..., Any], only: Callable[..., Any], rows: Any, row: int, told: str
) -> None:
    fault = only(found(Schulen=rows), "kopfzeile_fehlt")
    assert fault.row == row
    assert told in fault.problem
    assert f"Ist Zeile {row} die Kopfzeile" in fault.remedy


def test_numbers_alone_are_no_header(found: Callable[..., Any], only: Callable[..., Any]) -> None:
    fault = only(found(Schulen=((1, 2), (3, 4))), "kopfzeile_fehlt")
    assert fault.row == 0
    assert "Am ehesten" not in fault.problem


@pytest.mark.parametrize("cell", [1, "S"])
def test_a_sheet_of_all_columns_is_one_sentence(read_source: Callable[..., Any], cell: Any) -> None:
    with pytest.raises(InputError) as error:
        read_source(Schulen=((cell,) * 16_384,) * 3)
    (fault,) = error.value.findings
    assert fault.code == "kopfzeile_fehlt"
    assert "bis Spalte XFD (16.384 Spalten)" in fault.problem


def test_very_many_unknown_columns_are_one_warning(read: Callable[..., Any]) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    more = tuple(f"S{i}" for i in range(6, 16_385))
    findings = read(Schulen=((*header, *more), ROW)).findings
    (warning,) = (f for f in findings if f.code == "spalte_unbekannt")
    assert warning.cell == "F1"
    assert "16.379 Spalten" in warning.problem and "„S6“, „S7“, „S8“ und 16.376 weitere" in (
        warning.problem
    )
    few = read(Schulen=((*header, *more[:25]), ROW)).findings
    assert sum(f.code == "spalte_unbekannt" for f in few) == 25


def test_very_many_columns_on_a_sheet_of_children_still_name_the_personal_ones(
    read: Callable[..., Any], schools: Callable[..., Any]
) -> None:
    more = (*(f"S{i}" for i in range(30)), "Vorname")
    rows = (("Schüler-ID", "Schule", "Phase", *more), ("S-1", ROW[0], 1))
    findings = read(Schulen=schools(ROW), Bestand=rows).findings
    unknown = [f for f in findings if f.code == "spalte_unbekannt"]
    assert [f.value for f in unknown] == ["S0", "Vorname"]
    assert "bitte löschen Sie die Spalte" in unknown[1].remedy
