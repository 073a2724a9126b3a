"""What is: the district on its reference date, as the reader hands it on.

All objects are frozen. Names are the office's own spelling; schools and municipalities are
referred to by their name, which is unique within the district.

``file``, ``sheet`` and ``row`` (from 1, 0 if not known) say where an entry was read. They serve the
findings only and take no part in comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

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
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class School:
    """A school that runs preparatory classes (VKA), or could run one.

    ``pupils`` are the pupils in phases 1 and 2 on the reference date, guest pupils not included.
    ``reserve`` is the number of free seats as the office wrote it, ``None`` where it wrote none.
    ``class_cap`` is the school's own limit of a class, ``None`` where the dated rule holds.
    ``free_rooms`` are rooms for further classes, ``None`` where the scenario decides.
    ``opening_cost`` is what a new class costs here, in the unit of the scenario's prices, ``None``
    where the scenario's price of a new class holds.
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
    opening_cost: float | None = None
    guests: int = 0
    phases: tuple[int | None, int | None, int | None] = (None, None, None)
    location_from: str = ""
    sheet: str = ""
    row: int = 0
    file: str = field(default="", compare=False, repr=False)


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
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Pupil:
    """A pupil of a roster (sheet Bestand), under a pseudonymous id.

    ``phase`` is 1, 2 or 3 on the reference date of the roster; ``phase_since`` the day on which it
    began, ``entered`` the first day in a VKA, each ``None`` where not known. ``municipality`` is
    empty where the residence is not known.
    """

    pupil_id: str
    school: str
    phase: int
    phase_since: date | None = None
    entered: date | None = None
    grade: int | None = None
    municipality: str = ""
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Roster:
    """All pupils of a reference date, from one sheet or from one file per school."""

    reference_date: date
    pupils: tuple[Pupil, ...]


class PlanState(Enum):
    """How firm an entry of the class plan is (sheet Klassenplan)."""

    DECIDED = "beschlossen"
    PLANNED = "geplant"
    EXCLUDED = "ausgeschlossen"


@dataclass(frozen=True)
class ClassDecision:
    """From the month ``since`` on a school runs ``classes`` classes, or must not open one."""

    school: str
    since: date
    """First day of the month."""
    classes: int
    state: PlanState
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class RoomChange:
    """From the month ``since`` on a school has ``free_rooms`` rooms for further classes.

    It holds until the next entry of the school; before the first one, what the table of schools or
    the scenario says holds (sheet Räume).
    """

    school: str
    since: date
    """First day of the month."""
    free_rooms: int
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class GivenWay:
    """Minutes one way from a municipality to a school, given by the planner."""

    municipality: str
    school: str
    minutes: float
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)
    column: int = field(default=0, compare=False, repr=False)
    """The column of the minutes, from 1."""


@dataclass(frozen=True)
class RegularClasses:
    """Regular classes of a grade of a school; the school need not run a VKA.

    ``surcharge`` are seats that inclusion takes in these classes beside the pupils
    (§ 2 SächsKlassBVO). ``school_type`` and ``municipality`` are empty where the sheet names none.
    """

    school: str
    grade: int
    classes: int
    pupils: int
    surcharge: float = 0.0
    school_type: str = ""
    municipality: str = ""
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class TeacherBudget:
    """Teacher hours per week that are there for a school type or a planning area.

    Exactly one of ``school_type`` and ``planning_area`` is not empty.
    """

    hours: float
    school_type: str = ""
    planning_area: str = ""
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class HistoryMonth:
    """What happened in a past month: registrations by school type, VKA pupils by phase.

    ``registrations`` has the key ``""`` for a number that is not split by school type. A missing
    key is an unknown number, not a zero.
    """

    month: date
    """First day of the month."""
    registrations: tuple[tuple[str, int], ...] = ()
    pupils: tuple[tuple[int, int], ...] = ()
    """(phase, pupils); phase 0 for phases 1 and 2 together."""
    file: str = field(default="", compare=False, repr=False)
    sheet: str = field(default="", compare=False, repr=False)
    row: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Place:
    """A cell of a file; ``row`` and ``column`` count from 1."""

    file: str
    sheet: str
    row: int
    column: int


@dataclass(frozen=True)
class District:
    """Everything known about a district on its reference date (Stichtag)."""

    name: str
    reference_date: date
    schools: tuple[School, ...]
    municipalities: tuple[Municipality, ...]
    newcomers: tuple[Newcomer, ...] = ()
    rosters: tuple[Roster, ...] = ()
    """Rosters by reference date, the latest last; that of the district's reference date is the
    roster of today."""
    class_plan: tuple[ClassDecision, ...] = ()
    room_changes: tuple[RoomChange, ...] = ()
    ways: tuple[GivenWay, ...] = ()
    regular_classes: tuple[RegularClasses, ...] = ()
    teacher_budgets: tuple[TeacherBudget, ...] = ()
    history: tuple[HistoryMonth, ...] = ()
    school_year: str = ""
    files: tuple[tuple[str, str], ...] = ()
    """(file name, SHA-256) of each file read."""
    columns: tuple[tuple[str, str, str, int], ...] = field(default=(), compare=False, repr=False)
    """(file name, sheet, column name of the layout, number from 1) of each column that was read."""
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    """Warnings of the reading, sorted by place."""
    written: tuple[tuple[Place, str], ...] = field(default=(), compare=False, repr=False)
    """Cells that were read as a number or a date and look otherwise: ``1.234``, ``–``, ``II``."""
    details: tuple[tuple[str, Place], ...] = field(default=(), compare=False, repr=False)
    """(name, cell) of what the sheet Angaben or a title says: Landkreis, Stichtag, Schuljahr."""
    legal_basis: str = ""
    """What the letters to families name as their legal basis, as the office wrote it."""

    def detail(self, name: str) -> Place | None:
        """The cell from which the Landkreis, the Stichtag or the Schuljahr was taken.

        ``None`` where it was not read from a cell.
        """
        return dict(self.details).get(name)

    @property
    def roster(self) -> Roster | None:
        """The roster of the reference date, ``None`` where there is none."""
        return next((r for r in self.rosters if r.reference_date == self.reference_date), None)

    @property
    def school_types(self) -> tuple[str, ...]:
        """School types that have a school in the table, in the order of :data:`SCHOOL_TYPES`."""
        present = {school.school_type for school in self.schools}
        return tuple(kind for kind in SCHOOL_TYPES if kind in present)
