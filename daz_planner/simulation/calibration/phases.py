"""Mean, spread and curve of the stays, by school type: which method, how sure, how many cases.

A school type leans on the district as if it had :data:`LEANING` more pupils whose stays are those
of the district: with n cases its own weight is n / (n + 20).  That is the credibility of Bühlmann
(1967, ASTIN Bulletin 4, 199-207), k = variance within / variance between: stays scatter by about
half of their mean, the means of school types by about a ninth of it, (0.5 / 0.11)² ≈ 20.

Drawing pupils anew shows the variance w²·within/n of such an estimate; that a type differs from the
district adds (1 - w)²·between, so that the interval has the posterior variance of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from daz_planner.rules import SCHOOL_TYPES
from daz_planner.scenario.model import Scenario
from daz_planner.simulation.calibration.curve import (
    Prior,
    fit_curves,
    moments,
    rounded_table,
)
from daz_planner.simulation.calibration.elapsed import began_phase, fit_elapsed, fit_steps
from daz_planner.simulation.calibration.gammas import gamma_stays, on_months
from daz_planner.simulation.calibration.observations import LONGEST, Observations
from daz_planner.simulation.calibration.results import (
    DISTRICT,
    SHARE,
    Method,
    StayEstimate,
    Value,
)
from daz_planner.simulation.calibration.rows import cut, more_rows, pooled, with_point
from daz_planner.simulation.calibration.weights import (
    TAIL,
    FloatArray,
    IntArray,
    months_needed,
    weigh,
)
from daz_planner.simulation.stays import stay_distribution

LEANING = 20.0
"""Pupils of the district that a school type counts besides its own."""
TYPES_DIFFER = 0.11
"""Standard deviation between the means of school types divided by their mean."""
SMOOTHING = 5.0
"""Pupils with a smooth distribution that the district counts: no holes, and an end."""
SMOOTHING_UNLISTED = 100.0
"""The same for phase 2 without phase 3 in the rosters. A curve that is free to do so explains every
pupil who moved away out of phase 1 by a second phase of a month or two, which no roster shows."""
LEAST_ENDS = 20
"""Ends of a phase in the district: with fewer the mean is off by more than 14 % in 2 of 10 cases
(0.5 / √20 × 1.28), more than two sensible assumptions differ."""
LEAST_ELAPSED = 30
"""Pupils with months so far: one tells less than an end that was seen."""
LEAST_BOTH = 10
"""Pupils without dates who are still in the phase at the next roster, and as many who are not: one
kind alone bounds the mean on one side only."""
LEAST_OF_TYPE = 5
"""Cases of a school type; with fewer its estimate would be the district's."""

_SEED_STEP = 7_919
_ROUGH = 3e-4
"""Largest change of a probability in twenty rounds at which the repetitions may stop."""
_LONGEST_ASSUMED = 240
"""Longest stay that a scenario can assume, months."""

Arrived = Callable[[str], FloatArray]
"""School type → arrivals 0, 1, … months before the latest roster; equal numbers if not known."""


@dataclass(frozen=True)
class Stays:
    """Estimates, and the curves behind them for what is computed from them.

    ``curves[kind][p]`` are ``[r, d - 1]``: row 0 is the estimate, the others the repetitions.
    ``kind`` is ``""`` for the district. Where a phase could not be estimated the curve is that of
    the scenario.
    """

    estimates: tuple[StayEstimate, ...]
    curves: dict[str, tuple[FloatArray, FloatArray]]
    methods: tuple[Method | None, Method | None]
    cases: tuple[int, int]
    """Cases of the district in phase 1 and 2, also where they are too few."""
    beyond: float
    """Share of the district's stays in phase 2 (curve) that are longer than any that was seen."""


def stay_of(scenario: Scenario, kind: str, phase: int) -> FloatArray:
    """Probabilities of 1, 2, … months that the scenario assumes."""
    stay = getattr(scenario.phasen[kind], f"phase{phase}")
    if stay.tabelle is not None:
        return np.array(stay.tabelle, dtype=np.float64)
    return stay_distribution(stay.mittel, stay.standardabweichung)


