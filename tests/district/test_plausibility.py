from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from daz_planner.cli.runs import with_cap_findings
from daz_planner.district import read_district, write_example
from daz_planner.district.findings import Severity
from daz_planner.district.model import District, Municipality, Roster
from daz_planner.errors import InputError
from daz_planner.scenario import scenario_from_dict
from tests.district.plausible import (
    DAY,
    FILE,
    check,
    coswig,
    district,
    only,
    pupil,
    riesa,
    roster,
    school,
)

REAL = Path(__file__).parents[2] / "data" / "meissen-2017-02-08.xlsx"


def test_nothing_to_say() -> None:
    assert check(district(), today=DAY) == ()
    assert check(district(rosters=(roster(),))) == ()


def test_the_real_table_has_two_doubtful_schools() -> None:
    found = with_cap_findings(read_district(REAL)).findings
    assert [(f.code, f.value.split()[-1]) for f in found] == [
        ("ueber_obergrenze", "Riesa"),
        ("reserve_abweichend", "Riesa"),
    ]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("beispiel") / "beispiel.xlsx"
    write_example(path)
    return path


def test_the_example_has_nothing_doubtful(example: Path) -> None:
    found = with_cap_findings(read_district(example)).findings
    assert [str(f) for f in found if f.code not in ("ueber_obergrenze", "reserve_abweichend")] == []
    assert len(found) <= 2


@pytest.mark.parametrize(
    ("sheet", "column", "value", "code"),
    [
        ("Schulen", "VKA-Schüler", 200, "schueler_je_klasse"),
        ("Gemeinden", "AGS", "14625020", "ags_abweichend"),
        ("Bestand", "Klassenstufe", 13, "klassenstufe_abweichend"),
        ("Bestand", "Eintritt", date(2012, 5, 1), "verweildauer_ueber"),
        ("Bestand", "Schüler-ID", "Anna Müller", "personenbezug"),
        ("Neuzugänge", "Familie", "Müller", "personenbezug"),
        ("Klassenplan", "ab", "08.2012", "klassenplan_vor_stichtag"),
        ("Wege", "Minuten", 290, "weg_zu_lang"),
        ("Regelklassen", "Schüler", 400, "regelklasse_ueber"),
        ("Historie", "Monat", date(2018, 3, 1), "historie_nach_stichtag"),
    ],
)
def test_a_cell_of_the_example_made_doubtful_is_named(
    example: Path, tmp_path: Path, sheet: str, column: str, value: Any, code: str
) -> None:
    """The first row of each sheet, changed in one cell of the file itself."""
    book = openpyxl.load_workbook(example)
    header = next(
        cell for row in book[sheet].iter_rows() for cell in row if str(cell.value).strip() == column
    )
    cell = book[sheet].cell(header.row + 1, header.column)
    cell.value = value
    changed = tmp_path / "neu.xlsx"
    book.save(changed)
    try:
        found = with_cap_findings(read_district(changed)).findings
    except InputError as error:
        found = error.findings
    assert f"{sheet}!{cell.coordinate}" in [f.place for f in found if f.code == code]
    assert not any("Müller" in str(f) or "Müller" in f.value for f in found)


def test_the_real_table_under_another_cap_is_one_warning() -> None:
    scenario = scenario_from_dict({"klassen": {"obergrenze": 28}})
    found = with_cap_findings(read_district(REAL), scenario).findings
    assert [f.code for f in found] == [
        "reserve_andere_obergrenze",
        "reserve_abweichend",
        "reserve_abweichend",
    ]
    assert "17 Schulen passt die Reserve zu einer Klassenobergrenze von 23" in found[0].problem
    assert "gerechnet wird mit 28" in found[0].problem
    assert "obergrenze = 23" in found[0].remedy
    assert (found[0].row, found[0].sheet) == (0, read_district(REAL).schools[0].sheet)


@pytest.mark.parametrize(
    ("fitting", "others", "codes"),
    [
        (6, 0, {"reserve_andere_obergrenze": 1}),
        (6, 5, {"reserve_andere_obergrenze": 1}),
        (5, 0, {"reserve_abweichend": 5}),
        (6, 6, {"reserve_abweichend": 6}),
    ],
)
def test_one_warning_only_for_most_of_at_least_six(
    fitting: int, others: int, codes: dict[str, int]
) -> None:
    made_under_28 = [school(f"Grundschule {i}", reserve=8, row=i) for i in range(1, fitting + 1)]
    right = [school(f"Grundschule {i}", reserve=3, row=i) for i in range(50, 50 + others)]
    found = check(district(schools=(*made_under_28, *right)))
    assert {code: sum(f.code == code for f in found) for code in codes} == codes
    assert len(found) == sum(codes.values())


