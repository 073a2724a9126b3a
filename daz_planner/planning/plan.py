"""The plan: what the planning hands on to results and command line.

Axes: ``s`` school (order of ``district.schools``), ``t`` month (0 is the reference date).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daz_planner.district.model import District, Newcomer
    from daz_planner.planning.bottleneck_list import Bottlenecks
    from daz_planner.planning.changes import Changes
    from daz_planner.planning.front_points import Front
    from daz_planner.planning.futures import Judgement
    from daz_planner.planning.regular import RegularSeats
    from daz_planner.planning.site_plan import Sites
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import FloatArray, Forecast, IntArray


class SolveStatus(Enum):
    """How a stage ended. The value is what a planner reads."""

    OPTIMAL = "bewiesen optimal"
    WITHIN_GAP = "innerhalb der verlangten Lücke"
    LIMIT = "am Zeitlimit beendet"
    NOT_RUN = "nicht gerechnet (Zeitlimit)"

    @property
    def is_cut_off(self) -> bool:
        """Whether the time limit came before the goal was solved."""
        return self in (SolveStatus.LIMIT, SolveStatus.NOT_RUN)


class Cause(Enum):
    """Which limit makes children wait. The value is what a planner reads.

    Where the goals are the reason, :func:`~daz_planner.planning.cause_text.cause_text` says more.
    """

    NO_SCHOOL = "keine Schule der Schulart innerhalb der Grenze des Schulwegs"
    NO_ROOM = "kein freier Raum für eine weitere Klasse in Reichweite"
    NO_TEACHER = "zu wenig Lehrerstunden"
    LEAD_TIME = "eine neue Klasse kann noch nicht öffnen (Vorlauf)"
    CLOSED_MONTH = "in diesem Monat dürfen keine Klassen öffnen"
    PINNED = "auf eine volle Schule festgelegt (Spalte „fixiert auf“)"
    ANNOUNCED = "der angekündigte Platz (früherer Plan) wird erst später frei"
    ALL_EXCLUDED = "alle Schulen in Reichweite sind für das Kind ausgeschlossen"
    EXCLUDED = "alle Schulen in Reichweite sind voll oder für das Kind ausgeschlossen"
    GRADES = "die Klassenstufe passt in keine VKA mit freiem Platz"
    CLOSING = "freie Plätze gibt es nur, bis eine Klasse schließt (Klassenplan)"
    NOT_WORTH = "nach Reihenfolge und Toleranz der Ziele öffnet dafür keine Klasse"
    NOT_SEATED = "Plätze sind frei, aber die Ziele lassen Kinder trotzdem warten"
    TIME_LIMIT = "die Rechnung wurde am Zeitlimit beendet"


class ClassKind(Enum):
    """What a new class is, by its pupils three months after it opens (13 and 10 pupils)."""

    CLASS = "Klasse"
    GROUP = "Gruppe (unter 13)"
    DOUBTFUL = "fraglich (unter 10)"


@dataclass(frozen=True)
class StageResult:
    """One goal of one school type: value, proven bound, relative gap (0.01 is 1 %), seconds.

    ``bound`` and ``gap`` are ``None`` where the solver did not tell them.
    """

    school_type: str
    goal: str
    value: float
    bound: float | None
    gap: float | None
    status: SolveStatus
    seconds: float


@dataclass(frozen=True)
class BillItem:
    """What a goal costs in a plan that weighs prices: quantity × price = amount."""

    school_type: str
    """As in :class:`StageResult`."""
    goal: str
    quantity: float
    """In the unit of the goal."""
    price: float | None
    """For one of it; ``None`` where each school has a price of its own (opening costs)."""
    amount: float
    of_list: bool = False
    """Whether it is of the children of today's list who have their seat before the months ahead are
    planned: no plan of those months changes it."""


@dataclass(frozen=True)
class Opening:
    """New classes of one school in one month, with the reason found by solving without them."""

    school: int
    month: int
    classes: int
    kind: ClassKind
    pupils_after: float
    """Expected pupils per class of the school three months after opening."""
    waiting_without: float
    """Additional child months of waiting over the horizon if these classes do not open."""
    minutes_without: float
    """Additional minutes of way over all pupils if these classes do not open."""
    reason: str


@dataclass(frozen=True)
class Alternative:
    """Another school for a child and what spoke against it (German)."""

    school: int
    minutes: float
    obstacle: str


@dataclass(frozen=True)
class ChildSeat:
    """A child of today's waiting list. ``school`` and ``month`` are ``None`` while it waits."""

    child: Newcomer
    school: int | None
    month: int | None
    minutes: float | None
    reason: str
    alternatives: tuple[Alternative, ...] = ()

    def with_schools(self, number: IntArray) -> ChildSeat:
        """The same seat with school ``s`` numbered ``number[s]``."""
        return replace(
            self,
            school=None if self.school is None else int(number[self.school]),
            alternatives=tuple(replace(a, school=int(number[a.school])) for a in self.alternatives),
        )


