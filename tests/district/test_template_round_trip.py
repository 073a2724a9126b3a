"""What is written is read back: the example, and any district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daz_planner.district import District, read_district, write_example
from daz_planner.district.example import example_district
from daz_planner.district.gazetteer import district_names
from daz_planner.district.model import (
    SCHOOL_TYPES,
    ClassDecision,
    GivenWay,
    HistoryMonth,
    Municipality,
    Newcomer,
    PlanState,
    Pupil,
    RegularClasses,
    RoomChange,
    Roster,
    School,
    TeacherBudget,
)
from daz_planner.district.template import write_district

GRADES = {"GS": (1, 4), "OS": (5, 10), "BSZ": (10, 13), "GYM": (5, 12)}


def content(district: District) -> District:
    """The district without what depends on the file it was read from."""
    schools = tuple(replace(school, sheet="", row=0) for school in district.schools)
    return replace(district, schools=schools, files=(), findings=())


def written_and_read(district: District) -> District:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mappe.xlsx"
        write_district(district, path)
        return content(read_district(path))


def test_the_example_reads_back_the_same(tmp_path: Path) -> None:
    write_example(tmp_path / "beispiel.xlsx")
    assert content(read_district(tmp_path / "beispiel.xlsx")) == content(example_district())


def test_only_what_must_be_there() -> None:
    school = School("Schule A", "OS", 0, 0, None, "Ort", 51.0, 13.0, location_from="Eingabe")
    district = District(
        "Landkreis Meißen", date(2026, 9, 1), (school,), (Municipality("Ort", 1, 51.0, 13.0),)
    )
    assert written_and_read(district) == district


LETTERS = "abcdefghijklmnoprstuvwzäöüß"
_WORDS = st.text(LETTERS, min_size=3, max_size=9).map(str.capitalize)
_DAYS = st.dates(date(2015, 1, 1), date(2027, 12, 31))
_MONTHS = st.dates(date(2010, 1, 1), date(2027, 12, 31)).map(lambda day: day.replace(day=1))
_IDS = st.from_regex(r"(?:[A-Z]{1,2}-?)?0{0,3}[1-9][0-9]{0,5}", fullmatch=True)
_LATITUDES = st.integers(50_200_000, 51_700_000).map(lambda n: n / 1e6)
_LONGITUDES = st.integers(11_900_000, 15_000_000).map(lambda n: n / 1e6)


def _unique(name: object) -> str:
    return str(name).casefold().replace("-", "").replace("ß", "ss")


@st.composite
def _places(draw: st.DrawFn) -> tuple[Municipality, ...]:
    stems = draw(st.lists(_WORDS, min_size=1, max_size=4, unique_by=_unique))
    shares: list[float | None] = [None] * len(stems)
    if draw(st.booleans()):
        cuts = draw(st.lists(st.integers(0, 64), min_size=len(stems) - 1, max_size=len(stems) - 1))
        edges = [0, *sorted(cuts), 64]
        shares = [(b - a) / 64 for a, b in pairwise(edges)]
    return tuple(
        Municipality(
            f"{stem}xq",  # no real municipality
            draw(st.integers(1, 600_000)),
            draw(_LATITUDES),
            draw(_LONGITUDES),
            ags=f"1462799{number}" if draw(st.booleans()) else "",
            arrival_share=share,
            planning_area=draw(st.sampled_from(("Nord", "Süd-Ost", "Mitte"))),
        )
        for number, (stem, share) in enumerate(zip(stems, shares, strict=True))
    )


_TYPE_WORDS = {"GS": "Grundschule", "OS": "Oberschule", "BSZ": "BSZ", "GYM": "Gymnasium"}


@st.composite
def _schools(draw: st.DrawFn, places: tuple[Municipality, ...]) -> tuple[School, ...]:
    stems = draw(st.lists(_WORDS, min_size=1, max_size=5, unique_by=_unique))
    counts = st.integers(0, 2000)
    maybe = st.none() | counts
    result = []
    for number, stem in enumerate(stems):
        kind = draw(st.sampled_from(SCHOOL_TYPES))
        place = draw(st.sampled_from(places))
        form = draw(st.sampled_from(("{0} {1}xq {2}", "{2}. {0} „{1}xq“", "{1}xq-{0}, Haus {2}")))
        result.append(
            School(
                name=form.format(_TYPE_WORDS[kind], stem, number + 1),
                school_type=kind,
                pupils=draw(counts),
                classes=draw(st.integers(0, 200)),
                reserve=draw(maybe),
                municipality=place.name,
                latitude=draw(_LATITUDES),
                longitude=draw(_LONGITUDES),
                number=f"0{number}{draw(st.integers(1000, 9999))}" if draw(st.booleans()) else "",
                planning_area=draw(st.sampled_from(("Nord", "Süd-Ost"))),
                class_cap=draw(st.none() | st.integers(1, 100)),
                free_rooms=draw(st.none() | st.integers(0, 200)),
                guests=draw(counts),
                phases=(draw(maybe), draw(maybe), draw(maybe)),
                location_from=draw(st.sampled_from(("Schule", "Gemeindesitz", "Eingabe"))),
            )
        )
    return tuple(result)


@st.composite
def districts(draw: st.DrawFn) -> District:
    day = draw(_DAYS)
    places = draw(_places())
    schools = draw(_schools(places))
    names = st.sampled_from([school.name for school in schools])
    homes = st.sampled_from([place.name for place in places])
    before = st.none() | st.integers(0, 900).map(lambda days: day - timedelta(days=days))
    types = {school.name: school.school_type for school in schools}

    def grades(kind: str) -> st.SearchStrategy[int | None]:
        return st.none() | st.integers(*GRADES[kind])

    pupils = []
    for pupil_id in draw(st.lists(_IDS, max_size=6, unique_by=_unique)):
        school = draw(names)
        pupils.append(
            Pupil(
                pupil_id,
                school,
                draw(st.integers(1, 3)),
                draw(before),
                draw(before),
                draw(grades(types[school])),
                draw(st.just("") | homes),
            )
        )
    children = []
    for child_id in draw(st.lists(_IDS, max_size=4, unique_by=_unique)):
        kind = draw(st.sampled_from(SCHOOL_TYPES))
        mine = [name for name in types if types[name] == kind]
        pinned = draw(st.sampled_from(["", *mine]))
        several = st.lists(names, max_size=3, unique=True).map(tuple)
        children.append(
            Newcomer(
                child_id,
                draw(homes),
                kind,
                draw(grades(kind)),
                draw(before),
                draw(st.sampled_from(("", "F-1", "007"))),
                pinned,
                tuple(name for name in draw(several) if name != pinned),
                draw(several),
            )
        )
    pairs = st.tuples(homes, names)
    months = sorted(draw(st.lists(_MONTHS, max_size=5, unique=True)))
    numbers = st.integers(0, 5000)
    return District(
        name=draw(st.sampled_from(sorted(district_names().values()))),
        reference_date=day,
        schools=schools,
        municipalities=places,
        newcomers=tuple(children),
        rosters=(Roster(day, tuple(pupils)),) if pupils else (),
        class_plan=tuple(
            ClassDecision(
                school, month, draw(st.integers(0, 200)), draw(st.sampled_from(PlanState))
            )
            for school, month in draw(st.lists(st.tuples(names, _MONTHS), max_size=4, unique=True))
        ),
        room_changes=tuple(
            RoomChange(school, month, draw(st.integers(0, 200)))
            for school, month in draw(st.lists(st.tuples(names, _MONTHS), max_size=4, unique=True))
        ),
        ways=tuple(
            GivenWay(home, school, draw(st.integers(0, 600)) / 2)
            for home, school in draw(st.lists(pairs, max_size=5, unique=True))
        ),
        regular_classes=tuple(
            RegularClasses(
                *(school, grade, draw(st.integers(0, 50)), draw(st.integers(0, 2000))),
                *(draw(st.integers(0, 500)) / 2, draw(st.sampled_from(("", *SCHOOL_TYPES)))),
                draw(st.just("") | homes),
            )
            for school, grade in draw(
                st.lists(st.tuples(names, st.integers(1, 13)), max_size=5, unique=True)
            )
        ),
        teacher_budgets=tuple(
            TeacherBudget(
                draw(st.integers(0, 20_000)) / 2,
                **{"school_type" if name in SCHOOL_TYPES else "planning_area": name},
            )
            for name in draw(
                st.lists(st.sampled_from((*SCHOOL_TYPES, "Nord", "Süd-Ost")), unique=True)
            )
        ),
        history=tuple(
            HistoryMonth(
                month,
                tuple(
                    (kind, draw(numbers))
                    for kind in ("", *SCHOOL_TYPES)
                    if kind == "" or draw(st.booleans())
                ),
                tuple((phase, draw(numbers)) for phase in range(4) if draw(st.booleans())),
            )
            for month in months
        ),
        school_year=draw(st.sampled_from(("", "2016/17", "2025/26"))),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(districts())
def test_any_district_reads_back_the_same(district: District) -> None:
    assert written_and_read(district) == district
