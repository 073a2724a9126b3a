from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from daz_planner.district import values
from daz_planner.district.values import BadValue


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (17, 17),
        (17.0, 17),
        ("12", 12),
        (" 12 ", 12),
        ("1.234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("12\u00a0", 12),
        ("12,0", 12),
        ("12.0", 12),
        ("–", 0),
        ("-", 0),
        ("+3", 3),
    ],
)
def test_whole_numbers(cell: object, number: int) -> None:
    assert values.whole(cell) == number  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2x", "„2x“ ist keine ganze Zahl."),
        ("zwei", "„zwei“ ist keine ganze Zahl."),
        (2.5, "„2,5“ ist keine ganze Zahl."),
        ("2,5", "„2,5“ ist keine ganze Zahl."),
        ("1,234", "„1,234“ ist keine ganze Zahl."),
        (-3, "„-3“ ist negativ."),
        ("−3", "„−3“ ist negativ."),
        (1e300, "unglaubwürdig groß"),
        (5_001, "unglaubwürdig groß (höchstens 5000)"),
        (True, "„WAHR“ ist keine ganze Zahl."),
        (date(2017, 2, 1), "„01.02.2017“ ist ein Datum"),
        (time(3, 4), "ist eine Uhrzeit"),
        (timedelta(hours=3), "eine Dauer"),
        (float("nan"), "ist keine ganze Zahl."),
        (float("inf"), "ist keine ganze Zahl."),
        ("٣", "ist keine ganze Zahl."),
        ("1e3", "ist keine ganze Zahl."),
        ("9" * 500, "ist keine ganze Zahl."),
        ("", "ist keine ganze Zahl."),
    ],
)
def test_what_is_no_whole_number(cell: object, says: str) -> None:
    with pytest.raises(BadValue) as error:
        values.whole(cell)  # type: ignore[arg-type]
    assert says in str(error.value)


def test_whole_has_a_lower_bound() -> None:
    with pytest.raises(BadValue, match="zu klein"):
        values.whole(0, low=1)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("51,286582", 51.286582), ("51.286", 51.286), (51.2, 51.2), ("1.234,5", 1234.5), (51, 51.0)],
)
def test_decimals(cell: object, number: float) -> None:
    assert values.decimal(cell) == pytest.approx(number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "number"), [(0.25, 0.25), (25, 25.0), ("25 %", 0.25), ("12,5%", 0.125), ("–", 0.0)]
)
def test_shares(cell: object, number: float) -> None:
    assert values.share(cell) == pytest.approx(number)  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", [-0.1, "-5 %", 101, "viel"])
def test_what_is_no_share(cell: object) -> None:
    with pytest.raises(BadValue):
        values.share(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell",
    [
        date(2017, 2, 8),
        datetime(2017, 2, 8, 13, 30),
        "08.02.2017",
        "8.2.17",
        "8. Februar 2017",
        "8. Feb. 2017",
        "2017-02-08",
        "2017-02-08 00:00:00",
        42774,
        42774.0,
    ],
)
def test_dates(cell: object) -> None:
    assert values.day(cell) == date(2017, 2, 8)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell",
    ["31.02.2017", "02/08/2017", "demnächst", 17, True, date(1899, 1, 1), "08.02.2017 oder später"],
)
def test_what_is_no_date(cell: object) -> None:
    with pytest.raises(BadValue):
        values.day(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("01005", "01005"),
        (1005.0, "1005"),
        (1005, "1005"),
        ("  a \n b ", "a b"),
        ("=SUMME(A1)", "=SUMME(A1)"),
    ],
)
def test_texts(cell: object, text: str) -> None:
    assert values.text(cell) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("GS", "GS"),
        ("gs ", "GS"),
        ("Grundschulen", "GS"),
        ("Mittelschule", "OS"),
        ("Berufliches Schulzentrum", "BSZ"),
        ("Berufliche Schulzentren (BSZ)", "BSZ"),
        ("Gymnasium", "GYM"),
    ],
)
def test_school_types(cell: str, kind: str) -> None:
    assert values.school_type(cell) == kind


def test_unknown_school_type_names_the_nearest() -> None:
    with pytest.raises(BadValue, match=r"„Obershule“ ist keine Schulart\. Meinen Sie „OS“\?"):
        values.school_type("Obershule")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Johannes-Grundschule Meißen", "GS"),
        ("Oberschule „Am Sportzentrum“ Riesa", "OS"),
        ("BSZ Riesa", "BSZ"),
        ("Berufliches Schulzentrum Großenhain", "BSZ"),
        ("OS Riesa", "OS"),
        ("Werner-Heisenberg-Gymnasium Riesa", "GYM"),
        ("Pestalozzischule", None),
        ("Schulmodell, Grund- und Oberschule", None),
        ("Grundschule und Oberschule", None),
    ],
)
def test_school_type_from_the_name(name: str, kind: str | None) -> None:
    assert values.type_of_name(name) == kind
