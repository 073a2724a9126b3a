"""What is to be said about a header: columns that are missing, twice there, misspelt or unknown."""

from __future__ import annotations

from daz_planner.district.collect import Collector
from daz_planner.district.columns import RUNNING_NUMBER, Column, SheetSpec
from daz_planner.district.findings import column_letter
from daz_planner.district.header_cells import WIDEST
from daz_planner.district.headers import Header, HeaderFinder
from daz_planner.district.layout import PERSONAL_HEADERS
from daz_planner.district.sheets import Sheet
from daz_planner.district.text import fold, listed, nearest, quoted
from daz_planner.german import number

_SHEETS_ON_CHILDREN = ("Neuzugänge", "Bestand")
_CHILD = "Schüler-ID"
_MOST_CANDIDATES = 6
_FIRST_UNKNOWN = 3
_MOST_UNKNOWN = 25
"""Unknown columns that are named one by one."""


def report_header(
    sheet: Sheet, spec: SheetSpec, header: Header, out: Collector, *, repeated: bool = False
) -> None:
    """Faults for missing and doubled columns, warnings for misspelt and unknown ones.

    A header ``repeated`` above a later block is not held for unknown columns once more.
    """
    report = _Report(sheet, spec, header, out)
    report.doubled()
    report.guessed()
    named = report.missing(repeated)
    if not repeated:
        report.unknown(named)


def report_no_header(sheet: Sheet, spec: SheetSpec, finder: HeaderFinder, out: Collector) -> None:
    """One fault: which columns are looked for, and which row comes nearest to a header."""
    names = listed(column.name for column in spec.mandatory)
    likely = finder.likeliest()
    width = max(map(len, sheet.rows), default=0)
    if width > WIDEST:
        last = column_letter(sheet.first_column + width - 1)
        out.fault(
            "kopfzeile_fehlt",
            f"Das Blatt reicht bis Spalte {last} ({number(width)} Spalten), und in den ersten "
            f"{WIDEST} Spalten hat es keine Kopfzeile mit {names}.",
            "Löschen Sie in Excel alle Spalten, die nicht zur Tabelle gehören, und schreiben Sie "
            "die Namen der Spalten in eine Zeile über der Tabelle.",
            sheet=sheet.name,
        )
        return
    problem = f"Das Blatt hat keine Kopfzeile mit den Spalten {names}."
    remedy = "Schreiben Sie die Namen der Spalten in eine Zeile über der Tabelle."
    row = 0
    if likely is not None:
        index, texts, missing = likely
        row = sheet.first_row + index
        some = [text if len(text) <= 40 else f"{text[:40]}…" for text in texts[:_MOST_CANDIDATES]]
        written = ", ".join(map(quoted, some)) + (", …" if len(texts) > len(some) else "")
        problem += (
            f" Am ehesten sieht Zeile {row} danach aus ({written}); dort "
            f"{'fehlt' if len(missing) == 1 else 'fehlen'} {listed(missing)}."
        )
        remedy = (
            f"Ist Zeile {row} die Kopfzeile, dann nennen Sie ihre Spalten so; sonst schreiben Sie "
            "die Namen der Spalten in eine Zeile über der Tabelle."
        )
    out.fault("kopfzeile_fehlt", problem, remedy, sheet=sheet.name, row=row)


