"""What makes the model faster changes no value: inequalities, local search, side by side."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import District
from daz_planner.planning import goal_search, make_plan
from daz_planner.planning.cuts import Cut, CutFinder
from daz_planner.planning.goal_search import GoalSearch
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.moves import improve, neighbours
from daz_planner.planning.plan import SolveStatus, StageResult
from daz_planner.planning.problem import FloatArray, IntArray, Problem, build_problem
from daz_planner.planning.session import Outcome, Terms
from daz_planner.planning.solver import open_session
from daz_planner.planning.stages import Budget, solve_stages
from daz_planner.planning.starts import Starts
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.population import build_population
from tests.factories import district, place, scenario, school


@st.composite
def towns(draw: st.DrawFn) -> District:
    """Two to four schools, often too small, and three municipalities on a line."""
    schools = []
    for n in range(draw(st.integers(2, 4))):
        classes = draw(st.integers(0, 2))
        schools.append(
            school(
                f"GS {n}",
                km=draw(st.integers(0, 60)),
                classes=classes,
                pupils=draw(st.integers(8 * classes, 26 * classes)),
                free_rooms=draw(st.integers(0, 2)),
            )
        )
    places = [
        place(f"{name}-Dorf", km=km, population=draw(st.integers(100, 3000)))
        for name, km in (("A", 0), ("B", 25), ("C", 50))
    ]
    return district(schools, places)


def settings_of(arrivals: float, **tables: Any) -> Any:
    return scenario(
        zeitraum={"monate": 6},
        zuzug={"pro_monat": arrivals},
        abgang={"wegzug_pro_monat": 0.02},
        klassen={"vorlauf_monate": 1, "planungsgroesse": 15},
        rechnen={"luecke": 0.0, "zeitlimit": 60, "laeufe": 1, "threads": 1},
        **tables,
    )


def problem_of(town: District, setting: Any) -> Problem:
    outlook = expect(build_population(town, setting))
    return build_problem(town, setting, outlook, ("GS",))


def plain(
    search: GoalSearch,
    goal: str,
    terms: Terms,
    constant: float,
    start: FloatArray,
    until: float,
) -> Outcome:
    """The goal handed to the solver as it is."""
    seconds = until - time.perf_counter()
    return search.session.minimise(terms, seconds=seconds, start=start, constant=constant)


def stages_of(problem: Problem, setting: Any) -> list[StageResult]:
    return solve_stages(PlanningModel(problem), setting, Budget.of_seconds(60), 1).stages


@settings(max_examples=30, deadline=None)
@given(towns(), st.floats(3.0, 40.0), st.sampled_from(["as it is", "hard", "many"]))
def test_each_goal_has_the_value_of_the_plain_model(
    town: District, arrivals: float, how: str
) -> None:
    setting = settings_of(arrivals)
    problem = problem_of(town, setting)
    with pytest.MonkeyPatch.context() as patch:
        if how == "hard":
            # Every goal of the ways counts as hard, and every inequality as worth it.
            patch.setattr(goal_search, "_FIRST_NODES", 0)
            patch.setattr(goal_search, "_WORTH", math.inf)
        elif how == "many":
            patch.setattr(goal_search, "MANY_CLASSES", 0)
        fast = stages_of(problem, setting)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(GoalSearch, "solve", plain)
        slow = stages_of(problem, setting)
    assert [stage.goal for stage in fast] == [stage.goal for stage in slow]
    for one, other in zip(fast, slow, strict=True):
        assert one.value == pytest.approx(other.value, rel=2e-4, abs=2e-3), one.goal
        assert one.bound is not None
        assert one.bound <= other.value + 2e-3 + 2e-4 * abs(other.value), one.goal


@settings(max_examples=40, deadline=None)
@given(towns(), st.floats(3.0, 40.0), st.integers(0, 10_000))
def test_no_plan_breaks_an_inequality(town: District, arrivals: float, seed: int) -> None:
    model = PlanningModel(problem_of(town, settings_of(arrivals)))
    session = open_session("highs", model.lp, gap=0.0, threads=1)
    finder = CutFinder(model)
    rng = np.random.default_rng(seed)
    cuts = []
    for _ in range(4):
        with session.judging(_random_goal(model, rng), []) as solve:
            assert solve is not None
            assert math.isfinite(solve(np.zeros(0))[0])
        values = np.array(session._model.getSolution().col_value)  # type: ignore[attr-defined]
        cuts.extend(finder.find(values))
    for _ in range(4):
        plan = session.minimise(_random_goal(model, rng), seconds=20).values
        for cut in cuts:
            assert cut.coefficients @ plan[cut.columns] <= cut.right + 1e-4


def _random_goal(model: PlanningModel, rng: np.random.Generator) -> Terms:
    """Ways with random lengths, waiting and classes with random prices."""
    terms: Terms = [(flow, float(rng.uniform(0.0, 60.0))) for flow in model.flows.values()]
    price = float(rng.uniform(10.0, 200.0))
    terms += [(wait, price) for wait in model.waiting.values()]
    terms += [(v, float(rng.uniform(0.0, 400.0))) for row in model.classes for v in row[1:]]
    return terms


def test_an_inequality_lifts_the_relaxation() -> None:
    town = district(
        [school(f"GS {n}", km=20 * n, pupils=23, free_rooms=1) for n in range(3)],
        [place("A-Dorf"), place("B-Dorf", km=20), place("C-Dorf", km=40)],
    )
    model = PlanningModel(problem_of(town, settings_of(6.0)))
    session = open_session("highs", model.lp, gap=0.0, threads=1)
    last = [row[-1] for row in model.classes]
    session.limit([(v, 1.0) for v in last], sum(v.lowBound for v in last) + 1.0)
    waiting = model.goal("wartemonate")
    session.limit(waiting, session.minimise(waiting, seconds=10).value + 0.1)
    ways = model.goal("weg")
    plain_bound = session.minimise_relaxed(ways, seconds=10)
    find = CutFinder(model).find
    bound, rows = session.tighten(ways, find, seconds=10, enough=math.inf)
    with session.holding(rows):
        assert session.minimise_relaxed(ways, seconds=10) == pytest.approx(bound)
        best = session.minimise(ways, seconds=10).value
    assert session.minimise_relaxed(ways, seconds=10) == pytest.approx(plain_bound)
    assert plain_bound < bound - 1.0
    assert bound <= best + 1e-4


def test_the_local_search_finds_the_better_month_and_school() -> None:
    classes = np.array([[1, 1, 2], [1, 1, 1], [0, 0, 0]])
    wanted = np.array([[1, 1, 1], [1, 2, 2], [0, 0, 0]])

    def judge(plan: IntArray) -> tuple[float, FloatArray]:
        if plan[2].any():
            return math.inf, np.zeros(plan.shape)
        apart = (plan - wanted).astype(float)
        return float((apart**2).sum()), 2 * apart

    limits = (np.zeros((3, 3), dtype=np.int64), np.full((3, 3), 2))
    best, value = improve(classes, limits, judge, until=math.inf)
    assert value == 0.0
    assert (best == wanted).all()


def test_neighbours_keep_the_number_of_classes_and_the_rooms() -> None:
    classes = np.array([[1, 1, 2], [1, 2, 2], [0, 0, 0]])
    low, high = np.zeros((3, 3), dtype=np.int64), np.repeat([[2], [2], [1]], 3, axis=1)
    around = neighbours(classes, (low, high))
    assert around
    for other in around:
        assert other[:, -1].sum() == classes[:, -1].sum()
        assert (other[:, 0] == classes[:, 0]).all()
        assert (other[:, -1] <= [2, 2, 1]).all()
        assert (np.diff(other, axis=1) >= 0).all()


def test_school_types_side_by_side_give_the_same_plan() -> None:
    schools = [
        school("GS A", pupils=20, free_rooms=1),
        school("OS B", pupils=20, free_rooms=1, school_type="OS", km=5),
    ]
    town = district(schools)
    plans = []
    for threads in (1, 2):
        setting = scenario(
            zuzug={"pro_monat": 14.0, "schularten": {"GS": 0.5, "OS": 0.5}},
            klassen={"vorlauf_monate": 1},
            rechnen={"threads": threads, "laeufe": 1},
        )
        plans.append(make_plan(town, setting, simulate(town, setting)))
    assert (plans[0].classes == plans[1].classes).all()
    assert plans[0].flows == plans[1].flows
    assert [s.value for s in plans[0].stages] == [s.value for s in plans[1].stages]


def test_rows_that_hold_only_for_a_moment_are_gone_afterwards() -> None:
    problem = pulp.LpProblem("Probe", pulp.LpMinimize)
    one = problem.add_variable("one", 0, 5, pulp.LpInteger)
    two = problem.add_variable("two", 2, 5, pulp.LpInteger)
    problem.addConstraint(
        pulp.LpConstraint(pulp.LpAffineExpression([(one, 1), (two, 1)]), 1, "cover", 2)
    )
    session = open_session("highs", problem, gap=0.0, threads=1)
    row = Cut(np.array([two.index, one.index]), np.array([1.0, -1.0]), 0.0)
    with session.holding([row]):
        assert session.minimise([(one, 1.0)], seconds=5).value == pytest.approx(2.0)
    assert session.minimise([(one, 1.0)], seconds=5).value == pytest.approx(0.0)


def test_rounding_up_opens_only_what_the_relaxation_uses() -> None:
    town = district(
        [school(f"GS {n}", km=20 * n, pupils=23, free_rooms=2) for n in range(3)],
        [place("A-Dorf"), place("B-Dorf", km=20), place("C-Dorf", km=40)],
    )
    model = PlanningModel(problem_of(town, settings_of(6.0)))
    session = open_session("highs", model.lp, gap=0.0, threads=1)
    waiting, openings = model.goal("wartemonate"), model.goal("neue_klassen")
    everything = Starts(model, session, model.idle_start())
    with everything.bounds([(v, v.upBound, v.upBound) for v in everything.classes]):
        everything.solve(waiting, 0.0, math.inf)
    session.limit(waiting, session.value_of(waiting, everything.values) + 0.1)
    starts = Starts(model, session, everything.values)
    relaxed = starts.round_up(openings, 0.0, math.inf)
    today = model.constant("neue_klassen")
    best = session.minimise(openings, seconds=10).value - today
    found = session.value_of(openings, starts.values) - today
    assert session.value_of(openings, everything.values) - today == 6.0
    assert relaxed - today <= best <= found < 6.0


def test_what_is_proven_by_other_means_counts() -> None:
    model = PlanningModel(problem_of(district([school("GS A")]), settings_of(1.0)))
    session = open_session("highs", model.lp, gap=0.01, threads=1)
    search = GoalSearch(model, session, ["weg"], announced=False)
    cut_off = Outcome(model.idle_start(), 100.0, 40.0, SolveStatus.LIMIT, 1.0)
    far = search._at_least(cut_off, 90.0)
    assert (far.bound, far.status) == (90.0, SolveStatus.LIMIT)
    near = search._at_least(cut_off, 99.5)
    assert (near.bound, near.status) == (99.5, SolveStatus.WITHIN_GAP)
    rounded = search._at_least(cut_off, 100.0005)
    assert (rounded.bound, rounded.status) == (100.0, SolveStatus.OPTIMAL)
    # A plan is there with 100: whatever said 101 is wrong, and proves nothing.
    assert search._at_least(cut_off, 101.0) is cut_off
    assert search._at_least(cut_off, 30.0) is cut_off
    assert search._at_least(cut_off, -math.inf) is cut_off


def test_what_inequalities_prove_counts_though_the_search_was_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town = district(
        [school(f"GS {n}", km=20 * n, pupils=23, free_rooms=1) for n in range(3)],
        [place("A-Dorf"), place("B-Dorf", km=20), place("C-Dorf", km=40)],
    )
    model = PlanningModel(problem_of(town, settings_of(6.0)))
    session = open_session("highs", model.lp, gap=0.0, threads=1)
    last = [row[-1] for row in model.classes]
    session.limit([(v, 1.0) for v in last], sum(v.lowBound for v in last) + 1.0)
    waiting, ways = model.goal("wartemonate"), model.goal("weg")
    start = session.minimise(waiting, seconds=10)
    session.limit(waiting, start.value + 0.1)
    plain_bound = session.minimise_relaxed(ways, seconds=10)
    best = session.minimise(ways, seconds=10).value

    def cut_off(search: GoalSearch, *arguments: Any) -> Outcome:
        values = arguments[2].values
        value = search.session.value_of(ways, values)
        return Outcome(values, value, None, SolveStatus.LIMIT, 0.0)

    monkeypatch.setattr(GoalSearch, "_proven", cut_off)
    monkeypatch.setattr(goal_search, "_HARD", -1.0)
    search = GoalSearch(model, session, ["wartemonate", "weg"], announced=False)
    found = search.solve("weg", ways, 0.0, start.values, time.perf_counter() + 30.0)
    assert found.bound is not None
    assert plain_bound + 1.0 < found.bound <= best + 1e-4
