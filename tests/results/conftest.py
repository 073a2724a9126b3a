"""A small plan made by hand: two school types, three schools, three municipalities, four months.

All numbers are chosen so that sums can be done in the head.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import District, Municipality, Newcomer, School
from daz_planner.planning.plan import (
    Alternative,
    Cause,
    ChildSeat,
    ClassKind,
    Flow,
    Opening,
    Plan,
    SolveStatus,
    StageResult,
    WaitingPlace,
)
from daz_planner.scenario import load_scenario
from daz_planner.simulation.forecast import FLOW_NAMES, Forecast

MONTHS = tuple(date(2017, month, 1) for month in (2, 3, 4, 5))
NORD, SUED, MITTE = 0, 1, 2
ADORF, BEDORF, CEDORF = 0, 1, 2


def build_plan(**changes: Any) -> Plan:
    """The plan; ``changes`` replace its fields."""
    schools = (
        School("Grundschule „Nord“", "GS", 20, 1, 2, "Adorf", 51.1, 13.5),
        School("Grundschule Süd", "GS", 22, 1, 0, "Bedorf", 51.2, 13.5, guests=1),
        School("Oberschule Mitte", "OS", 10, 1, 13, "Adorf", 51.1, 13.4),
    )
    towns = (
        Municipality("Adorf", 1000, 51.1, 13.5),
        Municipality("Bedorf", 2000, 51.2, 13.5),
        Municipality("Cedorf", 3000, 51.3, 13.5),
    )
    children = (
        Newcomer("K1", "Adorf", "GS", registered=date(2017, 1, 9)),
        Newcomer("=2+5", "Cedorf", "OS", registered=date(2017, 1, 30)),
        Newcomer("K3", "Cedorf", "GS"),
    )
    warning = Finding(
        "meissen.xlsx",
        "Schulen",
        7,
        4,
        "reserve",
        Severity.WARNING,
        "2",
        "Schüler + Reserve ist 22, nicht 23.",
        "Prüfen Sie die Reserve.",
    )
    district = District(
        "Landkreis Probe & Co",
        date(2017, 2, 8),
        schools,
        towns,
        children,
        files=(("meissen.xlsx", "ab" * 32),),
        findings=(warning,),
    )
    expected = np.zeros((2, 3, 4))
    expected[0, 0] = [20, 21, 22, 20]
    expected[0, 1] = [22, 22, 24, 24]
    expected[1, 0] = [4, 5, 5, 6]
    expected[1, 1] = [6, 6, 6, 7]
    expected[1, 2] = [0, 0.5, 1, 1.5]
    runs = np.repeat(np.floor(expected).astype(np.int64)[np.newaxis], 4, axis=0)
    runs[3, 0, 0, 1] = 40  # 40 + 22 pupils of Grundschule in March, 44 seats
    forecast = Forecast(
        months=MONTHS,
        school_types=("GS", "OS"),
        expected=expected,
        runs=runs,
        expected_flows={name: np.zeros((2, 4)) for name in FLOW_NAMES},
        phase3_known=(True, False),
    )
    classes = np.array([[1, 1, 1, 1], [1, 1, 2, 2], [1, 1, 1, 1]])
    seats = classes * 23.0
    seats[NORD] -= 1
    plan = Plan(
        district=district,
        scenario=load_scenario("basis"),
        forecast=forecast,
        months=MONTHS,
        classes=classes,
        seats=seats,
        planning_seats=classes * 20.0,
        use_today=np.array([[20.0, 18, 16, 14], [23, 22, 21, 20], [10, 9, 8, 7]]),
        use_children=np.array([[1.0, 1, 0.5, 0.5], [0, 0, 0, 0], [0, 1, 1, 1]]),
        use_forecast=np.array([[0.0, 0.5, 0.5, 0.5], [0, 0, 3.5, 3.25], [0, 0, 0, 1.25]]),
        minutes=np.array([[10.0, 25, 10], [25, 5, 30], [50, 30, 50]]),
        class_cap=np.full((3, 4), 23),
        weekly_hours=np.array([[15.0, 15, 15, 15], [15, 15, 30, 30], [25, 25, 25, 25]]),
        stages=(
            StageResult("GS", "wartemonate", 4.5, 4.5, 0.0, SolveStatus.OPTIMAL, 0.1),
            StageResult("GS", "neue_klassen", 1, 1, 0.0, SolveStatus.OPTIMAL, 0.1),
            StageResult("OS", "weg", 87.5, 87.5, 0.0, SolveStatus.OPTIMAL, 0.1),
        ),
        openings=(
            Opening(SUED, 2, 1, ClassKind.GROUP, 11.6, 7.0, 0.0, "Ohne sie warten 3,5 Kinder."),
        ),
        children=(
            ChildSeat(
                children[0],
                NORD,
                0,
                10.0,
                "Nächste Schule mit Platz.",
                (Alternative(SUED, 25.0, "voll"),),
            ),
            ChildSeat(children[1], MITTE, 1, 50.0, "Einzige Oberschule."),
            ChildSeat(children[2], None, None, None, "Kein Platz in Reichweite."),
        ),
        flows=(
            Flow(ADORF, NORD, 0, 1.0, 10.0),
            Flow(ADORF, NORD, 1, 0.5, 10.0),
            Flow(BEDORF, SUED, 2, 3.5, 5.0),
            Flow(CEDORF, MITTE, 1, 1.0, 50.0),
            Flow(BEDORF, MITTE, 3, 1.25, 30.0),
        ),
        waiting=(
            WaitingPlace("GS", CEDORF, 0, 1.0, date(2017, 2, 1), Cause.LEAD_TIME),
            WaitingPlace("GS", CEDORF, 1, 1.5, date(2017, 2, 1), Cause.LEAD_TIME),
            WaitingPlace("GS", BEDORF, 1, 2.0, date(2017, 3, 1), Cause.NO_ROOM),
        ),
        hints=("Die Klassenobergrenze ab 01.08.2026 ist offen.",),
        seconds={"Lösung": 0.25},
        # Needed = placed + waiting − 0.99 × waiting of the month before.
        demand=np.array([[2.0, 3.01, 0.035, 0.0], [0.0, 1.0, 0.0, 1.25]]),
    )
    return replace(plan, **changes)


@pytest.fixture
def make_plan() -> Callable[..., Plan]:
    """Function that builds the plan with some fields replaced."""
    return build_plan


@pytest.fixture
def plan() -> Plan:
    """The plan as it is: a new group, a child that waits, all stages proven."""
    return build_plan()


@pytest.fixture
def empty_plan() -> Plan:
    """Nobody on the list, nobody waits, nothing opens, nobody is placed."""
    full = build_plan()
    district = replace(full.district, newcomers=(), findings=())
    ones = np.ones((3, 4), dtype=np.int64)
    return replace(
        full,
        district=district,
        classes=ones,
        seats=ones * 23.0,
        planning_seats=ones * 20.0,
        use_children=np.zeros((3, 4)),
        use_forecast=np.zeros((3, 4)),
        openings=(),
        children=(),
        flows=(),
        waiting=(),
        hints=(),
        demand=np.zeros((2, 4)),
    )
