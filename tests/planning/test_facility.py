"""Capacitated facility location through the Python API."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import daz_planner as daz
from benchmarks.facility_location import Instance, drawn_as_cornuejols, orlib_problems, plain_model
from daz_planner import FacilityPlan, facility_location
from daz_planner.errors import OutOfTimeError
from daz_planner.planning import facility as search
from daz_planner.planning.facility_bound import lagrangian_bound
from daz_planner.planning.facility_data import check_facilities
from daz_planner.planning.plan import SolveStatus

CHECKS = [HealthCheck.too_slow]
DEMAND, COST = [3, 4, 5], [[1, 4.5], [2, 0], [7, 3.25]]


def assert_serves(
    plan: FacilityPlan, demand: Any, capacity: Any, *, all_of_it: bool = True
) -> None:
    """Nobody gets more than wanted, no site gives more than it has."""
    served = plan.flows.sum(axis=1)
    assert (plan.flows >= 0.0).all()
    assert (served <= np.array(demand) + 1e-6).all()
    assert not all_of_it or np.allclose(served, demand)
    assert (plan.flows.sum(axis=0) <= np.array(capacity) * plan.modules + 1e-6).all()


def test_both_sites_are_needed() -> None:
    """8 + 9 units for 12: both open, 410.5; 3 × 1 + 4 × 0 + 5 × 3.25 = 19.25."""
    plan = facility_location(DEMAND, COST, [8, 9], [10, 400.5])
    assert plan.value == pytest.approx(429.75, abs=1e-9)
    assert plan.open_sites == (0, 1)
    assert plan.status is SolveStatus.OPTIMAL
    assert plan.gap <= 1e-6
    assert plan.flows.tolist() == [[3.0, 0.0], [0.0, 4.0], [0.0, 5.0]]


def test_demand_is_split() -> None:
    """10 units, 6 fit the cheap site: 6 × 1 + 4 × 3 and two openings of 5."""
    plan = facility_location([10], [[1, 3]], [6, 20], 5)
    assert plan.value == pytest.approx(28.0)
    assert plan.flows.tolist() == [[6.0, 4.0]]


def test_modules() -> None:
    """Three modules of 4 at 7 each at the site nearby (21 + 10) beat one far away (12 + 30)."""
    plan = facility_location([10], [[1, 3]], [4, 10], [7, 12], [3, 1])
    assert plan.value == pytest.approx(31.0)
    assert plan.modules.tolist() == [3, 0]
    two = facility_location([10], [[1, 3]], [4, 10], [7, 12], [2, 1])
    assert two.value == pytest.approx(14 + 12 + 8 + 6)
    assert two.modules.tolist() == [2, 1]


def test_costs_of_the_whole_demand() -> None:
    whole = np.array(COST) * np.array(DEMAND)[:, None]
    plan = facility_location(DEMAND, whole, [8, 9], [10, 400.5], unit_cost=False)
    assert plan.value == pytest.approx(429.75)


def test_who_wants_nothing_costs_nothing() -> None:
    plan = facility_location([0, 4, 0], COST, 9, [10, 400.5])
    assert plan.value == pytest.approx(18.0)
    assert plan.flows.tolist() == [[0.0, 0.0], [4.0, 0.0], [0.0, 0.0]]
    empty = facility_location([0], [[1, 2]], 9, [3, -2])
    assert (empty.value, empty.open_sites) == (-2.0, (1,))


def test_forbidden_pairs() -> None:
    plan = facility_location([3, 4], [[1, np.inf], [np.inf, 1]], 9, 10)
    assert plan.value == pytest.approx(27.0)
    with pytest.raises(daz.InputError, match="Bedarf Nummer 1"):
        facility_location([3, 4], [[1, 1], [np.inf, np.inf]], 9, 10)
    with pytest.raises(daz.InputError, match="erlaubten Paaren"):
        facility_location([3, 4], [[1, np.inf], [1, np.inf]], [5, 5], 10)


def test_a_unit_may_be_left_at_a_price() -> None:
    """One more site for 1 unit costs 10, leaving it 4."""
    left = facility_location([6], [[1, 1]], [5, 5], 10, unserved_cost=4)
    assert left.value == pytest.approx(10 + 5 + 4)
    assert left.flows.sum() == pytest.approx(5.0)
    served = facility_location([6], [[1, 1]], [5, 5], 10, unserved_cost=20)
    assert served.value == pytest.approx(20 + 6)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"capacity": [5, 6]}, r"Kapazität aller Standorte zusammen \(11\).*Bedarf \(12\)"),
        ({"capacity": [5, 6, 7]}, "2 Zahlen, eine je Standort"),
        ({"cost": [[1, 2], [3, 4]]}, r"eine Zeile je Wert von „demand“ \(Anzahl: 3\)"),
        ({"cost": [[1, 2], [3, 4], [5, float("nan")]]}, "„cost“ enthält einen Wert"),
        ({"demand": [3, -4, 5]}, "„demand“ enthält eine Zahl unter 0"),
        ({"demand": [3, float("inf"), 5]}, "„demand“ enthält einen Wert, der keine Zahl"),
        ({"demand": ["drei", 4, 5]}, "„demand“ ist keine Tabelle von Zahlen"),
        ({"opening_cost": [1]}, "„opening_cost“ hat die Form"),
        ({"modules": [-1, 1]}, "„modules“ enthält eine Zahl unter 0"),
        ({"opening_cost": -1, "modules": float("inf")}, "beliebig viele Module"),
        ({"unserved_cost": -1}, "unserved_cost"),
    ],
)
def test_wrong_data(more: dict[str, Any], text: str) -> None:
    data = {"demand": DEMAND, "cost": COST, "capacity": [8, 9], "opening_cost": 1, **more}
    with pytest.raises(daz.InputError, match=text):
        facility_location(**data)


def cheapest_flows(demand: Any, cost: Any, room: Any) -> float:
    """Value of the transport problem by successive shortest paths, unit by unit."""
    left = [int(size) for size in room]
    used: list[list[int]] = [[0] * len(left) for _ in demand]
    total = 0.0
    for i, units in enumerate(demand):
        for _ in range(int(units)):
            total += one_more(i, cost, left, used)
    return total


def one_more(i: int, cost: Any, left: list[int], used: list[list[int]]) -> float:
    """Serve one more unit of i, moving others where that is cheaper (Bellman and Ford)."""
    sites = range(len(left))
    away = [float(cost[i][s]) for s in sites]
    by: list[tuple[int, int] | None] = [None for _ in sites]
    for _ in sites:
        for s, t in product(sites, sites):
            for j, row in enumerate(used):
                step = away[s] + float(cost[j][t]) - float(cost[j][s]) if row[s] else np.inf
                if step < away[t] - 1e-9:
                    away[t], by[t] = step, (s, j)
    last = min((s for s in sites if left[s] > 0), key=lambda s: away[s], default=None)
    if last is None:
        return np.inf
    left[last] -= 1
    at = last
    while (before := by[at]) is not None:
        s, j = before
        used[j][s] -= 1
        used[j][at] += 1
        at = s
    used[i][at] += 1
    return away[last]


@st.composite
def problems(draw: st.DrawFn) -> tuple[Any, ...]:
    """At most three customers and three sites, whole numbers."""
    sites = draw(st.integers(1, 3))
    whole = st.integers
    demand = draw(st.lists(whole(0, 5), min_size=1, max_size=3))
    cost = [draw(st.lists(whole(0, 9), min_size=sites, max_size=sites)) for _ in demand]
    capacity = draw(st.lists(whole(1, 6), min_size=sites, max_size=sites))
    opening = draw(st.lists(whole(0, 12), min_size=sites, max_size=sites))
    most = draw(st.lists(whole(0, 2), min_size=sites, max_size=sites))
    return demand, cost, capacity, opening, most


def best_of_all(problem: tuple[Any, ...], unserved: float) -> float:
    """The least value over all numbers of modules; who is not served is at a site of his own."""
    demand, cost, capacity, opening, most = problem
    with_nobody = [[*row, unserved] for row in cost]
    values = []
    for open_now in product(*(range(k + 1) for k in most)):
        room = [k * size for k, size in zip(open_now, capacity, strict=True)]
        fixed = sum(k * price for k, price in zip(open_now, opening, strict=True))
        values.append(fixed + cheapest_flows(demand, with_nobody, [*room, sum(demand)]))
    return min(values)


@given(problems(), st.sampled_from([1, 1_000_000]))
@settings(deadline=None, max_examples=60, suppress_health_check=CHECKS)
def test_brute_force(problem: tuple[Any, ...], pairs: int) -> None:
    """All numbers of modules tried, flows by shortest paths; also by way of bound and kernel."""
    demand, _, capacity, _, most = problem
    room = sum(k * size for k, size in zip(most, capacity, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_DIRECT", 5_000 if pairs > 1 else 0)
        if room < sum(demand):
            with pytest.raises(daz.InputError):
                facility_location(*problem)
            return
        plan = facility_location(*problem)
    assert plan.value == pytest.approx(best_of_all(problem, 1e9), rel=1e-6, abs=1e-6)
    assert plan.bound <= plan.value
    assert plan.status is SolveStatus.OPTIMAL
    assert_serves(plan, demand, capacity)


@given(problems(), st.integers(0, 20))
@settings(deadline=None, max_examples=60, suppress_health_check=CHECKS)
def test_brute_force_with_a_price_of_waiting(problem: tuple[Any, ...], price: int) -> None:
    plan = facility_location(*problem, unserved_cost=price)
    assert plan.value == pytest.approx(best_of_all(problem, price), rel=1e-6, abs=1e-6)
    assert_serves(plan, problem[0], problem[2], all_of_it=False)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=6, suppress_health_check=CHECKS)
def test_modules_are_as_good_as_sites_of_their_own(seed: int) -> None:
    """Each module written as a site; costs a little apart, so that no two sites are alike."""
    rng = np.random.default_rng(seed)
    demand = rng.integers(1, 10, 8)
    cost, capacity, opening = (
        rng.uniform(0, 9, (8, 3)),
        rng.integers(4, 12, 3),
        rng.uniform(1, 30, 3),
    )
    most = np.ceil(demand.sum() / capacity).astype(int)
    modular = facility_location(demand, cost, capacity, opening, most)
    site = np.repeat(np.arange(3), most)
    plain = facility_location(demand, cost[:, site], capacity[site], opening[site])
    assert modular.value == pytest.approx(plain.value, rel=1e-6)
    other = cost[:, site] + 1e-9 * np.arange(len(site))
    apart = facility_location(demand, other, capacity[site], opening[site])
    assert modular.value == pytest.approx(apart.value, rel=1e-6)
    assert_serves(plain, demand, capacity[site])


@given(st.integers(0, 10_000), st.sampled_from([None, 3.0, 30.0]))
@settings(deadline=None, max_examples=30, suppress_health_check=CHECKS)
def test_weak_duality(seed: int, unserved: float | None) -> None:
    """No bound is above any plan, and modules are ruled out only above the best plan."""
    rng = np.random.default_rng(seed)
    demand, cost = rng.integers(1, 10, 6), rng.uniform(0, 9, (6, 4))
    capacity, opening = rng.integers(12, 30, 4), rng.uniform(1, 60, 4)
    most = rng.integers(1, 3, 4)
    plan = facility_location(demand, cost, capacity, opening, most, unserved_cost=unserved)
    facilities, _ = check_facilities(
        demand, cost, capacity, opening, most, unit_cost=True, unserved_cost=unserved
    )
    for steps in (1, 3, 400):
        bound = lagrangian_bound(facilities, steps=steps, seconds=60.0)
        assert bound.value <= plan.value + 1e-6 * abs(plan.value)
        left, proven = bound.most_modules(plan.value + 1e-6)
        assert (left >= plan.modules).all()
        assert proven >= plan.value


def test_the_bound_is_near_the_optimum() -> None:
    """The relaxation with all strong inequalities is within 1 % here, the plain one is not."""
    instance = drawn_as_cornuejols(1, 30, 200, 5)
    data = (instance.demand, instance.cost, instance.capacity, instance.opening, None)
    bound = lagrangian_bound(check_facilities(*data, unit_cost=True)[0], steps=2000, seconds=60.0)
    assert 13_126.8158 * 0.99 < bound.value < 13_126.8158


def test_against_the_textbook_model() -> None:
    """Another formulation: no bound, no strong inequality, flows in units."""
    instance = drawn_as_cornuejols(3, 15, 60, 3)
    value, _, _ = plain_model(instance, 60.0)
    plan = facility_location(instance.demand, instance.cost, instance.capacity, instance.opening)
    assert plan.value == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("instance", list(orlib_problems()), ids=lambda instance: instance.name)
def test_published_optima(instance: Instance) -> None:
    """The problems cap41 … cap74 of the OR-Library: the same costs, thirteen published values."""
    plan = facility_location(instance.demand, instance.cost, instance.capacity, instance.opening)
    assert plan.value == pytest.approx(instance.published, rel=1e-6)
    assert plan.status is SolveStatus.OPTIMAL


def test_a_published_optimum_with_cbc() -> None:
    instance = next(orlib_problems())
    plan = facility_location(
        instance.demand, instance.cost, instance.capacity, instance.opening, solver="cbc"
    )
    assert plan.value == pytest.approx(1_040_444.375, rel=1e-6)


def test_no_time() -> None:
    """At the limit a plan with an honest gap or a clear error, never the word optimal."""
    instance = drawn_as_cornuejols(11, 60, 200, 5)
    try:
        plan = facility_location(
            instance.demand, instance.cost, instance.capacity, instance.opening, seconds=0.5
        )
    except daz.SolverError as error:
        assert "Zeitlimit" in str(error)
    else:
        assert plan.bound <= plan.value
        assert plan.gap <= 1e-6 or plan.status is not SolveStatus.OPTIMAL


@pytest.mark.parametrize("pairs", [2, 200])
def test_a_solver_that_fails_is_no_fault_of_the_data(
    monkeypatch: pytest.MonkeyPatch, pairs: int
) -> None:
    class Broken:
        variables = ()

        def minimise(self, *_: Any, **__: Any) -> Any:
            raise daz.SolverError("Das Rechenprogramm ist abgestürzt.")

    monkeypatch.setattr(
        "daz_planner.planning.facility_model.open_session", lambda *_, **__: Broken()
    )
    monkeypatch.setattr(search, "_DIRECT", 50)
    with pytest.raises(daz.SolverError, match="abgestürzt"):
        facility_location([1.0] * pairs, np.ones((pairs, 2)), pairs, 1)


def test_no_plan_in_time_is_no_fault_of_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        variables = ()

        def minimise(self, *_: Any, **__: Any) -> Any:
            raise OutOfTimeError("Zu langsam.")

    monkeypatch.setattr("daz_planner.planning.facility_model.open_session", lambda *_, **__: Slow())
    with pytest.raises(OutOfTimeError, match="Im Zeitlimit"):
        facility_location(DEMAND, COST, [8, 9], 1)
