"""Warnings that need a rule from outside the tables: pupils, classes and reserve against the cap.

The cap is a dated rule (``daz_planner.rules.class_cap``); the caller looks it up and hands it in.
"""

from __future__ import annotations

from collections.abc import Sequence

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import District, School
from daz_planner.district.report import first_few
from daz_planner.district.text import quoted

_FEWEST_ALIKE = 6
"""Schools from which on a deviation of most of them is told once and not for each."""


def check_against_cap(
    district: District, cap: int | None, *, other_caps: Sequence[int] = ()
) -> tuple[Finding, ...]:
    """Warn, school by school, where pupils + guests + reserve is not classes × class cap.

    Parameters
    ----------
    cap:
        Most pupils in one class on the reference date; ``None`` where no rule is known: then only
        schools with a class cap of their own are checked.
    other_caps:
        Caps of other times. Where more than half of at least six schools deviate, and all those
        whose reserve does not fit ``cap`` fit one of these, or nearly all (four of five), the
        table was made under that cap: that is one warning, and not one a school.

    Returns
    -------
    tuple[Finding, ...]
        At most one warning a school, in the order of the table. The reserve that the office wrote
        is honoured in any case.
    """
    deviating: list[tuple[School, tuple[str, str, str]]] = []
    checked = 0
    for school in district.schools:
        limit = school.class_cap if school.class_cap is not None else cap
        if limit is None:
            continue
        checked += bool(school.classes)
        message = _message(school, limit)
        if message is not None:
            deviating.append((school, message))
    found: list[Finding] = []
    fitting: frozenset[str] = frozenset()
    if cap is not None:
        other, fitting = _made_under(deviating, checked, cap, other_caps)
        if fitting:
            found.append(_whole_table(district, fitting, cap, other))
    found += [
        _finding(district, school, *message)
        for school, message in deviating
        if not (message[0] == "reserve_abweichend" and school.name in fitting)
    ]
    return tuple(found)


def _finding(district: District, school: School, code: str, problem: str, remedy: str) -> Finding:
    return Finding(
        file=school.file or (district.files[0][0] if district.files else ""),
        sheet=school.sheet,
        row=school.row,
        column=_column(
            district, school, "VKA-Schüler" if code == "ueber_obergrenze" else "Kap.reserve"
        ),
        code=code,
        severity=Severity.WARNING,
        value=school.name,
        problem=problem,
        remedy=remedy,
    )


def _column(district: District, school: School, name: str) -> int:
    """The number of a column on the sheet of the school, 0 where it is not known."""
    file = school.file or (district.files[0][0] if district.files else "")
    place = (file, school.sheet, name)
    return next((column[3] for column in district.columns if column[:3] == place), 0)


def _made_under(
    deviating: Sequence[tuple[School, tuple[str, str, str]]],
    checked: int,
    cap: int,
    other_caps: Sequence[int],
) -> tuple[int, frozenset[str]]:
    """The cap under which the table was made, and the names of the schools that fit it."""
    own = [school for school, _ in deviating if school.class_cap is None and school.classes]
    if len(own) < _FEWEST_ALIKE or 2 * len(own) <= checked:
        return 0, frozenset()
    best: tuple[int, frozenset[str]] = (0, frozenset())
    for other in other_caps:
        names = frozenset(school.name for school in own if _fits(school, other))
        if other != cap and 5 * len(names) >= 4 * len(own) and len(names) > len(best[1]):
            best = (other, names)
    return best


def _fits(school: School, cap: int) -> bool:
    total = school.pupils + school.guests + (school.reserve or 0)
    return school.reserve is not None and total == school.classes * cap


def _whole_table(district: District, fitting: frozenset[str], cap: int, other: int) -> Finding:
    """One warning for a table whose reserve was worked out under another cap."""
    schools = [school for school in district.schools if school.name in fitting]
    first = schools[0]
    return Finding(
        file=first.file or (district.files[0][0] if district.files else ""),
        sheet=first.sheet,
        row=0,
        column=0,
        code="reserve_andere_obergrenze",
        severity=Severity.WARNING,
        value=str(other),
        problem=f"Bei {len(schools)} Schulen passt die Reserve zu einer Klassenobergrenze von "
        f"{other}, gerechnet wird mit {cap}: "
        f"{first_few([school.name for school in schools], 3)}.",
        remedy="Gerechnet wird mit der Reserve der Tabelle. Prüfen Sie den Stichtag, tragen Sie "
        "die Reserve neu ein, oder lassen Sie die Spalte leer: dann ergibt sie sich aus Klassen × "
        f"{cap}. Soll {other} gelten, dann schreiben Sie es im Szenario: [klassen] obergrenze = "
        f"{other}.",
    )


def _message(school: School, cap: int) -> tuple[str, str, str] | None:
    """Code, problem and remedy of a school, ``None`` where its numbers fit."""
    used = school.pupils + school.guests
    seats = school.classes * cap
    total = used + (school.reserve or 0)
    over = used - seats
    if not school.classes:
        if not school.reserve:
            return None
        return (
            "reserve_ohne_klasse",
            f"{quoted(school.name)} hat keine VKA-Klasse, aber {_seats(school.reserve)}.",
            "Die Reserve zählt erst, wenn eine Klasse läuft.",
        )
    if over <= 0 and (school.reserve is None or total == seats):
        return None
    terms = [_count(school.pupils, "VKA-Schüler", "VKA-Schüler")]
    if school.guests:
        terms.append(_count(school.guests, "Gastschüler", "Gastschüler"))
    if school.reserve is not None:
        terms.append(_seats(school.reserve))
    left = " + ".join(terms) + (f" = {total}" if len(terms) > 1 else "")
    right = f"{_count(school.classes, 'Klasse', 'Klassen')} × {cap} = {seats}"
    problem = f"{quoted(school.name)}: {left}, aber {right}"
    honoured = f"Gerechnet wird mit der Reserve der Tabelle ({school.reserve})"
    stay = "wer schon da ist, behält seinen Platz"
    if over > 0:
        return (
            "ueber_obergrenze",
            f"{problem}, also {over} über der Klassenobergrenze.",
            f"{honoured}; {stay}."
            if school.reserve is not None
            else "Wer schon da ist, behält seinen Platz.",
        )
    return "reserve_abweichend", f"{problem}.", f"{honoured}."


def _seats(number: int) -> str:
    return _count(number, "freier Platz", "freie Plätze")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
