"""Headers that are printed again above each block, in one row or in several."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from daz_planner.district.findings import Finding
from daz_planner.district.model import District
from daz_planner.district.read import build_partly
from daz_planner.district.sheets import Sheet, Source

Read = Callable[..., Any]
SPLIT = (
    ("Schule", "Gemeinde", "VKA-", "VKA-", "Kap.-"),
    (None, None, "Schüler", "Klassen", "reserve"),
)
GROUPED = (
    ("Schule", "Gemeinde", "Vorbereitungsklassen", None, None),
    (None, None, "Schüler", "Klassen", "Reserve"),
)
ONE = (("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve"),)
DEEP = (
    ("Schule", "Gemeinde", "VKA", None, "Kap.reserve"),
    (None, None, "Anzahl", "Anzahl", None),
    (None, None, "Schüler", "Klassen", None),
)
GS = ("Schule Nord Coswig", "Coswig", 10, 1, 13)
OS = ("Schule Süd Riesa", "Riesa", 20, 1, 3)
BSZ = ("Schule Ost Meißen", "Meißen", 5, 1, 18)
SUMS = {"GS": (10, 1, 13), "OS": (20, 1, 3), "BSZ": (5, 1, 18)}
HEADING = {"GS": "Grundschulen", "OS": "Oberschulen", "BSZ": "Berufliche Schulzentren"}


def read(rows: Any, merged: Any = ()) -> tuple[District, tuple[Finding, ...]]:
    details = Sheet("Angaben", (("Landkreis", "Meißen"), ("Stichtag", date(2017, 2, 8))))
    sheet = Sheet("Schulen", tuple(tuple(row) for row in rows), merged=merged)
    reading = build_partly(Source("klein.xlsx", "", (details, sheet)))
    assert reading.district is not None
    return reading.district, tuple(f for f in reading.findings if f.code != "lage_gemeindesitz")


def numbers(district: District) -> list[tuple[str, int, int, int | None]]:
    return [(s.school_type, s.pupils, s.classes, s.reserve) for s in district.schools]


def block(kind: str, header: Any, *schools: Any, heading: bool = True) -> list[Any]:
    return [
        *([(HEADING[kind],)] if heading else []),
        *header,
        *schools,
        (f"Summe {kind}", None, *SUMS[kind]),
        (),
    ]


@pytest.mark.parametrize("first", [SPLIT, GROUPED, ONE, DEEP])
@pytest.mark.parametrize("second", [SPLIT, GROUPED, ONE, DEEP])
@pytest.mark.parametrize("heading", [True, False])
def test_two_blocks(first: Any, second: Any, heading: bool) -> None:
    district, findings = read(
        [
            ("VKA im Landkreis Meißen",),
            *block("GS", first, GS, heading=heading),
            *block("OS", second, OS, heading=heading),
            ("Gesamt", None, 30, 2, 16),
        ]
    )
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    assert findings == ()


@pytest.mark.parametrize("header", [SPLIT, GROUPED, ONE, DEEP])
def test_three_blocks_and_a_fault_in_the_last(header: Any) -> None:
    rows = [
        *block("GS", header, GS),
        *block("OS", header, OS),
        *block("BSZ", header, (*BSZ[:2], "5x", *BSZ[3:])),
    ]
    district, findings = read(rows)
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    (fault,) = findings
    row = next(i for i, cells in enumerate(rows, start=1) if cells[:1] == BSZ[:1])
    assert (fault.code, fault.cell) == ("wert_falsch", f"C{row}")


def test_blocks_without_a_blank_row_or_a_heading() -> None:
    district, findings = read(
        [*SPLIT, GS, ("Summe GS", None, 10, 1, 13), *SPLIT, OS, ("Summe OS", None, 20, 1, 3)]
    )
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    assert findings == ()


def test_a_heading_below_the_header() -> None:
    rows = [*SPLIT, ("Grundschulen",), GS, (), *SPLIT, ("Oberschulen",), OS]
    district, findings = read(rows)
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    assert findings == ()


def test_merged_cells_in_both_headers() -> None:
    rows = [*block("GS", GROUPED, GS), *block("OS", GROUPED, OS)]
    merged = tuple(
        cells
        for top in (2, 7)
        for cells in (
            (top - 1, 1, top - 1, 5),
            (top, 1, top + 1, 1),
            (top, 2, top + 1, 2),
            (top, 3, top, 5),
        )
    )
    district, findings = read(rows, merged)
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    assert findings == ()


def test_other_groups_stay_apart_in_the_second_block() -> None:
    header = (
        ("Schule", "Gemeinde", "Regelklassen", None, "Vorbereitungsklassen", None, None),
        (None, None, "Schüler", "Klassen", "Schüler", "Klassen", "Reserve"),
    )
    rows = [
        *(("Grundschulen",), *header, (*GS[:2], 300, 12, *GS[2:]), ()),
        *(("Oberschulen",), *header, (*OS[:2], 400, 16, *OS[2:])),
    ]
    district, findings = read(rows)
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    assert [f.row for f in findings] == [3, 3]


def test_other_order_in_two_rows() -> None:
    other = (
        ("Schule", "Gemeinde", "Kap.-", "VKA-", "VKA-"),
        (None, None, "reserve", "Klassen", "Schüler"),
    )
    district, findings = read(
        [*block("GS", SPLIT, GS), ("Oberschulen",), *other, (*OS[:2], 3, 1, 20)]
    )
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    assert findings == ()


def test_years_in_the_upper_row_are_known_again() -> None:
    header = (
        ("Schule", "Gemeinde", "2016/17", None, None),
        (None, None, "Schüler", "Klassen", "Reserve"),
    )
    for rows in (
        [*block("GS", header, GS), *block("OS", header, OS)],
        [("Grundschulen",), *header, GS, ("Oberschulen",), *header, OS],
        [*header, GS, ("Summe GS", None, 10, 1, 13), *header, OS, ("Summe OS", None, 20, 1, 3)],
    ):
        district, findings = read(rows)
        assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
        assert findings == ()


def test_names_below_a_header_are_no_header() -> None:
    rows = [("Grundschulen",), (), *SPLIT, GS, ("Schule", "Riesa", 5, 1, 18)]
    district, findings = read(rows)
    assert [school.name for school in district.schools] == [GS[0], "Schule"]
    assert numbers(district)[1] == ("GS", 5, 1, 18)
    assert findings == ()


def test_a_first_block_in_fewer_columns_is_not_lost() -> None:
    wide = (("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Phase 1"),)
    district, findings = read([*block("GS", ONE, GS), *block("OS", wide, (*OS, 12))])
    assert numbers(district) == [("GS", 10, 1, 13), ("OS", 20, 1, 3)]
    assert [school.phases[0] for school in district.schools] == [None, 12]
    assert findings == ()


def test_a_first_block_without_a_column_is_a_fault() -> None:
    short = (("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen"),)
    wide = (("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve"),)
    district, findings = read([*block("GS", short, GS[:4]), *block("OS", wide, OS)])
    assert numbers(district) == [("OS", 20, 1, 3)]
    assert [(f.code, f.row, f.value) for f in findings] == [("spalte_fehlt", 2, "Kap.reserve")]
