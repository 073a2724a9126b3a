"""Teacher hours by school type and by planning area, against answers worked out by hand.

Until 2024/25 a class needs 15 hours in a Grundschule and 25 in an Oberschule, and 2 of supervision.
Schools are empty, a class has 20 seats for a forecast, and all children come in the second month.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import District, TeacherBudget
from daz_planner.planning import Plan, make_plan
from daz_planner.planning.bottleneck_list import Resource
from daz_planner.planning.bottlenecks import find_bottlenecks
from daz_planner.planning.hours import hours_groups, of_schools, planned_together
from daz_planner.planning.load_factors import FACTORS
from daz_planner.planning.load_test import load_test
from daz_planner.planning.plan import Cause
from daz_planner.results.bottleneck_tables import bottleneck_sentences, bottleneck_table
from daz_planner.results.hours_limits import LEFT, NEED, THERE, hours_limit_table
from daz_planner.results.tables import tables
from daz_planner.results.workbook import build_workbook
from daz_planner.simulation import simulate
from tests.factories import district, scenario, school

GS, OS = 17.0, 27.0
"""Hours of a class."""


def town(*budgets: TeacherBudget, os_area: str = "Riesa") -> District:
    schools = [
        school("GS A", planning_area="Riesa", free_rooms=1),
        school("OS B", school_type="OS", planning_area=os_area, free_rooms=1),
    ]
    return replace(district(schools), teacher_budgets=budgets)


def area(hours: float, name: str = "Riesa") -> TeacherBudget:
    return TeacherBudget(hours, planning_area=name)


def setting(gs: float, os: float, **tables: Any) -> Any:
    rest: dict[str, Any] = {
        "zeitraum": {"monate": 2},
        "zuzug": {
            "pro_monat": gs + os,
            "schularten": {"GS": gs / (gs + os), "OS": os / (gs + os)},
        },
        "klassen": {"vorlauf_monate": 1},
        "lehrer": {"begrenzt": True},
        **tables,
    }
    return scenario(**rest)


def plan_of(place: District, gs: float, os: float, **tables: Any) -> Plan:
    given = setting(gs, os, **tables)
    return make_plan(place, given, simulate(place, given))


def later(plan: Plan) -> list[int]:
    return plan.classes[:, 1].tolist()


def waiting(plan: Plan) -> dict[str, float]:
    return {w.school_type: pytest.approx(w.pupils) for w in plan.waiting}


def test_schools_of_an_area_share_its_hours_across_school_types() -> None:
    # 44 hours are needed today; 17 more are a class of the Grundschule, not of the Oberschule.
    plan = plan_of(town(area(GS + OS + GS)), 30, 32)
    assert later(plan) == [2, 1]
    assert waiting(plan) == {"OS": 12.0}
    assert {w.cause for w in plan.waiting} == {Cause.NO_TEACHER}
    assert {stage.school_type for stage in plan.stages} == {"GS+OS"}
    # 27 more are either of the two, and more children wait for the Oberschule.
    plan = plan_of(town(area(GS + OS + OS)), 30, 32)
    assert later(plan) == [1, 2]
    assert waiting(plan) == {"GS": 10.0}
    plan = plan_of(town(area(2 * (GS + OS))), 30, 32)
    assert later(plan) == [2, 2]
    assert not plan.waiting


def test_rows_of_types_and_of_areas_hold_at_once() -> None:
    plenty = area(1000.0)
    plan = plan_of(town(TeacherBudget(GS, school_type="GS"), plenty), 30, 32)
    assert later(plan) == [1, 2]
    plan = plan_of(town(TeacherBudget(2 * GS, school_type="GS"), area(GS + OS)), 30, 32)
    assert later(plan) == [1, 1]
    # The scenario's number goes before the sheet's.
    plan = plan_of(
        town(TeacherBudget(GS, school_type="GS"), plenty),
        30,
        32,
        lehrer={"begrenzt": True, "stunden": {"GS": 2 * GS}},
    )
    assert later(plan) == [2, 2]


def test_a_school_without_any_number_keeps_to_what_its_type_needs_today() -> None:
    # The area has plenty of hours; the Oberschule lies elsewhere and nothing is said of it.
    place = town(area(1000.0), os_area="")
    plan = plan_of(place, 30, 32)
    assert later(plan) == [2, 1]
    assert {stage.school_type for stage in plan.stages} == {"GS", "OS"}
    given = setting(30, 32)
    groups = hours_groups(place, given, plan.months[0], np.zeros(2))
    assert [(g.name, g.is_area, g.limit) for g in groups] == [
        ("Riesa", True, 1000.0),
        ("OS", False, OS),
    ]


def test_only_an_area_with_hours_and_schools_of_several_types_couples_them() -> None:
    kinds = ("GS", "OS", "BSZ")
    limited = setting(30, 32)
    assert planned_together(town(area(50.0)), limited, kinds) == (("GS", "OS"), ("BSZ",))
    assert planned_together(town(area(50.0), os_area="Meißen"), limited, kinds) == (
        ("GS",),
        ("OS",),
        ("BSZ",),
    )
    # The name of an area is read without regard to case.
    assert planned_together(town(area(50.0, "RIESA")), limited, kinds)[0] == ("GS", "OS")
    free = setting(30, 32, lehrer={"begrenzt": False})
    assert planned_together(town(area(50.0)), free, kinds) == (("GS",), ("OS",), ("BSZ",))
    three = replace(
        town(area(50.0), area(60.0, "Meißen")),
        schools=(
            school("GS A", planning_area="Riesa"),
            school("OS B", school_type="OS", planning_area="Riesa"),
            school("OS C", school_type="OS", planning_area="Meißen"),
            school("BSZ D", school_type="BSZ", planning_area="Meißen"),
        ),
    )
    # Riesa joins GS and OS, Meißen OS and BSZ: all three are one problem, in any order of rows.
    assert planned_together(three, limited, kinds) == (kinds,)
    turned = replace(three, teacher_budgets=three.teacher_budgets[::-1])
    assert planned_together(turned, limited, kinds) == (kinds,)


def test_schools_outside_a_problem_keep_what_they_need_today() -> None:
    given = setting(30, 32)
    place = town(area(100.0), TeacherBudget(60.0, school_type="OS"))
    groups = hours_groups(place, given, date(2017, 2, 1), np.zeros(2))
    needed = np.array([GS, OS])
    own = of_schools(groups, np.array([0]), needed)
    assert [(g.name, g.schools.tolist(), g.limit) for g in own] == [("Riesa", [True], 100.0 - OS)]
    both = of_schools(groups, np.array([1, 0]), needed)
    assert [(g.name, g.schools.tolist(), g.limit) for g in both] == [
        ("OS", [True, False], 60.0),
        ("Riesa", [True, True], 100.0),
    ]


def test_what_25_hours_more_are_worth_is_told_for_each_type_and_area() -> None:
    # Nothing may open. 25 hours more in the area are a class of the Grundschule (17 hours), which
    # takes ten of those who wait; the type's own row leaves it room.
    place = town(area(GS + OS), TeacherBudget(1000.0, school_type="GS"))
    plan = plan_of(place, 30, 32)
    found = find_bottlenecks(plan, 60.0)
    worth = {
        (item.school_type, item.area): item.waiting
        for item in found.items
        if item.resource is Resource.HOURS
    }
    assert worth == {("GS und OS", "Riesa"): pytest.approx(10.0)}
    told = replace(plan, bottlenecks=found)
    rows = bottleneck_table(told)
    assert "Planungsregion Riesa" in rows.values("Schule")
    row = rows.values("Schule").index("Planungsregion Riesa")
    assert rows.values("Ursache")[row].startswith(Cause.NO_TEACHER.value)
    text = "Planungsregion Riesa: 25 Lehrerstunden mehr ersparen 10 Wartemonate."
    assert text in bottleneck_sentences(told)


def factor_from(least: float) -> float:
    """The first factor tried that is above."""
    return float(FACTORS[int(np.searchsorted(FACTORS, least + 1e-9))])


def test_the_load_test_tells_types_that_share_hours_together() -> None:
    # 20 children of each type come: at the factor f each type is short of 20·f - 20. There are
    # hours for one class of the Grundschule.
    place = town(area(GS + OS + GS))
    test = load_test(place, setting(20, 20, rechnen={"laeufe": 4}))
    (load,) = test.types
    assert load.school_type == "GS und OS"
    assert load.first_class == factor_from(21 / 20)
    assert load.opens is not None
    assert load.opens.school == "GS A"
    assert load.first_waiting == factor_from(20.5 / 20)
    # Without the area each type is told alone. Of types told together the first counts.
    few = {"rechnen": {"laeufe": 4}}
    alone = load_test(town(), setting(30, 10, **few))
    assert [one.school_type for one in alone.types] == ["GS", "OS"]
    (both,) = load_test(town(area(1000.0)), setting(30, 10, **few)).types
    assert both.class_spread == alone.types[0].class_spread
    assert both.class_spread != alone.types[1].class_spread


def test_need_and_hours_that_are_there_stand_side_by_side() -> None:
    plan = plan_of(town(area(GS + OS + GS), TeacherBudget(50.0, school_type="GS")), 30, 32)
    found = hours_limit_table(plan)
    names = [column.name for column in found.columns if column.name != "Monat"]
    rows = list(zip(*(found.values(name) for name in names), strict=True))
    assert rows == [
        ("Schulart", "GS", 17.0, 50.0, 33.0, "Blatt Lehrerstunden"),
        ("Schulart", "GS", 34.0, 50.0, 16.0, "Blatt Lehrerstunden"),
        ("Planungsregion", "Riesa", 44.0, 61.0, 17.0, "Blatt Lehrerstunden"),
        ("Planungsregion", "Riesa", 61.0, 61.0, 0.0, "Blatt Lehrerstunden"),
    ]
    sheet = build_workbook(plan)["Lehrerstunden"]
    cells = {row[:2]: row[2:4] for row in sheet.iter_rows(values_only=True) if row[0]}
    assert cells["Planungsregion Riesa", NEED] == (44.0, 61.0)
    assert cells["Planungsregion Riesa (Blatt Lehrerstunden)", THERE] == (61.0, 61.0)
    assert cells["Planungsregion Riesa", LEFT] == (17.0, 0.0)
    goals = tables(plan)["ziele"]
    assert set(goals.values("Schulart")) == {"GS und OS"}
    assert any(
        "GS und OS sind zusammen geplant" in hint and "(Riesa)" in hint for hint in plan.hints
    )


def test_hours_that_do_not_limit_are_still_told_beside_the_need() -> None:
    plan = plan_of(town(area(10.0)), 30, 32, lehrer={"begrenzt": False})
    assert later(plan) == [2, 2]
    found = hours_limit_table(plan)
    assert found.values("frei (minus: fehlt)") == [-34.0, -78.0]
    assert any("begrenzen den Plan nicht" in hint for hint in plan.hints)
