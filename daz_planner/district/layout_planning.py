"""Columns of the sheets that go beyond the table of schools: roster, class plan, ways, history.

Declared in the same way as the sheets of :mod:`daz_planner.district.layout`.
"""

from __future__ import annotations

from dataclasses import replace

from daz_planner.district import spellings, values
from daz_planner.district.columns import (
    AREA,
    RESIDENCE_NAMES,
    RUNNING_NUMBER,
    SOURCE,
    TYPE,
    Column,
    SheetSpec,
    count,
)
from daz_planner.district.vague import Vague, all_days, all_different, all_grades

_SCHOOL_NAMES = ("Schulname", "Name der Schule", "Einrichtung", "VKA-Schule", "Standort")

_SCHOOL = Column(
    "Schule",
    aliases=_SCHOOL_NAMES,
    mandatory=True,
    required=True,
    wanted="den Namen oder die Nummer einer Schule der Tabelle",
    example="Oberschule Nünchritz",
    hint="Schule wie auf dem Blatt Schulen",
    width=40.0,
)
_GRADE = count(
    "Klassenstufe",
    "die Klassenstufe",
    "3",
    low=1,
    high=13,
    aliases=("Stufe", "Jahrgangsstufe", "Jahrgang", "Kl.-Stufe"),
    vague=(
        Vague(
            "Klasse",
            all_grades,
            (),
            "Ist es die Klassenstufe, dann nennen Sie sie „Klassenstufe“ und tragen Zahlen von 1 "
            "bis 13 ein.",
        ),
    ),
    hint="Klassenstufe 1 bis 13; darf leer bleiben",
    loosely=spellings.grade,
)

ROSTER = SheetSpec(
    "Bestand",
    ("VKA-Bestand", "Schülerliste", "Schüler", "Bestandsliste", "VKA-Schüler", "Roster"),
    (
        Column(
            "Schüler-ID",
            aliases=(
                *("ID", "Kennung", "Pseudonym", "Schülernummer", "Schüler-Nr.", "Schüler-Code"),
                *("Kind-ID", "Schüler"),
            ),
            vague=(
                Vague(
                    "Code",
                    all_different,
                    ("Phase",),
                    "Ist es die Kennung der Schüler, dann nennen Sie sie „Schüler-ID“; jede darf "
                    "nur einmal vorkommen.",
                ),
            ),
            mandatory=True,
            required=True,
            wanted="eine Kennung ohne Namen",
            example="S-0001",
            hint="Kennung ohne Namen und ohne Geburtsdatum; jede nur einmal",
            width=14.0,
        ),
        _SCHOOL,
        count(
            "Phase",
            "die Phase 1, 2 oder 3",
            "2",
            low=1,
            high=3,
            aliases=("Etappe", "DaZ-Phase", "DaZ-Etappe", "DaZ", "Phase/Etappe"),
            mandatory=True,
            required=True,
            hint="1: nur in der VKA, 2: VKA und Regelklasse, 3: Regelklasse mit DaZ",
            loosely=spellings.phase,
            width=9.0,
        ),
        Column(
            "Phase seit",
            values.day,
            aliases=("Etappe seit", "in Phase seit", "Phasenbeginn", "Beginn der Phase", "seit"),
            wanted="den Tag, an dem die Phase begann,",
            example="22.08.2016",
            hint="Tag, an dem die jetzige Phase begann; darf leer bleiben",
            loosely=spellings.month_as_day,
            number_format="dd.mm.yyyy",
        ),
        Column(
            "Eintritt",
            values.day,
            aliases=("Eintritt VKA", "VKA seit", "Aufnahme", "Aufnahme am", "Eintrittsdatum"),
            vague=(
                Vague(
                    "Beginn",
                    all_days,
                    ("Phase seit",),
                    "Ist es der erste Tag in der VKA, dann nennen Sie sie „Eintritt“, ist es der "
                    "Beginn der Phase, dann „Phase seit“.",
                ),
            ),
            wanted="den ersten Tag in der VKA",
            example="15.02.2016",
            hint="Erster Tag in einer VKA; darf leer bleiben",
            loosely=spellings.month_as_day,
            number_format="dd.mm.yyyy",
        ),
        _GRADE,
        Column(
            "Gemeinde",
            aliases=RESIDENCE_NAMES,
            wanted="die Gemeinde, in der das Kind wohnt,",
            example="Riesa",
            hint="Wohngemeinde; leer: die Gemeinde der Schule",
            width=20.0,
        ),
        RUNNING_NUMBER,
        SOURCE,
    ),
    key="Schüler-ID",
)

