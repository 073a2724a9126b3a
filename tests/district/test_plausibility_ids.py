from __future__ import annotations

from typing import Any

import pytest

from daz_planner.district.personal import (
    BIRTH_DATE,
    MAIL,
    NAME,
    is_list_of_names,
    mask,
    mask_if_personal,
    suspicion,
)
from tests.district.plausible import check


@pytest.mark.parametrize(
    ("written", "looks"),
    [
        ("Anna Müller", NAME),
        ("Müller, Anna", NAME),
        ("MÜLLER ANNA", NAME),
        ("anna müller", NAME),
        ("Anna-Lena Müller", NAME),
        ("Anna.Mueller", NAME),
        ("mueller_anna", NAME),
        ("Li Na", NAME),
        ("O'Neill Pat", NAME),
        ("Anna Müller 2", NAME),
        ("Amira", NAME),
        ("Mohammed", NAME),
        ("José", NAME),
        ("Öykü", NAME),
        ("Амира", NAME),
        ("eva ott", NAME),
        ("XY12032009", BIRTH_DATE),
        ("AM 12.03.2009", BIRTH_DATE),
        ("12.3.09", BIRTH_DATE),
        ("2009-03-12", BIRTH_DATE),
        ("12-03-2009", BIRTH_DATE),
        ("MuAn12032009", BIRTH_DATE),
        ("MuAn20090312", BIRTH_DATE),
        ("anna@schule.de", MAIL),
    ],
)
def test_suspicious(written: str, looks: str) -> None:
    assert suspicion(written) == looks
    assert mask_if_personal(written) == mask(written) != written


@pytest.mark.parametrize(
    "written",
    [
        "S-0001",
        "N 12",
        "1005",
        "20170208",
        "12032009",
        "Kind 7",
        "Kind A",
        "Schüler Nr. 12",
        "GS-Riesa-17",
        "AB-CD",
        "K7F3Q",
        "3f9a-77b2",
        "Grundschule 12",
        "XK 12 B",
        "ab cd",
        "xy-zw",
        "X12032009",
        "45.13.2009",
        "S-20161001",
        "Kennung",
        "ABC",
        "ABCD",
        "Abc",
        "abcd",
        "Kxqr",
        "AmIra",
        "Amira7",
        "SCHUELER01",
        "Schueler01",
        "Schüler",
        "",
        "7-8-15",
    ],
)
def test_not_suspicious(written: str) -> None:
    assert suspicion(written) is None
    assert mask_if_personal(written) == written


@pytest.mark.parametrize(
    ("written", "looks"),
    [
        ("Müller", NAME),
        ("Ott", NAME),
        ("ott", None),
        ("Ai", None),
        ("Familie Müller", NAME),
        ("Fam. Müller", NAME),
        ("F-12", None),
        ("Familie 12", None),
        ("ABC", None),
        ("F", None),
        ("Familie", None),
    ],
)
def test_families(written: str, looks: str | None) -> None:
    assert suspicion(written, single=True) == looks


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (("AMIRA", "OMAR", "FATIMA"), True),
        (("amira", "omar", "fatima"), True),
        (("Ali", "Amira", "Mohammed"), True),
        (("ABCDE", "FGHIJ", "KLMNO"), False),  # codes of one length
        (("AMIRA", "OMAR", "S12"), False),
        (("XKQR", "OMAR", "FATIMA"), False),  # cannot be spoken
        (("AB", "ABA", "EDE"), False),
        (("AMIRA", "OMAR"), False),  # too few to tell
        (("Schüler", "Omar", "Fatima"), False),
        ((), False),
    ],
)
def test_a_column_of_single_words(ids: tuple[str, ...], names: bool) -> None:
    assert is_list_of_names(ids) == names


def test_first_names_as_ids_are_told(found: Any, read: Any, schools: Any) -> None:
    table = schools(("Grundschule A", "Riesa", 3, 1, 20, 51.3, 13.3))
    header = ("Schüler-ID", "Schule", "Phase")

    def told(*ids: str) -> list[str]:
        rows = (header, *((pupil_id, "Grundschule A", 1) for pupil_id in ids))
        return [f"{f.code}: {f.problem}" for f in check(read(Schulen=table, Bestand=rows))]

    assert told("S-0001", "S-0002", "S-0003") == []
    assert told("ABC", "SCHUELER01", "Kind A") == []
    assert told("QXA", "RXB", "TXC") == []
    (one,) = told("S-0001", "Amira", "S-0003")
    assert one == "personenbezug: In der Spalte „Schüler-ID“ sieht 1 Eintrag aus wie ein Name (A3)."
    (three,) = told("AMIRA", "OMAR", "FATIMA")
    assert "sehen 3 Einträge aus wie ein Name (A2, A3, A4)" in three
    twice = found(Schulen=table, Bestand=(header, *[("Amira", "Grundschule A", 1)] * 2))
    assert twice and not any("Amira" in str(f) or "Amira" in f.value for f in twice)


def test_known_places_are_no_names() -> None:
    assert suspicion("Riesa") == NAME
    assert suspicion("Riesa", known=frozenset({"riesa"})) is None
    assert suspicion("Riesa Nord") == NAME
    assert suspicion("Riesa Nord", known=frozenset({"riesa"})) is None


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("Müller, Anna", "M*****, A***"),
        ("AM 12.03.2009", "A* **.**.****"),
        ("anna@schule.de", "a***@s*****.d*"),
    ],
)
def test_mask(written: str, masked: str) -> None:
    assert mask(written) == masked


def test_a_doubled_name_on_the_waiting_list_is_masked(found: Any, schools: Any) -> None:
    children = (
        ("Schüler-ID", "Gemeinde", "Schulart"),
        ("Anna Müller", "Riesa", "GS"),
        ("Anna Müller", "Riesa", "GS"),
    )
    table = schools(("Grundschule A", "Riesa", 20, 1, 3, 51.3, 13.3))
    all_found = found(Schulen=table, Neuzugänge=children)
    assert "kind_doppelt" in [finding.code for finding in all_found]
    assert not any("Müller" in str(f) or "Müller" in f.value for f in all_found)
