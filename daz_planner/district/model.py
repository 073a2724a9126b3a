"""What is: the district on its reference date, as the reader hands it on.

All objects are frozen. Names are the office's own spelling; schools and municipalities are
referred to by their name, which is unique within the district.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from daz_planner.district.findings import Finding

SCHOOL_TYPES: tuple[str, ...] = ("GS", "OS", "BSZ", "GYM")
"""School types (Schularten) in the order of all tables."""


@dataclass(frozen=True)
class Municipality:
    """A municipality (Gemeinde) from which pupils come.

    ``arrival_share`` is the share of all arrivals given by the planner (0 … 1), ``None`` where the
    population decides. Coordinates are WGS 84 degrees of the seat of the municipality.
    """

    name: str
    population: int
    latitude: float
    longitude: float
    ags: str = ""
    arrival_share: float | None = None
    planning_area: str = ""


@dataclass(frozen=True)
class School:
    """A school that runs preparatory classes (VKA), or could run one.

    ``pupils`` are the pupils in phases 1 and 2 on the reference date, guest pupils not included.
    ``reserve`` is the number of free seats as the office wrote it, ``None`` where it wrote none.
    ``class_cap`` is the school's own limit of a class, ``None`` where the dated rule holds.
    ``free_rooms`` are rooms for further classes, ``None`` where the scenario decides.
    ``phases`` are today's pupils in phase 1, 2 and 3, each ``None`` where it is not known.
    ``sheet`` and ``row`` say where the school was read.
    """

    name: str
    school_type: str
    pupils: int
    classes: int
    reserve: int | None
    municipality: str
    latitude: float
    longitude: float
    number: str = ""
    planning_area: str = ""
    class_cap: int | None = None
    free_rooms: int | None = None
    guests: int = 0
    phases: tuple[int | None, int | None, int | None] = (None, None, None)
    location_from: str = ""
    sheet: str = ""
    row: int = 0


@dataclass(frozen=True)
class Newcomer:
    """A registered child without a seat (sheet Neuzugänge), under a pseudonymous id."""

    pupil_id: str
    municipality: str
    school_type: str
    grade: int | None = None
    registered: date | None = None
    family: str = ""
    pinned_to: str = ""
    excluded: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()


@dataclass(frozen=True)
class District:
    """Everything known about a district on its reference date (Stichtag)."""

    name: str
    reference_date: date
    schools: tuple[School, ...]
    municipalities: tuple[Municipality, ...]
    newcomers: tuple[Newcomer, ...] = ()
    school_year: str = ""
    files: tuple[tuple[str, str], ...] = ()
    """(file name, SHA-256) of each file read."""
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    """Warnings of the reading, sorted by place."""

    @property
    def school_types(self) -> tuple[str, ...]:
        """School types that have a school in the table, in the order of :data:`SCHOOL_TYPES`."""
        present = {school.school_type for school in self.schools}
        return tuple(kind for kind in SCHOOL_TYPES if kind in present)
