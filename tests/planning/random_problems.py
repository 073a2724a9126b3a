"""Random planning problems, small enough to try every decision on classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import strategies as st

from daz_planner.planning.counted import CountedShares
from daz_planner.planning.hours import HoursGroup, HoursRule
from daz_planner.planning.problem import ChildGroup, Problem, build_problem
from daz_planner.scenario.solving import GOALS
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population
from tests.factories import district, place, scenario, school

KINDS = ("GS", "OS")


def empty_problem(schools: int, places: int, months: int, kinds: tuple[str, ...]) -> Problem:
    """A problem of the right shape; what matters is put in by the caller."""
    town = district(
        [
            school(f"{kinds[n % len(kinds)]} {n}", school_type=kinds[n % len(kinds)])
            for n in range(schools)
        ],
        [place(f"Ort {n}") for n in range(places)],
        reference_date=date(2024, 5, 8),
    )
    town = replace(town, schools=tuple(replace(s, municipality="Ort 0") for s in town.schools))
    shares = {kind: 1.0 / len(kinds) for kind in kinds}
    setting = scenario(zeitraum={"monate": months}, zuzug={"pro_monat": 0, "schularten": shares})
    outlook = expect(build_population(town, setting))
    return build_problem(town, setting, outlook, kinds)


def _numbers(draw: st.DrawFn, whole: bool, most: float) -> st.SearchStrategy[float]:
    if whole:
        return st.integers(0, int(most)).map(float)
    return st.one_of(st.just(0.0), st.integers(0, int(most)).map(float), st.floats(0.01, most))


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    children: bool = True,
    hours: bool = True,
    closing: bool = True,
    whole: bool = False,
    spread: bool = False,
    prices: bool = False,
) -> Problem:
    """One to three schools, one or two municipalities, up to five months.

    Parameters
    ----------
    whole:
        Whole numbers only, and nobody who has a seat gives it back.
    """
    schools = draw(st.integers(1, 2 if whole else 3))
    places = draw(st.integers(1, 2))
    months = draw(st.integers(2, 3 if whole else 5))
    kinds = KINDS[: draw(st.integers(1, min(2, schools)))]
    problem = empty_problem(schools, places, months, kinds)
    each = range(schools)
    classes = np.array([draw(st.integers(0, 2)) for _ in each], dtype=np.int64)
    rooms = np.array([draw(st.integers(0, 2)) for _ in each], dtype=np.int64)
    cap = np.array([[draw(st.sampled_from([3.0, 5.0, 8.0]))] * months for _ in each])
    if draw(st.booleans()):
        # The rule on the size of a class changes in the middle.
        cap[:, draw(st.integers(1, months - 1)) :] += draw(st.sampled_from([-1.0, 2.0]))
    size = np.minimum(cap, float(draw(st.integers(2, 8))))
    # A correction by hand: fewer or more seats than the rule, also those of an overfull school.
    correction = np.array(
        [float(draw(st.sampled_from([0, 0, 0, -2, 3]))) if classes[s] else 0.0 for s in each]
    )
    may_open = np.array([t >= 1 and draw(st.booleans()) for t in range(months)])
    may_close = np.zeros(months, dtype=np.bool_)
    if closing and draw(st.integers(0, 2)) == 0:
        may_close = np.array([t >= 1 and draw(st.booleans()) for t in range(months)])
    base, decided, barred = _decisions(draw, classes, months, 3 if may_close.any() else 6)
    most = np.maximum(base, (classes + rooms)[:, None])
    use = np.zeros((schools, months))
    for s in each:
        # Today's pupils become fewer; sometimes more than there are seats.
        full = float(cap[s, 0] * classes[s] + correction[s])
        start = draw(_numbers(draw, whole, max(1.0, full + 4.0))) if classes[s] else 0.0
        for t in range(months):
            use[s, t] = start
            if not whole:
                start *= draw(st.sampled_from([1.0, 1.0, 0.9, 0.7]))
    guests = draw(st.sampled_from([0.0, 0.0, 1.0]))
    use[classes > 0] += guests
    kind = np.array([n % len(kinds) for n in each], dtype=np.int64)
    demand = np.zeros((len(kinds), places, months))
    for index in np.ndindex(*demand.shape):
        demand[index] = draw(_numbers(draw, whole, 2.0 if whole else 6.0))
    survival = np.zeros((len(kinds), months, months))
    for k in range(len(kinds)):
        for entry in range(months):
            left = 1.0
            for t in range(entry, months):
                survival[k, entry, t] = left
                if not whole:
                    left *= draw(st.sampled_from([1.0, 1.0, 0.95, 0.8, 0.4]))
    minutes = np.array([[float(draw(st.integers(0, 70))) for _ in each] for _ in range(places)])
    soft = float(draw(st.sampled_from([20, 30, 45])))
    problem = replace(
        problem,
        kind=kind,
        classes_today=classes,
        rooms=rooms,
        base=base,
        decided=decided,
        barred=barred,
        most=most,
        class_cap=cap,
        planning_size=size,
        correction=correction,
        use_today=use,
        use_children=np.zeros_like(use),
        minutes=minutes,
        reach=minutes <= 60.0,
        excess=np.maximum(0.0, minutes - soft),
        demand=demand,
        survival=survival,
        hazard=0.0 if whole else draw(st.sampled_from([0.0, 0.02, 0.2])),
        may_open=may_open,
        may_close=may_close,
    )
    # No room undoes what the office has decided.
    problem = problem.with_rooms(rooms)
    if children:
        problem = _with_children(draw, problem, whole)
    if hours and draw(st.integers(0, 2)) == 0:
        problem = _with_hours(draw, problem)
        if not whole and draw(st.booleans()):
            problem = replace(problem, counted=_counted(draw, problem))
    if spread:
        measure = [draw(st.sampled_from([1.0, 1.0, 0.5, 2.4, np.nan])) for _ in each]
        problem = replace(problem, spread=np.array(measure))
    if prices:
        problem = _with_prices(draw, problem)
    return problem


def _counted(draw: st.DrawFn, problem: Problem) -> CountedShares:
    """Shares of the pupils that count for the hours."""
    months, kinds = problem.month_count, len(problem.school_types)
    shares = [
        np.array([draw(st.sampled_from([1.0, 0.5, 0.0])) for _ in range(np.prod(shape))])
        for shape in (problem.use_today.shape, (kinds, months, months), (kinds, months, months))
    ]
    today, forecast, children = shares
    return CountedShares(
        today.reshape(problem.use_today.shape),
        forecast.reshape(kinds, months, months),
        children.reshape(kinds, months, months),
    )


def _with_prices(draw: st.DrawFn, problem: Problem) -> Problem:
    """A price for some of the goals, and a cost of its own for a class at some of the schools."""
    given = {"wartemonate": float(draw(st.sampled_from([0.5, 10.0, 100.0])))}
    for goal in (*GOALS[1:], "streuung_schulen"):
        price = draw(st.sampled_from([None, 0.0, 0.25, 1.0, 30.0]))
        if price is not None:
            given[goal] = price
    costs = [draw(st.sampled_from([np.nan, 0.0, 3.0, 50.0])) for _ in problem.schools]
    opening = np.array(costs) if draw(st.booleans()) else None
    return replace(problem, prices=tuple(given.items()), opening_cost=opening)


def _decisions(
    draw: st.DrawFn, classes: np.ndarray, months: int, rarity: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers of classes decided for later, and months in which none may open."""
    base = np.repeat(classes[:, None], months, axis=1)
    decided = np.zeros(base.shape, dtype=np.bool_)
    barred = np.zeros(base.shape, dtype=np.bool_)
    for s in range(len(classes)):
        what = draw(st.integers(0, rarity - 1))
        since = draw(st.integers(1, months - 1))
        if what == 0:
            base[s, since:] = draw(st.integers(0, 2))
            decided[s, since:] = True
        elif what == 1:
            barred[s, since:] = True
    return base, decided, barred


