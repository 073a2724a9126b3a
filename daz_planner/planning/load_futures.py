"""The load test over futures: at which factor on the arrivals a future outgrows the seats.

All factors share their random numbers.  The registrations of a month are drawn by inverse
distribution function and never fall when the mean rises; the n-th of them has the same stay, type
and grade at every factor.  So the pupils at a factor are among those at any larger one, each is
there from a factor of its own on, and one draw at the largest factor answers for all of them.
(Who comes together as a family is drawn at the largest factor too.)

Seats are counted by school type in every month, without regard to ways: the seats that a forecast
may take at each school (class cap, planning size, today's pupils as in the planning problem),
added up; limited teacher hours allow so many further classes in all.  Where they are fewer than
the children who need one, somebody waits for certain.  So the factor is an upper bound of the true
one: with ways, and with today's list on whole seats, somebody can wait earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from daz_planner.planning.least_waiting import first_opening
from daz_planner.planning.load_factors import FACTORS, MOST, NEVER, STEP, UNCHANGED, position
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray, Problem
from daz_planner.simulation.arrivals import arrival_distribution, draw_counts
from daz_planner.simulation.level import level_factors
from daz_planner.simulation.population import Population
from daz_planner.simulation.pupil_table import PupilTable
from daz_planner.simulation.pupils import Drawing
from daz_planner.simulation.streams import BLOCK, Process, uniforms

STAGES = (0, 1, 2)
SHARES = (0.1, 0.5, 0.9)
_ENOUGH = 3.0
"""So many times the likely factor is drawn first."""
_UNKNOWN = 0.1
"""With more futures than this beyond the drawn factors, all factors are drawn."""
_EPSILON = 1e-6

Columns = dict[str, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Spread:
    """A factor over the futures.

    Attributes
    ----------
    low, middle, high:
        P10, P50, P90; ``None`` above the largest factor.
    suffices:
        Share of the futures in which it is not reached at factor 1, the scenario itself.
    runs:
        Futures.
    """

    low: float | None
    middle: float | None
    high: float | None
    suffices: float
    runs: int


@dataclass(frozen=True)
class FutureFactors:
    """The factors of each group of school types, and last of all together."""

    first_class: tuple[Spread, ...]
    seats_full: tuple[Spread, ...]
    first_waiting: tuple[Spread, ...]


def future_factors(
    population: Population,
    problems: Sequence[Problem],
    *,
    seed: int,
    runs: int,
    likely: float | None = None,
    groups: Sequence[Sequence[int]] | None = None,
) -> FutureFactors:
    """Draw the futures and find the factors.

    Parameters
    ----------
    problems:
        One for each school type of the population, in its order: that in which it is planned.
    likely:
        A factor above which most futures are decided; spares drawing more pupils than needed.
    groups:
        School types that are told together, the first of them counts; each alone if not given.
    """
    top = NEVER - 1 if likely is None else position(min(MOST, _ENOUGH * max(likely, 1.0)))
    found = critical_positions(population, problems, seed=seed, runs=runs, top=top)
    if top < NEVER - 1 and (found >= NEVER).mean(axis=0).max(initial=0.0) > _UNKNOWN:
        found = critical_positions(population, problems, seed=seed, runs=runs, top=NEVER - 1)
    groups = [[k] for k in range(found.shape[1])] if groups is None else groups
    spreads = [
        tuple(spread_of(found[:, list(own), stage].min(axis=1)) for own in groups)
        for stage in STAGES
    ]
    together = found.min(axis=1, initial=NEVER)
    first_class, full, waiting = (
        (*own, spread_of(together[:, stage])) for stage, own in enumerate(spreads)
    )
    return FutureFactors(first_class, full, waiting)


def spread_of(positions: IntArray) -> Spread:
    """P10, P50, P90 of factors given by position."""
    found = np.quantile(positions, SHARES, method="inverted_cdf").astype(np.int64)
    low, middle, high = (None if n >= NEVER else float(FACTORS[n]) for n in found)
    return Spread(low, middle, high, float((positions > UNCHANGED).mean()), len(positions))


def critical_positions(
    population: Population, problems: Sequence[Problem], *, seed: int, runs: int, top: int
) -> IntArray:
    """``[r, k, stage]`` position of the first factor at which the seats of a future are not enough.

    Stage 0 counts the seats of today's classes that a forecast may take, stage 1 all of them up to
    the class cap, stage 2 those that a forecast may take with all rooms in use; 0 and 2 from the
    month on in which classes may open. :data:`NEVER` where factors up to ``top`` do not do it.
    """
    names = population.school_types
    kinds = len(names)
    if population.month_count < 2:
        return np.full((runs, kinds, len(STAGES)), NEVER, dtype=np.int64)
    largest = replace(population, registrations=population.registrations * FACTORS[top])
    drawing = Drawing(largest, seed, places=False)
    laws = _Laws(population, top)
    found = []
    for block in range(-(-runs // BLOCK)):
        counts = laws.counts(seed, block)
        table = drawing.block(block)
        needs = seat_needs(population, table, counts, top)
        found.append(
            np.array(
                [
                    [_first_short(needs, names, problem, k, stage) for stage in STAGES]
                    for k, problem in enumerate(problems)
                ]
            ).transpose(2, 0, 1)
        )
    return np.concatenate(found)[:runs]


class _Laws:
    """Registrations by factor, month and run, drawn as the simulation does."""

    def __init__(self, population: Population, top: int) -> None:
        self.population = population
        self.top = top
        self._tables: dict[tuple[float, float, int], FloatArray] = {}

    def counts(self, seed: int, block: int) -> IntArray:
        """``[factor, t, run]`` registrations; never falling with the factor."""
        population, months = self.population, self.population.month_count
        levels = level_factors(population.level_start, population.level_drift, months, seed, block)
        counts = np.zeros((self.top + 1, months, BLOCK), dtype=np.int64)
        for month in range(1, months):
            mean = float(population.registrations[month])
            if mean <= 0.0:
                continue
            spread = float(population.variance_factor[month])
            chance = uniforms(seed, Process.ARRIVALS, month, block, 1)[0]
            shift = np.zeros(BLOCK, dtype=np.int64)
            if levels is not None:
                # A level is so many steps of the factors, to half a percent.
                known = float(population.announced[month])
                level = known + (1.0 - known) * levels[month]
                shift = np.round(np.log(level) / np.log(STEP)).astype(np.int64)
            steps = range(1 + int(shift.min()), self.top + 1 + int(shift.max()))
            for step in steps:
                drawn = draw_counts(self._law(mean, spread, step - UNCHANGED), chance)
                n = step - shift
                own = np.flatnonzero((n >= 1) & (n <= self.top))
                counts[n[own], month, own] = drawn[own]
        return counts

    def _law(self, mean: float, spread: float, step: int) -> FloatArray:
        key = (mean, spread, step)
        if key not in self._tables:
            n = step + UNCHANGED
            # The factors themselves where there are any, so that the counts are those drawn.
            factor = float(FACTORS[n]) if 1 <= n < NEVER else STEP**step
            self._tables[key] = arrival_distribution(mean * factor, spread)
        return self._tables[key]


@dataclass(frozen=True)
class SeatNeeds:
    """Who needs a seat in the futures of a block, by month; nothing in month 0.

    Attributes
    ----------
    seated:
        ``[t, run, s]`` today's pupils on their seats.
    listed:
        ``[t, run, k]`` children of today's list.
    seekers:
        ``[t, run, k, factor]`` everybody else at each factor: registrations, those who come back,
        and those who have changed into the type.
    """

    seated: IntArray
    listed: IntArray
    seekers: IntArray


def seat_needs(population: Population, table: PupilTable, counts: IntArray, top: int) -> SeatNeeds:
    """Count a block drawn at the largest factor.

    Parameters
    ----------
    counts:
        ``[factor, t, run]`` registrations.
    """
    kinds, months = len(population.school_types), population.month_count
    names = ("run", "position", "school", "entry", "phase3_from", "done", "away")
    pupils = {name: getattr(table, name).astype(np.int64) for name in names}
    since = _from_factor(table, pupils, counts, top)
    ladder, changes = population.ladder, population.change_count
    after = ladder.positions_after(int(changes[-1]))
    kind_after = np.where(after >= 0, ladder.kind[after], -1)
    first_kind = ladder.kind[pupils["position"]]
    until = np.minimum(np.minimum(pupils["phase3_from"], pupils["done"]), pupils["away"])
    schools = population.schools
    seekers = np.zeros((months, BLOCK * kinds, top + 1), dtype=np.int64)
    listed = np.zeros((months, BLOCK, kinds), dtype=np.int64)
    seated = np.zeros((months, BLOCK, schools), dtype=np.int64)
    for t in range(1, months):
        here = np.flatnonzero((pupils["entry"] <= t) & (t < until))
        steps = changes[t] - changes[pupils["entry"][here]]
        kind = kind_after[steps, pupils["position"][here]]
        here, kind = here[kind >= 0], kind[kind >= 0]
        run, school = pupils["run"][here], pupils["school"][here]
        same = (kind == first_kind[here]) & (pupils["entry"][here] == 0)
        own, on_list = same & (school >= 0), same & (school < 0)
        seated[t] = _counted(run[own], school[own], BLOCK, schools)
        listed[t] = _counted(run[on_list], kind[on_list], BLOCK, kinds)
        row = run[~same] * kinds + kind[~same]
        seekers[t] = _counted(row, since[here][~same], BLOCK * kinds, top + 1)
    np.cumsum(seekers, axis=2, out=seekers)
    return SeatNeeds(seated, listed, seekers.reshape(months, BLOCK, kinds, top + 1))


def _first_short(
    needs: SeatNeeds, kinds: Sequence[str], problem: Problem, k: int, stage: int
) -> IntArray:
    """``[run]`` position of the first factor at which the seats of a type are not enough."""
    use = needs.seated[:, :, problem.schools].transpose(1, 2, 0).astype(np.float64)
    kind = problem.school_types.index(kinds[k])
    room, total = _rooms(problem, kind, classes_of_stage(problem, stage), use)
    need, first = needs.seekers[:, :, k], first_opening(problem)
    short = need + needs.listed[:, :, k, None] > total.T[:, :, None] + _EPSILON
    if stage == 1:
        first = 1
    else:
        short |= need > room.T[:, :, None] + _EPSILON
    any_month = np.asarray(short[first:].any(axis=0), dtype=np.bool_)
    return np.where(any_month.any(axis=1), any_month.argmax(axis=1), NEVER)


def classes_of_stage(problem: Problem, stage: int) -> IntArray:
    """``[s, t]`` today's classes and those decided, or in stage 2 all rooms of the month in use as
    soon as classes may open."""
    classes = problem.base.copy()
    if stage == 2 and problem.may_open.any():
        first = first_opening(problem)
        classes[:, first:] = np.maximum(classes, problem.most)[:, first:]
    return classes


def _rooms(
    problem: Problem, kind: int, classes: IntArray, use: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """``[run, t]`` seats of a type that a forecast may take, and seats free up to the class cap."""
    own = problem.kind == kind
    room, total = _seats_left(problem, own, classes, use)
    if problem.hours is not None:
        # No class adds more than its cap.
        most = _classes_by_hours(problem, own) * problem.class_cap[own].max(axis=0, initial=0.0)
        room_today, total_today = _seats_left(problem, own, problem.base, use)
        room = np.minimum(room, room_today + most)
        total = np.minimum(total, total_today + most)
    return room, total


def _seats_left(
    problem: Problem, own: BoolArray, classes: IntArray, use: FloatArray
) -> tuple[FloatArray, FloatArray]:
    free = problem.seats(classes)[None] - use
    size = problem.planning_size
    kept = np.minimum(use, (size * problem.base)[None])
    planned = (size * classes)[None] - kept
    room = np.maximum(0.0, np.minimum(free, planned))[:, own].sum(axis=1)
    return room, np.maximum(0.0, free)[:, own].sum(axis=1)


def _classes_by_hours(problem: Problem, own: BoolArray) -> FloatArray:
    """``[t]`` most further classes of some schools that the teacher hours allow.

    Each group of schools that share hours bounds the classes of its own; the bounds of the types
    and those of the areas hold side by side.
    """
    assert problem.hours is not None
    by_month = np.maximum(0, problem.most - problem.base).astype(np.float64)
    bounds = np.repeat(by_month[own].sum(axis=0)[:, None], 2, axis=1)
    for t, rule in enumerate(problem.hours):
        for group in problem.hours_groups:
            here = group.schools & own
            if not here.any():
                continue
            rooms = by_month[:, t]
            left = group.limit - float((rule.per_class * problem.base[:, t])[group.schools].sum())
            each = max(float(rule.per_class[here].min()), 1e-9)
            further = np.floor(max(0.0, left) / each + 1e-9)
            # The schools of a type, and those of all areas, are disjoint.
            bounds[t, int(group.is_area)] -= max(0.0, float(rooms[here].sum()) - further)
    return np.asarray(bounds.min(axis=1), dtype=np.float64)


def _counted(rows: IntArray, columns: IntArray, height: int, width: int) -> IntArray:
    return np.bincount(rows * width + columns, minlength=height * width).reshape(height, width)


def _from_factor(table: PupilTable, pupils: Columns, counts: IntArray, top: int) -> IntArray:
    """``[pupil]`` position of the factor from which on the pupil is there; 0 for those of today."""
    months = counts.shape[1]
    since = np.zeros(len(pupils["run"]), dtype=np.int64)
    new = np.flatnonzero((pupils["entry"] > 0) & ~table.came_back)
    cell = pupils["run"][new] * months + pupils["entry"][new]
    # Pupils of a run and month come in the order of their counters.
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1)).tolist()
    ends = [*starts[1:], len(ordered)]
    for start, end in zip(starts, ends, strict=True):
        run, month = divmod(int(ordered[start]), months)
        ranks = np.arange(1, end - start + 1)
        since[new[order[start:end]]] = np.minimum(
            np.searchsorted(counts[:, month, run], ranks), top
        )
    _inherit(table, pupils, since)
    return since


def _inherit(table: PupilTable, pupils: Columns, since: IntArray) -> None:
    """Who comes back to phase 2 is there from the factor of the first row on."""
    back = np.flatnonzero(table.came_back)
    if not len(back):
        return
    first = np.flatnonzero(table.goes_back)

    def key(rows: IntArray, month: IntArray) -> list[tuple[int, ...]]:
        columns = (pupils["run"][rows], table.household[rows], pupils["away"][rows], month)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    # The second row begins in the month in which the first ends; rows keep their order.
    waiting: dict[tuple[int, ...], list[int]] = {}
    for row, name in zip(first.tolist(), key(first, pupils["done"][first]), strict=True):
        waiting.setdefault(name, []).append(row)
    for row, name in zip(back.tolist(), key(back, pupils["entry"][back]), strict=True):
        parents = waiting.get(name)
        if parents:
            since[row] = since[parents.pop(0)]
