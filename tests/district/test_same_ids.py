"""Ids that two lists of pupils share: one finding where both lists count 1, 2, 3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

Read = Callable[..., Any]
NAMES = ("Grundschule Gröditz", "Grundschule Niederau", "Oberschule Nünchritz")
PLACES = ("Gröditz", "Niederau", "Nünchritz")


def hits(found: Read, schools: Read, *lists: Sequence[Any]) -> list[tuple[str, str, str]]:
    """Kind, cell and value of the faults; the n-th list holds the ids of the n-th school."""
    rows = [("Schüler-ID", "Schule", "Phase")]
    rows += [(i, school, 1) for school, ids in zip(NAMES, lists, strict=False) for i in ids]
    table = schools(*((n, p, 20, 1, 3) for n, p in zip(NAMES, PLACES, strict=True)))
    faults = [f for f in found(Schulen=table, Bestand=rows) if f.is_fault]
    return [(f.code, f.cell, f.value) for f in faults]


def test_two_lists_that_count_give_one_finding(found: Read, schools: Read, only: Read) -> None:
    assert hits(found, schools, range(1, 10), range(1, 18)) == [
        ("laufende_nummern", "A1", NAMES[1])
    ]


def test_each_pair_of_three_lists_gives_one(found: Read, schools: Read) -> None:
    told = hits(found, schools, range(1, 10), range(1, 18), [f"{n}." for n in range(1, 20)])
    assert [code for code, _, _ in told] == ["laufende_nummern"]
    told = hits(found, schools, range(1, 10), range(1, 12), range(1, 20))
    assert [code for code, _, _ in told] == ["laufende_nummern"] * 3


def test_what_it_says(found: Read, schools: Read, only: Read) -> None:
    rows = [("Schüler-ID", "Schule", "Phase")]
    rows += [(i, school, 1) for school in NAMES[:2] for i in range(1, 5)]
    table = schools(*((n, p, 20, 1, 3) for n, p in zip(NAMES, PLACES, strict=True)))
    fault = only(found(Schulen=table, Bestand=rows), "laufende_nummern")
    assert fault.problem == (
        "4 Kennungen von 1 bis 4 der Schule „Grundschule Niederau“ gibt es auch an der Schule "
        "„Grundschule Gröditz“. Vermutlich sind es laufende Nummern je Schule."
    )
    assert "ein Kürzel der Schule davor, z. B. GN-1" in fault.remedy
    assert "öschen" not in fault.remedy


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        (("A-1", "A-2", "A-3"), ("A-1", "A-2", "A-3"), 3),
        ((1, 2, 3), (1, 2, 4), 2),
        ((1, 2, 3, 4, 5, 6, 7, 8), (1, 2, 3, 14, 15, 16, 17), 3),
        ((40001, 40002, 40003), (40001, 40002, 40003), 3),
    ],
)
def test_other_ids_are_told_one_by_one(
    found: Read, schools: Read, first: Sequence[Any], second: Sequence[Any], number: int
) -> None:
    told = hits(found, schools, first, second)
    assert [code for code, _, _ in told] == ["kind_zwei_schulen"] * number


@pytest.mark.parametrize("name", ["Nr.", "lfd. Nr."])
def test_a_column_of_running_numbers_is_named_with_care(
    found: Read, schools: Read, only: Read, name: str
) -> None:
    rows = ((name, "Schule", "Phase"), (1, NAMES[0], 1))
    table = schools((NAMES[0], PLACES[0], 20, 1, 3))
    fault = only(found(Schulen=table, Bestand=rows), "spalte_fehlt")
    assert fault.remedy.startswith(f"Am nächsten kommt „{name}“, aber laufende Nummern")
    assert "Kürzel der Schule davor" in fault.remedy
    rows = ((name, "Gemeinde", "Schulart"), (1, "Riesa", "GS"))
    fault = only(found(Schulen=table, Neuzugänge=rows), "spalte_fehlt")
    assert "setzen Sie ein Kürzel davor, z. B. W-1" in fault.remedy
