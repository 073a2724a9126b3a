"""What the sheets refer to: schools and municipalities, and what is said where none is meant.

A :class:`SheetReader` reads the rows of one table. It knows the schools of the table of schools and
the municipalities, resolves the names in cells and notes findings at their cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from daz_planner.district import gazetteer
from daz_planner.district.collect import Collector
from daz_planner.district.gaps import MUNICIPALITIES, SCHOOLS, Gaps
from daz_planner.district.model import Municipality, School
from daz_planner.district.names import Match, SchoolIndex
from daz_planner.district.places import question
from daz_planner.district.read_as import SCHOOL_NAMES
from daz_planner.district.tables import Record, Table
from daz_planner.district.text import Cell, did_you_mean, fold, quoted
from daz_planner.district.towns import tell_town, town_of, unknown_place

_MOST_ASKED = 500
_MOST_TOWNS = 5_000


@dataclass
class Known:
    """The schools and municipalities that cells may name; both may be empty after faults."""

    schools: SchoolIndex
    municipalities: tuple[Municipality, ...] = ()
    spelling: dict[object, str] = field(default_factory=dict, repr=False)
    """Normal form → first spelling, for schools that are in no table."""
    key: str = ""
    """The official key of the district, empty where it is not named."""
    gaps: Gaps = field(default_factory=Gaps, repr=False)
    """What the tables of schools and municipalities lack because of faults."""
    _places: gazetteer.MunicipalityNames | None = field(default=None, repr=False)
    _asked: int = field(default=0, repr=False)
    _towns: dict[str, str | None] = field(default_factory=dict, repr=False)

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
        return self._names.match(written)

    @property
    def _names(self) -> gazetteer.MunicipalityNames:
        if self._places is None:
            self._places = gazetteer.MunicipalityNames(self.place_names)
        return self._places

    def town(self, written: str) -> str | None:
        """The municipality of which a text certainly names a part: ``Riesa OT Gröba``."""
        if written not in self._towns:
            if len(self._towns) >= _MOST_TOWNS:
                self._towns.clear()
            self._towns[written] = town_of(written, self._names)
        return self._towns[written]

    def unknown_place(self, written: str) -> tuple[str, str]:
        """Problem and remedy for a place that is no municipality of the list."""
        return unknown_place(written, self.municipalities, self.key, self.municipality_question)

    def school_is_open(self) -> bool:
        """Whether a name that is not in the table of schools may be that of an unreadable row."""
        if self.gaps.schools_lost:
            self.gaps.later("die Namen der Schulen auf den anderen Blättern", SCHOOLS)
        return self.gaps.schools_lost

    def municipality_is_open(self, written: str) -> bool:
        """Whether a municipality that is not in the list may stand in an unreadable row."""
        return municipality_is_open(written, self.place_names, self.gaps)

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
            value=record.written(column) if value is None else value,
        )

    def at(self, record: Record) -> dict[str, Any]:
        """File, sheet and row of a record, as the objects of the model carry them."""
        return {"file": self.out.file, "sheet": self.table.sheet, "row": record.row}

    def school(self, record: Record, column: str, written: str) -> School | None:
        """The school of the table that a text means; a fault where none is certain."""
        match = self.matched(record, column, written)
        unknown = match.certain is None and not match.known and bool(self.known.schools)
        if unknown and not self.known.school_is_open():
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
        """What a text means; another spelling than in the table is told, once for all names."""
        match = self.known.schools.match(written)
        uncertain = match.certain is not None and not match.same_words
        if uncertain and self.known.school_is_open():
            return Match(known=True)
        note_spelling(match, written, self.out, self.table.sheet, record.row, record.column(column))
        return match

    def municipality(self, record: Record, column: str, written: str) -> str:
        """The municipality in the spelling of the list; empty with a fault where there is none."""
        if not self.known.municipalities:
            return ""
        found = self.place(record, column, written)
        if found is None and not self.known.municipality_is_open(written):
            problem, remedy = self.known.unknown_place(written)
            self.fault(record, column, "gemeinde_unbekannt", problem, remedy, written)
        return found or ""

    def place(self, record: Record, column: str, written: str) -> str | None:
        """The municipality that is meant, be it by a part of it, which is told."""
        found = self.known.municipality(written)
        if found is None:
            found = self.known.town(written)
            if found is not None:
                place = (self.table.sheet, record.row, record.column(column))
                tell_town(written, found, column, self.out, *place)
        return found


def note_spelling(
    match: Match, written: str, out: Collector, sheet: str, row: int, column: int
) -> None:
    """Note that a school is named in another way than in the table, be it only abbreviated.

    Case, blanks, hyphens and quotes are no difference, and the number of the school is a name.
    """
    school = match.certain
    if school is not None and fold(written) not in (fold(school.name), fold(school.number)):
        tell_school_read_as(school, written, out, sheet, row, column)


def tell_school_read_as(
    school: School, written: str, out: Collector, sheet: str, row: int = 0, column: int = 0
) -> None:
    """One more of the names that are read as a school of the table."""
    out.read_as(
        "schule_gelesen_als",
        SCHOOL_NAMES,
        written,
        school.name,
        "Ist eine andere Schule gemeint, dann schreiben Sie ihren Namen wie in der Tabelle der "
        "Schulen.",
        sheet=sheet,
        row=row,
        column=column,
    )


def school_question(match: Match) -> str:
    """``Meinen Sie „…“ oder „…“?`` with the candidates of a match."""
    return did_you_mean(school.name for school in match.candidates)


def outside_the_district(written: str) -> bool:
    """Whether a text names a Saxon municipality for certain."""
    return gazetteer.saxon_names().match(written) is not None


def municipality_is_open(written: str, names: Sequence[str], gaps: Gaps) -> bool:
    """Whether a municipality that is not among the names may stand in an unreadable row.

    What is no municipality of Saxony but looks like a name of the list is a slip of the pen.
    """
    if not gaps.municipalities_lost:
        return False
    if not outside_the_district(written) and question(written, names):
        return False
    gaps.later("die Namen der Gemeinden auf den anderen Blättern", MUNICIPALITIES)
    return True


def known_of(
    schools: Sequence[School],
    municipalities: Sequence[Municipality],
    gaps: Gaps,
    key: str | None = None,
) -> Known:
    """Schools by name and number, those with a fault too, and municipalities."""
    index = SchoolIndex(schools, gaps.broken_schools)
    return Known(index, tuple(municipalities), key=key or "", gaps=gaps)
