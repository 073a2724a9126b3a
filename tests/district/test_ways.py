"""Ways to school: the great circle and the estimate of minutes."""

from __future__ import annotations

import pytest

from daz_planner.district.model import Municipality
from daz_planner.district.ways import great_circle_km, way_minutes
from tests.factories import place, school


def test_a_degree_of_longitude_shrinks_with_the_latitude() -> None:
    # At 51 degrees north, where the schools of the tests lie, and at the same latitude one degree
    # east: 111.195 km times the cosine of 51 degrees, less a little for the shorter great circle.
    here = Municipality("A", 1, 51.0, 14.5)
    assert great_circle_km([here], [school("GS A")])[0, 0] == pytest.approx(69.976, abs=0.01)


def test_distance_along_a_meridian() -> None:
    assert great_circle_km([place("A", km=10.0)], [school("GS B", km=-5.0)])[0, 0] == (
        pytest.approx(15.0)
    )


def test_minutes_are_way_by_speed_plus_fixed_part() -> None:
    minutes = way_minutes(
        [place("A")], [school("GS B", km=20.0)], detour=1.3, speed_kmh=40.0, fixed_minutes=5.0
    )
    assert minutes.tolist() == [[44.0]]
