"""Sheets, tables and record of candidate sites and of far municipalities, on the small plan."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from daz_planner.district.candidates import Candidates
from daz_planner.district.model import School
from daz_planner.planning.plan import ClassKind, Opening, Plan
from daz_planner.planning.site_plan import Sites
from daz_planner.planning.sites import LeftOut, SiteGain, SiteRanking
from daz_planner.results.csvfiles import csv_bytes
from daz_planner.results.folder import write_result
from daz_planner.results.record import run_record
from daz_planner.results.site_tables import effect_sentence
from daz_planner.results.summary import summary
from daz_planner.results.tables import tables
from daz_planner.results.workbook import build_workbook

NEW = School("Grundschule Neu", "GS", 0, 0, 0, "Cedorf", 51.3, 13.5, free_rooms=1)
OTHER = replace(NEW, name="=Grundschule West")
LATE = replace(NEW, name="Grundschule Spät")


@pytest.fixture
def sited(plan: Plan) -> Plan:
    ranking = SiteRanking(
        date(2017, 4, 1),
        (
            SiteGain(NEW, True, 2.5, -30.0, -15.0, 4.0, 12.0),
            SiteGain(OTHER, False, 0.0, 40.0, 20.0, 0.0, 3.0),
        ),
        (LeftOut(LATE, True, 25.0),),
        (),
    )
    found = Candidates((NEW, LATE), (), 3, ())
    return replace(plan, sites=Sites(plan, found, ranking, ()))


def read_back(plan: Plan) -> Workbook:
    buffer = io.BytesIO()
    build_workbook(plan).save(buffer)
    buffer.seek(0)
    return openpyxl.load_workbook(buffer)


def test_the_ranking(sited: Plan) -> None:
    ranking = tables(sited)["standorte"]
    assert ranking.values("Rang") == [1, 2, None]
    assert ranking.values("Schule")[0] == "Grundschule Neu"
    assert ranking.values("ersparte Wartemonate") == [2.5, 0.0, None]
    assert ranking.values("ersparte Minuten je Monat") == [-15.0, 20.0, None]
    assert ranking.values("ersparte Minuten im Zeitraum") == [-30.0, 40.0, None]
    assert ranking.values("Kinder neu im Richtwert") == [4.0, 0.0, None]
    assert ranking.values("Kinder am Standort") == [12.0, 3.0, None]
    assert ranking.values("Quelle") == ["Schulliste", "Tabelle", "Schulliste"]
    notes = ["", "", "nicht gerechnet (Zeitlimit); spart höchstens 25 Minuten"]
    assert ranking.values("Anmerkung") == notes


def test_both_plans_side_by_side(sited: Plan) -> None:
    effect = tables(sited)["standorte_vergleich"]
    assert effect.values("Schulart") == ["GS", "GS", "OS", "OS", "zusammen", "zusammen"]
    assert effect.values("Plan")[:2] == ["ohne Schulliste", "mit Schulliste"]
    assert effect.values("neue Klassen") == [1, 1, 0, 0, 1, 1]
    # The second class of Grundschule Süd runs in April and May.
    assert effect.values("zusätzliche Klassenmonate") == [2, 2, 0, 0, 2, 2]
    assert effect.values("davon neue Standorte") == [0] * 6
    waiting = sum(place.pupils for place in sited.waiting)
    assert effect.values("Wartemonate")[-1] == pytest.approx(waiting)
    minutes = sum(flow.pupils * flow.minutes for flow in sited.flows)
    assert effect.values("Minuten zusammen")[-1] == pytest.approx(minutes)


def test_the_sheets(sited: Plan) -> None:
    book = read_back(sited)
    place = book.sheetnames.index("Standorte")
    assert book.sheetnames[place - 1] == "Plätze"
    sheet = book["Standorte"]
    assert sheet["B5"].value == "Grundschule Neu"
    assert (sheet["B6"].value, sheet["B6"].data_type) == ("=Grundschule West", "s")
    assert sheet["A7"].value is None
    assert set(sheet.tables) == {"tab_standorte", "tab_standorte_vergleich"}
    assert sheet["A9"].value == "Der ganze Plan ohne und mit der Schulliste"
    far = book["Erreichbarkeit"]
    assert set(far.tables) == {"tab_erreichbarkeit", "tab_erreichbarkeit_tempo"}


def test_without_sites_there_is_no_sheet(plan: Plan) -> None:
    assert "Standorte" not in read_back(plan).sheetnames
    assert "standorte" not in tables(plan)
    assert "standorte" not in run_record(plan)


def test_the_record(sited: Plan) -> None:
    assert run_record(sited)["standorte"] == {
        "schulliste": ["Grundschule Neu", "Grundschule Spät"],
        "geoeffnet": [],
        "nicht_gerechnet": ["Grundschule Spät"],
        "plan_mit_schulliste_am_limit_beendet": False,
        "vergleichsplan_am_limit_beendet": False,
    }


def test_everything_of_a_plan_is_written(
    sited: Plan, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [
        {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        for folder in (write_result(plan, Path("ohne")), write_result(sited, Path("mit")))
    ]
    assert names[1] - names[0] == {
        "tabellen/standorte.csv",
        "tabellen/standorte_vergleich.csv",
    }
    assert names[0] <= names[1]


def test_csv_is_safe(sited: Plan) -> None:
    text = csv_bytes(tables(sited)["standorte"]).decode("utf-8-sig")
    assert ";'=Grundschule West;" in text
    assert "1;Grundschule Neu;GS;Cedorf;2,50;-15,0;-30;4,0;12,0;Schulliste;" in text


def test_the_sentence(sited: Plan) -> None:
    assert sited.sites is not None
    assert "Er ist derselbe wie ohne sie" in effect_sentence(sited.sites, sited)
    opened = replace(sited.sites, opened=("Grundschule Neu",))
    text = effect_sentence(opened, sited)
    assert text.startswith("Im Plan öffnet Grundschule Neu. Ohne die Liste: 1 neue Klasse, ")


def test_a_new_site_is_marked(make_plan: Callable[..., Plan]) -> None:
    plan = make_plan(openings=(Opening(0, 2, 1, ClassKind.GROUP, 11.0, 1.0, 0.0, "Grund."),))
    schools = (replace(plan.district.schools[0], classes=0), *plan.district.schools[1:])
    plan = replace(plan, district=replace(plan.district, schools=schools))
    classes = tables(plan)["klassenbildung"]
    assert classes.values("Art") == ["neuer Standort, Gruppe (unter 13)", "", ""]
    answers = dict(summary(plan))
    assert (
        "„Nord“ (neuer Standort, ab April 2017, Gruppe"
        in (answers["Welche Klassen öffnen wo und wann?"])
    )
