"""One column for each day of counting: the newest that is not after the reference date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from daz_planner.district.header_cells import split_day

Read = Callable[..., Any]
HEADER = ("Schule", "Gemeinde", "VKA-Klassen", "Kap.reserve")
ROW = ("Oberschule A Riesa", "Riesa", 1, 3)
OLD, NEW, LATER = "VKA-Schüler 01.10.2016", "VKA-Schüler 08.02.2017", "VKA-Schüler 01.03.2017"


def table(*columns: tuple[Any, Any]) -> list[tuple[Any, ...]]:
    return [(*HEADER, *(name for name, _ in columns)), (*ROW, *(value for _, value in columns))]


def told(findings: Any) -> list[Any]:
    return [f for f in findings if f.code != "lage_gemeindesitz"]


@pytest.mark.parametrize(
    ("text", "rest", "day"),
    [
        ("VKA-Schüler 08.02.2017", "VKA-Schüler", date(2017, 2, 8)),
        ("VKA-Schüler (Stand 8.2.17)", "VKA-Schüler", date(2017, 2, 8)),
        ("Schüler am 1. Oktober 2016", "Schüler", date(2016, 10, 1)),
        ("VKA-Schüler 2017-02-08", "VKA-Schüler", date(2017, 2, 8)),
        ("VKA am 8.2.", "VKA am 8.2.", None),
        ("Phase 1", "Phase 1", None),
        ("VKA-Schüler 31.02.2017", "VKA-Schüler 31.02.2017", None),
    ],
)
def test_the_date_in_a_header(text: str, rest: str, day: date | None) -> None:
    assert split_day(text) == (rest, day)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newest_counts_and_is_named(read: Read, order: tuple[int, int]) -> None:
    columns = ((OLD, 11), (NEW, 20))
    district = read(Schulen=table(*(columns[i] for i in order)))
    assert district.schools[0].pupils == 20
    (hint,) = told(district.findings)
    assert (hint.code, hint.is_fault, hint.value) == ("spalte_datum", False, NEW)
    assert hint.column == 5 + order.index(1)
    assert f"ist „{NEW}“ als „VKA-Schüler“ gelesen" in hint.problem
    assert "„VKA-Schüler 01.10.2016“" in hint.problem
    assert "Stichtag 08.02.2017" in hint.problem


def test_one_after_the_reference_date_does_not_count(read: Read) -> None:
    district = read(Schulen=table((OLD, 11), (LATER, 30)))
    assert district.schools[0].pupils == 11
    (hint,) = told(district.findings)
    assert f"ist „{OLD}“ als" in hint.problem


def test_all_after_the_reference_date_are_a_question(found: Read, only: Read) -> None:
    fault = only(
        found(Schulen=table((LATER, 30), ("VKA-Schüler 01.04.2017", 31))), "spalte_doppelt"
    )
    assert f"Die Spalten „{LATER}“ und „VKA-Schüler 01.04.2017“ gelten für Tage" in fault.problem
    assert "in „VKA-Schüler“ um" in fault.remedy


def test_a_single_column_of_the_day_needs_no_word(read: Read) -> None:
    district = read(Schulen=table((NEW, 20)))
    assert district.schools[0].pupils == 20
    assert told(district.findings) == []


def test_a_single_column_of_another_day_is_told(read: Read) -> None:
    (hint,) = told(read(Schulen=table((OLD, 11))).findings)
    assert hint.code == "spalte_datum"
    assert hint.problem == (
        f"„VKA-Schüler“ ist aus der Spalte „{OLD}“ gelesen, der Stichtag ist der 08.02.2017."
    )


def test_a_column_without_a_date_counts_before_older_ones(read: Read) -> None:
    district = read(Schulen=table((OLD, 11), ("VKA-Schüler", 20)))
    assert district.schools[0].pupils == 20
    (hint,) = told(district.findings)
    assert f"außen vor bleibt „{OLD}“" in hint.problem


def test_a_column_without_a_date_beside_that_of_the_day(found: Read, only: Read) -> None:
    fault = only(found(Schulen=table((NEW, 11), ("VKA-Schüler", 20))), "spalte_doppelt")
    assert f"„VKA-Schüler“ und „{NEW}“" in fault.problem


def test_two_of_the_same_day(found: Read, only: Read) -> None:
    columns = ((NEW, 11), ("VKA-Schüler Stand 8.2.2017", 20))
    fault = only(found(Schulen=table(*columns)), "spalte_doppelt")
    assert "„VKA-Schüler Stand 8.2.2017“ stehen beide für „VKA-Schüler“ am 08.02.2017" in (
        fault.problem
    )


@pytest.mark.parametrize(
    "days", [("01.10.2016", "08.02.2017"), (date(2016, 10, 1), date(2017, 2, 8))]
)
def test_dates_in_the_lower_row(read: Read, days: tuple[Any, Any]) -> None:
    rows = [
        ("Schule", "Gemeinde", "VKA-Schüler", None, "VKA-Klassen", None, "Kap.reserve"),
        (None, None, *days, *days, None),
        ("Oberschule A Riesa", "Riesa", 11, 20, 2, 1, 3),
    ]
    district = read(Schulen=rows)
    assert [(s.pupils, s.classes, s.reserve) for s in district.schools] == [(20, 1, 3)]
    assert [f.value for f in told(district.findings)] == [
        "VKA-Schüler 08.02.2017",
        "VKA-Klassen 08.02.2017",
    ]


def test_dates_in_the_upper_row(read: Read) -> None:
    rows = [
        ("Schule", "Gemeinde", "VKA 01.10.2016", None, None, "VKA 08.02.2017", None, None),
        (None, None, *("Schüler", "Klassen", "Reserve") * 2),
        ("Oberschule A Riesa", "Riesa", 11, 2, 35, 20, 1, 3),
    ]
    district = read(Schulen=rows)
    assert [(s.pupils, s.classes, s.reserve) for s in district.schools] == [(20, 1, 3)]
    assert {f.code for f in told(district.findings)} == {"spalte_datum"}


def test_the_date_of_a_column_is_not_that_of_the_table(found: Read, read_source: Read) -> None:
    rows = table(("VKA-Schüler Stand 01.10.2016", 11), ("VKA-Schüler Stand 08.02.2017", 20))
    titled = [("VKA im Landkreis Meißen",), *rows]
    with pytest.raises(Exception, match="einen Fehler") as error:
        read_source(Schulen=titled)
    assert [f.code for f in told(error.value.findings)] == ["stichtag_fehlt"]  # type: ignore[attr-defined]
    district = read_source(day=date(2017, 1, 1), Schulen=titled)
    assert district.schools[0].pupils == 11


def test_each_block_chooses_for_itself(read: Read) -> None:
    rows = [*table((OLD, 11), (NEW, 20)), (), (*HEADER, NEW, OLD)]
    rows.append(("Oberschule B Riesa", "Riesa", 1, 4, 19, 12))
    district = read(Schulen=rows)
    assert [s.pupils for s in district.schools] == [20, 19]


def test_years_and_months_are_not_decided(found: Read) -> None:
    findings = found(Schulen=table(("VKA-Schüler 10/2016", 11), ("VKA-Schüler 02/2017", 20)))
    (fault,) = (f for f in findings if f.is_fault)
    assert (fault.code, fault.value) == ("spalte_fehlt", "VKA-Schüler")
    assert "„VKA-Schüler 10/2016“" in fault.remedy
