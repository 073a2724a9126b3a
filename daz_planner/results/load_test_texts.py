"""The load test in sentences: for the screen and for the workbook."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.load_factors import FACTORS, MOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daz_planner.planning.load_futures import Spread
    from daz_planner.planning.load_search import Unfinished
    from daz_planner.planning.load_test import LoadTest, TypeLoad


def factor_text(factor: float | None) -> str:
    """``× 1,85``; ``über × 19,99`` where no factor that was tried is enough."""
    if factor is None:
        return f"über × {german.number(MOST, 0)}"
    return f"× {german.number(factor, 2)}"


def cell_text(factor: float | None, unknown: Unfinished | None) -> str:
    """A factor, or what is known of it: ``× 1,85``, ``über × 1,40``, ``nicht gerechnet``."""
    if unknown is None:
        return factor_text(factor)
    if unknown.above is None and unknown.most is None:
        return "nicht gerechnet"
    if unknown.most is None:
        return f"über {factor_text(unknown.above)}"
    if unknown.above is None:
        return f"bis {factor_text(unknown.most)}"
    return f"× {german.number(unknown.above, 2)} bis {german.number(unknown.most, 2)}"


def answers(test: LoadTest) -> list[tuple[str, str]]:
    """Three pairs of question and answer; a fourth where the time did not suffice."""
    told = [
        ("Reichen die Plätze im Szenario?", _enough(test)),
        ("Ab wann öffnet eine Klasse?", _first_class(test)),
        ("Ab wann wartet ein Kind?", _first_waiting(test)),
    ]
    if test.hit_limit:
        told.append(("Ist alles gerechnet?", cut_off_sentence(test)))
    return told


def cut_off_sentence(test: LoadTest) -> str:
    """That the time did not suffice, and how much would."""
    more = (
        "Rechnen Sie mit einem größeren --zeitlimit noch einmal."
        if test.seconds_needed is None
        else f"Gebraucht werden ungefähr {test.seconds_needed} Sekunden: --zeitlimit "
        f"{test.seconds_needed}."
    )
    limit = german.plural(test.scenario.rechnen.zeitlimit, "Sekunde", "Sekunden")
    return f"Nein, das Zeitlimit von {limit} kam vorher. {more}"


def _not_before(
    found: float | None, unknown: Sequence[tuple[str, Unfinished | None]], never: str, what: str
) -> str:
    """What is known where a type with an open factor could come before the smallest found.

    Empty where it could not: then the smallest found is the answer.
    """
    limit = math.inf if found is None else found
    early = [
        (kind, item) for kind, item in unknown if item is not None and (item.above or -1.0) < limit
    ]
    if not early:
        return ""
    known = [(kind, item.above) for kind, item in early if item.above]
    parts = []
    if known:
        low = factor_text(min(low for _, low in known))
        kinds = german.listed(kind for kind, _ in known)
        parts.append(f"Bis {low} {never}; weiter ist es nicht gerechnet ({kinds}).")
    if len(known) < len(early):
        kinds = german.listed(kind for kind, item in early if not item.above)
        parts.append(f"Noch nicht gerechnet für {kinds}.")
    start = " ".join(parts)
    mosts = [item.most for _, item in early if item.most is not None]
    latest = min([limit, *mosts])
    return start if latest == math.inf else f"{start} Spätestens ab {factor_text(latest)} {what}."


def hints(test: LoadTest) -> list[str]:
    """What the factors mean and what they leave out."""
    planned = test.scenario.klassen.planned_size
    size = (
        f"zum Planungsrichtwert von {german.number(planned, 0)} je Klasse"
        if math.isfinite(planned)
        else "zur Obergrenze der Klassen"
    )
    used = "alle Räume und Lehrerstunden" if test.hours_limited else "alle Räume"
    texts = [
        f"× 1 ist der Zuzug des Szenarios, im Mittel {german.number(test.registrations, 1)} "
        "Anmeldungen im Monat. Der Faktor gilt für alle Monate; heutige Schüler, Dauer der Phasen "
        "und Verteilung bleiben. Er ist auf 1 % genau gesucht.",
        f"Eine Klasse öffnet nach der Regel des Plans: erst wenn ohne sie mehr als ein Kindermonat "
        f"Wartezeit entsteht, die sie vermeidet. Prognostizierte Kinder zählen bis {size}.",
        f"„Kind wartet“: Wartezeit von einem halben Kindermonat und mehr, obwohl {used} genutzt "
        "sind. Wer keine Schule in Reichweite hat oder nur auf die erste Öffnung wartet, zählt "
        "nicht.",
        "„Heutige Plätze voll“: Ohne neue Klasse wartet jemand, obwohl die Klassen bis zur "
        "Obergrenze gefüllt sind.",
        "Die Spanne zählt je Zukunft benötigte Plätze gegen vorhandene, Schulart für Schulart und "
        "ohne die Wege: Mit ihnen kann es auch etwas früher so weit sein. Einzelne Monate mit "
        "vielen Anmeldungen zählen hier voll, in der Erwartung gleichen sie sich aus.",
    ]
    without = [load.school_type for load in test.types if not load.has_schools]
    if without:
        texts.append(
            f"Für {german.listed(without)} steht keine Schule in der Tabelle; diese Kinder sind "
            "nicht mitgerechnet."
        )
    return texts


def opening_lines(test: LoadTest) -> list[str]:
    """From which factor on the first class of each school type opens, and in which month.

    No school is named: the factor is found with the plan's rule for opening, not with its order of
    goals, so that a plan with as many arrivals can choose another one.
    """
    return [
        f"{load.school_type}: ab {factor_text(load.first_class)} eine neue Klasse, zuerst im "
        f"{german.month(load.opens.month)}."
        for load in test.types
        if load.opens is not None
    ]


def _enough(test: LoadTest) -> str:
    share = test.full_spread.suffices
    verdict = "Ja." if share >= 0.9 else "Meist." if share >= 0.5 else "Nein."
    size, full = test.scenario.klassen.planned_size, test.seats_full
    late = _not_before(
        full.seats_full if full else None,
        [(load.school_type, load.full_open) for load in test.types],
        "sind sie im Mittel nicht voll",
        "sind sie voll",
    )
    factor = factor_text(None if full is None else full.seats_full)
    planned = test.class_spread.suffices
    reserve = (
        f" Werden nur {german.plural(size, 'Kind', 'Kinder')} je Klasse geplant und der Rest "
        f"bleibt Reserve, dann in {german.percent(planned, 0)}."
        if planned != share
        else ""
    )
    until = "" if full is None else f" Im Mittel sind sie ab {factor} voll ({full.school_type})."
    until = f" {late}" if late else until
    return (
        f"{verdict} {_futures(share, test.runs)} reichen beim Zuzug des Szenarios (im Mittel "
        f"{german.number(test.registrations, 1)} Anmeldungen im Monat) die Plätze der heutigen "
        f"Klassen bis zur Obergrenze, Wege nicht gerechnet.{reserve}{until}"
    )


def _futures(share: float, runs: int) -> str:
    if runs == 1:
        return "In der einen Zukunft" if share else "In der einen Zukunft nicht:"
    futures = german.plural(runs, "Zukunft", "Zukünften")
    if share in (0.0, 1.0):
        return f"In {'allen' if share else 'keiner von'} {futures}"
    return f"In {german.percent(share, 0)} von {futures}"


def _first_class(test: LoadTest) -> str:
    load = test.first_class
    late = _not_before(
        load.first_class if load else None,
        [(item.school_type, item.first_class_open) for item in test.types],
        "öffnet keine Klasse",
        "öffnet eine",
    )
    if late:
        what = "reichen die geplanten Plätze der heutigen Klassen"
        return f"{late} {_spread_text(test.class_spread, what)}".rstrip()
    if load is None:
        return _no_class(test)
    factor = load.first_class or 0.0
    where = (
        f" ({load.school_type}, im {german.month(load.opens.month)})"
        if load.opens is not None
        else f" ({load.school_type})"
    )
    if factor <= 0.0:
        return f"Schon ohne weiteren Zuzug öffnet eine Klasse{where}."
    return (
        f"Mit dem Zuzug des Szenarios {factor_text(factor)} "
        f"({_registrations(test, factor)}) öffnet die erste Klasse{where}. "
        f"{_spread_text(test.class_spread, 'reichen die geplanten Plätze der heutigen Klassen')}"
    )


def _no_class(test: LoadTest) -> str:
    if test.hours_limited and test.first_waiting is not None:
        return "Es öffnet keine: Für eine weitere Klasse reichen die Lehrerstunden nicht."
    if not any(load.rooms for load in test.types):
        return "Es öffnet keine: Keine Schule hat einen Raum für eine weitere Klasse."
    if not any(load.may_open for load in test.types):
        return "Es öffnet keine: Nach dem Szenario darf im Zeitraum keine Klasse öffnen."
    return f"Bis zum {german.number(MOST)}-fachen Zuzug öffnet keine Klasse."


def _first_waiting(test: LoadTest) -> str:
    load = test.first_waiting
    used = "Räume und Lehrerstunden" if test.hours_limited else "Räume"
    late = _not_before(
        load.first_waiting if load else None,
        [(item.school_type, item.waiting_open) for item in test.types],
        f"wartet niemand, weil {used} fehlen",
        "wartet jemand",
    )
    if late:
        return f"{late} {_spread_text(test.waiting_spread, 'reichen alle Räume')}".rstrip()
    if load is None:
        return f"Bis zum {german.number(MOST)}-fachen Zuzug wartet niemand, weil {used} fehlen."
    factor = load.first_waiting or 0.0
    when = f", am meisten im {german.month(load.waits_in)}" if load.waits_in else ""
    if factor <= 0.0:
        return (
            f"Schon ohne weiteren Zuzug wartet ein Kind ({load.school_type}{when}), obwohl alle "
            f"{used} genutzt sind."
        )
    return (
        f"Ab {factor_text(factor)} ({_registrations(test, factor)}) wartet das erste Kind "
        f"({load.school_type}{when}), obwohl alle {used} genutzt sind. "
        f"{_spread_text(test.waiting_spread, 'reichen alle Räume')}"
    )


def _registrations(test: LoadTest, factor: float) -> str:
    count = factor * test.registrations
    return f"{german.plural(count, 'Anmeldung', 'Anmeldungen')} im Monat"


def _spread_text(spread: Spread, what: str) -> str:
    if spread.runs < 2:
        return ""
    low, high = spread.low, spread.high
    if low is None:
        return f"In 9 von 10 Zukünften {what} auch beim {german.number(MOST)}-fachen Zuzug."
    if high is None:
        return f"In 9 von 10 Zukünften {what} mindestens bis {factor_text(low)}."
    if high <= FACTORS[1]:
        return f"In 9 von 10 Zukünften {what} schon ohne weiteren Zuzug nicht."
    return (
        f"In 8 von 10 Zukünften {what} bis zu einem Faktor zwischen {german.number(low, 2)} und "
        f"{german.number(high, 2)}."
    )


def with_span(text: str, spread: Spread) -> str:
    """``× 1,85 (1,50–2,20)``: a factor with P10 to P90."""
    if spread.low is None:
        return text
    low = german.plain(spread.low, 2)
    if spread.high is None:
        return f"{text} (ab {low})"
    return f"{text} ({low}–{german.plain(spread.high, 2)})"


def why_no_class(load: TypeLoad, *, hours_limited: bool) -> str:
    """Why no class opens at any factor."""
    if not load.has_schools:
        return "keine Schule"
    if not load.rooms:
        return "kein Raum"
    if not load.may_open:
        return "kein Monat"
    if hours_limited and load.first_waiting is not None:
        return "keine Stunden"
    return factor_text(None)
