"""The sheet Neuzugänge: registered children without a seat, under pseudonymous ids."""

from __future__ import annotations

import re
from datetime import date

from daz_planner.district.collect import Collector
from daz_planner.district.gaps import SCHOOLS
from daz_planner.district.model import SCHOOL_TYPES, Newcomer
from daz_planner.district.personal import mask_if_personal
from daz_planner.district.references import Known, SheetReader, school_question
from daz_planner.district.rows import records
from daz_planner.district.tables import Record, Table
from daz_planner.district.text import german_day, listed, quoted

LAST_GRADE_GS = 4
LAST_GRADE_OS = 10


def read_newcomers(
    table: Table, known: Known, day: date | None, out: Collector
) -> tuple[Newcomer, ...]:
    """Read the waiting list; every fault goes to ``out``. ``day`` is the reference date."""
    reader = _NewcomerReader(table, known, day, out)
    for record in records(table, out):
        reader.read(record)
    reader.report_types_without_school()
    return tuple(reader.children)


class _NewcomerReader(SheetReader):
    def __init__(self, table: Table, known: Known, day: date | None, out: Collector) -> None:
        super().__init__(table, known, out)
        self.schools = known.schools.schools
        self.day = day
        self.children: list[Newcomer] = []
        self._rows: dict[str, int] = {}

    def read(self, record: Record) -> None:
        """Add the child of a record, or the faults that keep it out."""
        pupil_id = record.get("Schüler-ID", "")
        first = self._rows.setdefault(pupil_id, record.row) if pupil_id else record.row
        if first != record.row:
            shown_id = mask_if_personal(pupil_id)
            self.fault(
                record,
                "Schüler-ID",
                "kind_doppelt",
                f"Die Schüler-ID {quoted(shown_id)} steht schon in Zeile {first}.",
                "Geben Sie jedem Kind eine eigene Kennung, oder löschen Sie die Zeile.",
                shown_id,
            )
        kind = self._school_type(record)
        written = record.get("Gemeinde")
        municipality = self.municipality(record, "Gemeinde", written) if written else ""
        pinned = self._schools(record, "fixiert auf", kind)
        excluded = self._schools(record, "Ausschluss", kind)
        wishes = self._schools(record, "Wunsch", kind)
        if len(pinned) > 1:
            self.fault(
                record,
                "fixiert auf",
                "fixiert_mehrfach",
                f"Das Kind ist auf mehrere Schulen fixiert: {listed(pinned)}.",
                "Nennen Sie eine einzige Schule.",
            )
        elif pinned and pinned[0] in excluded:
            self.fault(
                record,
                "fixiert auf",
                "fixiert_ausgeschlossen",
                f"{quoted(pinned[0])} ist zugleich fixiert und ausgeschlossen.",
                "Löschen Sie eine der beiden Angaben.",
            )
        registered = record.get("gemeldet am")
        if registered is not None and self.day is not None and registered > self.day:
            self.warn(
                record,
                "gemeldet am",
                "gemeldet_nach_stichtag",
                f"Das Kind ist am {german_day(registered)} gemeldet, nach dem Stichtag "
                f"{german_day(self.day)}.",
                "Es wird wie ein Kind behandelt, das am Stichtag wartet.",
            )
        if pupil_id and kind and (municipality or not self.known.municipalities):
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
                    file=self.out.file,
                    sheet=self.table.sheet,
                    row=record.row,
                )
            )

    def report_types_without_school(self) -> None:
        """One warning for each school type that children need and the table does not have."""
        if self.known.gaps.schools_open:
            self.known.gaps.later("die Schularten der Warteliste", SCHOOLS)
            return
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
                self.fault(
                    record,
                    "Schulart" if self.table.has("Schulart") else "Klassenstufe",
                    "schulart_fehlt",
                    "Für das Kind fehlen Schulart und Klassenstufe.",
                    "Tragen Sie eine von beiden ein, z. B. GS oder 3.",
                )
            elif grade > LAST_GRADE_OS:
                self.fault(
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
            self.warn(
                record,
                "Klassenstufe",
                "klassenstufe_abweichend",
                f"Klassenstufe {grade} gibt es an der Schulart {kind} nicht.",
                f"Gerechnet wird mit der Schulart {kind}: Das Kind kommt an eine Schule dieser "
                "Schulart, seine Klassenstufe zählt dabei nicht. Berichtigen Sie, was falsch ist.",
            )
        return str(kind)

    def _schools(self, record: Record, column: str, kind: str) -> tuple[str, ...]:
        """The schools that a cell names; one that is not in the table is a fault."""
        written = record.get(column)
        if written is None:
            return ()
        whole = self.known.schools.match(written)
        parts = [written] if whole.known else [p.strip() for p in re.split(r"[;|\n]", written)]
        found: list[str] = []
        for part in filter(None, parts):
            match = self.matched(record, column, part)
            school = match.certain
            if school is None:
                if self.schools and not match.known and not self.known.school_is_open():
                    self.fault(
                        record,
                        column,
                        "schule_unbekannt",
                        f"Die Schule {quoted(part)} in der Spalte {quoted(column)} steht nicht "
                        "in der Tabelle der Schulen.",
                        school_question(match)
                        or "Schreiben Sie den Namen wie in der Tabelle der Schulen.",
                    )
            elif kind and school.school_type != kind and column == "fixiert auf":
                self.fault(
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
