"""Which sheet is which, in one workbook or in a folder of them.

A sheet is known by its name. One that is not known but looks like a sheet that is missing is a
fault where children or decisions would be lost with it, else a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from daz_planner.district.collect import Collector
from daz_planner.district.columns import SheetSpec
from daz_planner.district.layout import (
    DETAILS,
    MUNICIPALITIES,
    NEWCOMERS,
    SCHOOLS,
    SHEETS,
    SILENT_SHEETS,
    sheet_kind,
)
from daz_planner.district.layout_planning import (
    CLASS_PLAN,
    HISTORY,
    REGULAR,
    ROOMS,
    ROSTER,
    TEACHERS,
    WAYS,
)
from daz_planner.district.sheets import Sheet, Source
from daz_planner.district.tables import header_matches, header_of
from daz_planner.district.text import did_you_mean, fold, listed, nearest, quoted

ROSTER_OF_SCHOOL = replace(
    ROSTER,
    columns=tuple(
        replace(column, mandatory=False, required=False) if column.name == "Schule" else column
        for column in ROSTER.columns
    ),
)
"""A roster whose school may stand elsewhere than in a column."""

_MUST_NOT_BE_LOST = (NEWCOMERS, ROSTER, CLASS_PLAN, ROOMS, WAYS)
_COMPANIONS: dict[str, tuple[str, ...]] = {
    MUNICIPALITIES.name: ("Einwohner", "AGS", "Anteil am Zuzug"),
    TEACHERS.name: ("Schulart", "Planungsregion"),
    HISTORY.name: ("Anmeldungen", "VKA-Schüler", "Phase 1", "Anmeldungen GS", "Anmeldungen OS"),
}
"""Columns of which one must be there besides the mandatory ones, for a sheet to look like that."""


@dataclass(frozen=True)
class Part:
    """A sheet and the collector of its file."""

    sheet: Sheet
    out: Collector


@dataclass(frozen=True)
class RosterPart(Part):
    """A sheet with pupils; ``details`` is the sheet Angaben of a file of its own.

    ``own_file``: not in the workbook with the table of schools. ``uncertain``: it counts only if
    the name of the sheet is that of a school.
    """

    details: Sheet | None = None
    own_file: bool = False
    uncertain: bool = False


@dataclass
class Roles:
    """The sheets by what they are; ``rosters`` in the order of files and sheets."""

    parts: dict[str, Part] = field(default_factory=dict)
    rosters: list[RosterPart] = field(default_factory=list)
    titles_of: list[Sheet] = field(default_factory=list)

    def get(self, spec: SheetSpec) -> Part | None:
        """The sheet of that kind, ``None`` where there is none or it is empty."""
        part = self.parts.get(spec.name)
        return None if part is None or part.sheet.is_empty else part


def assign(sources: Sequence[Source], out: Collector) -> Roles:
    """Find out what each sheet is. The workbook with the table of schools comes first.

    Unknown sheets are warned of, a missing table of schools is a fault.
    """
    main, others = sources[0], sources[1:]
    roles = Roles()
    _assign_workbook(main, out.of(main.file), roles)
    for source in others:
        _assign_other(source, out.of(source.file), roles)
    return roles


def has_rows(sheet: Sheet, spec: SheetSpec) -> bool:
    """Whether the sheet is such a table and holds at least one row of it."""
    header = header_of(sheet, spec)
    if header is None or header.missing(spec):
        return False
    places = [header.places[column.name] for column in spec.mandatory]
    return any(
        sum(place < len(row) and row[place] is not None for place in places) >= min(2, len(places))
        for row in sheet.rows[header.end :]
    )


def looks_like(sheet: Sheet, among: Sequence[SheetSpec]) -> SheetSpec | None:
    """The kind of which the sheet has all mandatory columns, the one with the most columns."""
    best: tuple[int, SheetSpec] | None = None
    for spec in among:
        header = header_of(sheet, spec)
        if header is None or header.missing(spec):
            continue
        companions = _COMPANIONS.get(spec.name, ())
        if companions and not any(name in header.places for name in companions):
            continue
        score = 10 * len(spec.mandatory) + len(header.places)
        if best is None or score > best[0]:
            best = (score, spec)
    return best[1] if best else None


def _assign_workbook(source: Source, out: Collector, roles: Roles) -> None:
    if len(source.sheets) == 1:
        _single_sheet(source.sheets[0], out, roles)
        return
    strange: list[Sheet] = []
    for sheet in source.sheets:
        spec = _kind(sheet)
        if spec is None:
            if not sheet.is_empty and fold(sheet.name) not in _silent():
                strange.append(sheet)
        elif spec is ROSTER:
            if not sheet.is_empty:
                roles.rosters.append(RosterPart(sheet, out))
        else:
            _take(spec, sheet, out, roles)
    if SCHOOLS.name not in roles.parts:
        chosen = _school_sheet(strange)
        if chosen is None:
            _report_no_schools(strange, out)
        else:
            roles.parts[SCHOOLS.name] = Part(chosen, out)
            strange.remove(chosen)
    for sheet in strange:
        _report_strange(sheet, out, roles)


def _kind(sheet: Sheet) -> SheetSpec | None:
    """What the name of a sheet says; a mere alias must be borne out by the header."""
    spec = sheet_kind(sheet.name)
    if spec is None or spec in (DETAILS, SCHOOLS, NEWCOMERS, MUNICIPALITIES) or sheet.is_empty:
        return spec
    if fold(sheet.name).startswith(fold(spec.name)):
        return spec
    wanted = ROSTER_OF_SCHOOL if spec is ROSTER else spec
    return spec if spec is WAYS or header_matches(sheet, wanted) else None


def _silent() -> frozenset[str]:
    return frozenset(fold(name) for name in SILENT_SHEETS)


def _single_sheet(sheet: Sheet, out: Collector, roles: Roles) -> None:
    """The only sheet of a workbook counts as Schulen, unless it plainly is something else."""
    spec = None
    if not header_matches(sheet, SCHOOLS):
        spec = looks_like(sheet, (NEWCOMERS, ROSTER, CLASS_PLAN, ROOMS, WAYS, REGULAR))
        if spec is None and sheet_kind(sheet.name) is ROSTER:
            spec = ROSTER
    if spec is None:
        roles.parts[SCHOOLS.name] = Part(sheet, out)
        return
    remedy = "Geben Sie die Arbeitsmappe mit den Blättern „Angaben“ und „Schulen“ an"
    if spec is ROSTER:
        remedy += ", oder den Ordner, in dem sie mit den Listen der Schulen liegt"
    out.fault(
        "blatt_fehlt",
        f"Das einzige Blatt {quoted(sheet.name)} sieht aus wie {quoted(spec.name)}; die Tabelle "
        "der Schulen fehlt.",
        f"{remedy}.",
        sheet=sheet.name,
        value=SCHOOLS.name,
    )


def _take(spec: SheetSpec, sheet: Sheet, out: Collector, roles: Roles) -> None:
    """Give a sheet its role; of two for one role one stays out, with a finding."""
    first = roles.parts.get(spec.name)
    if first is None:
        roles.parts[spec.name] = Part(sheet, out)
        return
    keep, drop = first, Part(sheet, out)
    if first.sheet.is_empty or _rank(spec, sheet) < _rank(spec, first.sheet):
        keep, drop = drop, keep
    roles.parts[spec.name] = keep
    if drop.sheet.is_empty:
        return
    both_filled = spec in _MUST_NOT_BE_LOST and not keep.sheet.is_empty
    lost = both_filled and (spec is WAYS or has_rows(drop.sheet, spec))
    where = "" if keep.out.file == drop.out.file else f" in {quoted(keep.out.file)}"
    (drop.out.fault if lost else drop.out.warn)(
        "blatt_doppelt",
        f"Das Blatt {quoted(drop.sheet.name)} bleibt außen vor: gelesen wird "
        f"{quoted(keep.sheet.name)}{where}.",
        "Stellen Sie alle Zeilen auf ein Blatt, oder löschen Sie eines." if lost else "",
        sheet=drop.sheet.name,
    )


def _rank(spec: SheetSpec, sheet: Sheet) -> int:
    """How near the name of a sheet is to the proper one."""
    folded = fold(sheet.name)
    return spec.keys.index(folded) if folded in spec.keys else len(spec.keys)


def _report_strange(sheet: Sheet, out: Collector, roles: Roles) -> None:
    """A sheet without a role: a fault or a question where it looks like one that is missing."""
    missing = [
        spec
        for spec in SHEETS
        if spec not in (DETAILS, SCHOOLS)
        and (spec is not ROSTER or not roles.rosters)
        and (roles.get(spec) is None or not has_rows(roles.parts[spec.name].sheet, spec))
    ]
    spec = looks_like(sheet, missing)
    if spec is None and header_matches(sheet, ROSTER_OF_SCHOOL):
        roles.rosters.append(RosterPart(sheet, out, uncertain=True))
        return
    if spec is not None:
        report_misnamed(sheet, spec, out)
        return
    report_unknown(sheet, [spec.name for spec in missing], out)


def report_misnamed(sheet: Sheet, spec: SheetSpec, out: Collector) -> None:
    """A fault, or for less important sheets a warning: rename the sheet."""
    (out.fault if spec in _MUST_NOT_BE_LOST else out.warn)(
        "blatt_umbenennen",
        f"Das Blatt {quoted(sheet.name)} sieht aus wie {quoted(spec.name)}, heißt aber nicht so, "
        "und bliebe außen vor.",
        f"Benennen Sie es in {quoted(spec.name)} um, oder löschen Sie es, wenn es nicht zählt.",
        sheet=sheet.name,
    )


def report_unknown(sheet: Sheet, missing: Sequence[str], out: Collector) -> None:
    """A warning that a sheet stays out."""
    out.warn(
        "blatt_unbekannt",
        f"Das Blatt {quoted(sheet.name)} ist nicht bekannt und bleibt außen vor.",
        did_you_mean(nearest(sheet.name, missing, most=1)),
        sheet=sheet.name,
    )


def _school_sheet(sheets: Sequence[Sheet]) -> Sheet | None:
    """The one sheet with the columns of Schulen, else the only sheet there is."""
    fitting = [sheet for sheet in sheets if header_matches(sheet, SCHOOLS)]
    for group in (fitting, sheets):
        if len(group) == 1:
            return group[0]
    return None


def _report_no_schools(sheets: Sequence[Sheet], out: Collector) -> None:
    close = nearest(SCHOOLS.name, [sheet.name for sheet in sheets], most=1)
    fitting = [sheet.name for sheet in sheets if header_matches(sheet, SCHOOLS)]
    remedy = "Nennen Sie das Blatt mit der Tabelle der Schulen „Schulen“."
    if len(fitting) > 1:
        remedy = f"In Frage kommen {listed(fitting)}: nennen Sie das richtige „Schulen“."
    elif close:
        remedy = f"Benennen Sie {quoted(close[0])} in „Schulen“ um, wenn es gemeint ist."
    out.fault("blatt_fehlt", "Das Blatt „Schulen“ fehlt.", remedy, value=SCHOOLS.name)


def rosters_of(source: Source, out: Collector) -> list[RosterPart]:
    """The lists of pupils in a file of its own."""
    roles = Roles()
    _assign_other(source, out, roles)
    return roles.rosters


def _assign_other(source: Source, out: Collector, roles: Roles) -> None:
    """A file beside the district's workbook: rosters, or single sheets that belong to it."""
    filled = [sheet for sheet in source.sheets if not sheet.is_empty]
    details = next((sheet for sheet in filled if sheet_kind(sheet.name) is DETAILS), None)
    taken = False
    strange: list[Sheet] = []
    for sheet in filled:
        spec = _kind(sheet)
        if spec is DETAILS or fold(sheet.name) in _silent():
            continue
        if spec is not None and spec not in (ROSTER, SCHOOLS) and _belongs(sheet, spec):
            taken = True
            if spec is WAYS or has_rows(sheet, spec):
                _take(spec, sheet, out, roles)
        elif spec is ROSTER or header_matches(sheet, ROSTER_OF_SCHOOL):
            taken = True
            roles.rosters.append(RosterPart(sheet, out, details, own_file=True))
        elif spec is not SCHOOLS or not header_matches(sheet, SCHOOLS):
            strange.append(sheet)
    if not taken and strange:
        largest = max(strange, key=lambda sheet: len(sheet.rows))
        strange.remove(largest)
        roles.rosters.append(RosterPart(largest, out, details, own_file=True))
    for sheet in strange:
        header = header_of(sheet, ROSTER_OF_SCHOOL)
        if header is not None and "Schüler-ID" in header.places:
            roles.rosters.append(RosterPart(sheet, out, details, own_file=True))
        else:
            report_unknown(sheet, [], out)


def _belongs(sheet: Sheet, spec: SheetSpec) -> bool:
    """Whether a sheet of another file is what its name says."""
    return spec is WAYS or header_matches(sheet, spec)
