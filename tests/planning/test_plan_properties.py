"""Properties of the plan on small random districts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.model import District
from daz_planner.planning import Plan, make_plan
from daz_planner.simulation import simulate
from tests.factories import child, district, place, scenario, school

ORDER = ("wartemonate", "neue_klassen", "klassenmonate", "ueberbelegung", "weg_ueber_richtwert")


@st.composite
def districts(draw: st.DrawFn) -> District:
    """One to three schools and two municipalities on a line, with some children on the list."""
    schools = []
    for n in range(draw(st.integers(1, 3))):
        classes = draw(st.integers(0, 2))
        pupils = draw(st.integers(0, 25 * classes)) if classes else 0
        schools.append(
            school(
                f"GS {n}",
                km=draw(st.integers(0, 70)),
                classes=classes,
                pupils=pupils,
                reserve=draw(st.none() | st.integers(0, 8)) if classes else None,
                free_rooms=draw(st.integers(0, 2)),
            )
        )
    places = [place("A-Dorf"), place("B-Dorf", km=30, population=draw(st.integers(100, 3000)))]
    children = [
        child(f"k{n}", draw(st.sampled_from(["A-Dorf", "B-Dorf"])))
        for n in range(draw(st.integers(0, 6)))
    ]
    return district(schools, places, children)


def settings_of(arrivals: float, **tables: Any) -> Any:
    return scenario(
        zeitraum={"monate": 5},
        zuzug={"pro_monat": arrivals},
        abgang={"wegzug_pro_monat": 0.02},
        klassen={"vorlauf_monate": 1, "planungsgroesse": 15},
        **tables,
    )


def plan_of(town: District, setting: Any) -> Plan:
    return make_plan(town, setting, simulate(town, setting))


def goals(plan: Plan) -> dict[str, float]:
    return {stage.goal: stage.value for stage in plan.stages}


@settings(max_examples=40, deadline=None)
@given(districts(), st.floats(0.0, 25.0))
def test_everybody_is_seated_or_waits(town: District, arrivals: float) -> None:
    plan = plan_of(town, settings_of(arrivals))
    entered = sum(flow.pupils for flow in plan.flows)
    last = len(plan.months) - 1
    waiting = np.zeros(len(plan.months))
    for spot in plan.waiting:
        waiting[spot.month] += spot.pupils
    listed = [seat for seat in plan.children if seat.month is None]
    registered = arrivals * last + len(town.newcomers)
    # Forecast pupils who wait move away at 2 % a month; children of the list do not.
    of_list = np.zeros(len(plan.months))
    for seat in plan.children:
        until = len(plan.months) if seat.month is None else seat.month
        of_list[:until] += 1
    thinned = 0.02 * (waiting - of_list)[:-1].sum()
    assert entered + waiting[-1] + thinned == pytest.approx(registered, abs=2e-3)
    assert len(plan.children) == len(town.newcomers)
    assert len(listed) <= waiting[-1] + 1e-6


@settings(max_examples=40, deadline=None)
@given(districts(), st.floats(0.0, 25.0))
def test_no_seat_is_given_twice(town: District, arrivals: float) -> None:
    plan = plan_of(town, settings_of(arrivals))
    above_today = np.maximum(0.0, plan.use_today + plan.use_children - plan.seats)
    assert (plan.use <= plan.seats + above_today + 1e-3).all()
    most = [s.classes + s.free_rooms for s in town.schools]
    assert (plan.classes <= np.array(most)[:, None]).all()
    assert (np.diff(plan.classes, axis=1) >= 0).all()


@settings(max_examples=25, deadline=None)
@given(districts(), st.floats(5.0, 25.0), st.integers(0, 2))
def test_a_further_room_never_makes_the_plan_worse(
    town: District, arrivals: float, which: int
) -> None:
    setting = settings_of(arrivals)
    chosen = which % len(town.schools)
    more = replace(
        town,
        schools=tuple(
            replace(s, free_rooms=(s.free_rooms or 0) + 1) if n == chosen else s
            for n, s in enumerate(town.schools)
        ),
    )
    before, after = goals(plan_of(town, setting)), goals(plan_of(more, setting))
    for goal in ORDER:
        old, new = before.get(goal, 0.0), after.get(goal, 0.0)
        # The waiting is kept within one child month, every other goal within half a percent.
        tolerance = 1.0 if goal == "wartemonate" else 0.005 * abs(old)
        if new < old - tolerance - 1e-4:
            return
        if goal == "wartemonate":
            assert new <= old + 1e-4
            if new < old - 1e-4:
                # Less waiting may cost a class; that is better in the order of the goals.
                return
        else:
            assert new <= old + tolerance + 1e-4, goal


@settings(max_examples=10, deadline=None)
@given(districts(), st.floats(0.0, 25.0))
def test_both_solvers_reach_the_same_goals(town: District, arrivals: float) -> None:
    tight = {"luecke": 0.0, "laeufe": 1}
    highs = plan_of(town, settings_of(arrivals, rechnen=tight))
    cbc = plan_of(town, settings_of(arrivals, rechnen={**tight, "loeser": "cbc"}))
    for goal in ("wartemonate", "neue_klassen", "klassenmonate"):
        assert goals(cbc).get(goal, 0.0) == pytest.approx(goals(highs).get(goal, 0.0), abs=1e-3)


@settings(max_examples=15, deadline=None)
@given(districts(), st.floats(0.0, 25.0))
def test_the_same_input_gives_the_same_plan(town: District, arrivals: float) -> None:
    first = plan_of(town, settings_of(arrivals))
    second = plan_of(town, settings_of(arrivals))
    assert (first.use == second.use).all()
    assert first.flows == second.flows
    assert first.children == second.children
    assert first.openings == second.openings
    assert first.waiting == second.waiting
