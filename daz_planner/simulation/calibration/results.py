"""What the calibration hands on: each estimate with its interval, its cases and its method."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.scenario.model import Scenario

DISTRICT = ""
"""Kind of an estimate that holds for all school types together."""

SHARE = 0.8
"""Share inside the intervals."""


class Method(Enum):
    """How a stay was estimated, in words for planners."""

    CURVE = "Verlauf"
    ELAPSED = "Tage"
    STEPS = "Bestand"
    COUNTS = "Zahlen"


METHOD_TEXTS: dict[Method, str] = {
    Method.CURVE: "aus beobachteten Wechseln der Phase, ohne angenommene Form; wer schon vor dem "
    "Stichtag da war oder noch da ist, zählt nur so, wie es bekannt ist",
    Method.ELAPSED: "aus den Monaten, die die Schüler am Stichtag schon hinter sich haben; die "
    "Form der Verteilung ist angenommen (Gamma)",
    Method.STEPS: "aus dem Anteil, der am nächsten Stichtag noch in der Phase ist; ohne Tage "
    "bleibt die Streuung im Verhältnis des Szenarios",
    Method.COUNTS: "aus den Zahlen des Blatts Historie, ohne einzelne Schüler",
}


@dataclass(frozen=True)
class Value:
    """A number and its 80 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class StayEstimate:
    """The stay of a school type in a phase, in months.

    ``table`` are the probabilities of 1, 2, … months where the curve is kept as it is; ``mean`` and
    ``spread`` are those of the table then. ``cases`` are pupils that tell about it. ``default`` is
    the mean of the scenario underneath.
    """

    kind: str
    phase: int
    method: Method
    cases: int
    mean: Value
    spread: Value
    default: float
    table: tuple[float, ...] | None = None


@dataclass(frozen=True)
class RateEstimate:
    """A single number of the scenario, like the share that moves away in a month."""

    value: Value
    cases: int
    default: float | None
    source: str
    """German: what it was counted from."""


@dataclass(frozen=True)
class Calibration:
    """All estimates. What is ``None`` or missing could not be estimated; ``notes`` say why."""

    district: str
    days: tuple[date, ...]
    pupils: tuple[int, ...]
    """Pupils in phases 1 and 2 on each day."""
    files: tuple[str, ...]
    basis: Scenario
    stays: tuple[StayEstimate, ...]
    moving: RateEstimate | None
    arrivals: RateEstimate | None
    level_in_sheet: bool
    """Whether a run on the latest input finds the same level in its sheet Historie."""
    drift: float | None
    """How much the level of the arrivals moves in a month; ``None``: as in ``basis``."""
    variance: RateEstimate | None
    shares: tuple[tuple[str, Value, int], ...]
    """(school type, share of the arrivals, cases); empty where not known."""
    notes: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all could be estimated."""
        found = (self.moving, self.arrivals, self.variance)
        return not any(s.kind for s in self.stays) and not self.shares and found == (None,) * 3
