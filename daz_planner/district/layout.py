"""The sheets of the input workbook and their columns: one declarative table for all of them.

Reader, messages and template are driven by it: the name of a column, the other names that offices
use, whether it must be there, how its cells are read, and what a planner should write into it.
"""

from __future__ import annotations

import re

from daz_planner.district import spellings, values
from daz_planner.district.columns import (
    ALL_SEATS,
    AREA,
    LATITUDE,
    LONGITUDE,
    MUNICIPALITY_NAMES,
    NOT_ALL_SEATS,
    NOT_PART_OF_PUPILS,
    PART_OF_PUPILS,
    RESIDENCE_NAMES,
    RUNNING_NUMBER,
    SOURCE,
    TYPE,
    Column,
    SheetSpec,
    count,
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
from daz_planner.district.text import fold

DETAILS = SheetSpec(
    "Angaben",
    ("Stammdaten", "Allgemeine Angaben", "Allgemeines", "Kopfdaten"),
    (
        Column(
            "Landkreis",
            aliases=("Kreis", "Kreisfreie Stadt", "Landkreis/Stadt", "Name des Landkreises"),
            wanted="den Landkreis",
            example="Meißen",
            hint="Name des Landkreises oder der kreisfreien Stadt, z. B. Meißen",
        ),
        Column(
            "Stichtag",
            values.day,
            aliases=("Stand", "Datum", "Stichtag der Zählung", "Stand vom"),
            wanted="den Stichtag",
            example="08.02.2017",
            hint="Tag, für den die Zahlen gelten, z. B. 08.02.2017",
            number_format="dd.mm.yyyy",
        ),
        Column(
            "Schuljahr",
            wanted="das Schuljahr",
            example="2016/17",
            hint="z. B. 2016/17; darf leer bleiben",
        ),
        Column(
            "Rechtsgrundlage",
            wanted="die Rechtsgrundlage, auf die sich Ihre Schreiben stützen,",
            hint="Nur für Serienbriefe: die Rechtsgrundlage, wie sie im Brief stehen soll; darf "
            "leer bleiben",
        ),
        SOURCE,
    ),
)

SCHOOLS = SheetSpec(
    "Schulen",
    ("Schule", "VKA", "VKA-Schulen", "Vorbereitungsklassen", "Standorte", "Schulliste"),
    (
        Column(
            "Schule",
            aliases=("Schulname", "Name der Schule", "Name", "Einrichtung", "Bezeichnung"),
            mandatory=True,
            required=True,
            wanted="den Namen der Schule",
            example="Oberschule Nünchritz",
            hint="Name der Schule; jede Schule nur einmal",
            width=44.0,
        ),
        TYPE,
        Column(
            "Gemeinde",
            aliases=MUNICIPALITY_NAMES,
            wanted="die Gemeinde der Schule",
            example="Riesa",
            hint="Gemeinde, in der die Schule liegt",
            width=18.0,
        ),
        Column(
            "Schulnummer",
            aliases=("Schul-Nr.", "Schulnr", "Dienststellenschlüssel", "Schul-ID", "DSS"),
            wanted="die Schulnummer",
            example="4210123",
            hint="Schulnummer; darf leer bleiben",
            width=13.0,
        ),
        count(
            "VKA-Schüler",
            "die Zahl der VKA-Schüler",
            "21",
            aliases=(
                "Schüler VKA",
                "Schüler in VKA",
                "Schüler in den VKA",
                "Schüler in Vorbereitungsklassen",
                "Anzahl VKA-Schüler",
                "Anzahl Schüler VKA",
                "VK-Schüler",
                "Schülerzahl VKA",
                "VKA-Schülerzahl",
                "Schülerinnen und Schüler",
                "Schülerzahl",
                "Anzahl Schüler",
                "Anzahl der Schüler",
                "Schüler",
                "SuS",
            ),
            never=PART_OF_PUPILS,
            instead=NOT_PART_OF_PUPILS,
            mandatory=True,
            required=True,
            summed=True,
            dated=True,
            hint="Schüler in Phase 1 und 2 am Stichtag, ohne Gastschüler",
        ),
        count(
            "VKA-Klassen",
            "die Zahl der VKA-Klassen",
            "2",
            high=200,
            aliases=(
                "Klassen VKA",
                "Anzahl VKA-Klassen",
                "Anzahl VKA",
                "Anzahl der VKA",
                "VK-Klassen",
                "Vorbereitungsklassen",
                "Anzahl Vorbereitungsklassen",
                "Zahl der Klassen",
                "Anzahl Klassen",
                "Anzahl der Klassen",
                "Klassenzahl",
                "Klassen",
                "VKA",
            ),
            mandatory=True,
            required=True,
            summed=True,
            dated=True,
            hint="VKA-Klassen am Stichtag; 0 für eine Schule, die in Frage kommt",
        ),
        count(
            "Kap.reserve",
            "die Zahl der freien VKA-Plätze",
            "3",
            aliases=(
                "Kapazitätsreserve",
                "Kap.-Reserve",
                "Reserve",
                "freie Plätze",
                "freie VKA-Plätze",
                "freie Plätze VKA",
                "Kapazität frei",
                "freie Kapazität",
                "Restplätze",
            ),
            never=ALL_SEATS,
            instead=NOT_ALL_SEATS,
            mandatory=True,
            summed=True,
            dated=True,
            hint="Freie VKA-Plätze nach Einschätzung des Amts; darf leer bleiben",
        ),
        count(
            "Klassengröße",
            "die Obergrenze einer Klasse dieser Schule",
            "20",
            low=1,
            high=1_000_000,
            aliases=("Klassenobergrenze", "Obergrenze", "Teiler", "max. Klassengröße"),
            hint="Nur wenn die Schule kleinere Räume hat: höchste Schülerzahl einer VKA-Klasse",
        ),
        count(
            "freie Räume",
            "die Zahl der freien Räume für weitere Klassen",
            "1",
            high=200,
            aliases=("Räume frei", "Anzahl freie Räume", "freie Klassenräume", "Raumreserve"),
            summed=True,
            dated=True,
            hint="Räume für weitere VKA-Klassen; leer: das Szenario entscheidet",
        ),
        Column(
            "Öffnungskosten",
            values.cost,
            aliases=("Eröffnungskosten", "Kosten je Klasse", "Kosten der Öffnung"),
            wanted="was eine neue Klasse an dieser Schule kostet",
            example="25000",
            hint="Was eine neue Klasse hier kostet; zählt nur, wo das Szenario Preise nennt",
            number_format="#,##0.##",
            width=12.0,
        ),
        count(
            "Gast-VKA",
            "die Zahl der Gastschüler in der VKA",
            "0",
            aliases=("Gastschüler", "Gäste", "Gastschüler VKA", "VKA-Gastschüler"),
            summed=True,
            dated=True,
            hint="Gastschüler anderer Stammschulen in der VKA; darf leer bleiben",
        ),
        *(
            count(
                f"Phase {phase}",
                f"die Zahl der Schüler in Phase {phase}",
                "10",
                aliases=(f"Etappe {phase}", f"DaZ {phase}", f"Schüler Phase {phase}"),
                summed=True,
                dated=True,
                hint=f"Schüler in Phase {phase} am Stichtag; darf leer bleiben",
                width=10.0,
            )
            for phase in (1, 2, 3)
        ),
        AREA,
        LATITUDE,
        LONGITUDE,
        Column(
            "Koordinate von",
            aliases=("Koordinate aus", "Herkunft der Koordinate", "Lage von"),
            wanted="die Herkunft der Koordinate",
            example="Schule",
            hint="Schule oder Gemeindesitz; darf leer bleiben",
            width=16.0,
        ),
        RUNNING_NUMBER,
        SOURCE,
    ),
    key="Schule",
)

MUNICIPALITIES = SheetSpec(
    "Gemeinden",
    ("Gemeinde", "Kommunen", "Städte und Gemeinden", "Gemeindeliste", "Einwohner"),
    (
        Column(
            "Gemeinde",
            aliases=MUNICIPALITY_NAMES,
            mandatory=True,
            required=True,
            wanted="den Namen der Gemeinde",
            example="Coswig",
            hint="Name der Gemeinde; jede nur einmal",
            width=24.0,
        ),
        Column(
            "AGS",
            aliases=("Gemeindeschlüssel", "Amtlicher Gemeindeschlüssel", "Gemeindekennziffer"),
            wanted="den achtstelligen Gemeindeschlüssel",
            example="14627010",
            hint="Amtlicher Gemeindeschlüssel, acht Ziffern; darf leer bleiben",
            width=12.0,
        ),
        Column("PLZ", unused=True, aliases=("Postleitzahl",), width=22.0),
        count(
            "Einwohner",
            "die Zahl der Einwohner",
            "20739",
            high=5_000_000,
            aliases=("Einwohnerzahl", "Bevölkerung", "EW", "Anzahl Einwohner"),
            summed=True,
            number_format="#,##0",
            hint="Einwohner; danach werden die Neuankömmlinge verteilt",
        ),
        LATITUDE,
        LONGITUDE,
        Column(
            "Anteil am Zuzug",
            values.share,
            aliases=("Zuzugsanteil", "Anteil Zuzug", "Anteil"),
            wanted="den Anteil der Gemeinde am Zuzug",
            example="12 %",
            hint="Anteil an allen Neuankömmlingen, zusammen 100 %; leer: nach Einwohnern",
            number_format="0.0%",
            width=16.0,
        ),
        AREA,
        RUNNING_NUMBER,
        SOURCE,
    ),
    key="Gemeinde",
)

NEWCOMERS = SheetSpec(
    "Neuzugänge",
    ("Neuzugang", "Warteliste", "Wartende", "Anmeldungen", "Neuanmeldungen"),
    (
        Column(
            "Schüler-ID",
            aliases=(
                *("ID", "Kennung", "Pseudonym", "Schülernummer", "Schüler-Nr.", "Schüler-Code"),
                "Kind-ID",
            ),
            mandatory=True,
            required=True,
            wanted="eine Kennung ohne Namen",
            example="K-001",
            hint="Kennung ohne Namen und ohne Geburtsdatum; jede nur einmal",
            width=14.0,
        ),
        Column(
            "Gemeinde",
            aliases=RESIDENCE_NAMES,
            mandatory=True,
            required=True,
            wanted="die Gemeinde, in der das Kind wohnt,",
            example="Riesa",
            hint="Gemeinde, in der das Kind wohnt",
            width=20.0,
        ),
        TYPE,
        count(
            "Klassenstufe",
            "die Klassenstufe",
            "3",
            low=1,
            high=13,
            aliases=("Stufe", "Jahrgangsstufe", "Klasse", "Jahrgang"),
            hint="Klassenstufe 1 bis 13; genügt bis Klasse 10 statt der Schulart",
            loosely=spellings.grade,
        ),
        Column(
            "gemeldet am",
            values.day,
            aliases=("gemeldet", "Meldedatum", "Anmeldedatum", "angemeldet am", "Anmeldung am"),
            wanted="den Tag der Anmeldung",
            example="16.01.2017",
            hint="Tag der Anmeldung, z. B. 16.01.2017; darf leer bleiben",
            number_format="dd.mm.yyyy",
        ),
        Column(
            "Familie",
            aliases=("Familien-ID", "Haushalt", "Familienkennung"),
            wanted="die Kennung der Familie",
            example="F-12",
            hint="Gleiche Kennung für Geschwister; darf leer bleiben",
            width=12.0,
        ),
        Column(
            "fixiert auf",
            aliases=("fixiert", "fest", "feste Schule", "zugewiesen an"),
            wanted="den Namen oder die Nummer einer Schule der Tabelle",
            hint="Schule, die schon feststeht; darf leer bleiben",
            width=32.0,
        ),
        Column(
            "Ausschluss",
            aliases=("ausgeschlossen", "nicht an", "Ausschluss Schule"),
            wanted="Namen oder Nummern von Schulen der Tabelle, durch Semikolon getrennt,",
            hint="Schulen, die nicht in Frage kommen, durch Semikolon getrennt",
            width=32.0,
        ),
        Column(
            "Wunsch",
            aliases=("Wünsche", "Wunschschule", "Wunsch Schule"),
            wanted="Namen oder Nummern von Schulen der Tabelle, durch Semikolon getrennt,",
            hint="gewünschte Schulen, durch Semikolon getrennt",
            width=32.0,
        ),
        RUNNING_NUMBER,
    ),
    key="Schüler-ID",
)

SHEETS: tuple[SheetSpec, ...] = (
    DETAILS,
    SCHOOLS,
    CLASS_PLAN,
    ROSTER,
    NEWCOMERS,
    MUNICIPALITIES,
    ROOMS,
    WAYS,
    REGULAR,
    TEACHERS,
    HISTORY,
)
"""The sheets of the input workbook, in its order."""

SILENT_SHEETS: tuple[str, ...] = (
    "Lies mich",
    "Liesmich",
    "Hinweise",
    "Anleitung",
    "Erläuterungen",
    "Legende",
    "Listen",
    "Befunde",
    "Befunde 2",
    "Befunde 3",
)
"""Sheets that explain; they are never read and never complained about."""

PERSONAL_HEADERS: frozenset[str] = frozenset(
    fold(name)
    for name in (
        "Vorname",
        "Nachname",
        "Familienname",
        "Name",
        "Name des Kindes",
        "Geburtsdatum",
        "geboren am",
        "Geburtstag",
        "Staatsangehörigkeit",
        "Nationalität",
        "Herkunftsland",
        "Herkunftssprache",
        "Muttersprache",
        "Sprache",
        "Aufenthaltsstatus",
        "Religion",
        "Anschrift",
        "Adresse",
        "Straße",
        "Telefon",
    )
)
"""Columns on children that the planner does not need and must not collect (domain.md)."""


_DATED = re.compile(
    r"\(\d+\)|\d{4}[-_.]\d{1,2}[-_.]\d{1,2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{2,4}|\b\d{8}\b"
    r"|\b\d{4}\s*[-_/]\s*\d{2,4}\b|\b\d{4}\b|\b(?:Stand|vom|zum|Schuljahr|SJ|Landkreis)\b",
    re.IGNORECASE,
)


def sheet_kind(name: str) -> SheetSpec | None:
    """The sheet that a name means, ``None`` where it is none of those read.

    A date or a year beside the name is no matter: ``Bestand 08.02.2017``, ``Schulen (2)``.
    """
    undated = _DATED.sub(" ", name.replace("_", " "))
    for written in (name, undated):
        folded = fold(written)
        for spec in SHEETS:
            if folded and folded in spec.keys:
                return spec
    return None
