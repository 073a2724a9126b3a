"""``planen --standorte`` from the workbook to the folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from daz_planner.cli import main

EXAMPLE = Path(__file__).parents[2] / "data" / "meissen-2017-02-08.xlsx"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / "tabellen" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def test_the_real_district(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    call = ["planen", str(EXAMPLE), "--laeufe", "5", "--zeitlimit", "900"]
    assert main([*call, "-o", "ohne", "-q"]) == 0
    assert main([*call, "-o", "mit", "--standorte"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Mögliche Standorte" in shown
    assert "Pestalozzi-Grundschule Nossen" in shown
    assert "36 weitere öffentliche Schulen" in shown
    ranking = rows(tmp_path / "mit", "standorte")
    record = json.loads((tmp_path / "mit" / "lauf.json").read_text(encoding="utf-8"))
    assert len(ranking) == len(record["standorte"]["schulliste"]) == 36
    assert ranking[0]["Schule"] == "Pestalozzi-Grundschule Nossen"
    # Nothing opens at 18 registrations a month, so the plan is the same to the last digit.
    assert record["standorte"]["geoeffnet"] == []
    for path in sorted((tmp_path / "ohne" / "tabellen").iterdir()):
        if path.name != "annahmen.csv":
            other = tmp_path / "mit" / "tabellen" / path.name
            assert other.read_bytes() == path.read_bytes(), path.name


def test_a_school_of_the_table_without_a_class_opens_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The only class has three seats left, and eight children come a month.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schulen.csv").write_text(
        "VKA im Landkreis Meißen;;;;;;\n"
        "Schule;Schulart;Gemeinde;VKA-Schüler;VKA-Klassen;Kap.reserve;freie Räume\n"
        "3. Grundschule Riesa;GS;Riesa;20;1;3;0\n"
        "Pestalozzi-Grundschule Nossen;GS;Nossen;0;0;0;1\n",
        encoding="utf-8",
    )
    (tmp_path / "s.toml").write_text(
        'name = "nur-gs"\nbasis = "basis"\n[zeitraum]\nmonate = 6\n[zuzug]\npro_monat = 8\n'
        "schularten = { GS = 1.0 }\n",
        encoding="utf-8",
    )
    call = "planen schulen.csv --stichtag 08.02.2017 -s s.toml --laeufe 5 -o plan -q"
    assert main(call.split()) in (0, 3)
    (nossen,) = (r for r in rows(tmp_path / "plan", "klassenbildung") if "Nossen" in r["Schule"])
    assert (nossen["Klassen heute"], nossen["neue Klassen"]) == ("0", "1")
    assert nossen["Art"].startswith("neuer Standort")
    assert nossen["neu ab"] == "April 2017"
    assert nossen["Grund"].startswith("Ohne diese Klasse warten")
