from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daz_planner.district.findings import Severity
from daz_planner.district.layout import SHEETS

ROW = ("Oberschule A Riesa", "Riesa", 20, 1, 3)


def test_no_name_means_two_columns_or_two_sheets() -> None:
    for spec in SHEETS:
        keys = [key for column in spec.columns for key in set(column.keys)]
        assert len(keys) == len(set(keys)), spec.name
    names = [key for spec in SHEETS for key in set(spec.keys)]
    assert len(names) == len(set(names))
    assert len(SHEETS) == 10


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
