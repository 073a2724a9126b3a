"""The sheet Räume, and place and type of the schools of the sheet Regelklassen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from daz_planner.district.model import ClassDecision, PlanState, RegularClasses, RoomChange
from daz_planner.district.regular_schools import FROM_LIST, FROM_SEAT, FROM_TABLE, regular_schools
from daz_planner.district.rooms import changed_rooms, known_rooms
from tests.district.plausible import check, district, only, school

Read = Callable[..., Any]
GS, OS = "3. Grundschule Riesa", "Oberschule „Am Sportzentrum“ Riesa"
SCHOOLS = (
    ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Breite", "Länge"),
    (OS, "Riesa", 20, 1, 3, 51.3, 13.29),
    (GS, "Riesa", 20, 1, 3, 51.3, 13.29),
)
HEADER = ("Schule", "ab", "freie Räume")
NAME = "1. Grundschule Riesa"


def test_rooms_by_month_are_read(read: Read) -> None:
    rows = (
        ("Räume zum Schuljahr 2017/18",),
        ("Schule", "gültig ab", "Anzahl freie Räume"),
        (GS, "August 2017", 2),
        ("OS Am Sportzentrum Riesa", "02.2018", "0"),
    )
    found = read(Schulen=SCHOOLS, Räume=rows)
    assert found.room_changes == (
        RoomChange(GS, date(2017, 8, 1), 2),
        RoomChange(OS, date(2018, 2, 1), 0),
    )
    assert (found.room_changes[0].sheet, found.room_changes[0].row) == ("Räume", 3)


@pytest.mark.parametrize("name", ["Raumplan", "Räume 2017", "freie Räume", "Raeume"])
def test_the_sheet_is_known_under_other_names(read: Read, name: str) -> None:
    found = read(**{"Schulen": SCHOOLS, name: (HEADER, (GS, "08.2017", 2))})
    assert len(found.room_changes) == 1


@pytest.mark.parametrize(
    ("row", "code", "cell", "says"),
    [
        (("GS Riesa Nord", "08.2017", 2), "schule_unbekannt", "A2", "steht nicht in"),
        ((GS, "Sommer", 2), "wert_falsch", "B2", "kein lesbarer Monat"),
        ((GS, "08.2017", "zwei"), "wert_falsch", "C2", "keine ganze Zahl"),
        ((GS, "08.2017", -1), "wert_falsch", "C2", "negativ"),
        ((GS, None, 2), "wert_fehlt", "B2", "den Monat, ab dem"),
        ((GS, "08.2017", None), "wert_fehlt", "C2", "freien Räume"),
    ],
)
def test_faults(found: Read, row: Sequence[Any], code: str, cell: str, says: str) -> None:
    (fault,) = [f for f in found(Schulen=SCHOOLS, Räume=(HEADER, row)) if f.is_fault]
    assert (fault.code, fault.cell) == (code, cell)
    assert says in str(fault)


def test_a_sheet_of_another_name_is_not_lost(found: Read) -> None:
    findings = found(Schulen=SCHOOLS, Tabelle2=(HEADER, (GS, "08.2017", 2)))
    (fault,) = [f for f in findings if f.is_fault]
    assert fault.code == "blatt_umbenennen" and "„Räume“" in fault.problem


def test_the_last_entry_up_to_a_month_holds() -> None:
    changes = (
        RoomChange("A", date(2017, 9, 1), 3),
        RoomChange("A", date(2017, 5, 1), 1),
        RoomChange("B", date(2017, 1, 1), 9),
    )
    months = [date(2017, month, 1) for month in (4, 5, 8, 9)]
    assert [changed_rooms(changes, "A", month) for month in months] == [None, 1, 1, 3]
    here = replace(district(schools=(school("A", free_rooms=2),)), room_changes=changes)
    assert [known_rooms(here, here.schools[0], month) for month in months] == [2, 1, 1, 3]


def rooms(since: date, number: int, row: int = 3) -> RoomChange:
    return RoomChange(NAME, since, number, sheet="Räume", row=row)


def test_two_numbers_for_a_month() -> None:
    august = date(2017, 8, 1)
    same = only(
        check(district(room_changes=(rooms(august, 1), rooms(august, 1, 4)))), "raeume_doppelt"
    )
    assert not same.is_fault and same.row == 4
    other = only(
        check(district(room_changes=(rooms(august, 1), rooms(august, 2, 4)))), "raeume_widerspruch"
    )
    assert other.is_fault and "(Zeile 3)" in other.problem


def test_an_entry_before_the_reference_date() -> None:
    finding = only(
        check(district(room_changes=(rooms(date(2016, 8, 1), 1),))), "raeume_vor_stichtag"
    )
    assert "08.2016 liegt vor dem Stichtag" in finding.problem
    assert check(district(room_changes=(rooms(date(2017, 2, 1), 1),))) == ()


def decided(since: date, classes: int, state: PlanState = PlanState.DECIDED) -> ClassDecision:
    return ClassDecision(NAME, since, classes, state, sheet="Klassenplan", row=2)


def test_decided_classes_against_the_rooms_of_their_month() -> None:
    may, august = date(2017, 5, 1), date(2017, 8, 1)
    # One room from August on: two classes are fine from then, and too many before.
    here = district(schools=(school(free_rooms=0),), room_changes=(rooms(august, 1),))
    assert check(replace(here, class_plan=(decided(august, 2),))) == ()
    early = only(check(replace(here, class_plan=(decided(may, 2),))), "klassenplan_ueber_raeume")
    assert "nur Platz für 1" in early.problem


def test_rooms_that_fall_below_what_is_decided() -> None:
    may, august = date(2017, 5, 1), date(2017, 8, 1)
    here = district(schools=(school(free_rooms=2),), room_changes=(rooms(august, 0),))
    finding = only(check(replace(here, class_plan=(decided(may, 2),))), "raeume_unter_klassen")
    assert "ab 08.2017 nur noch Platz für 1 VKA-Klasse, beschlossen sind 2" in finding.problem
    # What is only planned, or ends before, is no fault.
    assert check(replace(here, class_plan=(decided(may, 2, PlanState.PLANNED),))) == ()
    ends = (decided(may, 2), decided(date(2017, 7, 1), 1))
    assert check(replace(here, class_plan=ends)) == ()


# -- schools of the sheet Regelklassen ------------------------------------------------------------


def regular(name: str, **values: Any) -> RegularClasses:
    base: dict[str, Any] = {"grade": 2, "classes": 2, "pupils": 40, "sheet": "Regelklassen"}
    return RegularClasses(name, **{**base, "row": 6, **values})


def test_type_and_place_of_a_school() -> None:
    rows = (
        regular(NAME),
        regular("Grundschule Weinböhla"),
        regular("GS Neu", municipality="Coswig"),
        regular("GS Nirgends"),
        regular("Lernhaus", municipality="Coswig"),
        regular("Lernhaus 2", municipality="Coswig", school_type="OS"),
    )
    found = regular_schools(district(regular_classes=rows))
    assert [(s.name, s.school_type, s.location_from) for s in found.schools] == [
        (NAME, "GS", FROM_TABLE),
        ("Grundschule Weinböhla", "GS", FROM_LIST),
        ("GS Neu", "GS", FROM_SEAT),
        ("Lernhaus 2", "OS", FROM_SEAT),
    ]
    assert found.schools[1].municipality == "Weinböhla"
    assert (found.without_place, found.without_type) == (("GS Nirgends",), ("Lernhaus",))


def test_what_is_not_found_for_certain_is_told_once() -> None:
    rows = (regular("GS Nirgends"), regular("GS Nirgends", grade=3, row=7), regular("Lernhaus"))
    found = check(district(regular_classes=rows))
    assert sorted((f.code, f.row) for f in found) == [
        ("regelklasse_ohne_ort", 6),
        ("regelklasse_ohne_schulart", 6),
    ]
    assert all(not f.is_fault and f.remedy for f in found)


def test_more_inclusion_than_the_rule_allows() -> None:
    finding = only(
        check(district(regular_classes=(regular(NAME, surcharge=10.5),))), "inklusion_ueber"
    )
    assert "10,5 Plätze Zuschlag, aber höchstens 2 × 5" in finding.problem
    assert check(district(regular_classes=(regular(NAME, surcharge=10.0),))) == ()
    assert (
        check(district(regular_classes=(regular(NAME, surcharge=99.0),)), most_surcharge=None) == ()
    )


def test_inclusion_type_and_municipality_are_read(read: Read) -> None:
    header = ("Schule", "Stufe", "Klassen", "Schüler", "Zuschlag Inklusion", "Art", "Ort")
    rows = (header, (GS, 1, 2, 44, "1,5", None, None), ("GS Neu", 2, 1, 20, None, "GS", "Riesa"))
    found = read(Schulen=SCHOOLS, Regelklassen=rows)
    assert found.regular_classes == (
        RegularClasses(GS, 1, 2, 44, 1.5),
        RegularClasses("GS Neu", 2, 1, 20, 0.0, "GS", "Riesa"),
    )
