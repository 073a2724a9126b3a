"""The front between classes and ways: by hand, and against every decision on classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise, product
from typing import Any

import highspy
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from daz_planner.district.model import District
from daz_planner.errors import SolverError
from daz_planner.planning import Plan, front, front_links, make_plan
from daz_planner.planning.again import plan_again
from daz_planner.planning.bottlenecks import problem_of_plan
from daz_planner.planning.front import find_front, with_front
from daz_planner.planning.front_points import (
    TOGETHER,
    Curve,
    End,
    Front,
    FrontPoint,
    Measure,
    not_beaten,
    summed,
    together,
    with_later_bounds,
)
from daz_planner.planning.front_search import FrontSearch
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import SolveStatus
from daz_planner.planning.problem import Problem
from daz_planner.planning.session import Outcome
from daz_planner.planning.solver import open_session
from daz_planner.scenario.model import Scenario
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from tests.factories import child, district, place, scenario, school
from tests.planning.brute import WAITING, Brute, Seats, class_decisions
from tests.planning.random_problems import problems

LONG = 600.0
MOST = 40
"""Decisions on classes that one example may have."""
A, B, C = place("A-Dorf"), place("B-Dorf", km=40), place("C-Dorf", km=10)
SITE_B = school("GS B", 40, classes=0, free_rooms=1, municipality="B-Dorf")
SITE_C = school("GS C", 10, classes=0, free_rooms=1, municipality="C-Dorf")


def three_villages(**tables: Any) -> tuple[District, Scenario]:
    """One child a month from each village in months 1 to 5; a class may open from month 2 on."""
    town = district([school("GS A", free_rooms=0), SITE_B, SITE_C], [A, B, C])
    return town, scenario(**{"zuzug": {"pro_monat": 3.0}, **tables})


def plan_of(town: District, setting: Scenario) -> Plan:
    return make_plan(town, setting, simulate(town, setting))


def minutes(curve: Curve | None) -> list[tuple[int, float]]:
    assert curve is not None
    return [(p.spent(curve.measure), round(p.minutes, 2)) for p in curve.points]


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_by_hand(solver: str) -> None:
    # Without a class five children from B ride 40 minutes and five from C 10: 250. A class in B
    # from month 2 on saves four of 40: 90. One in C would save 4 × 10 and 4 × (40 - 30): 170. Both:
    # 50. Opening B in month 5, 4, 3, 2 takes 1, 2, 3, 4 class months and saves 40 each; then C the
    # same with 10 each.
    found = find_front(plan_of(*three_villages(rechnen={"loeser": solver})), LONG)
    by_classes = found.curve("GS", Measure.CLASSES)
    assert minutes(by_classes) == [(0, 250.0), (1, 90.0), (2, 50.0)]
    assert minutes(found.curve("GS", Measure.CLASS_MONTHS)) == [
        (0, 250.0),
        (1, 210.0),
        (2, 170.0),
        (3, 130.0),
        (4, 90.0),
        (5, 80.0),
        (6, 70.0),
        (7, 60.0),
        (8, 50.0),
    ]
    assert by_classes is not None
    none, one, both = by_classes.points
    assert [(o.school, o.month, o.classes) for o in one.opened] == [("GS B", 2, 1)]
    assert {o.school for o in both.opened} == {"GS B", "GS C"}
    assert [p.class_months for p in by_classes.points] == [0, 4, 8]
    assert none.pupils == pytest.approx(15.0, abs=1e-4)
    assert none.daily_minutes == pytest.approx(2 * 250 / 15, abs=1e-3)
    assert [round(p.over_soft, 3) for p in by_classes.points] == [5.0, 1.0, 1.0]
    assert by_classes.end is End.SHORTEST and by_classes.fewest_proven
    assert all(p.bound == pytest.approx(p.minutes, abs=1e-3) for p in by_classes.points)
    assert not found.hit_limit and found.left_out == () == found.cut_off


def test_one_type_alone_is_the_district() -> None:
    found = find_front(plan_of(*three_villages()), LONG)
    for measure in Measure:
        assert minutes(found.curve(TOGETHER, measure)) == minutes(found.curve("GS", measure))


def test_the_plan_itself_is_on_the_curve_by_class_months() -> None:
    # 25 children a month and one class of 20 planning seats: further classes have to open.
    town, setting = three_villages(zuzug={"pro_monat": 12.0})
    plan = plan_of(town, setting)
    found = find_front(plan, LONG)
    (own,) = found.plans
    assert own.point.classes == sum(o.classes for o in plan.openings) > 0
    assert own.point.class_months == int((plan.classes - plan.classes[:, :1]).sum())
    ways = sum(f.pupils * f.minutes for f in plan.flows)
    assert own.point.minutes == pytest.approx(ways, abs=1e-6)
    curve = found.curve("GS", Measure.CLASS_MONTHS)
    assert curve is not None
    assert curve.points[0].class_months <= own.point.class_months
    assert curve.at(own.point.class_months).minutes <= own.shortest * 1.0011 + 0.1
    assert own.shortest <= own.point.minutes + 1e-3


def test_a_curve_begins_where_the_waiting_is_kept() -> None:
    # Fifteen a month on twenty seats: with fewer classes than planned children would wait longer.
    town, setting = three_villages(zuzug={"pro_monat": 9.0})
    plan = plan_of(town, setting)
    planned = sum(o.classes for o in plan.openings)
    assert planned >= 1
    curve = find_front(plan, LONG).curve("GS", Measure.CLASSES)
    assert curve is not None
    assert curve.points[0].classes == planned
    assert curve.fewest_proven


def test_a_point_has_no_class_month_that_saves_nothing() -> None:
    # The first child comes in month 4; a plan that opens in month 2 pays two months for nothing.
    town = district(
        [school("GS A", classes=0, free_rooms=0), replace(SITE_C, municipality="A-Dorf")],
        [place("C-Dorf", 10)],
    )
    plan = plan_of(town, scenario(zuzug={"reihe": [0.0, 0, 0, 1.0, 1.0, 0]}))
    early = plan.classes.copy()
    early[1] = [0, 0, 1, 1, 1, 1]
    late = replace(plan, classes=early)
    curve = find_front(late, LONG).curve("GS", Measure.CLASSES)
    assert curve is not None
    (only,) = curve.points
    assert (only.classes, only.class_months) == (1, 2)
    assert [o.month for o in only.opened] == [4]
    # The solver may find the early class by chance; it is given up without a minute more.
    ordered = canonical(town)
    outlook = expect(build_population(ordered.district, plan.scenario))
    problem = problem_of_plan(late, ordered, outlook, "GS")
    planned = early[ordered.school]
    search = FrontSearch(problem, plan.scenario, ["A", "C"], planned, problem.base, LONG)
    found = Outcome(search.start, search.plan_point().minutes, None, SolveStatus.OPTIMAL, 0.0)
    assert search.plan_point().class_months == 4
    months = search.model.goal("klassenmonate")
    assert search.session.value_of(months, search._tidied(found, 1)) == pytest.approx(2.0)


def test_who_sits_already_counts_neither_here_nor_there() -> None:
    # K1 has a seat on the reference date, five minutes away; nobody else comes.
    near = district([school("GS A", 5, pupils=3)], [A], [child("K1", registered=date(2017, 1, 5))])
    found = find_front(plan_of(near, scenario()), LONG)
    (own,) = found.plans
    assert (own.point.minutes, own.point.pupils) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert own.point.daily_minutes is None


def test_a_class_that_was_announced_stays() -> None:
    # Announced for fifty children who do not come; only three a month are left of them.
    town = district([school("GS A", free_rooms=1), SITE_B], [A, B])
    many = scenario(zuzug={"reihe": [0.0, 25.0, 0, 0, 0, 0]}, klassen={"vorlauf_monate": 1})
    few = scenario(zuzug={"pro_monat": 2.0}, klassen={"vorlauf_monate": 1})
    earlier = plan_of(town, many)
    announced = {earlier.district.schools[o.school].name for o in earlier.openings}
    assert announced
    plan = plan_again(town, few, simulate(town, few), earlier)
    assert plan.changes is not None and {name for name, _ in plan.changes.held} == announced
    curve = find_front(plan, LONG).curve("GS", Measure.CLASSES)
    assert curve is not None
    for at in curve.points:
        assert announced <= {o.school for o in at.opened}
    free = find_front(replace(plan, changes=None), LONG).curve("GS", Measure.CLASSES)
    assert free is not None and free.points[0].opened == ()


def test_time_that_is_up_is_told() -> None:
    found = find_front(plan_of(*three_villages()), 0.0)
    curve = found.curve("GS", Measure.CLASSES)
    assert curve is not None
    assert curve.end is End.TIME
    assert len(curve.points) == 1
    assert found.hit_limit


def test_a_type_without_a_point_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(FrontSearch):
        def __init__(self, problem: Problem, *rest: Any) -> None:
            if "OS" in problem.school_types:
                raise SolverError("Im Zeitlimit wurde kein Plan gefunden.")
            super().__init__(problem, *rest)

    town, setting = three_villages(zuzug={"pro_monat": 6.0, "schularten": {"GS": 0.5, "OS": 0.5}})
    town = replace(town, schools=(*town.schools, school("OS A", school_type="OS")))
    plan = plan_of(town, setting)
    assert [c.school_type for c in find_front(plan, LONG).curves].count(TOGETHER) == 2
    monkeypatch.setattr(front, "FrontSearch", Slow)
    found = find_front(plan, LONG)
    assert found.left_out == ("OS",)
    assert found.hit_limit
    assert {curve.school_type for curve in found.curves} == {"GS"}


def test_a_plan_that_was_cut_off_is_named() -> None:
    plan = plan_of(*three_villages())
    late = replace(plan.stages[-1], status=SolveStatus.LIMIT)
    assert find_front(replace(plan, stages=(late,)), LONG).cut_off == ("GS",)


def test_the_same_plan_gives_the_same_front() -> None:
    plan = plan_of(*three_villages(zuzug={"pro_monat": 12.0}))
    assert with_front(plan, LONG).front == with_front(plan, LONG).front


def test_the_order_of_the_schools_changes_nothing() -> None:
    town, setting = three_villages(zuzug={"pro_monat": 12.0})
    turned = replace(town, schools=town.schools[::-1], municipalities=town.municipalities[::-1])
    assert find_front(plan_of(town, setting), LONG) == find_front(plan_of(turned, setting), LONG)


# -- against every decision on classes -------------------------------------------------------


def search_of(problem: Problem, planned: np.ndarray) -> FrontSearch:
    names = [f"S{n}" for n in range(len(problem.schools))]
    least = np.zeros_like(problem.base)
    if not problem.may_close.any():
        least = problem.base.copy()
    setting = scenario(rechnen={"luecke": 0.0, "threads": 1})
    return FrontSearch(problem, setting, names, planned, least, LONG)


@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.data_too_large,
    ],
)
@given(problem=problems(hours=False), choice=st.integers(0, 10_000))
def test_each_point_is_the_best_with_so_many_classes(problem: Problem, choice: int) -> None:
    assume(problem.demand.any())
    decisions = class_decisions(problem, MOST)
    assume(decisions is not None and len(decisions) > 1)
    assert decisions is not None
    planned = decisions[choice % len(decisions)]
    # The threads of HiGHS are those of the process until they are set anew.
    highspy.Highs.resetGlobalScheduler(True)
    waiting = Seats(problem).solver(planned).best(WAITING, [])
    assume(waiting is not None)
    assert waiting is not None
    brute = Brute(problem, MOST)
    kept = (WAITING, waiting + 1e-4)
    search = search_of(problem, planned)
    for measure, goal in (
        (Measure.CLASSES, "neue_klassen"),
        (Measure.CLASS_MONTHS, "klassenmonate"),
    ):
        search.give(LONG)
        curve = search.curve(measure)
        spent = [p.spent(measure) for p in curve.points]
        values = [p.minutes for p in curve.points]
        assert spent == sorted(set(spent))
        assert all(a > b for a, b in pairwise(values))
        fewest = brute.best(goal, [kept])
        assert fewest is not None
        if search.model.goal("weg") and search.model.goal(goal):
            assert spent[0] >= round(fewest)
        for point in curve.points:
            best = brute.best("weg", [kept, (goal, point.spent(measure))])
            assert best is not None
            assert point.minutes == pytest.approx(best, abs=0.3)
            assert point.bound is not None and point.bound <= best + 0.02
        if curve.end is End.SHORTEST:
            anything = brute.best("weg", [kept])
            assert anything is not None
            assert values[-1] == pytest.approx(anything, abs=0.3)
            assert curve.floor is not None and curve.floor <= anything + 0.02


# -- curves and their sum --------------------------------------------------------------------


def point(classes: int, ways: float, bound: float | None = None) -> FrontPoint:
    return FrontPoint(classes, 4 * classes, ways, bound, SolveStatus.OPTIMAL, 10.0, 0.0, ())


def curve(kind: str, *points: FrontPoint, floor: float | None = 0.0) -> Curve:
    return Curve(kind, Measure.CLASSES, tuple(points), End.SHORTEST, True, floor)


def test_the_best_split_goes_to_the_type_that_saves_more() -> None:
    # First the 40 of OS, then the 30 of GS, then 20 of OS; the pair of GS (5) comes last.
    gs = curve("GS", point(0, 100, 100), point(1, 70, 70), point(3, 65, 65), floor=65.0)
    os_ = curve("OS", point(1, 200, 200), point(2, 160, 160), point(3, 140, 140), floor=140.0)
    both = summed([gs, os_], Measure.CLASSES, 99)
    assert minutes(both) == [(1, 300.0), (2, 260.0), (3, 230.0), (4, 210.0), (6, 205.0)]
    assert [p.bound for p in both.points] == [300.0, 260.0, 230.0, 210.0, 205.0]


def test_a_sum_of_many_points_keeps_first_and_last() -> None:
    gs = curve("GS", *(point(n, 100.0 - n, None) for n in range(21)))
    thin = summed([gs], Measure.CLASSES, 5)
    assert [p.classes for p in thin.points] == [0, 5, 10, 15, 20]


def test_an_unproven_fewest_number_leaves_only_the_floor_as_bound() -> None:
    gs = replace(curve("GS", point(1, 90.0, 90.0), floor=50.0), fewest_proven=False)
    os_ = curve("OS", point(0, 10.0, 10.0), floor=8.0)
    (only,) = summed([gs, os_], Measure.CLASSES, 9).points
    assert only.bound == 58.0


def test_a_smaller_number_that_is_not_ruled_out_is_left_to_the_others() -> None:
    # GS may do with none: then OS has up to two for a total of two, not just one.
    gs = replace(curve("GS", point(1, 90.0, 90.0), floor=90.0), fewest_proven=False, least=0)
    os_ = curve("OS", point(0, 50.0, 50.0), point(1, 40.0, 40.0), point(2, 10.0, 10.0), floor=10.0)
    sums = summed([gs, os_], Measure.CLASSES, 9).points
    assert [(p.classes, p.bound) for p in sums] == [(1, 130.0), (2, 100.0), (3, 100.0)]
    proven = replace(gs, fewest_proven=True)
    assert [p.bound for p in summed([proven, os_], Measure.CLASSES, 9).points] == [
        140.0,
        130.0,
        100.0,
    ]


def test_a_floor_is_a_bound_of_every_point() -> None:
    points = [point(0, 50.0, None), point(1, 45.0, 0.0), point(2, 40.0, 39.0), point(3, 39.0)]
    assert with_later_bounds(points, 30.0) == [39.0, 39.0, 39.0, 30.0]


def test_all_rooms_without_a_proof_end_no_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    # The search with all rooms finds nothing better than the plan of today and proves half of it.
    def floor(search: FrontSearch, start: np.ndarray) -> Outcome:
        return Outcome(start, 250.0, 50.0, SolveStatus.LIMIT, 0.0)

    monkeypatch.setattr(FrontSearch, "_floor", floor)
    found = find_front(plan_of(*three_villages()), LONG).curve("GS", Measure.CLASSES)
    assert minutes(found) == [(0, 250.0), (1, 90.0), (2, 50.0)]


@pytest.mark.parametrize("pupils", [3.0, 9.0, 20.0, 40.0, 70.0])
def test_rows_of_sites_take_no_plan_away(pupils: float, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(*three_villages(zuzug={"pro_monat": pupils}))
    with_rows = find_front(plan, LONG)
    monkeypatch.setattr(front_links, "MOST_LINKS", 0)
    without = find_front(plan, LONG)
    for measure in Measure:
        ways = [minutes(f.curve("GS", measure)) for f in (with_rows, without)]
        assert [n for n, _ in ways[0]] == [n for n, _ in ways[1]]
        assert [m for _, m in ways[0]] == pytest.approx([m for _, m in ways[1]], abs=0.5)


def test_rows_of_sites_make_the_relaxation_stronger() -> None:
    town, setting = three_villages()
    ordered = canonical(town)
    outlook = expect(build_population(ordered.district, setting))
    problem = problem_of_plan(plan_of(town, setting), ordered, outlook, "GS")
    plain, linked = PlanningModel(problem), PlanningModel(problem)
    # Two sites, three villages, months 1 to 5.
    assert front_links.add_site_links(linked) == 30
    bounds = []
    for model in (plain, linked):
        session = open_session("highs", model.lp, gap=0.0, threads=1)
        session.limit([(row[-1], 1.0) for row in model.classes], 1.5 + problem.base[:, -1].sum())
        session.limit([(waiting, 1.0) for waiting in model.waiting.values()], 0.0)
        bounds.append(session.minimise_relaxed(model.goal("weg"), seconds=LONG))
    assert bounds[1] > bounds[0] + 1.0


def test_points_that_save_nothing_are_left_out() -> None:
    points = [point(0, 50.0), point(1, 49.95), point(2, 40.0), point(3, 45.0)]
    assert [p.classes for p in not_beaten(points, Measure.CLASSES)] == [0, 2]


def test_what_holds_for_more_classes_holds_for_fewer() -> None:
    points = [point(0, 50.0, None), point(1, 45.0, 30.0), point(2, 40.0, 38.0), point(3, 39.0)]
    assert with_later_bounds(points) == [38.0, 38.0, 38.0, None]


def test_together_is_as_sure_as_its_weakest_part() -> None:
    weak = replace(point(1, 5.0, 4.0), status=SolveStatus.LIMIT)
    both = together([point(2, 7.0, 7.0), weak])
    assert (both.classes, both.minutes, both.bound) == (3, 12.0, 11.0)
    assert both.status is SolveStatus.LIMIT
    assert together([weak, point(1, 1.0, None)]).bound is None


@st.composite
def curves(draw: st.DrawFn, kind: str) -> Curve:
    numbers = sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=4)))
    steps = [draw(st.floats(1.0, 50.0)) for _ in numbers]
    values = 500.0 - np.cumsum(steps)
    lower = [value - draw(st.floats(0.0, 0.5)) for value in values.tolist()]
    points = [point(n, v, b) for n, v, b in zip(numbers, values.tolist(), lower, strict=True)]
    return curve(kind, *points, floor=min(lower))


@given(first=curves("GS"), second=curves("OS"), third=curves("BSZ"))
def test_the_sum_against_all_splits(first: Curve, second: Curve, third: Curve) -> None:
    parts = [first, second, third]
    total = summed(parts, Measure.CLASSES, 999)
    splits = list(product(*(part.points for part in parts)))
    for at in total.points:
        fitting = [s for s in splits if sum(p.classes for p in s) <= at.classes]
        best = min(sum(p.minutes for p in s) for s in fitting)
        assert at.minutes == pytest.approx(best, abs=0.31)
        # True curves can lie anywhere between the bounds: none may be below the bound of the sum.
        assert at.bound is not None
        assert at.bound <= min(sum(p.bound or 0.0 for p in s) for s in fitting) + 1e-9
    every = min(sum(p.minutes for p in s) for s in splits)
    assert total.points[-1].minutes == pytest.approx(every, abs=0.31)


def test_a_front_without_a_curve_has_no_plan() -> None:
    empty = Front((), (), ("GS",), ())
    assert empty.plan("GS") is None and empty.plan(TOGETHER) is None
    assert empty.curve("GS", Measure.CLASSES) is None
    assert empty.hit_limit
