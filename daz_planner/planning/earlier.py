"""An earlier plan as the beginning of a new one: what it announced, what of it is still possible.

Schools are matched by name and type, children by id.  Announced are the classes that the earlier
plan opens and that do not run yet, and the seats of the children on its list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import PlanState
from daz_planner.district.text import did_you_mean, nearest, quoted
from daz_planner.errors import InputError
from daz_planner.german import day, month, plural
from daz_planner.planning.problem import all_minutes
from daz_planner.planning.rooms import rooms_by_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daz_planner.district.model import District, Newcomer, School
    from daz_planner.planning.plan import Plan
    from daz_planner.scenario.model import Scenario

NO_ROOM = "Für die angekündigte Klasse ist kein Raum mehr frei."
BARRED = "Das Blatt Klassenplan lässt die Klasse nicht mehr zu."
NO_MONTH = "Im Zeitraum darf keine Klasse mehr öffnen."


@dataclass(frozen=True)
class Seat:
    """Where a child sits from when; ``school`` is empty and ``since`` ``None`` while it waits."""

    school_type: str
    school: str
    since: date | None


@dataclass(frozen=True)
class Gone:
    """A school of the earlier plan that is not there any more; what the plan had for it, and why.

    ``weighs`` says whether the plan had a class or a seat there.
    """

    name: str
    school_type: str
    told: str
    why: str
    weighs: bool


@dataclass(frozen=True)
class Announced:
    """The classes of one school that an earlier plan announced.

    Attributes
    ----------
    months:
        First day of the month of each class that does not run yet, in order; also those that are
        not possible any more.
    least:
        ``[t]`` classes that run at least, by month of the new plan; what is not possible is out.
    earlier:
        ``[t]`` classes of the earlier plan in these months.
    why:
        Why a class comes later than announced or not at all, empty where neither happens.
    unknown:
        Classes of the input that the earlier plan neither had nor announced; below 0 so many that
        ran before it was made and are not in the input any more.
    """

    months: tuple[date, ...]
    least: tuple[int, ...]
    earlier: tuple[int, ...]
    why: str = ""
    unknown: int = 0


@dataclass(frozen=True)
class Expected:
    """What an earlier plan lets expect of a new one.

    Attributes
    ----------
    folder, reference_date:
        Name of the earlier result folder and its reference date.
    classes:
        By name of the school.
    gone:
        Schools that are not there any more.
    seats:
        Earlier seat by id, of every child of the earlier list.
    keep:
        Id → school of the seats that may be kept.
    released:
        Id → why the earlier seat cannot be kept.
    left:
        Id → where a child is that is not on the list any more.
    """

    folder: str
    reference_date: date
    classes: dict[str, Announced]
    gone: tuple[Gone, ...]
    seats: dict[str, Seat]
    keep: dict[str, str]
    released: dict[str, str]
    left: dict[str, str]


def expected_of(
    earlier: Plan,
    folder: str,
    district: District,
    scenario: Scenario,
    months: Sequence[date],
    further: Sequence[School] = (),
) -> Expected:
    """Match an earlier plan with a district.

    Parameters
    ----------
    folder:
        Name of the earlier result folder, to be told.
    months:
        First day of each month of the new plan.
    further:
        Schools beside those of the district that may open a class (candidate sites).

    Raises
    ------
    InputError
        If the earlier plan is of a later month than the district.
    """
    if earlier.months[0] > months[0]:
        raise InputError(
            f"Der frühere Plan hat den Stichtag {day(earlier.district.reference_date)}, die "
            f"Eingabe ist älter ({day(district.reference_date)}).",
            place=folder,
            remedy="Nennen Sie mit --auf den Ordner eines Plans vom selben oder einem früheren "
            "Stichtag.",
        )
    schools = {school.name: school for school in (*district.schools, *further)}
    classes, gone = {}, []
    for s, old in enumerate(earlier.district.schools):
        new = schools.get(old.name)
        if new is None or new.school_type != old.school_type:
            gone.append(_gone(earlier, s, old, new, schools))
        else:
            classes[old.name] = _announced(earlier, s, old, new, district, scenario, months)
    seats = {
        seat.child.pupil_id: _seat(earlier, seat.school, seat.month, seat.child)
        for seat in earlier.children
    }
    keep, released = _seats_to_keep(earlier, seats, schools, district, scenario)
    return Expected(
        folder,
        earlier.district.reference_date,
        classes,
        tuple(gone),
        seats,
        keep,
        released,
        _left(seats, district),
    )


def _seat(earlier: Plan, school: int | None, since: int | None, child: Newcomer) -> Seat:
    if school is None or since is None:
        return Seat(child.school_type, "", None)
    return Seat(child.school_type, earlier.district.schools[school].name, earlier.months[since])


def _gone(
    earlier: Plan, s: int, old: School, new: School | None, schools: dict[str, School]
) -> Gone:
    opened = [earlier.months[o.month] for o in earlier.openings if o.school == s]
    seats = sum(seat.school == s for seat in earlier.children)
    told = plural(int(earlier.classes[s, -1]), "Klasse", "Klassen")
    if opened:
        told += f", davon neu ab {month(opened[0])}"
    if seats:
        told += f", {plural(seats, 'Kind', 'Kinder')} der Liste"
    if new is not None:
        why = f"Die Schulart ist jetzt {new.school_type} statt {old.school_type}."
    else:
        same = [name for name, school in schools.items() if school.school_type == old.school_type]
        near = did_you_mean(nearest(old.name, same, most=1))
        why = f"Die Schule steht nicht mehr auf dem Blatt Schulen. {near}".rstrip()
    return Gone(old.name, old.school_type, told, why, bool(earlier.classes[s].any() or seats))


def _announced(
    earlier: Plan,
    s: int,
    old: School,
    new: School,
    district: District,
    scenario: Scenario,
    months: Sequence[date],
) -> Announced:
    """Announced classes of a school that is still there.

    More classes than the earlier plan had for today count as those it announced for later; fewer
    as classes that should run and do not.
    """
    course = earlier.classes[s].tolist()
    last = len(course) - 1
    row = [min(_between(earlier.months[0], m), last) for m in months]
    rises = [
        earlier.months[t]
        for t in range(1, len(course))
        for _ in range(max(0, course[t] - course[t - 1]))
    ]
    due = [m for m in rises if m <= months[0]]
    later = [m for m in rises if m > months[0]]
    more = new.classes - course[row[0]]
    missing = due[len(due) - min(-more, len(due)) :] if more < 0 else []
    announced = (*missing, *later[max(0, more) :])
    opens = [t for t, m in enumerate(months) if t and m.month in scenario.klassen.oeffnen_in]
    begin = opens[0] if opens else len(months)
    starts = [begin] * len(missing)
    starts += [_between(months[0], m) for m in announced[len(missing) :]]
    least = [new.classes]
    for t in range(1, len(months)):
        fell = sum(max(0, course[e - 1] - course[e]) for e in range(row[0] + 1, row[t] + 1))
        least.append(max(0, new.classes + sum(start <= t for start in starts) - fell))
    why = ""
    if missing:
        since = "Nach dem früheren Plan läuft sie schon; die Eingabe nennt sie nicht."
        why = since if opens else NO_MONTH
    (rooms,) = rooms_by_month([new], district.room_changes, scenario, months).tolist()
    # A class goes on once it runs, so it needs its room from its month to the last one.
    lasting = [new.classes + min(rooms[t:]) for t in range(len(months))]
    fitting = [min(n, room) for n, room in zip(least, lasting, strict=True)]
    possible = _within_class_plan(new, district, months, list(fitting))
    if fitting != least:
        why = NO_ROOM
    if possible != fitting:
        why = BARRED
    unknown = max(0, more - len(later)) if more > 0 else more + len(missing)
    return Announced(announced, tuple(possible), tuple(course[e] for e in row), why, unknown)


def _within_class_plan(
    school: School, district: District, months: Sequence[date], least: list[int]
) -> list[int]:
    """What the sheet Klassenplan leaves: no class of a school that it closes or bars."""
    result = list(least)
    for entry in sorted(district.class_plan, key=lambda e: e.since):
        if entry.school != school.name or entry.state is PlanState.PLANNED:
            continue
        for t, m in enumerate(months):
            if t == 0 or m < entry.since:
                continue
            if entry.state is PlanState.EXCLUDED:
                result[t] = min(result[t], school.classes)
            elif entry.since > months[0] and entry.classes < school.classes:
                result[t] = max(0, least[t] - (school.classes - entry.classes))
    return result


def _between(first: date, second: date) -> int:
    return (second.year - first.year) * 12 + second.month - first.month


def _seats_to_keep(
    earlier: Plan,
    seats: dict[str, Seat],
    schools: dict[str, School],
    district: District,
    scenario: Scenario,
) -> tuple[dict[str, str], dict[str, str]]:
    minutes = all_minutes(district, scenario)
    place = {m.name: i for i, m in enumerate(district.municipalities)}
    column = {school.name: n for n, school in enumerate(district.schools)}
    pinned = {seat.child.pupil_id for seat in earlier.children if seat.child.pinned_to}
    home = {seat.child.pupil_id: seat.child.municipality for seat in earlier.children}
    keep, released = {}, {}
    for child in district.newcomers:
        seat = seats.get(child.pupil_id)
        if seat is None or not seat.school:
            continue
        name = seat.school
        way = None
        if name in column and child.municipality in place:
            way = float(minutes[place[child.municipality], column[name]])
        limit = scenario.wege.limit
        if child.school_type != seat.school_type:
            why = f"Die Schulart des Kindes ist jetzt {child.school_type}."
        elif name not in schools or schools[name].school_type != child.school_type:
            why = f"{quoted(name)} steht nicht mehr auf dem Blatt Schulen."
        elif name in child.excluded:
            why = f"{quoted(name)} ist für das Kind jetzt ausgeschlossen."
        elif child.pinned_to and child.pinned_to != name:
            why = f"Das Kind ist jetzt auf {quoted(child.pinned_to)} festgelegt."
        elif child.municipality != home[child.pupil_id] and not child.pinned_to:
            # The seat was chosen for the other way.
            why = f"Das Kind wohnt jetzt in {child.municipality} statt {home[child.pupil_id]}."
        elif way is not None and way > limit and child.pupil_id not in pinned:
            why = (
                f"Der Weg zu {quoted(name)} dauert jetzt {plural(way, 'Minute', 'Minuten')}, die "
                f"Grenze sind {plural(limit, 'Minute', 'Minuten')}."
            )
        else:
            keep[child.pupil_id] = name
            continue
        released[child.pupil_id] = why
    return keep, released


def _left(seats: dict[str, Seat], district: District) -> dict[str, str]:
    """Where children are now that are not on the list any more."""
    listed = {child.pupil_id for child in district.newcomers}
    pupils = {p.pupil_id: p.school for p in (district.roster.pupils if district.roster else ())}
    return {
        pupil_id: f"Ist jetzt Schüler: {pupils[pupil_id]} (Blatt Bestand)."
        if pupil_id in pupils
        else "Steht nicht mehr auf dem Blatt Neuzugänge."
        for pupil_id in seats
        if pupil_id not in listed
    }


def gone_findings(expected: Expected) -> tuple[Finding, ...]:
    """A warning for each school of the earlier plan that is not there any more."""
    return tuple(
        Finding(
            file=expected.folder,
            sheet="",
            row=0,
            column=0,
            code="schule_im_plan_fehlt",
            severity=Severity.WARNING,
            value=item.name,
            problem=f"Der frühere Plan nennt {quoted(item.name)} ({item.told}). {item.why}",
            remedy="Heißt die Schule jetzt anders, dann schreiben Sie sie wie im früheren Plan.",
        )
        for item in expected.gone
        if item.weighs
    )
