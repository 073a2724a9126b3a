from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from daz_planner.district.findings import Severity

Read = Callable[..., Any]
A = ("Oberschule A", "Riesa", 20, 1, 3, 51.30, 13.29)
G = ("Grundschule „G“ Riesa", "Riesa", 20, 1, 3, 51.30, 13.29)
B = ("BSZ Riesa, Standort Süd", "Riesa", 20, 1, 3, 51.30, 13.29)
HEADER = ("Schüler-ID", "Gemeinde", "Schulart", "Klassenstufe", "gemeldet am", "Familie")
HEADER += ("fixiert auf", "Ausschluss", "Wunsch")


@pytest.fixture
def children(schools: Read) -> Callable[..., dict[str, Any]]:
    def sheets(*rows: tuple[Any, ...]) -> dict[str, Any]:
        full = [row + (None,) * (len(HEADER) - len(row)) for row in rows]
        return {"Schulen": schools(A, G, B), "Neuzugänge": (HEADER, *full)}

    return sheets


def test_children(read: Read, children: Read) -> None:
    district = read(
        **children(
            (1005.0, "Riesa", "OS", None, "16.01.2017", "F-1", A[0], None, B[0]),
            ("01006", "stadt coswig", None, 3, date(2017, 1, 2), None, None, G[0]),
            ("k3", "Coswig", "BSZ", None, None, None, None, f"{B[0]}; Oberschule A"),
        )
    )
    first, second, third = district.newcomers
    assert (first.pupil_id, first.municipality, first.school_type) == ("1005", "Riesa", "OS")
    assert (first.registered, first.family) == (date(2017, 1, 16), "F-1")
    assert (first.pinned_to, first.wishes) == (A[0], (B[0],))
    assert (second.pupil_id, second.municipality) == ("01006", "Coswig")
    assert (second.school_type, second.grade, second.excluded) == ("GS", 3, (G[0],))
    assert third.excluded == (B[0], A[0])
    assert district.findings == ()


def test_an_empty_list_is_fine(read: Read, children: Read) -> None:
    assert read(**children()).newcomers == ()


@pytest.mark.parametrize(
    ("row", "code", "place", "says"),
    [
        (("k", "Risa", "OS"), "gemeinde_unbekannt", "B2", "Meinen Sie „Riesa“?"),
        (("k", None, "OS"), "wert_fehlt", "B2", "Gemeinde"),
        ((None, "Riesa", "OS"), "wert_fehlt", "A2", "Kennung"),
        (("k", "Riesa"), "schulart_fehlt", "C2", "Schulart und Klassenstufe"),
        (("k", "Riesa", None, 11), "schulart_unklar", "D2", "BSZ oder GYM"),
        (("k", "Riesa", "Grundshule"), "wert_falsch", "C2", "Meinen Sie „GS“?"),
        (("k", "Riesa", "OS", 14), "wert_falsch", "D2", "höchstens 13"),
        (("k", "Riesa", "OS", None, "gestern"), "wert_falsch", "E2", "kein lesbares Datum"),
        (
            ("k", "Riesa", "OS", None, None, None, "Oberschule B"),
            "schule_unbekannt",
            "G2",
            "Meinen Sie „Oberschule A“",
        ),
        (
            ("k", "Riesa", "OS", None, None, None, None, "Schule X"),
            "schule_unbekannt",
            "H2",
            "Schule X",
        ),
        (("k", "Riesa", "OS", None, None, None, G[0]), "fixiert_schulart", "G2", "Schulart GS"),
        (
            ("k", "Riesa", "OS", None, None, None, A[0], A[0]),
            "fixiert_ausgeschlossen",
            "G2",
            "zugleich fixiert und ausgeschlossen",
        ),
    ],
)
def test_faults(
    found: Read, children: Read, only: Read, row: Any, code: str, place: str, says: str
) -> None:
    fault = only(found(**children(row)), code)
    assert fault.place == f"Neuzugänge!{place}"
    assert says in str(fault)


def test_child_twice_names_the_first_place(found: Read, children: Read, only: Read) -> None:
    rows = (("k", "Riesa", "OS"), ("m", "Riesa", "OS"), ("k", "Coswig", "GS"))
    fault = only(found(**children(*rows)), "kind_doppelt")
    assert (fault.place, "Zeile 2" in fault.problem) == ("Neuzugänge!A4", True)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("k", "Riesa", "GS", 7), "klassenstufe_abweichend"),
        (("k", "Riesa", "OS", None, "09.02.2017"), "gemeldet_nach_stichtag"),
        (("k", "Riesa", "GYM"), "schulart_ohne_schule"),
    ],
)
def test_warnings(read: Read, children: Read, row: Any, code: str) -> None:
    district = read(**children(row))
    assert [(f.code, f.severity) for f in district.findings] == [(code, Severity.WARNING)]
    assert len(district.newcomers) == 1


def test_a_school_with_a_fault_of_its_own_is_not_unknown(found: Read, schools: Read) -> None:
    findings = found(
        Schulen=schools(G, ("Oberschule A", "Riesa", "2x", 1, 3, 51.3, 13.29)),
        Neuzugänge=(HEADER, ("k", "Riesa", "OS", None, None, None, "Oberschule A", None, None)),
    )
    assert [f.code for f in findings if f.severity is Severity.FAULT] == ["wert_falsch"]


def test_columns_with_personal_data_are_refused_politely(read: Read, schools: Read) -> None:
    header = ("Schüler-ID", "Gemeinde", "Schulart", "Vorname")
    district = read(Schulen=schools(A), Neuzugänge=(header, ("k", "Riesa", "OS", "Ali")))
    (warning,) = district.findings
    assert warning.code == "spalte_unbekannt"
    assert "bitte löschen Sie die Spalte" in warning.remedy
