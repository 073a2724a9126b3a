"""Calibration from counts alone: what arrivals and pupils say about registrations and stays.

    data = counts_of_history(district)
    fit = fit_counts(data)
    print(*fit.sentences, sep="\\n")
    fit.forecast([date(2017, 8, 31)])

The parameters have a range each (:mod:`counts_priors`), the model is the exact expectation
(:mod:`counts_model`), and the posterior is drawn by tempering (:mod:`counts_sampler`).  Counts
seldom tell all parameters apart; the fit says which it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from daz_planner.simulation.calibration.counts_data import CountData
from daz_planner.simulation.calibration.counts_model import CountModel, Parameters, Point
from daz_planner.simulation.calibration.counts_priors import Priors, default_priors
from daz_planner.simulation.calibration.counts_sampler import Draws, sample
from daz_planner.simulation.calibration.counts_words import describe
from daz_planner.simulation.past import VKA, position

FloatArray = npt.NDArray[np.float64]

SHARE = 0.8
"""Share of the posterior inside the intervals that are reported."""
_FUTURES_PER_DRAW = 4


@dataclass(frozen=True)
class Interval:
    """The interval from ``low`` to ``high`` that leaves out as much below as above."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True)
class CountForecast:
    """Pupils that would be counted on some days, if arrivals come as given.

    ``draws[r, j]`` are counts, so they scatter around the expectation as counts do.
    """

    days: tuple[date, ...]
    phase: int
    draws: FloatArray

    @property
    def median(self) -> FloatArray:
        """``[j]``"""
        return np.asarray(np.median(self.draws, axis=0), dtype=np.float64)

    @property
    def mean(self) -> FloatArray:
        """``[j]``"""
        return np.asarray(self.draws.mean(axis=0), dtype=np.float64)

    def interval(self, share: float = SHARE) -> tuple[Interval, ...]:
        """The central interval of each day."""
        low, high = np.quantile(self.draws, [(1 - share) / 2, (1 + share) / 2], axis=0)
        return tuple(Interval(float(a), float(b)) for a, b in zip(low, high, strict=True))


@dataclass(frozen=True)
class CountFit:
    """What the counts say about the parameters.

    Attributes
    ----------
    samples:
        Name → ``[n]`` draws of the posterior, free parameters only.
    fixed:
        Name → value of parameters that were taken as known.
    point:
        Name → value, all parameters: one draw of the posterior in its middle, so that the values
        fit each other (single medians need not).
    intervals:
        Name → central 80 % interval.
    correlation:
        ``[p, p]`` rank correlation of the free parameters in the order of ``samples``.
    shrinkage:
        Name → 1 - width of the interval / width of that of the prior: 0 where the counts say
        nothing, 1 where they say all.
    effective_stay:
        ``[n]`` mean months in a VKA with moving away and the longest stay by rule.
    pupils_per_arrival:
        ``[n]`` share × effective stay: pupils in a steady state with one arrival a month.
    sentences:
        German: what is estimated, what cannot be told apart, what was filled.
    """

    data: CountData
    priors: Priors
    seed: int
    samples: Parameters
    fixed: dict[str, float]
    point: dict[str, float]
    intervals: dict[str, Interval]
    correlation: FloatArray
    shrinkage: dict[str, float]
    effective_stay: FloatArray
    pupils_per_arrival: FloatArray
    draws: Draws
    sentences: tuple[str, ...]

    @property
    def converged(self) -> bool:
        """Whether the islands of the sampler agree (R-hat of every parameter up to 1.05)."""
        return bool(np.all(self.draws.r_hat <= 1.05)) if self.samples else True

    def expected(self, days: Sequence[date], phase: int = VKA) -> FloatArray:
        """``[n, j]`` expected pupils by the model alone, without its error."""
        model = CountModel(self.data, self.priors)
        return model.moments(self._parameters, [(position(day), phase) for day in days])[0]

    def forecast(
        self,
        days: Sequence[date],
        phase: int = VKA,
        *,
        arrivals: Sequence[float] = (),
        seed: int | None = None,
    ) -> CountForecast:
        """Counts of coming (or past) days, given those that were fitted.

        Parameters
        ----------
        arrivals:
            Arrivals of the months after the last one of the data, taken as known; beyond them the
            mean of the last twelve months goes on. How far that level is uncertain is not in the
            interval.
        """
        model = CountModel(self.data, self.priors, arrivals)
        wanted: list[Point] = [(position(day), phase) for day in days]
        mean, covariance = model.moments(self._parameters, [*_points(self.data), *wanted])
        seen = len(self.data.observations)
        counted = np.array([o.pupils for o in self.data.observations])
        inner = covariance[:, :seen, :seen]
        cross = covariance[:, :seen, seen:]
        weight = np.linalg.solve(inner, cross)
        residual = (counted - mean[:, :seen])[:, None, :]
        center = mean[:, seen:] + (residual @ weight)[:, 0, :]
        spread = covariance[:, seen:, seen:] - cross.transpose(0, 2, 1) @ weight
        spread = 0.5 * (spread + spread.transpose(0, 2, 1))
        root = np.linalg.cholesky(spread + 1e-9 * np.eye(len(days)))
        keys = [self.seed if seed is None else seed, 0xF0]
        rng = np.random.default_rng(np.random.SeedSequence(keys))
        noise = rng.standard_normal((_FUTURES_PER_DRAW, len(center), len(days), 1))
        draws = center + (root @ noise)[..., 0]
        return CountForecast(tuple(days), phase, np.maximum(draws, 0.0).reshape(-1, len(days)))

    @property
    def _parameters(self) -> Parameters:
        size = self.draws.points.shape[0]
        held = {name: np.full(size, value) for name, value in self.fixed.items()}
        return {**held, **self.samples}