CLASS_PLAN = SheetSpec(
    "Klassenplan",
    ("Klassenplanung", "Klassenbildung", "VKA-Plan", "Entscheidungen"),
    (
        _SCHOOL,
        Column(
            "ab",
            values.month,
            aliases=("ab Monat", "gültig ab", "Monat", "Beginn", "von"),
            mandatory=True,
            required=True,
            wanted="den Monat, ab dem es gilt,",
            example="08.2017",
            hint="Monat, ab dem die Zahl der Klassen gilt, z. B. 08.2017",
            width=12.0,
        ),
        count(
            "Klassen",
            "die Zahl der VKA-Klassen ab diesem Monat",
            "2",
            high=200,
            aliases=("VKA-Klassen", "Anzahl Klassen", "Anzahl", "Zahl der Klassen", "Anzahl VKA"),
            mandatory=True,
            required=True,
            hint="Zahl aller VKA-Klassen der Schule ab diesem Monat",
        ),
        Column(
            "Stand",
            values.plan_state,
            aliases=("Status", "Art", "Beschluss"),
            mandatory=True,
            required=True,
            wanted="beschlossen, geplant oder ausgeschlossen",
            example="beschlossen",
            hint="beschlossen: gilt; geplant: Vorschlag; ausgeschlossen: nicht mehr Klassen",
            width=16.0,
        ),
        RUNNING_NUMBER,
        SOURCE,
    ),
    key="Schule",
)

ROOMS = SheetSpec(
    "Räume",
    ("Raumplan", "Raumplanung", "freie Räume", "Räume je Monat", "Räume nach Monaten"),
    (
        _SCHOOL,
        Column(
            "ab",
            values.month,
            aliases=("ab Monat", "gültig ab", "Monat", "Beginn", "von"),
            mandatory=True,
            required=True,
            wanted="den Monat, ab dem es gilt,",
            example="08.2017",
            hint="Monat, ab dem so viele Räume frei sind, z. B. 08.2017",
            width=12.0,
        ),
        count(
            "freie Räume",
            "die Zahl der freien Räume für weitere Klassen",
            "1",
            high=200,
            aliases=("Räume frei", "Anzahl freie Räume", "freie Klassenräume", "Raumreserve"),
            mandatory=True,
            required=True,
            hint="Räume für weitere VKA-Klassen, zusätzlich zu den Klassen von heute",
        ),
        RUNNING_NUMBER,
        SOURCE,
    ),
    key="Schule",
)

WAYS = SheetSpec(
    "Wege",
    ("Schulwege", "Fahrzeiten", "Wegzeiten", "Fahrzeit"),
    (
        Column(
            "Gemeinde",
            aliases=("von", "Wohnort", "Ort", "Wohngemeinde", "Start"),
            mandatory=True,
            required=True,
            wanted="eine Gemeinde der Tabelle",
            example="Riesa",
            hint="Wohngemeinde",
            width=20.0,
        ),
        Column(
            "Schule",
            aliases=(*_SCHOOL_NAMES, "nach", "Ziel"),
            mandatory=True,
            required=True,
            wanted="den Namen oder die Nummer einer Schule der Tabelle",
            example="Oberschule Nünchritz",
            hint="Schule wie auf dem Blatt Schulen",
            width=40.0,
        ),
        Column(
            "Minuten",
            values.minutes,
            aliases=("Fahrzeit", "Wegzeit", "Minuten Weg", "Min.", "Min", "Dauer"),
            mandatory=True,
            required=True,
            wanted="die Minuten für einen einfachen Weg",
            example="25",
            hint="Minuten von Tür zu Tür, einfacher Weg",
            number_format="0",
            width=10.0,
        ),
        RUNNING_NUMBER,
        SOURCE,
    ),
)

