"""Registrations at school age: level, series or allocations, season, trend and wave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from daz_planner.scenario.fields import (
    Month,
    Number,
    Positive,
    Residences,
    SchoolType,
    Share,
    Table,
    Whole,
    check_distribution,
    check_season,
    check_shares,
    fault,
    in_order,
    key,
)

_ASSUMPTION = "Annahme"
_TYPES = "VKA nach Schulart in Sachsen 2015/16 und Tabelle des Landkreises Meißen vom 08.02.2017"
_ALLOCATION = "Annahme, an Zuweisungen und Bestand des Landkreises Meißen geprüft"

_DEFAULT_LEVEL = 18.0
ARRIVAL_FORMS = ("pro_monat", "reihe", "zuweisungen", "aus")
"""The keys of which exactly one says how many register."""


class Allocations(Table):
    """[zuzug.zuweisungen]: persons allocated to the district, turned into registrations.

    Registrations of a month are the persons allocated ``verzug_monate`` earlier times
    ``schulpflichtig_anteil``, plus ``sockel``. Before the series begins there is only the
    ``sockel``; after its end the last value holds.
    """

    ab: Month = Field(
        description="Monat, zu dem die erste Zahl von „personen“ gehört, z. B. „2016-11“.",
        json_schema_extra={"einheit": "Monat", "herkunft": "Angabe nötig"},
    )
    personen: tuple[Positive, ...] = Field(
        min_length=1,
        max_length=600,
        description="Dem Landkreis zugewiesene Personen, je Monat eine Zahl. Danach gilt die "
        "letzte Zahl weiter, davor allein der Sockel.",
        json_schema_extra={"einheit": "Personen je Monat", "herkunft": "Angabe nötig"},
    )
    schulpflichtig_anteil: Share = key(
        0.22,
        "Anteil der Schulpflichtigen an den zugewiesenen Personen.",
        unit="Anteil",
        origin=_ALLOCATION,
    )
    verzug_monate: Whole = key(
        3,
        "Monate von der Zuweisung bis zur Anmeldung an der Schule.",
        unit="Monate",
        origin=_ALLOCATION + " (zwei bis vier Monate)",
        ge=0,
        le=24,
    )
    sockel: Positive = key(
        10.0,
        "Anmeldungen je Monat, die nicht aus Zuweisungen kommen.",
        unit="Anmeldungen je Monat",
        origin=_ALLOCATION,
    )


class Announcement(Allocations):
    """[zuzug.angekuendigt]: persons whose allocation the state has announced already.

    In the months that follow from the announcement the registrations are the persons announced
    times ``schulpflichtig_anteil`` plus ``sockel``, whatever form the arrivals have otherwise.
    How many persons come is known then: only who of them is of school age is left to chance.
    """

    personen: tuple[Positive, ...] = Field(
        min_length=1,
        max_length=24,
        description="Angekündigte Personen, je Monat eine Zahl. Das Land kündigt die Zuweisung "
        "sechs Wochen vorher an.",
        json_schema_extra={"einheit": "Personen je Monat", "herkunft": "Angabe nötig"},
    )

    def persons(self, month: date) -> float | None:
        """Persons whose children register in the month; ``None`` where nothing is announced."""
        position = month_number(month) - month_number(self.ab) - self.verzug_monate
        return self.personen[position] if 0 <= position < len(self.personen) else None


class Wave(Table):
    """[zuzug.welle]: a sudden rise that declines in a straight line."""

    ab: Month = Field(
        description="Erster Monat der Welle, z. B. „2017-09“. In ihm ist sie am höchsten.",
        json_schema_extra={"einheit": "Monat", "herkunft": "Angabe nötig"},
    )
    hoehe: Positive = Field(
        description="Zusätzliche Anmeldungen im ersten Monat der Welle. 0 schaltet sie aus.",
        json_schema_extra={"einheit": "Anmeldungen je Monat", "herkunft": "Angabe nötig"},
    )
    abklingen_monate: Whole = Field(
        ge=1,
        le=60,
        description="Monate, in denen die Welle gleichmäßig auf 0 zurückgeht.",
        json_schema_extra={"einheit": "Monate", "herkunft": "Angabe nötig"},
    )

    def height(self, month: date) -> float:
        """Additional registrations of the month: full at first, then down in a straight line."""
        since = month_number(month) - month_number(self.ab)
        if since < 0:
            return 0.0
        return self.hoehe * max(0.0, 1.0 - since / self.abklingen_monate)


class Arrivals(Table):
    """[zuzug]: registrations at school age, all school types together, and their spread."""

    pro_monat: Positive | None = key(
        None,
        "Anmeldungen je Monat, über den ganzen Zeitraum gleich (ohne „reihe“ und „zuweisungen“).",
        unit="Anmeldungen je Monat",
        origin="Zuweisungen Januar bis August 2017: 278 Personen, 35 im Monat, × 22 % + 10",
    )
    reihe: tuple[Positive, ...] | None = key(
        None,
        "Anmeldungen Monat für Monat statt „pro_monat“; die erste Zahl gehört zum ersten "
        "Monat nach dem Stichtag, nach der letzten gilt diese weiter.",
        unit="Anmeldungen je Monat",
        origin="Angabe, wenn bekannt",
        min_length=1,
        max_length=600,
    )
    zuweisungen: Allocations | None = key(
        None, "Zugewiesene Personen statt „pro_monat“.", origin="Angabe, wenn bekannt"
    )
    aus: Literal["Historie"] | None = key(
        None,
        "„Historie“ statt „pro_monat“: das Mittel der letzten zwölf Monate mit Anmeldungen im "
        "Blatt Historie. Stehen sie dort nach Schulart, gelten auch diese Anteile.",
        origin="Angabe, wenn bekannt",
        none="nein",
    )
    angekuendigt: Announcement | None = key(
        None,
        "Zuweisungen, die das Land schon angekündigt hat; sie gehen den anderen Angaben vor.",
        origin="Angabe, wenn bekannt",
        none="keine",
    )
    varianzfaktor: Number = key(
        3.0,
        "Streuung der Anmeldungen eines Monats: Varianz geteilt durch Mittel. 1 ist reiner Zufall.",
        unit="Faktor",
        origin="Annahme: Zuweisungen einzelner Monate lagen zwischen 8 und über 160",
        ge=1,
        le=100,
    )
    niveau_schwankung: Number | None = key(
        None,
        "Um welchen Anteil sich das Niveau des Zuzugs von Monat zu Monat verschiebt "
        "(Standardabweichung). Das Mittel bleibt, die Spanne wächst mit dem Abstand, und weil sie "
        "nach oben weiter reicht, sinkt P50 etwas. Ohne Angabe 0, bei „aus“ = „Historie“ aus ihr "
        "geschätzt.",
        unit="Anteil je Monat",
        origin="Annahme: Das Niveau des Szenarios gilt; für anderes stehen andere Szenarien",
        none="0; aus der Historie geschätzt",
        ge=0,
        le=0.25,
    )
    saison: Annotated[tuple[Positive, ...], AfterValidator(check_season)] = key(
        (1.0,) * 12,
        "Zwölf Faktoren, Januar zuerst, mit dem Mittel 1. Sie gelten für jede Form des Zuzugs.",
        unit="Faktor",
        origin="Annahme: kein Jahresgang bekannt",
        min_length=12,
        max_length=12,
    )
    trend_pro_jahr: Number = key(
        0.0,
        "Änderung im Jahr; 0,1 sind 10 % mehr nach einem Jahr. Gilt für jede Form des Zuzugs.",
        unit="Anteil je Jahr",
        origin=_ASSUMPTION,
        ge=-0.9,
        le=10,
    )
    welle: Wave | None = key(
        None, "Vorübergehender zusätzlicher Zuzug.", origin=_ASSUMPTION, none="keine"
    )
    schularten: Annotated[
        dict[SchoolType, Share], AfterValidator(check_shares), in_order(lambda kind: 0.0)
    ] = key(
        {"GS": 0.42, "OS": 0.36, "BSZ": 0.22, "GYM": 0.0},
        "Anteil der Schularten an den Anmeldungen; die Summe ist 1. Die Tabelle gilt als Ganzes.",
        unit="Anteil",
        origin=_TYPES,
    )
    stufen: Annotated[
        dict[SchoolType, Annotated[tuple[Share, ...], AfterValidator(check_distribution)]],
        in_order(),
    ] = key(
        {},
        "Anteile der Klassenstufen an den Anmeldungen je Schulart, die unterste Stufe zuerst; die "
        "Summe ist 1. Ohne Angabe sind alle Stufen gleich häufig.",
        unit="Anteil",
        origin="Annahme: gleich verteilt",
    )
    familien_anteil: Share = key(
        0.0,
        "Anteil der Kinder, die zusammen mit Geschwistern kommen: in dieselbe Gemeinde, und sie "
        "ziehen auch zusammen weg.",
        unit="Anteil",
        origin=_ASSUMPTION,
    )
    gemeinden: Residences = key(
        "einwohner",
        "Verteilung auf die Gemeinden: „einwohner“ oder je Gemeinde ein Anteil mit der Summe 1. "
        "Bei „einwohner“ gilt die Spalte „Anteil am Zuzug“ der Eingabe, wenn sie ausgefüllt ist.",
        origin="Annahme: nach Einwohnern",
    )

    @model_validator(mode="before")
    @classmethod
    def _default_form(cls, data: Any) -> Any:
        if isinstance(data, dict) and all(data.get(form) is None for form in ARRIVAL_FORMS):
            return {**data, "pro_monat": _DEFAULT_LEVEL}
        return data

    @model_validator(mode="after")
    def _one_form(self) -> Arrivals:
        given = [form for form in ARRIVAL_FORMS if getattr(self, form) is not None]
        if len(given) != 1:
            raise fault(
                f"Der Zuzug ist mehrfach angegeben: {' und '.join(given)}. "
                "Nennen Sie genau eines von pro_monat, reihe, zuweisungen und aus."
            )
        return self

    def erwartung(self, months: Sequence[date], level: float | None = None) -> list[float]:
        """Expected registrations μ of each month, all school types together.

        Parameters
        ----------
        months:
            The months asked for, in order. The first is the first forecast month, the one after
            the reference date: to it belong the first number of ``reihe`` and the start of the
            trend.
        level:
            Registrations a month, needed with ``aus``: what the history of the district says.

        Returns
        -------
        list of float
            (level, series or allocations) × season × trend + wave, registrations a month; what is
            announced takes the place of all that.
        """
        if not months:
            return []
        first = month_number(months[0])
        expected = []
        for month in months:
            ahead = month_number(month) - first
            persons = self.angekuendigt.persons(month) if self.angekuendigt is not None else None
            if persons is not None and self.angekuendigt is not None:
                share = self.angekuendigt.schulpflichtig_anteil
                expected.append(persons * share + self.angekuendigt.sockel)
                continue
            factor = self.saison[month.month - 1] * (1.0 + self.trend_pro_jahr) ** (ahead / 12)
            wave = self.welle.height(month) if self.welle is not None else 0.0
            expected.append(self._level(month, ahead, level) * factor + wave)
        return expected

    def streuung(self, months: Sequence[date]) -> list[float]:
        """Variance divided by mean of the registrations of each month.

        ``varianzfaktor``, but nearer to 1 in months whose allocation is announced: the number of
        persons is known then, and only the others (``sockel``) spread as usual.
        """
        factors = []
        for month in months:
            persons = self.angekuendigt.persons(month) if self.angekuendigt is not None else None
            factor = self.varianzfaktor
            if persons is not None and self.angekuendigt is not None:
                known = persons * self.angekuendigt.schulpflichtig_anteil
                others = self.angekuendigt.sockel
                if known + others > 0.0:
                    factor = (known + others * self.varianzfaktor) / (known + others)
            factors.append(factor)
        return factors

    def _level(self, month: date, ahead: int, level: float | None) -> float:
        if self.reihe is not None:
            return self.reihe[min(max(ahead, 0), len(self.reihe) - 1)]
        if self.zuweisungen is not None:
            plan = self.zuweisungen
            position = month_number(month) - month_number(plan.ab) - plan.verzug_monate
            persons = plan.personen[min(position, len(plan.personen) - 1)] if position >= 0 else 0.0
            return persons * plan.schulpflichtig_anteil + plan.sockel
        if self.aus is not None:
            if level is None:
                raise ValueError("arrivals from the history need the level of the history")
            return level
        assert self.pro_monat is not None
        return self.pro_monat


def month_number(month: date) -> int:
    """Months since the year 0, to count from one month to another."""
    return month.year * 12 + month.month - 1
