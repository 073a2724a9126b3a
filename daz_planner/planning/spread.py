"""What is counted at a school when the pupils of the VKA are to be spread over many schools."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from daz_planner.planning.rooms import rooms_by_month
from daz_planner.simulation.population import planned_months

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

SPREAD = "streuung_schulen"
SHARE = "Anteil"


def spread_measure(
    district: District, scenario: Scenario, schools: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64] | None:
    """``[s]`` by what the VKA pupils of a school are divided; ``None`` where spread is no goal.

    1 where pupils count, a hundredth of the pupils in regular classes where shares count; not a
    number for a school without any in the sheet Regelklassen.

    Parameters
    ----------
    schools:
        Rows of ``district.schools``.
    """
    if not scenario.ziele.follows(SPREAD):
        return None
    if scenario.ziele.streuung != SHARE:
        return np.ones(len(schools))
    pupils = _regular_pupils(district)
    counts = [pupils.get(district.schools[s].name, 0) / 100.0 for s in schools]
    return np.array([count if count > 0.0 else np.nan for count in counts], dtype=np.float64)


def uncounted_schools(district: District, scenario: Scenario) -> list[str]:
    """Schools with VKA, or room for one in some month, that the goal leaves out, for want of their
    pupils."""
    if not scenario.ziele.follows(SPREAD) or scenario.ziele.streuung != SHARE:
        return []
    pupils = _regular_pupils(district)
    months = planned_months(district, scenario)
    rooms = rooms_by_month(district.schools, district.room_changes, scenario, months)
    return [
        school.name
        for school, most in zip(district.schools, rooms.max(axis=1, initial=0), strict=True)
        if (school.classes or most) and pupils.get(school.name, 0) <= 0
    ]


def _regular_pupils(district: District) -> dict[str, int]:
    """Pupils in regular classes by school."""
    pupils: dict[str, int] = defaultdict(int)
    for entry in district.regular_classes:
        pupils[entry.school] += entry.pupils
    return pupils
