"""What was written in another way than expected and read all the same: one hint a column or sheet.

A hint a cell would bury the rest of a list. So readings of a kind are gathered: the hint says how
many there are, gives examples, and carries all distinct pairs in its value, for CSV and JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from daz_planner.district.findings import Finding, Severity
from daz_planner.district.text import quoted

SCHOOL_NAMES = "Schulnamen"
"""The subject of the readings of school names; any other subject is the name of a column."""

MOST_PAIRS = 500
"""Distinct pairs that are kept of a kind; the rest is counted."""

_EXAMPLES = 3
_ALL_PAIRS = "Alle nennt pruefen --format csv in der Spalte Wert."


@dataclass
class ReadAs:
    """The readings of one kind on one sheet. ``row`` and ``column`` are those of the first."""

    subject: str
    row: int
    column: int
    remedy: str
    cells: int = 0
    more: int = 0
    """Readings beyond :data:`MOST_PAIRS`."""
    pairs: dict[str, str] = field(default_factory=dict)
    """Written → read as, in the order of the sheet."""

    def add(self, written: str, meant: str) -> None:
        """Take a reading; the same text counts again, but is named once."""
        self.cells += 1
        if written not in self.pairs:
            if len(self.pairs) < MOST_PAIRS:
                self.pairs[written] = meant
            else:
                self.more += 1

    def finding(self, file: str, sheet: str, code: str) -> Finding:
        """The one warning for all of them."""
        pairs = list(self.pairs.items())
        remedy = self.remedy if len(pairs) <= _EXAMPLES else f"{self.remedy} {_ALL_PAIRS}"
        return Finding(
            *(file, sheet, self.row, self.column, code, Severity.WARNING),
            value=self._value(pairs),
            problem=self._problem(pairs),
            remedy=remedy,
        )

    def _value(self, pairs: Sequence[tuple[str, str]]) -> str:
        if len(pairs) == 1:
            return pairs[0][0]
        told = [f"{written} = {meant}" for written, meant in pairs]
        return "; ".join([*told, f"… und {self.more} weitere"] if self.more else told)

    def _problem(self, pairs: Sequence[tuple[str, str]]) -> str:
        some = [f"{quoted(written)} = {self._meant(meant)}" for written, meant in pairs[:_EXAMPLES]]
        left = len(pairs) - len(some) + self.more
        if self.subject == SCHOOL_NAMES:
            if len(pairs) == 1:
                return f"{quoted(pairs[0][0])} ist gelesen als {quoted(pairs[0][1])}."
            tail = f" und {left} weitere" if left else ""
            return f"{len(pairs) + self.more} Schulnamen sind gelesen als: {'; '.join(some)}{tail}."
        many = "1 Angabe ist" if self.cells == 1 else f"{self.cells} Angaben sind"
        example = "" if self.cells == 1 else "z. B. " if left else ""
        return (
            f"Spalte {quoted(self.subject)}: {many} anders geschrieben und gelesen als "
            f"{example}{'; '.join(some)}."
        )

    def _meant(self, meant: str) -> str:
        return quoted(meant) if self.subject == SCHOOL_NAMES else meant
