"""What the sheets refer to: schools and municipalities, and what is said where none is meant.

A :class:`SheetReader` reads the rows of one table. It knows the schools of the table of schools and
the municipalities, resolves the names in cells and notes findings at their cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from daz_planner.district import gazetteer
from daz_planner.district.collect import Collector
from daz_planner.district.model import Municipality, School
from daz_planner.district.names import Match, SchoolIndex
from daz_planner.district.places import question
from daz_planner.district.tables import Record, Table
from daz_planner.district.text import Cell, did_you_mean, quoted

_MOST_ASKED = 500


@dataclass
class Known:
    """The schools and municipalities that cells may name; both may be empty after faults."""

    schools: SchoolIndex
    municipalities: tuple[Municipality, ...] = ()
    spelling: dict[object, str] = field(default_factory=dict, repr=False)
    """Normal form → first spelling, for schools that are in no table."""
    _places: gazetteer.MunicipalityNames | None = field(default=None, repr=False)
    _asked: int = field(default=0, repr=False)

    @classmethod
    def nothing(cls) -> Known:
        """For sheets that refer to nothing."""
        return cls(SchoolIndex(()))

    @property
    def place_names(self) -> tuple[str, ...]:
        """The municipalities in the spelling of the list."""
        return tuple(m.name for m in self.municipalities)

    def municipality(self, written: str) -> str | None:
        """The municipality that is meant, ``None`` where none or several are."""
        if self._places is None:
            self._places = gazetteer.MunicipalityNames(self.place_names)
        return self._places.match(written)

    def municipality_question(self, written: str) -> str:
        """``Meinen Sie „…“?`` with the nearest municipalities; after many questions no more."""
        self._asked += 1
        return question(written, self.place_names) if self._asked <= _MOST_ASKED else ""


class SheetReader:
    """Base of the readers of a sheet: findings at a cell, and names that refer to something."""

    def __init__(self, table: Table, known: Known, out: Collector) -> None:
        self.table = table
        self.known = known
        self.out = out
        self.told: set[str] = set()
        """Names about which something was said already."""

    def fault(
        self,
        record: Record,
        column: str,
        code: str,
        problem: str,
        remedy: str = "",
        value: Cell = None,
    ) -> None:
        """Note a fault at the cell of a column."""
        self._note(self.out.fault, record, column, code, problem, remedy, value)

    def warn(
        self,
        record: Record,
        column: str,
        code: str,
        problem: str,
        remedy: str = "",
        value: Cell = None,
    ) -> None:
        """Note a warning at the cell of a column."""
        self._note(self.out.warn, record, column, code, problem, remedy, value)

    def _note(
        self,
        note: Callable[..., None],
        record: Record,
        column: str,
        code: str,
        problem: str,
        remedy: str,
        value: Cell,
    ) -> None:
        note(
            code,
            problem,
            remedy,
            sheet=self.table.sheet,
            row=record.row,
            column=record.column(column),
            value=record.get(column) if value is None else value,
        )

    def at(self, record: Record) -> dict[str, Any]:
        """File, sheet and row of a record, as the objects of the model carry them."""
        return {"file": self.out.file, "sheet": self.table.sheet, "row": record.row}

    def school(self, record: Record, column: str, written: str) -> School | None:
        """The school of the table that a text means; a fault where none is certain."""
        match = self.matched(record, column, written)
        if match.certain is None and not match.known and self.known.schools:
            self.fault(
                record,
                column,
                "schule_unbekannt",
                f"Die Schule {quoted(written)} steht nicht in der Tabelle der Schulen.",
                school_question(match) or "Schreiben Sie den Namen wie in der Tabelle der Schulen.",
                written,
            )
        return match.certain

    def matched(self, record: Record, column: str, written: str) -> Match:
        """What a text means; a school under other words than in the table is told once."""
        match = self.known.schools.match(written)
        if match.certain is not None and not match.same_words and written not in self.told:
            self.told.add(written)
            self.warn(
                record,
                column,
                "schule_gelesen_als",
                f"{quoted(written)} ist gelesen als {quoted(match.certain.name)}.",
                "Ist eine andere Schule gemeint, dann schreiben Sie ihren Namen wie in der Tabelle "
                "der Schulen.",
                written,
            )
        return match

    def municipality(self, record: Record, column: str, written: str) -> str:
        """The municipality in the spelling of the list; empty with a fault where there is none."""
        if not self.known.municipalities:
            return ""
        found = self.known.municipality(written)
        if found is None:
            self.fault(
                record,
                column,
                "gemeinde_unbekannt",
                f"{quoted(written)} ist keine Gemeinde der Liste.",
                self.known.municipality_question(written)
                or "Ergänzen Sie sie auf dem Blatt „Gemeinden“.",
                written,
            )
        return found or ""


def school_question(match: Match) -> str:
    """``Meinen Sie „…“ oder „…“?`` with the candidates of a match."""
    return did_you_mean(school.name for school in match.candidates)


def outside_the_district(written: str) -> bool:
    """Whether a text names a Saxon municipality for certain."""
    return gazetteer.saxon_names().match(written) is not None


def known_of(
    schools: Sequence[School], named: Iterable[str], municipalities: Sequence[Municipality]
) -> Known:
    """Schools by name and number (``named``: also those with a fault), and municipalities."""
    return Known(SchoolIndex(schools, named), tuple(municipalities))