class _Report:
    def __init__(self, sheet: Sheet, spec: SheetSpec, header: Header, out: Collector) -> None:
        self.sheet = sheet
        self.spec = spec
        self.header = header
        self.out = out
        self.row = sheet.first_row + header.end - 1
        self.unknown_texts = [header.texts[place] for place in header.unknown]

    def _number(self, place: int) -> int:
        return self.sheet.first_column + place

    def _row_of(self, place: int) -> int:
        """The row in which the lowest text of a header cell stands."""
        return self.sheet.first_row + self.header.top + self.header.levels.get(place, 0)

    def doubled(self) -> None:
        """A fault for each column that is there twice under the same name."""
        for name, place in self.header.doubled:
            text = self.header.texts[place]
            first = self.header.texts[self.header.places[name]]
            self.out.fault(
                "spalte_doppelt",
                f"Die Spalte {quoted(text)} gibt es zweimal."
                if fold(first) == fold(text)
                else f"Die Spalten {quoted(first)} und {quoted(text)} stehen beide für "
                f"{quoted(name)}.",
                "Benennen oder löschen Sie eine der beiden.",
                sheet=self.sheet.name,
                row=self._row_of(place),
                column=self._number(place),
                value=text,
            )

    def guessed(self) -> None:
        """A warning for each column that was read in spite of a slip of the pen."""
        for name, place in self.header.guessed.items():
            text = self.header.texts[place]
            self.out.warn(
                "spalte_schreibweise",
                f"Die Spalte {quoted(text)} ist als {quoted(name)} gelesen.",
                "Wenn sie etwas anderes enthält, geben Sie ihr einen anderen Namen.",
                sheet=self.sheet.name,
                row=self._row_of(place),
                column=self._number(place),
                value=text,
            )

    def missing(self, repeated: bool) -> set[str]:
        """A fault for each mandatory column that is not there; the headers named as candidates."""
        named: set[str] = set()
        for column in self.header.missing(self.spec):
            remedy = f"Ergänzen Sie eine Spalte {quoted(column.name)}."
            texts = [text for text in self.unknown_texts if not column.is_never(text)]
            never = [text for text in self.unknown_texts if column.is_never(text)]
            close = self._nearest(column, texts)
            numbers = self._running_numbers() if column.name == _CHILD else ""
            if never:
                named.update(never)
                remedy += f" {column.instead.format(text=listed(never))}"
            elif numbers and not close:
                short = "der Schule davor, z. B. GSR-1" if self._of_school else "davor, z. B. W-1"
                remedy = (
                    f"Am nächsten kommt {quoted(numbers)}, aber laufende Nummern gibt es in jeder "
                    f"Liste wieder: setzen Sie ein Kürzel {short}, und nennen Sie die Spalte "
                    f"{quoted(column.name)}, oder ergänzen Sie eine Spalte mit eigenen Kennungen."
                )
            elif close:
                named.add(close)
                remedy = (
                    f"Am nächsten kommt {quoted(close)}: benennen Sie sie in "
                    f"{quoted(column.name)} um, wenn sie gemeint ist."
                )
            elif texts:
                some = texts[:_MOST_CANDIDATES]
                more = ", …" if len(texts) > len(some) else ""
                remedy = (
                    f"Nicht erkannt: {listed(some)}{more}. Benennen Sie die richtige Spalte in "
                    f"{quoted(column.name)} um, oder ergänzen Sie sie."
                )
            if repeated:
                remedy += (
                    " Beginnt hier eine andere Tabelle, dann stellen Sie sie auf ein eigenes Blatt."
                )
            self.out.fault(
                "spalte_fehlt",
                f"Die Spalte {quoted(column.name)} fehlt.",
                remedy,
                sheet=self.sheet.name,
                row=self.row,
                value=column.name,
            )
        return named

    @property
    def _of_school(self) -> bool:
        return any(column.name == "Schule" for column in self.spec.columns)

    def _running_numbers(self) -> str:
        """The header of a column of running numbers, empty where there is none."""
        taken = {*self.header.places.values(), *self.header.unknown}
        spare = (text for place, text in self.header.texts.items() if place not in taken)
        numbers = self.header.places.get(RUNNING_NUMBER.name)
        if numbers is not None:
            return self.header.texts[numbers]
        return next((text for text in spare if fold(text) in RUNNING_NUMBER.keys), "")

    def _nearest(self, column: Column, texts: list[str]) -> str:
        """The unknown header most like a missing column, under any of its names."""
        best = ""
        for name in (column.name, *column.aliases):
            close = nearest(name, texts, most=1, cutoff=0.75)
            if close:
                best = close[0]
                break
        return best

    def unknown(self, named: set[str]) -> None:
        """A warning for each column that means nothing here."""
        spare = [c for c in self.spec.columns if c.name not in self.header.places]
        places = self.header.unknown
        if len(places) > _MOST_UNKNOWN:
            places = self._many_unknown(places)
        for place in places:
            text = self.header.texts[place]
            if text in named:
                continue
            personal = fold(text) in PERSONAL_HEADERS
            if self.spec.name in _SHEETS_ON_CHILDREN and personal:
                remedy = "Das Programm braucht diese Angabe nicht: bitte löschen Sie die Spalte."
            elif place in self.header.advice:
                remedy = self.header.advice[place]
            else:
                names = [column.name for column in spare if not column.is_never(text)]
                close = nearest(text, names, most=1)
                remedy = (
                    f"Wenn {quoted(close[0])} gemeint ist, benennen Sie sie um."
                    if close
                    else "Sie wird nicht gelesen."
                )
            self.out.warn(
                "spalte_unbekannt",
                f"Die Spalte {quoted(text)} ist nicht bekannt und bleibt außen vor.",
                remedy,
                sheet=self.sheet.name,
                row=self._row_of(place),
                column=self._number(place),
                value=text,
            )

    def _many_unknown(self, places: tuple[int, ...]) -> tuple[int, ...]:
        """One warning for very many unknown columns; those on persons stay to be told."""
        texts = self.header.texts
        personal = tuple(p for p in places if fold(texts[p]) in PERSONAL_HEADERS)
        rest = [place for place in places if place not in personal]
        below = self.sheet.rows[self.header.end - 1]
        many = len(rest) + sum(cell is not None for cell in below[WIDEST:])
        some = ", ".join(quoted(texts[place]) for place in rest[:_FIRST_UNKNOWN])
        self.out.warn(
            "spalte_unbekannt",
            f"{number(many)} Spalten sind nicht bekannt und bleiben außen vor: {some} und "
            f"{number(many - _FIRST_UNKNOWN)} weitere.",
            "Sie werden nicht gelesen. Löschen Sie, was nicht zur Tabelle gehört.",
            sheet=self.sheet.name,
            row=self._row_of(rest[0]),
            column=self._number(rest[0]),
            value=texts[rest[0]],
        )
        return personal
