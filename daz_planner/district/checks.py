"""Warnings that need a rule from outside the tables: pupils, classes and reserve against the cap.

The cap is a dated rule (``daz_planner.rules.class_cap``); the caller looks it up and hands it in.
"""

from __future__ import annotations

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import District, School
from daz_planner.district.text import quoted


def check_against_cap(district: District, cap: int | None) -> tuple[Finding, ...]:
    """Warn, school by school, where pupils + guests + reserve is not classes × class cap.

    Parameters
    ----------
    cap:
        Most pupils in one class on the reference date; ``None`` where no rule is known: then only
        schools with a class cap of their own are checked.

    Returns
    -------
    tuple[Finding, ...]
        At most one warning a school, in the order of the table. The reserve that the office wrote
        is honoured in any case.
    """
    found: list[Finding] = []
    for school in district.schools:
        limit = school.class_cap if school.class_cap is not None else cap
        if limit is None:
            continue
        message = _message(school, limit)
        if message is not None:
            code, problem, remedy = message
            found.append(
                Finding(
                    file=district.files[0][0] if district.files else "",
                    sheet=school.sheet,
                    row=school.row,
                    column=0,
                    code=code,
                    severity=Severity.WARNING,
                    value=school.name,
                    problem=problem,
                    remedy=remedy,
                )
            )
    return tuple(found)


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
