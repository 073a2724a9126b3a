"""The seats of longer lists: the flow, its face and the search against the plain model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import ClassDecision, District, Newcomer, PlanState, Pupil, Roster
from daz_planner.planning import children as module
from daz_planner.planning.assign import assign_children
from daz_planner.planning.children import seat_children, seat_in_slots, seat_later
from daz_planner.planning.goal_chain import GoalChain, one_after_another
from daz_planner.planning.problem import build_problem
from daz_planner.planning.seating_flow import flow_goals, possible_seats
from daz_planner.planning.seating_run import Solved, solve_offer
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from tests.factories import child, district, place, scenario, school
from tests.planning.plain_seating import differences, plain_offer, told

DAY = date(2017, 2, 8)
GRADES = {"GS": (1, 4), "OS": (5, 8)}


def drawn(seed: int, *, count: int = 18, roster: bool = True) -> District:
    """Seven schools of two types, three towns, children some of whom are siblings; drawn."""
    rng = np.random.default_rng(seed)
    schools = []
    for n in range(7):
        kind = "GS" if n < 4 else "OS"
        classes = int(rng.integers(1, 3))
        free = int(rng.integers(0, 4))
        schools.append(
            school(
                f"{kind} {n}",
                float(rng.integers(0, 50)),
                school_type=kind,
                classes=classes,
                pupils=23 * classes - free,
                reserve=None,
            )
        )
    of_type = {k: [s.name for s in schools if s.school_type == k] for k in GRADES}
    children: list[Newcomer] = []
    while len(children) < count:
        size = int(rng.choice([1, 1, 2, 3]))
        family = f"f{len(children)}" if size > 1 else ""
        day = DAY - timedelta(days=int(rng.integers(1, 8)) * 9)
        town = str(rng.choice(["A-Dorf", "B-Dorf", "C-Dorf"]))
        for _ in range(size):
            kind = str(rng.choice(["GS", "OS"]))
            names = [str(n) for n in rng.permutation(of_type[kind])]
            children.append(
                child(
                    f"k{len(children):02d}",
                    town,
                    school_type=kind,
                    grade=int(rng.integers(GRADES[kind][0], GRADES[kind][1] + 1)),
                    registered=None if rng.random() < 0.1 else day,
                    family=family,
                    pinned_to=names[0] if rng.random() < 0.1 else "",
                    excluded=tuple(names[1:2]) if rng.random() < 0.15 else (),
                    wishes=tuple(names[2 : 2 + int(rng.integers(0, 3))]),
                )
            )
    towns = [place("A-Dorf"), place("B-Dorf", km=25), place("C-Dorf", km=40)]
    town_of = district(schools, towns, children)
    pupils = tuple(
        Pupil(f"s{n}{g}", s.name, 1, grade=int(rng.integers(*GRADES[s.school_type])))
        for n, s in enumerate(schools)
        for g in range(2)
    )
    if roster:
        town_of = replace(town_of, rosters=(Roster(DAY, pupils),))
    decided = ClassDecision(schools[5].name, date(2017, 4, 1), 3, PlanState.DECIDED)
    return canonical(replace(town_of, class_plan=(decided,))).district


class Recorder:
    """Stands before the solving of offers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wrong: list[str] = []
        monkeypatch.setattr(module, "solve_offer", self)

    def __call__(self, found: Any, offer: Any, setting: Any, seconds: float) -> Solved:
        solved = solve_offer(found, offer, setting, seconds)
        strict = setting.klassen.klassenstufen_spanne == "muss"
        values = plain_offer(found, offer, setting, strict)
        one_month = len(offer.months) == 1
        self.wrong += differences(values, told(solved.goals), one_month=one_month)
        assert not solved.cut_off
        return solved


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("spans", ["soll", "muss"])
def test_values_are_those_of_the_plain_model(
    seed: int, spans: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = drawn(seed, roster=seed % 2 == 0)
    recorder = Recorder(monkeypatch)
    setting = scenario(zeitraum={"monate": 5}, klassen={"klassenstufen_spanne": spans})
    assign_children(town, setting)
    assert recorder.wrong == []


@pytest.mark.parametrize("seed", range(10))
def test_seats_of_a_plan_are_given_as_the_plain_model_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Rooms that hold all slots, half of them, or hardly one: the first goals of the flow fit, or
    # the search has to keep the rooms from the first goal on.
    town = drawn(seed, count=12)
    setting = scenario(zeitraum={"monate": 5})
    outlook = expect(build_population(town, setting))
    problem = build_problem(town, setting, outlook, outlook.population.school_types)
    now = seat_children(town, problem, outlook, setting, 60.0)
    waiting = [c for c in range(len(town.newcomers)) if c not in now.school]
    rng = np.random.default_rng(seed)
    slots = rng.integers(0, 2, (len(problem.schools), problem.month_count))
    for share in (2.0, 0.6, 0.2):
        room = np.full(slots.shape, share * 3.0)
        recorder = Recorder(monkeypatch)
        seat_in_slots(
            town, problem, outlook, setting, now, waiting, slots, room, problem.base, 60.0
        )
        assert recorder.wrong == []


def test_the_flow_leaves_open_just_what_its_goals_do() -> None:
    # One seat; the child who waits longest is the only one who may have it. With two of one day
    # either may, and neither is sure of it.
    day = date(2016, 12, 1)
    for registered, sure in (([day, DAY], {0}), ([day, day], set())):
        town = district(
            [school("GS A", pupils=22)],
            newcomers=[child(f"k{n}", registered=d) for n, d in enumerate(registered)],
        )
        setting = scenario(zeitraum={"monate": 1})
        offers: list[Any] = []

        def record(found: Any, offer: Any, *rest: Any, into: list[Any] = offers) -> Solved:
            into.append((found, offer))
            return solve_offer(found, offer, *rest)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "solve_offer", record)
            assign_children(town, setting)
        found, offer = offers[0]
        flow = flow_goals(found, offer, float("inf"))
        assert flow is not None
        assert [(name, value) for name, value, _ in flow.goals][:1] == [("plaetze_liste", -1.0)]
        assert flow.sure == sure
        assert {c for c, _, _ in flow.closed} <= ({1} if sure else set())
        assert flow.full == {(0, 0)}
        assert len(flow.places) == 1


