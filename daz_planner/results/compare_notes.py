"""What to know about a comparison: what was made equal, what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daz_planner import german
from daz_planner.district.text import quoted
from daz_planner.planning.compare_effects import MOST_PLANS
from daz_planner.results.compare_figures import compared_types, plan_of
from daz_planner.results.compare_texts import names_listed, period
from daz_planner.scenario import differences

if TYPE_CHECKING:
    from daz_planner.planning.compare import Comparison


def notes(comparison: Comparison) -> list[str]:
    """The sentences, each one whole."""
    told = [
        *_base_note(comparison),
        *_number_notes(comparison),
        *_period_notes(comparison),
        *_type_notes(comparison),
        *_equal_notes(comparison),
        *_cut_off_notes(comparison),
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
        f"{quoted(comparison.runs[0].name)} hat keinen Plan; verglichen wird deshalb mit "
        f"{quoted(comparison.runs[comparison.base].name)}."
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
        f"{names_listed(changed)} {verb} eine andere Zahl von Zukünften oder eine andere Saat; "
        "gerechnet ist überall mit denen des ersten Szenarios."
    ]


def _period_notes(comparison: Comparison) -> list[str]:
    longer = [
        run.name for run in comparison.planned if len(plan_of(run).months) > len(comparison.months)
    ]
    if not longer:
        return []
    verb = "reicht" if len(longer) == 1 else "reichen"
    return [
        f"Verglichen sind die gemeinsamen Monate, {period(comparison)}. {names_listed(longer)} "
        f"{verb} weiter; was danach kommt, zählt hier nicht und steht im Ordner des Szenarios."
    ]


def _type_notes(comparison: Comparison) -> list[str]:
    kinds = {run.name: set(compared_types([plan_of(run)])) for run in comparison.planned}
    everywhere = set.intersection(*kinds.values())
    told = []
    for kind in compared_types([plan_of(run) for run in comparison.planned]):
        if kind not in everywhere:
            names = [name for name, found in kinds.items() if kind in found]
            told.append(f"Kinder der Schulart {kind} gibt es nur in {names_listed(names)}.")
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
    return [f"{names_listed(same)} {verb} sich in keiner Annahme von {base.name}."]


def _cut_off_notes(comparison: Comparison) -> list[str]:
    """That what a plan without an end says is not compared."""
    if not comparison.cut_off:
        return []
    return [
        f"Nicht vergleichbar, weil am Zeitlimit beendet: {names_listed(comparison.cut_off)}. Ein "
        "Unterschied steht dort nur bei Anmeldungen, Bedarf und den Plätzen von heute; sie hängen "
        "nicht am Plan."
    ]


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
            "Zeitlimit; deren Wirkung auf Klassen und Wartemonate ist nicht vergleichbar und fehlt."
        )
    return told
