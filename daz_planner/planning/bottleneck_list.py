"""The bottlenecks of a plan as they are handed on: additions with their worth, ranked.

How they are found is told in :mod:`daz_planner.planning.bottlenecks`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

NOBODY_WAITS = 0.5
"""Waiting months of a school type below which nobody waits: half a child for a month."""


class Resource(Enum):
    """What there would be more of. The value is what a planner reads."""

    ROOM = "ein Raum mehr"
    HOURS = "25 Lehrerstunden mehr"
    SEAT = "ein Platz mehr"


class Certainty(Enum):
    """How far the worth is known."""

    EXACT = "genau"
    AT_LEAST = "mindestens"
    ABOUT = "etwa"
    """With the classes of the plan, and as far as its gaps and tolerances let it show."""


@dataclass(frozen=True)
class Bottleneck:
    """The worth of one addition; only one of its numbers is not 0."""

    resource: Resource
    school_type: str
    """Of teacher hours that several types share, all of them (German)."""
    school: int | None
    """Index into ``district.schools``; ``None`` for the whole school type or planning area."""
    waiting: float
    """Waiting months saved, those beyond two months counted twice."""
    classes: float
    """New classes that need not open."""
    minutes: float
    """Minutes one way saved, of all who take a seat in the period together."""
    certainty: Certainty = Certainty.EXACT
    area: str = ""
    """The planning area that the teacher hours are for, empty for those of a school type."""
    price: float = 0.0
    """What the goals cost less, in the unit of the scenario's prices, where it gives prices."""

    @property
    def worth(self) -> tuple[float, float, float, float]:
        """The key of the ranking."""
        return (self.waiting, self.classes, self.price, self.minutes)


@dataclass(frozen=True)
class Bottlenecks:
    """The additions that are worth something, the most first.

    Attributes
    ----------
    items:
        By worth; equal ones by school type and school.
    tried:
        Additions solved again.
    without_worth:
        Additions that are worth nothing for certain, without solving again.
    left_out:
        Additions that the time did not allow.
    """

    items: tuple[Bottleneck, ...]
    tried: int
    without_worth: int
    left_out: int

    @property
    def hit_limit(self) -> bool:
        """Whether the time ended before everything was tried."""
        return self.left_out > 0
