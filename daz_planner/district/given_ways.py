"""The sheet Wege: minutes to school as a list, or as a matrix of municipalities and schools."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daz_planner.district import values
from daz_planner.district.collect import Collector
from daz_planner.district.columns import Column
from daz_planner.district.gaps import MUNICIPALITIES, SCHOOLS
from daz_planner.district.layout_planning import WAYS
from daz_planner.district.model import GivenWay
from daz_planner.district.references import (
    Known,
    note_spelling,
    outside_the_district,
    school_question,
)
from daz_planner.district.rows import records
from daz_planner.district.sheets import Sheet
from daz_planner.district.tables import header_of, locate
from daz_planner.district.text import Cell, fold, quoted
from daz_planner.district.towns import tell_town

_HEADER_WITHIN = 60
_LABEL_WITHIN = 6
_MOST_COLUMNS = 4_000
_MOST_LABELS = 2_000
_CORNER = frozenset(
    fold(name)
    for name in (
        *("Gemeinde", "Schule", "von", "nach", "Gemeinde / Schule", "Schule / Gemeinde", "Ort"),
        *("von/nach", "von \\ nach", "Gemeinde \\ Schule", "Wohnort", "Minuten", "Wohngemeinde"),
    )
)
_PASSED_OVER = frozenset(("schulart", "ags", "plz", "schulnummer", "quelle", "lfdnr", "nr"))


def read_ways(sheet: Sheet, known: Known, out: Collector) -> tuple[GivenWay, ...]:
    """Read the sheet, whichever form it has; ways to schools outside the table are left out."""
    header = header_of(sheet, WAYS)
    if header is not None and len(header.missing(WAYS)) <= 1 and "Minuten" in header.places:
        return _read_list(sheet, known, out)
    matrix = _find_matrix(sheet, known)
    gaps = known.gaps
    if matrix is None and (gaps.schools_open or gaps.municipalities_lost):
        gaps.later("das Blatt „Wege“", SCHOOLS if gaps.schools_open else MUNICIPALITIES)
        return ()
    if matrix is None:
        out.fault(
            "wege_unklar",
            "Das Blatt ist weder eine Liste mit den Spalten „Gemeinde“, „Schule“ und „Minuten“ "
            "noch eine Tabelle mit Schulen in der Kopfzeile und Gemeinden in der ersten Spalte.",
            "Bringen Sie es in eine der beiden Formen; Schulen und Gemeinden heißen wie auf ihren "
            "Blättern.",
            sheet=sheet.name,
        )
        return ()
    return _read_matrix(sheet, matrix, known, out)


@dataclass(frozen=True)
class _Cell:
    """Where a finding stands."""

    row: int
    column: int


class _Ways:
    """Gathers ways; each pair counts once."""

    def __init__(self, sheet: str, known: Known, out: Collector) -> None:
        self.sheet = sheet
        self.known = known
        self.out = out
        self.ways: list[GivenWay] = []
        self._first: dict[tuple[str, str], tuple[float, str]] = {}
        self._named: dict[tuple[str, str], str] = {}

    def school(self, written: str, at: _Cell) -> str:
        """The name in the table, empty with a finding where there is none."""
        return self._once("s", written, at, self._school)

    def municipality(self, written: str, at: _Cell) -> str:
        """The name in the list, empty with a finding where there is none."""
        return self._once("m", written, at, self._municipality)

    def _once(
        self, kind: str, written: str, at: _Cell, resolve: Callable[[str, _Cell], str]
    ) -> str:
        if (kind, written) not in self._named:
            self._named[(kind, written)] = resolve(written, at)
        return self._named[(kind, written)]

    def _school(self, written: str, at: _Cell) -> str:
        match = self.known.schools.match(written)
        if not match.same_words and self.known.school_is_open():
            return ""
        if match.certain is not None:
            note_spelling(match, written, self.out, self.sheet, at.row, at.column)
            return match.certain.name
        if match.known or not self.known.schools:
            return ""
        asked = school_question(match)
        self._note(
            *(self.out.fault if asked else self.out.warn, at, written, "schule_unbekannt"),
            f"Die Schule {quoted(written)} steht nicht in der Tabelle der Schulen.",
            asked or "Ihre Wege bleiben außen vor.",
        )
        return ""

    def _municipality(self, written: str, at: _Cell) -> str:
        found = self.known.municipality(written)
        if found is None and self.known.municipalities:
            found = self.known.town(written)
            if found is not None:
                tell_town(written, found, "Gemeinde", self.out, self.sheet, at.row, at.column)
        if found is not None or not self.known.municipalities:
            return found or ""
        if self.known.municipality_is_open(written):
            return ""
        outside = outside_the_district(written)
        problem, remedy = self.known.unknown_place(written)
        self._note(
            *(self.out.warn if outside else self.out.fault, at, written, "gemeinde_unbekannt"),
            problem,
            "Ihre Wege bleiben außen vor." if outside else remedy,
        )
        return ""

    def add(self, municipality: str, school: str, minutes: float, at: _Cell) -> None:
        """Keep a way; the same pair with other minutes is a fault."""
        place = f"Zeile {at.row}"
        first = self._first.setdefault((municipality, school), (minutes, place))
        if first != (minutes, place):
            same = first[0] == minutes
            self._note(
                *(self.out.warn if same else self.out.fault, at, minutes, "weg_doppelt"),
                f"Der Weg von {quoted(municipality)} nach {quoted(school)} steht schon in "
                f"{first[1]}{'' if same else ' mit anderen Minuten'}.",
                "Löschen Sie eine der beiden Angaben.",
            )
            return
        self.ways.append(
            GivenWay(
                *(municipality, school, minutes),
                file=self.out.file,
                sheet=self.sheet,
                row=at.row,
                column=at.column,
            )
        )

    def _note(
        self,
        note: Callable[..., None],
        at: _Cell,
        value: Cell,
        code: str,
        problem: str,
        remedy: str,
    ) -> None:
        note(code, problem, remedy, sheet=self.sheet, row=at.row, column=at.column, value=value)


def _read_list(sheet: Sheet, known: Known, out: Collector) -> tuple[GivenWay, ...]:
    table = locate(sheet, WAYS, out)
    if table is None:
        return ()
    ways = _Ways(sheet.name, known, out)
    for record in records(table, out):
        places = {name: _Cell(record.row, record.column(name)) for name in record.columns}
        school, municipality = record.get("Schule"), record.get("Gemeinde")
        goal = ways.school(school, places["Schule"]) if school else ""
        start = ways.municipality(municipality, places["Gemeinde"]) if municipality else ""
        if goal and start and "Minuten" in record.values:
            ways.add(start, goal, record.get("Minuten"), places["Minuten"])
    return tuple(ways.ways)


@dataclass(frozen=True)
class _Matrix:
    """The row of the header and the column of the labels, as places; who stands in the header."""

    header: int
    label: int
    schools_above: bool


def _find_matrix(sheet: Sheet, known: Known) -> _Matrix | None:
    """The header row with the most names of one kind, the column with the most of the other."""
    best: tuple[int, int, bool] | None = None
    for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        texts = [cell for cell in row[:_MOST_COLUMNS] if isinstance(cell, str)]
        for schools_above in (True, False):
            number = sum(_is_known(text, known, schools_above) for text in texts)
            if number and (best is None or number > best[0]):
                best = (number, index, schools_above)
    if best is None:
        return None
    _, header, schools_above = best
    below = sheet.rows[header + 1 : header + 1 + _MOST_LABELS]
    scores = {
        place: sum(
            isinstance(cell, str) and _is_known(cell, known, not schools_above)
            for cell in (row[place] if place < len(row) else None for row in below)
        )
        for place in range(_LABEL_WITHIN)
    }
    label = max(scores, key=lambda place: (scores[place], -place))
    row = sheet.rows[header]
    corner = row[label] if label < len(row) else None
    if isinstance(corner, str) and _is_known(corner, known, not schools_above):
        return None  # a row of a list, in which both kinds of names stand side by side
    return _Matrix(header, label, schools_above) if scores[label] else None


def _is_known(text: str, known: Known, as_school: bool) -> bool:
    if as_school:
        match = known.schools.match(text)
        return match.certain is not None or match.known
    return known.municipality(text) is not None


def _read_matrix(
    sheet: Sheet, matrix: _Matrix, known: Known, out: Collector
) -> tuple[GivenWay, ...]:
    ways = _Ways(sheet.name, known, out)
    above, beside = (
        (ways.school, ways.municipality)
        if matrix.schools_above
        else (ways.municipality, ways.school)
    )
    minutes = WAYS.column("Minuten")
    header = sheet.rows[matrix.header]
    row_number = sheet.first_row + matrix.header
    heads: dict[int, str] = {}
    for place, cell in enumerate(header[:_MOST_COLUMNS]):
        if place == matrix.label or not isinstance(cell, str) or _is_corner(cell):
            continue
        if place < matrix.label and not _is_known(cell, known, matrix.schools_above):
            continue
        heads[place] = above(cell, _Cell(row_number, sheet.first_column + place))
    for index in range(matrix.header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        label = row[matrix.label] if matrix.label < len(row) else None
        if not isinstance(label, str) or not _has_numbers(row, heads):
            _report_lost_numbers(sheet, index, row, heads, label, out)
            continue
        number = sheet.first_row + index
        name = beside(label, _Cell(number, sheet.first_column + matrix.label))
        for place, head in heads.items():
            cell = row[place] if place < len(row) else None
            at = _Cell(number, sheet.first_column + place)
            value = _minutes(sheet, cell, at, minutes, out)
            if value is not None and name and head:
                start, goal = (name, head) if matrix.schools_above else (head, name)
                ways.add(start, goal, value, at)
    return tuple(ways.ways)


def _is_corner(text: str) -> bool:
    return fold(text) in _CORNER or fold(text) in _PASSED_OVER


def _has_numbers(row: Sequence[Cell], heads: dict[int, str]) -> bool:
    return any(place < len(row) and row[place] is not None for place in heads)


def _report_lost_numbers(
    sheet: Sheet,
    index: int,
    row: Sequence[Cell],
    heads: dict[int, str],
    label: Cell,
    out: Collector,
) -> None:
    """A fault for minutes in a row that names nobody."""
    if label is not None or not any(
        place < len(row) and isinstance(row[place], int | float) for place in heads
    ):
        return
    out.fault(
        "weg_ohne_namen",
        "In dieser Zeile stehen Minuten, aber in der ersten Spalte kein Name.",
        "Tragen Sie die Gemeinde oder die Schule ein, oder leeren Sie die Zeile.",
        sheet=sheet.name,
        row=sheet.first_row + index,
    )


def _minutes(sheet: Sheet, cell: Cell, at: _Cell, column: Column, out: Collector) -> float | None:
    """The minutes of a cell; empty ones and dashes are pairs without a given way."""
    note = sheet.note_at(at.row, at.column)
    if note or (isinstance(cell, str) and cell.startswith("#")):
        out.fault(
            "formel_ohne_ergebnis" if note == "formel" else "fehlerwert",
            "Formel ohne Ergebnis." if note == "formel" else "Die Formel ergibt einen Fehler.",
            column.remedy,
            sheet=sheet.name,
            row=at.row,
            column=at.column,
            value=cell,
        )
        return None
    if cell is None or values.is_unknown(cell) or cell in values.NOTHING:
        return None
    try:
        return float(column.parse(cell))
    except values.BadValue as error:
        out.fault(
            "wert_falsch",
            str(error),
            column.remedy,
            sheet=sheet.name,
            row=at.row,
            column=at.column,
            value=cell,
        )
        return None
