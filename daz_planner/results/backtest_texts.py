"""What a back-test says in words: who wins and loses, how far to trust it, what it assumes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.scenario import load_scenario, shipped_names
from daz_planner.simulation.backtest.measures import Method, Score
from daz_planner.simulation.backtest.observed import VKA, Series
from daz_planner.simulation.backtest.run import HORIZONS
from daz_planner.simulation.backtest.simple import LEAST, LEAST_ERRORS

if TYPE_CHECKING:
    from datetime import date

    from daz_planner.simulation.backtest.run import Backtest

FEW = 10
"""Fewer cases than this allow no verdict and no percentage."""
_NARROW, _WIDE = 0.65, 0.95
"""Shares inside the 80 % band at which it is called too narrow or too wide."""
_SIMPLE = (Method.TREND, Method.TURNOVER)

METHOD_TEXTS: dict[Method, str] = {
    Method.FORECAST: "Simulation mit dem, was am Stichtag bekannt war; Band: P10 bis P90 der "
    "Zukünfte.",
    Method.LAST: "Es bleibt, wie es am Stichtag war.",
    Method.TREND: "Gerade durch die Zahlen der letzten 12 Monate, mindestens drei.",
    Method.TURNOVER: "Monat für Monat: Schüler × (1 − mittlerer Anteil, der geht) + mittlere "
    "Zugänge, beides aus den letzten 12 Monaten mit Zahlen.",
}
"""What each method does."""


def series_name(series: Series) -> str:
    """``VKA (Phase 1 und 2)``, ``Phase 1``, ``GS, Phase 2``."""
    phase = f"Phase {series.phase}" if series.phase else "VKA (Phase 1 und 2)"
    return f"{series.school_type}, {phase}" if series.school_type else phase


def months_text(horizon: int) -> str:
    """``1 Monat``, ``12 Monate``."""
    return german.plural(horizon, "Monat", "Monate")


def share_text(score: Score) -> str:
    """``14 von 24 (58 %)``; no percentage of few cases, a dash without a band."""
    text = inside_text(score)
    if score.with_band < FEW:
        return text
    return f"{text} ({german.percent(score.inside / score.with_band, 0)})"


def inside_text(score: Score) -> str:
    """``14 von 24``, a dash without a band."""
    return f"{score.inside} von {score.with_band}" if score.with_band else "–"


def verdicts(result: Backtest) -> list[str]:
    """For each horizon whether the forecast beats „letzter Wert“, and which method was best."""
    return [
        " ".join(sentences) for h in HORIZONS if (sentences := _verdict(result, h, VKA)) is not None
    ]


def _verdict(result: Backtest, horizon: int, series: Series) -> list[str] | None:
    ours = result.score(series, horizon, Method.FORECAST)
    last = result.score(series, horizon, Method.LAST)
    if ours is None or last is None:
        return None
    near, far = german.number(ours.absolute, 1), german.number(last.absolute, 1)
    word = "genauso gut wie" if near == far else "besser als"
    if near != far and ours.absolute > last.absolute:
        word = "schlechter als"
    cases = german.plural(ours.cases, "Fall", "Fälle")
    sentences = [
        f"Die Prognose ist bei {_dative(horizon)} {word} „{Method.LAST.value}“: Sie lag im Mittel "
        f"um {near} Schüler daneben, „{Method.LAST.value}“ um {far} ({cases})."
    ]
    losing = [
        f"„{score.method.value}“ ({german.number(score.absolute, 1)})"
        for method in _SIMPLE
        if (score := result.score(series, horizon, method)) is not None
        and score.skill is not None
        and score.skill < 0
    ]
    if losing:
        verb = "verliert" if len(losing) == 1 else "verlieren"
        too = " auch" if word.startswith("schlechter") else ""
        sentences.append(f"Gegen „{Method.LAST.value}“ {verb}{too} {german.listed(losing)}.")
    better = [
        score
        for method in _SIMPLE
        if (score := result.score(series, horizon, method)) is not None
        and score.cases == ours.cases
        and score.absolute < min(ours.absolute, last.absolute)
    ]
    if better:
        best = min(better, key=lambda score: score.absolute)
        sentences.append(
            f"Am besten war „{best.method.value}“ mit {german.number(best.absolute, 1)}."
        )
    sentences += _band_sentences(ours)
    if ours.cases < FEW:
        sentences.append(f"{cases}: zu wenig für ein Urteil.")
    return sentences


def _dative(horizon: int) -> str:
    return "1 Monat" if horizon == 1 else f"{horizon} Monaten"


def _band_sentences(score: Score) -> list[str]:
    if not score.with_band:
        return []
    verb = "lag" if score.inside == 1 else "lagen"
    text = f"Im Band von P10 bis P90 {verb} {share_text(score)}"
    share = score.inside / score.with_band
    if score.with_band < FEW:
        return [f"{text}."]
    if share < _NARROW:
        return [f"{text}, erwartet sind 80 %: Das Band ist zu schmal."]
    if share > _WIDE:
        # Forecasts from neighbouring months over several months share most of their time.
        if score.with_band / score.horizon >= FEW:
            return [f"{text}, erwartet sind 80 %: Das Band ist zu breit."]
        return [
            f"{text}, erwartet sind 80 %. Weil die Fälle sich überschneiden, ist das noch kein "
            "Beleg für ein zu breites Band."
        ]
    return [f"{text}; erwartet sind 80 %."]


def detail_verdict(result: Backtest) -> str:
    """Phases and school types in which the forecast loses to „letzter Wert“; empty for none."""
    losing: dict[Series, list[int]] = {}
    for score in result.scores:
        ours = score.method is Method.FORECAST and score.series != VKA
        if ours and score.skill is not None and score.skill < 0:
            losing.setdefault(score.series, []).append(score.horizon)
    if not losing:
        return ""
    parts = [
        f"{series_name(series)} ({german.listed(map(str, horizons))} "
        f"{'Monat' if horizons == [1] else 'Monate'})"
        for series, horizons in losing.items()
    ]
    return (
        f"Im Einzelnen verliert die Prognose gegen „{Method.LAST.value}“ bei: {'; '.join(parts)}."
    )


def assumptions(result: Backtest) -> list[str]:
    """What the forecasts knew and what they took from today."""
    by_months = [start.months > 0 for start in result.starts]
    level = []
    if any(by_months):
        level.append(
            f"aus dem Mittel der letzten zwölf damals bekannten Monate (mindestens {LEAST})"
        )
    if not all(by_months):
        level.append("aus den Eintritten der letzten zwölf Monate in der Schülerliste")
    return [
        "Jede Prognose kennt nur, was an ihrem Stichtag bekannt war. Der Zuzug kommt "
        f"{', sonst '.join(level)}; Trend, Welle, Reihe und Zuweisungen des Szenarios zählen "
        "nicht, und wer damals wartete, ist nicht bekannt.",
        stay_origin(result),
    ]


def stay_origin(result: Backtest) -> str:
    """Where the stays come from, and what that means for the comparison."""
    scenario = result.scenario
    for name in shipped_names():
        other = load_scenario(name)
        if (scenario.phasen, scenario.abgang) == (other.phasen, other.abgang):
            return (
                f"Die Aufenthaltsdauern stammen aus dem mitgelieferten Szenario „{name}“: Sie sind "
                "eine Annahme von heute, die damals niemand kannte."
            )
    named = dict.fromkeys(
        text for key, text in scenario.quellen.items() if key.startswith("phasen")
    )
    origin = f" (Quelle: {'; '.join(named)})" if named else ""
    return (
        f"Die Aufenthaltsdauern des Szenarios „{scenario.name}“{origin} sind die von heute. Wurden "
        "sie aus denselben Zahlen geschätzt, die hier verglichen werden (kalibrieren), schneidet "
        "die Prognose zu gut ab."
    )


def hints(result: Backtest) -> list[str]:
    """What is missing or easily misread."""
    found = []
    scores = {h: result.score(VKA, h, Method.FORECAST) for h in HORIZONS}
    missing = [h for h, score in scores.items() if score is None]
    if missing:
        needed = german.listed(f"{LEAST + h} für {months_text(h)}" for h in missing)
        found.append(
            f"Für {german.listed(map(str, missing))} {'Monat' if missing == [1] else 'Monate'} "
            f"Vorausschau gibt es keinen Vergleich. "
            f"Nötig sind mindestens so viele Monate in Folge mit Anmeldungen und VKA-Schülern im "
            f"Blatt Historie: {needed}."
        )
    if result.unknown_arrivals:
        found.append(
            f"{_days(result.unknown_arrivals)} gab"
            f" es noch keine {LEAST} Monate mit Anmeldungen; von dort aus ist nicht gerechnet."
        )
    if result.partial:
        days = german.listed(german.day(day) for day in result.partial)
        one = len(result.partial) == 1
        found.append(
            f"{'Die Schülerliste' if one else 'Die Schülerlisten'} vom {days} "
            f"{'ist' if one else 'sind'} nicht benutzt: Viele Schüler, die damals gezählt wurden, "
            "stehen nicht darin. Prüfen Sie, ob Listen von Schulen fehlen."
        )
    if result.guests:
        found.append(
            f"Gastschüler (am Stichtag {german.number(result.guests)}) zählen hier nicht mit, weil "
            "die früheren Zahlen keine enthalten."
        )
    gaps = {h: n for h, n in result.gaps.items() if n}
    if gaps:
        text = german.listed(f"{n} bei {_dative(h)}" for h, n in gaps.items())
        found.append(
            f"Wegen Lücken in den Zahlen fallen Vergleiche weg: {text}. Ergänzen Sie die fehlenden "
            "Monate im Blatt Historie."
        )
    several = [s for h, s in scores.items() if s is not None and h > 1 and s.cases > 1]
    if several:
        cases, horizon = several[-1].cases, several[-1].horizon
        found.append(
            f"Die Vergleiche über mehrere Monate überschneiden sich in der Zeit: {cases} Fälle "
            f"über {months_text(horizon)} sind keine {cases} unabhängigen."
        )
    if len({(s.series, s.horizon, s.cases) for s in result.scores}) > len(
        {(s.series, s.horizon) for s in result.scores}
    ):
        found.append(
            "Hat ein Verfahren weniger Fälle, so fehlten ihm frühere Zahlen. Sein Gewinn "
            "vergleicht nur dieselben Stichtage."
        )
    if any(s.method is not Method.FORECAST and not s.with_band for s in result.scores):
        found.append(
            f"Die einfachen Verfahren bekommen ein Band, sobald {LEAST_ERRORS} eigene frühere "
            "Fehler über denselben Zeitraum bekannt sind; ein Strich heißt: noch keins."
        )
    return found


def _days(days: Sequence[date]) -> str:
    if len(days) == 1:
        return f"Am {german.day(days[0])}"
    return f"An {len(days)} Stichtagen ({german.day(days[0])} bis {german.day(days[-1])})"
