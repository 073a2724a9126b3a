"""What a planner has to know about the seats of today's list, in German sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.german import listed, plural
from daz_planner.planning.children import Seating
from daz_planner.planning.grades import span_of

if TYPE_CHECKING:
    from daz_planner.district.model import District
    from daz_planner.scenario.model import Scenario

_NAMED = 5
"""Children that a sentence names one by one."""
_A_MINUTE = 1.0


def list_hints(
    district: District, scenario: Scenario, seating: Seating, more_minutes: float = 0.0
) -> list[str]:
    """Families of several types, families apart, grades outside the span, lots, longer ways.

    Parameters
    ----------
    more_minutes:
        Minutes by which the later seats of the list are farther than the shortest ways.
    """
    hints: list[str] = []
    if not district.newcomers:
        return hints
    hints.extend(_families(district, seating))
    hints.extend(_grades(district, scenario, seating))
    if seating.lots:
        hints.append(
            f"Los: Bei {_children(district, seating.lots, dative=True)} waren andere Plätze in "
            f"jedem Ziel gleich gut; es entschied das Los mit der Saat {scenario.rechnen.saat} "
            "([rechnen] saat)."
        )
    if more_minutes > _A_MINUTE:
        hints.append(
            "Wer von der heutigen Liste erst später einen Platz bekommt, hat wegen Wartezeit, "
            "Klassenstufen, Geschwistern und Wünschen zusammen "
            f"{plural(more_minutes, 'Minute', 'Minuten')} mehr Schulweg als möglich; im Ziel „Weg“ "
            "sind sie nicht enthalten."
        )
    return hints


def _children(district: District, chosen: frozenset[int], *, dative: bool = False) -> str:
    """The ids of children, in the case that the sentence asks for."""
    ids = sorted(district.newcomers[c].pupil_id for c in chosen)
    if len(ids) <= _NAMED:
        return listed(ids)
    words = ("weiteren", "weiteren") if dative else ("weiteres", "weitere")
    return f"{', '.join(ids[:_NAMED])} und {plural(len(ids) - _NAMED, *words)}"


def _families(district: District, seating: Seating) -> list[str]:
    members: dict[str, list[int]] = {}
    for c, child in enumerate(district.newcomers):
        if child.family:
            members.setdefault(child.family, []).append(c)
    several = {f: own for f, own in members.items() if len(own) > 1}
    hints = []
    apart = [f for f, own in sorted(several.items()) if _is_apart(district, seating, own)]
    if apart:
        names = listed(apart[:_NAMED]) if len(apart) <= _NAMED else f"{len(apart)} Familien"
        hints.append(
            f"Geschwister getrennt: {names}. Der Grund steht bei jedem Kind in der Zuweisung."
        )
    if any(len({district.newcomers[c].school_type for c in own}) > 1 for own in several.values()):
        hints.append(
            "Geschwister verschiedener Schularten: Die Minuten zwischen ihren Schulen (geschätzt) "
            "zählen so viel wie ihr Schulweg."
        )
    return hints


def _is_apart(district: District, seating: Seating, own: list[int]) -> bool:
    """Whether children of one family and school type have different places."""
    kinds = {district.newcomers[c].school_type for c in own}
    return any(
        len({seating.school.get(c) for c in own if district.newcomers[c].school_type == kind}) > 1
        for kind in kinds
    )


def _grades(district: District, scenario: Scenario, seating: Seating) -> list[str]:
    hints = []
    if seating.outside:
        one = len(seating.outside) == 1
        hints.append(
            f"Klassenstufen: {_children(district, seating.outside)} "
            f"{'liegt' if one else 'liegen'} außerhalb der Spanne, die eine VKA haben darf. "
            "Lieber warten lassen: im Szenario [klassen] klassenstufen_spanne = „muss“."
        )
    unknown = sum(
        child.grade is None and span_of(district, scenario, child.school_type) is not None
        for child in district.newcomers
    )
    if unknown:
        who = plural(unknown, "Kind", "Kindern")
        hints.append(f"Von {who} der heutigen Liste fehlt die Klassenstufe: Sie passen überall.")
    return hints
