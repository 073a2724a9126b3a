"""One school under two names in the table of schools counts once or not at all, never twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from daz_planner.district import gazetteer
from daz_planner.district.same_school import SchoolRow, SchoolRows

Read = Callable[..., Any]


def row(name: str, municipality: str = "Riesa", **values: Any) -> SchoolRow:
    base: dict[str, Any] = {"school_type": "OS", "number": "", "counts": (20, 1, 3)}
    return SchoolRow(2, name, municipality=municipality, **{**base, **values})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Grundschule Gröditz", "Gröditz", 9, 1, 14), ("GS Gröditz", "Gröditz", 9, 1, 14)),
        (
            ('Oberschule Riesa "Am Merzdorfer Park"', "Riesa", 20, 1, 3),
            ("Oberschule „Am Merzdorfer Park“", "Riesa", 20, 1, 3),
        ),
        (
            ("Pestalozzi-Oberschule Meißen", "Meißen", 43, 2, 3),
            ("Pestalozzi-OS", "Meißen", 43, 2, 3),
        ),
        (("1. GS Riesa", "Riesa", 9, 1, 14), ("Erste Grundschule", "Riesa", 9, 1, 14)),
    ],
)
def test_a_school_under_two_names_is_a_fault(
    found: Read, schools: Read, only: Read, first: Sequence[Any], second: Sequence[Any]
) -> None:
    fault = only(found(Schulen=schools(first, second)), "schule_doppelt")
    assert fault.cell == "A3"
    assert "steht schon in Zeile 2 als" in fault.problem


def test_other_numbers_and_other_places_are_named(found: Read, schools: Read, only: Read) -> None:
    first = ("GS Gröditz", "Gröditz", 9, 1, 14)
    fault = only(found(Schulen=schools(first, ("Grundschule Gröditz", *first[1:4], 5))),
                 "schule_doppelt")  # fmt: skip
    assert fault.problem.endswith("mit anderen Zahlen.")
    assert "die Zeile mit den falschen Zahlen" in fault.remedy
    two = schools(("Grundschule", "Riesa", 9, 1, 14), ("Grundschule", "Meißen", 9, 1, 14))
    fault = only(found(Schulen=two), "schule_doppelt")
    assert "dort in Riesa, hier in Meißen" in fault.problem
    assert "„Grundschule Meißen“" in fault.remedy


def test_a_similar_name_is_a_question(read: Read, schools: Read) -> None:
    rows = schools(
        ("Grundschule Coswig-Mitte", "Coswig", 9, 1, 14),
        ("Grundschule Coswig Mitte Nord", "Coswig", 8, 1, 15),
    )
    district = read(Schulen=rows)
    assert len(district.schools) == 2
    (warning,) = (f for f in district.findings if f.code == "schule_aehnlich")
    assert warning.cell == "A3" and "in Zeile 2" in warning.problem


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (row("OS Am Park"), row("Oberschule Riesa Am Park"), True),
        (row("OS Am Park"), row("OS Am Park", "Coswig"), False),
        (row("OS Am Park"), row("OS Am Park", school_type="GS"), False),
        (row("OS Am Park"), row("Oberschule Park", ""), True),
        (row("OS Riesa", ""), row("Oberschule Riesa"), True),
        (row("OS Am Park", number="1"), row("Oberschule Am Park", number="2"), False),
        (row("1. OS"), row("2. OS"), False),
        (
            row("OS Pockau", "Pockau-Lengefeld"),
            row("OS Lengefeld", "Pockau-Lengefeld"),
            False,
        ),
    ],
)
def test_what_is_the_same(old: SchoolRow, new: SchoolRow, same: bool) -> None:
    rows = SchoolRows()
    rows.add(old)
    assert (rows.same(new) is old) is same


def test_no_two_schools_of_the_list_are_one() -> None:
    rows = SchoolRows()
    for number, school in enumerate(gazetteer.all_schools()):
        new = SchoolRow(
            number, school.name, school.school_type, school.municipality, "", (number, 1, 2)
        )
        assert rows.same(new) is None, school.name
        assert rows.similar(new) is None, school.name
        rows.add(new)
