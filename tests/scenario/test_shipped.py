"""The shipped scenarios: the table of the domain, and the arithmetic behind the wave."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from daz_planner.scenario import differences, load_scenario, shipped_names
from daz_planner.scenario.model import Scenario

DATA = Path(__file__).resolve().parents[2] / "data"
MONTHS = [date(2017 + (month // 12), month % 12 + 1, 1) for month in range(1, 19)]


def test_all_are_there() -> None:
    assert shipped_names() == (
        "basis",
        "lehrermangel",
        "moderat",
        "rueckgang",
        "stark",
        "welle-2015",
    )


@pytest.mark.parametrize(
    ("name", "level"),
    [("basis", 18), ("moderat", 25), ("stark", 45), ("rueckgang", 8), ("lehrermangel", 25)],
)
def test_registrations_a_month(name: str, level: float) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.beschreibung
    assert scenario.zuzug.erwartung(MONTHS) == [level] * 18


def test_basis_spells_out_the_defaults() -> None:
    assert differences(load_scenario("basis"), Scenario(name="basis")) == ()


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("moderat", {"zuzug.pro_monat"}),
        ("stark", {"zuzug.pro_monat"}),
        ("rueckgang", {"zuzug.pro_monat"}),
        ("lehrermangel", {"zuzug.pro_monat", "lehrer.begrenzt"}),
        ("welle-2015", {"zuzug.pro_monat", "zuzug.reihe"}),
    ],
)
def test_only_what_is_named_differs_from_basis(name: str, changed: set[str]) -> None:
    found = differences(load_scenario(name), load_scenario("basis"))
    assert {difference.key for difference in found} == changed


def test_wave_is_the_allocations_with_the_profile_of_saxony() -> None:
    saxony = dict(arrivals_in_saxony())
    district = {row["zeitraum"]: int(row["personen"]) for row in rows("zuweisung_lk_meissen.csv")}
    series = []
    for period, first, last in (
        ("2015", (2015, 1), (2015, 12)),
        ("2016-H1", (2016, 1), (2016, 6)),
        ("2016-H2", (2016, 7), (2016, 12)),
    ):
        months = [month for month in sorted(saxony) if first <= month <= last]
        total = sum(saxony[month] for month in months)
        series += [
            district[period] * saxony[month] / total * Fraction(22, 100) + 10 for month in months
        ]
    assert len(series) == 24
    wave = load_scenario("welle-2015").zuzug
    assert wave.reihe == tuple(round(value) for value in series)
    assert max(wave.erwartung(MONTHS)) == 113


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def arrivals_in_saxony() -> Iterator[tuple[tuple[int, int], Fraction]]:
    """Arrivals by month; what is known for several months is spread evenly over them."""
    for row in rows("asyl_zugang_sachsen_monat.csv"):
        year, month = (int(part) for part in row["von_monat"].split("-"))
        count = int(row["monate"])
        for step in range(count):
            yield (year, month + step), Fraction(int(row["zugang"]), count)
