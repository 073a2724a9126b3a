from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from daz_planner.district.findings import Severity
from daz_planner.district.plausible_pupils import classes_needed
from tests.district.plausible import DAY, check, child, district, only, pupil, roster, school


def with_pupil(**values: Any) -> tuple[Any, ...]:
    return check(district(rosters=(roster(pupil(**values)),)))


@pytest.mark.parametrize(
    ("values", "code", "cell"),
    [
        ({"entered": date(2017, 2, 9), "phase_since": None}, "datum_nach_stichtag", "E4"),
        ({"phase_since": date(2017, 3, 1)}, "datum_nach_stichtag", "D4"),
        ({"phase": 2, "phase_since": date(2016, 8, 31)}, "phase_vor_eintritt", "D4"),
        ({"entered": date(2015, 2, 7)}, "verweildauer_ueber", "E4"),
        ({"entered": None, "phase_since": date(2014, 1, 1)}, "verweildauer_ueber", "D4"),
        ({"grade": 5}, "klassenstufe_abweichend", "F4"),
    ],
)
def test_a_pupil(values: dict[str, Any], code: str, cell: str) -> None:
    finding = only(with_pupil(**values), code)
    assert (finding.place, finding.severity) == (f"Bestand!{cell}", Severity.WARNING)


@pytest.mark.parametrize(
    "values",
    [
        {"entered": DAY, "phase_since": DAY},
        {"entered": date(2015, 2, 8)},
        {"phase": 2, "entered": date(2016, 1, 1), "phase_since": date(2016, 1, 1)},
        {"entered": None, "phase_since": None},
        {"grade": None},
        {"grade": 1},
    ],
)
def test_a_pupil_of_whom_nothing_is_to_say(values: dict[str, Any]) -> None:
    assert with_pupil(**values) == ()


def test_the_stay_cap_is_handed_in_and_ends_with_the_vka() -> None:
    long_ago = pupil(entered=date(2012, 1, 1))
    tested = district(rosters=(roster(long_ago),))
    assert "24 Monate" in only(check(tested), "verweildauer_ueber").problem
    assert check(tested, stay_cap_months=None) == ()
    assert check(tested, stay_cap_months=120) == ()
    in_phase_3 = roster(pupil(phase=3, entered=date(2012, 1, 1)), number=21)
    assert check(district(rosters=(in_phase_3,))) == ()


@pytest.mark.parametrize(
    ("kind", "grade", "fits"),
    [
        ("OS", 4, False),
        ("OS", 5, True),
        ("OS", 10, True),
        ("OS", 11, False),
        ("BSZ", 9, False),
        ("BSZ", 10, True),
        ("BSZ", 13, True),
        ("GYM", 12, True),
        ("GYM", 13, False),
        ("GYM", 4, False),
    ],
)
def test_grades_of_the_school_types(kind: str, grade: int, fits: bool) -> None:
    there = school("Schule", school_type=kind, pupils=1, reserve=22)
    tested = district(
        schools=(there,), rosters=(roster(pupil(school="Schule", grade=grade), number=1),)
    )
    assert [f.code for f in check(tested)] == ([] if fits else ["klassenstufe_abweichend"])


def test_counts_of_the_roster_against_the_school_table() -> None:
    finding = only(check(district(rosters=(roster(number=19),))), "bestand_abweichend")
    assert (finding.place, finding.value) == ("Schulen!B7", "20")
    assert "im Bestand 19 in Phase 1 + 0 in Phase 2 = 19" in finding.problem
    in_phase_3 = roster(pupil(phase=3), number=21)
    assert check(district(rosters=(in_phase_3,))) == ()
    with_guest = district(schools=(school(guests=1, reserve=2),), rosters=(roster(number=21),))
    assert check(with_guest) == ()


def test_schools_without_a_roster_are_one_warning() -> None:
    others = tuple(school(f"{i}. Grundschule Riesa", row=7 + i) for i in range(2, 9))
    finding = only(
        check(district(schools=(school(), *others), rosters=(roster(),))), "bestand_fehlt"
    )
    assert "„2. Grundschule Riesa“" in finding.problem
    assert "und 2 weitere" in finding.problem
    empty = school("2. Grundschule Riesa", pupils=0, reserve=23)
    assert check(district(schools=(school(), empty), rosters=(roster(),))) == ()


def test_phases_of_the_roster_against_the_school_table() -> None:
    right = district(schools=(school(phases=(19, 1, None)),), rosters=(roster(pupil(phase=2)),))
    assert check(right) == ()
    wrong = district(schools=(school(phases=(19, None, None)),), rosters=(roster(),))
    assert only(check(wrong), "bestand_phasen").cell == "F7"


def test_a_roster_of_another_day_only() -> None:
    before = roster(day=date(2016, 10, 1), number=3)
    finding = only(check(district(rosters=(before,))), "bestand_stichtag")
    assert "01.10.2016" in finding.problem


def test_a_phase_does_not_go_back_between_two_rosters() -> None:
    old = roster(pupil("S-1", phase=2), day=date(2016, 10, 1))
    finding = only(check(district(rosters=(old, roster(pupil("S-1"))))), "phase_zurueck")
    assert finding.cell == "C4"
    assert "am 01.10.2016 war es schon Phase 2" in finding.problem
    forward = district(rosters=(roster(day=date(2016, 10, 1)), roster()))
    assert check(forward) == ()


def test_the_day_of_entry_stays_between_two_rosters() -> None:
    old = roster(pupil("S-1", entered=date(2016, 8, 1)), day=date(2016, 10, 1))
    assert only(check(district(rosters=(old, roster(pupil("S-1"))))), "eintritt_geaendert").row == 4


