"""The rows behind the map: use by month, ways, names that do not overlap, borders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from daz_planner import shipped
from daz_planner.district.model import Municipality
from daz_planner.district.read import read_district
from daz_planner.planning.plan import Flow, Plan
from daz_planner.results.report import map_data
from daz_planner.results.report.district_map import USE_NAMES, district_map
from daz_planner.results.report.map_data import (
    Frame,
    are_moved,
    borders,
    frame_of,
    fullest_month,
    place_rows,
    school_points,
    school_rows,
    use_class,
    use_sentences,
    way_rows,
)


def frame(plan: Plan) -> Frame:
    found = frame_of(plan)
    assert found is not None
    return found


def test_classes_of_use_hold_their_upper_limit() -> None:
    shares = (0.0, 0.7, 0.7001, 0.9, 0.9001, 1.0, 1.0001, 5.0)
    assert [use_class(share) for share in shares] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert use_class(21 / 30) == 0  # 0.7 in binary
    assert len(USE_NAMES) == 4


def test_the_fullest_month_is_that_of_the_highest_share(plan: Plan) -> None:
    # 54 of 68, 51.5 of 68, 50.5 of 91, 47.5 of 91 seats.
    assert fullest_month(plan) == 0
    later = plan.use_today.copy()
    later[2, 1] += 5
    assert fullest_month(replace(plan, use_today=later)) == 1
    assert fullest_month(replace(plan, seats=plan.seats * 0)) == 0


def test_a_school_is_one_row_with_its_months(plan: Plan) -> None:
    rows = {row["Schule"]: row for row in school_rows(plan, frame(plan))}
    south = rows["Grundschule Süd"]
    assert south["k"] == [1, 1, 2, 2]
    assert south["p"] == [23, 23, 46, 46]
    assert south["u"] == [23.0, 22.0, 24.5, 23.25]
    assert south["q"] == ["100", "96", "53", "51"]
    assert south["c"] == "2200"
    assert next(iter(rows)) == "Grundschule Süd"  # the largest is drawn first


def test_a_school_without_seats_has_no_share(plan: Plan) -> None:
    seats = plan.seats.copy()
    seats[0, 1] = 0
    row = next(
        r
        for r in school_rows(replace(plan, seats=seats), None)
        if r["art"] == "GS" and "N" in r["Schule"]
    )
    assert row["q"][1] is None and row["c"][1] == "-"
    assert "x" not in row
    seats[2], use = 0, plan.use_today.copy()
    use[2] = 0
    gone = replace(plan, seats=seats, use_today=use, use_children=use * 0, use_forecast=use * 0)
    assert [row["Schule"] for row in school_rows(gone, None)] == [
        "Grundschule Süd",
        "Grundschule „Nord“",
    ]


def test_ways_grow_with_the_months(plan: Plan) -> None:
    ways, more = way_rows(plan, frame(plan))
    assert more == 0
    assert [(row["von"], row["nach"], row["n"]) for row in ways] == [
        ("Bedorf", "Grundschule Süd", [0.0, 0.0, 3.5, 3.5]),
        ("Adorf", "Grundschule „Nord“", [1.0, 1.5, 1.5, 1.5]),
        ("Bedorf", "Oberschule Mitte", [0.0, 0.0, 0.0, 1.25]),
        ("Cedorf", "Oberschule Mitte", [0.0, 1.0, 1.0, 1.0]),
    ]
    assert ways[0]["min"] == 5


def test_of_many_ways_the_strongest_stay(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_data, "MOST_WAYS", 2)
    ways, more = way_rows(plan, frame(plan))
    assert [row["n"][-1] for row in ways] == [3.5, 1.5] and more == 2
    small = replace(plan, flows=(Flow(0, 0, 0, 0.4, 10.0), Flow(1, 1, 2, 0.5, 5.0)))
    assert [row["von"] for row in way_rows(small, frame(plan))[0]] == ["Bedorf"]


def test_schools_on_one_point_stand_apart(plan: Plan) -> None:
    assert not are_moved(plan)
    here = tuple(replace(s, latitude=51.1, longitude=13.5) for s in plan.district.schools)
    same = replace(plan, district=replace(plan.district, schools=here))
    assert are_moved(same)
    points = school_points(same, frame(same))
    assert len(set(points.values())) == 3
    # On a ring of one hundredth of the extent around the point.
    around = 0.01 * frame(same).extent
    for x, y in points.values():
        assert ((x - 13.5) * frame(same).shrink) ** 2 + (y - 51.1) ** 2 == pytest.approx(
            around**2, rel=0.01
        )


def test_the_frame_holds_every_point_with_a_margin(plan: Plan) -> None:
    found = frame(plan)
    assert found.west < 13.4 and found.east > 13.5 and found.south < 51.1 and found.north > 51.3
    one = plan.district.municipalities[:1]
    lonely = replace(plan, district=replace(plan.district, municipalities=one, schools=()))
    assert frame(lonely).height == pytest.approx(0.05)
    nowhere = replace(plan, district=replace(plan.district, municipalities=(), schools=()))
    assert frame_of(nowhere) is None


def test_names_do_not_overlap_and_the_largest_town_wins(plan: Plan) -> None:
    towns = (
        Municipality("Großstadt", 90_000, 51.1, 13.5),
        Municipality("Nebenort", 800, 51.1005, 13.5005),
        Municipality("Fernort", 700, 51.3, 13.1),
        Municipality("Ohne Schule", 99_000, 51.2, 13.3),
    )
    schools = tuple(
        replace(plan.district.schools[0], municipality=town.name, name=town.name)
        for town in towns[:3]
    )
    changed = replace(plan, district=replace(plan.district, municipalities=towns, schools=schools))
    rows = place_rows(changed, frame(changed), 520)
    assert [(row["name"], row["eng"]) for row in rows] == [("Großstadt", True), ("Fernort", True)]


def test_borders_where_most_municipalities_have_one(plan: Plan) -> None:
    assert borders(plan) == []
    real = read_district(shipped.path("data", "meissen-2017-02-08.xlsx"))
    own = replace(plan, district=replace(plan.district, municipalities=real.municipalities))
    assert len(borders(own)) == len(real.municipalities) == 28
    other = Municipality("Dresden", 1, 51.0, 13.7, ags="14612000")
    unnamed = Municipality("Ohne Schlüssel", 1, 51.0, 13.7)

    def drawn(*municipalities: Municipality) -> int:
        return len(
            borders(replace(plan, district=replace(plan.district, municipalities=municipalities)))
        )

    # A child from outside does not cost the map of the district.
    assert drawn(*real.municipalities, other, unnamed) == 28
    # Another district that has one municipality of this one beside its own.
    assert drawn(*real.municipalities[:1], other) == 0
    assert drawn(*real.municipalities[:2], other) == 2


def test_how_full_all_and_each_type_are_in_words(plan: Plan) -> None:
    told = use_sentences(plan)
    assert list(told) == ["alle", "GS", "OS"]
    assert told["alle"][0] == "54 von 68 Plätzen belegt (79,4 %); im Mittel wartet 1 Kind"
    assert told["GS"][0].endswith("; im Mittel wartet 1 Kind")
    assert told["OS"][0] == "10 von 23 Plätzen belegt (43,5 %)"
    two = replace(plan, waiting=(replace(plan.waiting[0], pupils=2.25), *plan.waiting[1:]))
    assert use_sentences(two)["alle"][0].endswith("; im Mittel warten 2,3 Kinder")
    classes, seats, today = plan.classes.copy(), plan.seats.copy(), plan.use_today.copy()
    classes[:, 0] = 1
    classes[1, 3], seats[1, 3], today[1, 3] = 0, 0.0, 4.5
    closing = replace(plan, classes=classes, seats=seats, use_today=today)
    said = use_sentences(closing)["alle"]
    ending = "; für 4,5 heutige Kinder fehlt der Platz, weil eine Klasse schließt"
    assert said[3].endswith(ending) and "schließt" not in said[2]


def test_the_map_starts_in_the_fullest_month_and_names_the_source(
    plan: Plan, make_large: Callable[..., Plan], page_of: Callable[..., Any]
) -> None:
    later = plan.use_today.copy()
    later[2, 1] += 5
    found = district_map(replace(plan, use_today=later))
    assert found.chart is not None and not found.borders
    assert "nur für den Landkreis Meißen" in page_of(plan).text["karte"]
    signals = {s["name"]: s.get("value") for s in found.chart.compiled()["signals"]}
    assert signals["monat"] == 1 and signals["wege"] is False
    many = district_map(make_large(plan, schools=40, places=30, months=3))
    assert many.ways_left_out == 0 and len(many.schools) == 40
