"""Whatever stands in the cells, the reader ends with a district or with an InputError."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from daz_planner.district.findings import Severity
from daz_planner.district.read import build_district
from daz_planner.district.sheets import Sheet, Source
from daz_planner.errors import InputError

HEADER = ("Schule", "Schulart", "Gemeinde", "VKA-Schüler", "VKA-Klassen", "Kap.reserve")
HEADER += ("Breite", "Länge", "Phase 1", "Phase 2", "Schulnummer")
PLACES = ("Gemeinde", "AGS", "Einwohner", "Breite", "Länge", "Anteil am Zuzug")
CHILDREN = ("Schüler-ID", "Gemeinde", "Schulart", "Klassenstufe", "gemeldet am", "fixiert auf")
WORDS = (
    *("Summe", "Summe GS", "GS", "Grundschulen", "Oberschule A", "Riesa", "Coswig", "=1+1", "–"),
    *("1.234", "2x", "Stand 08.02.2017", "Quelle: x", "51,3", "13,3", "25 %", "Σ", "(", "VKA"),
)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    st.text(max_size=12),
    st.integers(),
    st.integers(0, 60),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.just(51.3),
    st.just(13.3),
)


def tables(header: tuple[str, ...]) -> st.SearchStrategy[tuple[tuple[Any, ...], ...]]:
    row = st.lists(CELLS, max_size=len(header) + 1).map(tuple)
    return st.lists(row, max_size=6).map(lambda rows: (header, *rows))


GOOD = ("Oberschule A", "OS", "Riesa", 20, 1, 3, 51.3, 13.3)


@settings(deadline=None, max_examples=300)
@given(
    school_rows=tables(HEADER),
    places=st.one_of(st.none(), tables(PLACES)),
    children=st.one_of(st.none(), tables(CHILDREN)),
    details=st.lists(st.tuples(st.sampled_from(("Landkreis", "Stichtag", "x")), CELLS), max_size=3),
    with_good=st.booleans(),
)
def test_garbage_never_ends_in_another_error(
    school_rows: tuple[tuple[Any, ...], ...],
    places: tuple[tuple[Any, ...], ...] | None,
    children: tuple[tuple[Any, ...], ...] | None,
    details: list[tuple[str, Any]],
    with_good: bool,
) -> None:
    rows = (*school_rows, GOOD) if with_good else school_rows
    sheets = [Sheet("Schulen", rows)]
    sheets += [Sheet("Angaben", tuple(details) or (("Landkreis", "Meißen"),))]
    if places is not None:
        sheets.append(Sheet("Gemeinden", places))
    if children is not None:
        sheets.append(Sheet("Neuzugänge", children))
    try:
        district = build_district(
            Source("müll.xlsx", "", tuple(sheets)), reference_date=date(2017, 2, 8)
        )
    except InputError as error:
        faults = [f for f in error.findings if f.severity is Severity.FAULT]
        assert faults
        assert all(finding.problem for finding in error.findings)
        assert list(error.findings) == sorted(error.findings, key=lambda f: f.sort_key)
        return
    names = {place.name for place in district.municipalities}
    assert district.schools
    for school in district.schools:
        assert school.municipality in names
        assert 50.1 <= school.latitude <= 51.8
        assert school.pupils >= 0 <= school.classes
    assert sum(place.population for place in district.municipalities) > 0 or any(
        place.arrival_share is not None for place in district.municipalities
    )
    assert all(child.municipality in names for child in district.newcomers)


@settings(deadline=None, max_examples=150)
@given(rows=st.lists(st.lists(CELLS, max_size=5).map(tuple), max_size=8))
def test_sheets_of_pure_garbage(rows: list[tuple[Any, ...]]) -> None:
    try:
        build_district(Source("müll.xlsx", "", (Sheet("x", tuple(rows)),)))
    except InputError as error:
        assert error.findings


BY_SHEET = {
    "Bestand": ("Schüler-ID", "Schule", "Phase", "Phase seit", "Eintritt", "Gemeinde"),
    "Klassenplan": ("Schule", "ab", "Klassen", "Stand"),
    "Räume": ("Schule", "ab", "freie Räume"),
    "Wege": ("Gemeinde", "Schule", "Minuten"),
    "Regelklassen": ("Schule", "Klassenstufe", "Klassen", "Schüler"),
    "Lehrerstunden": ("Schulart", "Planungsregion", "Stunden"),
    "Historie": ("Monat", "Anmeldungen", "Anmeldungen GS", "VKA-Schüler", "Phase 1"),
}
MATRIX = ("Gemeinde", "Oberschule A", "Coswig", "Oberschule B", "Riesa")
GOOD_HEADER = HEADER[:8]
GOOD_ROW = ("Oberschule A", "OS", "Riesa", 20, 1, 3, 51.3, 13.3)
MORE_CELLS = st.one_of(
    CELLS,
    st.sampled_from(("Oberschule A", "OS A Riesa", "S1", "08.2017", "beschlossen", "#NV", "~5")),
    st.sampled_from((1, 2, 3, 5.0, "GS", "Riesa", "01.02.2017")),
)


@st.composite
def sheets_of_all_kinds(draw: st.DrawFn) -> tuple[Sheet, ...]:
    name = draw(st.sampled_from(sorted(BY_SHEET)))
    header: tuple[Any, ...] = BY_SHEET[name]
    if name == "Wege" and draw(st.booleans()):
        header = MATRIX
    header = draw(st.one_of(st.just(header), st.permutations(header).map(tuple)))
    row = st.lists(MORE_CELLS, max_size=len(header) + 1).map(tuple)
    above = draw(st.lists(row, max_size=2))
    rows = draw(st.lists(st.one_of(row, row, st.just(header)), max_size=6))
    merged = draw(
        st.lists(st.tuples(*(st.integers(1, 6) for _ in range(4))).map(_ordered), max_size=2)
    )
    places = st.tuples(st.integers(1, 6), st.integers(1, 6))
    return (
        Sheet(
            draw(st.sampled_from((name, name, f"{name} 2016-10-04", "Oberschule A", "x"))),
            (*above, header, *rows),
            merged=tuple(merged),
            hidden_rows=draw(st.frozensets(st.integers(1, 9), max_size=3)),
            empty_formulas=draw(st.frozensets(places, max_size=2)),
        ),
    )


def _ordered(box: tuple[int, ...]) -> tuple[int, int, int, int]:
    a, b, c, d = box
    return (min(a, c), min(b, d), max(a, c), max(b, d))


@settings(deadline=None, max_examples=400)
@given(sheets=sheets_of_all_kinds(), own_file=st.booleans())
def test_garbage_on_the_planning_sheets(sheets: tuple[Sheet, ...], own_file: bool) -> None:
    good = Sheet("Schulen", (GOOD_HEADER, GOOD_ROW))
    details = Sheet("Angaben", (("Landkreis", "Meißen"), ("Stichtag", "08.02.2017")))
    sources = [Source("kreis.xlsx", "", (details, good) + (() if own_file else sheets))]
    if own_file:
        sources.append(Source("liste 2017.xlsx", "", sheets))
    try:
        district = build_district(*sources)
    except InputError as error:
        faults = [f for f in error.findings if f.severity is Severity.FAULT]
        assert faults
        assert all(finding.problem for finding in error.findings)
        return
    names = {school.name for school in district.schools}
    places = {place.name for place in district.municipalities}
    for roster in district.rosters:
        ids = [pupil.pupil_id.casefold() for pupil in roster.pupils]
        assert len(ids) == len(set(ids))
        assert all(
            p.phase in (1, 2, 3) and (p.school in names or p.phase == 3) for p in roster.pupils
        )
        assert all(p.municipality in places | {""} for p in roster.pupils)
    assert all(
        d.school in names and d.since.day == 1 and d.classes >= 0 for d in district.class_plan
    )
    assert all(w.school in names and w.municipality in places for w in district.ways)
    assert len({(w.school, w.municipality) for w in district.ways}) == len(district.ways)
    assert all(
        b.hours >= 0 and bool(b.school_type) != bool(b.planning_area)
        for b in district.teacher_budgets
    )
    assert all(1 <= r.grade <= 13 for r in district.regular_classes)
    assert [h.month for h in district.history] == sorted(h.month for h in district.history)
