"""A model with few schools gives a start for the whole model, and never a better plan."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import District
from daz_planner.planning.goal_search import GoalSearch
from daz_planner.planning.kernel import Kept, Kernel
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.problem import Problem
from daz_planner.planning.session import Session, Terms
from daz_planner.planning.solver import open_session
from daz_planner.planning.starts import Starts
from tests.factories import district, place, school
from tests.planning.test_stronger_model import problem_of, settings_of, towns


def opened(model: object) -> Session:
    return open_session("highs", model, gap=0.0, threads=1)  # type: ignore[arg-type]


def least_waiting(problem: Problem) -> float:
    model = PlanningModel(problem)
    return opened(model.lp).minimise(model.goal("wartemonate"), seconds=20).value


def whole(problem: Problem, kept: list[Kept]) -> tuple[PlanningModel, Session]:
    model = PlanningModel(problem)
    session = opened(model.lp)
    for goal, most in kept:
        session.limit(model.goal(goal), most + model.constant(goal))
    return model, session


@settings(max_examples=25, deadline=None)
@given(towns(), st.floats(3.0, 40.0), st.booleans())
def test_with_all_schools_it_needs_the_same_class_months(
    town: District, arrivals: float, joined: bool
) -> None:
    problem = problem_of(town, settings_of(arrivals))
    kept: list[Kept] = [("wartemonate", least_waiting(problem) + 0.5)]
    model, session = whole(problem, kept)
    terms = model.goal("klassenmonate")
    if not terms:
        return
    best = session.minimise(terms, seconds=20).value - model.constant("klassenmonate")
    every = np.ones(len(problem.schools), dtype=np.bool_)
    kernel = Kernel(problem, every, kept, opened, joined=joined)
    own = kernel.model.goal("klassenmonate")
    plan = kernel.session.minimise(own, seconds=20).values
    found = kernel.session.value_of(own, plan) - kernel.model.constant("klassenmonate")
    assert found == pytest.approx(best, abs=1e-4)
    starts = Starts(model, session, model.idle_start())
    classes = kernel.model.period_classes(plan).ravel().astype(np.float64)
    changes = [(v, n, n) for v, n in zip(starts.classes, classes.tolist(), strict=True)]
    with starts.bounds(changes):
        assert session.minimise(terms, seconds=20).value >= best - 1e-4


@settings(max_examples=25, deadline=None)
@given(towns(), st.floats(3.0, 40.0), st.data())
def test_with_few_schools_it_is_no_better(
    town: District, arrivals: float, data: st.DataObject
) -> None:
    problem = problem_of(town, settings_of(arrivals))
    model, session = whole(problem, [])
    terms = model.goal("wartemonate")
    if not terms:
        return
    count = len(problem.schools)
    drawn = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    chosen = np.array(drawn, dtype=np.bool_)
    kernel = Kernel(problem, chosen, [], opened, joined=True)
    plan = kernel.session.minimise(kernel.model.goal("wartemonate"), seconds=20).values
    classes = kernel.model.period_classes(plan)
    assert (classes[~chosen] == kernel.model.base[~chosen]).all()
    value = kernel.session.value_of(kernel.model.goal("wartemonate"), plan)
    assert value >= session.minimise(terms, seconds=20).value - 1e-4


def three_schools() -> Problem:
    town = district(
        [school(f"GS {n}", km=20 * n, pupils=23, free_rooms=2) for n in range(3)],
        [place("A-Dorf"), place("B-Dorf", km=20), place("C-Dorf", km=40)],
    )
    return problem_of(town, settings_of(6.0))


def test_what_is_kept_counts_what_opens_and_not_what_runs_today() -> None:
    problem = three_schools()
    for chosen in ([True, True, True], [True, False, False]):
        kernel = Kernel(problem, np.array(chosen), [("neue_klassen", 1.0)], opened, joined=True)
        openings = kernel.model.goal("neue_klassen")
        most: Terms = [(variable, -factor) for variable, factor in openings]
        today = kernel.model.constant("neue_klassen")
        assert -kernel.session.minimise(most, seconds=10).value - today == pytest.approx(1.0)


def test_classes_that_leave_too_many_waiting_have_no_plan() -> None:
    problem = three_schools()
    kept: list[Kept] = [("wartemonate", least_waiting(problem) + 0.5)]
    kernel = Kernel(problem, np.ones(3, dtype=np.bool_), kept, opened, joined=True)
    goal = kernel.model.goal("klassenmonate")
    assert kernel.plan_with(kernel.model.base, goal, 10.0) is None
    most = kernel.model.base + 2
    most[:, 0] -= 2
    plan = kernel.plan_with(most, goal, 10.0)
    assert plan is not None
    assert (kernel.model.period_classes(plan) == most).all()


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_a_variable_of_the_solvers_own_is_none_of_the_plan(solver: str) -> None:
    model = PlanningModel(three_schools())
    session = open_session(solver, model.lp, gap=0.0, threads=1)
    before = model.idle_start()
    found = session.minimise(model.goal("wartemonate"), seconds=10, start=before)
    # PuLP writes no constant; what stands for it must not shift any other variable.
    assert (model.idle_start() == before).all()
    assert len(found.values) == len(before) == len(session.variables)
    again = session.minimise(model.goal("weg"), seconds=10, start=found.values)
    assert again.value >= 0.0


def test_what_the_first_goal_proved_holds_for_its_second_time() -> None:
    model = PlanningModel(three_schools())
    session = open_session("highs", model.lp, gap=0.01, threads=1)
    search = GoalSearch(model, session, ["wartemonate", "weg"], announced=False)
    waiting = model.goal("wartemonate")
    best = session.minimise(waiting, seconds=10).value
    starts = Starts(model, session, model.idle_start())
    starts.with_classes(waiting, 0.0, model.base.ravel().astype(np.float64), math.inf)
    start, value = starts.values, session.value_of(waiting, starts.values)
    search.many = True
    # The classes stay as they are, so nobody waits less, and that is proven already.
    again = search.solve_again(waiting, 0.0, start, math.inf, value)
    assert (again.value, again.bound) == (pytest.approx(value), pytest.approx(value))
    assert best < value - 1.0
    search.many = False
    assert search.solve_again(waiting, 0.0, start, math.inf, best).value == pytest.approx(best)


@settings(max_examples=25, deadline=None)
@given(towns(), st.floats(3.0, 40.0))
def test_rounding_up_a_few_at_a_time_ends_with_a_plan(town: District, arrivals: float) -> None:
    problem = problem_of(town, settings_of(arrivals))
    model, session = whole(problem, [("wartemonate", least_waiting(problem) + 0.5)])
    terms, today = model.goal("klassenmonate"), model.constant("klassenmonate")
    if not terms:
        return
    starts = Starts(model, session, model.idle_start())
    with starts.bounds([(v, v.upBound, v.upBound) for v in starts.classes]):
        starts.values = session.minimise(model.goal("wartemonate"), seconds=20).values
    before = session.value_of(terms, starts.values) - today
    limits = [session.bounds_of(v) for v in starts.classes]
    starts.dive(terms, today, math.inf)
    assert [session.bounds_of(v) for v in starts.classes] == limits
    found = session.value_of(terms, starts.values) - today
    best = session.minimise(terms, seconds=20).value - today
    assert best - 1e-4 <= found <= before + 1e-4
    # It opens no class of which nobody has any use.
    assert found <= 2.0 * best + problem.month_count


def test_the_dive_closes_what_is_not_needed() -> None:
    problem = three_schools()
    model, session = whole(problem, [("wartemonate", least_waiting(problem) + 0.5)])
    terms, today = model.goal("neue_klassen"), model.constant("neue_klassen")
    starts = Starts(model, session, model.idle_start())
    with starts.bounds([(v, v.upBound, v.upBound) for v in starts.classes]):
        starts.values = session.minimise(model.goal("wartemonate"), seconds=20).values
    assert session.value_of(terms, starts.values) - today == pytest.approx(6.0)
    starts.dive(terms, today, math.inf)
    best = session.minimise(terms, seconds=10).value
    assert best <= session.value_of(terms, starts.values) < 6.0 + today
