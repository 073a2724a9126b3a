"""A plan with everything that can be asked for: futures, changes, front, bottlenecks, sites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from daz_planner.planning import Plan
from daz_planner.results.tables import tables

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


def test_many_sites_are_folded(whole: Plan, page_of: PageOf) -> None:
    page = page_of(whole)
    assert len(page.table("standorte", 1).body) == 10
    assert len(page.table("standorte", 2).body) == 2
    assert "2 weitere Schulen" in page.text["standorte"]


def test_regular_classes_show_the_months_where_seats_are_missing(
    whole: Plan, page_of: PageOf
) -> None:
    page = page_of(whole)
    table = page.table("regelklassen")
    # 56 − 51 = 5 seats are free: the last months need more.
    assert table.body and table.body[-1][table.heads.index("über der Grenze")] == "2,0"
    assert "fehlen" in page.text["regelklassen"] or "fehlt" in page.text["regelklassen"]
    enough = replace(whole, regular=replace(whole.regular, use=whole.regular.use * 0))
    assert "In jeder geprüften Regelklasse reicht der Platz" in page_of(enough).text["regelklassen"]


def test_bottlenecks_speak_of_the_table_below(whole: Plan, page_of: PageOf) -> None:
    text = page_of(whole).text["engpaesse"]
    assert "auf dem Blatt" not in text


def test_no_pupil_on_a_page_for_others(whole: Plan, page_of: PageOf) -> None:
    from daz_planner.results.report.page import PERSONAL

    assert "K1" in page_of(whole).text["liste"]
    page = page_of(whole, without=PERSONAL)
    assert "K1" not in " ".join(page.text.values()).split()
    assert "K1" not in page.scripts["daten"] + page.scripts["diagramme"]
