"""Rosters: the sheet Bestand, or lists of many schools in files of their own.

Each list says for which school and for which day it holds, in a column, a title, the sheet Angaben
of its file, the name of the sheet or of the file. Lists of the same day become one roster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from daz_planner.district import values
from daz_planner.district.collect import Collector
from daz_planner.district.details import date_in_titles, pairs_of
from daz_planner.district.findings import Finding
from daz_planner.district.folder import load_files, load_folder
from daz_planner.district.model import Municipality, Place, Pupil, Roster, School
from daz_planner.district.names import SchoolIndex
from daz_planner.district.pupils import PupilReader
from daz_planner.district.references import Known, school_question, tell_school_read_as
from daz_planner.district.roles import ROSTER_OF_SCHOOL, RosterPart, rosters_of
from daz_planner.district.same_ids import Twice, report_twice
from daz_planner.district.school_of_list import SchoolOfList, school_of_list
from daz_planner.district.sheets import Sheet, Source, report_sheet
from daz_planner.district.tables import Table, locate
from daz_planner.district.text import fold, german_day, shown


@dataclass(frozen=True)
class RosterReading:
    """Rosters by day, the latest last, and the warnings of their reading."""

    rosters: tuple[Roster, ...]
    findings: tuple[Finding, ...] = ()


@dataclass
class RosterBook:
    """Gathers pupils by reference date. A pupil may be in a roster only once."""

    pupils: dict[date, list[Pupil]] = field(default_factory=dict)
    columns: list[tuple[str, str, str, int]] = field(default_factory=list)
    """(file, sheet, column, number) of the lists, as in ``District.columns``."""
    written: list[tuple[Place, str]] = field(default_factory=list)
    """Cells that look otherwise than their value, as in ``District.written``."""
    twice: list[Twice] = field(default_factory=list)
    """Rows with an id that is there already."""
    _first: dict[tuple[date, str], Pupil] = field(default_factory=dict)

    def first(self, day: date, pupil: Pupil) -> Pupil:
        """The first pupil of that id and day: the one given, unless there was one before."""
        return self._first.setdefault((day, pupil.pupil_id.casefold()), pupil)

    @property
    def rosters(self) -> tuple[Roster, ...]:
        """One roster a day, the latest last."""
        return tuple(Roster(day, tuple(pupils)) for day, pupils in sorted(self.pupils.items()))


def read_roster_parts(
    parts: Sequence[RosterPart], known: Known, day: date | None, written: date | None
) -> RosterBook:
    """Read lists of pupils; findings go to the collectors of the parts.

    Parameters
    ----------
    day:
        The reference date of the district, which holds for lists that name none;
        ``gaps.UNKNOWN_DAY`` where a fault hides it.
    written:
        The reference date that the district's workbook names, where the caller has set another:
        lists that name it are meant to be of ``day``.
    """
    book = RosterBook()
    for part in parts:
        _read_part(part, known, day, written, book)
    report_twice(book.twice, [pupil for pupils in book.pupils.values() for pupil in pupils])
    return book


def read_rosters(
    paths: Path | Sequence[Path],
    *,
    schools: Sequence[School] = (),
    municipalities: Sequence[Municipality] = (),
    reference_date: date | None = None,
) -> RosterReading:
    """Read rosters alone: files, or a folder of them, of one or several reference dates.

    Parameters
    ----------
    schools, municipalities:
        What the names must mean. Without schools each keeps the spelling read first.
    reference_date:
        Day of the lists that name none.

    Raises
    ------
    InputError
        With all faults and warnings, among them a list without any day.
    """
    several = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    out = Collector(several[0].name if several else "")
    sources: list[Source] = []
    for path in several:
        if path.is_dir():
            sources.extend(load_folder(path, out, with_schools=False))
        else:
            sources.extend(load_files([path], out))
    parts = [part for source in sources for part in rosters_of(source, out.of(source.file))]
    if not parts and not out.fault_count:
        out.fault(
            "liste_fehlt",
            "In den Dateien steht keine Schülerliste.",
            "Eine Schülerliste hat die Spalten „Schüler-ID“, „Schule“ und „Phase“.",
        )
    known = Known(SchoolIndex(schools), tuple(municipalities))
    book = read_roster_parts(parts, known, reference_date, None)
    out.stop_on_faults()
    return RosterReading(book.rosters, out.findings)


def read_roster(
    paths: Path | Sequence[Path],
    *,
    schools: Sequence[School] = (),
    municipalities: Sequence[Municipality] = (),
    reference_date: date | None = None,
) -> Roster:
    """Read one roster from files or a folder; see :func:`read_rosters`.

    Raises
    ------
    InputError
        As there, and where the lists are of several days.
    """
    reading = read_rosters(
        paths, schools=schools, municipalities=municipalities, reference_date=reference_date
    )
    if len(reading.rosters) != 1:
        out = Collector(Path(paths).name if isinstance(paths, str | Path) else "")
        out.include(reading.findings)
        days = ", ".join(german_day(roster.reference_date) for roster in reading.rosters)
        out.fault(
            "bestand_stichtage",
            f"Die Listen gelten für verschiedene Tage: {days}."
            if days
            else "In den Listen steht kein Schüler.",
            "Geben Sie nur Listen desselben Stichtags an.",
        )
        out.stop_on_faults()
    return reading.rosters[0]


def _read_part(
    part: RosterPart, known: Known, day: date | None, written: date | None, book: RosterBook
) -> None:
    out = part.out
    report_sheet(part.sheet, out)
    gaps = known.gaps
    table = locate(part.sheet, ROSTER_OF_SCHOOL, out)
    if table is None:
        gaps.roster_lost = True
        return
    book.columns.extend(
        (out.file, part.sheet.name, name, number) for name, number in table.columns.items()
    )
    lines = _lines_above(part.sheet, table)
    own = _own_day(part, lines)
    if own is not None and own == written:
        own = None
    valid = own or day
    whose = school_of_list(part, lines, known)
    named = whose.school is not None or bool(whose.written)
    if whose.school is not None and whose.loosely and not table.has("Schule"):
        tell_school_read_as(whose.school, whose.loosely, out, part.sheet.name)
    if not table.has("Schule") and not named:
        gaps.roster_lost = True
        if not known.school_is_open():
            _report_no_school(part, table, whose)
        return
    reader = PupilReader(table, known, whose, out)
    pupils = list(reader.pupils())
    book.written.extend(table.cells_written(out.file))
    gaps.roster_lost |= "" in reader.lost
    gaps.roster_schools |= reader.lost
    if valid is None:
        gaps.roster_lost = True
        if pupils:
            out.fault(
                "stichtag_fehlt",
                "Der Stichtag der Liste fehlt: der Tag, für den sie gilt.",
                "Schreiben Sie „Stand 08.02.2017“ in eine Zeile über der Tabelle.",
                sheet=part.sheet.name,
            )
        return
    for pupil in pupils:
        first = book.first(valid, pupil)
        if first is pupil:
            book.pupils.setdefault(valid, []).append(pupil)
        else:
            gaps.roster_schools |= {pupil.school, first.school}
            column = table.columns.get("Schüler-ID", 0)
            book.twice.append(Twice(pupil, first, column, table.header_row, out))


def _lines_above(sheet: Sheet, table: Table) -> list[str]:
    """The rows above the header, each in one line."""
    above = sheet.rows[: max(0, table.header_row - sheet.first_row)]
    lines = (" ".join(shown(cell) for cell in row if cell is not None) for row in above)
    return [line for line in lines if line.strip()]


_DAY_KEYS = tuple(map(fold, ("Stichtag", "Stand", "Stand vom", "Datum")))


def _own_day(part: RosterPart, lines: Sequence[str]) -> date | None:
    """The day that the list itself names: sheet Angaben, title, name of the sheet or file."""
    if part.details is not None:
        pairs = pairs_of(part.details)
        for key in _DAY_KEYS:
            if pairs.get(key) is None:
                continue
            try:
                return values.day(pairs[key])
            except values.BadValue:
                continue
    titled = date_in_titles([("", line) for line in lines])
    if titled is not None:
        return titled
    names = [part.sheet.name] + ([Path(part.out.file).stem] if part.own_file else [])
    for name in names:
        found = values.day_in_name(name)
        if found is not None:
            return found
    return None


def _report_no_school(part: RosterPart, table: Table, whose: SchoolOfList) -> None:
    asked = school_question(whose.match) if whose.match else ""
    remedy = (
        "Ergänzen Sie eine Spalte „Schule“, oder schreiben Sie „Schule: …“ mit dem Namen aus der "
        "Tabelle der Schulen in eine Zeile über der Tabelle."
    )
    part.out.fault(
        "schule_der_liste",
        whose.problem or "Zu welcher Schule die Liste gehört, ist nicht sicher zu erkennen.",
        f"{asked} {remedy}".strip(),
        sheet=part.sheet.name,
        row=table.header_row,
    )
