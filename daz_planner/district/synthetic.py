"""Invented pupils for the example: as many as each school has, drawn from a named seed.

No pupil is real and none is like a real one: school and number of pupils come from the table,
everything else is drawn. Stays are drawn as in the scenario ``basis`` (phase 1: 4 months on
average, phase 2: 11, each at most 12). Where the history names registrations, the pupils are those
of them who are still there; else the day of the count falls anywhere into the stay, so that longer
stays are met more often.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import accumulate

from daz_planner.district.model import District, Municipality, Pupil, RegularClasses, Roster, School
from daz_planner.district.synthetic_past import MONTH_DAYS, InventedPupil, invented_pupils

SEED = 20170208
"""Seed of the invented pupils: the day of the table."""

GRADES: dict[str, tuple[int, int]] = {"GS": (1, 4), "OS": (5, 9), "BSZ": (10, 12), "GYM": (5, 12)}
"""First and last grade of the pupils of a school type, as in the scenario ``basis``."""

GRADES_IN_CLASS: dict[str, int] = {"GS": 2, "OS": 3, "BSZ": 3, "GYM": 3}
"""Most grades in one class: SOGS § 9 (GS), SOOSA § 13 (OS); BSZ and GYM as OS."""

_WAY_KM: dict[str, float] = {"GS": 2.5, "OS": 5.0, "BSZ": 12.0, "GYM": 8.0}
"""Distance over which the share of pupils from a municipality falls to a third, km."""

_LONGEST = 12
_PHASES = ((4.0, 2.0), (11.0, 5.0))
"""Mean and standard deviation of the stay in phases 1 and 2, months."""


def synthetic_roster(district: District, seed: int = SEED) -> Roster:
    """A roster with as many pupils in phases 1 and 2 at each school as the table says.

    Parameters
    ----------
    district:
        Its schools give the number of pupils, its municipalities where pupils may live.
    seed:
        The same seed gives the same roster on every machine.

    Returns
    -------
    Roster
        Of the reference date, with ids ``S-0001`` onwards in the order of the schools. Each
        class holds neighbouring grades only. No stay is longer than twelve months a phase.
    """
    draw = random.Random(seed).random
    day = district.reference_date
    stays = [_stay_weights(mean, spread) for mean, spread in _PHASES]
    past = [one for one in synthetic_past(district, seed) if one.phase_on(day)]
    random.Random(seed + 3).shuffle(past)
    pupils: list[Pupil] = []
    for school in district.schools:
        homes = _home_weights(school, district.municipalities)
        windows = [_grade_window(school.school_type, draw()) for _ in range(max(school.classes, 1))]
        for number in range(school.pupils):
            phase, since, entered = _spent(past.pop(), day) if past else _met(day, stays, draw)
            low, high = windows[number % len(windows)]
            home = district.municipalities[_pick(homes, draw())].name if homes else ""
            pupils.append(
                Pupil(
                    pupil_id=f"S-{len(pupils) + 1:04d}",
                    school=school.name,
                    phase=phase,
                    phase_since=since,
                    entered=entered,
                    grade=low + int(draw() * (high - low + 1)),
                    municipality=home,
                )
            )
    return Roster(district.reference_date, tuple(pupils))


def synthetic_past(district: District, seed: int = SEED) -> list[InventedPupil]:
    """The invented pupils of all registrations of the history, nobody without a history.

    On the reference date as many are there as the table of schools says.
    """
    if not any(entry.registrations for entry in district.history):
        return []
    stays = [_stay_weights(mean, spread) for mean, spread in _PHASES]

    def stay(draw: Callable[[], float]) -> tuple[int, int]:
        first, second = (1 + _pick(weights, draw()) for weights in stays)
        return first, second

    there = sum(school.pupils for school in district.schools)
    day = district.reference_date
    return invented_pupils(district.history, day, there, seed, stay, _monday)


def synthetic_regular_classes(district: District, seed: int = SEED) -> tuple[RegularClasses, ...]:
    """Two regular classes a grade with 18 to 24 pupils each, at each GS and OS of the table."""
    draw = random.Random(seed + 1).random
    last = {"GS": 4, "OS": 10}
    return tuple(
        RegularClasses(school.name, grade, 2, sum(18 + int(draw() * 7) for _ in range(2)))
        for school in district.schools
        if school.school_type in last
        for grade in range(GRADES[school.school_type][0], last[school.school_type] + 1)
    )


def _spent(pupil: InventedPupil, day: date) -> tuple[int, date, date]:
    """Phase on the day, its first day and the first day in the class."""
    if pupil.phase_on(day) == 1:
        return 1, pupil.entered, pupil.entered
    return 2, pupil.phase2, pupil.entered


def _met(
    day: date, stays: Sequence[Sequence[float]], draw: Callable[[], float]
) -> tuple[int, date, date]:
    """Phase, its first day and the first day in the class, for a pupil met on ``day``."""
    while True:
        first, second = (1 + _pick(weights, draw()) for weights in stays)
        if draw() * 2 * _LONGEST < first + second:  # a stay is met the likelier, the longer it is
            break
    spent = draw() * (first + second)
    entered = _monday(day - timedelta(days=int(spent * MONTH_DAYS)), day)
    if spent < first:
        return 1, entered, entered
    since = _monday(day - timedelta(days=int((spent - first) * MONTH_DAYS)), day)
    return 2, since, entered


def _monday(day: date, latest: date) -> date:
    """The Monday on or after the day, outside long holidays.

    Where it would be after ``latest``, the last Monday until then.
    """
    monday = day + timedelta(days=-day.weekday() % 7)
    while _is_holiday(monday):
        monday += timedelta(days=7)
    return monday if monday <= latest else latest - timedelta(days=latest.weekday())


def _is_holiday(day: date) -> bool:
    """Roughly the summer and Christmas holidays: nobody enters a class then."""
    place = (day.month, day.day)
    return (7, 1) <= place <= (8, 7) or place >= (12, 20) or place <= (1, 2)


def _stay_weights(mean: float, spread: float) -> list[float]:
    """Cumulative shares of stays of 1, 2, … 12 months: a gamma density at the months."""
    shape, scale = (mean / spread) ** 2, spread**2 / mean
    density = [
        math.exp((shape - 1) * math.log(month) - month / scale) for month in range(1, _LONGEST + 1)
    ]
    return _cumulative(density)


def _home_weights(school: School, places: Sequence[Municipality]) -> list[float]:
    """Cumulative shares of the municipalities: inhabitants, falling with the distance."""
    reach = _WAY_KM[school.school_type]
    return _cumulative(
        [
            max(place.population, 1) * math.exp(-_distance_km(school, place) / reach)
            for place in places
        ]
    )


def _distance_km(school: School, place: Municipality) -> float:
    """Rough distance in the plane; good enough to draw from."""
    north = (school.latitude - place.latitude) * 111.2
    east = (school.longitude - place.longitude) * 111.2 * math.cos(math.radians(school.latitude))
    return math.hypot(north, east)


def _grade_window(kind: str, drawn: float) -> tuple[int, int]:
    """First and last grade of a class."""
    low, high = GRADES[kind]
    width = min(GRADES_IN_CLASS[kind], high - low + 1)
    first = low + int(drawn * (high - low + 2 - width))
    return first, first + width - 1


def _cumulative(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [value / total for value in accumulate(weights)] if total else []


def _pick(cumulative: Sequence[float], drawn: float) -> int:
    return min(bisect_right(cumulative, drawn), len(cumulative) - 1)
