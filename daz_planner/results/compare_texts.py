"""A comparison in sentences: the answers, and what to know about them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.district.text import quoted
from daz_planner.results.compare_figures import (
    NeededClasses,
    RunFigures,
    needed_by_school,
    needed_by_type,
    plan_of,
    run_figures,
)
from daz_planner.results.compare_names import assumption_name
from daz_planner.results.need import NOISE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daz_planner.planning.compare import Comparison, ScenarioRun
    from daz_planner.planning.compare_effects import Tornado

_LISTED = 6
"""So many scenarios or schools are named one by one."""
_HALF_A_CHILD = 0.5
_NOTICEABLE = 0.05


def all_figures(comparison: Comparison) -> dict[str, RunFigures]:
    """Name of each scenario with a plan → its figures over the common months."""
    count = len(comparison.months)
    return {run.name: run_figures(plan_of(run), count) for run in comparison.planned}


def answers(comparison: Comparison) -> list[tuple[str, str]]:
    """Pairs of question and answer."""
    figures = all_figures(comparison)
    told = [
        ("Welche Klassen braucht jedes Szenario?", needed_answer(comparison)),
        ("Wie viele neue Klassen öffnen?", _classes(figures)),
        ("Wo warten Kinder?", _waiting(figures)),
        ("Wie weit liegt der Bedarf auseinander?", _need(comparison, figures)),
    ]
    strongest = _strongest(comparison)
    if strongest:
        told.append(("Woran liegt es am meisten?", strongest))
    told.append(("Wie sicher ist das?", _certainty(comparison, figures)))
    if comparison.failed:
        told.append(("Was fehlt?", " ".join(failure_sentences(comparison))))
    return told


def title(comparison: Comparison) -> str:
    """What is compared: ``Vergleich von 3 Szenarien``."""
    return f"Vergleich von {german.plural(len(comparison.runs), 'Szenario', 'Szenarien')}"


def period(comparison: Comparison) -> str:
    """The months that are compared."""
    first, last = comparison.months[0], comparison.months[-1]
    return f"{german.month(first)} bis {german.month(last)}"


def failure_sentences(comparison: Comparison) -> list[str]:
    """Which scenarios have no plan, and why."""
    return [
        f"{quoted(run.name)} ist nicht gerechnet ({run.failure.kind.value}): {run.failure.text}"
        for run in comparison.failed
        if run.failure is not None
    ]


def needed_answer(comparison: Comparison) -> str:
    """Classes that open in every scenario, by school, and by school type where that is more."""
    count = len(comparison.planned)
    if count < 2:
        return "Dazu braucht es mindestens zwei gerechnete Szenarien."
    schools = needed_by_school(comparison)
    if not schools:
        return "In keinem der Szenarien öffnet eine neue Klasse."
    sure = [item for item in schools if item.everywhere]
    sentences = []
    number = sum(item.everywhere for item in sure)
    everywhere = "in beiden" if count == 2 else f"in allen {count}"
    cut = comparison.cut_off
    if number:
        named = [_school_needed(comparison, item) for item in sure[:_LISTED]]
        rest = sum(item.everywhere for item in sure[_LISTED:])
        names = _and_more(named, f"{german.number(rest)} weitere" if rest else "")
        noun = german.plural(number, "Klasse", "Klassen")
        sentences.append(
            f"{noun} {_opens(number)} {everywhere} gerechneten Szenarien: {names}."
            if cut
            else f"{noun} {_becomes(number)} {everywhere} gerechneten Szenarien gebraucht und "
            f"{_can(number)} unter diesen Annahmen ohne Bedenken öffnen: {names}."
        )
    else:
        sentences.append(f"Keine Schule öffnet {everywhere} gerechneten Szenarien eine Klasse.")
    if cut:
        # A plan that ended early opens classes that nobody needs.
        verb = "endete" if len(cut) == 1 else "endeten"
        sentences.append(
            f"Welche Klassen gebraucht werden, ist damit nicht gesagt: Am Zeitlimit {verb} "
            f"{names_listed(cut)}."
        )
    for item in needed_by_type(comparison):
        here = sum(
            row.everywhere
            for row in sure
            if comparison.district.schools[int(row.key)].school_type == item.key
        )
        if item.everywhere > here:
            at_least = german.plural(item.everywhere, "Klasse", "Klassen")
            sentences.append(
                f"Für {item.key} {_opens(item.everywhere)} in jedem Szenario mindestens "
                f"{at_least}, aber nicht überall an derselben Schule ({_span(item)})."
            )
    some = [item for item in schools if not item.everywhere]
    if some:
        known = comparison.district.schools
        named = [
            f"{known[int(item.key)].name} (in {item.scenarios} von {count})"
            for item in some[:_LISTED]
        ]
        rest = len(some) - _LISTED
        more = german.plural(rest, "weitere Schule", "weitere Schulen") if rest > 0 else ""
        sentences.append(f"Nur in einem Teil der Szenarien: {_and_more(named, more)}.")
    return " ".join(sentences)


def _becomes(number: int) -> str:
    return "wird" if number == 1 else "werden"


def _can(number: int) -> str:
    return "kann" if number == 1 else "können"


def _opens(number: int) -> str:
    return "öffnet" if number == 1 else "öffnen"


def _school_needed(comparison: Comparison, item: NeededClasses) -> str:
    name = comparison.district.schools[int(item.key)].name
    often = f"{item.everywhere} × " if item.everywhere > 1 else ""
    return f"{often}{name} ({_span(item)})"


def _span(item: NeededClasses) -> str:
    assert item.earliest is not None and item.latest is not None
    if item.earliest == item.latest:
        return f"ab {german.month(item.latest)}"
    return f"frühestens {german.month(item.earliest)}, spätestens {german.month(item.latest)}"


def _classes(figures: dict[str, RunFigures]) -> str:
    by_count: defaultdict[int, list[str]] = defaultdict(list)
    for name, found in figures.items():
        by_count[found.classes_new].append(name)
    parts = []
    for number in sorted(by_count):
        names = by_count[number]
        if number:
            names = [f"{name} (die erste {_when(figures[name])})" for name in names]
        parts.append(f"{number or 'keine'} in {names_listed(names)}")
    return f"{_start(_joined(parts))}."


def _when(found: RunFigures) -> str:
    return "" if found.first_opening is None else f"ab {german.month(found.first_opening)}"


def _waiting(figures: dict[str, RunFigures]) -> str:
    waits = {name: f for name, f in figures.items() if f.waiting_max >= _NOTICEABLE}
    if not waits:
        return "In keinem Szenario wartet im Mittel ein Kind."
    ranked = sorted(waits, key=lambda name: -waits[name].waiting_max)
    parts = [
        f"{name} (höchstens {german.plural(waits[name].waiting_max, 'Kind', 'Kinder', 1)} "
        f"zugleich, {german.plural(waits[name].waiting_months, 'Wartemonat', 'Wartemonate', 1)})"
        for name in ranked
    ]
    none = [name for name in figures if name not in waits]
    sentences = [f"Im Mittel warten Kinder in {names_listed(parts)}."]
    if none:
        sentences.append(f"Niemand wartet in {names_listed(none)}.")
    return " ".join(sentences)


def _need(comparison: Comparison, figures: dict[str, RunFigures]) -> str:
    low = min(figures, key=lambda name: figures[name].need_max)
    high = max(figures, key=lambda name: figures[name].need_max)
    end = german.month(comparison.months[-1])
    seats = german.plural(figures[low].seats_today, "Platz", "Plätze")
    if figures[high].need_max - figures[low].need_max < _HALF_A_CHILD:
        first = (
            f"Der höchste Bedarf ist in allen Szenarien gleich: im Mittel "
            f"{german.plural(figures[low].need_max, 'Platz', 'Plätze')} im "
            f"{german.month(figures[low].need_month)}; heute gibt es {seats}."
        )
    else:
        first = (
            f"Der höchste Bedarf liegt im Mittel zwischen {german.number(figures[low].need_max)} "
            f"({low}, {german.month(figures[low].need_month)}) und "
            f"{german.plural(figures[high].need_max, 'Platz', 'Plätzen')} ({high}, "
            f"{german.month(figures[high].need_month)}); heute gibt es {seats}."
        )
    least = min(figures, key=lambda name: figures[name].need_end)
    most = max(figures, key=lambda name: figures[name].need_end)
    if figures[most].need_end - figures[least].need_end < _HALF_A_CHILD:
        return first
    return (
        f"{first} Im {end} sind es zwischen {german.number(figures[least].need_end)} ({least}) und "
        f"{german.number(figures[most].need_end)} ({most})."
    )


def _strongest(comparison: Comparison) -> str:
    single: defaultdict[str, list[str]] = defaultdict(list)
    parts = []
    for tornado in comparison.tornados:
        name = comparison.runs[tornado.run].name
        if len(tornado.pieces) == 1:
            single[quoted(assumption_name(tornado.pieces[0][0].name))].append(name)
            continue
        told = _strongest_of(tornado)
        if told:
            parts.append(f"In {name} wirkt am stärksten {told}.")
    first = [f"in {names_listed(names)} {key}" for key, names in single.items()]
    if first:
        parts.insert(0, f"Nur eine Annahme ist anders: {_joined(first)}.")
    rest = len(parts) - _LISTED
    more = f" Weitere {rest} stehen in der Tabelle Wirkung." if rest > 0 else ""
    return " ".join(parts[:_LISTED]) + more


def _strongest_of(tornado: Tornado) -> str:
    """The piece with the largest effect, in need at the end or in classes."""
    switch, effect = tornado.pieces[0]
    moves = [
        _signed(effect.end, "Platz", "Plätze", " am Ende"),
        _signed(effect.classes, "neue Klasse", "neue Klassen", ""),
        _signed(effect.waiting, "Wartemonat", "Wartemonate", ""),
    ]
    told = [text for text in moves if text]
    return f"{quoted(assumption_name(switch.name))} ({german.listed(told)})" if told else ""


def _signed(value: float | None, one: str, many: str, tail: str) -> str:
    if value is None or abs(value) < _HALF_A_CHILD:
        return ""
    word = "mehr" if value > 0 else "weniger"
    text = german.plural(abs(value), one, many)
    number, _, noun = text.partition(" ")
    return f"{number} {noun} {word}{tail}"


def _certainty(comparison: Comparison, figures: dict[str, RunFigures]) -> str:
    base = comparison.runs[comparison.base]
    assert base.scenario is not None
    futures = german.plural(base.scenario.rechnen.laeufe, "Zukunft", "Zukünfte")
    sentences = [
        f"Alle Szenarien stehen auf denselben Zufallszahlen ({futures}, Saat "
        f"{base.scenario.rechnen.saat}): Ein Unterschied kommt von den Annahmen, nicht vom Zufall."
    ]
    shares = [
        f"{name} {german.percent(found.enough)}"
        for name, found in figures.items()
        if found.enough is not None
    ]
    if shares:
        sentences.append(
            f"Anteil der Zukünfte, in denen die Plätze jeder Schulart in jedem Monat reichen: "
            f"{_joined(shares[:_LISTED])}" + (" …" if len(shares) > _LISTED else "") + "."
        )
    cut = [name for name, found in figures.items() if found.cut_off]
    if cut:
        verb = "endete" if len(cut) == 1 else "endeten"
        sentences.append(
            f"Am Zeitlimit {verb}: {names_listed(cut)}. {_gaps(figures, cut)} "
            "Diese Pläne sind so nicht zu verwenden; rechnen "
            "Sie mit einem größeren --zeitlimit oder mit weniger --prozesse noch einmal."
        )
    else:
        gaps = [found.gap for found in figures.values() if found.gap is not None]
        worst = max(gaps, default=0.0)
        if any(found.gap_unknown for found in figures.values()):
            sentences.append("Der Abstand zum besten Plan ist nicht überall bekannt.")
        elif worst > NOISE:
            sentences.append(
                f"Jeder Plan ist höchstens {german.percent_at_most(worst)} vom Optimum entfernt; "
                "kleinere Unterschiede, etwa bei den Wegen, sagen nichts."
            )
        else:
            sentences.append("Jeder Plan ist bei jedem Ziel bewiesen optimal.")
    return " ".join(sentences)


def _gaps(figures: dict[str, RunFigures], cut: Sequence[str]) -> str:
    """How far the plans that were cut off can be from the best one."""
    told = []
    for name in cut:
        gap = figures[name].gap
        known = gap is not None and not figures[name].gap_unknown
        far = f"höchstens {german.percent_at_most(gap or 0.0)}" if known else "nicht bekannt"
        told.append(f"{name} {far}")
    return f"Abstand zum Optimum: {_joined(told)}."


def _and_more(parts: Sequence[str], more: str) -> str:
    """Parts as a list in words, with what is not named one by one at its end."""
    return f"{', '.join(parts)} und {more}" if more else german.listed(parts)


def names_listed(parts: Sequence[str]) -> str:
    """Names as a list in words; beyond a few they are counted."""
    if len(parts) <= _LISTED:
        return german.listed(parts)
    rest = len(parts) - _LISTED
    return f"{', '.join(parts[:_LISTED])} und {german.plural(rest, 'weiteren', 'weiteren')}"


def _joined(parts: Sequence[str]) -> str:
    return "; ".join(parts) if any(" und " in part for part in parts) else german.listed(parts)


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def single_run(run: ScenarioRun) -> str:
    """The scenario in one sentence: its own description, or its name."""
    described = run.given.beschreibung if run.given is not None else ""
    return described or f"Szenario {quoted(run.name)}"
