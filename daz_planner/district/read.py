"""Reading a district from a workbook or a folder.

Everything wrong is found in one go and raised once. :func:`read_partly` hands on what can be read
all the same, so that the checks of whole sheets run in the same go.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from daz_planner.district import gazetteer
from daz_planner.district.collect import Collector, fault_error
from daz_planner.district.columns import SheetSpec
from daz_planner.district.details import Details, Title, read_details
from daz_planner.district.findings import Finding
from daz_planner.district.folder import load_folder
from daz_planner.district.gaps import UNKNOWN_DAY, Gaps
from daz_planner.district.given_ways import read_ways
from daz_planner.district.layout import DETAILS, MUNICIPALITIES, NEWCOMERS, SCHOOLS
from daz_planner.district.layout_planning import (
    CLASS_PLAN,
    HISTORY,
    REGULAR,
    ROOMS,
    ROSTER,
    TEACHERS,
    WAYS,
)
from daz_planner.district.model import District, Municipality, Place, School
from daz_planner.district.newcomers import read_newcomers
from daz_planner.district.places import listed_municipalities, read_municipalities
from daz_planner.district.planning_sheets import (
    read_class_plan,
    read_history,
    read_regular_classes,
    read_rooms,
    read_teacher_budgets,
)
from daz_planner.district.references import Known, known_of
from daz_planner.district.roles import (
    RosterPart,
    assign,
    report_misnamed,
    report_unknown,
)
from daz_planner.district.rosters import RosterBook, read_roster_parts
from daz_planner.district.schools import read_schools
from daz_planner.district.sheets import Sheet, Source, load, report_sheet
from daz_planner.district.tables import Table, header_of, locate, looks_like_no_table
from daz_planner.district.text import quoted

_TITLE_ROWS = 20
_T = TypeVar("_T")


@dataclass(frozen=True)
class Reading:
    """What could be read of an input.

    ``district`` is the part that is intact, ``None`` where there is nothing to check; with a fault
    it is no district to plan with. ``gaps`` say what it lacks. ``findings`` are the faults and
    warnings of the reading, ``faults`` counts the faults, ``place`` is the file or folder.
    """

    district: District | None
    gaps: Gaps
    findings: tuple[Finding, ...]
    faults: int
    place: str

    def complete(self) -> District:
        """The district, where there is no fault.

        Raises
        ------
        InputError
            With all faults and warnings in ``findings``.
        """
        if self.faults or self.district is None:
            raise fault_error(self.faults, self.place, self.findings)
        return self.district


def read_district(path: Path, *, reference_date: date | None = None) -> District:
    """Read a workbook (.xlsx, .xls, .ods), a .csv file, or a folder of them.

    Parameters
    ----------
    path:
        The file or folder. A workbook with a single unknown sheet, and a .csv file, count as
        Schulen. In a folder the workbook with the table of schools is the district's; the other
        files are rosters, one or several a school, or single sheets under their name.
    reference_date:
        Day for which the counts hold; it beats the sheet Angaben and the title, with a warning.

    Returns
    -------
    District
        With the warnings of the reading in ``findings``, sorted by place.

    Raises
    ------
    InputError
        With all faults and warnings in ``findings``; the message says how many faults there are.
    """
    return read_partly(path, reference_date=reference_date).complete()


def read_partly(path: Path, *, reference_date: date | None = None) -> Reading:
    """As :func:`read_district`, but hand on what is intact where there are faults.

    Raises
    ------
    InputError
        No file can be opened.
    """
    path = Path(path)
    if not os.path.isdir(path):
        return build_partly(load(path), reference_date=reference_date)
    out = Collector(path.name or str(path))
    sources = load_folder(path, out)
    if not sources:
        out.stop_on_faults()
    return _Builder(sources, out).build(reference_date)


def build_district(*sources: Source, reference_date: date | None = None) -> District:
    """Build the district from the cells of its files; see :func:`read_district`.

    The file with the table of schools comes first.
    """
    return build_partly(*sources, reference_date=reference_date).complete()


def build_partly(*sources: Source, reference_date: date | None = None) -> Reading:
    """Build what is intact from the cells of the files; see :func:`read_partly`."""
    out = Collector(sources[0].file)
    for source in sources:
        out.include(source.findings)
    return _Builder(sources, out).build(reference_date)


class _Builder:
    """Reads sheet after sheet; what one of them says is known to the next."""

    def __init__(self, sources: Sequence[Source], out: Collector) -> None:
        self.sources = sources
        self.out = out
        self.main = out.of(sources[0].file)
        self.roles = assign(sources, out)
        self.columns: list[tuple[str, str, str, int]] = []
        self.tables: list[tuple[str, Table]] = []
        self.gaps = Gaps()
        # A file of the folder that cannot be opened may hold any of the rosters.
        self.gaps.roster_lost = any(f.is_fault and not f.sheet for f in out.findings)

    def build(self, reference_date: date | None) -> Reading:
        """What can be read, and all that was found."""
        if not self.roles.parts and self.out.fault_count:
            return self._reading(None)
        for part in self.roles.parts.values():
            report_sheet(part.sheet, part.out)
        school_part = self.roles.parts.get(SCHOOLS.name)
        details_part = self.roles.parts.get(DETAILS.name)
        if school_part is not None and self._is_no_table(school_part.sheet):
            self._table(SCHOOLS, even_empty=True)
            return self._reading(None)
        titled = [school_part.sheet] if school_part else self.sources[0].sheets
        details = read_details(
            details_part.sheet if details_part else None,
            _titles(titled),
            reference_date,
            details_part.out if details_part else self.main,
            school_part.out.file if school_part else "",
        )
        if details.reference_date is None:
            self.gaps.day_lost = True
        school_table = self._table(SCHOOLS, even_empty=True, day=details.reference_date)
        day = details.reference_date or gazetteer.CENSUS_DAY
        municipalities, details = self._municipalities(details, day)
        self.gaps.municipalities_lost |= not municipalities
        schools: tuple[School, ...] = ()
        if school_part is not None and school_table is not None:
            schools = read_schools(
                school_table, municipalities, details.key, self.gaps, school_part.out
            )
        else:
            self.gaps.schools_lost = True
        known = known_of(schools, municipalities, self.gaps, details.key)
        newcomers = self._read(
            NEWCOMERS, lambda t, out: read_newcomers(t, known, details.reference_date, out)
        )
        class_plan = self._read(CLASS_PLAN, lambda t, out: read_class_plan(t, known, out))
        rooms = self._read(ROOMS, lambda t, out: read_rooms(t, known, out))
        regular = self._read(REGULAR, lambda t, out: read_regular_classes(t, known, out))
        budgets = self._read(TEACHERS, read_teacher_budgets)
        history = self._read(HISTORY, lambda t, out: read_history(t, self.gaps, out))
        ways_part = self.roles.get(WAYS)
        ways = read_ways(ways_part.sheet, known, ways_part.out) if ways_part else ()
        book = self._rosters(known, details)
        district = District(
            name=details.district or "Landkreis ohne Namen",
            reference_date=details.reference_date or UNKNOWN_DAY,
            schools=schools,
            municipalities=municipalities,
            newcomers=newcomers,
            rosters=book.rosters,
            class_plan=class_plan,
            room_changes=rooms,
            ways=ways,
            regular_classes=regular,
            teacher_budgets=budgets,
            history=history,
            school_year=details.school_year,
            legal_basis=details.legal_basis,
            files=tuple((source.file, source.digest) for source in self.sources),
            columns=(*self.columns, *book.columns),
            written=(*self._written(), *book.written),
            findings=self.out.findings,
            details=details.places,
        )
        return self._reading(district)

    def _reading(self, district: District | None) -> Reading:
        out = self.out
        return Reading(district, self.gaps, out.findings, out.fault_count, out.file)

    def _is_no_table(self, sheet: Sheet) -> bool:
        """Whether the only sheet is no table at all: then nothing else is to be asked of it."""
        alone = list(self.roles.parts) == [SCHOOLS.name] and not self.roles.rosters
        return alone and not sheet.is_empty and looks_like_no_table(sheet, SCHOOLS)

    def _table(
        self, spec: SheetSpec, *, even_empty: bool = False, day: date | None = None
    ) -> Table | None:
        """The located table of a sheet; its columns are remembered for findings."""
        part = self.roles.parts.get(spec.name) if even_empty else self.roles.get(spec)
        if part is None:
            return None
        table = locate(part.sheet, spec, part.out, day)
        if table is not None:
            self.tables.append((part.out.file, table))
            self.columns.extend(
                (part.out.file, part.sheet.name, name, number)
                for name, number in table.columns.items()
            )
        return table

    def _written(self) -> Iterator[tuple[Place, str]]:
        """The cells of all tables but the rosters that look otherwise than their value."""
        for file, table in self.tables:
            yield from table.cells_written(file)

    def _read(
        self, spec: SheetSpec, read: Callable[[Table, Collector], tuple[_T, ...]]
    ) -> tuple[_T, ...]:
        table = self._table(spec)
        return () if table is None else read(table, self.roles.parts[spec.name].out)

    def _rosters(self, known: Known, details: Details) -> RosterBook:
        """The rosters; a sheet that may be one is, if it bears the name of a school."""
        parts: list[RosterPart] = []
        for part in self.roles.rosters:
            if not part.uncertain or known.schools.match(part.sheet.name).known:
                parts.append(part)
            elif known.school_is_open():
                self.gaps.roster_lost = True
            elif any(not other.uncertain for other in self.roles.rosters):
                report_unknown(part.sheet, [], part.out)
            else:
                report_misnamed(part.sheet, ROSTER, part.out)
        day = details.reference_date or UNKNOWN_DAY
        return read_roster_parts(parts, known, day, details.written)

    def _municipalities(
        self, details: Details, day: date
    ) -> tuple[tuple[Municipality, ...], Details]:
        """The municipalities, and the details with a district derived where it was open."""
        part = self.roles.get(MUNICIPALITIES)
        if part is not None:
            table = self._table(MUNICIPALITIES)
            if table is None:
                return (), details
            result = read_municipalities(table, details.key, day, self.gaps, part.out)
            if result:
                return result, _with_district(details, result)
            if self.gaps.municipalities_lost:
                return (), details
        if details.key is None:
            place = dict(details.places).get("Landkreis", details.room)
            out = self.main.of(place.file) if place else self.main
            out.fault(
                "landkreis_fehlt",
                "Weder der Landkreis noch seine Gemeinden sind angegeben."
                if not details.district
                else f"Zu {quoted(details.district)} sind keine Gemeinden bekannt.",
                "Tragen Sie den Landkreis auf dem Blatt „Angaben“ ein, z. B. Meißen, oder "
                "schreiben Sie „Landkreis Meißen“ in eine Zeile über der Tabelle.",
                sheet=place.sheet if place else "",
                row=place.row if place else 0,
                column=place.column if place else 0,
            )
            return (), details
        return listed_municipalities(details.key, day), details


def _titles(sheets: Sequence[Sheet]) -> list[Title]:
    """The texts at the head of the sheets, then those at the foot."""
    result: list[Title] = []
    for sheet in sheets:
        header = header_of(sheet, SCHOOLS)
        # The dates of columns are not that of the table.
        dated = range(header.top, header.end) if header and header.stamped else range(0)
        foot = max(len(sheet.rows) - _TITLE_ROWS, _TITLE_ROWS)
        for number, row in enumerate(sheet.rows):
            if _TITLE_ROWS <= number < foot or number in dated:
                continue
            texts = [(place, cell) for place, cell in enumerate(row) if isinstance(cell, str)]
            text = " ".join(cell for _, cell in texts)
            if text:
                place = sheet.first_row + number, sheet.first_column + texts[0][0]
                result.append(Title(sheet.name, text, *place))
    return result


def _with_district(details: Details, municipalities: Sequence[Municipality]) -> Details:
    if details.district:
        return details
    keys = {m.ags[:5] for m in municipalities if m.ags}
    name = gazetteer.district_names().get(next(iter(keys)), "") if len(keys) == 1 else ""
    return replace(details, district=name, key=next(iter(keys)) if name else None)
