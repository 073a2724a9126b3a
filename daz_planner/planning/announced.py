"""Announced classes in the solver's hands: they run at least, and further changes are a goal.

The classes that an earlier plan announced are lower bounds of the classes that run.  They may open
in their month even where the calendar or the lead time would not let a new one open; no other class
opens in such a month.  Class months beyond them are kept as few as the goals before allow
(:data:`CHANGES`), without a tolerance.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from daz_planner.errors import InfeasibleError
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import BoolArray, FloatArray, IntArray, Problem
from daz_planner.planning.solver import Session, Terms

CHANGES = "aenderungen"
"""The goal that counts class months beyond those of the earlier plan."""


def within_rooms(problem: Problem, least: IntArray) -> IntArray:
    """``[s, t]`` least classes: no more than may run, no fewer than must."""
    low = (
        problem.base if not problem.may_close.any() else np.where(problem.decided, problem.base, 0)
    )
    result = np.maximum(np.minimum(least, problem.most), low)
    result[:, 0] = problem.base[:, 0]
    return np.asarray(result, dtype=np.int64)


def with_announced(problem: Problem, least: IntArray) -> Problem:
    """The problem in which classes may open in the months of the announced ones, too."""
    return replace(problem, may_open=problem.may_open | announced_months(least))


def announced_months(least: IntArray) -> BoolArray:
    """``[t]`` whether an announced class opens in the month."""
    months = np.zeros(least.shape[1], dtype=np.bool_)
    months[1:] = (np.diff(least, axis=1) > 0).any(axis=0)
    return months


def hold(
    model: PlanningModel,
    session: Session,
    calendar: BoolArray,
    least: IntArray,
    goal: Terms,
    seconds: float,
) -> tuple[FloatArray, IntArray]:
    """Bound the classes from below; the best plan with exactly these is the start.

    Where teacher hours do not suffice for all announced classes, the last ones are given up.

    Parameters
    ----------
    calendar:
        ``[t]`` months in which any class may open.
    goal:
        What the start minimises.

    Returns
    -------
    values, least:
        The start, and the classes that are held.

    Raises
    ------
    SolverError
        If no plan was found in time, all rounds together.
    """
    until = time.perf_counter() + seconds
    _others_stay(model, session, calendar, least)
    while True:
        _set(model, session, least, exactly=True)
        try:
            values = session.minimise(goal, seconds=until - time.perf_counter()).values
        except InfeasibleError:
            # Nothing but limited teacher hours can stand against announced classes.
            fewer = None if model.problem.hours is None else _without_last(least)
            if fewer is None:
                raise
            least = fewer
            continue
        _set(model, session, least, exactly=False)
        return values, least


def _first_months(model: PlanningModel) -> list[int]:
    periods = int(model.period_of[-1]) + 1
    return [int(np.argmax(model.period_of == p)) for p in range(periods)]


def _set(model: PlanningModel, session: Session, least: IntArray, *, exactly: bool) -> None:
    first = _first_months(model)
    for s, row in enumerate(model.classes):
        for p, variable in enumerate(row[1:], start=1):
            low = float(least[s, first[p]])
            most = float(model.problem.most[s, first[p]])
            session.set_bounds(variable, low, low if exactly else max(low, most))


def _others_stay(
    model: PlanningModel, session: Session, calendar: BoolArray, least: IntArray
) -> None:
    """In a month that the calendar does not name only announced classes open."""
    for p, t in enumerate(_first_months(model)):
        if p == 0 or calendar[t] or not model.problem.may_open[t]:
            continue
        for s, row in enumerate(model.classes):
            rise = max(0, *(int(n[s, t] - n[s, t - 1]) for n in (least, model.problem.base)))
            session.limit([(row[p], 1.0), (row[p - 1], -1.0)], float(rise))


def _without_last(least: IntArray) -> IntArray | None:
    """The announced classes without the one that opens last; ``None`` where there is none."""
    rises = np.argwhere(np.diff(least, axis=1) > 0)
    if not len(rises):
        return None
    s, before = max(rises.tolist(), key=lambda item: (item[1], item[0]))
    fewer = least.copy()
    fewer[s, before + 1 :] -= 1
    return fewer


def beyond(model: PlanningModel, least: IntArray) -> tuple[Terms, float]:
    """The goal :data:`CHANGES`, and the constant in it that the announced classes contribute."""
    first = _first_months(model)
    length = np.bincount(model.period_of)
    terms: Terms = []
    constant = 0.0
    for s, row in enumerate(model.classes):
        for p, variable in enumerate(row[1:], start=1):
            terms.append((variable, float(length[p])))
            constant += float(length[p] * least[s, first[p]])
    return terms, constant
