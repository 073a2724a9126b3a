"""What is assumed: the scenario, one typed and documented model.

The keys are German because planners edit them. Each has a description, a unit, a default and the
origin of the default; :mod:`daz_planner.scenario.rows` makes tables of them. All models are
frozen and refuse unknown keys. Defaults that are law come from :mod:`daz_planner.rules`.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from daz_planner import rules
from daz_planner.scenario.arrivals import Allocations, Announcement, Arrivals, Wave
from daz_planner.scenario.fields import (
    CalendarMonths,
    Flag,
    Month,
    Name,
    Number,
    Positive,
    SchoolType,
    Share,
    Table,
    Text,
    Whole,
    check_distribution,
    check_grades,
    fault,
    in_order,
    key,
    word_or_flag,
    word_or_number,
    word_or_whole,
)
from daz_planner.scenario.german import number_text, quoted
from daz_planner.scenario.solving import GOALS, Computing, Goal, Goals

__all__ = [
    "GOALS",
    "Allocations",
    "Announcement",
    "Arrivals",
    "Classes",
    "Computing",
    "Goal",
    "Goals",
    "Leaving",
    "Period",
    "Phases",
    "Scenario",
    "SchoolYear",
    "Stay",
    "Teachers",
    "Wave",
    "Ways",
]

_LATEST = date.max
_ASSUMPTION = "Annahme"
_STAY = "Annahme: damit trifft die Rechnung den Bestand des Landkreises Meißen vom 08.02.2017"
_WAY = "Annahme: Luftlinie × 1,3 bei 40 km/h + 5 Minuten"
_SIZE = rules.planning_size(_LATEST)
_GUIDANCE = {kind: float(rules.way_limits(_LATEST, kind).guidance) for kind in rules.SCHOOL_TYPES}
_LIMIT = rules.way_limits(_LATEST, "GS").limit

_DEFAULT_GRADES = {"GS": (1, 4), "OS": (5, 9), "BSZ": (10, 12), "GYM": (5, 12)}


class Period(Table):
    """[zeitraum]: the months that are planned."""

    beginn: Month | None = key(
        None,
        "Erster Monat der Planung, z. B. „2017-02“. Ohne Angabe der Monat des Stichtags.",
        unit="Monat",
        origin="Stichtag der Eingabe",
        none="Monat des Stichtags",
    )
    monate: Whole = key(
        18, "Zahl der geplanten Monate.", unit="Monate", origin=_ASSUMPTION, ge=1, le=60
    )


class Stay(Table):
    """Months in a phase: mean and standard deviation, or the probabilities of 1, 2, … months."""

    mittel: Number | None = key(None, "Mittlere Dauer.", unit="Monate", ge=1, le=240)
    standardabweichung: Number | None = key(
        None, "Standardabweichung der Dauer.", unit="Monate", gt=0, le=240
    )
    tabelle: Annotated[tuple[Share, ...], AfterValidator(check_distribution)] | None = key(
        None,
        "Wahrscheinlichkeiten für 1, 2, … Monate statt Mittel und Standardabweichung; Summe 1.",
        unit="Anteil",
        min_length=1,
        max_length=240,
    )

    @model_validator(mode="after")
    def _one_form(self) -> Stay:
        pair = [self.mittel, self.standardabweichung]
        if self.tabelle is None and None in pair:
            missing = "mittel" if self.mittel is None else "standardabweichung"
            raise fault(
                f"Es fehlt „{missing}“. Nennen Sie „mittel“ und „standardabweichung“, "
                "oder allein „tabelle“."
            )
        if self.tabelle is not None and pair != [None, None]:
            raise fault(
                "Die Dauer ist doppelt angegeben. Nennen Sie „mittel“ und „standardabweichung“, "
                "oder allein „tabelle“."
            )
        return self


class Phases(Table):
    """[phasen.GS] …: months in phase 1, 2 and 3 of a school type."""

    phase1: Stay = key(
        Stay(mittel=4.0, standardabweichung=2.0), "Dauer der Phase 1 (nur VKA).", origin=_STAY
    )
    phase2: Stay = key(
        Stay(mittel=11.0, standardabweichung=5.0),
        "Dauer der Phase 2 (VKA und zum Teil Regelklasse).",
        origin=_STAY,
    )
    phase3: Stay = key(
        Stay(mittel=24.0, standardabweichung=12.0),
        "Dauer der Phase 3 (Regelklasse mit DaZ-Förderung).",
        origin=_ASSUMPTION,
    )
    wechsel: Literal["einzeln", "halbjahr"] = key(
        "einzeln",
        "Wann ein Kind die Phase wechselt: „einzeln“, sobald es so weit ist, oder „halbjahr“, erst "
        "zum nächsten Halbjahr oder Schuljahr.",
        origin="Annahme: Wechsel sind einzeln und werden monatlich erfasst (SaxSVS)",
    )
    hoechstdauer: Annotated[str | int, *word_or_whole(("regel", "keine"), 2, 120)] = key(
        "regel",
        "Längste Zeit in einer VKA: „regel“ (was am Stichtag gilt), Monate für Phase 1 und 2 "
        "zusammen, oder „keine“.",
        unit="Monate",
        origin="datierte Regel: SaxSVS 2017; LaSuB, Schreiben vom 16.01.2025",
    )


class Leaving(Table):
    """[abgang]: moving away, and going straight into a regular class."""

    wegzug_pro_monat: Number = key(
        0.01,
        "Anteil der Schüler, die in einem Monat wegziehen, auch während sie warten.",
        unit="Anteil je Monat",
        origin=_ASSUMPTION,
        ge=0,
        lt=1,
    )
    rueckkehr_in_vka: Share = key(
        0.0,
        "Anteil der Kinder, die nach dem Wechsel in Phase 3 noch einmal in Phase 2 zurückkehren "
        "und wieder einen Platz brauchen.",
        unit="Anteil",
        origin=_ASSUMPTION,
    )
    rueckkehr_nach_monaten: Whole = key(
        3,
        "Monate in Phase 3 bis zu dieser Rückkehr.",
        unit="Monate",
        origin=_ASSUMPTION,
        ge=1,
        le=24,
    )
    direkt_in_regelklasse: Share = key(
        0.0,
        "Anteil der Anmeldungen, die gleich in eine Regelklasse gehen (Einzelintegration).",
        unit="Anteil",
        origin=_ASSUMPTION,
    )


class SchoolYear(Table):
    """[schuljahr]: when the school year changes, and between which grades pupils are.

    The designs name the change GS → OS → BSZ in August but no ages. Without grades in the input
    the registrations are assumed to be spread evenly over the grades of their school type; with
    each change a pupil goes up one grade: GS 4 → OS 5, OS 9 → BSZ 10, after BSZ 12 school is over.
    """

    wechsel_monat: Whole = key(
        8,
        "Monat, in dem das Schuljahr wechselt.",
        unit="Kalendermonat",
        origin="Schuljahr in Sachsen: ab 1. August",
        ge=1,
        le=12,
    )
    halbjahr_monat: Whole = key(
        2,
        "Monat, in dem das zweite Halbjahr beginnt (für „wechsel“ = „halbjahr“).",
        unit="Kalendermonat",
        origin="Schuljahr in Sachsen: zweites Halbjahr ab Februar",
        ge=1,
        le=12,
    )
    erstklaessler_direkt: Flag = key(
        True,
        "Ob Kinder, die sich zum Beginn des Schuljahrs für Klasse 1 anmelden, gleich in eine "
        "Regelklasse gehen.",
        origin="künftige Erstklässler gehen gleich in die Regelklasse (Regelverfahren in Sachsen)",
    )
    gymnasium_anteil: Share = key(
        0.0,
        "Anteil der Kinder in Phase 3, die nach Klasse 4 an ein Gymnasium statt an eine Oberschule "
        "wechseln.",
        unit="Anteil",
        origin=_ASSUMPTION,
    )
    stufen: Annotated[
        dict[
            SchoolType,
            Annotated[
                tuple[Annotated[Whole, Field(ge=1, le=13)], Annotated[Whole, Field(ge=1, le=13)]],
                AfterValidator(check_grades),
            ],
        ],
        in_order(lambda kind: _DEFAULT_GRADES[kind]),
    ] = key(
        dict(_DEFAULT_GRADES),
        "Erste und letzte Klassenstufe der DaZ-Schüler je Schulart. Anmeldungen verteilen sich "
        "gleichmäßig darauf; wer die letzte hinter sich hat, wechselt GS→OS, OS→BSZ oder geht ab.",
        unit="Klassenstufe",
        origin="Annahme: OS bis Stufe 9, denn nach neun Schuljahren folgt das BSZ",
    )

    @model_validator(mode="after")
    def _in_order(self) -> SchoolYear:
        for lower, upper in (("GS", "OS"), ("OS", "BSZ")):
            if self.stufen[lower][1] >= self.stufen[upper][0]:
                raise fault(
                    f"Die letzte Stufe der Schulart {lower} ({self.stufen[lower][1]}) liegt nicht "
                    f"unter der ersten der Schulart {upper} ({self.stufen[upper][0]}). "
                    "Ändern Sie „stufen“ so, dass die Schularten aufeinander folgen."
                )
        return self


class Classes(Table):
    """[klassen]: sizes of classes, and when they may open and close."""

    obergrenze: Annotated[str | int, *word_or_whole(("regel",), 1, 60)] = key(
        "regel",
        "Höchstzahl der Schüler einer VKA: „regel“ (was im jeweiligen Monat gilt) oder eine Zahl.",
        unit="Schüler je Klasse",
        origin="datierte Regel: 23 bis 11.05.2022, 28 bis 31.07.2026, danach offen",
    )
    planungsgroesse: Annotated[str | int, *word_or_whole(("obergrenze",), 1, 60)] = key(
        _SIZE.value,
        "Schüler je VKA, mit denen geplant wird; der Rest bis zur Obergrenze bleibt Reserve. "
        "„obergrenze“: Es bleibt keine Reserve.",
        unit="Schüler je Klasse",
        origin=_SIZE.source,
    )
    freie_raeume: Whole = key(
        1,
        "Räume für weitere Klassen an jeder Schule mit VKA, wenn die Eingabe keine nennt.",
        unit="Räume",
        origin=_ASSUMPTION,
        ge=0,
        le=20,
    )
    oeffnen_in: CalendarMonths = key(
        tuple(range(1, 13)),
        "Kalendermonate, in denen Klassen öffnen dürfen; eine leere Liste heißt nie.",
        unit="Kalendermonate",
        origin="Annahme: in jedem Monat",
        max_length=12,
    )
    vorlauf_monate: Whole = key(
        2,
        "Monate vom Stichtag, bis die erste neue Klasse öffnen kann.",
        unit="Monate",
        origin=_ASSUMPTION,
        ge=0,
        le=24,
    )
    schliessen_in: CalendarMonths = key(
        (),
        "Kalendermonate, in denen Klassen schließen dürfen; eine leere Liste heißt nie.",
        unit="Kalendermonate",
        origin="Annahme: nie",
        max_length=12,
    )
    phase2_zaehlt_in_regelklasse: Annotated[str | bool, *word_or_flag(("regel",))] = key(
        "regel",
        "Ob ein Kind der Phase 2 einen Platz in einer Regelklasse braucht: „regel“ (was im "
        "jeweiligen Monat gilt), true oder false. Danach richtet sich auch, ob die heutigen Kinder "
        "der Phase 2 schon unter den Schülern des Blatts Regelklassen sind.",
        origin="datierte Regel: Zählung seit dem Schuljahr 2024/25",
    )

    klassenstufen_spanne: Literal["soll", "muss", "keine"] = key(
        "soll",
        "Wie die Regel gilt, dass eine VKA nur wenige Klassenstufen hat (GS 2 benachbarte, OS 3): "
        "„soll“, ein Kind wird eher außerhalb der Spanne aufgenommen, als dass es wartet, und der "
        "Plan nennt es; „muss“, es wartet dann; „keine“, die Klassenstufen zählen nicht. Mehrere "
        "Klassen einer Schule dürfen verschiedene Spannen haben.",
        origin="datierte Regel: § 9 SOGS, § 13 SOOSA; als Ziel statt als Verbot: Annahme",
    )

    @model_validator(mode="after")
    def _fits(self) -> Classes:
        limit = self.obergrenze if isinstance(self.obergrenze, int) else math.inf
        if isinstance(self.planungsgroesse, int) and self.planungsgroesse > limit:
            raise fault(
                f"Die Planungsgröße {self.planungsgroesse} liegt über der Obergrenze "
                f"{self.obergrenze}. Senken Sie „planungsgroesse“ oder erhöhen Sie „obergrenze“."
            )
        return self

    @property
    def planned_size(self) -> float:
        """Pupils of a class that the plan counts on, infinite where it fills up to the cap."""
        full = isinstance(self.planungsgroesse, str)
        return math.inf if full else float(self.planungsgroesse)


class Ways(Table):
    """[wege]: how minutes are estimated, and which ways are long or too long."""

    umweg: Number = key(
        1.3, "Straße geteilt durch Luftlinie.", unit="Faktor", origin=_WAY, ge=1, le=5
    )
    kmh: Number = key(40.0, "Geschwindigkeit.", unit="km/h", origin=_WAY, ge=1, le=200)
    fest_minuten: Number = key(
        5.0,
        "Minuten, die zu jedem Weg hinzukommen (Fußweg, Warten).",
        unit="Minuten",
        origin=_WAY,
        ge=0,
        le=120,
    )
    richtwert: Annotated[
        dict[SchoolType, Annotated[Number, Field(ge=1, le=240)]],
        in_order(lambda kind: _GUIDANCE[kind]),
    ] = key(
        dict(_GUIDANCE),
        "Richtwert für einen Weg; darüber zählt jede Minute als zu lang.",
        unit="Minuten",
        origin="LEP 2013; BSZ wie OS (Annahme)",
    )
    grenze: Annotated[str | float, *word_or_number(("keine",), 1, 240)] = key(
        float(_LIMIT),
        "Grenze für einen Weg; weitere Wege werden nicht geplant. „keine“: Jeder Weg ist erlaubt.",
        unit="Minuten",
        origin="Satzung des Landkreises seit 12/2017; OVG Bautzen 2 B 305/08",
    )

    @model_validator(mode="after")
    def _fits(self) -> Ways:
        for kind, guidance in self.richtwert.items():
            if guidance > self.limit:
                raise fault(
                    f"Der Richtwert der Schulart {kind} ({number_text(guidance)} Minuten) liegt "
                    f"über der Grenze ({number_text(self.limit)} "
                    f"{'Minute' if self.limit == 1 else 'Minuten'}). "
                    "Senken Sie den Richtwert oder erhöhen Sie „grenze“."
                )
        return self

    @property
    def limit(self) -> float:
        """Longest way in minutes, infinite without a limit."""
        return math.inf if isinstance(self.grenze, str) else self.grenze


class Teachers(Table):
    """[lehrer]: whether teacher hours are limited, and how many there are."""

    begrenzt: Flag = key(
        False,
        "Ob neue Klassen nur mit vorhandenen Lehrerstunden öffnen.",
        origin="Annahme: Lehrer stellt das Land",
    )
    phase2_zaehlt: Flag = key(
        True,
        "Ob Kinder der Phase 2 in der Tabelle der Stunden nach Schülerzahl (ab 2025/26) mitzählen. "
        "Bis 2024/25 richten sich die Stunden nach Klassen; dann wirkt der Schalter nicht.",
        origin="Annahme: Die Tabelle nennt Schüler in VKA; ob Phase 2 zählt, ist strittig",
    )
    stunden: Annotated[dict[SchoolType, Positive], in_order()] | None = key(
        None,
        "Vorhandene Lehrerstunden je Schulart, wenn „begrenzt“ gilt. Wo keine stehen, bleibt es "
        "beim heutigen Bedarf.",
        unit="Stunden je Woche",
        origin="Bedarf am Stichtag nach der datierten Regel",
        none="heutiger Bedarf",
    )

    @model_validator(mode="after")
    def _hours_need_a_limit(self) -> Teachers:
        if self.stunden is not None and not self.begrenzt:
            raise fault(
                "„stunden“ wirkt nur mit „begrenzt = true“. "
                "Setzen Sie „begrenzt = true“ oder streichen Sie „stunden“."
            )
        return self


class Scenario(Table):
    """All assumptions of a run. ``name`` also names the result folder."""

    name: Name = Field(description="Name des Szenarios und des Ergebnisordners.")
    beschreibung: Text = Field(default="", description="Wofür das Szenario steht, in einem Satz.")
    zeitraum: Period = Field(default=Period(), description="Zeitraum der Planung.")
    zuzug: Arrivals = Field(
        default=Arrivals(), description="Anmeldungen von Kindern im Schulalter."
    )
    phasen: Annotated[dict[SchoolType, Phases], in_order(lambda kind: Phases())] = Field(
        default={kind: Phases() for kind in rules.SCHOOL_TYPES},
        description="Dauer der drei Phasen je Schulart.",
    )
    abgang: Leaving = Field(default=Leaving(), description="Wegzug und Einzelintegration.")
    schuljahr: SchoolYear = Field(default=SchoolYear(), description="Wechsel des Schuljahrs.")
    klassen: Classes = Field(default=Classes(), description="Größe der VKA, Öffnen und Schließen.")
    wege: Ways = Field(default=Ways(), description="Schulwege.")
    lehrer: Teachers = Field(default=Teachers(), description="Lehrerstunden.")
    ziele: Goals = Field(default=Goals(), description="Ziele des Plans.")
    rechnen: Computing = Field(default=Computing(), description="Verläufe und Rechenprogramm.")
    quellen: dict[str, Text] = Field(
        default={},
        description='Woher ein Wert kommt, je Schlüssel, z. B. "zuzug.pro_monat" = "…".',
    )

    @model_validator(mode="after")
    def _grades_fit(self) -> Scenario:
        for kind, shares in self.zuzug.stufen.items():
            low, high = self.schuljahr.stufen[kind]
            if len(shares) != high - low + 1:
                raise fault(
                    f"zuzug.stufen.{kind} nennt {len(shares)} Anteile, aber {kind} hat nach "
                    f"schuljahr.stufen die {high - low + 1} Stufen {low} bis {high}. "
                    "Nennen Sie für jede Stufe einen Anteil."
                )
        return self

    @model_validator(mode="after")
    def _known_sources(self) -> Scenario:
        from daz_planner.scenario.rows import nearest_key

        for name in self.quellen:
            near = nearest_key(name)
            if near != name:
                hint = f"Meinten Sie „{near}“?" if near else "Nennen Sie einen Schlüssel."
                raise fault(f"quellen: {quoted(name)} ist kein Schlüssel des Szenarios. {hint}")
        return self
