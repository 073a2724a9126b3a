"""How far off: the measures of a method over its cases.

An error is forecast - observed, so that a positive bias means too high.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from daz_planner.simulation.backtest.observed import Series

OUTSIDE = 0.2
"""Share that may lie outside the interval: P10 to P90 hold 80 %."""


class Method(Enum):
    """Ours and the simple ones, by their German names."""

    FORECAST = "Prognose"
    LAST = "letzter Wert"
    TREND = "linearer Trend"
    TURNOVER = "mittlerer Wechsel"


@dataclass(frozen=True)
class Case:
    """One forecast of one method and what came."""

    start: date
    """The day from which was forecast."""
    horizon: int
    """Months ahead."""
    day: date
    """The day of the count that came."""
    series: Series
    method: Method
    forecast: float
    band: tuple[float, float] | None
    """P10 and P90."""
    observed: int
    from_roster: bool = False
    """Whether the pupils of the start were known one by one."""

    @property
    def error(self) -> float:
        """Forecast - observed."""
        return self.forecast - self.observed

    @property
    def inside(self) -> bool | None:
        """Whether the observed count lies in the band, its borders included."""
        return None if self.band is None else self.band[0] <= self.observed <= self.band[1]

    @property
    def interval_score(self) -> float | None:
        """Width of the band, plus ten times what the count lies outside (small is good).

        The interval score for 80 % (Gneiting and Raftery 2007, section 6.2): 2 / 0.2 = 10. It is
        proper: no other band than the true P10 to P90 has a better one on average.
        """
        if self.band is None:
            return None
        low, high = self.band
        miss = max(low - self.observed, self.observed - high, 0.0)
        return high - low + 2.0 / OUTSIDE * miss


@dataclass(frozen=True)
class Score:
    """The measures of one method, series and horizon. Pupils, unless a share is named."""

    series: Series
    horizon: int
    method: Method
    cases: int
    bias: float
    """Mean of forecast - observed."""
    absolute: float
    """Mean of the absolute errors."""
    relative: float | None
    """Absolute errors divided by the observed pupils; ``None`` where nobody was observed."""
    with_band: int
    """Cases with a band."""
    inside: int
    """Cases inside their band."""
    width: float | None
    """Mean width of the bands: how sharp they are."""
    interval_score: float | None
    """Mean of :attr:`Case.interval_score`."""
    skill: float | None
    """1 - absolute error / that of "last value" in the same cases: below 0 the method loses.

    ``None`` where "last value" made no error at all.
    """


def scores(cases: Iterable[Case]) -> tuple[Score, ...]:
    """The measures by series, horizon and method, in this order."""
    groups: dict[tuple[Series, int, Method], list[Case]] = {}
    last: dict[tuple[Series, int, date], float] = {}
    for case in cases:
        groups.setdefault((case.series, case.horizon, case.method), []).append(case)
        if case.method is Method.LAST:
            last[case.series, case.horizon, case.start] = abs(case.error)
    methods = list(Method)
    order = sorted(groups, key=lambda key: (key[0].order, key[1], methods.index(key[2])))
    return tuple(_score(groups[key], last) for key in order)


def _score(cases: Sequence[Case], last: dict[tuple[Series, int, date], float]) -> Score:
    first = cases[0]
    absolute = _mean(cases, lambda case: abs(case.error))
    observed = _mean(cases, lambda case: case.observed)
    same = _mean(cases, lambda case: last[case.series, case.horizon, case.start])
    with_band = [case for case in cases if case.band is not None]
    widths = [case.band[1] - case.band[0] for case in cases if case.band is not None]
    notes = [case.interval_score for case in cases if case.interval_score is not None]
    return Score(
        series=first.series,
        horizon=first.horizon,
        method=first.method,
        cases=len(cases),
        bias=_mean(cases, lambda case: case.error),
        absolute=absolute,
        relative=absolute / observed if observed else None,
        with_band=len(with_band),
        inside=sum(bool(case.inside) for case in with_band),
        width=sum(widths) / len(widths) if widths else None,
        interval_score=sum(notes) / len(notes) if notes else None,
        skill=1.0 - absolute / same if same else None,
    )


def _mean(cases: Sequence[Case], value: Callable[[Case], float]) -> float:
    return sum(value(case) for case in cases) / len(cases)
