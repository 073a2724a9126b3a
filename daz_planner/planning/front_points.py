"""The front between classes and ways as numbers: points, curves, and the sum of several curves.

A point says how short the ways get with so many new classes, a curve holds the points of one school
type that no other point beats.  The curve of the district is the exact sum of those of its types:
for each total the best split over the types, f(n) = min Σ_k f_k(n_k) with Σ_k n_k ≤ n
(min-plus convolution), its proven bound the same sum of the bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from daz_planner.planning.plan import ClassKind, SolveStatus
from daz_planner.planning.problem import FloatArray
from daz_planner.planning.session import relative_gap

TOGETHER = "zusammen"
"""The school type of the curve of the whole district."""
_NOBODY = 1e-6
NOTHING = 0.1
"""Minutes of all children together that are no saving."""


class Measure(Enum):
    """What the ways are weighed against. The value is what a planner reads."""

    CLASSES = "neue Klassen"
    CLASS_MONTHS = "Klassenmonate"


class End(Enum):
    """Why a curve has no further point. The value is what a planner reads."""

    SHORTEST = "Noch mehr Klassen verkürzen die Wege nicht mehr."
    MORE = "Noch mehr Klassen könnten die Wege noch etwas verkürzen."
    TIME = "Die Zeit reichte nicht für alle Punkte."


@dataclass(frozen=True)
class NewClass:
    """Classes that a point opens at one school in one month, and who would sit there."""

    school: str
    school_type: str
    month: int
    classes: int
    kind: ClassKind
    """By the pupils per class of the school three months later."""


@dataclass(frozen=True)
class FrontPoint:
    """The shortest ways with no more than so many new classes (or class months).

    Attributes
    ----------
    classes:
        Classes that open, beyond those of today and those decided.
    class_months:
        Months in which they run, all together.
    minutes:
        Minutes one way of all who take a seat after the reference date.
    bound:
        Proven: no plan with as many classes (class months) and no longer waiting has fewer minutes.
        ``None`` where that is not known.
    status:
        How the search for the shortest ways ended.
    pupils:
        Expected children who take a seat after the reference date.
    over_soft:
        How many of them have a way beyond the guide value.
    """

    classes: int
    class_months: int
    minutes: float
    bound: float | None
    status: SolveStatus
    pupils: float
    over_soft: float
    opened: tuple[NewClass, ...]

    def spent(self, measure: Measure) -> int:
        """Classes or class months."""
        return self.classes if measure is Measure.CLASSES else self.class_months

    @property
    def gap(self) -> float | None:
        """How far the minutes may be above the fewest possible, as a share."""
        return None if self.bound is None else relative_gap(self.minutes, self.bound)

    @property
    def daily_minutes(self) -> float | None:
        """Mean way of a child on a day, to school and back."""
        return 2.0 * self.minutes / self.pupils if self.pupils > _NOBODY else None


@dataclass(frozen=True)
class Curve:
    """Points of one school type, or of all together, from the fewest classes on."""

    school_type: str
    measure: Measure
    points: tuple[FrontPoint, ...]
    end: End
    fewest_proven: bool
    """Whether no plan with fewer classes (class months) than the first point keeps the waiting."""
    floor: float | None
    """Proven: no plan with as many classes as there are rooms has fewer minutes."""
    least: int | None = None
    """Proven: no plan that keeps the waiting has fewer classes (class months)."""

    def at(self, spent: int) -> FrontPoint:
        """The best point with no more classes (class months) than given, else the first."""
        within = [point for point in self.points if point.spent(self.measure) <= spent]
        return within[-1] if within else self.points[0]

    def after(self, point: FrontPoint) -> FrontPoint | None:
        """The next point of the curve, ``None`` behind the last one."""
        position = self.points.index(point)
        return self.points[position + 1] if position + 1 < len(self.points) else None


@dataclass(frozen=True)
class PlanPoint:
    """The plan itself, with the ways that it has.

    ``shortest``: minutes that its classes allow with no longer waiting. The plan can have more, for
    ways beyond the guide value come first there.
    """

    school_type: str
    point: FrontPoint
    shortest: float


@dataclass(frozen=True)
class Front:
    """What more classes would save in ways, by school type and together.

    Attributes
    ----------
    plans:
        The plan itself by school type.
    curves:
        By classes and by class months; ``zusammen`` where every type has its curve.
    left_out:
        School types for which time did not suffice for a single point.
    cut_off:
        School types whose plan ended at the time limit, so that its waiting is not proven the best.
    """

    plans: tuple[PlanPoint, ...]
    curves: tuple[Curve, ...]
    left_out: tuple[str, ...]
    cut_off: tuple[str, ...]

    def curve(self, school_type: str, measure: Measure) -> Curve | None:
        """The curve of a school type, ``None`` where there is none."""
        for curve in self.curves:
            if curve.school_type == school_type and curve.measure is measure:
                return curve
        return None

    def plan(self, school_type: str) -> FrontPoint | None:
        """The plan itself, of one school type or of all together."""
        points = [plan.point for plan in self.plans if school_type in (plan.school_type, TOGETHER)]
        return together(points) if points else None

    @property
    def hit_limit(self) -> bool:
        """Whether time did not suffice for all of it."""
        return bool(self.left_out) or any(
            curve.end is End.TIME or any(point.status.is_cut_off for point in curve.points)
            for curve in self.curves
        )


def not_beaten(points: Sequence[FrontPoint], measure: Measure) -> tuple[FrontPoint, ...]:
    """Those that no point with as few classes (class months) beats, fewest first."""
    best: list[FrontPoint] = []
    for point in sorted(points, key=lambda p: (p.spent(measure), p.minutes)):
        if not best or point.minutes < best[-1].minutes - NOTHING:
            best.append(point)
    return tuple(best)


def with_later_bounds(
    points: Sequence[FrontPoint], floor: float | None = None
) -> list[float | None]:
    """The bound of each point, or a better one: what holds for more classes holds for fewer.

    ``floor``: what holds for any number of classes.
    """
    bounds: list[float | None] = []
    later = floor
    for point in reversed(points):
        known = [bound for bound in (point.bound, later) if bound is not None]
        later = max(known) if known else None
        bounds.append(later)
    return bounds[::-1]


def together(points: Sequence[FrontPoint]) -> FrontPoint:
    """One point of each school type as one of the district."""
    bounds = [point.bound for point in points]
    known = [bound for bound in bounds if bound is not None]
    worst = max((point.status for point in points), key=list(SolveStatus).index)
    return FrontPoint(
        classes=sum(point.classes for point in points),
        class_months=sum(point.class_months for point in points),
        minutes=sum(point.minutes for point in points),
        bound=sum(known) if len(known) == len(bounds) else None,
        status=worst,
        pupils=sum(point.pupils for point in points),
        over_soft=sum(point.over_soft for point in points),
        opened=tuple(opened for point in points for opened in point.opened),
    )


def summed(curves: Sequence[Curve], measure: Measure, most: int) -> Curve:
    """The curve of all school types together: for each total the best split over the types.

    Of more than ``most`` points those at evenly spread totals are kept, first and last among them.
    """
    splits: list[tuple[FrontPoint, ...]] = [()]
    for curve in curves:
        joined = [(*split, point) for split in splits for point in curve.points]
        # A split that another one beats cannot become better by what the next types add.
        joined.sort(key=lambda s: (sum(p.spent(measure) for p in s), sum(p.minutes for p in s)))
        splits, best = [], np.inf
        for split in joined:
            minutes = sum(point.minutes for point in split)
            if minutes < best - NOTHING:
                splits.append(split)
                best = minutes
    first = sum(_start(curve, measure) or 0 for curve in curves)
    bounds = _summed_bounds(curves, measure)
    points = []
    for split in splits:
        point = together(split)
        bound = bounds[min(point.spent(measure) - first, len(bounds) - 1)]
        points.append(replace(point, bound=float(bound) if np.isfinite(bound) else None))
    if len(points) > most:
        kept = np.linspace(0, len(points) - 1, most).round().astype(int)
        points = [points[n] for n in kept.tolist()]
    return Curve(
        TOGETHER,
        measure,
        tuple(points),
        max((curve.end for curve in curves), key=list(End).index),
        all(curve.fewest_proven for curve in curves),
        _sum_of_floors(curves),
    )


def _sum_of_floors(curves: Sequence[Curve]) -> float | None:
    floors = [curve.floor for curve in curves if curve.floor is not None]
    return sum(floors) if len(floors) == len(curves) else None


def _start(curve: Curve, measure: Measure) -> int | None:
    """A number below which no plan of this school type is possible."""
    return curve.points[0].spent(measure) if curve.fewest_proven else curve.least


def _summed_bounds(curves: Sequence[Curve], measure: Measure) -> FloatArray:
    """``[n]`` lower bound of the minutes with n more than the proven fewest of every type."""
    starts = [start for curve in curves if (start := _start(curve, measure)) is not None]
    if len(starts) < len(curves):
        # With fewer in one type there could be more in another.
        floor = _sum_of_floors(curves)
        return np.full(1, -np.inf if floor is None else floor)
    length = 1 + sum(curve.points[-1].spent(measure) for curve in curves) - sum(starts)
    total = np.zeros(length)
    for curve, start in zip(curves, starts, strict=True):
        own = _bounds(curve, measure, start, length)
        total = np.array([(own[: n + 1] + total[n::-1]).min() for n in range(length)])
    return total


def _bounds(curve: Curve, measure: Measure, start: int, length: int) -> FloatArray:
    """``[n]`` lower bound with n more than a start: between two points that of the next one."""
    bounds = np.full(length, -np.inf if curve.floor is None else curve.floor)
    for point in reversed(curve.points):
        # It holds for all smaller numbers too, for which the point before says more.
        if point.bound is not None:
            bounds[: point.spent(measure) - start + 1] = point.bound
    return bounds
