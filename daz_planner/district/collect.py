"""Collecting faults and warnings while files are read, and raising them all at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.read_as import ReadAs
from daz_planner.district.text import Cell, shown
from daz_planner.errors import InputError
from daz_planner.german import plural

MOST_OF_A_KIND = 500
"""Findings of one kind on one sheet that are named one by one; the rest is counted."""

_Kind = tuple[str, str, str, Severity]
_Readings = dict[tuple[str, str, str, str], ReadAs]


class Collector:
    """Gathers the findings on one input. Nothing is raised before :meth:`stop_on_faults`.

    An input of several files has one collector a file, made with :meth:`of`; they share what they
    gather.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._findings: dict[Finding, None] = {}
        self._counts: Counter[_Kind] = Counter()
        self._readings: _Readings = {}

    def of(self, file: str) -> Collector:
        """A collector for another file of the same input."""
        other = Collector(file)
        other._findings, other._counts = self._findings, self._counts
        other._readings = self._readings
        return other

    def include(self, findings: Iterable[Finding]) -> None:
        """Take over what was found elsewhere, with its own file."""
        for finding in findings:
            self._keep(finding)

    def fault(
        self,
        code: str,
        problem: str,
        remedy: str = "",
        *,
        sheet: str = "",
        row: int = 0,
        column: int = 0,
        value: Cell = None,
    ) -> None:
        """Note something that stops the run."""
        self._add(Severity.FAULT, code, problem, remedy, sheet, row, column, value)

    def warn(
        self,
        code: str,
        problem: str,
        remedy: str = "",
        *,
        sheet: str = "",
        row: int = 0,
        column: int = 0,
        value: Cell = None,
    ) -> None:
        """Note something doubtful that the run can live with."""
        self._add(Severity.WARNING, code, problem, remedy, sheet, row, column, value)

    def read_as(
        self,
        code: str,
        subject: str,
        written: str,
        meant: str,
        remedy: str,
        *,
        sheet: str,
        row: int,
        column: int,
    ) -> None:
        """Note that a text was read although it is written in another way than expected.

        All readings of a code and ``subject`` on a sheet become one warning, at the first cell.
        """
        key = (self.file, sheet, code, subject)
        if key not in self._readings:
            self._readings[key] = ReadAs(subject, row, column, remedy)
        self._readings[key].add(written, meant)

    def _add(
        self,
        severity: Severity,
        code: str,
        problem: str,
        remedy: str,
        sheet: str,
        row: int,
        column: int,
        value: Cell,
    ) -> None:
        finding = Finding(
            self.file, sheet, row, column, code, severity, shown(value), problem, remedy
        )
        self._keep(finding)

    def _keep(self, finding: Finding) -> None:
        if finding in self._findings:
            return
        kind = (finding.file, finding.sheet, finding.code, finding.severity)
        self._counts[kind] += 1
        if self._counts[kind] <= MOST_OF_A_KIND:
            self._findings[finding] = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found so far, sorted by place; beyond a limit counted by kind and sheet."""
        cut = [
            Finding(
                *(file, sheet, 0, 0, code, severity),
                problem="Auf diesem Blatt gibt es noch "
                f"{plural(number - MOST_OF_A_KIND, 'Befund', 'Befunde')} dieser Art.",
                remedy=f"Genannt sind die ersten {MOST_OF_A_KIND}.",
            )
            for (file, sheet, code, severity), number in self._counts.items()
            if number > MOST_OF_A_KIND
        ]
        readings = [
            reading.finding(file, sheet, code)
            for (file, sheet, code, _), reading in self._readings.items()
        ]
        everything = dict.fromkeys((*self._findings, *cut, *readings))
        return tuple(sorted(everything, key=lambda finding: finding.sort_key))

    @property
    def fault_count(self) -> int:
        """How many of the findings stop the run."""
        return sum(
            number
            for (_, _, _, severity), number in self._counts.items()
            if severity is Severity.FAULT
        )

    def stop_on_faults(self) -> None:
        """Raise one :class:`InputError` with everything found, if there is a fault among it."""
        count = self.fault_count
        if not count:
            return
        raise fault_error(count, self.file, self.findings)


def fault_error(count: int, place: str, findings: tuple[Finding, ...]) -> InputError:
    """The error that ends a run with ``count`` faults; ``findings`` are all of the input."""
    one = count == 1
    return InputError(
        "Die Eingabe hat einen Fehler." if one else f"Die Eingabe hat {count} Fehler.",
        place=place,
        remedy=f"Bitte beheben Sie {'ihn' if one else 'sie'} und starten Sie noch einmal.",
        findings=findings,
    )
