"""Municipalities without a VKA inside the soft limit, by hand and in the real district."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import District, GivenWay
from daz_planner.district.read import read_district
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.reachability import SPEEDS, reachability, with_speed
from daz_planner.results.reach_tables import reach_sentence, reach_table, speed_table
from daz_planner.scenario import load_scenario, with_values
from daz_planner.simulation import simulate
from tests.factories import district, place, scenario, school

EXAMPLE = Path(__file__).parents[2] / "data" / "meissen-2017-02-08.xlsx"


def plan_of(town: District, **tables: Any) -> Plan:
    setting = scenario(**tables)
    return make_plan(town, setting, simulate(town, setting))


@pytest.fixture(scope="module")
def real() -> Plan:
    town = read_district(EXAMPLE)
    setting = with_values(load_scenario("basis"), {"rechnen.laeufe": 1, "zeitraum.monate": 3})
    return make_plan(town, setting, simulate(town, setting))


# A minute is a kilometre at 60 km/h: the far place is 40 minutes away, at 30 km/h 80.
NEAR, FAR = place("A-Dorf"), place("B-Dorf", km=40, population=3000)


def test_a_far_municipality_is_named_with_its_nearest_school() -> None:
    town = district([school("GS A"), school("GS Z", km=-5)], [NEAR, FAR])
    found = reachability(plan_of(town, zuzug={"pro_monat": 4.0}))
    (far,) = found.places
    assert (far.school_type, far.municipality, far.nearest_today) == ("GS", 1, 0)
    assert (far.minutes_today, far.soft_limit) == (40.0, 30.0)
    assert far.far_today and far.far_planned and not far.given
    # Three of four inhabitants live there, so three of four children a month.
    assert far.children_a_month == pytest.approx(3.0)


@pytest.mark.parametrize(("speed", "count"), [(60.0, 1), (80.0, 0), (79.0, 1)])
def test_the_limit_itself_is_not_far(speed: float, count: int) -> None:
    # 40 km at 80 km/h are 30 minutes, which is the guide value.
    town = district([school("GS A")], [NEAR, FAR])
    found = reachability(plan_of(town, wege={"kmh": speed}))
    assert found.count("GS", speed).today == count
    assert len(found.places) == count


def test_counts_by_speed() -> None:
    places = [place(f"Ort {km}", km=km) for km in (0, 14, 16, 18, 21, 23, 26, 31)]
    town = district([school("GS A", municipality="Ort 0")], places)
    found = reachability(plan_of(town, wege={"kmh": 44.0}))
    # Within 30 minutes lies half the speed in km: 15, 17.5, 20, 22, 22.5, 25 and 30.
    assert [(c.speed_kmh, c.today) for c in found.counts] == [
        (30.0, 6),
        (35.0, 5),
        (40.0, 4),
        (44.0, 3),
        (45.0, 3),
        (50.0, 2),
        (60.0, 1),
    ]


def test_a_given_way_holds_at_every_speed() -> None:
    town = district([school("GS A")], [NEAR, FAR])
    town = replace(town, ways=(GivenWay("B-Dorf", "GS A", 20.0),))
    found = reachability(plan_of(town))
    assert found.places == ()
    assert {count.today for count in found.counts} == {0}
    assert found.given_pairs == 1
    slow = reachability(plan_of(replace(town, ways=(GivenWay("B-Dorf", "GS A", 35.0),))))
    assert {count.today for count in slow.counts} == {1}
    assert slow.places[0].given


def test_a_school_without_a_class_serves_nobody_until_it_opens() -> None:
    # 20 children a month from B-Dorf cannot all sit in A-Dorf, so the site opens.
    town = district(
        [school("GS A", free_rooms=0), school("GS B", km=40, classes=0, free_rooms=1)],
        [place("A-Dorf"), FAR],
    )
    found = reachability(plan_of(town, zuzug={"pro_monat": 8.0}))
    (far,) = found.places
    assert far.far_today and not far.far_planned
    assert (far.nearest_today, far.nearest_planned) == (0, 1)
    count = found.count("GS", 60.0)
    assert (count.today, count.planned) == (1, 0)


def test_no_school_that_runs_a_class_at_all() -> None:
    town = district([school("GS A", classes=0, free_rooms=0)], [NEAR])
    plan = plan_of(town)
    (far,) = reachability(plan).places
    assert far.nearest_today is None and far.far_today
    assert reach_table(plan).values("nächste VKA heute") == ["keine"]


def test_the_real_district_and_the_speed(real: Plan) -> None:
    # Design: at 40 km/h three municipalities have no VKA of a Grundschule within 30 minutes.
    found = reachability(real)
    far = [p for p in found.places if p.school_type == "GS"]
    names = [real.district.municipalities[p.municipality].name for p in far]
    assert names == ["Nossen", "Thiendorf", "Radeburg"]
    assert [found.count("GS", speed).today for speed in SPEEDS] == [6, 5, 3, 1, 1, 0]
    assert [found.count("OS", speed).today for speed in SPEEDS] == [1, 0, 0, 0, 0, 0]
    assert [found.count("BSZ", speed).today for speed in SPEEDS] == [2, 1, 1, 1, 1, 0]


def test_the_real_district_swings_from_0_to_16(real: Plan) -> None:
    # A bus of 20 km/h with ten minutes of waiting and walking leaves 16 of 28 municipalities far.
    slow = with_values(real.scenario, {"wege.kmh": 20.0, "wege.fest_minuten": 10.0})
    assert reachability(replace(real, scenario=slow)).count("GS", 20.0).today == 16
    assert reachability(real).count("GS", 60.0).today == 0


def test_order_of_the_rows_does_not_matter(real: Plan) -> None:
    town = real.district
    turned = replace(town, schools=town.schools[::-1], municipalities=town.municipalities[::-1])
    other = make_plan(turned, real.scenario, simulate(turned, real.scenario))
    assert reachability(other).counts == reachability(real).counts
    tables = [reach_table(plan).frame for plan in (real, other)]
    assert tables[0].equals(tables[1])
    assert reach_sentence(other) == reach_sentence(real)


def test_children_a_month_are_those_of_the_forecast(real: Plan) -> None:
    assert real.place_demand is not None and real.demand is not None
    # On the reference date only today's list needs a seat, and here it is empty.
    np.testing.assert_allclose(real.place_demand.sum(axis=1), real.demand, atol=1e-9)


def test_the_sentence_names_places_and_what_it_hangs_on(real: Plan) -> None:
    assert reach_sentence(real) == (
        "Ohne VKA innerhalb des Richtwerts: GS 3 Gemeinden (Nossen, Thiendorf und Radeburg); "
        "BSZ 1 Gemeinde (Nossen). Das hängt am angenommenen Tempo von 40 km/h: bei 30 km/h GS 6, "
        "OS 1, BSZ 2; bei 60 km/h keine."
    )
    town = district([school("GS A")], [NEAR])
    assert reach_sentence(plan_of(town)) == (
        "Jede Gemeinde hat von jeder Schulart eine VKA innerhalb des Richtwerts."
    )


def test_the_table_by_speed(real: Plan) -> None:
    table = speed_table(real)
    assert [column.name for column in table.columns][:3] == ["Tempo", "GS heute", "GS am Ende"]
    assert table.values("Tempo")[2] == "40 km/h"
    assert table.values("GS heute") == [6, 5, 3, 1, 1, 0]


def test_only_the_speed_changes() -> None:
    one = scenario()
    other = with_speed(one, 33.0)
    assert other.wege.kmh == 33.0 and one.wege.kmh == 60.0
    assert other.model_copy(update={"wege": one.wege}) == one
