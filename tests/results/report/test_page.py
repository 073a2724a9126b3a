"""What stands on the page: numbers, words, sections, nothing that is not text."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daz_planner import german
from daz_planner.german import SHORT_MONTH_NAMES
from daz_planner.planning.plan import Plan, SolveStatus
from daz_planner.results.csvfiles import write_csv_files
from daz_planner.results.report.page import PERSONAL
from daz_planner.results.report.runtime import runtime
from daz_planner.results.tables import tables

PageOf = Callable[..., Any]


def test_the_key_figures_are_those_of_the_plan(plan: Plan, page_of: PageOf) -> None:
    text = " ".join(page_of(plan).text["zusammenfassung"].split())
    # March: 1.5 children of Cedorf and 2 of Bedorf wait.
    assert "3,5 Kinder ohne Platz im Mittel, am meisten im März 2017" in text
    assert "1 neue Klasse 3 heute, 4 am Ende" in text
    # February: (20 + 1) + 23 + 10 = 54 of 22 + 23 + 23 = 68 seats.
    assert "79,4 % höchste Auslastung 54 von 68 Plätzen im Februar 2017" in text
    # (1.5 · 10 + 3.5 · 5 + 1 · 50 + 1.25 · 30) / 7.25 = 16.55; only Cedorf – Mitte (50) is too far.
    assert "17 Min. Schulweg im Mittel einfach; 13,8 % über dem Richtwert" in text
    assert (
        "75 % Plätze reichen in 3 von 4 simulierten Verläufen – je Schulart zusammengezählt, "
        "ohne Wege" in text
    )


def test_nobody_waits_is_good_news(empty_plan: Plan, page_of: PageOf) -> None:
    page = page_of(empty_plan)
    assert "im Mittel wartet in keinem Monat ein Kind" in page.text["zusammenfassung"]
    assert 'class="alarm"' not in page.html.split("<noscript>")[0].split("<main", 1)[1]
    assert page.text["warten"].split("\n", 3)[2].strip() == "In keinem Monat wartet ein Kind."
    assert "Es öffnet keine neue Klasse." in page.text["klassen"]


def test_the_plan_by_school_type(plan: Plan, page_of: PageOf) -> None:
    gs, os, both = page_of(plan).table("schularten").body
    assert gs[:5] == ["GS", "42", "46", "Apr 2017", "2"]
    assert gs[5:9] == ["1", "45", "68", "3,5"]
    # Nord: 1.5 children 10 minutes; Süd: 3.5 children 5 minutes; 32.5 / 5.
    assert gs[9:] == ["5,0", "7 Min.", "0 %"]
    assert os[9:] == ["2,3", "39 Min.", "44,4 %"]
    assert both[:3] == ["zusammen", "52", "57"]


def test_use_by_school_and_month(plan: Plan, page_of: PageOf) -> None:
    page = page_of(plan)
    matrix = page.table("auslastung")
    assert matrix.heads == ["Schule", "Art", "Feb 2017", "Mrz 2017", "Apr 2017", "Mai 2017"]
    # Süd: 23/23, 22/23, (21 + 3.5)/46, (20 + 3.25)/46.
    assert matrix.body[1] == ["Grundschule Süd", "GS", "100", "96", "53", "51"]
    tones = [
        tone.split()[-1] for tone, section in page.tones if section == "auslastung" and " " in tone
    ]
    # Nord: 21/22, 19.5/22, 17/22, 15/22; Mitte: 10, 10, 9, 9.25 of 23.
    assert tones == ["use2", "use1", "use1", "use0", *["use2"] * 2, *["use0"] * 6]


def test_need_against_seats(plan: Plan, page_of: PageOf) -> None:
    table = page_of(plan).table("bedarf")
    assert table.heads[0] == "Monat"
    # In March one of four futures needs 40 + 22 seats, 45 are there.
    assert table.body[1] == ["Mrz 2017", "45", "43,0", "43", "62", "25 %"]
    assert table.body[2] == ["Apr 2017", "68", "46,0", "46", "46", "0 %"]


def test_new_classes_have_their_reason(plan: Plan, page_of: PageOf) -> None:
    (row,) = page_of(plan).table("klassen").body
    assert row == [
        "Grundschule Süd",
        "GS",
        "April 2017",
        "1",
        "Gruppe (unter 13)",
        "Ohne sie warten 3,5 Kinder.",
    ]


def test_causes_of_waiting_are_summed(plan: Plan, page_of: PageOf) -> None:
    page = page_of(plan)
    causes = next(t for t in page.tables if t.heads[0] == "Ursache")
    assert [row[2:] for row in causes.body] == [["2,5", "55,6 %"], ["2,0", "44,4 %"]]
    assert causes.body[0][0].startswith("eine neue Klasse kann noch nicht öffnen")
    months = page.table("warten")
    assert [row[-1] for row in months.body] == ["1,0", "3,5", "0,0", "0,0"]


def test_children_whose_class_closes_stand_before_those_who_wait(
    plan: Plan, page_of: PageOf
) -> None:
    assert "deren Klasse schließt" not in page_of(plan).text["warten"]
    classes, seats, today = plan.classes.copy(), plan.seats.copy(), plan.use_today.copy()
    # The second school closes its class in the third month: whoever is there has no seat.
    classes[:, 0] = np.maximum(classes[:, 0], 1)
    classes[1, 2:], seats[1, 2:] = 0, 0.0
    today[1, 2:] = np.linspace(5.0, 2.0, len(plan.months) - 2)
    closing = replace(plan, classes=classes, seats=seats, use_today=today)
    table = page_of(closing).table("warten")
    school = plan.district.schools[1]
    month = german.short_month(plan.months[2])
    assert table.caption.startswith("Heutige Kinder, deren Klasse schließt")
    assert table.body == [[school.name, school.school_type, month, "5,0", month]]
    assert "Der Plan verlegt sie nicht" in page_of(closing).text["warten"]


def test_numbers_on_the_page_are_those_of_the_files(
    plan: Plan, page_of: PageOf, tmp_path: Path
) -> None:
    """Every table that is shown as it is written: cell by cell against the CSV file."""
    write_csv_files(tables(plan), tmp_path)
    page = page_of(plan)
    compared = 0
    for section, number, name in (
        ("klassen", 1, "klassenbildung"),
        ("warten", 2, "wartende"),
        ("liste", 0, "zuweisung"),
        ("erreichbarkeit", 1, "erreichbarkeit_tempo"),
        ("ziele", 0, "ziele"),
        ("annahmen", 0, "annahmen"),
        ("annahmen", 1, "ausgangszahlen"),
    ):
        shown = page.table(section, number)
        with (tmp_path / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            heads, *rows = list(csv.reader(file, delimiter=";"))
        positions = [heads.index(_month_key(head) or head) for head in shown.heads]
        assert len(shown.body) == len(rows), name
        for line, row in zip(shown.body, rows, strict=True):
            for text, position in zip(line, positions, strict=True):
                _same(text, row[position], f"{name}: {heads[position]}")
                compared += 1
    assert compared > 600


def _same(shown: str, written: str, where: str) -> None:
    month = re.fullmatch(r"(\d{4})-(\d\d)", written)
    if month:
        written = f"{SHORT_MONTH_NAMES[int(month[2]) - 1]} {month[1]}"
    plain = shown.removesuffix(" %").replace(".", "").replace(",", ".")
    value = written.replace(",", ".")
    if re.fullmatch(r"-?\d+(\.\d+)?", plain) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        digits = len(plain.partition(".")[2])
        assert abs(float(plain) - float(value)) <= 0.5 * 10**-digits + 1e-9, where
    elif shown == "–":
        assert written == "", where
    else:
        # A text that begins like a formula has an apostrophe in the file.
        assert shown == written.removeprefix("'"), where


def _month_key(head: str) -> str:
    name, _, year = head.partition(" ")
    if name not in SHORT_MONTH_NAMES or not year.isdigit():
        return ""
    return f"{year}-{SHORT_MONTH_NAMES.index(name) + 1:02d}"


def test_sections_in_order(plan: Plan, page_of: PageOf) -> None:
    page = page_of(plan)
    assert page.sections == [
        "zusammenfassung",
        "schularten",
        "karte",
        "bedarf",
        "klassen",
        "auslastung",
        "warten",
        "liste",
        "erreichbarkeit",
        "phasen",
        "stunden",
        "ziele",
        "hinweise",
        "annahmen",
        "protokoll",
    ]
    anchors = {link for link in page.links if link.startswith("#")}
    assert anchors == {"#inhalt", *(f"#{name}" for name in page.sections)}


def test_headings_do_not_skip_a_level(plan: Plan, page_of: PageOf) -> None:
    levels = [level for level, _ in page_of(plan).headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))


def test_no_visible_caption_repeats_its_heading(plan: Plan, page_of: PageOf) -> None:
    page = page_of(plan)
    titles = {title for _, title in page.headings}
    shown = re.findall(r"<caption>([^<]*)</caption>", page.html)
    assert shown and not titles & set(shown)


def test_children_are_on_the_list_and_can_be_left_out(plan: Plan, page_of: PageOf) -> None:
    rows = page_of(plan).table("liste").body
    assert rows[0] == [
        "K1",
        "GS",
        "Adorf",
        "Grundschule „Nord“",
        "Feb 2017",
        "10",
        "Nächste Schule mit Platz.",
    ]
    assert rows[2][3:6] == ["wartet", "", "–"]
    public = page_of(plan, without=PERSONAL)
    assert not {"liste", "aenderungen", "hinweise"} & set(public.sections)
    body = public.html.replace(runtime(), "")
    assert not re.search(r"\bK1\b|\bK3\b|=2\+5", body)
    assert not {"#liste", "#hinweise"} & set(public.links)


def test_the_page_speaks_of_itself_and_not_of_sheets(plan: Plan, page_of: PageOf) -> None:
    openings = tuple(replace(plan.openings[0], school=n % 3, month=n % 4) for n in range(7))
    page = page_of(replace(plan, openings=openings))
    text = " ".join(page.text.values())
    assert "2 weitere (siehe Neue Klassen)" in text
    assert not re.search(r"Blatt (Klassenbildung|Engpässe|Auslastung|Übersicht|Protokoll)", text)


def test_a_plan_that_was_cut_off_says_so_first(plan: Plan, page_of: PageOf) -> None:
    cut = replace(plan.stages[0], status=SolveStatus.LIMIT, bound=None, gap=None)
    page = page_of(replace(plan, stages=(cut,)))
    first = page.text["zusammenfassung"].split()
    assert " ".join(first[:7]) == "Überblick Diese Rechnung wurde am Zeitlimit abgebrochen"
    assert ["Am Zeitlimit beendet", "ja"] in page.table("protokoll").body


EVIL = "<script>alert('x')</script> \"&amp; Ö\" {{ 7 * 7 }} </script><!-- \u2028"


def test_names_stay_text(plan: Plan, page_of: PageOf) -> None:
    schools = tuple(
        replace(school, name=f"{n} {EVIL}") for n, school in enumerate(plan.district.schools)
    )
    towns = tuple(
        replace(town, name=f"{town.name} {EVIL}") for town in plan.district.municipalities
    )
    children = tuple(
        replace(seat, child=replace(seat.child, pupil_id=f"{n} {EVIL}"), reason=EVIL)
        for n, seat in enumerate(plan.children)
    )
    odd = replace(
        plan,
        district=replace(plan.district, name=EVIL, schools=schools, municipalities=towns),
        children=children,
        hints=(EVIL,),
        openings=tuple(replace(item, reason=EVIL) for item in plan.openings),
    )
    page = page_of(odd)
    assert page.html.count("<script") == 4
    assert page.headings[0] == (1, EVIL)
    assert page.table("liste").body[0][0] == f"0 {EVIL}"
    assert page.table("klassen").body[0][-1] == EVIL.rstrip()  # a sentence may follow it
    assert {row["Schule"] for row in page.data["schulen"]} == {f"{n} {EVIL}" for n in range(3)}
    assert "\u2028" not in page.scripts["daten"] + page.scripts["diagramme"]


def test_nothing_is_loaded_from_elsewhere(plan: Plan, page_of: PageOf) -> None:
    page = page_of(plan)
    assert all(link.startswith(("#", "data:")) for link in page.links)
    assert "default-src 'none'" in page.html
    style = page.html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style and "@import" not in style


@pytest.mark.parametrize("name", ["one month", "two months", "no schools", "no points"])
def test_odd_plans_have_a_page(
    plan: Plan, page_of: PageOf, odd_plans: dict[str, Callable[[Plan], Plan]], name: str
) -> None:
    odd = odd_plans[name](plan)
    page = page_of(odd)
    assert len(page.sections) >= 14
    assert len(page.data["monate"]) == len(odd.months)
    assert len(page.data["schulen"]) == len(odd.district.schools)
    assert ("karte" in page.charts) == (name != "no points")
    assert "nan" not in page.scripts["daten"] and "NaN" not in page.scripts["diagramme"]


def test_children_without_a_school_of_their_type(plan: Plan, page_of: PageOf) -> None:
    waiting = (replace(plan.waiting[0], school_type="BSZ"), *plan.waiting[1:])
    page = page_of(replace(plan, waiting=waiting))
    assert [row[0] for row in page.table("schularten").body] == ["GS", "OS", "BSZ", "zusammen"]
    assert "Berufliches Schulzentrum" in page.text["warten"]


def test_a_large_plan_stays_small_and_says_what_it_leaves_out(
    plan: Plan, page_of: PageOf, make_large: Callable[..., Plan]
) -> None:
    page = page_of(make_large(plan))
    assert len(page.html.encode()) < 3_000_000
    assert len(page.data["schulen"]) == 1000
    assert "Gezeigt sind die 120 vollsten von 1.000 Schulen" in page.text["auslastung"]
    assert (
        "Gezeigt sind 200 von 1.257 Zeilen; alle stehen in tabellen/wartende.csv."
        in page.text["warten"]
    )
    assert "weitere Wege mit weniger Kindern sind nicht gezeichnet" in page.text["karte"]
    assert all(len(table.body) <= 1000 for table in page.tables)


def test_dates_and_months_are_german(plan: Plan, page_of: PageOf) -> None:
    text = page_of(plan).text[""]
    assert "Stichtag 08.02.2017" in text
    assert "Februar 2017 bis Mai 2017" in text
