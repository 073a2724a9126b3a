"""Ways to school: minutes from each municipality to each school.

Where the planner gives no minutes they are estimated: great circle × detour factor ÷ speed + fixed
minutes.  The great circle is the haversine formula on a sphere of 6,371.0088 km, the mean radius of
the GRS 80 ellipsoid (Moritz 2000); against the ellipsoid the error stays below 0.6 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from daz_planner.district.distance import EARTH_RADIUS_KM, Located
from daz_planner.district.model import Municipality


class LocatedSchool(Located, Protocol):
    """A school of any kind: its name and its coordinates in degrees."""

    @property
    def name(self) -> str: ...


def great_circle_km(
    municipalities: Sequence[Municipality], schools: Sequence[Located]
) -> npt.NDArray[np.float64]:
    """Distance of each seat of a municipality to each school, ``[municipality, school]``, km."""
    origin = np.radians([(m.latitude, m.longitude) for m in municipalities]).reshape(-1, 2)
    target = np.radians([(s.latitude, s.longitude) for s in schools]).reshape(-1, 2)
    latitude_1, longitude_1 = origin[:, None, 0], origin[:, None, 1]
    latitude_2, longitude_2 = target[None, :, 0], target[None, :, 1]
    half_chord = (
        np.sin((latitude_2 - latitude_1) / 2) ** 2
        + np.cos(latitude_1) * np.cos(latitude_2) * np.sin((longitude_2 - longitude_1) / 2) ** 2
    )
    distance: npt.NDArray[np.float64] = (
        2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half_chord, 0.0, 1.0)))
    )
    return distance


def way_minutes(
    municipalities: Sequence[Municipality],
    schools: Sequence[Located],
    *,
    detour: float,
    speed_kmh: float,
    fixed_minutes: float,
) -> npt.NDArray[np.float64]:
    """Estimated minutes one way, ``[municipality, school]``, rounded to a tenth of a minute.

    The rounding keeps the plan from hanging on digits that the estimate does not have.
    """
    kilometres = great_circle_km(municipalities, schools)
    return np.round(kilometres * detour / speed_kmh * 60 + fixed_minutes, 1)
