"""A plan with everything that can be asked for: futures, changes, front, bottlenecks, sites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from daz_planner import german
from daz_planner.planning import Plan
from daz_planner.planning.plan import SolveStatus
from daz_planner.results.record import run_record
from daz_planner.results.report import further_sections
from daz_planner.results.report.parts import Inputs
from daz_planner.results.tables import tables
from tests.factories import place

PageOf = Callable[..., Any]


def test_every_section_that_was_asked_for_is_there(whole: Plan, page_of: PageOf) -> None:
    page = page_of(whole)
    asked = ["zukuenfte", "aenderungen", "abwaegung", "engpaesse", "standorte"]
    assert [name for name in page.sections if name in asked] == asked
    assert {"regelklassen", "liste", "erreichbarkeit"} <= set(page.sections)
    assert {"abwaegung", "karte", "phasen", "bedarf-GS"} <= set(page.charts)


def test_new_classes_tell_how_often_they_are_needed(whole: Plan, page_of: PageOf) -> None:
    table = page_of(whole).table("klassen")
    assert table.heads[5] == "gebraucht in"
    assert all(row[5].endswith(" %") for row in table.body)


def test_many_new_classes_are_folded_where_their_use_is_told(
    whole: Plan, page_of: PageOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_folded() -> bool:
        html = page_of(whole).html
        futures = html[html.index('<section id="zukuenfte"') :]
        return "<details" in futures[: futures.index("</section>")]

    assert not is_folded()
    monkeypatch.setattr(further_sections, "_MOST_CLASSES", 0)
    assert is_folded()


def test_policies_stand_side_by_side(whole: Plan, page_of: PageOf) -> None:
    written = tables(whole)["zukunft_vergleich"]
    shown = page_of(whole).table("zukuenfte")
    assert [row[0] for row in shown.body] == written.values("Vorgehen")
    column = shown.heads.index("Zukünfte ohne Warten")
    told = [float(row[column].removesuffix(" %").replace(",", ".")) for row in shown.body]
    shares = written.values("Zukünfte ohne Warten")
    assert told == pytest.approx([100 * share for share in shares], abs=0.06)


def test_the_curve_of_the_front_is_drawn(whole: Plan, page_of: PageOf) -> None:
    assert whole.front is not None
    chart = page_of(whole).charts["abwaegung"]
    rows = next(entry["values"] for entry in chart["data"] if entry["name"] == "werte")
    curve = [row for row in rows if row["Zeile"] == "kürzeste Wege"]
    front = tables(whole)["abwaegung"]
    rows_gs = [n for n, kind in enumerate(front.values("Schulart")) if kind == "GS"]
    ways = [front.values("Weg am Tag")[n] for n in rows_gs if front.values("Zeile")[n] != "Plan"]
    assert [row["Weg"] for row in curve] == pytest.approx(ways, abs=0.006)
    assert sum(row["Zeile"] == "Plan" for row in rows) == 1
    whole_classes = [axis for axis in chart["axes"] if axis.get("title") == "neue Klassen"]
    assert [axis["format"] for axis in whole_classes] == [",.0f"]
    assert whole_classes[0]["values"] == sorted({row["neue Klassen"] for row in rows})


def test_many_sites_are_folded(whole: Plan, page_of: PageOf) -> None:
    page = page_of(whole)
    assert len(page.table("standorte", 1).body) == 10
    assert len(page.table("standorte", 2).body) == 2
    assert "2 weitere Schulen" in page.text["standorte"]


def test_regular_classes_show_the_schools_and_months_where_seats_are_missing(
    whole: Plan, page_of: PageOf
) -> None:
    page = page_of(whole)
    # 56 − 51 = 5 seats are free, the need grows evenly from 0 to 7: the last months need more.
    months = len(whole.months)
    first = next(t for t in range(months) if 7 * t / (months - 1) >= 5.05)
    since, last = (german.short_month(whole.months[t]) for t in (first, -1))
    schools = page.table("regelklassen")
    assert schools.body == [["GS A", "GS", "A-Dorf", since, "2,0", last, "0,0", "1"]]
    by_month = page.table("regelklassen", 1)
    assert by_month.body[-1][by_month.heads.index("über der Grenze")] == "2,0"
    assert [row[by_month.heads.index("Monat")] for row in by_month.body] == [
        german.short_month(month) for month in whole.months[first:]
    ]
    assert "fehlen" in page.text["regelklassen"] or "fehlt" in page.text["regelklassen"]
    enough = replace(whole, regular=replace(whole.regular, use=whole.regular.use * 0))
    assert "In jeder geprüften Regelklasse reicht der Platz" in page_of(enough).text["regelklassen"]


def test_the_schools_that_miss_most_stand_first(whole: Plan, page_of: PageOf) -> None:
    regular = whole.regular
    assert regular is not None
    second = replace(regular.grades[0], school="GS Z")
    twice = replace(
        regular,
        grades=(*regular.grades, second),
        seats=np.vstack([regular.seats] * 2),
        planned=np.vstack([regular.planned] * 2),
        use=np.vstack([regular.use, 2 * regular.use]),
    )
    shown = page_of(replace(whole, regular=twice)).table("regelklassen")
    assert [row[0] for row in shown.body] == ["GS Z", "GS A"]


def test_bottlenecks_speak_of_the_table_below(whole: Plan, page_of: PageOf) -> None:
    page = page_of(whole)
    assert "auf dem Blatt" not in page.text["engpaesse"]
    # Columns that say nothing are left out.
    for c, head in enumerate(page.table("engpaesse").heads):
        assert any(row[c] not in ("", "–") for row in page.table("engpaesse").body), head


def test_a_plan_that_was_cut_off_says_why_there_are_no_bottlenecks(
    whole: Plan, page_of: PageOf
) -> None:
    stopped = replace(
        whole,
        bottlenecks=None,
        stages=tuple(replace(stage, status=SolveStatus.NOT_RUN) for stage in whole.stages),
    )
    assert stopped.hit_limit
    assert "am Zeitlimit beendet" in page_of(stopped).text["engpaesse"]
    assert "engpaesse" not in page_of(replace(whole, bottlenecks=None)).sections


def test_ways_against_classes_show_the_district_first(whole: Plan) -> None:
    found = tables(whole)
    front = found["abwaegung"]
    together = front.frame["Schulart"] == "zusammen"
    assert together.any() and not together.all()
    marked = replace(front, frame=front.frame.assign(Kinder=np.where(together, 77.5, 11.5)))
    section = further_sections.front_section(
        Inputs(whole, {**found, "abwaegung": marked}, run_record(whole))
    )
    assert section is not None
    first, folded = section.body.split("<details", 1)
    assert first.count("77,5") == together.sum() and "11,5" not in first
    each = folded.split("</details>", 1)[0]
    assert each.count("11,5") == (~together).sum() and "77,5" not in each


def test_sites_tell_the_source_only_where_it_differs(whole: Plan, page_of: PageOf) -> None:
    assert "Quelle" not in page_of(whole).table("standorte", 1).heads
    sites = whole.sites
    assert sites is not None
    gains = sites.ranking.gains
    mixed = (replace(gains[0], from_list=not gains[0].from_list), *gains[1:])
    ranking = replace(sites.ranking, gains=mixed)
    told = page_of(replace(whole, sites=replace(sites, ranking=ranking)))
    assert "Quelle" in told.table("standorte", 1).heads


def test_many_municipalities_without_a_near_class_are_counted_and_folded(
    whole: Plan, page_of: PageOf
) -> None:
    far = tuple(
        replace(place("Fern-Dorf", km=45 + n), name=f"Fern-Dorf {n}", ags=None) for n in range(13)
    )
    towns = (*whole.district.municipalities, *far)
    minutes = np.vstack([whole.minutes, np.full((13, whole.minutes.shape[1]), 70.0)])
    district = replace(whole.district, municipalities=towns)
    few = page_of(whole)
    assert "GS 13" not in few.text["erreichbarkeit"]
    page = page_of(replace(whole, district=district, minutes=minutes, place_demand=None))
    count = len(page.table("erreichbarkeit").body)
    assert count >= 13
    told = f"Gemeinden ohne VKA innerhalb des Richtwerts: GS {count}."
    assert told in page.text["erreichbarkeit"]
    assert f"Alle {count} mit Weg und nächster Schule" in page.text["erreichbarkeit"]
    assert f"Alle {count}" not in few.text["erreichbarkeit"]


def test_hours_by_month_are_folded_where_limits_stand_above(whole: Plan, page_of: PageOf) -> None:
    html = page_of(whole).html
    hours = html[html.index('<section id="stunden"') : html.index('<section id="ziele"')]
    assert ("<details" in hours) == ("vorhandene Stunden" in hours)


def test_no_pupil_on_a_page_for_others(whole: Plan, page_of: PageOf) -> None:
    from daz_planner.results.report.page import PERSONAL

    assert "K1" in page_of(whole).text["liste"]
    page = page_of(whole, without=PERSONAL)
    assert "K1" not in " ".join(page.text.values()).split()
    assert "K1" not in page.scripts["daten"] + page.scripts["diagramme"]
