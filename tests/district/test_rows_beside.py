"""Rows that count the entries, or something else than them: never a school, never a child."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from daz_planner.district import gazetteer
from daz_planner.district.personal import mask_if_personal
from daz_planner.district.row_labels import (
    Aside,
    aside,
    is_count_of_children,
    is_hardly_a_child,
    is_note,
    numbers_in,
    sum_type,
)
from daz_planner.district.values import type_of_heading

Read = Callable[..., Any]
Rows = Sequence[Sequence[Any]]

SCHOOLS = (
    ("Grundschule Gröditz", "Gröditz", 9, 1, 14),
    ("Grundschule Niederau", "Niederau", 16, 1, 7),
)
ROSTER = ("Schüler-ID", "Schule", "Phase")


def told(findings: Sequence[Any]) -> list[tuple[str, str, bool]]:
    """Kind, cell and whether it stops, of what is said of rows."""
    kinds = ("summe_falsch", "zeile_nebenher", "zeile_fraglich", "zeile_unklar", "wert_falsch")
    return [(f.code, f.cell, f.is_fault) for f in findings if f.code in kinds]


def roster_with(*rows: Sequence[Any]) -> Rows:
    """Nine pupils in phase 1 in rows 2 to 10, then the given rows."""
    return (ROSTER, *((f"G{i}", "Grundschule Gröditz", 1) for i in range(9)), *rows)


@pytest.mark.parametrize(
    ("row", "findings"),
    [
        (("Summe", None, 9), []),
        (("Σ", None, 9), []),
        (("∑", "Grundschule Gröditz", 9), []),
        (("Anzahl: 9",), []),
        (("Gesamtzahl 9", None, None), []),
        (("Summe", "Grundschule Gröditz", 1), [("summe_falsch", "A11", False)]),
        (("gesamt", "Grundschule Gröditz", 1), [("summe_falsch", "A11", False)]),
        (("Anzahl", "Grundschule Gröditz", 3), [("summe_falsch", "A11", False)]),
        (("Summe Phase 2", "Grundschule Gröditz", 2), [("summe_falsch", "A11", False)]),
        (("Summe Phase 1: 9",), []),
        (("davon Phase 2", "Grundschule Gröditz", 2), [("zeile_nebenher", "A11", False)]),
        (("Phase 1", "Grundschule Gröditz", 3), [("zeile_fraglich", "A11", True)]),
        (("Schüler", "Grundschule Gröditz", 2), [("zeile_fraglich", "A11", True)]),
        (("Summe 3. Quartal", "Grundschule Gröditz", 1), [("zeile_fraglich", "A11", True)]),
    ],
)
def test_a_total_of_a_roster_is_no_pupil(
    found: Read, read: Read, schools: Read, row: tuple[Any, ...], findings: list[Any]
) -> None:
    sheets = {"Schulen": schools(*SCHOOLS), "Bestand": roster_with(row)}
    assert told(found(**sheets)) == findings
    if not any(stops for _, _, stops in findings):
        assert len(read(**sheets).roster.pupils) == 9


def test_the_total_of_each_school_and_of_all(found: Read, read: Read, schools: Read) -> None:
    more = [(f"N{i}", "Grundschule Niederau", 2) for i in range(4)]
    rows = roster_with(("Summe", None, 9), *more, ("Summe", None, 4), ("gesamt", None, 13))
    sheets = {"Schulen": schools(*SCHOOLS), "Bestand": rows}
    assert told(found(**sheets)) == []
    assert len(read(**sheets).roster.pupils) == 13
    wrong = [*rows[:-1], ("gesamt", None, 14)]
    (warning,) = (f for f in found(**{**sheets, "Bestand": wrong}) if f.code == "summe_falsch")
    assert warning.problem == "„gesamt“ nennt 14, in der Liste stehen 13 Kinder."


def test_a_doubtful_row_of_a_roster_is_asked_about(found: Read, schools: Read, only: Read) -> None:
    rows = roster_with(("Gesamt OS Riesa", "Grundschule Gröditz", 2))
    fault = only(found(Schulen=schools(*SCHOOLS), Bestand=rows), "zeile_fraglich")
    assert fault.cell == "A11"
    assert "beginnt mit „Gesamt“" in fault.problem
    assert "Ist das keine Schülerin und kein Schüler, löschen Sie die Zeile." in fault.remedy


@pytest.mark.parametrize(
    "pupil_id", ["Kind 7", "GES-12", "Sum 3", "Gesamt-1", "Schüler 3", "min 4"]
)
def test_ids_that_only_begin_like_a_total_are_pupils(
    read: Read, schools: Read, pupil_id: str
) -> None:
    district = read(
        Schulen=schools(*SCHOOLS), Bestand=roster_with((pupil_id, "Grundschule Gröditz", 1))
    )
    assert [pupil.pupil_id for pupil in district.roster.pupils][-1] == pupil_id


def test_a_total_of_the_waiting_list_is_no_child(read: Read, schools: Read) -> None:
    rows = (("Schüler-ID", "Gemeinde", "Schulart"), ("K1", "Riesa", "GS"), ("Summe", "Riesa", "GS"))
    assert [c.pupil_id for c in read(Schulen=schools(*SCHOOLS), Neuzugänge=rows).newcomers] == [
        "K1"
    ]


@pytest.mark.parametrize(
    "label",
    [
        *("Ist 2016", "Prognose 2018", "Durchschnitt", "Stand Vormonat", "Vorjahr", "Differenz"),
        *("davon Jungen", "Stand 01.10.2016", "Veränderung zum Vorjahr"),
    ],
)
def test_a_row_of_other_numbers_is_no_school(
    found: Read, read: Read, schools: Read, label: str
) -> None:
    rows = schools(SCHOOLS[0], (label, "Meißen", 200, 10, 3), SCHOOLS[1])
    assert told(found(Schulen=rows)) == [("zeile_nebenher", "A3", False)]
    assert [school.row for school in read(Schulen=rows).schools] == [2, 4]


def test_a_row_that_is_hardly_a_school_is_a_fault_with_a_way_out(
    found: Read, read: Read, schools: Read, only: Read
) -> None:
    odd = ("darunter Grundschule Niederau", "Niederau", 20, 1, 0)
    fault = only(found(Schulen=schools(SCHOOLS[0], odd, SCHOOLS[1])), "zeile_fraglich")
    assert fault.cell == "A3"
    assert fault.problem.endswith("wohl keine Schule: sie beginnt mit „darunter“.")
    assert (
        "löschen Sie die Zeile oder setzen Sie sie mit einer leeren Zeile Abstand unter die "
        in (fault.remedy)
    )
    # What the remedy says works.
    below = schools(*SCHOOLS, (), odd)
    assert told(found(Schulen=below)) == [("zeile_nebenher", "A5", False)]
    assert len(read(Schulen=below).schools) == 2
    directly = schools(*SCHOOLS, odd)
    assert told(found(Schulen=directly)) == [("zeile_fraglich", "A4", True)]


@pytest.mark.parametrize("code", ["schulart_fehlt", "gemeinde_fehlt"])
def test_an_unknown_row_may_be_no_school(found: Read, schools: Read, code: str) -> None:
    hits = [f for f in found(Schulen=schools(SCHOOLS[0], ("Container", None, 5, 1, 0)))]
    (fault,) = (f for f in hits if f.code == code)
    assert fault.remedy.endswith(
        "Ist das keine Schule, löschen Sie die Zeile oder setzen Sie sie ohne ihre Zahlen unter "
        "die Tabelle."
    )


def test_following_that_remedy_works(read: Read, schools: Read) -> None:
    assert len(read(Schulen=schools(SCHOOLS[0], (), ("Container",))).schools) == 1


def test_headings_with_numbers_and_brackets(read: Read) -> None:
    header = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
    rows = (
        ("I. Grundschulen",),
        header,
        ("Am Park", "Riesa", 9, 1, 14),
        ("Summe I", None, 9, 1, 14),
        ("II. Oberschulen (inkl. Gemeinschaftsschulen)",),
        header,
        ("Am Fluss", "Riesa", 15, 1, 8),
        ("III. BSZ",),
        ("Am Berg", "Riesa", 16, 1, 7),
    )
    schools = read(Schulen=rows).schools
    assert [(s.name, s.school_type) for s in schools] == [
        ("Am Park", "GS"),
        ("Am Fluss", "OS"),
        ("Am Berg", "BSZ"),
    ]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("1. Grundschulen", "GS"),
        ("Oberschulen einschl. Gemeinschaftsschulen", "OS"),
        ("C) Gymnasien", "GYM"),
        ("1. Grundschule", None),
        ("2. GS", None),
        ("Grundschule Coswig", None),
    ],
)
def test_what_a_heading_means(written: str, kind: str | None) -> None:
    assert type_of_heading(written) == kind


def test_no_saxon_school_or_municipality_reads_like_a_total() -> None:
    names = {entry.name for entry in (*gazetteer.all_schools(), *gazetteer.all_municipalities())}
    assert len(names) > 1_000
    for name in names:
        assert sum_type(name) is None, name
        assert aside(name) is Aside.NO, name
        assert not is_note(name), name
        assert type_of_heading(name) is None, name


def test_labels() -> None:
    assert aside("Max-Dietel-Oberschule") is Aside.NO
    assert aside("Max") is Aside.CERTAIN
    assert aside("nachrichtlich: Gymnasium Riesa") is Aside.LIKELY
    assert sum_type("∑ GS") == "GS"
    assert is_count_of_children("Anzahl: 16") and not is_count_of_children("Anzahl Müller")
    assert is_hardly_a_child("Anzahl Müller")
    assert numbers_in("davon Phase II: 16") == (frozenset({16}), 2)
    assert numbers_in("Summe am 08.02.2017") == (frozenset(), None)


def test_the_words_of_a_total_are_not_masked() -> None:
    for word in ("Summe", "Gesamtzahl", "Anzahl", "davon Phase", "Durchschnitt"):
        assert mask_if_personal(word) == word
    assert mask_if_personal("Amira") == "A****"
