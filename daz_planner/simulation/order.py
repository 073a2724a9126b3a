"""One order for all: what comes out must not hang on the order of the rows of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from daz_planner.district.model import District
from daz_planner.simulation.calendar import IntArray


@dataclass(frozen=True)
class Canonical:
    """A district with schools, municipalities and children sorted by name or id.

    ``school[s]`` is the row in the original district of school ``s`` of the sorted one, and
    likewise ``municipality``.
    """

    district: District
    school: IntArray
    municipality: IntArray


def canonical(district: District) -> Canonical:
    """Sort a district; names and ids are unique, so the result is the same for any row order."""
    schools = sorted(range(len(district.schools)), key=lambda s: district.schools[s].name)
    places = sorted(
        range(len(district.municipalities)), key=lambda i: district.municipalities[i].name
    )
    ordered = replace(
        district,
        schools=tuple(district.schools[s] for s in schools),
        municipalities=tuple(district.municipalities[i] for i in places),
        newcomers=tuple(sorted(district.newcomers, key=lambda child: child.pupil_id)),
    )
    return Canonical(ordered, np.array(schools, dtype=np.int64), np.array(places, dtype=np.int64))