@pytest.mark.parametrize(
    ("kind", "grades", "fires"),
    [
        ("GS", (1, 2), False),
        ("GS", (1, 3), True),
        ("GS", (1, 2, 3), True),
        ("OS", (5, 7, 9), False),
        ("OS", (5, 6, 7, 8), True),
        ("BSZ", (10, 11, 12, 13), False),
    ],
)
def test_grades_in_a_class(kind: str, grades: tuple[int, ...], fires: bool) -> None:
    pupils = [pupil(f"S-{g}", school="Schule", grade=g) for g in grades]
    there = school("Schule", school_type=kind, pupils=len(grades), reserve=23 - len(grades))
    tested = district(schools=(there,), rosters=(roster(*pupils, number=len(grades)),))
    assert [f.code for f in check(tested)] == (["klassenstufen_spanne"] if fires else [])
    assert check(tested, grade_spans=None) == ()


def test_phase_3_does_not_count_for_the_grades_in_a_class() -> None:
    assert check(district(rosters=(roster(pupil(grade=4, phase=3), number=21),))) == ()


@pytest.mark.parametrize(
    ("grades", "span", "neighbours", "needed"),
    [
        ((1, 2, 3, 4), 2, True, 2),
        ((1, 3, 4), 2, True, 2),
        ((1, 4), 2, True, 2),
        ((1, 4), 2, False, 1),
        ((5, 6, 7, 8), 3, False, 2),
        ((), 2, True, 0),
    ],
)
def test_fewest_classes(grades: tuple[int, ...], span: int, neighbours: bool, needed: int) -> None:
    assert classes_needed(grades, span, neighbours=neighbours) == needed


def test_a_child_that_waits_and_sits() -> None:
    tested = district(newcomers=(child("S-100"),), rosters=(roster(),))
    finding = only(check(tested), "kind_im_bestand")
    assert finding.place == "Neuzugänge!A3"
    assert check(district(newcomers=(child("N-1"),), rosters=(roster(),))) == ()


@pytest.mark.parametrize(
    ("kind", "grade", "fires"),
    [("BSZ", 9, True), ("BSZ", 10, False), ("GYM", 13, True), ("GS", 9, False)],
)
def test_grades_of_children_that_the_reader_lets_pass(kind: str, grade: int, fires: bool) -> None:
    """GS 9 is the reader's own finding."""
    found = check(district(newcomers=(child(school_type=kind, grade=grade),)))
    assert [f.cell for f in found] == (["C3"] if fires else [])


def test_names_as_ids_are_told_once_a_sheet_and_masked() -> None:
    some = (
        pupil("Müller, Anna", row=4),
        pupil("Ali Hassan", row=5),
        pupil("Kim Ngo", row=9),
        pupil("Eva Braun", row=10),
    )
    finding = only(check(district(rosters=(roster(*some),))), "personenbezug")
    assert (finding.place, finding.value) == ("Bestand!A4", "M*****, A***")
    assert "sehen 4 Einträge aus wie ein Name (A4, A5, A9 und 1 weitere)" in finding.problem
    for word in ("Müller", "Anna", "Hassan"):
        assert word not in str(finding)


def test_names_of_families() -> None:
    finding = only(check(district(newcomers=(child(family="Müller"),))), "personenbezug")
    assert (finding.place, finding.value) == ("Neuzugänge!B3", "M*****")
    assert check(district(newcomers=(child(family="F-12"),))) == ()


def test_places_of_the_district_are_no_names() -> None:
    tested = district(newcomers=(child("Riesa Coswig 7"),))
    assert check(tested) == ()


def test_another_finding_does_not_spread_the_name() -> None:
    name = "Anna Müller"
    tested = district(newcomers=(child(name),), rosters=(roster(pupil(name)),))
    found = check(tested)
    assert {f.code for f in found} == {"kind_im_bestand", "personenbezug"}
    assert not any("Müller" in str(f) or "Müller" in f.value for f in found)


def test_phase_2_counts_like_phase_1() -> None:
    late = pupil(phase=2, entered=date(2012, 1, 1), grade=3)
    other = pupil("S-2", phase=2, grade=1, row=5)
    found = check(district(rosters=(roster(late, other),), newcomers=(child("S-2"),)))
    assert {(f.code, f.cell) for f in found} == {
        ("verweildauer_ueber", "E4"),
        ("klassenstufen_spanne", "C7"),
        ("kind_im_bestand", "A3"),
    }


def test_a_stay_without_entry_names_its_phase() -> None:
    finding = only(
        with_pupil(phase=2, entered=None, phase_since=date(2014, 1, 1)), "verweildauer_ueber"
    )
    assert "Seit 01.01.2014 in Phase 2," in finding.problem


def test_pupils_that_are_new_in_the_later_roster() -> None:
    old = roster(pupil("S-9"), day=date(2016, 10, 1), number=1)
    assert check(district(rosters=(old, roster(pupil("S-1"))))) == ()


def test_the_bsz_has_no_last_grade_in_the_text() -> None:
    there = school("Schule", school_type="BSZ", pupils=1, reserve=22)
    only_pupil = roster(pupil(school="Schule", grade=8), number=1)
    finding = only(
        check(district(schools=(there,), rosters=(only_pupil,))), "klassenstufe_abweichend"
    )
    assert "Schulart BSZ (ab 10)" in finding.problem


def test_the_grades_at_the_ends_count_for_the_span() -> None:
    four = tuple(pupil(f"S-{g}", grade=g) for g in (1, 4))
    assert check(district(rosters=(roster(*four, number=20),)))[0].code == "klassenstufen_spanne"
    two_classes = (school(classes=2, reserve=26),)
    only_ends = roster(*(pupil(f"S-{g}", grade=g) for g in (1, 4) * 10), number=20)
    assert check(district(schools=two_classes, rosters=(only_ends,))) == ()
