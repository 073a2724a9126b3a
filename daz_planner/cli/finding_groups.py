"""Findings that say the same of several cells of one column, shown as one.

Only what a planner reads in the terminal is grouped; CSV, JSON and the marked copy keep one finding
a cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daz_planner.german import listed, number

if TYPE_CHECKING:
    from daz_planner.district.findings import Finding

MOST_STRETCHES = 3
"""Cells or ranges of a group that are named; of the rest the number is told."""
MOST_ALIKE = 5
"""Groups of one kind on one sheet that are shown one by one where a list is folded."""


@dataclass(frozen=True)
class Group:
    """One or more findings of the same column with the same text, sorted by row."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for all."""
        return self.findings[0]

    @property
    def cells(self) -> str:
        """``D17``, ``F12:F87``, ``F12, F15, F20 und 30 weitere``; empty without a cell."""
        from daz_planner.district.findings import column_letter, consecutive

        first = self.first
        if len(self.findings) == 1:
            return first.cell
        letters = column_letter(first.column)
        mark = ":" if letters else "–"
        stretches = consecutive(finding.row for finding in self.findings)
        shown = stretches[:MOST_STRETCHES]
        names = [
            f"{letters}{top}" if top == bottom else f"{letters}{top}{mark}{letters}{bottom}"
            for top, bottom in shown
        ]
        rest = len(self.findings) - sum(bottom - top + 1 for top, bottom in shown)
        text = listed([*names, f"{number(rest)} weitere"] if rest else names)
        return text if letters else f"Zeilen {text}"

    @property
    def count_text(self) -> str:
        """``76 Zellen``; empty for a single finding."""
        many = len(self.findings)
        if many == 1:
            return ""
        return f"{number(many)} {'Zellen' if self.first.column else 'Zeilen'}"

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the cells, each once, in the order of the rows."""
        return tuple(dict.fromkeys(f.value for f in self.findings if f.value))

    @property
    def place(self) -> str:
        """``Bestand!F12:F87 (76 Zellen, z. B. „x“)``; for a single finding its own place."""
        from daz_planner.district.text import quoted

        first = self.first
        if len(self.findings) == 1:
            return first.place
        values = self.values
        example = ""
        if values:
            example = f", {'z. B. ' if len(values) > 1 else ''}{quoted(values[0])}"
        place = f"{first.sheet}!{self.cells}" if first.sheet else self.cells
        return f"{place} ({self.count_text}{example})"

    @property
    def problem(self) -> str:
        """What is wrong; said to be an example where it names a value and the others differ."""
        problem = self.first.problem
        unlike = any(finding.problem != problem for finding in self.findings)
        return f"Zum Beispiel: {problem}" if unlike else problem


def grouped(findings: Sequence[Finding]) -> list[Group]:
    """The findings with those of one column that say the same as one, in the order of the first.

    The same means: one file, sheet, column, code and kind, and texts that differ in the value of
    the cell at most. Findings without a row stay alone.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        key: object = (
            finding.file,
            finding.sheet,
            finding.column,
            finding.code,
            finding.severity,
            _without_value(finding.problem, finding.value),
            _without_value(finding.remedy, finding.value),
        )
        # Two findings of one cell stay two: a group counts cells.
        last = groups.get(key)
        if not finding.row or (last is not None and last[-1].row >= finding.row):
            key = object()
        groups.setdefault(key, []).append(finding)
    return [Group(tuple(group)) for group in groups.values()]


def folded(findings: Sequence[Finding]) -> list[tuple[Group, int, str]]:
    """The groups with those of a kind on one sheet as one where there are more than a few.

    Returns
    -------
    list[tuple[Group, int, str]]
        The first group of its kind, how many findings there are, and a sentence on the others
        (else empty).
    """
    kinds: dict[tuple[str, str, str, str], list[Group]] = {}
    for group in grouped(findings):
        first = group.first
        key = (first.file, first.sheet, first.code, first.severity.value)
        kinds.setdefault(key, []).append(group)
    shown: list[tuple[Group, int, str]] = []
    for groups in kinds.values():
        if len(groups) <= MOST_ALIKE:
            shown.extend((group, len(group.findings), "") for group in groups)
            continue
        others = [finding for group in groups[1:] for finding in group.findings]
        cells = [finding.cell for finding in others if finding.cell]
        some = [*cells[:MOST_STRETCHES], "…"] if len(cells) > MOST_STRETCHES else cells
        where = f" ({listed(some)})" if cells else ""
        more = f"Dasselbe noch {number(len(others))}-mal{where}."
        shown.append((groups[0], len(groups[0].findings) + len(others), more))
    return sorted(shown, key=lambda item: item[0].first.sort_key)


def _without_value(text: str, value: str) -> str:
    """The text with a blank sign where it quotes the value."""
    from daz_planner.district.text import quoted

    return text.replace(quoted(value), "\0") if value else text
