"""What faults leave open, so that nothing is said of an entry only because another is unreadable.

A row that is kept out because of a fault must not turn into a school that "does not exist", a
roster that "differs" or a month that "is missing". Readers note here what they had to leave out;
checks ask, stay silent where the answer hangs on it, and name what is still to be checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.text import fold, listed

UNKNOWN_DAY = date.max
"""Stands for a reference date that cannot be read. No real date is later than it."""

SCHOOLS, MUNICIPALITIES, ROSTER, DETAILS = "Schulen", "Gemeinden", "Bestand", "Angaben"


@dataclass(frozen=True)
class BrokenSchool:
    """A row of the table of schools that a fault keeps out, as far as it can be read."""

    name: str
    municipality: str = ""
    school_type: str = ""
    number: str = ""


@dataclass
class Gaps:
    """What could not be read, by what hangs on it; empty for an input without a fault."""

    day_lost: bool = False
    """The reference date is not known: no dated rule can be looked up."""
    schools_lost: bool = False
    """Rows of the table of schools are missing of which not even the name is known."""
    broken_schools: tuple[BrokenSchool, ...] = ()
    unsure_schools: frozenset[str] = frozenset()
    """Schools that are there, but with a number that belongs to the count and is not known."""
    municipalities_lost: bool = False
    """Municipalities are missing of which not even the name is known."""
    regions_lost: bool = False
    """A planning area of a school or a municipality is not known."""
    roster_lost: bool = False
    """Pupils are missing of whom the school is not known."""
    roster_schools: set[str] = field(default_factory=set)
    """Schools of which a pupil is missing."""
    history_lost: bool = False
    """A month of the history is missing."""
    _open: dict[str, set[str]] = field(default_factory=dict)

    def later(self, check: str, *sheets: str) -> None:
        """Note that a check waits until the faults on these sheets are mended."""
        self._open.setdefault(check, set()).update(sheets)

    @property
    def schools_open(self) -> bool:
        """Whether the table of schools lacks a school."""
        return self.schools_lost or bool(self.broken_schools)

    def is_broken(self, school: str) -> bool:
        """Whether a name that is not in the table may be that of a row kept out."""
        if self.schools_lost:
            return True
        return fold(school) in {fold(broken.name) for broken in self.broken_schools}

    def roster_is_open(self, school: str) -> bool:
        """Whether pupils of a school may be missing."""
        return self.roster_lost or school in self.roster_schools

    def hint(self, file: str) -> tuple[Finding, ...]:
        """One warning that names the checks that wait, none where nothing waits."""
        if not self._open:
            return ()
        sheets = sorted(set().union(*self._open.values()))
        on = f"auf {listed(sheets)} " if sheets else ""
        return (
            Finding(
                file=file,
                sheet="",
                row=0,
                column=0,
                code="pruefung_offen",
                severity=Severity.WARNING,
                problem=f"Weitere Prüfungen folgen, sobald die {on}gemeldeten Fehler behoben "
                f"sind: {'; '.join(sorted(self._open))}.",
                remedy="Was nicht von ihnen abhängt, ist geprüft.",
            ),
        )
