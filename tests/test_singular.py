"""One of a thing is told as one: „1 Klasse“, never „1 Klassen“."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import daz_planner
from daz_planner.district.collect import MOST_OF_A_KIND, Collector
from daz_planner.district.findings import Finding, Severity
from daz_planner.district.findings_sheet import verdict
from daz_planner.district.model import ClassDecision, GivenWay, HistoryMonth, PlanState

sys.path.insert(0, str(Path(__file__).parent / "district"))
from plausible import FILE, check, coswig, district, riesa, school

PLURALS = (
    "Klassen",
    "VKA-Klassen",
    "Schulen",
    "Gemeinden",
    "Monate",
    "Monaten",
    "Minuten",
    "Sekunden",
    "Stunden",
    "Kinder",
    "Kindern",
    "Plätze",
    "Plätzen",
    "Dateien",
    "Zellen",
    "Zeilen",
    "Spalten",
    "Blätter",
    "Einträge",
    "Einträgen",
    "Befunde",
    "Befunden",
    "Warnungen",
    "Kopien",
    "Wege",
    "Wegen",
    "VKA-Schülern",
    "Schülern",
    "Zukünfte",
    "Zukünften",
    "Ziele",
    "Werte",
    "Werten",
    "Listen",
    "Tage",
    "Tagen",
    "Wochen",
    "Jahre",
    "Jahren",
    "Eingaben",
)
_WRONG = re.compile(rf"(?<![\d.,/–-])1 (?:{'|'.join(PLURALS)})\b|\b1 (?:sind|fehlen|warten)\b")


def texts_with_one() -> dict[str, str]:
    """The messages that count something, each with a count of one."""
    found: list[Finding] = []
    found += check(district(schools=(school(pupils=80, reserve=None),)))
    found += check(district(schools=(school(pupils=1, reserve=22, phases=(2, None, None)),)))
    found += check(district(schools=(school(pupils=30, classes=1, reserve=0),)))
    found += check(
        district(
            schools=(school(pupils=1, classes=0, reserve=1, free_rooms=0),),
            class_plan=(
                ClassDecision("1. Grundschule Riesa", date(2017, 8, 1), 1, PlanState.DECIDED),
            ),
        )
    )
    far = GivenWay("Coswig", "1. Grundschule Riesa", 1.0, sheet="Wege", row=2)
    found += check(district(ways=(far,)))
    months = [HistoryMonth(date(2016, n, 1), {}, sheet="Historie", row=n) for n in (3, 5)]
    found += check(district(history=tuple(months)))
    found += check(district(name="Landkreis Bautzen", municipalities=(riesa(),)))
    out = Collector(FILE)
    for row in range(1, MOST_OF_A_KIND + 2):
        out.warn("wert_falsch", "Falsch.", sheet="Bestand", row=row, column=1)
    found += [finding for finding in out.findings if not finding.row]
    texts = {f"{finding.code} {place}": str(finding) for place, finding in enumerate(found)}
    fault = Finding(FILE, "", 0, 0, "x")
    texts["verdict"] = verdict([fault, replace(fault, severity=Severity.WARNING)])
    return texts


def test_no_message_with_one_has_a_plural() -> None:
    texts = texts_with_one()
    codes = {name.split()[0] for name in texts}
    assert codes >= {
        "schueler_je_klasse",
        "phasen_summe",
        "ueber_obergrenze",
        "reserve_ohne_klasse",
        "klassenplan_ueber_raeume",
        "weg_zu_schnell",
        "historie_luecke",
        "landkreis_widerspruch",
        "wert_falsch",
    }
    wrong = {name: text for name, text in texts.items() if _WRONG.search(text)}
    assert not wrong


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("schueler_je_klasse", "80 Schüler in 1 VKA-Klasse, mehr"),
        ("phasen_summe", "Gerechnet wird mit 1 VKA-Schüler."),
        ("ueber_obergrenze", "aber 1 Klasse × 23"),
        ("klassenplan_ueber_raeume", "ab 08.2017 1 VKA-Klasse haben"),
        ("weg_zu_schnell", "ist es 1 Minute für"),
        ("historie_luecke", "fehlt 1 Monat: 04.2016. Ergänzen Sie ihn. Ein fehlender"),
        ("landkreis_widerspruch", "aber 1 von 1 Gemeinde gehört nach dem Schlüssel zu"),
        ("wert_falsch", "Auf diesem Blatt gibt es noch 1 Befund dieser Art."),
        ("verdict", "1 Fehler, 1 Warnung."),
    ],
)
def test_how_one_is_told(code: str, part: str) -> None:
    texts = [text for name, text in texts_with_one().items() if name.split()[0] == code]
    assert any(part in text for text in texts), texts


def test_two_is_told_as_before() -> None:
    found = check(district(schools=(school(pupils=150, classes=2, reserve=None),)))
    assert any("150 Schüler in 2 VKA-Klassen" in str(finding) for finding in found)
    both = (riesa(), coswig())
    (finding,) = check(district(name="Landkreis Bautzen", municipalities=both))
    assert "2 von 2 Gemeinden gehören nach dem Schlüssel" in finding.problem


# The source: a count must not stand before a plural without a look at the count.

_ALWAYS_MANY = {
    "number(rows) Zeilen",  # more than a sheet of Excel has
    "number(width) Spalten",  # more than the widest table
    "number(many) Spalten",
    "needed Klassen",  # more than there are
    "checked Wegen",  # from some ways on
    "len(schools) Schulen",  # most of at least six
    "number(len(share)) Schulen",  # more than the page shows
    "number(len(positions)) Zeilen",
    "len(outside) Gemeinden",
    "len(checked) Eingaben",
    "len(full) Schulen",
    "len(plan.district.schools) Schulen",  # more than three of them
    "number(futures) Zukünften",  # one future has a sentence of its own
    "number(futures) Zukünfte",
    "len(months) Monaten",
    "longest Monate",  # of a rule
    "_stay_text(later) Monate",
    "months Monate",  # of an estimate, which needs several
    "number_text(guidance) Minuten",  # more than the limit, which is one at least
    "count Zukünften",  # of a run that went on until it was precise
    "count Zukünfte",
    "futures Zukünften",  # a number outside of what is allowed
    "len(plan.months) Monate",  # the length of the scenario
    "_with_interval(stay.mean, _as_months) Monate",  # with a range behind the number
    "count Kindern",  # one child has a sentence of its own
    "who Kinder",
    "added Klassen",
    "float(over[school, worst]) Plätze",  # with four decimals
}
"""Counts that cannot be one, or that are told another way when they are."""
_NO_COUNTS = {"letters.seats Plätze", "meaning Stunden"}


def unguarded() -> list[str]:
    """Places of f-strings with a count before a plural, outside ``… if … else …``."""
    found: list[str] = []
    root = Path(daz_planner.__file__).parent
    for path in sorted(root.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        guarded = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.IfExp)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.JoinedStr) or id(node) in guarded:
                continue
            for value, after in zip(node.values, node.values[1:], strict=False):
                if not (isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)):
                    continue
                word = re.match(r" ([\w-]+)", str(after.value))
                if word and word[1] in PLURALS:
                    count = ast.unparse(value.value).removeprefix("german.")
                    known = {f"{count} {word[1]}"} & (_ALWAYS_MANY | _NO_COUNTS)
                    if not known and not re.search(r"\b[A-Z_]{4,}\b", count):
                        found.append(f"{path.relative_to(root)}:{node.lineno} {count} {word[1]}")
    return found


def test_no_count_stands_before_a_plural_unseen() -> None:
    found = unguarded()
    assert not found, "use german.plural, or say above why the count is never one"
