"""More of anything never makes the plan worse: seat, room, hour, minute of the limit.

Plans are compared goal by goal in their order: at the first goal that differs, the plan with more
has to be better.  A goal that got better may cost a later one, so nothing is said beyond it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from daz_planner.district.model import District, TeacherBudget
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.model import PlanningModel
from daz_planner.planning.plan import StageResult
from daz_planner.planning.problem import Problem
from daz_planner.planning.stages import Budget, solve_stages
from daz_planner.scenario.solving import GOALS
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school
from tests.planning.brute import stage_order
from tests.planning.random_problems import problems

DEEP = int(os.environ.get("DAZ_TIEF", "1"))
CHECKS = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
EXACT = {"toleranz": 0.0}
TIGHT = {"luecke": 0.0, "threads": 1, "laeufe": 1}


def never_worse(before: Sequence[StageResult], after: Sequence[StageResult]) -> None:
    """Compare two plans of one school type in the order of the goals."""
    old, new = ({stage.goal: stage.value for stage in stages} for stages in (before, after))
    for goal in stage_order(GOALS):
        was, now = old.get(goal, 0.0), new.get(goal, 0.0)
        near = 1e-4 * max(1.0, abs(was))
        if goal == "vorrang":
            # Days of those who wait, weighed only among plans that are alike before.
            near = 1e-3 * max(1.0, abs(was))
        assert now <= was + near, (goal, was, now)
        if now < was - near:
            return
        # Better by a trifle: too little to tell, and enough to change what later goals may use.
        assume(abs(now - was) <= 1e-6 * max(1.0, abs(was)))


def stages_of(problem: Problem) -> list[StageResult]:
    setting = scenario(ziele=EXACT, rechnen=TIGHT)
    return solve_stages(PlanningModel(problem), setting, Budget.of_seconds(300.0), 1).stages


def one_more(row: np.ndarray, which: int) -> np.ndarray:
    more = row.copy()
    more[which % len(row)] += 1
    return more


def _seat(p: Problem, n: int) -> Problem:
    return replace(p, correction=one_more(p.correction, n))


def _larger_classes(p: Problem, n: int) -> Problem:
    return replace(p, class_cap=p.class_cap + 1.0)


def _planned_seat(p: Problem, n: int) -> Problem:
    assume((p.planning_size + 1.0 <= p.class_cap).all())
    return replace(p, planning_size=p.planning_size + 1.0)


def _room(p: Problem, n: int) -> Problem:
    return p.with_rooms(one_more(p.rooms, n))


def _month(p: Problem, n: int) -> Problem:
    shut = np.flatnonzero(~p.may_open[1:]) + 1
    assume(len(shut) > 0)
    months = p.may_open.copy()
    months[shut[n % len(shut)]] = True
    return replace(p, may_open=months)


def _hour(p: Problem, n: int) -> Problem:
    assume(len(p.hours_groups) > 0)
    groups = list(p.hours_groups)
    chosen = groups[n % len(groups)]
    groups[n % len(groups)] = replace(chosen, limit=chosen.limit + 1.0)
    return replace(p, hours_groups=tuple(groups))


def _minute(p: Problem, n: int) -> Problem:
    far = np.where(p.reach, np.inf, p.minutes)
    assume(np.isfinite(far).any())
    reach = p.reach | (p.minutes <= far.min())
    groups = tuple(
        replace(
            g,
            allowed=g.allowed
            | (reach[g.municipality] & ~p.reach[g.municipality] & (p.kind == g.kind)),
        )
        for g in p.groups
    )
    return replace(p, reach=reach, groups=groups)


def _decision(p: Problem, n: int) -> Problem:
    assume(p.barred.any())
    return replace(p, barred=np.zeros_like(p.barred))


@pytest.mark.parametrize(
    "more", [_seat, _larger_classes, _planned_seat, _room, _month, _hour, _minute, _decision]
)
@settings(max_examples=3 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(problem=problems(), which=st.integers(0, 5))
def test_more_never_makes_the_problem_worse(
    more: Callable[[Problem, int], Problem], problem: Problem, which: int
) -> None:
    if more is _seat:
        # Without a class there is no seat, whatever is entered for it.
        assume(problem.classes_today[which % len(problem.classes_today)] > 0)
    never_worse(stages_of(problem), stages_of(more(problem, which)))


# -- whole plans ----------------------------------------------------------------------------------


@st.composite
def towns(draw: st.DrawFn) -> District:
    """Up to three schools of two types on a line, and children on the list."""
    schools = []
    for n in range(draw(st.integers(1, 3))):
        classes = draw(st.integers(0, 2))
        schools.append(
            school(
                f"GS {n}" if n < 2 else "OS 2",
                km=draw(st.integers(0, 70)),
                school_type="GS" if n < 2 else "OS",
                classes=classes,
                pupils=draw(st.integers(0, 25 * classes)),
                reserve=draw(st.none() | st.integers(0, 8)) if classes else None,
                free_rooms=draw(st.integers(0, 2)),
            )
        )
    places = [place("A-Dorf"), place("B-Dorf", km=30, population=draw(st.integers(100, 3000)))]
    children = [
        child(f"k{n}", draw(st.sampled_from(["A-Dorf", "B-Dorf"])))
        for n in range(draw(st.integers(0, 4)))
    ]
    return district(schools, places, children)


def plan_of(town: District, arrivals: float, **tables: Any) -> Plan:
    setting = scenario(
        **{
            "zeitraum": {"monate": 5},
            "zuzug": {"pro_monat": arrivals, "schularten": {"GS": 0.7, "OS": 0.3}},
            "klassen": {"vorlauf_monate": 1, "planungsgroesse": 15},
            "abgang": {"wegzug_pro_monat": 0.02},
            "ziele": EXACT,
            "rechnen": TIGHT,
            **tables,
        }
    )
    return make_plan(town, setting, simulate(town, setting))


def compare_plans(before: Plan, after: Plan) -> None:
    """First the list of today, then the months ahead of each type."""
    old, new = ([c.school if c.month == 0 else None for c in p.children] for p in (before, after))
    seated = [sum(s is not None for s in seats) for seats in (old, new)]
    assert seated[1] >= seated[0]
    if old != new:
        # Other seats for the list leave other seats for those who come.
        return
    for kind in {stage.school_type for stage in before.stages + after.stages}:
        never_worse(
            [s for s in before.stages if s.school_type == kind],
            [s for s in after.stages if s.school_type == kind],
        )


def _more_in(town: District, which: int, what: str) -> District:
    chosen = which % len(town.schools)
    one = town.schools[chosen]
    if what == "room":
        more = replace(one, free_rooms=(one.free_rooms or 0) + 1)
    else:
        assume(one.reserve is not None and one.classes > 0)
        more = replace(one, reserve=(one.reserve or 0) + 1)
    schools = tuple(more if n == chosen else s for n, s in enumerate(town.schools))
    return replace(town, schools=schools)


@pytest.mark.parametrize("what", ["room", "seat"])
@settings(max_examples=3 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(town=towns(), arrivals=st.floats(2.0, 25.0), which=st.integers(0, 2))
def test_a_seat_or_room_more_never_makes_the_plan_worse(
    what: str, town: District, arrivals: float, which: int
) -> None:
    more = _more_in(town, which, what)
    compare_plans(plan_of(town, arrivals), plan_of(more, arrivals))


@settings(max_examples=3 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(town=towns(), arrivals=st.floats(2.0, 25.0), limit=st.integers(20, 69))
def test_a_minute_more_never_makes_the_plan_worse(
    town: District, arrivals: float, limit: int
) -> None:
    ways = {"richtwert": dict.fromkeys(("GS", "OS", "BSZ", "GYM"), 20.0)}
    before = plan_of(town, arrivals, wege={**ways, "grenze": float(limit)})
    after = plan_of(town, arrivals, wege={**ways, "grenze": float(limit + 1)})
    compare_plans(before, after)


@settings(max_examples=3 * DEEP, deadline=None, suppress_health_check=CHECKS)
@given(town=towns(), arrivals=st.floats(2.0, 25.0), hours=st.integers(0, 120))
def test_an_hour_more_never_makes_the_plan_worse(
    town: District, arrivals: float, hours: int
) -> None:
    plans = []
    for there in (hours, hours + 1):
        budgets = (TeacherBudget(float(there), school_type="GS"),)
        with_budget = replace(town, teacher_budgets=budgets)
        plans.append(plan_of(with_budget, arrivals, lehrer={"begrenzt": True}))
    compare_plans(plans[0], plans[1])
