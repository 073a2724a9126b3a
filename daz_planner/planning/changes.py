"""What a plan changes against an earlier one: classes, and seats of children, each with its why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from daz_planner.district.model import SCHOOL_TYPES
from daz_planner.german import day, month, plural
from daz_planner.planning.earlier import Announced, Expected, Seat

if TYPE_CHECKING:
    from daz_planner.planning.plan import ChildSeat, Plan


class ChangeKind(Enum):
    """What is different. The value is what a planner reads."""

    NEW_CLASS = "neue Klasse"
    NO_CLASS = "Klasse entfällt"
    MOVED_CLASS = "Klasse verschoben"
    CLOSED_CLASS = "Klasse schließt"
    FEWER_TODAY = "Klasse fehlt"
    MORE_TODAY = "Klasse kam dazu"
    NO_SCHOOL = "Schule fehlt"
    NEW_CHILD = "neues Kind"
    NO_CHILD = "Kind nicht mehr auf der Liste"
    OTHER_SEAT = "anderer Platz"
    OTHER_MONTH = "Platz in anderem Monat"
    FIRST_SEAT = "jetzt mit Platz"
    NO_SEAT = "jetzt ohne Platz"


ABOUT_CLASSES = (
    ChangeKind.NO_SCHOOL,
    ChangeKind.NEW_CLASS,
    ChangeKind.MOVED_CLASS,
    ChangeKind.NO_CLASS,
    ChangeKind.CLOSED_CLASS,
    ChangeKind.FEWER_TODAY,
    ChangeKind.MORE_TODAY,
)
"""Kinds that are about a school; all others are about a child."""

_URGENCY = (
    ChangeKind.NO_SCHOOL,
    ChangeKind.FEWER_TODAY,
    ChangeKind.CLOSED_CLASS,
    ChangeKind.NO_CLASS,
    ChangeKind.MOVED_CLASS,
    ChangeKind.NEW_CLASS,
    ChangeKind.MORE_TODAY,
    ChangeKind.NO_SEAT,
    ChangeKind.OTHER_SEAT,
    ChangeKind.OTHER_MONTH,
    ChangeKind.FIRST_SEAT,
    ChangeKind.NEW_CHILD,
    ChangeKind.NO_CHILD,
)
"""The order of the list: what is lost first, classes before children."""

IN_THE_INPUT = "So steht es in der Eingabe (Blatt Schulen)."
DECIDED = "So im Blatt Klassenplan beschlossen."
EARLIER = "Der Platz wird früher frei."
LATER = "Der Platz wird später frei, oder ein Kind, das länger wartet, hat den früheren."
NOT_POSSIBLE = "Die Klasse ist so nicht mehr möglich (Räume oder Lehrerstunden)."


@dataclass(frozen=True)
class Change:
    """One difference. ``who`` is the name of a school or the id of a child."""

    kind: ChangeKind
    who: str
    school_type: str
    before: str
    after: str
    reason: str
    when: date | None = None
    """Month from which on it is different, where there is one."""


@dataclass(frozen=True)
class Changes:
    """All differences against an earlier plan.

    Attributes
    ----------
    folder:
        Name of the earlier result folder.
    reference_date:
        Reference date of the earlier plan.
    items:
        Classes first, then children; what is lost before what is new, then by month, school type
        and name.
    kept_classes, kept_seats:
        Announced classes that open as announced, and children whose seat is the earlier one.
    held:
        School and month of each of those classes.
    """

    folder: str
    reference_date: date
    items: tuple[Change, ...]
    kept_classes: int
    kept_seats: int
    held: tuple[tuple[str, date], ...] = ()

    def count(self, *kinds: ChangeKind) -> int:
        """How many changes are of these kinds."""
        return sum(item.kind in kinds for item in self.items)


def find_changes(plan: Plan, expected: Expected) -> Changes:
    """Compare a plan with what the earlier one let expect."""
    classes, held = _class_changes(plan, expected)
    children, kept_seats = _child_changes(plan, expected)
    items = in_order([*_gone(expected), *classes, *children])
    return Changes(expected.folder, expected.reference_date, items, len(held), kept_seats, held)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """What is lost before what is new, then by month, school type and name."""
    return tuple(
        sorted(
            changes,
            key=lambda c: (
                _URGENCY.index(c.kind),
                c.when or date.max,
                SCHOOL_TYPES.index(c.school_type),
                c.who,
            ),
        )
    )


def _gone(expected: Expected) -> list[Change]:
    return [
        Change(ChangeKind.NO_SCHOOL, item.name, item.school_type, item.told, "–", item.why)
        for item in expected.gone
        if item.weighs
    ]


def _class_changes(
    plan: Plan, expected: Expected
) -> tuple[list[Change], tuple[tuple[str, date], ...]]:
    """Openings in the order of their months against those announced, school by school."""
    found = []
    held: list[tuple[str, date]] = []
    for s, school in enumerate(plan.district.schools):
        known = expected.classes.get(school.name)
        announced = Counter(known.months if known else ())
        opened = Counter(_opened(plan, s))
        held += [(school.name, since) for since in sorted((announced & opened).elements())]
        before = sorted((announced - opened).elements())
        after = sorted((opened - announced).elements())
        why = {plan.months[o.month]: o.reason for o in plan.openings if o.school == s}
        for n in range(max(len(before), len(after))):
            old = before[n] if n < len(before) else None
            new = after[n] if n < len(after) else None
            reason = why.get(new, DECIDED) if new is not None else NOT_POSSIBLE
            if known is not None and old is not None and (new is None or new > old):
                reason = known.why or reason
            kind = ChangeKind.NEW_CLASS if old is None else ChangeKind.MOVED_CLASS
            if new is None:
                kind = ChangeKind.NO_CLASS
            told = (_since(old), _since(new))
            found.append(Change(kind, school.name, school.school_type, *told, reason, new or old))
        found.extend(_closings(plan, known, s))
        if known is not None and known.unknown:
            kind = ChangeKind.MORE_TODAY if known.unknown > 0 else ChangeKind.FEWER_TODAY
            then, now = (
                plural(count, "Klasse", "Klassen") + " heute"
                for count in (school.classes - known.unknown, school.classes)
            )
            found.append(Change(kind, school.name, school.school_type, then, now, IN_THE_INPUT))
    return found, tuple(held)


def _opened(plan: Plan, s: int) -> list[date]:
    """Month of each class that opens, decided ones included."""
    row = plan.classes[s].tolist()
    return [plan.months[t] for t in range(1, len(row)) for _ in range(max(0, row[t] - row[t - 1]))]


def _closings(plan: Plan, known: Announced | None, s: int) -> list[Change]:
    """The first month in which a class closes that ran on in the earlier plan."""
    school = plan.district.schools[s]
    for t in range(1, len(plan.months)):
        now = int(plan.classes[s, t])
        if known is not None and now < min(int(plan.classes[s, t - 1]), known.earlier[t]):
            when = month(plan.months[t])
            return [
                Change(
                    ChangeKind.CLOSED_CLASS,
                    school.name,
                    school.school_type,
                    f"{plural(known.earlier[t], 'Klasse', 'Klassen')} im {when}",
                    f"{plural(now, 'Klasse', 'Klassen')} im {when}",
                    "Szenario oder Klassenplan lassen sie schließen.",
                    plan.months[t],
                )
            ]
    return []


def _since(when: date | None) -> str:
    return "–" if when is None else f"ab {month(when)}"


def _child_changes(plan: Plan, expected: Expected) -> tuple[list[Change], int]:
    found, kept = [], 0
    now = {seat.child.pupil_id: seat for seat in plan.children}
    for pupil_id, old in expected.seats.items():
        if pupil_id not in now:
            found.append(
                Change(
                    ChangeKind.NO_CHILD,
                    pupil_id,
                    old.school_type,
                    _told(old),
                    "–",
                    expected.left[pupil_id],
                )
            )
    for pupil_id, seat in now.items():
        new = _seat_of(plan, seat)
        if pupil_id not in expected.seats:
            found.append(
                Change(
                    ChangeKind.NEW_CHILD,
                    pupil_id,
                    new.school_type,
                    "–",
                    _told(new),
                    _registered(seat),
                    new.since,
                )
            )
            continue
        old = expected.seats[pupil_id]
        kind = _difference(old, new, plan.months[0])
        if kind is None:
            kept += old.school != ""
            continue
        why = expected.released.get(pupil_id, "") or seat.reason
        if kind is ChangeKind.OTHER_MONTH and pupil_id in expected.keep:
            why = EARLIER if _is_earlier(old, new) else LATER
        since = new.since or old.since
        found.append(Change(kind, pupil_id, new.school_type, _told(old), _told(new), why, since))
    return found, kept


def _registered(seat: ChildSeat) -> str:
    if seat.child.registered is None:
        return f"Steht neu auf der Liste; {seat.reason}."
    return f"Gemeldet am {day(seat.child.registered)}; {seat.reason}."


def _seat_of(plan: Plan, seat: ChildSeat) -> Seat:
    if seat.school is None or seat.month is None:
        return Seat(seat.child.school_type, "", None)
    name = plan.district.schools[seat.school].name
    return Seat(seat.child.school_type, name, plan.months[seat.month])


def _difference(old: Seat, new: Seat, today: date) -> ChangeKind | None:
    """How two seats of a child differ; a seat since before today counts as one of today."""
    if old.school == "" or new.school == "":
        if old.school == new.school:
            return None
        return ChangeKind.FIRST_SEAT if new.school else ChangeKind.NO_SEAT
    if old.school != new.school:
        return ChangeKind.OTHER_SEAT
    assert old.since is not None and new.since is not None
    return None if max(old.since, today) == new.since else ChangeKind.OTHER_MONTH


def _is_earlier(old: Seat, new: Seat) -> bool:
    return old.since is not None and new.since is not None and new.since < old.since


def _told(seat: Seat) -> str:
    return f"{seat.school} ab {month(seat.since)}" if seat.since is not None else "wartet"
