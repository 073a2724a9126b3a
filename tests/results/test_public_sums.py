"""What is hidden cannot be computed back, by the program's own reasoning and by trying it all."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.results.public_sums import (
    LEAST_SHOWN,
    Line,
    Shown,
    is_small,
    protect,
    protect_later,
    ranges,
)

COUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=4)


def line(*hidden: int, shows_sum: bool = True) -> Line:
    return Line(frozenset(hidden), shows_sum)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0, 4, 9], line()),
        ([2, 30], line(0, 1)),  # 32 less 30 would be 2
        ([2, 5, 30], line(0, 1)),  # one further part is enough
        ([2, 30, 5], line(0, 1)),  # the next one, not the smallest: that would tell of its size
        ([1, 4, 9], line(0, 1, 2)),  # 5 of two: 1 and 4
        ([2, 4, 9], line(0, 1, 2)),  # 6 of two: 1 and 5 as well, but then 1 and 4 would tell itself
        ([3, 4, 9], line(0, 1)),
        ([3, 3], line(0, 1, shows_sum=False)),  # 6 of two small ones: 3 and 3
        ([3, 3, 7], line(0, 1, 2)),
        ([1, 1, 30], line(0, 1, 2)),  # 2 of two schools would be 1 and 1
        ([1, 5], line(0, 1, shows_sum=False)),  # 5 must not be seen where the sum is hidden
        ([1, 1], line(0, 1, shows_sum=False)),
        ([2, 0, 0], line(0, shows_sum=False)),  # nobody elsewhere hides nothing
        ([3], line(0, shows_sum=False)),
        ([0, 0], line()),
    ],
)
def test_by_hand(counts: list[int], expected: Line) -> None:
    assert protect([counts]) == expected


def test_both_counts_are_protected() -> None:
    # Nobody today, 2 of the list in March: hidden like 2 today, and with it the next school.
    assert protect([[0, 8, 20], [2, 8, 20]]) == line(0, 1)


def test_the_order_is_that_of_the_caller() -> None:
    assert protect([[2, 8, 20]], [2, 1, 0]) == line(0, 2)


def test_another_version_of_the_same_pupils_hides_what_the_first_one_did() -> None:
    today = [2, 8, 20, 0]
    assert protect([today]) == line(0, 1)
    # With two of the list at school 3 these two small parts would do without school 1.
    assert protect([today, [2, 8, 20, 2]]) == line(0, 1, 3)
    # Without a choice for today's pupils there is no sum in any version.
    assert protect([[2, 0], [2, 30]]) == line(0, shows_sum=False)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_children_of_the_list_never_uncover_a_school(parts: list[tuple[int, int]]) -> None:
    """Two versions with the same pupils: the later choice hides all that the first one hides."""
    today = [pupils for pupils, _ in parts]
    alone = protect([today])
    found = protect([today, [sum(pair) for pair in parts]])
    assert alone.hidden <= found.hidden
    assert alone.shows_sum or not found.shows_sum


@pytest.mark.parametrize(("parts", "most"), [(1, 9), (2, 14), (3, 12), (4, 8)])
def test_who_knows_the_rules_finds_no_small_number(parts: int, most: int) -> None:
    """All counts that give the same view, the choice of what is hidden included."""
    worlds: dict[object, list[tuple[int, ...]]] = {}
    for counts in product(range(most + 1), repeat=parts):
        found = protect([counts])
        seen = tuple(None if n in found.hidden else count for n, count in enumerate(counts))
        worlds.setdefault((seen, sum(counts) if found.shows_sum else None), []).append(counts)
    assert len(worlds) > most // 2
    for (seen, _), fitting in worlds.items():  # type: ignore[misc]
        hidden = [n for n, count in enumerate(seen) if count is None]
        if any(fitting[0][n] == most for n in hidden):
            continue  # The next world has a larger count than are tried here.
        for n in hidden:
            values = {counts[n] for counts in fitting}
            assert len(values) > 1 or not is_small(values.pop()), (seen, fitting)


@pytest.mark.parametrize(
    ("before", "months", "expected"),
    [
        (line(), [[5, 9, 20], [4, 8, 18]], line()),
        (line(), [[5, 9, 20], [3, 8, 18]], line(0, 1)),  # 29 less 26 would be 3
        (line(), [[5, 4, 20], [1, 4, 18]], line(0, 1, 2)),  # 5 of two: 1 and 4
        (line(), [[5, 2, 20], [2, 7, 18]], line(0, 1)),  # in turns, each beside the other
        (line(), [[4, 2, 20], [2, 7, 18]], line(0, 1, 2)),  # 6 of two: 1 and 5 as well
        (line(), [[5, 9, 20], [2, 9, 2]], line(0, 1, 2)),
        (line(), [[5, 0, 20], [2, 6, 18]], line(0, 2)),  # nobody in March hides nothing there
        (line(0, 1), [[2, 9, 20], [1, 2, 18]], line(0, 1, 2)),
        (line(0, 1), [[2, 9, 20], [1, 8, 18]], line(0, 1)),
        (line(), [[5, 6], [2, 3]], line(0, 1, shows_sum=False)),
        (line(), [[5, 0], [2, 0]], line(shows_sum=False)),  # the sum itself is 2
        (line(0, shows_sum=False), [[2, 0, 9], [1, 2, 9]], line(0, shows_sum=False)),
    ],
)
def test_months_by_hand(before: Line, months: list[list[int]], expected: Line) -> None:
    assert protect_later(before, months) == expected


def test_further_parts_of_months_have_the_order_of_the_caller() -> None:
    assert protect_later(line(), [[5, 8, 20], [2, 8, 20]], [2, 1, 0]) == line(0, 2)


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=1, max_size=4
        )
    )
)
@settings(max_examples=300, deadline=None)
def test_no_month_gives_a_hidden_number_back(months: list[list[int]]) -> None:
    """Other numbers of the hidden parts of any month have the same sum, one of them 4 or more."""
    known = protect(months[:1])
    found = protect_later(known, months)
    assert known.hidden <= found.hidden and (known.shows_sum or not found.shows_sum)
    if not found.shows_sum:
        return
    for month in months:
        assert not is_small(sum(month))
        assert all(n in found.hidden for n, count in enumerate(month) if is_small(count))
        held = [month[n] for n in sorted(found.hidden) if month[n]]
        if any(map(is_small, held)):
            rest = sum(held)
            fits = [v for v in product(range(1, rest + 1), repeat=len(held)) if sum(v) == rest]
            assert all(len({v[n] for v in fits}) > 1 for n in range(len(held)))
            assert all(max(v[n] for v in fits) >= LEAST_SHOWN for n in range(len(held)))


def test_small() -> None:
    told = [is_small(number) for number in (0.0, 1e-9, 0.2, 1, 3, 3.49, 3.5, 4)]
    assert told == [False, False, True, True, True, True, False, False]


@given(COUNTS)
@settings(max_examples=300, deadline=None)
def test_all_that_fits_what_is_shown(counts: list[int]) -> None:
    """Every hidden count has another value that fits; a small one could be 4 or more."""
    found = protect([counts])
    small = {n for n, count in enumerate(counts) if is_small(count)}
    assert small <= found.hidden
    assert not (found.shows_sum and is_small(sum(counts)))
    if not found.shows_sum or not found.hidden:
        return
    hidden = sorted(found.hidden)
    rest = sum(counts[n] for n in hidden)
    # A reader who knows that no school without anybody is hidden.
    fitting = [v for v in product(range(1, rest + 1), repeat=len(hidden)) if sum(v) == rest]
    for place, n in enumerate(hidden):
        values = {values[place] for values in fitting}
        assert counts[n] in values
        assert len(values) > 1 and max(values) >= LEAST_SHOWN


def test_a_two_by_two_table() -> None:
    """Rows 2 + 5 and 4 + 6: with all four sums one hidden cell is told, four are not."""
    sums = [
        Shown(("a", "b"), 7),
        Shown(("c", "d"), 10),
        Shown(("a", "c"), 6),
        Shown(("b", "d"), 11),
    ]
    one = ranges([*sums, Shown(("b",), 5), Shown(("c",), 4), Shown(("d",), 6)])
    assert one["a"] == (2, 2)
    two = ranges([*sums, Shown(("c",), 4), Shown(("d",), 6)])
    assert two["a"] == (2, 2) and two["b"] == (5, 5)
    four = ranges(sums)
    assert four == {"a": (0, 6), "b": (1, 7), "c": (0, 6), "d": (4, 10)}


def test_the_difference_of_two_sums() -> None:
    found = ranges([Shown(("a", "b", "c"), 12), Shown(("a", "b"), 10), Shown(("d", "e"), 3)])
    assert found["c"] == (2, 2)
    assert found["d"] == (0, 3)


def test_a_hidden_count_that_is_at_least_one() -> None:
    assert ranges([Shown(("a", "b"), 2)], {"a": 1, "b": 1}) == {"a": (1, 1), "b": (1, 1)}


@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=2, max_size=2))
@settings(max_examples=30, deadline=None)
def test_ranges_hold_all_that_fits(cells: list[list[int]]) -> None:
    """No table with the same sums lies outside the ranges."""
    (a, b), (c, d) = cells
    found = ranges([Shown(("a", "b"), a + b), Shown(("c", "d"), c + d), Shown(("a", "c"), a + c)])
    for w, x, y, z in product(range(9), repeat=4):
        if (w + x, y + z, w + y) == (a + b, c + d, a + c):
            for name, value in zip("abcd", (w, x, y, z), strict=True):
                low, high = found[name]
                assert low <= value <= high
