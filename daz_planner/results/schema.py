"""What a table of the result looks like: one declared column each with kind, unit and decimals.

A :class:`Table` holds a pandas frame with exactly the declared columns.  Missing values are
``None``/``NaN``/``NaT``.  Shares are fractions (0 … 1) in the frame and in Excel, percent in CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

import pandas as pd

from daz_planner import german


class Kind(Enum):
    """What the values of a column are."""

    TEXT = "Text"
    WHOLE = "ganze Zahl"
    NUMBER = "Zahl"
    SHARE = "Anteil"
    DATE = "Datum"
    MONTH = "Monat"
    VALUE = "Zahl oder Text"
    COUNT = "ganze Zahl, die fehlen darf"
    """A whole number, or a text that stands for one that is not shown."""


_DTYPES = {
    Kind.TEXT: "object",
    Kind.WHOLE: "Int64",
    Kind.NUMBER: "float64",
    Kind.SHARE: "float64",
    Kind.DATE: "datetime64[s]",
    Kind.MONTH: "datetime64[s]",
    Kind.VALUE: "object",
    Kind.COUNT: "object",
}


@dataclass(frozen=True)
class Column:
    """One column: German name, kind, unit and decimals that are shown and written.

    ``month`` is set where the column itself stands for a month; ``name`` is then ``2017-11`` and
    Excel shows ``Nov 2017``.
    """

    name: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    digits: int = 0
    width: float = 0.0
    """Fixed width in Excel in characters, 0 where the content decides."""
    month: date | None = None
    shown: int | None = None
    """Decimals that Excel shows, where they are fewer than ``digits``."""
    head: str = ""
    """The head in Excel where the name is too long a word for a narrow column."""

    @property
    def title(self) -> str:
        """The head of the column in Excel."""
        return german.short_month(self.month) if self.month else self.head or self.name

    @property
    def number_format(self) -> str:
        """The Excel number format. Excel shows comma and point by the language of the machine."""
        shown = self.digits if self.shown is None else self.shown
        decimals = "." + "0" * shown if shown else ""
        return {
            Kind.TEXT: "@",
            Kind.WHOLE: "#,##0",
            Kind.NUMBER: f"#,##0{decimals}",
            Kind.SHARE: f"0{decimals}\\ %",
            Kind.DATE: "dd.mm.yyyy",
            Kind.MONTH: "[$-407]mmm yyyy",
            Kind.VALUE: "General",
            Kind.COUNT: "#,##0",
        }[self.kind]


@dataclass(frozen=True)
class Table:
    """A table of the result: file stem, the sentence for the empty case, columns and frame."""

    name: str
    empty: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether the table has no row."""
        return self.frame.empty

    def column(self, name: str) -> Column:
        """The declared column of a name."""
        return next(column for column in self.columns if column.name == name)

    def values(self, name: str) -> list[Any]:
        """The plain Python values of a column: str, int, float, date or ``None``."""
        return python_values(self.frame[name], self.column(name).kind)


def table(
    name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, empty: str
) -> Table:
    """Build a :class:`Table` from rows in the order of the columns."""
    data = list(rows)
    lists: list[list[Any]] = (
        [list(values) for values in zip(*data, strict=True)] if data else [[] for _ in columns]
    )
    if len(lists) != len(columns):
        raise ValueError(f"{name}: {len(lists)} values a row, {len(columns)} columns")
    frame = pd.DataFrame(
        {
            column.name: pd.Series(values, dtype=_DTYPES[column.kind])
            for column, values in zip(columns, lists, strict=True)
        }
    )
    return Table(name, empty, tuple(columns), frame)


def python_values(series: pd.Series[Any], kind: Kind) -> list[Any]:
    """The values of a series as plain Python objects, missing ones as ``None``."""
    missing = series.isna().tolist()
    if kind in (Kind.DATE, Kind.MONTH):
        values = [None if gap else stamp.date() for stamp, gap in zip(series, missing, strict=True)]
    else:
        values = [
            None if gap else value for value, gap in zip(series.tolist(), missing, strict=True)
        ]
    return values
