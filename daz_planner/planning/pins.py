"""Pins that cannot hold: told as faults before anything is solved.

The reader of a workbook finds the same with the cell; this is for districts made in Python.  A pin
to a full school is no contradiction: the child has the first claim on a seat there and waits for
it, and takes no other (the warning is in :mod:`daz_planner.district.plausible_pins`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner.district.findings import Finding
from daz_planner.district.text import quoted
from daz_planner.errors import InputError

if TYPE_CHECKING:
    from daz_planner.district.model import District, Newcomer


def check_pins(district: District) -> None:
    """Raise :class:`InputError` with a finding for each pin that contradicts its school."""
    types = {school.name: school.school_type for school in district.schools}
    findings = tuple(
        finding
        for child in district.newcomers
        if child.pinned_to and (finding := _contradiction(child, types)) is not None
    )
    if findings:
        raise InputError(
            "Angaben in der Spalte „fixiert auf“ widersprechen sich.", findings=findings
        )


def _contradiction(child: Newcomer, types: dict[str, str]) -> Finding | None:
    pin = child.pinned_to
    if pin not in types:
        code, problem = "schule_unbekannt", f"Die Schule {quoted(pin)} steht nicht in der Tabelle."
    elif types[pin] != child.school_type:
        code = "fixiert_schulart"
        problem = (
            f"{quoted(pin)} ist eine Schule der Schulart {types[pin]}, das Kind gehört zur "
            f"Schulart {child.school_type}."
        )
    elif pin in child.excluded:
        code, problem = (
            "fixiert_ausgeschlossen",
            f"{quoted(pin)} ist zugleich fixiert und ausgeschlossen.",
        )
    else:
        return None
    return Finding(
        file=child.file,
        sheet=child.sheet or "Neuzugänge",
        row=child.row,
        column=0,
        code=code,
        value=pin,
        problem=problem,
        remedy="Berichtigen oder löschen Sie eine der Angaben.",
    )