def test_later_seats_of_a_school_count_together() -> None:
    # 24 pupils on 23 seats: one seat a month later, three in all the month after. The fourth waits.
    children = [child(f"k{n}", registered=date(2016, 9, 1 + n)) for n in range(4)]
    town = district([school("GS A", pupils=24, reserve=0, free_rooms=0)], newcomers=children)
    result = assign_children(town, scenario(zeitraum={"monate": 3}))
    assert [seat.month for seat in result.children] == [1, 2, 2, None]
    told = {stage.goal: stage.value for stage in result.stages}
    assert told["plaetze_liste"] == 3.0
    # Of three months 3 - 1, 3 - 2 and 3 - 2 are saved.
    assert told["vorrang_liste"] == -4.0


def test_a_child_may_have_a_seat_only_while_it_belongs_to_the_type() -> None:
    town = drawn(3)
    setting = scenario(zeitraum={"monate": 9})
    outlook = expect(build_population(town, setting))
    problem = build_problem(town, setting, outlook, outlook.population.school_types)
    now = seat_children(town, problem, outlook, setting, 60.0)
    with pytest.MonkeyPatch.context() as patch:
        offers: list[Any] = []

        def record(found: Any, offer: Any, *rest: Any) -> Solved:
            offers.append((found, offer))
            return solve_offer(found, offer, *rest)

        patch.setattr(module, "solve_offer", record)
        seat_later(town, problem, outlook, setting, now, problem.base, 60.0)
    found, offer = offers[0]
    for seats in possible_seats(found, offer).values():
        for c, s, m in seats:
            assert offer.months[m] < found[c].until
            assert s in found[c].allowed
            assert m == 0 or offer.seats[s, m] > offer.seats[s, m - 1]


# -- goals one after another -----------------------------------------------------------------------


@st.composite
def programmes(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[list[int]]]:
    """Rows with right sides over five binary variables, and three goals."""
    small = st.lists(st.integers(-3, 3), min_size=5, max_size=5)
    rows = draw(st.lists(small, min_size=1, max_size=4))
    right = [draw(st.integers(0, 4)) for _ in rows]
    return rows, right, draw(st.lists(small, min_size=3, max_size=3))


@settings(max_examples=400, deadline=None)
@given(programmes())
def test_goals_in_turn_against_all_solutions(
    programme: tuple[list[list[int]], list[int], list[list[int]]],
) -> None:
    rows, right, goals = programme
    lp = pulp.LpProblem("klein", pulp.LpMinimize)
    x = [lp.add_variable(f"x{n}", 0.0, 1.0, pulp.LpInteger) for n in range(5)]
    for r, (row, most) in enumerate(zip(rows, right, strict=True)):
        terms = pulp.LpAffineExpression([(v, f) for v, f in zip(x, row, strict=True) if f])
        lp.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintLE, f"r{r}", most))
    # A row that limits nothing, so that each variable is in the problem.
    lp.addConstraint(pulp.LpConstraint(pulp.lpSum(x), pulp.LpConstraintLE, "alle", 5))
    points = [
        p
        for p in product((0, 1), repeat=5)
        if all(np.dot(row, p) <= most for row, most in zip(rows, right, strict=True))
    ]
    best = min(tuple(int(np.dot(goal, p)) for goal in goals) for p in points)
    chain = GoalChain(lp, np.zeros(5), scenario())
    order = {v.name: n for n, v in enumerate(lp.variables())}
    found = []
    for goal in goals:
        terms = [(v, float(f)) for v, f in zip(x, goal, strict=True) if f]
        outcome = chain.minimise(terms, 60.0, whole=True)
        assert outcome.bound == pytest.approx(outcome.value, abs=1e-4)
        chain.keep(terms)
        found.append(round(outcome.value))
    values = [round(float(chain.values[order[f"x{n}"]])) for n in range(5)]
    assert tuple(values) in points
    assert tuple(found) == best
    assert tuple(int(np.dot(goal, values)) for goal in goals) == best


def test_several_goals_as_one_weigh_by_their_ranges() -> None:
    lp = pulp.LpProblem("gewichte", pulp.LpMinimize)
    a, b, c = (lp.add_variable(n, 0.0, 1.0) for n in "abc")
    goals = [([(a, 1.0)], 1.0), ([(b, 2.0), (a, -1.0)], 3.0), ([(c, 1.0)], 5.0)]
    terms, count = one_after_another(goals, 1e6)
    # A step of the second outweighs 5 of the third, one of the first 3 · 6 + 5.
    assert count == 3
    assert {v.name: f for v, f in terms} == {"a": 24.0 - 6.0, "b": 12.0, "c": 1.0}
    terms, count = one_after_another(goals, 20.0)
    assert count == 2
    assert {v.name: f for v, f in terms} == {"a": 4.0 - 1.0, "b": 2.0}