def estimate_stays(
    seen: Observations,
    scenario: Scenario,
    shares: Sequence[float],
    arrived: Arrived,
    *,
    repeats: int,
    seed: int,
) -> Stays:
    """Estimate phases 1 and 2 of every school type.

    Parameters
    ----------
    shares:
        Share of the pupils who move away in a month, for the estimate. Others after it are equally
        likely: the repetitions are spread over them.
    repeats:
        Repetitions with pupils drawn anew (bootstrap), for the intervals.
    seed:
        The same seed gives the same intervals.
    """
    likely = shares[1:] if repeats else ()
    point = _Estimator(seen, scenario, shares[0], arrived, 0 if likely else repeats, seed)
    curves = point.curves()
    for number, share in enumerate(likely):
        own = repeats * (number + 1) // len(likely) - repeats * number // len(likely)
        if own:
            drawn = _Estimator(seen, scenario, share, arrived, own, seed + number * _SEED_STEP)
            curves = more_rows(curves, drawn.curves())
    return point.stays(curves)


class _Estimator:
    def __init__(
        self,
        seen: Observations,
        scenario: Scenario,
        hazard: float,
        arrived: Arrived,
        repeats: int,
        seed: int,
    ) -> None:
        self.seen = seen
        self.scenario = scenario
        self.hazard = hazard
        self.arrived = arrived
        self.repeats = repeats
        self.seed = seed
        self.kinds = seen.kinds
        longest = months_needed(seen.spells)
        self.months = (min(LONGEST, longest[0] + TAIL), min(LONGEST, longest[1] + TAIL))
        self.methods = (self._method(1), self._method(2))

    # -- what there is -----------------------------------------------------------------------------

    def _cases(self, phase: int, method: Method | None, kind: str = DISTRICT) -> int:
        def of_kind(name: str) -> bool:
            return kind in (DISTRICT, name)

        if method is Method.CURVE:
            return sum(spell.ends(phase) for spell in self.seen.spells if of_kind(spell.kind))
        if method is Method.STEPS:
            return sum(s.phase == phase for s in self.seen.steps if of_kind(s.kind))
        return sum(p == phase for name, p, _ in self.seen.elapsed if of_kind(name))

    def _method(self, phase: int) -> Method | None:
        if self._cases(phase, Method.CURVE) >= LEAST_ENDS:
            return Method.CURVE
        if self._cases(phase, Method.ELAPSED) >= LEAST_ELAPSED:
            return Method.ELAPSED
        steps = [s for s in self.seen.steps if s.phase == phase]
        still = sum(step.after == phase for step in steps)
        if min(still, len(steps) - still) >= LEAST_BOTH:
            return Method.STEPS
        return None

    # -- the way through ---------------------------------------------------------------------------

    def curves(self) -> dict[str, tuple[FloatArray, FloatArray]]:
        """The curves of :class:`Stays`."""
        basis = self._of_scenario()
        second = None if self.methods[1] is Method.CURVE else basis
        first = self._shaped(1, basis) if self.methods[0] is not Method.CURVE else None
        if self.methods[1] is not Method.CURVE and self.methods[1] is not None:
            before = first or self._curves(basis)
            second = self._shaped(2, before)
        curves = dict(basis)
        if Method.CURVE in self.methods:
            fitted = self._curves(second)
            curves = {kind: fitted.get(kind, pair) for kind, pair in basis.items()}
        if first is not None:
            curves = {kind: (first[kind][0], pair[1]) for kind, pair in curves.items()}
        if second is not None:
            curves = {kind: (pair[0], second[kind][1]) for kind, pair in curves.items()}
        return curves

    def stays(self, curves: dict[str, tuple[FloatArray, FloatArray]]) -> Stays:
        """The estimates from curves."""
        estimates = [
            estimate
            for kind in (DISTRICT, *self.kinds)
            for phase in (1, 2)
            if (estimate := self._estimate(kind, phase, curves[kind][phase - 1])) is not None
        ]
        beyond = 0.0
        if self.methods[1] is Method.CURVE:
            ended = [spell for spell in self.seen.spells if spell.ends(2)]
            last = months_needed(ended)[1]
            beyond = float(curves[DISTRICT][1][0, last:].sum())
        cases = tuple(self._cases(p, self.methods[p - 1]) for p in (1, 2))
        return Stays(tuple(estimates), curves, self.methods, (cases[0], cases[1]), beyond)

    def _estimate(self, kind: str, phase: int, curves: FloatArray) -> StayEstimate | None:
        method = self.methods[phase - 1]
        cases = self._cases(phase, method, kind)
        if method is None or (kind != DISTRICT and cases < LEAST_OF_TYPE):
            return None
        table = None
        if method is Method.CURVE:
            table = rounded_table(curves[0])
            curves = np.vstack([on_months(np.array(table), curves.shape[1]), curves[1:]])
        mean, spread = moments(curves)
        if kind != DISTRICT:
            other = TYPES_DIFFER * LEANING / (cases + LEANING)
            keys = [self.seed, 1000 + 10 * self.kinds.index(kind) + phase]
            rng = np.random.default_rng(np.random.SeedSequence(keys))
            factors = np.exp(other * rng.standard_normal(len(mean)))
            factors[0] = 1.0
            mean, spread = np.maximum(mean * factors, 1.0), spread * factors
        assumed = self._assumed(kind, phase)
        return StayEstimate(
            kind=kind,
            phase=phase,
            method=method,
            cases=cases,
            mean=_value(mean, 2),
            spread=_value(np.maximum(spread, 0.01), 2),
            default=float(moments(assumed[None])[0][0]),
            table=table,
        )

    def _assumed(self, kind: str, phase: int) -> FloatArray:
        """The scenario's stay; that of the district is the mean of its types, by their pupils."""
        if kind != DISTRICT:
            return stay_of(self.scenario, kind, phase)
        counts = {k: self._cases(phase, self.methods[phase - 1], k) for k in self.kinds}
        if not any(counts.values()):
            counts = dict.fromkeys(self.kinds or (SCHOOL_TYPES[0],), 1)
        whole = sum(
            count * on_months(stay_of(self.scenario, k, phase), _LONGEST_ASSUMED)
            for k, count in counts.items()
        )
        return np.asarray(whole / np.sum(whole), dtype=np.float64)

    def _of_scenario(self) -> dict[str, tuple[FloatArray, FloatArray]]:
        return {
            kind: (
                on_months(self._assumed(kind, 1), LONGEST)[None],
                on_months(self._assumed(kind, 2), LONGEST)[None],
            )
            for kind in (DISTRICT, *self.kinds)
        }

    # -- curves ------------------------------------------------------------------------------------

    def _curves(
        self, second: dict[str, tuple[FloatArray, FloatArray]] | None
    ) -> dict[str, tuple[FloatArray, FloatArray]]:
        """Curves of the district, then of the types that lean on it."""
        spells = [spell for spell in self.seen.spells if spell.clock]
        by_kind = {kind: [s for s in spells if s.kind == kind] for kind in self.kinds}
        weights = {
            kind: weigh(own, self.months, self.hazard) for kind, own in by_kind.items() if own
        }
        counts = {
            kind: self._drawn(np.bincount(w.pattern, minlength=w.patterns), number)
            for number, (kind, w) in enumerate(weights.items())
        }
        if not weights:
            return {}
        everyone = weigh([s for kind in weights for s in by_kind[kind]], self.months, self.hazard)
        whole = pooled(everyone.pattern, [(weights[k].pattern, counts[k]) for k in weights])
        known = None if second is None else second[DISTRICT][1]
        unlisted = any(s.gone is not None and not s.gone.phase3_listed for s in spells)
        smooth = Prior(SMOOTHING), Prior(SMOOTHING_UNLISTED if unlisted else SMOOTHING)
        point = fit_curves(
            everyone,
            whole[:1],
            priors=smooth,
            known_second=None if known is None else cut(known[:1], self.months[1]),
        )
        district = fit_curves(
            everyone,
            whole,
            priors=smooth,
            known_second=None if known is None else cut(known, self.months[1]),
            start=point,
            tolerance=_ROUGH,
        )
        district = with_point(district, point)
        result = {DISTRICT: district}
        for kind, own in weights.items():
            known = None if second is None else cut(second[kind][1], self.months[1])
            curves = fit_curves(
                own,
                counts[kind],
                priors=(Prior(LEANING, district[0]), Prior(LEANING, district[1])),
                known_second=known,
                start=(district[0][:1], district[1][:1]),
                tolerance=_ROUGH,
            )
            result[kind] = curves
        return result

    def _drawn(self, counts: FloatArray | IntArray, number: int) -> FloatArray:
        """Row 0 the pupils themselves, then as many drawn from them with replacement."""
        rng = np.random.default_rng(np.random.SeedSequence([self.seed, number]))
        total = int(counts.sum())
        if not total:
            return np.zeros((self.repeats + 1, len(counts)))
        drawn = rng.multinomial(total, counts / total, size=self.repeats)
        return np.vstack([counts, drawn]).astype(np.float64)

    # -- shapes ------------------------------------------------------------------------------------

    def _shaped(
        self, phase: int, others: dict[str, tuple[FloatArray, FloatArray]]
    ) -> dict[str, tuple[FloatArray, FloatArray]]:
        """Gamma distributions from months so far or from steps, next to the other phase."""
        method = self.methods[phase - 1]
        if method is None:
            return self._of_scenario()
        fit = self._from_elapsed if method is Method.ELAPSED else self._from_steps
        fitted = fit(phase, others)
        return {
            kind: (fitted[kind], pair[1]) if phase == 1 else (pair[0], fitted[kind])
            for kind in (DISTRICT, *self.kinds)
            for pair in (others.get(kind, others[DISTRICT]),)
        }

    def _from_elapsed(
        self, phase: int, others: dict[str, tuple[FloatArray, FloatArray]]
    ) -> dict[str, FloatArray]:
        counts = {}
        for number, kind in enumerate(self.kinds):
            own = [spent for name, p, spent in self.seen.elapsed if (name, p) == (kind, phase)]
            alike = np.bincount(np.array(own, dtype=np.int64), minlength=LONGEST)
            counts[kind] = self._drawn(alike, 100 * phase + number)
        # The district's repetitions are made of those of its types: both err in the same way.
        counts = {DISTRICT: np.sum(list(counts.values()), axis=0), **counts}
        result: dict[str, FloatArray] = {}
        for kind, drawn in counts.items():
            first = others.get(kind, others[DISTRICT])[0][0]
            arrived = began_phase(phase, self.arrived(kind), first, self.hazard)
            prior = (LEANING, result[DISTRICT]) if result else None
            fit = fit_elapsed(drawn, arrived[None], prior)
            result[kind] = gamma_stays(fit.mean, fit.spread)
        return result

    def _from_steps(
        self, phase: int, others: dict[str, tuple[FloatArray, FloatArray]]
    ) -> dict[str, FloatArray]:
        by_kind = {
            kind: [step for step in self.seen.steps if (step.kind, step.phase) == (kind, phase)]
            for kind in self.kinds
        }
        draws = {
            kind: self._drawn(np.ones(len(steps)), 100 * phase + number)
            for number, (kind, steps) in enumerate(by_kind.items())
        }
        by_kind = {DISTRICT: [s for steps in by_kind.values() for s in steps], **by_kind}
        draws = {DISTRICT: np.hstack(list(draws.values())), **draws}
        whole: FloatArray | None = None
        result: dict[str, FloatArray] = {}
        for kind, steps in by_kind.items():
            mean, spread = (float(v[0]) for v in moments(self._assumed(kind, phase)[None]))
            means = fit_steps(steps, draws[kind], phase, self.hazard, spread / mean)
            if whole is None:
                whole = means = np.full(self.repeats + 1, mean) if means is None else means
            elif means is None:
                means = whole
            else:
                own = len(steps) / (len(steps) + LEANING)
                means = own * means + (1.0 - own) * whole
            result[kind] = gamma_stays(means, means * spread / mean)
        return result


def _value(draws: FloatArray, digits: int) -> Value:
    """Row 0 with the interval of the others."""
    value = round(float(draws[0]), digits)
    if len(draws) == 1:
        return Value(value, value, value)
    low, high = np.quantile(draws[1:], [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return Value(value, round(float(low), digits), round(float(high), digits))
