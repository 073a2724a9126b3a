"""The placing of one month against all placings that there are, and the rule of an office."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.planning.futures_office import Office, OfficeRules
from daz_planner.planning.futures_placing import WAITS, _Contest, place_children, placing_costs

Case = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """One future: place and rank of up to six children, minutes, what is allowed, free seats."""
    schools, places = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    children = draw(st.integers(0, 6))

    def whole(count: int, most: int) -> np.ndarray:
        return np.array(
            draw(st.lists(st.integers(0, most), min_size=count, max_size=count)), dtype=np.int64
        )

    minutes = whole(places * schools, 30).reshape(places, schools).astype(float)
    allowed = whole(places * schools, 3).reshape(places, schools) > 0
    place, rank = whole(children, places - 1), whole(children, 2)
    return place, rank, minutes, allowed, whole(schools, 3)


def quality(
    chosen: np.ndarray, place: np.ndarray, rank: np.ndarray, minutes: np.ndarray
) -> tuple[tuple[int, ...], float]:
    """Fewer is better: minus the children seated of each rank, then the minutes."""
    seated = chosen >= 0
    ranks = tuple(-int((seated & (rank == r)).sum()) for r in range(3))
    return ranks, float(minutes[place[seated], chosen[seated]].sum())


def best(case: Case) -> tuple[tuple[int, ...], float]:
    place, rank, minutes, allowed, free = case
    options = [[WAITS, *np.flatnonzero(allowed[p])] for p in place]
    return min(
        quality(np.array(chosen, dtype=np.int64), place, rank, minutes)
        for chosen in product(*options)
        if all(chosen.count(s) <= free[s] for s in range(len(free)))
    )


def placed(case: Case) -> np.ndarray:
    place, rank, minutes, allowed, free = case
    problem = np.zeros(len(place), dtype=np.int64)
    return place_children(problem, place, rank, placing_costs(minutes, allowed), free[None])


@settings(max_examples=400, deadline=None)
@given(cases())
def test_no_placing_is_better(case: Case) -> None:
    place, rank, minutes, allowed, free = case
    chosen = placed(case)
    seated = chosen >= 0
    assert allowed[place[seated], chosen[seated]].all()
    assert (np.bincount(chosen[seated], minlength=len(free)) <= free).all()
    ranks, way = quality(chosen, place, rank, minutes)
    best_ranks, best_way = best(case)
    assert ranks == best_ranks
    assert way == pytest.approx(best_way)


@settings(max_examples=100, deadline=None)
@given(st.lists(cases(), min_size=2, max_size=5))
def test_many_futures_at_once_are_each_alone(several: list[Case]) -> None:
    _, _, minutes, allowed, _ = several[0]
    places, schools = minutes.shape
    alike = [
        (place % places, rank, minutes, allowed, np.resize(free, schools))
        for place, rank, _, _, free in several
    ]
    together = place_children(
        np.repeat(np.arange(len(alike)), [len(case[0]) for case in alike]),
        np.concatenate([case[0] for case in alike]),
        np.concatenate([case[1] for case in alike]),
        placing_costs(minutes, allowed),
        np.array([case[4] for case in alike]),
    )
    assert together.tolist() == np.concatenate([placed(case) for case in alike]).tolist()


@settings(max_examples=200, deadline=None)
@given(cases(), st.integers(0, 2))
def test_one_more_seat_never_seats_fewer_of_a_month(case: Case, school: int) -> None:
    place, rank, minutes, allowed, free = case
    more = free.copy()
    more[school % len(free)] += 1
    before = placed(case)
    after = placed((place, rank, minutes, allowed, more))
    for r in range(3):
        older = rank <= r
        assert (after[older] >= 0).sum() >= (before[older] >= 0).sum()


def test_of_one_place_the_longest_waiting_gets_the_nearest_seat() -> None:
    # Three children of one place, a seat 5 minutes and a seat 9 minutes away.
    minutes = np.array([[5.0, 9.0]])
    chosen = placed(
        (
            np.zeros(3, dtype=np.int64),
            np.array([2, 0, 1]),
            minutes,
            np.ones((1, 2), dtype=bool),
            np.array([1, 1]),
        )
    )
    assert chosen.tolist() == [WAITS, 0, 1]


def test_an_older_child_moves_on_so_that_a_younger_one_sits_too() -> None:
    # The older one would ride 1 minute to school 0, which is the only one for the younger one.
    minutes = np.array([[1.0, 50.0], [2.0, 2.0]])
    allowed = np.array([[True, True], [True, False]])
    case = (np.array([0, 1]), np.array([0, 1]), minutes, allowed, np.array([1, 1]))
    assert placed(case).tolist() == [1, 0]


def office_by_hand(
    waiting: list[tuple[int, int]],
    minutes: np.ndarray,
    free: list[int],
    rooms: list[int],
    pending: list[int],
    opens_now: bool | None,
    cap: int,
) -> tuple[list[int], list[int]]:
    """(school of each child, classes ordered by school), one child after the other."""
    later = [f + cap * n for f, n in zip(free, pending, strict=True)]
    rooms, free, ordered = list(rooms), list(free), [0] * len(free)
    found = [WAITS] * len(waiting)
    for c in sorted(range(len(waiting)), key=lambda c: (waiting[c][1], c)):
        near = sorted(range(len(free)), key=lambda s: minutes[waiting[c][0], s])
        near = [s for s in near if minutes[waiting[c][0], s] <= 60]
        with_seat = [s for s in near if free[s] > 0]
        with_promise = [s for s in near if later[s] > 0]
        with_room = [s for s in near if rooms[s] > 0 and later[s] + cap > 0]
        if with_seat:
            found[c] = with_seat[0]
            free[with_seat[0]] -= 1
            later[with_seat[0]] -= 1
        elif with_promise:
            later[with_promise[0]] -= 1
        elif with_room and opens_now is not None:
            s = with_room[0]
            rooms[s] -= 1
            ordered[s] += 1
            later[s] += cap - 1
            if opens_now:
                found[c] = s
                free[s] += cap - 1
    return found, ordered


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([True, False, None]), st.integers(1, 3))
def test_the_office_takes_one_child_after_the_other(
    data: st.DataObject, opens_now: bool | None, cap: int
) -> None:
    schools, runs = data.draw(st.integers(1, 3)), 2
    few = st.lists(st.integers(0, 2), min_size=schools, max_size=schools)
    signed = st.lists(st.integers(-2, 2), min_size=schools, max_size=schools)
    minutes = np.array(
        [data.draw(st.permutations([7 + 5 * s for s in range(schools)])) for _ in range(3)],
        dtype=float,
    ) * data.draw(st.sampled_from([1.0, 4.0]))
    children = [
        data.draw(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=7))
        for _ in range(runs)
    ]
    free, rooms = [data.draw(signed) for _ in range(runs)], data.draw(few)
    pending = [min(p, r) for p, r in zip(data.draw(few), rooms, strict=True)]
    # Month 1 of 3: what is pending opens in month 2.
    classes = np.array([[1, 1, 1 + p] for p in pending])
    opens = np.array([0, {True: 1, False: 2, None: 3}[opens_now], 3])
    most = np.repeat(1 + np.array(rooms)[:, None], 3, axis=1)
    rules = OfficeRules(most, np.full((schools, 3), float(cap)), opens)
    office = Office(classes, runs, rules)
    found = office.place(
        1,
        np.repeat(np.arange(runs), [len(c) for c in children]),
        np.array([place for c in children for place, _ in c], dtype=np.int64),
        np.array([rank for c in children for _, rank in c], dtype=np.int64),
        placing_costs(minutes, minutes <= 60),
        np.array(free),
    )
    by_hand = [
        office_by_hand(
            children[r],
            minutes,
            free[r],
            [m - p for m, p in zip(rooms, pending, strict=True)],
            pending,
            opens_now,
            cap,
        )
        for r in range(runs)
    ]
    assert found.tolist() == [s for school, _ in by_hand for s in school]
    ordered = office.classes[:, :, 2] - classes[None, :, 2]
    assert ordered.tolist() == [ordered for _, ordered in by_hand]


@pytest.mark.parametrize("seed", range(6))
def test_the_arcs_kept_from_step_to_step_are_those_of_all_children(seed: int) -> None:
    # Few children at many schools: schools empty and fill again on the way.
    rng = np.random.default_rng(seed)
    futures, schools = 20, 6
    problem = np.sort(rng.integers(0, futures, 160))
    place, rank = rng.integers(0, 5, 160), rng.integers(0, 3, 160)
    minutes = rng.integers(1, 60, (5, schools)).astype(float)
    costs = placing_costs(minutes, rng.random((5, schools)) < 0.8)
    costs[:, 0] = np.where(np.isfinite(costs[:, 0]), costs[:, 0], 1e6)
    free = rng.integers(0, 3, (futures, schools))
    free[:, 0] += 1
    contest = _Contest(
        problem, place, rank, np.where(free[problem] > 0, costs[place], np.inf), free
    )
    active = np.ones(len(contest.slack), dtype=np.bool_)
    while active.any():
        contest._renew_arcs()
        expected = np.full(contest.arcs.shape, np.inf)
        for row, future, node in zip(contest.rows, contest.future, contest.node, strict=True):
            gain = contest.costs[row] - contest.costs[row, node]
            expected[future, node] = np.minimum(expected[future, node], gain)
        assert np.array_equal(contest.arcs[active], expected[active])
        contest._step(active)
