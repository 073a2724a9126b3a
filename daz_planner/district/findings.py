"""Findings on the input: every fault and warning with its place, its value and its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad a finding is. A fault stops the run, a warning does not."""

    FAULT = "Fehler"
    WARNING = "Warnung"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or doubtful in the input.

    ``row`` and ``column`` count from 1 as Excel does; 0 means that the finding belongs to the
    sheet (or the file) as a whole.
    """

    file: str
    sheet: str
    row: int
    column: int
    code: str
    severity: Severity = Severity.FAULT
    value: str = ""
    problem: str = ""
    remedy: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it stops the run."""
        return self.severity is Severity.FAULT

    @property
    def cell(self) -> str:
        """The cell as Excel names it (``D17``), or an empty text."""
        if not self.row:
            return ""
        if not self.column:
            return f"Zeile {self.row}"
        return f"{column_letter(self.column)}{self.row}"

    @property
    def place(self) -> str:
        """``Schulen!D17``, ``Schulen`` or the file."""
        if not self.sheet:
            return self.file
        return f"{self.sheet}!{self.cell}" if self.row else self.sheet

    @property
    def sort_key(self) -> tuple[str, str, int, int, str]:
        """Order of the list that a planner reads: file, sheet, row, column, kind.

        Numbers in names count as numbers: ``Schule 2.xlsx`` stands before ``Schule 10.xlsx``.
        """
        return (natural(self.file), natural(self.sheet), self.row, self.column, self.code)

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}".rstrip()


def natural(name: str) -> str:
    """A key that sorts names as people do: without regard to case, 2 before 10."""
    key = re.sub("[0-9]+", lambda digits: digits.group().zfill(12), name.casefold())
    return f"{key}\0{name}"


def column_letter(column: int) -> str:
    """Excel's letters of a column counted from 1: 1 → A, 27 → AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def consecutive(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each unbroken stretch of ascending numbers: 3, 5, 6 → (3, 3), (5, 6)."""
    stretches: list[tuple[int, int]] = []
    for number in numbers:
        if stretches and stretches[-1][1] == number - 1:
            stretches[-1] = (stretches[-1][0], number)
        else:
            stretches.append((number, number))
    return stretches
