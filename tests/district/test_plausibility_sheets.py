from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daz_planner.district.findings import Severity
from daz_planner.district.model import (
    ClassDecision,
    GivenWay,
    HistoryMonth,
    PlanState,
    RegularClasses,
    TeacherBudget,
)
from tests.district.plausible import check, district, only, school

NAME = "1. Grundschule Riesa"


def decision(month: int = 8, classes: int = 2, **values: Any) -> ClassDecision:
    base: dict[str, Any] = {"state": PlanState.DECIDED, "sheet": "Klassenplan", "row": 3}
    year = values.pop("year", 2017)
    return ClassDecision(NAME, date(year, month, 1), classes, **{**base, **values})


def test_class_plan_before_the_reference_date() -> None:
    finding = only(check(district(class_plan=(decision(1),))), "klassenplan_vor_stichtag")
    assert (finding.place, finding.value) == ("Klassenplan!B3", "01.2017")
    assert check(district(class_plan=(decision(2),))) == ()


@pytest.mark.parametrize(
    ("rooms", "classes", "state", "fires"),
    [
        (1, 3, PlanState.DECIDED, True),
        (1, 3, PlanState.PLANNED, True),
        (1, 2, PlanState.DECIDED, False),
        (None, 9, PlanState.DECIDED, True),
        (None, 3, PlanState.DECIDED, False),
        (0, 3, PlanState.EXCLUDED, False),
    ],
)
def test_class_plan_against_the_rooms(
    rooms: int | None, classes: int, state: PlanState, fires: bool
) -> None:
    tested = district(
        schools=(school(free_rooms=rooms),), class_plan=(decision(8, classes, state=state),)
    )
    found = check(tested)
    assert [f.code for f in found] == (["klassenplan_ueber_raeume"] if fires else [])
    assert [f.cell for f in found] == (["C3"] if fires else [])


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        ((2, PlanState.DECIDED), (3, PlanState.DECIDED), True),
        ((2, PlanState.DECIDED), (2, PlanState.DECIDED), False),
        ((2, PlanState.DECIDED), (3, PlanState.PLANNED), False),
        ((3, PlanState.DECIDED), (2, PlanState.EXCLUDED), True),
        ((1, PlanState.EXCLUDED), (2, PlanState.DECIDED), True),
        ((2, PlanState.DECIDED), (2, PlanState.EXCLUDED), False),
    ],
)
def test_class_plan_contradicts_itself(
    first: tuple[int, PlanState], second: tuple[int, PlanState], fires: bool
) -> None:
    plan = tuple(
        decision(8, classes, state=state, row=row)
        for row, (classes, state) in enumerate((first, second), start=3)
    )
    found = check(district(class_plan=plan))
    assert [(f.code, f.severity) for f in found] == (
        [("klassenplan_widerspruch", Severity.FAULT)] if fires else []
    )
    if fires:
        assert found[0].row == 4
        assert "(Zeile 3)" in found[0].problem


def test_class_plan_may_say_different_things_for_different_months() -> None:
    assert check(district(class_plan=(decision(8, 2), decision(9, 3, row=4)))) == ()


def way(minutes: float, municipality: str = "Coswig", **values: Any) -> GivenWay:
    return GivenWay(municipality, NAME, minutes, **{"sheet": "Wege", "row": 5, **values})


@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (0, "weg_null"),
        (15, "weg_zu_schnell"),
        (17, None),
        (45, None),
        (160, None),
        (200, "weg_zu_lang"),
    ],
)
def test_ways_against_the_map(minutes: float, code: str | None) -> None:
    """Coswig is 27 km from the school: 16.4 minutes at 100 km/h, estimate 58, three times 174."""
    found = check(district(ways=(way(minutes),)))
    assert [f.code for f in found] == ([code] if code else [])
    assert [f.cell for f in found] == (["C5"] if code else [])


@pytest.mark.parametrize(("minutes", "code"), [(0, None), (30, None), (31, "weg_zu_lang")])
def test_ways_within_a_municipality(minutes: float, code: str | None) -> None:
    found = check(district(ways=(way(minutes, "Riesa"),)))
    assert [f.code for f in found] == ([code] if code else [])


