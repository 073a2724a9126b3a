"""Regular classes by hand: who newly needs a seat there, where, and what is missing.

Stays are fixed: one month in phase 1 and two in phase 2, so that who enters in month 0 is in phase
2 in month 1 and in phase 3 from month 3 on.  Month 0 is February 2017.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from daz_planner.district.model import District, Pupil, RegularClasses, Roster
from daz_planner.planning.make import make_plan
from daz_planner.planning.plan import Plan, SolveStatus, StageResult
from daz_planner.planning.regular import RegularSeats, plan_regular, with_regular_goal
from daz_planner.results.regular_tables import regular_sentence
from daz_planner.results.summary import summary
from daz_planner.results.tables import tables
from daz_planner.scenario import scenario_from_dict
from daz_planner.simulation import simulate
from daz_planner.simulation.expectation import expect
from daz_planner.simulation.order import canonical
from daz_planner.simulation.population import build_population
from tests.factories import child, district, place, scenario, school

SHORT = {"phase1": {"tabelle": [1.0]}, "phase2": {"tabelle": [0.0, 1.0]}}


def setting(**tables: Any) -> Any:
    return scenario(**{"phasen": {kind: SHORT for kind in ("GS", "OS", "BSZ", "GYM")}, **tables})


def sheet(name: str = "GS A", grades: Any = (1, 2, 3, 4), **values: Any) -> list[RegularClasses]:
    base = {"classes": 1, "pupils": 28, **values}
    return [RegularClasses(name, grade, **base) for grade in grades]


def town(
    *rows: RegularClasses, phases: tuple[int, int, int | None] = (0, 0, None), **values: Any
) -> District:
    here = district([school("GS A", pupils=phases[0] + phases[1], phases=phases)], **values)
    return replace(here, regular_classes=rows)


def seats_of(here: District, **tables: Any) -> RegularSeats:
    ordered = canonical(here).district
    own = setting(**tables)
    found = plan_regular(ordered, own, expect(build_population(ordered, own)))
    assert found is not None
    return found


def use_of(here: District, **tables: Any) -> list[float]:
    return [round(float(x), 6) for x in seats_of(here, **tables).use.sum(axis=0)]


def test_pupils_of_phase_1_need_a_seat_when_they_reach_phase_3() -> None:
    here = town(*sheet(), phases=(2, 0, None))
    assert use_of(here) == [0, 0, 0, 2, 2, 2]
    counts = {"phase2_zaehlt_in_regelklasse": True}
    assert use_of(here, klassen=counts) == [0, 2, 2, 2, 2, 2]


def test_pupils_of_phase_2_are_in_the_sheet_where_phase_2_counts() -> None:
    # Met in a phase of two months they have one or two left, each as likely.
    here = town(*sheet(), phases=(0, 2, None))
    assert use_of(here) == [0, 1, 2, 2, 2, 2]
    assert use_of(here, klassen={"phase2_zaehlt_in_regelklasse": True}) == [0] * 6


def test_todays_pupils_of_phase_3_are_in_the_sheet() -> None:
    assert use_of(town(*sheet(), phases=(0, 0, 5))) == [0] * 6


def test_where_the_phase_is_not_known_the_stationary_share_counts() -> None:
    # Of six pupils in three months of VKA two are in phase 1: two leave the VKA in each month.
    here = replace(district([school("GS A", pupils=6)]), regular_classes=tuple(sheet()))
    assert use_of(here) == [0, 2, 4, 6, 6, 6]
    counts = {"phase2_zaehlt_in_regelklasse": True}
    assert use_of(here, klassen=counts) == [0, 2, 2, 2, 2, 2]


def test_the_rule_changes_with_the_school_year_2024() -> None:
    # In June phase 2 does not count, so that today's are not in the sheet; from August on it does.
    here = town(*sheet(), phases=(0, 2, None), reference_date=date(2024, 6, 8))
    slow = {"GS": {"phase1": {"tabelle": [1.0]}, "phase2": {"tabelle": [0.0] * 9 + [1.0]}}}
    found = seats_of(here, phasen=slow)
    assert found.phase2 == (False, False, True, True, True, True)
    # Ten months of phase 2: a tenth of the two leave in each month, from August all are there.
    # August takes those of grade 4, a quarter, out of the only school type.
    assert found.use.sum(axis=0)[:3] == pytest.approx([0, 0.2, 1.5])


def test_the_end_of_phase_3_is_not_the_end_of_the_seat() -> None:
    one_month = {**SHORT, "phase3": {"tabelle": [1.0]}}
    assert use_of(town(*sheet(), phases=(2, 0, None)), phasen={"GS": one_month}) == [
        *(0, 0, 0, 2, 2, 2)
    ]


def test_who_moves_away_leaves_the_seat() -> None:
    found = seats_of(town(*sheet(), phases=(2, 0, None)), abgang={"wegzug_pro_monat": 0.5})
    assert found.use.sum(axis=0)[3:] == pytest.approx([2 / 8, 2 / 16, 2 / 32])


def test_who_goes_straight_to_a_regular_class_needs_the_seat_at_once() -> None:
    here = town(*sheet())
    straight = {"abgang": {"direkt_in_regelklasse": 1.0}}
    assert use_of(here, zuzug={"pro_monat": 4.0}, **straight) == [0, 4, 8, 12, 16, 20]


def test_who_goes_back_to_phase_2_leaves_the_seat_where_only_phase_3_counts() -> None:
    # All go back after one month in phase 3, once, for two months.
    back = {"rueckkehr_in_vka": 1.0, "rueckkehr_nach_monaten": 1}
    long = {**SHORT, "phase3": {"mittel": 100.0, "standardabweichung": 1.0}}
    here = town(*sheet(), phases=(0, 0, None), newcomers=[child("k1")])
    values: Any = {"zeitraum": {"monate": 8}, "phasen": {"GS": long}, "abgang": back}
    # Until the change of the school year in August (month 6) all stay where they are.
    assert use_of(here, **values)[:6] == [0, 0, 0, 1, 0, 0]
    both = {**values, "klassen": {"phase2_zaehlt_in_regelklasse": True}}
    assert use_of(here, **both)[:6] == [0, 1, 1, 1, 1, 1]


def test_the_home_school_is_the_nearest_with_the_grade_whatever_the_vka() -> None:
    places = [place("A-Dorf"), place("B-Dorf", km=30)]
    schools = [school("GS A"), school("GS B", km=28, classes=0, free_rooms=0)]
    children = [child("k1", "B-Dorf", grade=2), child("k2", "B-Dorf", grade=3)]
    here = replace(
        district(schools, places, children),
        regular_classes=(*sheet("GS A", (2, 3)), *sheet("GS B", (2,))),
    )
    found = seats_of(here)
    last = {
        (g.school, g.grade): float(u) for g, u in zip(found.grades, found.use[:, -1], strict=True)
    }
    # Grade 3 does not exist at GS B, so the child goes to GS A.
    assert last == {("GS A", 2): 0, ("GS A", 3): 1, ("GS B", 2): 1}


def test_a_pupil_of_grade_4_needs_the_seat_at_the_next_school_after_august() -> None:
    day = date(2017, 6, 8)
    pupil = Pupil("s1", "GS A", 2, phase_since=date(2017, 5, 8), grade=4)
    rows = (*sheet("GS A"), *sheet("OS B", (5, 6, 7, 8, 9)))
    schools = [school("GS A", pupils=1), school("OS B", school_type="OS")]
    here = replace(
        district(schools, reference_date=day),
        rosters=(Roster(day, (pupil,)),),
        regular_classes=rows,
    )
    found = seats_of(here)
    # One of two months is over: in July it is in phase 3 at the GS, in August at the OS.
    by_type = {
        kind: found.use[[g.school_type == kind for g in found.grades]].sum(axis=0).tolist()
        for kind in ("GS", "OS")
    }
    assert by_type == {"GS": [0, 1, 0, 0, 0, 0], "OS": [0, 0, 1, 1, 1, 1]}
    assert [g.grade for g, u in zip(found.grades, found.use[:, 2], strict=True) if u > 0] == [5]


def test_free_seats_are_classes_times_28_less_pupils_and_inclusion() -> None:
    rows = [RegularClasses("GS A", 1, 2, 50, 1.5), RegularClasses("GS A", 2, 1, 25, 9.0)]
    found = seats_of(town(*rows))
    assert found.seats[:, 0].tolist() == [56, 28]
    # Nine seats of inclusion in one class count as five.
    assert found.free[:, 0].tolist() == [4.5, -2.0]
    assert found.free_planned[:, 0].tolist() == [50 - 51.5, 25 - 30]
    # Two of grade 2 are above the cap today already: those are no seats that newcomers miss.
    assert found.above.sum(axis=0).tolist() == [2] * 6
    assert found.missing.sum() == 0


def test_what_is_above_is_counted_by_grade() -> None:
    # Half a pupil in each grade: grade 1 has a seat left, the others have none.
    rows = [*sheet(grades=(1,), pupils=27), *sheet(grades=(2, 3, 4))]
    found = seats_of(town(*rows, phases=(2, 0, None)))
    assert found.above.sum(axis=0).tolist() == [0, 0, 0, 1.5, 1.5, 1.5]
    assert np.array_equal(found.above, found.missing)


def test_rows_of_one_grade_are_put_together() -> None:
    found = seats_of(town(RegularClasses("GS A", 1, 1, 20), RegularClasses("GS A", 1, 1, 22, 0.5)))
    assert [(g.classes, g.pupils, g.surcharge) for g in found.grades] == [(2, 42, 0.5)]


def test_a_school_of_the_saxon_list_needs_no_row_in_the_table() -> None:
    here = replace(
        town(*sheet("Grundschule Weinböhla"), *sheet("Schule Irgendwo")), name="Landkreis Meißen"
    )
    found = seats_of(here)
    assert {g.school for g in found.grades} == {"Grundschule Weinböhla"}
    assert found.grades[0].municipality == "Weinböhla"
    assert found.left_out == ("Schule Irgendwo",)


def test_where_the_municipality_is_named_its_seat_is_the_place() -> None:
    rows = sheet("GS Neu", municipality="B-Dorf")
    places = [place("A-Dorf"), place("B-Dorf", km=30)]
    children = [child("k1", "B-Dorf", grade=2)]
    here = replace(
        district([school("GS A")], places, children), regular_classes=(*sheet("GS A"), *rows)
    )
    found = seats_of(here)
    assert {g.school for g, u in zip(found.grades, found.use[:, -1], strict=True) if u > 0} == {
        "GS Neu"
    }


def test_phase_3_without_an_end_is_the_number_of_pupils_in_regular_classes() -> None:
    """Against the expectation of the simulation, with coming back, moving away and GYM."""
    from daz_planner.simulation.regular_entries import regular_entries

    long = {"mittel": 220.0, "standardabweichung": 1.0}
    own = scenario_from_dict(
        {
            "zeitraum": {"monate": 20},
            "zuzug": {"pro_monat": 9},
            "phasen": {
                kind: {**SHORT, "phase2": {"mittel": 4, "standardabweichung": 2}, "phase3": long}
                for kind in ("GS", "OS", "BSZ", "GYM")
            },
            "abgang": {
                "rueckkehr_in_vka": 0.3,
                "wegzug_pro_monat": 0.03,
                "direkt_in_regelklasse": 0.1,
            },
            "schuljahr": {"gymnasium_anteil": 0.4},
        }
    )
    schools = [school("GS A", pupils=30), school("OS B", pupils=20, school_type="OS")]
    here = canonical(district(schools, [place("A-Dorf"), place("B-Dorf", km=9)])).district
    outlook = expect(build_population(here, own))
    entries = regular_entries(outlook, np.zeros(20, dtype=np.bool_))
    ladder = outlook.population.ladder
    for kind in range(len(ladder.school_types)):
        mine = entries[ladder.kind == kind].sum(axis=(0, 1))
        assert mine == pytest.approx(outlook.pupils[kind, 2], abs=1e-8), ladder.school_types[kind]


# -- in the plan ----------------------------------------------------------------------------------


def plan_of(here: District, **tables: Any) -> Plan:
    own = setting(**tables)
    return make_plan(here, own, simulate(here, own))


def test_the_goal_gets_the_seats_above_the_cap() -> None:
    here = town(*sheet(), phases=(2, 0, None))
    (stage,) = [s for s in plan_of(here).stages if s.goal == "regelklassen"]
    assert (stage.value, stage.bound) == (pytest.approx(6.0), pytest.approx(6.0))
    assert stage.status is SolveStatus.OPTIMAL
    assert "regelklassen" not in {s.goal for s in plan_of(replace(here, regular_classes=())).stages}
    assert "regelklassen" not in {
        s.goal for s in plan_of(here, ziele={"reihenfolge": ["wartemonate", "weg"]}).stages
    }


def test_the_goal_stands_in_the_order_of_the_scenario() -> None:
    here = town(*sheet(), phases=(2, 0, None))
    order = ["wartemonate", "neue_klassen", "regelklassen", "klassenmonate", "weg"]
    goals = [s.goal for s in plan_of(here, ziele={"reihenfolge": order}).stages]
    known = [goal for goal in goals if goal in order]
    assert known == sorted(known, key=order.index)


def test_a_constant_changes_value_and_bound_alike() -> None:
    found = seats_of(town(*sheet(), phases=(2, 0, None)))
    hours = StageResult("GS", "regelklassen", 4.0, 3.0, 0.25, SolveStatus.WITHIN_GAP, 1.0)
    other = replace(hours, school_type="OS")
    first, second = with_regular_goal([hours, other], setting().ziele, found)
    assert (first.value, first.bound, first.gap) == (10.0, 9.0, pytest.approx(0.1))
    assert second == other
    priced = {"preise": {"wartemonate": 1.0, "regelklassen": 2.5}}
    cost = replace(hours, goal="preise")
    (raised,) = with_regular_goal([cost], setting(ziele=priced).ziele, found)
    assert raised.value == 4.0 + 2.5 * 6.0


def test_the_tables_add_up() -> None:
    here = town(*sheet(surcharge=0.5, pupils=26), phases=(8, 0, None))
    plan = plan_of(here)
    built = tables(plan)
    whole, grades = built["regelklassen"], built["regelklassen_stufen"]
    # Two pupils a grade, 1.5 seats free in each: half a seat is missing in each of four grades.
    assert whole.values("neu in Regelklassen") == pytest.approx([0, 0, 0, 8, 8, 8])
    assert whole.values("frei") == pytest.approx([6.0] * 6)
    assert whole.values("frei bis Planungsrichtwert") == pytest.approx([-6.0] * 6)
    assert whole.values("über der Grenze") == pytest.approx([0, 0, 0, 2, 2, 2])
    assert whole.values("volle Klassenstufen")[-1] == "1, 2, 3, 4"
    assert sum(grades.values("über der Grenze")) == pytest.approx(6.0)
    assert sum(grades.values("Plätze")) == 4 * 28 * 6


def test_missing_seats_are_named_with_school_and_month() -> None:
    short = plan_of(town(*sheet(), phases=(8, 0, None)))
    sentence = regular_sentence(short)
    assert sentence == (
        "In den Regelklassen fehlen für Kinder, die neu dorthin wechseln, im Mai 2017 im Mittel "
        "8 Plätze: GS A (höchstens 8 im Mai 2017) (Blatt Regelklassen)."
    )
    assert sentence in summary(short)[0][1]
    enough = plan_of(town(*sheet(pupils=20), phases=(8, 0, None)))
    assert regular_sentence(enough) == ""


def test_hints_say_what_is_counted_and_what_is_not() -> None:
    here = town(*sheet("GS A", (1, 2, 3)), phases=(8, 0, None))
    hints = plan_of(here).hints
    assert any("neu in Phase 3 kommt" in hint and "(Annahme)" in hint for hint in hints)
    assert any(hint.endswith("keine Klasse nennt: GS Stufe 4.") for hint in hints)
    assert not any("noch nicht verwendet" in hint for hint in hints)
    without = plan_of(replace(here, regular_classes=()))
    assert any(hint.startswith("Ohne das Blatt Regelklassen") for hint in without.hints)
    assert "regelklassen" not in tables(without)


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = (*sheet("GS A"), *sheet("GS B", pupils=20))
    schools = [school("GS A", pupils=9), school("GS B", km=5)]
    there = [replace(district(schools[::o]), regular_classes=rows[::o]) for o in (1, -1)]
    first, second = (tables(plan_of(here))["regelklassen"].frame for here in there)
    assert first.equals(second)