def fit_counts(
    data: CountData, priors: Priors | None = None, seed: int = 1, *, draws: int = 1000
) -> CountFit:
    """Estimate registrations and stays from counts.

    Parameters
    ----------
    priors:
        Ranges; ``None`` for those of :func:`default_priors`.
    seed:
        The same seed gives the same fit.
    draws:
        Draws of the posterior.

    Raises
    ------
    InputError
        If there is nothing to fit (raised by :class:`CountData`), or a range is not possible.
    """
    priors = priors or default_priors(data)
    names = priors.names(data)
    free = tuple(name for name in names if not priors.range(name).fixed)
    fixed = {name: priors.range(name).low for name in names if priors.range(name).fixed}
    model = CountModel(data, priors)
    points = _points(data)
    counted = np.array([seen.pupils for seen in data.observations])

    def parameters(cube: FloatArray) -> Parameters:
        values = {name: priors.range(name).value(cube[:, i]) for i, name in enumerate(free)}
        return {**{name: np.full(len(cube), value) for name, value in fixed.items()}, **values}

    def log_likelihood(cube: FloatArray) -> FloatArray:
        value = np.zeros(len(cube))
        for rows, mean, covariance in model.batches(parameters(cube), points):
            root = np.linalg.cholesky(covariance)
            standard = np.linalg.solve(root, (counted - mean)[:, :, None])[:, :, 0]
            spread = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
            value[rows] = -0.5 * (standard**2).sum(axis=1) - spread
        return value

    drawn = sample(log_likelihood, len(free), draws, seed)
    everything = parameters(drawn.points)
    samples = {name: everything[name] for name in free}
    stay = np.asarray(model.survival(everything).sum(axis=1), dtype=np.float64)
    share = everything.get("share", np.ones(len(stay)))
    intervals = {name: _interval(values) for name, values in samples.items()}
    prior = {name: _prior_interval(priors, name) for name in free}
    shrinkage = {n: max(0.0, 1.0 - intervals[n].width / prior[n].width) for n in free}
    middle = _middle(samples, intervals)
    correlation = rank_correlation(samples)
    return CountFit(
        data=data,
        priors=priors,
        seed=seed,
        samples=samples,
        fixed=fixed,
        point={**fixed, **{name: float(values[middle]) for name, values in samples.items()}},
        intervals=intervals,
        correlation=correlation,
        shrinkage=shrinkage,
        effective_stay=stay,
        pupils_per_arrival=np.asarray(share * stay, dtype=np.float64),
        draws=drawn,
        sentences=describe(data, correlation, shrinkage, samples, drawn),
    )


def rank_correlation(samples: Parameters) -> FloatArray:
    """``[p, p]`` Spearman's correlation: 1 and -1 also where two parameters lie on a curve."""
    if not samples:
        return np.zeros((0, 0))
    ranks = [np.argsort(np.argsort(values, kind="stable")) for values in samples.values()]
    return np.atleast_2d(np.corrcoef(np.array(ranks, dtype=np.float64)))


def _points(data: CountData) -> list[Point]:
    return [(position(seen.day), seen.phase) for seen in data.observations]


def _interval(values: FloatArray) -> Interval:
    low, high = np.quantile(values, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return Interval(float(low), float(high))


def _prior_interval(priors: Priors, name: str) -> Interval:
    low, high = priors.range(name).value(np.array([(1 - SHARE) / 2, (1 + SHARE) / 2]))
    return Interval(float(low), float(high))


def _middle(samples: Parameters, intervals: dict[str, Interval]) -> int:
    """The draw nearest to the medians, in widths of the intervals."""
    if not samples:
        return 0
    distance = np.zeros(len(next(iter(samples.values()))))
    for name, values in samples.items():
        width = max(intervals[name].width, 1e-12)
        distance += ((values - np.median(values)) / width) ** 2
    return int(np.argmin(distance))
