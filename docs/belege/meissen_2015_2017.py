"""Landkreis Meißen from 2015/16 to 2016/17: phases 1 and 2, and phase 3, of the general schools.

    python docs/belege/meissen_2015_2017.py

The simulation of the package starts with the counts of 2015/16 and is given the persons allocated
to the district; its forecast is put beside the counts of 2016/17.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from gemeinsam import (
    arrivals_of_saxony,
    heading,
    month_of,
    paragraph,
    rounded,
    rows,
    span,
    table,
    use_utf8,
)

from daz_planner.district.model import District, Municipality, School
from daz_planner.german import day, month, number
from daz_planner.scenario import scenario_from_dict
from daz_planner.scenario.model import Scenario
from daz_planner.simulation.calibration.counts_data import fill_gaps, spread_periods
from daz_planner.simulation.forecast import Forecast
from daz_planner.simulation.simulate import simulate

FloatArray = npt.NDArray[np.float64]

START = date(2015, 10, 8)
END = date(2017, 2, 8)
MONTHS = 16
AT_START = (198, 452)
AT_END = (381, 449)
GENERAL = ("GS", "OS")
# Pupils of the two school types on 8 February 2017: how the counts of 2015 are split.
SPLIT = (199, 182)
SETS = 48
RUNS_PER_SET = 64
SEED = 1
STEP = 5


@dataclass(frozen=True)
class Assumption:
    """A parameter, its value and the range that is held possible."""

    label: str
    usual: float
    low: float
    high: float
    digits: int = 0
    factor: float = 1.0


ASSUMPTIONS: dict[str, Assumption] = {
    "share": Assumption("Anteil im Schulalter (%)", 0.22, 0.15, 0.30, factor=100.0),
    "lag": Assumption("Verzug bis zur Anmeldung (Monate)", 3, 2, 4),
    "base": Assumption("Sockel an Anmeldungen im Monat", 10, 5, 15),
    "phase1": Assumption("Phase 1 im Mittel (Monate)", 4, 2, 6),
    "phase2": Assumption("Phase 2 im Mittel (Monate)", 11, 6, 16),
    "phase3": Assumption("Phase 3 im Mittel (Monate)", 24, 12, 36),
    "away": Assumption("Wegzug im Monat (%)", 0.01, 0.005, 0.02, 1, 100.0),
}


def allocations(*, until_october: bool) -> list[float]:
    """Persons allocated in each month from January 2015 to August 2017.

    ``until_october`` takes the row "2015-01..2015-10" as arrivals of these ten months; otherwise
    the whole year is spread by the course of arrivals in Saxony.
    """
    persons = {
        row["zeitraum"]: float(row["personen"])
        for row in rows("zuweisung_lk_meissen.csv")
        if row["art"] == "Zugang"
    }
    year, ten = persons["2015"], persons["2015-01..2015-10"]
    months = [(date(2015, 1, 1), date(2015, 12, 1), year)]
    if until_october:
        months = [
            (date(2015, 1, 1), date(2015, 10, 1), ten),
            (date(2015, 11, 1), date(2015, 12, 1), year - ten),
        ]
    months += [
        (date(2016, 1, 1), date(2016, 6, 1), persons["2016-H1"]),
        (date(2016, 7, 1), date(2016, 12, 1), persons["2016-H2"]),
        (month_of("2017-01"), month_of("2017-08"), persons["2017-01..2017-08"]),
    ]
    first, known = spread_periods([p for p in arrivals_of_saxony() if p[1] < date(2018, 1, 1)])
    course, _ = fill_gaps(known)
    number_of = first.year * 12 + first.month - 1
    profile = {
        date((number_of + i) // 12, (number_of + i) % 12 + 1, 1): value
        for i, value in enumerate(course)
    }
    return [value or 0.0 for value in spread_periods(months, profile)[1]]


def district(vka: int, third: int) -> District:
    """The general schools as one Grundschule and one Oberschule."""
    place = Municipality("Landkreis Meißen", 241_717, 51.163, 13.473)
    first = round(vka * SPLIT[0] / sum(SPLIT)), round(third * SPLIT[0] / sum(SPLIT))
    counts = {"GS": first, "OS": (vka - first[0], third - first[1])}
    schools = tuple(
        School(
            name=f"alle {kind}",
            school_type=kind,
            pupils=counts[kind][0],
            classes=0,
            reserve=None,
            municipality=place.name,
            latitude=place.latitude,
            longitude=place.longitude,
            phases=(None, None, counts[kind][1]),
        )
        for kind in GENERAL
    )
    return District("Landkreis Meißen", START, schools, (place,))


def scenario(
    persons: list[float], values: dict[str, float], runs: int, seed: int, longest: str = "regel"
) -> Scenario:
    """The shipped defaults with the allocations and the given values."""
    stays = {
        "hoechstdauer": longest,
        "phase1": {"mittel": values["phase1"], "standardabweichung": values["phase1"] / 2},
        "phase2": {"mittel": values["phase2"], "standardabweichung": values["phase2"] * 5 / 11},
        "phase3": {"mittel": values["phase3"], "standardabweichung": values["phase3"] / 2},
    }
    return scenario_from_dict(
        {
            "zeitraum": {"monate": MONTHS + 1},
            "zuzug": {
                "zuweisungen": {
                    "ab": "2015-01",
                    "personen": persons,
                    "schulpflichtig_anteil": values["share"],
                    "verzug_monate": round(values["lag"]),
                    "sockel": values["base"],
                }
            },
            "phasen": {kind: stays for kind in ("GS", "OS", "BSZ", "GYM")},
            "abgang": {"wegzug_pro_monat": values["away"]},
            "rechnen": {"laeufe": runs, "saat": seed},
        }
    )


def usual() -> dict[str, float]:
    """The values that are shipped."""
    return {name: one.usual for name, one in ASSUMPTIONS.items()}


def possible(rng: np.random.Generator) -> list[dict[str, float]]:
    """Sets of values that fill the ranges evenly (Latin hypercube)."""
    columns = {}
    for name, one in ASSUMPTIONS.items():
        place = (rng.permutation(SETS) + rng.random(SETS)) / SETS
        columns[name] = one.low + (one.high - one.low) * place
    return [{name: float(column[i]) for name, column in columns.items()} for i in range(SETS)]


def general(forecast: Forecast) -> tuple[FloatArray, FloatArray]:
    """Pupils of the general schools: expected ``[p, t]`` and drawn ``[r, p, t]``, p = VKA, 3."""
    kinds = [forecast.school_types.index(kind) for kind in GENERAL]
    expected = forecast.expected[kinds].sum(axis=0)
    runs = forecast.runs[:, kinds].sum(axis=1).astype(np.float64)
    return (
        np.array([expected[0] + expected[1], expected[2]]),
        np.stack((runs[:, 0] + runs[:, 1], runs[:, 2]), axis=1),
    )


def forecast_with(
    persons: list[float],
    values: dict[str, float],
    runs: int = 512,
    seed: int = SEED,
    longest: str = "regel",
) -> Forecast:
    """The simulation from the counts of 2015."""
    return simulate(district(*AT_START), scenario(persons, values, runs, seed, longest))


def main() -> None:
    """Forecast, compare, and take the forecast apart."""
    use_utf8()
    spread = allocations(until_october=False)
    print("Landkreis Meißen: von 2015/16 nach 2016/17, allgemeinbildende Schulen (GS und OS)")
    print()
    print_assumptions()
    heading(f"Vorausschau auf den {day(END)}")
    print_comparison(spread)
    heading("Woraus die Vorausschau besteht")
    print_parts(spread)


def print_assumptions() -> None:
    """What is assumed about dates, schools and allocations, and the ranges."""
    paragraph(
        f"Beginn: die Zahlen für 2015/16 ({AT_START[0]} in Phase 1 und 2, {AT_START[1]} in Phase "
        f"3). Ein Tag ist nicht genannt; angenommen ist der Herbst, {day(START)}. Ziel: die "
        f"Zahlen für 2016/17 ({AT_END[0]} und {AT_END[1]}), Stand {day(END)}.",
        bullet=True,
    )
    paragraph(
        f"Auf GS und OS verteilt wie am {day(END)} ({SPLIT[0]} zu {SPLIT[1]}). Von den "
        "Anmeldungen gehen 22 % an Berufliche Schulzentren und zählen hier nicht.",
        bullet=True,
    )
    paragraph(
        "Zuweisungen: Jahres- und Halbjahressummen, auf die Monate verteilt wie der Zugang nach "
        "Sachsen.",
        bullet=True,
    )
    paragraph(
        "Die 1.773 Personen „2015-01 bis 2015-10“ sind nach der Bemerkung der Quelle die Zahl der "
        "Untergebrachten am 31.10.2015 (352 + 1.421), also wohl ein Bestand. Sie überschneiden "
        "sich mit den 1.934 des Jahres und gehen nur in die Gegenprobe ein.",
        bullet=True,
    )
    paragraph(
        "Phase 1 und Phase 2 dauern höchstens je 12 Monate (Regel von 2017). Ob das 2015 schon "
        "galt, ist nicht bekannt; eine Zeile der Tabelle rechnet ohne.",
        bullet=True,
    )
    print()
    lines = [
        (
            one.label,
            number(one.usual * one.factor, one.digits),
            f"{number(one.low * one.factor, one.digits)} bis "
            f"{number(one.high * one.factor, one.digits)}",
        )
        for one in ASSUMPTIONS.values()
    ]
    table(("Annahme", "üblich", "möglich"), lines)


def print_comparison(spread: list[float]) -> None:
    """Three forecasts beside the counts: usual values, other allocations, all that is possible."""
    _, fixed = general(forecast_with(spread, usual()))
    _, other = general(forecast_with(allocations(until_october=True), usual()))
    _, uncut = general(forecast_with(spread, usual(), longest="keine"))
    rng = np.random.default_rng(SEED)
    drawn = np.concatenate(
        [
            general(forecast_with(spread, values, RUNS_PER_SET, SEED + i))[1]
            for i, values in enumerate(possible(rng))
        ]
    )
    lines = []
    for name, runs in (
        ("übliche Werte, nur Zufall", fixed),
        ("dasselbe, 1.773 bis Oktober 2015", other),
        ("dasselbe, ohne Höchstdauer", uncut),
        ("alle möglichen Werte", drawn),
    ):
        cells = [name]
        for p, seen in enumerate(AT_END):
            low, middle, high = np.quantile(runs[:, p, -1], [0.1, 0.5, 0.9])
            inside = "ja" if low <= seen <= high else "nein"
            cells += [rounded(middle, STEP), span(low, high, STEP), inside]
        lines.append(cells)
    lines.append(["gezählt", str(AT_END[0]), "", "", str(AT_END[1]), "", ""])
    table(("", "Phase 1+2", "80 %", "trifft", "Phase 3", "80 %", "trifft"), lines)
    print()
    middles = np.median(drawn[:, :, -1], axis=0)
    for name, middle, seen, before in zip(
        ("Phase 1 und 2", "Phase 3"), middles, AT_END, AT_START, strict=True
    ):
        miss, naive = abs(float(middle) - seen) / seen, abs(before - seen) / seen
        better = "besser" if miss < naive else "schlechter"
        paragraph(
            f"{name}: Die Mitte aller möglichen Werte liegt rund {coarse(miss)} % neben der "
            f"Zählung, die unveränderte Zahl von 2015/16 rund {coarse(naive)} %. Die Rechnung ist "
            f"also {better} als keine.",
            bullet=True,
        )


def coarse(share: float) -> int:
    """A share in percent, to 5."""
    return 5 * round(20 * share)


def month_after(months: int) -> date:
    """The same day some months after the start."""
    ahead = START.month - 1 + months
    return START.replace(year=START.year + ahead // 12, month=ahead % 12 + 1)


def print_parts(spread: list[float]) -> None:
    """Who makes up the pupils at the end: those of 2015 and those who came since."""
    plan = scenario(spread, usual(), RUNS_PER_SET, SEED)
    # The expectation is a sum over pupils, so that differences show who makes it up.
    came = general(simulate(district(0, 0), plan))[0]
    from_vka = general(simulate(district(AT_START[0], 0), plan))[0] - came
    from_third = general(simulate(district(0, AT_START[1]), plan))[0] - came
    at_all = came + from_vka + from_third
    lines = []
    for t in (0, 4, 8, 12, MONTHS):
        vka = from_vka[0, t], came[0, t], at_all[0, t]
        third = from_third[1, t], from_vka[1, t], came[1, t], at_all[1, t]
        lines.append([day(month_after(t)), *(number(float(n)) for n in (*vka, *third))])
    header = (
        "Tag",
        "1+2: schon da",
        "neu",
        "zusammen",
        "3: schon da",
        "aus 1+2",
        "neu",
        "zusammen",
    )
    table(header, lines)
    print()
    lowest = int(np.argmin(at_all[1]))
    turn = month_after(lowest)
    paragraph(
        "Phase 3 fällt, obwohl sich Phase 1 und 2 fast verdoppeln: Wer neu kommt, ist im Mittel "
        "erst nach gut einem Jahr so weit. Bis dahin "
        f"verlassen mehr die Phase 3, als aus den {AT_START[0]} von 2015 nachrücken. In der "
        f"Rechnung ist der tiefste Stand im {month(turn)} erreicht, mit "
        f"{number(float(at_all[1, lowest]))} Schülern; danach steigt Phase 3 wieder."
    )


if __name__ == "__main__":
    main()