@pytest.mark.parametrize(("minutes", "code"), [(300, "weg_zu_lang"), (301, "weg_ueber_300")])
def test_ways_beyond_any_way_to_school(minutes: float, code: str) -> None:
    """More than 300 minutes may be costs: one warning for all of them."""
    assert [f.code for f in check(district(ways=(way(minutes),)))] == [code]
    many = tuple(way(1e6 + i, row=5 + i) for i in range(20))
    (found,) = check(district(ways=many))
    assert found.code == "weg_ueber_300"
    assert "20 Wege dauern über 300 Minuten" in found.problem


@pytest.mark.parametrize(("size", "code"), [(100, None), (101, "klassengroesse_ueber_100")])
def test_a_class_larger_than_any(size: int, code: str | None) -> None:
    schools = (school(NAME, class_cap=size),)
    codes = {f.code for f in check(district(schools=schools))}
    assert ("klassengroesse_ueber_100" in codes) == (code is not None)


def test_a_way_of_a_matrix_names_its_cell() -> None:
    assert only(check(district(ways=(way(0, column=8),))), "weg_null").cell == "H5"


@pytest.mark.parametrize(("count", "code"), [(7, "wege_einheit"), (6, "weg_zu_schnell")])
def test_most_ways_wrong_on_one_side_is_the_unit(count: int, code: str) -> None:
    """Twelve ways: more than half of them in hours."""
    schools = tuple(school(f"Grundschule {i}", row=i) for i in range(12))
    ways = tuple(
        GivenWay("Coswig", f"Grundschule {i}", 0.7 if i < count else 45.0, sheet="Wege", row=i + 2)
        for i in range(12)
    )
    found = check(district(schools=schools, ways=ways))
    assert {f.code for f in found} == {code}
    assert len(found) == (1 if code == "wege_einheit" else count)


def regular(**values: Any) -> RegularClasses:
    base: dict[str, Any] = {"school": NAME, "grade": 3, "classes": 2, "pupils": 56}
    return RegularClasses(**{**base, "sheet": "Regelklassen", "row": 6, **values})


@pytest.mark.parametrize(
    ("values", "code", "cell"),
    [
        ({"pupils": 57}, "regelklasse_ueber", "D6"),
        ({"classes": 0}, "regelklasse_fehlt", "C6"),
        ({"grade": 5}, "klassenstufe_abweichend", "B6"),
        ({"grade": 4, "school": "Oberschule Strehla"}, "klassenstufe_abweichend", "B6"),
    ],
)
def test_regular_classes(values: dict[str, Any], code: str, cell: str) -> None:
    assert only(check(district(regular_classes=(regular(**values),))), code).cell == cell


def test_regular_classes_of_which_nothing_is_to_say() -> None:
    fine = (
        regular(),
        regular(classes=0, pupils=0),
        regular(school="BSZ Riesa", grade=1, municipality="Riesa"),
    )
    assert check(district(regular_classes=fine)) == ()
    assert check(district(regular_classes=(regular(pupils=90),)), regular_cap=None) == ()


def budget(**values: Any) -> TeacherBudget:
    return TeacherBudget(200.0, **{"sheet": "Lehrerstunden", "row": 2, **values})


def test_teacher_budgets() -> None:
    schools = (school(planning_area="Großenhain"),)
    tested = district(schools=schools, teacher_budgets=(budget(planning_area="Grossenhein"),))
    finding = only(check(tested), "region_unbekannt")
    assert finding.place == "Lehrerstunden!B2"
    assert finding.remedy == "Meinen Sie „Großenhain“?"
    kind = only(
        check(district(teacher_budgets=(budget(school_type="GYM"),))), "lehrerstunden_ohne_schule"
    )
    assert kind.cell == "A2"
    fine = (budget(planning_area="Grossenhain"), budget(school_type="GS"))
    assert check(district(schools=schools, teacher_budgets=fine)) == ()


def month(number: int, **values: Any) -> HistoryMonth:
    base: dict[str, Any] = {"sheet": "Historie", "row": number + 1}
    year = values.pop("year", 2016)
    return HistoryMonth(date(year, number, 1), **{**base, **values})