REGULAR = SheetSpec(
    "Regelklassen",
    ("Regelklasse", "Klassen", "Klassenstärken"),
    (
        _SCHOOL,
        count(
            "Klassenstufe",
            "die Klassenstufe",
            "3",
            low=1,
            high=13,
            aliases=("Stufe", "Jahrgangsstufe", "Jahrgang", "Kl.-Stufe"),
            mandatory=True,
            required=True,
            hint="Klassenstufe 1 bis 13",
            loosely=spellings.grade,
        ),
        count(
            "Klassen",
            "die Zahl der Regelklassen",
            "2",
            high=50,
            aliases=("Anzahl Klassen", "Regelklassen", "Züge", "Zahl der Klassen"),
            mandatory=True,
            required=True,
            summed=True,
            hint="Regelklassen dieser Stufe",
        ),
        count(
            "Schüler",
            "die Zahl der Schüler in diesen Klassen",
            "46",
            aliases=("Schülerzahl", "Anzahl Schüler", "Schülerinnen und Schüler", "SuS"),
            mandatory=True,
            required=True,
            summed=True,
            hint="Schüler in den Regelklassen dieser Stufe",
        ),
        Column(
            "Inklusionszuschlag",
            values.surcharge,
            aliases=("Zuschlag Inklusion", "Inklusion", "Zuschlag", "Inklusionsplätze"),
            wanted="die Plätze, die Inklusion in diesen Klassen zusätzlich braucht,",
            example="1,5",
            hint="Plätze nach § 2 SächsKlassBVO: 0,5, 1 oder 1,5 je Schüler mit Förderbedarf, "
            "höchstens 5 je Klasse; darf leer bleiben",
            number_format="0.0",
            width=18.0,
        ),
        replace(
            TYPE, hint="Nur für Schulen, die nicht auf dem Blatt Schulen stehen: GS, OS, BSZ, GYM"
        ),
        Column(
            "Gemeinde",
            aliases=("Ort", "Stadt", "Schulort", "Kommune", "Gemeindename"),
            wanted="die Gemeinde, in der die Schule liegt,",
            example="Riesa",
            hint="Nur für Schulen, die nicht auf dem Blatt Schulen stehen: die Gemeinde, in der "
            "die Schule liegt",
            width=20.0,
        ),
        RUNNING_NUMBER,
        SOURCE,
    ),
)

TEACHERS = SheetSpec(
    "Lehrerstunden",
    ("Lehrerwochenstunden", "LWS", "DaZ-Stunden", "Stunden"),
    (
        TYPE,
        AREA,
        Column(
            "Stunden",
            values.hours,
            aliases=("Lehrerwochenstunden", "LWS", "Stunden je Woche", "Wochenstunden"),
            mandatory=True,
            required=True,
            wanted="die Lehrerstunden je Woche",
            example="204",
            hint="Lehrerstunden je Woche, die für VKA da sind",
            number_format="0.0",
            width=12.0,
        ),
        RUNNING_NUMBER,
        SOURCE,
    ),
)

_MOST = 100_000
HISTORY = SheetSpec(
    "Historie",
    ("Verlauf", "Entwicklung", "Monatszahlen", "Rückblick"),
    (
        Column(
            "Monat",
            values.month,
            aliases=("Zeitraum", "Monat/Jahr", "Stand", "Datum", "Stichtag"),
            mandatory=True,
            required=True,
            wanted="den Monat",
            example="01.2017",
            hint="Monat, z. B. 01.2017",
            width=12.0,
        ),
        *(
            count(
                f"Anmeldungen{suffix}",
                f"die Zahl der Anmeldungen{about}",
                "18",
                high=_MOST,
                aliases=aliases,
                hint=f"Anmeldungen im Schulalter in diesem Monat{about}; darf leer bleiben",
                width=16.0,
            )
            for suffix, about, aliases in (
                ("", "", ("Neuanmeldungen", "Zugänge", "Anmeldungen gesamt", "Neuzugänge")),
                *(
                    (f" {kind}", f" ({kind})", (f"{kind} Anmeldungen", f"Neuzugänge {kind}"))
                    for kind in ("GS", "OS", "BSZ", "GYM")
                ),
            )
        ),
        *(
            count(
                name,
                f"die Zahl der Schüler ({name})",
                "198",
                high=_MOST,
                aliases=aliases,
                hint="Schüler am Monatsende; darf leer bleiben",
                width=14.0,
            )
            for name, aliases in (
                ("VKA-Schüler", ("Schüler VKA", "Phase 1 und 2", "Phasen 1 und 2", "VKA")),
                ("Phase 1", ("Etappe 1", "DaZ 1")),
                ("Phase 2", ("Etappe 2", "DaZ 2")),
                ("Phase 3", ("Etappe 3", "DaZ 3")),
            )
        ),
        SOURCE,
    ),
    key="Monat",
)
