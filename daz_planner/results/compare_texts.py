"""A comparison in sentences: the answers, and what to know about them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.planning.compare_effects import MOST_PLANS
from daz_planner.results.compare_figures import (
    NeededClasses,
    RunFigures,
    compared_types,
    needed_by_school,
    needed_by_type,
    plan_of,
    run_figures,
)
from daz_planner.results.need import NOISE
from daz_planner.scenario import differences

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
        f"„{run.name}“ ist nicht gerechnet ({run.failure.kind.value}): {run.failure.text}"
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
    if number:
        names = german.listed([_school_needed(comparison, item) for item in sure[:_LISTED]])
        rest = sum(item.everywhere for item in sure[_LISTED:])
        more = f" und {german.plural(rest, 'weitere', 'weitere')}" if rest else ""
        noun = german.plural(number, "Klasse wird", "Klassen werden")
        sentences.append(
            f"{noun} in allen {count} gerechneten Szenarien gebraucht und {_can(number)} unter "
            f"diesen Annahmen ohne Bedenken öffnen: {names}{more}."
        )
    else:
        sentences.append(f"Keine Schule öffnet in allen {count} gerechneten Szenarien eine Klasse.")
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
        names = german.listed(
            f"{known[int(item.key)].name} (in {item.scenarios} von {count})"
            for item in some[:_LISTED]
        )
        rest = len(some) - _LISTED
        more = (
            f" und {german.plural(rest, 'weitere Schule', 'weitere Schulen')}" if rest > 0 else ""
        )
        sentences.append(f"Nur in einem Teil der Szenarien: {names}{more}.")
    return " ".join(sentences)


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
        parts.append(f"{number or 'keine'} in {_names(names)}")
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
    sentences = [f"Im Mittel warten Kinder in {_names(parts)}."]
    if none:
        sentences.append(f"Niemand wartet in {_names(none)}.")
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
            single[tornado.pieces[0][0].name].append(name)
            continue
        told = _strongest_of(tornado)
        if told:
            parts.append(f"In {name} wirkt am stärksten {told}.")
    first = [f"in {_names(names)} {key}" for key, names in single.items()]
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
    return f"{switch.name} ({german.listed(told)})" if told else ""


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
        f"{name} {german.percent(found.enough, 0)}"
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
            f"Am Zeitlimit {verb}: {_names(cut)}. Diese Pläne sind so nicht zu verwenden; rechnen "
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


def notes(comparison: Comparison) -> list[str]:
    """What to know about the comparison: what was made equal, what is missing."""
    told = [
        *_base_note(comparison),
        *_number_notes(comparison),
        *_period_notes(comparison),
        *_type_notes(comparison),
        *_equal_notes(comparison),
        *_tornado_notes(comparison),
    ]
    told.append(
        "„In allen Szenarien gebraucht“ gilt für die verglichenen Annahmen. Ein weiteres Szenario "
        "kann das ändern."
    )
    return told


def _base_note(comparison: Comparison) -> list[str]:
    if comparison.base == 0:
        return []
    return [
        f"„{comparison.runs[0].name}“ hat keinen Plan; verglichen wird deshalb mit "
        f"„{comparison.runs[comparison.base].name}“."
    ]


def _number_notes(comparison: Comparison) -> list[str]:
    changed = [
        run.name
        for run in comparison.planned
        if run.given is not None
        and run.scenario is not None
        and (run.given.rechnen.laeufe, run.given.rechnen.saat)
        != (run.scenario.rechnen.laeufe, run.scenario.rechnen.saat)
    ]
    if not changed:
        return []
    verb = "nennt" if len(changed) == 1 else "nennen"
    return [
        f"{_names(changed)} {verb} eine andere Zahl von Zukünften oder eine andere Saat; gerechnet "
        "ist überall mit denen des ersten Szenarios."
    ]


def _period_notes(comparison: Comparison) -> list[str]:
    longer = [
        run.name for run in comparison.planned if len(plan_of(run).months) > len(comparison.months)
    ]
    if not longer:
        return []
    verb = "reicht" if len(longer) == 1 else "reichen"
    return [
        f"Verglichen sind die gemeinsamen Monate, {period(comparison)}. {_names(longer)} {verb} "
        "weiter; was danach kommt, zählt hier nicht und steht im Ordner des Szenarios."
    ]


def _type_notes(comparison: Comparison) -> list[str]:
    kinds = {run.name: set(compared_types([plan_of(run)])) for run in comparison.planned}
    everywhere = set.intersection(*kinds.values())
    told = []
    for kind in compared_types([plan_of(run) for run in comparison.planned]):
        if kind not in everywhere:
            names = [name for name, found in kinds.items() if kind in found]
            told.append(f"Kinder der Schulart {kind} gibt es nur in {_names(names)}.")
    return told


def _equal_notes(comparison: Comparison) -> list[str]:
    base = comparison.runs[comparison.base]
    same = []
    for run in comparison.planned:
        if run is base or run.scenario is None or base.scenario is None:
            continue
        keys = {item.key for item in differences(run.scenario, base.scenario)}
        if all(key.startswith("rechnen.") for key in keys):
            same.append(run.name)
    if not same:
        return []
    verb = "unterscheidet" if len(same) == 1 else "unterscheiden"
    return [f"{_names(same)} {verb} sich in keiner Annahme von {base.name}."]


def _tornado_notes(comparison: Comparison) -> list[str]:
    told = []
    if not comparison.tornados and comparison.base != 0 and len(comparison.planned) > 1:
        told.append(
            "Die Wirkung einzelner Annahmen ist nicht gerechnet, weil der erste Plan fehlt."
        )
    left = sum(tornado.left_out for tornado in comparison.tornados)
    if left:
        noun = german.plural(left, "Annahme", "Annahmen")
        told.append(
            f"Die Wirkung von {noun} auf Klassen und Wartemonate ist nicht gerechnet: Es gibt "
            f"höchstens {MOST_PLANS} Pläne mit einzeln geänderten Annahmen."
        )
    failed = sum(tornado.failed for tornado in comparison.tornados)
    if failed:
        noun = german.plural(failed, "Annahme", "Annahmen")
        told.append(
            f"{noun} {'lässt' if failed == 1 else 'lassen'} sich nicht allein ändern; die Wirkung "
            "fehlt in der Tabelle."
        )
    cut = sum(tornado.cut_off for tornado in comparison.tornados)
    if cut:
        noun = german.plural(cut, "Plan", "Pläne")
        told.append(
            f"{noun} mit einer einzeln geänderten Annahme {'endete' if cut == 1 else 'endeten'} am "
            "Zeitlimit; deren Wirkung ist unsicher."
        )
    return told


def _names(parts: Sequence[str]) -> str:
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
    return described or f"Szenario „{run.name}“"
