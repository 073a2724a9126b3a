"""The German texts of the template: what each sheet is for, what each column needs and why.

Names, aliases and plain hints of the columns stand with the columns themselves in
:mod:`daz_planner.district.layout`; here is only what a planner reads in the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from daz_planner.district.columns import Column, SheetSpec
from daz_planner.district.layout import DETAILS, MUNICIPALITIES, NEWCOMERS, SCHOOLS
from daz_planner.district.layout_planning import (
    CLASS_PLAN,
    HISTORY,
    REGULAR,
    ROOMS,
    ROSTER,
    TEACHERS,
    WAYS,
)

README_SHEET = "Lies mich"
"""Name of the explaining first sheet."""

ORDER: tuple[SheetSpec, ...] = (
    SCHOOLS,
    ROSTER,
    NEWCOMERS,
    CLASS_PLAN,
    ROOMS,
    MUNICIPALITIES,
    WAYS,
    REGULAR,
    TEACHERS,
    HISTORY,
)
"""The sheets with a table, in the order of the workbook; Lies mich and Angaben stand first."""

SHEET_NAMES: tuple[str, ...] = (README_SHEET, DETAILS.name, *(spec.name for spec in ORDER))
"""All sheets of the template from left to right."""


class Need(Enum):
    """How much a column of the template is needed; the value stands in its hint."""

    MUST = "Pflicht"
    EITHER = "Eine von beiden"
    COLUMN = "Pflichtspalte"
    FREE = "Freiwillig"


_EITHER = frozenset(
    (
        (NEWCOMERS.name, "Schulart"),
        (NEWCOMERS.name, "Klassenstufe"),
        (TEACHERS.name, "Schulart"),
        (TEACHERS.name, "Planungsregion"),
    )
)
_MUST = frozenset(((DETAILS.name, "Landkreis"), (DETAILS.name, "Stichtag")))


def need(spec: SheetSpec, column: Column) -> Need:
    """How much the column is needed."""
    place = (spec.name, column.name)
    if place in _EITHER:
        return Need.EITHER
    if column.required or place in _MUST:
        return Need.MUST
    return Need.COLUMN if column.mandatory else Need.FREE


_HINTS: dict[tuple[str, str], str] = {
    (DETAILS.name, "Schuljahr"): "Schuljahr des Stichtags, z. B. 2016/17",
    (NEWCOMERS.name, "Schulart"): "Schulart oder Klassenstufe. Ab Klasse 11 immer die Schulart: "
    "BSZ oder GYM",
    (NEWCOMERS.name, "Klassenstufe"): "Klassenstufe 1 bis 13; bis Klasse 10 genügt sie statt der "
    "Schulart",
    (TEACHERS.name, "Schulart"): "Schulart oder Planungsregion, nicht beides in einer Zeile",
    (TEACHERS.name, "Planungsregion"): "Schulart oder Planungsregion, nicht beides in einer Zeile",
    (SCHOOLS.name, "Kap.reserve"): "Freie VKA-Plätze nach Einschätzung des Amts; ist sie nicht "
    "bekannt, bleibt die Zelle leer",
    (SCHOOLS.name, "Schulart"): "GS Grundschule, OS Oberschule, BSZ Berufliches Schulzentrum, GYM "
    "Gymnasium; leer: aus dem Namen der Schule",
    (SCHOOLS.name, "Gemeinde"): "Gemeinde, in der die Schule liegt, wie auf dem Blatt Gemeinden; "
    "leer: aus der Liste der sächsischen Schulen",
    (REGULAR.name, "Schule"): "Schule wie auf dem Blatt Schulen; auch Schulen ohne VKA",
    (WAYS.name, "Gemeinde"): "Wohngemeinde wie auf dem Blatt Gemeinden",
    (MUNICIPALITIES.name, "Einwohner"): "Einwohner; danach werden die Neuankömmlinge verteilt. "
    "Leer: aus dem amtlichen Verzeichnis",
}


def hint(spec: SheetSpec, column: Column) -> str:
    """What appears beside a selected cell: how much it is needed and what belongs into it."""
    text = _HINTS.get((spec.name, column.name), column.hint) or f"Hier steht {column.wanted}"
    text = text.replace("; darf leer bleiben", "").rstrip(".")
    text = text[:1].upper() + text[1:]
    return f"{need(spec, column).value}: {text}."


_REASONS: dict[tuple[str, str], str] = {
    (DETAILS.name, "Landkreis"): "Dessen Gemeinden gelten, wenn das Blatt Gemeinden leer ist; "
    "in der Liste stehen die Landkreise und kreisfreien Städte in Sachsen.",
    (DETAILS.name, "Stichtag"): "Daran hängen die Regeln, die gelten, und der erste Monat des "
    "Plans.",
    (SCHOOLS.name, "Schule"): "Jede Schule steht nur einmal da: Alle anderen Blätter nennen sie "
    "bei diesem Namen.",
    (SCHOOLS.name, "VKA-Schüler"): "So viele Plätze sind schon belegt.",
    (SCHOOLS.name, "VKA-Klassen"): "Aus ihnen ergeben sich die Plätze der Schule.",
    (SCHOOLS.name, "Kap.reserve"): "So viele Kinder kann die Schule noch aufnehmen.",
    (SCHOOLS.name, "Klassengröße"): "Sie ersetzt an dieser Schule die allgemeine Obergrenze.",
    (SCHOOLS.name, "freie Räume"): "Mehr neue Klassen plant das Programm dort nicht.",
    (SCHOOLS.name, "Öffnungskosten"): "Sie gelten hier statt des Preises neue_klassen im Szenario.",
    (ROSTER.name, "Phase"): "An ihr hängt, wie lange der Platz in der VKA noch belegt ist.",
    (ROSTER.name, "Phase seit"): "Daran hängt, wie lange der Platz noch belegt ist.",
    (ROSTER.name, "Eintritt"): "Daran hängt, wie lange der Platz noch belegt ist.",
    (NEWCOMERS.name, "gemeldet am"): "Wer länger wartet, kommt eher an die Reihe.",
    (CLASS_PLAN.name, "ab"): "Ein Monat wie 08.2017; Excel zeigt ihn auch so.",
    (CLASS_PLAN.name, "Klassen"): "Gemeint sind alle VKA-Klassen der Schule, nicht nur die neuen.",
    (CLASS_PLAN.name, "Stand"): "Es gibt nur beschlossen, geplant und ausgeschlossen.",
    (ROOMS.name, "ab"): "Ein Monat wie 08.2017; Excel zeigt ihn auch so.",
    (ROOMS.name, "freie Räume"): "Mehr neue Klassen plant das Programm dort ab diesem Monat nicht.",
    (REGULAR.name, "Inklusionszuschlag"): "Diese Plätze bleiben in der Regelklasse frei.",
    (MUNICIPALITIES.name, "Gemeinde"): "Jede Gemeinde steht nur einmal da.",
    (MUNICIPALITIES.name, "AGS"): "Der Schlüssel hat acht Ziffern; in Sachsen beginnt er mit 14.",
    (MUNICIPALITIES.name, "Anteil am Zuzug"): "Alle Anteile ergeben zusammen 100 %.",
    (WAYS.name, "Minuten"): "Gemeint ist ein Weg, von Tür zu Tür.",
    (HISTORY.name, "Monat"): "Ein Monat wie 01.2017; Excel zeigt ihn auch so.",
}
_COMMON_REASONS = {
    "Schulart": "Andere Schularten kennt das Programm nicht.",
    "Breite": "Sachsen liegt zwischen 50,1 und 51,8 Grad Breite; vertauschte Zahlen fallen so auf.",
    "Länge": "Sachsen liegt zwischen 11,8 und 15,1 Grad Länge; vertauschte Zahlen fallen so auf.",
    "Klassenstufe": "Andere Klassenstufen gibt es nicht.",
    "Schüler-ID": "Sie hat keine Leerzeichen und kommt nur einmal vor. Namen gehören nicht "
    "hierher: Das Programm braucht sie nicht.",
}


def reason(spec: SheetSpec, column: Column) -> str:
    """Why a cell must be as it must be; empty where nothing helps."""
    return _REASONS.get((spec.name, column.name)) or _COMMON_REASONS.get(column.name, "")


@dataclass(frozen=True)
class About:
    """What the template says of a sheet.

    ``title`` and ``note`` stand above the table, ``purpose`` on the sheet Lies mich.
    """

    title: str
    note: str
    purpose: str


ABOUT: dict[str, About] = {
    DETAILS.name: About(
        "Angaben",
        "",
        "Für welchen Landkreis und welchen Tag die Zahlen gelten.",
    ),
    SCHOOLS.name: About(
        "Schulen: VKA-Schüler, VKA-Klassen und freie Plätze",
        "Je Zeile eine Schule. Eine Schule mit 0 Klassen und 0 Schülern ist ein möglicher neuer "
        "Standort.",
        "Je Zeile eine Schule mit VKA oder eine, die in Frage kommt. Ohne dieses Blatt geht es "
        "nicht.",
    ),
    ROSTER.name: About(
        "Bestand: Schüler in den VKA am Stichtag",
        "Je Zeile ein Schüler, mit einer Kennung statt des Namens.",
        "Je Zeile ein Schüler der VKA mit seiner Phase. Mit „Phase seit“ weiß das Programm, wie "
        "lange jeder schon da ist. Leer: Es gelten die Zahlen des Blatts Schulen.",
    ),
    NEWCOMERS.name: About(
        "Neuzugänge: Kinder, die am Stichtag auf einen Platz warten",
        "Je Zeile ein Kind, mit einer Kennung statt des Namens. Das Blatt darf leer bleiben.",
        "Je Zeile ein Kind, das am Stichtag auf einen Platz wartet. Leer: Niemand wartet.",
    ),
    CLASS_PLAN.name: About(
        "Klassenplan: was über VKA-Klassen schon feststeht",
        "Je Zeile eine Schule und der Monat, ab dem die Zahl der Klassen gilt. Das Blatt darf leer "
        "bleiben.",
        "Was für die nächsten Monate beschlossen, geplant oder ausgeschlossen ist.",
    ),
    ROOMS.name: About(
        "Räume: wenn sich die Zahl der freien Räume ändert",
        "Je Zeile eine Schule und der Monat, ab dem so viele Räume für weitere Klassen frei sind. "
        "Das Blatt darf leer bleiben.",
        "Ab wann an einer Schule mehr oder weniger Räume frei sind. Leer: Es bleibt bei der Spalte "
        "„freie Räume“ des Blatts Schulen.",
    ),
    MUNICIPALITIES.name: About(
        "Gemeinden: woher die Kinder kommen",
        "Leer: Es gelten die Gemeinden des Landkreises aus dem amtlichen Verzeichnis.",
        "Woher die Kinder kommen. Leer: Es gelten die Gemeinden des Landkreises aus dem amtlichen "
        "Verzeichnis.",
    ),
    WAYS.name: About(
        "Wege: Fahrzeiten, die Sie kennen",
        "Je Zeile eine Gemeinde und eine Schule. Was fehlt, wird aus der Entfernung geschätzt.",
        "Fahrzeiten, die Sie besser kennen als eine Schätzung. Was fehlt, schätzt das Programm aus "
        "der Entfernung.",
    ),
    REGULAR.name: About(
        "Regelklassen: Platz für Schüler der Phasen 2 und 3",
        "Je Zeile eine Schule und eine Klassenstufe, auch Schulen ohne VKA. Das Blatt darf leer "
        "bleiben.",
        "Klassen und Schüler je Klassenstufe. Leer: Die Plätze in Regelklassen begrenzen nichts.",
    ),
    TEACHERS.name: About(
        "Lehrerstunden: was in der Woche für VKA da ist",
        "Je Zeile eine Schulart oder eine Planungsregion. Das Blatt darf leer bleiben.",
        "Lehrerstunden in der Woche. Leer: Es gilt das Szenario.",
    ),
    HISTORY.name: About(
        "Historie: wie es in den Monaten davor war",
        "Je Zeile ein Monat. Was nicht bekannt ist, bleibt leer; 0 heißt: niemand.",
        "Anmeldungen oder Schüler früherer Monate. Das Blatt darf leer bleiben.",
    ),
}


def legend(spec: SheetSpec, columns: Sequence[Column]) -> str:
    """What the colours of the headers mean, only those that the sheet has."""
    needs = {need(spec, column) for column in columns}
    parts = ["dunkelblau = Pflicht"]
    if Need.EITHER in needs:
        parts.append("mittelblau = eine von beiden")
    if Need.FREE in needs:
        parts.append("grau = freiwillig")
    return f"Überschriften: {', '.join(parts)}. Hinweise erscheinen an der ausgewählten Zelle."


TITLE = "Eingabe für daz-planner"
SUBTITLE = "Planung der Vorbereitungsklassen (VKA) eines Landkreises"

CHAPTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Was mindestens nötig ist",
        (
            "Angaben: Landkreis und Stichtag.",
            "Schulen: je Schule der Name, VKA-Schüler, VKA-Klassen und, wenn bekannt, die freien "
            "Plätze (Kap.reserve).",
            "Alles andere darf leer bleiben. Jedes weitere Blatt macht den Plan genauer.",
        ),
    ),
    ("Wofür jedes Blatt da ist", ()),
    (
        "Beim Ausfüllen",
        (
            "Schreiben Sie unter die Überschriften. Eine Tabelle wächst in Excel von selbst, wenn "
            "Sie in die Zeile darunter schreiben oder mehrere Zeilen einfügen.",
            "Wer Zellen aus einer anderen Tabelle kopiert, fügt am besten nur die Werte ein: So "
            "bleiben Auswahllisten und Formate erhalten.",
            "Spalten dürfen anders stehen oder fehlen, wenn sie nicht Pflicht sind; Summenzeilen "
            "(„Summe GS“) dürfen dabei sein. Die Überschriften bleiben, wie sie sind.",
            "Blätter, die Sie nicht brauchen, dürfen leer bleiben oder gelöscht werden.",
            "Dieses Blatt und das Blatt Angaben sind vor Versehen geschützt, ohne Kennwort "
            "(Überprüfen, Blattschutz aufheben). Die Tabellen sind es nicht, denn in einem "
            "geschützten Blatt wächst in Excel keine Tabelle.",
            "Gedruckt wird A4 quer. Die Koordinaten der Schulen bleiben dabei weg.",
        ),
    ),
    (
        "Datenschutz",
        (
            "Keine Namen von Kindern, keine Geburtsdaten, keine Staatsangehörigkeit, keine "
            "Sprache, kein Aufenthaltsstatus: Das Programm braucht sie nicht. Eine Kennung genügt; "
            "welches Kind dahinter steht, weiß nur Ihr Amt.",
            "Das Programm rechnet auf Ihrem Rechner und schickt nichts ins Netz.",
        ),
    ),
    (
        "Wie es weitergeht",
        (
            "Arbeitsmappe speichern. Dann im Ordner der Datei in der PowerShell:",
            "    daz-planner pruefen DATEI.xlsx",
            "Das nennt jede Zelle, die fehlt oder nicht stimmt. Ist alles in Ordnung:",
            "    daz-planner planen DATEI.xlsx",
            "Der Plan steht danach im Ordner „ergebnisse“.",
            "Steht im Namen der Datei ein Leerzeichen, gehört er in Anführungszeichen.",
        ),
    ),
)
"""The sheet Lies mich: heading and paragraphs; the chapter on the sheets is a table."""

PURPOSE_CHAPTER = CHAPTERS[1][0]
