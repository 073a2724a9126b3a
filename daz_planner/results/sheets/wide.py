"""What the sheets with a column a month share: the German alphabet, sums by school type."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from daz_planner.results.schema import Table
from daz_planner.results.sheets.frame import Placed, fit_sum
from daz_planner.results.sheets.style import Align, Look, Styles

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def alphabet(name: str) -> str:
    """A name as a dictionary sorts it: ä as a, ß as ss (DIN 5007-1), quotes left out."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum() or c == " ")


def numbered(keys: Iterable[tuple[Any, ...]], months: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Each key with a number behind it, so that two schools of one name stay apart.

    The number tells how often the key came before in the same month; the schools of a table have
    one line a month, in the same order.
    """
    seen: Counter[tuple[Any, ...]] = Counter()
    found = []
    for key, month in zip(keys, months, strict=True):
        found.append((*key, seen[*key, month]))
        seen[*key, month] += 1
    return found


def add_sums(
    sheet: Worksheet,
    styles: Styles,
    wide: Table,
    placed: Placed,
    closing: Callable[[Sequence[float]], float],
) -> Placed:
    """Sums by school type and of all, one row below a table whose first column is the Schulart.

    The table ends with one column after the months; ``closing`` makes its value out of the sums
    of the months. Sums of nobody stay empty.
    """
    months = [n for n, column in enumerate(wide.columns, start=1) if column.month]
    kinds = wide.values("Schulart")
    groups = [*dict.fromkeys(kinds), None]
    values = {n: wide.values(wide.columns[n - 1].name) for n in months}
    first, last = placed.last_row + 2, len(wide.columns)
    for line, group in enumerate(groups, start=first):
        look = Look.SUM if group is None else Look.BODY
        for number in range(1, last + 1):
            styles.put(sheet, line, number, None, look)
        styles.put(sheet, line, 1, group or "alle", look)
        styles.put(sheet, line, 2, "Summe" if group is None else f"Summe {group}", look)
        sums = [
            sum(v or 0.0 for v, kind in zip(values[n], kinds, strict=True) if group in (None, kind))
            for n in months
        ]
        for number, value in zip([*months, last], [*sums, closing(sums)], strict=True):
            column = wide.columns[number - 1]
            align = Align.CENTER if column.month else Align.RIGHT
            styles.put(sheet, line, number, value or None, look, column.number_format, align)
            fit_sum(sheet, number, value, column)
    return Placed(sheet.title, first, first + len(groups) - 1, placed.columns)
