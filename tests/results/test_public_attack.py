"""Shared versions under attack: whoever computes, or knows the rules, finds no small number."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.results.public import HIDDEN, Shared, share
from daz_planner.results.public_folder import write_public
from daz_planner.results.public_tables import public_tables
from tests.results.public_cases import (
    contents,
    more,
    moved,
    page_data,
    shared_plan,
    whole_text,
    without_program,
)

KINDS = ("GS", "OS")


def test_other_hidden_numbers_give_the_same_files(tmp_path: Path) -> None:
    """Whatever lies behind the hidden numbers: as long as their sums are the same, so are files."""
    plan = shared_plan({"GS": [2, 8, 20], "OS": [12, 30]}, {"OS": [5, 4, 0]})
    for name, told in (("a", plan), ("b", moved(plan, 1, 0)), ("c", moved(plan, 0, 1))):
        write_public(told, tmp_path / name)
    one, two, three = (without_program(contents(tmp_path / name)) for name in "abc")
    assert one == two == three
    assert page_data(tmp_path / "a") == page_data(tmp_path / "b") == page_data(tmp_path / "c")
    # Not so where a number that is shown is another one.
    write_public(moved(plan, 4, 3), tmp_path / "d")
    assert without_program(contents(tmp_path / "d")) != one


@pytest.mark.parametrize(
    "pupils",
    [
        {"GS": [1, 5, 9]},
        {"GS": [3, 3, 7, 20]},
        {"GS": [21, 20, 1]},
        {"GS": [2, 0, 4, 4, 30], "OS": [6, 7]},
        {"GS": [3, 14], "OS": [2, 9, 9]},
        {"GS": [3, 0], "OS": [12, 30]},
    ],
)
def test_for_each_small_number_another_one_gives_the_same_version(
    pupils: dict[str, list[int]],
) -> None:
    """Nothing in tables, page and record depends on a small count, however one reads them."""
    plan = shared_plan(pupils, {"OS": [5, 4, 0]})
    told = whole_text(plan)
    kinds = [item.school_type for item in plan.district.schools]
    for s, count in enumerate(plan.use_today[:, 0]):
        if not 1 <= count <= 3:
            continue
        same_type = [n for n, kind in enumerate(kinds) if kind == kinds[s] and n != s]
        others = [pair for n in same_type for pair in ((n, s), (s, n))]
        worlds = [moved(plan, *pair) for pair in others if plan.use_today[pair[0], 0] >= 2]
        worlds += [more(plan, s, 1), *([more(plan, s, -1)] if count > 1 else [])]
        assert any(whole_text(world) == told for world in worlds), (pupils, s)


def test_seats_of_a_hidden_school_tell_nothing() -> None:
    """Seats told by the office are pupils and reserve: two pupils and no reserve are two seats."""
    plan = shared_plan({"GS": [2, 20, 21]})
    seats = plan.seats.copy()
    seats[0] = 2.0
    assert whole_text(replace(plan, seats=seats)) == whole_text(plan)


def test_names_and_checksums_of_the_input_stay_out(tmp_path: Path) -> None:
    """A small file can be guessed, and its checksum says whether the guess is right."""
    plan = shared_plan({"GS": [2, 20]})
    files = (("Schulen Amt.csv", "0a1b" * 16),)
    write_public(replace(plan, district=replace(plan.district, files=files)), tmp_path / "aus")
    for name, text in contents(tmp_path / "aus").items():
        assert "Schulen Amt" not in text and "0a1b0a1b" not in text, name


def attack(shared: Shared) -> dict[str, set[int]]:
    """By name of a school: every number of today that fits all tables that are shown."""
    tables = public_tables(shared)
    month = shared.plan.months[0]
    use = tables["auslastung"]
    known: dict[str, dict[str, object]] = {}
    names = ("Schule", "Schulart", "Monat", "belegt")
    for name, kind, day, used in zip(*(use.values(column) for column in names), strict=True):
        if day == month:
            known.setdefault(kind, {})[name] = used
    sums = tables["auslastung_schularten"]
    total = {
        kind: used
        for kind, day, used in zip(
            sums.values("Schulart"), sums.values("Monat"), sums.values("belegt"), strict=True
        )
        if day == month
    }
    need = tables["bedarf"]
    wanted = {
        kind: value
        for kind, day, value in zip(
            need.values("Schulart"),
            need.values("Monat"),
            need.values("benötigt im Mittel"),
            strict=True,
        )
        if day == month
    }
    waits = tables["wartende"]
    waiting = {
        kind: value
        for kind, day, value in zip(
            waits.values("Schulart"), waits.values("Monat"), waits.values("Kinder"), strict=True
        )
        if day == month
    }
    found: dict[str, set[int]] = {}
    for kind, schools in known.items():
        hidden = [name for name, used in schools.items() if used == HIDDEN]
        seen = sum(used for used in schools.values() if isinstance(used, int))
        whole = total[kind] if isinstance(total[kind], int) else None
        queue = waiting.get(kind, 0)
        if whole is None and isinstance(wanted.get(kind), int) and isinstance(queue, int):
            whole = wanted[kind] - queue
        for values in product(range(1, 13), repeat=len(hidden)):
            if whole is None or seen + sum(values) == whole:
                for name, value in zip(hidden, values, strict=True):
                    found.setdefault(name, set()).add(value)
        # Who waits: need less seats in use.
        if queue == "unter 4" and isinstance(wanted.get(kind), int):
            assert not isinstance(total[kind], int), "need and use tell who waits"
    return found


small_tables = st.fixed_dictionaries(
    {kind: st.lists(st.integers(0, 7), min_size=1, max_size=3) for kind in KINDS}
)


waiting_lists = st.fixed_dictionaries(
    {kind: st.lists(st.integers(0, 5), min_size=3, max_size=3) for kind in KINDS}
)


@given(small_tables, waiting_lists)
@settings(max_examples=60, deadline=None)
def test_no_small_number_is_found_from_the_tables(
    pupils: dict[str, list[int]], waiting: dict[str, list[int]]
) -> None:
    plan = shared_plan(pupils, waiting)
    shared = share(plan)
    found = attack(shared)
    for item, count in zip(plan.district.schools, plan.use_today[:, 0], strict=True):
        if 1 <= count <= 3:
            assert len(found[item.name]) > 1
