"""Small districts made of rows, without a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.model import District
from daz_planner.district.read import build_district
from daz_planner.district.sheets import Sheet, Source
from daz_planner.errors import InputError

Rows = Sequence[Sequence[Any]]

HEADER = ("Schule", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve", "Breite", "Länge")
DETAILS: Rows = (("Landkreis", "Meißen"), ("Stichtag", date(2017, 2, 8)))
RIESA = (51.30, 13.29)


def source(**sheets: Rows) -> Source:
    made = [Sheet(name, tuple(tuple(row) for row in rows)) for name, rows in sheets.items()]
    return Source("klein.xlsx", "0" * 64, tuple(made))


def district(**sheets: Rows) -> District:
    sheets.setdefault("Angaben", DETAILS)
    return build_district(source(**sheets))


def findings(**sheets: Rows) -> tuple[Finding, ...]:
    """All findings, whether the reading ends with an error or not."""
    try:
        return district(**sheets).findings
    except InputError as error:
        return error.findings


@pytest.fixture
def read() -> Callable[..., District]:
    return district


@pytest.fixture
def found() -> Callable[..., tuple[Finding, ...]]:
    return findings


@pytest.fixture
def read_source() -> Callable[..., District]:
    """Read sheets without adding a sheet Angaben."""

    def read_them(day: date | None = None, **sheets: Rows) -> District:
        return build_district(source(**sheets), reference_date=day)

    return read_them


@pytest.fixture
def schools() -> Callable[..., Rows]:
    """A table of schools with the usual header; a row may be shorter than the header."""

    def table(*rows: Sequence[Any]) -> Rows:
        return (HEADER, *(tuple(row) + (None,) * (len(HEADER) - len(row)) for row in rows))

    return table


@pytest.fixture
def only() -> Callable[..., Finding]:
    """The one finding with a code; everything else must be absent as asked."""

    def pick(all_findings: Sequence[Finding], code: str, *, alone: bool = True) -> Finding:
        hits = [finding for finding in all_findings if finding.code == code]
        assert len(hits) == 1, [str(finding) for finding in all_findings]
        if alone:
            faults = [f for f in all_findings if f.severity is Severity.FAULT and f is not hits[0]]
            assert not faults, [str(finding) for finding in faults]
        return hits[0]

    return pick
