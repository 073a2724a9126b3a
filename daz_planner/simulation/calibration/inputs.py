"""Reading several inputs of one district: workbooks and folders of different reference dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.errors import InputError
from daz_planner.german import listed

if TYPE_CHECKING:
    from daz_planner.district.model import District

_NO_SCHOOLS = ("blatt_fehlt", "ordner_schulen")
"""Codes of findings that say: no table of schools here, so it may be lists alone."""


def read_inputs(
    paths: Sequence[Path],
    *,
    reference_date: date | None = None,
    check: Callable[[Reading], District] | None = None,
) -> tuple[District, ...]:
    """Read each input; lists without a table of schools take the schools of the other inputs.

    Parameters
    ----------
    reference_date:
        As for :func:`daz_planner.district.read_district`, for a single input.
    check:
        Makes a district of what was read, or raises with all faults; by default
        :meth:`~daz_planner.district.read.Reading.complete`, which knows no rules of a date. Lists
        are checked together with the input that they are added to.

    Returns
    -------
    The districts in the order of the inputs; mere lists are added to the latest of them.

    Raises
    ------
    InputError
        An input cannot be read or has faults, none has a table of schools, or they are of different
        districts.
    """
    from daz_planner.district import read_rosters
    from daz_planner.district.read import read_partly

    complete = check or Reading.complete
    readings: list[Reading] = []
    lists: list[tuple[Path, Reading]] = []
    for path in paths:
        reading = read_partly(path, reference_date=reference_date)
        if any(finding.code in _NO_SCHOOLS and finding.is_fault for finding in reading.findings):
            lists.append((path, reading))
        else:
            readings.append(reading)
    if not readings:
        return (complete(lists[0][1]),)
    intact = [r for r in readings if r.district is not None]
    for reading in readings if len(intact) < len(readings) else ():
        complete(reading)
    names = sorted({r.district.name for r in intact if r.district is not None})
    if len(names) > 1:
        raise InputError(
            f"Die Eingaben sind von verschiedenen Landkreisen: {listed(names)}.",
            remedy="Geben Sie nur Mappen und Listen eines Landkreises an.",
        )
