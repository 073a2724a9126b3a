"""The sheet Schulen: one table of all school types, in blocks or with a column Schulart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from daz_planner.district import gazetteer, values
from daz_planner.district.collect import Collector
from daz_planner.district.gaps import BrokenSchool, Gaps
from daz_planner.district.model import Municipality, School
from daz_planner.district.places import question, read_location
from daz_planner.district.references import municipality_is_open
from daz_planner.district.rows import RowKind, classify, report_asides
from daz_planner.district.same_school import SchoolRow, SchoolRows
from daz_planner.district.school_rows import (
    NUMBERS,
    block_types,
    check_row_counts,
    no_school,
    twice,
)
from daz_planner.district.sums import check_sums
from daz_planner.district.tables import Record, Table, read_record
from daz_planner.district.text import Cell, fold, listed, nearest, quoted
from daz_planner.district.towns import tell_town, town_of, unknown_place

_PHASES = ("Phase 1", "Phase 2", "Phase 3")
_COUNTS = frozenset(("Gast-VKA", "Klassengröße", "Kap.reserve"))
"""Columns that may be empty, but must not be taken as empty where they cannot be read."""


def read_schools(
    table: Table,
    municipalities: Sequence[Municipality],
    key: str | None,
    gaps: Gaps,
    out: Collector,
) -> tuple[School, ...]:
    """The schools. Faults go to ``out``, and what they keep out to ``gaps``.

    ``municipalities`` may be empty where they could not be read: then the municipality of a
    school is not checked. ``key`` is the official key of the district.
    """
    rows = classify(table, is_name=lambda name: values.type_of_name(name) is not None)
    types = block_types(rows)
    reader = _SchoolReader(table, municipalities, key, gaps, out)
    report_asides(table, rows, out)
    records: list[Record] = []
    for item in rows:
        if item.kind is RowKind.UNCLEAR:
            out.warn(
                "zeile_unklar",
                f"Die Zeile {quoted(item.label)} hat keine Zahlen und bleibt außen vor.",
                "Ist es eine Schule, dann tragen Sie ihre Zahlen ein.",
                sheet=table.sheet,
                row=item.row.number,
                value=item.label,
            )
        if item.kind is RowKind.DATA:
            record = read_record(table, item.row, out)
            records.append(record)
            reader.read(record, types.get(item.row.number))
    reader.report_seats()
    check_sums(table, rows, records, reader.types, out)
    if not records:
        out.fault(
            "keine_schule",
            "In der Tabelle steht keine Schule.",
            "Tragen Sie je Zeile eine Schule mit VKA-Schülern, VKA-Klassen und Kap.reserve ein.",
            sheet=table.sheet,
            row=table.header_row,
        )
    present = {school.name for school in reader.schools}
    gaps.broken_schools = tuple(row for row in reader.rows if row.name not in present)
    gaps.unsure_schools = frozenset(reader.unsure)
    gaps.regions_lost |= any("Planungsregion" in record.faulty for record in records)
    gaps.schools_lost = bool(table.lost) or any("Schule" in record.faulty for record in records)
    return tuple(reader.schools)


def _written(record: Record, column: str) -> Cell:
    """What stands in the cell, or the name of the school where the cell is empty."""
    cell = record.written(column)
    return record.get("Schule") if cell is None else cell


class _SchoolReader:
    """Builds schools from records and remembers what must be unique."""

    def __init__(
        self,
        table: Table,
        municipalities: Sequence[Municipality],
        key: str | None,
        gaps: Gaps,
        out: Collector,
    ) -> None:
        self.table = table
        self.key = key or ""
        self.gaps = gaps
        self.municipalities = {m.name: m for m in municipalities}
        self.keys = frozenset(
            {m.ags[:5] for m in municipalities if m.ags} | ({key} if key else set())
        )
        self.out = out
        self.schools: list[School] = []
        self.types: dict[int, str] = {}
        self.rows: list[BrokenSchool] = []
        self.unsure: set[str] = set()
        self._first: dict[str, Record] = {}
        self._by_row: dict[int, Record] = {}
        self._known = SchoolRows()
        self._numbers: dict[str, int] = {}
        self._at_seat: list[str] = []

    def read(self, record: Record, block_type: str | None) -> None:
        """Add the school of a record, or the faults that keep it out."""
        name = record.get("Schule")
        if name is None:
            return
        if not fold(name):
            self._fault(record, "Schule", "name_falsch", f"{quoted(name)} ist kein Name.", "")
            return
        if not self._is_new(record, name):
            return
        kind = self._school_type(record, name, block_type)
        municipality = self._municipality(record, name, kind or "")
        if kind is not None and self._is_same(record, name, kind, municipality):
            return
        self.rows.append(
            BrokenSchool(
                *(name, municipality or record.get("Gemeinde", ""), kind or ""),
                record.get("Schulnummer", ""),
            )
        )
        if _COUNTS & record.faulty:
            self.unsure.add(name)
        given = read_location(self.table, record, self.out)
        if kind is None or not {"VKA-Schüler", "VKA-Klassen"} <= record.values.keys():
            return
        latitude, longitude, origin = self._location(record, name, given, municipality, kind)
        phases = tuple(record.get(phase) for phase in _PHASES)
        check_row_counts(record, name, phases, partial(self._warn, record))
        self.schools.append(
            School(
                name=name,
                school_type=kind,
                pupils=record.get("VKA-Schüler"),
                classes=record.get("VKA-Klassen"),
                reserve=record.get("Kap.reserve"),
                municipality=municipality,
                latitude=latitude,
                longitude=longitude,
                number=record.get("Schulnummer", ""),
                planning_area=self._area(record, municipality),
                class_cap=record.get("Klassengröße"),
                free_rooms=record.get("freie Räume"),
                opening_cost=record.get("Öffnungskosten"),
                guests=record.get("Gast-VKA", 0),
                phases=(phases[0], phases[1], phases[2]),
                location_from=origin,
                sheet=self.table.sheet,
                row=record.row,
                file=self.out.file,
            )
        )

    def _fault(
        self, record: Record, column: str, code: str, problem: str, remedy: str = ""
    ) -> None:
        self.out.fault(
            code,
            problem,
            remedy or self.table.spec.column(column).remedy,
            sheet=self.table.sheet,
            row=record.row,
            column=record.column(column) or record.column("Schule"),
            value=_written(record, column),
        )

    def _warn(self, record: Record, column: str, code: str, problem: str, remedy: str) -> None:
        self.out.warn(
            code,
            problem,
            remedy,
            sheet=self.table.sheet,
            row=record.row,
            column=record.column(column) or record.column("Schule"),
            value=_written(record, column),
        )

    def _is_new(self, record: Record, name: str) -> bool:
        first = self._first.setdefault(fold(name), record)
        if first is not record:
            self._report_twice(record, name, first)
            return False
        number = record.get("Schulnummer")
        if number is not None:
            row = self._numbers.setdefault(fold(number), record.row)
            if row != record.row:
                self._fault(
                    record,
                    "Schulnummer",
                    "schulnummer_doppelt",
                    f"Die Schulnummer {quoted(number)} steht schon in Zeile {row}.",
                    "Berichtigen Sie eine der beiden Nummern.",
                )
        return True

    def _report_twice(self, record: Record, name: str, first: Record) -> None:
        """A fault for the second row of a school, with what tells the two apart."""
        record.repeats = first.row
        other = str(first.get("Schule"))
        self.unsure.update((name, other))
        problem, remedy = twice(record, name, first, other)
        self._fault(record, "Schule", "schule_doppelt", problem, remedy)

    def _is_same(self, record: Record, name: str, kind: str, municipality: str) -> bool:
        """Whether an earlier row is the same school under another name; a fault or a question."""
        counts = tuple(record.get(column) for column in NUMBERS)
        number = str(record.get("Schulnummer", ""))
        new = SchoolRow(record.row, name, kind, municipality, number, counts)
        same = self._known.same(new)
        if same is not None:
            self._report_twice(record, name, self._by_row[same.row])
            return True
        similar = self._known.similar(new)
        if similar is not None:
            self._warn(
                record,
                "Schule",
                "schule_aehnlich",
                f"{quoted(name)} ist vielleicht dieselbe Schule wie {quoted(similar.name)} in "
                f"Zeile {similar.row}.",
                "Ist es dieselbe, löschen Sie eine der beiden Zeilen, sonst zählt sie zweimal.",
            )
        self._known.add(new)
        self._by_row[record.row] = record
        return False

    def _school_type(self, record: Record, name: str, block_type: str | None) -> str | None:
        """Column, then block, then name, then the list of schools; a fault where none helps."""
        if "Schulart" in record.faulty:
            return None
        named = values.type_of_name(name)
        kind = record.get("Schulart") or block_type or named
        if kind is None:
            found = gazetteer.find_school(name, keys=self.keys)
            kind = found.school_type if found else None
        if kind is None:
            self._fault(
                record,
                "Schulart",
                "schulart_fehlt",
                f"Die Schulart von {quoted(name)} ist nicht zu erkennen.",
                "Tragen Sie in einer Spalte „Schulart“ GS, OS, BSZ oder GYM ein. "
                f"{no_school(name)}",
            )
            return None
        if named is not None and named != kind:
            self._warn(
                record,
                "Schulart",
                "schulart_abweichend",
                f"{quoted(name)} steht unter {kind}, der Name spricht für {named}.",
                f"Gerechnet wird mit {kind}.",
            )
        self.types[record.row] = kind
        return kind

    def _municipality(self, record: Record, name: str, kind: str) -> str:
        """The municipality of the school in the spelling of the list; empty with a fault."""
        if not self.municipalities or "Gemeinde" in record.faulty:
            return ""
        written = record.get("Gemeinde")
        names = tuple(self.municipalities)
        if written is not None:
            found = gazetteer.match_municipality(written, names)
            if found is None:
                found = town_of(written, gazetteer.MunicipalityNames(names))
                if found is not None:
                    place = (self.table.sheet, record.row, record.column("Gemeinde"))
                    tell_town(written, found, "Gemeinde", self.out, *place)
            if found is None and not municipality_is_open(written, names, self.gaps):
                places = tuple(self.municipalities.values())
                problem, remedy = unknown_place(
                    written, places, self.key, lambda text: question(text, names)
                )
                self._fault(record, "Gemeinde", "gemeinde_unbekannt", problem, remedy)
            return found or ""
        school = gazetteer.find_school(name, keys=self.keys, school_type=kind)
        if school is not None:
            found = gazetteer.match_municipality(school.municipality, names)
            if found is not None or municipality_is_open(school.municipality, names, self.gaps):
                return found or ""
        self._fault(
            record,
            "Gemeinde",
            "gemeinde_fehlt",
            f"Die Gemeinde von {quoted(name)} fehlt und ist aus der Liste der Schulen nicht "
            "sicher zu bestimmen.",
            f"{self._candidates(name, kind)} {no_school(name)}",
        )
        return ""

    def _candidates(self, name: str, kind: str) -> str:
        """What might be meant: schools with similar names, or municipalities in the name."""
        named = [place for place in self.municipalities if fold(place) in fold(name)]
        if named:
            last = max(named, key=lambda place: fold(name).rfind(fold(place)))
            return f"Tragen Sie die Gemeinde ein, z. B. {last}."
        pool = {
            school.name: school.municipality
            for school in gazetteer.all_schools()
            if school.ags[:5] in self.keys and (not kind or school.school_type == kind)
        }
        close = [f"{quoted(other)} in {pool[other]}" for other in nearest(name, pool)]
        asked = f"Meinen Sie {' oder '.join(close)}? " if close else ""
        return f"{asked}Tragen Sie die Gemeinde ein."

    def _location(
        self,
        record: Record,
        name: str,
        given: tuple[float, float] | None,
        municipality: str,
        kind: str,
    ) -> tuple[float, float, str]:
        """Coordinates and where they come from: Eingabe, Schulliste or Gemeindesitz."""
        if given is not None:
            return *given, record.get("Koordinate von", "Eingabe")
        if not municipality or {"Breite", "Länge"} & record.faulty:
            return 0.0, 0.0, ""
        school = gazetteer.find_school(
            name, municipality=municipality, keys=self.keys, school_type=kind
        )
        if school is not None:
            return school.latitude, school.longitude, "Schulliste"
        seat = self.municipalities[municipality]
        self._at_seat.append(name)
        return seat.latitude, seat.longitude, "Gemeindesitz"

    def report_seats(self) -> None:
        """One warning for all schools that carry the seat of their municipality."""
        if not self._at_seat:
            return
        some = self._at_seat[:5]
        more = len(self._at_seat) - len(some)
        tail = f" und {more} weitere" if more else ""
        self.out.warn(
            "lage_gemeindesitz",
            f"Ohne Koordinate und nicht sicher in der Liste der Schulen: {listed(some)}{tail}.",
            "Für die Wege gilt der Sitz der Gemeinde. Tragen Sie Breite und Länge ein, "
            "wenn die Wege genauer sein sollen.",
            sheet=self.table.sheet,
        )

    def _area(self, record: Record, municipality: str) -> str:
        written = record.get("Planungsregion", "")
        if written or municipality not in self.municipalities:
            return str(written)
        return self.municipalities[municipality].planning_area
