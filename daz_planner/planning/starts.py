"""Better plans to start from than the plan of the goal before.

Rounding up: every class of which the relaxation uses a part opens.  Moving: a local search over
openings.  Known schools: the goal solved with those schools alone that open classes already.  Each
one is tried a fixed number of times, so that the result is the same on each machine.
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
from daz_planner.planning.moves import improve
from daz_planner.planning.problem import FloatArray, IntArray
from daz_planner.planning.session import Session, Terms

_ROUNDINGS = 5
_SOFTENED = 0.05
_EXACT_NODES = 100
"""Nodes for the seats of whole children once the classes are given."""
_SLACK = 1e-5

Bounds = list[tuple[pulp.LpVariable, float, float]]


class Starts:
    """Finds better plans for one model; ``values`` is the best plan at hand."""

    def __init__(self, model: PlanningModel, session: Session, values: FloatArray) -> None:
        self.model = model
        self.session = session
        self.values = values
        self.classes = [variable for row in model.classes for variable in row]

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

    def round_up(self, terms: Terms, constant: float, until: float) -> float:
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
        improved = False
        for number in range(_ROUNDINGS):
            weighted = [
                (variable, float(price[variable.index] * factor))
                for variable, factor in zip(self.classes, weight, strict=True)
                if price[variable.index] > 0.0
            ]
            seconds = until - time.perf_counter()
            value = self.session.minimise_relaxed(weighted, seconds=seconds)
            relaxed = value if number == 0 else relaxed
            if not math.isfinite(value) or self.session.relaxed is None:
                break
            share = self.session.relaxed[columns]
            rounded = np.ceil(share - _SLACK)
            if price[columns] @ rounded < price[columns] @ best - _SLACK:
                best, improved = rounded, True
            weight = 1.0 / (np.maximum(0.0, share - base) + _SOFTENED)
        if improved:
            self.with_classes(terms, constant, best, until)
        return relaxed

    def move_openings(self, terms: Terms, constant: float, until: float, *, kicks: int = 0) -> bool:
        """A start found by a local search over openings; whether the solver is fit for it."""
        rows = self.model.classes
        now = np.array([[round(self.values[v.index]) for v in row] for row in rows], dtype=np.int64)
        if not now.size:
            return False
        limits = [[self.session.bounds_of(v) for v in row] for row in rows]
        low = np.array([[entry[0] for entry in row] for row in limits])
        high = np.array([[entry[1] for entry in row] for row in limits])
        with self.session.judging(terms, self.classes, until=until) as ask:
            if ask is None:
                return False

            def judge(classes: IntArray) -> tuple[float, FloatArray]:
                value, slope = ask(classes.ravel().astype(np.float64))
                return value, slope.reshape(classes.shape)

            best, _ = improve(
                now, (low.astype(np.int64), high.astype(np.int64)), judge, until=until, kicks=kicks
            )
        self.with_classes(terms, constant, best.ravel().astype(np.float64), until)
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
        given = zip(self.classes, classes.tolist(), strict=True)
        self.session.exactly = True
        self.session.most_nodes = _EXACT_NODES
        try:
            with contextlib.suppress(SolverError), self.bounds([(v, n, n) for v, n in given]):
                self.solve(terms, constant, until)
        finally:
            self.session.exactly, self.session.most_nodes = False, None

    def solve(self, terms: Terms, constant: float, until: float) -> None:
        """The goal within the bounds of the moment; its plan becomes the start, if better."""
        seconds = max(0.01, until - time.perf_counter())
        found = self.session.minimise(
            terms, seconds=seconds, start=self.values, constant=constant
        ).values
        worth = self.session.value_of
        if worth(terms, found) < worth(terms, self.values) - 1e-9:
            self.values = found
