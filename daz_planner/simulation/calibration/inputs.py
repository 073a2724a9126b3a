"""Reading several inputs of one district: workbooks and folders of different reference dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.district.model import Pupil, Roster
from daz_planner.errors import InputError
from daz_planner.german import listed

if TYPE_CHECKING:
    from daz_planner.district.findings import Finding
    from daz_planner.district.model import District
    from daz_planner.district.read import Reading

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
    from daz_planner.district.read import Reading, read_partly

    complete = check or Reading.complete
    readings: list[Reading] = []
    lists: list[Path] = []
    first_error: InputError | None = None
    for path in paths:
        try:
            reading = read_partly(path, reference_date=reference_date)
            if _without_schools(reading.findings):
                reading.complete()
        except InputError as error:
            if not _without_schools(error.findings):
                raise
            first_error = first_error or error
            lists.append(path)
        else:
            readings.append(reading)
    if not readings:
        assert first_error is not None
        raise first_error
    for reading in readings:
        if reading.district is None:
            complete(reading)  # raises: there is nothing but faults
    names = sorted({_district(reading).name for reading in readings})
    if len(names) > 1:
        raise InputError(
            f"Die Eingaben sind von verschiedenen Landkreisen: {listed(names)}.",
            remedy="Geben Sie nur Mappen und Listen eines Landkreises an.",
        )
    latest = max(range(len(readings)), key=lambda i: _district(readings[i]).reference_date)
    for path in lists:
        readings[latest] = _with_lists(readings[latest], path)
    return tuple(complete(reading) for reading in readings)


def _without_schools(findings: Sequence[Finding]) -> bool:
    return any(finding.code in _NO_SCHOOLS and finding.is_fault for finding in findings)


def _district(reading: Reading) -> District:
    assert reading.district is not None
    return reading.district


def _with_lists(reading: Reading, path: Path) -> Reading:
    """The input with the lists of a file or folder added."""
    from daz_planner.district import read_rosters

    district = _district(reading)
    lists = read_rosters(path, schools=district.schools, municipalities=district.municipalities)
    district = replace(
        district,
        rosters=(*district.rosters, *lists.rosters),
        files=(*district.files, (path.name, "")),
        findings=(*district.findings, *lists.findings),
    )
    return replace(reading, district=district, findings=(*reading.findings, *lists.findings))


def rosters_by_day(districts: Sequence[District]) -> list[Roster]:
    """All rosters by day; a pupil who is in two inputs of one day counts once."""
    by_day: dict[date, dict[str, Pupil]] = {}
    for district in districts:
        for roster in district.rosters:
            pupils = by_day.setdefault(roster.reference_date, {})
            for pupil in roster.pupils:
                pupils.setdefault(pupil.pupil_id.casefold(), pupil)
    return [Roster(day, tuple(by_day[day].values())) for day in sorted(by_day)]


def kinds_of_schools(districts: Sequence[District]) -> dict[str, str]:
    """School type by the name of the school."""
    return {school.name: school.school_type for d in districts for school in d.schools}
