"""The seats of today's list in a few answers, for the terminal and the overview sheet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.plan import SolveStatus
from daz_planner.results.goals import goal_name

if TYPE_CHECKING:
    from daz_planner.planning.assign import Assignment
    from daz_planner.planning.plan import ChildSeat


def assignment_summary(result: Assignment) -> list[tuple[str, str]]:
    """Pairs of question and answer in plain German; questions that nobody asks are left out."""
    if not result.children:
        return [
            ("Bekommt jedes Kind einen Platz?", "Auf der Liste der Neuzugänge steht kein Kind.")
        ]
    answers = [
        ("Bekommt jedes Kind einen Platz?", _seats(result)),
        ("Wie weit sind die Wege?", _ways(result)),
        ("Bleiben Geschwister zusammen?", _families(result)),
        ("Werden Wünsche erfüllt?", _wishes(result)),
        ("Wie sicher ist das?", _proof(result)),
    ]
    return [(question, answer) for question, answer in answers if answer]


def _seats(result: Assignment) -> str:
    count, without, later = len(result.children), result.without_seat, result.later
    now = count - without - later
    have = f"{german.plural(now, 'Kind hat', 'Kinder haben')} sofort einen Platz"
    if later:
        have += f", {german.plural(later, 'Kind', 'Kinder')} erst später"
    if not without:
        return f"Ja. {have}."
    waits = german.plural(without, "Kind bekommt", "Kinder bekommen")
    kinds = {seat.child.school_type for seat in result.children if seat.school is None}
    last = german.month(max(result.until[kind] for kind in kinds))
    return f"Nein. {waits} bis {last} keinen Platz. {have}."


def _ways(result: Assignment) -> str:
    minutes = [seat.minutes for seat in result.children if seat.minutes is not None]
    if not minutes:
        return ""
    far = sum(
        seat.minutes is not None
        and seat.minutes > result.scenario.wege.richtwert[seat.child.school_type]
        for seat in result.children
    )
    mean = german.plural(sum(minutes) / len(minutes), "Minute", "Minuten")
    most = german.plural(max(minutes), "Minute", "Minuten")
    beyond = (
        "keines länger als der Richtwert"
        if not far
        else f"{far} von {len(minutes)} länger als der Richtwert"
    )
    return f"Im Mittel {mean}, höchstens {most} (einfacher Weg); {beyond}."


def _families(result: Assignment) -> str:
    families: defaultdict[tuple[str, str], list[ChildSeat]] = defaultdict(list)
    for seat in result.children:
        if seat.child.family:
            families[seat.child.family, seat.child.school_type].append(seat)
    several = [seats for seats in families.values() if len(seats) > 1]
    if not several:
        return ""
    together = sum(len({seat.school for seat in seats}) == 1 for seats in several)
    return (
        f"{together} von {german.plural(len(several), 'Geschwistergruppe', 'Geschwistergruppen')} "
        "einer Schulart an einer Schule; warum andere getrennt sind, steht bei jedem Kind."
        if together < len(several)
        else f"Ja, {german.plural(together, 'Geschwistergruppe', 'Geschwistergruppen')} einer "
        "Schulart an einer Schule."
    )


def _wishes(result: Assignment) -> str:
    asked = [seat for seat in result.children if seat.child.wishes]
    if not asked:
        return ""
    names = [school.name for school in result.district.schools]
    met = sum(seat.school is not None and names[seat.school] in seat.child.wishes for seat in asked)
    return f"{met} von {german.plural(len(asked), 'Kind', 'Kindern')} mit Wunsch."


def _proof(result: Assignment) -> str:
    """„optimal“ only where the solver proved it."""
    unproven = [s for s in result.stages if s.status is not SolveStatus.OPTIMAL]
    if not result.stages:
        return "Es war nichts zu entscheiden."
    if not unproven:
        return "Die Zuweisung ist bei jedem Ziel bewiesen optimal."
    names = german.listed(dict.fromkeys(f"„{goal_name(stage.goal)}“" for stage in unproven))
    return f"Nicht bis zum Beweis gerechnet: {names}."
