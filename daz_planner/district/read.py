"""Reading a district from a workbook or a folder.

Everything wrong is found in one go and raised once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from daz_planner.district import gazetteer
from daz_planner.district.collect import Collector
from daz_planner.district.columns import SheetSpec
from daz_planner.district.details import Details, read_details
from daz_planner.district.folder import load_folder
from daz_planner.district.given_ways import read_ways
from daz_planner.district.layout import DETAILS, MUNICIPALITIES, NEWCOMERS, SCHOOLS
from daz_planner.district.layout_planning import (
    CLASS_PLAN,
    HISTORY,
    REGULAR,
    ROSTER,
    TEACHERS,
    WAYS,
)
from daz_planner.district.model import District, Municipality, School
from daz_planner.district.newcomers import read_newcomers
from daz_planner.district.places import listed_municipalities, read_municipalities
from daz_planner.district.planning_sheets import (
    read_class_plan,
    read_history,
    read_regular_classes,
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
from daz_planner.district.tables import Table, locate
from daz_planner.district.text import quoted

_TITLE_ROWS = 20
_T = TypeVar("_T")


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
    path = Path(path)
    if not os.path.isdir(path):
        return build_district(load(path), reference_date=reference_date)
    out = Collector(path.name or str(path))
    sources = load_folder(path, out)
    if not sources:
        out.stop_on_faults()
    return _Builder(sources, out).build(reference_date)


def build_district(*sources: Source, reference_date: date | None = None) -> District:
    """Build the district from the cells of its files; see :func:`read_district`.

    The file with the table of schools comes first.
    """
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

    def build(self, reference_date: date | None) -> District:
        """The district, or one error with all that was found."""
        if not self.roles.parts:
            self.out.stop_on_faults()
        for part in self.roles.parts.values():
            report_sheet(part.sheet, part.out)
        school_part = self.roles.parts.get(SCHOOLS.name)
        details_part = self.roles.parts.get(DETAILS.name)
        school_table = self._table(SCHOOLS, even_empty=True)
        details = read_details(
            details_part.sheet if details_part else None,
            _titles([school_part.sheet] if school_part else []),
            reference_date,
            self.main,
        )
        day = details.reference_date or gazetteer.CENSUS_DAY
        municipalities, details = self._municipalities(details, day)
        schools: tuple[School, ...] = ()
        named: tuple[str, ...] = ()
        if school_part is not None and school_table is not None:
            schools, named = read_schools(
                school_table, municipalities, details.key, school_part.out
            )
        known = known_of(schools, named, municipalities)
        newcomers = self._read(
            NEWCOMERS, lambda t, out: read_newcomers(t, known, details.reference_date, out)
        )
        class_plan = self._read(CLASS_PLAN, lambda t, out: read_class_plan(t, known, out))
        regular = self._read(REGULAR, lambda t, out: read_regular_classes(t, known, out))
        budgets = self._read(TEACHERS, read_teacher_budgets)
        history = self._read(HISTORY, read_history)
        ways_part = self.roles.get(WAYS)
        ways = read_ways(ways_part.sheet, known, ways_part.out) if ways_part else ()
        book = self._rosters(known, details)
        self.out.stop_on_faults()
        assert details.reference_date is not None
        return District(
            name=details.district or "Landkreis ohne Namen",
            reference_date=details.reference_date,
            schools=schools,
            municipalities=municipalities,
            newcomers=newcomers,
            rosters=book.rosters,
            class_plan=class_plan,
            ways=ways,
            regular_classes=regular,
            teacher_budgets=budgets,
            history=history,
            school_year=details.school_year,
            files=tuple((source.file, source.digest) for source in self.sources),
            columns=(*self.columns, *book.columns),
            findings=self.out.findings,
        )

    def _table(self, spec: SheetSpec, *, even_empty: bool = False) -> Table | None:
        """The located table of a sheet; its columns are remembered for findings."""
        part = self.roles.parts.get(spec.name) if even_empty else self.roles.get(spec)
        if part is None:
            return None
        table = locate(part.sheet, spec, part.out)
        if table is not None:
            self.columns.extend(
                (part.out.file, part.sheet.name, name, number)
                for name, number in table.columns.items()
            )
        return table

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
            elif any(not other.uncertain for other in self.roles.rosters):
                report_unknown(part.sheet, [], part.out)
            else:
                report_misnamed(part.sheet, ROSTER, part.out)
        return read_roster_parts(parts, known, details.reference_date, details.written)

    def _municipalities(
        self, details: Details, day: date
    ) -> tuple[tuple[Municipality, ...], Details]:
        """The municipalities, and the details with a district derived where it was open."""
        part = self.roles.get(MUNICIPALITIES)
        if part is not None:
            table = self._table(MUNICIPALITIES)
            if table is None:
                return (), details
            result = read_municipalities(table, details.key, day, part.out)
            if result:
                return result, _with_district(details, result)
        if details.key is None:
            self.main.fault(
                "landkreis_fehlt",
                "Weder der Landkreis noch seine Gemeinden sind angegeben."
                if not details.district
                else f"Zu {quoted(details.district)} sind keine Gemeinden bekannt.",
                "Tragen Sie den Landkreis auf dem Blatt „Angaben“ ein, z. B. Meißen, oder "
                "schreiben Sie „Landkreis Meißen“ in eine Zeile über der Tabelle.",
            )
            return (), details
        return listed_municipalities(details.key, day), details


def _titles(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    """The texts at the head of the sheets, then those at the foot: (sheet, text)."""
    result: list[tuple[str, str]] = []
    for sheet in sheets:
        head = sheet.rows[:_TITLE_ROWS]
        foot = sheet.rows[max(len(sheet.rows) - _TITLE_ROWS, _TITLE_ROWS) :]
        for row in (*head, *foot):
            text = " ".join(cell for cell in row if isinstance(cell, str))
            if text:
                result.append((sheet.name, text))
    return result


def _with_district(details: Details, municipalities: Sequence[Municipality]) -> Details:
    if details.district:
        return details
    keys = {m.ags[:5] for m in municipalities if m.ags}
    name = gazetteer.district_names().get(next(iter(keys)), "") if len(keys) == 1 else ""
    return replace(details, district=name, key=next(iter(keys)) if name else None)
