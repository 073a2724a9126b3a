"""Invented pupils of past months, for the example: who entered when, and left again.

Every registration of the history is a pupil with stays as in the scenario ``basis`` (see
:mod:`daz_planner.district.synthetic`); from them follow the counts of past months and, of those
who are still there, the roster of the reference date. Nobody is real.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daz_planner.district.model import HistoryMonth

_MOVING_AWAY = 0.01
"""Share of the pupils who move away in a month, as in the scenario ``basis``."""
_MONTHS_BEFORE = 24
"""Months before the history in which children came too: the longest stay."""
_MOST_TRIES = 200_000

MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class InventedPupil:
    """First day in the class, in phase 2, and after the class."""

    entered: date
    phase2: date
    left: date

    def phase_on(self, day: date) -> int | None:
        """1 or 2, ``None`` where the pupil is not in a class on the day."""
        if not self.entered <= day < self.left:
            return None
        return 1 if day < self.phase2 else 2


def invented_pupils(
    history: Sequence[HistoryMonth],
    day: date,
    there: int,
    seed: int,
    stay: Callable[[Callable[[], float]], tuple[int, int]],
    first_day: Callable[[date, date], date],
) -> list[InventedPupil]:
    """One pupil for each registration of the history, ``there`` of whom are in a class on ``day``.

    Single pupils are drawn anew until the number is met.

    Parameters
    ----------
    history:
        Months with registrations. In the two years before the first one as many came as in it.
    stay:
        Draws the months in phases 1 and 2 from a source of random numbers.
    first_day:
        The day of the start of school on or after a day, not after the second one.

    Raises
    ------
    ValueError
        So many cannot be there with these registrations.
    """
    draw = random.Random(seed + 2).random
    months = _with_months_before(
        [(entry.month, sum(n for _, n in entry.registrations)) for entry in history]
    )

    def pupil(month: date) -> InventedPupil:
        entered = first_day(month + timedelta(days=int(draw() * 28)), day)
        first, second = stay(draw)
        # Who moves away leaves at once: months until then are geometric.
        away = math.log(1.0 - draw()) / math.log(1.0 - _MOVING_AWAY)
        stays = min(float(first + second), away)
        left = entered + timedelta(days=int(stays * MONTH_DAYS))
        wished = entered + timedelta(days=int(first * MONTH_DAYS))
        phase2 = min(first_day(wished, entered + timedelta(days=365)), left)
        return InventedPupil(entered, phase2, left)

    homes = [month for month, count in months for _ in range(count)]
    pupils = [pupil(month) for month in homes]
    missing = there - sum(one.phase_on(day) is not None for one in pupils)
    for _ in range(_MOST_TRIES):
        if not missing:
            return pupils
        number = int(draw() * len(pupils))
        other = pupil(homes[number])
        more = (other.phase_on(day) is not None) - (pupils[number].phase_on(day) is not None)
        if abs(missing - more) <= abs(missing):
            pupils[number] = other
            missing -= more
    raise ValueError(f"{there} pupils cannot be there with these registrations")


def month_counts(pupils: Sequence[InventedPupil], day: date) -> tuple[tuple[int, int], ...]:
    """VKA pupils of a day as in the history: both phases together (0), phase 1, phase 2."""
    met = [one.phase_on(day) for one in pupils]
    first, second = met.count(1), met.count(2)
    return (0, first + second), (1, first), (2, second)


def _with_months_before(months: list[tuple[date, int]]) -> list[tuple[date, int]]:
    start, count = months[0]
    before = []
    for ago in range(_MONTHS_BEFORE, 0, -1):
        year, month = divmod(start.year * 12 + start.month - 1 - ago, 12)
        before.append((date(year, month + 1, 1), count))
    return before + months