def test_deviations_that_fit_no_other_cap_stay_one_a_school() -> None:
    schools = tuple(school(f"Grundschule {i}", reserve=i, row=i) for i in range(10, 18))
    assert {f.code for f in check(district(schools=schools))} == {"reserve_abweichend"}


def test_schools_above_the_cap_are_named_even_if_the_table_fits_another() -> None:
    schools = [school(f"Grundschule {i}", reserve=8, row=i) for i in range(6)]
    over = school("Grundschule voll", pupils=26, reserve=2, row=9)
    found = check(district(schools=(*schools, over)))
    assert [f.code for f in found] == ["reserve_andere_obergrenze", "ueber_obergrenze"]
    assert found[1].cell == "B9"


def test_a_school_with_its_own_cap_is_no_witness_for_another() -> None:
    schools = tuple(school(f"Grundschule {i}", class_cap=25, reserve=8, row=i) for i in range(1, 8))
    assert {f.code for f in check(district(schools=schools))} == {"reserve_abweichend"}


def test_far_too_many_pupils_are_a_fault_and_told_once() -> None:
    assert check(district(schools=(school(pupils=69, reserve=None),)))[0].code == "ueber_obergrenze"
    finding = only(
        check(district(schools=(school(pupils=70, reserve=None),))), "schueler_je_klasse"
    )
    assert finding.severity is Severity.FAULT
    assert (finding.cell, finding.file) == ("B7", FILE)
    assert "70 Schüler in 1 VKA-Klasse" in finding.problem
    own = school(pupils=70, reserve=None, class_cap=30)
    assert check(district(schools=(own,)))[0].code == "ueber_obergrenze"
    assert check(district(schools=(school(pupils=70, reserve=None),)), class_cap=None) == ()


def test_fewer_pupils_than_classes() -> None:
    swapped = school(pupils=2, classes=4, reserve=90)
    assert only(check(district(schools=(swapped,))), "weniger_schueler_als_klassen").cell == "C7"
    assert check(district(schools=(school(pupils=0, classes=1, reserve=23),))) == ()


@pytest.mark.parametrize(
    ("phases", "fires"),
    [((21, None, None), True), ((20, None, None), False), ((8, 12, 90), False)],
)
def test_a_phase_above_all_pupils(phases: Any, fires: bool) -> None:
    found = check(district(schools=(school(phases=phases),)))
    assert [f.cell for f in found] == (["F7"] if fires else [])
    assert {f.code for f in found} <= {"phasen_summe"}


@pytest.mark.parametrize(
    ("year", "code"),
    [
        ("2016/17", None),
        ("2016/2017", None),
        ("2. Halbjahr 2016/17", None),
        ("", None),
        ("2017/18", "schuljahr_abweichend"),
        ("2015/16", "schuljahr_abweichend"),
        ("2016/18", "schuljahr_unklar"),
        ("dieses", "schuljahr_unklar"),
    ],
)
def test_school_year(year: str, code: str | None) -> None:
    assert [f.code for f in check(district(school_year=year))] == ([code] if code else [])


def test_a_reference_date_in_the_future() -> None:
    finding = only(check(district(), today=date(2017, 2, 7)), "stichtag_zukunft")
    assert "08.02.2017" in finding.problem
    assert check(district(), today=None) == ()


def test_the_district_that_is_named_against_its_municipalities() -> None:
    finding = only(check(district(name="Landkreis Bautzen")), "landkreis_widerspruch")
    assert finding.severity is Severity.FAULT
    assert "Angegeben ist Landkreis Bautzen" in finding.problem
    assert "2 von 2 Gemeinden" in finding.problem
    assert "Landkreis Meißen" in finding.problem
    assert check(district(name="Landkreis ohne Namen")) == ()


def bautzen(**values: Any) -> Municipality:
    return Municipality(
        **{
            "name": "Bautzen",
            "population": 38_000,
            "latitude": 51.18,
            "longitude": 14.42,
            "ags": "14625020",
            "sheet": "Gemeinden",
            "row": 9,
            **values,
        }
    )


def test_a_municipality_of_another_district() -> None:
    finding = only(
        check(district(municipalities=(riesa(), coswig(), bautzen()))), "gemeinde_ausserhalb"
    )
    assert (finding.cell, finding.value, finding.severity) == ("B9", "14625020", Severity.WARNING)
    assert "„Bautzen“ gehört zu: Landkreis Bautzen" in finding.problem


def test_many_municipalities_of_other_districts_are_one_warning() -> None:
    inside = tuple(riesa(name=f"R{i}", ags=f"146279{i:02d}", row=i) for i in range(10))
    outside = tuple(bautzen(name=f"B{i}", ags=f"146259{i:02d}", row=20 + i) for i in range(6))
    finding = only(check(district(municipalities=(*inside, *outside))), "gemeinde_ausserhalb")
    assert finding.row == 0
    assert "6 Gemeinden" in finding.problem


