"""The example: the real table, invented pupils that fit it, and no finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from daz_planner.cli.runs import with_cap_findings
from daz_planner.district import District, read_district, write_example, write_template
from daz_planner.district.example import example_district
from daz_planner.district.model import Municipality, School
from daz_planner.district.synthetic import (
    GRADES,
    GRADES_IN_CLASS,
    synthetic_past,
    synthetic_roster,
)
from daz_planner.district.synthetic_past import InventedPupil
from daz_planner.errors import InputError
from daz_planner.shipped import path as shipped

REAL = shipped("data", "meissen-2017-02-08.xlsx")
RIESA = {"Oberschule „Am Merzdorfer Park“ Riesa", "Oberschule „Am Sportzentrum“ Riesa"}


@cache
def example() -> District:
    return example_district()


def test_the_numbers_of_the_office_are_the_real_ones() -> None:
    real = read_district(REAL)
    for mine, theirs in zip(example().schools, real.schools, strict=True):
        assert (mine.name, mine.pupils, mine.classes, mine.reserve) == (
            theirs.name,
            theirs.pupils,
            theirs.classes,
            theirs.reserve,
        )
        assert theirs.class_cap is None
        assert mine.class_cap == (24 if mine.name in RIESA else None)
    assert example().municipalities == real.municipalities
    assert example().reference_date == date(2017, 2, 8)


def test_the_real_table_still_has_its_two_deviations() -> None:
    real = with_cap_findings(read_district(REAL))
    said = " ".join(f.problem for f in real.findings)
    assert "Merzdorfer Park" in said and "Sportzentrum" in said


def test_the_roster_fits_the_table() -> None:
    district = example()
    roster = district.roster
    assert roster is not None
    assert len(roster.pupils) == 517
    assert Counter(p.school for p in roster.pupils) == {s.name: s.pupils for s in district.schools}
    assert len({p.pupil_id for p in roster.pupils}) == 517
    assert roster.pupils[0].pupil_id == "S-0001"
    places = {m.name for m in district.municipalities}
    assert {p.municipality for p in roster.pupils} <= places
    assert len({p.municipality for p in roster.pupils}) > 10


def test_phases_and_days_are_in_order() -> None:
    district = example()
    assert district.roster is not None
    day = district.reference_date
    for pupil in district.roster.pupils:
        assert pupil.entered is not None and pupil.phase_since is not None
        assert pupil.entered <= pupil.phase_since <= day
        assert pupil.entered.weekday() == pupil.phase_since.weekday() == 0
        assert day - pupil.phase_since <= timedelta(days=366)
        assert day - pupil.entered <= timedelta(days=731)
        assert pupil.phase in (1, 2)
        assert (pupil.phase == 1) <= (pupil.phase_since == pupil.entered)
    share = sum(p.phase == 1 for p in district.roster.pupils) / 517
    assert 0.1 < share < 0.25  # a year after the wave most of its pupils are in phase 2


def test_grades_fit_the_school_type_and_the_classes() -> None:
    district = example()
    assert district.roster is not None
    for school in district.schools:
        grades = {p.grade for p in district.roster.pupils if p.school == school.name}
        low, high = GRADES[school.school_type]
        assert grades <= set(range(low, high + 1))
        assert len(grades) <= GRADES_IN_CLASS[school.school_type] * school.classes
        if school.classes == 1:
            numbers = [grade for grade in grades if grade is not None]
            assert max(numbers) - min(numbers) < GRADES_IN_CLASS[school.school_type]


def test_the_seed_decides_the_roster() -> None:
    district = example()
    assert synthetic_roster(district) == district.roster
    assert synthetic_roster(district, seed=2) != district.roster


def test_most_pupils_of_a_grundschule_live_near_it() -> None:
    place = Municipality("Hier", 1000, 51.3, 13.3)
    far = Municipality("Dort", 1000, 51.0, 13.6)
    school = School("GS Hier", "GS", 60, 3, 9, "Hier", 51.3, 13.3)
    small = District("Landkreis Meißen", date(2017, 2, 8), (school,), (place, far))
    roster = synthetic_roster(small)
    assert {p.municipality for p in roster.pupils} == {"Hier"}
    nobody = replace(small, municipalities=())
    assert {p.municipality for p in synthetic_roster(nobody).pupils} == {""}


def test_every_sheet_has_an_example_and_names_what_exists() -> None:
    district = example()
    schools = {s.name for s in district.schools}
    places = {m.name for m in district.municipalities}
    assert len(district.newcomers) == 6
    assert {c.municipality for c in district.newcomers} <= places
    for child in district.newcomers:
        assert {child.pinned_to, *child.wishes, *child.excluded} <= schools | {""}
        assert child.registered is not None and child.registered <= district.reference_date
    assert {d.school for d in district.class_plan} <= schools
    assert {w.school for w in district.ways} <= schools
    assert {w.municipality for w in district.ways} <= places
    assert {r.school for r in district.regular_classes} <= schools
    assert all(r.pupils <= 28 * r.classes for r in district.regular_classes)
    assert {(b.school_type, b.hours) for b in district.teacher_budgets} == {
        ("GS", 204.0),
        ("OS", 270.0),
        ("BSZ", 288.0),
    }


def test_the_history_ends_with_the_series_of_the_scenario() -> None:
    months = example().history
    assert (months[0].month, months[-1].month) == (date(2014, 2, 1), date(2017, 1, 1))
    assert len(months) == 36
    assert months[0].registrations == (("", 15),)
    assert [n.registrations[0][1] for n in months[13:16]] == [20, 20, 22]
    assert months[24].month == date(2016, 2, 1)
    assert months[24].registrations == (("", 113),)


def test_the_pupils_of_the_history_are_those_of_the_roster() -> None:
    """Counts of past months come from single pupils; those who are still there are the roster."""
    district = example()
    pupils = synthetic_past(district)
    assert len(pupils) == sum(n for m in district.history for _, n in m.registrations) + 24 * 15
    assert district.roster is not None
    still = [p for p in pupils if p.phase_on(district.reference_date)]
    assert Counter((p.phase_on(district.reference_date), p.entered) for p in still) == Counter(
        (p.phase, p.entered) for p in district.roster.pupils
    )
    for month in district.history:
        counts = dict(month.pupils)
        assert counts[0] == counts[1] + counts[2]
    assert dict(district.history[-1].pupils)[0] == sum(
        p.phase_on(date(2017, 1, 31)) is not None for p in pupils
    )


def test_the_first_day_of_a_phase_belongs_to_it() -> None:
    pupil = InventedPupil(date(2016, 1, 4), date(2016, 5, 2), date(2017, 1, 9))
    days = (date(2016, 1, 3), date(2016, 1, 4), date(2016, 5, 1), date(2016, 5, 2))
    assert [pupil.phase_on(day) for day in days] == [None, 1, 1, 2]
    assert pupil.phase_on(date(2017, 1, 8)) == 2 and pupil.phase_on(date(2017, 1, 9)) is None


def test_a_count_that_the_registrations_do_not_give_is_refused() -> None:
    few = replace(example(), history=example().history[-2:])  # 44 came, and 22 in earlier months
    with pytest.raises(ValueError, match="cannot be there"):
        synthetic_past(replace(few, schools=(replace(few.schools[0], pupils=2000),)))


def test_the_example_has_no_finding(tmp_path: Path) -> None:
    path = tmp_path / "beispiel.xlsx"
    write_example(path)
    district = with_cap_findings(read_district(path))
    assert [str(finding) for finding in district.findings] == []


def test_the_empty_one_lacks_only_its_content(tmp_path: Path) -> None:
    path = tmp_path / "leer.xlsx"
    write_template(path)
    with pytest.raises(InputError, match="3 Fehler") as error:
        read_district(path)
    codes = [finding.code for finding in error.value.findings]
    assert sorted(codes) == ["keine_schule", "landkreis_fehlt", "stichtag_fehlt"]


def test_a_template_filled_by_hand_has_no_finding(tmp_path: Path) -> None:
    """The three values of Angaben and one row of Schulen are enough; empty rows do not matter."""
    path = tmp_path / "mappe.xlsx"
    write_template(path)
    book = load_workbook(path)
    for row, value in ((5, "Landkreis Meißen"), (6, date(2017, 2, 8)), (7, "2016/17")):
        book["Angaben"].cell(row, 2).value = value
    sheet = book["Schulen"]
    (table,) = sheet.tables.values()
    head = int(table.ref.split(":")[0][1:])
    places = {cell.value: cell.column for cell in sheet[head]}
    values = {
        "Schule": "3. Grundschule Riesa",
        "VKA-Schüler": 17,
        "VKA-Klassen": 1,
        "Kap.reserve": 6,
    }
    for name, value in values.items():
        sheet.cell(head + 1, places[name]).value = value
    book.save(path)
    district = with_cap_findings(read_district(path))
    assert [str(finding) for finding in district.findings] == []
    (school,) = district.schools
    assert (school.school_type, school.municipality, school.pupils) == ("GS", "Riesa", 17)
    assert len(district.municipalities) == 28
