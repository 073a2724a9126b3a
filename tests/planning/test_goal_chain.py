"""A goal that is done keeps its value, also where an earlier goal's limit is what made it."""

from __future__ import annotations

import numpy as np
import pulp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.planning.goal_chain import GoalChain, value_of
from daz_planner.planning.relaxation import Relaxation, Vertex
from daz_planner.planning.session import Terms
from tests.factories import scenario


def two_numbers(least: int = 0) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Two whole numbers from 0 to 5 with a sum from ``least`` to 9."""
    problem = pulp.LpProblem("two", pulp.LpMinimize)
    pair = [problem.add_variable(name, 0, 5, pulp.LpInteger) for name in ("x", "y")]
    problem.addConstraint(pulp.LpConstraint(pulp.lpSum(pair), pulp.LpConstraintGE, "r", least))
    problem.addConstraint(pulp.LpConstraint(pulp.lpSum(pair), pulp.LpConstraintLE, "s", 9))
    return problem, pair


def test_a_goal_that_leans_on_a_limit_keeps_its_value() -> None:
    problem, (x, y) = two_numbers()
    chain = GoalChain(problem, np.array([2.0, 1.0]), scenario())
    chain.limit([("x", -1.0), ("y", -1.0)], -3.0)
    fewest: Terms = [(x, 1.0), (y, 1.0)]
    assert chain.minimise(fewest, 10.0, whole=True).value == pytest.approx(3.0)
    chain.keep(fewest)
    most: Terms = [(x, -2.0), (y, -1.0)]
    assert chain.minimise(most, 10.0, whole=True).value == pytest.approx(-6.0)
    assert value_of(fewest, chain.values) == pytest.approx(3.0, abs=1e-4)


@given(
    st.integers(0, 9),
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=5),
)
def test_goals_one_after_the_other_are_those_of_all_pairs(
    least: int, goals: list[tuple[int, int]]
) -> None:
    problem, (x, y) = two_numbers(least)
    first = (min(5, least), max(0, least - 5))
    chain = GoalChain(problem, np.array(first, dtype=np.float64), scenario())
    left = [(a, b) for a in range(6) for b in range(6) if least <= a + b <= 9]
    for p, q in goals:
        terms: Terms = [(x, float(p)), (y, float(q))]
        lowest = min(p * a + q * b for a, b in left)
        left = [(a, b) for a, b in left if p * a + q * b == lowest]
        found = chain.minimise(terms, 10.0, whole=True)
        assert found.value == pytest.approx(lowest, abs=1e-3)
        chain.keep(terms)
    assert tuple(np.round(chain.values).astype(int).tolist()) in left


def test_a_price_within_the_tolerances_fixes_nothing() -> None:
    """Values rounded to whole numbers lift a vertex by a millionth of the largest cost: the plan
    at hand, of value 10, has the column of cost 31 away from its bound."""
    problem = pulp.LpProblem("Probe", pulp.LpMinimize)
    pair = [problem.add_variable(name, 0, 1, pulp.LpInteger) for name in ("dear", "other")]
    problem.addConstraint(pulp.LpConstraint(pulp.lpSum(pair), pulp.LpConstraintLE, "r", 2))
    for index, variable in enumerate(problem.variables()):
        variable.index = index
    relaxation = Relaxation(problem)
    vertex = Vertex(-20.999979, np.zeros(2), np.array([31.0, 93.0]), np.zeros(1), False)
    assert relaxation.beyond(vertex, 10.0) == {1: 0.0}
    assert relaxation.beyond(vertex, 9.9) == {0: 0.0, 1: 0.0}
