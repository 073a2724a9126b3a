"""The back-test as a whole: past days one after the other, each with all methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from daz_planner import german
from daz_planner.errors import InputError
from daz_planner.scenario import with_values
from daz_planner.simulation.backtest.known import known_then, registrations_by_month
from daz_planner.simulation.backtest.measures import Case, Method, Score, scores
from daz_planner.simulation.backtest.observed import (
    VKA,
    WHOLE_MONTHS,
    Observation,
    Series,
    months_later,
    nearest,
    observations,
    partial_rosters,
)
from daz_planner.simulation.backtest.simple import (
    LEAST,
    Registrations,
    average_turnover,
    band,
    last_value,
    linear_trend,
)
from daz_planner.simulation.ensemble import Progress
from daz_planner.simulation.forecast import Forecast
from daz_planner.simulation.history import months_over
from daz_planner.simulation.simulate import simulate

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

HORIZONS = (1, 3, 6, 12)
"""Months ahead that are compared."""
REMEDY = (
    "Tragen Sie im Blatt Historie je Monat Anmeldungen und VKA-Schüler ein: "
    + german.listed(
        f"{LEAST + h} Monate in Folge für {german.plural(h, 'Monat', 'Monate')}" for h in HORIZONS
    )
    + " Vorausschau. Oder legen Sie Schülerlisten mit Eintritt von zwei Stichtagen daneben."
)
"""What to do where the data do not suffice; the shortest that gives a single case."""

_SEED_STEP = 1_000_003
_SEEDS = 2**63


@dataclass(frozen=True)
class Start:
    """A day from which was forecast, and what of the arrivals was known."""

    day: date
    from_roster: bool
    level: float
    """Registrations a month."""
    months: int
    """Months the level comes from; 0: from the days of entry of the roster."""


@dataclass(frozen=True)
class Backtest:
    """All cases, their measures, and what could not be compared.

    Attributes
    ----------
    starts:
        The days with a forecast, in order.
    cases:
        Every method on the days of ``starts``, by day, horizon, series and method.
    scores:
        The measures of the cases.
    unknown_arrivals:
        Days with a count, followed by another one, on which too little was known of the arrivals.
    gaps:
        Horizon → days of ``starts`` within the data to which the later count is missing.
    runs:
        Futures drawn a day.
    partial:
        Days of lists that lack many pupils and are not used.
    guests:
        Guest pupils in the table of schools, who are in no count.
    """

    district: District
    scenario: Scenario
    starts: tuple[Start, ...]
    cases: tuple[Case, ...]
    scores: tuple[Score, ...]
    unknown_arrivals: tuple[date, ...]
    gaps: dict[int, int]
    runs: int
    partial: tuple[date, ...] = ()
    guests: int = 0

    def score(self, series: Series, horizon: int, method: Method) -> Score | None:
        """The measures of a method, ``None`` without a case."""
        for score in self.scores:
            if (score.series, score.horizon, score.method) == (series, horizon, method):
                return score
        return None


def backtest(
    district: District, scenario: Scenario, *, progress: Progress | None = None
) -> Backtest:
    """Forecast from each past day with a count what was to come, and compare it with what came.

    Past days are the months of the sheet Historie with VKA pupils and the dated rosters. A forecast
    knows what was known then (:mod:`~daz_planner.simulation.backtest.known`); its stays are those
    of the scenario, whenever they were learnt.

    Raises
    ------
    InputError
        Not a single comparison is possible; the remedy says how many months are needed.
    """
    found = observations(district)
    wanted = _targets(found)
    if not wanted:
        raise InputError(_too_little(found), place="Historie", remedy=REMEDY)
    runner = _Runner(district, scenario, found)
    for number, start in enumerate(wanted):
        runner.start(start, wanted[start])
        if progress is not None:
            progress((number + 1) / len(wanted), "Frühere Stichtage werden nachgerechnet")
    if not runner.starts:
        raise InputError(
            f"Zu keinem früheren Monat sind Anmeldungen aus mindestens {LEAST} Monaten bekannt. "
            "Ohne sie weiß die Prognose nicht, wie viele Kinder kommen.",
            place="Historie",
            remedy=REMEDY,
        )
    return Backtest(
        district=district,
        scenario=scenario,
        starts=tuple(runner.starts),
        cases=tuple(runner.cases),
        scores=scores(runner.cases),
        unknown_arrivals=tuple(runner.unknown),
        gaps=_gaps(found, [start.day for start in runner.starts]),
        runs=scenario.rechnen.laeufe,
        partial=partial_rosters(district),
        guests=sum(school.guests for school in district.schools),
    )


def _too_little(found: Sequence[Observation]) -> str:
    days = [entry.day for entry in found if VKA in entry.counts]
    if len(days) < 2:
        return "Es gibt keine früheren Zahlen der VKA-Schüler, mit denen sich vergleichen ließe."
    return (
        f"Zahlen der VKA-Schüler gibt es für {german.listed(map(german.day, days[:4]))}"
        f"{' und weitere Tage' if len(days) > 4 else ''}, aber keine zwei liegen "
        f"{german.listed(map(str, HORIZONS), last='oder')} Monate auseinander "
        f"(auf {WHOLE_MONTHS.days} Tage genau)."
    )


def _targets(found: Sequence[Observation]) -> dict[int, dict[int, int]]:
    """Number of a start → horizon → number of the observation that came."""
    days = [entry.day for entry in found]
    number = {day: n for n, day in enumerate(days)}
    wanted: dict[int, dict[int, int]] = {}
    for n, entry in enumerate(found):
        if VKA not in entry.counts:
            continue
        for horizon in HORIZONS:
            day = nearest(days, months_later(entry.day, horizon), WHOLE_MONTHS)
            if day is not None and day > entry.day and VKA in found[number[day]].counts:
                wanted.setdefault(n, {})[horizon] = number[day]
    return wanted


def _gaps(found: Sequence[Observation], starts: Sequence[date]) -> dict[int, int]:
    days = [entry.day for entry in found if VKA in entry.counts]
    return {
        horizon: sum(
            (later := months_later(day, horizon)) <= days[-1]
            and nearest(days, later, WHOLE_MONTHS) is None
            for day in starts
        )
        for horizon in HORIZONS
    }


class _Runner:
    """Collects cases; keeps the past errors of the simple methods for their bands."""

    def __init__(
        self, district: District, scenario: Scenario, found: Sequence[Observation]
    ) -> None:
        self.district, self.scenario, self.found = district, scenario, found
        self.starts: list[Start] = []
        self.cases: list[Case] = []
        self.unknown: list[date] = []
        self._errors: dict[tuple[Series, int, Method], list[tuple[date, float]]] = {}

    def start(self, number: int, targets: dict[int, int]) -> None:
        """All methods from one day on."""
        start, known = self.found[number], self.found[: number + 1]
        registrations = registrations_by_month(months_over(self.district.history, start.day))
        forecast = self._forecast(number, max(targets))
        for horizon, target in targets.items():
            came = self.found[target]
            for series in sorted(start.counts.keys() & came.counts.keys(), key=lambda s: s.order):
                simple = self._simple(known, series, horizon, came, registrations)
                if forecast is None:
                    continue
                ours = _ours(forecast, series, horizon, start, came)
                if ours is not None:
                    self.cases += [ours, *simple]

    def _forecast(self, number: int, months: int) -> Forecast | None:
        start = self.found[number]
        scenario, day = self.scenario, start.day
        before = next((o.roster for o in reversed(self.found[: number + 1]) if o.roster), None)
        known = known_then(self.district, scenario, start, before, months)
        if known is None:
            self.unknown.append(day)
            return None
        arrivals = known.arrivals
        self.starts.append(Start(day, start.roster is not None, arrivals.level, arrivals.months))
        # Each day its own random numbers, whichever other days there are.
        seed = (scenario.rechnen.saat * _SEED_STEP + day.toordinal()) % _SEEDS
        return simulate(known.district, with_values(known.scenario, {"rechnen.saat": seed}))

    def _simple(
        self,
        known: Sequence[Observation],
        series: Series,
        horizon: int,
        came: Observation,
        registrations: Registrations,
    ) -> list[Case]:
        start = known[-1]
        values = {
            Method.LAST: last_value(known, series),
            Method.TREND: linear_trend(known, series, horizon),
            Method.TURNOVER: average_turnover(known, series, horizon, registrations),
        }
        cases = []
        for method, value in values.items():
            if value is None:
                continue
            errors = self._errors.setdefault((series, horizon, method), [])
            past = [error for day, error in errors if day <= start.day]
            case = Case(
                start=start.day,
                horizon=horizon,
                day=came.day,
                series=series,
                method=method,
                forecast=value,
                band=band(value, past),
                observed=came.counts[series],
                from_roster=start.roster is not None,
            )
            errors.append((came.day, case.error))
            cases.append(case)
        return cases


def _ours(
    forecast: Forecast, series: Series, horizon: int, start: Observation, came: Observation
) -> Case | None:
    """The forecast of one series; ``None`` for a school type that it does not know."""
    kinds = [
        number
        for number, kind in enumerate(forecast.school_types)
        if series.school_type in ("", kind)
    ]
    if not kinds or (series.phase == 3 and not all(forecast.phase3_known[k] for k in kinds)):
        return None
    phases = [0, 1] if series.phase == 0 else [series.phase - 1]
    drawn = forecast.runs[..., horizon][:, kinds][:, :, phases].sum(axis=(1, 2))
    low, high = np.quantile(drawn, [0.1, 0.9], method="inverted_cdf")
    return Case(
        start=start.day,
        horizon=horizon,
        day=came.day,
        series=series,
        method=Method.FORECAST,
        forecast=float(forecast.expected[..., horizon][kinds][:, phases].sum()),
        band=(float(low), float(high)),
        observed=came.counts[series],
        from_roster=start.roster is not None,
    )
