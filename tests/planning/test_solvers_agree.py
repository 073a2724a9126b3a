"""Every solver on this machine gives the same plan values, and none says more than it proved."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district import read_district
from daz_planner.district.model import District
from daz_planner.errors import SolverChoiceError, SolverError
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.solver import Outcome, Terms, open_session, relative_gap, solvers_here
from daz_planner.scenario import load_scenario, with_values
from daz_planner.shipped import path
from daz_planner.simulation import simulate
from tests.factories import district, place, school
from tests.planning.test_plan_properties import districts, goals, settings_of

HERE = tuple(solvers_here())
"""Solvers on this machine; those that come with the program are always among them."""
OTHERS = ("choco", "copt", "cplex", "cuopt", "fscip", "glpk", "gurobi", "mosek", "scip", "xpress")
SECONDS = 60.0
EACH = pytest.mark.parametrize("solver", HERE)
BUT_HIGHS = pytest.mark.parametrize("solver", [name for name in HERE if name != "highs"])


def test_highs_and_cbc_are_always_tried() -> None:
    assert HERE[:2] == ("highs", "cbc")
    assert set(HERE[2:]) <= set(OTHERS)


@pytest.mark.parametrize("solver", OTHERS)
def test_other_solvers_are_tried_where_they_are(solver: str) -> None:
    if solver not in HERE:
        pytest.skip(f"{solver} is not on this machine")


def location(seed: int, customers: int = 9, sites: int = 7) -> tuple[pulp.LpProblem, Terms]:
    """A facility location problem in which a site may open up to twice."""
    draw = random.Random(seed)
    problem = pulp.LpProblem("Probe", pulp.LpMinimize)
    opened = [problem.add_variable(f"y{j}", 0, 2, pulp.LpInteger) for j in range(sites)]
    shares = [
        [problem.add_variable(f"x{i}_{j}", 0) for j in range(sites)] for i in range(customers)
    ]
    demand = [draw.randint(5, 20) for _ in range(customers)]
    seats = sum(demand) / sites * draw.choice([1.5, 2.5, 4.0])
    for i, row in enumerate(shares):
        problem.addConstraint(pulp.lpSum(row) == demand[i], f"demand_{i}")
    for j, site in enumerate(opened):
        used = pulp.lpSum(row[j] for row in shares)
        problem.addConstraint(used <= seats * site, f"seats_{j}")
    goal = [(site, float(draw.randint(50, 100))) for site in opened]
    goal += [(share, float(draw.randint(1, 30))) for row in shares for share in row]
    return problem, goal


def openings(problem: pulp.LpProblem) -> Terms:
    return [(v, 1.0) for v in problem.variables() if v.name.startswith("y")]


def check_honest(outcome: Outcome, gap: float) -> None:
    """What holds for every outcome of every solver."""
    if outcome.bound is None:
        assert outcome.status is SolveStatus.LIMIT
        return
    assert outcome.bound <= outcome.value
    distance = relative_gap(outcome.value, outcome.bound)
    assert outcome.gap == distance
    assert (outcome.status is SolveStatus.OPTIMAL) == (distance <= 1e-6)
    if outcome.status is SolveStatus.WITHIN_GAP:
        assert distance <= gap + 1e-9


@cache
def known(seed: int) -> float:
    """The best value, as HiGHS proves it."""
    problem, goal = location(seed)
    outcome = open_session("highs", problem, gap=0.0, threads=1).minimise(goal, seconds=SECONDS)
    assert outcome.status is SolveStatus.OPTIMAL
    return outcome.value


@EACH
@pytest.mark.parametrize("seed", range(12))
def test_each_solver_proves_the_same_best_value(solver: str, seed: int) -> None:
    problem, goal = location(seed)
    session = open_session(solver, problem, gap=0.0, threads=2)
    outcome = session.minimise(goal, seconds=SECONDS)
    check_honest(outcome, 0.0)
    assert outcome.status is SolveStatus.OPTIMAL
    assert outcome.value == pytest.approx(known(seed), abs=1e-4)
    assert outcome.value == pytest.approx(session.value_of(goal, outcome.values))


@BUT_HIGHS
@pytest.mark.parametrize("seed", range(6))
def test_the_relaxation_is_the_same_and_below(solver: str, seed: int) -> None:
    values = []
    for name in ("highs", solver):
        problem, goal = location(seed)
        session = open_session(name, problem, gap=0.0, threads=1)
        values.append(session.minimise_relaxed(goal, seconds=SECONDS))
        # The relaxation leaves the whole numbers whole for what comes after it.
        assert session.minimise(goal, seconds=SECONDS).value == pytest.approx(known(seed), abs=1e-4)
    assert values[1] == pytest.approx(values[0], abs=1e-3)
    assert values[0] < known(seed) - 1.0


@EACH
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("constant", [0.0, 120.0])
def test_within_a_gap_the_best_value_lies_between_bound_and_value(
    solver: str, seed: int, constant: float
) -> None:
    gap = 0.1
    problem, goal = location(seed)
    session = open_session(solver, problem, gap=gap, threads=1)
    outcome = session.minimise(goal, seconds=SECONDS, constant=constant)
    check_honest(outcome, gap)
    assert outcome.status in (SolveStatus.OPTIMAL, SolveStatus.WITHIN_GAP)
    assert outcome.bound is not None
    best = known(seed) - constant
    assert outcome.bound - 1e-4 <= best <= outcome.value + 1e-4


@EACH
@pytest.mark.parametrize("seed", range(4))
def test_a_kept_goal_a_fixed_variable_and_a_start_mean_the_same(solver: str, seed: int) -> None:
    problem, goal = location(seed)
    session = open_session(solver, problem, gap=0.0, threads=1)
    first = session.minimise(goal, seconds=SECONDS)
    session.limit(goal, 1.8 * first.value)
    fewest = session.minimise(openings(problem), seconds=SECONDS, start=first.values)
    check_honest(fewest, 0.0)
    assert fewest.status is SolveStatus.OPTIMAL
    assert session.value_of(goal, fewest.values) <= 1.8 * first.value + 1e-3

    reference, goal_again = location(seed)
    highs = open_session("highs", reference, gap=0.0, threads=1)
    highs.limit(goal_again, 1.8 * known(seed))
    assert fewest.value == pytest.approx(
        highs.minimise(openings(reference), seconds=SECONDS).value, abs=1e-4
    )
    # One site more than needed, and it has to stay.
    site = openings(problem)[0][0]
    for one, model in ((session, problem), (highs, reference)):
        one.set_bounds(openings(model)[0][0], 2.0, 2.0)
    ours = session.minimise(openings(problem), seconds=SECONDS)
    theirs = highs.minimise(openings(reference), seconds=SECONDS)
    assert ours.values[site.index] == pytest.approx(2.0)
    assert ours.value == pytest.approx(theirs.value, abs=1e-4)


@EACH
def test_the_start_is_kept_where_nothing_better_is_found(solver: str) -> None:
    problem, goal = location(3)
    session = open_session(solver, problem, gap=0.0, threads=1)
    best = session.minimise(goal, seconds=SECONDS)
    again = session.minimise(goal, seconds=SECONDS, start=best.values)
    assert again.value == pytest.approx(best.value, abs=1e-4)
    assert again.status is SolveStatus.OPTIMAL


@EACH
def test_without_a_plan_no_solver_invents_one(solver: str) -> None:
    problem, goal = location(1)
    session = open_session(solver, problem, gap=0.0, threads=1)
    session.limit(openings(problem), 0.0)
    with pytest.raises(SolverError) as caught:
        session.minimise(goal, seconds=SECONDS)
    assert not isinstance(caught.value, SolverChoiceError)
    assert session.minimise_relaxed(goal, seconds=SECONDS) == -np.inf


@EACH
def test_a_tiny_time_limit_is_told_and_the_start_stays(solver: str) -> None:
    problem, goal = location(5, customers=30, sites=20)
    session = open_session(solver, problem, gap=0.0, threads=1)
    draw = random.Random(5)
    demand = [draw.randint(5, 20) for _ in range(30)]
    start = np.zeros(len(session.variables))
    for variable in session.variables:
        if variable.name.startswith("y"):
            start[variable.index] = 2.0
        else:
            start[variable.index] = demand[int(variable.name[1:].split("_")[0])] / 20
    outcome = session.minimise(goal, seconds=1e-9, start=start)
    check_honest(outcome, 0.0)
    assert outcome.value <= session.value_of(goal, start) + 1e-6


# -- whole plans -----------------------------------------------------------------------------------


def plan_of(town: District, setting: Any) -> Plan:
    return make_plan(town, setting, simulate(town, setting))


@BUT_HIGHS
@settings(max_examples=8, deadline=None)
@given(town=districts(), arrivals=st.floats(0.01, 25.0))
def test_small_districts_end_with_the_same_classes(
    solver: str, town: District, arrivals: float
) -> None:
    tight = {"luecke": 0.0, "laeufe": 1}
    plans = [
        plan_of(town, settings_of(arrivals, rechnen={**tight, "loeser": name}))
        for name in ("highs", solver)
    ]
    for goal in ("wartemonate", "neue_klassen", "klassenmonate"):
        first, second = (goals(plan).get(goal, 0.0) for plan in plans)
        assert second == pytest.approx(first, abs=1e-3)


@EACH
def test_next_to_nobody_is_no_contradiction(solver: str) -> None:
    # A hundred-thousandth of a child waits for the seat of the next month: no seat is missing,
    # and HiGHS once found the model without solution.
    town = district(
        [school("GS 0", pupils=34, classes=2, free_rooms=0)],
        [place("A-Dorf"), place("B-Dorf", km=30, population=112)],
    )
    tight = {"luecke": 0.0, "laeufe": 1, "loeser": solver}
    plan = plan_of(town, settings_of(1e-5, rechnen=tight))
    assert not plan.hit_limit
    assert goals(plan)["wartemonate"] == pytest.approx(0.0, abs=1e-4)


@cache
def real_plan(solver: str, name: str) -> Plan:
    town = read_district(path("data", "meissen-2017-02-08.xlsx"))
    setting = with_values(
        load_scenario(name),
        {"rechnen.loeser": solver, "rechnen.laeufe": 1, "rechnen.zeitlimit": 300.0},
    )
    return make_plan(town, setting, simulate(town, setting))


FREE = pytest.mark.parametrize(
    "solver", [name for name in HERE if name in ("cbc", "fscip", "glpk", "scip")]
)
"""Solvers that take a problem of any size without a licence."""


@FREE
@pytest.mark.parametrize("name", ["basis", "stark"])
def test_the_real_district_ends_with_the_same_values(solver: str, name: str) -> None:
    ours, highs = real_plan(solver, name), real_plan("highs", name)
    assert not ours.hit_limit
    assert not highs.hit_limit
    keys = [[(stage.school_type, stage.goal) for stage in plan.stages] for plan in (ours, highs)]
    assert keys[0] == keys[1]
    for a, b in zip(ours.stages, highs.stages, strict=True):
        assert a.bound is not None
        assert a.bound <= a.value
        assert (a.status is SolveStatus.OPTIMAL) == (relative_gap(a.value, a.bound) <= 1e-6)
        # Each is within half a percent of the best, and keeps the goals before within as much.
        assert a.value == pytest.approx(b.value, rel=0.01, abs=0.01), (a.school_type, a.goal)
    assert ours.classes.sum() == highs.classes.sum()
