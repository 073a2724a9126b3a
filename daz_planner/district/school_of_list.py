"""Whose list is it: the school that a title, the sheet Angaben, the sheet or the file names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from daz_planner.district.details import pairs_of
from daz_planner.district.model import School
from daz_planner.district.names import Match
from daz_planner.district.references import Known
from daz_planner.district.roles import RosterPart
from daz_planner.district.text import fold, quoted, words
from daz_planner.german import MONTH_NAMES

_SCHOOL_KEYS = tuple(map(fold, ("Schule", "Name der Schule", "Schulname", "Einrichtung")))
_NOISE = frozenset(
    fold(word)
    for word in [
        "Bestand",
        "VKA",
        "DaZ",
        "Liste",
        "Schülerliste",
        "Bestandsliste",
        "Schüler",
        "Meldung",
        "Stand",
        "Stichtag",
        "vom",
        "zum",
        "Export",
        "SaxSVS",
        "final",
        "neu",
        "alt",
        "Kopie",
        "von",
        "Endfassung",
        "Schuljahr",
        "SJ",
        "Monat",
        *MONTH_NAMES,
        "Tabelle",
        "Blatt",
        "Sheet",
        "Vorbereitungsklasse",
        "Vorbereitungsklassen",
        "Name",
        "Excel",
        "Version",
        "korrigiert",
    ]
)
_DATES = re.compile(
    r"\d{4}[-_. ]\d{1,2}[-_. ]\d{1,2}|\d{1,2}[-_. ]\d{1,2}[-_. ]\d{4}"
    r"|(?<!\d)\d{8}(?!\d)|(?<!\d)\d{4}\s*[-_/]\s*\d{2,4}(?!\d)|(?<!\d)(?:19|20)\d{2}(?!\d)"
    r"|(?<!\d)\d{1,2}\.\s?\d{1,2}\.\d{2}(?!\d)|\(\d+\)"
)
_PIECES = re.compile(r"[–—|;:,]|\s-\s|\bStand\b|\bStichtag\b")
_ASKED = re.compile(r"(?:Name der )?Schule\s*:\s*(.+)", re.IGNORECASE)
_LONGEST = 200


@dataclass(frozen=True)
class SchoolOfList:
    """The school of a list, where one is certain, and what said so (``origin``).

    ``written`` is the name as written where there is no table of schools to ask, or that of a row
    of the table that a fault keeps out. ``problem`` says why none is certain, ``match`` has the
    candidates.
    """

    school: School | None = None
    origin: str = ""
    written: str = ""
    problem: str = ""
    match: Match | None = None
    loosely: str = ""
    """The text that means the school, where it does so in other words than the table."""


def school_of_list(part: RosterPart, lines: Sequence[str], known: Known) -> SchoolOfList:
    """The school that the list itself names, unless its places name different ones.

    ``lines`` are the rows above the header.
    """
    if not known.schools:
        return SchoolOfList(written=_written(part, lines))
    found: list[tuple[School, str, str]] = []
    asked: Match | None = None
    broken = ""
    for origin, texts in _sources(part, lines):
        certain: dict[str, School] = {}
        loosely = ""
        for text in texts:
            for match in _matches(text, known):
                if match.certain is None and match.name:
                    broken = broken or match.name
                    break
                if match.certain is not None:
                    certain.setdefault(match.certain.name, match.certain)
                    loosely = loosely or ("" if match.same_words else " ".join(text.split()))
                    break
                if match.candidates and asked is None:
                    asked = match
        if len(certain) == 1:
            found.append((next(iter(certain.values())), origin, loosely))
    if broken:
        return SchoolOfList(written=broken)
    if not found:
        return SchoolOfList(match=asked)
    if len({school.name for school, _, _ in found}) > 1:
        said = " und ".join(f"{origin} {quoted(school.name)}" for school, origin, _ in found[:3])
        return SchoolOfList(problem=f"Die Angaben zur Schule der Liste widersprechen sich: {said}.")
    school, origin, _ = found[0]
    # Where one of the places has the very words of the table nobody needs to be told.
    loosely = "" if any(not text for _, _, text in found) else found[0][2]
    return SchoolOfList(school, origin, loosely=loosely)


def _sources(part: RosterPart, lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What may name the school: (how it is called in a message, texts)."""
    named = _in_details(part)
    if named:
        yield "Blatt „Angaben“", [named]
    titles = [piece for line in lines for piece in (line, *_PIECES.split(line))]
    yield "Titel", [title[:_LONGEST] for title in titles]
    yield "Name des Blatts", [part.sheet.name]
    if part.own_file:
        yield "Dateiname", [Path(part.out.file).stem]


def _matches(text: str, known: Known) -> Iterator[Match]:
    """Readings of a text: as it is, without dates and words like „Bestand“, without a number."""
    yield known.schools.match(text)
    tokens = [word for word in words(_DATES.sub(" ", text)) if word not in _NOISE]
    if tokens:
        yield known.schools.match(" ".join(tokens))
    if len(tokens) > 1 and tokens[0].isdigit():
        yield known.schools.match(" ".join(tokens[1:]))


def _in_details(part: RosterPart) -> str:
    pairs = pairs_of(part.details) if part.details is not None else {}
    for key in _SCHOOL_KEYS:
        written = pairs.get(key)
        if isinstance(written, str):
            return " ".join(written.split())
    return ""


def _written(part: RosterPart, lines: Sequence[str]) -> str:
    """The name of the school as Angaben or a title writes it, else that of the file."""
    named = _in_details(part)
    if named:
        return named
    for line in lines:
        match = _ASKED.match(line.strip())
        if match:
            return " ".join(re.split(r"\bStand\b|[|;]|\s[–-]\s", match.group(1))[0].split())
    if not part.own_file:
        return ""
    stem = _DATES.sub(" ", Path(part.out.file).stem).replace("_", " ").split()
    return " ".join(word for word in stem if fold(word) not in _NOISE)
