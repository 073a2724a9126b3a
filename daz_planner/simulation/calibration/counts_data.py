"""What counts alone say: arrivals by month, and pupils on some days.

Months are whole numbers (:func:`~daz_planner.scenario.arrivals.month_number`).  A day has a
position between two ends of months (:func:`~daz_planner.simulation.past.position`): the end of
month n is n, the 15th of a month of 30 days is n - 0.5.  That is the one convention on which the
model of the counts rests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from daz_planner.errors import InputError
from daz_planner.german import month as german_month
from daz_planner.german import plural
from daz_planner.scenario.arrivals import month_number
from daz_planner.simulation.history import known_registrations, months_over
from daz_planner.simulation.past import VKA, position, pupils_by_day, pupils_of_table

if TYPE_CHECKING:
    from daz_planner.district.model import District

FloatArray = npt.NDArray[np.float64]

_YEAR = 12


@dataclass(frozen=True)
class CountObservation:
    """Pupils counted on a day; ``phase`` 1, 2 or 3, or 0 for phases 1 and 2 together."""

    day: date
    pupils: float
    phase: int = VKA


@dataclass(frozen=True)
class CountData:
    """Arrivals month by month and the pupils that were counted.

    Attributes
    ----------
    first_month:
        Month of ``arrivals[0]``.
    arrivals:
        Persons or registrations of each month, without gaps. May go on after the last
        observation; empty where nothing is known of arrivals.
    observations:
        The counts, at least one.
    persons:
        Whether ``arrivals`` are persons, of whom a share registers after a lag, rather than
        registrations at school age.
    filled:
        Places in ``arrivals`` of months that are not known but filled in.
    before:
        Arrivals a month before the first month; ``None``: the mean of the first twelve.
    notes:
        German sentences on what was filled or left out.
    """

    first_month: date
    arrivals: tuple[float, ...]
    observations: tuple[CountObservation, ...]
    persons: bool = False
    before: float | None = None
    filled: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.observations:
            raise InputError(
                "Es gibt keine Zahl von VKA-Schülern, an der sich etwas schätzen ließe.",
                remedy="Tragen Sie im Blatt Historie VKA-Schüler für einige Monate ein.",
            )
        values = [*self.arrivals, *(seen.pupils for seen in self.observations)]
        if not all(np.isfinite(value) and value >= 0.0 for value in values):
            raise InputError(
                "Zahlen der Ankommenden und der Schüler müssen 0 oder größer sein.",
                remedy="Prüfen Sie die Zahlen.",
            )
        if any(seen.phase not in (VKA, 1, 2, 3) for seen in self.observations):
            raise InputError(
                "Eine Zahl von Schülern gehört zu einer unbekannten Phase.",
                remedy="Erlaubt sind die Phasen 1, 2 und 3.",
            )
        places = [(position(seen.day), seen.phase) for seen in self.observations]
        if len(set(places)) < len(places):
            raise InputError(
                "Für einen Tag stehen zwei Zahlen derselben Phase da.",
                remedy="Streichen Sie eine davon.",
            )

    @property
    def by_phase(self) -> bool:
        """Whether some count tells phase 1 from phase 2."""
        return any(seen.phase in (1, 2) for seen in self.observations)

    @property
    def with_phase3(self) -> bool:
        """Whether some count is of phase 3."""
        return any(seen.phase == 3 for seen in self.observations)

    @property
    def level_before(self) -> float:
        """Arrivals a month before the first month of the series."""
        if self.before is not None:
            return self.before
        return float(np.mean(self.arrivals[:_YEAR])) if self.arrivals else 0.0


def spread_periods(
    periods: Sequence[tuple[date, date, float]], profile: dict[date, float] | None = None
) -> tuple[date, tuple[float | None, ...]]:
    """Sums of periods as numbers by month.

    Parameters
    ----------
    periods:
        (first month, last month, sum), which must not overlap.
    profile:
        Weight of each month; the sum of a period is spread in proportion. Without it, evenly.

    Returns
    -------
    tuple
        First month, and the number of each month from there on, ``None`` in a gap.

    Raises
    ------
    InputError
        If two periods overlap, or the profile has no weight in a period.
    """
    values: dict[int, float] = {}
    for first, last, total in periods:
        numbers = range(month_number(first), month_number(last) + 1)
        if any(number in values for number in numbers) or not numbers:
            raise InputError(
                f"Der Zeitraum ab {german_month(first)} ist leer oder überschneidet sich mit "
                "einem anderen.",
                remedy="Lassen Sie einen der beiden Zeiträume weg.",
            )
        weights = [1.0 if profile is None else profile.get(_first_day(n), 0.0) for n in numbers]
        if sum(weights) <= 0.0:
            raise InputError(
                f"Für den Zeitraum ab {german_month(first)} ist kein Verlauf bekannt.",
                remedy="Verteilen Sie ihn gleichmäßig.",
            )
        values.update(
            (number, total * weight / sum(weights))
            for number, weight in zip(numbers, weights, strict=True)
        )
    start, stop = min(values), max(values)
    return _first_day(start), tuple(values.get(n) for n in range(start, stop + 1))


def fill_gaps(values: Sequence[float | None]) -> tuple[tuple[float, ...], int]:
    """Fill gaps on a straight line between the neighbours; at the ends the nearest year's mean.

    Returns the full series and how many months were filled.
    """
    known = [i for i, value in enumerate(values) if value is not None]
    if not known:
        return (), 0
    numbers = np.array([values[i] for i in known], dtype=np.float64)
    filled = np.interp(np.arange(len(values)), known, numbers)
    filled[: known[0]] = numbers[:_YEAR].mean()
    filled[known[-1] + 1 :] = numbers[-_YEAR:].mean()
    return tuple(float(value) for value in filled), len(values) - len(known)


def counts_of_history(district: District, *, with_today: bool = True) -> CountData:
    """The sheet Historie as counts: registrations by month, pupils on days.

    Which day a month stands for, and which months are known, is the same as for the back-test
    (:mod:`daz_planner.simulation.past`) and for the level of the arrivals
    (:func:`~daz_planner.simulation.history.known_registrations`).  Pupils counted after the
    reference date are left out.  Gaps in the registrations are filled, and a note says so.

    Parameters
    ----------
    with_today:
        Whether the table of schools is one more count, on the reference date; it goes before what
        the sheet names for that day.

    Raises
    ------
    InputError
        If there is no count of pupils at all.
    """
    today = district.reference_date
    by_day = {day: known for day, known in pupils_by_day(district).items() if day <= today}
    if with_today and district.schools:
        by_day[today] = {**by_day.get(today, {}), **pupils_of_table(district.schools)}
    observations = tuple(seen for day in sorted(by_day) for seen in _observed(day, by_day[day]))
    known = known_registrations(months_over(district.history, today))
    if not known:
        first = min((month_number(seen.day) for seen in observations), default=month_number(today))
        note = "Anmeldungen sind nicht bekannt; angenommen ist ein gleichbleibender Zuzug."
        return CountData(_first_day(first), (), observations, notes=(note,))
    start, last = min(known), max([*known, *(month_number(seen.day) for seen in observations)])
    values, filled = fill_gaps([known.get(n) for n in range(start, last + 1)])
    notes = []
    if filled:
        months = plural(filled, "Monat", "Monaten")
        notes.append(f"In {months} fehlen die Anmeldungen; sie sind aus den anderen ergänzt.")
    return CountData(
        _first_day(start),
        values,
        observations,
        filled=tuple(n - start for n in range(start, last + 1) if n not in known),
        notes=tuple(notes),
    )


def _first_day(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _observed(day: date, known: dict[int, int]) -> list[CountObservation]:
    """Phases 1 and 2 apart where they make up the sum, else together; and phase 3."""
    apart = 1 in known and 2 in known and known[1] + known[2] == known[VKA]
    kept = (1, 2, 3) if apart else (VKA, 3)
    return [CountObservation(day, float(known[p]), p) for p in kept if p in known]
