"""The sentences of a shared version: what it leaves out, the answers, the rest of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from daz_planner import german
from daz_planner.results.figures import (
    NOISE,
    school_types,
    type_figures,
    waiting_by_month,
)
from daz_planner.results.other_folders import PUBLIC_MARK
from daz_planner.results.proof import cut_off_remark
from daz_planner.results.public_sums import is_small
from daz_planner.results.summary import certainty_answer, openings_answer
from daz_planner.results.where import SHEETS, Places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from daz_planner.planning.plan import Plan
    from daz_planner.results.public import Shared

TITLE = "Was in dieser Fassung fehlt"
_RECORD = (
    "format",
    "landkreis",
    "stichtag",
    "zeitraum",
    "versionen",
    "saat",
    "laeufe",
    "loeser",
    "verlangte_luecke",
    "am_limit_beendet",
    "sekunden",
)
"""Keys of the record that tell of no child."""


def missing_rows(shared: Shared) -> list[list[object]]:
    """What is left out, in the words of a reader: subject and sentence."""
    from daz_planner.results.public import FEW, HIDDEN
    from daz_planner.results.public_tables import hours_go_by_classes

    plan = shared.plan
    rows: list[list[object]] = [
        ["Zweck", "Öffentliche Fassung: Sie lässt keinen Schluss auf einzelne Kinder zu."],
        [
            "Kinder der heutigen Liste",
            "Keine Zeile je Kind, keine Schüler-ID: Es fehlen Zuweisung, Briefe, Änderungen "
            "gegenüber einem früheren Plan und alle Hinweise und Warnungen, die Kinder nennen.",
        ],
        [
            f"Zahlen von 1 bis 3 ({HIDDEN})",
            "Wo heute 1 bis 3 Kinder an einer Schule sind oder dorthin kommen sollen oder in einem "
            "Monat im Mittel so wenige erwartet werden, ist die Schule in allen Monaten nicht "
            "gezeigt. Damit sich die Zahl nicht aus der Summe der "
            "Schulart ergibt, fehlt dann mindestens eine weitere Schule. Plätze einer nicht "
            "gezeigten Schule zählen in Summen als Klassen mal Obergrenze. " + _hidden_text(shared),
        ],
        [
            f"Kleine Mittelwerte ({FEW})",
            "Im Mittel erwartet werden mehr als 0 und gerundet weniger als 4 Kinder. Alle Zahlen "
            "von Kindern sind auf ganze gerundet.",
        ],
        [
            "Verteilung nach Gemeinden",
            "Von welcher Gemeinde an welche Schule: fehlt ganz, auch auf der Karte, weil ganze "
            "Zahlen darin Kinder der heutigen Liste sind.",
        ],
        [
            "Ausgangszahlen, Phasen, Regelklassen",
            "Fehlen ganz: Aus den Unterschieden ließen sich Gastschüler, Phasen und "
            "Inklusionsschüler ausrechnen.",
        ],
        [
            "Schwankung je Schule, Wert der Engpässe und Ziele",
            "Fehlen. Die Schwankung je Schulart (P10, P90) ist gezeigt, wo der Bedarf es ist.",
        ],
        [
            "Wartende Kinder",
            "Nur je Schulart und Monat, ohne Gemeinde und ohne Summe, wo eine Zahl klein ist.",
        ],
        [
            "Prüfung der Summen",
            "Das Blatt Prüfung fehlt: Mit ausgelassenen Zahlen gehen die Formeln nicht auf. Die "
            "vollständige Mappe im Amt enthält es.",
        ],
    ]
    if not hours_go_by_classes(plan):
        rows.append(
            [
                "Lehrerstunden",
                "Fehlen: Sie richten sich nach der Zahl der Schüler und verrieten sie.",
            ]
        )
    return rows


def _hidden_text(shared: Shared) -> str:
    count = shared.hidden_schools
    all_schools = len(shared.plan.district.schools)
    schools = f"{german.number(count)} von {german.plural(all_schools, 'Schule', 'Schulen')}"
    told = f"Hier nicht gezeigt: {schools}" if count else "Hier betrifft das keine Schule"
    kinds = german.listed(shared.hidden_types)
    if kinds:
        told += (
            f". Nicht gezeigt ist auch der Bedarf der Schulart {kinds} und damit der Bedarf aller "
            "Schularten zusammen"
        )
    return f"{told}."


def left_out_sentence(shared: Shared) -> str:
    """What the shared version left out, for the terminal, and what to mind with a second one."""
    count = shared.hidden_schools
    schools = german.plural(count, "Schule", "Schulen")
    kinds = german.listed(shared.hidden_types)
    parts = ["alle Angaben zu einzelnen Kindern", "die Verteilung nach Gemeinden"]
    if count:
        parts.append(f"die Belegung von {schools}")
    if kinds:
        parts.append(f"der Bedarf der Schulart {kinds}")
    return (
        f"In der öffentlichen Fassung fehlen {german.listed(parts)}; alles Weitere steht darin "
        f"unter „{TITLE}“. Geben Sie zu einem Stichtag nur eine solche Fassung heraus: Wer zwei "
        "vergleicht, kann auf Zahlen schließen, die in jeder für sich verdeckt sind."
    )


def public_answers(shared: Shared, places: Places = SHEETS) -> list[tuple[str, str]]:
    """Question and answer, with the numbers that may be told."""
    plan = shared.plan
    return [
        ("Hat jedes Kind einen Platz?", _seats_for_all(plan)),
        ("Welche Klassen öffnen wo und wann?", openings_answer(plan, places)),
        ("Wie voll ist das Netz?", _load(shared)),
        ("Wie weit sind die Wege?", _ways(shared)),
        ("Wie sicher ist das?", certainty_answer(plan)),
    ]


def waiting_text(plan: Plan) -> str:
    """The most children who wait in a month: a whole number, „unter 4“, or 0."""
    most = float(waiting_by_month(plan).max(initial=0.0))
    few = any(
        is_small(float(count))
        for kind in school_types(plan)
        for count in waiting_by_month(plan, kind)
    )
    if most <= NOISE:
        return "0"
    if is_small(most):
        return "unter 4"
    return "mehr als 3" if few else german.number(most)


def _seats_for_all(plan: Plan) -> str:
    if plan.hit_limit:
        return f"{cut_off_remark(plan)} {_seats(plan)}"
    return _seats(plan)


def _seats(plan: Plan) -> str:
    waiting = waiting_by_month(plan)
    most = waiting_text(plan)
    if most == "0":
        last = german.month(plan.months[-1])
        return f"Ja. In jedem Monat bis {last} gibt es für alle erwarteten Kinder Platz."
    worst = german.month(plan.months[int(np.argmax(waiting))])
    months = int(np.count_nonzero(waiting))
    start = "Fast jedes" if float(waiting.max()) < 0.5 else "Nein"
    return (
        f"{start}. In {months} von {german.plural(len(waiting), 'Monat', 'Monaten')} warten "
        f"Kinder, am meisten im {worst}: im Mittel {most}."
    )


def _load(shared: Shared) -> str:
    plan = shared.plan
    if not shared.shows_all_types:
        return "Die Belegung aller Schulen zusammen ist in dieser Fassung nicht gezeigt."
    seats, use = plan.seats.sum(axis=0), plan.use.sum(axis=0)
    load = np.divide(use, seats, out=np.zeros_like(use), where=seats > 0)
    t = int(np.argmax(load))
    if seats[t] <= 0:
        return "Es gibt keine Plätze."
    told = [_used(use[0], seats[0], "Heute")] if seats[0] > 0 else []
    when = f"Höchste Auslastung im {german.month(plan.months[t])}: im Mittel"
    return " ".join([*told, _used(use[t], seats[t], when)])


def _used(use: float, seats: float, when: str) -> str:
    number = "unter 4" if is_small(use) else german.number(use)
    share = "" if is_small(use) else f" ({german.percent(round(use) / seats, 0)})"
    return f"{when} {number} von {german.plural(seats, 'Platz', 'Plätzen')} belegt{share}."


def _ways(shared: Shared) -> str:
    *types, together = type_figures(shared.plan)
    if together.mean_minutes is None:
        return "Im Zeitraum wird kein Kind neu verteilt."
    # With the other types known, the mean of all would tell that of a few.
    if not shared.shows_all_need or any(is_small(item.placed) for item in types):
        return "Die Wege aller Kinder zusammen sind in dieser Fassung nicht gezeigt."
    return (
        "Neue Kinder fahren im Mittel "
        f"{german.plural(round(together.mean_minutes), 'Minute', 'Minuten')} zur Schule "
        "(einfacher Weg)."
    )


def public_record(shared: Shared, record: Mapping[str, Any]) -> dict[str, Any]:
    """The record of the run without what could tell of a child."""
    plan = shared.plan
    kept = {key: record[key] for key in _RECORD if key in record}
    scenario = plan.scenario.model_dump(mode="json")
    return {
        **kept,
        PUBLIC_MARK: True,
        "szenario": {key: value for key, value in scenario.items() if key not in _FREE_TEXT},
        "ziele": [
            {key: stage[key] for key in ("schulart", "ziel", "luecke", "status", "status_text")}
            for stage in record.get("ziele", [])
        ],
        "nicht_gezeigte_schulen": shared.hidden_schools,
        "schularten_ohne_bedarf": list(shared.hidden_types),
    }


_FREE_TEXT = ("quellen", "beschreibung")
"""Free text of a scenario; a calibrated one names in it what was counted."""


def protocol_rows(record: Mapping[str, Any]) -> list[list[object]]:
    """The shared record as pairs of what and value."""
    versions = record["versionen"]
    return [
        ["Programm", f"daz-planner {versions['daz-planner']}"],
        ["Rechenprogramm", str(record["loeser"])],
        ["Verlangte Lücke", german.percent(float(record["verlangte_luecke"]), 3)],
        ["Startwert des Zufalls (Saat)", str(record["saat"])],
        ["Gerechnete Zukünfte", german.number(record["laeufe"])],
        ["Am Zeitlimit beendet", "ja" if record["am_limit_beendet"] else "nein"],
        ["Eingabe", "Dateien und Prüfsummen nennt die Fassung des Amts."],
        [
            "Versionen",
            ", ".join(f"{name} {text}" for name, text in versions.items() if name != "daz-planner"),
        ],
    ]
