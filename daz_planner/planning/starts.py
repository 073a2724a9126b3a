"""Better plans to start from than the plan of the goal before.

Rounding up: every class of which the relaxation uses a part opens.  Diving: the same, a few classes
at a time.  Moving: a local search over openings.  Known schools: the goal solved with those schools
alone that open classes already.  Each one is tried a fixed number of times, so that the result is
the same on each machine as long as the time does not end it.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pulp

from daz_planner.errors import SolverError
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.moves import MOST_TRIED, improve
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray
from daz_planner.planning.session import Session, Terms

_ROUNDINGS = 5
_ROUNDING_SHARE = 0.6
_DIVING_SHARE = 0.9
_MOVING_SHARE = 0.6
"""Shares of the time that searches for hundreds of schools leave to what comes after them."""
_SOFTENED = 0.05
_DIVES = 40
_DIVE_STEPS = 4
_NEARLY = 0.8
"""Rounded up at a time: one part in so many, and all that are nearly a class."""
_EXACT_NODES = 100
"""Nodes for the seats of whole children once the classes are given."""
_SLACK = 1e-5
_WHOLE = 1e-6

Bounds = list[tuple[pulp.LpVariable, float, float]]


class Starts:
    """Finds better plans for one model; ``values`` is the best plan at hand."""

    def __init__(
        self, model: PlanningModel, session: Session, values: FloatArray, *, many: bool = False
    ) -> None:
        self.many = many
        """With so many flows a relaxation is much faster than a search that finds it whole."""
        self.model = model
        self.session = session
        self.values = values
        self.classes = [variable for row in model.classes for variable in row]
        self.used: BoolArray = np.zeros(len(self.classes), dtype=np.bool_)
        """Classes beyond today's of which some relaxation used a part."""

    @contextmanager
    def bounds(self, changes: Bounds) -> Iterator[None]:
        """Other bounds of some variables within the block."""
        before = [(v, *self.session.bounds_of(v)) for v, _, _ in changes]
        for variable, low, high in changes:
            self.session.set_bounds(variable, low, high)
        try:
            yield
        finally:
            for variable, low, high in before:
                self.session.set_bounds(variable, low, high)

    def round_up(
        self, terms: Terms, constant: float, until: float, *, rounds: int = _ROUNDINGS
    ) -> float:
        """A start that opens every class of which the relaxation uses a part.

        Rounding up breaks no row, because a class more never hurts. Prices by the part that is
        used gather the parts in few schools.  Returns the value of the relaxation, minus infinity
        where it was not solved: a bound of the goal.
        """
        relaxed = -math.inf
        columns = np.array([variable.index for variable in self.classes])
        base = self.model.base.ravel().astype(np.float64)
        price = np.zeros(len(self.session.variables))
        for variable, factor in terms:
            price[variable.index] = factor
        weight, best = np.ones(len(columns)), self.values[columns]
        last, improved = base, False
        enough = time.perf_counter() + _ROUNDING_SHARE * (until - time.perf_counter())
        for number in range(rounds):
            weighted = [
                (variable, float(price[variable.index] * factor))
                for variable, factor in zip(self.classes, weight, strict=True)
                if price[variable.index] > 0.0
            ]
            # A round that ends too late leaves no time to make a plan of the best one.
            left = (until if number == 0 else enough) - time.perf_counter()
            value = self.session.minimise_relaxed(weighted, seconds=left)
            relaxed = value if number == 0 else relaxed
            if not math.isfinite(value) or self.session.relaxed is None:
                break
            share = self.session.relaxed[columns]
            self.used |= share > base + _SLACK
            rounded = np.ceil(share - _SLACK)
            before, last = last, rounded
            if price[columns] @ rounded < price[columns] @ best - _SLACK:
                best, improved = rounded, True
            if (before == last).all():
                break
            weight = 1.0 / (np.maximum(0.0, share - base) + _SOFTENED)
        if improved:
            self.with_classes(terms, constant, best, until)
        return relaxed

    def dive(self, terms: Terms, constant: float, until: float) -> None:
        """A start for a goal that counts classes: parts of them are rounded up a few at a time.

        The largest first; the relaxation solved in between makes others needless.  Breaks no row
        where a class more never hurts.
        """
        columns = np.array([variable.index for variable in self.classes], dtype=np.int64)
        enough = time.perf_counter() + _DIVING_SHARE * (until - time.perf_counter())
        price = np.zeros(len(self.session.variables))
        for variable, factor in terms:
            price[variable.index] = factor
        found: FloatArray | None = None
        best = self.session.value_of(terms, self.values)
        with self.bounds([(v, *self.session.bounds_of(v)) for v in self.classes]):
            for _ in range(_DIVES):
                left = enough - time.perf_counter()
                value = self.session.minimise_relaxed(terms, seconds=left)
                if self.session.relaxed is None or value > best - 1.0 + _SLACK:
                    # A goal that counts classes falls by one at least.
                    break
                share = self.session.relaxed[columns]
                # A class more never hurts: all parts may be rounded up.
                rounded = np.ceil(share - _SLACK)
                if price[columns] @ rounded < best - _SLACK:
                    found, best = rounded, float(price[columns] @ rounded)
                part = share - np.floor(share + _SLACK)
                order = np.argsort(-part, kind="stable")
                order = order[part[order] > _SLACK]
                if not len(order):
                    break
                most = max(1, len(order) // _DIVE_STEPS, int((part >= _NEARLY).sum()))
                for n in order[:most].tolist():
                    _, high = self.session.bounds_of(self.classes[n])
                    self.session.set_bounds(self.classes[n], float(np.ceil(share[n])), high)
        if found is not None:
            self.with_classes(terms, constant, found, until)

    def move_openings(
        self,
        terms: Terms,
        constant: float,
        until: float,
        *,
        kicks: int = 0,
        most: int = MOST_TRIED,
    ) -> bool:
        """A start found by a local search over openings; whether the solver is fit for it.

        The tries are counted; the time ends only a search that would leave none for the proof.
        """
        every = self.model.period_classes(self.values)
        if not every.size:
            return False
        limits = [[self.session.bounds_of(v) for v in row] for row in self.model.classes]
        low = np.array([[entry[0] for entry in row] for row in limits]).astype(np.int64)
        high = np.array([[entry[1] for entry in row] for row in limits]).astype(np.int64)
        # What is found has to become a plan in time.
        soon = time.perf_counter() + _MOVING_SHARE * (until - time.perf_counter())
        open_to = np.flatnonzero((low < high).any(axis=1))
        with self.session.judging(terms, self.classes, until=soon) as ask:
            if ask is None:
                return False

            def judge(classes: IntArray) -> tuple[float, FloatArray]:
                asked = every.copy()
                asked[open_to] = classes
                value, slope = ask(asked.ravel().astype(np.float64))
                return value, slope.reshape(every.shape)[open_to]

            best, _ = improve(
                every[open_to],
                (low[open_to], high[open_to]),
                judge,
                until=soon,
                kicks=kicks,
                most=most,
            )
        every[open_to] = best
        self.with_classes(terms, constant, every.ravel().astype(np.float64), until)
        return True

    def in_known_schools(
        self, terms: Terms, constant: float, until: float, *, round_up: bool
    ) -> None:
        """A start: the goal solved with those schools alone that open classes already."""
        base = self.model.base
        closed: Bounds = []
        for s, row in enumerate(self.model.classes):
            if self.values[row[-1].index] > base[s, -1] + 0.5:
                continue
            for p, variable in enumerate(row[1:], start=1):
                if self.session.bounds_of(variable)[1] > base[s, p]:
                    closed.append((variable, float(base[s, p]), float(base[s, p])))
        if not closed:
            return
        with self.bounds(closed):
            if round_up:
                self.round_up(terms, constant, until)
            self.solve(terms, constant, until)

    def with_classes(
        self, terms: Terms, constant: float, classes: FloatArray, until: float
    ) -> None:
        """The best plan with the classes given becomes the start, if it is better."""
        columns = np.array([variable.index for variable in self.classes], dtype=np.int64)
        self.session.exactly = True
        self.session.most_nodes = _EXACT_NODES
        try:
            with contextlib.suppress(SolverError), self.session.fixing(columns, classes):
                if not (self.many and self._relaxed_is_whole(terms, until)):
                    self.solve(terms, constant, until)
        finally:
            self.session.exactly, self.session.most_nodes = False, None

    def _relaxed_is_whole(self, terms: Terms, until: float) -> bool:
        """Whether the relaxation has whole numbers; then it is tried as the start."""
        seconds = until - time.perf_counter()
        if not math.isfinite(self.session.minimise_relaxed(terms, seconds=seconds)):
            return False
        found = self.session.relaxed
        if found is None:
            return False
        whole = [v.index for v in self.session.variables if v.cat == pulp.LpInteger]
        if np.abs(found[whole] - np.rint(found[whole])).max(initial=0.0) > _WHOLE:
            return False
        found = np.maximum(found, 0.0)
        found[whole] = np.rint(found[whole])
        worth = self.session.value_of
        if worth(terms, found) < worth(terms, self.values) - 1e-9:
            self.values = found
        return True

    def solve(self, terms: Terms, constant: float, until: float) -> None:
        """The goal within the bounds of the moment; its plan becomes the start, if better."""
        seconds = max(0.01, until - time.perf_counter())
        found = self.session.minimise(
            terms, seconds=seconds, start=self.values, constant=constant
        ).values
        worth = self.session.value_of
        if worth(terms, found) < worth(terms, self.values) - 1e-9:
            self.values = found
