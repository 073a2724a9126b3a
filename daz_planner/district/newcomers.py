"""The sheet Neuzugänge: registered children without a seat, under pseudonymous ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daz_planner.district.collect import Collector
from daz_planner.district.gazetteer import match_municipality
from daz_planner.district.model import SCHOOL_TYPES, Municipality, Newcomer, School
from daz_planner.district.places import question
from daz_planner.district.rows import RowKind, classify
from daz_planner.district.schools import find_school, school_question
from daz_planner.district.tables import Record, Table, read_record
from daz_planner.district.text import fold, german_day, listed, quoted

LAST_GRADE_GS = 4
LAST_GRADE_OS = 10


@dataclass(frozen=True)
class KnownSchools:
    """The schools of the table. ``named``: folded names of all its rows, also of faulty ones."""

    schools: tuple[School, ...]
    named: frozenset[str] = frozenset()


def read_newcomers(
    table: Table,
    municipalities: Sequence[Municipality],
    schools: KnownSchools,
    day: date | None,
    out: Collector,
) -> tuple[Newcomer, ...]:
    """Read the waiting list; every fault goes to ``out``. ``day`` is the reference date."""
    reader = _NewcomerReader(table, municipalities, schools, day, out)
    for item in classify(table, is_name=lambda name: True):
        if item.kind is RowKind.DATA:
            reader.read(read_record(table, item.row, out))
    reader.report_types_without_school()
    return tuple(reader.children)


class _NewcomerReader:
    def __init__(
        self,
        table: Table,
        municipalities: Sequence[Municipality],
        known: KnownSchools,
        day: date | None,
        out: Collector,
    ) -> None:
        self.table = table
        self.names = tuple(m.name for m in municipalities)
        self.schools = known.schools
        self.named = known.named
        self.day = day
        self.out = out
        self.children: list[Newcomer] = []
        self._rows: dict[str, int] = {}

    def _fault(self, record: Record, column: str, code: str, problem: str, remedy: str) -> None:
        self.out.fault(
            code,
            problem,
            remedy,
            sheet=self.table.sheet,
            row=record.row,
            column=self.table.columns.get(column, 0),
            value=record.get(column),
        )

    def _warn(self, record: Record, column: str, code: str, problem: str, remedy: str) -> None:
        self.out.warn(
            code,
            problem,
            remedy,
            sheet=self.table.sheet,
            row=record.row,
            column=self.table.columns.get(column, 0),
            value=record.get(column),
        )

    def read(self, record: Record) -> None:
        """Add the child of a record, or the faults that keep it out."""
        pupil_id = record.get("Schüler-ID", "")
        first = self._rows.setdefault(pupil_id, record.row) if pupil_id else record.row
        if first != record.row:
            self._fault(
                record,
                "Schüler-ID",
                "kind_doppelt",
                f"Die Schüler-ID {quoted(pupil_id)} steht schon in Zeile {first}.",
                "Geben Sie jedem Kind eine eigene Kennung, oder löschen Sie die Zeile.",
            )
        kind = self._school_type(record)
        municipality = self._municipality(record)
        pinned = self._schools(record, "fixiert auf", kind)
        excluded = self._schools(record, "Ausschluss", kind)
        wishes = self._schools(record, "Wunsch", kind)
        if len(pinned) > 1:
            self._fault(
                record,
                "fixiert auf",
                "fixiert_mehrfach",
                f"Das Kind ist auf mehrere Schulen fixiert: {listed(pinned)}.",
                "Nennen Sie eine einzige Schule.",
            )
        elif pinned and pinned[0] in excluded:
            self._fault(
                record,
                "fixiert auf",
                "fixiert_ausgeschlossen",
                f"{quoted(pinned[0])} ist zugleich fixiert und ausgeschlossen.",
                "Löschen Sie eine der beiden Angaben.",
            )
        registered = record.get("gemeldet am")
        if registered is not None and self.day is not None and registered > self.day:
            self._warn(
                record,
                "gemeldet am",
                "gemeldet_nach_stichtag",
                f"Das Kind ist am {german_day(registered)} gemeldet, nach dem Stichtag "
                f"{german_day(self.day)}.",
                "Es wird wie ein Kind behandelt, das am Stichtag wartet.",
            )
        if pupil_id and kind and (municipality or not self.names):
            self.children.append(
                Newcomer(
                    pupil_id=pupil_id,
                    municipality=municipality,
                    school_type=kind,
                    grade=record.get("Klassenstufe"),
                    registered=registered,
                    family=record.get("Familie", ""),
                    pinned_to=pinned[0] if pinned else "",
                    excluded=excluded,
                    wishes=wishes,
                )
            )

    def report_types_without_school(self) -> None:
        """One warning for each school type that children need and the table does not have."""
        present = {school.school_type for school in self.schools}
        for kind in SCHOOL_TYPES:
            number = sum(child.school_type == kind for child in self.children)
            if number and self.schools and kind not in present:
                children = "steht 1 Kind" if number == 1 else f"stehen {number} Kinder"
                self.out.warn(
                    "schulart_ohne_schule",
                    f"Die Schulart {kind} hat keine Schule in der Tabelle der Schulen, aber auf "
                    f"der Warteliste {children} dieser Schulart.",
                    "Ergänzen Sie eine Schule dieser Schulart, oder prüfen Sie die Schulart.",
                    sheet=self.table.sheet,
                    value=kind,
                )

    def _school_type(self, record: Record) -> str:
        kind, grade = record.get("Schulart"), record.get("Klassenstufe")
        if kind is None and not {"Schulart", "Klassenstufe"} & record.faulty:
            if grade is None:
                self._fault(
                    record,
                    "Schulart" if self.table.has("Schulart") else "Klassenstufe",
                    "schulart_fehlt",
                    "Für das Kind fehlen Schulart und Klassenstufe.",
                    "Tragen Sie eine von beiden ein, z. B. GS oder 3.",
                )
            elif grade > LAST_GRADE_OS:
                self._fault(
                    record,
                    "Klassenstufe",
                    "schulart_unklar",
                    f"Die Klassenstufe {grade} gibt es an BSZ und GYM.",
                    "Tragen Sie die Schulart ein: BSZ oder GYM.",
                )
        if kind is None:
            if grade is None or grade > LAST_GRADE_OS:
                return ""
            return "GS" if grade <= LAST_GRADE_GS else "OS"
        fits = {
            "GS": grade is None or grade <= LAST_GRADE_GS,
            "OS": grade is None or LAST_GRADE_GS < grade <= LAST_GRADE_OS,
            "GYM": grade is None or grade > LAST_GRADE_GS,
            "BSZ": grade is None or grade > LAST_GRADE_GS,
        }
        if not fits[kind]:
            self._warn(
                record,
                "Klassenstufe",
                "klassenstufe_abweichend",
                f"Klassenstufe {grade} gibt es an der Schulart {kind} nicht.",
                f"Gerechnet wird mit der Schulart {kind}.",
            )
        return str(kind)

    def _municipality(self, record: Record) -> str:
        written = record.get("Gemeinde")
        if written is None or not self.names:
            return ""
        found = match_municipality(written, self.names)
        if found is None:
            self._fault(
                record,
                "Gemeinde",
                "gemeinde_unbekannt",
                f"{quoted(written)} ist keine Gemeinde der Liste.",
                question(written, self.names) or "Ergänzen Sie sie auf dem Blatt „Gemeinden“.",
            )
        return found or ""

    def _schools(self, record: Record, column: str, kind: str) -> tuple[str, ...]:
        """The schools that a cell names; one that is not in the table is a fault."""
        written = record.get(column)
        if written is None:
            return ()
        whole = find_school(written, self.schools)
        parts = [written] if whole else [p.strip() for p in re.split(r"[;|\n]", written)]
        found: list[str] = []
        for part in filter(None, parts):
            school = find_school(part, self.schools)
            if school is None:
                if self.schools and fold(part) not in self.named:
                    self._fault(
                        record,
                        column,
                        "schule_unbekannt",
                        f"Die Schule {quoted(part)} in der Spalte {quoted(column)} steht nicht "
                        "in der Tabelle der Schulen.",
                        school_question(part, self.schools)
                        or "Schreiben Sie den Namen wie in der Tabelle der Schulen.",
                    )
            elif kind and school.school_type != kind and column == "fixiert auf":
                self._fault(
                    record,
                    column,
                    "fixiert_schulart",
                    f"{quoted(school.name)} ist eine Schule der Schulart {school.school_type}, "
                    f"das Kind gehört zur Schulart {kind}.",
                    "Berichtigen Sie die Schulart oder die Schule.",
                )
            elif school.name not in found:
                found.append(school.name)
        return tuple(found)
