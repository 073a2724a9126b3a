"""Noting findings about entries of a district that has been read: from the entry to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from daz_planner.district.collect import Collector
from daz_planner.district.findings import Finding, column_letter
from daz_planner.district.gaps import Gaps
from daz_planner.district.model import District, Place
from daz_planner.district.text import Cell, listed, quoted


class Entry(Protocol):
    """Anything of a district that knows where it was read."""

    @property
    def file(self) -> str: ...
    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...


class Report:
    """Gathers the findings of the checks; many of a kind on one sheet are cut with a count.

    ``gaps`` say what the district lacks because of faults; without them it is whole.
    """

    def __init__(self, district: District, gaps: Gaps | None = None) -> None:
        self.gaps = gaps or Gaps()
        self._out = Collector(district.files[0][0] if district.files else "")
        self._files: dict[str, Collector] = {}
        self._columns = {
            (file, sheet, name): number for file, sheet, name, number in district.columns
        }
        self._written = dict(district.written)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything noted so far, sorted by place."""
        return self._out.findings

    def fault(
        self,
        code: str,
        problem: str,
        remedy: str = "",
        *,
        at: Entry | None = None,
        column: str = "",
        sheet: str = "",
        value: Cell = None,
    ) -> None:
        """Note something that makes a plan senseless.

        ``at`` is the entry that it is about, ``column`` the name of a column in the layout.
        ``sheet`` serves where the entry does not know its own.
        """
        out, place = self._place(at, column, sheet)
        out.fault(code, problem, remedy, value=self._as_written(out, place, value), **place)

    def warn(
        self,
        code: str,
        problem: str,
        remedy: str = "",
        *,
        at: Entry | None = None,
        column: str = "",
        sheet: str = "",
        value: Cell = None,
    ) -> None:
        """Note something doubtful; see :meth:`fault`."""
        out, place = self._place(at, column, sheet)
        out.warn(code, problem, remedy, value=self._as_written(out, place, value), **place)

    def written(self, entry: Entry, name: str) -> str:
        """The text of a cell that was read as a number or a date and looks otherwise, else empty.

        ``–`` for a 0, ``1.234`` for a thousand, ``Okt. 2016`` for a day.
        """
        place = Place(
            entry.file or self._out.file, entry.sheet, entry.row, self.column_of(entry, name)
        )
        return self._written.get(place, "")

    def column_of(self, entry: Entry, name: str) -> int:
        """Number of a column on the sheet of an entry, 0 where it is not known."""
        own: int = getattr(entry, "column", 0)
        return own or self._columns.get((entry.file or self._out.file, entry.sheet, name), 0)

    def cell_of(self, entry: Entry, name: str) -> str:
        """``D17``, or ``Zeile 17`` where the column is not known."""
        number = self.column_of(entry, name)
        return f"{column_letter(number)}{entry.row}" if number else f"Zeile {entry.row}"

    def _as_written(self, out: Collector, place: dict[str, Any], value: Cell) -> Cell:
        """What stands in the cell, for a number or a date. Texts may be masked and stay."""
        if value is None or isinstance(value, str) or not place.get("row"):
            return value
        where = Place(out.file, place["sheet"], place["row"], place["column"])
        return self._written.get(where, value)

    def _place(self, at: Entry | None, column: str, sheet: str) -> tuple[Collector, dict[str, Any]]:
        if at is None:
            return self._out, {"sheet": sheet}
        out = self._out
        if at.file and at.file != out.file:
            out = self._files.setdefault(at.file, self._out.of(at.file))
        if isinstance(at, Place):
            return out, {"sheet": at.sheet, "row": at.row, "column": at.column}
        number = self.column_of(at, column) if at.row and column else 0
        return out, {"sheet": at.sheet or sheet, "row": at.row, "column": number}


def first_few(names: Sequence[str], most: int) -> str:
    """``„A“, „B“ und „C“``, or ``„A“, „B“, „C“ und 7 weitere`` where there are more."""
    if len(names) <= most:
        return listed(names)
    return f"{', '.join(map(quoted, names[:most]))} und {len(names) - most} weitere"
