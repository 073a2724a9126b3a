"""The districts and scenarios of ``benchmarks/planning.py``.

The real district is the shipped workbook.  Saxony is made of the 844 public schools and the 419
municipalities of ``data/``; how many VKA classes a school runs and who sits in them is drawn by the
seed :data:`SEED`, with the classes of December 2015 by school type (GS 160, OS 129, BSZ 88).
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from daz_planner.district.model import District, Municipality, School
from daz_planner.district.read import read_district
from daz_planner.planning.problem import Problem, build_problem
from daz_planner.scenario.load import load_scenario, with_values
from daz_planner.scenario.model import Scenario
from daz_planner.simulation.expectation import Outlook, expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population

DATA = Path(__file__).parent.parent / "data"
KINDS = ("GS", "OS", "BSZ")
TURNOVER = 517 / 12
"""Registrations a month at which the real district would change all its pupils in a year."""
SEED = 20160630
NEAREST = 8
CLASSES_2015 = {"GS": 160, "OS": 129, "BSZ": 88}


def settings(
    per_month: float, months: int, *, rooms: int, seconds: float, threads: int = 2
) -> Scenario:
    """The base scenario with another turnover, horizon, number of rooms and time limit."""
    return with_values(
        load_scenario("basis"),
        {
            "zuzug.pro_monat": per_month,
            "zeitraum.monate": months,
            "klassen.freie_raeume": rooms,
            "rechnen.zeitlimit": seconds,
            "rechnen.threads": threads,
        },
    )


@cache
def real_district() -> District:
    """The schools of the real district on 8 February 2017, in canonical order."""
    return canonical(read_district(DATA / "meissen-2017-02-08.xlsx")).district


def real_problems(
    factor: float, months: int, seconds: float, threads: int = 2
) -> tuple[Scenario, dict[str, Problem]]:
    """One problem per school type at a multiple of the turnover."""
    scenario = settings(
        TURNOVER * factor,
        months,
        rooms=1 if factor == 1 else 2,
        seconds=seconds,
        threads=threads,
    )
    district = real_district()
    outlook = expect(build_population(district, scenario))
    return scenario, {k: build_problem(district, scenario, outlook, (k,)) for k in KINDS}


@cache
def saxony() -> District:
    """All public schools of Saxony, VKA classes and pupils drawn, one free room each."""
    rng = np.random.default_rng(SEED)
    with (DATA / "gemeinden_sachsen.csv").open(encoding="utf-8", newline="") as file:
        places = tuple(
            Municipality(
                name=row["ags"],
                population=int(row["einwohner_zensus2022"]),
                latitude=float(row["breite_sitz"]),
                longitude=float(row["laenge_sitz"]),
                ags=row["ags"],
            )
            for row in csv.DictReader(file)
        )
    with (DATA / "schulen_sachsen_2016.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    schools = []
    for kind in KINDS:
        of_kind = [row for row in rows if row["schulart"] == kind]
        classes = _drawn_classes(rng, len(of_kind), CLASSES_2015[kind])
        for n, (row, count) in enumerate(zip(of_kind, classes, strict=True)):
            schools.append(
                School(
                    name=f"{kind} {n:03d} {row['schule']}",
                    school_type=kind,
                    # 15 to 23 pupils a class: on average 19 of the 23 allowed.
                    pupils=int(rng.integers(15, 24, size=count).sum()),
                    classes=int(count),
                    reserve=None,
                    municipality=_nearest(places, float(row["breite"]), float(row["laenge"])),
                    latitude=float(row["breite"]),
                    longitude=float(row["laenge"]),
                    free_rooms=1,
                )
            )
    return canonical(District("Sachsen", date(2016, 2, 8), tuple(schools), places, ())).district


def _nearest(places: tuple[Municipality, ...], latitude: float, longitude: float) -> str:
    """The municipality whose seat is nearest: names of 2016 and of today are not the same."""
    return min(
        places,
        key=lambda place: (
            (place.latitude - latitude) ** 2 + (0.63 * (place.longitude - longitude)) ** 2
        ),
    ).name


def _drawn_classes(rng: np.random.Generator, schools: int, classes: int) -> list[int]:
    """So many classes on so many schools, at most three at one."""
    seats = np.repeat(np.arange(schools), 3)
    return np.bincount(rng.permutation(seats)[:classes], minlength=schools).tolist()


def saxon_problems(
    factor: float, months: int, seconds: float, threads: int = 2
) -> tuple[Scenario, dict[str, Problem]]:
    """One problem per school type with the eight nearest schools in reach."""
    district = saxony()
    pupils = sum(school.pupils for school in district.schools)
    scenario = settings(pupils / 12 * factor, months, rooms=1, seconds=seconds, threads=threads)
    outlook: Outlook = expect(build_population(district, scenario))
    problems = {}
    for kind in KINDS:
        problem = build_problem(district, scenario, outlook, (kind,))
        rank = problem.minutes.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
        problems[kind] = replace(problem, reach=problem.reach & (rank < NEAREST))
    return scenario, problems
