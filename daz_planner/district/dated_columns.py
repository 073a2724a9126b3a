"""Columns of counts with a date in their header, one for each day on which somebody counted.

Offices keep ``VKA-Schüler 01.10.2016`` and ``VKA-Schüler 08.02.2017`` side by side. The newest that
is not after the reference date counts, and that is told. Where that does not decide it, the
columns and what to rename are named, and none is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from daz_planner.district.collect import Collector
from daz_planner.district.headers import Header
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import german_day, listed, quoted


def choose(sheet: Sheet, header: Header, day: date | None, out: Collector) -> Header:
    """The header with one column for each count, and what is to be said about the choice.

    ``day`` is the reference date, ``None`` where it is not known: then several are left open, and
    the missing date is the fault. Columns that stay open are in ``undecided``.
    """
    choice = _Choice(sheet, header, day, out)
    places, undecided = dict(header.places), set(header.undecided)
    for name, stamped in header.stamped.items():
        place = choice.place_of(name, stamped)
        if place is None:
            undecided.add(name)
        else:
            places[name] = place
    return replace(header, places=places, undecided=frozenset(undecided))


class _Choice:
    def __init__(self, sheet: Sheet, header: Header, day: date | None, out: Collector) -> None:
        self.sheet = sheet
        self.header = header
        self.day = day
        self.out = out

    def place_of(self, name: str, stamped: Sequence[tuple[int, date]]) -> int | None:
        """The place of the column that counts, ``None`` where that is open."""
        texts = self.header.texts
        own = self.header.places[name]
        if own not in [place for place, _ in stamped]:
            return self._beside_undated(name, own, stamped)
        if self.day is None:
            return own if len(stamped) == 1 else None
        fitting = [(when, place) for place, when in stamped if when <= self.day]
        all_names = listed([texts[place] for place, _ in stamped])
        if not fitting:
            one = len(stamped) == 1
            self._fault(
                f"{'Die Spalte' if one else 'Die Spalten'} {all_names} "
                f"{'gilt' if one else 'gelten'} für "
                f"{'einen Tag' if one else 'Tage'} nach dem Stichtag {german_day(self.day)}.",
                "Berichtigen Sie den Stichtag, oder benennen Sie die Spalte, die zu ihm gehört, "
                f"in {quoted(name)} um.",
                stamped[0][0],
            )
            return None
        newest = max(when for when, _ in fitting)
        alike = [place for when, place in fitting if when == newest]
        if len(alike) > 1:
            self._fault(
                f"Die Spalten {listed([texts[place] for place in alike])} stehen beide für "
                f"{quoted(name)} am {german_day(newest)}.",
                f"Benennen Sie die richtige in {quoted(name)} um, oder löschen Sie die andere.",
                alike[1],
            )
            return None
        if len(stamped) > 1:
            self._hint(
                f"Von den Spalten {all_names} ist {quoted(texts[alike[0]])} als {quoted(name)} "
                f"gelesen: die jüngste, die nicht nach dem Stichtag {german_day(self.day)} liegt.",
                f"Soll eine andere gelten, dann benennen Sie sie in {quoted(name)} um.",
                alike[0],
            )
        elif newest != self.day:
            self._hint(
                f"{quoted(name)} ist aus der Spalte {quoted(texts[alike[0]])} gelesen, der "
                f"Stichtag ist der {german_day(self.day)}.",
                "Prüfen Sie, ob die Zahlen noch gelten, und ob der Stichtag stimmt.",
                alike[0],
            )
        return alike[0]

    def _beside_undated(
        self, name: str, own: int, stamped: Sequence[tuple[int, date]]
    ) -> int | None:
        """A column without a date counts, unless another is of the reference date itself."""
        texts = self.header.texts
        same = [place for place, when in stamped if when == self.day]
        if same:
            self._fault(
                f"Die Spalten {quoted(texts[own])} und {quoted(texts[same[0]])} stehen beide für "
                f"{quoted(name)} am Stichtag.",
                f"Löschen Sie eine der beiden. Die andere heißt am besten {quoted(name)}.",
                same[0],
            )
            return None
        self._hint(
            f"{quoted(name)} ist aus der Spalte {quoted(texts[own])} gelesen; außen vor "
            f"{'bleibt' if len(stamped) == 1 else 'bleiben'} "
            f"{listed([texts[place] for place, _ in stamped])}.",
            f"Soll eine andere gelten, dann nennen Sie nur diese {quoted(name)}.",
            own,
        )
        return own

    def _fault(self, problem: str, remedy: str, place: int) -> None:
        header, sheet = self.header, self.sheet
        self.out.fault(
            "spalte_doppelt",
            problem,
            remedy,
            sheet=sheet.name,
            row=sheet.first_row + header.top + header.levels.get(place, 0),
            column=sheet.first_column + place,
            value=header.texts[place],
        )

    def _hint(self, problem: str, remedy: str, place: int) -> None:
        header, sheet = self.header, self.sheet
        self.out.warn(
            "spalte_datum",
            problem,
            remedy,
            sheet=sheet.name,
            row=sheet.first_row + header.top + header.levels.get(place, 0),
            column=sheet.first_column + place,
            value=header.texts[place],
        )
