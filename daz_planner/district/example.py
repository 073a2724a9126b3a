"""The example: the real table of Landkreis Meißen of 8 Feb 2017 with invented pupils.

Real are the schools with their pupils, classes and reserve, and the municipalities. Derived by a
published rule are teacher hours, registrations of the last 22 months and ways. Invented are all
children, and with them the pupils of past months, earlier registrations, the class plan, the rooms
and the regular classes. :data:`REMARKS` says so on each sheet.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from daz_planner.district.model import (
    ClassDecision,
    District,
    GivenWay,
    HistoryMonth,
    Newcomer,
    PlanState,
    RoomChange,
    School,
    TeacherBudget,
)
from daz_planner.district.synthetic import (
    SEED,
    synthetic_past,
    synthetic_regular_classes,
    synthetic_roster,
)
from daz_planner.district.synthetic_past import month_counts
from daz_planner.district.text import listed

EXAMPLE = "meissen-2017-02-08.xlsx"
"""The shipped workbook with the real table."""

CLASS_CAP = 23
"""Most pupils in one class in the table of 2017 (MBl. SMK 5/2011)."""

_HOURS = {"GS": 15 + 2, "OS": 25 + 2, "BSZ": 30 + 2}
"""Teacher hours a class before 2025/26, with two hours for the supervising teacher."""

_WAVE = "welle-2015.toml"
_WAVE_FROM = date(2015, 4, 1)
"""Month of the first number in the series of the scenario ``welle-2015``."""

_HISTORY_FROM = date(2014, 2, 1)
"""First month of the history: three years before the reference date."""
_FIRST_LEVEL = 15
"""Registrations of that month: 264 persons allocated in 2013 (Drs. 6/1086), 22 a month × 22 % +
10. From there they rise in a straight line, which is invented, to the first one of the series."""

_CHILDREN: tuple[tuple[str, str, str, int | None, date, str, str, str], ...] = (
    ("K-001", "Riesa", "GS", 2, date(2017, 1, 16), "F-01", "", "4. Grundschule Riesa"),
    ("K-002", "Riesa", "OS", 6, date(2017, 1, 16), "F-01", "", ""),
    ("K-003", "Meißen", "OS", 8, date(2017, 1, 23), "", "Pestalozzi-Oberschule Meißen", ""),
    ("K-004", "Nossen", "GS", 3, date(2017, 1, 30), "", "", ""),
    ("K-005", "Coswig", "BSZ", None, date(2017, 2, 1), "", "", ""),
    ("K-006", "Gröditz", "GS", 1, date(2017, 2, 6), "", "", "Grundschule Gröditz"),
)
"""Id, municipality, school type, grade, day of registration, family, pinned school, wish."""

_WAYS: tuple[tuple[str, str], ...] = (
    ("Nossen", "Johannes-Grundschule Meißen"),
    ("Lommatzsch", "Johannes-Grundschule Meißen"),
    ("Strehla", "3. Grundschule Riesa"),
    ("Zeithain", "4. Grundschule Riesa"),
    ("Moritzburg", "Oberschule Ebersbach"),
)

_INVENTED_PUPILS = "Erfundene Schüler – keine echten Daten."
_INVENTED_CHILDREN = "Erfundene Kinder – keine echten Daten."

REMARKS: dict[str, Sequence[str]] = {
    "Lies mich": (
        f"BEISPIEL: Vorbereitungsklassen im Landkreis Meißen am 08.02.2017. {_INVENTED_PUPILS}",
        "Echt sind die Schulen mit ihren Schülern, Klassen und freien Plätzen (Integrationskonzept "
        "des Landkreises Meißen 2017, Abbildung 4) und die Gemeinden. Erfunden sind alle Zeilen "
        "der Blätter Bestand, Neuzugänge, Klassenplan, Räume und Regelklassen und auf dem Blatt "
        "Historie die VKA-Schüler und die Anmeldungen bis März 2015. Aus veröffentlichten Zahlen "
        "gerechnet, nicht gezählt, sind Wege, Lehrerstunden und die späteren Anmeldungen. Auf "
        "jedem Blatt steht es noch einmal.",
        "Auf dem Blatt Schulen ist an zwei Oberschulen in Riesa die Klassengröße 24 ergänzt: Dort "
        "nennt der Landkreis Schüler und freie Plätze, die zusammen 24 statt 23 ergeben.",
    ),
    "Schulen": (
        "Schüler, Klassen und Kap.reserve: Integrationskonzept des Landkreises Meißen (2017), "
        "Abbildung 4, Stand 08.02.2017.",
        "Ergänzt: Klassengröße 24 an den Oberschulen „Am Merzdorfer Park“ (24 + 0) und „Am "
        "Sportzentrum“ (21 + 3) in Riesa, denn dort ergeben Schüler und Reserve 24 statt 23.",
    ),
    "Bestand": (
        _INVENTED_PUPILS,
        "Je Schule so viele Schüler, wie das Blatt Schulen nennt; Phase, Tage, Klassenstufe und "
        f"Gemeinde sind ausgelost (Zufallszahlen mit der Saat {SEED}).",
    ),
    "Neuzugänge": (_INVENTED_CHILDREN,),
    "Klassenplan": ("Erfundene Einträge zum Ansehen – nichts davon ist beschlossen oder geplant.",),
    "Räume": ("Erfundener Eintrag zum Ansehen – niemand hat dort Räume gezählt.",),
    "Gemeinden": (
        "Einwohner am 31.12.2019: Gemeindeverzeichnis des Statistischen Bundesamts. "
        "Planungsregion: der nächste der vier Orte, nicht amtlich.",
    ),
    "Wege": (
        "Gerechnet, nicht gemessen: Luftlinie × 1,3 bei 40 km/h und 5 Minuten dazu, auf ganze "
        "Minuten gerundet.",
    ),
    "Regelklassen": (
        "Erfundene Zahlen: je Klassenstufe zwei Klassen mit 18 bis 24 Schülern "
        f"(Zufallszahlen mit der Saat {SEED + 1}).",
    ),
    "Lehrerstunden": (
        "Gerechnet, nicht gemeldet: Stunden der VKA von heute nach der Regel bis 2024/25 (GS 15, "
        "OS 25, BSZ 30 je Klasse, dazu 2 für die betreuende Lehrkraft).",
    ),
    "Historie": (
        f"VKA-Schüler und Phasen: {_INVENTED_PUPILS} Sie passen zu den Anmeldungen und zum "
        f"ebenfalls erfundenen Bestand (Zufallszahlen mit der Saat {SEED + 2}).",
        "Anmeldungen ab 04.2015: Gerechnet, nicht gezählt. Zuweisungen an den Landkreis mit dem "
        "Verlauf in Sachsen × 22 % + 10, drei Monate später (Herleitung: Szenario „welle-2015“). "
        "Bis 03.2015: Erfunden, ein gleichmäßiger Anstieg.",
    ),
}
"""What is real, derived and invented, by the name of the sheet."""


def example_district() -> District:
    """The district of the example.

    Where pupils and reserve of the real table are not a multiple of the class cap of 2017, the
    school gets a class cap of its own, so that the example contains no deviation; the numbers of
    the office stay.
    """
    from daz_planner.district.read import read_district
    from daz_planner.shipped import path

    real = read_district(path("data", EXAMPLE))
    district = replace(
        real,
        schools=tuple(map(_consistent, real.schools)),
        history=_registrations(real.reference_date),
    )
    return replace(
        district,
        newcomers=_children(),
        rosters=(synthetic_roster(district),),
        class_plan=(
            ClassDecision("Oberschule Nünchritz", date(2017, 8, 1), 2, PlanState.PLANNED),
            ClassDecision("Grundschule Niederau", date(2017, 8, 1), 1, PlanState.DECIDED),
            ClassDecision("Grundschule Coswig-Mitte", date(2017, 8, 1), 2, PlanState.EXCLUDED),
        ),
        room_changes=(RoomChange("Oberschule Nünchritz", date(2017, 8, 1), 2),),
        ways=_given_ways(district),
        regular_classes=synthetic_regular_classes(district),
        teacher_budgets=tuple(
            TeacherBudget(float(hours * _classes(district, kind)), school_type=kind)
            for kind, hours in _HOURS.items()
        ),
        history=_with_pupils(district),
    )


def _consistent(school: School) -> School:
    seats = school.pupils + (school.reserve or 0)
    if not school.classes or seats == school.classes * CLASS_CAP:
        return school
    cap, rest = divmod(seats, school.classes)
    assert not rest, listed([school.name])
    return replace(school, class_cap=cap)


def _classes(district: District, kind: str) -> int:
    return sum(school.classes for school in district.schools if school.school_type == kind)


def _children() -> tuple[Newcomer, ...]:
    return tuple(
        Newcomer(
            pupil_id=pupil_id,
            municipality=municipality,
            school_type=kind,
            grade=grade,
            registered=registered,
            family=family,
            pinned_to=pinned,
            wishes=(wish,) if wish else (),
        )
        for pupil_id, municipality, kind, grade, registered, family, pinned, wish in _CHILDREN
    )


def _given_ways(district: District) -> tuple[GivenWay, ...]:
    from daz_planner.district.ways import way_minutes

    places = {place.name: place for place in district.municipalities}
    schools = {school.name: school for school in district.schools}
    return tuple(
        GivenWay(
            place,
            school,
            float(
                round(
                    way_minutes(
                        [places[place]],
                        [schools[school]],
                        detour=1.3,
                        speed_kmh=40,
                        fixed_minutes=5,
                    )[0, 0]
                )
            ),
        )
        for place, school in _WAYS
    )


def _registrations(day: date) -> tuple[HistoryMonth, ...]:
    """Registrations of the months before ``day``: a rise, then the series of the scenario."""
    from daz_planner.shipped import path

    series = tomllib.loads(path("scenarios", _WAVE).read_text(encoding="utf-8"))["zuzug"]["reihe"]
    rise = _number(_WAVE_FROM) - _number(_HISTORY_FROM)
    months = []
    for number in range(_number(day) - _number(_HISTORY_FROM)):
        count = _FIRST_LEVEL + round((series[0] - _FIRST_LEVEL) * number / rise)
        if number >= rise:
            count = int(series[number - rise])
        year, month = divmod(_number(_HISTORY_FROM) + number, 12)
        months.append(HistoryMonth(date(year, month + 1, 1), registrations=(("", count),)))
    return tuple(months)


def _with_pupils(district: District) -> tuple[HistoryMonth, ...]:
    """The months of the history with the invented pupils who were there at their end."""
    pupils = synthetic_past(district)
    months = []
    for entry in district.history:
        year, month = divmod(_number(entry.month) + 1, 12)
        end = date(year, month + 1, 1) - timedelta(days=1)
        months.append(replace(entry, pupils=month_counts(pupils, end)))
    return tuple(months)


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1
