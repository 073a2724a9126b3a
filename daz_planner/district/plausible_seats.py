"""Checks of classes and reserve against the pupils: numbers that can hardly be meant so."""

from __future__ import annotations

from collections.abc import Sequence

from daz_planner.district.model import District, School
from daz_planner.district.report import Report
from daz_planner.district.text import quoted
from daz_planner.german import plural

SENSELESS_FACTOR = 3
"""Pupils (or pupils and free seats) per class, as a multiple of the cap, from which on a number
must be wrong."""

MANY_CLASSES = 5
"""Classes of a school from which on nearly empty ones are no chance."""

_FEWEST_PUPILS = 3
"""Pupils a class below which that many classes do not run."""

LARGEST_CLASS = 100
"""No class has more pupils; a facility location problem may."""

_FEWEST_SCHOOLS = 4
_SEATS_A_CLASS = range(15, 41)
"""What offices count as the capacity of a class."""


def check_seats(
    district: District, class_cap: int | None, other_caps: Sequence[int], report: Report
) -> frozenset[str]:
    """Pupils, classes and reserve of each school against its cap; the names of those with a fault.

    Pupils in more classes than can run, or with more free seats than can be, are faults; so is a
    column of reserves that holds the capacity.
    """
    senseless: set[str] = set()
    capacity = _capacities(district, class_cap, other_caps, report)
    _check_class_sizes(district, report)
    for school in district.schools:
        cap = _largest_cap(school, class_cap)
        found = _check_classes(school, cap, report)
        if not found and school.name not in capacity:
            found = _check_reserve(school, cap, report)
        if found:
            senseless.add(school.name)
    return frozenset(senseless) | capacity


def _check_class_sizes(district: District, report: Report) -> None:
    """One warning where classes are larger than any class is."""
    huge = [s for s in district.schools if (s.class_cap or 0) > LARGEST_CLASS]
    if huge:
        number = plural(huge[0].class_cap or 0, "Kind", "Kindern")
        more = f" und {plural(len(huge) - 1, 'weitere', 'weitere')}" if len(huge) > 1 else ""
        report.warn(
            "klassengroesse_ueber_100",
            f"{quoted(huge[0].name)} hat eine Klassengröße von {number}{more}.",
            "Prüfen Sie die Zahl: Gemeint ist die Obergrenze einer Klasse. Gerechnet wird mit ihr.",
            at=huge[0],
            column="Klassengröße",
            value=huge[0].class_cap,
        )


def _largest_cap(school: School, class_cap: int | None) -> int | None:
    return max((cap for cap in (school.class_cap, class_cap) if cap is not None), default=None)


def _used(school: School) -> int:
    return school.pupils + school.guests


def _capacities(
    district: District, class_cap: int | None, other_caps: Sequence[int], report: Report
) -> frozenset[str]:
    """The schools whose reserve is classes × the same number, where nearly all are: one fault."""
    running = [s for s in district.schools if s.classes and _used(s) and s.reserve]
    if len(running) < _FEWEST_SCHOOLS:
        return frozenset()
    likely = [cap for cap in (class_cap, *other_caps) if cap is not None]
    own = [s for s in running if s.class_cap is not None and s.reserve == s.classes * s.class_cap]
    best: tuple[int, list[School]] = (0, [])
    for cap in dict.fromkeys((*likely, *_SEATS_A_CLASS)):
        equal = [s for s in running if s in own or s.reserve == s.classes * cap]
        if len(equal) > len(best[1]):
            best = (cap, equal)
    cap, equal = best
    if 5 * len(equal) < 4 * len(running):
        return frozenset()
    report.fault(
        "reserve_ist_kapazitaet",
        f"Bei {len(equal)} von {plural(len(running), 'Schule', 'Schulen')} mit VKA-Schülern ist "
        f"„Kap.reserve“ genau Klassen × {cap}. Das ist wohl die Kapazität, nicht die Zahl der "
        "freien Plätze.",
        "Tragen Sie die freien Plätze ein (Kapazität minus Schüler), oder leeren Sie die Spalte: "
        "dann werden sie gerechnet.",
        at=equal[0],
        column="Kap.reserve",
        value=equal[0].reserve,
    )
    return frozenset(school.name for school in equal)


def _check_classes(school: School, cap: int | None, report: Report) -> bool:
    """A fault where many classes would be nearly empty, or hold far more than is said to be."""
    used, classes = _used(school), school.classes
    if classes < MANY_CLASSES or not used:
        return False
    seats = None if cap is None else cap * classes
    told = None if school.reserve is None else used + school.reserve
    empty = used < _FEWEST_PUPILS * classes
    too_many = seats is not None and told is not None and seats > SENSELESS_FACTOR * told
    if not empty and not too_many:
        return False
    free = ""
    if school.reserve is not None:
        free = f" und {plural(school.reserve, 'freien Platz', 'freie Plätze')}"
    report.fault(
        "klassen_zu_viele",
        f"{quoted(school.name)} hat {plural(classes, 'VKA-Klasse', 'VKA-Klassen')} für "
        f"{plural(used, 'Schüler', 'Schüler')}{free}"
        + (f"; {classes} Klassen × {cap} wären {seats} Plätze." if seats is not None else "."),
        "Prüfen Sie, ob die beiden Zahlen vertauscht sind, und berichtigen Sie sie."
        if used < classes
        else "Berichtigen Sie die Zahl der VKA-Klassen oder die der Schüler.",
        at=school,
        column="VKA-Klassen",
        value=classes,
    )
    return True


def _check_reserve(school: School, cap: int | None, report: Report) -> bool:
    """A fault where pupils and free seats are more than three times what the classes hold."""
    if cap is None or not school.classes or not school.reserve:
        return False
    total, seats = _used(school) + school.reserve, cap * school.classes
    if total <= SENSELESS_FACTOR * seats or _used(school) > SENSELESS_FACTOR * seats:
        return False
    report.fault(
        "reserve_zu_gross",
        f"{quoted(school.name)}: {plural(_used(school), 'Schüler', 'Schüler')} + "
        f"{plural(school.reserve, 'freier Platz', 'freie Plätze')} = {total} ist mehr als das "
        f"Dreifache dessen, was {plural(school.classes, 'Klasse', 'Klassen')} × {cap} = {seats} "
        f"{'fasst' if school.classes == 1 else 'fassen'}.",
        "Berichtigen Sie die Reserve oder die Zahl der Klassen, oder lassen Sie die Reserve leer: "
        "dann wird sie gerechnet.",
        at=school,
        column="Kap.reserve",
        value=school.reserve,
    )
    return True
