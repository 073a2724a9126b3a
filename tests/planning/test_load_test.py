"""How much arrivals a network bears, against factors worked out by hand.

One Grundschule with one class of 20 planned seats, nobody there yet, ten registrations a month, a
stay of twelve months: after t months 10·f·t children need a seat.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daz_planner.errors import InputError, OutOfTimeError
from daz_planner.planning import load_search, make_plan
from daz_planner.planning.least_waiting import LeastWaiting
from daz_planner.planning.load_factors import (
    FACTORS,
    MOST,
    NEVER,
    STEP,
    UNCHANGED,
    Search,
    first_factor,
)
from daz_planner.planning.load_futures import _Laws as Laws
from daz_planner.planning.load_futures import critical_positions, seat_needs, spread_of
from daz_planner.planning.load_search import TypeSearch
from daz_planner.planning.load_test import LoadTest, load_test, scaled
from daz_planner.planning.problem import build_problem
from daz_planner.scenario import load_scenario, with_values
from daz_planner.shipped import path
from daz_planner.simulation import simulate
from daz_planner.simulation.ensemble import draw_futures
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from daz_planner.simulation.pupils import Drawing
from daz_planner.simulation.streams import BLOCK
from tests.factories import child, district, place, scenario, school


def load_of(town: Any, **tables: Any) -> LoadTest:
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 4},
        "zuzug": {"pro_monat": 10.0},
        "klassen": {"vorlauf_monate": 1},
        "rechnen": {"laeufe": 16},
    }
    return load_test(town, scenario(**{**rest, **tables}))


def next_factor(factor: float) -> float:
    return float(FACTORS[np.searchsorted(FACTORS, factor)])


def test_the_factors_hold_the_scenario_itself() -> None:
    assert FACTORS[0] == 0.0
    assert FACTORS[UNCHANGED] == 1.0
    assert FACTORS[1] == pytest.approx(0.1, rel=0.01)
    assert pytest.approx(20.0, rel=0.01) == MOST
    np.testing.assert_allclose(FACTORS[2:] / FACTORS[1:-1], STEP)


@given(st.integers(0, NEVER))
def test_bisection_finds_the_first_factor(border: int) -> None:
    asked: list[int] = []

    def holds(n: int) -> bool:
        asked.append(n)
        return n >= border

    assert first_factor(holds) == border
    assert len(asked) < 32


def test_one_school_with_one_room() -> None:
    # In month 3 it is 30·f children for 20 seats: a class opens when more than one of them would
    # wait, 30·f - 20 > 1, f = 0.7. With two classes half a child waits from 30·f = 40.5 on.
    test = load_of(district([school("GS A", free_rooms=1)]))
    (load,) = test.types
    assert load.first_class == next_factor(0.7)
    assert load.opens is not None
    assert (load.opens.school, load.opens.month) == ("GS A", date(2017, 5, 1))
    # Up to the cap of 23 without a new class: 30·f - 23 reaches half a child.
    assert load.seats_full == next_factor(23.5 / 30)
    assert load.first_waiting == next_factor(1.35)
    assert load.waits_in == date(2017, 5, 1)
    assert test.registrations == 10.0
    assert test.first_class is test.first_waiting is load


def test_the_plan_opens_the_class_at_that_factor_and_not_below() -> None:
    town = district([school("GS A", free_rooms=1)])
    (load,) = load_of(town).types
    assert load.first_class is not None
    opened = []
    for factor in (load.first_class / STEP, load.first_class):
        setting = scenario(
            zeitraum={"monate": 4},
            zuzug={"pro_monat": 10.0 * factor},
            klassen={"vorlauf_monate": 1},
        )
        opened.append(len(make_plan(town, setting, simulate(town, setting)).openings))
    assert opened == [0, 1]


def test_another_order_of_the_goals_is_solved_as_it_is() -> None:
    # Classes before waiting: none ever opens.
    order = ["neue_klassen", "wartemonate", "klassenmonate", "weg"]
    (load,) = load_of(district([school("GS A", free_rooms=1)]), ziele={"reihenfolge": order}).types
    assert load.first_class is None
    # The same order as by the rule, with a goal in between, gives the same factor.
    order = ["wartemonate", "ueberbelegung", "neue_klassen", "klassenmonate", "weg"]
    (load,) = load_of(district([school("GS A", free_rooms=1)]), ziele={"reihenfolge": order}).types
    assert load.first_class == next_factor(0.7)


def test_without_a_room_no_class_opens() -> None:
    (load,) = load_of(district([school("GS A", free_rooms=0)])).types
    assert load.first_class is None
    assert load.opens is None
    # 30·f - 20 reaches half a child.
    assert load.first_waiting == next_factor(20.5 / 30)


def test_who_waits_for_the_first_opening_is_not_short_of_rooms() -> None:
    # Classes open in month 3 only: 20·f - 20 children wait in month 2 whatever the rooms.
    (load,) = load_of(district([school("GS A", free_rooms=1)]), klassen={"vorlauf_monate": 3}).types
    assert load.first_class == next_factor(0.7)
    assert load.first_waiting == next_factor(1.35)


def test_seats_of_today_are_full_before_a_class_may_open() -> None:
    # 30 children come at once and stay for two months; all have left when classes may open. Until
    # then 30·f - 23 wait in two months each.
    two = {"phase1": {"tabelle": [1.0]}, "phase2": {"tabelle": [1.0]}}
    (load,) = load_of(
        district([school("GS A", free_rooms=1)]),
        zuzug={"reihe": [30.0, 0.0]},
        klassen={"vorlauf_monate": 3},
        phasen={"GS": two},
    ).types
    assert load.seats_full == next_factor(23.25 / 30)
    # In month 3 20 planned seats take the next 20; the rest counts twice: 2·(30·f - 40) > 1.
    assert load.first_class == next_factor(40.5 / 30)


def test_who_has_no_school_in_reach_is_not_short_of_rooms() -> None:
    town = district([school("GS A", free_rooms=1)], [place("A-Dorf"), place("Fern", km=100)])
    shares = {"A-Dorf": 0.5, "Fern": 0.5}
    (load,) = load_of(town, zuzug={"pro_monat": 20.0, "gemeinden": shares}).types
    assert load.first_class == next_factor(0.7)
    assert load.first_waiting == next_factor(1.35)


def test_the_list_of_today_takes_seats() -> None:
    # Ten children of the list sit in the class: a forecast may still fill 20, up to the 23 of the
    # cap, so 13 seats are left and 30·f - 13 > 1.
    children = [child(f"K{n}") for n in range(10)]
    (load,) = load_of(district([school("GS A", free_rooms=1)], newcomers=children)).types
    assert load.first_class == next_factor(14 / 30)


def test_teacher_hours_keep_classes_from_opening() -> None:
    test = load_of(district([school("GS A", free_rooms=1)]), lehrer={"begrenzt": True})
    (load,) = test.types
    assert load.first_class is None
    assert load.first_waiting == next_factor(20.5 / 30)
    assert test.hours_limited
    # The futures count no more classes than the hours allow.
    assert load.waiting_spread == load.class_spread
    assert load.seats_full == next_factor(23.5 / 30)


def test_no_arrivals_are_no_case_for_a_factor() -> None:
    with pytest.raises(InputError, match="keine Anmeldungen"):
        load_of(district([school("GS A")]), zuzug={"pro_monat": 0})


def test_a_single_month_is_enough_for_nothing() -> None:
    with pytest.raises(InputError):
        load_of(district([school("GS A")]), zeitraum={"monate": 1}, zuzug={"pro_monat": 0})


# -- over the futures -----------------------------------------------------------------------------


def test_without_chance_the_futures_say_what_the_expectation_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Ten classes of 20, a cap of 20, 100·f registrations a month without any spread.
    def sure(mean: float, _: float) -> Any:
        return np.append(np.zeros(round(mean)), 1.0)

    monkeypatch.setattr("daz_planner.simulation.pupils.arrival_distribution", sure)
    monkeypatch.setattr("daz_planner.planning.load_futures.arrival_distribution", sure)
    test = load_of(
        district([school("GS A", classes=10, free_rooms=5)]),
        zuzug={"pro_monat": 100.0},
        klassen={"vorlauf_monate": 1, "obergrenze": 20},
    )
    (load,) = test.types
    assert load.first_class == next_factor(201 / 300)
    assert load.first_waiting == next_factor(300.5 / 300)
    assert load.seats_full == next_factor(200.5 / 300)
    for spread, factor in (
        (load.class_spread, load.first_class),
        (load.full_spread, load.seats_full),
        (load.waiting_spread, load.first_waiting),
    ):
        assert spread.low == spread.middle == spread.high
        assert spread.middle == pytest.approx(factor, rel=0.011)
    assert load.class_spread.suffices == 0.0
    assert load.waiting_spread.suffices == 1.0


@pytest.mark.parametrize("back", [0.0, 0.3])
def test_one_draw_counts_what_the_simulation_draws_at_each_factor(back: float) -> None:
    import daz_planner as daz

    town = canonical(daz.read_district(path("data", "meissen-2017-02-08.xlsx"))).district
    setting = with_values(load_scenario("basis"), {"abgang.rueckkehr_in_vka": back})
    population = build_population(town, setting)
    top = UNCHANGED + 100
    table = Drawing(scaled(population, float(FACTORS[top])), 1, places=False).block(0)
    needs = seat_needs(population, table, Laws(population, top).counts(1, 0), top)
    kinds = population.school_types
    of_kind = [[s.school_type == kind for s in town.schools] for kind in kinds]
    seated = np.stack([needs.seated[:, :, rows].sum(axis=2) for rows in of_kind], axis=2)
    for n in (0, UNCHANGED - 60, UNCHANGED, top):
        drawn = draw_futures(scaled(population, float(FACTORS[n])), 1, BLOCK)
        expected = drawn[:, :, :2].sum(axis=2).transpose(2, 0, 1)[1:]
        found = (seated + needs.listed + needs.seekers[..., n])[1:]
        np.testing.assert_array_equal(found, expected)


def test_more_arrivals_never_need_fewer_seats_even_with_a_level_that_moves() -> None:
    town = district([school("GS A", pupils=12)])
    setting = scenario(zuzug={"pro_monat": 20.0, "niveau_schwankung": 0.2}, zeitraum={"monate": 12})
    population = build_population(town, setting)
    counts = Laws(population, UNCHANGED + 50).counts(1, 0)
    assert (np.diff(counts, axis=0) >= 0).all()
    drawn = Drawing(population, 1, places=False).block(0)
    for t in range(1, 12):
        own = np.bincount(drawn.run[drawn.entry == t], minlength=BLOCK)
        # A level is rounded to half a percent.
        assert np.abs(counts[UNCHANGED, t] - own).max() <= np.ceil(0.02 * own.max())


@pytest.mark.parametrize("series", [[10.0], [30.0, 0.0]])
def test_a_future_is_the_smallest_factor_that_does_not_fit(series: list[float]) -> None:
    # Each future by brute force: the need drawn at a factor and at the one below.
    town = canonical(district([school("GS A", pupils=10, free_rooms=1)])).district
    setting = scenario(
        zeitraum={"monate": 6},
        zuzug={"reihe": series},
        klassen={"vorlauf_monate": 1},
        schuljahr={"stufen": {"GS": [1, 4]}},
    )
    population = build_population(town, setting)
    problem = build_problem(town, setting, expect(population), ("GS",))
    found = critical_positions(population, [problem], seed=1, runs=16, top=NEVER - 1)[:, 0]
    for run in range(16):
        for stage, seats in ((0, 20), (1, 23), (2, 40)):
            n = int(found[run, stage])
            needs = [
                draw_futures(scaled(population, float(FACTORS[m])), 1, 16)[run, 0, :2]
                .sum(axis=0)[1:6]
                .max()
                for m in (n - 1, n)
            ]
            assert needs[0] <= seats < needs[1]


def test_quantiles_of_futures_that_never_get_there() -> None:
    spread = spread_of(np.array([UNCHANGED] * 5 + [UNCHANGED + 1] * 3 + [NEVER] * 2))
    assert (spread.low, spread.middle, spread.high) == (1.0, 1.0, None)
    assert spread.suffices == 0.5


# -- where the time does not suffice ---------------------------------------------------------


class Clock:
    """Time that is up after so many looks at it."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def look(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise OutOfTimeError("Die Zeit ist um.")


