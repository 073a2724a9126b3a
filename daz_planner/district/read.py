"""Reading a district from a workbook: everything wrong is found in one go and raised once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from daz_planner.district import gazetteer
from daz_planner.district.collect import Collector
from daz_planner.district.columns import SheetSpec
from daz_planner.district.details import Details, read_details
from daz_planner.district.layout import (
    DETAILS,
    LATER_SHEETS,
    MUNICIPALITIES,
    NEWCOMERS,
    SCHOOLS,
    SHEETS,
    SILENT_SHEETS,
    sheet_kind,
)
from daz_planner.district.model import District, Municipality, Newcomer, School
from daz_planner.district.newcomers import KnownSchools, read_newcomers
from daz_planner.district.places import listed_municipalities, read_municipalities
from daz_planner.district.schools import read_schools
from daz_planner.district.sheets import Sheet, Source, load
from daz_planner.district.tables import Table, header_matches, locate
from daz_planner.district.text import did_you_mean, fold, nearest, quoted

_TITLE_ROWS = 20


def read_district(path: Path, *, reference_date: date | None = None) -> District:
    """Read a workbook (.xlsx, .xls, .ods) or a .csv file.

    Parameters
    ----------
    path:
        The file. A workbook with a single unknown sheet, and a .csv file, count as Schulen.
    reference_date:
        Day for which the counts hold; it beats the sheet Angaben and the title.

    Returns
    -------
    District
        With the warnings of the reading in ``findings``, sorted by place.

    Raises
    ------
    InputError
        With all faults and warnings in ``findings``; the message says how many faults there are.
    """
    return build_district(load(Path(path)), reference_date=reference_date)


def build_district(source: Source, *, reference_date: date | None = None) -> District:
    """Build the district from the cells of a file; see :func:`read_district`."""
    out = Collector(source.file)
    sheets = _assign(source.sheets, out)
    school_sheet = sheets.get(SCHOOLS.name)
    school_table = locate(school_sheet, SCHOOLS, out) if school_sheet else None
    titles = _titles([school_sheet] if school_sheet else [])
    details = read_details(sheets.get(DETAILS.name), titles, reference_date, out)
    day = details.reference_date or gazetteer.CENSUS_DAY
    municipalities, details = _municipalities(sheets, details, day, out)
    schools: tuple[School, ...] = ()
    named: tuple[str, ...] = ()
    if school_table is not None:
        schools, named = read_schools(school_table, municipalities, details.key, out)
    newcomers: tuple[Newcomer, ...] = ()
    waiting = sheets.get(NEWCOMERS.name)
    if waiting is not None and not waiting.is_empty:
        table = locate(waiting, NEWCOMERS, out)
        if table is not None:
            known = KnownSchools(schools, frozenset(map(fold, named)))
            newcomers = read_newcomers(table, municipalities, known, details.reference_date, out)
    out.stop_on_faults()
    assert details.reference_date is not None
    return District(
        name=details.district or "Landkreis ohne Namen",
        reference_date=details.reference_date,
        schools=schools,
        municipalities=municipalities,
        newcomers=newcomers,
        school_year=details.school_year,
        files=((source.file, source.digest),),
        findings=out.findings,
    )


def _assign(sheets: Sequence[Sheet], out: Collector) -> dict[str, Sheet]:
    """Which sheet is which; unknown ones are warned of, a missing table of schools is a fault."""
    if len(sheets) == 1:
        return {SCHOOLS.name: sheets[0]}
    found: dict[str, Sheet] = {}
    unknown: list[Sheet] = []
    for sheet in sheets:
        spec = sheet_kind(sheet.name)
        if spec is None:
            unknown.append(sheet)
        elif spec.name not in found:
            found[spec.name] = sheet
        else:
            found[spec.name] = _better(found[spec.name], sheet, spec, out)
    later = {fold(name): name for name in LATER_SHEETS}
    silent = {fold(name) for name in SILENT_SHEETS}
    strange = []
    for sheet in unknown:
        folded = fold(sheet.name)
        if folded in later:
            out.warn(
                "blatt_spaeter",
                "Dieses Blatt liest diese Version noch nicht.",
                "Es bleibt außen vor.",
                sheet=sheet.name,
            )
        elif folded not in silent and not sheet.is_empty:
            strange.append(sheet)
    if SCHOOLS.name not in found:
        chosen = _school_sheet(strange)
        if chosen is None:
            _report_no_schools(strange, out)
        else:
            found[SCHOOLS.name] = chosen
            strange.remove(chosen)
    missing = [spec.name for spec in SHEETS if spec.name not in found]
    for sheet in strange:
        out.warn(
            "blatt_unbekannt",
            f"Das Blatt {quoted(sheet.name)} ist nicht bekannt und bleibt außen vor.",
            did_you_mean(nearest(sheet.name, [*missing, *LATER_SHEETS], most=1)),
            sheet=sheet.name,
        )
    return found


def _better(first: Sheet, second: Sheet, spec: SheetSpec, out: Collector) -> Sheet:
    """Of two sheets that mean the same the one with the proper name; the other is warned of."""
    keep, drop = first, second
    if first.is_empty or spec.keys.index(fold(second.name)) < spec.keys.index(fold(first.name)):
        keep, drop = second, first
    out.warn(
        "blatt_doppelt",
        f"Das Blatt {quoted(drop.name)} bleibt außen vor: gelesen wird {quoted(keep.name)}.",
        sheet=drop.name,
    )
    return keep


def _school_sheet(sheets: Sequence[Sheet]) -> Sheet | None:
    """The one sheet with the columns of Schulen, else the only sheet there is."""
    fitting = [sheet for sheet in sheets if header_matches(sheet, SCHOOLS)]
    for group in (fitting, sheets):
        if len(group) == 1:
            return group[0]
    return None


def _report_no_schools(sheets: Sequence[Sheet], out: Collector) -> None:
    close = nearest(SCHOOLS.name, [sheet.name for sheet in sheets], most=1)
    remedy = "Nennen Sie das Blatt mit der Tabelle der Schulen „Schulen“."
    if close:
        remedy = f"Benennen Sie {quoted(close[0])} in „Schulen“ um, wenn es gemeint ist."
    out.fault("blatt_fehlt", "Das Blatt „Schulen“ fehlt.", remedy, value=SCHOOLS.name)


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


def _municipalities(
    sheets: dict[str, Sheet], details: Details, day: date, out: Collector
) -> tuple[tuple[Municipality, ...], Details]:
    """The municipalities, and the details with a district derived from them where it was open."""
    sheet = sheets.get(MUNICIPALITIES.name)
    table: Table | None = None
    if sheet is not None and not sheet.is_empty:
        table = locate(sheet, MUNICIPALITIES, out)
        if table is None:
            return (), details
        result = read_municipalities(table, details.key, day, out)
        if result:
            return result, _with_district(details, result)
    if details.key is None:
        out.fault(
            "landkreis_fehlt",
            "Weder der Landkreis noch seine Gemeinden sind angegeben."
            if not details.district
            else f"Zu {quoted(details.district)} sind keine Gemeinden bekannt.",
            "Tragen Sie den Landkreis auf dem Blatt „Angaben“ ein, z. B. Meißen, oder schreiben "
            "Sie „Landkreis Meißen“ in eine Zeile über der Tabelle.",
        )
        return (), details
    return listed_municipalities(details.key, day), details


def _with_district(details: Details, municipalities: Sequence[Municipality]) -> Details:
    if details.district:
        return details
    keys = {m.ags[:5] for m in municipalities if m.ags}
    name = gazetteer.district_names().get(next(iter(keys)), "") if len(keys) == 1 else ""
    key = next(iter(keys)) if name else None
    return Details(details.reference_date, name, key, details.school_year)
