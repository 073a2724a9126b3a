"""Ids that stand in a roster twice: a pupil entered twice, or running numbers of two lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from daz_planner.district.collect import Collector
from daz_planner.district.model import Pupil
from daz_planner.district.personal import mask_if_personal
from daz_planner.district.text import quoted, words

_LONGEST_NUMBER = 4
"""Digits of a running number; an id of more digits is not given anew in each list."""

_FEWEST_ALIKE = 3

_Group = tuple[str, str, str]
"""File, sheet and school of the rows of one list."""


@dataclass(frozen=True)
class Twice:
    """A row whose id is there already, with the first row of that id.

    ``column`` is that of the ids, ``header_row`` the row of their header; ``out`` takes what is
    said of the list.
    """

    pupil: Pupil
    first: Pupil
    column: int
    header_row: int
    out: Collector


def report_twice(twice: Sequence[Twice], kept: Sequence[Pupil]) -> None:
    """A fault for each id that is there twice, but only one for a pair of lists that both count.

    ``kept`` are the pupils without the second ones. Two lists count where the ids that they share
    are short whole numbers, at least three, and half or more of all ids of the shorter one.
    """
    sizes = Counter(_group(pupil) for pupil in kept)
    sizes.update(_group(again.pupil) for again in twice)
    pairs: dict[tuple[_Group, _Group], list[Twice]] = {}
    for again in twice:
        pairs.setdefault((_group(again.first), _group(again.pupil)), []).append(again)
    counting: set[_Group] = set()
    for (one, other), rows in pairs.items():
        # The numbers that a list shares with a third one are missing in the pair.
        few = len(rows) < _FEWEST_ALIKE and not {one, other} <= counting
        half = 2 * len(rows) >= min(sizes[one], sizes[other]) or {one, other} <= counting
        if one == other or few or not half or not all(_is_running(row.pupil) for row in rows):
            for row in rows:
                _report_row(row)
            continue
        counting |= {one, other}
        _report_lists(rows)


def _group(pupil: Pupil) -> _Group:
    return pupil.file, pupil.sheet, pupil.school


def _is_running(pupil: Pupil) -> bool:
    written = pupil.pupil_id.strip().rstrip(".")
    return written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER


def _report_lists(rows: Sequence[Twice]) -> None:
    last = rows[0]
    numbers = sorted(int(row.pupil.pupil_id.strip().rstrip(".")) for row in rows)
    school = last.pupil.school
    short = "".join(word[0] for word in words(school) if not word.isdigit()).upper()[:4] or "A"
    last.out.fault(
        "laufende_nummern",
        f"{len(rows)} Kennungen von {numbers[0]} bis {numbers[-1]} der Schule {quoted(school)} "
        f"gibt es auch an der Schule {quoted(last.first.school)}{_where(last)}. Vermutlich sind es "
        "laufende Nummern je Schule.",
        f"Setzen Sie in beiden Listen ein Kürzel der Schule davor, z. B. {short}-{numbers[0]}: "
        "jeder Schüler braucht eine eigene Kennung.",
        sheet=last.pupil.sheet,
        row=last.header_row,
        column=last.column,
        value=school,
    )


def _where(row: Twice, *, with_row: bool = False) -> str:
    """`` (Datei, Blatt)`` of the first of two rows, as far as they are not those of the second."""
    first, pupil = row.first, row.pupil
    parts = [
        quoted(first.file) if first.file != pupil.file else "",
        f"Blatt {quoted(first.sheet)}" if first.sheet != pupil.sheet else "",
        f"Zeile {first.row}" if with_row else "",
    ]
    place = ", ".join(filter(None, parts))
    return f" ({place})" if place else ""


def _report_row(row: Twice) -> None:
    pupil, first = row.pupil, row.first
    masked = mask_if_personal(pupil.pupil_id)
    two = first.school != pupil.school
    place = _where(row, with_row=True)
    row.out.fault(
        "kind_zwei_schulen" if two else "kind_doppelt",
        f"Der Schüler {quoted(masked)} steht schon an der Schule {quoted(first.school)}{place}."
        if two
        else f"Die Schüler-ID {quoted(masked)} gibt es schon{place}.",
        "Löschen Sie eine der beiden Zeilen, oder geben Sie jedem Schüler eine eigene Kennung.",
        sheet=pupil.sheet,
        row=pupil.row,
        column=row.column,
        value=masked,
    )
