"""Collecting faults and warnings while a file is read, and raising them all at once."""

from __future__ import annotations

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.text import Cell, shown
from daz_planner.errors import InputError


class Collector:
    """Gathers the findings on one input. Nothing is raised before :meth:`stop_on_faults`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._findings: list[Finding] = []

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
        if finding not in self._findings:
            self._findings.append(finding)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found so far, sorted by place."""
        return tuple(sorted(self._findings, key=lambda finding: finding.sort_key))

    @property
    def fault_count(self) -> int:
        """How many of the findings stop the run."""
        return sum(finding.severity is Severity.FAULT for finding in self._findings)

    def stop_on_faults(self) -> None:
        """Raise one :class:`InputError` with everything found, if there is a fault among it."""
        count = self.fault_count
        if not count:
            return
        raise InputError(
            "Die Eingabe hat einen Fehler." if count == 1 else f"Die Eingabe hat {count} Fehler.",
            place=self.file,
            remedy=(
                "Bitte beheben Sie ihn und starten Sie noch einmal."
                if count == 1
                else "Bitte beheben Sie sie und starten Sie noch einmal."
            ),
            findings=self.findings,
        )
