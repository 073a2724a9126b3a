"""The sheet Angaben, and what titles say instead: district, reference date, school year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daz_planner.district import gazetteer, values
from daz_planner.district.collect import Collector
from daz_planner.district.columns import Column
from daz_planner.district.layout import DETAILS
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import (
    Cell,
    did_you_mean,
    fold,
    german_day,
    nearest,
    quoted,
    shown,
)

_HEADER_KEYS = frozenset(("angabe", "angaben", "wert", "feld", "merkmal", "eintrag", "hinweis"))
_DATED = re.compile(r"\b(?:Stand|Stichtag)\b(?P<rest>.{0,40})", re.IGNORECASE)
_DISTRICT = re.compile(
    r"\b(?:Landkreis(?:es)?|LK|Kreis)\s+(?P<name>[A-ZÄÖÜ][\wäöüß-]+(?:\s[A-ZÄÖÜ][\wäöüß-]+)*)"
)
_SCHOOL_YEAR = re.compile(r"\bSchuljahr\s+(\d{4}\s*/\s*\d{2,4})", re.IGNORECASE)


@dataclass(frozen=True)
class Details:
    """What holds for the whole workbook. ``key`` is the official key of the district."""

    reference_date: date | None
    district: str
    key: str | None
    school_year: str
    written: date | None = None
    """The reference date that the workbook itself names."""


def read_details(
    sheet: Sheet | None,
    titles: Sequence[tuple[str, str]],
    given: date | None,
    out: Collector,
) -> Details:
    """Read the sheet Angaben and fill its gaps from the titles, (sheet, text) each.

    The reference date is the one ``given`` by the caller, else that of the sheet, else
    ``Stand 08.02.2017`` in a title; without any of them it is a fault.
    """
    found: dict[str, object] = {}
    place: dict[str, tuple[int, int]] = {}
    if sheet is not None:
        found, place = _read_pairs(sheet, out)
    day = _reference_date(sheet, found, place, titles, given, out)
    name, key = _district(sheet, found, place, titles, out)
    year = str(found.get("Schuljahr", ""))
    for _, title in titles:
        match = _SCHOOL_YEAR.search(title)
        if not year and match:
            year = match.group(1).replace(" ", "")
    written = found.get("Stichtag")
    own = written if isinstance(written, date) else date_in_titles(titles)
    return Details(day, name, key, year, own)


def _read_pairs(
    sheet: Sheet, out: Collector
) -> tuple[dict[str, object], dict[str, tuple[int, int]]]:
    """Values by key, and the row and column in which each stands."""
    found: dict[str, object] = {}
    place: dict[str, tuple[int, int]] = {}
    value_place = 0
    for number, row in enumerate(sheet.rows, start=sheet.first_row):
        filled = [
            (column, cell)
            for column, cell in enumerate(row, start=sheet.first_column)
            if cell is not None
        ]
        if not filled or not isinstance(filled[0][1], str):
            continue
        value_place = next((c for c, cell in filled if fold(shown(cell)) == "wert"), value_place)
        if value_place:
            filled = [pair for pair in filled if pair[0] in (filled[0][0], value_place)]
        key_column, key = filled[0]
        column = _key(key)
        if column is None:
            if len(filled) > 1 and fold(key) not in _HEADER_KEYS:
                close = nearest(shown(key), [c.name for c in DETAILS.columns], most=1)
                out.warn(
                    "angabe_unbekannt",
                    f"Die Angabe {quoted(key)} ist nicht bekannt und bleibt außen vor.",
                    did_you_mean(close),
                    sheet=sheet.name,
                    row=number,
                    column=key_column,
                    value=key,
                )
            continue
        if column.unused or len(filled) < 2:
            continue
        value_column, cell = filled[1]
        _store(column, cell, (number, value_column), sheet, found, place, out)
    return found, place


def _store(
    column: Column,
    cell: Cell,
    where: tuple[int, int],
    sheet: Sheet,
    found: dict[str, object],
    place: dict[str, tuple[int, int]],
    out: Collector,
) -> None:
    if column.name in place:
        first = place[column.name]
        out.fault(
            "angabe_doppelt",
            f"Die Angabe {quoted(column.name)} steht zweimal da, zuerst in Zeile {first[0]}.",
            "Löschen Sie eine der beiden.",
            sheet=sheet.name,
            row=where[0],
            column=where[1],
            value=cell,
        )
        return
    place[column.name] = where
    try:
        found[column.name] = column.parse(cell)
    except values.BadValue as error:
        out.fault(
            "wert_falsch",
            str(error),
            column.remedy,
            sheet=sheet.name,
            row=where[0],
            column=where[1],
            value=cell,
        )


def _key(written: Cell) -> Column | None:
    folded = fold(shown(written))
    for column in DETAILS.columns:
        if folded in column.keys:
            return column
    return None


def pairs_of(sheet: Sheet) -> dict[str, Cell]:
    """Folded key → value of a sheet of pairs, for sheets that are read without findings."""
    found: dict[str, Cell] = {}
    for row in sheet.rows:
        filled = [cell for cell in row if cell is not None]
        if len(filled) > 1 and isinstance(filled[0], str):
            found.setdefault(fold(filled[0]), filled[1])
    return found


def date_in_titles(titles: Sequence[tuple[str, str]]) -> date | None:
    """The date after "Stand" or "Stichtag" in the first title that has one."""
    for _, title in titles:
        for match in _DATED.finditer(" ".join(title.split())):
            day = values.day_in_text(match.group("rest"))
            if day is not None and 1990 <= day.year <= 2100:
                return day
    return None


def _reference_date(
    sheet: Sheet | None,
    found: dict[str, object],
    place: dict[str, tuple[int, int]],
    titles: Sequence[tuple[str, str]],
    given: date | None,
    out: Collector,
) -> date | None:
    titled = date_in_titles(titles)
    written = found.get("Stichtag")
    if given is not None:
        own = written if isinstance(written, date) else titled
        if own is not None and own != given:
            row, column = place.get("Stichtag", (0, 0))
            out.warn(
                "stichtag_abweichend",
                f"Die Eingabe nennt den Stichtag {german_day(own)}, der Aufruf den "
                f"{german_day(given)}.",
                f"Gerechnet wird mit {german_day(given)}.",
                sheet=sheet.name if sheet is not None and row else "",
                row=row,
                column=column,
                value=own,
            )
        return given
    if isinstance(written, date):
        if titled is not None and titled != written and sheet is not None:
            out.warn(
                "stichtag_abweichend",
                f"Der Stichtag ist hier {german_day(written)}, ein Titel nennt "
                f"{german_day(titled)}.",
                f"Gerechnet wird mit {german_day(written)}.",
                sheet=sheet.name,
                row=place["Stichtag"][0],
                column=place["Stichtag"][1],
                value=written,
            )
        return written
    if "Stichtag" in place:
        return None
    if titled is None:
        out.fault(
            "stichtag_fehlt",
            "Der Stichtag fehlt: der Tag, für den die Zahlen gelten.",
            "Tragen Sie ihn auf dem Blatt „Angaben“ ein oder nennen Sie ihn beim Aufruf, "
            "z. B. --stichtag 08.02.2017.",
        )
    return titled


def _district(
    sheet: Sheet | None,
    found: dict[str, object],
    place: dict[str, tuple[int, int]],
    titles: Sequence[tuple[str, str]],
    out: Collector,
) -> tuple[str, str | None]:
    """Name and key of the district; an unknown name is kept, with a warning."""
    written = str(found.get("Landkreis", ""))
    if written:
        key = gazetteer.district_key(written)
        if key is not None:
            return gazetteer.district_names()[key], key
        out.warn(
            "landkreis_unbekannt",
            f"{quoted(written)} ist kein Landkreis in Sachsen.",
            did_you_mean(gazetteer.nearest_districts(written)),
            sheet=sheet.name if sheet else "",
            row=place["Landkreis"][0],
            column=place["Landkreis"][1],
            value=written,
        )
        return written, None
    for _, title in titles:
        match = _DISTRICT.search(title)
        parts = match.group("name").split() if match else []
        for length in range(len(parts), 0, -1):
            key = gazetteer.district_key("Landkreis " + " ".join(parts[:length]))
            if key is not None:
                return gazetteer.district_names()[key], key
        for known, name in gazetteer.district_names().items():
            if name.endswith("kreis") and fold(name) in fold(title):
                return name, known
    return "", None
