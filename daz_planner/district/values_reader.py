"""The values of the cells through python-calamine, kept from hurting.

The library makes room for the whole used range of a sheet and for as many things as a file
declares, and a lack of memory ends the process; so ranges are measured before. What it cannot
read it says with an exception or with a panic, which also writes to the error output.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daz_planner.district.csv_file import BLANKS
from daz_planner.district.findings import column_letter
from daz_planner.district.limits import SMALLER, Extent, Unreadable, broken, protected
from daz_planner.district.text import Cell

Range = tuple[int, int, int, int]


@dataclass
class Grid:
    """The cells of a sheet; ``rows[0][0]`` is in ``first_row``, ``first_column`` (from 1)."""

    rows: list[tuple[Cell, ...]]
    first_row: int = 1
    first_column: int = 1
    merged: tuple[Range, ...] = ()
    is_hidden: bool = False
    name: str = ""

    def put(self, cells: Mapping[tuple[int, int], Cell]) -> None:
        """Write values into cells that lie within the grid."""
        by_row: dict[int, list[tuple[int, Cell]]] = {}
        for (row, column), value in cells.items():
            by_row.setdefault(row - self.first_row, []).append((column - self.first_column, value))
        for place, changes in by_row.items():
            if not 0 <= place < len(self.rows):
                continue
            line = list(self.rows[place])
            for column, value in changes:
                if 0 <= column < len(line):
                    line[column] = value
            self.rows[place] = tuple(line)

    def pad(self, digits: Mapping[tuple[int, int], int]) -> None:
        """Give whole numbers that are shown with leading zeros as the text that is shown."""
        self.put(
            {
                place: f"{int(value):0{width}d}"
                for place, width in digits.items()
                if isinstance(value := self.at(*place), float)
                and value.is_integer()
                and 0 <= value < 10 ** (width - 1)
            }
        )

    def at(self, row: int, column: int) -> Cell:
        """The value of a cell by its place in the sheet; ``None`` outside."""
        row, column = row - self.first_row, column - self.first_column
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None


def sparse(extent: Extent) -> Unreadable:
    """The used range is far too large, mostly because of a lost cell far away."""
    corner = f"{column_letter(extent.right)}{extent.bottom}"
    return Unreadable(
        "blatt_zu_gross",
        f"Der benutzte Bereich des Blattes reicht bis {corner}; das ist zu viel.",
        SMALLER,
    )


def read_grids(packed: io.BytesIO, names: Sequence[str] | None = None) -> list[Grid]:
    """The grids of the named worksheets, or of all there are. The container is closed."""
    import python_calamine as calamine

    grids: list[Grid] = []
    try:
        with _quiet(), calamine.CalamineWorkbook.from_filelike(packed) as book:
            packed.close()  # the library has its own copy
            for about in book.sheets_metadata:
                if names is not None and about.name not in names:
                    continue
                if about.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                grid = _grid(book.get_sheet_by_name(about.name))
                grid.is_hidden = about.visible is not calamine.SheetVisibleEnum.Visible
                grids.append(grid)
    except calamine.PasswordError:
        raise protected() from None
    except (calamine.CalamineError, OSError, ValueError, IndexError, MemoryError):
        raise broken() from None
    except BaseException as error:  # the library reports some broken files as a Rust panic
        if type(error).__name__ != "PanicException":
            raise
        raise broken() from None
    if names is not None and len(grids) != len(names):
        raise broken()
    return grids


def _grid(sheet: Any) -> Grid:
    start = sheet.start or (0, 0)
    was_on = gc.isenabled()
    gc.disable()  # it would walk over the growing rows again and again
    try:
        rows = [clean(row) for row in sheet.to_python()]
    finally:
        if was_on:
            gc.enable()
    merged = tuple(
        (top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Grid(rows, start[0] + 1, start[1] + 1, merged, name=sheet.name)


def clean(row: list[Cell]) -> tuple[Cell, ...]:
    """The row with ``None`` for each cell that is empty or holds blanks only."""
    return tuple(
        [
            None
            if cell.__class__ is str
            and (not cell or (cell[0] in BLANKS and not cell.strip(BLANKS)))
            else cell
            for cell in row
        ]
    )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the library writes to the error output on a panic off the planner's screen."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