def two_types() -> Any:
    return district(
        [school("GS A"), school("OS A", school_type="OS", free_rooms=0)], [place("A-Dorf")]
    )


TWO = {"zuzug": {"pro_monat": 20.0, "schularten": {"GS": 0.5, "OS": 0.5}}}


def test_whenever_the_time_is_up_what_is_known_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load_of(two_types(), **TWO)
    assert not whole.hit_limit and whole.seconds_needed is None
    known, needed = [], 0
    real = load_search.least_waiting
    for looks in range(0, 200, 9):
        clock = Clock(looks)

        def least(*given: Any, clock: Clock = clock, **more: Any) -> LeastWaiting:
            # With the time up while it runs, the solver has nothing but a poor plan.
            found = real(*given, **more)
            return found if clock.left else replace(found, value=1e6)

        monkeypatch.setattr(load_search, "least_waiting", least)
        monkeypatch.setattr(TypeSearch, "_check_time", lambda search, clock=clock: clock.look())
        part = load_of(two_types(), **TWO)
        count = 0
        for load, full in zip(part.types, whole.types, strict=True):
            for value, open_, truth in (
                (load.first_class, load.first_class_open, full.first_class),
                (load.seats_full, load.full_open, full.seats_full),
                (load.first_waiting, load.waiting_open, full.first_waiting),
            ):
                if open_ is None:
                    assert value == truth
                    count += 2
                    continue
                assert value is None
                border = np.inf if truth is None else truth
                assert open_.above is None or open_.above < border
                assert open_.most is None or open_.most >= border
                count += open_.above is not None
        known.append(count)
        assert part.hit_limit == (count < 12)
        needed += part.seconds_needed is not None
        # What the futures say needs no solver and is always there.
        assert part.waiting_spread == whole.waiting_spread
        if not part.hit_limit:
            break
    assert known[0] == 0 and known[-1] == 12
    assert known == sorted(known)
    assert needed > 1


def test_the_search_for_the_smallest_factor_asks_nothing_below_what_is_known() -> None:
    asked: list[int] = []

    def holds(n: int) -> bool:
        asked.append(n)
        return n >= 300

    search = Search(holds)
    assert search.run(below=250) == 300
    assert search.done and min(asked) > 250
