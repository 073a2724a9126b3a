"""Columns and sheets as data: what a column is called, whether it must be there, how it is read.

The sheets of the input workbook are declared with them in :mod:`daz_planner.district.layout`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from daz_planner.district import values
from daz_planner.district.spellings import Meant
from daz_planner.district.text import Cell, fold
from daz_planner.district.vague import Vague

Parser = Callable[[Cell], Any]


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    ``wanted`` completes the sentence "Tragen Sie … ein", ``example`` the "z. B. …" after it.
    ``mandatory``: the column must be there. ``required``: each row must have a value in it.
    ``summed``: a subtotal row is checked against it. ``unused``: known, but not read. ``dated``:
    offices keep one column of it for each day. ``vague`` are names that are not certain.
    ``never`` are names that look like it and mean another number; ``instead`` says what to do with
    them. ``loosely`` is asked about a text that ``parse`` refuses; what it reads is told in a hint.
    """

    name: str
    parse: Parser = values.text
    aliases: tuple[str, ...] = ()
    mandatory: bool = False
    required: bool = False
    summed: bool = False
    unused: bool = False
    dated: bool = False
    vague: tuple[Vague, ...] = ()
    never: tuple[str, ...] = ()
    instead: str = ""
    loosely: Callable[[Cell], Meant | None] | None = None
    wanted: str = ""
    example: str = ""
    hint: str = ""
    width: float = 14.0
    number_format: str = "@"

    @property
    def remedy(self) -> str:
        """What to write into a cell that cannot be read."""
        example = f", z. B. {self.example}" if self.example else ""
        return f"Tragen Sie {self.wanted or 'den Wert'} ein{example}."

    def is_never(self, text: str) -> bool:
        """Whether a header must not be taken for this column, however much it looks like it."""
        return fold(text) in {fold(name) for name in self.never}

    @property
    def keys(self) -> tuple[str, ...]:
        """Folded names under which a header is this column, the proper one first."""
        return tuple(fold(name) for name in (self.name, *self.aliases))


@dataclass(frozen=True)
class SheetSpec:
    """A sheet: its name, the names offices use, and its columns. ``key`` names the row."""

    name: str
    aliases: tuple[str, ...]
    columns: tuple[Column, ...]
    key: str = ""

    def column(self, name: str) -> Column:
        """The column of that name. Raises ``KeyError`` where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def keys(self) -> tuple[str, ...]:
        """Folded names under which a sheet is this one."""
        return tuple(fold(name) for name in (self.name, *self.aliases))

    @property
    def mandatory(self) -> tuple[Column, ...]:
        """The columns without which the sheet cannot be read."""
        return tuple(column for column in self.columns if column.mandatory)


def count(name: str, wanted: str, example: str, **more: Any) -> Column:
    """A column of whole numbers; ``low`` and ``high`` bound them (0 to 2,000)."""
    high = more.pop("high", 2_000)
    low = more.pop("low", 0)
    more.setdefault("number_format", "0")
    more.setdefault("width", 12.0)
    parser = partial(values.whole, low=low, high=high)
    return Column(name, parser, wanted=wanted, example=example, **more)


RUNNING_NUMBER = Column("lfd. Nr.", unused=True, aliases=("Nr.", "Lfd.-Nr.", "Nummer", "Pos."))
SOURCE = Column("Quelle", unused=True, aliases=("Herkunft",))
LATITUDE = Column(
    "Breite",
    values.decimal,
    aliases=("geografische Breite", "Breitengrad", "Lat", "Latitude", "Breite Sitz"),
    wanted="die geografische Breite in Grad",
    example="51,16",
    hint="Geografische Breite in Grad (WGS 84), in Sachsen etwa 50,2 bis 51,7",
    number_format="0.000000",
    width=12.0,
)
LONGITUDE = Column(
    "Länge",
    values.decimal,
    aliases=("geografische Länge", "Längengrad", "Lon", "Long", "Lng", "Longitude", "Länge Sitz"),
    wanted="die geografische Länge in Grad",
    example="13,47",
    hint="Geografische Länge in Grad (WGS 84), in Sachsen etwa 11,9 bis 15,0",
    number_format="0.000000",
    width=12.0,
)
AREA = Column(
    "Planungsregion",
    aliases=("Sozialraum", "Region", "Planungsraum"),
    wanted="die Planungsregion",
    example="Riesa",
    hint="Planungsregion oder Sozialraum; darf leer bleiben",
    width=16.0,
)
TYPE = Column(
    "Schulart",
    values.school_type,
    aliases=("Art", "Schulform", "Schultyp", "Art der Schule"),
    wanted="die Schulart",
    example="GS, OS, BSZ oder GYM",
    hint="GS Grundschule, OS Oberschule, BSZ Berufliches Schulzentrum, GYM Gymnasium",
    width=10.0,
)
MUNICIPALITY_NAMES = (
    "Ort",
    "Stadt",
    "Stadt/Gemeinde",
    "Gemeinde/Stadt",
    "Kommune",
    "Schulort",
    "Wohnort",
    "Wohngemeinde",
    "Gemeindename",
    "Name der Gemeinde",
    "Standort",
)
RESIDENCE_NAMES = tuple(name for name in MUNICIPALITY_NAMES if name not in ("Schulort", "Standort"))
"""Names of the municipality in which a child lives, not of that of its school."""
ALL_SEATS = (
    *("Kapazität", "Kapazitäten", "Gesamtkapazität", "Kapazität gesamt", "Kap.", "max. Kapazität"),
    *("Kapazität VKA", "VKA-Kapazität", "Platzkapazität", "Klassenkapazität", "Schulplätze"),
    *("Plätze", "Platz", "VKA-Plätze", "Plätze VKA", "Plätze gesamt", "Anzahl Plätze"),
    *("Anzahl der Plätze", "Platzzahl", "Plätze in VKA", "Sollplätze", "max. Plätze"),
    *("belegte Plätze", "Plätze belegt"),
)
"""Names of a column of all seats, or of those that are taken: never that of the free ones."""
PART_OF_PUPILS = (
    *("Schüler m", "Schüler w", "Schüler d", "Schüler männlich", "Schüler weiblich"),
    *("männlich", "weiblich", "m", "w", "Jungen", "Mädchen", "Schülerinnen"),
    *("Schüler gesamt", "Gesamtschülerzahl", "Schülerzahl gesamt", "Schüler insgesamt"),
)
"""Names of a column of some of the pupils, or of all pupils of a school: never those in a VKA."""
NOT_PART_OF_PUPILS = (
    "{text}: das sind wohl nicht alle VKA-Schüler, oder auch Schüler außerhalb der VKA. Benennen "
    "Sie die Spalte mit der Zahl der Schüler in VKA in „VKA-Schüler“ um, oder ergänzen Sie sie."
)
NOT_ALL_SEATS = (
    "{text} ist wohl die Zahl aller Plätze, nicht der freien. Die freien sind Plätze minus "
    "Schüler; sind sie nicht bekannt, darf die Spalte leer bleiben."
)
