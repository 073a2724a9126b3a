"""The wave of 2015/16 in Saxony: fitted on three counts, compared with the two that followed.

    python docs/belege/sachsen_2015_2016.py

The ranges of the parameters come from published limits and the assumptions of the planner; they
were set before the counts of March and June 2016 were compared, and are not tuned on them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from gemeinsam import (
    arrivals_of_saxony,
    day_of,
    heading,
    paragraph,
    print_parameters,
    rounded,
    rows,
    span,
    table,
    use_utf8,
)

from daz_planner.german import day, number, plain
from daz_planner.simulation.calibration.counts import CountFit, CountForecast, fit_counts
from daz_planner.simulation.calibration.counts_data import (
    CountData,
    CountObservation,
    fill_gaps,
    spread_periods,
)
from daz_planner.simulation.calibration.counts_priors import (
    BASE_DRIFT,
    QUANTITIES,
    SHARE_DRIFT,
    Priors,
    Range,
)

FITTED_UNTIL = date(2016, 2, 29)
LAST_MONTH = date(2017, 12, 1)
SEED = 1
DRAWS = 4000
STEP = 10
MEISSEN = 0.06
"""Share of Landkreis Meißen in Saxony, to carry its base of registrations over."""

PRIORS = Priors(
    share=Range(
        0.07, 0.24, "15 bis 30 % im Schulalter × 46 bis 80 % der Ankommenden, die im Land bleiben"
    ),
    lag=Range(2.0, 8.0, "2 bis 4 Monate ab der Zuweisung, davor bis zu 4 in der Erstaufnahme"),
    lag_spread=Range(0.5, 3.0, "Annahme"),
    base=Range(5 / MEISSEN, 15 / MEISSEN, "5 bis 15 im Landkreis Meißen, 6 % von Sachsen"),
    before=Range(1.0, 1.0, "ohne Belang: die Reihe beginnt 31 Monate vor der ersten Zählung"),
    stay_mean=Range(7.0, 24.0, "wenige Wochen bis 12 Monate und 6 bis 30; höchstens 12 + 12"),
    model_error=Range(0.01, 0.05, "Annahme"),
    drift=Range(0.01, 0.05, "Annahme: 3 bis 17 % nach einem Jahr"),
    share_drift=SHARE_DRIFT,
    base_drift=BASE_DRIFT,
    longest=24,
)
DISTRIBUTED_2015 = 32_150
"""Persons distributed to the districts in 2015, of all who arrived (data/README.md)."""
AHEAD = (date(2016, 9, 30), date(2016, 12, 31), date(2017, 6, 30), date(2017, 12, 31))


def counts() -> list[CountObservation]:
    """Pupils in preparatory classes of Saxony on five dates."""
    return [
        CountObservation(day_of(row["datum"]), float(row["vka_schueler"]))
        for row in rows("vka_sachsen_2015_2016.csv")
        if row["vka_schueler"]
    ]


def data(seen: list[CountObservation]) -> tuple[CountData, int]:
    """Arrivals by month up to the end of 2017 with the counts to fit; months that were filled."""
    periods = [period for period in arrivals_of_saxony() if period[1] <= LAST_MONTH]
    first, known = spread_periods(periods)
    arrivals, filled = fill_gaps(known)
    fitted = tuple(one for one in seen if one.day <= FITTED_UNTIL)
    return CountData(first, arrivals, fitted, persons=True, before=arrivals[0]), filled


def main() -> None:
    """Fit, forecast, compare, and say what the counts do not tell."""
    use_utf8()
    seen = counts()
    given, filled = data(seen)
    fit = fit_counts(given, PRIORS, SEED, draws=DRAWS)
    print("Sachsen 2015/16: vom Zugang zu den Schülern in Vorbereitungsklassen")
    print()
    paragraph(
        "Zugang: Personen je Monat nach Sachsen, 2013 bis 2017; Summen mehrerer Monate sind "
        f"gleichmäßig verteilt, {filled} fehlende Monate der Jahre 2013 und 2014 liegen auf der "
        "Geraden dazwischen. Davor gilt der Zugang vom Januar 2013."
    )
    paragraph(
        "Zählungen: Schüler in VKA aller Schularten. „August 2015“ nennt keinen Tag; angenommen "
        "ist der 31.08.2015. Geschätzt wird nur mit den ersten drei Zählungen."
    )
    heading("Was die drei Zählungen über die Größen sagen")
    print_parameters(fit)
    print()
    print("Woher die Bereiche kommen:")
    for name in ("share", "lag", "base", "stay_mean", "share_drift", "base_drift"):
        paragraph(f"{QUANTITIES[name].label}: {PRIORS.range(name).source}", bullet=True)
    paragraph("alles andere: Annahme", bullet=True)
    print()
    for sentence in fit.sentences:
        paragraph(sentence, bullet=True)
    print_comparison(fit, seen)
    print_ahead(fit)
    print_distributed(given, seen)
    print_convergence(fit)


def line(forecast: CountForecast, j: int) -> list[str]:
    """Middle, 80 % and 95 % interval of a day."""
    inner, outer = forecast.interval(0.8)[j], forecast.interval(0.95)[j]
    return [
        rounded(forecast.median[j], STEP),
        span(inner.low, inner.high, STEP),
        span(outer.low, outer.high, STEP),
    ]


def print_comparison(fit: CountFit, seen: list[CountObservation]) -> None:
    """The five counts beside the model: three fitted, two forecast."""
    forecast = fit.forecast([one.day for one in seen])
    heading("Vorausschau gegen Zählung")
    lines = []
    for j, one in enumerate(seen):
        fitted = one.day <= FITTED_UNTIL
        inner, outer = forecast.interval(0.8)[j], forecast.interval(0.95)[j]
        if fitted:
            verdict = "geschätzt"
        elif one.pupils in inner:
            verdict = "in 80 %"
        else:
            verdict = "in 95 %" if one.pupils in outer else "daneben"
        miss = "" if fitted else f"{number(100 * (forecast.median[j] / one.pupils - 1))} %"
        lines.append([day(one.day), number(one.pupils), *line(forecast, j), miss, verdict])
    table(("Tag", "gezählt", "Mitte", "80 %", "95 %", "Fehler", ""), lines)


def print_ahead(fit: CountFit) -> None:
    """Beyond the last count, with the arrivals that came."""
    forecast = fit.forecast(AHEAD)
    heading("Weiter voraus, mit dem Zugang, der kam")
    lines = [[day(when), *line(forecast, j)] for j, when in enumerate(AHEAD)]
    table(("Tag", "Mitte", "80 %", "95 %"), lines)
    print()
    paragraph(
        "Die Bereiche enthalten die Unsicherheit aller Größen der Tabelle: auch, dass sich Anteil "
        "und Sockel seit der ersten Zählung ändern, und eine Abweichung der Rechnung, die mit dem "
        "Abstand von der letzten Zählung wächst. Nicht enthalten: dass sich Verzug und Dauer im "
        "Lauf der Zeit ändern."
    )


def print_distributed(given: CountData, seen: list[CountObservation]) -> None:
    """The same with the persons who were distributed to the districts instead of all arrivals."""
    first = 12 * (2015 - given.first_month.year) + 1 - given.first_month.month
    months = range(first, first + 12)
    arrived = sum(given.arrivals[m] for m in months)
    factor = DISTRIBUTED_2015 / arrived
    stayed = [a * factor if m in months else a for m, a in enumerate(given.arrivals)]
    other = replace(given, arrivals=tuple(stayed))
    prior = Range(0.15, 0.30, "22 % der Zugewiesenen, Annahme")
    fit = fit_counts(other, replace(PRIORS, share=prior), SEED, draws=DRAWS)
    days = [*(one.day for one in seen if one.day > FITTED_UNTIL), *AHEAD]
    forecast = fit.forecast(days)
    heading("Gegenprobe: nur, wer auf die Kreise verteilt wurde")
    paragraph(
        f"2015 kamen {number(arrived)} Personen an, {number(DISTRIBUTED_2015)} wurden verteilt. "
        "Hier zählen für 2015 nur diese, für die anderen Jahre alle; der Anteil im Schulalter "
        "liegt dann zwischen 15 und 30 %."
    )
    print()
    table(
        ("Tag", "Mitte", "80 %", "95 %"),
        [[day(when), *line(forecast, j)] for j, when in enumerate(days)],
    )


def print_convergence(fit: CountFit) -> None:
    """How steady the computation is."""
    print()
    least = int(100 * np.floor(fit.draws.effective.min() / 100))
    paragraph(
        f"Rechnung: {number(len(fit.draws.points))} Ziehungen in acht getrennten Gruppen, die sich "
        f"einig sind (größtes Verhältnis der Streuungen {plain(fit.draws.r_hat.max(), 2)}; "
        f"mindestens {number(least)} unabhängige Ziehungen)."
    )


if __name__ == "__main__":
    main()
