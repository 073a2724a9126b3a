"""The sheet Angaben, and what titles say instead: district, reference date, school year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from daz_planner.district import gazetteer, values
from daz_planner.district.collect import Collector
from daz_planner.district.columns import Column
from daz_planner.district.layout import DETAILS
from daz_planner.district.model import Place
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


class Title(NamedTuple):
    """A text above or below the table of schools, and the cell in which it begins."""

    sheet: str
    text: str
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Details:
    """What holds for the whole workbook. ``key`` is the official key of the district."""

    reference_date: date | None
    district: str
    key: str | None
    school_year: str
    written: date | None = None
    """The reference date that the workbook itself names."""
    places: tuple[tuple[str, Place], ...] = ()
    """(name, cell) of the district, the reference date and the school year, where they were
    read."""
    room: Place | None = None
    """Where on the sheet Angaben a missing district would stand."""
    legal_basis: str = ""
    """What the letters name as their legal basis, as the office wrote it."""


def read_details(
    sheet: Sheet | None,
    titles: Sequence[Title],
    given: date | None,
    out: Collector,
    titles_file: str = "",
) -> Details:
    """Read the sheet Angaben and fill its gaps from the titles, which stand in ``titles_file``.

    The reference date is the one ``given`` by the caller, else that of the sheet, else
    ``Stand 08.02.2017`` in a title; without any of them it is a fault.
    """
    found: dict[str, object] = {}
    place: dict[str, tuple[int, int]] = {}
    room: dict[str, tuple[int, int]] = {}
    if sheet is not None:
        found, place, room = _read_pairs(sheet, out)
    cells = {
        name: Place(out.file, sheet.name, *where)
        for name, where in place.items()
        if sheet is not None
    }
    day, day_title = _reference_date(sheet, found, place, room, titles, given, out)
    name, key, name_title = _district(sheet, found, place, titles, out)
    year, year_title = str(found.get("Schuljahr", "")), None
    for title in titles:
        match = _SCHOOL_YEAR.search(title.text)
        if not year and match:
            year, year_title = match.group(1).replace(" ", ""), title
    if given is not None:
        cells.pop("Stichtag", None)
    for what, title_ in (
        ("Stichtag", day_title), ("Landkreis", name_title), ("Schuljahr", year_title)
    ):  # fmt: skip
        if title_ is not None and title_.row:
            file = titles_file or out.file
            cells[what] = Place(file, title_.sheet, title_.row, title_.column)
    written = found.get("Stichtag")
    own = written if isinstance(written, date) else date_in_titles(titles)
    free = room.get("Landkreis") if sheet is not None else None
    return Details(
        day,
        name,
        key,
        year,
        own,
        tuple(cells.items()),
        Place(out.file, sheet.name, *free) if sheet is not None and free else None,
        str(found.get("Rechtsgrundlage") or ""),
    )


_Cells = dict[str, tuple[int, int]]


def _read_pairs(sheet: Sheet, out: Collector) -> tuple[dict[str, object], _Cells, _Cells]:
    """Values by key, the row and column in which each stands, and where each of the others would.

    A key without a value has its room beside it, a missing one below the last row.
    """
    found: dict[str, object] = {}
    place: _Cells = {}
    room: _Cells = {}
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
        if column.unused:
            continue
        if len(filled) < 2:
            room.setdefault(column.name, (number, value_place or key_column + 1))
            continue
        value_column, cell = filled[1]
        _store(column, cell, (number, value_column), sheet, found, place, out)
    below = (sheet.first_row + len(sheet.rows), value_place or sheet.first_column + 1)
    for column in DETAILS.columns:
        room.setdefault(column.name, below)
    return found, place, room


def _store(
    column: Column,
    cell: Cell,
    where: tuple[int, int],
    sheet: Sheet,
    found: dict[str, object],
    place: _Cells,
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


def date_in_titles(titles: Iterable[tuple[str, str] | Title]) -> date | None:
    """The date after "Stand" or "Stichtag" in the first title, (sheet, text …), that has one."""
    for title in titles:
        for match in _DATED.finditer(" ".join(title[1].split())):
            day = values.day_in_text(match.group("rest"))
            if day is not None and 1990 <= day.year <= 2100:
                return day
    return None


def _reference_date(
    sheet: Sheet | None,
    found: dict[str, object],
    place: _Cells,
    room: _Cells,
    titles: Sequence[Title],
    given: date | None,
    out: Collector,
) -> tuple[date | None, Title | None]:
    """The reference date, and the title that gave it."""
    dated = next((title for title in titles if date_in_titles([title]) is not None), None)
    titled = date_in_titles([dated]) if dated is not None else None
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
        return given, None
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
        return written, None
    if "Stichtag" in place:
        return None, None
    if titled is None:
        row, column = room.get("Stichtag", (0, 0))
        out.fault(
            "stichtag_fehlt",
            "Der Stichtag fehlt: der Tag, für den die Zahlen gelten.",
            "Tragen Sie ihn auf dem Blatt „Angaben“ ein oder nennen Sie ihn beim Aufruf, "
            "z. B. --stichtag 08.02.2017.",
            sheet=sheet.name if sheet is not None else "",
            row=row,
            column=column,
        )
    return titled, dated


def _district(
    sheet: Sheet | None,
    found: dict[str, object],
    place: _Cells,
    titles: Sequence[Title],
    out: Collector,
) -> tuple[str, str | None, Title | None]:
    """Name and key of the district, and the title that gave them.

    An unknown name is kept, with a warning.
    """
    written = str(found.get("Landkreis", ""))
    if written:
        key = gazetteer.district_key(written)
        if key is not None:
            return gazetteer.district_names()[key], key, None
        out.warn(
            "landkreis_unbekannt",
            f"{quoted(written)} ist kein Landkreis in Sachsen.",
            did_you_mean(gazetteer.nearest_districts(written)),
            sheet=sheet.name if sheet else "",
            row=place["Landkreis"][0],
            column=place["Landkreis"][1],
            value=written,
        )
        return written, None, None
    for title in titles:
        match = _DISTRICT.search(title.text)
        parts = match.group("name").split() if match else []
        for length in range(len(parts), 0, -1):
            key = gazetteer.district_key("Landkreis " + " ".join(parts[:length]))
            if key is not None:
                return gazetteer.district_names()[key], key, title
        for known, name in gazetteer.district_names().items():
            if name.endswith("kreis") and fold(name) in fold(title.text):
                return name, known, title
    return "", None, None