def _with_children(draw: st.DrawFn, problem: Problem, whole: bool) -> Problem:
    """Children of today's list: some seated already, some in groups that look for a seat."""
    months, places = problem.month_count, problem.demand.shape[1]
    seated = np.zeros_like(problem.use_today)
    for s in range(len(problem.schools)):
        free = problem.class_cap[s] * problem.base[s] + problem.correction[s]
        room = float((free - problem.use_today[s]).min())
        if room >= 1.0 and draw(st.booleans()):
            left = float(draw(st.integers(1, int(min(room, 3.0)))))
            for t in range(months):
                seated[s, t] = left
                if not whole:
                    left *= draw(st.sampled_from([1.0, 0.9]))
    groups = []
    for g in range(draw(st.integers(0, 2))):
        kind = draw(st.integers(0, len(problem.school_types) - 1))
        place = draw(st.integers(0, places - 1))
        own = problem.kind == kind
        excluded = np.array([draw(st.integers(0, 3)) == 0 for _ in own])
        survival = np.zeros((months, months))
        for entry in range(months):
            left = 1.0
            for t in range(entry, months):
                survival[entry, t] = left
                if not whole:
                    left *= draw(st.sampled_from([1.0, 1.0, 0.9, 0.0]))
        groups.append(
            ChildGroup(
                children=tuple(range(10 * g, 10 * g + draw(st.integers(1, 2 if whole else 3)))),
                kind=kind,
                municipality=place,
                allowed=own & problem.reach[place] & ~excluded,
                survival=survival,
                months_waited=draw(st.integers(0, 3)),
                days_waited=float(draw(st.sampled_from([0.0, 10.0, 45.5]))),
                until=draw(st.integers(1, months)),
            )
        )
    return problem.with_children(seated, tuple(groups))


def _with_hours(draw: st.DrawFn, problem: Problem) -> Problem:
    """Teacher hours by class, or by steps of pupils, and as many as there are."""
    schools = len(problem.schools)
    by_pupils = draw(st.booleans())
    rules = []
    for _ in range(problem.month_count):
        per_class = np.array([float(draw(st.sampled_from([2.0, 17.0]))) for _ in range(schools)])
        steps = None
        if by_pupils:
            steps = (((0.0, 10.0), (3.0, 5.0), (7.0, 8.0), (12.0, 4.0)),) * schools
        rules.append(HoursRule(per_class, steps))
    groups = [
        HoursGroup(kind, False, problem.kind == k, float(draw(st.integers(0, 90))), "")
        for k, kind in enumerate(problem.school_types)
        if draw(st.integers(0, 3))
    ]
    for n in range(draw(st.integers(0, 2))):
        area = np.array([draw(st.booleans()) for _ in range(schools)])
        groups.append(HoursGroup(f"Region {n}", True, area, float(draw(st.integers(0, 90))), ""))
    return replace(problem, hours=tuple(rules), hours_groups=tuple(groups))