@dataclass(frozen=True)
class Flow:
    """Expected (fractional) newcomers of a month from a municipality who take a seat at a school.

    Children on today's list are in it too, as whole numbers, in the month of their seat.
    """

    municipality: int
    school: int
    month: int
    pupils: float
    minutes: float


@dataclass(frozen=True)
class WaitingPlace:
    """Expected children without a seat in one month, of one municipality and school type."""

    school_type: str
    municipality: int
    month: int
    pupils: float
    since: date
    """First day of the month since which the longest of them wait."""
    cause: Cause
    listed: int = 0
    """How many of them are children of today's list (they do not move away while waiting)."""
    reserve: bool = False
    """Whether a seat in reach is free up to the class cap, which the forecast may not take."""
    hours_missing: float = 0.0
    """Where teachers are the cause: hours a week that one class, or one child on a free seat, would
    need beyond those that are there, in the worst month of the school type."""


@dataclass(frozen=True)
class Plan:
    """Which classes run, who goes where, who waits; with everything needed to judge it."""

    district: District
    scenario: Scenario
    forecast: Forecast
    months: tuple[date, ...]
    classes: IntArray
    """``[s, t]`` classes that run."""
    seats: FloatArray
    """``[s, t]`` seats: classes × class cap + correction of the reserve by hand."""
    planning_seats: FloatArray
    """``[s, t]`` classes × planning size."""
    use_today: FloatArray
    """``[s, t]`` seats that today's pupils and guests are expected to use."""
    use_children: FloatArray
    """``[s, t]`` seats expected to be used by children of today's waiting list."""
    use_forecast: FloatArray
    """``[s, t]`` seats expected to be used by forecast newcomers."""
    minutes: FloatArray
    """``[municipality, s]`` minutes one way."""
    class_cap: IntArray
    """``[s, t]`` most pupils in one class."""
    weekly_hours: FloatArray
    """``[s, t]`` teacher hours per week by the dated rule."""
    stages: tuple[StageResult, ...]
    openings: tuple[Opening, ...]
    children: tuple[ChildSeat, ...]
    flows: tuple[Flow, ...]
    waiting: tuple[WaitingPlace, ...]
    hints: tuple[str, ...] = ()
    """German sentences that the planner must see: open rules, goals that were off, assumptions."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by step: ``Simulation``, ``Modell``, ``Lösung`` …"""
    demand: FloatArray | None = None
    """``[k, t]`` expected children who newly need a VKA seat in the month: registrations, changes
    into the school type, and in month 0 today's waiting list. ``k`` as in
    ``forecast.school_types``; ``None`` where the planning does not tell it."""
    place_demand: FloatArray | None = None
    """``[k, municipality, t]`` the same by residence, without today's waiting list."""
    sites: Sites | None = None
    """Candidate sites, where they were asked for."""
    bottlenecks: Bottlenecks | None = None
    """What one more seat, room or teacher is worth, where it was asked for."""
    judgement: Judgement | None = None
    """What becomes of the plan in drawn futures, where it was asked for."""
    changes: Changes | None = None
    """What is different from an earlier plan, where this one builds on it."""
    counted_today: FloatArray | None = None
    """``[s]`` today's pupils who count for the teacher hours, ``None`` where all do."""
    regular: RegularSeats | None = None
    """Seats in regular classes and who newly needs one, where the sheet Regelklassen is there."""
    bill: tuple[BillItem, ...] = ()
    """What each goal costs, where the scenario gives prices; in the order of the goals."""
    front: Front | None = None
    """How many minutes of way further classes would save, where it was asked for."""

    @property
    def use(self) -> FloatArray:
        """``[s, t]`` expected seats in use, all pupils together."""
        return self.use_today + self.use_children + self.use_forecast

    @property
    def hit_limit(self) -> bool:
        """Whether any stage ended at the time limit."""
        return any(stage.status.is_cut_off for stage in self.stages)
