"""The rows of a list of pupils."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from daz_planner.district.collect import Collector
from daz_planner.district.model import Pupil
from daz_planner.district.names import normal_name
from daz_planner.district.references import (
    Known,
    SheetReader,
    outside_the_district,
    school_question,
)
from daz_planner.district.rows import records
from daz_planner.district.school_of_list import SchoolOfList
from daz_planner.district.tables import Record, Table
from daz_planner.district.text import fold, quoted

_LAST_PHASE = 3


def _phase_since(record: Record) -> date | None:
    """The begin of the phase. ``10/2016`` does not lie before an entry on a day of that month."""
    since: date | None = record.get("Phase seit")
    entered: date | None = record.get("Eintritt")
    if since is None or entered is None or "Phase seit" not in record.loose:
        return since
    same_month = (since.year, since.month) == (entered.year, entered.month)
    return max(since, entered) if same_month else since


class PupilReader(SheetReader):
    """Reads the rows of one list; ``whose`` is the school where no column says it."""

    def __init__(self, table: Table, known: Known, whose: SchoolOfList, out: Collector) -> None:
        super().__init__(table, known, out)
        self.whose = whose
        self._schools: dict[tuple[str, bool], str] = {}
        self._seen: set[str] = set()
        self.lost: set[str] = set()
        """Schools of rows that could not be used; an empty text for a row of an unknown school."""

    def pupils(self) -> Iterator[Pupil]:
        """The pupils of the list; what cannot be used is noted."""
        file, sheet = self.out.file, self.table.sheet
        own = self.whose.school.name if self.whose.school else self.whose.written
        for record in records(self.table, self.out):
            got = record.values
            pupil_id, phase, place = got.get("Schüler-ID"), got.get("Phase"), got.get("Gemeinde")
            written = got.get("Schule")
            if written is not None:
                school = self._school(record, written, phase == _LAST_PHASE)
            else:
                school = own if "Schule" not in record.faulty else ""
                if not own and "Schule" not in record.faulty:
                    self._report_empty(record)
            residence = self._residence(record, place) if place is not None else ""
            if school:
                self._seen.add(school)
            if pupil_id is None or phase is None or not school:
                self.lost.add(school)
                continue
            yield Pupil(
                pupil_id,
                school,
                phase,
                _phase_since(record),
                got.get("Eintritt"),
                got.get("Klassenstufe"),
                residence,
                file,
                sheet,
                record.row,
            )
        if self.table.lost:
            self.lost.add("")
        self._report_other_school()

    def _report_empty(self, record: Record) -> None:
        self.fault(
            record,
            "Schule",
            "wert_fehlt",
            "In der Spalte „Schule“ fehlt der Wert.",
            self.table.spec.column("Schule").remedy,
        )

    def _report_other_school(self) -> None:
        """A warning where the name of file or sheet says another school than the column."""
        named = self.whose.school
        if named is None or not self._seen or named.name in self._seen or "" in self.lost:
            return
        self.out.warn(
            "schule_der_liste_abweichend",
            f"{self.whose.origin}: {quoted(named.name)}. In der Spalte „Schule“ kommt sie nicht "
            "vor.",
            "Gelesen wird die Spalte. Prüfen Sie, ob es die richtige Liste ist.",
            sheet=self.table.sheet,
            value=named.name,
        )

    def _school(self, record: Record, written: str, last_phase: bool) -> str:
        """The school of a row, empty with a fault; what was found is remembered."""
        key = (written, last_phase)
        found = self._schools.get(key)
        if not found:
            found = self._schools[key] = self._school_name(record, written, last_phase)
        return found

    def _school_name(self, record: Record, written: str, last_phase: bool) -> str:
        """The name in the table; without a table of schools the first spelling of the name."""
        if not self.known.schools:
            return self._spelling(written)
        match = self.matched(record, "Schule", written)
        if match.certain is not None:
            return match.certain.name
        if match.known:
            return match.name or self._spelling(written)
        if self.known.school_is_open():
            return ""
        asked = school_question(match)
        problem = f"Die Schule {quoted(written)} steht nicht in der Tabelle der Schulen."
        if last_phase and not asked:
            if written not in self.told:
                self.told.add(written)
                self.warn(
                    record,
                    "Schule",
                    "schule_unbekannt",
                    problem,
                    "Schüler der Phase 3 an einer Schule ohne VKA zählen im Plan nicht mit.",
                )
            return written
        self.fault(
            record,
            "Schule",
            "schule_unbekannt",
            problem,
            asked or "Schreiben Sie den Namen wie in der Tabelle der Schulen.",
        )
        return ""

    def _spelling(self, written: str) -> str:
        normal = normal_name(written)
        key = normal if normal.words else fold(written)
        return self.known.spelling.setdefault(key, written)

    def _residence(self, record: Record, written: str) -> str:
        """The municipality of the list; empty, with a warning, for one outside the district."""
        if not self.known.municipalities:
            return "" if self.known.schools else written
        found = self.place(record, "Gemeinde", written)
        if found is not None:
            return found
        if self.known.municipality_is_open(written):
            return ""
        if outside_the_district(written):
            if written not in self.told:
                self.told.add(written)
                self.warn(
                    record,
                    "Gemeinde",
                    "wohnort_ausserhalb",
                    f"Die Gemeinde {quoted(written)} gehört nicht zum Landkreis.",
                    "Gerechnet wird mit der Gemeinde der Schule.",
                )
            return ""
        problem, remedy = self.known.unknown_place(written)
        if "?" not in remedy:
            remedy += " Ist sie nicht bekannt, dann lassen Sie die Zelle leer."
        self.fault(record, "Gemeinde", "gemeinde_unbekannt", problem, remedy)
        return ""