def test_history_gaps_are_one_warning() -> None:
    gap = (month(1), month(2), month(11), month(12))
    finding = only(check(district(history=gap)), "historie_luecke")
    assert "fehlen 8 Monate: 03.2016, 04.2016, 05.2016, 06.2016, 07.2016 und 3 weitere." in (
        finding.problem
    )
    assert finding.place == "Historie"
    over_new_year = (month(11), month(1, year=2017))
    one = only(check(district(history=over_new_year)), "historie_luecke")
    assert "fehlt 1 Monat: 12.2016." in one.problem
    assert check(district(history=(month(12), month(1, year=2017)))) == ()


@pytest.mark.parametrize(
    ("second", "severity"),
    [
        ({"pupils": ((0, 20),)}, Severity.WARNING),
        ({"registrations": (("", 5),)}, Severity.WARNING),
        ({"pupils": ((0, 21),)}, Severity.FAULT),
    ],
)
def test_history_double_months(second: dict[str, Any], severity: Severity) -> None:
    tested = district(history=(month(3, pupils=((0, 20),)), month(3, row=9, **second)))
    fault = severity is Severity.FAULT
    finding = only(check(tested), "historie_widerspruch" if fault else "historie_doppelt")
    assert (finding.severity, finding.cell) == (severity, "A9")
    assert "(Zeile 4)" in finding.problem


def test_history_after_the_reference_date() -> None:
    future = month(3, year=2017)
    assert only(check(district(history=(future,))), "historie_nach_stichtag").cell == "A4"
    assert check(district(history=(month(2, year=2017),))) == ()


@pytest.mark.parametrize(
    ("pupils", "fires"),
    [
        (((0, 20), (1, 8), (2, 12)), False),
        (((0, 20), (1, 8), (2, 13)), True),
        (((0, 20), (1, 8)), False),
        (((0, 20), (1, 8), (2, 12), (3, 50)), False),
    ],
)
def test_history_phases(pupils: Any, fires: bool) -> None:
    found = check(district(history=(month(3, pupils=pupils),)))
    assert [(f.code, f.cell) for f in found] == ([("historie_phasen", "C4")] if fires else [])


@pytest.mark.parametrize(
    ("registrations", "fires"),
    [
        ((("", 10), ("GS", 4), ("OS", 3), ("BSZ", 2), ("GYM", 1)), False),
        ((("", 10), ("GS", 4), ("OS", 3), ("BSZ", 2), ("GYM", 0)), True),
        ((("", 10), ("GS", 4), ("OS", 3)), False),
        ((("", 10), ("GS", 8), ("OS", 3)), True),
        ((("GS", 8), ("OS", 3)), False),
    ],
)
def test_history_registrations(registrations: Any, fires: bool) -> None:
    found = check(district(history=(month(3, registrations=registrations),)))
    assert [(f.code, f.cell) for f in found] == ([("historie_anmeldungen", "B4")] if fires else [])


def test_a_proposal_above_an_exclusion_is_no_fault() -> None:
    plan = (decision(8, 3, state=PlanState.PLANNED), decision(8, 2, state=PlanState.EXCLUDED))
    assert check(district(class_plan=plan)) == ()


def test_ways_of_unknown_places_are_left_to_the_reader() -> None:
    unknown = (way(0, "Nirgendwo"), GivenWay("Coswig", "Nirgendschule", 0))
    assert check(district(ways=unknown)) == ()


@pytest.mark.parametrize(("minutes", "side"), [(0.7, "kürzer"), (290, "länger")])
def test_the_side_on_which_most_ways_are_wrong(minutes: float, side: str) -> None:
    schools = tuple(school(f"Grundschule {i}", row=i) for i in range(12))
    ways = tuple(GivenWay("Coswig", f"Grundschule {i}", minutes) for i in range(12))
    finding = only(check(district(schools=schools, ways=ways)), "wege_einheit")
    assert f"12 von 12 Wegen sind viel {side}" in finding.problem
    assert finding.sheet == "Wege"


@pytest.mark.parametrize("grade", [1, 4])
def test_first_and_last_grade_of_regular_classes(grade: int) -> None:
    assert check(district(regular_classes=(regular(grade=grade),))) == ()
