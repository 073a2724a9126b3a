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
    paths: Sequence[Path], *, reference_date: date | None = None
) -> tuple[District, ...]:
    """Read each input; lists without a table of schools take the schools of the other inputs.

    Parameters
    ----------
    reference_date:
        As for :func:`daz_planner.district.read_district`, for a single input.

    Returns
    -------
    The districts in the order of the inputs; mere lists are added to the latest of them.

    Raises
    ------
    InputError
        An input cannot be read, none has a table of schools, or they are of different districts.
    """
    from daz_planner.district import read_district, read_rosters

    districts: list[District] = []
    lists: list[Path] = []
    first_error: InputError | None = None
    for path in paths:
        try:
            districts.append(read_district(path, reference_date=reference_date))
        except InputError as error:
            if not any(finding.code in _NO_SCHOOLS for finding in error.findings):
                raise
            first_error = first_error or error
            lists.append(path)
    if not districts:
        assert first_error is not None
        raise first_error
    names = sorted({district.name for district in districts})
    if len(names) > 1:
        raise InputError(
            f"Die Eingaben sind von verschiedenen Landkreisen: {listed(names)}.",
            remedy="Geben Sie nur Mappen und Listen eines Landkreises an.",
        )
    latest = max(range(len(districts)), key=lambda i: districts[i].reference_date)
    for path in lists:
        district = districts[latest]
        reading = read_rosters(
            path, schools=district.schools, municipalities=district.municipalities
        )
        districts[latest] = replace(
            district,
            rosters=(*district.rosters, *reading.rosters),
            files=(*district.files, (path.name, "")),
            findings=(*district.findings, *reading.findings),
        )
    return tuple(districts)