def test_key_seat_and_inhabitants_against_the_list() -> None:
    for wrong, code, cell in (
        (riesa(ags="14627040"), "ags_abweichend", "B5"),
        (riesa(latitude=51.0), "lage_abweichend", "D5"),
        (riesa(population=300), "einwohner_abweichend", "C5"),
        (riesa(population=300_000), "einwohner_abweichend", "C5"),
    ):
        base = (school(latitude=wrong.latitude),)
        assert only(check(district(schools=base, municipalities=(wrong,))), code).cell == cell
    assert check(district(municipalities=(riesa(population=0, arrival_share=1.0),))) == ()


def test_a_school_far_away() -> None:
    near_coswig = school(latitude=51.13, longitude=13.58)
    finding = only(check(district(schools=(near_coswig,))), "schule_gemeinde_fern")
    assert (finding.cell, finding.value) == ("E7", "51,13 / 13,58")
    far = school(latitude=50.5, longitude=12.4)
    assert only(check(district(schools=(far,))), "schule_fern").cell == "E7"
    nowhere = school(latitude=0.0, longitude=0.0)
    assert check(district(schools=(nowhere,))) == ()


def test_faults_end_the_command_with_all_findings() -> None:
    doubtful = district(
        schools=(school(pupils=70, reserve=None), school("2. Grundschule Riesa", reserve=5, row=8))
    )
    with pytest.raises(InputError) as raised:
        with_cap_findings(doubtful)
    assert [f.code for f in raised.value.findings] == ["schueler_je_klasse", "reserve_abweichend"]
    assert "einen Fehler" in str(raised.value)


def test_many_findings_of_a_kind_are_cut_with_a_count() -> None:
    wrong = tuple(pupil(f"S-{i}", row=i, grade=9) for i in range(1, 603))
    found = check(
        district(
            schools=(school(pupils=602, classes=30, reserve=88),), rosters=(Roster(DAY, wrong),)
        )
    )
    assert len(found) == 501
    assert "noch 102 Befunde dieser Art" in found[0].problem


def test_places_without_a_known_column_name_the_row() -> None:
    bare: District = district(columns=(), schools=(school(pupils=70, reserve=None),))
    assert only(check(bare), "schueler_je_klasse").place == "Schulen!Zeile 7"


@pytest.mark.parametrize(("fitting", "others", "once"), [(8, 2, True), (7, 2, False)])
def test_nearly_all_that_deviate_must_fit_the_other_cap(
    fitting: int, others: int, once: bool
) -> None:
    fit = [school(f"Grundschule {i}", reserve=8, row=i) for i in range(fitting)]
    neither = [school(f"Grundschule {i}", reserve=5, row=i) for i in range(20, 20 + others)]
    found = check(district(schools=(*fit, *neither)))
    assert any(f.code == "reserve_andere_obergrenze" for f in found) is once
    assert len(found) == (1 + others if once else fitting + others)


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2016, 8, 1), True),
        (date(2017, 7, 31), True),
        (date(2016, 7, 31), False),
        (date(2017, 8, 1), False),
    ],
)
def test_first_and_last_day_of_the_school_year(day: date, fits: bool) -> None:
    found = check(district(reference_date=day))
    assert [f.code for f in found] == ([] if fits else ["schuljahr_abweichend"])


def test_without_a_named_district_only_a_few_can_be_outsiders() -> None:
    """Four of five municipalities make the district; three of four do not."""
    four = tuple(riesa(name=f"R{i}", ags=f"146279{i:02d}") for i in range(4))
    nameless = district(name="Landkreis ohne Namen", municipalities=(*four, bautzen()))
    assert only(check(nameless), "gemeinde_ausserhalb").row == 9
    fewer = district(name="Landkreis ohne Namen", municipalities=(*four[:3], bautzen()))
    assert check(fewer) == ()


def test_half_of_the_municipalities_elsewhere_are_warnings_not_a_fault() -> None:
    found = check(district(name="Landkreis Bautzen", municipalities=(riesa(), bautzen())))
    assert only(found, "gemeinde_ausserhalb").value == "14627230"


def test_findings_of_several_files_name_their_own() -> None:
    first = pupil("S-1", file="gs-1.csv", sheet="gs-1", grade=7)
    second = pupil("S-2", file="gs-2.csv", sheet="gs-2", grade=8)
    columns = (("gs-2.csv", "gs-2", "Klassenstufe", 9),)
    tested = district(rosters=(roster(first, second),), columns=columns)
    assert [(f.file, f.place) for f in check(tested)] == [
        ("gs-1.csv", "gs-1!Zeile 4"),
        ("gs-2.csv", "gs-2!I4"),
    ]
