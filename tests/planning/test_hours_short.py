"""Teacher hours that are short: told in the plan, and kept to by the office's rule in the futures.

Until 2024/25 a class of a Grundschule needs 15 hours a week and 2 for its teacher; a class has one
seat in the futures, so that each child counts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner import german
from daz_planner.district.model import District, TeacherBudget
from daz_planner.planning.cause_text import cause_text
from daz_planner.planning.futures import OFFICE, judge
from daz_planner.planning.futures_hours import OfficeHours
from daz_planner.planning.hours import HoursGroup, HoursRule
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Cause, Plan
from daz_planner.results.futures_tables import judgement_sentences
from daz_planner.results.hours_text import hours_sentence
from daz_planner.results.summary import summary
from daz_planner.simulation import simulate
from tests.factories import child, district, scenario, school

LIMITED: dict[str, Any] = {"lehrer": {"begrenzt": True}}


def town_of(hours: float, children: int = 0, **values: Any) -> District:
    listed = [child(f"k{n}", grade=1, registered=date(2017, 1, 1 + n)) for n in range(children)]
    town = district([school("GS A", **values)], newcomers=listed)
    return replace(town, teacher_budgets=(TeacherBudget(hours, "GS"),))


def planned(town: District, **tables: Any) -> Plan:
    setting = scenario(**tables)
    return make_plan(town, setting, simulate(town, setting))


@pytest.mark.parametrize(
    ("hours", "missing"), [(17.0, "17 Stunden"), (20.0, "14 Stunden"), (12.0, "22 Stunden")]
)
def test_the_cause_names_the_hours_that_are_missing(hours: float, missing: str) -> None:
    plan = planned(town_of(hours, 2, class_cap=1, free_rooms=2), **LIMITED)
    short = [place for place in plan.waiting if place.cause is Cause.NO_TEACHER]
    assert {place.month for place in short} >= {3, 4, 5}
    told = {cause_text(plan.scenario, place) for place in short}
    assert told == {f"zu wenig Lehrerstunden, es fehlen bis zu {missing} in der Woche"}


def test_what_is_short_on_the_reference_date_is_told() -> None:
    assert hours_sentence(planned(town_of(17.0))) == ""
    plan = planned(town_of(12.5))
    assert hours_sentence(plan) == "Schon am Stichtag fehlen Lehrerstunden: GS 4,5 in der Woche."
    answers = dict(summary(plan))
    assert answers["Welche Klassen öffnen wo und wann?"].endswith(
        "Schon am Stichtag fehlen Lehrerstunden: GS 4,5 in der Woche."
    )
    assert hours_sentence(planned(town_of(12.5), **LIMITED)).endswith(
        "Solange sie fehlen, öffnet der Plan dort keine weitere Klasse."
    )


def test_what_the_new_classes_lack_later_is_told_once() -> None:
    # 17 hours a class; two children need two more, of which the first can open in May.
    plan = planned(town_of(20.0, 2, class_cap=1, free_rooms=2))
    first = min(opening.month for opening in plan.openings)
    most = plan.weekly_hours.sum(axis=0).max() - 20.0
    assert first > 0 and most > 0
    told = (
        f"Für neue Klassen fehlen GS ab {german.month(plan.months[first])} bis zu "
        f"{german.number(most)} Lehrerstunden in der Woche."
    )
    assert hours_sentence(plan) == told
    assert dict(summary(plan))["Welche Klassen öffnen wo und wann?"].count("Lehrerstunde") == 1
    # Short already: one sentence with the most.
    short = replace(plan, district=town_of(12.5, 2, class_cap=1, free_rooms=2))
    worst = plan.months[int(plan.weekly_hours.sum(axis=0).argmax())]
    assert hours_sentence(short) == (
        f"Schon am Stichtag fehlen Lehrerstunden: GS 4,5 (bis zu {german.number(most + 7.5, 1)} im "
        f"{german.month(worst)}) in der Woche."
    )
    # Not by a class of the plan.
    assert hours_sentence(replace(plan, openings=())) == told.replace("Für neue Klassen", "Es")
    # Enough for all.
    enough = town_of(20.0 + most, 2, class_cap=1, free_rooms=2)
    assert hours_sentence(replace(plan, district=enough)) == ""
    one = town_of(19.0 + most, 2, class_cap=1, free_rooms=2)
    assert hours_sentence(replace(plan, district=one)).endswith(
        "bis zu 1 Lehrerstunde in der Woche."
    )
    limited = planned(town_of(20.0, 2, class_cap=1, free_rooms=2), **LIMITED)
    assert hours_sentence(limited) == ""


@pytest.mark.parametrize(("hours", "classes"), [(33.0, 1), (34.0, 2), (50.0, 2), (51.0, 3)])
def test_the_office_orders_only_what_the_hours_allow(hours: float, classes: int) -> None:
    town = town_of(hours, 4, class_cap=1, free_rooms=3)
    plan = planned(town, **LIMITED)
    result = judge(plan, futures=2)
    assert result.policies[OFFICE].counts.classes[:, 0, -1].tolist() == [classes] * 2
    assert result.hours_limited
    assert any("wenn die Lehrerstunden reichen" in text for text in judgement_sentences(result))
    free = judge(planned(town), futures=2)
    assert free.policies[OFFICE].counts.classes[:, 0, -1].tolist() == [4] * 2
    assert not any("Lehrerstunden" in text for text in judgement_sentences(free))


def test_hours_by_pupils() -> None:
    # 5 hours from the first pupil, 5 more from the eleventh, 1 a class; both schools share 20.
    steps = ((0.0, 5.0), (10.0, 5.0))
    rule = HoursRule(np.array([1.0, 1.0]), (steps, steps))
    group = HoursGroup("GS", False, np.array([True, True]), 20.0, "")
    hours = OfficeHours((rule,), (group,), np.array([[1.0], [0.5]]))
    classes = np.array([[1, 0], [1, 1], [1, 1]])
    # Of the second school every other pupil counts.
    pupils = np.array([[10, 0], [11, 20], [11, 22]])
    left = hours.left(0, 0, classes, pupils)
    # 1 + 5; 1 + 10 and 1 + 5; 1 + 10 and 1 + 10.
    assert left.left[:, 0].tolist() == [14.0, 3.0, -2.0]
    assert left.further.tolist() == [[6.0, 6.0], [1.0, 6.0], [1.0, 1.0]]
    runs = np.arange(3)
    assert left.enough(runs).tolist() == [[True, True], [True, False], [False, False]]
    left.order(np.array([0, 1]), np.array([1, 0]))
    assert left.left[:, 0].tolist() == [8.0, 2.0, -2.0]
    left.order(np.array([0]), np.array([0]))
    assert left.enough(runs).tolist() == [[False, False], [True, False], [False, False]]
