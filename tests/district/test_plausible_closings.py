"""Warnings about decided closings and about teacher hours that are short on the reference date."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daz_planner.district.findings import Severity
from daz_planner.district.model import ClassDecision, PlanState, TeacherBudget
from tests.district.plausible import check, child, district, only, school

NAME = "1. Grundschule Riesa"


def decided(classes: int, since: date = date(2017, 8, 1), **values: Any) -> ClassDecision:
    base: dict[str, Any] = {"state": PlanState.DECIDED, "sheet": "Klassenplan", "row": 3}
    return ClassDecision(NAME, since, classes, **{**base, **values})


def codes(*decisions: ClassDecision, **values: Any) -> list[str]:
    here = school(**{"pupils": 40, "classes": 2, "reserve": 6, **values})
    found = check(district(schools=(here,), class_plan=decisions))
    assert all(finding.severity is Severity.WARNING for finding in found)
    return [finding.code for finding in found]


def test_a_school_that_closes_with_its_pupils() -> None:
    here = school(pupils=40, classes=2, reserve=6)
    found = only(
        check(district(schools=(here,), class_plan=(decided(0),))), "klassenplan_schliesst"
    )
    assert (found.place, found.value) == ("Klassenplan!C3", "0")
    assert found.problem == (
        "„1. Grundschule Riesa“ hat heute 40 VKA-Schüler in 2 Klassen; ab 08.2017 ist dort keine "
        "VKA-Klasse mehr beschlossen. Wer bis dahin nicht in eine Regelklasse wechselt, hat dann "
        "womöglich keinen Platz."
    )
    found = only(
        check(district(schools=(here,), class_plan=(decided(1),))), "klassenplan_schliesst"
    )
    assert "ab 08.2017 ist dort nur noch 1 VKA-Klasse mit 23 Plätzen beschlossen." in found.problem


@pytest.mark.parametrize(
    ("decision", "values", "warns"),
    [
        (decided(1), {}, True),
        # One class holds them all.
        (decided(1), {"pupils": 23, "reserve": 23}, False),
        (decided(1), {"pupils": 24, "reserve": 22}, True),
        (decided(1), {"pupils": 22, "guests": 2, "reserve": 22}, True),
        (decided(1), {"pupils": 24, "reserve": 24, "class_cap": 24}, False),
        (decided(2), {}, False),
        (decided(3), {}, False),
        (decided(0, state=PlanState.PLANNED), {}, False),
        (decided(0, state=PlanState.EXCLUDED), {}, False),
        # In today's number already, and when everybody of today is gone.
        (decided(0, date(2017, 2, 1)), {}, False),
        (decided(0, date(2019, 2, 1)), {}, True),
        (decided(0, date(2019, 3, 1)), {}, False),
    ],
)
def test_when_it_warns(decision: ClassDecision, values: dict[str, Any], warns: bool) -> None:
    assert ("klassenplan_schliesst" in codes(decision, **values)) == warns


def test_without_a_rule_only_the_end_of_all_classes_counts() -> None:
    here = school(pupils=40, classes=2, reserve=6)
    for classes, expected in ((1, []), (0, ["klassenplan_schliesst"])):
        town = district(schools=(here,), class_plan=(decided(classes),))
        assert [f.code for f in check(town, class_cap=None)] == expected


def test_a_child_fixed_on_a_school_that_closes() -> None:
    here = school(pupils=0, classes=1, reserve=23)
    fixed = child(pinned_to=NAME)
    town = district(schools=(here,), class_plan=(decided(0),), newcomers=(fixed, child("N-2")))
    found = only(check(town), "fixiert_schliesst")
    assert found.sheet == "Neuzugänge"
    assert "„N-1“ ist auf „1. Grundschule Riesa“ festgelegt; dort ist ab 08.2017" in found.problem
    fewer = district(
        schools=(school(pupils=0, classes=2, reserve=46),),
        class_plan=(decided(1),),
        newcomers=(fixed,),
    )
    assert check(fewer) == ()


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (17.0, None),
        (16.0, "stunden_fehlen"),
        (16.5, "stunden_fehlen"),
        (3.0, "stunden_unglaubwuerdig"),
    ],
)
def test_hours_that_are_short_today(hours: float, code: str | None) -> None:
    budget = TeacherBudget(hours, "GS", sheet="Lehrerstunden", row=4)
    town = district(teacher_budgets=(budget,))
    found = check(town, teacher_hours=lambda kind, classes, pupils: 17.0 * classes)
    assert [finding.code for finding in found] == ([] if code is None else [code])
    if hours == 16.0:
        assert found[0].place == "Lehrerstunden!C4"
        assert found[0].problem == (
            "16 Lehrerstunden je Woche für „GS“: 1 VKA-Klasse von heute braucht nach der Regel 17. "
            "Schon am Stichtag fehlt 1 Stunde."
        )
